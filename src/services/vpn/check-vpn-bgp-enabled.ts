import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { bool } from "../../contract/response.ts";
import { vpnDeniedAlike } from "./errors.ts";

export const checkVpnBgpEnabled = readOperation({
  product: Vpc,
  name: "CheckVpnBgpEnabled",
  summary: "Says whether VPN gateways of a region can speak BGP: everywhere.",
  authorisation: { action: "vpc:CheckVpnBgpEnabled", resources: ["*"], source: "inferred", denied: vpnDeniedAlike },
  parameters: { RegionId: regionId, ClientToken: clientToken },
  response: { BgpEnabled: bool },
  read: async () => ({ BgpEnabled: true }),
});
