import { blockContains, blocksOverlap, parseBlock } from "../../contract/cidr.ts";
import { clientToken, dryRun, regionId, tagList } from "../../contract/common-parameters.ts";
import { scopeOf } from "../../contract/indexes.ts";
import { writeOperation } from "../../contract/operation.ts";
import { boolean, integer, list, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { text } from "../../contract/response.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { vpcErrors } from "./errors.ts";
import { addSystemRoute, servicesBlock, servicesNextHop } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";
import { descriptionParameter, nameParameter, reservedBlocks } from "./rules.ts";
import { vpc } from "./vpc.ts";
import { vRouter } from "./vrouter.ts";

const defaultCidrBlock = "172.16.0.0/12";
/** Prefix lengths of a VPC's blocks. One document says 16 to 28, but the default block itself has 12. */
const blockLimits = { version: 4, min: 8, max: 28 } as const;
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
    Ipv6CidrBlock: string({ lengthMax: 64 }),
    VpcName: nameParameter(vpcErrors.nameMalformed),
    EnableIpv6: boolean({ default: false }),
    Description: descriptionParameter(vpcErrors.descriptionMalformed),
    ResourceGroupId: string({ invalid: resourceGroupErrors.vpcUnknown }),
    Tag: tagList,
    DryRun: dryRun,
    UserCidr: list(string(), { itemsMax: userCidrsMax, also: ["comma"], tooMany: vpcErrors.tooManyUserCidrs }),
    ClientToken: clientToken,
    Ipv6Isp: string({ pattern: /^(BGP|ChinaMobile|ChinaUnicom|ChinaTelecom)$/, invalid: vpcErrors.ipv6IspUnsupported }),
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
      holds: ({ input }) => parseBlock(input.CidrBlock, blockLimits) !== undefined,
    },
    {
      rule: "CidrBlock lies outside the reserved ranges",
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
    {
      rule: "an IPv6 block is named only with EnableIpv6",
      error: vpcErrors.ipv6Disabled,
      holds: ({ input }) => input.Ipv6CidrBlock === undefined || input.EnableIpv6,
      fill: () => ["EnableIpv6 must be true when Ipv6CidrBlock is specified."],
    },
    {
      rule: "Ipv6CidrBlock is an IPv6 /56 block",
      error: vpcErrors.ipv6CidrInvalid,
      holds: ({ input }) =>
        input.Ipv6CidrBlock === undefined || parseBlock(input.Ipv6CidrBlock, { version: 6, min: 56, max: 56 }) !== undefined,
    },
    ...tagRules("Tag"),
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
    {
      rule: "the account has room for another VPC in the region (quota Vpc)",
      error: vpcErrors.quota,
      holds: async ({ state, caller, input, settings }) =>
        (await state.count(vpc, [["scope", scopeOf(caller.account, input.RegionId)]])) <
        settings.quota("Vpc", caller.account, input.RegionId),
    },
  ],
  apply: async ({ input, caller, state }) => {
    const owned = {
      account: caller.account,
      region: input.RegionId,
      resourceGroups: await resourceGroupsFor(state, caller.account, input.ResourceGroupId),
    };
    const vpcId = state.newId(vpc, input.RegionId);
    const vRouterId = state.newId(vRouter, input.RegionId);
    const routeTableId = state.newId(routeTable, input.RegionId);
    await state.create(
      vpc,
      {
        ...owned,
        id: vpcId,
        tags: tagsFor(caller.account, input.Tag),
        name: input.VpcName ?? "",
        description: input.Description ?? "",
        cidrBlock: normalBlock(input.CidrBlock, 4),
        secondaryCidrBlocks: [],
        userCidrs: input.UserCidr.map((block) => normalBlock(block, 4)),
        ipv6CidrBlock: input.EnableIpv6 ? normalBlock(input.Ipv6CidrBlock ?? newIpv6Block(state.randomHex(5)), 6) : "",
        ipv6Isp: input.Ipv6Isp ?? "BGP",
        dnsHostname: input.EnableDnsHostname,
        isDefault: false,
        vRouterId,
        routeTableId,
      },
      "CreateVpc",
    );
    await state.create(vRouter, { ...owned, id: vRouterId, vpcId }, "CreateVpc");
    await state.create(
      routeTable,
      {
        ...owned,
        id: routeTableId,
        vpcId,
        vRouterId,
        name: "",
        description: "",
        type: "System",
        associateType: "VSwitch",
        routePropagationEnable: true,
      },
      "CreateVpc",
    );
    await addSystemRoute(state, { ...owned, id: vpcId, routeTableId }, servicesBlock, servicesNextHop);
    return { ResourceGroupId: owned.resourceGroups[caller.account] ?? "", RouteTableId: routeTableId, VRouterId: vRouterId, VpcId: vpcId };
  },
});

/** A /56 block of the range from which the cloud gives IPv6 addresses, chosen at random. */
function newIpv6Block(hex: string): string {
  return `2408:4${hex.slice(0, 3)}:${hex.slice(3, 7)}:${hex.slice(7, 9)}00::/56`;
}
/** A block that the rules let through, in normal form. */
function normalBlock(block: string, version: 4 | 6): string {
  return parseBlock(block, { version }) ?? block;
}
