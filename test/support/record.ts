import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { RequestRecord } from "../../src/gateway/request-log.ts";

/**
 * Notes which operations, codes and parameters the tests have met through the wire.
 * The conformance table claims "tested" for these and nothing else. Off unless the test command asks for it.
 */
const folder = process.env["LINKSPAN_TEST_RECORD"];
const seen = new Set<string>();

export function recordRequest(record: RequestRecord): void {
  // What a fault rule has a hand in shows nothing of the operation.
  if (folder === undefined || record.operation === undefined || record.faults.length > 0) return;
  // Only what an operation declares counts: tests send names that mean nothing, too.
  const declared = Object.keys(record.operation.parameters).map((name) => name.toLowerCase());
  const sent = new Set(Object.keys(record.parameters).map((name) => (name.split(".")[0] ?? name).toLowerCase()));
  const names = declared.filter((name) => sent.has(name)).map((name) => `parameter ${name}`);
  for (const met of [`code ${record.code}`, ...names]) {
    const line = `${record.product} ${record.action} ${met}`;
    if (seen.has(line)) continue;
    seen.add(line);
    appendFileSync(join(folder, `${process.pid}.txt`), `${line}\n`);
  }
}
