import { clientToken, dryRun, id, optionalId, optionalRegionId } from "../../contract/common-parameters.ts";
import { invalidParameter } from "../../contract/errors.ts";
import { type Call, rulesOn, target, writeOperation } from "../../contract/operation.ts";
import { integer, list, object, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { text } from "../../contract/response.ts";
import { routeErrors } from "./errors.ts";
import { addEntry, newEntryPlaceRules, newEntryRules, type NewRouteEntry, type Proposal } from "./new-route-entry.ts";
import { nextHopsMax, nextHopsMin, type NextHop } from "./route-entry.ts";
import { type RouteTable, routeTable } from "./route-table.ts";
import { descriptionParameter, nameParameter, vpcIsSteady } from "./rules.ts";

/** Next-hop type of an entry that names none. */
const defaultNextHopType = "Instance";

export const createRouteEntry = writeOperation({
  product: Vpc,
  name: "CreateRouteEntry",
  summary: "Adds a custom entry to a route table.",
  pollWith: "DescribeRouteEntryList",
  authorisation: {
    action: "vpc:CreateRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    source: "public-docs",
  },
  parameters: {
    RegionId: optionalRegionId,
    RouteTableId: id,
    DestinationCidrBlock: string({ required: true, lengthMax: 64, invalid: routeErrors.destinationMalformed }),
    NextHopId: optionalId,
    ClientToken: clientToken,
    RouteEntryName: nameParameter(routeErrors.nameMalformed),
    Description: descriptionParameter(invalidParameter("Description")),
    NextHopType: string({ lengthMax: 64, invalid: routeErrors.nextHopTypeUnknown }),
    NextHopList: list(object({ NextHopType: string({ lengthMax: 64 }), NextHopId: optionalId, Weight: integer({ min: 0, max: 255 }) }), {
      itemsMax: nextHopsMax,
      tooMany: routeErrors.nextHopListSize,
    }),
    DryRun: dryRun,
  },
  response: { RouteEntryId: text },
  targets: { table: target({ kind: routeTable, parameter: "RouteTableId", missing: routeErrors.tableNotFound }) },
  check: [
    {
      rule: "NextHopId or NextHopList is given",
      error: routeErrors.noNextHop,
      holds: ({ input }) => input.NextHopId !== undefined || input.NextHopList.length > 0,
    },
    {
      rule: "NextHopList comes without NextHopId and NextHopType",
      error: routeErrors.twoNextHops,
      holds: ({ input }) => input.NextHopList.length === 0 || (input.NextHopId === undefined && input.NextHopType === undefined),
    },
    {
      rule: `NextHopList has ${nextHopsMin} to ${nextHopsMax} members`,
      error: routeErrors.nextHopListSize,
      holds: ({ input }) => input.NextHopList.length === 0 || input.NextHopList.length >= nextHopsMin,
    },
    ...rulesOn(proposalOf, newEntryRules),
    ...vpcIsSteady<Request>(({ targets }) => [targets.table.vpcId], {
      vpc: routeErrors.vpcStatus,
      vSwitch: routeErrors.vSwitchBusy,
      routeTable: routeErrors.tableBusy,
      routeEntry: routeErrors.entryBusy,
    }),
    ...rulesOn(proposalOf, newEntryPlaceRules),
  ],
  apply: async (call) => ({ RouteEntryId: (await addEntry(call.state, entryOf(call), "CreateRouteEntry")).id }),
});

interface Request extends Pick<Call, "caller" | "state" | "settings"> {
  readonly input: {
    readonly DestinationCidrBlock: string;
    readonly NextHopId: string | undefined;
    readonly NextHopType: string | undefined;
    readonly NextHopList: readonly {
      readonly NextHopId: string | undefined;
      readonly NextHopType: string | undefined;
      readonly Weight: number | undefined;
    }[];
    readonly RouteEntryName: string | undefined;
    readonly Description: string | undefined;
  };
  readonly targets: { readonly table: RouteTable };
}

function proposalOf(call: Request): Proposal {
  return { ...call, entry: entryOf(call) };
}
function entryOf({ input, targets: { table } }: Pick<Request, "input" | "targets">): NewRouteEntry {
  return {
    table,
    destination: input.DestinationCidrBlock,
    nextHops: nextHopsOf(input),
    name: input.RouteEntryName ?? "",
    description: input.Description ?? "",
  };
}

function nextHopsOf(input: Request["input"]): NextHop[] {
  const named = input.NextHopList.map(({ NextHopId = "", NextHopType = "RouterInterface", Weight = 100 }) => ({
    type: NextHopType,
    id: NextHopId,
    weight: Weight,
  }));
  return named.length > 0 ? named : [{ type: input.NextHopType ?? defaultNextHopType, id: input.NextHopId ?? "", weight: 0 }];
}
