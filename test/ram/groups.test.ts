import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utcSeconds } from "../../src/contract/time.ts";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { succeeded } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { freshName } from "../support/principals.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { virtualNow } from "../vpn/support.ts";
import { ask, groupIn, pages, refusals, rightNames, type Sdk, sdkOf, userIn, wrongNames } from "./support.ts";

/** CreateGroup, GetGroup, UpdateGroup, DeleteGroup and ListGroups; AddUserToGroup, RemoveUserFromGroup and the lists of both sides. */
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
const now = async (): Promise<string> => utcSeconds(await virtualNow(server));
const read = async (GroupName: string, owner = requester): Promise<any> => succeeded(await owner.ram("GetGroup", { GroupName })).body.Group;
const member = (action: string, UserName: string, GroupName: string, owner = requester): Promise<Answer> =>
  owner.ram(action, { UserName, GroupName });
const add = async (UserName: string, GroupName: string, owner = requester): Promise<Answer> =>
  succeeded(await member("AddUserToGroup", UserName, GroupName, owner));
const remove = async (UserName: string, GroupName: string): Promise<Answer> =>
  succeeded(await member("RemoveUserFromGroup", UserName, GroupName));
const groupsOf = async (UserName: string): Promise<string[]> =>
  succeeded(await requester.ram("ListGroupsForUser", { UserName })).body.Groups.Group.map(({ GroupName }: any) => GroupName);
/** A page of a list, without the wrappers of its own. */
const list = async (action: string, wrappers: readonly [string, string], parameters: Parameters, owner = requester) => {
  const { body } = succeeded(await owner.ram(action, parameters));
  const items: any[] = body[wrappers[0]][wrappers[1]];
  return { items, IsTruncated: body.IsTruncated as boolean, Marker: body.Marker as string };
};
const exists: Expected = { code: "EntityAlreadyExists.Group", message: "The group does already EXIST.", status: 409 };
const joined: Expected = { code: "EntityAlreadyExists.User.Group", message: "The user has already joined the group.", status: 409 };
const notJoined: Expected = { code: "EntityNotExist.User.Group", message: "The user has not joined the group.", status: 404 };
/** Calls that name one group and nothing else that they need. */
const onOne = ["GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersForGroup"];

test("a group has an id, a name, comments and times, and is shown alike everywhere", async () => {
  const groupName = freshName("developers");
  const { group } = await ask(sdk, "createGroup", { groupName, comments: "Dev 一" });
  assert.match(group?.groupId ?? "", /^g-[a-z0-9]{18}$/);
  const createDate = await now();
  assert.deepEqual(group, { groupName, comments: "Dev 一", groupId: group?.groupId, createDate });
  await server.advance(60);
  const changed = { ...group, groupName: `${groupName}-2`, comments: "ops", updateDate: await now() };
  const updated = await ask(sdk, "updateGroup", { groupName, newGroupName: changed.groupName, newComments: "ops" });
  assert.notEqual(changed.updateDate, createDate);
  assert.deepEqual(updated.group, changed);
  assert.deepEqual((await ask(sdk, "getGroup", { groupName: changed.groupName })).group, changed);
  const { groups } = await ask(sdk, "listGroups");
  assert.deepEqual(
    groups?.group?.find(({ groupId }) => groupId === group?.groupId),
    changed,
  );
  // What an update does not name stays.
  const { Group } = succeeded(await requester.ram("UpdateGroup", { GroupName: changed.groupName })).body;
  assert.deepEqual([Group.GroupName, Group.Comments], [changed.groupName, "ops"]);
  await ask(sdk, "deleteGroup", { groupName: changed.groupName });
  for (const action of onOne) await refused(action, { GroupName: changed.groupName }, refusals.group);
  const bare = succeeded(await requester.ram("CreateGroup", { GroupName: groupName })).body.Group;
  assert.equal(bare.Comments, "");
  assert.deepEqual(await read(groupName), { ...bare, UpdateDate: bare.CreateDate });
});

test("names have 1 to 64 letters, digits, periods, hyphens and underscores, comments up to 128 characters", async () => {
  for (const GroupName of rightNames) {
    assert.equal(await groupIn(requester, { GroupName }), GroupName);
    succeeded(await requester.ram("DeleteGroup", { GroupName }));
  }
  const GroupName = await groupIn(requester);
  const UserName = await userIn(requester);
  for (const fault of ["chars", "length"] as const) {
    for (const wrong of wrongNames[fault]) {
      for (const action of ["CreateGroup", ...onOne, "AddUserToGroup", "RemoveUserFromGroup"]) {
        await refused(action, { UserName, GroupName: wrong }, refusals[fault]("GroupName"));
      }
      for (const action of ["AddUserToGroup", "RemoveUserFromGroup", "ListGroupsForUser"]) {
        await refused(action, { UserName: wrong, GroupName }, refusals[fault]("UserName"));
      }
      await refused("UpdateGroup", { GroupName, NewGroupName: wrong }, refusals[fault]("NewGroupName"));
    }
  }
  for (const action of ["CreateGroup", ...onOne, "AddUserToGroup", "RemoveUserFromGroup"]) {
    await refused(action, { UserName }, refusals.missing("GroupName"));
  }
  for (const action of ["AddUserToGroup", "RemoveUserFromGroup", "ListGroupsForUser"]) {
    await refused(action, { GroupName }, refusals.missing("UserName"));
  }
  for (const Comments of ["x", "一".repeat(128), "a\nb"]) {
    const made = await groupIn(requester, { Comments });
    succeeded(await requester.ram("UpdateGroup", { GroupName, NewComments: Comments }));
    assert.deepEqual([(await read(made)).Comments, (await read(GroupName)).Comments], [Comments, Comments]);
  }
  const long = "x".repeat(129);
  await refused("CreateGroup", { GroupName: freshName("group"), Comments: long }, refusals.length("Comments"));
  await refused("UpdateGroup", { GroupName, NewComments: long }, refusals.length("NewComments"));
});

test("a name is unique in its account whatever its letter case, also when a group is renamed", async () => {
  const [GroupName, other] = [await groupIn(requester, { GroupName: "Team.A" }), await groupIn(requester, { GroupName: "Team.B" })];
  const { GroupId } = await read(GroupName);
  for (const name of ["Team.A", "team.a", "TEAM.A"]) {
    await refused("CreateGroup", { GroupName: name }, exists);
    await refused("UpdateGroup", { GroupName: other, NewGroupName: name }, exists);
    assert.equal((await read(name)).GroupId, GroupId);
  }
  await groupIn(server.accepter, { GroupName: "team.a" });
  // A user may have the name of a group.
  await userIn(requester, { UserName: GroupName });
  const { Group } = succeeded(await requester.ram("UpdateGroup", { GroupName, NewGroupName: "TEAM.a" })).body;
  assert.equal(Group.GroupName, "TEAM.a");
  succeeded(await requester.ram("UpdateGroup", { GroupName, NewGroupName: "Team.C" }));
  await refused("GetGroup", { GroupName }, refusals.group);
  assert.equal((await read("team.c")).GroupId, GroupId);
  succeeded(await requester.ram("UpdateGroup", { GroupName: other, NewGroupName: GroupName }));
});

test("an account has room for as many groups as its quota says", async () => {
  const owner = await server.stranger();
  const quotas = [{ name: "GroupsQuota", account: owner.key.account, value: 1 }];
  await server.admin("PUT", "settings", { quotas, features: [] });
  const GroupName = await groupIn(owner);
  const create = (name: string): Promise<Answer> => owner.ram("CreateGroup", { GroupName: name });
  const full: Expected = { code: "LimitExceeded.Group", message: "The count of groups beyond the current limits.", status: 409 };
  await refusedUnchanged(server, () => create("second"), full);
  await refusedUnchanged(server, () => create(GroupName), exists);
  await groupIn(requester);
  succeeded(await owner.ram("DeleteGroup", { GroupName }));
  succeeded(await create("second"));
  await server.admin("PUT", "settings", { quotas: [], features: [] });
  succeeded(await create("third"));
});

test("a member is in a group once, from the time on at which it joined, and keeps the group in being, as a policy does", async () => {
  const UserName = await userIn(requester, { DisplayName: "The Member" });
  const GroupName = await groupIn(requester, { Comments: "many" });
  const { GroupId } = await read(GroupName);
  await refused("RemoveUserFromGroup", { UserName, GroupName }, notJoined);
  await server.advance(60);
  await ask(sdk, "addUserToGroup", { userName: UserName.toUpperCase(), groupName: GroupName.toUpperCase() });
  const JoinDate = await now();
  for (const user of [UserName, UserName.toUpperCase()]) await refused("AddUserToGroup", { UserName: user, GroupName }, joined);
  await server.advance(60);
  const { groups } = await ask(sdk, "listGroupsForUser", { userName: UserName });
  const group = { comments: "many", groupId: GroupId, groupName: GroupName, joinDate: JoinDate };
  assert.deepEqual(groups?.group, [group]);
  const { users, isTruncated } = await ask(sdk, "listUsersForGroup", { groupName: GroupName });
  const member = { userName: UserName, displayName: "The Member", joinDate: JoinDate };
  assert.deepEqual([users?.user, isTruncated], [[member], false]);
  // Both keep each other under new names.
  const [NewUserName, NewGroupName] = [freshName("user"), freshName("group")];
  succeeded(await requester.ram("UpdateUser", { UserName, NewUserName }));
  succeeded(await requester.ram("UpdateGroup", { GroupName, NewGroupName }));
  assert.deepEqual(await groupsOf(NewUserName), [NewGroupName]);
  await refused("AddUserToGroup", { UserName: NewUserName, GroupName: NewGroupName }, joined);
  const hasMember = { code: "DeleteConflict.Group.User", message: "The group CAN NOT has any user member while deleting the group." };
  await refused("DeleteGroup", { GroupName: NewGroupName }, { ...hasMember, status: 409 });
  await ask(sdk, "removeUserFromGroup", { userName: NewUserName, groupName: NewGroupName });
  assert.deepEqual(await groupsOf(NewUserName), []);
  await refused("RemoveUserFromGroup", { UserName: NewUserName, GroupName: NewGroupName }, notJoined);
  const policy = { PolicyType: "System", PolicyName: "ReadOnlyAccess", GroupName: NewGroupName };
  succeeded(await requester.ram("AttachPolicyToGroup", policy));
  const hasPolicy = {
    code: "DeleteConflict.Group.Policy",
    message: "The entity CAN NOT has any attached policy while deleting the group.",
  };
  await refused("DeleteGroup", { GroupName: NewGroupName }, { ...hasPolicy, status: 409 });
  succeeded(await requester.ram("DetachPolicyFromGroup", policy));
  succeeded(await requester.ram("DeleteGroup", { GroupName: NewGroupName }));
});

test("who is not there is named before the membership: the user, then the group", async () => {
  const [UserName, GroupName] = [await userIn(requester), await groupIn(requester)];
  for (const action of ["AddUserToGroup", "RemoveUserFromGroup"]) {
    await refused(action, { UserName: "nobody", GroupName: "nothing" }, refusals.user);
    await refused(action, { UserName: "nobody", GroupName }, refusals.user);
    await refused(action, { UserName, GroupName: "nothing" }, refusals.group);
  }
  await refused("ListGroupsForUser", { UserName: "nobody" }, refusals.user);
});

test("a user is in as many groups as the quota says", async () => {
  const UserName = await userIn(requester);
  const groups: string[] = [];
  for (let n = 0; n < 5; n++) groups.push(await groupIn(requester));
  for (const group of groups) await add(UserName, group);
  const GroupName = await groupIn(requester);
  const full: Expected = {
    code: "LimitExceeded.User.Group",
    message: "The count of groups the target user joined beyond the current limits.",
    status: 409,
  };
  await refused("AddUserToGroup", { UserName, GroupName }, full);
  await refused("AddUserToGroup", { UserName, GroupName: groups[0] }, joined);
  assert.deepEqual(await groupsOf(UserName), groups);
  // Another user has room in the same groups.
  await add(await userIn(requester), GroupName);
  await remove(UserName, groups[0] ?? "");
  await add(UserName, GroupName);
  assert.deepEqual(await groupsOf(UserName), [...groups.slice(1), GroupName]);
  const quotas = [{ name: "GroupsPerUserQuota", account: requesterKey.account, value: 6 }];
  await server.admin("PUT", "settings", { quotas, features: [] });
  await add(UserName, groups[0] ?? "");
  await server.admin("PUT", "settings", { quotas: [], features: [] });
  await refused("AddUserToGroup", { UserName, GroupName: await groupIn(requester) }, full);
});

test("groups and members are listed in pages", async () => {
  const owner = await server.stranger();
  const [groups, users]: [string[], string[]] = [[], []];
  for (let n = 0; n < 3; n++) groups.push(await groupIn(owner));
  const GroupName = groups[1] ?? "";
  const readGroups = (page: Parameters) => list("ListGroups", ["Groups", "Group"], page, owner);
  const readUsers = (page: Parameters) => list("ListUsersForGroup", ["Users", "User"], { GroupName, ...page }, owner);
  assert.deepEqual(await pages(readUsers, 1), [[]]);
  for (let n = 0; n < 3; n++) users.unshift(await userIn(owner));
  // Members stand in the order in which they joined.
  for (const user of users) await add(user, GroupName, owner);
  await add(users[0] ?? "", groups[0] ?? "", owner);
  for (const [size, lengths] of [
    [1, [1, 1, 1]],
    [2, [2, 1]],
    [3, [3]],
    [100, [3]],
  ] as const) {
    const [foundGroups, foundUsers] = [await pages(readGroups, size), await pages(readUsers, size)];
    for (const found of [foundGroups, foundUsers])
      assert.deepEqual(
        found.map(({ length }) => length),
        lengths,
      );
    assert.deepEqual(
      foundGroups.flat().map((one) => one.GroupName),
      groups,
    );
    assert.deepEqual(
      foundUsers.flat().map((one) => one.UserName),
      users,
    );
  }
  assert.equal((await readUsers({ MaxItems: 1000 })).items.length, 3);
  const own = await groupIn(requester);
  succeeded(await requester.ram("ListGroups", { MaxItems: 1000 }));
  for (const MaxItems of [0, 1001]) {
    await refused("ListGroups", { MaxItems }, refusals.maxItems);
    await refused("ListUsersForGroup", { GroupName: own, MaxItems }, refusals.maxItems);
  }
  await refused("ListGroups", { Marker: "x" }, refusals.marker);
  await refused("ListUsersForGroup", { GroupName: own, Marker: "x" }, refusals.marker);
});
