import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { addresses } from "../../src/gateway/addresses/index.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

test("the OpenAPI document is a valid one of version 3.1", async () => {
  const { status, body } = await server.admin("GET", "openapi.json");
  assert.equal(status, 200);
  const { valid, errors } = await new Validator().validate(body);
  assert.ok(valid, JSON.stringify(errors, null, 2));
  assert.match(body.openapi, /^3\.1\./);
});

test("it describes every address, each operation under an id of its own", async () => {
  const { body } = await server.admin("GET", "openapi.json");
  const described = Object.entries<Record<string, any>>(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, summary }]) => ({ key: `${method.toUpperCase()} ${path}`, operationId, summary })),
  );
  assert.deepEqual(described.map(({ key }) => key).sort(), addresses.map(({ method, path }) => `${method} ${path}`).sort());
  assert.equal(new Set(described.map(({ operationId }) => operationId)).size, described.length);
  for (const { key, summary } of described) assert.match(summary, /^[A-Z].*\.$/s, key);
});

test("every described address is there", async () => {
  for (const { method, path, body } of addresses) {
    // A stream that waits for events never ends by itself, and a reset would take the ground from the rest.
    if (path === "/reset" || path === "/events") continue;
    const sent = body !== undefined && "fields" in body ? { notDeclared: 1 } : undefined;
    const { status, body: answer } = await server.admin(method, path.slice(1).replace(/\{\w+\}/g, "nothing-of-this-name"), sent);
    assert.notEqual(answer.error, "InvalidApi.NotFound", `${method} ${path}`);
    assert.ok(status < 500, `${method} ${path}: ${status}`);
  }
});
