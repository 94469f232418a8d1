import { virtualBorderRouter } from "../../src/services/express-connect/border-routers/virtual-border-router.ts";
import { type Family, fresh, isGroupOf, newGroups, newTags, type Refused, refused, tagFault } from "./foretell.ts";
import { circuitOf, isBesideUntagged, isPaidByTraffic, isShared, isVlanTaken, noTraffic, routersOn } from "./foretell-circuits.ts";
import { contains } from "./address-blocks.ts";
import type { Model } from "./model.ts";
import { type Account, type BorderRouter, type Circuit, isPartyOf, type OnCircuit } from "./things.ts";

/** Virtual border routers: each at the end of a circuit, and not always of the account that has the circuit. */

const notFound = refused("InvalidVbrId.NotFound", 404);
const notInState = refused("InvalidOperation.OperationNotAllowedInState");

export function routerOf(model: Model, by: Account, id: string, region: string): BorderRouter | undefined {
  return model.borderRouters.find((one) => one.id === id && one.region === region && isPartyOf(one, by.id));
}
function firstCircuit(model: Model, { circuits: [first] }: BorderRouter): Circuit | undefined {
  return model.circuits.find(({ id }) => id === first?.circuitId);
}
/** What only the owner of a router says, in the order in which it is asked. */
const ownersOnly: readonly (readonly [what: string, names: readonly string[]])[] = [
  ["LocalGatewayIp", ["LocalGatewayIp", "LocalIpv6GatewayIp"]],
  ["PeerGatewayIp", ["PeerGatewayIp", "PeerIpv6GatewayIp"]],
  ["PeeringSubnetMask", ["PeeringSubnetMask", "PeeringIpv6SubnetMask"]],
  ["Name", ["Name"]],
  ["Description", ["Description"]],
];
function ownerFault(parameters: Readonly<Record<string, unknown>>): Refused | undefined {
  const said = ownersOnly.find(([, names]) => names.some((name) => parameters[name] !== undefined));
  return said && refused(`Forbidden.${said[0]}NotAllowedByCaller`, 403);
}
/** A router that is to be usable gets its addresses. */
function missingFault({ LocalGatewayIp, PeerGatewayIp, PeeringSubnetMask }: any): Refused | undefined {
  if (LocalGatewayIp === undefined) return refused("InvalidLocalGatewayIp.Malformed");
  if (PeerGatewayIp === undefined) return refused("IllegalParam.IpAddress");
  return PeeringSubnetMask === undefined ? refused("InvalidPeeringSubnetMask.Malformed") : undefined;
}
type Addresses = Pick<OnCircuit, "local" | "peer" | "mask" | "hasIpv6" | "local6" | "peer6" | "mask6">;
export function addressesAfter(given: any, before?: Addresses): Addresses {
  return {
    local: given.LocalGatewayIp ?? before?.local ?? "",
    peer: given.PeerGatewayIp ?? before?.peer ?? "",
    mask: given.PeeringSubnetMask ?? before?.mask ?? "",
    hasIpv6: given.EnableIpv6 ?? before?.hasIpv6 ?? false,
    local6: given.LocalIpv6GatewayIp ?? before?.local6 ?? "",
    peer6: given.PeerIpv6GatewayIp ?? before?.peer6 ?? "",
    mask6: given.PeeringIpv6SubnetMask ?? before?.mask6 ?? "",
  };
}
/** Masks of walks are of 24 or 30 bits, and IPv6 addresses, where there are any, are right. */
export function addressFault({ local, peer, mask, hasIpv6, local6 }: Addresses): Refused | undefined {
  const bits = mask === "255.255.255.252" ? 30 : 24;
  const block = `${local.replace(/\d+$/, (last) => String(Number(last) - (bits === 30 ? Number(last) % 4 : Number(last))))}/${bits}`;
  if (local !== "" && (local === peer || !contains(block, `${peer}/32`))) return refused("InvalidIp.NotSameSubnet");
  return hasIpv6 && local6 === "" ? refused("IllegalParam.IpAddress") : undefined;
}
/** Routers of an account that nothing leads to, wherever they are. */
function idleRouters(model: Model, by: Account): number {
  const isLinked = (id: string): boolean => model.interfaces.some(({ routerId, state }) => routerId === id && state !== "Deleting");
  return model.borderRouters.filter(({ account, state, id }) => account === by.id && state !== "unconfirmed" && !isLinked(id)).length;
}
function answered(model: Model, router: BorderRouter, event: string): () => Record<string, never> {
  return () => {
    model.happens(router, event);
    return {};
  };
}

export const borderRouterFamily: Family = {
  CreateVirtualBorderRouter(model, by, parameters) {
    const { VbrOwnerId = by.id, VlanId, Bandwidth, Tags, Tag = Tags, ResourceGroupId, RegionId } = parameters;
    const circuit = circuitOf(model, by, parameters);
    if (circuit === undefined) return refused("InvalidPhysicalConnectionId.NotFound");
    const owner = model.account(VbrOwnerId);
    if (owner === undefined) return refused("InvalidVbrOwnerId.NotFound", 404);
    const isOwn = owner === by;
    const fault = (isOwn ? missingFault(parameters) : ownerFault(parameters)) ?? addressFault(addressesAfter(parameters)) ?? tagFault(Tag);
    if (fault !== undefined) return fault;
    if (!isGroupOf(by, ResourceGroupId)) return refused("InvalidResourceGroupId");
    if (!isPaidByTraffic(model, by, RegionId)) return noTraffic;
    if (circuit.state !== "Enabled")
      return refused(isShared(circuit) ? "IncorrectStatus.VirtualPhysicalConnection" : "InvalidPhysicalConnectionId.NotEnabled");
    const others = routersOn(model, circuit.id);
    if (isShared(circuit)) {
      if (!isOwn) return refused("OperationDenied.VPconn");
      if (others.length > 0) return refused("OperationFailed.VirtualPhysicalConnectionExistVBR");
      if (VlanId !== circuit.vlan) return refused("InvalidVlanId.Malformed");
      if ((Bandwidth ?? circuit.bandwidth) !== circuit.bandwidth) return refused("OperationFailed.NotConsistentWithVpconn");
    }
    if ((Bandwidth ?? 0) > circuit.bandwidth) return refused("VbrBandwidthExceed");
    if (isVlanTaken(model, circuit.id, VlanId)) return refused("InvalidVlanId.Used");
    if (isBesideUntagged(model, circuit.id, VlanId))
      return refused(VlanId === 0 ? "OperationFailed.PconnAllocateVlan0" : "OperationFailed.PconnExistVlan0Vbr");
    if (others.length >= model.quota("vbrPerpConn", circuit.account, RegionId)) return refused("QuotaExceeded.vbrPerpConn");
    if (isOwn && idleRouters(model, by) >= model.quota("freevbr", by.id, RegionId)) return refused("QuotaExceeded.freevbr");
    return ({ VbrId }) => {
      model.addBorderRouter(isOwn ? "CreateVirtualBorderRouter" : "createdForOtherAccount", {
        id: fresh(model, virtualBorderRouter, VbrId),
        account: owner.id,
        region: RegionId,
        tags: newTags(by, Tag),
        groups: new Map([...newGroups(owner, isOwn ? ResourceGroupId : undefined), ...newGroups(by, ResourceGroupId)]),
        circuits: [
          {
            ...addressesAfter(parameters),
            circuitId: circuit.id,
            circuitOwner: by.id,
            vlan: VlanId,
            interfaceId: "",
            code: parameters.CircuitCode ?? "",
          },
        ],
        accessPoint: circuit.accessPoint,
        tableId: "",
        name: parameters.Name ?? "",
        description: parameters.Description ?? "",
        bandwidth: Bandwidth ?? (isShared(circuit) ? circuit.bandwidth : 0),
        bfd: [1000, 1000, 10],
        mtu: 0,
        sitelink: false,
        activatedAt: isOwn ? model.now : 0,
        terminatedAt: 0,
        recoveredAt: 0,
      });
      return { VbrId };
    };
  },
  ModifyVirtualBorderRouterAttribute(model, by, parameters) {
    const { VbrId, RegionId, VlanId, CircuitCode, Bandwidth } = parameters;
    const router = routerOf(model, by, VbrId, RegionId);
    if (router === undefined) return refused("InvalidVbrId.NotFound");
    const [first, ...others] = router.circuits as [OnCircuit, ...OnCircuit[]];
    const fault = router.account === by.id ? undefined : ownerFault(parameters);
    if (fault !== undefined) return fault;
    if (VlanId !== undefined && first.circuitOwner !== by.id) return refused("Forbidden.VlanIdNotAllowedByCaller", 403);
    if (CircuitCode !== undefined && first.circuitOwner !== by.id) return refused("Forbidden.CircuitCodeNotAllowedByCaller", 403);
    if (!model.may(router, "ModifyVirtualBorderRouterAttribute")) return refused("IncorrectStatus.VirtualBorderRouter");
    if (!isPaidByTraffic(model, by, RegionId)) return noTraffic;
    const circuit = firstCircuit(model, router) as Circuit;
    if (circuit.businessStatus === "FinancialLocked") return refused("OperationFailed.PhysicalConnectionFinancialLocked");
    const after = addressesAfter(parameters, first);
    const given = [after.local, after.peer, after.mask].filter((address) => address !== "").length;
    if (given > 0 && given < 3) return refused("MissingParameter");
    const untrue = addressFault(after);
    if (untrue !== undefined) return untrue;
    const isTwice = (field: "local" | "peer" | "local6" | "peer6"): boolean =>
      after[field] !== "" && others.some((other) => other[field] === after[field]);
    if (isTwice("local") || isTwice("local6")) return refused("Duplicated.LocalGatewayIp");
    if (isTwice("peer") || isTwice("peer6")) return refused("Duplicated.PeerGatewayIp");
    const vlan = VlanId ?? first.vlan;
    if (isShared(circuit) && (vlan !== first.vlan || (Bandwidth ?? router.bandwidth) !== router.bandwidth))
      return refused("OperationDenied.VBRAssociateVPconn");
    if ((Bandwidth ?? 0) > circuit.bandwidth) return refused("InvalidParameter");
    if (vlan !== first.vlan) {
      if (isVlanTaken(model, circuit.id, vlan, router.id)) return refused("InvalidVlanId.Used");
      if (isBesideUntagged(model, circuit.id, vlan, router.id)) return refused("OperationFailed.VlanIdInUse");
    }
    return () => {
      router.circuits = [{ ...first, ...after, vlan, code: CircuitCode ?? first.code }, ...others];
      if (router.state === "unconfirmed" && after.local !== "") {
        model.happens(router, "confirmed");
        router.activatedAt = model.now;
      } else model.happens(router, "ModifyVirtualBorderRouterAttribute");
      router.name = parameters.Name ?? router.name;
      router.description = parameters.Description ?? router.description;
      router.bandwidth = Bandwidth ?? router.bandwidth;
      const [tx, rx, multiplier] = router.bfd;
      router.bfd = [parameters.MinTxInterval ?? tx, parameters.MinRxInterval ?? rx, parameters.DetectMultiplier ?? multiplier];
      router.mtu = parameters.Mtu ?? router.mtu;
      router.sitelink = parameters.SitelinkEnable ?? router.sitelink;
      return {};
    };
  },
  UpdateVirtualBorderBandwidth(model, by, { VirtualBorderRouterId, RegionId, Bandwidth }) {
    const router = routerOf(model, by, VirtualBorderRouterId, RegionId);
    if (router === undefined) return refused("InvalidInstanceId.NotFound");
    const circuit = firstCircuit(model, router) as Circuit;
    if (isShared(circuit)) return refused("OperationFailed.Vpconn");
    if (router.circuits.length > 1) return refused("OperationUnsupported.SetMultiPconnBandwidth");
    if (!isPaidByTraffic(model, by, RegionId)) return noTraffic;
    if (!model.may(router, "UpdateVirtualBorderBandwidth")) return notInState;
    if (Bandwidth > circuit.bandwidth) return refused("QuotaExceeded.VirtualBorderRouterBandwidth");
    return () => {
      model.happens(router, "UpdateVirtualBorderBandwidth");
      router.bandwidth = Bandwidth;
      return { Code: "200", HttpStatusCode: 200, Message: "successful", Success: true };
    };
  },
  TerminateVirtualBorderRouter(model, by, { VbrId, RegionId }) {
    const router = routerOf(model, by, VbrId, RegionId);
    if (router === undefined) return notFound;
    if (router.circuits[0]?.circuitOwner !== by.id) return refused("Forbidden.OperationTerminateNotAllowedByUser", 403);
    if (!model.may(router, "TerminateVirtualBorderRouter")) return notInState;
    return () => {
      model.happens(router, "TerminateVirtualBorderRouter");
      router.terminatedAt = model.now;
      return {};
    };
  },
  RecoverVirtualBorderRouter(model, by, { VbrId, RegionId }) {
    const router = routerOf(model, by, VbrId, RegionId);
    if (router === undefined) return notFound;
    if (router.circuits[0]?.circuitOwner !== by.id) return refused("Forbidden.OperationRecoverNotAllowedByUser", 403);
    if (!model.may(router, "RecoverVirtualBorderRouter")) return notInState;
    if (!isPaidByTraffic(model, by, RegionId)) return noTraffic;
    const isLost = ({ circuitId, vlan }: OnCircuit): boolean =>
      isVlanTaken(model, circuitId, vlan, router.id) || isBesideUntagged(model, circuitId, vlan, router.id);
    if (router.circuits.some(isLost)) return refused("OperationFailed.VlanIdAlreadyInUse");
    return () => {
      model.happens(router, "RecoverVirtualBorderRouter");
      router.recoveredAt = model.now;
      return {};
    };
  },
  DeleteVirtualBorderRouter(model, by, { VbrId, RegionId }) {
    const router = routerOf(model, by, VbrId, RegionId);
    if (router === undefined) return notFound;
    if (router.account !== by.id && router.state !== "unconfirmed") return refused("Forbidden.OperationDeleteNotAllowedByUser", 403);
    if (!model.may(router, "DeleteVirtualBorderRouter")) return notInState;
    if (router.circuits.length > 1) return refused("InvalidStatus.NotAllowed");
    if (model.entries.some(({ vpcId }) => vpcId === router.id)) return refused("DependencyViolation.RouterInterfaceReferedByRouteEntry");
    if (model.bgpGroups.some(({ routerId }) => routerId === router.id)) return refused("DependencyViolation.BgpGroup");
    if (model.bgpNetworks.some(({ routerId }) => routerId === router.id)) return refused("DependencyViolation.BgpNetwork");
    if (model.interfaces.some(({ routerId, state }) => routerId === router.id && state !== "Deleting"))
      return refused("InvalidOperation.RouterInterfaceNotDeleted");
    return answered(model, router, "DeleteVirtualBorderRouter");
  },
};
