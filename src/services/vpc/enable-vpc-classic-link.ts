import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { vpcErrors } from "./errors.ts";
import { stateAllows } from "./rules.ts";
import { vpc } from "./vpc.ts";

export const enableVpcClassicLink = writeOperation({
  product: Vpc,
  name: "EnableVpcClassicLink",
  summary: "Switches the ClassicLink mark of a VPC on. There is no classic network here that it could link to.",
  deprecated: { instead: "Leave it out: the classic network is gone.", source: "sdk-metadata" },
  authorisation: { action: "vpc:EnableVpcClassicLink", resources: ["acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"], source: "inferred" },
  parameters: { ClientToken: clientToken, RegionId: regionId, VpcId: id },
  response: {},
  targets: { vpc: target({ kind: vpc, parameter: "VpcId", missing: vpcErrors.vpcNotFound }) },
  check: [stateAllows("vpc", vpc, "EnableVpcClassicLink", vpcErrors.vpcStatus)],
  apply: async ({ state, targets }) => {
    await state.move(vpc, targets.vpc, "EnableVpcClassicLink", { classicLinkEnabled: true });
    return {};
  },
});
