import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Ram } from "../../src/contract/products.ts";
import { operations } from "../../src/services/index.ts";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { succeeded } from "../support/networks.ts";
import { eventCount, outcome, seen } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { allowing, policyIn, roleIn, trusting } from "./documents.ts";
import { groupIn, signerOf, userIn } from "./support.ts";

/** To an account, another's users, groups, keys, roles and policies are as those that do not exist: every call that names one answers alike. */
let server: InProcessServer;

/** What a call may name. */
type Named = Readonly<Record<"user" | "group" | "key" | "rootKey" | "role" | "policy", string>>;
const nothing: Named = {
  user: "nobody",
  group: "nothing",
  key: "LTAInokeynokeynokeynok01",
  rootKey: "LTAInokeynokeynokeynok02",
  role: "no-role",
  policy: "no-policy",
};
let requesters: Named;
let accepters: Named;

async function peopleOf(owner: Caller, name: string): Promise<Named> {
  const user = await userIn(owner, { UserName: `user-of-${name}`, Comments: "secret" });
  const group = await groupIn(owner, { GroupName: `group-of-${name}`, Comments: "secret" });
  succeeded(await owner.ram("AddUserToGroup", { UserName: user, GroupName: group }));
  const role = await roleIn(owner, { RoleName: `role-of-${name}`, Description: "secret" });
  const policy = await policyIn(owner, { PolicyName: `policy-of-${name}`, Description: "secret" });
  const holders = { UserName: user, GroupName: group, RoleName: role };
  for (const what of ["User", "Group", "Role"]) {
    succeeded(await owner.ram(`AttachPolicyTo${what}`, { PolicyType: "Custom", PolicyName: policy, ...holders }));
  }
  return { user, group, key: (await signerOf(owner, user)).key.id, rootKey: owner.key.id, role, policy };
}

before(async () => {
  server = await startServer();
  requesters = await peopleOf(server.requester, "requester");
  accepters = await peopleOf(server.accepter, "accepter");
});
after(() => server.stop());

/** Parameters of a call by the accepter that name what another has, and the code of the answer. */
interface Probe {
  readonly outcome: string;
  readonly parameters: (them: Named, own: Named) => Parameters;
}
const noUser = "EntityNotExist.User";
const noGroup = "EntityNotExist.Group";
const noKey = "EntityNotExist.User.AccessKey";
const onUser: Probe = { outcome: noUser, parameters: ({ user }) => ({ UserName: user }) };
const onGroup: Probe = { outcome: noGroup, parameters: ({ group }) => ({ GroupName: group }) };
const onMembership: readonly Probe[] = [
  { outcome: noUser, parameters: ({ user, group }) => ({ UserName: user, GroupName: group }) },
  { outcome: noUser, parameters: ({ user }, own) => ({ UserName: user, GroupName: own.group }) },
  { outcome: noGroup, parameters: ({ group }, own) => ({ UserName: own.user, GroupName: group }) },
];
const onKey: readonly Probe[] = [
  { outcome: noUser, parameters: ({ user, key }) => ({ UserName: user, UserAccessKeyId: key, Status: "Inactive" }) },
  { outcome: noKey, parameters: ({ key }, own) => ({ UserName: own.user, UserAccessKeyId: key, Status: "Inactive" }) },
  { outcome: noKey, parameters: ({ key }) => ({ UserAccessKeyId: key, Status: "Inactive" }) },
  { outcome: noKey, parameters: ({ rootKey }) => ({ UserAccessKeyId: rootKey, Status: "Inactive" }) },
];
const onRole: Probe = {
  outcome: "EntityNotExist.Role",
  parameters: ({ role }) => ({ RoleName: role, NewAssumeRolePolicyDocument: trusting(server.accepter.key.account) }),
};
const noPolicy = "EntityNotExist.Policy";
const onPolicy: Probe = {
  outcome: noPolicy,
  parameters: ({ policy }) => ({ PolicyType: "Custom", PolicyName: policy, VersionId: "v1", PolicyDocument: allowing("*") }),
};
/** Another's policy with an own user, group or role, one of another's with an own policy, and both of another's. */
const onAttachment = (parameter: string, one: "user" | "group" | "role", missing: string): readonly Probe[] => [
  { outcome: noPolicy, parameters: ({ policy }, own) => ({ PolicyType: "Custom", PolicyName: policy, [parameter]: own[one] }) },
  { outcome: missing, parameters: (them, own) => ({ PolicyType: "Custom", PolicyName: own.policy, [parameter]: them[one] }) },
  { outcome: missing, parameters: (them) => ({ PolicyType: "Custom", PolicyName: them.policy, [parameter]: them[one] }) },
  { outcome: missing, parameters: (them) => ({ PolicyType: "System", PolicyName: "ReadOnlyAccess", [parameter]: them[one] }) },
];
/** Tags of another's role and policy, the latter beside an own one. */
const onTagged = (roleOutcome: string, policyOutcome: string): readonly Probe[] => {
  const tags = { Tag: [{ Key: "k" }], TagKeys: ["k"] };
  return [
    { outcome: roleOutcome, parameters: ({ role }) => ({ ...tags, ResourceType: "role", ResourceNames: [role] }) },
    { outcome: policyOutcome, parameters: ({ policy }, own) => ({ ...tags, ResourceType: "policy", ResourceNames: [own.policy, policy] }) },
  ];
};
const probes: Readonly<Record<string, readonly Probe[]>> = {
  GetUser: [onUser],
  UpdateUser: [onUser],
  DeleteUser: [onUser],
  CreateAccessKey: [onUser],
  ListAccessKeys: [onUser],
  DeleteAccessKey: onKey,
  UpdateAccessKey: onKey,
  GetGroup: [onGroup],
  UpdateGroup: [onGroup],
  DeleteGroup: [onGroup],
  ListUsersForGroup: [onGroup],
  ListGroupsForUser: [onUser],
  AddUserToGroup: onMembership,
  RemoveUserFromGroup: onMembership,
  GetRole: [onRole],
  UpdateRole: [onRole],
  DeleteRole: [onRole],
  GetPolicy: [onPolicy],
  DeletePolicy: [onPolicy],
  CreatePolicyVersion: [onPolicy],
  GetPolicyVersion: [onPolicy],
  DeletePolicyVersion: [onPolicy],
  ListPolicyVersions: [onPolicy],
  SetDefaultPolicyVersion: [onPolicy],
  ListEntitiesForPolicy: [onPolicy],
  UpdatePolicyDescription: [onPolicy],
  TagResources: onTagged(onRole.outcome, noPolicy),
  UntagResources: onTagged(onRole.outcome, noPolicy),
  ListTagResources: onTagged("OK", "OK"),
  AttachPolicyToUser: onAttachment("UserName", "user", noUser),
  DetachPolicyFromUser: onAttachment("UserName", "user", noUser),
  ListPoliciesForUser: [onUser],
  AttachPolicyToGroup: onAttachment("GroupName", "group", noGroup),
  DetachPolicyFromGroup: onAttachment("GroupName", "group", noGroup),
  ListPoliciesForGroup: [onGroup],
  AttachPolicyToRole: onAttachment("RoleName", "role", onRole.outcome),
  DetachPolicyFromRole: onAttachment("RoleName", "role", onRole.outcome),
  ListPoliciesForRole: [onRole],
};

test("the table of probes above is complete", () => {
  const all = operations.filter(({ product }) => product === Ram).map(({ name }) => name);
  const nameless = ["User", "Group", "Role"].flatMap((what) => [`Create${what}`, `List${what}s`]);
  assert.deepEqual([...Object.keys(probes), ...nameless, "CreatePolicy", "ListPolicies"].sort(), all.sort());
});

/** An answer without what the call itself has said. */
function plain(answer: Answer, named: Named): unknown {
  let text = JSON.stringify(seen(answer));
  for (const [what, name] of Object.entries(named)) text = text.replaceAll(name, what);
  return JSON.parse(text);
}

for (const [action, all] of Object.entries(probes)) {
  test(`${action}: what is another account's answers exactly as what is missing`, async () => {
    const before = await eventCount(server);
    for (const { outcome: expected, parameters } of all) {
      const call = (them: Named): Promise<Answer> => server.accepter.ram(action, parameters(them, accepters));
      const unknown = await call(nothing);
      assert.equal(outcome(unknown), expected, unknown.text);
      assert.deepEqual(plain(await call(requesters), requesters), plain(unknown, nothing));
    }
    assert.equal(await eventCount(server), before);
  });
}

test("lists hold the account's own, and the same names are free in every account", async () => {
  for (const [owner, named] of [
    [server.requester, requesters],
    [server.accepter, accepters],
  ] as const) {
    const users = succeeded(await owner.ram("ListUsers")).body.Users.User.map(({ UserName }: any) => UserName);
    const groups = succeeded(await owner.ram("ListGroups")).body.Groups.Group.map(({ GroupName }: any) => GroupName);
    const keys = succeeded(await owner.ram("ListAccessKeys")).body.AccessKeys.AccessKey.map(({ AccessKeyId }: any) => AccessKeyId);
    assert.deepEqual([users, groups, keys], [[named.user], [named.group], [named.rootKey]]);
    const roles = succeeded(await owner.ram("ListRoles")).body.Roles.Role.map(({ RoleName }: any) => RoleName);
    const { Policy } = succeeded(await owner.ram("ListPolicies", { PolicyType: "Custom" })).body.Policies;
    assert.deepEqual([roles, Policy.map(({ PolicyName }: any) => PolicyName)], [[named.role], [named.policy]]);
  }
  const { user, group, role, policy } = requesters;
  await roleIn(server.accepter, { RoleName: role });
  await policyIn(server.accepter, { PolicyName: policy });
  await userIn(server.accepter, { UserName: user });
  await groupIn(server.accepter, { GroupName: group });
  const members = succeeded(await server.accepter.ram("ListUsersForGroup", { GroupName: group })).body.Users.User;
  const keys = succeeded(await server.accepter.ram("ListAccessKeys", { UserName: user })).body.AccessKeys.AccessKey;
  const { Comments } = succeeded(await server.accepter.ram("GetUser", { UserName: user })).body.User;
  assert.deepEqual([members, keys, Comments], [[], [], ""]);
  // A Marker is a place in creation order, and tells nothing of what is there, nor how much happens elsewhere.
  const { Marker } = succeeded(await server.accepter.ram("ListUsers", { MaxItems: 1 })).body;
  assert.notEqual(succeeded(await server.accepter.ram("ListUsers", { MaxItems: 1 })).body.Marker, Marker, "it is sealed anew each time");
  assert.deepEqual(succeeded(await server.requester.ram("ListUsers", { Marker })).body.Users.User, []);
});
