import { id, regionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { structure, text, type ValueOfShape, wrapped } from "../../contract/response.ts";
import { anyConnection, connectionIsThere } from "./any-connection.ts";
import { type Connection, isDual } from "./connection-body.ts";
import { peerBgpIp } from "./connection-plan.ts";
import { ikeShape, ikeView, ipsecShape, ipsecView } from "./connection-view.ts";
import { customerGateway } from "./customer-gateway.ts";
import { vpnDenied } from "./errors.ts";

export const downloadVpnConnectionConfig = readOperation({
  product: Vpc,
  name: "DownloadVpnConnectionConfig",
  summary: "Reads an IPsec-VPN connection, keys included, as the customer's device has to be told: local is the customer's end.",
  authorisation: {
    action: "vpc:DownloadVpnConnectionConfig",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnconnection/{VpnConnectionId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: { RegionId: regionId, VpnConnectionId: id },
  response: {
    VpnConnectionConfig: structure({
      BgpConfigs: wrapped(
        "BgpConfig",
        structure({ LocalAsn: text, LocalBgpIp: text, PeerAsn: text, PeerBgpIp: text, TunnelCidr: text, TunnelId: text }),
      ),
      IkeConfig: ikeShape,
      IpsecConfig: ipsecShape,
      Local: text,
      LocalSubnet: text,
      Remote: text,
      RemoteSubnet: text,
      TunnelsConfig: wrapped(
        "TunnelConfig",
        structure({ IkeConfig: ikeShape, IpsecConfig: ipsecShape, Local: text, Remote: text, TunnelId: text }),
      ),
    }),
  },
  check: [connectionIsThere],
  read: async (call) => {
    const of = await anyConnection(call);
    const customers = await Promise.all(of.tunnels.map(({ customerGatewayId }) => call.state.get(customerGateway, customerGatewayId)));
    const dual = isDual(of);
    const ends = of.tunnels.map(({ id: TunnelId, internetIp }, index) => ({
      IkeConfig: mirrored(of, index),
      IpsecConfig: ipsecView(of, index),
      Local: customers[index]?.ipAddress ?? "",
      Remote: internetIp,
      TunnelId,
    }));
    return {
      VpnConnectionConfig: {
        BgpConfigs: {
          BgpConfig: of.tunnels.flatMap(({ id: TunnelId, bgp }, index) =>
            bgp === null || !of.bgpEnabled
              ? []
              : [
                  {
                    LocalAsn: customers[index]?.asn ?? "",
                    LocalBgpIp: peerBgpIp(bgp),
                    PeerAsn: bgp.LocalAsn,
                    PeerBgpIp: bgp.LocalBgpIp,
                    TunnelCidr: bgp.TunnelCidr,
                    TunnelId,
                  },
                ],
          ),
        },
        IkeConfig: mirrored(of, 0, !dual),
        IpsecConfig: ipsecView(of, 0, !dual),
        Local: dual ? "" : (ends[0]?.Local ?? ""),
        LocalSubnet: of.remoteSubnet,
        Remote: dual ? "" : (ends[0]?.Remote ?? ""),
        RemoteSubnet: of.localSubnet,
        TunnelsConfig: { TunnelConfig: dual ? ends : [] },
      },
    };
  },
});

/** Phase 1 of a tunnel as its other end has it. */
function mirrored(of: Connection, index: number, shown = true): ValueOfShape<typeof ikeShape> {
  const ike = ikeView(of, index, shown);
  return { ...ike, LocalId: ike.RemoteId, RemoteId: ike.LocalId };
}
