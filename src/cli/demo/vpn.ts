import { randomInt } from "node:crypto";
import { type Call, entryTo, hangzhou, type Network, silently, statusOrCode, until, vpc } from "./steps.ts";

/** A VPN gateway with a connection of two tunnels in a VPC, from its creation until nothing of it is left. */
export async function vpn(call: Call, { vpcId, routeTableId }: Network): Promise<void> {
  console.log("6. A VPN gateway with two ends, in vSwitches of two zones");
  const VSwitchId = await newVSwitch(call, vpcId, "cn-hangzhou-b", "10.1.1.0/24");
  const DisasterRecoveryVSwitchId = await newVSwitch(call, vpcId, "cn-hangzhou-g", "10.1.2.0/24");
  const place = { RegionId: hangzhou, VpcId: vpcId, VSwitchId, DisasterRecoveryVSwitchId };
  const { VpnGatewayId } = await call(vpc, "CreateVpnGateway", { ...place, Name: "demo", Bandwidth: "10" });
  const gateway = { RegionId: hangzhou, VpnGatewayId: String(VpnGatewayId) };
  const status = (wanted: string): Promise<void> =>
    until(wanted, () => statusOrCode(() => silently(() => call(vpc, "DescribeVpnGateway", gateway))));
  await status("active");

  console.log("7. A connection with two tunnels to a customer gateway; its gateway is updating meanwhile");
  // An address of the range for examples that hardly any other customer gateway of the account has.
  const IpAddress = `203.0.113.${randomInt(1, 255)}`;
  const { CustomerGatewayId } = await call(vpc, "CreateCustomerGateway", { RegionId: hangzhou, IpAddress, Name: "demo" });
  const customer = String(CustomerGatewayId);
  const { VpnConnectionId } = await call(vpc, "CreateVpnConnection", {
    ...gateway,
    Name: "demo",
    LocalSubnet: "0.0.0.0/0",
    RemoteSubnet: "0.0.0.0/0",
    "TunnelOptionsSpecification.1.Role": "master",
    "TunnelOptionsSpecification.1.CustomerGatewayId": customer,
    "TunnelOptionsSpecification.2.Role": "slave",
    "TunnelOptionsSpecification.2.CustomerGatewayId": customer,
  });
  const connection = { RegionId: hangzhou, VpnConnectionId: String(VpnConnectionId) };
  await status("active");

  console.log("8. A route through it is published to the route table of the VPC");
  const destination = "172.20.0.0/16";
  const way = { RouteDest: destination, NextHop: connection.VpnConnectionId, Weight: "100", PublishVpc: "true" };
  await call(vpc, "CreateVpnRouteEntry", { ...gateway, ...way });
  await status("active");
  const shown = (wanted: string): Promise<void> =>
    until(wanted, async () => (await entryTo(call, hangzhou, routeTableId, destination))?.NextHopType ?? "gone");
  await shown("VpnGateway");

  console.log("9. Deleting the connection takes its routes along, and leaves the gateways");
  await call(vpc, "DeleteVpnConnection", connection);
  await status("active");
  await shown("gone");

  console.log("10. The gateways and the vSwitches go");
  await call(vpc, "DeleteVpnGateway", gateway);
  await status("InvalidVpnGatewayInstanceId.NotFound");
  await call(vpc, "DeleteCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: customer });
  for (const id of [VSwitchId, DisasterRecoveryVSwitchId]) {
    await call(vpc, "DeleteVSwitch", { RegionId: hangzhou, VSwitchId: id });
    // What is gone reads as an answer with empty fields.
    await vSwitchReads(call, id, "");
  }
}

async function newVSwitch(call: Call, vpcId: string, zone: string, cidrBlock: string): Promise<string> {
  const parameters = { RegionId: hangzhou, VpcId: vpcId, ZoneId: zone, CidrBlock: cidrBlock, VSwitchName: "demo" };
  const VSwitchId = String((await call(vpc, "CreateVSwitch", parameters)).VSwitchId);
  await vSwitchReads(call, VSwitchId, "Available");
  return VSwitchId;
}
function vSwitchReads(call: Call, VSwitchId: string, wanted: string): Promise<void> {
  const query = { RegionId: hangzhou, VSwitchId };
  return until(wanted, async () => (await silently(() => call(vpc, "DescribeVSwitchAttributes", query))).Status);
}
