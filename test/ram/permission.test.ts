import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { PermissionStory } from "../../src/engine/authorise.ts";
import { type Answer, Caller } from "../support/caller.ts";
import {
  activePeering,
  availableVpc,
  groupId,
  hangzhou,
  refusedWith,
  requestPeering,
  succeeded,
  type TestVpc,
} from "../support/networks.ts";
import { outcome, refusedUnchanged } from "../support/outcomes.ts";
import { attach, freshName, policyDocument, roleWith, sessionOf, type Statement, userWith } from "../support/principals.ts";
import { type InProcessServer, startServer, trust } from "../support/server.ts";

/** Policies as they decide calls: what users, groups and roles may do, when a change counts, and what a denied caller is told. */

let server: InProcessServer;
let root: Caller;
let vpc: TestVpc;
const allowAll: Statement = { Effect: "Allow", Action: "*", Resource: "*" };
const denied = "Forbidden.RAM";
const describe = (caller: Caller): Promise<Answer> => caller.vpc("DescribeVpcs", { RegionId: hangzhou });
const rename = (caller: Caller, { vpcId }: TestVpc, VpcName = "renamed"): Promise<Answer> =>
  caller.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId: vpcId, VpcName });
const permissionOf = async ({ body }: Answer): Promise<PermissionStory> =>
  (await server.admin("GET", `requests/${body.RequestId}`)).body.permission;

before(async () => {
  server = await startServer({ tls: true });
  root = server.requester;
});
beforeEach(async () => {
  assert.equal((await server.admin("POST", "reset")).status, 200);
  vpc = await availableVpc(server, root);
});
after(() => server.stop());

test("a user without policies may do nothing, but is told who it is", async () => {
  const { name, caller } = await userWith(root);
  await refusedUnchanged(server, () => rename(caller, vpc), {
    code: denied,
    message: "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    status: 403,
  });
  refusedWith(await caller.ram("ListUsers"), "NoPermission", 403);
  const { User } = succeeded(await root.ram("GetUser", { UserName: name })).body;
  const { RequestId: _id, ...identity } = succeeded(await caller.sts("GetCallerIdentity")).body;
  assert.deepEqual(identity, {
    AccountId: root.key.account,
    Arn: `acs:ram::${root.key.account}:user/${name}`,
    IdentityType: "RAMUser",
    PrincipalId: User.UserId,
    UserId: User.UserId,
  });
});

test("a root key needs no policy, and none can take anything from it", async () => {
  succeeded(await rename(root, vpc));
  assert.equal(await permissionOf(await describe(root)), null);
});

test("an explicit deny wins over every allow, wherever either comes from", async () => {
  const { name, caller } = await userWith(root, allowAll);
  succeeded(await rename(caller, vpc));
  const GroupName = freshName("group");
  succeeded(await root.ram("CreateGroup", { GroupName }));
  succeeded(await root.ram("AddUserToGroup", { GroupName, UserName: name }));
  const PolicyName = freshName("policy");
  const deny: Statement = { Effect: "Deny", Action: "vpc:Modify*", Resource: `acs:vpc:*:*:vpc/${vpc.vpcId}` };
  succeeded(await root.ram("CreatePolicy", { PolicyName, PolicyDocument: policyDocument(deny) }));
  succeeded(await root.ram("AttachPolicyToGroup", { PolicyType: "Custom", PolicyName, GroupName }));
  const answer = refusedWith(await rename(caller, vpc), denied, 403);
  assert.equal(answer.body.AccessDeniedDetail.NoPermissionType, "ExplicitDeny");
  succeeded(await describe(caller));
  succeeded(await root.ram("RemoveUserFromGroup", { GroupName, UserName: name }));
  succeeded(await rename(caller, vpc));
});

test("a denial says who wanted what, in JSON and in XML", async () => {
  const { caller, name } = await userWith(root, { Effect: "Allow", Action: "vpc:Describe*", Resource: "*" });
  const { body } = refusedWith(await rename(caller, vpc), denied, 403);
  const { User } = succeeded(await root.ram("GetUser", { UserName: name })).body;
  const { EncodedDiagnosticMessage, ...detail } = body.AccessDeniedDetail;
  assert.deepEqual(detail, {
    AuthAction: "vpc:ModifyVpcAttribute",
    AuthPrincipalDisplayName: User.UserId,
    AuthPrincipalOwnerId: root.key.account,
    AuthPrincipalType: "SubUser",
    NoPermissionType: "ImplicitDeny",
    PolicyType: "AccountLevelIdentityBasedPolicy",
  });
  assert.deepEqual(JSON.parse(Buffer.from(EncodedDiagnosticMessage, "base64").toString()), {
    RequestId: body.RequestId,
    Principal: `acs:ram::${root.key.account}:user/${name}`,
    Action: "vpc:ModifyVpcAttribute",
    Resources: [`acs:vpc:${hangzhou}:${root.key.account}:vpc/${vpc.vpcId}`],
    Decision: "ImplicitDeny",
  });
  const xml = await caller.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId: vpc.vpcId, VpcName: "x" }, { format: "XML" });
  assert.match(xml.text, /<AccessDeniedDetail><AuthAction>vpc:ModifyVpcAttribute<\/AuthAction>.*<\/AccessDeniedDetail>/);
  assert.equal(refusedWith(await root.vpc("NoSuchAction"), "InvalidAction.NotFound", 404).body.AccessDeniedDetail, undefined);
});

// From the pages of CreateVpcPeerConnection and AcceptVpcPeerConnection.
test("what a policy denies explicitly has a code of its own when a peering is created or accepted", async () => {
  const other = await availableVpc(server, server.accepter);
  const request = {
    RegionId: hangzhou,
    VpcId: vpc.vpcId,
    AcceptingAliUid: server.accepter.key.account,
    AcceptingRegionId: hangzhou,
    AcceptingVpcId: other.vpcId,
  };
  const without = await userWith(root);
  refusedWith(await without.caller.peer("CreateVpcPeerConnection", request), denied, 403);
  const against = await userWith(root, allowAll, { Effect: "Deny", Action: "vpc:CreateVpcPeerConnection", Resource: "*" });
  const { body } = refusedWith(await against.caller.peer("CreateVpcPeerConnection", request), "Forbidden.NoPermission", 403);
  assert.equal(body.AccessDeniedDetail.NoPermissionType, "ExplicitDeny");
  const InstanceId = await requestPeering(vpc, other);
  const accepting = await userWith(server.accepter, allowAll, { Effect: "Deny", Action: "vpc:Accept*", Resource: "*" });
  refusedWith(await accepting.caller.peer("AcceptVpcPeerConnection", { InstanceId }), "Forbidden.NoPermission", 403);
});

// From the pages of DeleteVpcPeerConnection and ModifyVpcPeerConnection: All Resources.
test("an operation without resource level is granted by Resource * alone", async () => {
  const other = await availableVpc(server, server.accepter);
  const InstanceId = await activePeering(server, vpc, other);
  const modify = (caller: Caller): Promise<Answer> => caller.peer("ModifyVpcPeerConnection", { InstanceId, Name: "renamed" });
  const Action = "vpc:ModifyVpcPeerConnection";
  const arn = `acs:vpc:*:${root.key.account}:vpcpeer/${InstanceId}`;
  for (const statement of [
    { Effect: "Allow", Action, Resource: arn },
    { Effect: "Allow", Action, Resource: "acs:*:*:*:*" },
    { Effect: "Allow", Action, NotResource: "acs:vpc:*:*:vpc/*" },
  ] as const) {
    const { caller } = await userWith(root, statement);
    refusedWith(await modify(caller), denied, 403);
  }
  const { caller } = await userWith(root, { Effect: "Allow", Action, Resource: "*" });
  succeeded(await modify(caller));
  // From the page of GetVpcPeerConnectionAttribute, which has a resource level.
  const reader = await userWith(root, { Effect: "Allow", Action: "vpc:Get*", Resource: arn });
  succeeded(await reader.caller.peer("GetVpcPeerConnectionAttribute", { InstanceId }));
});

test("conditions see the address, the transport, the server's time and who calls", async () => {
  const on = (Condition: NonNullable<Statement["Condition"]>): Promise<{ name: string; caller: Caller }> =>
    userWith(root, { Effect: "Allow", Action: "vpc:*", Resource: "*", Condition });
  const here = await on({ IpAddress: { "acs:SourceIp": ["127.0.0.0/8", "::1"] } });
  succeeded(await describe(here.caller));
  const elsewhere = await on({ IpAddress: { "acs:SourceIp": "192.0.2.0/24" } });
  refusedWith(await describe(elsewhere.caller), denied, 403);

  const encrypted = await on({ Bool: { "acs:SecureTransport": "true" } });
  refusedWith(await describe(encrypted.caller), denied, 403);
  const { tls } = (await server.admin("GET", "ready")).body;
  const forget = trust(tls.caFile);
  try {
    succeeded(await describe(new Caller(`https://127.0.0.1:${tls.port}`, encrypted.caller.key)));
  } finally {
    forget();
  }

  const { now } = (await server.admin("GET", "clock")).body;
  const inAnHour = `${new Date(Date.parse(now) + 3_600_000).toISOString().slice(0, 19)}Z`;
  const later = await on({ DateGreaterThan: { "acs:CurrentTime": inAnHour } });
  refusedWith(await describe(later.caller), denied, 403);
  await server.advance(3_601);
  succeeded(await describe(later.caller));

  const me = await on({ StringLike: { "acs:PrincipalARN": "acs:ram::*:user/user-*" } });
  succeeded(await describe(me.caller));
});

test("conditions see the tags of the resource and those that a call brings", async () => {
  const dev = await availableVpc(server, root, hangzhou, { Tag: [{ Key: "team", Value: "dev" }] });
  const prod = await availableVpc(server, root, hangzhou, { Tag: [{ Key: "team", Value: "prod" }] });
  const Resource = `acs:vpc:*:${root.key.account}:vpc/*`;
  const { caller } = await userWith(
    root,
    {
      Effect: "Allow",
      Action: ["vpc:ModifyVpcAttribute", "vpc:DescribeVpcAttribute", "vpc:DescribeVpcs"],
      Resource,
      Condition: { StringEquals: { "acs:ResourceTag/team": "dev" } },
    },
    { Effect: "Allow", Action: "vpc:CreateVpc", Resource, Condition: { StringEquals: { "acs:RequestTag/team": ["dev", "test"] } } },
  );
  succeeded(await rename(caller, dev));
  refusedWith(await rename(caller, prod), denied, 403);
  refusedWith(await rename(caller, vpc), denied, 403);
  // Also where an operation names its resource without demanding that it is there, and where it names several.
  const read = (VpcId: string): Promise<Answer> => caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId });
  succeeded(await read(dev.vpcId));
  refusedWith(await read(prod.vpcId), denied, 403);
  const list = (VpcId: string): Promise<Answer> => caller.vpc("DescribeVpcs", { RegionId: hangzhou, VpcId });
  assert.equal(succeeded(await list(dev.vpcId)).body.TotalCount, 1);
  refusedWith(await list(`${dev.vpcId},${prod.vpcId}`), denied, 403);

  const create = (...Tag: { Key: string; Value: string }[]): Promise<Answer> =>
    caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16", Tag });
  refusedWith(await create(), denied, 403);
  refusedWith(await create({ Key: "team", Value: "prod" }), denied, 403);
  refusedWith(await create({ Key: "Team", Value: "dev" }), denied, 403);
  succeeded(await create({ Key: "team", Value: "test" }, { Key: "other", Value: "x" }));
});

test("the tags of one side of a peering are not those of the other, to policies as to everyone", async () => {
  const other = await availableVpc(server, server.accepter);
  const InstanceId = await requestPeering(vpc, other);
  const tag = { ResourceType: "PeerConnection", RegionId: hangzhou, ResourceId: [InstanceId], Tag: [{ Key: "team", Value: "dev" }] };
  succeeded(await server.accepter.peer("TagResources", tag));
  const Condition = { StringEquals: { "acs:ResourceTag/team": "dev" } };
  const statement: Statement = { Effect: "Allow", Action: "vpc:ModifyVpcPeerConnection", Resource: "*", Condition };
  const modify = async (owner: Caller): Promise<string> => {
    const { caller } = await userWith(owner, statement);
    return outcome(await caller.peer("ModifyVpcPeerConnection", { InstanceId, Description: "x" }));
  };
  assert.equal(await modify(server.requester), denied);
  assert.notEqual(await modify(server.accepter), denied);
});

test("a policy that is bound to a resource group counts for the resources in it", async () => {
  const group = await groupId(root);
  const { name, caller } = await userWith(root);
  const PolicyName = freshName("policy");
  succeeded(await root.ram("CreatePolicy", { PolicyName, PolicyDocument: policyDocument({ ...allowAll, Action: "vpc:*" }) }));
  const attachment = { PolicyType: "Custom", PolicyName, UserName: name, ResourceGroupId: group };
  succeeded(await root.ram("AttachPolicyToUser", attachment));
  succeeded(await rename(caller, vpc));
  // Lists of everything, and what has no resource level, are in no group.
  refusedWith(await describe(caller), denied, 403);
  succeeded(await caller.vpc("DescribeVpcs", { RegionId: hangzhou, ResourceGroupId: group }));
  refusedWith(await caller.vpc("DescribeRegions"), denied, 403);
  succeeded(await root.ram("DetachPolicyFromUser", attachment));
  refusedWith(await rename(caller, vpc), denied, 403);
  // An explicit deny in a group says so.
  await attach(root, { user: name }, allowAll);
  const DenyName = freshName("policy");
  const PolicyDocument = policyDocument({ Effect: "Deny", Action: "vpc:*", Resource: "*" });
  succeeded(await root.ram("CreatePolicy", { PolicyName: DenyName, PolicyDocument }));
  succeeded(await root.ram("AttachPolicyToUser", { ...attachment, PolicyName: DenyName }));
  const { body } = refusedWith(await rename(caller, vpc), denied, 403);
  assert.equal(body.AccessDeniedDetail.PolicyType, "ResourceGroupLevelIdentityBasedPolicy");
  succeeded(await describe(caller));
});

test("every change of what decides counts from the next call on", async () => {
  const { name, caller } = await userWith(root);
  const expect = async (allowed: boolean): Promise<void> => assert.equal(outcome(await describe(caller)), allowed ? "OK" : denied);
  await expect(false);
  const PolicyName = freshName("policy");
  const allow = policyDocument({ Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "*" });
  const nothing = policyDocument({ Effect: "Allow", Action: "ecs:*", Resource: "*" });
  succeeded(await root.ram("CreatePolicy", { PolicyName, PolicyDocument: nothing }));
  const policy = { PolicyType: "Custom", PolicyName };
  succeeded(await root.ram("AttachPolicyToUser", { ...policy, UserName: name }));
  await expect(false);
  succeeded(await root.ram("CreatePolicyVersion", { PolicyName, PolicyDocument: allow }));
  await expect(false);
  succeeded(await root.ram("SetDefaultPolicyVersion", { PolicyName, VersionId: "v2" }));
  await expect(true);
  succeeded(await root.ram("SetDefaultPolicyVersion", { PolicyName, VersionId: "v1" }));
  await expect(false);
  succeeded(await root.ram("CreatePolicyVersion", { PolicyName, PolicyDocument: allow, SetAsDefault: true }));
  await expect(true);
  succeeded(await root.ram("DetachPolicyFromUser", { ...policy, UserName: name }));
  await expect(false);

  const GroupName = freshName("group");
  succeeded(await root.ram("CreateGroup", { GroupName }));
  succeeded(await root.ram("AddUserToGroup", { GroupName, UserName: name }));
  await expect(false);
  succeeded(await root.ram("AttachPolicyToGroup", { ...policy, GroupName }));
  await expect(true);
  succeeded(await root.ram("RemoveUserFromGroup", { GroupName, UserName: name }));
  await expect(false);
  succeeded(await root.ram("AddUserToGroup", { GroupName, UserName: name }));
  await expect(true);
  succeeded(await root.ram("DetachPolicyFromGroup", { ...policy, GroupName }));
  await expect(false);

  // What a refused call would have changed does not count either.
  await refusedUnchanged(server, () => root.ram("AttachPolicyToUser", { ...policy, UserName: "nobody" }), {
    code: "EntityNotExist.User",
    message: "The user does not exist.",
    status: 404,
  });
  await expect(false);
});

test("users of one account have nothing from the policies of another", async () => {
  const { caller } = await userWith(server.accepter, allowAll);
  assert.equal(succeeded(await describe(caller)).body.TotalCount, 0);
  assert.equal(outcome(await rename(caller, vpc)), outcome(await rename(server.accepter, vpc)));
  const names = (answer: Answer): string[] => succeeded(answer).body.Users.User.map(({ UserName }: any) => UserName);
  const mine = await userWith(root);
  assert.ok(names(await root.ram("ListUsers")).includes(mine.name));
  assert.ok(!names(await caller.ram("ListUsers")).includes(mine.name));
});

test("the policies of the system do what their names say", async () => {
  const may = async (PolicyName: string): Promise<string[]> => {
    const { name, caller } = await userWith(root);
    succeeded(await root.ram("AttachPolicyToUser", { PolicyType: "System", PolicyName, UserName: name }));
    const calls: Readonly<Record<string, () => Promise<Answer>>> = {
      read: () => describe(caller),
      write: () => rename(caller, vpc),
      peering: () => caller.peer("ListVpcPeerConnections", { RegionId: hangzhou }),
      vpn: () => caller.vpc("DescribeVpnGateways", { RegionId: hangzhou }),
      users: () => caller.ram("ListUsers"),
      newUser: () => caller.ram("CreateUser", { UserName: freshName("made") }),
      zones: () => caller.call("2014-05-26", "DescribeZones", { RegionId: hangzhou }),
    };
    const allowed = [];
    for (const [what, call] of Object.entries(calls)) if (outcome(await call()) === "OK") allowed.push(what);
    return allowed;
  };
  assert.deepEqual(await may("AdministratorAccess"), ["read", "write", "peering", "vpn", "users", "newUser", "zones"]);
  assert.deepEqual(await may("ReadOnlyAccess"), ["read", "peering", "vpn", "users", "zones"]);
  assert.deepEqual((await may("AliyunVPCFullAccess")).slice(0, 3), ["read", "write", "peering"]);
  assert.deepEqual(await may("AliyunVPCReadOnlyAccess"), ["read"]);
  assert.deepEqual(await may("AliyunVpcPeerReadOnlyAccess"), ["peering"]);
  assert.deepEqual(await may("AliyunRAMFullAccess"), ["users", "newUser"]);
  assert.deepEqual(await may("AliyunRAMReadOnlyAccess"), ["users"]);
});

test("the story of a denial shows the statements considered, the one that decided, and the smallest policy that would have done", async () => {
  const { caller, name } = await userWith(root);
  const arn = `acs:vpc:${hangzhou}:${root.key.account}:vpc/${vpc.vpcId}`;
  const PolicyName = await attach(
    root,
    { user: name },
    { Effect: "Allow", Action: "vpc:ModifyVpcAttribute", Resource: `${arn}-other` },
    { Effect: "Allow", Action: "vpc:Modify*", Resource: arn, Condition: { IpAddress: { "acs:SourceIp": "192.0.2.0/24" } } },
    { Effect: "Allow", Action: "ecs:*", Resource: "*" },
  );
  const told = await permissionOf(refusedWith(await rename(caller, vpc), denied, 403));
  const about = { policy: PolicyName, type: "Custom", resourceGroup: "", effect: "Allow", applies: false };
  assert.deepEqual(told, {
    action: "vpc:ModifyVpcAttribute",
    principal: `acs:ram::${root.key.account}:user/${name}`,
    decision: "ImplicitDeny",
    verdicts: [
      {
        resource: arn,
        by: "identity",
        decision: "ImplicitDeny",
        considered: [
          { ...about, statement: 1, resourceMatches: false, conditions: [] },
          { ...about, statement: 2, resourceMatches: true, conditions: [{ operator: "IpAddress", key: "acs:SourceIp", holds: false }] },
        ],
        omitted: 0,
      },
    ],
    smallestPolicy: { Version: "1", Statement: [{ Effect: "Allow", Action: "vpc:ModifyVpcAttribute", Resource: arn }] },
  });

  const DenyName = await attach(root, { user: name }, allowAll, { Effect: "Deny", Action: "*", Resource: arn });
  const answer = refusedWith(await rename(caller, vpc), denied, 403);
  const explained = (await server.admin("GET", `requests/${answer.body.RequestId}`)).body;
  assert.equal(explained.permission.decision, "ExplicitDeny");
  assert.equal(explained.permission.smallestPolicy, undefined);
  const { policy, statement, effect } = explained.permission.verdicts[0].decidedBy;
  assert.deepEqual([policy, statement, effect], [DenyName, 2, "Deny"]);
  assert.match(explained.advice, new RegExp(`statement 2 of ${DenyName} denies vpc:ModifyVpcAttribute`));
  const page = await (
    await fetch(`${server.url}/_linkspan/requests/${answer.body.RequestId}`, {
      headers: { accept: "text/html", authorization: `Bearer ${server.adminToken}` },
    })
  ).text();
  assert.match(page, /<h2>Permission<\/h2>/);
  assert.ok(page.includes(DenyName));
});

test("a session may do what both its role and its own policy allow", async () => {
  const { caller } = await userWith(root, { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
  const { arn } = await roleWith(root, [{ Effect: "Allow", Action: ["vpc:Describe*", "vpc:Modify*"], Resource: "*" }]);
  const whole = await sessionOf(caller, arn);
  succeeded(await describe(whole));
  succeeded(await rename(whole, vpc));
  const cut = await sessionOf(caller, arn, {
    Policy: policyDocument({ Effect: "Allow", Action: ["vpc:Describe*", "vpc:Create*"], Resource: "*" }),
  });
  succeeded(await describe(cut));
  const { body } = refusedWith(await rename(cut, vpc), denied, 403);
  assert.deepEqual([body.AccessDeniedDetail.PolicyType, body.AccessDeniedDetail.AuthPrincipalType], ["SessionPolicy", "AssumedRoleUser"]);
  const create = { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" };
  assert.equal(
    refusedWith(await cut.vpc("CreateVpc", create), denied, 403).body.AccessDeniedDetail.PolicyType,
    "AccountLevelIdentityBasedPolicy",
  );
});

test("a role that does not trust the caller explains itself within its account", async () => {
  const { caller, name } = await userWith(root, { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
  const { arn } = await roleWith(root, [], [server.accepter.key.account]);
  const answer = refusedWith(await caller.sts("AssumeRole", { RoleArn: arn, RoleSessionName: "session" }), "NoPermission", 403);
  const { PolicyType, NoPermissionType } = answer.body.AccessDeniedDetail;
  assert.deepEqual([PolicyType, NoPermissionType], ["AssumeRolePolicy", "ImplicitDeny"]);
  const { decision, verdicts, principal } = await permissionOf(answer);
  assert.deepEqual([decision, principal], ["ImplicitDeny", `acs:ram::${root.key.account}:user/${name}`]);
  assert.deepEqual(
    verdicts.map(({ by, resource, decision: one, considered }) => [by, resource, one, considered.map(({ applies }) => applies)]),
    [
      ["identity", arn, "Allow", [true]],
      ["trust", arn, "ImplicitDeny", [false]],
    ],
  );
  // In another account it is as one that is not there; so is one of an account that is disabled.
  const closing = await server.admin("POST", "accounts", { name: "closing" });
  const { AccessKeyId, AccessKeySecret } = closing.body.key;
  const closed = new Caller(server.url, { account: closing.body.account.uid, id: AccessKeyId, secret: AccessKeySecret });
  const trusting = await roleWith(closed, [], [root.key.account]);
  const take = (): Promise<Answer> => caller.sts("AssumeRole", { RoleArn: trusting.arn, RoleSessionName: "session" });
  succeeded(await take());
  assert.equal((await server.admin("DELETE", "accounts/closing")).status, 200);
  refusedWith(await take(), "NoPermission", 403);
  const stranger = await userWith(await server.stranger(), { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
  const foreign = (RoleArn: string): Promise<Answer> => stranger.caller.sts("AssumeRole", { RoleArn, RoleSessionName: "session" });
  const told = [];
  for (const RoleArn of [arn, `${arn}-not-there`]) {
    const { body } = refusedWith(await foreign(RoleArn), "NoPermission", 403);
    told.push({ Message: body.Message, AccessDeniedDetail: body.AccessDeniedDetail });
  }
  assert.deepEqual(told[0], told[1]);
});

test("a name in another letter case is the same user, group, role or policy to policies too", async () => {
  const user = freshName("Boss");
  const group = freshName("Team");
  const role = await roleWith(root, []);
  const PolicyName = freshName("Rules");
  succeeded(await root.ram("CreateUser", { UserName: user }));
  succeeded(await root.ram("CreateGroup", { GroupName: group }));
  succeeded(await root.ram("CreatePolicy", { PolicyName, PolicyDocument: policyDocument(allowAll) }));
  const start = `acs:ram:*:${root.key.account}:`;
  const Resource = [`${start}user/${user}`, `${start}group/${group}`, `${start}role/${role.name}`, `${start}policy/${PolicyName}`];
  const { caller } = await userWith(root, allowAll, { Effect: "Deny", Action: ["ram:*", "sts:*"], Resource });
  for (const spelt of [(name: string) => name, (name: string) => name.toUpperCase(), (name: string) => name.toLowerCase()]) {
    refusedWith(await caller.ram("CreateAccessKey", { UserName: spelt(user) }), "NoPermission", 403);
    refusedWith(await caller.ram("GetGroup", { GroupName: spelt(group) }), "NoPermission", 403);
    refusedWith(await caller.ram("GetPolicy", { PolicyType: "Custom", PolicyName: spelt(PolicyName) }), "NoPermission", 403);
    const RoleArn = role.arn.replace(role.name, spelt(role.name));
    const { body } = refusedWith(await caller.sts("AssumeRole", { RoleArn, RoleSessionName: "session" }), "NoPermission", 403);
    assert.equal(body.AccessDeniedDetail.NoPermissionType, "ExplicitDeny");
  }
});

test("without UserName a user needs the permission for its own keys", async () => {
  const { name, caller } = await userWith(root);
  const own = `acs:ram:*:${root.key.account}:user/${name}`;
  refusedWith(await caller.ram("ListAccessKeys"), "NoPermission", 403);
  await attach(root, { user: name }, { Effect: "Allow", Action: "ram:*AccessKey*", Resource: own });
  succeeded(await caller.ram("ListAccessKeys"));
  refusedWith(await caller.ram("ListAccessKeys", { UserName: (await userWith(root)).name }), "NoPermission", 403);
  await attach(root, { user: name }, allowAll, { Effect: "Deny", Action: "ram:CreateAccessKey", Resource: own });
  refusedWith(await caller.ram("CreateAccessKey"), "NoPermission", 403);
});
