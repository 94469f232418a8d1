import type { ErrorDefinition } from "../../contract/errors.ts";
import { type Call, type Rule, type Target, target } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import type { ResourceKind } from "../../contract/resource-kind.ts";
import type { SettingsReader } from "../../contract/settings.ts";
import { allows } from "../../contract/state-table.ts";
import { peeringErrors } from "./errors.ts";
import {
  isInterRegion,
  isParty,
  type LinkType,
  type VpcPeerConnection,
  type VpcPeerConnectionBody,
  vpcPeerConnection,
} from "./vpc-peer-connection.ts";

/** What the operations on one peering connection share. */

/** Resource type as messages of this family name it. */
export const typeName = "VpcPeer";

/** The connection that `InstanceId` names. Its id says nothing of a region, and either side may name it. */
export const connectionTarget: Target<ResourceKind<VpcPeerConnectionBody>> = target({
  kind: vpcPeerConnection,
  parameter: "InstanceId",
  missing: peeringErrors.notFound,
  fill: [typeName],
  // A deleted connection can still be read for a moment; for everything else it is gone.
  visible: (connection, { caller }) => isParty(connection, caller.account) && connection.state !== "Deleted",
});

export interface OnConnection {
  readonly targets: { readonly connection: VpcPeerConnection };
}
const ofConnection = ({ targets }: OnConnection): readonly string[] => [typeName, targets.connection.id];

/** Rule: the connection's state allows the operation. A connection at work refuses every write. */
export function connectionAllows(operation: string): Rule<OnConnection> {
  return {
    rule: `the connection is in a state that allows ${operation}`,
    error: peeringErrors.status,
    holds: ({ targets }) => allows(vpcPeerConnection.states, targets.connection.state, operation),
    fill: ofConnection,
    subject: ({ targets }) => ({ kind: vpcPeerConnection, resource: targets.connection }),
  };
}

/** Rule: only the accepter of a cross-account request may answer it. */
export const callerIsAccepter: Rule<OnConnection & Pick<Call, "caller">> = {
  rule: "the caller is the accepter's account",
  error: peeringErrors.status,
  source: "inferred",
  holds: ({ targets, caller }) => targets.connection.acceptingAccount === caller.account,
  fill: ofConnection,
};

export const notServiceManaged: Rule<OnConnection> = {
  rule: "no other cloud service manages the connection",
  error: peeringErrors.serviceManaged,
  holds: ({ targets }) => targets.connection.ManagedService === "",
};

export const businessIsNormal: Rule<OnConnection> = {
  rule: "the business status of the connection is Normal",
  error: peeringErrors.businessStatus,
  holds: ({ targets }) => targets.connection.BizStatus === "Normal",
  fill: ofConnection,
};

/** Mbps of an inter-region connection. */
export const bandwidth = integer({ min: 1, invalid: peeringErrors.bandwidthIllegal });
/** The value is judged by rules, because a wrong one has the code of an account without the feature. */
export const linkType = string({ lengthMax: 64 });

/** The connection whose link the rules judge: one that exists, or one that a call asks for. */
interface Link {
  readonly account: string;
  readonly region: string;
  readonly acceptingRegion: string;
}
export interface OnLink {
  readonly input: { readonly Bandwidth: number | undefined; readonly LinkType: string | undefined };
  readonly settings: SettingsReader;
}
/** What the connection will have: what the call gives, or a default that the call leaves it to. */
interface Wanted {
  readonly bandwidth: number | undefined;
  readonly linkType: string | undefined;
}

/**
 * Rules for bandwidth and link type: same-region first, then the value, then the quota.
 * @param wantedOf what the connection will have; what the call gives unless said
 */
export function linkRules<C extends OnLink>(
  linkOf: (call: C) => Link,
  wantedOf: (call: C) => Wanted = ({ input }) => ({ bandwidth: input.Bandwidth, linkType: input.LinkType }),
): Rule<C>[] {
  const rule = (
    text: string,
    error: ErrorDefinition,
    holds: (call: C, link: Link, wanted: Wanted) => boolean,
    advice?: string,
  ): Rule<C> => ({
    rule: text,
    error,
    advice,
    holds: (call) => holds(call, linkOf(call), wantedOf(call)),
  });
  return [
    rule(
      "Bandwidth is set for inter-region connections only",
      peeringErrors.bandwidthInSameRegion,
      ({ input }, link) => input.Bandwidth === undefined || isInterRegion(link),
    ),
    rule(
      "LinkType is set for inter-region connections only",
      peeringErrors.linkTypeInSameRegion,
      ({ input }, link) => input.LinkType === undefined || isInterRegion(link),
    ),
    rule(
      "LinkType is Gold or Platinum",
      peeringErrors.linkTypeOfAccount,
      (_call, _link, { linkType }) => linkType === undefined || isLinkType(linkType),
    ),
    rule(
      "both regions have the link type, also when it is the default",
      peeringErrors.linkTypeInRegion,
      ({ settings }, { region, acceptingRegion }, { linkType }) =>
        linkType === undefined || [region, acceptingRegion].every((one) => settings.openInRegion(featureOf(linkType), one)),
      linkTypeAdvice,
    ),
    rule(
      "the requester's account has the link type, also when it is the default",
      peeringErrors.linkTypeOfAccount,
      ({ settings }, { account, region }, { linkType }) =>
        linkType === undefined || settings.openForAccount(featureOf(linkType), account, region),
      linkTypeAdvice,
    ),
    rule(
      "the bandwidth is within the account's quota",
      peeringErrors.bandwidthQuota,
      ({ settings }, { account, region }, { bandwidth: wanted }) =>
        wanted === undefined || wanted <= settings.quota("Bandwidth", account, region),
      "ask for less bandwidth, or raise the quota Bandwidth with PUT /_linkspan/settings",
    ),
  ];
}

const linkTypeAdvice = "ask for the other link type, or open the feature LinkType.Gold or LinkType.Platinum with PUT /_linkspan/settings";

function isLinkType(value: string): value is LinkType {
  return value === "Gold" || value === "Platinum";
}
function featureOf(linkType: string): "LinkType.Gold" | "LinkType.Platinum" {
  return linkType === "Platinum" ? "LinkType.Platinum" : "LinkType.Gold";
}
