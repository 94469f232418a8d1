import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { addresses, associate, modify, onRouter, readRouter, routerFor, routerOn } from "./border-routers.ts";
import { enabledCircuit, filtered } from "./circuits.ts";

/** The two lists of virtual border routers, with their filters and pages. */

let server: InProcessServer;
let sdk: Sdk;
let owner: Caller;
let circuit: string;
let elsewhere: string;
/** On the first circuit; the last of them out of use, and tagged. */
let plain: string;
let named: string;
let idle: string;
/** On the other circuit, at another access point. */
let far: string;
/** The other account's on the first circuit; it has not confirmed the second. */
let foreign: string;
let unconfirmed: string;
/** The other account's on its own circuit. */
let strange: string;

before(async () => {
  const account = (name: string, { account: uid, id, secret }: typeof requesterKey): object => ({
    name,
    uid,
    keys: [{ id, secret }],
    resourceGroups: ["blue"],
  });
  server = await startServer({ seed: { accounts: [account("requester", requesterKey), account("accepter", accepterKey)] } });
  await server.admin("PUT", "settings", { quotas: ["vbrPerpConn", "freevbr"].map((name) => ({ name, value: 100 })) });
  owner = server.requester;
  sdk = sdkOf(server, requesterKey);
  circuit = await enabledCircuit(server, owner);
  elsewhere = await enabledCircuit(server, owner, { AccessPointId: "ap-cn-hangzhou-jg-B" });
  plain = await routerOn(owner, circuit, 1);
  named = await routerOn(owner, circuit, 2, { Name: "site", Bandwidth: 100, ResourceGroupId: await groupId(owner, "blue") });
  idle = await routerOn(owner, circuit, 3, { Tags: [{ Key: "env", Value: "lab" }, { Key: "team" }] });
  far = await routerOn(owner, elsewhere, 1, { Name: "site" });
  foreign = await routerFor(server.accepter, owner, circuit, 4);
  unconfirmed = await routerFor(server.accepter, owner, circuit, 5);
  succeeded(await modify(server.accepter, foreign, { ...addresses, Name: "site" }));
  strange = await routerOn(server.accepter, await enabledCircuit(server, server.accepter), 1, { Name: "site" });
  succeeded(await onRouter(owner, "TerminateVirtualBorderRouter", idle));
  await server.advance();
});
after(() => server.stop());

const list = (parameters: Parameters = {}): Promise<Answer> =>
  owner.vpc("DescribeVirtualBorderRouters", { RegionId: hangzhou, PageSize: 50, ...parameters });
const ofCircuit = (parameters: Parameters = {}): Promise<Answer> =>
  owner.vpc("DescribeVirtualBorderRoutersForPhysicalConnection", {
    RegionId: hangzhou,
    PhysicalConnectionId: circuit,
    PageSize: 50,
    ...parameters,
  });
const listedIn = ({ body }: Answer): any[] =>
  body.VirtualBorderRouterSet?.VirtualBorderRouterType ??
  body.VirtualBorderRouterForPhysicalConnectionSet.VirtualBorderRouterForPhysicalConnectionType;
/** Ids of a whole list, whose total says as many. */
async function ids(answer: Promise<Answer>): Promise<string[]> {
  const given = succeeded(await answer);
  const listed = listedIn(given);
  assert.equal(given.body.TotalCount, listed.length);
  return listed.map(({ VbrId }) => VbrId);
}
const everything = { IncludeCrossAccountVbr: true };

test("the region's own routers are listed, and those of others on the caller's circuits on request", async () => {
  const own = [plain, named, idle, far];
  assert.deepEqual(await ids(list()), own);
  assert.deepEqual(await ids(list({ IncludeCrossAccountVbr: false })), own);
  assert.deepEqual(await ids(list(everything)), [...own, foreign, unconfirmed]);
  assert.deepEqual(await ids(list({ RegionId: beijing, ...everything })), []);
  const theirs = await server.accepter.vpc("DescribeVirtualBorderRouters", { RegionId: hangzhou });
  assert.deepEqual(
    listedIn(theirs).map(({ VbrId }) => VbrId),
    [foreign, unconfirmed, strange],
  );
});

test("each key finds by its values", async () => {
  for (const [key, value, expected] of [
    ["PhysicalConnectionId", circuit, [plain, named, idle, foreign, unconfirmed]],
    ["PhysicalConnectionId", elsewhere, [far]],
    ["PhysicalConnectionId", "pc-none", []],
    ["VbrId", named, [named]],
    ["VbrId", strange, []],
    ["Status", "active", [plain, named, far, foreign]],
    ["Status", "terminated", [idle]],
    ["Status", "unconfirmed", [unconfirmed]],
    ["Name", "site", [named, far, foreign]],
    ["AccessPointId", "ap-cn-hangzhou-jg-B", [far]],
    ["eccId", "ecc-1", []],
    ["type", "pconnVBR", [plain, named, idle, far, foreign, unconfirmed]],
  ] as const) {
    assert.deepEqual(await ids(list({ ...everything, ...filtered([key, value]) })), expected, `${key} ${value}`);
    const on = expected.filter((id) => id !== far);
    assert.deepEqual(await ids(ofCircuit(filtered([key, value]))), on, `${key} ${value}`);
  }
});

test("values of a key are joined by OR, keys by AND, owners, tags and groups with both", async () => {
  const inBlue = { ResourceGroupId: await groupId(owner, "blue") };
  const lab = { Tags: [{ Key: "env", Value: "lab" }, { Key: "team" }] };
  for (const [parameters, expected] of [
    [{ ...everything, ...filtered(["VbrId", foreign, plain, strange]) }, [plain, foreign]],
    [filtered(["VbrId", foreign, plain]), [plain]],
    [filtered(["Name", "site"], ["PhysicalConnectionId", circuit]), [named]],
    [
      { ...everything, ...filtered(["Name", "site"], ["PhysicalConnectionId", circuit], ["Status", "active", "terminated"]) },
      [named, foreign],
    ],
    [{ ...filtered(["PhysicalConnectionId", circuit]), ...inBlue }, [named]],
    [{ ...filtered(["PhysicalConnectionId", elsewhere]), ...inBlue }, []],
    [{ ...filtered(["Status", "terminated"]), ...lab }, [idle]],
    [lab, [idle]],
    [inBlue, [named]],
    [{ ...inBlue, ...lab, ...everything }, []],
  ] as const) {
    assert.deepEqual(await ids(list(parameters)), expected, JSON.stringify(parameters));
  }
});

test("an unknown key is refused, and so are more keys than five", async () => {
  const unknown: Expected = {
    code: "InvalidFilterKey.ValueNotSupported",
    message: "Specified filter key is not supported: Filter.X.key",
    status: 404,
  };
  for (const call of [list, ofCircuit]) {
    for (const filter of [filtered(["VpcId", "x"]), filtered(["Type", "pconnVBR"]), { "Filter.1.Value.1": "x" }]) {
      await refusedUnchanged(server, () => call(filter), unknown);
    }
    refusedWith(await call(filtered(...Array.from({ length: 6 }, () => ["Status", "active"] as const))), "InvalidFilter");
  }
});

test("pages hold what they say, filtered or not", async () => {
  for (const [call, filter, all] of [
    [list, {}, [plain, named, idle, far]],
    [list, filtered(["type", "pconnVBR"]), [plain, named, idle, far]],
    [ofCircuit, {}, [plain, named, idle, foreign, unconfirmed]],
  ] as const) {
    const seen: string[] = [];
    for (const PageNumber of [1, 2, 3]) {
      const answer = succeeded(await call({ ...filter, PageNumber, PageSize: 2 }));
      assert.deepEqual([answer.body.PageNumber, answer.body.PageSize, answer.body.TotalCount], [PageNumber, 2, all.length]);
      seen.push(...listedIn(answer).map(({ VbrId }) => VbrId));
    }
    assert.deepEqual(seen, all);
    refusedWith(await call({ PageNumber: 100_000, PageSize: 2 }), "Throttling.DeepPageSkip");
    refusedWith(await call({ PageSize: 51 }), "InvalidPageSize");
  }
});

test("what a circuit's owner reads of the routers on it has every field with its type", async () => {
  const { CreationTime } = await readRouter(owner, named);
  const [, shown] = listedIn(await ofCircuit());
  assert.deepEqual(shown, {
    ActivationTime: CreationTime,
    Bandwidth: "100",
    BandwidthStatus: "Active",
    CircuitCode: "",
    CreationTime,
    EccId: "",
    EnableIpv6: false,
    LocalGatewayIp: "10.0.0.1",
    LocalIpv6GatewayIp: "",
    PConnVbrBussinessStatus: "Normal",
    PConnVbrChargeType: "PostPaid",
    PConnVbrExpireTime: "",
    PeerGatewayIp: "10.0.0.2",
    PeerIpv6GatewayIp: "",
    PeeringIpv6SubnetMask: "",
    PeeringSubnetMask: "255.255.255.252",
    RecoveryTime: "",
    Status: "active",
    TerminationTime: "",
    Type: "pconnVBR",
    VbrId: named,
    VbrName: "site",
    VbrOwnerUid: Number(requesterKey.account),
    VlanId: 2,
  });
  const read = await ask(sdk, "describeVirtualBorderRoutersForPhysicalConnection", { regionId: hangzhou, physicalConnectionId: circuit });
  const routers = read.virtualBorderRouterForPhysicalConnectionSet?.virtualBorderRouterForPhysicalConnectionType ?? [];
  assert.deepEqual(
    routers.map(({ vbrId, vbrOwnerUid, status }) => [vbrId, vbrOwnerUid, status]),
    [
      [plain, Number(requesterKey.account), "active"],
      [named, Number(requesterKey.account), "active"],
      [idle, Number(requesterKey.account), "terminated"],
      [foreign, Number(accepterKey.account), "active"],
      [unconfirmed, Number(accepterKey.account), "unconfirmed"],
    ],
  );
});

test("a router on two circuits is listed for each as it is there", async () => {
  const second = await enabledCircuit(server, owner);
  succeeded(await associate(owner, plain, second, 20));
  for (const [id, vlan, localIp] of [
    [circuit, 1, "10.0.0.1"],
    [second, 20, "10.1.20.1"],
  ] as const) {
    const [shown] = listedIn(await ofCircuit({ PhysicalConnectionId: id }));
    assert.deepEqual([shown.VbrId, shown.VlanId, shown.LocalGatewayIp], [plain, vlan, localIp]);
    assert.deepEqual((await ids(list(filtered(["PhysicalConnectionId", id])))).includes(plain), true);
  }
  succeeded(await onRouter(owner, "UnassociatePhysicalConnectionFromVirtualBorderRouter", plain, { PhysicalConnectionId: second }));
  assert.deepEqual(await ids(ofCircuit({ PhysicalConnectionId: second })), []);
});

test("routers of a circuit that the caller does not own are not told", async () => {
  const notFound = { code: "InvalidPhysicalConnectionId.NotFound", message: "The specified physicalConnection is not found." };
  await refusedUnchanged(server, () => ofCircuit({ PhysicalConnectionId: "pc-none" }), notFound);
  await refusedUnchanged(server, () => ofCircuit({ RegionId: beijing }), notFound);
  const asTenant = server.accepter.vpc("DescribeVirtualBorderRoutersForPhysicalConnection", {
    RegionId: hangzhou,
    PhysicalConnectionId: circuit,
  });
  refusedWith(await asTenant, notFound.code);
});
