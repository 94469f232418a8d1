import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toldVerdictsMax } from "../../src/engine/authorise.ts";
import { conditionsMax, consideredMax } from "../../src/policy/evaluate.ts";
import { hangzhou, refusedWith } from "../support/networks.ts";
import { attach, type Statement, userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** What the story of one request tells of policies has an end, whatever they hold: the server keeps a thousand stories. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

test("of many policies on many resources a part is told, denials first, and the rest is counted", async () => {
  const root = await server.stranger();
  const ids = Array.from({ length: 20 }, (_, index) => `vpc-${index}`);
  const StringLike = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`acs:k${index}`, "x"]));
  const all = { Action: "vpc:*", Resource: "*" } as const;
  const { name, caller } = await userWith(
    root,
    { ...all, Effect: "Allow" },
    { Effect: "Deny", Action: "*", Resource: "acs:vpc:*:*:vpc/vpc-19" },
  );
  for (let policy = 0; policy < 9; policy++) {
    const conditional: Statement = { ...all, Effect: "Allow", Condition: { StringLike } };
    await attach(root, { user: name }, conditional, ...Array.from({ length: 9 }, (): Statement => ({ ...all, Effect: "Allow" })));
  }
  const answer = refusedWith(await caller.vpc("DescribeVpcs", { RegionId: hangzhou, VpcId: ids.join() }), "Forbidden.RAM", 403);
  const { body } = await server.admin("GET", `requests/${answer.body.RequestId}`);
  const { verdicts } = body.permission;
  assert.equal(verdicts.length, ids.length);
  const statements = 2 + 9 * 10;
  for (const { resource, decision, decidedBy, considered, omitted } of verdicts) {
    const isDenied = resource.endsWith("/vpc-19");
    // A statement that denies another resource is about the action all the same.
    assert.equal(considered.length + omitted, statements);
    assert.deepEqual([decision, decidedBy.effect], isDenied ? ["ExplicitDeny", "Deny"] : ["Allow", "Allow"]);
    if (isDenied) assert.equal(considered.length, consideredMax);
    for (const one of considered) {
      assert.ok(one.conditions.length <= conditionsMax);
      if (one.conditions.length > 0) assert.equal(one.omittedConditions, 100 - conditionsMax);
    }
  }
  assert.equal(verdicts.filter(({ considered }: any) => considered.length > 0).length, toldVerdictsMax);
  assert.ok(JSON.stringify(body.permission).length < 100_000);

  const page = await fetch(`${server.url}/_linkspan/requests/${answer.body.RequestId}`, {
    headers: { accept: "text/html", authorization: `Bearer ${server.adminToken}` },
  });
  const html = await page.text();
  assert.match(html, new RegExp(`and ${100 - conditionsMax} more`));
  assert.match(html, new RegExp(`${statements} statements are about this action; they are not shown.`));
  assert.match(html, new RegExp(`${statements - consideredMax} more are not shown`));
});
