import type { FileHandle } from "node:fs/promises";
import type { AnyKind, ResourceBase } from "../../contract/resource-kind.ts";
import { accessKey } from "../../services/ram/access-keys/access-key.ts";
import type { Surroundings } from "../calls.ts";
import { indexEntries, opened, type Past, withLaterFields } from "../resources.ts";
import type { SecretBox } from "../secrets.ts";
import { developmentSecrets } from "../seed.ts";
import type { ResourceAndTask, Rows, WritableRows } from "../store.ts";
import { readResources, type SnapshotHeader, type SnapshotLine, unusable } from "./snapshot-file.ts";

/** The resources of a snapshot: from rows to lines, and from lines to what is brought back. */

/** Resources that are read or written before others have a turn. */
const pageSize = 100;

/** All resources, in the order of lists. */
export async function* resourcePages(rows: Rows): AsyncGenerator<ResourceAndTask[]> {
  for (let after = 0; ;) {
    const page = await rows.resourcesByPosition(after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.position;
  }
}

/** The line of a resource, its secrets sealed with the key of the snapshot. */
export function lineOf(row: ResourceAndTask, around: Pick<Surroundings, "kinds" | "secrets">, box: SecretBox): SnapshotLine {
  const kind = around.kinds.get(row.kind);
  if (kind === undefined) throw new Error(`${row.id} is of ${row.kind}, a kind that this version does not have`);
  const { id, version: _version, ...rest } = opened<object>(kind, row.body, around.secrets) as ResourceBase;
  const fields: Record<string, unknown> = { ...rest };
  for (const field of kind.secretFields ?? []) fields[field] = box.seal(fields[field] as string, secretPurpose(id, field));
  const sorted = Object.fromEntries(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)));
  return { kind: row.kind, id, position: row.position, ...(row.due === null ? {} : { due: row.due }), fields: sorted };
}

/** A secret opens only in its place. */
function secretPurpose(id: string, field: string): string {
  return `snapshot ${id} ${field}`;
}

export interface Content {
  readonly handle: FileHandle;
  readonly name: string;
  readonly header: SnapshotHeader;
  readonly kinds: Surroundings["kinds"];
  /** `undefined` where the secrets stay closed. */
  readonly box: SecretBox | undefined;
}
/** Place in lists by id, in the order of lists; `undefined` for a place behind all that are there. */
export type Places = Map<string, number | undefined>;

/** Reads a snapshot whole and judges every line, before anything is changed by it. */
export async function check(content: Content, step: (done: number) => Promise<void>): Promise<Places> {
  const { name, header } = content;
  const places: Places = new Map();
  let last = 0;
  for await (const page of readResources(content.handle, name)) {
    for (const line of page) {
      if (places.has(line.id)) throw unusable(name, `${line.id} is in it twice`);
      if (line.position <= last || line.position > header.event) throw unusable(name, `${line.id} is not in its place`);
      judge(content, line);
      places.set(line.id, (last = line.position));
    }
    await step(places.size);
  }
  if (places.size !== header.resources) throw unusable(name, `it has ${places.size} resources, and says that it has ${header.resources}`);
  return places;
}
function judge(content: Content, line: SnapshotLine): void {
  const refuse = (why: string): never => {
    throw unusable(content.name, `${line.id}: ${why}`, "this version is not the one that saved it: start that one, or a later one");
  };
  const kind = content.kinds.get(line.kind);
  if (kind === undefined) return refuse(`this version has no kind ${line.kind}`);
  const { resource } = pastOf(content, kind, line, undefined);
  const texts = [resource.account, resource.region, resource.state];
  if (texts.some((text) => typeof text !== "string") || ![resource.createdAt, resource.modifiedAt].every(isTime)) {
    refuse("it lacks what every resource has");
  }
  if (!Object.hasOwn(kind.states.states, resource.state)) refuse(`this version has no state ${resource.state} of a ${line.kind}`);
  if (!canBeListed(kind, resource)) refuse(`it lacks what a ${line.kind} has here`);
}
function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && !Number.isNaN(new Date(value as number).getTime());
}
/** Whether the indexes of a kind find in a resource what they look for. */
function canBeListed(kind: AnyKind, resource: ResourceBase): boolean {
  try {
    return indexEntries<object>(kind, resource).every(({ value }) => typeof value === "string");
  } catch {
    return false;
  }
}

function pastOf({ box, name }: Content, kind: AnyKind, line: SnapshotLine, position: number | undefined): Past {
  const fields: Record<string, unknown> = { ...withLaterFields(kind, line.fields), id: line.id, version: 0 };
  for (const field of kind.secretFields ?? []) {
    const sealed = fields[field];
    const secret = typeof sealed === "string" ? (box?.tryOpen(sealed, secretPurpose(line.id, field)) ?? (box ? undefined : "")) : undefined;
    if (secret === undefined) throw unusable(name, `${line.id}: its ${field} cannot be opened`);
    fields[field] = secret;
  }
  // Which keys the documentation publishes is known here, and no file's to say.
  if (kind.name === accessKey.name) fields["development"] = developmentSecrets.has(String(fields["secret"]));
  return { kind, resource: fields as unknown as ResourceBase, position, due: line.due };
}

/**
 * Where the resources of another store's snapshot come to stand: in the order that they have there. Those that are here, and before which
 * none is missing, stay where they are.
 */
export async function placesHere(rows: WritableRows, places: Places, step: () => Promise<void>): Promise<Places> {
  const here: Places = new Map();
  let last: number | undefined = 0;
  for (const id of places.keys()) {
    const position: number | undefined = last === undefined ? undefined : (await rows.resource(id))?.position;
    last = position === undefined || last === undefined || position <= last ? undefined : position;
    here.set(id, last);
    if (here.size % pageSize === 0) await step();
  }
  return here;
}

/** Ids of the resources that are not in the snapshot, or elsewhere. */
export async function* leavingOf(rows: WritableRows, places: Places, step: (done: number) => Promise<void>): AsyncGenerator<string> {
  let done = 0;
  for (let after = ""; ;) {
    const page = await rows.allResources(after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    for (const { id, position } of page) if (places.get(id) !== position) yield id;
    after = last.id;
    await step(Math.min((done += page.length), places.size));
  }
}

export async function* pastsOf(content: Content, places: Places, step: (done: number) => Promise<void>): AsyncGenerator<Past> {
  let done = 0;
  for await (const page of readResources(content.handle, content.name)) {
    for (const line of page) {
      const kind = content.kinds.get(line.kind);
      if (kind !== undefined) yield pastOf(content, kind, line, places.get(line.id));
    }
    await step((done += page.length));
  }
}
