import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import type { Expected } from "../support/outcomes.ts";
import type { TestServer } from "../support/server.ts";

/** What the tests of VPN gateways, customer gateways and IPsec-VPN connections start from. */

/** Asks for a VPN gateway in a VPC, by flow and with 10 Mbit/s unless said. */
export function requestGateway({ owner, vpcId, region }: TestVpc, parameters: Parameters = {}): Promise<Answer> {
  return owner.vpc("CreateVpnGateway", { RegionId: region, VpcId: vpcId, Bandwidth: 10, ...parameters });
}
/** A VPN gateway that is active; answers its id. The server's pace must be `stepped`. */
export async function gatewayIn(server: TestServer, vpc: TestVpc, parameters: Parameters = {}): Promise<string> {
  const { body } = succeeded(await requestGateway(vpc, parameters));
  await server.advance();
  return body.VpnGatewayId;
}
export function readGateway(owner: Caller, VpnGatewayId: string, parameters: Parameters = {}): Promise<Answer> {
  return owner.vpc("DescribeVpnGateway", { RegionId: hangzhou, VpnGatewayId, ...parameters });
}
/** The status that a caller reads, or the code that it is refused with. */
export async function gatewayStatus(owner: Caller, VpnGatewayId: string): Promise<string> {
  const { body } = await readGateway(owner, VpnGatewayId);
  return body.Status ?? body.Code;
}
/** A virtual time of the server, in milliseconds since 1970. */
export async function virtualNow(server: TestServer): Promise<number> {
  const { body } = await server.admin("GET", "clock");
  return Date.parse(body.now);
}

/** A gateway with two ends, in vSwitches of two zones that it brings along. */
export async function dualGatewayIn(server: TestServer, vpc: TestVpc, parameters: Parameters = {}): Promise<string> {
  const VSwitchId = await vSwitchIn(server, vpc, "10.0.101.0/24");
  const DisasterRecoveryVSwitchId = await vSwitchIn(server, vpc, "10.0.102.0/24", { ZoneId: `${vpc.region}-g` });
  return gatewayIn(server, vpc, { VSwitchId, DisasterRecoveryVSwitchId, ...parameters });
}

let customers = 0;
/** A customer gateway with an address of its own; answers its id. */
export async function customerGatewayIn(owner: Caller, parameters: Parameters = {}): Promise<string> {
  customers += 1;
  const IpAddress = `203.0.${Math.floor(customers / 250)}.${1 + (customers % 250)}`;
  const { body } = succeeded(await owner.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress, ...parameters }));
  return body.CustomerGatewayId;
}

/** Asks for a connection of a gateway with one end, route-based unless said. */
export function requestConnection(owner: Caller, VpnGatewayId: string, parameters: Parameters = {}): Promise<Answer> {
  const anywhere = { LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" };
  return owner.vpc("CreateVpnConnection", { RegionId: hangzhou, VpnGatewayId, ...anywhere, ...parameters });
}
/** A connection that is active; answers its id. The server's pace must be `stepped`. */
export async function connectionIn(
  server: TestServer,
  { owner }: TestVpc,
  gatewayId: string,
  CustomerGatewayId: string,
  parameters: Parameters = {},
): Promise<string> {
  const { body } = succeeded(await requestConnection(owner, gatewayId, { CustomerGatewayId, ...parameters }));
  await server.advance();
  return body.VpnConnectionId;
}
/** `TunnelOptionsSpecification` of a master and a slave to the same customer gateway. */
export function twoTunnels(CustomerGatewayId: string, master: Parameters = {}, slave: Parameters = {}): Parameters {
  const tunnels = [
    { CustomerGatewayId, Role: "master", ...master },
    { CustomerGatewayId, Role: "slave", ...slave },
  ];
  return Object.fromEntries(
    tunnels.flatMap((tunnel, index) =>
      Object.entries(tunnel).map(([name, value]) => [`TunnelOptionsSpecification.${index + 1}.${name}`, value]),
    ),
  );
}
export function readConnection(owner: Caller, VpnConnectionId: string): Promise<Answer> {
  return owner.vpc("DescribeVpnConnection", { RegionId: hangzhou, VpnConnectionId });
}

/** Asks for an attachment to two customers' ends, route-based unless said. */
export function requestAttachment(owner: Caller, CustomerGatewayId: string, parameters: Parameters = {}): Promise<Answer> {
  const anywhere = { LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" };
  return owner.vpc("CreateVpnAttachment", { RegionId: hangzhou, ...anywhere, ...twoTunnels(CustomerGatewayId), ...parameters });
}
/** An attachment whose work is done; answers its id. The server's pace must be `stepped`. */
export async function attachmentIn(server: TestServer, owner: Caller, customer: string, parameters: Parameters = {}): Promise<string> {
  const { body } = succeeded(await requestAttachment(owner, customer, parameters));
  await server.advance();
  return body.VpnConnectionId;
}

/** The policy-based routes of a gateway as their owner reads them. */
export async function policyRoutes(owner: Caller, VpnGatewayId: string): Promise<any[]> {
  const { body } = succeeded(await owner.vpc("DescribeVpnPbrRouteEntries", { RegionId: hangzhou, VpnGatewayId, PageSize: 50 }));
  return body.VpnPbrRouteEntries.VpnPbrRouteEntry;
}

export const gatewayConfiguring: Expected = { code: "VpnGateway.Configuring", message: "The specified service is configuring." };
export const connectionNotFound: Expected = {
  code: "InvalidVpnConnectionInstanceId.NotFound",
  message: "The specified vpn connection instance id does not exist.",
  status: 404,
};
