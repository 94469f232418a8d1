import { createHash, createHmac, randomUUID } from "node:crypto";

/** A client of our own, written apart from the server's code, that can also do what no official one does: sign wrongly, repeat nonces, ask for XML. */

export interface Key {
  readonly account: string;
  readonly id: string;
  readonly secret: string;
  /** SecurityToken of a temporary key. */
  readonly token?: string;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON body; `undefined` for XML. */
  readonly body: any;
}
export interface CallOptions {
  readonly signature?: "V1" | "V3";
  readonly method?: "GET" | "POST";
  /** Where operation parameters go in a POST; `allInForm` takes the common ones of V1 there too. */
  readonly place?: "query" | "form" | "allInForm";
  readonly format?: string;
  /** Overrides for the common parameters of V1 or the headers of V3, before signing; `undefined` leaves one out. */
  readonly common?: Readonly<Record<string, string | undefined>>;
  /** Extra pairs, not put in order and not made unique. */
  readonly extra?: readonly (readonly [string, string])[];
}

/** Parameters as SDKs take them: nested lists and objects are flattened as `Name.1.Field`. */
export type Parameters = Readonly<Record<string, unknown>>;

export function flat(value: unknown, name = ""): [string, string][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((member, index) => flat(member, `${name}.${index + 1}`));
  if (typeof value === "object")
    return Object.entries(value).flatMap(([key, member]) => flat(member, name === "" ? key : `${name}.${key}`));
  return [[name, `${value as string | number | boolean}`]];
}

export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
const joined = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
const sorted = (pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] =>
  [...pairs].sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1));
const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

export const versions = {
  Vpc: "2016-04-28",
  VpcPeer: "2022-01-01",
  Sts: "2015-04-01",
  Ram: "2015-05-01",
  Ecs: "2014-05-26",
  Location: "2015-06-12",
  ResourceManager: "2020-03-31",
  BssOpenApi: "2017-12-14",
} as const;

export class Caller {
  readonly url: string;
  readonly key: Key;

  constructor(url: string, key: Key) {
    this.url = url;
    this.key = key;
  }

  vpc(action: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<Answer> {
    return this.call(versions.Vpc, action, parameters, options);
  }
  peer(action: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<Answer> {
    return this.call(versions.VpcPeer, action, parameters, options);
  }
  ram(action: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<Answer> {
    return this.call(versions.Ram, action, parameters, options);
  }
  sts(action: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<Answer> {
    return this.call(versions.Sts, action, parameters, options);
  }

  call(version: string, action: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<Answer> {
    const pairs = [...flat(parameters), ...(options.extra ?? [])];
    return options.signature === "V3" ? this.#v3(version, action, pairs, options) : this.#v1(version, action, pairs, options);
  }

  async #v1(version: string, action: string, pairs: readonly (readonly [string, string])[], options: CallOptions): Promise<Answer> {
    const method = options.method ?? "POST";
    const common = Object.entries({
      Action: action,
      Version: version,
      Format: options.format ?? "JSON",
      AccessKeyId: this.key.id,
      SignatureMethod: "HMAC-SHA1",
      SignatureVersion: "1.0",
      SignatureNonce: randomUUID(),
      Timestamp: now(),
      ...(this.key.token === undefined ? {} : { SecurityToken: this.key.token }),
      ...options.common,
    }).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[0] !== "Signature");
    const stringToSign = `${method}&%2F&${encode(joined(sorted([...common, ...pairs])))}`;
    const calculated = createHmac("sha1", `${this.key.secret}&`).update(stringToSign).digest("base64");
    const given = options.common !== undefined && "Signature" in options.common ? options.common["Signature"] : calculated;
    if (given !== undefined) common.push(["Signature", given]);
    const all = [...common, ...pairs];
    const place = method === "POST" ? (options.place ?? "form") : "query";
    const [inQuery, inForm] = { query: [all, []], form: [common, pairs], allInForm: [[], all] }[place] as [typeof pairs, typeof pairs];
    return this.send(
      method,
      inQuery.length === 0 ? "/" : `/?${joined(inQuery)}`,
      joined(inForm),
      method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {},
    );
  }

  async #v3(version: string, action: string, pairs: readonly (readonly [string, string])[], options: CallOptions): Promise<Answer> {
    const method = options.method ?? "POST";
    const inForm = method === "POST" && options.place === "form";
    const body = inForm ? joined(pairs) : "";
    const all: readonly (readonly [string, string])[] = options.format === undefined ? [] : [["Format", options.format]];
    const query = joined(sorted([...all, ...(inForm ? [] : pairs)]));
    const headers = Object.fromEntries(
      Object.entries({
        host: new URL(this.url).host,
        "x-acs-action": action,
        "x-acs-version": version,
        "x-acs-date": now(),
        "x-acs-signature-nonce": randomUUID(),
        "x-acs-content-sha256": createHash("sha256").update(body).digest("hex"),
        ...(inForm ? { "content-type": "application/x-www-form-urlencoded" } : {}),
        ...(this.key.token === undefined ? {} : { "x-acs-security-token": this.key.token }),
        ...options.common,
      }).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[0] !== "authorization"),
    );
    const names = Object.keys(headers).sort();
    const canonical = [
      method,
      "/",
      query,
      names.map((name) => `${name}:${headers[name]}\n`).join(""),
      names.join(";"),
      headers["x-acs-content-sha256"] ?? "",
    ].join("\n");
    const stringToSign = `ACS3-HMAC-SHA256\n${createHash("sha256").update(canonical).digest("hex")}`;
    const signature = createHmac("sha256", this.key.secret).update(stringToSign).digest("hex");
    const authorization =
      options.common?.["authorization"] ??
      `ACS3-HMAC-SHA256 Credential=${this.key.id},SignedHeaders=${names.join(";")},Signature=${signature}`;
    const { host: _host, ...sent } = headers;
    return this.send(method, query === "" ? "/" : `/?${query}`, body, { ...sent, authorization });
  }

  /** Sends bytes as they are. */
  async send(method: string, path: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      ...(method === "GET" || method === "HEAD" ? {} : { body: body as any }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    return { status: response.status, headers: response.headers, text, body: isJson && text !== "" ? JSON.parse(text) : undefined };
  }
}
