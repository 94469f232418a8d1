import { tagErrors, tagsPerResourceMax } from "../../../contract/common-parameters.ts";
import { tagsOf } from "../../../contract/indexes.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { merged } from "../../tags/tag-operations.ts";
import { tagRules } from "../../tags/tag-rules.ts";
import { someRamTags } from "./tag-form.ts";
import { namesAreKnown, resourcesNamed, someResourceNames, taggedKind, taggedType } from "./tagged-resources.ts";

export const tagResources = writeOperation({
  product: Ram,
  name: "TagResources",
  summary: "Puts tags on roles or custom policies. A key that one has already gets the new value.",
  httpsOnly: true,
  authorisation: { action: "ram:TagResources", resources: ["*"], source: "public-docs" },
  parameters: { ResourceType: taggedType, ResourceNames: someResourceNames, Tag: someRamTags },
  response: {},
  check: [
    ...tagRules("Tag"),
    ...namesAreKnown,
    {
      rule: `none of them gets more than ${tagsPerResourceMax} tags`,
      error: tagErrors.tooMany,
      holds: async (call) =>
        (await resourcesNamed(call)).every(
          (resource) => merged(tagsOf(resource, call.caller.account), call.input.Tag).length <= tagsPerResourceMax,
        ),
    },
  ],
  apply: async (call) => {
    const { input, caller, state } = call;
    for (const resource of await resourcesNamed(call)) {
      const tags = { ...resource.tags, [caller.account]: merged(tagsOf(resource, caller.account), input.Tag) };
      await state.change(taggedKind(input.ResourceType), resource, { tags });
    }
    return {};
  },
});
