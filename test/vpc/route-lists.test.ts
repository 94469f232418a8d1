import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { availableVpc, activePeering, hangzhou, routeTo, type TestVpc } from "../support/networks.ts";
import { vpcSdk } from "../support/official.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import {
  ask,
  bodyOf,
  createRouteEntry,
  createVSwitch,
  listRouteEntries,
  listRouteTables,
  type Options,
  pageOf,
  refuses,
  refusesEach,
  type Sdk,
  sdkOf,
} from "./support.ts";

/** DescribeRouteEntryList, DescribeRouteTableList, DescribeRouteTables, ListVpcPublishedRouteEntries: one table with 25 custom entries and the system's, made once. */
const customCount = 25;
let server: InProcessServer;
let sdk: Sdk;
let foreign: Sdk;
let vpc: TestVpc;
let other: TestVpc;
let connection: string;
/** Destinations in creation order; the system's first. */
let system: string[];
const custom: string[] = [];

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  foreign = sdkOf(server, accepterKey);
  vpc = await availableVpc(server, server.requester, hangzhou, { EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" });
  other = await availableVpc(server, server.requester);
  connection = await activePeering(server, vpc, other);
  await createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId: "cn-hangzhou-h", cidrBlock: "10.0.1.0/24", ipv6CidrBlock: 1 });
  await server.advance();
  system = (await listRouteEntries(sdk, hangzhou, vpc.routeTableId)).destinations;
  for (let n = 0; n < customCount; n++) {
    const destination = n < 3 ? `fd0${n}::/16` : `192.168.${n}.0/24`;
    if (n < 5) await routeTo(server, vpc, destination, connection);
    else {
      const hop = { nextHopId: n < 10 ? "i-low" : "i-high", routeEntryName: n % 2 === 0 ? "even" : "odd" };
      await createRouteEntry(sdk, { routeTableId: vpc.routeTableId, destinationCidrBlock: destination, ...hop });
      await server.advance();
    }
    custom.push(destination);
  }
});
after(() => server.stop());

const list = (options: Options = {}) => listRouteEntries(sdk, hangzhou, vpc.routeTableId, options);

test("every system table has the vSwitches' blocks and the cloud's own 100.64.0.0/10 as system entries", async () => {
  assert.deepEqual([...system].sort(), ["10.0.1.0/24", "100.64.0.0/10", "2408:4005:3c5:6e01::/64"]);
  const { items } = await list({ routeEntryType: "System" });
  for (const entry of items) assert.deepEqual([entry.type, entry.status, entry.routeEntryName], ["System", "Available", ""]);
});

test("pages go through all entries in creation order, each with the total, and the last has no NextToken", async () => {
  const seen: string[] = [];
  const tokens: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await list({ maxResult: 10, nextToken });
    assert.equal(page.totalCount, system.length + customCount);
    seen.push(...page.destinations);
    nextToken = page.nextToken;
    if (nextToken) tokens.push(nextToken);
    assert.equal(page.items.length, nextToken ? 10 : (system.length + customCount) % 10);
  } while (nextToken);
  assert.deepEqual(seen, [...system, ...custom]);
  assert.equal(new Set(tokens).size, 2);
});

test("a page that ends exactly with the list has no NextToken", async () => {
  const page = await list({ maxResult: system.length + customCount });
  assert.deepEqual([page.items.length, page.nextToken ?? ""], [system.length + customCount, ""]);
  const filtered = await list({ maxResult: customCount, routeEntryType: "Custom" });
  assert.deepEqual([filtered.destinations, filtered.nextToken ?? ""], [custom, ""]);
});

test("a filtered list is paged too, and entries that come meanwhile do not shift the pages", async () => {
  const filter = { routeEntryType: "Custom", maxResult: 10 };
  const first = await list(filter);
  const extra = { routeTableId: vpc.routeTableId, destinationCidrBlock: "172.16.0.0/12", nextHopId: "i-extra" };
  const { routeEntryId } = await createRouteEntry(sdk, extra);
  const second = await list({ ...filter, nextToken: first.nextToken });
  const third = await list({ ...filter, nextToken: second.nextToken });
  const all = [...first.destinations, ...second.destinations, ...third.destinations];
  assert.deepEqual(all, [...custom, "172.16.0.0/12"]);
  await server.advance();
  await sdk.deleteRouteEntry(new vpcSdk.DeleteRouteEntryRequest({ routeEntryId }));
  await server.advance();
});

test("MaxResult is 1 to 500 and 100 by default", async () => {
  await refusesEach([0, -1, 501], (maxResult) => list({ maxResult }), "InvalidMaxResult");
  for (const maxResult of [1, 500]) {
    assert.equal((await list({ maxResult })).items.length, Math.min(maxResult, system.length + customCount));
  }
  assert.equal((await list()).items.length, system.length + customCount);
});

test("a NextToken that no list gave is refused", async () => {
  const message = "User nextToken is illegal.";
  const tokens = ["x", "1", Buffer.from("linkspan:-1").toString("base64url"), "bGlua3NwYW46MQ=="];
  await refusesEach(tokens, (nextToken) => list({ nextToken }), "IllegalParam.NextToken", 400, message);
});

test("each filter selects, and several are joined by AND", async () => {
  const { items } = await list({ maxResult: 500 });
  const idOf = (destination: string | undefined): string | undefined =>
    items.find((entry) => entry.destinationCidrBlock === destination)?.routeEntryId;
  const all = [...system, ...custom];
  const even = custom.filter((_, n) => n >= 5 && n % 2 === 0);
  const cases: [Options, (string | undefined)[]][] = [
    [{ routeEntryId: idOf(custom[7]) }, [custom[7]]],
    [{ routeEntryId: "rte-unknown" }, []],
    [{ routeEntryId: idOf(custom[7]), routeEntryType: "System" }, []],
    [{ destinationCidrBlock: custom[8] }, [custom[8]]],
    [{ destinationCidrBlock: "192.168.0.0/16" }, []],
    [{ destinationCidrBlock: custom[8], nextHopId: "i-high" }, []],
    [{ routeEntryName: "even" }, even],
    [{ routeEntryName: "eve" }, []],
    [{ routeEntryName: "even", nextHopId: "i-low" }, [custom[6], custom[8]]],
    [{ ipVersion: "ipv6" }, all.filter((block) => block.includes(":"))],
    [{ ipVersion: "IPv6" }, all.filter((block) => block.includes(":"))],
    [{ ipVersion: "ipv4" }, all.filter((block) => !block.includes(":"))],
    [{ routeEntryType: "Custom" }, custom],
    [{ routeEntryType: "System" }, system],
    [{ routeEntryType: "BGP" }, []],
    [{ nextHopId: connection }, custom.slice(0, 5)],
    [{ nextHopId: "i-low" }, custom.slice(5, 10)],
    [{ nextHopType: "VpcPeer" }, custom.slice(0, 5)],
    [{ nextHopType: "Instance" }, custom.slice(5)],
    [{ nextHopType: "VpcPeer", ipVersion: "ipv4" }, custom.slice(3, 5)],
    [{ serviceType: "TR" }, []],
    [{ destCidrBlockList: [custom[3], custom[9], "1.2.3.0/24"] }, [custom[3], custom[9]]],
    [{ destCidrBlockList: [custom[3], custom[9]], nextHopType: "Instance" }, [custom[9]]],
    [{ destCidrBlockList: ["FD00:0::/16"], routeEntryId: idOf(custom[0]) }, [custom[0]]],
    [{ destCidrBlockList: [custom[1]], routeEntryId: idOf(custom[0]) }, []],
  ];
  for (const [filter, expected] of cases) {
    const page = await list({ maxResult: 500, ...filter });
    assert.deepEqual(page.destinations, expected, JSON.stringify(filter));
    assert.equal(page.totalCount, expected.length, JSON.stringify(filter));
  }
});

test("a list of destinations is paged like any other", async () => {
  const filter = { destCidrBlockList: custom.slice(0, 5), maxResult: 2 };
  const first = await list(filter);
  assert.deepEqual([first.destinations.length, first.totalCount], [2, 5]);
  const second = await list({ ...filter, nextToken: first.nextToken });
  const third = await list({ ...filter, nextToken: second.nextToken });
  assert.deepEqual([...first.destinations, ...second.destinations, ...third.destinations].sort(), custom.slice(0, 5).sort());
  assert.equal(third.nextToken ?? "", "");
});

test("unknown entry types and IP versions are refused", async () => {
  await refusesEach(["system", "Static"], (routeEntryType) => list({ routeEntryType }), "IllegalParam.RouteEntryType");
  await refusesEach(["4", "ipv5"], (ipVersion) => list({ ipVersion }), "IllegalParam.IpVersion");
});

test("a table that is unknown, foreign, or in another region is refused", async () => {
  await refuses(listRouteEntries(sdk, hangzhou, "vtb-unknown"), "InvalidRouteTable.NotFound");
  await refuses(listRouteEntries(foreign, hangzhou, vpc.routeTableId), "InvalidRouteTable.NotFound");
  await refuses(listRouteEntries(sdk, "cn-beijing", vpc.routeTableId), "InvalidRouteTable.NotFound");
  await refuses(listRouteEntries(sdk, hangzhou, undefined), "MissingRouteTableId");
});

test("every entry of DescribeRouteEntryList has at least one next hop, and all documented fields", async () => {
  for (const entry of (await list({ maxResult: 500 })).items) {
    const hops = entry.nextHops?.nextHop ?? [];
    assert.ok(hops.length >= 1, entry.destinationCidrBlock);
    for (const hop of hops) {
      assert.deepEqual([hop.enabled, typeof hop.weight, typeof hop.nextHopId, typeof hop.nextHopType], [1, "number", "string", "string"]);
      assert.equal(typeof hop.nextHopRegionId, "string");
      assert.deepEqual(Object.keys(hop.nextHopRelatedInfo ?? {}).sort(), ["instanceId", "instanceType", "regionId"]);
    }
    assert.match(entry.gmtModified ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(entry.routeTableId, vpc.routeTableId);
    assert.match(entry.routeEntryId ?? "", /^rte-/);
    for (const field of [entry.description, entry.origin, entry.serviceType, entry.routeEntryName]) assert.equal(typeof field, "string");
  }
});

async function tables(options: Options, who = sdk) {
  const body = bodyOf(await who.describeRouteTables(new vpcSdk.DescribeRouteTablesRequest(options)));
  const items = body.routeTables?.routeTable ?? [];
  return pageOf(
    body,
    items,
    items.map(({ routeTableId }) => routeTableId ?? ""),
  );
}

test("DescribeRouteTables answers a table with all its entries, whatever the page size", async () => {
  const { items, totalCount } = await tables({ regionId: hangzhou, routeTableId: vpc.routeTableId, pageSize: 1 });
  assert.deepEqual([items.length, totalCount], [1, 1]);
  const [table] = items;
  assert.deepEqual([table?.routeTableId, table?.routeTableType, table?.status], [vpc.routeTableId, "System", "Available"]);
  assert.match(table?.VRouterId ?? "", /^vrt-/);
  assert.equal(table?.vSwitchIds?.vSwitchId?.length, 1);
  const entries = table?.routeEntrys?.routeEntry ?? [];
  assert.deepEqual(
    entries.map(({ destinationCidrBlock }) => destinationCidrBlock),
    [...system, ...custom],
  );
  for (const entry of entries) {
    const [hop] = entry.nextHops?.nextHop ?? [];
    assert.ok(hop !== undefined, entry.destinationCidrBlock);
    assert.deepEqual([entry.instanceId, entry.nextHopType, hop.enabled], [hop.nextHopId, hop.nextHopType, 1]);
    assert.deepEqual([entry.status, entry.routeTableId, typeof entry.routeEntryName], ["Available", vpc.routeTableId, "string"]);
  }
  const toPeer = entries.find(({ nextHopType }) => nextHopType === "VpcPeer");
  assert.deepEqual([toPeer?.instanceId, toPeer?.type, toPeer?.description], [connection, "Custom", ""]);
});

test("DescribeRouteTables shows an entry that is being made or deleted as not yet Available", async () => {
  const status = async (): Promise<string | undefined> =>
    (await tables({ routeTableId: other.routeTableId })).items[0]?.routeEntrys?.routeEntry?.find(({ type }) => type === "Custom")?.status;
  const entry = { routeTableId: other.routeTableId, destinationCidrBlock: "172.31.0.0/16", nextHopId: "i-x" };
  await createRouteEntry(sdk, entry);
  assert.equal(await status(), "Pending");
  await server.advance();
  assert.equal(await status(), "Available");
  await sdk.deleteRouteEntry(new vpcSdk.DeleteRouteEntryRequest(entry));
  assert.equal(await status(), "Deleting");
  await server.advance();
  assert.equal(await status(), undefined);
});

test("DescribeRouteTables and DescribeRouteTableList filter and page alike", async () => {
  const all = [vpc.routeTableId, other.routeTableId];
  const router = (await tables({ routeTableId: other.routeTableId })).items[0]?.VRouterId;
  const listed = (options: Options, who = sdk) => listRouteTables(who, hangzhou, options);
  const shared: [Options, string[]][] = [
    [{}, all],
    [{ routeTableId: other.routeTableId }, all.slice(1)],
    [{ routeTableId: "vtb-unknown" }, []],
    [{ routerId: router }, all.slice(1)],
    [{ routerType: "VRouter" }, all],
    [{ routerType: "VBR" }, []],
    [{ routeTableName: "none" }, []],
    [{ pageSize: 1 }, all.slice(0, 1)],
    [{ pageSize: 1, pageNumber: 2 }, all.slice(1)],
    [{ pageSize: 1, pageNumber: 3 }, []],
    [{ resourceGroupId: (await listed({})).items[0]?.resourceGroupId }, all],
  ];
  const cases: [typeof tables | typeof listed, Options, string[]][] = [
    ...shared.flatMap(([options, expected]): [typeof tables | typeof listed, Options, string[]][] => [
      [tables, { regionId: hangzhou, ...options }, expected],
      [listed, options, expected],
    ]),
    [tables, { VRouterId: router }, all.slice(1)],
    [tables, { type: "System" }, all],
    [tables, { type: "Custom" }, []],
    [listed, { routeTableType: "System" }, all],
    [listed, { routeTableType: "Custom" }, []],
    [listed, { vpcId: other.vpcId }, all.slice(1)],
    [listed, { tag: [{ key: "none" }] }, []],
    [listed, { regionId: "cn-beijing" }, []],
  ];
  for (const [call, options, expected] of cases) {
    const page = await call(options);
    assert.deepEqual(page.ids, expected, JSON.stringify(options));
    if (options["pageSize"] !== undefined) assert.equal(page.totalCount, all.length);
  }
  for (const call of [tables, listed]) {
    assert.equal((await call({ regionId: hangzhou, routeTableId: vpc.routeTableId }, foreign)).totalCount, 0);
    await refuses(call({ regionId: hangzhou, pageSize: 51 }), "InvalidPageSize");
    await refuses(call({ regionId: hangzhou, pageNumber: 2002, pageSize: 50 }), "Throttling.DeepPageSkip");
  }
  const message = "Specified virtual router does not exist.";
  await refuses(tables({ VRouterId: "vrt-unknown" }), "InvalidVRouterId.NotFound", 400, message);
  await refuses(tables({ VRouterId: router }, foreign), "InvalidVRouterId.NotFound", 400, message);
});

test("no entry is published, whatever ListVpcPublishedRouteEntries is asked about a table of the caller's", async () => {
  const published = (options: Options, who = sdk) =>
    ask(who, "listVpcPublishedRouteEntries", { regionId: hangzhou, routeTableId: vpc.routeTableId, targetType: "ECR", ...options });
  for (const options of [
    {},
    { destinationCidrBlock: custom[0], targetInstanceId: "ecr-x", maxResults: 500 },
    { targetType: "VBR", maxResults: 1 },
  ]) {
    const { requestId: _id, ...body } = JSON.parse(JSON.stringify(await published(options)));
    assert.deepEqual(body, { routeEntries: [] });
  }
  const message = "Specified route table does not exist.";
  const absent = ["vtb-unknown", vpc.vpcId];
  await refusesEach(absent, (routeTableId) => published({ routeTableId }), "InvalidRouteTableId.NotFound", 404, message);
  await refuses(published({ regionId: "cn-beijing" }), "InvalidRouteTableId.NotFound", 404, message);
  await refuses(published({}, foreign), "InvalidRouteTableId.NotFound", 404, message);
  await refuses(published({ nextToken: "bm90aGluZw" }), "IllegalParam.NextToken");
  await refuses(published({ targetType: undefined }), "MissingTargetType");
  await refusesEach([0, 501], (maxResults) => published({ maxResults }), "InvalidMaxResults");
});
