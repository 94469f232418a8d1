import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { operations } from "../../src/services/index.ts";
import { hangzhou } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { foundNothing, foundOne, inTurn, ok } from "./support.ts";

/** Operations that the cloud keeps for old clients. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

test("a deprecated call is found, with what has taken its place", async () => {
  const caller = await server.stranger();
  const calls = await inTurn(2, () => ok(caller.vpc("DescribeRouteTables", { RegionId: hangzhou })));
  const { seen, instead } = await foundOne(server, caller, "deprecated", calls);
  assert.equal(seen, "DescribeRouteTables was called twice.");
  assert.equal(instead, "Call DescribeRouteTableList, and DescribeRouteEntryList for the entries.");
});

test("what has taken its place is not", async () => {
  const caller = await server.stranger();
  await ok(caller.vpc("DescribeRouteTableList", { RegionId: hangzhou }));
  await foundNothing(server, caller);
});

test("an operation is declared as deprecated where the official SDKs say so, and nowhere else", () => {
  const declared = operations.filter(({ deprecated }) => deprecated !== undefined).map(({ product, name }) => `${product.version} ${name}`);
  const marked = ["vpc20160428", "ram20150501", "sts20150401"].flatMap((sdk) => {
    const main = createRequire(import.meta.url).resolve(`@alicloud/${sdk}`);
    const source = readFileSync(join(dirname(main), "client.d.ts"), "utf8");
    const version = sdk.replace(/^[a-z]+(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
    return [...source.matchAll(/@deprecated OpenAPI (\w+) is deprecated/g)].map(([, name]) => `${version} ${name}`);
  });
  assert.ok(marked.length > 10, "the SDKs mark some");
  const here = new Set(operations.map(({ product, name }) => `${product.version} ${name}`));
  assert.deepEqual(declared.sort(), [...new Set(marked)].filter((name) => here.has(name)).sort());
});
