import type { Call, Naming, Rule } from "../../contract/operation.ts";
import { allows } from "../../contract/state-table.ts";
import { routeErrors } from "./errors.ts";
import { normalDestination } from "./route-destination.ts";
import { entryFor, type RouteEntry, routeEntry } from "./route-entry.ts";

/** How calls name an entry that is there: by its id, or by its table, destination and, where given, next hops. */
export interface EntryName {
  readonly regionId: string | undefined;
  readonly entryId: string | undefined;
  /** The table, if the caller can see it. */
  readonly tableId: string | undefined;
  readonly destination: string | undefined;
  readonly nextHopIds: readonly (string | undefined)[];
}

/** The entry that a call of the caller means, if there is one and the caller can see it. All that the name says must be true of it. */
export async function entryNamed({ caller, state }: Pick<Call, "caller" | "state">, name: EntryName): Promise<RouteEntry | undefined> {
  const destination = name.destination === undefined ? undefined : normalDestination(name.destination);
  if (name.destination !== undefined && destination === undefined) return undefined;
  let entry: RouteEntry | undefined;
  if (name.entryId !== undefined) entry = await state.get(routeEntry, name.entryId);
  else if (name.tableId !== undefined && destination !== undefined) entry = await entryFor(state, name.tableId, destination);
  const isMeant =
    entry?.account === caller.account &&
    (name.regionId ?? entry.region) === entry.region &&
    (name.tableId ?? entry.routeTableId) === entry.routeTableId &&
    (destination ?? entry.destination) === entry.destination &&
    name.nextHopIds.every((id) => entry.nextHops.some((hop) => hop.id === id));
  return isMeant ? entry : undefined;
}

/** What the rules of a deletion look at: the entry that was found under its name. */
export interface Deletion {
  readonly isNamedById: boolean;
  readonly entry: RouteEntry | undefined;
}

/** Rules of the deletion of an entry, alike whether it comes alone or in a batch. That the VPC is steady is judged once a call. */
export const deletionRules: readonly Rule<Deletion>[] = [
  {
    rule: "RouteEntryId names a route entry of the caller",
    error: routeErrors.entryIdNotFound,
    holds: ({ isNamedById, entry }) => !isNamedById || entry !== undefined,
  },
  {
    rule: "the table has an entry with this destination and this next hop",
    error: routeErrors.entryNotFound,
    holds: ({ isNamedById, entry }) => isNamedById || entry !== undefined,
  },
  {
    rule: "the entry is a custom one",
    error: routeErrors.entryIsSystem,
    holds: ({ entry }) => entry?.type === "Custom",
  },
  {
    rule: "no gateway manages the entry",
    error: routeErrors.entryIsManaged,
    advice: "withdraw the route from the VPC with PublishVpnRouteEntry, or delete the VPN route",
    holds: ({ entry }) => entry?.managedBy === "",
  },
  {
    rule: "the entry is Available",
    error: routeErrors.entryBusy,
    holds: ({ entry }) => allows(routeEntry.states, entry?.state ?? "", "DeleteRouteEntry"),
    subject: ({ entry }) => entry && { kind: routeEntry, resource: entry },
  },
];

/** An entry that is named by its id alone is judged by its table. */
export const tableOfEntry = {
  RouteTableId: async ({ input, caller, state }: Naming): Promise<string | undefined> => {
    if (typeof input["RouteTableId"] === "string" || typeof input["RouteEntryId"] !== "string") return input["RouteTableId"];
    const entry = await state.get(routeEntry, input["RouteEntryId"]);
    return entry?.account === caller.account ? entry.routeTableId : undefined;
  },
};
