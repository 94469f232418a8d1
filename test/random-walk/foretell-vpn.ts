import { customerGateway } from "../../src/services/vpn/customer-gateway.ts";
import { vpnGateway } from "../../src/services/vpn/vpn-gateway.ts";
import { type Family, fresh, isGroupOf, newGroups, newTags, type Refused, refused, type Tag, tagFault } from "./foretell.ts";
import type { Model } from "./model.ts";
import type { Account, CustomerGateway, Thing, VpnGateway } from "./things.ts";
import { customerGatewayView, shown, vpnGatewayView } from "./views-vpn.ts";

/** VPN gateways, customer gateways and the resource groups of both. */

const day = 86_400_000;
/** A month of a prepaid gateway. */
const month = 30 * day;

export const noGateway = refused("InvalidVpnGatewayInstanceId.NotFound", 404);
export const gatewayBusy = refused("VpnGateway.Configuring");
export const noCustomer = refused("InvalidCustomerGatewayInstanceId.NotFound", 404);

export function vpnGatewayOf(model: Model, by: Account, { VpnGatewayId, RegionId }: any): VpnGateway | undefined {
  return model.owned(model.vpnGateways, VpnGatewayId, by.id, RegionId);
}
export function customerOf(model: Model, by: Account, id: string | undefined, region: string): CustomerGateway | undefined {
  return id === undefined ? undefined : model.owned(model.customerGateways, id, by.id, region);
}

/** What keeps a gateway from a write of the given name on it or on what belongs to it. */
export function gatewayFault(model: Model, gateway: VpnGateway, event: string): Refused | undefined {
  if (gateway.businessStatus === "FinancialLocked") return refused("VpnGateway.FinancialLocked");
  return model.may(gateway, event) ? undefined : gatewayBusy;
}
/** The family has a code of its own for a key that occurs twice. */
export function vpnTagFault(tags?: readonly Tag[]): Refused | undefined {
  const fault = tagFault(tags);
  return fault?.code === "Forbidden.TagKey.Duplicated" ? refused("Duplicated.TagKey") : fault;
}
/** The decimal form of a number that may be written as two halves. */
export function decimalAsn(asn: string): string {
  const [high = "", low] = asn.split(".");
  return low === undefined ? asn : String(Number(high) * 65_536 + Number(low));
}

/** What `MoveVpnResourceGroup` knows, by `ResourceType`. */
function movable(model: Model, type: string): readonly Thing[] {
  const byType = { VpnGateWay: model.vpnGateways, CUSTOMERGATEWAY: model.customerGateways, VPNATTACHMENT: model.attachments };
  return byType[type as keyof typeof byType];
}
/** The VPN gateways that are set to work by a new key of a customer gateway. */
function keyBearers(model: Model, { id }: CustomerGateway): VpnGateway[] {
  return model.vpnGateways.filter((one) => model.connectionsOf(one.id).some(({ tunnels }) => tunnels.some((t) => t.customerId === id)));
}

export const vpnFamily: Family = {
  CreateVpnGateway(model, by, parameters) {
    const { RegionId, VpcId, VSwitchId, DisasterRecoveryVSwitchId, ResourceGroupId, Name, Bandwidth } = parameters;
    const { NetworkType = "public", InstanceChargeType = "POSTPAY", Period = 1, EnableIpsec = true, EnableSsl = false } = parameters;
    const of = model.owned(model.vpcs, VpcId, by.id, RegionId);
    if (of === undefined) return refused("InvalidVpcId.NotFound");
    const named = [VSwitchId, DisasterRecoveryVSwitchId].filter((id) => id !== undefined);
    const switches = named.map((id) => model.owned(model.switches, id, by.id, RegionId));
    if (switches.some((one) => one?.vpcId !== of.id)) return refused("InvalidVSwitchId.NotFound");
    if (of.state === "Deleting") return refused("InvalidVpcId.NotFound");
    const [first, second] = switches;
    if (first !== undefined && first === second) return refused("InvalidVSwitchId.VswitchIdShouldDifferent");
    if (first !== undefined && first.zone === second?.zone) return refused("InvalidVSwitchId.ZoneIdShouldDifferent");
    if (switches.some((one) => one?.state !== "Available")) return refused("OperationFailed.VSwitchConflict");
    if (!isGroupOf(by, ResourceGroupId)) return refused("InvalidResourceGroupId");
    const own = model.vpnGateways.filter(({ account }) => account === by.id);
    if (own.length >= model.quota("VpnGateway", by.id, RegionId)) return refused("Resource.QuotaFull");
    return ({ VpnGatewayId, OrderId }) => {
      const isPrepaid = InstanceChargeType === "PREPAY";
      const ends = switches.map((one) => ({ switchId: one?.id ?? "", zone: one?.zone ?? "", ip: "" }));
      const { id, name } = model.addVpnGateway({
        id: fresh(model, vpnGateway, VpnGatewayId),
        account: by.id,
        region: RegionId,
        groups: newGroups(by, ResourceGroupId),
        vpcId: of.id,
        ends: ends.length === 0 ? [{ switchId: "", zone: "", ip: "" }] : ends,
        isPrivate: NetworkType === "private",
        name: Name ?? VpnGatewayId,
        description: "",
        bandwidth: Bandwidth,
        ipsec: EnableIpsec,
        ssl: EnableSsl,
        sslConnections: EnableSsl === true ? (parameters.SslConnections ?? 5) : 0,
        chargeType: isPrepaid ? "Prepay" : "PostpayByFlow",
        endsAt: isPrepaid ? model.now + Period * month : 0,
        businessStatus: "Normal",
        propagates: false,
      });
      return { Name: name, OrderId, VpnGatewayId: id };
    };
  },
  ModifyVpnGatewayAttribute(model, by, parameters) {
    const changed = vpnGatewayOf(model, by, parameters);
    if (changed === undefined) return noGateway;
    if (!model.may(changed, "ModifyVpnGatewayAttribute")) return gatewayBusy;
    const hasBgp = model.connectionsOf(changed.id).some(({ bgpEnabled }) => bgpEnabled);
    if (parameters.AutoPropagate === false && changed.propagates && hasBgp) return refused("OperationFailed.VpnConnectionExist");
    return () => {
      model.happens(changed, "ModifyVpnGatewayAttribute");
      changed.name = parameters.Name ?? changed.name;
      changed.description = parameters.Description ?? changed.description;
      changed.propagates = parameters.AutoPropagate ?? changed.propagates;
      return { ...shown(vpnGatewayView(changed), modifiedGatewayFields), IntranetIp: "" };
    };
  },
  DeleteVpnGateway(model, by, parameters) {
    const deleted = vpnGatewayOf(model, by, parameters);
    if (deleted === undefined) return noGateway;
    const isOver = deleted.endsAt !== 0 && deleted.endsAt <= model.now;
    if (deleted.chargeType === "Prepay" && !isOver) return refused("ForbiddenRelease", 403);
    if (!model.may(deleted, "DeleteVpnGateway")) return gatewayBusy;
    if (model.connectionsOf(deleted.id).length > 0) return refused("DependencyViolation.VpnConnection");
    return () => {
      model.happens(deleted, "DeleteVpnGateway");
      return {};
    };
  },

  CreateCustomerGateway(model, by, parameters) {
    const { RegionId, IpAddress, Asn, AuthKey, Name = "", Description = "", Tags, ResourceGroupId } = parameters;
    if (AuthKey !== undefined && Asn === undefined) return refused("OperationDenied.MissingAsn");
    const fault = vpnTagFault(Tags);
    if (fault !== undefined) return fault;
    if (!isGroupOf(by, ResourceGroupId)) return refused("InvalidResourceGroupId");
    const own = model.customerGateways.filter(({ account, region }) => account === by.id && region === RegionId);
    if (own.some(({ ip }) => ip === IpAddress)) return refused("InvalidIpAddress.AlreadyExist");
    if (own.length >= model.quota("CustomerGateway", by.id, RegionId)) return refused("CreateVpnUserGatewayQuotaFull.QuotaFull");
    return ({ CustomerGatewayId }) => {
      const added = model.addCustomerGateway({
        id: fresh(model, customerGateway, CustomerGatewayId),
        account: by.id,
        region: RegionId,
        groups: newGroups(by, ResourceGroupId),
        tags: newTags(by, Tags),
        ip: IpAddress,
        name: Name,
        description: Description,
        asn: Asn === undefined ? "" : decimalAsn(Asn),
        authKey: AuthKey ?? "",
      });
      return shown(customerGatewayView(added), ["CreateTime", "CustomerGatewayId", "Description", "IpAddress", "Name"]);
    };
  },
  ModifyCustomerGatewayAttribute(model, by, parameters) {
    const { CustomerGatewayId, RegionId, AuthKey, Name, Description } = parameters;
    const changed = customerOf(model, by, CustomerGatewayId, RegionId);
    if (changed === undefined) return noCustomer;
    if (AuthKey !== undefined && changed.asn === "") return refused("OperationDenied.MissingAsn");
    const bearers = AuthKey === undefined ? [] : keyBearers(model, changed);
    if (bearers.some(({ businessStatus }) => businessStatus === "FinancialLocked")) return refused("OperationDenied.VpnFinancialLocked");
    if (bearers.some((one) => !model.may(one, "ModifyCustomerGatewayAttribute"))) return refused("OperationDenied.VpnConfiguring");
    return () => {
      for (const one of bearers) model.happens(one, "ModifyCustomerGatewayAttribute");
      model.happens(changed, "ModifyCustomerGatewayAttribute");
      changed.name = Name ?? changed.name;
      changed.description = Description ?? changed.description;
      changed.authKey = AuthKey ?? changed.authKey;
      const fields = ["CreateTime", "CustomerGatewayId", "Description", "IpAddress", "Name", "ResourceGroupId"];
      return shown(customerGatewayView(changed), fields);
    };
  },
  DeleteCustomerGateway(model, by, { CustomerGatewayId, RegionId }) {
    const deleted = customerOf(model, by, CustomerGatewayId, RegionId);
    if (deleted === undefined) return noCustomer;
    if (model.usersOf(deleted.id).length > 0) return refused("DependencyViolation.VpnConnection");
    return () => {
      model.happens(deleted, "DeleteCustomerGateway");
      return {};
    };
  },

  MoveVpnResourceGroup(model, by, { InstanceId, ResourceType, RegionId, NewResourceGroupId }) {
    const moved = model.owned(movable(model, ResourceType), InstanceId, by.id, RegionId);
    if (moved === undefined) return refused("InvalidInstanceId.NotFound");
    if (!isGroupOf(by, NewResourceGroupId)) return refused("InvalidResourceGroupId");
    return () => {
      // The connections of a gateway go with it.
      for (const thing of [moved, ...model.connectionsOf(moved.id)]) {
        thing.groups.set(by.id, NewResourceGroupId);
        model.relabel(thing);
      }
      return {};
    };
  },
};

/** Fields of the answer of ModifyVpnGatewayAttribute. */
const modifiedGatewayFields = [
  "AutoPropagate",
  "BusinessStatus",
  "CreateTime",
  "Description",
  "DisasterRecoveryInternetIp",
  "DisasterRecoveryVSwitchId",
  "EnableBgp",
  "EndTime",
  "InternetIp",
  "Name",
  "ResourceGroupId",
  "Spec",
  "SslVpnInternetIp",
  "Status",
  "VSwitchId",
  "VpcId",
  "VpnGatewayId",
];
