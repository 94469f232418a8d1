import { type ErrorDefinition, invalidParameter, missingParameter } from "../contract/errors.ts";
import type { AnyOperation } from "../contract/operation.ts";
import type { Parameter } from "../contract/parameters.ts";
import { denials } from "./authorise.ts";
import { operationRules } from "./operation-rules.ts";

/** Every error that an operation itself can answer, each code once with each of its statuses, in the order in which it is judged. */
export function errorsOf(operation: AnyOperation): ErrorDefinition[] {
  const errors: ErrorDefinition[] = [];
  // Codes name the whole parameter, also where it is a member or a field of it that is missing or wrong.
  const visit = (name: string, { options, item, fields }: Parameter, otherwise?: ErrorDefinition): void => {
    const { required, missing, invalid = otherwise, tooLong, tooMany } = options;
    if (required === true) errors.push(missing ?? missingParameter(name));
    if (invalid !== undefined) errors.push(invalid);
    if (tooLong !== undefined) errors.push(tooLong);
    if (tooMany !== undefined) errors.push(tooMany);
    for (const inner of [...(item === undefined ? [] : [item]), ...Object.values(fields ?? {})]) visit(name, inner);
  };
  for (const [name, parameter] of Object.entries(operation.parameters)) visit(name, parameter, invalidParameter(name));
  errors.push(...denials(operation));
  for (const { error } of operationRules(operation)) errors.push(error);
  const told = new Map<string, ErrorDefinition>();
  for (const error of errors) {
    const key = `${error.http} ${error.code}`;
    if (!told.has(key)) told.set(key, error);
  }
  return [...told.values()];
}
