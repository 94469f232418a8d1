import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { dryRunPassed, type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "../vpn/support.ts";
import {
  allocatedCircuit,
  circuitStatus,
  enabledCircuit,
  enabledShared,
  initialCircuit,
  listShared,
  offeredShared,
  onCircuit,
  order,
  readCircuit,
  readShared,
  requestShared,
  yuhang,
} from "./circuits.ts";

/** Circuits that a partner shares with tenants: offered, accepted, paid for, changed, taken out of use and into it again. */

let server: InProcessServer;
let partner: Caller;
let tenant: Caller;
/** A circuit of the partner with 10 Gbit/s; each test takes VLANs of its own. */
let circuit: string;
let vlan = 0;
const nextVlan = (): number => (vlan += 1);
const manyCircuits = { name: "freePconnPerAP", value: 1000 };

before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: [manyCircuits] });
  partner = server.requester;
  tenant = server.accepter;
  circuit = await enabledCircuit(server, partner, { PortType: "40GBase-LR", PeerLocation: "the partner's", CircuitCode: "code-1" });
});
after(() => server.stop());

const partnerPays = { OrderMode: "PayByPhysicalConnectionOwner" };
const newCircuit = (parameters: Parameters = {}): Promise<string> => enabledCircuit(server, partner, parameters);
const offered = (parameters: Parameters = {}): Promise<string> => offeredShared(partner, circuit, tenant, nextVlan(), parameters);
const enabled = (parameters: Parameters = {}): Promise<string> => enabledShared(server, partner, circuit, tenant, nextVlan(), parameters);
const update = (caller: Caller, InstanceId: string, VlanId: number, parameters: Parameters = {}): Promise<Answer> =>
  caller.vpc("UpdateVirtualPhysicalConnection", { RegionId: hangzhou, InstanceId, VlanId, ...parameters });
const recover = (caller: Caller, InstanceId: string, parameters: Parameters = {}): Promise<Answer> =>
  caller.vpc("RecoverPhysicalConnection", { RegionId: hangzhou, InstanceId, ...parameters });
const patch = async (id: string, fields: object): Promise<void> => {
  assert.equal((await server.admin("PATCH", `resources/${id}`, fields)).status, 200);
};
const utc = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
/** Runs a test under other settings. */
async function withSettings(settings: object, work: () => Promise<void>): Promise<void> {
  await server.admin("PUT", "settings", settings);
  try {
    await work();
  } finally {
    await server.admin("PUT", "settings", { quotas: [manyCircuits] });
  }
}

const needsTenant: Expected = { code: "OperationDenied.NeedVpconnOwner", message: "The operation is denied." };
const needsPartner: Expected = { code: "OperationDenied.NeedPconnOwner", message: "The operation is denied." };
const notAllowed: Expected = { code: "Forbidden.NotAllowedInState", message: "The request does not allow in this state." };
const notFound: Expected = {
  code: "InvalidPhysicalConnectionId.NotFound",
  message: "The PhysicalConnectionId provided does not exist in our records.",
  status: 404,
};
const vlanTaken: Expected = {
  code: "VLAN_ID_HAS_BEEN_USED_IN_PHYSICAL_CONNECTION",
  message: "vlan id has been used in physical connection",
};
const noBandwidth: Expected = { code: "ResourceNotEnough.Bandwidth", message: "The specified resource of Bandwidth is not enough." };
const vlanIllegal: Expected = { code: "IllegalParam.VlanId", message: "The param of VlanId is illegal." };
const mayNotShare: Expected = {
  code: "OperationDenied.CreateVpconn",
  message: "You are not allowed to create virtual physical connection. Please contact your CBM.",
};

// Both accounts

test("a shared circuit is the tenant's, and the partner reads it among those on its circuits, each field of its type", async () => {
  const createdAt = await virtualNow(server);
  const VlanId = nextVlan();
  const { body } = succeeded(
    await requestShared(partner, circuit, tenant, VlanId, {
      Name: "shared",
      Description: "for a tenant",
      Tag: [{ Key: "for", Value: "them" }],
    }),
  );
  assert.deepEqual(Object.keys(body).sort(), ["RequestId", "VirtualPhysicalConnection"]);
  const id = body.VirtualPhysicalConnection;
  assert.match(id, /^pc-bp1[a-z0-9]{18}$/);
  const expected = {
    AccessPointId: yuhang,
    AdLocation: "杭州",
    Bandwidth: 50,
    BusinessStatus: "Normal",
    ChargeType: "",
    CircuitCode: "code-1",
    CreationTime: utc(createdAt),
    Description: "for a tenant",
    EnabledTime: "",
    EndTime: "",
    ExpectSpec: "",
    LineOperator: "CT",
    LoaStatus: "",
    Name: "shared",
    OrderMode: "PayByVirtualPhysicalConnectionOwner",
    ParentPhysicalConnectionId: circuit,
    PeerLocation: "the partner's",
    PhysicalConnectionId: id,
    PortNumber: "",
    PortType: "40GBase-LR",
    ProductType: "VirtualPhysicalConnection",
    RedundantPhysicalConnectionId: "",
    Spec: "50M",
    Status: "Allocated",
    Type: "VPC",
    VlanId: String(VlanId),
  };
  assert.deepEqual(await readShared(partner, id), {
    ...expected,
    AliUid: tenant.key.account,
    ParentPhysicalConnectionAliUid: partner.key.account,
    ResourceGroupId: await groupId(partner),
    Tags: [{ Key: "for", Value: "them" }],
    VirtualPhysicalConnectionStatus: "UnConfirmed",
  });
  const own = await readCircuit(tenant, id);
  for (const [name, value] of Object.entries(expected)) assert.equal(own[name], value, name);
  assert.deepEqual(
    [own.ParentPhysicalConnectionAliUid, own.ResourceGroupId, own.Tags, own.VpconnStatus],
    [Number(partner.key.account), await groupId(tenant), { tags: [] }, "UnConfirmed"],
  );
  assert.equal(await readCircuit(partner, id), undefined);
  assert.equal(await readShared(tenant, id), undefined);
  assert.equal((await readCircuit(partner, circuit)).VirtualPhysicalConnectionCount, 1);
});

test("partner and tenant walk a shared circuit through its life, through the official SDK", async () => {
  const [ofPartner, ofTenant] = [sdkOf(server, requesterKey), sdkOf(server, accepterKey)];
  const VlanId = nextVlan();
  const { virtualPhysicalConnection = "" } = await ask(ofPartner, "createVirtualPhysicalConnection", {
    regionId: hangzhou,
    physicalConnectionId: circuit,
    orderMode: "PayByVirtualPhysicalConnectionOwner",
    spec: "100M",
    vlanId: VlanId,
    vpconnAliUid: Number(tenant.key.account),
  });
  const on = { regionId: hangzhou, physicalConnectionId: virtualPhysicalConnection };
  const listed = async (): Promise<(string | undefined)[]> => {
    const { virtualPhysicalConnections } = await ask(ofPartner, "listVirtualPhysicalConnections", {
      regionId: hangzhou,
      virtualPhysicalConnectionIds: [virtualPhysicalConnection],
    });
    return (virtualPhysicalConnections ?? []).flatMap((one) => [one.status, one.virtualPhysicalConnectionStatus, one.spec, one.expectSpec]);
  };
  assert.deepEqual(await listed(), ["Allocated", "UnConfirmed", "100M", ""]);
  await ask(ofTenant, "confirmPhysicalConnection", on);
  assert.deepEqual(await listed(), ["Confirmed", "Confirmed", "100M", ""]);
  const paid = { ...on, instanceChargeType: "PrePaid", autoPay: true };
  await ask(ofTenant, "createPhysicalConnectionOccupancyOrder", paid);
  await server.advance();
  assert.deepEqual(await listed(), ["Enabled", "Confirmed", "100M", ""]);
  const { success } = await ask(ofPartner, "updateVirtualPhysicalConnection", {
    regionId: hangzhou,
    instanceId: virtualPhysicalConnection,
    vlanId: VlanId,
    expectSpec: "200M",
  });
  assert.equal(success, "true");
  assert.deepEqual(await listed(), ["Enabled", "Confirmed", "100M", "200M"]);
  await ask(ofTenant, "createPhysicalConnectionOccupancyOrder", paid);
  assert.deepEqual(await listed(), ["Enabled", "Confirmed", "200M", ""]);
  assert.equal((await readCircuit(tenant, virtualPhysicalConnection)).Bandwidth, 200);
  await ask(ofTenant, "terminatePhysicalConnection", on);
  await server.advance();
  assert.deepEqual(await listed(), ["Terminated", "Confirmed", "200M", ""]);
  await ask(ofTenant, "recoverPhysicalConnection", { regionId: hangzhou, instanceId: virtualPhysicalConnection });
  assert.deepEqual(await listed(), ["Enabled", "Confirmed", "200M", ""]);
  await ask(ofTenant, "terminatePhysicalConnection", on);
  await server.advance();
  await ask(ofTenant, "deletePhysicalConnection", on);
  assert.deepEqual([await listed(), await circuitStatus(tenant, virtualPhysicalConnection)], [[], ""]);
});

test("a partner can share a circuit with itself, and both lists have it once", async () => {
  const id = await offeredShared(partner, circuit, partner, nextVlan());
  assert.equal((await readCircuit(partner, id)).ProductType, "VirtualPhysicalConnection");
  assert.equal((await readShared(partner, id)).AliUid, partner.key.account);
  succeeded(await onCircuit(partner, "ConfirmPhysicalConnection", id));
  succeeded(await order(partner, id));
  await server.advance();
  succeeded(await onCircuit(partner, "TerminatePhysicalConnection", id));
  await server.advance();
  succeeded(await onCircuit(partner, "DeletePhysicalConnection", id));
});

// Offering

test("what the partner pays for is in use as soon as the tenant accepts", async () => {
  const id = await offered(partnerPays);
  const now = await virtualNow(server);
  succeeded(await onCircuit(tenant, "ConfirmPhysicalConnection", id));
  assert.deepEqual([await circuitStatus(tenant, id), (await readCircuit(tenant, id)).VpconnStatus], ["Confirmed", "Confirmed"]);
  await server.advance();
  const read = await readCircuit(tenant, id);
  assert.deepEqual([read.Status, read.EnabledTime, read.OrderMode], ["Enabled", utc(now), "PayByPhysicalConnectionOwner"]);
});

test("the values that an offer can have are those documented", async () => {
  const parent = await newCircuit({ PortType: "100GBase-LR" });
  const specs = {
    "50M": 50,
    "100M": 100,
    "200M": 200,
    "300M": 300,
    "400M": 400,
    "500M": 500,
    "1G": 1000,
    "2G": 2000,
    "5G": 5000,
    "8G": 8000,
    "10G": 10_000,
  };
  let VlanId = 2999;
  for (const [Spec, bandwidth] of Object.entries(specs)) {
    const id = await offeredShared(partner, parent, tenant, VlanId, { Spec });
    const read = await readShared(partner, id);
    assert.deepEqual([read.Spec, read.Bandwidth, read.VlanId], [Spec, bandwidth, String(VlanId)]);
    VlanId -= 1;
  }
});

const malformed: readonly [what: string, Parameters, code: string, message: string][] = [
  [
    "no circuit",
    { PhysicalConnectionId: "" },
    "MissingParameter",
    "The input parameter 'PhysicalConnectionId' that is mandatory for processing this request is not supplied.",
  ],
  ["no specification", { Spec: "" }, "MissingParam.Spec", "The param of Spec is missing."],
  ["a specification that is none", { Spec: "4G" }, "IllegalParam.Spec", "The param of Spec is illegal."],
  ["a VLAN beyond 2999", { VlanId: 3000 }, "IllegalParam.VlanId", "The param of VlanId is illegal."],
  ["a VLAN that is no number", { VlanId: "x" }, "InvalidVlanId.Malformed", "The specified VlanId is not valid."],
  ["a VLAN below 0", { VlanId: -1 }, "InvalidVlanId.Malformed", "The specified VlanId is not valid."],
  ["an order mode that is none", { OrderMode: "x" }, "IllegalParam.OrderMode", "The param of OrderMode is illegal."],
  ["a tenant that is no number", { VpconnAliUid: "x" }, "IllegalParam.VpconnAliUid", "The specified AliUid of Vpconn is illegal."],
  [
    "a tenant that does not exist",
    { VpconnAliUid: "1999999999999999" },
    "IllegalParam.VpconnAliUid",
    "The specified AliUid of Vpconn is illegal.",
  ],
  ["a name of one letter", { Name: "a" }, "InvalidName.Malformed", "The specified Name is not valid."],
  ["an address for a description", { Description: "https://x" }, "InvalidDescription.Malformed", "The specified Description is not valid."],
  ["a group that is none", { ResourceGroupId: "rg-none" }, "IllegalParam.ResourceGroupId", "Invalid ResourceGroupld value."],
  ["a tag twice", { Tag: [{ Key: "a" }, { Key: "a" }] }, "Forbidden.TagKey.Duplicated", "The specified tag key already exists."],
];
for (const [what, parameters, code, message] of malformed) {
  test(`an offer with ${what} is refused`, () =>
    refusedUnchanged(server, () => requestShared(partner, circuit, tenant, nextVlan(), parameters), { code, message }));
}

test("only a circuit that is Enabled and not itself shared can be shared, by its owner", async () => {
  const missing = { code: "InvalidPhysicalConnectionId.NotFound", message: "The specified PhysicalConnectionId is not found." };
  for (const id of ["pc-none", await enabledCircuit(server, tenant)]) {
    await refusedUnchanged(server, () => requestShared(partner, id, tenant, nextVlan()), missing);
  }
  const notEnabled = {
    code: "InvalidPhysicalConnectionId.NotEnabled",
    message: "The specified PhysicalConnectionId is not in Enabled state.",
  };
  for (const id of [await initialCircuit(partner), await allocatedCircuit(server, partner)]) {
    await refusedUnchanged(server, () => requestShared(partner, id, tenant, nextVlan()), notEnabled);
  }
  const shared = await enabled();
  await refusedUnchanged(server, () => requestShared(tenant, shared, partner, nextVlan()), {
    code: "ResourceNotFound.PhysicalConnectionId",
    message: `The specified PhysicalConnectionId [${shared}] is not found.`,
  });
});

test("a VLAN belongs to one shared circuit of a circuit until that is deleted", async () => {
  const [one, other] = [await newCircuit(), await newCircuit()];
  const shared = await enabledShared(server, partner, one, tenant, 100);
  const again = (): Promise<Answer> => requestShared(partner, one, tenant, 100);
  await refusedUnchanged(server, again, vlanTaken);
  succeeded(await requestShared(partner, other, tenant, 100));
  succeeded(await onCircuit(tenant, "TerminatePhysicalConnection", shared));
  await server.advance();
  await refusedUnchanged(server, again, vlanTaken);
  succeeded(await onCircuit(tenant, "DeletePhysicalConnection", shared));
  succeeded(await again());
});

test("who has VLAN 0 has the circuit alone", async () => {
  const parent = await newCircuit();
  const alone = { code: "OperationFailed.PconnAllocateVlan0", message: "The operation is failed because of PconnAllocatedResource." };
  const first = await offeredShared(partner, parent, tenant, 0);
  await refusedUnchanged(server, () => requestShared(partner, parent, tenant, 1), alone);
  await refusedUnchanged(server, () => requestShared(partner, parent, tenant, 0), vlanTaken);
  succeeded(await onCircuit(partner, "DeletePhysicalConnection", first));
  const second = await offeredShared(partner, parent, tenant, 1);
  await refusedUnchanged(server, () => requestShared(partner, parent, tenant, 0), alone);
  succeeded(await update(partner, second, 0));
  await refusedUnchanged(server, () => requestShared(partner, parent, tenant, 1), alone);
});

test("shared circuits together have at most the bandwidth of their circuit", async () => {
  const parent = await newCircuit({ bandwidth: 300 });
  const first = await offeredShared(partner, parent, tenant, 1, { Spec: "200M" });
  await refusedUnchanged(server, () => requestShared(partner, parent, tenant, 2, { Spec: "200M" }), noBandwidth);
  const second = await offeredShared(partner, parent, tenant, 2, { Spec: "50M" });
  // What is asked for counts before it is paid for.
  await refusedUnchanged(server, () => update(partner, second, 2, { ExpectSpec: "200M" }), noBandwidth);
  succeeded(await update(partner, second, 2, { ExpectSpec: "100M" }));
  await refusedUnchanged(server, () => requestShared(partner, parent, tenant, 3), noBandwidth);
  const tooNarrow = { code: "InvalidBandwidth", message: "invalid physical connection banwidth." };
  const narrow = (bandwidth: number): Promise<Answer> => onCircuit(partner, "ModifyPhysicalConnectionAttribute", parent, { bandwidth });
  await refusedUnchanged(server, () => narrow(299), tooNarrow);
  succeeded(await onCircuit(partner, "DeletePhysicalConnection", first));
  succeeded(await narrow(100));
});

test("a circuit has as many shared circuits as the quota says", async () => {
  const parent = await newCircuit();
  await withSettings({ quotas: [manyCircuits, { name: "VPCONN", account: partner.key.account, value: 1 }] }, async () => {
    await offeredShared(partner, parent, tenant, 1);
    const full = { code: "QuotaExceeded.VPCONN", message: "The quota of VPCONN_COUNT_PER_PCONN is exceeded" };
    await refusedUnchanged(server, () => requestShared(partner, parent, tenant, 2), full);
  });
  succeeded(await requestShared(partner, parent, tenant, 2));
});

test("an account that may not share is told so", async () => {
  const id = await offered();
  const VlanId = nextVlan();
  await withSettings({ quotas: [manyCircuits], features: [{ name: "Vpconn", account: partner.key.account, open: false }] }, async () => {
    await refusedUnchanged(server, () => requestShared(partner, circuit, tenant, VlanId), mayNotShare);
    await refusedUnchanged(server, () => update(partner, id, VlanId), mayNotShare);
  });
});

test("shared circuits do not count against the tenant's quotas", async () => {
  const few = ["freePconnPerAP", "pConnPerAP"].map((name) => ({ name, account: tenant.key.account, value: 0 }));
  await withSettings({ quotas: [manyCircuits, ...few] }, async () => {
    await offered();
    refusedWith(
      await tenant.vpc("CreatePhysicalConnection", { RegionId: hangzhou, AccessPointId: yuhang, LineOperator: "CT" }),
      "QuotaExceeded.pConnPerAP",
    );
  });
});

test("dry runs change nothing, and a Token repeats the first answer", async () => {
  const VlanId = nextVlan();
  await refusedUnchanged(server, () => requestShared(partner, circuit, tenant, VlanId, { DryRun: true }), dryRunPassed);
  const first = await offeredShared(partner, circuit, tenant, VlanId, { Token: "share-once" });
  const before = await eventCount(server);
  assert.equal(await offeredShared(partner, circuit, tenant, VlanId, { Token: "share-once" }), first);
  assert.equal(await eventCount(server), before);
  await refusedUnchanged(server, () => requestShared(partner, circuit, tenant, nextVlan(), { Token: "share-once" }), tokenReused);
  await refusedUnchanged(server, () => update(partner, first, VlanId, { DryRun: true, ExpectSpec: "100M" }), dryRunPassed);
  for (let count = 0; count < 2; count += 1) succeeded(await update(partner, first, VlanId, { Token: "change", ExpectSpec: "100M" }));
  await refusedUnchanged(server, () => update(partner, first, VlanId, { Token: "change", ExpectSpec: "200M" }), tokenReused);
  const other = await enabled();
  succeeded(await onCircuit(tenant, "TerminatePhysicalConnection", other));
  await server.advance();
  await refusedUnchanged(server, () => recover(tenant, other, { DryRun: true }), dryRunPassed);
  for (let count = 0; count < 2; count += 1) succeeded(await recover(tenant, other, { Token: "recover" }));
});

// Who may do what

test("the partner deletes what was not accepted, the tenant what was", async () => {
  const unaccepted = await offered();
  await refusedUnchanged(server, () => onCircuit(tenant, "DeletePhysicalConnection", unaccepted), needsPartner);
  succeeded(await onCircuit(partner, "DeletePhysicalConnection", unaccepted));
  const declined = await offered();
  succeeded(await onCircuit(tenant, "CancelPhysicalConnection", declined));
  await refusedUnchanged(server, () => onCircuit(tenant, "DeletePhysicalConnection", declined), needsPartner);
  succeeded(await onCircuit(partner, "DeletePhysicalConnection", declined));
  const accepted = await offered();
  succeeded(await onCircuit(tenant, "ConfirmPhysicalConnection", accepted));
  await refusedUnchanged(server, () => onCircuit(partner, "DeletePhysicalConnection", accepted), needsTenant);
  succeeded(await onCircuit(tenant, "DeletePhysicalConnection", accepted));
  const inUse = await enabled();
  refusedWith(await onCircuit(tenant, "DeletePhysicalConnection", inUse), "Forbidden.NotInAllowDeleteStatus");
});

test("the partner neither accepts, declines, enables nor changes what is the tenant's", async () => {
  const id = await offered();
  await refusedUnchanged(server, () => onCircuit(partner, "ConfirmPhysicalConnection", id), {
    code: "InvalidPhysicalConnectionId.NotFound",
    message: "The specified physicalConnection is not found",
  });
  for (const action of ["CancelPhysicalConnection", "EnablePhysicalConnection", "ModifyPhysicalConnectionAttribute"]) {
    await refusedUnchanged(server, () => onCircuit(partner, action, id), notFound);
  }
});

test("the tenant changes name and description, and nothing of the line", async () => {
  const id = await offered();
  const modify = (parameters: Parameters): Promise<Answer> => onCircuit(tenant, "ModifyPhysicalConnectionAttribute", id, parameters);
  succeeded(await modify({ Name: "mine", Description: "my own" }));
  const read = await readShared(partner, id);
  assert.deepEqual([read.Name, read.Description], ["mine", "my own"]);
  const ofPartner = { code: "OperationDenied.VPconn", message: "The operation is not allowed because of VPconn." };
  for (const parameters of [
    { LineOperator: "CT" },
    { bandwidth: 50 },
    { PeerLocation: "x" },
    { PortType: "1000Base-T" },
    { RedundantPhysicalConnectionId: "pc-none" },
    { CircuitCode: "x" },
    { DownDelayTime: 100 },
  ]) {
    await refusedUnchanged(server, () => modify(parameters), ofPartner);
  }
});

test("the one who pays orders, and an order needs something to pay for", async () => {
  const tenants = await offered();
  succeeded(await onCircuit(tenant, "ConfirmPhysicalConnection", tenants));
  await refusedUnchanged(server, () => order(partner, tenants), needsTenant);
  succeeded(await order(tenant, tenants));
  const partners = await enabled(partnerPays);
  await refusedUnchanged(server, () => order(tenant, partners), needsPartner);
  await refusedUnchanged(server, () => order(partner, partners), notAllowed);
  const VlanId = Number((await readCircuit(tenant, partners)).VlanId);
  succeeded(await update(partner, partners, VlanId, { ExpectSpec: "1G" }));
  const { EndTime } = await readCircuit(tenant, partners);
  succeeded(await order(partner, partners, { AutoPay: false }));
  assert.equal((await readCircuit(tenant, partners)).Spec, "50M");
  succeeded(await order(partner, partners));
  const read = await readCircuit(tenant, partners);
  assert.deepEqual([read.Spec, read.Bandwidth, read.ExpectSpec, read.EndTime], ["1G", 1000, "", EndTime]);
});

test("what is asked for before the first payment is paid for with it", async () => {
  const VlanId = nextVlan();
  const id = await offeredShared(partner, circuit, tenant, VlanId);
  succeeded(await update(partner, id, VlanId, { ExpectSpec: "500M" }));
  succeeded(await onCircuit(tenant, "ConfirmPhysicalConnection", id));
  succeeded(await order(tenant, id));
  await server.advance();
  const read = await readCircuit(tenant, id);
  assert.deepEqual([read.Status, read.Spec, read.ExpectSpec], ["Enabled", "500M", ""]);
});

test("an account that is neither of the two finds nothing", async () => {
  const id = await enabled();
  const stranger = await server.stranger();
  for (const action of ["TerminatePhysicalConnection", "DeletePhysicalConnection", "CreatePhysicalConnectionOccupancyOrder"]) {
    await refusedUnchanged(server, () => onCircuit(stranger, action, id), notFound);
  }
  const named = { code: "ResourceNotFound.PhysicalConnectionId", message: `The specified PhysicalConnectionId [${id}] is not found.` };
  await refusedUnchanged(server, () => update(stranger, id, nextVlan()), named);
  await refusedUnchanged(server, () => recover(stranger, id), {
    code: "ResourceNotFound",
    message: `The specified resource ${id} is not found.`,
  });
  assert.deepEqual([await readShared(stranger, id), await readCircuit(stranger, id)], [undefined, undefined]);
  const ofCircuit = await stranger.vpc("ListVirtualPhysicalConnections", { RegionId: hangzhou, PhysicalConnectionId: circuit });
  refusedWith(ofCircuit, "ResourceNotFound.PhysicalConnectionId");
});

// Out of use and into use again

test("a circuit with shared circuits stays in use", async () => {
  const parent = await newCircuit();
  const id = await offeredShared(partner, parent, tenant, 1);
  await refusedUnchanged(server, () => onCircuit(partner, "TerminatePhysicalConnection", parent), {
    code: "OperationFailed.VpconnAttached",
    message: "Cannot terminate physical connection when vpconn are still attached.",
  });
  succeeded(await onCircuit(partner, "DeletePhysicalConnection", id));
  succeeded(await onCircuit(partner, "TerminatePhysicalConnection", parent));
});

test("either side takes a shared circuit out of use, and the same into use again", async () => {
  const other = {
    code: "OperationDenied.TerminateVirtualPhysicalConnection",
    message: "The operation is not allowed because of TerminateVirtualPhysicalConnection.",
  };
  for (const [one, opposite] of [
    [partner, tenant],
    [tenant, partner],
  ] as const) {
    const id = await enabled();
    const wrongState = { code: "IncorrectStatus.PhysicalConnection", message: `The status of ${id} is incorrect.` };
    await refusedUnchanged(server, () => recover(one, id), wrongState);
    succeeded(await onCircuit(one, "TerminatePhysicalConnection", id));
    await refusedUnchanged(server, () => recover(one, id), wrongState);
    await server.advance();
    await refusedUnchanged(server, () => recover(opposite, id), other);
    const now = await virtualNow(server);
    succeeded(await recover(one, id));
    const read = await readCircuit(tenant, id);
    assert.deepEqual([read.Status, read.EnabledTime], ["Enabled", utc(now)]);
  }
});

// Changes

test("an update moves a shared circuit to a VLAN that is free", async () => {
  const parent = await newCircuit();
  const first = await offeredShared(partner, parent, tenant, 1);
  await offeredShared(partner, parent, tenant, 2);
  const { body } = succeeded(await update(partner, first, 3));
  assert.deepEqual([body.Success, (await readCircuit(tenant, first)).VlanId], ["true", "3"]);
  succeeded(await requestShared(partner, parent, tenant, 1));
  for (const VlanId of [2, 0, 3000]) await refusedUnchanged(server, () => update(partner, first, VlanId), vlanIllegal);
  await refusedUnchanged(
    server,
    () => partner.vpc("UpdateVirtualPhysicalConnection", { RegionId: hangzhou, InstanceId: first, VlanId: "x" }),
    vlanIllegal,
  );
  succeeded(await update(partner, first, 3));
  await refusedUnchanged(server, () => update(partner, first, 3, { ExpectSpec: "3G" }), {
    code: "IllegalParam.Bandwidth",
    message: "The param of bandwidth is illegal.",
  });
});

test("an update keeps what it does not name", async () => {
  const VlanId = nextVlan();
  const id = await offeredShared(partner, circuit, tenant, VlanId);
  succeeded(await update(partner, id, VlanId, { ExpectSpec: "100M" }));
  succeeded(await update(partner, id, nextVlan()));
  assert.equal((await readShared(partner, id)).ExpectSpec, "100M");
});

test("only the partner updates, and only shared circuits", async () => {
  const id = await offered();
  await refusedUnchanged(server, () => update(tenant, id, nextVlan()), {
    code: "Forbidden.PhysicalConnection",
    message: "Only parent physical connection account is allowed to modify the virtual physical connection.",
  });
  for (const other of ["pc-none", circuit]) {
    await refusedUnchanged(server, () => update(partner, other, nextVlan()), {
      code: "ResourceNotFound.PhysicalConnectionId",
      message: `The specified PhysicalConnectionId [${other}] is not found.`,
    });
  }
});

test("a bill that is not paid, on the one or on the other circuit, keeps a shared one as it is", async () => {
  const parent = await newCircuit();
  const id = await offeredShared(partner, parent, tenant, 1);
  const locked = {
    code: "OperationFailed.PhysicalConnectionFinancialLocked",
    message: "Update failed, the physical connection is financial locked.",
  };
  for (const lockedOne of [parent, id]) {
    await patch(lockedOne, { BusinessStatus: "FinancialLocked" });
    await refusedUnchanged(server, () => update(partner, id, 2), locked);
    await patch(lockedOne, { BusinessStatus: "Normal" });
  }
  succeeded(await update(partner, id, 2));
});

test("what is out of use is not updated", async () => {
  const out = { code: "OperationFailed.PhysicalConnectionTerminated", message: "Update failed, the physical connection is terminated." };
  const declined = await offered();
  succeeded(await onCircuit(tenant, "CancelPhysicalConnection", declined));
  await refusedUnchanged(server, () => update(partner, declined, nextVlan()), out);
  const id = await enabled();
  succeeded(await onCircuit(partner, "TerminatePhysicalConnection", id));
  await refusedUnchanged(server, () => update(partner, id, nextVlan()), out);
  await server.advance();
  await refusedUnchanged(server, () => update(partner, id, nextVlan()), out);
  succeeded(await recover(partner, id));
  succeeded(await update(partner, id, nextVlan()));
});

// Lists

test("each condition narrows the partner's list, and a page is continued by its token", async () => {
  const owner = await server.stranger();
  const third = await server.stranger();
  const one = await enabledCircuit(server, owner);
  const two = await enabledCircuit(server, owner);
  const a = await offeredShared(owner, one, tenant, 11, { Tag: [{ Key: "site", Value: "a" }] });
  const b = await enabledShared(server, owner, one, third, 12);
  const c = await offeredShared(owner, two, third, 11, { Tag: [{ Key: "site", Value: "c" }] });
  await patch(c, { BusinessStatus: "SecurityLocked" });
  const found = async (parameters: Parameters): Promise<string[]> => {
    const { VirtualPhysicalConnections, Count, TotalCount } = await listShared(owner, parameters);
    const ids = VirtualPhysicalConnections.map((shared: any) => shared.PhysicalConnectionId);
    assert.deepEqual([Count, TotalCount], [ids.length, ids.length]);
    return ids;
  };
  const expected: readonly [Parameters, readonly string[]][] = [
    [{}, [a, b, c]],
    [{ PhysicalConnectionId: one }, [a, b]],
    [{ VirtualPhysicalConnectionBusinessStatus: "Normal" }, [a, b]],
    [{ VirtualPhysicalConnectionBusinessStatus: "SecurityLocked" }, [c]],
    [{ VirtualPhysicalConnectionIds: [a, c, "pc-none"] }, [a, c]],
    [{ IsConfirmed: true }, [b]],
    [{ IsConfirmed: false }, [a, c]],
    [{ VirtualPhysicalConnectionStatuses: ["Confirmed"] }, [b]],
    [{ VirtualPhysicalConnectionStatuses: ["UnConfirmed", "Confirmed"] }, [a, b, c]],
    [{ VirtualPhysicalConnectionStatuses: ["Deleted"] }, []],
    [{ VirtualPhysicalConnectionAliUids: [third.key.account] }, [b, c]],
    [{ VlanIds: ["11"] }, [a, c]],
    [{ VlanIds: ["11"], PhysicalConnectionId: two }, [c]],
    [{ Tags: [{ Key: "site" }] }, [a, c]],
    [{ Tags: [{ Key: "site", Value: "a" }] }, [a]],
    [{ ResourceGroupId: await groupId(owner) }, [a, b, c]],
    [{ ResourceGroupId: await groupId(tenant) }, []],
    [{ RegionId: beijing }, []],
  ];
  for (const [parameters, ids] of expected) assert.deepEqual(await found(parameters), ids, JSON.stringify(parameters));
  const first = await listShared(owner, { MaxResults: 2 });
  assert.deepEqual([first.Count, first.TotalCount, typeof first.NextToken], [2, 3, "string"]);
  const next = await listShared(owner, { MaxResults: 2, NextToken: first.NextToken });
  assert.deepEqual([next.Count, next.TotalCount, next.NextToken], [1, 3, undefined]);
  assert.equal(next.VirtualPhysicalConnections[0].PhysicalConnectionId, c);
  const list = { RegionId: hangzhou, PhysicalConnectionId: "pc-none" };
  const unknown = refusedWith(await owner.vpc("ListVirtualPhysicalConnections", list), "ResourceNotFound.PhysicalConnectionId");
  assert.equal(unknown.body.Message, "The specified PhysicalConnectionId [pc-none] is not found.");
  refusedWith(await owner.vpc("ListVirtualPhysicalConnections", { RegionId: hangzhou, NextToken: "x" }), "IllegalParam.NextToken");
});
