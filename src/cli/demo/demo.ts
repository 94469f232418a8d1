import { developmentSeed } from "../../engine/seed.ts";
import { type AdminClient, CommandError } from "../admin-client.ts";
import { expressConnect } from "./express-connect.ts";
import { type Call, caller, codeOf, hangzhou, newVpc, refused, route, silently, statusOrCode, until, vpc } from "./steps.ts";
import { vpn } from "./vpn.ts";

const vpcPeer = "2022-01-01";
const beijing = "cn-beijing";

/**
 * Walks a cross-account, inter-region peering connection, a VPN gateway with a connection, and a circuit with a border router and its
 * link through their whole lives, through an official SDK, and prints every step.
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
  await route(requester, hangzhou, mine.routeTableId, "10.2.0.0/16", "VpcPeer", connection.InstanceId);
  await route(accepter, beijing, theirs.routeTableId, "10.1.0.0/16", "VpcPeer", connection.InstanceId);

  console.log("4. The requester modifies it");
  await requester(vpcPeer, "ModifyVpcPeerConnection", { ...connection, Bandwidth: "200", Description: "wider" });
  await state("Activated");

  console.log("5. Deleting it is refused while routes point at it, and works with Force");
  await refused(() => requester(vpcPeer, "DeleteVpcPeerConnection", connection));
  await requester(vpcPeer, "DeleteVpcPeerConnection", { ...connection, Force: "true" });
  // It reads Deleted for a moment, in pace instant for none, and then is not found.
  await until("ResourceNotFound.InstanceId", () => statusOrCode(() => quiet(requester, connection)));

  await vpn(requester, mine);
  await expressConnect(requester, requesterAccount?.uid ?? "", mine);

  console.log("16. The VPCs go");
  await until("OK", () => codeOf(() => requester(vpc, "DeleteVpc", { RegionId: hangzhou, VpcId: mine.vpcId })));
  await until("OK", () => codeOf(() => accepter(vpc, "DeleteVpc", { RegionId: beijing, VpcId: theirs.vpcId })));
  console.log(`Done. Each step is explained under ${server.url}/_linkspan/requests/{RequestId}`);
}

function quiet(call: Call, connection: { readonly InstanceId: string }): ReturnType<Call> {
  return silently(() => call(vpcPeer, "GetVpcPeerConnectionAttribute", connection));
}
