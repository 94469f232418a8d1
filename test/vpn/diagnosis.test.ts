import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, instanceRoute, refusedWith, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Options, refuses, type Sdk, sdkOf } from "../vpc/support.ts";
import {
  connectionIn,
  customerGatewayIn,
  dualGatewayIn,
  gatewayIn,
  readConnection,
  requestConnection,
  twoTunnels,
  virtualNow,
} from "./support.ts";

/** DiagnoseVpnConnections, DiagnoseVpnGateway and GetVpnGatewayDiagnoseResult. */
let server: InProcessServer;
let sdk: Sdk;
let foreignSdk: Sdk;
let vpc: TestVpc;
/** A gateway with one end, with two connections; one with two ends, with one connection; and one without any. */
let single: string;
let first: string;
let second: string;
let dual: string;
let pair: string;
let master: string;
let slave: string;
let bare: string;
let office: string;
let branch: string;
const officeAddress = "192.0.2.1";
const branchAddress = "192.0.2.2";
/** An attachment of the caller's, and one of its tunnels. */
let attachment: string;
let ofAttachment: string;
/** Another account's. */
let foreignGateway: string;
let foreign: string;

const tunnelsOf = async (id: string): Promise<[string, string]> => {
  const { TunnelOptions } = succeeded(await readConnection(server.requester, id)).body.TunnelOptionsSpecification;
  return TunnelOptions.map(({ TunnelId }: { TunnelId: string }) => TunnelId);
};
const patch = async (id: string, fields: object): Promise<void> =>
  assert.equal((await server.admin("PATCH", `resources/${id}`, fields)).status, 200);

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  foreignSdk = sdkOf(server, accepterKey);
  const { requester, accepter } = server;
  vpc = await availableVpc(server, requester);
  single = await gatewayIn(server, vpc);
  dual = await dualGatewayIn(server, vpc);
  bare = await gatewayIn(server, vpc);
  office = await customerGatewayIn(requester, { IpAddress: officeAddress });
  branch = await customerGatewayIn(requester, { IpAddress: branchAddress });
  const blocks = { LocalSubnet: "10.0.0.0/16", AutoConfigRoute: false };
  first = await connectionIn(server, vpc, single, office, { ...blocks, RemoteSubnet: "172.16.0.0/16", IkeConfig: JSON.stringify({ Psk: "psk-of-first" }) }); // prettier-ignore
  second = await connectionIn(server, vpc, single, branch, { ...blocks, RemoteSubnet: "172.17.0.0/16" });
  const tunnels = { ...twoTunnels(office), "TunnelOptionsSpecification.2.CustomerGatewayId": branch };
  pair = succeeded(await requestConnection(requester, dual, tunnels)).body.VpnConnectionId;
  await server.advance();
  [master, slave] = await tunnelsOf(pair);
  const anywhere = { RegionId: hangzhou, LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" };
  attachment = succeeded(await requester.vpc("CreateVpnAttachment", { ...anywhere, ...twoTunnels(office) })).body.VpnConnectionId;
  [ofAttachment] = await tunnelsOf(attachment);
  const foreignVpc = await availableVpc(server, accepter);
  foreignGateway = await gatewayIn(server, foreignVpc);
  foreign = await connectionIn(server, foreignVpc, foreignGateway, await customerGatewayIn(accepter));
});
after(() => server.stop());

const stamp = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
const utc = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

const faults = (options: Options, caller = sdk) => ask(caller, "diagnoseVpnConnections", { regionId: hangzhou, ...options });
/** `connection/tunnel` of each fault. */
const faulty = async (options: Options): Promise<string[]> =>
  ((await faults(options)).vpnConnections ?? []).map(({ vpnConnectionId, tunnelId }) => `${vpnConnectionId}/${tunnelId}`);

test("a tunnel that is not established has a row that says why, and whose log line that is", async () => {
  const { totalCount, pageNumber, pageSize, vpnConnections } = await faults({ vpnConnectionIds: [first] });
  assert.deepEqual([totalCount, pageNumber, pageSize, vpnConnections?.length], [1, 1, 10, 1]);
  const { FailedTime, SourceLog, ...said } = vpnConnections?.[0]?.toMap() ?? {};
  assert.deepEqual(said, {
    FailedReason: "No data plane is attached to this server",
    FailedReasonCode: "NoDataPlane",
    MismatchLocalParam: "",
    MismatchRemoteParam: "",
    Severity: "Warn",
    TunnelId: "",
    VpnConnectionId: first,
  });
  const { data } = await ask(sdk, "describeVpnConnectionLogs", { regionId: hangzhou, vpnConnectionId: first, from: 0, to: 2 ** 31 - 1 });
  assert.equal(SourceLog, data?.logs?.at(-1));
  assert.ok(String(SourceLog).startsWith(`${stamp(Number(FailedTime))} ${first} `));
});

test("a simulated status is the reason, until the tunnel pretends to be established", async () => {
  await patch(pair, { SimulatedStatus: "ike_sa_established", SimulatedSecondStatus: "ipsec_sa_established" });
  const patchedAt = await virtualNow(server);
  const { vpnConnections } = await faults({ tunnelIds: [master, slave] });
  assert.deepEqual(
    vpnConnections?.map((row) => row.toMap()),
    [
      {
        FailedReason: "The status ike_sa_established is simulated",
        FailedReasonCode: "SimulatedStatus",
        FailedTime: patchedAt,
        MismatchLocalParam: "",
        MismatchRemoteParam: "",
        Severity: "Warn",
        SourceLog: `${stamp(patchedAt)} ${master} negotiation status ike_sa_established: simulated with PATCH, nothing is negotiated`,
        TunnelId: master,
        VpnConnectionId: pair,
      },
    ],
  );
  await patch(pair, { SimulatedStatus: "ipsec_sa_established" });
  assert.deepEqual(await faulty({ vpnGatewayId: dual }), []);
  assert.equal((await faults({ vpnGatewayId: dual })).totalCount, 0);
  await patch(pair, { SimulatedStatus: "", SimulatedSecondStatus: "" });
  assert.deepEqual(await faulty({ vpnGatewayId: dual }), [`${pair}/${master}`, `${pair}/${slave}`]);
});

test("single-tunnel connections go by their ids, others by those of their tunnels, all of a gateway by its", async () => {
  const expected: readonly (readonly [options: Options, rows: readonly string[]])[] = [
    [{ vpnConnectionIds: [first] }, [`${first}/`]],
    [{ vpnConnectionIds: [second, first, second] }, [`${second}/`, `${first}/`]],
    [{ tunnelIds: [slave] }, [`${pair}/${slave}`]],
    [{ tunnelIds: [ofAttachment] }, [`${attachment}/${ofAttachment}`]],
    [{ vpnConnectionIds: [first], tunnelIds: [master] }, [`${first}/`, `${pair}/${master}`]],
    [{ vpnGatewayId: single }, [`${first}/`, `${second}/`]],
    [{ vpnGatewayId: dual }, [`${pair}/${master}`, `${pair}/${slave}`]],
    [{ vpnGatewayId: bare }, []],
    [{ vpnGatewayId: single, vpnConnectionIds: [second] }, [`${second}/`]],
    [{ vpnGatewayId: dual, tunnelIds: [slave] }, [`${pair}/${slave}`]],
  ];
  for (const [options, rows] of expected) assert.deepEqual(await faulty(options), rows, JSON.stringify(options));
  const pages = [];
  for (const pageNumber of [1, 2, 3]) {
    const page = await faults({ vpnGatewayId: single, pageNumber, pageSize: 1 });
    assert.deepEqual([page.totalCount, page.pageNumber, page.pageSize], [2, pageNumber, 1]);
    pages.push(page.vpnConnections?.map(({ vpnConnectionId }) => vpnConnectionId));
  }
  assert.deepEqual(pages, [[first], [second], []]);
});

test("what names nothing of the caller's, or the wrong thing, is an invalid parameter", async () => {
  const many = Array.from({ length: 51 }, () => first);
  for (const [options, caller] of [
    [{}],
    [{ vpnGatewayId: "vpn-bp1unknown" }],
    [{ vpnGatewayId: foreignGateway }],
    [{ vpnGatewayId: single, regionId: beijing }],
    [{ vpnConnectionIds: ["vco-bp1unknown"] }],
    [{ vpnConnectionIds: [first, foreign] }],
    [{ vpnConnectionIds: [first], regionId: beijing }],
    [{ vpnConnectionIds: [pair] }],
    [{ vpnConnectionIds: [attachment] }],
    [{ tunnelIds: ["tun-bp1unknown"] }],
    [{ tunnelIds: [first] }],
    [{ tunnelIds: [master], regionId: beijing }],
    [{ tunnelIds: [master] }, foreignSdk],
    [{ vpnGatewayId: dual, vpnConnectionIds: [first] }],
    [{ vpnGatewayId: single, tunnelIds: [master] }],
    [{ vpnConnectionIds: many }],
    [{ tunnelIds: many }],
  ] as [Options, Sdk?][]) {
    await refuses(faults(options, caller), "InvalidParameter", 400, "The parameter is invalid.");
  }
  await refuses(faults({ vpnGatewayId: single, pageNumber: 1_000_000 }), "Throttling.DeepPageSkip");
  await refuses(faults({ vpnGatewayId: single, pageSize: 51 }), "InvalidPageSize");
});

const request = (parameters: Parameters = {}): Promise<Answer> =>
  server.requester.vpc("DiagnoseVpnGateway", {
    RegionId: hangzhou,
    VpnGatewayId: single,
    ResourceType: "IPsec",
    ResourceId: first,
    ...parameters,
  });
/** A diagnosis that has finished; answers its id. */
const diagnose = async (parameters: Parameters = {}): Promise<string> => {
  const { body } = succeeded(await request(parameters));
  await server.advance();
  return body.DiagnoseId;
};
const result = (options: Options, caller = sdk) => ask(caller, "getVpnGatewayDiagnoseResult", { regionId: hangzhou, ...options });
interface Item {
  readonly level: string | undefined;
  readonly said: any;
}
/** What a finished diagnosis says, by item. */
const itemsOf = async (diagnoseId: string): Promise<Partial<Record<string, Item[]>>> => {
  const { diagnoseResult } = await result({ diagnoseId });
  const items = (diagnoseResult ?? []).map((one) => ({
    name: one.diagnoseName ?? "",
    level: one.diagnoseResultLevel,
    said: JSON.parse(one.diagnoseResultDescription ?? ""),
  }));
  return Object.groupBy(items, ({ name }) => name);
};
const item = async (diagnoseId: string, name: string): Promise<[level: string | undefined, said: any]> => {
  const [one, ...others] = (await itemsOf(diagnoseId))[name] ?? [];
  assert.ok(one !== undefined && others.length === 0, name);
  return [one.level, one.said];
};
const privateEnds = JSON.stringify({ PrivateSourceIp: "10.0.1.1", PrivateDestinationIp: "172.16.0.9" });
const noData = "no data plane is attached, nothing was sent";
const simulatedTunnel = "the tunnel is simulated with PATCH, nothing was sent";

test("a diagnosis tells nothing while it runs, and everything when it has finished", async () => {
  const begunAt = await virtualNow(server);
  const { diagnoseId = "" } = await ask(sdk, "diagnoseVpnGateway", {
    regionId: hangzhou,
    vpnGatewayId: single,
    resourceType: "IPsec",
    resourceId: first,
    IPsecExtendInfo: privateEnds,
  });
  assert.match(diagnoseId, /^vpndgn-bp1[a-z0-9]{18}$/);
  const running = (await result({ diagnoseId })).toMap();
  const { RequestId: _id, ...said } = running;
  const always = {
    BeginTime: utc(begunAt),
    DiagnoseId: diagnoseId,
    ResourceInstanceId: first,
    ResourceType: "IPsec",
    TotalCount: 7,
    VpnGatewayId: single,
  };
  assert.deepEqual(said, { ...always, DiagnoseResult: [], FinishTime: "", FinishedCount: 0 });
  await server.advance();
  const { RequestId: _other, DiagnoseResult, ...finished } = (await result({ diagnoseId })).toMap();
  assert.deepEqual(finished, { ...always, FinishTime: utc(await virtualNow(server)), FinishedCount: 7 });
  assert.deepEqual(
    DiagnoseResult.map(({ DiagnoseName, DiagnoseResultLevel }: any) => [DiagnoseName, DiagnoseResultLevel]),
    [
      ["RouteEntryConflict", "normal"],
      ["VpnRouteQuota", "normal"],
      ["VpnIPsecQuota", "normal"],
      ["VpnPbrRouteQuota", "normal"],
      ["VcoConfigConsistency", "warning"],
      ["VcoUserInternetIpConnectivity", "error"],
      ["VcoPrivateConnectivity", "error"],
    ],
  );
  await server.advance(3600);
  const { RequestId: _later, ...later } = (await result({ diagnoseId })).toMap();
  assert.deepEqual(later, { ...finished, DiagnoseResult });
});

test("without addresses, private connectivity is not looked at", async () => {
  const id = await diagnose();
  const { totalCount, finishedCount, diagnoseResult } = await result({ diagnoseId: id });
  assert.deepEqual([totalCount, finishedCount, diagnoseResult?.length], [6, 6, 6]);
  assert.equal((await itemsOf(id))["VcoPrivateConnectivity"], undefined);
});

test("what can be reached follows the tunnels, and says that nothing was sent", async () => {
  const lost = { rtt: -1, lossRate: 100, note: noData };
  const answered = { rtt: 0, lossRate: 0, note: simulatedTunnel };
  const ends = { targetIp: "172.16.0.9", srcIp: "10.0.1.1" };
  const before = await diagnose({ IPsecExtendInfo: privateEnds });
  assert.deepEqual(await item(before, "VcoUserInternetIpConnectivity"), ["error", { targetIp: officeAddress, ...lost }]);
  assert.deepEqual(await item(before, "VcoPrivateConnectivity"), ["error", { ...ends, ...lost }]);
  await patch(first, { SimulatedStatus: "ipsec_sa_established" });
  const after = await diagnose({ IPsecExtendInfo: privateEnds });
  assert.deepEqual(await item(after, "VcoUserInternetIpConnectivity"), ["normal", { targetIp: officeAddress, ...answered }]);
  assert.deepEqual(await item(after, "VcoPrivateConnectivity"), ["normal", { ...ends, ...answered }]);
  assert.equal((await item(after, "VcoConfigConsistency"))[0], "normal");
  await patch(first, { SimulatedStatus: "" });
  // The other diagnosis is as it was.
  assert.equal((await item(before, "VcoPrivateConnectivity"))[0], "error");
});

test("of two tunnels each customer gateway is looked at, and one tunnel is enough for what is behind", async () => {
  const info = { IPsecExtendInfo: JSON.stringify({ PrivateSourceIp: "10.9.9.9", PrivateDestinationIp: "8.8.8.8" }) };
  await patch(pair, { SimulatedSecondStatus: "ipsec_sa_established" });
  const id = await diagnose({ VpnGatewayId: dual, ResourceId: pair, ...info });
  const items = await itemsOf(id);
  assert.deepEqual(
    items["VcoUserInternetIpConnectivity"]?.map(({ level, said }) => [level, said.targetIp, said.lossRate]),
    [
      ["error", officeAddress, 100],
      ["normal", branchAddress, 0],
    ],
  );
  assert.equal((await item(id, "VcoPrivateConnectivity"))[0], "normal");
  await patch(pair, { SimulatedSecondStatus: "" });
});

test("the configuration of the cloud's end is told without its key; the other end's is not known", async () => {
  const id = await diagnose();
  const [, { vcoConf, ...other }] = await item(id, "VcoConfigConsistency");
  assert.deepEqual(other, { vcoLackConf: true, vcoRunningConf: {}, vcoDiffConf: [] });
  const shown = succeeded(await readConnection(server.requester, first)).body;
  const { Psk, ...IkeConfig } = shown.IkeConfig;
  assert.equal(Psk, "psk-of-first");
  assert.deepEqual(vcoConf, {
    LocalSubnet: "10.0.0.0/16",
    RemoteSubnet: "172.16.0.0/16",
    Tunnels: [{ TunnelId: "", IkeConfig, IpsecConfig: shown.IpsecConfig }],
  });
});

test("quotas are those of the settings, and what the gateway uses of them is counted", async () => {
  const added = async (action: string, parameters: Parameters): Promise<void> => {
    const route = { RegionId: hangzhou, VpnGatewayId: single, NextHop: first, PublishVpc: false, ...parameters };
    succeeded(await server.requester.vpc(action, route));
    await server.advance();
  };
  const quotas = async (id: string) =>
    Promise.all(["VpnRouteQuota", "VpnIPsecQuota", "VpnPbrRouteQuota"].map(async (name) => item(id, name)));
  const before = await diagnose();
  const used = (level: string, quotaName: string, quantity: number, count: number) => [level, { quotaName, quantity, used: count }];
  const none = [
    used("normal", "VpnDbrRouteEntry", 20, 0),
    used("normal", "VpnConnection", 10, 2),
    used("normal", "VpnPbrRouteEntry", 20, 0),
  ];
  assert.deepEqual(await quotas(before), none);
  await added("CreateVpnRouteEntry", { RouteDest: "172.16.0.0/24", Weight: 0 });
  for (const RouteSource of ["10.0.1.0/24", "10.0.2.0/24"]) {
    await added("CreateVpnPbrRouteEntry", { RouteSource, RouteDest: "172.16.0.0/24", Weight: 0 });
  }
  const { status } = await server.admin("PUT", "settings", {
    quotas: [
      { name: "VpnDbrRouteEntry", value: 1 },
      { name: "VpnConnection", account: requesterKey.account, region: hangzhou, value: 1 },
      { name: "VpnPbrRouteEntry", account: requesterKey.account, value: 3 },
    ],
    features: [],
  });
  assert.equal(status, 200);
  const after = await diagnose();
  assert.equal((await server.admin("PUT", "settings", { quotas: [], features: [] })).status, 200);
  assert.deepEqual(await quotas(after), [
    used("warning", "VpnDbrRouteEntry", 1, 1),
    used("warning", "VpnConnection", 1, 2),
    used("normal", "VpnPbrRouteEntry", 3, 2),
  ]);
  assert.deepEqual(await quotas(before), none, "a diagnosis is of its time");
  assert.deepEqual((await item(after, "RouteEntryConflict"))[1], { conflicts: [] });
});

test("routes of the connection conflict with what the VPC has for their destination", async () => {
  const own = await availableVpc(server, server.requester);
  const gateway = await gatewayIn(server, own);
  const connection = await connectionIn(server, own, gateway, office);
  const inside = await vSwitchIn(server, own, "10.0.1.0/24");
  const elsewhere = await instanceRoute(server, own, "192.168.1.0/24");
  const route = async (RouteDest: string, PublishVpc: boolean): Promise<void> => {
    const named = { RegionId: hangzhou, VpnGatewayId: gateway, NextHop: connection, RouteDest, PublishVpc };
    succeeded(await server.requester.vpc("CreateVpnRouteEntry", { ...named, Weight: 0 }));
    await server.advance();
  };
  await route("192.168.2.0/24", true);
  await route("192.168.3.0/24", false);
  const hop = { NextHopType: "VpnGateway", NextHopId: gateway };
  await instanceRoute(server, own, "192.168.3.0/24", hop);
  const ofGateway = { VpnGatewayId: gateway, ResourceId: connection };
  const none = await diagnose(ofGateway);
  assert.deepEqual(await item(none, "RouteEntryConflict"), ["normal", { conflicts: [] }], "entries that lead to the gateway are none");
  await route("192.168.1.0/24", false);
  await route("10.0.1.128/25", false);
  const policy = { RegionId: hangzhou, VpnGatewayId: gateway, NextHop: connection, PublishVpc: false, Weight: 0 };
  succeeded(await server.requester.vpc("CreateVpnPbrRouteEntry", { ...policy, RouteSource: "10.0.1.0/24", RouteDest: "192.168.1.0/24" }));
  await server.advance();
  assert.deepEqual(await item(await diagnose(ofGateway), "RouteEntryConflict"), [
    "warning",
    {
      conflicts: [
        { destination: "192.168.1.0/24", takenBy: elsewhere },
        { destination: "10.0.1.128/25", takenBy: inside },
      ],
    },
  ]);
});

test("a gateway has one diagnosis at a time, and the latest is the one that its id means", async () => {
  const older = await diagnose();
  const newer = succeeded(await request({ ResourceId: second })).body.DiagnoseId;
  await refusedUnchanged(server, request, { code: "OperationFailed.VpnGatewayDiagnosing", message: "The VPN gateway is diagnosing." });
  const elsewhere = succeeded(await request({ VpnGatewayId: dual, ResourceId: pair })).body.DiagnoseId;
  const latest = await result({ vpnGatewayId: single, clientToken: "any" });
  assert.deepEqual([latest.diagnoseId, latest.resourceInstanceId, latest.finishTime], [newer, second, ""]);
  await server.advance();
  assert.deepEqual((await result({ vpnGatewayId: single })).finishedCount, 6);
  assert.equal((await result({ diagnoseId: older })).diagnoseId, older);
  assert.equal((await result({ diagnoseId: older, vpnGatewayId: single })).diagnoseId, older);
  assert.equal((await result({ vpnGatewayId: dual })).diagnoseId, elsewhere);
});

test("a diagnosis does not hinder writes on the gateway", async () => {
  const { body } = succeeded(await request());
  const renamed = { RegionId: hangzhou, VpnConnectionId: second, Name: "renamed" };
  succeeded(await server.requester.vpc("ModifyVpnConnectionAttribute", renamed));
  await server.advance();
  assert.equal((await result({ diagnoseId: body.DiagnoseId })).finishedCount, 6);
});

test("a repeat with the same ClientToken answers the first diagnosis", async () => {
  const { DiagnoseId } = succeeded(await request({ ClientToken: "once" })).body;
  const before = await eventCount(server);
  assert.equal(succeeded(await request({ ClientToken: "once" })).body.DiagnoseId, DiagnoseId);
  assert.equal(await eventCount(server), before);
  await refusedUnchanged(server, () => request({ ClientToken: "once", ResourceId: second }), tokenReused);
  await server.advance();
});

test("a diagnosis that cannot begin is refused, and leaves no trace", async () => {
  const resource = (id: string) => ({ code: "InvalidResourceId.NotFound", message: `The specified resource id [${id}] does not exist.`, status: 404 }); // prettier-ignore
  const type = (ResourceType: string) => ({ code: "IllegalParam.ResourceType", message: `The specified resource type [${ResourceType}] is invalid.` }); // prettier-ignore
  const source = (ip: string) => ({ code: "IllegalParam.PrivateSourceIp", message: `The specified private source IP [${ip}] is invalid.` }); // prettier-ignore
  const destination = (ip: string) => ({ code: "IllegalParam.PrivateDestinationIp", message: `The specified private destination IP [${ip}] is invalid.` }); // prettier-ignore
  const notFound = {
    code: "InvalidVpnGatewayInstanceId.NotFound",
    message: "The specified vpn gateway instance id does not exist.",
    status: 404,
  };
  const info = (PrivateSourceIp?: string, PrivateDestinationIp?: string) => ({
    IPsecExtendInfo: JSON.stringify({ PrivateSourceIp, PrivateDestinationIp }),
  });
  for (const [parameters, expected] of [
    [{ VpnGatewayId: "vpn-bp1unknown" }, notFound],
    [{ VpnGatewayId: foreignGateway, ResourceId: foreign }, notFound],
    [{ RegionId: beijing }, notFound],
    [{ ResourceType: "SSL" }, type("SSL")],
    [{ ResourceType: "IPsec-VPN" }, type("IPsec-VPN")],
    [{ ResourceId: "vco-bp1unknown" }, resource("vco-bp1unknown")],
    [{ ResourceId: pair }, resource(pair)],
    [{ ResourceId: attachment }, resource(attachment)],
    [{ ResourceId: foreign }, resource(foreign)],
    [{ ResourceId: single }, resource(single)],
    [info(undefined, "172.16.0.9"), source("")],
    [info(), source("")],
    [info("10.1.0.1", "172.16.0.9"), source("10.1.0.1")],
    [info("10.0.0.0/16", "172.16.0.9"), source("10.0.0.0/16")],
    [info("::1", "172.16.0.9"), source("::1")],
    [info("10.0.1.1"), destination("")],
    [info("10.0.1.1", "172.17.0.9"), destination("172.17.0.9")],
    [info("10.0.1.1", "somewhere"), destination("somewhere")],
  ] as const) {
    await refusedUnchanged(server, () => request(parameters), expected);
  }
  for (const IPsecExtendInfo of ["10.0.1.1", "[]", '{"PrivateSourceIp":{}}']) {
    refusedWith(await request({ IPsecExtendInfo }), "InvalidIPsecExtendInfo");
  }
  for (const name of ["ResourceId", "ResourceType", "VpnGatewayId"]) refusedWith(await request({ [name]: "" }), `Missing${name}`);
  succeeded(await server.requester.vpc("ModifyVpnConnectionAttribute", { RegionId: hangzhou, VpnConnectionId: second, Name: "busy" }));
  await refusedUnchanged(server, request, { code: "VpnGateway.Configuring", message: "The specified service is configuring." });
  await server.advance();
  // Letter case does not count in the type.
  await diagnose({ ResourceType: "Ipsec" });
});

type Refused = readonly [code: string, status: number, message: string];
test("a result that nobody has is refused", async () => {
  const id = await diagnose();
  const unknown = (name: string): Refused => ["InvalidDiagnoseId.NotFound", 404, `The specified diagnose ID [${name}] does not exist.`];
  const noGateway: Refused = ["InvalidVpnGatewayInstanceId.NotFound", 404, "The specified vpn gateway instance id does not exist."];
  const refused: readonly (readonly [options: Options, caller: Sdk, expected: Refused])[] = [
    [{}, sdk, ["MissingParam.DiagnoseInfo", 400, "The VPN gateway ID and diagnose ID cannot be empty at the same time."]],
    [{ diagnoseId: "vpndgn-bp1unknown" }, sdk, unknown("vpndgn-bp1unknown")],
    [{ diagnoseId: first }, sdk, unknown(first)],
    [{ diagnoseId: id, regionId: beijing }, sdk, unknown(id)],
    [{ diagnoseId: id }, foreignSdk, unknown(id)],
    [{ diagnoseId: id, vpnGatewayId: dual }, sdk, unknown(id)],
    [{ vpnGatewayId: "vpn-bp1unknown" }, sdk, noGateway],
    [{ vpnGatewayId: single }, foreignSdk, noGateway],
    [
      { vpnGatewayId: bare },
      sdk,
      ["InvalidVpnGatewayId.NotFound", 404, `The specified VPN gateway [${bare}] does not have any diagnoses.`],
    ],
  ];
  for (const [options, caller, expected] of refused) {
    await refuses(result(options, caller), ...expected);
  }
});

test("a diagnosis fails with its connection and goes with its gateway", async () => {
  const gateway = await gatewayIn(server, vpc);
  const connection = await connectionIn(server, vpc, gateway, office);
  const finished = await diagnose({ VpnGatewayId: gateway, ResourceId: connection });
  const running = succeeded(await request({ VpnGatewayId: gateway, ResourceId: connection })).body.DiagnoseId;
  succeeded(await server.requester.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: connection }));
  assert.equal((await result({ diagnoseId: running })).finishedCount, 0);
  await server.advance();
  for (const options of [{ diagnoseId: finished }, { diagnoseId: running }, { vpnGatewayId: gateway }]) {
    const gone = ["IncorrectStatus.VpnConnectionDeleted", 400, "Diagnose failed because the VPN connection has been deleted."] as const;
    await refuses(result(options), ...gone);
  }
  succeeded(await server.requester.vpc("DeleteVpnGateway", { RegionId: hangzhou, VpnGatewayId: gateway }));
  await server.advance();
  for (const diagnoseId of [finished, running]) await refuses(result({ diagnoseId }), "InvalidDiagnoseId.NotFound", 404);
  const left = await server.store.read(async (rows) => Promise.all([finished, running].map((id) => rows.resource(id))));
  assert.deepEqual(left, [undefined, undefined]);
});

test("a diagnosis that still runs goes with its gateway too", async () => {
  const gateway = await gatewayIn(server, vpc);
  const connection = await connectionIn(server, vpc, gateway, office);
  const { DiagnoseId } = succeeded(await request({ VpnGatewayId: gateway, ResourceId: connection })).body;
  const pace = async (name: string): Promise<void> => assert.equal((await server.admin("POST", "clock/pace", { pace: name })).status, 200);
  // Work that begins now ends before that which has begun.
  await pace("instant");
  succeeded(await server.requester.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: connection }));
  succeeded(await server.requester.vpc("DeleteVpnGateway", { RegionId: hangzhou, VpnGatewayId: gateway }));
  await pace("stepped");
  await refuses(result({ diagnoseId: DiagnoseId }), "InvalidDiagnoseId.NotFound", 404);
  await server.advance();
  assert.equal((await server.admin("GET", "ready")).body.tasks.failed, 0);
});
