// Results as tables: for the terminal, and for RESULTS.md.
import { verdictsOn } from "./aims.ts";
import { type Figure, shown } from "./figure.ts";

const heads = ["what", "measured", "p50 ms", "p99 ms", "against", "ratio", "aim"];

function rowOf(figure: Figure): string[] {
  const optional = (value: number | undefined): string => (value === undefined ? "" : shown(value));
  const measured = `${shown(figure.value)}${figure.unit === "/s" ? "" : " "}${figure.unit}`;
  return [
    figure.what,
    measured,
    optional(figure.p50),
    optional(figure.p99),
    figure.against ?? "",
    optional(figure.ratio),
    verdictsOn(figure),
  ];
}

/** A Markdown table whose columns stand under each other. */
export function table(figures: readonly Figure[]): string {
  const rows = [heads, ...figures.map(rowOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(heads), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.slice(1).map(line)].join("\n");
}

export function resultsDocument(machine: readonly (readonly [string, string])[], figures: readonly Figure[]): string {
  return `# Results

Written by \`npm run bench\`, which says in [CONTRIBUTING.md](../CONTRIBUTING.md#measure) what is measured and how. Ratios are of figures of
this one run; absolute ones say something of this machine only.

${machine.map(([what, value]) => `- ${what}: ${value}`).join("\n")}

${table(figures)}
`;
}
