import { parsePolicy } from "../../src/policy/document.ts";
import { type AccessRequest, type AppliedPolicy, PolicySet } from "../../src/policy/evaluate.ts";
import type { Verdict } from "../../src/contract/verdict.ts";

/** Short ways to write policies and requests. */

export type Json = Record<string, unknown>;

export function documentText(...statements: readonly Json[]): string {
  return JSON.stringify({ Version: "1", Statement: statements });
}
export function policy(statements: readonly Json[], more: Partial<Omit<AppliedPolicy, "document">> = {}): AppliedPolicy {
  return { name: "policy", type: "Custom", resourceGroup: "", ...more, document: parsePolicy(documentText(...statements)) };
}
export const allow = (action: unknown, resource: unknown, more: Json = {}): Json => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});
export const deny = (action: unknown, resource: unknown, more: Json = {}): Json => ({
  Effect: "Deny",
  Action: action,
  Resource: resource,
  ...more,
});

/** A request; `context` by the form in which keys are asked for. */
export function request(
  action: string,
  resource: string,
  more: { readonly resourceGroup?: string; readonly context?: Readonly<Record<string, readonly string[]>> } = {},
): AccessRequest {
  const { resourceGroup = "", context = {} } = more;
  return { action, resource, resourceGroup, context: (key) => (Object.hasOwn(context, key) ? context[key] : undefined) };
}
export function decide(statements: readonly Json[], asked: AccessRequest): Verdict["decision"] {
  return new PolicySet([policy(statements)]).decide(asked).decision;
}
