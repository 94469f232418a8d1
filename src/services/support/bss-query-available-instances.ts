import { readOperation } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { BssOpenApi } from "../../contract/products.ts";
import { bool, int, listOf, structure, text } from "../../contract/response.ts";

export const bssQueryAvailableInstances = readOperation({
  product: BssOpenApi,
  name: "QueryAvailableInstances",
  summary:
    "Lists what the caller has bought, which is nothing: nothing is sold here. Clients learn from the answer that the account is a domestic one.",
  authorisation: { action: "bss:QueryAvailableInstances", resources: ["*"], source: "inferred" },
  parameters: {
    CreateTimeEnd: string(),
    CreateTimeStart: string(),
    EndTimeEnd: string(),
    EndTimeStart: string(),
    InstanceIDs: string(),
    PageNum: integer({ default: 1, min: 1 }),
    PageSize: integer({ default: 20, min: 1, max: 300 }),
    ProductCode: string(),
    ProductType: string(),
    Region: string(),
    RenewStatus: string(),
    SubscriptionType: string(),
  },
  response: {
    Code: text,
    Data: structure({
      InstanceList: listOf(
        structure({ InstanceID: text, ProductCode: text, ProductType: text, Region: text, Status: text, SubscriptionType: text }),
      ),
      PageNum: int,
      PageSize: int,
      TotalCount: int,
    }),
    Message: text,
    Success: bool,
  },
  read: async ({ input }) => ({
    Code: "Success",
    Data: { InstanceList: [], PageNum: input.PageNum, PageSize: input.PageSize, TotalCount: 0 },
    Message: "Successful!",
    Success: true,
  }),
});
