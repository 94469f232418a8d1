import { id, nextToken, nextTokenIsOurs, optionalId, regionId } from "../../contract/common-parameters.ts";
import { listByToken, matches, type TokenList } from "../../contract/lists.ts";
import { readOperation, target } from "../../contract/operation.ts";
import { integer, list, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import type { Filter, ResourceReader } from "../../contract/resource-kind.ts";
import { int, optional, structure, text, wrapped } from "../../contract/response.ts";
import { utcSeconds } from "../../contract/time.ts";
import { routeErrors } from "./errors.ts";
import { type RouteEntry, type RouteEntryBody, ipVersionName, routeEntry } from "./route-entry.ts";
import { normalDestination } from "./route-destination.ts";
import { routeTable } from "./route-table.ts";

/** The text and the schema of the documentation disagree on the bounds; the wider ones are accepted. */
const maxResultDefault = 100;
const maxResultMax = 500;
const destinationsMax = 200;

export const describeRouteEntryList = readOperation({
  product: Vpc,
  name: "DescribeRouteEntryList",
  summary: "Lists the entries of one route table.",
  authorisation: {
    action: "vpc:DescribeRouteEntryList",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    RouteTableId: id,
    RouteEntryId: optionalId,
    DestinationCidrBlock: string({ lengthMax: 64 }),
    RouteEntryName: string(),
    IpVersion: string({ lengthMax: 16 }),
    RouteEntryType: string({ lengthMax: 16 }),
    NextHopId: optionalId,
    NextHopType: string({ lengthMax: 64 }),
    MaxResult: integer({ default: maxResultDefault, min: 1, max: maxResultMax }),
    NextToken: nextToken,
    ServiceType: string({ lengthMax: 64 }),
    DestCidrBlockList: list(string({ lengthMax: 64 }), { itemsMax: destinationsMax }),
  },
  response: {
    NextToken: optional(text),
    RouteEntrys: wrapped(
      "RouteEntry",
      structure({
        Description: text,
        DestinationCidrBlock: text,
        GmtModified: text,
        IpVersion: text,
        NextHops: wrapped(
          "NextHop",
          structure({
            Enabled: int,
            NextHopId: text,
            NextHopRegionId: text,
            NextHopRelatedInfo: structure({ InstanceId: text, InstanceType: text, RegionId: text }),
            NextHopType: text,
            Weight: int,
          }),
        ),
        Origin: text,
        RouteEntryId: text,
        RouteEntryName: text,
        RouteTableId: text,
        ServiceType: text,
        Status: text,
        Type: text,
      }),
    ),
    TotalCount: int,
  },
  targets: {
    table: target({
      kind: routeTable,
      parameter: "RouteTableId",
      missing: routeErrors.tableNotFoundOnList,
      fill: ["The specified route table does not exist."],
    }),
  },
  check: [
    nextTokenIsOurs,
    {
      rule: "RouteEntryType is System, Custom, BGP, CEN or ECR",
      error: routeErrors.entryTypeInvalid,
      holds: ({ input }) => input.RouteEntryType === undefined || /^(System|Custom|BGP|CEN|ECR)$/.test(input.RouteEntryType),
      fill: () => ["The specified RouteEntryType is illegal."],
    },
    {
      rule: "IpVersion is IPv4 or IPv6",
      error: routeErrors.ipVersionInvalid,
      holds: ({ input }) => input.IpVersion === undefined || /^ipv[46]$/i.test(input.IpVersion),
      fill: () => ["The specified IpVersion is illegal."],
    },
  ],
  read: async ({ input, targets: { table }, state }) => {
    const within = (value: string): string => `${table.id}\n${value}`;
    const filter: [string, string][] = [];
    if (input.DestinationCidrBlock !== undefined) {
      filter.push(["destination", within(normalDestination(input.DestinationCidrBlock) ?? input.DestinationCidrBlock)]);
    }
    if (input.NextHopId !== undefined) filter.push(["nextHopInTable", within(input.NextHopId)]);
    if (input.RouteEntryName !== undefined) filter.push(["name", within(input.RouteEntryName)]);
    if (input.NextHopType !== undefined) filter.push(["nextHopType", within(input.NextHopType)]);
    if (input.RouteEntryType !== undefined) filter.push(["type", within(input.RouteEntryType)]);
    if (input.IpVersion !== undefined) filter.push(["ipVersion", within(input.IpVersion.endsWith("6") ? "IPv6" : "IPv4")]);
    if (input.ServiceType !== undefined) filter.push(["serviceType", within(input.ServiceType)]);
    if (filter.length === 0) filter.push(["table", table.id]);

    const page =
      input.RouteEntryId === undefined && input.DestCidrBlockList.length === 0
        ? await listByToken(state, routeEntry, filter, input.NextToken, input.MaxResult)
        : await namedEntries(state, table.id, filter, input);
    return {
      NextToken: page.next,
      RouteEntrys: {
        RouteEntry: page.items.map((entry) => ({
          Description: entry.description,
          DestinationCidrBlock: entry.destination,
          GmtModified: utcSeconds(entry.modifiedAt),
          IpVersion: ipVersionName(entry.destination),
          NextHops: {
            NextHop: entry.nextHops.map((hop) => ({
              Enabled: 1,
              NextHopId: hop.id,
              NextHopRegionId: hop.id === "" ? "" : entry.region,
              NextHopRelatedInfo: { InstanceId: "", InstanceType: "", RegionId: "" },
              NextHopType: hop.type,
              Weight: hop.weight,
            })),
          },
          Origin: entry.type === "System" ? "RouteTable" : "Custom",
          RouteEntryId: entry.id,
          RouteEntryName: entry.name,
          RouteTableId: entry.routeTableId,
          ServiceType: "",
          Status: entry.state,
          Type: entry.type,
        })),
      },
      TotalCount: page.total,
    };
  },
});

/** Entries asked for one by one: by id, or by a list of destinations, which a limit keeps short. The token is a place among them. */
async function namedEntries(
  state: ResourceReader,
  tableId: string,
  filter: Filter,
  input: {
    readonly RouteEntryId: string | undefined;
    readonly DestCidrBlockList: readonly string[];
    readonly NextToken: string | undefined;
    readonly MaxResult: number;
  },
): Promise<TokenList<RouteEntryBody>> {
  const wanted = new Set(input.DestCidrBlockList.map((given) => normalDestination(given) ?? given));
  const named: (RouteEntry | undefined)[] = [];
  if (input.RouteEntryId === undefined) {
    for (const destination of wanted) {
      const [found] = await state.list(routeEntry, [["destination", `${tableId}\n${destination}`]], { limit: 1 });
      named.push(found?.resource);
    }
  } else {
    named.push(await state.get(routeEntry, input.RouteEntryId));
  }
  const matching = named.filter(
    (entry): entry is RouteEntry =>
      entry?.routeTableId === tableId && (wanted.size === 0 || wanted.has(entry.destination)) && matches(routeEntry, entry, filter),
  );
  const start = state.positionOf(input.NextToken);
  const end = start + input.MaxResult;
  return { items: matching.slice(start, end), total: matching.length, next: end < matching.length ? state.pageToken(end) : undefined };
}
