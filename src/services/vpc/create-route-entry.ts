import { blockContains, versionOf } from "../../contract/cidr.ts";
import { clientToken, dryRun, id, optionalId, optionalRegionId } from "../../contract/common-parameters.ts";
import { type Call, type Rule, target, writeOperation } from "../../contract/operation.ts";
import { integer, list, object, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll, type Objection, type ResourceReader } from "../../contract/resource-kind.ts";
import { text } from "../../contract/response.ts";
import { invalidParameter } from "../../contract/errors.ts";
import { routeErrors } from "./errors.ts";
import { isDocumentedNextHopType, nextHopType, nextHopTypes } from "./next-hops.ts";
import { normalDestination } from "./route-destination.ts";
import { nextHopsMax, nextHopsMin, type NextHop, type RouteTableTarget, routeEntry, servicesBlock } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";
import { descriptionParameter, nameParameter, vpcIsSteady } from "./rules.ts";
import { vpc } from "./vpc.ts";
import { blocksOf, vSwitch } from "./vswitch.ts";

/** Next-hop type of an entry that names none. */
const defaultNextHopType = "Instance";

interface NextHopInput {
  readonly NextHopId: string | undefined;
  readonly NextHopType: string | undefined;
  readonly NextHopList: readonly {
    readonly NextHopId: string | undefined;
    readonly NextHopType: string | undefined;
    readonly Weight: number | undefined;
  }[];
}

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
      rule: "DestinationCidrBlock is an address block without host bits, or an address",
      error: routeErrors.destinationMalformed,
      holds: ({ input }) => normalDestination(input.DestinationCidrBlock) !== undefined,
    },
    {
      rule: `the destination is not in ${servicesBlock}`,
      error: routeErrors.destinationReserved,
      source: "sdk-metadata",
      holds: ({ input }) => !blockContains(servicesBlock, destinationOf(input)),
    },
    {
      rule: "an IPv6 destination needs a VPC with IPv6",
      error: routeErrors.ipv6Disabled,
      holds: async ({ input, targets, state }) =>
        versionOf(destinationOf(input)) === 4 || (await state.get(vpc, targets.table.vpcId))?.ipv6CidrBlock !== "",
    },
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
    {
      rule: "each next-hop type is one that the service documents",
      error: routeErrors.nextHopTypeUnknown,
      holds: ({ input }) => nextHopsOf(input).every(({ type }) => isDocumentedNextHopType(type)),
    },
    {
      rule: "each next-hop type is one that this server has; a list takes router interfaces only",
      error: routeErrors.nextHopTypeUnsupported,
      source: "inferred",
      holds: ({ input }) => unsupportedType(input) === undefined,
      fill: ({ input }) => [`The next hop type ${unsupportedType(input)} is not supported here.`],
    },
    ...nextHopTypes
      .flatMap(({ errors }) => errors)
      .map((error): Rule<Request> => ({
        rule: `no next hop meets ${error.code}: it exists, is attached to this VPC, and is usable`,
        error,
        holds: async (call) => (await objection(call))?.error !== error,
        fill: async (call) => (await objection(call))?.fill ?? [],
      })),
    ...vpcIsSteady<{ readonly state: ResourceReader; readonly targets: RouteTableTarget }>(({ targets }) => targets.table.vpcId, {
      vpc: routeErrors.vpcStatus,
      vSwitch: routeErrors.vSwitchBusy,
      routeEntry: routeErrors.entryBusy,
    }),
    ...([4, 6] as const).map(
      (
        version,
      ): Rule<Pick<Call, "state"> & { readonly input: { readonly DestinationCidrBlock: string }; readonly targets: RouteTableTarget }> => ({
        rule: `an IPv${version} destination neither equals a block of a vSwitch of the VPC nor lies in one`,
        error: version === 4 ? routeErrors.destinationInVSwitch : routeErrors.ipv6DestinationInVSwitch,
        source: "sdk-metadata",
        holds: async ({ input, targets, state }) => {
          const destination = destinationOf(input);
          if (versionOf(destination) !== version) return true;
          const blocks = (await listAll(state, vSwitch, [["vpc", targets.table.vpcId]])).flatMap(blocksOf);
          return blocks.every((block) => !blockContains(block, destination));
        },
      }),
    ),
    {
      rule: "no entry of the table has the same destination",
      error: routeErrors.destinationDuplicate,
      holds: async ({ input, targets, state }) =>
        (await state.list(routeEntry, [["destination", `${targets.table.id}\n${destinationOf(input)}`]], { limit: 1 })).length === 0,
    },
    {
      rule: "the table has room for another custom entry (quota RouteEntry)",
      error: routeErrors.quota,
      holds: async ({ targets, state, settings }) =>
        (await state.count(routeEntry, [["customOfTable", targets.table.id]])) <
        settings.quota("RouteEntry", targets.table.account, targets.table.region),
    },
  ],
  apply: async ({ input, targets: { table }, state }) => {
    const created = await state.create(
      routeEntry,
      {
        id: state.newId(routeEntry, table.region),
        account: table.account,
        region: table.region,
        routeTableId: table.id,
        vpcId: table.vpcId,
        destination: destinationOf(input),
        nextHops: nextHopsOf(input),
        name: input.RouteEntryName ?? "",
        description: input.Description ?? "",
        type: "Custom",
      },
      "CreateRouteEntry",
    );
    return { RouteEntryId: created.id };
  },
});

/** The destination in normal form; the rules have refused all that has none. */
function destinationOf(input: { readonly DestinationCidrBlock: string }): string {
  return normalDestination(input.DestinationCidrBlock) ?? input.DestinationCidrBlock;
}

function nextHopsOf(input: NextHopInput): NextHop[] {
  const named = input.NextHopList.map(({ NextHopId = "", NextHopType = "RouterInterface", Weight = 100 }) => ({
    type: NextHopType,
    id: NextHopId,
    weight: Weight,
  }));
  return named.length > 0 ? named : [{ type: input.NextHopType ?? defaultNextHopType, id: input.NextHopId ?? "", weight: 0 }];
}

function unsupportedType(input: NextHopInput): string | undefined {
  const allowed = (type: string): boolean => (input.NextHopList.length > 0 ? type === "RouterInterface" : nextHopType(type) !== undefined);
  return nextHopsOf(input).find(({ type }) => !allowed(type))?.type;
}

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: NextHopInput;
  readonly targets: RouteTableTarget;
}

/** The first objection to one of the next hops. */
async function objection({ input, targets, caller, state }: Request): Promise<Objection | undefined> {
  for (const { type, id } of nextHopsOf(input)) {
    const found = await nextHopType(type)?.objection(state, { id, vpcId: targets.table.vpcId, account: caller.account });
    if (found !== undefined) return found;
  }
  return undefined;
}
