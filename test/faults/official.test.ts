import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { availableVpc, hangzhou } from "../support/networks.ts";
import { callV3, codeOf, popClient, vpcClient, vpcSdk } from "../support/official.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { add, clear, counts, story, vpcIds } from "./support.ts";

/** What the official SDKs make of each kind of fault. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
afterEach(() => clear(server));
after(() => server.stop());

const describe = () => new vpcSdk.DescribeVpcsRequest({ regionId: hangzhou, pageSize: 50 });
const create = (clientToken: string) => new vpcSdk.CreateVpcRequest({ regionId: hangzhou, clientToken });
/** A client that tries again by itself: what the SDK throws for a connection that ended, server errors and throttling. */
const patient = () =>
  vpcClient(server.endpoint, requesterKey, "http", {
    retryOptions: {
      retryable: true,
      noRetryCondition: [],
      retryCondition: [
        { exception: ["ThrottlingError", "ServerError", "RetryError", "ResponseError", "Error"], errorCode: [], maxAttempts: 3 },
      ],
    },
  });
const impatient = () => vpcClient(server.endpoint, requesterKey);

test("answer: the SDK reports code, status and message of the documented error", async () => {
  await add(server, { kind: "answer", code: "IncorrectVpcStatus", operation: "DeleteVpc" });
  const call = impatient().deleteVpc(new vpcSdk.DeleteVpcRequest({ regionId: hangzhou, vpcId: "vpc-any" }));
  await assert.rejects(call, (error: any) => {
    assert.deepEqual([error.name, error.code, error.statusCode], ["ClientError", "IncorrectVpcStatus", 400]);
    assert.match(error.message, /Current VPC status does not support this operation\./);
    return true;
  });
});

test("delay: the SDK waits, or gives up when its own time limit is shorter", async () => {
  await add(server, { kind: "delay", milliseconds: 300, operation: "DescribeVpcs" });
  const started = performance.now();
  await impatient().describeVpcs(describe());
  assert.ok(performance.now() - started >= 299);
  const hasty = vpcClient(server.endpoint, requesterKey, "http", { readTimeout: 50 });
  await assert.rejects(hasty.describeVpcs(describe()), /ReadTimeout/);
});

test("throttle: the SDK reads how long to wait, and one that retries comes back after that", async () => {
  await add(server, { kind: "throttle", operation: "DescribeVpcs", milliseconds: 120, count: 2 });
  await assert.rejects(impatient().describeVpcs(describe()), (error: any) => {
    assert.deepEqual([error.name, error.code, error.retryAfter], ["ThrottlingError", "Throttling.User", 120]);
    return true;
  });
  const started = performance.now();
  await patient().describeVpcs(describe());
  assert.ok(performance.now() - started >= 119);
  assert.deepEqual(await counts(server), [[3, 2]]);
});

for (const [status, code] of [
  [500, "InternalError"],
  [503, "ServiceUnavailable"],
] as const) {
  test(`server-error ${status}: the SDK reports a fault of the server; nothing has happened, and a second try does it`, async () => {
    const before = (await vpcIds(server.requester)).length;
    await add(server, { kind: "server-error", status, operation: "CreateVpc", count: 2 });
    await assert.rejects(impatient().createVpc(create(`server-error-${status}`)), (error: any) => {
      assert.deepEqual([error.name, error.code, error.statusCode], ["ServerError", code, status]);
      return true;
    });
    assert.equal((await vpcIds(server.requester)).length, before);
    await patient().createVpc(create(`server-error-${status}`));
    assert.equal((await vpcIds(server.requester)).length, before + 1);
  });
}

test("lose-answer: SDKs that retry with the same ClientToken make one resource and read the answer of the first call", async () => {
  const before = await vpcIds(server.requester);
  await add(server, { kind: "lose-answer", operation: "CreateVpc", count: 2 });
  const { body } = await patient().createVpc(create("lost-twice"));
  const [made, ...more] = (await vpcIds(server.requester)).filter((id) => !before.includes(id));
  assert.deepEqual([body?.vpcId, more], [made, []]);
  assert.deepEqual(await counts(server), [[3, 2]]);
  const { requests } = (await server.admin("GET", "requests?limit=4")).body;
  const stories = await Promise.all(requests.slice(1).map(({ requestId }: { requestId: string }) => story(server, requestId)));
  const told = stories.toReversed().map(({ action, code, answerLost, replayed }) => [action, code, answerLost, replayed]);
  assert.deepEqual(told, [
    ["CreateVpc", "OK", true, false],
    ["CreateVpc", "OK", true, true],
    ["CreateVpc", "OK", false, true],
  ]);
});

test("lose-answer: the generic client and pop-core see the connection end, although the call was made", async () => {
  const version = "2016-04-28";
  const before = (await vpcIds(server.requester)).length;
  await add(server, { kind: "lose-answer", operation: "CreateVpc", count: 2 });
  const parameters = { RegionId: hangzhou, ClientToken: "lost-generic" };
  assert.match(
    await codeOf(() => callV3(server.endpoint, requesterKey, "CreateVpc", parameters, { version })),
    /ECONNRESET|socket hang up/,
  );
  const pop = popClient(server.endpoint, requesterKey, version);
  const popParameters = { RegionId: hangzhou, ClientToken: "lost-pop" };
  assert.match(await codeOf(() => pop.request("CreateVpc", popParameters, { method: "POST" })), /ECONNRESET|socket hang up/);
  assert.equal((await vpcIds(server.requester)).length, before + 2);
  // The same again is answered from what was remembered.
  await callV3(server.endpoint, requesterKey, "CreateVpc", parameters, { version });
  await pop.request("CreateVpc", popParameters, { method: "POST" });
  assert.equal((await vpcIds(server.requester)).length, before + 2);
});

test("lose-answer: a read loses its answer too", async () => {
  await add(server, { kind: "lose-answer", operation: "DescribeVpcs", count: 1 });
  await assert.rejects(impatient().describeVpcs(describe()));
  await impatient().describeVpcs(describe());
  await clear(server);
  await add(server, { kind: "lose-answer", operation: "DescribeVpcs", count: 1 });
  await patient().describeVpcs(describe());
});

test("commit-then-error: a client that retries makes one resource, one that takes the error for a failure leaves it behind", async () => {
  const before = (await vpcIds(server.requester)).length;
  await add(server, { kind: "commit-then-error", status: 503, operation: "CreateVpc", count: 2 });
  assert.equal(await codeOf(() => impatient().createVpc(create("made-all-the-same"))), "ServiceUnavailable");
  assert.equal((await vpcIds(server.requester)).length, before + 1);
  await patient().createVpc(create("made-all-the-same"));
  assert.equal((await vpcIds(server.requester)).length, before + 1);
});

test("late-visibility: what the SDK has made is not in its list until it is old enough", async () => {
  await add(server, { kind: "late-visibility", milliseconds: 5_000 });
  const { body } = await impatient().createVpc(create("not-yet"));
  const isListed = async (): Promise<boolean> => {
    const { body: list } = await impatient().describeVpcs(describe());
    return list?.vpcs?.vpc?.some(({ vpcId }: { vpcId?: string }) => vpcId === body?.vpcId) ?? false;
  };
  assert.equal(await isListed(), false);
  await server.advance(5);
  assert.equal(await isListed(), true);
});

test("stuck-state: the SDK polls in vain until the rule is removed", async () => {
  const [rule] = await add(server, { kind: "stuck-state", operation: "CreateVpc" });
  const { body } = await impatient().createVpc(create("stuck"));
  const status = async (): Promise<string | undefined> => {
    const request = new vpcSdk.DescribeVpcAttributeRequest({ regionId: hangzhou, vpcId: String(body?.vpcId) });
    return (await impatient().describeVpcAttribute(request)).body?.status;
  };
  await server.advance(3_600);
  assert.equal(await status(), "Pending");
  await server.admin("DELETE", `faults/${rule}`);
  await server.advance(1);
  assert.equal(await status(), "Available");
});

test("conflict-window: the SDK's next write on the same resource is refused, for as long as the rule says", async () => {
  const { vpcId } = await availableVpc(server, server.requester);
  await add(server, { kind: "conflict-window", code: "OperationConflict", operation: "ModifyVpcAttribute", milliseconds: 2_000 });
  const rename = (name: string) =>
    codeOf(() => impatient().modifyVpcAttribute(new vpcSdk.ModifyVpcAttributeRequest({ regionId: hangzhou, vpcId, vpcName: name })));
  assert.deepEqual([await rename("one"), await rename("two")], ["OK", "OperationConflict"]);
  await server.advance(2);
  assert.deepEqual([await rename("three"), await rename("four")], ["OK", "OperationConflict"]);
});
