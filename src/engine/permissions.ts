import { listAll, type ResourceReader } from "../contract/resource-kind.ts";
import type { Caller } from "../contract/operation.ts";
import { parsePolicy } from "../policy/document.ts";
import { type AppliedPolicy, PolicySet } from "../policy/evaluate.ts";
import { membership } from "../services/ram/groups/membership.ts";
import { policyAttachment } from "../services/ram/policies/policy-attachment.ts";
import { defaultDocument, policyOf } from "../services/ram/policies/policy.ts";
import type { Rows } from "./store.ts";

/** Principals whose policies are kept ready at most. */
const principalsMax = 1_000;

/** Name of the stored value that changes with everything that decides permissions in an account. */
export function permissionsName(account: string): string {
  return `permissions ${account}`;
}

/** What a caller may do: each set has to allow a call. */
export interface Permissions {
  /** By the policies of the user and its groups, or of the role. */
  readonly identity: PolicySet;
  /** By the policy that was given to AssumeRole, if there was one. */
  readonly session: PolicySet | undefined;
}

/**
 * The policies of principals, read and prepared once. A value in the store tells whether they are still the same, so that a change counts
 * from the next transaction on, on every server of the store.
 */
export class PermissionCache {
  readonly #kept = new Map<string, { readonly revision: string | undefined; readonly permissions: Permissions }>();

  /** The permissions of a user or of a role's session. */
  async of(rows: Rows, state: ResourceReader, caller: Caller): Promise<Permissions> {
    const revision = await rows.meta(permissionsName(caller.account));
    // Two sessions of a role may have different policies of their own.
    const key = caller.session === undefined ? caller.principalId : caller.accessKeyId;
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.revision === revision) return kept.permissions;
    const permissions = await permissionsOf(state, caller);
    this.#kept.delete(key);
    this.#kept.set(key, { revision, permissions });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= principalsMax) break;
      this.#kept.delete(oldest);
    }
    return permissions;
  }
}

async function permissionsOf(state: ResourceReader, { type, principalId, session }: Caller): Promise<Permissions> {
  const own = await attachedTo(state, type === "RAMUser" ? "user" : "role", principalId);
  const groups = type === "RAMUser" ? await listAll(state, membership, [["user", principalId]]) : [];
  const inherited = await Promise.all(groups.map(({ groupId }) => attachedTo(state, "group", groupId)));
  const sessionPolicy: AppliedPolicy | undefined =
    session?.policy === undefined
      ? undefined
      : { name: "Policy of AssumeRole", type: "Session", resourceGroup: "", document: parsePolicy(session.policy) };
  return {
    identity: new PolicySet([...own, ...inherited.flat()]),
    session: sessionPolicy && new PolicySet([sessionPolicy]),
  };
}

async function attachedTo(state: ResourceReader, index: "user" | "group" | "role", id: string): Promise<AppliedPolicy[]> {
  const applied: AppliedPolicy[] = [];
  for (const { policyId, resourceGroup } of await listAll(state, policyAttachment, [[index, id]])) {
    const policy = await policyOf(state, policyId);
    if (policy === undefined) continue;
    applied.push({ name: policy.name, type: policy.type, resourceGroup, document: parsePolicy(defaultDocument(policy)) });
  }
  return applied;
}
