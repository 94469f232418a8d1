// Writes the generated documents; with --check says which of them are not current, and fails.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { conformance } from "./generate/conformance.ts";
import { stateDiagrams } from "./generate/state-diagrams.ts";
import { seedSchema } from "../src/engine/seed.ts";
import { operations } from "../src/services/index.ts";

const documents: Readonly<Record<string, () => string>> = {
  "docs/conformance.md": conformance,
  "docs/states.md": stateDiagrams,
  "docs/seed.schema.json": () => `${JSON.stringify(seedSchema(operations), null, 2)}\n`,
};

const check = argv.includes("--check");
const stale: string[] = [];
for (const [path, make] of Object.entries(documents)) {
  const content = make();
  if (existsSync(path) && readFileSync(path, "utf8") === content) continue;
  stale.push(path);
  if (!check) writeFileSync(path, content);
}
if (check && stale.length > 0) {
  console.error(`not current: ${stale.join(", ")}. Run \`npm run generate\`.`);
  exit(1);
}
console.log(check ? "generated documents are current" : `written: ${stale.join(", ") || "nothing, all were current"}`);
