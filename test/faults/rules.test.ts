import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { availableVpc, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { eventCount } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { add, clear, counts, createVpc, listVpcs, met, metBy, type Rule } from "./support.ts";

/** Which calls a rule acts on, in which order and how often; and which rules there can be. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
afterEach(() => clear(server));
after(() => server.stop());

const throttled = "Throttling.User";
const throttle: Rule = { kind: "throttle", operation: "DescribeVpcs" };

test("without rules nothing is met, and as many are told as there are", async () => {
  assert.deepEqual((await server.admin("GET", "faults")).body.rules, []);
  assert.equal(await met(listVpcs(server.requester)), "OK");
  await add(server, throttle, throttle);
  assert.equal((await server.admin("GET", "ready")).body.faultRules, 2);
  await clear(server);
  assert.equal((await server.admin("GET", "ready")).body.faultRules, 0);
  assert.equal(await met(listVpcs(server.requester)), "OK");
});

test("rules are looked at in the order in which they were added, until one answers; each counts what it met and did", async () => {
  await add(
    server,
    { kind: "answer", code: "InternalError", operation: "DescribeVpcs", count: 1 },
    { kind: "throttle", operation: "DescribeVpcs", count: 2 },
    { kind: "answer", code: "ServiceUnavailable", operation: "DescribeVpcs", after: 1, count: 1 },
  );
  const all = await metBy(6, () => listVpcs(server.requester));
  assert.deepEqual(all, ["InternalError", throttled, throttled, "OK", "ServiceUnavailable", "OK"]);
  assert.deepEqual(await counts(server), [
    [6, 1],
    [5, 2],
    [3, 1],
  ]);
});

test("a rule that does not answer lets those behind it act too", async () => {
  await add(server, { kind: "delay", milliseconds: 30, operation: "DescribeVpcs" }, throttle);
  const started = performance.now();
  assert.equal(await met(listVpcs(server.requester)), throttled);
  // A timer may be early by a fraction.
  assert.ok(performance.now() - started >= 29);
  assert.deepEqual(await counts(server), [
    [1, 1],
    [1, 1],
  ]);
});

test("a probability with a seed picks the same calls again, and one without tells the seed that it took", async () => {
  const some = { ...throttle, probability: 0.4 };
  await add(server, { ...some, seed: 11 });
  const first = await metBy(40, () => listVpcs(server.requester));
  const share = first.filter((one) => one === throttled).length;
  assert.ok(share > 4 && share < 36, `${share} of 40`);
  await clear(server);
  await add(server, { ...some, seed: 11 });
  assert.deepEqual(await metBy(40, () => listVpcs(server.requester)), first);
  await clear(server);
  await add(server, some);
  const { seed } = (await server.admin("GET", "faults")).body.rules[0];
  const drawn = await metBy(20, () => listVpcs(server.requester));
  await clear(server);
  await add(server, { ...some, seed });
  assert.deepEqual(await metBy(20, () => listVpcs(server.requester)), drawn);
});

test("a rule for one account, product or operation touches no other", async () => {
  const { requester, accepter } = server;
  await add(server, { kind: "throttle", account: accepter.key.account });
  assert.deepEqual([await met(listVpcs(requester)), await met(listVpcs(accepter))], ["OK", throttled]);
  await clear(server);
  await add(server, { kind: "throttle", product: "VpcPeer", operation: "List*" });
  assert.equal(await met(requester.peer("ListVpcPeerConnections", { RegionId: hangzhou })), throttled);
  assert.equal(await met(requester.peer("GetVpcPeerConnectionAttribute", { InstanceId: "pcc-none" })), "ResourceNotFound.InstanceId");
  assert.equal(await met(requester.vpc("ListTagResources", { RegionId: hangzhou, ResourceType: "VPC", "ResourceId.1": "vpc-none" })), "OK");
  assert.equal(await met(listVpcs(accepter)), "OK");
});

test("a rule for a resource acts on calls that name it, wherever they name it", async () => {
  const { requester } = server;
  const [one, other] = [await availableVpc(server, requester), await availableVpc(server, requester)];
  await add(server, { kind: "throttle", resource: one.vpcId });
  const describe = (VpcId: string) => requester.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId });
  const tag = (id: string) =>
    requester.vpc("TagResources", { RegionId: hangzhou, ResourceType: "VPC", ResourceId: [id], Tag: [{ Key: "a", Value: one.vpcId }] });
  assert.deepEqual([await met(describe(one.vpcId)), await met(describe(other.vpcId))], [throttled, "OK"]);
  assert.deepEqual([await met(tag(one.vpcId)), await met(tag(other.vpcId))], [throttled, "OK"]);
  assert.equal(await met(createVpc(requester, { VpcName: one.vpcId })), "OK", "a name is no id");
  await clear(server);
  await add(server, { kind: "throttle", resource: "vtb-*", operation: "*Route*" });
  const ofTable = (RouteTableId: string) => requester.vpc("DescribeRouteEntryList", { RegionId: hangzhou, RouteTableId });
  assert.deepEqual([await met(ofTable(one.routeTableId)), await met(describe(one.vpcId))], [throttled, "OK"]);
});

test("what a rule refuses did not happen, but its nonce is spent", async () => {
  const { requester } = server;
  await add(server, { kind: "answer", code: "TaskConflict", operation: "CreateVpc", count: 1 });
  const before = await eventCount(server);
  const common = { SignatureNonce: "spent-by-a-fault" };
  refusedWith(await requester.vpc("CreateVpc", { RegionId: hangzhou, ClientToken: "refused-once" }, { common }), "TaskConflict");
  assert.equal(await eventCount(server), before);
  const spent = await server.store.write((rows) => rows.claimNonce(requester.key.id, common.SignatureNonce, Date.now() + 60_000));
  assert.equal(spent, false, "on the disk too, so that a restart does not make it good again");
  refusedWith(await requester.vpc("CreateVpc", { RegionId: hangzhou }, { common }), "SignatureNonceUsed");
  succeeded(await createVpc(requester, { ClientToken: "refused-once" }));
});

test("rules act on calls that the protocol has admitted, and on dry runs like on others", async () => {
  const { requester } = server;
  await add(server, { kind: "answer", code: "TaskConflict", operation: "CreateVpc" });
  const wrong = { common: { Signature: "wrong" } };
  assert.equal((await requester.vpc("CreateVpc", { RegionId: hangzhou }, wrong)).body.Code, "SignatureDoesNotMatch");
  refusedWith(await requester.vpc("CreateVpc", { RegionId: "nowhere" }), "InvalidRegionId.NotFound", 404);
  refusedWith(await createVpc(requester, { DryRun: true }), "TaskConflict");
  assert.deepEqual(await counts(server), [[1, 1]]);
});

test("the error is the documented one of each operation, and anything about it can be said otherwise", async () => {
  const { requester } = server;
  const conflict = { kind: "answer", code: "OperationConflict" };
  await add(server, { ...conflict, operation: "CreateCustomerGateway" });
  const gateway = () => requester.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress: "1.2.3.4" });
  const documented = refusedWith(await gateway(), "OperationConflict", 409);
  assert.equal(documented.body.Message, "The operation against this instance is too frequent, please try again later.");
  await clear(server);
  await add(server, { ...conflict, operation: "CreateCustomerGateway", status: 400, message: "Busy." });
  assert.equal(refusedWith(await gateway(), "OperationConflict", 400).body.Message, "Busy.");
  await clear(server);
  // The places in a documented text are filled with what the call names.
  await add(server, { kind: "answer", code: "IncorrectStatus.VpcPeer" });
  const named = await requester.peer("DeleteVpcPeerConnection", { InstanceId: "pcc-1" });
  assert.equal(refusedWith(named, "IncorrectStatus.VpcPeer").body.Message, "The status of VpcPeer [pcc-1] is incorrect.");
  await clear(server);
  await add(server, { kind: "answer", code: "Made.Up", operation: "DescribeVpcs", status: 418, message: "A teapot." });
  assert.equal(refusedWith(await listVpcs(requester), "Made.Up", 418).body.Message, "A teapot.");
});

test("a code acts on those operations alone of which it is documented, whatever the rule says of operations", async () => {
  await add(server, { kind: "answer", code: "TOKEN_PROCESSING" });
  const { rules } = (await server.admin("GET", "faults")).body;
  assert.deepEqual(rules[0].operations, ["Vpc CreateVpc"]);
  assert.equal(await met(listVpcs(server.requester)), "OK");
  assert.equal(await met(createVpc(server.requester)), "TOKEN_PROCESSING");
});

/** Rules that there cannot be: the member that is named, and what the advice says. */
const impossible: readonly [rule: Rule, code: string, advice: RegExp][] = [
  [{}, "Missingkind", /rules or a profile/],
  [{ kind: "lightning" }, "Invalidkind", /answer, delay, throttle/],
  [{ kind: "answer" }, "Missingcode", /answers with the error/],
  [{ kind: "answer", code: "TaskConflicts", operation: "CreateVSwitch" }, "InvalidParameter", /near it: TaskConflict/],
  [{ kind: "answer", code: "TOKEN_PROCESSING", operation: "DeleteVpc" }, "InvalidParameter", /it is an error of CreateVpc;/],
  [{ kind: "answer", code: "Made.Up", status: 400 }, "InvalidParameter", /give status and message too/],
  [{ kind: "answer", code: "Made.Up", message: "Hm." }, "InvalidParameter", /give status and message too/],
  [{ kind: "answer", code: "TaskConflict", status: 200 }, "Invalidstatus", /from 400 to 599/],
  [{ kind: "throttle", operation: "CreateVcp" }, "InvalidParameter", /near it: CreateVpc/],
  [{ kind: "throttle", operation: "CreateVpc", product: "Ram" }, "InvalidParameter", /no operation/],
  [{ kind: "throttle", product: "vpc" }, "Invalidproduct", /Vpc, VpcPeer/],
  [{ kind: "throttle", account: "somebody" }, "Invalidaccount", /digits/],
  [{ kind: "throttle", probability: 1.5 }, "Invalidprobability", /from 0 to 1/],
  [{ kind: "throttle", probability: "often" }, "Invalidprobability", /from 0 to 1/],
  [{ kind: "throttle", count: 0 }, "Invalidcount", /from 1/],
  [{ kind: "throttle", code: "TaskConflict" }, "InvalidParameter", /throttle has none/],
  [{ kind: "throttle", when: "always" }, "InvalidParameter", /none of kind, product/],
  [{ kind: "delay" }, "Missingmilliseconds", /holds the call back/],
  [{ kind: "delay", milliseconds: 60_001 }, "InvalidParameter", /at most 60000/],
  [{ kind: "server-error", status: 502 }, "InvalidParameter", /500 or 503/],
  [{ kind: "commit-then-error", operation: "Describe*" }, "InvalidParameter", /writes only/],
  [{ kind: "late-visibility" }, "Missingmilliseconds", /hides/],
  [{ kind: "stuck-state", state: "Available" }, "InvalidParameter", /Pending, Deleting/],
  [{ kind: "conflict-window", milliseconds: 10 }, "Missingcode", /every write/],
  [{ profile: "throtled" }, "NotFound", /throttled/],
  [{ profile: "throttled", kind: "delay" }, "InvalidParameter", /kind cannot be given beside a profile/],
  [{ profile: "throttled", rules: [throttle] }, "InvalidParameter", /rules cannot be given beside a profile/],
  [{ kind: "throttle", rules: [throttle] }, "InvalidParameter", /kind cannot be given beside rules/],
  [{ rules: [throttle, { kind: "delay" }] }, "Missingrules.2.milliseconds", /holds the call back/],
];
for (const [rule, code, advice] of impossible) {
  test(`there is no rule ${JSON.stringify(rule)}`, async () => {
    const { status, body } = await server.admin("POST", "faults", rule);
    assert.ok(status === 400 || status === 404, String(status));
    assert.equal(body.error, code);
    assert.match(body.advice, advice);
    assert.deepEqual(await counts(server), [], "none is added");
  });
}

test("there are at most a hundred rules", async () => {
  await add(server, ...Array.from({ length: 100 }, () => throttle));
  const { status, body } = await server.admin("POST", "faults", throttle);
  assert.deepEqual([status, body.error], [409, "TooManyFaults"]);
  assert.equal((await counts(server)).length, 100);
});

test("rules are removed one by one, all together, or by a reset; there is no second removal", async () => {
  const [first, second] = await add(server, throttle, { ...throttle, kind: "server-error" });
  const removed = await server.admin("DELETE", `faults/${first}`);
  assert.deepEqual([removed.status, removed.body.rules[0].id], [200, first]);
  assert.equal(await met(listVpcs(server.requester)), "InternalError");
  for (const id of [first, "x", "-1"]) {
    const { status, body } = await server.admin("DELETE", `faults/${id}`);
    assert.deepEqual([status, body.error, body.advice], [404, "NotFound", `there are ${second}`]);
  }
  assert.equal((await server.admin("POST", "reset")).status, 200);
  assert.deepEqual(await counts(server), []);
});
