import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import {
  activePeering,
  availableVpc,
  hangzhou,
  instanceRoute,
  refusedWith,
  requestPeering,
  routeTableIn,
  succeeded,
  type TestVpc,
  vSwitchIn,
} from "../support/networks.ts";
import { dryRunPassed, eventCount, type Expected, outcome, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, listRouteEntries, type Sdk, sdkOf } from "./support.ts";

/** CreateRouteEntries and DeleteRouteEntries: each member succeeds or fails for itself. What excludes them is in exclusion.test.ts. */
let server: InProcessServer;
let requester: Caller;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
  await raise([]);
});
after(() => server.stop());

function raise(more: readonly object[]): Promise<unknown> {
  return server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }, ...more], features: [] });
}
const newVpc = (parameters: Parameters = {}, owner = requester): Promise<TestVpc> => availableVpc(server, owner, hangzhou, parameters);
const withIpv6 = { EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" };

const create = (RouteEntries: readonly Parameters[] | undefined, parameters: Parameters = {}): Promise<Answer> =>
  requester.vpc("CreateRouteEntries", { RegionId: hangzhou, RouteEntries, ...parameters });
const remove = (RouteEntries: readonly Parameters[] | undefined, parameters: Parameters = {}): Promise<Answer> =>
  requester.vpc("DeleteRouteEntries", { RegionId: hangzhou, RouteEntries, ...parameters });
const hop = { NextHop: "i-bp1example", NextHopType: "Instance" };
/** A member of CreateRouteEntries that leads to an instance. */
const to = (at: TestVpc, DstCidrBlock: string, parameters: Parameters = {}): Parameters => ({
  RouteTableId: at.routeTableId,
  DstCidrBlock,
  ...hop,
  ...parameters,
});
async function custom(routeTableId: string) {
  const { items } = await listRouteEntries(sdk, hangzhou, routeTableId, { routeEntryType: "Custom", maxResult: 500 });
  return items.map(({ destinationCidrBlock, status }) => `${destinationCidrBlock} ${status}`);
}
/** What an answer says, without its request id. */
function told(answer: Answer): Record<string, any> {
  const { RequestId: _id, ...body } = succeeded(answer).body;
  return body;
}

/** Why a member of CreateRouteEntries fails; alike in a list of failures and as the refusal of a dry run. */
interface Fault {
  readonly name: string;
  readonly member: Parameters;
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

test("all members of a batch are Pending together, listed at once, and then Available", async () => {
  const vpc = await newVpc(withIpv6);
  const { failedCount, failedRouteEntries, routeEntryIds, successCount } = await ask(sdk, "createRouteEntries", {
    regionId: hangzhou,
    routeEntries: [
      { routeTableId: vpc.routeTableId, dstCidrBlock: "192.168.1.0/24", nextHop: "i-one", nextHopType: "Instance", ipVersion: 4 },
      {
        routeTableId: vpc.routeTableId,
        dstCidrBlock: "172.16.5.4",
        nextHop: "i-two",
        nextHopType: "Instance",
        name: "n",
        description: "d",
      },
      { routeTableId: vpc.routeTableId, dstCidrBlock: "FD00:0::/8", nextHop: "i-three", nextHopType: "Instance", ipVersion: 6 },
    ],
  });
  assert.deepEqual([successCount, failedCount, failedRouteEntries, routeEntryIds?.length], [3, 0, [], 3]);
  const shown = async () =>
    (await listRouteEntries(sdk, hangzhou, vpc.routeTableId, { routeEntryType: "Custom" })).items.map((entry) => [
      entry.routeEntryId,
      entry.destinationCidrBlock,
      entry.nextHops?.nextHop?.[0]?.nextHopType,
      entry.nextHops?.nextHop?.[0]?.nextHopId,
      entry.routeEntryName,
      entry.description,
      entry.status,
    ]);
  const [one, two, three] = routeEntryIds ?? [];
  const expected = (status: string): unknown => [
    [one, "192.168.1.0/24", "Instance", "i-one", "", "", status],
    [two, "172.16.5.4/32", "Instance", "i-two", "n", "d", status],
    [three, "fd00::/8", "Instance", "i-three", "", "", status],
  ];
  assert.deepEqual(await shown(), expected("Pending"));
  await server.advance(29);
  assert.deepEqual(await shown(), expected("Pending"));
  await server.advance(1);
  assert.deepEqual(await shown(), expected("Available"));

  const gone = await ask(sdk, "deleteRouteEntries", {
    regionId: hangzhou,
    routeEntries: [
      { routeTableId: vpc.routeTableId, routeEntryId: one },
      { routeTableId: vpc.routeTableId, dstCidrBlock: "172.16.5.4/32", nextHop: "i-two" },
      { routeTableId: vpc.routeTableId, dstCidrBlock: "fd00:0::/8" },
    ],
  });
  assert.deepEqual([gone.successCount, gone.failedCount, gone.failedRouteEntries], [3, 0, []]);
  assert.deepEqual(await shown(), expected("Deleting"));
  await server.advance();
  assert.deepEqual(await shown(), []);
});

test("each member fails for its own reason and the others succeed; a dry run is refused with the same reason", async () => {
  const [vpc, other] = [await newVpc(withIpv6), await newVpc()];
  const foreign = await newVpc({}, server.accepter);
  await vSwitchIn(server, vpc, "10.0.1.0/24", { Ipv6CidrBlock: 1 });
  await instanceRoute(server, vpc, "192.168.0.0/16");
  const active = await activePeering(server, vpc, other);
  const elsewhere = await activePeering(server, other, foreign);
  const waiting = await requestPeering(vpc, foreign);
  const via = (NextHopType: string, NextHop: string): Parameters => to(vpc, "172.16.0.0/16", { NextHopType, NextHop });

  const notFound = { code: "InvalidRouteTableId.NotFound", message: "Specified route table does not exist.", status: 404 };
  const malformed = { code: "InvalidCidrBlock.Malformed", message: "Specified CIDR block is not valid." };
  const reserved = {
    code: "InvalidDestinationCidrBlock",
    message: "The specified destinationCidrBlock must not included in black list cidr.",
  };
  const inVSwitch = { code: "RouteConflict.AlreadyExist", message: "Route conflict exists in routing table." };
  const unsupported = (type: string): object => ({
    code: "OperationFailed.InvalidNextHopType",
    message: `The next hop type ${type} is not supported here.`,
  });
  const peerNotFound = { code: "ResourceNotFound.VpcPeer", message: "The specified resource of VpcPeer is not found." };
  const faults = [
    { name: "an unknown table", member: to(vpc, "172.16.0.0/16", { RouteTableId: "vtb-unknown" }), ...notFound },
    { name: "another account's table", member: to(foreign, "172.16.0.0/16"), ...notFound },
    { name: "a VPC as table", member: to(vpc, "172.16.0.0/16", { RouteTableId: vpc.vpcId }), ...notFound },
    { name: "host bits", member: to(vpc, "192.168.1.1/24"), ...malformed },
    { name: "no block", member: to(vpc, "x"), ...malformed },
    { name: "the services' block", member: to(vpc, "100.64.0.0/10"), ...reserved },
    { name: "an address of the services", member: to(vpc, "100.100.2.136"), ...reserved },
    {
      name: "IPv6 in a VPC without",
      member: to(other, "fd00::/8"),
      code: "OperationDenied.VpcIpv6NotEnabled",
      message: "IPv6 has not been enabled for the VPC.",
    },
    {
      name: "an unknown type",
      member: via("Nothing", "x"),
      code: "InvalidNextHopType",
      message: 'Specified parameter "NextHopType" is not valid.',
    },
    { name: "a type that is not here", member: via("NatGateway", "x"), ...unsupported("NatGateway") },
    { name: "an unknown connection", member: via("VpcPeer", "pcc-unknown"), ...peerNotFound },
    { name: "a connection of other VPCs", member: via("VpcPeer", elsewhere), ...peerNotFound },
    {
      name: "a connection that is not active",
      member: via("VpcPeer", waiting),
      code: "IncorrectStatus.VpcPeer",
      message: `The status of VpcPeer [${waiting}] is incorrect.`,
    },
    {
      name: "a router interface",
      member: via("RouterInterface", "ri-x"),
      code: "InvalidNextHopId.NotFound",
      message: "Specified next hop does not exist.",
      status: 404,
    },
    {
      name: "a VPN gateway",
      member: via("VpnGateway", "vpn-x"),
      code: "InvalidVpnInstanceId.NotFound",
      message: "The specified VPN gateway does not exist.",
    },
    {
      name: "the wrong version",
      member: to(vpc, "172.16.0.0/16", { IpVersion: 6 }),
      code: "IllegalParam.IpVersion",
      message: "The specified IpVersion does not match the destination CIDR block.",
    },
    { name: "a vSwitch's block", member: to(vpc, "10.0.1.0/24"), ...inVSwitch },
    { name: "a part of a vSwitch's block", member: to(vpc, "10.0.1.128/25"), ...inVSwitch },
    {
      name: "a vSwitch's IPv6 block",
      member: to(vpc, "2408:4005:3c5:6e01::/64"),
      code: "OperationUnsupported.DestinationCidrBlockOverlapWithVSwitch",
      message: "The destination IPv6 network segment specified in the route entry overlaps with the vSwitch network segment.",
    },
    {
      name: "a destination that is there",
      member: to(vpc, "192.168.0.0/16"),
      code: "InvalidCIDRBlock.Duplicate",
      message: "Specified CIDR block is already exists.",
    },
  ] as Fault[];
  for (const { name, member, ...expected } of faults) {
    const batch = [to(vpc, "172.30.0.0/16"), member];
    await refusedUnchanged(server, () => create(batch, { DryRun: true }), expected).catch((error: Error) => {
      throw new Error(`${name}: ${error.message}`);
    });
  }

  const good = [to(vpc, "172.20.0.0/16", { NextHopType: "VpcPeer", NextHop: active }), to(other, "172.20.0.0/16")];
  const mixed = [good[0], ...faults.map(({ member }) => member), good[1]] as Parameters[];
  const { RouteEntryIds, ...rest } = told(await create(mixed));
  assert.deepEqual(rest, {
    FailedCount: faults.length,
    FailedRouteEntries: faults.map(({ member, code, message }) => ({
      DstCidrBlock: member["DstCidrBlock"],
      FailedCode: code,
      FailedMessage: message,
      NextHop: member["NextHop"],
    })),
    SuccessCount: 2,
  });
  assert.equal(RouteEntryIds.length, 2);
  assert.deepEqual(await custom(vpc.routeTableId), ["192.168.0.0/16 Available", "172.20.0.0/16 Pending"]);
  assert.deepEqual(await custom(other.routeTableId), ["172.20.0.0/16 Pending"]);
  const foreignList = { RegionId: hangzhou, RouteTableId: foreign.routeTableId, RouteEntryType: "Custom" };
  assert.equal((await server.accepter.vpc("DescribeRouteEntryList", foreignList)).body.TotalCount, 0);
});

test("a batch in which every member fails changes nothing", async () => {
  const vpc = await newVpc();
  const before = await eventCount(server);
  const failed = told(await create([to(vpc, "x"), to(vpc, "y")]));
  assert.deepEqual([failed["SuccessCount"], failed["FailedCount"], failed["RouteEntryIds"]], [0, 2, []]);
  const unknown = { RouteTableId: vpc.routeTableId, DstCidrBlock: "192.168.0.0/16" };
  assert.deepEqual(told(await remove([unknown])), {
    FailedCount: 1,
    FailedRouteEntries: [
      {
        DstCidrBlock: "192.168.0.0/16",
        FailedCode: "InvalidRouteEntry.NotFound",
        FailedMessage: "Route entry not exists.",
        NextHop: "",
        RouteEntryId: "",
      },
    ],
    SuccessCount: 0,
  });
  assert.equal(await eventCount(server), before);
});

test("of two members with one destination the first wins; one that fails takes no place", async () => {
  const vpc = await newVpc();
  const other = await routeTableIn(server, vpc);
  const batch = [
    to(vpc, "192.168.1.1"),
    to(vpc, "192.168.1.1/32", { NextHop: "i-second" }),
    to(vpc, "192.168.1.1", { RouteTableId: other }),
    to(vpc, "192.168.2.0/24", { NextHopType: "Nothing" }),
    to(vpc, "192.168.2.0/24"),
  ];
  const dry = { code: "InvalidCIDRBlock.Duplicate", message: "Specified CIDR block is already exists." };
  await refusedUnchanged(server, () => create(batch.slice(0, 3), { DryRun: true }), dry);
  await refusedUnchanged(server, () => create(batch.toSpliced(1, 1).slice(0, 2), { DryRun: true }), dryRunPassed);
  const { FailedRouteEntries, SuccessCount } = told(await create(batch));
  assert.equal(SuccessCount, 3);
  assert.deepEqual(
    FailedRouteEntries.map(({ DstCidrBlock, FailedCode, NextHop }: any) => [DstCidrBlock, FailedCode, NextHop]),
    [
      ["192.168.1.1/32", dry.code, "i-second"],
      ["192.168.2.0/24", "InvalidNextHopType", hop.NextHop],
    ],
  );
  await server.advance();
  assert.deepEqual(await custom(vpc.routeTableId), ["192.168.1.1/32 Available", "192.168.2.0/24 Available"]);
  assert.deepEqual(await custom(other), ["192.168.1.1/32 Available"]);
});

test("one call may write to tables of several VPCs, all of which must be steady", async () => {
  const [one, two] = [await newVpc(), await newVpc()];
  const ids = told(await create([to(one, "192.168.0.0/16"), to(two, "192.168.0.0/16"), to(one, "172.16.0.0/16")]))["RouteEntryIds"];
  assert.deepEqual(await custom(one.routeTableId), ["192.168.0.0/16 Pending", "172.16.0.0/16 Pending"]);
  assert.deepEqual(await custom(two.routeTableId), ["192.168.0.0/16 Pending"]);
  await server.advance();

  succeeded(await requester.vpc("CreateRouteTable", { RegionId: hangzhou, VpcId: two.vpcId }));
  const busy = { code: "TaskConflict", message: "The operation is too frequent, please wait a moment and try again." };
  await refusedUnchanged(server, () => create([to(one, "172.17.0.0/16"), to(two, "172.17.0.0/16")]), busy);
  const members = [
    { RouteTableId: one.routeTableId, RouteEntryId: ids[0] },
    { RouteTableId: two.routeTableId, RouteEntryId: ids[1] },
  ];
  const busyOnDelete = { code: "TaskConflict", message: "The operation is too frequent, TaskConflict." };
  await refusedUnchanged(server, () => remove(members), busyOnDelete);
  // The other VPC alone is steady.
  assert.equal(told(await create([to(one, "172.17.0.0/16")]))["SuccessCount"], 1);
  await server.advance();
  assert.deepEqual(told(await remove(members)), { FailedCount: 0, FailedRouteEntries: [], SuccessCount: 2 });
  await server.advance();
  assert.deepEqual(await custom(one.routeTableId), ["172.16.0.0/16 Available", "172.17.0.0/16 Available"]);
  assert.deepEqual(await custom(two.routeTableId), []);
});

test("a batch has at most 200 members, and a table as many entries as the quota says", async () => {
  const vpc = await newVpc();
  const blocks = (count: number, second: number): Parameters[] =>
    Array.from({ length: count }, (_, n) => to(vpc, `192.${second}.${n}.0/24`));
  const tooMany = { code: "InvalidRouteEntries", message: "Specified parameter RouteEntries is not valid." };
  await refusedUnchanged(server, () => create(blocks(201, 168)), tooMany);
  await refusedUnchanged(server, () => create(blocks(200, 168), { DryRun: true }), dryRunPassed);
  const full = told(await create(blocks(200, 168)));
  assert.deepEqual([full["SuccessCount"], full["FailedCount"], full["RouteEntryIds"].length], [200, 0, 200]);
  await server.advance();
  assert.equal((await custom(vpc.routeTableId)).length, 200);

  // A part of the next batch has room.
  const quota: Expected = { code: "QuotaExceeded", message: "Route entry quota exceeded in this route table." };
  await raise([{ name: "RouteEntry", value: 202 }]);
  await refusedUnchanged(server, () => create(blocks(3, 169), { DryRun: true }), quota);
  await refusedUnchanged(server, () => create(blocks(2, 169), { DryRun: true }), dryRunPassed);
  const partly = told(await create(blocks(3, 169)));
  assert.equal(partly["SuccessCount"], 2);
  assert.deepEqual(partly["FailedRouteEntries"], [
    { DstCidrBlock: "192.169.2.0/24", FailedCode: quota.code, FailedMessage: quota.message, NextHop: hop.NextHop },
  ]);
  await server.advance();
  await raise([]);
  await refusedUnchanged(server, () => create(blocks(1, 170), { DryRun: true }), quota);

  const members = (full["RouteEntryIds"] as string[]).map((RouteEntryId) => ({ RouteTableId: vpc.routeTableId, RouteEntryId }));
  await refusedUnchanged(server, () => remove([...members, ...members.slice(0, 1)]), tooMany);
  assert.deepEqual(told(await remove(members)), { FailedCount: 0, FailedRouteEntries: [], SuccessCount: 200 });
  await server.advance();
  assert.deepEqual(await custom(vpc.routeTableId), ["192.169.0.0/24 Available", "192.169.1.0/24 Available"]);
});

test("each deletion fails for its own reason and the others succeed; a dry run is refused with the same reason", async () => {
  const [vpc, foreign] = [await newVpc(), await newVpc({}, server.accepter)];
  const other = await routeTableIn(server, vpc);
  await vSwitchIn(server, vpc, "10.0.1.0/24");
  const [one, two, three] = [
    await instanceRoute(server, vpc, "192.168.1.0/24"),
    await instanceRoute(server, vpc, "192.168.2.0/24"),
    await instanceRoute(server, vpc, "192.168.3.0/24", { RouteTableId: other }),
  ];
  const foreignEntry = await instanceRoute(server, foreign, "192.168.1.0/24");
  const system = (await listRouteEntries(sdk, hangzhou, vpc.routeTableId, { destinationCidrBlock: "10.0.1.0/24" })).items[0]?.routeEntryId;
  const of = (parameters: Parameters): Parameters => ({ RouteTableId: vpc.routeTableId, ...parameters });

  const tableNotFound = { code: "InvalidRouteTableId.NotFound", message: "Specified route table does not exist.", status: 404 };
  const idNotFound = { code: "InvalidRouteEntryId.NotFound", message: "Specified RouteEntryId does not exist." };
  const notFound = { code: "InvalidRouteEntry.NotFound", message: "Route entry not exists." };
  const isSystem = { code: "OperationDenied", message: "Specified operation is denied as route entry type is system." };
  const faults: Fault[] = [
    { name: "an unknown table", member: of({ RouteTableId: "vtb-unknown", RouteEntryId: one }), ...tableNotFound },
    { name: "another account's table", member: { RouteTableId: foreign.routeTableId, RouteEntryId: foreignEntry }, ...tableNotFound },
    { name: "an unknown id", member: of({ RouteEntryId: "rte-unknown" }), ...idNotFound },
    { name: "another account's entry", member: of({ RouteEntryId: foreignEntry }), ...idNotFound },
    { name: "an entry of another table", member: of({ RouteEntryId: three }), ...idNotFound },
    { name: "an id and another entry's destination", member: of({ RouteEntryId: two, DstCidrBlock: "192.168.1.0/24" }), ...idNotFound },
    { name: "an id and an unknown destination", member: of({ RouteEntryId: two, DstCidrBlock: "192.168.9.0/24" }), ...idNotFound },
    { name: "an id and no block", member: of({ RouteEntryId: two, DstCidrBlock: "x" }), ...idNotFound },
    { name: "an id and another next hop", member: of({ RouteEntryId: two, NextHop: "i-other" }), ...idNotFound },
    {
      name: "an id, its destination and another next hop",
      member: of({ RouteEntryId: two, DstCidrBlock: "192.168.2.0/24", NextHop: "i-other" }),
      ...idNotFound,
    },
    { name: "an unknown destination", member: of({ DstCidrBlock: "192.168.9.0/24" }), ...notFound },
    { name: "a destination of another table", member: of({ DstCidrBlock: "192.168.3.0/24" }), ...notFound },
    { name: "no block", member: of({ DstCidrBlock: "x" }), ...notFound },
    { name: "another next hop", member: of({ DstCidrBlock: "192.168.2.0/24", NextHop: "i-other" }), ...notFound },
    { name: "a system entry by id", member: of({ RouteEntryId: system }), ...isSystem },
    { name: "a system entry by destination", member: of({ DstCidrBlock: "10.0.1.0/24" }), ...isSystem },
  ];
  for (const { name, member, ...expected } of faults) {
    const batch = [of({ RouteEntryId: one }), member];
    await refusedUnchanged(server, () => remove(batch, { DryRun: true }), expected).catch((error: Error) => {
      throw new Error(`${name}: ${error.message}`);
    });
  }
  const good = [of({ RouteEntryId: one }), { RouteTableId: other, DstCidrBlock: "192.168.3.0/24", NextHop: hop.NextHop }];
  await refusedUnchanged(server, () => remove(good, { DryRun: true }), dryRunPassed);

  // The same entry twice: the second finds it being deleted.
  const busy = { code: "IncorrectRouteEntryStatus", message: "Some route entry status blocked this operation." };
  const twice = { name: "again", member: of({ DstCidrBlock: "192.168.1.0/24" }), ...busy };
  await refusedUnchanged(server, () => remove([...good, twice.member], { DryRun: true }), busy);
  const { FailedRouteEntries, ...rest } = told(await remove([...good, ...faults.map(({ member }) => member), twice.member]));
  assert.deepEqual(rest, { FailedCount: faults.length + 1, SuccessCount: 2 });
  assert.deepEqual(
    FailedRouteEntries,
    [...faults, twice].map(({ member, code, message }) => ({
      DstCidrBlock: member["DstCidrBlock"] ?? "",
      FailedCode: code,
      FailedMessage: message,
      NextHop: member["NextHop"] ?? "",
      RouteEntryId: member["RouteEntryId"] ?? "",
    })),
  );
  assert.deepEqual(await custom(vpc.routeTableId), ["192.168.1.0/24 Deleting", "192.168.2.0/24 Available"]);
  assert.deepEqual(await custom(other), ["192.168.3.0/24 Deleting"]);
  await server.advance();
  assert.deepEqual(await custom(vpc.routeTableId), ["192.168.2.0/24 Available"]);
  refusedWith(await remove([of({ RouteEntryId: two })], { RegionId: "cn-beijing", DryRun: true }), tableNotFound.code, 404);
  // All that a name can say, and all of it true.
  assert.equal(told(await remove([of({ RouteEntryId: two, DstCidrBlock: "192.168.2.0/24", NextHop: hop.NextHop })]))["SuccessCount"], 1);
  await server.advance();
  assert.deepEqual(await custom(vpc.routeTableId), []);
});

test("a VPC that is being created or deleted takes no batch", async () => {
  const { VpcId, RouteTableId } = succeeded(await requester.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" })).body;
  const vpc: TestVpc = { vpcId: VpcId, routeTableId: RouteTableId, region: hangzhou, owner: requester };
  const status = { code: "IncorrectVpcStatus", message: "Current VPC status does not support this operation." };
  const both = async (expected: Expected): Promise<void> => {
    await refusedUnchanged(server, () => create([to(vpc, "192.168.0.0/16")]), expected);
    await refusedUnchanged(server, () => remove([{ RouteTableId, DstCidrBlock: "192.168.0.0/16" }]), expected);
  };
  await both(status);
  await server.advance();
  succeeded(await requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId }));
  await both(status);
});

test("what no member can say is refused as a whole", async () => {
  const vpc = await newVpc();
  const member = to(vpc, "192.168.0.0/16");
  const missing = { code: "MissingRouteEntries", message: "RouteEntries is mandatory for this action." };
  await refusedUnchanged(server, () => create(undefined), missing);
  for (const field of ["DstCidrBlock", "RouteTableId", "NextHop", "NextHopType"])
    await refusedUnchanged(server, () => create([member, { ...member, [field]: undefined }]), missing);
  const name = { code: "InvalidRouteEntryName.Malformed", message: "Specified RouteEntry name is not valid." };
  for (const Name of ["n".repeat(129), "http://x"]) await refusedUnchanged(server, () => create([{ ...member, Name }]), name);
  const invalid = { code: "InvalidRouteEntries", message: "Specified parameter RouteEntries is not valid." };
  for (const wrong of [{ Description: "d".repeat(257) }, { Description: "https://x" }, { IpVersion: 3 }, { IpVersion: 7 }])
    await refusedUnchanged(server, () => create([{ ...member, ...wrong }]), invalid);

  const notNamed = { code: "MissingParameter", message: "Miss mandatory parameter." };
  await refusedUnchanged(server, () => remove(undefined), notNamed);
  await refusedUnchanged(server, () => remove([{ RouteTableId: vpc.routeTableId, NextHop: "i-x" }]), notNamed);
  await refusedUnchanged(server, () => remove([{ DstCidrBlock: "192.168.0.0/16" }]), missing);
});

test("of two batches that are asked for at once in one VPC one is taken", async () => {
  const vpc = await newVpc();
  const answers = await Promise.all([1, 2, 3, 4].map((n) => create([to(vpc, `192.168.${n}.0/24`), to(vpc, `192.169.${n}.0/24`)])));
  assert.deepEqual(answers.map(outcome).sort(), [
    "IncorrectRouteEntryStatus",
    "IncorrectRouteEntryStatus",
    "IncorrectRouteEntryStatus",
    "OK",
  ]);
  assert.equal((await custom(vpc.routeTableId)).length, 2);
});
