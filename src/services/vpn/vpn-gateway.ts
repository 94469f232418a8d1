import { fieldIndex, sharedIndexes } from "../../contract/indexes.ts";
import { type AnyKind, listAll, type Resource, type ResourceKind, type ResourceWriter } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";
import { routeErrors } from "../vpc/errors.ts";
import { entriesTo, routeEntry, vpnGatewayHop } from "../vpc/route-entry.ts";
import { addressKey } from "./connection-body.ts";
import { dependencyErrors } from "./errors.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGatewayDiagnosis } from "./vpn-gateway-diagnosis.ts";
import { vpnRouteEntry } from "./vpn-route-entry.ts";

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
/** The type of every gateway here: one for IPsec and SSL. */
export const gatewayType = "Traditional";

/** The calls that exclude each other on one gateway: while one of them is at work, `VpnGateway.Configuring` refuses the others. */
const writesOnGateway = [
  "ModifyVpnGatewayAttribute",
  "ModifyCustomerGatewayAttribute",
  "CreateVpnConnection",
  "ModifyVpnConnectionAttribute",
  "ModifyTunnelAttribute",
  "DeleteVpnConnection",
  "CreateVpnRouteEntry",
  "ModifyVpnRouteEntryWeight",
  "DeleteVpnRouteEntry",
  "CreateVpnPbrRouteEntry",
  "ModifyVpnPbrRouteEntryWeight",
  "ModifyVpnPbrRouteEntryPriority",
  "ModifyVpnPbrRouteEntryAttribute",
  "DeleteVpnPbrRouteEntry",
  "PublishVpnRouteEntry",
] as const;
export type WriteOnGateway = (typeof writesOnGateway)[number];

export const vpnGateway: ResourceKind<VpnGatewayBody> = {
  name: "vpn-gateway",
  idPrefix: "vpn",
  idHasRegionCode: true,
  tagType: "VpnGateWay",
  states: {
    initial: { CreateVpnGateway: "provisioning" },
    states: {
      provisioning: { meaning: "being created", task: { event: "created", after: "work" }, moves: { created: "active" } },
      active: {
        meaning: "usable",
        moves: { ...Object.fromEntries(writesOnGateway.map((name) => [name, "updating"])), DeleteVpnGateway: "deleting" },
      },
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
      [internetIp, disasterRecoveryInternetIp].filter((ip) => ip !== "").map((ip) => addressKey(networkType === "public" ? "" : vpcId, ip)),
    inVpc: fieldIndex<VpnGateway>(({ vpcId }) => vpcId),
    status: fieldIndex<VpnGateway>(({ state }) => state),
    type: fieldIndex<VpnGateway>(() => gatewayType),
    businessStatus: fieldIndex<VpnGateway>(({ BusinessStatus }) => BusinessStatus),
  },
  counted: ["scope"],
  dependencies: [
    { kind: "vpc", index: "vpc", rule: "no VPN gateway is left in the VPC", error: dependencyErrors.vpcHoldsGateway },
    { kind: "vswitch", index: "vSwitch", rule: "no VPN gateway is in the vSwitch", error: dependencyErrors.vSwitchHoldsGateway },
  ],
  nextHop: {
    type: vpnGatewayHop,
    errors: [routeErrors.vpnGatewayNotFound],
    objection: async (state, { id, vpcId, account }) => {
      const gateway = await state.get(vpnGateway, id);
      if (gateway?.account === account && gateway.vpcId === vpcId && gateway.state !== "deleting") return undefined;
      return { error: routeErrors.vpnGatewayNotFound, fill: ["The specified VPN gateway does not exist."] };
    },
  },
  onEvent: {
    configured: async (state, { id }) => {
      await finishAll(state, vpnConnection, id);
      await finishAll(state, vpnRouteEntry, id);
    },
    DeleteVpnGateway: async (state, { id }) => {
      for (const entry of await entriesTo(state, vpnGatewayHop, id)) {
        if (routeEntry.states.states[entry.state]?.moves["nextHopDeleted"] !== undefined) {
          await state.move(routeEntry, entry, "nextHopDeleted");
        }
      }
    },
    deleted: async (state, { id }) => {
      for (const one of await listAll(state, vpnGatewayDiagnosis, [["ofGateway", id]])) {
        await state.move(vpnGatewayDiagnosis, one, "gatewayDeleted");
      }
    },
  },
  patchable: {
    BusinessStatus: { description: "business status", values: ["Normal", "FinancialLocked"] },
    ChargeType: { description: "how the gateway is paid", values: ["Prepay", "PostpayByFlow"] },
  },
};

/** Ends the work on what belongs to a gateway, so that a gateway that is `active` has none under way. */
async function finishAll(state: ResourceWriter, kind: AnyKind, gatewayId: string): Promise<void> {
  for (const one of await listAll<object>(state, kind, [["busyOfGateway", gatewayId]])) {
    const event = kind.states.states[one.state]?.task?.event;
    if (event !== undefined) await state.move<object>(kind, one, event);
  }
}

/** A gateway whose two ends lie in different zones has two tunnels a connection, any other has one. */
export function isDualTunnel({ zoneId, disasterRecoveryZoneId }: VpnGateway): boolean {
  return zoneId !== "" && disasterRecoveryZoneId !== "" && disasterRecoveryZoneId !== zoneId;
}
