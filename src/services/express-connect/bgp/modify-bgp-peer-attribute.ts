import { clientToken, idOr, optionalId, regionId } from "../../../contract/common-parameters.ts";
import { target, writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { type BgpGroup, bgpGroup } from "./bgp-group.ts";
import { type BgpPeer, bgpPeer, findPeer } from "./bgp-peer.ts";
import { bgpGroupErrors, bgpPeerErrors } from "./errors.ts";
import { isIpv6 } from "./parameters.ts";
import { addressIsOfVersion, bfdAfter, bfdIsWhole, groupIsAvailable } from "./rules.ts";

export const modifyBgpPeerAttribute = writeOperation({
  product: Vpc,
  name: "ModifyBgpPeerAttribute",
  summary: "Changes the address of a BGP peer, its failure detection, and its group among those of its virtual border router.",
  pollWith: "DescribeBgpPeers",
  authorisation: {
    action: "vpc:ModifyBgpPeerAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    fill: { RouterId: ({ targets }) => targets["peer"]?.routerId },
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    BgpPeerId: idOr(bgpPeerErrors.idMissing),
    BgpGroupId: optionalId,
    PeerIpAddress: string({ lengthMax: 64, invalid: bgpPeerErrors.addressMalformedOnModify }),
    EnableBfd: boolean(),
    ClientToken: clientToken,
    BfdMultiHop: integer({ min: 1, max: 255, invalid: bgpPeerErrors.bfdMultiHopIllegal }),
  },
  response: {},
  targets: {
    peer: target({ kind: bgpPeer, parameter: "BgpPeerId", missing: bgpPeerErrors.notFoundOnModify }),
    group: target({ kind: bgpGroup, parameter: "BgpGroupId", missing: bgpGroupErrors.notFound }),
  },
  check: [
    addressIsOfVersion(({ targets }: OnPeer) => targets.peer.ipVersion, bgpPeerErrors.addressMalformedOnModify),
    ...bfdIsWhole(({ targets }: OnPeer) => targets.peer),
    stateAllows("peer", bgpPeer, "ModifyBgpPeerAttribute", bgpPeerErrors.status),
    {
      rule: "the group, if given, is one of the peer's virtual border router, and of the peer's IP version",
      error: bgpGroupErrors.notFound,
      source: "inferred",
      holds: ({ targets: { peer, group } }: OnPeer) =>
        group === undefined || (group.routerId === peer.routerId && isIpv6(group.ipVersion) === isIpv6(peer.ipVersion)),
    },
    groupIsAvailable,
    {
      rule: "no other peer of the virtual border router has the address",
      error: bgpPeerErrors.addressInUseOnModify,
      source: "inferred",
      holds: async ({ input, state, targets: { peer } }) =>
        ((await findPeer(state, peer.routerId, input.PeerIpAddress ?? peer.peerIpAddress)) ?? peer).id === peer.id,
    },
  ],
  apply: async ({ input, state, targets: { peer } }) => {
    await state.move(bgpPeer, peer, "ModifyBgpPeerAttribute", {
      bgpGroupId: input.BgpGroupId ?? peer.bgpGroupId,
      peerIpAddress: input.PeerIpAddress ?? peer.peerIpAddress,
      ...bfdAfter(input, peer),
    });
    return {};
  },
});

interface OnPeer {
  readonly input: {
    readonly PeerIpAddress: string | undefined;
    readonly EnableBfd: boolean | undefined;
    readonly BfdMultiHop: number | undefined;
  };
  /** The group only where it is named. */
  readonly targets: { readonly peer: BgpPeer; readonly group: BgpGroup | undefined };
}
