import { type Answer, Caller, type CallOptions } from "./caller.ts";

/** A request whose every byte is settled. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs as other callers do, and hands the request over instead of sending it. */
export class Signer extends Caller {
  #signed: SignedRequest | undefined;

  async sign(version: string, action: string, pairs: readonly (readonly [string, string])[], options: CallOptions): Promise<SignedRequest> {
    await this.call(version, action, {}, { ...options, extra: pairs });
    return this.#signed as SignedRequest;
  }

  override async send(method: string, path: string, body: string, headers: Record<string, string>): Promise<Answer> {
    this.#signed = { method, path, body, headers };
    return { status: 0, headers: new Headers(), text: "", body: undefined };
  }
}

/** The bytes of a request on a connection of its own. */
export function bytesOf({ method, path, body, headers }: SignedRequest, endpoint: string): string {
  const lines = Object.entries({ host: endpoint, ...headers, "content-length": String(Buffer.byteLength(body)) });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
