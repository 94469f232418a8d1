import { regionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { boolean, string } from "../../contract/parameters.ts";
import { Ecs } from "../../contract/products.ts";
import { regionById, zoneName } from "../../contract/regions.ts";
import { structure, text, wrapped } from "../../contract/response.ts";
import { diskCategories, instanceTypes } from "./ecs-catalogue.ts";

export const ecsDescribeZones = readOperation({
  product: Ecs,
  name: "DescribeZones",
  summary: "Lists the zones of a region, for clients that ask this product for them.",
  authorisation: { action: "ecs:DescribeZones", resources: ["*"], source: "inferred" },
  parameters: {
    AcceptLanguage: string({ default: "zh-CN" }),
    InstanceChargeType: string(),
    RegionId: regionId,
    SpotStrategy: string(),
    Verbose: boolean({ default: true }),
  },
  response: {
    Zones: wrapped(
      "Zone",
      structure({
        AvailableDiskCategories: wrapped("DiskCategories", text),
        AvailableInstanceTypes: wrapped("InstanceTypes", text),
        AvailableResourceCreation: wrapped("ResourceTypes", text),
        LocalName: text,
        ZoneId: text,
        ZoneType: text,
      }),
    ),
  },
  read: async ({ input }) => {
    const region = regionById(input.RegionId);
    return {
      Zones: {
        Zone: (region?.zones ?? []).map((zone) => ({
          AvailableDiskCategories: { DiskCategories: input.Verbose ? diskCategories : [] },
          AvailableInstanceTypes: { InstanceTypes: input.Verbose ? instanceTypes : [] },
          AvailableResourceCreation: { ResourceTypes: input.Verbose ? ["VSwitch"] : [] },
          LocalName: region === undefined ? zone : zoneName(region, zone, input.AcceptLanguage),
          ZoneId: zone,
          ZoneType: "AvailabilityZone",
        })),
      },
    };
  },
});
