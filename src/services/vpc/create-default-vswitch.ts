import { blocksOverlap } from "../../contract/cidr.ts";
import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { scopeOf, scoped } from "../../contract/indexes.ts";
import { type Call, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { regionById } from "../../contract/regions.ts";
import { text } from "../../contract/response.ts";
import { vSwitchErrors } from "./errors.ts";
import { addVSwitch, roomForVSwitch } from "./new-vswitch.ts";
import { vpcIsSteady } from "./rules.ts";
import { type Vpc as VpcResource, vpc } from "./vpc.ts";
import { vSwitchesOf } from "./vswitch.ts";
import { ipv6BlockIsFree, ipv6BlockOf, ipv6IsPossible, ipv6Parameters } from "./vswitch-ipv6.ts";

export const createDefaultVSwitch = writeOperation({
  product: Vpc,
  name: "CreateDefaultVSwitch",
  summary: "Creates the default vSwitch of a zone, in the default VPC of the region.",
  pollWith: "DescribeVSwitchAttributes",
  authorisation: { action: "vpc:CreateDefaultVSwitch", resources: ["acs:vpc:{regionId}:{accountId}:vswitch/*"], source: "public-docs" },
  parameters: {
    ClientToken: clientToken,
    Ipv6CidrBlock: ipv6Parameters.Ipv6CidrBlock,
    RegionId: regionId,
    ZoneId: string({ required: true, lengthMax: 64 }),
  },
  response: { VSwitchId: text },
  check: [
    {
      rule: "ZoneId is a zone of the region",
      error: vSwitchErrors.zoneNotFound,
      holds: ({ input }) => regionById(input.RegionId)?.zones.includes(input.ZoneId) === true,
    },
    {
      rule: "the account has a default VPC in the region",
      error: vSwitchErrors.noDefaultVpc,
      holds: async (call) => (await defaultVpc(call)) !== undefined,
    },
    ...ipv6IsPossible(defaultVpc),
    ...vpcIsSteady<Request>(async (call) => [(await defaultVpc(call))?.id ?? ""], {
      vpc: vSwitchErrors.vpcStatus,
      vSwitch: vSwitchErrors.otherVSwitchBusy,
      routeTable: vSwitchErrors.routeTableBusy,
      routeEntry: vSwitchErrors.routeBusyOnCreate,
    }),
    {
      rule: "the zone has no default vSwitch",
      error: vSwitchErrors.defaultExists,
      holds: async (call) =>
        (await vSwitchesOf(call.state, (await defaultVpc(call))?.id ?? "")).every(
          ({ isDefault, zoneId }) => !isDefault || zoneId !== call.input.ZoneId,
        ),
    },
    {
      rule: "the default VPC has room for another default vSwitch",
      error: vSwitchErrors.defaultVpcFull,
      holds: async (call) => (await freeBlock(call)) !== undefined,
    },
    ipv6BlockIsFree(defaultVpc),
    roomForVSwitch(defaultVpc),
  ],
  apply: async (call) => {
    const owner = (await defaultVpc(call)) as VpcResource;
    const ipv6CidrBlock = ipv6BlockOf(call.input, owner);
    const cidrBlock = (await freeBlock(call)) ?? "";
    const created = await addVSwitch(
      call.state,
      owner,
      { zoneId: call.input.ZoneId, cidrBlock, ipv6CidrBlock, isDefault: true },
      "CreateDefaultVSwitch",
    );
    return { VSwitchId: created.id };
  },
});

interface Request extends Pick<Call, "caller" | "state" | "settings"> {
  readonly input: { readonly RegionId: string; readonly Ipv6CidrBlock: number | undefined };
}

async function defaultVpc({ caller, input, state }: Request): Promise<VpcResource | undefined> {
  const [found] = await state.list(vpc, [["isDefault", scoped(scopeOf(caller.account, input.RegionId), "true")]], { limit: 1 });
  return found?.resource;
}

/** The first /20 block of the default VPC that no vSwitch overlaps. */
async function freeBlock(call: Request): Promise<string | undefined> {
  const owner = await defaultVpc(call);
  if (owner === undefined) return undefined;
  const taken = (await vSwitchesOf(call.state, owner.id)).map(({ cidrBlock }) => cidrBlock);
  const [a, b] = owner.cidrBlock.split(".");
  for (let third = 0; third < 256; third += 16) {
    const block = `${a}.${b}.${third}.0/20`;
    if (taken.every((other) => !blocksOverlap(other, block))) return block;
  }
  return undefined;
}
