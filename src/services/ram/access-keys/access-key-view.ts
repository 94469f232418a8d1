import { type AnswerOf, text } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import type { AccessKey } from "./access-key.ts";

/** An access key as RAM answers it, without its secret. */

export const accessKeyFields = { AccessKeyId: text, CreateDate: text, Status: text } as const;

export function accessKeyView({ id, createdAt, state }: AccessKey): AnswerOf<typeof accessKeyFields> {
  return { AccessKeyId: id, CreateDate: utcSeconds(createdAt), Status: state };
}
