// A page of a list, in a small store and in a large one.
import type { Figure } from "../figure.ts";
import { comparedWith, rateFigure, requesterCall, type Workbench } from "../workbench.ts";

const pageSize = 50;

export async function page(bench: Workbench): Promise<Figure[]> {
  const { few, many, pages } = bench.scale;
  const [atFew, atMany] = [few, many].map((count) => count.toLocaleString("en"));
  const small = await bench.connections(few);
  const large = await bench.connections(many);
  bench.say(`list page of ${pageSize}: ListVpcPeerConnections at ${atFew} and at ${atMany} connections`);
  const products = [await bench.product(small), await bench.product(large)] as const;
  const calls = [requesterCall("VpcPeer", "ListVpcPeerConnections", { RegionId: "cn-hangzhou", MaxResults: pageSize })];
  const rounds = await bench.inTurns({ small: { port: products[0].port, calls }, large: { port: products[1].port, calls } }, pages);
  for (const product of products) await product.stop();
  const what = `list page of ${pageSize} at`;
  const ofFew = rateFigure("page-few", `${what} ${atFew} connections`, rounds.small);
  const ofMany = rateFigure("page-many", `${what} ${atMany} connections`, rounds.large);
  // Of times, and not of rates: how much longer the large store takes.
  return [ofFew, { ...comparedWith(ofMany, ofFew, `at ${atFew}`), ratio: ofFew.value / ofMany.value }];
}
