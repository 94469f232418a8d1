import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import {
  activeLink,
  connect,
  customDestinations,
  idleLink,
  type Link,
  onInterface,
  readInterface,
  type RoutedVpc,
  routedVpc,
  routeOver,
} from "../express-connect/router-interfaces.ts";
import { assertReplayGivesRows } from "../store/replay.ts";
import { Caller } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";

/** Links of two accounts in two regions, on a server that is killed while it works on them. */

interface Pair {
  readonly link: Link;
  /** The initiating end and the accepting one, as their owners read them. */
  states(): Promise<string[]>;
}
/** The same VPC, asked of another server on the same data. */
function on(server: SpawnedServer, vpc: RoutedVpc): RoutedVpc {
  return { ...vpc, owner: new Caller(server.url, vpc.owner.key) };
}
function pairOn(server: SpawnedServer, { from, to, ...ends }: Link): Pair {
  const link = { ...ends, from: on(server, from), to: on(server, to) };
  const status = async (at: RoutedVpc, id: string): Promise<string> => (await readInterface(at, id)).Status;
  return { link, states: () => Promise.all([status(link.from, link.initiator), status(link.to, link.acceptor)]) };
}

test("writes on links that were answered survive a kill, and both ends finish the work that was under way", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // In stepped time no work ends before the kill.
  const start = (): Promise<SpawnedServer> => spawnServer({ folder, environment: { LINKSPAN_PACE: "stepped" } });
  const first = await start();
  const twoVpcs = async (): Promise<[RoutedVpc, RoutedVpc]> => [
    await routedVpc(first, first.requester),
    await routedVpc(first, first.accepter, beijing),
  ];
  const connecting = await idleLink(...(await twoVpcs()));
  const deactivating = await activeLink(first, ...(await twoVpcs()));
  const widening = await activeLink(first, ...(await twoVpcs()));
  const deleting = await activeLink(first, ...(await twoVpcs()));
  const [overInitiator, overAcceptor] = ["172.16.0.0/12", "192.168.0.0/16"];
  await routeOver(first, deleting.from, deleting.initiator, overInitiator);
  await routeOver(first, deleting.to, deleting.acceptor, overAcceptor);
  const creating = await twoVpcs();

  const create = (at: RoutedVpc) =>
    at.owner.vpc("CreateRouterInterface", {
      RegionId: hangzhou,
      OppositeRegionId: beijing,
      Role: "InitiatingSide",
      Spec: "Small.1",
      RouterType: "VRouter",
      RouterId: at.routerId,
      ClientToken: "create",
    });
  const widen = ({ from, initiator }: Link) =>
    onInterface(from, "ModifyRouterInterfaceSpec", initiator, { Spec: "Large.1", ClientToken: "widen" });
  // The far end names the pair, and the routes of both sides go along.
  const remove = ({ to, acceptor }: Link) => onInterface(to, "DeleteExpressConnect", acceptor, { Force: true, ClientToken: "delete" });
  succeeded(await connect(connecting));
  succeeded(await onInterface(deactivating.from, "DeactivateRouterInterface", deactivating.initiator));
  succeeded(await onInterface(deactivating.to, "DeactivateRouterInterface", deactivating.acceptor));
  const { RequestId: _widen, ...widened } = succeeded(await widen(widening)).body;
  succeeded(await remove(deleting));
  const { RequestId: _create, ...created } = succeeded(await create(creating[0])).body;
  await first.kill("SIGKILL");

  const second = await start();
  t.after(() => second.kill("SIGKILL"));
  const pairs = [connecting, deactivating, widening, deleting].map((link) => pairOn(second, link));
  const states = (): Promise<string[][]> => Promise.all(pairs.map((pair) => pair.states()));
  assert.deepEqual(await states(), [
    ["Connecting", "AcceptingConnecting"],
    ["Deactivating", "Deactivating"],
    ["Activating", "Active"],
    ["Deleting", "Deleting"],
  ]);
  const [connectingNow, , wideningNow, deletingNow] = pairs.map(({ link }) => link) as [Link, Link, Link, Link];
  // Repeats answer the first results; anything else hears that the ends are at work.
  const at = on(second, creating[0]);
  const { RequestId: _again, ...createdAgain } = succeeded(await create(at)).body;
  const { RequestId: _other, ...widenedAgain } = succeeded(await widen(wideningNow)).body;
  assert.deepEqual([createdAgain, widenedAgain], [created, widened]);
  succeeded(await remove(deletingNow));
  refusedWith(await connect(connectingNow), "IncorrectRIStatus");
  refusedWith(await onInterface(deletingNow.from, "DeleteExpressConnect", deletingNow.initiator), "IncorrectStatus.RouterInterface");

  await second.advance();
  assert.deepEqual(await states(), [
    ["Active", "Active"],
    ["Inactive", "Inactive"],
    ["Active", "Active"],
    ["", ""],
  ]);
  const { Spec, OppositeInterfaceStatus } = await readInterface(wideningNow.from, wideningNow.initiator);
  assert.deepEqual([Spec, OppositeInterfaceStatus], ["Large.1", "Active"]);
  for (const side of [deletingNow.from, deletingNow.to]) assert.deepEqual(await customDestinations(side), []);
  const { Status } = await readInterface(at, created.RouterInterfaceId);
  assert.equal(Status, "Idle");
  const { tasks } = (await second.admin("GET", "ready")).body;
  assert.deepEqual([tasks.failed, tasks.moving], [0, 0]);
  await second.kill("SIGTERM");
  assertReplayGivesRows(folder);
});
