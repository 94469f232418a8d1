import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { trafficIsEnabled } from "../physical-connections/rules.ts";
import { portCanBeShared, takenVlans, vlanIsFree } from "../physical-connections/vlans.ts";
import { borderRouterErrors } from "./errors.ts";
import { ownsFirstCircuit, routerTarget } from "./rules.ts";
import { virtualBorderRouter } from "./virtual-border-router.ts";

export const recoverVirtualBorderRouter = writeOperation({
  product: Vpc,
  name: "RecoverVirtualBorderRouter",
  summary: "Takes a virtual border router into use again, for the owner of its circuit, unless another has its VLAN by now.",
  pollWith: "DescribeVirtualBorderRouters",
  authorisation: {
    action: "vpc:RecoverVirtualBorderRouter",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, VbrId: id, ClientToken: clientToken },
  response: {},
  targets: { router: routerTarget(borderRouterErrors.notFoundOnTerminate) },
  check: [
    {
      rule: "the caller owns the circuit of the virtual border router",
      error: borderRouterErrors.recoverNotAllowed,
      holds: ownsFirstCircuit,
    },
    stateAllows("router", virtualBorderRouter, "RecoverVirtualBorderRouter", borderRouterErrors.statusOnRecover),
    trafficIsEnabled,
    {
      rule: "nobody else has a VLAN of the virtual border router by now, nor one beside VLAN 0",
      error: borderRouterErrors.vlanTakenOnRecover,
      holds: async ({ state, now, targets: { router } }) => {
        for (const { physicalConnectionId, vlanId } of router.circuits) {
          const taken = await takenVlans(state, physicalConnectionId, now);
          if (![vlanIsFree, portCanBeShared].every((fits) => fits(taken, vlanId, router.id))) return false;
        }
        return true;
      },
    },
  ],
  apply: async ({ state, targets }) => {
    await state.move(virtualBorderRouter, targets.router, "RecoverVirtualBorderRouter", { recoveredAt: state.now });
    return {};
  },
});
