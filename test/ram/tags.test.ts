import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utcSeconds } from "../../src/contract/time.ts";
import type { Caller, Parameters } from "../support/caller.ts";
import { succeeded } from "../support/networks.ts";
import { ramSdk } from "../support/official.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { freshName, roleSession, userWith } from "../support/principals.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { virtualNow } from "../vpn/support.ts";
import { missingPolicy, missingRole, policyIn, roleIn } from "./documents.ts";
import { ask, refusals, type Sdk, sdkOf } from "./support.ts";

/** TagResources, UntagResources, ListTagResources and UpdatePolicyDescription. */
let server: InProcessServer;
let requester: Caller;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const types = ["role", "policy"] as const;
type Type = (typeof types)[number];
/** A role or a custom policy of an account; answers its name. */
const madeIn = (owner: Caller, type: Type, parameters: Parameters = {}): Promise<string> =>
  type === "role" ? roleIn(owner, parameters) : policyIn(owner, parameters);
const refused = (action: string, parameters: Parameters, expected: Expected, caller = requester): Promise<void> =>
  refusedUnchanged(server, () => caller.ram(action, parameters), expected);
const missing: Readonly<Record<Type, Expected>> = { role: missingRole, policy: missingPolicy };
/** Tags of roles or policies as the list answers them: `name key=value`. */
async function tagsIn(owner: Caller, type: Type, parameters: Parameters = {}): Promise<string[]> {
  const { TagResources } = succeeded(await owner.ram("ListTagResources", { ResourceType: type, ...parameters })).body;
  return TagResources.map((tag: any) => {
    assert.equal(tag.ResourceType, type);
    return `${tag.ResourceName} ${tag.TagKey}=${tag.TagValue}`;
  });
}

for (const type of types) {
  test(`tags are put on a ${type}, replaced, listed and taken off, through the official SDK`, async () => {
    const resourceType = type;
    const [first, second] = [await madeIn(requester, type), await madeIn(requester, type)];
    const resourceNames = [first, second.toUpperCase(), first];
    const tag = [new ramSdk.TagResourcesRequestTag({ key: "env", value: "lab" }), new ramSdk.TagResourcesRequestTag({ key: "größe" })];
    await ask(sdk, "tagResources", { resourceType, resourceNames, tag });
    await ask(sdk, "tagResources", { resourceType, resourceNames: [second], tag: [{ key: "env", value: "名".repeat(256) }] });
    const { tagResources, nextToken } = await ask(sdk, "listTagResources", { resourceType, resourceNames });
    assert.equal(nextToken, undefined);
    assert.deepEqual(JSON.parse(JSON.stringify(tagResources)), [
      { resourceName: first, resourceType, tagKey: "env", tagValue: "lab" },
      { resourceName: first, resourceType, tagKey: "größe", tagValue: "" },
      { resourceName: second, resourceType, tagKey: "env", tagValue: "名".repeat(256) },
      { resourceName: second, resourceType, tagKey: "größe", tagValue: "" },
    ]);
    const lab = await ask(sdk, "listTagResources", {
      resourceType,
      tag: [new ramSdk.ListTagResourcesRequestTag({ key: "env", value: "lab" })],
    });
    assert.deepEqual([...new Set(lab.tagResources?.map(({ resourceName }) => resourceName))], [first]);
    await ask(sdk, "untagResources", { resourceType, resourceNames: [first], tagKeys: ["env", "none"] });
    assert.deepEqual(await tagsIn(requester, type, { ResourceNames: JSON.stringify([first]) }), [`${first} größe=`]);
    await ask(sdk, "untagResources", { resourceType, resourceNames, all: true });
    assert.deepEqual(await tagsIn(requester, type, { ResourceNames: [first, second] }), []);
  });

  test(`the other reads of a ${type} know its tags, and those that it was made with are there`, async () => {
    const name = await madeIn(requester, type, { Tag: '[{"Key":"made","Value":"with"}]' });
    assert.deepEqual(await tagsIn(requester, type, { ResourceNames: [name] }), [`${name} made=with`]);
    succeeded(await requester.ram("TagResources", { ResourceType: type, ResourceNames: [name], Tag: [{ Key: "later", Value: name }] }));
    const filter = { Tag: JSON.stringify([{ Key: "later", Value: name }]) };
    const { body } = succeeded(await requester.ram(type === "role" ? "ListRoles" : "ListPolicies", filter));
    const [found, ...others] = type === "role" ? body.Roles.Role : body.Policies.Policy;
    assert.deepEqual([found.RoleName ?? found.PolicyName, others], [name, []]);
    assert.deepEqual(found.Tags.Tag, [
      { TagKey: "made", TagValue: "with" },
      { TagKey: "later", TagValue: name },
    ]);
  });

  test(`a list of the tags of every ${type} of an account goes page by page`, async () => {
    const owner = await server.stranger();
    const names: string[] = [];
    for (const Key of ["a", "b", "c"]) names.push(await madeIn(owner, type, { Tag: [{ Key }, { Key: "all" }] }));
    await madeIn(owner, type);
    const pages: string[][] = [];
    for (let NextToken: string | undefined; ;) {
      const { body } = succeeded(await owner.ram("ListTagResources", { ResourceType: type, PageSize: 2, NextToken }));
      pages.push(body.TagResources.map((tag: any) => `${tag.ResourceName} ${tag.TagKey}`));
      NextToken = body.NextToken;
      if (NextToken === undefined) break;
    }
    const [one, two, three] = names;
    assert.deepEqual(pages, [
      [`${one} a`, `${one} all`, `${two} b`, `${two} all`],
      [`${three} c`, `${three} all`],
    ]);
    assert.deepEqual(await tagsIn(owner, type, { Tag: [{ Key: "b" }, { Key: "all", Value: "" }] }), [`${two} b=`, `${two} all=`]);
    assert.deepEqual(await tagsIn(owner, type, { Tag: [{ Key: "b" }], ResourceNames: [one] }), []);
    assert.deepEqual(await tagsIn(requester, type, { ResourceNames: names }), [], "what another account has looks missing");
  });

  test(`tag calls on a ${type} name what is there, and either all of it changes or nothing`, async () => {
    const name = await madeIn(requester, type);
    const theirs = await madeIn(server.accepter, type);
    const Tag = [{ Key: "k", Value: "v" }];
    for (const unknown of [theirs, "none", await madeIn(requester, type === "role" ? "policy" : "role")]) {
      const ResourceNames = [name, unknown];
      await refused("TagResources", { ResourceType: type, ResourceNames, Tag }, missing[type]);
      await refused("UntagResources", { ResourceType: type, ResourceNames, All: true }, missing[type]);
      assert.deepEqual(await tagsIn(requester, type, { ResourceNames }), []);
    }
    const many = Array.from({ length: 51 }, () => name);
    await refused("TagResources", { ResourceType: type, ResourceNames: many, Tag }, named("ResourceNames"));
    succeeded(await requester.ram("TagResources", { ResourceType: type, ResourceNames: many.slice(1), Tag }));
    const twenty = Array.from({ length: 20 }, (_, index) => ({ Key: `k${index}` }));
    const full = { code: "NumberExceed.Tags", message: "The maximum number of tags is exceeded." };
    await refused("TagResources", { ResourceType: type, ResourceNames: [name], Tag: twenty }, full);
    await refused("TagResources", { ResourceType: type, ResourceNames: [name], Tag: [...twenty, { Key: "x" }] }, full);
    succeeded(await requester.ram("TagResources", { ResourceType: type, ResourceNames: [name], Tag: [...twenty.slice(1), ...Tag] }));
  });
}

const named = (name: string): Expected => ({ code: `Invalid${name}`, message: `Specified parameter ${name} is not valid.` });

test("tag calls say which of their parameters is wrong", async () => {
  const name = await madeIn(requester, "role");
  const whole = { ResourceType: "role", ResourceNames: [name], Tag: [{ Key: "k", Value: "v" }] };
  const type = { code: "InvalidParameter.ResourceType", message: 'The parameter - "ResourceType" is incorrect.' };
  for (const action of ["TagResources", "UntagResources", "ListTagResources"]) {
    await refused(action, { ...whole, ResourceType: undefined }, refusals.missing("ResourceType"));
    for (const ResourceType of ["Role", "user", "roles"]) await refused(action, { ...whole, ResourceType }, type);
    for (const ResourceNames of ["[", '{"a":1}', "[[]]", name]) await refused(action, { ...whole, ResourceNames }, named("ResourceNames"));
  }
  for (const action of ["TagResources", "UntagResources"]) {
    for (const ResourceNames of [undefined, "[]", ""])
      await refused(action, { ...whole, ResourceNames }, refusals.missing("ResourceNames"));
  }
  await refused("TagResources", { ...whole, Tag: undefined }, refusals.missing("Tag"));
  const reserved = { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." };
  for (const tag of [{ Key: "acs:x" }, { Key: "aliyun" }, { Key: "x", Value: "http://x" }]) {
    await refused("TagResources", { ...whole, Tag: [tag] }, reserved);
  }
  const twice = { code: "Forbidden.TagKey.Duplicated", message: "The specified tag key already exists." };
  await refused("TagResources", { ...whole, Tag: '[{"Key":"x"},{"Key":"x"}]' }, twice);
  const key = { code: "InvalidTagKey", message: "The tag keys are not valid." };
  for (const action of ["TagResources", "ListTagResources"]) await refused(action, { ...whole, Tag: [{ Value: "v" }] }, key);
  await refused("TagResources", { ...whole, Tag: [{ Key: "x".repeat(129) }] }, key);
  const value = { code: "InvalidTagValue", message: "The tag values are not valid." };
  await refused("TagResources", { ...whole, Tag: [{ Key: "x", Value: "x".repeat(257) }] }, value);
  await refused("UntagResources", { ...whole, TagKeys: ["x".repeat(129)] }, key);
  const many = { code: "NumberExceed.Tags", message: "The maximum number of tags is exceeded." };
  await refused("UntagResources", { ...whole, TagKeys: JSON.stringify(Array.from({ length: 21 }, (_, index) => `${index}`)) }, many);
  for (const PageSize of [0, 101]) await refused("ListTagResources", { ...whole, PageSize }, named("PageSize"));
  await refused(
    "ListTagResources",
    { ...whole, NextToken: "x" },
    { code: "IllegalParam.NextToken", message: "User nextToken is illegal." },
  );
});

test("keys go one by one even if All is set, and nothing goes where neither is given", async () => {
  const name = await madeIn(requester, "role", { Tag: [{ Key: "a" }, { Key: "b" }] });
  const untag = (parameters: Parameters) => requester.ram("UntagResources", { ResourceType: "role", ResourceNames: [name], ...parameters });
  succeeded(await untag({}));
  succeeded(await untag({ All: false }));
  assert.deepEqual(await tagsIn(requester, "role", { ResourceNames: [name] }), [`${name} a=`, `${name} b=`]);
  succeeded(await untag({ TagKeys: '["a"]', All: true }));
  assert.deepEqual(await tagsIn(requester, "role", { ResourceNames: [name] }), [`${name} b=`]);
});

test("a user or a role tags what is there if its policies allow it on everything", async () => {
  const name = await madeIn(requester, "policy");
  const call = { ResourceType: "policy", ResourceNames: [name], Tag: [{ Key: "k", Value: "v" }] };
  const statement = { Effect: "Allow", Action: "ram:TagResources" } as const;
  const { caller: narrow } = await userWith(requester, { ...statement, Resource: `acs:ram:*:*:policy/${name}` });
  const answer = await narrow.ram("TagResources", call);
  assert.deepEqual([answer.status, answer.body.Code], [403, "NoPermission"]);
  for (const caller of [
    (await userWith(requester, { ...statement, Resource: "*" })).caller,
    await roleSession(requester, { ...statement, Resource: "*" }),
  ]) {
    succeeded(await caller.ram("TagResources", call));
  }
});

test("the description of a policy changes, and nothing else but the time of change, through the official SDK", async () => {
  const policyName = await madeIn(requester, "policy", { Description: "before" });
  const read = async () => succeeded(await requester.ram("GetPolicy", { PolicyType: "Custom", PolicyName: policyName })).body;
  const before = await read();
  const newDescription = "after — 後\nsecond line";
  await server.advance(60);
  const { policy } = await ask(sdk, "updatePolicyDescription", { policyName: policyName.toUpperCase(), newDescription });
  const UpdateDate = utcSeconds(await virtualNow(server));
  const { CreateDate: createDate, DefaultVersion: defaultVersion, PolicyType: policyType } = before.Policy;
  assert.deepEqual(JSON.parse(JSON.stringify(policy)), {
    policyName,
    policyType,
    defaultVersion,
    createDate,
    description: newDescription,
    updateDate: UpdateDate,
  });
  assert.notEqual(UpdateDate, createDate);
  const changed = await read();
  assert.deepEqual(changed, {
    ...before,
    RequestId: changed.RequestId,
    Policy: { ...before.Policy, Description: newDescription, UpdateDate },
  });
  for (const [NewDescription, Description] of [
    [undefined, newDescription],
    ["", ""],
    ["名".repeat(1024), "名".repeat(1024)],
  ]) {
    const answer = succeeded(await requester.ram("UpdatePolicyDescription", { PolicyName: policyName, NewDescription })).body.Policy;
    assert.equal(answer.Description, Description);
    assert.equal((await read()).Policy.Description, Description);
  }
});

test("only custom policies of the account change their description", async () => {
  const PolicyName = await madeIn(requester, "policy");
  const theirs = await madeIn(server.accepter, "policy");
  const update = "UpdatePolicyDescription";
  for (const unknown of [theirs, "AdministratorAccess", "none"])
    await refused(update, { PolicyName: unknown, NewDescription: "x" }, missing.policy);
  await refused(update, { PolicyName: "a_b", NewDescription: "x" }, refusals.chars("PolicyName"));
  await refused(update, { PolicyName: "x".repeat(129), NewDescription: "x" }, refusals.length("PolicyName"));
  await refused(update, { NewDescription: "x" }, refusals.missing("PolicyName"));
  await refused(update, { PolicyName, NewDescription: "x".repeat(1025) }, refusals.length("NewDescription"));
});

test("descriptions of roles and comments of groups are cleared by an empty text", async () => {
  const RoleName = await madeIn(requester, "role", { Description: "d" });
  const { Role } = succeeded(await requester.ram("UpdateRole", { RoleName, NewDescription: "" })).body;
  assert.equal(Role.Description, "");
  const GroupName = freshName("group");
  succeeded(await requester.ram("CreateGroup", { GroupName, Comments: "c" }));
  const { Group } = succeeded(await requester.ram("UpdateGroup", { GroupName, NewComments: "" })).body;
  assert.equal(Group.Comments, "");
});
