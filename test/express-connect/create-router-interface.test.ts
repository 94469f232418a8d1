import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, outcome, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "../vpn/support.ts";
import { accepting, interfaceAt, onInterface, readInterface, requestInterface, type RoutedVpc, routedVpc } from "./router-interfaces.ts";

/** CreateRouterInterface: what an end may be asked to be, and what it then shows. */

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

const toBorder = {
  ...accepting,
  OppositeRouterType: "VBR",
  OppositeAccessPointId: "ap-cn-hangzhou-yh-B",
  HealthCheckSourceIp: "10.0.0.1",
  HealthCheckTargetIp: "10.0.0.2",
} as const;

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
