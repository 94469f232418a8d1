import profilesJson from "./profiles.json" with { type: "json" };
import { type FaultRule, faultRule } from "./rule.ts";

/** Rules that belong together: failures that real clients meet. They stand in `profiles.json`. */
export interface FaultProfile {
  readonly name: string;
  /** What calls meet while it is on. */
  readonly provokes: string;
  /** What a client must do for it to make no difference. */
  readonly tests: string;
  readonly rules: readonly FaultRule[];
}

export const profiles: readonly FaultProfile[] = profilesJson.map(({ name, provokes, tests, rules }) => ({
  name,
  provokes,
  tests,
  rules: (rules as readonly unknown[]).map(faultRule),
}));
