import { dryRun, id, regionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { boolean } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { bool, emptyAnswer, int, long, structure, text, wrapped } from "../../contract/response.ts";
import { vpc } from "./vpc.ts";
import { routeTable } from "./route-table.ts";
import { vpcFields, vpcView } from "./vpc-view.ts";

const response = {
  ...vpcFields,
  AssociatedCens: wrapped("AssociatedCen", structure({ CenId: text, CenOwnerId: long, CenStatus: text })),
  AssociatedPropagationSources: wrapped(
    "AssociatedPropagationSources",
    structure({ RoutePropagated: bool, SourceInstanceId: text, SourceOwnerId: long, SourceType: text, Status: text }),
  ),
  ClassicLinkEnabled: bool,
  CloudResources: wrapped("CloudResourceSetType", structure({ ResourceCount: int, ResourceType: text })),
  Ipv4GatewayId: text,
  SupportIpv4Gateway: bool,
} as const;

export const describeVpcAttribute = readOperation({
  product: Vpc,
  name: "DescribeVpcAttribute",
  summary: "Reads one VPC. One that is gone, foreign or unknown reads as an answer whose fields are empty.",
  authorisation: { action: "vpc:DescribeVpcAttribute", resources: ["acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"], source: "inferred" },
  parameters: { VpcId: id, RegionId: regionId, DryRun: dryRun, IsDefault: boolean() },
  response,
  read: async ({ input, caller, state }) => {
    const found = await state.get(vpc, input.VpcId);
    if (found === undefined || found.account !== caller.account || found.region !== input.RegionId) return emptyAnswer(response);
    const view = await vpcView(state, found, caller.account);
    return {
      ...view,
      AssociatedCens: { AssociatedCen: [] },
      AssociatedPropagationSources: { AssociatedPropagationSources: [] },
      ClassicLinkEnabled: found.classicLinkEnabled,
      CloudResources: {
        CloudResourceSetType: [
          { ResourceCount: view.VSwitchIds.VSwitchId.length, ResourceType: "VSwitch" },
          { ResourceCount: 1, ResourceType: "VRouter" },
          { ResourceCount: await state.count(routeTable, [["vpc", found.id]]), ResourceType: "RouteTable" },
        ],
      },
      Ipv4GatewayId: "",
      SupportIpv4Gateway: false,
    };
  },
});
