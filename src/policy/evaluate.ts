import type { Considered, PolicyType, Verdict } from "../contract/verdict.ts";
import type { ContextValues } from "./conditions.ts";
import type { PolicyDocument, PolicyStatement, TrustedPrincipal } from "./document.ts";
import { globMatcher } from "./glob.ts";
import { type Arn, arnOf, selectionTest } from "./resource.ts";

/**
 * Who may do what: statements of policies against one action on one resource. An explicit deny wins over every allow, and without an
 * allow all is denied (https://www.alibabacloud.com/help/en/ram/policy-evaluation-process). The edition of 2021 let an allow for the whole
 * account outdo a deny for a resource group; that of 2026 lets a deny win over allows of any policy.
 */

export interface AccessRequest {
  readonly action: string;
  /** ARN of the resource; `*` where the operation has no resource level. A region `*` in it says that the resource has none. */
  readonly resource: string;
  /** Resource group that the resource is in, `""` if none. */
  readonly resourceGroup: string;
  /** What the request has under a condition key, asked for in the form of `contextKey`: `acs:sourceip`, `acs:resourcetag/Team`. */
  readonly context: (key: string) => ContextValues;
}
export interface AppliedPolicy {
  readonly name: string;
  readonly type: PolicyType;
  /** `""` for the whole account, or the resource group whose resources alone it covers. */
  readonly resourceGroup: string;
  readonly document: PolicyDocument;
}

export const consideredMax = 50;
/** Conditions of a statement that are told. A policy has room for hundreds, and what is told of a request is kept in memory. */
export const conditionsMax = 10;
/** Actions whose statements a `PolicySet` remembers. Actions come from declarations, so they are few. */
const rememberedActionsMax = 1024;
/** Entries of all the lists that a `PolicySet` remembers of statements on one resource. */
const rememberedOnResourcesMax = 20_000;

/** The policies of one principal, prepared for many requests. */
export class PolicySet {
  readonly #statements: readonly Prepared[];
  readonly #byAction = new Map<string, readonly Prepared[]>();
  /** The statements that cover a resource, by action, ARN and resource group. */
  readonly #byResource = new Map<string, readonly Prepared[]>();
  #onResources = 0;

  constructor(policies: readonly AppliedPolicy[]) {
    const inOrder = [...policies.filter((one) => one.resourceGroup === ""), ...policies.filter((one) => one.resourceGroup !== "")];
    this.#statements = inOrder.flatMap((policy) =>
      policy.document.statements.map((statement, index) => {
        const { resource, effect } = statement;
        const covers = selectionTest(resource, effect);
        return prepare(
          policy,
          statement,
          index + 1,
          policy.resourceGroup === "" ? covers : (arn, group) => group === policy.resourceGroup && covers(arn),
        );
      }),
    );
  }

  /** Of an allowed request only the statements that cover its resource are told; of a denied one, all that concern its action. */
  decide(request: AccessRequest): Verdict {
    const { resource, resourceGroup, context } = request;
    const arn = arnOf(resource);
    const concerning = this.#concerning(request.action);
    const verdict = judge(this.#covering(request, arn, concerning), arn, resourceGroup, context);
    return verdict.decision === "Allow"
      ? { ...verdict, omitted: concerning.length - verdict.considered.length }
      : judge(concerning, arn, resourceGroup, context);
  }

  #concerning(action: string): readonly Prepared[] {
    let statements = this.#byAction.get(action);
    if (statements === undefined) {
      const lower = action.toLowerCase();
      statements = this.#statements.filter((one) => one.concerns(lower));
      if (this.#byAction.size >= rememberedActionsMax) this.#byAction.clear();
      this.#byAction.set(action, statements);
    }
    return statements;
  }
  #covering({ action, resource, resourceGroup }: AccessRequest, arn: Arn, concerning: readonly Prepared[]): readonly Prepared[] {
    const key = `${action}\n${resource}\n${resourceGroup}`;
    let statements = this.#byResource.get(key);
    if (statements === undefined) {
      statements = concerning.filter((one) => one.covers(arn, resourceGroup));
      this.#onResources += 1 + statements.length;
      if (this.#onResources > rememberedOnResourcesMax) {
        this.#byResource.clear();
        this.#onResources = 1 + statements.length;
      }
      this.#byResource.set(key, statements);
    }
    return statements;
  }
}

/** Whether the trust policy of a role lets a user or role assume it. */
export function decideTrust(
  document: PolicyDocument,
  request: {
    readonly action: string;
    readonly principal: {
      readonly account: string;
      /** `user/<name>` or `role/<name>`. */
      readonly name: string;
    };
    /** As in `AccessRequest`. */
    readonly context: (key: string) => ContextValues;
  },
): Verdict {
  const policy: AppliedPolicy = { name: "AssumeRolePolicyDocument", type: "Trust", resourceGroup: "", document };
  const action = request.action.toLowerCase();
  const { account, name } = request.principal;
  const isNamed = (one: TrustedPrincipal): boolean =>
    one.type === "RAM" && one.account === account && (one.name === "root" || one.name.toLowerCase() === name.toLowerCase());
  const statements = document.statements.map((statement, index) =>
    prepare(policy, statement, index + 1, () => statement.principals?.some(isNamed) ?? false),
  );
  return judge(
    statements.filter((one) => one.concerns(action)),
    arnOf("*"),
    "",
    request.context,
  );
}

type Covers = (arn: Arn, resourceGroup: string) => boolean;
type Context = AccessRequest["context"];

/** A statement, ready to be judged. */
interface Prepared {
  readonly policy: AppliedPolicy;
  readonly statement: PolicyStatement;
  /** From 1. */
  readonly number: number;
  /** The action in lower case. */
  readonly concerns: (action: string) => boolean;
  readonly covers: Covers;
}
function prepare(policy: AppliedPolicy, statement: PolicyStatement, number: number, covers: Covers): Prepared {
  const { patterns, inverted } = statement.action;
  const tests = patterns.map((pattern) => globMatcher(pattern.toLowerCase()));
  return { policy, statement, number, covers, concerns: (action) => tests.some((test) => test(action)) !== inverted };
}

function judge(statements: readonly Prepared[], arn: Arn, resourceGroup: string, context: Context): Verdict {
  const considered: Considered[] = [];
  let allow: Considered | undefined;
  let deny: Considered | undefined;
  for (const one of statements) {
    const { effect } = one.statement;
    if (considered.length < consideredMax) {
      const result = consider(one, arn, resourceGroup, context);
      considered.push(result);
      if (!result.applies) continue;
      if (effect === "Deny") deny ??= result;
      else allow ??= result;
    } else {
      // Nobody is told of these, so they are judged only as far as they can change the decision.
      if (deny !== undefined) break;
      if ((effect === "Allow" && allow !== undefined) || !one.covers(arn, resourceGroup) || !allHold(one, context)) continue;
      if (effect === "Deny") deny = consider(one, arn, resourceGroup, context);
      else allow = consider(one, arn, resourceGroup, context);
    }
  }
  return {
    decision: deny !== undefined ? "ExplicitDeny" : allow !== undefined ? "Allow" : "ImplicitDeny",
    decidedBy: deny ?? allow,
    considered,
    omitted: statements.length - considered.length,
  };
}

const unconditional: Considered["conditions"] = [];

function consider(one: Prepared, arn: Arn, resourceGroup: string, context: Context): Considered {
  const { policy, statement, number } = one;
  const resourceMatches = one.covers(arn, resourceGroup);
  const conditions =
    statement.conditions.length === 0
      ? unconditional
      : statement.conditions.map(({ operator, key, contextKey, holds }) => ({ operator, key, holds: holds(context(contextKey)) }));
  const omittedConditions = conditions.length - conditionsMax;
  return {
    policy: policy.name,
    type: policy.type,
    resourceGroup: policy.resourceGroup,
    statement: number,
    effect: statement.effect,
    resourceMatches,
    ...(omittedConditions > 0 ? { conditions: failingFirst(conditions).slice(0, conditionsMax), omittedConditions } : { conditions }),
    applies: resourceMatches && conditions.every(({ holds }) => holds),
  };
}
function failingFirst(conditions: Considered["conditions"]): Considered["conditions"] {
  return conditions.toSorted((a, b) => Number(a.holds) - Number(b.holds));
}
function allHold({ statement }: Prepared, context: Context): boolean {
  return statement.conditions.every(({ contextKey, holds }) => holds(context(contextKey)));
}
