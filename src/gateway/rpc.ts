import { randomUUID } from "node:crypto";
import { Refusal } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import { type AnyOperation, operationKey, type Statement } from "../contract/operation.ts";
import { decode } from "../contract/parameters.ts";
import { parameterRules } from "../contract/parameter-rules.ts";
import { knownOperationNames, products } from "../contract/products.ts";
import type { Engine } from "../engine/engine.ts";
import { StoreUnavailable } from "../engine/store.ts";
import { demand, demandOf, newStory, type Story } from "../engine/story.ts";
import { authenticate, commonParameters, nonceLifetime, protocolOf, type Verified } from "./authenticate.ts";
import { notedOfRequest, type PartOf, partOf } from "./audit/noted.ts";
import { fromForeignPage } from "./foreign-page.ts";
import type { NonceCache } from "./nonce-cache.ts";
import { formats, nameRules, parametersMax, requestRules, signatureRules, transportRules } from "./protocol-rules.ts";
import { accessDeniedDetail } from "./access-denied.ts";
import type { RateLimits } from "./rate-limits.ts";
import { type Format, renderAnswer, renderError, type Rendered } from "./render.ts";
import { cut, type RequestLog, type RequestRecord } from "./request-log.ts";
import { shownNameMax, shownRequest } from "./shown-request.ts";
import { mergedParameters, readParameters, refuseAmbiguous, refuseImpossibleNames, type WireRequest } from "./wire-request.ts";

/** What arrives at the one address of the RPC protocol. */
export interface Incoming {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** The IP address that it came from; empty when the connection is gone already. */
  readonly address: string;
  readonly isLoopback: boolean;
  readonly isEncrypted: boolean;
}
export interface Outgoing extends Rendered {
  readonly status: number;
  readonly requestId: string;
  /** Milliseconds after which the client may try again. */
  readonly retryAfter: number | undefined;
  /** The connection is cut instead, because a fault rule wants it so. */
  readonly isLost: boolean;
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
  partOf: PartOf | undefined;
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
    partOf: undefined,
  };
}

/** What whatever comes to the gateway has met already. */
const { method: _judgedHere, ...judgedBefore } = transportRules;
const heldByTransport: readonly Statement[] = Object.values(judgedBefore);

/** From a request's bytes to an answer's bytes, whatever comes in. */
export class RpcGateway {
  readonly #engine: Engine;
  readonly #nonces: NonceCache;
  readonly #limits: RateLimits;
  readonly #log: RequestLog;
  readonly #onFault: (error: unknown, requestId: string) => void;

  constructor(
    engine: Engine,
    nonces: NonceCache,
    limits: RateLimits,
    log: RequestLog,
    onFault: (error: unknown, requestId: string) => void,
  ) {
    this.#engine = engine;
    this.#nonces = nonces;
    this.#limits = limits;
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
      answered = this.#refusalFor(error, requestId, story);
    }
    return this.#finish(incoming, requestId, progress, story, answered, performance.now() - started);
  }

  /** Answers what is refused before it is a request of the protocol: a fault of the transport, an address that is not there. */
  refuse(incoming: Arrival, refusal: Refusal): Outgoing {
    const story = newStory();
    const judged: readonly Statement[] = Object.values(transportRules);
    const index = judged.findIndex(({ error }) => error === refusal.definition);
    story.held.push(...judged.slice(0, Math.max(index, 0)));
    story.refusedBy = judged[index] ?? serverWorks(refusal);
    return this.#finish(incoming, newRequestId(), nothingKnown(incoming), story, refusal, 0);
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
    const caller = progress.verified?.key.caller;
    const detail = refusal && caller && accessDeniedDetail(requestId, caller, story.permission);
    const rendered =
      answered instanceof Refusal
        ? renderError(progress.format, { ...errorBody(requestId, incoming, code, message), ...(detail && { AccessDeniedDetail: detail }) })
        : answered;
    const record: RequestRecord = {
      ...story,
      requestId,
      at: Date.now(),
      method: incoming.method,
      signatureVersion: progress.signatureVersion,
      product: progress.product,
      action: progress.action,
      operation: progress.operation,
      account: caller?.account ?? "",
      accessKeyId: caller?.accessKeyId ?? "",
      userAgent: cut(incoming.headers.get("user-agent") ?? "", shownNameMax),
      ...shownRequest(progress),
      status,
      code,
      // The string to sign holds every parameter, so it is told once, masked, and not again inside the message.
      message:
        refusal?.definition === gatewayErrors.signatureMismatch ? gatewayErrors.signatureMismatch.message.replace("%s", " …") : message,
      advice: refusal?.advice ?? story.refusedBy?.advice ?? "",
      milliseconds: Math.round(milliseconds * 100) / 100,
      noted: {
        ...notedOfRequest(progress.operation, progress.request === undefined ? [] : mergedParameters(progress.request)),
        partOf: progress.partOf,
        retryAfter: refusal?.retryAfter,
      },
    };
    this.#log.add(record);
    return { ...rendered, status, requestId, retryAfter: refusal?.retryAfter, isLost: story.answerLost, record };
  }

  async #process(incoming: Incoming, requestId: string, progress: Progress, story: Story): Promise<Rendered> {
    story.held.push(...heldByTransport);
    demand(story, transportRules.method, incoming.method === "GET" || incoming.method === "POST");
    demand(story, requestRules.ownPage, !fromForeignPage((name) => incoming.headers.get(name), incoming.isLoopback));
    const { query, form } = demandOf(story, requestRules.encoding, () =>
      readParameters(incoming.url, incoming.headers.get("content-type"), incoming.body),
    );
    const request: WireRequest = { ...incoming, query, form };
    const fewEnough = query.length + form.length <= parametersMax;
    demand(story, requestRules.parameterCount, fewEnough, [`it has more than ${parametersMax} parameters`]);
    progress.request = request;

    // The protocol: format, version, action.
    const format = (commonParameters(request).get("format") ?? "").toUpperCase();
    const known = formats.find((one) => one === format);
    demand(story, requestRules.format, format === "" || known !== undefined);
    progress.format = known ?? progress.format;
    const protocol = protocolOf(request);
    progress.signatureVersion = protocol.signatureVersion;
    progress.action = cut(protocol.action ?? "", shownNameMax);
    const operation = this.#operation(protocol.version, protocol.action, progress, story);
    progress.operation = operation;
    demand(story, requestRules.encrypted, operation.httpsOnly !== true || request.isEncrypted || request.isLoopback);

    // Who calls.
    const now = Date.now();
    const verified = await authenticate(request, now, this.#engine, this.#limits, story);
    progress.verified = verified;
    const nonce = { value: verified.nonce, expiresAt: now + nonceLifetime };
    const isNew = this.#nonces.claim(verified.key.caller.accessKeyId, nonce.value, nonce.expiresAt, now);
    demand(story, signatureRules.nonceIsNew, isNew);
    // Nobody but its holder uses up the limit of a key: neither who signs wrongly, nor who sends a request of the holder's again.
    this.#limits.admitKey(verified.key, now, story);

    // What for.
    demandOf(story, nameRules.possible, () => refuseImpossibleNames(request));
    demandOf(story, nameRules.once, () => refuseAmbiguous(request, Object.keys(operation.parameters)));
    const rules = parameterRules(operation.parameters);
    const input = decode(operation.parameters, mergedParameters(request), (name, decodeOne) =>
      demandOf(story, rules.get(name) as Statement, decodeOne),
    );
    const answer = await this.#engine.execute(
      {
        requestId,
        operation,
        input,
        caller: verified.key.caller,
        host: hostOf(incoming),
        origin: { address: incoming.address, isEncrypted: incoming.isEncrypted },
        nonce,
      },
      story,
    );
    progress.partOf = partOf(operation, input, answer);
    return renderAnswer(progress.format, operation.name, operation.response, answer, requestId);
  }

  #operation(version: string | undefined, action: string | undefined, progress: Progress, story: Story): AnyOperation {
    demand(story, requestRules.versionGiven, version !== undefined && version !== "");
    demand(story, requestRules.actionGiven, action !== undefined && action !== "");
    const product = products.find((one) => one.version === version);
    demand(story, requestRules.versionKnown, product !== undefined);
    progress.product = product.name;
    const operation = this.#engine.operations.get(operationKey(product, action));
    demand(story, requestRules.actionKnown, operation !== undefined || knownOperationNames(version).includes(action));
    demand(story, requestRules.implemented, operation !== undefined, [action]);
    return operation;
  }

  /** What is thrown and no refusal is a fault of ours. */
  #refusalFor(error: unknown, requestId: string, story: Story): Refusal {
    if (error instanceof Refusal) return error;
    this.#onFault(error, requestId);
    const refusal =
      error instanceof StoreUnavailable
        ? new Refusal(gatewayErrors.serviceUnavailable, [], error.message, storeRetryAfter)
        : new Refusal(gatewayErrors.internalError, [], `the server's log says more under the RequestId ${requestId}`);
    story.refusedBy = serverWorks(refusal);
    return refusal;
  }
}

/** Milliseconds after which a client may try again what could not be stored. */
const storeRetryAfter = 1_000;

/** What every request relies on, as the rule that a fault of ours breaks. */
function serverWorks({ definition }: Refusal): Statement {
  return { rule: "the server works, and its store can be read and written", error: definition };
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
