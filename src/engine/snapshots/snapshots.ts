import { randomUUID } from "node:crypto";
import type { ReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Refusal } from "../../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../../contract/gateway-errors.ts";
import { writableState } from "../administration.ts";
import type { Surroundings } from "../calls.ts";
import { readSettingsDocument, writeSettingsDocument } from "../stored-settings.ts";
import { readClock, writeClock } from "../clock.ts";
import { restoreAll, type Restored } from "../history/restore.ts";
import type { LongWork } from "../long-work.ts";
import type { Store } from "../store.ts";
import { check, type Content, leavingOf, lineOf, pastsOf, placesHere, resourcePages } from "./snapshot-content.ts";
import {
  checksumOf,
  readHeader,
  snapshotFormat,
  snapshotFormatVersion,
  type SnapshotHeader,
  SnapshotWriter,
  unusable,
} from "./snapshot-file.ts";
import { SnapshotFolder } from "./snapshot-folder.ts";
import { newSnapshotKey, openSnapshotKey } from "./snapshot-keys.ts";

/** Bytes of a file that is brought from outside. */
export const snapshotBytesMax: number = 4 * 1024 * 1024 * 1024;
const lineageName = "lineage";

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
  readonly #folder: SnapshotFolder;
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
    this.#folder = new SnapshotFolder(options.folder);
    this.#version = options.version;
    this.#exposed = options.exposed;
    this.#longWork = options.longWork;
    this.#afterwards = options.afterwards;
  }

  /** Clears away what a server that was killed has left. To be called before anything else is. */
  start(): Promise<void> {
    return this.#folder.removeUnfinished();
  }

  async list(): Promise<SnapshotView[]> {
    const views = (await this.#folder.names()).map((name) => this.#folder.with(name, (handle) => this.#view(handle, name)));
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
      await this.#folder.refuseTaken(name, options.replace);
      const lineage = await this.#lineage();
      const { box, locked } = await newSnapshotKey(this.#around.secrets, options.passphrase);
      return this.#folder.write(name, options.replace, async (handle) => {
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
            await writer.resources(page.map((row) => lineOf(row, this.#around, box)));
            await step((done += page.length), resources);
          }
        });
        await writer.end();
        return this.#view(handle, name);
      });
    });
  }

  /**
   * Brings back the state of a snapshot: resources with their tasks, clock, pace and settings. Nonces and the admin token stay, ClientTokens
   * are forgotten. It is a change like any other, as events, and `rewind` takes it back.
   * @throws {Refusal} when there is none of that name, its secrets cannot be opened, it is not whole or not for this version, or it would
   *   bring public keys back to a server that others can reach; nothing has changed then
   */
  load(name: string, passphrase: string | undefined): Promise<{ from: number; newest: number; changed: Restored[] }> {
    return this.#longWork.run("load", name, (step) =>
      this.#folder.with(name, async (handle) => {
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

  /** @throws {Refusal} when there is none of that name */
  remove(name: string): Promise<void> {
    return this.#folder.remove(name);
  }

  /** The file, to be read to its end or destroyed. @throws {Refusal} when there is none of that name */
  async read(name: string): Promise<{ bytes: number; stream: ReadStream }> {
    const handle = await this.#folder.open(name);
    const { size: bytes } = await handle.stat();
    return { bytes, stream: handle.createReadStream({ start: 0 }) };
  }

  /**
   * Takes a file from outside; what is there already under that name is answered as it is. Its secrets are not opened.
   * @throws {Refusal} when the name is no name or another snapshot's, or the file is too long, not whole, or not for this version
   */
  async bring(name: string, bytes: AsyncIterable<Uint8Array>, replace: boolean): Promise<SnapshotView> {
    return this.#folder.write(name, replace, async (handle) => {
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

  #lineage(): Promise<string> {
    return this.#store.write(async (rows) => {
      const known = await rows.meta(lineageName);
      const lineage = known ?? randomUUID();
      if (known === undefined) await rows.putMeta(lineageName, lineage);
      return lineage;
    });
  }
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
