import { regionById } from "../../src/contract/regions.ts";
import { vpc as vpcKind } from "../../src/services/vpc/vpc.ts";
import { vRouter } from "../../src/services/vpc/vrouter.ts";
import { routeTable } from "../../src/services/vpc/route-table.ts";
import { vSwitch } from "../../src/services/vpc/vswitch.ts";
import { type Family, type Foretold, fresh, type Happens, isGroupOf, newGroups, newTags, refused, tagFault } from "./foretell.ts";
import { blocksOf, contains, ipv4Of, ipv6Part, isIpv6, overlap, servicesBlock } from "./address-blocks.ts";
import type { Model } from "./model.ts";
import { type Account, isOver, sidesOf, type Vpc } from "./things.ts";

/** VPCs and vSwitches. */

const vpcOf = (model: Model, by: Account, { VpcId, RegionId }: any): Vpc | undefined => model.owned(model.vpcs, VpcId, by.id, RegionId);

function newVpc(
  model: Model,
  by: Account,
  { RegionId, Ipv6CidrBlock, ResourceGroupId, ...given }: any,
  event: string,
  body: Pick<Vpc, "cidr" | "isDefault">,
): Happens {
  return ({ VpcId, VRouterId, RouteTableId }) => {
    const groups = newGroups(by, ResourceGroupId);
    model.addVpc(event, {
      id: fresh(model, vpcKind, VpcId),
      routerId: fresh(model, vRouter, VRouterId),
      tableId: fresh(model, routeTable, RouteTableId),
      account: by.id,
      region: RegionId,
      groups,
      tags: newTags(by, given.Tag),
      name: given.VpcName ?? "",
      description: given.Description ?? "",
      ...body,
      secondary: [],
      ipv6: Ipv6CidrBlock === undefined ? [] : [Ipv6CidrBlock],
      userCidrs: given.UserCidr ?? [],
      dnsHostname: given.EnableDnsHostname ?? false,
      classicLink: false,
    });
    const answer = { VpcId, VRouterId, RouteTableId };
    return event === "CreateVpc" ? { ...answer, ResourceGroupId: groups.get(by.id) } : answer;
  };
}
function vpcQuotaIsUsedUp(model: Model, by: Account, region: string): boolean {
  return model.vpcs.filter((one) => one.account === by.id && one.region === region).length >= model.quota("Vpc", by.id, region);
}

function setClassicLink(event: string, classicLink: boolean): Family[string] {
  return (model, by, parameters) => {
    const changed = vpcOf(model, by, parameters);
    if (changed === undefined) return refused("InvalidVpcId.NotFound", 404);
    if (!model.may(changed, event)) return refused("IncorrectVpcStatus");
    return () => {
      model.happens(changed, event);
      changed.classicLink = classicLink;
      return {};
    };
  };
}

function defaultVpcOf(model: Model, by: Account, region: string): Vpc | undefined {
  return model.vpcs.find((one) => one.isDefault && one.account === by.id && one.region === region);
}
/** The first /20 part of a default VPC that no vSwitch overlaps and to which no custom entry leads. */
function freePart(model: Model, of: Vpc): string | undefined {
  const parts = Array.from({ length: 16 }, (_, n) => of.cidr.replace(/0\.0\/16$/, `${n * 16}.0/20`));
  return parts.find(
    (part) =>
      model.switchesOf(of.id).every(({ cidr }) => !overlap(cidr, part)) &&
      model.customEntriesOf(of.id).every(({ destination }) => !contains(part, destination)),
  );
}
function isZoneOf(region: string, zone: string): boolean {
  return regionById(region)?.zones.includes(zone) === true;
}
/** The IPv6 block that a call asks for; the empty string for none. */
function ipv6Wanted({ Ipv6CidrBlock: number, VpcIpv6CidrBlock: within }: any, of: Vpc): string {
  return number === undefined ? "" : ipv6Part(within ?? of.ipv6[0] ?? "", number);
}
function ipv6Fault({ Ipv6CidrBlock: number, VpcIpv6CidrBlock: within }: any, of: Vpc): Foretold | undefined {
  if (number !== undefined && of.ipv6.length === 0) return refused("OperationFailed.VpcIpv6Disabled");
  if (within !== undefined && !of.ipv6.includes(within)) return refused("IllegalParam.VpcIpv6CidrBlock");
  return undefined;
}
function isTaken(model: Model, of: Vpc, ipv6: string): boolean {
  return ipv6 !== "" && model.switchesOf(of.id).some((other) => other.ipv6 === ipv6);
}
function leadsToIpv6(model: Model, of: Vpc): boolean {
  return model.customEntriesOf(of.id).some(({ destination }) => isIpv6(destination));
}
function leadsInto(model: Model, of: Vpc, blocks: readonly string[]): boolean {
  return model.customEntriesOf(of.id).some(({ destination }) => blocks.some((block) => block !== "" && contains(block, destination)));
}
const busyOnCreate = {
  vpc: refused("IncorrectVpcStatus"),
  vSwitch: refused("IncorrectVSwitchStatus"),
  table: refused("TaskConflict"),
  entry: refused("TaskConflict"),
};
function newSwitch(
  model: Model,
  by: Account,
  of: Vpc,
  event: string,
  { ZoneId, Tag, VSwitchName = "", Description = "" }: any,
  blocks: { cidr: string; ipv6: string },
): Happens {
  return ({ VSwitchId }) => {
    model.addSwitch(event, {
      id: fresh(model, vSwitch, VSwitchId),
      account: by.id,
      region: of.region,
      tags: newTags(by, Tag),
      groups: new Map(of.groups),
      vpcId: of.id,
      zone: ZoneId,
      ...blocks,
      name: VSwitchName,
      description: Description,
      isDefault: event === "CreateDefaultVSwitch",
      tableId: of.tableId,
    });
    return { VSwitchId };
  };
}
function hasRoomForSwitch(model: Model, of: Vpc): boolean {
  return model.switchesOf(of.id).length < model.quota("VSwitch", of.account, of.region);
}

export const vpcFamily: Family = {
  CreateVpc(model, by, parameters) {
    const { RegionId, CidrBlock, ResourceGroupId, Tag } = parameters;
    const fault = tagFault(Tag);
    if (fault !== undefined) return fault;
    if (!isGroupOf(by, ResourceGroupId)) return refused("InvalidResourceGroupId");
    if (vpcQuotaIsUsedUp(model, by, RegionId)) return refused("QuotaExceeded.Vpc");
    return newVpc(model, by, parameters, "CreateVpc", { cidr: CidrBlock, isDefault: false });
  },
  CreateDefaultVpc(model, by, parameters) {
    const { RegionId, ResourceGroupId } = parameters;
    if (!isGroupOf(by, ResourceGroupId)) return refused("InvalidResourceGroupId");
    if (vpcQuotaIsUsedUp(model, by, RegionId)) return refused("QuotaExceeded.Vpc");
    if (defaultVpcOf(model, by, RegionId) !== undefined) return refused("OperationDenied.DefaultVpcExists");
    return newVpc(model, by, parameters, "CreateDefaultVpc", { cidr: "172.31.0.0/16", isDefault: true });
  },
  ModifyVpcAttribute(model, by, parameters) {
    const { CidrBlock, EnableIPv6, Ipv6CidrBlock, VpcName, Description, EnableDnsHostname } = parameters;
    const changed = vpcOf(model, by, parameters);
    if (changed === undefined) return refused("InvalidVpcId.NotFound", 404);
    if (!model.may(changed, "ModifyVpcAttribute")) return refused("IncorrectVpcStatus");
    if (CidrBlock !== undefined) {
      if (changed.secondary.some((block) => overlap(block, CidrBlock))) return refused("InvalidCidrBlock.Malformed");
      if (changed.isDefault) return refused("OperationUnsupported.DefaultVpc");
      const blocks = [CidrBlock, ...changed.secondary];
      const fits = model.switchesOf(changed.id).every(({ cidr }) => blocks.some((block) => contains(block, cidr)));
      if (!fits) return refused("IllegalCidrBlock");
    }
    if (Ipv6CidrBlock !== undefined && changed.ipv6.length > 0 && Ipv6CidrBlock !== changed.ipv6[0])
      return refused("IllegalParam.Ipv6Cidr");
    if (EnableIPv6 === false) {
      if (model.switchesOf(changed.id).some(({ ipv6 }) => ipv6 !== "")) return refused("OperationFailed.IpV6VSwitchInuse");
      if (changed.ipv6.length > 1 || leadsToIpv6(model, changed)) return refused("OperationUnsupported.DisableIpv6");
    }
    return () => {
      model.happens(changed, "ModifyVpcAttribute");
      changed.name = VpcName ?? changed.name;
      changed.description = Description ?? changed.description;
      changed.cidr = CidrBlock ?? changed.cidr;
      changed.dnsHostname = EnableDnsHostname ?? changed.dnsHostname;
      if (EnableIPv6 === false) changed.ipv6 = [];
      else if (EnableIPv6 === true && changed.ipv6.length === 0) changed.ipv6 = [Ipv6CidrBlock];
      return {};
    };
  },
  AssociateVpcCidrBlock(model, by, parameters) {
    const { SecondaryCidrBlock: given, IPv6CidrBlock: ipv6 } = parameters;
    const changed = vpcOf(model, by, parameters);
    if (changed === undefined) return refused("InvalidVpc.NotFound");
    if (!model.may(changed, "AssociateVpcCidrBlock")) return refused("IncorrectStatus.Vpc");
    const { account, region } = changed;
    if (given === undefined) {
      if (changed.ipv6.includes(ipv6)) return refused("OperationFailed.Ipv6CidrBlockExisted");
      if (changed.ipv6.length >= model.quota("GUAIpv6CidrBlock", account, region)) return refused("QuotaExceeded.GUAIpv6CidrBlock");
    } else {
      if (contains(servicesBlock, given)) return refused("OperationDenied.CidrInExcludeCidrs");
      if (ipv4Of(changed).includes(given)) return refused("Duplicated.SecondaryCidrBlock");
      if (ipv4Of(changed).some((block) => overlap(block, given))) return refused("IllegalParam.SecondaryCidrBlock");
      if (leadsInto(model, changed, [given])) return refused("OperationFailed.ConflictWithEntry");
      if (changed.secondary.length >= model.quota("VpcMultiCidr", account, region)) return refused("QuotaExceeded.VpcMultiCidr");
    }
    return () => {
      model.happens(changed, "AssociateVpcCidrBlock");
      if (given === undefined) changed.ipv6 = [...changed.ipv6, ipv6];
      else changed.secondary = [...changed.secondary, given];
      return given === undefined ? { CidrBlock: ipv6, IpVersion: "IPV6" } : { CidrBlock: given, IpVersion: "IPV4" };
    };
  },
  UnassociateVpcCidrBlock(model, by, parameters) {
    const { SecondaryCidrBlock: given, IPv6CidrBlock: ipv6 } = parameters;
    const changed = vpcOf(model, by, parameters);
    if (changed === undefined) return refused("InvalidVpc.NotFound");
    if (!model.may(changed, "UnassociateVpcCidrBlock")) return refused("IncorrectStatus.Vpc");
    const blocks = model.switchesOf(changed.id).flatMap(blocksOf);
    if (given === undefined) {
      if (!changed.ipv6.includes(ipv6)) return refused("InvalidIpv6CidrBlock.NotFound");
      if (blocks.some((block) => contains(ipv6, block))) return refused("OperationFailed.IpV6VSwitchInuse");
      if (changed.ipv6.length === 1 && leadsToIpv6(model, changed)) return refused("OperationFailed.CidrInUse");
    } else {
      if (!changed.secondary.includes(given)) return refused("InvalidSecondaryCidrBlock.NotFound");
      if (blocks.some((block) => contains(given, block))) return refused("OperationFailed.CidrInUse");
    }
    return () => {
      model.happens(changed, "UnassociateVpcCidrBlock");
      changed.secondary = changed.secondary.filter((block) => block !== given);
      changed.ipv6 = changed.ipv6.filter((block) => block !== ipv6);
      return {};
    };
  },
  EnableVpcClassicLink: setClassicLink("EnableVpcClassicLink", true),
  DisableVpcClassicLink: setClassicLink("DisableVpcClassicLink", false),
  MoveResourceGroup(model, by, { ResourceId, RegionId, NewResourceGroupId }) {
    const moved = vpcOf(model, by, { VpcId: ResourceId, RegionId });
    if (moved === undefined) return refused("InvalidResourceId.NotFound");
    if (!isGroupOf(by, NewResourceGroupId)) return refused("InvalidResourceGroupId");
    if (!model.may(moved, "MoveResourceGroup")) return refused("IncorrectStatus.Vpc");
    return () => {
      model.happens(moved, "MoveResourceGroup");
      const withIt = [...model.routers, ...model.tables, ...model.switches].filter(({ vpcId }) => vpcId === moved.id);
      for (const thing of [moved, ...withIt]) {
        thing.groups.set(by.id, NewResourceGroupId);
        model.relabel(thing);
      }
      return {};
    };
  },
  DeleteVpc(model, by, parameters) {
    const deleted = vpcOf(model, by, parameters);
    if (deleted === undefined) return refused("InvalidVpcId.NotFound", 404);
    if (!model.may(deleted, "DeleteVpc")) return refused("IncorrectVpcStatus");
    if (model.switchesOf(deleted.id).length > 0) return refused("DependencyViolation.VSwitch");
    if (model.tables.some(({ vpcId, isSystem }) => vpcId === deleted.id && !isSystem)) return refused("DependencyViolation.RouteTable");
    if (model.customEntriesOf(deleted.id).length > 0) return refused("DependencyViolation.RouteEntry");
    const isPeered = model.connections.some((one) => !isOver(one) && sidesOf(one).some(({ vpcId }) => vpcId === deleted.id));
    if (isPeered) return refused("OperationDenied.VpcPeerExists");
    if (model.vpnGateways.some(({ vpcId }) => vpcId === deleted.id)) return refused("DependencyViolation.VpnGateway");
    const holdsEnd = model.interfaces.some(({ vpcId, state }) => vpcId === deleted.id && state !== "Deleting");
    if (holdsEnd) return refused("DependencyViolation.RouterInterface");
    return () => {
      model.happens(deleted, "DeleteVpc");
      return {};
    };
  },

  CreateVSwitch(model, by, parameters) {
    const { ZoneId, CidrBlock, Tag } = parameters;
    const of = vpcOf(model, by, parameters);
    if (of === undefined) return refused("InvalidVpcId.NotFound", 404);
    if (!isZoneOf(of.region, ZoneId)) return refused("InvalidZoneId.NotFound", 404);
    if (!ipv4Of(of).some((block) => contains(block, CidrBlock))) return refused("InvalidParameter");
    const fault = ipv6Fault(parameters, of) ?? tagFault(Tag);
    if (fault !== undefined) return fault;
    const busy = model.busy([of.id], "vpc", "vSwitch", "table", "entry");
    if (busy !== undefined) return busyOnCreate[busy];
    const ipv6 = ipv6Wanted(parameters, of);
    if (model.switchesOf(of.id).some(({ cidr }) => overlap(cidr, CidrBlock))) return refused("InvalidCidrBlock.Overlapped");
    if (leadsInto(model, of, [CidrBlock, ipv6])) return refused("RouteConflict.AlreadyExist");
    if (isTaken(model, of, ipv6)) return refused("OperationFailed.Ipv6CidrBlockExisted");
    if (!hasRoomForSwitch(model, of)) return refused("QuotaExceeded.VSwitch");
    return newSwitch(model, by, of, "CreateVSwitch", parameters, { cidr: CidrBlock, ipv6 });
  },
  CreateDefaultVSwitch(model, by, parameters) {
    const { RegionId, ZoneId } = parameters;
    if (!isZoneOf(RegionId, ZoneId)) return refused("InvalidZoneId.NotFound", 404);
    const of = defaultVpcOf(model, by, RegionId);
    if (of === undefined) return refused("OperationDenied.DefaultVpcNotExists");
    const fault = ipv6Fault(parameters, of);
    if (fault !== undefined) return fault;
    const busy = model.busy([of.id], "vpc", "vSwitch", "table", "entry");
    if (busy !== undefined) return busyOnCreate[busy];
    if (model.switchesOf(of.id).some(({ isDefault, zone }) => isDefault && zone === ZoneId))
      return refused("OperationDenied.DefaultVSwitchExists");
    const cidr = freePart(model, of);
    if (cidr === undefined) return refused("OperationFailed.CidrNotEnough");
    const ipv6 = ipv6Wanted(parameters, of);
    if (leadsInto(model, of, [ipv6])) return refused("RouteConflict.AlreadyExist");
    if (isTaken(model, of, ipv6)) return refused("OperationFailed.Ipv6CidrBlockExisted");
    if (!hasRoomForSwitch(model, of)) return refused("QuotaExceeded.VSwitch");
    return newSwitch(model, by, of, "CreateDefaultVSwitch", parameters, { cidr, ipv6 });
  },
  ModifyVSwitchAttribute(model, by, parameters) {
    const { VSwitchId, RegionId, EnableIPv6, Ipv6CidrBlock, VSwitchName, Description } = parameters;
    const changed = model.owned(model.switches, VSwitchId, by.id, RegionId);
    if (changed === undefined) return refused("InvalidVSwitchId.NotFound", 404);
    if (Ipv6CidrBlock !== undefined && changed.ipv6 !== "") return refused("OperationFailed.Ipv6AlreadyEnabled");
    if (!model.may(changed, "ModifyVSwitchAttribute")) return refused("IncorrectStatus.VSwitch");
    if (EnableIPv6 === false && changed.ipv6 === "") return refused("OperationFailed.IPv6Disabled");
    const of = model.vpc(changed.vpcId);
    const fault = ipv6Fault(parameters, of);
    if (fault !== undefined) return fault;
    const added = ipv6Wanted(parameters, of);
    if (added !== "" || EnableIPv6 === false) {
      const busy = model.busy([of.id], "vpc", "table", "entry");
      if (busy !== undefined) return refused(busy === "vpc" ? "IncorrectStatus.VSwitch" : "IncorrectStatus.VpcRouteEntry");
    }
    if (isTaken(model, of, added)) return refused("OperationFailed.Ipv6CidrBlockExisted");
    if (leadsInto(model, of, [added])) return refused("RouteConflict.AlreadyExist");
    return () => {
      model.happens(changed, "ModifyVSwitchAttribute");
      if (added !== "") model.addLocalEntries(of.id, added);
      if (EnableIPv6 === false) model.removeLocalEntries(of.id, changed.ipv6);
      changed.ipv6 = EnableIPv6 === false ? "" : added || changed.ipv6;
      changed.name = VSwitchName ?? changed.name;
      changed.description = Description ?? changed.description;
      return {};
    };
  },
  DeleteVSwitch(model, by, { VSwitchId, RegionId }) {
    const deleted = model.owned(model.switches, VSwitchId, by.id, RegionId);
    if (deleted === undefined) return refused("InvalidVSwitchId.NotFound", 404);
    if (!model.may(deleted, "DeleteVSwitch")) return refused("IncorrectVSwitchStatus");
    if (deleted.tableId !== model.vpc(deleted.vpcId).tableId) return refused("DependencyViolation.RouteTable");
    const holdsGateway = model.vpnGateways.some(({ ends }) => ends.some(({ switchId }) => switchId === deleted.id));
    if (holdsGateway) return refused("DependencyViolation");
    const busy = model.busy([deleted.vpcId], "vpc", "vSwitch", "table", "entry");
    if (busy !== undefined) {
      const codes = { vpc: "IncorrectVpcStatus", vSwitch: "OperationDenied.OtherSubnetProcessing", table: "TaskConflict" };
      return refused(busy === "entry" ? "IncorrectRouteEntryStatus" : codes[busy]);
    }
    return () => {
      model.happens(deleted, "DeleteVSwitch");
      return {};
    };
  },
};
