import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utcSeconds } from "../../src/contract/time.ts";
import type { Caller, Parameters } from "../support/caller.ts";
import { groupId, succeeded } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { virtualNow } from "../vpn/support.ts";
import { missingPolicy, missingRole, policyIn, roleIn } from "./documents.ts";
import { ask, groupIn, refusals, type Sdk, sdkOf, userIn } from "./support.ts";

/** Attaching policies to users, groups and roles, detaching them, and the lists of both ends. */
let server: InProcessServer;
let requester: Caller;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const refused = (action: string, parameters: Parameters, expected: Expected, caller = requester): Promise<void> =>
  refusedUnchanged(server, () => caller.ram(action, parameters), expected);
const now = async (): Promise<string> => utcSeconds(await virtualNow(server));

/** The three that policies are attached to, with what the SDK calls them. */
interface Kind {
  readonly what: "User" | "Group" | "Role";
  readonly make: (owner: Caller) => Promise<string>;
  readonly missing: Expected;
  readonly already: string;
  readonly none: string;
  readonly full: string;
}
const kinds: readonly Kind[] = [
  {
    what: "User",
    make: (owner) => userIn(owner),
    missing: refusals.user,
    already: "The user has already been attached this policy.",
    none: "The indicate policy of the user does not exist.",
    full: "The policy count of the user attached policies beyond the current limits.",
  },
  {
    what: "Group",
    make: (owner) => groupIn(owner),
    missing: refusals.group,
    already: "The group has already been attached this policy.",
    none: "The indicate policy attached to the group does not exist.",
    full: "The policy count of the group beyond the current limits.",
  },
  {
    what: "Role",
    make: (owner) => roleIn(owner),
    missing: missingRole,
    already: "The role has already been attached this policy.",
    none: "The indicate policy attached to the role does not exist.",
    full: "The count of policies attached to the role beyond the current limits.",
  },
];
const custom = (PolicyName: string): Parameters => ({ PolicyType: "Custom", PolicyName });
const system = (PolicyName: string): Parameters => ({ PolicyType: "System", PolicyName });
/** Names of the policies that a list answers. */
const attached = async (what: string, name: string, owner = requester): Promise<string[]> =>
  succeeded(await owner.ram(`ListPoliciesFor${what}`, { [`${what}Name`]: name })).body.Policies.Policy.map(
    (policy: any) => policy.PolicyName,
  );
const entitiesOf = async (parameters: Parameters, owner = requester): Promise<{ User: any[]; Group: any[]; Role: any[] }> => {
  const { Users, Groups, Roles } = succeeded(await owner.ram("ListEntitiesForPolicy", parameters)).body;
  return { ...Users, ...Groups, ...Roles };
};
const countOf = async (parameters: Parameters, owner = requester): Promise<number> =>
  succeeded(await owner.ram("GetPolicy", parameters)).body.Policy.AttachmentCount;

for (const { what, make, missing, already, none, full } of kinds) {
  const nameOf = (name: string): Parameters => ({ [`${what}Name`]: name });
  const [attach, detach, list] = [`AttachPolicyTo${what}`, `DetachPolicyFrom${what}`, `ListPoliciesFor${what}`];
  const alreadyAttached = { code: `EntityAlreadyExists.${what}.Policy`, message: already, status: 409 };
  const notAttached = { code: `EntityNotExist.${what}.Policy`, message: none, status: 404 };

  test(`policies of both types are attached to a ${what}, shown and detached, through the official SDK`, async () => {
    const name = await make(requester);
    const policyName = await policyIn(requester, { Description: "reads" });
    const entity = { [`${what.toLowerCase()}Name`]: name.toUpperCase() };
    assert.deepEqual(await attached(what, name), []);
    const attachDate = await now();
    await ask(sdk, `attachPolicyTo${what}`, { policyType: "Custom", policyName: policyName.toUpperCase(), ...entity });
    await server.advance(60);
    await ask(sdk, `attachPolicyTo${what}`, { policyType: "System", policyName: "readonlyaccess", ...entity });
    const { policies } = await ask(sdk, `listPoliciesFor${what}`, entity);
    assert.deepEqual(JSON.parse(JSON.stringify(policies?.policy)), [
      { attachDate, defaultVersion: "v1", description: "reads", policyName, policyType: "Custom" },
      {
        attachDate: await now(),
        defaultVersion: "v1",
        description: "Provides read-only access to Alibaba Cloud services and resources.",
        policyName: "ReadOnlyAccess",
        policyType: "System",
      },
    ]);
    assert.equal(await countOf(custom(policyName)), 1);
    await ask(sdk, `detachPolicyFrom${what}`, { policyType: "Custom", policyName, ...entity });
    assert.deepEqual(await attached(what, name), ["ReadOnlyAccess"]);
    assert.equal(await countOf(custom(policyName)), 0);
  });

  test(`what attaching to a ${what} and detaching refuse`, async () => {
    const [name, PolicyName] = [await make(requester), await policyIn(requester)];
    for (const action of [attach, detach]) {
      await refused(action, { ...nameOf(name), PolicyType: "Custom" }, refusals.missing("PolicyName"));
      await refused(action, { ...nameOf(name), PolicyName }, refusals.missing("PolicyType"));
      await refused(action, custom(PolicyName), refusals.missing(`${what}Name`));
      await refused(action, { ...custom(PolicyName), ...nameOf("nobody") }, missing);
      await refused(action, { ...custom("nothing"), ...nameOf(name) }, missingPolicy);
      // The two types have names of their own.
      await refused(action, { ...system(PolicyName), ...nameOf(name) }, missingPolicy);
      await refused(action, { ...custom("ReadOnlyAccess"), ...nameOf(name) }, missingPolicy);
      const message = 'The parameter - "PolicyType" is incorrect.';
      await refused(action, { PolicyType: "system", PolicyName, ...nameOf(name) }, { code: "InvalidParameter.PolicyType", message });
    }
    await refused(list, {}, refusals.missing(`${what}Name`));
    await refused(list, nameOf("nobody"), missing);
    const both = { ...custom(PolicyName), ...nameOf(name) };
    await refused(detach, both, notAttached);
    succeeded(await requester.ram(attach, both));
    await refused(attach, { ...both, PolicyName: PolicyName.toUpperCase() }, alreadyAttached);
    succeeded(await requester.ram(detach, both));
    await refused(detach, both, notAttached);
  });

  test(`a ${what} has a policy in the whole account and in one resource group apart`, async () => {
    const [name, PolicyName] = [await make(requester), await policyIn(requester)];
    const both = { ...custom(PolicyName), ...nameOf(name) };
    const bound = { ...both, ResourceGroupId: await groupId(requester) };
    const unknown = { code: "EntityNotExists.ResourceGroup", message: "The resource group does not exist.", status: 404 };
    for (const ResourceGroupId of ["rg-nothing", await groupId(server.accepter)]) {
      await refused(attach, { ...both, ResourceGroupId }, unknown);
      await refused(detach, { ...both, ResourceGroupId }, notAttached);
    }
    succeeded(await requester.ram(attach, bound));
    await refused(attach, bound, alreadyAttached);
    await refused(detach, both, notAttached);
    succeeded(await requester.ram(attach, both));
    assert.deepEqual(await attached(what, name), [PolicyName], "it is listed once");
    assert.equal((await entitiesOf(custom(PolicyName)))[what].length, 1);
    assert.equal(await countOf(custom(PolicyName)), 2);
    succeeded(await requester.ram(detach, both));
    assert.deepEqual(await attached(what, name), [PolicyName]);
    succeeded(await requester.ram(detach, bound));
    assert.deepEqual(await attached(what, name), []);
  });

  test(`a ${what} has as many policies of either type as its two quotas allow`, async () => {
    const own = await server.stranger();
    const quotas = [`AttachedPoliciesPer${what}Quota`, `AttachedSystemPoliciesPer${what}Quota`];
    await server.admin("PUT", "settings", { quotas: quotas.map((quota) => ({ name: quota, account: own.key.account, value: 1 })) });
    const [name, first, second] = [await make(own), await policyIn(own), await policyIn(own)];
    const limit = { code: `LimitExceeded.${what}.Policy`, message: full, status: 409 };
    const of = (policy: Parameters): Parameters => ({ ...policy, ...nameOf(name) });
    succeeded(await own.ram(attach, of(custom(first))));
    await refused(attach, of(custom(second)), limit, own);
    succeeded(await own.ram(attach, of(system("ReadOnlyAccess"))));
    await refused(attach, of(system("PowerUserAccess")), limit, own);
    await refused(attach, of(system("ReadOnlyAccess")), alreadyAttached, own);
    for (const policy of [custom(first), system("ReadOnlyAccess")]) succeeded(await own.ram(detach, of(policy)));
    for (const policy of [custom(second), system("PowerUserAccess")]) succeeded(await own.ram(attach, of(policy)));
  });
}

test("ListEntitiesForPolicy tells all that have a policy, through the official SDK", async () => {
  const policyName = await policyIn(requester);
  const none = JSON.parse(JSON.stringify(await ask(sdk, "listEntitiesForPolicy", { policyType: "Custom", policyName })));
  assert.deepEqual([none.users, none.groups, none.roles], [{ user: [] }, { group: [] }, { role: [] }]);
  const userName = await userIn(requester, { DisplayName: "Alice" });
  const groupName = await groupIn(requester, { Comments: "those who read" });
  const roleName = await roleIn(requester, { Description: "reads too" });
  const attachDate = await now();
  for (const [what, entity] of Object.entries({ User: { userName }, Group: { groupName }, Role: { roleName } })) {
    await ask(sdk, `attachPolicyTo${what as "User" | "Group" | "Role"}`, { policyType: "Custom", policyName, ...entity });
  }
  const { body } = succeeded(await requester.ram("GetUser", { UserName: userName }));
  const { role } = await ask(sdk, "getRole", { roleName });
  const all = await ask(sdk, "listEntitiesForPolicy", { policyType: "Custom", policyName });
  const { requestId: _requestId, ...entities } = JSON.parse(JSON.stringify(all));
  assert.deepEqual(entities, {
    users: { user: [{ attachDate, displayName: "Alice", userId: body.User.UserId, userName }] },
    groups: { group: [{ attachDate, comments: "those who read", groupName }] },
    roles: { role: [{ arn: role?.arn, attachDate, description: "reads too", roleId: role?.roleId, roleName }] },
  });
});

test("of a policy of the system an account sees its own attachments alone", async () => {
  const [one, other] = [await server.stranger(), await server.stranger()];
  const policy = system("AliyunVPCReadOnlyAccess");
  const UserName = await userIn(one);
  succeeded(await one.ram("AttachPolicyToUser", { ...policy, UserName }));
  succeeded(await one.ram("AttachPolicyToRole", { ...policy, RoleName: await roleIn(one) }));
  assert.deepEqual([await countOf(policy, one), await countOf(policy, other)], [2, 0]);
  assert.deepEqual(
    [(await entitiesOf(policy, one)).User.map((user) => user.UserName), await entitiesOf(policy, other)],
    [[UserName], { User: [], Group: [], Role: [] }],
  );
  const { body } = succeeded(await one.ram("ListPolicies", { PolicyType: "System" }));
  const counts = body.Policies.Policy.filter((listed: any) => listed.AttachmentCount > 0);
  assert.deepEqual(
    counts.map((listed: any) => [listed.PolicyName, listed.AttachmentCount]),
    [["AliyunVPCReadOnlyAccess", 2]],
  );
});
