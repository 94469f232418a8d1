import { blockContains, blocksOverlap, parseBlock, prefixLength } from "../../contract/cidr.ts";
import { clientToken, id, optionalRegionId, tagList } from "../../contract/common-parameters.ts";
import { invalidParameter } from "../../contract/errors.ts";
import { type Call, type Rule, target, writeOperation } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { regionById } from "../../contract/regions.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { text } from "../../contract/response.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { vpcErrors, vSwitchErrors } from "./errors.ts";
import { addVSwitch, roomForVSwitch } from "./new-vswitch.ts";
import { routeEntry } from "./route-entry.ts";
import { descriptionParameter, nameParameter, reservedBlocks, vpcIsSteady } from "./rules.ts";
import { ipv4Blocks, type Vpc as VpcResource, vpc } from "./vpc.ts";
import { vSwitchesOf } from "./vswitch.ts";
import { ipv6BlockIsFree, ipv6BlockOf, ipv6Parameters, vpcHasIpv6, vpcHasIpv6Block } from "./vswitch-ipv6.ts";

const maskMin = 16;
const maskMax = 29;

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
    VpcId: id,
    VSwitchName: nameParameter(vSwitchErrors.nameMalformed),
    Description: descriptionParameter(vSwitchErrors.descriptionMalformed),
    ClientToken: clientToken,
    ...ipv6Parameters,
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
      rule: "CidrBlock does not lie in a reserved range",
      error: vSwitchErrors.cidrMalformed,
      holds: ({ input }) => !reservedBlocks.some((reserved) => blockContains(reserved, input.CidrBlock)),
    },
    {
      rule: "CidrBlock lies in a block of the VPC",
      error: vSwitchErrors.cidrOutsideVpc,
      holds: ({ input, targets }) => ipv4Blocks(targets.vpc).some((block) => blockContains(block, input.CidrBlock)),
    },
    vpcHasIpv6(vpcOf),
    vpcHasIpv6Block(vpcOf),
    ...(["CidrMask", "Ipv6CidrMask"] as const).map(
      (parameter): Rule<{ readonly input: { readonly [K in typeof parameter]: number | undefined } }> => ({
        rule: `${parameter} is not given: it asks for a block of an IPAM pool, of which there are none here`,
        error: invalidParameter(parameter),
        source: "inferred",
        holds: ({ input }) => input[parameter] === undefined,
      }),
    ),
    ...tagRules("Tag"),
    ...vpcIsSteady<Request>(({ targets }) => [targets.vpc.id], {
      vpc: vSwitchErrors.vpcStatus,
      vSwitch: vSwitchErrors.otherVSwitchBusy,
      routeTable: vSwitchErrors.routeTableBusy,
      // Clients wait this code out, and not the one that says that a route entry is busy.
      routeEntry: vSwitchErrors.routeBusyOnCreate,
    }),
    {
      rule: "CidrBlock overlaps no other vSwitch of the VPC",
      error: vSwitchErrors.cidrOverlapped,
      holds: async ({ input, targets, state }) =>
        (await vSwitchesOf(state, targets.vpc.id)).every((other) => !blocksOverlap(other.cidrBlock, input.CidrBlock)),
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
    ipv6BlockIsFree(vpcOf),
    roomForVSwitch(vpcOf),
  ],
  apply: async ({ input, targets, caller, state }) => {
    const created = await addVSwitch(
      state,
      targets.vpc,
      {
        tags: tagsFor(caller.account, input.Tag),
        zoneId: input.ZoneId,
        cidrBlock: parseBlock(input.CidrBlock, { version: 4 }) ?? input.CidrBlock,
        ipv6CidrBlock: ipv6BlockOf(input, targets.vpc),
        name: input.VSwitchName ?? "",
        description: input.Description ?? "",
        isDefault: false,
      },
      "CreateVSwitch",
    );
    return { VSwitchId: created.id };
  },
});

interface Request extends Pick<Call, "state" | "settings"> {
  readonly input: { readonly Ipv6CidrBlock: number | undefined; readonly VpcIpv6CidrBlock: string | undefined };
  readonly targets: { readonly vpc: VpcResource };
}
async function vpcOf({ targets }: Request): Promise<VpcResource> {
  return targets.vpc;
}
