import type { Rule } from "../../contract/operation.ts";
import { type PolicyDocument, PolicyFault } from "../../policy/document.ts";
import { ramErrors } from "./errors.ts";

type WithDocument<N extends string> = { readonly input: { readonly [K in N]: string | undefined } };

/** Rule: the document that the call gives, if it gives one, is a policy by the grammar of `parse`. The answer says where it is none. */
export function documentIsValid<N extends string>(
  parameter: N,
  parse: (text: string) => PolicyDocument,
  error = ramErrors.malformedPolicy,
): Rule<WithDocument<N>> {
  const faultOf = ({ input }: WithDocument<N>): string | undefined => {
    const document = input[parameter];
    try {
      if (document !== undefined) parse(document);
      return undefined;
    } catch (fault) {
      if (fault instanceof PolicyFault) return fault.message;
      throw fault;
    }
  };
  return {
    rule: `${parameter} is written in the grammar of policies`,
    error,
    holds: (call) => faultOf(call) === undefined,
    fill: (call) => [faultOf(call) ?? ""],
  };
}
