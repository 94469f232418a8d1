import type { Call, Rule } from "../../../contract/operation.ts";
import { invalidParameter } from "../../../contract/errors.ts";
import type { ResourceWriter } from "../../../contract/resource-kind.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { resourceGroupsFor } from "../../resource-groups/resource-group.ts";
import { vpc } from "../../vpc/vpc.ts";
import { type VRouter, vRouter } from "../../vpc/vrouter.ts";
import { mayUse } from "../grants/vbr-grant.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { connectEnds, plainInterface, type RouterInterface, routerInterface } from "./router-interface.ts";
import { negativeSpec } from "./specs.ts";

/** Fast links: one call makes both ends of a link between a virtual border router and a VPC, and connects them. */

interface Request extends Pick<Call, "caller" | "state" | "settings"> {
  readonly input: {
    readonly RegionId: string;
    readonly RouterType: string;
    readonly RouterId: string;
    readonly FastLinkMode: boolean;
    readonly OppositeRegionId: string;
    readonly OppositeInterfaceId: string | undefined;
    readonly OppositeRouterId: string | undefined;
    readonly OppositeRouterType: string | undefined;
    readonly OppositeInterfaceOwnerId: string | undefined;
  };
}
/** A rule that is for fast links alone. */
function forFastLinks(rule: Rule<Request>): Rule<Request> {
  return { ...rule, rule: `with FastLinkMode, ${rule.rule}`, holds: (call) => !call.input.FastLinkMode || rule.holds(call) };
}

/** What the call itself must say. */
export const fastLinkParameterRules: readonly Rule<Request>[] = [
  forFastLinks({
    rule: "RouterType is VBR",
    error: routerInterfaceErrors.fastLinkOfVRouter,
    source: "inferred",
    holds: ({ input }) => input.RouterType === "VBR",
  }),
  forFastLinks({
    rule: "OppositeRouterType, OppositeRouterId and OppositeInterfaceOwnerId are given",
    error: routerInterfaceErrors.accessPointMissing,
    source: "sdk-metadata",
    holds: ({ input }) =>
      input.OppositeRouterType !== undefined && input.OppositeRouterId !== undefined && input.OppositeInterfaceOwnerId !== undefined,
  }),
  forFastLinks({
    rule: "no opposite interface is named, because this call makes it",
    error: invalidParameter("OppositeInterfaceId"),
    source: "inferred",
    holds: ({ input }) => input.OppositeInterfaceId === undefined,
  }),
];
/** What must be true of the other router. */
export const fastLinkRouterRules: readonly Rule<Request>[] = [
  forFastLinks({
    rule: "OppositeRouterId is the router of a VPC that OppositeInterfaceOwnerId has in OppositeRegionId; one of another account is granted to the virtual border router",
    error: routerInterfaceErrors.oppositeRouterNotFound,
    advice: "have the VPC's owner call GrantInstanceToVbr",
    source: "inferred",
    holds: async (call) => (await oppositeRouter(call)) !== undefined,
  }),
  forFastLinks({
    rule: "the other router has room for another interface too (quota RouterInterface)",
    error: routerInterfaceErrors.routerFull,
    advice: quotaAdvice("RouterInterface"),
    source: "inferred",
    holds: async (call) => {
      const router = await oppositeRouter(call);
      return router !== undefined && (await hasRoom(call, router));
    },
  }),
];

/** Whether a router has room for another interface by the quota of its owner. */
export async function hasRoom(
  { state, settings }: Pick<Call, "state" | "settings">,
  { id, account, region }: { readonly id: string; readonly account: string; readonly region: string },
): Promise<boolean> {
  return (await state.count(routerInterface, [["liveOfRouter", id]])) < settings.quota("RouterInterface", account, region);
}

/** The VPC's router that a fast link leads to, if the caller may lead one there. */
export async function oppositeRouter({ input, caller, state }: Request): Promise<VRouter | undefined> {
  const router = await state.get(vRouter, input.OppositeRouterId ?? "");
  if (router === undefined || router.account !== input.OppositeInterfaceOwnerId || router.region !== input.OppositeRegionId)
    return undefined;
  const network = await state.get(vpc, router.vpcId);
  if (network === undefined || network.state === "Deleting") return undefined;
  const border = { id: input.RouterId, account: caller.account, region: input.RegionId };
  return (await mayUse(state, border, network)) ? router : undefined;
}

/** Makes the accepting end of a fast link, in the name of the VPC's owner, and connects the two. */
export async function makeOtherEnd(state: ResourceWriter, initiator: RouterInterface, router: VRouter): Promise<void> {
  const { account, region } = router;
  const acceptor = await state.create(
    routerInterface,
    {
      ...plainInterface,
      id: state.newId(routerInterface, region),
      account,
      region,
      resourceGroups: await resourceGroupsFor(state, account, undefined),
      role: "AcceptingSide",
      routerType: "VRouter",
      routerId: router.id,
      vpcId: router.vpcId,
      spec: negativeSpec,
      oppositeRegionId: initiator.region,
      oppositeRouterType: initiator.routerType,
      oppositeRouterId: initiator.routerId,
      oppositeInterfaceId: initiator.id,
      oppositeInterfaceOwnerId: initiator.account,
      oppositeAccessPointId: initiator.accessPointId,
      fastLinkMode: true,
    },
    "CreateRouterInterface",
  );
  await connectEnds(state, initiator, acceptor);
}
