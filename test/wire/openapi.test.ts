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

test("what an address does not expect is refused before anything happens, and named", async () => {
  const newest = (await server.admin("GET", "history")).body.newest;
  for (const { method, path, body } of addresses) {
    if (method === "GET" || (body !== undefined && !("fields" in body))) continue;
    const { status, body: answer } = await server.admin(method, path.slice(1).replace(/\{\w+\}/g, "x"), { notDeclared: 1 });
    assert.deepEqual([status, answer.error], [400, "InvalidParameter"], `${method} ${path}`);
    assert.match(answer.message, /notDeclared/);
  }
  assert.equal((await server.admin("GET", "history")).body.newest, newest);
  const { status, body } = await server.admin("POST", "faults", { rules: {} });
  assert.deepEqual([status, body.advice], [400, "rules is a list"]);
});

test("a name of any length is asked for where it could be, and health answers those who want the status alone", async () => {
  const long = "n".repeat(2_000);
  for (const path of [`requests/${long}`, `faults/${long}`, `history/${long}`]) {
    assert.deepEqual(
      [(await server.admin("GET", path)).status, (await server.admin("GET", path)).body.error !== undefined],
      [404, true],
      path,
    );
  }
  const { status, body } = await server.admin("POST", `snapshots/${long}`, {});
  assert.deepEqual([status, body.error], [400, "InvalidParameter"]);
  assert.match(body.message, /name/);
  const head = await fetch(`${server.url}/_linkspan/health`, { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
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
