import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { target, writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { nothingDependsOn } from "../../dependencies.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { bgpGroup } from "./bgp-group.ts";
import { bgpErrors, bgpGroupErrors } from "./errors.ts";

export const deleteBgpGroup = writeOperation({
  product: Vpc,
  name: "DeleteBgpGroup",
  summary: "Deletes a BGP group that has no peers.",
  pollWith: "DescribeBgpGroups",
  authorisation: {
    action: "vpc:DeleteBgpGroup",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    fill: { RouterId: ({ targets }) => targets["group"]?.routerId },
    source: "inferred",
  },
  parameters: { RegionId: regionId, BgpGroupId: id, ClientToken: clientToken },
  response: {},
  targets: { group: target({ kind: bgpGroup, parameter: "BgpGroupId", missing: bgpGroupErrors.notFound }) },
  check: [stateAllows("group", bgpGroup, "DeleteBgpGroup", bgpErrors.status), ...nothingDependsOn("group", bgpGroup)],
  apply: async ({ state, targets }) => {
    await state.move(bgpGroup, targets.group, "DeleteBgpGroup");
    return {};
  },
});
