import { type GivenTag, type TagErrors, tagErrors } from "../../contract/common-parameters.ts";
import type { Rule } from "../../contract/operation.ts";
import type { Tag } from "../../contract/resource-kind.ts";

type WithTags<N extends string> = { readonly input: { readonly [K in N]: readonly GivenTag[] } };

const reservedPrefix = /^(aliyun|acs:)/i;
const address = /https?:\/\//i;

/** Rules for the tags that a call puts on resources, in the parameter of the given name. */
export function tagRules<N extends string>(parameter: N, errors: TagErrors = tagErrors): Rule<WithTags<N>>[] {
  const tags = ({ input }: WithTags<N>): readonly GivenTag[] => input[parameter];
  return [
    {
      rule: `each member of ${parameter} has a Key`,
      error: errors.keyMissing,
      holds: (call) => tags(call).every(({ Key }) => Key !== undefined),
    },
    {
      rule: `no key or value in ${parameter} begins with aliyun or acs:, or contains http:// or https://`,
      error: errors.forbidden,
      holds: (call) =>
        tags(call).every(({ Key = "", Value = "" }) => [Key, Value].every((text) => !reservedPrefix.test(text) && !address.test(text))),
    },
    {
      rule: `no key occurs twice in ${parameter}`,
      error: errors.duplicated,
      holds: (call) => new Set(tags(call).map(({ Key }) => Key)).size === tags(call).length,
    },
  ];
}

/** The tags of a call as the field of a new resource. */
export function tagsFor(account: string, given: readonly GivenTag[]): Readonly<Record<string, readonly Tag[]>> {
  return given.length === 0 ? {} : { [account]: given.map(({ Key = "", Value = "" }) => ({ Key, Value })) };
}
