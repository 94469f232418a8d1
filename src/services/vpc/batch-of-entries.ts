import type { Refusal } from "../../contract/errors.ts";
import type { Call, Naming, Rule } from "../../contract/operation.ts";
import { type RouteTable, routeTable } from "./route-table.ts";

/** What the two batch operations on route entries share. */

/** Members of a batch. The text of the documentation says 50, its schema 200; the wider bound is accepted. */
export const batchEntriesMax = 200;

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: {
    readonly RegionId: string;
    readonly RouteEntries: readonly { readonly RouteTableId: string }[];
    readonly DryRun: boolean;
  };
}

/** The table of a member, if the caller can see it in the region of the call. */
export async function tableNamed({ input, caller, state }: Request, tableId: string): Promise<RouteTable | undefined> {
  const table = await state.get(routeTable, tableId);
  return table?.account === caller.account && table.region === input.RegionId ? table : undefined;
}

/** The VPCs whose tables a batch touches. */
export async function vpcsOfTables(call: Request): Promise<string[]> {
  const ids = new Set(call.input.RouteEntries.map(({ RouteTableId }) => RouteTableId));
  return (await Promise.all([...ids].map(async (tableId) => (await tableNamed(call, tableId))?.vpcId))).filter((id) => id !== undefined);
}

/** A batch needs permission on each route table that its members name. */
export const tablesInBatch = {
  RouteTableId: ({ input }: Naming): readonly string[] => [
    ...new Set((input["RouteEntries"] as readonly { RouteTableId?: string }[]).map(({ RouteTableId }) => RouteTableId ?? "*")),
  ],
};

/**
 * The rules of the members as rules on a call that is a dry run. A real run tells which members failed in its answer;
 * a dry run has no answer, so the first member at fault refuses it.
 */
export function onDryRun<C extends Request, M>(membersOf: (call: C) => readonly M[], rules: readonly Rule<M>[]): Rule<C>[] {
  return rules.map(({ rule, holds, fill, subject, verdict: _verdict, ...rest }) => {
    const atFault = async (call: C): Promise<M | undefined> => {
      for (const member of call.input.DryRun ? membersOf(call) : []) if (!(await holds(member))) return member;
      return undefined;
    };
    return {
      ...rest,
      rule: `in a dry run, for each entry: ${rule}`,
      holds: async (call) => (await atFault(call)) === undefined,
      fill: async (call) => {
        const member = await atFault(call);
        return member === undefined || fill === undefined ? [] : fill(member);
      },
      subject: async (call) => {
        const member = await atFault(call);
        return member === undefined ? undefined : subject?.(member);
      },
    };
  });
}

/** A member that failed, as the answers list it. */
export function failedEntry(
  given: { readonly DstCidrBlock: string | undefined; readonly NextHop: string | undefined },
  { definition, message }: Refusal,
): { DstCidrBlock: string; FailedCode: string; FailedMessage: string; NextHop: string } {
  return { DstCidrBlock: given.DstCidrBlock ?? "", FailedCode: definition.code, FailedMessage: message, NextHop: given.NextHop ?? "" };
}
