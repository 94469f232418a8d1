import { regionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { regionById, zoneName } from "../../contract/regions.ts";
import { listOf, structure, text } from "../../contract/response.ts";
import { vpnDenied } from "./errors.ts";

export const describeVpnGatewayAvailableZones = readOperation({
  product: Vpc,
  name: "DescribeVpnGatewayAvailableZones",
  summary: "Lists the zones of a region in which VPN gateways can be: all of them.",
  authorisation: { action: "vpc:DescribeVpnGatewayAvailableZones", resources: ["*"], source: "inferred", denied: vpnDenied },
  parameters: {
    RegionId: regionId,
    Spec: string({ required: true, pattern: /^\d{1,4}M?$/, description: "a bandwidth such as 5M" }),
    AcceptLanguage: string({ default: "zh-CN" }),
    GatewayType: string({ lengthMax: 64 }),
  },
  response: { AvailableZoneIdList: listOf(structure({ ZoneId: text, ZoneName: text })), RegionId: text },
  read: async ({ input }) => {
    const region = regionById(input.RegionId);
    return {
      AvailableZoneIdList: (region?.zones ?? []).map((zone) => ({
        ZoneId: zone,
        ZoneName: region === undefined ? zone : zoneName(region, zone, input.AcceptLanguage),
      })),
      RegionId: input.RegionId,
    };
  },
});
