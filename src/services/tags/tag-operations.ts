import {
  clientToken,
  nextToken,
  nextTokenIsOurs,
  regionId,
  tagErrors,
  tagList,
  tagsPerResourceMax,
} from "../../contract/common-parameters.ts";
import { error } from "../../contract/errors.ts";
import { scopeFilter, scopeOf, tagsOf } from "../../contract/indexes.ts";
import { listByToken, matches } from "../../contract/lists.ts";
import { type AnyOperation, type Call, type Rule, readOperation, writeOperation } from "../../contract/operation.ts";
import { boolean, integer, list, object, string } from "../../contract/parameters.ts";
import type { Product } from "../../contract/products.ts";
import type { AnyKind, Resource, ResourceReader, Tag } from "../../contract/resource-kind.ts";
import { bool, int, listOf, optional, structure, text } from "../../contract/response.ts";
import { tagRules } from "./tag-rules.ts";

const errors = {
  tooManyIds: error(400, "NumberExceed.ResourceIds", "The maximum number of resource IDs is exceeded.", "public-docs"),
  idsNotFound: error(400, "InvalidInstanceIds.NotFound", "The instance IDs are not found.", "public-docs"),
  typeNotFound: error(400, "InvalidInstanceType.NotFound", "The instance type is not found.", "public-docs"),
  bothEmpty: error(400, "BothEmpty.TagsAndResources", "The specified Tags and ResourcesIds are not allow to both empty.", "public-docs"),
} as const;

const resourceIdsMax = 50;
const resourceIds = { itemsMax: resourceIdsMax, tooMany: errors.tooManyIds } as const;
const resourceId = string({ lengthMax: 128 });
/** The schema of the key list allows one member more than the service does. */
const tagKeys = list(string({ lengthMax: 128, invalid: tagErrors.keyInvalid }), {
  itemsMax: tagsPerResourceMax,
  tooMany: tagErrors.tooMany,
});
const resourceType = string({ required: true, lengthMax: 64 });

/** What differs between the tag calls of the products: the kinds they know, by `ResourceType`. */
interface TagFamily {
  readonly product: Product;
  readonly kinds: readonly AnyKind[];
  readonly authorisationResource: string;
}
interface OnResources {
  readonly input: { readonly ResourceType: string; readonly ResourceId: readonly string[]; readonly RegionId: string };
  readonly caller: Call["caller"];
  readonly state: ResourceReader;
}

/** TagResources, UnTagResources and ListTagResources of one product. Either all resources of a call change or none. */
export function tagOperations({ product, kinds, authorisationResource }: TagFamily): readonly AnyOperation[] {
  const kindOf = (type: string): AnyKind | undefined => kinds.find((kind) => kind.tagType?.toLowerCase() === type.toLowerCase());

  /** The resources of a call that the caller can see in the region of the call. */
  const resourcesOf = async ({ input, caller, state }: OnResources): Promise<Resource<object>[]> => {
    const kind = kindOf(input.ResourceType);
    const found: Resource<object>[] = [];
    for (const id of new Set(input.ResourceId)) {
      const resource = kind && (await state.get<object>(kind, id));
      if (kind && resource && matches<object>(kind, resource, [["scope", scopeOf(caller.account, input.RegionId)]])) found.push(resource);
    }
    return found;
  };
  const typeIsKnown: Rule<OnResources> = {
    rule: `ResourceType is one of ${kinds.map(({ tagType }) => tagType).join(", ")}`,
    error: errors.typeNotFound,
    holds: ({ input }) => kindOf(input.ResourceType) !== undefined,
  };
  const idsAreKnown: Rule<OnResources> = {
    rule: "each ResourceId names a resource of the caller in the region",
    error: errors.idsNotFound,
    holds: async (call) => (await resourcesOf(call)).length === new Set(call.input.ResourceId).size,
  };
  const authorisation = (action: string): { action: string; resources: string[]; source: "inferred" } => ({
    action,
    resources: [authorisationResource],
    source: "inferred",
  });

  const tagResources = writeOperation({
    product,
    name: "TagResources",
    summary: "Puts tags on resources. A key that a resource has already gets the new value.",
    authorisation: authorisation("vpc:TagResources"),
    parameters: {
      ResourceId: list(resourceId, { ...resourceIds, required: true }),
      Tag: { ...tagList, options: { ...tagList.options, required: true } },
      ResourceType: resourceType,
      ClientToken: clientToken,
      RegionId: regionId,
    },
    response: { Success: bool },
    check: [
      typeIsKnown,
      ...tagRules("Tag"),
      idsAreKnown,
      {
        rule: `no resource gets more than ${tagsPerResourceMax} tags`,
        error: tagErrors.tooMany,
        holds: async (call) =>
          (await resourcesOf(call)).every(
            (resource) => merged(tagsOf(resource, call.caller.account), call.input.Tag).length <= tagsPerResourceMax,
          ),
      },
    ],
    apply: async (call) => {
      const { input, caller, state } = call;
      for (const resource of await resourcesOf(call)) {
        await state.change<object>(kindOf(input.ResourceType) as AnyKind, resource, {
          tags: { ...resource.tags, [caller.account]: merged(tagsOf(resource, caller.account), input.Tag) },
        });
      }
      return { Success: true };
    },
  });

  const unTagResources = writeOperation({
    product,
    name: "UnTagResources",
    summary: "Takes tags off resources: the keys named, or with All and no key every one.",
    authorisation: authorisation("vpc:UnTagResources"),
    parameters: {
      ResourceId: list(resourceId, { ...resourceIds, required: true }),
      TagKey: tagKeys,
      All: boolean({ default: false }),
      ResourceType: resourceType,
      ClientToken: clientToken,
      RegionId: regionId,
    },
    response: { Success: bool },
    check: [typeIsKnown, idsAreKnown],
    apply: async (call) => {
      const { input, caller, state } = call;
      const goes = ({ Key }: Tag): boolean => (input.TagKey.length > 0 ? input.TagKey.includes(Key) : input.All);
      for (const resource of await resourcesOf(call)) {
        const own = tagsOf(resource, caller.account);
        const left = own.filter((tag) => !goes(tag));
        if (left.length === own.length) continue;
        await state.change<object>(kindOf(input.ResourceType) as AnyKind, resource, { tags: { ...resource.tags, [caller.account]: left } });
      }
      return { Success: true };
    },
  });

  const listTagResources = readOperation({
    product,
    name: "ListTagResources",
    summary: "Lists the tags of resources, or the resources that have all of some tags.",
    authorisation: authorisation("vpc:ListTagResources"),
    parameters: {
      ResourceType: resourceType,
      ResourceId: list(resourceId, resourceIds),
      Tag: list(object({ Key: string({ lengthMax: 128 }), Value: string({ lengthMax: 128 }) }), {
        itemsMax: tagsPerResourceMax,
        tooMany: tagErrors.tooMany,
      }),
      MaxResults: integer({ default: 50, min: 1, max: 50 }),
      NextToken: nextToken,
      RegionId: regionId,
      Category: string({ lengthMax: 64 }),
    },
    response: {
      MaxResults: int,
      NextToken: optional(text),
      TagResources: listOf(structure({ RegionNo: text, ResourceId: text, ResourceType: text, TagKey: text, TagValue: text })),
    },
    check: [
      nextTokenIsOurs,
      typeIsKnown,
      {
        rule: "resource ids or tags are given",
        error: errors.bothEmpty,
        holds: ({ input }) => input.ResourceId.length > 0 || input.Tag.length > 0,
      },
      {
        rule: "each tag of the filter has a key",
        error: tagErrors.keyInvalid,
        holds: ({ input }) => input.Tag.every(({ Key }) => Key !== undefined),
      },
    ],
    read: async ({ input, caller, state }) => {
      const kind = kindOf(input.ResourceType) as AnyKind;
      const scope = scopeOf(caller.account, input.RegionId);
      const filter = [...scopeFilter(scope, {}, input.Tag)];
      // A page counts resources, so that one answer never splits the tags of a resource.
      const { items, next } =
        input.ResourceId.length === 0
          ? await listByToken<object>(state, kind, filter, input.NextToken, input.MaxResults)
          : { items: (await resourcesOf({ input, caller, state })).filter((one) => matches<object>(kind, one, filter)), next: undefined };
      return {
        MaxResults: input.MaxResults,
        NextToken: next,
        TagResources: items.flatMap((resource) =>
          tagsOf(resource, caller.account).map(({ Key, Value }) => ({
            RegionNo: input.RegionId,
            ResourceId: resource.id,
            ResourceType: kind.tagType ?? "",
            TagKey: Key,
            TagValue: Value,
          })),
        ),
      };
    },
  });

  return [tagResources, unTagResources, listTagResources];
}

/** Tags with others laid over them: a key that occurs in both has the later value. */
function merged(own: readonly Tag[], given: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[]): Tag[] {
  const byKey = new Map(own.map(({ Key, Value }) => [Key, Value]));
  for (const { Key = "", Value = "" } of given) byKey.set(Key, Value);
  return [...byKey].map(([Key, Value]) => ({ Key, Value }));
}
