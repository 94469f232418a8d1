import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import type { TestServer } from "../support/server.ts";

/** What tests with circuits and shared circuits start from. The server's pace must be `stepped`. */

export const yuhang = "ap-cn-hangzhou-yh-B";

/** Asks for a circuit at an access point of Hangzhou. */
export function requestCircuit(owner: Caller, parameters: Parameters = {}): Promise<Answer> {
  return owner.vpc("CreatePhysicalConnection", { RegionId: hangzhou, AccessPointId: yuhang, LineOperator: "CT", ...parameters });
}
/** A circuit that is Initial; answers its id. */
export async function initialCircuit(owner: Caller, parameters: Parameters = {}): Promise<string> {
  return succeeded(await requestCircuit(owner, parameters)).body.PhysicalConnectionId;
}
/** Lets all that a circuit waits for happen: review, allocation, and the port. */
export async function waitForPort(server: TestServer): Promise<void> {
  await server.advance(90);
}
export async function allocatedCircuit(server: TestServer, owner: Caller, parameters: Parameters = {}): Promise<string> {
  const id = await initialCircuit(owner, parameters);
  await waitForPort(server);
  return id;
}
export async function confirmedCircuit(server: TestServer, owner: Caller, parameters: Parameters = {}): Promise<string> {
  const id = await allocatedCircuit(server, owner, parameters);
  succeeded(await onCircuit(owner, "ConfirmPhysicalConnection", id, regionOf(parameters)));
  return id;
}
/** In Hangzhou, or where the parameters say. */
const regionOf = ({ RegionId = hangzhou }: Parameters): Parameters => ({ RegionId });
export async function enabledCircuit(server: TestServer, owner: Caller, parameters: Parameters = {}): Promise<string> {
  const id = await confirmedCircuit(server, owner, parameters);
  succeeded(await order(owner, id, regionOf(parameters)));
  await server.advance();
  return id;
}
/** Orders the port of a circuit, as Terraform does. */
export function order(owner: Caller, id: string, parameters: Parameters = {}): Promise<Answer> {
  const paid = { InstanceChargeType: "PrePaid", AutoPay: true, ...parameters };
  return onCircuit(owner, "CreatePhysicalConnectionOccupancyOrder", id, paid);
}
/** Calls an operation on a circuit in Hangzhou. */
export function onCircuit(owner: Caller, action: string, PhysicalConnectionId: string, parameters: Parameters = {}): Promise<Answer> {
  return owner.vpc(action, { RegionId: hangzhou, PhysicalConnectionId, ...parameters });
}

export function filtered(...filters: readonly (readonly [key: string, ...values: string[]])[]): Parameters {
  return { Filter: filters.map(([Key, ...Value]) => ({ Key, Value })) };
}
export async function listCircuits(owner: Caller, parameters: Parameters = {}): Promise<any> {
  return succeeded(await owner.vpc("DescribePhysicalConnections", { RegionId: hangzhou, PageSize: 50, ...parameters })).body;
}
/** A circuit as its owner reads it; `undefined` for one that is not there. */
export async function readCircuit(owner: Caller, id: string): Promise<any> {
  const { PhysicalConnectionSet } = await listCircuits(owner, filtered(["PhysicalConnectionId", id]));
  return PhysicalConnectionSet.PhysicalConnectionType[0];
}
/** The status that its owner reads; the empty string for one that is not there. */
export async function circuitStatus(owner: Caller, id: string): Promise<string> {
  return (await readCircuit(owner, id))?.Status ?? "";
}

/** Asks for a shared circuit of 50 Mbit/s that the tenant pays for. */
export function requestShared(
  partner: Caller,
  circuitId: string,
  tenant: Caller,
  VlanId: number,
  parameters: Parameters = {},
): Promise<Answer> {
  return onCircuit(partner, "CreateVirtualPhysicalConnection", circuitId, {
    OrderMode: "PayByVirtualPhysicalConnectionOwner",
    Spec: "50M",
    VpconnAliUid: tenant.key.account,
    VlanId,
    ...parameters,
  });
}
/** A shared circuit that the tenant has not accepted yet; answers its id. */
export async function offeredShared(
  partner: Caller,
  circuitId: string,
  tenant: Caller,
  VlanId: number,
  parameters: Parameters = {},
): Promise<string> {
  return succeeded(await requestShared(partner, circuitId, tenant, VlanId, parameters)).body.VirtualPhysicalConnection;
}
/** A shared circuit that the tenant has accepted, and paid for. */
export async function enabledShared(
  server: TestServer,
  partner: Caller,
  circuitId: string,
  tenant: Caller,
  VlanId: number,
  parameters: Parameters = {},
): Promise<string> {
  const id = await offeredShared(partner, circuitId, tenant, VlanId, parameters);
  succeeded(await onCircuit(tenant, "ConfirmPhysicalConnection", id));
  if (parameters["OrderMode"] !== "PayByPhysicalConnectionOwner") succeeded(await order(tenant, id));
  await server.advance();
  return id;
}
/** A page of the shared circuits on circuits of the partner. */
export async function listShared(partner: Caller, parameters: Parameters = {}): Promise<any> {
  return succeeded(await partner.vpc("ListVirtualPhysicalConnections", { RegionId: hangzhou, MaxResults: 100, ...parameters })).body;
}
/** A shared circuit as the partner reads it; `undefined` for one that is not there. */
export async function readShared(partner: Caller, id: string): Promise<any> {
  return (await listShared(partner, { VirtualPhysicalConnectionIds: [id] })).VirtualPhysicalConnections[0];
}
