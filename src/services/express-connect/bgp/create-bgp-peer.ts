import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { invalidParameter } from "../../../contract/errors.ts";
import { type Rule, rulesOn, target, writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import type { ResourceReader } from "../../../contract/resource-kind.ts";
import { text } from "../../../contract/response.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import type { VirtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { type BgpGroup, bgpGroup } from "./bgp-group.ts";
import { bgpPeer, findPeer } from "./bgp-peer.ts";
import { bgpGroupErrors, bgpPeerErrors } from "./errors.ts";
import { isIpv6, peerIpVersion } from "./parameters.ts";
import { addressIsOfVersion, bfdAfter, bfdIsWhole, groupIsAvailable, routerHasVersion, routerIsActive, routerOf } from "./rules.ts";

const withoutBfd = { enableBfd: false, bfdMultiHop: 0 } as const;

export const createBgpPeer = writeOperation({
  product: Vpc,
  name: "CreateBgpPeer",
  summary: "Adds a device of the site to a BGP group. No session is negotiated with it here.",
  pollWith: "DescribeBgpPeers",
  authorisation: {
    action: "vpc:CreateBgpPeer",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    fill: { RouterId: ({ targets }) => targets["group"]?.routerId },
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    BgpGroupId: id,
    PeerIpAddress: string({ lengthMax: 64, invalid: bgpPeerErrors.addressMalformed }),
    EnableBfd: boolean(),
    ClientToken: clientToken,
    IpVersion: peerIpVersion,
    BfdMultiHop: integer({ min: 1, max: 255, invalid: bgpPeerErrors.bfdMultiHopIllegal }),
  },
  response: { BgpPeerId: text },
  targets: { group: target({ kind: bgpGroup, parameter: "BgpGroupId", missing: bgpGroupErrors.notFound }) },
  check: [
    ...bfdIsWhole(() => withoutBfd),
    groupIsAvailable,
    ...rulesOn(planned, [
      routerIsActive,
      {
        rule: "IpVersion is that of the group",
        error: invalidParameter("IpVersion"),
        source: "inferred",
        holds: ({ input, targets }) => isIpv6(input.IpVersion) === isIpv6(targets.group.ipVersion),
      },
      routerHasVersion,
      {
        rule: "PeerIpAddress is given, or the virtual border router has a single circuit with an address on the site's side",
        error: bgpPeerErrors.addressUnclear,
        holds: ({ input }) => input.PeerIpAddress !== "",
      },
      addressIsOfVersion(({ input }) => input.IpVersion, bgpPeerErrors.addressMalformed),
      {
        rule: "the group has no peer with the address",
        error: bgpPeerErrors.alreadyExists,
        source: "inferred",
        holds: async ({ input, state, targets: { group } }) =>
          (await findPeer(state, group.routerId, input.PeerIpAddress))?.bgpGroupId !== group.id,
      },
      {
        rule: "no other group of the virtual border router has a peer with the address",
        error: bgpPeerErrors.addressInUse,
        source: "inferred",
        holds: async ({ input, state, targets: { group } }) => (await findPeer(state, group.routerId, input.PeerIpAddress)) === undefined,
      },
    ] satisfies Rule<Planned>[]),
    {
      rule: "the virtual border router has room for another BGP peer (quota Bgp)",
      error: bgpPeerErrors.quota,
      advice: quotaAdvice("Bgp"),
      holds: async ({ input, caller, state, settings, targets }) =>
        (await state.count(bgpPeer, [["ofRouter", targets.group.routerId]])) < settings.quota("Bgp", caller.account, input.RegionId),
    },
  ],
  apply: async (call) => {
    const { input, caller, state, targets } = call;
    const { IpVersion, PeerIpAddress } = (await planned(call)).input;
    const created = await state.create(
      bgpPeer,
      {
        id: state.newId(bgpPeer, input.RegionId),
        account: caller.account,
        region: input.RegionId,
        bgpGroupId: targets.group.id,
        routerId: targets.group.routerId,
        peerIpAddress: PeerIpAddress,
        ipVersion: IpVersion,
        ...bfdAfter(input, withoutBfd),
      },
      "CreateBgpPeer",
    );
    return { BgpPeerId: created.id };
  },
});

/** A call with what follows from group and router where it is not said. */
interface Planned {
  /** `PeerIpAddress` is the empty string where it neither is given nor follows. */
  readonly input: { readonly IpVersion: string; readonly PeerIpAddress: string };
  readonly state: ResourceReader;
  readonly targets: { readonly group: BgpGroup; readonly router: VirtualBorderRouter };
}
async function planned({
  input,
  state,
  targets: { group },
}: {
  readonly input: { readonly IpVersion: string | undefined; readonly PeerIpAddress: string | undefined };
  readonly state: ResourceReader;
  readonly targets: { readonly group: BgpGroup };
}): Promise<Planned> {
  const router = await routerOf(state, group);
  const IpVersion = input.IpVersion ?? group.ipVersion;
  return { input: { IpVersion, PeerIpAddress: input.PeerIpAddress ?? siteAddress(router, IpVersion) }, state, targets: { group, router } };
}
/** The site's address on the router's circuit, if it has just one. */
function siteAddress({ circuits: [first, ...others] }: VirtualBorderRouter, version: string): string {
  if (others.length > 0) return "";
  return isIpv6(version) ? first.peerIpv6GatewayIp : first.peerGatewayIp;
}
