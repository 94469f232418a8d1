import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Answer } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { spawnServer, temporaryFolder } from "../support/server.ts";
import { disorder, type SystemCall, systemCalls } from "./trace.ts";

/** The order of system calls of a real server, watched from outside by strace. */

const missing = reasonToSkip();
function reasonToSkip(): string | undefined {
  const { error, status } = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]);
  if (error !== undefined) return "strace is missing: apt-get install strace";
  return status === 0 ? undefined : "strace may trace nothing here: allow ptrace (in a container: --cap-add SYS_PTRACE)";
}
const alone = ["alone-1", "alone-2", "alone-3"];
const together = Array.from({ length: 20 }, (_, index) => `together-${index}-of-them`);
let calls: SystemCall[] = [];

before(async () => {
  if (missing !== undefined) return;
  const outside = temporaryFolder();
  const file = join(outside, "trace");
  const traced = "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync";
  // Whole pages are printed, so that a write's data can be found in the log.
  const wrapper = ["strace", "-f", "-yy", "-s", "5000", "-o", file, "-e", traced];
  const server = await spawnServer({ wrapper, environment: { LINKSPAN_PACE: "stepped" } });
  try {
    const quotas = [{ name: "Vpc", value: 1000 }];
    assert.equal((await server.admin("PUT", "settings", { quotas })).status, 200);
    const create = (VpcName: string): Promise<Answer> => server.requester.vpc("CreateVpc", { RegionId: hangzhou, VpcName });
    for (const name of alone) succeeded(await create(name));
    for (const answer of await Promise.all(together.map(create))) succeeded(answer);
    succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou, VpcName: "only-read" }));
  } finally {
    // strace itself takes no signals: the server that it watches is the first process of the trace.
    process.kill(Number.parseInt(readFileSync(file, "utf8"), 10), "SIGTERM");
    await once(server.process, "exit");
    rmSync(server.folder, { recursive: true, force: true });
  }
  calls = systemCalls(readFileSync(file, "utf8"));
  rmSync(outside, { recursive: true, force: true });
});

test("ready tells how writes reach the disk", async (t) => {
  const server = await spawnServer();
  t.after(() => server.stop());
  const { status, body } = await server.admin("GET", "ready");
  assert.equal(status, 200);
  assert.deepEqual(body.store, { database: "sqlite", journalMode: "wal", synchronous: "full" });
  assert.equal(body.writable, true);
});

test("the answer of a write leaves only after its data is synced", (t) => {
  if (missing !== undefined) return t.skip(missing);
  for (const name of [...alone, ...together]) assert.equal(disorder(calls, name), undefined);
});

test("a read is answered without a sync", (t) => {
  if (missing !== undefined) return t.skip(missing);
  assert.match(disorder(calls, "only-read") ?? "", /answered before its data was written/);
});

test("this check of the order fails when the order is another", (t) => {
  if (missing !== undefined) return t.skip(missing);
  const [name = ""] = alone;
  const request = calls.find(({ file, text }) => file.startsWith("TCP:") && text.includes(name)) as SystemCall;
  const answer = calls.find(
    (call) => call.begin > request.end && call.file === request.file && call.text.includes("HTTP/1.1 200"),
  ) as SystemCall;
  const isSync = (call: SystemCall): boolean => call.name.endsWith("sync") && call.file.endsWith("-wal");
  const sync = calls.find((call) => call.begin > request.end && isSync(call)) as SystemCall;
  assert.ok(request.end < sync.begin && sync.end < answer.begin, "the trace has the order that is spoilt here");
  const verdict = (spoil: (call: SystemCall) => SystemCall | undefined): string =>
    disorder(
      calls.flatMap((call) => spoil(call) ?? []),
      name,
    ) ?? "in order";
  const answeredAt = (place: number) => (call: SystemCall) => (call === answer ? { ...call, begin: place, end: place } : call);

  assert.equal(
    verdict((call) => call),
    "in order",
  );
  assert.match(verdict(answeredAt(sync.begin - 0.5)), /before its data was synced/, "the answer just before the sync");
  assert.match(verdict(answeredAt(request.end + 0.5)), /before its data was written/, "the answer right after the request");
  assert.match(
    verdict((call) => (isSync(call) ? undefined : call)),
    /before its data was synced/,
    "no sync at all",
  );
  const failing = (call: SystemCall): SystemCall => (isSync(call) ? { ...call, text: call.text.replace("= 0", "= -1 EIO") } : call);
  assert.match(verdict(failing), /before its data was synced/, "syncs that fail");
  const elsewhere = (call: SystemCall): SystemCall => (isSync(call) ? { ...call, file: call.file.replace("-wal", "") } : call);
  assert.match(verdict(elsewhere), /before its data was synced/, "syncs of another file");
});

test("a call that another thread's calls interrupt in the print is put together again", () => {
  const calls = systemCalls(
    '7 fsync(3</d/linkspan.db-wal> <unfinished ...>\n8 read(4<pipe:[1]>, "*", 1) = 1\n7 <... fsync resumed>) = 0\n7 +++ exited with 0 +++\n',
  );
  assert.deepEqual(
    calls.map(({ name, file, begin, end }) => [name, file, begin, end]),
    [
      ["read", "pipe:[1]", 1, 1],
      ["fsync", "/d/linkspan.db-wal", 0, 2],
    ],
  );
  assert.ok(calls[1]?.text.endsWith("= 0"));
});

test("the key that opens stored secrets is on disk before anybody is told that the server listens", (t) => {
  if (missing !== undefined) return t.skip(missing);
  const isKey = (file: string): boolean => /\/key[^/]*$/.test(file);
  const written = calls.find(({ name, file }) => name.startsWith("write") && isKey(file));
  assert.ok(written !== undefined, "a fresh key was made");
  const told = calls.find(({ name, text }) => name.startsWith("write") && text.includes("listens on"));
  assert.ok(told !== undefined);
  const synced = calls.find(({ name, file, begin }) => /^f(data)?sync$/.test(name) && isKey(file) && begin > written.end);
  assert.ok(synced !== undefined && synced.end < told.begin, "without this sync a power cut can leave the data without its key");
});
