import assert from "node:assert/strict";
import type { FaultRuleView } from "../../src/engine/faults/active-rule.ts";
import type { Answer, Caller } from "../support/caller.ts";
import { hangzhou } from "../support/networks.ts";
import type { TestServer } from "../support/server.ts";

/** Rules on a server, and what callers meet of them. */

export type Rule = Readonly<Record<string, unknown>>;

/** Adds rules, one after the other; answers their numbers. */
export async function add(server: TestServer, ...rules: readonly Rule[]): Promise<number[]> {
  const { status, body } = await server.admin("POST", "faults", { rules });
  assert.equal(status, 201, JSON.stringify(body));
  return (body.rules as FaultRuleView[]).map(({ id }) => id);
}
export async function clear(server: TestServer): Promise<void> {
  assert.equal((await server.admin("DELETE", "faults")).status, 200);
}
/** How often the rules that are on matched and acted. */
export async function counts(server: TestServer): Promise<[matched: number, acted: number][]> {
  const { body } = await server.admin("GET", "faults");
  return (body.rules as FaultRuleView[]).map(({ matched, acted }) => [matched, acted]);
}

/** `OK`, the code of a refusal, or `lost` for a connection that ended without an answer. */
export async function met(call: Promise<Answer>): Promise<string> {
  try {
    const { status, body } = await call;
    return status === 200 ? "OK" : String(body.Code);
  } catch (error) {
    assert.equal((error as Error).message, "fetch failed");
    return "lost";
  }
}
/** What so many calls meet, one after the other. */
export async function metBy(times: number, call: () => Promise<Answer>): Promise<string[]> {
  const all: string[] = [];
  for (let index = 0; index < times; index++) all.push(await met(call()));
  return all;
}

export const createVpc = (owner: Caller, parameters: object = {}): Promise<Answer> =>
  owner.vpc("CreateVpc", { RegionId: hangzhou, ...parameters });
export const listVpcs = (owner: Caller): Promise<Answer> => owner.vpc("DescribeVpcs", { RegionId: hangzhou, PageSize: 50 });
export async function vpcIds(owner: Caller): Promise<string[]> {
  return (await listVpcs(owner)).body.Vpcs.Vpc.map(({ VpcId }: { VpcId: string }) => VpcId);
}
/** How a recent request is told. */
export async function story(server: TestServer, requestId: string): Promise<any> {
  return (await server.admin("GET", `requests/${requestId}`)).body;
}
/** How the newest request is told. */
export async function latestStory(server: TestServer): Promise<any> {
  const { body } = await server.admin("GET", "requests?limit=1");
  return story(server, body.requests[0].requestId);
}
