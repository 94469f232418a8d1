import type { Parameter, Parameters } from "./parameters.ts";

/** JSON Schema (2020-12) of declared parameters. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export function objectSchema(parameters: Parameters): JsonSchema {
  const required = Object.entries(parameters).filter(([, parameter]) => parameter.options.required === true);
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, parameterSchema(parameter)])),
    ...(required.length > 0 ? { required: required.map(([name]) => name) } : {}),
    additionalProperties: false,
  };
}

export function parameterSchema(parameter: Parameter): JsonSchema {
  const { description, default: value } = parameter.options;
  return {
    ...typeSchema(parameter),
    ...(description === undefined ? {} : { description }),
    ...(value === undefined ? {} : { default: value }),
  };
}

function typeSchema({ type, options, item, fields }: Parameter): JsonSchema {
  switch (type) {
    case "string":
      return {
        type: "string",
        ...(options.lengthMax === undefined ? {} : { maxLength: options.lengthMax }),
        ...(options.pattern === undefined ? {} : { pattern: options.pattern.source }),
      };
    case "boolean":
      return { type: "boolean" };
    case "integer":
    case "number":
      return {
        type,
        ...(options.min === undefined ? {} : { minimum: options.min }),
        ...(options.max === undefined ? {} : { maximum: options.max }),
      };
    case "long":
      // A number in JSON may lose digits beyond 2^53, so text is accepted too.
      return { type: ["string", "integer"], pattern: "^\\d{1,18}$" };
    case "list":
      return { type: "array", maxItems: options.itemsMax, items: item === undefined ? {} : parameterSchema(item) };
    case "object":
      return objectSchema(fields ?? {});
    case "json":
      return { type: "string", contentMediaType: "application/json", contentSchema: objectSchema(fields ?? {}) };
  }
}
