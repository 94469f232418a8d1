import { blockContains } from "../../contract/cidr.ts";
import { id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { vpcErrors } from "./errors.ts";
import { vpcIpv6Block } from "./ipv6.ts";
import { hasIpv6Entry } from "./route-entry.ts";
import { stateAllows } from "./rules.ts";
import { ipv6Blocks, vpc } from "./vpc.ts";
import { vSwitchesOf } from "./vswitch.ts";

export const unassociateVpcCidrBlock = writeOperation({
  product: Vpc,
  name: "UnassociateVpcCidrBlock",
  summary: "Takes a secondary IPv4 block, or an IPv6 block, off a VPC when no vSwitch uses it.",
  authorisation: {
    action: "vpc:UnassociateVpcCidrBlock",
    resources: ["acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, VpcId: id, SecondaryCidrBlock: string({ lengthMax: 64 }), IPv6CidrBlock: string({ lengthMax: 64 }) },
  response: {},
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
      rule: "SecondaryCidrBlock or IPv6CidrBlock is given",
      error: vpcErrors.noSecondaryBlock,
      holds: ({ input }) => input.SecondaryCidrBlock !== undefined || input.IPv6CidrBlock !== undefined,
    },
    {
      rule: "SecondaryCidrBlock and IPv6CidrBlock are not given both",
      error: vpcErrors.twoSecondaryBlocks,
      holds: ({ input }) => input.SecondaryCidrBlock === undefined || input.IPv6CidrBlock === undefined,
      fill: () => ["SecondaryCidrBlock and IPv6CidrBlock cannot both be specified."],
    },
    stateAllows("vpc", vpc, "UnassociateVpcCidrBlock", vpcErrors.statusOnAssociate, ["The status of the specified VPC is incorrect."]),
    {
      rule: "SecondaryCidrBlock is a secondary block of the VPC",
      error: vpcErrors.secondaryNotFound,
      holds: ({ input: { SecondaryCidrBlock: given }, targets }) => given === undefined || targets.vpc.secondaryCidrBlocks.includes(given),
      fill: () => ["The specified SecondaryCidrBlock does not exist."],
    },
    {
      rule: "no vSwitch lies in SecondaryCidrBlock",
      error: vpcErrors.secondaryInUse,
      holds: async ({ input: { SecondaryCidrBlock: given }, targets, state }) =>
        given === undefined || (await vSwitchesOf(state, targets.vpc.id)).every(({ cidrBlock }) => !blockContains(given, cidrBlock)),
      fill: () => ["The specified SecondaryCidrBlock is used by a vSwitch."],
    },
    {
      rule: "IPv6CidrBlock is an IPv6 block of the VPC",
      error: vpcErrors.ipv6BlockNotFound,
      holds: ({ input: { IPv6CidrBlock: given }, targets }) =>
        given === undefined || ipv6Blocks(targets.vpc).includes(vpcIpv6Block(given) ?? ""),
      fill: () => ["The specified IPv6CidrBlock does not exist."],
    },
    {
      rule: "no vSwitch has an address block in IPv6CidrBlock",
      error: vpcErrors.ipv6InUse,
      holds: async ({ input: { IPv6CidrBlock: given }, targets, state }) =>
        given === undefined ||
        (await vSwitchesOf(state, targets.vpc.id)).every(({ ipv6CidrBlock: used }) => used === "" || !blockContains(given, used)),
    },
    {
      rule: "the last IPv6 block goes only when no custom route entry has an IPv6 destination",
      error: vpcErrors.secondaryInUse,
      source: "inferred",
      holds: async ({ input, targets, state }) =>
        input.IPv6CidrBlock === undefined || ipv6Blocks(targets.vpc).length > 1 || !(await hasIpv6Entry(state, targets.vpc.id)),
      fill: () => ["The specified IPv6CidrBlock is used by a custom route entry."],
    },
  ],
  apply: async ({ input, state, targets: { vpc: changed } }) => {
    const [ipv6CidrBlock = "", ...secondaryIpv6CidrBlocks] = ipv6Blocks(changed).filter(
      (block) => block !== vpcIpv6Block(input.IPv6CidrBlock ?? ""),
    );
    await state.move(vpc, changed, "UnassociateVpcCidrBlock", {
      secondaryCidrBlocks: changed.secondaryCidrBlocks.filter((block) => block !== input.SecondaryCidrBlock),
      ipv6CidrBlock,
      secondaryIpv6CidrBlocks,
    });
    return {};
  },
});
