import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Commit } from "../../src/engine/store.ts";
import { kinds } from "../../src/services/kinds.ts";
import { operations } from "../../src/services/index.ts";
import { Watcher } from "../events/watcher.ts";
import { availableVpc, beijing, hangzhou, refusedWith, requestPeering, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { readStore } from "../store/replay.ts";
import { type Exposition, parsed, valueOf, valuesOf } from "./exposition.ts";

/** Every number of `/_linkspan/metrics`, held against what was done. */

let server: InProcessServer;
/** Of this server, from its first request on. */
const commits: Commit[] = [];
before(async () => {
  server = await startServer();
  server.store.onCommit((commit) => commits.push(commit));
});
after(() => server.stop());

async function metrics(of: InProcessServer = server): Promise<Exposition> {
  const { status, body } = await of.admin("GET", "metrics");
  assert.equal(status, 200);
  return parsed(body);
}
/** How much a sample grows by some work. */
async function growth(sample: string, labels: Record<string, string>, work: () => Promise<unknown>): Promise<number> {
  const earlier = valueOf(await metrics(), sample, labels);
  await work();
  return valueOf(await metrics(), sample, labels) - earlier;
}

test("before the first request all that can be known beforehand is told, as 0", async () => {
  const first = await metrics();
  for (const { product, name } of operations) {
    assert.equal(valueOf(first, "linkspan_requests_total", { product: product.name, action: name, code: "OK" }), 0);
  }
  for (const { name, states } of kinds) {
    assert.ok(valueOf(first, "linkspan_resources", { kind: name }) >= 0);
    if (Object.values(states.states).every(({ task }) => task === undefined)) continue;
    for (const state of ["moving", "failed"]) assert.equal(valueOf(first, "linkspan_tasks", { kind: name, state }), 0);
    assert.equal(valueOf(first, "linkspan_task_overdue_seconds", { kind: name }), 0);
  }
  for (const sample of ["linkspan_commit_failures_total", "linkspan_event_watchers", "linkspan_commit_writes_count"]) {
    assert.equal(valueOf(first, sample), 0, sample);
  }
  for (const name of first.keys()) assert.match(name, /^linkspan_[a-z_]+$/);
});

test("it is Prometheus' text format of version 0.0.4", async () => {
  const { headers } = await fetch(`${server.url}/_linkspan/metrics`);
  assert.equal(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
});

test("requests are counted by what was asked and answered, and timed, as the request log tells them", async () => {
  const { requester, accepter } = server;
  const { body } = succeeded(await requester.vpc("CreateVpc", { RegionId: hangzhou }));
  for (let count = 0; count < 7; count++) succeeded(await requester.vpc("DescribeVpcs", { RegionId: hangzhou }));
  refusedWith(await accepter.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: body.VpcId }), "InvalidVpcId.NotFound", 404);
  refusedWith(await requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: body.VpcId, DryRun: true }), "IncorrectVpcStatus");
  refusedWith(await requester.vpc("CreateVpc", { RegionId: hangzhou }, { common: { Signature: "wrong" } }), "SignatureDoesNotMatch");
  refusedWith(await requester.vpc("CreateVpc", { RegionId: "nowhere" }), "InvalidRegionId.NotFound", 404);
  for (let count = 0; count < 300; count++) {
    refusedWith(await requester.vpc(`Made${count}Up"\n\\`, {}), "InvalidAction.NotFound", 404);
  }
  refusedWith(await requester.vpc("CreateNatGateway", {}), "UnsupportedOperation");
  refusedWith(await requester.call("1999-01-01", "CreateVpc", {}), "InvalidVersion");
  assert.equal((await fetch(`${server.url}/nothing-here`)).status, 404);

  const { requests } = (await server.admin("GET", "requests?limit=1000")).body as { requests: Record<string, any>[] };
  const isOperation = (product: string, action: string): boolean =>
    operations.some((one) => one.product.name === product && one.name === action);
  const labelsOf = ({ product, action }: Record<string, any>): string => `${product} ${isOperation(product, action) ? action : ""}`;
  const told = await metrics();
  const counted = Map.groupBy(requests, (one) => `${labelsOf(one)} ${one["code"]}`);
  assert.deepEqual(valuesOf(told, "linkspan_requests_total"), Object.fromEntries([...counted].map(([key, all]) => [key, all.length])));
  assert.equal(counted.get("Vpc  InvalidAction.NotFound")?.length, 300, "names that are made up make no series");
  assert.equal(counted.get("Vpc DescribeVpcs OK")?.length, 7);
  assert.equal(counted.get("  InvalidApi.NotFound")?.length, 1);

  const timed = Map.groupBy(requests, labelsOf);
  assert.deepEqual(
    valuesOf(told, "linkspan_request_duration_seconds_count"),
    Object.fromEntries([...timed].map(([key, all]) => [key, all.length])),
  );
  for (const [key, all] of timed) {
    const [product = "", action = ""] = key.split(" ");
    const seconds = all.map(({ milliseconds }) => milliseconds / 1000);
    const sum = valueOf(told, "linkspan_request_duration_seconds_sum", { product, action });
    assert.ok(Math.abs(sum - seconds.reduce((one, other) => one + other, 0)) < 1e-9, key);
    for (const le of ["0.00025", "0.001", "0.1", "10"]) {
      const within = valueOf(told, "linkspan_request_duration_seconds_bucket", { le, product, action });
      assert.equal(within, seconds.filter((one) => one <= Number(le)).length, `${key} within ${le} s`);
    }
  }
});

test("commits are counted with their writes and how long they took; writes that come together share them", async () => {
  const told = await metrics();
  const writes = commits.map((commit) => commit.writes);
  const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
  assert.equal(valueOf(told, "linkspan_commit_writes_count"), commits.length);
  assert.equal(valueOf(told, "linkspan_commit_writes_sum"), sum(writes));
  assert.equal(valueOf(told, "linkspan_commit_writes_bucket", { le: "1" }), writes.filter((one) => one === 1).length);
  const seconds = valueOf(told, "linkspan_commit_duration_seconds_sum");
  const syncing = valueOf(told, "linkspan_commit_sync_duration_seconds_sum");
  assert.ok(Math.abs(seconds - sum(commits.map(({ duration }) => duration / 1000))) < 1e-9);
  assert.ok(syncing > 0 && syncing < seconds, `${syncing} of ${seconds}`);

  const before = commits.length;
  const together = 60;
  const grown = await growth("linkspan_commit_writes_sum", {}, () =>
    Promise.all(Array.from({ length: together }, () => server.store.write((rows) => rows.putMeta("test", "shared")))),
  );
  assert.equal(grown, together);
  assert.ok(commits.length - before < together / 2, `${commits.length - before} commits`);
  // A write of the protocol is one write: its nonce, its change and its answer go together.
  assert.equal(await growth("linkspan_commit_writes_sum", {}, () => server.requester.vpc("CreateVpc", { RegionId: "nowhere" })), 0);
  assert.equal(await growth("linkspan_commit_writes_sum", {}, () => server.requester.vpc("CreateVpc", { RegionId: hangzhou })), 1);
  assert.equal(await growth("linkspan_commit_writes_sum", {}, () => server.requester.vpc("DescribeVpcs", { RegionId: hangzhou })), 0);
});

test("a commit that fails is a failure, and none of the others", async () => {
  const failed = server.store.write(async () => {
    throw new Error("only this write");
  });
  await assert.rejects(failed);
  assert.equal(valueOf(await metrics(), "linkspan_commit_failures_total"), 0, "one write's failure is not the commit's");
  // As a disk does that is full: the whole transaction goes.
  const broken = server.store.write(async (rows) => {
    await rows.putMeta("test", "broken");
    (rows as unknown as { connection: { exec(sql: string): void } }).connection.exec("ROLLBACK");
    throw new Error("the disk");
  });
  const good = server.store.write(async () => "good");
  await assert.rejects(broken, /cannot be written/);
  await assert.rejects(good, /cannot be written/, "which shared its commit");
  const told = await metrics();
  assert.equal(valueOf(told, "linkspan_commit_failures_total"), 1);
  assert.equal(valueOf(told, "linkspan_commit_writes_count"), commits.filter(({ succeeded: done }) => done).length);
});

test("resources are counted by kind, whoever owns them and however many lists they stand in", async () => {
  const mine = await availableVpc(server, server.requester);
  const theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.1.0.0/16" });
  const peering = await requestPeering(mine, theirs);
  await server.advance();
  const check = async (): Promise<Record<string, number>> => {
    const stored = readStore(server.folder, (all) => all("SELECT kind, count(*) AS total FROM resource GROUP BY kind"));
    const counted = valuesOf(await metrics(), "linkspan_resources");
    assert.deepEqual(counted, Object.fromEntries(stored.map(({ kind, total }) => [kind, total])));
    return counted;
  };
  assert.equal((await check())["vpc-peering-connection"], 1);
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering }));
  await server.advance(200);
  assert.equal((await check())["vpc-peering-connection"], undefined);
});

test("tasks are counted by kind, and it is told how old the oldest is, and how long overdue", async () => {
  const tasks = async (): Promise<Record<string, number>> => valuesOf(await metrics(), "linkspan_tasks");
  await server.advance(1_000);
  assert.deepEqual(await tasks(), {});
  for (let count = 0; count < 3; count++) succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou }));
  assert.deepEqual(await tasks(), { "vpc moving": 3 });
  assert.deepEqual(valuesOf(await metrics(), "linkspan_task_age_seconds"), {}, "what has just begun is of no age");
  assert.deepEqual(valuesOf(await metrics(), "linkspan_task_overdue_seconds"), {}, "what is not due is not overdue");

  // Put past the engine, which would do them: in pace `stepped` it looks only when it is told of something.
  const { now } = await server.engine.clock();
  const task = { kind: "vswitch", event: "created", since: now - 600_000, attempts: 0, failure: null };
  await server.store.write(async (rows) => {
    await rows.putTask({ ...task, resource: "vsw-one", due: now - 90_500 });
    await rows.putTask({ ...task, resource: "vsw-two", due: now - 10_000 });
    await rows.putTask({ ...task, resource: "vsw-three", since: 0, due: now - 500_000, failure: "for good" });
  });
  assert.deepEqual(await tasks(), { "vpc moving": 3, "vswitch moving": 2, "vswitch failed": 1 });
  assert.deepEqual(valuesOf(await metrics(), "linkspan_task_overdue_seconds"), { vswitch: 90.5 });
  assert.deepEqual(valuesOf(await metrics(), "linkspan_task_age_seconds"), { vswitch: 600 });
  await server.store.write(async (rows) => {
    for (const id of ["vsw-one", "vsw-two", "vsw-three"]) await rows.deleteTask(id);
  });
  await server.advance();
  assert.deepEqual(await tasks(), {});
});

test("events, those who follow them, and the size of the store are as they are", async () => {
  const newest = async (): Promise<number> => (await server.store.read((rows) => rows.eventRange())).newest;
  assert.equal(valueOf(await metrics(), "linkspan_events_total"), await newest());
  assert.ok((await growth("linkspan_events_total", {}, () => server.requester.vpc("CreateVpc", { RegionId: hangzhou }))) >= 4);
  const watchers = [await Watcher.follow(server), await Watcher.follow(server)];
  assert.equal(valueOf(await metrics(), "linkspan_event_watchers"), 2);
  for (const watcher of watchers) watcher.close();
  while (valueOf(await metrics(), "linkspan_event_watchers") > 0);
  const bytes = (file: string): number => statSync(join(server.folder, file)).size;
  const sizes = valuesOf(await metrics(), "linkspan_store_bytes");
  assert.deepEqual(sizes, { database: bytes("linkspan.db"), write_ahead_log: bytes("linkspan.db-wal") });
});

test("the process is told of", async () => {
  const told = await metrics();
  const rss = valueOf(told, "linkspan_process_resident_memory_bytes");
  assert.ok(Math.abs(rss / process.memoryUsage.rss() - 1) < 0.5, `${rss}`);
  const heap = valueOf(told, "linkspan_process_heap_bytes");
  assert.ok(heap > 1e6 && heap < rss);
  assert.ok(Math.abs(valueOf(told, "linkspan_process_start_time_seconds") * 1000 - performance.timeOrigin) < 1);
  const busy = async (): Promise<void> => {
    for (const end = performance.now() + 50; performance.now() < end;);
  };
  const { user, system } = process.cpuUsage();
  const cpu = valueOf(await metrics(), "linkspan_process_cpu_seconds_total");
  assert.ok(cpu >= (user + system) / 1e6);
  const grown = await growth("linkspan_event_loop_busy_seconds_total", {}, busy);
  assert.ok(grown >= 0.05, `${grown} s`);
});

test("each server has metrics of its own", async (t) => {
  const other = await startServer();
  t.after(() => other.stop());
  succeeded(await other.requester.vpc("DescribeRegions", {}));
  assert.deepEqual(valuesOf(await metrics(other), "linkspan_requests_total"), { "Vpc DescribeRegions OK": 1 });
  const labels = { product: "Vpc", action: "DescribeRegions", code: "OK" };
  assert.equal(valueOf(await metrics(), "linkspan_requests_total", labels), 0);
});

test("a reset counts resources anew, and nothing that was done is undone", async () => {
  const earlier = await metrics();
  assert.equal((await server.admin("POST", "reset")).status, 200);
  const later = await metrics();
  const stored = readStore(server.folder, (all) => all("SELECT kind, count(*) AS total FROM resource GROUP BY kind"));
  assert.deepEqual(valuesOf(later, "linkspan_resources"), Object.fromEntries(stored.map(({ kind, total }) => [kind, total])));
  assert.deepEqual(valuesOf(later, "linkspan_requests_total"), valuesOf(earlier, "linkspan_requests_total"));
  assert.ok(valueOf(later, "linkspan_events_total") > valueOf(earlier, "linkspan_events_total"));
});

test("Prometheus is admitted like anyone: by its token once there are real keys, and never from a page of another site", async () => {
  const ask = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = request(`${server.url}/_linkspan/${path}`, { headers, agent: false }, (answer) => {
        resolve(answer.statusCode ?? 0);
        answer.destroy();
      });
      outgoing.once("error", reject);
      outgoing.end();
    });
  const bearer = { authorization: `Bearer ${server.adminToken}` };
  for (const path of ["metrics", "events"]) {
    assert.equal(await ask(path, {}), 200, "while only development accounts exist");
    assert.equal(await ask(path, { ...bearer, origin: "https://example.com" }), 403);
    assert.equal(await ask(path, { "sec-fetch-site": "cross-site" }), 403);
    assert.equal(await ask(path, { authorization: "Bearer wrong" }), 401);
  }
  await server.stranger();
  for (const path of ["metrics", "events"]) {
    assert.equal(await ask(path, {}), 401);
    assert.equal(await ask(path, { authorization: "Bearer wrong" }), 401);
    assert.equal(await ask(path, bearer), 200);
    const basic = Buffer.from(`prometheus:${server.adminToken}`).toString("base64");
    assert.equal(await ask(path, { authorization: `Basic ${basic}` }), 200);
  }
});
