import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { XMLParser } from "fast-xml-parser";
import { Caller, type Parameters } from "../support/caller.ts";
import { activePeering, beijing, hangzhou, refusedWith, requestPeering, succeeded, type TestVpc } from "../support/networks.ts";
import { callV3 } from "../support/official.ts";
import { refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { attributes, layouts, putSettings, seconds, vpcPair, vpcs, withSettings } from "./connections.ts";

/** GetVpcPeerConnectionAttribute and ListVpcPeerConnections: fields, types, defaults, filters, pages. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
  await putSettings(server);
});
after(() => server.stop());

const list = async (caller: Caller, parameters: Parameters = {}): Promise<any> =>
  succeeded(await caller.peer("ListVpcPeerConnections", parameters)).body;
const idsOf = (body: any): string[] => body.VpcPeerConnects.map(({ InstanceId }: { InstanceId: string }) => InstanceId);

/** JSON types of the documented fields, but for GmtExpired. */
const documented: Readonly<Record<string, string>> = {
  AcceptingOwnerUid: "number",
  AcceptingRegionId: "string",
  AcceptingVpc: "vpc",
  Bandwidth: "number",
  BizStatus: "string",
  Description: "string",
  GmtCreate: "time",
  GmtModified: "time",
  InstanceId: "string",
  LinkType: "string",
  ManagedService: "string",
  Name: "string",
  OwnerId: "number",
  RegionId: "string",
  ResourceGroupId: "string",
  Status: "string",
  Tags: "list",
  Vpc: "vpc",
};
function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? "time" : "string";
  if (typeof value === "object" && value !== null) return "VpcId" in value ? "vpc" : "object";
  return Number.isInteger(value) ? "number" : typeof value;
}
const typesOf = (record: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record)
      .map(([name, value]) => [name, typeOf(value)])
      .sort(),
  );

for (const { layout, crossAccount, region } of layouts) {
  test(`every documented field is there with its type and its default, in both reads (${layout})`, async () => {
    const { requester, accepter } = server;
    const other = crossAccount ? accepter : requester;
    const [from, to] = await vpcPair(server, other, region);
    const InstanceId = await requestPeering(from, to);
    await server.advance();
    const { RequestId, ...read } = await attributes(requester, InstanceId);
    assert.equal(typeof RequestId, "string");
    assert.deepEqual(typesOf(read), { ...documented, ...(crossAccount ? { GmtExpired: "time" } : {}) });
    const interRegion = region !== hangzhou;
    const { GmtCreate, GmtModified, GmtExpired: _expired, ResourceGroupId, ...fixed } = read;
    assert.match(ResourceGroupId, /^rg-/);
    assert.ok(GmtModified >= GmtCreate);
    assert.deepEqual(fixed, {
      AcceptingOwnerUid: Number(other.key.account),
      AcceptingRegionId: region,
      AcceptingVpc: { Ipv4Cidrs: ["10.0.0.0/16"], Ipv6Cidrs: [], VpcId: to.vpcId },
      Bandwidth: interRegion ? 1024 : -1,
      BizStatus: "Normal",
      Description: "",
      InstanceId,
      LinkType: interRegion ? "Gold" : "",
      ManagedService: "",
      Name: "",
      OwnerId: Number(requester.key.account),
      RegionId: hangzhou,
      Status: crossAccount ? "Accepting" : "Activated",
      Tags: [],
      Vpc: { Ipv4Cidrs: ["10.0.0.0/16"], Ipv6Cidrs: [], VpcId: from.vpcId },
    });
    assert.deepEqual((await list(requester, { InstanceId })).VpcPeerConnects, [read]);
  });
}

test("what was asked for is read back exactly, by the official client too", async () => {
  const [from, to] = await vpcPair(server, server.accepter, beijing);
  const wanted = { Name: "名字-1", Description: 'line one\nline <two> & "more"', Bandwidth: 33, LinkType: "Platinum" };
  const InstanceId = await requestPeering(from, to, {
    ...wanted,
    Tag: [
      { Key: "b", Value: "2" },
      { Key: "a", Value: "" },
    ],
  });
  const read = await callV3(server.endpoint, server.requester.key, "GetVpcPeerConnectionAttribute", { InstanceId });
  const { Name, Description, Bandwidth, LinkType, Tags } = read;
  assert.deepEqual({ Name, Description, Bandwidth, LinkType }, wanted);
  assert.deepEqual(Tags, [
    { Key: "b", Value: "2" },
    { Key: "a", Value: "" },
  ]);
});

test("a VPC with several blocks and IPv6 shows them all", async () => {
  const parameters = { RegionId: hangzhou, CidrBlock: "192.168.0.0/16", EnableIpv6: true };
  const { body } = succeeded(await server.requester.vpc("CreateVpc", parameters));
  const [other] = await vpcs(server, [server.accepter, hangzhou]);
  const six: TestVpc = { vpcId: body.VpcId, routeTableId: body.RouteTableId, region: hangzhou, owner: server.requester };
  const { Vpc } = await attributes(server.accepter, await requestPeering(six, other as TestVpc));
  assert.deepEqual(Vpc.Ipv4Cidrs, ["192.168.0.0/16"]);
  assert.equal(Vpc.Ipv6Cidrs.length, 1);
  assert.match(Vpc.Ipv6Cidrs[0], /^[0-9a-f:]+\/56$/);
});

test("the read in XML has one element per field and repeats list elements", async () => {
  const InstanceId = await requestPeering(...(await vpcPair(server)), {
    Name: "xml-name",
    Tag: [
      { Key: "a", Value: "<1>" },
      { Key: "b", Value: "2" },
    ],
  });
  const answer = await server.requester.peer("GetVpcPeerConnectionAttribute", { InstanceId }, { format: "XML" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/xml");
  const { GetVpcPeerConnectionAttributeResponse: read } = new XMLParser({ parseTagValue: false }).parse(answer.text);
  assert.deepEqual(
    [read.InstanceId, read.Name, read.OwnerId, read.Bandwidth],
    [InstanceId, "xml-name", server.requester.key.account, "-1"],
  );
  assert.deepEqual(read.Tags, [
    { Key: "a", Value: "<1>" },
    { Key: "b", Value: "2" },
  ]);
  assert.equal(read.Vpc.Ipv4Cidrs, "10.0.0.0/16");
});

test("an account id of 18 digits is written digit by digit", async () => {
  const uid = "123456789012345679";
  const { body } = await server.admin("POST", "accounts", { name: "long-id", uid });
  const owner = new Caller(server.url, { account: uid, id: body.key.AccessKeyId, secret: body.key.AccessKeySecret });
  const [own, other] = await vpcs(server, [owner, hangzhou], [server.requester, hangzhou]);
  const InstanceId = await requestPeering(other as TestVpc, own as TestVpc);
  for (const action of ["GetVpcPeerConnectionAttribute", "ListVpcPeerConnections"]) {
    const { text } = succeeded(await owner.peer(action, { InstanceId }));
    assert.ok(text.includes(`"AcceptingOwnerUid":${uid},`), text);
  }
});

// Lists

/** A server of its own, whose lists hold these connections and nothing else. */
interface Lists {
  readonly server: InProcessServer;
  readonly hub: TestVpc;
  readonly near: TestVpc;
  readonly far: TestVpc;
  readonly foreign: TestVpc;
  /** hub → near, one account and region; hub → far, one account, Hangzhou to Beijing; foreign (Beijing) → hub, two accounts. */
  readonly within: string;
  readonly across: string;
  readonly incoming: string;
}
let lists: Lists;
before(async () => {
  const own = await startServer();
  const { requester, accepter } = own;
  const [hub, near, far, foreign] = await vpcs(
    own,
    [requester, hangzhou],
    [requester, hangzhou],
    [requester, beijing],
    [accepter, beijing],
  );
  assert.ok(hub && near && far && foreign);
  const within = await activePeering(own, hub, near, {
    Name: "alpha",
    Tag: [
      { Key: "env", Value: "test" },
      { Key: "team", Value: "net" },
    ],
  });
  const across = await activePeering(own, hub, far, { Name: "beta", Tag: [{ Key: "env", Value: "live" }] });
  const incoming = await activePeering(own, foreign, hub, { Name: "alpha" });
  lists = { server: own, hub, near, far, foreign, within, across, incoming };
});
after(() => lists.server.stop());

const filters: readonly (readonly [
  name: string,
  who: "requester" | "accepter",
  parameters: (all: Lists) => Parameters,
  expected: readonly ("within" | "across" | "incoming")[],
])[] = [
  ["nothing", "requester", () => ({}), ["within", "across", "incoming"]],
  ["nothing, as the other account", "accepter", () => ({}), ["incoming"]],
  ["RegionId of the requester's side", "requester", () => ({ RegionId: hangzhou }), ["within", "across", "incoming"]],
  ["RegionId of a far side of its own", "requester", () => ({ RegionId: beijing }), ["across"]],
  ["RegionId of the account's side", "accepter", () => ({ RegionId: beijing }), ["incoming"]],
  ["RegionId of the other account's side only", "accepter", () => ({ RegionId: hangzhou }), []],
  ["RegionId of no side", "requester", () => ({ RegionId: "cn-shanghai" }), []],
  ["InstanceId", "requester", ({ across }) => ({ InstanceId: across }), ["across"]],
  ["InstanceId and its region", "requester", ({ across }) => ({ InstanceId: across, RegionId: beijing }), ["across"]],
  ["InstanceId and another region", "requester", ({ within }) => ({ InstanceId: within, RegionId: beijing }), []],
  ["InstanceId and another name", "requester", ({ within }) => ({ InstanceId: within, Name: "beta" }), []],
  ["InstanceId of none", "requester", () => ({ InstanceId: "pcc-000000000000000000" }), []],
  ["Name", "requester", () => ({ Name: "alpha" }), ["within", "incoming"]],
  ["Name in another letter case", "requester", () => ({ Name: "Alpha" }), []],
  ["Name and RegionId", "requester", () => ({ Name: "beta", RegionId: beijing }), ["across"]],
  ["one tag key", "requester", () => ({ Tags: [{ Key: "env" }] }), ["within", "across"]],
  ["one tag", "requester", () => ({ Tags: [{ Key: "env", Value: "live" }] }), ["across"]],
  [
    "two tags",
    "requester",
    () => ({
      Tags: [
        { Key: "env", Value: "test" },
        { Key: "team", Value: "net" },
      ],
    }),
    ["within"],
  ],
  ["two tags that no connection has both", "requester", () => ({ Tags: [{ Key: "env", Value: "live" }, { Key: "team" }] }), []],
  ["a tag and a name", "requester", () => ({ Tags: [{ Key: "env" }], Name: "alpha" }), ["within"]],
  ["VpcId on the requester's side", "requester", ({ foreign }) => ({ VpcId: foreign.vpcId }), ["incoming"]],
  ["VpcId on the accepter's side", "requester", ({ near }) => ({ VpcId: near.vpcId }), ["within"]],
  ["VpcId on either side", "requester", ({ hub }) => ({ VpcId: hub.vpcId }), ["within", "across", "incoming"]],
  ["VpcId as VpcId.1", "requester", ({ far }) => ({ VpcId: [far.vpcId] }), ["across"]],
  ["VpcId as a JSON list", "requester", ({ far }) => ({ VpcId: JSON.stringify([far.vpcId]) }), ["across"]],
  ["two VPCs as VpcId.N", "requester", ({ hub, far }) => ({ VpcId: [hub.vpcId, far.vpcId] }), ["across"]],
  ["two VPCs, the accepter's first", "requester", ({ hub, far }) => ({ VpcId: [far.vpcId, hub.vpcId] }), ["across"]],
  ["two VPCs as a JSON list", "requester", ({ hub, near }) => ({ VpcId: JSON.stringify([hub.vpcId, near.vpcId]) }), ["within"]],
  ["two VPCs with a comma", "requester", ({ hub, foreign }) => ({ VpcId: `${hub.vpcId},${foreign.vpcId}` }), ["incoming"]],
  ["two VPCs that nothing joins", "requester", ({ near, far }) => ({ VpcId: [near.vpcId, far.vpcId] }), []],
  ["the same VPC twice", "requester", ({ near }) => ({ VpcId: [near.vpcId, near.vpcId] }), ["within"]],
  ["an unknown VPC", "requester", () => ({ VpcId: "vpc-bp1000000000000000000" }), []],
  ["VpcId, Name and RegionId", "requester", ({ hub }) => ({ VpcId: hub.vpcId, Name: "alpha", RegionId: hangzhou }), ["within", "incoming"]],
  ["VpcId of the other account's VPC", "accepter", ({ hub }) => ({ VpcId: hub.vpcId }), ["incoming"]],
  ["VpcId of a VPC that its connections do not touch", "accepter", ({ near }) => ({ VpcId: near.vpcId }), []],
];
for (const [name, who, parameters, expected] of filters) {
  test(`ListVpcPeerConnections by ${name}`, async () => {
    const body = await list(lists.server[who], parameters(lists));
    assert.deepEqual(
      idsOf(body),
      expected.map((which) => lists[which]),
    );
    assert.equal(body.TotalCount, expected.length);
    assert.equal(body.MaxResults, 20);
    assert.equal(body.NextToken ?? "", "");
  });
}

test("a resource group filters by the caller's own group", async () => {
  const { requester, accepter } = lists.server;
  const { ResourceGroupId } = await attributes(requester, lists.within);
  assert.deepEqual(idsOf(await list(requester, { ResourceGroupId })), [lists.within, lists.across, lists.incoming]);
  assert.deepEqual(idsOf(await list(requester, { ResourceGroupId, RegionId: beijing })), [lists.across]);
  assert.deepEqual(idsOf(await list(accepter, { ResourceGroupId })), []);
});

const invalid = (name: string): { code: string; message: string } => ({
  code: `Invalid${name}`,
  message: `Specified parameter ${name} is not valid.`,
});
const badLists: readonly (readonly [name: string, parameters: Parameters, refusal: { code: string; message: string; status?: number }])[] =
  [
    [
      "an unknown region",
      { RegionId: "cn-nowhere" },
      { code: "InvalidRegionId.NotFound", message: "The RegionId provided does not exist in our records.", status: 404 },
    ],
    ["three VPCs", { VpcId: ["a", "b", "c"] }, invalid("VpcId")],
    ["three VPCs as JSON", { VpcId: '["a","b","c"]' }, invalid("VpcId")],
    ["VPCs as broken JSON", { VpcId: '["a"' }, invalid("VpcId")],
    ["VPCs as JSON numbers", { VpcId: "[1]" }, invalid("VpcId")],
    ["11 tags", { Tags: Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}` })) }, invalid("Tags")],
    ...["0", "101", "-1", "ten"].map((MaxResults) => [`a page of ${MaxResults}`, { MaxResults }, invalid("MaxResults")] as const),
    ...["nonsense", "bGlua3NwYW46", "bGlua3NwYW46LTE", "bGlua3NwYW46MDE="].map(
      (NextToken) =>
        [`the token ${NextToken}`, { NextToken }, { code: "IllegalParam.NextToken", message: "User nextToken is illegal." }] as const,
    ),
  ];
for (const [name, parameters, refusal] of badLists) {
  test(`ListVpcPeerConnections refuses ${name}`, () =>
    refusedUnchanged(server, () => server.requester.peer("ListVpcPeerConnections", parameters), refusal));
}

for (const MaxResults of [1, 3, 7, 100]) {
  test(`pages of ${MaxResults} show every connection once, in order, also when some come and go meanwhile`, async () => {
    const owner = await server.stranger();
    const many = 15;
    await withSettings(server, { quotas: [{ name: "IntraRegionVpcPeerCountPerVpc", value: 100 }] }, async () => {
      const [hub, late, ...spokes] = await vpcs(server, ...Array.from({ length: many + 2 }, () => [owner, hangzhou] as const));
      const ids: string[] = [];
      for (const spoke of spokes) ids.push(await requestPeering(hub as TestVpc, spoke));
      await server.advance();

      const seen: string[] = [];
      let NextToken: string | undefined;
      let page = 0;
      do {
        const body = await list(owner, { MaxResults, NextToken, RegionId: hangzhou });
        assert.equal(body.MaxResults, MaxResults);
        assert.ok(body.VpcPeerConnects.length > 0 && body.VpcPeerConnects.length <= MaxResults);
        // One went, one came.
        assert.equal(body.TotalCount, many);
        seen.push(...idsOf(body));
        NextToken = body.NextToken === "" ? undefined : body.NextToken;
        // After the first page one that was shown goes and a new one comes: neither shifts the rest.
        if (page++ === 0 && NextToken !== undefined) {
          succeeded(await owner.peer("DeleteVpcPeerConnection", { InstanceId: ids[0] }));
          await server.advance(seconds.work);
          ids.push(await requestPeering(hub as TestVpc, late as TestVpc));
        }
      } while (NextToken !== undefined);
      assert.deepEqual(seen, ids);
    });
  });
}

test("the last page is told by the absence of NextToken, also when it is full", async () => {
  const { requester } = lists.server;
  const first = await list(requester, { MaxResults: 2 });
  assert.deepEqual([idsOf(first).length, first.TotalCount, typeof first.NextToken], [2, 3, "string"]);
  const last = await list(requester, { MaxResults: 2, NextToken: first.NextToken });
  assert.deepEqual([idsOf(last), last.TotalCount, last.NextToken], [[lists.incoming], 3, undefined]);
  assert.equal((await list(requester, { MaxResults: 3 })).NextToken, undefined);
});

test("a connection stays listed in every state until it reads Deleted, and then in no list and no total", async () => {
  const owner = await server.stranger();
  const [from, to] = await vpcs(server, [owner, hangzhou], [owner, beijing]);
  const InstanceId = await requestPeering(from as TestVpc, to as TestVpc, { Name: "going", Tag: [{ Key: "k" }] });
  const queries: readonly Parameters[] = [
    {},
    { RegionId: hangzhou },
    { RegionId: beijing },
    { InstanceId },
    { Name: "going" },
    { VpcId: from?.vpcId },
    { Tags: [{ Key: "k" }] },
  ];
  const counts = async (): Promise<unknown> =>
    Promise.all(
      queries.map(async (query) =>
        list(owner, query).then(({ TotalCount, VpcPeerConnects }) => [TotalCount, VpcPeerConnects.map(({ Status }: any) => Status)]),
      ),
    );
  const all = (status: string): unknown => queries.map(() => [1, [status]]);
  assert.deepEqual(await counts(), all("Creating"));
  await server.advance();
  assert.deepEqual(await counts(), all("Activated"));
  succeeded(await owner.peer("DeleteVpcPeerConnection", { InstanceId }));
  assert.deepEqual(await counts(), all("Deleting"));
  await server.advance(seconds.work);
  assert.equal((await attributes(owner, InstanceId)).Status, "Deleted");
  assert.deepEqual(
    await counts(),
    queries.map(() => [0, []]),
  );
});

test("GetVpcPeerConnectionAttribute wants an id and nothing of the region", async () => {
  refusedWith(await server.requester.peer("GetVpcPeerConnectionAttribute"), "MissingInstanceId");
  refusedWith(await server.requester.peer("GetVpcPeerConnectionAttribute", { InstanceId: "pcc-0" }), "ResourceNotFound.InstanceId");
  const read = await lists.server.requester.peer("GetVpcPeerConnectionAttribute", { InstanceId: lists.within, RegionId: "cn-shanghai" });
  assert.equal(succeeded(read).body.InstanceId, lists.within);
});
