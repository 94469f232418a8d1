import { id, regionId } from "../../../contract/common-parameters.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { emptyAnswer } from "../../../contract/response.ts";
import { routerInterface } from "./router-interface.ts";
import { routerInterfaceFields, routerInterfaceView } from "./router-interface-view.ts";

export const describeRouterInterfaceAttribute = readOperation({
  product: Vpc,
  name: "DescribeRouterInterfaceAttribute",
  summary: "Reads one router interface. One that is not there is answered with empty fields, because clients accept nothing else as well.",
  authorisation: {
    action: "vpc:DescribeRouterInterfaceAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{InstanceId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, InstanceId: id },
  response: routerInterfaceFields,
  read: async ({ input, caller, state }) => {
    const found = await state.get(routerInterface, input.InstanceId);
    const visible = found?.account === caller.account && found.region === input.RegionId;
    return visible ? routerInterfaceView(state, found) : emptyAnswer(routerInterfaceFields);
  },
});
