import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { parsedXml } from "../support/answers.ts";
import { hangzhou } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { add, clear, createVpc, latestStory, listVpcs, met, story } from "./support.ts";

/** How requests are answered and told on which rules acted, as JSON, as XML and as a page. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
afterEach(() => clear(server));
after(() => server.stop());

async function pageOf(requestId: string): Promise<string> {
  const response = await fetch(`${server.url}/_linkspan/requests/${requestId}`, { headers: { accept: "text/html" } });
  assert.equal(response.status, 200);
  return (await response.text()).replace(/\s+/g, " ");
}

test("XML errors of a rule have the form of all others, whatever their text is", async () => {
  await add(server, { kind: "answer", code: "Made.Up", status: 409, message: "a < b & %s", operation: "DescribeVpcs" });
  const { status, headers, text } = await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { format: "XML" });
  assert.deepEqual([status, headers.get("content-type")], [409, "text/xml;charset=utf-8"]);
  const { Error: body } = parsedXml(text) as { Error: Record<string, string> };
  assert.deepEqual([body["Code"], body["Message"]], ["Made.Up", "a < b & Up"]);
  assert.deepEqual(Object.keys(body), ["RequestId", "HostId", "Code", "Message", "Recommend"]);
});

test("a throttled call in XML says too how long to wait", async () => {
  await add(server, { kind: "throttle", milliseconds: 70, operation: "DescribeVpcs" });
  const { headers, text } = await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { format: "XML" });
  assert.equal(headers.get("x-acs-retry-after"), "70");
  assert.match(text, /<Code>Throttling\.User<\/Code>/);
});

test("a refusal by a rule has the rule in its story, between what held and what was not reached", async () => {
  const [rule] = await add(server, { kind: "answer", code: "TaskConflict", operation: "CreateVpc" });
  const { body } = await createVpc(server.requester);
  const told = await story(server, body.RequestId);
  const verdicts = told.rules.map(({ held }: { held: boolean | null }) => held);
  assert.deepEqual(
    verdicts.filter((held: boolean | null, index: number) => held !== verdicts[index - 1]),
    [true, false, null],
  );
  const refusing = told.rules.find(({ held }: { held: boolean | null }) => held === false);
  assert.deepEqual(
    [refusing.stage, refusing.rule, refusing.code, refusing.source],
    ["fault", `fault rule ${rule} (answer) leaves the call alone`, "TaskConflict", "client"],
  );
  assert.deepEqual(told.faults, [{ rule, kind: "answer", did: "answered TaskConflict", answered: true }]);
  assert.match(told.advice, /linkspan faults remove/);
  const page = await pageOf(body.RequestId);
  assert.match(page, /<b>Simulated\.<\/b> The operation is too frequent/);
  assert.match(page, /Simulated fault/);
  assert.match(page, new RegExp(`<th scope="row">${rule}</th> <td>answer</td> <td class="wide">answered TaskConflict</td>`));
});

test("a server error that a rule made is not told as a fault of the server", async () => {
  await add(server, { kind: "server-error", operation: "DescribeVpcs" });
  const page = await pageOf((await listVpcs(server.requester)).body.RequestId);
  assert.match(page, /<b>Simulated\.<\/b>/);
  assert.doesNotMatch(page, /The server is at fault/);
});

test("a call that was made and then answered with an error tells its changes", async () => {
  const [rule] = await add(server, { kind: "commit-then-error", operation: "CreateVpc" });
  const { status, body } = await createVpc(server.requester);
  assert.equal(status, 500);
  const told = await story(server, body.RequestId);
  assert.deepEqual([told.code, told.faults[0].rule, told.changes[0].kind], ["InternalError", rule, "vpc"]);
  assert.ok(told.rules.filter(({ held }: { held: boolean | null }) => held === null).length === 0, "every rule of the call held");
  assert.match(await pageOf(body.RequestId), /The call had been made before\./);
});

test("a call whose answer was lost is told as the success that it was, with what became of its answer", async () => {
  await add(server, { kind: "delay", milliseconds: 1, operation: "CreateVpc" }, { kind: "lose-answer", operation: "CreateVpc" });
  assert.equal(await met(createVpc(server.requester)), "lost");
  const told = await latestStory(server);
  assert.deepEqual([told.code, told.answerLost, told.changes.length > 0, told.advice], ["OK", true, true, ""]);
  assert.deepEqual(
    told.faults.map(({ kind, did, answered }: { kind: string; did: string; answered: boolean }) => [kind, did, answered]),
    [
      ["delay", "held the call back for 1 ms", false],
      ["lose-answer", "cut the connection when the call had been made: its answer was lost", true],
    ],
  );
  assert.match(await pageOf(told.requestId), /its answer was lost/);
});

test("a call that no rule touched has none in its story", async () => {
  await add(server, { kind: "throttle", operation: "CreateVpc" });
  const told = await story(server, (await listVpcs(server.requester)).body.RequestId);
  assert.deepEqual([told.faults, told.answerLost], [[], false]);
});

test("what a client tried to say in an id stands harmless in the page", async () => {
  await add(server, { kind: "conflict-window", code: "TaskConflict", operation: "*", milliseconds: 60_000 });
  const id = "vpc-<script>alert(1)</script>";
  const { body } = await server.requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: id });
  assert.doesNotMatch(await pageOf(body.RequestId), /<script>/);
});
