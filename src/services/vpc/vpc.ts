import { fieldIndex, sharedIndexes } from "../../contract/indexes.ts";
import type { Resource, ResourceKind, ResourceWriter } from "../../contract/resource-kind.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";
import { removeGrantsOfVpc } from "../express-connect/grants/vbr-grant.ts";
import { routeTable } from "./route-table.ts";
import { vRouter } from "./vrouter.ts";

export interface VpcBody {
  readonly name: string;
  readonly description: string;
  /** Primary IPv4 block. */
  readonly cidrBlock: string;
  readonly secondaryCidrBlocks: readonly string[];
  readonly userCidrs: readonly string[];
  /** The empty string when IPv6 is off. */
  readonly ipv6CidrBlock: string;
  readonly ipv6Isp: string;
  /** IPv6 blocks that were associated beside the first. */
  readonly secondaryIpv6CidrBlocks: readonly string[];
  readonly dnsHostname: boolean;
  readonly classicLinkEnabled: boolean;
  readonly isDefault: boolean;
  readonly vRouterId: string;
  /** The system route table. */
  readonly routeTableId: string;
}
export type Vpc = Resource<VpcBody>;

export const vpc: ResourceKind<VpcBody> = {
  name: "vpc",
  idPrefix: "vpc",
  idHasRegionCode: true,
  tagType: "VPC",
  laterFields: { secondaryIpv6CidrBlocks: [], classicLinkEnabled: false },
  states: {
    initial: { CreateVpc: "Pending", CreateDefaultVpc: "Pending" },
    states: {
      Pending: { meaning: "being created", task: { event: "created", after: "work" }, moves: { created: "Available" } },
      Available: {
        meaning: "usable",
        moves: {
          ModifyVpcAttribute: "Available",
          AssociateVpcCidrBlock: "Available",
          UnassociateVpcCidrBlock: "Available",
          EnableVpcClassicLink: "Available",
          DisableVpcClassicLink: "Available",
          MoveResourceGroup: "Available",
          DeleteVpc: "Deleting",
        },
      },
      Deleting: { shownAs: "Pending", meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<Vpc>(),
    name: fieldIndex<Vpc>(({ name }) => name),
    isDefault: fieldIndex<Vpc>(({ isDefault }) => String(isDefault)),
    // No DHCP options sets exist here, so no VPC has one.
    dhcpOptionsSet: () => [],
    enabledIpv6: fieldIndex<Vpc>(({ ipv6CidrBlock }) => String(ipv6CidrBlock !== "")),
  },
  counted: ["scope"],
  onEvent: { deleted: removeWhatIsPartOfIt },
};

/** The router and the system route table go with the VPC that they came with, and so does the leave to use it. */
async function removeWhatIsPartOfIt(state: ResourceWriter, deleted: Vpc): Promise<void> {
  for (const table of await listAll(state, routeTable, [["vpc", deleted.id]])) await state.move(routeTable, table, "vpcDeleted");
  const router = await state.get(vRouter, deleted.vRouterId);
  if (router !== undefined) await state.move(vRouter, router, "vpcDeleted");
  await removeGrantsOfVpc(state, deleted);
}

/** All IPv4 blocks of a VPC. */
export function ipv4Blocks(vpc: Vpc): readonly string[] {
  return [vpc.cidrBlock, ...vpc.secondaryCidrBlocks];
}
export function ipv6Blocks(vpc: Vpc): readonly string[] {
  return vpc.ipv6CidrBlock === "" ? [] : [vpc.ipv6CidrBlock, ...vpc.secondaryIpv6CidrBlocks];
}
