import { cpSync, rmSync } from "node:fs";
import { operationKey } from "../../src/contract/operation.ts";
import type { Stored } from "../generated/store-watch.ts";
import { drawnIn } from "./names.ts";
import { type Call, type Came, type Change, World } from "./world.ts";

/**
 * Two servers that differ in what some accounts have, asked the same by others. Whatever those others can tell from the answers must be
 * the same: it cannot depend on what they must not see.
 */

/** What happens next: those who look call on both servers, and those who are not to be seen only where they have anything. */
export type Step =
  | { readonly kind: "look"; readonly serial: number; readonly call: Call }
  | { readonly kind: "unseen"; readonly serial: number; readonly call: Call }
  | { readonly kind: "advance"; readonly serial: number; readonly seconds: number };

/** Where two servers begin. */
export interface Beginning {
  /** Folder of the store in which the unseen accounts have something. */
  readonly full: string;
  /** Folder of the store in which they have nothing, or less. */
  readonly bare: string;
  /** Accounts that are not to be seen. */
  readonly unseen: ReadonlySet<string>;
  /** How every name, description and tag of theirs begins that nobody may read. */
  readonly mark: string;
  /** Ids of theirs that others may read nevertheless, because they are shared. */
  readonly shown: ReadonlySet<string>;
}

/** What somebody could tell who must not. */
export class Leak extends Error {}

export class Pair {
  readonly full: World;
  readonly bare: World;
  readonly #beginning: Beginning;
  /** Ids that nobody who looks may read unless they sent them. */
  readonly #secret = new Set<string>();
  /** Ids that those who look have sent, or had from the start. */
  readonly #known = new Set<string>();
  #sentMarks = "";
  /** Resources that only the full server has, and those that differ there. */
  readonly #unseen = new Set<string>();
  readonly #touched = new Set<string>();

  private constructor(beginning: Beginning, full: World, bare: World) {
    this.#beginning = beginning;
    this.full = full;
    this.bare = bare;
    for (const resource of full.resources.values()) {
      const ids = drawnIn(JSON.stringify(resource));
      if (beginning.unseen.has(resource.account)) for (const id of ids) this.#secret.add(id);
      else for (const id of ids) this.#known.add(id);
      if (!bare.resources.has(resource.id)) this.#unseen.add(resource.id);
      else if (JSON.stringify(bare.resources.get(resource.id)) !== JSON.stringify(resource)) this.#touched.add(resource.id);
      // What only one has is called alike on both, so that both can be asked for it.
      for (const id of ids) bare.names.add(id);
    }
    for (const id of beginning.shown) this.#known.add(id);
  }

  /** Takes up copies of the two stores. */
  static async open(beginning: Beginning): Promise<Pair> {
    const [full, bare] = [`${beginning.full}-run`, `${beginning.bare}-run`];
    for (const [from, to] of [
      [beginning.full, full],
      [beginning.bare, bare],
    ] as const) {
      rmSync(to, { recursive: true, force: true });
      cpSync(from, to, { recursive: true });
    }
    return new Pair(beginning, await World.open(full), await World.open(bare));
  }
  async close(): Promise<void> {
    for (const { server } of [this.full, this.bare]) {
      await server.stop();
      rmSync(server.folder, { recursive: true, force: true });
    }
  }

  /** Everything that nobody who looks has any part in, with the accounts that have it. */
  unseenResources(): Stored[] {
    const isUnseen = ({ id, kind, account }: Stored): boolean =>
      this.#unseen.has(id) || (["account", "resource-group"].includes(kind) && this.#beginning.unseen.has(account));
    return [...this.full.resources.values()].filter(isUnseen);
  }

  /**
   * Takes a step; answers what the call came to where there is more to see.
   * @throws {Leak} when the answer depends on what must not be seen, or holds some of it
   */
  async take(step: Step): Promise<Came | undefined> {
    const name = String(step.serial);
    const unseen = `u${name}`;
    if (step.kind === "unseen") {
      const came = await this.full.call(step.call, unseen);
      for (const change of came.changes) this.#hide(change, unseen);
      return came;
    }
    if (step.kind === "advance") {
      const [full, bare] = [await this.full.advance(step.seconds), await this.bare.advance(step.seconds)];
      const seen: Change[] = [];
      for (const change of full) {
        const isNew = !this.full.names.has(change.resource);
        if (this.#unseen.has(change.resource) || (isNew && this.#beginning.unseen.has(change.account))) this.#hide(change, unseen);
        else seen.push(change);
      }
      this.#agree(
        `what happens within ${step.seconds} seconds`,
        this.#told(this.full, inOrder(this.full, seen), name),
        this.#told(this.bare, inOrder(this.bare, bare), name),
      );
      return undefined;
    }
    return this.#look(step.call, name);
  }

  async #look(call: Call, name: string): Promise<Came> {
    const sent = call.pairs.map(([, value]) => this.full.names.asked(value)).join("\n");
    for (const id of drawnIn(sent)) this.#known.add(id);
    if (sent.includes(this.#beginning.mark)) this.#sentMarks += `${sent}\n`;
    const [full, bare] = await Promise.all([this.full.call(call, name), this.bare.call(call, name)]);
    this.#agree("the answer", full.answer, bare.answer);
    this.#agree("what it changes", this.#told(this.full, full.changes, name), this.#told(this.bare, bare.changes, name));
    this.#agree("what the server tells of the request", full.story, bare.story);
    const { mark } = this.#beginning;
    for (const marker of full.raw.match(new RegExp(`${mark}\\d*`, "gi")) ?? []) {
      if (!this.#sentMarks.toLowerCase().includes(marker.toLowerCase()))
        throw new Leak(`the answer holds ${marker}, which is not the caller's: ${full.raw}`);
    }
    for (const id of drawnIn(full.raw)) {
      if (this.#secret.has(id) && !this.#known.has(id)) throw new Leak(`the answer holds ${id}, which is not the caller's: ${full.raw}`);
    }
    const other = full.changes.find(({ resource }) => this.#unseen.has(resource));
    if (other !== undefined) throw new Leak(`the call changes what is not the caller's: ${other.head}`);
    if (full.status >= 500) throw new Leak(`the server fails: ${full.raw}`);
    return full;
  }

  #agree(what: string, full: string, bare: string): void {
    if (full === bare) return;
    const at = Math.max(Array.from(full).findIndex((character, index) => character !== bare.charAt(index)) - 60, 0);
    throw new Leak(
      `${what} depends on what must not be seen, from character ${at}:\n  ${shown(full, at)}\ninstead of\n  ${shown(bare, at)}`,
    );
  }
  /** Changes in common names. Of what differs from the start only that it changes. */
  #told(world: World, changes: readonly Change[], name: string): string {
    const told = changes.map(({ resource, head, image }) => (this.#touched.has(resource) ? head : `${head}: ${image}`));
    return world.names.told(told.join("\n"), name);
  }
  /** Takes note of a change that only the full server sees. What is new in it is called alike on both. */
  #hide({ resource, head, image }: Change, step: string): void {
    (this.bare.resources.has(resource) ? this.#touched : this.#unseen).add(resource);
    const { names } = this.full;
    names.told(`${head} ${image}`, step);
    for (const id of drawnIn(`${head} ${image}`)) {
      const name = names.named(id);
      if (!name.startsWith(`«${step}.`)) continue;
      this.#secret.add(id);
      this.bare.names.add(id, name);
    }
  }
}

function shown(text: string, at: number): string {
  return text.slice(at, at + 1_000);
}

/** Changes that happened at one moment, in an order that does not depend on the ids that chance gave. */
function inOrder({ names }: World, changes: readonly Change[]): Change[] {
  const key = ({ resource, head, image }: Change): string => {
    const form = `${head} ${image}`.replaceAll(resource, "");
    return names.has(resource) ? `0 ${names.named(resource)}` : `1 ${names.named(form)}`;
  };
  return changes
    .map((change, index) => ({ change, index, key: key(change) }))
    .sort((a, b) => (a.key === b.key ? a.index - b.index : a.key < b.key ? -1 : 1))
    .map(({ change }) => change);
}

/** A step as whoever reads a failure needs it. */
export function toldStep(step: Step): string {
  if (step.kind === "advance") return `${step.serial}  ${step.seconds} seconds pass`;
  const { by, operation, pairs, options } = step.call;
  const parameters = pairs.map(([name, value]) => `${name}=${value}`).join(" ");
  const where = step.kind === "unseen" ? " (only where they have anything)" : "";
  return `${step.serial}  ${by.name}${where}: ${operationKey(operation.product, operation.name)} ${parameters} ${JSON.stringify(options)}`;
}
