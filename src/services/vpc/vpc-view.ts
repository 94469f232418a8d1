import { tagsOf } from "../../contract/indexes.ts";
import { listAll, type ResourceReader } from "../../contract/resource-kind.ts";
import { bool, long, structure, text, type ValueOfShape, wrapped } from "../../contract/response.ts";
import { shownStatus } from "../../contract/state-table.ts";
import { utcSeconds } from "../../contract/time.ts";
import { ipv6Blocks, type Vpc, vpc } from "./vpc.ts";
import { vSwitch } from "./vswitch.ts";

export const tagShape = structure({ Key: text, Value: text });

/** Fields of a VPC that its read and its list show alike. */
export const vpcFields = {
  CidrBlock: text,
  CreationTime: text,
  Description: text,
  DhcpOptionsSetId: text,
  DhcpOptionsSetStatus: text,
  DnsHostnameStatus: text,
  EnabledIpv6: bool,
  Ipv6CidrBlock: text,
  Ipv6CidrBlocks: wrapped("Ipv6CidrBlock", structure({ Ipv6CidrBlock: text, Ipv6Isp: text })),
  IsDefault: bool,
  OwnerId: long,
  RegionId: text,
  ResourceGroupId: text,
  SecondaryCidrBlocks: wrapped("SecondaryCidrBlock", text),
  Status: text,
  Tags: wrapped("Tag", tagShape),
  UserCidrs: wrapped("UserCidr", text),
  VRouterId: text,
  VSwitchIds: wrapped("VSwitchId", text),
  VpcId: text,
  VpcName: text,
} as const;
const shape = structure(vpcFields);

/** A VPC as one account sees it. */
export async function vpcView(state: ResourceReader, of: Vpc, viewer: string): Promise<ValueOfShape<typeof shape>> {
  const switches = await listAll(state, vSwitch, [["vpc", of.id]]);
  return {
    CidrBlock: of.cidrBlock,
    CreationTime: utcSeconds(of.createdAt),
    Description: of.description,
    DhcpOptionsSetId: "",
    DhcpOptionsSetStatus: "",
    DnsHostnameStatus: of.dnsHostname ? "ENABLED" : "DISABLED",
    EnabledIpv6: of.ipv6CidrBlock !== "",
    Ipv6CidrBlock: of.ipv6CidrBlock,
    Ipv6CidrBlocks: { Ipv6CidrBlock: ipv6Blocks(of).map((block) => ({ Ipv6CidrBlock: block, Ipv6Isp: of.ipv6Isp })) },
    IsDefault: of.isDefault,
    OwnerId: of.account,
    RegionId: of.region,
    ResourceGroupId: of.resourceGroups[viewer] ?? "",
    SecondaryCidrBlocks: { SecondaryCidrBlock: of.secondaryCidrBlocks },
    Status: shownStatus(vpc.states, of.state),
    Tags: { Tag: tagsOf(of, viewer) },
    UserCidrs: { UserCidr: of.userCidrs },
    VRouterId: of.vRouterId,
    VSwitchIds: { VSwitchId: switches.map(({ id }) => id) },
    VpcId: of.id,
    VpcName: of.name,
  };
}
