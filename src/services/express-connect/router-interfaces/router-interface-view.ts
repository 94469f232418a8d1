import { tagsOf } from "../../../contract/indexes.ts";
import type { ResourceReader } from "../../../contract/resource-kind.ts";
import { bool, int, optional, structure, text, type ValueOfShape, wrapped } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { tagShape } from "../../vpc/vpc-view.ts";
import { crossesBorder } from "../../peering/border.ts";
import { networkOf, oppositeOf, type RouterInterface, routerInterface } from "./router-interface.ts";
import { negativeSpec, specs } from "./specs.ts";

/** Router interfaces as their owner reads them. Times are virtual. */
const shared = {
  AccessPointId: text,
  Bandwidth: int,
  BusinessStatus: text,
  ChargeType: text,
  ConnectedTime: text,
  CreationTime: text,
  CrossBorder: bool,
  Description: text,
  EndTime: text,
  HasReservationData: text,
  HcRate: int,
  // Must be absent where none was set: clients compare it with what they sent.
  HcThreshold: optional(int),
  HealthCheckSourceIp: text,
  HealthCheckTargetIp: text,
  Name: text,
  OppositeAccessPointId: text,
  OppositeBandwidth: int,
  OppositeInterfaceBusinessStatus: text,
  OppositeInterfaceId: text,
  OppositeInterfaceOwnerId: text,
  OppositeInterfaceSpec: text,
  OppositeInterfaceStatus: text,
  OppositeRegionId: text,
  OppositeRouterId: text,
  OppositeRouterType: text,
  OppositeVpcInstanceId: text,
  ReservationActiveTime: text,
  ReservationBandwidth: text,
  ReservationInternetChargeType: text,
  ReservationOrderType: text,
  ResourceGroupId: text,
  Role: text,
  RouterId: text,
  RouterInterfaceId: text,
  RouterType: text,
  Spec: text,
  Status: text,
  Tags: wrapped("Tags", tagShape),
  VpcInstanceId: text,
} as const;
/** Fields of DescribeRouterInterfaceAttribute, which spells a truth value as text. */
export const routerInterfaceFields = {
  ...shared,
  Code: text,
  FastLinkMode: text,
  GmtModified: text,
  HealthCheckStatus: text,
  Message: text,
  Success: bool,
} as const;
/** Fields of a member of DescribeRouterInterfaces. */
export const listedRouterInterfaceFields = { ...shared, FastLinkMode: bool, Ipv6Status: text } as const;
const sharedShape = structure(shared);

async function sharedView(state: ResourceReader, of: RouterInterface): Promise<ValueOfShape<typeof sharedShape>> {
  const named = of.oppositeInterfaceId === "" ? undefined : await state.get(routerInterface, of.oppositeInterfaceId);
  // What an account writes into its own end tells it nothing about an end that does not say the same.
  const opposite = await oppositeOf(state, of);
  // An end of which nothing is known has no specification of its own yet.
  const oppositeSpec = opposite?.spec ?? negativeSpec;
  return {
    AccessPointId: of.accessPointId,
    Bandwidth: specs[of.spec] ?? 0,
    BusinessStatus: of.BusinessStatus,
    ChargeType: of.ChargeType,
    ConnectedTime: of.connectedAt === 0 ? "" : utcSeconds(of.connectedAt),
    CreationTime: utcSeconds(of.createdAt),
    CrossBorder: crossesBorder({ region: of.region, acceptingRegion: of.oppositeRegionId }),
    Description: of.description,
    EndTime: of.endsAt === 0 ? "" : utcSeconds(of.endsAt),
    HasReservationData: "false",
    HcRate: of.hcRate,
    HcThreshold: of.hcThreshold === 0 ? undefined : of.hcThreshold,
    HealthCheckSourceIp: of.healthCheckSourceIp,
    HealthCheckTargetIp: of.healthCheckTargetIp,
    Name: of.name,
    OppositeAccessPointId: of.oppositeAccessPointId,
    OppositeBandwidth: specs[oppositeSpec] ?? 0,
    OppositeInterfaceBusinessStatus: opposite?.BusinessStatus ?? "Normal",
    OppositeInterfaceId: of.oppositeInterfaceId,
    OppositeInterfaceOwnerId: of.oppositeInterfaceOwnerId,
    OppositeInterfaceSpec: oppositeSpec,
    OppositeInterfaceStatus: opposite?.state ?? (named === undefined && of.connectedAt !== 0 ? "Deleted" : ""),
    OppositeRegionId: of.oppositeRegionId,
    OppositeRouterId: of.oppositeRouterId,
    OppositeRouterType: of.oppositeRouterType,
    OppositeVpcInstanceId: opposite === undefined ? "" : networkOf(opposite),
    ReservationActiveTime: "",
    ReservationBandwidth: "",
    ReservationInternetChargeType: "",
    ReservationOrderType: "",
    ResourceGroupId: of.resourceGroups[of.account] ?? "",
    Role: of.role,
    RouterId: of.routerId,
    RouterInterfaceId: of.id,
    RouterType: of.routerType,
    Spec: of.spec,
    Status: of.state,
    Tags: { Tags: tagsOf(of, of.account) },
    VpcInstanceId: networkOf(of),
  };
}

export async function routerInterfaceView(state: ResourceReader, of: RouterInterface) {
  return {
    ...(await sharedView(state, of)),
    Code: "200",
    FastLinkMode: String(of.fastLinkMode),
    GmtModified: utcSeconds(of.modifiedAt),
    // Nobody probes here, so no check that is configured has found anything.
    HealthCheckStatus: of.healthCheckSourceIp === "" ? "NoHealthCheckConfig" : "",
    Message: "",
    Success: true,
  };
}
export async function listedRouterInterfaceView(state: ResourceReader, of: RouterInterface) {
  return { ...(await sharedView(state, of)), FastLinkMode: of.fastLinkMode, Ipv6Status: "off" };
}
