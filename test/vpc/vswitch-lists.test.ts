import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { availableVpc, hangzhou, type TestVpc } from "../support/networks.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import {
  createVSwitch,
  deleteVSwitch,
  listVSwitches,
  type Options,
  readVSwitch,
  refuses,
  refusesEach,
  type Sdk,
  sdkOf,
} from "./support.ts";

/** DescribeVSwitches, and who sees what. 21 vSwitches in one VPC and 2 in another, made once. */
const count = 21;
const ids: string[] = [];
const zones = ["cn-hangzhou-b", "cn-hangzhou-h"];
let server: InProcessServer;
let sdk: Sdk;
let foreign: Sdk;
let vpc: TestVpc;
let small: TestVpc;
let smallIds: string[];

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  foreign = sdkOf(server, accepterKey);
  vpc = await availableVpc(server, server.requester, hangzhou, { EnableIpv6: true });
  small = await availableVpc(server, server.requester);
  const add = async (to: TestVpc, n: number, options: Options): Promise<string> => {
    const { vSwitchId } = await createVSwitch(sdk, { vpcId: to.vpcId, zoneId: zones[n % 2], cidrBlock: `10.0.${n}.0/24`, ...options });
    await server.advance();
    return vSwitchId ?? "";
  };
  for (let n = 0; n < count; n++) {
    const tag = [{ key: "tier", value: n < 5 ? "gold" : "iron" }];
    ids.push(await add(vpc, n, { vSwitchName: n < 10 ? "low" : "high", tag, ...(n < 3 ? { ipv6CidrBlock: n } : {}) }));
  }
  smallIds = [await add(small, 0, {}), await add(small, 1, {})];
});
after(() => server.stop());

test("pages go through all vSwitches in creation order, each with the total", async () => {
  const seen: string[] = [];
  for (const pageNumber of [1, 2, 3, 4]) {
    const page = await listVSwitches(sdk, { regionId: hangzhou, pageNumber, pageSize: 8 });
    assert.deepEqual([page.totalCount, page.pageNumber, page.pageSize], [count + 2, pageNumber, 8]);
    seen.push(...page.ids);
  }
  assert.deepEqual(seen, [...ids, ...smallIds]);
  const byDefault = await listVSwitches(sdk, {});
  assert.deepEqual([byDefault.ids, byDefault.pageNumber, byDefault.pageSize], [ids.slice(0, 10), 1, 10]);
});

test("PageSize is 1 to 50, PageNumber from 1, and a page too deep is refused", async () => {
  await refusesEach([0, 51], (pageSize) => listVSwitches(sdk, { pageSize }), "InvalidPageSize");
  await refuses(listVSwitches(sdk, { pageNumber: 0 }), "InvalidPageNumber");
  await refuses(listVSwitches(sdk, { pageNumber: 2002, pageSize: 50 }), "Throttling.DeepPageSkip");
  assert.equal((await listVSwitches(sdk, { pageNumber: 2001, pageSize: 50 })).totalCount, count + 2);
});

test("each filter selects, and several are joined by AND", async () => {
  const all = [...ids, ...smallIds];
  const inZone = (zone: number): string[] => [...ids.filter((_, n) => n % 2 === zone), smallIds[zone] ?? ""];
  const { resourceGroupId } = await readVSwitch(sdk, ids[0]);
  const cases: [Options, string[]][] = [
    [{ vpcId: vpc.vpcId }, ids],
    [{ vpcId: small.vpcId }, smallIds],
    [{ vpcId: "vpc-unknown" }, []],
    [{ vSwitchId: ids[4] }, ids.slice(4, 5)],
    [{ vSwitchId: `${ids[4]},${ids[6]},vsw-unknown` }, [ids[4] ?? "", ids[6] ?? ""]],
    [{ vSwitchId: ids[4], vpcId: small.vpcId }, []],
    [{ zoneId: zones[0] }, inZone(0)],
    [{ zoneId: zones[1] }, inZone(1)],
    [{ zoneId: zones[1], vpcId: small.vpcId }, smallIds.slice(1)],
    [{ zoneId: "cn-hangzhou-z" }, []],
    [{ vSwitchName: "low" }, ids.slice(0, 10)],
    [{ vSwitchName: "lo" }, []],
    [{ isDefault: false }, all],
    [{ isDefault: true }, []],
    [{ routeTableId: small.routeTableId }, smallIds],
    [{ routeTableId: "vtb-unknown" }, []],
    [{ enableIpv6: true }, ids.slice(0, 3)],
    [{ enableIpv6: false, vpcId: small.vpcId }, smallIds],
    [{ tag: [{ key: "tier", value: "gold" }] }, ids.slice(0, 5)],
    [{ tag: [{ key: "tier" }] }, ids],
    [{ tag: [{ key: "tier", value: "gold" }], zoneId: zones[1] }, [ids[1] ?? "", ids[3] ?? ""]],
    [{ resourceGroupId }, all],
    [{ vSwitchOwnerId: Number(requesterKey.account) }, all],
    [{ regionId: "cn-beijing" }, []],
  ];
  for (const [filter, expected] of cases) {
    const page = await listVSwitches(sdk, { pageSize: 50, ...filter });
    assert.deepEqual(page.ids, expected, JSON.stringify(filter));
    assert.equal(page.totalCount, expected.length, JSON.stringify(filter));
  }
});

test("VSwitchId takes 20 ids joined by commas, and 21 are refused", async () => {
  const twenty = await listVSwitches(sdk, { vSwitchId: ids.slice(0, 20).join(","), pageSize: 50 });
  assert.equal(twenty.totalCount, 20);
  const message = "The number of vSwitchIds exceeds the limit.";
  await refuses(listVSwitches(sdk, { vSwitchId: ids.join(",") }), "InvalidVSwitchIdNumber.NotSupported", 404, message);
});

test("an owner or a resource group that is not the caller's has no vSwitches that the caller could see", async () => {
  assert.ok(((await listVSwitches(sdk, { vSwitchOwnerId: Number(requesterKey.account) })).totalCount ?? 0) > 0);
  assert.equal((await listVSwitches(sdk, { vSwitchOwnerId: Number(accepterKey.account) })).totalCount, 0);
  assert.equal((await listVSwitches(sdk, { resourceGroupId: "rg-unknown" })).totalCount, 0);
});

test("a vSwitch of another account, or in another region, is not there", async () => {
  const [id] = ids;
  assert.equal((await readVSwitch(foreign, id)).vSwitchId, "");
  assert.equal((await readVSwitch(sdk, id, { regionId: "cn-beijing" })).vSwitchId, "");
  assert.equal((await listVSwitches(foreign, { vSwitchId: id })).totalCount, 0);
  assert.equal((await listVSwitches(foreign, { vpcId: vpc.vpcId })).totalCount, 0);
  await refuses(deleteVSwitch(foreign, id), "InvalidVSwitchId.NotFound", 404);
  await refuses(deleteVSwitch(sdk, id, { regionId: "cn-beijing" }), "InvalidVSwitchId.NotFound", 404);
  assert.equal((await readVSwitch(sdk, id)).status, "Available");
  const { requestId: _one, ...other } = await readVSwitch(foreign, id);
  const { requestId: _two, ...unknown } = await readVSwitch(foreign, "vsw-bp1000000000000000000");
  assert.deepEqual(other, unknown);
});
