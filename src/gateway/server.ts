import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, LogController } from "fastify";
import type { ErrorDefinition } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import { Refusal } from "../contract/errors.ts";
import type { Engine } from "../engine/engine.ts";
import { isLoopbackAddress, registerAdmin } from "./admin.ts";
import { NonceCache } from "./nonce-cache.ts";
import { renderError } from "./render.ts";
import { RequestLog, type RequestRecord } from "./request-log.ts";
import { errorBody, hostOf, newRequestId, RpcGateway } from "./rpc.ts";

/** Limits of the transport. Each is answered in the form of the protocol when it is passed. */
const bodyBytesMax = 1024 * 1024;
const headerBytesMax = 16 * 1024;
/** A request must have arrived whole within this, in milliseconds. */
const requestTimeout = 30_000;
const headersTimeout = 15_000;
const keepAliveTimeout = 60_000;

export interface ServerOptions {
  readonly engine: Engine;
  readonly version: string;
  /** A level of the log: `info`, `debug`, `silent`, … */
  readonly logLevel: string;
  /** Is told of every request of the RPC protocol once it is answered. */
  readonly onRequest?: (record: RequestRecord) => void;
}

/** Makes the HTTP server: the RPC protocol at `/`, Linkspan's own addresses under `/_linkspan/`. */
export function makeServer({ engine, version, logLevel, onRequest }: ServerOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout,
    keepAliveTimeout,
    http: { maxHeaderSize: headerBytesMax, headersTimeout, connectionsCheckingInterval: 1_000 },
    exposeHeadRoutes: false,
    // One line a request of our own, with what an operator of this service looks for.
    logController: new LogController({ disableRequestLogging: true }),
    logger: { level: logLevel },
    clientErrorHandler: answerBrokenConnection,
    frameworkErrors: (error, _request, reply) => void answerRefusal(reply, transportRefusal(error)),
  });
  const log = new RequestLog();
  const gateway = new RpcGateway(engine, new NonceCache(), log, (error, requestId) =>
    app.log.error({ err: error, requestId }, "a request failed"),
  );

  // Every body arrives as bytes: V3 signs them as they are.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  app.all("/", async (request, reply) => {
    const { body } = request;
    const outgoing = await gateway.answer({
      method: request.method,
      url: request.raw.url ?? "/",
      headers: joinedHeaders(request.raw),
      body: body instanceof Uint8Array ? body : new Uint8Array(),
      isLoopback: isLoopbackAddress(request.ip),
      isEncrypted: request.protocol === "https",
    });
    const { requestId, account, action, code, milliseconds } = outgoing.record;
    app.log.info({ requestId, account, action, code, ms: milliseconds }, "request");
    onRequest?.(outgoing.record);
    return reply
      .code(outgoing.status)
      .header("content-type", outgoing.contentType)
      .header("x-acs-request-id", requestId)
      .send(outgoing.body);
  });
  app.setErrorHandler((error, _request, reply) => answerRefusal(reply, transportRefusal(error)));
  app.setNotFoundHandler((_request, reply) => answerRefusal(reply, new Refusal(gatewayErrors.apiNotFound)));
  registerAdmin(app, { engine, log, version });
  return app;
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

async function answerRefusal(reply: FastifyReply, { definition, message }: Refusal): Promise<FastifyReply> {
  const { requestId, contentType, body } = refusalBytes(
    hostOf({ headers: new Map([["host", reply.request.headers.host ?? ""]]) }),
    definition,
    message,
  );
  return reply.code(definition.http).header("content-type", contentType).header("x-acs-request-id", requestId).send(body);
}

function refusalBytes(
  host: string,
  definition: ErrorDefinition,
  message: string,
): { requestId: string; contentType: string; body: Buffer } {
  const requestId = newRequestId();
  return { requestId, ...renderError("JSON", errorBody(requestId, host, definition.code, message)) };
}

const reasons: Readonly<Record<number, string>> = { 400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large" };

/** Answers a connection whose bytes never became a request. */
function answerBrokenConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { definition, message } = transportRefusal({ ...error, code: error.code, statusCode: 400 });
  const { requestId, contentType, body } = refusalBytes("localhost", definition, message);
  socket.end(
    `HTTP/1.1 ${definition.http} ${reasons[definition.http] ?? "Bad Request"}\r\ncontent-type: ${contentType}\r\n` +
      `x-acs-request-id: ${requestId}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body.toString("utf8")}`,
  );
}
