import { randomInt } from "node:crypto";
import * as openApi from "@alicloud/openapi-client";
import * as teaUtil from "@alicloud/tea-util";
import { developmentSeed } from "../engine/seed.ts";
import { type Address, type AdminClient, CommandError } from "./admin-client.ts";

/** How often a state is looked at, and for how long, in milliseconds. */
const pollInterval = 100;
const pollTimeout = 120_000;

type Parameters = Readonly<Record<string, string>>;
interface Answer {
  readonly RequestId: string;
  readonly [field: string]: unknown;
}
type Call = (version: string, action: string, parameters: Parameters) => Promise<Answer>;

const vpc = "2016-04-28";
const vpcPeer = "2022-01-01";
const hangzhou = "cn-hangzhou";
const beijing = "cn-beijing";

/**
 * Walks a cross-account, inter-region peering connection through its whole life, and then a VPN gateway with a connection, through an
 * official SDK, and prints every step.
 */
export async function demo(server: AdminClient): Promise<void> {
  const { standsStill } = await server.call<{ standsStill: boolean }>("GET", "clock");
  if (standsStill) {
    throw new CommandError("the clock of this server stands still (pace stepped), so nothing would ever be done; set another pace first");
  }
  try {
    await walk(server);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (error instanceof CommandError || code === undefined) throw error;
    throw new CommandError(`the walk ended early: ${message ?? code}. It needs the two development accounts and room in their quotas.`);
  }
}

async function walk(server: AdminClient): Promise<void> {
  const [requesterAccount, accepterAccount] = developmentSeed.accounts;
  const [requesterKey] = requesterAccount?.keys ?? [];
  const [accepterKey] = accepterAccount?.keys ?? [];
  if (requesterKey === undefined || accepterKey === undefined) throw new CommandError("the development accounts are missing");
  const requester = caller(server.address, "requester", requesterKey);
  const accepter = caller(server.address, "accepter", accepterKey);

  console.log("1. Two VPCs, of two accounts, in two regions");
  const mine = await newVpc(requester, hangzhou, "10.1.0.0/16");
  const theirs = await newVpc(accepter, beijing, "10.2.0.0/16");

  console.log("2. A peering connection is requested and accepted");
  const { InstanceId } = await requester(vpcPeer, "CreateVpcPeerConnection", {
    RegionId: hangzhou,
    VpcId: mine.vpcId,
    AcceptingAliUid: accepterAccount?.uid ?? "",
    AcceptingRegionId: beijing,
    AcceptingVpcId: theirs.vpcId,
    Name: "demo",
    Bandwidth: "100",
  });
  const connection = { InstanceId: String(InstanceId) };
  const state = (wanted: string): Promise<void> => until(wanted, async () => (await quiet(requester, connection)).Status);
  await state("Accepting");
  await accepter(vpcPeer, "AcceptVpcPeerConnection", connection);
  await state("Activated");

  console.log("3. Each side routes to the other through it");
  await route(requester, hangzhou, mine.routeTableId, "10.2.0.0/16", connection.InstanceId);
  await route(accepter, beijing, theirs.routeTableId, "10.1.0.0/16", connection.InstanceId);

  console.log("4. The requester modifies it");
  await requester(vpcPeer, "ModifyVpcPeerConnection", { ...connection, Bandwidth: "200", Description: "wider" });
  await state("Activated");

  console.log("5. Deleting it is refused while routes point at it, and works with Force");
  await refused(() => requester(vpcPeer, "DeleteVpcPeerConnection", connection));
  await requester(vpcPeer, "DeleteVpcPeerConnection", { ...connection, Force: "true" });
  // It reads Deleted for a moment, in pace instant for none, and then is not found.
  await until("ResourceNotFound.InstanceId", () => statusOrCode(() => quiet(requester, connection)));

  await vpn(requester, mine);

  console.log("11. The VPCs go");
  await until("OK", () => codeOf(() => requester(vpc, "DeleteVpc", { RegionId: hangzhou, VpcId: mine.vpcId })));
  await until("OK", () => codeOf(() => accepter(vpc, "DeleteVpc", { RegionId: beijing, VpcId: theirs.vpcId })));
  console.log(`Done. Each step is explained under ${server.url}/_linkspan/requests/{RequestId}`);
}

/** A VPN gateway with a connection of two tunnels in a VPC, from its creation until nothing of it is left. */
async function vpn(call: Call, { vpcId, routeTableId }: { readonly vpcId: string; readonly routeTableId: string }): Promise<void> {
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

async function newVpc(call: Call, region: string, cidrBlock: string): Promise<{ vpcId: string; routeTableId: string }> {
  const { VpcId, RouteTableId } = await call(vpc, "CreateVpc", { RegionId: region, CidrBlock: cidrBlock, VpcName: "demo" });
  const vpcId = String(VpcId);
  await until(
    "Available",
    async () => (await silently(() => call(vpc, "DescribeVpcAttribute", { RegionId: region, VpcId: vpcId }))).Status,
  );
  return { vpcId, routeTableId: String(RouteTableId) };
}

async function route(call: Call, region: string, table: string, destination: string, nextHop: string): Promise<void> {
  await call(vpc, "CreateRouteEntry", {
    RegionId: region,
    RouteTableId: table,
    DestinationCidrBlock: destination,
    NextHopType: "VpcPeer",
    NextHopId: nextHop,
  });
  await until("Available", async () => (await entryTo(call, region, table, destination))?.Status);
}

interface Entry {
  readonly Status: string;
  readonly NextHopType: string | undefined;
}
/** The entry of a route table with this destination, if there is one. */
async function entryTo(call: Call, region: string, table: string, destination: string): Promise<Entry | undefined> {
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
function caller({ endpoint, protocol }: Address, name: string, key: { readonly id: string; readonly secret: string }): Call {
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
      if (!silent) console.log(`   ${name.padEnd(9)} ${action.padEnd(26)} ${body.RequestId}`);
      return body;
    } catch (error) {
      const { code = "", data } = error as { code?: string; data?: { RequestId?: string } };
      if (code === "" || data?.RequestId === undefined) throw error;
      if (!silent) console.log(`   ${name.padEnd(9)} ${action.padEnd(26)} ${data.RequestId}  refused: ${code}`);
      throw error;
    }
  };
}

let silent = false;
/** Polls are not printed; the states that they see are. */
async function silently<T>(work: () => Promise<T>): Promise<T> {
  silent = true;
  try {
    return await work();
  } finally {
    silent = false;
  }
}
function quiet(call: Call, connection: Parameters): Promise<Answer> {
  return silently(() => call(vpcPeer, "GetVpcPeerConnectionAttribute", connection));
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "OK";
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}
async function statusOrCode(work: () => Promise<Answer>): Promise<unknown> {
  try {
    return (await work()).Status;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
async function refused(work: () => Promise<unknown>): Promise<void> {
  if ((await codeOf(work)) === "OK") throw new CommandError("a call that must be refused went through");
}

/** Looks until a state is seen, and prints the states on the way. */
async function until(wanted: string, look: () => Promise<unknown>): Promise<void> {
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
