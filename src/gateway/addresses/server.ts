import { address } from "./address.ts";
import { integerNumber, nullable, objectOf, oneOf, text, truth } from "./schemas.ts";
import { openApi } from "../openapi.ts";

/** Whether the server lives, what it is doing, and what it can be asked. */

const health = address({
  method: "GET",
  path: "/health",
  summary: "Tells that the server lives, and its version.",
  isPublic: true,
  answers: { description: "It lives.", schema: objectOf({ status: oneOf("ok"), version: text }) },
  handle: ({ behind }) => ({ status: "ok", version: behind.version }),
});

const ready = address({
  method: "GET",
  path: "/ready",
  summary: "Tells whether writes reach the disk, and what is moving.",
  description: "Answers 503 with the same body while the store cannot be written.",
  answers: {
    description: "`degraded` when tasks have failed for good.",
    schema: objectOf({
      status: oneOf("ok", "degraded"),
      store: objectOf({ database: text, journalMode: text, synchronous: text }),
      writable: truth,
      tasks: objectOf({ moving: integerNumber, failed: integerNumber }),
      faultRules: integerNumber,
      tls: nullable(objectOf({ port: integerNumber, caFile: text })),
      dataPlane: objectOf({ kind: oneOf("none"), converged: truth }),
    }),
  },
  handle: async ({ behind: { engine, tlsView }, reply }) => {
    const readiness = await engine.readiness();
    const isReady = readiness.writable && readiness.tasks.failed === 0;
    reply.code(readiness.writable ? 200 : 503);
    return { status: isReady ? "ok" : "degraded", ...readiness, tls: tlsView(), dataPlane: { kind: "none", converged: true } };
  },
});

const openApiDocument = address({
  method: "GET",
  path: "/openapi.json",
  summary: "These addresses as an OpenAPI 3.1 document.",
  answers: { description: "The document.", schema: { type: "object", required: ["openapi", "info", "paths"] } },
  handle: ({ behind: { addresses, version } }) => openApi(addresses, version),
});

export const serverAddresses = [health, ready, openApiDocument];
