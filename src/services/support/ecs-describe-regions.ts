import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Ecs } from "../../contract/products.ts";
import { regionName, regions } from "../../contract/regions.ts";
import { structure, text, wrapped } from "../../contract/response.ts";

export const ecsDescribeRegions = readOperation({
  product: Ecs,
  name: "DescribeRegions",
  summary: "Lists the regions of this server, for clients that ask this product for them.",
  authorisation: { action: "ecs:DescribeRegions", resources: ["*"], source: "inferred" },
  // Unlike Vpc, this product answers in Chinese unless asked otherwise.
  parameters: { AcceptLanguage: string({ default: "zh-CN" }), InstanceChargeType: string(), ResourceType: string() },
  response: { Regions: wrapped("Region", structure({ LocalName: text, RegionEndpoint: text, RegionId: text, Status: text })) },
  read: async ({ input }) => ({
    Regions: {
      Region: regions.map((region) => ({
        LocalName: regionName(region, input.AcceptLanguage),
        RegionEndpoint: `ecs.${region.id}.aliyuncs.com`,
        RegionId: region.id,
        Status: "available",
      })),
    },
  }),
});
