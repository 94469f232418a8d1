import assert from "node:assert/strict";
import { get, type IncomingMessage } from "node:http";
import type { TestServer } from "../support/server.ts";

/** A reader of server-sent events of our own, by the rules of their standard, on a real socket. */

export interface Message {
  /** What the stream had said as id by then. */
  readonly id: string;
  readonly event: string;
  readonly data: any;
}
/** A stream that says nothing for so long has failed, in milliseconds. */
const deadline = 60_000;

const open = new Set<Watcher>();
/** For `afterEach`. */
export function closeAll(): void {
  for (const watcher of open) watcher.close();
}

export class Watcher {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly messages: Message[] = [];
  /** What a browser would send as Last-Event-ID. */
  lastEventId = "";
  comments = 0;
  /** All that has arrived. */
  text = "";
  /** The server ended the stream, and did not break it off. */
  hasEnded = false;
  isClosed = false;
  readonly #answer: IncomingMessage;
  #unread = "";
  #fields: { id: string; event: string; data: string[] } = { id: "", event: "", data: [] };
  #changed: () => void = () => undefined;

  private constructor(answer: IncomingMessage) {
    open.add(this);
    this.#answer = answer;
    this.status = answer.statusCode ?? 0;
    this.headers = answer.headers;
    answer.setEncoding("utf8");
    answer.on("data", (chunk: string) => {
      this.text += chunk;
      this.#read(chunk);
      this.#changed();
    });
    answer.on("end", () => (this.hasEnded = true));
    answer.on("error", () => undefined);
    answer.on("close", () => {
      this.isClosed = true;
      open.delete(this);
      this.#changed();
    });
  }

  /** Asks for the stream; resolves with the head of the answer, whatever it is. */
  static open(
    server: Pick<TestServer, "url" | "adminToken">,
    query: Readonly<Record<string, string | number>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Watcher> {
    const parameters = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]));
    const authorization: Record<string, string> = server.adminToken === "" ? {} : { authorization: `Bearer ${server.adminToken}` };
    return new Promise((resolve, reject) => {
      const options = { agent: false, headers: { accept: "text/event-stream", ...authorization, ...headers } };
      get(`${server.url}/_linkspan/events?${parameters.toString()}`, options, (answer) => resolve(new Watcher(answer))).once(
        "error",
        reject,
      );
    });
  }

  /** Opens the stream, and waits for its first word: what happens from then on is told. */
  static async follow(...given: Parameters<typeof Watcher.open>): Promise<Watcher> {
    const watcher = await Watcher.open(...given);
    assert.equal(watcher.status, 200);
    await watcher.until(() => watcher.lastEventId !== "");
    return watcher;
  }

  #read(chunk: string): void {
    const lines = (this.#unread + chunk).split("\n");
    this.#unread = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }
  #line(line: string): void {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) {
      this.comments += 1;
      return;
    }
    const [, field = "", value = ""] = /^([^:]+)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "id") this.#fields.id = value;
    else if (field === "event") this.#fields.event = value;
    else if (field === "data") this.#fields.data.push(value);
    else assert.ok(field === "retry" && /^\d+$/.test(value), `a line that is none of the standard's: ${line}`);
  }
  #dispatch(): void {
    const { id, event, data } = this.#fields;
    this.#fields = { id, event: "", data: [] };
    this.lastEventId = id;
    if (data.length > 0) this.messages.push({ id: this.lastEventId, event: event || "message", data: JSON.parse(data.join("\n")) });
  }

  /** The events that were told, without what the stream says of itself. */
  get events(): any[] {
    return this.messages.filter(({ event }) => event !== "gap").map(({ data }) => data);
  }
  get ids(): number[] {
    return this.events.map(({ id }) => id);
  }

  /** Waits for what the stream says until `holds`; fails when it ends before. */
  async until(holds: () => boolean): Promise<void> {
    await this.#wait(holds);
    assert.ok(holds(), `the stream ended after ${this.messages.length} messages: ${this.text.slice(-300)}`);
  }
  /** Waits for the end of the stream, or its loss. */
  closed(): Promise<void> {
    return this.#wait(() => this.isClosed);
  }
  /** Waits until all up to an event has been told, or would have been. */
  reached(id: number): Promise<void> {
    return this.until(() => Number(this.lastEventId) >= id);
  }
  async #wait(holds: () => boolean): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`nothing for ${deadline} ms: ${this.text.slice(-300)}`)), deadline);
    try {
      while (!holds() && !this.isClosed) {
        const changed = Promise.withResolvers<void>();
        this.#changed = changed.resolve;
        await Promise.race([changed.promise, late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads no more until `resume`. */
  pause(): void {
    this.#answer.pause();
  }
  resume(): void {
    this.#answer.resume();
  }
  close(): void {
    this.#answer.destroy();
  }
}
