import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { assertReplayGivesRows } from "../store/replay.ts";
import { availableVpc, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import {
  connectionIn,
  customerGatewayIn,
  gatewayConfiguring,
  gatewayIn,
  gatewayStatus,
  policyRoutes,
  readConnection,
  requestConnection,
} from "../vpn/support.ts";

test("writes on connections that were answered survive a kill, and the work that was under way is done after it", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // In stepped time no work ends before the kill.
  const start = (): Promise<SpawnedServer> => spawnServer({ folder, environment: { LINKSPAN_PACE: "stepped" } });
  const first = await start();
  const vpc = await availableVpc(first, first.requester);
  const site = await customerGatewayIn(first.requester);
  const blocks = { LocalSubnet: "10.0.0.0/16", RemoteSubnet: "172.16.0.0/16" };
  const [creating, changing, deleting] = [await gatewayIn(first, vpc), await gatewayIn(first, vpc), await gatewayIn(first, vpc)];
  const changed = await connectionIn(first, vpc, changing, site, blocks);
  const deleted = await connectionIn(first, vpc, deleting, site, blocks);
  const create = (server: SpawnedServer) =>
    requestConnection(server.requester, creating, { CustomerGatewayId: site, ...blocks, ClientToken: "create" });
  const change = (server: SpawnedServer) =>
    server.requester.vpc("ModifyVpnConnectionAttribute", {
      RegionId: hangzhou,
      VpnConnectionId: changed,
      RemoteSubnet: "172.17.0.0/16",
      IkeConfig: '{"Psk":"after"}',
      ClientToken: "change",
    });
  const remove = (server: SpawnedServer) =>
    server.requester.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: deleted, ClientToken: "delete" });
  const { RequestId: _create, ...created } = succeeded(await create(first)).body;
  const { RequestId: _change, ...told } = succeeded(await change(first)).body;
  succeeded(await remove(first));
  await first.kill("SIGKILL");

  const second = await start();
  t.after(() => second.kill("SIGKILL"));
  const { requester } = second;
  const statuses = (): Promise<string[]> => Promise.all([creating, changing, deleting].map((id) => gatewayStatus(requester, id)));
  const states = (): Promise<string[]> =>
    Promise.all(
      [created.VpnConnectionId, changed, deleted].map(async (id) => {
        const { body } = await readConnection(requester, id);
        return body.State ?? body.Code;
      }),
    );
  assert.deepEqual(await statuses(), ["updating", "updating", "updating"]);
  assert.deepEqual(await states(), ["provisioning", "updating", "deleted"]);
  // Repeats answer the first results, keys included; anything else hears that the gateways are busy.
  const { RequestId: _again, ...createdAgain } = succeeded(await create(second)).body;
  const { RequestId: _other, ...toldAgain } = succeeded(await change(second)).body;
  assert.deepEqual([createdAgain, toldAgain], [created, told]);
  succeeded(await remove(second));
  const renamed = { RegionId: hangzhou, VpnConnectionId: changed, Name: "no" };
  refusedWith(await requester.vpc("ModifyVpnConnectionAttribute", renamed), gatewayConfiguring.code);

  await second.advance();
  assert.deepEqual(await statuses(), ["active", "active", "active"]);
  assert.deepEqual(await states(), ["active", "active", "InvalidVpnConnectionInstanceId.NotFound"]);
  const shown = succeeded(await readConnection(requester, changed)).body;
  assert.deepEqual([shown.RemoteSubnet, shown.IkeConfig.Psk], ["172.17.0.0/16", "after"]);
  const routes = await Promise.all([creating, changing, deleting].map((id) => policyRoutes(requester, id)));
  assert.deepEqual(
    routes.map((all) => all.map(({ RouteDest, State }) => `${RouteDest} ${State}`)),
    [["172.16.0.0/16 normal"], ["172.17.0.0/16 normal"], []],
  );
  const { tasks } = (await second.admin("GET", "ready")).body;
  assert.deepEqual([tasks.failed, tasks.moving], [0, 0]);
  await second.kill("SIGTERM");
  assertReplayGivesRows(folder);
});
