import { someRouter } from "./generate-border-routers.ts";
import { type Ground, type Maker, type Product, vpc } from "./ground.ts";
import type { Model } from "./model.ts";
import type { BgpGroup, BgpPeer, BorderRouter, Thing } from "./things.ts";

/** Calls about BGP groups, peers and networks. */

const isActive = ({ state }: BorderRouter): boolean => state === "active";
const available = (things: readonly Thing[]): number => things.filter(({ state }) => state === "Available").length;
/** A thing of an account that can call, mostly one that is not at work. */
function some<T extends Thing>(g: Ground, things: readonly T[], fits: (thing: T) => boolean = () => true): T | undefined {
  const enabled = new Set(g.enabled.map(({ id }) => id));
  const own = things.filter(({ account }) => enabled.has(account));
  return g.fitting(own, (thing) => thing.state === "Available" && fits(thing));
}
const blocks = ["10.9.0.0/16", "10.9.0.0/16", "10.9.9.9", "10.9.9.9/32", "192.168.0.0/16"];
const addresses = ["10.99.0.2", "10.99.1.2", "10.99.2.2", "10.99.0.6"];

function groupFields(g: Ground): Record<string, unknown> {
  const { random } = g;
  return {
    Name: g.name(),
    Description: g.name(0.2),
    LocalAsn: g.maybe(0.3, () => random.pick([45_104, 64_512, 4_200_000_000])),
    AuthKey: g.maybe(0.2, () => random.pick(["first", "second"])),
    IsFakeAsn: g.maybe(0.2, () => random.chance(0.7)),
    RouteQuota: g.maybe(0.2, () => random.pick([1, 50, 110, 200])),
  };
}
function peerFields(g: Ground, { ipVersion }: Pick<BgpGroup | BgpPeer, "ipVersion">): Record<string, unknown> {
  const { random } = g;
  const isIpv6 = (ipVersion === "IPv6") !== random.chance(0.03);
  const EnableBfd = g.maybe(0.4, () => random.chance(0.7));
  return {
    PeerIpAddress: g.maybe(0.7, () => (isIpv6 ? random.pick(["2408:4004:cc::2", "2408:4004:cc::6"]) : random.pick(addresses))),
    EnableBfd,
    BfdMultiHop: g.maybe(EnableBfd === true ? 0.9 : 0.04, () => random.pick([1, 255])),
  };
}
function hasIpv6({ circuits }: BorderRouter): boolean {
  return circuits.some((one) => one.hasIpv6);
}

export const bgpMakers: readonly Maker[] = [
  vpc(
    "CreateBgpGroup",
    ({ model }) => (model.borderRouters.some(isActive) ? (model.bgpGroups.length < 3 ? 6 : 1) : 0.2),
    (g) => {
      const of = someRouter(g, isActive);
      if (of === undefined) return undefined;
      const IpVersion = g.maybe(0.4, () => (hasIpv6(of) || g.random.chance(0.2) ? "IPv6" : "IPv4"));
      const place = { RegionId: g.region(of.region), RouterId: g.id(of) };
      return {
        by: g.mostly(of.account),
        parameters: { ...place, PeerAsn: g.random.pick([65_001, 4_294_967_295]), IpVersion, ...groupFields(g) },
      };
    },
  ),
  vpc(
    "ModifyBgpGroupAttribute",
    ({ model }) => 0.2 + available(model.bgpGroups),
    (g) => {
      const of = some(g, g.model.bgpGroups);
      if (of === undefined) return undefined;
      const ClearAuthKey = g.maybe(0.2, () => true);
      const more = { ...groupFields(g), PeerAsn: g.maybe(0.2, () => 65_002), ClearAuthKey };
      return { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), BgpGroupId: g.id(of), ...more } };
    },
  ),
  vpc(
    "DeleteBgpGroup",
    ({ model }) => 0.2 + available(model.bgpGroups) / 2,
    (g) => {
      const of = some(g, g.model.bgpGroups);
      return of && { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), BgpGroupId: g.id(of) } };
    },
  ),
  vpc(
    "CreateBgpPeer",
    ({ model }) => 0.2 + 4 * available(model.bgpGroups),
    (g) => {
      const of = some(g, g.model.bgpGroups);
      if (of === undefined) return undefined;
      const IpVersion = g.maybe(0.3, () => (g.random.chance(0.9) ? of.ipVersion : "IPv6"));
      return {
        by: g.mostly(of.account),
        parameters: { RegionId: g.region(of.region), BgpGroupId: g.id(of), IpVersion, ...peerFields(g, of) },
      };
    },
  ),
  vpc(
    "ModifyBgpPeerAttribute",
    ({ model }) => 0.2 + 2 * available(model.bgpPeers),
    (g) => {
      const of = some(g, g.model.bgpPeers);
      if (of === undefined) return undefined;
      const group = g.maybe(0.4, () => some(g, g.model.bgpGroups, ({ routerId }) => routerId === of.routerId));
      const BgpGroupId = group && g.id(group);
      return {
        by: g.mostly(of.account),
        parameters: { RegionId: g.region(of.region), BgpPeerId: g.id(of), BgpGroupId, ...peerFields(g, of) },
      };
    },
  ),
  vpc(
    "DeleteBgpPeer",
    ({ model }) => 0.2 + available(model.bgpPeers) / 2,
    (g) => {
      const of = some(g, g.model.bgpPeers);
      return of && { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), BgpPeerId: g.id(of) } };
    },
  ),
  vpc(
    "AddBgpNetwork",
    ({ model }) => (model.borderRouters.some(isActive) ? 4 : 0.2),
    (g) => {
      const of = someRouter(g, isActive);
      if (of === undefined) return undefined;
      const DstCidrBlock = g.random.chance(0.04) ? "224.1.0.0/16" : g.random.pick(blocks);
      const near = g.maybe(0.4, () => g.some(g.model.vpcs));
      const parameters = { RegionId: g.region(of.region), RouterId: g.id(of), DstCidrBlock, VpcId: near && g.id(near) };
      return { by: g.mostly(of.account), parameters };
    },
  ),
  vpc(
    "DeleteBgpNetwork",
    ({ model }) => 0.2 + available(model.bgpNetworks),
    (g) => {
      const of = some(g, g.model.bgpNetworks);
      const router = g.model.borderRouters.find(({ id }) => id === of?.routerId);
      if (of === undefined || router === undefined) return undefined;
      const DstCidrBlock = g.random.chance(0.9) ? of.block : g.random.pick(blocks);
      return { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), RouterId: g.id(router), DstCidrBlock } };
    },
  ),
];

export function bgpDeletions(
  model: Model,
  add: (account: string, product: Product, action: string, parameters: Readonly<Record<string, unknown>>) => void,
): void {
  for (const { account, region: RegionId, id: BgpPeerId } of model.bgpPeers) add(account, "vpc", "DeleteBgpPeer", { RegionId, BgpPeerId });
  for (const { account, region: RegionId, id: BgpGroupId } of model.bgpGroups)
    add(account, "vpc", "DeleteBgpGroup", { RegionId, BgpGroupId });
  for (const { account, region: RegionId, routerId: RouterId, block: DstCidrBlock } of model.bgpNetworks)
    add(account, "vpc", "DeleteBgpNetwork", { RegionId, RouterId, DstCidrBlock });
}
