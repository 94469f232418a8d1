import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { Refusal } from "../../contract/errors.ts";
import { adminErrors } from "../../contract/gateway-errors.ts";
import { defaultSettings, type Settings } from "../../contract/settings.ts";
import { type Clock, isPace, virtualTime, virtualTimeMax } from "../clock.ts";
import { parseSettings } from "../seed.ts";
import type { LockedKey } from "./snapshot-keys.ts";

/**
 * A snapshot file: NDJSON, so that a repository shows what changed from one to the next. The first line says what it is, then comes a line
 * for each resource in the order of lists, then a line that says that this is all, with a checksum over everything before it.
 */

export const snapshotFormat = "linkspan-snapshot";
/** Raised when a file is written in a way that older versions cannot read. */
export const snapshotFormatVersion = 1;
/** The longest line that is read, in bytes. */
const lineBytesMax = 4 * 1024 * 1024;
const chunkBytes = 64 * 1024;

/** The first line. */
export interface SnapshotHeader {
  readonly format: typeof snapshotFormat;
  readonly formatVersion: number;
  /** `Store.schema` of the server that saved it. */
  readonly schema: number;
  /** Version of Linkspan that saved it. */
  readonly linkspan: string;
  readonly description: string;
  /** ISO 8601, wall time. */
  readonly savedAt: string;
  readonly clock: Clock;
  readonly settings: Settings;
  /** The store that it is of. */
  readonly lineage: string;
  /** The newest event at that time: this is the state as of it. */
  readonly event: number;
  readonly resources: number;
  readonly key: LockedKey;
}
/** The line of a resource. */
export interface SnapshotLine {
  readonly kind: string;
  readonly id: string;
  readonly position: number;
  /** Virtual time in milliseconds at which its task is due. */
  readonly due?: number;
  /** All fields but id and version by name, secrets sealed with the key of the snapshot. */
  readonly fields: Readonly<Record<string, unknown>>;
}
interface EndMark {
  readonly end: true;
  readonly resources: number;
  /** SHA-256 of all bytes before this line, in hexadecimal. */
  readonly sha256: string;
}

/** Writes a snapshot to a file that is empty. */
export class SnapshotWriter {
  readonly #handle: FileHandle;
  readonly #hash = createHash("sha256");
  #resources = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async header(header: SnapshotHeader): Promise<void> {
    await this.#write(`${JSON.stringify(header)}\n`);
  }
  async resources(lines: readonly SnapshotLine[]): Promise<void> {
    this.#resources += lines.length;
    await this.#write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
  /** Without this the file is none. */
  async end(): Promise<void> {
    const mark: EndMark = { end: true, resources: this.#resources, sha256: this.#hash.digest("hex") };
    await this.#handle.writeFile(`${JSON.stringify(mark)}\n`);
  }

  async #write(text: string): Promise<void> {
    this.#hash.update(text);
    await this.#handle.writeFile(text);
  }
}

/** Why a file is not a snapshot that can be used, in words that follow "it cannot be used:". */
export function unusable(name: string, why: string, advice?: string): Refusal {
  return new Refusal(adminErrors.snapshotUnusable, [name, why], advice);
}

/**
 * Reads the first line.
 * @throws {Refusal} for what is no snapshot, and for one that a newer version made
 */
export async function readHeader(handle: FileHandle, name: string, schema: number): Promise<SnapshotHeader> {
  for await (const [first] of linesOf(handle, name)) {
    const header = first === undefined ? undefined : parsed(first);
    if (!isObject(header) || header["format"] !== snapshotFormat) break;
    const newer = (what: string): Refusal =>
      unusable(
        name,
        `Linkspan ${String(header["linkspan"])} saved it, with ${what} that this version does not know`,
        "start that version, or a later one",
      );
    if (!isCount(header["formatVersion"]) || header["formatVersion"] > snapshotFormatVersion) throw newer("a format");
    if (!isCount(header["schema"]) || header["schema"] > schema) throw newer("a store");
    const fault = headerFault(header);
    if (fault !== undefined) throw unusable(name, `its first line has no ${fault} that makes sense`);
    return { ...(header as unknown as SnapshotHeader), settings: settingsOf(header["settings"]) };
  }
  throw unusable(name, "it is no snapshot that Linkspan saved");
}

/** The first member that is not as it must be. */
function headerFault(header: Record<string, unknown>): string | undefined {
  const { clock, settings, key } = header;
  if (["linkspan", "description", "savedAt", "lineage"].some((member) => typeof header[member] !== "string")) return "origin";
  if (!isCount(header["event"]) || !isCount(header["resources"])) return "count";
  if (!isObject(key) || typeof key["byKeyFile"] !== "string" || !isPassphraseLock(key["byPassphrase"])) return "key";
  if (!isObject(clock) || !isClock(clock)) return "clock";
  try {
    settingsOf(settings);
    return undefined;
  } catch {
    return "settings";
  }
}
/** What is left out stays left out, so that the settings read as they were. */
function settingsOf(value: unknown): Settings {
  const settings = Object.entries(parseSettings(value)).filter(([name]) => Object.hasOwn(value as object, name));
  return { ...defaultSettings, ...(Object.fromEntries(settings) as Partial<Settings>) };
}
function isPassphraseLock(lock: unknown): boolean {
  return lock === undefined || (isObject(lock) && ["derivation", "salt", "key"].every((member) => typeof lock[member] === "string"));
}
function isClock({ pace, offset, stoppedAt }: Record<string, unknown>): boolean {
  if (typeof pace !== "string" || !isPace(pace) || !Number.isSafeInteger(offset)) return false;
  if (pace === "stepped" ? !Number.isSafeInteger(stoppedAt) : stoppedAt !== null) return false;
  const now = virtualTime({ pace, offset, stoppedAt } as Clock, Date.now());
  return now >= 0 && now <= virtualTimeMax;
}

/**
 * Reads the resources, some at a time.
 * @throws {Refusal} when the file is cut off or was changed, at its end at the latest
 */
export async function* readResources(handle: FileHandle, name: string): AsyncGenerator<SnapshotLine[]> {
  const hash = createHash("sha256");
  let resources = 0;
  let isFirst = true;
  let mark: EndMark | undefined;
  for await (const lines of linesOf(handle, name)) {
    const page: SnapshotLine[] = [];
    for (const line of lines) {
      if (mark !== undefined) throw unusable(name, "there is more behind its end");
      const value = isFirst ? undefined : parsed(line);
      if (isObject(value) && value["end"] === true) {
        mark = value as unknown as EndMark;
        continue;
      }
      hash.update(line).update("\n");
      if (isFirst) isFirst = false;
      else page.push(lineOf(value, name, ++resources));
    }
    if (page.length > 0) yield page;
  }
  if (mark === undefined) throw unusable(name, "it is cut off: its last line is missing");
  if (mark.sha256 !== hash.digest("hex") || mark.resources !== resources)
    throw unusable(name, "it is not as it was saved: its checksum is another");
}

/** Levels of objects and lists in the line of a resource. What is nested without end cannot be written either. */
const nestingMax = 32;
function isNoDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isNoDeeperThan(levels - 1, member));
}

function lineOf(value: unknown, name: string, number: number): SnapshotLine {
  const isLine =
    isObject(value) &&
    typeof value["kind"] === "string" &&
    typeof value["id"] === "string" &&
    // Pages of resources begin behind an id, the first behind none.
    /^[^\u0000-\u001f]{1,256}$/.test(value["id"]) &&
    isNoDeeperThan(nestingMax, value) &&
    isCount(value["position"]) &&
    (value["due"] === undefined || Number.isSafeInteger(value["due"])) &&
    isObject(value["fields"]);
  if (!isLine) throw unusable(name, `its line ${number + 1} is no resource`);
  return value as unknown as SnapshotLine;
}

/** The checksum of a snapshot, by which two of them are told apart without reading them; `undefined` for what has none. */
export async function checksumOf(handle: FileHandle): Promise<string | undefined> {
  const { size } = await handle.stat();
  const tail = Buffer.alloc(Math.min(size, 1024));
  await handle.read(tail, 0, tail.length, size - tail.length);
  const mark = parsed(tail.subarray(tail.lastIndexOf("\n", -2) + 1));
  return isObject(mark) && mark["end"] === true ? String(mark["sha256"]) : undefined;
}

/** The lines of a file without their ends, from its beginning, as many at a time as one read gives. What has no end is no line. */
async function* linesOf(handle: FileHandle, name: string): AsyncGenerator<Buffer[]> {
  let rest = Buffer.alloc(0);
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const lines: Buffer[] = [];
    let begin = 0;
    for (let end = rest.indexOf("\n"); end !== -1; end = rest.indexOf("\n", begin)) {
      lines.push(rest.subarray(begin, end));
      begin = end + 1;
    }
    rest = rest.subarray(begin);
    if (rest.length > lineBytesMax) throw unusable(name, "it has a line that is longer than any of a snapshot");
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) throw unusable(name, "it is cut off in the midst of a line");
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
