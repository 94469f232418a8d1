import { clientToken, id, regionId, tagList } from "../../contract/common-parameters.ts";
import { type Call, target, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { text } from "../../contract/response.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { routeTableErrors, vpcErrors } from "./errors.ts";
import { addSystemRoute, localNextHop } from "./route-entry.ts";
import { addServicesRoute, routeTable } from "./route-table.ts";
import { descriptionParameter, nameParameter, vpcIsSteady } from "./rules.ts";
import { vpc } from "./vpc.ts";
import { blocksOf, vSwitch } from "./vswitch.ts";

export const createRouteTable = writeOperation({
  product: Vpc,
  name: "CreateRouteTable",
  summary: "Creates a custom route table in a VPC. The system's own entries are in it from the start.",
  pollWith: "DescribeRouteTableList",
  authorisation: {
    action: "vpc:CreateRouteTable",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/*", "acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    VpcId: id,
    RouteTableName: nameParameter(routeTableErrors.nameMalformed),
    Description: descriptionParameter(routeTableErrors.descriptionMalformed),
    AssociateType: string({ default: "VSwitch", pattern: /^(VSwitch|Gateway)$/, description: "VSwitch or Gateway" }),
    ClientToken: clientToken,
    Tag: tagList,
  },
  response: { RouteTableId: text },
  targets: { vpc: target({ kind: vpc, parameter: "VpcId", missing: vpcErrors.vpcNotFound }) },
  check: [
    ...tagRules("Tag"),
    ...vpcIsSteady<Pick<Call, "state"> & { readonly targets: { readonly vpc: { readonly id: string } } }>(
      ({ targets }) => [targets.vpc.id],
      {
        vpc: routeTableErrors.conflict,
        vSwitch: routeTableErrors.conflict,
        routeTable: routeTableErrors.conflict,
        routeEntry: routeTableErrors.conflict,
      },
    ),
    {
      rule: "the VPC has room for another custom route table (quota RouteTable)",
      error: routeTableErrors.quota,
      advice: quotaAdvice("RouteTable"),
      holds: async ({ targets, state, settings }) =>
        (await state.count(routeTable, [["customOfVpc", targets.vpc.id]])) <
        settings.quota("RouteTable", targets.vpc.account, targets.vpc.region),
    },
  ],
  apply: async ({ input, targets, caller, state }) => {
    const created = await state.create(
      routeTable,
      {
        id: state.newId(routeTable, targets.vpc.region),
        account: caller.account,
        region: targets.vpc.region,
        resourceGroups: targets.vpc.resourceGroups,
        tags: tagsFor(caller.account, input.Tag),
        routerType: "VRouter",
        vpcId: targets.vpc.id,
        vRouterId: targets.vpc.vRouterId,
        name: input.RouteTableName ?? "",
        description: input.Description ?? "",
        type: "Custom",
        associateType: input.AssociateType === "Gateway" ? "Gateway" : "VSwitch",
        routePropagationEnable: input.AssociateType !== "Gateway",
      },
      "CreateRouteTable",
    );
    await addServicesRoute(state, created);
    for (const other of await listAll(state, vSwitch, [["vpc", targets.vpc.id]])) {
      for (const destination of blocksOf(other)) await addSystemRoute(state, created, destination, localNextHop);
    }
    return { RouteTableId: created.id };
  },
});
