import type { Random } from "../support/random.ts";
import type { Parameters } from "../support/caller.ts";
import { kindNamed, onSideOf, type Preference, type Scene, suitable } from "./scene.ts";

/** How calls about the BGP groups, peers and networks of border routers get past their rules. */

function stateOf({ resources }: Scene, id: string): string | undefined {
  return resources.find((one) => one.id === id)?.state;
}
/** What a BGP peer does about the detection of failures. */
function bfd(random: Random): Parameters {
  return random.chance(0.3) ? { EnableBfd: true, BfdMultiHop: random.between(1, 255) } : { EnableBfd: undefined, BfdMultiHop: undefined };
}
function peerAddress(random: Random, ipVersion: string): string {
  return ipVersion.endsWith("6")
    ? `2408:4004::${random.between(2, 0xffff).toString(16)}`
    : `172.16.${random.below(256)}.${random.between(1, 254)}`;
}

export const bgpPreferences: Readonly<Record<string, Preference>> = {
  CreateBgpGroup: (one) => one.state === "active",
  CreateBgpPeer: (one, scene) => one.state === "Available" && stateOf(scene, one["routerId"]) === "active",
  AddBgpNetwork: (one) => one.state === "active",
};

export const bgpRecipes: Readonly<Record<string, (scene: Scene, given: Parameters) => Parameters>> = {
  CreateBgpGroup: ({ random, named }) => ({
    IpVersion: named.get("RouterId")?.["circuits"][0].enableIpv6 === true ? random.pick(["IPv6", "ipv6", "IPv4"]) : undefined,
    LocalAsn: random.pick([undefined, "45104", "65010"]),
    PeerAsn: random.pick(["65001", "64999"]),
  }),
  ModifyBgpGroupAttribute: ({ random }, given) => ({
    LocalAsn: random.pick([undefined, "45104", "65010"]),
    PeerAsn: random.pick([undefined, "65002"]),
    ClearAuthKey: given["AuthKey"] === undefined ? random.pick([undefined, true]) : undefined,
  }),
  CreateBgpPeer: ({ random, named }) => ({
    PeerIpAddress: random.chance(0.8) ? peerAddress(random, named.get("BgpGroupId")?.["ipVersion"] ?? "IPv4") : undefined,
    IpVersion: undefined,
    ...bfd(random),
  }),
  ModifyBgpPeerAttribute: ({ random, named, resources }) => {
    const peer = named.get("BgpPeerId");
    const groups = resources.filter(
      (one) =>
        one.kind === "bgp-group" &&
        one.state === "Available" &&
        one["routerId"] === peer?.["routerId"] &&
        one["ipVersion"].at(-1) === peer?.["ipVersion"].at(-1),
    );
    return {
      BgpGroupId: groups.length > 0 && random.chance(0.4) ? random.pick(groups).id : undefined,
      PeerIpAddress: random.chance(0.4) ? peerAddress(random, peer?.["ipVersion"] ?? "IPv4") : undefined,
      ...bfd(random),
    };
  },
  AddBgpNetwork: (scene) => ({
    VpcId: scene.random.chance(0.4) ? suitable(scene, kindNamed("vpc"), ({ account }) => account === scene.account)?.id : undefined,
  }),
  DeleteBgpNetwork: (scene) => {
    const network = suitable(scene, kindNamed("bgp-network"));
    if (network === undefined) return {};
    onSideOf(scene, network);
    return { RegionId: network.region, RouterId: network["routerId"], DstCidrBlock: network["dstCidrBlock"] };
  },
};
