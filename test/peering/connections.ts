import assert from "node:assert/strict";
import type { Settings } from "../../src/contract/settings.ts";
import type { Caller, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, succeeded, type TestVpc } from "../support/networks.ts";
import type { InProcessServer } from "../support/server.ts";

/** What the peering tests share. */

export const singapore = "ap-southeast-1";
export const seconds = { work: 30, deletedPhase: 60, day: 86_400 } as const;

/** The four ways in which a connection can lie: within an account or between two, within a region or between two. */
export const layouts = [
  { layout: "one account, one region", crossAccount: false, region: hangzhou },
  { layout: "one account, two regions", crossAccount: false, region: beijing },
  { layout: "two accounts, one region", crossAccount: true, region: hangzhou },
  { layout: "two accounts, two regions", crossAccount: true, region: beijing },
] as const;

/** Available VPCs, made together. */
export async function vpcs(server: InProcessServer, ...wanted: readonly (readonly [owner: Caller, region: string])[]): Promise<TestVpc[]> {
  const made: TestVpc[] = [];
  for (const [owner, region] of wanted) {
    const { body } = succeeded(await owner.vpc("CreateVpc", { RegionId: region, CidrBlock: "10.0.0.0/16" }));
    made.push({ vpcId: body.VpcId, routeTableId: body.RouteTableId, region, owner });
  }
  await server.advance();
  return made;
}

/** Two Available VPCs: the requester's in Hangzhou, and one of `owner` in `region`. */
export async function vpcPair(
  server: InProcessServer,
  owner: Caller = server.accepter,
  region: string = hangzhou,
): Promise<[TestVpc, TestVpc]> {
  const [from, to] = await vpcs(server, [server.requester, hangzhou], [owner, region]);
  return [from as TestVpc, to as TestVpc];
}

/** The parameters of CreateVpcPeerConnection for two VPCs. */
export function requestOf(from: TestVpc, to: TestVpc, parameters: Parameters = {}): Parameters {
  return {
    RegionId: from.region,
    VpcId: from.vpcId,
    AcceptingAliUid: to.owner.key.account,
    AcceptingRegionId: to.region,
    AcceptingVpcId: to.vpcId,
    ...parameters,
  };
}

/** All fields of a connection that the caller can see. */
export async function attributes(caller: Caller, InstanceId: string): Promise<any> {
  return succeeded(await caller.peer("GetVpcPeerConnectionAttribute", { InstanceId })).body;
}

type Setting = Partial<{ readonly [K in keyof Settings]: Settings[K] }>;
/** Room for many tests on one server. */
const roomy: Settings["quotas"] = [
  { name: "Vpc", value: 1000 },
  { name: "VpcPeerCountPerUserPerRegion", value: 1000 },
];
export async function putSettings(server: InProcessServer, { quotas = [], features = [] }: Setting = {}): Promise<void> {
  const names = new Set<string>(quotas.map(({ name }) => name));
  const settings = { quotas: [...roomy.filter(({ name }) => !names.has(name)), ...quotas], features };
  const { status, body } = await server.admin("PUT", "settings", settings);
  assert.equal(status, 200, JSON.stringify(body));
}
/** Runs `work` under other settings. */
export async function withSettings(server: InProcessServer, setting: Setting, work: () => Promise<void>): Promise<void> {
  await putSettings(server, setting);
  try {
    await work();
  } finally {
    await putSettings(server);
  }
}

/** Sets what no API call can. */
export async function patch(server: InProcessServer, id: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const { status, body } = await server.admin("PATCH", `resources/${id}`, fields);
  assert.equal(status, 200, JSON.stringify(body));
}
