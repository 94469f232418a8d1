import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { type Answer, Caller, type CallOptions } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { eventCount } from "../support/outcomes.ts";
import { freshName, attach, policyDocument, roleSession, type Statement, userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { codeOf, doors, type SecondServer, secondServer, throughDoors } from "./doors.ts";

/**
 * Keys and policies that are taken away count no more from that moment on, on every server of a store. What guarantees it is that each
 * call reads key, account, role and policies in its own transaction, so the tests also let them go between signature and call.
 */

const networks: Statement = { Effect: "Allow", Action: "vpc:*", Resource: "*" };
const inactive = "InvalidAccessKeyId.Inactive";
const notFound = "InvalidAccessKeyId.NotFound";

let server: InProcessServer;
/** Another server on the same store. */
let second: SecondServer;
before(async () => {
  server = await startServer();
  second = await secondServer(server);
});
afterEach(() => assert.deepEqual(second.faults, []));
after(async () => {
  await second.close();
  await server.stop();
});

/** The same key as it calls the second server. */
const there = ({ key }: Caller): Caller => new Caller(second.url, key);
/** What a caller is answered through every door of both servers. */
async function everywhere(caller: Caller): Promise<string[]> {
  return [...(await throughDoors(caller)).union(await throughDoors(there(caller)))];
}
const vpcs = (caller: Caller, options: CallOptions = {}): Promise<Answer> => caller.vpc("DescribeVpcs", { RegionId: hangzhou }, options);

/** Another root key of the account. */
async function rootKey(root: Caller): Promise<Caller> {
  const { AccessKey } = succeeded(await root.ram("CreateAccessKey")).body;
  return new Caller(root.url, { account: root.key.account, id: AccessKey.AccessKeyId, secret: AccessKey.AccessKeySecret });
}

for (const whose of ["a user", "the account itself"]) {
  test(`a key of ${whose} stops at once on every server, comes back when it is made active, and is gone when it is deleted`, async () => {
    const root = await server.stranger();
    const { name, caller } = await userWith(root, networks);
    const UserName = whose === "a user" ? name : undefined;
    const key = UserName === undefined ? await rootKey(root) : caller;
    const named = { UserName, UserAccessKeyId: key.key.id };
    assert.deepEqual(await everywhere(key), ["OK"]);
    for (let turn = 0; turn < 3; turn++) {
      // Each server in turn is the one that is asked.
      const admin = turn % 2 === 0 ? root : there(root);
      succeeded(await admin.ram("UpdateAccessKey", { ...named, Status: "Inactive" }));
      assert.deepEqual(await everywhere(key), [inactive]);
      succeeded(await admin.ram("UpdateAccessKey", { ...named, Status: "Active" }));
      assert.deepEqual(await everywhere(key), ["OK"]);
    }
    succeeded(await there(root).ram("DeleteAccessKey", named));
    assert.deepEqual(await everywhere(key), [notFound]);
    assert.deepEqual(await everywhere(root), ["OK"]);
  });
}

test("a key that ends itself is not answered again", async () => {
  const root = await server.stranger();
  const { name, caller } = await userWith(root, { Effect: "Allow", Action: "ram:*AccessKey", Resource: "*" });
  const own = { UserAccessKeyId: caller.key.id };
  succeeded(await caller.ram("UpdateAccessKey", { ...own, Status: "Inactive" }));
  assert.deepEqual(await everywhere(caller), [inactive]);
  refusedWith(await caller.ram("UpdateAccessKey", { ...own, Status: "Active" }), inactive);
  succeeded(await root.ram("UpdateAccessKey", { UserName: name, ...own, Status: "Active" }));
  succeeded(await there(caller).ram("DeleteAccessKey", own));
  assert.deepEqual(await everywhere(caller), [notFound]);
});

test("a policy that was taken away or changed on one server counts no more on the other, which had it ready", async () => {
  const root = await server.stranger();
  const { name: UserName, caller } = await userWith(root);
  const answers = async (): Promise<string[]> => [...new Set([codeOf(await vpcs(caller)), codeOf(await vpcs(there(caller)))])];
  const policy = { PolicyType: "Custom", PolicyName: freshName("networks") };
  succeeded(await root.ram("CreatePolicy", { ...policy, PolicyDocument: policyDocument(networks) }));
  const group = { GroupName: freshName("group") };
  succeeded(await root.ram("CreateGroup", group));
  const nothing = policyDocument({ Effect: "Allow", Action: "vpc:DeleteVpc", Resource: "*" });
  succeeded(await root.ram("CreatePolicyVersion", { ...policy, PolicyDocument: nothing }));
  const setDefault = (at: Caller, VersionId: string): Promise<Answer> => at.ram("SetDefaultPolicyVersion", { ...policy, VersionId });
  const denied = ["Forbidden.RAM"];
  assert.deepEqual(await answers(), denied);
  const steps: readonly (readonly [step: (at: Caller) => Promise<Answer>, after: string[]])[] = [
    [(at) => at.ram("AttachPolicyToUser", { ...policy, UserName }), ["OK"]],
    [(at) => setDefault(at, "v2"), denied],
    [(at) => setDefault(at, "v1"), ["OK"]],
    [(at) => at.ram("DetachPolicyFromUser", { ...policy, UserName }), denied],
    [(at) => at.ram("AttachPolicyToGroup", { ...policy, ...group }), denied],
    [(at) => at.ram("AddUserToGroup", { ...group, UserName }), ["OK"]],
    [(at) => at.ram("RemoveUserFromGroup", { ...group, UserName }), denied],
    [(at) => at.ram("AddUserToGroup", { ...group, UserName }), ["OK"]],
    [(at) => at.ram("DetachPolicyFromGroup", { ...policy, ...group }), denied],
  ];
  for (const at of [root, there(root)]) {
    for (const [index, [step, after]] of steps.entries()) {
      succeeded(await step(at));
      assert.deepEqual(await answers(), after, `step ${index + 1} at ${at.url}`);
    }
    succeeded(await at.ram("RemoveUserFromGroup", { ...group, UserName }));
  }
});

/** Lets something happen between the signature of the next call and the call itself; answers how many events there were then. */
function inBetween(t: { mock: { method: Function } }, engine: InProcessServer["engine"], end: () => Promise<unknown>): () => number {
  const signingKey = engine.signingKey.bind(engine);
  let events = Number.NaN;
  const read = t.mock.method(engine, "signingKey", async (...of: Parameters<typeof signingKey>) => {
    const found = await signingKey(...of);
    read.mock.restore();
    await end();
    events = await eventCount(server);
    return found;
  });
  return () => events;
}

test("what goes between the signature and the call refuses the call, on every server, and the call does nothing", async (t) => {
  const admin = { user: "UpdateAccessKey", Status: "Inactive" } as const;
  for (const engine of [server.engine, second.engine]) {
    for (const call of ["DescribeVpcs", "CreateVpc"]) {
      const root = await server.stranger();
      const made = await userWith(root, networks);
      const session = await roleSession(root, networks);
      const { PolicyName } = succeeded(await root.ram("ListPoliciesForUser", { UserName: made.name })).body.Policies.Policy[0];
      const role = succeeded(await root.ram("ListRoles")).body.Roles.Role[0].RoleName;
      const [{ PolicyName: ofRole }] = succeeded(await root.ram("ListPoliciesForRole", { RoleName: role })).body.Policies.Policy;
      const key = { UserName: made.name, UserAccessKeyId: made.caller.key.id };
      const custom = { PolicyType: "Custom" };
      const ram = (action: string, parameters: object) => async (): Promise<unknown> =>
        succeeded(await root.ram(action, { ...parameters }));
      const rows: readonly (readonly [caller: Caller, end: () => Promise<unknown>, code: string, status: number])[] = [
        [made.caller, ram(admin.user, { ...key, Status: admin.Status }), inactive, 400],
        [made.caller, ram(admin.user, { ...key, Status: "Active" }), "OK", 200],
        [made.caller, ram("DetachPolicyFromUser", { ...custom, PolicyName, UserName: made.name }), "Forbidden.RAM", 403],
        [made.caller, ram("AttachPolicyToUser", { ...custom, PolicyName, UserName: made.name }), "OK", 200],
        [made.caller, ram("DeleteAccessKey", key), notFound, 404],
        [session, ram("DetachPolicyFromRole", { ...custom, PolicyName: ofRole, RoleName: role }), "Forbidden.RAM", 403],
        [session, ram("DeleteRole", { RoleName: role }), inactive, 400],
        [root, () => server.admin("DELETE", `accounts/${root.key.account}`), inactive, 400],
      ];
      for (const [caller, end, code, status] of rows) {
        // A key that is inactive at its signature is refused there: what is made active in between comes too late.
        if (code === "OK") await end();
        const events = code === "OK" ? () => -1 : inBetween(t, engine, end);
        const at = engine === server.engine ? caller : there(caller);
        const answer = await at.vpc(call, { RegionId: hangzhou });
        assert.deepEqual([codeOf(answer), answer.status], [code, status], `${call}: ${answer.text}`);
        if (code !== "OK") assert.equal(await eventCount(server), events(), "the refused call did nothing");
      }
    }
  }
});

test("of writes that arrive while their key ends, none happens after it", async () => {
  const root = await server.stranger();
  const { name: UserName, caller } = await userWith(root, networks);
  const create = (at: Caller): Promise<Answer> => at.vpc("CreateVpc", { RegionId: hangzhou });
  const named = { UserName, UserAccessKeyId: caller.key.id };
  assert.equal((await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1_000 }] })).status, 200);
  const sent = Array.from({ length: 60 }, (_, index) => create(index % 2 === 0 ? caller : there(caller)));
  const ended = await root.ram("UpdateAccessKey", { ...named, Status: "Inactive" });
  const late = await Promise.all([create(caller), create(there(caller))]);
  const answers = await Promise.all(sent);
  succeeded(ended);
  assert.deepEqual(late.map(codeOf), [inactive, inactive]);
  const events = await server.store.read((rows) => rows.events(0, 1_000_000));
  const end = events.find(({ resource, event }) => resource === caller.key.id && event === "deactivateAccessKey");
  const made = events.filter(({ principal }) => principal === `acs:ram::${root.key.account}:user/${UserName}`);
  assert.ok(end !== undefined && made.every(({ id }) => id < end.id), "no change of the user's comes after the end of its key");
  const accepted = answers.filter(({ status }) => status === 200).length;
  assert.equal(made.filter(({ kind }) => kind === "vpc").length, accepted);
  for (const answer of answers) assert.ok(["OK", inactive].includes(codeOf(answer)), answer.text);
});

test("a user whose keys are gone cannot be reached by another's, nor by one of the same name", async () => {
  const root = await server.stranger();
  const { name: UserName, caller } = await userWith(root, networks);
  succeeded(await root.ram("DeleteAccessKey", { UserName, UserAccessKeyId: caller.key.id }));
  const [{ PolicyName }] = succeeded(await root.ram("ListPoliciesForUser", { UserName })).body.Policies.Policy;
  succeeded(await root.ram("DetachPolicyFromUser", { PolicyType: "Custom", PolicyName, UserName }));
  succeeded(await root.ram("DeleteUser", { UserName }));
  succeeded(await root.ram("CreateUser", { UserName }));
  await attach(root, { user: UserName }, networks);
  assert.deepEqual(await everywhere(caller), [notFound]);
  for (const [, options] of doors) assert.equal(codeOf(await vpcs(caller, options)), notFound);
});
