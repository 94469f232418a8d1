import { type AnswerOf, text } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import type { RamUser } from "./user.ts";

/** A user as RAM answers it. */

export const userFields = {
  Comments: text,
  CreateDate: text,
  DisplayName: text,
  Email: text,
  MobilePhone: text,
  UserId: text,
  UserName: text,
} as const;
export const changedUserFields = { ...userFields, UpdateDate: text } as const;

export function userView(user: RamUser): AnswerOf<typeof userFields> {
  return {
    Comments: user.comments,
    CreateDate: utcSeconds(user.createdAt),
    DisplayName: user.displayName,
    Email: user.email,
    MobilePhone: user.mobilePhone,
    UserId: user.id,
    UserName: user.name,
  };
}
export function changedUserView(user: RamUser): AnswerOf<typeof changedUserFields> {
  return { ...userView(user), UpdateDate: utcSeconds(user.modifiedAt) };
}
