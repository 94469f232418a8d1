import { listAll, type ResourceReader } from "../contract/resource-kind.ts";
import type { Caller } from "../contract/operation.ts";
import { parsePolicy } from "../policy/document.ts";
import { type AppliedPolicy, PolicySet } from "../policy/evaluate.ts";
import { membership } from "../services/ram/groups/membership.ts";
import { policyAttachment } from "../services/ram/policies/policy-attachment.ts";
import { defaultDocument, policyOf } from "../services/ram/policies/policy.ts";
import type { Rows } from "./store.ts";

/**
 * Characters of policy documents that are kept ready at most, over all principals. Ready they take some twenty bytes each. A principal
 * counts as some characters besides, so that there are not too many who have next to none.
 */
const keptMax = 4_000_000;
const principalSize = 2_000;

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

interface Kept {
  /** The value in the store that they were read under. */
  readonly revision: string | undefined;
  readonly permissions: Permissions;
  /** What they count of `keptMax`. */
  readonly size: number;
}

/**
 * The policies of principals, read and prepared once. A value in the store tells whether they are still the same, so that a change counts
 * from the next transaction on, on every server of the store.
 */
export class PermissionCache {
  readonly #kept = new Map<string, Kept>();
  readonly #max: number;
  #size = 0;

  /** @param max characters of documents that are kept */
  constructor(max: number = keptMax) {
    this.#max = max;
  }

  /** The permissions of a user or of a role's session. */
  async of(rows: Rows, state: ResourceReader, caller: Caller): Promise<Permissions> {
    const revision = await rows.meta(permissionsName(caller.account));
    // Two sessions of a role may have different policies of their own.
    const key = caller.session === undefined ? caller.principalId : caller.accessKeyId;
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.revision === revision) return kept.permissions;
    const { permissions, size } = await permissionsOf(state, caller);
    this.#drop(key);
    this.#kept.set(key, { revision, permissions, size });
    this.#size += size;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.#max) break;
      this.#drop(oldest);
    }
    return permissions;
  }

  #drop(key: string): void {
    this.#size -= this.#kept.get(key)?.size ?? 0;
    this.#kept.delete(key);
  }
}

/** A policy that is ready to be judged by, with the length of its document. */
interface Ready {
  readonly policy: AppliedPolicy;
  readonly size: number;
}
function ready(policy: Omit<AppliedPolicy, "document">, text: string): Ready {
  try {
    return { policy: { ...policy, document: parsePolicy(text) }, size: text.length };
  } catch (cause) {
    throw new Error(`the stored policy ${policy.name} cannot be read any more`, { cause });
  }
}
const setOf = (all: readonly Ready[]): PolicySet => new PolicySet(all.map(({ policy }) => policy));

async function permissionsOf(state: ResourceReader, { type, principalId, session }: Caller): Promise<Omit<Kept, "revision">> {
  const own = await attachedTo(state, type === "RAMUser" ? "user" : "role", principalId);
  const groups = type === "RAMUser" ? await listAll(state, membership, [["user", principalId]]) : [];
  const inherited = await Promise.all(groups.map(({ groupId }) => attachedTo(state, "group", groupId)));
  const identity = [...own, ...inherited.flat()];
  const given = session?.policy;
  const cut = given === undefined ? [] : [ready({ name: "Policy of AssumeRole", type: "Session", resourceGroup: "" }, given)];
  return {
    permissions: { identity: setOf(identity), session: given === undefined ? undefined : setOf(cut) },
    size: [...identity, ...cut].reduce((sum, { size }) => sum + size, principalSize),
  };
}

async function attachedTo(state: ResourceReader, index: "user" | "group" | "role", id: string): Promise<Ready[]> {
  const applied: Ready[] = [];
  for (const { policyId, resourceGroup } of await listAll(state, policyAttachment, [[index, id]])) {
    const policy = await policyOf(state, policyId);
    if (policy === undefined) continue;
    applied.push(ready({ name: policy.name, type: policy.type, resourceGroup }, defaultDocument(policy)));
  }
  return applied;
}
