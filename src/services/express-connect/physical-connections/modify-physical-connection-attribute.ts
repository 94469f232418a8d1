import { clientToken, id, optionalId, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { integer } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { invalidParameter } from "../../../contract/errors.ts";
import { listAll } from "../../../contract/resource-kind.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { circuitErrors } from "./errors.ts";
import { bandwidth, circuitCode, circuitDescription, circuitName, optionalLineOperator, peerLocation, portType } from "./parameters.ts";
import { isShared, physicalConnection, portSpeed } from "./physical-connection.ts";
import { ownCircuit, redundantCircuitIsThere, sharedBandwidth } from "./rules.ts";

export const modifyPhysicalConnectionAttribute = writeOperation({
  product: Vpc,
  name: "ModifyPhysicalConnectionAttribute",
  summary: "Changes what is known of a circuit; of a shared one its name and description only.",
  authorisation: {
    action: "vpc:ModifyPhysicalConnectionAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    PhysicalConnectionId: id,
    LineOperator: optionalLineOperator,
    bandwidth,
    PeerLocation: peerLocation,
    PortType: portType,
    RedundantPhysicalConnectionId: optionalId,
    Description: circuitDescription(circuitErrors.descriptionMalformedOnModify),
    Name: circuitName(circuitErrors.nameMalformed),
    ClientToken: clientToken,
    CircuitCode: circuitCode,
    DownDelayTime: integer({ min: 0, max: 10_000 }),
  },
  response: {},
  targets: { circuit: ownCircuit(circuitErrors.notFound) },
  check: [
    {
      rule: "DownDelayTime is a multiple of 100",
      error: invalidParameter("DownDelayTime"),
      source: "sdk-metadata",
      holds: ({ input }) => (input.DownDelayTime ?? 0) % 100 === 0,
    },
    {
      rule: "the line of a shared circuit is that of the circuit that it runs on",
      error: circuitErrors.ofSharedCircuit,
      source: "inferred",
      holds: ({ input, targets }) =>
        !isShared(targets.circuit) ||
        [
          input.LineOperator,
          input.bandwidth,
          input.PeerLocation,
          input.PortType,
          input.RedundantPhysicalConnectionId,
          input.CircuitCode,
          input.DownDelayTime,
        ].every((value) => value === undefined),
    },
    stateAllows("circuit", physicalConnection, "ModifyPhysicalConnectionAttribute", circuitErrors.status),
    {
      rule: "the port is as fast as the bandwidth",
      error: circuitErrors.bandwidthOfPort,
      source: "inferred",
      holds: ({ input, targets: { circuit } }) => (input.bandwidth ?? circuit.bandwidth) <= portSpeed(input.PortType ?? circuit.portType),
    },
    {
      rule: "the bandwidth carries what shared circuits have of it together, and each router on it alone",
      error: circuitErrors.bandwidthInvalid,
      source: "inferred",
      holds: async ({ input, state, targets: { circuit } }) => {
        if (input.bandwidth === undefined) return true;
        const routers = await listAll(state, virtualBorderRouter, [["onCircuit", circuit.id]]);
        return input.bandwidth >= Math.max(await sharedBandwidth(state, circuit.id), ...routers.map(({ bandwidth }) => bandwidth));
      },
    },
    ...redundantCircuitIsThere(circuitErrors.redundantNotOwn),
  ],
  apply: async ({ input, state, targets: { circuit } }) => {
    await state.move(physicalConnection, circuit, "ModifyPhysicalConnectionAttribute", {
      lineOperator: input.LineOperator ?? circuit.lineOperator,
      bandwidth: input.bandwidth ?? circuit.bandwidth,
      peerLocation: input.PeerLocation ?? circuit.peerLocation,
      portType: input.PortType ?? circuit.portType,
      redundantPhysicalConnectionId: input.RedundantPhysicalConnectionId ?? circuit.redundantPhysicalConnectionId,
      description: input.Description ?? circuit.description,
      name: input.Name ?? circuit.name,
      circuitCode: input.CircuitCode ?? circuit.circuitCode,
      downDelayTime: input.DownDelayTime ?? circuit.downDelayTime,
    });
    return {};
  },
});
