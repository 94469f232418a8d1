import type { JsonSchema } from "../../contract/json-schema.ts";

/** JSON Schemas of answers, written short. */

export const text: JsonSchema = { type: "string" };
export const integerNumber: JsonSchema = { type: "integer" };
export const anyNumber: JsonSchema = { type: "number" };
export const truth: JsonSchema = { type: "boolean" };
/** ISO 8601. */
export const time: JsonSchema = { type: "string", format: "date-time" };
export const anyValue: JsonSchema = {};

/** An object with these members and no others; those in `optional` may be left out. */
export function objectOf(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}
/** An object whose members have any names. */
export function mapOf(values: JsonSchema): JsonSchema {
  return { type: "object", additionalProperties: values };
}
export function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}
export function nullable(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: "null" }] };
}
export function oneOf(...values: readonly string[]): JsonSchema {
  return { enum: values };
}
export function described(description: string, schema: JsonSchema): JsonSchema {
  return { ...schema, description };
}
