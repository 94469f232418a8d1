import type { AnyOperation, Call, Target } from "../contract/operation.ts";
import type { ResourceBase, Tag } from "../contract/resource-kind.ts";
import { defaultResourceGroupId } from "../services/resource-groups/resource-group.ts";

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

/** The names in the ARN patterns of an operation that have to be parameters. */
export function parametersInPatterns({ authorisation }: AnyOperation): string[] {
  const named = authorisation.resources.flatMap((pattern) => partsOf(pattern).flatMap((part) => ("name" in part ? [part.name] : [])));
  return [...named, ...(authorisation.about ?? [])].filter((name) => !builtIn.has(name) && authorisation.fill?.[name] === undefined);
}
/** Names that every pattern may have. */
const builtIn: ReadonlySet<string> = new Set(["accountId", "accountId|system", "regionId"]);

/**
 * What a call asks permission for, all of which it needs: the ARN patterns of its operation, filled from the call, one entry for each
 * resource that it names or is about, with the tags and the group of that one alone, and one for what it makes. So nothing that a call
 * touches goes unjudged, and no resource vouches for another.
 */
export async function requestedAccess(operation: AnyOperation, call: Named): Promise<RequestedAccess[]> {
  const requested: RequestedAccess[] = [];
  for (const pattern of operation.authorisation.resources) {
    const parts = partsOf(pattern);
    const last = parts.findLast((part) => "name" in part && !builtIn.has(part.name));
    const resourceName = last !== undefined && "name" in last ? last.name : undefined;
    for (const { value, ...entry } of (await namedBy(operation, resourceName, call)) ?? (await unnamed(operation, call))) {
      let resource = "";
      for (const part of parts) {
        resource += "text" in part ? part.text : await filled(operation, part.name, resourceName, value, entry.region, call);
      }
      requested.push({ resource, resourceGroup: entry.resourceGroup, tags: entry.tags });
    }
  }
  // No call is allowed because it is about nothing.
  if (requested.length === 0) requested.push({ resource: "*", resourceGroup: "", tags: [] });
  // What is moved to another group needs permission there too.
  const group = call.input["NewResourceGroupId"];
  return typeof group === "string" ? requested.flatMap((entry) => [entry, { ...entry, resourceGroup: group }]) : requested;
}

interface Entry extends Omit<RequestedAccess, "resource"> {
  /** What stands in the pattern for the name of the resource. */
  readonly value: string;
  readonly region: string;
}
function entryOf(call: Named, value: string, meant: ResourceBase | undefined): Entry {
  const own = meant && labelsOf(meant, call);
  return { value, region: regionOf(call, meant), resourceGroup: own?.resourceGroup ?? "", tags: own?.tags ?? [] };
}

/** The resources that the call names where the pattern has a name; `undefined` where it names none. */
async function namedBy(operation: AnyOperation, name: string | undefined, call: Named): Promise<Entry[] | undefined> {
  if (name === undefined) return undefined;
  const fill = operation.authorisation.fill?.[name];
  const target = Object.entries((operation.targets ?? {}) as Readonly<Record<string, Target>>).find(
    ([, { parameter }]) => parameter === name,
  );
  const loaded = target && (call.targets as Readonly<Record<string, ResourceBase | undefined>>)[target[0]];
  if (fill === undefined && loaded !== undefined) {
    return [entryOf(call, target?.[1].nameInArn?.(loaded) ?? String(call.input[name]), loaded)];
  }
  const given: unknown = fill === undefined ? call.input[name] : await fill(call);
  const names = [given].flat().filter((one) => typeof one === "string" && one !== "") as string[];
  if (names.length === 0) return fill !== undefined && Array.isArray(given) ? [] : undefined;
  return Promise.all(names.map(async (one) => entryOf(call, plain(one), await ownedBy(call, one))));
}

/** Where a pattern names no resource: one entry for each that the call is about, and one for what it makes, or else for a list. */
async function unnamed(operation: AnyOperation, call: Named): Promise<Entry[]> {
  const { caller, input, state } = call;
  const ids = (operation.authorisation.about ?? []).flatMap((name) => [call.input[name]].flat()).filter((id) => typeof id === "string");
  const named = await Promise.all(ids.map((id) => ownedBy(call, id)));
  const targets = Object.values(call.targets as Readonly<Record<string, ResourceBase | undefined>>);
  const about = [...targets, ...named].filter((one) => one !== undefined && labelsOf(one, call) !== undefined);
  const entries = about.map((one) => entryOf(call, "*", one));
  const group = typeof input["ResourceGroupId"] === "string" ? input["ResourceGroupId"] : undefined;
  const makes = "apply" in operation && "ResourceGroupId" in operation.parameters;
  if (makes) {
    const resourceGroup = group ?? (await defaultResourceGroupId(state, caller.account));
    entries.push({ value: "*", region: regionOf(call, undefined), resourceGroup, tags: entries.flatMap(({ tags }) => tags) });
  }
  return entries.length > 0 ? entries : [{ value: "*", region: regionOf(call, undefined), resourceGroup: group ?? "", tags: [] }];
}

/** What stands in a pattern for one of its names. */
async function filled(
  operation: AnyOperation,
  name: string,
  resourceName: string | undefined,
  value: string,
  region: string,
  call: Named,
): Promise<string> {
  if (name === "accountId") return call.caller.account;
  // Policies of the system belong to no account.
  if (name === "accountId|system") return call.input["PolicyType"] === "System" ? "system" : call.caller.account;
  if (name === "regionId") return region;
  if (name === resourceName) return value;
  return String([(await operation.authorisation.fill?.[name]?.(call)) ?? "*"].flat()[0]);
}

/** An id that has wildcards names nothing, and must not become a pattern in the policies that are recommended. */
function plain(id: string): string {
  return /[*?]/.test(id) ? "*" : id;
}

/** What the caller's account has set on a resource; `undefined` for one of another account of which it has nothing of its own. */
function labelsOf(resource: ResourceBase, { caller: { account } }: Named): Pick<RequestedAccess, "resourceGroup" | "tags"> | undefined {
  const resourceGroup = resource.resourceGroups[account];
  const tags = resource.tags[account];
  if (resource.account !== account && resourceGroup === undefined && tags === undefined) return undefined;
  return { resourceGroup: resourceGroup ?? "", tags: tags ?? [] };
}

function regionOf({ input, targets }: Named, meant: ResourceBase | undefined): string {
  const [target] = Object.values(targets as Readonly<Record<string, ResourceBase | undefined>>);
  const region = input["RegionId"] ?? meant?.region ?? target?.region;
  return typeof region === "string" && region !== "" ? region : "*";
}

/** What has this id, if the caller's account has anything to do with it. */
async function ownedBy(call: Named, id: string): Promise<ResourceBase | undefined> {
  const found = await call.state.find(id);
  return found !== undefined && labelsOf(found.resource, call) !== undefined ? found.resource : undefined;
}
