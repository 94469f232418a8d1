import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../contract/gateway-errors.ts";
import { decodeJson } from "../contract/json-input.ts";
import type { Engine } from "../engine/engine.ts";
import { StoreUnavailable } from "../engine/store.ts";
import type { Address, Behind, Body } from "./addresses/address.ts";
import { addresses, unbuilt } from "./addresses/index.ts";
import { fromForeignPage, isLoopbackName } from "./foreign-page.ts";
import { pageHeaders, prefersHtml } from "./markup.ts";
import { noticePage } from "./request-page.ts";
import { newRequestId } from "./rpc.ts";

/** Linkspan's own addresses, under `/_linkspan/`: who may use them, and how they refuse. What they are stands in `addresses/`. */

/** Registers the addresses. Who may use them is decided in one place, before any of them runs. */
export function registerAdmin(app: FastifyInstance, options: Omit<Behind, "addresses">): void {
  app.register(
    async (admin) => {
      // JSON is read here and not by the framework, so that every refusal has our form.
      admin.addHook("onRequest", async (request) => admit(request, options.engine));
      admin.addHook("onResponse", async (request, reply) =>
        app.log.info(
          { method: request.method, url: request.url.slice(0, 256), status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
          "administration",
        ),
      );
      admin.setErrorHandler((error, request, reply) => refuse(error, request, reply));
      admin.setNotFoundHandler((request, reply) => refuse(new Refusal(gatewayErrors.apiNotFound), request, reply));

      const behind: Behind = { ...options, addresses };
      for (const one of addresses) register(admin, one, behind);
      for (const [path, what] of Object.entries(unbuilt)) {
        for (const url of [`/${path}`, `/${path}/*`]) admin.all(url, (request, reply) => refuse(notBuilt(what), request, reply));
      }
    },
    { prefix: "/_linkspan" },
  );
  for (const url of ["/console", "/console/*"]) app.all(url, (request, reply) => refuse(notBuilt("the web console"), request, reply));
}

/** Registers one address: what is sent to it is decoded, what it answers is sent. */
function register(admin: FastifyInstance, one: Address, behind: Behind): void {
  const { body } = one;
  const route = (scope: FastifyInstance): void => {
    scope.route({
      method: one.method,
      url: one.path.replace(/\{(\w+)\}/g, ":$1"),
      // Those who look whether a server lives often ask for nothing but the status.
      exposeHeadRoute: one.method === "GET" && one.isPublic === true,
      ...(body !== undefined && "stream" in body ? { bodyLimit: body.stream.bytesMax } : {}),
      handler: async (request, reply) => {
        const call = {
          path: request.params,
          query: decodeJson(one.inQuery ?? {}, { ...(request.query as object) }),
          body: bodyOf(body, request.body),
          behind,
          request,
          reply,
        };
        reply.code(one.answers.status ?? 200);
        if (one.page === undefined) return one.handle(call);
        reply.header("vary", "accept");
        return prefersHtml(request.headers.accept) ? reply.headers(pageHeaders).send(await one.page(call)) : one.handle(call);
      },
    });
  };
  if (body === undefined || !("stream" in body)) return route(admin);
  // What may be long is not collected before it is looked at.
  void admin.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    route(scope);
  });
}

function bodyOf(declared: Body | undefined, sent: unknown): unknown {
  if (declared !== undefined && "stream" in declared) return {};
  if (declared !== undefined && "anything" in declared) return jsonObject(sent);
  return decodeJson(declared?.fields ?? {}, json(sent));
}

/** The body as JSON; none counts as an empty object. */
function json(body: unknown): unknown {
  if (!(body instanceof Uint8Array) || body.length === 0) return {};
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    throw new Refusal(gatewayErrors.parameterInvalid, ["body"], "it is not JSON");
  }
}

/** The body as a JSON object whose members are not known beforehand. */
function jsonObject(body: unknown): Readonly<Record<string, unknown>> {
  const value = json(body);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Refusal(gatewayErrors.parameterInvalid, ["body"], "a JSON object is expected");
}

/** A caller that may not use these addresses. */
class NotAdmitted extends Error {
  readonly status: 401 | 403;
  constructor(status: 401 | 403, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Health is for everyone. Everything else is open on loopback while only the development keys exist, to requests that no web page
 * of another site has made; otherwise it wants the admin token.
 */
async function admit(request: FastifyRequest, engine: Engine): Promise<void> {
  if (request.routeOptions.url === "/_linkspan/health") return;
  const { host, authorization } = request.headers;
  if (fromForeignPage((name) => request.headers[name] as string | undefined, isLoopbackAddress(request.ip))) {
    throw new NotAdmitted(403, "requests from pages of other sites are refused");
  }
  const token = tokenOf(authorization ?? "");
  if (token !== undefined) {
    if (await engine.isAdminToken(token)) return;
    throw new NotAdmitted(401, "this is not the admin token of this server");
  }
  if (!(await engine.onlyDevelopmentKeysExist())) {
    throw new NotAdmitted(
      401,
      "accounts with keys of their own exist: send the admin token that the server printed at its first start, as Authorization: Bearer …, " +
        "or as the password of any user name",
    );
  }
  if (!isLoopbackAddress(request.ip))
    throw new NotAdmitted(401, "without the admin token these addresses answer requests from this machine only");
  if (!isLoopbackName((host ?? "").toLowerCase()))
    throw new NotAdmitted(403, "without the admin token the Host header must name this machine: localhost or 127.0.0.1");
}

/** The token that an Authorization header carries: as a bearer token or, because browsers cannot send one, as the password of HTTP Basic. */
function tokenOf(authorization: string): string | undefined {
  const [, scheme, credentials = ""] = /^(Bearer|Basic) (\S+)$/i.exec(authorization) ?? [];
  if (scheme?.toLowerCase() !== "basic") return scheme === undefined ? undefined : credentials;
  return /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, "base64").toString("utf8"))?.[1] ?? "";
}

export function isLoopbackAddress(address: string): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(address);
}

function notBuilt(what: string): Refusal {
  return new Refusal(adminErrors.notBuilt, [what]);
}

/** Refusals of these addresses: what, why, and what to do. As a page for browsers. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, ...told } = refusalOf(error, reply);
  const isPage = prefersHtml(request.headers.accept);
  // A browser that is asked for Basic asks its user.
  if (status === 401) reply.header("www-authenticate", `${isPage ? "Basic" : "Bearer"} realm="Linkspan admin token"`);
  reply.code(status).header("vary", "accept");
  return isPage
    ? reply.headers(pageHeaders).send(noticePage(`${status} ${told.error}`, told.message, told.advice ?? ""))
    : reply.send(told);
}

interface Told {
  readonly status: number;
  readonly error: string;
  readonly message: string;
  readonly advice?: string;
}
function refusalOf(error: unknown, reply: FastifyReply): Told {
  if (error instanceof NotAdmitted) return { status: error.status, error: "NotAdmitted", message: error.message };
  if (error instanceof Refusal) return toldRefusal(error);
  if (error instanceof StoreUnavailable) return toldRefusal(new Refusal(gatewayErrors.serviceUnavailable, [], error.message));
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status < 500) return { ...toldRefusal(new Refusal(gatewayErrors.requestMalformed, [(error as Error).message])), status };
  const requestId = newRequestId();
  reply.log.error({ err: error, requestId }, "an administration request failed");
  return { ...toldRefusal(new Refusal(gatewayErrors.internalError, [], `see the server's log for ${requestId}`)), status };
}
function toldRefusal({ definition, message, advice = "" }: Refusal): Told {
  return { status: definition.http, error: definition.code, message, advice };
}
