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
  /** Sends a file as it is. @throws {CommandError} likewise */
  async upload<T>(method: string, path: string, file: Blob): Promise<T> {
    return this.#answer<T>(await this.#send(method, path, file));
  }
  /**
   * Answers a stream as it comes.
   * @throws {CommandError} when the server refuses
   * @throws {NoServer} when none answers, or it is about to stop
   */
  async download(path: string, headers: Readonly<Record<string, string>> = {}): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.#send("GET", path, undefined, headers);
    if (response.status === 503) throw new NoServer(`the server at ${this.url} does not answer now`);
    if (!response.ok || response.body === null) return this.#answer(response);
    return response.body;
  }

  async #send(
    method: string,
    path: string,
    body: string | Blob | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const authorization: Record<string, string> = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    try {
      return await fetch(`${this.url}/_linkspan/${path}`, {
        method,
        headers: { ...authorization, ...headers },
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      const { code = "" } = ((error as Error).cause ?? {}) as { code?: string };
      if (/CERT|SIGNATURE/.test(code)) {
        throw new CommandError(`the certificate of ${this.url} is not trusted (${code}). Set NODE_EXTRA_CA_CERTS to the server's ca.pem.`);
      }
      throw new NoServer(`no server answers at ${this.url}. Start one with \`npm start\`, or name it with --url.`);
    }
  }

  async #answer<T>(response: Response): Promise<T> {
    const answer = (await response.json().catch(() => {
      throw new CommandError(`what answers at ${this.url} is not Linkspan`);
    })) as { message?: string; advice?: string };
    if (!response.ok)
      throw new CommandError(
        [answer.message ?? `the server answers ${response.status}`, answer.advice]
          .filter((text) => text !== undefined && text !== "")
          .join(" — "),
      );
    return answer as T;
  }
}
