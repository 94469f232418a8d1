import type { ErrorDefinition } from "../../contract/errors.ts";
import type { Rule } from "../../contract/operation.ts";
import { type Parameter, string } from "../../contract/parameters.ts";
import type { AnyKind, ResourceReader, Subject } from "../../contract/resource-kind.ts";
import { allows, isTransitional } from "../../contract/state-table.ts";
import { routeTableErrors } from "./errors.ts";
import { routeEntry } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";
import { vSwitch } from "./vswitch.ts";

/** Parameters and rules that the operations of this family share. */

/** 1 to 128 characters, not beginning with `http://` or `https://`. */
export function nameParameter(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 128,
    pattern: notAnAddress,
    invalid,
    description: "1 to 128 characters, not beginning with http:// or https://",
  });
}
/** 1 to 256 characters, not beginning with `http://` or `https://`. */
export function descriptionParameter(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 256,
    multiline: true,
    pattern: notAnAddress,
    invalid,
    description: "1 to 256 characters, not beginning with http:// or https://",
  });
}
const notAnAddress = /^(?!https?:\/\/)/i;

/** Prefix lengths of a VPC's blocks. One document says 16 to 28, but the default block itself has 12. */
export const vpcBlockLimits = { version: 4, min: 8, max: 28 } as const;
/** Ranges that no block of a client may lie in. */
export const reservedBlocks = ["100.64.0.0/10", "224.0.0.0/4", "127.0.0.0/8", "169.254.0.0/16"];

/** Rule: the state table lets the operation happen to the target. */
export function stateAllows<N extends string>(
  target: N,
  kind: AnyKind,
  event: string,
  error: ErrorDefinition,
  fill: readonly string[] = [],
): Rule<{ readonly targets: { readonly [K in N]: Subject["resource"] } }> {
  return {
    rule: `the ${kind.name} is in a state that allows ${event}`,
    error,
    holds: ({ targets }) => allows(kind.states, targets[target].state, event),
    fill: () => fill,
    subject: ({ targets }) => ({ kind, resource: targets[target] }),
  };
}

interface Reading {
  readonly state: ResourceReader;
}

/**
 * Rules: the VPCs that a call changes are steady: no vSwitch, route table or route entry of them is being created, changed or deleted.
 * Writes of these families exclude each other within one VPC, and within a virtual border router, to which its table belongs in the same way.
 * What has no error given is not judged.
 */
export function vpcIsSteady<C extends Reading>(
  vpcsOf: (call: C) => readonly string[] | Promise<readonly string[]>,
  errors: Readonly<Partial<Record<"vpc" | "vSwitch" | "routeTable" | "routeEntry", ErrorDefinition>>>,
): Rule<C>[] {
  /** The rule that no resource is at work; `find` gives one that is. */
  const rule = (
    sentence: string,
    error: ErrorDefinition | undefined,
    find: (state: ResourceReader, vpcId: string) => Promise<Subject | undefined>,
  ): Rule<C>[] => {
    const subject = async (call: C): Promise<Subject | undefined> => {
      for (const vpcId of new Set(await vpcsOf(call))) {
        const found = await find(call.state, vpcId);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    const holds = async (call: C): Promise<boolean> => (await subject(call)) === undefined;
    return error === undefined ? [] : [{ rule: sentence, error, source: "public-docs", holds, subject }];
  };
  const busy =
    (kind: AnyKind) =>
    async (state: ResourceReader, vpcId: string): Promise<Subject | undefined> => {
      const [found] = await state.list<object>(kind, [["busyInVpc", vpcId]], { limit: 1 });
      return found && { kind, resource: found.resource };
    };
  return [
    ...rule("nothing is at work on the VPC itself, or on the virtual border router", errors.vpc, async (state, vpcId) => {
      const found = await state.find(vpcId);
      return found !== undefined && isTransitional(found.kind.states, found.resource.state) ? found : undefined;
    }),
    ...rule("no vSwitch of the VPC is being created, changed or deleted", errors.vSwitch, busy(vSwitch)),
    ...rule("no route table of the VPC is being created or deleted", errors.routeTable, busy(routeTable)),
    ...rule("no route entry of the VPC is being created, changed or deleted", errors.routeEntry, busy(routeEntry)),
  ];
}

/** Rules of a vSwitch's association with a route table: nothing else of its VPC is at work. */
export const othersAreSteady = vpcIsSteady<Reading & { readonly targets: { readonly vSwitch: { readonly vpcId: string } } }>(
  ({ targets }) => [targets.vSwitch.vpcId],
  {
    vpc: routeTableErrors.conflict,
    vSwitch: routeTableErrors.conflict,
    routeTable: routeTableErrors.conflict,
    routeEntry: routeTableErrors.conflict,
  },
);
