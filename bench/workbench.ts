// What all parts measure with: how much, where, and the ways to measure that they share.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Figure, median, shown } from "./figure.ts";
import type { Filled } from "./fill.ts";
import type { Call, Sent } from "./load.ts";
import { fill, Load, Product, requesterKey } from "./processes.ts";

/** How much is measured. */
export interface Scale {
  /** Measured rounds; one before them warms up. */
  readonly rounds: number;
  /** Requests a round: of reads, of pages, of writes by one client. */
  readonly reads: number;
  readonly pages: number;
  readonly singleWrites: number;
  /** Accounts that write; each has at most 20 connections at a time. */
  readonly tenants: number;
  /** Peering connections in a small and in a large store. */
  readonly few: number;
  readonly many: number;
  readonly syncSeconds: number;
  /** Seconds after which a server that was just started has settled. */
  readonly settleSeconds: number;
}
export const scales = {
  full: {
    rounds: 5,
    reads: 30_000,
    pages: 4_000,
    singleWrites: 1_000,
    tenants: 500,
    few: 10_000,
    many: 1_000_000,
    syncSeconds: 1,
    settleSeconds: 2,
  },
  quick: {
    rounds: 3,
    reads: 10_000,
    pages: 1_000,
    singleWrites: 300,
    tenants: 150,
    few: 10_000,
    many: 100_000,
    syncSeconds: 0.5,
    settleSeconds: 2,
  },
} satisfies Record<string, Scale>;

/** Clients of every measurement that does not say otherwise. */
export const clients = 64;

/** A server and what it is asked. */
export interface Called {
  readonly port: number;
  readonly calls: readonly Call[];
}

export interface Store extends Filled {
  readonly folder: string;
}

export class Workbench {
  readonly scale: Scale;
  /** Where all data is: on the disk of this clone, because folders for temporary files are not always on one. */
  readonly folder: string;
  readonly load = new Load();
  readonly #say: (line: string) => void;
  readonly #running = new Set<{ stop(): unknown }>();
  readonly #stores = new Map<number, Promise<Store>>();

  constructor(scale: Scale, say: (line: string) => void) {
    this.scale = scale;
    this.#say = say;
    const data = join(import.meta.dirname, ".data");
    mkdirSync(data, { recursive: true });
    this.folder = mkdtempSync(join(data, "run-"));
  }

  /** Tells how far the run is. */
  say(line: string): void {
    this.#say(line);
  }
  /** An empty folder. */
  newFolder(name: string): string {
    return mkdtempSync(join(this.folder, `${name}-`));
  }
  /** A store with so many peering connections of the requester. It is made once, and parts that need one use it after each other. */
  connections(count: number): Promise<Store> {
    const made = this.#stores.get(count) ?? this.#filled("connections", count);
    this.#stores.set(count, made);
    return made;
  }
  tenants(): Promise<Store> {
    return this.#filled("tenants", this.scale.tenants);
  }
  async #filled(what: "connections" | "tenants", count: number): Promise<Store> {
    this.say(`filling a store with ${count.toLocaleString("en")} ${what}`);
    const folder = this.newFolder(what);
    return { folder, ...(await fill(folder, what, count)) };
  }

  /** Starts a server, and stops it at the end of the run if nobody has before. */
  async started<T extends { stop(): unknown }>(server: Promise<T>): Promise<T> {
    const running = await server;
    this.#running.add(running);
    return running;
  }
  product(
    at: { readonly folder: string; readonly adminToken?: string },
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Product> {
    return this.started(Product.start(at.folder, { ...at, environment }));
  }

  /**
   * Sends requests to several servers in turns, some rounds of it; to servers that are called alike the very same bytes.
   * @returns the rounds of each, without the one that warmed up
   */
  async inTurns<Name extends string>(servers: Readonly<Record<Name, Called>>, requests: number): Promise<Record<Name, Sent[]>> {
    const names = Object.keys(servers) as Name[];
    const rounds = Object.fromEntries(names.map((name) => [name, [] as Sent[]])) as Record<Name, Sent[]>;
    for (let round = 0; round <= this.scale.rounds; round++) {
      const told: string[] = [];
      let signed: readonly Call[] | undefined;
      for (const name of names) {
        const { port, calls } = servers[name];
        if (calls !== signed) await this.load.prepare({ calls, requests });
        signed = calls;
        const sent = await this.send(port);
        if (round > 0) rounds[name].push(sent);
        told.push(`${name} ${shown(rateOf(sent))}/s`);
      }
      this.say(`  ${round === 0 ? "warm-up" : `round ${round}`}: ${told.join(", ")}`);
    }
    return rounds;
  }
  /** Sends what is prepared. */
  async send(port: number, connections = clients, keepBodies = false): Promise<Sent> {
    const sent = await this.load.send({ port, connections, keepBodies });
    if (sent.busy > 0.95 && sent.seconds > 0.2) this.say("  the load program was the limit, not the server");
    return sent;
  }

  async stop(): Promise<void> {
    for (const running of this.#running) await running.stop();
    this.load.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const rateOf = ({ requests, seconds }: Sent): number => requests / seconds;

/** The figure of some rounds: medians of rate and latencies. */
export function rateFigure(id: string, what: string, rounds: readonly Sent[]): Figure {
  return {
    id,
    what,
    value: median(rounds.map(rateOf)),
    unit: "/s",
    p50: median(rounds.map(({ p50 }) => p50)),
    p99: median(rounds.map(({ p99 }) => p99)),
  };
}
/** A figure with its ratio to another. */
export function comparedWith(figure: Figure, other: Figure, against: string = other.what): Figure {
  return { ...figure, against: `${shown(other.value)} ${other.unit} ${against}`, ratio: figure.value / other.value };
}

/** A call that the requester's root key signs. */
export function requesterCall(product: Call["product"], action: string, parameters: Call["parameters"]): Call {
  return { key: requesterKey, product, action, parameters };
}
