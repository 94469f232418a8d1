import { regionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { regionById, zoneName } from "../../contract/regions.ts";
import { structure, text, wrapped } from "../../contract/response.ts";

export const describeZones = readOperation({
  product: Vpc,
  name: "DescribeZones",
  summary: "Lists the zones of a region.",
  authorisation: { action: "vpc:DescribeZones", resources: ["*"], source: "inferred" },
  parameters: { RegionId: regionId, ZoneType: string(), AcceptLanguage: string({ default: "en-US" }) },
  response: { Zones: wrapped("Zone", structure({ LocalName: text, ZoneId: text, ZoneType: text })) },
  read: async ({ input }) => {
    const region = regionById(input.RegionId);
    return {
      Zones: {
        Zone: (region?.zones ?? []).map((zone) => ({
          LocalName: region === undefined ? zone : zoneName(region, zone, input.AcceptLanguage),
          ZoneId: zone,
          ZoneType: "AvailabilityZone",
        })),
      },
    };
  },
});
