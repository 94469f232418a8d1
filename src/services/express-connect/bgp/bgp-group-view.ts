import { bool, int, structure, text, type ValueOfShape } from "../../../contract/response.ts";
import type { BgpGroup } from "./bgp-group.ts";

/** Seconds of BGP that no call can change, as answers write them. */
export const holdTime = "30";
export const keepaliveTime = "10";

export const bgpGroupFields = {
  AuthKey: text,
  BgpGroupId: text,
  Description: text,
  Hold: text,
  IpVersion: text,
  // A truth value and two numbers although the documents say text, which clients drop.
  IsFake: bool,
  Keepalive: text,
  LocalAsn: int,
  Name: text,
  PeerAsn: int,
  RegionId: text,
  RouteLimit: text,
  RouterId: text,
  Status: text,
} as const;
const shape = structure(bgpGroupFields);

/** A BGP group as its owner sees it, its key included. */
export function bgpGroupView(of: BgpGroup): ValueOfShape<typeof shape> {
  return {
    AuthKey: of.authKey,
    BgpGroupId: of.id,
    Description: of.description,
    Hold: holdTime,
    IpVersion: of.ipVersion,
    IsFake: of.isFakeAsn,
    Keepalive: keepaliveTime,
    LocalAsn: of.localAsn,
    Name: of.name,
    PeerAsn: of.peerAsn,
    RegionId: of.region,
    RouteLimit: String(of.routeLimit),
    RouterId: of.routerId,
    Status: of.state,
  };
}
