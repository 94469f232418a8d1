import type { Rule } from "../contract/operation.ts";
import type { AnyKind, ResourceReader, Subject } from "../contract/resource-kind.ts";
import { kinds } from "./kinds.ts";

interface Request<N extends string> {
  readonly state: ResourceReader;
  readonly targets: { readonly [K in N]: { readonly id: string } };
}

/** Rules: no resource of whatever kind depends on the target any more. Follows from what the kinds declare. */
export function nothingDependsOn<N extends string>(target: N, of: AnyKind): Rule<Request<N>>[] {
  return kinds.flatMap((kind) =>
    (kind.dependencies ?? [])
      .filter((dependency) => dependency.kind === of.name)
      .map(({ index, rule, error, advice }) => {
        const subject = async ({ state, targets }: Request<N>): Promise<Subject | undefined> => {
          const [found] = await state.list<object>(kind, [[index, targets[target].id]], { limit: 1 });
          return found && { kind, resource: found.resource };
        };
        const holds = async (call: Request<N>): Promise<boolean> => (await subject(call)) === undefined;
        return advice === undefined ? { rule, error, holds, subject } : { rule, error, advice, holds };
      }),
  );
}
