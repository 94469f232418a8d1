import { builtInAccessPoints } from "../../src/contract/access-points.ts";
import { routerInterface } from "../../src/services/express-connect/router-interfaces/router-interface.ts";
import { type Family, type Foretold, fresh, isGroupOf, newGroups, newTags, type Refused, refused, tagFault } from "./foretell.ts";
import type { Model } from "./model.ts";
import { type Account, type Entry, isOver, type RouterInterface, sidesOf, type Thing, type VRouter } from "./things.ts";

/** Router interfaces: the ends of links between the routers of two VPCs. */

const day = 86_400_000;
/** Days of the pricing cycles. */
const cycles: Readonly<Record<string, number>> = { Month: 30, Year: 365 };

const notFound = refused("InvalidRouterInterfaceId.NotFound", 404);
const otherKind = refused("InvalidInstanceId.NotFound", 404);
const locked = refused("OperationFailed.OperationLocked");
const unpaid = refused("Forbidden.FinancialLocked");
const status = refused("IncorrectStatus.RouterInterface");
const notIdle = refused("IncorrectRIStatus");
const linkedAlready = refused("Forbidden.OnlyOneConnection");

function interfaceOf(model: Model, by: Account, { RouterInterfaceId, RegionId }: any): RouterInterface | undefined {
  return model.owned(model.interfaces, RouterInterfaceId, by.id, RegionId);
}
function isPrepaid({ chargeType }: RouterInterface): boolean {
  return chargeType === "Prepaid";
}
/** One that was connected and has lost its other end, or is losing it. */
function isAlone(model: Model, one: RouterInterface): boolean {
  return one.connectedAt !== 0 && (model.oppositeOf(one)?.state ?? "Deleting") === "Deleting";
}
function entriesOver(model: Model, ends: readonly RouterInterface[]): Entry[] {
  return [...new Set(ends.flatMap(({ id }) => model.entriesTo("RouterInterface", id)))];
}

/** What the initiating end must be told before it connects: what it says of the other end is not so, or the other end says otherwise. */
function mismatch(own: RouterInterface, other: RouterInterface): string | undefined {
  const agreements: readonly (readonly [told: string, agrees: boolean])[] = [
    ["AliUid", other.account === own.oppositeOwner],
    ["RegionNo", other.region === own.oppositeRegion],
    ["Role", !other.isInitiating],
    ["RouterId", other.routerId === own.oppositeRouterId],
    ["RouterType", own.oppositeRouterType === other.routerType],
    ["OppositeInterfaceId", other.oppositeId === own.id],
    ["OppositeInterfaceOwnerId", other.oppositeOwner === own.account],
    ["OppositeRegionNo", other.oppositeRegion === own.region],
    ["OppositeRouterId", other.oppositeRouterId === own.routerId],
    ["OppositeRouterType", other.oppositeRouterType === own.routerType],
  ];
  return agreements.find(([, agrees]) => !agrees)?.[0];
}
/** The end that another names: one of the same account, or one that names it back. Anybody else's is none. */
function named(model: Model, own: RouterInterface): RouterInterface | undefined {
  const other = model.interfaces.find(({ id }) => id === own.oppositeId);
  return other?.account === own.account || other?.oppositeId === own.id ? other : undefined;
}
/** Why an initiating end cannot connect; the last word is the other end's state and what joins the two VPCs. */
function connectionFault(model: Model, own: RouterInterface, other: RouterInterface | undefined): Refused | undefined {
  if (own.businessStatus !== "Normal") return refused("Forbidden.BillsOutstanding");
  if (!own.isInitiating) return refused("IncorrectRole.NotInitiatingSide");
  if (!model.may(own, "ConnectRouterInterface")) return notIdle;
  if ([own.oppositeId, own.oppositeRouterId, own.oppositeOwner].includes("")) return refused("IncorrectOppositeInterfaceInfo.NotSet");
  if (own.routerId === own.oppositeRouterId) return refused("IncorrectOppositeInterfaceInfo");
  if (other === undefined) return refused("AttrMismatching.AcceptingSideInstanceId");
  const untrue = mismatch(own, other);
  if (untrue !== undefined) return refused(`AttrMismatching.AcceptingSide${untrue}`);
  if (!model.may(other, "oppositeConnects")) return notIdle;
  if (model.areLinked(own.routerId, other.routerId)) return linkedAlready;
  const pair = [own.vpcId, other.vpcId];
  const arePeered = model.connections.some((one) => !isOver(one) && sidesOf(one).every(({ vpcId }) => pair.includes(vpcId)));
  return arePeered ? linkedAlready : undefined;
}

function hasRoom(model: Model, router: string, { account, region }: { account: string; region: string }): boolean {
  const others = model.interfaces.filter(({ routerId, state }) => routerId === router && state !== "Deleting");
  return others.length < model.quota("RouterInterface", account, region);
}
/** The VPC's end of a fast link, whose id the other end will show. */
function makeOtherEnd(model: Model, initiator: RouterInterface, { account, region, id: routerId, vpcId }: VRouter): void {
  const acceptor = model.addInterface({
    id: "",
    account,
    region,
    groups: newGroups(model.account(account), undefined),
    isInitiating: false,
    isFast: true,
    routerType: "VRouter",
    routerId,
    vpcId,
    name: "",
    description: "",
    spec: "Negative",
    accessPoint: "",
    oppositeRegion: initiator.region,
    oppositeAccessPoint: initiator.accessPoint,
    oppositeId: initiator.id,
    oppositeRouterId: initiator.routerId,
    oppositeRouterType: "VBR",
    oppositeOwner: initiator.account,
    healthCheck: ["", ""],
    healthRate: 0,
    healthThreshold: 0,
    connectedAt: model.now,
    endsAt: 0,
    chargeType: "AfterPay",
    businessStatus: "Normal",
    lock: "",
  });
  initiator.connectedAt = model.now;
  model.happens(initiator, "ConnectRouterInterface");
  model.happens(acceptor, "oppositeConnects");
}

export const interfaceFamily: Family = {
  CreateRouterInterface(model, by, parameters) {
    const { RegionId, Role, Spec, RouterId, ResourceGroupId, Tags, Tag = Tags, Name = "", Description = "" } = parameters;
    const { OppositeRegionId, OppositeRouterType = "VRouter", OppositeRouterId = "", OppositeInterfaceId = "" } = parameters;
    const { OppositeInterfaceOwnerId = "", OppositeAccessPointId = "" } = parameters;
    const { HealthCheckSourceIp = "", HealthCheckTargetIp = "", RouterType, AccessPointId = "", FastLinkMode = false } = parameters;
    const { InstanceChargeType = "PostPaid", PricingCycle = "Month", Period = 1 } = parameters;
    if (!["PrePaid", "PostPaid"].includes(InstanceChargeType)) return refused("InvalidRouterInterfaceChargeType.Malformed");
    const prepaid = InstanceChargeType === "PrePaid";
    if (Role === "AcceptingSide" && prepaid) return refused("Forbidden.AcceptRoleNotSupportPrePay");
    if (AccessPointId !== "" && !builtInAccessPoints.some(({ id, region }) => id === AccessPointId && region === RegionId))
      return refused("InvalidAccessPoint.NotExist");
    if (HealthCheckSourceIp !== "" && (RouterType === "VBR" || OppositeRouterType !== "VBR"))
      return refused("OperationFailed.HcForInvalidRiType");
    const fault = tagFault(Tag);
    if (fault !== undefined) return fault;
    if (model.interfaces.some(({ account, businessStatus }) => account === by.id && businessStatus === "FinancialLocked"))
      return refused("Forbidden.BillsOutstanding");
    const border = RouterType === "VBR" ? model.owned(model.borderRouters, RouterId, by.id, RegionId) : undefined;
    const router = RouterType === "VRouter" ? model.owned(model.routers, RouterId, by.id, RegionId) : undefined;
    const isThere = border !== undefined || (router !== undefined && model.vpc(router.vpcId).state !== "Deleting");
    if (!isThere) return refused("InvalidRouterId.NotFound", 404);
    if (border !== undefined && border.state !== "active") return refused("INVAID_VBR_STATUS");
    if (border !== undefined && border.accessPoint !== AccessPointId) return refused("InvalidAccessPoint.NotMatch");
    const opposite = model.routers.find(({ id }) => id === OppositeRouterId);
    if (FastLinkMode) {
      const isMeant = opposite?.account === OppositeInterfaceOwnerId && opposite?.region === OppositeRegionId;
      const to = isMeant && opposite !== undefined ? model.vpc(opposite.vpcId) : undefined;
      if (border === undefined || to === undefined || to.state === "Deleting" || !model.mayUse(border, to))
        return refused("InvalidRouterId.NotFound");
      if (!hasRoom(model, OppositeRouterId, to)) return refused("LimitationExceed.InterfaceNumberOnRouter");
    }
    if (!isGroupOf(by, ResourceGroupId)) return refused("InvalidResourceGroupId");
    if (OppositeRouterId !== "" && model.areLinked(RouterId, OppositeRouterId)) return refused("HaveConnectionBetweenRouters");
    if (!hasRoom(model, RouterId, { account: by.id, region: RegionId })) return refused("LimitationExceed.InterfaceNumberOnRouter");
    return ({ OrderId, RouterInterfaceId }) => {
      const created = model.addInterface({
        id: fresh(model, routerInterface, RouterInterfaceId),
        account: by.id,
        region: RegionId,
        groups: newGroups(by, ResourceGroupId),
        tags: newTags(by, Tag),
        isInitiating: Role === "InitiatingSide",
        routerType: RouterType,
        routerId: RouterId,
        vpcId: router?.vpcId ?? RouterId,
        accessPoint: AccessPointId,
        isFast: FastLinkMode,
        name: Name,
        description: Description,
        spec: Spec,
        oppositeRegion: OppositeRegionId,
        oppositeAccessPoint: OppositeAccessPointId,
        oppositeId: OppositeInterfaceId,
        oppositeRouterId: OppositeRouterId,
        oppositeRouterType: OppositeRouterType,
        oppositeOwner: OppositeInterfaceOwnerId,
        healthCheck: [HealthCheckSourceIp, HealthCheckTargetIp],
        healthRate: 0,
        healthThreshold: 0,
        connectedAt: 0,
        endsAt: prepaid ? model.now + Period * (cycles[PricingCycle] ?? 0) * day : 0,
        chargeType: prepaid ? "Prepaid" : "AfterPay",
        businessStatus: "Normal",
        lock: "",
      });
      if (FastLinkMode && opposite !== undefined) makeOtherEnd(model, created, opposite);
      return { OrderId, RouterInterfaceId };
    };
  },
  ModifyRouterInterfaceAttribute(model, by, parameters) {
    const { OppositeInterfaceId, OppositeRouterId, OppositeRouterType, OppositeInterfaceOwnerId } = parameters;
    const changed = interfaceOf(model, by, parameters);
    if (changed === undefined) return notFound;
    const hasCheck = parameters.DeleteHealthCheckIp !== true && (parameters.HealthCheckSourceIp ?? changed.healthCheck[0]) !== "";
    if (hasCheck && (changed.routerType === "VBR" || (OppositeRouterType ?? changed.oppositeRouterType) !== "VBR"))
      return refused("IllegalParam.HcSourceIp");
    if (changed.businessStatus !== "Normal") return unpaid;
    if (changed.lock !== "") return locked;
    if (!model.may(changed, "ModifyRouterInterfaceAttribute")) return status;
    const opposite = [OppositeInterfaceId, OppositeRouterId, OppositeRouterType, OppositeInterfaceOwnerId];
    if (changed.state !== "Idle" && opposite.some((given) => given !== undefined)) return status;
    const isMoved =
      (OppositeRouterId ?? changed.oppositeRouterId) !== changed.oppositeRouterId ||
      (OppositeRouterType ?? changed.oppositeRouterType) !== changed.oppositeRouterType;
    if (isMoved && model.oppositeOf(changed)?.routerType === "VBR") return refused("Forbbiden.ModifyIdAndType");
    return () => {
      model.happens(changed, "ModifyRouterInterfaceAttribute");
      const { HealthCheckSourceIp, HealthCheckTargetIp, DeleteHealthCheckIp } = parameters;
      changed.name = parameters.Name ?? changed.name;
      changed.description = parameters.Description ?? changed.description;
      changed.oppositeId = OppositeInterfaceId ?? changed.oppositeId;
      changed.oppositeRouterId = OppositeRouterId ?? changed.oppositeRouterId;
      changed.oppositeRouterType = OppositeRouterType ?? changed.oppositeRouterType;
      changed.oppositeOwner = OppositeInterfaceOwnerId ?? changed.oppositeOwner;
      if (HealthCheckSourceIp !== undefined) changed.healthCheck = [HealthCheckSourceIp, HealthCheckTargetIp];
      if (DeleteHealthCheckIp === true) changed.healthCheck = ["", ""];
      changed.healthRate = parameters.HcRate ?? changed.healthRate;
      changed.healthThreshold = parameters.HcThreshold ?? changed.healthThreshold;
      return {};
    };
  },
  ModifyRouterInterfaceSpec(model, by, parameters) {
    const changed = interfaceOf(model, by, parameters);
    if (changed === undefined) return notFound;
    if (!changed.isInitiating) return refused("InvalidSpec.ValueNotSupported");
    if (changed.businessStatus !== "Normal") return unpaid;
    if (!model.may(changed, "ModifyRouterInterfaceSpec")) return refused("InvalidInstance.StatusError");
    if (isAlone(model, changed)) return refused("InvalidOpposite.NotFound");
    return () => {
      model.happens(changed, "ModifyRouterInterfaceSpec");
      changed.spec = parameters.Spec;
      return { Spec: parameters.Spec };
    };
  },
  ConnectRouterInterface(model, by, parameters) {
    const own = interfaceOf(model, by, parameters);
    if (own === undefined) return notFound;
    const other = named(model, own);
    const fault = connectionFault(model, own, other);
    if (fault !== undefined || other === undefined) return fault as Refused;
    return () => {
      model.happens(own, "ConnectRouterInterface");
      model.happens(other, "oppositeConnects");
      for (const end of [own, other]) end.connectedAt = model.now;
      return {};
    };
  },
  ActivateRouterInterface(model, by, parameters) {
    const changed = interfaceOf(model, by, parameters);
    if (changed === undefined) return notFound;
    if (changed.businessStatus !== "Normal") return unpaid;
    if (!model.may(changed, "ActivateRouterInterface")) return notIdle;
    if (isAlone(model, changed)) return refused("OppositeRouterInterfaceIsDeleted");
    return () => {
      model.happens(changed, "ActivateRouterInterface");
      return {};
    };
  },
  DeactivateRouterInterface(model, by, parameters) {
    const changed = interfaceOf(model, by, parameters);
    if (changed === undefined) return notFound;
    if (changed.businessStatus !== "Normal") return unpaid;
    if (changed.lock !== "") return locked;
    if (!model.may(changed, "DeactivateRouterInterface")) return notIdle;
    return () => {
      model.happens(changed, "DeactivateRouterInterface");
      return {};
    };
  },
  DeleteRouterInterface(model, by, parameters) {
    if (!parameters.RouterInterfaceId.startsWith("ri-")) return otherKind;
    const deleted = interfaceOf(model, by, parameters);
    if (deleted === undefined) return notFound;
    if (isPrepaid(deleted)) return refused("InvalidRouterInterfaceChargeType.Malformed");
    if (deleted.lock !== "") return locked;
    if (!model.may(deleted, "DeleteRouterInterface")) return status;
    if (entriesOver(model, [deleted]).length > 0) return refused("DependencyViolation.RouterInterfaceReferedByRouteEntry");
    return () => {
      model.happens(deleted, "DeleteRouterInterface");
      return {};
    };
  },
  /** Either end names the pair, whoever has the other one. */
  DeleteExpressConnect(model, by, parameters): Foretold {
    if (!parameters.RouterInterfaceId.startsWith("ri-")) return otherKind;
    const own = interfaceOf(model, by, parameters);
    if (own === undefined) return notFound;
    const other = model.oppositeOf(own);
    const ends = other === undefined ? [own] : [own, other];
    if (isPrepaid(own)) return refused("InvalidRouterInterfaceChargeType.Malformed");
    if (ends.some(isPrepaid)) return refused("InvalidRouterInterfaceOppositeChargeType.Malformed");
    if (ends.some(({ lock }) => lock !== "")) return locked;
    if (!ends.every((end) => model.may(end, "DeleteExpressConnect"))) return status;
    const vpcIds = ends.map(({ vpcId }) => vpcId);
    const busy = model.busy(vpcIds, "vpc", "vSwitch", "table", "entry");
    if (busy !== undefined) return busy === "vpc" ? refused("IncorrectStatus.Vpc") : refused("IncorrectStatus.VSwitchOrRouteEntry", 404);
    const entries = entriesOver(model, ends);
    if (parameters.Force !== true && entries.length > 0) return refused("DependencyViolation.RouterInterfaceReferedByRouteEntry");
    return () => {
      for (const entry of entries) model.happens(entry, "DeleteExpressConnect");
      for (const end of ends) model.happens(end, "DeleteExpressConnect");
      return {};
    };
  },

  ChangeResourceGroup(model, by, { ResourceId, RegionId, ResourceType, NewResourceGroupId }) {
    if (!["ROUTERINTERFACE", "VIRTUALBORDERROUTER", "PHYSICALCONNECTION"].includes(ResourceType))
      return refused("IllegalParam.ResourceType");
    const byType: Readonly<Record<string, readonly Thing[]>> = {
      ROUTERINTERFACE: model.interfaces,
      PHYSICALCONNECTION: model.circuits,
      VIRTUALBORDERROUTER: model.borderRouters,
    };
    const moved = model.owned(byType[ResourceType] ?? [], ResourceId, by.id, RegionId);
    if (moved === undefined) return refused("InvalidResourceId.NotFound");
    if (!isGroupOf(by, NewResourceGroupId)) return refused("InvalidResourceGroupId");
    return () => {
      moved.groups.set(by.id, NewResourceGroupId);
      model.relabel(moved);
      return {};
    };
  },
};
