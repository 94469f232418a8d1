import { clientToken, idOr, regionId, tagList } from "../../../contract/common-parameters.ts";
import { scopeOf, scoped } from "../../../contract/indexes.ts";
import { type Call, rulesOn, target, writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, long, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { listAll } from "../../../contract/resource-kind.ts";
import { text } from "../../../contract/response.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { account } from "../../accounts/account.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../../tags/tag-rules.ts";
import { routeTable } from "../../vpc/route-table.ts";
import { isShared, type PhysicalConnection, physicalConnection } from "../physical-connections/physical-connection.ts";
import { trafficIsEnabled } from "../physical-connections/rules.ts";
import { routerInterface } from "../router-interfaces/router-interface.ts";
import { borderRouterErrors } from "./errors.ts";
import { addressRules, type GivenAddresses, mergedAddresses, newVbrCircuit } from "./gateway-addresses.ts";
import { addressParameters, bandwidths, circuitCode, routerDescription, routerName, vlanId } from "./parameters.ts";
import {
  addressesAreGiven,
  circuitHasRoom,
  circuitIsEnabled,
  fitsCircuit,
  onlyItsOwnerNamesIt,
  onlyItsOwnerSaysAddresses,
  type GivenNames,
  vlanRules,
} from "./rules.ts";
import { virtualBorderRouter } from "./virtual-border-router.ts";

export const createVirtualBorderRouter = writeOperation({
  product: Vpc,
  name: "CreateVirtualBorderRouter",
  summary:
    "Creates a virtual border router on a circuit, for the circuit's owner or for another account, which then has to give it its addresses.",
  authorisation: {
    action: "vpc:CreateVirtualBorderRouter",
    resources: [
      "acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}",
      "acs:vpc:{regionId}:{accountId}:virtualborderrouter/*",
    ],
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    PhysicalConnectionId: idOr(borderRouterErrors.circuitMissing),
    VbrOwnerId: long({ invalid: borderRouterErrors.ownerIllegal }),
    VlanId: vlanId,
    CircuitCode: circuitCode,
    ...addressParameters({
      localIp: borderRouterErrors.localIpMalformed,
      peerIp: borderRouterErrors.ipIllegal,
      mask: borderRouterErrors.maskMalformed,
      ipv6: borderRouterErrors.ipIllegal,
      ipv6Block: borderRouterErrors.blockIllegal,
    }),
    Description: routerDescription(borderRouterErrors.descriptionMalformed),
    Name: routerName(borderRouterErrors.nameMalformed),
    ClientToken: clientToken,
    EnableIpv6: boolean({ default: false }),
    Bandwidth: integer({ invalid: borderRouterErrors.bandwidthIllegal }),
    ResourceGroupId: string({ invalid: resourceGroupErrors.vpcUnknown }),
    Tags: tagList,
    // The name that Terraform gives them.
    Tag: tagList,
  },
  response: { VbrId: text },
  targets: {
    circuit: target({ kind: physicalConnection, parameter: "PhysicalConnectionId", missing: borderRouterErrors.circuitNotFound }),
  },
  check: [
    {
      rule: "VbrOwnerId is an account",
      error: borderRouterErrors.ownerNotFound,
      holds: async ({ input, state }) => input.VbrOwnerId === undefined || (await state.get(account, input.VbrOwnerId)) !== undefined,
    },
    ...onlyItsOwnerSaysAddresses(isForCaller, ({ input }) => [input]),
    ...onlyItsOwnerNamesIt(isForCaller, ({ input }) => input),
    ...addressesAreGiven(isForCaller, ({ input }) => input, borderRouterErrors.ipIllegal),
    ...rulesOn(({ input }: Request) => [mergedAddresses(input)], addressRules(borderRouterErrors.ipIllegal)),
    ...tagRules("Tags"),
    ...tagRules("Tag"),
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
    trafficIsEnabled,
    circuitIsEnabled,
    {
      rule: "the shared circuit is Enabled",
      error: borderRouterErrors.sharedStatus,
      holds: ({ targets: { circuit } }) => !isShared(circuit) || circuit.state === "Enabled",
      fill: ({ targets }) => [targets.circuit.id],
      subject: ({ targets }) => ({ kind: physicalConnection, resource: targets.circuit }),
    },
    {
      rule: "a router on a shared circuit is for the circuit's owner",
      error: borderRouterErrors.otherOwnerOnShared,
      holds: (call) => !isShared(call.targets.circuit) || isForCaller(call),
    },
    {
      rule: "a shared circuit has one router",
      error: borderRouterErrors.sharedHasRouter,
      holds: async ({ state, targets: { circuit } }) =>
        !isShared(circuit) || (await state.count(virtualBorderRouter, [["onCircuit", circuit.id]])) === 0,
    },
    {
      rule: "a router on a shared circuit has the VLAN of the circuit",
      error: borderRouterErrors.vlanMalformed,
      source: "inferred",
      holds: ({ input, targets: { circuit } }) => !isShared(circuit) || input.VlanId === circuit.vlanId,
    },
    {
      rule: "a router on a shared circuit has the bandwidth of the circuit",
      error: borderRouterErrors.bandwidthOfShared,
      holds: ({ input, targets: { circuit } }) => !isShared(circuit) || (input.Bandwidth ?? circuit.bandwidth) === circuit.bandwidth,
    },
    {
      rule: `Bandwidth on a circuit that is not shared is one of ${bandwidths.join(", ")}`,
      error: borderRouterErrors.bandwidthIllegal,
      holds: ({ input, targets: { circuit } }) =>
        isShared(circuit) || input.Bandwidth === undefined || bandwidths.includes(input.Bandwidth),
    },
    fitsCircuit(
      ({ input }: Request) => input.Bandwidth,
      ({ targets }) => targets.circuit,
      borderRouterErrors.bandwidthExceeded,
    ),
    ...vlanRules(({ input }: Request) => input.VlanId, borderRouterErrors),
    circuitHasRoom,
    {
      rule: "the account has room for another virtual border router without a router interface (quota freevbr)",
      error: borderRouterErrors.idleQuota,
      advice: quotaAdvice("freevbr"),
      holds: async (call) => {
        const { targets, caller, state, settings } = call;
        // What others make for an account is not its doing until it confirms.
        if (!isForCaller(call)) return true;
        const own = scoped(scopeOf(caller.account, undefined), caller.account);
        let idle = 0;
        for (const { id, state: status } of await listAll(state, virtualBorderRouter, [["owner", own]])) {
          if (status !== "unconfirmed" && (await state.count(routerInterface, [["liveOfRouter", id]])) === 0) idle += 1;
        }
        return idle < settings.quota("freevbr", caller.account, targets.circuit.region);
      },
    },
  ],
  apply: async ({ input, targets: { circuit }, caller, state }) => {
    const owner = input.VbrOwnerId ?? caller.account;
    const owned = { account: owner, region: circuit.region };
    const event = owner === caller.account ? "CreateVirtualBorderRouter" : "createdForOtherAccount";
    const id = state.newId(virtualBorderRouter, circuit.region);
    const table = await state.create(
      routeTable,
      {
        ...owned,
        id: state.newId(routeTable, circuit.region),
        resourceGroups: await resourceGroupsFor(state, owner, owner === caller.account ? input.ResourceGroupId : undefined),
        routerType: "VBR",
        vpcId: id,
        vRouterId: id,
        name: "",
        description: "",
        type: "System",
        associateType: "VSwitch",
        routePropagationEnable: true,
      },
      "CreateVirtualBorderRouter",
    );
    await state.create(
      virtualBorderRouter,
      {
        ...owned,
        id,
        tags: tagsFor(caller.account, input.Tags.length > 0 ? input.Tags : input.Tag),
        // Each party has it in a group of its own.
        resourceGroups: { ...table.resourceGroups, ...(await resourceGroupsFor(state, caller.account, input.ResourceGroupId)) },
        circuits: [newVbrCircuit(state, circuit, input)],
        accessPointId: circuit.accessPointId,
        routeTableId: table.id,
        name: input.Name ?? "",
        description: input.Description ?? "",
        bandwidth: input.Bandwidth ?? (isShared(circuit) ? circuit.bandwidth : 0),
        // Clients expect a router to have BFD from the start.
        minTxInterval: 1000,
        minRxInterval: 1000,
        detectMultiplier: 10,
        mtu: 0,
        sitelinkEnable: false,
        activatedAt: owner === caller.account ? state.now : 0,
        terminatedAt: 0,
        recoveredAt: 0,
      },
      event,
    );
    return { VbrId: id };
  },
});

interface Request extends Pick<Call, "caller" | "state" | "now"> {
  readonly input: GivenAddresses &
    GivenNames & {
      readonly VbrOwnerId: string | undefined;
      readonly VlanId: number;
      readonly Bandwidth: number | undefined;
    };
  readonly targets: { readonly circuit: PhysicalConnection };
}
function isForCaller({ input, caller }: Request): boolean {
  return input.VbrOwnerId === undefined || input.VbrOwnerId === caller.account;
}
