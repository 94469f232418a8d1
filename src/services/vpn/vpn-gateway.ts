import { fieldIndex, scoped, sharedIndexes } from "../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";
import { dependencyErrors } from "./errors.ts";

export interface VpnGatewayBody {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** The vSwitches and zones of its two tunnel ends; the empty string where none was named. */
  readonly vSwitchId: string;
  readonly zoneId: string;
  readonly disasterRecoveryVSwitchId: string;
  readonly disasterRecoveryZoneId: string;
  readonly networkType: "public" | "private";
  /** Mbit/s. */
  readonly bandwidth: number;
  readonly ipsecEnabled: boolean;
  readonly sslEnabled: boolean;
  readonly sslConnections: number;
  /** As clients read it. */
  readonly ChargeType: "Prepay" | "PostpayByFlow";
  /** Virtual milliseconds at which a prepaid gateway ends; 0 for one that is paid by flow. */
  readonly endsAt: number;
  readonly BusinessStatus: "Normal" | "FinancialLocked";
  readonly autoPropagate: boolean;
  readonly internetIp: string;
  /** The address of the second tunnel; the empty string for a gateway with one. */
  readonly disasterRecoveryInternetIp: string;
}
export type VpnGateway = Resource<VpnGatewayBody>;

export const vpnGateway: ResourceKind<VpnGatewayBody> = {
  name: "vpn-gateway",
  idPrefix: "vpn",
  idHasRegionCode: true,
  tagType: "VpnGateWay",
  states: {
    initial: { CreateVpnGateway: "provisioning" },
    states: {
      provisioning: { meaning: "being created", task: { event: "created", after: "work" }, moves: { created: "active" } },
      active: { meaning: "usable", moves: { ModifyVpnGatewayAttribute: "updating", DeleteVpnGateway: "deleting" } },
      updating: {
        meaning: "it, one of its connections or one of its routes is being changed",
        task: { event: "configured", after: "work" },
        moves: { configured: "active" },
      },
      deleting: { meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<VpnGateway>(),
    vpc: ({ vpcId }) => [vpcId],
    vSwitch: ({ vSwitchId, disasterRecoveryVSwitchId }) => [vSwitchId, disasterRecoveryVSwitchId].filter((id) => id !== ""),
    // Private addresses differ within their VPC only.
    address: ({ networkType, vpcId, internetIp, disasterRecoveryInternetIp }) =>
      [internetIp, disasterRecoveryInternetIp].filter((ip) => ip !== "").map((ip) => scoped(networkType === "public" ? "" : vpcId, ip)),
    inVpc: fieldIndex<VpnGateway>(({ vpcId }) => vpcId),
    status: fieldIndex<VpnGateway>(({ state }) => state),
    // There is one type here.
    type: fieldIndex<VpnGateway>(() => "Normal"),
    businessStatus: fieldIndex<VpnGateway>(({ BusinessStatus }) => BusinessStatus),
  },
  counted: ["scope"],
  dependencies: [
    { kind: "vpc", index: "vpc", rule: "no VPN gateway is left in the VPC", error: dependencyErrors.vpcHoldsGateway },
    { kind: "vswitch", index: "vSwitch", rule: "no VPN gateway is in the vSwitch", error: dependencyErrors.vSwitchHoldsGateway },
  ],
  patchable: {
    BusinessStatus: { description: "business status", values: ["Normal", "FinancialLocked"] },
    ChargeType: { description: "how the gateway is paid", values: ["Prepay", "PostpayByFlow"] },
  },
};

/** A gateway whose two ends lie in different zones has two tunnels a connection, any other has one. */
export function isDualTunnel({ zoneId, disasterRecoveryZoneId }: VpnGateway): boolean {
  return disasterRecoveryZoneId !== "" && disasterRecoveryZoneId !== zoneId;
}
