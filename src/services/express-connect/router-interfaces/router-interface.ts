import { fieldIndex, sharedIndexes } from "../../../contract/indexes.ts";
import { listAll, type Resource, type ResourceKind, type ResourceReader, type ResourceWriter } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { routeErrors } from "../../vpc/errors.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { routerInterfaceErrors } from "./errors.ts";

export const sideRoles = ["InitiatingSide", "AcceptingSide"] as const;
export const routerTypes = ["VRouter", "VBR"] as const;

/**
 * One end of a link between two routers. The two ends know each other by what their owners wrote into them;
 * what is not known of the other end is empty.
 */
export interface RouterInterfaceBody {
  readonly role: (typeof sideRoles)[number];
  readonly routerType: (typeof routerTypes)[number];
  readonly routerId: string;
  /** The router's VPC; the empty string for a virtual border router. */
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  /** A specification of `specs`, or `Negative` for the accepting side, which has none of its own. */
  readonly spec: string;
  readonly accessPointId: string;
  readonly oppositeRegionId: string;
  readonly oppositeRouterType: string;
  readonly oppositeRouterId: string;
  readonly oppositeInterfaceId: string;
  readonly oppositeInterfaceOwnerId: string;
  readonly oppositeAccessPointId: string;
  readonly healthCheckSourceIp: string;
  readonly healthCheckTargetIp: string;
  /** Milliseconds between probes; 0 where none was set. */
  readonly hcRate: number;
  /** Probes before the link counts as down; 0 where none was set. */
  readonly hcThreshold: number;
  readonly fastLinkMode: boolean;
  /** Virtual milliseconds at which it was last connected; 0 for never. */
  readonly connectedAt: number;
  /** Virtual milliseconds at which a prepaid one ends; 0 for one that is paid by use. */
  readonly endsAt: number;
  /** As clients read it. */
  readonly ChargeType: "AfterPay" | "Prepaid";
  readonly BusinessStatus: string;
  /** Why operations lock it; the empty string when they do not. */
  readonly OperationLock: string;
}
export type RouterInterface = Resource<RouterInterfaceBody>;

/** What an interface has of which no more is said. */
export const plainInterface = {
  name: "",
  description: "",
  accessPointId: "",
  oppositeRouterId: "",
  oppositeInterfaceId: "",
  oppositeInterfaceOwnerId: "",
  oppositeAccessPointId: "",
  healthCheckSourceIp: "",
  healthCheckTargetIp: "",
  hcRate: 0,
  hcThreshold: 0,
  fastLinkMode: false,
  connectedAt: 0,
  endsAt: 0,
  ChargeType: "AfterPay",
  BusinessStatus: "Normal",
  OperationLock: "",
} as const;

/** States in which a link is there, or is about to be. */
const linked = ["Connecting", "AcceptingConnecting", "Active", "Activating", "Deactivating", "Inactive"];

export const routerInterface: ResourceKind<RouterInterfaceBody> = {
  name: "router-interface",
  idPrefix: "ri",
  idHasRegionCode: true,
  tagType: "ROUTERINTERFACE",
  states: {
    initial: { CreateRouterInterface: "Idle" },
    states: {
      Idle: {
        meaning: "not connected",
        moves: {
          ModifyRouterInterfaceAttribute: "Idle",
          ModifyRouterInterfaceSpec: "Idle",
          ConnectRouterInterface: "Connecting",
          oppositeConnects: "AcceptingConnecting",
          DeleteRouterInterface: "Deleting",
          DeleteExpressConnect: "Deleting",
          RefundInstance: "Deleting",
        },
      },
      Connecting: {
        meaning: "its owner asked for the connection",
        task: { event: "connected", after: "work" },
        moves: { connected: "Active" },
      },
      AcceptingConnecting: {
        meaning: "the other end's owner asked for the connection",
        task: { event: "connected", after: "work" },
        moves: { connected: "Active" },
      },
      Active: {
        meaning: "carries traffic, if the other end is Active too",
        moves: {
          // At once: clients go on with the specification without a wait.
          ModifyRouterInterfaceAttribute: "Active",
          ModifyRouterInterfaceSpec: "Activating",
          DeactivateRouterInterface: "Deactivating",
          DeleteExpressConnect: "Deleting",
          RefundInstance: "Deleting",
        },
      },
      Deactivating: {
        meaning: "being frozen",
        task: { event: "deactivated", after: "work" },
        moves: { deactivated: "Inactive" },
      },
      Inactive: {
        meaning: "frozen",
        moves: {
          ModifyRouterInterfaceAttribute: "Inactive",
          ModifyRouterInterfaceSpec: "Inactive",
          ActivateRouterInterface: "Activating",
          DeleteRouterInterface: "Deleting",
          DeleteExpressConnect: "Deleting",
          RefundInstance: "Deleting",
        },
      },
      Activating: {
        meaning: "being activated, or its specification being changed",
        task: { event: "activated", after: "work" },
        moves: { activated: "Active" },
      },
      Deleting: { meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<RouterInterface>(),
    /** Interfaces that hold their router, and with it its VPC: one that is being deleted holds neither. */
    liveOfRouter: ({ state, routerId }) => (state === "Deleting" ? [] : [routerId]),
    liveOfVpc: ({ state, vpcId }) => (state === "Deleting" || vpcId === "" ? [] : [vpcId]),
    linkedPair: ({ state, routerId, oppositeRouterId }) =>
      linked.includes(state) && oppositeRouterId !== "" ? [pairOfRouters(routerId, oppositeRouterId)] : [],
    /** Interfaces that keep their owner from having more of them. */
    unpaidOf: ({ account, BusinessStatus }) => (BusinessStatus === "FinancialLocked" ? [account] : []),
    id: fieldIndex<RouterInterface>(({ id }) => id),
    router: fieldIndex<RouterInterface>(({ routerId }) => routerId),
    routerType: fieldIndex<RouterInterface>(({ routerType }) => routerType),
    owner: fieldIndex<RouterInterface>(({ account }) => account),
    oppositeInterface: fieldIndex<RouterInterface>(({ oppositeInterfaceId }) => oppositeInterfaceId),
    oppositeRouter: fieldIndex<RouterInterface>(({ oppositeRouterId }) => oppositeRouterId),
    oppositeRouterType: fieldIndex<RouterInterface>(({ oppositeRouterType }) => oppositeRouterType),
    oppositeOwner: fieldIndex<RouterInterface>(({ oppositeInterfaceOwnerId }) => oppositeInterfaceOwnerId),
    status: fieldIndex<RouterInterface>(({ state }) => state),
    name: fieldIndex<RouterInterface>(({ name }) => name),
  },
  counted: ["scope"],
  dependencies: [
    { kind: "vpc", index: "liveOfVpc", rule: "no router interface of the VPC is left", error: routerInterfaceErrors.holdsVpc },
    {
      kind: "virtual-border-router",
      index: "liveOfRouter",
      rule: "no router interface of the virtual border router is left",
      error: routerInterfaceErrors.holdsBorderRouter,
    },
  ],
  nextHop: {
    type: "RouterInterface",
    errors: [routeErrors.nextHopNotFound, routerInterfaceErrors.nextHopOfSeveral, routerInterfaceErrors.nextHopStatus],
    objection: async (state, { id, vpcId, account, oneOfSeveral }) => {
      // A virtual border router's table names that router where others name their VPC.
      const router = await state.get(virtualBorderRouter, vpcId);
      if (router?.circuits.some(({ vlanInterfaceId }) => vlanInterfaceId === id) === true) return undefined;
      const hop = await state.get(routerInterface, id);
      if (hop?.account !== account || networkOf(hop) !== vpcId) return { error: routeErrors.nextHopNotFound, fill: [] };
      if (oneOfSeveral && hop.oppositeRouterType !== "VBR") return { error: routerInterfaceErrors.nextHopOfSeveral, fill: [] };
      if (hop.state === "Active") return undefined;
      return { error: routerInterfaceErrors.nextHopStatus, fill: [], subject: { kind: routerInterface, resource: hop } };
    },
  },
  patchable: {
    BusinessStatus: { description: "business status", values: ["Normal", "FinancialLocked", "SecurityLocked"] },
    ChargeType: { description: "how the interface is paid", values: ["AfterPay", "Prepaid"] },
    OperationLock: { description: "why operations lock the interface; empty for not locked" },
  },
};

/** Whose route entries may lead over an interface: its VPC, or the virtual border router itself. */
export function networkOf({ vpcId, routerId }: Pick<RouterInterfaceBody, "vpcId" | "routerId">): string {
  return vpcId === "" ? routerId : vpcId;
}

/** Names a pair of routers without regard to who connects to whom. */
function pairOfRouters(one: string, other: string): string {
  return [one, other].sort().join("\n");
}

/** Begins the connection of two ends. The initiating one is told its other end here, where it could not name it before. */
export async function connectEnds(state: ResourceWriter, initiator: RouterInterface, acceptor: RouterInterface): Promise<void> {
  const connectedAt = state.now;
  await state.move(routerInterface, initiator, "ConnectRouterInterface", { connectedAt, oppositeInterfaceId: acceptor.id });
  await state.move(routerInterface, acceptor, "oppositeConnects", { connectedAt });
}

/** Whether a link joins two routers. What is left of one whose other end is gone, or is being deleted, joins nothing. */
export async function areLinked(state: ResourceReader, one: string, other: string): Promise<boolean> {
  for (const end of await listAll(state, routerInterface, [["linkedPair", pairOfRouters(one, other)]])) {
    if (linked.includes((await oppositeOf(state, end))?.state ?? "")) return true;
  }
  return false;
}

/** The other end, if it is there and says so too. One that names itself has none. */
export async function oppositeOf(state: ResourceReader, of: RouterInterface): Promise<RouterInterface | undefined> {
  const namesOther = !["", of.id].includes(of.oppositeInterfaceId);
  const opposite = namesOther ? await state.get(routerInterface, of.oppositeInterfaceId) : undefined;
  return opposite?.oppositeInterfaceId === of.id ? opposite : undefined;
}
