import { blocksOverlap } from "../../contract/cidr.ts";
import type { Call, Rule } from "../../contract/operation.ts";
import { listAll, type ResourceWriter } from "../../contract/resource-kind.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { type Connection, isRouteBased } from "./connection-body.ts";
import { blocksOf } from "./connection-parameters.ts";
import { connectionErrors, vpnRouteErrors } from "./errors.ts";
import type { VpnGateway } from "./vpn-gateway.ts";
import { routesOf, type VpnRouteEntry, vpnRouteEntry } from "./vpn-route-entry.ts";

/** The policy-based routes that a connection with `AutoConfigRoute` brings along: one for each pair of its blocks. */

interface Selectors {
  readonly localSubnet: string;
  readonly remoteSubnet: string;
  readonly autoConfigRoute: boolean;
}
export interface AutoRoutesPlan extends Pick<Call, "caller" | "state" | "settings"> {
  readonly gateway: VpnGateway;
  /** As it is before the call; `undefined` for a connection that is not there yet. */
  readonly connection: Connection | undefined;
  readonly selectors: Selectors;
}
interface Pair {
  readonly source: string;
  readonly destination: string;
}
/** Priority and weight of routes for which nobody said any. */
export const routePriorityDefault = 10;
const weightDefault = 100;

function pairsOf(selectors: Selectors): Pair[] {
  if (!selectors.autoConfigRoute || isRouteBased(selectors)) return [];
  return eachOnce(selectors.localSubnet).flatMap((source) =>
    eachOnce(selectors.remoteSubnet).map((destination) => ({ source, destination })),
  );
}
function eachOnce(blocks: string): string[] {
  return [...new Set(blocksOf(blocks))];
}
const samePair = (one: Pair, other: Pair): boolean => one.source === other.source && one.destination === other.destination;

async function changes({ state, gateway, connection, selectors }: AutoRoutesPlan): Promise<{
  readonly others: readonly VpnRouteEntry[];
  readonly obsolete: readonly VpnRouteEntry[];
  readonly missing: readonly Pair[];
}> {
  const all = await listAll(state, vpnRouteEntry, [["ofGateway", routesOf(gateway.id, "pbr")]]);
  const wanted = pairsOf(selectors);
  // A route that the connection has brought before and that is gone was deleted by a call, and stays away.
  const before = connection === undefined ? [] : pairsOf(connection);
  const obsolete = all.filter((route) => route.auto && route.nextHop === connection?.id && !wanted.some((pair) => samePair(pair, route)));
  return {
    others: all.filter((route) => !obsolete.includes(route)),
    obsolete,
    missing: wanted.filter((pair) => !before.some((other) => samePair(pair, other))),
  };
}

/** Rules of the routes that a connection would bring along. */
export const autoRouteRules: readonly Rule<AutoRoutesPlan>[] = [
  {
    rule: "no other policy-based route of the gateway has the source and destination of one that the connection brings along",
    error: vpnRouteErrors.alreadyExists,
    source: "inferred",
    advice: "set AutoConfigRoute to false and add routes of your own",
    holds: async (plan) => {
      const { others, missing } = await changes(plan);
      return missing.every((pair) => !others.some((route) => samePair(pair, route)));
    },
  },
  {
    rule: `the routes that the connection brings along overlap neither each other nor one of the gateway with priority ${routePriorityDefault}`,
    error: vpnRouteErrors.conflict,
    source: "inferred",
    advice: "set AutoConfigRoute to false and add routes of your own",
    holds: async (plan) => {
      const { others, missing } = await changes(plan);
      const beside = others.filter(({ priority }) => priority === routePriorityDefault);
      const overlap = (one: Pair, other: Pair): boolean =>
        blocksOverlap(one.source, other.source) && blocksOverlap(one.destination, other.destination);
      return missing.every((pair) => [...beside, ...missing].every((other) => other === pair || !overlap(pair, other)));
    },
  },
  {
    rule: "the gateway has room for the routes that the connection brings along (quota VpnPbrRouteEntry)",
    error: connectionErrors.autoRouteQuota,
    advice: quotaAdvice("VpnPbrRouteEntry"),
    holds: async (plan) => {
      const { others, missing } = await changes(plan);
      return missing.length === 0 || others.length + missing.length <= routeQuota(plan);
    },
    fill: async (plan) => {
      const { others, missing } = await changes(plan);
      return [others.length, missing.length, routeQuota(plan)].map(String);
    },
  },
];
function routeQuota({ settings, caller, gateway }: AutoRoutesPlan): number {
  return settings.quota("VpnPbrRouteEntry", caller.account, gateway.region);
}

/** Brings the automatic routes of a connection in line with its blocks. New ones are not published. */
export async function setAutoRoutes(
  plan: AutoRoutesPlan & { readonly state: ResourceWriter },
  connection: Pick<Connection, "id" | "account" | "region">,
  event: "CreateVpnConnection" | "ModifyVpnConnectionAttribute",
): Promise<void> {
  const { state, gateway } = plan;
  const { obsolete, missing } = await changes(plan);
  for (const route of obsolete) await state.move(vpnRouteEntry, route, "ModifyVpnConnectionAttribute");
  for (const pair of missing) {
    await state.create(
      vpnRouteEntry,
      {
        ...pair,
        id: state.newId(vpnRouteEntry, connection.region),
        account: connection.account,
        region: connection.region,
        vpnGatewayId: gateway.id,
        vpcId: gateway.vpcId,
        routeType: "pbr",
        nextHop: connection.id,
        weight: weightDefault,
        priority: routePriorityDefault,
        description: "",
        published: false,
        auto: true,
      },
      event,
    );
  }
}
