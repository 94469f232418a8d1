import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, instanceRoute, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import {
  brief,
  customEntries,
  doneOnRoutes,
  onRoutes,
  policyRoutesOf,
  published,
  type Routed,
  routedGateway,
  routesOf,
  toFirst,
} from "./route-calls.ts";
import { connectionIn, customerGatewayIn, dualGatewayIn, gatewayIn, gatewayStatus, twoTunnels } from "./support.ts";

/** VPN routes in the route table of their VPC, and entries of an account's own that lead to a VPN gateway. */
let server: InProcessServer;
let sdk: Sdk;

const quotas = (...more: readonly object[]) =>
  server.admin("PUT", "settings", {
    quotas: [{ name: "Vpc", value: 1000 }, { name: "VpnGateway", value: 1000 }, { name: "CustomerGateway", value: 1000 }, ...more],
    features: [],
  });
before(async () => {
  server = await startServer();
  await quotas();
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const destination = "192.168.0.0/16";
const source = "10.0.0.0/24";
const done = (at: Routed, action: string, parameters: Parameters): Promise<any> => doneOnRoutes(server, at, action, parameters);
const refuses = (at: Routed, action: string, parameters: Parameters, expected: Expected): Promise<void> =>
  refusedUnchanged(server, () => onRoutes(at, action, parameters), expected);
/** A write of the VPC family, successfully and to the end of the work. */
const onVpc = async ({ owner, region }: TestVpc, action: string, parameters: Parameters): Promise<any> => {
  const { body } = succeeded(await owner.vpc(action, { RegionId: region, ...parameters }));
  await server.advance();
  return body;
};
const onPublish = ({ first }: Routed, RouteDest: string, PublishVpc: boolean, more: Parameters = {}): Parameters => ({
  RouteDest,
  NextHop: first,
  RouteType: "dbr",
  PublishVpc,
  ...more,
});
const publish = (at: Routed, RouteDest = destination, more: Parameters = {}): Promise<any> =>
  done(at, "PublishVpnRouteEntry", onPublish(at, RouteDest, true, more));
const withdraw = (at: Routed, RouteDest = destination, more: Parameters = {}): Promise<any> =>
  done(at, "PublishVpnRouteEntry", onPublish(at, RouteDest, false, more));
/** Creates a route to the first connection; one with a source is a policy-based one. */
const route = (at: Routed, RouteDest: string, parameters: Parameters = {}): Promise<any> =>
  done(at, "RouteSource" in parameters ? "CreateVpnPbrRouteEntry" : "CreateVpnRouteEntry", toFirst(at, RouteDest, parameters));
/** The states of all routes of the gateway. */
const states = async (at: Routed): Promise<string[]> => [...(await routesOf(at)), ...(await policyRoutesOf(at))].map(({ State }) => State);

const conflictOnCreate: Expected = { code: "VpnRouteEntry.Conflict", message: "The specified route entry has conflict." };
const conflictOnPublish: Expected = { code: "RouteConflict.AlreadyExist", message: "Route conflict exists in routing table." };
const otherGateway: Expected = {
  code: "OperationFailed.RouteConflict",
  message: "Operation failed because there is already a route in VPC route table to another VPN on the same network block.",
};
/** Asserts that a destination can be published neither by a new route of either type nor by one that is there. */
async function cannotBePublished(at: Routed, RouteDest: string, onCreate: Expected, onPublishing: Expected): Promise<void> {
  const wanted = toFirst(at, RouteDest, { PublishVpc: true });
  await refuses(at, "CreateVpnRouteEntry", wanted, onCreate);
  await refuses(at, "CreateVpnRouteEntry", { ...wanted, DryRun: true }, onCreate);
  await refuses(at, "CreateVpnPbrRouteEntry", { ...wanted, RouteSource: source }, onCreate);
  await route(at, RouteDest);
  await route(at, RouteDest, { RouteSource: source });
  for (const RouteType of ["dbr", "pbr"]) {
    await refuses(at, "PublishVpnRouteEntry", onPublish(at, RouteDest, true, { RouteType }), onPublishing);
  }
  // What is not published can be withdrawn, which changes nothing.
  await withdraw(at, RouteDest);
  assert.deepEqual(await states(at), ["normal", "normal"]);
  await done(at, "DeleteVpnRouteEntry", { RouteDest, NextHop: at.first, Weight: 100 });
  await done(at, "DeleteVpnPbrRouteEntry", { RouteDest, NextHop: at.first, Weight: 100, RouteSource: source });
}

test("a published route is a custom entry of the VPC's system table that leads to the gateway", async () => {
  const at = await routedGateway(server);
  await route(at, destination, { PublishVpc: true });
  const [entry, ...others] = await customEntries(at.vpc);
  assert.deepEqual(others, []);
  const { GmtModified, RouteEntryId, ...fields } = entry;
  assert.match(GmtModified, /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/);
  assert.match(RouteEntryId, /^rte-bp1[a-z0-9]{18}$/);
  const nextHop = { Enabled: 1, NextHopId: at.gateway, NextHopType: "VpnGateway", Weight: 0 };
  const related = { NextHopRegionId: hangzhou, NextHopRelatedInfo: { InstanceId: "", InstanceType: "", RegionId: "" } };
  const shown = { Description: "", DestinationCidrBlock: destination, RouteEntryName: "", Status: "Available", Type: "Custom" };
  assert.deepEqual(fields, {
    ...shown,
    IpVersion: "IPv4",
    NextHops: { NextHop: [{ ...nextHop, ...related }] },
    Origin: "Custom",
    RouteTableId: at.vpc.routeTableId,
    ServiceType: "",
  });

  const table = await ask(sdk, "describeRouteTables", { regionId: hangzhou, routeTableId: at.vpc.routeTableId });
  const inTable = table.routeTables?.routeTable?.[0]?.routeEntrys?.routeEntry?.filter(({ type }) => type === "Custom");
  assert.deepEqual(
    inTable?.map(({ destinationCidrBlock, nextHopType, instanceId, routeEntryId, status }) => ({
      destinationCidrBlock,
      nextHopType,
      instanceId,
      routeEntryId,
      status,
    })),
    [
      {
        destinationCidrBlock: destination,
        nextHopType: "VpnGateway",
        instanceId: at.gateway,
        routeEntryId: RouteEntryId,
        status: "Available",
      },
    ],
  );
  for (const filter of [{ nextHopType: "VpnGateway" }, { nextHopId: at.gateway }, { destinationCidrBlock: destination }]) {
    const found = await ask(sdk, "describeRouteEntryList", { regionId: hangzhou, routeTableId: at.vpc.routeTableId, ...filter });
    assert.deepEqual(
      found.routeEntrys?.routeEntry?.map(({ routeEntryId }) => routeEntryId),
      [RouteEntryId],
    );
  }
});

test("routes are published to the system table alone, and by no one but their gateway", async () => {
  const at = await routedGateway(server);
  const custom = await routeTableIn(server, at.vpc);
  await route(at, destination, { PublishVpc: true });
  assert.deepEqual(await customEntries({ ...at.vpc, routeTableId: custom }), []);
  const entry = { RouteTableId: custom, DestinationCidrBlock: destination, NextHopType: "VpnGateway", NextHopId: at.gateway };
  // Into the other table the account puts it itself, and takes it out again.
  await onVpc(at.vpc, "CreateRouteEntry", entry);
  await refusedUnchanged(
    server,
    () => at.owner.vpc("CreateRouteEntry", { RegionId: hangzhou, ...entry, RouteTableId: at.vpc.routeTableId }),
    { code: "InvalidCIDRBlock.Duplicate", message: "Specified CIDR block is already exists." },
  );
  await onVpc(at.vpc, "DeleteRouteEntry", { RouteTableId: custom, DestinationCidrBlock: destination, NextHopId: at.gateway });
  assert.deepEqual(await published(at), [destination]);
});

test("the entry of a published route is the gateway's: an account's calls neither delete it nor lead it elsewhere", async () => {
  const at = await routedGateway(server);
  await route(at, destination, { PublishVpc: true });
  const [{ RouteEntryId }] = await customEntries(at.vpc);
  const RouteTableId = at.vpc.routeTableId;
  const managed: Expected = {
    code: "OperationDenied.DeleteManagedRouteEntry",
    message: "The operation is not allowed because of route entry is managed.",
  };
  const call = (action: string, parameters: Parameters) => (): Promise<Answer> =>
    at.owner.vpc(action, { RegionId: hangzhou, ...parameters });
  const byName = { RouteTableId, DestinationCidrBlock: destination, NextHopId: at.gateway };
  for (const name of [{ RouteEntryId }, byName]) {
    for (const DryRun of [false, true]) {
      await refusedUnchanged(server, call("DeleteRouteEntry", { ...name, DryRun }), managed);
    }
  }
  const members = [
    { RouteTableId, RouteEntryId },
    { RouteTableId, DstCidrBlock: destination },
  ];
  for (const member of members) {
    await refusedUnchanged(server, call("DeleteRouteEntries", { RouteEntries: [member], DryRun: true }), managed);
    const events = await eventCount(server);
    const { body } = succeeded(await call("DeleteRouteEntries", { RouteEntries: [member] })());
    assert.deepEqual([body.FailedCount, body.SuccessCount, body.FailedRouteEntries[0].FailedCode], [1, 0, managed.code]);
    assert.equal(await eventCount(server), events);
  }
  const elsewhere = { NewNextHopType: "Instance", NewNextHopId: "i-bp1example" };
  const fixed: Expected = {
    code: "UnsupportedFeature.NextHopType",
    message: "The route type does not support modifying the next hop of the route.",
  };
  await refusedUnchanged(server, call("ModifyRouteEntry", { RouteEntryId, ...elsewhere }), fixed);
  const byDestination = { RouteTableId, DestinationCidrBlock: destination };
  await refusedUnchanged(server, call("ModifyRouteEntry", { ...byDestination, ...elsewhere }), fixed);
  // Labels are the account's, and in nobody's way.
  await onVpc(at.vpc, "ModifyRouteEntry", { RouteEntryId, RouteEntryName: "to-the-office", Description: "by VPN" });
  const [{ RouteEntryName, Description }] = await customEntries(at.vpc);
  assert.deepEqual([RouteEntryName, Description], ["to-the-office", "by VPN"]);
  await withdraw(at);
  assert.deepEqual(await customEntries(at.vpc), []);
});

test("routes of both types to one destination stand for one entry, and are withdrawn together", async () => {
  const at = await routedGateway(server);
  await route(at, destination, { PublishVpc: true });
  await route(at, destination, { RouteSource: source, PublishVpc: true });
  await route(at, destination, { RouteSource: "10.0.1.0/24" });
  await route(at, "172.16.0.0/12", { PublishVpc: true });
  assert.deepEqual(await published(at), [destination, "172.16.0.0/12"]);
  // One of the policy-based routes was not published: without a source the call names them all.
  await publish(at, destination, { RouteType: "pbr" });
  assert.deepEqual(await states(at), ["published", "published", "published", "published"]);
  await withdraw(at, destination, { RouteType: "pbr" });
  assert.deepEqual(await states(at), ["normal", "published", "normal", "normal"]);
  assert.deepEqual(await published(at), ["172.16.0.0/12"]);
  await publish(at);
  assert.deepEqual(await states(at), ["published", "published", "normal", "normal"]);
  // A call that names no published route withdraws none.
  await withdraw(at, destination, { RouteType: "pbr" });
  assert.deepEqual(await states(at), ["published", "published", "normal", "normal"]);
  assert.deepEqual(await published(at), ["172.16.0.0/12", destination]);
});

test("with RouteSource, as Terraform sends it, one policy-based route is published", async () => {
  const at = await routedGateway(server);
  const RouteType = "pbr";
  for (const RouteSource of [source, "10.0.1.0/24"]) await route(at, destination, { RouteSource });
  await publish(at, destination, { RouteType, RouteSource: "10.0.1.0/24" });
  assert.deepEqual(await states(at), ["normal", "published"]);
  const unknown = onPublish(at, destination, true, { RouteType, RouteSource: "10.0.2.0/24" });
  await refuses(at, "PublishVpnRouteEntry", unknown, {
    code: "InvalidVpnRouteEntry.NotFound",
    message: "The specified route entry does not exist.",
  });
  const malformed = onPublish(at, destination, true, { RouteType, RouteSource: "10.0.1.1/24" });
  await refuses(at, "PublishVpnRouteEntry", malformed, {
    code: "InvalidCidrBlock.Malformed",
    message: "Specified CIDR block is not valid.",
  });
  // A destination-based route has no source.
  await route(at, destination);
  await publish(at, destination, { RouteSource: source });
  assert.deepEqual(await states(at), ["published", "normal", "published"]);
});

test("publishing what is published and withdrawing what is not succeeds and changes no route", async () => {
  const at = await routedGateway(server);
  await route(at, destination);
  const entry = async (): Promise<unknown> => (await customEntries(at.vpc)).map(({ RouteEntryId }) => RouteEntryId);
  for (const wanted of [false, true]) {
    if (wanted) await publish(at);
    const before = [await entry(), await routesOf(at)];
    succeeded(await onRoutes(at, "PublishVpnRouteEntry", onPublish(at, destination, wanted)));
    assert.equal(await gatewayStatus(at.owner, at.gateway), "updating");
    assert.deepEqual([await entry(), await routesOf(at)], before);
    await server.advance();
    assert.deepEqual([await entry(), await routesOf(at)], before);
  }
});

test("an active and a standby route share one entry, and the last of them takes it away", async () => {
  const at = await routedGateway(server);
  await route(at, destination, { PublishVpc: true });
  const [{ RouteEntryId }] = await customEntries(at.vpc);
  await route(at, destination, { NextHop: at.second, Weight: 0, PublishVpc: true });
  const remove = (NextHop: string, Weight: number): Promise<Answer> =>
    onRoutes(at, "DeleteVpnRouteEntry", { RouteDest: destination, NextHop, Weight });
  succeeded(await remove(at.first, 100));
  await server.advance();
  assert.deepEqual(
    (await customEntries(at.vpc)).map((entry) => entry.RouteEntryId),
    [RouteEntryId],
  );
  succeeded(await remove(at.second, 0));
  // It is in effect until the deletion is done.
  assert.deepEqual(await published(at), [destination]);
  await server.advance();
  assert.deepEqual([await customEntries(at.vpc), await routesOf(at)], [[], []]);
});

test("a deleted policy-based route leaves the entry to a destination-based one, and the other way round", async () => {
  const at = await routedGateway(server);
  const name = { RouteDest: destination, NextHop: at.first, Weight: 100 };
  await route(at, destination, { PublishVpc: true });
  await route(at, destination, { RouteSource: source, PublishVpc: true });
  await done(at, "DeleteVpnPbrRouteEntry", { ...name, RouteSource: source });
  assert.deepEqual(await published(at), [destination]);
  await route(at, destination, { RouteSource: source, PublishVpc: true });
  await done(at, "DeleteVpnRouteEntry", name);
  assert.deepEqual(await published(at), [destination]);
  await done(at, "DeleteVpnPbrRouteEntry", { ...name, RouteSource: source });
  assert.deepEqual(await published(at), []);
});

test("many policy-based routes to one destination are published and withdrawn by one call", async () => {
  const at = await routedGateway(server);
  for (let index = 0; index < 12; index++) await route(at, destination, { RouteSource: `10.0.${index}.0/24` });
  await publish(at, destination, { RouteType: "pbr" });
  assert.deepEqual(new Set(await states(at)), new Set(["published"]));
  assert.deepEqual(await published(at), [destination]);
  await withdraw(at, destination, { RouteType: "pbr" });
  assert.deepEqual(new Set(await states(at)), new Set(["normal"]));
  assert.deepEqual(await published(at), []);
});

test("a deleted connection takes its routes along, and those of them that nothing else needs leave the VPC's table", async () => {
  const at = await routedGateway(server);
  await instanceRoute(server, at.vpc, "172.31.0.0/16");
  const shared = { PublishVpc: true };
  await route(at, destination, shared);
  await route(at, destination, { ...shared, NextHop: at.second, Weight: 0 });
  await route(at, "172.16.0.0/16", shared);
  await route(at, "172.17.0.0/16", { ...shared, RouteSource: source });
  await route(at, "172.18.0.0/16", { ...shared, NextHop: at.second });
  await route(at, "172.19.0.0/16");
  const all = [destination, "172.16.0.0/16", "172.17.0.0/16", "172.18.0.0/16"];
  assert.deepEqual(await published(at), all);
  succeeded(await onRoutes(at, "DeleteVpnConnection", { VpnConnectionId: at.first }));
  // They are there until the deletion is done.
  assert.deepEqual([await published(at), (await routesOf(at)).length], [all, 5]);
  await server.advance();
  assert.deepEqual(await published(at), [destination, "172.18.0.0/16"]);
  assert.deepEqual((await routesOf(at)).map(brief), [`${destination} 0 published`, "172.18.0.0/16 100 published"]);
  assert.deepEqual(await policyRoutesOf(at), []);
  await done(at, "DeleteVpnConnection", { VpnConnectionId: at.second });
  assert.deepEqual([await published(at), await routesOf(at)], [[], []]);
  assert.deepEqual(
    (await customEntries(at.vpc)).map(({ DestinationCidrBlock }) => DestinationCidrBlock),
    ["172.31.0.0/16"],
  );
  await done(at, "DeleteVpnGateway", {});
});

test("a destination in a block of a vSwitch is not published; one around it is", async () => {
  const at = await routedGateway(server);
  await vSwitchIn(server, at.vpc, "10.0.1.0/24");
  for (const RouteDest of ["10.0.1.0/24", "10.0.1.128/25", "10.0.1.7/32"]) {
    await cannotBePublished(at, RouteDest, conflictOnCreate, conflictOnPublish);
  }
  for (const RouteDest of ["10.0.0.0/23", "10.0.2.0/24"]) await route(at, RouteDest, { PublishVpc: true });
  assert.deepEqual(await published(at), ["10.0.0.0/23", "10.0.2.0/24"]);
});

test("a destination of another entry of the table is not published, until that entry is gone", async () => {
  const at = await routedGateway(server);
  await instanceRoute(server, at.vpc, destination);
  await cannotBePublished(at, destination, conflictOnCreate, conflictOnPublish);
  // A part of it is another destination.
  await route(at, "192.168.1.0/24", { PublishVpc: true });
  await onVpc(at.vpc, "DeleteRouteEntry", {
    RouteTableId: at.vpc.routeTableId,
    DestinationCidrBlock: destination,
    NextHopId: "i-bp1example",
  });
  await route(at, destination, { PublishVpc: true });
  assert.deepEqual(await published(at), ["192.168.1.0/24", destination]);

  // An entry of the account's own stays its own, even where it leads to the same gateway.
  const own = "172.16.0.0/12";
  const entry = { RouteTableId: at.vpc.routeTableId, DestinationCidrBlock: own, NextHopType: "VpnGateway", NextHopId: at.gateway };
  await onVpc(at.vpc, "CreateRouteEntry", entry);
  const wanted = toFirst(at, own, { PublishVpc: true });
  await refuses(at, "CreateVpnRouteEntry", wanted, conflictOnCreate);
  await route(at, own);
  await refuses(at, "PublishVpnRouteEntry", onPublish(at, own, true), conflictOnPublish);
  await withdraw(at, own);
  await done(at, "DeleteVpnRouteEntry", { RouteDest: own, NextHop: at.first, Weight: 100 });
  assert.deepEqual(await published(at), ["192.168.1.0/24", destination, own]);
});

test("the block of the cloud's services is not published, not even by a gateway with two ends", async () => {
  const vpc = await availableVpc(server, server.requester);
  const gateway = await dualGatewayIn(server, vpc);
  const tunnels = twoTunnels(await customerGatewayIn(vpc.owner));
  const first = await connectionIn(server, vpc, gateway, "", { CustomerGatewayId: undefined, ...tunnels });
  await cannotBePublished({ owner: vpc.owner, vpc, gateway, first, second: first }, "100.64.0.0/10", conflictOnCreate, conflictOnPublish);
});

test("a destination that leads to another VPN gateway is not published, whoever put its entry there", async () => {
  const at = await routedGateway(server);
  const beside = await routedGateway(server, at.vpc);
  await route(beside, destination, { PublishVpc: true });
  await cannotBePublished(at, destination, otherGateway, otherGateway);
  await withdraw(beside);
  await route(at, destination, { PublishVpc: true });
  // The route that the other gateway still has cannot come back, and its deletion takes nothing away.
  await refuses(beside, "PublishVpnRouteEntry", onPublish(beside, destination, true), otherGateway);
  await withdraw(beside);
  await done(beside, "DeleteVpnRouteEntry", { RouteDest: destination, NextHop: beside.first, Weight: 100 });
  assert.deepEqual(await published(at), [destination]);

  const own = "172.16.0.0/12";
  const entry = { RouteTableId: at.vpc.routeTableId, DestinationCidrBlock: own, NextHopType: "VpnGateway", NextHopId: beside.gateway };
  await onVpc(at.vpc, "CreateRouteEntry", entry);
  const dbr = (await routesOf(at)).length;
  await refuses(at, "CreateVpnRouteEntry", toFirst(at, own, { PublishVpc: true }), otherGateway);
  await route(at, own);
  await refuses(at, "PublishVpnRouteEntry", onPublish(at, own, true), otherGateway);
  assert.equal((await routesOf(at)).length, dbr + 1);
});

test("while a write of its family is at work in the VPC nothing is published, and everything else goes on", async () => {
  const at = await routedGateway(server);
  const beside = await routedGateway(server, at.vpc);
  const elsewhere = await routedGateway(server);
  const busy: Expected = { code: "TaskConflict", message: "The operation is too frequent, please wait a moment and try again." };
  await route(at, destination);
  await route(at, "172.16.0.0/16", { PublishVpc: true });
  await route(beside, "172.17.0.0/16", { PublishVpc: true });
  const { vpcId, routeTableId } = at.vpc;
  const entry = { RouteTableId: routeTableId, DestinationCidrBlock: "172.31.0.0/16", NextHopId: "i-bp1example" };
  const vSwitchBusy: Expected = {
    code: "IncorrectVSwitchStatus",
    message: "The current virtual switch status does not support this operation.",
  };
  const entryBusy: Expected = { code: "IncorrectRouteEntryStatus", message: "Some route entry status blocked this operation." };
  const works: readonly [action: string, parameters: Parameters, onPublish: Expected][] = [
    ["CreateVSwitch", { VpcId: vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.9.0/24" }, vSwitchBusy],
    ["CreateRouteTable", { VpcId: vpcId }, busy],
    ["CreateRouteEntry", { ...entry, NextHopType: "Instance" }, entryBusy],
    ["DeleteRouteEntry", entry, entryBusy],
  ];
  for (const [index, [action, parameters, onPublishing]] of works.entries()) {
    succeeded(await at.owner.vpc(action, { RegionId: hangzhou, ...parameters }));
    await refuses(at, "PublishVpnRouteEntry", onPublish(at, destination, true), onPublishing);
    await refuses(at, "CreateVpnRouteEntry", toFirst(at, "172.20.0.0/16", { PublishVpc: true }), busy);
    await refuses(at, "CreateVpnPbrRouteEntry", toFirst(at, "172.20.0.0/16", { PublishVpc: true, RouteSource: source }), busy);
    // One that adds no entry, because there is one; one that takes an entry away; one in another VPC.
    const added = { NextHop: at.second, Weight: 0, PublishVpc: true };
    succeeded(await onRoutes(at, "CreateVpnRouteEntry", toFirst(at, "172.16.0.0/16", added)));
    succeeded(await onRoutes(beside, "PublishVpnRouteEntry", onPublish(beside, "172.17.0.0/16", false)));
    assert.deepEqual(await published(beside), [], action);
    succeeded(await onRoutes(elsewhere, "CreateVpnRouteEntry", toFirst(elsewhere, `172.2${index}.0.0/16`, { PublishVpc: true })));
    await server.advance();
    await publish(beside, "172.17.0.0/16");
    await done(at, "DeleteVpnRouteEntry", { RouteDest: "172.16.0.0/16", NextHop: at.second, Weight: 0 });
  }
  assert.deepEqual(await published(at), ["172.16.0.0/16"]);
});

test("a published route that is deleted leaves the table although the VPC is at work", async () => {
  const at = await routedGateway(server);
  await route(at, destination, { PublishVpc: true });
  succeeded(await onRoutes(at, "DeleteVpnRouteEntry", { RouteDest: destination, NextHop: at.first, Weight: 100 }));
  await server.advance(10);
  const vSwitch = { VpcId: at.vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.9.0/24" };
  succeeded(await at.owner.vpc("CreateVSwitch", { RegionId: hangzhou, ...vSwitch }));
  assert.deepEqual(await published(at), [destination]);
  await server.advance(20);
  assert.deepEqual([await customEntries(at.vpc), await routesOf(at)], [[], []]);
  await server.advance();
});

test("published routes count against the quotas RouteEntry of the table and VpnRouteEntry of the VPC", async () => {
  const at = await routedGateway(server);
  await route(at, "172.16.0.0/16", { PublishVpc: true });
  await route(at, destination);
  const full: Expected = { code: "QuotaExceeded", message: "Route entry quota exceeded in this route table." };
  const toGateways: Expected = {
    code: "QuotaExceeded.VpnRouteEntry",
    message: "The number of route entries to the VPN gateway in the VPC routing table has reached the quota limit.",
  };
  const entry = { RegionId: hangzhou, RouteTableId: at.vpc.routeTableId, DestinationCidrBlock: "172.31.0.0/16" };
  const toInstance = { NextHopType: "Instance", NextHopId: "i-bp1example" };
  const toGateway = { NextHopType: "VpnGateway", NextHopId: at.gateway };
  for (const [name, refusal] of [
    ["RouteEntry", full],
    ["VpnRouteEntry", toGateways],
  ] as const) {
    await quotas({ name, value: 1 });
    await refuses(at, "CreateVpnRouteEntry", toFirst(at, "172.17.0.0/16", { PublishVpc: true }), refusal);
    await refuses(at, "CreateVpnPbrRouteEntry", toFirst(at, "172.17.0.0/16", { PublishVpc: true, RouteSource: source }), refusal);
    await refuses(at, "PublishVpnRouteEntry", onPublish(at, destination, true), refusal);
  }
  const own = { ...toGateways, message: "Vpn route entry quota exceeded." };
  const instanceRouteId = await instanceRoute(server, at.vpc, "172.30.0.0/16");
  const change = { RegionId: hangzhou, RouteEntryId: instanceRouteId, NewNextHopType: "VpnGateway", NewNextHopId: at.gateway };
  await refusedUnchanged(server, () => at.owner.vpc("ModifyRouteEntry", change), own);
  const removed = { RegionId: hangzhou, RouteEntryId: instanceRouteId };
  succeeded(await at.owner.vpc("DeleteRouteEntry", removed));
  await server.advance();
  await refusedUnchanged(server, () => at.owner.vpc("CreateRouteEntry", { ...entry, ...toGateway }), own);
  await quotas({ name: "RouteEntry", value: 1 });
  await refusedUnchanged(server, () => at.owner.vpc("CreateRouteEntry", { ...entry, ...toInstance }), full);
  // A second route to a published destination needs no room.
  await route(at, "172.16.0.0/16", { PublishVpc: true, RouteSource: source });
  await withdraw(at, "172.16.0.0/16");
  await publish(at);
  await quotas();
  assert.deepEqual(await published(at), [destination]);
});

test("vSwitches and blocks of the VPC do not take in a published destination", async () => {
  const at = await routedGateway(server);
  await route(at, "10.0.5.0/24", { PublishVpc: true });
  await route(at, destination, { PublishVpc: true });
  const { owner, vpc } = at;
  const vSwitch = (CidrBlock: string): Promise<Answer> =>
    owner.vpc("CreateVSwitch", { RegionId: hangzhou, VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock });
  const block = (SecondaryCidrBlock: string): Promise<Answer> =>
    owner.vpc("AssociateVpcCidrBlock", { RegionId: hangzhou, VpcId: vpc.vpcId, SecondaryCidrBlock });
  for (const around of ["10.0.5.0/24", "10.0.4.0/22"]) {
    await refusedUnchanged(server, () => vSwitch(around), conflictOnPublish);
  }
  for (const around of [destination, "192.0.0.0/8"]) {
    await refusedUnchanged(server, () => block(around), {
      code: "OperationFailed.ConflictWithEntry",
      message: "The specified SecondaryCidrBlock conflicts with a custom route entry of the VPC.",
    });
  }
  // Beside it, and within it.
  succeeded(await vSwitch("10.0.6.0/24"));
  await server.advance();
  succeeded(await vSwitch("10.0.5.128/25"));
  await server.advance();
  succeeded(await block("192.168.8.0/24"));
  assert.deepEqual(await published(at), ["10.0.5.0/24", destination]);
  await withdraw(at);
  await withdraw(at, "10.0.5.0/24");
  // Within the vSwitch that has come, nothing can be published; around it, it can.
  await publish(at, "10.0.5.0/24");
  await route(at, "10.0.5.128/26");
  await refuses(at, "PublishVpnRouteEntry", onPublish(at, "10.0.5.128/26", true), conflictOnPublish);
});

// Entries of an account's own that lead to a gateway

test("route entries lead to a VPN gateway of the VPC, by each call that makes or changes them", async () => {
  const vpc = await availableVpc(server, server.requester);
  const [one, other] = [await gatewayIn(server, vpc), await gatewayIn(server, vpc)];
  const { routeTableId: RouteTableId } = vpc;
  const to = (NextHopId: string): Parameters => ({ NextHopType: "VpnGateway", NextHopId });
  await onVpc(vpc, "CreateRouteEntry", { RouteTableId, DestinationCidrBlock: "172.16.0.0/16", ...to(one) });
  const batch = ["172.17.0.0/16", "172.18.0.0/16"].map((DstCidrBlock) => ({
    RouteTableId,
    DstCidrBlock,
    NextHop: one,
    NextHopType: "VpnGateway",
  }));
  await onVpc(vpc, "CreateRouteEntries", { RouteEntries: batch });
  const byInstance = await instanceRoute(server, vpc, "172.19.0.0/16");
  await onVpc(vpc, "ModifyRouteEntry", { RouteEntryId: byInstance, NewNextHopType: "VpnGateway", NewNextHopId: one });
  const hops = async (): Promise<string[][]> =>
    (await customEntries(vpc)).map(({ DestinationCidrBlock, Status, NextHops }) => [
      DestinationCidrBlock.slice(4, 6),
      Status,
      NextHops.NextHop[0].NextHopId,
    ]);
  assert.deepEqual(
    await hops(),
    ["16", "17", "18", "19"].map((part) => [part, "Available", one]),
  );
  await onVpc(vpc, "ModifyRouteEntry", { RouteEntryId: byInstance, NewNextHopId: other });
  await onVpc(vpc, "DeleteRouteEntry", { RouteTableId, DestinationCidrBlock: "172.16.0.0/16", NextHopId: one });
  assert.deepEqual((await hops()).at(-1), ["19", "Available", other]);
  // The entries go with the gateway, and no others.
  succeeded(await vpc.owner.vpc("DeleteVpnGateway", { RegionId: hangzhou, VpnGatewayId: one }));
  assert.deepEqual(
    (await hops()).map(([part, status]) => [part, status]),
    [
      ["17", "Deleting"],
      ["18", "Deleting"],
      ["19", "Available"],
    ],
  );
  await server.advance();
  assert.deepEqual(await hops(), [["19", "Available", other]]);
});

test("an entry at work goes with its gateway too", async () => {
  const vpc = await availableVpc(server, server.requester);
  const gateway = await gatewayIn(server, vpc);
  const entry = { RegionId: hangzhou, RouteTableId: vpc.routeTableId, DestinationCidrBlock: destination };
  const removeGateway = async (VpnGatewayId: string): Promise<void> => {
    succeeded(await vpc.owner.vpc("DeleteVpnGateway", { RegionId: hangzhou, VpnGatewayId }));
    await server.advance();
    assert.deepEqual(await customEntries(vpc), []);
  };
  const create = async (NextHopId: string): Promise<void> => {
    succeeded(await vpc.owner.vpc("CreateRouteEntry", { ...entry, NextHopType: "VpnGateway", NextHopId }));
  };
  await create(gateway);
  await removeGateway(gateway);
  const second = await gatewayIn(server, vpc);
  await create(second);
  await server.advance();
  succeeded(await vpc.owner.vpc("DeleteRouteEntry", { ...entry, NextHopId: second }));
  await removeGateway(second);
  const third = await gatewayIn(server, vpc);
  await instanceRoute(server, vpc, destination);
  succeeded(await vpc.owner.vpc("ModifyRouteEntry", { ...entry, NewNextHopType: "VpnGateway", NewNextHopId: third }));
  await removeGateway(third);
});

test("a gateway that is unknown, another account's, in another VPC or being deleted is no next hop", async () => {
  const vpc = await availableVpc(server, server.requester);
  const { routeTableId: RouteTableId } = vpc;
  const leaving = await gatewayIn(server, vpc);
  const wrong = [
    "vpn-bp1unknown",
    await gatewayIn(server, await availableVpc(server, server.requester)),
    await gatewayIn(server, await availableVpc(server, server.accepter)),
    vpc.vpcId,
    leaving,
  ];
  const entry = await instanceRoute(server, vpc, "172.31.0.0/16");
  succeeded(await vpc.owner.vpc("DeleteVpnGateway", { RegionId: hangzhou, VpnGatewayId: leaving }));
  const missing: Expected = { code: "InvalidVpnInstanceId.NotFound", message: "The specified VPN gateway does not exist." };
  const call = (action: string, parameters: Parameters) => (): Promise<Answer> =>
    vpc.owner.vpc(action, { RegionId: hangzhou, ...parameters });
  for (const id of wrong) {
    const to = { NextHopType: "VpnGateway", NextHopId: id };
    await refusedUnchanged(server, call("CreateRouteEntry", { RouteTableId, DestinationCidrBlock: destination, ...to }), missing);
    const member = { RouteTableId, DstCidrBlock: destination, NextHop: id, NextHopType: "VpnGateway" };
    await refusedUnchanged(server, call("CreateRouteEntries", { RouteEntries: [member], DryRun: true }), missing);
    const events = await eventCount(server);
    const { body } = succeeded(await call("CreateRouteEntries", { RouteEntries: [member] })());
    assert.deepEqual([body.FailedCount, body.FailedRouteEntries[0].FailedCode], [1, missing.code]);
    assert.equal(await eventCount(server), events);
    const change = { RouteEntryId: entry, NewNextHopType: "VpnGateway", NewNextHopId: id };
    await refusedUnchanged(server, call("ModifyRouteEntry", change), missing);
  }
});
