// Durable writes of peering connections: each is on the disk when it is answered. In turns with the disk's own sync rate.
import { type Figure, median, shown } from "../figure.ts";
import type { Call, Sent } from "../load.ts";
import { syncRate } from "../processes.ts";
import { clients, comparedWith, rateFigure, rateOf, type Workbench } from "../workbench.ts";

/** Connections of each account: what it may have by default. */
const connectionsOfTenant = 20;
const operations = ["create", "modify", "delete"] as const;

export async function durable(bench: Workbench): Promise<Figure[]> {
  const store = await bench.tenants();
  const product = await bench.product(store);
  // Account by account in turns, so that clients do not meet on one account by accident of the order.
  const pairs = store.tenants.map(({ vpcs }) =>
    vpcs.flatMap((one, index) => vpcs.slice(index + 1).map((other) => [one.id, other.id] as const)),
  );
  const creates = Array.from({ length: connectionsOfTenant }, (_, index) =>
    store.tenants.map(({ key }, tenant): Call => {
      const [VpcId = "", AcceptingVpcId = ""] = pairs[tenant]?.[index] ?? [];
      const accepting = { AcceptingAliUid: key.account, AcceptingRegionId: "cn-hangzhou", AcceptingVpcId };
      const parameters = { RegionId: "cn-hangzhou", VpcId, ...accepting, Name: `bench-${index}`, Description: "durable" };
      return { key, product: "VpcPeer", action: "CreateVpcPeerConnection", parameters };
    }),
  ).flat();

  const ways = [
    { clients: 1, creates: creates.slice(0, bench.scale.singleWrites) },
    { clients, creates },
  ];
  const rounds = new Map<string, Sent[]>();
  const syncs: number[] = [];
  for (let round = 0; round <= bench.scale.rounds; round++) {
    bench.say(`durable writes, ${round === 0 ? "warm-up" : `round ${round}`}`);
    syncs.push(await syncRate(bench.folder, bench.scale.syncSeconds));
    bench.say(`  the disk alone: ${shown(syncs.at(-1) ?? 0)} syncs/s`);
    for (const way of ways) {
      let ids: string[] = [];
      const told: string[] = [];
      for (const operation of operations) {
        const calls = operation === "create" ? way.creates : way.creates.map(({ key }, index) => onConnection(operation, key, ids[index]));
        await bench.load.prepare({ calls, requests: calls.length });
        const sent = await bench.send(product.port, way.clients, operation === "create");
        if (operation === "create") ids = sent.bodies.map((body) => (JSON.parse(body) as { InstanceId: string }).InstanceId);
        // What is being made, changed or deleted can be neither changed nor deleted.
        await product.untilAllIsDone();
        const key = `${operation}-${way.clients}`;
        if (round > 0) rounds.set(key, [...(rounds.get(key) ?? []), sent]);
        told.push(`${operation} ${shown(rateOf(sent))}/s`);
      }
      bench.say(`  ${clientsOf(way.clients)}: ${told.join(", ")}`);
    }
  }
  await product.stop();
  const sync: Figure = { id: "sync", what: "write and fdatasync of 4 KiB, one after another", value: median(syncs.slice(1)), unit: "/s" };
  const figures = ways.flatMap((way) =>
    operations.map((operation) => {
      const id = `${operation}-${way.clients}`;
      const what = `durable ${operation} of a peering connection, ${clientsOf(way.clients)}`;
      return comparedWith(rateFigure(id, what, rounds.get(id) ?? []), sync, "syncs of the disk");
    }),
  );
  return [sync, ...figures];
}

function clientsOf(count: number): string {
  return count === 1 ? "1 client" : `${count} clients`;
}

function onConnection(operation: "modify" | "delete", key: Call["key"], InstanceId = ""): Call {
  return operation === "modify"
    ? { key, product: "VpcPeer", action: "ModifyVpcPeerConnection", parameters: { InstanceId, Description: "modified" } }
    : { key, product: "VpcPeer", action: "DeleteVpcPeerConnection", parameters: { InstanceId } };
}
