import { scopeOf } from "../../contract/indexes.ts";
import type { Call, Rule } from "../../contract/operation.ts";
import { boolean, string } from "../../contract/parameters.ts";
import type { ResourceBase, ResourceWriter } from "../../contract/resource-kind.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../resource-groups/resource-group.ts";
import { vpcErrors } from "./errors.ts";
import { newIpv6Block, vpcIpv6Block } from "./ipv6.ts";
import { addServicesRoute, routeTable } from "./route-table.ts";
import { vpc, type VpcBody } from "./vpc.ts";
import { vRouter } from "./vrouter.ts";

/** Parameters that the operations which create a VPC share. */
export const newVpcParameters = {
  EnableIpv6: boolean({ default: false }),
  Ipv6CidrBlock: string({ lengthMax: 64 }),
  ResourceGroupId: string({ invalid: resourceGroupErrors.vpcUnknown }),
} as const;
interface Ipv6Wish {
  readonly EnableIpv6: boolean;
  readonly Ipv6CidrBlock: string | undefined;
}
interface Request extends Pick<Call, "caller" | "state" | "settings"> {
  readonly input: Ipv6Wish & { readonly RegionId: string; readonly ResourceGroupId: string | undefined };
}

/** Rules of these parameters, and the quota. */
export const newVpcRules: readonly Rule<Request>[] = [
  {
    rule: "an IPv6 block is named only with EnableIpv6",
    error: vpcErrors.ipv6Disabled,
    holds: ({ input }) => input.Ipv6CidrBlock === undefined || input.EnableIpv6,
    fill: () => ["EnableIpv6 must be true when Ipv6CidrBlock is specified."],
  },
  {
    rule: "Ipv6CidrBlock is an IPv6 /56 block",
    error: vpcErrors.ipv6CidrInvalid,
    holds: ({ input }) => input.Ipv6CidrBlock === undefined || vpcIpv6Block(input.Ipv6CidrBlock) !== undefined,
  },
  resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
  {
    rule: "the account has room for another VPC in the region (quota Vpc)",
    error: vpcErrors.quota,
    advice: quotaAdvice("Vpc"),
    holds: async ({ state, caller, input, settings }) =>
      (await state.count(vpc, [["scope", scopeOf(caller.account, input.RegionId)]])) <
      settings.quota("Vpc", caller.account, input.RegionId),
  },
];

/** The IPv6 block of a new VPC: the one named, or one chosen at random; the empty string without IPv6. */
export function newVpcIpv6Block(state: ResourceWriter, { EnableIpv6, Ipv6CidrBlock }: Ipv6Wish): string {
  return EnableIpv6 ? (vpcIpv6Block(Ipv6CidrBlock ?? newIpv6Block(state.randomHex(5))) ?? "") : "";
}

/** What a call decides about a new VPC. */
export type NewVpc = Pick<VpcBody, "cidrBlock" | "ipv6CidrBlock" | "isDefault"> &
  Partial<VpcBody> & {
    readonly account: string;
    readonly region: string;
    /** The account's default group unless named. */
    readonly resourceGroupId: string | undefined;
    readonly tags?: ResourceBase["tags"];
  };

/** Creates a VPC with its router and its system route table, and answers as the create operations do. */
export async function addVpc(
  state: ResourceWriter,
  { account, region, resourceGroupId, ...body }: NewVpc,
  event: "CreateVpc" | "CreateDefaultVpc",
): Promise<{ ResourceGroupId: string; RouteTableId: string; VRouterId: string; VpcId: string }> {
  const owned = { account, region, resourceGroups: await resourceGroupsFor(state, account, resourceGroupId) };
  const vRouterId = state.newId(vRouter, region);
  const routeTableId = state.newId(routeTable, region);
  const created = await state.create(
    vpc,
    {
      name: "",
      description: "",
      secondaryCidrBlocks: [],
      userCidrs: [],
      ipv6Isp: "BGP",
      secondaryIpv6CidrBlocks: [],
      dnsHostname: false,
      classicLinkEnabled: false,
      ...body,
      ...owned,
      id: state.newId(vpc, region),
      vRouterId,
      routeTableId,
    },
    event,
  );
  await state.create(vRouter, { ...owned, id: vRouterId, vpcId: created.id }, event);
  const table = await state.create(
    routeTable,
    {
      ...owned,
      id: routeTableId,
      routerType: "VRouter",
      vpcId: created.id,
      vRouterId,
      name: "",
      description: "",
      type: "System",
      associateType: "VSwitch",
      routePropagationEnable: true,
    },
    event,
  );
  await addServicesRoute(state, table);
  return { ResourceGroupId: owned.resourceGroups[account] ?? "", RouteTableId: routeTableId, VRouterId: vRouterId, VpcId: created.id };
}
