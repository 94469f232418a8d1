import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utcSeconds } from "../../src/contract/time.ts";
import { Caller, type CallOptions, type Key, type Parameters } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { codeOf } from "../support/official.ts";
import { eventCount, type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { freshName } from "../support/principals.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { virtualNow } from "../vpn/support.ts";
import { ask, empower, refusals, sdkOf, signerOf, userIn, wrongNames } from "./support.ts";

/** CreateAccessKey, UpdateAccessKey, DeleteAccessKey and ListAccessKeys, and what the keys sign. */
let server: InProcessServer;
let requester: Caller;
const account = requesterKey.account;

before(async () => {
  server = await startServer();
  ({ requester } = server);
});
after(() => server.stop());

const refused = (action: string, parameters: Parameters, expected: Expected, caller = requester): Promise<void> =>
  refusedUnchanged(server, () => caller.ram(action, parameters), expected);
const whoIs = async (caller: Caller, options?: CallOptions): Promise<any> =>
  succeeded(await caller.sts("GetCallerIdentity", {}, options)).body;
/** The ids of the keys that a list answers. */
const listed = async (parameters: Parameters, caller = requester): Promise<string[]> =>
  succeeded(await caller.ram("ListAccessKeys", parameters)).body.AccessKeys.AccessKey.map((key: any) => key.AccessKeyId);
const update = (caller: Caller, UserAccessKeyId: string, Status: string, UserName?: string) =>
  caller.ram("UpdateAccessKey", { UserName, UserAccessKeyId, Status });
const stops = async (caller: Caller, code: string, status: number): Promise<void> => {
  for (const signature of ["V1", "V3"] as const) refusedWith(await caller.sts("GetCallerIdentity", {}, { signature }), code, status);
  assert.equal(await codeOf(() => ask(sdkOf(server, caller.key), "listUsers")), code);
};
const full: Expected = {
  code: "LimitExceeded.User.AccessKey",
  message: "The access key count of the user access keys beyond the current limits.",
  status: 409,
};

test("a key of a user comes with its secret, which no later answer has, and signs as the user", async () => {
  const sdk = sdkOf(server, requesterKey);
  const userName = await userIn(requester);
  const { userId } = (await ask(sdk, "getUser", { userName })).user ?? {};
  const { accessKey } = await ask(sdk, "createAccessKey", { userName });
  assert.ok(accessKey);
  const { accessKeyId = "", accessKeySecret = "", ...rest } = accessKey;
  assert.match(accessKeyId, /^LTAI[A-Za-z0-9]{20}$/);
  assert.match(accessKeySecret, /^[A-Za-z0-9]{30,}$/);
  const createDate = utcSeconds(await virtualNow(server));
  assert.deepEqual(rest, { createDate, status: "Active" });
  const { accessKeys } = await ask(sdk, "listAccessKeys", { userName });
  assert.deepEqual(accessKeys?.accessKey, [{ accessKeyId, createDate, status: "Active" }]);
  const signer = new Caller(server.url, { account, id: accessKeyId, secret: accessKeySecret });
  for (const signature of ["V1", "V3"] as const) {
    const { AccountId, Arn, IdentityType, UserId } = await whoIs(signer, { signature });
    const expected = [account, `acs:ram::${account}:user/${userName}`, "RAMUser", userId];
    assert.deepEqual([AccountId, Arn, IdentityType, UserId], expected);
  }
  // It may do nothing yet.
  await refused("ListUsers", {}, { code: "NoPermission", message: "You are not authorized to do this action.", status: 403 }, signer);
});

test("no two keys are alike", async () => {
  const keys: Key[] = [];
  for (let n = 0; n < 5; n++) {
    const user = await userIn(requester);
    keys.push((await signerOf(requester, user)).key, (await signerOf(requester, user)).key);
    const made = keys.slice(-2).map(({ id }) => id);
    assert.deepEqual(await listed({ UserName: user }), made);
    assert.deepEqual(await listed({ UserName: user.toUpperCase() }), made);
  }
  assert.equal(new Set(keys.flatMap(({ id, secret }) => [id, secret])).size, 20);
});

test("a renamed user goes on signing, and is called by its new name at once", async () => {
  const UserName = await userIn(requester);
  const signer = await signerOf(requester, UserName);
  const NewUserName = freshName("renamed");
  succeeded(await requester.ram("UpdateUser", { UserName, NewUserName }));
  assert.equal((await whoIs(signer)).Arn, `acs:ram::${account}:user/${NewUserName}`);
  // Who takes the old name has nothing of it.
  await userIn(requester, { UserName });
  assert.deepEqual(await listed({ UserName }), []);
  assert.deepEqual(await listed({ UserName: NewUserName }), [signer.key.id]);
  assert.equal((await whoIs(signer)).Arn, `acs:ram::${account}:user/${NewUserName}`);
});

test("an inactive key signs nothing from the next call on, and signs again once it is active", async () => {
  const UserName = await userIn(requester);
  const [signer, other] = [await signerOf(requester, UserName), await signerOf(requester, UserName)];
  const { id } = signer.key;
  const statuses = async (): Promise<string[]> =>
    succeeded(await requester.ram("ListAccessKeys", { UserName })).body.AccessKeys.AccessKey.map(({ Status }: any) => Status);
  for (const Status of ["Inactive", "Active", "Inactive"]) {
    succeeded(await update(requester, id, Status, UserName));
    assert.deepEqual(await statuses(), [Status, "Active"]);
    if (Status === "Active") await whoIs(signer);
    else await stops(signer, "InvalidAccessKeyId.Inactive", 400);
    await whoIs(other);
    const before = await eventCount(server);
    succeeded(await update(requester, id, Status, UserName));
    assert.equal(await eventCount(server), before, "it is in this state already");
  }
  for (const Status of ["active", "Deleted", "1"]) {
    const wrong = { code: "InvalidParameter.Status", message: 'The parameter - "Status" is incorrect.' };
    await refused("UpdateAccessKey", { UserName, UserAccessKeyId: id, Status }, wrong);
  }
  await refused("UpdateAccessKey", { UserName, UserAccessKeyId: id }, refusals.missing("Status"));
});

test("a deleted key is unknown from the next call on, whatever its state was", async () => {
  const UserName = await userIn(requester);
  for (const Status of ["Active", "Inactive"]) {
    const signer = await signerOf(requester, UserName);
    const key = { UserName, UserAccessKeyId: signer.key.id };
    succeeded(await requester.ram("UpdateAccessKey", { ...key, Status }));
    succeeded(await requester.ram("DeleteAccessKey", key));
    await stops(signer, "InvalidAccessKeyId.NotFound", 404);
    assert.deepEqual(await listed({ UserName }), []);
    await refused("DeleteAccessKey", key, refusals.key);
    await refused("UpdateAccessKey", { ...key, Status: "Active" }, refusals.key);
  }
});

test("a user, and an account, has as many keys as the quota says, inactive ones among them", async () => {
  const owner = await server.stranger();
  const UserName = await userIn(owner);
  const setQuota = (value: number) =>
    server.admin("PUT", "settings", { quotas: [{ name: "AccessKeysPerUserQuota", account: owner.key.account, value }], features: [] });
  const [first] = [await signerOf(owner, UserName), await signerOf(owner, UserName)];
  const { id: UserAccessKeyId } = first.key;
  await refused("CreateAccessKey", { UserName }, full, owner);
  succeeded(await update(owner, UserAccessKeyId, "Inactive", UserName));
  await refused("CreateAccessKey", { UserName }, full, owner);
  // Others have room.
  await signerOf(owner, await userIn(owner));
  const own = await signerOf(owner);
  await refused("CreateAccessKey", {}, full, owner);
  succeeded(await owner.ram("DeleteAccessKey", { UserName, UserAccessKeyId }));
  await signerOf(owner, UserName);
  await refused("CreateAccessKey", { UserName }, full, owner);
  await setQuota(3);
  await signerOf(owner, UserName);
  await signerOf(owner);
  await refused("CreateAccessKey", {}, full, own);
  await setQuota(0);
  await refused("CreateAccessKey", { UserName: await userIn(owner) }, full, owner);
});

test("without UserName a root key is about the account's root keys, itself among them", async () => {
  const owner = await server.stranger();
  const signer = await signerOf(owner);
  const { IdentityType, Arn } = await whoIs(signer);
  assert.deepEqual([IdentityType, Arn], ["Account", `acs:ram::${owner.key.account}:root`]);
  const UserName = await userIn(signer);
  const { id: usersKey } = (await signerOf(signer, UserName)).key;
  assert.deepEqual(await listed({}, signer), [owner.key.id, signer.key.id]);
  assert.deepEqual(await listed({ UserName }, signer), [usersKey]);
  for (const action of ["DeleteAccessKey", "UpdateAccessKey"]) {
    await refused(action, { UserAccessKeyId: usersKey, Status: "Inactive" }, refusals.key, signer);
    await refused(action, { UserName, UserAccessKeyId: owner.key.id, Status: "Inactive" }, refusals.key, signer);
  }
  succeeded(await update(signer, owner.key.id, "Inactive"));
  await stops(owner, "InvalidAccessKeyId.Inactive", 400);
  succeeded(await update(signer, owner.key.id, "Active"));
  // A key may end itself. Nothing keeps the last one.
  succeeded(await update(signer, signer.key.id, "Inactive"));
  await stops(signer, "InvalidAccessKeyId.Inactive", 400);
  succeeded(await owner.ram("DeleteAccessKey", { UserAccessKeyId: signer.key.id }));
  succeeded(await owner.ram("DeleteAccessKey", { UserAccessKeyId: owner.key.id }));
  await stops(owner, "InvalidAccessKeyId.NotFound", 404);
});

test("without UserName a user is about its own keys", async () => {
  const [alice, bob] = [await userIn(requester), await userIn(requester)];
  const [signer, bobs] = [await signerOf(requester, alice), await signerOf(requester, bob)];
  await empower(requester, alice);
  assert.deepEqual(await listed({}, signer), [signer.key.id]);
  const second = await signerOf(signer);
  assert.equal((await whoIs(second)).Arn, `acs:ram::${account}:user/${alice}`);
  assert.deepEqual(await listed({ UserName: alice }), [signer.key.id, second.key.id]);
  await refused("CreateAccessKey", {}, full, signer);
  for (const action of ["DeleteAccessKey", "UpdateAccessKey"]) {
    for (const other of [bobs, requester]) {
      await refused(action, { UserAccessKeyId: other.key.id, Status: "Inactive" }, refusals.key, signer);
      await refused(action, { UserName: alice, UserAccessKeyId: other.key.id, Status: "Inactive" }, refusals.key, signer);
    }
  }
  // By name it may, as far as its policies go.
  succeeded(await update(signer, bobs.key.id, "Inactive", bob));
  succeeded(await update(second, signer.key.id, "Inactive"));
  await stops(signer, "InvalidAccessKeyId.Inactive", 400);
  succeeded(await second.ram("DeleteAccessKey", { UserAccessKeyId: signer.key.id }));
  succeeded(await second.ram("DeleteAccessKey", { UserAccessKeyId: second.key.id }));
  await stops(second, "InvalidAccessKeyId.NotFound", 404);
});

test("a role has no keys of its own: without UserName there is no user", async () => {
  const UserName = await userIn(requester);
  const user = await signerOf(requester, UserName);
  await empower(requester, UserName);
  const RoleName = freshName("role");
  const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: [`acs:ram::${account}:root`] } }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "1", Statement });
  const { Role } = succeeded(await requester.ram("CreateRole", { RoleName, AssumeRolePolicyDocument })).body;
  const policy = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  succeeded(await requester.ram("AttachPolicyToRole", { ...policy, RoleName }));
  const session = { RoleArn: Role.Arn, RoleSessionName: "session" };
  const { Credentials } = succeeded(await user.sts("AssumeRole", session)).body;
  const { AccessKeyId: id, AccessKeySecret: secret, SecurityToken } = Credentials;
  const role = new Caller(server.url, { account, id, secret });
  const common = { SecurityToken };
  const call = (action: string, parameters: Parameters) => role.ram(action, parameters, { common });
  for (const action of ["CreateAccessKey", "ListAccessKeys"]) await refusedUnchanged(server, () => call(action, {}), refusals.user);
  for (const UserAccessKeyId of [id, user.key.id, requester.key.id]) {
    for (const action of ["DeleteAccessKey", "UpdateAccessKey"]) {
      await refusedUnchanged(server, () => call(action, { UserAccessKeyId, Status: "Inactive" }), refusals.key);
    }
  }
  succeeded(await call("ListAccessKeys", { UserName }));
  succeeded(await call("CreateAccessKey", { UserName }));
  succeeded(await call("DeleteAccessKey", { UserName, UserAccessKeyId: user.key.id }));
});

test("a user that is not there has no keys, and a name that cannot be one is none", async () => {
  const UserAccessKeyId = (await signerOf(requester, await userIn(requester))).key.id;
  for (const action of ["CreateAccessKey", "ListAccessKeys", "DeleteAccessKey", "UpdateAccessKey"]) {
    const rest = { UserAccessKeyId, Status: "Inactive" };
    await refused(action, { UserName: "nobody", ...rest }, refusals.user);
    await refused(action, { UserName: wrongNames.chars[0], ...rest }, refusals.chars("UserName"));
    await refused(action, { UserName: wrongNames.length[0], ...rest }, refusals.length("UserName"));
  }
  for (const action of ["DeleteAccessKey", "UpdateAccessKey"]) {
    await refused(action, { UserName: "nobody", Status: "Inactive" }, refusals.missing("UserAccessKeyId"));
    for (const id of ["LTAInone", "x", account]) await refused(action, { UserAccessKeyId: id, Status: "Inactive" }, refusals.key);
  }
});
