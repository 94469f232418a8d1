import type { ErrorDefinition } from "../../../contract/errors.ts";
import { type Parameter, string } from "../../../contract/parameters.ts";
import { routerInterfaceErrors } from "./errors.ts";

/** Parameters that the operations on router interfaces share. */

/** Id of a router interface that is to be deleted. What is an id of something else is told as such, whether that is there or not. */
export const idToDelete = string({
  required: true,
  lengthMax: 128,
  pattern: /^ri-/,
  invalid: routerInterfaceErrors.otherKind,
  description: "an id that begins with ri-",
});

/** 2 to 128 letters, digits, dots, underscores and hyphens, the first a letter. */
export function interfaceName(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 128,
    pattern: /^\p{L}[\p{L}\p{N}_.-]+$/u,
    invalid,
    description: "2 to 128 letters, digits, dots, underscores and hyphens, the first a letter",
  });
}
/** 2 to 256 characters, the first a letter, not beginning with http:// or https://. */
export function interfaceDescription(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 256,
    pattern: /^(?!https?:\/\/)\p{L}.+$/u,
    invalid,
    description: "2 to 256 characters, the first a letter, not beginning with http:// or https://",
  });
}
