import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Caller } from "../support/caller.ts";
import { hangzhou } from "../support/networks.ts";
import { freshName } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { foundNothing, foundOf, foundOne, inTurn, ok } from "./support.ts";

/** Lists that are longer than a page, in each of the ways in which lists are continued. */

let server: InProcessServer;
before(async () => {
  server = await startServer({ pace: "instant" });
});
after(() => server.stop());

const customerGateways = async (count: number): Promise<Caller> => {
  const caller = await server.stranger();
  await inTurn(count, (index) => ok(caller.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress: `203.0.113.${index + 1}` })));
  return caller;
};
const list = (caller: Caller, page: object = {}) => ok(caller.vpc("DescribeCustomerGateways", { RegionId: hangzhou, ...page }));

test("a list by page number of which only the first page was read", async () => {
  const caller = await customerGateways(11);
  const { seen, operation, count } = await foundOne(server, caller, "paging-ignored", await inTurn(2, () => list(caller)));
  assert.deepEqual([operation, count], ["DescribeCustomerGateways", 2]);
  assert.equal(seen, "DescribeCustomerGateways answered 10 of 11, and the rest was not asked for. That happened twice.");
});

test("a list of which the first page was read by its number", async () => {
  const caller = await customerGateways(11);
  await foundOne(server, caller, "paging-ignored", await inTurn(2, () => list(caller, { PageNumber: 1, PageSize: 10 })));
});

test("not when the next page is asked for, when a page holds all, when it is whole, or when only the total is wanted", async () => {
  const paging = await customerGateways(11);
  await list(paging);
  await list(paging, { PageNumber: 2 });
  await foundNothing(server, paging);
  const whole = await customerGateways(11);
  await list(whole, { PageSize: 50 });
  await list(whole, { PageSize: 1 });
  await foundNothing(server, whole);
  const exactly = await customerGateways(10);
  await list(exactly);
  await foundNothing(server, exactly);
});

test("a first page is none ignored if the same list was then read whole", async () => {
  const caller = await customerGateways(11);
  await list(caller);
  assert.equal((await foundOf(server, caller)).length, 1);
  await list(caller, { PageSize: 50 });
  await foundNothing(server, caller);
});

test("a list by NextToken", async () => {
  const caller = await server.stranger();
  const { RouteTableId } = (await ok(caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" }))).body;
  const entries = (NextToken?: string) =>
    ok(caller.vpc("DescribeRouteEntryList", { RegionId: hangzhou, RouteTableId, RouteEntryType: "Custom", MaxResult: 10, NextToken }));
  const to = (index: number) => ({
    RouteTableId,
    DstCidrBlock: `192.168.${index}.0/24`,
    NextHop: "i-bp1example",
    NextHopType: "Instance",
  });
  const RouteEntries = Array.from({ length: 11 }, (_, index) => to(index));
  await entries();
  await ok(caller.vpc("CreateRouteEntries", { RegionId: hangzhou, RouteEntries }));
  const first = await entries();
  const { seen, resources } = await foundOne(server, caller, "paging-ignored", [first]);
  assert.equal(seen, "DescribeRouteEntryList answered 10 of 11, and the rest was not asked for.");
  assert.deepEqual(resources, [RouteTableId]);
  await entries(first.body.NextToken);
  await foundNothing(server, caller);
});

test("a list by Marker", async () => {
  const caller = await server.stranger();
  await inTurn(11, () => ok(caller.ram("CreateGroup", { GroupName: freshName("group") })));
  const groups = (Marker?: string) => ok(caller.ram("ListGroups", { MaxItems: 10, Marker }));
  const first = await groups();
  await foundOne(server, caller, "paging-ignored", [first]);
  await groups(first.body.Marker);
  await foundNothing(server, caller);
});
