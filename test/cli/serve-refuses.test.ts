import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { hangzhou, succeeded } from "../support/networks.ts";
import { spawnServer, temporaryFolder } from "../support/server.ts";
import { type Finished, linkspan } from "./run.ts";

const folder = temporaryFolder();
after(() => rmSync(folder, { recursive: true, force: true }));

/** `serve` on a folder of its own, which it makes if it gets that far. */
let count = 0;
function fresh(): { data: string; environment: Record<string, string> } {
  const data = join(folder, `data-${count++}`);
  return { data, environment: { LINKSPAN_PORT: "0", LINKSPAN_DATA: data, LINKSPAN_KEY_FILE: join(data, "key"), LINKSPAN_LOG: "warn" } };
}
/** Asserts a refusal that its reader can use: a short message, no stack trace, exit 1. */
function refused({ code, stdout, stderr }: Finished, ...expected: RegExp[]): void {
  assert.equal(code, 1, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^linkspan: /);
  for (const pattern of expected) assert.match(stderr, pattern);
  assert.doesNotMatch(stderr, /^ {4}at |node:internal/m, "no stack trace");
}

const refusals: readonly (readonly [name: string, variables: Record<string, string>, flags: readonly string[], says: RegExp[]])[] = [
  ["a TLS port that is no number", { LINKSPAN_TLS_PORT: "on" }, [], [/LINKSPAN_TLS_PORT=on/, /0 to 65535/]],
  ["a TLS port beyond the last, by flag", {}, ["--tls-port", "65536"], [/LINKSPAN_TLS_PORT=65536/, /0 to 65535/]],
  ["one port for both listeners", { LINKSPAN_PORT: "8443", LINKSPAN_TLS_PORT: "8443" }, [], [/LINKSPAN_TLS_PORT=8443/, /plain HTTP/]],
  ["another database", { LINKSPAN_DATABASE_URL: "postgres://h/d" }, [], [/LINKSPAN_DATABASE_URL=postgres:\/\/h\/d/, /not built/]],
  ["the data plane linux", { LINKSPAN_DATAPLANE: "linux" }, [], [/LINKSPAN_DATAPLANE=linux/, /only none is built/]],
  ["the data plane ovn", { LINKSPAN_DATAPLANE: "ovn" }, [], [/LINKSPAN_DATAPLANE=ovn/]],
  ["an unknown pace", { LINKSPAN_PACE: "slow" }, [], [/LINKSPAN_PACE=slow/, /instant, fast, real, stepped/]],
  ["a pace that is a property of every object", { LINKSPAN_PACE: "toString" }, [], [/LINKSPAN_PACE=toString/]],
  ["a port that is no number", { LINKSPAN_PORT: "http" }, [], [/LINKSPAN_PORT=http/, /0 to 65535/]],
  ["a port beyond the last", { LINKSPAN_PORT: "65536" }, [], [/LINKSPAN_PORT=65536/]],
  ["a negative port by flag", {}, ["--port=-1"], [/LINKSPAN_PORT=-1/]],
  ["an unknown log level", { LINKSPAN_LOG: "loud" }, [], [/LINKSPAN_LOG=loud/, /trace/]],
  ["a seed file that is not there", { LINKSPAN_SEED: "/nowhere/seed.json" }, [], [/LINKSPAN_SEED=\/nowhere\/seed.json/, /no such file/]],
];
for (const [name, variables, flags, says] of refusals) {
  test(`serve refuses ${name} and says what is allowed`, async () => {
    const { data, environment } = fresh();
    refused(await linkspan(["serve", ...flags], { environment: { ...environment, ...variables } }), ...says);
    assert.equal(existsSync(data), false, "nothing was made");
  });
}

test("serve refuses a seed file that is not JSON, or not a seed, and leaves the store empty", async () => {
  for (const [content, says] of [
    ["{ not json", /JSON/],
    ["[]", /seed file/],
    ['"text"', /seed file/],
    ['{"acounts":[]}', /acounts|known members are/],
    ['{"resources":[{"account":"nobody","operation":"CreateVpc","version":"2016-04-28"}]}', /nobody/],
  ] as const) {
    const { data, environment } = fresh();
    const seed = join(folder, "seed.json");
    writeFileSync(seed, content);
    refused(await linkspan(["serve"], { environment: { ...environment, LINKSPAN_SEED: seed } }), says);
    const server = await spawnServer({ folder: data, environment: { LINKSPAN_KEY_FILE: join(data, "key") } });
    try {
      assert.match(server.output(), /Admin token, shown this once/, "the next start is still the first");
      assert.deepEqual(
        (await server.admin("GET", "accounts")).body.accounts.map(({ name }: { name: string }) => name),
        ["requester", "accepter"],
      );
    } finally {
      await server.kill("SIGKILL");
    }
  }
});

test("flags win over variables", async () => {
  const { environment } = fresh();
  refused(await linkspan(["serve", "--pace", "slow"], { environment: { ...environment, LINKSPAN_PACE: "fast" } }), /LINKSPAN_PACE=slow/);
});

for (const host of ["0.0.0.0", "::"]) {
  test(`while the development keys work, serve refuses to listen on ${host} and says how to make real ones`, async () => {
    const { environment } = fresh();
    const finished = await linkspan(["serve"], { environment: { ...environment, LINKSPAN_HOST: host } });
    refused(finished, /public knowledge/, /account create/, /account disable requester/);
    assert.ok(finished.stderr.includes(`LINKSPAN_HOST=${host}`));
  });
}

test("a refused first start takes nothing away: the next one still shows the admin token", async (t) => {
  const busy = createServer().listen(0, "127.0.0.1");
  t.after(() => busy.close());
  await new Promise((resolve) => busy.once("listening", resolve));
  const { port } = busy.address() as AddressInfo;
  const refusedStarts: Record<string, string>[] = [
    { LINKSPAN_HOST: "0.0.0.0" },
    { LINKSPAN_PORT: String(port) },
    { LINKSPAN_TLS_PORT: String(port) },
  ];
  for (const variables of refusedStarts) {
    const { data, environment } = fresh();
    refused(await linkspan(["serve"], { environment: { ...environment, ...variables } }));
    const server = await spawnServer({ folder: data, environment: { LINKSPAN_KEY_FILE: join(data, "key") } });
    try {
      assert.match(server.output(), /Admin token, shown this once: \S{20,}/, `after a start with ${JSON.stringify(variables)}`);
    } finally {
      await server.kill("SIGKILL");
    }
  }
});

for (const variable of ["LINKSPAN_PORT", "LINKSPAN_TLS_PORT"]) {
  test(`serve refuses a ${variable} that is in use and names it`, async (t) => {
    const busy = createServer().listen(0, "127.0.0.1");
    t.after(() => busy.close());
    await new Promise((resolve) => busy.once("listening", resolve));
    const { port } = busy.address() as AddressInfo;
    const { environment } = fresh();
    refused(
      await linkspan(["serve"], { environment: { ...environment, [variable]: String(port) } }),
      new RegExp(`cannot listen on 127.0.0.1:${port}`),
      /EADDRINUSE/,
    );
  });
}

test("serve refuses a folder that another server has, names its process, and leaves that server alone", async (t) => {
  const server = await spawnServer();
  t.after(() => server.stop());
  const { environment } = fresh();
  refused(
    await linkspan(["serve"], { environment: { ...environment, LINKSPAN_DATA: server.folder } }),
    new RegExp(`process ${server.process.pid}\\b`),
    /LINKSPAN_DATA/,
  );
  succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou }));
});

test("serve refuses a key file that does not open this folder, or is no key, and names it", async () => {
  const { data, environment } = fresh();
  const first = await spawnServer({ folder: data, environment: { LINKSPAN_KEY_FILE: environment["LINKSPAN_KEY_FILE"] as string } });
  await first.kill("SIGTERM");
  const keys = join(folder, "keys");
  mkdirSync(keys, { recursive: true });
  const files = { "not-there-before": undefined, empty: "", short: "c2hvcnQ=\n" };
  for (const [name, content] of Object.entries(files)) {
    const file = join(keys, name);
    if (content !== undefined) writeFileSync(file, content);
    refused(await linkspan(["serve"], { environment: { ...environment, LINKSPAN_KEY_FILE: file } }), /LINKSPAN_KEY_FILE|key/);
  }
  // With the right key all is as before.
  const again = await spawnServer({ folder: data, environment: { LINKSPAN_KEY_FILE: environment["LINKSPAN_KEY_FILE"] as string } });
  succeeded(await again.requester.vpc("CreateVpc", { RegionId: hangzhou }));
  await again.kill("SIGKILL");
});
