import { error, type ErrorDefinition } from "./errors.ts";
import { gatewayErrors } from "./gateway-errors.ts";
import type { Call, Rule } from "./operation.ts";
import { boolean, integer, list, object, type Parameter, string } from "./parameters.ts";
import { regionById } from "./regions.ts";

/** Parameters that many operations share; each is declared once, here. */

const regionOptions = {
  valid: (value: string) => regionById(value) !== undefined,
  invalid: gatewayErrors.regionNotFound,
  description: "Region id",
} as const;
export const regionId = string({ ...regionOptions, required: true });
export const optionalRegionId = string(regionOptions);

/** Id of a resource: opaque, on one line. */
export const id = string({ required: true, lengthMax: 128 });
/** The same where its absence has a code of its own. */
export function idOr(missing: ErrorDefinition): Parameter<string> {
  return string({ required: true, lengthMax: 128, missing });
}
export const optionalId = string({ lengthMax: 128 });

export const dryRun = boolean({ default: false, description: "Checks the request and changes nothing" });

/** ASCII, at most 64 characters, compared with letter case. */
export const clientToken = string({
  lengthMax: 64,
  pattern: /^[\x20-\x7e]+$/,
  description: "Makes a repeated request answer the first result; ASCII, at most 64 characters",
});

/** Key 1 to 128 characters, value up to 128; neither may begin with `aliyun` or `acs:` nor contain `http://` or `https://`. */
export const tagErrors = {
  tooMany: error(400, "NumberExceed.Tags", "The maximum number of tags is exceeded.", "public-docs"),
  forbidden: error(400, "Forbidden.TagKeys", "The tag key cannot be operated by the request.", "public-docs"),
  duplicated: error(400, "Forbidden.TagKey.Duplicated", "The specified tag key already exists.", "public-docs"),
  keyInvalid: error(400, "InvalidTagKey", "The tag keys are not valid.", "public-docs"),
  keyMissing: error(400, "InvalidTagKey", "The tag keys are not valid.", "public-docs"),
  valueInvalid: error(400, "InvalidTagValue", "The tag values are not valid.", "public-docs"),
} as const;
export type TagErrors = Readonly<Record<keyof typeof tagErrors, ErrorDefinition>>;
export const tagsPerResourceMax = 20;
const tagLengthMax = 128;
/** Tags as a parameter, with the errors of one family; values have up to 128 characters unless said. */
export function tagListWith(
  errors: TagErrors,
  options: {
    readonly required?: boolean;
    readonly missing?: ErrorDefinition;
    readonly also?: readonly "json"[];
    readonly valueLengthMax?: number;
  } = {},
): Parameter<readonly GivenTag[]> {
  const { valueLengthMax = tagLengthMax, ...ofList } = options;
  return list(
    object({
      Key: string({ lengthMax: tagLengthMax, invalid: errors.keyInvalid }),
      Value: string({ lengthMax: valueLengthMax, invalid: errors.valueInvalid }),
    }),
    { ...ofList, itemsMax: tagsPerResourceMax, tooMany: errors.tooMany },
  );
}
export interface GivenTag {
  readonly Key: string | undefined;
  readonly Value: string | undefined;
}
export const tagList = tagListWith(tagErrors);

/** `PageNumber` and `PageSize` of the older list operations. */
export const pageParameters = {
  PageNumber: integer({ default: 1, min: 1 }),
  PageSize: integer({ default: 10, min: 1, max: 50 }),
} as const;
/** Resources that page-number paging may skip; beyond, `Throttling.DeepPageSkip` asks for a narrower filter. */
export const pageSkipMax = 100_000;

/** Where a numbered page starts, and how long it is. */
export function numberedPage(input: NumberedPage): { offset: number; limit: number } {
  return { offset: (input.PageNumber - 1) * input.PageSize, limit: input.PageSize };
}
interface NumberedPage {
  readonly PageNumber: number;
  readonly PageSize: number;
}
/** Rule of every operation with `pageParameters`. */
export const pageIsNotTooDeep: Rule<{ readonly input: NumberedPage }> = {
  rule: `the page skips at most ${pageSkipMax} resources`,
  error: gatewayErrors.deepPageSkip,
  holds: ({ input }) => numberedPage(input).offset <= pageSkipMax,
};

/** `NextToken` of the newer list operations. */
export const nextToken = string({ lengthMax: 256 });
/** Rule of every operation with `nextToken`. */
export const nextTokenIsOurs: Rule<Pick<Call, "state"> & { readonly input: { readonly NextToken: string | undefined } }> = {
  rule: "NextToken came from an earlier page of this list",
  error: gatewayErrors.nextTokenInvalid,
  holds: ({ input, state }) => !Number.isNaN(state.positionOf(input.NextToken)),
};
