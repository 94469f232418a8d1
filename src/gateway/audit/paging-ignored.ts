import { type Audited, bySameCall, type Occurrence, times, type Traffic } from "./finding.ts";

/** A page shorter than this is a look at the first few, or at the total, and not an attempt to read the list. */
const pageLengthMin = 10;

/**
 * Lists that said that more follows, and of which nothing more was asked for. A client that asks for a later page anywhere in its
 * calls of the operation knows of them, and may have found what it was looking for; so may one that later got the same list whole.
 */
export function pagingIgnored({ calls }: Traffic): Occurrence[] {
  return calls.flatMap((ofOne) => {
    if (ofOne.some(({ noted }) => noted.page !== "")) return [];
    const partial = bySameCall(ofOne).flatMap(partialAnswers);
    const [first] = partial;
    if (first?.noted.partOf === undefined) return [];
    const { shown, total } = first.noted.partOf;
    const often = partial.length === 1 ? "" : ` That happened ${times(partial.length)}.`;
    const seen = `${first.action} answered ${shown} of ${total ?? "more"}, and the rest was not asked for.${often}`;
    return [{ seen, count: partial.length, requests: partial }];
  });
}

/** The answers to one question that held a part of the list; none where it was answered whole in the end. */
function partialAnswers(sameCalls: readonly Audited[]): Audited[] {
  const answered = sameCalls.filter(({ code }) => code === "OK");
  if (answered.at(-1)?.noted.partOf === undefined) return [];
  return answered.filter(({ noted }) => (noted.partOf?.shown ?? 0) >= pageLengthMin);
}
