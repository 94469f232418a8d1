import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { unbuilt } from "../../src/gateway/addresses/index.ts";
import { requestsInMemoryMax } from "../../src/gateway/request-log.ts";
import { operations } from "../../src/services/index.ts";
import { Caller } from "../support/caller.ts";
import { activePeering, availableVpc, beijing, hangzhou, peeringStatus, refusedWith, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

type AdminAnswer = Awaited<ReturnType<InProcessServer["admin"]>>;
/** Asserts a refusal in the form of these addresses; its text names what is at fault. */
function refused({ status, body }: AdminAnswer, expected: number, names: RegExp): void {
  assert.equal(status, expected, JSON.stringify(body));
  assert.equal(typeof body.error, "string");
  assert.match(`${body.message} ${body.advice ?? ""}`, names);
}
/** What is set; what holds where nothing is set stands beside it in the answer. */
async function settings(): Promise<{ quotas: unknown; features: unknown }> {
  const { quotas, features } = (await server.admin("GET", "settings")).body;
  return { quotas, features };
}

test("health tells that the server lives, and its version", async () => {
  assert.deepEqual(await server.admin("GET", "health"), { status: 200, body: { status: "ok", version: "test" } });
});

test("ready tells how writes are synced and what is moving", async () => {
  const still = (await server.admin("GET", "ready")).body;
  assert.deepEqual(still, {
    status: "ok",
    store: { database: "sqlite", journalMode: "wal", synchronous: "full" },
    writable: true,
    tasks: { moving: 0, failed: 0 },
    faultRules: 0,
    tls: null,
    dataPlane: { kind: "none", converged: true },
  });
  for (const region of [hangzhou, beijing]) succeeded(await server.accepter.vpc("CreateVpc", { RegionId: region }));
  assert.deepEqual((await server.admin("GET", "ready")).body.tasks, { moving: 2, failed: 0 });
  await server.advance();
  assert.deepEqual((await server.admin("GET", "ready")).body.tasks, { moving: 0, failed: 0 });
});

test("operations is the whole contract: each implemented operation with parameters, response, rules and errors", async () => {
  const { body } = await server.admin("GET", "operations");
  const built = body.operations.filter(({ implemented }: { implemented: boolean }) => implemented);
  assert.deepEqual(
    built.map(({ version, name }: any) => `${version} ${name}`).sort(),
    operations.map(({ product, name }) => `${product.version} ${name}`).sort(),
  );
  for (const one of built) {
    const source = operations.find(({ product, name }) => product.version === one.version && name === one.name);
    assert.ok(source !== undefined);
    assert.equal(one.access, "read" in source ? "read" : "write");
    assert.deepEqual(Object.keys(one.parameters.properties), Object.keys(source.parameters), one.name);
    const required = Object.entries(source.parameters).filter(([, { options }]) => options.required === true);
    assert.deepEqual(one.parameters.required ?? [], required.map(([name]) => name)); // prettier-ignore
    assert.deepEqual(Object.keys(one.response), Object.keys(source.response), one.name);
    const told = one.errors.map(({ http, code }: any) => `${http} ${code}`);
    assert.equal(new Set(told).size, told.length, `${one.name}: each code with each of its statuses once`);
    for (const { rule, code, http, message, source: from } of one.rules) {
      assert.ok(rule.length > 10 && message.length > 0, `${one.name}: ${rule}`);
      assert.ok(http >= 400 && http < 600);
      assert.ok(told.includes(`${http} ${code}`), `${one.name}: ${http} ${code}`);
      assert.ok(["seed", "client", "public-docs", "sdk-metadata", "inferred"].includes(from), from);
    }
  }
  const create = built.find(({ name }: any) => name === "CreateVpcPeerConnection");
  assert.equal(create.pollWith, "GetVpcPeerConnectionAttribute");
  assert.equal(create.parameters.properties.Bandwidth.minimum, 1);
  assert.ok(create.errors.some(({ code }: any) => code === "MissingVpcId"));
  // What is known and not built is listed too, and says so.
  const unbuilt = body.operations.filter(({ implemented }: { implemented: boolean }) => !implemented);
  assert.ok(unbuilt.some(({ name }: any) => name === "CreateNatGateway"));
  const peering = body.kinds.find(({ name }: any) => name === "vpc-peering-connection");
  assert.deepEqual(peering.patchable.BizStatus.values, ["Normal", "FinancialLocked"]);
  assert.ok(peering.moves.some(({ from, event, to }: any) => from === "Deleting" && event === "deleted" && to === "Deleted"));
});

test("requests lists the newest first, as many as asked for", async () => {
  const made: string[] = [];
  for (let index = 0; index < 3; index++)
    made.push(succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body.RequestId);
  const { requests } = (await server.admin("GET", "requests?limit=3")).body;
  assert.deepEqual(
    requests.map(({ requestId }: any) => requestId),
    made.toReversed(),
  );
  const [newest] = requests;
  const told = ["account", "action", "answerLost", "at", "code", "faults", "milliseconds", "product", "requestId", "status"];
  assert.deepEqual(Object.keys(newest).sort(), told);
  assert.deepEqual(
    [newest.product, newest.action, newest.account, newest.status, newest.code],
    ["Vpc", "DescribeVpcs", server.requester.key.account, 200, "OK"],
  );
  assert.ok(Math.abs(Date.parse(newest.at) - Date.now()) < 60_000);
  for (const limit of ["0", String(requestsInMemoryMax + 1), "many", "-1"])
    refused(await server.admin("GET", `requests?limit=${limit}`), 400, /limit/);
});

test("a write's request is told whole: string to sign, targets, the rules that held, the changes it made", async () => {
  const mine = await availableVpc(server, server.requester);
  const answer = succeeded(await server.requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: mine.vpcId }));
  const { body } = await server.admin("GET", `requests/${answer.body.RequestId}`);
  assert.ok(body.stringToSign.startsWith("POST&%2F&AccessKeyId%3D"), body.stringToSign);
  assert.ok(body.stringToSign.includes("VpcId%3D"));
  assert.equal(body.parameters.VpcId, mine.vpcId);
  assert.deepEqual(body.targets, [{ parameter: "VpcId", kind: "vpc", id: mine.vpcId, state: "Available" }]);
  assert.ok(body.rules.length >= 4 && body.rules.every(({ held }: any) => held));
  assert.deepEqual(
    body.changes.map(({ kind, resource, event, from, to }: any) => ({ kind, resource, event, from, to })),
    [{ kind: "vpc", resource: mine.vpcId, event: "DeleteVpc", from: "Available", to: "Deleting" }],
  );
  assert.deepEqual([body.method, body.signatureVersion, body.status, body.code, body.replayed], ["POST", "V1", 200, "OK", false]);
  assert.deepEqual((await server.admin("GET", `requests/${answer.body.RequestId.toLowerCase()}`)).body, body, "in any letter case");
  await server.advance();
});

test("a refused request is told with the rule that refused it and those behind it, and its Recommend leads here", async () => {
  const mine = await availableVpc(server, server.requester);
  const VSwitch = { RegionId: hangzhou, ZoneId: "cn-hangzhou-b", VpcId: mine.vpcId, CidrBlock: "10.0.1.0/24" };
  const { VSwitchId } = succeeded(await server.requester.vpc("CreateVSwitch", VSwitch)).body;
  await server.advance();
  const answer = refusedWith(
    await server.requester.vpc("DeleteVpc", { VpcId: mine.vpcId }, { signature: "V3" }),
    "DependencyViolation.VSwitch",
  );
  const { Recommend, RequestId } = answer.body;
  assert.equal(Recommend, `${server.url}/_linkspan/requests/${RequestId}`);
  const body = (await (await fetch(Recommend)).json()) as any;
  const refusing = body.rules.findIndex(({ held }: any) => held === false);
  assert.equal(body.rules[refusing].code, "DependencyViolation.VSwitch");
  assert.ok(body.rules.slice(0, refusing).every(({ held }: any) => held === true));
  const behind = body.rules.slice(refusing + 1);
  assert.ok(behind.length >= 2 && behind.every(({ held }: any) => held === null), "what was not reached is told as such");
  assert.deepEqual([body.status, body.code, body.signatureVersion], [400, "DependencyViolation.VSwitch", "V3"]);
  assert.match(body.stringToSign, /^ACS3-HMAC-SHA256\n[0-9a-f]{64}$/);
  assert.deepEqual(body.changes, []);

  const invisible = await server.accepter.vpc("DeleteVpc", { VpcId: mine.vpcId });
  const other = (await server.admin("GET", `requests/${invisible.body.RequestId}`)).body;
  assert.deepEqual(
    other.targets,
    [{ parameter: "VpcId", kind: "vpc", id: mine.vpcId, state: null }],
    "a stranger's target is told as missing",
  );
  succeeded(await server.requester.vpc("DeleteVSwitch", { VSwitchId }));
  await server.advance();
});

test("refusals of the gateway are told as well, with what would have been accepted", async () => {
  for (const [answer, code, advice] of [
    [await server.requester.vpc("DescribeVpcs", {}), "MissingRegionId", /^/],
    [
      await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou, PageSize: "many" }),
      "InvalidPageSize",
      /PageSize: allowed are whole numbers from 1 to 50/,
    ],
    [
      await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { common: { Signature: "x" } }),
      "SignatureDoesNotMatch",
      /string to sign/,
    ],
    [await server.requester.call("1999-01-01", "DescribeVpcs"), "InvalidVersion", /2016-04-28/],
  ] as const) {
    // prettier-ignore
    const { body } = await server.admin("GET", `requests/${answer.body.RequestId}`);
    assert.equal(body.code, code);
    assert.equal(body.status, answer.status);
    assert.match(body.advice, advice);
  }
});

test("a repeated token is told as such", async () => {
  const parameters = { RegionId: beijing, ClientToken: "again" };
  const first = succeeded(await server.accepter.vpc("CreateVpc", parameters)).body;
  const second = succeeded(await server.accepter.vpc("CreateVpc", parameters)).body;
  assert.equal(first.VpcId, second.VpcId);
  const told = await Promise.all([first, second].map(async ({ RequestId }) => (await server.admin("GET", `requests/${RequestId}`)).body));
  assert.deepEqual(
    told.map(({ replayed, changes }) => [replayed, changes.length > 0]),
    [
      [false, true],
      [true, false],
    ],
  );
});

test("an unknown RequestId is not found, and the log keeps so many", async () => {
  refused(await server.admin("GET", "requests/00000000-0000-0000-0000-000000000000"), 404, /00000000-0000/);
  const oldest = succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body.RequestId;
  const call = () => server.requester.call("1999-01-01", "Nothing");
  const others = requestsInMemoryMax - 1;
  for (let index = 0; index < others; index += 37) await Promise.all(Array.from({ length: Math.min(37, others - index) }, call));
  assert.equal((await server.admin("GET", `requests/${oldest}`)).status, 200);
  await call();
  refused(await server.admin("GET", `requests/${oldest}`), 404, new RegExp(`last ${requestsInMemoryMax}`));
  assert.equal((await server.admin("GET", `requests?limit=${requestsInMemoryMax}`)).body.requests.length, requestsInMemoryMax);
});

test("settings are replaced whole, and take effect at once", async () => {
  const initial = await settings();
  const quotas = [
    { name: "Vpc", value: 0, account: server.accepter.key.account, region: beijing },
    { name: "Vpc", value: 100, account: server.accepter.key.account },
  ];
  const features = [{ name: "VpcPeer", region: hangzhou, open: false }];
  assert.equal((await server.admin("PUT", "settings", { quotas, features })).status, 200);
  assert.deepEqual(await settings(), { quotas, features });
  const answer = (await server.admin("GET", "settings")).body;
  assert.deepEqual((await server.admin("PUT", "settings", answer)).body, answer, "the whole answer may be put back");
  assert.equal(answer.quotaDefaults.Vpc, 10);
  assert.ok(answer.featureNames.includes("VpcPeer"));
  refusedWith(await server.accepter.vpc("CreateVpc", { RegionId: beijing }), "QuotaExceeded.Vpc");
  succeeded(await server.accepter.vpc("CreateVpc", { RegionId: hangzhou }));
  assert.equal((await server.admin("PUT", "settings", {})).status, 200);
  assert.deepEqual(await settings(), { quotas: [], features: [] });
  succeeded(await server.accepter.vpc("CreateVpc", { RegionId: beijing }));
  assert.deepEqual((await server.admin("PUT", "settings", initial)).status, 200);
  await server.advance();
});

test("settings that are wrong are refused, naming the member, and change nothing", async () => {
  const quotas = [{ name: "Vpc", value: 77 }];
  assert.equal((await server.admin("PUT", "settings", { quotas })).status, 200);
  const before = await settings();
  const wrong: readonly (readonly [document: unknown, names: RegExp, status?: number])[] = [
    [{ quotas: [{ name: "Vpcs", value: 1 }] }, /quotas.*name.*Vpc/s],
    [{ quotas: [{ name: "toString", value: 1 }] }, /quotas.*name/s],
    [{ quotas: [{ name: "Vpc" }] }, /quotas/],
    [{ quotas: [{ value: 1 }] }, /quotas/],
    [{ quotas: [{ name: "Vpc", value: -1 }] }, /quotas\.1\.value/],
    [{ quotas: [{ name: "Vpc", value: 1.5 }] }, /quotas\.1\.value/],
    [{ quotas: [{ name: "Vpc", value: "many" }] }, /quotas\.1\.value/],
    [{ quotas: [{ name: "Vpc", value: true }] }, /quotas\.1\.value/],
    [
      {
        quotas: [
          { name: "Vpc", value: 1 },
          { name: "Vpc", value: [1] },
        ],
      },
      /quotas\.2\.value/,
    ],
    [{ quotas: [{ name: "Vpc", value: 1, account: "somebody" }] }, /quotas\.1\.account/],
    [{ quotas: [{ name: "Vpc", value: 1, region: "cn-atlantis" }] }, /quotas\.1\.region/, 404],
    [{ quotas: [{ name: "Vpc", value: 1, Region: hangzhou }] }, /quotas\.Region/],
    [{ quotas: "none" }, /quotas/],
    [{ quotas: [7] }, /quotas/],
    [{ quotes: [] }, /quotes.*quotas, features/s],
    [{ features: [{ name: "VpcPeer", open: "perhaps" }] }, /features\.1\.open/],
    [{ features: [{ name: "Flying", open: true }] }, /features.*name/s],
    [{ features: [{ name: "VpcPeer" }] }, /features/],
    [[], /JSON object/],
    ["text", /JSON object/],
    [null, /JSON object/],
  ];
  for (const [document, names, status = 400] of wrong) {
    refused(await server.admin("PUT", "settings", document), status, names);
    assert.deepEqual(await settings(), before, JSON.stringify(document));
  }
  const broken = await fetch(`${server.url}/_linkspan/settings`, { method: "PUT", body: "{ not json" });
  refused({ status: broken.status, body: await broken.json() }, 400, /not JSON/);
  assert.equal((await server.admin("PUT", "settings", {})).status, 200);
});

test("patch sets what no API call can, and the rules see it", async () => {
  const [mine, theirs] = [await availableVpc(server, server.requester), await availableVpc(server, server.accepter, beijing)];
  const InstanceId = await activePeering(server, mine, theirs);
  const read = async (): Promise<any> => succeeded(await server.requester.peer("GetVpcPeerConnectionAttribute", { InstanceId })).body;
  const modify = () => server.requester.peer("ModifyVpcPeerConnection", { InstanceId, Name: "renamed" });

  assert.equal((await server.admin("PATCH", `resources/${InstanceId}`, { BizStatus: "FinancialLocked" })).status, 200);
  assert.equal((await read()).BizStatus, "FinancialLocked");
  const told = await modify();
  assert.equal(told.status, 400);
  assert.match(told.body.Code, /BusinessStatus|BizStatus/i);
  const both = { BizStatus: "Normal", ManagedService: "cloudbox" };
  assert.equal((await server.admin("PATCH", `resources/${InstanceId}`, both)).status, 200);
  assert.deepEqual([(await read()).BizStatus, (await read()).ManagedService], ["Normal", "cloudbox"]);
  assert.equal((await modify()).status, 400);

  const before = await read();
  for (const [id, fields, status, names] of [
    ["pcc-unknown", { BizStatus: "Normal" }, 404, /pcc-unknown/],
    [InstanceId, { BizStatus: "Bankrupt" }, 400, /BizStatus.*Normal, FinancialLocked/s],
    [InstanceId, { BizStatus: 7 }, 400, /BizStatus/],
    [InstanceId, { BizStatus: null }, 400, /BizStatus/],
    [InstanceId, { ManagedService: "x".repeat(257) }, 400, /ManagedService.*256/s],
    [InstanceId, { ManagedService: "", Status: "Deleted" }, 400, /Status.*BizStatus, ManagedService/s],
    [InstanceId, { state: "Deleted" }, 400, /state/],
    [InstanceId, { toString: "x" }, 400, /toString/],
    [InstanceId, { bizStatus: "Normal" }, 400, /bizStatus/],
    [InstanceId, {}, 400, /BizStatus, ManagedService/],
    [InstanceId, ["BizStatus"], 400, /JSON object/],
    [mine.vpcId, { name: "x" }, 400, /name.*none/s],
    [server.requester.key.account, { name: "x" }, 400, /name/],
    [server.requester.key.id, { state: "Inactive" }, 400, /state/],
  ] as const) {
    refused(await server.admin("PATCH", `resources/${id}`, fields), status, names);
    assert.deepEqual({ ...(await read()), RequestId: 0 }, { ...before, RequestId: 0 }, JSON.stringify(fields));
  }
  assert.equal((await server.admin("PATCH", `resources/${InstanceId}`, { ManagedService: "" })).status, 200);
  succeeded(await modify());
  await server.advance();
  assert.equal((await read()).Name, "renamed");
});

test("accounts can be made, listed and disabled, and have more than one key", async () => {
  const made = await server.admin("POST", "accounts", { name: "harbour", uid: "9876543210987654" });
  assert.equal(made.status, 201);
  const { account, key } = made.body;
  assert.deepEqual(account, {
    uid: "9876543210987654",
    name: "harbour",
    state: "Enabled",
    keys: [{ id: key.AccessKeyId, state: "Active", development: false }],
  });
  const second = (await server.admin("POST", "accounts/harbour/keys")).body.key;
  const callers = [key, second].map(
    (one) => new Caller(server.url, { account: account.uid, id: one.AccessKeyId, secret: one.AccessKeySecret }),
  );
  for (const caller of callers) succeeded(await caller.vpc("CreateVpc", { RegionId: hangzhou }));
  const { accounts } = (await server.admin("GET", "accounts")).body;
  assert.deepEqual(accounts.map(({ name }: any) => name), ["requester", "accepter", "harbour"]); // prettier-ignore
  assert.deepEqual(accounts[2].keys.map(({ id }: any) => id), [key.AccessKeyId, second.AccessKeyId]); // prettier-ignore

  for (const [body, names] of [
    [{}, /name/],
    [{ name: "harbour" }, /harbour exists/],
    [{ name: "quay", uid: "9876543210987654" }, /9876543210987654 exists/],
    [{ name: "Quay" }, /name/],
    [{ name: "quay", uid: "0123456789012345" }, /uid/],
    [{ name: "quay", secret: "mine" }, /secret/],
    [{ name: ["quay"] }, /name/],
  ] as const) {
    refused(await server.admin("POST", "accounts", body), 400, names);
  }
  assert.equal((await server.admin("GET", "accounts")).body.accounts.length, 3);
  refused(await server.admin("POST", "accounts/nobody/keys"), 404, /nobody/);
  refused(await server.admin("DELETE", "accounts/nobody"), 404, /nobody/);

  const disabled = await server.admin("DELETE", "accounts/harbour");
  assert.deepEqual([disabled.status, disabled.body.account.state], [200, "Disabled"]);
  for (const caller of callers) refusedWith(await caller.vpc("DescribeVpcs", { RegionId: hangzhou }), "InvalidAccessKeyId.Inactive");
  succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }));
});

test("what is not built says so with 501 and its name; what was never planned is not found", async () => {
  for (const [path, what] of Object.entries(unbuilt)) {
    for (const method of ["GET", "POST", "DELETE"]) {
      for (const below of [path, `${path}/monday`]) {
        const { status, body } = await server.admin(method, below);
        assert.equal(status, 501, `${method} ${below}`);
        assert.ok(body.message.includes(what), body.message);
      }
    }
  }
  const answer = await fetch(`${server.url}/console/`);
  assert.equal(answer.status, 501);
  assert.match(await answer.text(), /console/);
  for (const path of ["_linkspan/topology", "_linkspan/topology/any/where", "console", "console/any/where"]) {
    for (const [accept, type] of [
      ["text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"],
      ["application/json", "application/json; charset=utf-8"],
      ["*/*", "application/json; charset=utf-8"],
    ] as const) {
      const headers = { accept, authorization: `Bearer ${server.adminToken}` };
      const told = await fetch(`${server.url}/${path}`, { headers });
      assert.deepEqual([told.status, told.headers.get("content-type"), told.headers.get("vary")], [501, type, "accept"], path);
      const text = await told.text();
      if (accept.startsWith("text/html")) assert.match(text, /^<!doctype html>[^]*501 NotBuilt[^]*does not have [^]* yet\./i);
      else assert.equal(JSON.parse(text).error, "NotBuilt");
    }
  }
  for (const [method, path] of [
    ["GET", "nothing"],
    ["DELETE", "settings"],
    ["POST", "health"],
    ["GET", "reset"],
    ["GET", "accounts/requester"],
  ] as const) {
    refused(await server.admin(method, path), 404, /not found/);
  }
});

test("reset leaves only what the first start made, keeps the admin token and the requests told", async () => {
  const { body } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, ClientToken: "before the reset" }));
  assert.equal((await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 3 }] })).status, 200);
  assert.equal((await server.admin("POST", "clock/pace", { pace: "instant" })).status, 200);
  assert.deepEqual(await server.admin("POST", "reset"), { status: 200, body: { status: "reset" } });

  assert.deepEqual(await settings(), { quotas: [], features: [] });
  assert.equal((await server.admin("GET", "clock")).body.pace, "stepped", "the pace of the first start");
  assert.deepEqual((await server.admin("GET", "accounts")).body.accounts.map(({ name }: any) => name), ["requester", "accepter"]); // prettier-ignore
  for (const caller of [server.requester, server.accepter]) {
    for (const RegionId of [hangzhou, beijing]) assert.equal(succeeded(await caller.vpc("DescribeVpcs", { RegionId })).body.TotalCount, 0);
  }
  assert.equal((await server.admin("GET", "ready")).body.tasks.moving, 0, "tasks went with their resources");
  assert.equal((await server.admin("GET", `requests/${body.RequestId}`)).status, 200);
  const again = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, ClientToken: "before the reset" })).body;
  assert.notEqual(again.VpcId, body.VpcId, "tokens are forgotten too");
  assert.equal(await peeringStatus(server.requester, "pcc-unknown"), "ResourceNotFound.InstanceId");
  await server.stranger();
  assert.equal((await server.admin("GET", "accounts")).status, 200, "the admin token still opens");
});
