import type { Source } from "../contract/errors.ts";
import type { StateChange } from "./resources.ts";

/** A rule of a check as it was judged. */
export interface JudgedRule {
  readonly rule: string;
  readonly code: string;
  readonly source: Source;
  readonly held: boolean;
}

/** What happened to one call inside the engine. It holds no secret and no answer. */
export interface Story {
  /** The resources that the call named, with the state each was found in; `null` for one that was missing or not visible. */
  readonly targets: { readonly parameter: string; readonly id: string; readonly state: string | null }[];
  readonly rules: JudgedRule[];
  readonly changes: StateChange[];
  /** The answer of an earlier call with the same ClientToken was repeated. */
  replayed: boolean;
}

export function newStory(): Story {
  return { targets: [], rules: [], changes: [], replayed: false };
}
