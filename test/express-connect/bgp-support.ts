import assert from "node:assert/strict";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import type { TestServer } from "../support/server.ts";

/** What the tests of BGP start from: virtual border routers, and groups and peers on them. The server's pace must be `stepped`. */

/** Asks for a border router on a circuit. VLANs are counted, and each has its own block of addresses. */
export function requestRouter(owner: Caller, PhysicalConnectionId: string, parameters: Parameters = {}): Promise<Answer> {
  const VlanId = ++vlans;
  const ends = { LocalGatewayIp: `10.255.${VlanId}.1`, PeerGatewayIp: `10.255.${VlanId}.2`, PeeringSubnetMask: "255.255.255.0" };
  return owner.vpc("CreateVirtualBorderRouter", { RegionId: hangzhou, PhysicalConnectionId, VlanId, ...ends, ...parameters });
}
let vlans = 0;
export const ipv6Ends = {
  EnableIpv6: true,
  LocalIpv6GatewayIp: "2408:4004:cc:400::1",
  PeerIpv6GatewayIp: "2408:4004:cc:400::2",
  PeeringIpv6SubnetMask: "2408:4004:cc:400::/56",
} as const;
/** A border router that is active; answers its id. */
export async function routerOn(owner: Caller, circuit: string, parameters: Parameters = {}): Promise<string> {
  return succeeded(await requestRouter(owner, circuit, parameters)).body.VbrId;
}

/** Calls an operation in Hangzhou. */
export function inHangzhou(owner: Caller, action: string, parameters: Parameters = {}): Promise<Answer> {
  return owner.vpc(action, { RegionId: hangzhou, ...parameters });
}

/** A group that is Available, with the number 65001 for its peers unless said; answers its id. */
export async function groupOn(server: TestServer, owner: Caller, RouterId: string, parameters: Parameters = {}): Promise<string> {
  const { body } = succeeded(await inHangzhou(owner, "CreateBgpGroup", { RouterId, PeerAsn: 65001, ...parameters }));
  await server.advance();
  return body.BgpGroupId;
}
/** A peer that is Available; answers its id. */
export async function peerIn(server: TestServer, owner: Caller, BgpGroupId: string, parameters: Parameters = {}): Promise<string> {
  const { body } = succeeded(await inHangzhou(owner, "CreateBgpPeer", { BgpGroupId, ...parameters }));
  await server.advance();
  return body.BgpPeerId;
}

/** The group or peer with an id, as its owner reads it; `undefined` for what is not there. */
export async function readGroup(owner: Caller, BgpGroupId: string): Promise<any> {
  return only(succeeded(await inHangzhou(owner, "DescribeBgpGroups", { BgpGroupId })).body.BgpGroups.BgpGroup);
}
export async function readPeer(owner: Caller, BgpPeerId: string): Promise<any> {
  return only(succeeded(await inHangzhou(owner, "DescribeBgpPeers", { BgpPeerId })).body.BgpPeers.BgpPeer);
}
function only(items: readonly unknown[]): unknown {
  assert.ok(items.length <= 1);
  return items[0];
}
