import type { AnyOperation, Call, Caller } from "../contract/operation.ts";
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

type Named = Pick<Call, "caller" | "input" | "targets">;

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
    const region = input["RegionId"] ?? Object.values(targets).find((resource) => resource !== undefined)?.region;
    return typeof region === "string" && region !== "" ? region : "*";
  },
};

/**
 * What a call asks permission for: the ARN patterns of its operation, filled from the call. A parameter that is absent is filled in as `*`;
 * one that lists ids gives an ARN for each.
 */
export function requestedAccess(operation: AnyOperation, call: Named): RequestedAccess[] {
  return operation.authorisation.resources.flatMap((pattern) => {
    const parts = partsOf(pattern);
    let filled = [""];
    for (const part of parts) {
      const values = "text" in part ? [part.text] : valuesOf(part.name, call);
      filled = filled.flatMap((start) => values.map((value) => start + value));
    }
    const meant = targetsIn(operation, parts, call);
    const tags = meant.flatMap((resource) => resource.tags[call.caller.account] ?? []);
    const resourceGroup = groupOf(meant, call);
    return filled.map((resource) => ({ resource, resourceGroup, tags }));
  });
}

function valuesOf(name: string, call: Named): readonly string[] {
  const fill = filledIn[name];
  if (fill !== undefined) return [fill(call)];
  const value = call.input[name];
  const values = (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter((one) => typeof one === "string" && one !== "");
  return values.length === 0 ? ["*"] : (values as string[]);
}

/** The targets that an ARN is about; all of them where it names none. */
function targetsIn(operation: AnyOperation, parts: readonly Part[], { targets }: Named): readonly ResourceBase[] {
  const names = new Set(parts.flatMap((part) => ("name" in part ? [part.name] : [])));
  const all = Object.entries((operation.targets ?? {}) as Readonly<Record<string, { readonly parameter: string }>>);
  const named = all.filter(([, { parameter }]) => names.has(parameter));
  return (named.length > 0 ? named : all).flatMap(([name]) => (targets as Readonly<Record<string, ResourceBase | undefined>>)[name] ?? []);
}

function groupOf(meant: readonly ResourceBase[], { caller, input }: { readonly caller: Caller; readonly input: Named["input"] }): string {
  const [group] = meant.flatMap((resource) => resource.resourceGroups[caller.account] ?? []);
  const given = input["ResourceGroupId"];
  return group ?? (typeof given === "string" ? given : "");
}
