// Reads, in turns with the bare server, which is sent the same bytes.
import { type Answer, versions } from "../../test/support/caller.ts";
import type { Figure } from "../figure.ts";
import type { Call } from "../load.ts";
import { type Product, requesterKey, startBareServer } from "../processes.ts";
import { comparedWith, rateFigure, requesterCall, type Workbench } from "../workbench.ts";

/** The read that costs least: it looks up nothing but the key, asks for no permission, and has no parameters of its own. */
const cheapestCall = requesterCall("Sts", "GetCallerIdentity", {});
/** A read that looks up nothing either and has as many parameters as a create: 17, with the nine of the protocol. */
const callOf17Parameters = requesterCall("Ecs", "DescribeAvailableResource", {
  RegionId: "cn-hangzhou",
  ZoneId: "cn-hangzhou-b",
  DestinationResource: "Zone",
  InstanceChargeType: "PostPaid",
  ResourceType: "instance",
  NetworkCategory: "vpc",
  IoOptimized: "optimized",
  SystemDiskCategory: "cloud_essd",
});

export async function cheapest(bench: Workbench): Promise<Figure[]> {
  const product = await bench.product({ folder: bench.newFolder("empty") });
  const figures = [
    await againstBareServer(bench, product, "cheapest", "cheapest signed call: GetCallerIdentity, 9 parameters", [cheapestCall]),
    await againstBareServer(bench, product, "cheapest-17", "DescribeAvailableResource of a zone, 17 parameters", [callOf17Parameters]),
  ];
  await product.stop();
  return figures;
}

export async function get(bench: Workbench): Promise<Figure[]> {
  const { few } = bench.scale;
  const store = await bench.connections(few);
  const product = await bench.product(store);
  const calls = store.connections.map((InstanceId) => requesterCall("VpcPeer", "GetVpcPeerConnectionAttribute", { InstanceId }));
  const what = `signed get by id: GetVpcPeerConnectionAttribute, one of ${few.toLocaleString("en")}`;
  const figure = await againstBareServer(bench, product, "get", what, calls);
  await product.stop();
  return [figure];
}

/** One call to the product off the clock; what it answers. */
export async function ask(product: Product, { key, product: name, action, parameters }: Call): Promise<Answer["body"]> {
  const { status, text, body } = await product.caller(key).call(versions[name], action, parameters);
  if (status !== 200) throw new Error(`${action}: ${text}`);
  return body;
}

async function againstBareServer(bench: Workbench, product: Product, id: string, what: string, calls: readonly Call[]): Promise<Figure> {
  bench.say(what);
  const [first] = calls;
  if (first === undefined) throw new Error("nothing to call");
  const bare = await bench.started(startBareServer(requesterKey, await ask(product, first)));
  const rounds = await bench.inTurns({ bare: { port: bare.port, calls }, product: { port: product.port, calls } }, bench.scale.reads);
  bare.stop();
  return comparedWith(rateFigure(id, what, rounds.product), rateFigure("bare", "of the bare server", rounds.bare));
}
