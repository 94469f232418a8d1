import assert from "node:assert/strict";
import { createConnection, type Socket } from "node:net";
import { connect } from "node:tls";
import { createHmac, randomUUID } from "node:crypto";
import { encode, type Key } from "../support/caller.ts";

/** Requests as bytes on a socket: what no HTTP client would send. */

export interface RawResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** A connection whose other end never answers is a failed test, not a hanging one. */
const deadline = 15_000;

const open = new Set<RawConnection>();
/** For `afterEach`: a server waits for its connections when it stops. */
export function destroyAll(): void {
  for (const connection of open) connection.destroy();
}

export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;
  #changed: () => void = () => undefined;

  /** `secure`: the bytes go through TLS, to a server that this process trusts. */
  constructor(endpoint: string, options: { secure?: boolean } = {}) {
    const { hostname, port } = new URL(`http://${endpoint}`);
    open.add(this);
    const to = { host: hostname, port: Number(port), allowHalfOpen: true };
    this.#socket = options.secure === true ? connect(to) : createConnection(to);
    this.#socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#changed();
    });
    const close = (): void => {
      this.#closed = true;
      this.#changed();
    };
    this.#socket.on("end", close);
    this.#socket.on("close", close);
    // A server that has answered may reset a client that is still sending.
    this.#socket.on("error", close);
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }
  /** Says that nothing more will come, and goes on reading. */
  halfClose(): void {
    this.#socket.end();
  }
  destroy(): void {
    open.delete(this);
    this.#socket.destroy();
  }
  /** Sends what was written, then breaks the connection off so that the other end can neither read nor write any more. */
  async breakOff(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.write("", () => resolve()));
    open.delete(this);
    this.#socket.resetAndDestroy();
  }
  /** The port of this end, by which the server's end can be told. */
  get port(): number | undefined {
    return this.#socket.localPort;
  }

  /** The next whole response; `undefined` when the server closes before there is one. */
  async response(): Promise<RawResponse | undefined> {
    for (;;) {
      const taken = this.#take();
      if (taken !== undefined || this.#closed) return taken;
      await this.#change();
    }
  }
  /** Resolves when the server has closed its side. */
  async closed(): Promise<void> {
    while (!this.#closed) await this.#change();
  }

  #take(): RawResponse | undefined {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const [statusLine = "", ...lines] = this.#received.subarray(0, end).toString("latin1").split("\r\n");
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    const length = Number(headers.get("content-length") ?? 0);
    const rest = this.#received.subarray(end + 4);
    if (rest.length < length) return undefined;
    this.#received = rest.subarray(length);
    return { status: Number(statusLine.split(" ")[1]), headers, text: rest.subarray(0, length).toString("utf8") };
  }

  #change(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server neither answered nor closed within ${deadline} ms`)), deadline);
      this.#changed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Sends bytes on a connection of their own and reads one response. */
export async function exchange(
  endpoint: string,
  bytes: string | Uint8Array,
  options: { secure?: boolean } = {},
): Promise<RawResponse | undefined> {
  const connection = new RawConnection(endpoint, options);
  connection.write(bytes);
  try {
    return await connection.response();
  } finally {
    connection.destroy();
  }
}

/** Asserts that a response is an error in the one form that errors have: a JSON object of five texts, its RequestId repeated as a header. */
export function assertError(response: RawResponse | undefined, code: string, status: number): void {
  assert.ok(response, "the server closed without an answer");
  assert.equal(response.headers.get("content-type"), "application/json", response.text);
  const body = JSON.parse(response.text) as Record<string, unknown>;
  assert.deepEqual(Object.keys(body).sort(), ["Code", "HostId", "Message", "Recommend", "RequestId"]);
  for (const [name, value] of Object.entries(body)) assert.ok(typeof value === "string" && value !== "", `${name} of ${response.text}`);
  assert.equal(body["Code"], code, response.text);
  assert.equal(response.status, status, response.text);
  assert.match(String(body["RequestId"]), requestIdPattern);
  assert.equal(response.headers.get("x-acs-request-id"), body["RequestId"]);
}
/** A UUID in upper case. */
export const requestIdPattern = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

export type Pairs = readonly (readonly [name: string, value: string])[];
export const joined = (pairs: Pairs): string => pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");

/** Common parameters of V1, complete but for the signature. */
export function commonV1(key: Key, version: string, action: string): [string, string][] {
  return Object.entries({
    Action: action,
    Version: version,
    AccessKeyId: key.id,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0",
    SignatureNonce: randomUUID(),
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
  });
}

/** The V1 signature of these parameters, each counted as often as it stands there. */
export function signV1(key: Key, method: string, signed: Pairs): string {
  const sorted = signed.map((pair) => joined([pair])).sort();
  return createHmac("sha1", `${key.secret}&`)
    .update(`${method}&%2F&${encode(sorted.join("&"))}`)
    .digest("base64");
}

/** A GET request line target of a V1 call, signed. */
export function signedTarget(key: Key, version: string, action: string, pairs: Pairs = [], method = "GET"): string {
  const all = [...commonV1(key, version, action), ...pairs];
  return `/?${joined([...all, ["Signature", signV1(key, method, all)]])}`;
}
