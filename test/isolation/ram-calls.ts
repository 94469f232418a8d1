import type { AnyOperation } from "../../src/contract/operation.ts";
import { operations } from "../../src/services/index.ts";
import type { Stored } from "../generated/store-watch.ts";
import type { Parameters } from "../support/caller.ts";
import { policyDocument, type Statement, trustPolicy } from "../support/principals.ts";
import type { Random } from "../support/random.ts";

/** Calls of RAM and STS: they name users, groups, roles and policies by names, not by ids, and carry documents. */

/** What the calls of one side are made from. */
export interface Naming {
  readonly random: Random;
  readonly account: string;
  readonly resources: readonly Stored[];
  /** A name that nothing has yet. */
  newName(): string;
}

const actions = [...new Set(operations.flatMap(({ authorisation: { action } }) => (action === null ? [] : [action])))];

/** A statement on some operations and some resources, under a condition now and then: also on tags that others set, whose values begin with `mark`. */
export function randomStatement(random: Random, accounts: readonly string[], mark: string): Statement {
  const [product = "", name = ""] = random.pick(actions).split(":");
  const start = name.slice(0, random.between(1, name.length));
  const action = random.pick([
    "*",
    `${product}:*`,
    `${product}:*`,
    `${product}:${start}*`,
    `${product}:${name}`,
    "vpc:Describe*",
    "ram:List*",
  ]);
  const account = random.pick(accounts);
  const resource = random.pick(["*", "*", `acs:${product}:*:${account}:*`, `acs:${product}:cn-hangzhou:*:*`, `acs:vpc:*:*:vpc/*`]);
  const tag = random.pick([`${mark}*`, "v0", "v1"]);
  const condition = random.pick<Statement["Condition"]>([
    undefined,
    undefined,
    { StringLike: { "acs:ResourceTag/env": tag } },
    { StringNotLike: { "acs:ResourceTag/team": tag } },
    { StringLike: { "acs:RequestTag/env": "v*" } },
    { Bool: { "acs:SecureTransport": "false" } },
  ]);
  return {
    Effect: random.chance(0.8) ? "Allow" : "Deny",
    ...(random.chance(0.85) ? { Action: action } : { NotAction: action }),
    ...(random.chance(0.9) ? { Resource: resource } : { NotResource: resource }),
    ...(condition && { Condition: condition }),
  };
}

/** Parameters laid over those that were made from the declaration; none for other products. */
export function ramParameters(operation: AnyOperation, given: Parameters, naming: Naming): Parameters {
  if (!["Ram", "Sts"].includes(operation.product.name)) return {};
  const values = Object.keys({ ...operation.parameters }).flatMap((name) => {
    const declared = operation.parameters[name];
    if (!(name in given) && declared?.options.required !== true && !alwaysGiven.test(name)) return [];
    const value = byName.find(([pattern]) => pattern.test(name))?.[1](naming, operation, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const parameters = { ...Object.fromEntries(values), ...undone(naming, operation), ...tagged(naming, operation) };
  const isSystem = parameters["PolicyType"] === "System" && "PolicyName" in parameters && !operation.name.startsWith("Detach");
  return isSystem ? { ...parameters, PolicyName: naming.random.pick(systemPolicies) } : parameters;
}

/** What a call names that undoes a membership or an attachment: one that there is. */
function undone(naming: Naming, { name }: AnyOperation): Parameters {
  const nameOf = (id: unknown): unknown => naming.resources.find((one) => one.id === id)?.["name"];
  if (name === "RemoveUserFromGroup") {
    const found = some(naming, "ram-group-membership");
    return found === undefined ? {} : { UserName: nameOf(found["userId"]), GroupName: nameOf(found["groupId"]) };
  }
  const type = /^DetachPolicyFrom(.+)$/.exec(name)?.[1];
  const found =
    type &&
    some({ ...naming, resources: naming.resources.filter((one) => one["entityType"] === type.toLowerCase()) }, "ram-policy-attachment");
  if (type === undefined || !found) return {};
  const custom = nameOf(found["policyId"]);
  return {
    [`${type}Name`]: nameOf(found["entityId"]),
    PolicyType: custom === undefined ? "System" : "Custom",
    PolicyName: custom ?? found["policyId"],
    ResourceGroupId: found["resourceGroup"] || undefined,
  };
}

/** Roles or policies whose tags a call is about. */
function tagged(naming: Naming, { name, parameters }: AnyOperation): Parameters {
  if (!("ResourceNames" in parameters)) return {};
  const ResourceType = naming.random.pick(["role", "policy"]);
  const ResourceNames = [some(naming, `ram-${ResourceType}`)?.["name"] ?? naming.newName()];
  const TagKeys = name === "UntagResources" ? [naming.random.pick(["env", "team"])] : undefined;
  return { ResourceType, ResourceNames, TagKeys };
}

/** Optional, and what makes the call one about others. */
const alwaysGiven = /^(UserName|UserAccessKeyId)$/;
const systemPolicies = ["AliyunVPCFullAccess", "AliyunVPCReadOnlyAccess", "AdministratorAccess"];
const kindOf: Readonly<Record<string, string>> = { User: "ram-user", Group: "ram-group", Role: "ram-role", Policy: "ram-policy" };

type Value = (naming: Naming, operation: AnyOperation, name: string) => unknown;

function some({ random, account, resources }: Naming, kind: string): Stored | undefined {
  const all = resources.filter((one) => one.kind === kind);
  const own = all.filter((one) => one.account === account);
  const among = own.length > 0 && random.chance(0.7) ? own : all;
  return among.length === 0 ? undefined : random.pick(among);
}
const named: Value = (naming, { name: operation }, name) => {
  const what = /(User|Group|Role|Policy)Name$/.exec(name)?.[1] ?? "";
  const isNew = operation === `Create${what}` || name.startsWith("New");
  const known = isNew && naming.random.chance(0.8) ? undefined : some(naming, kindOf[what] ?? "")?.["name"];
  return known ?? naming.newName();
};
const accountsOf = ({ resources }: Naming): string[] => resources.filter(({ kind }) => kind === "account").map(({ id }) => id);
const document: Value = (naming) => policyDocument(randomStatement(naming.random, accountsOf(naming), "v"));

const byName: readonly (readonly [name: RegExp, value: Value])[] = [
  [/(User|Group|Role|Policy)Name$/, named],
  [/^UserAccessKeyId$/, (naming) => some(naming, "access-key")?.id ?? "LTAInothing"],
  [/^(AssumeRolePolicyDocument|NewAssumeRolePolicyDocument)$/, (naming) => trustPolicy([`acs:ram::${naming.account}:root`])],
  [/^(PolicyDocument|Policy)$/, document],
  [/^PolicyType$/, ({ random }) => random.pick(["Custom", "Custom", "System"])],
  [/^RotateStrategy$/, () => "DeleteOldestNonDefaultVersionWhenLimitExceeded"],
  [/^VersionId$/, ({ random }) => `v${random.between(1, 3)}`],
  [/^Status$/, ({ random }) => random.pick(["Active", "Inactive"])],
  [/^ResourceGroupId$/, (naming) => some(naming, "resource-group")?.id],
  [
    /^RoleArn$/,
    (naming) => {
      const role = some(naming, "ram-role");
      return `acs:ram::${role?.account ?? naming.account}:role/${role?.["name"] ?? naming.newName()}`;
    },
  ],
  [/^RoleSessionName$/, ({ random }) => `session-${random.below(10)}`],
  [/^(NewMaxSessionDuration|MaxSessionDuration)$/, ({ random }) => random.pick([3600, 7200])],
  [/^DurationSeconds$/, ({ random }) => random.pick([900, 3600])],
  [/Email$/, () => "someone@example.com"],
  [/MobilePhone$/, () => "86-18600008888"],
  [/^(Tag)$/, ({ random }) => [{ Key: random.pick(["env", "team"]), Value: random.pick(["v0", "v1"]) }]],
];
