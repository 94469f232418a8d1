import type { ResourceReader } from "../../../contract/resource-kind.ts";
import { bool, int, structure, text, type ValueOfShape } from "../../../contract/response.ts";
import { utcMinutes } from "../../../contract/time.ts";
import { holdTime, keepaliveTime } from "./bgp-group-view.ts";
import { type BgpPeer, groupOf } from "./bgp-peer.ts";
import { routerOf } from "./rules.ts";

export const bgpPeerFields = {
  AdvertisedRouteCount: int,
  AuthKey: text,
  BfdMultiHop: int,
  BgpGroupId: text,
  BgpPeerId: text,
  BgpStatus: text,
  Description: text,
  EnableBfd: bool,
  GmtModified: text,
  Hold: text,
  IpVersion: text,
  IsFake: bool,
  Keepalive: text,
  LocalAsn: text,
  Name: text,
  PeerAsn: text,
  PeerIpAddress: text,
  ReceivedRouteCount: int,
  RegionId: text,
  RouteLimit: text,
  RouterId: text,
  Status: text,
} as const;
const shape = structure(bgpPeerFields);

/** A BGP peer as its owner sees it, with what it has from its group, the key included. */
export async function bgpPeerView(state: ResourceReader, of: BgpPeer): Promise<ValueOfShape<typeof shape>> {
  const group = await groupOf(state, of);
  return {
    // No routes go either way, because there is no session.
    AdvertisedRouteCount: 0,
    AuthKey: group.authKey,
    BfdMultiHop: of.bfdMultiHop,
    BgpGroupId: of.bgpGroupId,
    BgpPeerId: of.id,
    BgpStatus: await sessionStatus(state, of),
    // Peers have neither name nor description of their own, and show none of their group's.
    Description: "",
    EnableBfd: of.enableBfd,
    GmtModified: utcMinutes(of.modifiedAt),
    Hold: holdTime,
    IpVersion: of.ipVersion,
    IsFake: group.isFakeAsn,
    Keepalive: keepaliveTime,
    LocalAsn: String(group.localAsn),
    Name: "",
    PeerAsn: String(group.peerAsn),
    PeerIpAddress: of.peerIpAddress,
    ReceivedRouteCount: 0,
    RegionId: of.region,
    RouteLimit: String(group.routeLimit),
    RouterId: of.routerId,
    Status: of.state,
  };
}

/** How far a router gets with a peer that never answers: once both are configured it tries to connect, before that it does nothing. */
async function sessionStatus(state: ResourceReader, of: BgpPeer): Promise<"Idle" | "Connect"> {
  const isConfigured = of.state === "Available" || of.state === "Modifying";
  return isConfigured && (await routerOf(state, of)).state === "active" ? "Connect" : "Idle";
}
