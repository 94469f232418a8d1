import { sharedIndexes } from "../../../contract/indexes.ts";
import { target } from "../../../contract/operation.ts";
import type { Resource, ResourceKind, ResourceReader } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { ramErrors } from "../errors.ts";
import { named, nameIndex } from "../names.ts";
import { systemPolicy } from "./system-policies.ts";

/** Characters of a policy document. */
export const policyDocumentLengthMax = 6144;

export type PolicyType = "System" | "Custom";

export interface PolicyVersion {
  /** `v1`, `v2`, …: never used twice. */
  readonly id: string;
  readonly document: string;
  /** Virtual milliseconds. */
  readonly createdAt: number;
}
/** A policy with its versions, oldest first; the default one counts. */
export interface PolicyBody {
  readonly type: PolicyType;
  readonly name: string;
  readonly description: string;
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersion: string;
  /** Number of the next version. */
  readonly nextVersion: number;
}
export type Policy = Resource<PolicyBody>;

/** Custom policies. Those of the system are the same for all and stand in no store, see `policyNamed`. */
export const ramPolicy: ResourceKind<PolicyBody> = {
  name: "ram-policy",
  idPrefix: "policy",
  idHasRegionCode: false,
  tagType: "policy",
  states: {
    initial: { CreatePolicy: "Active" },
    states: {
      Active: {
        meaning: "its default version counts wherever it is attached",
        moves: {
          CreatePolicyVersion: "Active",
          DeletePolicyVersion: "Active",
          SetDefaultPolicyVersion: "Active",
          UpdatePolicyDescription: "Active",
          DeletePolicy: gone,
        },
      },
    },
  },
  indexes: { ...sharedIndexes<Policy>(), name: nameIndex },
  counted: ["scope"],
  decidesPermissions: true,
};

/** The version that counts. It cannot be deleted, so there is always one. */
export function defaultVersionOf({ name, versions, defaultVersion }: PolicyBody): PolicyVersion {
  const found = versions.find(({ id }) => id === defaultVersion);
  if (found === undefined) throw new Error(`policy ${name} lacks its default version ${defaultVersion}`);
  return found;
}
/** The document that counts. */
export function defaultDocument(policy: PolicyBody): string {
  return defaultVersionOf(policy).document;
}

/** A policy of the system, or a custom one of the account. Letter case does not count. */
export async function policyNamed(state: ResourceReader, account: string, type: string, name: string): Promise<Policy | undefined> {
  return type === "System" ? systemPolicy(name) : named(state, ramPolicy, account, name);
}
/** The policy that has this id, as attachments name it. */
export async function policyOf(state: ResourceReader, id: string): Promise<Policy | undefined> {
  return systemPolicy(id) ?? state.get(ramPolicy, id);
}

/** The policy that `PolicyType` and `PolicyName` name; a custom one where there is no type. */
export const policyTarget = target({
  kind: ramPolicy,
  parameter: "PolicyName",
  nameInArn: ({ name }) => name,
  missing: ramErrors.policyNotFound,
  advice: "check PolicyType and PolicyName: ListPolicies lists those of the account and those of the system that are here",
  find: (state, name, { caller, input }) => policyNamed(state, caller.account, String(input["PolicyType"] ?? "Custom"), name),
});
