import { dryRun, optionalId, optionalRegionId } from "../../contract/common-parameters.ts";
import { type Call, rulesOn, target, writeOperation } from "../../contract/operation.ts";
import { list, object, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { routeErrors } from "./errors.ts";
import { type Deletion, deletionRules, entryNamed, tableOfEntry } from "./named-route-entry.ts";
import { normalDestination } from "./route-destination.ts";
import { nextHopsMax, nextHopsMin, routeEntry } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";
import { vpcIsSteady } from "./rules.ts";

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: {
    readonly RegionId: string | undefined;
    readonly RouteEntryId: string | undefined;
    readonly DestinationCidrBlock: string | undefined;
    readonly NextHopId: string | undefined;
    readonly NextHopList: readonly { readonly NextHopId: string | undefined }[];
  };
  readonly targets: { readonly table?: { readonly id: string } };
}

export const deleteRouteEntry = writeOperation({
  product: Vpc,
  name: "DeleteRouteEntry",
  summary: "Deletes a custom route entry, named by its id or by table, destination and next hop.",
  pollWith: "DescribeRouteEntryList",
  authorisation: {
    action: "vpc:DeleteRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    fill: tableOfEntry,
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
    ...rulesOn(deletionOf, deletionRules),
    ...vpcIsSteady<Request>(async (call) => [(await deletionOf(call)).entry?.vpcId ?? ""], {
      vpc: routeErrors.vpcStatus,
      vSwitch: routeErrors.vSwitchBusyOnDelete,
      routeTable: routeErrors.tableBusyOnDelete,
      routeEntry: routeErrors.entryBusy,
    }),
  ],
  apply: async (call) => {
    const { entry } = await deletionOf(call);
    if (entry !== undefined) await call.state.move(routeEntry, entry, "DeleteRouteEntry");
    return {};
  },
});

async function deletionOf(call: Request): Promise<Deletion> {
  const { input, targets } = call;
  const entry = await entryNamed(call, {
    regionId: input.RegionId,
    entryId: input.RouteEntryId,
    tableId: targets.table?.id,
    destination: input.DestinationCidrBlock,
    nextHopIds: input.NextHopId === undefined ? input.NextHopList.map(({ NextHopId }) => NextHopId) : [input.NextHopId],
  });
  return { isNamedById: input.RouteEntryId !== undefined, entry };
}
