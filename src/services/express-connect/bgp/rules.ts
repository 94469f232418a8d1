import { isIPv4, isIPv6 } from "node:net";
import type { ErrorDefinition } from "../../../contract/errors.ts";
import type { Rule } from "../../../contract/operation.ts";
import type { Resource, ResourceReader } from "../../../contract/resource-kind.ts";
import { quotaAdvice, type SettingsReader } from "../../../contract/settings.ts";
import { asn, cloudAsn, customerAsn } from "../../vpn/asn.ts";
import { type VirtualBorderRouter, virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { type BgpGroup, bgpGroup } from "./bgp-group.ts";
import type { BgpPeerBody } from "./bgp-peer.ts";
import { bgpErrors, bgpGroupErrors, bgpPeerErrors } from "./errors.ts";
import { isIpv6 } from "./parameters.ts";

/** Rules that the operations on BGP groups, peers and networks share. */

/** The border router of a group or a peer, which cannot be deleted before it. */
export async function routerOf(state: ResourceReader, of: Resource<{ readonly routerId: string }>): Promise<VirtualBorderRouter> {
  const router = await state.get(virtualBorderRouter, of.routerId);
  if (router === undefined) throw new Error(`${of.id} belongs to ${of.routerId}, which is not there`);
  return router;
}

interface OnRouter {
  readonly targets: { readonly router: VirtualBorderRouter };
}
/** Rule: the border router is in use. */
export const routerIsActive: Rule<OnRouter> = {
  rule: "the virtual border router is active",
  error: bgpErrors.status,
  source: "inferred",
  holds: ({ targets }) => targets.router.state === "active",
  subject: ({ targets }) => ({ kind: virtualBorderRouter, resource: targets.router }),
};
/** Rule: the border router speaks the IP version that is asked for. */
export const routerHasVersion: Rule<OnRouter & { readonly input: { readonly IpVersion: string } }> = {
  rule: "IPv6 is enabled on the virtual border router, if IpVersion is IPv6",
  error: bgpErrors.ipv6Disabled,
  source: "sdk-metadata",
  holds: ({ input, targets }) => !isIpv6(input.IpVersion) || targets.router.circuits.some(({ enableIpv6 }) => enableIpv6),
};
/** Rule: the group that a peer is to stand in takes peers. */
export const groupIsAvailable: Rule<{ readonly targets: { readonly group: BgpGroup | undefined } }> = {
  rule: "the BGP group is Available",
  error: bgpErrors.status,
  source: "inferred",
  holds: ({ targets: { group } }) => group === undefined || group.state === "Available",
  subject: ({ targets: { group } }) => group && { kind: bgpGroup, resource: group },
};

/** The cloud's own numbers that can be chosen, and one among them that is taken. */
const localAsnRanges = [
  [cloudAsn, cloudAsn],
  [64_512, 65_534],
  [4_200_000_000, 4_294_967_294],
] as const;
const reservedAsn = 65_025;

interface Numbers {
  readonly input: { readonly LocalAsn: string | undefined; readonly PeerAsn: string | undefined };
}
/** Rules: the numbers of a group's two sides, where they are given, are numbers that the sides can have. */
export function numbersArePossible(errors: { readonly peer: ErrorDefinition; readonly local: ErrorDefinition }): Rule<Numbers>[] {
  const peerRule = "PeerAsn is a number from 1 to 4294967295";
  return [
    {
      rule: peerRule,
      error: errors.peer,
      holds: ({ input }) => input.PeerAsn === undefined || asn(input.PeerAsn) !== undefined,
      fill: () => [peerRule],
    },
    {
      rule: `PeerAsn is not the cloud's own ${cloudAsn}`,
      error: bgpGroupErrors.peerAsnIsClouds,
      holds: ({ input }) => input.PeerAsn === undefined || customerAsn(input.PeerAsn) !== undefined,
    },
    {
      rule: `LocalAsn is ${localAsnRanges.map(([first, last]) => (first === last ? first : `${first} to ${last}`)).join(", ")}, but not ${reservedAsn}`,
      error: errors.local,
      holds: ({ input }) =>
        input.LocalAsn === undefined ||
        (Number(input.LocalAsn) !== reservedAsn &&
          localAsnRanges.some(([first, last]) => Number(input.LocalAsn) >= first && Number(input.LocalAsn) <= last)),
    },
  ];
}

interface Routes {
  readonly input: { readonly RegionId: string; readonly RouteQuota: number | undefined };
  readonly caller: { readonly account: string };
  readonly settings: SettingsReader;
}
/** Rule: the group asks for no more routes than its account can have. */
export const routesAreWithinQuota: Rule<Routes> = {
  rule: "RouteQuota is at most the routes that the account can have of a BGP peer (quota RouteLimit)",
  error: bgpGroupErrors.tooManyRoutes,
  advice: quotaAdvice("RouteLimit"),
  holds: ({ input, caller, settings }) =>
    input.RouteQuota === undefined || input.RouteQuota <= settings.quota("RouteLimit", caller.account, input.RegionId),
};

/** Rule: a peer's address, where it is given, is one of the peer's IP version. */
export function addressIsOfVersion<C extends { readonly input: { readonly PeerIpAddress: string | undefined } }>(
  versionOf: (call: C) => string,
  error: ErrorDefinition,
): Rule<C> {
  return {
    rule: "PeerIpAddress is an address of the peer's IP version",
    error,
    holds: (call) => {
      const address = call.input.PeerIpAddress;
      return address === undefined || (isIpv6(versionOf(call)) ? isPlainIpv6(address) : isIPv4(address));
    },
  };
}
/** An address with a zone means something on one machine only. */
function isPlainIpv6(address: string): boolean {
  return isIPv6(address) && !address.includes("%");
}

/** What a peer does about BFD, the detection of failures. */
type Bfd = Pick<BgpPeerBody, "enableBfd" | "bfdMultiHop">;
interface GivenBfd {
  readonly EnableBfd: boolean | undefined;
  readonly BfdMultiHop: number | undefined;
}
/** What a call makes of what a peer did before. */
export function bfdAfter(input: GivenBfd, before: Bfd): Bfd {
  const enableBfd = input.EnableBfd ?? before.enableBfd;
  return { enableBfd, bfdMultiHop: enableBfd ? (input.BfdMultiHop ?? before.bfdMultiHop) : 0 };
}
/** Rules: a peer has BFD and a number of hops for it, or neither. */
export function bfdIsWhole<C extends { readonly input: GivenBfd }>(before: (call: C) => Bfd): Rule<C>[] {
  return [
    {
      rule: "BfdMultiHop is for a peer with BFD",
      error: bgpPeerErrors.bfdMissing,
      holds: (call) => call.input.BfdMultiHop === undefined || bfdAfter(call.input, before(call)).enableBfd,
    },
    {
      rule: "a peer with BFD has a BfdMultiHop",
      error: bgpPeerErrors.bfdMultiHopIllegal,
      source: "sdk-metadata",
      holds: (call) => {
        const { enableBfd, bfdMultiHop } = bfdAfter(call.input, before(call));
        return !enableBfd || bfdMultiHop > 0;
      },
    },
  ];
}
