import { clientToken, dryRun, id, optionalRegionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { boolean } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { vpcPeerConnection } from "../peering/vpc-peer-connection.ts";
import { vpcErrors } from "./errors.ts";
import { routeEntry } from "./route-entry.ts";
import { stateAllows } from "./rules.ts";
import { vpc } from "./vpc.ts";
import { vSwitch } from "./vswitch.ts";

export const deleteVpc = writeOperation({
  product: Vpc,
  name: "DeleteVpc",
  summary: "Deletes a VPC in which nothing is left but what came with it.",
  pollWith: "DescribeVpcAttribute",
  authorisation: { action: "vpc:DeleteVpc", resource: "acs:vpc:{regionId}:{accountId}:vpc/{VpcId}", source: "public-docs" },
  parameters: {
    VpcId: id,
    RegionId: optionalRegionId,
    // Removes IPv4 and IPv6 gateways only, of which there are none here.
    ForceDelete: boolean({ default: false }),
    DryRun: dryRun,
    ClientToken: clientToken,
  },
  response: {},
  targets: { vpc: target({ kind: vpc, parameter: "VpcId", missing: vpcErrors.vpcNotFound }) },
  check: [
    stateAllows("vpc", vpc, "DeleteVpc", vpcErrors.vpcStatus),
    {
      rule: "no vSwitch is left in the VPC",
      error: vpcErrors.hasVSwitch,
      holds: async ({ state, targets }) => (await state.list(vSwitch, [["vpc", targets.vpc.id]], { limit: 1 })).length === 0,
    },
    {
      rule: "no custom route entry is left in the VPC",
      error: vpcErrors.hasRouteEntry,
      holds: async ({ state, targets }) => (await state.list(routeEntry, [["customOfVpc", targets.vpc.id]], { limit: 1 })).length === 0,
    },
    {
      rule: "no peering connection of the VPC is in use; rejected, expired and deleted ones do not count",
      error: vpcErrors.hasPeering,
      holds: async ({ state, targets }) =>
        (await state.list(vpcPeerConnection, [["liveOfVpc", targets.vpc.id]], { limit: 1 })).length === 0,
    },
  ],
  apply: async ({ state, targets }) => {
    await state.move(vpc, targets.vpc, "DeleteVpc");
    return {};
  },
});
