import { string } from "../../../contract/parameters.ts";
import { ramErrors } from "../errors.ts";
import { nameForm } from "../names.ts";

/** Parameters of groups. */

export const groupName = string({
  ...nameForm,
  required: true,
  invalid: ramErrors.groupNameChars,
  tooLong: ramErrors.groupNameLength,
});
export const newGroupName = string({ ...nameForm, invalid: ramErrors.newGroupNameChars, tooLong: ramErrors.newGroupNameLength });

const commentsMax = 128;
export const groupComments = string({ lengthMax: commentsMax, multiline: true, tooLong: ramErrors.commentsLength });
export const newGroupComments = string({ clears: true, lengthMax: commentsMax, multiline: true, tooLong: ramErrors.newCommentsLength });
