import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, succeeded } from "../support/networks.ts";
import { eventCount, type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "../vpn/support.ts";
import { type BorderRouter, borderRouter } from "./border-links.ts";
import { enabledCircuit } from "./circuits.ts";
import { type RoutedVpc, routedVpc, withRouter } from "./router-interfaces.ts";

/** Grants: the owner of a VPC (the requester) lets border routers of another account (the accepter) use it. */

let server: InProcessServer;
let circuit: string;
let border: BorderRouter;
let other: BorderRouter;
before(async () => {
  server = await startServer();
  const quotas = ["Vpc", "vbrPerpConn", "freevbr"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  circuit = await enabledCircuit(server, server.accepter);
  border = await newBorder();
  other = await newBorder();
});
after(() => server.stop());

const newBorder = (): Promise<BorderRouter> => borderRouter(server, server.accepter, hangzhou, circuit);
const newVpc = (): Promise<RoutedVpc> => routedVpc(server, server.requester);
const named = ({ vpcId, region }: RoutedVpc, parameters: Parameters = {}): Parameters => ({
  RegionId: region,
  InstanceId: vpcId,
  VbrOwnerUid: accepterKey.account,
  VbrRegionNo: hangzhou,
  GrantType: "All",
  ...parameters,
});
const grant = (vpc: RoutedVpc, parameters?: Parameters): Promise<Answer> => vpc.owner.vpc("GrantInstanceToVbr", named(vpc, parameters));
const revoke = (vpc: RoutedVpc, parameters?: Parameters): Promise<Answer> => vpc.owner.vpc("RevokeInstanceFromVbr", named(vpc, parameters));
const specify = (...routers: readonly BorderRouter[]): Parameters => ({
  GrantType: "Specify",
  VbrInstanceIds: routers.map(({ routerId }) => routerId),
});
/** Type and router of every grant, as the owner of the VPC reads them. */
async function grantsOf({ owner, vpcId }: RoutedVpc): Promise<(readonly [type: string, router: string])[]> {
  const { body } = succeeded(await owner.vpc("DescribeEcGrantRelation", { InstanceType: "VPC", InstanceId: vpcId }));
  assert.deepEqual([body.Count, body.TotalCount], [body.EcGrantRelations.length, body.EcGrantRelations.length]);
  return body.EcGrantRelations.map(({ GrantType, VbrInstanceId }: any) => [GrantType, VbrInstanceId]);
}
/** Types of the grants of one of these VPCs, with the VPC, as the owner of the router reads them. */
async function grantsTo({ owner, region, routerId }: BorderRouter, ...of: readonly RoutedVpc[]): Promise<[type: string, vpc: string][]> {
  const list = { InstanceType: "VBR", InstanceId: routerId, VbrRegionNo: region, PageSize: 50 };
  const { body } = succeeded(await owner.vpc("DescribeEcGrantRelation", list));
  const relations = body.EcGrantRelations.filter(({ InstanceId }: any) => of.some(({ vpcId }) => vpcId === InstanceId));
  return relations.map(({ GrantType, InstanceId, VbrInstanceId }: any) => {
    assert.equal(VbrInstanceId, routerId);
    return [GrantType, InstanceId];
  });
}

const missing: Expected = { code: "InvalidParam.NotNull", message: "The parameter must not be null." };
const illegal: Expected = { code: "Parameter.Illegal", message: "The parameter is illegal." };
const notExist: Expected = { code: "Instance.NotExist", message: "The instance not exist.", status: 404 };
const notGranted: Expected = { code: "EcGrantRelation.NotExist", message: "The ec grant relation not exist.", status: 404 };

test("the official SDK grants, lists and revokes", async () => {
  const [owner, grantee] = [sdkOf(server, requesterKey), sdkOf(server, accepterKey)];
  const vpc = await withRouter(await availableVpc(server, server.requester, hangzhou, { VpcName: "shared" }));
  const [one, two] = [await newBorder(), await newBorder()];
  const wanted = {
    regionId: hangzhou,
    instanceId: vpc.vpcId,
    vbrOwnerUid: accepterKey.account,
    vbrRegionNo: hangzhou,
    grantType: "Specify",
    vbrInstanceIds: [one.routerId, two.routerId],
  };
  const grantedAt = new Date(await virtualNow(server)).toISOString().slice(0, 16);
  await ask(owner, "grantInstanceToVbr", wanted);
  const read = await ask(owner, "describeEcGrantRelation", { instanceType: "VPC", instanceId: vpc.vpcId });
  const relation = (vbrInstanceId: string): object => ({
    aliUid: Number(requesterKey.account),
    gmtCreate: `${grantedAt}Z`,
    grantType: "Specify",
    instanceId: vpc.vpcId,
    instanceName: "shared",
    instanceRouterId: vpc.routerId,
    regionNo: hangzhou,
    status: "Created",
    vbrInstanceId,
    vbrOwnerUid: Number(accepterKey.account),
    vbrRegionNo: hangzhou,
  });
  const plain = (body: unknown): any => JSON.parse(JSON.stringify(body));
  const { requestId: _id, ...page } = plain(read);
  const relations = [one, two].map(({ routerId }) => relation(routerId));
  assert.deepEqual(page, { count: 2, ecGrantRelations: relations, page: 1, pageSize: 10, totalCount: 2 });

  const ofOne = { instanceType: "VBR", instanceId: one.routerId, vbrRegionNo: hangzhou };
  assert.deepEqual(plain(await ask(grantee, "describeEcGrantRelation", ofOne)).ecGrantRelations, [relation(one.routerId)]);
  await ask(owner, "revokeInstanceFromVbr", { ...wanted, vbrInstanceIds: [one.routerId] });
  assert.deepEqual(plain(await ask(grantee, "describeEcGrantRelation", ofOne)).ecGrantRelations, []);
  assert.deepEqual(await grantsOf(vpc), [["Specify", two.routerId]]);
});

test("grant types are told apart in any letter case, and routers may be named in every spelling of a list", async () => {
  const vpc = await newVpc();
  const ids = [border.routerId, other.routerId];
  for (const spelling of [
    { VbrInstanceIds: ids },
    { VbrInstanceIds: ids.join(",") },
    { VbrInstanceIds: JSON.stringify(ids) },
    { VbrInstanceIds: [...ids, ...ids] },
  ]) {
    succeeded(await grant(vpc, { ...spelling, GrantType: "specify" }));
    assert.deepEqual(await grantsOf(vpc), ids.map((id) => ["Specify", id])); // prettier-ignore
    succeeded(await revoke(vpc, { ...spelling, GrantType: "SPECIFY" }));
    assert.deepEqual(await grantsOf(vpc), []);
  }
  for (const [granted, revoked] of [
    ["All", "ALL"],
    ["ALL", "all"],
  ] as const) {
    // With All the ids say nothing.
    succeeded(await grant(vpc, { GrantType: granted, VbrInstanceIds: ids }));
    assert.deepEqual(await grantsOf(vpc), [["All", ""]]);
    succeeded(await revoke(vpc, { GrantType: revoked, VbrInstanceIds: ids }));
    assert.deepEqual(await grantsOf(vpc), []);
  }
});

test("a grant for all is for routers that come later too, and its owner is not told which there are", async () => {
  const vpc = await newVpc();
  succeeded(await grant(vpc));
  const later = await newBorder();
  for (const router of [border, other, later]) assert.deepEqual(await grantsTo(router, vpc), [["All", vpc.vpcId]]);
  assert.deepEqual(await grantsOf(vpc), [["All", ""]]);
  // Elsewhere nothing is granted.
  const inBeijing = await borderRouter(server, server.accepter, beijing);
  assert.deepEqual(await grantsTo(inBeijing, vpc), []);
  // One is not taken back from among all; all takes back the named ones too.
  await refusedUnchanged(server, () => revoke(vpc, specify(border)), notGranted);
  succeeded(await grant(vpc, specify(border)));
  assert.deepEqual(await grantsOf(vpc), [
    ["All", ""],
    ["Specify", border.routerId],
  ]);
  assert.deepEqual(await grantsTo(border, vpc), [
    ["All", vpc.vpcId],
    ["Specify", vpc.vpcId],
  ]);
  await refusedUnchanged(server, () => revoke(vpc, { VbrRegionNo: beijing }), notGranted);
  succeeded(await revoke(vpc));
  assert.deepEqual([await grantsOf(vpc), await grantsTo(border, vpc)], [[], []]);
});

test("what is granted already is granted again without a change", async () => {
  const vpc = await newVpc();
  for (const parameters of [{}, specify(border, other)]) {
    succeeded(await grant(vpc, parameters));
    const before = await eventCount(server);
    succeeded(await grant(vpc, parameters));
    assert.equal(await eventCount(server), before);
  }
});

test("what is missing or makes no sense is refused", async () => {
  const vpc = await newVpc();
  for (const call of [grant, revoke]) {
    for (const name of ["InstanceId", "VbrOwnerUid", "VbrRegionNo", "GrantType"]) {
      await refusedUnchanged(server, () => call(vpc, { [name]: undefined }), missing);
    }
    await refusedUnchanged(server, () => call(vpc, { GrantType: "Specify" }), missing);
    for (const wrong of [
      { GrantType: "Some" },
      { VbrRegionNo: "cn-nowhere" },
      { VbrOwnerUid: "me" },
      { VbrOwnerUid: requesterKey.account },
      { VbrOwnerUid: "1" },
    ]) {
      await refusedUnchanged(server, () => call(vpc, wrong), illegal);
    }
  }
});

test("the VPC is the caller's, in the region and Available; routers are the grantee's, in theirs", async () => {
  const vpc = await newVpc();
  const foreign = await routedVpc(server, server.accepter);
  for (const call of [grant, revoke]) {
    for (const wrong of [{ InstanceId: "vpc-bp1000000000000000000" }, { InstanceId: foreign.vpcId }, { RegionId: beijing }]) {
      await refusedUnchanged(server, () => call(vpc, wrong), notExist);
    }
  }
  const own = await borderRouter(server, server.requester);
  const inBeijing = await borderRouter(server, server.accepter, beijing);
  for (const router of [own, inBeijing, { ...border, routerId: "vbr-bp1000000000000000000" }]) {
    await refusedUnchanged(server, () => grant(vpc, specify(border, router)), notExist);
  }
  succeeded(await grant(vpc));
  succeeded(await vpc.owner.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: vpc.vpcId }));
  const status: Expected = { code: "Instance.StatusError", message: "The status of instance error." };
  for (const call of [grant, revoke]) await refusedUnchanged(server, () => call(vpc), status);
});

test("grants go with their VPC, and with the router that they are for", async () => {
  const [vpc, kept] = [await newVpc(), await newVpc()];
  const router = await newBorder();
  succeeded(await grant(vpc));
  succeeded(await grant(vpc, specify(router)));
  succeeded(await grant(kept, specify(router)));
  succeeded(await vpc.owner.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: vpc.vpcId }));
  await server.advance();
  assert.deepEqual([await grantsTo(router, vpc, kept), await grantsTo(border, vpc, kept)], [[["Specify", kept.vpcId]], []]);
  succeeded(await router.owner.vpc("DeleteVirtualBorderRouter", { RegionId: hangzhou, VbrId: router.routerId }));
  await server.advance();
  assert.deepEqual(await grantsOf(kept), []);
});

test("grants are listed page by page, for the caller's own VPCs and routers", async () => {
  const vpc = await newVpc();
  const routers = [border, other, await newBorder()];
  succeeded(await grant(vpc, specify(...routers)));
  const ask = (parameters: Parameters, owner = server.requester): Promise<Answer> =>
    owner.vpc("DescribeEcGrantRelation", { InstanceType: "VPC", InstanceId: vpc.vpcId, ...parameters });
  const page = async (PageNumber: number): Promise<unknown> => {
    const { body } = succeeded(await ask({ InstanceType: "vpc", PageNumber, PageSize: 2 }));
    return [body.EcGrantRelations.map((one: any) => one.VbrInstanceId), body.Count, body.TotalCount, body.Page, body.PageSize];
  };
  const [one, two, three] = routers.map(({ routerId }) => routerId);
  assert.deepEqual(await page(1), [[one, two], 2, 3, 1, 2]);
  assert.deepEqual(await page(2), [[three], 1, 3, 2, 2]);
  assert.deepEqual(await page(3), [[], 0, 3, 3, 2]);

  const ofBorder = { InstanceType: "VBR", InstanceId: border.routerId, VbrRegionNo: hangzhou };
  for (const [call, expected] of [
    [() => ask({ InstanceType: undefined }), missing],
    [() => ask({ InstanceId: undefined }), missing],
    [() => ask({ ...ofBorder, VbrRegionNo: undefined }, server.accepter), missing],
    [() => ask({ InstanceType: "CEN" }), illegal],
    [() => ask({ VbrRegionNo: "cn-nowhere" }), illegal],
    // To others a VPC and a router are as none.
    [() => ask({}, server.accepter), notExist],
    [() => ask(ofBorder), notExist],
    [() => ask({ ...ofBorder, VbrRegionNo: beijing }, server.accepter), notExist],
    [() => ask({ InstanceId: border.routerId }), notExist],
    [() => ask({ InstanceId: "vpc-bp1000000000000000000" }), notExist],
  ] as const) {
    await refusedUnchanged(server, call, expected);
  }
});
