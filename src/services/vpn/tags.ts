import { tagErrors, tagListWith } from "../../contract/common-parameters.ts";
import { error } from "../../contract/errors.ts";

/** Tags as this family takes them, with the codes that it has for them. */
export const vpnTagErrors = {
  tooMany: error(400, "SizeLimitExceeded.TagNum", "The maximum number of tags is exceeded.", "public-docs"),
  forbidden: tagErrors.forbidden,
  duplicated: error(400, "Duplicated.TagKey", "The specified parameter TagKey is duplicated.", "public-docs"),
  keyInvalid: error(400, "InvalidParameter.TagKey", "The specified parameter TagKey is invalid.", "public-docs"),
  keyMissing: error(400, "InvalidParameter.TagKey", "The specified parameter TagKey is invalid.", "public-docs"),
  valueInvalid: error(400, "InvalidParameter.TagValue", "The specified parameter TagValue is invalid.", "public-docs"),
} as const;
export const vpnTagList = tagListWith(vpnTagErrors);
