import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { associate, ipv6Addresses, modify, onRouter, readRouter, requestRouter, routerOn, routerStatus } from "./border-routers.ts";
import { allocatedCircuit, enabledCircuit, enabledShared, onCircuit, requestShared } from "./circuits.ts";

/** Routers on their circuits: VLANs, several circuits for one router, shared circuits. */

let server: InProcessServer;
let sdk: Sdk;
let owner: Caller;
before(async () => {
  server = await startServer();
  const quotas = ["vbrPerpConn", "freevbr", "freePconnPerAP"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas });
  owner = server.requester;
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const newCircuit = (parameters: Parameters = {}): Promise<string> => enabledCircuit(server, owner, parameters);
const unassociate = (id: string, PhysicalConnectionId: string | undefined): Promise<Answer> =>
  onRouter(owner, "UnassociatePhysicalConnectionFromVirtualBorderRouter", id, { PhysicalConnectionId });
const associated = async (id: string): Promise<any[]> =>
  (await readRouter(owner, id)).AssociatedPhysicalConnections.AssociatedPhysicalConnection;
async function terminate(id: string): Promise<void> {
  succeeded(await onRouter(owner, "TerminateVirtualBorderRouter", id));
  await server.advance();
}
const day = 86_400;

const taken: Expected = { code: "InvalidVlanId.Used", message: "The specified VlanId has been used." };
const inUse: Expected = { code: "OperationFailed.VlanIdInUse", message: "Operation failed because vlanId is in use." };

// VLANs

test("each VLAN of a circuit is one router's or one shared circuit's, and the same one of another circuit is free", async () => {
  const [circuit, other] = [await newCircuit(), await newCircuit()];
  const id = await routerOn(owner, circuit, 2999);
  await refusedUnchanged(server, () => requestRouter(owner, circuit, 2999), taken);
  await enabledShared(server, owner, circuit, server.accepter, 5);
  await refusedUnchanged(server, () => requestRouter(owner, circuit, 5), taken);
  await refusedUnchanged(server, () => modify(owner, id, { VlanId: 5 }), taken);
  assert.equal((await requestShared(owner, circuit, server.accepter, 2999)).body.Code, "VLAN_ID_HAS_BEEN_USED_IN_PHYSICAL_CONNECTION");
  await routerOn(owner, other, 2999);
  succeeded(await modify(owner, id, { VlanId: 1 }));
  await routerOn(owner, circuit, 2999);
  succeeded(await onRouter(owner, "DeleteVirtualBorderRouter", id));
  await server.advance();
  await routerOn(owner, circuit, 1);
});

test("VLAN 0 is for a router that has the circuit alone", async () => {
  const circuit = await newCircuit();
  const alone = await routerOn(owner, circuit, 0);
  assert.equal((await readRouter(owner, alone)).VlanId, 0);
  await refusedUnchanged(server, () => requestRouter(owner, circuit, 0), taken);
  await refusedUnchanged(server, () => requestRouter(owner, circuit, 1), {
    code: "OperationFailed.PconnExistVlan0Vbr",
    message: "The physical connection has VLAN 0 VBR. You cannot create another VBR.",
  });
  succeeded(await modify(owner, alone, { VlanId: 1 }));
  const second = await routerOn(owner, circuit, 2);
  await refusedUnchanged(server, () => requestRouter(owner, circuit, 0), {
    code: "OperationFailed.PconnAllocateVlan0",
    message: "Vlan 0 Vbr cannot share the physical connection with another Vbr.",
  });
  await refusedUnchanged(server, () => modify(owner, alone, { VlanId: 0 }), inUse);
  succeeded(await onRouter(owner, "DeleteVirtualBorderRouter", second));
  await server.advance();
  succeeded(await modify(owner, alone, { VlanId: 0 }));
});

test("a router that is out of use keeps its VLAN for seven days", async () => {
  const circuit = await newCircuit();
  const kept = await routerOn(owner, circuit, 10);
  const lost = await routerOn(owner, circuit, 11);
  await terminate(kept);
  await terminate(lost);
  await server.advance(7 * day - 120);
  await refusedUnchanged(server, () => requestRouter(owner, circuit, 11), taken);
  await server.advance(120);
  await routerOn(owner, circuit, 11);
  await refusedUnchanged(server, () => onRouter(owner, "RecoverVirtualBorderRouter", lost), {
    code: "OperationFailed.VlanIdAlreadyInUse",
    message: "The specifed vlanId has been used.",
  });
  // Nobody took the other's, and the first gets another.
  succeeded(await modify(owner, lost, { VlanId: 12 }));
  for (const id of [kept, lost]) succeeded(await onRouter(owner, "RecoverVirtualBorderRouter", id));
  await server.advance();
  assert.deepEqual([await routerStatus(owner, kept), await routerStatus(owner, lost)], ["active", "active"]);
});

test("a router can have all of a fast port", async () => {
  for (const [PortType, Bandwidth] of [
    ["10GBase-LR", 10_240],
    ["40GBase-LR", 40_960],
    ["100GBase-LR", 102_400],
  ] as const) {
    const id = await routerOn(owner, await newCircuit({ PortType }), 1, { Bandwidth });
    assert.equal((await readRouter(owner, id)).Bandwidth, Bandwidth);
  }
});

test("a router does not come back beside one that has the circuit alone by now", async () => {
  const circuit = await newCircuit();
  const id = await routerOn(owner, circuit, 10);
  await terminate(id);
  await server.advance(7 * day);
  await routerOn(owner, circuit, 0);
  await refusedUnchanged(server, () => onRouter(owner, "RecoverVirtualBorderRouter", id), {
    code: "OperationFailed.VlanIdAlreadyInUse",
    message: "The specifed vlanId has been used.",
  });
});

// Several circuits

test("a router is put on other circuits and taken off, and shows them", async () => {
  const [first, second, third] = [await newCircuit(), await newCircuit(), await newCircuit()];
  const id = await routerOn(owner, first, 10);
  const own = (await readRouter(owner, id)).VlanInterfaceId;
  await ask(sdk, "associatePhysicalConnectionToVirtualBorderRouter", {
    regionId: hangzhou,
    vbrId: id,
    physicalConnectionId: second,
    vlanId: "20",
    circuitCode: "longtel020",
    localGatewayIp: "10.1.20.1",
    peerGatewayIp: "10.1.20.2",
    peeringSubnetMask: "255.255.255.252",
    enableIpv6: "true",
    localIpv6GatewayIp: "2408:4004:cc:400::1",
    peerIpv6GatewayIp: "2408:4004:cc:400::2",
    peeringIpv6SubnetMask: "2408:4004:cc:400::/56",
  });
  succeeded(await associate(owner, id, third, 30));
  const [{ VlanInterfaceId, ...shown }, other] = await associated(id);
  assert.match(VlanInterfaceId, /^ri-bp1[a-z0-9]{18}$/);
  assert.equal(new Set([own, VlanInterfaceId, other.VlanInterfaceId]).size, 3);
  assert.deepEqual(shown, {
    CircuitCode: "longtel020",
    EnableIpv6: true,
    LocalGatewayIp: "10.1.20.1",
    LocalIpv6GatewayIp: "2408:4004:cc:400::1",
    PeerGatewayIp: "10.1.20.2",
    PeerIpv6GatewayIp: "2408:4004:cc:400::2",
    PeeringIpv6SubnetMask: "2408:4004:cc:400::/56",
    PeeringSubnetMask: "255.255.255.252",
    PhysicalConnectionBusinessStatus: "Normal",
    PhysicalConnectionId: second,
    PhysicalConnectionOwnerUid: requesterKey.account,
    PhysicalConnectionStatus: "Enabled",
    Status: "Associated",
    VlanId: "20",
  });
  await ask(sdk, "unassociatePhysicalConnectionFromVirtualBorderRouter", { regionId: hangzhou, vbrId: id, physicalConnectionId: second });
  assert.deepEqual(
    (await associated(id)).map(({ PhysicalConnectionId }) => PhysicalConnectionId),
    [third],
  );
  // The VLAN is free again.
  await routerOn(owner, second, 20);
});

test("a circuit with a router on it stays in use", async () => {
  const [first, second] = [await newCircuit(), await newCircuit()];
  const id = await routerOn(owner, first, 10);
  succeeded(await associate(owner, id, second, 20));
  for (const circuit of [first, second])
    refusedWith(await onCircuit(owner, "TerminatePhysicalConnection", circuit), "Forbidden.VbrAttached");
  succeeded(await unassociate(id, second));
  succeeded(await onCircuit(owner, "TerminatePhysicalConnection", second));
});

test("a router with other circuits is deleted when it is on its first alone", async () => {
  const id = await routerOn(owner, await newCircuit(), 10);
  const second = await newCircuit();
  succeeded(await associate(owner, id, second, 20));
  await refusedUnchanged(server, () => onRouter(owner, "DeleteVirtualBorderRouter", id), {
    code: "InvalidStatus.NotAllowed",
    message: "The virtual border has been associated by physicalConnection.",
  });
  succeeded(await unassociate(id, second));
  succeeded(await onRouter(owner, "DeleteVirtualBorderRouter", id));
});

test("an association that cannot be is refused with its code", async () => {
  const [first, second] = [await newCircuit(), await newCircuit()];
  const id = await routerOn(owner, first, 10, ipv6Addresses);
  await routerOn(owner, second, 5);
  const down = await routerOn(owner, first, 11);
  await terminate(down);
  const ip = { code: "InvalidIP.Malformed", message: "Ip malformed." };
  const mask = { code: "InvalidPeeringSubnetMask.Malformed", message: "The specified PeeringSubnetMask is not valid." };
  const local = { code: "InvalidLocalGatewayIp.Malformed", message: "The specified LocalGatewayIp is not valid." };
  const peer = { code: "InvalidPeerGatewayIp.Malformed", message: "The specified PeerGatewayIp is not valid." };
  const apart = { code: "InvalidIp.NotSameSubnet", message: "Local gateway ip and peer gateway ip are not in the same subnet." };
  const noCircuit = { code: "InvalidPhysicalConnectionId.NotFound", message: "The specified PhysicalConnectionId is not found." };
  const otherV6 = { ...ipv6Addresses, LocalIpv6GatewayIp: "2408:4004:cc:400::11", PeerIpv6GatewayIp: "2408:4004:cc:400::12" };
  for (const [parameters, expected] of [
    [
      { VbrId: "vbr-none" },
      { code: "InvalidVbrId.NotFound", message: "The specified VirutalBorderRouter does not exist in our records.", status: 404 },
    ],
    [
      { PhysicalConnectionId: undefined },
      {
        code: "MissingParameter",
        message: "The input parameter 'PhysicalConnectionId' that is mandatory for processing this request is not supplied.",
      },
    ],
    [{ PhysicalConnectionId: "pc-none" }, noCircuit],
    [{ PhysicalConnectionId: await enabledCircuit(server, server.accepter) }, noCircuit],
    [{ VlanId: 3000 }, { code: "InvalidVlanId.Malformed", message: "The specified VlanId is not valid." }],
    [{ CircuitCode: "a\nb" }, { code: "InvalidCircuitCode.Malformed", message: "The specified CircuitCode is not valid." }],
    [{ LocalGatewayIp: "x" }, local],
    [{ LocalGatewayIp: undefined }, local],
    [{ PeerGatewayIp: "x" }, peer],
    [{ PeerGatewayIp: undefined }, peer],
    [{ PeeringSubnetMask: "x" }, mask],
    [{ PeeringSubnetMask: undefined }, mask],
    [{ PeerGatewayIp: "10.2.0.1" }, apart],
    [{ LocalIpv6GatewayIp: "x" }, ip],
    [{ PeeringIpv6SubnetMask: "x" }, ip],
    [{ EnableIpv6: true }, ip],
    [{ ...otherV6, PeerIpv6GatewayIp: "2001::1" }, apart],
    [{ VbrId: down }, { code: "InvalidStatus.NotAllowed", message: "Invalid virtual border router status." }],
    [
      { PhysicalConnectionId: first },
      { code: "InvalidParams.AlreadyExists", message: "physical connection has already associated with vbr." },
    ],
    [
      { PhysicalConnectionId: await allocatedCircuit(server, owner) },
      { code: "InvalidPhysicalConnectionId.NotEnabled", message: "The specified PhysicalConnectionId is not in Enabled state." },
    ],
    [
      { PhysicalConnectionId: await newCircuit({ AccessPointId: "ap-cn-hangzhou-yh-C" }) },
      { code: "Forbidden.NotSameAccessDevice", message: "Vbr and physicalConnection are not on the same accessDevice." },
    ],
    [
      { LocalGatewayIp: "10.0.0.1", PeerGatewayIp: "10.0.0.3" },
      { code: "Duplicated.LocalGatewayIp", message: "Vbr has conflict local gateway ip." },
    ],
    [
      { LocalGatewayIp: "10.0.0.3", PeerGatewayIp: "10.0.0.2" },
      { code: "DuplicatedParam.PeerGatewayIp", message: "Duplicated PeerGatewayIp values." },
    ],
    [
      { ...otherV6, LocalIpv6GatewayIp: "2408:4004:CC:400:0::1" },
      { code: "DuplicatedParam.LocalIpv6GatewayIp", message: "Duplicated LocalIpv6GatewayIp values." },
    ],
    [
      { ...otherV6, PeerIpv6GatewayIp: ipv6Addresses.PeerIpv6GatewayIp },
      { code: "DuplicatedParam.PeerIpv6GatewayIp", message: "Duplicated PeerIpv6GatewayIp values." },
    ],
    [{ VlanId: 5 }, taken],
    [{ VlanId: 0 }, inUse],
  ] as [Parameters, Expected][]) {
    await refusedUnchanged(server, () => associate(owner, id, second, 20, parameters), expected);
  }
});

test("a router is on four circuits at most, and counts against the quota of each", async () => {
  const id = await routerOn(owner, await newCircuit(), 10);
  for (const vlan of [20, 30, 40]) succeeded(await associate(owner, id, await newCircuit(), vlan));
  const fifth = await newCircuit();
  await refusedUnchanged(server, () => associate(owner, id, fifth, 50), {
    code: "EXCEED_ASSOCIATE_MAX_NUM",
    message: "assocaite virtual boarder num too many.",
  });
  const settings = (await server.admin("GET", "settings")).body;
  const narrow = { name: "vbrPerpConn", value: 1, account: requesterKey.account };
  await routerOn(owner, fifth, 50);
  const other = await routerOn(owner, await newCircuit(), 10);
  await server.admin("PUT", "settings", { ...settings, quotas: [...settings.quotas, narrow] });
  await refusedUnchanged(server, () => associate(owner, other, fifth, 51), {
    code: "QuotaExceeded.vbrPerpConn",
    message: "Virtual boarder router per PhysicalConnection quota exceed.",
  });
  await server.admin("PUT", "settings", settings);
  succeeded(await associate(owner, other, fifth, 51));
});

test("the bandwidth of a router on several circuits has no call", async () => {
  const id = await routerOn(owner, await newCircuit(), 10);
  const second = await newCircuit();
  succeeded(await associate(owner, id, second, 20));
  const update = (): Promise<Answer> =>
    owner.vpc("UpdateVirtualBorderBandwidth", { RegionId: hangzhou, VirtualBorderRouterId: id, Bandwidth: 100 });
  await refusedUnchanged(server, update, {
    code: "OperationUnsupported.SetMultiPconnBandwidth",
    message: "Set Multi PhysicalConnection Bandwidth Unsupported.",
  });
  succeeded(await unassociate(id, second));
  succeeded(await update());
});

test("a dissolution that cannot be is refused with its code", async () => {
  const [first, second] = [await newCircuit(), await newCircuit()];
  const id = await routerOn(owner, first, 10);
  const missing = { code: "PARAMETER_MUST_NOT_NULL", message: "The specified physical connection id or vbrId must not be null." };
  const notAssociated = {
    code: "PHYSICAL_NOT_ASSOCIATE_TO_VBR",
    message: "The specified PhysicalConnection have not associate to the vbr.",
  };
  await refusedUnchanged(server, () => unassociate(id, undefined), missing);
  await refusedUnchanged(server, () => unassociate("", first), missing);
  await refusedUnchanged(server, () => unassociate("vbr-none", first), {
    code: "InvalidVbrId.NotFound",
    message: "The specified VirutalBorderRouter does not exist in our records.",
    status: 404,
  });
  await refusedUnchanged(server, () => unassociate(id, second), notAssociated);
  await refusedUnchanged(server, () => unassociate(id, "pc-none"), notAssociated);
  await refusedUnchanged(server, () => unassociate(id, first), {
    code: "PHYSICAL_NOT_ALLOW_ASSOCIATE_VBR",
    message: "The specified operation not allow.",
  });
  succeeded(await associate(owner, id, second, 20));
  await terminate(id);
  await refusedUnchanged(server, () => unassociate(id, second), {
    code: "InvalidStatus.NotAllowed",
    message: "Invalid virtual border router status.",
  });
});

test("AssociatedPhysicalConnections changes what a router has on its circuits, each by its id", async () => {
  const [first, second] = [await newCircuit(), await newCircuit()];
  const id = await routerOn(owner, first, 10);
  succeeded(await associate(owner, id, second, 20));
  const members = (...all: unknown[]): Parameters => ({ AssociatedPhysicalConnections: JSON.stringify(all) });
  const { VlanInterfaceId } = (await associated(id))[0];
  const there = { ...ipv6Addresses, EnableIpv6: undefined, VlanId: "21", CircuitCode: "c", PhysicalConnectionId: second };
  succeeded(await modify(owner, id, { VlanId: 11, ...members({ ...there, ipv6Enable: true, LocalGatewayIp: "10.1.20.9" }) }));
  const [shown] = await associated(id);
  assert.deepEqual(
    [shown.VlanId, shown.CircuitCode, shown.EnableIpv6, shown.LocalGatewayIp, shown.PeerGatewayIp, shown.VlanInterfaceId],
    ["21", "c", true, "10.1.20.9", "10.1.20.2", VlanInterfaceId],
  );
  assert.equal((await readRouter(owner, id)).VlanId, 11);
  // The circuit that the router was created on can be named too.
  succeeded(await modify(owner, id, members({ PhysicalConnectionId: first, VlanId: 12 })));
  assert.equal((await readRouter(owner, id)).VlanId, 12);

  await routerOn(owner, second, 5);
  const illegal = {
    code: "IllegalParam.AssociatedPhysicalConnections",
    message: "The specified AssociatedPhysicalConnections is illegal.",
  };
  const local = { code: "Duplicated.LocalGatewayIp", message: "The specified LocalGatewayIps are duplicated." };
  const peer = { code: "Duplicated.PeerGatewayIp", message: "The specified PeerGatewayIp are duplicated." };
  for (const [parameters, expected] of [
    [{ AssociatedPhysicalConnections: "[" }, illegal],
    [{ AssociatedPhysicalConnections: "{}" }, illegal],
    [{ AssociatedPhysicalConnections: '["pc-1"]' }, illegal],
    [{ AssociatedPhysicalConnections: "[[]]" }, illegal],
    [{ AssociatedPhysicalConnections: '[{"PhysicalConnectionId":{}}]' }, illegal],
    [members({ VlanId: 3 }), illegal],
    [members({ PhysicalConnectionId: "pc-none", VlanId: 3 }), illegal],
    [members({ PhysicalConnectionId: second, VlanId: 3000 }), illegal],
    [members({ PhysicalConnectionId: second, LocalGatewayIp: "x" }), illegal],
    [members({ PhysicalConnectionId: second, VlanId: 3 }, { PhysicalConnectionId: second, CircuitCode: "d" }), illegal],
    [members({ PhysicalConnectionId: second, LocalGatewayIp: "10.0.0.1", PeerGatewayIp: "10.0.0.3" }), local],
    [members({ PhysicalConnectionId: second, LocalGatewayIp: "10.0.0.3", PeerGatewayIp: "10.0.0.2" }), peer],
    [members({ PhysicalConnectionId: second, VlanId: 5 }), taken],
    [members({ PhysicalConnectionId: second, VlanId: 0 }), inUse],
  ] as [Parameters, Expected][]) {
    await refusedUnchanged(server, () => modify(owner, id, parameters), expected);
  }
});

// Shared circuits

test("a router on a shared circuit has its VLAN and bandwidth, and the circuit to itself", async () => {
  const tenant = server.accepter;
  const circuit = await newCircuit();
  const shared = await enabledShared(server, owner, circuit, tenant, 77);
  await refusedUnchanged(server, () => requestRouter(tenant, shared, 78), {
    code: "InvalidVlanId.Malformed",
    message: "The specified VlanId is not valid.",
  });
  await refusedUnchanged(server, () => requestRouter(tenant, shared, 77, { Bandwidth: 100 }), {
    code: "OperationFailed.NotConsistentWithVpconn",
    message: "VBR bandwidth is not consistent with vpconn",
  });
  const forOther = { LocalGatewayIp: undefined, PeerGatewayIp: undefined, PeeringSubnetMask: undefined, VbrOwnerId: requesterKey.account };
  await refusedUnchanged(server, () => requestRouter(tenant, shared, 77, forOther), {
    code: "OperationDenied.VPconn",
    message: "Vpconn is forbidden to create vbr for another account.",
  });
  const id = await routerOn(tenant, shared, 77);
  const { VlanId, Bandwidth, PhysicalConnectionId, PhysicalConnectionOwnerUid } = await readRouter(tenant, id);
  assert.deepEqual([VlanId, Bandwidth, PhysicalConnectionId, PhysicalConnectionOwnerUid], [77, 50, shared, tenant.key.account]);
  // The partner has no say in it.
  assert.equal(await routerStatus(owner, id), "");
  await refusedUnchanged(server, () => requestRouter(tenant, shared, 77), {
    code: "OperationFailed.VirtualPhysicalConnectionExistVBR",
    message: "The virtual physical connect has already created another VBR.",
  });
  const onShared = {
    code: "OperationDenied.VBRAssociateVPconn",
    message: "The operation is not allowed because of VBRAssociateVPconn.",
  };
  await refusedUnchanged(server, () => modify(tenant, id, { VlanId: 78 }), onShared);
  await refusedUnchanged(server, () => modify(tenant, id, { Bandwidth: 100 }), onShared);
  succeeded(await modify(tenant, id, { VlanId: 77, Bandwidth: 50, Name: "on-shared" }));
  const update = { RegionId: hangzhou, VirtualBorderRouterId: id, Bandwidth: 100 };
  await refusedUnchanged(server, () => tenant.vpc("UpdateVirtualBorderBandwidth", update), {
    code: "OperationFailed.Vpconn",
    message: "The operation is failed because of Vpconn.",
  });
  const notAllowed = { code: "PHYSICAL_NOT_ALLOW_ASSOCIATE_VBR", message: "The specified operation not allow." };
  const dedicated = await enabledCircuit(server, tenant);
  const free = await enabledShared(server, owner, circuit, tenant, 79);
  const onDedicated = await routerOn(tenant, dedicated, 1);
  await refusedUnchanged(server, () => associate(tenant, id, dedicated, 2), notAllowed);
  await refusedUnchanged(server, () => associate(tenant, onDedicated, free, 79), notAllowed);
});

test("a shared circuit that the tenant has not accepted carries no router", async () => {
  const circuit = await newCircuit();
  const offered = succeeded(await requestShared(owner, circuit, server.accepter, 80)).body.VirtualPhysicalConnection;
  await refusedUnchanged(server, () => requestRouter(server.accepter, offered, 80), {
    code: "IncorrectStatus.VirtualPhysicalConnection",
    message: `The status of PhysicalConnection [${offered}] is incorrect.`,
  });
});
