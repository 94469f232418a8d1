import { dryRun, id, regionId } from "../../contract/common-parameters.ts";
import { tagsOf } from "../../contract/indexes.ts";
import { readOperation } from "../../contract/operation.ts";
import { boolean } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { bool, emptyAnswer, int, long, structure, text, wrapped } from "../../contract/response.ts";
import { shownStatus } from "../../contract/state-table.ts";
import { utcSeconds } from "../../contract/time.ts";
import { dryRunRule } from "./read-dry-run.ts";
import { vpc } from "./vpc.ts";
import { dnsHostnameStatus, ipv6BlockList, tagShape } from "./vpc-view.ts";
import { vSwitch } from "./vswitch.ts";

const response = {
  AssociatedCens: wrapped("AssociatedCen", structure({ CenId: text, CenOwnerId: long, CenStatus: text })),
  AssociatedPropagationSources: wrapped(
    "AssociatedPropagationSources",
    structure({ RoutePropagated: bool, SourceInstanceId: text, SourceOwnerId: long, SourceType: text, Status: text }),
  ),
  CidrBlock: text,
  ClassicLinkEnabled: bool,
  CloudResources: wrapped("CloudResourceSetType", structure({ ResourceCount: int, ResourceType: text })),
  CreationTime: text,
  Description: text,
  DhcpOptionsSetId: text,
  DhcpOptionsSetStatus: text,
  DnsHostnameStatus: text,
  EnabledIpv6: bool,
  Ipv4GatewayId: text,
  Ipv6CidrBlock: text,
  Ipv6CidrBlocks: wrapped("Ipv6CidrBlock", structure({ Ipv6CidrBlock: text, Ipv6Isp: text })),
  IsDefault: bool,
  OwnerId: long,
  RegionId: text,
  ResourceGroupId: text,
  SecondaryCidrBlocks: wrapped("SecondaryCidrBlock", text),
  Status: text,
  SupportIpv4Gateway: bool,
  Tags: wrapped("Tag", tagShape),
  UserCidrs: wrapped("UserCidr", text),
  VRouterId: text,
  VSwitchIds: wrapped("VSwitchId", text),
  VpcId: text,
  VpcName: text,
} as const;

export const describeVpcAttribute = readOperation({
  product: Vpc,
  name: "DescribeVpcAttribute",
  summary: "Reads one VPC. One that is gone, foreign or unknown reads as an answer whose fields are empty.",
  authorisation: { action: "vpc:DescribeVpcAttribute", resource: "acs:vpc:{regionId}:{accountId}:vpc/{VpcId}", source: "inferred" },
  parameters: { VpcId: id, RegionId: regionId, DryRun: dryRun, IsDefault: boolean() },
  response,
  check: [dryRunRule],
  read: async ({ input, caller, state }) => {
    const found = await state.get(vpc, input.VpcId);
    if (found === undefined || found.account !== caller.account || found.region !== input.RegionId) return emptyAnswer(response);
    const switches = await listAll(state, vSwitch, [["vpc", found.id]]);
    return {
      AssociatedCens: { AssociatedCen: [] },
      AssociatedPropagationSources: { AssociatedPropagationSources: [] },
      CidrBlock: found.cidrBlock,
      ClassicLinkEnabled: false,
      CloudResources: {
        CloudResourceSetType: [
          { ResourceCount: switches.length, ResourceType: "VSwitch" },
          { ResourceCount: 1, ResourceType: "VRouter" },
          { ResourceCount: 1, ResourceType: "RouteTable" },
        ],
      },
      CreationTime: utcSeconds(found.createdAt),
      Description: found.description,
      DhcpOptionsSetId: "",
      DhcpOptionsSetStatus: "",
      DnsHostnameStatus: dnsHostnameStatus(found),
      EnabledIpv6: found.ipv6CidrBlock !== "",
      Ipv4GatewayId: "",
      Ipv6CidrBlock: found.ipv6CidrBlock,
      Ipv6CidrBlocks: { Ipv6CidrBlock: ipv6BlockList(found) },
      IsDefault: found.isDefault,
      OwnerId: found.account,
      RegionId: found.region,
      ResourceGroupId: found.resourceGroups[caller.account] ?? "",
      SecondaryCidrBlocks: { SecondaryCidrBlock: found.secondaryCidrBlocks },
      Status: shownStatus(vpc.states, found.state),
      SupportIpv4Gateway: false,
      Tags: { Tag: tagsOf(found, caller.account) },
      UserCidrs: { UserCidr: found.userCidrs },
      VRouterId: found.vRouterId,
      VSwitchIds: { VSwitchId: switches.map(({ id }) => id) },
      VpcId: found.id,
      VpcName: found.name,
    };
  },
});
