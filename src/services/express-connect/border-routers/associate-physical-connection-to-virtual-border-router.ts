import { clientToken, id, idOr, regionId } from "../../../contract/common-parameters.ts";
import { type Call, type Rule, rulesOn, target, writeOperation } from "../../../contract/operation.ts";
import { boolean } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import type { ErrorDefinition } from "../../../contract/errors.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { isShared, type PhysicalConnection, physicalConnection } from "../physical-connections/physical-connection.ts";
import { trafficIsEnabled } from "../physical-connections/rules.ts";
import { borderRouterErrors } from "./errors.ts";
import { addressRules, differ, type GivenAddresses, mergedAddresses, newVbrCircuit } from "./gateway-addresses.ts";
import { addressParameters, circuitCode, vlanId } from "./parameters.ts";
import {
  addressesAreGiven,
  circuitHasRoom,
  circuitIsEnabled,
  firstCircuit,
  onlyItsOwnerSaysAddresses,
  type OnRouter,
  ownsRouter,
  routerTarget,
  vlanRules,
} from "./rules.ts";
import { virtualBorderRouter } from "./virtual-border-router.ts";

/** Circuits that one router can be on: as many as traffic is spread over elsewhere. No document tells. */
const circuitsMax = 4;

export const associatePhysicalConnectionToVirtualBorderRouter = writeOperation({
  product: Vpc,
  name: "AssociatePhysicalConnectionToVirtualBorderRouter",
  summary: "Puts a virtual border router on another circuit of the caller, beside the one that it was created on.",
  authorisation: {
    action: "vpc:AssociatePhysicalConnectionToVirtualBorderRouter",
    resources: [
      "acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}",
      "acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}",
    ],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    VbrId: id,
    PhysicalConnectionId: idOr(borderRouterErrors.circuitMissing),
    VlanId: vlanId,
    CircuitCode: circuitCode,
    ...addressParameters({
      localIp: borderRouterErrors.localIpMalformed,
      peerIp: borderRouterErrors.peerIpMalformed,
      mask: borderRouterErrors.maskMalformed,
      ipv6: borderRouterErrors.ipMalformedOnAssociate,
      ipv6Block: borderRouterErrors.ipMalformedOnAssociate,
    }),
    ClientToken: clientToken,
    EnableIpv6: boolean({ default: false }),
  },
  response: {},
  targets: {
    router: routerTarget(borderRouterErrors.notFound),
    circuit: target({ kind: physicalConnection, parameter: "PhysicalConnectionId", missing: borderRouterErrors.circuitNotFound }),
  },
  check: [
    ...onlyItsOwnerSaysAddresses(ownsRouter, ({ input }: Request) => [input]),
    ...addressesAreGiven(ownsRouter, ({ input }: Request) => input, borderRouterErrors.peerIpMalformed),
    ...rulesOn(({ input }: Request) => [mergedAddresses(input)], addressRules(borderRouterErrors.ipMalformedOnAssociate)),
    stateAllows("router", virtualBorderRouter, "AssociatePhysicalConnectionToVirtualBorderRouter", borderRouterErrors.statusOnAssociate),
    {
      rule: "the virtual border router is not on the circuit yet",
      error: borderRouterErrors.alreadyAssociated,
      holds: ({ targets: { router, circuit } }) => router.circuits.every(({ physicalConnectionId }) => physicalConnectionId !== circuit.id),
    },
    {
      rule: "neither the circuit nor the one that the router was created on is a shared one",
      error: borderRouterErrors.associationNotAllowed,
      source: "inferred",
      holds: async (call) =>
        [call.targets.circuit, await firstCircuit(call)].every((circuit) => circuit !== undefined && !isShared(circuit)),
    },
    circuitIsEnabled,
    trafficIsEnabled,
    {
      rule: "the circuit ends at the access point of the virtual border router",
      error: borderRouterErrors.otherDevice,
      source: "inferred",
      holds: ({ targets: { router, circuit } }) => router.accessPointId === circuit.accessPointId,
    },
    {
      rule: `the virtual border router is on fewer than ${circuitsMax} circuits`,
      error: borderRouterErrors.tooManyCircuits,
      source: "inferred",
      holds: ({ targets }) => targets.router.circuits.length < circuitsMax,
    },
    hasOwn("localGatewayIp", borderRouterErrors.localIpTwiceOnAssociate),
    hasOwn("peerGatewayIp", borderRouterErrors.peerIpTwiceOnAssociate),
    hasOwn("localIpv6GatewayIp", borderRouterErrors.localIpv6Twice),
    hasOwn("peerIpv6GatewayIp", borderRouterErrors.peerIpv6Twice),
    ...vlanRules(({ input }: Request) => input.VlanId, {
      untaggedNotAlone: borderRouterErrors.vlanInUse,
      untaggedTaken: borderRouterErrors.vlanInUse,
    }),
    circuitHasRoom,
  ],
  apply: async ({ input, state, targets: { router, circuit } }) => {
    const [first, ...others] = router.circuits;
    await state.move(virtualBorderRouter, router, "AssociatePhysicalConnectionToVirtualBorderRouter", {
      circuits: [first, ...others, newVbrCircuit(state, circuit, input)],
    });
    return {};
  },
});

type Request = OnRouter &
  Pick<Call, "now"> & {
    readonly input: GivenAddresses & { readonly VlanId: number };
    readonly targets: { readonly circuit: PhysicalConnection };
  };

/** Rule: the router has another address on each of its circuits. */
function hasOwn(field: Parameters<typeof differ>[1], error: ErrorDefinition): Rule<Request> {
  return {
    rule: `the virtual border router has another ${field} on each circuit`,
    error,
    holds: ({ input, targets }) => differ([...targets.router.circuits, mergedAddresses(input)], field),
  };
}
