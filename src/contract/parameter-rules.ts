import { invalidParameter, type Source } from "./errors.ts";
import type { Statement } from "./operation.ts";
import { integerMax, integerMin, type Parameter, type Parameters, stringLengthMax } from "./parameters.ts";

/** What the decoder demands of parameters, as rules in words. They follow from the declarations, like the decoder's answers. */

const known = new WeakMap<Parameters, ReadonlyMap<string, Statement>>();

/** The rule of each parameter, by name, in the order in which the decoder judges them. */
export function parameterRules(declared: Parameters): ReadonlyMap<string, Statement> {
  let rules = known.get(declared);
  if (rules === undefined) {
    rules = new Map(Object.entries(declared).map(([name, parameter]) => [name, parameterRule(name, parameter)]));
    known.set(declared, rules);
  }
  return rules;
}

function parameterRule(name: string, parameter: Parameter): Statement {
  const { required, invalid } = parameter.options;
  return {
    rule: `${name}${required === true ? " is given, and" : ", if given,"} is ${limits(parameter)}`,
    error: invalid ?? invalidParameter(name),
    source: parameterSource(parameter),
  };
}

/** Where a parameter is documented. */
export function parameterSource({ options }: Parameter): Source {
  return options.source ?? "sdk-metadata";
}

/** What a parameter can be, as the end of a sentence. */
function limits({ type, options, item, fields }: Parameter): string {
  switch (type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number from ${options.min ?? integerMin} to ${options.max ?? integerMax}`;
    case "number":
      return `a number from ${options.min ?? integerMin} to ${options.max ?? integerMax}`;
    case "long":
      return "a whole number of up to 18 digits";
    case "list":
      return `a list of at most ${options.itemsMax} members${item === undefined ? "" : `, each of them ${limits(item)}`}`;
    case "object":
      return fieldLimits(fields ?? {});
    case "json":
      return `a JSON object with ${fieldLimits(fields ?? {})}`;
    default: {
      const form =
        options.description ?? (options.pattern === undefined && options.valid === undefined ? undefined : "of the documented form");
      const lines = options.multiline === true ? "" : " on one line";
      const empty = options.clears === true ? ", or empty to clear what was there" : "";
      return `text of at most ${options.lengthMax ?? stringLengthMax} characters${lines}${form === undefined ? "" : ` (${form})`}${empty}`;
    }
  }
}

function fieldLimits(fields: Parameters): string {
  return Object.entries(fields)
    .map(([field, inner]) => `${field} (${limits(inner)})`)
    .join(" with ");
}
