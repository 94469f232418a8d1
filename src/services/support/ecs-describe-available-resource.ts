import { regionId } from "../../contract/common-parameters.ts";
import { invalidParameter } from "../../contract/errors.ts";
import { readOperation } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { Ecs } from "../../contract/products.ts";
import { regionById } from "../../contract/regions.ts";
import { structure, text, wrapped } from "../../contract/response.ts";
import { diskCategories, instanceTypes } from "./ecs-catalogue.ts";

/** What is on offer for each resource that a call may ask about. */
const offers: Readonly<Record<string, readonly string[]>> = {
  zone: [],
  iooptimized: ["optimized"],
  instancetype: instanceTypes,
  network: ["vpc"],
  ddh: [],
  systemdisk: diskCategories,
  datadisk: diskCategories,
};

export const ecsDescribeAvailableResource = readOperation({
  product: Ecs,
  name: "DescribeAvailableResource",
  summary: "Says what is on offer in the zones of a region: everything everywhere, as clients ask before they choose a zone.",
  authorisation: { action: "ecs:DescribeAvailableResource", resources: ["*"], source: "inferred" },
  parameters: {
    Cores: integer({ min: 1 }),
    DataDiskCategory: string(),
    DedicatedHostId: string(),
    DestinationResource: string({ required: true }),
    InstanceChargeType: string(),
    InstanceType: string(),
    IoOptimized: string(),
    Memory: string(),
    NetworkCategory: string(),
    RegionId: regionId,
    ResourceType: string(),
    Scope: string(),
    SpotDuration: integer({ min: 0 }),
    SpotStrategy: string(),
    SystemDiskCategory: string(),
    ZoneId: string(),
  },
  response: {
    AvailableZones: wrapped(
      "AvailableZone",
      structure({
        AvailableResources: wrapped(
          "AvailableResource",
          structure({
            SupportedResources: wrapped("SupportedResource", structure({ Status: text, StatusCategory: text, Value: text })),
            Type: text,
          }),
        ),
        RegionId: text,
        Status: text,
        StatusCategory: text,
        ZoneId: text,
      }),
    ),
  },
  check: [
    {
      rule: `DestinationResource is one of ${Object.keys(offers).join(", ")}, in any letter case`,
      error: invalidParameter("DestinationResource"),
      source: "public-docs",
      holds: ({ input }) => Object.hasOwn(offers, input.DestinationResource.toLowerCase()),
    },
  ],
  read: async ({ input }) => {
    const asked = input.DestinationResource.toLowerCase();
    const named = { instancetype: input.InstanceType, systemdisk: input.SystemDiskCategory, datadisk: input.DataDiskCategory }[asked];
    const values = (offers[asked] ?? []).filter((value) => named === undefined || value === named);
    const zones = (regionById(input.RegionId)?.zones ?? []).filter((zone) => input.ZoneId === undefined || zone === input.ZoneId);
    return {
      AvailableZones: {
        AvailableZone: zones.map((zone) => ({
          AvailableResources: {
            AvailableResource:
              asked === "zone"
                ? []
                : [
                    {
                      Type: input.DestinationResource,
                      SupportedResources: {
                        SupportedResource: values.map((Value) => ({ Status: "Available", StatusCategory: "WithStock", Value })),
                      },
                    },
                  ],
          },
          RegionId: input.RegionId,
          Status: "Available",
          StatusCategory: "WithStock",
          ZoneId: zone,
        })),
      },
    };
  },
});
