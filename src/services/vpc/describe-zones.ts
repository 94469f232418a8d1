import { regionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { regionById } from "../../contract/regions.ts";
import { structure, text, wrapped } from "../../contract/response.ts";

export const describeZones = readOperation({
  product: Vpc,
  name: "DescribeZones",
  summary: "Lists the zones of a region.",
  authorisation: { action: "vpc:DescribeZones", resources: ["*"], source: "inferred" },
  parameters: { RegionId: regionId, ZoneType: string(), AcceptLanguage: string() },
  response: { Zones: wrapped("Zone", structure({ LocalName: text, ZoneId: text, ZoneType: text })) },
  read: async ({ input }) => {
    const region = regionById(input.RegionId);
    const name = (zone: string): string => `${region?.name ?? ""} Zone ${zone.slice(-1).toUpperCase()}`;
    return {
      Zones: { Zone: (region?.zones ?? []).map((zone) => ({ LocalName: name(zone), ZoneId: zone, ZoneType: "AvailabilityZone" })) },
    };
  },
});
