import type { ErrorDefinition } from "../../contract/errors.ts";
import type { Rule } from "../../contract/operation.ts";
import { type Parameter, string } from "../../contract/parameters.ts";
import type { AnyKind, ResourceReader } from "../../contract/resource-kind.ts";
import { allows, isTransitional } from "../../contract/state-table.ts";
import { routeEntry } from "./route-entry.ts";
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

/** Ranges that no block of a client may lie in or contain. */
export const reservedBlocks = ["100.64.0.0/10", "224.0.0.0/4", "127.0.0.0/8", "169.254.0.0/16"];

/** Rule: the state table lets the operation happen to the target. */
export function stateAllows<N extends string>(
  target: N,
  kind: AnyKind,
  event: string,
  error: ErrorDefinition,
): Rule<{ readonly targets: { readonly [K in N]: { readonly state: string } } }> {
  return {
    rule: `the ${kind.name} is in a state that allows ${event}`,
    error,
    holds: ({ targets }) => allows(kind.states, targets[target].state, event),
  };
}

type VpcOf<C> = (call: C) => string | undefined | Promise<string | undefined>;
interface Reading {
  readonly state: ResourceReader;
}

/**
 * Rules: the VPC itself is steady, and no vSwitch and no route entry of it is being created or deleted.
 * vSwitch and route writes of one VPC exclude each other.
 */
export function vpcIsSteady<C extends Reading>(
  vpcIdOf: VpcOf<C>,
  errors: { readonly vpc: ErrorDefinition; readonly vSwitch: ErrorDefinition; readonly routeEntry: ErrorDefinition },
): Rule<C>[] {
  return [
    {
      rule: "the VPC is Available",
      error: errors.vpc,
      holds: async (call) => {
        const owner = await call.state.get(vpc, (await vpcIdOf(call)) ?? "");
        return owner === undefined || !isTransitional(vpc.states, owner.state);
      },
    },
    {
      rule: "no vSwitch of the VPC is being created or deleted",
      error: errors.vSwitch,
      source: "public-docs",
      holds: async (call) => noneBusy(call.state, vSwitch, await vpcIdOf(call)),
    },
    {
      rule: "no route entry of the VPC is being created or deleted",
      error: errors.routeEntry,
      source: "public-docs",
      holds: async (call) => noneBusy(call.state, routeEntry, await vpcIdOf(call)),
    },
  ];
}

async function noneBusy(state: ResourceReader, kind: AnyKind, vpcId: string | undefined): Promise<boolean> {
  return (await state.list<object>(kind, [["busyInVpc", vpcId ?? ""]], { limit: 1 })).length === 0;
}
