import { type Family, type Foretold, type Refused, refused } from "./foretell.ts";
import { gatewayFault, noGateway, vpnGatewayOf } from "./foretell-vpn.ts";
import { contains, overlap, servicesBlock } from "./address-blocks.ts";
import type { Model } from "./model.ts";
import type { VpnGateway, VpnRoute } from "./things.ts";
import { routeState } from "./views-vpn.ts";

/** Routes of VPN gateways, and their place in the system table of the VPC. */

const noRoute = refused("InvalidRouteEntry.NotFound");
const conflict = refused("VpnRouteEntry.Conflict");
const taskConflict = refused("TaskConflict");
const priorityDefault = 10;

type Type = VpnRoute["type"];
type Blocks = Pick<VpnRoute, "source" | "destination">;
export function sameBlocks(one: Blocks, other: Blocks): boolean {
  return one.source === other.source && one.destination === other.destination;
}
/** A route for some addresses of both sides. */
export function overlapBoth(one: Blocks, other: Blocks): boolean {
  return overlap(one.source, other.source) && overlap(one.destination, other.destination);
}
export function routesOf(model: Model, gatewayId: string, type: Type): VpnRoute[] {
  return model.vpnRoutes.filter((one) => one.gatewayId === gatewayId && one.type === type);
}

/** The route that a call names: by its blocks, its next hop and its weight, and by its priority if the call says one. */
function routeNamed(model: Model, gateway: VpnGateway, { RouteSource, RouteDest, NextHop, Weight, Priority }: any): VpnRoute | undefined {
  return routesOf(model, gateway.id, RouteSource === undefined ? "dbr" : "pbr").find(
    (one) =>
      sameBlocks(one, { source: RouteSource ?? "", destination: RouteDest }) &&
      one.nextHop === NextHop &&
      one.weight === Weight &&
      (Priority ?? one.priority) === one.priority,
  );
}

type Placed = Pick<VpnRoute, "type" | "source" | "destination" | "weight" | "priority">;
/** What keeps a policy-based route from standing beside the others. */
function policyFault(others: readonly VpnRoute[], route: Placed): Refused | undefined {
  const twin = others.some((other) => sameBlocks(other, route) && other.weight === route.weight);
  if (twin) return refused("VpnRouteEntry.SrcDestWeightConflict");
  const alike = others.filter((other) => other.priority === route.priority && !sameBlocks(other, route));
  return alike.some((other) => overlapBoth(other, route)) ? refused("VpnRouteEntry.SamePriorityPbrRoutePrefixOverlap") : undefined;
}

/** What keeps a destination out of the VPC's system table. Nothing is added where another route stands for it already. */
function publicationFault(
  model: Model,
  gateway: VpnGateway,
  destination: string,
  codes: Readonly<Record<"taken" | "vSwitch" | "table" | "entry", Refused>>,
): Refused | undefined {
  if (model.publishedTo(gateway.id, destination).length > 0) return undefined;
  const busy = model.busy([gateway.vpcId], "vSwitch", "table", "entry");
  if (busy !== undefined) return codes[busy];
  const table = model.systemTableOf(gateway.vpcId);
  const entries = model.entries.filter(({ tableId }) => tableId === table.id);
  const there = entries.find((entry) => entry.destination === destination);
  if (there?.hops.some(({ type, id }) => type === "VpnGateway" && id !== gateway.id)) return refused("OperationFailed.RouteConflict");
  const blocks = ["100.64.0.0/10", ...model.switchesOf(gateway.vpcId).map(({ cidr }) => cidr)];
  if (there !== undefined || blocks.some((block) => contains(block, destination))) return codes.taken;
  if (!model.hasRoomToGateways(table)) return refused("QuotaExceeded.VpnRouteEntry");
  const custom = entries.filter(({ isSystem }) => !isSystem);
  return custom.length < model.quota("RouteEntry", table.account, table.region) ? undefined : refused("QuotaExceeded");
}

/** The creation of a route of either type. */
function creation(type: Type): Family[string] {
  return (model, by, parameters): Foretold => {
    const { RouteSource: source = "", RouteDest: destination, NextHop: nextHop, Weight: weight, PublishVpc: published } = parameters;
    const { Priority: priority = type === "pbr" ? priorityDefault : 0, Description = "" } = parameters;
    const event = type === "pbr" ? "CreateVpnPbrRouteEntry" : "CreateVpnRouteEntry";
    const gateway = vpnGatewayOf(model, by, parameters);
    if (gateway === undefined) return noGateway;
    if (type === "dbr" && destination === "0.0.0.0/0") return refused("IllegalParam.RouteDest");
    if (overlap(destination, servicesBlock) && gateway.ends.length === 1) return refused("OperationFailed.InvalidCidrBlock");
    if (!model.connectionsOf(gateway.id).some(({ id, state }) => id === nextHop && state !== "deleting"))
      return refused("InvalidNextHop.NotFound");
    const fault = gatewayFault(model, gateway, event);
    if (fault !== undefined) return fault;

    const route = { type, source, destination, nextHop, weight, priority, published, auto: false };
    const others = routesOf(model, gateway.id, type);
    if (others.some((other) => sameBlocks(other, route) && other.nextHop === nextHop)) return refused("VpnRouteEntry.AlreadyExists");
    if (type === "pbr") {
      const beside = policyFault(others, route);
      if (beside !== undefined) return beside;
      if (others.length >= model.quota("VpnPbrRouteEntry", by.id, gateway.region)) return refused("CreatePbrRoutesQuotaFull.QuotaFull");
    } else {
      if (others.some((other) => other.destination === destination && other.weight === weight)) return conflict;
      if (others.length >= model.quota("VpnDbrRouteEntry", by.id, gateway.region)) return refused("Resource.QuotaFull");
    }
    const codes = { taken: conflict, vSwitch: taskConflict, table: taskConflict, entry: taskConflict };
    const unpublished = published === true ? publicationFault(model, gateway, destination, codes) : undefined;
    if (unpublished !== undefined) return unpublished;
    return () => {
      if (route.published === true) model.publish(gateway, destination);
      const { createdAt } = model.addVpnRoute(event, gateway, route);
      model.happens(gateway, event);
      return {
        CreateTime: createdAt,
        Description,
        NextHop: nextHop,
        OverlayMode: "Ipsec",
        ...(type === "pbr" ? { Priority: priority, RouteSource: source } : {}),
        RouteDest: destination,
        State: routeState(route),
        VpnInstanceId: gateway.id,
        Weight: weight,
      };
    };
  };
}

/** A write on a route that is there. */
function write(event: string, after: (model: Model, route: VpnRoute, parameters: any) => Refused | undefined): Family[string] {
  return (model, by, parameters): Foretold => {
    const gateway = vpnGatewayOf(model, by, parameters);
    if (gateway === undefined) return noGateway;
    const route = routeNamed(model, gateway, parameters);
    if (route === undefined) return noRoute;
    const fault = gatewayFault(model, gateway, event) ?? after(model, route, parameters);
    if (fault !== undefined) return fault;
    return () => {
      model.happens(route, event);
      model.happens(gateway, event);
      route.weight = parameters.NewWeight ?? route.weight;
      route.priority = parameters.NewPriority ?? route.priority;
      return {};
    };
  };
}
const otherRoutes = (model: Model, route: VpnRoute): VpnRoute[] =>
  routesOf(model, route.gatewayId, route.type).filter((other) => other !== route);
const changedPolicy = (model: Model, route: VpnRoute, { NewWeight, NewPriority }: any): Refused | undefined =>
  policyFault(otherRoutes(model, route), { ...route, weight: NewWeight ?? route.weight, priority: NewPriority ?? route.priority });

export const vpnRouteFamily: Family = {
  CreateVpnRouteEntry: creation("dbr"),
  CreateVpnPbrRouteEntry: creation("pbr"),
  ModifyVpnRouteEntryWeight: write("ModifyVpnRouteEntryWeight", (model, route, { NewWeight }) => {
    const twin = otherRoutes(model, route).some((other) => sameBlocks(other, route) && other.weight === NewWeight);
    return twin ? refused("VpnRouteEntry.BackupRoute") : undefined;
  }),
  ModifyVpnPbrRouteEntryWeight: write("ModifyVpnPbrRouteEntryWeight", changedPolicy),
  ModifyVpnPbrRouteEntryPriority: write("ModifyVpnPbrRouteEntryPriority", changedPolicy),
  ModifyVpnPbrRouteEntryAttribute: write("ModifyVpnPbrRouteEntryAttribute", changedPolicy),
  DeleteVpnRouteEntry: write("DeleteVpnRouteEntry", () => undefined),
  DeleteVpnPbrRouteEntry: write("DeleteVpnPbrRouteEntry", () => undefined),
  PublishVpnRouteEntry(model, by, parameters) {
    const { RouteSource, RouteDest: destination, NextHop, RouteType, PublishVpc } = parameters;
    const gateway = vpnGatewayOf(model, by, parameters);
    if (gateway === undefined) return noGateway;
    // Policy-based routes of every source are meant, unless the call names one.
    const meant = routesOf(model, gateway.id, RouteType).filter(
      (one) =>
        one.destination === destination && one.nextHop === NextHop && (RouteType === "dbr" || (RouteSource ?? one.source) === one.source),
    );
    if (meant.length === 0) return refused("InvalidVpnRouteEntry.NotFound");
    const codes = {
      taken: refused("RouteConflict.AlreadyExist"),
      vSwitch: refused("IncorrectVSwitchStatus"),
      table: taskConflict,
      entry: refused("IncorrectRouteEntryStatus"),
    };
    const fault =
      gatewayFault(model, gateway, "PublishVpnRouteEntry") ??
      (PublishVpc === true ? publicationFault(model, gateway, destination, codes) : undefined);
    if (fault !== undefined) return fault;
    return () => {
      // The one entry of the VPC goes for all routes that it stands for.
      const concerned = meant.filter(({ published }) => published !== PublishVpc);
      const isWithdrawn = PublishVpc !== true && concerned.length > 0;
      const changed = isWithdrawn ? model.publishedTo(gateway.id, destination) : concerned;
      if (isWithdrawn) model.withdraw(gateway.id, gateway.vpcId, destination);
      else if (concerned.length > 0) model.publish(gateway, destination);
      for (const route of changed) {
        model.happens(route, "PublishVpnRouteEntry");
        route.published = PublishVpc;
      }
      model.happens(gateway, "PublishVpnRouteEntry");
      return {};
    };
  },
};
