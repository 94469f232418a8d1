import { numberedPage, pageIsNotTooDeep } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { boolean, integer, list, object, string } from "../../contract/parameters.ts";
import { ResourceManager } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { int, structure, text, wrapped } from "../../contract/response.ts";
import { utcSeconds } from "../../contract/time.ts";
import { resourceGroup } from "../resource-groups/resource-group.ts";

/** Resource groups that one account can have; the list is read whole. */
const idsMax = 100;

export const resourceManagerListResourceGroups = readOperation({
  product: ResourceManager,
  name: "ListResourceGroups",
  summary: "Lists the resource groups of the caller. Every account has one named default; others come from the seed file.",
  authorisation: { action: "ram:ListResourceGroups", resources: ["*"], source: "inferred" },
  parameters: {
    DisplayName: string(),
    IncludeTags: boolean({ default: false }),
    Name: string(),
    PageNumber: integer({ default: 1, min: 1 }),
    PageSize: integer({ default: 10, min: 1, max: 100 }),
    ResourceGroupId: string(),
    ResourceGroupIds: list(string(), { itemsMax: idsMax }),
    Status: string(),
    Tag: list(object({ Key: string(), Value: string() }), { itemsMax: 20 }),
  },
  response: {
    PageNumber: int,
    PageSize: int,
    ResourceGroups: wrapped(
      "ResourceGroup",
      structure({ AccountId: text, CreateDate: text, DisplayName: text, Id: text, Name: text, Status: text }),
    ),
    TotalCount: int,
  },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    const wanted = [...input.ResourceGroupIds, ...(input.ResourceGroupId === undefined ? [] : [input.ResourceGroupId])];
    const groups = (await listAll(state, resourceGroup, [["account", caller.account]])).filter(
      (group) =>
        (wanted.length === 0 || wanted.includes(group.id)) &&
        (input.Name ?? group.name) === group.name &&
        (input.DisplayName ?? group.name) === group.name &&
        (input.Status ?? group.state) === group.state &&
        // No group here has tags.
        input.Tag.length === 0,
    );
    const { offset, limit } = numberedPage(input);
    return {
      PageNumber: input.PageNumber,
      PageSize: input.PageSize,
      ResourceGroups: {
        ResourceGroup: groups.slice(offset, offset + limit).map(({ id, name, state: status, account, createdAt }) => ({
          AccountId: account,
          CreateDate: utcSeconds(createdAt),
          DisplayName: name,
          Id: id,
          Name: name,
          Status: status,
        })),
      },
      TotalCount: groups.length,
    };
  },
});
