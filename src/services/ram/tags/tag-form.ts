import { tagErrors, tagListWith } from "../../../contract/common-parameters.ts";
import { tagsOf } from "../../../contract/indexes.ts";
import type { ResourceBase } from "../../../contract/resource-kind.ts";
import { structure, text, wrapped } from "../../../contract/response.ts";

/** Tags as RAM writes them: clients send one text with a JSON list, and read `TagKey` and `TagValue`. */
const options = { also: ["json"], valueLengthMax: 256 } as const;
export const ramTagList = tagListWith(tagErrors, options);
export const someRamTags = tagListWith(tagErrors, { ...options, required: true });

export const ramTagFields = wrapped("Tag", structure({ TagKey: text, TagValue: text }));

/** The tags that one account set on a resource, as an answer has them. */
export function ramTagView(resource: ResourceBase, account: string): { Tag: { TagKey: string; TagValue: string }[] } {
  return { Tag: tagsOf(resource, account).map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) };
}
