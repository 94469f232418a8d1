import { type ErrorDefinition } from "../contract/errors.ts";
import { type JsonSchema, objectSchema, parameterSchema } from "../contract/json-schema.ts";
import type { Parameters } from "../contract/parameters.ts";
import type { Address, Body } from "./addresses/address.ts";
import { objectOf, text } from "./addresses/schemas.ts";

/** Linkspan's own addresses as an OpenAPI 3.1 document, made from their declarations. */
export function openApi(addresses: readonly Address[], version: string): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of addresses) {
    (paths[one.path] ??= {})[one.method.toLowerCase()] = operationObject(one);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Linkspan's own addresses",
      version,
      description:
        "Beside the cloud's API, which Linkspan speaks at `/`. From this machine these addresses are open while only the development accounts " +
        "exist; otherwise they want the admin token that the server printed at its first start.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/_linkspan" }],
    paths,
    components: {
      schemas: { Refusal: refusalSchema },
      securitySchemes: {
        adminToken: { type: "http", scheme: "bearer" },
        adminTokenAsPassword: { type: "http", scheme: "basic", description: "For browsers: any user name, the admin token as password." },
      },
    },
    // Without a token from this machine, while only the development accounts exist.
    security: [{ adminToken: [] }, { adminTokenAsPassword: [] }, {}],
  };
}

const refusalSchema = {
  ...objectOf({ error: text, message: text, advice: text }, ["advice"]),
  description: "What is wrong, why, and what to do next.",
};

function operationObject(one: Address): Record<string, unknown> {
  const { status = 200, description, schema, contentType = "application/json" } = one.answers;
  const answerTypes = { [contentType]: schema === undefined ? {} : { schema } };
  return {
    operationId: operationId(one),
    summary: one.summary,
    ...(one.description === undefined ? {} : { description: one.description }),
    ...(one.isPublic === true ? { security: [] } : {}),
    parameters: [...pathParameters(one.inPath), ...queryParameters(one.inQuery)],
    ...(one.body === undefined ? {} : { requestBody: bodyObject(one.body) }),
    responses: {
      [status]: { description, content: one.page === undefined ? answerTypes : { ...answerTypes, "text/html": {} } },
      ...refusalResponses(one.refusals ?? []),
      default: refusalResponse("Not admitted, an input that is not as declared, or a store that fails."),
    },
  };
}

/** `GET /requests/{id}` is `getRequestsById`. */
function operationId({ method, path }: Address): string {
  const words = path.split(/[/.-]/).filter((word) => word !== "");
  const names = words.map((word) => (word.startsWith("{") ? `By${capital(word.slice(1, -1))}` : capital(word)));
  return `${method.toLowerCase()}${names.join("")}`;
}
function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

function pathParameters(names: Readonly<Record<string, string>> = {}): Record<string, unknown>[] {
  return Object.entries(names).map(([name, description]) => ({ name, in: "path", required: true, description, schema: text }));
}
function queryParameters(parameters: Parameters = {}): Record<string, unknown>[] {
  return Object.entries(parameters).map(([name, parameter]) => ({
    name,
    in: "query",
    required: parameter.options.required === true,
    schema: parameterSchema(parameter),
  }));
}

function bodyObject(body: Body): Record<string, unknown> {
  if ("stream" in body) return { required: true, content: { [body.stream.contentType]: {} } };
  const schema = "fields" in body ? objectSchema(body.fields) : body.anything;
  return { required: ((schema["required"] as unknown[] | undefined) ?? []).length > 0, content: { "application/json": { schema } } };
}

function refusalResponses(refusals: readonly ErrorDefinition[]): Record<string, unknown> {
  const byStatus = Map.groupBy(refusals, ({ http }) => http);
  return Object.fromEntries(
    [...byStatus].map(([http, errors]) => [http, refusalResponse(errors.map(({ code }) => `\`${code}\``).join(", "))]),
  );
}
function refusalResponse(description: string): Record<string, unknown> {
  return { description, content: { "application/json": { schema: { $ref: "#/components/schemas/Refusal" } } } };
}
