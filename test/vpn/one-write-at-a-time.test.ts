import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { outcome } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { customerGatewayIn, gatewayConfiguring, gatewayStatus, readConnection, requestConnection } from "./support.ts";

/** Many clients write on one VPN gateway at once: each gets through by asking again, and none hears anything but that the gateway is busy. */

const clients = 50;
/** The refusals that Terraform waits out. */
const retried = ["Appliance.Configuring", "VpnGateway.Configuring", "VpnTask.CONFLICT", "VpnConnection.Configuring"];
/** How long all clients may take, in milliseconds of wall time. */
const timeout = 120_000;
const deadline = (): number => Date.now() + timeout;

/** A server in pace `instant` with a gateway of one end, and customer gateways for all clients. */
async function ground(): Promise<{ server: InProcessServer; owner: Caller; gateways: [string, string]; customers: string[] }> {
  const server = await startServer({ pace: "instant" });
  const quotas = ["VpnConnection", "CustomerGateway"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  const owner = server.requester;
  const { VpcId } = succeeded(await owner.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" })).body;
  const gateway = async (): Promise<string> =>
    succeeded(await owner.vpc("CreateVpnGateway", { RegionId: hangzhou, VpcId, Bandwidth: 10 })).body.VpnGatewayId;
  const gateways: [string, string] = [await gateway(), await gateway()];
  const customers = await Promise.all(Array.from({ length: clients }, () => customerGatewayIn(owner)));
  return { server, owner, gateways, customers };
}
async function setPace(server: InProcessServer, pace: string): Promise<void> {
  assert.equal((await server.admin("POST", "clock/pace", { pace })).status, 200);
}

/** Looks until the gateway is active. All that wait at the same time share one look. */
function lookout(owner: Caller, gateway: string): () => Promise<void> {
  const look = async (): Promise<void> => {
    const until = deadline();
    while ((await gatewayStatus(owner, gateway)) !== "active") {
      assert.ok(Date.now() < until, `${gateway} becomes active`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  let looking: Promise<void> | undefined;
  return () => (looking ??= look().finally(() => (looking = undefined)));
}
/** Asks until the call is not refused as Terraform expects; answers what came then, and the refusals before. */
async function retrying(call: () => Promise<Answer>, free: () => Promise<void>): Promise<{ answer: Answer; refusals: string[] }> {
  const until = deadline();
  const refusals: string[] = [];
  for (;;) {
    const answer = await call();
    const code = outcome(answer);
    if (!retried.includes(code)) return { answer: succeeded(answer), refusals };
    refusals.push(code);
    assert.ok(Date.now() < until, `a write gets through within ${timeout} ms`);
    await free();
  }
}

async function allConnections(owner: Caller, VpnGatewayId: string): Promise<any[]> {
  const all: any[] = [];
  for (let PageNumber = 1; ; PageNumber += 1) {
    const page = { RegionId: hangzhou, VpnGatewayId, PageNumber, PageSize: 50 };
    const { body } = succeeded(await owner.vpc("DescribeVpnConnections", page));
    all.push(...body.VpnConnections.VpnConnection);
    if (all.length >= body.TotalCount) return all;
  }
}

/** The states of a gateway in the order in which it had them, by the events of the store. */
async function statesOf(server: InProcessServer, gateway: string): Promise<string[]> {
  const events = await server.store.read((rows) => rows.events(0, 1_000_000));
  return events.filter(({ resource }) => resource === gateway).map(({ image }) => JSON.parse(image ?? "{}").state as string);
}

test(`${clients} clients create, change and delete connections of one gateway at once, and another gateway is not held up`, async () => {
  const { server, owner, gateways, customers } = await ground();
  const [gateway, other] = gateways;
  try {
    const request = (client: number, more: Parameters): Promise<Answer> =>
      requestConnection(owner, gateway, { CustomerGatewayId: customers[client], ...more });
    // A third of the clients has a connection to change, a third one to delete.
    const before = new Map<number, string>();
    for (const client of customers.keys()) {
      if (client % 3 !== 0) before.set(client, succeeded(await request(client, { Name: `before-${client}` })).body.VpnConnectionId);
    }
    await setPace(server, "fast");
    const statesBefore = (await statesOf(server, gateway)).length;
    const free = lookout(owner, gateway);
    const write = (client: number): Promise<Answer> => {
      const VpnConnectionId = before.get(client);
      if (VpnConnectionId === undefined) return request(client, { Name: `new-${client}`, ClientToken: `create-${client}` });
      return client % 3 === 1
        ? owner.vpc("ModifyVpnConnectionAttribute", { RegionId: hangzhou, VpnConnectionId, Name: `after-${client}` })
        : owner.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId });
    };
    const writing = Promise.all([...customers.keys()].map((client) => retrying(() => write(client), free)));
    // A write on the other gateway, whose connection goes to a busy one's customer, needs no second try.
    const aside = succeeded(await requestConnection(owner, other, { CustomerGatewayId: customers[0] })).body.VpnConnectionId;
    await lookout(owner, other)();
    assert.equal(succeeded(await readConnection(owner, aside)).body.State, "active");
    const refusals = (await writing).flatMap((one) => one.refusals);
    assert.ok(refusals.length > 0, "the clients got into each other's way");
    assert.deepEqual([...new Set(refusals)], [gatewayConfiguring.code]);
    await free();

    const expected = [...customers.entries()].flatMap(([client, customer]) =>
      client % 3 === 2 ? [] : [[client % 3 === 0 ? `new-${client}` : `after-${client}`, customer, "active"]],
    );
    const shown = (await allConnections(owner, gateway)).map(({ Name, CustomerGatewayId, State }) => [Name, CustomerGatewayId, State]);
    assert.deepEqual(shown.sort(), expected.sort());
    const states = (await statesOf(server, gateway)).slice(statesBefore);
    assert.deepEqual(states, Array.from({ length: clients }, () => ["updating", "active"]).flat(), "each write had ended before the next");
  } finally {
    await server.stop();
  }
});

test(`of ${clients} writes of all kinds on one gateway that come at once, one happens, and the others hear that it is busy`, async () => {
  const { server, owner, gateways, customers } = await ground();
  const [VpnGatewayId] = gateways;
  try {
    const { VpnConnectionId } = succeeded(await requestConnection(owner, VpnGatewayId, { CustomerGatewayId: customers[0] })).body;
    await setPace(server, "stepped");
    const call = (action: string, parameters: Parameters): Promise<Answer> => owner.vpc(action, { RegionId: hangzhou, ...parameters });
    const kinds: readonly ((client: number) => Promise<Answer>)[] = [
      (client) => call("ModifyVpnConnectionAttribute", { VpnConnectionId, Name: `n${client}` }),
      (client) => requestConnection(owner, VpnGatewayId, { CustomerGatewayId: customers[client] }),
      (client) => call("ModifyVpnGatewayAttribute", { VpnGatewayId, Name: `gateway-${client}` }),
      () => call("DeleteVpnConnection", { VpnConnectionId }),
      (client) => {
        const route = { RouteDest: `172.16.${client}.0/24`, NextHop: VpnConnectionId, Weight: 100, PublishVpc: false };
        return call("CreateVpnRouteEntry", { VpnGatewayId, ...route });
      },
    ];
    const answers = await Promise.all(customers.map(async (_customer, client) => kinds[client % kinds.length]?.(client)));
    const outcomes = answers.map((answer) => outcome(answer as Answer));
    assert.deepEqual(outcomes.sort(), ["OK", ...Array.from({ length: clients - 1 }, () => gatewayConfiguring.code)]);
    assert.equal(await gatewayStatus(owner, VpnGatewayId), "updating");
    await server.advance();
    assert.equal(await gatewayStatus(owner, VpnGatewayId), "active");
  } finally {
    await server.stop();
  }
});
