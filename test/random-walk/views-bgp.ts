import type { Model } from "./model.ts";
import type { Account, BgpGroup, BgpNetwork, BgpPeer, Thing } from "./things.ts";
import { here, type ListRead, numbered, type Read } from "./views.ts";

/** What reads of BGP groups, peers and networks must answer, from the model: every field. */

const times = { Hold: "30", Keepalive: "10" };

function groupView(of: BgpGroup): Record<string, unknown> {
  return {
    ...times,
    AuthKey: of.authKey,
    BgpGroupId: of.id,
    Description: of.description,
    IpVersion: of.ipVersion,
    IsFake: of.isFake,
    LocalAsn: of.localAsn,
    Name: of.name,
    PeerAsn: of.peerAsn,
    RegionId: of.region,
    RouteLimit: String(of.routeLimit),
    RouterId: of.routerId,
    Status: of.state,
  };
}
function peerView(model: Model, of: BgpPeer): Record<string, unknown> {
  const group = model.bgpGroups.find(({ id }) => id === of.groupId) as BgpGroup;
  const router = model.borderRouters.find(({ id }) => id === of.routerId);
  const isTrying = ["Available", "Modifying"].includes(of.state) && router?.state === "active";
  return {
    ...times,
    AdvertisedRouteCount: 0,
    AuthKey: group.authKey,
    BfdMultiHop: of.hops,
    BgpGroupId: of.groupId,
    BgpPeerId: of.id,
    BgpStatus: isTrying ? "Connect" : "Idle",
    Description: "",
    EnableBfd: of.hasBfd,
    GmtModified: `${new Date(of.modifiedAt).toISOString().slice(0, 16)}Z`,
    IpVersion: of.ipVersion,
    IsFake: group.isFake,
    LocalAsn: String(group.localAsn),
    Name: "",
    PeerAsn: String(group.peerAsn),
    PeerIpAddress: of.address,
    ReceivedRouteCount: 0,
    RegionId: of.region,
    RouteLimit: String(group.routeLimit),
    RouterId: of.routerId,
    Status: of.state,
  };
}
function networkView(of: BgpNetwork): Record<string, unknown> {
  return { DstCidrBlock: of.block, RouterId: of.routerId, Status: of.state, VpcId: of.vpcId };
}

/** A list that can be asked for one router, and its members' view. */
function list<T extends Thing & { readonly routerId: string }>(
  action: string,
  thingsOf: (model: Model) => readonly T[],
  shown: (model: Model, things: readonly T[]) => object,
): ListRead {
  return (model, place, random) => {
    const own = thingsOf(model).filter(here(place));
    const RouterId = random?.chance(0.5) === true && own.length > 0 ? random.pick(own).routerId : undefined;
    const { parameters, page, echo } = numbered(
      random,
      own.filter(({ routerId }) => routerId === (RouterId ?? routerId)),
    );
    const asked = { RegionId: place.region, RouterId, ...parameters };
    return { by: place.by, product: "vpc", action, parameters: asked, expected: { ...echo, ...shown(model, page) } };
  };
}
const showGroups = (_model: Model, groups: readonly BgpGroup[]): object => ({ BgpGroups: { BgpGroup: groups.map(groupView) } });
const showPeers = (model: Model, peers: readonly BgpPeer[]): object => ({
  BgpPeers: { BgpPeer: peers.map((one) => peerView(model, one)) },
});
const showNetworks = (_model: Model, networks: readonly BgpNetwork[]): object => ({
  BgpNetworks: { BgpNetwork: networks.map(networkView) },
});

export const bgpLists: readonly ListRead[] = [
  list("DescribeBgpGroups", ({ bgpGroups }) => bgpGroups, showGroups),
  list("DescribeBgpPeers", ({ bgpPeers }) => bgpPeers, showPeers),
  list("DescribeBgpNetworks", ({ bgpNetworks }) => bgpNetworks, showNetworks),
];

/** What one account reads of what an id names, or named; `undefined` where it is no id of a BGP group or peer. */
export function bgpAttribute(model: Model, by: Account, id: string, region: string): Read | undefined {
  const isGroup = id.startsWith("bgpg-");
  if (!isGroup && !id.startsWith("bgp-")) return undefined;
  const one = <T extends Thing>(things: readonly T[]): T[] => things.filter((thing) => thing.id === id && here({ by, region })(thing));
  const shown = isGroup ? showGroups(model, one(model.bgpGroups)) : showPeers(model, one(model.bgpPeers));
  const TotalCount = one<Thing>([...model.bgpGroups, ...model.bgpPeers]).length;
  return {
    by,
    product: "vpc",
    action: isGroup ? "DescribeBgpGroups" : "DescribeBgpPeers",
    parameters: { RegionId: region, [isGroup ? "BgpGroupId" : "BgpPeerId"]: id },
    expected: { PageNumber: 1, PageSize: 10, TotalCount, ...shown },
  };
}
