import { string } from "../../../contract/parameters.ts";
import { ramErrors } from "../errors.ts";
import { roleNameForm } from "../names.ts";
import { policyDocumentLengthMax } from "../policies/policy.ts";

export const roleName = string({ ...roleNameForm, required: true, invalid: ramErrors.roleNameChars, tooLong: ramErrors.roleNameLength });

const descriptionForm = { lengthMax: 1024, multiline: true } as const;
export const roleDescription = string({ ...descriptionForm, tooLong: ramErrors.descriptionLength });
/** Terraform clears a description that its configuration no longer has. */
export const newRoleDescription = string({ ...descriptionForm, clears: true, tooLong: ramErrors.newDescriptionLength });

export const trustPolicyOptions = {
  lengthMax: policyDocumentLengthMax,
  multiline: true,
  invalid: ramErrors.malformedPolicy,
  // It may ask for an ExternalId.
  secret: true,
} as const;

/** Seconds for which a role can be assumed at most, unless said. */
export const defaultSessionDuration = 3600;
export const sessionDurationLimits = { min: 3600, max: 43_200 } as const;
