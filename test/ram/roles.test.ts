import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utcSeconds } from "../../src/contract/time.ts";
import type { Caller, Parameters } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { ramSdk } from "../support/official.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { freshName } from "../support/principals.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { virtualNow } from "../vpn/support.ts";
import { documentOf, malformed, missingRole, roleIn, trusting } from "./documents.ts";
import { ask, pages, refusals, type Sdk, sdkOf, wrongNames } from "./support.ts";

/** CreateRole, GetRole, UpdateRole, DeleteRole and ListRoles. */
let server: InProcessServer;
let requester: Caller;
let sdk: Sdk;
const { account } = requesterKey;
const trust = trusting(account);

before(async () => {
  server = await startServer();
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const refused = (action: string, parameters: Parameters, expected: Expected, caller = requester): Promise<void> =>
  refusedUnchanged(server, () => caller.ram(action, parameters), expected);
const read = async (RoleName: string, owner = requester): Promise<any> => succeeded(await owner.ram("GetRole", { RoleName })).body.Role;
const now = async (): Promise<string> => utcSeconds(await virtualNow(server));
const list = async (parameters: Parameters, owner = requester): Promise<{ items: any[]; IsTruncated: boolean; Marker?: string }> => {
  const { Roles, IsTruncated, Marker } = succeeded(await owner.ram("ListRoles", parameters)).body;
  return { items: Roles.Role, IsTruncated, Marker };
};
const namesOf = (roles: readonly { RoleName: string }[]): string[] => roles.map(({ RoleName }) => RoleName);

test("a role of which only what it must have is said lasts an hour, and has an id, an ARN and times", async () => {
  const RoleName = freshName("Role");
  const { Role } = succeeded(await requester.ram("CreateRole", { RoleName, AssumeRolePolicyDocument: trust })).body;
  const { RoleId, ...rest } = Role;
  assert.match(RoleId, /^3\d{17}$/);
  assert.deepEqual(rest, {
    Arn: `acs:ram::${account}:role/${RoleName}`,
    AssumeRolePolicyDocument: trust,
    CreateDate: await now(),
    Description: "",
    MaxSessionDuration: 3600,
    RoleName,
  });
  assert.deepEqual(await read(RoleName), { ...Role, UpdateDate: Role.CreateDate });
});

test("everything that can be said of a role is shown again, through the official SDK", async () => {
  const roleName = freshName("role");
  const description = "Für alles — 所有\nsecond line";
  const tag = [new ramSdk.CreateRoleRequestTag({ key: "env", value: "test" }), new ramSdk.CreateRoleRequestTag({ key: "größe" })];
  const document = { assumeRolePolicyDocument: ` ${trust}\r\n\t`, maxSessionDuration: 43_200 };
  const { role } = await ask(sdk, "createRole", { roleName, description, ...document, tag });
  assert.deepEqual([role?.description, role?.maxSessionDuration], [description, 43_200]);
  assert.equal(role?.assumeRolePolicyDocument, document.assumeRolePolicyDocument, "byte for byte");
  const { role: again } = await ask(sdk, "getRole", { roleName });
  assert.equal(again?.assumeRolePolicyDocument, document.assumeRolePolicyDocument);
  const { roles } = await ask(sdk, "listRoles", { tag: [new ramSdk.ListRolesRequestTag({ key: "env", value: "test" })] });
  const listed = JSON.parse(JSON.stringify(roles?.role));
  const { assumeRolePolicyDocument: _document, ...shown } = JSON.parse(JSON.stringify(again));
  const tags = {
    tag: [
      { tagKey: "env", tagValue: "test" },
      { tagKey: "größe", tagValue: "" },
    ],
  };
  assert.deepEqual(listed, [{ ...shown, tags }]);
});

test("a name is letters, digits, periods and hyphens, and once in an account whatever its letter case", async () => {
  const own = await server.stranger();
  for (const RoleName of ["a", "9", "A.b-c-D", "..", "x".repeat(64)]) {
    await roleIn(own, { RoleName });
    assert.equal((await read(RoleName, own)).RoleName, RoleName);
  }
  const create = { AssumeRolePolicyDocument: trust };
  for (const RoleName of [...wrongNames.chars, "a_b"]) await refused("CreateRole", { ...create, RoleName }, refusals.chars("RoleName"));
  for (const RoleName of wrongNames.length) await refused("CreateRole", { ...create, RoleName }, refusals.length("RoleName"));
  const exists = { code: "EntityAlreadyExists.Role", message: "The role does already EXIST.", status: 409 };
  await refused("CreateRole", { ...create, RoleName: "a.B-C-d" }, exists, own);
  assert.equal((await read("a.b-c-d", own)).RoleName, "A.b-c-D", "it is found whatever the letter case, and shown as it was given");
  await roleIn(requester, { RoleName: "A.b-c-D" });
});

test("what must be given, and the limits of the rest", async () => {
  const RoleName = freshName("role");
  const whole = { RoleName, AssumeRolePolicyDocument: trust };
  await refused("CreateRole", { AssumeRolePolicyDocument: trust }, refusals.missing("RoleName"));
  await refused("CreateRole", { RoleName }, refusals.missing("AssumeRolePolicyDocument"));
  for (const action of ["GetRole", "UpdateRole", "DeleteRole"]) await refused(action, {}, refusals.missing("RoleName"));
  await refused("CreateRole", { ...whole, Description: "名".repeat(1025) }, refusals.length("Description"));
  await refused("CreateRole", { ...whole, AssumeRolePolicyDocument: documentOf(6145) }, refusals.length("AssumeRolePolicyDocument"));
  for (const MaxSessionDuration of [3599, 43_201, "1h"]) {
    const message = "Specified parameter MaxSessionDuration is not valid.";
    await refused("CreateRole", { ...whole, MaxSessionDuration }, { code: "InvalidMaxSessionDuration", message });
  }
  const reserved = { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." };
  await refused("CreateRole", { ...whole, Tag: '[{"Key":"acs:x","Value":"1"}]' }, reserved);
  const twice = { code: "Forbidden.TagKey.Duplicated", message: "The specified tag key already exists." };
  await refused("CreateRole", { ...whole, Tag: '[{"Key":"x"},{"Key":"x"}]' }, twice);
  await refused("CreateRole", { ...whole, Tag: '[{"Value":"x"}]' }, { code: "InvalidTagKey", message: "The tag keys are not valid." });
  await roleIn(requester, { ...whole, Description: "名".repeat(1024), MaxSessionDuration: 3600, Tag: [{ Key: "flat", Value: "too" }] });
});

test("a trust policy is written in the grammar of trust policies, and the refusal says where it is not", async () => {
  const known = await roleIn(requester);
  const policy = JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "vpc:*", Resource: "*" }] });
  for (const [document, message] of [...malformed, [policy, /sts:AssumeRole/] as const]) {
    for (const [action, parameters] of [
      ["CreateRole", { RoleName: freshName("role"), AssumeRolePolicyDocument: document }],
      ["UpdateRole", { RoleName: known, NewAssumeRolePolicyDocument: document }],
    ] as const) {
      const { body } = refusedWith(await requester.ram(action, parameters), "MalformedPolicyDocument");
      assert.match(body.Message, message);
    }
  }
  assert.equal((await read(known)).AssumeRolePolicyDocument, trust);
});

test("UpdateRole changes what is given and leaves the rest", async () => {
  const roleName = await roleIn(requester, { Description: "first", MaxSessionDuration: 7200 });
  const created = await read(roleName);
  await server.advance(60);
  const document = trusting("1000000000000002");
  const { role } = await ask(sdk, "updateRole", { roleName: roleName.toUpperCase(), newAssumeRolePolicyDocument: document });
  const UpdateDate = await now();
  assert.notEqual(UpdateDate, created.CreateDate);
  assert.deepEqual(await read(roleName), { ...created, AssumeRolePolicyDocument: document, UpdateDate });
  assert.deepEqual([role?.roleName, role?.assumeRolePolicyDocument, role?.updateDate], [roleName, document, UpdateDate]);
  await ask(sdk, "updateRole", { roleName, newDescription: "second", newMaxSessionDuration: 3600 });
  const changed = { AssumeRolePolicyDocument: document, Description: "second", MaxSessionDuration: 3600, UpdateDate };
  assert.deepEqual(await read(roleName), { ...created, ...changed });

  await refused("UpdateRole", { RoleName: "nobody", NewDescription: "x" }, missingRole);
  await refused("UpdateRole", { RoleName: roleName, NewDescription: "x".repeat(1025) }, refusals.length("NewDescription"));
  const tooLong = { RoleName: roleName, NewAssumeRolePolicyDocument: documentOf(6145) };
  await refused("UpdateRole", tooLong, refusals.length("NewAssumeRolePolicyDocument"));
  const message = "Specified parameter NewMaxSessionDuration is not valid.";
  await refused("UpdateRole", { RoleName: roleName, NewMaxSessionDuration: 3599 }, { code: "InvalidNewMaxSessionDuration", message });
});

test("DeleteRole wants no policy attached, and its name is free again", async () => {
  const roleName = await roleIn(requester);
  const { RoleId } = await read(roleName);
  const attachment = { RoleName: roleName, PolicyType: "System", PolicyName: "ReadOnlyAccess" };
  succeeded(await requester.ram("AttachPolicyToRole", attachment));
  const message = "The role CAN NOT has any attached policy while deleting the role.";
  await refused("DeleteRole", { RoleName: roleName }, { code: "DeleteConflict.Role.Policy", message, status: 409 });
  succeeded(await requester.ram("DetachPolicyFromRole", attachment));
  await ask(sdk, "deleteRole", { roleName: roleName.toUpperCase() });
  for (const action of ["GetRole", "UpdateRole", "DeleteRole", "ListPoliciesForRole"]) {
    await refused(action, { RoleName: roleName }, missingRole);
  }
  await roleIn(requester, { RoleName: roleName });
  assert.notEqual((await read(roleName)).RoleId, RoleId);
});

test("ListRoles pages through the roles of the account in the order in which they were made", async () => {
  const own = await server.stranger();
  assert.deepEqual(await list({}, own), { items: [], IsTruncated: false, Marker: undefined });
  const names: string[] = [];
  for (let index = 0; index < 5; index++) {
    names.push(await roleIn(own, index % 2 === 0 ? { Tag: JSON.stringify([{ Key: "even", Value: `${index}` }]) } : {}));
  }
  const read = await pages(({ MaxItems, Marker }) => list({ MaxItems, Marker }, own), 2);
  assert.deepEqual(read.map(namesOf), [names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
  const even = await pages(({ MaxItems, Marker }) => list({ MaxItems, Marker, Tag: '[{"Key":"even"}]' }, own), 1);
  assert.deepEqual(namesOf(even.flat()), [names[0], names[2], names[4]]);
  assert.deepEqual(namesOf((await list({ Tag: '[{"Key":"even","Value":"2"}]' }, own)).items), [names[2]]);
  assert.deepEqual((await list({ Tag: '[{"Key":"odd"}]' }, own)).items, []);
  await refused("ListRoles", { Marker: "nonsense" }, refusals.marker);
  for (const MaxItems of [0, 1001]) await refused("ListRoles", { MaxItems }, refusals.maxItems);
});

test("an account has as many roles as its quota RolesQuota allows", async () => {
  const own = await server.stranger();
  await server.admin("PUT", "settings", { quotas: [{ name: "RolesQuota", account: own.key.account, value: 1 }] });
  const first = await roleIn(own);
  const message = "The count of roles beyond the current limits.";
  const create = { RoleName: freshName("role"), AssumeRolePolicyDocument: trust };
  await refused("CreateRole", create, { code: "LimitExceeded.Role", message, status: 409 }, own);
  succeeded(await own.ram("DeleteRole", { RoleName: first }));
  succeeded(await own.ram("CreateRole", create));
});
