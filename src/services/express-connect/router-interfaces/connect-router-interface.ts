import { id, regionId } from "../../../contract/common-parameters.ts";
import { type Call, type Rule, writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import type { ErrorDefinition } from "../../../contract/errors.ts";
import { pairOf, vpcPeerConnection } from "../../peering/vpc-peer-connection.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { mismatch, routerInterfaceErrors } from "./errors.ts";
import { areLinked, connectEnds, type RouterInterface, routerInterface } from "./router-interface.ts";
import { interfaceTarget, isPaidFor } from "./rules.ts";

interface Request extends Pick<Call, "state"> {
  readonly targets: { readonly routerInterface: RouterInterface };
}

export const connectRouterInterface = writeOperation({
  product: Vpc,
  name: "ConnectRouterInterface",
  summary: "Connects the initiating end of a link with the accepting one, once each names the other.",
  pollWith: "DescribeRouterInterfaceAttribute",
  authorisation: {
    action: "vpc:ConnectRouterInterface",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{RouterInterfaceId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, RouterInterfaceId: id },
  response: {},
  targets: { routerInterface: interfaceTarget(routerInterfaceErrors.notFoundOnConnect) },
  check: [
    isPaidFor(routerInterfaceErrors.billsOutstanding),
    {
      rule: "the router interface is the initiating side",
      error: routerInterfaceErrors.notInitiating,
      holds: ({ targets }) => targets.routerInterface.role === "InitiatingSide",
    },
    stateAllows("routerInterface", routerInterface, "ConnectRouterInterface", routerInterfaceErrors.statusOnConnect),
    {
      rule: "the router interface names the other end with its router, the router's type and its owner",
      error: routerInterfaceErrors.oppositeNotSet,
      holds: ({ targets: { routerInterface: own } }) =>
        [own.oppositeInterfaceId, own.oppositeRouterId, own.oppositeRouterType, own.oppositeInterfaceOwnerId].every(
          (value) => value !== "",
        ),
    },
    {
      rule: "the two ends are at two routers",
      error: routerInterfaceErrors.sameRouter,
      holds: ({ targets: { routerInterface: own } }) => own.routerId !== own.oppositeRouterId,
    },
    ...agreements(),
    {
      rule: "the other end is Idle",
      error: routerInterfaceErrors.statusOnConnect,
      holds: async (call) => (await named(call))?.state === "Idle",
    },
    {
      rule: "no other link joins the two routers",
      error: routerInterfaceErrors.onlyOneConnection,
      holds: async ({ state, targets: { routerInterface: own } }) => !(await areLinked(state, own.routerId, own.oppositeRouterId)),
    },
    {
      rule: "no peering connection joins the two VPCs",
      error: routerInterfaceErrors.onlyOneConnection,
      source: "inferred",
      holds: async (call) => {
        const vpcs = [call.targets.routerInterface.vpcId, (await named(call))?.vpcId ?? ""] as const;
        return vpcs.includes("") || (await call.state.count(vpcPeerConnection, [["livePair", pairOf(...vpcs)]])) === 0;
      },
    },
  ],
  apply: async (call) => {
    const { state, targets } = call;
    const opposite = await named(call);
    if (opposite === undefined) throw new Error(`${targets.routerInterface.id} has no other end`);
    await connectEnds(state, targets.routerInterface, opposite);
    return {};
  },
});

/** The interface that is named as the other end. One of another account is as none until it names this one. */
async function named({ state, targets: { routerInterface: own } }: Request): Promise<RouterInterface | undefined> {
  const other = await state.get(routerInterface, own.oppositeInterfaceId);
  return other?.account === own.account || other?.oppositeInterfaceId === own.id ? other : undefined;
}

/** Rules: what the two ends say of each other is true. */
function agreements(): Rule<Request>[] {
  const rule = (
    what: string,
    error: ErrorDefinition,
    agrees: (own: RouterInterface, other: RouterInterface) => boolean,
  ): Rule<Request> => ({
    rule: what,
    error,
    holds: async (call) => {
      const other = await named(call);
      return other !== undefined && agrees(call.targets.routerInterface, other);
    },
    fill: () => [what],
  });
  return [
    rule("the accepting side exists, and names this interface where it is another account's", mismatch.interfaceId, () => true),
    rule("the accepting side belongs to the account named", mismatch.owner, (own, other) => other.account === own.oppositeInterfaceOwnerId),
    rule("the accepting side is in the region named", mismatch.region, (own, other) => other.region === own.oppositeRegionId),
    rule("the accepting side is an AcceptingSide", mismatch.role, (_own, other) => other.role === "AcceptingSide"),
    rule("the accepting side is at the router named", mismatch.routerId, (own, other) => other.routerId === own.oppositeRouterId),
    rule(
      "the accepting side's router is of the type named",
      mismatch.routerType,
      (own, other) => other.routerType === own.oppositeRouterType,
    ),
    rule("the accepting side names this interface", mismatch.oppositeInterfaceId, (own, other) => other.oppositeInterfaceId === own.id),
    rule("the accepting side names this owner", mismatch.oppositeOwner, (own, other) => other.oppositeInterfaceOwnerId === own.account),
    rule("the accepting side names this region", mismatch.oppositeRegion, (own, other) => other.oppositeRegionId === own.region),
    rule("the accepting side names this router", mismatch.oppositeRouterId, (own, other) => other.oppositeRouterId === own.routerId),
    rule(
      "the accepting side names this router's type",
      mismatch.oppositeRouterType,
      (own, other) => other.oppositeRouterType === own.routerType,
    ),
  ];
}
