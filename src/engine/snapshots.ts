import { randomBytes, randomUUID } from "node:crypto";
import { constants, type ReadStream } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../contract/gateway-errors.ts";
import type { AnyKind, ResourceBase } from "../contract/resource-kind.ts";
import { writableState } from "./administration.ts";
import { readSettingsDocument, type Surroundings, writeSettingsDocument } from "./calls.ts";
import { readClock, writeClock } from "./clock.ts";
import type { LongWork } from "./long-work.ts";
import { indexEntries, opened, type Past } from "./resources.ts";
import { restoreAll, type Restored } from "./restore.ts";
import { type SecretBox, syncFolder } from "./secrets.ts";
import {
  checksumOf,
  readHeader,
  readResources,
  snapshotFormat,
  snapshotFormatVersion,
  type SnapshotHeader,
  type SnapshotLine,
  SnapshotWriter,
  unusable,
} from "./snapshot-file.ts";
import { newSnapshotKey, openSnapshotKey } from "./snapshot-keys.ts";
import { type ResourceAndTask, type Rows, type Store, StoreUnavailable, type WritableRows } from "./store.ts";

/** Resources that are read or written before others have a turn. */
const pageSize = 100;
const extension = ".jsonl";
/** A file that has not its name yet begins so, as no snapshot can, and ends so. */
const unfinished = /^\..*\.part$/;
/** Bytes of a file that is brought from outside. */
export const snapshotBytesMax: number = 4 * 1024 * 1024 * 1024;
const lineageName = "lineage";

/** Names of snapshots are names of files and nothing more. */
export const snapshotNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export interface SnapshotView {
  readonly name: string;
  readonly bytes: number;
  /** Why it cannot be used; all that follows is left out then. */
  readonly fault?: string;
  readonly description?: string;
  /** ISO 8601, wall time. */
  readonly savedAt?: string;
  /** Version that saved it. */
  readonly linkspan?: string;
  /** The event that it is the state as of, in the store that it is of. */
  readonly event?: number;
  readonly resources?: number;
  /** A passphrase opens it where the key file is another. */
  readonly passphrase?: boolean;
}

/** The whole state of a server as files, one a snapshot, in a folder of their own. */
export class Snapshots {
  readonly #store: Store;
  readonly #around: Surroundings;
  readonly #folder: string;
  readonly #version: string;
  readonly #exposed: boolean;
  readonly #longWork: LongWork;
  readonly #afterwards: () => void;

  constructor(options: {
    readonly store: Store;
    readonly around: Surroundings;
    /** Made when first needed. */
    readonly folder: string;
    /** Version of Linkspan that snapshots name as theirs. */
    readonly version: string;
    readonly exposed: boolean;
    readonly longWork: LongWork;
    /** Is called when a snapshot was loaded. */
    readonly afterwards: () => void;
  }) {
    this.#store = options.store;
    this.#around = options.around;
    this.#folder = options.folder;
    this.#version = options.version;
    this.#exposed = options.exposed;
    this.#longWork = options.longWork;
    this.#afterwards = options.afterwards;
  }

  /** Removes what a server that was killed has left unfinished. To be called before anything else is. */
  async start(): Promise<void> {
    for (const file of await this.#files()) if (unfinished.test(file)) await rm(join(this.#folder, file), { force: true });
  }

  async list(): Promise<SnapshotView[]> {
    const names = (await this.#files()).filter((file) => file.endsWith(extension)).map((file) => file.slice(0, -extension.length));
    const views = names
      .filter((name) => snapshotNamePattern.test(name))
      .map((name) => this.#with(name, (handle) => this.#view(handle, name)));
    // One that was removed meanwhile is left out.
    const settled = await Promise.allSettled(views);
    return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])).sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async #view(handle: FileHandle, name: string): Promise<SnapshotView> {
    const { size: bytes } = await handle.stat();
    try {
      const { description, savedAt, linkspan, event, resources, key } = await readHeader(handle, name, this.#store.schema);
      if ((await checksumOf(handle)) === undefined) throw unusable(name, "it is cut off");
      return { name, bytes, description, savedAt, linkspan, event, resources, passphrase: key.byPassphrase !== undefined };
    } catch (error) {
      if (error instanceof Refusal) return { name, bytes, fault: error.message };
      throw error;
    }
  }

  /**
   * Saves the state as it is now. Others read and write meanwhile.
   * @throws {Refusal} when the name is no name, or is taken
   */
  save(
    name: string,
    options: { readonly replace: boolean; readonly passphrase?: string | undefined; readonly description: string },
  ): Promise<SnapshotView> {
    return this.#longWork.run("save", name, async (step) => {
      await this.#refuseTaken(name, options.replace);
      const lineage = await this.#lineage();
      const { box, locked } = await newSnapshotKey(this.#around.secrets, options.passphrase);
      return this.#write(name, options.replace, async (handle) => {
        const writer = new SnapshotWriter(handle);
        await this.#store.longRead(async (rows) => {
          const resources = await rows.resourceTotal();
          await writer.header({
            format: snapshotFormat,
            formatVersion: snapshotFormatVersion,
            schema: this.#store.schema,
            linkspan: this.#version,
            description: options.description,
            savedAt: new Date().toISOString(),
            clock: await readClock(rows),
            settings: await readSettingsDocument(rows),
            lineage,
            event: (await rows.eventRange()).newest,
            resources,
            key: locked,
          });
          let done = 0;
          for await (const page of resourcePages(rows)) {
            await writer.resources(page.map((row) => this.#lineOf(row, box)));
            await step((done += page.length), resources);
          }
        });
        await writer.end();
        return this.#view(handle, name);
      });
    });
  }

  #lineOf(row: ResourceAndTask, box: SecretBox): SnapshotLine {
    const kind = this.#around.kinds.get(row.kind);
    if (kind === undefined) throw new Error(`${row.id} is of ${row.kind}, a kind that this version does not have`);
    const { id, version: _version, ...rest } = opened<object>(kind, row.body, this.#around.secrets) as ResourceBase;
    const fields: Record<string, unknown> = { ...rest };
    for (const field of kind.secretFields ?? []) fields[field] = box.seal(fields[field] as string, secretPurpose(id, field));
    const sorted = Object.fromEntries(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)));
    return { kind: row.kind, id, position: row.position, ...(row.due === null ? {} : { due: row.due }), fields: sorted };
  }

  /**
   * Brings back the state of a snapshot: resources with their tasks, clock, pace and settings. Nonces and the admin token stay, ClientTokens
   * are forgotten. It is a change like any other, as events, and `rewind` takes it back.
   * @throws {Refusal} when there is none of that name, its secrets cannot be opened, it is not whole or not for this version, or it would
   *   bring public keys back to a server that others can reach; nothing has changed then
   */
  load(name: string, passphrase: string | undefined): Promise<{ from: number; newest: number; changed: Restored[] }> {
    return this.#longWork.run("load", name, (step) =>
      this.#with(name, async (handle) => {
        const header = await readHeader(handle, name, this.#store.schema);
        const box = await openSnapshotKey(this.#around.secrets, header.key, passphrase);
        if (box === undefined) throw locked(name, header, passphrase);
        const content: Content = { handle, name, header, kinds: this.#around.kinds, box };
        const places = await check(content, (done) => step(done, 3 * header.resources));
        const lineage = await this.#lineage();
        const result = await this.#store.write(async (rows) => {
          const { newest: from } = await rows.eventRange();
          const isOurs = lineage === header.lineage && header.event <= from;
          const target = isOurs ? places : await placesHere(rows, places, () => step(header.resources, 3 * header.resources));
          await writeClock(rows, header.clock);
          await writeSettingsDocument(rows, header.settings);
          const state = await writableState(rows, this.#around, `snapshot ${name}`);
          const leaving = leavingOf(rows, target, (done) => step(header.resources + done, 3 * header.resources));
          const pasts = pastsOf(content, target, (done) => step(2 * header.resources + done, 3 * header.resources));
          const changed = await restoreAll(state, leaving, pasts, { what: `the snapshot ${name}`, exposed: this.#exposed });
          await rows.forgetTokensSince(0);
          return { from, newest: (await rows.eventRange()).newest, changed };
        });
        this.#around.recording.forget();
        this.#afterwards();
        return result;
      }),
    );
  }

  /** The file, to be read to its end or destroyed. @throws {Refusal} when there is none of that name */
  async read(name: string): Promise<{ bytes: number; stream: ReadStream }> {
    const handle = await this.#open(name);
    const { size: bytes } = await handle.stat();
    return { bytes, stream: handle.createReadStream({ start: 0 }) };
  }

  /**
   * Takes a file from outside; what is there already under that name is answered as it is. Its secrets are not opened.
   * @throws {Refusal} when the name is no name or another snapshot's, or the file is too long, not whole, or not for this version
   */
  async bring(name: string, bytes: AsyncIterable<Uint8Array>, replace: boolean): Promise<SnapshotView> {
    this.#path(name);
    return this.#write(name, replace, async (handle) => {
      let total = 0;
      for await (const chunk of bytes) {
        total += chunk.length;
        if (total > snapshotBytesMax) throw new Refusal(gatewayErrors.bodyTooLarge, [String(snapshotBytesMax)]);
        await handle.writeFile(chunk);
      }
      return this.#longWork.run("check", name, async (step) => {
        const header = await readHeader(handle, name, this.#store.schema);
        await check({ handle, name, header, kinds: this.#around.kinds, box: undefined }, (done) => step(done, header.resources));
        return this.#view(handle, name);
      });
    });
  }

  /** @throws {Refusal} when there is none of that name */
  async remove(name: string): Promise<void> {
    await rm(this.#path(name)).catch((error: unknown) => {
      throw told(error, name);
    });
    syncFolder(this.#folder);
  }

  /** Fills a file that gets its name only when it is whole and on disk. */
  async #write(name: string, replace: boolean, fill: (handle: FileHandle) => Promise<SnapshotView>): Promise<SnapshotView> {
    const temporary = join(this.#folder, `.${name}.${randomBytes(8).toString("hex")}.part`);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const handle = await open(temporary, "wx+", 0o600);
      try {
        const view = await fill(handle);
        await handle.sync();
        if (replace) await rename(temporary, this.#path(name));
        else if (!(await this.#named(temporary, name)) && !(await this.#isSame(handle, name))) throw taken(name);
        syncFolder(this.#folder);
        return view;
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw told(error, name);
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }
  /** Gives a file its name, unless it is taken. */
  async #named(temporary: string, name: string): Promise<boolean> {
    try {
      await link(temporary, this.#path(name));
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  }
  async #isSame(handle: FileHandle, name: string): Promise<boolean> {
    const mine = await checksumOf(handle);
    return mine !== undefined && (await this.#with(name, checksumOf)) === mine;
  }

  async #refuseTaken(name: string, replace: boolean): Promise<void> {
    this.#path(name);
    if (!replace && (await this.#files()).includes(`${name}${extension}`)) throw taken(name);
  }

  /** Opens a snapshot. @throws {Refusal} when there is none of that name */
  async #open(name: string): Promise<FileHandle> {
    // Nobody is kept waiting by a pipe that somebody has put there.
    const handle = await open(this.#path(name), constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
      throw told(error, name);
    });
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw unusable(name, "it is no file");
  }
  async #with<T>(name: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
    const handle = await this.#open(name);
    try {
      return await work(handle);
    } finally {
      await handle.close();
    }
  }

  /** @throws {Refusal} for what is no name */
  #path(name: string): string {
    if (!snapshotNamePattern.test(name)) {
      throw new Refusal(
        gatewayErrors.parameterInvalid,
        ["name"],
        "letters, digits, - _ . in at most 100 characters, the first a letter or digit",
      );
    }
    return join(this.#folder, `${name}${extension}`);
  }

  async #files(): Promise<string[]> {
    return readdir(this.#folder).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    });
  }

  #lineage(): Promise<string> {
    return this.#store.write(async (rows) => {
      const known = await rows.meta(lineageName);
      const lineage = known ?? randomUUID();
      if (known === undefined) await rows.putMeta(lineageName, lineage);
      return lineage;
    });
  }
}

/** A secret opens only in its place. */
function secretPurpose(id: string, field: string): string {
  return `snapshot ${id} ${field}`;
}

async function* resourcePages(rows: Rows): AsyncGenerator<ResourceAndTask[]> {
  for (let after = 0; ;) {
    const page = await rows.resourcesByPosition(after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.position;
  }
}

interface Content {
  readonly handle: FileHandle;
  readonly name: string;
  readonly header: SnapshotHeader;
  readonly kinds: Surroundings["kinds"];
  /** `undefined` where the secrets stay closed. */
  readonly box: SecretBox | undefined;
}
/** Place in lists by id, in the order of lists; `undefined` for a place behind all that are there. */
type Places = Map<string, number | undefined>;

/** Reads a snapshot whole and judges every line, before anything is changed by it. */
async function check(content: Content, step: (done: number) => Promise<void>): Promise<Places> {
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
  const fields: Record<string, unknown> = { ...(kind.laterFields as object | undefined), ...line.fields, id: line.id, version: 0 };
  for (const field of kind.secretFields ?? []) {
    const sealed = fields[field];
    const secret = typeof sealed === "string" ? (box?.tryOpen(sealed, secretPurpose(line.id, field)) ?? (box ? undefined : "")) : undefined;
    if (secret === undefined) throw unusable(name, `${line.id}: its ${field} cannot be opened`);
    fields[field] = secret;
  }
  return { kind, resource: fields as unknown as ResourceBase, position, due: line.due };
}

/**
 * Where the resources of another store's snapshot come to stand: in the order that they have there. Those that are here, and before which
 * none is missing, stay where they are.
 */
async function placesHere(rows: WritableRows, places: Places, step: () => Promise<void>): Promise<Places> {
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
async function* leavingOf(rows: WritableRows, places: Places, step: (done: number) => Promise<void>): AsyncGenerator<string> {
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

async function* pastsOf(content: Content, places: Places, step: (done: number) => Promise<void>): AsyncGenerator<Past> {
  let done = 0;
  for await (const page of readResources(content.handle, content.name)) {
    for (const line of page) {
      const kind = content.kinds.get(line.kind);
      if (kind !== undefined) yield pastOf(content, kind, line, places.get(line.id));
    }
    await step((done += page.length));
  }
}

function taken(name: string): Refusal {
  return new Refusal(adminErrors.snapshotExists, [name], "take another name, remove it first, or say `replace`");
}

function locked(name: string, { key }: SnapshotHeader, passphrase: string | undefined): Refusal {
  const byPassphrase =
    key.byPassphrase === undefined
      ? "it was saved without a passphrase: save it again with one where it comes from, which opens it anywhere"
      : `give ${passphrase === undefined ? "the passphrase that it was saved with" : "another passphrase, the one that it was saved with"}`;
  return new Refusal(
    adminErrors.snapshotLocked,
    [name],
    `it comes from a server with another key file: ${byPassphrase}; or start this server with that key file (LINKSPAN_KEY_FILE)`,
  );
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
/** What the file system refuses, as what it means here. */
function told(error: unknown, name: string): unknown {
  const code = codeOf(error);
  if (code === "ECONNRESET") return new Refusal(gatewayErrors.requestMalformed, ["it ended in the midst of the file"]);
  if (code === "ENOENT") return new Refusal(adminErrors.notFound, [`snapshot ${name}`]);
  return ["ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES", "EPERM", "EFBIG", "EMFILE"].includes(code) ? new StoreUnavailable(error) : error;
}
