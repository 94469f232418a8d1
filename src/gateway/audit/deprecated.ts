import { type Occurrence, times, type Traffic } from "./finding.ts";

/** Calls of operations that are declared as deprecated. */
export function deprecatedCalls({ calls }: Traffic): Occurrence[] {
  return calls.flatMap((ofOne) => {
    const { name, deprecated } = ofOne[0].operation;
    if (deprecated === undefined) return [];
    const seen = `${name} was called ${times(ofOne.length)}.`;
    return [{ seen, count: ofOne.length, requests: ofOne, instead: deprecated.instead }];
  });
}
