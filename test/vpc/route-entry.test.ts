import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { availableVpc, hangzhou, type TestVpc } from "../support/networks.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import {
  createRouteEntry,
  createVSwitch,
  deleteRouteEntry,
  listRouteEntries,
  type Options,
  refuses,
  refusesEach,
  type Sdk,
  sdkOf,
} from "./support.ts";

/** The life of a route entry, its destination, and how it is deleted. Next hops are in next-hop.test.ts, lists in route-lists.test.ts. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  await raise([]);
});
after(() => server.stop());

function raise(more: readonly object[]): Promise<unknown> {
  return server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }, ...more], features: [] });
}
const newVpc = (parameters: Options = {}): Promise<TestVpc> => availableVpc(server, server.requester, hangzhou, parameters);
const withIpv6 = { EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" };

/** An entry to an instance, which needs nothing else to exist. */
function put(vpc: TestVpc, destinationCidrBlock: string, options: Options = {}) {
  const hop = { nextHopId: "i-bp1example", nextHopType: "Instance" };
  return createRouteEntry(sdk, { regionId: hangzhou, routeTableId: vpc.routeTableId, destinationCidrBlock, ...hop, ...options });
}
async function settled(vpc: TestVpc, destination: string, options: Options = {}): Promise<string> {
  const { routeEntryId } = await put(vpc, destination, options);
  await server.advance();
  return routeEntryId ?? "";
}
async function custom(vpc: TestVpc) {
  return (await listRouteEntries(sdk, hangzhou, vpc.routeTableId, { routeEntryType: "Custom" })).items;
}
async function putVSwitch(vpc: TestVpc, cidrBlock: string, options: Options = {}): Promise<void> {
  await createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId: "cn-hangzhou-h", cidrBlock, ...options });
  await server.advance();
}

test("an entry is Pending, then Available, Deleting, and gone; it is listed from the moment that CreateRouteEntry answers", async () => {
  const vpc = await newVpc();
  const { routeEntryId } = await put(vpc, "192.168.0.0/16");
  assert.match(routeEntryId ?? "", /^rte-bp1[0-9a-z]{18,19}$/);
  const status = async (): Promise<string | undefined> => (await custom(vpc))[0]?.status;
  assert.equal(await status(), "Pending");
  const blocked = "Some route entry status blocked this operation.";
  await refuses(deleteRouteEntry(sdk, { routeEntryId }), "IncorrectRouteEntryStatus", 400, blocked);
  await server.advance(29);
  assert.equal(await status(), "Pending");
  await server.advance(1);
  assert.equal(await status(), "Available");
  await deleteRouteEntry(sdk, { regionId: hangzhou, routeEntryId });
  assert.equal(await status(), "Deleting");
  await refuses(deleteRouteEntry(sdk, { routeEntryId }), "IncorrectRouteEntryStatus", 400, blocked);
  await server.advance();
  assert.deepEqual(await custom(vpc), []);
  await refuses(deleteRouteEntry(sdk, { routeEntryId }), "InvalidRouteEntryId.NotFound", 400, "Specified RouteEntryId does not exist.");
});

test("name and description are echoed exactly, and are empty when never set", async () => {
  const vpc = await newVpc();
  await settled(vpc, "192.168.1.0/24", { routeEntryName: "测 name", description: "first\nsecond" });
  await settled(vpc, "192.168.2.0/24");
  await settled(vpc, "192.168.3.0/24", { routeEntryName: "n".repeat(128), description: "d".repeat(256) });
  assert.deepEqual(
    (await custom(vpc)).map(({ routeEntryName, description }) => [routeEntryName, description]),
    [
      ["测 name", "first\nsecond"],
      ["", ""],
      ["n".repeat(128), "d".repeat(256)],
    ],
  );
  const names = ["n".repeat(129), "http://x", "https://x"];
  const message = "Specified RouteEntry name is not valid.";
  await refusesEach(
    names,
    (routeEntryName) => put(vpc, "192.168.4.0/24", { routeEntryName }),
    "InvalidRouteEntryName.Malformed",
    400,
    message,
  );
  await refusesEach(["d".repeat(257), "http://x"], (description) => put(vpc, "192.168.4.0/24", { description }), "InvalidDescription");
  assert.equal((await custom(vpc)).length, 3);
});

test("a destination is any block, and a plain address counts as a block of its own", async () => {
  const vpc = await newVpc(withIpv6);
  const destinations: [string, string][] = [
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["192.168.0.0/16", "192.168.0.0/16"],
    ["192.168.0.0/24", "192.168.0.0/24"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["172.16.5.4", "172.16.5.4/32"],
    ["172.16.5.5/32", "172.16.5.5/32"],
    ["::/0", "::/0"],
    ["FD00:0::/8", "fd00::/8"],
    ["2001:db8::1", "2001:db8::1/128"],
  ];
  for (const [given] of destinations) await settled(vpc, given);
  const entries = await custom(vpc);
  assert.deepEqual(
    entries.map(({ destinationCidrBlock }) => destinationCidrBlock),
    destinations.map(([, shown]) => shown),
  );
  assert.deepEqual(
    entries.map(({ ipVersion }) => ipVersion),
    destinations.map(([given]) => (given.includes(":") ? "IPv6" : "IPv4")),
  );
});

test("a destination with host bits, or that is no block at all, is refused", async () => {
  const vpc = await newVpc(withIpv6);
  const malformed = [
    ["192.168.0.1/16", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "10.0.0.0/", "/8", "x", "10.0.0.0/8,11.0.0.0/8", " 10.0.0.0/8"],
    ["300.0.0.0/8", "10.0.0.256", "999.999.999.999", "10.0.0.0.0"],
    ["fd00::1/64", "fd00::/129", ":", "1:2", "12345::/16", "1::2::3", "1:2:3:4:5:6:7:8:9", "fd00:::/16", "fe80::1%eth0"],
  ].flat();
  await refusesEach(malformed, (given) => put(vpc, given), "InvalidCidrBlock.Malformed", 400, "Specified CIDR block is not valid.");
  assert.deepEqual(await custom(vpc), []);
});

test("a destination in 100.64.0.0/10 is refused, one around it is not", async () => {
  const vpc = await newVpc();
  const message = "The specified destinationCidrBlock must not included in black list cidr.";
  const inside = ["100.64.0.0/10", "100.64.0.0/16", "100.127.255.255", "100.100.2.136/32"];
  await refusesEach(inside, (given) => put(vpc, given), "InvalidDestinationCidrBlock", 400, message);
  assert.deepEqual(await custom(vpc), []);
  await settled(vpc, "100.0.0.0/8");
});

test("an IPv6 destination needs a VPC with IPv6", async () => {
  const vpc = await newVpc();
  const message = "IPv6 has not been enabled for the VPC.";
  await refusesEach(["::/0", "fd00::/8", "fd00::1"], (given) => put(vpc, given), "OperationDenied.VpcIpv6NotEnabled", 400, message);
  assert.deepEqual(await custom(vpc), []);
});

test("a destination is unique in its table, in whatever spelling", async () => {
  const [vpc, other] = [await newVpc(withIpv6), await newVpc()];
  await settled(vpc, "192.168.7.7");
  await settled(vpc, "fd00::/16");
  const message = "Specified CIDR block is already exists.";
  const again = ["192.168.7.7", "192.168.7.7/32", "fd00::/16", "FD00:0:0::/16"];
  await refusesEach(again, (given) => put(vpc, given, { nextHopId: "i-other" }), "InvalidCIDRBlock.Duplicate", 400, message);
  assert.equal((await custom(vpc)).length, 2);
  await settled(other, "192.168.7.7");
});

test("a destination may contain the block of a vSwitch, but neither equal it nor lie in it", async () => {
  const vpc = await newVpc();
  await putVSwitch(vpc, "10.0.16.0/20");
  const inside = ["10.0.16.0/20", "10.0.16.0/21", "10.0.31.0/24", "10.0.16.1"];
  const message = "Route conflict exists in routing table.";
  await refusesEach(inside, (given) => put(vpc, given), "RouteConflict.AlreadyExist", 400, message);
  assert.deepEqual(await custom(vpc), []);
  await settled(vpc, "10.0.0.0/19");
  await settled(vpc, "10.0.32.0/20");
});

test("an IPv6 destination neither equals the block of a vSwitch nor lies in it", async () => {
  const vpc = await newVpc(withIpv6);
  await putVSwitch(vpc, "10.0.1.0/24", { ipv6CidrBlock: 5 });
  const inside = ["2408:4005:3c5:6e05::/64", "2408:4005:3c5:6e05::/65", "2408:4005:3c5:6e05::1"];
  await refusesEach(inside, (given) => put(vpc, given), "OperationUnsupported.DestinationCidrBlockOverlapWithVSwitch");
  assert.deepEqual(await custom(vpc), []);
  await settled(vpc, "2408:4005:3c5:6e06::/64");
});

test("a table holds as many custom entries as the quota says; the system's do not count", async () => {
  const vpc = await newVpc();
  await putVSwitch(vpc, "10.0.1.0/24");
  await raise([{ name: "RouteEntry", value: 2 }]);
  const first = await settled(vpc, "192.168.1.0/24");
  await settled(vpc, "192.168.2.0/24");
  await refuses(put(vpc, "192.168.3.0/24"), "QuotaExceeded", 400, "Route entry quota exceeded in this route table.");
  assert.equal((await custom(vpc)).length, 2);
  await deleteRouteEntry(sdk, { routeEntryId: first });
  await server.advance();
  await settled(vpc, "192.168.3.0/24");
  await raise([]);
});

test("an entry is deleted by table, destination and next hop", async () => {
  const vpc = await newVpc();
  await settled(vpc, "192.168.1.1");
  await settled(vpc, "192.168.2.0/24");
  const named = { routeTableId: vpc.routeTableId, nextHopId: "i-bp1example" };
  await deleteRouteEntry(sdk, { ...named, destinationCidrBlock: "192.168.1.1/32" });
  await server.advance();
  assert.deepEqual(
    (await custom(vpc)).map(({ destinationCidrBlock }) => destinationCidrBlock),
    ["192.168.2.0/24"],
  );
});

test("what does not name exactly one custom entry is refused, and nothing is deleted", async () => {
  const vpc = await newVpc();
  await putVSwitch(vpc, "10.0.1.0/24");
  const routeEntryId = await settled(vpc, "192.168.1.0/24");
  const { routeTableId } = vpc;
  const destinationCidrBlock = "192.168.1.0/24";
  const nextHopId = "i-bp1example";
  const systemId = (await listRouteEntries(sdk, hangzhou, routeTableId, { destinationCidrBlock: "10.0.1.0/24" })).items[0]?.routeEntryId;
  const byName = { routeTableId, destinationCidrBlock, nextHopId };
  const cases: [Options, string, number?, string?][] = [
    [{}, "MissingParameter", 400, "Miss mandatory parameter."],
    [{ routeTableId }, "MissingParameter"],
    [{ destinationCidrBlock, nextHopId }, "MissingParameter"],
    [{ routeEntryId, ...byName }, "ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock"],
    [{ routeEntryId, routeTableId }, "ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock"],
    [{ routeEntryId, destinationCidrBlock }, "ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock"],
    [{ routeEntryId: "rte-unknown" }, "InvalidRouteEntryId.NotFound", 400, "Specified RouteEntryId does not exist."],
    [{ routeEntryId: routeTableId }, "InvalidRouteEntryId.NotFound"],
    [{ routeEntryId, regionId: "cn-beijing" }, "InvalidRouteEntryId.NotFound"],
    [{ ...byName, routeTableId: "vtb-unknown" }, "InvalidRouteTableId.NotFound", 404, "Specified route table does not exist."],
    [{ ...byName, regionId: "cn-beijing" }, "InvalidRouteTableId.NotFound", 404],
    [{ ...byName, destinationCidrBlock: "192.168.0.0/16" }, "InvalidRouteEntry.NotFound", 400, "Route entry not exists."],
    [{ ...byName, destinationCidrBlock: "192.168.1.0" }, "InvalidRouteEntry.NotFound"],
    [{ ...byName, destinationCidrBlock: "192.168.1.1/24" }, "InvalidCidrBlock.Malformed", 400, "Specified CIDR block is not valid."],
    [{ ...byName, nextHopId: "i-other" }, "InvalidRouteEntry.NotFound"],
    [{ routeEntryId: systemId }, "OperationDenied", 400, "Specified operation is denied as route entry type is system."],
    [{ ...byName, nextHopList: [{ nextHopId: "a" }, { nextHopId: "b" }] }, "ParamExclusive.NextHopIdAndList"],
  ];
  const before = (await listRouteEntries(sdk, hangzhou, routeTableId)).items;
  for (const [request, code, status, message] of cases) {
    await refuses(deleteRouteEntry(sdk, request), code, status, message).catch((error: Error) => {
      throw new Error(`${JSON.stringify(request)}: ${error.message}`);
    });
  }
  const foreign = sdkOf(server, accepterKey);
  await refuses(deleteRouteEntry(foreign, { routeEntryId }), "InvalidRouteEntryId.NotFound");
  await refuses(deleteRouteEntry(foreign, byName), "InvalidRouteTableId.NotFound", 404);
  assert.deepEqual((await listRouteEntries(sdk, hangzhou, routeTableId)).items, before);
});

test("by table and destination alone no entry is deleted: the next hop must be named", async () => {
  const vpc = await newVpc();
  await settled(vpc, "192.168.1.0/24");
  const named = { routeTableId: vpc.routeTableId, destinationCidrBlock: "192.168.1.0/24" };
  await refuses(deleteRouteEntry(sdk, named), "InvalidNextHop", 400, "Specified nexthop and nexthop list cannot both null.");
  assert.equal((await custom(vpc))[0]?.status, "Available");
});

test("a list of next hops that is too short or too long is refused on delete", async () => {
  const vpc = await newVpc();
  await settled(vpc, "192.168.1.0/24");
  const named = { routeTableId: vpc.routeTableId, destinationCidrBlock: "192.168.1.0/24" };
  const hops = (count: number): Options[] => Array.from({ length: count }, () => ({ nextHopId: "i-bp1example", nextHopType: "Instance" }));
  const message = "Nexthop list size should be between 2 and 16";
  await refusesEach([1, 17], (n) => deleteRouteEntry(sdk, { ...named, nextHopList: hops(n) }), "InvalidNextHopList.Size", 400, message);
  assert.equal((await custom(vpc))[0]?.status, "Available");
});

test("a dry run of create and delete passes as DryRunOperation and changes nothing", async () => {
  const vpc = await newVpc();
  await refuses(put(vpc, "192.168.1.0/24", { dryRun: true }), "DryRunOperation");
  await refuses(put(vpc, "x", { dryRun: true }), "InvalidCidrBlock.Malformed");
  assert.deepEqual(await custom(vpc), []);
  const routeEntryId = await settled(vpc, "192.168.1.0/24");
  await refuses(deleteRouteEntry(sdk, { routeEntryId, dryRun: true }), "DryRunOperation");
  await refuses(put(vpc, "192.168.1.0/24", { dryRun: true }), "InvalidCIDRBlock.Duplicate");
  assert.equal((await custom(vpc))[0]?.status, "Available");
});

test("a repeated ClientToken answers the first entry", async () => {
  const vpc = await newVpc();
  const first = await put(vpc, "192.168.1.0/24", { clientToken: "rte-once" });
  const again = await put(vpc, "192.168.1.0/24", { clientToken: "rte-once" });
  assert.equal(again.routeEntryId, first.routeEntryId);
  await refuses(put(vpc, "192.168.2.0/24", { clientToken: "rte-once" }), "IdempotentParameterMismatch");
  assert.equal((await custom(vpc)).length, 1);
});

test("a route table that is not there for the caller takes no entry", async () => {
  const vpc = await newVpc();
  const entry = { destinationCidrBlock: "192.168.1.0/24", nextHopId: "i-x" };
  const message = "Specified route table does not exist.";
  await refuses(createRouteEntry(sdk, { ...entry, routeTableId: "vtb-unknown" }), "InvalidRouteTableId.NotFound", 404, message);
  await refuses(createRouteEntry(sdk, { ...entry, routeTableId: vpc.vpcId }), "InvalidRouteTableId.NotFound", 404, message);
  const here = { ...entry, routeTableId: vpc.routeTableId };
  await refuses(createRouteEntry(sdk, { ...here, regionId: "cn-beijing" }), "InvalidRouteTableId.NotFound", 404, message);
  await refuses(createRouteEntry(sdkOf(server, accepterKey), here), "InvalidRouteTableId.NotFound", 404, message);
  await refuses(createRouteEntry(sdk, entry), "MissingRouteTableId");
  await refuses(createRouteEntry(sdk, { ...here, destinationCidrBlock: undefined }), "MissingDestinationCidrBlock");
  assert.deepEqual(await custom(vpc), []);
});
