import type { Rule } from "../contract/operation.ts";
import type { AnyKind, ResourceReader } from "../contract/resource-kind.ts";
import { kinds } from "./kinds.ts";

/** Rules: no resource of whatever kind depends on the target any more. Follows from what the kinds declare. */
export function nothingDependsOn<N extends string>(
  target: N,
  of: AnyKind,
): Rule<{ readonly state: ResourceReader; readonly targets: { readonly [K in N]: { readonly id: string } } }>[] {
  return kinds.flatMap((kind) =>
    (kind.dependencies ?? [])
      .filter((dependency) => dependency.kind === of.name)
      .map(({ index, rule, error }) => ({
        rule,
        error,
        holds: async ({ state, targets }) => (await state.list<object>(kind, [[index, targets[target].id]], { limit: 1 })).length === 0,
      })),
  );
}
