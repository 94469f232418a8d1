import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, groupId, hangzhou, refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { dryRunPassed, type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import {
  connectionIn,
  connectionNotFound,
  customerGatewayIn,
  dualGatewayIn,
  gatewayConfiguring,
  gatewayIn,
  gatewayStatus,
  policyRoutes,
  readConnection,
  readGateway,
  requestConnection,
  twoTunnels,
  virtualNow,
} from "./support.ts";

/** CreateVpnConnection with one tunnel and with two, and DescribeVpnConnection. Changes are in modify-connection.test.ts. */
let server: InProcessServer;
let sdk: Sdk;
let owner: Caller;
let vpc: TestVpc;
/** Gateways with one end and with two. */
let plain: string;
let dual: string;
/** Customer gateways that no connection uses: with a number of an autonomous system, and without. */
let spare: string;
let withoutAsn: string;

const quotas = (...more: readonly object[]) =>
  server.admin("PUT", "settings", {
    quotas: [
      ...["Vpc", "VpnGateway", "CustomerGateway", "VpnConnection", "VpnPbrRouteEntry"].map((name) => ({ name, value: 1000 })),
      ...more,
    ],
    features: [],
  });

before(async () => {
  server = await startServer();
  owner = server.requester;
  await quotas();
  sdk = sdkOf(server, requesterKey);
  vpc = await availableVpc(server, owner);
  plain = await gatewayIn(server, vpc);
  dual = await dualGatewayIn(server, vpc);
  spare = await customerGatewayIn(owner, asns);
  withoutAsn = await customerGatewayIn(owner);
});
after(() => server.stop());

const read = async (id: string): Promise<any> => succeeded(await readConnection(owner, id)).body;
const tunnelsOf = async (id: string): Promise<any[]> => (await read(id)).TunnelOptionsSpecification.TunnelOptions;
const asns = { Asn: "65001" };
/** Makes a connection of the plain gateway with a customer gateway of its own; answers its id. */
const single = async (parameters: Parameters = {}): Promise<string> =>
  connectionIn(server, vpc, plain, await customerGatewayIn(owner, asns), parameters);
const requestDual = (parameters: Parameters): Promise<Answer> => requestConnection(owner, dual, parameters);
const dualWith = async (parameters: Parameters): Promise<string> => {
  const { body } = succeeded(await requestDual(parameters));
  await server.advance();
  return body.VpnConnectionId;
};
const requestPlain = async (parameters: Parameters): Promise<Answer> =>
  requestConnection(owner, plain, { CustomerGatewayId: spare, ...parameters });
/** Asserts that a connection of the plain gateway is refused with each of these parameters, and leaves no trace. */
async function refuses(all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) await refusedUnchanged(server, () => requestPlain(parameters), expected);
}
/** The same of a connection with two tunnels. */
async function refusesDual(all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) await refusedUnchanged(server, () => requestDual(parameters), expected);
}
/** Asserts a code alone, for texts that name what was sent. */
async function refusesCode(all: readonly Parameters[], code: string, message: RegExp): Promise<void> {
  for (const parameters of all) {
    const before = await eventCount(server);
    const { body } = refusedWith(await requestPlain(parameters), code);
    assert.match(body.Message, message);
    assert.equal(await eventCount(server), before, JSON.stringify(parameters));
  }
}
const addressOf = async (CustomerGatewayId: string): Promise<string> =>
  succeeded(await owner.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId })).body.IpAddress;
let blocks = 10;
/** A tunnel block that no other test has named. */
const tunnelBlock = (): string => `169.254.${Math.floor(++blocks / 60)}.${(blocks % 60) * 4}/30`;

const ikeDefaults = {
  IkeAuthAlg: "md5",
  IkeEncAlg: "aes",
  IkeLifetime: 86400,
  IkeMode: "main",
  IkePfs: "group2",
  IkeVersion: "ikev2",
};
const ipsecDefaults = { IpsecAuthAlg: "md5", IpsecEncAlg: "aes", IpsecLifetime: 86400, IpsecPfs: "group2" };
const noIke = {
  IkeAuthAlg: "",
  IkeEncAlg: "",
  IkeLifetime: 0,
  IkeMode: "",
  IkePfs: "",
  IkeVersion: "",
  LocalId: "",
  Psk: "",
  RemoteId: "",
};
const noIpsec = { IpsecAuthAlg: "", IpsecEncAlg: "", IpsecLifetime: 0, IpsecPfs: "" };

test("with one tunnel, a connection that names nothing but its ends shows the defaults, each field of its type", async () => {
  const createdAt = await virtualNow(server);
  const customer = await customerGatewayIn(owner);
  const { RequestId: _answer, ...answer } = succeeded(await requestConnection(owner, plain, { CustomerGatewayId: customer })).body;
  const id = answer.VpnConnectionId;
  assert.match(id, /^vco-bp1[a-z0-9]{18}$/);
  assert.deepEqual(answer, { CreateTime: createdAt, Name: id, VpnConnectionId: id });
  const { RequestId: _id, IkeConfig, ...fields } = await read(id);
  const { InternetIp } = succeeded(await readGateway(owner, plain)).body;
  const { Psk, ...ike } = IkeConfig;
  assert.match(Psk, /^[!-~]{16}$/);
  assert.deepEqual(ike, { ...ikeDefaults, LocalId: InternetIp, RemoteId: await addressOf(customer) });
  assert.deepEqual(fields, {
    AttachInstanceId: "",
    AttachType: "VPNGW",
    CreateTime: createdAt,
    CrossAccountAuthorized: false,
    CustomerGatewayId: customer,
    EffectImmediately: false,
    EnableDpd: true,
    EnableNatTraversal: true,
    EnableTunnelsBgp: false,
    InternetIp,
    IpsecConfig: ipsecDefaults,
    LocalSubnet: "0.0.0.0/0",
    Name: id,
    NetworkType: "public",
    RemoteCaCertificate: "",
    RemoteSubnet: "0.0.0.0/0",
    ResourceGroupId: await groupId(owner),
    Spec: "10M",
    State: "provisioning",
    Status: "ike_sa_not_established",
    Tags: { Tag: [] },
    TransitRouterId: "",
    TransitRouterName: "",
    TunnelBandwidth: "",
    TunnelOptionsSpecification: { TunnelOptions: [] },
    VcoHealthCheck: { Dip: "", Enable: "false", Interval: 3, Policy: "revoke_route", Retry: 3, Sip: "", Status: "" },
    VpnBgpConfig: {
      AuthKey: "",
      EnableBgp: "false",
      LocalAsn: 45104,
      LocalBgpIp: "",
      PeerAsn: 0,
      PeerBgpIp: "",
      Status: "false",
      TunnelCidr: "",
    },
    VpnConnectionId: id,
    VpnGatewayId: plain,
    ZoneNo: "",
  });
  assert.equal(await gatewayStatus(owner, plain), "updating");
  await server.advance();
  assert.deepEqual([(await read(id)).State, await gatewayStatus(owner, plain)], ["active", "active"]);
});

/** Everything that can be said of one tunnel in JSON, and how it is shown. */
const ikeSaid = {
  Psk: 'p~!`@#$%^&*()_-+={}[]|;:\\",.<>/?9',
  IkeVersion: "ikev1",
  IkeMode: "aggressive",
  IkeEncAlg: "aes256",
  IkeAuthAlg: "sha512",
  IkePfs: "group14",
  IkeLifetime: 3600,
  LocalId: "vpn.example.com",
  RemoteId: "@site",
};
const ipsecSaid = { IpsecEncAlg: "3des", IpsecAuthAlg: "sha256", IpsecPfs: "disabled", IpsecLifetime: 0 };
const healthSaid = { enable: true, sip: "10.0.0.5", dip: "192.168.0.5", interval: 7, retry: 9, Policy: "reserve_route" };
const keys = (spell: (key: string) => string, of: object): object =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [spell(key), value]));
const quoted = (of: object): object => Object.fromEntries(Object.entries(of).map(([key, value]) => [key, String(value)]));
const spellings: Readonly<Record<string, (of: object) => object>> = {
  "as documented": (of) => of,
  "keys in lower case": (of) => keys((key) => key.toLowerCase(), of),
  "keys in upper case": (of) => keys((key) => key.toUpperCase(), of),
  "keys capitalised": (of) => keys((key) => key.charAt(0).toUpperCase() + key.slice(1), of),
  "numbers and booleans quoted": quoted,
  "quoted, and keys in lower case": (of) => keys((key) => key.toLowerCase(), quoted(of)),
  "members that are null count as absent": (of) => ({ ...of, Unknown: null, unknown2: "ignored" }),
};
for (const [what, spell] of Object.entries(spellings)) {
  test(`with one tunnel, everything that can be said in JSON is shown again: ${what}`, async () => {
    const TunnelCidr = tunnelBlock();
    const LocalBgpIp = TunnelCidr.replace(/(\d+)\/30$/, (_all, last: string) => String(Number(last) + 2));
    const CustomerGatewayId = await customerGatewayIn(owner, { ...asns, AuthKey: "bgp-key" });
    const text = (of: object): string => JSON.stringify(spell(of));
    const body = succeeded(
      await requestPlain({
        CustomerGatewayId,
        Name: "n".repeat(100),
        LocalSubnet: "10.0.0.0/16",
        RemoteSubnet: `192.168.${blocks}.0/24`,
        AutoConfigRoute: true,
        EffectImmediately: true,
        EnableDpd: false,
        EnableNatTraversal: "FALSE",
        RemoteCaCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        Tags: [{ Key: "env", Value: "test" }, { Key: "empty" }],
        IkeConfig: text(ikeSaid),
        IpsecConfig: text(ipsecSaid),
        HealthCheckConfig: text(healthSaid),
        BgpConfig: text({ EnableBgp: true, LocalAsn: 65530, TunnelCidr, LocalBgpIp }),
      }),
    ).body;
    await server.advance();
    const shown = await read(body.VpnConnectionId);
    assert.deepEqual(shown.IkeConfig, ikeSaid);
    assert.deepEqual(shown.IpsecConfig, ipsecSaid);
    assert.deepEqual(shown.VcoHealthCheck, {
      Dip: "192.168.0.5",
      Enable: "true",
      Interval: 7,
      Policy: "reserve_route",
      Retry: 9,
      Sip: "10.0.0.5",
      Status: "failed",
    });
    assert.deepEqual(shown.VpnBgpConfig, {
      AuthKey: "bgp-key",
      EnableBgp: "true",
      LocalAsn: 65530,
      LocalBgpIp,
      PeerAsn: 65001,
      PeerBgpIp: LocalBgpIp.replace(/\d+$/, (last) => String(Number(last) - 1)),
      Status: "false",
      TunnelCidr,
    });
    assert.deepEqual([shown.Name, shown.LocalSubnet, shown.RemoteSubnet], ["n".repeat(100), "10.0.0.0/16", shown.RemoteSubnet]);
    assert.deepEqual([shown.EffectImmediately, shown.EnableDpd, shown.EnableNatTraversal], [true, false, false]);
    assert.match(shown.RemoteCaCertificate, /^-----BEGIN CERTIFICATE-----\nMIIB\n/);
    assert.deepEqual(shown.Tags.Tag, [
      { Key: "env", Value: "test" },
      { Key: "empty", Value: "" },
    ]);
    assert.equal(shown.EnableTunnelsBgp, false);
  });
}

test("the members of a JSON parameter can be sent as parameters of their own", async () => {
  const id = await single({ "IkeConfig.Psk": "one-by-one", "IkeConfig.IkeLifetime": 60, "IpsecConfig.IpsecPfs": "group5" });
  const { IkeConfig, IpsecConfig } = await read(id);
  assert.deepEqual([IkeConfig.Psk, IkeConfig.IkeLifetime, IpsecConfig.IpsecPfs], ["one-by-one", 60, "group5"]);
});

test("what JSON says nothing about takes its default, and of a key that is there twice the last counts", async () => {
  const id = await single({ IkeConfig: "{}", IpsecConfig: '{"IpsecPfs":""}', BgpConfig: "{}", HealthCheckConfig: "" });
  const shown = await read(id);
  assert.deepEqual([shown.IkeConfig.IkeVersion, shown.IpsecConfig, shown.VpnBgpConfig.EnableBgp], ["ikev2", ipsecDefaults, "false"]);
  const twice = '{"Psk":"first","psk":"second","IkeVersion":"ikev1","__proto__":{"toString":null},"constructor":1}';
  const { body } = refusedWith(await requestPlain({ IkeConfig: twice }), "InvalidIkeConfig");
  assert.doesNotMatch(body.Message, /first|second/);
  const last = await single({ IkeConfig: '{"Psk":"first","psk":"second","IkeLifetime":1e3,"constructor":1,"__proto__":"x"}' });
  const { Psk, IkeLifetime } = (await read(last)).IkeConfig;
  assert.deepEqual([Psk, IkeLifetime], ["second", 1000]);
});

test("what is no JSON object of plain values is refused, whatever it is", async () => {
  const wrong = [
    "{",
    "[]",
    "null",
    "1",
    '"x"',
    "true",
    '{"a":{}}',
    '{"a":[]}',
    "{}}",
    "{'a':1}",
    `{"a":"${"x".repeat(5000)}"}`,
    "\ufeff{}",
  ];
  const deep = `${'{"a":'.repeat(500)}1${"}".repeat(500)}`;
  for (const [parameter, code] of [
    ["IkeConfig", "InvalidIkeConfig"],
    ["IpsecConfig", "InvalidIpsecConfig"],
    ["HealthCheckConfig", "InvalidHealthCheckConfig"],
    ["BgpConfig", "IllegalParam.BgpConfig"],
  ] as const) {
    const before = await eventCount(server);
    for (const value of [...wrong, deep]) {
      const answer = await requestPlain({ [parameter]: value });
      refusedWith(answer, code);
      assert.ok(!answer.text.includes("xxxx"), "a refusal does not repeat a value that may be a secret");
    }
    assert.equal(await eventCount(server), before);
  }
});

test("each setting has its values and limits, in JSON and in tunnels alike", async () => {
  const values: Readonly<Record<string, readonly (string | number)[]>> = {
    IkeVersion: ["ikev1", "ikev2"],
    IkeMode: ["main", "aggressive"],
    IkeEncAlg: ["aes", "aes192", "aes256", "des", "3des"],
    IkeAuthAlg: ["md5", "sha1", "sha256", "sha384", "sha512"],
    IkePfs: ["group1", "group2", "group5", "group14"],
    IkeLifetime: [0, 86_400],
    LocalId: ["x".repeat(100), "10.1.1.1"],
    RemoteId: ["x".repeat(100), "@fqdn"],
    Psk: ["p", "P".repeat(100)],
    IpsecEncAlg: ["aes", "aes192", "aes256", "des", "3des"],
    IpsecAuthAlg: ["md5", "sha1", "sha256", "sha384", "sha512"],
    IpsecPfs: ["disabled", "group1", "group2", "group5", "group14"],
    IpsecLifetime: [0, 86_400],
  };
  const wrong: Readonly<Record<string, readonly (string | number)[]>> = {
    IkeVersion: ["ikev3", "IKEV1"],
    IkeMode: ["quick"],
    IkeEncAlg: ["sm4"],
    IkeAuthAlg: ["sm3"],
    IkePfs: ["disabled", "group3"],
    IkeLifetime: [-1, 86_401, "x", 1.5],
    LocalId: ["x".repeat(101), "a b", "a\tb"],
    RemoteId: ["x".repeat(101), "a b"],
    Psk: ["P".repeat(101), "a b", "a'b", "schlüssel", "a\nb"],
    IpsecEncAlg: ["aes128"],
    IpsecLifetime: [-1, 86_401],
  };
  const partOf = (field: string): string => (field.startsWith("Ipsec") ? "IpsecConfig" : "IkeConfig");
  const tunnelPart = (field: string): string => `Tunnel${partOf(field)}`;
  const count = Math.max(...Object.values(values).map((all) => all.length));
  for (let index = 0; index < count; index += 1) {
    const said = Object.fromEntries(Object.entries(values).map(([field, all]) => [field, all[index % all.length]]));
    const part = (of: string): Parameters => Object.fromEntries(Object.entries(said).filter(([field]) => partOf(field) === of));
    const one = await read(
      await single({ IkeConfig: JSON.stringify(part("IkeConfig")), IpsecConfig: JSON.stringify(part("IpsecConfig")) }),
    );
    assert.deepEqual({ ...one.IkeConfig, ...one.IpsecConfig }, said);
    const [first] = await tunnelsOf(
      await dualWith(
        twoTunnels(await customerGatewayIn(owner), { TunnelIkeConfig: part("IkeConfig"), TunnelIpsecConfig: part("IpsecConfig") }),
      ),
    );
    assert.deepEqual({ ...first.TunnelIkeConfig, ...first.TunnelIpsecConfig }, said);
  }
  for (const [field, all] of Object.entries(wrong)) {
    for (const value of all) {
      const before = await eventCount(server);
      refusedWith(await requestPlain({ [partOf(field)]: JSON.stringify({ [field]: value }) }), `Invalid${partOf(field)}`);
      const tunnels = twoTunnels(spare, {}, { [tunnelPart(field)]: { [field]: value } });
      refusedWith(await requestDual(tunnels), "InvalidTunnelOptionsSpecification");
      assert.equal(await eventCount(server), before, `${field} ${value}`);
    }
  }
  for (const [field, code, message] of [
    ["IpsecPfs", "NotSupportVpnConnectionParameter.IpsecPfs", "The specified vpn connection ipsec Ipsec Pfs is not support."],
    ["IpsecAuthAlg", "NotSupportVpnConnectionParameter.IpsecAuthAlg", "The specified vpn connection ipsec Auth Alg is not support."],
  ] as const) {
    await refuses([{ IpsecConfig: JSON.stringify({ [field]: "group3" }) }], { code, message });
    await refusesDual([twoTunnels(spare, {}, { TunnelIpsecConfig: { [field]: "group3" } })], { code, message });
  }
});

test("with two tunnels, each has what was said of it, in the order of the request, and its gateway's end by its role", async () => {
  const [near, far] = [await customerGatewayIn(owner, asns), await customerGatewayIn(owner, { Asn: "1.2" })];
  const gateway = succeeded(await readGateway(owner, dual)).body;
  const ends = {
    master: { InternetIp: gateway.InternetIp, ZoneNo: "cn-hangzhou-b" },
    slave: { InternetIp: gateway.DisasterRecoveryInternetIp, ZoneNo: "cn-hangzhou-g" },
  };
  const { Psk, ...ike } = ikeSaid;
  const tunnels = (order: readonly ["master", "slave"] | readonly ["slave", "master"]) => {
    const [firstBlock, secondBlock] = [tunnelBlock(), tunnelBlock()];
    return {
      given: [
        {
          customerGatewayId: near,
          role: order[0],
          enableDpd: false,
          enableNatTraversal: false,
          remoteCaCertificate: "certificate",
          tunnelBgpConfig: { localAsn: 65530, tunnelCidr: firstBlock, localBgpIp: firstBlock.replace(/(\d+)\/30/, lastPlus(2)) },
          tunnelIkeConfig: Object.fromEntries(
            Object.entries({ Psk, ...ike }).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
          ),
          tunnelIpsecConfig: { ipsecEncAlg: "3des", ipsecAuthAlg: "sha256", ipsecPfs: "disabled", ipsecLifetime: 0 },
        },
        { customerGatewayId: far, role: order[1], tunnelBgpConfig: { tunnelCidr: secondBlock } },
      ],
      shown: [
        {
          CustomerGatewayId: near,
          EnableDpd: false,
          EnableNatTraversal: false,
          ...ends[order[0]],
          RemoteCaCertificate: "certificate",
          Role: order[0],
          State: "active",
          Status: "ike_sa_not_established",
          TunnelBgpConfig: {
            BgpStatus: "false",
            LocalAsn: "65530",
            LocalBgpIp: firstBlock.replace(/(\d+)\/30/, lastPlus(2)),
            PeerAsn: "65001",
            PeerBgpIp: firstBlock.replace(/(\d+)\/30/, lastPlus(1)),
            TunnelCidr: firstBlock,
          },
          TunnelIkeConfig: ikeSaid,
          TunnelIndex: 1,
          TunnelIpsecConfig: ipsecSaid,
        },
        {
          CustomerGatewayId: far,
          EnableDpd: true,
          EnableNatTraversal: true,
          ...ends[order[1]],
          RemoteCaCertificate: "",
          Role: order[1],
          State: "active",
          Status: "ike_sa_not_established",
          TunnelBgpConfig: {
            BgpStatus: "false",
            LocalAsn: "45104",
            LocalBgpIp: secondBlock.replace(/(\d+)\/30/, lastPlus(1)),
            PeerAsn: "65538",
            PeerBgpIp: secondBlock.replace(/(\d+)\/30/, lastPlus(2)),
            TunnelCidr: secondBlock,
          },
          TunnelIkeConfig: { ...ikeDefaults, LocalId: ends[order[1]].InternetIp },
          TunnelIndex: 2,
          TunnelIpsecConfig: ipsecDefaults,
        },
      ],
    };
  };
  for (const order of [
    ["master", "slave"],
    ["slave", "master"],
  ] as const) {
    const { given, shown } = tunnels(order);
    const { vpnConnectionId: id = "" } = await ask(sdk, "createVpnConnection", {
      regionId: hangzhou,
      vpnGatewayId: dual,
      name: "two",
      localSubnet: `10.${blocks}.0.0/16`,
      remoteSubnet: `192.168.${blocks}.0/24`,
      enableTunnelsBgp: true,
      tunnelOptionsSpecification: given,
      tags: [{ key: "k", value: "v" }],
      // What concerns one tunnel alone says nothing here.
      customerGatewayId: spare,
      ikeConfig: JSON.stringify({ Psk: "unused" }),
      enableDpd: false,
    });
    await server.advance();
    const { TunnelOptionsSpecification, ...fields } = await read(id);
    const [first, second] = TunnelOptionsSpecification.TunnelOptions.map(({ TunnelId, ...tunnel }: any) => {
      assert.match(TunnelId, /^tun-[a-z0-9]{18}$/);
      return tunnel;
    });
    assert.deepEqual(first, shown[0]);
    const { Psk: generated, RemoteId, ...rest } = second.TunnelIkeConfig;
    assert.match(generated, /^[!-~]{16}$/);
    assert.equal(RemoteId, await addressOf(far));
    assert.deepEqual({ ...second, TunnelIkeConfig: rest }, shown[1]);
    assert.equal(new Set(TunnelOptionsSpecification.TunnelOptions.map(({ TunnelId }: any) => TunnelId)).size, 2);
    const { CustomerGatewayId, IkeConfig, IpsecConfig, InternetIp, ZoneNo, EnableTunnelsBgp, VpnBgpConfig, State, Name } = fields;
    assert.deepEqual([CustomerGatewayId, InternetIp, ZoneNo, EnableTunnelsBgp, State, Name], ["", "", "", true, "active", "two"]);
    assert.deepEqual([IkeConfig, IpsecConfig, VpnBgpConfig.EnableBgp], [noIke, noIpsec, "false"]);
    const sent = await ask(sdk, "describeVpnConnection", { regionId: hangzhou, vpnConnectionId: id });
    assert.deepEqual(
      sent.tunnelOptionsSpecification?.tunnelOptions?.map(({ role }) => role),
      order,
    );
  }
});
function lastPlus(offset: number): (all: string, last: string) => string {
  return (_all, last) => String(Number(last) + offset);
}

test("with two tunnels that say nothing of BGP, each shows an empty BGP block, and the roles follow the places", async () => {
  const customer = await customerGatewayIn(owner);
  const id = await dualWith(twoTunnels(customer, { Role: undefined }, { Role: undefined }));
  const tunnels = await tunnelsOf(id);
  assert.deepEqual(
    tunnels.map(({ Role, TunnelBgpConfig, ZoneNo }) => [Role, TunnelBgpConfig, ZoneNo]),
    [
      ["master", {}, "cn-hangzhou-b"],
      ["slave", {}, "cn-hangzhou-g"],
    ],
  );
  // Clients that were told no number send 0.
  const zero = await dualWith(twoTunnels(await customerGatewayIn(owner), { TunnelBgpConfig: { LocalAsn: 0 } }));
  assert.deepEqual((await tunnelsOf(zero))[0].TunnelBgpConfig, {});
});

test("pre-shared keys that are made are unlike each other", async () => {
  const made: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const tunnels = await tunnelsOf(await dualWith(twoTunnels(await customerGatewayIn(owner))));
    made.push(...tunnels.map(({ TunnelIkeConfig }) => TunnelIkeConfig.Psk));
  }
  for (const psk of made) assert.match(psk, /^[!-~]{16}$/);
  assert.equal(new Set(made).size, made.length);
});

test("numbers of autonomous systems are decimal or two halves", async () => {
  for (const [given, shown] of [
    ["1", 1],
    [4294967295, 4294967295],
    ["123.456", 8061384],
    ["45104", 45104],
    [0, 45104],
  ] as const) {
    const BgpConfig = JSON.stringify({ EnableBgp: true, TunnelCidr: tunnelBlock(), LocalAsn: given });
    assert.equal((await read(await single({ BgpConfig }))).VpnBgpConfig.LocalAsn, shown);
  }
  const wrong = ["4294967296", "-1", "1.2.3", "x", "65536.1", "1.", 1e21];
  const invalid: Expected = { code: "IllegalParam.LocalAsn", message: "The specified LocalAsn is invalid." };
  await refuses(
    wrong.map((LocalAsn) => ({ BgpConfig: JSON.stringify({ EnableBgp: true, TunnelCidr: tunnelBlock(), LocalAsn }) })),
    invalid,
  );
  await refusesDual(
    wrong.map((LocalAsn) => twoTunnels(spare, {}, { TunnelBgpConfig: { LocalAsn } })),
    invalid,
  );
});

test("with BGP each tunnel has a block of its own that the cloud does not keep, and each customer a number", async () => {
  const bgp = (config: object): Parameters => ({ BgpConfig: JSON.stringify({ EnableBgp: true, ...config }) });
  const tunnels = (first: object | undefined, second?: object, customer = spare): Parameters => ({
    EnableTunnelsBgp: true,
    ...twoTunnels(customer, { TunnelBgpConfig: first }, { TunnelBgpConfig: second ?? { TunnelCidr: tunnelBlock() } }),
  });
  const missing: Expected = {
    code: "MissingParameter.TunnelCidr",
    message: "The parameter TunnelCidr is mandatory when BGP is enabled.",
  };
  await refuses([bgp({}), bgp({ LocalAsn: 65530 }), bgp({ TunnelCidr: "" })], missing);
  await refusesDual([tunnels(undefined), tunnels({ LocalAsn: 65530 }), { EnableTunnelsBgp: true, ...twoTunnels(spare) }], missing);

  const malformed: Expected = { code: "InvalidTunnelCidr.Malformed", message: "The specified TunnelCidr is malformed." };
  const noBlocks = ["169.254.10.1/30", "169.254.10.0", "169.254.10.0/33", "fe80::/30", "x", "169.254.10.0/30,169.254.11.0/30"];
  await refuses(noBlocks.map((TunnelCidr) => bgp({ TunnelCidr })), malformed); // prettier-ignore
  await refusesDual(noBlocks.map((TunnelCidr) => tunnels({ TunnelCidr })), malformed); // prettier-ignore

  const illegal: Expected = { code: "IllegalParam.TunnelCidr", message: "The specified TunnelCidr is invalid." };
  const kept = [0, 1, 2, 3, 4, 5, 6].map((third) => `169.254.${third}.0/30`);
  const outside = [
    "169.254.10.0/29",
    "169.254.10.0/31",
    "169.254.0.0/16",
    "10.0.0.0/30",
    "169.255.0.0/30",
    "0.0.0.0/0",
    "255.255.255.255/32",
  ];
  const wrong = [...kept, "169.254.169.252/30", ...outside];
  await refuses(wrong.map((TunnelCidr) => bgp({ TunnelCidr })), illegal); // prettier-ignore
  await refusesDual(wrong.map((TunnelCidr) => tunnels({ TunnelCidr })), illegal); // prettier-ignore
  const same = tunnelBlock();
  await refusesDual([tunnels({ TunnelCidr: same }, { TunnelCidr: same })], illegal);
  // It is taken within its gateway only, whether BGP is in use or not.
  await single(bgp({ TunnelCidr: same, EnableBgp: false }));
  await refuses([bgp({ TunnelCidr: same })], illegal);
  await dualWith(tunnels({ TunnelCidr: same }, undefined, await customerGatewayIn(owner, asns)));
  await refusesDual([tunnels({ TunnelCidr: tunnelBlock() }, { TunnelCidr: same })], illegal);

  const notAddress: Expected = { code: "InvalidLocalBgpIp.Malformed", message: "The specified LocalBgpIp is malformed." };
  const notInside: Expected = { code: "IllegalParam.LocalBgpIp", message: "The specified LocalBgpIp is invalid." };
  const TunnelCidr = "169.254.200.4/30";
  const withIp = (LocalBgpIp: string) => ({ TunnelCidr, LocalBgpIp });
  for (const ip of ["x", "169.254.200.5/30", "::1"]) {
    await refuses([bgp(withIp(ip))], notAddress);
    await refusesDual([tunnels(withIp(ip))], notAddress);
  }
  for (const ip of ["169.254.200.4", "169.254.200.7", "169.254.200.9", "10.0.0.1"]) {
    await refuses([bgp(withIp(ip))], notInside);
    await refusesDual([tunnels(withIp(ip))], notInside);
  }
  await refuses([{ BgpConfig: JSON.stringify({ LocalBgpIp: "169.254.200.5" }) }], notInside);

  const noNumber: Expected = {
    code: "MissingParam.CustomerGatewayAsn",
    message: "Asn of customer gateway is mandatory when BGP is enabled.",
  };
  await refuses([{ ...bgp({ TunnelCidr }), CustomerGatewayId: withoutAsn }], noNumber);
  await refusesDual(
    [{ ...tunnels({ TunnelCidr }, { TunnelCidr: "169.254.200.8/30" }), "TunnelOptionsSpecification.2.CustomerGatewayId": withoutAsn }],
    noNumber,
  );
  await refuses([{ BgpConfig: '{"EnableBgp":"maybe"}' }, { BgpConfig: '{"EnableBgp":2}' }], {
    code: "IllegalParam.BgpConfig",
    message: "The specified BgpConfig is invalid.",
  });
});

test("health checks have addresses, seconds and a policy of two", async () => {
  const before = await eventCount(server);
  for (const wrong of [{ dip: "x" }, { sip: "::1" }, { interval: 0 }, { retry: "many" }, { Policy: "keep" }, { enable: 1 }]) {
    refusedWith(await requestPlain({ HealthCheckConfig: JSON.stringify(wrong) }), "InvalidHealthCheckConfig");
  }
  assert.equal(await eventCount(server), before);
});

test("gateway and customer gateways are the caller's, in the region of the call", async () => {
  const noGateway: Expected = {
    code: "InvalidVpnGatewayInstanceId.NotFound",
    message: "The specified vpn gateway instance id does not exist.",
    status: 404,
  };
  const foreignGateway = await gatewayIn(server, await availableVpc(server, server.accepter));
  for (const id of ["vpn-bp1000000000000000000", foreignGateway, spare, vpc.vpcId]) {
    await refusedUnchanged(server, () => requestConnection(owner, id, { CustomerGatewayId: spare }), noGateway);
  }
  await refuses([{ RegionId: beijing }], noGateway);
  const noCustomer: Expected = {
    code: "InvalidCustomerGatewayInstanceId.NotFound",
    message: "The specified customer gateway instance id does not exist.",
    status: 404,
  };
  const wrong = [
    "cgw-bp1000000000000000000",
    await customerGatewayIn(server.accepter),
    await customerGatewayIn(owner, { RegionId: beijing }),
    plain,
  ];
  await refuses(wrong.map((CustomerGatewayId) => ({ CustomerGatewayId })), noCustomer); // prettier-ignore
  await refusesDual(wrong.flatMap((id) => [twoTunnels(id), twoTunnels(spare, {}, { CustomerGatewayId: id })]), noCustomer); // prettier-ignore
  await refusedUnchanged(server, () => requestConnection(owner, plain), {
    code: "MissingCustomerGatewayId",
    message: "CustomerGatewayId is mandatory for this action.",
  });
});

test("a gateway with two ends wants two tunnels, one of each role; one with one end wants none", async () => {
  const missing: Expected = {
    code: "MissingParameter.TunnelOptionsSpecification",
    message: "The required parameters are missing when creating a tunnel for dual-tunnel VPN.",
  };
  const one = (n: number): Parameters => ({ [`TunnelOptionsSpecification.${n}.CustomerGatewayId`]: spare });
  await refusesDual(
    [
      {},
      { CustomerGatewayId: spare },
      one(1),
      one(2),
      twoTunnels(spare, { CustomerGatewayId: undefined }),
      twoTunnels(spare, {}, { CustomerGatewayId: "" }),
    ],
    missing,
  );
  const role: Expected = { code: "IllegalParam.Role", message: "The specified Role is invalid." };
  await refusesDual(
    [
      twoTunnels(spare, {}, { Role: "master" }),
      twoTunnels(spare, { Role: "slave" }),
      twoTunnels(spare, { Role: "Master" }),
      twoTunnels(spare, { Role: "x" }),
    ],
    role,
  );
  const before = await eventCount(server);
  refusedWith(await requestDual({ ...twoTunnels(spare), ...one(3) }), "InvalidTunnelOptionsSpecification");
  refusedWith(
    await requestDual({ ...twoTunnels(spare), "TunnelOptionsSpecification.0.Role": "master" }),
    "InvalidTunnelOptionsSpecification",
  );
  refusedWith(await requestDual({ TunnelOptionsSpecification: "[]" }), "InvalidTunnelOptionsSpecification");
  refusedWith(await requestDual({ ...twoTunnels(spare, { TunnelIkeConfig: "{}" }) }), "InvalidTunnelOptionsSpecification");
  assert.equal(await eventCount(server), before);
  await refuses([twoTunnels(spare)], {
    code: "VpnConnection.InvalidCreateTunnelOptions",
    message: "The specified tunnel options are invalid.",
  });
});

test("a gateway takes connections when IPsec is enabled on it, its bill is paid and nothing is at work on it", async () => {
  const own = await availableVpc(server, owner);
  const withoutIpsec = await gatewayIn(server, own, { EnableIpsec: false, EnableSsl: true });
  await refusedUnchanged(server, () => requestConnection(owner, withoutIpsec, { CustomerGatewayId: spare }), {
    code: "VpnGateway.IpsecVpnDisabled",
    message: "The vpn gateway does not enable IPSec VPN.",
  });
  const { body } = succeeded(await owner.vpc("CreateVpnGateway", { RegionId: hangzhou, VpcId: own.vpcId, Bandwidth: 10 }));
  const { VpnGatewayId } = body;
  const request = (): Promise<Answer> => requestConnection(owner, VpnGatewayId, { CustomerGatewayId: spare });
  await refusedUnchanged(server, request, gatewayConfiguring);
  await server.advance();
  assert.equal((await server.admin("PATCH", `resources/${VpnGatewayId}`, { BusinessStatus: "FinancialLocked" })).status, 200);
  await refusedUnchanged(server, request, { code: "VpnGateway.FinancialLocked", message: "The specified service is financial locked." });
  assert.equal((await server.admin("PATCH", `resources/${VpnGatewayId}`, { BusinessStatus: "Normal" })).status, 200);
  succeeded(await owner.vpc("ModifyVpnGatewayAttribute", { RegionId: hangzhou, VpnGatewayId, Description: "busy" }));
  await refusedUnchanged(server, request, gatewayConfiguring);
  await server.advance();
  succeeded(await request());
  await server.advance();
});

test("a TunnelCidr of a connection that is being deleted is waited for, and then free", async () => {
  const own = await gatewayIn(server, vpc);
  const BgpConfig = JSON.stringify({ EnableBgp: true, TunnelCidr: "169.254.40.0/30" });
  const going = await connectionIn(server, vpc, own, spare, { BgpConfig });
  const request = (): Promise<Answer> => requestConnection(owner, own, { CustomerGatewayId: spare, BgpConfig });
  await refusedUnchanged(server, request, { code: "IllegalParam.TunnelCidr", message: "The specified TunnelCidr is invalid." });
  succeeded(await owner.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: going }));
  await refusedUnchanged(server, request, gatewayConfiguring);
  await server.advance();
  succeeded(await request());
  await server.advance();
});

test("a prepaid gateway, a private one and one with a single vSwitch take connections like any other", async () => {
  const own = await availableVpc(server, owner);
  const prepaid = await gatewayIn(server, own, { InstanceChargeType: "PREPAY" });
  await connectionIn(server, own, prepaid, await customerGatewayIn(owner));
  const hidden = await gatewayIn(server, own, { NetworkType: "private", Bandwidth: 200 });
  const id = await connectionIn(server, own, hidden, await customerGatewayIn(owner));
  const { NetworkType, InternetIp, Spec } = await read(id);
  assert.deepEqual([NetworkType, Spec], ["private", "200M"]);
  assert.equal(InternetIp, succeeded(await readGateway(owner, hidden)).body.InternetIp);
});

test("names have 1 to 100 characters and do not begin with an address", async () => {
  for (const Name of ["x", "名".repeat(100), "0 any/thing: <&>"]) assert.equal((await read(await single({ Name }))).Name, Name);
  const id = await single({ Name: "" });
  assert.equal((await read(id)).Name, id);
  await refuses(
    ["x".repeat(101), "http://x", "https://x", "two\nlines"].map((Name) => ({ Name })),
    { code: "InvalidParameter.VpnConnectionName", message: "The specified vpn connection name is invalid." },
  );
});

test("blocks are up to five IPv4 blocks without host bits on each side, mandatory, and shown as they were given", async () => {
  const five = (second: number): string => [0, 1, 2, 3, 4].map((n) => `10.${second + n}.0.0/16`).join(",");
  const id = await single({ LocalSubnet: five(100), RemoteSubnet: five(110).replaceAll(",", ", ") });
  const { LocalSubnet, RemoteSubnet } = await read(id);
  assert.deepEqual([LocalSubnet, RemoteSubnet], [five(100), five(110).replaceAll(",", ", ")]);
  const wrong = [
    "10.0.0.1/8",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/8,",
    ",",
    "10.0.0.0/8;11.0.0.0/8",
    "::/0",
    "x",
    `${five(0)},10.9.0.0/16`,
  ];
  for (const side of ["LocalSubnet", "RemoteSubnet"]) {
    const message = new RegExp(`^The specified "${side}" \\(.+\\) is invalid\\.$`);
    await refusesCode([...wrong, "1".repeat(1025)].map((value) => ({ [side]: value })), `IllegalParam.${side}`, message); // prettier-ignore
    await refusesCode([{ [side]: undefined }, { [side]: "" }], `Missing${side}`, new RegExp(`^${side} is mandatory`));
  }
});

test("tags at creation keep the rules of tags, with the codes of this family", async () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value: "" }));
  assert.equal((await read(await single({ Tags: many(20) }))).Tags.Tag.length, 20);
  const wrong: readonly (readonly [Tags: object[], expected: Expected])[] = [
    [many(21), { code: "SizeLimitExceeded.TagNum", message: "The maximum number of tags is exceeded." }],
    [[...many(1), ...many(1)], { code: "Duplicated.TagKey", message: "The specified parameter TagKey is duplicated." }],
    [[{ Value: "1" }], { code: "InvalidParameter.TagKey", message: "The specified parameter TagKey is invalid." }],
    [
      [{ Key: "a", Value: "v".repeat(129) }],
      { code: "InvalidParameter.TagValue", message: "The specified parameter TagValue is invalid." },
    ],
    [[{ Key: "acs:a" }], { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." }],
  ];
  for (const [Tags, expected] of wrong) await refuses([{ Tags }], expected);
});

test("connections between the same ends have the same key and phase 1, other blocks, and exist once", async () => {
  const customer = await customerGatewayIn(owner);
  const IkeConfig = JSON.stringify({ Psk: "the-key", IkeLifetime: 7200 });
  const between = (LocalSubnet: string, RemoteSubnet: string, more: Parameters = {}): Parameters => ({
    CustomerGatewayId: customer,
    AutoConfigRoute: false,
    IkeConfig,
    LocalSubnet,
    RemoteSubnet,
    ...more,
  });
  await single(between("10.20.0.0/16", "172.20.0.0/16"));
  await refuses([between("10.20.0.0/16", "172.20.0.0/16")], {
    code: "InvalidVpnConnection.AlreadyExists",
    message: "Vpn connection already exists.",
  });
  const differs: Expected = {
    code: "VpnConnectionParamInvalid.SameVpnAndCgwDifferentIkeConfigs",
    message:
      "IPSec connections associated with the same user gateway and VPN gateway should have the same pre-shared key and IKE configuration.",
  };
  const ikes: readonly (object | undefined)[] = [
    undefined,
    { Psk: "the-key" },
    { Psk: "other-key", IkeLifetime: 7200 },
    { Psk: "the-key", IkeLifetime: 7200, IkePfs: "group5" },
    { Psk: "the-key", IkeLifetime: 7200, LocalId: "else" },
  ];
  await refuses(ikes.map((ike) => between("10.21.0.0/16", "172.21.0.0/16", { IkeConfig: ike && JSON.stringify(ike) })), differs); // prettier-ignore
  const overlap: Expected = {
    code: "VpnConnectionParamInvalid.SameVpnAndCgwTrafficSelectorOverlap",
    message: "Traffic selectors of IPSec connections associated with the same user gateway and VPN gateway should not overlap.",
  };
  await refuses(
    [
      between("10.20.1.0/24", "172.20.1.0/24"),
      between("0.0.0.0/0", "0.0.0.0/0"),
      between("10.30.0.0/16,10.20.0.0/24", "172.30.0.0/16,172.20.0.0/24"),
    ],
    overlap,
  );
  // Phase 2 may differ, and one side may overlap.
  await single(between("10.20.0.0/16", "172.21.0.0/16", { IpsecConfig: '{"IpsecPfs":"disabled"}' }));
  await single(between("10.21.0.0/16", "172.20.0.0/16"));
  // Between other ends, everything may.
  await single({ ...between("10.20.0.0/16", "172.20.0.0/16"), CustomerGatewayId: await customerGatewayIn(owner), IkeConfig: undefined });

  const [near, far] = [await customerGatewayIn(owner), await customerGatewayIn(owner)];
  const key = (Psk: string): Parameters => ({ TunnelIkeConfig: { Psk } });
  const two = (local: string, first: Parameters = key("one"), second: Parameters = key("two")): Parameters => ({
    LocalSubnet: local,
    RemoteSubnet: "172.20.0.0/16",
    AutoConfigRoute: false,
    ...twoTunnels(near, first, { CustomerGatewayId: far, ...second }),
  });
  await dualWith(two("10.20.0.0/16"));
  await refusesDual([two("10.20.0.0/16")], { code: "InvalidVpnConnection.AlreadyExists", message: "Vpn connection already exists." });
  await refusesDual([two("10.21.0.0/16", key("other")), two("10.21.0.0/16", key("one"), key("other"))], differs);
  await refusesDual([two("10.20.1.0/24")], overlap);
  await dualWith(two("10.21.0.0/16"));
  // The same customers at crossed ends are other ends.
  await dualWith({ ...two("10.20.0.0/16"), ...twoTunnels(far, key("three"), { CustomerGatewayId: near, ...key("four") }) });
});

test("a customer's end is not one of the gateway's own", async () => {
  const conflict: Expected = {
    code: "CustomerGateway.ConflictVpnIp",
    message: "The customer gateway associated with the IPSec connection should not have the same IP address as the VPN gateway.",
  };
  const { InternetIp } = succeeded(await readGateway(owner, plain)).body;
  await refuses([{ CustomerGatewayId: await customerGatewayIn(owner, { IpAddress: InternetIp }) }], conflict);
  const { InternetIp: first, DisasterRecoveryInternetIp: second } = succeeded(await readGateway(owner, dual)).body;
  for (const IpAddress of [first, second]) {
    const own = await customerGatewayIn(owner, { IpAddress });
    await refusesDual(
      [twoTunnels(own), twoTunnels(spare, { CustomerGatewayId: own }), twoTunnels(spare, {}, { CustomerGatewayId: own })],
      conflict,
    );
  }
});

test("a connection between blocks brings a policy-based route for each pair of them along, one that is route-based none", async () => {
  const own = await gatewayIn(server, await availableVpc(server, owner));
  const make = async (parameters: Parameters): Promise<string> => {
    const { body } = succeeded(await requestConnection(owner, own, { CustomerGatewayId: await customerGatewayIn(owner), ...parameters }));
    return body.VpnConnectionId;
  };
  const id = await make({ LocalSubnet: "10.0.0.0/24,10.0.1.0/24", RemoteSubnet: "172.16.0.0/16, 172.17.0.0/16" });
  const shown = async (): Promise<unknown[]> =>
    (await policyRoutes(owner, own)).map(({ RouteSource, RouteDest, NextHop, Weight, Priority, State }) =>
      [RouteSource, RouteDest, NextHop, Weight, Priority, State].join(" "),
    );
  assert.equal((await shown()).length, 4);
  await server.advance();
  const pairs = ["10.0.0.0/24 172.16.0.0/16", "10.0.0.0/24 172.17.0.0/16", "10.0.1.0/24 172.16.0.0/16", "10.0.1.0/24 172.17.0.0/16"];
  const brought = pairs.map((pair) => `${pair} ${id} 100 10 normal`);
  assert.deepEqual((await shown()).sort(), brought);
  const silent: readonly Parameters[] = [
    {},
    { LocalSubnet: " 0.0.0.0/0", RemoteSubnet: "0.0.0.0/0 " },
    { LocalSubnet: "10.0.2.0/24", RemoteSubnet: "172.16.0.0/16", AutoConfigRoute: false },
    { LocalSubnet: "10.0.0.0/24", RemoteSubnet: "172.16.0.0/16", AutoConfigRoute: "false" },
  ];
  for (const parameters of silent) {
    await make(parameters);
    await server.advance();
    assert.deepEqual((await shown()).sort(), brought, JSON.stringify(parameters));
  }
  const repeated = await make({ LocalSubnet: "10.0.4.0/24,10.0.4.0/24", RemoteSubnet: "172.16.0.0/16" });
  await server.advance();
  const once = (await shown()).filter((route) => String(route).includes(repeated));
  assert.deepEqual(once, [`10.0.4.0/24 172.16.0.0/16 ${repeated} 100 10 normal`]);
  const half = await make({ LocalSubnet: "10.0.3.0/24", RemoteSubnet: "0.0.0.0/0" });
  await server.advance();
  assert.ok((await shown()).includes(`10.0.3.0/24 0.0.0.0/0 ${half} 100 10 normal`), "everywhere on one side is a block like any other");
});

test("routes that cannot be brought along keep the connection from being made", async () => {
  const own = await gatewayIn(server, await availableVpc(server, owner));
  const [first, second] = [await customerGatewayIn(owner), await customerGatewayIn(owner)];
  const request = (LocalSubnet: string, RemoteSubnet: string, more: Parameters = {}): Promise<Answer> =>
    requestConnection(owner, own, { CustomerGatewayId: second, LocalSubnet, RemoteSubnet, ...more });
  succeeded(await request("10.0.0.0/24,10.0.1.0/24", "172.16.0.0/16", { CustomerGatewayId: first }));
  await server.advance();
  const there: Expected = { code: "VpnRouteEntry.AlreadyExists", message: "The specified route entry is already exist." };
  const conflict: Expected = { code: "VpnRouteEntry.Conflict", message: "The specified route entry has conflict." };
  const refusals: readonly (readonly [string, string, Expected])[] = [
    ["10.0.0.0/24", "172.16.0.0/16", there],
    ["10.0.9.0/24,10.0.1.0/24", "172.16.0.0/16", there],
    ["10.0.0.0/25", "172.16.0.0/16", conflict],
    ["10.0.0.0/16", "172.0.0.0/8", conflict],
    // Among the connection's own.
    ["10.1.0.0/16,10.1.1.0/24", "172.18.0.0/16", conflict],
    ["0.0.0.0/0,10.1.0.0/16", "172.18.0.0/16", conflict],
    ["0.0.0.0/0,0.0.0.0/0", "0.0.0.0/0", conflict],
  ];
  for (const [local, remote, expected] of refusals) {
    await refusedUnchanged(server, () => request(local, remote), expected);
  }
  await quotas({ name: "VpnPbrRouteEntry", value: 5, account: owner.key.account });
  const full: Expected = {
    code: "QuotaExceeded.PolicyBasedRoute",
    message: "The maximum number of policy-based routes is exceeded. Existing routes: 2. Routes to be created: 4. Maximum routes: 5.",
  };
  await refusedUnchanged(server, () => request("10.2.0.0/24,10.2.1.0/24", "172.18.0.0/16,172.19.0.0/16"), full);
  succeeded(await request("10.2.0.0/24,10.2.1.0/24,10.2.2.0/24", "172.18.0.0/16"));
  await server.advance();
  assert.equal((await policyRoutes(owner, own)).length, 5);
  await quotas();
});

test("the quota VpnConnection bounds each gateway", async () => {
  const stranger = await server.stranger();
  const own = await availableVpc(server, stranger);
  const [first, second] = [await gatewayIn(server, own), await gatewayIn(server, own)];
  const request = async (gateway: string): Promise<Answer> =>
    requestConnection(stranger, gateway, { CustomerGatewayId: await customerGatewayIn(stranger) });
  await quotas({ name: "VpnConnection", value: 2, account: stranger.key.account });
  const ids: string[] = [];
  for (const gateway of [first, first, second]) {
    ids.push(succeeded(await request(gateway)).body.VpnConnectionId);
    await server.advance();
  }
  const full: Expected = {
    code: "CreateVpnConnectionsQuotaFull.QuotaFull",
    message: "The number of VPN connections exceeds the quota limit.",
  };
  const customer = await customerGatewayIn(stranger);
  const more = (): Promise<Answer> => requestConnection(stranger, first, { CustomerGatewayId: customer });
  await refusedUnchanged(server, more, full);
  succeeded(await stranger.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: ids[0] }));
  await refusedUnchanged(server, more, gatewayConfiguring);
  await server.advance();
  succeeded(await more());
  await server.advance();
  await quotas();
});

test("a dry run checks everything and makes nothing", async () => {
  const dryRun: Expected = dryRunPassed;
  await refuses([{ DryRun: true }, { DryRun: "TRUE", LocalSubnet: "10.99.0.0/16", RemoteSubnet: "172.99.0.0/16" }], dryRun);
  await refusesDual([{ ...twoTunnels(spare), DryRun: true }], dryRun);
  await refuses([{ DryRun: true, IpsecConfig: '{"IpsecPfs":"x"}' }], {
    code: "NotSupportVpnConnectionParameter.IpsecPfs",
    message: "The specified vpn connection ipsec Ipsec Pfs is not support.",
  });
});

test("a repeated ClientToken answers the first result, also after the connection has gone", async () => {
  const CustomerGatewayId = await customerGatewayIn(owner);
  const request = (more: Parameters = {}): Promise<Answer> => requestPlain({ CustomerGatewayId, ClientToken: "create-once", ...more });
  const first = succeeded(await request()).body;
  const repeats = async (): Promise<void> => {
    const before = await eventCount(server);
    assert.deepEqual({ ...succeeded(await request()).body, RequestId: "" }, { ...first, RequestId: "" });
    assert.equal(await eventCount(server), before);
    await refusedUnchanged(server, () => request({ Name: "other" }), tokenReused);
    await refusedUnchanged(server, () => request({ IkeConfig: '{"Psk":"other"}' }), tokenReused);
  };
  await repeats();
  await server.advance();
  await repeats();
  succeeded(await owner.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: first.VpnConnectionId }));
  await server.advance();
  await repeats();
  await refusedUnchanged(server, () => readConnection(owner, first.VpnConnectionId), connectionNotFound);
});
