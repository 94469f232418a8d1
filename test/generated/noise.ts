import { knownOperationNames, products } from "../../src/contract/products.ts";
import { operations } from "../../src/services/index.ts";
import type { Random } from "../support/random.ts";
import type { Draft } from "./drafts.ts";
import { bytesOf, type SignedRequest, Signer } from "../support/signer.ts";
import { brokenTexts, hostileTexts } from "./values.ts";

/** Requests that nobody has signed, or not so, and bytes that are no request. None of them may do anything. */

export interface Noise {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** The server may close the connection without a word: this never became a request, or was not read to its end. */
  readonly mayGoUnanswered: boolean;
}

/** What noise is made of. */
export interface Material {
  readonly endpoint: string;
  /** A call that would be likely to pass. */
  readonly draft: Draft;
  readonly signer: Signer;
  /** Who signs with temporary keys. */
  readonly sessions: readonly Signer[];
  /** The last signed request that was answered, as it was sent. */
  readonly last: SignedRequest;
}

export async function noiseOf(random: Random, material: Material): Promise<Noise> {
  const { what, make, mayGoUnanswered = false } = random.pick(kindsOfNoise);
  const made = await make(random, material);
  return { what, bytes: typeof made === "string" ? Buffer.from(made) : made, mayGoUnanswered };
}

type Make = (random: Random, material: Material) => Promise<string | Uint8Array> | string | Uint8Array;

function signed(
  { draft: { operation, pairs, options }, signer }: Material,
  common: Record<string, string | undefined> = {},
): Promise<SignedRequest> {
  return signer.sign(operation.product.version, operation.name, pairs, { ...options, common });
}
/** Bytes of a signed request that was changed afterwards. */
async function tampered(material: Material, change: (request: SignedRequest) => SignedRequest): Promise<string> {
  return bytesOf(change(await signed(material)), material.endpoint);
}
/** The request with an element of the protocol changed: a parameter of V1 in the query, or a header of V3. Without a value it is left out. */
function withElement(request: SignedRequest, name: string, value: string | undefined): SignedRequest {
  if (name in request.headers) {
    const { [name]: _old, ...others } = request.headers;
    return { ...request, headers: value === undefined ? others : { ...others, [name]: asHeader(value) } };
  }
  const rest = request.path
    .slice(2)
    .split("&")
    .filter((pair) => !pair.startsWith(`${name}=`));
  return { ...request, path: `/?${[...rest, ...(value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`])].join("&")}` };
}
/** What of a text can stand in a header without ending it. */
function asHeader(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
/** The elements of the protocol that a request has. */
function elementsOf({ headers }: SignedRequest): readonly string[] {
  return "authorization" in headers
    ? Object.keys(headers).filter((name) => /^(x-acs-|authorization$)/.test(name))
    : ["Action", "Version", "AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "Signature"];
}
/** The same request with a signature that is not its own. */
function misSigned(request: SignedRequest): SignedRequest {
  const { authorization } = request.headers;
  const flipped = (text: string): string => `${text.slice(0, -4)}${text.at(-4) === "a" ? "b" : "a"}${text.slice(-3)}`;
  if (authorization !== undefined) return withElement(request, "authorization", flipped(authorization));
  return withElement(request, "Signature", flipped(new URLSearchParams(request.path.slice(1)).get("Signature") ?? ""));
}
function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

/** Common parameters of both signatures that carry the same. */
function common(options: Draft["options"], v1: string, v3: string, value: string | undefined): Record<string, string | undefined> {
  return { [options.signature === "V1" ? v1 : v3]: value };
}
/** A call signed by a temporary key whose token is another. */
async function withToken(random: Random, material: Material, tokenOf: (token: string) => string | undefined): Promise<string> {
  const { sessions, signer, endpoint } = material;
  const forged = { account: "", id: "STS.forged", secret: "forged", token: Buffer.from(randomBytes(random, 300)).toString("base64url") };
  const { id, secret, token = "" } = sessions.length === 0 ? forged : random.pick(sessions).key;
  const changed = tokenOf(token);
  const key = { account: "", id, secret, ...(changed === undefined ? {} : { token: changed }) };
  return bytesOf(await signed({ ...material, signer: new Signer(signer.url, key) }), endpoint);
}
const tokenCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= ";

const past = "2020-01-01T00:00:00Z";
const future = "2099-01-01T00:00:00Z";

const kindsOfNoise: readonly { readonly what: string; readonly make: Make; readonly mayGoUnanswered?: true }[] = [
  {
    what: "an element of the protocol left out",
    make: (random, material) => tampered(material, (request) => withElement(request, random.pick(elementsOf(request)), undefined)),
  },
  {
    what: "an element of the protocol replaced by something hostile",
    make: (random, material) =>
      tampered(material, (request) =>
        withElement(request, random.pick(elementsOf(request)), `${random.pick(hostileTexts)}~`.slice(0, 9_000)),
      ),
  },
  {
    what: "no signature at all",
    make: (_random, { draft, endpoint }) =>
      `GET /?Action=${draft.operation.name}&Version=${draft.operation.product.version} HTTP/1.1\r\nhost: ${endpoint}\r\n\r\n`,
  },
  {
    what: "a parameter that nobody has signed",
    make: (random, material) =>
      tampered(material, (request) => ({
        ...request,
        path: `${request.path}${request.path.includes("?") ? "&" : "?"}Unsigned${random.below(10)}=x`,
      })),
  },
  {
    what: "a body that nobody has signed",
    make: (_random, material) => {
      Object.assign(material.draft.options, { method: "POST" });
      return tampered(material, (request) => ({
        ...request,
        body: `${request.body}&Unsigned=x`,
        headers: { ...request.headers, "content-type": "application/x-www-form-urlencoded" },
      }));
    },
  },
  {
    what: "a time outside the window",
    make: async (random, material) => {
      const time = random.pick([
        past,
        future,
        "now",
        "2026-13-01T00:00:00Z",
        "2026-01-01",
        "Thu, 01 Jan 2026 00:00:00 GMT",
        "0",
        "-1",
        "x".repeat(300),
      ]);
      return bytesOf(await signed(material, common(material.draft.options, "Timestamp", "x-acs-date", time)), material.endpoint);
    },
  },
  {
    what: "the key of nobody",
    make: (random, material) =>
      tampered(material, (request) =>
        "authorization" in request.headers
          ? withElement(
              request,
              "authorization",
              request.headers["authorization"]?.replace(/Credential=[^,]+/, `Credential=LTAI${random.below(10)}`),
            )
          : withElement(request, "AccessKeyId", random.pick(["LTAInobody", "vpc", "1000000000000001", "__proto__"])),
      ),
  },
  {
    what: "a temporary key's token",
    make: async (_random, material) =>
      bytesOf(await signed(material, common(material.draft.options, "SecurityToken", "x-acs-security-token", "token")), material.endpoint),
  },
  {
    what: "a SecurityToken of which something was changed",
    make: (random, material) =>
      withToken(random, material, (token) => {
        const characters = Array.from(token);
        const at = random.below(characters.length);
        const other = tokenCharacters.replace(characters[at] as string, "");
        characters[at] = random.pick(Array.from(other));
        if (random.chance(0.5)) characters.splice(random.below(characters.length), 1, random.pick(Array.from(tokenCharacters)));
        const changed = characters.join("");
        return changed === token ? `${token}A` : changed;
      }),
  },
  {
    what: "a SecurityToken that was cut off",
    make: (random, material) => withToken(random, material, (token) => token.slice(0, random.below(token.length))),
  },
  { what: "a temporary key without its token", make: (random, material) => withToken(random, material, () => undefined) },
  {
    what: "a hostile SecurityToken",
    make: (random, material) => withToken(random, material, () => asHeader(`${random.pick(hostileTexts)}~`.slice(0, 5_000))),
  },
  {
    what: "a SecurityToken of another key",
    make: (random, material) => {
      const [one, other] = random.shuffled(material.sessions);
      const token = (other ?? one)?.key.token;
      const isPermanent = other === undefined || random.chance(0.5);
      const { account, id, secret } = (isPermanent ? material.signer : (one as Signer)).key;
      const itself = isPermanent && material.signer.key.token !== undefined;
      const key = { account, id, secret, token: itself || token === undefined ? "none" : token };
      return signed({ ...material, signer: new Signer(material.signer.url, key) }).then((request) => bytesOf(request, material.endpoint));
    },
  },
  { what: "a signature with one character changed", make: (_random, material) => tampered(material, misSigned) },
  { what: "the last request once more", make: (_random, { last, endpoint }) => bytesOf(last, endpoint) },
  {
    what: "an operation that nobody knows",
    make: async (random, { draft, signer, endpoint }) => {
      const name = random.pick([
        "NoSuchAction",
        draft.operation.name.toLowerCase(),
        `${draft.operation.name}z`,
        "__proto__",
        "constructor",
        "x".repeat(2_000),
        "<b>",
        "a b",
      ]);
      return bytesOf(await signer.sign(draft.operation.product.version, name, draft.pairs, draft.options), endpoint);
    },
  },
  {
    what: "an operation that is not here",
    make: async (random, { draft, signer, endpoint }) => {
      const product = random.pick(products.filter(({ version }) => knownOperationNames(version).length > 0));
      const here = operations.filter((one) => one.product.version === product.version).map(({ name }) => name);
      const missing = knownOperationNames(product.version).filter((name) => !here.includes(name));
      return bytesOf(
        await signer.sign(product.version, missing.length === 0 ? "NoSuchAction" : random.pick(missing), draft.pairs, draft.options),
        endpoint,
      );
    },
  },
  {
    what: "a version that nobody knows",
    make: async (random, { draft, signer, endpoint }) =>
      bytesOf(
        await signer.sign(
          random.pick(["2000-01-01", "2016-04-28 ", "x", "__proto__", ""]),
          draft.operation.name,
          draft.pairs,
          draft.options,
        ),
        endpoint,
      ),
  },
  {
    what: "a format that is none",
    make: (random, { draft, endpoint }) =>
      `GET /?Format=${random.pick(["YAML", "XM", "JSON,XML", "%3Cb%3E"])}&Action=${draft.operation.name}&Version=${draft.operation.product.version} HTTP/1.1\r\nhost: ${endpoint}\r\n\r\n`,
  },
  {
    what: "text that is none",
    make: (random, material) =>
      tampered(material, (request) => {
        const broken = random.pick([`x=${random.pick(brokenTexts)}`, `${random.pick(brokenTexts)}=x`]);
        return request.method === "POST" && random.chance(0.5)
          ? { ...request, body: broken, headers: { ...request.headers, "content-type": "application/x-www-form-urlencoded" } }
          : { ...request, path: `${request.path === "/" ? "/?" : `${request.path}&`}${broken}` };
      }),
  },
  {
    what: "a form of bytes that are no text",
    make: (random, { endpoint }) => {
      const body = Buffer.concat([Buffer.from("x="), randomBytes(random, random.between(1, 60)), Buffer.from([0xff])]);
      return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\nhost: ${endpoint}\r\ncontent-length: ${body.length}\r\n\r\n`), body]);
    },
  },
  {
    what: "headers that are too large",
    make: (random, material) =>
      tampered(material, (request) => ({
        ...request,
        headers: random.chance(0.5)
          ? { ...request.headers, "x-large": "a".repeat(20_000) }
          : { ...request.headers, ...Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`x-${index}`, "aaaaaaaaaa"])) },
      })),
  },
  {
    what: "a body that is too large",
    mayGoUnanswered: true,
    make: (random, { endpoint }) => {
      const announced = random.chance(0.5);
      const body = "a".repeat(announced ? 10 : 1024 * 1024 + random.below(1_000));
      return `POST / HTTP/1.1\r\nhost: ${endpoint}\r\ncontent-length: ${announced ? 10 ** 12 : body.length}\r\n\r\n${body}`;
    },
  },
  {
    what: "too many parameters",
    make: (random, material) =>
      tampered(material, (request) => ({
        ...request,
        method: "POST",
        body: Array.from({ length: random.between(2_001, 4_000) }, (_, index) => `X${index}=1`).join("&"),
        headers: { ...request.headers, "content-type": "application/x-www-form-urlencoded" },
      })),
  },
  {
    what: "a method that is not the protocol's",
    make: (random, material) =>
      tampered(material, (request) => ({
        ...request,
        method: random.pick(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get", "CONNECT"]),
      })),
  },
  {
    what: "another address",
    make: (random, material) =>
      tampered(material, (request) => ({
        ...request,
        path: `${random.pick(["/vpc", "//", "/%ff", "/a/../b", "/.", "/index.html"])}${request.path.slice(1)}`,
      })),
  },
  {
    what: "a page of another site",
    make: (random, material) =>
      tampered(material, (request) => ({
        ...request,
        headers: {
          ...request.headers,
          ...random.pick<Record<string, string>>([{ origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }]),
        },
      })),
  },
  {
    what: "a form of another type",
    make: (random, material) => {
      Object.assign(material.draft.options, { method: "POST", place: "form", signature: "V1" });
      material.draft.pairs.push(["Signed", "x"]);
      return tampered(material, (request) => ({
        ...request,
        headers: { "content-type": random.pick(["text/plain", "application/json", "multipart/form-data", "x"]) },
      }));
    },
  },
  {
    what: "a request cut off",
    mayGoUnanswered: true,
    make: async (random, material) => {
      const whole = bytesOf(await signed(material), material.endpoint);
      return whole.slice(0, random.between(1, whole.length - 1));
    },
  },
  { what: "random bytes", mayGoUnanswered: true, make: (random) => randomBytes(random, random.between(1, 2_000)) },
  {
    what: "a request with random bytes in it",
    mayGoUnanswered: true,
    make: async (random, material) => {
      // Not every byte of a request is signed, so the signature is broken first.
      const bytes = Buffer.from(await tampered(material, misSigned));
      for (let count = random.between(3, 30); count > 0; count--) bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    },
  },
  {
    what: "lengths that contradict each other",
    make: (random, { endpoint }) =>
      `POST / HTTP/1.1\r\nhost: ${endpoint}\r\n${random.pick(["content-length: 1\r\ncontent-length: 2", "content-length: 3\r\ntransfer-encoding: chunked", "content-length: -1", "transfer-encoding: chunked\r\nx: \0"])}\r\n\r\nabc`,
  },
];
