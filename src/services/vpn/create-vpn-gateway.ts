import { clientToken, id, optionalId, regionId } from "../../contract/common-parameters.ts";
import { scopeOf } from "../../contract/indexes.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { boolean, integer, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { long, text } from "../../contract/response.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { allows } from "../../contract/state-table.ts";
import { day } from "../../contract/time.ts";
import { newOrderId } from "../order-id.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../resource-groups/resource-group.ts";
import { vpc, type Vpc as VpcResource } from "../vpc/vpc.ts";
import { type VSwitch, vSwitch } from "../vpc/vswitch.ts";
import { type AddressSpace, freeAddress, hasFreeAddress, internet } from "./addresses.ts";
import { vpnGatewayErrors } from "./errors.ts";
import { gatewayName } from "./parameters.ts";
import { vpnGateway } from "./vpn-gateway.ts";

/** Mbit/s on offer. */
const bandwidths = { public: [5, 10, 20, 50, 100, 200, 500, 1000], private: [200, 1000] } as const;
/** Months for which a gateway can be paid in advance. */
const periods = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36];
/** Length of a month of a prepaid gateway. */
const month = 30 * day;
const sslConnectionsDefault = 5;

export const createVpnGateway = writeOperation({
  product: Vpc,
  name: "CreateVpnGateway",
  summary: "Creates a VPN gateway in a VPC. Two vSwitches in different zones make a gateway whose connections have two tunnels.",
  pollWith: "DescribeVpnGateway",
  authorisation: { action: "vpc:CreateVpnGateway", resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/*"], source: "inferred" },
  parameters: {
    RegionId: regionId,
    Name: gatewayName(vpnGatewayErrors.nameInvalid),
    VpcId: id,
    InstanceChargeType: string({ default: "POSTPAY", invalid: vpnGatewayErrors.chargeTypeUnknown }),
    Period: integer({ default: 1, invalid: vpnGatewayErrors.periodInvalid }),
    AutoPay: boolean({ default: true }),
    Bandwidth: integer({ required: true, invalid: vpnGatewayErrors.specUnknown }),
    EnableIpsec: boolean({ default: true }),
    EnableSsl: boolean({ default: false }),
    SslConnections: integer({ min: 1, max: 1000 }),
    VSwitchId: optionalId,
    VpnType: string({ default: "Normal", pattern: /^Normal$/, description: "Normal" }),
    ClientToken: clientToken,
    NetworkType: string({ default: "public", pattern: /^(public|private)$/, description: "public or private" }),
    DisasterRecoveryVSwitchId: optionalId,
    ResourceGroupId: string(),
  },
  response: { Name: text, OrderId: long, VpnGatewayId: text },
  targets: {
    vpc: target({ kind: vpc, parameter: "VpcId", missing: vpnGatewayErrors.vpcNotFound }),
    vSwitch: target({ kind: vSwitch, parameter: "VSwitchId", missing: vpnGatewayErrors.vSwitchNotFound }),
    second: target({ kind: vSwitch, parameter: "DisasterRecoveryVSwitchId", missing: vpnGatewayErrors.vSwitchNotFound }),
  },
  check: [
    {
      rule: "Bandwidth is on offer for the network type",
      error: vpnGatewayErrors.specUnknown,
      source: "sdk-metadata",
      holds: ({ input }) => (bandwidths[networkTypeOf(input)] as readonly number[]).includes(input.Bandwidth),
    },
    {
      rule: "InstanceChargeType is PREPAY or POSTPAY",
      error: vpnGatewayErrors.chargeTypeUnknown,
      holds: ({ input }) => /^(PREPAY|POSTPAY)$/.test(input.InstanceChargeType),
    },
    {
      rule: `Period is one of ${periods.join(", ")} months`,
      error: vpnGatewayErrors.periodInvalid,
      source: "sdk-metadata",
      holds: ({ input }) => periods.includes(input.Period),
    },
    {
      rule: "IPsec or SSL is enabled",
      error: vpnGatewayErrors.nothingEnabled,
      holds: ({ input }) => input.EnableIpsec || input.EnableSsl,
    },
    {
      rule: "SslConnections comes with EnableSsl",
      error: vpnGatewayErrors.sslNotEnabled,
      holds: ({ input }) => input.SslConnections === undefined || input.EnableSsl,
    },
    {
      rule: "a private gateway has no SSL",
      error: vpnGatewayErrors.sslOnPrivate,
      holds: ({ input }) => input.NetworkType === "public" || !input.EnableSsl,
    },
    {
      rule: "the vSwitches belong to the VPC",
      error: vpnGatewayErrors.vSwitchNotFound,
      holds: ({ targets }) => [targets.vSwitch, targets.second].every((one) => one === undefined || one.vpcId === targets.vpc.id),
    },
    {
      rule: "the VPC is not being deleted",
      error: vpnGatewayErrors.vpcNotFound,
      source: "inferred",
      holds: ({ targets }) => targets.vpc.state !== "Deleting",
      subject: ({ targets }) => ({ kind: vpc, resource: targets.vpc }),
    },
    {
      rule: "the two vSwitches differ",
      error: vpnGatewayErrors.sameVSwitch,
      holds: ({ input }) => input.VSwitchId === undefined || input.VSwitchId !== input.DisasterRecoveryVSwitchId,
    },
    {
      rule: "the two vSwitches are in different zones",
      error: vpnGatewayErrors.sameZone,
      holds: ({ targets: { vSwitch: first, second } }: { readonly targets: Ends }) =>
        first === undefined || second === undefined || first.zoneId !== second.zoneId,
    },
    {
      rule: "the vSwitches are Available",
      error: vpnGatewayErrors.vSwitchBusy,
      source: "inferred",
      holds: ({ targets }) =>
        [targets.vSwitch, targets.second].every((one) => one === undefined || allows(vSwitch.states, one.state, "DeleteVSwitch")),
    },
    {
      rule: "there is a free address for each end of the gateway",
      error: vpnGatewayErrors.addressesUsedUp,
      holds: async ({ input, targets, state }) => {
        const free = await Promise.all(endsOf(input, targets).map((space) => hasFreeAddress(state, space)));
        return free.every(Boolean);
      },
    },
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
    {
      rule: "the account has room for another VPN gateway (quota VpnGateway)",
      error: vpnGatewayErrors.quota,
      advice: quotaAdvice("VpnGateway"),
      holds: async ({ caller, input, state, settings }) =>
        (await state.count(vpnGateway, [["scope", scopeOf(caller.account, undefined)]])) <
        settings.quota("VpnGateway", caller.account, input.RegionId),
    },
  ],
  apply: async ({ input, targets, caller, state }) => {
    const gatewayId = state.newId(vpnGateway, input.RegionId);
    const { vSwitch: first, second }: Ends = targets;
    const [firstEnd, secondEnd] = endsOf(input, targets);
    const internetIp = await freeAddress(state, firstEnd);
    const created = await state.create(
      vpnGateway,
      {
        id: gatewayId,
        account: caller.account,
        region: input.RegionId,
        resourceGroups: await resourceGroupsFor(state, caller.account, input.ResourceGroupId),
        name: input.Name ?? gatewayId,
        description: "",
        vpcId: targets.vpc.id,
        vSwitchId: first?.id ?? "",
        zoneId: first?.zoneId ?? "",
        disasterRecoveryVSwitchId: second?.id ?? "",
        disasterRecoveryZoneId: second?.zoneId ?? "",
        networkType: networkTypeOf(input),
        bandwidth: input.Bandwidth,
        ipsecEnabled: input.EnableIpsec,
        sslEnabled: input.EnableSsl,
        sslConnections: input.EnableSsl ? (input.SslConnections ?? sslConnectionsDefault) : 0,
        ChargeType: input.InstanceChargeType === "PREPAY" ? "Prepay" : "PostpayByFlow",
        endsAt: input.InstanceChargeType === "PREPAY" ? state.now + input.Period * month : 0,
        BusinessStatus: "Normal",
        autoPropagate: false,
        internetIp,
        disasterRecoveryInternetIp: secondEnd === undefined ? "" : await freeAddress(state, secondEnd, internetIp),
      },
      "CreateVpnGateway",
    );
    return { Name: created.name, OrderId: newOrderId(state), VpnGatewayId: created.id };
  },
});

/** The vSwitches of a request, of which none need be named. */
interface Ends {
  readonly vpc: VpcResource;
  readonly vSwitch: VSwitch | undefined;
  readonly second: VSwitch | undefined;
}

/** Where the one or two tunnel ends of a gateway get their addresses. */
function endsOf(
  { NetworkType }: { readonly NetworkType: string },
  { vpc: of, vSwitch: first, second }: Ends,
): [AddressSpace, ...AddressSpace[]] {
  const space = (at: VSwitch | undefined): AddressSpace =>
    NetworkType === "public" ? internet : { vpcId: of.id, block: at?.cidrBlock ?? of.cidrBlock };
  return first === undefined || second === undefined ? [space(first ?? second)] : [space(first), space(second)];
}

function networkTypeOf({ NetworkType }: { readonly NetworkType: string }): "public" | "private" {
  return NetworkType === "private" ? "private" : "public";
}
