import { scopeFilter, scopeOf } from "../../../contract/indexes.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { int, structure, text, wrapped } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { markerFields, markerIsOurs, markerParameters } from "../paging.ts";
import { ramTagFields, ramTagList, ramTagView } from "../tags/tag-form.ts";
import { optionalPolicyType } from "./parameters.ts";
import { ramPolicy } from "./policy.ts";
import { attachmentCount, policyFields, policyView } from "./policy-view.ts";
import { systemPolicies } from "./system-policies.ts";

export const listPolicies = readOperation({
  product: Ram,
  name: "ListPolicies",
  summary: "Lists the policies of the system and behind them the custom policies of the account.",
  httpsOnly: true,
  authorisation: { action: "ram:ListPolicies", resources: ["acs:ram:*:{accountId}:policy/*"], source: "public-docs" },
  parameters: { PolicyType: optionalPolicyType, ...markerParameters, Tag: ramTagList },
  response: {
    ...markerFields,
    Policies: wrapped(
      "Policy",
      structure({ ...policyFields, AttachmentCount: int, CreateDate: text, Tags: ramTagFields, UpdateDate: text }),
    ),
  },
  check: [markerIsOurs],
  read: async ({ input, caller, state }) => {
    // Policies of the system take the first positions of the list, custom ones those behind.
    const after = state.positionOf(input.Marker);
    const behindSystem = systemPolicies.length;
    const limit = input.MaxItems + 1;
    // They have no tags.
    const system = input.PolicyType === "Custom" || input.Tag.length > 0 ? [] : systemPolicies;
    const listed = system.map((resource, index) => ({ resource, position: index + 1 })).slice(after, after + limit);
    if (input.PolicyType !== "System" && listed.length < limit) {
      const filter = scopeFilter(scopeOf(caller.account, undefined), {}, input.Tag);
      const options = { after: Math.max(after - behindSystem, 0), limit: limit - listed.length };
      const custom = await state.list(ramPolicy, filter, options);
      listed.push(...custom.map(({ resource, position }) => ({ resource, position: behindSystem + position })));
    }
    const page = listed.slice(0, input.MaxItems);
    const IsTruncated = listed.length > page.length;
    const Policy = [];
    for (const { resource } of page) {
      Policy.push({
        ...policyView(resource),
        AttachmentCount: await attachmentCount(state, caller.account, resource),
        CreateDate: utcSeconds(resource.createdAt),
        Tags: ramTagView(resource, caller.account),
        UpdateDate: utcSeconds(resource.modifiedAt),
      });
    }
    return { IsTruncated, Marker: IsTruncated ? state.pageToken(page.at(-1)?.position ?? after) : undefined, Policies: { Policy } };
  },
});
