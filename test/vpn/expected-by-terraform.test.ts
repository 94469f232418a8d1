import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { customerGatewayIn, dualGatewayIn, readConnection, requestConnection, twoTunnels } from "./support.ts";

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const blocks = { LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" };

test("an attachment that was given no name has none: terraform compares it with what it sent", async () => {
  const { requester } = server;
  const tunnels = twoTunnels(await customerGatewayIn(requester));
  const { body } = succeeded(await requester.vpc("CreateVpnAttachment", { RegionId: hangzhou, ...blocks, ...tunnels }));
  assert.equal(body.Name, "");
  assert.equal(succeeded(await readConnection(requester, body.VpnConnectionId)).body.Name, "");
});

test("an attachment is gone when its deletion answers: terraform deletes its customer gateway next, without waiting", async () => {
  const { requester } = server;
  const CustomerGatewayId = await customerGatewayIn(requester);
  const { VpnConnectionId } = succeeded(
    await requester.vpc("CreateVpnAttachment", { RegionId: hangzhou, ...blocks, ...twoTunnels(CustomerGatewayId) }),
  ).body;
  const remove = () => requester.vpc("DeleteVpnAttachment", { RegionId: hangzhou, VpnConnectionId });
  const removeCustomer = () => requester.vpc("DeleteCustomerGateway", { RegionId: hangzhou, CustomerGatewayId });
  assert.equal(succeeded(await readConnection(requester, VpnConnectionId)).body.State, "init");
  refusedWith(await removeCustomer(), "DependencyViolation.VpnConnection");
  succeeded(await remove());
  refusedWith(await readConnection(requester, VpnConnectionId), "InvalidVpnConnectionInstanceId.NotFound", 404);
  succeeded(await removeCustomer());
});

test("a connection with two tunnels says nothing of one alone", async () => {
  const { requester } = server;
  const gateway = await dualGatewayIn(server, await availableVpc(server, requester));
  const tunnels = twoTunnels(await customerGatewayIn(requester));
  const { VpnConnectionId } = succeeded(await requestConnection(requester, gateway, tunnels)).body;
  const read = succeeded(await readConnection(requester, VpnConnectionId)).body;
  const { VpnConnections } = succeeded(await requester.vpc("DescribeVpnConnections", { RegionId: hangzhou, VpnGatewayId: gateway })).body;
  for (const one of [read, VpnConnections.VpnConnection[0]]) {
    assert.deepEqual(
      [one.Status, one.EnableDpd, one.EnableNatTraversal, one.CustomerGatewayId, one.InternetIp],
      ["", false, false, "", ""],
    );
    for (const tunnel of one.TunnelOptionsSpecification.TunnelOptions)
      assert.deepEqual([tunnel.Status, tunnel.EnableDpd, tunnel.EnableNatTraversal], ["ike_sa_not_established", true, true]);
  }
});

test("two tunnels with a block for BGP each have BGP on, unless the call says otherwise", async () => {
  const { requester } = server;
  const site = await customerGatewayIn(requester, { Asn: "65001" });
  const block = (TunnelCidr: string): Parameters => ({ TunnelBgpConfig: { TunnelCidr } });
  const both = twoTunnels(site, block("169.254.10.0/30"), block("169.254.11.0/30"));
  for (const [tunnels, enabled] of [
    [both, true],
    [{ ...both, EnableTunnelsBgp: false }, false],
    [twoTunnels(site, block("169.254.10.0/30")), false],
  ] as const) {
    const gateway = await dualGatewayIn(server, await availableVpc(server, requester));
    const { VpnConnectionId } = succeeded(await requestConnection(requester, gateway, tunnels)).body;
    assert.equal(succeeded(await readConnection(requester, VpnConnectionId)).body.EnableTunnelsBgp, enabled);
  }
});
