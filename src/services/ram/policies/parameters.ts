import { string } from "../../../contract/parameters.ts";
import { ramErrors } from "../errors.ts";
import { policyDocumentLengthMax, type PolicyType } from "./policy.ts";

const policyTypes: readonly string[] = ["System", "Custom"] satisfies readonly PolicyType[];
const typeOptions = {
  valid: (type: string) => policyTypes.includes(type),
  description: "System or Custom",
  invalid: ramErrors.policyType,
} as const;
export const policyType = string({ ...typeOptions, required: true });
export const optionalPolicyType = string(typeOptions);

/** 1 to 128 letters, digits and hyphens. */
export const policyName = string({
  required: true,
  lengthMax: 128,
  pattern: /^[A-Za-z0-9-]+$/,
  description: "letters, digits and hyphens",
  invalid: ramErrors.policyNameChars,
  tooLong: ramErrors.policyNameLength,
});
const descriptionForm = { lengthMax: 1024, multiline: true } as const;
export const policyDescription = string({ ...descriptionForm, tooLong: ramErrors.descriptionLength });
/** Terraform clears a description that its configuration no longer has. */
export const newPolicyDescription = string({ ...descriptionForm, clears: true, tooLong: ramErrors.newDescriptionLength });
export const policyDocument = string({
  required: true,
  lengthMax: policyDocumentLengthMax,
  multiline: true,
  invalid: ramErrors.malformedPolicy,
  tooLong: ramErrors.policyDocumentLength,
});
export const versionId = string({
  required: true,
  pattern: /^v[1-9]\d*$/,
  description: "v1, v2, …",
  invalid: ramErrors.versionIdFormat,
});
export const rotateStrategy = string({
  default: "None",
  valid: (strategy) => ["None", "DeleteOldestNonDefaultVersionWhenLimitExceeded"].includes(strategy),
  description: "None or DeleteOldestNonDefaultVersionWhenLimitExceeded",
});
