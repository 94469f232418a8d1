import type { AnyOperation } from "../../src/contract/operation.ts";
import { planOf, type Stage } from "../../src/gateway/protocol-rules.ts";
import type { RequestRecord } from "../../src/gateway/request-log.ts";
import { kinds } from "../../src/services/index.ts";
import type { Stored } from "../generated/store-watch.ts";
import { Caller, type CallOptions, type Key } from "../support/caller.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { decoded, drawnIn, Names } from "./names.ts";

/** One of two servers that are asked the same, with all that it says and does told in names that both have in common. */

/** Whoever calls: an account itself, one of its users, or a role's session. */
export interface Principal {
  readonly name: string;
  readonly key: Key;
}
/** An account itself. */
export function rootOf(key: Key): Principal {
  return { name: `${key.account}:root`, key };
}
/** A call with values as `Names.asked` takes them. */
export interface Call {
  readonly by: Principal;
  readonly operation: AnyOperation;
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly options: Pick<CallOptions, "signature" | "method" | "place" | "format">;
}
/** A change of a resource, as the store keeps it. */
export interface Change {
  readonly resource: string;
  /** The account whose resource it is. */
  readonly account: string;
  /** Kind, id, event and who caused it; and then the resource's whole image. */
  readonly head: string;
  readonly image: string;
}
/** What a call came to. */
export interface Came {
  readonly status: number;
  /** As it was received. */
  readonly raw: string;
  readonly code: string;
  /** Where the call was refused; `undefined` for one that was not. */
  readonly refusedAt: Stage | undefined;
  readonly changes: readonly Change[];
  /** The answer, in common names. */
  readonly answer: string;
  /** What the server tells of the request to whoever opens its `Recommend` address, in common names. */
  readonly story: string;
}

const secretFields = new Map<string, readonly string[]>(kinds.map((kind) => [kind.name, kind.secretFields ?? []]));

export class World {
  readonly server: InProcessServer;
  readonly names = new Names();
  /** Everything that is there, in the order of creation. */
  readonly resources = new Map<string, Stored>();
  #lastEvent = 0;
  #record: RequestRecord | undefined;

  private constructor(server: InProcessServer) {
    this.server = server;
  }

  /** Takes up a store. What is in it has the same names on every server that takes up a copy. */
  static async open(folder: string, seed?: unknown): Promise<World> {
    let world: World | undefined;
    const onRequest = (record: RequestRecord): void => {
      if (world !== undefined) world.#record = record;
    };
    world = new World(await startServer({ folder, seed, record: false, onRequest }));
    for (const { head, image } of await world.#changes()) for (const one of drawnIn(`${head} ${image}`)) world.names.add(one);
    return world;
  }

  async call({ by, operation, pairs, options }: Call, step: string): Promise<Came> {
    const { server, names } = this;
    const caller = new Caller(server.url, by.key);
    const extra = pairs.map(([name, value]) => [name, names.asked(value)] as const);
    const answer = await caller.call(operation.product.version, operation.name, {}, { ...options, extra });
    const record = this.#record;
    if (record === undefined) throw new Error("the server has told nothing of the request");
    const plan = planOf(record.signatureVersion, record.operation);
    const common = (text: string): string =>
      names.told(decoded(text).replaceAll(record.requestId, "(RequestId)").replaceAll(server.endpoint, "(host)"), step);
    const { held, refusedBy, targets, subject, permission, advice, failedMembers, replayed } = record;
    const noted = { held: held.length, refusedBy, targets, subject, permission, advice, failedMembers, replayed };
    return {
      status: answer.status,
      raw: decoded(answer.text),
      code: record.code,
      refusedAt: refusedBy && plan[held.length]?.stage,
      answer: common(`${answer.status} ${answer.headers.get("content-type")} ${answer.text}`),
      changes: await this.#changes(),
      story: common(JSON.stringify(noted)),
    };
  }

  /** Takes note of what others have done. */
  async look(): Promise<void> {
    await this.#changes();
  }
  /** Moves virtual time on; answers what happened by itself. */
  async advance(seconds: number): Promise<readonly Change[]> {
    await this.server.engine.advance(seconds * 1000);
    return this.#changes();
  }
  now(): Promise<number> {
    return this.server.engine.clock().then(({ now }) => now);
  }

  /** What has changed since the last look. */
  async #changes(): Promise<Change[]> {
    const events = await this.server.store.read((rows) => rows.events(this.#lastEvent, 1_000_000));
    return events.map(({ id, kind, resource, event, version, principal, image }) => {
      this.#lastEvent = id;
      const shown = image === null ? undefined : (JSON.parse(image) as Stored);
      const account = (shown ?? this.resources.get(resource))?.account ?? "";
      if (shown === undefined) this.resources.delete(resource);
      else this.resources.set(resource, { ...shown, kind });
      const open = Object.entries(shown ?? {}).filter(([field]) => secretFields.get(kind)?.includes(field) !== true);
      const told = `version ${version} ${JSON.stringify(Object.fromEntries(open))}`;
      return { resource, account, head: `${kind} ${resource} ${event} by ${principal}`, image: told };
    });
  }
}
