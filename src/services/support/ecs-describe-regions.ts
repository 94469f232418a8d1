import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Ecs } from "../../contract/products.ts";
import { regions } from "../../contract/regions.ts";
import { structure, text, wrapped } from "../../contract/response.ts";

export const ecsDescribeRegions = readOperation({
  product: Ecs,
  name: "DescribeRegions",
  summary: "Lists the regions of this server, for clients that ask this product for them.",
  authorisation: { action: "ecs:DescribeRegions", resources: ["*"], source: "inferred" },
  parameters: { AcceptLanguage: string(), InstanceChargeType: string(), ResourceType: string() },
  response: { Regions: wrapped("Region", structure({ LocalName: text, RegionEndpoint: text, RegionId: text, Status: text })) },
  read: async () => ({
    Regions: {
      Region: regions.map(({ id, name }) => ({
        LocalName: name,
        RegionEndpoint: `ecs.${id}.aliyuncs.com`,
        RegionId: id,
        Status: "available",
      })),
    },
  }),
});
