import { nextToken, nextTokenIsOurs, optionalId, regionId, tagList } from "../../../contract/common-parameters.ts";
import { scopeOf, tagsOf } from "../../../contract/indexes.ts";
import { readOperation } from "../../../contract/operation.ts";
import { boolean, integer, list, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import type { Listed, ResourceReader } from "../../../contract/resource-kind.ts";
import { int, listOf, optional, structure, text } from "../../../contract/response.ts";
import { acceptanceOf, sharedCircuitFields, sharedCircuitView } from "./circuit-view.ts";
import { circuitErrors } from "./errors.ts";
import { type PhysicalConnection, type PhysicalConnectionBody, physicalConnection } from "./physical-connection.ts";

const valuesMax = 100;
// Terraform sends a single status as plain text.
const texts = list(string({ lengthMax: 128 }), { itemsMax: valuesMax, also: ["comma", "json"] });

export const listVirtualPhysicalConnections = readOperation({
  product: Vpc,
  name: "ListVirtualPhysicalConnections",
  summary: "Lists the shared circuits on circuits of the caller.",
  authorisation: {
    action: "vpc:ListVirtualPhysicalConnections",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/*"],
    source: "inferred",
  },
  parameters: {
    PhysicalConnectionId: optionalId,
    VirtualPhysicalConnectionBusinessStatus: string(),
    VirtualPhysicalConnectionIds: texts,
    IsConfirmed: boolean(),
    VirtualPhysicalConnectionStatuses: texts,
    VirtualPhysicalConnectionAliUids: texts,
    VlanIds: texts,
    MaxResults: integer({ default: 20, min: 1, max: 100 }),
    NextToken: nextToken,
    RegionId: regionId,
    Tags: tagList,
    ResourceGroupId: string(),
  },
  response: {
    Count: int,
    NextToken: optional(text),
    TotalCount: int,
    VirtualPhysicalConnections: listOf(structure(sharedCircuitFields)),
  },
  check: [
    nextTokenIsOurs,
    {
      rule: "PhysicalConnectionId, if given, names a circuit of the caller in the region",
      error: circuitErrors.sharedNotFound,
      holds: async ({ input, caller, state }) => {
        if (input.PhysicalConnectionId === undefined) return true;
        const circuit = await state.get(physicalConnection, input.PhysicalConnectionId);
        return circuit?.account === caller.account && circuit.region === input.RegionId;
      },
      fill: ({ input }) => [input.PhysicalConnectionId ?? ""],
    },
  ],
  read: async ({ input, caller, state, settings }) => {
    const matches = (shared: PhysicalConnection): boolean =>
      [
        oneOf(input.VirtualPhysicalConnectionIds, shared.id),
        oneOf(input.VirtualPhysicalConnectionStatuses, acceptanceOf(shared)),
        oneOf(input.VirtualPhysicalConnectionAliUids, shared.account),
        oneOf(input.VlanIds, String(shared.vlanId)),
        (input.PhysicalConnectionId ?? shared.parentId) === shared.parentId,
        (input.VirtualPhysicalConnectionBusinessStatus ?? shared.BusinessStatus) === shared.BusinessStatus,
        (input.IsConfirmed ?? shared.accepted) === shared.accepted,
        (input.ResourceGroupId ?? shared.resourceGroups[caller.account]) === shared.resourceGroups[caller.account],
        input.Tags.every(({ Key, Value }) =>
          tagsOf(shared, caller.account).some((tag) => tag.Key === Key && (Value ?? tag.Value) === tag.Value),
        ),
      ].every(Boolean);
    const found = (await allShared(state, caller.account, input.RegionId)).filter(({ resource }) => matches(resource));
    const after = state.positionOf(input.NextToken);
    const left = found.filter(({ position }) => position > after);
    const page = left.slice(0, input.MaxResults);
    const last = page.at(-1);
    const points = settings.accessPoints(input.RegionId);
    return {
      Count: page.length,
      NextToken: left.length > page.length && last !== undefined ? state.pageToken(last.position) : undefined,
      TotalCount: found.length,
      VirtualPhysicalConnections: page.map(({ resource }) => sharedCircuitView(resource, points)),
    };
  },
});

/** Whether a list of alternatives allows a value; an empty one allows every. */
function oneOf(allowed: readonly string[], value: string): boolean {
  return allowed.length === 0 || allowed.includes(value);
}

/** The shared circuits on all circuits of an account in a region. Quotas bound their number. */
async function allShared(state: ResourceReader, account: string, region: string): Promise<Listed<PhysicalConnectionBody>[]> {
  const filter = [["sharedBy", scopeOf(account, region)]] as const;
  return state.list(physicalConnection, filter, { limit: await state.count(physicalConnection, filter) });
}
