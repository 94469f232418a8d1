import type { ErrorDefinition } from "../../contract/errors.ts";
import { type Parameter, string } from "../../contract/parameters.ts";
import { customerGatewayErrors } from "./errors.ts";

/** Parameters that the operations of this family share. */

/** Name of a VPN gateway: 2 to 100 characters, the first a letter. */
export function gatewayName(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 100,
    pattern: /^(?!https?:\/\/)\p{L}[\p{L}\p{N}_.-]+$/u,
    invalid,
    description: "2 to 100 letters, digits, underscores, dots and hyphens, beginning with a letter",
  });
}
/** Name of a customer gateway or a connection, and the description of anything: 1 to 100 characters. */
export function shortText(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 100,
    pattern: /^(?!https?:\/\/)/,
    invalid,
    description: "1 to 100 characters, not beginning with http:// or https://",
  });
}

/** Key of BGP sessions: 1 to 64 ASCII characters without blank and question mark. */
export function bgpKey(invalid: ErrorDefinition): Parameter<string | undefined> {
  return string({
    lengthMax: 64,
    pattern: /^[\x21-\x3e\x40-\x7e]+$/,
    secret: true,
    invalid,
    description: "1 to 64 ASCII characters without blank and question mark",
  });
}
export const authKeyParameter = bgpKey(customerGatewayErrors.authKeyMalformed);
