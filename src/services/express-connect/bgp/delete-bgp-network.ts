import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { type Call, rulesOn, target, writeOperation } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { type BgpNetwork, bgpNetwork, findNetwork } from "./bgp-network.ts";
import { bgpErrors, bgpNetworkErrors } from "./errors.ts";

export const deleteBgpNetwork = writeOperation({
  product: Vpc,
  name: "DeleteBgpNetwork",
  summary: "Takes back what a virtual border router tells its BGP peers of a block.",
  pollWith: "DescribeBgpNetworks",
  authorisation: {
    action: "vpc:DeleteBgpNetwork",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    DstCidrBlock: string({ required: true, lengthMax: 64 }),
    RouterId: id,
    ClientToken: clientToken,
  },
  response: {},
  targets: { router: target({ kind: virtualBorderRouter, parameter: "RouterId", missing: bgpErrors.notFound }) },
  check: [
    {
      rule: "the virtual border router has a network with the block",
      error: bgpNetworkErrors.notFound,
      source: "inferred",
      holds: async (call) => (await named(call)) !== undefined,
    },
    ...rulesOn(foundNetwork, [stateAllows("network", bgpNetwork, "DeleteBgpNetwork", bgpErrors.status)]),
  ],
  apply: async (call) => {
    await call.state.move(bgpNetwork, (await foundNetwork(call)).targets.network, "DeleteBgpNetwork");
    return {};
  },
});

type Naming = Pick<Call, "state"> & { readonly input: { readonly RouterId: string; readonly DstCidrBlock: string } };
function named({ state, input }: Naming): Promise<BgpNetwork | undefined> {
  return findNetwork(state, input.RouterId, input.DstCidrBlock);
}
/** The network that the rules of a call have found. */
async function foundNetwork(call: Naming): Promise<{ targets: { network: BgpNetwork } }> {
  const network = await named(call);
  if (network === undefined) throw new Error(`${call.input.RouterId} has no such network`);
  return { targets: { network } };
}
