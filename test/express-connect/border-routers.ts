import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { filtered } from "./circuits.ts";

/** What tests with virtual border routers start from. Their circuits are those of `circuits.ts`, in Hangzhou unless said. */

/** The two ends of a circuit. */
export const addresses = { LocalGatewayIp: "10.0.0.1", PeerGatewayIp: "10.0.0.2", PeeringSubnetMask: "255.255.255.252" } as const;
export const ipv6Addresses = {
  EnableIpv6: true,
  LocalIpv6GatewayIp: "2408:4004:cc:400::1",
  PeerIpv6GatewayIp: "2408:4004:cc:400::2",
  PeeringIpv6SubnetMask: "2408:4004:cc:400::/56",
} as const;

/** A VLAN that was not given out before, beyond those that tests name. */
export const nextVlan = (): number => (vlan += 1);
let vlan = 1000;

/** Asks for a router with addresses; a parameter that is `undefined` is left out. */
export function requestRouter(
  owner: Caller,
  PhysicalConnectionId: string,
  VlanId: unknown = nextVlan(),
  parameters: Parameters = {},
): Promise<Answer> {
  return owner.vpc("CreateVirtualBorderRouter", { RegionId: hangzhou, PhysicalConnectionId, VlanId, ...addresses, ...parameters });
}
/** A router of the caller's own; answers its id. */
export async function routerOn(owner: Caller, circuit: string, vlanId: number = nextVlan(), parameters: Parameters = {}): Promise<string> {
  return succeeded(await requestRouter(owner, circuit, vlanId, parameters)).body.VbrId;
}
/** A router of another account on the caller's circuit, unconfirmed; answers its id. */
export async function routerFor(owner: Caller, caller: Caller, PhysicalConnectionId: string, VlanId: number = nextVlan()): Promise<string> {
  const asked = { RegionId: hangzhou, PhysicalConnectionId, VlanId, VbrOwnerId: owner.key.account };
  return succeeded(await caller.vpc("CreateVirtualBorderRouter", asked)).body.VbrId;
}
/** Calls an operation on a router in Hangzhou. */
export function onRouter(caller: Caller, action: string, VbrId: string, parameters: Parameters = {}): Promise<Answer> {
  return caller.vpc(action, { RegionId: hangzhou, VbrId, ...parameters });
}
export function modify(caller: Caller, id: string, parameters: Parameters): Promise<Answer> {
  return onRouter(caller, "ModifyVirtualBorderRouterAttribute", id, parameters);
}
/** Puts a router on one more circuit. Its addresses there are in a subnet that is named after the VLAN. */
export function associate(
  caller: Caller,
  id: string,
  PhysicalConnectionId: string,
  VlanId: number,
  parameters: Parameters = {},
): Promise<Answer> {
  const own = { LocalGatewayIp: `10.1.${VlanId % 256}.1`, PeerGatewayIp: `10.1.${VlanId % 256}.2`, PeeringSubnetMask: "255.255.255.0" };
  const asked = { PhysicalConnectionId, VlanId, ...own, ...parameters };
  return onRouter(caller, "AssociatePhysicalConnectionToVirtualBorderRouter", id, asked);
}

export async function listRouters(caller: Caller, parameters: Parameters = {}): Promise<any> {
  return succeeded(await caller.vpc("DescribeVirtualBorderRouters", { RegionId: hangzhou, PageSize: 50, ...parameters })).body;
}
/** A router as a party of it reads it; `undefined` for one that is not there. */
export async function readRouter(caller: Caller, id: string, RegionId: string = hangzhou): Promise<any> {
  const { VirtualBorderRouterSet } = await listRouters(caller, { RegionId, IncludeCrossAccountVbr: true, ...filtered(["VbrId", id]) });
  return VirtualBorderRouterSet.VirtualBorderRouterType[0];
}
/** The status that a party reads; the empty string for one that is not there. */
export async function routerStatus(caller: Caller, id: string): Promise<string> {
  return (await readRouter(caller, id))?.Status ?? "";
}
