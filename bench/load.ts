// The load program: a process that signs requests, sends them to a server over keep-alive connections, and says how long each took.
// It knows HTTP just well enough for that, so that it costs less than what it measures.
import { connect, type Socket } from "node:net";
import { type Key, type Parameters, versions } from "../test/support/caller.ts";
import { bytesOf, Signer } from "../test/support/signer.ts";

/** A call with plain parameters: a list's members are named one by one, as on the wire. */
export interface Call {
  readonly key: Key;
  readonly product: keyof typeof versions;
  readonly action: string;
  readonly parameters: Parameters;
}

/** Signs this many requests, which take turns among the calls. Signatures hold for 15 minutes. */
export interface Prepare {
  readonly calls: readonly Call[];
  readonly requests: number;
}
/** Sends all requests that are prepared, each once. */
export interface Send {
  readonly port: number;
  /** Each has one request under way at a time. */
  readonly connections: number;
  /** Whether the answers are wanted too. */
  readonly keepBodies: boolean;
}
export interface Sent {
  readonly requests: number;
  /** From the first byte sent to the last one read. */
  readonly seconds: number;
  /** Milliseconds that half of the requests took at most, and 99 in 100. */
  readonly p50: number;
  readonly p99: number;
  /** Answers with another status than 200, and the first of them. */
  readonly refused: number;
  readonly firstRefusal: string;
  /** Share of the time in which this process was at work. Near 1, it was measured and not the server. */
  readonly busy: number;
  /** In the order of the requests. */
  readonly bodies: readonly string[];
}
export type Order = { readonly prepare: Prepare } | { readonly send: Send };
export type Report = { readonly prepared: number } | { readonly sent: Sent } | { readonly failed: string };

/** Most answers come in one piece with it. */
const readBufferBytes = 128 * 1024;

let prepared: Buffer[] = [];

async function prepare({ calls, requests }: Prepare): Promise<void> {
  const ready = calls.map(({ key, product, action, parameters }) => ({
    signer: new Signer("", key),
    version: versions[product],
    action,
    pairs: Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  }));
  prepared = [];
  while (prepared.length < requests) {
    const { signer, version, action, pairs } = ready[prepared.length % ready.length] as (typeof ready)[number];
    const signed = await signer.sign(version, action, pairs, { place: "allInForm" });
    prepared.push(Buffer.from(bytesOf(signed, "127.0.0.1")));
  }
}

/** What one run collects. */
interface Tally {
  next: number;
  readonly milliseconds: Float64Array;
  readonly bodies: string[];
  refused: number;
  firstRefusal: string;
}

async function send({ port, connections, keepBodies }: Send): Promise<Sent> {
  const tally: Tally = { next: 0, milliseconds: new Float64Array(prepared.length), bodies: [], refused: 0, firstRefusal: "" };
  const opened = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(opened.map((connection) => connection.run(tally, keepBodies)));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const sorted = tally.milliseconds.toSorted();
  const quantile = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return {
    requests: prepared.length,
    seconds,
    p50: quantile(0.5),
    p99: quantile(0.99),
    refused: tally.refused,
    firstRefusal: tally.firstRefusal,
    busy: (user + system) / 1e6 / seconds,
    bodies: tally.bodies,
  };
}

/** A connection that sends the next request as soon as the one before is answered. */
class Connection {
  readonly #socket: Socket;
  readonly #closed = Promise.withResolvers<void>();
  #onBytes: (bytes: Buffer) => void = () => undefined;

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection: Connection = new Connection(port, () => resolve(connection));
      connection.#closed.promise.catch(reject);
    });
  }
  private constructor(port: number, onOpen: () => void) {
    const buffer = Buffer.allocUnsafeSlow(readBufferBytes);
    const callback = (length: number): boolean => {
      this.#onBytes(buffer.subarray(0, length));
      return true;
    };
    this.#socket = connect({ host: "127.0.0.1", port, noDelay: true, onread: { buffer, callback } }, onOpen);
    this.#socket.once("error", this.#closed.reject);
    this.#socket.once("close", () => this.#closed.reject(new Error("the server closed a connection")));
  }

  async run(tally: Tally, keepBodies: boolean): Promise<void> {
    await Promise.race([this.#closed.promise, new Promise<void>((resolve) => this.#drive(tally, keepBodies, resolve))]);
    this.#socket.destroy();
  }

  #drive(tally: Tally, keepBodies: boolean, onEnd: () => void): void {
    let request = 0;
    let started = 0;
    /** What came of the answer so far, where it is still needed. */
    let kept = Buffer.alloc(0);
    let isOk = true;
    /** Bytes of the body that are still to come; -1 while the head is. */
    let missing = -1;
    const next = (): void => {
      request = tally.next++;
      const bytes = prepared[request];
      if (bytes === undefined) return onEnd();
      missing = -1;
      started = performance.now();
      this.#socket.write(bytes);
    };
    this.#onBytes = (bytes) => {
      if (missing < 0) {
        const head = kept.length === 0 ? bytes : Buffer.concat([kept, bytes]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) {
          kept = Buffer.from(head);
          return;
        }
        const text = head.toString("latin1", 0, end);
        isOk = text.startsWith("HTTP/1.1 200 ");
        const length = /\ncontent-length: *(\d+)/i.exec(text)?.[1];
        if (length === undefined) throw new Error(`an answer without Content-Length: ${text}`);
        missing = end + 4 + Number(length) - head.length;
        kept = keepBodies || !isOk ? Buffer.from(head.subarray(end + 4)) : emptyBuffer;
      } else {
        missing -= bytes.length;
        if (keepBodies || !isOk) kept = Buffer.concat([kept, bytes]);
      }
      if (missing > 0) return;
      tally.milliseconds[request] = performance.now() - started;
      if (keepBodies) tally.bodies[request] = kept.toString("utf8");
      if (!isOk && tally.refused++ === 0) tally.firstRefusal = kept.toString("utf8");
      kept = emptyBuffer;
      next();
    };
    next();
  }
}
const emptyBuffer = Buffer.alloc(0);

process.on("message", (order: Order) => {
  const report = (what: Report): void => void process.send?.(what);
  const work =
    "prepare" in order ? prepare(order.prepare).then(() => ({ prepared: prepared.length })) : send(order.send).then((sent) => ({ sent }));
  work.then(report, (error: unknown) => report({ failed: String(error) }));
});
// Nobody is left who could give an order.
process.on("disconnect", () => process.exit());
