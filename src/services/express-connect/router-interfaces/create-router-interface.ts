import { clientToken, id, optionalId, regionId, tagList } from "../../../contract/common-parameters.ts";
import { invalidParameter } from "../../../contract/errors.ts";
import { type Call, type Rule, writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { regionById } from "../../../contract/regions.ts";
import { long, text } from "../../../contract/response.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { day } from "../../../contract/time.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../../tags/tag-rules.ts";
import { vpc } from "../../vpc/vpc.ts";
import { type VRouter, vRouter } from "../../vpc/vrouter.ts";
import { newOrderId } from "../../order-id.ts";
import { type VirtualBorderRouter, virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { fastLinkParameterRules, fastLinkRouterRules, hasRoom, makeOtherEnd, oppositeRouter } from "./fast-link.ts";
import { interfaceDescription, interfaceName } from "./parameters.ts";
import { areLinked, plainInterface, routerInterface, routerTypes, sideRoles } from "./router-interface.ts";
import { healthCheckIp, healthCheckIsAPair } from "./rules.ts";
import { negativeSpec, specs } from "./specs.ts";

/** Days of the two pricing cycles. */
const cycleDays: Readonly<Record<string, number>> = { Month: 30, Year: 365 };

export const createRouterInterface = writeOperation({
  product: Vpc,
  name: "CreateRouterInterface",
  summary:
    "Creates one end of a link between two routers. The other end is created by its own call, and then they are connected; FastLinkMode does all of it at once.",
  authorisation: {
    action: "vpc:CreateRouterInterface",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}", "acs:vpc:{regionId}:{accountId}:routerinterface/*"],
    fill: { VbrId: ({ input }) => (input["RouterType"] === "VBR" ? input["RouterId"] : []) },
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    Role: string({ required: true }),
    OppositeRegionId: string({ required: true }),
    Spec: string({ required: true }),
    RouterType: string({ required: true }),
    RouterId: id,
    OppositeInterfaceId: optionalId,
    OppositeRouterId: optionalId,
    OppositeRouterType: string(),
    OppositeInterfaceOwnerId: string({ pattern: /^\d{1,18}$/, description: "an account id" }),
    HealthCheckSourceIp: healthCheckIp,
    HealthCheckTargetIp: healthCheckIp,
    AccessPointId: optionalId,
    OppositeAccessPointId: optionalId,
    Description: interfaceDescription(routerInterfaceErrors.descriptionMalformed),
    Name: interfaceName(routerInterfaceErrors.nameMalformed),
    Period: integer({ default: 1, min: 1, max: 9 }),
    InstanceChargeType: string({ default: "PostPaid", invalid: routerInterfaceErrors.chargeTypeUnknown }),
    PricingCycle: string({ default: "Month", pattern: /^(Month|Year)$/, description: "Month or Year" }),
    // Nobody is billed here: a subscription is there without a payment, and stays when its time is over.
    AutoPay: boolean({ default: false }),
    AutoRenew: boolean({ default: false }),
    ClientToken: clientToken,
    FastLinkMode: boolean({ default: false }),
    ResourceGroupId: string(),
    Tags: tagList,
    // The name that Terraform gives them.
    Tag: tagList,
  },
  response: { OrderId: long, RouterInterfaceId: text },
  check: [
    {
      rule: `Role is ${sideRoles.join(" or ")}`,
      error: routerInterfaceErrors.roleUnknown,
      holds: ({ input }) => sideRoles.includes(input.Role as never),
    },
    {
      rule: `RouterType is ${routerTypes.join(" or ")}`,
      error: routerInterfaceErrors.routerTypeUnknown,
      holds: ({ input }) => routerTypes.includes(input.RouterType as never),
    },
    {
      rule: `OppositeRouterType is ${routerTypes.join(" or ")}`,
      error: routerInterfaceErrors.oppositeRouterTypeUnknown,
      holds: ({ input }) => input.OppositeRouterType === undefined || routerTypes.includes(input.OppositeRouterType as never),
    },
    {
      rule: "a virtual border router is the initiating side, and a VPC that leads to one the accepting side",
      error: routerInterfaceErrors.roleUnknown,
      source: "public-docs",
      holds: ({ input: { Role, RouterType, OppositeRouterType } }) =>
        Role === "InitiatingSide" ? OppositeRouterType !== "VBR" : RouterType !== "VBR",
    },
    {
      rule: "OppositeRegionId is a region",
      error: routerInterfaceErrors.oppositeRegionNotFound,
      holds: ({ input }) => regionById(input.OppositeRegionId) !== undefined,
    },
    {
      rule: `Spec is one of ${Object.keys(specs).join(", ")}; ${negativeSpec} for the accepting side`,
      error: routerInterfaceErrors.specUnknown,
      holds: ({ input }) => (input.Role === "AcceptingSide" ? input.Spec === negativeSpec : Object.hasOwn(specs, input.Spec)),
    },
    {
      rule: "InstanceChargeType is PrePaid or PostPaid",
      error: routerInterfaceErrors.chargeTypeUnknown,
      holds: ({ input }) => /^(PrePaid|PostPaid)$/i.test(input.InstanceChargeType),
    },
    {
      rule: "an accepting side is not paid in advance",
      error: routerInterfaceErrors.acceptingPrepaid,
      holds: ({ input }) => input.Role !== "AcceptingSide" || !isPrepaid(input),
    },
    {
      rule: "an interface of a VPC has no access point",
      error: routerInterfaceErrors.accessPointOfVRouter,
      holds: ({ input }) => input.RouterType === "VBR" || input.AccessPointId === undefined,
    },
    {
      rule: "an opposite interface of a VPC has no access point",
      error: routerInterfaceErrors.accessPointOfVRouter,
      source: "public-docs",
      holds: ({ input }) => input.OppositeRouterType === "VBR" || input.OppositeAccessPointId === undefined,
    },
    {
      rule: "an interface of a virtual border router has an access point",
      error: routerInterfaceErrors.accessPointMissing,
      source: "public-docs",
      holds: ({ input }) => input.RouterType !== "VBR" || input.AccessPointId !== undefined,
    },
    accessPointIsThere("AccessPointId", ({ input }) => input.RegionId),
    accessPointIsThere("OppositeAccessPointId", ({ input }) => input.OppositeRegionId),
    ...fastLinkParameterRules,
    {
      rule: "Period is 1 to 9 months, or 1 to 3 years",
      error: invalidParameter("Period"),
      source: "sdk-metadata",
      holds: ({ input }) => input.PricingCycle === "Month" || input.Period <= 3,
    },
    healthCheckIsAPair,
    {
      rule: "a health check is for an interface of a VPC that leads to a virtual border router",
      error: routerInterfaceErrors.healthCheckOfVRouters,
      holds: ({ input }) =>
        input.HealthCheckSourceIp === undefined || (input.RouterType === "VRouter" && input.OppositeRouterType === "VBR"),
    },
    ...tagRules("Tags"),
    ...tagRules("Tag"),
    {
      rule: "no router interface of the caller is locked for its bill",
      error: routerInterfaceErrors.billsOutstandingOnCreate,
      holds: async ({ caller, state }) => (await state.count(routerInterface, [["unpaidOf", caller.account]])) === 0,
    },
    {
      rule: "RouterId is a router of this type that the caller has in this region, and its VPC is not being deleted",
      error: routerInterfaceErrors.routerNotFound,
      holds: async (call) => (await borderRouterOf(call)) !== undefined || (await vRouterOf(call)) !== undefined,
    },
    {
      rule: "a virtual border router is active",
      error: routerInterfaceErrors.vbrStatus,
      holds: async (call) => ((await borderRouterOf(call))?.state ?? "active") === "active",
      subject: async (call) => {
        const resource = await borderRouterOf(call);
        return resource && { kind: virtualBorderRouter, resource };
      },
    },
    {
      rule: "AccessPointId is that of the virtual border router",
      error: routerInterfaceErrors.accessPointMismatch,
      holds: async (call) => (await borderRouterOf(call))?.accessPointId === call.input.AccessPointId,
    },
    ...fastLinkRouterRules,
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
    {
      rule: "no link joins the two routers yet",
      error: routerInterfaceErrors.pairExists,
      holds: async ({ input, state }) =>
        input.OppositeRouterId === undefined || !(await areLinked(state, input.RouterId, input.OppositeRouterId)),
    },
    {
      rule: "the router has room for another interface (quota RouterInterface)",
      error: routerInterfaceErrors.routerFull,
      advice: quotaAdvice("RouterInterface"),
      holds: ({ input, caller, ...call }) => hasRoom(call, { id: input.RouterId, account: caller.account, region: input.RegionId }),
    },
  ],
  apply: async (call) => {
    const { input, caller, state } = call;
    const prepaid = isPrepaid(input);
    const created = await state.create(
      routerInterface,
      {
        ...plainInterface,
        id: state.newId(routerInterface, input.RegionId),
        account: caller.account,
        region: input.RegionId,
        tags: tagsFor(caller.account, input.Tags.length > 0 ? input.Tags : input.Tag),
        resourceGroups: await resourceGroupsFor(state, caller.account, input.ResourceGroupId),
        role: input.Role === "AcceptingSide" ? "AcceptingSide" : "InitiatingSide",
        routerType: input.RouterType === "VBR" ? "VBR" : "VRouter",
        routerId: input.RouterId,
        vpcId: (await vRouterOf(call))?.vpcId ?? "",
        name: input.Name ?? "",
        description: input.Description ?? "",
        spec: input.Spec,
        accessPointId: input.AccessPointId ?? "",
        oppositeRegionId: input.OppositeRegionId,
        oppositeRouterType: input.OppositeRouterType ?? "VRouter",
        oppositeRouterId: input.OppositeRouterId ?? "",
        oppositeInterfaceId: input.OppositeInterfaceId ?? "",
        oppositeInterfaceOwnerId: input.OppositeInterfaceOwnerId ?? "",
        oppositeAccessPointId: input.OppositeAccessPointId ?? "",
        healthCheckSourceIp: input.HealthCheckSourceIp ?? "",
        healthCheckTargetIp: input.HealthCheckTargetIp ?? "",
        fastLinkMode: input.FastLinkMode,
        endsAt: prepaid ? state.now + input.Period * (cycleDays[input.PricingCycle] ?? 0) * day : 0,
        ChargeType: prepaid ? "Prepaid" : "AfterPay",
      },
      "CreateRouterInterface",
    );
    const opposite = input.FastLinkMode ? await oppositeRouter(call) : undefined;
    if (opposite !== undefined) await makeOtherEnd(state, created, opposite);
    return { OrderId: newOrderId(state), RouterInterfaceId: created.id };
  },
});

interface AtAccessPoint extends Pick<Call, "settings"> {
  readonly input: Readonly<Record<"RegionId" | "OppositeRegionId", string>> &
    Readonly<Record<"AccessPointId" | "OppositeAccessPointId", string | undefined>>;
}
/** Rule: the access point, if one is named, is there. */
function accessPointIsThere(
  parameter: "AccessPointId" | "OppositeAccessPointId",
  regionOf: (call: AtAccessPoint) => string,
): Rule<AtAccessPoint> {
  return {
    rule: `${parameter} is an access point of the region`,
    error: routerInterfaceErrors.accessPointNotFound,
    advice: "DescribeAccessPoints lists them",
    holds: (call) => {
      const id = call.input[parameter];
      return id === undefined || call.settings.accessPoints(regionOf(call)).some((point) => point.id === id);
    },
  };
}

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: { readonly RegionId: string; readonly RouterType: string; readonly RouterId: string };
}
/** The router of a VPC that the call names. */
async function vRouterOf({ input, caller, state }: Request): Promise<VRouter | undefined> {
  const router = input.RouterType === "VRouter" ? await state.get(vRouter, input.RouterId) : undefined;
  if (router?.account !== caller.account || router.region !== input.RegionId) return undefined;
  return (await state.get(vpc, router.vpcId))?.state === "Deleting" ? undefined : router;
}
/** The virtual border router that the call names. */
async function borderRouterOf({ input, caller, state }: Request): Promise<VirtualBorderRouter | undefined> {
  const router = input.RouterType === "VBR" ? await state.get(virtualBorderRouter, input.RouterId) : undefined;
  return router?.account === caller.account && router.region === input.RegionId ? router : undefined;
}

function isPrepaid({ InstanceChargeType }: { readonly InstanceChargeType: string }): boolean {
  return /^prepaid$/i.test(InstanceChargeType);
}
