import { tagsOf } from "../../contract/indexes.ts";
import { bool, int, long, structure, text, type ValueOfShape, wrapped } from "../../contract/response.ts";
import { shownStatus } from "../../contract/state-table.ts";
import { utcSeconds } from "../../contract/time.ts";
import { tagShape } from "./vpc-view.ts";
import { availableAddresses, type VSwitch, vSwitch } from "./vswitch.ts";

/** Fields of a vSwitch, alike in its read and in lists. */
export const vSwitchFields = {
  AvailableIpAddressCount: int,
  CidrBlock: text,
  CreationTime: text,
  Description: text,
  EnabledIpv6: bool,
  // Must be there and empty when IPv6 is off: clients read an absent field as "on".
  Ipv6CidrBlock: text,
  IsDefault: bool,
  NetworkAclId: text,
  OwnerId: long,
  ResourceGroupId: text,
  RouteTable: structure({ RouteTableId: text, RouteTableType: text }),
  ShareType: text,
  Status: text,
  Tags: wrapped("Tag", tagShape),
  VSwitchId: text,
  VSwitchName: text,
  VpcId: text,
  ZoneId: text,
} as const;
const shape = structure(vSwitchFields);

/** A vSwitch as one account sees it. */
export function vSwitchView(of: VSwitch, viewer: string): ValueOfShape<typeof shape> {
  return {
    AvailableIpAddressCount: availableAddresses(of),
    CidrBlock: of.cidrBlock,
    CreationTime: utcSeconds(of.createdAt),
    Description: of.description,
    EnabledIpv6: of.ipv6CidrBlock !== "",
    Ipv6CidrBlock: of.ipv6CidrBlock,
    IsDefault: of.isDefault,
    NetworkAclId: "",
    OwnerId: of.account,
    ResourceGroupId: of.resourceGroups[viewer] ?? "",
    RouteTable: { RouteTableId: of.routeTableId, RouteTableType: of.routeTableType },
    ShareType: "",
    Status: shownStatus(vSwitch.states, of.state),
    Tags: { Tag: tagsOf(of, viewer) },
    VSwitchId: of.id,
    VSwitchName: of.name,
    VpcId: of.vpcId,
    ZoneId: of.zoneId,
  };
}
