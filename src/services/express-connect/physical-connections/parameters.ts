import type { ErrorDefinition } from "../../../contract/errors.ts";
import { integer, type Parameter, string } from "../../../contract/parameters.ts";
import { circuitErrors } from "./errors.ts";
import { portTypes } from "./physical-connection.ts";

/** Parameters that the operations on circuits share. */

/** 2 to 128 letters, digits, dots, underscores and hyphens, the first a letter. */
export function circuitName(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 128,
    pattern: /^(?!https?:\/\/)\p{L}[\p{L}\p{N}_.-]+$/u,
    invalid,
    description: "2 to 128 letters, digits, dots, underscores and hyphens, the first a letter",
  });
}
/** 2 to 256 characters, the first a letter, not beginning with http:// or https://. */
export function circuitDescription(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 256,
    pattern: /^(?!https?:\/\/)\p{L}.+$/u,
    invalid,
    description: "2 to 256 characters, the first a letter, not beginning with http:// or https://",
  });
}

const lineOperators = ["CT", "CU", "CM", "CO", "Equinix", "Other"];
const lineOperatorOptions = {
  valid: (value: string) => lineOperators.includes(value),
  invalid: circuitErrors.lineOperatorUnknown,
  description: lineOperators.join(", "),
} as const;
export const lineOperator = string({ ...lineOperatorOptions, required: true });
export const optionalLineOperator = string(lineOperatorOptions);

export const portType = string({
  valid: (value) => Object.hasOwn(portTypes, value),
  invalid: circuitErrors.portTypeUnknown,
  description: Object.keys(portTypes).join(", "),
});
/** Mbit/s */
export const bandwidth = integer({ min: 2, max: 10_240, invalid: circuitErrors.bandwidthInvalid });
export const peerLocation = string({ invalid: circuitErrors.peerLocationMalformed });
export const circuitCode = string({ lengthMax: 128, invalid: circuitErrors.circuitCodeMalformed });
