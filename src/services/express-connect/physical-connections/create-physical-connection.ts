import { accessPointPlace } from "../../../contract/access-points.ts";
import { optionalId, regionId, tagList } from "../../../contract/common-parameters.ts";
import { scoped } from "../../../contract/indexes.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { list, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { text } from "../../../contract/response.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../../tags/tag-rules.ts";
import { circuitErrors } from "./errors.ts";
import { bandwidth, circuitCode, circuitDescription, circuitName, lineOperator, peerLocation, portType } from "./parameters.ts";
import { newCircuit, physicalConnection, portSpeed } from "./physical-connection.ts";
import { redundantCircuitIsThere, trafficIsEnabled } from "./rules.ts";

export const createPhysicalConnection = writeOperation({
  product: Vpc,
  name: "CreatePhysicalConnection",
  summary: "Applies for a circuit at an access point.",
  pollWith: "DescribePhysicalConnections",
  authorisation: {
    action: "vpc:CreatePhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/*"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    AccessPointId: string({ required: true, lengthMax: 128 }),
    Type: string({ default: "VPC", pattern: /^VPC$/, invalid: circuitErrors.typeUnknown, description: "VPC" }),
    LineOperator: lineOperator,
    bandwidth,
    PeerLocation: peerLocation,
    PortType: portType,
    RedundantPhysicalConnectionId: optionalId,
    Description: circuitDescription(circuitErrors.descriptionMalformed),
    Name: circuitName(circuitErrors.nameMalformed),
    CircuitCode: circuitCode,
    ClientToken: string({
      lengthMax: 64,
      pattern: /^[\x20-\x7e]+$/,
      invalid: circuitErrors.tokenTooLong,
      description: "ASCII, at most 64 characters",
    }),
    ResourceGroupId: string(),
    Tag: tagList,
    DeviceAdvancedCapacity: list(string({ lengthMax: 128 }), { itemsMax: 20 }),
    OpticalModuleModel: string({ lengthMax: 128 }),
  },
  response: { PhysicalConnectionId: text },
  check: [
    {
      rule: "the port is as fast as the bandwidth",
      error: circuitErrors.bandwidthOfPort,
      source: "inferred",
      holds: ({ input }) => (input.bandwidth ?? 0) <= portSpeed(input.PortType ?? ""),
    },
    ...tagRules("Tag"),
    trafficIsEnabled,
    {
      rule: "AccessPointId is an access point of the region",
      error: circuitErrors.accessPointNotFound,
      source: "inferred",
      advice: "DescribeAccessPoints lists them; the settings document (PUT /_linkspan/settings) adds others",
      holds: ({ input, settings }) => settings.accessPoints(input.RegionId).some(({ id }) => id === input.AccessPointId),
    },
    {
      rule: "the access point is neither full nor disabled",
      error: circuitErrors.accessPointStatus,
      source: "inferred",
      holds: ({ input, settings }) =>
        settings
          .accessPoints(input.RegionId)
          .some(({ id, status }) => id === input.AccessPointId && status !== "full" && status !== "disabled"),
    },
    ...redundantCircuitIsThere(circuitErrors.redundantNotFound),
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
    {
      rule: "the account has fewer circuits at the access point than the quota pConnPerAP",
      error: circuitErrors.accessPointFull,
      advice: quotaAdvice("pConnPerAP"),
      holds: async ({ input, caller, state, settings }) =>
        (await state.count(physicalConnection, [["ownAtAccessPoint", scoped(caller.account, input.AccessPointId)]])) <
        settings.quota("pConnPerAP", caller.account, input.RegionId),
    },
    {
      rule: "the account has fewer circuits at the access point that are not enabled yet than the quota freePconnPerAP",
      error: circuitErrors.tooManyOnTheWay,
      advice: quotaAdvice("freePconnPerAP"),
      holds: async ({ input, caller, state, settings }) =>
        (await state.count(physicalConnection, [["onTheWayAtAccessPoint", scoped(caller.account, input.AccessPointId)]])) <
        settings.quota("freePconnPerAP", caller.account, input.RegionId),
    },
  ],
  apply: async ({ input, caller, state, settings }) => {
    const point = settings.accessPoints(input.RegionId).find(({ id }) => id === input.AccessPointId);
    const created = await state.create(
      physicalConnection,
      {
        ...newCircuit,
        id: state.newId(physicalConnection, input.RegionId),
        account: caller.account,
        region: input.RegionId,
        tags: tagsFor(caller.account, input.Tag),
        resourceGroups: await resourceGroupsFor(state, caller.account, input.ResourceGroupId),
        accessPointId: input.AccessPointId,
        type: input.Type,
        lineOperator: input.LineOperator,
        portType: input.PortType ?? "",
        portNumber: String(1 + Number.parseInt(state.randomHex(1), 16)),
        bandwidth: input.bandwidth ?? portSpeed(input.PortType ?? ""),
        // Clients expect some place; where nobody said one, it is that of the access point.
        peerLocation: input.PeerLocation ?? (point === undefined ? "" : accessPointPlace(point)),
        redundantPhysicalConnectionId: input.RedundantPhysicalConnectionId ?? "",
        circuitCode: input.CircuitCode ?? "",
        name: input.Name ?? "",
        description: input.Description ?? "",
        opticalModuleModel: input.OpticalModuleModel ?? "",
        deviceAdvancedCapacity: input.DeviceAdvancedCapacity,
        parentId: "",
        parentOwner: "",
        vlanId: 0,
        spec: "",
        orderMode: "",
      },
      "CreatePhysicalConnection",
    );
    return { PhysicalConnectionId: created.id };
  },
});
