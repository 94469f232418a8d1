import { type Audited, beganAt, bySameCall, type Occurrence, times, type Traffic } from "./finding.ts";

/**
 * Milliseconds within which nobody who polls once a second looks three times: two seconds, less what timers are early.
 * Where one read shows several resources under way, as many waits may share it. Of one look more than twice their number, some wait has
 * made three.
 */
const threeLooksTakeMin = 1_800;

/** Reads that were repeated too fast while what they showed was under way. A read of what rests is a read, however often it comes. */
export function polledTooFast({ calls }: Traffic): Occurrence[] {
  return calls.flatMap((ofOne) => {
    const groups = bySameCall(ofOne.filter(showsWork))
      .map(fastLooks)
      .filter((group) => group.length > 0);
    const all = new Set(groups.flat());
    if (all.size === 0) return [];
    const intervals = groups.flatMap((group) => group.slice(1).map((look, index) => timeOf(look) - timeOf(group[index] as Audited)));
    const seen =
      `${ofOne[0].action} was called ${times(all.size)} with the same parameters while work was being done, ` +
      `often ${Math.round(median(intervals))} ms after the last time.`;
    return [{ seen, count: all.size, requests: ofOne.filter((call) => all.has(call)) }];
  });
}

/** While virtual time stands still nothing can be waited for, and a look is a look. */
function showsWork({ operation, code, underWay, time }: Audited): boolean {
  return "read" in operation && code === "OK" && underWay > 0 && time?.standsStill === false;
}

/** The looks of one question that are part of a run which was too fast. */
function fastLooks(looks: readonly Audited[]): Audited[] {
  const waitsMax = Math.max(...looks.map(({ underWay }) => underWay));
  const fast = new Set<Audited>();
  for (const [index, last] of looks.entries()) {
    const first = looks[index - 2 * waitsMax];
    if (first !== undefined && timeOf(last) - timeOf(first) < threeLooksTakeMin)
      for (const look of looks.slice(index - 2 * waitsMax, index + 1)) fast.add(look);
  }
  return [...fast];
}

/** Virtual time: whoever advances it between two looks has waited. */
function timeOf(look: Audited): number {
  return look.time?.now ?? beganAt(look);
}
function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
