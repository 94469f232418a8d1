import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { activePeering, beijing, groupId, hangzhou, refusedWith, requestPeering, succeeded, type TestVpc } from "../support/networks.ts";
import { callV3 } from "../support/official.ts";
import { outcome, refusedUnchanged } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { attributes, putSettings, seconds, vpcPair } from "./connections.ts";

/** TagResources, UnTagResources, ListTagResources and MoveResourceGroup of peering connections. */

let server: InProcessServer;
/** Activated, from the requester in Hangzhou to the accepter in Beijing. */
let inter: string;
let from: TestVpc;
/** Activated, between two VPCs of the requester in Hangzhou. */
let own: string;

before(async () => {
  server = await startServer({
    seed: {
      accounts: [
        {
          name: "requester",
          uid: requesterKey.account,
          keys: [{ id: requesterKey.id, secret: requesterKey.secret }],
          resourceGroups: ["blue", "green"],
        },
        {
          name: "accepter",
          uid: accepterKey.account,
          keys: [{ id: accepterKey.id, secret: accepterKey.secret }],
          resourceGroups: ["blue"],
        },
      ],
    },
  });
  await putSettings(server);
  const pair = await vpcPair(server, server.accepter, beijing);
  from = pair[0];
  inter = await activePeering(server, ...pair);
  own = await activePeering(server, ...(await vpcPair(server, server.requester)));
});
after(() => server.stop());

const unknown = "pcc-000000000000000000";
const common = { RegionId: hangzhou, ResourceType: "PeerConnection" };
const tag = (
  ResourceId: readonly string[],
  tags: Readonly<Record<string, string>>,
  parameters: Parameters = {},
  caller: Caller = server.requester,
): Promise<Answer> =>
  caller.peer("TagResources", { ...common, ResourceId, Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })), ...parameters });
const untag = (ResourceId: readonly string[], parameters: Parameters, caller: Caller = server.requester): Promise<Answer> =>
  caller.peer("UnTagResources", { ...common, ResourceId, ...parameters });
const list = (parameters: Parameters, caller: Caller = server.requester): Promise<Answer> =>
  caller.peer("ListTagResources", { ...common, ...parameters });
const move = (
  ResourceId: string,
  NewResourceGroupId: string,
  parameters: Parameters = {},
  caller: Caller = server.requester,
): Promise<Answer> => caller.peer("MoveResourceGroup", { ...common, ResourceId, NewResourceGroupId, ...parameters });
const tagsRead = async (caller: Caller, id: string): Promise<Record<string, string>> =>
  Object.fromEntries((await attributes(caller, id)).Tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]));
const many = (count: number): Record<string, string> => Object.fromEntries(Array.from({ length: count }, (_, n) => [`many-${n}`, ""]));
const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `pcc-${n}`);

const refusals = {
  tooManyTags: { code: "NumberExceed.Tags", message: "The maximum number of tags is exceeded." },
  tooManyIds: { code: "NumberExceed.ResourceIds", message: "The maximum number of resource IDs is exceeded." },
  forbidden: { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." },
  duplicated: { code: "Forbidden.TagKey.Duplicated", message: "The specified tag key already exists." },
  key: { code: "InvalidTagKey", message: "The tag keys are not valid." },
  value: { code: "InvalidTagValue", message: "The tag values are not valid." },
  ids: { code: "InvalidInstanceIds.NotFound", message: "The instance IDs are not found." },
  type: { code: "InvalidInstanceType.NotFound", message: "The instance type is not found." },
  empty: { code: "BothEmpty.TagsAndResources", message: "The specified Tags and ResourcesIds are not allow to both empty." },
  token: { code: "IllegalParam.NextToken", message: "User nextToken is illegal." },
  group: { code: "OperationFailed.NotExist.ResourceGroup", message: "The operation failed because the resource group not exist." },
  move: { code: "ResourceNotFound.VpcPeer", message: "The specified resource of VpcPeer is not found." },
} as const;
const missing = (name: string): { code: string; message: string } => ({
  code: `Missing${name}`,
  message: `${name} is mandatory for this action.`,
});
const invalid = (name: string): { code: string; message: string } => ({
  code: `Invalid${name}`,
  message: `Specified parameter ${name} is not valid.`,
});

const refused: readonly (readonly [name: string, call: () => Promise<Answer>, refusal: { code: string; message: string }])[] = [
  ["TagResources: 21 tags", () => tag([own], many(21)), refusals.tooManyTags],
  ["TagResources: 51 ids", () => tag(numbered(51), { k: "v" }), refusals.tooManyIds],
  ["TagResources: key of aliyun", () => tag([own], { aliyun: "v" }), refusals.forbidden],
  ["TagResources: value of acs:", () => tag([own], { k: "acs:v" }), refusals.forbidden],
  ["TagResources: key with an address", () => tag([own], { "k http://": "v" }), refusals.forbidden],
  [
    "TagResources: key twice",
    () =>
      tag(
        [own],
        {},
        {
          Tag: [
            { Key: "k", Value: "1" },
            { Key: "k", Value: "2" },
          ],
        },
      ),
    refusals.duplicated,
  ],
  ["TagResources: no key", () => tag([own], {}, { Tag: [{ Value: "v" }] }), refusals.key],
  ["TagResources: long key", () => tag([own], { ["k".repeat(129)]: "v" }), refusals.key],
  ["TagResources: long value", () => tag([own], { k: "v".repeat(129) }), refusals.value],
  ["TagResources: unknown id", () => tag([unknown], { k: "v" }), refusals.ids],
  ["TagResources: one unknown id among known ones", () => tag([own, unknown], { k: "v" }), refusals.ids],
  ["TagResources: the id of a VPC", () => tag([from.vpcId], { k: "v" }), refusals.ids],
  ["TagResources: another region than the caller's side", () => tag([inter], { k: "v" }, { RegionId: beijing }), refusals.ids],
  ["TagResources: unknown type", () => tag([own], { k: "v" }, { ResourceType: "VPC" }), refusals.type],
  ["TagResources: no id", () => tag([], { k: "v" }), missing("ResourceId")],
  ["TagResources: no tag", () => tag([own], {}), missing("Tag")],
  ["TagResources: no type", () => tag([own], { k: "v" }, { ResourceType: undefined }), missing("ResourceType")],
  ["UnTagResources: 21 keys", () => untag([own], { TagKey: Object.keys(many(21)) }), refusals.tooManyTags],
  ["UnTagResources: 51 ids", () => untag(numbered(51), { TagKey: ["k"] }), refusals.tooManyIds],
  ["UnTagResources: unknown id", () => untag([unknown], { All: true }), refusals.ids],
  ["UnTagResources: unknown type", () => untag([own], { TagKey: ["k"], ResourceType: "VSWITCH" }), refusals.type],
  ["UnTagResources: long key", () => untag([own], { TagKey: ["k".repeat(129)] }), refusals.key],
  ["ListTagResources: neither ids nor tags", () => list({}), refusals.empty],
  ["ListTagResources: value without key", () => list({ Tag: [{ Value: "v" }] }), refusals.key],
  ["ListTagResources: 21 tags", () => list({ Tag: Object.keys(many(21)).map((Key) => ({ Key })) }), refusals.tooManyTags],
  ["ListTagResources: 51 ids", () => list({ ResourceId: numbered(51) }), refusals.tooManyIds],
  ["ListTagResources: unknown type", () => list({ ResourceId: [own], ResourceType: "Peer" }), refusals.type],
  ["ListTagResources: token of its own making", () => list({ ResourceId: [own], NextToken: "bm90aGluZw" }), refusals.token],
  ["ListTagResources: page of 51", () => list({ ResourceId: [own], MaxResults: 51 }), invalid("MaxResults")],
];
for (const [name, call, refusal] of refused) {
  test(`${name} answers ${refusal.code}`, () => refusedUnchanged(server, call, refusal));
}

test("tags are put, overwritten, listed and taken off by key, with the parameters that clients send", async () => {
  const call = (action: string, parameters: Record<string, string>): Promise<any> =>
    callV3(server.endpoint, requesterKey, action, { ...common, "ResourceId.1": own, ...parameters });
  const put = await call("TagResources", {
    "Tag.1.Key": "env",
    "Tag.1.Value": "test",
    "Tag.2.Key": "empty",
    "Tag.2.Value": "",
    ClientToken: "tags",
  });
  assert.equal(put.Success, true);
  assert.equal((await call("TagResources", { "Tag.1.Key": "env", "Tag.1.Value": "live" })).Success, true);
  assert.deepEqual(await tagsRead(server.requester, own), { env: "live", empty: "" });
  const { TagResources } = await call("ListTagResources", {});
  const row = { RegionNo: hangzhou, ResourceId: own, ResourceType: "PeerConnection" };
  assert.deepEqual(TagResources, [
    { ...row, TagKey: "env", TagValue: "live" },
    { ...row, TagKey: "empty", TagValue: "" },
  ]);
  assert.equal((await call("UnTagResources", { "TagKey.1": "env", "TagKey.2": "absent", All: "true" })).Success, true);
  assert.deepEqual(await tagsRead(server.requester, own), { empty: "" });
});

test("without a key, All=true takes every tag off and All=false none", async () => {
  succeeded(await tag([own], { a: "1", b: "2" }));
  for (const All of [false, undefined]) succeeded(await untag([own], { All }));
  assert.equal(Object.keys(await tagsRead(server.requester, own)).includes("b"), true);
  succeeded(await untag([own], { All: true }));
  assert.deepEqual(await tagsRead(server.requester, own), {});
});

test("the type is compared without letter case", async () => {
  succeeded(await tag([own], { cased: "yes" }, { ResourceType: "peerconnection" }));
  assert.equal(
    succeeded(await list({ ResourceId: [own], ResourceType: "PEERCONNECTION" })).body.TagResources[0].ResourceType,
    "PeerConnection",
  );
  succeeded(await untag([own], { All: true }));
});

test("a connection takes 20 tags and not one more, whether at once or one by one; a refused call tags none of its resources", async () => {
  succeeded(await tag([own], many(20)));
  await refusedUnchanged(server, () => tag([own], { another: "" }), refusals.tooManyTags);
  await refusedUnchanged(server, () => tag([inter, own], { another: "" }), refusals.tooManyTags);
  assert.deepEqual(await tagsRead(server.requester, inter), {});
  succeeded(await tag([own], { "many-7": "changed" }));
  assert.equal((await tagsRead(server.requester, own))["many-7"], "changed");
  succeeded(await untag([own], { All: true }));
});

test("ListTagResources joins its filters by AND and pages over resources without loss or repeat", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 7; n++) ids.push(await activePeering(server, ...(await vpcPair(server, server.requester))));
  succeeded(await tag(ids, { team: "net", tier: "one" }));
  succeeded(await tag(ids.slice(0, 3), { tier: "two" }));
  const idsOf = async (parameters: Parameters): Promise<string[]> =>
    succeeded(await list(parameters))
      .body.TagResources.filter(({ TagKey }: { TagKey: string }) => TagKey === "team")
      .map(({ ResourceId }: { ResourceId: string }) => ResourceId);
  assert.deepEqual(await idsOf({ Tag: [{ Key: "team" }] }), ids);
  assert.deepEqual(
    await idsOf({
      Tag: [
        { Key: "team", Value: "net" },
        { Key: "tier", Value: "two" },
      ],
    }),
    ids.slice(0, 3),
  );
  assert.deepEqual(await idsOf({ Tag: [{ Key: "tier", Value: "one" }], ResourceId: ids.slice(2, 4) }), ids.slice(3, 4));
  assert.deepEqual(await idsOf({ Tag: [{ Key: "team", Value: "other" }] }), []);

  const paged: string[] = [];
  let NextToken: string | undefined;
  do {
    const { body } = succeeded(await list({ Tag: [{ Key: "team" }], MaxResults: 2, NextToken }));
    assert.equal(body.MaxResults, 2);
    // Both tags of a connection come in one page.
    assert.equal(body.TagResources.length % 2, 0);
    for (const { ResourceId, TagKey } of body.TagResources) if (TagKey === "tier") paged.push(ResourceId);
    NextToken = body.NextToken;
  } while (NextToken !== undefined && NextToken !== "");
  assert.deepEqual(paged, ids);
});

test("tags given at creation and at acceptance are the giver's own", async () => {
  const pair = await vpcPair(server, server.accepter, beijing);
  const InstanceId = await requestPeering(...pair, { Tag: [{ Key: "side", Value: "asker" }] });
  await server.advance();
  succeeded(
    await server.accepter.peer("AcceptVpcPeerConnection", {
      InstanceId,
      Tag: [
        { Key: "side", Value: "answerer" },
        { Key: "more", Value: "" },
      ],
    }),
  );
  assert.deepEqual(await tagsRead(server.requester, InstanceId), { side: "asker" });
  assert.deepEqual(await tagsRead(server.accepter, InstanceId), { side: "answerer", more: "" });
});

test("the tags of a connection can change in every state but go with it", async () => {
  const [one, two] = await vpcPair(server, server.requester);
  const InstanceId = await requestPeering(one, two);
  // Half-way through: a tag neither hastens nor delays the work.
  await server.advance(seconds.work / 2);
  succeeded(await tag([InstanceId], { when: "Creating" }));
  await server.advance(seconds.work / 2);
  assert.equal((await attributes(server.requester, InstanceId)).Status, "Activated");
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId }));
  succeeded(await tag([InstanceId], { when: "Deleting" }));
  await server.advance(seconds.work);
  assert.deepEqual(await tagsRead(server.requester, InstanceId), { when: "Deleting" });
  refusedWith(await tag([InstanceId], { when: "Deleted" }), refusals.ids.code);
  refusedWith(await move(InstanceId, await groupId(server.requester, "green")), refusals.move.code);
  assert.deepEqual(succeeded(await list({ Tag: [{ Key: "when" }] })).body.TagResources, []);
});

// Resource groups

test("a connection moves between the groups of each account on its own", async () => {
  const { requester, accepter } = server;
  const groups = [await groupId(requester, "default"), await groupId(accepter, "default")];
  const read = async (): Promise<string[]> => [
    (await attributes(requester, inter)).ResourceGroupId,
    (await attributes(accepter, inter)).ResourceGroupId,
  ];
  assert.deepEqual(await read(), groups);
  groups[0] = await groupId(requester, "blue");
  assert.equal(succeeded(await move(inter, groups[0])).body.Success, true);
  assert.deepEqual(await read(), groups);
  groups[1] = await groupId(accepter, "blue");
  succeeded(await move(inter, groups[1], { RegionId: beijing, ResourceType: "peerconnection" }, accepter));
  assert.deepEqual(await read(), groups);
});

test("groups named at creation and at acceptance are taken; an unanswered request has none on the accepter's side", async () => {
  const { requester, accepter } = server;
  const [green, blue] = [await groupId(requester, "green"), await groupId(accepter, "blue")];
  const InstanceId = await requestPeering(...(await vpcPair(server)), { ResourceGroupId: green });
  await server.advance();
  assert.equal((await attributes(requester, InstanceId)).ResourceGroupId, green);
  assert.equal((await attributes(accepter, InstanceId)).ResourceGroupId, "");
  succeeded(await accepter.peer("AcceptVpcPeerConnection", { InstanceId, ResourceGroupId: blue }));
  assert.equal((await attributes(accepter, InstanceId)).ResourceGroupId, blue);
  assert.equal((await attributes(requester, InstanceId)).ResourceGroupId, green);
});

test("a group of the other account is as unknown as any, at creation, acceptance and move", async () => {
  const { requester, accepter } = server;
  const [theirs, ours] = [await groupId(accepter, "blue"), await groupId(requester, "blue")];
  await refusedUnchanged(server, () => move(inter, theirs), refusals.group);
  await refusedUnchanged(server, () => move(inter, "rg-000000000000000000"), refusals.group);
  const pair = await vpcPair(server);
  const create = await requester.peer("CreateVpcPeerConnection", {
    RegionId: hangzhou,
    VpcId: pair[0].vpcId,
    AcceptingAliUid: accepterKey.account,
    AcceptingRegionId: hangzhou,
    AcceptingVpcId: pair[1].vpcId,
    ResourceGroupId: theirs,
  });
  assert.equal(outcome(create), refusals.group.code);
  const InstanceId = await requestPeering(...pair);
  await server.advance();
  assert.equal(outcome(await accepter.peer("AcceptVpcPeerConnection", { InstanceId, ResourceGroupId: ours })), refusals.group.code);
});

test("MoveResourceGroup refuses what it does not know", async () => {
  const group = await groupId(server.requester, "green");
  await refusedUnchanged(server, () => move(unknown, group), refusals.move);
  await refusedUnchanged(server, () => move(from.vpcId, group), refusals.move);
  await refusedUnchanged(server, () => move(inter, group, { RegionId: beijing }), refusals.move);
  await refusedUnchanged(server, () => move(inter, group, { ResourceType: "VPC" }), invalid("ResourceType"));
  await refusedUnchanged(server, () => move(inter, ""), missing("NewResourceGroupId"));
  await refusedUnchanged(server, () => move("", group), missing("ResourceId"));
});
