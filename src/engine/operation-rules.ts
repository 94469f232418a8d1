import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { AnyOperation, Call, Rule, Statement, Target } from "../contract/operation.ts";
import { permissionRules } from "./authorise.ts";

/** The rules that an operation judges a call by: those of its declaration, and those that follow from it. */

/** Judged in the transaction of a write; reads and writes alike were judged against the nonces in memory before. */
export const nonceIsNew: Statement = {
  rule: "no earlier write of this key had the same SignatureNonce",
  error: gatewayErrors.nonceUsed,
  advice: "give every request a SignatureNonce of its own, also one that is sent again",
};
export const tokenAgrees: Statement = {
  rule: "an earlier call with the same ClientToken, if there was one, had the same parameters",
  error: gatewayErrors.tokenReused,
  advice: "repeat a ClientToken only to repeat a call as it was; take a new one for a new call",
};
/** Answered like an error, but it says that every rule held. */
export const isNoDryRun: Statement = {
  rule: "DryRun is not set: a dry run ends here, when all else held, and changes nothing",
  error: gatewayErrors.dryRunPassed,
  advice: "send the call without DryRun to make it",
};
export function takesToken(operation: AnyOperation): boolean {
  return "apply" in operation && tokenNameOf(operation) !== undefined;
}
/** The parameter that is the ClientToken of an operation: some of Express Connect call it `Token`. */
export function tokenNameOf({ parameters }: AnyOperation): string | undefined {
  return ["ClientToken", "Token"].find((name) => name in parameters);
}
export function takesDryRun({ parameters }: AnyOperation): boolean {
  return "DryRun" in parameters;
}

/** The rule that follows from a target. */
const whereToLook =
  "check the id, its region and its account: a resource of another account, or in another region, looks like one that is not there";
export function existenceRule({ parameters }: AnyOperation, { parameter, kind, missing, advice = whereToLook }: Target): Statement {
  const isRequired = parameters[parameter]?.options.required === true;
  return {
    rule: `${parameter}${isRequired ? "" : ", if given,"} names a ${kind.name} that the caller can see`,
    error: missing,
    advice,
  };
}

/** What admits a call to its transaction, in the order in which it is judged. */
export function admissionRules(operation: AnyOperation): readonly Statement[] {
  return "apply" in operation ? [nonceIsNew, ...permissionRules(operation)] : permissionRules(operation);
}
/** What an operation itself demands behind its parameters, in the order in which it is judged. */
export function operationRules(operation: AnyOperation): readonly Statement[] {
  return [
    ...(takesToken(operation) ? [tokenAgrees] : []),
    ...targetsOf(operation).map(([, target]) => existenceRule(operation, target)),
    ...rulesOf(operation),
    ...(takesDryRun(operation) ? [isNoDryRun] : []),
  ];
}
export function targetsOf(operation: AnyOperation): [string, Target][] {
  return Object.entries((operation.targets ?? {}) as Record<string, Target>);
}
export function rulesOf(operation: AnyOperation): readonly Rule<Call>[] {
  return (operation.check ?? []) as readonly Rule<Call>[];
}
