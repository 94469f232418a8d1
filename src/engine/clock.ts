import { parsedOnce } from "../contract/worked-out-once.ts";
import type { Rows, WritableRows } from "./store.ts";

/**
 * How long asynchronous work takes, a decision that people take, and the phase in which a deleted resource still reads `Deleted`,
 * in virtual milliseconds.
 */
export const paces = {
  instant: { work: 0, review: 0, deletedPhase: 0 },
  fast: { work: 300, review: 300, deletedPhase: 2_000 },
  real: { work: 30_000, review: 30_000, deletedPhase: 60_000 },
  stepped: { work: 30_000, review: 30_000, deletedPhase: 60_000 },
} as const;
export type Pace = keyof typeof paces;

export function isPace(value: string): value is Pace {
  return Object.hasOwn(paces, value);
}

/** Virtual time is wall time plus an offset; in `stepped` it stands still at `stoppedAt` until it is advanced. */
export interface Clock {
  readonly pace: Pace;
  readonly offset: number;
  readonly stoppedAt: number | null;
}

/** Virtual time in milliseconds since 1970. */
export function virtualTime(clock: Clock, wall: number): number {
  return clock.stoppedAt ?? wall + clock.offset;
}

/** The clock with another pace. Virtual time does not jump. */
export function withPace(clock: Clock, pace: Pace, wall: number): Clock {
  const now = virtualTime(clock, wall);
  return pace === "stepped" ? { pace, offset: clock.offset, stoppedAt: now } : { pace, offset: now - wall, stoppedAt: null };
}

/** The clock set forward to a virtual time; it never runs backwards. */
export function advancedTo(clock: Clock, time: number, wall: number): Clock {
  const target = Math.max(time, virtualTime(clock, wall));
  return clock.stoppedAt === null ? { ...clock, offset: target - wall } : { ...clock, stoppedAt: target };
}

const metaName = "clock";
const parseClock = parsedOnce((text) => JSON.parse(text) as Clock);
const initialClock: Clock = { pace: "fast", offset: 0, stoppedAt: null };

export async function readClock(rows: Rows): Promise<Clock> {
  const stored = await rows.meta(metaName);
  return stored === undefined ? initialClock : parseClock(stored);
}
export async function writeClock(rows: WritableRows, clock: Clock): Promise<void> {
  await rows.putMeta(metaName, JSON.stringify(clock));
}
