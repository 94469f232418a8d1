import { clientToken, idOr, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { entriesTo } from "../../vpc/route-entry.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { borderRouterErrors } from "./errors.ts";
import { type OnRouter, ownsRouter, routerTarget } from "./rules.ts";
import { type VbrCircuit, virtualBorderRouter } from "./virtual-border-router.ts";

export const unassociatePhysicalConnectionFromVirtualBorderRouter = writeOperation({
  product: Vpc,
  name: "UnassociatePhysicalConnectionFromVirtualBorderRouter",
  summary: "Takes a virtual border router off a circuit that it was associated with, and over which none of its route entries leads.",
  authorisation: {
    action: "vpc:UnassociatePhysicalConnectionFromVirtualBorderRouter",
    resources: [
      "acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}",
      "acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}",
    ],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    VbrId: idOr(borderRouterErrors.idMissing),
    PhysicalConnectionId: idOr(borderRouterErrors.idMissing),
    ClientToken: clientToken,
  },
  response: {},
  targets: { router: routerTarget(borderRouterErrors.notFound) },
  check: [
    {
      rule: "the virtual border router is on the circuit",
      error: borderRouterErrors.notAssociated,
      holds: (call) => circuitOf(call) !== undefined,
    },
    {
      rule: "the caller owns the virtual border router or the circuit",
      error: borderRouterErrors.operationNotAllowed,
      holds: (call) => ownsRouter(call) || circuitOf(call)?.circuitOwner === call.caller.account,
    },
    {
      rule: "the virtual border router was not created on the circuit",
      error: borderRouterErrors.associationNotAllowed,
      source: "inferred",
      holds: (call) => circuitOf(call) !== call.targets.router.circuits[0],
    },
    stateAllows(
      "router",
      virtualBorderRouter,
      "UnassociatePhysicalConnectionFromVirtualBorderRouter",
      borderRouterErrors.statusOnAssociate,
    ),
    {
      rule: "no route entry leads over the circuit",
      error: borderRouterErrors.vlanInterfaceUsed,
      holds: async (call) => (await entriesTo(call.state, "RouterInterface", circuitOf(call)?.vlanInterfaceId ?? "")).length === 0,
    },
  ],
  apply: async (call) => {
    const { state, targets } = call;
    const [first, ...others] = targets.router.circuits;
    await state.move(virtualBorderRouter, targets.router, "UnassociatePhysicalConnectionFromVirtualBorderRouter", {
      circuits: [first, ...others.filter((circuit) => circuit !== circuitOf(call))],
    });
    return {};
  },
});

/** The router's side of the circuit that the call names. */
function circuitOf({
  input,
  targets,
}: Pick<OnRouter, "targets"> & { readonly input: { readonly PhysicalConnectionId: string } }): VbrCircuit | undefined {
  return targets.router.circuits.find(({ physicalConnectionId }) => physicalConnectionId === input.PhysicalConnectionId);
}
