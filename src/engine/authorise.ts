import type { ErrorDefinition } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { AnyOperation, Call, ConditionValues, Statement } from "../contract/operation.ts";
import type { Tag } from "../contract/resource-kind.ts";
import { utcSeconds } from "../contract/time.ts";
import type { Verdict } from "../contract/verdict.ts";
import type { AccessRequest } from "../policy/evaluate.ts";
import { smallestPolicy } from "../policy/least.ts";
import { accessKey } from "../services/ram/access-keys/access-key.ts";
import { account } from "../services/accounts/account.ts";
import { ramRole } from "../services/ram/roles/role.ts";
import type { PermissionCache, Permissions } from "./permissions.ts";
import { principalArn } from "./principals.ts";
import type { Recording } from "./recording.ts";
import { requestedAccess, type RequestedAccess } from "./requested-access.ts";
import type { Rows } from "./store.ts";
import { demand, type Story, withError } from "./story.ts";

/** Where a call came from, as conditions of policies ask for it. */
export interface Origin {
  /** IP address of the client. */
  readonly address: string;
  readonly isEncrypted: boolean;
}

const rules = {
  keyIsThere: { rule: "the access key is still there when the call runs", error: gatewayErrors.accessKeyNotFound },
  keyIsEnabled: {
    rule: "the access key, its account and its role are still enabled when the call runs",
    error: gatewayErrors.accessKeyInactive,
  },
  sessionIsCurrent: {
    rule: "the SecurityToken, if there is one, is not past its Expiration when the call runs",
    error: gatewayErrors.securityTokenExpired,
    advice: "call AssumeRole again",
  },
} as const satisfies Readonly<Record<string, Statement>>;

/** Permission is three rules, because the answers to a denial differ. */
const denialKinds = ["explicit", "user", "role"] as const;
type DenialKind = (typeof denialKinds)[number];

const permissionStatements = new WeakMap<AnyOperation, Readonly<Record<DenialKind, Statement>>>();
function permissionsOn(operation: AnyOperation): Readonly<Record<DenialKind, Statement>> {
  let statements = permissionStatements.get(operation);
  if (statements === undefined) {
    const { authorisation, product } = operation;
    const { action, denied } = authorisation;
    const otherwise = product.notPermitted ?? gatewayErrors.notPermitted;
    const statement = (rule: string, error = otherwise): Statement => ({ rule, error, source: "public-docs" });
    statements = {
      explicit: statement(`no policy of the caller denies ${action}`, denied?.explicit ?? denied?.user),
      user: statement(`where a user calls, its policies allow ${action}`, denied?.user),
      role: statement(`where a role's session calls, the role's policies and the session's own allow ${action}`, denied?.role),
    };
    permissionStatements.set(operation, statements);
  }
  return statements;
}

/** What `authorise` judges of a call of this operation, in its order. */
export function permissionRules(operation: AnyOperation): readonly Statement[] {
  const judged = operation.authorisation.action === null ? [] : denialKinds.map((kind) => permissionsOn(operation)[kind]);
  return [...Object.values(rules), ...judged];
}

/** What an operation answers to users and to roles without permission. */
export function denials(operation: AnyOperation): readonly ErrorDefinition[] {
  return operation.authorisation.action === null ? [] : denialKinds.map((kind) => permissionsOn(operation)[kind].error);
}

/** What one resource's permission came to, by one set of policies. */
export interface ResourceVerdict extends Verdict {
  readonly resource: string;
  /**
   * `identity`: policies of the user, its groups or the role; `session`: the policy that was given to AssumeRole; `trust`: the policy
   * of a role that says who may take it.
   */
  readonly by: "identity" | "session" | "trust";
}
/** Verdicts of one request whose statements are told: a request can name many resources, and its story is kept in memory. */
export const toldVerdictsMax = 3;
/** How permission was judged, for the story of the request. */
export interface PermissionStory {
  readonly action: string;
  /** ARN of the caller. */
  readonly principal: string;
  readonly decision: Verdict["decision"];
  /** Those beyond the first `toldVerdictsMax`, denials before the rest, have their statements left out and counted as omitted. */
  readonly verdicts: readonly ResourceVerdict[];
  /** What would have allowed the call beside what there is; absent where it was allowed, and where a Deny has to go first. */
  readonly smallestPolicy?: object;
}

/**
 * Decides, inside the transaction of the call, whether the caller may make it.
 * Root keys have full rights over their own account; users and roles have what their policies allow.
 * @throws {Refusal} `InvalidAccessKeyId.NotFound`, `InvalidAccessKeyId.Inactive`, or what the operation answers to those without permission
 */
export async function authorise(
  rows: Rows,
  call: Pick<Call, "caller" | "input" | "targets" | "state" | "now" | "conditionValues">,
  operation: AnyOperation,
  around: { readonly permissions: PermissionCache; readonly recording: Recording },
  story: Story,
): Promise<void> {
  const { caller, state } = call;
  await keyStillWorks(call, story);
  const { action } = operation.authorisation;
  if (action === null) return;
  const permission = permissionsOn(operation);
  const { isOn } = around.recording;
  const requested = caller.type === "Account" && !isOn ? [] : await requestedAccess(operation, call);
  if (isOn) around.recording.note(caller, action, requested);
  if (caller.type === "Account") {
    for (const kind of denialKinds) demand(story, permission[kind], true);
    return;
  }
  const judged = judge(await around.permissions.of(rows, state, caller), requested, action, call);
  story.permission = judged;
  const { decision } = judged;
  const advice = adviceOn(judged);
  const own: DenialKind = caller.type === "RAMUser" ? "user" : "role";
  const explicit = withError(permission.explicit, operation.authorisation.denied?.explicit ?? permission[own].error);
  demand(story, explicit, decision !== "ExplicitDeny", [], advice);
  for (const kind of ["user", "role"] as const) demand(story, permission[kind], kind !== own || decision === "Allow", [], advice);
}

function judge(
  { identity, session }: Permissions,
  requested: readonly RequestedAccess[],
  action: string,
  { caller, conditionValues }: Pick<Call, "caller" | "conditionValues">,
): PermissionStory {
  const verdicts = requested.flatMap(({ resource, resourceGroup, tags }): ResourceVerdict[] => {
    const request: AccessRequest = { action, resource, resourceGroup, context: withTags(conditionValues, tags) };
    return [
      { resource, by: "identity", ...identity.decide(request) },
      ...(session === undefined ? [] : [{ resource, by: "session" as const, ...session.decide(request) }]),
    ];
  });
  const isDenied = verdicts.some((one) => one.decision === "ExplicitDeny");
  const isAllowed = verdicts.every((one) => one.decision === "Allow");
  const lacking = [...new Set(verdicts.filter((one) => one.decision !== "Allow").map(({ resource }) => resource))];
  return {
    action,
    principal: caller.arn,
    decision: isDenied ? "ExplicitDeny" : isAllowed ? "Allow" : "ImplicitDeny",
    verdicts: briefly(verdicts),
    ...(isDenied || isAllowed ? {} : { smallestPolicy: smallestPolicy(action, lacking) }),
  };
}

const decisionsByWeight: readonly Verdict["decision"][] = ["ExplicitDeny", "ImplicitDeny", "Allow"];

function briefly(verdicts: readonly ResourceVerdict[]): readonly ResourceVerdict[] {
  const weight = ({ decision }: ResourceVerdict): number => decisionsByWeight.indexOf(decision);
  const told = new Set(verdicts.toSorted((a, b) => weight(a) - weight(b)).slice(0, toldVerdictsMax));
  return verdicts.map((one) => (told.has(one) ? one : { ...one, considered: [], omitted: one.considered.length + one.omitted }));
}

/** A key, or the role of a session, may have gone since the signature was verified. */
async function keyStillWorks({ caller, state, now }: Pick<Call, "caller" | "state" | "now">, story: Story): Promise<void> {
  const key = caller.session === undefined ? await state.get(accessKey, caller.accessKeyId) : undefined;
  demand(story, rules.keyIsThere, caller.session !== undefined || key !== undefined);
  const owner = await state.get(account, caller.account);
  const isActive = caller.session === undefined ? key?.state === "Active" : (await state.get(ramRole, caller.principalId)) !== undefined;
  demand(story, rules.keyIsEnabled, owner?.state === "Enabled" && isActive);
  demand(story, rules.sessionIsCurrent, caller.session === undefined || now < caller.session.expiresAt);
}

function adviceOn({ decision, verdicts, action }: PermissionStory): string {
  const denied = verdicts.find((one) => one.decision === "ExplicitDeny");
  if (denied?.decidedBy !== undefined) {
    const { policy, statement } = denied.decidedBy;
    return `statement ${statement} of ${policy} denies ${action} on ${denied.resource}: no policy can allow it while this one says so. Change that statement, or detach the policy`;
  }
  const lacking = verdicts.find((one) => one.decision !== "Allow");
  if (decision === "Allow" || lacking === undefined) return "";
  return lacking.by === "session"
    ? `the policy that was given to AssumeRole does not allow ${action} on ${lacking.resource}: give one that does, or none`
    : `attach a policy that allows ${action} on ${lacking.resource} to the caller; the smallest one that would do is told below, and to programs as permission.smallestPolicy`;
}

const resourceTagKey = "acs:resourcetag/";
const requestTagKey = "acs:requesttag/";

/** The condition values of a request on one resource: those of the request, and the tags of the resource. */
function withTags(conditionValues: ConditionValues, tags: readonly Tag[]): ConditionValues {
  return (key) =>
    key.startsWith(resourceTagKey)
      ? tags.filter(({ Key }) => Key === key.slice(resourceTagKey.length)).map(({ Value }) => Value)
      : conditionValues(key);
}

/** What a request has under each condition key but the tags of resources. */
export function conditionValuesOf(
  { caller, input, now }: { readonly caller: Call["caller"]; readonly input: Readonly<Record<string, unknown>>; readonly now: number },
  { address, isEncrypted }: Origin,
): ConditionValues {
  return (key) => {
    if (key.startsWith(requestTagKey)) {
      const name = key.slice(requestTagKey.length);
      return givenTags(input).flatMap(({ Key, Value }) => (Key === name ? [Value ?? ""] : []));
    }
    switch (key) {
      case "acs:currenttime":
        return [utcSeconds(now)];
      case "acs:securetransport":
        return [String(isEncrypted)];
      case "acs:sourceip":
        return [address];
      case "acs:principalarn":
        return [principalArn(caller)];
      default:
        return undefined;
    }
  };
}
/** Tags that a call brings along. Operations that take both spellings go by `Tags` if there are any. */
function givenTags(input: Readonly<Record<string, unknown>>): readonly Partial<Tag>[] {
  const [tag, tags] = [input["Tag"], input["Tags"]].map((given) => (Array.isArray(given) ? (given as readonly Partial<Tag>[]) : []));
  return tags !== undefined && tags.length > 0 ? tags : (tag ?? []);
}
