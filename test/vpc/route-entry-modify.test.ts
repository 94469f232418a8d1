import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import {
  activePeering,
  availableVpc,
  hangzhou,
  instanceRoute,
  peeringStatus,
  requestPeering,
  routeTableIn,
  routeTo,
  succeeded,
  type TestVpc,
  vSwitchIn,
} from "../support/networks.ts";
import { dryRunPassed, type Expected, outcome, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, listRouteEntries, type Options, type Sdk, sdkOf } from "./support.ts";

/** ModifyRouteEntry; what else of the VPC keeps it from running is in exclusion.test.ts. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

const newVpc = (owner = server.requester): Promise<TestVpc> => availableVpc(server, owner);
const modify = (options: Options) => ask(sdk, "modifyRouteEntry", { regionId: hangzhou, ...options });
const call = (parameters: Parameters): Promise<Answer> => server.requester.vpc("ModifyRouteEntry", { RegionId: hangzhou, ...parameters });
const refused = (parameters: Parameters, expected: Expected): Promise<void> => refusedUnchanged(server, () => call(parameters), expected);
/** An entry of a VPC as `[type, id, name, description, status]`; `undefined` when it is gone. */
async function entry({ routeTableId }: Pick<TestVpc, "routeTableId">, routeEntryId: string | undefined) {
  const [found] = (await listRouteEntries(sdk, hangzhou, routeTableId, { routeEntryId })).items;
  const [hop] = found?.nextHops?.nextHop ?? [];
  return found && [hop?.nextHopType, hop?.nextHopId, found.routeEntryName, found.description, found.status];
}
const to = (NewNextHopType: string, NewNextHopId: string): Parameters => ({ NewNextHopType, NewNextHopId });
const busy: Expected = { code: "IncorrectRouteEntryStatus", message: "Some route entry status blocked this operation." };
const entryNotFound: Expected = {
  code: "InvalidRouteEntryId.NotFound",
  message: "The specified resource of RouteEntryId is not found.",
  status: 404,
};

test("name and description change at once, by id or by table and destination, and the entry stays Available", async () => {
  const vpc = await newVpc();
  const routeEntryId = await instanceRoute(server, vpc, "192.168.1.1", { RouteEntryName: "before" });
  const { routeTableId } = vpc;
  const changes: readonly (readonly [options: Options, name: string, description: string])[] = [
    [{ routeEntryId, routeEntryName: "one" }, "one", ""],
    [{ routeTableId, destinationCidrBlock: "192.168.1.1/32", description: "first\nsecond" }, "one", "first\nsecond"],
    [{ routeTableId, destinationCidrBlock: "192.168.1.1", routeEntryName: "two", description: "" }, "two", "first\nsecond"],
    [{ routeEntryId, routeTableId, routeEntryName: "测".repeat(128), description: "d".repeat(256) }, "测".repeat(128), "d".repeat(256)],
    [{ routeEntryId }, "测".repeat(128), "d".repeat(256)],
  ];
  for (const [options, name, description] of changes) {
    await modify(options);
    assert.deepEqual(await entry(vpc, routeEntryId), ["Instance", "i-bp1example", name, description, "Available"]);
    assert.equal((await listRouteEntries(sdk, hangzhou, routeTableId, { routeEntryName: name })).totalCount, 1);
  }
  assert.equal((await listRouteEntries(sdk, hangzhou, routeTableId, { routeEntryName: "before" })).totalCount, 0);
});

test("an entry of the system's takes a name and a description, and no next hop", async () => {
  const vpc = await newVpc();
  await vSwitchIn(server, vpc, "10.0.1.0/24");
  const { items } = await listRouteEntries(sdk, hangzhou, vpc.routeTableId);
  for (const { routeEntryId, nextHops } of items) {
    await modify({ routeEntryId, routeEntryName: "known", description: "as such" });
    assert.deepEqual(await entry(vpc, routeEntryId), [nextHops?.nextHop?.[0]?.nextHopType, "", "known", "as such", "Available"]);
    const fixed = "The route type does not support modifying the next hop of the route.";
    for (const change of [to("Instance", "i-x"), { NewNextHopId: "i-x" }])
      await refused({ RouteEntryId: routeEntryId, ...change }, { code: "UnsupportedFeature.NextHopType", message: fixed });
  }
  assert.equal(items.length, 2);
});

test("a new next hop shows at once, while the entry is Modifying, and then Available", async () => {
  const [vpc, other] = [await newVpc(), await newVpc()];
  const connection = await activePeering(server, vpc, other);
  const routeEntryId = await instanceRoute(server, vpc, "192.168.0.0/16");
  const tableHop = async () => {
    const { routeTables } = await ask(sdk, "describeRouteTables", { routeTableId: vpc.routeTableId });
    const found = routeTables?.routeTable?.[0]?.routeEntrys?.routeEntry?.find((one) => one.routeEntryId === routeEntryId);
    return [found?.nextHopType, found?.instanceId, found?.status];
  };
  await modify({ routeEntryId, newNextHopType: "VpcPeer", newNextHopId: connection, routeEntryName: "peer", description: "now" });
  assert.deepEqual(await entry(vpc, routeEntryId), ["VpcPeer", connection, "peer", "now", "Modifying"]);
  assert.deepEqual(await tableHop(), ["VpcPeer", connection, "Modifying"]);
  assert.equal((await listRouteEntries(sdk, hangzhou, vpc.routeTableId, { nextHopId: connection })).totalCount, 1);
  assert.equal((await listRouteEntries(sdk, hangzhou, vpc.routeTableId, { nextHopType: "Instance" })).totalCount, 0);
  await server.advance(29);
  assert.equal((await entry(vpc, routeEntryId))?.[4], "Modifying");
  await server.advance(1);
  assert.deepEqual(await entry(vpc, routeEntryId), ["VpcPeer", connection, "peer", "now", "Available"]);
  assert.deepEqual(await tableHop(), ["VpcPeer", connection, "Available"]);

  const named = { routeTableId: vpc.routeTableId, destinationCidrBlock: "192.168.0.0/16" };
  await modify({ ...named, newNextHopType: "Instance", newNextHopId: "i-back" });
  assert.deepEqual(await entry(vpc, routeEntryId), ["Instance", "i-back", "peer", "now", "Modifying"]);
});

test("a new next hop without a type has the type of the old one", async () => {
  const [vpc, one, two] = [await newVpc(), await newVpc(), await newVpc()];
  const [before, after] = [await activePeering(server, vpc, one), await activePeering(server, vpc, two)];
  const routeEntryId = await routeTo(server, vpc, "192.168.0.0/16", before);
  await modify({ routeEntryId, newNextHopId: after });
  assert.deepEqual(await entry(vpc, routeEntryId), ["VpcPeer", after, "", "", "Modifying"]);
  await server.advance();
  assert.deepEqual(await entry(vpc, routeEntryId), ["VpcPeer", after, "", "", "Available"]);
});

test("an entry at work takes no change, not even of its name", async () => {
  const vpc = await newVpc();
  const options = { RouteTableId: vpc.routeTableId, DestinationCidrBlock: "192.168.0.0/16", NextHopId: "i-x", RegionId: hangzhou };
  const { RouteEntryId } = succeeded(await server.requester.vpc("CreateRouteEntry", options)).body;
  const all = [{ RouteEntryName: "new" }, to("Instance", "i-y")];
  const blocked = async (): Promise<void> => {
    for (const change of all) await refused({ RouteEntryId, ...change }, busy);
  };
  await blocked(); // Pending
  await server.advance();
  succeeded(await call({ RouteEntryId, ...to("Instance", "i-z") }));
  await blocked(); // Modifying
  await server.advance();
  succeeded(await server.requester.vpc("DeleteRouteEntry", { RouteEntryId }));
  await blocked(); // Deleting
  await server.advance();
  for (const change of all) await refused({ RouteEntryId, ...change }, entryNotFound);
});

test("the entry must be named, be there, and be the caller's", async () => {
  const [vpc, foreign] = [await newVpc(), await newVpc(server.accepter)];
  const other = await routeTableIn(server, vpc);
  const RouteEntryId = await instanceRoute(server, vpc, "192.168.0.0/16");
  const foreignEntry = await instanceRoute(server, foreign, "192.168.0.0/16");
  const DestinationCidrBlock = "192.168.0.0/16";
  const missing = { code: "MissingParam.RouteEntryId", message: "The param of RouteEntryId is missing." };
  for (const name of [{}, { RouteTableId: vpc.routeTableId }, { DestinationCidrBlock }])
    await refused({ ...name, Description: "x" }, missing);
  const tableNotFound = { code: "InvalidRouteTable.NotFound", message: "The specified routetable does not exist." };
  for (const RouteTableId of ["vtb-unknown", vpc.vpcId, foreign.routeTableId]) {
    await refused({ RouteTableId, DestinationCidrBlock, Description: "x" }, tableNotFound);
    await refused({ RouteTableId, RouteEntryId, Description: "x" }, tableNotFound);
  }
  const unknown: Parameters[] = [
    { RouteEntryId: "rte-unknown" },
    { RouteEntryId: foreignEntry },
    { RouteEntryId: vpc.routeTableId },
    { RouteEntryId, RegionId: "cn-beijing" },
    { RouteEntryId, RouteTableId: other },
    { RouteEntryId, DestinationCidrBlock: "192.168.0.0/17" },
    { RouteEntryId, RouteTableId: vpc.routeTableId, DestinationCidrBlock: "192.169.0.0/16" },
    { RouteEntryId, DestinationCidrBlock: "x" },
    { RouteTableId: other, DestinationCidrBlock },
    { RouteTableId: vpc.routeTableId, DestinationCidrBlock: "192.168.0.0/17" },
    { RouteTableId: vpc.routeTableId, DestinationCidrBlock: "x" },
  ];
  for (const name of unknown) await refused({ ...name, Description: "x" }, entryNotFound);
  succeeded(await call({ RouteEntryId, RouteTableId: vpc.routeTableId, DestinationCidrBlock, Description: "x" }));
});

test("names and descriptions that are too long or begin with an address are refused", async () => {
  const RouteEntryId = await instanceRoute(server, await newVpc(), "192.168.0.0/16");
  const name = { code: "InvalidRouteEntryName.Malformed", message: "Specified RouteEntry name is not valid." };
  for (const RouteEntryName of ["n".repeat(129), "http://x", "HTTPS://x", "two\nlines"])
    await refused({ RouteEntryId, RouteEntryName }, name);
  const text = { code: "InvalidDescription", message: "Specified parameter Description is not valid." };
  for (const Description of ["d".repeat(257), "http://x", "https://x"]) await refused({ RouteEntryId, Description }, text);
});

test("a new next hop is refused that is half named, unknown, not here, the old one, or not usable", async () => {
  const [vpc, other, foreign] = [await newVpc(), await newVpc(), await newVpc(server.accepter)];
  const connection = await activePeering(server, vpc, other);
  const elsewhere = await activePeering(server, other, foreign);
  const waiting = await requestPeering(vpc, foreign);
  const RouteEntryId = await routeTo(server, vpc, "192.168.0.0/16", connection);
  const peerNotFound = { code: "ResourceNotFound.VpcPeer", message: "The specified resource of VpcPeer is not found." };
  const unsupported = {
    code: "UnsupportedFeature.NextHopType",
    message: "The route type does not support modifying the next hop of the route.",
  };
  const illegal = { code: "IllegealParam.NextHopType", message: "The parameter NewNextHopType is illegal." };
  const cases: readonly (readonly [parameters: Parameters, expected: Expected])[] = [
    [{ NewNextHopType: "Instance" }, { code: "MissingParam.NewNextHopId", message: "The parameter NewNextHopId is mandatory." }],
    [to("Nothing", "x"), illegal],
    [to("vpcpeer", connection), illegal],
    [to("NatGateway", "ngw-x"), unsupported],
    [to("HaVip", "havip-x"), unsupported],
    [
      to("VpcPeer", connection),
      { code: "OperationDenied.NextHopExist", message: "The operation is not allowed because the nexthop already exists." },
    ],
    [
      { NewNextHopId: connection },
      { code: "OperationDenied.NextHopExist", message: "The operation is not allowed because the nexthop already exists." },
    ],
    [to("VpcPeer", "pcc-unknown"), peerNotFound],
    [{ NewNextHopId: "pcc-unknown" }, peerNotFound],
    [to("VpcPeer", elsewhere), peerNotFound],
    [to("VpcPeer", waiting), { code: "IncorrectStatus.VpcPeer", message: `The status of VpcPeer [${waiting}] is incorrect.` }],
    [to("RouterInterface", "ri-x"), { code: "InvalidNextHopId.NotFound", message: "Specified next hop does not exist.", status: 404 }],
    [to("VpnGateway", "vpn-x"), { code: "InvalidVpnInstanceId.NotFound", message: "The specified VPN gateway does not exist." }],
  ];
  for (const [parameters, expected] of cases) {
    await refused({ RouteEntryId, ...parameters }, expected);
    await refused({ RouteEntryId, RouteEntryName: "too", DryRun: true, ...parameters }, expected);
  }
  assert.deepEqual(await entry(vpc, RouteEntryId), ["VpcPeer", connection, "", "", "Available"]);
});

test("a dry run passes as DryRunOperation and changes nothing", async () => {
  const vpc = await newVpc();
  const RouteEntryId = await instanceRoute(server, vpc, "192.168.0.0/16");
  const named = { RouteTableId: vpc.routeTableId, DestinationCidrBlock: "192.168.0.0/16" };
  for (const name of [{ RouteEntryId }, named]) {
    await refused({ ...name, RouteEntryName: "new", DryRun: true }, dryRunPassed);
    await refused({ ...name, ...to("Instance", "i-new"), DryRun: true }, dryRunPassed);
  }
  await refused({ RouteEntryId: "rte-unknown", DryRun: true }, entryNotFound);
  assert.deepEqual(await entry(vpc, RouteEntryId), ["Instance", "i-bp1example", "", "", "Available"]);
});

test("whatever is at work in the VPC, names and descriptions change", async () => {
  const vpc = await newVpc();
  const routeEntryId = await instanceRoute(server, vpc, "192.168.0.0/16");
  const works: readonly (readonly [action: string, parameters: Parameters])[] = [
    ["CreateVSwitch", { VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24" }],
    ["CreateRouteTable", { VpcId: vpc.vpcId }],
    ["CreateRouteEntry", { RouteTableId: vpc.routeTableId, DestinationCidrBlock: "172.16.0.0/12", NextHopId: "i-x" }],
  ];
  for (const [action, parameters] of works) {
    succeeded(await server.requester.vpc(action, { RegionId: hangzhou, ...parameters }));
    await modify({ routeEntryId, description: action });
    assert.deepEqual(await entry(vpc, routeEntryId), ["Instance", "i-bp1example", "", action, "Available"]);
    await server.advance();
  }
});

// Peering connections and the entries that lead over them.

const removeConnection = (InstanceId: string, Force?: boolean): Promise<Answer> =>
  server.requester.peer("DeleteVpcPeerConnection", { InstanceId, Force });

test("the connection of the new next hop is held at once, and that of the old one is free", async () => {
  const [vpc, one, two] = [await newVpc(), await newVpc(), await newVpc()];
  const [before, after] = [await activePeering(server, vpc, one), await activePeering(server, vpc, two)];
  const routeEntryId = await routeTo(server, vpc, "192.168.0.0/16", before);
  assert.equal(outcome(await removeConnection(before)), "OperationDenied.RouteEntryExist");
  await modify({ routeEntryId, newNextHopType: "VpcPeer", newNextHopId: after });
  assert.equal(outcome(await removeConnection(after)), "OperationDenied.RouteEntryExist");
  succeeded(await removeConnection(before));
  await server.advance();
  assert.equal(await peeringStatus(server.requester, before), "Deleted");
  assert.deepEqual(await entry(vpc, routeEntryId), ["VpcPeer", after, "", "", "Available"]);
});

test("Force takes an entry along that is Modifying towards the connection, on either side", async () => {
  const [vpc, other] = [await newVpc(), await newVpc(server.accepter)];
  for (const side of ["requester", "accepter"] as const) {
    const connection = await activePeering(server, vpc, other);
    const routeEntryId = await instanceRoute(server, vpc, `192.168.${side.length}.0/24`);
    const staying = await instanceRoute(server, vpc, `192.169.${side.length}.0/24`);
    await modify({ routeEntryId, newNextHopType: "VpcPeer", newNextHopId: connection });
    await server.advance(20);
    assert.equal(
      outcome(await server[side].peer("DeleteVpcPeerConnection", { InstanceId: connection })),
      "OperationDenied.RouteEntryExist",
    );
    succeeded(await server[side].peer("DeleteVpcPeerConnection", { InstanceId: connection, Force: true }));
    assert.deepEqual(await entry(vpc, routeEntryId), ["VpcPeer", connection, "", "", "Deleting"]);
    // It does not become Available at the time at which the modification would have ended.
    await server.advance(10);
    assert.equal((await entry(vpc, routeEntryId))?.[4], "Deleting");
    await refused({ RouteEntryId: routeEntryId, ...to("Instance", "i-x") }, busy);
    await server.advance(20);
    assert.equal(await entry(vpc, routeEntryId), undefined);
    assert.equal(await peeringStatus(server.requester, connection), "Deleted");
    assert.deepEqual(await entry(vpc, staying), ["Instance", "i-bp1example", "", "", "Available"]);
    await server.advance(60);
  }
});

test("entries of custom tables hold a connection too, and go with it under Force", async () => {
  const [vpc, other] = [await newVpc(), await newVpc()];
  const routeTableId = await routeTableIn(server, vpc);
  const connection = await activePeering(server, vpc, other);
  const settled = await routeTo(server, { ...vpc, routeTableId }, "192.168.1.0/24", connection);
  const changing = await instanceRoute(server, vpc, "192.168.2.0/24", { RouteTableId: routeTableId });
  await modify({ routeEntryId: changing, newNextHopType: "VpcPeer", newNextHopId: connection });
  assert.equal(outcome(await removeConnection(connection)), "OperationDenied.RouteEntryExist");
  succeeded(await removeConnection(connection, true));
  for (const id of [settled, changing]) assert.equal((await entry({ routeTableId }, id))?.[4], "Deleting");
  await server.advance();
  for (const id of [settled, changing]) assert.equal(await entry({ routeTableId }, id), undefined);
  succeeded(await server.requester.vpc("DeleteRouteTable", { RegionId: hangzhou, RouteTableId: routeTableId }));
});

test("Force leaves an entry alone that is Modifying away from the connection", async () => {
  const [vpc, other] = [await newVpc(), await newVpc()];
  const connection = await activePeering(server, vpc, other);
  const routeEntryId = await routeTo(server, vpc, "192.168.0.0/16", connection);
  await modify({ routeEntryId, newNextHopType: "Instance", newNextHopId: "i-away" });
  succeeded(await removeConnection(connection, true));
  assert.deepEqual(await entry(vpc, routeEntryId), ["Instance", "i-away", "", "", "Modifying"]);
  await server.advance();
  assert.deepEqual(await entry(vpc, routeEntryId), ["Instance", "i-away", "", "", "Available"]);
  assert.equal(await peeringStatus(server.requester, connection), "Deleted");
});
