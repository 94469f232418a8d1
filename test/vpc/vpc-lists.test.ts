import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { vpcSdk } from "../support/official.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import {
  ask,
  bodyOf,
  createVpc,
  deleteVpc,
  listVpcs,
  type Options,
  pageOf,
  readVpc,
  refuses,
  refusesEach,
  type Sdk,
  sdkOf,
} from "./support.ts";

/** DescribeVpcs, DescribeVRouters, and who sees what. 23 VPCs of one account in one region, made once. */
const region = "cn-hangzhou";
const total = 23;
const ids: string[] = [];
let server: InProcessServer;
let sdk: Sdk;
let foreign: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  foreign = sdkOf(server, accepterKey);
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000, region }], features: [] });
  for (let n = 0; n < total; n++) {
    const { vpcId } = await createVpc(sdk, region, {
      cidrBlock: `10.${n}.0.0/16`,
      vpcName: n % 2 === 0 ? "even" : "odd",
      enableIpv6: n < 3,
      tag: [
        { key: "tier", value: n < 5 ? "gold" : "iron" },
        { key: "number", value: String(n) },
      ],
    });
    ids.push(vpcId ?? "");
  }
  await server.advance();
});
after(() => server.stop());

test("pages go through all VPCs in creation order, each with the total", async () => {
  const seen: string[] = [];
  for (let pageNumber = 1; pageNumber <= 5; pageNumber++) {
    const page = await listVpcs(sdk, region, { pageNumber, pageSize: 5 });
    assert.deepEqual([page.totalCount, page.pageNumber, page.pageSize], [total, pageNumber, 5]);
    seen.push(...page.ids);
  }
  assert.deepEqual(seen, ids);
});

test("without page parameters the first ten are answered", async () => {
  const page = await listVpcs(sdk, region);
  assert.deepEqual([page.totalCount, page.pageNumber, page.pageSize], [total, 1, 10]);
  assert.deepEqual(page.ids, ids.slice(0, 10));
});

test("a page beyond the end is empty and still has the total", async () => {
  const page = await listVpcs(sdk, region, { pageNumber: 100, pageSize: 50 });
  assert.deepEqual([page.items.length, page.totalCount, page.pageNumber], [0, total, 100]);
});

test("PageSize is 1 to 50, PageNumber from 1", async () => {
  assert.equal((await listVpcs(sdk, region, { pageSize: 50 })).items.length, total);
  assert.deepEqual((await listVpcs(sdk, region, { pageSize: 1 })).ids, ids.slice(0, 1));
  await refusesEach([0, -1, 51], (pageSize) => listVpcs(sdk, region, { pageSize }), "InvalidPageSize");
  await refusesEach([0, -1], (pageNumber) => listVpcs(sdk, region, { pageNumber }), "InvalidPageNumber");
});

test("a page too deep to count up to is refused, the last one allowed is not", async () => {
  assert.equal((await listVpcs(sdk, region, { pageNumber: 2001, pageSize: 50 })).totalCount, total);
  await refuses(listVpcs(sdk, region, { pageNumber: 2002, pageSize: 50 }), "Throttling.DeepPageSkip");
  await refuses(listVpcs(sdk, region, { pageNumber: 2_147_483_647, pageSize: 50 }), "Throttling.DeepPageSkip");
  await refuses(ask(sdk, "describeVRouters", { regionId: region, pageNumber: 2002, pageSize: 50 }), "Throttling.DeepPageSkip");
});

test("each filter selects, and several are joined by AND", async () => {
  const of = (...numbers: number[]): string[] => numbers.map((n) => ids[n] ?? "");
  const odd = ids.filter((_, n) => n % 2 === 1);
  const cases: [Options, string[]][] = [
    [{ vpcName: "odd" }, odd],
    [{ vpcName: "od" }, []],
    [{ vpcId: ids[7] }, of(7)],
    [{ vpcId: "vpc-unknown" }, []],
    [{ isDefault: true }, []],
    [{ isDefault: false }, ids],
    [{ enableIpv6: true }, of(0, 1, 2)],
    [{ enableIpv6: true, vpcName: "odd" }, of(1)],
    [{ tag: [{ key: "tier", value: "gold" }] }, of(0, 1, 2, 3, 4)],
    [{ tag: [{ key: "tier" }] }, ids],
    [
      {
        tag: [
          { key: "tier", value: "gold" },
          { key: "number", value: "3" },
        ],
      },
      of(3),
    ],
    [
      {
        tag: [
          { key: "tier", value: "iron" },
          { key: "number", value: "3" },
        ],
      },
      [],
    ],
    [{ tag: [{ key: "nothing" }] }, []],
    [{ tag: [{ key: "tier", value: "gold" }], vpcName: "even" }, of(0, 2, 4)],
    [{ vpcOwnerId: Number(requesterKey.account) }, ids],
    [{ dhcpOptionsSetId: "dopt-1" }, []],
    [{ vpcId: ids[7], vpcName: "even" }, []],
  ];
  for (const [filter, expected] of cases) {
    const page = await listVpcs(sdk, region, { pageSize: 50, ...filter });
    assert.deepEqual(page.ids, expected, JSON.stringify(filter));
    assert.equal(page.totalCount, expected.length, JSON.stringify(filter));
  }
});

test("a filtered list is paged too", async () => {
  const filter = { tag: [{ key: "tier", value: "iron" }], pageSize: 7 };
  const pages = [];
  for (const pageNumber of [1, 2, 3]) pages.push(await listVpcs(sdk, region, { ...filter, pageNumber }));
  assert.deepEqual(
    pages.flatMap((page) => page.ids),
    ids.slice(5),
  );
  assert.deepEqual(
    pages.map((page) => page.totalCount),
    [18, 18, 18],
  );
});

test("the resource group filters, and an unknown one is refused", async () => {
  const { resourceGroupId } = await readVpc(sdk, region, ids[0]);
  assert.equal((await listVpcs(sdk, region, { resourceGroupId })).totalCount, total);
  const { resourceGroupId: others } = await createVpc(foreign, region);
  await refusesEach([others, "rg-unknown"], (group) => listVpcs(sdk, region, { resourceGroupId: group }), "InvalidResourceGroupId");
});

test("VpcOwnerId filters: the caller's own account has all, another has none that the caller could see", async () => {
  assert.equal((await listVpcs(sdk, region, { vpcOwnerId: Number(requesterKey.account) })).totalCount, total);
  const others = await listVpcs(sdk, region, { vpcOwnerId: Number(accepterKey.account), pageSize: 3 });
  assert.deepEqual([others.ids, others.totalCount, others.pageSize], [[], 0, 3]);
});

test("VpcId takes up to 20 ids joined by commas, and 21 are refused", async () => {
  const twenty = ids.slice(0, 20);
  const page = await listVpcs(sdk, region, { vpcId: twenty.join(","), pageSize: 50 });
  assert.deepEqual([...page.ids].sort(), [...twenty].sort());
  assert.equal(page.totalCount, 20);
  const second = await listVpcs(sdk, region, { vpcId: twenty.join(","), pageSize: 15, pageNumber: 2 });
  assert.equal(second.items.length, 5);
  const some = await listVpcs(sdk, region, { vpcId: `${ids[3]},vpc-unknown,${ids[3]},${ids[1]}` });
  assert.deepEqual([...some.ids].sort(), [ids[1], ids[3]].sort());
  assert.equal(some.totalCount, 2);
  const tooMany = ids.slice(0, 21).join(",");
  await refuses(
    listVpcs(sdk, region, { vpcId: tooMany }),
    "InvalidVpcIdNumber.NotSupported",
    400,
    "The number of vpcIds exceeds the limit.",
  );
});

test("a dry run of a read passes as DryRunOperation", async () => {
  const message = "Request validation has been passed with DryRun flag set.";
  await refuses(listVpcs(sdk, region, { dryRun: true }), "DryRunOperation", 400, message);
  await refuses(readVpc(sdk, region, ids[0], { dryRun: true }), "DryRunOperation", 400, message);
  await refuses(listVpcs(sdk, region, { dryRun: true, pageSize: 51 }), "InvalidPageSize");
  assert.equal((await listVpcs(sdk, region, { dryRun: false })).totalCount, total);
});

test("a VPC of another account, or in another region, is not there", async () => {
  const [vpcId] = ids;
  for (const [who, where] of [
    [foreign, region],
    [sdk, "cn-beijing"],
  ] as const) {
    const read = await readVpc(who, where, vpcId);
    assert.deepEqual([read.vpcId, read.status, read.cidrBlock], ["", "", ""]);
    const page = await listVpcs(who, where, { vpcId });
    assert.deepEqual([page.items, page.totalCount], [[], 0]);
    await refuses(deleteVpc(who, where, vpcId), "InvalidVpcId.NotFound", 404);
    const vSwitch = { regionId: where, vpcId, zoneId: `${where}-b`, cidrBlock: "10.0.1.0/24" };
    await refuses(who.createVSwitch(new vpcSdk.CreateVSwitchRequest(vSwitch)), "InvalidVpcId.NotFound", 404);
    const tables = bodyOf(await who.describeRouteTableList(new vpcSdk.DescribeRouteTableListRequest({ regionId: where, vpcId })));
    assert.equal(tables.totalCount, 0);
  }
  assert.equal((await readVpc(sdk, region, vpcId)).status, "Available");
});

test("a foreign VPC and one that never was read exactly alike", async () => {
  const { requestId: _one, ...other } = await readVpc(foreign, region, ids[0]);
  const { requestId: _two, ...unknown } = await readVpc(foreign, region, "vpc-bp1000000000000000000");
  assert.deepEqual(other, unknown);
});

test("DescribeVRouters lists a router for each VPC, by page or by id", async () => {
  const routers = async (options: Options, who = sdk) => {
    const body = bodyOf(await who.describeVRouters(new vpcSdk.DescribeVRoutersRequest({ regionId: region, ...options })));
    return pageOf(body, body.VRouters?.VRouter ?? [], []);
  };
  const first = await routers({ pageSize: 20 });
  const second = await routers({ pageSize: 20, pageNumber: 2 });
  assert.deepEqual([first.totalCount, first.pageNumber, first.pageSize], [total, 1, 20]);
  assert.deepEqual(
    [...first.items, ...second.items].map(({ vpcId }) => vpcId),
    ids,
  );
  const [one] = first.items;
  assert.match(one?.creationTime ?? "", /Z$/);
  assert.deepEqual([one?.regionId, one?.VRouterName, one?.description], [region, "", ""]);
  const byId = await routers({ VRouterId: one?.VRouterId });
  assert.deepEqual([byId.totalCount, byId.items[0]?.vpcId], [1, ids[0]]);
  assert.equal((await routers({ VRouterId: one?.VRouterId }, foreign)).totalCount, 0);
  assert.equal((await routers({ VRouterId: "vrt-unknown" })).totalCount, 0);
});
