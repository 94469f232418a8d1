import { string } from "../../../contract/parameters.ts";
import { ramErrors } from "../errors.ts";
import { nameForm } from "../names.ts";

/** Parameters of users. What `UpdateUser` takes anew has the same forms and errors of its own. */

const userNameForm = { ...nameForm, invalid: ramErrors.userNameChars, tooLong: ramErrors.userNameLength } as const;
export const userName = string({ ...userNameForm, required: true });
/** Absent, it stands for the caller. */
export const optionalUserName = string(userNameForm);

const freeTextMax = 128;
const mobilePhoneForm = { lengthMax: 32, pattern: /^\d{1,6}-\d+$/, description: "country code, hyphen, number" } as const;
const emailForm = { lengthMax: freeTextMax, pattern: /^[^\s@]+@[^\s@]+$/, description: "an email address" } as const;

export const profile = {
  DisplayName: string({ lengthMax: freeTextMax, invalid: ramErrors.displayNameChars, tooLong: ramErrors.displayNameLength }),
  MobilePhone: string({ ...mobilePhoneForm, invalid: ramErrors.mobilePhoneForm }),
  Email: string({ ...emailForm, invalid: ramErrors.emailForm }),
  Comments: string({ lengthMax: freeTextMax, multiline: true, tooLong: ramErrors.commentsLength }),
} as const;
/** Terraform clears what a configuration no longer says. */
export const newProfile = {
  NewUserName: string({ ...nameForm, invalid: ramErrors.newUserNameChars, tooLong: ramErrors.newUserNameLength }),
  NewDisplayName: string({
    clears: true,
    lengthMax: freeTextMax,
    invalid: ramErrors.newDisplayNameChars,
    tooLong: ramErrors.newDisplayNameLength,
  }),
  NewMobilePhone: string({ clears: true, ...mobilePhoneForm, invalid: ramErrors.newMobilePhoneForm }),
  NewEmail: string({ clears: true, ...emailForm, invalid: ramErrors.newEmailForm }),
  NewComments: string({ clears: true, lengthMax: freeTextMax, multiline: true, tooLong: ramErrors.newCommentsLength }),
} as const;
