import assert from "node:assert/strict";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import type { TestServer } from "../support/server.ts";

/** What tests with BGP groups and peers start from. The server's pace must be `stepped`. */

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
