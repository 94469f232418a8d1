import type { ErrorDefinition } from "../../contract/errors.ts";
import type { ResourceReader } from "../../contract/resource-kind.ts";
import { connects, isParty, vpcPeerConnection } from "../peering/vpc-peer-connection.ts";
import { routeErrors } from "./errors.ts";

/** What a next hop is looked at for: the VPC whose table it enters, and the account that asks. */
interface Candidate {
  readonly id: string;
  readonly vpcId: string;
  readonly account: string;
}
/** Why a next hop cannot be used. */
export interface Objection {
  readonly error: ErrorDefinition;
  readonly fill: readonly string[];
}
type Judge = (state: ResourceReader, candidate: Candidate) => Promise<Objection | undefined>;

/**
 * Next-hop types of a router's tables that this server resolves, each with the objections that it can have.
 * A type that is documented but missing here is refused by name.
 */
const judges: Readonly<Record<string, Judge>> = {
  // Instances belong to a product that this server does not have: the id is stored as given.
  Instance: async () => undefined,
  RouterInterface: async () => ({ error: routeErrors.nextHopNotFound, fill: [] }),
  VpnGateway: async () => ({ error: routeErrors.vpnGatewayNotFound, fill: ["The specified VPN gateway does not exist."] }),
  VpcPeer: judgePeering,
};
const documentedTypes = [
  ...Object.keys(judges),
  "HaVip",
  "NetworkInterface",
  "IPv6Gateway",
  "NatGateway",
  "Attachment",
  "Ipv4Gateway",
  "GatewayEndpoint",
  "GatewayLoadBalancerEndpoint",
  "Ecr",
];

async function judgePeering(state: ResourceReader, { id, vpcId, account }: Candidate): Promise<Objection | undefined> {
  const connection = await state.get(vpcPeerConnection, id);
  if (connection === undefined || !isParty(connection, account) || !connects(connection, vpcId)) {
    return { error: routeErrors.peeringNotFound, fill: ["VpcPeer"] };
  }
  return connection.state === "Activated" ? undefined : { error: routeErrors.peeringStatus, fill: ["VpcPeer", id] };
}

export function isDocumentedNextHopType(type: string): boolean {
  return documentedTypes.includes(type);
}
export function isSupportedNextHopType(type: string): boolean {
  return Object.hasOwn(judges, type);
}
/** Every objection that a next hop of a supported type can meet, for the error tables. */
export const nextHopErrors = [
  routeErrors.nextHopNotFound,
  routeErrors.vpnGatewayNotFound,
  routeErrors.peeringNotFound,
  routeErrors.peeringStatus,
];

/** The objection to a next hop of a supported type, if there is one. */
export async function objectionTo(state: ResourceReader, type: string, candidate: Candidate): Promise<Objection | undefined> {
  return judges[type]?.(state, candidate);
}
