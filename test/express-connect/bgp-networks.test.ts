import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { inHangzhou } from "./bgp.ts";
import { routerFor, routerOn } from "./border-routers.ts";
import { enabledCircuit } from "./circuits.ts";

/** AddBgpNetwork, DeleteBgpNetwork and DescribeBgpNetworks. */

let server: InProcessServer;
let sdk: Sdk;
let circuit: string;
let router: string;
let other: string;
let vpc: TestVpc;
let inBeijing: TestVpc;
let foreign: TestVpc;

before(async () => {
  server = await startServer();
  const { requester, accepter } = server;
  sdk = sdkOf(server, requesterKey);
  circuit = await enabledCircuit(server, requester);
  router = await routerOn(requester, circuit);
  other = await routerOn(requester, circuit);
  vpc = await availableVpc(server, requester);
  inBeijing = await availableVpc(server, requester, beijing);
  foreign = await availableVpc(server, accepter);
});
after(() => server.stop());

const call = (action: string, parameters: Parameters): Promise<Answer> => inHangzhou(server.requester, action, parameters);
const add = (DstCidrBlock: string, parameters: Parameters = {}): Promise<Answer> =>
  call("AddBgpNetwork", { RouterId: router, DstCidrBlock, ...parameters });
const remove = (DstCidrBlock: string, parameters: Parameters = {}): Promise<Answer> =>
  call("DeleteBgpNetwork", { RouterId: router, DstCidrBlock, ...parameters });
const list = async (parameters: Parameters = {}, owner = server.requester): Promise<any[]> =>
  succeeded(await inHangzhou(owner, "DescribeBgpNetworks", { PageSize: 50, ...parameters })).body.BgpNetworks.BgpNetwork;
const read = async (block: string): Promise<any> => (await list({ RouterId: router })).find(({ DstCidrBlock }) => DstCidrBlock === block);
const busy: Expected = { code: "InvalidStatus.CannotOperate", message: "invalid status cannot operate" };
const notFound: Expected = { code: "InvalidParams.NotFound", message: "instance not found" };
const noSuchNetwork: Expected = { code: "InvalidVbrNetwork", message: "vbr netowrk not exists" };
const exists: Expected = { code: "Duplicated.CidrBlock", message: "bgp network cidr already exists." };

test("the official SDK leads a network through its life", async () => {
  const network = { regionId: hangzhou, routerId: router, dstCidrBlock: "192.168.0.0/16" };
  const shown = async (): Promise<unknown[]> => {
    const { bgpNetworks, ...page } = await ask(sdk, "describeBgpNetworks", { regionId: hangzhou, routerId: router });
    assert.deepEqual([page.pageNumber, page.pageSize, page.totalCount], [1, 10, bgpNetworks?.bgpNetwork?.length]);
    return (bgpNetworks?.bgpNetwork ?? []).map(({ dstCidrBlock, routerId, status, vpcId }) => ({ dstCidrBlock, routerId, status, vpcId }));
  };
  await ask(sdk, "addBgpNetwork", network);
  const plain = { dstCidrBlock: "192.168.0.0/16", routerId: router, vpcId: "" };
  assert.deepEqual(await shown(), [{ ...plain, status: "Pending" }]);
  await server.advance();
  assert.deepEqual(await shown(), [{ ...plain, status: "Available" }]);
  await ask(sdk, "deleteBgpNetwork", network);
  assert.deepEqual(await shown(), [{ ...plain, status: "Deleting" }]);
  await server.advance();
  assert.deepEqual(await shown(), []);
});

test("a network can name a VPC of the caller in any region, and no other", async () => {
  for (const [DstCidrBlock, { vpcId }] of [
    ["10.0.0.0/16", vpc],
    ["10.1.0.0/16", inBeijing],
  ] as const) {
    succeeded(await add(DstCidrBlock, { VpcId: vpcId }));
    assert.equal((await read(DstCidrBlock)).VpcId, vpcId);
  }
  for (const VpcId of [foreign.vpcId, "vpc-bp1000000000000000000", router]) {
    await refusedUnchanged(server, () => add("10.2.0.0/16", { VpcId }), notFound);
  }
});

test("a network can name a VPC that was granted to its border router, as long as the grant stands", async () => {
  const { requester, accepter } = server;
  const grant = { InstanceId: foreign.vpcId, VbrOwnerUid: requester.key.account, VbrRegionNo: hangzhou, GrantType: "Specify" };
  const granted = { ...grant, VbrInstanceIds: [router] };
  succeeded(await inHangzhou(accepter, "GrantInstanceToVbr", granted));
  succeeded(await add("10.3.0.0/16", { VpcId: foreign.vpcId }));
  assert.equal((await read("10.3.0.0/16")).VpcId, foreign.vpcId);
  const atOther = (): Promise<Answer> => add("10.3.0.0/16", { VpcId: foreign.vpcId, RouterId: other });
  await refusedUnchanged(server, atOther, notFound);
  succeeded(await inHangzhou(accepter, "RevokeInstanceFromVbr", granted));
  await refusedUnchanged(server, () => add("10.4.0.0/16", { VpcId: foreign.vpcId }), notFound);
});

test("a block is an IPv4 block in normal form or an address, which is read as it was written", async () => {
  for (const block of ["0.0.0.0/0", "172.16.0.0/12", "172.16.1.1/32", "172.16.1.2"]) {
    succeeded(await add(block));
    assert.equal((await read(block)).DstCidrBlock, block);
  }
  for (const block of ["x", "10.0.0.1/16", "10.0.0.0/33", "10.0.0.0/016", "10.0.0", "2408::/56", "10.0.0.0/16/1", " ", "1".repeat(65)]) {
    await refusedUnchanged(server, () => add(block), {
      code: "InvalidDestCidrBlock.Malformed",
      message: "Specified dstCidrBlock is not valid.",
    });
  }
  for (const block of ["224.0.0.0/4", "224.0.0.1", "239.255.0.0/16"]) {
    await refusedUnchanged(server, () => add(block), { code: "IllegalParam.ConflictWithDClass", message: "DClass IP can not support." });
  }
  refusedWith(await call("AddBgpNetwork", { RouterId: router }), "MissingDstCidrBlock");
});

test("a border router tells a block once, however it is written and whichever VPC it is said of", async () => {
  succeeded(await add("198.51.100.7"));
  for (const again of [() => add("198.51.100.7"), () => add("198.51.100.7/32"), () => add("198.51.100.7", { VpcId: vpc.vpcId })]) {
    await refusedUnchanged(server, again, exists);
  }
  succeeded(await add("198.51.100.7", { RouterId: other }));
  succeeded(await add("198.51.100.0/24"));
  await server.advance();
  succeeded(await remove("198.51.100.7/32"));
  await refusedUnchanged(server, () => add("198.51.100.7"), exists);
  await server.advance();
  succeeded(await add("198.51.100.7/32"));
  assert.equal((await list({ RouterId: other })).length, 1, "the other router's stays");
});

test("only an active border router of the caller's own, in the region, takes networks", async () => {
  const { requester, accepter } = server;
  const block = "203.0.113.0/24";
  for (const RouterId of ["vbr-bp1000000000000000000", circuit, vpc.vpcId])
    await refusedUnchanged(server, () => add(block, { RouterId }), notFound);
  await refusedUnchanged(server, () => add(block, { RegionId: beijing }), notFound);
  const asOther = { RouterId: router, DstCidrBlock: block };
  await refusedUnchanged(server, () => inHangzhou(accepter, "AddBgpNetwork", asOther), notFound);
  const theirs = await routerFor(accepter, requester, circuit);
  await refusedUnchanged(server, () => inHangzhou(accepter, "AddBgpNetwork", { ...asOther, RouterId: theirs }), busy);
  refusedWith(await add(block, { RouterId: undefined }), "MissingRouterId");

  const at = await routerOn(requester, circuit);
  succeeded(await add(block, { RouterId: at }));
  await server.advance();
  succeeded(await call("TerminateVirtualBorderRouter", { VbrId: at }));
  await refusedUnchanged(server, () => add("203.0.113.128/25", { RouterId: at }), busy);
  await server.advance();
  await refusedUnchanged(server, () => add("203.0.113.128/25", { RouterId: at }), busy);
  // What a terminated router still tells can be taken back, so that it can be deleted.
  succeeded(await remove(block, { RouterId: at }));
  await server.advance();
  succeeded(await call("DeleteVirtualBorderRouter", { VbrId: at }));
  await server.advance();
});

test("only an Available network can be deleted, by the owner of its border router", async () => {
  const block = "203.0.113.0/25";
  succeeded(await add(block));
  await refusedUnchanged(server, () => remove(block), busy);
  await server.advance();
  for (const elsewhere of [{ RegionId: beijing }, { RouterId: "vbr-none" }, { RouterId: vpc.vpcId }]) {
    await refusedUnchanged(server, () => remove(block, elsewhere), notFound);
  }
  await refusedUnchanged(
    server,
    () => inHangzhou(server.accepter, "DeleteBgpNetwork", { RouterId: router, DstCidrBlock: block }),
    notFound,
  );
  for (const [DstCidrBlock, RouterId] of [
    ["203.0.113.0/26", router],
    ["203.0.113.0", router],
    ["x", router],
    [block, other],
  ] as const) {
    await refusedUnchanged(server, () => remove(DstCidrBlock, { RouterId }), noSuchNetwork);
  }
  succeeded(await remove(block));
  await refusedUnchanged(server, () => remove(block), busy);
  await server.advance();
  await refusedUnchanged(server, () => remove(block), noSuchNetwork);
  refusedWith(await call("DeleteBgpNetwork", { RouterId: router }), "MissingDstCidrBlock");
});

test("a border router with networks stays, until the last of them is gone", async () => {
  const at = await routerOn(server.requester, circuit);
  const network = { RouterId: at, DstCidrBlock: "10.9.0.0/16" };
  const deleteRouter = (): Promise<Answer> => call("DeleteVirtualBorderRouter", { VbrId: at });
  const hasNetworks: Expected = { code: "DependencyViolation.BgpNetwork", message: "bgp network exists, cannot delete vbr." };
  succeeded(await call("AddBgpNetwork", network));
  await refusedUnchanged(server, deleteRouter, hasNetworks);
  await server.advance();
  succeeded(await call("DeleteBgpNetwork", network));
  await refusedUnchanged(server, deleteRouter, hasNetworks);
  await server.advance();
  succeeded(await deleteRouter());
  await server.advance();
});

test("networks are listed by border router, page by page, each to its owner only", async () => {
  const at = await routerOn(server.requester, circuit);
  const blocks = ["10.1.0.0/24", "10.2.0.0/24", "10.3.0.0/24"];
  for (const DstCidrBlock of blocks) succeeded(await call("AddBgpNetwork", { RouterId: at, DstCidrBlock }));
  await server.advance();
  const listed = async (parameters: Parameters): Promise<string[]> => (await list(parameters)).map(({ DstCidrBlock }) => DstCidrBlock);
  assert.deepEqual(await listed({ RouterId: at }), blocks);
  assert.deepEqual(await listed({ RouterId: at, PageSize: 2 }), blocks.slice(0, 2));
  assert.deepEqual(await listed({ RouterId: at, PageSize: 2, PageNumber: 2 }), blocks.slice(2));
  const all = await list();
  assert.ok(all.some(({ RouterId }) => RouterId === at) && all.some(({ RouterId }) => RouterId === router));
  for (const elsewhere of [{ RouterId: at, RegionId: beijing }, { RouterId: "vbr-none" }]) assert.deepEqual(await listed(elsewhere), []);
  assert.deepEqual(await list({}, server.accepter), []);
  assert.deepEqual(await list({ RouterId: at }, server.accepter), []);
});

test("a repeated ClientToken answers as the first time and does nothing more", async () => {
  const block = "10.77.0.0/16";
  for (const [write, differently] of [
    [() => add(block, { ClientToken: "add" }), () => add("10.78.0.0/16", { ClientToken: "add" })],
    [() => remove(block, { ClientToken: "delete" }), () => remove("10.78.0.0/16", { ClientToken: "delete" })],
  ] as const) {
    succeeded(await write());
    await server.advance();
    const events = await eventCount(server);
    succeeded(await write());
    assert.equal(await eventCount(server), events);
    await refusedUnchanged(server, differently, tokenReused);
  }
});
