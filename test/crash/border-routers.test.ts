import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { groupOn, inHangzhou, peerIn, readGroup, readPeer } from "../express-connect/bgp.ts";
import { atBorder, borderRouter, fastTo } from "../express-connect/border-links.ts";
import { onRouter, routerStatus } from "../express-connect/border-routers.ts";
import {
  circuitStatus,
  confirmedCircuit,
  enabledCircuit,
  enabledShared,
  initialCircuit,
  onCircuit,
  order,
} from "../express-connect/circuits.ts";
import { interfaceStatus, onInterface, readInterface, requestInterface, routedVpc } from "../express-connect/router-interfaces.ts";
import { assertReplayGivesRows } from "../store/replay.ts";
import { Caller } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";

/** Circuits with what is at their ends, on a server that is killed while it works on them. */

// In stepped time no work ends before the kill.
const start = (folder: string): Promise<SpawnedServer> => spawnServer({ folder, environment: { LINKSPAN_PACE: "stepped" } });

async function assertWorkIsDone(server: SpawnedServer, folder: string): Promise<void> {
  const { tasks } = (await server.admin("GET", "ready")).body;
  assert.deepEqual([tasks.failed, tasks.moving], [0, 0]);
  await server.kill("SIGTERM");
  assertReplayGivesRows(folder);
}

test("circuits that are on their way when the server is killed get to where they were going", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = await start(folder);
  const { requester, accepter } = first;
  const parent = await enabledCircuit(first, requester);
  const leaving = await enabledShared(first, requester, parent, accepter, 7);
  const paid = await confirmedCircuit(first, requester);
  const enabling = await confirmedCircuit(first, requester);
  const allocating = await initialCircuit(requester);
  // Review and approval are over, the port is being found.
  await first.advance(60);
  succeeded(await onCircuit(requester, "EnablePhysicalConnection", paid));
  succeeded(await order(requester, enabling, { Period: 2 }));
  succeeded(await onCircuit(accepter, "TerminatePhysicalConnection", leaving));
  const asked = { LineOperator: "CT", AccessPointId: "ap-cn-hangzhou-yh-B", ClientToken: "apply" };
  const apply = (caller: Caller) => inHangzhou(caller, "CreatePhysicalConnection", asked);
  const applied: string = succeeded(await apply(requester)).body.PhysicalConnectionId;
  await first.kill("SIGKILL");

  const second = await start(folder);
  t.after(() => second.kill("SIGKILL"));
  const states = (): Promise<string[]> =>
    Promise.all([
      ...[applied, allocating, paid, enabling].map((id) => circuitStatus(second.requester, id)),
      circuitStatus(second.accepter, leaving),
    ]);
  // Clients read a circuit that is being taken into use as Confirmed.
  assert.deepEqual(await states(), ["Initial", "Allocating", "Confirmed", "Confirmed", "Terminating"]);
  assert.equal(succeeded(await apply(second.requester)).body.PhysicalConnectionId, applied);
  refusedWith(await onCircuit(second.accepter, "DeletePhysicalConnection", leaving), "Forbidden.NotInAllowDeleteStatus");
  await second.advance();
  assert.deepEqual(await states(), ["Approved", "Allocated", "Enabled", "Enabled", "Terminated"]);
  await second.advance(60);
  assert.deepEqual(await states(), ["Allocated", "Allocated", "Enabled", "Enabled", "Terminated"]);
  await assertWorkIsDone(second, folder);
});

test("border routers, BGP and fast links that are being worked on when the server is killed are done after it", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = await start(folder);
  const { requester } = first;
  const granting = await routedVpc(first, first.accepter);
  const linked = await borderRouter(first, requester);
  const more = async () => borderRouter(first, requester, hangzhou, linked.circuitId);
  const [terminating, recovering, deleting] = [await more(), await more(), await more()];
  succeeded(await onRouter(requester, "TerminateVirtualBorderRouter", recovering.routerId));
  const [kept, left] = [await groupOn(first, requester, linked.routerId), await groupOn(first, requester, linked.routerId)];
  const removed = await peerIn(first, requester, kept, { PeerIpAddress: "10.0.0.2" });
  const grant = { GrantType: "Specify", VbrRegionNo: hangzhou, VbrOwnerUid: requester.key.account, InstanceId: granting.vpcId };
  const grantTo = { ...grant, VbrInstanceIds: [deleting.routerId, linked.routerId] };
  succeeded(await inHangzhou(granting.owner, "GrantInstanceToVbr", grantTo));
  await first.advance();

  succeeded(await onRouter(requester, "TerminateVirtualBorderRouter", terminating.routerId));
  succeeded(await onRouter(requester, "RecoverVirtualBorderRouter", recovering.routerId));
  succeeded(await onRouter(requester, "DeleteVirtualBorderRouter", deleting.routerId));
  succeeded(await inHangzhou(requester, "DeleteBgpGroup", { BgpGroupId: left }));
  succeeded(await inHangzhou(requester, "DeleteBgpPeer", { BgpPeerId: removed }));
  const newPeer = { BgpGroupId: kept, PeerIpAddress: "10.0.0.9", ClientToken: "peer" };
  const addPeer = (caller: Caller) => inHangzhou(caller, "CreateBgpPeer", newPeer);
  const peer: string = succeeded(await addPeer(requester)).body.BgpPeerId;
  const newGroup = { RouterId: linked.routerId, PeerAsn: 65002, AuthKey: "sealed", ClientToken: "group" };
  const addGroup = (caller: Caller) => inHangzhou(caller, "CreateBgpGroup", newGroup);
  const group: string = succeeded(await addGroup(requester)).body.BgpGroupId;
  const fast = { ...atBorder(linked), ...fastTo(granting), ClientToken: "fast" };
  const connect = (owner: Caller) => requestInterface({ ...linked, owner }, granting, fast);
  const initiator: string = succeeded(await connect(requester)).body.RouterInterfaceId;
  await first.kill("SIGKILL");

  const second = await start(folder);
  t.after(() => second.kill("SIGKILL"));
  const owner = second.requester;
  const atVpc = { ...granting, owner: new Caller(second.url, granting.owner.key) };
  const atRouter = { ...linked, owner };
  const { OppositeInterfaceId: acceptor } = await readInterface(atRouter, initiator);
  const states = async () => ({
    routers: await Promise.all([terminating, recovering, deleting].map(({ routerId }) => routerStatus(owner, routerId))),
    groups: await Promise.all([group, left].map(async (id) => (await readGroup(owner, id))?.Status)),
    peers: await Promise.all([peer, removed].map(async (id) => (await readPeer(owner, id))?.Status)),
    link: [await interfaceStatus(atRouter, initiator), await interfaceStatus(atVpc, acceptor)],
  });
  assert.deepEqual(await states(), {
    routers: ["terminating", "recovering", "deleting"],
    groups: ["Pending", "Deleting"],
    peers: ["Pending", "Deleting"],
    link: ["Connecting", "AcceptingConnecting"],
  });
  // Repeats answer the first results.
  assert.equal(succeeded(await addPeer(owner)).body.BgpPeerId, peer);
  assert.equal(succeeded(await addGroup(owner)).body.BgpGroupId, group);
  assert.equal(succeeded(await connect(owner)).body.RouterInterfaceId, initiator);

  await second.advance();
  assert.deepEqual(await states(), {
    routers: ["terminated", "active", ""],
    groups: ["Available", undefined],
    peers: ["Available", undefined],
    link: ["Active", "Active"],
  });
  assert.equal((await readGroup(owner, group)).AuthKey, "sealed");
  const asked = { InstanceType: "VPC", InstanceId: granting.vpcId };
  const grants = succeeded(await inHangzhou(atVpc.owner, "DescribeEcGrantRelation", asked)).body.EcGrantRelations;
  assert.deepEqual(
    grants.map(({ VbrInstanceId }: any) => VbrInstanceId),
    [linked.routerId],
  );
  const tables = async (RouteTableId: string): Promise<number> =>
    succeeded(await inHangzhou(owner, "DescribeRouteTableList", { RouterType: "VBR", RouteTableId })).body.TotalCount;
  assert.deepEqual([await tables(recovering.routeTableId), await tables(deleting.routeTableId)], [1, 0]);
  // Of a link that goes nothing stays in the store.
  succeeded(await onInterface(atRouter, "DeleteExpressConnect", initiator));
  await second.advance();
  await assertWorkIsDone(second, folder);
});
