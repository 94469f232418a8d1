import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { hangzhou, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { launcher, linkspan } from "./run.ts";

/** `linkspan events`, as its user runs it. */

const folder = temporaryFolder();
let server: SpawnedServer;
before(async () => {
  server = await spawnServer({ folder, environment: { LINKSPAN_PACE: "instant" } });
});
after(async () => {
  for (const child of running) child.kill("SIGKILL");
  await server.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

const running = new Set<ChildProcess>();
/** A command that goes on, with what it has said so far. */
class Following {
  readonly child: ChildProcess;
  out = "";
  errors = "";
  #changed: () => void = () => undefined;

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, [launcher, "events", "--url", server.url, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    running.add(this.child);
    const hear = (take: (text: string) => void) => (chunk: Buffer) => {
      take(chunk.toString("utf8"));
      this.#changed();
    };
    this.child.stdout?.on(
      "data",
      hear((text) => (this.out += text)),
    );
    this.child.stderr?.on(
      "data",
      hear((text) => (this.errors += text)),
    );
  }
  get lines(): string[] {
    return this.out.split("\n").slice(0, -1);
  }
  /** Waits until it `holds`; the command must not end before. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      assert.equal(this.child.exitCode, null, this.errors);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        this.child.once("exit", () => resolve());
      });
    }
  }
  async stop(): Promise<void> {
    running.delete(this.child);
    const exited = once(this.child, "exit");
    this.child.kill("SIGINT");
    await exited;
  }
}

const createVpc = async (owner = server.requester): Promise<{ VpcId: string; RequestId: string }> =>
  succeeded(await owner.vpc("CreateVpc", { RegionId: hangzhou })).body;

test("it prints one line an event: id, time, kind, resource, event, states, who and why", async () => {
  const following = new Following("--after", "0", "--kind", "vpc");
  const { VpcId, RequestId } = await createVpc();
  await following.until(() => following.lines.length >= 2);
  const [created, available] = following.lines;
  const root = "acs:ram::1000000000000001:root";
  assert.match(created ?? "", new RegExp(`^\\d+  \\S+Z  vpc  ${VpcId}  CreateVpc  new → Pending  ${root}  ${RequestId}$`));
  assert.match(available ?? "", new RegExp(`^\\d+  \\S+Z  vpc  ${VpcId}  created  Pending → Available  ${root}  ${RequestId}$`));
  await following.stop();
});

test("it takes an account by its name or UID, a resource by how it begins, and prints JSON if asked to", async () => {
  const following = [
    new Following("--after", "0", "--account", "accepter", "--json"),
    new Following("--after", "0", "--account", "1000000000000002", "--resource", "vpc-*", "--json"),
  ] as const;
  await createVpc();
  const { VpcId } = await createVpc(server.accepter);
  for (const one of following) await one.until(() => one.out.includes(`"resource":"${VpcId}","account":"1000000000000002"`));
  for (const one of following) {
    const events = one.lines.map((line) => JSON.parse(line));
    assert.deepEqual([...new Set(events.map(({ account }) => account))], ["1000000000000002"]);
    await one.stop();
  }
  const kinds = (one: Following): unknown[] => one.lines.map((line) => JSON.parse(line).kind);
  assert.ok(kinds(following[0]).includes("access-key"));
  assert.deepEqual([...new Set(kinds(following[1]))], ["vpc"]);
});

test("it waits for a server that goes, killed or stopped, and goes on where it was; a reset is told", async () => {
  const following = new Following("--after", "0", "--kind", "vpc", "--json");
  const { port } = new URL(server.url);
  const seen = (): string[] => following.lines.map((line) => JSON.parse(line).resource);
  const made: string[] = [];
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    made.push((await createVpc()).VpcId);
    await following.until(() => seen().filter((id) => id === made.at(-1)).length === 2);
    await server.kill(signal);
    await following.until(() => following.errors.endsWith("The server is gone. Waiting for it.\n"));
    server = await spawnServer({ folder, environment: { LINKSPAN_PACE: "instant", LINKSPAN_PORT: port } });
    made.push((await createVpc()).VpcId);
    await following.until(() => seen().filter((id) => id === made.at(-1)).length === 2);
    assert.ok(following.errors.endsWith("The server is back.\n"), following.errors);
  }
  const ids = following.lines.map((line) => JSON.parse(line).id);
  assert.deepEqual(
    ids,
    [...new Set(ids)].sort((one, other) => one - other),
    "nothing twice, and all in order",
  );
  for (const id of made) assert.equal(seen().filter((one) => one === id).length, 2, "nothing twice, and nothing lost");
  assert.equal((await linkspan(["reset", "--url", server.url])).code, 0);
  await following.until(() => following.lines.at(-1)?.includes('"event":"gap"') === true);
  const readable = new Following("--after", String(ids[0]));
  await readable.until(() => readable.lines.length > 1);
  assert.match(readable.lines[0] ?? "", /^-- event \d+ is not in the log any more, as after a reset/);
  await following.stop();
  await readable.stop();
});

test("it ends when nobody reads what it prints any more", async () => {
  const following = new Following("--after", "0");
  await following.until(() => following.lines.length > 0);
  following.child.stdout?.destroy();
  const exited = once(following.child, "exit");
  while (following.child.exitCode === null) await createVpc();
  await exited;
  assert.equal(following.child.exitCode, 0, following.errors);
  assert.equal(following.errors, "");
});

test("a list of many pages ends likewise", async (t) => {
  const page = JSON.stringify({ resources: [{ id: "a", kind: "vpc", account: "1", fields: { state: "Available" } }], next: "a" });
  const endless = createServer((_request, response) => response.end(page)).listen(0, "127.0.0.1");
  t.after(() => endless.close());
  await once(endless, "listening");
  const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [launcher, "history", "--at", "1", "--url", url], { stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  await once(child.stdout, "data");
  child.stdout.destroy();
  assert.deepEqual(await once(child, "exit"), [0, null]);
  running.delete(child);
});

test("what it cannot do it says in a line", async () => {
  const cases: [args: string[], says: RegExp][] = [
    [["--url", server.url, "--account", "nobody"], /^linkspan: There is no account nobody\. — `linkspan account list`/],
    [["--url", server.url, "--kind", "nothing"], /^linkspan: Specified parameter kind is not valid\. — kind: account, /],
    [["--url", server.url, "--after", "soon"], /^linkspan: Specified parameter after is not valid\. — after: allowed are whole numbers/],
    [["--url", "http://127.0.0.1:1"], /^linkspan: no server answers at http:\/\/127\.0\.0\.1:1\./],
  ];
  for (const [args, says] of cases) {
    const { code, stderr, stdout } = await linkspan(["events", ...args]);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, says);
  }
});
