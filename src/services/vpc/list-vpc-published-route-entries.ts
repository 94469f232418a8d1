import { id, nextToken, nextTokenIsOurs, regionId } from "../../contract/common-parameters.ts";
import { readOperation, target } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listOf, optional, structure, text } from "../../contract/response.ts";
import { routeErrors } from "./errors.ts";
import { routeTable } from "./route-table.ts";

export const listVpcPublishedRouteEntries = readOperation({
  product: Vpc,
  name: "ListVpcPublishedRouteEntries",
  summary:
    "Lists the entries of a table that are published to an Express Connect Router. There are none of these here, so the list is empty.",
  authorisation: {
    action: "vpc:ListVpcPublishedRouteEntries",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    source: "inferred",
  },
  parameters: {
    DestinationCidrBlock: string({ lengthMax: 64 }),
    MaxResults: integer({ default: 50, min: 1, max: 500 }),
    NextToken: nextToken,
    RegionId: regionId,
    RouteTableId: id,
    TargetInstanceId: string({ lengthMax: 128 }),
    TargetType: string({ required: true, lengthMax: 64 }),
  },
  response: {
    NextToken: optional(text),
    RouteEntries: listOf(
      structure({
        DestinationCidrBlock: text,
        RouteEntryId: text,
        RoutePublishTargets: listOf(structure({ PublishStatus: text, PublishTargetInstanceId: text, PublishTargetType: text })),
        RouteTableId: text,
      }),
    ),
  },
  targets: { table: target({ kind: routeTable, parameter: "RouteTableId", missing: routeErrors.tableNotFound }) },
  check: [nextTokenIsOurs],
  read: async () => ({ NextToken: undefined, RouteEntries: [] }),
});
