import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";

/** One thing that a diagnosis looked at. */
export interface DiagnosisItem {
  readonly name: string;
  readonly level: "normal" | "warning" | "error";
  /** A JSON object as text. */
  readonly description: string;
}
export interface VpnGatewayDiagnosisBody {
  readonly vpnGatewayId: string;
  /** The connection that was diagnosed. It may be gone by now. */
  readonly connectionId: string;
  /** As found when the diagnosis began; told when it has finished. */
  readonly items: readonly DiagnosisItem[];
}
export type VpnGatewayDiagnosis = Resource<VpnGatewayDiagnosisBody>;

/** A diagnosis of a VPN gateway and one of its connections. It does not hinder the gateway, and goes with it. */
export const vpnGatewayDiagnosis: ResourceKind<VpnGatewayDiagnosisBody> = {
  name: "vpn-gateway-diagnosis",
  idPrefix: "vpndgn",
  idHasRegionCode: true,
  states: {
    initial: { DiagnoseVpnGateway: "diagnosing" },
    states: {
      diagnosing: {
        meaning: "under way: nothing is told yet",
        task: { event: "finished", after: "work" },
        moves: { finished: "finished", gatewayDeleted: gone },
      },
      finished: { meaning: "can be read", moves: { gatewayDeleted: gone } },
    },
  },
  indexes: {
    ofGateway: ({ vpnGatewayId }) => [vpnGatewayId],
    runningOfGateway: ({ vpnGatewayId, state }) => (state === "diagnosing" ? [vpnGatewayId] : []),
  },
  counted: [],
};
