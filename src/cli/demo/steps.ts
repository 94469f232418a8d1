import * as openApi from "@alicloud/openapi-client";
import * as teaUtil from "@alicloud/tea-util";
import { type Address, CommandError } from "../admin-client.ts";

/** What the parts of the demo share: calls through an official SDK that are printed, and waiting for a state. */

/** How often a state is looked at, and for how long, in milliseconds. */
const pollInterval = 100;
const pollTimeout = 120_000;

type Parameters = Readonly<Record<string, string>>;
interface Answer {
  readonly RequestId: string;
  readonly [field: string]: unknown;
}
export type Call = (version: string, action: string, parameters: Parameters) => Promise<Answer>;

export const vpc = "2016-04-28";
export const hangzhou = "cn-hangzhou";

export interface Network {
  readonly vpcId: string;
  readonly vRouterId: string;
  readonly routeTableId: string;
}
export async function newVpc(call: Call, region: string, cidrBlock: string): Promise<Network> {
  const { VpcId, RouteTableId, VRouterId } = await call(vpc, "CreateVpc", { RegionId: region, CidrBlock: cidrBlock, VpcName: "demo" });
  const vpcId = String(VpcId);
  await until(
    "Available",
    async () => (await silently(() => call(vpc, "DescribeVpcAttribute", { RegionId: region, VpcId: vpcId }))).Status,
  );
  return { vpcId, routeTableId: String(RouteTableId), vRouterId: String(VRouterId) };
}

export async function route(call: Call, region: string, table: string, destination: string, type: string, nextHop: string): Promise<void> {
  await call(vpc, "CreateRouteEntry", {
    RegionId: region,
    RouteTableId: table,
    DestinationCidrBlock: destination,
    NextHopType: type,
    NextHopId: nextHop,
  });
  await until("Available", async () => (await entryTo(call, region, table, destination))?.Status);
}

interface Entry {
  readonly Status: string;
  readonly NextHopType: string | undefined;
}
/** The entry of a route table with this destination, if there is one. */
export async function entryTo(call: Call, region: string, table: string, destination: string): Promise<Entry | undefined> {
  const query = { RegionId: region, RouteTableId: table, DestinationCidrBlock: destination };
  const answer = await silently(() => call(vpc, "DescribeRouteEntryList", query));
  type Listed = { Status: string; NextHops: { NextHop: { NextHopType: string }[] } };
  const [found] = (answer as unknown as { RouteEntrys: { RouteEntry: Listed[] } }).RouteEntrys.RouteEntry;
  return found && { Status: found.Status, NextHopType: found.NextHops.NextHop[0]?.NextHopType };
}

interface Sdk {
  callApi(api: openApi.Params, request: openApi.OpenApiRequest, runtime: teaUtil.RuntimeOptions): Promise<{ body: Answer }>;
}

/** One account's calls through the official SDK's generic client (signature V3). */
export function caller({ endpoint, protocol }: Address, name: string, key: { readonly id: string; readonly secret: string }): Call {
  // The SDK is CommonJS: its default export lies one level deeper than its types say.
  const { default: Client } = openApi.default as unknown as { default: new (config: openApi.Config) => Sdk };
  const sdk = new Client(new openApi.Config({ accessKeyId: key.id, accessKeySecret: key.secret, endpoint, protocol }));
  return async (version, action, parameters) => {
    const api = new openApi.Params({
      action,
      version,
      protocol,
      method: "POST",
      authType: "AK",
      style: "RPC",
      pathname: "/",
      reqBodyType: "formData",
      bodyType: "json",
    });
    try {
      const { body } = await sdk.callApi(api, new openApi.OpenApiRequest({ query: parameters }), new teaUtil.RuntimeOptions({}));
      if (!silent) console.log(`   ${name.padEnd(9)} ${action.padEnd(27)} ${body.RequestId}`);
      return body;
    } catch (error) {
      const { code = "", data } = error as { code?: string; data?: { RequestId?: string } };
      if (code === "" || data?.RequestId === undefined) throw error;
      if (!silent) console.log(`   ${name.padEnd(9)} ${action.padEnd(27)} ${data.RequestId}  refused: ${code}`);
      throw error;
    }
  };
}

let silent = false;
/** Polls are not printed; the states that they see are. */
export async function silently<T>(work: () => Promise<T>): Promise<T> {
  silent = true;
  try {
    return await work();
  } finally {
    silent = false;
  }
}
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "OK";
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}
export async function statusOrCode(work: () => Promise<Answer>): Promise<unknown> {
  try {
    return (await work()).Status;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
export async function refused(work: () => Promise<unknown>): Promise<void> {
  if ((await codeOf(work)) === "OK") throw new CommandError("a call that must be refused went through");
}

/** Looks until a state is seen, and prints the states on the way. */
export async function until(wanted: string, look: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + pollTimeout;
  let seen = "";
  for (;;) {
    const state = String(await look());
    if (state !== seen) console.log(`             ${state}`);
    seen = state;
    if (state === wanted) return;
    if (Date.now() > deadline) throw new CommandError(`${wanted} was not reached; the last state was ${state}.`);
    await new Promise((resolve) => setTimeout(resolve, pollInterval));
  }
}
