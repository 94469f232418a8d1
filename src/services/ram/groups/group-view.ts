import { type AnswerOf, text } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import type { RamGroup } from "./group.ts";

/** A group as RAM answers it. */

export const groupFields = { Comments: text, CreateDate: text, GroupId: text, GroupName: text } as const;
export const changedGroupFields = { ...groupFields, UpdateDate: text } as const;

export function groupView({ id, name, comments, createdAt }: RamGroup): AnswerOf<typeof groupFields> {
  return { Comments: comments, CreateDate: utcSeconds(createdAt), GroupId: id, GroupName: name };
}
export function changedGroupView(group: RamGroup): AnswerOf<typeof changedGroupFields> {
  return { ...groupView(group), UpdateDate: utcSeconds(group.modifiedAt) };
}
