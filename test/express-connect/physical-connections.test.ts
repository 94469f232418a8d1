import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "../vpn/support.ts";
import {
  allocatedCircuit,
  circuitStatus,
  confirmedCircuit,
  enabledCircuit,
  initialCircuit,
  onCircuit,
  order,
  readCircuit,
  requestCircuit,
  waitForPort,
  yuhang,
} from "./circuits.ts";

/** The life of circuits: applied for, allocated, confirmed, enabled, terminated, called off, deleted. */

let server: InProcessServer;
let sdk: Sdk;
const manyCircuits = ["freePconnPerAP", "pConnPerAP"].map((name) => ({ name, value: 1000 }));
before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: manyCircuits });
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const status = (id: string): Promise<string> => circuitStatus(server.requester, id);
const patch = async (id: string, fields: object): Promise<void> => {
  assert.equal((await server.admin("PATCH", `resources/${id}`, fields)).status, 200);
};
const utc = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
const day = 86_400_000;

const notAllowed: Expected = { code: "Forbidden.NotAllowedInState", message: "The request does not allow in this state." };
const notFound: Expected = {
  code: "InvalidPhysicalConnectionId.NotFound",
  message: "The PhysicalConnectionId provided does not exist in our records.",
  status: 404,
};

// Creation

test("a circuit that is asked for with no more than it must shows the defaults, each field of its type", async () => {
  const createdAt = await virtualNow(server);
  const { body } = succeeded(await requestCircuit(server.requester));
  assert.match(body.PhysicalConnectionId, /^pc-bp1[a-z0-9]{18}$/);
  assert.deepEqual(Object.keys(body).sort(), ["PhysicalConnectionId", "RequestId"]);
  // ParentPhysicalConnectionAliUid is absent, and what was not sent is empty: clients compare it with what they sent.
  assert.deepEqual(await readCircuit(server.requester, body.PhysicalConnectionId), {
    AccessPointId: yuhang,
    AccessPointType: "VPC",
    AdDetailLocation: "",
    AdLocation: "杭州",
    Bandwidth: 1000,
    BusinessStatus: "Normal",
    ChargeType: "",
    CircuitCode: "",
    CreationTime: utc(createdAt),
    Description: "",
    DeviceFeaturesSelected: "",
    DownDelayTime: 0,
    EnabledTime: "",
    EndTime: "",
    ExpectSpec: "",
    HasReservationData: "false",
    LineOperator: "CT",
    LoaStatus: "",
    MacsecKeys: { MacsecKey: [] },
    Name: "",
    OpticalModuleModel: "",
    OrderMode: "",
    ParentPhysicalConnectionId: "",
    PeerLocation: "杭州",
    PhysicalConnectionId: body.PhysicalConnectionId,
    PortNumber: "",
    PortType: "",
    ProductType: "PhysicalConnection",
    QosId: "",
    RedundantPhysicalConnectionId: "",
    ReservationActiveTime: "",
    ReservationInternetChargeType: "",
    ReservationOrderType: "",
    ResourceGroupId: await groupId(server.requester),
    Spec: "1G and below",
    Status: "Initial",
    Tags: { tags: [] },
    Type: "VPC",
    VirtualPhysicalConnectionCount: 0,
    VlanId: "",
    VpconnStatus: "",
  });
});

test("everything that is given comes back as it was given", async () => {
  const redundant = await allocatedCircuit(server, server.requester);
  const given = {
    bandwidth: 10,
    PeerLocation: "XX Street 1, Hangzhou",
    PortType: "10GBase-LR",
    RedundantPhysicalConnectionId: redundant,
    Description: "the way to the site",
    Name: "preserved-NODELETING-JG.1_a",
    CircuitCode: "longtel001",
    OpticalModuleModel: "SFP-10G-LR-SM1310,10KM",
  };
  const more = { Type: "VPC", DeviceAdvancedCapacity: ["A", "B"], Tag: [{ Key: "env", Value: "test" }, { Key: "team" }] };
  const id = await initialCircuit(server.requester, { ...given, ...more, ResourceGroupId: await groupId(server.requester) });
  const { bandwidth, ...shown } = given;
  const read = await readCircuit(server.requester, id);
  for (const [name, value] of Object.entries({ ...shown, Bandwidth: bandwidth, DeviceFeaturesSelected: "A,B", Spec: "10G" })) {
    assert.equal(read[name], value, name);
  }
  assert.deepEqual(read.Tags, {
    tags: [
      { Key: "env", Value: "test" },
      { Key: "team", Value: "" },
    ],
  });
});

test("a port without a bandwidth is as fast as its type, and its class is the specification", async () => {
  for (const [PortType, bandwidth, spec] of [
    ["100Base-T", 100, "1G and below"],
    ["1000Base-T", 1000, "1G and below"],
    ["1000Base-LX", 1000, "1G and below"],
    ["10GBase-T", 10_240, "10G"],
    ["10GBase-LR", 10_240, "10G"],
    ["40GBase-LR", 40_960, "40G"],
    ["100GBase-LR", 102_400, "100G"],
  ] as const) {
    const read = await readCircuit(server.requester, await initialCircuit(server.requester, { PortType }));
    assert.deepEqual([read.PortType, read.Bandwidth, read.Spec], [PortType, bandwidth, spec]);
  }
  for (const LineOperator of ["CT", "CU", "CM", "CO", "Equinix", "Other"]) {
    const read = await readCircuit(server.requester, await initialCircuit(server.requester, { LineOperator }));
    assert.equal(read.LineOperator, LineOperator);
  }
});

const malformed: readonly [what: string, Parameters, Expected][] = [
  ["no access point", { AccessPointId: "" }, { code: "MissingAccessPointId", message: "AccessPointId is mandatory for this action." }],
  ["no operator", { LineOperator: "" }, { code: "MissingLineOperator", message: "LineOperator is mandatory for this action." }],
  ["another type", { Type: "CEN" }, { code: "InvalidType.Malformd", message: "The Type provided was invalid." }],
  [
    "an operator that is none",
    { LineOperator: "XX" },
    { code: "InvalidLineOperator.Malformd", message: "The LineOperator provided was invalid." },
  ],
  ["a port type that is none", { PortType: "1G" }, { code: "InvalidPortType.Malformd", message: "The PortType provided was invalid." }],
  [
    "a location of 257 characters",
    { PeerLocation: "x".repeat(257) },
    { code: "InvalidPeerLocation.Malformd", message: "The PeerLocation provided was invalid." },
  ],
  [
    "a circuit code of 129 characters",
    { CircuitCode: "x".repeat(129) },
    { code: "InvalidCircuitCode.Malformed", message: "circuitCode is illegal." },
  ],
  ["a bandwidth of 1", { bandwidth: 1 }, { code: "InvalidBandwidth", message: "invalid physical connection banwidth." }],
  ["a bandwidth of 10241", { bandwidth: 10_241 }, { code: "InvalidBandwidth", message: "invalid physical connection banwidth." }],
  [
    "a bandwidth beyond the port",
    { bandwidth: 101, PortType: "100Base-T" },
    { code: "InvalidPhysicalConnectionBandwidth.Malformed", message: "Specified PhysicalConnection Bandwidth is not valid." },
  ],
  ["a name of one letter", { Name: "a" }, { code: "InvalidName.Malformed", message: "The specified ?Name? is not valid." }],
  ["a name that begins with a digit", { Name: "1a" }, { code: "InvalidName.Malformed", message: "The specified ?Name? is not valid." }],
  ["a name with a blank", { Name: "a b" }, { code: "InvalidName.Malformed", message: "The specified ?Name? is not valid." }],
  [
    "an address for a description",
    { Description: "http://x" },
    { code: "InvalidDescription.Malformed", message: "The specifid ?Description? is not valid." },
  ],
  [
    "a token of 65 characters",
    { ClientToken: "x".repeat(65) },
    { code: "IllegalParam.ClientToken", message: "Token verify failed because client token length too long." },
  ],
  [
    "a tag twice",
    { Tag: [{ Key: "a" }, { Key: "a" }] },
    { code: "Forbidden.TagKey.Duplicated", message: "The specified tag key already exists." },
  ],
  [
    "a group that is none",
    { ResourceGroupId: "rg-none" },
    { code: "InvalidResourceGroupId", message: "The specified ResourceGroupId does not exist." },
  ],
];
for (const [what, parameters, expected] of malformed) {
  test(`a circuit with ${what} is refused`, () => refusedUnchanged(server, () => requestCircuit(server.requester, parameters), expected));
}

test("values at their limits are accepted", async () => {
  const limits: Parameters[] = [
    { bandwidth: 2 },
    { bandwidth: 10_240, PortType: "10GBase-LR" },
    { bandwidth: 100, PortType: "100Base-T" },
    { Name: "专线" },
    { Name: `a${"x".repeat(127)}` },
    { Description: `a${"x".repeat(255)}` },
    { PeerLocation: "x".repeat(256) },
    { ClientToken: "y".repeat(64) },
  ];
  for (const parameters of limits) succeeded(await requestCircuit(server.requester, parameters));
});

test("an access point that the region does not have is refused, also one of another region", async () => {
  const expected = { code: "InvalidAccessPoint.NotExist", message: "The accessPoint not exit" };
  for (const AccessPointId of ["ap-none", "ap-cn-beijing-ft-A"]) {
    await refusedUnchanged(server, () => requestCircuit(server.requester, { AccessPointId }), expected);
  }
  succeeded(await requestCircuit(server.requester, { RegionId: beijing, AccessPointId: "ap-cn-beijing-ft-A" }));
});

test("a redundant circuit is one of the caller's own in the region that has a port", async () => {
  const missing = { code: "InvalidRedundantPhysicalConnectionId.NotFound", message: "The RedundantPhysicalConnectionId does not found." };
  const tooEarly = { code: "InvalidRedundantPhysicalConnectionStatus", message: "invalid redundant physical connection status." };
  const foreign = await allocatedCircuit(server, server.accepter);
  const elsewhere = await initialCircuit(server.requester, { RegionId: beijing, AccessPointId: "ap-cn-beijing-ft-A" });
  for (const RedundantPhysicalConnectionId of ["pc-none", foreign, elsewhere]) {
    await refusedUnchanged(server, () => requestCircuit(server.requester, { RedundantPhysicalConnectionId }), missing);
  }
  const initial = await initialCircuit(server.requester);
  await refusedUnchanged(server, () => requestCircuit(server.requester, { RedundantPhysicalConnectionId: initial }), tooEarly);
  for (const made of [allocatedCircuit, confirmedCircuit, enabledCircuit]) {
    succeeded(await requestCircuit(server.requester, { RedundantPhysicalConnectionId: await made(server, server.requester) }));
  }
});

test("the same token makes one circuit, and another call with it is refused", async () => {
  const first = await initialCircuit(server.requester, { ClientToken: "once" });
  assert.equal(await initialCircuit(server.requester, { ClientToken: "once" }), first);
  await refusedUnchanged(server, () => requestCircuit(server.requester, { ClientToken: "once", Name: "other" }), tokenReused);
});

// Quotas and features

test("an account has five circuits at an access point that are not enabled yet, and then no more", async () => {
  const owner = await server.stranger();
  await server.admin("PUT", "settings", { quotas: [] });
  try {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push(await initialCircuit(owner));
    const full = { code: "QuotaExceeded.freePconnPerAP", message: "free physical connections count excceeded." };
    await refusedUnchanged(server, () => requestCircuit(owner), full);
    // Another access point, and another account, count for themselves.
    const elsewhere = await initialCircuit(owner, { AccessPointId: "ap-cn-hangzhou-jg-B" });
    await initialCircuit(await server.stranger());
    succeeded(await onCircuit(owner, "CancelPhysicalConnection", elsewhere));
    await waitForPort(server);
    await refusedUnchanged(server, () => requestCircuit(owner), full);
    const [first = "", second = ""] = ids;
    succeeded(await onCircuit(owner, "CancelPhysicalConnection", first));
    succeeded(await requestCircuit(owner));
    succeeded(await onCircuit(owner, "ConfirmPhysicalConnection", second));
    await refusedUnchanged(server, () => requestCircuit(owner), full);
    succeeded(await order(owner, second));
    await refusedUnchanged(server, () => requestCircuit(owner), full);
    await server.advance();
    succeeded(await requestCircuit(owner));
  } finally {
    await server.admin("PUT", "settings", { quotas: manyCircuits });
  }
});

test("the quota of all circuits at an access point counts what is enabled and what has ended too", async () => {
  const owner = await server.stranger();
  const account = owner.key.account;
  await enabledCircuit(server, owner);
  const canceled = await initialCircuit(owner);
  succeeded(await onCircuit(owner, "CancelPhysicalConnection", canceled));
  await server.admin("PUT", "settings", { quotas: [...manyCircuits, { name: "pConnPerAP", account, value: 2 }] });
  try {
    const full = { code: "QuotaExceeded.pConnPerAP", message: "Physical connection count per ap quota exceed." };
    await refusedUnchanged(server, () => requestCircuit(owner), full);
    succeeded(await onCircuit(owner, "DeletePhysicalConnection", canceled));
    succeeded(await requestCircuit(owner));
  } finally {
    await server.admin("PUT", "settings", { quotas: manyCircuits });
  }
});

test("features that are closed for an account refuse it, and no other", async () => {
  const owner = await server.stranger();
  const allocated = await allocatedCircuit(server, owner);
  const confirmed = await confirmedCircuit(server, owner);
  const features = ["PconnTraffic", "PconnWithoutOrder"].map((name) => ({ name, account: owner.key.account, open: false }));
  await server.admin("PUT", "settings", { quotas: manyCircuits, features });
  try {
    const noTraffic = {
      code: "OperationFailed.PconnTrafficNotEnable",
      message: "The operation is failed because of PconnTrafficNotEnable.",
    };
    await refusedUnchanged(server, () => requestCircuit(owner), noTraffic);
    await refusedUnchanged(server, () => onCircuit(owner, "ConfirmPhysicalConnection", allocated), noTraffic);
    succeeded(await requestCircuit(server.requester));
    const needsOrder = { code: "ALIUID.NOT.ALLOW.WITHOUT.SP", message: "AliUid not allow direct enable physical connection" };
    const enable = (ByPassSp: boolean) => onCircuit(owner, "EnablePhysicalConnection", confirmed, { ByPassSp });
    await refusedUnchanged(server, () => enable(true), needsOrder);
    succeeded(await enable(false));
  } finally {
    await server.admin("PUT", "settings", { quotas: manyCircuits });
  }
});

// Life

test("a circuit lives from application to deletion, through the official SDK", async () => {
  const { physicalConnectionId = "" } = await ask(sdk, "createPhysicalConnection", {
    regionId: hangzhou,
    accessPointId: yuhang,
    lineOperator: "CU",
    portType: "1000Base-LX",
    bandwidth: 100,
  });
  const on = { regionId: hangzhou, physicalConnectionId };
  const seen: string[] = [];
  for (let step = 0; step < 4; step += 1) {
    seen.push(await status(physicalConnectionId));
    await server.advance();
  }
  assert.deepEqual(seen, ["Initial", "Approved", "Allocating", "Allocated"]);
  const { physicalConnectionSet } = await ask(sdk, "describePhysicalConnections", {
    regionId: hangzhou,
    filter: [{ key: "PhysicalConnectionId", value: [physicalConnectionId] }],
  });
  const [read] = physicalConnectionSet?.physicalConnectionType ?? [];
  assert.deepEqual([read?.status, read?.bandwidth, read?.enabledTime], ["Allocated", 100, ""]);
  assert.match(read?.portNumber ?? "", /^\d+$/);
  await ask(sdk, "confirmPhysicalConnection", on);
  assert.equal(await status(physicalConnectionId), "Confirmed");
  const orderedAt = await virtualNow(server);
  const { data } = await ask(sdk, "createPhysicalConnectionOccupancyOrder", {
    ...on,
    instanceChargeType: "PrePaid",
    autoPay: true,
    period: 2,
    pricingCycle: "Year",
  });
  assert.match(data?.orderId ?? "", /^\d+$/);
  assert.deepEqual(
    [await status(physicalConnectionId), (await readCircuit(server.requester, physicalConnectionId)).EnabledTime],
    ["Confirmed", ""],
  );
  await server.advance();
  const enabled = await readCircuit(server.requester, physicalConnectionId);
  assert.deepEqual([enabled.Status, enabled.EnabledTime, enabled.EndTime], ["Enabled", utc(orderedAt), utc(orderedAt + 730 * day)]);
  await ask(sdk, "enablePhysicalConnection", on);
  assert.deepEqual(await readCircuit(server.requester, physicalConnectionId), enabled);
  await ask(sdk, "terminatePhysicalConnection", on);
  assert.equal(await status(physicalConnectionId), "Terminating");
  await server.advance();
  assert.equal(await status(physicalConnectionId), "Terminated");
  await ask(sdk, "deletePhysicalConnection", on);
  assert.equal(await status(physicalConnectionId), "");
});

test("EnablePhysicalConnection orders a month, or with ByPassSp nothing", async () => {
  for (const [ByPassSp, days] of [
    [false, 30],
    [true, 0],
  ] as const) {
    const id = await confirmedCircuit(server, server.requester);
    const now = await virtualNow(server);
    succeeded(await onCircuit(server.requester, "EnablePhysicalConnection", id, { ByPassSp }));
    await refusedUnchanged(server, () => onCircuit(server.requester, "EnablePhysicalConnection", id), notAllowed);
    await server.advance();
    const read = await readCircuit(server.requester, id);
    assert.deepEqual([read.Status, read.EnabledTime, read.EndTime], ["Enabled", utc(now), days === 0 ? "" : utc(now + days * day)]);
  }
});

test("an order without AutoPay is an order that nobody has paid", async () => {
  const id = await confirmedCircuit(server, server.requester);
  const before = await eventCount(server);
  const { body } = succeeded(await order(server.requester, id, { AutoPay: undefined }));
  assert.match(body.Data.OrderId, /^\d+$/);
  assert.equal(await eventCount(server), before);
  await server.advance();
  assert.equal(await status(id), "Confirmed");
});

test("an order names a term that can be had", async () => {
  const id = await confirmedCircuit(server, server.requester);
  const invalid = (name: string): Expected => ({ code: `Invalid${name}`, message: `Specified parameter ${name} is not valid.` });
  for (const [parameters, name] of [
    [{ Period: 0 }, "Period"],
    [{ Period: 10 }, "Period"],
    [{ Period: 6, PricingCycle: "Year" }, "Period"],
    [{ PricingCycle: "Week" }, "PricingCycle"],
    [{ InstanceChargeType: "PostPaid" }, "InstanceChargeType"],
  ] as const) {
    await refusedUnchanged(server, () => order(server.requester, id, parameters), invalid(name));
  }
  succeeded(await order(server.requester, id, { Period: 5, PricingCycle: "Year" }));
});

test("a tester says what becomes of an application, and filters know both spellings of its failure", async () => {
  const rejected = await initialCircuit(server.requester);
  const failed = await initialCircuit(server.requester);
  await patch(rejected, { Application: "Rejected" });
  await patch(failed, { Application: "Allocation Failed" });
  await waitForPort(server);
  assert.deepEqual([await status(rejected), await status(failed)], ["Rejected", "Allocation Failed"]);
  for (const Value of ["Allocation Failed", "AllocationFailed"]) {
    const { body } = succeeded(
      await server.requester.vpc("DescribePhysicalConnections", { RegionId: hangzhou, Filter: [{ Key: "Status", Value: [Value] }] }),
    );
    const ids = body.PhysicalConnectionSet.PhysicalConnectionType.map((one: any) => one.PhysicalConnectionId);
    assert.deepEqual(ids, [failed]);
  }
  for (const id of [rejected, failed]) succeeded(await onCircuit(server.requester, "DeletePhysicalConnection", id));
  assert.deepEqual([await status(rejected), await status(failed)], ["", ""]);
});

/** How a circuit comes to each state that lasts, or that time ends. */
const waysTo: Readonly<Record<string, () => Promise<string>>> = {
  Initial: () => initialCircuit(server.requester),
  Approved: async () => {
    const id = await initialCircuit(server.requester);
    await server.advance();
    return id;
  },
  Allocating: async () => {
    const id = await initialCircuit(server.requester);
    await server.advance(60);
    return id;
  },
  Allocated: () => allocatedCircuit(server, server.requester),
  Confirmed: () => confirmedCircuit(server, server.requester),
  Enabling: async () => {
    const id = await confirmedCircuit(server, server.requester);
    succeeded(await order(server.requester, id));
    return id;
  },
  Enabled: () => enabledCircuit(server, server.requester),
  Terminating: async () => {
    const id = await enabledCircuit(server, server.requester);
    succeeded(await onCircuit(server.requester, "TerminatePhysicalConnection", id));
    return id;
  },
  Terminated: async () => {
    const id = await enabledCircuit(server, server.requester);
    succeeded(await onCircuit(server.requester, "TerminatePhysicalConnection", id));
    await server.advance();
    return id;
  },
  Rejected: async () => {
    const id = await initialCircuit(server.requester);
    await patch(id, { Application: "Rejected" });
    await server.advance();
    return id;
  },
  "Allocation Failed": async () => {
    const id = await initialCircuit(server.requester);
    await patch(id, { Application: "Allocation Failed" });
    await waitForPort(server);
    return id;
  },
  Canceled: async () => {
    const id = await initialCircuit(server.requester);
    succeeded(await onCircuit(server.requester, "CancelPhysicalConnection", id));
    return id;
  },
};
const operationsOnCircuits: readonly [action: string, Parameters, allowed: readonly string[], refusal: Expected][] = [
  [
    "ModifyPhysicalConnectionAttribute",
    { Name: "new-name" },
    ["Initial", "Approved", "Allocated", "Confirmed", "Enabled"],
    { code: "InvalidStatus", message: "invalid physical connection status." },
  ],
  ["CancelPhysicalConnection", {}, ["Initial", "Approved", "Allocated", "Confirmed"], notAllowed],
  [
    "ConfirmPhysicalConnection",
    {},
    ["Allocated"],
    { code: "IncorrectStatus.PhysicalConnection", message: "The specified PhysicalConnectionId is not in Allocated state." },
  ],
  ["EnablePhysicalConnection", {}, ["Confirmed", "Enabled"], notAllowed],
  ["CreatePhysicalConnectionOccupancyOrder", { AutoPay: true }, ["Confirmed"], notAllowed],
  ["TerminatePhysicalConnection", {}, ["Enabled"], notAllowed],
  [
    "DeletePhysicalConnection",
    {},
    ["Allocated", "Confirmed", "Rejected", "Canceled", "Allocation Failed", "Terminated"],
    {
      code: "Forbidden.NotInAllowDeleteStatus",
      message: "Only physical connection in the Cancelled, Rejected, Terminated, Allocated, or AllocationFailed states can be deleted.",
    },
  ],
];
for (const [action, parameters, allowed, refusal] of operationsOnCircuits) {
  test(`${action} is allowed in ${allowed.join(", ")}, and in no other state`, async () => {
    for (const [state, reach] of Object.entries(waysTo)) {
      const id = await reach();
      assert.equal(await status(id), state === "Enabling" ? "Confirmed" : state);
      const call = () => onCircuit(server.requester, action, id, parameters);
      if (allowed.includes(state)) succeeded(await call());
      else await refusedUnchanged(server, call, refusal);
    }
  });
}

test("what is called off while it is reviewed stays so", async () => {
  const id = await initialCircuit(server.requester);
  succeeded(await onCircuit(server.requester, "CancelPhysicalConnection", id));
  await waitForPort(server);
  assert.equal(await status(id), "Canceled");
});

test("what is under review can change, and is reviewed in the same time", async () => {
  const id = await initialCircuit(server.requester);
  await server.advance(20);
  succeeded(await onCircuit(server.requester, "ModifyPhysicalConnectionAttribute", id, { Name: "late" }));
  await server.advance(10);
  assert.deepEqual([await status(id), (await readCircuit(server.requester, id)).Name], ["Approved", "late"]);
});

test("in pace instant a circuit is Allocated, and then Enabled, before the answer leaves", async () => {
  const instant = await startServer({ pace: "instant" });
  try {
    const id = await initialCircuit(instant.requester);
    assert.equal(await circuitStatus(instant.requester, id), "Allocated");
    succeeded(await onCircuit(instant.requester, "ConfirmPhysicalConnection", id));
    succeeded(await order(instant.requester, id));
    assert.equal(await circuitStatus(instant.requester, id), "Enabled");
    succeeded(await onCircuit(instant.requester, "TerminatePhysicalConnection", id));
    assert.equal(await circuitStatus(instant.requester, id), "Terminated");
  } finally {
    await instant.stop();
  }
});

test("a circuit that is not shared cannot be recovered", async () => {
  const recover = (InstanceId: string) => server.requester.vpc("RecoverPhysicalConnection", { RegionId: hangzhou, InstanceId });
  const exclusive = {
    code: "OperationDenied.PconnNotAllowRecover",
    message: "Exclusive physical connection does not allow recovery.",
  };
  for (const state of ["Terminated", "Enabled"]) {
    const id = (await waysTo[state]?.()) ?? "";
    await refusedUnchanged(server, () => recover(id), exclusive);
  }
  const missing = { code: "ResourceNotFound", message: "The specified resource pc-none is not found." };
  await refusedUnchanged(server, () => recover("pc-none"), missing);
});

test("an id that is unknown, of another account or of another region is not found, each operation in its own words", async () => {
  const elsewhere = await initialCircuit(server.requester, { RegionId: beijing, AccessPointId: "ap-cn-beijing-ft-A" });
  const foreign = await initialCircuit(server.accepter);
  for (const [action, parameters] of operationsOnCircuits) {
    const expected =
      action === "ConfirmPhysicalConnection"
        ? { code: "InvalidPhysicalConnectionId.NotFound", message: "The specified physicalConnection is not found" }
        : notFound;
    for (const id of ["pc-none", elsewhere, foreign]) {
      await refusedUnchanged(server, () => onCircuit(server.requester, action, id, parameters), expected);
    }
  }
  const missing = { code: "MissingParam.PhysicalConnectionId", message: "PhysicalConnectionId is missing." };
  await refusedUnchanged(server, () => server.requester.vpc("ConfirmPhysicalConnection", { RegionId: hangzhou }), missing);
});

// Changes

test("a change changes what it names, and nothing else", async () => {
  const id = await allocatedCircuit(server, server.requester, { Name: "before", Description: "first", PortType: "1000Base-LX" });
  const before = await readCircuit(server.requester, id);
  const redundant = await allocatedCircuit(server, server.requester);
  const changes = {
    LineOperator: "CM",
    PeerLocation: "elsewhere",
    PortType: "10GBase-LR",
    RedundantPhysicalConnectionId: redundant,
    Description: "second",
    Name: "after",
    CircuitCode: "code-2",
    DownDelayTime: 300,
  };
  await ask(sdk, "modifyPhysicalConnectionAttribute", {
    regionId: hangzhou,
    physicalConnectionId: id,
    bandwidth: 5000,
    ...Object.fromEntries(Object.entries(changes).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value])),
  });
  assert.deepEqual(await readCircuit(server.requester, id), { ...before, ...changes, Bandwidth: 5000, Spec: "10G" });
  succeeded(await onCircuit(server.requester, "ModifyPhysicalConnectionAttribute", id, { LineOperator: "CM" }));
  assert.equal((await readCircuit(server.requester, id)).Name, "after");
});

const badChanges: readonly [Parameters, code: string, message: string][] = [
  [{ LineOperator: "XX" }, "InvalidLineOperator.Malformd", "The LineOperator provided was invalid."],
  [{ PortType: "XX" }, "InvalidPortType.Malformd", "The PortType provided was invalid."],
  [{ PeerLocation: "x".repeat(257) }, "InvalidPeerLocation.Malformd", "The PeerLocation provided was invalid."],
  [{ CircuitCode: "x".repeat(129) }, "InvalidCircuitCode.Malformed", "circuitCode is illegal."],
  [{ Name: "-" }, "InvalidName.Malformed", "The specified ?Name? is not valid."],
  [{ Description: "1" }, "InvalidDescription.Malformed", "The specified Description is not valid."],
  [{ bandwidth: 1 }, "InvalidBandwidth", "invalid physical connection banwidth."],
  [{ bandwidth: 1001 }, "InvalidPhysicalConnectionBandwidth.Malformed", "Specified PhysicalConnection Bandwidth is not valid."],
  // The port would be slower than what the circuit has.
  [{ PortType: "100Base-T" }, "InvalidPhysicalConnectionBandwidth.Malformed", "Specified PhysicalConnection Bandwidth is not valid."],
  [{ DownDelayTime: 150 }, "InvalidDownDelayTime", "Specified parameter DownDelayTime is not valid."],
  [{ DownDelayTime: 10_100 }, "InvalidDownDelayTime", "Specified parameter DownDelayTime is not valid."],
  [
    { RedundantPhysicalConnectionId: "pc-none" },
    "InvalidRedundantPhysicalConnection",
    "redundant physical connection doesn't belong to current user.",
  ],
];
test("a change that cannot be is refused", async () => {
  const id = await initialCircuit(server.requester, { PortType: "1000Base-LX" });
  const modify = (parameters: Parameters) => onCircuit(server.requester, "ModifyPhysicalConnectionAttribute", id, parameters);
  for (const [parameters, code, message] of badChanges) {
    await refusedUnchanged(server, () => modify(parameters), { code, message });
  }
  const foreign = await allocatedCircuit(server, server.accepter);
  refusedWith(await modify({ RedundantPhysicalConnectionId: foreign }), "InvalidRedundantPhysicalConnection");
  const initial = await initialCircuit(server.requester);
  refusedWith(await modify({ RedundantPhysicalConnectionId: initial }), "InvalidRedundantPhysicalConnectionStatus");
  for (const parameters of [{ DownDelayTime: 10_000 }, { DownDelayTime: 0 }, { PortType: "100Base-T", bandwidth: 100 }]) {
    succeeded(await modify(parameters));
  }
});

test("a business status that is patched shows, and no other value is taken", async () => {
  const id = await initialCircuit(server.requester);
  await patch(id, { BusinessStatus: "FinancialLocked" });
  assert.equal((await readCircuit(server.requester, id)).BusinessStatus, "FinancialLocked");
  for (const fields of [{ BusinessStatus: "x" }, { Application: "Enabled" }, { ChargeType: "x" }]) {
    assert.equal((await server.admin("PATCH", `resources/${id}`, fields)).status, 400);
  }
});

test("each write that takes a token repeats its first answer", async () => {
  const id = await allocatedCircuit(server, server.requester);
  const twice = async (action: string, parameters: Parameters = {}): Promise<void> => {
    const call = { ...parameters, ClientToken: `${action}-token` };
    succeeded(await onCircuit(server.requester, action, id, call));
    const before = await eventCount(server);
    succeeded(await onCircuit(server.requester, action, id, call));
    assert.equal(await eventCount(server), before, action);
    await server.advance();
  };
  await twice("ModifyPhysicalConnectionAttribute", { Name: "other" });
  await twice("ConfirmPhysicalConnection");
  await twice("CreatePhysicalConnectionOccupancyOrder", { AutoPay: true });
  await twice("EnablePhysicalConnection");
  await twice("TerminatePhysicalConnection");
  await twice("DeletePhysicalConnection");
  const other = await initialCircuit(server.requester);
  const cancel = { ClientToken: "cancel" };
  for (let count = 0; count < 2; count += 1) succeeded(await onCircuit(server.requester, "CancelPhysicalConnection", other, cancel));
});

test("the other account has circuits of its own, through the SDK too", async () => {
  const { physicalConnectionId = "" } = await ask(sdkOf(server, accepterKey), "createPhysicalConnection", {
    regionId: hangzhou,
    accessPointId: yuhang,
    lineOperator: "Other",
  });
  await ask(sdkOf(server, accepterKey), "cancelPhysicalConnection", { regionId: hangzhou, physicalConnectionId });
  assert.deepEqual([await status(physicalConnectionId), await circuitStatus(server.accepter, physicalConnectionId)], ["", "Canceled"]);
});
