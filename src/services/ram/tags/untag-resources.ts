import { tagErrors, tagsPerResourceMax } from "../../../contract/common-parameters.ts";
import { tagsOf } from "../../../contract/indexes.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { boolean, list, string } from "../../../contract/parameters.ts";
import { Ram } from "../../../contract/products.ts";
import { namesAreKnown, resourcesNamed, someResourceNames, taggedKind, taggedType } from "./tagged-resources.ts";

export const untagResources = writeOperation({
  product: Ram,
  name: "UntagResources",
  summary: "Takes tags off roles or custom policies: the keys named, or with All and no key every one.",
  httpsOnly: true,
  authorisation: { action: "ram:UntagResources", resources: ["*"], source: "public-docs" },
  parameters: {
    ResourceType: taggedType,
    ResourceNames: someResourceNames,
    TagKeys: list(string({ lengthMax: 128 }), {
      itemsMax: tagsPerResourceMax,
      also: ["json"],
      tooMany: tagErrors.tooMany,
      invalid: tagErrors.keyInvalid,
    }),
    All: boolean({ default: false }),
  },
  response: {},
  check: namesAreKnown,
  apply: async (call) => {
    const { input, caller, state } = call;
    const goes = (key: string): boolean => (input.TagKeys.length > 0 ? input.TagKeys.includes(key) : input.All);
    for (const resource of await resourcesNamed(call)) {
      const own = tagsOf(resource, caller.account);
      const left = own.filter(({ Key }) => !goes(Key));
      if (left.length === own.length) continue;
      await state.change(taggedKind(input.ResourceType), resource, { tags: { ...resource.tags, [caller.account]: left } });
    }
    return {};
  },
});
