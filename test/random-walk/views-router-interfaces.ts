import type { Random } from "../support/random.ts";
import { routerInterface } from "../../src/services/express-connect/router-interfaces/router-interface.ts";
import { fresh } from "./foretell.ts";
import { crossesBorder } from "./foretell-peering.ts";
import type { Model } from "./model.ts";
import { type Account, type RouterInterface, statusOf } from "./things.ts";
import { all, byTagOrGroup, here, joined, type ListRead, listTags, numbered, type Read, tagList, utc } from "./views.ts";

/** What reads of router interfaces must answer, from the model: every field. */

/** Mbit/s by specification. */
const bandwidths: Readonly<Record<string, number>> = {
  "Mini.2": 2,
  "Mini.5": 5,
  "Small.1": 10,
  "Small.2": 20,
  "Small.5": 50,
  "Middle.1": 100,
  "Middle.2": 200,
  "Middle.5": 500,
  "Large.1": 1000,
  "Large.2": 2000,
  "Large.5": 5000,
  "Xlarge.1": 10_000,
};
/** What nothing here ever brings about. */
const reservation = {
  HasReservationData: "false",
  ReservationActiveTime: "",
  ReservationBandwidth: "",
  ReservationInternetChargeType: "",
  ReservationOrderType: "",
};

/** The fields that both reads show. */
function sharedView(model: Model, of: RouterInterface): Record<string, unknown> {
  const opposite = model.oppositeOf(of);
  const isGone = of.connectedAt !== 0 && !model.interfaces.some(({ id }) => id === of.oppositeId);
  return {
    ...reservation,
    AccessPointId: of.accessPoint,
    Bandwidth: bandwidths[of.spec] ?? 0,
    BusinessStatus: of.businessStatus,
    ChargeType: of.chargeType,
    ConnectedTime: of.connectedAt === 0 ? "" : utc(of.connectedAt),
    CreationTime: utc(of.createdAt),
    CrossBorder: crossesBorder([of.region, of.oppositeRegion]),
    Description: of.description,
    EndTime: of.endsAt === 0 ? "" : utc(of.endsAt),
    HcRate: of.healthRate,
    ...(of.healthThreshold === 0 ? {} : { HcThreshold: of.healthThreshold }),
    HealthCheckSourceIp: of.healthCheck[0],
    HealthCheckTargetIp: of.healthCheck[1],
    Name: of.name,
    OppositeAccessPointId: of.oppositeAccessPoint,
    OppositeBandwidth: bandwidths[opposite?.spec ?? ""] ?? 0,
    OppositeInterfaceBusinessStatus: opposite?.businessStatus ?? "Normal",
    OppositeInterfaceId: of.oppositeId,
    OppositeInterfaceOwnerId: of.oppositeOwner,
    OppositeInterfaceSpec: opposite?.spec ?? "Negative",
    OppositeInterfaceStatus: opposite === undefined ? (isGone ? "Deleted" : "") : statusOf(opposite),
    OppositeRegionId: of.oppositeRegion,
    OppositeRouterId: of.oppositeRouterId,
    OppositeRouterType: of.oppositeRouterType,
    OppositeVpcInstanceId: opposite?.vpcId ?? "",
    ResourceGroupId: of.groups.get(of.account),
    Role: of.isInitiating ? "InitiatingSide" : "AcceptingSide",
    RouterId: of.routerId,
    RouterInterfaceId: of.id,
    RouterType: of.routerType,
    Spec: of.spec,
    Status: statusOf(of),
    Tags: { Tags: tagList(of, of.account) },
    VpcInstanceId: of.vpcId,
  };
}
function attributeView(model: Model, of: RouterInterface): Record<string, unknown> {
  const answer = { Code: "200", Message: "", Success: true };
  const HealthCheckStatus = of.healthCheck[0] === "" ? "NoHealthCheckConfig" : "";
  return { ...sharedView(model, of), ...answer, FastLinkMode: String(of.isFast), GmtModified: utc(of.modifiedAt), HealthCheckStatus };
}
function listedView(model: Model, of: RouterInterface): Record<string, unknown> {
  return { ...sharedView(model, of), FastLinkMode: of.isFast, Ipv6Status: "off" };
}

// Lists

/** What a key of the list's filter compares. */
const filterKeys: Readonly<Record<string, (of: RouterInterface) => string>> = {
  RouterInterfaceId: ({ id }) => id,
  RouterId: ({ routerId }) => routerId,
  RouterType: ({ routerType }) => routerType,
  RouterInterfaceOwnerId: ({ account }) => account,
  OppositeInterfaceId: ({ oppositeId }) => oppositeId,
  OppositeRouterType: ({ oppositeRouterType }) => oppositeRouterType,
  OppositeRouterId: ({ oppositeRouterId }) => oppositeRouterId,
  OppositeInterfaceOwnerId: ({ oppositeOwner }) => oppositeOwner,
  Status: statusOf,
  Name: ({ name }) => name,
};
/** One or two keys, each with one or two values, mostly of things that are there. */
export function someFilter<T>(
  random: Random,
  own: readonly T[],
  filterKeys: Readonly<Record<string, (of: T) => string>>,
): { Filter: { Key: string; Value: string[] }[]; fits: (of: T) => boolean } {
  const keys = random.shuffled(Object.keys(filterKeys)).slice(0, 1 + random.below(2));
  const Filter = keys.map((Key) => {
    const known = own.length === 0 ? [] : Array.from({ length: 1 + random.below(2) }, () => filterKeys[Key]?.(random.pick(own)) ?? "");
    // An empty value is not sent.
    const Value = [...new Set(known)].filter((value) => value !== "");
    return { Key, Value: Value.length === 0 ? ["nowhere"] : Value };
  });
  return { Filter, fits: (of) => Filter.every(({ Key, Value }) => Value.includes(filterKeys[Key]?.(of) ?? "")) };
}
const describeRouterInterfaces: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const own = model.interfaces.filter(here(place));
  const { fits, Filter } = random?.chance(0.6) === true ? someFilter(random, own, filterKeys) : { fits: () => true, Filter: undefined };
  const filter = random?.chance(0.4) === true ? joined<RouterInterface>(random, byTagOrGroup(random, by, "Tags")) : all;
  const { parameters, page, echo } = numbered(random, own.filter(filter.fits).filter(fits));
  return {
    by,
    product: "vpc",
    action: "DescribeRouterInterfaces",
    parameters: { RegionId, Filter, ...filter.parameters, ...parameters },
    expected: { ...echo, RouterInterfaceSet: { RouterInterfaceType: page.map((one) => listedView(model, one)) } },
  };
};

export const wholeInterfaceLists: readonly ListRead[] = [describeRouterInterfaces];
export const filteredInterfaceLists: readonly ListRead[] = [
  describeRouterInterfaces,
  describeRouterInterfaces,
  listTags("expressConnect", "ROUTERINTERFACE", (model, place) => model.interfaces.filter(here(place))),
];

/** Takes over the id of the other end of a fast link, which no answer but this shows first. */
function learnOtherEnd(model: Model, of: RouterInterface, { OppositeInterfaceId }: any): void {
  const other = model.oppositeOf(of);
  if (other?.id !== "") return;
  other.id = fresh(model, routerInterface, OppositeInterfaceId);
  of.oppositeId = other.id;
}

// Single resources

/** What one account reads of what an id names, or named; `undefined` where it is no id of a router interface. */
export function interfaceAttribute(model: Model, by: Account, id: string, region: string): Read | undefined {
  if (!id.startsWith("ri-")) return undefined;
  const one = model.owned(model.interfaces, id, by.id, region);
  const read = {
    by,
    product: "vpc",
    action: "DescribeRouterInterfaceAttribute",
    parameters: { RegionId: region, InstanceId: id },
  } as const;
  if (one !== undefined) {
    return {
      ...read,
      learn: (body) => learnOtherEnd(model, one, body),
      get expected() {
        return attributeView(model, one);
      },
    };
  }
  return { ...read, of: ({ Success, RouterInterfaceId, Status }) => [Success, RouterInterfaceId, Status], expected: [false, "", ""] };
}
