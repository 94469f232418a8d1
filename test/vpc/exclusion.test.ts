import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { availableVpc, hangzhou, instanceRoute, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import type { Answer, Parameters } from "../support/caller.ts";
import { type Expected, outcome, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** vSwitch, route table and route entry writes of one VPC exclude each other; those of different VPCs do not. */
let server: InProcessServer;

before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

const call = (action: string, parameters: Parameters): Promise<Answer> =>
  server.requester.vpc(action, { RegionId: hangzhou, ...parameters });
const newVpc = (): Promise<TestVpc> => availableVpc(server, server.requester, hangzhou, { EnableIpv6: true });
function addVSwitch(vpc: TestVpc, n: number): Promise<Answer> {
  return call("CreateVSwitch", { VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-h", CidrBlock: `10.0.${n}.0/24` });
}
function addEntry(vpc: TestVpc, n: number): Promise<Answer> {
  const hop = { NextHopId: "i-bp1", NextHopType: "Instance" };
  return call("CreateRouteEntry", { RouteTableId: vpc.routeTableId, DestinationCidrBlock: `192.168.${n}.0/24`, ...hop });
}

/** What one set of writes needs: everything at rest, and nothing shared with another set. */
interface Things {
  /** Under the system table, with nothing that depends on it. */
  readonly free: string;
  /** Under the system table, to be changed. */
  readonly plain: string;
  /** Under the table `ruling`. */
  readonly bound: string;
  readonly ruling: string;
  /** A custom table that rules nothing. */
  readonly empty: string;
  /** Custom entries. */
  readonly entries: readonly [string, string, string];
  /** Unlike that of any other set. */
  readonly number: number;
}
async function things(vpc: TestVpc, number: number): Promise<Things> {
  const vSwitches = [];
  for (const offset of [0, 1, 2]) vSwitches.push(await vSwitchIn(server, vpc, `10.0.${number + offset}.0/24`));
  const [free = "", plain = "", bound = ""] = vSwitches;
  const [ruling, empty] = [await routeTableIn(server, vpc), await routeTableIn(server, vpc)];
  succeeded(await call("AssociateRouteTable", { RouteTableId: ruling, VSwitchId: bound }));
  await server.advance();
  const entry = (offset: number): Promise<string> => instanceRoute(server, vpc, `192.168.${number + offset}.0/24`);
  return { free, plain, bound, ruling, empty, entries: [await entry(0), await entry(1), await entry(2)], number };
}

/** Every write of the three families. Made in this order, with pauses, each of them is possible. */
const writes: Readonly<Record<string, (vpc: TestVpc, things: Things) => Promise<Answer>>> = {
  CreateVSwitch: (vpc, { number }) => addVSwitch(vpc, number + 3),
  ModifyVSwitchAttribute: (_, { plain, number }) =>
    call("ModifyVSwitchAttribute", { VSwitchId: plain, EnableIPv6: true, Ipv6CidrBlock: number }),
  AssociateRouteTable: (_, { empty, plain }) => call("AssociateRouteTable", { RouteTableId: empty, VSwitchId: plain }),
  UnassociateRouteTable: (_, { ruling, bound }) => call("UnassociateRouteTable", { RouteTableId: ruling, VSwitchId: bound }),
  DeleteVSwitch: (_, { free }) => call("DeleteVSwitch", { VSwitchId: free }),
  CreateRouteTable: ({ vpcId }) => call("CreateRouteTable", { VpcId: vpcId }),
  DeleteRouteTable: (_, { ruling }) => call("DeleteRouteTable", { RouteTableId: ruling }),
  CreateRouteEntry: (vpc, { number }) => addEntry(vpc, number + 3),
  CreateRouteEntries: ({ routeTableId }, { number }) => {
    const entry = { RouteTableId: routeTableId, DstCidrBlock: `192.168.${number + 4}.0/24`, NextHop: "i-x", NextHopType: "Instance" };
    return call("CreateRouteEntries", { RouteEntries: [entry] });
  },
  ModifyRouteEntry: (_, { entries }) =>
    call("ModifyRouteEntry", { RouteEntryId: entries[0], NewNextHopType: "Instance", NewNextHopId: "i-y" }),
  DeleteRouteEntry: (_, { entries }) => call("DeleteRouteEntry", { RouteEntryId: entries[1] }),
  DeleteRouteEntries: ({ routeTableId }, { entries }) =>
    call("DeleteRouteEntries", { RouteEntries: [{ RouteTableId: routeTableId, RouteEntryId: entries[2] }] }),
};
/** What each write sets to work. */
const family = (write: string): "vSwitch" | "routeTable" | "routeEntry" => {
  if (write.endsWith("RouteTable")) return write.includes("ssociate") ? "vSwitch" : "routeTable";
  return write.includes("VSwitch") ? "vSwitch" : "routeEntry";
};

/**
 * What each write answers while a vSwitch, a route table or a route entry is at work; what has no answer is taken.
 * Terraform waits these codes out, and gives up on others.
 */
const conflict: Expected = {
  code: "OperationConflict",
  message: "The operation against this instance is too frequent, please try again later.",
  status: 409,
};
const taskConflict: Expected = { code: "TaskConflict", message: "The operation is too frequent, TaskConflict." };
const entryStatus: Expected = { code: "IncorrectRouteEntryStatus", message: "Some route entry status blocked this operation." };
const entryWrite = {
  vSwitch: { code: "IncorrectVSwitchStatus", message: "The current virtual switch status does not support this operation." },
  routeTable: { code: "TaskConflict", message: "The operation is too frequent, please wait a moment and try again." },
  routeEntry: entryStatus,
};
const entryDeletion = { vSwitch: taskConflict, routeTable: taskConflict, routeEntry: entryStatus };
const tableWrite = { vSwitch: conflict, routeTable: conflict, routeEntry: conflict };
const routeStatus: Expected = { code: "IncorrectStatus.VpcRouteEntry", message: "The status of the specified routeEntry is invalid." };
const answers: Readonly<Record<string, Readonly<Partial<Record<ReturnType<typeof family>, Expected>>>>> = {
  CreateVSwitch: {
    vSwitch: { code: "IncorrectVSwitchStatus", message: "Some virtual switch is modifying within the same VPC." },
    routeTable: taskConflict,
    routeEntry: taskConflict,
  },
  ModifyVSwitchAttribute: { routeTable: routeStatus, routeEntry: routeStatus },
  AssociateRouteTable: tableWrite,
  UnassociateRouteTable: tableWrite,
  DeleteVSwitch: {
    vSwitch: { code: "OperationDenied.OtherSubnetProcessing", message: "other subnet is processing." },
    routeTable: taskConflict,
    routeEntry: entryStatus,
  },
  CreateRouteTable: tableWrite,
  DeleteRouteTable: tableWrite,
  CreateRouteEntry: entryWrite,
  CreateRouteEntries: entryWrite,
  ModifyRouteEntry: entryWrite,
  DeleteRouteEntry: entryDeletion,
  DeleteRouteEntries: entryDeletion,
};

for (const [name, work] of Object.entries(writes)) {
  test(`while ${name} is at work other writes of the VPC wait, and afterwards each is taken`, async () => {
    const [vpc, elsewhere] = [await newVpc(), await newVpc()];
    const [one, spare] = [await things(vpc, 10), await things(vpc, 20)];
    // What DeleteRouteTable is about must rule nothing when it comes first.
    const deleted = { ...one, ruling: one.empty };
    succeeded(await work(vpc, name === "DeleteRouteTable" ? deleted : one));
    for (const [other, attempt] of Object.entries(writes)) {
      const given = other === "DeleteRouteTable" ? { ...spare, ruling: spare.empty } : spare;
      const expected = answers[other]?.[family(name)];
      if (expected === undefined) continue;
      await refusedUnchanged(server, () => attempt(vpc, given), expected).catch((error: Error) => {
        throw new Error(`${other}: ${error.message}`);
      });
    }
    succeeded(await addVSwitch(elsewhere, 1));
    for (const attempt of Object.values(writes)) {
      await server.advance();
      succeeded(await attempt(vpc, spare));
    }
    await server.advance();
  });
}

test("several vSwitches of a VPC change at once, whatever else is at work as long as only names change", async () => {
  const vpc = await newVpc();
  const ids: string[] = [];
  for (const n of [1, 2, 3, 4]) ids.push(await vSwitchIn(server, vpc, `10.0.${n}.0/24`));
  const rename = (id: string | undefined): Promise<Answer> => call("ModifyVSwitchAttribute", { VSwitchId: id, VSwitchName: "new" });
  const ipv6 = (n: number): Promise<Answer> => call("ModifyVSwitchAttribute", { VSwitchId: ids[n], EnableIPv6: true, Ipv6CidrBlock: n });
  for (const work of [addVSwitch(vpc, 5), rename(ids[0]), ipv6(1), ipv6(2), call("ModifyVSwitchAttribute", { VSwitchId: ids[3] })])
    succeeded(await work);
  await server.advance();
  for (const work of [() => call("CreateRouteTable", { VpcId: vpc.vpcId }), () => addEntry(vpc, 1)]) {
    succeeded(await work());
    succeeded(await rename(ids[0]));
    await refusedUnchanged(server, () => ipv6(3), routeStatus);
    const off = { VSwitchId: ids[1], EnableIPv6: false };
    await refusedUnchanged(server, () => call("ModifyVSwitchAttribute", off), routeStatus);
    await server.advance();
  }
});

test("of ten vSwitches that are asked for at once in one VPC exactly one is created", async () => {
  const vpc = await availableVpc(server, server.requester);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => addVSwitch(vpc, n)));
  const won = answers.filter(({ status }) => status === 200);
  assert.equal(won.length, 1);
  for (const { body, status } of answers) if (status !== 200) assert.equal(body.Code, "IncorrectVSwitchStatus");
  const list = async () => succeeded(await server.requester.vpc("DescribeVSwitches", { VpcId: vpc.vpcId })).body.VSwitches.VSwitch;
  assert.deepEqual(
    (await list()).map((one: any) => [one.VSwitchId, one.Status]),
    [[won[0]?.body.VSwitchId, "Pending"]],
  );
  await server.advance();
  assert.deepEqual(
    (await list()).map((one: any) => one.Status),
    ["Available"],
  );
});

test("of ten route entries that are asked for at once in one VPC exactly one is created", async () => {
  const vpc = await availableVpc(server, server.requester);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => addEntry(vpc, n)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const { body, status } of answers) if (status !== 200) assert.equal(body.Code, "IncorrectRouteEntryStatus");
  const list = await server.requester.vpc("DescribeRouteEntryList", {
    RegionId: hangzhou,
    RouteTableId: vpc.routeTableId,
    RouteEntryType: "Custom",
  });
  assert.equal(list.body.TotalCount, 1);
});

test("vSwitches and route entries that are asked for at once in one VPC: exactly one write is taken", async () => {
  const vpc = await availableVpc(server, server.requester);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? addVSwitch(vpc, n) : addEntry(vpc, n))));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test("of all writes that exclude each other, asked for at once in one VPC, exactly one is taken", async () => {
  const vpc = await newVpc();
  const one = await things(vpc, 10);
  const exclusive = Object.entries(writes).filter(([name]) => name !== "ModifyVSwitchAttribute");
  const asked = await Promise.all(exclusive.map(([, write]) => write(vpc, one)));
  assert.equal(asked.filter((answer) => outcome(answer) === "OK").length, 1);
});

test("ten vSwitches that are asked for at once in ten VPCs are all created", async () => {
  const vpcs: TestVpc[] = [];
  for (let n = 0; n < 10; n++) vpcs.push(await availableVpc(server, server.requester));
  for (const answer of await Promise.all(vpcs.map((vpc) => addVSwitch(vpc, 1)))) succeeded(answer);
});
