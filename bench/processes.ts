// The processes of a measurement, each one of its own: the product, the bare server, the load program, the sync loop, the fill.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { developmentSeed } from "../src/engine/seed.ts";
import { Caller, type Key } from "../test/support/caller.ts";
import type { Filled } from "./fill.ts";
import type { Order, Prepare, Report, Send, Sent } from "./load.ts";

const root = join(import.meta.dirname, "..");
/** The server on one core, the load on another, so that neither takes time from the other. */
const cores = { server: "0", load: "1" };
export const isPinned: boolean = availableParallelism() >= 2 && spawnSync("taskset", ["-c", cores.load, "true"]).status === 0;

/** A message that never comes would hang the run; a fill of millions takes minutes. */
const patience = 30 * 60_000;

function start(core: keyof typeof cores, command: readonly string[], options: Parameters<typeof spawn>[2]): ChildProcess {
  const [file, ...rest] = isPinned ? ["taskset", "-c", cores[core], process.execPath, ...command] : [process.execPath, ...command];
  return spawn(file, rest, options);
}

/** The next message of a process. Rejects when it exits instead. */
async function messageOf<T>(child: ChildProcess, what: string): Promise<T> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    const [message] = await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(([code, by]) => Promise.reject(new Error(`${what} ended with ${code ?? by}`))),
      setTimeout(patience, undefined, { signal }).then(() => Promise.reject(new Error(`${what} says nothing`))),
    ]);
    return message as T;
  } finally {
    waiting.abort();
  }
}

/** The load program. */
export class Load {
  readonly #child = start("load", [join(root, "bench", "load.ts")], { stdio: ["ignore", "inherit", "inherit", "ipc"] });

  /** Signs requests; they are sent by the runs that follow, by each of them all. */
  async prepare(order: Prepare): Promise<void> {
    await this.#do({ prepare: order });
  }
  /** @throws when an answer had another status than 200: what was measured would not be what it says */
  async send(order: Send): Promise<Sent> {
    const report = await this.#do({ send: order });
    if (!("sent" in report)) throw new Error("the load program did something else");
    const { sent } = report;
    if (sent.refused > 0) throw new Error(`${sent.refused} of ${sent.requests} requests were refused, the first with ${sent.firstRefusal}`);
    return sent;
  }
  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  async #do(order: Order): Promise<Report> {
    const answered = messageOf<Report>(this.#child, "the load program");
    this.#child.send(order);
    const report = await answered;
    if ("failed" in report) throw new Error(`the load program failed: ${report.failed}`);
    return report;
  }
}

/** The bare server, started with what it answers. */
export async function startBareServer(key: Key, answer: unknown): Promise<{ readonly port: number; stop(): unknown }> {
  const child = start("server", [join(root, "bench", "bare-server.ts"), key.secret, JSON.stringify(answer)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { port } = await messageOf<{ port: number }>(child, "the bare server");
  return { port, stop: () => child.connected && child.disconnect() };
}

/** Syncs per second of the disk that a folder is on. */
export async function syncRate(folder: string, seconds: number): Promise<number> {
  const child = start("server", [join(root, "bench", "sync-loop.ts"), join(folder, "sync-loop"), String(seconds)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return (await messageOf<{ perSecond: number }>(child, "the sync loop")).perSecond;
}

/** Fills a data folder in a process of its own, so that the memory it takes goes with it. */
export async function fill(folder: string, what: "connections" | "tenants", count: number): Promise<Filled> {
  const child = spawn(process.execPath, [join(root, "bench", "fill.ts"), folder, what, String(count)], { stdio: "inherit" });
  const [code, signal] = await once(child, "exit");
  if (code !== 0) throw new Error(`filling ${folder} ended with ${code ?? signal}`);
  return JSON.parse(readFileSync(join(folder, "filled.json"), "utf8")) as Filled;
}

export interface ProductOptions {
  /** Settings beside place and log. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the store, if it has accounts with keys of their own. */
  readonly adminToken?: string;
}

/** The product as its user runs it, with its log in a file. */
export class Product {
  readonly port: number;
  /** Seconds from its start until it said that it is ready. */
  readonly readyAfter: number;
  readonly #child: ChildProcess;
  readonly #adminToken: string | undefined;

  static async start(folder: string, { environment = {}, adminToken }: ProductOptions = {}): Promise<Product> {
    const port = await freePort();
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("LINKSPAN_"));
    const logPath = join(folder, "server.log");
    const log = openSync(logPath, "a");
    const started = performance.now();
    const child = start("server", [join(root, "bin", "linkspan.mjs"), "serve"], {
      stdio: ["ignore", log, log],
      env: {
        ...Object.fromEntries(inherited),
        LINKSPAN_PORT: String(port),
        LINKSPAN_DATA: folder,
        LINKSPAN_KEY_FILE: join(folder, "key"),
        LINKSPAN_LOG: "info",
        ...environment,
      },
    });
    closeSync(log);
    for (;;) {
      const product = new Product(port, (performance.now() - started) / 1000, child, adminToken);
      if ((await product.#readiness()) !== undefined) return product;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the server exited:\n${readFileSync(logPath, "utf8").slice(-2000)}`);
      await setTimeout(1);
    }
  }
  private constructor(port: number, readyAfter: number, child: ChildProcess, adminToken: string | undefined) {
    this.port = port;
    this.readyAfter = readyAfter;
    this.#child = child;
    this.#adminToken = adminToken;
  }

  /** Resident memory in bytes. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    return Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
  }
  /** A client for what is done off the clock. */
  caller(key: Key): Caller {
    return new Caller(`http://127.0.0.1:${this.port}`, key);
  }
  async putSettings(settings: unknown): Promise<void> {
    const response = await this.#admin("settings", { method: "PUT", body: JSON.stringify(settings) });
    if (!response.ok) throw new Error(`settings: ${await response.text()}`);
  }
  /** Waits until no resource is in a state that ends by itself. */
  async untilAllIsDone(): Promise<void> {
    while (((await this.#readiness())?.tasks.moving ?? 1) > 0) await setTimeout(50);
  }
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill(signal);
    await exited;
  }

  /** What `ready` says; `undefined` while it says no, or nothing. */
  async #readiness(): Promise<{ readonly tasks: { readonly moving: number } } | undefined> {
    const response = await this.#admin("ready").catch(() => undefined);
    return response?.ok === true ? ((await response.json()) as { tasks: { moving: number } }) : undefined;
  }
  #admin(path: string, request: RequestInit = {}): Promise<Response> {
    const headers: Record<string, string> = this.#adminToken === undefined ? {} : { authorization: `Bearer ${this.#adminToken}` };
    return fetch(`http://127.0.0.1:${this.port}/_linkspan/${path}`, { ...request, headers });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** The development account that owns what is measured, and its root key. */
export const requesterKey: Key = (() => {
  const [requester] = developmentSeed.accounts;
  const [key] = requester?.keys ?? [];
  return { account: requester?.uid ?? "", id: key?.id ?? "", secret: key?.secret ?? "" };
})();
