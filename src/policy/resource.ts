import type { Selection } from "./document.ts";
import { globMatcher } from "./glob.ts";

/** Names of resources, `acs:<service>:<region>:<account>:<relative>`, and the patterns that policies write for them. */

export interface Arn {
  readonly text: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly relative: string;
}
export function arnOf(text: string): Arn {
  const [, service = "", region = "", account = "", ...rest] = text.split(":");
  return { text, service, region, account, relative: rest.join(":") };
}

/**
 * What a `Resource` or `NotResource` covers. An operation without resource level asks for `*`, and only a `Resource` that is `*` covers
 * that. `NotResource` never grants it, but denies it, unless all is excepted: on the safe side, for nothing is documented. (inferred)
 */
export function selectionTest({ patterns, inverted }: Selection, effect: "Allow" | "Deny"): (arn: Arn) => boolean {
  if (patterns.includes("*")) return () => !inverted;
  // What has no region, or is asked for in all of them, is denied by a pattern for any: on the safe side. (inferred)
  const tests = patterns.map((pattern) => patternTest(pattern, (effect === "Deny") !== inverted));
  // A plain loop, because every statement of every request comes through here: `some` takes half as long again.
  const isNamed = (arn: Arn): boolean => {
    for (const test of tests) if (test(arn)) return true;
    return false;
  };
  return inverted ? (arn) => (arn.text === "*" ? effect === "Deny" : !isNamed(arn)) : (arn) => arn.text !== "*" && isNamed(arn);
}

/**
 * Each part of an ARN is matched by itself, so that a star in one cannot reach into the next.
 * A resource without region matches patterns that leave the region open or empty.
 */
export function patternTest(pattern: string, inAnyRegion = false): (arn: Arn) => boolean {
  const parts = arnOf(pattern);
  const service = globMatcher(parts.service);
  const region = globMatcher(parts.region);
  const account = globMatcher(parts.account);
  const exactly = globMatcher(parts.relative);
  // Users, groups, roles and policies are the same in whatever letter case. (inferred)
  const inAnyCase = globMatcher(parts.relative.toLowerCase());
  const relative = (arn: Arn): boolean => (arn.service === "ram" ? inAnyCase(arn.relative.toLowerCase()) : exactly(arn.relative));
  const coversNoRegion = inAnyRegion || /^\**$/.test(parts.region);
  return (arn) =>
    relative(arn) && (arn.region === "*" ? coversNoRegion : region(arn.region)) && account(arn.account) && service(arn.service);
}
