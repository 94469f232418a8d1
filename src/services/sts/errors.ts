import { error } from "../../contract/errors.ts";

/** What STS answers beside the errors of the gateway. */
export const stsErrors = {
  // The text is older than the role's own maximum.
  duration: error(400, "InvalidParameter.DurationSeconds", "The Min/Max value of DurationSeconds is 15min/1hr.", "public-docs"),
  externalId: error(400, "InvalidParameter.ExternalId", "The parameter ExternalId is wrongly formed.", "public-docs"),
  roleArn: error(400, "InvalidParameter.RoleArn", "The parameter RoleArn is wrongly formed.", "public-docs"),
  roleSessionName: error(400, "InvalidParameter.RoleSessionName", "The parameter RoleSessionName is wrongly formed.", "public-docs"),
  policyGrammar: error(400, "InvalidParameter.PolicyGrammar", "The parameter Policy has not passed grammar check.", "public-docs"),
  policySize: error(400, "InvalidParameter.PolicySize", "The size of Policy must be smaller than 2048 bytes.", "public-docs"),
  sourceIdentity: error(400, "InvalidParameter.SourceIdentity", "The parameter SourceIdentity is wrongly formed.", "inferred"),
  roleNotFound: error(404, "EntityNotExist.Role", "The specified Role not exists .", "public-docs"),
} as const;
