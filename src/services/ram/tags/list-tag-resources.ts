import { nextToken, nextTokenIsOurs, tagErrors } from "../../../contract/common-parameters.ts";
import { scopeFilter, scopeOf, tagsOf } from "../../../contract/indexes.ts";
import { listByToken, matches } from "../../../contract/lists.ts";
import { readOperation } from "../../../contract/operation.ts";
import { integer } from "../../../contract/parameters.ts";
import { Ram } from "../../../contract/products.ts";
import { listOf, optional, structure, text } from "../../../contract/response.ts";
import { ramTagList } from "./tag-form.ts";
import { resourceNames, resourcesNamed, taggedKind, taggedType } from "./tagged-resources.ts";

export const listTagResources = readOperation({
  product: Ram,
  name: "ListTagResources",
  summary: "Lists the tags of roles or custom policies: of those named, of those that have all of some tags, or of all.",
  httpsOnly: true,
  authorisation: { action: "ram:ListTagResources", resources: ["*"], source: "public-docs" },
  parameters: {
    ResourceType: taggedType,
    ResourceNames: resourceNames,
    Tag: ramTagList,
    PageSize: integer({ default: 100, min: 1, max: 100 }),
    NextToken: nextToken,
  },
  response: {
    NextToken: optional(text),
    TagResources: listOf(structure({ ResourceName: text, ResourceType: text, TagKey: text, TagValue: text })),
  },
  check: [
    nextTokenIsOurs,
    {
      rule: "each tag of the filter has a key",
      error: tagErrors.keyInvalid,
      source: "inferred",
      holds: ({ input }) => input.Tag.every(({ Key }) => Key !== undefined),
    },
  ],
  read: async ({ input, caller, state }) => {
    const kind = taggedKind(input.ResourceType);
    const filter = scopeFilter(scopeOf(caller.account, undefined), {}, input.Tag);
    // A page counts resources, so that one answer never splits the tags of a resource. Names that nothing has are passed over.
    const { items, next } =
      input.ResourceNames.length === 0
        ? await listByToken(state, kind, filter, input.NextToken, input.PageSize)
        : { items: (await resourcesNamed({ input, caller, state })).filter((one) => matches(kind, one, filter)), next: undefined };
    return {
      NextToken: next,
      TagResources: items.flatMap((resource) =>
        tagsOf(resource, caller.account).map(({ Key, Value }) => ({
          ResourceName: resource.name,
          ResourceType: input.ResourceType,
          TagKey: Key,
          TagValue: Value,
        })),
      ),
    };
  },
});
