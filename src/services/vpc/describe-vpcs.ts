import { dryRun, pageIsNotTooDeep, pageParameters, regionId, tagList } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf, tagsOf } from "../../contract/indexes.ts";
import { listNumbered } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { boolean, list, long as longParameter, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { bool, int, long, structure, text, wrapped } from "../../contract/response.ts";
import { shownStatus } from "../../contract/state-table.ts";
import { utcSeconds } from "../../contract/time.ts";
import { resourceGroupErrors, resourceGroupExists } from "../resource-groups/resource-group.ts";
import { vpcErrors } from "./errors.ts";
import { dryRunRule } from "./read-dry-run.ts";
import { routeTable } from "./route-table.ts";
import { vpc } from "./vpc.ts";
import { dnsHostnameStatus, ipv6BlockList, tagShape } from "./vpc-view.ts";
import { vSwitch } from "./vswitch.ts";

export const describeVpcs = readOperation({
  product: Vpc,
  name: "DescribeVpcs",
  summary: "Lists the VPCs of a region.",
  authorisation: { action: "vpc:DescribeVpcs", resource: "acs:vpc:{regionId}:{accountId}:vpc/*", source: "public-docs" },
  parameters: {
    VpcId: list(string({ lengthMax: 128 }), { itemsMax: 20, also: ["comma"], tooMany: vpcErrors.tooManyVpcIds }),
    RegionId: regionId,
    VpcName: string(),
    IsDefault: boolean(),
    DryRun: dryRun,
    ResourceGroupId: string(),
    ...pageParameters,
    VpcOwnerId: longParameter({ invalid: vpcErrors.ownerIdInvalid }),
    DhcpOptionsSetId: string(),
    EnableIpv6: boolean(),
    Tag: tagList,
  },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    Vpcs: wrapped(
      "Vpc",
      structure({
        CenStatus: text,
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
        NatGatewayIds: wrapped("NatGatewayIds", text),
        OwnerId: long,
        RegionId: text,
        ResourceGroupId: text,
        RouterTableIds: wrapped("RouterTableIds", text),
        SecondaryCidrBlocks: wrapped("SecondaryCidrBlock", text),
        Status: text,
        Tags: wrapped("Tag", tagShape),
        UserCidrs: wrapped("UserCidr", text),
        VRouterId: text,
        VSwitchIds: wrapped("VSwitchId", text),
        VpcId: text,
        VpcName: text,
      }),
    ),
  },
  check: [
    pageIsNotTooDeep,
    {
      rule: "VpcOwnerId, if given, is the caller's account: no VPC is shared here",
      error: vpcErrors.ownerIdInvalid,
      source: "inferred",
      holds: ({ input, caller }) => input.VpcOwnerId === undefined || input.VpcOwnerId === caller.account,
    },
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
    dryRunRule,
  ],
  read: async ({ input, caller, state }) => {
    const filter = scopeFilter(
      scopeOf(caller.account, input.RegionId),
      {
        name: input.VpcName,
        isDefault: input.IsDefault?.toString(),
        enabledIpv6: input.EnableIpv6?.toString(),
        resourceGroup: input.ResourceGroupId,
        // No DHCP options sets exist here, so no VPC has one.
        dhcpOptionsSet: input.DhcpOptionsSetId,
      },
      input.Tag,
    );
    const { items, ...page } = await listNumbered(state, vpc, filter, input, input.VpcId);
    const vpcs = [];
    for (const item of items) {
      vpcs.push({
        CenStatus: "",
        CidrBlock: item.cidrBlock,
        CreationTime: utcSeconds(item.createdAt),
        Description: item.description,
        DhcpOptionsSetId: "",
        DhcpOptionsSetStatus: "",
        DnsHostnameStatus: dnsHostnameStatus(item),
        EnabledIpv6: item.ipv6CidrBlock !== "",
        Ipv6CidrBlock: item.ipv6CidrBlock,
        Ipv6CidrBlocks: { Ipv6CidrBlock: ipv6BlockList(item) },
        IsDefault: item.isDefault,
        NatGatewayIds: { NatGatewayIds: [] },
        OwnerId: item.account,
        RegionId: item.region,
        ResourceGroupId: item.resourceGroups[caller.account] ?? "",
        RouterTableIds: { RouterTableIds: (await listAll(state, routeTable, [["vpc", item.id]])).map(({ id }) => id) },
        SecondaryCidrBlocks: { SecondaryCidrBlock: item.secondaryCidrBlocks },
        Status: shownStatus(vpc.states, item.state),
        Tags: { Tag: tagsOf(item, caller.account) },
        UserCidrs: { UserCidr: item.userCidrs },
        VRouterId: item.vRouterId,
        VSwitchIds: { VSwitchId: (await listAll(state, vSwitch, [["vpc", item.id]])).map(({ id }) => id) },
        VpcId: item.id,
        VpcName: item.name,
      });
    }
    return { ...page, Vpcs: { Vpc: vpcs } };
  },
});
