import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, succeeded, type TestVpc } from "../support/networks.ts";
import type { TestServer } from "../support/server.ts";

/** What the tests of VPN gateways and customer gateways start from. */

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
