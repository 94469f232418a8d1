import assert from "node:assert/strict";
import { appendFileSync, cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { codeFingerprint } from "../../src/cli/code-fingerprint.ts";
import { temporaryFolder } from "../support/server.ts";

test("the fingerprint changes with any source that an index may depend on, helpers included, and with no other", (t) => {
  const root = temporaryFolder();
  t.after(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, "..", "..", "src"), join(root, "src"), { recursive: true });
  const original = codeFingerprint(root);
  assert.equal(original, codeFingerprint(), "the same sources have the same fingerprint wherever they lie");
  appendFileSync(join(root, "src/gateway/render.ts"), "\n");
  assert.equal(codeFingerprint(root), original);
  const seen = new Set([original]);
  for (const file of [
    "src/contract/indexes.ts",
    "src/services/peering/vpc-peer-connection.ts",
    "src/services/kinds.ts",
    "src/engine/resources.ts",
  ]) {
    appendFileSync(join(root, file), "\n");
    seen.add(codeFingerprint(root));
  }
  assert.equal(seen.size, 5);
});
