import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, groupId, hangzhou, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, listRouteTables, listVpcs, listVSwitches, readVpc, readVSwitch, type Sdk, sdkOf } from "./support.ts";

/** TagResources, UnTagResources, ListTagResources and MoveResourceGroup of VPCs, vSwitches and route tables. */
let server: InProcessServer;
let requester: Caller;
let sdk: Sdk;
let vpc: TestVpc;
let vSwitch: string;
let table: string;
/** A VPC of the other account. */
let foreign: TestVpc;

before(async () => {
  const account = (name: string, { account: uid, id, secret }: typeof requesterKey): object => ({
    name,
    uid,
    keys: [{ id, secret }],
    resourceGroups: ["blue"],
  });
  server = await startServer({ seed: { accounts: [account("requester", requesterKey), account("accepter", accepterKey)] } });
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
  vpc = await availableVpc(server, requester);
  foreign = await availableVpc(server, server.accepter);
  vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  table = await routeTableIn(server, vpc);
});
after(() => server.stop());

/** What the tag calls know, by the name of its type. */
const kinds = (): readonly (readonly [type: string, id: string])[] => [
  ["VPC", vpc.vpcId],
  ["VSWITCH", vSwitch],
  ["ROUTETABLE", table],
];
const call = (action: string, parameters: Parameters, caller = requester): Promise<Answer> =>
  caller.vpc(action, { RegionId: hangzhou, ResourceType: "VPC", ...parameters });
const tag = (ResourceId: readonly string[], tags: Record<string, string>, parameters: Parameters = {}, caller = requester) =>
  call("TagResources", { ResourceId, Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })), ...parameters }, caller);
const untag = (ResourceId: readonly string[], parameters: Parameters, caller = requester): Promise<Answer> =>
  call("UnTagResources", { ResourceId, ...parameters }, caller);
const list = (parameters: Parameters, caller = requester): Promise<Answer> => call("ListTagResources", parameters, caller);
const rows = (answer: Answer): Record<string, string>[] => succeeded(answer).body.TagResources.TagResource;
const many = (count: number): Record<string, string> => Object.fromEntries(Array.from({ length: count }, (_, n) => [`many-${n}`, ""]));

/** The tags of a resource, on which its read, its list and ListTagResources agree. */
async function tagsOf(type: string, id: string): Promise<Record<string, string>> {
  const shown = async () => {
    if (type === "VPC") return [(await readVpc(sdk, hangzhou, id)).tags, (await listVpcs(sdk, hangzhou, { vpcId: id })).items[0]?.tags];
    if (type === "VSWITCH") return [(await readVSwitch(sdk, id)).tags, (await listVSwitches(sdk, { vSwitchId: id })).items[0]?.tags];
    return [(await listRouteTables(sdk, hangzhou, { routeTableId: id })).items[0]?.tags];
  };
  const listed = rows(await list({ ResourceType: type, ResourceId: [id] })).map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]);
  for (const tags of await shown()) {
    const plain = JSON.parse(JSON.stringify(tags?.tag)).map(({ key, value }: { key: string; value: string }) => [key, value]);
    assert.deepEqual(plain, listed);
  }
  return Object.fromEntries(listed);
}

const refusals = {
  tooManyTags: { code: "SizeLimitExceeded.TagNum", message: "The maximum number of tags is exceeded." },
  tooManyIds: { code: "SizeLimitExceeded.ResourceId", message: "The maximum number of resource IDs is exceeded." },
  forbidden: { code: "Forbidden.TagKeys", message: "The request do not allow to operate the tag keys" },
  duplicated: { code: "Forbidden.TagKey.Duplicated", message: "The specified tag key already exists." },
  noKey: {
    code: "MissingParameter.TagKey",
    message: "The input parameter TagKey that is mandatory for processing this request is not supplied.",
  },
  key: { code: "InvalidTagKey", message: "The tag keys are not valid." },
  value: { code: "InvalidTagValue", message: "The tag values are not valid." },
  full: { code: "QuotaExceeded.TagNum", message: "Custom Tags quota exceeded" },
  ids: { code: "InvalidInstanceIds.NotFound", message: "The instanceIds are not found" },
  type: { code: "InvalidInstanceType.NotFound", message: "The instance type is not found" },
  empty: { code: "BothEmpty.TagsAndResources", message: "The specified Tags and ResourcesIds are not allow to both empty." },
  token: { code: "IllegalParam.NextToken", message: "User nextToken is illegal." },
  group: { code: "InvalidResourceGroupId", message: "The specified ResourceGroupId does not exist." },
  resource: { code: "InvalidResourceId.NotFound", message: "The specified ResourceId does not exist." },
  resourceType: { code: "IllegalParam.ResourceType", message: "Invalid Resource Type value." },
} as const;
const missing = (name: string): Expected => ({ code: `Missing${name}`, message: `${name} is mandatory for this action.` });
const refused = (work: () => Promise<Answer>, expected: Expected): Promise<void> => refusedUnchanged(server, work, expected);

test("tags are put, overwritten and taken off by key, on each kind of resource, with the parameters that clients send", async () => {
  for (const [resourceType, id] of kinds()) {
    const common = { regionId: hangzhou, resourceType, resourceId: [id] };
    const put = { tag: [{ key: "env", value: "test" }, { key: "empty", value: "" }, { key: "third" }] };
    assert.deepEqual(Object.keys(await ask(sdk, "tagResources", { ...common, ...put })), ["requestId"]);
    assert.deepEqual(await tagsOf(resourceType, id), { env: "test", empty: "", third: "" });
    await ask(sdk, "tagResources", { ...common, tag: [{ key: "env", value: "live" }] });
    assert.deepEqual(await tagsOf(resourceType, id), { env: "live", empty: "", third: "" });
    const { tagResources, nextToken } = await ask(sdk, "listTagResources", { ...common, tag: [{ key: "env", value: "live" }] });
    assert.deepEqual(JSON.parse(JSON.stringify(tagResources?.tagResource?.[0])), {
      resourceId: id,
      resourceType,
      tagKey: "env",
      tagValue: "live",
    });
    assert.equal(nextToken, undefined);
    assert.deepEqual(Object.keys(await ask(sdk, "unTagResources", { ...common, tagKey: ["env", "absent"] })), ["requestId"]);
    assert.deepEqual(await tagsOf(resourceType, id), { empty: "", third: "" });
    await ask(sdk, "unTagResources", { ...common, all: true });
    assert.deepEqual(await tagsOf(resourceType, id), {});
  }
});

test("without a key, All=true takes every tag off and All=false none; with a key, All changes nothing", async () => {
  const { vpcId } = vpc;
  succeeded(await tag([vpcId], { a: "1", b: "2" }));
  for (const All of [false, undefined]) succeeded(await untag([vpcId], { All }));
  assert.deepEqual(await tagsOf("VPC", vpcId), { a: "1", b: "2" });
  succeeded(await untag([vpcId], { All: true, TagKey: ["a"] }));
  assert.deepEqual(await tagsOf("VPC", vpcId), { b: "2" });
  succeeded(await untag([vpcId], { All: true }));
  assert.deepEqual(await tagsOf("VPC", vpcId), {});
});

test("the type is compared without letter case, and answered as documented", async () => {
  for (const [type, id] of kinds()) {
    for (const spelling of [type.toLowerCase(), type.toUpperCase(), type.charAt(0) + type.slice(1).toLowerCase()]) {
      succeeded(await tag([id], { cased: spelling }, { ResourceType: spelling }));
      assert.deepEqual(rows(await list({ ResourceType: spelling, ResourceId: [id] })), [
        { ResourceId: id, ResourceType: type, TagKey: "cased", TagValue: spelling },
      ]);
    }
    succeeded(await untag([id], { ResourceType: type, All: true }));
  }
});

test("bad tag calls are refused with the code for their fault, and change nothing", async () => {
  const { vpcId } = vpc;
  const twice = { Tag: [{ Key: "k" }, { Key: "k" }] };
  const numbered = Array.from({ length: 51 }, (_, n) => `vpc-${n}`);
  const cases: readonly (readonly [work: () => Promise<Answer>, expected: Expected])[] = [
    [() => tag([vpcId], many(21)), refusals.tooManyTags],
    [() => tag(numbered, { k: "v" }), refusals.tooManyIds],
    [() => tag([vpcId], { aliyun: "v" }), refusals.forbidden],
    [() => tag([vpcId], { "ACS:k": "v" }), refusals.forbidden],
    [() => tag([vpcId], { k: "acs:v" }), refusals.forbidden],
    [() => tag([vpcId], { "see http://x": "v" }), refusals.forbidden],
    [() => tag([vpcId], { k: "see https://x" }), refusals.forbidden],
    [() => tag([vpcId], {}, twice), refusals.duplicated],
    [() => tag([vpcId], {}, { Tag: [{ Value: "v" }] }), refusals.noKey],
    [() => tag([vpcId], { ["k".repeat(129)]: "v" }), refusals.key],
    [() => tag([vpcId], { k: "v".repeat(129) }), refusals.value],
    [() => tag(["vpc-unknown"], { k: "v" }), refusals.ids],
    [() => tag([vpcId, "vpc-unknown"], { k: "v" }), refusals.ids],
    [() => tag([vpcId, foreign.vpcId], { k: "v" }), refusals.ids],
    [() => tag([vSwitch], { k: "v" }), refusals.ids],
    [() => tag([vpcId], { k: "v" }, { RegionId: beijing }), refusals.ids],
    [() => tag([vpcId], { k: "v" }, { ResourceType: "VSWITCH" }), refusals.ids],
    [() => tag([vpcId], { k: "v" }, { ResourceType: "PeerConnection" }), refusals.type],
    [() => tag([], { k: "v" }), missing("ResourceId")],
    [() => tag([vpcId], {}), { code: "MissingParam.Tags", message: "You must specify the Tags parameter." }],
    [() => tag([vpcId], { k: "v" }, { ResourceType: undefined }), missing("ResourceType")],
    [() => untag([vpcId], { TagKey: Object.keys(many(21)) }), refusals.tooManyTags],
    [() => untag(numbered, { All: true }), refusals.tooManyIds],
    [() => untag([vpcId], { TagKey: ["k".repeat(129)] }), refusals.key],
    [() => untag([vpcId, foreign.vpcId], { All: true }), refusals.ids],
    [() => untag([vpcId], { All: true, ResourceType: "EIP" }), refusals.type],
    [() => untag([], { All: true }), missing("ResourceId")],
    [() => list({}), refusals.empty],
    [() => list({ Tag: [{ Value: "v" }] }), refusals.key],
    [() => list({ Tag: Object.keys(many(21)).map((Key) => ({ Key })) }), refusals.tooManyTags],
    [() => list({ Tag: [{ Key: "k", Value: "v".repeat(129) }] }), refusals.value],
    [() => list({ ResourceId: numbered }), refusals.tooManyIds],
    [() => list({ ResourceId: [vpcId], ResourceType: "EIP" }), refusals.type],
    [() => list({ ResourceId: [vpcId], NextToken: "bm90aGluZw" }), refusals.token],
    [
      () => list({ ResourceId: [vpcId], MaxResults: 51 }),
      { code: "InvalidMaxResults", message: "Specified parameter MaxResults is not valid." },
    ],
  ];
  for (const [index, [work, expected]] of cases.entries()) {
    await refused(work, expected).catch((error: Error) => {
      throw new Error(`case ${index}, ${expected.code}: ${error.message}`);
    });
  }
  assert.deepEqual(await tagsOf("VPC", vpcId), {});
});

test("a resource takes 20 tags and not one more; a refused call tags none of its resources", async () => {
  const other = await availableVpc(server, requester);
  succeeded(await tag([vpc.vpcId], many(20)));
  await refused(() => tag([vpc.vpcId], { another: "" }), refusals.full);
  await refused(() => tag([other.vpcId, vpc.vpcId], { another: "" }), refusals.full);
  succeeded(await tag([vpc.vpcId], { "many-7": "changed" }));
  assert.equal((await tagsOf("VPC", vpc.vpcId))["many-7"], "changed");
  assert.deepEqual(await tagsOf("VPC", other.vpcId), {});
  succeeded(await untag([vpc.vpcId], { All: true }));
});

test("ListTagResources joins its filters by AND and pages over resources without loss or repeat; other lists filter alike", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 7; n++) ids.push((await availableVpc(server, requester)).vpcId);
  succeeded(await tag(ids, { team: "net", tier: "one" }));
  succeeded(await tag(ids.slice(0, 3), { tier: "two" }));
  succeeded(await tag([vSwitch], { team: "net" }, { ResourceType: "VSWITCH" }));
  succeeded(await tag([foreign.vpcId], { team: "net" }, {}, server.accepter));
  const cases: readonly (readonly [tags: readonly { Key: string; Value?: string }[], found: readonly string[]])[] = [
    [[{ Key: "team" }], ids],
    [[{ Key: "team", Value: "net" }], ids],
    [
      [
        { Key: "team", Value: "net" },
        { Key: "tier", Value: "two" },
      ],
      ids.slice(0, 3),
    ],
    [[{ Key: "tier", Value: "one" }], ids.slice(3)],
    [[{ Key: "team", Value: "other" }], []],
    [[{ Key: "team", Value: "net" }, { Key: "none" }], []],
  ];
  for (const [Tag, found] of cases) {
    const listed = rows(await list({ Tag })).filter(({ TagKey }) => TagKey === "team");
    assert.deepEqual(
      listed.map(({ ResourceId }) => ResourceId),
      found,
    );
    const filter = { tag: Tag.map(({ Key, Value }) => ({ key: Key, value: Value })), pageSize: 50 };
    assert.deepEqual((await listVpcs(sdk, hangzhou, filter)).ids, found);
  }
  const some = rows(await list({ Tag: [{ Key: "tier", Value: "one" }], ResourceId: ids.slice(2, 4) }));
  assert.deepEqual([...new Set(some.map(({ ResourceId }) => ResourceId))], ids.slice(3, 4));
  assert.deepEqual((await listVSwitches(sdk, { regionId: hangzhou, tag: [{ key: "team" }] })).ids, [vSwitch]);

  const paged: string[] = [];
  let NextToken: string | undefined;
  do {
    const { body } = succeeded(await list({ Tag: [{ Key: "team" }], MaxResults: 2, NextToken }));
    // Both tags of a VPC come in one page.
    assert.ok(body.TagResources.TagResource.length <= 4 && body.TagResources.TagResource.length % 2 === 0);
    for (const { ResourceId, TagKey } of body.TagResources.TagResource) if (TagKey === "tier") paged.push(ResourceId);
    NextToken = body.NextToken;
  } while (NextToken !== undefined && NextToken !== "");
  assert.deepEqual(paged, ids);
});

test("tags go with their resource, and change while it is at work", async () => {
  const leaving = await availableVpc(server, requester, hangzhou, { Tag: [{ Key: "when", Value: "created" }] });
  succeeded(await requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: leaving.vpcId }));
  succeeded(await tag([leaving.vpcId], { when: "leaving" }));
  assert.equal(rows(await list({ Tag: [{ Key: "when" }] })).length, 1);
  await server.advance();
  await refused(() => tag([leaving.vpcId], { when: "gone" }), refusals.ids);
  assert.deepEqual(rows(await list({ Tag: [{ Key: "when" }] })), []);
  // An unknown id lists nothing, as nothing is to be found.
  assert.deepEqual(rows(await list({ ResourceId: [leaving.vpcId] })), []);
});

test("another account's tags are neither seen nor changed", async () => {
  const own = { whose: "requester" };
  succeeded(await tag([vpc.vpcId], own));
  assert.deepEqual(rows(await list({ ResourceId: [vpc.vpcId] }, server.accepter)), []);
  assert.deepEqual(rows(await list({ Tag: [{ Key: "whose" }] }, server.accepter)), []);
  await refused(() => untag([vpc.vpcId], { All: true }, server.accepter), refusals.ids);
  assert.deepEqual(await tagsOf("VPC", vpc.vpcId), own);
  succeeded(await untag([vpc.vpcId], { All: true }));
});

// Resource groups

const move = (ResourceId: string, NewResourceGroupId: string, parameters: Parameters = {}, caller = requester): Promise<Answer> =>
  call("MoveResourceGroup", { ResourceId, NewResourceGroupId, ...parameters }, caller);
/** The groups of a VPC and of all that moves with it. */
async function groupsOf(of: TestVpc) {
  const { vpcId } = of;
  const vSwitches = (await listVSwitches(sdk, { vpcId, pageSize: 50 })).items;
  const tables = (await listRouteTables(sdk, hangzhou, { vpcId })).items;
  const read = await readVpc(sdk, hangzhou, vpcId);
  assert.equal((await listVpcs(sdk, hangzhou, { vpcId })).items[0]?.resourceGroupId, read.resourceGroupId);
  return [read, ...vSwitches, ...tables].map(({ resourceGroupId }) => resourceGroupId);
}

test("a VPC moves with its vSwitches, its router and all its route tables, and lists by group follow", async () => {
  const [usual, blue] = [await groupId(requester), await groupId(requester, "blue")];
  const moved = await availableVpc(server, requester);
  await vSwitchIn(server, moved, "10.0.1.0/24");
  await routeTableIn(server, moved);
  // Work does not keep it.
  const pending = { RegionId: hangzhou, VpcId: moved.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.2.0/24" };
  succeeded(await requester.vpc("CreateVSwitch", pending));
  assert.deepEqual(await groupsOf(moved), Array(5).fill(usual));

  const answer = await ask(sdk, "moveResourceGroup", {
    regionId: hangzhou,
    resourceType: "VPC",
    resourceId: moved.vpcId,
    newResourceGroupId: blue,
  });
  assert.deepEqual(Object.keys(answer), ["requestId"]);
  assert.deepEqual(await groupsOf(moved), Array(5).fill(blue));
  // No read shows the group of a router.
  const routers = await server.store.read(async (stored) =>
    stored.list("vrouter", [["resourceGroup", `${requesterKey.account}\n${hangzhou}\n${blue}`]], { limit: 50 }),
  );
  assert.deepEqual(
    routers.map(({ body }) => JSON.parse(body).vpcId),
    [moved.vpcId],
  );
  for (const [group, isThere] of [
    [blue, true],
    [usual, false],
  ] as const) {
    const inGroup = { resourceGroupId: group, pageSize: 50 };
    assert.equal((await listVpcs(sdk, hangzhou, inGroup)).ids.includes(moved.vpcId), isThere);
    assert.equal((await listVSwitches(sdk, { regionId: hangzhou, vpcId: moved.vpcId, ...inGroup })).totalCount, isThere ? 2 : 0);
    assert.equal((await listRouteTables(sdk, hangzhou, { vpcId: moved.vpcId, ...inGroup })).totalCount, isThere ? 2 : 0);
  }
  await server.advance();

  // What comes later comes to the group of its VPC.
  const [later, laterTable] = [await vSwitchIn(server, moved, "10.0.3.0/24"), await routeTableIn(server, moved)];
  assert.equal((await readVSwitch(sdk, later)).resourceGroupId, blue);
  assert.equal((await listRouteTables(sdk, hangzhou, { routeTableId: laterTable })).items[0]?.resourceGroupId, blue);
  succeeded(await move(moved.vpcId, usual, { ResourceType: "vpc" }));
  assert.deepEqual(await groupsOf(moved), Array(7).fill(usual));
});

test("MoveResourceGroup refuses what is not there, what is no VPC, and groups of others", async () => {
  const blue = await groupId(requester, "blue");
  for (const id of ["vpc-unknown", foreign.vpcId, vSwitch, table]) await refused(() => move(id, blue), refusals.resource);
  await refused(() => move(vpc.vpcId, blue, { RegionId: beijing }), refusals.resource);
  for (const ResourceType of ["VSWITCH", "PeerConnection", "x"])
    await refused(() => move(vpc.vpcId, blue, { ResourceType }), refusals.resourceType);
  for (const group of ["rg-000000000000000000", await groupId(server.accepter, "blue"), vpc.vpcId])
    await refused(() => move(vpc.vpcId, group), refusals.group);
  await refused(() => move(vpc.vpcId, ""), missing("NewResourceGroupId"));
  await refused(() => move("", blue), missing("ResourceId"));
  await refused(() => move(vpc.vpcId, blue, { ResourceType: "" }), missing("ResourceType"));
});

test("a VPC that is being created or deleted stays in its group", async () => {
  const blue = await groupId(requester, "blue");
  const { VpcId } = succeeded(await requester.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" })).body;
  const status = { code: "IncorrectStatus.Vpc", message: `The status of Vpc [${VpcId}] is incorrect.` };
  await refused(() => move(VpcId, blue), status);
  await server.advance();
  succeeded(await requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId }));
  await refused(() => move(VpcId, blue), status);
  await server.advance();
  await refused(() => move(VpcId, blue), refusals.resource);
});
