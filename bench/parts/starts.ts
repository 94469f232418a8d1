// From the start of the process until `ready` says yes, and what memory it takes.
import { setTimeout } from "node:timers/promises";
import { type Figure, median, shown } from "../figure.ts";
import { requesterCall, type Workbench } from "../workbench.ts";

const megabyte = 1e6;

export async function start(bench: Workbench): Promise<Figure[]> {
  bench.say("start to ready on an empty folder");
  const seconds: number[] = [];
  // The first start of a version compiles the sources, and keeps what comes of it for the next ones.
  for (let round = 0; round <= bench.scale.rounds; round++) {
    const product = await bench.product({ folder: bench.newFolder("empty") });
    await product.stop();
    if (round > 0) seconds.push(product.readyAfter);
  }
  bench.say(`  ${seconds.map((one) => `${shown(one)} s`).join(", ")}`);
  return [{ id: "start", what: "start to ready on an empty folder", value: median(seconds), unit: "s" }];
}

export async function restart(bench: Workbench): Promise<Figure[]> {
  const { few, rounds } = bench.scale;
  const store = await bench.connections(few);
  bench.say(`restart after kill -9 at ${few.toLocaleString("en")} connections`);
  const calls = store.connections.map((InstanceId, index) =>
    requesterCall("VpcPeer", "ModifyVpcPeerConnection", { InstanceId, Description: `killed-${index}` }),
  );
  const seconds: number[] = [];
  let product = await bench.product(store);
  for (let round = 1; round <= rounds; round++) {
    // Writes that stand in the log of the store only, and tasks that are still to do.
    await bench.load.prepare({ calls, requests: calls.length });
    await bench.send(product.port);
    await product.stop("SIGKILL");
    product = await bench.product(store);
    seconds.push(product.readyAfter);
    await product.untilAllIsDone();
  }
  await product.stop();
  bench.say(`  ${seconds.map((one) => `${shown(one)} s`).join(", ")}`);
  const what = `restart to ready after kill -9 at ${few.toLocaleString("en")} connections, ${calls.length.toLocaleString("en")} writes before it`;
  return [{ id: "restart", what, value: median(seconds), unit: "s" }];
}

export async function memory(bench: Workbench): Promise<Figure[]> {
  const { many, pages, settleSeconds } = bench.scale;
  const large = await bench.connections(many);
  bench.say("resident memory");
  const empty = await bench.product({ folder: bench.newFolder("empty") });
  await setTimeout(settleSeconds * 1000);
  const idle = empty.residentBytes() / megabyte;
  await empty.stop();
  const product = await bench.product(large);
  await setTimeout(settleSeconds * 1000);
  const started = product.residentBytes() / megabyte;
  const gets = large.connections.map((InstanceId) => requesterCall("VpcPeer", "GetVpcPeerConnectionAttribute", { InstanceId }));
  const lists = requesterCall("VpcPeer", "ListVpcPeerConnections", { RegionId: "cn-hangzhou", MaxResults: 50 });
  await bench.load.prepare({ calls: gets.flatMap((get) => [get, lists]), requests: pages });
  await bench.send(product.port);
  const loaded = product.residentBytes() / megabyte;
  await product.stop();
  const at = `at ${many.toLocaleString("en")} connections`;
  return [
    { id: "memory-idle", what: "memory, idle with an empty store", value: idle, unit: "MB" },
    { id: "memory-many", what: `memory, idle ${at}`, value: started, unit: "MB" },
    { id: "memory-loaded", what: `memory ${at}, after ${pages.toLocaleString("en")} reads`, value: loaded, unit: "MB" },
  ];
}
