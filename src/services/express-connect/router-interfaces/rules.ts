import { isIPv4 } from "node:net";
import type { ErrorDefinition } from "../../../contract/errors.ts";
import { type Call, type Rule, target } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { oppositeOf, type RouterInterface, routerInterface } from "./router-interface.ts";

/** Targets and rules that the operations on router interfaces share. */

export function interfaceTarget(missing: ErrorDefinition) {
  return target({ kind: routerInterface, parameter: "RouterInterfaceId", missing });
}
type OnInterface = Pick<Call, "state"> & { readonly targets: { readonly routerInterface: RouterInterface } };

/** Rule: the interface is paid for. */
export function isPaidFor(error: ErrorDefinition): Rule<OnInterface> {
  return {
    rule: "the router interface is not locked for its bill",
    error,
    holds: ({ targets }) => targets.routerInterface.BusinessStatus !== "FinancialLocked",
  };
}
/** Rule: an interface that was connected still has its other end. */
export function oppositeIsThere(error: ErrorDefinition): Rule<OnInterface> {
  return {
    rule: "the opposite router interface is still there, and not being deleted",
    error,
    holds: async ({ state, targets: { routerInterface: own } }) =>
      own.connectedAt === 0 || ((await oppositeOf(state, own))?.state ?? "Deleting") !== "Deleting",
  };
}
/** Rule: neither operations nor a risk lock the interface. */
export const isNotLocked: Rule<OnInterface> = {
  rule: "neither operations nor a security risk lock the router interface",
  error: routerInterfaceErrors.operationLocked,
  advice: 'end what no call can with PATCH /_linkspan/resources/{id} {"OperationLock": "", "BusinessStatus": "Normal"}',
  holds: ({ targets }) => targets.routerInterface.OperationLock === "" && targets.routerInterface.BusinessStatus !== "SecurityLocked",
};

export const healthCheckIp = string({
  valid: isIPv4,
  invalid: routerInterfaceErrors.healthCheckIpMalformed,
  description: "an IPv4 address",
});
/** Rule: the two addresses of a health check come together. */
export const healthCheckIsAPair: Rule<{
  readonly input: { readonly HealthCheckSourceIp: string | undefined; readonly HealthCheckTargetIp: string | undefined };
}> = {
  rule: "HealthCheckSourceIp and HealthCheckTargetIp come together",
  error: routerInterfaceErrors.healthCheckIpMalformed,
  source: "sdk-metadata",
  holds: ({ input }) => (input.HealthCheckSourceIp === undefined) === (input.HealthCheckTargetIp === undefined),
};
