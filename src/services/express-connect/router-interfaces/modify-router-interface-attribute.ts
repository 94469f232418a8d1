import { id, optionalId, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, long, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { interfaceDescription, interfaceName } from "./parameters.ts";
import { oppositeOf, routerInterface, routerTypes } from "./router-interface.ts";
import { healthCheckIp, healthCheckIsAPair, interfaceTarget, isNotLocked, isPaidFor } from "./rules.ts";

export const modifyRouterInterfaceAttribute = writeOperation({
  product: Vpc,
  name: "ModifyRouterInterfaceAttribute",
  summary: "Changes name, description and health check of a router interface, and while it is Idle the other end that it names.",
  authorisation: {
    action: "vpc:ModifyRouterInterfaceAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{RouterInterfaceId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    RouterInterfaceId: id,
    Name: interfaceName(routerInterfaceErrors.nameMalformedOnModify),
    Description: interfaceDescription(routerInterfaceErrors.descriptionMalformedOnModify),
    OppositeInterfaceId: optionalId,
    OppositeRouterId: optionalId,
    OppositeRouterType: string(),
    OppositeInterfaceOwnerId: long(),
    HealthCheckSourceIp: healthCheckIp,
    HealthCheckTargetIp: healthCheckIp,
    HcThreshold: integer({ min: 3, max: 8, invalid: routerInterfaceErrors.hcThresholdInvalid }),
    HcRate: integer({ min: 0, max: 60_000, invalid: routerInterfaceErrors.hcRateInvalid }),
    DeleteHealthCheckIp: boolean({ default: false }),
  },
  response: {},
  targets: { routerInterface: interfaceTarget(routerInterfaceErrors.notFoundOnModify) },
  check: [
    {
      rule: `OppositeRouterType is ${routerTypes.join(" or ")}`,
      error: routerInterfaceErrors.oppositeRouterTypeUnknown,
      holds: ({ input }) => input.OppositeRouterType === undefined || routerTypes.includes(input.OppositeRouterType as never),
    },
    healthCheckIsAPair,
    {
      rule: "a health check is for an interface of a VPC that leads to a virtual border router",
      error: routerInterfaceErrors.healthCheckOfVRoutersOnModify,
      source: "inferred",
      holds: ({ input, targets: { routerInterface: own } }) => {
        const hasOne = !input.DeleteHealthCheckIp && (input.HealthCheckSourceIp ?? own.healthCheckSourceIp) !== "";
        return !hasOne || (own.routerType === "VRouter" && (input.OppositeRouterType ?? own.oppositeRouterType) === "VBR");
      },
    },
    isPaidFor(routerInterfaceErrors.financialLocked),
    isNotLocked,
    stateAllows("routerInterface", routerInterface, "ModifyRouterInterfaceAttribute", routerInterfaceErrors.statusOnModify),
    {
      rule: "the other end that the router interface names can change while it is Idle only",
      error: routerInterfaceErrors.statusOnModify,
      holds: ({ input, targets }) =>
        targets.routerInterface.state === "Idle" ||
        [input.OppositeInterfaceId, input.OppositeRouterId, input.OppositeRouterType, input.OppositeInterfaceOwnerId].every(
          (value) => value === undefined,
        ),
    },
    {
      rule: "while an interface of a virtual border router is its other end, the router that it names as the other stays the same",
      error: routerInterfaceErrors.oppositeIsVbr,
      holds: async ({ input, state, targets: { routerInterface: own } }) =>
        (await oppositeOf(state, own))?.routerType !== "VBR" ||
        ((input.OppositeRouterId ?? own.oppositeRouterId) === own.oppositeRouterId &&
          (input.OppositeRouterType ?? own.oppositeRouterType) === own.oppositeRouterType),
    },
  ],
  apply: async ({ input, state, targets: { routerInterface: own } }) => {
    await state.move(routerInterface, own, "ModifyRouterInterfaceAttribute", {
      name: input.Name ?? own.name,
      description: input.Description ?? own.description,
      oppositeInterfaceId: input.OppositeInterfaceId ?? own.oppositeInterfaceId,
      oppositeRouterId: input.OppositeRouterId ?? own.oppositeRouterId,
      oppositeRouterType: input.OppositeRouterType ?? own.oppositeRouterType,
      oppositeInterfaceOwnerId: input.OppositeInterfaceOwnerId ?? own.oppositeInterfaceOwnerId,
      healthCheckSourceIp: input.DeleteHealthCheckIp ? "" : (input.HealthCheckSourceIp ?? own.healthCheckSourceIp),
      healthCheckTargetIp: input.DeleteHealthCheckIp ? "" : (input.HealthCheckTargetIp ?? own.healthCheckTargetIp),
      hcThreshold: input.HcThreshold ?? own.hcThreshold,
      hcRate: input.HcRate ?? own.hcRate,
    });
    return {};
  },
});
