import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import { json } from "node:stream/consumers";

/** Something that a command cannot do, in words for its user. */
export class CommandError extends Error {}

/** No server answers, for now at least. */
export class NoServer extends CommandError {}

/** Where an SDK finds a server: `127.0.0.1:4747`, over `http`. */
export interface Address {
  readonly endpoint: string;
  readonly protocol: string;
}

/** The options of commands that talk to a running server. */
export interface Remote {
  readonly url: string;
  readonly adminToken?: string;
}

/** A path with what is asked of it; what is `undefined` is left out. */
export function withQuery(path: string, asked: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
  return `${path}?${new URLSearchParams(given).toString()}`;
}

/** Talks to `/_linkspan/` of a running server. */
export class AdminClient {
  readonly url: string;
  readonly #token: string | undefined;

  constructor(url: string, token: string | undefined) {
    if (!URL.canParse(url)) throw new CommandError(`${url} is no address; write it as http://127.0.0.1:4747`);
    this.url = url.replace(/\/$/, "");
    this.#token = token;
  }

  get address(): Address {
    const { host, protocol } = new URL(this.url);
    return { endpoint: host, protocol: protocol.slice(0, -1) };
  }

  /** @throws {CommandError} when no server answers or it refuses */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#answer<T>(await this.#send(method, path, body === undefined ? undefined : JSON.stringify(body)));
  }
  /** Sends a file as it is. @throws {CommandError} likewise, and when there is no such file */
  async upload<T>(method: string, path: string, file: string): Promise<T> {
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() !== true) throw new CommandError(`${file} cannot be read: is there such a file, and may you read it?`);
    return this.#answer<T>(await this.#send(method, path, createReadStream(file), found.size));
  }
  /**
   * Answers a file or a stream as it comes.
   * @throws {CommandError} when the server refuses
   * @throws {NoServer} when none answers, or it is about to stop
   */
  async download(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Readable> {
    const response = await this.#send("GET", path, undefined, undefined, headers);
    if (response.statusCode === 503) throw new NoServer(`the server at ${this.url} does not answer now`);
    return isOk(response) ? response : this.#answer(response);
  }

  /** Not with `fetch`, which waits five minutes for an answer and no longer: a large snapshot may take that. */
  #send(
    method: string,
    path: string,
    body: string | Readable | undefined,
    size?: number,
    given: Readonly<Record<string, string>> = {},
  ): Promise<IncomingMessage> {
    const url = new URL(`${this.url}/_linkspan/${path}`);
    const length = typeof body === "string" ? Buffer.byteLength(body) : size;
    const headers = {
      ...given,
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      ...(length === undefined ? {} : { "content-length": length }),
    };
    return new Promise((resolve, reject) => {
      const request = url.protocol === "https:" ? https.request : http.request;
      const sent = request(url, { method, headers }, resolve);
      sent.on("error", (error: NodeJS.ErrnoException) => reject(this.#unreached(error)));
      if (body instanceof Readable) body.on("error", (error) => sent.destroy(error)).pipe(sent);
      else sent.end(body);
    });
  }
  #unreached({ code = "" }: NodeJS.ErrnoException): CommandError {
    if (/CERT|SIGNATURE/.test(code)) {
      return new CommandError(`the certificate of ${this.url} is not trusted (${code}). Set NODE_EXTRA_CA_CERTS to the server's ca.pem.`);
    }
    return new NoServer(`no server answers at ${this.url}. Start one with \`npm start\`, or name it with --url.`);
  }

  async #answer<T>(response: IncomingMessage): Promise<T> {
    const answer = (await json(response).catch(() => {
      throw new CommandError(`what answers at ${this.url} is not Linkspan`);
    })) as { message?: string; advice?: string };
    if (!isOk(response))
      throw new CommandError(
        [answer.message ?? `the server answers ${response.statusCode}`, answer.advice]
          .filter((text) => text !== undefined && text !== "")
          .join(" — "),
      );
    return answer as T;
  }
}

function isOk({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}
