// npm run bench                  measures everything, prints it, and writes RESULTS.md
// npm run bench -- get page      measures some parts, and prints them
// npm run bench -- --quick       the same with shorter rounds, and a tenth of the million; writes nothing
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import type { Figure } from "./figure.ts";
import { machine } from "./machine.ts";
import { parts } from "./parts/index.ts";
import { resultsDocument, table } from "./table.ts";
import { scales, Workbench } from "./workbench.ts";

const given = argv.slice(2);
const isQuick = given.includes("--quick");
const names = given.filter((name) => name !== "--quick");
const unknown = names.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`no part is named ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(1);
}

const started = performance.now();
const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s`;
const bench = new Workbench(isQuick ? scales.quick : scales.full, (line) => console.log(`${seconds()}  ${line}`));
process.once("SIGINT", () => void bench.stop().finally(() => process.exit(130)));
const figures: Figure[] = [];
try {
  const about = machine(bench.folder);
  for (const [name, measure] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    figures.push(...(await measure(bench)));
  }
  console.log(`\n${about.map(([what, value]) => `${what}: ${value}`).join("\n")}\n\n${table(figures)}`);
  if (names.length === 0 && !isQuick) {
    const path = join(import.meta.dirname, "RESULTS.md");
    writeFileSync(path, resultsDocument(about, figures));
    console.log(`\nwritten to ${path}`);
  }
} finally {
  await bench.stop();
}
