import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, outcome, refusedUnchanged } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import {
  activeBorderLink,
  atBorder,
  type BorderLink,
  type BorderRouter,
  borderRouter,
  fromBorder,
  idleBorderLink,
} from "./border-links.ts";
import { routerFor } from "./border-routers.ts";
import { enabledCircuit } from "./circuits.ts";
import {
  connect,
  customDestinations,
  interfaceAt,
  interfaceStatus,
  names,
  onInterface,
  readInterface,
  requestInterface,
  type RoutedVpc,
  routedVpc,
  routeOver,
} from "./router-interfaces.ts";

/** Links between a virtual border router and a VPC: who may begin them, what they show, and routes over them. */

let server: InProcessServer;
/** A circuit that every test of the requester uses. */
let circuit: string;
before(async () => {
  const account = (name: string, { account: uid, id, secret }: typeof requesterKey): object => ({
    name,
    uid,
    keys: [{ id, secret }],
    resourceGroups: ["blue"],
  });
  server = await startServer({ seed: { accounts: [account("requester", requesterKey), account("accepter", accepterKey)] } });
  const quotas = ["Vpc", "RouterInterface", "vbrPerpConn", "freevbr"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  circuit = await enabledCircuit(server, server.requester);
});
after(() => server.stop());

const newVpc = (): Promise<RoutedVpc> => routedVpc(server, server.requester);
const newBorder = (): Promise<BorderRouter> => borderRouter(server, server.requester, hangzhou, circuit);
const newLink = async (): Promise<BorderLink> => activeBorderLink(server, await newBorder(), await newVpc());
const statuses = async ({ from, to, initiator, acceptor }: BorderLink): Promise<string[]> => [
  await interfaceStatus(from, initiator),
  await interfaceStatus(to, acceptor),
];
const removeBorder = ({ owner, region, routerId }: BorderRouter): Promise<Answer> =>
  owner.vpc("DeleteVirtualBorderRouter", { RegionId: region, VbrId: routerId });

test("a border router and a VPC are linked through the official SDK, and each end shows the other", async () => {
  const sdk = sdkOf(server, requesterKey);
  const [from, to] = [await newBorder(), await newVpc()];
  const RegionId = { regionId: hangzhou, oppositeRegionId: hangzhou };
  const { routerInterfaceId: initiator = "" } = await ask(sdk, "createRouterInterface", {
    ...RegionId,
    role: "InitiatingSide",
    spec: "Large.1",
    routerType: "VBR",
    routerId: from.routerId,
    accessPointId: from.accessPointId,
  });
  const { routerInterfaceId: acceptor = "" } = await ask(sdk, "createRouterInterface", {
    ...RegionId,
    role: "AcceptingSide",
    spec: "Negative",
    routerType: "VRouter",
    routerId: to.routerId,
    oppositeRouterType: "VBR",
    oppositeAccessPointId: from.accessPointId,
  });
  await names(from, initiator, to, acceptor);
  await names(to, acceptor, from, initiator, "VBR");
  await ask(sdk, "connectRouterInterface", { regionId: hangzhou, routerInterfaceId: initiator });
  const link: BorderLink = { from, to, initiator, acceptor };
  assert.deepEqual(await statuses(link), ["Connecting", "AcceptingConnecting"]);
  await server.advance();
  assert.deepEqual(await statuses(link), ["Active", "Active"]);
  const [one, other] = [await readInterface(from, initiator), await readInterface(to, acceptor)];
  // A border router stands where a VPC would.
  assert.deepEqual(
    [one.RouterType, one.RouterId, one.VpcInstanceId, one.AccessPointId, one.Bandwidth, one.FastLinkMode],
    ["VBR", from.routerId, from.routerId, from.accessPointId, 1000, "false"],
  );
  assert.deepEqual(
    [one.OppositeRouterType, one.OppositeVpcInstanceId, one.OppositeInterfaceSpec, one.OppositeBandwidth, one.OppositeAccessPointId],
    ["VRouter", to.vpcId, "Negative", 0, ""],
  );
  assert.deepEqual(
    [other.RouterType, other.VpcInstanceId, other.Bandwidth, other.AccessPointId, other.OppositeAccessPointId],
    ["VRouter", to.vpcId, 0, "", from.accessPointId],
  );
  assert.deepEqual(
    [other.OppositeRouterType, other.OppositeVpcInstanceId, other.OppositeInterfaceSpec, other.OppositeBandwidth],
    ["VBR", from.routerId, "Large.1", 1000],
  );
  const ofType = async (type: string): Promise<string[]> => {
    const list = {
      RegionId: hangzhou,
      Filter: [
        { Key: "RouterType", Value: [type] },
        { Key: "RouterId", Value: [from.routerId] },
      ],
    };
    const { RouterInterfaceSet } = succeeded(await server.requester.vpc("DescribeRouterInterfaces", list)).body;
    return RouterInterfaceSet.RouterInterfaceType.map(({ RouterInterfaceId }: any) => RouterInterfaceId);
  };
  assert.deepEqual([await ofType("VBR"), await ofType("VRouter")], [[initiator], []]);
});

test("a border router is the caller's, in the region, active, and at the access point that is named", async () => {
  const [border, vpc] = [await newBorder(), await newVpc()];
  const request = (parameters: Parameters = {}): Promise<Answer> => requestInterface(border, vpc, { ...atBorder(border), ...parameters });
  const notFound: Expected = {
    code: "InvalidRouterId.NotFound",
    message: "The specified RouterId does not exist in our recored.",
    status: 404,
  };
  const foreign = await borderRouter(server, server.accepter);
  for (const wrong of [
    { RouterId: "vbr-bp1000000000000000000" },
    { RouterId: foreign.routerId },
    { RouterId: vpc.routerId },
    { RegionId: beijing, AccessPointId: "ap-cn-beijing-cy-A" },
    { RouterType: "VRouter", AccessPointId: undefined },
  ]) {
    await refusedUnchanged(server, () => request(wrong), notFound);
  }
  await refusedUnchanged(server, () => request({ AccessPointId: "ap-cn-hangzhou-jg-B" }), {
    code: "InvalidAccessPoint.NotMatch",
    message: "The accessPoint id is not matched",
  });
  succeeded(await request());

  const status: Expected = { code: "INVAID_VBR_STATUS", message: "VBR status must be active" };
  const [going, tenants] = [await newBorder(), await borderRouter(server, server.accepter)];
  succeeded(await removeBorder(going));
  const onGoing = (): Promise<Answer> => requestInterface(going, vpc, atBorder(going));
  await refusedUnchanged(server, onGoing, status);
  await server.advance();
  await refusedUnchanged(server, onGoing, notFound);

  // Of a router that another account has on the caller's circuit the caller is only the host.
  const unconfirmed = { RouterId: await routerFor(server.requester, tenants.owner, tenants.circuitId) };
  await refusedUnchanged(server, () => requestInterface(tenants, vpc, { ...atBorder(tenants), ...unconfirmed }), notFound);
  await refusedUnchanged(server, () => request(unconfirmed), status);
});

test("a border router has its quota of interfaces, and is not deleted while it has any", async () => {
  const [border, vpc] = [await newBorder(), await newVpc()];
  const { body } = await server.admin("GET", "settings");
  const id = await interfaceAt(border, vpc, atBorder(border));
  const held: Expected = {
    code: "InvalidOperation.RouterInterfaceNotDeleted",
    message: "The specified VirutalBorderRouter still has routerInterface.",
  };
  await refusedUnchanged(server, () => removeBorder(border), held);
  await server.admin("PUT", "settings", { ...body, quotas: [...body.quotas, { name: "RouterInterface", region: hangzhou, value: 1 }] });
  await refusedUnchanged(server, () => requestInterface(border, vpc, atBorder(border)), {
    code: "LimitationExceed.InterfaceNumberOnRouter",
    message: "Total number of RouterInterfaces on a Router exceeded.",
  });
  await server.admin("PUT", "settings", body);
  succeeded(await onInterface(border, "DeleteRouterInterface", id));
  // One that is being deleted holds nothing.
  succeeded(await removeBorder(border));
});

test("a border router is linked with several VPCs, and with each of them once", async () => {
  const border = await newBorder();
  const links = [await activeBorderLink(server, border, await newVpc()), await activeBorderLink(server, border, await newVpc())];
  for (const link of links) assert.deepEqual(await statuses(link), ["Active", "Active"]);
  const [{ to } = assert.fail()] = links;
  const second = await idleBorderLink(border, to);
  await refusedUnchanged(server, () => connect(second), {
    code: "Forbidden.OnlyOneConnection",
    message: "The Specified routers have a connection already",
  });
  const exists: Expected = { code: "HaveConnectionBetweenRouters", message: "Have connection between routers" };
  const again = { OppositeRouterId: to.routerId };
  await refusedUnchanged(server, () => requestInterface(border, to, { ...atBorder(border), ...again }), exists);

  // Two VPCs on one border router may be joined by a peering connection all the same.
  const [one, other] = links;
  assert.ok(one !== undefined && other !== undefined);
  const peering = { VpcId: one.to.vpcId, AcceptingVpcId: other.to.vpcId, AcceptingRegionId: hangzhou };
  const AcceptingAliUid = requesterKey.account;
  succeeded(await server.requester.peer("CreateVpcPeerConnection", { RegionId: hangzhou, AcceptingAliUid, ...peering }));
});

test("while the other end is at a border router, the router that an end names stays, and so may everything else change", async () => {
  const link = await idleBorderLink(await newBorder(), await newVpc());
  const { from, to, initiator, acceptor } = link;
  const change = (parameters: Parameters): Promise<Answer> => onInterface(to, "ModifyRouterInterfaceAttribute", acceptor, parameters);
  const stays: Expected = { code: "Forbbiden.ModifyIdAndType", message: "Opposite is VBR, cannot modify the ID and type" };
  await refusedUnchanged(server, () => change({ OppositeRouterId: "vbr-bp1000000000000000000" }), stays);
  await refusedUnchanged(server, () => change({ OppositeRouterType: "VRouter" }), stays);
  // Clients repeat what is there.
  await names(to, acceptor, from, initiator, "VBR");
  succeeded(
    await change({ Name: "uplink", HcRate: 2000, HcThreshold: 8, HealthCheckSourceIp: "10.0.0.9", HealthCheckTargetIp: "10.9.9.9" }),
  );
  const { Name, HcRate, HcThreshold, HealthCheckSourceIp, HealthCheckTargetIp } = await readInterface(to, acceptor);
  assert.deepEqual([Name, HcRate, HcThreshold, HealthCheckSourceIp, HealthCheckTargetIp], ["uplink", 2000, 8, "10.0.0.9", "10.9.9.9"]);
  succeeded(await change({ DeleteHealthCheckIp: true }));
  assert.equal((await readInterface(to, acceptor)).HealthCheckStatus, "NoHealthCheckConfig");
  succeeded(await change({ HealthCheckSourceIp: "10.0.0.9", HealthCheckTargetIp: "10.9.9.9" }));
  // The end at the border router names a VPC's, and has no health check.
  const check = { HealthCheckSourceIp: "10.0.0.9", HealthCheckTargetIp: "10.9.9.9" };
  await refusedUnchanged(server, () => onInterface(from, "ModifyRouterInterfaceAttribute", initiator, check), {
    code: "IllegalParam.HcSourceIp",
    message: "The specified healthCheck Ip is not valid.",
  });
  await refusedUnchanged(server, () => requestInterface(from, to, { ...atBorder(from), ...check }), {
    code: "OperationFailed.HcForInvalidRiType",
    message: "Healthchecksourceip and healthchecktargetip is only valid for vr ri that is connected to vbr.",
  });
});

test("an end with a health check does not turn away from border routers before the check is gone", async () => {
  const [vpc, border] = [await newVpc(), await newBorder()];
  const check = { HealthCheckSourceIp: "10.0.0.9", HealthCheckTargetIp: "10.9.9.9" };
  const id = await interfaceAt(vpc, border, { ...fromBorder, ...check });
  const turn = (parameters: Parameters = {}): Promise<Answer> =>
    onInterface(vpc, "ModifyRouterInterfaceAttribute", id, { OppositeRouterType: "VRouter", ...parameters });
  await refusedUnchanged(server, turn, { code: "IllegalParam.HcSourceIp", message: "The specified healthCheck Ip is not valid." });
  succeeded(await turn({ DeleteHealthCheckIp: true }));
});

test("what the ends say of each other's router must be true", async () => {
  const link = await idleBorderLink(await newBorder(), await newVpc());
  const { from, to, initiator, acceptor } = link;
  succeeded(await onInterface(from, "ModifyRouterInterfaceAttribute", initiator, { OppositeRouterType: "VBR" }));
  refusedWith(await connect(link), "AttrMismatching.AcceptingSideRouterType");
  await names(from, initiator, to, acceptor);
  succeeded(await connect(link));
});

test("routes lead over a link from either side, in the table of the network that the end is in", async () => {
  const link = await newLink();
  const { from, to, initiator, acceptor } = link;
  await routeOver(server, from, initiator, "10.0.0.0/16");
  await routeOver(server, to, acceptor, "172.16.0.0/12");
  const put = (at: typeof from | typeof to, id: string): Promise<Answer> =>
    at.owner.vpc("CreateRouteEntry", {
      RegionId: at.region,
      RouteTableId: at.routeTableId,
      DestinationCidrBlock: "192.168.0.0/16",
      NextHopType: "RouterInterface",
      NextHopId: id,
    });
  // An end is no next hop of the other side's.
  assert.equal(outcome(await put(from, acceptor)), "InvalidNextHopId.NotFound");
  assert.equal(outcome(await put(to, initiator)), "InvalidNextHopId.NotFound");

  const left: Expected = {
    code: "DependencyViolation.RouterInterfaceReferedByRouteEntry",
    message: "RouterInterface cannot be deleted when it is refered by a route table entry as next hop.",
  };
  for (const [at, id] of [
    [from, initiator],
    [to, acceptor],
  ] as const) {
    await refusedUnchanged(server, () => onInterface(at, "DeleteExpressConnect", id), left);
  }
  succeeded(await onInterface(to, "DeleteExpressConnect", acceptor, { Force: true }));
  assert.deepEqual(await statuses(link), ["Deleting", "Deleting"]);
  await server.advance();
  assert.deepEqual([await statuses(link), await customDestinations(from), await customDestinations(to)], [["", ""], [], []]);
});

test("a route entry at work on either side keeps a pair for so long", async () => {
  const link = await newLink();
  const { from, to, initiator, acceptor } = link;
  const atWork: Expected = {
    code: "IncorrectStatus.VSwitchOrRouteEntry",
    message: "vpc has no stable subnet or route entry.",
    status: 404,
  };
  for (const [at, id] of [
    [from, initiator],
    [to, acceptor],
  ] as const) {
    const entry = { RegionId: at.region, RouteTableId: at.routeTableId, DestinationCidrBlock: "172.16.0.0/12" };
    succeeded(await at.owner.vpc("CreateRouteEntry", { ...entry, NextHopType: "RouterInterface", NextHopId: id }));
    await refusedUnchanged(server, () => onInterface(to, "DeleteExpressConnect", acceptor, { Force: true }), atWork);
    await server.advance();
  }
  succeeded(await onInterface(to, "DeleteExpressConnect", acceptor, { Force: true }));
});

test("a border router that is being terminated or recovered keeps a pair for so long", async () => {
  const { from, to, initiator, acceptor } = await newLink();
  const atWork: Expected = { code: "IncorrectStatus.Vpc", message: "Vpc incorrect status." };
  for (const action of ["TerminateVirtualBorderRouter", "RecoverVirtualBorderRouter"]) {
    succeeded(await from.owner.vpc(action, { RegionId: from.region, VbrId: from.routerId }));
    await refusedUnchanged(server, () => onInterface(from, "DeleteExpressConnect", initiator, { Force: true }), atWork);
    await refusedUnchanged(server, () => onInterface(to, "DeleteExpressConnect", acceptor, { Force: true }), atWork);
    await server.advance();
  }
  succeeded(await onInterface(to, "DeleteExpressConnect", acceptor));
});

test("a pair that is being deleted holds neither its border router nor its VPC", async () => {
  const link = await newLink();
  const { from, to, initiator } = link;
  succeeded(await onInterface(from, "DeleteExpressConnect", initiator));
  succeeded(await removeBorder(from));
  succeeded(await to.owner.vpc("DeleteVpc", { RegionId: to.region, VpcId: to.vpcId }));
  await server.advance();
  assert.deepEqual(await statuses(link), ["", ""]);
});

test("the ends may belong to two accounts in two regions, which both say so", async () => {
  const [from, to] = [await newBorder(), await routedVpc(server, server.accepter, beijing)];
  const link = await activeBorderLink(server, from, to);
  const { initiator, acceptor } = link;
  const [one, other] = [await readInterface(from, initiator), await readInterface(to, acceptor)];
  assert.deepEqual(
    [one.OppositeInterfaceOwnerId, one.OppositeRegionId, one.OppositeVpcInstanceId, one.OppositeInterfaceStatus],
    [accepterKey.account, beijing, to.vpcId, "Active"],
  );
  assert.deepEqual(
    [other.OppositeInterfaceOwnerId, other.OppositeRegionId, other.OppositeVpcInstanceId, other.OppositeInterfaceStatus],
    [requesterKey.account, hangzhou, from.routerId, "Active"],
  );
  for (const [at, id] of [
    [from, acceptor],
    [to, initiator],
  ] as const) {
    assert.equal((await readInterface(at, id)).RouterInterfaceId, "");
  }
  await routeOver(server, from, initiator, "10.0.0.0/16");
  succeeded(await onInterface(to, "DeleteExpressConnect", acceptor, { Force: true }));
  await server.advance();
  assert.deepEqual([await statuses(link), await customDestinations(from)], [["", ""], []]);
});

test("what is left of a link whose other end is gone joins nothing: the routers are linked anew, and VPCs peered", async () => {
  const link = await newLink();
  const { from, to, initiator, acceptor } = link;
  succeeded(await onInterface(to, "DeactivateRouterInterface", acceptor));
  await server.advance();
  succeeded(await onInterface(to, "DeleteRouterInterface", acceptor));
  assert.deepEqual(await statuses(link), ["Active", "Deleting"]);
  const again = await idleBorderLink(from, to, { OppositeRouterId: to.routerId });
  succeeded(await connect(again));
  await server.advance();
  assert.deepEqual(await statuses(again), ["Active", "Active"]);
  assert.equal((await readInterface(from, initiator)).OppositeInterfaceStatus, "Deleted");
  // The new link counts as the old one did.
  await refusedUnchanged(server, () => requestInterface(from, to, { ...atBorder(from), OppositeRouterId: to.routerId }), {
    code: "HaveConnectionBetweenRouters",
    message: "Have connection between routers",
  });
});

test("circuits, border routers and interfaces move between resource groups", async () => {
  const border = await newBorder();
  const vpc = await newVpc();
  const id = await interfaceAt(border, vpc, atBorder(border));
  const NewResourceGroupId = await groupId(server.requester, "blue");
  const sdk = sdkOf(server, requesterKey);
  for (const [resourceType, resourceId, noun, key] of [
    ["PHYSICALCONNECTION", circuit, "PhysicalConnection", "PhysicalConnectionId"],
    ["VIRTUALBORDERROUTER", border.routerId, "VirtualBorderRouter", "VbrId"],
    ["RouterInterface", id, "RouterInterface", "RouterInterfaceId"],
  ] as const) {
    const groupOf = async (): Promise<string> => {
      const list = { RegionId: hangzhou, Filter: [{ Key: key, Value: [resourceId] }] };
      const { body } = succeeded(await server.requester.vpc(`Describe${noun}s`, list));
      return body[`${noun}Set`][`${noun}Type`][0].ResourceGroupId;
    };
    assert.notEqual(await groupOf(), NewResourceGroupId);
    await ask(sdk, "changeResourceGroup", { regionId: hangzhou, resourceType, resourceId, newResourceGroupId: NewResourceGroupId });
    assert.equal(await groupOf(), NewResourceGroupId);
    const notFound: Expected = { code: "InvalidResourceId.NotFound", message: "The specified ResourceId does not exist." };
    const move = { RegionId: hangzhou, ResourceType: resourceType, ResourceId: resourceId, NewResourceGroupId };
    const elsewhere = (): Promise<Answer> => server.requester.vpc("ChangeResourceGroup", { ...move, RegionId: beijing });
    await refusedUnchanged(server, elsewhere, notFound);
    const group = await groupId(server.accepter, "blue");
    await refusedUnchanged(server, () => server.accepter.vpc("ChangeResourceGroup", { ...move, NewResourceGroupId: group }), notFound);
  }
});
