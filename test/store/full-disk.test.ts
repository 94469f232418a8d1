import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Caller } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";

/**
 * Runs `work` with a folder on a file system of a few MiB and a way to start servers in it; all is cleared away afterwards.
 * Skips the test, with the reason, where this process may not mount one.
 */
async function onSmallDisk(t: TestContext, work: (folder: string, start: () => Promise<SpawnedServer>) => Promise<void>): Promise<void> {
  const outside = temporaryFolder();
  const folder = join(outside, "disk");
  mkdirSync(folder);
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "linkspan-test", folder]);
  // The key lies elsewhere, and the pace lets no task write on its own.
  const environment = { LINKSPAN_PACE: "stepped", LINKSPAN_KEY_FILE: join(outside, "key"), LINKSPAN_LOG: "fatal" };
  const started: SpawnedServer[] = [];
  const start = async (): Promise<SpawnedServer> => {
    const server = await spawnServer({ folder, environment });
    started.push(server);
    return server;
  };
  try {
    if (status === 0) await work(folder, start);
    else t.skip("a small file system cannot be mounted: run the tests as root on a machine that allows mount");
  } finally {
    for (const server of started) await server.kill("SIGKILL");
    if (status === 0) spawnSync("umount", ["-l", folder]);
    rmSync(outside, { recursive: true, force: true });
  }
}

/** Fills the file system to its last byte. */
function fill(ballast: string): void {
  writeFileSync(ballast, "");
  for (const size of [1 << 16, 1 << 12, 1 << 8, 1]) {
    const chunk = Buffer.alloc(size, 1);
    try {
      for (;;) appendFileSync(ballast, chunk);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
    }
  }
}

const create = (caller: Caller, VpcName: string) => caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16", VpcName });

/** Names of all VPCs of the requester, and that the list and its total agree. */
async function names({ requester }: SpawnedServer): Promise<string[]> {
  const found: string[] = [];
  for (let PageNumber = 1; ; PageNumber++) {
    const { body } = succeeded(await requester.vpc("DescribeVpcs", { RegionId: hangzhou, PageNumber, PageSize: 50 }));
    found.push(...body.Vpcs.Vpc.map((vpc: { VpcName: string }) => vpc.VpcName));
    if (PageNumber * 50 < body.TotalCount) continue;
    assert.equal(found.length, body.TotalCount);
    return found.sort();
  }
}

test("on a full disk writes are refused and reads go on; with room again writes work, and nothing half done is left", (t) =>
  onSmallDisk(t, async (folder, start) => {
    const server = await start();
    assert.equal((await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 100_000 }] })).status, 200);
    const acknowledged: string[] = [];
    for (let index = 0; index < 10; index++) {
      succeeded(await create(server.requester, `early-${index}`));
      acknowledged.push(`early-${index}`);
    }

    fill(join(folder, "ballast"));
    // The store may still have room inside its own files, so the first refusal takes a while. Writers come in groups that share a commit.
    let refused = 0;
    for (let round = 0; refused < 20; round++) {
      assert.ok(round < 500, "the disk never became full");
      const group = Array.from({ length: 8 }, (_, index) => `full-${round}-${index}`);
      const answers = await Promise.all(group.map((name) => create(server.requester, name)));
      for (const [index, answer] of answers.entries()) {
        if (answer.status === 200) acknowledged.push(group[index] as string);
        else {
          refusedWith(answer, "ServiceUnavailable", 503);
          assert.equal(answer.headers.get("x-acs-retry-after"), "1000");
          refused++;
        }
      }
    }
    assert.deepEqual(await names(server), [...acknowledged].sort(), "reads go on, and show what was acknowledged and nothing else");
    const { status, body } = await server.admin("GET", "ready");
    assert.equal(status, 503);
    assert.equal(body.writable, false);
    assert.equal((await server.admin("PUT", "settings", {})).status, 503);
    assert.equal((await server.admin("GET", "settings")).body.quotas[0].value, 100_000);
    assert.equal((await server.admin("GET", "health")).status, 200);

    truncateSync(join(folder, "ballast"));
    for (let index = 0; index < 10; index++) {
      succeeded(await create(server.requester, `late-${index}`));
      acknowledged.push(`late-${index}`);
    }
    assert.equal((await server.admin("GET", "ready")).body.writable, true);
    assert.deepEqual(await names(server), [...acknowledged].sort());

    // What was acknowledged survives, and the tasks planned before and after are all taken up.
    await server.kill("SIGKILL");
    const again = await start();
    assert.deepEqual(await names(again), [...acknowledged].sort());
    await again.advance();
    const { tasks } = (await again.admin("GET", "ready")).body;
    assert.deepEqual(tasks, { moving: 0, failed: 0 });
  }));

test("work that falls due on a full disk is done when there is room again", (t) =>
  onSmallDisk(t, async (folder, start) => {
    const server = await start();
    const { VpcId } = succeeded(await create(server.requester, "waiting")).body;
    const status = async (): Promise<string> =>
      succeeded(await server.requester.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId })).body.Status;
    // From now on the task falls due by itself, thirty seconds from now.
    assert.equal((await server.admin("POST", "clock/pace", { pace: "fast" })).status, 200);

    fill(join(folder, "ballast"));
    let answer = await create(server.requester, "filler");
    for (let round = 0; answer.status === 200; round++) {
      assert.ok(round < 5000, "the disk never became full");
      answer = await create(server.requester, `filler-${round}`);
    }
    refusedWith(answer, "ServiceUnavailable", 503);
    const { status: advanced } = await server.admin("POST", "clock/advance", { seconds: 40 });
    assert.equal(advanced, 503, "the clock cannot be moved either");
    assert.equal(await status(), "Pending");

    truncateSync(join(folder, "ballast"));
    assert.equal((await server.admin("POST", "clock/advance", { seconds: 40 })).status, 200);
    assert.equal(await status(), "Available");
    assert.deepEqual((await server.admin("GET", "ready")).body.tasks, { moving: 0, failed: 0 });
  }));
