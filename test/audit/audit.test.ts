import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "../support/fast-check.ts";
import type { AnyKind } from "../../src/contract/resource-kind.ts";
import { audit, auditView } from "../../src/gateway/audit/audit.ts";
import { findingKinds } from "../../src/gateway/audit/finding.ts";
import { RequestLog, type RequestRecord, requestsInMemoryMax } from "../../src/gateway/request-log.ts";
import { kinds } from "../../src/services/kinds.ts";
import type { Caller } from "../support/caller.ts";
import { hangzhou } from "../support/networks.ts";
import { callV3, vpcClient, vpcSdk } from "../support/official.ts";
import { userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { linkspan } from "../cli/run.ts";
import { foundNothing, foundOf, hangUp, inTurn, ok, requestIdOf } from "./support.ts";

/** The audit as a whole: whom it finds, what it passes over, how it is asked. */

let server: InProcessServer;
/** Everything that the server has answered, as its log holds it. */
const log: RequestRecord[] = [];
before(async () => {
  server = await startServer({ pace: "instant", record: false, onRequest: (record) => log.push(record) });
});
after(() => server.stop());

const deprecatedCall = (caller: Caller) => ok(caller.vpc("DescribeRouteTables", { RegionId: hangzhou }));
const command = (...args: string[]) =>
  linkspan(["audit", "--url", server.url, ...args], { environment: { LINKSPAN_ADMIN_TOKEN: server.adminToken } });

test("an official SDK that waits, pages and keeps its token is found nothing against", async () => {
  const { key } = await server.stranger();
  const sdk = vpcClient(server.endpoint, key);
  const { CreateVpcRequest, CreateVSwitchRequest, DeleteVSwitchRequest, DeleteVpcRequest } = vpcSdk;
  const { DescribeVpcAttributeRequest, DescribeVSwitchAttributesRequest, DescribeVSwitchesRequest } = vpcSdk;
  const regionId = hangzhou;
  const vpc = new CreateVpcRequest({ regionId, cidrBlock: "10.0.0.0/16", clientToken: "vpc" });
  const vpcId = (await sdk.createVpc(vpc)).body?.vpcId ?? "";
  const vpcStatus = async () => (await sdk.describeVpcAttribute(new DescribeVpcAttributeRequest({ regionId, vpcId }))).body?.status;
  assert.equal(await vpcStatus(), "Available");
  // Two that are alike but for their token are two that are wanted.
  assert.equal((await sdk.createVpc(vpc)).body?.vpcId, vpcId);
  const vSwitches: string[] = [];
  for (let third = 0; third < 12; third++) {
    const wanted = { regionId, vpcId, zoneId: `${hangzhou}-b`, cidrBlock: `10.0.${third}.0/24`, clientToken: `vsw-${third}` };
    const { body } = await sdk.createVSwitch(new CreateVSwitchRequest(wanted));
    vSwitches.push(body?.vSwitchId ?? "");
    const look = new DescribeVSwitchAttributesRequest({ regionId, vSwitchId: body?.vSwitchId ?? "" });
    assert.equal((await sdk.describeVSwitchAttributes(look)).body?.status, "Available");
  }
  const listed: string[] = [];
  for (let pageNumber = 1; listed.length < vSwitches.length; pageNumber++) {
    const { body } = await sdk.describeVSwitches(new DescribeVSwitchesRequest({ regionId, vpcId, pageNumber }));
    listed.push(...(body?.vSwitches?.vSwitch ?? []).map(({ vSwitchId = "" }) => vSwitchId));
  }
  assert.deepEqual(listed.sort(), vSwitches.sort());
  for (const vSwitchId of vSwitches) {
    await sdk.deleteVSwitch(new DeleteVSwitchRequest({ regionId, vSwitchId }));
    await sdk.describeVSwitchAttributes(new DescribeVSwitchAttributesRequest({ regionId, vSwitchId }));
  }
  await sdk.deleteVpc(new DeleteVpcRequest({ regionId, vpcId }));
  await foundNothing(server, { key } as Caller);
});

test("linkspan demo, where nothing takes time, waits for all that it makes", async (t) => {
  const own = await startServer({ pace: "instant", record: false });
  t.after(() => own.stop());
  const { code, stderr } = await linkspan(["demo", "--url", own.url], { environment: { LINKSPAN_ADMIN_TOKEN: own.adminToken } });
  assert.equal(code, 0, stderr);
  const { body } = await own.admin("GET", "audit");
  assert.ok(body.requests.seen > 50);
  assert.deepEqual(body.findings.map(({ kind, seen }: any) => `${kind}: ${seen}`), []); // prettier-ignore
});

test("each client is told for itself: by key, and by what it says of itself", async () => {
  const root = await server.stranger();
  const { caller: user } = await userWith(root, { Effect: "Allow", Action: "*", Resource: "*" });
  await deprecatedCall(root);
  await deprecatedCall(root);
  await deprecatedCall(user);
  await callV3(server.endpoint, root.key, "DescribeRouteTables", { RegionId: hangzhou }, { version: "2016-04-28" });
  const found = await foundOf(server, root);
  assert.deepEqual(
    found.map(({ client, count }) => [client.accessKeyId, client.userAgent.split(" ")[0], count]),
    [
      [root.key.id, "node", 2],
      [user.key.id, "node", 1],
      [root.key.id, "AlibabaCloud", 1],
    ],
  );
});

test("requests that no key has signed, and such as are for nothing here, are passed over", async () => {
  const caller = await server.stranger();
  for (let count = 0; count < 6; count++) {
    await caller.vpc("DescribeRouteTables", { RegionId: hangzhou }, { common: { Signature: "d3Jvbmc=" } });
    await caller.vpc("DescribeNatGateways", { RegionId: hangzhou });
    await caller.vpc("DescribeNothing", { RegionId: hangzhou });
  }
  const { body } = await server.admin("GET", "audit");
  assert.ok(body.findings.every(({ client }: any) => client.accessKeyId !== "" && client.accessKeyId !== caller.key.id));
});

test("an account's requests alone by name or UID, and those since a time", async (t) => {
  const caller = await server.stranger();
  const { accounts } = (await server.admin("GET", "accounts")).body;
  const { name } = accounts.find(({ uid }: any) => uid === caller.key.account);
  const first = await deprecatedCall(caller);
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 60_000 });
  const since = new Date().toISOString();
  const second = await deprecatedCall(caller);
  for (const account of [name, caller.key.account]) {
    const { body } = await server.admin("GET", `audit?account=${account}`);
    assert.equal(body.requests.seen, 2);
    assert.deepEqual(body.findings.map(({ requests }: any) => requests), [[first, second].map(requestIdOf)]); // prettier-ignore
  }
  const { body } = await server.admin("GET", `audit?account=${name}&since=${since}`);
  assert.deepEqual([body.requests.seen, body.requests.since, body.requests.dropped], [1, since, 0]);
  assert.deepEqual(body.findings.map(({ requests }: any) => requests), [[requestIdOf(second)]]); // prettier-ignore
  const unknown = await server.admin("GET", "audit?account=nobody");
  assert.deepEqual([unknown.status, unknown.body.message], [404, "There is no account nobody."]);
  for (const wrong of ["yesterday", "2026-01-31", "2026-13-31T00:00:00Z", "2026-01-31T00:00:00"])
    assert.equal((await server.admin("GET", `audit?since=${wrong}`)).status, 400, wrong);
  assert.equal((await server.admin("GET", "audit?limit=5")).status, 400);
});

test("of many requests the first and the last are named, and how many are between", async () => {
  const caller = await server.stranger();
  const calls = await inTurn(13, () => deprecatedCall(caller));
  const [found] = await foundOf(server, caller);
  assert.deepEqual([found?.count, found?.requestsLeftOut], [13, 3]);
  assert.deepEqual(found?.requests, [...calls.slice(0, 5), ...calls.slice(-5)].map(requestIdOf));
});

test("the command tells it in words and as JSON, and fails on findings only if it is asked to", async () => {
  const caller = await server.stranger();
  const of = ["--account", caller.key.account];
  const clean = await command(...of, "--strict");
  assert.deepEqual([clean.code, clean.stdout, clean.stderr], [0, "Nothing found; 0 requests looked through.\n", ""]);
  const call = await deprecatedCall(caller);
  const told = await command(...of);
  assert.deepEqual([told.code, told.stderr], [0, ""]);
  assert.match(told.stdout, /^1\. deprecated: DescribeRouteTables was called once\.\n/);
  assert.ok(told.stdout.includes(`${server.url}/_linkspan/requests/${requestIdOf(call)}\n`));
  assert.match(told.stdout, /\n1 found; 1 request looked through, since \S+Z\.\n$/);
  assert.equal((await command(...of, "--strict")).code, 2);
  const json = await command(...of, "--json");
  assert.deepEqual(JSON.parse(json.stdout), (await server.admin("GET", `audit?account=${caller.key.account}`)).body);
  const later = await command(...of, "--since", "2999-01-01T00:00:00Z", "--strict");
  assert.deepEqual([later.code, later.stdout], [0, "Nothing found; 0 requests looked through.\n"]);
  const wrong = await command("--account", "nobody");
  assert.deepEqual(
    [wrong.code, wrong.stderr],
    [1, "linkspan: There is no account nobody. — `linkspan account list` tells which there are\n"],
  );
});

test("a browser gets a page, to which the list of requests leads, and which leads to each request", async () => {
  const caller = await server.stranger();
  const call = await deprecatedCall(caller);
  const headers = { accept: "text/html", authorization: `Bearer ${server.adminToken}` };
  const page = async (path: string) => (await fetch(`${server.url}/_linkspan/${path}`, { headers })).text();
  assert.match(await page("requests"), /<a href="\/_linkspan\/audit">/);
  const text = await page(`audit?account=${caller.key.account}`);
  assert.match(text, /<h2>Deprecated: DescribeRouteTables<\/h2>/);
  assert.ok(text.includes(`href="/_linkspan/requests/${requestIdOf(call)}"`));
  assert.match(await page("audit?since=2999-01-01T00:00:00Z"), /There are no requests yet\./);
});

test("what is kept for the audit alone is not told, and a User-Agent is cut", async () => {
  const caller = await server.stranger();
  const { body, headers } = await ok(
    caller.vpc("DescribeRouteTables", { RegionId: hangzhou }, { signature: "V3", common: { "user-agent": "u".repeat(5_000) } }),
  );
  const told = (await server.admin("GET", `requests/${body.RequestId ?? headers.get("x-acs-request-id")}`)).body;
  assert.equal(told.userAgent, "u".repeat(128));
  for (const name of ["noted", "sameCall", "time", "underWay"]) assert.equal(name in told, false);
});

test("whatever clients do, a finding is about requests of one client that are in the log, in their order", async (t) => {
  const root = await server.stranger();
  const { caller: user } = await userWith(root, { Effect: "Allow", Action: "*", Resource: "*" });
  const callers = [root, user, await server.stranger()];
  const vpcs: string[] = ["vpc-none"];
  const create = async (caller: Caller, token?: string) => {
    const answer = await caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16", ClientToken: token });
    if (answer.status === 200) vpcs.push(answer.body.VpcId);
  };
  const VpcId = (pick: number): string => vpcs[pick % vpcs.length] ?? "";
  const calls: readonly ((caller: Caller, pick: number) => Promise<unknown>)[] = [
    (caller) => create(caller),
    (caller, pick) => create(caller, `token-${pick % 2}`),
    async (caller) => {
      await server.admin("PUT", "settings", { rateLimits: [] });
      await hangUp(t, server, caller, "CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" });
    },
    (caller, pick) => caller.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: VpcId(pick) }),
    (caller, pick) => caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId: VpcId(pick) }),
    (caller, pick) =>
      caller.vpc("CreateVSwitch", { RegionId: hangzhou, VpcId: VpcId(pick), ZoneId: `${hangzhou}-b`, CidrBlock: `10.0.${pick}.0/24` }),
    (caller) => caller.vpc("DescribeVpcs", { RegionId: hangzhou }),
    (caller) => caller.vpc("DescribeRouteTables", { RegionId: hangzhou }),
    async (_caller, pick) =>
      server.admin("PUT", "settings", { rateLimits: pick % 3 === 0 ? [{ per: "key", requestsPerSecond: 1, burst: 5 }] : [] }),
    async (_caller, pick) => server.admin("POST", "clock/pace", { pace: ["instant", "real", "stepped"][pick % 3] }),
  ];
  const met = new Set<string>();
  const step = fc.record({ call: fc.nat(calls.length - 1), who: fc.nat(2), pick: fc.nat(200), times: fc.integer({ min: 1, max: 6 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      for (const { call, who, pick, times } of steps)
        for (let count = 0; count < times; count++) await calls[call]?.(callers[who] as Caller, pick);
      const { body } = await server.admin("GET", "audit");
      const byId = new Map(log.map((record) => [record.requestId, record]));
      for (const finding of body.findings) {
        met.add(finding.kind);
        const records: RequestRecord[] = finding.requests.map((id: string) => byId.get(id) ?? assert.fail(`${id} is not in the log`));
        for (const { account, accessKeyId, userAgent } of records) assert.deepEqual({ account, accessKeyId, userAgent }, finding.client);
        const began = records.map(({ at, milliseconds }) => at - milliseconds);
        assert.deepEqual(
          began,
          began.toSorted((a, b) => a - b),
        );
        assert.equal(new Set(finding.requests).size, finding.requests.length);
        assert.ok(records.some(({ action }) => action === finding.operation));
        assert.ok(finding.count > 0 && finding.count <= finding.requests.length + finding.requestsLeftOut);
      }
    }),
    { numRuns: 5 },
  );
  await server.admin("PUT", "settings", { rateLimits: [] });
  await server.admin("POST", "clock/pace", { pace: "instant" });
  // Whatever chance has led to: a client that only does what is wrong is found.
  assert.ok(met.size >= 4, [...met].join());
});

test("a finding of any kind can be told, and in the order of their weight", () => {
  const byKind = new Map(kinds.map((kind) => [kind.name, kind]));
  const order = Object.keys(findingKinds);
  const found = audit(log, byKind).map(({ kind }) => order.indexOf(kind));
  assert.deepEqual(
    found,
    found.toSorted((a, b) => a - b),
  );
});

test("what the log had to drop is counted, and nothing is said of it", () => {
  const record = log.find(({ operation }) => operation?.deprecated !== undefined);
  assert.ok(record);
  const full = new RequestLog();
  const at = Date.parse("2026-01-31T12:00:00Z");
  full.add({ ...record, requestId: "first", at });
  for (let count = 0; count < requestsInMemoryMax; count++)
    full.add({ ...record, requestId: String(count), at: at + 1 + count, operation: undefined });
  const byKind = new Map<string, AnyKind>();
  const seen = (since: number | undefined) => auditView(full, byKind, { account: undefined, since });
  assert.deepEqual(seen(undefined), {
    requests: { seen: requestsInMemoryMax, since: "2026-01-31T12:00:00.001Z", dropped: 1 },
    findings: [],
  });
  // Of what came since then, nothing is missing.
  assert.deepEqual(seen(at + 2).requests, { seen: requestsInMemoryMax - 1, since: "2026-01-31T12:00:00.002Z", dropped: 0 });
});
