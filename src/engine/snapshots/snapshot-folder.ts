import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../../contract/gateway-errors.ts";
import { syncFolder } from "../secrets.ts";
import { StoreUnavailable } from "../store.ts";
import { checksumOf, unusable } from "./snapshot-file.ts";

const extension = ".jsonl";
/** A file that has not its name yet begins so, as no snapshot can, and ends so. */
const unfinished = /^\..*\.part$/;
/** Names of snapshots are names of files and nothing more. */
export const snapshotNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The folder of snapshots: one file each, which has its name only when it is whole and on disk. */
export class SnapshotFolder {
  readonly #path: string;

  /** @param path made when first needed */
  constructor(path: string) {
    this.#path = path;
  }

  /** Removes what a server that was killed has left unfinished. To be called before anything else is. */
  async removeUnfinished(): Promise<void> {
    for (const file of await this.#files()) if (unfinished.test(file)) await rm(join(this.#path, file), { force: true });
  }

  /** Names of all that are there, in no order. */
  async names(): Promise<string[]> {
    const names = (await this.#files()).filter((file) => file.endsWith(extension)).map((file) => file.slice(0, -extension.length));
    return names.filter((name) => snapshotNamePattern.test(name));
  }

  /**
   * Fills a file that gets its name only when it is whole and on disk; one that is there already with the same content is left as it is.
   * @throws {Refusal} when the name is no name, or another snapshot's that is not to be replaced
   */
  async write<T>(name: string, replace: boolean, fill: (handle: FileHandle) => Promise<T>): Promise<T> {
    const path = this.#pathOf(name);
    const temporary = join(this.#path, `.${name}.${randomBytes(8).toString("hex")}.part`);
    try {
      const made = await mkdir(this.#path, { recursive: true, mode: 0o700 });
      if (made !== undefined) syncFolder(dirname(made));
      const handle = await open(temporary, "wx+", 0o600);
      try {
        const filled = await fill(handle);
        await handle.sync();
        if (replace) await rename(temporary, path);
        else if (!(await this.#named(temporary, name)) && !(await this.#isSame(handle, name))) throw taken(name);
        syncFolder(this.#path);
        return filled;
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
      await link(temporary, this.#pathOf(name));
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  }
  async #isSame(handle: FileHandle, name: string): Promise<boolean> {
    const mine = await checksumOf(handle);
    return mine !== undefined && (await this.with(name, checksumOf)) === mine;
  }

  /** @throws {Refusal} when the name is no name, or is taken and not to be replaced */
  async refuseTaken(name: string, replace: boolean): Promise<void> {
    this.#pathOf(name);
    if (!replace && (await this.#files()).includes(`${name}${extension}`)) throw taken(name);
  }

  /** Opens a snapshot. @throws {Refusal} when there is none of that name */
  async open(name: string): Promise<FileHandle> {
    // Nobody is kept waiting by a pipe that somebody has put there.
    const handle = await open(this.#pathOf(name), constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
      throw told(error, name);
    });
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw unusable(name, "it is no file");
  }
  /** Opens one for as long as `work` takes. */
  async with<T>(name: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
    const handle = await this.open(name);
    try {
      return await work(handle);
    } finally {
      await handle.close();
    }
  }

  /** @throws {Refusal} for what is no name */
  #pathOf(name: string): string {
    if (!snapshotNamePattern.test(name)) {
      throw new Refusal(
        gatewayErrors.parameterInvalid,
        ["name"],
        "letters, digits, - _ . in at most 100 characters, the first a letter or digit",
      );
    }
    return join(this.#path, `${name}${extension}`);
  }

  async #files(): Promise<string[]> {
    return readdir(this.#path).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    });
  }

  /** @throws {Refusal} when there is none of that name */
  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name)).catch((error: unknown) => {
      throw told(error, name);
    });
    syncFolder(this.#path);
  }
}

function taken(name: string): Refusal {
  return new Refusal(adminErrors.snapshotExists, [name], "take another name, remove it first, or replace it (`--replace`)");
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
/** What the file system refuses, as what it means here. */
function told(error: unknown, name: string): unknown {
  const code = codeOf(error);
  if (code === "ECONNRESET") return new Refusal(gatewayErrors.requestMalformed, ["it ended in the midst of the file"]);
  if (code === "ENOENT") return new Refusal(adminErrors.notFound, [`snapshot ${name}`], "`linkspan snapshot list` tells which there are");
  return ["ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES", "EPERM", "EFBIG", "EMFILE"].includes(code) ? new StoreUnavailable(error) : error;
}
