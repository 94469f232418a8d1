import { dryRun, id, optionalRegionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { emptyAnswer, listOf, structure } from "../../contract/response.ts";
import { vSwitch } from "./vswitch.ts";
import { vSwitchFields, vSwitchView } from "./vswitch-view.ts";

const response = {
  ...vSwitchFields,
  CloudResources: structure({ CloudResourceSetType: listOf(structure({})) }),
} as const;

export const describeVSwitchAttributes = readOperation({
  product: Vpc,
  name: "DescribeVSwitchAttributes",
  summary: "Reads one vSwitch. One that is gone, foreign or unknown reads as an answer whose fields are empty.",
  authorisation: {
    action: "vpc:DescribeVSwitchAttributes",
    resources: ["acs:vpc:{regionId}:{accountId}:vswitch/{VSwitchId}"],
    source: "public-docs",
  },
  parameters: { VSwitchId: id, RegionId: optionalRegionId, DryRun: dryRun },
  response,
  read: async ({ input, caller, state }) => {
    const found = await state.get(vSwitch, input.VSwitchId);
    const visible = found?.account === caller.account && (input.RegionId ?? found.region) === found.region;
    return found !== undefined && visible
      ? { ...vSwitchView(found, caller.account), CloudResources: { CloudResourceSetType: [] } }
      : emptyAnswer(response);
  },
});
