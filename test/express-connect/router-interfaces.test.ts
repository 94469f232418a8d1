import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, groupId, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, outcome, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "../vpn/support.ts";
import {
  accepting,
  activeLink,
  connect,
  idleLink,
  interfaceAt,
  interfaceStatus,
  type Link,
  names,
  onInterface,
  readInterface,
  requestInterface,
  type RoutedVpc,
  routedVpc,
  withRouter,
} from "./router-interfaces.ts";

/** The life of router interfaces, one end at a time: created, changed, connected, frozen, activated, deleted. */

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
/** Calls an operation on the initiating end. */
const onInitiator = ({ from, initiator }: Link, action: string, parameters: Parameters = {}): Promise<Answer> =>
  onInterface(from, action, initiator, parameters);
const statuses = async ({ from, to, initiator, acceptor }: Link): Promise<string[]> => [
  await interfaceStatus(from, initiator),
  await interfaceStatus(to, acceptor),
];
async function freeze(link: Link): Promise<void> {
  succeeded(await onInitiator(link, "DeactivateRouterInterface"));
  await server.advance();
}

const riStatus = (state: string): Expected => ({
  code: "IncorrectRIStatus",
  message: `RouterInterface can be operated by this action only when it's status is ${state}.`,
});
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

const toBorder = {
  ...accepting,
  OppositeRouterType: "VBR",
  OppositeAccessPointId: "ap-cn-hangzhou-yh-B",
  HealthCheckSourceIp: "10.0.0.1",
  HealthCheckTargetIp: "10.0.0.2",
} as const;

// Creation

test("an interface that names no more than it must shows the defaults, each field of its type", async () => {
  const createdAt = await virtualNow(server);
  const { body } = succeeded(await requestInterface(at, far));
  assert.match(body.RouterInterfaceId, /^ri-bp1[a-z0-9]{18}$/);
  assert.deepEqual([Object.keys(body).sort(), typeof body.OrderId], [["OrderId", "RequestId", "RouterInterfaceId"], "number"]);
  const { RequestId: _id, ...fields } = await readInterface(at, body.RouterInterfaceId);
  const created = `${new Date(createdAt).toISOString().slice(0, 19)}Z`;
  // HcThreshold is absent, HcRate the number 0: clients compare both with what they sent.
  const expected = {
    AccessPointId: "",
    Bandwidth: 10,
    BusinessStatus: "Normal",
    ChargeType: "AfterPay",
    ConnectedTime: "",
    CreationTime: created,
    CrossBorder: false,
    Description: "",
    EndTime: "",
    HasReservationData: "false",
    HcRate: 0,
    HealthCheckSourceIp: "",
    HealthCheckTargetIp: "",
    Name: "",
    OppositeAccessPointId: "",
    OppositeBandwidth: 0,
    OppositeInterfaceBusinessStatus: "Normal",
    OppositeInterfaceId: "",
    OppositeInterfaceOwnerId: "",
    OppositeInterfaceSpec: "Negative",
    OppositeInterfaceStatus: "",
    OppositeRegionId: hangzhou,
    OppositeRouterId: "",
    OppositeRouterType: "VRouter",
    OppositeVpcInstanceId: "",
    ReservationActiveTime: "",
    ReservationBandwidth: "",
    ReservationInternetChargeType: "",
    ReservationOrderType: "",
    ResourceGroupId: await groupId(server.requester),
    Role: "InitiatingSide",
    RouterId: at.routerId,
    RouterInterfaceId: body.RouterInterfaceId,
    RouterType: "VRouter",
    Spec: "Small.1",
    Status: "Idle",
    Tags: { Tags: [] },
    VpcInstanceId: at.vpcId,
  };
  const onlyHere = {
    Code: "200",
    FastLinkMode: "false",
    GmtModified: created,
    HealthCheckStatus: "NoHealthCheckConfig",
    Message: "",
    Success: true,
  };
  assert.deepEqual(fields, { ...expected, ...onlyHere });
  const list = { RegionId: hangzhou, Filter: [{ Key: "RouterInterfaceId", Value: [body.RouterInterfaceId] }] };
  const { RouterInterfaceSet } = succeeded(await server.requester.vpc("DescribeRouterInterfaces", list)).body;
  assert.deepEqual(RouterInterfaceSet, { RouterInterfaceType: [{ ...expected, FastLinkMode: false, Ipv6Status: "off" }] });
});

test("everything that can be said of an interface is shown again", async () => {
  const { routerInterfaceId = "" } = await ask(sdk, "createRouterInterface", {
    regionId: hangzhou,
    role: "InitiatingSide",
    spec: "Large.2",
    routerType: "VRouter",
    routerId: at.routerId,
    oppositeRegionId: "us-west-1",
    oppositeInterfaceId: "ri-rj9000000000000000000",
    oppositeRouterId: "vrt-rj900000000000000000",
    oppositeRouterType: "VRouter",
    oppositeInterfaceOwnerId: accepterKey.account,
    name: "link-1.a_测试",
    description: "to the west",
    instanceChargeType: "PrePaid",
    period: 3,
    pricingCycle: "Year",
    autoPay: true,
    autoRenew: true,
    fastLinkMode: false,
    resourceGroupId: await groupId(server.requester),
    tags: [{ key: "env", value: "test" }],
  });
  const shown = await ask(sdk, "describeRouterInterfaceAttribute", { regionId: hangzhou, instanceId: routerInterfaceId });
  assert.deepEqual(
    [shown.name, shown.description, shown.spec, shown.bandwidth, shown.role, shown.routerId, shown.routerType, shown.status],
    ["link-1.a_测试", "to the west", "Large.2", 2000, "InitiatingSide", at.routerId, "VRouter", "Idle"],
  );
  assert.deepEqual(
    [shown.oppositeRegionId, shown.oppositeInterfaceId, shown.oppositeRouterId, shown.oppositeRouterType, shown.oppositeInterfaceOwnerId],
    ["us-west-1", "ri-rj9000000000000000000", "vrt-rj900000000000000000", "VRouter", accepterKey.account],
  );
  // What one account says of another's interface tells nothing of it.
  assert.deepEqual([shown.oppositeInterfaceStatus, shown.crossBorder, shown.fastLinkMode], ["", true, "false"]);
  assert.deepEqual([shown.chargeType, Date.parse(shown.endTime ?? "") - Date.parse(shown.creationTime ?? "")], ["Prepaid", 3 * 365 * 86_400_000]); // prettier-ignore
  assert.deepEqual(
    shown.tags?.tags?.map(({ key, value }) => [key, value]),
    [["env", "test"]],
  );
});

test("an end that waits for a virtual border router shows its access point and its health check", async () => {
  const shown = await readInterface(at, await interfaceAt(at, far, toBorder));
  assert.deepEqual(
    [shown.Role, shown.OppositeRouterType, shown.OppositeAccessPointId, shown.HealthCheckSourceIp, shown.HealthCheckTargetIp],
    ["AcceptingSide", "VBR", "ap-cn-hangzhou-yh-B", "10.0.0.1", "10.0.0.2"],
  );
  // Nobody probes here.
  assert.equal(shown.HealthCheckStatus, "");
});

test("specifications carry what they are sold for, and the accepting side has the one that is none", async () => {
  const sold = { "Mini.2": 2, "Mini.5": 5, "Small.1": 10, "Small.2": 20, "Small.5": 50, "Middle.1": 100, "Middle.2": 200 };
  const large = { "Middle.5": 500, "Large.1": 1000, "Large.2": 2000, "Large.5": 5000, "Xlarge.1": 10_000 };
  for (const [Spec, bandwidth] of Object.entries({ ...sold, ...large })) {
    const shown = await readInterface(at, await interfaceAt(at, far, { Spec }));
    assert.deepEqual([shown.Spec, shown.Bandwidth], [Spec, bandwidth]);
  }
  const { Spec, Role } = await readInterface(at, await interfaceAt(at, far, accepting));
  assert.deepEqual([Spec, Role], ["Negative", "AcceptingSide"]);
});

test("a link within the mainland crosses no border, one to Hong Kong does", async () => {
  for (const [OppositeRegionId, crosses] of [
    [beijing, false],
    ["cn-hongkong", true],
    ["us-west-1", true],
  ] as const) {
    assert.equal((await readInterface(at, await interfaceAt(at, far, { OppositeRegionId }))).CrossBorder, crosses, OppositeRegionId);
  }
});

test("charge types are told apart in any letter case, and a subscription ends after its period", async () => {
  for (const [InstanceChargeType, expected] of [
    ["PostPaid", "AfterPay"],
    ["POSTPAID", "AfterPay"],
    ["PrePaid", "Prepaid"],
    ["prepaid", "Prepaid"],
  ] as const) {
    assert.equal((await readInterface(at, await interfaceAt(at, far, { InstanceChargeType }))).ChargeType, expected);
  }
  const { CreationTime, EndTime } = await readInterface(at, await interfaceAt(at, far, { InstanceChargeType: "PrePaid", Period: 9 }));
  assert.equal(Date.parse(EndTime) - Date.parse(CreationTime), 9 * 30 * 86_400_000);
});

const wrongCreations: readonly (readonly [what: string, expected: Expected, ...wrong: Parameters[]])[] = [
  [
    "a role",
    { code: "InvalidRole.ValueNotSupported", message: "The specified Role is not valid." },
    { Role: "Initiator" },
    { OppositeRouterType: "VBR" },
    { ...accepting, RouterType: "VBR", AccessPointId: "ap-cn-hangzhou-yh-B" },
    { RouterType: "VBR", AccessPointId: "ap-cn-hangzhou-yh-B", OppositeRouterType: "VBR" },
  ],
  [
    "a type of router",
    { code: "InvalidRouterType.ValueNotSupported", message: "The specified RouterType is not valid." },
    { RouterType: "vrouter" },
  ],
  [
    "a type of the opposite router",
    { code: "InvalidOppositeRouterType.ValueNotSupported", message: "The specified OppositeRouterType is not valid." },
    { OppositeRouterType: "Router" },
  ],
  [
    "a region of the other end",
    { code: "InvalidRegionId.NotFound", message: "The regionId provided does not exist in ec region list." },
    { OppositeRegionId: "cn-nowhere" },
  ],
  [
    "a specification",
    { code: "InvalidSpec.ValudNotSupported", message: "The specified Spec is not supported." },
    { Spec: "Small.3" },
    { Spec: "Negative" },
    { Spec: "constructor" },
    { Role: "AcceptingSide", Spec: "Small.1" },
  ],
  [
    "a charge type",
    { code: "InvalidRouterInterfaceChargeType.Malformed", message: "Specified RouterInterface ChargeType is not valid." },
    { InstanceChargeType: "AfterPay" },
  ],
  [
    "a subscription of the accepting side",
    { code: "Forbidden.AcceptRoleNotSupportPrePay", message: "Acception side ri not support chargetype for prepaid." },
    { ...accepting, InstanceChargeType: "PrePaid" },
  ],
  [
    "a period",
    { code: "InvalidPeriod", message: "Specified parameter Period is not valid." },
    { Period: 0 },
    { Period: 10 },
    { Period: 4, PricingCycle: "Year" },
  ],
  ["a pricing cycle", { code: "InvalidPricingCycle", message: "Specified parameter PricingCycle is not valid." }, { PricingCycle: "Week" }],
  [
    "an access point of a VPC's interface",
    { code: "InvalidAccessPoint.ValueNotAllowed", message: "The non-vbr router interface cannot have access point configured." },
    { AccessPointId: "ap-cn-hangzhou-yh-B" },
    { OppositeAccessPointId: "ap-cn-hangzhou-yh-B" },
  ],
  [
    "an access point that is not there",
    { code: "InvalidAccessPoint.NotExist", message: "The accessPoint not exit" },
    { RouterType: "VBR", AccessPointId: "ap-none" },
    // It is in another region.
    { RouterType: "VBR", AccessPointId: "ap-cn-beijing-cy-A" },
    { ...accepting, OppositeRouterType: "VBR", OppositeAccessPointId: "ap-none" },
    { ...accepting, OppositeRouterType: "VBR", OppositeAccessPointId: "ap-cn-beijing-cy-A" },
  ],
  [
    "an access point that is missing",
    {
      code: "InvalidParam.NotFound",
      message: "Parameter must not be null,uid, bid,regionNo, remoteRegionNo, routerId or accessPointId",
    },
    { RouterType: "VBR" },
  ],
  [
    "half a health check, or one that is no address",
    { code: "InvalidHealthCheckIP.Malformd", message: "Healthcheck sourceip or targetip is not valid." },
    { HealthCheckSourceIp: "10.0.0.1" },
    { HealthCheckTargetIp: "10.0.0.1" },
    { HealthCheckSourceIp: "10.0.0.1", HealthCheckTargetIp: "10.0.0" },
  ],
  [
    "a health check between VPCs",
    {
      code: "OperationFailed.HcForInvalidRiType",
      message: "Healthchecksourceip and healthchecktargetip is only valid for vr ri that is connected to vbr.",
    },
    { HealthCheckSourceIp: "10.0.0.1", HealthCheckTargetIp: "10.0.0.2" },
    { HealthCheckSourceIp: "10.0.0.1", HealthCheckTargetIp: "10.0.0.2", OppositeRouterType: "VRouter" },
  ],
  [
    "a name",
    { code: "InvalidName.Malformed", message: 'The specified "Name" is not valid.' },
    { Name: "a" },
    { Name: "a b" },
    { Name: "1ab" },
    { Name: "http://ab" },
    { Name: "a".repeat(129) },
  ],
  [
    "a description",
    { code: "InvalidDescription.Malformed", message: 'The specified "Description" is not valid.' },
    { Description: "a" },
    { Description: "1st" },
    { Description: "https://ab" },
    { Description: "a".repeat(257) },
  ],
  [
    "a tag",
    { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." },
    { Tags: [{ Key: "aliyun" }] },
    { Tag: [{ Key: "acs:x" }] },
  ],
  [
    "a resource group",
    { code: "InvalidResourceGroupId", message: "The specified ResourceGroupId does not exist." },
    { ResourceGroupId: "rg-none" },
  ],
];
for (const [what, expected, ...all] of wrongCreations) {
  test(`${what} that is wrong is refused`, async () => {
    for (const wrong of all) await refusedUnchanged(server, () => requestInterface(at, far, wrong), expected);
  });
}

test("a router that is unknown, foreign, elsewhere, of another type or of a VPC that goes is not found", async () => {
  const expected: Expected = {
    code: "InvalidRouterId.NotFound",
    message: "The specified RouterId does not exist in our recored.",
    status: 404,
  };
  const foreign = await routedVpc(server, server.accepter);
  const going = await newVpc();
  succeeded(await going.owner.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: going.vpcId }));
  for (const wrong of [
    { RouterId: "vrt-bp1000000000000000000" },
    { RouterId: foreign.routerId },
    { RouterId: at.vpcId },
    { RouterId: going.routerId },
    { RegionId: beijing },
    { RouterType: "VBR", AccessPointId: "ap-cn-hangzhou-yh-B" },
    { RouterType: "VBR", RouterId: "vbr-bp1000000000000000000", AccessPointId: "ap-cn-hangzhou-yh-B" },
  ]) {
    await refusedUnchanged(server, () => requestInterface(at, far, wrong), expected);
  }
});

test("a router has five interfaces, not counting those that are being deleted", async () => {
  const vpc = await routedVpc(server, server.accepter);
  const { body } = await server.admin("GET", "settings");
  const quotas = [...body.quotas, { name: "RouterInterface", account: accepterKey.account, value: 5 }];
  await server.admin("PUT", "settings", { quotas, features: [] });
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.push(await interfaceAt(vpc, far));
  await refusedUnchanged(server, () => requestInterface(vpc, far), {
    code: "LimitationExceed.InterfaceNumberOnRouter",
    message: "Total number of RouterInterfaces on a Router exceeded.",
  });
  succeeded(await onInterface(vpc, "DeleteRouterInterface", ids[0] ?? ""));
  succeeded(await requestInterface(vpc, far));
  assert.equal(outcome(await requestInterface(vpc, far)), "LimitationExceed.InterfaceNumberOnRouter");
});

test("two routers have one link", async () => {
  const link = await newLink();
  const second = (): Promise<Answer> => requestInterface(link.from, link.to, { OppositeRouterId: link.to.routerId });
  succeeded(await second());
  succeeded(await connect(link));
  const exists: Expected = { code: "HaveConnectionBetweenRouters", message: "Have connection between routers" };
  await refusedUnchanged(server, second, exists);
  await server.advance();
  await refusedUnchanged(server, second, exists);
  await refusedUnchanged(server, () => requestInterface(link.to, link.from, { OppositeRouterId: link.from.routerId }), exists);
  await freeze(link);
  await refusedUnchanged(server, second, exists);
});

test("a repeated ClientToken answers the first interface, and specification", async () => {
  const ClientToken = "once";
  const first = succeeded(await requestInterface(at, far, { ClientToken })).body;
  const again = succeeded(await requestInterface(at, far, { ClientToken })).body;
  assert.deepEqual([again.RouterInterfaceId, again.OrderId], [first.RouterInterfaceId, first.OrderId]);
  await refusedUnchanged(server, () => requestInterface(at, far, { ClientToken, Spec: "Small.2" }), tokenReused);
  const change = (Spec: string) => onInterface(at, "ModifyRouterInterfaceSpec", first.RouterInterfaceId, { ClientToken: "spec", Spec });
  succeeded(await change("Small.5"));
  const before = await eventCount(server);
  assert.equal(succeeded(await change("Small.5")).body.Spec, "Small.5");
  assert.equal(await eventCount(server), before);
  await refusedUnchanged(server, () => change("Small.2"), tokenReused);
  const remove = () => onInterface(at, "DeleteRouterInterface", first.RouterInterfaceId, { ClientToken: "gone" });
  succeeded(await remove());
  await server.advance();
  succeeded(await remove());
});

// The life of a link

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
  await freeze(link);
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
    if (state === "Active") await freeze(link);
  }
});

// What the state does not allow

test("each operation is refused in each state that it is not for", async () => {
  const idle = await newLink();
  const active = await newActiveLink();
  const inactive = await newActiveLink();
  await freeze(inactive);
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
  await freeze(inactive);
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
  await freeze(link);
  await refusedUnchanged(server, () => onInitiator(link, "ActivateRouterInterface"), {
    code: "OppositeRouterInterfaceIsDeleted",
    message: "The opposite router interface is already deleted.",
  });
  succeeded(await onInitiator(link, "DeleteRouterInterface"));
});

// Connecting

test("only the initiating side connects, once it names the other end altogether", async () => {
  const [from, to] = [await newVpc(), await newVpc()];
  const initiator = await interfaceAt(from, to);
  const acceptor = await interfaceAt(to, from, accepting);
  await refusedUnchanged(server, () => onInterface(to, "ConnectRouterInterface", acceptor), {
    code: "IncorrectRole.NotInitiatingSide",
    message: "The specified RouterInterface is not InitiatingSide.",
  });
  const notSet: Expected = {
    code: "IncorrectOppositeInterfaceInfo.NotSet",
    message: "OppositeInterfaceId/OppositeRouterId/OppositeRouterType/OppositeInterfaceOwnerId must be all set.",
  };
  const link: Link = { from, to, initiator, acceptor };
  const own = { OppositeInterfaceId: acceptor, OppositeRouterId: to.routerId, OppositeInterfaceOwnerId: requesterKey.account };
  for (const [name, value] of Object.entries(own)) {
    await refusedUnchanged(server, () => connect(link), notSet);
    succeeded(await onInitiator(link, "ModifyRouterInterfaceAttribute", { [name]: value }));
  }
  await names(to, acceptor, from, initiator);
  succeeded(await connect(link));
});

test("what the ends say of each other must be true, and be said by both", async () => {
  const link = await newLink();
  const { from, to, initiator, acceptor } = link;
  const third = await newVpc();
  const stranger = await routedVpc(server, server.accepter);
  const foreign = await interfaceAt(stranger, from, accepting);
  const initiating = await interfaceAt(to, from);
  await names(to, initiating, from, initiator);
  const elsewhere = await routedVpc(server, server.requester, beijing);
  const inBeijing = await interfaceAt(elsewhere, from, accepting);
  await names(elsewhere, inBeijing, from, initiator);
  const toBeijing = await interfaceAt(to, elsewhere, accepting);
  await names(to, toBeijing, from, initiator);

  /** Has one end say something else for the time of a call to connect. */
  const refusesWhile = async (who: "initiator" | "acceptor", parameters: Parameters, side: string): Promise<void> => {
    const [own, id] = who === "initiator" ? [from, initiator] : [to, acceptor];
    succeeded(await onInterface(own, "ModifyRouterInterfaceAttribute", id, parameters));
    const before = await eventCount(server);
    refusedWith(await connect(link), `AttrMismatching.AcceptingSide${side}`);
    assert.equal(await eventCount(server), before);
    await names(from, initiator, to, acceptor);
    await names(to, acceptor, from, initiator);
  };
  await refusesWhile("initiator", { OppositeInterfaceId: "ri-bp1000000000000000000" }, "InstanceId");
  await refusesWhile("initiator", { OppositeInterfaceOwnerId: accepterKey.account }, "AliUid");
  await refusesWhile("initiator", { OppositeInterfaceId: inBeijing }, "RegionNo");
  await refusesWhile("initiator", { OppositeInterfaceId: initiating }, "Role");
  await refusesWhile("initiator", { OppositeRouterId: third.routerId }, "RouterId");
  await refusesWhile("initiator", { OppositeRouterType: "VBR" }, "RouterType");
  await refusesWhile("initiator", { OppositeInterfaceId: toBeijing }, "OppositeRegionNo");
  await refusesWhile("acceptor", { OppositeInterfaceId: initiating }, "OppositeInterfaceId");
  await refusesWhile("acceptor", { OppositeInterfaceOwnerId: accepterKey.account }, "OppositeInterfaceOwnerId");
  await refusesWhile("acceptor", { OppositeRouterId: third.routerId }, "OppositeRouterId");
  await refusesWhile("acceptor", { OppositeRouterType: "VBR" }, "OppositeRouterType");

  // Another account's interface that does not name this one is as none, whatever is said of it.
  const words = async (opposite: string): Promise<string> => {
    succeeded(await onInitiator(link, "ModifyRouterInterfaceAttribute", { OppositeInterfaceId: opposite }));
    return refusedWith(await connect(link), "AttrMismatching.AcceptingSideInstanceId").body.Message;
  };
  assert.equal(await words(foreign), await words("ri-bp1000000000000000001"));
  await names(from, initiator, to, acceptor);
  succeeded(await connect(link));
});

test("a router is not linked with itself, and the other end must be Idle", async () => {
  const vpc = await newVpc();
  const itself = await idleLink(vpc, vpc);
  await refusedUnchanged(server, () => connect(itself), {
    code: "IncorrectOppositeInterfaceInfo",
    message: "Cannot connect on the same router",
  });
  const link = await newLink();
  succeeded(await onInterface(link.to, "DeleteRouterInterface", link.acceptor));
  await refusedUnchanged(server, () => connect(link), riStatus("Idle"));
});

test("two VPCs have one link, or one peering connection, and never both", async () => {
  const [from, to] = [await newVpc(), await newVpc()];
  const [first, second] = [await idleLink(from, to), await idleLink(to, from)];
  succeeded(await connect(first));
  const only: Expected = { code: "Forbidden.OnlyOneConnection", message: "The Specified routers have a connection already" };
  await refusedUnchanged(server, () => connect(second), only);
  const peer = (one: RoutedVpc, other: RoutedVpc): Promise<Answer> =>
    one.owner.peer("CreateVpcPeerConnection", {
      RegionId: one.region,
      VpcId: one.vpcId,
      AcceptingAliUid: other.owner.key.account,
      AcceptingRegionId: other.region,
      AcceptingVpcId: other.vpcId,
    });
  const exists: Expected = {
    code: "ResourceAlreadyExist.RouterInterface",
    message: "The specified resource of RouterInterface already exists.",
  };
  await refusedUnchanged(server, () => peer(from, to), exists);
  await server.advance();
  await refusedUnchanged(server, () => peer(to, from), exists);
  await refusedUnchanged(server, () => connect(second), only);

  // The link goes, a peering connection comes, and then no link.
  succeeded(await onInterface(from, "DeleteExpressConnect", first.initiator));
  const { InstanceId } = succeeded(await peer(from, to)).body;
  await refusedUnchanged(server, () => connect(second), only);
  await server.advance();
  succeeded(await from.owner.peer("DeleteVpcPeerConnection", { InstanceId }));
  await server.advance();
  succeeded(await connect(second));
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
