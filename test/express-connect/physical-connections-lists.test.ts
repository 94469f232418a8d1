import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Caller, Parameters } from "../support/caller.ts";
import { groupId, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import { allocatedCircuit, enabledCircuit, filtered, initialCircuit, listCircuits, offeredShared, onCircuit } from "./circuits.ts";

/** Circuits in lists: filters, tags, resource groups, pages. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: [{ name: "freePconnPerAP", value: 1000 }] });
});
after(() => server.stop());

async function ids(owner: Caller, parameters: Parameters): Promise<string[]> {
  return (await listCircuits(owner, parameters)).PhysicalConnectionSet.PhysicalConnectionType.map((one: any) => one.PhysicalConnectionId);
}

test("each filter key lists what has one of its values, and several keys what has one of each", async () => {
  const owner = await server.stranger();
  const partner = await server.stranger();
  const one = await allocatedCircuit(server, owner, { Name: "one-circuit", LineOperator: "CU", PortType: "10GBase-LR" });
  const two = await initialCircuit(owner, { AccessPointId: "ap-cn-hangzhou-jg-B" });
  const circuit = await enabledCircuit(server, partner);
  const shared = await offeredShared(partner, circuit, owner, 7);
  const third = await initialCircuit(owner, { LineOperator: "Equinix" });
  const all = [one, two, shared, third];
  assert.deepEqual(await ids(owner, {}), all);
  const expected: readonly [key: string, values: readonly string[], found: readonly string[]][] = [
    ["PhysicalConnectionId", [one], [one]],
    ["PhysicalConnectionId", [one, "pc-none", third], [one, third]],
    ["AccessPointId", ["ap-cn-hangzhou-jg-B"], [two]],
    ["Type", ["VPC"], all],
    ["LineOperator", ["CU"], [one]],
    ["LineOperator", ["CT", "CU"], [one, two, shared]],
    ["Spec", ["1G and below"], [two, third]],
    ["Spec", ["10G", "50M"], [one, shared]],
    ["Status", ["Allocated"], [one, two, shared]],
    ["Status", ["Initial"], [third]],
    ["Name", ["one-circuit"], [one]],
    ["ProductType", ["VirtualPhysicalConnection"], [shared]],
    ["ProductType", ["PhysicalConnection"], [one, two, third]],
    ["Name", ["none"], []],
  ];
  for (const [key, values, found] of expected)
    assert.deepEqual(await ids(owner, filtered([key, ...values])), found, `${key} ${values.join(" ")}`);
  assert.deepEqual(await ids(owner, filtered(["LineOperator", "CT"], ["ProductType", "PhysicalConnection"])), [two]);
  // What is not a circuit of the caller is in none of its lists.
  assert.deepEqual(await ids(partner, filtered(["PhysicalConnectionId", one, shared])), []);
  const unknown = await owner.vpc("DescribePhysicalConnections", { RegionId: hangzhou, ...filtered(["VlanId", "7"]) });
  assert.equal(
    refusedWith(unknown, "InvalidFilterKey.ValueNotSupported", 404).body.Message,
    "Specified filter key is not supported: Filter.X.key",
  );
});

test("a state that others do not see is listed by the status that they read", async () => {
  const owner = await server.stranger();
  const id = await allocatedCircuit(server, owner);
  succeeded(await onCircuit(owner, "ConfirmPhysicalConnection", id));
  succeeded(await onCircuit(owner, "EnablePhysicalConnection", id));
  assert.deepEqual(await ids(owner, filtered(["Status", "Confirmed"])), [id]);
  assert.deepEqual(await ids(owner, filtered(["Status", "Enabling"])), []);
});

test("pages hold what they say, with filters and without", async () => {
  const owner = await server.stranger();
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) made.push(await initialCircuit(owner, { LineOperator: count % 2 === 0 ? "CT" : "CU" }));
  const page = await listCircuits(owner, { PageNumber: 2, PageSize: 2 });
  assert.deepEqual([page.TotalCount, page.PageNumber, page.PageSize], [5, 2, 2]);
  assert.deepEqual(await ids(owner, { PageNumber: 2, PageSize: 2 }), made.slice(2, 4));
  const byOperator = { ...filtered(["LineOperator", "CT"]), PageNumber: 2, PageSize: 2 };
  assert.deepEqual([(await listCircuits(owner, byOperator)).TotalCount, await ids(owner, byOperator)], [3, [made[4]]]);
});

test("tags and resource groups narrow the list, and tag calls know the type PHYSICALCONNECTION", async () => {
  const { requester } = server;
  const tagged = await initialCircuit(requester, { Tag: [{ Key: "site", Value: "a" }] });
  const other = await initialCircuit(requester);
  const ofCircuit = { RegionId: hangzhou, ResourceType: "PHYSICALCONNECTION", ResourceId: [other] };
  succeeded(await requester.vpc("TagResourcesForExpressConnect", { ...ofCircuit, Tag: [{ Key: "site", Value: "b" }] }));
  assert.deepEqual(await ids(requester, { Tags: [{ Key: "site" }] }), [tagged, other]);
  assert.deepEqual(await ids(requester, { Tags: [{ Key: "site", Value: "b" }] }), [other]);
  assert.deepEqual(await ids(requester, { Tags: [{ Key: "site", Value: "b" }], ...filtered(["PhysicalConnectionId", tagged, other]) }), [
    other,
  ]);
  const group = await groupId(requester);
  assert.deepEqual(await ids(requester, { ResourceGroupId: group }), [tagged, other]);
  assert.deepEqual(await ids(requester, { ResourceGroupId: "rg-none" }), []);
  const { physicalConnectionSet } = await ask(sdkOf(server, requesterKey), "describePhysicalConnections", {
    regionId: hangzhou,
    tags: [{ key: "site", value: "a" }],
  });
  const [read] = physicalConnectionSet?.physicalConnectionType ?? [];
  assert.deepEqual(
    read?.tags?.tags?.map(({ key, value }) => [key, value]),
    [["site", "a"]],
  );
});

test("in regions for finance nobody asks by resource group", async () => {
  const region = "cn-shanghai-finance-1";
  const list = (ResourceGroupId?: string) => server.requester.vpc("DescribePhysicalConnections", { RegionId: region, ResourceGroupId });
  const { body } = refusedWith(await list("rg-none"), "OperationUnsupported.ResourceGroupId");
  assert.equal(body.Message, "ResourceGroupId in financial region is unsupported.");
  succeeded(await list());
});
