import { blockContains, versionOf } from "../../contract/cidr.ts";
import type { Call, Rule } from "../../contract/operation.ts";
import { listAll, type Objection, type ResourceWriter } from "../../contract/resource-kind.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { type VirtualBorderRouter, virtualBorderRouter } from "../express-connect/border-routers/virtual-border-router.ts";
import { routeErrors } from "./errors.ts";
import { isDocumentedNextHopType, nextHopType, nextHopTypes } from "./next-hops.ts";
import { normalDestination } from "./route-destination.ts";
import { addRouteEntry, entryFor, type NextHop, type RouteEntry, routeEntry, servicesBlock, vpnGatewayHop } from "./route-entry.ts";
import { type RouteTable, routeTable } from "./route-table.ts";
import { vpc } from "./vpc.ts";
import { blocksOf, vSwitch } from "./vswitch.ts";

/** A custom entry that a call wants to add to a table. */
export interface NewRouteEntry {
  readonly table: RouteTable;
  /** As the call gives it. */
  readonly destination: string;
  readonly nextHops: readonly NextHop[];
  readonly name: string;
  readonly description: string;
}
/** What the rules of a new entry look at. */
export interface Proposal extends Pick<Call, "caller" | "state" | "settings"> {
  readonly entry: NewRouteEntry;
}

/** The quota of custom entries in a table, by the type of its router. */
export const entryQuotas = { VRouter: "RouteEntry", VBR: "VbrRouteEntry" } as const;

/** Rules of a new entry, alike whether it comes alone or in a batch. That the VPC is steady is judged once a call, and not here. */
export const newEntryRules: readonly Rule<Proposal>[] = [
  {
    rule: "the destination is an address block without host bits, or an address",
    error: routeErrors.destinationMalformed,
    holds: ({ entry }) => normalDestination(entry.destination) !== undefined,
  },
  {
    rule: `the destination is not in ${servicesBlock}`,
    error: routeErrors.destinationReserved,
    source: "sdk-metadata",
    holds: ({ entry }) => !blockContains(servicesBlock, destinationOf(entry)),
  },
  {
    rule: "an IPv6 destination needs a VPC with IPv6",
    error: routeErrors.ipv6Disabled,
    holds: async ({ entry, state }) =>
      isOfBorderRouter(entry) || versionOf(destinationOf(entry)) === 4 || (await state.get(vpc, entry.table.vpcId))?.ipv6CidrBlock !== "",
  },
  {
    rule: "an IPv6 destination needs a virtual border router with IPv6",
    error: routeErrors.ipv6DisabledOnBorderRouter,
    holds: async ({ entry, state }) => {
      const router = await borderRouterOf({ entry, state });
      return router === undefined || versionOf(destinationOf(entry)) === 4 || router.circuits.some(({ enableIpv6 }) => enableIpv6);
    },
    fill: () => ["IPv6 is not enabled for the VBR."],
  },
  {
    rule: "the virtual border router whose table it is is active",
    error: routeErrors.borderRouterStatus,
    holds: async (proposal) => {
      const router = await borderRouterOf(proposal);
      return router === undefined || router.state === "active";
    },
    subject: async (proposal) => {
      const resource = await borderRouterOf(proposal);
      return resource && { kind: virtualBorderRouter, resource };
    },
  },
  {
    rule: "an entry of a virtual border router's table has one next hop",
    error: routeErrors.severalHopsOnBorderRouter,
    holds: ({ entry }) => !isOfBorderRouter(entry) || entry.nextHops.length === 1,
  },
  {
    rule: "the table is one for vSwitches: nothing here can be a next hop in a gateway's table",
    error: routeErrors.gatewayTable,
    source: "inferred",
    holds: ({ entry }) => entry.table.associateType === "VSwitch",
  },
  {
    rule: "each next-hop type is one that the service documents",
    error: routeErrors.nextHopTypeUnknown,
    holds: ({ entry }) => entry.nextHops.every(({ type }) => isDocumentedNextHopType(type)),
  },
  {
    rule: "each next-hop type is one that this server has; several next hops, and that of a virtual border router, are router interfaces",
    error: routeErrors.nextHopTypeUnsupported,
    source: "inferred",
    holds: ({ entry }) => unsupportedType(entry) === undefined,
    fill: ({ entry }) => [`The next hop type ${unsupportedType(entry)} is not supported here.`],
  },
  {
    rule: "no next hop is named twice",
    error: routeErrors.nextHopDuplicate,
    holds: ({ entry: { nextHops } }) => new Set(nextHops.map(({ id }) => id)).size === nextHops.length,
  },
  ...nextHopTypes
    .flatMap(({ errors }) => errors)
    .map((error): Rule<Proposal> => ({
      rule: `each next hop exists, is attached to this VPC and is usable (${error.code})`,
      error,
      holds: async (proposal) => (await objection(proposal))?.error !== error,
      fill: async (proposal) => (await objection(proposal))?.fill ?? [],
      subject: async (proposal) => (await objection(proposal))?.subject,
    })),
  {
    rule: "the route table is Available",
    error: routeErrors.tableStatus,
    holds: ({ entry }) => routeTable.states.states[entry.table.state]?.task === undefined,
    fill: () => ["The status of the route table is incorrect."],
    subject: ({ entry }) => ({ kind: routeTable, resource: entry.table }),
  },
];

/** Rules of a new entry on what else its VPC has; they are judged when the VPC is steady. */
export const newEntryPlaceRules: readonly Rule<Proposal>[] = [
  ...([4, 6] as const).map((version): Rule<Proposal> => ({
    rule: `an IPv${version} destination neither equals a block of a vSwitch of the VPC nor lies in one`,
    error: version === 4 ? routeErrors.destinationInVSwitch : routeErrors.ipv6DestinationInVSwitch,
    source: "sdk-metadata",
    holds: async ({ entry, state }) => {
      const destination = destinationOf(entry);
      if (versionOf(destination) !== version) return true;
      const blocks = (await listAll(state, vSwitch, [["vpc", entry.table.vpcId]])).flatMap(blocksOf);
      return blocks.every((block) => !blockContains(block, destination));
    },
  })),
  {
    rule: "no entry of the table has the same destination",
    error: routeErrors.destinationDuplicate,
    holds: async ({ entry, state }) => (await entryFor(state, entry.table.id, destinationOf(entry))) === undefined,
  },
  {
    rule: "the VPC has room for another entry that leads to a VPN gateway (quota VpnRouteEntry)",
    error: routeErrors.vpnQuota,
    advice: quotaAdvice("VpnRouteEntry"),
    holds: async ({ entry: { table, nextHops }, state, settings }) =>
      nextHops.every(({ type }) => type !== vpnGatewayHop) ||
      (await state.count(routeEntry, [["toVpnGatewayInVpc", table.vpcId]])) < settings.quota("VpnRouteEntry", table.account, table.region),
  },
  ...Object.values(entryQuotas).map((quota): Rule<Proposal> => ({
    rule: `the table has room for another custom entry (quota ${quota})`,
    error: routeErrors.quota,
    advice: quotaAdvice(quota),
    holds: async ({ entry: { table }, state, settings }) =>
      entryQuotas[table.routerType] !== quota ||
      (await state.count(routeEntry, [["customOfTable", table.id]])) < settings.quota(quota, table.account, table.region),
  })),
];

/** Adds an entry that the rules have let through. */
export function addEntry(
  state: ResourceWriter,
  entry: NewRouteEntry,
  event: "CreateRouteEntry" | "CreateRouteEntries",
): Promise<RouteEntry> {
  const { table, nextHops, name, description } = entry;
  return addRouteEntry(state, table, { destination: destinationOf(entry), nextHops, name, description, type: "Custom" }, event);
}

/** The destination in normal form; the rules have refused all that has none. */
function destinationOf({ destination }: NewRouteEntry): string {
  return normalDestination(destination) ?? destination;
}

function isOfBorderRouter({ table }: NewRouteEntry): boolean {
  return table.routerType === "VBR";
}

/** The virtual border router whose table an entry is for. */
async function borderRouterOf({ entry, state }: Pick<Proposal, "entry" | "state">): Promise<VirtualBorderRouter | undefined> {
  return isOfBorderRouter(entry) ? state.get(virtualBorderRouter, entry.table.vpcId) : undefined;
}

function unsupportedType(entry: NewRouteEntry): string | undefined {
  const { nextHops } = entry;
  const allowed = (type: string): boolean =>
    nextHops.length > 1 || isOfBorderRouter(entry) ? type === "RouterInterface" : nextHopType(type) !== undefined;
  return nextHops.find(({ type }) => !allowed(type))?.type;
}

/** The first objection to one of the next hops. */
async function objection({ entry, caller, state }: Proposal): Promise<Objection | undefined> {
  const asked = { vpcId: entry.table.vpcId, account: caller.account, oneOfSeveral: entry.nextHops.length > 1 };
  for (const { type, id } of entry.nextHops) {
    const found = await nextHopType(type)?.objection(state, { id, ...asked });
    if (found !== undefined) return found;
  }
  return undefined;
}
