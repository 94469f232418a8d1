import { versionOf } from "../../contract/cidr.ts";
import { dryRun, id, regionId } from "../../contract/common-parameters.ts";
import { invalidParameter } from "../../contract/errors.ts";
import { type Call, type Rule, rulesOn, writeOperation } from "../../contract/operation.ts";
import { integer, list, object, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { int, listOf, structure, text } from "../../contract/response.ts";
import { batchEntriesMax, failedEntry, onDryRun, tableNamed, vpcsOfTables, tablesInBatch } from "./batch-of-entries.ts";
import { routeErrors } from "./errors.ts";
import { addEntry, entryQuotas, newEntryPlaceRules, newEntryRules, type Proposal } from "./new-route-entry.ts";
import { normalDestination } from "./route-destination.ts";
import { routeEntry } from "./route-entry.ts";
import type { RouteTable } from "./route-table.ts";
import { descriptionParameter, nameParameter, vpcIsSteady } from "./rules.ts";

export const createRouteEntries = writeOperation({
  product: Vpc,
  name: "CreateRouteEntries",
  summary: "Adds several custom entries to route tables. Each entry succeeds or fails for itself; the answer says which failed, and why.",
  pollWith: "DescribeRouteEntryList",
  authorisation: {
    action: "vpc:CreateRouteEntries",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    fill: tablesInBatch,
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    RouteEntries: list(
      object({
        DstCidrBlock: string({ required: true, lengthMax: 64 }),
        RouteTableId: id,
        IpVersion: integer({ min: 4, max: 6 }),
        NextHop: id,
        NextHopType: string({ required: true, lengthMax: 64 }),
        Name: nameParameter(routeErrors.nameMalformed),
        Description: descriptionParameter(invalidParameter("RouteEntries")),
      }),
      { itemsMax: batchEntriesMax, required: true },
    ),
    DryRun: dryRun,
  },
  response: {
    FailedCount: int,
    FailedRouteEntries: listOf(structure({ DstCidrBlock: text, FailedCode: text, FailedMessage: text, NextHop: text })),
    RouteEntryIds: listOf(text),
    SuccessCount: int,
  },
  check: [
    ...vpcIsSteady<Request>(vpcsOfTables, {
      vpc: routeErrors.vpcStatus,
      vSwitch: routeErrors.vSwitchBusy,
      routeTable: routeErrors.tableBusy,
      routeEntry: routeErrors.entryBusy,
    }),
    ...onDryRun((call: Request) => call.input.RouteEntries.map((given) => ({ ...call, given })), memberRules()),
    // A real run meets these two by itself, because it adds one entry after the other.
    {
      rule: "in a dry run, no two entries have the same destination in the same table",
      error: routeErrors.destinationDuplicate,
      holds: ({ input: { DryRun, RouteEntries } }) => {
        if (!DryRun) return true;
        const places = RouteEntries.map(({ RouteTableId, DstCidrBlock }) => `${RouteTableId} ${normalDestination(DstCidrBlock)}`);
        return new Set(places).size === places.length;
      },
    },
    {
      rule: `in a dry run, each table has room for all of its entries (quota ${Object.values(entryQuotas).join(" or ")})`,
      error: routeErrors.quota,
      holds: async (call) => {
        const { input, caller, state, settings } = call;
        for (const [tableId, entries] of Map.groupBy(input.DryRun ? input.RouteEntries : [], ({ RouteTableId }) => RouteTableId)) {
          const there = await state.count(routeEntry, [["customOfTable", tableId]]);
          const quota = entryQuotas[(await tableNamed(call, tableId))?.routerType ?? "VRouter"];
          if (there + entries.length > settings.quota(quota, caller.account, input.RegionId)) return false;
        }
        return true;
      },
    },
  ],
  apply: async (call) => {
    const failed = [];
    const added: string[] = [];
    for (const given of call.input.RouteEntries) {
      const member = { ...call, given };
      const refusal = await call.judgeMember(`${given.RouteTableId} ${given.DstCidrBlock}`, member, memberRules());
      if (refusal === undefined) added.push((await addEntry(call.state, (await proposalOf(member)).entry, "CreateRouteEntries")).id);
      else failed.push(failedEntry(given, refusal));
    }
    return { FailedCount: failed.length, FailedRouteEntries: failed, RouteEntryIds: added, SuccessCount: added.length };
  },
});

interface Given {
  readonly DstCidrBlock: string;
  readonly RouteTableId: string;
  readonly IpVersion: number | undefined;
  readonly NextHop: string;
  readonly NextHopType: string;
  readonly Name: string | undefined;
  readonly Description: string | undefined;
}
interface Request extends Pick<Call, "caller" | "state" | "settings"> {
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
    ...rulesOn(proposalOf, newEntryRules),
    {
      rule: "IpVersion, if given, is the version of the destination",
      error: routeErrors.ipVersionOfDestination,
      holds: ({ given }) => given.IpVersion === undefined || given.IpVersion === versionOf(given.DstCidrBlock),
      fill: () => ["The specified IpVersion does not match the destination CIDR block."],
    },
    ...rulesOn(proposalOf, newEntryPlaceRules),
  ];
}

async function proposalOf(member: Member): Promise<Proposal> {
  const { given } = member;
  return {
    ...member,
    entry: {
      // The first rule has made sure of it.
      table: (await tableNamed(member, given.RouteTableId)) as RouteTable,
      destination: given.DstCidrBlock,
      nextHops: [{ type: given.NextHopType, id: given.NextHop, weight: 0 }],
      name: given.Name ?? "",
      description: given.Description ?? "",
    },
  };
}
