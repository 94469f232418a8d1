import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { availableVpc, beijing, hangzhou, succeeded, type TestVpc } from "../support/networks.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, refuses, type Sdk, sdkOf } from "../vpc/support.ts";
import { connectionIn, customerGatewayIn, dualGatewayIn, gatewayIn, readConnection, requestConnection, twoTunnels } from "./support.ts";

/** DownloadVpnConnectionConfig: a connection as the customer's device has to be told. */
let server: InProcessServer;
let sdk: Sdk;
let vpc: TestVpc;
let single: string;
let dual: string;
/** Customer gateways, by the last part of their address. */
const office = "192.0.2.1";
const branch = "192.0.2.2";
let officeId: string;
let branchId: string;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  vpc = await availableVpc(server, server.requester);
  single = await gatewayIn(server, vpc);
  dual = await dualGatewayIn(server, vpc);
  officeId = await customerGatewayIn(server.requester, { IpAddress: office, Asn: "65001", AuthKey: "bgp-key" });
  branchId = await customerGatewayIn(server.requester, { IpAddress: branch, Asn: "4200000002" });
});
after(() => server.stop());

const download = async (vpnConnectionId: string) => {
  const { vpnConnectionConfig } = await ask(sdk, "downloadVpnConnectionConfig", { regionId: hangzhou, vpnConnectionId });
  assert.ok(vpnConnectionConfig !== undefined);
  return vpnConnectionConfig.toMap();
};
const read = async (id: string): Promise<any> => succeeded(await readConnection(server.requester, id)).body;

test("of a single tunnel, local is the customer's end, with the key and with BGP", async () => {
  const id = await connectionIn(server, vpc, single, officeId, {
    LocalSubnet: "10.0.0.0/16,10.1.0.0/16",
    RemoteSubnet: "172.16.0.0/12",
    IkeConfig: JSON.stringify({ Psk: "psk-of-single", LocalId: "cloud.example", RemoteId: "office.example", IkeVersion: "ikev2" }),
    IpsecConfig: JSON.stringify({ IpsecEncAlg: "aes256", IpsecLifetime: 3600 }),
    BgpConfig: JSON.stringify({ EnableBgp: true, LocalAsn: "65100", TunnelCidr: "169.254.10.0/30", LocalBgpIp: "169.254.10.2" }),
  });
  const { InternetIp } = await read(id);
  assert.deepEqual(await download(id), {
    BgpConfigs: {
      BgpConfig: [
        {
          LocalAsn: "65001",
          LocalBgpIp: "169.254.10.1",
          PeerAsn: "65100",
          PeerBgpIp: "169.254.10.2",
          TunnelCidr: "169.254.10.0/30",
          TunnelId: "",
        },
      ],
    },
    IkeConfig: {
      IkeAuthAlg: "md5",
      IkeEncAlg: "aes",
      IkeLifetime: 86_400,
      IkeMode: "main",
      IkePfs: "group2",
      IkeVersion: "ikev2",
      LocalId: "office.example",
      Psk: "psk-of-single",
      RemoteId: "cloud.example",
    },
    IpsecConfig: { IpsecAuthAlg: "md5", IpsecEncAlg: "aes256", IpsecLifetime: 3600, IpsecPfs: "group2" },
    Local: office,
    LocalSubnet: "172.16.0.0/12",
    Remote: InternetIp,
    RemoteSubnet: "10.0.0.0/16,10.1.0.0/16",
    TunnelsConfig: { TunnelConfig: [] },
  });
});

test("ids of the ends that nobody chose are their addresses, swapped, and BGP that is off is not told", async () => {
  const id = await connectionIn(server, vpc, single, branchId, {
    LocalSubnet: "10.2.0.0/16",
    RemoteSubnet: "192.168.0.0/24",
    BgpConfig: JSON.stringify({ EnableBgp: false, TunnelCidr: "169.254.11.0/30" }),
  });
  const { InternetIp, IkeConfig, VpnBgpConfig } = await read(id);
  const { BgpConfigs, IkeConfig: mirrored } = await download(id);
  assert.deepEqual([mirrored.LocalId, mirrored.RemoteId, mirrored.Psk], [branch, InternetIp, IkeConfig.Psk]);
  assert.match(mirrored.Psk, /^[0-9a-f]{16}$/);
  assert.equal(VpnBgpConfig.TunnelCidr, "169.254.11.0/30");
  assert.deepEqual(BgpConfigs, { BgpConfig: [] });
});

for (const owner of ["a VPN gateway", "no VPN gateway"]) {
  test(`two tunnels of a connection of ${owner} are told one by one`, async () => {
    const tunnels = {
      ...twoTunnels(officeId, { TunnelIkeConfig: { Psk: "psk-of-master", LocalId: "cloud-1" } }),
      "TunnelOptionsSpecification.2.CustomerGatewayId": branchId,
      "TunnelOptionsSpecification.1.TunnelBgpConfig.TunnelCidr": "169.254.20.0/30",
      "TunnelOptionsSpecification.2.TunnelBgpConfig.TunnelCidr": "169.254.21.0/30",
      EnableTunnelsBgp: true,
    };
    const create = () =>
      owner === "a VPN gateway"
        ? requestConnection(server.requester, dual, tunnels)
        : server.requester.vpc("CreateVpnAttachment", {
            RegionId: hangzhou,
            LocalSubnet: "0.0.0.0/0",
            RemoteSubnet: "0.0.0.0/0",
            ...tunnels,
          });
    const id = succeeded(await create()).body.VpnConnectionId;
    await server.advance();
    const [master, slave] = (await read(id)).TunnelOptionsSpecification.TunnelOptions;
    const told = await download(id);
    assert.deepEqual(
      [told.Local, told.Remote, told.LocalSubnet, told.RemoteSubnet, told.IkeConfig.Psk, told.IkeConfig.LocalId, told.IpsecConfig.IpsecPfs],
      ["", "", "0.0.0.0/0", "0.0.0.0/0", "", "", ""],
    );
    const mirrored = ({ TunnelIkeConfig: ike }: any) => ({ ...ike, LocalId: ike.RemoteId, RemoteId: ike.LocalId });
    assert.deepEqual(told.TunnelsConfig.TunnelConfig, [
      {
        IkeConfig: mirrored(master),
        IpsecConfig: master.TunnelIpsecConfig,
        Local: office,
        Remote: master.InternetIp,
        TunnelId: master.TunnelId,
      },
      {
        IkeConfig: mirrored(slave),
        IpsecConfig: slave.TunnelIpsecConfig,
        Local: branch,
        Remote: slave.InternetIp,
        TunnelId: slave.TunnelId,
      },
    ]);
    const [first, second] = told.TunnelsConfig.TunnelConfig;
    assert.deepEqual([first.IkeConfig.Psk, first.IkeConfig.RemoteId, first.IkeConfig.LocalId], ["psk-of-master", "cloud-1", office]);
    assert.notEqual(second.IkeConfig.Psk, "psk-of-master");
    assert.notEqual(first.Remote, second.Remote);
    assert.deepEqual(told.BgpConfigs.BgpConfig, [
      {
        LocalAsn: "65001",
        LocalBgpIp: "169.254.20.2",
        PeerAsn: "45104",
        PeerBgpIp: "169.254.20.1",
        TunnelCidr: "169.254.20.0/30",
        TunnelId: master.TunnelId,
      },
      {
        LocalAsn: "4200000002",
        LocalBgpIp: "169.254.21.2",
        PeerAsn: "45104",
        PeerBgpIp: "169.254.21.1",
        TunnelCidr: "169.254.21.0/30",
        TunnelId: slave.TunnelId,
      },
    ]);
  });
}

test("a connection that is not there, in another region or another account's has none", async () => {
  const foreign = sdkOf(server, accepterKey);
  const { VpnConnectionId } = (await server.requester.vpc("DescribeVpnConnections", { RegionId: hangzhou })).body.VpnConnections
    .VpnConnection[0];
  for (const [caller, regionId, vpnConnectionId] of [
    [sdk, hangzhou, "vco-bp1unknown"],
    [sdk, hangzhou, single],
    [sdk, beijing, VpnConnectionId],
    [foreign, hangzhou, VpnConnectionId],
  ] as const) {
    await refuses(
      ask(caller, "downloadVpnConnectionConfig", { regionId, vpnConnectionId }),
      "InvalidVpnConnectionInstanceId.NotFound",
      404,
      "The specified vpn connection instance id does not exist.",
    );
  }
});
