import { accessPointName } from "../../../contract/access-points.ts";
import { numberedPage, pageIsNotTooDeep, pageParameters, regionId } from "../../../contract/common-parameters.ts";
import { readOperation } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { int, structure, text, wrapped } from "../../../contract/response.ts";

export const describeAccessPoints = readOperation({
  product: Vpc,
  name: "DescribeAccessPoints",
  summary: "Lists the access points of a region.",
  authorisation: { action: "vpc:DescribeAccessPoints", resources: ["*"], source: "inferred" },
  parameters: {
    RegionId: regionId,
    ...pageParameters,
    // English is documented as the default, but clients that name no language look for the Chinese names.
    AcceptLanguage: string({ default: "zh-CN", source: "client" }),
  },
  response: {
    AccessPointSet: wrapped(
      "AccessPointType",
      structure({
        AccessPointFeatureModels: wrapped("AccessPointFeatureModel", structure({ FeatureKey: text, FeatureValue: text })),
        AccessPointId: text,
        AttachedRegionNo: text,
        Description: text,
        HostOperator: text,
        Location: text,
        Name: text,
        Status: text,
        Type: text,
      }),
    ),
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
  },
  check: [pageIsNotTooDeep],
  read: async ({ input, settings }) => {
    const all = settings.accessPoints(input.RegionId);
    const { offset, limit } = numberedPage(input);
    return {
      AccessPointSet: {
        AccessPointType: all.slice(offset, offset + limit).map((point) => ({
          AccessPointFeatureModels: { AccessPointFeatureModel: [{ FeatureKey: "AP_Support_VbrBandwidthLimit", FeatureValue: "true" }] },
          AccessPointId: point.id,
          AttachedRegionNo: point.region,
          Description: point.description,
          HostOperator: point.hostOperator,
          Location: point.location,
          Name: accessPointName(point, input.AcceptLanguage),
          Status: point.status,
          Type: "VPC",
        })),
      },
      PageNumber: input.PageNumber,
      PageSize: input.PageSize,
      TotalCount: all.length,
    };
  },
});
