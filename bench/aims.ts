// What is aimed at, as data. Ratios are of two figures of one run, so that they say the same on a fast machine and on a slow one.
import type { Figure } from "./figure.ts";

/** An aim for one number of one figure: it is to be at least, or at most, so large. */
export type Aim = {
  readonly figure: string;
  readonly of: "value" | "ratio" | "p99";
} & ({ readonly atLeast: number } | { readonly atMost: number });

export const aims: readonly Aim[] = [
  { figure: "cheapest", of: "ratio", atLeast: 0.5 },
  { figure: "cheapest-17", of: "ratio", atLeast: 0.5 },
  { figure: "get", of: "ratio", atLeast: 0.5 },
  { figure: "page-many", of: "ratio", atMost: 1.3 },
  { figure: "create-64", of: "ratio", atLeast: 1 },
  { figure: "create-64", of: "p99", atMost: 20 },
  { figure: "start", of: "value", atMost: 0.5 },
  { figure: "memory-idle", of: "value", atMost: 120 },
];

const units = { value: (figure: Figure) => ` ${figure.unit}`, ratio: () => "", p99: () => " ms" };

/** What became of the aims of a figure, in words; empty for none. */
export function verdictsOn(figure: Figure): string {
  return aims
    .filter((aim) => aim.figure === figure.id)
    .map((aim) => {
      const value = figure[aim.of];
      const isReached = value !== undefined && ("atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost);
      const limit = "atLeast" in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
      return `${aim.of} ${limit}${units[aim.of](figure)}: ${isReached ? "reached" : "missed"}`;
    })
    .join("; ");
}
