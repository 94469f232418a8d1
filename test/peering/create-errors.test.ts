import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Settings } from "../../src/contract/settings.ts";
import type { Answer, Parameters } from "../support/caller.ts";
import { activePeering, beijing, hangzhou, peeringStatus, requestPeering, succeeded, type TestVpc } from "../support/networks.ts";
import { outcome, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { putSettings, requestOf, singapore, vpcPair, vpcs, withSettings } from "./connections.ts";

/** What CreateVpcPeerConnection refuses, and what AcceptVpcPeerConnection refuses besides the state. */

let server: InProcessServer;
/** The requester's, in Hangzhou. */
let own: TestVpc;
/** The requester's, in Beijing. */
let ownFar: TestVpc;
/** The accepter's, in Hangzhou, Beijing and Singapore. */
let foreign: TestVpc;
let foreignFar: TestVpc;
let foreignAbroad: TestVpc;

before(async () => {
  server = await startServer();
  await putSettings(server);
});
// Fresh ones for every test: a call that wrongly succeeds spoils no other.
beforeEach(async () => {
  const { requester, accepter } = server;
  const made = await vpcs(
    server,
    [requester, hangzhou],
    [requester, beijing],
    [accepter, hangzhou],
    [accepter, beijing],
    [accepter, singapore],
  );
  [own, ownFar, foreign, foreignFar, foreignAbroad] = made as [TestVpc, TestVpc, TestVpc, TestVpc, TestVpc];
});
after(() => server.stop());

const create = (from: TestVpc, to: TestVpc, parameters: Parameters = {}): Promise<Answer> =>
  from.owner.peer("CreateVpcPeerConnection", requestOf(from, to, parameters));
const unknownVpc = "vpc-bp1000000000000000000";

interface CreateCase {
  readonly name: string;
  readonly from?: () => TestVpc;
  readonly to?: () => TestVpc;
  readonly parameters?: () => Parameters;
  readonly settings?: () => Partial<Settings>;
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}
const closed = (
  name: Settings["features"][number]["name"],
  scope: { account?: string; region?: string } = {},
): (() => Partial<Settings>) => {
  const features = [{ name, open: false, ...scope }];
  return () => ({ features });
};
const [requesterUid, accepterUid] = ["1000000000000001", "1000000000000002"];
const notFound = (parameter: string): { code: string; message: string } => ({
  code: `ResourceNotFound.${parameter}`,
  message: `The specified resource of ${parameter} is not found.`,
});
const sameRegion = {
  bandwidth: {
    code: "OperationFailed.BandwidthCannotBeChangedInSameRegion",
    message: "The operation failed because the bandwidth cannot be changed in the same region.",
  },
  linkType: { code: "OperationFailed.InterRegionLinkTypeNotSupported", message: "The same region not supported link type feature." },
};
const linkTypeOfAccount = {
  code: "OperationFailed.SpecificLinkTypeNotSupported",
  message: "The operation failed because the special link type of user is not opened.",
};
const cdt = { code: "OperationFailed.CdtNotOpened", message: "The operation failed because the Cdt service is not opened." };
const accepterCdt = {
  code: "OperationFailed.AcceptUserCdtNotOpened",
  message: "The operation failed because the Cdt service of accept user is not opened.",
};
const crossBorderCdt = {
  code: "OperationFailed.CrossBorderCdtNotOpened",
  message: "The operation failed because the CrossBorderCdt service is not opened.",
};
const noGroup = {
  code: "OperationFailed.NotExist.ResourceGroup",
  message: "The operation failed because the resource group does not exist.",
};
const tags = (...pairs: readonly (readonly [string, string])[]): Parameters => ({ Tag: pairs.map(([Key, Value]) => ({ Key, Value })) });

const cases: readonly CreateCase[] = [
  // Parameters
  ...["RegionId", "VpcId", "AcceptingRegionId", "AcceptingVpcId"].map((name) => ({
    name: `${name} is absent`,
    parameters: () => ({ [name]: undefined }),
    code: `Missing${name}`,
    message: `${name} is mandatory for this action.`,
  })),
  ...["RegionId", "AcceptingRegionId"].map((name) => ({
    name: `${name} names no region`,
    parameters: () => ({ [name]: "cn-nowhere" }),
    code: "InvalidRegionId.NotFound",
    message: "The RegionId provided does not exist in our records.",
    status: 404,
  })),
  ...[
    ["AcceptingAliUid", "accepter"],
    ["AcceptingAliUid", "-1"],
    ["DryRun", "1"],
    ["ClientToken", "t".repeat(65)],
    ["ClientToken", "tökén"],
  ].map(([name = "", value]) => ({
    name: `${name} is ${value}`,
    parameters: () => ({ [name]: value }),
    code: `Invalid${name}`,
    message: `Specified parameter ${name} is not valid.`,
  })),
  ...["n", "1name", "-name", "a name", "na.me", "http://name", "n".repeat(129)].map((value) => ({
    name: `Name is ${value}`,
    parameters: () => ({ Name: value }),
    code: "IllegalParam.Name",
    message: "The parameter Name is illegal.",
  })),
  ...["d", "1description", "http://text", "https://text", "HTTP://text", "d".repeat(257)].map((value) => ({
    name: `Description is ${value}`,
    parameters: () => ({ Description: value }),
    code: "IllegalParam.Description",
    message: "The parameter Description is illegal.",
  })),
  ...["0", "-5", "x"].map((value) => ({
    name: `Bandwidth is ${value}`,
    to: () => foreignFar,
    parameters: () => ({ Bandwidth: value }),
    code: "IllegalParam.Bandwidth",
    message: "The parameter Bandwidth is illegal.",
  })),

  // The two VPCs
  { name: "VpcId is unknown", parameters: () => ({ VpcId: unknownVpc }), ...notFound("VpcId") },
  { name: "VpcId belongs to the other account", parameters: () => ({ VpcId: foreign.vpcId }), ...notFound("VpcId") },
  { name: "VpcId lies in another region", parameters: () => ({ VpcId: ownFar.vpcId }), ...notFound("VpcId") },
  { name: "VpcId names a route table", parameters: () => ({ VpcId: own.routeTableId }), ...notFound("VpcId") },
  { name: "AcceptingVpcId is unknown", parameters: () => ({ AcceptingVpcId: unknownVpc }), ...notFound("AcceptingVpcId") },
  {
    name: "AcceptingVpcId belongs to another account than said",
    parameters: () => ({ AcceptingAliUid: requesterUid }),
    ...notFound("AcceptingVpcId"),
  },
  {
    name: "the accepting account does not exist",
    parameters: () => ({ AcceptingAliUid: "1999999999999999" }),
    ...notFound("AcceptingVpcId"),
  },
  { name: "AcceptingVpcId lies in another region", parameters: () => ({ AcceptingRegionId: beijing }), ...notFound("AcceptingVpcId") },
  {
    name: "a VPC is to be joined to itself",
    to: () => own,
    code: "IllegalParam.AcceptingVpcId",
    message: "The parameter AcceptingVpcId is illegal.",
  },

  // The link
  { name: "bandwidth inside a region", parameters: () => ({ Bandwidth: 100 }), ...sameRegion.bandwidth },
  { name: "link type inside a region", parameters: () => ({ LinkType: "Gold" }), ...sameRegion.linkType },
  { name: "unknown link type inside a region", parameters: () => ({ LinkType: "Copper" }), ...sameRegion.linkType },
  { name: "unknown link type", to: () => foreignFar, parameters: () => ({ LinkType: "Silver" }), ...linkTypeOfAccount },
  {
    name: "the link type that is left out is closed in a region",
    to: () => foreignFar,
    settings: closed("LinkType.Gold", { region: beijing }),
    code: "OperationFailed.RegionIdNotSupportLinkType",
    message: "The feature link type is not supported in the region.",
  },
  {
    name: "the link type that is left out is closed for the account",
    to: () => foreignFar,
    settings: closed("LinkType.Gold", { account: requesterUid }),
    ...linkTypeOfAccount,
  },
  {
    name: "the link type is closed in the accepter's region",
    to: () => foreignFar,
    parameters: () => ({ LinkType: "Platinum" }),
    settings: closed("LinkType.Platinum", { region: beijing }),
    code: "OperationFailed.RegionIdNotSupportLinkType",
    message: "The feature link type is not supported in the region.",
  },
  {
    name: "the link type is closed for the account",
    to: () => foreignFar,
    parameters: () => ({ LinkType: "Platinum" }),
    settings: closed("LinkType.Platinum", { account: requesterUid }),
    ...linkTypeOfAccount,
  },
  {
    name: "bandwidth beyond the quota",
    to: () => foreignFar,
    parameters: () => ({ Bandwidth: 1025 }),
    code: "QuotaExceeded.Bandwidth",
    message: "The quota of bandwidth is exceeded.",
  },

  // What is open where, and for whom
  ...[
    ["the requester's region", hangzhou],
    ["the accepter's region", beijing],
  ].map(([which, region]) => ({
    name: `peering is closed in ${which}`,
    to: () => foreignFar,
    settings: closed("VpcPeer", { region }),
    code: "UnsupportedRegion",
    message: `The feature of VpcPeer is not supported in the region of ${region}.`,
  })),
  { name: "data transfer is closed for the requester", settings: closed("Cdt", { account: requesterUid }), ...cdt },
  { name: "data transfer is closed for the accepter", settings: closed("Cdt", { account: accepterUid }), ...accepterCdt },
  {
    name: "data transfer is closed for the requester in its region",
    settings: closed("Cdt", { account: requesterUid, region: hangzhou }),
    ...cdt,
  },
  { name: "data transfer is closed for everyone", settings: closed("Cdt"), ...cdt },
  {
    name: "data transfer is closed in the requester's region",
    to: () => foreignFar,
    settings: closed("Cdt", { region: hangzhou }),
    ...cdt,
  },
  {
    name: "data transfer is closed in the accepter's region",
    to: () => foreignFar,
    settings: closed("Cdt", { region: beijing }),
    ...accepterCdt,
  },
  {
    name: "cross-border data transfer is closed for the requester",
    to: () => foreignAbroad,
    settings: closed("CrossBorderCdt", { account: requesterUid }),
    ...crossBorderCdt,
  },
  {
    name: "cross-border data transfer is closed for the accepter",
    to: () => foreignAbroad,
    settings: closed("CrossBorderCdt", { account: accepterUid }),
    code: "OperationFailed.AcceptUserCrossBorderCdtNotOpened",
    message: "The operation failed because the CrossBorderCdt service of accept user is not opened.",
  },

  // Resource group and tags
  { name: "the resource group is unknown", parameters: () => ({ ResourceGroupId: "rg-000000000000000000" }), ...noGroup },
  { name: "a VPC is named as resource group", parameters: () => ({ ResourceGroupId: own.vpcId }), ...noGroup },
  {
    name: "a tag has no key",
    parameters: () => ({ Tag: [{ Value: "v" }] }),
    code: "InvalidTagKey",
    message: "The tag keys are not valid.",
  },
  {
    name: "a tag key is too long",
    parameters: () => tags(["k".repeat(129), ""]),
    code: "InvalidTagKey",
    message: "The tag keys are not valid.",
  },
  {
    name: "a tag value is too long",
    parameters: () => tags(["k", "v".repeat(129)]),
    code: "InvalidTagValue",
    message: "The tag values are not valid.",
  },
  ...["aliyunkey", "acs:key", "ACS:key", "a-http://b", "https://key"].map((key) => ({
    name: `a tag key is ${key}`,
    parameters: () => tags([key, "v"]),
    code: "Forbidden.TagKeys",
    message: "The tag key cannot be operated by the request.",
  })),
  {
    name: "a tag key is given twice",
    parameters: () => tags(["k", "1"], ["k", "2"]),
    code: "Forbidden.TagKey.Duplicated",
    message: "The specified tag key already exists.",
  },
  {
    name: "there are 21 tags",
    parameters: () => tags(...Array.from({ length: 21 }, (_, n) => [`k${n}`, ""] as const)),
    code: "NumberExceed.Tags",
    message: "The maximum number of tags is exceeded.",
  },
];
for (const { name, from = () => own, to = () => foreign, parameters = () => ({}), settings, code, message, status } of cases) {
  test(`CreateVpcPeerConnection answers ${code} when ${name.length > 80 ? `${name.slice(0, 80)}…` : name}`, async () => {
    await withSettings(server, settings?.() ?? {}, () =>
      refusedUnchanged(server, () => create(from(), to(), parameters()), { code, message, status: status ?? 400 }),
    );
  });
}

test("what is closed inside a region or across the border does not concern other connections", async () => {
  const features: Settings["features"] = [
    { name: "CrossBorderCdt", account: requesterUid, open: false },
    { name: "LinkType.Gold", region: singapore, open: false },
    { name: "VpcPeer", region: singapore, open: false },
    { name: "Cdt", account: "1999999999999999", open: false },
  ];
  await withSettings(server, { features }, async () => {
    for (const to of [foreign, foreignFar, ownFar]) assert.equal(outcome(await create(own, to, { DryRun: true })), "DryRunOperation");
  });
});

test("names, descriptions and tags at their limits pass", async () => {
  const allowed: readonly Parameters[] = [
    ...["ab", "名字", "a_-1", "n".repeat(128)].map((Name) => ({ Name })),
    ...["ab", "a text, with http://", "描述", "d".repeat(256)].map((Description) => ({ Description })),
    tags(...Array.from({ length: 20 }, (_, n) => [`${n}`.padEnd(128, "k"), "v".repeat(128)] as const)),
    tags(["key", ""]),
  ];
  for (const parameters of allowed)
    assert.equal(outcome(await create(own, foreign, { DryRun: true, ...parameters })), "DryRunOperation", JSON.stringify(parameters));
});

test("AcceptingAliUid of 0, and none, stand for the caller's own account", async () => {
  for (const AcceptingAliUid of ["0", undefined]) {
    assert.equal(outcome(await create(own, ownFar, { AcceptingAliUid, DryRun: true })), "DryRunOperation");
  }
});

test("VPCs with equal address blocks can be joined", async () => {
  const [from, to] = await vpcPair(server, server.requester);
  assert.equal(await peeringStatus(server.requester, await activePeering(server, from, to)), "Activated");
});

test("both VPCs must be Available: not while they are made, not while they are deleted", async () => {
  const parameters = { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" };
  const { body: one } = succeeded(await server.requester.vpc("CreateVpc", parameters));
  const { body: two } = succeeded(await server.accepter.vpc("CreateVpc", parameters));
  const notSteady = async (): Promise<void> => {
    const vpcStatus = { code: "IncorrectStatus.Vpc", message: `The status of Vpc [${one.VpcId}] is incorrect.` };
    const acceptingStatus = { code: "IncorrectStatus.AcceptingVpc", message: `The status of AcceptingVpc [${two.VpcId}] is incorrect.` };
    await refusedUnchanged(server, () => create(own, foreign, { VpcId: one.VpcId }), vpcStatus);
    await refusedUnchanged(server, () => create(own, foreign, { AcceptingVpcId: two.VpcId }), acceptingStatus);
  };
  await notSteady();
  await server.advance();
  assert.equal(outcome(await create(own, foreign, { VpcId: one.VpcId, AcceptingVpcId: two.VpcId, DryRun: true })), "DryRunOperation");
  succeeded(await server.requester.vpc("DeleteVpc", { VpcId: one.VpcId }));
  succeeded(await server.accepter.vpc("DeleteVpc", { VpcId: two.VpcId }));
  await notSteady();
});

test("a second connection of a pair is refused in either direction, from the first moment until the first is over", async () => {
  const [from, to] = await vpcPair(server);
  const exists = { code: "ResourceAlreadyExist.VpcPeer", message: "The specified resource of VpcPeer already exists." };
  const bothRefused = async (): Promise<void> => {
    await refusedUnchanged(server, () => create(from, to), exists);
    await refusedUnchanged(server, () => create(to, from), exists);
  };
  const InstanceId = await requestPeering(from, to);
  await bothRefused();
  await server.advance();
  await bothRefused();
  succeeded(await server.accepter.peer("AcceptVpcPeerConnection", { InstanceId }));
  await bothRefused();
  await server.advance();
  await bothRefused();
  succeeded(await server.accepter.peer("DeleteVpcPeerConnection", { InstanceId }));
  await bothRefused();
  await server.advance();
  assert.equal(outcome(await create(to, from, { DryRun: true })), "DryRunOperation");
});

// AcceptVpcPeerConnection

const acceptCases: readonly (Pick<CreateCase, "name" | "parameters" | "settings" | "code" | "message"> & { abroad?: true })[] = [
  { name: "data transfer is closed for the accepter", settings: closed("Cdt", { account: accepterUid }), ...cdt },
  { name: "data transfer is closed for everyone", settings: closed("Cdt"), ...cdt },
  {
    name: "cross-border data transfer is closed for the accepter",
    abroad: true,
    settings: closed("CrossBorderCdt", { account: accepterUid }),
    code: "OperationFailed.CrossBorderCdtNotOpened",
    message: "The cross-border data transmission function of Alibaba Cloud is not enabled.",
  },
  { name: "the resource group is unknown", parameters: () => ({ ResourceGroupId: "rg-000000000000000000" }), ...noGroup },
  {
    name: "a tag key is reserved",
    parameters: () => tags(["acs:k", ""]),
    code: "Forbidden.TagKeys",
    message: "The tag key cannot be operated by the request.",
  },
  {
    name: "a tag key is given twice",
    parameters: () => tags(["k", "1"], ["k", "2"]),
    code: "Forbidden.TagKey.Duplicated",
    message: "The specified tag key already exists.",
  },
  {
    name: "there are 21 tags",
    parameters: () => tags(...Array.from({ length: 21 }, (_, n) => [`k${n}`, ""] as const)),
    code: "NumberExceed.Tags",
    message: "The maximum number of tags is exceeded.",
  },
];
for (const { name, abroad, parameters = () => ({}), settings, code, message } of acceptCases) {
  test(`AcceptVpcPeerConnection answers ${code} when ${name}`, async () => {
    const InstanceId = await requestPeering(...(await vpcPair(server, server.accepter, abroad === undefined ? hangzhou : singapore)));
    await server.advance();
    const accept = (): Promise<Answer> => server.accepter.peer("AcceptVpcPeerConnection", { InstanceId, ...parameters() });
    await withSettings(server, settings?.() ?? {}, () => refusedUnchanged(server, accept, { code, message }));
    assert.equal(await peeringStatus(server.accepter, InstanceId), "Accepting");
  });
}

test("a bandwidth that is left out is never above the quota", async () => {
  await withSettings(server, { quotas: [{ name: "Bandwidth", value: 100 }] }, async () => {
    const { body } = succeeded(await create(own, foreignFar));
    const read = succeeded(await server.requester.peer("GetVpcPeerConnectionAttribute", { InstanceId: body.InstanceId }));
    assert.equal(read.body.Bandwidth, 100);
  });
});
