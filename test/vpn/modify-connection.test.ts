import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { modifyVpnConnectionAttribute } from "../../src/services/vpn/modify-vpn-connection-attribute.ts";
import { assertFields } from "../support/answers.ts";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import {
  attachmentIn,
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
} from "./support.ts";

/**
 * ModifyVpnConnectionAttribute, ModifyTunnelAttribute, ModifyCustomerGatewayAttribute where connections get a key,
 * and the negotiation that an administrator simulates.
 */
let server: InProcessServer;
let owner: Caller;
let vpc: TestVpc;
/** Gateways with one end and with two. */
let plain: string;
let dual: string;

before(async () => {
  server = await startServer();
  owner = server.requester;
  const quotas = ["Vpc", "VpnGateway", "CustomerGateway", "VpnConnection"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  vpc = await availableVpc(server, owner);
  plain = await gatewayIn(server, vpc);
  dual = await dualGatewayIn(server, vpc);
});
after(() => server.stop());

const read = async (id: string): Promise<any> => {
  const { RequestId: _id, ...fields } = succeeded(await readConnection(owner, id)).body;
  return fields;
};
const tunnelsOf = async (id: string): Promise<any[]> => (await read(id)).TunnelOptionsSpecification.TunnelOptions;
const customer = (parameters: Parameters = { Asn: "65001" }): Promise<string> => customerGatewayIn(owner, parameters);
const single = async (parameters: Parameters = {}): Promise<string> => connectionIn(server, vpc, plain, await customer(), parameters);
const withTwo = async (parameters: Parameters = {}): Promise<string> => {
  const { body } = succeeded(await requestConnection(owner, dual, { ...twoTunnels(await customer()), ...parameters }));
  await server.advance();
  return body.VpnConnectionId;
};
const change = (VpnConnectionId: string, parameters: Parameters = {}, by = owner): Promise<Answer> =>
  by.vpc("ModifyVpnConnectionAttribute", { RegionId: hangzhou, VpnConnectionId, ...parameters });
const changed = async (id: string, parameters: Parameters): Promise<any> => {
  const { RequestId: _id, ...answer } = succeeded(await change(id, parameters)).body;
  await server.advance();
  return answer;
};
const changeTunnel = (VpnConnectionId: string, TunnelId: string, said: object = {}, more: Parameters = {}): Promise<Answer> =>
  owner.vpc("ModifyTunnelAttribute", { RegionId: hangzhou, VpnConnectionId, TunnelId, TunnelOptionsSpecification: said, ...more });
/** Tunnels as given; one alone that nothing names is the master. */
const tunnels = (...all: readonly object[]): Parameters => {
  const unnamed = all.length === 1 && ["TunnelId", "Role"].every((name) => !Object.hasOwn(all[0] ?? {}, name));
  return { TunnelOptionsSpecification: unnamed ? [{ Role: "master", ...all[0] }] : all };
};
async function refuses(id: string, all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) await refusedUnchanged(server, () => change(id, parameters), expected);
}
const patch = async (id: string, fields: object): Promise<number> => (await server.admin("PATCH", `resources/${id}`, fields)).status;
let blocks = 0;
/** A tunnel block that no other test has named. */
const tunnelBlock = (): string => `169.254.${20 + Math.floor(++blocks / 60)}.${(blocks % 60) * 4}/30`;
const addressIn = (block: string, offset: number): string =>
  block.replace(/(\d+)\/30$/, (_all, last: string) => String(Number(last) + offset));

const asText = (of: object): string => JSON.stringify(of);
const differs: Expected = {
  code: "VpnConnectionParamInvalid.SameVpnAndCgwDifferentIkeConfigs",
  message:
    "IPSec connections associated with the same user gateway and VPN gateway should have the same pre-shared key and IKE configuration.",
};
const locked: Expected = { code: "VpnGateway.FinancialLocked", message: "The specified service is financial locked." };

test("each thing that can be said of a connection with one tunnel changes alone, and everything else stays", async () => {
  const TunnelCidr = tunnelBlock();
  const id = await single({ Name: "before", LocalSubnet: "10.0.0.0/16", RemoteSubnet: "172.16.0.0/16" });
  const start = await read(id);
  const { IkeConfig, IpsecConfig, VcoHealthCheck, VpnBgpConfig } = start;
  const ike = { ...IkeConfig, Psk: "new-key", IkeLifetime: 60 };
  const allIke = { IkeVersion: "ikev1", IkeMode: "aggressive", IkeEncAlg: "des", IkeAuthAlg: "sha1", IkePfs: "group1", LocalId: "l" };
  const health = { ...VcoHealthCheck, Dip: "192.168.0.5", Enable: "true", Interval: 5, Retry: 6, Sip: "10.0.0.5", Status: "failed" };
  const bgp = {
    ...VpnBgpConfig,
    EnableBgp: "true",
    LocalBgpIp: addressIn(TunnelCidr, 1),
    PeerAsn: 65001,
    PeerBgpIp: addressIn(TunnelCidr, 2),
  };
  const changes: readonly (readonly [parameters: Parameters, shown: object])[] = [
    [{ Name: "after" }, { Name: "after" }],
    [{ LocalSubnet: "10.0.0.0/17" }, { LocalSubnet: "10.0.0.0/17" }],
    [{ RemoteSubnet: "172.16.0.0/16,172.17.0.0/16" }, { RemoteSubnet: "172.16.0.0/16,172.17.0.0/16" }],
    [{ EffectImmediately: true }, { EffectImmediately: true }],
    [{ EnableDpd: false }, { EnableDpd: false }],
    [{ EnableNatTraversal: false }, { EnableNatTraversal: false }],
    [{ RemoteCaCertificate: "certificate" }, { RemoteCaCertificate: "certificate" }],
    [{ AutoConfigRoute: false }, {}],
    [{ IkeConfig: asText({ Psk: "new-key", IkeLifetime: "60" }) }, { IkeConfig: ike }],
    [{ IpsecConfig: asText({ IpsecPfs: "group14" }) }, { IpsecConfig: { ...IpsecConfig, IpsecPfs: "group14" } }],
    [
      { HealthCheckConfig: asText({ Enable: true, Dip: "192.168.0.5", Sip: "10.0.0.5", Interval: 5, Retry: 6 }) },
      { VcoHealthCheck: health },
    ],
    [{ HealthCheckConfig: asText({ interval: "8" }) }, { VcoHealthCheck: { ...health, Interval: 8 } }],
    [{ BgpConfig: asText({ EnableBgp: true, TunnelCidr }) }, { VpnBgpConfig: { ...bgp, TunnelCidr } }],
    [{ BgpConfig: asText({ LocalAsn: "0.7" }) }, { VpnBgpConfig: { ...bgp, TunnelCidr, LocalAsn: 7 } }],
    [
      { BgpConfig: asText({ EnableBgp: false, LocalBgpIp: addressIn(TunnelCidr, 2) }) },
      {
        VpnBgpConfig: { ...bgp, TunnelCidr, LocalAsn: 7, EnableBgp: "false", LocalBgpIp: bgp.PeerBgpIp, PeerBgpIp: bgp.LocalBgpIp },
      },
    ],
    [{ RemoteSubnet: "172.16.0.0/16" }, { RemoteSubnet: "172.16.0.0/16" }],
    [{ IkeConfig: asText(allIke) }, { IkeConfig: { ...ike, ...allIke } }],
    [{ Name: "", LocalSubnet: "", IkeConfig: "{}", IpsecConfig: '{"IpsecPfs":""}', BgpConfig: "", HealthCheckConfig: "{}" }, {}],
    [{}, {}],
  ];
  const expected = { ...start };
  for (const [parameters, shown] of changes) {
    const { RequestId: _id, ...answer } = succeeded(await change(id, parameters)).body;
    Object.assign(expected, shown);
    const now = { ...expected, State: "updating" };
    assert.deepEqual(await read(id), now, JSON.stringify(parameters));
    // The answer tells the same, of fewer things.
    assertFields(modifyVpnConnectionAttribute.response, answer, "ModifyVpnConnectionAttribute");
    const { Description, VcoHealthCheck: checked, VpnBgpConfig: session, ...others } = answer;
    const { Status: _status, Policy: _policy, ...healthSaid } = now.VcoHealthCheck;
    const { AuthKey: _key, ...bgpSaid } = now.VpnBgpConfig;
    assert.deepEqual([Description, checked, session], ["", healthSaid, bgpSaid]);
    for (const [field, value] of Object.entries(others)) assert.deepEqual(value, now[field], field);
    assert.equal(await gatewayStatus(owner, plain), "updating");
    await server.advance();
    assert.deepEqual(await read(id), expected);
    assert.equal(await gatewayStatus(owner, plain), "active");
  }
});

test("tunnels change by their ids, by their roles or in their places, and what is not said of them stays", async () => {
  const id = await withTwo();
  let [first, second] = await tunnelsOf(id);
  const { TunnelId: one } = first;
  const { TunnelId: two } = second;
  const keyed = (tunnel: any, Psk: string): object => ({ ...tunnel, TunnelIkeConfig: { ...tunnel.TunnelIkeConfig, Psk } });
  const key = (Psk: string): object => ({ TunnelIkeConfig: { Psk } });
  const cases: readonly (readonly [given: readonly object[], first: string | undefined, second: string | undefined])[] = [
    [[{ TunnelId: two, ...key("a") }], undefined, "a"],
    [
      [
        { TunnelId: two, ...key("b") },
        { TunnelId: one, ...key("c") },
      ],
      "c",
      "b",
    ],
    [[{ Role: "slave", ...key("d") }], undefined, "d"],
    [
      [
        { Role: "slave", ...key("e") },
        { Role: "master", ...key("f") },
      ],
      "f",
      "e",
    ],
    [[key("g")], "g", undefined],
    [[key("h"), key("i")], "h", "i"],
    [[{ Role: "master", ...key("j") }], "j", undefined],
    [[{}, {}], undefined, undefined],
    [[], undefined, undefined],
  ];
  for (const [given, ofFirst, ofSecond] of cases) {
    if (ofFirst !== undefined) first = keyed(first, ofFirst);
    if (ofSecond !== undefined) second = keyed(second, ofSecond);
    const { TunnelOptionsSpecification, ...answer } = await changed(id, tunnels(...given));
    assert.deepEqual(await tunnelsOf(id), [first, second], JSON.stringify(given));
    assert.deepEqual([answer.CustomerGatewayId, answer.IkeConfig.Psk], ["", ""]);
    const told = [first, second].map(({ Status: _status, TunnelIndex: _index, TunnelBgpConfig, ...tunnel }) => {
      assert.deepEqual(TunnelBgpConfig, {});
      return Object.assign(tunnel, { State: "updating", TunnelBgpConfig });
    });
    assert.deepEqual(TunnelOptionsSpecification.TunnelOptions, told);
  }
});

test("everything that can be said of a tunnel changes, through the SDK too, and one tunnel leaves the other alone", async () => {
  const [near, far] = [await customer(), await customer({ Asn: "65002" })];
  const id = await withTwo(twoTunnels(near));
  const [before, other] = await tunnelsOf(id);
  const [firstBlock, secondBlock] = [tunnelBlock(), tunnelBlock()];
  await ask(sdkOf(server, requesterKey), "modifyVpnConnectionAttribute", {
    regionId: hangzhou,
    vpnConnectionId: id,
    enableTunnelsBgp: true,
    tunnelOptionsSpecification: [
      {
        tunnelId: before.TunnelId,
        customerGatewayId: far,
        enableDpd: false,
        enableNatTraversal: false,
        remoteCaCertificate: "certificate",
        tunnelBgpConfig: { tunnelCidr: firstBlock, localAsn: 65530, localBgpIp: addressIn(firstBlock, 2) },
        tunnelIkeConfig: { psk: "k", ikeVersion: "ikev1", ikeMode: "aggressive", ikeEncAlg: "des", ikeLifetime: 5, localId: "local" },
        tunnelIpsecConfig: { ipsecPfs: "disabled", ipsecLifetime: 6 },
      },
      { tunnelId: other.TunnelId, tunnelBgpConfig: { tunnelCidr: secondBlock } },
    ],
  });
  await server.advance();
  const farAddress = succeeded(await owner.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: far })).body.IpAddress;
  const expected = {
    ...before,
    CustomerGatewayId: far,
    EnableDpd: false,
    EnableNatTraversal: false,
    RemoteCaCertificate: "certificate",
    TunnelBgpConfig: {
      BgpStatus: "false",
      LocalAsn: "65530",
      LocalBgpIp: addressIn(firstBlock, 2),
      PeerAsn: "65002",
      PeerBgpIp: addressIn(firstBlock, 1),
      TunnelCidr: firstBlock,
    },
    TunnelIkeConfig: {
      ...before.TunnelIkeConfig,
      Psk: "k",
      IkeVersion: "ikev1",
      IkeMode: "aggressive",
      IkeEncAlg: "des",
      IkeLifetime: 5,
      LocalId: "local",
      RemoteId: farAddress,
    },
    TunnelIpsecConfig: { ...before.TunnelIpsecConfig, IpsecPfs: "disabled", IpsecLifetime: 6 },
  };
  const [first, second] = await tunnelsOf(id);
  assert.deepEqual(first, expected);
  const { TunnelBgpConfig, ...rest } = second;
  const { TunnelBgpConfig: _none, ...unchanged } = other;
  assert.deepEqual(rest, unchanged);
  assert.deepEqual([TunnelBgpConfig.TunnelCidr, TunnelBgpConfig.LocalAsn, TunnelBgpConfig.PeerAsn], [secondBlock, "45104", "65001"]);
  assert.equal((await read(id)).EnableTunnelsBgp, true);
});

test("the id of an end that is its address follows the customer gateway, one that was chosen stays", async () => {
  const [near, far] = [await customer(), await customer()];
  const address = async (CustomerGatewayId: string): Promise<string> =>
    succeeded(await owner.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId })).body.IpAddress;
  const id = await withTwo(twoTunnels(near, {}, { TunnelIkeConfig: { RemoteId: "chosen" } }));
  const remotes = async (): Promise<string[]> => (await tunnelsOf(id)).map(({ TunnelIkeConfig }) => TunnelIkeConfig.RemoteId);
  assert.deepEqual(await remotes(), [await address(near), "chosen"]);
  const locals = (await tunnelsOf(id)).map(({ TunnelIkeConfig }) => TunnelIkeConfig.LocalId);
  await changed(id, tunnels({ CustomerGatewayId: far }, { CustomerGatewayId: far }));
  assert.deepEqual(await remotes(), [await address(far), "chosen"]);
  const [first] = await tunnelsOf(id);
  succeeded(await changeTunnel(id, first.TunnelId, { CustomerGatewayId: near }));
  await server.advance();
  assert.deepEqual(await remotes(), [await address(near), "chosen"]);
  assert.deepEqual((await tunnelsOf(id)).map(({ TunnelIkeConfig }) => TunnelIkeConfig.LocalId), locals); // prettier-ignore
  // A customer gateway is in use until the last tunnel leaves it.
  const remove = (): Promise<Answer> => owner.vpc("DeleteCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: far });
  refusedWith(await remove(), "DependencyViolation.VpnConnection");
  await changed(id, tunnels({ CustomerGatewayId: near }, { CustomerGatewayId: near }));
  succeeded(await remove());
});

test("master and slave change their places, with everything else of a tunnel where it was", async () => {
  const id = await withTwo();
  const [first, second] = await tunnelsOf(id);
  const roles = async (): Promise<string[]> => (await tunnelsOf(id)).map(({ Role }) => Role);
  await changed(id, tunnels({ TunnelId: first.TunnelId, Role: "slave" }, { TunnelId: second.TunnelId, Role: "master" }));
  assert.deepEqual(await tunnelsOf(id), [
    { ...first, Role: "slave" },
    { ...second, Role: "master" },
  ]);
  const role: Expected = { code: "IllegalParam.Role", message: "The specified Role is invalid." };
  await refuses(
    id,
    [
      tunnels({ TunnelId: first.TunnelId, Role: "master" }),
      tunnels({ TunnelId: first.TunnelId, Role: "master" }, { TunnelId: second.TunnelId }),
      tunnels({ TunnelId: first.TunnelId, Role: "none" }),
      tunnels({ Role: "MASTER" }),
    ],
    role,
  );
  // Roles that tell the tunnels apart change nothing.
  await changed(id, tunnels({ Role: "master" }, { Role: "slave" }));
  assert.deepEqual(await roles(), ["slave", "master"]);
});

test("tunnels that are not the connection's, or are named twice, are refused, and so are tunnels of a connection that has one", async () => {
  const [id, other] = [await withTwo(), await withTwo()];
  const [{ TunnelId: one }, { TunnelId: two }] = (await tunnelsOf(id)) as [any, any];
  const [{ TunnelId: foreign }] = (await tunnelsOf(other)) as [any];
  const unknown: Expected = { code: "IllegalParam.TunnelId", message: "The specified TunnelId is invalid." };
  await refuses(
    id,
    [
      tunnels({ TunnelId: foreign }),
      tunnels({ TunnelId: "tun-bp1000000000000000000" }),
      tunnels({ TunnelId: one.toUpperCase() }),
      tunnels({ TunnelId: one }, { TunnelId: one }),
      tunnels({ TunnelId: two }, { EnableDpd: false }),
      tunnels({ TunnelId: one }, { TunnelId: foreign }),
    ],
    unknown,
  );
  for (const TunnelId of [foreign, id, "x"]) await refusedUnchanged(server, () => changeTunnel(id, TunnelId), unknown);
  const before = await eventCount(server);
  refusedWith(await change(id, tunnels({}, {}, { EnableDpd: true })), "InvalidTunnelOptionsSpecification");
  refusedWith(await change(id, { TunnelOptionsSpecification: "{}" }), "InvalidTunnelOptionsSpecification");
  refusedWith(await changeTunnel(id, ""), "MissingTunnelId");
  refusedWith(await changeTunnel(id, one, { EnableDpd: "maybe" }), "InvalidTunnelOptionsSpecification");
  refusedWith(await changeTunnel(id, one, { TunnelIkeConfig: { Psk: "a b" } }), "InvalidTunnelOptionsSpecification");
  assert.equal(await eventCount(server), before);
  const plainOne = await single();
  await refuses(plainOne, [tunnels({ EnableDpd: false }), tunnels({ TunnelId: one })], {
    code: "VpnConnection.InvalidCreateTunnelOptions",
    message: "The specified tunnel options are invalid.",
  });
  await refusedUnchanged(server, () => changeTunnel(plainOne, one), unknown);
});

test("ModifyTunnelAttribute changes one tunnel and answers it, with or without the region", async () => {
  const far = await customer({ Asn: "65002" });
  const id = await withTwo();
  const [first, second] = await tunnelsOf(id);
  const TunnelCidr = tunnelBlock();
  const said = {
    CustomerGatewayId: far,
    EnableDpd: false,
    EnableNatTraversal: false,
    RemoteCaCertificate: "certificate",
    TunnelBgpConfig: { LocalAsn: 65530, TunnelCidr, LocalBgpIp: addressIn(TunnelCidr, 1) },
    TunnelIkeConfig: { ...second.TunnelIkeConfig, Psk: "other", IkeLifetime: 7, RemoteId: "r" },
    TunnelIpsecConfig: { IpsecEncAlg: "des", IpsecAuthAlg: "sha512", IpsecPfs: "group1", IpsecLifetime: 9 },
  };
  const { RequestId: _id, ...answer } = succeeded(await changeTunnel(id, second.TunnelId, said)).body;
  const { Role, InternetIp, TunnelId, ZoneNo } = second;
  const bgp = { LocalAsn: 65530, LocalBgpIp: addressIn(TunnelCidr, 1), PeerAsn: 65002, PeerBgpIp: addressIn(TunnelCidr, 2), TunnelCidr };
  const place = { Role, InternetIp, TunnelId, ZoneNo };
  assert.deepEqual(answer, { ...said, ...place, State: "updating", TunnelBgpConfig: { ...bgp, EnableBgp: false } });
  assert.deepEqual([(await read(id)).State, await gatewayStatus(owner, dual)], ["updating", "updating"]);
  await server.advance();
  const shown = await tunnelsOf(id);
  assert.deepEqual(shown[0], first);
  const session = { ...bgp, BgpStatus: "false", LocalAsn: "65530", PeerAsn: "65002" };
  assert.deepEqual(shown[1], { ...second, ...said, TunnelBgpConfig: session });
  // Nothing said: nothing changes, and the work is done all the same.
  succeeded(await changeTunnel(id, first.TunnelId, {}, { RegionId: undefined }));
  assert.equal(await gatewayStatus(owner, dual), "updating");
  await server.advance();
  assert.deepEqual(await tunnelsOf(id), shown);
  const sent = await ask(sdkOf(server, requesterKey), "modifyTunnelAttribute", {
    vpnConnectionId: id,
    tunnelId: first.TunnelId,
    tunnelOptionsSpecification: { tunnelIkeConfig: { psk: "through-the-sdk" } },
  });
  assert.deepEqual([sent.tunnelIkeConfig?.psk, sent.tunnelBgpConfig?.enableBgp, sent.enableDpd], ["through-the-sdk", false, true]);
  await server.advance();
});

test("ModifyTunnelAttribute refuses wrong settings with codes of its own, and changes nothing", async () => {
  const id = await withTwo();
  const [first, second] = await tunnelsOf(id);
  const TunnelCidr = tunnelBlock();
  const other = await withTwo({ ...twoTunnels(await customer(), { TunnelBgpConfig: { TunnelCidr } }) });
  const expected: readonly (readonly [said: object, expected: Expected])[] = [
    [{ TunnelBgpConfig: { LocalAsn: "x" } }, { code: "IllegalParam.LocalAsn", message: "The param of LocalAsn is illegal" }],
    [
      { TunnelBgpConfig: { LocalBgpIp: "169.254.30.1" } },
      { code: "IllegalParam.LocalBgpIp", message: "The specified LocalBgpIp is invalid." },
    ],
    [{ TunnelBgpConfig: { TunnelCidr } }, { code: "IllegalParam.TunnelCidr", message: "The specified TunnelCidr is invalid." }],
    [
      { TunnelIpsecConfig: { IpsecPfs: "x" } },
      { code: "NotSupportVpnConnectionParameter.IpsecPfs", message: "The specified vpn connection ipsec Ipsec Pfs is not support." },
    ],
    [
      { TunnelIpsecConfig: { IpsecAuthAlg: "x" } },
      { code: "NotSupportVpnConnectionParameter.IpsecAuthAlg", message: "The specified vpn connection ipsec Auth Alg is not support." },
    ],
    [
      { CustomerGatewayId: await customerGatewayIn(server.accepter) },
      {
        code: "InvalidCustomerGatewayInstanceId.NotFound",
        message: "The specified customer gateway instance id does not exist.",
        status: 404,
      },
    ],
  ];
  for (const [said, refusal] of expected) {
    await refusedUnchanged(server, () => changeTunnel(id, second.TunnelId, said), refusal);
  }
  await refusedUnchanged(server, () => changeTunnel(id, first.TunnelId, {}, { RegionId: beijing }), connectionNotFound);
  await refusedUnchanged(server, () => changeTunnel("vco-bp1000000000000000000", first.TunnelId), connectionNotFound);
  // Its own block it can be told again.
  const [own] = await tunnelsOf(other);
  succeeded(await changeTunnel(other, own.TunnelId, { TunnelBgpConfig: { TunnelCidr } }));
  await server.advance();
});

test("connections between the same ends stay alike: a key changes on all or on none, and blocks do not come to overlap", async () => {
  const shared = await customer();
  const made = async (LocalSubnet: string): Promise<string> =>
    connectionIn(server, vpc, plain, shared, {
      LocalSubnet,
      RemoteSubnet: "172.20.0.0/16",
      AutoConfigRoute: false,
      IkeConfig: asText({ Psk: "shared-key" }),
    });
  const [one, two] = [await made("10.20.0.0/16"), await made("10.21.0.0/16")];
  await refuses(two, [{ IkeConfig: asText({ Psk: "other" }) }, { IkeConfig: asText({ IkePfs: "group5" }) }], differs);
  await refuses(two, [{ LocalSubnet: "10.20.1.0/24" }, { LocalSubnet: "10.0.0.0/8", RemoteSubnet: "172.0.0.0/8" }], {
    code: "VpnConnectionParamInvalid.SameVpnAndCgwTrafficSelectorOverlap",
    message: "Traffic selectors of IPSec connections associated with the same user gateway and VPN gateway should not overlap.",
  });
  await changed(two, { IkeConfig: asText({ Psk: "shared-key" }), IpsecConfig: asText({ IpsecPfs: "group5" }) });
  await changed(two, { LocalSubnet: "10.20.0.0/16", RemoteSubnet: "172.21.0.0/16" });
  succeeded(await owner.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: one }));
  await server.advance();
  await changed(two, { IkeConfig: asText({ Psk: "other" }) });

  const twoEnds = await customer();
  const dualOne = await withTwo({ ...twoTunnels(twoEnds, { TunnelIkeConfig: { Psk: "m" } }, { TunnelIkeConfig: { Psk: "s" } }) });
  const dualTwo = await withTwo();
  const [, slave] = await tunnelsOf(dualTwo);
  await refusedUnchanged(server, () => changeTunnel(dualTwo, slave.TunnelId, { CustomerGatewayId: twoEnds }), differs);
  const overlap = { CustomerGatewayId: twoEnds, TunnelIkeConfig: { Psk: "s" } };
  const code = "VpnConnectionParamInvalid.SameVpnAndCgwTrafficSelectorOverlap";
  refusedWith(await changeTunnel(dualTwo, slave.TunnelId, overlap), code);
  await changed(dualOne, { LocalSubnet: "10.0.0.0/16", RemoteSubnet: "172.16.0.0/16", AutoConfigRoute: false });
  refusedWith(await changeTunnel(dualTwo, slave.TunnelId, overlap), code);
});

test("wrong names, blocks, settings and BGP blocks are refused and change nothing", async () => {
  const TunnelCidr = tunnelBlock();
  const id = await single({ BgpConfig: asText({ EnableBgp: true, TunnelCidr }) });
  const other = tunnelBlock();
  await single({ BgpConfig: asText({ TunnelCidr: other }) });
  const name: Expected = { code: "InvalidName", message: "The name is not valid" };
  await refuses(id, ["x".repeat(101), "http://x", "https://x", "two\nlines"].map((Name) => ({ Name })), name); // prettier-ignore
  const before = await eventCount(server);
  for (const side of ["LocalSubnet", "RemoteSubnet"]) {
    for (const wrong of ["10.0.0.1/8", "x", "10.0.0.0/8,", "1.0.0.0/8,2.0.0.0/8,3.0.0.0/8,4.0.0.0/8,5.0.0.0/8,6.0.0.0/8"]) {
      const { body } = refusedWith(await change(id, { [side]: wrong }), `IllegalParam.${side}`);
      assert.match(body.Message, new RegExp(`^The specified "${side}" \\(.+\\) is invalid\\.$`));
    }
  }
  for (const [parameter, value, code] of [
    ["IkeConfig", "[]", "InvalidIkeConfig"],
    ["IkeConfig", asText({ Psk: "a b" }), "InvalidIkeConfig"],
    ["IpsecConfig", "{", "InvalidIpsecConfig"],
    ["HealthCheckConfig", asText({ Interval: 0 }), "InvalidHealthCheckConfig"],
    ["BgpConfig", asText({ EnableBgp: "perhaps" }), "IllegalParam.BgpConfig"],
    ["BgpConfig", asText({ LocalAsn: "x" }), "IllegalParam.LocalAsn"],
    ["BgpConfig", asText({ TunnelCidr: "169.254.30.1/30" }), "InvalidTunnelCidr.Malformed"],
    ["BgpConfig", asText({ TunnelCidr: "169.254.30.0/29" }), "IllegalParam.TunnelCidr"],
    ["BgpConfig", asText({ TunnelCidr: "169.254.169.252/30" }), "IllegalParam.TunnelCidr"],
    ["BgpConfig", asText({ TunnelCidr: other }), "IllegalParam.TunnelCidr"],
    ["BgpConfig", asText({ LocalBgpIp: "x" }), "InvalidLocalBgpIp.Malformed"],
    ["BgpConfig", asText({ LocalBgpIp: addressIn(TunnelCidr, 3) }), "IllegalParam.LocalBgpIp"],
    ["IpsecConfig", asText({ IpsecPfs: "x" }), "NotSupportVpnConnectionParameter.IpsecPfs"],
    ["IpsecConfig", asText({ IpsecAuthAlg: "x" }), "NotSupportVpnConnectionParameter.IpsecAuthAlg"],
    ["EnableDpd", "maybe", "InvalidEnableDpd"],
  ] as const) {
    refusedWith(await change(id, { [parameter]: value }), code);
  }
  assert.equal(await eventCount(server), before);
  // Its own block it can be told again, and another address of it.
  await changed(id, { BgpConfig: asText({ EnableBgp: true, TunnelCidr, LocalBgpIp: addressIn(TunnelCidr, 2) }) });
  await changed(id, { BgpConfig: asText({ TunnelCidr: tunnelBlock() }) });

  const withoutAsn = await connectionIn(server, vpc, plain, await customer({}));
  await refuses(withoutAsn, [{ BgpConfig: asText({ EnableBgp: true, TunnelCidr }) }], {
    code: "MissingParam.CustomerGatewayAsn",
    message: "Asn of customer gateway is mandatory when BGP is enabled.",
  });
  const missing: Expected = {
    code: "MissingParameter.TunnelCidr",
    message: "The parameter TunnelCidr is mandatory when BGP is enabled.",
  };
  await refuses(withoutAsn, [{ BgpConfig: asText({ EnableBgp: true }) }], missing);
  const dualOne = await withTwo();
  await refuses(
    dualOne,
    [{ EnableTunnelsBgp: true }, { EnableTunnelsBgp: true, ...tunnels({ TunnelBgpConfig: { TunnelCidr: tunnelBlock() } }) }],
    missing,
  );
});

test("no change makes a connection join several blocks of one side by IKEv1", async () => {
  const refused: Expected = {
    code: "ModifyIkeV1WithMultiRoutes.Invalid",
    message: "Failed to modify VPN connection parameters. Multi-network is configured while using IkeV1 protocol.",
  };
  const two = "10.50.0.0/16,10.51.0.0/16";
  const old = await single({ LocalSubnet: "10.50.0.0/16", RemoteSubnet: "172.50.0.0/16", IkeConfig: asText({ IkeVersion: "ikev1" }) });
  await refuses(old, [{ LocalSubnet: two }, { RemoteSubnet: "172.50.0.0/16,172.51.0.0/16" }], refused);
  await changed(old, { LocalSubnet: two, IkeConfig: asText({ IkeVersion: "ikev2" }) });
  await refuses(old, [{ IkeConfig: asText({ IkeVersion: "ikev1" }) }], refused);
  const pair = await withTwo({ LocalSubnet: two, RemoteSubnet: "172.50.0.0/16" });
  const [{ TunnelId }] = (await tunnelsOf(pair)) as [any];
  await refuses(pair, [tunnels({ TunnelIkeConfig: { IkeVersion: "ikev1" } })], refused);
  await refusedUnchanged(server, () => changeTunnel(pair, TunnelId, { TunnelIkeConfig: { IkeVersion: "ikev1" } }), refused);
  // A creation is not refused, and what it has made stays open to other changes.
  const both = { LocalSubnet: two, IkeConfig: asText({ IkeVersion: "ikev1" }), AutoConfigRoute: false };
  const made = await single({ ...both, RemoteSubnet: "172.60.0.0/16" });
  await changed(made, { Name: "renamed", LocalSubnet: two, RemoteSubnet: "172.60.0.0/16" });
});

test("a connection is changed when its gateway's bill is paid and nothing is at work on it", async () => {
  const own = await dualGatewayIn(server, await availableVpc(server, owner));
  const { body } = succeeded(await requestConnection(owner, own, twoTunnels(await customer())));
  const id = body.VpnConnectionId;
  const [{ TunnelId }] = (await tunnelsOf(id)) as [any];
  const writes = [() => change(id, { Name: "no" }), () => changeTunnel(id, TunnelId, { EnableDpd: false })];
  const refuse = async (expected: Expected): Promise<void> => {
    for (const write of writes) await refusedUnchanged(server, write, expected);
  };
  await refuse(gatewayConfiguring);
  await server.advance();
  assert.equal(await patch(own, { BusinessStatus: "FinancialLocked" }), 200);
  await refuse(locked);
  assert.equal(await patch(own, { BusinessStatus: "Normal" }), 200);
  for (const write of writes) {
    succeeded(await write());
    await refuse(gatewayConfiguring);
    await server.advance();
  }
});

test("what is no connection of a gateway of the caller in this region is not found", async () => {
  const id = await single();
  const attachment = await attachmentIn(server, owner, await customer());
  for (const [of, parameters, by] of [
    ["vco-bp1000000000000000000", {}, owner],
    [attachment, {}, owner],
    [plain, {}, owner],
    [id, { RegionId: beijing }, owner],
    [id, {}, server.accepter],
  ] as const) {
    await refusedUnchanged(server, () => change(of, { Name: "mine", ...parameters }, by), connectionNotFound);
  }
});

test("the routes that a connection brought along follow its blocks, and those that others made stay", async () => {
  const own = await gatewayIn(server, await availableVpc(server, owner));
  const { body } = succeeded(
    await requestConnection(owner, own, {
      CustomerGatewayId: await customer(),
      LocalSubnet: "10.0.0.0/24,10.0.1.0/24",
      RemoteSubnet: "172.16.0.0/16",
    }),
  );
  const id = body.VpnConnectionId;
  await server.advance();
  const routes = async (): Promise<string[]> =>
    (await policyRoutes(owner, own)).map(({ RouteSource, RouteDest, State }) => `${RouteSource} ${RouteDest} ${State}`).sort();
  const settled = (...pairs: readonly string[]): string[] => pairs.map((pair) => `${pair} normal`).sort();
  const both = ["10.0.0.0/24 172.16.0.0/16", "10.0.1.0/24 172.16.0.0/16"];
  assert.deepEqual(await routes(), settled(...both));
  const made = { RouteSource: "10.0.9.0/24", RouteDest: "172.31.0.0/16", NextHop: id, Weight: 100, PublishVpc: false };
  succeeded(await owner.vpc("CreateVpnPbrRouteEntry", { RegionId: hangzhou, VpnGatewayId: own, ...made }));
  await server.advance();
  const byHand = "10.0.9.0/24 172.31.0.0/16";
  const steps: readonly (readonly [parameters: Parameters, pairs: readonly string[]])[] = [
    [{ RemoteSubnet: "172.17.0.0/16" }, ["10.0.0.0/24 172.17.0.0/16", "10.0.1.0/24 172.17.0.0/16"]],
    [
      { LocalSubnet: "10.0.1.0/24", RemoteSubnet: "172.17.0.0/16,172.18.0.0/16" },
      ["10.0.1.0/24 172.17.0.0/16", "10.0.1.0/24 172.18.0.0/16"],
    ],
    [{ Name: "nothing of blocks" }, ["10.0.1.0/24 172.17.0.0/16", "10.0.1.0/24 172.18.0.0/16"]],
    [{ AutoConfigRoute: false }, []],
    [{ LocalSubnet: "10.0.0.0/24,10.0.1.0/24", RemoteSubnet: "172.16.0.0/16" }, []],
    [{ AutoConfigRoute: true }, both],
    [{ LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" }, []],
    [{ LocalSubnet: "10.0.0.0/24", RemoteSubnet: "172.16.0.0/16" }, both.slice(0, 1)],
  ];
  for (const [parameters, pairs] of steps) {
    await changed(id, parameters);
    assert.deepEqual(await routes(), settled(byHand, ...pairs), JSON.stringify(parameters));
  }
  // Wider blocks overlap what they replace, and that is no conflict.
  await changed(id, { LocalSubnet: "10.0.0.0/16", RemoteSubnet: "172.16.0.0/16" });
  assert.deepEqual(await routes(), settled(byHand, "10.0.0.0/16 172.16.0.0/16"));
  const there: Expected = { code: "VpnRouteEntry.AlreadyExists", message: "The specified route entry is already exist." };
  const conflict: Expected = { code: "VpnRouteEntry.Conflict", message: "The specified route entry has conflict." };
  await refuses(id, [{ LocalSubnet: "10.0.9.0/24", RemoteSubnet: "172.31.0.0/16" }], there);
  await refuses(id, [{ RemoteSubnet: "172.0.0.0/8" }, { LocalSubnet: "10.0.0.0/16,10.0.1.0/24" }], conflict);
  assert.deepEqual(await routes(), settled(byHand, "10.0.0.0/16 172.16.0.0/16"));
  await server.admin("PUT", "settings", { quotas: [{ name: "VpnPbrRouteEntry", value: 2 }], features: [] });
  await refuses(id, [{ RemoteSubnet: "172.17.0.0/16,172.18.0.0/16" }], {
    code: "QuotaExceeded.PolicyBasedRoute",
    message: "The maximum number of policy-based routes is exceeded. Existing routes: 1. Routes to be created: 2. Maximum routes: 2.",
  });
  await changed(id, { RemoteSubnet: "172.17.0.0/16" });
  const quotas = ["Vpc", "VpnGateway", "CustomerGateway", "VpnConnection"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
});

test("a repeated ClientToken answers the first result of each change, keys included, and changes nothing more", async () => {
  const [one, two] = [await single(), await withTwo()];
  const [{ TunnelId }] = (await tunnelsOf(two)) as [any];
  const calls: readonly ((more?: Parameters) => Promise<Answer>)[] = [
    (more) => change(one, { IkeConfig: asText({ Psk: "told-once" }), ClientToken: "change", ...more }),
    (more) => changeTunnel(two, TunnelId, { TunnelIkeConfig: { Psk: "told-once" } }, { ClientToken: "tunnel", ...more }),
  ];
  for (const call of calls) {
    const first = succeeded(await call()).body;
    assert.match(JSON.stringify(first), /"Psk":"told-once"/);
    for (const _turn of [1, 2]) {
      const before = await eventCount(server);
      assert.deepEqual({ ...succeeded(await call()).body, RequestId: "" }, { ...first, RequestId: "" });
      assert.equal(await eventCount(server), before);
      await refusedUnchanged(
        server,
        () => call({ [call === calls[0] ? "Name" : "TunnelOptionsSpecification.EnableDpd"]: "false" }),
        tokenReused,
      );
      await server.advance();
    }
  }
});

test("a new BGP key goes to the connections: their gateways are updating, and must be free and paid for", async () => {
  const site = await customer();
  const first = await gatewayIn(server, await availableVpc(server, owner));
  const second = await gatewayIn(server, await availableVpc(server, owner));
  const third = await gatewayIn(server, await availableVpc(server, owner));
  const make = async (gateway: string): Promise<string> => {
    const { body } = succeeded(await requestConnection(owner, gateway, { CustomerGatewayId: site }));
    await server.advance();
    return body.VpnConnectionId;
  };
  const id = await make(first);
  await make(second);
  const change = (parameters: Parameters): Promise<Answer> =>
    owner.vpc("ModifyCustomerGatewayAttribute", { RegionId: hangzhou, CustomerGatewayId: site, ...parameters });
  const statuses = (): Promise<string[]> => Promise.all([first, second, third].map((gateway) => gatewayStatus(owner, gateway)));
  succeeded(await change({ Name: "site", Description: "described" }));
  assert.deepEqual(await statuses(), ["active", "active", "active"]);
  succeeded(await change({ AuthKey: "bgp-key" }));
  assert.deepEqual(await statuses(), ["updating", "updating", "active"]);
  assert.deepEqual([(await read(id)).State, (await read(id)).VpnBgpConfig.AuthKey], ["active", "bgp-key"]);
  const configuring: Expected = {
    code: "OperationDenied.VpnConfiguring",
    message: "The associated VPN gateway is being configured. You cannot update the attributes of the customer gateway.",
  };
  await refusedUnchanged(server, () => change({ AuthKey: "other" }), configuring);
  succeeded(await change({ Name: "still" }));
  await server.advance();
  assert.deepEqual(await statuses(), ["active", "active", "active"]);
  assert.equal(await patch(second, { BusinessStatus: "FinancialLocked" }), 200);
  await refusedUnchanged(server, () => change({ AuthKey: "other" }), {
    code: "OperationDenied.VpnFinancialLocked",
    message: "The associated VPN gateway is financially locked. You cannot update the attributes of the customer gateway.",
  });
  assert.equal(await patch(second, { BusinessStatus: "Normal" }), 200);
  succeeded(await owner.vpc("ModifyVpnGatewayAttribute", { RegionId: hangzhou, VpnGatewayId: second, Description: "busy" }));
  await refusedUnchanged(server, () => change({ AuthKey: "other" }), configuring);
  await server.advance();
  assert.equal((await read(id)).VpnBgpConfig.AuthKey, "bgp-key");
});

test("the negotiation shows what an administrator simulates, and moves by nothing else", async () => {
  const TunnelCidr = tunnelBlock();
  const one = await single({ BgpConfig: asText({ EnableBgp: true, TunnelCidr }), HealthCheckConfig: asText({ enable: true }) });
  const [firstBlock, secondBlock] = [tunnelBlock(), tunnelBlock()];
  const bgp = { EnableTunnelsBgp: true };
  const two = await withTwo({
    ...bgp,
    ...twoTunnels(await customer(), { TunnelBgpConfig: { TunnelCidr: firstBlock } }, { TunnelBgpConfig: { TunnelCidr: secondBlock } }),
  });
  const seen = async (id: string): Promise<unknown[]> => {
    const { Status, State, VpnBgpConfig, VcoHealthCheck, TunnelOptionsSpecification } = await read(id);
    assert.equal(State, "active");
    const of = TunnelOptionsSpecification.TunnelOptions.map((tunnel: any) => [tunnel.Status, tunnel.TunnelBgpConfig.BgpStatus]);
    return [Status, VpnBgpConfig.Status, VcoHealthCheck.Status, ...of];
  };
  // Of two tunnels each has a status of its own, and the connection has none.
  const not = "ike_sa_not_established";
  const up = "ipsec_sa_established";
  const pending = "ipsec_sa_not_established";
  assert.deepEqual(await seen(one), [not, "false", "failed"]);
  assert.deepEqual(await seen(two), ["", "", "", [not, "false"], [not, "false"]]);
  const steps: readonly (readonly [fields: object, single: unknown[], dual: unknown[]])[] = [
    [
      { SimulatedStatus: "ike_sa_established" },
      ["ike_sa_established", "false", "failed"],
      ["", "", "", ["ike_sa_established", "false"], ["ike_sa_established", "false"]],
    ],
    [
      { SimulatedSecondStatus: pending },
      ["ike_sa_established", "false", "failed"],
      ["", "", "", ["ike_sa_established", "false"], [pending, "false"]],
    ],
    [{ SimulatedStatus: up }, [up, "success", "success"], ["", "", "", [up, "success"], [pending, "false"]]],
    [{ SimulatedStatus: "", SimulatedSecondStatus: up }, [not, "false", "failed"], ["", "", "", [not, "false"], [up, "success"]]],
    [{ SimulatedStatus: up, SimulatedSecondStatus: "" }, [up, "success", "success"], ["", "", "", [up, "success"], [up, "success"]]],
  ];
  for (const [fields, ofOne, ofTwo] of steps) {
    for (const id of [one, two]) assert.equal(await patch(id, fields), 200);
    assert.deepEqual([await seen(one), await seen(two)], [ofOne, ofTwo], JSON.stringify(fields));
  }
  // Neither changes nor time move it.
  await changed(one, { Name: "after", IkeConfig: asText({ Psk: "new" }) });
  await changed(two, { Name: "after", ...tunnels({ TunnelIkeConfig: { Psk: "new" } }) });
  await server.advance(86_400);
  assert.deepEqual([(await seen(one))[0], (await seen(two)).at(-1)], [up, [up, "success"]]);
  const listed = succeeded(await owner.vpc("DescribeVpnConnections", { RegionId: hangzhou, VpnConnectionId: one })).body;
  assert.equal(listed.VpnConnections.VpnConnection[0].Status, up);
  for (const fields of [{ SimulatedStatus: "up" }, { Status: up }, { psks: "x" }, { vpnGatewayId: dual }, { SimulatedStatus: null }]) {
    assert.equal(await patch(one, fields), 400, JSON.stringify(fields));
  }
  assert.equal(await patch(one, { SimulatedStatus: "" }), 200);
  assert.deepEqual(await seen(one), [not, "false", "failed"]);
  assert.equal(await patch((await readGateway(owner, plain)).body.VpnGatewayId, { SimulatedStatus: up }), 400);
});
