import { fieldIndex, sharedIndexes } from "../../../contract/indexes.ts";
import type { Resource, ResourceBase, ResourceKind } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";

/** How a virtual border router meets one circuit: a VLAN with an address on each side. */
export interface VbrCircuit {
  readonly physicalConnectionId: string;
  /** The account that owns the circuit. */
  readonly circuitOwner: string;
  readonly vlanId: number;
  /** Next hop of the router's entries that lead to the owner's site. */
  readonly vlanInterfaceId: string;
  readonly circuitCode: string;
  readonly localGatewayIp: string;
  readonly peerGatewayIp: string;
  /** A dotted mask. */
  readonly peeringSubnetMask: string;
  readonly enableIpv6: boolean;
  readonly localIpv6GatewayIp: string;
  readonly peerIpv6GatewayIp: string;
  /** A block. */
  readonly peeringIpv6SubnetMask: string;
}

/** The router at the end of a circuit. It belongs to the account that uses it, which need not own the circuit. */
export interface VirtualBorderRouterBody {
  /** The circuit that it was created on, and those that were associated later. */
  readonly circuits: readonly [VbrCircuit, ...VbrCircuit[]];
  readonly accessPointId: string;
  readonly routeTableId: string;
  readonly name: string;
  readonly description: string;
  /** Mbit/s; 0 where none was set. */
  readonly bandwidth: number;
  /** Milliseconds between BFD packets. */
  readonly minTxInterval: number;
  readonly minRxInterval: number;
  /** Lost BFD packets before the peer counts as down. */
  readonly detectMultiplier: number;
  /** Bytes */
  readonly mtu: number;
  readonly sitelinkEnable: boolean;
  /** Virtual milliseconds of what happened last; 0 for never. */
  readonly activatedAt: number;
  readonly terminatedAt: number;
  readonly recoveredAt: number;
}
export type VirtualBorderRouter = Resource<VirtualBorderRouterBody>;

export const virtualBorderRouter: ResourceKind<VirtualBorderRouterBody> = {
  name: "virtual-border-router",
  idPrefix: "vbr",
  idHasRegionCode: true,
  tagType: "VIRTUALBORDERROUTER",
  states: {
    initial: { CreateVirtualBorderRouter: "active", createdForOtherAccount: "unconfirmed" },
    states: {
      unconfirmed: {
        meaning: "made by the circuit's owner for another account, which has yet to give it its addresses",
        moves: { confirmed: "active", ModifyVirtualBorderRouterAttribute: "unconfirmed", DeleteVirtualBorderRouter: "deleting" },
      },
      active: {
        meaning: "usable",
        moves: {
          ModifyVirtualBorderRouterAttribute: "active",
          UpdateVirtualBorderBandwidth: "active",
          AssociatePhysicalConnectionToVirtualBorderRouter: "active",
          UnassociatePhysicalConnectionFromVirtualBorderRouter: "active",
          TerminateVirtualBorderRouter: "terminating",
          DeleteVirtualBorderRouter: "deleting",
        },
      },
      terminating: { meaning: "being taken out of use", task: { event: "terminated", after: "work" }, moves: { terminated: "terminated" } },
      terminated: {
        meaning: "out of use",
        moves: {
          ModifyVirtualBorderRouterAttribute: "terminated",
          RecoverVirtualBorderRouter: "recovering",
          DeleteVirtualBorderRouter: "deleting",
        },
      },
      recovering: { meaning: "being taken into use again", task: { event: "recovered", after: "work" }, moves: { recovered: "active" } },
      deleting: { meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<VirtualBorderRouter>(parties),
    id: fieldIndex<VirtualBorderRouter>(({ id }) => id, parties),
    name: fieldIndex<VirtualBorderRouter>(({ name }) => name, parties),
    status: fieldIndex<VirtualBorderRouter>(({ state }) => state, parties),
    owner: fieldIndex<VirtualBorderRouter>(({ account }) => account, parties),
    accessPoint: fieldIndex<VirtualBorderRouter>(({ accessPointId }) => accessPointId, parties),
    circuit: fieldIndex<VirtualBorderRouter>((router, party) => circuitsSeenBy(router, party).map(idOf), parties),
    type: fieldIndex<VirtualBorderRouter>(() => routerType, parties),
    // No Express Cloud Connect exists here.
    ecc: () => [],
    /** Routers on a circuit, of whatever account. */
    onCircuit: ({ circuits }) => circuits.map(idOf),
  },
  counted: ["scope"],
  sharedWith: ({ circuits }) => circuits.map(({ circuitOwner }) => circuitOwner),
};

/** What every router here is of: on a circuit. */
export const routerType = "pconnVBR";

function idOf({ physicalConnectionId }: VbrCircuit): string {
  return physicalConnectionId;
}
/** The circuits of a router that an account reads: all of them its owner, others those that are theirs. */
export function circuitsSeenBy({ account, circuits }: VirtualBorderRouter, reader: string): readonly VbrCircuit[] {
  return circuits.filter(({ circuitOwner }) => [account, circuitOwner].includes(reader));
}

/** Who sees a router: its owner, and whoever owns a circuit that it is on. */
function parties({ account, region, circuits }: VirtualBorderRouter): { account: string; region: string }[] {
  return [...new Set([account, ...circuits.map(({ circuitOwner }) => circuitOwner)])].map((party) => ({ account: party, region }));
}
export function isParty(router: VirtualBorderRouter, { account, region }: Pick<ResourceBase, "account" | "region">): boolean {
  return parties(router).some((party) => party.account === account && party.region === region);
}
