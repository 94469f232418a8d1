import { blockContains, blocksOverlap, parseBlock } from "../../contract/cidr.ts";
import { id } from "../../contract/common-parameters.ts";
import { type ErrorDefinition, invalidParameter } from "../../contract/errors.ts";
import { type Call, type Rule, rulesOn } from "../../contract/operation.ts";
import { boolean, integer, type Parameter, string } from "../../contract/parameters.ts";
import { listAll, type ResourceReader, type ResourceWriter } from "../../contract/resource-kind.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { routeErrors } from "../vpc/errors.ts";
import { type RouteEntry, routeEntry, servicesBlock, vpnGatewayHop } from "../vpc/route-entry.ts";
import { vpcIsSteady } from "../vpc/rules.ts";
import { blocksOf as blocksOfVSwitch, vSwitch } from "../vpc/vswitch.ts";
import { anywhere } from "./connection-body.ts";
import { vpnRouteErrors } from "./errors.ts";
import { systemEntryFor, systemTableOf } from "./published-routes.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { isDualTunnel, type VpnGateway, vpnGateway } from "./vpn-gateway.ts";
import { publish, publishedTo, routesOf, type VpnRouteEntry, type VpnRouteEntryBody, vpnRouteEntry } from "./vpn-route-entry.ts";

/** Parameters and rules that the calls on routes of VPN gateways share. */

const block = { lengthMax: 64, invalid: vpnRouteErrors.blockMalformed } as const;
export const routeBlock = string({ ...block, required: true });
export const optionalRouteBlock = string(block);
export const weight = integer({ required: true });
/** The same of a route that is not there yet. */
export const weightOfNew = integer({ required: true, invalid: vpnRouteErrors.weightInvalid });
export const prioritySpan = { min: 1, max: 100 } as const;
export const publishVpc = boolean({ required: true });
export const overlayMode = string({ pattern: /^ipsec$/i, description: "Ipsec" });
/** 1 to 100 characters, not beginning with `http://` or `https://`. */
export const routeDescription: Parameter<string | undefined> = string({
  lengthMax: 100,
  pattern: /^(?!https?:\/\/)/,
  description: "1 to 100 characters, not beginning with http:// or https://",
});
/** What names a destination-based route, beside its weight. */
export const routeName = { VpnGatewayId: id, RouteDest: routeBlock, NextHop: id } as const;

/** How calls name a route. Policy-based ones have a source. */
export interface NamedRoute {
  readonly gateway: VpnGateway;
  readonly routeType: VpnRouteEntryBody["routeType"];
  readonly source: string;
  readonly destination: string;
  readonly nextHop: string;
  /** What is `undefined` was not said. */
  readonly weight: number | undefined;
  readonly priority: number | undefined;
}
interface NamedInput {
  readonly RouteSource?: string | undefined;
  readonly RouteDest: string;
  readonly NextHop: string;
  readonly Weight?: number;
  readonly Priority?: number | undefined;
}
export interface RouteCall extends Pick<Call, "caller" | "state" | "settings"> {
  readonly input: NamedInput;
  readonly targets: { readonly gateway: VpnGateway };
}

/** The route that a call names, its blocks in normal form where they have one. */
export function namedRoute({ input, targets }: Pick<RouteCall, "input" | "targets">): NamedRoute {
  return {
    gateway: targets.gateway,
    routeType: input.RouteSource === undefined ? "dbr" : "pbr",
    source: normal(input.RouteSource ?? ""),
    destination: normal(input.RouteDest),
    nextHop: input.NextHop,
    weight: input.Weight,
    priority: input.Priority,
  };
}
function normal(block: string): string {
  return parseBlock(block, { version: 4 }) ?? block;
}

/** The gateway's routes with this name, newest last: one, but where the call says neither weight nor source. */
export async function routesNamed(
  state: ResourceReader,
  name: Omit<NamedRoute, "source"> & { readonly source?: string },
): Promise<VpnRouteEntry[]> {
  const all = await listAll(state, vpnRouteEntry, [["toDestination", routesOf(name.gateway.id, name.routeType, name.destination)]]);
  return all.filter(
    (route) =>
      route.nextHop === name.nextHop &&
      (name.source ?? route.source) === route.source &&
      (name.weight ?? route.weight) === route.weight &&
      (name.priority ?? route.priority) === route.priority,
  );
}
/** The route that the rules of a call have found. */
export async function foundRoute(call: RouteCall): Promise<VpnRouteEntry> {
  const [route] = await routesNamed(call.state, namedRoute(call));
  if (route === undefined) throw new Error(`${call.targets.gateway.id} has no such route`);
  return route;
}

/** Rules: the blocks of a route are blocks. */
export const blocksAreWellFormed: Rule<RouteCall> = {
  rule: "RouteDest and RouteSource are IPv4 blocks without host bits",
  error: vpnRouteErrors.blockMalformed,
  holds: ({ input }) =>
    [input.RouteDest, input.RouteSource].every((block) => block === undefined || parseBlock(block, { version: 4 }) !== undefined),
};
/** Rule: the route that a call names is there. */
export function routeIsThere(error: ErrorDefinition = vpnRouteErrors.notFound): Rule<RouteCall> {
  return {
    rule: "the gateway has a route with these blocks, this next hop, and the weight and priority given",
    error,
    holds: async (call) => (await routesNamed(call.state, namedRoute(call))).length > 0,
  };
}
const weights = [0, 100];
/** Rule: a weight is one of two. */
export function weightIsKnown<N extends string>(
  parameter: N,
  error: ErrorDefinition = invalidParameter(parameter),
): Rule<{ readonly input: { readonly [K in N]?: number | undefined } }> {
  return {
    rule: `${parameter} is ${weights.join(" or ")}`,
    error,
    holds: ({ input }) => {
      const given = input[parameter];
      return given === undefined || weights.includes(given);
    },
  };
}

/** Rules of a new route alone. */
export const newRouteRules: readonly Rule<RouteCall>[] = [
  blocksAreWellFormed,
  {
    rule: "a destination-based route does not lead everywhere",
    error: vpnRouteErrors.destinationIllegal,
    source: "sdk-metadata",
    holds: ({ input }) => input.RouteSource !== undefined || normal(input.RouteDest) !== anywhere,
  },
  {
    rule: `on a gateway with one end, the destination does not overlap ${servicesBlock}`,
    error: vpnRouteErrors.destinationReserved,
    source: "sdk-metadata",
    holds: ({ input, targets }) => isDualTunnel(targets.gateway) || !blocksOverlap(normal(input.RouteDest), servicesBlock),
  },
  weightIsKnown("Weight", vpnRouteErrors.weightInvalid),
  {
    rule: "NextHop is an IPsec-VPN connection of the gateway",
    error: vpnRouteErrors.nextHopNotFound,
    holds: async ({ input, targets, state }) => {
      const connection = await state.get(vpnConnection, input.NextHop);
      return connection?.vpnGatewayId === targets.gateway.id && connection.state !== "deleting";
    },
  },
];

/** A route as it would be, beside the others of its gateway. */
export interface Placed extends Pick<Call, "caller" | "state" | "settings"> {
  readonly gateway: VpnGateway;
  readonly route: Pick<VpnRouteEntryBody, "routeType" | "source" | "destination" | "nextHop" | "weight" | "priority"> & {
    /** Of a route that is there and is changed. */
    readonly id?: string;
  };
}
/** The gateway's other routes of the same type. */
async function others({ state, gateway, route }: Placed): Promise<VpnRouteEntry[]> {
  const all = await listAll(state, vpnRouteEntry, [["ofGateway", routesOf(gateway.id, route.routeType)]]);
  return all.filter(({ id: other }) => other !== route.id);
}
type Blocks = Pick<VpnRouteEntryBody, "source" | "destination">;
const sameBlocks = (one: Blocks, other: Blocks): boolean => one.source === other.source && one.destination === other.destination;

/** Rule: a route is not there yet. */
export const routeIsNew: Rule<Placed> = {
  rule: "the gateway has no route with the same blocks and the same next hop",
  error: vpnRouteErrors.alreadyExists,
  holds: async (placed) =>
    !(await others(placed)).some((other) => sameBlocks(other, placed.route) && other.nextHop === placed.route.nextHop),
};
/** Rule: of two destination-based routes to one destination one is active and one stands by. */
export function weightsDiffer(error: ErrorDefinition): Rule<Placed> {
  return {
    rule: "no other route of the gateway to the same destination has the same weight",
    error,
    source: "inferred",
    holds: async (placed) =>
      !(await others(placed)).some((other) => sameBlocks(other, placed.route) && other.weight === placed.route.weight),
  };
}
/** Rules of a policy-based route beside the others. */
export const policyRules: readonly Rule<Placed>[] = [
  weightsDiffer(vpnRouteErrors.sameWeight),
  {
    rule: "policy-based routes of one priority have the same blocks, or do not overlap on both sides",
    error: vpnRouteErrors.samePriority,
    holds: async (placed) =>
      !(await others(placed)).some(
        (other) =>
          other.priority === placed.route.priority &&
          !sameBlocks(other, placed.route) &&
          blocksOverlap(other.source, placed.route.source) &&
          blocksOverlap(other.destination, placed.route.destination),
      ),
  },
];
/** Rule: the gateway has room for another route of this type. */
export function roomForRoute(name: "VpnDbrRouteEntry" | "VpnPbrRouteEntry", error: ErrorDefinition): Rule<Placed> {
  return {
    rule: `the gateway has room for another route of this type (quota ${name})`,
    error,
    advice: quotaAdvice(name),
    holds: async (placed) => (await others(placed)).length < placed.settings.quota(name, placed.caller.account, placed.gateway.region),
  };
}

/** A route that is to stand in the VPC's system table, or not. */
interface Publication extends Pick<Call, "caller" | "state" | "settings"> {
  readonly gateway: VpnGateway;
  readonly destination: string;
  readonly wanted: boolean;
}
/** Whether a publication adds an entry: another route to the same destination may have done so before. */
async function adds({ state, gateway, destination, wanted }: Publication): Promise<boolean> {
  return wanted && (await publishedTo(state, gateway.id, destination)).length === 0;
}
/** Rules of a publication; the family's calls have different codes for some of them. */
export function publicationRules(errors: {
  readonly conflict: ErrorDefinition;
  readonly vSwitchBusy: ErrorDefinition;
  readonly entryBusy: ErrorDefinition;
}): readonly Rule<Publication>[] {
  const { tableBusy, otherGatewayPublished } = vpnRouteErrors;
  // A VPC with a gateway is Available itself.
  const steady = vpcIsSteady<Publication>(async (one) => ((await adds(one)) ? [one.gateway.vpcId] : []), {
    vSwitch: errors.vSwitchBusy,
    routeTable: tableBusy,
    routeEntry: errors.entryBusy,
  });
  const entryOf = async (one: Publication): Promise<RouteEntry | undefined> =>
    (await adds(one)) ? systemEntryFor(one.state, one.gateway.vpcId, one.destination) : undefined;
  return [
    ...steady,
    {
      rule: "no entry of the VPC's system table leads to the same destination by another VPN gateway",
      error: otherGatewayPublished,
      holds: async (one) => {
        const entry = await entryOf(one);
        return entry?.nextHops.every(({ type, id: hop }) => type !== vpnGatewayHop || hop === one.gateway.id) !== false;
      },
    },
    {
      rule: `the destination is none of another entry of the VPC's system table, and not in a block of a vSwitch or in ${servicesBlock}`,
      error: errors.conflict,
      holds: async (one) => {
        if (!(await adds(one))) return true;
        const blocks = (await listAll(one.state, vSwitch, [["vpc", one.gateway.vpcId]])).flatMap(blocksOfVSwitch);
        return (await entryOf(one)) === undefined && [...blocks, servicesBlock].every((block) => !blockContains(block, one.destination));
      },
    },
    {
      rule: "the VPC has room for another entry that leads to a VPN gateway (quota VpnRouteEntry)",
      error: vpnRouteErrors.vpcQuota,
      advice: quotaAdvice("VpnRouteEntry"),
      holds: async (one) =>
        !(await adds(one)) ||
        (await one.state.count(routeEntry, [["toVpnGatewayInVpc", one.gateway.vpcId]])) <
          one.settings.quota("VpnRouteEntry", one.caller.account, one.gateway.region),
    },
    {
      rule: "the VPC's system table has room for another entry (quota RouteEntry)",
      error: routeErrors.quota,
      // The creation of a route has no row for a full table.
      source: "inferred",
      advice: quotaAdvice("RouteEntry"),
      holds: async (one) => {
        if (!(await adds(one))) return true;
        const table = await systemTableOf(one.state, one.gateway.vpcId);
        const used = await one.state.count(routeEntry, [["customOfTable", table.id]]);
        return used < one.settings.quota("RouteEntry", one.caller.account, table.region);
      },
    },
  ];
}

/** Rules of the whole creation of a route, behind those of the route alone and the gateway's. */
export function createdBesideOthers(
  rules: readonly Rule<Placed>[],
  priorityDefault: number,
): Rule<RouteCall & { readonly input: { readonly PublishVpc: boolean } }>[] {
  type Creation = RouteCall & { readonly input: { readonly PublishVpc: boolean } };
  return [
    ...rulesOn((call: Creation) => ({ ...call, gateway: call.targets.gateway, route: newRoute(call, priorityDefault) }), rules),
    ...rulesOn(
      (call: Creation) => ({
        ...call,
        gateway: call.targets.gateway,
        destination: normal(call.input.RouteDest),
        wanted: call.input.PublishVpc,
      }),
      publicationRules({
        conflict: vpnRouteErrors.conflict,
        vSwitchBusy: vpnRouteErrors.tableBusy,
        entryBusy: vpnRouteErrors.tableBusy,
      }),
    ),
  ];
}
function newRoute(call: Pick<RouteCall, "input" | "targets">, priorityDefault: number): Placed["route"] {
  const { gateway: _gateway, weight: given = 0, priority = priorityDefault, ...route } = namedRoute(call);
  return { ...route, weight: given, priority };
}

/** Makes a route that the rules let through, publishes it if asked, and sets the gateway to work. */
export async function addVpnRoute(
  call: RouteCall & {
    readonly state: ResourceWriter;
    readonly input: { readonly PublishVpc: boolean; readonly Description: string | undefined };
  },
  event: "CreateVpnRouteEntry" | "CreateVpnPbrRouteEntry",
  priorityDefault: number,
): Promise<VpnRouteEntry> {
  const { state, input, targets } = call;
  const { gateway } = targets;
  const route = {
    ...newRoute(call, priorityDefault),
    vpnGatewayId: gateway.id,
    vpcId: gateway.vpcId,
    description: input.Description ?? "",
    published: input.PublishVpc,
    auto: false,
  };
  if (route.published) await publish(state, route);
  const created = await state.create(
    vpnRouteEntry,
    { ...route, id: state.newId(vpnRouteEntry, gateway.region), account: gateway.account, region: gateway.region },
    event,
  );
  await state.move(vpnGateway, gateway, event);
  return created;
}

/** A call that gives a route another weight or priority. */
type RouteChange = RouteCall & { readonly input: { readonly NewWeight?: number | undefined; readonly NewPriority?: number | undefined } };
const changedFields = ({ input }: RouteChange, { weight: before, priority }: VpnRouteEntry) => ({
  weight: input.NewWeight ?? before,
  priority: input.NewPriority ?? priority,
});
/** Rules of a changed route beside the others of its gateway. */
export function changedBesideOthers(rules: readonly Rule<Placed>[]): Rule<RouteChange>[] {
  return rulesOn(async (call: RouteChange) => {
    const route = await foundRoute(call);
    return { ...call, gateway: call.targets.gateway, route: { ...route, ...changedFields(call, route) } };
  }, rules);
}
/** Changes a route as the rules let it, and sets the gateway to work. */
export async function changeVpnRoute(
  call: RouteChange & { readonly state: ResourceWriter },
  event:
    | "ModifyVpnRouteEntryWeight"
    | "ModifyVpnPbrRouteEntryWeight"
    | "ModifyVpnPbrRouteEntryPriority"
    | "ModifyVpnPbrRouteEntryAttribute",
): Promise<Record<never, never>> {
  const route = await foundRoute(call);
  await call.state.move(vpnRouteEntry, route, event, changedFields(call, route));
  await call.state.move(vpnGateway, call.targets.gateway, event);
  return {};
}
