import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { missingParameter, Refusal } from "../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../contract/gateway-errors.ts";
import { decodeJson } from "../contract/json-input.ts";
import { integer, string } from "../contract/parameters.ts";
import { featureNames, quotaDefaults } from "../contract/settings.ts";
import { isPace, paces } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { accountName, accountUid, parseSettings } from "../engine/seed.ts";
import { StoreUnavailable } from "../engine/store.ts";
import { conditionOperators, globalConditionKeys } from "../policy/conditions.ts";
import { kindView, operationView, protocolView, unimplementedOperations } from "./contract-view.ts";
import { fromForeignPage, isLoopbackName } from "./foreign-page.ts";
import { pageHeaders, prefersHtml } from "./markup.ts";
import type { RequestLog } from "./request-log.ts";
import { noticePage, requestListPage, requestPage } from "./request-page.ts";
import { requestSummary, requestView } from "./request-view.ts";
import { newRequestId } from "./rpc.ts";

/** Linkspan's own addresses, under `/_linkspan/`. */

/** Times in answers have four digits for the year. */
const virtualTimeMax = Date.UTC(9999, 0);
/** The furthest that one call may advance the clock, in milliseconds: a hundred years. */
const advanceMax = 100 * 365 * 24 * 60 * 60 * 1000;
const recentRequestsDefault = 50;

/** Addresses that the design has and this version has not. */
const unbuilt: Readonly<Record<string, string>> = {
  metrics: "metrics",
  "openapi.json": "the OpenAPI document",
  events: "the event stream",
  faults: "faults on demand",
  snapshots: "snapshots",
  topology: "the network graph",
  paths: "path questions",
  impact: "impact questions",
};

export interface AdminOptions {
  readonly engine: Engine;
  readonly log: RequestLog;
  readonly version: string;
  readonly tlsView: () => TlsView | null;
}
/** Where the TLS listener is, for those who set up clients. */
export interface TlsView {
  readonly port: number;
  /** Path of the certificate by which clients trust it, on the server's machine. */
  readonly caFile: string;
}

/** Registers the addresses. Who may use them is decided in one place, before any of them runs. */
export function registerAdmin(app: FastifyInstance, { engine, log, version, tlsView }: AdminOptions): void {
  app.register(
    async (admin) => {
      // JSON is read here and not by the framework, so that every refusal has our form.
      admin.addHook("onRequest", async (request) => admit(request, engine));
      admin.addHook("onResponse", async (request, reply) =>
        app.log.info(
          { method: request.method, url: request.url.slice(0, 256), status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
          "administration",
        ),
      );
      admin.setErrorHandler((error, request, reply) => refuse(error, request, reply));
      admin.setNotFoundHandler((request, reply) => refuse(new Refusal(gatewayErrors.apiNotFound), request, reply));

      admin.get("/health", async () => ({ status: "ok", version }));
      admin.get("/ready", async (_request, reply) => {
        const readiness = await engine.readiness();
        const ready = readiness.writable && readiness.tasks.failed === 0;
        return reply
          .code(readiness.writable ? 200 : 503)
          .send({ status: ready ? "ok" : "degraded", ...readiness, tls: tlsView(), dataPlane: { kind: "none", converged: true } });
      });
      admin.get("/operations", async () => ({
        protocol: protocolView(),
        operations: [...[...engine.operations.values()].map(operationView), ...unimplementedOperations(engine.operations)],
        kinds: [...engine.kinds.values()].map(kindView),
        conditionOperators: [...conditionOperators.keys()],
        conditionKeys: globalConditionKeys,
      }));

      admin.get<{ Querystring: { limit?: string } }>("/requests", async ({ query, headers }, reply) => {
        const { limit } = decodeJson({ limit: integer({ default: recentRequestsDefault, min: 1, max: 1000 }) }, { limit: query.limit });
        const requests = log.recent(limit).map(requestSummary);
        reply.header("vary", "accept");
        return prefersHtml(headers.accept) ? reply.headers(pageHeaders).send(requestListPage(requests)) : { requests };
      });
      admin.get<{ Params: { id: string } }>("/requests/:id", async ({ params, headers }, reply) => {
        const record = log.get(params.id);
        if (record === undefined)
          throw new Refusal(adminErrors.notFound, [`recent request ${params.id}`], "the log keeps the last thousand");
        reply.header("vary", "accept");
        return prefersHtml(headers.accept)
          ? reply.headers(pageHeaders).send(requestPage(record, engine.kinds))
          : requestView(record, engine.kinds);
      });

      admin.get("/clock", async () => clockView(engine));
      admin.post("/clock/advance", async ({ body }) => {
        const { milliseconds = 0, seconds = 0 } = decodeJson(
          { milliseconds: integer({ min: 0, max: advanceMax }), seconds: integer({ min: 0, max: advanceMax / 1000 }) },
          json(body),
        );
        if (milliseconds + seconds === 0)
          throw new Refusal(missingParameter("seconds"), [], 'send {"seconds": 30} or {"milliseconds": 500}');
        const { now } = await engine.clock();
        if (now + milliseconds + 1000 * seconds > virtualTimeMax) {
          throw new Refusal(gatewayErrors.parameterInvalid, ["seconds"], "virtual time ends with the year 9999");
        }
        await engine.advance(milliseconds + 1000 * seconds);
        return clockView(engine);
      });
      admin.post("/clock/pace", async ({ body }) => {
        const { pace } = decodeJson(
          { pace: string({ required: true, valid: isPace, description: Object.keys(paces).join(", ") }) },
          json(body),
        );
        if (isPace(pace)) await engine.setPace(pace);
        return clockView(engine);
      });

      const newAccount = { name: accountName, uid: accountUid };
      admin.get("/accounts", async () => ({ accounts: await engine.accounts() }));
      admin.post("/accounts", async ({ body }, reply) => {
        const given = decodeJson(newAccount, json(body));
        return reply.code(201).send(await engine.createAccount({ ...given, keys: [], resourceGroups: [] }));
      });
      admin.post<{ Params: { name: string } }>("/accounts/:name/keys", async ({ params }, reply) =>
        reply.code(201).send({ key: await engine.createKey(params.name) }),
      );
      admin.delete<{ Params: { name: string } }>("/accounts/:name", async ({ params }) => ({
        account: await engine.disableAccount(params.name),
      }));

      // What is set, and what holds where nothing is set. The whole answer may be put back.
      admin.get("/settings", async () => settingsView(engine));
      admin.put("/settings", async ({ body }) => {
        const { quotaDefaults: _defaults, featureNames: _names, ...settings } = jsonObject(body);
        await engine.putSettings(parseSettings(settings));
        return settingsView(engine);
      });

      admin.patch<{ Params: { id: string } }>("/resources/:id", async ({ params, body }) => {
        return { resource: await engine.patchResource(params.id, jsonObject(body)) };
      });

      admin.get("/recording", async () => engine.recording.view());
      admin.post("/recording", async (_request, reply) => {
        const { isOn, since } = engine.recording.view();
        if (isOn)
          throw new Refusal(
            adminErrors.recordingIsOn,
            [String(since)],
            "end it first, with DELETE on this address or `linkspan record stop`: either tells what it has recorded",
          );
        engine.recording.start(Date.now());
        return reply.code(201).send(engine.recording.view());
      });
      admin.delete("/recording", async () => {
        engine.recording.stop();
        return engine.recording.view();
      });

      admin.post("/reset", async () => {
        await engine.reset();
        return { status: "reset" };
      });

      for (const [path, what] of Object.entries(unbuilt)) {
        for (const url of [`/${path}`, `/${path}/*`]) admin.all(url, (request, reply) => refuse(notBuilt(what), request, reply));
      }
    },
    { prefix: "/_linkspan" },
  );
  for (const url of ["/console", "/console/*"]) app.all(url, (request, reply) => refuse(notBuilt("the web console"), request, reply));
}

async function settingsView(engine: Engine): Promise<Readonly<Record<string, unknown>>> {
  return { ...(await engine.settings()), quotaDefaults, featureNames };
}

async function clockView(engine: Engine): Promise<Readonly<Record<string, unknown>>> {
  const { now, pace, stoppedAt } = await engine.clock();
  return { now: new Date(now).toISOString(), pace, standsStill: stoppedAt !== null };
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
