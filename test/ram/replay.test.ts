import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { operations } from "../../src/services/index.ts";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { dryRunPassed, eventCount, outcome, tokenReused } from "../support/outcomes.ts";
import { mayAssume, roleWith, sessionOf, type Statement, userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** Permission comes before the first answer of a ClientToken and before the end of a dry run. */

const networks: Statement = { Effect: "Allow", Action: ["vpc:*", "vpcpeer:*"], Resource: "*" };

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

/** Somebody with one policy, which can be taken away and given back. */
interface Permitted {
  readonly caller: Caller;
  readonly take: () => Promise<void>;
  readonly give: () => Promise<void>;
}
async function userOf(root: Caller): Promise<Permitted> {
  const { name: UserName, caller } = await userWith(root, networks);
  const [{ PolicyName }] = succeeded(await root.ram("ListPoliciesForUser", { UserName })).body.Policies.Policy;
  return permitted(root, caller, "User", { PolicyType: "Custom", PolicyName, UserName });
}
async function sessionWith(root: Caller): Promise<Permitted> {
  const { name: RoleName, arn } = await roleWith(root, [networks]);
  const session = await sessionOf((await userWith(root, mayAssume)).caller, arn);
  const [{ PolicyName }] = succeeded(await root.ram("ListPoliciesForRole", { RoleName })).body.Policies.Policy;
  return permitted(root, session, "Role", { PolicyType: "Custom", PolicyName, RoleName });
}
function permitted(root: Caller, caller: Caller, whose: "User" | "Role", attachment: Parameters): Permitted {
  return {
    caller,
    take: async () => void succeeded(await root.ram(`DetachPolicyFrom${whose}`, attachment)),
    give: async () => void succeeded(await root.ram(`AttachPolicyTo${whose}`, attachment)),
  };
}

/** A write with a ClientToken, and whether it is a dry run. */
type Write = (caller: Caller, more: Parameters) => Promise<Answer>;
/** Writes of each shape that permission is asked for: without a target, on a target, on one that the write itself removes, with two. */
async function writes(root: Caller): Promise<readonly (readonly [name: string, call: Write])[]> {
  const create = async (RegionId: string): Promise<string> => succeeded(await root.vpc("CreateVpc", { RegionId })).body.VpcId;
  const [kept, leaving, far] = [await create(hangzhou), await create(hangzhou), await create(beijing)];
  await server.advance();
  const table = { RegionId: hangzhou, VpcId: kept };
  const peering = { RegionId: hangzhou, VpcId: kept, AcceptingRegionId: beijing, AcceptingVpcId: far };
  return [
    ["CreateVpc", (caller, more) => caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16", ...more })],
    ["CreateRouteTable", (caller, more) => caller.vpc("CreateRouteTable", { ...table, ...more })],
    ["DeleteVpc", (caller, more) => caller.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: leaving, ...more })],
    ["CreateVpcPeerConnection", (caller, more) => caller.peer("CreateVpcPeerConnection", { ...peering, ...more })],
  ];
}
const takesDryRun = (name: string): boolean => operations.some((one) => one.name === name && "DryRun" in one.parameters);
const took = (call: Write, caller: Caller, more: Parameters): Promise<string> => call(caller, more).then(outcome);
const said = ({ body: { RequestId: _id, ...rest } }: Answer): unknown => rest;
const denials = /^(Forbidden\.RAM|NoPermission)$/;

for (const [whose, make] of [
  ["a user", userOf],
  ["a role's session", sessionWith],
] as const) {
  test(`the first answer of a ClientToken is repeated while ${whose} has permission, and only then`, async () => {
    const root = await server.stranger();
    const { caller, take, give } = await make(root);
    for (const [name, call] of await writes(root)) {
      const ClientToken = `token-${name}`;
      const first = succeeded(await call(caller, { ClientToken }));
      await server.advance();
      const events = await eventCount(server);
      const repeated = async (): Promise<unknown> => said(succeeded(await call(caller, { ClientToken })));
      assert.deepEqual(await repeated(), said(first), name);
      assert.equal(await eventCount(server), events);
      await take();
      const denied = await call(caller, { ClientToken });
      assert.match(denied.body.Code, denials, name);
      assert.ok(
        Object.values(said(first) as object).every((value) => !denied.text.includes(JSON.stringify(value))),
        "it tells nothing of the answer",
      );
      // Whether there was such a token is not told either.
      assert.match(await took(call, caller, { ClientToken: `other-${name}` }), denials);
      assert.match(await took(call, caller, { ClientToken, ResourceGroupId: "rg-other" }), denials);
      assert.match(await took(call, caller, { ClientToken, DryRun: true }), denials);
      await give();
      assert.deepEqual(await repeated(), said(first), `${name}: with permission it answers again what it answered`);
      assert.equal(await eventCount(server), events + 2, "a policy went and came, and nothing else");
      const { story } = await toldOf(succeeded(await call(caller, { ClientToken })));
      assert.equal(story.replayed, true);
    }
  });

  test(`a dry run of ${whose} without permission is denied like the call itself`, async () => {
    const root = await server.stranger();
    const { caller, take, give } = await make(root);
    for (const [name, call] of await writes(root)) {
      if (!takesDryRun(name)) continue;
      const DryRun = true;
      refusedWith(await call(caller, { DryRun }), dryRunPassed.code);
      await take();
      const events = await eventCount(server);
      const [dry, wet] = [await call(caller, { DryRun }), await call(caller, {})];
      assert.match(dry.body.Code, denials, name);
      assert.deepEqual([dry.status, dry.body.Code, dry.body.Message], [wet.status, wet.body.Code, wet.body.Message]);
      assert.equal(await eventCount(server), events);
      await give();
      assert.equal(await took(call, caller, { DryRun, ClientToken: `dry-${name}` }), dryRunPassed.code);
      succeeded(await call(caller, { ClientToken: `dry-${name}` }));
      await server.advance();
    }
  });
}

/** What the server tells of a request. */
async function toldOf({ body }: Answer): Promise<{ story: { replayed: boolean } }> {
  return { story: (await server.admin("GET", `requests/${body.RequestId}`)).body };
}

test("a ClientToken of one principal is answered to another of the account who may make the call, and to nobody else", async () => {
  const root = await server.stranger();
  const [first, second] = [await userOf(root), await sessionWith(root)];
  const create = (caller: Caller, more: Parameters = {}): Promise<Answer> =>
    caller.vpc("CreateVpc", { RegionId: hangzhou, ClientToken: "shared", ...more });
  const { VpcId } = succeeded(await create(first.caller)).body;
  assert.equal(succeeded(await create(second.caller)).body.VpcId, VpcId);
  assert.equal(succeeded(await create(root)).body.VpcId, VpcId);
  refusedWith(await create(second.caller, { VpcName: "other" }), tokenReused.code);
  await second.take();
  refusedWith(await create(second.caller), "Forbidden.RAM", 403);
  refusedWith(await create(second.caller, { VpcName: "other" }), "Forbidden.RAM", 403);
  const stranger = await userOf(await server.stranger());
  assert.notEqual(succeeded(await create(stranger.caller)).body.VpcId, VpcId);
});

test("a session whose own policy lacks the call gets no first answer and no dry run", async () => {
  const root = await server.stranger();
  const { arn } = await roleWith(root, [networks]);
  const { caller } = await userWith(root, mayAssume);
  const wide = await sessionOf(caller, arn);
  const Policy = JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "vpc:Describe*", Resource: "*" }] });
  const narrow = await sessionOf(caller, arn, { Policy });
  const create = (by: Caller, more: Parameters = {}): Promise<Answer> =>
    by.vpc("CreateVpc", { RegionId: hangzhou, ClientToken: "once", ...more });
  succeeded(await create(wide));
  for (const more of [{}, { DryRun: true }]) refusedWith(await create(narrow, more), "Forbidden.RAM", 403);
  refusedWith(await create(wide, { DryRun: true }), dryRunPassed.code);
  succeeded(await narrow.vpc("DescribeVpcs", { RegionId: hangzhou }));
});
