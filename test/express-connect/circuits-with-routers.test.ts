import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { associate, onRouter, readRouter, requestRouter, routerOn } from "./border-routers.ts";
import { circuitStatus, enabledCircuit, enabledShared, offeredShared, onCircuit, order, readCircuit, requestShared } from "./circuits.ts";

/** Circuits and shared circuits with virtual border routers on them: what the routers keep in being, and the VLANs that they have. */

let server: InProcessServer;
let partner: Caller;
let tenant: Caller;
before(async () => {
  server = await startServer();
  const quotas = ["freePconnPerAP", "vbrPerpConn", "freevbr"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas });
  partner = server.requester;
  tenant = server.accepter;
});
after(() => server.stop());

const newCircuit = (): Promise<string> => enabledCircuit(server, partner);
/** Changes a router, and waits until it is done. */
const change = async (owner: Caller, action: string, id: string, parameters: Parameters = {}): Promise<void> => {
  succeeded(await onRouter(owner, action, id, parameters));
  await server.advance();
};
const update = (InstanceId: string, VlanId: number, parameters: Parameters = {}): Promise<Answer> =>
  partner.vpc("UpdateVirtualPhysicalConnection", { RegionId: hangzhou, InstanceId, VlanId, ...parameters });

const attached: Expected = {
  code: "Forbidden.VbrAttached",
  message: "Cannot terminate physical connection when virtual border routers are still attached.",
};
const routerExists: Expected = { code: "Forbidden.VBRExists", message: "physical connection owner's vbr still exists." };
const routerAssociated: Expected = { code: "Forbidden.AssociateToVBR", message: "The physical connection still associate to VBR." };
const vlanTaken: Expected = {
  code: "VLAN_ID_HAS_BEEN_USED_IN_PHYSICAL_CONNECTION",
  message: "vlan id has been used in physical connection",
};

test("a circuit with a router that was created on it is neither taken out of use nor deleted", async () => {
  const circuit = await newCircuit();
  const router = await routerOn(partner, circuit, 1);
  await refusedUnchanged(server, () => onCircuit(partner, "TerminatePhysicalConnection", circuit), attached);
  await refusedUnchanged(server, () => onCircuit(partner, "DeletePhysicalConnection", circuit), routerExists);
  await change(partner, "TerminateVirtualBorderRouter", router);
  await refusedUnchanged(server, () => onCircuit(partner, "TerminatePhysicalConnection", circuit), attached);
  await change(partner, "DeleteVirtualBorderRouter", router);
  succeeded(await onCircuit(partner, "TerminatePhysicalConnection", circuit));
});

test("no more is a circuit with which a router is associated", async () => {
  const [first, second] = [await newCircuit(), await newCircuit()];
  const router = await routerOn(partner, first, 1);
  succeeded(await associate(partner, router, second, 2));
  await refusedUnchanged(server, () => onCircuit(partner, "TerminatePhysicalConnection", second), attached);
  await refusedUnchanged(server, () => onCircuit(partner, "DeletePhysicalConnection", second), routerAssociated);
  await refusedUnchanged(server, () => requestShared(partner, second, tenant, 2), vlanTaken);
  await change(partner, "UnassociatePhysicalConnectionFromVirtualBorderRouter", router, { PhysicalConnectionId: second });
  succeeded(await requestShared(partner, second, tenant, 2));
});

test("a shared circuit with the tenant's router stays in use, whichever side asks", async () => {
  const circuit = await newCircuit();
  const shared = await enabledShared(server, partner, circuit, tenant, 5);
  const router = await routerOn(tenant, shared, 5);
  for (const side of [partner, tenant]) {
    await refusedUnchanged(server, () => onCircuit(side, "TerminatePhysicalConnection", shared), attached);
  }
  await refusedUnchanged(server, () => onCircuit(tenant, "DeletePhysicalConnection", shared), routerExists);
  await change(tenant, "DeleteVirtualBorderRouter", router);
  succeeded(await onCircuit(partner, "TerminatePhysicalConnection", shared));
});

test("routers and shared circuits of a circuit have VLANs of their own", async () => {
  const circuit = await newCircuit();
  await routerOn(partner, circuit, 1);
  await refusedUnchanged(server, () => requestShared(partner, circuit, tenant, 1), vlanTaken);
  const shared = await offeredShared(partner, circuit, tenant, 2);
  await refusedUnchanged(server, () => update(shared, 1), { code: "IllegalParam.VlanId", message: "The param of VlanId is illegal." });
  refusedWith(await requestRouter(partner, circuit, 2), "InvalidVlanId.Used");
  succeeded(await update(shared, 3));
  await routerOn(partner, circuit, 2);
});

test("a router on VLAN 0 has the circuit alone, and beside a shared circuit there is none", async () => {
  const [first, second] = [await newCircuit(), await newCircuit()];
  await routerOn(partner, first, 0);
  refusedWith(await requestShared(partner, first, tenant, 1), "OperationFailed.PconnAllocateVlan0");
  await offeredShared(partner, second, tenant, 1);
  refusedWith(await requestRouter(partner, second, 0), "OperationFailed.PconnAllocateVlan0");
});

test("a router that is out of use keeps its VLAN for seven days", async () => {
  const circuit = await newCircuit();
  const router = await routerOn(partner, circuit, 9);
  await change(partner, "TerminateVirtualBorderRouter", router);
  await refusedUnchanged(server, () => requestShared(partner, circuit, tenant, 9), vlanTaken);
  const days = 86_400;
  // The router began to be out of use within the last half minute.
  await server.advance(7 * days - 60);
  await refusedUnchanged(server, () => requestShared(partner, circuit, tenant, 9), vlanTaken);
  await server.advance(60);
  succeeded(await requestShared(partner, circuit, tenant, 9));
});

test("a shared circuit moves to no other VLAN while a router is on it, but may get another specification", async () => {
  const circuit = await newCircuit();
  const shared = await enabledShared(server, partner, circuit, tenant, 1);
  const router = await routerOn(tenant, shared, 1);
  await refusedUnchanged(server, () => update(shared, 2), { code: "IncorrectStatus.VBR", message: "The status of VBR is incorrect." });
  succeeded(await update(shared, 1, { ExpectSpec: "100M" }));
  assert.equal((await readCircuit(tenant, shared)).ExpectSpec, "100M");
  succeeded(await order(tenant, shared));
  assert.equal((await readRouter(tenant, router)).Bandwidth, 100);
  await change(tenant, "DeleteVirtualBorderRouter", router);
  succeeded(await update(shared, 2));
  assert.equal(await circuitStatus(tenant, shared), "Enabled");
});

test("a circuit does not become narrower than a router on it", async () => {
  const circuit = await newCircuit();
  await routerOn(partner, circuit, 1, { Bandwidth: 500 });
  const narrow = (bandwidth: number): Promise<Answer> => onCircuit(partner, "ModifyPhysicalConnectionAttribute", circuit, { bandwidth });
  await refusedUnchanged(server, () => narrow(499), { code: "InvalidBandwidth", message: "invalid physical connection banwidth." });
  succeeded(await narrow(500));
});
