import { error } from "../../../contract/errors.ts";

/** Errors of grants, spelt as the service spells them. */
export const grantErrors = {
  missing: error(400, "InvalidParam.NotNull", "The parameter must not be null.", "public-docs"),
  illegal: error(400, "Parameter.Illegal", "The parameter is illegal.", "public-docs"),
  status: error(400, "Instance.StatusError", "The status of instance error.", "public-docs"),
  instanceNotFound: error(404, "Instance.NotExist", "The instance not exist.", "public-docs"),
  notGranted: error(404, "EcGrantRelation.NotExist", "The ec grant relation not exist.", "public-docs"),
} as const;
