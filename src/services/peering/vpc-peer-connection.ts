import { scoped, sharedIndexes, scopeOf } from "../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";
import { peeringErrors } from "./errors.ts";

export type LinkType = "Gold" | "Platinum";

/** A VPC peering connection. `account` and `region` are the requester's. */
export interface VpcPeerConnectionBody {
  readonly vpcId: string;
  readonly acceptingAccount: string;
  readonly acceptingRegion: string;
  readonly acceptingVpcId: string;
  readonly name: string;
  readonly description: string;
  /** Mbps; -1 (no limit) within a region. */
  readonly bandwidth: number;
  /** The empty string within a region, where link types do not exist. */
  readonly linkType: LinkType | "";
  /** Virtual time in milliseconds at which an unanswered request expires. */
  readonly expiresAt: number;
  readonly BizStatus: string;
  /** The cloud service that manages it, or the empty string. */
  readonly ManagedService: string;
}
export type VpcPeerConnection = Resource<VpcPeerConnectionBody>;

/** States in which a connection neither joins its VPCs nor ever will. */
const dead = ["Rejected", "Expired", "Deleted"];

export const vpcPeerConnection: ResourceKind<VpcPeerConnectionBody> = {
  name: "vpc-peering-connection",
  idPrefix: "pcc",
  idHasRegionCode: false,
  tagType: "PeerConnection",
  states: {
    initial: { CreateVpcPeerConnection: "Creating" },
    states: {
      Creating: {
        meaning: "the request is being set up",
        task: { event: "created", after: "work" },
        moves: {
          created: {
            oneOf: ["Activated", "Accepting"],
            choose: ({ account, acceptingAccount }) => (account === acceptingAccount ? "Activated" : "Accepting"),
          },
        },
      },
      Accepting: {
        meaning: "waits for the accepter's account",
        task: { event: "expired", after: ({ expiresAt }) => expiresAt },
        moves: {
          AcceptVpcPeerConnection: "Updating",
          RejectVpcPeerConnection: "Rejected",
          DeleteVpcPeerConnection: "Deleting",
          expired: "Expired",
        },
      },
      Updating: {
        meaning: "an accept or a modification is taking effect",
        task: { event: "updated", after: "work" },
        moves: { updated: "Activated" },
      },
      Activated: {
        meaning: "joins the two VPCs; routes may point at it",
        moves: { ModifyVpcPeerConnection: "Updating", DeleteVpcPeerConnection: "Deleting" },
      },
      Rejected: { meaning: "the accepter refused", moves: { DeleteVpcPeerConnection: "Deleting" } },
      Expired: { meaning: "nobody answered in time", moves: { DeleteVpcPeerConnection: "Deleting" } },
      Deleting: {
        meaning: "being deleted",
        task: { event: "deleted", after: "work" },
        moves: { deleted: "Deleted" },
      },
      Deleted: {
        meaning: "gone, and still readable by its id for a moment",
        task: { event: "forgotten", after: "deletedPhase" },
        moves: { forgotten: gone },
      },
    },
  },
  indexes: {
    ...unlessDeleted(sharedIndexes<VpcPeerConnection>(sides)),
    ...unlessDeleted({
      name: (connection) => inScopes(connection, connection.name),
      /** Without a scope, because a VPC has few connections: lists look for those in their scope among them. */
      vpc: (connection) => [connection.vpcId, connection.acceptingVpcId],
    }),
    /** Connections that hold a VPC in being. */
    liveOfVpc: (connection) => (dead.includes(connection.state) ? [] : [connection.vpcId, connection.acceptingVpcId]),
    /** At most one of these joins two VPCs, whichever asked. */
    livePair: (connection) => (dead.includes(connection.state) ? [] : [pairOf(connection.vpcId, connection.acceptingVpcId)]),
    intraRegionOfVpc: (connection) =>
      dead.includes(connection.state) || isInterRegion(connection) ? [] : [connection.vpcId, connection.acceptingVpcId],
    interRegionOfVpc: (connection) =>
      dead.includes(connection.state) || !isInterRegion(connection) ? [] : [connection.vpcId, connection.acceptingVpcId],
    requestedInRegion: (connection) => (dead.includes(connection.state) ? [] : [scopeOf(connection.account, connection.region)]),
  },
  counted: ["scope"],
  sharedWith: ({ acceptingAccount }) => [acceptingAccount],
  dependencies: [
    {
      kind: "vpc",
      index: "liveOfVpc",
      rule: "no peering connection of the VPC is in use; rejected, expired and deleted ones do not count",
      error: peeringErrors.holdsVpc,
    },
  ],
  nextHop: {
    type: "VpcPeer",
    errors: [peeringErrors.nextHopNotFound, peeringErrors.nextHopStatus],
    objection: async (state, { id, vpcId, account }) => {
      const connection = await state.get(vpcPeerConnection, id);
      const joins = connection !== undefined && (connection.vpcId === vpcId || connection.acceptingVpcId === vpcId);
      if (!joins || !isParty(connection, account)) return { error: peeringErrors.nextHopNotFound, fill: ["VpcPeer"] };
      if (connection.state === "Activated") return undefined;
      return { error: peeringErrors.nextHopStatus, fill: ["VpcPeer", id], subject: { kind: vpcPeerConnection, resource: connection } };
    },
  },
  patchable: {
    BizStatus: { description: "business status", values: ["Normal", "FinancialLocked"] },
    ManagedService: { description: "cloud service that manages the connection; empty for none" },
  },
};

type Indexes = ResourceKind<VpcPeerConnectionBody>["indexes"];
/** Nothing lists a connection that reads Deleted. */
function unlessDeleted(indexes: Indexes): Indexes {
  return Object.fromEntries(
    Object.entries(indexes).map(([name, valuesOf]) => [name, (connection) => (connection.state === "Deleted" ? [] : valuesOf(connection))]),
  );
}

/** The two sides, the requester's first. Within one account they differ in the region at most. */
export function sides(connection: VpcPeerConnection): { account: string; region: string }[] {
  return [
    { account: connection.account, region: connection.region },
    { account: connection.acceptingAccount, region: connection.acceptingRegion },
  ];
}
function inScopes(connection: VpcPeerConnection, value: string): string[] {
  return sides(connection).flatMap(({ account, region }) =>
    [scopeOf(account, undefined), scopeOf(account, region)].map((scope) => scoped(scope, value)),
  );
}

/** Both accounts of a connection see it and act on it; nobody else learns that it exists. */
export function isParty(connection: VpcPeerConnection, account: string): boolean {
  return connection.account === account || connection.acceptingAccount === account;
}
export function isInterRegion(connection: Pick<VpcPeerConnection, "region" | "acceptingRegion">): boolean {
  return connection.region !== connection.acceptingRegion;
}
/** Names a pair of VPCs without regard to who asked whom. */
export function pairOf(one: string, other: string): string {
  return [one, other].sort().join("\n");
}
