import { blockContains, blocksOverlap, parseBlock } from "../../contract/cidr.ts";
import { id, optionalRegionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { boolean, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { vpcErrors } from "./errors.ts";
import { ipv6IspParameter, newIpv6Block, vpcIpv6Block } from "./ipv6.ts";
import { descriptionParameter, nameParameter, reservedBlocks, stateAllows, vpcBlockLimits } from "./rules.ts";
import { hasIpv6Entry } from "./route-entry.ts";
import { type Vpc as VpcResource, vpc } from "./vpc.ts";
import { vSwitchesOf } from "./vswitch.ts";

export const modifyVpcAttribute = writeOperation({
  product: Vpc,
  name: "ModifyVpcAttribute",
  summary: "Changes name, description, primary IPv4 block, IPv6 and DNS host names of a VPC.",
  authorisation: { action: "vpc:ModifyVpcAttribute", resources: ["acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"], source: "public-docs" },
  parameters: {
    VpcId: id,
    Description: descriptionParameter(vpcErrors.descriptionMalformed),
    VpcName: nameParameter(vpcErrors.nameMalformed),
    CidrBlock: string({ lengthMax: 64, invalid: vpcErrors.cidrMalformed }),
    RegionId: optionalRegionId,
    EnableIPv6: boolean(),
    Ipv6CidrBlock: string({ lengthMax: 64, invalid: vpcErrors.ipv6BlockInvalid }),
    Ipv6Isp: ipv6IspParameter,
    EnableDnsHostname: boolean(),
  },
  response: {},
  targets: { vpc: target({ kind: vpc, parameter: "VpcId", missing: vpcErrors.vpcNotFound }) },
  check: [
    {
      rule: "CidrBlock and EnableIPv6 are not given both",
      error: vpcErrors.ipv6AndCidr,
      holds: ({ input }) => input.CidrBlock === undefined || input.EnableIPv6 === undefined,
    },
    stateAllows("vpc", vpc, "ModifyVpcAttribute", vpcErrors.vpcStatus),
    {
      rule: "CidrBlock is an IPv4 block with 8 to 28 bits of prefix, not in a reserved range, that overlaps no secondary block",
      error: vpcErrors.cidrMalformed,
      holds: ({ input: { CidrBlock: given }, targets }) =>
        given === undefined ||
        (parseBlock(given, vpcBlockLimits) !== undefined &&
          !reservedBlocks.some((reserved) => blockContains(reserved, given)) &&
          !targets.vpc.secondaryCidrBlocks.some((block) => blocksOverlap(block, given))),
    },
    {
      rule: "the VPC whose CidrBlock changes is not a default one",
      error: vpcErrors.cidrOfDefaultVpc,
      source: "public-docs",
      holds: ({ input, targets }) => input.CidrBlock === undefined || !targets.vpc.isDefault,
    },
    {
      rule: "each vSwitch lies in the new CidrBlock or in a secondary block",
      error: vpcErrors.cidrLeavesVSwitchOut,
      holds: async ({ input: { CidrBlock: given }, targets, state }) => {
        if (given === undefined) return true;
        const blocks = [given, ...targets.vpc.secondaryCidrBlocks];
        return (await vSwitchesOf(state, targets.vpc.id)).every(({ cidrBlock }) => blocks.some((block) => blockContains(block, cidrBlock)));
      },
    },
    {
      rule: "Ipv6CidrBlock is an IPv6 /56 block and comes with EnableIPv6",
      error: vpcErrors.ipv6BlockInvalid,
      holds: ({ input }) =>
        input.Ipv6CidrBlock === undefined || (input.EnableIPv6 === true && vpcIpv6Block(input.Ipv6CidrBlock) !== undefined),
    },
    {
      rule: "a VPC with IPv6 keeps its block",
      error: vpcErrors.ipv6BlockInvalid,
      source: "inferred",
      holds: ({ input, targets }) =>
        input.Ipv6CidrBlock === undefined ||
        targets.vpc.ipv6CidrBlock === "" ||
        vpcIpv6Block(input.Ipv6CidrBlock) === targets.vpc.ipv6CidrBlock,
    },
    {
      rule: "IPv6 is switched off only when no vSwitch uses it",
      error: vpcErrors.ipv6InUseOnModify,
      holds: async ({ input, targets, state }) =>
        input.EnableIPv6 !== false || (await vSwitchesOf(state, targets.vpc.id)).every(({ ipv6CidrBlock }) => ipv6CidrBlock === ""),
      fill: () => ["Operation failed because some vswitch ipv6 is in use."],
    },
    {
      rule: "IPv6 is switched off only when it has no secondary blocks",
      error: vpcErrors.ipv6CannotBeDisabled,
      source: "inferred",
      holds: ({ input, targets }) => input.EnableIPv6 !== false || targets.vpc.secondaryIpv6CidrBlocks.length === 0,
      fill: () => ["IPv6 cannot be disabled while the VPC has secondary IPv6 CIDR blocks."],
    },
    {
      rule: "IPv6 is switched off only when no custom route entry has an IPv6 destination",
      error: vpcErrors.ipv6CannotBeDisabled,
      source: "inferred",
      holds: async ({ input, targets, state }) => input.EnableIPv6 !== false || !(await hasIpv6Entry(state, targets.vpc.id)),
      fill: () => ["IPv6 cannot be disabled while the VPC has custom route entries with IPv6 destinations."],
    },
  ],
  apply: async ({ input, state, targets: { vpc: changed } }) => {
    await state.move(vpc, changed, "ModifyVpcAttribute", {
      name: input.VpcName ?? changed.name,
      description: input.Description ?? changed.description,
      cidrBlock: parseBlock(input.CidrBlock ?? changed.cidrBlock, vpcBlockLimits) ?? changed.cidrBlock,
      ipv6CidrBlock: ipv6BlockAfter(changed, input, state.randomHex(5)),
      ipv6Isp: input.Ipv6Isp ?? changed.ipv6Isp,
      dnsHostname: input.EnableDnsHostname ?? changed.dnsHostname,
    });
    return {};
  },
});

/** A block that the VPC has stays; one is taken only when IPv6 is switched on. */
function ipv6BlockAfter(
  { ipv6CidrBlock }: VpcResource,
  input: { readonly EnableIPv6: boolean | undefined; readonly Ipv6CidrBlock: string | undefined },
  hex: string,
): string {
  if (input.EnableIPv6 === undefined) return ipv6CidrBlock;
  if (!input.EnableIPv6) return "";
  if (ipv6CidrBlock !== "") return ipv6CidrBlock;
  return vpcIpv6Block(input.Ipv6CidrBlock ?? newIpv6Block(hex)) ?? "";
}
