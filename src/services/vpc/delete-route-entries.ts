import { dryRun, id, optionalId, regionId } from "../../contract/common-parameters.ts";
import { type Call, type Rule, rulesOn, writeOperation } from "../../contract/operation.ts";
import { list, object, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { int, listOf, structure, text } from "../../contract/response.ts";
import { batchEntriesMax, failedEntry, onDryRun, tableNamed, vpcsOfTables, tablesInBatch } from "./batch-of-entries.ts";
import { routeErrors } from "./errors.ts";
import { type Deletion, deletionRules, entryNamed } from "./named-route-entry.ts";
import { routeEntry } from "./route-entry.ts";
import { vpcIsSteady } from "./rules.ts";

export const deleteRouteEntries = writeOperation({
  product: Vpc,
  name: "DeleteRouteEntries",
  summary: "Deletes several custom route entries. Each deletion succeeds or fails for itself; the answer says which failed, and why.",
  pollWith: "DescribeRouteEntryList",
  authorisation: {
    action: "vpc:DeleteRouteEntries",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    fill: tablesInBatch,
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    RouteEntries: list(
      object({ RouteTableId: id, RouteEntryId: optionalId, DstCidrBlock: string({ lengthMax: 64 }), NextHop: optionalId }),
      { itemsMax: batchEntriesMax },
    ),
    DryRun: dryRun,
  },
  response: {
    FailedCount: int,
    FailedRouteEntries: listOf(structure({ DstCidrBlock: text, FailedCode: text, FailedMessage: text, NextHop: text, RouteEntryId: text })),
    SuccessCount: int,
  },
  check: [
    {
      rule: "RouteEntries is given, and each member has RouteEntryId or DstCidrBlock",
      error: routeErrors.entryNotNamed,
      source: "inferred",
      holds: ({ input: { RouteEntries } }) =>
        RouteEntries.length > 0 &&
        RouteEntries.every(({ RouteEntryId, DstCidrBlock }) => RouteEntryId !== undefined || DstCidrBlock !== undefined),
    },
    ...vpcIsSteady<Request>(vpcsOfTables, {
      vpc: routeErrors.vpcStatus,
      vSwitch: routeErrors.vSwitchBusyOnDelete,
      routeTable: routeErrors.tableBusyOnDelete,
      routeEntry: routeErrors.entryBusy,
    }),
    ...onDryRun((call: Request) => call.input.RouteEntries.map((given) => ({ ...call, given })), memberRules()),
    {
      // A real run meets this by itself: the first of two has set the entry to work.
      rule: "in a dry run, no two members name the same entry",
      error: routeErrors.entryBusy,
      holds: async (call) => {
        if (!call.input.DryRun) return true;
        const named = await Promise.all(call.input.RouteEntries.map(async (given) => (await deletionOf({ ...call, given })).entry?.id));
        return new Set(named).size === named.length;
      },
    },
  ],
  apply: async (call) => {
    const failed = [];
    let deleted = 0;
    for (const given of call.input.RouteEntries) {
      const member = { ...call, given };
      const refusal = await call.judgeMember(given.RouteEntryId ?? `${given.RouteTableId} ${given.DstCidrBlock}`, member, memberRules());
      const { entry } = await deletionOf(member);
      if (refusal !== undefined) failed.push({ ...failedEntry(given, refusal), RouteEntryId: given.RouteEntryId ?? "" });
      else if (entry !== undefined) {
        await call.state.move(routeEntry, entry, "DeleteRouteEntries");
        deleted++;
      }
    }
    return { FailedCount: failed.length, FailedRouteEntries: failed, SuccessCount: deleted };
  },
});

interface Given {
  readonly RouteTableId: string;
  readonly RouteEntryId: string | undefined;
  readonly DstCidrBlock: string | undefined;
  readonly NextHop: string | undefined;
}
interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: { readonly RegionId: string; readonly RouteEntries: readonly Given[]; readonly DryRun: boolean };
}
/** One entry of the batch, with the call around it. */
interface Member extends Request {
  readonly given: Given;
}

function memberRules(): readonly Rule<Member>[] {
  return [
    {
      rule: "RouteTableId names a route table of the caller in the region",
      error: routeErrors.tableNotFound,
      holds: async (member) => (await tableNamed(member, member.given.RouteTableId)) !== undefined,
    },
    ...rulesOn(deletionOf, deletionRules),
  ];
}

async function deletionOf(member: Member): Promise<Deletion> {
  const { given, input } = member;
  const entry = await entryNamed(member, {
    regionId: input.RegionId,
    entryId: given.RouteEntryId,
    tableId: (await tableNamed(member, given.RouteTableId))?.id,
    destination: given.DstCidrBlock,
    nextHopIds: given.NextHop === undefined ? [] : [given.NextHop],
  });
  return { isNamedById: given.RouteEntryId !== undefined, entry };
}
