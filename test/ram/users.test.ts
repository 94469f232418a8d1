import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utcSeconds } from "../../src/contract/time.ts";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { succeeded } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { freshName } from "../support/principals.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { virtualNow } from "../vpn/support.ts";
import { ask, empower, groupIn, pages, refusals, rightNames, type Sdk, sdkOf, signerOf, userIn, wrongNames } from "./support.ts";

/** CreateUser, GetUser, UpdateUser, DeleteUser and ListUsers. */
let server: InProcessServer;
let requester: Caller;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const refused = (action: string, parameters: Parameters, expected: Expected): Promise<void> =>
  refusedUnchanged(server, () => requester.ram(action, parameters), expected);
const read = async (UserName: string, owner = requester): Promise<any> => succeeded(await owner.ram("GetUser", { UserName })).body.User;
const now = async (): Promise<string> => utcSeconds(await virtualNow(server));
const list = async (parameters: Parameters, owner = requester): Promise<{ items: any[]; IsTruncated: boolean; Marker?: string }> => {
  const { Users, IsTruncated, Marker } = succeeded(await owner.ram("ListUsers", parameters)).body;
  return { items: Users.User, IsTruncated, Marker };
};
const namesOf = (users: readonly { UserName: string }[]): string[] => users.map(({ UserName }) => UserName);
const exists: Expected = { code: "EntityAlreadyExists.User", message: "The user does already EXIST.", status: 409 };
const conflict = (what: string, message: string): Expected => ({ code: `DeleteConflict.User.${what}`, message, status: 409 });

test("a user of whom only the name is said has an id and times, and is called nothing else", async () => {
  const UserName = freshName("alice");
  const { User } = succeeded(await requester.ram("CreateUser", { UserName })).body;
  const { UserId, ...rest } = User;
  assert.match(UserId, /^2\d{17}$/);
  assert.deepEqual(rest, { Comments: "", CreateDate: await now(), DisplayName: "", Email: "", MobilePhone: "", UserName });
  assert.deepEqual(await read(UserName), { ...User, UpdateDate: User.CreateDate, LastLoginDate: "" });
});

test("everything that can be said of a user is shown again, through the official SDK", async () => {
  const userName = freshName("bob");
  const profile = { displayName: "Bob 一", mobilePhone: "86-13800000000", email: "bob@example.com", comments: "first line\nsecond" };
  const { user } = await ask(sdk, "createUser", { userName, ...profile });
  assert.deepEqual(user, { userName, ...profile, userId: user?.userId, createDate: await now() });
  const shown = (await ask(sdk, "getUser", { userName })).user;
  assert.deepEqual(shown, { ...user, updateDate: user?.createDate, lastLoginDate: "" });
  const { users } = await ask(sdk, "listUsers");
  const { lastLoginDate: _never, ...listed } = shown;
  assert.deepEqual(
    users?.user?.find((one) => one.userName === userName),
    listed,
  );
  const changes = { newDisplayName: "Robert", newMobilePhone: "1-2", newEmail: "r@b", newComments: "c" };
  const updated = await ask(sdk, "updateUser", { userName, newUserName: `${userName}-r`, ...changes });
  const { newDisplayName: displayName, newMobilePhone: mobilePhone, newEmail: email, newComments: comments } = changes;
  const expected = { ...listed, userName: `${userName}-r`, displayName, mobilePhone, email, comments };
  assert.deepEqual(updated.user, expected);
  await ask(sdk, "deleteUser", { userName: `${userName}-r` });
  const left = (await ask(sdk, "listUsers")).users?.user ?? [];
  assert.ok(left.every(({ userId }) => userId !== user?.userId));
});

test("names have 1 to 64 letters, digits, periods, hyphens and underscores", async () => {
  for (const UserName of rightNames) {
    assert.equal(await userIn(requester, { UserName }), UserName);
    succeeded(await requester.ram("DeleteUser", { UserName }));
  }
  const given = await userIn(requester);
  for (const NewUserName of rightNames) {
    const { User } = succeeded(await requester.ram("UpdateUser", { UserName: given, NewUserName })).body;
    assert.equal(User.UserName, NewUserName);
    succeeded(await requester.ram("UpdateUser", { UserName: NewUserName, NewUserName: given }));
  }
  for (const fault of ["chars", "length"] as const) {
    for (const wrong of wrongNames[fault]) {
      for (const action of ["CreateUser", "GetUser", "UpdateUser", "DeleteUser"]) {
        await refused(action, { UserName: wrong }, refusals[fault]("UserName"));
      }
      await refused("UpdateUser", { UserName: given, NewUserName: wrong }, refusals[fault]("NewUserName"));
    }
  }
  for (const action of ["CreateUser", "GetUser", "UpdateUser", "DeleteUser"]) {
    for (const parameters of [{}, { UserName: "" }]) await refused(action, parameters, refusals.missing("UserName"));
  }
});

test("what else is said of a user has its limits, at creation and later", async () => {
  const UserName = await userIn(requester);
  const said = {
    DisplayName: { right: ["x", "一".repeat(128), "a b"], chars: ["a\u0007", "a\nb"], length: ["x".repeat(129), "一".repeat(129)] },
    Comments: { right: ["x", "一".repeat(128), "a\nb"], length: ["x".repeat(129)] },
    MobilePhone: { right: ["86-1", "1-23456789"], form: ["86", "86-", "-1", "86 1", "a-1", "86-1-2", `86-${"1".repeat(40)}`] },
    Email: { right: ["a@b", "a.b+c@example.com"], form: ["a", "@", "a@", "@b", "a@b@c", "a b@c", `a@${"x".repeat(128)}`] },
  } as const;
  for (const [name, { right, ...wrong }] of Object.entries(said)) {
    for (const value of right) {
      const created = succeeded(await requester.ram("CreateUser", { UserName: freshName("said"), [name]: value })).body.User;
      const updated = succeeded(await requester.ram("UpdateUser", { UserName, [`New${name}`]: value })).body.User;
      assert.deepEqual([created[name], updated[name]], [value, value]);
    }
    for (const [fault, values] of Object.entries(wrong)) {
      const expected = refusals[fault as "chars" | "length" | "form"];
      for (const value of values) {
        await refused("CreateUser", { UserName: freshName("said"), [name]: value }, expected(name));
        await refused("UpdateUser", { UserName, [`New${name}`]: value }, expected(`New${name}`));
      }
    }
  }
});

test("a name is unique in its account whatever its letter case, and finds its user so", async () => {
  const UserName = await userIn(requester, { UserName: "Carol.Case" });
  const { UserId } = await read(UserName);
  for (const name of ["Carol.Case", "carol.case", "CAROL.CASE"]) {
    await refused("CreateUser", { UserName: name }, exists);
    const found = await read(name);
    assert.deepEqual([found.UserId, found.UserName], [UserId, UserName]);
  }
  // In another account it is free.
  const theirs = await userIn(server.accepter, { UserName: "carol.case" });
  assert.notEqual((await read(theirs, server.accepter)).UserId, UserId);
  succeeded(await requester.ram("DeleteUser", { UserName: "CAROL.case" }));
  await refused("GetUser", { UserName }, refusals.user);
  assert.equal((await read(theirs, server.accepter)).UserName, "carol.case");
});

test("an account has room for as many users as its quota says", async () => {
  const owner = await server.stranger();
  const setQuota = (value: number, account = owner.key.account) =>
    server.admin("PUT", "settings", { quotas: [{ name: "UsersQuota", account, value }], features: [] });
  await setQuota(2);
  const [first] = [await userIn(owner), await userIn(owner)];
  const create = (UserName: string): Promise<Answer> => owner.ram("CreateUser", { UserName });
  const full: Expected = { code: "LimitExceeded.User", message: "The count of users beyond the current limits.", status: 409 };
  await refusedUnchanged(server, () => create("third"), full);
  await refusedUnchanged(server, () => create(first), exists);
  await userIn(server.accepter);
  succeeded(await owner.ram("UpdateUser", { UserName: first, NewUserName: "renamed" }));
  succeeded(await owner.ram("DeleteUser", { UserName: "renamed" }));
  succeeded(await create("third"));
  await refusedUnchanged(server, () => create("fourth"), full);
  await setQuota(3);
  succeeded(await create("fourth"));
  await setQuota(2, server.accepter.key.account);
  succeeded(await create("fifth"));
});

test("an update changes what it names, and the time of change", async () => {
  const profile = { DisplayName: "d", MobilePhone: "86-1", Email: "a@b", Comments: "c" };
  const UserName = await userIn(requester, profile);
  const expected = await read(UserName);
  for (const [name, value] of Object.entries({ DisplayName: "e", MobilePhone: "86-2", Email: "b@a", Comments: "f" })) {
    await server.advance(60);
    const { User } = succeeded(await requester.ram("UpdateUser", { UserName, [`New${name}`]: value })).body;
    Object.assign(expected, { [name]: value, UpdateDate: await now() });
    assert.notEqual(expected.UpdateDate, expected.CreateDate);
    assert.deepEqual({ ...User, LastLoginDate: "" }, expected);
    assert.deepEqual(await read(UserName), expected);
  }
  for (const parameters of [{}, { NewUserName: UserName }, { NewUserName: "" }]) {
    const { User } = succeeded(await requester.ram("UpdateUser", { UserName, ...parameters })).body;
    assert.deepEqual({ ...User, LastLoginDate: "" }, expected);
  }
  for (const name of Object.keys(profile)) {
    expected[name] = "";
    const { User } = succeeded(await requester.ram("UpdateUser", { UserName, [`New${name}`]: "" })).body;
    assert.deepEqual({ ...User, LastLoginDate: "" }, expected, `an empty New${name} clears it`);
  }
});

test("a user is renamed to a name that no other has, and may change the case of its own", async () => {
  const [UserName, other] = [await userIn(requester, { UserName: "dave" }), await userIn(requester, { UserName: "Erin" })];
  const before = await read(UserName);
  const rename = (from: string, to: string): Promise<Answer> => requester.ram("UpdateUser", { UserName: from, NewUserName: to });
  for (const taken of [other, "erin", "ERIN"]) await refused("UpdateUser", { UserName, NewUserName: taken }, exists);
  assert.equal(succeeded(await rename(UserName, "DAVE")).body.User.UserName, "DAVE");
  assert.equal(succeeded(await rename("dave", "David")).body.User.UserName, "David");
  // The display name stays what it was.
  assert.deepEqual(await read("david"), { ...before, UserName: "David" });
  await refused("GetUser", { UserName }, refusals.user);
  assert.equal(await userIn(requester, { UserName: "Dave" }), "Dave");
  assert.equal(succeeded(await rename("Erin", "erin2")).body.User.UserName, "erin2");
  assert.equal(succeeded(await rename("David", "Erin")).body.User.UserName, "Erin");
});

test("a user goes once it is in no group and has neither key nor policy, judged in this order", async () => {
  const UserName = await userIn(requester);
  const { UserId } = await read(UserName);
  const GroupName = await groupIn(requester);
  succeeded(await requester.ram("AddUserToGroup", { UserName, GroupName }));
  const UserAccessKeyId = (await signerOf(requester, UserName)).key.id;
  await empower(requester, UserName);
  const remove = { UserName };
  await refused("DeleteUser", remove, conflict("Group", "The user CAN NOT be in any group while deleting the user."));
  succeeded(await requester.ram("RemoveUserFromGroup", { UserName, GroupName }));
  await refused("DeleteUser", remove, conflict("AccessKey", "The user CAN NOT has any access key while deleting the user."));
  succeeded(await requester.ram("UpdateAccessKey", { UserName, UserAccessKeyId, Status: "Inactive" }));
  await refused("DeleteUser", remove, conflict("AccessKey", "The user CAN NOT has any access key while deleting the user."));
  succeeded(await requester.ram("DeleteAccessKey", { UserName, UserAccessKeyId }));
  await refused("DeleteUser", remove, conflict("Policy", "The user CAN NOT has any attached policy while deleting the user."));
  const policy = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  succeeded(await requester.ram("DetachPolicyFromUser", { ...policy, UserName }));
  succeeded(await requester.ram("DeleteUser", remove));
  for (const action of ["GetUser", "UpdateUser", "DeleteUser"]) await refused(action, remove, refusals.user);
  // Who comes next under the name is somebody else.
  await userIn(requester, remove);
  assert.notEqual((await read(UserName)).UserId, UserId);
});

test("the list is read in pages, oldest first, and stands still while users come and go", async () => {
  const owner = await server.stranger();
  assert.deepEqual(await list({}, owner), { items: [], IsTruncated: false, Marker: undefined });
  const all: string[] = [];
  for (let n = 0; n < 5; n++) all.push(await userIn(owner));
  const read = (page: Parameters) => list(page, owner);
  for (const [size, lengths] of [
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [4, [4, 1]],
    [5, [5]],
    [1000, [5]],
  ] as const) {
    const found = await pages(read, size);
    assert.deepEqual(
      found.map(({ length }) => length),
      lengths,
    );
    assert.deepEqual(namesOf(found.flat()), all);
  }
  const first = await list({ MaxItems: 2 }, owner);
  succeeded(await owner.ram("DeleteUser", { UserName: all[1] }));
  succeeded(await owner.ram("UpdateUser", { UserName: all[2], NewUserName: "zz" }));
  const last = await userIn(owner);
  const rest = await list({ Marker: first.Marker }, owner);
  assert.deepEqual(namesOf(rest.items), ["zz", all[3], all[4], last]);
  assert.equal(rest.IsTruncated, false);
});

test("a page has 100 users unless it asks for 1 to 1000, and a Marker is one that a page gave", async () => {
  const owner = await server.stranger();
  for (let n = 0; n < 101; n++) await userIn(owner);
  const found = await list({}, owner);
  assert.deepEqual([found.items.length, found.IsTruncated], [100, true]);
  assert.equal((await list({ Marker: found.Marker }, owner)).items.length, 1);
  for (const MaxItems of [0, 1001, -1, "many"]) await refused("ListUsers", { MaxItems }, refusals.maxItems);
  for (const Marker of ["x", `${found.Marker}x`, "EXAMPLE"]) await refused("ListUsers", { Marker }, refusals.marker);
});
