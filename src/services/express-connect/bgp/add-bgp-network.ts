import { blockContains } from "../../../contract/cidr.ts";
import { clientToken, id, optionalId, regionId } from "../../../contract/common-parameters.ts";
import { target, writeOperation } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { vpc } from "../../vpc/vpc.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { mayUse } from "../grants/vbr-grant.ts";
import { bgpNetwork, findNetwork, networkBlock } from "./bgp-network.ts";
import { bgpErrors, bgpNetworkErrors } from "./errors.ts";
import { routerIsActive } from "./rules.ts";

const multicast = "224.0.0.0/4";

export const addBgpNetwork = writeOperation({
  product: Vpc,
  name: "AddBgpNetwork",
  summary: "Lets a virtual border router tell its BGP peers that a block is behind it.",
  pollWith: "DescribeBgpNetworks",
  authorisation: {
    action: "vpc:AddBgpNetwork",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    DstCidrBlock: string({ required: true, lengthMax: 64, invalid: bgpNetworkErrors.blockMalformed }),
    VpcId: optionalId,
    RouterId: id,
    ClientToken: clientToken,
  },
  response: {},
  targets: { router: target({ kind: virtualBorderRouter, parameter: "RouterId", missing: bgpErrors.notFound }) },
  check: [
    {
      rule: "DstCidrBlock is an IPv4 block without host bits, or an address",
      error: bgpNetworkErrors.blockMalformed,
      holds: ({ input }) => networkBlock(input.DstCidrBlock) !== undefined,
    },
    {
      rule: `DstCidrBlock does not lie in ${multicast}`,
      error: bgpNetworkErrors.blockIsMulticast,
      holds: ({ input }) => !blockContains(multicast, networkBlock(input.DstCidrBlock) ?? ""),
    },
    {
      rule: "VpcId, if given, is a VPC of whatever region that the caller owns, or that was granted to the virtual border router",
      error: bgpErrors.notFound,
      source: "inferred",
      holds: async ({ input, state, targets }) => {
        if (input.VpcId === undefined) return true;
        const named = await state.get(vpc, input.VpcId);
        return named !== undefined && (await mayUse(state, targets.router, named));
      },
    },
    routerIsActive,
    {
      rule: "the virtual border router has no network with the block yet",
      error: bgpNetworkErrors.alreadyExists,
      holds: async ({ input, state }) => (await findNetwork(state, input.RouterId, input.DstCidrBlock)) === undefined,
    },
  ],
  apply: async ({ input, caller, state }) => {
    await state.create(
      bgpNetwork,
      {
        id: state.newId(bgpNetwork, input.RegionId),
        account: caller.account,
        region: input.RegionId,
        routerId: input.RouterId,
        dstCidrBlock: input.DstCidrBlock,
        vpcId: input.VpcId ?? "",
      },
      "AddBgpNetwork",
    );
    return {};
  },
});
