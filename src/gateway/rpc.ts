import { randomUUID } from "node:crypto";
import { missingParameter, Refusal } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import { type AnyOperation, operationKey } from "../contract/operation.ts";
import { decode, type Parameter, type Parameters, type RawParameter } from "../contract/parameters.ts";
import { knownOperationNames, products } from "../contract/products.ts";
import type { Engine } from "../engine/engine.ts";
import { StoreUnavailable } from "../engine/store.ts";
import { newStory, type Story } from "../engine/story.ts";
import { authenticate, commonParameters, nonceLifetime, protocolOf, stringToSignOf, type Verified } from "./authenticate.ts";
import { fromForeignPage } from "./foreign-page.ts";
import type { NonceCache } from "./nonce-cache.ts";
import { type Format, renderAnswer, renderError, type Rendered } from "./render.ts";
import type { RequestLog, RequestRecord } from "./request-log.ts";
import { mergedParameters, readParameters, refuseAmbiguous, type WireRequest } from "./wire-request.ts";

/** What arrives at the one address of the RPC protocol. */
export interface Incoming {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  readonly isLoopback: boolean;
  readonly isEncrypted: boolean;
}
export interface Outgoing extends Rendered {
  readonly status: number;
  readonly requestId: string;
  readonly record: RequestRecord;
}

/** What is known of a request so far; a refusal at any point is told with what there is. */
interface Progress {
  format: Format;
  action: string;
  product: string;
  signatureVersion: string;
  operation: AnyOperation | undefined;
  request: WireRequest | undefined;
  verified: Verified | undefined;
}

/** What every arrival has, even one whose bytes never became a request. */
export type Arrival = Pick<Incoming, "method" | "url" | "headers" | "isEncrypted">;

function nothingKnown({ url }: Arrival): Progress {
  return {
    format: formatOf(url),
    action: "",
    product: "",
    signatureVersion: "",
    operation: undefined,
    request: undefined,
    verified: undefined,
  };
}

/** From a request's bytes to an answer's bytes, whatever comes in. */
export class RpcGateway {
  readonly #engine: Engine;
  readonly #nonces: NonceCache;
  readonly #log: RequestLog;
  readonly #onFault: (error: unknown, requestId: string) => void;

  constructor(engine: Engine, nonces: NonceCache, log: RequestLog, onFault: (error: unknown, requestId: string) => void) {
    this.#engine = engine;
    this.#nonces = nonces;
    this.#log = log;
    this.#onFault = onFault;
  }

  /** Answers a request. Never throws: what goes wrong here is answered as `InternalError` and reported. */
  async answer(incoming: Incoming): Promise<Outgoing> {
    const requestId = newRequestId();
    const started = performance.now();
    const story = newStory();
    const progress = nothingKnown(incoming);
    let answered: Rendered | Refusal;
    try {
      answered = await this.#process(incoming, requestId, progress, story);
    } catch (error) {
      answered = this.#refusalFor(error, requestId);
    }
    return this.#finish(incoming, requestId, progress, story, answered, performance.now() - started);
  }

  /** Answers what is refused before it is a request of the protocol: a fault of the transport, an address that is not there. */
  refuse(incoming: Arrival, refusal: Refusal): Outgoing {
    return this.#finish(incoming, newRequestId(), nothingKnown(incoming), newStory(), refusal, 0);
  }

  /** Renders a refusal, and records the request. */
  #finish(
    incoming: Arrival,
    requestId: string,
    progress: Progress,
    story: Story,
    answered: Rendered | Refusal,
    milliseconds: number,
  ): Outgoing {
    const refusal = answered instanceof Refusal ? answered : undefined;
    const { http: status, code } = refusal?.definition ?? { http: 200, code: "OK" };
    const message = refusal?.message ?? "";
    const rendered = answered instanceof Refusal ? renderError(progress.format, errorBody(requestId, incoming, code, message)) : answered;
    const caller = progress.verified?.key.caller;
    const record: RequestRecord = {
      ...story,
      requestId,
      at: Date.now(),
      method: incoming.method,
      signatureVersion: progress.signatureVersion,
      product: progress.product,
      action: progress.action,
      account: caller?.account ?? "",
      accessKeyId: caller?.accessKeyId ?? "",
      ...shownParameters(progress),
      status,
      code,
      // The string to sign holds every parameter, so it is told once, masked, and not again inside the message.
      message: code === gatewayErrors.signatureMismatch.code ? "" : message,
      advice: refusal?.advice ?? "",
      milliseconds: Math.round(milliseconds * 100) / 100,
    };
    this.#log.add(record);
    return { ...rendered, status, requestId, record };
  }

  async #process(incoming: Incoming, requestId: string, progress: Progress, story: Story): Promise<Rendered> {
    if (incoming.method !== "GET" && incoming.method !== "POST") throw new Refusal(gatewayErrors.methodUnsupported);
    if (fromForeignPage((name) => incoming.headers.get(name), incoming.isLoopback)) throw new Refusal(gatewayErrors.foreignPage);
    const { query, form } = readParameters(incoming.url, incoming.headers.get("content-type"), incoming.body);
    const request: WireRequest = { ...incoming, query, form };
    progress.request = request;

    // The protocol: format, version, action.
    const format = commonParameters(request).get("format");
    if (format !== undefined && format !== "") {
      if (!/^(json|xml)$/i.test(format)) throw new Refusal(gatewayErrors.formatInvalid, [], "JSON and XML are the formats");
      progress.format = format.toUpperCase() as Format;
    }
    const protocol = protocolOf(request);
    progress.signatureVersion = protocol.signatureVersion;
    progress.action = cut(protocol.action ?? "", shownNameMax);
    const operation = this.#operation(protocol.version, protocol.action, progress);
    progress.operation = operation;
    if (operation.httpsOnly === true && !request.isEncrypted && !request.isLoopback) throw new Refusal(gatewayErrors.needSsl);

    // Who calls.
    const now = Date.now();
    const verified = await authenticate(request, now, (id) => this.#engine.signingKey(id));
    progress.verified = verified;
    const nonce = { value: verified.nonce, expiresAt: now + nonceLifetime };
    if (!this.#nonces.claim(verified.key.caller.accessKeyId, nonce.value, nonce.expiresAt, now)) throw new Refusal(gatewayErrors.nonceUsed);

    // What for.
    const input = decode(operation.parameters, refuseAmbiguous(request, Object.keys(operation.parameters)));
    const answer = await this.#engine.execute(
      { requestId, operation, input, caller: verified.key.caller, host: hostOf(incoming), nonce },
      story,
    );
    return renderAnswer(progress.format, operation.name, operation.response, answer, requestId);
  }

  #operation(version: string | undefined, action: string | undefined, progress: Progress): AnyOperation {
    if (version === undefined || version === "") throw new Refusal(missingParameter("Version"));
    if (action === undefined || action === "") throw new Refusal(missingParameter("Action"));
    const product = products.find((one) => one.version === version);
    if (product === undefined)
      throw new Refusal(gatewayErrors.versionInvalid, [], `known versions: ${products.map((one) => one.version).join(", ")}`);
    progress.product = product.name;
    const operation = this.#engine.operations.get(operationKey(product, action));
    if (operation !== undefined) return operation;
    throw knownOperationNames(version).includes(action)
      ? new Refusal(gatewayErrors.unsupportedOperation, [action])
      : new Refusal(gatewayErrors.actionNotFound);
  }

  #refusalFor(error: unknown, requestId: string): Refusal {
    if (error instanceof Refusal) return error;
    this.#onFault(error, requestId);
    if (error instanceof StoreUnavailable) return new Refusal(gatewayErrors.serviceUnavailable, [], error.message);
    return new Refusal(gatewayErrors.internalError);
  }
}

export function newRequestId(): string {
  return randomUUID().toUpperCase();
}

/** The format that a request asks for in its query, however broken the rest of it is. */
export function formatOf(url: string): Format {
  return /[?&]format=xml(&|$)/i.test(url) ? "XML" : "JSON";
}

/** The body of an error. `Recommend` is the address where this very request is explained. */
export function errorBody(
  requestId: string,
  arrival: Pick<Arrival, "headers" | "isEncrypted">,
  code: string,
  message: string,
): { RequestId: string; HostId: string; Code: string; Message: string; Recommend: string } {
  const host = hostOf(arrival);
  const recommend = `${arrival.isEncrypted ? "https" : "http"}://${host}/_linkspan/requests/${requestId}`;
  return { RequestId: requestId, HostId: host, Code: code, Message: message, Recommend: recommend };
}

/** The host that the request was sent to; only what can be a host name is repeated. */
export function hostOf({ headers }: Pick<Incoming, "headers">): string {
  const host = headers.get("host") ?? "";
  return /^[A-Za-z0-9.:[\]_-]{1,255}$/.test(host) ? host : "localhost";
}

const mask = "******";
/** What the request log keeps of one request at most: parameters, and characters of a name, a value and the string to sign. */
const shownParametersMax = 50;
const shownNameMax = 128;
const shownValueMax = 256;
const shownStringMax = 4_096;

/**
 * Parameters and string to sign as they may be shown. What the operation declares is shown unless it is secret; what it does not declare,
 * and all that comes for an operation which is not there, may be a secret and is masked. The signature itself tells nothing and is left out.
 */
function shownParameters({ request, operation, verified }: Progress): { parameters: Record<string, string>; stringToSign: string } {
  if (request === undefined) return { parameters: {}, stringToSign: "" };
  const shown = shownNames(operation?.parameters ?? {});
  const isMasked = ({ name }: RawParameter): boolean => !shown.has(withoutNumbers(name));
  const masked = (pairs: readonly RawParameter[]): RawParameter[] =>
    pairs
      .filter(({ name }) => name.toLowerCase() !== "signature")
      .map((pair) => ({ name: pair.name, value: isMasked(pair) ? mask : pair.value }));
  const all = mergedParameters(request);
  const stringToSign =
    verified === undefined || all.some(isMasked)
      ? stringToSignOf({ ...request, query: masked(request.query), form: masked(request.form) })
      : verified.stringToSign;
  return {
    parameters: Object.fromEntries(
      masked(all.slice(0, shownParametersMax)).map(({ name, value }) => [cut(name, shownNameMax), cut(value, shownValueMax)]),
    ),
    stringToSign: cut(stringToSign, shownStringMax),
  };
}

/** The first characters of a text, as a text of its own: a slice would keep the whole of a large request in memory. */
function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : Buffer.from(text.slice(0, lengthMax)).toString();
}

/** Names of the protocol's own parameters that tell nothing secret. */
const protocolNames = [
  "action",
  "version",
  "format",
  "accesskeyid",
  "signaturemethod",
  "signatureversion",
  "signaturenonce",
  "signaturetype",
  "timestamp",
];

/** Lower-case names of parameters that may be shown, list numbers left out. */
function shownNames(parameters: Parameters): Set<string> {
  const names = new Set<string>(protocolNames);
  const visit = (name: string, parameter: Parameter): void => {
    if (parameter.options.secret === true) return;
    names.add(name.toLowerCase());
    if (parameter.item !== undefined) visit(name, parameter.item);
    for (const [field, inner] of Object.entries(parameter.fields ?? {})) visit(`${name}.${field}`, inner);
  };
  for (const [name, parameter] of Object.entries(parameters)) visit(name, parameter);
  return names;
}
function withoutNumbers(name: string): string {
  return name.toLowerCase().replace(/\.\d+(?=\.|$)/g, "");
}
