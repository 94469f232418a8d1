import { blockContains, blocksOverlap, parseBlock, prefixLength } from "../../contract/cidr.ts";
import { idOr, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { text } from "../../contract/response.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { vpcErrors } from "./errors.ts";
import { ipv6Block, ipv6IspParameter, newIpv6Block, vpcIpv6Block } from "./ipv6.ts";
import { routeEntry } from "./route-entry.ts";
import { reservedBlocks, stateAllows, vpcBlockLimits } from "./rules.ts";
import { ipv4Blocks, ipv6Blocks, vpc } from "./vpc.ts";

export const associateVpcCidrBlock = writeOperation({
  product: Vpc,
  name: "AssociateVpcCidrBlock",
  summary: "Adds a secondary IPv4 block, or an IPv6 block, to a VPC.",
  authorisation: {
    action: "vpc:AssociateVpcCidrBlock",
    resources: ["acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"],
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    VpcId: idOr(vpcErrors.vpcIdMissing),
    SecondaryCidrBlock: string({ lengthMax: 64, invalid: vpcErrors.cidrMalformed }),
    SecondaryCidrMask: integer({ min: 8, max: 28 }),
    IPv6CidrBlock: string({ lengthMax: 64, invalid: vpcErrors.cidrMalformed }),
    Ipv6Isp: ipv6IspParameter,
    IpVersion: string({ pattern: /^IPv[46]$/i, invalid: vpcErrors.ipVersionOfBlock, description: "IPV4 or IPV6" }),
    IpamPoolId: string(),
    Ipv6CidrMask: integer({ min: 40, max: 60 }),
  },
  response: { CidrBlock: text, IpVersion: text },
  targets: {
    vpc: target({
      kind: vpc,
      parameter: "VpcId",
      missing: vpcErrors.vpcNotFoundOnAssociate,
      fill: ["The specified VPC does not exist."],
    }),
  },
  check: [
    {
      rule: "no IPAM pool is named: address pools are not part of this server",
      error: vpcErrors.ipamPoolUnsupported,
      holds: ({ input }) => input.IpamPoolId === undefined,
    },
    {
      rule: "a mask is given only together with an IPAM pool to take the block from, or with the block itself",
      error: vpcErrors.ipamPoolMissing,
      holds: ({ input }) =>
        (input.SecondaryCidrMask === undefined || input.SecondaryCidrBlock !== undefined) &&
        (input.Ipv6CidrMask === undefined || input.IPv6CidrBlock !== undefined),
    },
    {
      rule: "SecondaryCidrBlock or IPv6CidrBlock is given, unless IpVersion asks for an IPv6 block to be chosen",
      error: vpcErrors.noSecondaryBlock,
      holds: ({ input }) => input.SecondaryCidrBlock !== undefined || wantsIpv6(input),
    },
    {
      rule: "SecondaryCidrBlock and IPv6CidrBlock are not given both",
      error: vpcErrors.twoSecondaryBlocks,
      holds: ({ input }) => input.SecondaryCidrBlock === undefined || input.IPv6CidrBlock === undefined,
      fill: () => ["SecondaryCidrBlock and IPv6CidrBlock cannot both be specified."],
    },
    {
      rule: "IpVersion, if given, is the version of the block",
      error: vpcErrors.ipVersionOfBlock,
      holds: ({ input }) =>
        input.IpVersion === undefined || (input.IpVersion.endsWith("6") ? input.SecondaryCidrBlock : input.IPv6CidrBlock) === undefined,
      fill: () => ["The specified IpVersion does not match the CIDR block."],
    },
    {
      rule: "SecondaryCidrMask, if given, is the prefix of SecondaryCidrBlock",
      error: vpcErrors.secondaryMask,
      holds: ({ input }) =>
        input.SecondaryCidrMask === undefined || prefixLength(input.SecondaryCidrBlock ?? "") === input.SecondaryCidrMask,
    },
    stateAllows("vpc", vpc, "AssociateVpcCidrBlock", vpcErrors.statusOnAssociate, ["The status of the specified VPC is incorrect."]),
    {
      rule: "SecondaryCidrBlock is an IPv4 block with 8 to 28 bits of prefix",
      error: vpcErrors.cidrMalformed,
      holds: ({ input }) => input.SecondaryCidrBlock === undefined || parseBlock(input.SecondaryCidrBlock, vpcBlockLimits) !== undefined,
    },
    {
      rule: "SecondaryCidrBlock does not lie in a reserved range",
      error: vpcErrors.secondaryReserved,
      holds: ({ input: { SecondaryCidrBlock: given } }) =>
        given === undefined || !reservedBlocks.some((reserved) => blockContains(reserved, given)),
    },
    {
      rule: "SecondaryCidrBlock is no block that the VPC has already",
      error: vpcErrors.secondaryDuplicated,
      holds: ({ input: { SecondaryCidrBlock: given }, targets }) => given === undefined || !ipv4Blocks(targets.vpc).includes(given),
      fill: () => ["The specified SecondaryCidrBlock is a CIDR block of the VPC already."],
    },
    {
      rule: "SecondaryCidrBlock overlaps no block of the VPC",
      error: vpcErrors.secondaryOverlaps,
      holds: ({ input: { SecondaryCidrBlock: given }, targets }) =>
        given === undefined || ipv4Blocks(targets.vpc).every((block) => !blocksOverlap(block, given)),
      fill: () => ["The specified SecondaryCidrBlock overlaps a CIDR block of the VPC."],
    },
    {
      rule: "SecondaryCidrBlock neither equals nor contains the destination of a custom route entry",
      error: vpcErrors.secondaryConflictsWithRoute,
      source: "inferred",
      holds: async ({ input: { SecondaryCidrBlock: given }, targets, state }) =>
        given === undefined ||
        (await listAll(state, routeEntry, [["customOfVpc", targets.vpc.id]])).every(
          ({ destination }) => !blockContains(given, destination),
        ),
      fill: () => ["The specified SecondaryCidrBlock conflicts with a custom route entry of the VPC."],
    },
    {
      rule: "the VPC has room for another secondary block (quota VpcMultiCidr)",
      error: vpcErrors.secondaryQuota,
      advice: quotaAdvice("VpcMultiCidr"),
      holds: ({ input, targets, settings }) =>
        wantsIpv6(input) ||
        targets.vpc.secondaryCidrBlocks.length < settings.quota("VpcMultiCidr", targets.vpc.account, targets.vpc.region),
      fill: () => ["The quota of secondary CIDR blocks of the VPC is exceeded."],
    },
    {
      rule: "IPv6CidrBlock is an IPv6 /56 block",
      error: vpcErrors.cidrMalformed,
      holds: ({ input }) => input.IPv6CidrBlock === undefined || ipv6Block(input.IPv6CidrBlock) !== undefined,
    },
    {
      rule: "IPv6CidrBlock is globally routable: private IPv6 blocks are not part of this server",
      error: vpcErrors.ipv6Ula,
      source: "inferred",
      holds: ({ input }) => input.IPv6CidrBlock === undefined || vpcIpv6Block(input.IPv6CidrBlock) !== undefined,
      fill: () => ["Unique local IPv6 addresses are not supported."],
    },
    {
      rule: "IPv6CidrBlock is no block that the VPC has already",
      error: vpcErrors.ipv6BlockTaken,
      holds: ({ input: { IPv6CidrBlock: given }, targets }) =>
        given === undefined || !ipv6Blocks(targets.vpc).includes(vpcIpv6Block(given) ?? ""),
      fill: () => ["The specified IPv6CidrBlock is a CIDR block of the VPC already."],
    },
    {
      rule: "Ipv6Isp, if given, is that of the VPC's other IPv6 blocks",
      error: vpcErrors.ipv6IspUnsupported,
      source: "inferred",
      holds: ({ input, targets }) =>
        input.Ipv6Isp === undefined || targets.vpc.ipv6CidrBlock === "" || input.Ipv6Isp === targets.vpc.ipv6Isp,
    },
    {
      rule: "the VPC has room for another IPv6 block (quota GUAIpv6CidrBlock)",
      error: vpcErrors.ipv6Quota,
      advice: quotaAdvice("GUAIpv6CidrBlock"),
      holds: ({ input, targets, settings }) =>
        !wantsIpv6(input) || ipv6Blocks(targets.vpc).length < settings.quota("GUAIpv6CidrBlock", targets.vpc.account, targets.vpc.region),
      fill: () => ["The quota of IPv6 CIDR blocks of the VPC is exceeded."],
    },
  ],
  apply: async ({ input, state, targets: { vpc: changed } }) => {
    if (wantsIpv6(input)) {
      const block = vpcIpv6Block(input.IPv6CidrBlock ?? newIpv6Block(state.randomHex(5))) ?? "";
      const isFirst = changed.ipv6CidrBlock === "";
      await state.move(vpc, changed, "AssociateVpcCidrBlock", {
        ipv6CidrBlock: isFirst ? block : changed.ipv6CidrBlock,
        ipv6Isp: isFirst ? (input.Ipv6Isp ?? changed.ipv6Isp) : changed.ipv6Isp,
        secondaryIpv6CidrBlocks: isFirst ? [] : [...changed.secondaryIpv6CidrBlocks, block],
      });
      return { CidrBlock: block, IpVersion: "IPV6" };
    }
    const block = parseBlock(input.SecondaryCidrBlock ?? "", vpcBlockLimits) ?? "";
    await state.move(vpc, changed, "AssociateVpcCidrBlock", { secondaryCidrBlocks: [...changed.secondaryCidrBlocks, block] });
    return { CidrBlock: block, IpVersion: "IPV4" };
  },
});

/** Whether the call is about an IPv6 block. */
function wantsIpv6(input: { readonly IPv6CidrBlock: string | undefined; readonly IpVersion: string | undefined }): boolean {
  return input.IPv6CidrBlock !== undefined || input.IpVersion?.endsWith("6") === true;
}
