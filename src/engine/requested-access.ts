import type { AnyOperation, Call, Target } from "../contract/operation.ts";
import type { ResourceBase, Tag } from "../contract/resource-kind.ts";

/** A resource on which a call asks for permission. */
export interface RequestedAccess {
  /** Its ARN; `*` where the operation has no resource level. */
  readonly resource: string;
  /** Resource group that it is in, or is to be made in; the empty string if none is known. */
  readonly resourceGroup: string;
  /** Tags that the caller's account set on it. */
  readonly tags: readonly Tag[];
}

type Named = Pick<Call, "caller" | "input" | "targets" | "state">;

/** A part of an ARN pattern: text, or what stands between braces. */
type Part = { readonly text: string } | { readonly name: string };

const known = new Map<string, readonly Part[]>();
function partsOf(pattern: string): readonly Part[] {
  let parts = known.get(pattern);
  if (parts === undefined) {
    parts = pattern.split(/(\{[^}]+\})/).flatMap((text): Part[] => {
      if (text === "") return [];
      return [text.startsWith("{") ? { name: text.slice(1, -1) } : { text }];
    });
    known.set(pattern, parts);
  }
  return parts;
}

/** The parameters that the ARN patterns of an operation name. */
export function parametersInPatterns({ authorisation }: AnyOperation): string[] {
  return authorisation.resources
    .flatMap((pattern) => partsOf(pattern).flatMap((part) => ("name" in part ? [part.name] : [])))
    .filter((name) => !(name in filledIn));
}

/** Names in patterns that are not parameters. */
const filledIn: Readonly<Record<string, (call: Named) => string>> = {
  accountId: ({ caller }) => caller.account,
  /** Policies of the system belong to no account. */
  "accountId|system": ({ caller, input }) => (input["PolicyType"] === "System" ? "system" : caller.account),
  regionId: ({ input, targets }) => {
    const [target] = Object.values(targets as Readonly<Record<string, ResourceBase | undefined>>);
    const region = input["RegionId"] ?? target?.region;
    return typeof region === "string" && region !== "" ? region : "*";
  },
};

/**
 * What a call asks permission for: the ARN patterns of its operation, filled from the call. A parameter that is absent is filled in as `*`;
 * one that lists ids gives an ARN for each.
 */
export async function requestedAccess(operation: AnyOperation, call: Named): Promise<RequestedAccess[]> {
  const requested: RequestedAccess[] = [];
  for (const pattern of operation.authorisation.resources) {
    const parts = partsOf(pattern);
    for (const { value, meant } of await namedBy(operation, parts, call)) {
      const resource = parts.map((part) => ("text" in part ? part.text : (filledIn[part.name]?.(call) ?? value))).join("");
      const tags = meant.flatMap((one) => one.tags[call.caller.account] ?? []);
      requested.push({ resource, resourceGroup: groupOf(meant, call), tags });
    }
  }
  return requested;
}

/** What stands in a pattern for its parameter, each with the resource that it names in the caller's account, if there is one. */
interface InPattern {
  readonly value: string;
  readonly meant: readonly ResourceBase[];
}
async function namedBy(operation: AnyOperation, parts: readonly Part[], call: Named): Promise<InPattern[]> {
  const part = parts.find((one) => "name" in one && !(one.name in filledIn));
  if (part === undefined || "text" in part) return [{ value: "", meant: targetsOf(call) }];
  const { name } = part;
  const [targetName, target] = Object.entries((operation.targets ?? {}) as Readonly<Record<string, Target>>).find(
    ([, { parameter }]) => parameter === name,
  ) ?? [undefined, undefined];
  const loaded = targetName === undefined ? undefined : (call.targets as Readonly<Record<string, ResourceBase | undefined>>)[targetName];
  if (loaded !== undefined) return [{ value: target?.nameInArn?.(loaded) ?? String(call.input[name]), meant: [loaded] }];
  const given = valuesOf(call.input[name]);
  if (given.length === 0) return [{ value: operation.authorisation.absent?.[name]?.(call.caller) ?? "*", meant: [] }];
  return Promise.all(given.map(async (value) => ({ value, meant: target === undefined ? await ownedBy(call, value) : [] })));
}

function valuesOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(
    (one) => typeof one === "string" && one !== "",
  ) as string[];
}

function targetsOf({ targets }: Named): readonly ResourceBase[] {
  return Object.values(targets as Readonly<Record<string, ResourceBase | undefined>>).filter((one) => one !== undefined);
}

/** What has this id in the caller's account. */
async function ownedBy({ state, caller }: Named, id: string): Promise<ResourceBase[]> {
  const found = await state.find(id);
  return found?.resource.account === caller.account ? [found.resource] : [];
}

function groupOf(meant: readonly ResourceBase[], { caller, input }: Pick<Named, "caller" | "input">): string {
  const [group] = meant.flatMap((resource) => resource.resourceGroups[caller.account] ?? []);
  const given = input["ResourceGroupId"];
  return group ?? (typeof given === "string" ? given : "");
}
