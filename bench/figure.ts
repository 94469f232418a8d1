// One line of the results.

export interface Figure {
  /** By which aims name it. */
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: "/s" | "ms" | "s" | "MB";
  /** Latency of half of the requests at most, and of 99 in 100, in milliseconds. */
  readonly p50?: number;
  readonly p99?: number;
  /** What it is compared with, measured in turns with it, and this figure divided by that one. */
  readonly against?: string;
  readonly ratio?: number;
}

/** The middle of some numbers; the mean of the two in the middle, if they are even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** Three digits that count, and thousands apart. */
export function shown(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
