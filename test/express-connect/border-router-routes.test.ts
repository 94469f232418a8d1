import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, refusedWith, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, eventCount, outcome, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { associate, ipv6Addresses, modify, nextVlan, onRouter, readRouter, routerFor, routerOn, routerStatus } from "./border-routers.ts";
import { enabledCircuit } from "./circuits.ts";

/** The route tables of virtual border routers, and the entries in them. */

let server: InProcessServer;
let owner: Caller;
let circuit: string;
let vpc: TestVpc;

interface Router {
  readonly id: string;
  readonly table: string;
  /** Its interface on the VLAN. */
  readonly hop: string;
}
async function newRouter(parameters: Parameters = {}): Promise<Router> {
  const id = await routerOn(owner, circuit, nextVlan(), parameters);
  const { RouteTableId, VlanInterfaceId } = await readRouter(owner, id);
  return { id, table: RouteTableId, hop: VlanInterfaceId };
}
before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: ["vbrPerpConn", "freevbr"].map((name) => ({ name, value: 1000 })) });
  owner = server.requester;
  circuit = await enabledCircuit(server, owner);
  vpc = await availableVpc(server, owner);
});
after(() => server.stop());

const call = (action: string, parameters: Parameters): Promise<Answer> => owner.vpc(action, { RegionId: hangzhou, ...parameters });
function enter({ table, hop }: Router, DestinationCidrBlock: string, parameters: Parameters = {}): Promise<Answer> {
  const entry = { RouteTableId: table, DestinationCidrBlock, NextHopType: "RouterInterface", NextHopId: hop };
  return call("CreateRouteEntry", { ...entry, ...parameters });
}
/** The dry run of a batch with one such entry. */
function inDryRun({ table, hop }: Router, DstCidrBlock: string): Promise<Answer> {
  const entry = { RouteTableId: table, DstCidrBlock, NextHopType: "RouterInterface", NextHop: hop };
  return call("CreateRouteEntries", { RouteEntries: [entry], DryRun: true });
}
/** An entry to the site that is Available; answers its id. */
async function entered(router: Router, destination: string): Promise<string> {
  const { body } = succeeded(await enter(router, destination));
  await server.advance();
  return body.RouteEntryId;
}
async function entriesOf({ table }: Router): Promise<any[]> {
  return succeeded(await call("DescribeRouteEntryList", { RouteTableId: table })).body.RouteEntrys.RouteEntry;
}
const site = "172.16.0.0/12";

// The table

test("a router has one empty table of its own, which is in no VPC", async () => {
  const { id, table } = await newRouter();
  const lists = async (parameters: Parameters): Promise<any[]> =>
    succeeded(await call("DescribeRouteTableList", { PageSize: 50, ...parameters })).body.RouterTableList.RouterTableListType;
  const [shown, ...more] = await lists({ RouterType: "VBR", RouterId: id });
  assert.equal(more.length, 0);
  assert.deepEqual(
    [shown.RouteTableId, shown.RouterType, shown.RouterId, shown.RouteTableType, shown.VpcId, shown.Status, shown.OwnerId],
    [table, "VBR", id, "System", "", "Available", Number(requesterKey.account)],
  );
  assert.deepEqual(shown.VSwitchIds, { VSwitchId: [] });
  assert.deepEqual((await lists({ RouterType: "VBR", RouteTableId: table })).length, 1);
  // The list is one of VPCs' tables unless it is asked for the others.
  assert.deepEqual(await lists({ RouteTableId: table }), []);
  assert.deepEqual(await lists({ RouterType: "VBR", VpcId: id }), []);
  assert.ok((await lists({})).every(({ RouterType }) => RouterType === "VRouter"));

  const whole = succeeded(await call("DescribeRouteTables", { RouteTableId: table })).body.RouteTables.RouteTable;
  assert.equal(whole.length, 1);
  assert.deepEqual([whole[0].VRouterId, whole[0].RouteTableType, whole[0].RouteEntrys.RouteEntry], [id, "System", []]);
  for (const [parameters, count] of [
    [{ RouterType: "VBR", RouterId: id }, 1],
    [{ RouterType: "VRouter", RouterId: id }, 0],
  ] as const) {
    assert.equal(succeeded(await call("DescribeRouteTables", parameters)).body.TotalCount, count);
  }
  refusedWith(await call("DescribeRouteTables", { VRouterId: id }), "InvalidVRouterId.NotFound");
});

test("the table can be named, and what is of VPCs' tables cannot be done to it", async () => {
  const { id, table } = await newRouter();
  succeeded(await call("ModifyRouteTableAttributes", { RouteTableId: table, RouteTableName: "to-site", Description: "of the router" }));
  const [shown] = succeeded(await call("DescribeRouteTableList", { RouterType: "VBR", RouteTableName: "to-site" })).body.RouterTableList
    .RouterTableListType;
  assert.deepEqual([shown.RouteTableId, shown.Description], [table, "of the router"]);
  const VSwitchId = await vSwitchIn(server, vpc, "10.0.1.0/24");
  const before = await eventCount(server);
  refusedWith(await call("AssociateRouteTable", { RouteTableId: table, VSwitchId }), "Forbidden.NotInSameVpc", 404);
  refusedWith(await call("UnassociateRouteTable", { RouteTableId: table, VSwitchId }), "OperationUnsupported.SystemRouteTable", 404);
  refusedWith(await call("DeleteRouteTable", { RouteTableId: table }), "IncorrectRouteTableType");
  refusedWith(await call("CreateRouteTable", { VpcId: id }), "InvalidVpcId.NotFound", 404);
  assert.equal(await eventCount(server), before);
  const published = { RouteTableId: table, TargetType: "ECR" };
  assert.deepEqual(succeeded(await call("ListVpcPublishedRouteEntries", published)).body.RouteEntries, []);
});

// Entries

test("an entry leads over the router's VLAN, is changed and deleted", async () => {
  const router = await newRouter();
  const id = succeeded(await enter(router, site, { RouteEntryName: "site", Description: "to the site" })).body.RouteEntryId;
  assert.equal((await entriesOf(router))[0].Status, "Pending");
  await server.advance();
  const [shown] = await entriesOf(router);
  assert.deepEqual([shown.RouteEntryId, shown.Status, shown.Type, shown.DestinationCidrBlock], [id, "Available", "Custom", site]);
  assert.deepEqual(
    shown.NextHops.NextHop.map(({ NextHopId, NextHopType }: any) => [NextHopType, NextHopId]),
    [["RouterInterface", router.hop]],
  );
  succeeded(await call("ModifyRouteEntry", { RouteEntryId: id, RouteEntryName: "renamed" }));
  assert.equal((await entriesOf(router))[0].RouteEntryName, "renamed");
  const named = { RouteTableId: router.table, DestinationCidrBlock: site, NextHopId: router.hop };
  succeeded(await call("DeleteRouteEntry", named));
  await server.advance();
  assert.deepEqual(await entriesOf(router), []);
});

test("an entry moves from one circuit of the router to another", async () => {
  const router = await newRouter();
  const second = await enabledCircuit(server, owner);
  succeeded(await associate(owner, router.id, second, 20));
  const [{ VlanInterfaceId }] = (await readRouter(owner, router.id)).AssociatedPhysicalConnections.AssociatedPhysicalConnection;
  const id = await entered(router, site);
  const moved = { RouteEntryId: id, NewNextHopType: "RouterInterface", NewNextHopId: VlanInterfaceId };
  succeeded(await call("ModifyRouteEntry", moved));
  await server.advance();
  const [shown] = await entriesOf(router);
  assert.equal(shown.NextHops.NextHop[0].NextHopId, VlanInterfaceId);
  // What an entry leads over stays.
  await refusedUnchanged(
    server,
    () => onRouter(owner, "UnassociatePhysicalConnectionFromVirtualBorderRouter", router.id, { PhysicalConnectionId: second }),
    { code: "ROUTER_INTERFACE_REFERED_BY_ROUTEENTRY", message: "The specified VlanInterface has been used by routeEntry." },
  );
  const back = { RouteEntryId: id, NewNextHopType: "RouterInterface", NewNextHopId: router.hop };
  succeeded(await call("ModifyRouteEntry", back));
  await server.advance();
  succeeded(await onRouter(owner, "UnassociatePhysicalConnectionFromVirtualBorderRouter", router.id, { PhysicalConnectionId: second }));
  refusedWith(await call("ModifyRouteEntry", moved), "InvalidNextHopId.NotFound", 404);
});

test("only the router's own interfaces are next hops in its table, and they are nowhere else", async () => {
  const [router, other] = [await newRouter(), await newRouter()];
  const notFound = { code: "InvalidNextHopId.NotFound", message: "Specified next hop does not exist.", status: 404 };
  await refusedUnchanged(server, () => enter(router, site, { NextHopId: other.hop }), notFound);
  await refusedUnchanged(server, () => enter(router, site, { NextHopId: "ri-none" }), notFound);
  await refusedUnchanged(server, () => enter({ ...router, table: vpc.routeTableId }, site), notFound);
  const unsupported = (type: string): Expected => ({
    code: "OperationFailed.InvalidNextHopType",
    message: `The next hop type ${type} is not supported here.`,
  });
  for (const type of ["Instance", "VpcPeer", "VpnGateway"]) {
    await refusedUnchanged(server, () => enter(router, site, { NextHopType: type, NextHopId: "i-bp1example" }), unsupported(type));
  }
  const NextHopList = [1, 2].map(() => ({ NextHopType: "RouterInterface", NextHopId: router.hop }));
  await refusedUnchanged(server, () => enter(router, site, { NextHopType: undefined, NextHopId: undefined, NextHopList }), {
    code: "InvalidRouterType",
    message: "Cannot specify nexthop list in vbr's route table.",
  });
  const id = await entered(router, site);
  const toInstance = { RouteEntryId: id, NewNextHopType: "Instance", NewNextHopId: "i-bp1example" };
  await refusedUnchanged(server, () => call("ModifyRouteEntry", toInstance), {
    code: "UnsupportedFeature.NextHopType",
    message: "The route type does not support modifying the next hop of the route.",
  });
});

test("a destination is in the table once, and no reserved one", async () => {
  const router = await newRouter();
  await entered(router, site);
  await refusedUnchanged(server, () => enter(router, site), {
    code: "InvalidCIDRBlock.Duplicate",
    message: "Specified CIDR block is already exists.",
  });
  await refusedUnchanged(server, () => enter(router, "100.64.1.0/24"), {
    code: "InvalidDestinationCidrBlock",
    message: "The specified destinationCidrBlock must not included in black list cidr.",
  });
  await refusedUnchanged(server, () => enter(router, "172.16.0.1/12"), {
    code: "InvalidCidrBlock.Malformed",
    message: "Specified CIDR block is not valid.",
  });
});

test("an IPv6 destination needs a router with IPv6", async () => {
  const router = await newRouter();
  const block = "2408:4004:dd::/48";
  const without = { code: "OperationUnsupported.Ipv6ForVBR", message: "IPv6 is not enabled for the VBR." };
  await refusedUnchanged(server, () => enter(router, block), without);
  await refusedUnchanged(server, () => inDryRun(router, block), without);
  succeeded(await modify(owner, router.id, ipv6Addresses));
  succeeded(await enter(router, block));
});

test("a router that is not active gets no entries, and keeps those that it has", async () => {
  const router = await newRouter();
  const id = await entered(router, site);
  const status = { code: "InvalidVBRStatus", message: "invalid virtual border router status." };
  const refused = (): Promise<void> => refusedUnchanged(server, () => enter(router, "192.168.0.0/16"), status);
  succeeded(await onRouter(owner, "TerminateVirtualBorderRouter", router.id));
  await refused();
  const busy = { code: "IncorrectVpcStatus", message: "Current VPC status does not support this operation." };
  await refusedUnchanged(server, () => call("DeleteRouteEntry", { RouteEntryId: id }), busy);
  await server.advance();
  await refused();
  await refusedUnchanged(server, () => inDryRun(router, "192.168.0.0/16"), status);
  assert.deepEqual((await entriesOf(router)).length, 1);
  succeeded(await onRouter(owner, "RecoverVirtualBorderRouter", router.id));
  await refused();
  await server.advance();
  succeeded(await enter(router, "192.168.0.0/16"));

  const theirs = await routerFor(server.accepter, owner, circuit);
  const { RouteTableId, VlanInterfaceId } = await readRouter(server.accepter, theirs);
  const entry = {
    RegionId: hangzhou,
    RouteTableId,
    DestinationCidrBlock: site,
    NextHopType: "RouterInterface",
    NextHopId: VlanInterfaceId,
  };
  refusedWith(await server.accepter.vpc("CreateRouteEntry", entry), status.code);
  // Their table is not the caller's, whose circuit it is.
  refusedWith(await owner.vpc("CreateRouteEntry", entry), "InvalidRouteTableId.NotFound", 404);
});

test("writes on a router's table exclude each other, and those on other routers and VPCs go on", async () => {
  const [router, other] = [await newRouter(), await newRouter()];
  succeeded(await enter(router, site));
  await refusedUnchanged(server, () => enter(router, "192.168.0.0/16"), {
    code: "IncorrectRouteEntryStatus",
    message: "Some route entry status blocked this operation.",
  });
  succeeded(await enter(other, site));
  const entry = { RouteTableId: vpc.routeTableId, DestinationCidrBlock: site, NextHopId: "i-bp1example" };
  succeeded(await call("CreateRouteEntry", entry));
  const custom = await call("CreateRouteTable", { VpcId: vpc.vpcId });
  assert.equal(outcome(custom), "OperationConflict");
  await server.advance();
  await routeTableIn(server, vpc);
});

test("a table holds as many entries as the quota VbrRouteEntry", async () => {
  const router = await newRouter();
  const settings = (await server.admin("GET", "settings")).body;
  await server.admin("PUT", "settings", { ...settings, quotas: [...settings.quotas, { name: "VbrRouteEntry", value: 2 }] });
  await entered(router, "192.168.1.0/24");
  await entered(router, "192.168.2.0/24");
  const full = { code: "QuotaExceeded", message: "Route entry quota exceeded in this route table." };
  await refusedUnchanged(server, () => enter(router, "192.168.3.0/24"), full);
  const batch = { RouteEntries: [{ RouteTableId: router.table, DstCidrBlock: site, NextHop: router.hop, NextHopType: "RouterInterface" }] };
  await refusedUnchanged(server, () => call("CreateRouteEntries", { ...batch, DryRun: true }), full);
  const other = { RouteTableId: vpc.routeTableId, NextHopId: "i-bp1example" };
  for (const third of ["1", "2", "3"]) {
    succeeded(await call("CreateRouteEntry", { ...other, DestinationCidrBlock: `192.168.${third}.0/24` }));
    await server.advance();
  }
  await server.admin("PUT", "settings", settings);
  succeeded(await call("CreateRouteEntries", batch));
});

test("batches work on a router's table, each entry for itself", async () => {
  const router = await newRouter();
  const member = (DstCidrBlock: string, NextHop: string, NextHopType = "RouterInterface"): object => ({
    RouteTableId: router.table,
    DstCidrBlock,
    NextHop,
    NextHopType,
  });
  const { body } = succeeded(
    await call("CreateRouteEntries", {
      RouteEntries: [
        member("192.168.1.0/24", router.hop),
        member("192.168.2.0/24", "i-bp1example", "Instance"),
        member("192.168.3.0/24", router.hop),
      ],
    }),
  );
  assert.deepEqual([body.SuccessCount, body.FailedCount], [2, 1]);
  assert.deepEqual(
    body.FailedRouteEntries.map((one: any) => [one.DstCidrBlock, one.FailedCode]),
    [["192.168.2.0/24", "OperationFailed.InvalidNextHopType"]],
  );
  await server.advance();
  const gone = ["192.168.1.0/24", "192.168.3.0/24"].map((DstCidrBlock) => ({ RouteTableId: router.table, DstCidrBlock }));
  assert.equal(succeeded(await call("DeleteRouteEntries", { RouteEntries: gone })).body.SuccessCount, 2);
  await server.advance();
  assert.deepEqual(await entriesOf(router), []);
});

test("a router with entries is not deleted, and goes with its table when they are gone", async () => {
  const router = await newRouter();
  const id = await entered(router, site);
  const left = {
    code: "DependencyViolation.RouterInterfaceReferedByRouteEntry",
    message: "The specified VirutalBorderRouter is refered by routeEntry.",
  };
  const remove = (): Promise<Answer> => onRouter(owner, "DeleteVirtualBorderRouter", router.id);
  await refusedUnchanged(server, remove, left);
  succeeded(await call("DeleteRouteEntry", { RouteEntryId: id }));
  await refusedUnchanged(server, remove, left);
  await server.advance();
  succeeded(await remove());
  refusedWith(await enter(router, site), "InvalidVBRStatus");
  await server.advance();
  assert.equal(await routerStatus(owner, router.id), "");
  refusedWith(await enter(router, site), "InvalidRouteTableId.NotFound", 404);
});
