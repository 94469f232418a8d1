import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "../vpn/support.ts";
import {
  accepting,
  activeLink,
  connect,
  freeze,
  idleLink,
  interfaceAt,
  interfaceStatus,
  type Link,
  onInitiator,
  onInterface,
  readInterface,
  requestInterface,
  riStatus,
  type RoutedVpc,
  routedVpc,
  withRouter,
} from "./router-interfaces.ts";

/** The life of router interfaces, one end at a time: connected, changed, frozen, activated, deleted. */

let server: InProcessServer;
let sdk: Sdk;
/** A VPC that no test links, so that interfaces may be asked for there. */
let at: RoutedVpc;
let far: RoutedVpc;
before(async () => {
  server = await startServer();
  const quotas = ["Vpc", "RouterInterface"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  sdk = sdkOf(server, requesterKey);
  at = await newVpc();
  far = await newVpc();
});
after(() => server.stop());

const newVpc = (): Promise<RoutedVpc> => routedVpc(server, server.requester);
const newLink = async (): Promise<Link> => idleLink(await newVpc(), await newVpc());
const newActiveLink = async (): Promise<Link> => activeLink(server, await newVpc(), await newVpc());
const patch = async (id: string, fields: object): Promise<void> => {
  assert.equal((await server.admin("PATCH", `resources/${id}`, fields)).status, 200);
};
const statuses = async ({ from, to, initiator, acceptor }: Link): Promise<string[]> => [
  await interfaceStatus(from, initiator),
  await interfaceStatus(to, acceptor),
];

const modifyStatus: Expected = {
  code: "IncorrectStatus.RouterInterface",
  message: "This openeration would not be allowed because status of this RouterInterface is not correct.",
};
const specStatus: Expected = { code: "InvalidInstance.StatusError", message: "The router instance status error." };
const locked: Expected = { code: "OperationFailed.OperationLocked", message: "Operation failed because OperationLocked." };
const financialLocked: Expected = {
  code: "Forbidden.FinancialLocked",
  message: "This RouterInterface is financiel locked because of bills outstanding.",
};

test("a link lives through every state, through the official SDK", async () => {
  const [from, to] = [await newVpc(), await newVpc()];
  const side = { regionId: hangzhou, routerType: "VRouter", oppositeRegionId: hangzhou };
  const newInterface = async (options: object): Promise<string> =>
    (await ask(sdk, "createRouterInterface", { ...side, ...options })).routerInterfaceId ?? "";
  const initiator = await newInterface({ role: "InitiatingSide", spec: "Small.2", routerId: from.routerId });
  const acceptor = await newInterface({ role: "AcceptingSide", spec: "Negative", routerId: to.routerId });
  const link: Link = { from, to, initiator, acceptor };
  const own = { regionId: hangzhou, routerInterfaceId: initiator };
  const opposite = { oppositeRouterType: "VRouter", oppositeInterfaceOwnerId: requesterKey.account };
  const named = { ...own, ...opposite, oppositeInterfaceId: acceptor, oppositeRouterId: to.routerId };
  await ask(sdk, "modifyRouterInterfaceAttribute", named);
  const naming = { ...named, routerInterfaceId: acceptor, oppositeInterfaceId: initiator, oppositeRouterId: from.routerId };
  await ask(sdk, "modifyRouterInterfaceAttribute", naming);
  assert.deepEqual(await statuses(link), ["Idle", "Idle"]);

  const connectedAt = `${new Date(await virtualNow(server)).toISOString().slice(0, 19)}Z`;
  await ask(sdk, "connectRouterInterface", own);
  assert.deepEqual(await statuses(link), ["Connecting", "AcceptingConnecting"]);
  await server.advance();
  assert.deepEqual(await statuses(link), ["Active", "Active"]);
  const [one, other] = [await readInterface(from, initiator), await readInterface(to, acceptor)];
  assert.deepEqual(
    [one.OppositeInterfaceStatus, one.OppositeVpcInstanceId, one.OppositeInterfaceSpec, one.ConnectedTime],
    ["Active", to.vpcId, "Negative", connectedAt],
  );
  assert.deepEqual(
    [other.OppositeInterfaceId, other.OppositeVpcInstanceId, other.OppositeInterfaceSpec, other.OppositeBandwidth],
    [initiator, from.vpcId, "Small.2", 20],
  );

  // Each end is frozen and activated for itself.
  await ask(sdk, "deactivateRouterInterface", own);
  assert.deepEqual(await statuses(link), ["Deactivating", "Active"]);
  await server.advance();
  assert.deepEqual(await statuses(link), ["Inactive", "Active"]);
  assert.equal((await readInterface(to, acceptor)).OppositeInterfaceStatus, "Inactive");
  await ask(sdk, "activateRouterInterface", own);
  assert.deepEqual(await statuses(link), ["Activating", "Active"]);
  await server.advance();
  assert.equal((await ask(sdk, "modifyRouterInterfaceSpec", { ...own, spec: "Large.1" })).spec, "Large.1");
  assert.deepEqual(await statuses(link), ["Activating", "Active"]);
  await server.advance();
  const { spec, bandwidth } = await ask(sdk, "describeRouterInterfaceAttribute", { regionId: hangzhou, instanceId: initiator });
  assert.deepEqual([spec, bandwidth, (await readInterface(to, acceptor)).OppositeBandwidth], ["Large.1", 1000, 1000]);
  await ask(sdk, "modifyRouterInterfaceAttribute", { ...own, name: "renamed", hcThreshold: 8, hcRate: 2000 });
  assert.deepEqual(await statuses(link), ["Active", "Active"]);

  // One end goes, the other stays and tells.
  await freeze(server, link);
  await ask(sdk, "deleteRouterInterface", own);
  assert.deepEqual(await statuses(link), ["Deleting", "Active"]);
  await server.advance();
  assert.deepEqual(await statuses(link), ["", "Active"]);
  const rest = await readInterface(to, acceptor);
  assert.deepEqual([rest.OppositeInterfaceId, rest.OppositeInterfaceStatus, rest.OppositeVpcInstanceId], [initiator, "Deleted", ""]);
});

test("two accounts join two regions, and each sees of the other's end what a link tells", async () => {
  const [from, to] = [await newVpc(), await routedVpc(server, server.accepter, beijing)];
  const link = await activeLink(server, from, to);
  const one = await readInterface(from, link.initiator);
  assert.deepEqual(
    [one.OppositeRegionId, one.OppositeInterfaceOwnerId, one.OppositeVpcInstanceId, one.OppositeInterfaceStatus],
    [beijing, accepterKey.account, to.vpcId, "Active"],
  );
  for (const [reader, id] of [
    [from, link.acceptor],
    [to, link.initiator],
    [{ ...from, region: beijing }, link.acceptor],
    [{ ...from, region: beijing }, link.initiator],
  ] as const) {
    const { Status, RouterInterfaceId } = await readInterface(reader, id);
    assert.deepEqual([Status, RouterInterfaceId], ["", ""]);
  }
  succeeded(await onInterface(to, "DeactivateRouterInterface", link.acceptor));
  await server.advance();
  assert.equal((await readInterface(from, link.initiator)).OppositeInterfaceStatus, "Inactive");
});

test("an interface that is gone, foreign or unknown reads as 200 with every field empty", async () => {
  const foreign = await interfaceAt(await routedVpc(server, server.accepter), at);
  const gone = await interfaceAt(at, far);
  succeeded(await onInterface(at, "DeleteRouterInterface", gone));
  await server.advance();
  const answers = new Set<string>();
  for (const id of [gone, foreign, "ri-bp1000000000000000000", at.vpcId]) {
    const { RequestId: _id, ...fields } = await readInterface(at, id);
    assert.deepEqual([fields.RouterInterfaceId, fields.Status, fields.Tags, fields.HcThreshold], ["", "", { Tags: [] }, undefined]);
    answers.add(JSON.stringify(fields));
  }
  assert.equal(answers.size, 1);
});

// Attributes

test("name, description and health check change where they are given, and stay where they are not", async () => {
  const id = await interfaceAt(at, far, { ...accepting, OppositeRouterType: "VBR", Name: "before", Description: "before" });
  const change = async (parameters: Parameters): Promise<any> => {
    succeeded(await onInterface(at, "ModifyRouterInterfaceAttribute", id, parameters));
    return readInterface(at, id);
  };
  const renamed = await change({ Name: "after.1_-", HcThreshold: 8, HcRate: 2000 });
  assert.deepEqual([renamed.Name, renamed.Description, renamed.HcThreshold, renamed.HcRate], ["after.1_-", "before", 8, 2000]);
  const checked = await change({ Description: "after", HealthCheckSourceIp: "10.0.0.1", HealthCheckTargetIp: "10.0.0.2" });
  assert.deepEqual(
    [checked.Name, checked.Description, checked.HealthCheckSourceIp, checked.HealthCheckTargetIp, checked.HcThreshold],
    ["after.1_-", "after", "10.0.0.1", "10.0.0.2", 8],
  );
  const unchecked = await change({ DeleteHealthCheckIp: true });
  assert.deepEqual([unchecked.HealthCheckSourceIp, unchecked.HealthCheckTargetIp, unchecked.Status], ["", "", "Idle"]);
});

test("attributes that are wrong are refused", async () => {
  const id = await interfaceAt(at, far);
  const refuses = async (expected: Expected, ...all: Parameters[]): Promise<void> => {
    for (const wrong of all) {
      await refusedUnchanged(server, () => onInterface(at, "ModifyRouterInterfaceAttribute", id, wrong), expected);
    }
  };
  await refuses({ code: "InvalidName.Malformed", message: "The attribute name is illegal." }, { Name: "a" }, { Name: "a/b" });
  await refuses({ code: "InvalidDescription.Malformed", message: "The Description is illegal." }, { Description: "http://x" });
  await refuses(
    { code: "InvalidOppositeRouterType.ValueNotSupported", message: "The specified OppositeRouterType is not valid." },
    { OppositeRouterType: "x" },
  );
  await refuses(
    { code: "InvalidHealthCheckIP.Malformd", message: "Healthcheck sourceip or targetip is not valid." },
    { HealthCheckSourceIp: "10.0.0.1" },
    { HealthCheckSourceIp: "::1", HealthCheckTargetIp: "10.0.0.1" },
  );
  // The other end is at a VPC.
  await refuses(
    { code: "IllegalParam.HcSourceIp", message: "The specified healthCheck Ip is not valid." },
    { HealthCheckSourceIp: "10.0.0.1", HealthCheckTargetIp: "10.0.0.2" },
  );
  for (const [parameter, wrong] of [
    ["HcThreshold", 2],
    ["HcThreshold", 9],
    ["HcRate", -1],
    ["HcRate", 60_001],
  ] as const) {
    const before = await eventCount(server);
    const { body } = refusedWith(
      await onInterface(at, "ModifyRouterInterfaceAttribute", id, { [parameter]: wrong }),
      `IllegalParam.${parameter}`,
    );
    assert.match(body.Message, new RegExp(parameter));
    assert.equal(await eventCount(server), before);
  }
});

test("the other end that an interface names changes while it is Idle only", async () => {
  const link = await newActiveLink();
  const rename = (): Promise<Answer> => onInitiator(link, "ModifyRouterInterfaceAttribute", { Name: "renamed" });
  const redirect = {
    OppositeInterfaceId: "ri-other",
    OppositeRouterId: "vrt-other",
    OppositeRouterType: "VBR",
    OppositeInterfaceOwnerId: 1,
  };
  for (const state of ["Active", "Inactive"]) {
    assert.equal(await interfaceStatus(link.from, link.initiator), state);
    for (const [name, value] of Object.entries(redirect)) {
      await refusedUnchanged(server, () => onInitiator(link, "ModifyRouterInterfaceAttribute", { [name]: value }), modifyStatus);
    }
    succeeded(await rename());
    if (state === "Active") await freeze(server, link);
  }
});

// What the state does not allow

test("each operation is refused in each state that it is not for", async () => {
  const idle = await newLink();
  const active = await newActiveLink();
  const inactive = await newActiveLink();
  await freeze(server, inactive);
  const gone: Expected = {
    code: "IncorrectStatus.RouterInterface",
    message: "This openeration would not be allowed because the status of this RouterInterface is not correct.",
  };
  const refuses = async (link: Link, action: string, expected: Expected, parameters: Parameters = {}): Promise<void> =>
    refusedUnchanged(server, () => onInitiator(link, action, parameters), expected);
  for (const link of [idle, active]) await refuses(link, "ActivateRouterInterface", riStatus("Inactive"));
  for (const link of [idle, inactive]) await refuses(link, "DeactivateRouterInterface", riStatus("Active"));
  for (const link of [active, inactive]) await refuses(link, "ConnectRouterInterface", riStatus("Idle"));
  await refuses(active, "DeleteRouterInterface", gone);

  // While a task is at work nothing is allowed.
  const working = [active, inactive, idle, await newActiveLink(), await newActiveLink()] as const;
  succeeded(await onInitiator(working[0], "DeactivateRouterInterface"));
  succeeded(await onInitiator(working[1], "ActivateRouterInterface"));
  succeeded(await onInitiator(working[2], "ConnectRouterInterface"));
  succeeded(await onInitiator(working[3], "ModifyRouterInterfaceSpec", { Spec: "Small.2" }));
  succeeded(await onInitiator(working[4], "DeleteExpressConnect"));
  const seen = await Promise.all(working.map(({ from, initiator }) => interfaceStatus(from, initiator)));
  assert.deepEqual(seen, ["Deactivating", "Activating", "Connecting", "Activating", "Deleting"]);
  for (const link of working) {
    await refuses(link, "ActivateRouterInterface", riStatus("Inactive"));
    await refuses(link, "DeactivateRouterInterface", riStatus("Active"));
    await refuses(link, "ConnectRouterInterface", riStatus("Idle"));
    await refuses(link, "ModifyRouterInterfaceAttribute", modifyStatus, { Name: "again" });
    await refuses(link, "ModifyRouterInterfaceSpec", specStatus, { Spec: "Small.5" });
    await refuses(link, "DeleteRouterInterface", gone);
  }
  await server.advance();
});

test("an interface that is not there is refused in the words of each operation", async () => {
  const record: Expected = {
    code: "InvalidRouterInterfaceId.NotFound",
    message: "The specified RouterInterfaceId does not exist in our record.",
    status: 404,
  };
  const records: Expected = { ...record, message: "The specified RouterInterfaceId does not exist in our records." };
  const exist: Expected = { ...record, message: "The routerInterface is not exist." };
  const foreign = await interfaceAt(await routedVpc(server, server.accepter), at);
  const own = await interfaceAt(at, far);
  for (const [action, expected, parameters] of [
    ["ModifyRouterInterfaceAttribute", records, { Name: "mine" }],
    ["ModifyRouterInterfaceSpec", record, { Spec: "Small.1" }],
    ["ConnectRouterInterface", record, {}],
    ["ActivateRouterInterface", records, {}],
    ["DeactivateRouterInterface", record, {}],
    ["DeleteRouterInterface", exist, {}],
  ] as const) {
    for (const id of ["ri-bp1000000000000000000", foreign]) {
      await refusedUnchanged(server, () => onInterface(at, action, id, parameters), expected);
    }
    await refusedUnchanged(server, () => onInterface({ ...at, region: beijing }, action, own, parameters), expected);
  }
});

test("a specification is one that is sold, and of the initiating side", async () => {
  const link = await newActiveLink();
  const expected: Expected = { code: "InvalidSpec.ValueNotSupported", message: "The specified Spec is not supported." };
  for (const Spec of ["Small.3", "Negative", "small.1"]) {
    await refusedUnchanged(server, () => onInitiator(link, "ModifyRouterInterfaceSpec", { Spec }), expected);
  }
  const onAcceptor = (): Promise<Answer> => onInterface(link.to, "ModifyRouterInterfaceSpec", link.acceptor, { Spec: "Small.1" });
  await refusedUnchanged(server, onAcceptor, expected);
});

test("bills that are due, and a lock of operations, stop what they stop", async () => {
  const idle = await newLink();
  const active = await newActiveLink();
  const inactive = await newActiveLink();
  await freeze(server, inactive);
  const refuses = (link: Link, action: string, expected: Expected, parameters: Parameters = {}): Promise<void> =>
    refusedUnchanged(server, () => onInitiator(link, action, parameters), expected);
  for (const { initiator } of [idle, active, inactive]) await patch(initiator, { BusinessStatus: "FinancialLocked" });
  // An unpaid interface keeps its owner from having more of them, and nobody else.
  await refusedUnchanged(server, () => requestInterface(at, far), {
    code: "Forbidden.BillsOutstanding",
    message: "You cannot create more RouterInterface because you have bills outstanding.",
  });
  const others = await routedVpc(server, server.accepter);
  succeeded(await requestInterface(others, at));
  assert.equal((await readInterface(active.to, active.acceptor)).OppositeInterfaceBusinessStatus, "FinancialLocked");
  await refuses(idle, "ConnectRouterInterface", {
    code: "Forbidden.BillsOutstanding",
    message: "You cannot use this action because you have bills outstanding.",
  });
  await refuses(active, "ModifyRouterInterfaceAttribute", financialLocked, { Name: "mine" });
  await refuses(active, "DeactivateRouterInterface", financialLocked);
  await refuses(inactive, "ActivateRouterInterface", financialLocked);
  await refuses(
    active,
    "ModifyRouterInterfaceSpec",
    { ...financialLocked, message: "RouterInterface can not be operated by this action when it?s FinancialLocked." },
    { Spec: "Small.2" },
  );
  for (const { initiator } of [idle, active, inactive]) await patch(initiator, { BusinessStatus: "Normal", OperationLock: "maintenance" });
  await refuses(active, "ModifyRouterInterfaceAttribute", locked, { Name: "mine" });
  await refuses(active, "DeactivateRouterInterface", locked);
  await refuses(inactive, "DeleteRouterInterface", locked);
  // A lock for security is one of them.
  await patch(active.initiator, { OperationLock: "", BusinessStatus: "SecurityLocked" });
  await refuses(active, "ModifyRouterInterfaceAttribute", locked, { Name: "mine" });
  await refuses(active, "DeactivateRouterInterface", locked);
  await patch(inactive.initiator, { OperationLock: "", ChargeType: "Prepaid" });
  await refuses(inactive, "DeleteRouterInterface", {
    code: "InvalidRouterInterfaceChargeType.Malformed",
    message: "The prepaid routerinterface can not delete.",
  });
  await patch(inactive.initiator, { ChargeType: "AfterPay" });
  succeeded(await onInitiator(inactive, "DeleteRouterInterface"));
});

test("an end whose other end is gone can be frozen and deleted, and not activated or widened", async () => {
  const link = await newActiveLink();
  succeeded(await onInterface(link.to, "DeactivateRouterInterface", link.acceptor));
  await server.advance();
  const opposite = { code: "InvalidOpposite.NotFound", message: "The opposite does not exist." };
  succeeded(await onInterface(link.to, "DeleteRouterInterface", link.acceptor));
  await refusedUnchanged(server, () => onInitiator(link, "ModifyRouterInterfaceSpec", { Spec: "Small.2" }), opposite);
  await server.advance();
  const wider = (): Promise<Answer> => onInitiator(link, "ModifyRouterInterfaceSpec", { Spec: "Small.2" });
  await refusedUnchanged(server, wider, opposite);
  await freeze(server, link);
  await refusedUnchanged(server, () => onInitiator(link, "ActivateRouterInterface"), {
    code: "OppositeRouterInterfaceIsDeleted",
    message: "The opposite router interface is already deleted.",
  });
  succeeded(await onInitiator(link, "DeleteRouterInterface"));
});

test("a VPC with an interface, Idle or connected, is not deleted", async () => {
  const vpc = await withRouter(await availableVpc(server, server.requester));
  const id = await interfaceAt(vpc, far);
  const remove = (): Promise<Answer> => vpc.owner.vpc("DeleteVpc", { RegionId: vpc.region, VpcId: vpc.vpcId });
  await refusedUnchanged(server, remove, {
    code: "DependencyViolation.RouterInterface",
    message: "Specified object has dependent resources RouterInterface.",
  });
  succeeded(await onInterface(vpc, "DeleteRouterInterface", id));
  succeeded(await remove());
  await server.advance();
  assert.equal(await interfaceStatus(vpc, id), "");
});

test("in pace instant a link is Active, and both ends are gone, with the answer", async () => {
  const own = await startServer({ pace: "instant" });
  try {
    const [from, to] = [await routedVpc(own, own.requester), await routedVpc(own, own.accepter, beijing)];
    const link = await idleLink(from, to);
    succeeded(await connect(link));
    assert.deepEqual(await statuses(link), ["Active", "Active"]);
    succeeded(await onInterface(to, "DeleteExpressConnect", link.acceptor));
    assert.deepEqual(await statuses(link), ["", ""]);
  } finally {
    await own.stop();
  }
});
