import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { modifyVpnAttachmentAttribute } from "../../src/services/vpn/modify-vpn-attachment-attribute.ts";
import { assertFields } from "../support/answers.ts";
import { type Answer, Caller, type Parameters } from "../support/caller.ts";
import { availableVpc, beijing, groupId, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { dryRunPassed, type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer, trust } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import {
  attachmentIn,
  connectionIn,
  connectionNotFound,
  customerGatewayIn,
  dualGatewayIn,
  gatewayIn,
  gatewayStatus,
  readConnection,
  requestAttachment,
  requestConnection,
  twoTunnels,
  virtualNow,
} from "./support.ts";

/**
 * CreateVpnAttachment, ModifyVpnAttachmentAttribute, DeleteVpnAttachment, and what attachments and connections have in common:
 * DescribeVpnConnections, tags, MoveVpnResourceGroup.
 */
let server: InProcessServer;
let owner: Caller;
let site: string;
let blue: string;

before(async () => {
  const account = (name: string, { account: uid, id, secret }: typeof requesterKey): object => ({
    name,
    uid,
    keys: [{ id, secret }],
    resourceGroups: ["blue"],
  });
  server = await startServer({ tls: true, seed: { accounts: [account("requester", requesterKey), account("accepter", accepterKey)] } });
  owner = server.requester;
  const quotas = ["Vpc", "VpnGateway", "CustomerGateway", "VpnConnection"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  site = await customerGatewayIn(owner, { Asn: "65001" });
  blue = await groupId(owner, "blue");
});
after(() => server.stop());

const request = (parameters: Parameters = {}): Promise<Answer> => requestAttachment(owner, site, parameters);
const made = (parameters: Parameters = {}): Promise<string> => attachmentIn(server, owner, site, parameters);
const read = async (id: string): Promise<any> => {
  const { RequestId: _id, ...fields } = succeeded(await readConnection(owner, id)).body;
  return fields;
};
const tunnelsOf = async (id: string): Promise<any[]> => (await read(id)).TunnelOptionsSpecification.TunnelOptions;
const change = (VpnConnectionId: string, parameters: Parameters = {}, by = owner): Promise<Answer> =>
  by.vpc("ModifyVpnAttachmentAttribute", { RegionId: hangzhou, VpnConnectionId, ...parameters });
const remove = (VpnConnectionId: string, parameters: Parameters = {}, by = owner): Promise<Answer> =>
  by.vpc("DeleteVpnAttachment", { RegionId: hangzhou, VpnConnectionId, ...parameters });
/** Tunnels as given; one alone that nothing names is the first. */
const tunnels = (...all: readonly object[]): Parameters => {
  const unnamed = all.length === 1 && ["TunnelId", "TunnelIndex"].every((name) => !Object.hasOwn(all[0] ?? {}, name));
  return { TunnelOptionsSpecification: unnamed ? [{ TunnelIndex: 1, ...all[0] }] : all };
};
async function refuses(all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) await refusedUnchanged(server, () => request(parameters), expected);
}
const invalidTunnels: Expected = {
  code: "VpnConnection.InvalidCreateTunnelOptions",
  message: "The specified tunnel options are invalid.",
};
const publicIp = /^198\.1[89]\.\d+\.\d+$/;
const addressOf = async (CustomerGatewayId: string): Promise<string> =>
  succeeded(await owner.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId })).body.IpAddress;

test("an attachment that names nothing but its ends shows the defaults, each field of its type", async () => {
  const createdAt = await virtualNow(server);
  const { RequestId: _answer, ...answer } = succeeded(await request()).body;
  const id = answer.VpnConnectionId;
  assert.match(id, /^vco-bp1[a-z0-9]{18}$/);
  assert.deepEqual(answer, { Code: "200", CreateTime: createdAt, Message: "success", Name: "", Success: true, VpnConnectionId: id });
  const { TunnelOptionsSpecification, VpnBgpConfig, IkeConfig, IpsecConfig, VcoHealthCheck, ...fields } = await read(id);
  assert.deepEqual(fields, {
    AttachInstanceId: "",
    AttachType: "NO_ASSOCIATED",
    CreateTime: createdAt,
    CrossAccountAuthorized: false,
    CustomerGatewayId: "",
    EffectImmediately: false,
    EnableDpd: false,
    EnableNatTraversal: false,
    EnableTunnelsBgp: false,
    InternetIp: "",
    LocalSubnet: "0.0.0.0/0",
    Name: "",
    NetworkType: "public",
    RemoteCaCertificate: "",
    RemoteSubnet: "0.0.0.0/0",
    ResourceGroupId: await groupId(owner),
    Spec: "1000M",
    State: "init",
    Status: "",
    Tags: { Tag: [] },
    TransitRouterId: "",
    TransitRouterName: "",
    TunnelBandwidth: "Standard",
    VpnConnectionId: id,
    VpnGatewayId: "",
    ZoneNo: "",
  });
  assert.deepEqual([VpnBgpConfig.EnableBgp, IkeConfig.Psk, IpsecConfig.IpsecPfs, VcoHealthCheck.Enable], ["false", "", "", "false"]);
  const [first, second] = TunnelOptionsSpecification.TunnelOptions;
  for (const [index, tunnel] of [first, second].entries()) {
    const { TunnelId, InternetIp, TunnelIkeConfig, TunnelIpsecConfig, ...rest } = tunnel;
    assert.match(TunnelId, /^tun-[a-z0-9]{18}$/);
    assert.match(InternetIp, publicIp);
    const { Psk, ...ike } = TunnelIkeConfig;
    assert.match(Psk, /^[!-~]{16}$/);
    const shared = { IkeAuthAlg: "sha1", IkeEncAlg: "aes", IkeLifetime: 86400, IkeMode: "main", IkePfs: "group2", IkeVersion: "ikev2" };
    assert.deepEqual(ike, { ...shared, LocalId: InternetIp, RemoteId: await addressOf(site) });
    assert.deepEqual(TunnelIpsecConfig, { IpsecAuthAlg: "sha1", IpsecEncAlg: "aes", IpsecLifetime: 86400, IpsecPfs: "group2" });
    assert.deepEqual(rest, {
      CustomerGatewayId: site,
      EnableDpd: true,
      EnableNatTraversal: true,
      RemoteCaCertificate: "",
      Role: ["master", "slave"][index],
      State: "active",
      Status: "ike_sa_not_established",
      TunnelBgpConfig: {},
      TunnelIndex: index + 1,
      ZoneNo: ["cn-hangzhou-b", "cn-hangzhou-g"][index],
    });
  }
  assert.notEqual(first.InternetIp, second.InternetIp);
});

test("everything that can be said of an attachment is shown again, through the SDK too", async () => {
  const far = await customerGatewayIn(owner, { Asn: "65002" });
  const { vpnConnectionId: id = "", success } = await ask(sdkOf(server, requesterKey), "createVpnAttachment", {
    regionId: hangzhou,
    name: "attachment",
    networkType: "public",
    localSubnet: "10.0.0.0/16,10.1.0.0/16",
    remoteSubnet: "192.168.0.0/24",
    effectImmediately: true,
    autoConfigRoute: false,
    enableTunnelsBgp: true,
    tunnelBandwidth: "Large",
    resourceGroupId: blue,
    remoteCaCert: "certificate",
    healthCheckConfig: JSON.stringify({
      enable: "true",
      dip: "192.168.0.5",
      sip: "10.0.0.5",
      interval: "5",
      retry: "6",
      Policy: "reserve_route",
    }),
    tags: [{ key: "env", value: "test" }],
    tunnelOptionsSpecification: [
      {
        tunnelIndex: 2,
        customerGatewayId: far,
        enableDpd: false,
        enableNatTraversal: false,
        tunnelBgpConfig: { localAsn: 65530, tunnelCidr: "169.254.10.0/30", localBgpIp: "169.254.10.2" },
        tunnelIkeConfig: { psk: "k", ikeVersion: "ikev1", ikeLifetime: 5, localId: "l", remoteId: "r" },
        tunnelIpsecConfig: { ipsecPfs: "disabled", ipsecLifetime: 6 },
      },
      { tunnelIndex: 1, customerGatewayId: site, tunnelBgpConfig: { tunnelCidr: "169.254.11.0/30" } },
    ],
  });
  assert.equal(success, true);
  await server.advance();
  const shown = await read(id);
  const { Name, LocalSubnet, RemoteSubnet, EffectImmediately, EnableTunnelsBgp, TunnelBandwidth, ResourceGroupId, Tags, VcoHealthCheck } =
    shown;
  assert.deepEqual([Name, LocalSubnet, RemoteSubnet], ["attachment", "10.0.0.0/16,10.1.0.0/16", "192.168.0.0/24"]);
  assert.deepEqual([EffectImmediately, EnableTunnelsBgp, TunnelBandwidth, ResourceGroupId], [true, true, "Large", blue]);
  assert.deepEqual(Tags.Tag, [{ Key: "env", Value: "test" }]);
  const health = { Dip: "192.168.0.5", Enable: "true", Interval: 5, Policy: "reserve_route", Retry: 6, Sip: "10.0.0.5", Status: "failed" };
  assert.deepEqual(VcoHealthCheck, health);
  const [first, second] = shown.TunnelOptionsSpecification.TunnelOptions;
  assert.deepEqual(
    [first, second].map(({ TunnelIndex, Role, ZoneNo, CustomerGatewayId }) => [TunnelIndex, Role, ZoneNo, CustomerGatewayId]),
    [
      [2, "slave", "cn-hangzhou-g", far],
      [1, "master", "cn-hangzhou-b", site],
    ],
  );
  assert.deepEqual([first.RemoteCaCertificate, second.RemoteCaCertificate], ["certificate", "certificate"]);
  const { Psk, IkeVersion, IkeLifetime, LocalId, RemoteId } = first.TunnelIkeConfig;
  assert.deepEqual([Psk, IkeVersion, IkeLifetime, LocalId, RemoteId], ["k", "ikev1", 5, "l", "r"]);
  assert.deepEqual([first.TunnelIpsecConfig.IpsecPfs, first.TunnelIpsecConfig.IpsecLifetime], ["disabled", 6]);
  assert.deepEqual([first.EnableDpd, first.EnableNatTraversal, first.State], [false, false, "active"]);
  const peer = { PeerAsn: "65002", PeerBgpIp: "169.254.10.1" };
  const own = { BgpStatus: "false", LocalAsn: "65530", LocalBgpIp: "169.254.10.2", TunnelCidr: "169.254.10.0/30" };
  assert.deepEqual(first.TunnelBgpConfig, { ...own, ...peer });
  assert.deepEqual([second.TunnelBgpConfig.LocalAsn, second.TunnelBgpConfig.PeerAsn], ["45104", "65001"]);
});

test("roles may be alike, numbers may be absent or 0, and the bandwidth is written in any letter case", async () => {
  const shape = async (parameters: Parameters): Promise<unknown[]> =>
    (await tunnelsOf(await made(parameters))).map(({ Role, TunnelIndex }) => `${Role} ${TunnelIndex}`);
  const master = { Role: "master" };
  assert.deepEqual(await shape(twoTunnels(site, master, master)), ["master 1", "master 2"]);
  assert.deepEqual(await shape(twoTunnels(site, { TunnelIndex: 0 }, { TunnelIndex: 0 })), ["master 1", "slave 2"]);
  assert.deepEqual(await shape(twoTunnels(site, { Role: undefined }, { Role: undefined })), ["master 1", "slave 2"]);
  assert.deepEqual(await shape(twoTunnels(site, { TunnelIndex: 2, Role: undefined }, { TunnelIndex: 1, Role: undefined })), [
    "slave 2",
    "master 1",
  ]);
  for (const [given, shown] of [
    ["standard", "Standard"],
    ["LARGE", "Large"],
    ["", "Standard"],
  ]) {
    assert.equal((await read(await made({ TunnelBandwidth: given }))).TunnelBandwidth, shown);
  }
});

test("an attachment has two tunnels, each with its customer gateway and a number of its own", async () => {
  const none = { "TunnelOptionsSpecification.1": undefined };
  const bare = (parameters: Parameters): Promise<Answer> =>
    owner.vpc("CreateVpnAttachment", { RegionId: hangzhou, LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0", ...parameters });
  // As clients asked for it before there were two tunnels.
  const legacy = { CustomerGatewayId: site, IkeConfig: '{"Psk":"k"}', EnableDpd: true, ...none };
  for (const parameters of [{}, legacy, tunnels({ CustomerGatewayId: site }), tunnels({ CustomerGatewayId: site }, {})]) {
    await refusedUnchanged(server, () => bare(parameters), invalidTunnels);
  }
  await refuses(
    [
      twoTunnels(site, { TunnelIndex: 1 }, { TunnelIndex: 1 }),
      twoTunnels(site, { TunnelIndex: 2 }),
      twoTunnels(site, {}, { TunnelIndex: 1 }),
    ],
    invalidTunnels,
  );
  const before = await eventCount(server);
  for (const TunnelIndex of [3, -1, "x"])
    refusedWith(await request(twoTunnels(site, { TunnelIndex })), "InvalidTunnelOptionsSpecification");
  const third = tunnels({ CustomerGatewayId: site }, { CustomerGatewayId: site }, { CustomerGatewayId: site });
  refusedWith(await bare(third), "InvalidTunnelOptionsSpecification");
  assert.equal(await eventCount(server), before);
});

test("what is wrong in an attachment is refused with the codes of connections, and leaves no trace", async () => {
  const bgp = (first: object, second: object = { TunnelCidr: "169.254.12.0/30" }): Parameters => ({
    EnableTunnelsBgp: true,
    ...twoTunnels(site, { TunnelBgpConfig: first }, { TunnelBgpConfig: second }),
  });
  const cases: readonly (readonly [parameters: Parameters, expected: Expected])[] = [
    [{ Name: "http://x" }, { code: "InvalidParameter.VpnConnectionName", message: "The specified vpn connection name is invalid." }],
    [
      twoTunnels("cgw-bp1000000000000000000"),
      {
        code: "InvalidCustomerGatewayInstanceId.NotFound",
        message: "The specified customer gateway instance id does not exist.",
        status: 404,
      },
    ],
    [bgp({}), { code: "MissingParameter.TunnelCidr", message: "The parameter TunnelCidr is mandatory when BGP is enabled." }],
    [bgp({ TunnelCidr: "169.254.12.0/30" }), { code: "IllegalParam.TunnelCidr", message: "The specified TunnelCidr is invalid." }],
    [bgp({ TunnelCidr: "x" }), { code: "InvalidTunnelCidr.Malformed", message: "The specified TunnelCidr is malformed." }],
    [{ Tags: [{ Key: "acs:a" }] }, { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." }],
    [{ Tag: [{ Key: "acs:a" }] }, { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." }],
    [
      { ResourceGroupId: "rg-000000000000000000" },
      { code: "InvalidResourceGroupId", message: "The specified ResourceGroupId does not exist." },
    ],
    [{ DryRun: true }, dryRunPassed],
  ];
  for (const [parameters, expected] of cases) await refuses([parameters], expected);
  const before = await eventCount(server);
  for (const [parameters, code] of [
    [{ LocalSubnet: undefined }, "MissingLocalSubnet"],
    [{ LocalSubnet: "10.0.0.1/8" }, "IllegalParam.LocalSubnet"],
    [{ RemoteSubnet: "x" }, "IllegalParam.RemoteSubnet"],
    [{ NetworkType: "hybrid" }, "InvalidNetworkType"],
    [{ TunnelBandwidth: "small" }, "InvalidTunnelBandwidth"],
    [{ IkeConfig: "[]" }, "InvalidIkeConfig"],
    [{ HealthCheckConfig: '{"Policy":"x"}' }, "InvalidHealthCheckConfig"],
  ] as const) {
    refusedWith(await request(parameters), code);
  }
  assert.equal(await eventCount(server), before);
});

test("public tunnels have public addresses that nothing else has, private ones have none, and ids of ends follow the addresses", async () => {
  const id = await made();
  const ends = async (): Promise<[string, string][]> =>
    (await tunnelsOf(id)).map(({ InternetIp, TunnelIkeConfig }) => [InternetIp, TunnelIkeConfig.LocalId]);
  const [first, second] = (await ends()) as [[string, string], [string, string]];
  for (const [address, localId] of [first, second]) assert.deepEqual([address, publicIp.test(localId)], [localId, true]);
  succeeded(await change(id, { NetworkType: "private" }));
  await server.advance();
  assert.deepEqual(await ends(), [
    ["", ""],
    ["", ""],
  ]);
  assert.equal((await read(id)).NetworkType, "private");
  succeeded(await change(id, { Name: "still private" }));
  await server.advance();
  assert.deepEqual(await ends(), [
    ["", ""],
    ["", ""],
  ]);
  succeeded(await change(id, { NetworkType: "public" }));
  await server.advance();
  const back = await ends();
  for (const [address, localId] of back) assert.deepEqual([address, publicIp.test(localId)], [localId, true]);
  assert.equal(new Set(back.map(([address]) => address)).size, 2);
  succeeded(await change(id, { Name: "still public" }));
  await server.advance();
  assert.deepEqual(await ends(), back);
  const hidden = await made({ NetworkType: "private", ...twoTunnels(site, { TunnelIkeConfig: { LocalId: "chosen" } }) });
  assert.deepEqual((await tunnelsOf(hidden)).map(({ InternetIp, TunnelIkeConfig }) => [InternetIp, TunnelIkeConfig.LocalId]), [
    ["", "chosen"],
    ["", ""],
  ]); // prettier-ignore
  succeeded(await change(hidden, { NetworkType: "public" }));
  await server.advance();
  const [chosen] = await tunnelsOf(hidden);
  assert.match(chosen.InternetIp, publicIp);
  assert.equal(chosen.TunnelIkeConfig.LocalId, "chosen");
});

test("an attachment is changed in its fields and in its tunnels, by number, id or place, and answers what it has become", async () => {
  const id = await made({ Name: "before" });
  const start = await read(id);
  let [first, second] = start.TunnelOptionsSpecification.TunnelOptions;
  const steps: readonly (readonly [parameters: Parameters, shown: object, first?: object, second?: object])[] = [
    [{ Name: "after" }, { Name: "after" }],
    [
      { LocalSubnet: "10.0.0.0/16", RemoteSubnet: "192.168.0.0/24" },
      { LocalSubnet: "10.0.0.0/16", RemoteSubnet: "192.168.0.0/24" },
    ],
    [{ EffectImmediately: true }, { EffectImmediately: true }],
    [
      {
        HealthCheckConfig: JSON.stringify({ Enable: true, Dip: "1.1.1.1", Sip: "2.2.2.2", Interval: 4, Retry: 4, Policy: "reserve_route" }),
      },
      {
        VcoHealthCheck: {
          Dip: "1.1.1.1",
          Enable: "true",
          Interval: 4,
          Policy: "reserve_route",
          Retry: 4,
          Sip: "2.2.2.2",
          Status: "failed",
        },
      },
    ],
    // Roles are told by number.
    [tunnels({ TunnelIndex: 1, Role: "slave" }, { TunnelIndex: 2, Role: "master" }), {}, { Role: "slave" }, { Role: "master" }],
    [tunnels({ TunnelIndex: 2, Role: "slave" }, { TunnelIndex: 1, Role: "master" }), {}, { Role: "master" }, { Role: "slave" }],
    [tunnels({ TunnelIndex: 2, Role: "master" }), {}, {}, { Role: "master" }],
    // Alike roles tell nothing apart: the place does.
    [tunnels({ Role: "slave", EnableDpd: false }, { Role: "master" }), {}, { Role: "slave", EnableDpd: false }, { Role: "master" }],
    [tunnels({ TunnelIndex: 1, EnableNatTraversal: false }), {}, { EnableNatTraversal: false }],
    [tunnels({ TunnelId: second.TunnelId, EnableDpd: false }), {}, {}, { EnableDpd: false }],
    [{ RemoteCaCert: "certificate" }, {}, { RemoteCaCertificate: "certificate" }, { RemoteCaCertificate: "certificate" }],
    [{ Name: "", CustomerGatewayId: "cgw-bp1000000000000000000", IkeConfig: '{"Psk":"unused"}' }, {}],
  ];
  const expected = { ...start };
  for (const [parameters, shown, ofFirst, ofSecond] of steps) {
    const { RequestId: _id, ...answer } = succeeded(await change(id, parameters)).body;
    [first, second] = [
      { ...first, ...ofFirst },
      { ...second, ...ofSecond },
    ];
    Object.assign(expected, shown, { TunnelOptionsSpecification: { TunnelOptions: [first, second] } });
    assert.deepEqual(await read(id), expected, JSON.stringify(parameters));
    assertFields(modifyVpnAttachmentAttribute.response, answer, "ModifyVpnAttachmentAttribute");
    assert.deepEqual(
      [answer.Name, answer.LocalSubnet, answer.EffectImmediately],
      [expected.Name, expected.LocalSubnet, expected.EffectImmediately],
    );
    const told = [first, second].map(({ Status: _status, RemoteCaCertificate: _certificate, ZoneNo: _zone, ...tunnel }) => tunnel);
    assert.deepEqual(answer.TunnelOptionsSpecification, told);
  }
});

test("changes of tunnels that are not there, named twice or wrong are refused, and change nothing", async () => {
  const [id, other] = [await made(), await made()];
  const [{ TunnelId }] = (await tunnelsOf(id)) as [any];
  const [{ TunnelId: foreign }] = (await tunnelsOf(other)) as [any];
  const unknown: Expected = { code: "IllegalParam.TunnelId", message: "The specified TunnelId is invalid." };
  for (const given of [
    [{ TunnelId: foreign }],
    [{ TunnelId }, { TunnelId }],
    [{ TunnelIndex: 2 }, { TunnelIndex: 2 }],
    [{ TunnelIndex: 1 }, { TunnelId }],
  ]) {
    await refusedUnchanged(server, () => change(id, tunnels(...given)), unknown);
  }
  // Which of the two is meant by one alone that nothing names?
  for (const place of [1, 2]) {
    await refusedUnchanged(server, () => change(id, { [`TunnelOptionsSpecification.${place}.EnableDpd`]: false }), unknown);
  }
  const before = await eventCount(server);
  for (const TunnelIndex of [3, -1]) refusedWith(await change(id, tunnels({ TunnelIndex })), "InvalidTunnelOptionsSpecification");
  refusedWith(await change(id, { NetworkType: "x" }), "InvalidNetworkType");
  refusedWith(await change(id, { Name: "https://x" }), "InvalidName");
  refusedWith(await change(id, tunnels({ Role: "none" })), "IllegalParam.Role");
  const many = { LocalSubnet: "10.0.0.0/8,11.0.0.0/8", ...tunnels({ TunnelIkeConfig: { IkeVersion: "ikev1" } }) };
  refusedWith(await change(id, many), "ModifyIkeV1WithMultiRoutes.Invalid");
  refusedWith(await change(id, { EnableTunnelsBgp: true }), "MissingParameter.TunnelCidr");
  assert.equal(await eventCount(server), before);
});

test("deletion: at any time, gone at once, and no connection of a gateway", async () => {
  const { VpnConnectionId: id } = succeeded(await request()).body;
  const { RequestId: _id, ...answer } = succeeded(await remove(id, { ClientToken: "delete" })).body;
  assert.deepEqual(answer, { Code: "200", Message: "success", Success: true });
  const site2 = await customerGatewayIn(owner);
  const held = await made(twoTunnels(site2));
  const removeSite = (): Promise<Answer> => owner.vpc("DeleteCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: site2 });
  refusedWith(await removeSite(), "DependencyViolation.VpnConnection");
  for (const call of [() => readConnection(owner, id), () => remove(id), () => change(id)]) {
    await refusedUnchanged(server, call, connectionNotFound);
  }
  const { RequestId: _other, ...again } = succeeded(await remove(id, { ClientToken: "delete" })).body;
  assert.deepEqual(again, answer);
  await refusedUnchanged(server, () => remove(held, { ClientToken: "delete" }), tokenReused);
  // Clients delete its customer gateway next, without waiting.
  succeeded(await remove(held));
  succeeded(await removeSite());

  const vpc = await availableVpc(server, owner);
  const connection = await connectionIn(server, vpc, await gatewayIn(server, vpc), await customerGatewayIn(owner));
  const attachment = await made();
  const foreign = await attachmentIn(server, server.accepter, await customerGatewayIn(server.accepter));
  for (const [of, parameters] of [
    [connection, {}],
    [foreign, {}],
    ["vco-bp1000000000000000000", {}],
    [attachment, { RegionId: beijing }],
  ] as const) {
    await refusedUnchanged(server, () => remove(of, parameters), connectionNotFound);
    await refusedUnchanged(server, () => change(of, { Name: "mine", ...parameters }), connectionNotFound);
  }
  for (const call of ["DescribeVpnConnection", "DeleteVpnConnection"]) {
    const by = call === "DeleteVpnConnection" ? owner : server.accepter;
    await refusedUnchanged(server, () => by.vpc(call, { RegionId: hangzhou, VpnConnectionId: attachment }), connectionNotFound);
  }
});

test("a repeated ClientToken answers the first result of a creation and of a change, keys included", async () => {
  const first = succeeded(await request({ ClientToken: "attach" })).body;
  const repeated = succeeded(await request({ ClientToken: "attach" })).body;
  assert.deepEqual({ ...repeated, RequestId: "" }, { ...first, RequestId: "" });
  await refusedUnchanged(server, () => request({ ClientToken: "attach", Name: "other" }), tokenReused);
  await server.advance();
  const call = (): Promise<Answer> =>
    change(first.VpnConnectionId, { ClientToken: "change", ...tunnels({ TunnelIkeConfig: { Psk: "told-once" } }) });
  const one = succeeded(await call()).body;
  await server.advance();
  const before = await eventCount(server);
  const two = succeeded(await call()).body;
  assert.match(JSON.stringify(two), /told-once/);
  assert.deepEqual({ ...two, RequestId: "" }, { ...one, RequestId: "" });
  assert.equal(await eventCount(server), before);
});

test("connections and attachments stand in one list: pages go across both kinds, filters choose from both", async () => {
  const stranger = await server.stranger();
  const vpc = await availableVpc(server, stranger);
  const [near, far] = [await customerGatewayIn(stranger), await customerGatewayIn(stranger)];
  const gateway = await gatewayIn(server, vpc);
  const pair = await dualGatewayIn(server, vpc);
  const plain = await connectionIn(server, vpc, gateway, near, { Tags: [{ Key: "env", Value: "test" }] });
  const { body } = succeeded(await requestConnection(stranger, pair, twoTunnels(near, {}, { CustomerGatewayId: far })));
  const two = body.VpnConnectionId;
  await server.advance();
  const one = await attachmentIn(server, stranger, far, { Tag: [{ Key: "env", Value: "test" }] });
  const another = await attachmentIn(server, stranger, near, { NetworkType: "private" });
  const all = [plain, two, one, another];
  const list = async (parameters: Parameters = {}): Promise<any> =>
    succeeded(await stranger.vpc("DescribeVpnConnections", { RegionId: hangzhou, ...parameters })).body;
  const idsOf = ({ VpnConnections }: any): string[] => VpnConnections.VpnConnection.map(({ VpnConnectionId }: any) => VpnConnectionId);
  const group = await groupId(stranger);
  const filters: readonly (readonly [parameters: Parameters, ids: readonly string[]])[] = [
    [{}, all],
    [{ VpnGatewayId: gateway }, [plain]],
    [{ VpnGatewayId: pair }, [two]],
    [{ VpnGatewayId: "vpn-bp1000000000000000000" }, []],
    [{ CustomerGatewayId: near }, [plain, two, another]],
    [{ CustomerGatewayId: far }, [two, one]],
    [{ CustomerGatewayId: far, VpnGatewayId: pair }, [two]],
    [{ VpnConnectionId: one }, [one]],
    [{ VpnConnectionId: plain, CustomerGatewayId: far }, []],
    [{ Tag: [{ Key: "env", Value: "test" }] }, [plain, one]],
    [{ Tag: [{ Key: "env", Value: "other" }] }, []],
    [{ ResourceGroupId: group }, all],
    [{ ResourceGroupId: blue }, []],
    [{ RegionId: beijing }, []],
  ];
  for (const [parameters, ids] of filters) {
    const page = await list(parameters);
    assert.deepEqual([idsOf(page), page.TotalCount, page.PageNumber, page.PageSize], [ids, ids.length, 1, 10], JSON.stringify(parameters));
  }
  for (const size of [1, 2, 3, 4, 50]) {
    const found: string[] = [];
    for (let PageNumber = 1; PageNumber <= 5; PageNumber += 1) {
      const page = await list({ PageNumber, PageSize: size });
      assert.equal(page.TotalCount, all.length);
      assert.equal(idsOf(page).length, Math.min(size, Math.max(all.length - (PageNumber - 1) * size, 0)));
      found.push(...idsOf(page));
    }
    assert.deepEqual(found, all, `pages of ${size}`);
  }
  // A member shows what its own read shows.
  for (const member of (await list()).VpnConnections.VpnConnection) {
    const { RequestId: _id, Tags, ZoneNo: _zone, ...fields } = succeeded(await readConnection(stranger, member.VpnConnectionId)).body;
    const { EnableBgp: _bgp, ...VpnBgpConfig } = fields.VpnBgpConfig;
    assert.deepEqual(member, { ...fields, VpnBgpConfig, Tag: Tags });
  }
});

for (const type of ["VPNCONNECTION", "VPNATTACHMENT"]) {
  test(`tags of ${type}: put, changed, listed, found and taken off`, async () => {
    const vpc = await availableVpc(server, owner);
    const id =
      type === "VPNCONNECTION"
        ? await connectionIn(server, vpc, await gatewayIn(server, vpc), await customerGatewayIn(owner))
        : await made(twoTunnels(await customerGatewayIn(owner)));
    const call = (action: string, parameters: Parameters, ResourceType = type): Promise<Answer> =>
      owner.vpc(action, { RegionId: hangzhou, ResourceType, ResourceId: [id], ...parameters });
    const both = async (expected: readonly (readonly [string, string])[]): Promise<void> => {
      const { body } = succeeded(await call("ListTagResources", {}));
      assert.deepEqual(
        body.TagResources.TagResource.map(({ TagKey, TagValue }: any) => [TagKey, TagValue]),
        expected,
      );
      const { Tags } = await read(id);
      assert.deepEqual(
        Tags.Tag.map(({ Key, Value }: any) => [Key, Value]),
        expected,
      );
    };
    const found = async (Tag: object[]): Promise<string[]> => {
      const { body } = succeeded(await owner.vpc("DescribeVpnConnections", { RegionId: hangzhou, Tag }));
      return body.VpnConnections.VpnConnection.map(({ VpnConnectionId }: any) => VpnConnectionId);
    };
    await both([]);
    succeeded(await call("TagResources", { Tag: [{ Key: "own", Value: type }, { Key: "more", Value: "" }] })); // prettier-ignore
    await both([["own", type], ["more", ""]]); // prettier-ignore
    succeeded(await call("TagResources", { Tag: [{ Key: "own", Value: `${type}-2` }] }, type.toLowerCase()));
    await both([["own", `${type}-2`], ["more", ""]]); // prettier-ignore
    assert.deepEqual([await found([{ Key: "own", Value: `${type}-2` }]), await found([{ Key: "own", Value: type }])], [[id], []]);
    succeeded(await call("UnTagResources", { TagKey: ["own"] }));
    await both([["more", ""]]);
    succeeded(await call("UnTagResources", { All: true }));
    await both([]);
    const other = type === "VPNCONNECTION" ? "VPNATTACHMENT" : "VPNCONNECTION";
    refusedWith(await call("TagResources", { Tag: [{ Key: "a", Value: "" }] }, other), "InvalidInstanceIds.NotFound");
  });
}

test("MoveVpnResourceGroup moves a gateway with its connections, a customer gateway or an attachment, and nothing else", async () => {
  const vpc = await availableVpc(server, owner);
  const [gateway, bystander] = [await gatewayIn(server, vpc), await gatewayIn(server, vpc)];
  const customer = await customerGatewayIn(owner);
  const connection = await connectionIn(server, vpc, gateway, customer);
  const unmoved = await connectionIn(server, vpc, bystander, customer);
  const attachment = await made(twoTunnels(customer));
  const home = await groupId(owner);
  const move = (InstanceId: string, ResourceType: string, parameters: Parameters = {}, by = owner): Promise<Answer> =>
    by.vpc("MoveVpnResourceGroup", { RegionId: hangzhou, InstanceId, ResourceType, NewResourceGroupId: blue, ...parameters });
  const groups = async (): Promise<boolean[]> => {
    const reads: readonly (readonly [action: string, parameters: Parameters])[] = [
      ["DescribeVpnGateway", { VpnGatewayId: gateway }],
      ["DescribeVpnConnection", { VpnConnectionId: connection }],
      ["DescribeCustomerGateway", { CustomerGatewayId: customer }],
      ["DescribeVpnConnection", { VpnConnectionId: attachment }],
      ["DescribeVpnConnection", { VpnConnectionId: unmoved }],
    ];
    const answers = await Promise.all(reads.map(([action, parameters]) => owner.vpc(action, { RegionId: hangzhou, ...parameters })));
    return answers.map((answer) => succeeded(answer).body.ResourceGroupId === blue);
  };
  const listed = async (): Promise<string[]> => {
    const { body } = succeeded(
      await owner.vpc("DescribeVpnConnections", { RegionId: hangzhou, ResourceGroupId: blue, CustomerGatewayId: customer }),
    );
    return body.VpnConnections.VpnConnection.map(({ VpnConnectionId }: any) => VpnConnectionId);
  };
  assert.deepEqual(await groups(), [false, false, false, false, false]);
  assert.deepEqual(Object.keys(succeeded(await move(gateway, "VpnGateWay")).body), ["RequestId"]);
  assert.deepEqual([await groups(), await listed()], [[true, true, false, false, false], [connection]]);
  assert.equal(await gatewayStatus(owner, gateway), "active", "it is done at once");
  succeeded(await move(customer, "CustomerGateway"));
  succeeded(await move(attachment, "vpnattachment"));
  assert.deepEqual(
    [await groups(), await listed()],
    [
      [true, true, true, true, false],
      [connection, attachment],
    ],
  );
  // A connection that is made later joins its gateway there.
  const later = await connectionIn(server, vpc, gateway, await customerGatewayIn(owner));
  assert.equal((await read(later)).ResourceGroupId, blue);
  // While the gateway is at work it can be moved all the same.
  succeeded(await owner.vpc("ModifyVpnGatewayAttribute", { RegionId: hangzhou, VpnGatewayId: gateway, Name: "busy" }));
  succeeded(await move(gateway, "VPNGATEWAY", { NewResourceGroupId: home }));
  await server.advance();
  assert.deepEqual(await groups(), [false, false, true, true, false]);

  const unknownType: Expected = { code: "IllegalParam.ResourceType", message: "Invalid Resource Type value." };
  const unknown: Expected = { code: "InvalidInstanceId.NotFound", message: "InstanceId is not found." };
  const unknownGroup: Expected = { code: "InvalidResourceGroupId", message: "The specified ResourceGroupId does not exist." };
  const refusals: readonly (readonly [call: () => Promise<Answer>, expected: Expected])[] = [
    [() => move(connection, "VpnConnection"), unknownType],
    [() => move(vpc.vpcId, "VPC"), unknownType],
    [() => move(gateway, "CustomerGateway"), unknown],
    [() => move(connection, "VpnAttachment"), unknown],
    [() => move("vpn-bp1000000000000000000", "VpnGateway"), unknown],
    [() => move(gateway, "VpnGateway", { RegionId: beijing }), unknown],
    [() => move(gateway, "VpnGateway", {}, server.accepter), unknown],
    [() => move(gateway, "VpnGateway", { NewResourceGroupId: "rg-000000000000000000" }), unknownGroup],
    [() => move(gateway, "VpnGateway", { NewResourceGroupId: "x".repeat(300) }), unknownGroup],
  ];
  for (const [call, expected] of refusals) await refusedUnchanged(server, call, expected);
  const foreignGroup = await groupId(server.accepter, "blue");
  await refusedUnchanged(server, () => move(gateway, "VpnGateway", { NewResourceGroupId: foreignGroup }), unknownGroup);
  const before = await eventCount(server);
  for (const name of ["InstanceId", "ResourceType", "NewResourceGroupId", "RegionId"]) {
    refusedWith(await move(gateway, "VpnGateway", { [name]: undefined }), `Missing${name}`);
  }
  assert.equal(await eventCount(server), before);
});

test("MoveVpnResourceGroup goes over TLS", async () => {
  const forget = trust(join(server.folder, "ca.pem"));
  try {
    const address = server.tls?.address();
    assert.ok(typeof address === "object" && address !== null);
    const customer = await customerGatewayIn(owner);
    const secure = new Caller(`https://localhost:${address.port}`, requesterKey);
    const parameters = { RegionId: hangzhou, InstanceId: customer, ResourceType: "CustomerGateway", NewResourceGroupId: blue };
    succeeded(await secure.vpc("MoveVpnResourceGroup", parameters));
    const { body } = succeeded(await owner.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: customer }));
    assert.equal(body.ResourceGroupId, blue);
  } finally {
    forget();
  }
});
