/** How policies judged a permission: what the story of a request tells of it. */

export type PolicyType = "System" | "Custom" | "Session" | "Trust";

/** A statement whose action matched, and what came of it. */
export interface Considered {
  /** Name of the policy. */
  readonly policy: string;
  readonly type: PolicyType;
  /** `""` for the whole account; a policy of another resource group than the resource's does not match the resource. */
  readonly resourceGroup: string;
  /** Counted from 1. */
  readonly statement: number;
  readonly effect: "Allow" | "Deny";
  /** In a trust policy: whether it names the caller. */
  readonly resourceMatches: boolean;
  /** At most 10; where there are more, those that do not hold come first. */
  readonly conditions: readonly { readonly operator: string; readonly key: string; readonly holds: boolean }[];
  /** How many more there are, if any. */
  readonly omittedConditions?: number;
  /** Resource and all conditions match. */
  readonly applies: boolean;
}
export interface Verdict {
  readonly decision: "Allow" | "ExplicitDeny" | "ImplicitDeny";
  /** The first statement that denies, or else the first that allows. */
  readonly decidedBy: Considered | undefined;
  /** Statements whose action matched, those of account-level policies first; at most 50. */
  readonly considered: readonly Considered[];
  /** How many more there are. */
  readonly omitted: number;
}
