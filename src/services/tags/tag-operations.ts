import {
  clientToken,
  nextToken,
  nextTokenIsOurs,
  regionId,
  type TagErrors,
  tagErrors,
  tagListWith,
  tagsPerResourceMax,
} from "../../contract/common-parameters.ts";
import { error, type ErrorDefinition } from "../../contract/errors.ts";
import { scopeFilter, scopeOf, tagsOf } from "../../contract/indexes.ts";
import { listByToken, matches } from "../../contract/lists.ts";
import { type AnyOperation, type Call, type Rule, readOperation, writeOperation } from "../../contract/operation.ts";
import { boolean, integer, list, type Parameters, string } from "../../contract/parameters.ts";
import type { Product } from "../../contract/products.ts";
import type { AnyKind, Resource, ResourceReader, Tag } from "../../contract/resource-kind.ts";
import { bool, type Fields, int, listOf, optional, structure, text, wrapped } from "../../contract/response.ts";
import { tagRules } from "./tag-rules.ts";

/** What differs between the tag calls of two families: words and forms. What they do is alike. */
interface TagForm {
  readonly names: Readonly<Record<"tag" | "unTag" | "list", string>>;
  readonly errors: TagErrors &
    Readonly<Record<"resourceFull" | "tooManyIds" | "idsNotFound" | "typeNotFound" | "bothEmpty", ErrorDefinition>>;
  /** Answers to what is not given, where they have codes of their own. */
  readonly missingTags: { readonly missing?: ErrorDefinition };
  readonly missingTypeOnList: { readonly missing?: ErrorDefinition };
  /** Resources that one call names at most, and what a page of the list holds. */
  readonly resourceIdsMax: number;
  readonly page: { readonly default: number; readonly max: number };
  /** Parameters that only this family has. */
  readonly writeParameters: Parameters;
  readonly listParameters: Parameters;
  /** Response fields of the two writes, with their values. */
  readonly written: { readonly response: Fields; readonly answer: Readonly<Record<string, unknown>> };
  readonly listed: {
    readonly response: Fields;
    readonly answer: (page: TagPage) => Readonly<Record<string, unknown>>;
  };
}
interface TagPage {
  readonly MaxResults: number;
  readonly NextToken: string | undefined;
  readonly tags: readonly {
    readonly RegionNo: string;
    readonly ResourceId: string;
    readonly ResourceType: string;
    readonly TagKey: string;
    readonly TagValue: string;
  }[];
}
const bothEmpty = error(
  400,
  "BothEmpty.TagsAndResources",
  "The specified Tags and ResourcesIds are not allow to both empty.",
  "public-docs",
);
const listedTag = { ResourceId: text, ResourceType: text, TagKey: text, TagValue: text } as const;

/** The form of VpcPeer: plain arrays, and a mark of success. */
export const plainTagForm: TagForm = {
  names: { tag: "TagResources", unTag: "UnTagResources", list: "ListTagResources" },
  errors: {
    ...tagErrors,
    resourceFull: tagErrors.tooMany,
    tooManyIds: error(400, "NumberExceed.ResourceIds", "The maximum number of resource IDs is exceeded.", "public-docs"),
    idsNotFound: error(400, "InvalidInstanceIds.NotFound", "The instance IDs are not found.", "public-docs"),
    typeNotFound: error(400, "InvalidInstanceType.NotFound", "The instance type is not found.", "public-docs"),
    bothEmpty,
  },
  missingTags: {},
  missingTypeOnList: {},
  resourceIdsMax: 50,
  page: { default: 50, max: 50 },
  writeParameters: { ClientToken: clientToken },
  listParameters: { Category: string({ lengthMax: 64 }) },
  written: { response: { Success: bool }, answer: { Success: true } },
  listed: {
    response: { MaxResults: int, NextToken: optional(text), TagResources: listOf(structure({ RegionNo: text, ...listedTag })) },
    answer: ({ MaxResults, NextToken, tags }) => ({ MaxResults, NextToken, TagResources: tags }),
  },
};

/** The form of Vpc: arrays in an object, and codes of their own. */
export const wrappedTagForm: TagForm = {
  names: plainTagForm.names,
  errors: {
    tooMany: error(400, "SizeLimitExceeded.TagNum", "The maximum number of tags is exceeded.", "public-docs"),
    forbidden: error(400, "Forbidden.TagKeys", "The request do not allow to operate the tag keys", "public-docs"),
    duplicated: tagErrors.duplicated,
    keyInvalid: tagErrors.keyInvalid,
    keyMissing: error(
      400,
      "MissingParameter.TagKey",
      "The input parameter TagKey that is mandatory for processing this request is not supplied.",
      "public-docs",
    ),
    valueInvalid: tagErrors.valueInvalid,
    resourceFull: error(400, "QuotaExceeded.TagNum", "Custom Tags quota exceeded", "public-docs"),
    tooManyIds: error(400, "SizeLimitExceeded.ResourceId", "The maximum number of resource IDs is exceeded.", "public-docs"),
    idsNotFound: error(400, "InvalidInstanceIds.NotFound", "The instanceIds are not found", "public-docs"),
    typeNotFound: error(400, "InvalidInstanceType.NotFound", "The instance type is not found", "public-docs"),
    bothEmpty,
  },
  missingTags: { missing: error(400, "MissingParam.Tags", "You must specify the Tags parameter.", "public-docs") },
  missingTypeOnList: { missing: error(400, "MissingParam.ResourceType", "The param of ResourceType is missing.", "public-docs") },
  resourceIdsMax: 50,
  page: { default: 50, max: 50 },
  writeParameters: {},
  listParameters: {},
  written: { response: {}, answer: {} },
  listed: {
    response: { NextToken: optional(text), TagResources: wrapped("TagResource", structure(listedTag)) },
    answer: ({ NextToken, tags }) => ({ NextToken, TagResources: { TagResource: tags } }),
  },
};

/** The form of Express Connect: that of Vpc under names of its own. */
export const expressConnectTagForm: TagForm = {
  ...wrappedTagForm,
  names: {
    tag: "TagResourcesForExpressConnect",
    unTag: "UntagResourcesForExpressConnect",
    list: "ListTagResourcesForExpressConnect",
  },
  errors: { ...wrappedTagForm.errors, bothEmpty: error(403, bothEmpty.code, bothEmpty.message, "public-docs") },
  missingTags: {},
  missingTypeOnList: {},
  resourceIdsMax: 20,
  page: { default: 20, max: 100 },
};

const resourceId = string({ lengthMax: 128 });
const resourceTypeOptions = { required: true, lengthMax: 64 } as const;
const resourceType = string(resourceTypeOptions);

/** Whose tags the three calls are about: the kinds that they know, by `ResourceType`. */
interface TagFamily {
  readonly product: Product;
  readonly form: TagForm;
  readonly kinds: readonly AnyKind[];
  readonly authorisationResource: string;
}
interface OnResources {
  readonly input: { readonly ResourceType: string; readonly ResourceId: readonly string[]; readonly RegionId: string };
  readonly caller: Call["caller"];
  readonly state: ResourceReader;
}

/** TagResources, UnTagResources and ListTagResources of one product. Either all resources of a call change or none. */
export function tagOperations({ product, form, kinds, authorisationResource }: TagFamily): readonly AnyOperation[] {
  const { errors } = form;
  const resourceIds = { itemsMax: form.resourceIdsMax, tooMany: errors.tooManyIds } as const;
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
  const authorisation = (name: string): AnyOperation["authorisation"] => ({
    action: `vpc:${name}`,
    resources: [authorisationResource],
    about: ["ResourceId"],
    fill: { resourceType: ({ input }) => kindOf(String(input["ResourceType"]))?.tagType?.toLowerCase() },
    source: "inferred",
  });

  const tagResources = writeOperation({
    product,
    name: form.names.tag,
    summary: "Puts tags on resources. A key that a resource has already gets the new value.",
    authorisation: authorisation(form.names.tag),
    parameters: {
      ResourceId: list(resourceId, { ...resourceIds, required: true }),
      Tag: tagListWith(errors, { required: true, ...form.missingTags }),
      ResourceType: resourceType,
      RegionId: regionId,
      ...form.writeParameters,
    },
    response: form.written.response,
    check: [
      typeIsKnown,
      ...tagRules("Tag", errors),
      idsAreKnown,
      {
        rule: `no resource gets more than ${tagsPerResourceMax} tags`,
        error: errors.resourceFull,
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
      return form.written.answer;
    },
  });

  const unTagResources = writeOperation({
    product,
    name: form.names.unTag,
    summary: "Takes tags off resources: the keys named, or with All and no key every one.",
    authorisation: authorisation(form.names.unTag),
    parameters: {
      ResourceId: list(resourceId, { ...resourceIds, required: true }),
      // The schema of the key list allows one member more than the service does.
      TagKey: list(string({ lengthMax: 128 }), { itemsMax: tagsPerResourceMax, tooMany: errors.tooMany, invalid: errors.keyInvalid }),
      All: boolean({ default: false }),
      ResourceType: resourceType,
      RegionId: regionId,
      ...form.writeParameters,
    },
    response: form.written.response,
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
      return form.written.answer;
    },
  });

  const listTagResources = readOperation({
    product,
    name: form.names.list,
    summary: "Lists the tags of resources, or the resources that have all of some tags.",
    authorisation: authorisation(form.names.list),
    parameters: {
      ResourceType: string({ ...resourceTypeOptions, ...form.missingTypeOnList }),
      ResourceId: list(resourceId, resourceIds),
      Tag: tagListWith(errors),
      MaxResults: integer({ ...form.page, min: 1 }),
      NextToken: nextToken,
      RegionId: regionId,
      ...form.listParameters,
    },
    response: form.listed.response,
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
        error: errors.keyInvalid,
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
      return form.listed.answer({
        MaxResults: input.MaxResults,
        NextToken: next,
        tags: items.flatMap((resource) =>
          tagsOf(resource, caller.account).map(({ Key, Value }) => ({
            RegionNo: input.RegionId,
            ResourceId: resource.id,
            ResourceType: kind.tagType ?? "",
            TagKey: Key,
            TagValue: Value,
          })),
        ),
      });
    },
  });

  return [tagResources, unTagResources, listTagResources];
}

/** Tags with others laid over them: a key that occurs in both has the later value. */
export function merged(
  own: readonly Tag[],
  given: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[],
): Tag[] {
  const byKey = new Map(own.map(({ Key, Value }) => [Key, Value]));
  for (const { Key = "", Value = "" } of given) byKey.set(Key, Value);
  return [...byKey].map(([Key, Value]) => ({ Key, Value }));
}
