import type { Caller } from "../contract/operation.ts";
import { leastPolicies } from "../policy/least.ts";
import { policyDocumentLengthMax } from "../services/ram/policies/policy.ts";
import { principalArn } from "./principals.ts";
import type { RequestedAccess } from "./requested-access.ts";

/** Different resources that one recording remembers at most, over all principals and actions. */
export const recordedMax = 20_000;

/** What was called since the recording began, as the least that each principal needs for it. */
export interface RecordingView {
  readonly isOn: boolean;
  /** ISO 8601, wall time; `null` before the first recording. */
  readonly since: string | null;
  readonly principals: readonly {
    /** ARN of the account's root, a user or a role. */
    readonly principal: string;
    /** More than one where one document would be longer than a policy can be. */
    readonly policies: readonly object[];
  }[];
  /** How often a permission was asked for beyond what a recording remembers: the policies lack it. */
  readonly omitted: number;
}

/** Notes which permissions calls ask for, whether they have them or not. In memory, of this server alone. */
export class Recording {
  #isOn = false;
  #since: number | undefined;
  #size = 0;
  #omitted = 0;
  /** Resources by principal and action. */
  readonly #asked = new Map<string, Map<string, Set<string>>>();

  get isOn(): boolean {
    return this.#isOn;
  }

  /** As if there had been none. */
  forget(): void {
    this.#isOn = false;
    this.#since = undefined;
    this.#size = 0;
    this.#omitted = 0;
    this.#asked.clear();
  }

  /** Forgets what was recorded before. @param now wall time in milliseconds */
  start(now: number): void {
    this.forget();
    this.#isOn = true;
    this.#since = now;
  }
  stop(): void {
    this.#isOn = false;
  }

  note(caller: Caller, action: string, requested: readonly RequestedAccess[]): void {
    if (!this.#isOn) return;
    // All sessions of a role are one principal: policies are attached to the role.
    const principal = principalArn(caller);
    for (const { resource } of requested) {
      if (this.#asked.get(principal)?.get(action)?.has(resource) === true) continue;
      if (this.#size >= recordedMax) {
        this.#omitted += 1;
        continue;
      }
      const actions = this.#asked.get(principal) ?? new Map<string, Set<string>>();
      this.#asked.set(principal, actions);
      actions.set(action, (actions.get(action) ?? new Set()).add(resource));
      this.#size += 1;
    }
  }

  view(): RecordingView {
    const principals = [...this.#asked].map(([principal, actions]) => ({
      principal,
      policies: leastPolicies(
        [...actions].map(([action, resources]) => ({ action, resources: [...resources] })),
        policyDocumentLengthMax,
      ),
    }));
    return {
      isOn: this.#isOn,
      since: this.#since === undefined ? null : new Date(this.#since).toISOString(),
      principals,
      omitted: this.#omitted,
    };
  }
}
