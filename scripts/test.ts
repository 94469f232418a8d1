// The test command: `npm test` runs everything, `npm test -- test/peering` what lies there.
// With --record it also writes down what the tests met through the wire (docs/tested.txt), from which the conformance table is made;
// without, it checks that every claim written there is still true.
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, env, execPath, exit } from "node:process";

const claimsPath = "docs/tested.txt";
const record = argv.includes("--record");
const places = argv.slice(2).filter((argument) => !argument.startsWith("--"));
const files = (places.length === 0 ? ["test"] : places).flatMap((place) =>
  place.endsWith(".ts") ? [place] : globSync(`${place}/**/*.test.ts`).sort(),
);
if (files.length === 0) {
  console.error(`no tests in ${places.join(", ")}`);
  exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "linkspan-record-"));
const { status } = spawnSync(execPath, ["--test", "--test-reporter=spec", ...files], {
  stdio: "inherit",
  env: { ...env, LINKSPAN_TEST_RECORD: folder },
});
const met = new Set(readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), "utf8").trim().split("\n")));
rmSync(folder, { recursive: true });
if (status !== 0) exit(status ?? 1);

if (record) {
  writeFileSync(claimsPath, `${[...met].sort().join("\n")}\n`);
  console.log(
    `${claimsPath} holds what ${files.length} test files met. Run \`npm run generate\` to bring the conformance table up to date.`,
  );
} else if (places.length === 0) {
  const untrue = readFileSync(claimsPath, "utf8")
    .trim()
    .split("\n")
    .filter((claim) => !met.has(claim));
  if (untrue.length > 0) {
    console.error(
      `${claimsPath} claims what no test has met any more; write it anew with \`npm test -- --record\`:\n  ${untrue.join("\n  ")}`,
    );
    exit(1);
  }
}
