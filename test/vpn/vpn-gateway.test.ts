import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, groupId, hangzhou, refusedWith, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { connectionIn, customerGatewayIn, gatewayIn, gatewayStatus, readGateway, requestGateway, virtualNow } from "./support.ts";

/** CreateVpnGateway, ModifyVpnGatewayAttribute, DeleteVpnGateway and DescribeVpnGateway. Lists are in lists.test.ts. */
let server: InProcessServer;
let sdk: Sdk;
let vpc: TestVpc;
/** vSwitches of the VPC in two zones, and a second one in the first zone. */
let inB: string;
let inG: string;
let alsoInB: string;

const quotas = (...more: readonly object[]) =>
  server.admin("PUT", "settings", {
    quotas: [{ name: "Vpc", value: 1000 }, { name: "VpnGateway", value: 1000 }, ...more],
    features: [],
  });

before(async () => {
  server = await startServer();
  await quotas();
  sdk = sdkOf(server, requesterKey);
  vpc = await availableVpc(server, server.requester);
  inB = await vSwitchIn(server, vpc, "10.0.1.0/24");
  inG = await vSwitchIn(server, vpc, "10.0.2.0/24", { ZoneId: "cn-hangzhou-g" });
  alsoInB = await vSwitchIn(server, vpc, "10.0.3.0/24");
});
after(() => server.stop());

const read = async (id: string): Promise<any> => succeeded(await readGateway(server.requester, id)).body;
const change = (VpnGatewayId: string, parameters: Parameters = {}): Promise<Answer> =>
  server.requester.vpc("ModifyVpnGatewayAttribute", { RegionId: hangzhou, VpnGatewayId, ...parameters });
const remove = (VpnGatewayId: string, parameters: Parameters = {}): Promise<Answer> =>
  server.requester.vpc("DeleteVpnGateway", { RegionId: hangzhou, VpnGatewayId, ...parameters });
const patch = async (id: string, fields: object): Promise<void> => {
  const { status, body } = await server.admin("PATCH", `resources/${id}`, fields);
  assert.equal(status, 200, JSON.stringify(body));
};
/** Asserts that a gateway is refused with each of these parameters, and leaves no trace. */
async function refuses(all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) await refusedUnchanged(server, () => requestGateway(vpc, parameters), expected);
}

const notFound: Expected = {
  code: "InvalidVpnGatewayInstanceId.NotFound",
  message: "The specified vpn gateway instance id does not exist.",
  status: 404,
};
const configuring: Expected = { code: "VpnGateway.Configuring", message: "The specified service is configuring." };
const vSwitchNotFound: Expected = { code: "InvalidVSwitchId.NotFound", message: "The specified vswitchId is not found." };

test("a gateway that names nothing but VPC and bandwidth shows the defaults, each field of its type", async () => {
  const createdAt = await virtualNow(server);
  const { vpnGatewayId = "", name, orderId } = await ask(sdk, "createVpnGateway", { regionId: hangzhou, vpcId: vpc.vpcId, bandwidth: 5 });
  assert.match(vpnGatewayId, /^vpn-bp1[a-z0-9]{18}$/);
  assert.deepEqual([name, typeof orderId], [vpnGatewayId, "number"]);
  const { RequestId: _id, InternetIp, Tag, ...fields } = await read(vpnGatewayId);
  assert.match(InternetIp, /^198\.1[89]\.\d+\.\d+$/);
  // Clients parse this text.
  assert.deepEqual(JSON.parse(Tag).VpnEnableBgp, "true");
  assert.deepEqual(fields, {
    AutoPropagate: false,
    BusinessStatus: "Normal",
    ChargeType: "PostpayByFlow",
    CreateTime: createdAt,
    Description: "",
    DisasterRecoveryInternetIp: "",
    DisasterRecoveryVSwitchId: "",
    EnableBgp: true,
    EndTime: 0,
    EniInstanceIds: { EniInstanceId: [] },
    GatewayType: "Traditional",
    IpsecVpn: "enable",
    Name: vpnGatewayId,
    NetworkType: "public",
    ResourceGroupId: await groupId(server.requester),
    Spec: "5M",
    SslMaxConnections: 0,
    SslVpn: "disable",
    SslVpnInternetIp: "",
    Status: "provisioning",
    Tags: { Tag: [] },
    VSwitchId: "",
    VpcId: vpc.vpcId,
    VpnGatewayId: vpnGatewayId,
    VpnType: "Normal",
  });
  await server.advance();
  assert.equal(await gatewayStatus(server.requester, vpnGatewayId), "active");
});

test("everything that can be said of a gateway is shown again", async () => {
  const createdAt = await virtualNow(server);
  const { vpnGatewayId = "", name } = await ask(sdk, "createVpnGateway", {
    regionId: hangzhou,
    name: "gateway-1.a_测试",
    vpcId: vpc.vpcId,
    instanceChargeType: "PREPAY",
    period: 2,
    autoPay: true,
    bandwidth: 10,
    enableIpsec: false,
    enableSsl: true,
    sslConnections: 20,
    vSwitchId: inB,
    disasterRecoveryVSwitchId: inG,
    vpnType: "Normal",
    networkType: "public",
    resourceGroupId: await groupId(server.requester),
  });
  await server.advance();
  const shown = await ask(sdk, "describeVpnGateway", { regionId: hangzhou, vpnGatewayId, includeReservationData: true });
  const { internetIp, disasterRecoveryInternetIp } = shown;
  assert.notEqual(internetIp, disasterRecoveryInternetIp);
  for (const address of [internetIp, disasterRecoveryInternetIp]) assert.match(address ?? "", /^198\.1[89]\./);
  assert.deepEqual(
    [name, shown.name, shown.status, shown.chargeType, shown.createTime, shown.endTime],
    ["gateway-1.a_测试", "gateway-1.a_测试", "active", "Prepay", createdAt, createdAt + 2 * 30 * 86_400_000],
  );
  assert.deepEqual(
    [shown.spec, shown.ipsecVpn, shown.sslVpn, shown.sslMaxConnections, shown.sslVpnInternetIp, shown.reservationData],
    ["10M", "disable", "enable", 20, internetIp, undefined],
  );
  assert.deepEqual([shown.vSwitchId, shown.disasterRecoveryVSwitchId], [inB, inG]);
});

test("SSL without a number of connections has five", async () => {
  const { SslMaxConnections, SslVpn, IpsecVpn } = await read(await gatewayIn(server, vpc, { EnableSsl: true }));
  assert.deepEqual([SslMaxConnections, SslVpn, IpsecVpn], [5, "enable", "enable"]);
});

test("bandwidth is one that is on offer for the network type", async () => {
  for (const Bandwidth of [5, 10, 20, 50, 100, 200, 500, 1000]) {
    assert.equal((await read(await gatewayIn(server, vpc, { Bandwidth }))).Spec, `${Bandwidth}M`);
  }
  for (const Bandwidth of [200, 1000]) {
    const { Spec, NetworkType } = await read(await gatewayIn(server, vpc, { Bandwidth, NetworkType: "private" }));
    assert.deepEqual([Spec, NetworkType], [`${Bandwidth}M`, "private"]);
  }
  const expected: Expected = { code: "InvalidSpec.NotFound", message: "The specified Spec does not exist in our records." };
  await refuses([{ Bandwidth: 7 }, { Bandwidth: 0 }, { Bandwidth: -10 }, { Bandwidth: 2000 }, { Bandwidth: "10M" }], expected);
  await refuses([5, 10, 20, 50, 100, 500].map((Bandwidth) => ({ Bandwidth, NetworkType: "private" })), expected); // prettier-ignore
});

test("charge type and period are among those that are sold", async () => {
  for (const Period of [1, 9, 12, 24, 36]) {
    const { CreateTime, EndTime } = await read(await gatewayIn(server, vpc, { InstanceChargeType: "PREPAY", Period }));
    assert.equal(EndTime - CreateTime, Period * 30 * 86_400_000);
  }
  const { ChargeType, EndTime } = await read(await gatewayIn(server, vpc, { InstanceChargeType: "POSTPAY", Period: 3, AutoPay: false }));
  assert.deepEqual([ChargeType, EndTime], ["PostpayByFlow", 0]);
  const period: Expected = { code: "InvalidPeriod", message: "The specified period is not valid" };
  await refuses([0, -1, 10, 11, 13, 37, "x"].map((Period) => ({ InstanceChargeType: "PREPAY", Period })), period); // prettier-ignore
  const charge: Expected = { code: "ChargeType.NotSupport", message: "The specified charge type is not support." };
  await refuses([{ InstanceChargeType: "Prepay" }, { InstanceChargeType: "PostpayByFlow" }], charge);
});

test("IPsec or SSL is enabled, SSL connections come with SSL, and a private gateway has none", async () => {
  await refuses([{ EnableIpsec: false }, { EnableIpsec: false, EnableSsl: false }], {
    code: "InvalidVpnEnable",
    message: "Either IPsec or SSL VPN must be set enable.",
  });
  await refuses([{ SslConnections: 5 }, { SslConnections: 5, EnableSsl: false }], {
    code: "UnnecessarySslConnection",
    message: "The SSL connection is unnecessary for ssl vpn disabled.",
  });
  await refuses([{ NetworkType: "private", Bandwidth: 200, EnableSsl: true }], {
    code: "OperationFailed.SslNotSupport",
    message: "Enable ssl vpn with private networkType is unsupported.",
  });
  for (const [parameter, wrong] of [
    ["NetworkType", "hybrid"],
    ["VpnType", "NationalStandard"],
    ["EnableIpsec", "perhaps"],
    ["SslConnections", 0],
    ["SslConnections", 1001],
  ] as const) {
    const before = await eventCount(server);
    refusedWith(await requestGateway(vpc, { EnableSsl: true, [parameter]: wrong }), `Invalid${parameter}`);
    assert.equal(await eventCount(server), before);
  }
});

test("names begin with a letter and hold 2 to 100 letters, digits, underscores, dots and hyphens", async () => {
  for (const Name of ["ab", "测试", `a${"b".repeat(99)}`, "a.b-c_9"])
    assert.equal((await read(await gatewayIn(server, vpc, { Name }))).Name, Name);
  const wrong = ["a", "1ab", "_ab", "a b", "a/b", "http://ab", "a\nb", `a${"b".repeat(100)}`].map((Name) => ({ Name }));
  await refuses(wrong, { code: "InvalidName", message: "The specified value of Name not supported." });
  const id = await gatewayIn(server, vpc);
  for (const name of wrong)
    await refusedUnchanged(server, () => change(id, name), { code: "InvalidName", message: "The name is not valid" });
});

test("the VPC and the vSwitches exist, belong together, differ, and are in different zones", async () => {
  await refuses([{ VpcId: "vpc-bp1unknown" }], {
    code: "InvalidVpcId.NotFound",
    message: "The specified VPC id does not exist in our records.",
  });
  const other = await availableVpc(server, server.requester);
  const elsewhere = await vSwitchIn(server, other, "10.0.1.0/24", { ZoneId: "cn-hangzhou-h" });
  const missing = ["vsw-bp1unknown", elsewhere];
  await refuses(missing.map((VSwitchId) => ({ VSwitchId })), vSwitchNotFound); // prettier-ignore
  await refuses(missing.map((DisasterRecoveryVSwitchId) => ({ VSwitchId: inB, DisasterRecoveryVSwitchId })), vSwitchNotFound); // prettier-ignore
  await refuses([{ VSwitchId: inB, DisasterRecoveryVSwitchId: inB }], {
    code: "InvalidVSwitchId.VswitchIdShouldDifferent",
    message: "The VSwitch ids should be different.",
  });
  await refuses([{ VSwitchId: inB, DisasterRecoveryVSwitchId: alsoInB }], {
    code: "InvalidVSwitchId.ZoneIdShouldDifferent",
    message: "Two vSwitches should belong to different Availability Zones.",
  });
});

test("a VPC that is being deleted takes no gateway, which would outlive it", async () => {
  const { vpcId } = await availableVpc(server, server.requester);
  succeeded(await server.requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: vpcId }));
  await refuses([{ VpcId: vpcId }], {
    code: "InvalidVpcId.NotFound",
    message: "The specified VPC id does not exist in our records.",
  });
});

test("a vSwitch that is being created takes no gateway yet", async () => {
  const at = { RegionId: hangzhou, VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-h", CidrBlock: "10.0.4.0/24" };
  const { VSwitchId } = succeeded(await server.requester.vpc("CreateVSwitch", at)).body;
  const busy: Expected = { code: "OperationFailed.VSwitchConflict", message: "The vswitch can't create vpn. Try another vswitch." };
  await refuses([{ VSwitchId }, { VSwitchId: inB, DisasterRecoveryVSwitchId: VSwitchId }], busy);
  await server.advance();
  await gatewayIn(server, vpc, { VSwitchId });
});

test("the ends of a private gateway have addresses of their vSwitches, of the VPC where none is named", async () => {
  const parameters = { NetworkType: "private", Bandwidth: 200 };
  const dual = await read(await gatewayIn(server, vpc, { ...parameters, VSwitchId: inB, DisasterRecoveryVSwitchId: inG }));
  assert.match(dual.InternetIp, /^10\.0\.1\.\d+$/);
  assert.match(dual.DisasterRecoveryInternetIp, /^10\.0\.2\.\d+$/);
  const single = await read(await gatewayIn(server, vpc, { ...parameters, VSwitchId: inB }));
  assert.match(single.InternetIp, /^10\.0\.1\.\d+$/);
  assert.notEqual(single.InternetIp, dual.InternetIp);
  assert.equal(single.DisasterRecoveryInternetIp, "");
  // One end needs no second, whichever of the two names it.
  const alone = await read(await gatewayIn(server, vpc, { ...parameters, DisasterRecoveryVSwitchId: inG }));
  assert.deepEqual([alone.VSwitchId, alone.DisasterRecoveryVSwitchId, alone.DisasterRecoveryInternetIp], ["", inG, ""]);
  assert.match(alone.InternetIp, /^10\.0\.2\.\d+$/);
  assert.match((await read(await gatewayIn(server, vpc, parameters))).InternetIp, /^10\.0\.\d+\.\d+$/);
});

test("a vSwitch of eight addresses holds four private gateways, and another VPC's of the same block four more", async () => {
  const used: string[][] = [];
  for (const owner of [server.requester, server.accepter]) {
    const small = await availableVpc(server, owner, hangzhou);
    const VSwitchId = await vSwitchIn(server, small, "10.0.9.0/29");
    const parameters = { NetworkType: "private", Bandwidth: 200, VSwitchId };
    const ids: string[] = [];
    for (let count = 0; count < 4; count += 1) ids.push(await gatewayIn(server, small, parameters));
    const addresses = await Promise.all(ids.map(async (id) => succeeded(await readGateway(owner, id)).body.InternetIp as string));
    used.push(addresses.sort());
    const full: Expected = {
      code: "OperationFailed.IpNotEnough",
      message: "Operation failed because private ip address of the virtual switch is not enough.",
    };
    await refusedUnchanged(server, () => requestGateway(small, parameters), full);
    await gatewayIn(server, small, { VSwitchId });
    succeeded(await owner.vpc("DeleteVpnGateway", { RegionId: hangzhou, VpnGatewayId: ids[0] }));
    await refusedUnchanged(server, () => requestGateway(small, parameters), full); // while it is being deleted
    await server.advance();
    await gatewayIn(server, small, parameters);
  }
  const four = ["10.0.9.1", "10.0.9.2", "10.0.9.3", "10.0.9.4"];
  assert.deepEqual(used, [four, four]);
});

test("name, description and propagation change, each alone or all, and everything else stays", async () => {
  const id = await gatewayIn(server, vpc, { Name: "before", VSwitchId: inB, DisasterRecoveryVSwitchId: inG });
  const { RequestId: _id, Name: _name, Description: _text, AutoPropagate: _auto, ...others } = await read(id);
  const keptFields = [
    ["BusinessStatus", "CreateTime", "DisasterRecoveryInternetIp", "DisasterRecoveryVSwitchId", "EnableBgp", "EndTime", "InternetIp"],
    ["ResourceGroupId", "Spec", "SslVpnInternetIp", "VSwitchId", "VpcId", "VpnGatewayId"],
  ].flat();
  const changes: readonly (readonly [parameters: Parameters, shown: readonly [string, string, boolean]])[] = [
    [{ Name: "after" }, ["after", "", false]],
    [{ Description: "second" }, ["after", "second", false]],
    [{ AutoPropagate: true }, ["after", "second", true]],
    [{ Name: "", Description: "" }, ["after", "second", true]],
    [{ Name: "last", Description: "d".repeat(100), AutoPropagate: "FALSE" }, ["last", "d".repeat(100), false]],
  ];
  for (const [parameters, [Name, Description, AutoPropagate]] of changes) {
    const { body } = succeeded(await change(id, parameters));
    const { RequestId: _other, ...answer } = body;
    const kept = Object.fromEntries(keptFields.map((field) => [field, others[field]]));
    assert.deepEqual(answer, { ...kept, Name, Description, AutoPropagate, IntranetIp: "", Status: "updating" });
    const { RequestId: _read, ...shown } = await read(id);
    assert.deepEqual(shown, { ...others, Name, Description, AutoPropagate, Status: "updating" });
    await server.advance();
    assert.equal(await gatewayStatus(server.requester, id), "active");
  }
});

test("propagation is not switched off while a connection has BGP", async () => {
  const id = await gatewayIn(server, vpc);
  const { requester } = server;
  const customer = await customerGatewayIn(requester, { Asn: "65001" });
  const bgp = (EnableBgp: boolean): Parameters => ({ BgpConfig: JSON.stringify({ EnableBgp, TunnelCidr: "169.254.40.0/30" }) });
  const VpnConnectionId = await connectionIn(server, vpc, id, customer, bgp(true));
  const set = async (AutoPropagate: boolean): Promise<void> => {
    succeeded(await change(id, { AutoPropagate }));
    await server.advance();
  };
  await set(false); // It has been off before.
  await set(true);
  await refusedUnchanged(server, () => change(id, { AutoPropagate: false }), {
    code: "OperationFailed.VpnConnectionExist",
    message: "Auto propagate cannot be closed when VPN connections with BGP enabled exist.",
  });
  succeeded(await requester.vpc("ModifyVpnConnectionAttribute", { RegionId: hangzhou, VpnConnectionId, ...bgp(false) }));
  refusedWith(await change(id, { AutoPropagate: false }), "VpnGateway.Configuring");
  await server.advance();
  await set(false);
});

test("descriptions that are too long or begin with an address are refused", async () => {
  const id = await gatewayIn(server, vpc);
  for (const Description of ["d".repeat(101), "http://x", "https://x", "two\nlines"]) {
    await refusedUnchanged(server, () => change(id, { Description }), {
      code: "InvalidDescription",
      message: "The description is not valid",
    });
  }
});

test("while a gateway is at work, no second write is taken", async () => {
  const { VpnGatewayId } = succeeded(await requestGateway(vpc)).body;
  const refusesBoth = async (status: string): Promise<void> => {
    assert.equal(await gatewayStatus(server.requester, VpnGatewayId), status);
    await refusedUnchanged(server, () => change(VpnGatewayId, { Description: "no" }), configuring);
    await refusedUnchanged(server, () => remove(VpnGatewayId), configuring);
  };
  await refusesBoth("provisioning");
  await server.advance();
  await ask(sdk, "modifyVpnGatewayAttribute", { regionId: hangzhou, vpnGatewayId: VpnGatewayId, description: "yes" });
  await refusesBoth("updating");
  await server.advance();
  await ask(sdk, "deleteVpnGateway", { regionId: hangzhou, vpnGatewayId: VpnGatewayId });
  await refusesBoth("deleting");
  await server.advance();
  for (const call of [() => readGateway(server.requester, VpnGatewayId), () => change(VpnGatewayId), () => remove(VpnGatewayId)]) {
    await refusedUnchanged(server, call, notFound);
  }
});

test("a prepaid gateway is released only once an administrator says that it is paid by flow", async () => {
  const id = await gatewayIn(server, vpc, { InstanceChargeType: "PREPAY" });
  await refusedUnchanged(server, () => remove(id), {
    code: "ForbiddenRelease",
    message: "Forbidden to release a prepaid instance within validity period",
    status: 403,
  });
  await patch(id, { ChargeType: "PostpayByFlow" });
  assert.equal((await read(id)).ChargeType, "PostpayByFlow");
  succeeded(await remove(id));
  await server.advance();
  assert.equal(await gatewayStatus(server.requester, id), notFound.code);
  // A gateway whose time is over needs nobody's word.
  const over = await gatewayIn(server, vpc, { InstanceChargeType: "PREPAY", Period: 1 });
  await server.advance(31 * 24 * 3600);
  succeeded(await remove(over));
});

test("an administrator sets the business status, to one of two values", async () => {
  const id = await gatewayIn(server, vpc);
  await patch(id, { BusinessStatus: "FinancialLocked" });
  assert.equal((await read(id)).BusinessStatus, "FinancialLocked");
  for (const fields of [{ BusinessStatus: "SecurityLocked" }, { ChargeType: "POSTPAY" }, { InternetIp: "198.18.0.1" }, { name: "x" }]) {
    assert.equal((await server.admin("PATCH", `resources/${id}`, fields)).status, 400, JSON.stringify(fields));
  }
  await patch(id, { BusinessStatus: "Normal" });
  assert.equal((await read(id)).BusinessStatus, "Normal");
});

test("VPC and vSwitches stay as long as a gateway is in them", async () => {
  const own = await availableVpc(server, server.requester);
  const first = await vSwitchIn(server, own, "10.0.1.0/24");
  const second = await vSwitchIn(server, own, "10.0.2.0/24", { ZoneId: "cn-hangzhou-g" });
  const id = await gatewayIn(server, own, { VSwitchId: first, DisasterRecoveryVSwitchId: second });
  const held: Expected = { code: "DependencyViolation", message: "Resources deployed in the vSwitch have not been deleted." };
  const deleteVSwitch = (VSwitchId: string) => server.requester.vpc("DeleteVSwitch", { RegionId: hangzhou, VSwitchId });
  for (const VSwitchId of [first, second]) await refusedUnchanged(server, () => deleteVSwitch(VSwitchId), held);
  succeeded(await remove(id));
  for (const VSwitchId of [first, second]) await refusedUnchanged(server, () => deleteVSwitch(VSwitchId), held);
  await server.advance();
  for (const VSwitchId of [first, second]) {
    succeeded(await deleteVSwitch(VSwitchId));
    await server.advance();
  }

  const inVpc = await gatewayIn(server, own);
  const deleteVpc = () => server.requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: own.vpcId });
  await refusedUnchanged(server, deleteVpc, {
    code: "DependencyViolation.VpnGateway",
    message: "Specified object has dependent resources",
  });
  succeeded(await remove(inVpc));
  await server.advance();
  succeeded(await deleteVpc());
});

test("the quota VpnGateway bounds an account over all regions", async () => {
  const owner = await server.stranger();
  const [here, there] = [await availableVpc(server, owner), await availableVpc(server, owner, beijing)];
  await quotas({ name: "VpnGateway", value: 2, account: owner.key.account });
  const id = await gatewayIn(server, here);
  await gatewayIn(server, there);
  const full: Expected = { code: "Resource.QuotaFull", message: "The quota of resource is full" };
  for (const at of [here, there]) await refusedUnchanged(server, () => requestGateway(at), full);
  await gatewayIn(server, vpc);
  succeeded(await owner.vpc("DeleteVpnGateway", { RegionId: hangzhou, VpnGatewayId: id }));
  await server.advance();
  await gatewayIn(server, there);
  await refusedUnchanged(server, () => requestGateway(here), full);
  await quotas();
  await gatewayIn(server, here);
});

test("a repeated ClientToken answers the first result of each write, and changes nothing more", async () => {
  const first = succeeded(await requestGateway(vpc, { ClientToken: "create" })).body;
  const before = await eventCount(server);
  const again = succeeded(await requestGateway(vpc, { ClientToken: "create" })).body;
  assert.deepEqual({ ...again, RequestId: "" }, { ...first, RequestId: "" });
  assert.equal(await eventCount(server), before);
  await refusedUnchanged(server, () => requestGateway(vpc, { ClientToken: "create", Bandwidth: 20 }), tokenReused);
  await server.advance();

  const id = first.VpnGatewayId;
  for (const call of [() => change(id, { Description: "once", ClientToken: "change" }), () => remove(id, { ClientToken: "delete" })]) {
    const { body } = succeeded(await call());
    await server.advance();
    const events = await eventCount(server);
    assert.deepEqual({ ...succeeded(await call()).body, RequestId: "" }, { ...body, RequestId: "" });
    assert.equal(await eventCount(server), events);
  }
  await refusedUnchanged(server, () => change(id, { Description: "other", ClientToken: "change" }), tokenReused);
  assert.equal(await gatewayStatus(server.requester, id), notFound.code);
});

test("a gateway of another account or region is not there", async () => {
  const id = await gatewayIn(server, vpc);
  for (const [caller, RegionId] of [
    [server.accepter, hangzhou],
    [server.requester, beijing],
  ] as const) {
    for (const action of ["DescribeVpnGateway", "ModifyVpnGatewayAttribute", "DeleteVpnGateway"]) {
      await refusedUnchanged(server, () => caller.vpc(action, { RegionId, VpnGatewayId: id }), notFound);
    }
  }
  assert.equal(await gatewayStatus(server.requester, id), "active");
});
