import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { virtualNow } from "../vpn/support.ts";
import {
  addresses,
  associate,
  ipv6Addresses,
  listRouters,
  modify,
  nextVlan,
  onRouter,
  readRouter,
  requestRouter,
  routerFor,
  routerStatus,
} from "./border-routers.ts";
import { enabledCircuit, filtered } from "./circuits.ts";

/** Routers on another account's circuit: what the circuit's owner does, what the router's, and what neither. */

let server: InProcessServer;
/** Owns circuits. */
let carrier: Caller;
/** Owns the routers on them. */
let tenant: Caller;
let circuit: string;
before(async () => {
  server = await startServer();
  const quotas = ["vbrPerpConn", "freevbr", "freePconnPerAP"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas });
  ({ requester: carrier, accepter: tenant } = server);
  circuit = await enabledCircuit(server, carrier);
});
after(() => server.stop());

const unconfirmed = (): Promise<string> => routerFor(tenant, carrier, circuit);
async function confirmed(): Promise<string> {
  const id = await unconfirmed();
  succeeded(await modify(tenant, id, addresses));
  return id;
}
const notAllowed = (what: string): Expected => ({
  code: `Forbidden.${what}NotAllowedByCaller`,
  message: `The caller is not allowed to specify the ${what} parameter.`,
  status: 403,
});
/** What only the router's owner says, with the refusal of others. */
const ownersWords: readonly (readonly [Parameters, Expected])[] = [
  [{ LocalGatewayIp: "10.0.0.1" }, notAllowed("LocalGatewayIp")],
  [{ PeerGatewayIp: "10.0.0.2" }, notAllowed("PeerGatewayIp")],
  [{ PeeringSubnetMask: "255.255.255.0" }, notAllowed("PeeringSubnetMask")],
  [{ LocalIpv6GatewayIp: ipv6Addresses.LocalIpv6GatewayIp }, notAllowed("LocalGatewayIp")],
  [{ PeerIpv6GatewayIp: ipv6Addresses.PeerIpv6GatewayIp }, notAllowed("PeerGatewayIp")],
  [{ PeeringIpv6SubnetMask: ipv6Addresses.PeeringIpv6SubnetMask }, notAllowed("PeeringSubnetMask")],
  [{ Name: "mine" }, notAllowed("Name")],
  [{ Description: "mine" }, notAllowed("Description")],
];

test("a router for another account is unconfirmed until its owner gives it its addresses", async () => {
  const id = await unconfirmed();
  for (const party of [carrier, tenant]) {
    const { Status, ActivationTime, LocalGatewayIp, PhysicalConnectionOwnerUid } = await readRouter(party, id);
    assert.deepEqual([Status, ActivationTime, LocalGatewayIp, PhysicalConnectionOwnerUid], ["unconfirmed", "", "", carrier.key.account]);
  }
  succeeded(await modify(tenant, id, { Name: "named-first" }));
  assert.equal(await routerStatus(tenant, id), "unconfirmed");
  await refusedUnchanged(server, () => modify(tenant, id, { LocalGatewayIp: "10.0.0.1", PeerGatewayIp: "10.0.0.2" }), {
    code: "MissingParameter",
    message: "LocalGatewayIp, peerGatewayIp and peeringSubnetMask must not be null.",
  });
  const confirmedAt = `${new Date(await virtualNow(server)).toISOString().slice(0, 19)}Z`;
  succeeded(await modify(tenant, id, addresses));
  for (const party of [carrier, tenant]) {
    const { Status, ActivationTime, Name, LocalGatewayIp } = await readRouter(party, id);
    assert.deepEqual([Status, ActivationTime, Name, LocalGatewayIp], ["active", confirmedAt, "named-first", "10.0.0.1"]);
  }
});

test("whoever makes a router for another account says nothing that is that account's to say", async () => {
  const VbrOwnerId = tenant.key.account;
  const bare = { LocalGatewayIp: undefined, PeerGatewayIp: undefined, PeeringSubnetMask: undefined, VbrOwnerId };
  for (const [parameters, expected] of ownersWords) {
    await refusedUnchanged(server, () => requestRouter(carrier, circuit, 1, { ...bare, ...parameters }), expected);
  }
  succeeded(await requestRouter(carrier, circuit, 1, { ...bare, CircuitCode: "longtel001", Bandwidth: 50 }));
});

test("the circuit's owner changes VLAN and circuit code, the router's owner what is its own, and neither the other's", async () => {
  const [id, vlan] = [await confirmed(), nextVlan()];
  for (const [parameters, expected] of ownersWords) await refusedUnchanged(server, () => modify(carrier, id, parameters), expected);
  succeeded(await modify(carrier, id, { VlanId: vlan, CircuitCode: "longtel002" }));
  await refusedUnchanged(server, () => modify(tenant, id, { VlanId: vlan }), {
    code: "Forbidden.VlanIdNotAllowedByCaller",
    message: "The caller is not allowed to specify the VlanId.",
    status: 403,
  });
  await refusedUnchanged(server, () => modify(tenant, id, { CircuitCode: "other" }), {
    code: "Forbidden.CircuitCodeNotAllowedByCaller",
    message: "The caller is not allowed to modify.",
    status: 403,
  });
  succeeded(await modify(tenant, id, { Name: "tenants", Description: "the tenant's", ...ipv6Addresses }));
  const { VlanId, CircuitCode, Name, EnableIpv6 } = await readRouter(carrier, id);
  assert.deepEqual([VlanId, CircuitCode, Name, EnableIpv6], [vlan, "longtel002", "tenants", true]);
});

test("only the circuit's owner takes a router out of use and back", async () => {
  const id = await confirmed();
  const refused = (verb: string): Expected => ({
    code: `Forbidden.Operation${verb}NotAllowedByUser`,
    message: `The caller is not allowed to ${verb.toLowerCase()} the specified VirtualBorderRouter.`,
    status: 403,
  });
  await refusedUnchanged(server, () => onRouter(tenant, "TerminateVirtualBorderRouter", id), refused("Terminate"));
  succeeded(await onRouter(carrier, "TerminateVirtualBorderRouter", id));
  await server.advance();
  await refusedUnchanged(server, () => onRouter(tenant, "RecoverVirtualBorderRouter", id), refused("Recover"));
  succeeded(await onRouter(carrier, "RecoverVirtualBorderRouter", id));
  await server.advance();
  assert.equal(await routerStatus(tenant, id), "active");
});

test("the circuit's owner deletes a router of another account while it is unconfirmed, its owner always", async () => {
  const early = await unconfirmed();
  succeeded(await onRouter(carrier, "DeleteVirtualBorderRouter", early));
  const declined = await unconfirmed();
  succeeded(await onRouter(tenant, "DeleteVirtualBorderRouter", declined));
  const late = await confirmed();
  await refusedUnchanged(server, () => onRouter(carrier, "DeleteVirtualBorderRouter", late), {
    code: "Forbidden.OperationDeleteNotAllowedByUser",
    message: "The caller is not allowed to delete the specified VirtualBorderRouter.",
    status: 403,
  });
  succeeded(await onRouter(tenant, "DeleteVirtualBorderRouter", late));
  await server.advance();
  for (const id of [early, declined, late]) {
    assert.equal(await routerStatus(carrier, id), "");
    assert.equal(await routerStatus(tenant, id), "");
  }
});

test("what others make for an account does not use up its quota of routers without an interface", async () => {
  const own = await enabledCircuit(server, tenant);
  const settings = (await server.admin("GET", "settings")).body;
  const none = { name: "freevbr", value: 0, account: tenant.key.account };
  await server.admin("PUT", "settings", { ...settings, quotas: [...settings.quotas, none] });
  await unconfirmed();
  await refusedUnchanged(server, () => requestRouter(tenant, own, 1), {
    code: "QuotaExceeded.freevbr",
    message: "Free virtual boarder router quota exceed.",
  });
  await server.admin("PUT", "settings", settings);
  succeeded(await requestRouter(tenant, own, 1));
});

test("the circuit's owner sees the routers of others when it asks for them, and who is no party sees none", async () => {
  const id = await confirmed();
  const finds = async (caller: Caller, parameters: Parameters): Promise<boolean> => {
    const { VirtualBorderRouterSet } = await listRouters(caller, { ...filtered(["VbrId", id]), ...parameters });
    return VirtualBorderRouterSet.VirtualBorderRouterType.length === 1;
  };
  assert.equal(await finds(carrier, {}), false);
  assert.equal(await finds(carrier, { IncludeCrossAccountVbr: false }), false);
  assert.equal(await finds(carrier, { IncludeCrossAccountVbr: true }), true);
  assert.equal(await finds(tenant, {}), true);
  const stranger = await server.stranger();
  assert.equal(await finds(stranger, { IncludeCrossAccountVbr: true }), false);
  await refusedUnchanged(server, () => modify(stranger, id, { Name: "mine" }), {
    code: "InvalidVbrId.NotFound",
    message: "The specified VirutalBorderRouter is not found.",
  });
});

test("the route table of a router is its owner's alone", async () => {
  const { RouteTableId } = await readRouter(tenant, await confirmed());
  const tables = async (caller: Caller): Promise<number> => {
    const list = { RegionId: hangzhou, RouterType: "VBR", RouteTableId };
    return succeeded(await caller.vpc("DescribeRouteTableList", list)).body.TotalCount;
  };
  assert.equal(await tables(tenant), 1);
  assert.equal(await tables(carrier), 0);
});

test("the circuit's owner puts another's router on a second circuit, and its owner gives it its addresses there", async () => {
  const id = await confirmed();
  const second = await enabledCircuit(server, carrier);
  const third = await enabledCircuit(server, tenant);
  const bare = { LocalGatewayIp: undefined, PeerGatewayIp: undefined, PeeringSubnetMask: undefined };
  for (const [name, value] of [
    ["LocalGatewayIp", "10.1.0.1"],
    ["PeerGatewayIp", "10.1.0.2"],
    ["PeeringSubnetMask", "255.255.255.0"],
  ] as const) {
    await refusedUnchanged(server, () => associate(carrier, id, second, 5, { ...bare, [name]: value }), notAllowed(name));
  }
  succeeded(await associate(carrier, id, second, 5, bare));
  const there = { PhysicalConnectionId: second, LocalGatewayIp: "10.1.0.1", PeerGatewayIp: "10.1.0.2", PeeringSubnetMask: "255.255.255.0" };
  const members = (...all: object[]): Parameters => ({ AssociatedPhysicalConnections: JSON.stringify(all) });
  await refusedUnchanged(server, () => modify(carrier, id, members(there)), notAllowed("LocalGatewayIp"));
  await refusedUnchanged(server, () => modify(tenant, id, members({ ...there, VlanId: 6 })), {
    code: "Forbidden.VlanIdNotAllowedByCaller",
    message: "The caller is not allowed to specify the VlanId.",
    status: 403,
  });
  succeeded(await modify(tenant, id, members(there)));
  succeeded(await modify(carrier, id, members({ PhysicalConnectionId: second, VlanId: 6 })));
  succeeded(await associate(tenant, id, third, 7));
  const { AssociatedPhysicalConnections } = await readRouter(tenant, id);
  assert.deepEqual(
    AssociatedPhysicalConnections.AssociatedPhysicalConnection.map((one: any) => [
      one.PhysicalConnectionId,
      one.PhysicalConnectionOwnerUid,
      one.VlanId,
      one.LocalGatewayIp,
    ]),
    [
      [second, carrier.key.account, "6", "10.1.0.1"],
      [third, tenant.key.account, "7", "10.1.7.1"],
    ],
  );
  // The carrier sees the router, but of its circuits only its own.
  const seen = (await readRouter(carrier, id)).AssociatedPhysicalConnections.AssociatedPhysicalConnection;
  assert.deepEqual(
    seen.map(({ PhysicalConnectionId }: any) => PhysicalConnectionId),
    [second],
  );
  const found = async (caller: Caller, circuitId: string): Promise<number> =>
    (await listRouters(caller, { IncludeCrossAccountVbr: true, ...filtered(["PhysicalConnectionId", circuitId]) })).TotalCount;
  assert.deepEqual([await found(carrier, second), await found(carrier, third), await found(tenant, third)], [1, 0, 1]);
  // It has no say in what is between the tenant's own two.
  const unassociate = (caller: Caller, PhysicalConnectionId: string) => (): Promise<Answer> =>
    onRouter(caller, "UnassociatePhysicalConnectionFromVirtualBorderRouter", id, { PhysicalConnectionId });
  await refusedUnchanged(server, unassociate(carrier, third), {
    code: "Forbidden.OperationNotAllowed",
    message: "The caller must be PhysicalConnection or VirtualBorderRouter's owner.",
  });
  succeeded(await unassociate(carrier, second)());
  succeeded(await unassociate(tenant, third)());
  assert.deepEqual((await readRouter(tenant, id)).AssociatedPhysicalConnections.AssociatedPhysicalConnection, []);
});
