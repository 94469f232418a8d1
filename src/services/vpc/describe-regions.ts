import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { regionName, regions } from "../../contract/regions.ts";
import { structure, text, wrapped } from "../../contract/response.ts";

/** The simplest read: the operation to copy for a new one that needs nothing from the store. */
export const describeRegions = readOperation({
  product: Vpc,
  name: "DescribeRegions",
  summary: "Lists the regions of this server.",
  authorisation: { action: "vpc:DescribeRegions", resources: ["*"], source: "inferred" },
  parameters: { ProductType: string(), AcceptLanguage: string({ default: "en-US" }) },
  response: { Regions: wrapped("Region", structure({ LocalName: text, RegionEndpoint: text, RegionId: text })) },
  read: async ({ input }) => ({
    Regions: {
      Region: regions.map((region) => ({
        LocalName: regionName(region, input.AcceptLanguage),
        RegionEndpoint: `vpc.${region.id}.aliyuncs.com`,
        RegionId: region.id,
      })),
    },
  }),
});
