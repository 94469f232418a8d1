import { clientToken, dryRun, idOr, regionId, tagList } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { long, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { text } from "../../../contract/response.ts";
import { featureAdvice, quotaAdvice } from "../../../contract/settings.ts";
import { account } from "../../accounts/account.ts";
import { resourceGroupExists, resourceGroupsFor } from "../../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../../tags/tag-rules.ts";
import { circuitErrors } from "./errors.ts";
import { circuitDescription, circuitName } from "./parameters.ts";
import { isShared, newCircuit, orderModes, physicalConnection, sharedSpecs } from "./physical-connection.ts";
import { ownCircuit, sharedBandwidth } from "./rules.ts";
import { portCanBeShared, takenVlans, vlanIsFree, vlanMax } from "./vlans.ts";

export const createVirtualPhysicalConnection = writeOperation({
  product: Vpc,
  name: "CreateVirtualPhysicalConnection",
  summary: "Gives a tenant a VLAN of a circuit as a circuit of its own. The tenant accepts it with ConfirmPhysicalConnection.",
  authorisation: {
    action: "vpc:CreateVirtualPhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "public-docs",
  },
  parameters: {
    OrderMode: string({
      required: true,
      valid: (value) => orderModes.includes(value as never),
      invalid: circuitErrors.orderModeUnknown,
      description: orderModes.join(", "),
    }),
    VlanId: long({ required: true, invalid: circuitErrors.vlanMalformed }),
    Spec: string({
      required: true,
      missing: circuitErrors.specMissing,
      valid: (value) => Object.hasOwn(sharedSpecs, value),
      invalid: circuitErrors.specUnknown,
      description: Object.keys(sharedSpecs).join(", "),
    }),
    VpconnAliUid: long({ required: true, invalid: circuitErrors.tenantUnknown }),
    PhysicalConnectionId: idOr(circuitErrors.idMissingOnShare),
    Name: circuitName(circuitErrors.nameMalformedOnShare),
    Token: clientToken,
    DryRun: dryRun,
    Description: circuitDescription(circuitErrors.descriptionMalformedOnModify),
    RegionId: regionId,
    ResourceGroupId: string(),
    Tag: tagList,
  },
  response: { VirtualPhysicalConnection: text },
  targets: { circuit: ownCircuit(circuitErrors.notFoundOnShare) },
  check: [
    {
      rule: `VlanId is 0 to ${vlanMax}`,
      error: circuitErrors.vlanIllegal,
      holds: ({ input }) => Number(input.VlanId) <= vlanMax,
    },
    ...tagRules("Tag"),
    {
      rule: "the account may share its circuits (feature Vpconn)",
      error: circuitErrors.mayNotShare,
      advice: featureAdvice("Vpconn"),
      holds: ({ input, caller, settings }) => settings.isOpen("Vpconn", caller.account, input.RegionId),
    },
    {
      rule: "the circuit is not a shared one itself",
      error: circuitErrors.sharedNotFound,
      source: "sdk-metadata",
      holds: ({ targets }) => !isShared(targets.circuit),
      fill: ({ targets }) => [targets.circuit.id],
    },
    {
      rule: "the circuit is Enabled",
      error: circuitErrors.notEnabled,
      holds: ({ targets }) => targets.circuit.state === "Enabled",
      subject: ({ targets }) => ({ kind: physicalConnection, resource: targets.circuit }),
    },
    {
      rule: "VpconnAliUid is an account",
      error: circuitErrors.tenantUnknown,
      holds: async ({ input, state }) => (await state.get(account, input.VpconnAliUid)) !== undefined,
    },
    resourceGroupExists("ResourceGroupId", circuitErrors.resourceGroupOnShare),
    {
      rule: "no router and no other shared circuit has the VLAN on the circuit",
      error: circuitErrors.vlanTaken,
      holds: async ({ input, state, targets, now }) => vlanIsFree(await takenVlans(state, targets.circuit.id, now), Number(input.VlanId)),
    },
    {
      rule: "who has VLAN 0 has the circuit alone",
      error: circuitErrors.untaggedTaken,
      holds: async ({ input, state, targets, now }) =>
        portCanBeShared(await takenVlans(state, targets.circuit.id, now), Number(input.VlanId)),
    },
    {
      rule: "the circuit carries its shared circuits together",
      error: circuitErrors.bandwidthTaken,
      holds: async ({ input, state, targets: { circuit } }) =>
        (await sharedBandwidth(state, circuit.id)) + (sharedSpecs[input.Spec] ?? 0) <= circuit.bandwidth,
    },
    {
      rule: "the circuit has fewer shared circuits than the quota VPCONN",
      error: circuitErrors.sharedFull,
      advice: quotaAdvice("VPCONN"),
      holds: async ({ input, caller, state, targets, settings }) =>
        (await state.count(physicalConnection, [["sharedOn", targets.circuit.id]])) <
        settings.quota("VPCONN", caller.account, input.RegionId),
    },
  ],
  apply: async ({ input, caller, state, targets: { circuit } }) => {
    const { accessPointId, type, lineOperator, portType, peerLocation, circuitCode, opticalModuleModel } = circuit;
    const created = await state.create(
      physicalConnection,
      {
        ...newCircuit,
        id: state.newId(physicalConnection, input.RegionId),
        account: input.VpconnAliUid,
        region: input.RegionId,
        tags: tagsFor(caller.account, input.Tag),
        // Each side files it in a group of its own.
        resourceGroups: {
          ...(await resourceGroupsFor(state, input.VpconnAliUid, undefined)),
          ...(await resourceGroupsFor(state, caller.account, input.ResourceGroupId)),
        },
        accessPointId,
        type,
        lineOperator,
        portType,
        portNumber: "",
        bandwidth: sharedSpecs[input.Spec] ?? 0,
        peerLocation,
        redundantPhysicalConnectionId: "",
        circuitCode,
        name: input.Name ?? "",
        description: input.Description ?? "",
        opticalModuleModel,
        deviceAdvancedCapacity: [],
        parentId: circuit.id,
        parentOwner: circuit.account,
        vlanId: Number(input.VlanId),
        spec: input.Spec,
        orderMode: input.OrderMode,
      },
      "CreateVirtualPhysicalConnection",
    );
    return { VirtualPhysicalConnection: created.id };
  },
});
