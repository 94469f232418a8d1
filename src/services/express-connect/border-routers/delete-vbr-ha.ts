import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { target, writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { borderRouterErrors } from "./errors.ts";
import { vbrHa } from "./vbr-ha.ts";

export const deleteVbrHa = writeOperation({
  product: Vpc,
  name: "DeleteVbrHa",
  summary: "Dissolves a failover group. Its virtual border routers stay.",
  pollWith: "DescribeVbrHa",
  authorisation: {
    action: "vpc:DeleteVbrHa",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}"],
    fill: { VbrId: ({ targets }) => targets["group"]?.vbrId },
    source: "public-docs",
  },
  parameters: { RegionId: regionId, InstanceId: id, ClientToken: clientToken },
  response: {},
  targets: { group: target({ kind: vbrHa, parameter: "InstanceId", missing: borderRouterErrors.groupNotFound }) },
  check: [stateAllows("group", vbrHa, "DeleteVbrHa", borderRouterErrors.groupStatus)],
  apply: async ({ state, targets }) => {
    await state.move(vbrHa, targets.group, "DeleteVbrHa");
    return {};
  },
});
