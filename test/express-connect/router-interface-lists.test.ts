import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import {
  accepting,
  activeLink,
  interfaceAt,
  type Link,
  onInterface,
  readInterface,
  type RoutedVpc,
  routedVpc,
} from "./router-interfaces.ts";

/** DescribeRouterInterfaces with its filters and pages, tags, and moves between resource groups. */

let server: InProcessServer;
let sdk: Sdk;
let from: RoutedVpc;
let to: RoutedVpc;
let link: Link;
/** Idle ones at the same router as the initiating end. */
let named: string;
let toBorder: string;
/** In the other region. */
let inBeijing: string;
/** The other account's, which names the link's initiating end all the same. */
let foreign: string;

before(async () => {
  const account = (name: string, { account: uid, id, secret }: typeof requesterKey): object => ({
    name,
    uid,
    keys: [{ id, secret }],
    resourceGroups: ["blue"],
  });
  server = await startServer({ seed: { accounts: [account("requester", requesterKey), account("accepter", accepterKey)] } });
  const { requester } = server;
  sdk = sdkOf(server, requesterKey);
  from = await routedVpc(server, requester);
  to = await routedVpc(server, requester);
  link = await activeLink(server, from, to);
  named = await interfaceAt(from, to, { ...accepting, Name: "second", Tag: [{ Key: "env", Value: "lab" }, { Key: "team" }] });
  const ResourceGroupId = await groupId(requester, "blue");
  toBorder = await interfaceAt(from, to, { ...accepting, OppositeRouterType: "VBR", ResourceGroupId });
  inBeijing = await interfaceAt(await routedVpc(server, requester, beijing), to);
  foreign = await interfaceAt(await routedVpc(server, server.accepter), from, { OppositeInterfaceId: link.initiator, Name: "second" });
});
after(() => server.stop());

const list = (parameters: Parameters = {}): Promise<Answer> =>
  server.requester.vpc("DescribeRouterInterfaces", { RegionId: hangzhou, ...parameters });
const idsOf = ({ body }: Answer): string[] =>
  body.RouterInterfaceSet.RouterInterfaceType.map(({ RouterInterfaceId }: any) => RouterInterfaceId);
/** Filters, each a key with its values. */
const by = (...filters: readonly (readonly [key: string, ...values: string[]])[]): Parameters => ({
  Filter: filters.map(([Key, ...Value]) => ({ Key, Value })),
});
const found = async (parameters: Parameters): Promise<string[]> => {
  const answer = succeeded(await list(parameters));
  assert.equal(answer.body.TotalCount, idsOf(answer).length);
  return idsOf(answer);
};

test("without a filter the region's own interfaces are listed, in the order of their creation", async () => {
  const all = [link.initiator, link.acceptor, named, toBorder];
  assert.deepEqual(await found({}), all);
  assert.deepEqual(await found({ IncludeReservationData: true }), all);
  assert.deepEqual(await found({ RegionId: beijing }), [inBeijing]);
  const { body } = succeeded(await list());
  assert.deepEqual([body.PageNumber, body.PageSize, body.TotalCount], [1, 10, 4]);
});

test("each key finds by its values", async () => {
  const { initiator, acceptor } = link;
  const account = requesterKey.account;
  for (const [key, value, expected] of [
    ["RouterInterfaceId", initiator, [initiator]],
    ["RouterId", from.routerId, [initiator, named, toBorder]],
    ["RouterType", "VRouter", [initiator, acceptor, named, toBorder]],
    ["RouterType", "VBR", []],
    ["RouterInterfaceOwnerId", account, [initiator, acceptor, named, toBorder]],
    ["RouterInterfaceOwnerId", accepterKey.account, []],
    ["OppositeInterfaceId", acceptor, [initiator]],
    ["OppositeInterfaceId", initiator, [acceptor]],
    ["OppositeRouterType", "VBR", [toBorder]],
    ["OppositeRouterId", from.routerId, [acceptor]],
    ["OppositeInterfaceOwnerId", account, [initiator, acceptor]],
    ["Status", "Active", [initiator, acceptor]],
    ["Status", "Idle", [named, toBorder]],
    ["Name", "second", [named]],
    ["RouterInterfaceId", foreign, []],
    ["RouterInterfaceId", inBeijing, []],
  ] as const) {
    assert.deepEqual(await found(by([key, value])), expected, `${key} ${value}`);
  }
});

test("values of a key are joined by OR, keys by AND, tags and groups with both", async () => {
  const { initiator, acceptor } = link;
  const inBlue = { ResourceGroupId: await groupId(server.requester, "blue") };
  const lab = { Tags: [{ Key: "env", Value: "lab" }, { Key: "team" }] };
  const ofFrom = ["RouterId", from.routerId] as const;
  for (const [parameters, expected] of [
    [by(["RouterInterfaceId", toBorder, "ri-none", initiator]), [initiator, toBorder]],
    [by(["Status", "Active", "Idle", "Inactive"], ofFrom), [initiator, named, toBorder]],
    [by(ofFrom, ["Status", "Active"]), [initiator]],
    [by(ofFrom, ["Status", "Active"], ["RouterInterfaceId", acceptor]), []],
    [by(ofFrom, ["Status", "Idle"], ["OppositeRouterType", "VRouter"], ["Name", "second"], ["RouterType", "VRouter"]), [named]],
    [{ ...by(ofFrom), ...inBlue }, [toBorder]],
    [{ ...by(ofFrom), ...lab }, [named]],
    [lab, [named]],
    [inBlue, [toBorder]],
    [{ ...inBlue, ...lab }, []],
  ] as const) {
    assert.deepEqual(await found(parameters), expected, JSON.stringify(parameters));
  }
});

test("an unknown key is refused, and so are more keys than five", async () => {
  const unknown: Expected = {
    code: "InvalidFilterKey.ValueNotSupported",
    message: "Specified filter key is not supported: Filter.X.key",
    status: 404,
  };
  for (const filter of [
    by(["VpcId", "x"]),
    by(["Status", "Idle"], ["status", "Idle"]),
    { "Filter.1.Value.1": "x" },
    by(["constructor", "x"]),
  ]) {
    await refusedUnchanged(server, () => list(filter), unknown);
  }
  refusedWith(await list(by(...Array.from({ length: 6 }, () => ["Status", "Idle"] as const))), "InvalidFilter");
});

test("pages hold what they say, filtered or not", async () => {
  for (const [filter, all] of [
    [{}, [link.initiator, link.acceptor, named, toBorder]],
    [by(["RouterId", from.routerId]), [link.initiator, named, toBorder]],
  ] as const) {
    const seen: string[] = [];
    for (const PageNumber of [1, 2, 3]) {
      const answer = succeeded(await list({ ...filter, PageNumber, PageSize: 2 }));
      assert.deepEqual([answer.body.PageNumber, answer.body.PageSize, answer.body.TotalCount], [PageNumber, 2, all.length]);
      seen.push(...idsOf(answer));
    }
    assert.deepEqual(seen, all);
  }
  for (const wrong of [0, 51]) refusedWith(await list({ PageSize: wrong }), "InvalidPageSize");
  refusedWith(await list({ PageNumber: 1_000_000, PageSize: 50 }), "Throttling.DeepPageSkip");
});

test("the official SDK lists, tags, untags and moves", async () => {
  const shown = await ask(sdk, "describeRouterInterfaces", {
    regionId: hangzhou,
    filter: [{ key: "Name", value: ["second"] }],
  });
  const [one] = shown.routerInterfaceSet?.routerInterfaceType ?? [];
  assert.deepEqual([shown.totalCount, one?.routerInterfaceId, one?.fastLinkMode], [1, named, false]);

  const resource = { regionId: hangzhou, resourceType: "ROUTERINTERFACE", resourceId: [link.initiator, link.acceptor] };
  await ask(sdk, "tagResourcesForExpressConnect", { ...resource, tag: [{ key: "env", value: "prod" }, { key: "x" }] });
  const tagged = await ask(sdk, "listTagResourcesForExpressConnect", { ...resource, resourceType: "routerinterface" });
  assert.deepEqual(
    tagged.tagResources?.tagResource?.map((tag) => [tag.resourceId, tag.resourceType, tag.tagKey, tag.tagValue]),
    [link.initiator, link.acceptor].flatMap((id) => [
      [id, "ROUTERINTERFACE", "env", "prod"],
      [id, "ROUTERINTERFACE", "x", ""],
    ]),
  );
  await ask(sdk, "untagResourcesForExpressConnect", { ...resource, tagKey: ["x"] });
  assert.deepEqual((await readInterface(from, link.initiator)).Tags, { Tags: [{ Key: "env", Value: "prod" }] });
  await ask(sdk, "untagResourcesForExpressConnect", { ...resource, all: true });
  assert.deepEqual((await readInterface(from, link.initiator)).Tags, { Tags: [] });

  const group = await groupId(server.requester, "blue");
  const move = { regionId: hangzhou, resourceType: "ROUTERINTERFACE", resourceId: named };
  await ask(sdk, "changeResourceGroup", { ...move, newResourceGroupId: group });
  assert.equal((await readInterface(from, named)).ResourceGroupId, group);
  assert.deepEqual(await found({ ResourceGroupId: group }), [named, toBorder]);
  await ask(sdk, "changeResourceGroup", { ...move, newResourceGroupId: await groupId(server.requester) });
  assert.deepEqual(await found({ ResourceGroupId: group }), [toBorder]);
});

test("interfaces with a tag are found page by page", async () => {
  const ids = [link.initiator, link.acceptor, named];
  const call = (action: string, parameters: Parameters): Promise<Answer> =>
    server.requester.vpc(action, { RegionId: hangzhou, ResourceType: "ROUTERINTERFACE", ...parameters });
  succeeded(await call("TagResourcesForExpressConnect", { ResourceId: ids, Tag: [{ Key: "paged", Value: "" }] }));
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = { Tag: [{ Key: "paged" }], MaxResults: 2, NextToken };
    const { body } = succeeded(await call("ListTagResourcesForExpressConnect", page));
    seen.push(...body.TagResources.TagResource.filter(({ TagKey }: any) => TagKey === "paged").map(({ ResourceId }: any) => ResourceId));
    NextToken = body.NextToken;
  } while (NextToken !== undefined && NextToken !== "");
  assert.deepEqual(seen, ids);
  succeeded(await call("UntagResourcesForExpressConnect", { ResourceId: ids, TagKey: ["paged"] }));
});

test("tag calls that are wrong are refused in the words of Express Connect", async () => {
  const call = (action: string, parameters: Parameters): Promise<Answer> =>
    server.requester.vpc(`${action}ForExpressConnect`, {
      RegionId: hangzhou,
      ResourceType: "ROUTERINTERFACE",
      ResourceId: [named],
      ...parameters,
    });
  const Tag = [{ Key: "a" }];
  const twenty = Array.from({ length: 20 }, (_, n) => ({ Key: `many-${n}` }));
  const idsNotFound: Expected = { code: "InvalidInstanceIds.NotFound", message: "The instanceIds are not found" };
  const typeNotFound: Expected = { code: "InvalidInstanceType.NotFound", message: "The instance type is not found" };
  const keyMissing: Expected = {
    code: "MissingParameter.TagKey",
    message: "The input parameter TagKey that is mandatory for processing this request is not supplied.",
  };
  const tooManyIds: Expected = { code: "SizeLimitExceeded.ResourceId", message: "The maximum number of resource IDs is exceeded." };
  for (const [action, parameters, expected] of [
    ["TagResources", { Tag, ResourceId: [named, foreign] }, idsNotFound],
    ["TagResources", { Tag, ResourceId: [from.vpcId] }, idsNotFound],
    ["TagResources", { Tag, ResourceType: "VPC", ResourceId: [from.vpcId] }, typeNotFound],
    ["TagResources", { Tag: [{ Value: "a" }] }, keyMissing],
    ["UntagResources", { All: true, ResourceType: "VPC" }, typeNotFound],
    ["UntagResources", { All: true, ResourceType: "PHYSICALCONNECTION" }, idsNotFound],
    ["ListTagResources", { ResourceType: "VPC" }, typeNotFound],
    ["ListTagResources", { NextToken: "x" }, { code: "IllegalParam.NextToken", message: "User nextToken is illegal." }],
    ["UntagResources", { All: true, ResourceId: [inBeijing] }, idsNotFound],
    ["TagResources", { Tag, ResourceId: Array.from({ length: 21 }, (_, n) => `ri-${n}`) }, tooManyIds],
    [
      "TagResources",
      { Tag: [{ Key: "acs:a" }] },
      { code: "Forbidden.TagKeys", message: "The request do not allow to operate the tag keys" },
    ],
    ["TagResources", { Tag: [...Tag, ...Tag] }, { code: "Forbidden.TagKey.Duplicated", message: "The specified tag key already exists." }],
    [
      "TagResources",
      { Tag: [...twenty, ...Tag] },
      { code: "SizeLimitExceeded.TagNum", message: "The maximum number of tags is exceeded." },
    ],
    ["TagResources", { Tag: twenty }, { code: "QuotaExceeded.TagNum", message: "Custom Tags quota exceeded" }],
    [
      "ListTagResources",
      { ResourceId: [] },
      {
        code: "BothEmpty.TagsAndResources",
        message: "The specified Tags and ResourcesIds are not allow to both empty.",
        status: 403,
      },
    ],
  ] as const) {
    await refusedUnchanged(server, () => call(action, parameters), expected);
  }
  // The tags of VPCs are another family's.
  refusedWith(await server.requester.vpc("TagResources", { RegionId: hangzhou, ResourceType: "ROUTERINTERFACE", ResourceId: [named], Tag }), "InvalidInstanceType.NotFound"); // prettier-ignore
});

test("a move that is wrong is refused", async () => {
  const NewResourceGroupId = await groupId(server.requester, "blue");
  const move = (parameters: Parameters): Promise<Answer> =>
    server.requester.vpc("ChangeResourceGroup", {
      RegionId: hangzhou,
      ResourceType: "ROUTERINTERFACE",
      ResourceId: named,
      NewResourceGroupId,
      ...parameters,
    });
  const notFound: Expected = { code: "InvalidResourceId.NotFound", message: "The specified ResourceId does not exist." };
  for (const ResourceId of ["ri-none", foreign, inBeijing, from.vpcId])
    await refusedUnchanged(server, () => move({ ResourceId }), notFound);
  // Each type has resources of its own.
  for (const ResourceType of ["PHYSICALCONNECTION", "VIRTUALBORDERROUTER"])
    await refusedUnchanged(server, () => move({ ResourceType }), notFound);
  for (const ResourceType of ["VPC", "TRAFFICQOS"]) {
    await refusedUnchanged(server, () => move({ ResourceType }), {
      code: "IllegalParam.ResourceType",
      message: "Invalid Resource Type value.",
    });
  }
  for (const group of ["rg-none", await groupId(server.accepter, "blue")]) {
    await refusedUnchanged(server, () => move({ NewResourceGroupId: group }), {
      code: "InvalidResourceGroupId",
      message: "The specified ResourceGroupId does not exist.",
    });
  }
});

test("an interface that is gone stands in no list", async () => {
  const id = await interfaceAt(from, to, { Name: "short" });
  assert.deepEqual(await found(by(["Name", "short"])), [id]);
  succeeded(await onInterface(from, "DeleteRouterInterface", id));
  assert.deepEqual(await found(by(["Status", "Deleting"])), [id]);
  await server.advance();
  assert.deepEqual(await found(by(["Name", "short"])), []);
});
