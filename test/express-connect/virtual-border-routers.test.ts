import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "../vpn/support.ts";
import {
  associate,
  addresses,
  ipv6Addresses,
  listRouters,
  modify,
  nextVlan,
  onRouter,
  readRouter,
  requestRouter,
  routerOn,
  routerStatus,
} from "./border-routers.ts";
import { allocatedCircuit, enabledCircuit } from "./circuits.ts";

/** The life of virtual border routers of the circuit's owner: created, changed, terminated, recovered, deleted. */

let server: InProcessServer;
let sdk: Sdk;
let circuit: string;
/** VLANs that no test has used yet. */
before(async () => {
  server = await startServer();
  const quotas = ["vbrPerpConn", "freevbr", "freePconnPerAP"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas });
  sdk = sdkOf(server, requesterKey);
  circuit = await enabledCircuit(server, server.requester);
});
after(() => server.stop());

const request = (parameters: Parameters = {}): Promise<Answer> => requestRouter(server.requester, circuit, nextVlan(), parameters);
const create = (parameters: Parameters = {}): Promise<string> => routerOn(server.requester, circuit, nextVlan(), parameters);
const read = (id: string): Promise<any> => readRouter(server.requester, id);
const status = (id: string): Promise<string> => routerStatus(server.requester, id);
const on = (id: string, action: string, parameters: Parameters = {}): Promise<Answer> => onRouter(server.requester, action, id, parameters);
const utc = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
async function terminated(): Promise<string> {
  const id = await create();
  succeeded(await on(id, "TerminateVirtualBorderRouter"));
  await server.advance();
  return id;
}

const inState: Expected = {
  code: "InvalidOperation.OperationNotAllowedInState",
  message: "The specified VirutalBorderRouter is in invalid state.",
};

// Creation

test("a router that is asked for with no more than it must is active at once and shows the defaults, each field of its type", async () => {
  const createdAt = utc(await virtualNow(server));
  const { body } = succeeded(await requestRouter(server.requester, circuit, 7));
  assert.match(body.VbrId, /^vbr-bp1[a-z0-9]{18}$/);
  assert.deepEqual(Object.keys(body).sort(), ["RequestId", "VbrId"]);
  const { RouteTableId, VlanInterfaceId, ...shown } = await read(body.VbrId);
  assert.match(RouteTableId, /^vtb-bp1[a-z0-9]{18}$/);
  assert.match(VlanInterfaceId, /^ri-bp1[a-z0-9]{18}$/);
  // What was not sent is empty: clients compare it with what they sent.
  assert.deepEqual(shown, {
    AccessPointId: "ap-cn-hangzhou-yh-B",
    ActivationTime: createdAt,
    AssociatedCens: { AssociatedCen: [] },
    AssociatedPhysicalConnections: { AssociatedPhysicalConnection: [] },
    Bandwidth: 0,
    CircuitCode: "",
    CloudBoxInstanceId: "",
    CreationTime: createdAt,
    Description: "",
    DetectMultiplier: 10,
    EccId: "",
    EcrAttatchStatus: "",
    EcrId: "",
    EcrOwnerId: "",
    EnableIpv6: false,
    LocalGatewayIp: "10.0.0.1",
    LocalIpv6GatewayIp: "",
    MinRxInterval: 1000,
    MinTxInterval: 1000,
    Mtu: 0,
    Name: "",
    PConnVbrChargeType: "PostPaid",
    PConnVbrExpireTime: "",
    PeerGatewayIp: "10.0.0.2",
    PeerIpv6GatewayIp: "",
    PeeringIpv6SubnetMask: "",
    PeeringSubnetMask: "255.255.255.252",
    PhysicalConnectionBusinessStatus: "Normal",
    PhysicalConnectionId: circuit,
    PhysicalConnectionOwnerUid: requesterKey.account,
    PhysicalConnectionStatus: "Enabled",
    RecoveryTime: "",
    ResourceGroupId: await groupId(server.requester),
    SitelinkEnable: false,
    Status: "active",
    Tags: { Tags: [] },
    TerminationTime: "",
    Type: "pconnVBR",
    VbrId: body.VbrId,
    VlanId: 7,
  });
});

test("all that a router is created with is read back as it was sent, by the official SDK", async () => {
  const created = await ask(sdk, "createVirtualBorderRouter", {
    regionId: hangzhou,
    physicalConnectionId: circuit,
    vlanId: 8,
    vbrOwnerId: Number(requesterKey.account),
    circuitCode: "longtel001",
    localGatewayIp: "192.168.1.1",
    peerGatewayIp: "192.168.1.254",
    peeringSubnetMask: "255.255.255.0",
    name: "site-a_1",
    description: "to the site",
    enableIpv6: true,
    localIpv6GatewayIp: "2408:4004:CC:400::1",
    peerIpv6GatewayIp: "2408:4004:cc:400:0::2",
    peeringIpv6SubnetMask: "2408:4004:cc:400::/56",
    bandwidth: 200,
    resourceGroupId: await groupId(server.requester),
    tags: [{ key: "env", value: "test" }],
  });
  const { virtualBorderRouterSet } = await ask(sdk, "describeVirtualBorderRouters", {
    regionId: hangzhou,
    filter: [{ key: "VbrId", value: [created.vbrId] }],
  });
  const [shown] = virtualBorderRouterSet?.virtualBorderRouterType ?? [];
  assert.ok(shown);
  const { vlanId, circuitCode, localGatewayIp, peerGatewayIp, peeringSubnetMask, name, description, bandwidth, status: state } = shown;
  assert.deepEqual(
    { vlanId, circuitCode, localGatewayIp, peerGatewayIp, peeringSubnetMask, name, description, bandwidth, state },
    {
      vlanId: 8,
      circuitCode: "longtel001",
      localGatewayIp: "192.168.1.1",
      peerGatewayIp: "192.168.1.254",
      peeringSubnetMask: "255.255.255.0",
      name: "site-a_1",
      description: "to the site",
      bandwidth: 200,
      state: "active",
    },
  );
  assert.equal(shown.enableIpv6, true);
  assert.equal(shown.localIpv6GatewayIp, "2408:4004:CC:400::1");
  assert.equal(shown.peerIpv6GatewayIp, "2408:4004:cc:400:0::2");
  assert.equal(shown.peeringIpv6SubnetMask, "2408:4004:cc:400::/56");
  assert.deepEqual(
    shown.tags?.tags?.map(({ key, value }) => [key, value]),
    [["env", "test"]],
  );
});

test("a parameter that cannot be is refused with its code", async () => {
  const illegalIp = (fill: string): Expected => ({
    code: "IllegalParam.IpAddress",
    message: `The specified IpAddress (${fill}) is illegal.`,
  });
  const localIp = { code: "InvalidLocalGatewayIp.Malformed", message: "The specified LocalGatewayIp is not valid." };
  const mask = { code: "InvalidPeeringSubnetMask.Malformed", message: "The specified PeeringSubnetMask is not valid." };
  const apart = { code: "InvalidIp.NotSameSubnet", message: "Local gateway ip and peer gateway ip are not in the same subnet." };
  const vlanMalformed = { code: "InvalidVlanId.Malformed", message: "The specified VlanId is not valid." };
  const name = { code: "InvalidName.Malformed", message: "The specified ?Name? is not valid." };
  const description = { code: "InvalidDescription.Malformed", message: "The specifid ?Description? is not valid." };
  const bandwidth = { code: "IllegalParam.Bandwidth", message: "The param of bandwidth is illegal." };
  const incompleteIpv6 = illegalIp("EnableIpv6 needs LocalIpv6GatewayIp, PeerIpv6GatewayIp and PeeringIpv6SubnetMask");
  const block = {
    code: "IllegalParam.CidrBlock",
    message: "The specified CidrBlock (PeeringIpv6SubnetMask: an IPv6 block) is illegal.",
  };
  for (const [parameters, expected] of [
    [{ VlanId: -1 }, vlanMalformed],
    [{ VlanId: 3000 }, vlanMalformed],
    [{ LocalGatewayIp: "10.0.0.256" }, localIp],
    [{ LocalGatewayIp: undefined }, localIp],
    [{ PeerGatewayIp: "10.0.0" }, illegalIp("PeerGatewayIp: an IPv4 address")],
    [{ PeerGatewayIp: undefined }, illegalIp("PeerGatewayIp is mandatory")],
    [{ PeeringSubnetMask: undefined }, mask],
    [{ PeeringSubnetMask: "255.255.254.0" }, mask],
    [{ PeeringSubnetMask: "255.255.255.254" }, mask],
    [{ PeeringSubnetMask: "/24" }, mask],
    [{ PeerGatewayIp: "10.0.0.5" }, apart],
    [{ PeerGatewayIp: "10.0.0.1" }, apart],
    [{ EnableIpv6: true }, incompleteIpv6],
    [{ ...ipv6Addresses, PeerIpv6GatewayIp: undefined }, incompleteIpv6],
    [{ ...ipv6Addresses, LocalIpv6GatewayIp: "10.0.0.1" }, illegalIp("LocalIpv6GatewayIp: an IPv6 address")],
    [{ ...ipv6Addresses, LocalIpv6GatewayIp: "fe80::1%eth0" }, illegalIp("LocalIpv6GatewayIp: an IPv6 address")],
    [{ ...ipv6Addresses, PeeringIpv6SubnetMask: "2408:4004:cc:400::1/56" }, block],
    [{ ...ipv6Addresses, PeerIpv6GatewayIp: "2408:4004:cd::2" }, apart],
    [{ ...ipv6Addresses, PeerIpv6GatewayIp: "2408:4004:cc:400:0::1" }, apart],
    [{ Name: "a" }, name],
    [{ Name: "1a" }, name],
    [{ Name: "http://a" }, name],
    [{ Description: "a" }, description],
    [{ Description: "https://a" }, description],
    [{ CircuitCode: "a\nb" }, { code: "InvalidCircuitCode.Malformed", message: "The specified CircuitCode is not valid." }],
    [{ Bandwidth: 51 }, bandwidth],
    [{ Bandwidth: "wide" }, bandwidth],
    [{ Bandwidth: 2048 }, { code: "VbrBandwidthExceed", message: "VBR bandwidth exceed for this physical connection." }],
    [{ VbrOwnerId: "me" }, { code: "IllegalParam.OwnerAliUid", message: "The param of VbrOwnerId is illegal." }],
    [{ VbrOwnerId: 42 }, { code: "InvalidVbrOwnerId.NotFound", message: "The specified VbrOwnerId is not valid.", status: 404 }],
    [{ ResourceGroupId: "rg-none" }, { code: "InvalidResourceGroupId", message: "The specified ResourceGroupId does not exist." }],
  ] as [Parameters, Expected][]) {
    await refusedUnchanged(server, () => request(parameters), expected);
  }
});

test("a mask of each length from /24 to /30 holds two addresses, and each bandwidth of the list is one", async () => {
  for (const [index, last] of [0, 128, 192, 224, 240, 248, 252].entries()) {
    const id = await create({ PeeringSubnetMask: `255.255.255.${last}`, Bandwidth: [50, 100, 200, 300, 400, 500, 1000][index] });
    assert.equal((await read(id)).PeeringSubnetMask, `255.255.255.${last}`);
    assert.equal((await read(id)).Bandwidth, [50, 100, 200, 300, 400, 500, 1000][index]);
  }
});

test("the circuit has to be there, and Enabled", async () => {
  const notFound = { code: "InvalidPhysicalConnectionId.NotFound", message: "The specified PhysicalConnectionId is not found." };
  const onCircuit =
    (id: string | undefined, parameters: Parameters = {}) =>
    (): Promise<Answer> =>
      request({ PhysicalConnectionId: id, ...parameters });
  await refusedUnchanged(server, onCircuit(undefined), {
    code: "MissingParameter",
    message: "The input parameter 'PhysicalConnectionId' that is mandatory for processing this request is not supplied.",
  });
  await refusedUnchanged(server, onCircuit("pc-none"), notFound);
  await refusedUnchanged(server, onCircuit(await create()), notFound);
  await refusedUnchanged(server, onCircuit(circuit, { RegionId: beijing }), notFound);
  const foreign = await enabledCircuit(server, server.accepter);
  await refusedUnchanged(server, onCircuit(foreign), notFound);
  const waiting = await allocatedCircuit(server, server.requester);
  await refusedUnchanged(server, onCircuit(waiting), {
    code: "InvalidPhysicalConnectionId.NotEnabled",
    message: "The specified PhysicalConnectionId is not in Enabled state.",
  });
});

test("the account has to pay for outbound traffic", async () => {
  const id = await create();
  const down = await terminated();
  const closed = { code: "OperationFailed.PconnTrafficNotEnable", message: "The operation is failed because of PconnTrafficNotEnable." };
  const other = await enabledCircuit(server, server.requester);
  const settings = (await server.admin("GET", "settings")).body;
  await server.admin("PUT", "settings", { ...settings, features: [{ name: "PconnTraffic", open: false }] });
  await refusedUnchanged(server, () => request(), closed);
  await refusedUnchanged(server, () => associate(server.requester, id, other, 2000), closed);
  await refusedUnchanged(server, () => modify(server.requester, id, { Name: "other" }), closed);
  await refusedUnchanged(server, () => on(down, "RecoverVirtualBorderRouter"), closed);
  await refusedUnchanged(server, () => on(id, "UpdateVirtualBorderBandwidth", { VirtualBorderRouterId: id, Bandwidth: 50 }), closed);
  await server.admin("PUT", "settings", settings);
  succeeded(await modify(server.requester, id, { Name: "other" }));
});

test("a circuit carries as many routers as its quota, and an account has as many without an interface as its own", async () => {
  const narrow = await enabledCircuit(server, server.requester);
  const settings = (await server.admin("GET", "settings")).body;
  const { TotalCount } = await listRouters(server.requester);
  const limit = async (vbrPerpConn: number, freevbr: number): Promise<void> => {
    const quotas = [
      ...settings.quotas,
      ...Object.entries({ vbrPerpConn, freevbr }).map(([name, value]) => ({ name, value, account: requesterKey.account })),
    ];
    assert.equal((await server.admin("PUT", "settings", { ...settings, quotas })).status, 200);
  };
  await limit(1, TotalCount + 2);
  const first = await routerOn(server.requester, narrow, 1);
  await refusedUnchanged(server, () => requestRouter(server.requester, narrow, 2), {
    code: "QuotaExceeded.vbrPerpConn",
    message: "Virtual boarder router per PhysicalConnection quota exceed.",
  });
  await limit(3, TotalCount + 2);
  await routerOn(server.requester, narrow, 2);
  await refusedUnchanged(server, () => requestRouter(server.requester, narrow, 3), {
    code: "QuotaExceeded.freevbr",
    message: "Free virtual boarder router quota exceed.",
  });
  succeeded(await on(first, "DeleteVirtualBorderRouter"));
  await server.advance();
  await routerOn(server.requester, narrow, 3);
  await server.admin("PUT", "settings", settings);
});

test("a repeated call with the same token answers the first router, and one with other parameters is refused", async () => {
  const vlanId = nextVlan();
  const call = (parameters: Parameters = {}): Promise<Answer> =>
    requestRouter(server.requester, circuit, vlanId, { ClientToken: "router-once", ...parameters });
  const first = succeeded(await call()).body.VbrId;
  const before = await eventCount(server);
  assert.equal(succeeded(await call()).body.VbrId, first);
  assert.equal(await eventCount(server), before);
  await refusedUnchanged(server, () => call({ Name: "other" }), tokenReused);
});

// Changes

test("each attribute is changed by itself, and all others stay", async () => {
  const id = await create();
  const expected = await read(id);
  const vlanId = nextVlan();
  for (const changes of [
    { Name: "renamed" },
    { Description: "described" },
    { CircuitCode: "1024" },
    { Bandwidth: 100 },
    { MinTxInterval: 200 },
    { MinRxInterval: 1000 },
    { DetectMultiplier: 3 },
    { Mtu: 1500 },
    { Mtu: 8500 },
    { Mtu: 0 },
    { SitelinkEnable: true },
    { SitelinkEnable: false },
    { PeeringSubnetMask: "255.255.255.0" },
    { LocalGatewayIp: "10.0.0.3" },
    { PeerGatewayIp: "10.0.0.254" },
    ipv6Addresses,
    { LocalIpv6GatewayIp: "2408:4004:cc:400::6" },
    { PeerIpv6GatewayIp: "2408:4004:cc:400::8" },
    { PeeringIpv6SubnetMask: "2408:4004:cc:400::/55" },
    { EnableIpv6: false },
    { VlanId: vlanId },
    { VlanId: vlanId, ...addresses, Name: "back" },
  ]) {
    const before = await eventCount(server);
    assert.deepEqual(Object.keys(succeeded(await modify(server.requester, id, changes)).body), ["RequestId"]);
    assert.equal(await eventCount(server), before + 1);
    Object.assign(expected, changes);
    assert.deepEqual(await read(id), expected, JSON.stringify(changes));
  }
});

test("the official SDK changes a router", async () => {
  const id = await create();
  await ask(sdk, "modifyVirtualBorderRouterAttribute", {
    regionId: hangzhou,
    vbrId: id,
    name: "from-sdk",
    minTxInterval: 300,
    minRxInterval: 300,
    detectMultiplier: 10,
    sitelinkEnable: true,
  });
  const { Name, MinTxInterval, MinRxInterval, DetectMultiplier, SitelinkEnable } = await read(id);
  assert.deepEqual([Name, MinTxInterval, MinRxInterval, DetectMultiplier, SitelinkEnable], ["from-sdk", 300, 300, 10, true]);
});

test("a change to what cannot be is refused with its code", async () => {
  const id = await create(ipv6Addresses);
  const ip = { code: "InvalidIp.Malformed", message: "The specified ip address is not valid." };
  const ipv6 = { code: "IllegalParam.IpAddress", message: "The specified IpAddress is illegal." };
  const apart = { code: "InvalidIp.NotSameSubnet", message: "Local gateway ip and peer gateway ip are not in the same subnet." };
  const range = (name: string): Expected => ({ code: `IllegalParam.${name}`, message: `The specified ${name} is not in proper range.` });
  const bandwidths = "50, 100, 200, 300, 400, 500, 1000, 2048, 5120, 8192, 10240, 20480, 40960, 50120, 61440, 102400";
  for (const [parameters, expected] of [
    [{ LocalGatewayIp: "x" }, ip],
    [{ PeerGatewayIp: "2001::1" }, ip],
    [
      { PeeringSubnetMask: "255.0.0.0" },
      { code: "InvalidPeeringSubnetMask.Malformed", message: "The specified PeeringSubnetMask is not valid." },
    ],
    [{ LocalIpv6GatewayIp: "x" }, ipv6],
    [{ PeerIpv6GatewayIp: "1.2.3.4" }, ipv6],
    [{ PeeringIpv6SubnetMask: "x/56" }, { code: "IllegalParam.CidrBlock", message: "The specified CidrBlock is illegal." }],
    [{ LocalGatewayIp: "10.0.0.5" }, apart],
    [{ PeerIpv6GatewayIp: "2001::1" }, apart],
    [{ MinTxInterval: 199 }, range("MinTxInterval")],
    [{ MinTxInterval: 1001 }, range("MinTxInterval")],
    [{ MinRxInterval: 199 }, range("MinRxInterval")],
    [{ MinRxInterval: 1001 }, range("MinRxInterval")],
    [{ DetectMultiplier: 2 }, range("DetectMultiplier")],
    [{ DetectMultiplier: 11 }, range("DetectMultiplier")],
    [{ Mtu: 1400 }, { code: "InvalidParameter", message: "Mtu: allowed are 0, 1500, 8500" }],
    [{ Bandwidth: 60 }, { code: "InvalidParameter", message: `Bandwidth: allowed are ${bandwidths}` }],
    [{ Bandwidth: 2048 }, { code: "InvalidParameter", message: "Bandwidth: the circuit has less" }],
    [{ Name: "a" }, { code: "InvalidName.Malformed", message: "The specified Name is not valid." }],
    [{ Description: "a" }, { code: "InvalidDescription.Malformed", message: "The specifid Description is not valid." }],
    [{ CircuitCode: "a\nb" }, { code: "InvalidCircuitCode.Malformed", message: "The specified CircuitCode is not valid." }],
    [{ VlanId: 3000 }, { code: "InvalidVlanId.Malformed", message: "The specified VlanId is not valid." }],
  ] as [Parameters, Expected][]) {
    await refusedUnchanged(server, () => modify(server.requester, id, parameters), expected);
  }
  const four = await create();
  await refusedUnchanged(server, () => modify(server.requester, four, { EnableIpv6: true }), ipv6);
  const { VlanId } = await read(id);
  await refusedUnchanged(server, () => modify(server.requester, four, { VlanId }), {
    code: "InvalidVlanId.Used",
    message: "The specified VlanId has been used.",
  });
});

test("a router on a circuit that is locked for its bill does not change", async () => {
  const locked = await enabledCircuit(server, server.requester);
  const id = await routerOn(server.requester, locked, 1);
  await server.admin("PATCH", `resources/${locked}`, { BusinessStatus: "FinancialLocked" });
  assert.equal((await read(id)).PhysicalConnectionBusinessStatus, "FinancialLocked");
  await refusedUnchanged(server, () => modify(server.requester, id, { Name: "other" }), {
    code: "OperationFailed.PhysicalConnectionFinancialLocked",
    message: "Update failed, the physical connection is financial locked.",
  });
  await server.admin("PATCH", `resources/${locked}`, { BusinessStatus: "Normal" });
  succeeded(await modify(server.requester, id, { Name: "other" }));
});

test("the bandwidth has a call of its own", async () => {
  const id = await create({ Bandwidth: 50 });
  const body = await ask(sdk, "updateVirtualBorderBandwidth", { regionId: hangzhou, virtualBorderRouterId: id, bandwidth: 500 });
  assert.deepEqual([body.code, body.httpStatusCode, body.message, body.success], ["200", 200, "successful", true]);
  assert.equal((await read(id)).Bandwidth, 500);
  const update = (parameters: Parameters) => (): Promise<Answer> =>
    server.requester.vpc("UpdateVirtualBorderBandwidth", { RegionId: hangzhou, VirtualBorderRouterId: id, Bandwidth: 100, ...parameters });
  const illegal = { code: "IllegalParam.Bandwidth", message: "Illegal Param of Bandwidth." };
  for (const [parameters, expected] of [
    [{ VirtualBorderRouterId: undefined }, { code: "MissingParam.InstanceId", message: "Missing param of InstanceId." }],
    [{ Bandwidth: undefined }, { code: "MissingParam.Bandwidth", message: "Missing param of Bandwidth." }],
    [{ VirtualBorderRouterId: "vbr-none" }, { code: "InvalidInstanceId.NotFound", message: "InstanceId not found." }],
    [{ Bandwidth: 2 }, illegal],
    [{ Bandwidth: "x" }, illegal],
    [
      { Bandwidth: 5120 },
      { code: "QuotaExceeded.VirtualBorderRouterBandwidth", message: "Quota Exceeded of VirtualBorderRouterBandwidth" },
    ],
    [{ VirtualBorderRouterId: await terminated() }, inState],
  ] as [Parameters, Expected][]) {
    await refusedUnchanged(server, update(parameters), expected);
  }
});

// Out of use and back

test("a router goes out of use and back, and tells when", async () => {
  const id = await create();
  const activated = (await read(id)).ActivationTime;
  const terminatedAt = utc(await virtualNow(server));
  await ask(sdk, "terminateVirtualBorderRouter", { regionId: hangzhou, vbrId: id });
  assert.equal(await status(id), "terminating");
  await server.advance();
  assert.equal(await status(id), "terminated");
  await server.advance(60);
  const recoveredAt = utc(await virtualNow(server));
  await ask(sdk, "recoverVirtualBorderRouter", { regionId: hangzhou, vbrId: id });
  assert.equal(await status(id), "recovering");
  await server.advance();
  const { Status, ActivationTime, TerminationTime, RecoveryTime } = await read(id);
  assert.deepEqual([Status, ActivationTime, TerminationTime, RecoveryTime], ["active", activated, terminatedAt, recoveredAt]);
});

test("a call in a state that does not allow it is refused", async () => {
  const id = await create();
  const onModify = { code: "IncorrectStatus.VirtualBorderRouter", message: "The status of the VBR does not support this operation." };
  // The text lacks its full stop in this one operation.
  const onRecover = { ...inState, message: inState.message.slice(0, -1) };
  const refusals = async (...actions: (readonly [action: string, expected: Expected])[]): Promise<void> => {
    for (const [action, expected] of actions) await refusedUnchanged(server, () => on(id, action), expected);
  };
  const [modifies, terminates, recovers, deletes] = [
    ["ModifyVirtualBorderRouterAttribute", onModify],
    ["TerminateVirtualBorderRouter", inState],
    ["RecoverVirtualBorderRouter", onRecover],
    ["DeleteVirtualBorderRouter", inState],
  ] as const;
  await refusals(recovers);
  succeeded(await on(id, "TerminateVirtualBorderRouter"));
  await refusals(modifies, terminates, recovers, deletes);
  await server.advance();
  await refusals(terminates);
  succeeded(await modify(server.requester, id, { Name: "still" }));
  succeeded(await on(id, "RecoverVirtualBorderRouter"));
  await refusals(modifies, terminates, recovers, deletes);
  await server.advance();
  succeeded(await on(id, "DeleteVirtualBorderRouter"));
  assert.equal(await status(id), "deleting");
  await refusals(modifies, terminates, recovers, deletes);
  await server.advance();
  assert.equal(await status(id), "");
});

test("a router of no circuit of the caller, of another region, and none at all are not found", async () => {
  const foreign = await routerOn(server.accepter, await enabledCircuit(server, server.accepter), 1);
  const own = await create();
  const gone = "The specified VirutalBorderRouter does not exist in our records.";
  const missing = "The specified VirutalBorderRouter is not found.";
  for (const [action, message, status] of [
    ["ModifyVirtualBorderRouterAttribute", missing, 400],
    ["TerminateVirtualBorderRouter", missing, 404],
    ["RecoverVirtualBorderRouter", missing, 404],
    ["DeleteVirtualBorderRouter", gone, 404],
  ] as const) {
    const expected = { code: "InvalidVbrId.NotFound", message, status };
    for (const id of ["vbr-none", foreign, circuit]) await refusedUnchanged(server, () => on(id, action), expected);
    await refusedUnchanged(server, () => on(own, action, { RegionId: beijing }), expected);
  }
  assert.equal(await routerStatus(server.accepter, foreign), "active");
});

// Deletion

test("active and terminated routers are deleted, and their route tables go with them", async () => {
  for (const id of [await create(), await terminated()]) {
    const { RouteTableId } = await read(id);
    const tables = async (): Promise<unknown[]> => {
      const list = { RegionId: hangzhou, RouterType: "VBR", RouteTableId };
      return succeeded(await server.requester.vpc("DescribeRouteTableList", list)).body.RouterTableList.RouterTableListType;
    };
    assert.equal((await tables()).length, 1);
    await ask(sdk, "deleteVirtualBorderRouter", { regionId: hangzhou, vbrId: id });
    assert.equal(await status(id), "deleting");
    await server.advance();
    assert.equal(await status(id), "");
    assert.deepEqual(await tables(), []);
  }
});

test("tags and resource groups of a router are those of its reader", async () => {
  const id = await create({ Tag: [{ Key: "env", Value: "test" }] });
  const tags = async (): Promise<unknown> => (await read(id)).Tags.Tags;
  assert.deepEqual(await tags(), [{ Key: "env", Value: "test" }]);
  const named = { RegionId: hangzhou, ResourceType: "VIRTUALBORDERROUTER", ResourceId: [id] };
  succeeded(await server.requester.vpc("UntagResourcesForExpressConnect", { ...named, TagKey: ["env"] }));
  succeeded(await server.requester.vpc("TagResourcesForExpressConnect", { ...named, Tag: [{ Key: "team", Value: "" }] }));
  assert.deepEqual(await tags(), [{ Key: "team", Value: "" }]);
  await refusedUnchanged(server, () => request({ Tags: [{ Key: "acs:x", Value: "" }] }), {
    code: "Forbidden.TagKeys",
    message: "The tag key cannot be operated by the request.",
  });
  assert.equal(
    (await server.accepter.vpc("TagResourcesForExpressConnect", { ...named, Tag: [{ Key: "x" }] })).body.Code,
    "InvalidInstanceIds.NotFound",
  );
});
