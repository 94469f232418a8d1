import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Caller, type Key, type Parameters, versions } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { codeOf, popClient, ramClient, ramSdk, roleCredential, stsClient, stsClientWith, stsSdk } from "../support/official.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import {
  attach,
  freshName,
  mayAssume,
  policyDocument,
  roleWith,
  sessionOf,
  type Statement,
  trustPolicy,
  userWith,
} from "../support/principals.ts";
import { type InProcessServer, startServer, trust } from "../support/server.ts";

/** STS through the official SDKs, with both signatures, and what AssumeRole refuses. */

let server: InProcessServer;
let root: Caller;
let distrust: () => void;
before(async () => {
  server = await startServer({ tls: true });
  root = server.requester;
  distrust = trust(join(server.folder, "ca.pem"));
});
after(async () => {
  distrust();
  await server.stop();
});

const noPermission: Expected = {
  code: "NoPermission",
  message: "You are not authorized to do this action. You should be authorized by RAM.",
  status: 403,
};
const noRole: Expected = { code: "EntityNotExist.Role", message: "The specified Role not exists .", status: 404 };
const allow = (Action: string | readonly string[], Resource: string | readonly string[] = "*"): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});

type AssumeRoleOptions = Partial<InstanceType<typeof stsSdk.AssumeRoleRequest>>;
/** Takes a role with the official SDK. */
async function assumed(key: Key, options: AssumeRoleOptions) {
  const { body } = await stsClient(server.endpoint, key).assumeRole(
    new stsSdk.AssumeRoleRequest({ roleSessionName: "session", ...options }),
  );
  assert.ok(body?.credentials && body.assumedRoleUser);
  const { accessKeyId: id = "", accessKeySecret: secret = "", securityToken: token = "", expiration = "" } = body.credentials;
  const account = /^acs:ram::(\d+):/.exec(options.roleArn ?? "")?.[1] ?? "";
  return { key: { account, id, secret, token }, expiration, user: body.assumedRoleUser };
}
/** The code that the official SDK reads when it takes a role. */
const codeOfAssuming = (key: Key, options: AssumeRoleOptions): Promise<string> => codeOf(() => assumed(key, options));

async function identityOf(key: Key) {
  const { body } = await stsClient(server.endpoint, key).getCallerIdentity();
  assert.ok(body);
  const { requestId, ...identity } = body;
  assert.match(requestId ?? "", /^[0-9A-F-]{36}$/);
  return identity;
}
const rename = (key: Key, newDisplayName: string, UserName: string): Promise<unknown> =>
  ramClient(server.endpoint, key).updateUser(new ramSdk.UpdateUserRequest({ userName: UserName, newDisplayName }));

/** A role of an account that trusts just these principals, under this condition; answers its ARN. */
async function roleTrusting(owner: Caller, principals: readonly string[], condition?: Statement["Condition"]): Promise<string> {
  const RoleName = freshName("role");
  const AssumeRolePolicyDocument = trustPolicy(principals, condition);
  return succeeded(await owner.ram("CreateRole", { RoleName, AssumeRolePolicyDocument })).body.Role.Arn;
}
const rootArn = (caller: Caller): string => `acs:ram::${caller.key.account}:root`;
const userArn = (caller: Caller, name: string): string => `acs:ram::${caller.key.account}:user/${name}`;
/** Takes a role with a client of ours. */
const assume = (caller: Caller, RoleArn: string, parameters: Parameters = {}) =>
  caller.sts("AssumeRole", { RoleArn, RoleSessionName: "session", ...parameters });

test("a session works with both signatures, as its role and in its role's account", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { name, arn } = await roleWith(root, [allow("ram:ListUsers")]);
  const { key, user } = await assumed(caller.key, { roleArn: arn, roleSessionName: "from.here@work" });
  assert.match(key.id, /^STS\.[A-Za-z0-9]+$/);
  // Command lines would take a hyphen in front for an option.
  assert.match(key.secret, /^[A-Za-z0-9]+$/);
  assert.match(key.token, /^CAIS[\w-]+$/);
  assert.equal(user.arn, `acs:ram::${root.key.account}:assumed-role/${name}/from.here@work`);

  const v3 = ramClient(server.endpoint, key);
  assert.ok((await v3.listUsers(new ramSdk.ListUsersRequest({}))).body?.users?.user?.length);
  assert.equal(await codeOf(() => v3.listRoles(new ramSdk.ListRolesRequest({}))), "NoPermission");
  const v1 = popClient(server.endpoint, key, versions.Ram);
  const { Users }: any = await v1.request("ListUsers", {}, { method: "POST" });
  assert.ok(Users.User.length > 0);
  assert.equal(await codeOf(() => v1.request("ListRoles", {})), "NoPermission");

  const { Arn }: any = await popClient(server.endpoint, key, versions.Sts).request("GetCallerIdentity", {});
  assert.equal(Arn, user.arn);
  // Taking a role is signed like any other call.
  const parameters = { RoleArn: arn, RoleSessionName: "v1" };
  const { Credentials }: any = await popClient(server.endpoint, caller.key, versions.Sts).request("AssumeRole", parameters);
  assert.match(Credentials.AccessKeyId, /^STS\./);
});

test("GetCallerIdentity tells a root key, a user and a session apart, none of which needs a permission for it", async () => {
  const { account } = root.key;
  assert.deepEqual(
    { ...(await identityOf(root.key)) },
    { accountId: account, arn: rootArn(root), identityType: "Account", principalId: account, userId: account },
  );

  const { name, caller } = await userWith(root);
  const { UserId } = succeeded(await root.ram("GetUser", { UserName: name })).body.User;
  assert.deepEqual(
    { ...(await identityOf(caller.key)) },
    { accountId: account, arn: userArn(root, name), identityType: "RAMUser", principalId: UserId, userId: UserId },
  );

  await attach(root, { user: name }, mayAssume);
  const role = await roleWith(server.accepter, [], [account]);
  const { RoleId } = succeeded(await server.accepter.ram("GetRole", { RoleName: role.name })).body.Role;
  const { key, user } = await assumed(caller.key, { roleArn: role.arn, roleSessionName: "far" });
  assert.equal(user.assumedRoleId, `${RoleId}:far`);
  assert.deepEqual(
    { ...(await identityOf(key)) },
    {
      accountId: server.accepter.key.account,
      arn: `acs:ram::${server.accepter.key.account}:assumed-role/${role.name}/far`,
      identityType: "AssumedRoleUser",
      principalId: `${RoleId}:far`,
      roleId: RoleId,
    },
  );
});

test("a session lasts as long as was asked for, an hour unless said, and at most as long as its role says", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { name, arn } = await roleWith(root, []);
  const tooLong: Expected = { code: "InvalidParameter.DurationSeconds", message: "The Min/Max value of DurationSeconds is 15min/1hr." };
  const refuses = async (DurationSeconds: number): Promise<void> => {
    await refusedUnchanged(server, () => assume(caller, arn, { DurationSeconds }), tooLong);
    assert.equal(await codeOfAssuming(caller.key, { roleArn: arn, durationSeconds: DurationSeconds }), tooLong.code);
  };
  /** How long a session lasts, by what its answer says. */
  const lasts = async (durationSeconds?: number): Promise<number> => {
    const { now } = await server.engine.clock();
    const { expiration } = await assumed(caller.key, { roleArn: arn, ...(durationSeconds === undefined ? {} : { durationSeconds }) });
    assert.match(expiration, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    return (Date.parse(expiration) - Math.floor(now / 1000) * 1000) / 1000;
  };
  for (const seconds of [-1, 0, 899, 3601, 43_200, 43_201]) await refuses(seconds);
  assert.deepEqual([await lasts(), await lasts(900), await lasts(3600)], [3600, 900, 3600]);
  succeeded(await root.ram("UpdateRole", { RoleName: name, NewMaxSessionDuration: 43_200 }));
  assert.deepEqual([await lasts(), await lasts(43_200)], [3600, 43_200]);
  for (const seconds of [899, 43_201]) await refuses(seconds);

  const { key } = await assumed(caller.key, { roleArn: arn, durationSeconds: 900 });
  await server.advance(899);
  await identityOf(key);
  await server.advance(1);
  assert.equal(await codeOf(() => identityOf(key)), "InvalidSecurityToken.Expired");
  assert.equal(
    await codeOf(() => popClient(server.endpoint, key, versions.Sts).request("GetCallerIdentity", {})),
    "InvalidSecurityToken.Expired",
  );
});

const wronglyFormed = (name: string): Expected => ({
  code: `InvalidParameter.${name}`,
  message: `The parameter ${name} is wrongly formed.`,
});
const missing = (name: string): Expected => ({ code: `Missing${name}`, message: `${name} is mandatory for this action.` });
const noPolicy: Expected = { code: "InvalidParameter.PolicyGrammar", message: "The parameter Policy has not passed grammar check." };
const longPolicy: Expected = { code: "InvalidParameter.PolicySize", message: "The size of Policy must be smaller than 2048 bytes." };
/** A policy of exactly this many characters. */
const policyOf = (length: number): string => policyDocument(allow("vpc:*")).padEnd(length, " ");
const accepted: Readonly<Record<string, readonly string[]>> = {
  RoleSessionName: ["ab", "A.b-c_d@9", "x".repeat(64)],
  ExternalId: ["ab", "a=,.@:/-_+9", "x".repeat(1224)],
  Policy: [policyOf(2048), policyDocument({ Effect: "Deny", Action: "*", Resource: "*" })],
  SourceIdentity: ["ab", "x".repeat(64)],
};
const refused: Readonly<Record<string, readonly (readonly [string | undefined, Expected])[]>> = {
  RoleArn: [
    [undefined, missing("RoleArn")],
    ["", missing("RoleArn")],
    ...["role", "acs:ram::1:user/x", "acs:ram::x:role/x", "acs:ram::1:role/", "acs:ram::1:role/a b", "arn:aws:iam::1:role/x"].map(
      (value) => [value, wronglyFormed("RoleArn")] as const,
    ),
    ["acs:ram::1000000000000001:role/none", noRole],
    // Of another account nobody learns whether the role is there.
    ["acs:ram::9:role/none", noPermission],
  ],
  RoleSessionName: [
    [undefined, missing("RoleSessionName")],
    ...["a", "x".repeat(65), "a b", "a/b", "ä-ä", "a\nb"].map((value) => [value, wronglyFormed("RoleSessionName")] as const),
  ],
  ExternalId: ["a", "x".repeat(1225), "a b", "ä-ä"].map((value) => [value, wronglyFormed("ExternalId")] as const),
  Policy: [
    ...["{", "[]", "{}", trustPolicy([`acs:ram::1:root`]), '{"Version":"1","Statement":[]}'].map((value) => [value, noPolicy] as const),
    [policyOf(2049), longPolicy],
  ],
  SourceIdentity: ["a", "x".repeat(65), "a b"].map((value) => [value, wronglyFormed("SourceIdentity")] as const),
};
test("the parameters of AssumeRole have documented forms, and an error for each", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { arn } = await roleWith(root, []);
  const optionOf = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
  for (const [name, values] of Object.entries(accepted)) {
    for (const value of values) {
      assert.equal(await codeOfAssuming(caller.key, { roleArn: arn, [optionOf(name)]: value }), "OK", `${name} ${value}`);
    }
  }
  for (const [name, cases] of Object.entries(refused)) {
    for (const [value, expected] of cases) {
      await refusedUnchanged(server, () => assume(caller, arn, { [name]: value }), expected);
      assert.equal(await codeOfAssuming(caller.key, { roleArn: arn, [optionOf(name)]: value }), expected.code, `${name} ${value}`);
    }
  }
});

test("the name of a role is found in any letter case, and the session has the role's own", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { name, arn } = await roleWith(root, []);
  const { user } = await assumed(caller.key, { roleArn: arn.replace(name, name.toUpperCase()) });
  assert.equal(user.arn, `acs:ram::${root.key.account}:assumed-role/${name}/session`);
});

test("an account's root takes no role, neither its own account's nor one of an account that trusts it", async () => {
  const own = await roleWith(root, []);
  const theirs = await roleWith(server.accepter, [], [root.key.account]);
  for (const { arn } of [own, theirs]) {
    await refusedUnchanged(server, () => assume(root, arn), noPermission);
    assert.equal(await codeOfAssuming(root.key, { roleArn: arn }), "NoPermission");
  }
});

test("whoever takes a role needs sts:AssumeRole on it besides being trusted", async () => {
  const [one, other] = [await roleWith(root, []), await roleWith(root, [])];
  const { name, caller } = await userWith(root);
  await refusedUnchanged(server, () => assume(caller, one.arn), noPermission);
  await attach(root, { user: name }, allow("sts:AssumeRole", one.arn));
  succeeded(await assume(caller, one.arn));
  const { body } = refusedWith(await assume(caller, other.arn), "NoPermission", 403);
  assert.deepEqual([body.AccessDeniedDetail.AuthAction, body.AccessDeniedDetail.NoPermissionType], ["sts:AssumeRole", "ImplicitDeny"]);
  await attach(root, { user: name }, { Effect: "Deny", Action: "sts:*", Resource: "*" });
  refusedWith(await assume(caller, one.arn), "NoPermission", 403);
});

test("a role trusts accounts, users and roles, and nobody else", async () => {
  const { accepter } = server;
  const [alice, bob] = [await userWith(root, mayAssume), await userWith(root, mayAssume)];
  const first = await roleWith(root, [mayAssume]);
  const session = await sessionOf(alice.caller, first.arn);
  const stranger = await userWith(accepter, mayAssume);
  const trusting: readonly (readonly [string, readonly Caller[]])[] = [
    [rootArn(root), [alice.caller, bob.caller, session]],
    [userArn(root, alice.name), [alice.caller]],
    [first.arn, [session]],
    [rootArn(accepter), [stranger.caller]],
    [userArn(accepter, alice.name), []],
  ];
  for (const owner of [root, accepter]) {
    for (const [principal, trusted] of trusting) {
      const role = await roleTrusting(owner, [principal]);
      for (const caller of [alice.caller, bob.caller, session, stranger.caller]) {
        if (trusted.includes(caller)) {
          const { key } = await assumed(caller.key, { roleArn: role });
          assert.equal((await identityOf(key)).accountId, owner.key.account);
        } else {
          await refusedUnchanged(server, () => assume(caller, role), noPermission);
        }
      }
    }
  }
});

test("a session takes another role, and is from then on what that one is", async () => {
  const { caller } = await userWith(root, mayAssume);
  const target = await userWith(server.accepter);
  const first = await roleWith(root, [mayAssume, allow("ram:UpdateUser")]);
  const second = await roleTrusting(server.accepter, [first.arn]);
  const roleName = second.split("/")[1] ?? "";
  await attach(
    server.accepter,
    { role: roleName },
    allow("ram:UpdateUser", userArn(server.accepter, target.name).replace("ram::", "ram:*:")),
  );
  const middle = await assumed(caller.key, { roleArn: first.arn });
  const { key, user } = await assumed(middle.key, { roleArn: second, roleSessionName: "chained" });
  assert.equal(user.arn, `acs:ram::${server.accepter.key.account}:assumed-role/${roleName}/chained`);
  await rename(key, "by a chain of roles", target.name);
  assert.equal(await codeOf(() => rename(key, "not so", "nobody")), "NoPermission");
  // It has left the first one behind.
  assert.equal(await codeOfAssuming(key, { roleArn: first.arn }), "NoPermission");
  // The session's own policy cuts which roles it takes, too.
  const cut = await assumed(caller.key, { roleArn: first.arn, policy: policyDocument(allow("sts:AssumeRole", "acs:ram::*:role/other")) });
  assert.equal(await codeOfAssuming(cut.key, { roleArn: second }), "NoPermission");
});

test("a trust policy's conditions are met, or the role is not taken", async () => {
  const { caller } = await userWith(root, mayAssume);
  const agreed = { StringEquals: { "sts:ExternalId": "agreed" } };
  const conditions: readonly (readonly [Statement["Condition"], Parameters, boolean])[] = [
    [agreed, { ExternalId: "agreed" }, true],
    [agreed, { ExternalId: "Agreed" }, false],
    [agreed, { ExternalId: "other" }, false],
    [agreed, {}, false],
    [{ StringEquals: { "sts:ExternalId": ["one", "two"] } }, { ExternalId: "two" }, true],
    [{ StringLike: { "sts:ExternalId": "partner-*" } }, { ExternalId: "partner-7" }, true],
    // Nobody asked for it.
    [undefined, { ExternalId: "superfluous" }, true],
    [{ IpAddress: { "acs:SourceIp": "127.0.0.0/8" } }, {}, true],
    [{ IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"] } }, {}, false],
    [{ NotIpAddress: { "acs:SourceIp": "127.0.0.1" } }, {}, false],
    [{ ...agreed, IpAddress: { "acs:SourceIp": "127.0.0.1" } }, { ExternalId: "agreed" }, true],
    [{ ...agreed, IpAddress: { "acs:SourceIp": "10.0.0.1" } }, { ExternalId: "agreed" }, false],
    [{ Bool: { "acs:SecureTransport": "true" } }, {}, false],
  ];
  for (const [condition, parameters, met] of conditions) {
    for (const owner of [root, server.accepter]) {
      const role = await roleTrusting(owner, [rootArn(root)], condition);
      const said = `${JSON.stringify(condition)} ${JSON.stringify(parameters)}`;
      if (met) assert.equal((await assume(caller, role, parameters)).status, 200, said);
      else await refusedUnchanged(server, () => assume(caller, role, parameters), noPermission);
    }
  }
  const encrypted = await roleTrusting(root, [rootArn(root)], { Bool: { "acs:SecureTransport": "true" } });
  const secure = new Caller(secureUrl(), caller.key);
  succeeded(await assume(secure, encrypted));
});
function secureUrl(): string {
  const address = server.tls?.address();
  assert.ok(address !== null && typeof address === "object");
  return `https://127.0.0.1:${address.port}`;
}

test("the policy of a session cuts what its role may do, and never adds to it", async () => {
  const { caller } = await userWith(root, mayAssume);
  const [one, other] = [await userWith(root), await userWith(root)];
  const { name, arn } = await roleWith(root, [allow(["ram:UpdateUser", "ram:GetUser"])]);
  const cutBy = async (...statements: readonly Statement[]): Promise<Key> =>
    (await assumed(caller.key, { roleArn: arn, policy: policyDocument(...statements) })).key;
  const codes = async (key: Key): Promise<readonly string[]> => [
    await codeOf(() => rename(key, "changed", one.name)),
    await codeOf(() => rename(key, "changed", other.name)),
    await codeOf(() => ramClient(server.endpoint, key).getUser(new ramSdk.GetUserRequest({ userName: one.name }))),
    await codeOf(() => popClient(server.endpoint, key, versions.Ram).request("ListUsers", {})),
  ];
  const no = "NoPermission";
  assert.deepEqual(await codes((await assumed(caller.key, { roleArn: arn })).key), ["OK", "OK", "OK", no]);
  assert.deepEqual(await codes(await cutBy(allow("ram:UpdateUser", `acs:ram:*:*:user/${one.name}`))), ["OK", no, no, no]);
  assert.deepEqual(await codes(await cutBy(allow("*"), { Effect: "Deny", Action: "ram:Get*", Resource: "*" })), ["OK", "OK", no, no]);
  assert.deepEqual(await codes(await cutBy(allow("ram:ListUsers"))), [no, no, no, no]);
  assert.deepEqual(await codes(await cutBy({ Effect: "Deny", Action: "ram:ListUsers", Resource: "*" })), [no, no, no, no]);
  const cut = await cutBy(allow("ram:*"), { Effect: "Deny", Action: "ram:UpdateUser", Resource: `acs:ram:*:*:user/${other.name}` });
  assert.deepEqual(await codes(cut), ["OK", no, "OK", no]);
  // What the role gets later the session has too, as far as its own policy goes; so it loses what the role loses.
  await attach(root, { role: name }, allow("ram:ListUsers"));
  assert.deepEqual(await codes(cut), ["OK", no, "OK", "OK"]);
  await attach(root, { role: name }, { Effect: "Deny", Action: "ram:UpdateUser", Resource: "*" });
  assert.deepEqual(await codes(cut), [no, no, "OK", "OK"]);
});

test("two sessions of one role have each its own policy", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { arn } = await roleWith(root, [allow("ram:List*")]);
  const list = (key: Key) => [
    codeOf(() => ramClient(server.endpoint, key).listUsers(new ramSdk.ListUsersRequest({}))),
    codeOf(() => ramClient(server.endpoint, key).listRoles(new ramSdk.ListRolesRequest({}))),
  ];
  const users = await assumed(caller.key, { roleArn: arn, policy: policyDocument(allow("ram:ListUsers")) });
  const roles = await assumed(caller.key, { roleArn: arn, policy: policyDocument(allow("ram:ListRoles")) });
  for (const _ of [1, 2]) {
    assert.deepEqual(await Promise.all([...list(users.key), ...list(roles.key)]), ["OK", "NoPermission", "NoPermission", "OK"]);
  }
});

test("the parts of a session's credentials work together alone, with both signatures", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { arn } = await roleWith(root, []);
  const [{ key }, { key: another }] = [await assumed(caller.key, { roleArn: arn }), await assumed(caller.key, { roleArn: arn })];
  const { token: _token, ...half } = key;
  const changed = `${key.token.slice(0, -8)}${key.token.endsWith("AAAAAAAA") ? "BBBBBBBB" : "AAAAAAAA"}`;
  const wrong: readonly (readonly [Key, string])[] = [
    [half, "MissingSecurityToken"],
    [{ ...key, token: another.token }, "InvalidSecurityToken.MismatchWithAccessKey"],
    [{ ...key, token: changed }, "InvalidSecurityToken.Malformed"],
    [{ ...key, token: key.token.slice(0, -1) }, "InvalidSecurityToken.Malformed"],
    [{ ...caller.key, token: key.token }, "InvalidSecurityToken.MismatchWithAccessKey"],
    [{ ...key, secret: another.secret }, "SignatureDoesNotMatch"],
  ];
  const codes = async (one: Key): Promise<string[]> => [
    await codeOf(() => identityOf(one)),
    await codeOf(() => popClient(server.endpoint, one, versions.Sts).request("GetCallerIdentity", {})),
  ];
  for (const [one, code] of wrong) {
    assert.deepEqual(await codes(one), [code, code]);
  }
  assert.deepEqual(await codes(key), ["OK", "OK"]);
});

test("a session ends with its role, and a new role of the same name does not bring it back", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { name, arn } = await roleWith(root, []);
  const { key } = await assumed(caller.key, { roleArn: arn });
  succeeded(await root.ram("DeleteRole", { RoleName: name }));
  assert.equal(await codeOf(() => identityOf(key)), "InvalidAccessKeyId.Inactive");
  succeeded(await root.ram("CreateRole", { RoleName: name, AssumeRolePolicyDocument: trustPolicy([rootArn(root)]) }));
  assert.equal(await codeOf(() => identityOf(key)), "InvalidAccessKeyId.Inactive");
  await identityOf((await assumed(caller.key, { roleArn: arn })).key);
});

test("SourceIdentity comes back, and only if it was given", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { arn } = await roleWith(root, []);
  const request = (options: object) => new stsSdk.AssumeRoleRequest({ roleArn: arn, roleSessionName: "session", ...options });
  const client = stsClient(server.endpoint, caller.key);
  assert.equal((await client.assumeRole(request({ sourceIdentity: "alice" }))).body?.sourceIdentity, "alice");
  assert.equal((await client.assumeRole(request({}))).body?.sourceIdentity, undefined);
});

test("@alicloud/credentials takes a role for a client by itself, which it does over TLS only", async () => {
  const { caller } = await userWith(root, mayAssume);
  const arn = await roleTrusting(server.accepter, [rootArn(root)], { StringEquals: { "sts:ExternalId": "agreed" } });
  const stsEndpoint = new URL(secureUrl()).host;
  const identity = async (externalId: string): Promise<string | undefined> => {
    const credential = roleCredential({
      accessKeyId: caller.key.id,
      accessKeySecret: caller.key.secret,
      roleArn: arn,
      roleSessionName: "provided",
      externalId,
      stsEndpoint,
    });
    return (await stsClientWith(server.endpoint, credential).getCallerIdentity()).body?.arn;
  };
  assert.equal(await identity("agreed"), `${arn.replace(":role/", ":assumed-role/")}/provided`);
  await assert.rejects(() => identity("other"), /refresh session token failed: .*"Code":"NoPermission"/);
});

test("over TLS the SDK takes roles and uses them", async () => {
  const { caller } = await userWith(root, mayAssume);
  const { arn } = await roleWith(root, []);
  const endpoint = new URL(secureUrl()).host;
  const { body } = await stsClient(endpoint, caller.key, "https").assumeRole(
    new stsSdk.AssumeRoleRequest({ roleArn: arn, roleSessionName: "over-tls" }),
  );
  const { accessKeyId: id = "", accessKeySecret: secret = "", securityToken: token = "" } = body?.credentials ?? {};
  const identity = await stsClient(endpoint, { account: "", id, secret, token }, "https").getCallerIdentity();
  assert.match(identity.body?.arn ?? "", /\/over-tls$/);
});
