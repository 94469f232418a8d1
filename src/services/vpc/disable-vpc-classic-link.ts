import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { vpcErrors } from "./errors.ts";
import { stateAllows } from "./rules.ts";
import { vpc } from "./vpc.ts";

export const disableVpcClassicLink = writeOperation({
  product: Vpc,
  name: "DisableVpcClassicLink",
  summary: "Switches the ClassicLink mark of a VPC off. There is no classic network here that it could link to.",
  deprecated: { instead: "Leave it out: the classic network is gone.", source: "sdk-metadata" },
  authorisation: { action: "vpc:DisableVpcClassicLink", resources: ["acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"], source: "inferred" },
  parameters: { ClientToken: clientToken, RegionId: regionId, VpcId: id },
  response: {},
  targets: { vpc: target({ kind: vpc, parameter: "VpcId", missing: vpcErrors.vpcNotFound }) },
  check: [stateAllows("vpc", vpc, "DisableVpcClassicLink", vpcErrors.vpcStatus)],
  apply: async ({ state, targets }) => {
    await state.move(vpc, targets.vpc, "DisableVpcClassicLink", { classicLinkEnabled: false });
    return {};
  },
});
