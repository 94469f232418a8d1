import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, instanceRoute, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, listRouteEntries, listVSwitches, type Options, readVSwitch, type Sdk, sdkOf } from "./support.ts";

/** ModifyVSwitchAttribute; what else of the VPC keeps it from running is in exclusion.test.ts. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

const block = "2408:4005:3c5:6e00::/56";
const newVpc = (parameters: Parameters = { EnableIpv6: true, Ipv6CidrBlock: block }): Promise<TestVpc> =>
  availableVpc(server, server.requester, hangzhou, parameters);
/** Changes a vSwitch and waits until the change has taken effect. */
async function modify(vSwitchId: string, options: Options): Promise<void> {
  await ask(sdk, "modifyVSwitchAttribute", { vSwitchId, ...options });
  await server.advance();
}
/** Asserts that changing the vSwitch is refused with each of these parameters, and leaves no trace. */
async function refuses(VSwitchId: string, all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) {
    const call = (): Promise<Answer> => server.requester.vpc("ModifyVSwitchAttribute", { VSwitchId, ...parameters });
    await refusedUnchanged(server, call, expected);
  }
}
const status: Expected = { code: "IncorrectStatus.VSwitch", message: "The status of the specified VSwitch is invalid." };
const notFound: Expected = { code: "InvalidVSwitchId.NotFound", message: "The specified virtual switch does not exists.", status: 404 };
const number = (message: string): Expected => ({ code: "IllegalParam.Ipv6CidrBlock", message });
const conflict: Expected = { code: "RouteConflict.AlreadyExist", message: "Route conflict exists in routing table." };

test("a change shows at once, while the vSwitch reads Pending, and then Available again", async () => {
  const vSwitchId = await vSwitchIn(server, await newVpc(), "10.0.1.0/24");
  await ask(sdk, "modifyVSwitchAttribute", { regionId: hangzhou, vSwitchId, vSwitchName: "new" });
  const shown = async () => {
    const { vSwitchName, status: state } = await readVSwitch(sdk, vSwitchId);
    assert.equal((await listVSwitches(sdk, { vSwitchId })).items[0]?.status, state);
    return [vSwitchName, state];
  };
  assert.deepEqual(await shown(), ["new", "Pending"]);
  await refuses(vSwitchId, [{ VSwitchName: "newer" }, { EnableIPv6: true, Ipv6CidrBlock: 1 }], status);
  await server.advance(29);
  assert.deepEqual(await shown(), ["new", "Pending"]);
  await server.advance(1);
  assert.deepEqual(await shown(), ["new", "Available"]);
});

test("name and description change each alone or both, and everything else stays", async () => {
  const id = await vSwitchIn(server, await newVpc(), "10.0.1.0/24", { VSwitchName: "before", Description: "first", Ipv6CidrBlock: 3 });
  const fields = async (): Promise<object> => {
    const read = JSON.parse(JSON.stringify(await readVSwitch(sdk, id)));
    const { requestId: _id, vSwitchName: _name, description: _description, ...others } = read;
    return others;
  };
  const others = await fields();
  const changes: readonly (readonly [options: Options, name: string, description: string])[] = [
    [{ vSwitchName: "after" }, "after", "first"],
    [{ description: "second\nline" }, "after", "second\nline"],
    [{ vSwitchName: "测".repeat(128), description: "d".repeat(256) }, "测".repeat(128), "d".repeat(256)],
    [{ vSwitchName: "", description: "" }, "测".repeat(128), "d".repeat(256)],
    [{}, "测".repeat(128), "d".repeat(256)],
  ];
  for (const [options, name, description] of changes) {
    await modify(id, options);
    const { vSwitchName: shown, description: text } = await readVSwitch(sdk, id);
    assert.deepEqual([shown, text], [name, description]);
    assert.deepEqual((await listVSwitches(sdk, { regionId: hangzhou, vSwitchName: name })).ids, [id]);
  }
  assert.deepEqual((await listVSwitches(sdk, { regionId: hangzhou, vSwitchName: "before" })).ids, []);
  assert.deepEqual(await fields(), others);
});

test("names and descriptions that are too long or begin with an address are refused", async () => {
  const id = await vSwitchIn(server, await newVpc(), "10.0.1.0/24");
  const names = ["n".repeat(129), "http://x", "HTTPS://x", "two\nlines"].map((VSwitchName) => ({ VSwitchName }));
  await refuses(id, names, { code: "InvalidVSwitchName.Malformed", message: "Specified virtual switch name is not valid." });
  const texts = ["d".repeat(257), "http://x", "https://x"].map((Description) => ({ Description }));
  const message = "Specified virtual switch description is not valid.";
  await refuses(id, texts, { code: "InvalidVSwitchDiscription.Malformed", message });
});

test("IPv6 is switched on and off, and every route table of the VPC follows at once", async () => {
  const vpc = await newVpc();
  const custom = await routeTableIn(server, vpc);
  const id = await vSwitchIn(server, vpc, "10.0.1.0/24");
  await vSwitchIn(server, vpc, "10.0.2.0/24", { Ipv6CidrBlock: 1 });
  const later = await routeTableIn(server, vpc);
  const state = async () => {
    const { enabledIpv6, ipv6CidrBlock } = await readVSwitch(sdk, id);
    const [listed] = (await listVSwitches(sdk, { vSwitchId: id })).items;
    assert.deepEqual([listed?.enabledIpv6, listed?.ipv6CidrBlock], [enabledIpv6, ipv6CidrBlock]);
    const on = (await listVSwitches(sdk, { vpcId: vpc.vpcId, enableIpv6: true })).ids.includes(id);
    assert.equal(on, enabledIpv6);
    return ipv6CidrBlock;
  };
  const system = async (): Promise<string[]> => {
    const all = [];
    for (const table of [vpc.routeTableId, custom, later]) {
      const { items, destinations } = await listRouteEntries(sdk, hangzhou, table, { routeEntryType: "System" });
      for (const entry of items) {
        const { nextHopType, nextHopId } = entry.nextHops?.nextHop?.[0] ?? {};
        const hop = entry.destinationCidrBlock === "100.64.0.0/10" ? "service" : "local";
        assert.deepEqual([entry.status, nextHopType, nextHopId], ["Available", hop, ""]);
      }
      all.push(destinations.sort().join(" "));
    }
    assert.equal(new Set(all).size, 1, all.join("; "));
    return all[0]?.split(" ") ?? [];
  };
  const without = ["10.0.1.0/24", "10.0.2.0/24", "100.64.0.0/10", "2408:4005:3c5:6e01::/64"];
  assert.deepEqual(await system(), without);
  for (const [options, ipv6] of [
    [{ enableIPv6: true, ipv6CidrBlock: 255, ipv6CidrMask: 64 }, "2408:4005:3c5:6eff::/64"],
    [{ ipv6CidrBlock: 0 }, "2408:4005:3c5:6e00::/64"],
  ] as const) {
    await ask(sdk, "modifyVSwitchAttribute", { vSwitchId: id, ...options });
    assert.equal(await state(), ipv6);
    assert.deepEqual(await system(), [...without, ipv6].sort());
    await server.advance();
    await modify(id, { description: "something else" });
    assert.deepEqual(await system(), [...without, ipv6].sort());

    await ask(sdk, "modifyVSwitchAttribute", { vSwitchId: id, enableIPv6: false });
    assert.equal(await state(), "");
    assert.deepEqual(await system(), without);
    await server.advance();
  }
  // A vSwitch whose IPv6 was switched on takes both entries along when it goes.
  await modify(id, { enableIPv6: true, ipv6CidrBlock: 9 });
  await ask(sdk, "deleteVSwitch", { vSwitchId: id });
  await server.advance();
  assert.deepEqual(await system(), ["10.0.2.0/24", "100.64.0.0/10", "2408:4005:3c5:6e01::/64"]);
});

test("the number counts in the VPC's first block unless another of its blocks is named", async () => {
  const vpc = await newVpc();
  const second = "2408:4005:3c5:7000::/56";
  await ask(sdk, "associateVpcCidrBlock", { regionId: hangzhou, vpcId: vpc.vpcId, IPv6CidrBlock: second });
  const id = await vSwitchIn(server, vpc, "10.0.1.0/24");
  const of = (VpcIpv6CidrBlock: string): Parameters => ({ EnableIPv6: true, Ipv6CidrBlock: 5, VpcIpv6CidrBlock });
  const message = "The VpcIpv6CidrBlock is not an IPv6 CIDR block of the VPC.";
  const foreign = ["2408:4005:3c5:8000::/56", "2408:4005:3c5:7000::/64", "10.0.0.0/16", "x"].map(of);
  await refuses(id, foreign, { code: "IllegalParam.VpcIpv6CidrBlock", message });
  await modify(id, { enableIPv6: true, ipv6CidrBlock: 5, vpcIpv6CidrBlock: second });
  assert.equal((await readVSwitch(sdk, id)).ipv6CidrBlock, "2408:4005:3c5:7005::/64");
  // The same number in another block is another subnet.
  const other = await vSwitchIn(server, vpc, "10.0.2.0/24");
  const taken = { code: "OperationFailed.Ipv6CidrBlockExisted", message: "The IPv6 CIDR block is used by another vSwitch." };
  await refuses(other, [of(second)], taken);
  await modify(other, { enableIPv6: true, ipv6CidrBlock: 5 });
  assert.equal((await readVSwitch(sdk, other)).ipv6CidrBlock, "2408:4005:3c5:6e05::/64");
});

test("IPv6 is switched on with a number from 0 to 255, and off without one", async () => {
  const id = await vSwitchIn(server, await newVpc(), "10.0.1.0/24");
  await refuses(id, [{ EnableIPv6: true }], number("Ipv6CidrBlock must be specified when EnableIPv6 is true."));
  const outside = [256, -1, "x", block].map((Ipv6CidrBlock) => ({ EnableIPv6: true, Ipv6CidrBlock }));
  await refuses(id, outside, number("Ipv6CidrBlock: allowed are whole numbers from 0 to 255"));
  const both = { code: "ParamExclusive.DisableIpv6AndIpv6CidrBlock", message: "DisableIpv6 and Ipv6Cidr are mutually exclusive." };
  await refuses(id, [{ EnableIPv6: false, Ipv6CidrBlock: 1 }], both);
});

test("IPv6 is switched off only where it is on, and on only where it is off", async () => {
  const vpc = await newVpc();
  const [on, off] = [await vSwitchIn(server, vpc, "10.0.1.0/24", { Ipv6CidrBlock: 1 }), await vSwitchIn(server, vpc, "10.0.2.0/24")];
  const message = "Operation failed because IPv6 is not enabled for the vSwitch.";
  await refuses(off, [{ EnableIPv6: false }], { code: "OperationFailed.IPv6Disabled", message });
  const again = [
    { EnableIPv6: true },
    { EnableIPv6: true, Ipv6CidrBlock: 1 },
    { EnableIPv6: true, Ipv6CidrBlock: 2 },
    { Ipv6CidrBlock: 2 },
  ];
  await refuses(on, again, { code: "OperationFailed.Ipv6AlreadyEnabled", message: "IPv6 is enabled for the vSwitch already." });
});

test("IPv6 of a vSwitch needs IPv6 of its VPC", async () => {
  const id = await vSwitchIn(server, await newVpc({}), "10.0.1.0/24");
  const disabled = { code: "OperationFailed.VpcIpv6Disabled", message: "IPv6 is not enabled for the VPC." };
  await refuses(id, [{ EnableIPv6: true, Ipv6CidrBlock: 1 }, { Ipv6CidrBlock: 1 }], disabled);
});

test("an IPv6 block is refused that another vSwitch has, or into which a custom route leads", async () => {
  const vpc = await newVpc();
  const id = await vSwitchIn(server, vpc, "10.0.1.0/24");
  await vSwitchIn(server, vpc, "10.0.2.0/24", { Ipv6CidrBlock: 1 });
  const taken = { code: "OperationFailed.Ipv6CidrBlockExisted", message: "The IPv6 CIDR block is used by another vSwitch." };
  await refuses(id, [{ EnableIPv6: true, Ipv6CidrBlock: 1 }], taken);
  const custom = await routeTableIn(server, vpc);
  await instanceRoute(server, vpc, "2408:4005:3c5:6e07::/64");
  await instanceRoute(server, vpc, "2408:4005:3c5:6e08::1", { RouteTableId: custom });
  await instanceRoute(server, vpc, "2408:4005:3c5:6e00::/57");
  await refuses(id, [{ EnableIPv6: true, Ipv6CidrBlock: 7 }, { Ipv6CidrBlock: 8 }], conflict);
  await modify(id, { enableIPv6: true, ipv6CidrBlock: 9 });
});

test("a vSwitch that is being created or deleted takes no change, and one that is gone is not found", async () => {
  const vpc = await newVpc();
  const options = { RegionId: hangzhou, VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24" };
  const { VSwitchId } = succeeded(await server.requester.vpc("CreateVSwitch", options)).body;
  const changes = [{ VSwitchName: "new" }, { EnableIPv6: true, Ipv6CidrBlock: 1 }, {}];
  await refuses(VSwitchId, changes, status);
  await server.advance();
  await refuses(VSwitchId, [{ VSwitchName: "new", RegionId: "cn-beijing" }], notFound);
  succeeded(await server.requester.vpc("DeleteVSwitch", { VSwitchId }));
  await refuses(VSwitchId, changes, status);
  await server.advance();
  await refuses(VSwitchId, changes, notFound);
});
