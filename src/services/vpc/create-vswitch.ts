import { blockContains, blocksOverlap, parseBlock, prefixLength } from "../../contract/cidr.ts";
import { clientToken, id, optionalRegionId, tagList } from "../../contract/common-parameters.ts";
import { invalidParameter } from "../../contract/errors.ts";
import { type Rule, target, writeOperation } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { regionById } from "../../contract/regions.ts";
import { listAll, type ResourceReader } from "../../contract/resource-kind.ts";
import { text } from "../../contract/response.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { vpcErrors, vSwitchErrors } from "./errors.ts";
import { routeEntry } from "./route-entry.ts";
import { descriptionParameter, nameParameter, reservedBlocks, vpcIsSteady } from "./rules.ts";
import { ipv4Blocks, vpc } from "./vpc.ts";
import { vSwitch } from "./vswitch.ts";

const maskMin = 16;
const maskMax = 29;
/** Subnets of a VPC's IPv6 /56 block are numbered by one byte. */
const ipv6SubnetMax = 255;

export const createVSwitch = writeOperation({
  product: Vpc,
  name: "CreateVSwitch",
  summary: "Creates a vSwitch in one zone of a VPC.",
  pollWith: "DescribeVSwitchAttributes",
  authorisation: {
    action: "vpc:CreateVSwitch",
    resources: ["acs:vpc:{regionId}:{accountId}:vswitch/*", "acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"],
    source: "public-docs",
  },
  parameters: {
    Tag: tagList,
    ZoneId: string({ required: true, lengthMax: 64 }),
    RegionId: optionalRegionId,
    CidrBlock: string({ required: true, lengthMax: 64 }),
    Ipv6CidrBlock: integer({ min: 0, max: ipv6SubnetMax, invalid: vSwitchErrors.ipv6Invalid }),
    VpcId: id,
    VSwitchName: nameParameter(vSwitchErrors.nameMalformed),
    Description: descriptionParameter(vSwitchErrors.descriptionMalformed),
    ClientToken: clientToken,
    VpcIpv6CidrBlock: string({ lengthMax: 64 }),
    CidrMask: integer({ min: maskMin, max: maskMax }),
    Ipv6CidrMask: integer({ min: 64, max: 64 }),
  },
  response: { VSwitchId: text },
  targets: { vpc: target({ kind: vpc, parameter: "VpcId", missing: vpcErrors.vpcNotFound }) },
  check: [
    {
      rule: "ZoneId is a zone of the VPC's region",
      error: vSwitchErrors.zoneNotFound,
      holds: ({ input, targets }) => regionById(targets.vpc.region)?.zones.includes(input.ZoneId) === true,
    },
    {
      rule: "CidrBlock is an IPv4 block without host bits",
      error: vSwitchErrors.cidrMalformed,
      source: "inferred",
      holds: ({ input }) => parseBlock(input.CidrBlock, { version: 4 }) !== undefined,
    },
    {
      rule: `the prefix of CidrBlock has ${maskMin} to ${maskMax} bits`,
      error: vSwitchErrors.maskLength,
      holds: ({ input }) => prefixLength(input.CidrBlock) >= maskMin && prefixLength(input.CidrBlock) <= maskMax,
    },
    {
      rule: "CidrBlock lies outside the reserved ranges",
      error: vSwitchErrors.cidrMalformed,
      holds: ({ input }) => !reservedBlocks.some((reserved) => blockContains(reserved, input.CidrBlock)),
    },
    {
      rule: "CidrBlock lies in a block of the VPC",
      error: vSwitchErrors.cidrOutsideVpc,
      holds: ({ input, targets }) => ipv4Blocks(targets.vpc).some((block) => blockContains(block, input.CidrBlock)),
    },
    {
      rule: "an IPv6 subnet is asked for only in a VPC with IPv6",
      error: vSwitchErrors.ipv6Disabled,
      holds: ({ input, targets }) => input.Ipv6CidrBlock === undefined || targets.vpc.ipv6CidrBlock !== "",
      fill: () => ["IPv6 is not enabled for the VPC."],
    },
    {
      rule: "VpcIpv6CidrBlock, if given, is the IPv6 block of the VPC",
      error: vSwitchErrors.vpcIpv6BlockInvalid,
      holds: ({ input, targets }) =>
        input.VpcIpv6CidrBlock === undefined || parseBlock(input.VpcIpv6CidrBlock, { version: 6 }) === targets.vpc.ipv6CidrBlock,
      fill: () => ["The VpcIpv6CidrBlock is not an IPv6 CIDR block of the VPC."],
    },
    ...(["CidrMask", "Ipv6CidrMask"] as const).map(
      (parameter): Rule<{ readonly input: { readonly [K in typeof parameter]: number | undefined } }> => ({
        rule: `${parameter} is not given: it asks for a block of an IPAM pool, of which there are none here`,
        error: invalidParameter(parameter),
        source: "inferred",
        holds: ({ input }) => input[parameter] === undefined,
      }),
    ),
    ...tagRules("Tag"),
    ...vpcIsSteady<{ readonly state: ResourceReader; readonly targets: { readonly vpc: { readonly id: string } } }>(
      ({ targets }) => targets.vpc.id,
      {
        vpc: vSwitchErrors.vpcStatus,
        vSwitch: vSwitchErrors.otherVSwitchBusy,
        // Clients wait this code out, and not the one that says that a route entry is busy.
        routeEntry: vSwitchErrors.routeBusyOnCreate,
      },
    ),
    {
      rule: "CidrBlock overlaps no other vSwitch of the VPC",
      error: vSwitchErrors.cidrOverlapped,
      holds: async ({ input, targets, state }) =>
        (await listAll(state, vSwitch, [["vpc", targets.vpc.id]])).every((other) => !blocksOverlap(other.cidrBlock, input.CidrBlock)),
    },
    {
      rule: "neither block equals or contains the destination of a custom route entry",
      error: vSwitchErrors.routeConflict,
      source: "sdk-metadata",
      holds: async ({ input, targets, state }) => {
        const blocks = [input.CidrBlock, ipv6BlockOf(input, targets.vpc)].filter((block) => block !== "");
        const custom = await listAll(state, routeEntry, [["customOfVpc", targets.vpc.id]]);
        return custom.every(({ destination }) => blocks.every((block) => !blockContains(block, destination)));
      },
    },
    {
      rule: "no other vSwitch of the VPC has the IPv6 subnet",
      error: vSwitchErrors.ipv6Taken,
      holds: async ({ input, targets, state }) => {
        if (input.Ipv6CidrBlock === undefined) return true;
        const wanted = ipv6BlockOf(input, targets.vpc);
        return (await listAll(state, vSwitch, [["vpc", targets.vpc.id]])).every((other) => other.ipv6CidrBlock !== wanted);
      },
      fill: () => ["The IPv6 CIDR block is used by another vSwitch."],
    },
    {
      rule: "the VPC has room for another vSwitch (quota VSwitch)",
      error: vSwitchErrors.quota,
      holds: async ({ state, targets, settings }) =>
        (await state.count(vSwitch, [["vpc", targets.vpc.id]])) < settings.quota("VSwitch", targets.vpc.account, targets.vpc.region),
    },
  ],
  apply: async ({ input, targets, caller, state }) => {
    const created = await state.create(
      vSwitch,
      {
        id: state.newId(vSwitch, targets.vpc.region),
        account: caller.account,
        region: targets.vpc.region,
        resourceGroups: targets.vpc.resourceGroups,
        tags: tagsFor(caller.account, input.Tag),
        vpcId: targets.vpc.id,
        zoneId: input.ZoneId,
        cidrBlock: parseBlock(input.CidrBlock, { version: 4 }) ?? input.CidrBlock,
        ipv6CidrBlock: ipv6BlockOf(input, targets.vpc),
        name: input.VSwitchName ?? "",
        description: input.Description ?? "",
        isDefault: false,
        routeTableId: targets.vpc.routeTableId,
        routeTableType: "System",
      },
      "CreateVSwitch",
    );
    return { VSwitchId: created.id };
  },
});

/** The IPv6 block that the call asks for; the empty string for none. */
function ipv6BlockOf(input: { readonly Ipv6CidrBlock: number | undefined }, vpc: { readonly ipv6CidrBlock: string }): string {
  return input.Ipv6CidrBlock === undefined ? "" : ipv6Subnet(vpc.ipv6CidrBlock, input.Ipv6CidrBlock);
}

/** The /64 block with this number in a VPC's /56 block. */
function ipv6Subnet(block: string, number: number): string {
  const [address = ""] = block.split("/");
  const groups = address.replace(/::$/, "").split(":");
  const fourth = (Number.parseInt(groups[3] ?? "0", 16) & 0xff00) | number;
  const prefix = [...groups.slice(0, 3), ...Array<string>(3).fill("0")].slice(0, 3);
  return parseBlock(`${prefix.join(":")}:${fourth.toString(16)}::/64`, { version: 6 }) ?? "";
}
