import type { ErrorDefinition } from "../../contract/errors.ts";
import type { Rule } from "../../contract/operation.ts";
import { type Parameter, string } from "../../contract/parameters.ts";
import type { AnyKind, ResourceReader } from "../../contract/resource-kind.ts";
import { allows, isTransitional } from "../../contract/state-table.ts";
import { routeTableErrors } from "./errors.ts";
import { routeEntry } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";
import { vpc } from "./vpc.ts";
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
/** Ranges that no block of a client may lie in or contain. */
export const reservedBlocks = ["100.64.0.0/10", "224.0.0.0/4", "127.0.0.0/8", "169.254.0.0/16"];

/** Rule: the state table lets the operation happen to the target. */
export function stateAllows<N extends string>(
  target: N,
  kind: AnyKind,
  event: string,
  error: ErrorDefinition,
  fill: readonly string[] = [],
): Rule<{ readonly targets: { readonly [K in N]: { readonly state: string } } }> {
  return {
    rule: `the ${kind.name} is in a state that allows ${event}`,
    error,
    holds: ({ targets }) => allows(kind.states, targets[target].state, event),
    fill: () => fill,
  };
}

interface Reading {
  readonly state: ResourceReader;
}

/**
 * Rules: the VPCs that a call changes are steady: no vSwitch, route table or route entry of them is being created, changed or deleted.
 * Writes of these families exclude each other within one VPC. What has no error given is not judged.
 */
export function vpcIsSteady<C extends Reading>(
  vpcsOf: (call: C) => readonly string[] | Promise<readonly string[]>,
  errors: Readonly<Partial<Record<"vpc" | "vSwitch" | "routeTable" | "routeEntry", ErrorDefinition>>>,
): Rule<C>[] {
  const none =
    (isBusy: (state: ResourceReader, vpcId: string) => Promise<boolean>) =>
    async (call: C): Promise<boolean> => {
      for (const vpcId of new Set(await vpcsOf(call))) if (await isBusy(call.state, vpcId)) return false;
      return true;
    };
  const anyBusy =
    (kind: AnyKind) =>
    async (state: ResourceReader, vpcId: string): Promise<boolean> =>
      (await state.list<object>(kind, [["busyInVpc", vpcId]], { limit: 1 })).length > 0;
  const rule = (
    sentence: string,
    error: ErrorDefinition | undefined,
    isBusy: (state: ResourceReader, vpcId: string) => Promise<boolean>,
  ): Rule<C>[] => (error === undefined ? [] : [{ rule: sentence, error, source: "public-docs", holds: none(isBusy) }]);
  return [
    ...rule("the VPC is Available", errors.vpc, async (state, id) => isTransitional(vpc.states, (await state.get(vpc, id))?.state ?? "")),
    ...rule("no vSwitch of the VPC is being created, changed or deleted", errors.vSwitch, anyBusy(vSwitch)),
    ...rule("no route table of the VPC is being created or deleted", errors.routeTable, anyBusy(routeTable)),
    ...rule("no route entry of the VPC is being created, changed or deleted", errors.routeEntry, anyBusy(routeEntry)),
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
