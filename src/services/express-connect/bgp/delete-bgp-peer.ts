import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { target, writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { bgpPeer } from "./bgp-peer.ts";
import { bgpPeerErrors } from "./errors.ts";

export const deleteBgpPeer = writeOperation({
  product: Vpc,
  name: "DeleteBgpPeer",
  summary: "Deletes a BGP peer.",
  pollWith: "DescribeBgpPeers",
  authorisation: {
    action: "vpc:DeleteBgpPeer",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    fill: { RouterId: ({ targets }) => targets["peer"]?.routerId },
    source: "inferred",
  },
  parameters: { RegionId: regionId, BgpPeerId: id, ClientToken: clientToken },
  response: {},
  targets: { peer: target({ kind: bgpPeer, parameter: "BgpPeerId", missing: bgpPeerErrors.notFound }) },
  check: [stateAllows("peer", bgpPeer, "DeleteBgpPeer", bgpPeerErrors.status)],
  apply: async ({ state, targets }) => {
    await state.move(bgpPeer, targets.peer, "DeleteBgpPeer");
    return {};
  },
});
