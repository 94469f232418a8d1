import { blockContains, blocksOverlap, parseBlock } from "../../contract/cidr.ts";
import { clientToken, dryRun, regionId, tagList } from "../../contract/common-parameters.ts";
import { writeOperation } from "../../contract/operation.ts";
import { boolean, integer, list, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { text } from "../../contract/response.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { vpcErrors } from "./errors.ts";
import { ipv6IspParameter } from "./ipv6.ts";
import { addVpc, newVpcIpv6Block, newVpcParameters, newVpcRules } from "./new-vpc.ts";
import { descriptionParameter, nameParameter, reservedBlocks, vpcBlockLimits } from "./rules.ts";

const defaultCidrBlock = "172.16.0.0/12";
const userCidrsMax = 3;

export const createVpc = writeOperation({
  product: Vpc,
  name: "CreateVpc",
  summary: "Creates a VPC with its router and system route table.",
  pollWith: "DescribeVpcAttribute",
  authorisation: { action: "vpc:CreateVpc", resources: ["acs:vpc:{regionId}:{accountId}:vpc/*"], source: "public-docs" },
  parameters: {
    RegionId: regionId,
    CidrBlock: string({ default: defaultCidrBlock, lengthMax: 64 }),
    Ipv6CidrBlock: newVpcParameters.Ipv6CidrBlock,
    VpcName: nameParameter(vpcErrors.nameMalformed),
    EnableIpv6: newVpcParameters.EnableIpv6,
    Description: descriptionParameter(vpcErrors.descriptionMalformed),
    ResourceGroupId: newVpcParameters.ResourceGroupId,
    Tag: tagList,
    DryRun: dryRun,
    UserCidr: list(string(), { itemsMax: userCidrsMax, also: ["comma"], tooMany: vpcErrors.tooManyUserCidrs }),
    ClientToken: clientToken,
    Ipv6Isp: ipv6IspParameter,
    Ipv4IpamPoolId: string(),
    Ipv4CidrMask: integer({ min: 8, max: 28 }),
    EnableDnsHostname: boolean({ default: false }),
    Ipv6IpamPoolId: string(),
    Ipv6CidrMask: integer({ min: 40, max: 60 }),
  },
  response: { ResourceGroupId: text, RouteTableId: text, VRouterId: text, VpcId: text },
  check: [
    {
      rule: "a mask is given only together with an IPAM pool to take the block from",
      error: vpcErrors.ipamPoolMissing,
      holds: ({ input }) =>
        (input.Ipv4CidrMask === undefined || input.Ipv4IpamPoolId !== undefined) &&
        (input.Ipv6CidrMask === undefined || input.Ipv6IpamPoolId !== undefined),
    },
    {
      rule: "no IPAM pool is named: address pools are not part of this server",
      error: vpcErrors.ipamUnsupported,
      holds: ({ input }) => input.Ipv4IpamPoolId === undefined && input.Ipv6IpamPoolId === undefined,
    },
    {
      rule: "CidrBlock is an IPv4 block with 8 to 28 bits of prefix and no host bits",
      error: vpcErrors.cidrInvalid,
      source: "inferred",
      holds: ({ input }) => parseBlock(input.CidrBlock, vpcBlockLimits) !== undefined,
    },
    {
      rule: "CidrBlock does not lie in a reserved range",
      error: vpcErrors.cidrInvalid,
      source: "sdk-metadata",
      holds: ({ input }) => !reservedBlocks.some((reserved) => blockContains(reserved, input.CidrBlock)),
    },
    {
      rule: "each UserCidr is an IPv4 block",
      error: vpcErrors.userCidrInvalid,
      holds: ({ input }) => input.UserCidr.every((block) => parseBlock(block, { version: 4 }) !== undefined),
    },
    {
      rule: "no UserCidr overlaps 100.64.0.0/10",
      error: vpcErrors.userCidrReserved,
      holds: ({ input }) => !input.UserCidr.some((block) => blocksOverlap("100.64.0.0/10", block)),
    },
    ...tagRules("Tag"),
    ...newVpcRules,
  ],
  apply: async ({ input, caller, state }) =>
    addVpc(
      state,
      {
        account: caller.account,
        region: input.RegionId,
        resourceGroupId: input.ResourceGroupId,
        tags: tagsFor(caller.account, input.Tag),
        name: input.VpcName ?? "",
        description: input.Description ?? "",
        cidrBlock: normalBlock(input.CidrBlock),
        userCidrs: input.UserCidr.map((block) => normalBlock(block)),
        ipv6CidrBlock: newVpcIpv6Block(state, input),
        ipv6Isp: input.Ipv6Isp ?? "BGP",
        dnsHostname: input.EnableDnsHostname,
        isDefault: false,
      },
      "CreateVpc",
    ),
});

/** A block that the rules let through, in normal form. */
function normalBlock(block: string): string {
  return parseBlock(block, { version: 4 }) ?? block;
}
