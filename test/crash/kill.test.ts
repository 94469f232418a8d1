import assert from "node:assert/strict";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { Caller } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { assertReplayGivesRows, readStore } from "../store/replay.ts";
import { Random } from "../support/random.ts";
import { type Seen, type SeenGateway, Writer } from "./writer.ts";

const kills = 50;
const writers = 8;
/** How long work that was interrupted may take after a restart, in milliseconds. */
const settleTimeout = 10_000;
const environment = { LINKSPAN_PACE: "fast" };

/** Looks until `holds`, or fails when the time is over. */
async function until(what: string, deadline: number, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what} within ${settleTimeout} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until no resource is in a state that ends by itself. */
async function settled(server: SpawnedServer, since: number): Promise<void> {
  await until("no task is left moving", since + settleTimeout, async () => {
    const { tasks } = (await server.admin("GET", "ready")).body;
    assert.equal(tasks.failed, 0);
    return tasks.moving === 0;
  });
}

/** Reads all VPCs and connections, page by page, the VPN gateways with their routes, and the router interfaces. */
async function look(caller: Caller): Promise<Seen> {
  const vpcs = new Map<string, Seen["vpcs"] extends ReadonlyMap<string, infer V> ? V : never>();
  const peerings = new Map<string, Seen["peerings"] extends ReadonlyMap<string, infer V> ? V : never>();
  for (const RegionId of [hangzhou, beijing]) {
    for (let PageNumber = 1; ; PageNumber++) {
      const { body } = succeeded(await caller.vpc("DescribeVpcs", { RegionId, PageNumber, PageSize: 50 }));
      for (const { VpcId, VpcName, Status } of body.Vpcs.Vpc) vpcs.set(VpcId, { name: VpcName, status: Status });
      if (PageNumber * 50 >= body.TotalCount) break;
    }
  }
  const { body } = succeeded(await caller.peer("ListVpcPeerConnections", { RegionId: hangzhou, MaxResults: 100 }));
  for (const { InstanceId, Name, Status, Tags } of body.VpcPeerConnects) {
    peerings.set(InstanceId, { name: Name, status: Status, tag: Tags[0]?.Value });
  }
  return { vpcs, peerings, interfaces: await lookAtInterfaces(caller), ...(await lookAtGateways(caller)) };
}
async function lookAtInterfaces(caller: Caller): Promise<Seen["interfaces"]> {
  const lists = [hangzhou, beijing].map(async (RegionId) => {
    const { body } = succeeded(await caller.vpc("DescribeRouterInterfaces", { RegionId, PageSize: 50 }));
    return body.RouterInterfaceSet.RouterInterfaceType as { RouterInterfaceId: string; Status: string }[];
  });
  return new Map((await Promise.all(lists)).flat().map(({ RouterInterfaceId, Status }) => [RouterInterfaceId, Status]));
}
async function lookAtGateways(caller: Caller): Promise<Pick<Seen, "connections" | "gateways">> {
  const all = { RegionId: hangzhou, PageSize: 50 };
  const connections = succeeded(await caller.vpc("DescribeVpnConnections", all)).body.VpnConnections.VpnConnection.map(
    ({ VpnConnectionId, Name, State }: any) => [VpnConnectionId, { name: Name, status: State }],
  );
  const gateways = succeeded(await caller.vpc("DescribeVpnGateways", all)).body.VpnGateways.VpnGateway.map(
    async ({ VpnGatewayId, VpcId, Name, Status }: any): Promise<[string, SeenGateway]> => {
      const { body } = succeeded(await caller.vpc("DescribeVpnRouteEntries", { ...all, VpnGatewayId }));
      const [table] = succeeded(await caller.vpc("DescribeRouteTableList", { ...all, VpcId })).body.RouterTableList.RouterTableListType;
      const query = { RegionId: hangzhou, RouteTableId: table.RouteTableId, NextHopId: VpnGatewayId };
      const entries = succeeded(await caller.vpc("DescribeRouteEntryList", query)).body.RouteEntrys.RouteEntry;
      return [
        VpnGatewayId,
        {
          name: Name,
          status: Status,
          routes: body.VpnRouteEntries.VpnRouteEntry.map(({ RouteDest }: any) => RouteDest),
          entries: entries.map(({ DestinationCidrBlock }: any) => DestinationCidrBlock),
        },
      ];
    },
  );
  return { connections: new Map(connections), gateways: new Map(await Promise.all(gateways)) };
}

/** Starts a server that is killed after a while, whether it listens by then or not. */
async function killedOnItsWay(folder: string, seconds: number): Promise<void> {
  try {
    const { process: child } = await spawnServer({ folder, environment, wrapper: ["timeout", "--signal=KILL", seconds.toFixed(3)] });
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  } catch (error) {
    assert.match(String(error), /the server exited with (null|137):\s*$/, "it was killed before it said anything");
  }
}

test(`killed ${kills} times under ${writers} writers, the server loses no acknowledged write, doubles none, and leaves no work stuck`, async (t) => {
  const random = new Random(process.env["LINKSPAN_CRASH_SEED"] === undefined ? undefined : Number(process.env["LINKSPAN_CRASH_SEED"]));
  t.diagnostic(`random seed ${random.seed}; LINKSPAN_CRASH_SEED repeats it`);
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let server = await spawnServer({ folder, environment });
  t.after(() => server.kill("SIGKILL"));
  const quotas = [{ name: "Vpc", value: 1_000_000 }];
  assert.equal((await server.admin("PUT", "settings", { quotas })).status, 200);
  const all = Array.from({ length: writers }, (_, index) => new Writer(`w${index}`));
  for (const [number, writer] of all.entries()) await writer.prepare(server.requester, number);
  await settled(server, Date.now());
  const total = (): number => all.reduce((sum, { acknowledged }) => sum + acknowledged, 0);

  for (let round = 0; round < kills; round++) {
    const before = total();
    // A deleted connection can be read for two seconds more, and the check waits for it: not every round can afford that.
    const working = all.map((writer) => writer.work(server.requester, random, round % 8 === 7));
    const wanted = before + 1 + random.below(80);
    await until(`round ${round}: ${wanted - before} writes are acknowledged`, Date.now() + settleTimeout, async () => total() >= wanted);
    await new Promise((resolve) => setTimeout(resolve, random.next() * 10));
    await server.kill("SIGKILL");
    await Promise.all(working);
    assert.ok(total() > before, "the round acknowledged writes");

    if (round % 5 === 4) {
      // Killed again on its way up, before or after it listens.
      await killedOnItsWay(folder, 0.05 + random.next() * 0.5);
    }
    server = await spawnServer({ folder, environment });
    await settled(server, Date.now());
    const seen = await look(server.requester);
    for (const [id, { name }] of [...seen.vpcs, ...seen.peerings, ...seen.connections]) {
      assert.equal(all.filter((writer) => writer.knows(id, name)).length, 1, `${id} ${name} is one writer's, and was asked for`);
    }
    const names = [...seen.vpcs.values()].map(({ name }) => name).filter((name) => !name.endsWith("-end"));
    assert.equal(new Set(names).size, names.length, "each name, and so each token, made one VPC");
    await Promise.all(all.map((writer) => writer.check(server.requester, seen)));
  }

  const happened = all.reduce((sum, writer) => sum + writer.happened, 0);
  t.diagnostic(`${total()} acknowledged writes; ${happened} that had lost their answer had happened`);
  assert.doesNotMatch(server.output(), /"level":[56]0/);
  await server.kill("SIGTERM");
  assertReplayGivesRows(folder);
  readStore(folder, (rows) => {
    assert.deepEqual(
      rows("PRAGMA integrity_check").map((row) => row.integrity_check),
      ["ok"],
    );
  });
});

test("a server that is killed during its very first start starts well the next time", async (t) => {
  const random = new Random();
  t.diagnostic(`random seed ${random.seed}`);
  for (let index = 0; index < 8; index++) {
    const folder = temporaryFolder();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    await killedOnItsWay(folder, 0.1 + random.next() * 0.25);
    const server = await spawnServer({ folder, environment });
    succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou }));
    await server.kill("SIGKILL");
  }
});

test("what administration changed survives a kill, and a signed write cannot be replayed after it", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = await spawnServer({ folder, environment });
  const common = { SignatureNonce: "only-once", Timestamp: `${new Date().toISOString().slice(0, 19)}Z` };
  const send = (server: SpawnedServer) => server.requester.vpc("CreateVpc", { RegionId: hangzhou }, { common });
  succeeded(await send(first));
  assert.equal((await first.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 2 }] })).status, 200);
  const stranger = await first.stranger();
  assert.equal((await first.admin("DELETE", "accounts/accepter")).status, 200);
  await first.kill("SIGKILL");

  const second = await spawnServer({ folder, environment });
  t.after(() => second.kill("SIGKILL"));
  refusedWith(await send(second), "SignatureNonceUsed");
  succeeded(await second.requester.vpc("CreateVpc", { RegionId: hangzhou }));
  refusedWith(await second.requester.vpc("CreateVpc", { RegionId: hangzhou }), "QuotaExceeded.Vpc");
  succeeded(await new Caller(second.url, stranger.key).vpc("DescribeVpcs", { RegionId: hangzhou }));
  refusedWith(await second.accepter.vpc("DescribeVpcs", { RegionId: hangzhou }), "InvalidAccessKeyId.Inactive");
});
