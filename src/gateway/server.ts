import type { IncomingMessage } from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import { Refusal } from "../contract/errors.ts";
import type { Engine } from "../engine/engine.ts";
import type { TlsView } from "./addresses/address.ts";
import { isLoopbackAddress, registerAdmin } from "./admin.ts";
import { logOutput } from "./log-output.ts";
import { Metrics } from "./metrics.ts";
import { NonceCache } from "./nonce-cache.ts";
import { bodyBytesMax, headerBytesMax, headersTimeout, requestTimeout } from "./protocol-rules.ts";
import { RequestLog, type RequestRecord } from "./request-log.ts";
import { RateLimits } from "./rate-limits.ts";
import { type Arrival, type Outgoing, RpcGateway } from "./rpc.ts";

/** Milliseconds that an idle connection stays open. */
const keepAliveTimeout = 60_000;
/** The same for both listeners. A request without Host, and one with an Expect that Node does not know, are ours to answer. */
const httpOptions = { maxHeaderSize: headerBytesMax, headersTimeout, connectionsCheckingInterval: 1_000, requireHostHeader: false };

/** What the TLS listener shows, as PEM, and the file of the certificate by which clients trust it. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
  readonly caFile: string;
}

export interface ServerOptions {
  readonly engine: Engine;
  readonly version: string;
  /** A level of the log: `info`, `debug`, `silent`, … */
  readonly logLevel: string;
  /** Wanted for a TLS listener. */
  readonly tls?: TlsIdentity;
  /** Is told of every request of the RPC protocol once it is answered. */
  readonly onRequest?: (record: RequestRecord) => void;
}

/** One app behind one or two listeners. Closing the app closes both. */
export interface Server {
  readonly app: FastifyInstance;
  readonly tls: https.Server | undefined;
}

/** Makes the server: the RPC protocol at `/`, Linkspan's own addresses under `/_linkspan/`. It does not listen yet. */
export function makeServer({ engine, version, logLevel, tls: identity, onRequest }: ServerOptions): Server {
  const log = new RequestLog();
  const metrics = new Metrics(engine);
  const gateway: RpcGateway = new RpcGateway(engine, new NonceCache(), new RateLimits(), log, (error, requestId) =>
    app.log.error({ err: error, requestId }, "a request failed"),
  );
  /** One line a request, with what an operator of this service looks for. */
  const told = (outgoing: Outgoing): Outgoing => {
    const { requestId, account, action, code, refusedBy, faults, milliseconds } = outgoing.record;
    const acted = faults.length === 0 ? undefined : faults.map(({ rule, kind }) => `${rule} ${kind}`);
    app.log.info({ requestId, account, action, code, refusedBy: refusedBy?.rule, faults: acted, ms: milliseconds }, "request");
    metrics.answered(outgoing.record);
    onRequest?.(outgoing.record);
    return outgoing;
  };
  const send = (reply: FastifyReply, { status, contentType, requestId, body, retryAfter, isLost }: Outgoing): FastifyReply => {
    if (isLost) {
      reply.hijack();
      reply.raw.destroy();
      return reply;
    }
    if (retryAfter !== undefined) reply.header("x-acs-retry-after", String(retryAfter));
    // The framework would add a charset to the type of JSON, which the cloud does not.
    reply.serializer(asItIs);
    return reply.code(status).header("content-type", contentType).header("x-acs-request-id", requestId).send(body);
  };
  const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply =>
    send(reply, told(gateway.refuse(arrivalOf(request), refusal)));
  const refuseSocket = (socket: Socket, refusal: Refusal): void =>
    writeRefusal(socket, told(gateway.refuse({ ...nothingRead, isEncrypted: socket instanceof TLSSocket }, refusal)));
  const onClientError = (error: NodeJS.ErrnoException, socket: Socket): void => answerBrokenConnection(error, socket, refuseSocket);

  const app = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout,
    keepAliveTimeout,
    http: httpOptions,
    exposeHeadRoutes: false,
    // What is in a path can be as long as the headers let it: whether there is such a thing is for the address to say.
    routerOptions: { maxParamLength: headerBytesMax },
    logController: new LogController({ disableRequestLogging: true }),
    logger: { level: logLevel, stream: logOutput },
    clientErrorHandler: onClientError,
    frameworkErrors: (error, request, reply) => void refuse(request, reply, transportRefusal(error)),
  });
  const tls = identity && tlsListener(app, identity);
  tls?.on("clientError", onClientError);
  const listeners = tls === undefined ? [app.server] : [app.server, tls];
  for (const listener of listeners) {
    listener.on("checkExpectation", (request, response) => void listener.emit("request", request, response));
    listener.on("connect", (_request, socket: Socket) => refuseSocket(socket, new Refusal(gatewayErrors.methodUnsupported)));
  }

  // Every body arrives as bytes: V3 signs them as they are. Also that of a GET, in which the aliyun CLI sends and signs a form.
  app.addHttpMethod("GET", { hasBody: true, overrideExisting: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  app.addHook("preClose", async () => {
    // Whoever follows the event stream would never be done, and whom a fault rule holds back not soon.
    engine.eventStream.end();
    engine.faults.end();
    // A connection that becomes idle from now on is not kept for another request.
    for (const listener of listeners) Object.assign(listener, { keepAliveTimeout: 1, keepAliveTimeoutBuffer: 0 });
  });

  app.all("/", async (request, reply) => {
    const { body } = request;
    // The framework asks the socket, which no longer knows once it is closed.
    const address = (request.ip as string | undefined) ?? "";
    const outgoing = await gateway.answer({
      ...arrivalOf(request),
      body: body instanceof Uint8Array ? body : new Uint8Array(),
      address,
      isLoopback: isLoopbackAddress(address),
    });
    // The client has closed the connection meanwhile.
    if (reply.raw.destroyed) outgoing.record.answerLost = true;
    return send(reply, told(outgoing));
  });
  app.setErrorHandler((error, request, reply) => refuse(request, reply, transportRefusal(error)));
  // The framework knows fewer methods than HTTP: at the protocol's own address only the method can be wrong.
  app.setNotFoundHandler((request, reply) =>
    refuse(request, reply, new Refusal(/^\/(\?|$)/.test(urlOf(request)) ? gatewayErrors.methodUnsupported : gatewayErrors.apiNotFound)),
  );
  const tlsView = (): TlsView | null =>
    identity && tls?.listening ? { port: (tls.address() as AddressInfo).port, caFile: identity.caFile } : null;
  registerAdmin(app, { engine, log, metrics, version, tlsView });
  return { app, tls };
}

/** The second way into the app. It stops listening when the app does, and the app waits for its last connection. */
function tlsListener(app: FastifyInstance, { certificate, key }: TlsIdentity): https.Server {
  const listener = https.createServer(
    { ...httpOptions, requestTimeout, keepAliveTimeout, handshakeTimeout: headersTimeout, minVersion: "TLSv1.2", cert: certificate, key },
    (request, response) => app.routing(request, response),
  );
  const closed = Promise.withResolvers<void>();
  app.addHook("preClose", (done) => {
    listener.close(() => closed.resolve());
    done();
  });
  app.addHook("onClose", () => closed.promise);
  return listener;
}

const asItIs = (body: string): string => body;

/** Milliseconds that the far end of a broken connection has to read its answer. */
const lingerTimeout = 1_000;
/** What is known of a connection whose bytes never became a request. */
const nothingRead = { method: "", url: "", headers: new Map<string, string>() };

function arrivalOf(request: FastifyRequest): Arrival {
  return { method: request.method, url: urlOf(request), headers: joinedHeaders(request.raw), isEncrypted: request.protocol === "https" };
}

function urlOf(request: FastifyRequest): string {
  return request.raw.url ?? "/";
}

/** Headers by lower-case name; equal names are sorted and joined with a comma, as V3 signs them. */
function joinedHeaders(request: IncomingMessage): ReadonlyMap<string, string> {
  const values = new Map<string, string[]>();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? "").toLowerCase();
    const all = values.get(name) ?? [];
    all.push((request.rawHeaders[index + 1] ?? "").trim());
    values.set(name, all);
  }
  return new Map([...values].map(([name, all]) => [name, all.sort().join(",")]));
}

/** What the framework or the socket found wrong, as an error of ours. */
function transportRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code = "", statusCode = 500 } = error as { code?: string; statusCode?: number };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new Refusal(gatewayErrors.bodyTooLarge, [String(bodyBytesMax)]);
  if (code === "HPE_HEADER_OVERFLOW") return new Refusal(gatewayErrors.headersTooLarge);
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new Refusal(gatewayErrors.requestTimeout);
  if (statusCode >= 500 && !code.startsWith("HPE_")) return new Refusal(gatewayErrors.internalError);
  return new Refusal(gatewayErrors.requestMalformed, ["it is not well-formed HTTP"]);
}

const reasons: Readonly<Record<number, string>> = { 400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large" };

/** Answers a connection whose bytes never became a request. Where TLS itself failed, nobody can read an answer. */
function answerBrokenConnection(error: NodeJS.ErrnoException, socket: Socket, refuse: (socket: Socket, refusal: Refusal) => void): void {
  if (error.code === "ECONNRESET" || /^ERR_(SSL|TLS)_/.test(error.code ?? "") || !socket.writable) socket.destroy();
  else refuse(socket, transportRefusal({ code: error.code, statusCode: 400 }));
}

/** Writes an answer to a socket that has no HTTP response, and closes it whether or not the far end does. */
function writeRefusal(socket: Socket, { status, contentType, requestId, body }: Outgoing): void {
  // The HTTP module no longer listens to the socket of a CONNECT, and an error that nobody hears would end the process.
  socket.on("error", () => socket.destroy());
  setTimeout(() => socket.destroy(), lingerTimeout).unref();
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? "Bad Request"}\r\ncontent-type: ${contentType}\r\n` +
      `x-acs-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
