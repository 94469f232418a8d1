import { dryRun, optionalId, regionId } from "../../contract/common-parameters.ts";
import { type Call, type Rule, target, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import type { Objection } from "../../contract/resource-kind.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { allows } from "../../contract/state-table.ts";
import { invalidParameter } from "../../contract/errors.ts";
import { virtualBorderRouter } from "../express-connect/border-routers/virtual-border-router.ts";
import { routeErrors } from "./errors.ts";
import { entryNamed, tableOfEntry } from "./named-route-entry.ts";
import { isDocumentedNextHopType, nextHopType, nextHopTypes } from "./next-hops.ts";
import { type NextHop, type RouteEntry, routeEntry, vpnGatewayHop } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";
import { descriptionParameter, nameParameter, vpcIsSteady } from "./rules.ts";

export const modifyRouteEntry = writeOperation({
  product: Vpc,
  name: "ModifyRouteEntry",
  summary: "Changes name and description of a route entry, and the next hop of a custom one.",
  pollWith: "DescribeRouteEntryList",
  authorisation: {
    action: "vpc:ModifyRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    fill: tableOfEntry,
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    RouteEntryName: nameParameter(routeErrors.nameMalformed),
    RouteEntryId: optionalId,
    Description: descriptionParameter(invalidParameter("Description")),
    NewNextHopType: string({ lengthMax: 64 }),
    NewNextHopId: optionalId,
    RouteTableId: optionalId,
    DestinationCidrBlock: string({ lengthMax: 64 }),
    DryRun: dryRun,
  },
  response: {},
  targets: { table: target({ kind: routeTable, parameter: "RouteTableId", missing: routeErrors.tableNotFoundOnModify }) },
  check: [
    {
      rule: "RouteEntryId, or RouteTableId with DestinationCidrBlock, is given",
      error: routeErrors.entryIdMissingOnModify,
      holds: ({ input }) =>
        input.RouteEntryId !== undefined || (input.RouteTableId !== undefined && input.DestinationCidrBlock !== undefined),
      fill: () => ["RouteEntryId"],
    },
    {
      rule: "the entry is there and belongs to the caller",
      error: routeErrors.entryIdNotFoundOnModify,
      holds: async (call) => (await entryOf(call)) !== undefined,
      fill: () => ["RouteEntryId"],
    },
    {
      rule: "NewNextHopType comes with NewNextHopId",
      error: routeErrors.newNextHopIdMissing,
      holds: ({ input }) => input.NewNextHopType === undefined || input.NewNextHopId !== undefined,
    },
    {
      rule: "NewNextHopId comes with NewNextHopType, unless the entry has one next hop, whose type then stays",
      error: routeErrors.newNextHopTypeMissing,
      source: "client",
      holds: async (call) => call.input.NewNextHopId === undefined || (await newNextHop(call)) !== undefined,
    },
    {
      rule: "the new next-hop type is one that the service documents",
      error: routeErrors.newNextHopTypeUnknown,
      holds: ({ input }) => input.NewNextHopType === undefined || isDocumentedNextHopType(input.NewNextHopType),
    },
    {
      rule: "the next hop to change is the only one of a custom entry that no gateway manages, and the new type is one that this server has for such a table",
      error: routeErrors.nextHopCannotChange,
      source: "inferred",
      holds: async (call) => {
        const wanted = await newNextHop(call);
        const entry = await entryOf(call);
        return (
          wanted === undefined ||
          (entry?.type === "Custom" &&
            entry.managedBy === "" &&
            entry.nextHops.length === 1 &&
            nextHopType(wanted.type) !== undefined &&
            (wanted.type === "RouterInterface" || (await call.state.get(virtualBorderRouter, entry.vpcId)) === undefined))
        );
      },
    },
    {
      rule: "the new next hop differs from the old one",
      error: routeErrors.nextHopIsTheSame,
      holds: async (call) => {
        const wanted = await newNextHop(call);
        const [hop] = (await entryOf(call))?.nextHops ?? [];
        return hop?.id !== wanted?.id || hop?.type !== wanted?.type;
      },
    },
    ...nextHopTypes
      .flatMap(({ errors }) => errors)
      .map((error): Rule<Request> => ({
        rule: `the new next hop exists, is attached to this VPC and is usable (${error.code})`,
        error,
        holds: async (call) => (await objection(call))?.error !== error,
        fill: async (call) => (await objection(call))?.fill ?? [],
        subject: async (call) => (await objection(call))?.subject,
      })),
    {
      rule: "the entry is Available",
      error: routeErrors.entryBusy,
      holds: async (call) => allows(routeEntry.states, (await entryOf(call))?.state ?? "", "ModifyRouteEntry"),
      subject: async (call) => {
        const resource = await entryOf(call);
        return resource && { kind: routeEntry, resource };
      },
    },
    // Labels change at once and disturb nobody; a new next hop is work like any other route write.
    ...vpcIsSteady<Request>(async (call) => ((await newNextHop(call)) === undefined ? [] : [(await entryOf(call))?.vpcId ?? ""]), {
      vpc: routeErrors.vpcStatus,
      vSwitch: routeErrors.vSwitchBusy,
      routeTable: routeErrors.tableBusy,
      routeEntry: routeErrors.entryBusy,
    }),
    {
      rule: "the VPC has room for another entry that leads to a VPN gateway (quota VpnRouteEntry)",
      error: routeErrors.vpnQuota,
      advice: quotaAdvice("VpnRouteEntry"),
      holds: async (call) => {
        const entry = await entryOf(call);
        const leadsThere = entry?.nextHops.some(({ type }) => type === vpnGatewayHop) === true;
        if (entry === undefined || leadsThere || (await newNextHop(call))?.type !== vpnGatewayHop) return true;
        const used = await call.state.count(routeEntry, [["toVpnGatewayInVpc", entry.vpcId]]);
        return used < call.settings.quota("VpnRouteEntry", entry.account, entry.region);
      },
    },
  ],
  apply: async (call) => {
    const { input, state } = call;
    const entry = await entryOf(call);
    if (entry === undefined) return {};
    const labels = { name: input.RouteEntryName ?? entry.name, description: input.Description ?? entry.description };
    const wanted = await newNextHop(call);
    if (wanted === undefined) await state.change(routeEntry, entry, labels);
    else await state.move(routeEntry, entry, "ModifyRouteEntry", { ...labels, nextHops: [wanted] });
    return {};
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: {
    readonly RegionId: string;
    readonly RouteEntryId: string | undefined;
    readonly DestinationCidrBlock: string | undefined;
    readonly NewNextHopType: string | undefined;
    readonly NewNextHopId: string | undefined;
  };
  readonly targets: { readonly table?: { readonly id: string } };
}

function entryOf(call: Request): Promise<RouteEntry | undefined> {
  const { input, targets } = call;
  return entryNamed(call, {
    regionId: input.RegionId,
    entryId: input.RouteEntryId,
    tableId: targets.table?.id,
    destination: input.DestinationCidrBlock,
    nextHopIds: [],
  });
}

/** The next hop that the call asks for; clients that keep the type do not name it. */
async function newNextHop(call: Request): Promise<NextHop | undefined> {
  const { NewNextHopType, NewNextHopId: id } = call.input;
  const [hop, ...others] = (await entryOf(call))?.nextHops ?? [];
  const type = NewNextHopType ?? (others.length === 0 ? hop?.type : undefined);
  return id === undefined || type === undefined ? undefined : { type, id, weight: 0 };
}

async function objection(call: Request): Promise<Objection | undefined> {
  const wanted = await newNextHop(call);
  const entry = await entryOf(call);
  if (wanted === undefined || entry === undefined) return undefined;
  return nextHopType(wanted.type)?.objection(call.state, {
    id: wanted.id,
    vpcId: entry.vpcId,
    account: call.caller.account,
    oneOfSeveral: false,
  });
}
