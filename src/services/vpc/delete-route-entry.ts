import { dryRun, optionalId, optionalRegionId } from "../../contract/common-parameters.ts";
import { type Caller, target, writeOperation } from "../../contract/operation.ts";
import { list, object, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import type { ResourceReader } from "../../contract/resource-kind.ts";
import { allows } from "../../contract/state-table.ts";
import { routeErrors } from "./errors.ts";
import { normalDestination } from "./route-destination.ts";
import { nextHopsMax, nextHopsMin, type RouteEntry, routeEntry } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";
import { vpcIsSteady } from "./rules.ts";

interface EntryName {
  readonly input: {
    readonly RegionId: string | undefined;
    readonly RouteEntryId: string | undefined;
    readonly DestinationCidrBlock: string | undefined;
    readonly NextHopId: string | undefined;
    readonly NextHopList: readonly { readonly NextHopId: string | undefined }[];
  };
  readonly targets: { readonly table?: { readonly id: string } };
  readonly caller: Caller;
  readonly state: ResourceReader;
}

export const deleteRouteEntry = writeOperation({
  product: Vpc,
  name: "DeleteRouteEntry",
  summary: "Deletes a custom route entry, named by its id or by table, destination and next hop.",
  pollWith: "DescribeRouteEntryList",
  authorisation: {
    action: "vpc:DeleteRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    source: "public-docs",
  },
  parameters: {
    RegionId: optionalRegionId,
    RouteTableId: optionalId,
    RouteEntryId: optionalId,
    DestinationCidrBlock: string({ lengthMax: 64 }),
    NextHopId: optionalId,
    NextHopList: list(object({ NextHopId: optionalId, NextHopType: string({ lengthMax: 64 }) }), {
      itemsMax: nextHopsMax,
      tooMany: routeErrors.nextHopListSizeOnDelete,
    }),
    DryRun: dryRun,
  },
  response: {},
  targets: { table: target({ kind: routeTable, parameter: "RouteTableId", missing: routeErrors.tableNotFound }) },
  check: [
    {
      rule: "RouteEntryId, or RouteTableId with DestinationCidrBlock, is given",
      error: routeErrors.entryNotNamed,
      holds: ({ input }) =>
        input.RouteEntryId !== undefined || (input.RouteTableId !== undefined && input.DestinationCidrBlock !== undefined),
    },
    {
      rule: "the entry is not named in both ways",
      error: routeErrors.entryNamedTwice,
      holds: ({ input }) =>
        input.RouteEntryId === undefined || (input.RouteTableId === undefined && input.DestinationCidrBlock === undefined),
      fill: () => ["RouteEntryId and RouteTableId with DestinationCidrBlock cannot both be specified."],
    },
    {
      rule: "an entry that is named by its destination is named by its next hop too",
      error: routeErrors.nextHopNotNamed,
      holds: ({ input }) => input.RouteEntryId !== undefined || input.NextHopId !== undefined || input.NextHopList.length > 0,
    },
    {
      rule: `NextHopList has ${nextHopsMin} to ${nextHopsMax} members`,
      error: routeErrors.nextHopListSizeOnDelete,
      holds: ({ input }) => input.NextHopList.length === 0 || input.NextHopList.length >= nextHopsMin,
    },
    {
      rule: "NextHopId and NextHopList are not given both",
      error: routeErrors.nextHopNamedTwice,
      holds: ({ input }) => input.NextHopId === undefined || input.NextHopList.length === 0,
    },
    {
      rule: "DestinationCidrBlock is an address block or an address",
      error: routeErrors.destinationMalformed,
      holds: ({ input }) => input.DestinationCidrBlock === undefined || normalDestination(input.DestinationCidrBlock) !== undefined,
    },
    {
      rule: "RouteEntryId names a route entry of the caller",
      error: routeErrors.entryIdNotFound,
      holds: async (call) => call.input.RouteEntryId === undefined || (await entryNamed(call)) !== undefined,
    },
    {
      rule: "the table has an entry with this destination and this next hop",
      error: routeErrors.entryNotFound,
      holds: async (call) => (await entryNamed(call)) !== undefined,
    },
    {
      rule: "the entry is a custom one",
      error: routeErrors.entryIsSystem,
      holds: async (call) => (await entryNamed(call))?.type === "Custom",
    },
    {
      rule: "the entry is Available",
      error: routeErrors.entryBusy,
      holds: async (call) => allows(routeEntry.states, (await entryNamed(call))?.state ?? "", "DeleteRouteEntry"),
    },
    ...vpcIsSteady<EntryName>(async (call) => (await entryNamed(call))?.vpcId, {
      vpc: routeErrors.vpcStatus,
      vSwitch: routeErrors.vSwitchBusyOnDelete,
      routeEntry: routeErrors.entryBusy,
    }),
  ],
  apply: async (call) => {
    const entry = await entryNamed(call);
    if (entry !== undefined) await call.state.move(routeEntry, entry, "DeleteRouteEntry");
    return {};
  },
});

/** The entry that the call names and the caller can see. */
async function entryNamed({ input, targets, caller, state }: EntryName): Promise<RouteEntry | undefined> {
  if (input.RouteEntryId !== undefined) {
    const entry = await state.get(routeEntry, input.RouteEntryId);
    const here = entry?.account === caller.account && (input.RegionId ?? entry.region) === entry.region;
    return here ? entry : undefined;
  }
  const destination = normalDestination(input.DestinationCidrBlock ?? "");
  if (targets.table === undefined || destination === undefined) return undefined;
  const [found] = await state.list(routeEntry, [["destination", `${targets.table.id}\n${destination}`]], { limit: 1 });
  const named = input.NextHopId === undefined ? input.NextHopList.map(({ NextHopId }) => NextHopId) : [input.NextHopId];
  const agrees = named.every((id) => found?.resource.nextHops.some((hop) => hop.id === id) === true);
  return agrees ? found?.resource : undefined;
}
