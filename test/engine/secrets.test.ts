import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { SecretBox } from "../../src/engine/secrets.ts";

test("a token begins with a letter, and opens for its purpose and under its key alone", () => {
  const box = new SecretBox(randomBytes(32));
  // Many, because each begins with chance.
  for (let count = 0; count < 500; count++) {
    const token = box.sealToken("text", "purpose");
    assert.match(token, /^[A-Za-z][\w-]+$/);
    assert.equal(box.openToken(token, "purpose"), "text");
    assert.equal(box.openToken(token, "another"), undefined);
    assert.equal(new SecretBox(randomBytes(32)).openToken(token, "purpose"), undefined);
  }
  assert.equal(box.openToken(box.seal("text", "purpose"), "purpose"), undefined);
  for (const forged of ["", "CAIS", "CAISx", "x".repeat(100)]) assert.equal(box.openToken(forged, "purpose"), undefined);
});
