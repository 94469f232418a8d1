import { optionalRegionId, regionId } from "../contract/common-parameters.ts";
import { accessPointStatuses } from "../contract/access-points.ts";
import { Refusal } from "../contract/errors.ts";
import { decodeJson } from "../contract/json-input.ts";
import { type JsonSchema, objectSchema } from "../contract/json-schema.ts";
import type { AnyOperation } from "../contract/operation.ts";
import { boolean, type InputOf, integer, list, long, object, string } from "../contract/parameters.ts";
import { rootPrincipal } from "../services/ram/access-keys/access-key.ts";
import { featureNames, quotaDefaults, rateLimitedBy, type Settings } from "../contract/settings.ts";

/** The document of `LINKSPAN_SEED`: accounts, settings and ready-made resources. Everything here is declared once, as parameters are. */

const scope = { account: long(), region: optionalRegionId };
/** The settings document, of seed files and of `PUT /_linkspan/settings` alike. */
export const settingsParameters = {
  quotas: list(
    object({
      name: string({
        required: true,
        valid: (name) => Object.hasOwn(quotaDefaults, name),
        description: Object.keys(quotaDefaults).join(", "),
      }),
      ...scope,
      value: integer({ required: true, min: 0 }),
    }),
    { itemsMax: 1000 },
  ),
  features: list(
    object({
      name: string({ required: true, valid: (name) => featureNames.includes(name as never), description: featureNames.join(", ") }),
      ...scope,
      open: boolean({ required: true }),
    }),
    { itemsMax: 1000 },
  ),
  accessPoints: list(
    object({
      id: string({ required: true, lengthMax: 128, pattern: /^ap-[\w-]+$/, description: "begins with ap-" }),
      region: regionId,
      name: string({ required: true, lengthMax: 128 }),
      englishName: string({ lengthMax: 128 }),
      location: string({ default: "" }),
      hostOperator: string({ default: "" }),
      status: string({
        default: "recommended",
        valid: (status) => accessPointStatuses.includes(status as never),
        description: accessPointStatuses.join(", "),
      }),
      description: string({ default: "", multiline: true }),
    }),
    { itemsMax: 1000 },
  ),
  rateLimits: list(
    object({
      per: string({ required: true, valid: (per) => rateLimitedBy.includes(per as never), description: rateLimitedBy.join(", ") }),
      account: long(),
      requestsPerSecond: integer({ required: true, min: 1 }),
      burst: integer({ min: 1, description: "requests at once after a pause; those of one second if absent" }),
    }),
    { itemsMax: 1000 },
  ),
};

/** @throws {Refusal} naming the member at fault */
export function parseSettings(value: unknown): Settings {
  // The names were checked by the declaration.
  return decodeJson(settingsParameters, value) as Settings;
}

export const accountName = string({
  required: true,
  lengthMax: 64,
  pattern: /^[a-z][a-z0-9-]*$/,
  description: "lower-case letters, digits and -",
});
export const accountUid = string({ pattern: /^[1-9]\d{15,17}$/, description: "16 to 18 digits; made if absent" });
const keyPrincipal = string({
  lengthMax: 200,
  pattern: /^(root|user\/[\w.-]{1,64})$/,
  description: "root, or user/NAME, which makes the user too; root if absent",
});
const accountParameter = object({
  name: accountName,
  uid: accountUid,
  keys: list(
    object({
      id: string({ required: true, lengthMax: 128, pattern: /^[A-Za-z0-9]{4,128}$/ }),
      secret: string({ required: true, lengthMax: 128, secret: true }),
      principal: keyPrincipal,
    }),
    { itemsMax: 10 },
  ),
  resourceGroups: list(accountName, { itemsMax: 100 }),
});
const topLevel = { accounts: list(accountParameter, { itemsMax: 1000 }), settings: object(settingsParameters) };

export type SeedAccount = InputOf<typeof topLevel>["accounts"][number];
/** A call made when the seed is applied. `${name.Field}` in its parameters stands for a field of an earlier call's answer. */
export interface SeedCall {
  readonly as: string | undefined;
  readonly account: string;
  readonly operation: string;
  readonly version: string;
  readonly parameters: unknown;
}
/** Fields that only `PATCH` can set, on a resource that an earlier call made. */
export interface SeedPatch {
  readonly patch: string;
  readonly fields: Readonly<Record<string, string>>;
}
export interface Seed {
  readonly accounts: readonly SeedAccount[];
  readonly settings: Settings;
  readonly resources: readonly (SeedCall | SeedPatch)[];
}

/** What an empty store starts with unless a seed file says otherwise. These keys are public knowledge. */
export const developmentSeed: Seed = {
  accounts: [
    {
      name: "requester",
      uid: "1000000000000001",
      keys: [{ id: "LTAIlinkspanRequester01", secret: "linkspan-requester-secret", principal: rootPrincipal }],
      resourceGroups: [],
    },
    {
      name: "accepter",
      uid: "1000000000000002",
      keys: [{ id: "LTAIlinkspanAccepter002", secret: "linkspan-accepter-secret", principal: rootPrincipal }],
      resourceGroups: [],
    },
  ],
  settings: { quotas: [], features: [] },
  resources: [],
};
/** Secrets that this documentation publishes, so that a server knows when it must not be reached from elsewhere. */
export const developmentSecrets: ReadonlySet<string> = new Set(
  developmentSeed.accounts.flatMap(({ keys }) => keys.map(({ secret }) => secret)),
);

/**
 * Reads a seed document.
 * @throws {Error} saying which member is at fault and what is allowed
 */
export function parseSeed(value: unknown): Seed {
  if (!isObject(value)) throw new Error("seed file: a JSON object is expected");
  const { $schema: _schema, resources, ...rest } = value;
  const { accounts, settings } = told("seed file", () => decodeJson(topLevel, rest));
  return { accounts, settings: settings as Settings, resources: parseResources(resources ?? []) };
}

/** Runs a step of reading a seed; what is refused is told as a message for the file's author. */
function told<T>(where: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw toldError(where, error);
  }
}
/** A refusal in words: where, and what would have been accepted. */
export function toldError(where: string, error: unknown): Error {
  const words =
    error instanceof Refusal ? `${error.definition.code}: ${error.message} ${error.advice ?? ""}`.trim() : (error as Error).message;
  return new Error(`${where}: ${words}`, { cause: error });
}

const callParameters = {
  as: string({ pattern: /^[A-Za-z]\w*$/ }),
  account: string({ required: true }),
  operation: string({ required: true }),
  version: string({ required: true }),
};

const patchParameters = { patch: string({ required: true }) };

function parseResources(value: unknown): (SeedCall | SeedPatch)[] {
  if (!Array.isArray(value)) throw new Error("seed file: resources must be a list");
  return value.map((entry: unknown, index) => told(`seed file: resource ${index + 1}`, () => parseResource(entry)));
}
function parseResource(entry: unknown): SeedCall | SeedPatch {
  if (!isObject(entry)) throw new Error("a JSON object is expected");
  if ("patch" in entry) {
    const { fields = {}, ...rest } = entry;
    if (!isObject(fields)) throw new Error("fields must be a JSON object");
    return { ...decodeJson(patchParameters, rest), fields: fields as Record<string, string> };
  }
  const { parameters = {}, ...rest } = entry;
  return { ...decodeJson(callParameters, rest), parameters };
}
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Puts fields of earlier answers in the place of `${name.Field}`. */
export function withAnswers(value: unknown, answers: ReadonlyMap<string, Readonly<Record<string, unknown>>>): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{(\w+)\.(\w+)\}/g, (reference, name: string, field: string) => {
      const found = answers.get(name)?.[field];
      if (typeof found !== "string") throw new Error(`${reference} names nothing that an earlier call answered`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((member) => withAnswers(member, answers));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withAnswers(member, answers)]));
  }
  return value;
}

/** The JSON Schema of seed files: each write operation with its own parameters. */
export function seedSchema(operations: readonly AnyOperation[]): JsonSchema {
  const base = objectSchema(topLevel) as { properties: Record<string, unknown> };
  const calls = operations
    .filter((operation) => "apply" in operation)
    .map(({ name, product, parameters }) => {
      const call = objectSchema(callParameters)["properties"] as Record<string, unknown>;
      // Values may be references, so their own limits are checked when the seed is applied.
      const named = Object.fromEntries(Object.keys(parameters).map((parameter) => [parameter, true]));
      return {
        type: "object",
        properties: {
          ...call,
          operation: { const: name },
          version: { const: product.version },
          parameters: { type: "object", properties: named, additionalProperties: false },
        },
        required: ["account", "operation", "version"],
        additionalProperties: false,
      };
    });
  const patch = objectSchema(patchParameters) as { properties: Record<string, unknown>; required: string[] };
  const patches = {
    ...patch,
    properties: { ...patch.properties, fields: { type: "object", additionalProperties: { type: "string" } } },
    required: [...patch.required, "fields"],
  };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Linkspan seed file",
    type: "object",
    properties: { $schema: { type: "string" }, ...base.properties, resources: { type: "array", items: { oneOf: [...calls, patches] } } },
    additionalProperties: false,
  };
}
