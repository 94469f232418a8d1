import { clientToken, dryRun, id, optionalRegionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { boolean } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { nothingDependsOn } from "../dependencies.ts";
import { vpcErrors } from "./errors.ts";
import { stateAllows } from "./rules.ts";
import { vpc } from "./vpc.ts";

export const deleteVpc = writeOperation({
  product: Vpc,
  name: "DeleteVpc",
  summary: "Deletes a VPC in which nothing is left but what came with it.",
  pollWith: "DescribeVpcAttribute",
  authorisation: { action: "vpc:DeleteVpc", resources: ["acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"], source: "public-docs" },
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
  check: [stateAllows("vpc", vpc, "DeleteVpc", vpcErrors.vpcStatus), ...nothingDependsOn("vpc", vpc)],
  apply: async ({ state, targets }) => {
    await state.move(vpc, targets.vpc, "DeleteVpc");
    return {};
  },
});
