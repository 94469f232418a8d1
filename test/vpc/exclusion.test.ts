import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { availableVpc, hangzhou, succeeded, type TestVpc } from "../support/networks.ts";
import type { Answer } from "../support/caller.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** vSwitch and route writes of one VPC exclude each other; those of different VPCs do not. */
let server: InProcessServer;

before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

interface Network {
  readonly vpc: TestVpc;
  readonly vSwitchId: string;
  readonly entryId: string;
}

/** A VPC with a vSwitch and a custom route entry, all at rest. */
async function network(): Promise<Network> {
  const vpc = await availableVpc(server, server.requester);
  const vSwitchId = succeeded(await addVSwitch(vpc, 1)).body.VSwitchId;
  await server.advance();
  const entryId = succeeded(await addEntry(vpc, 1)).body.RouteEntryId;
  await server.advance();
  return { vpc, vSwitchId, entryId };
}
function addVSwitch(vpc: TestVpc, n: number): Promise<Answer> {
  const options = { RegionId: hangzhou, VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-h", CidrBlock: `10.0.${n}.0/24` };
  return server.requester.vpc("CreateVSwitch", options);
}
function addEntry(vpc: TestVpc, n: number): Promise<Answer> {
  const hop = { NextHopId: "i-bp1", NextHopType: "Instance" };
  return server.requester.vpc("CreateRouteEntry", { RouteTableId: vpc.routeTableId, DestinationCidrBlock: `192.168.${n}.0/24`, ...hop });
}
const removeVSwitch = (id: string): Promise<Answer> => server.requester.vpc("DeleteVSwitch", { VSwitchId: id });
const removeEntry = (id: string): Promise<Answer> => server.requester.vpc("DeleteRouteEntry", { RouteEntryId: id });

/** Every vSwitch and entry with its state. */
async function picture({ vpc }: Network): Promise<unknown> {
  const switches = succeeded(await server.requester.vpc("DescribeVSwitches", { VpcId: vpc.vpcId, PageSize: 50 }));
  const entries = succeeded(await server.requester.vpc("DescribeRouteEntryList", { RegionId: hangzhou, RouteTableId: vpc.routeTableId }));
  return [
    switches.body.VSwitches.VSwitch.map((one: any) => [one.VSwitchId, one.Status]),
    entries.body.RouteEntrys.RouteEntry.map((one: any) => [one.RouteEntryId, one.Status]),
  ];
}

const works: Readonly<Record<string, (network: Network) => Promise<Answer>>> = {
  "a vSwitch is being created": ({ vpc }) => addVSwitch(vpc, 2),
  "a vSwitch is being deleted": ({ vSwitchId }) => removeVSwitch(vSwitchId),
  "a route entry is being created": ({ vpc }) => addEntry(vpc, 2),
  "a route entry is being deleted": ({ entryId }) => removeEntry(entryId),
};
/** What each write answers meanwhile. Terraform waits and tries again on these codes, and gives up on any other. */
const vSwitchBusy: Readonly<Record<string, string[]>> = {
  CreateVSwitch: ["IncorrectVSwitchStatus Some virtual switch is modifying within the same VPC."],
  DeleteVSwitch: ["OperationDenied.OtherSubnetProcessing other subnet is processing."],
  CreateRouteEntry: ["IncorrectVSwitchStatus The current virtual switch status does not support this operation."],
  DeleteRouteEntry: ["TaskConflict The operation is too frequent, TaskConflict."],
};
const entryStatus = "IncorrectRouteEntryStatus Some route entry status blocked this operation.";
const entryBusy: Readonly<Record<string, string[]>> = {
  CreateVSwitch: ["TaskConflict The operation is too frequent, TaskConflict.", "InvalidStatus.RouteEntry RouteEntry status error."],
  DeleteVSwitch: [entryStatus],
  CreateRouteEntry: [entryStatus],
  DeleteRouteEntry: [entryStatus],
};

for (const [name, work] of Object.entries(works)) {
  test(`while ${name} no other vSwitch or route write of the VPC is taken, and afterwards it is`, async () => {
    const elsewhere = await availableVpc(server, server.requester);
    const one = await network();
    const spare = succeeded(await addVSwitch(one.vpc, 4)).body.VSwitchId;
    await server.advance();
    const spareEntry = succeeded(await addEntry(one.vpc, 4)).body.RouteEntryId;
    await server.advance();
    succeeded(await work(one));
    const during = await picture(one);

    const attempts: Readonly<Record<string, () => Promise<Answer>>> = {
      CreateVSwitch: () => addVSwitch(one.vpc, 3),
      DeleteVSwitch: () => removeVSwitch(spare),
      CreateRouteEntry: () => addEntry(one.vpc, 3),
      DeleteRouteEntry: () => removeEntry(spareEntry),
    };
    for (const [operation, attempt] of Object.entries(attempts)) {
      const { body } = await attempt();
      const expected = (name.includes("vSwitch") ? vSwitchBusy : entryBusy)[operation] ?? [];
      assert.ok(expected.includes(`${body.Code} ${body.Message}`), `${operation}: ${body.Code} ${body.Message}`);
    }
    assert.deepEqual(await picture(one), during);

    succeeded(await addVSwitch(elsewhere, 3));
    for (const attempt of Object.values(attempts)) {
      await server.advance();
      succeeded(await attempt());
    }
    await server.advance();
  });
}

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

test("ten vSwitches that are asked for at once in ten VPCs are all created", async () => {
  const vpcs: TestVpc[] = [];
  for (let n = 0; n < 10; n++) vpcs.push(await availableVpc(server, server.requester));
  for (const answer of await Promise.all(vpcs.map((vpc) => addVSwitch(vpc, 1)))) succeeded(answer);
});
