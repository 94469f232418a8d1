import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { type Call, writeOperation } from "../../../contract/operation.ts";
import { listAll } from "../../../contract/resource-kind.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { type VirtualBorderRouter, virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { circuitErrors } from "./errors.ts";
import { isShared, type PhysicalConnection, physicalConnection } from "./physical-connection.ts";
import { circuitOfEither } from "./rules.ts";

export const deletePhysicalConnection = writeOperation({
  product: Vpc,
  name: "DeletePhysicalConnection",
  summary: "Deletes a circuit that is not in use: a shared one by the partner until the tenant has accepted it, then by the tenant.",
  authorisation: {
    action: "vpc:DeletePhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "public-docs",
  },
  parameters: { RegionId: regionId, PhysicalConnectionId: id, ClientToken: clientToken },
  response: {},
  targets: { circuit: circuitOfEither(circuitErrors.notFound) },
  check: [
    {
      rule: "the tenant deletes a shared circuit that the tenant has accepted",
      error: circuitErrors.needsTenant,
      source: "inferred",
      holds: ({ caller, targets: { circuit } }) => !circuit.accepted || caller.account === circuit.account,
    },
    {
      rule: "the partner deletes a shared circuit that the tenant has not accepted",
      error: circuitErrors.needsPartner,
      source: "inferred",
      holds: ({ caller, targets: { circuit } }) => !isShared(circuit) || circuit.accepted || caller.account === circuit.parentOwner,
    },
    {
      rule: "no virtual border router was created on the circuit",
      error: circuitErrors.routerExists,
      holds: async (call) => (await routersOn(call)).every(({ circuits }) => circuits[0].physicalConnectionId !== call.targets.circuit.id),
    },
    {
      rule: "no virtual border router is associated with the circuit",
      error: circuitErrors.routerAssociated,
      holds: async (call) => (await routersOn(call)).length === 0,
    },
    stateAllows("circuit", physicalConnection, "DeletePhysicalConnection", circuitErrors.statusOnDelete),
  ],
  apply: async ({ state, targets }) => {
    await state.move(physicalConnection, targets.circuit, "DeletePhysicalConnection");
    return {};
  },
});

/** The routers that a circuit serves, of whatever account. */
function routersOn({
  state,
  targets,
}: Pick<Call, "state"> & { readonly targets: { readonly circuit: PhysicalConnection } }): Promise<VirtualBorderRouter[]> {
  return listAll(state, virtualBorderRouter, [["onCircuit", targets.circuit.id]]);
}
