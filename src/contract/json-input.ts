import { gatewayErrors } from "./gateway-errors.ts";
import { Refusal } from "./errors.ts";
import { decode, type InputOf, type Parameters, type RawParameter } from "./parameters.ts";

/** JSON documents (seed files, settings, administration) are read by the same declarations and the same decoder as requests. */

/**
 * Writes nested JSON as the flat parameters that a request would carry: `{"Tag":[{"Key":"a"}]}` becomes `Tag.1.Key=a`.
 * Null members are left out.
 */
export function flatten(value: unknown, name = ""): RawParameter[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((member, index) => flatten(member, `${name}.${index + 1}`));
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([key, member]) => flatten(member, name === "" ? key : `${name}.${key}`));
  }
  return [{ name, value: `${value as string | number | boolean}` }];
}

/**
 * Decodes a JSON object by parameter declarations.
 * @throws {Refusal} naming a member that is not declared, missing, or outside its limits
 */
export function decodeJson<const P extends Parameters>(declared: P, value: unknown): InputOf<P> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(gatewayErrors.parameterInvalid, ["body"], "a JSON object is expected");
  }
  refuseUnknown(declared, value, "");
  return decode(declared, flatten(value));
}

function refuseUnknown(declared: Parameters, value: object, path: string): void {
  for (const [key, member] of Object.entries(value)) {
    const parameter = Object.hasOwn(declared, key) ? declared[key] : undefined;
    if (parameter === undefined) {
      const allowed = Object.keys(declared).join(", ");
      const advice = allowed === "" ? "nothing is expected here" : `${path}${key} is none of ${allowed}`;
      throw new Refusal(gatewayErrors.parameterInvalid, [`${path}${key}`], advice);
    }
    if (parameter.type === "list" && typeof member === "object" && member !== null && !Array.isArray(member)) {
      throw new Refusal(gatewayErrors.parameterInvalid, [`${path}${key}`], `${path}${key} is a list`);
    }
    const fields = parameter.fields ?? parameter.item?.fields;
    for (const inner of fields === undefined ? [] : [member].flat()) {
      if (typeof inner === "object" && inner !== null) refuseUnknown(fields as Parameters, inner as object, `${path}${key}.`);
    }
  }
}
