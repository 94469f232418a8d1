import assert from "node:assert/strict";
import { type Answer, type Caller, type Parameters, versions } from "./caller.ts";
import type { TestServer } from "./server.ts";

/** Networks that many tests start from. Every step asserts that it succeeded. */

export const hangzhou = "cn-hangzhou";
export const beijing = "cn-beijing";

export function succeeded(answer: Answer): Answer {
  assert.equal(answer.status, 200, answer.text);
  return answer;
}
/** Asserts a refusal: its code and status, and that the body has the form of an error. */
export function refusedWith(answer: Answer, code: string, status = 400): Answer {
  assert.equal(answer.body?.Code, code, answer.text);
  assert.equal(answer.status, status, answer.text);
  for (const field of ["RequestId", "HostId", "Message", "Recommend"]) assert.equal(typeof answer.body[field], "string", field);
  return answer;
}

export interface TestVpc {
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly region: string;
  readonly owner: Caller;
}

/** A VPC that is Available. The server's pace must be `stepped`. */
export async function availableVpc(
  server: TestServer,
  owner: Caller,
  region: string = hangzhou,
  parameters: Parameters = {},
): Promise<TestVpc> {
  const { body } = succeeded(await owner.vpc("CreateVpc", { RegionId: region, CidrBlock: "10.0.0.0/16", ...parameters }));
  await server.advance();
  return { vpcId: body.VpcId, routeTableId: body.RouteTableId, region, owner };
}

/** A vSwitch of a VPC that is Available; answers its id. */
export async function vSwitchIn(server: TestServer, { owner, vpcId, region }: TestVpc, CidrBlock: string, parameters: Parameters = {}) {
  const vSwitch = { RegionId: region, VpcId: vpcId, ZoneId: `${region}-b`, CidrBlock, ...parameters };
  const { body } = succeeded(await owner.vpc("CreateVSwitch", vSwitch));
  await server.advance();
  return body.VSwitchId as string;
}

/** A custom route table of a VPC that is Available; answers its id. */
export async function routeTableIn(server: TestServer, { owner, vpcId, region }: TestVpc, parameters: Parameters = {}) {
  const { body } = succeeded(await owner.vpc("CreateRouteTable", { RegionId: region, VpcId: vpcId, ...parameters }));
  await server.advance();
  return body.RouteTableId as string;
}

/** An entry to an instance, which needs nothing else to exist, that is Available; answers its id. */
export async function instanceRoute(server: TestServer, at: TestVpc, DestinationCidrBlock: string, parameters: Parameters = {}) {
  const hop = { NextHopType: "Instance", NextHopId: "i-bp1example" };
  const entry = { RegionId: at.region, RouteTableId: at.routeTableId, DestinationCidrBlock, ...hop, ...parameters };
  const { body } = succeeded(await at.owner.vpc("CreateRouteEntry", entry));
  await server.advance();
  return body.RouteEntryId as string;
}

/** Asks for a connection between two VPCs; answers its id. It is left in `Creating`. */
export async function requestPeering(from: TestVpc, to: TestVpc, parameters: Parameters = {}): Promise<string> {
  const { body } = succeeded(
    await from.owner.peer("CreateVpcPeerConnection", {
      RegionId: from.region,
      VpcId: from.vpcId,
      AcceptingAliUid: to.owner.key.account,
      AcceptingRegionId: to.region,
      AcceptingVpcId: to.vpcId,
      ...parameters,
    }),
  );
  return body.InstanceId;
}

/** A connection that is Activated, accepted by the other account where there are two. */
export async function activePeering(server: TestServer, from: TestVpc, to: TestVpc, parameters: Parameters = {}): Promise<string> {
  const InstanceId = await requestPeering(from, to, parameters);
  await server.advance();
  if (from.owner.key.account !== to.owner.key.account) {
    succeeded(await to.owner.peer("AcceptVpcPeerConnection", { InstanceId }));
    await server.advance();
  }
  assert.equal(await peeringStatus(from.owner, InstanceId), "Activated");
  return InstanceId;
}

/** The status that a caller reads, or the code that it is refused with. */
export async function peeringStatus(caller: Caller, InstanceId: string): Promise<string> {
  const { body } = await caller.peer("GetVpcPeerConnectionAttribute", { InstanceId });
  return body.Status ?? body.Code;
}

/** A route entry to a peering connection that is Available; answers its id. */
export async function routeTo(server: TestServer, from: TestVpc, destination: string, connection: string): Promise<string> {
  const { body } = succeeded(
    await from.owner.vpc("CreateRouteEntry", {
      RegionId: from.region,
      RouteTableId: from.routeTableId,
      DestinationCidrBlock: destination,
      NextHopType: "VpcPeer",
      NextHopId: connection,
    }),
  );
  await server.advance();
  return body.RouteEntryId;
}

/** Id of one of the caller's resource groups; every account has one named `default`, others come from the seed. */
export async function groupId(owner: Caller, name = "default"): Promise<string> {
  const { body } = succeeded(await owner.call(versions.ResourceManager, "ListResourceGroups", { Name: name }));
  assert.equal(body.TotalCount, 1, `no resource group ${name}`);
  return body.ResourceGroups.ResourceGroup[0].Id;
}
