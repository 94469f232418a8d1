import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { addresses } from "../../src/gateway/addresses/index.ts";

/** What Linkspan's own addresses answer, held against their declarations: every test that asks one is a test of its schema. */

const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ } });
const validators = new Map<string, ValidateFunction>();

/** @param path behind `/_linkspan/`, query included */
export function assertAsDeclared(method: string, path: string, status: number, body: unknown): void {
  const segments = `/${path.split("?")[0]}`.split("/");
  const declared = addresses
    .filter((one) => one.method === method && one.path.split("/").length === segments.length)
    .filter((one) => one.path.split("/").every((part, index) => part.startsWith("{") || part === segments[index]))
    // An address that is named beats one that has a parameter there.
    .sort((one, other) => one.path.split("{").length - other.path.split("{").length)[0];
  if (declared === undefined) return assert.ok(status >= 400, `${method} ${path} is declared nowhere and answers ${status}`);
  const { status: expected = 200, schema } = declared.answers;
  if (status !== expected || schema === undefined) return assert.ok(status >= 400 || status === expected, `${method} ${path}: ${status}`);
  const key = `${method} ${declared.path}`;
  const validate = validators.get(key) ?? ajv.compile(schema);
  validators.set(key, validate);
  assert.ok(validate(body), `${method} ${path} answers otherwise than declared: ${ajv.errorsText(validate.errors)}`);
}
