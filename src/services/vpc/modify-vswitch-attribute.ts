import { blockContains } from "../../contract/cidr.ts";
import { id, optionalRegionId } from "../../contract/common-parameters.ts";
import { type Call, target, writeOperation } from "../../contract/operation.ts";
import { boolean, integer } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { vSwitchErrors } from "./errors.ts";
import { routeEntry } from "./route-entry.ts";
import { descriptionParameter, nameParameter, stateAllows, vpcIsSteady } from "./rules.ts";
import { type Vpc as VpcResource, vpc } from "./vpc.ts";
import { addLocalRoute, removeLocalRoute, vSwitch } from "./vswitch.ts";
import { ipv6BlockIsFree, ipv6BlockOf, ipv6Parameters, vpcHasIpv6, vpcHasIpv6Block } from "./vswitch-ipv6.ts";

export const modifyVSwitchAttribute = writeOperation({
  product: Vpc,
  name: "ModifyVSwitchAttribute",
  summary: "Changes name and description of a vSwitch, and switches its IPv6 on and off.",
  pollWith: "DescribeVSwitchAttributes",
  authorisation: {
    action: "vpc:ModifyVSwitchAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:vswitch/{VSwitchId}"],
    source: "public-docs",
  },
  parameters: {
    VSwitchId: id,
    VSwitchName: nameParameter(vSwitchErrors.nameMalformed),
    RegionId: optionalRegionId,
    Description: descriptionParameter(vSwitchErrors.descriptionMalformed),
    EnableIPv6: boolean(),
    ...ipv6Parameters,
    Ipv6CidrMask: integer({ min: 64, max: 64 }),
  },
  response: {},
  targets: { vSwitch: target({ kind: vSwitch, parameter: "VSwitchId", missing: vSwitchErrors.notFoundOnModify }) },
  check: [
    {
      rule: "IPv6 is not switched off with a block given",
      error: vSwitchErrors.ipv6DisabledAndBlock,
      holds: ({ input }) => input.EnableIPv6 !== false || input.Ipv6CidrBlock === undefined,
    },
    {
      rule: "IPv6 is switched on only where it is off; a vSwitch keeps its block",
      error: vSwitchErrors.ipv6Enabled,
      holds: ({ input, targets }) =>
        (input.EnableIPv6 !== true && input.Ipv6CidrBlock === undefined) || targets.vSwitch.ipv6CidrBlock === "",
      fill: () => ["IPv6 is enabled for the vSwitch already."],
    },
    {
      rule: "IPv6 is switched on with the number of a block",
      error: vSwitchErrors.ipv6Invalid,
      source: "client",
      holds: ({ input }) => input.EnableIPv6 !== true || input.Ipv6CidrBlock !== undefined,
      fill: () => ["Ipv6CidrBlock must be specified when EnableIPv6 is true."],
    },
    stateAllows("vSwitch", vSwitch, "ModifyVSwitchAttribute", vSwitchErrors.statusOnModify),
    {
      rule: "IPv6 is switched off only where it is on",
      error: vSwitchErrors.ipv6NotEnabled,
      holds: ({ input, targets }) => input.EnableIPv6 !== false || targets.vSwitch.ipv6CidrBlock !== "",
    },
    vpcHasIpv6(vpcOf),
    vpcHasIpv6Block(vpcOf),
    // Other vSwitches of the VPC do not matter: clients change several at once, and wait out no refusal when they switch IPv6 off.
    ...vpcIsSteady<Request>(({ input, targets }) => (changesRoutes(input) ? [targets.vSwitch.vpcId] : []), {
      vpc: vSwitchErrors.statusOnModify,
      routeTable: vSwitchErrors.routeBusyOnModify,
      routeEntry: vSwitchErrors.routeBusyOnModify,
    }),
    ipv6BlockIsFree(vpcOf),
    {
      rule: "the IPv6 block neither equals nor contains the destination of a custom route entry",
      error: vSwitchErrors.routeConflict,
      source: "inferred",
      holds: async (call) => {
        const owner = await vpcOf(call);
        const block = owner === undefined ? "" : ipv6BlockOf(call.input, owner);
        const custom = await listAll(call.state, routeEntry, [["customOfVpc", call.targets.vSwitch.vpcId]]);
        return block === "" || custom.every(({ destination }) => !blockContains(block, destination));
      },
    },
  ],
  apply: async ({ input, state, targets: { vSwitch: changed } }) => {
    const owner = await vpcOf({ input, state, targets: { vSwitch: changed } });
    const added = owner === undefined ? "" : ipv6BlockOf(input, owner);
    if (added !== "") await addLocalRoute(state, changed.vpcId, added);
    if (input.EnableIPv6 === false) await removeLocalRoute(state, changed.vpcId, changed.ipv6CidrBlock);
    await state.move(vSwitch, changed, "ModifyVSwitchAttribute", {
      name: input.VSwitchName ?? changed.name,
      description: input.Description ?? changed.description,
      ipv6CidrBlock: input.EnableIPv6 === false ? "" : added || changed.ipv6CidrBlock,
    });
    return {};
  },
});

interface Request extends Pick<Call, "state"> {
  readonly input: {
    readonly EnableIPv6: boolean | undefined;
    readonly Ipv6CidrBlock: number | undefined;
    readonly VpcIpv6CidrBlock: string | undefined;
  };
  readonly targets: { readonly vSwitch: { readonly vpcId: string } };
}
function vpcOf({ state, targets }: Request): Promise<VpcResource | undefined> {
  return state.get(vpc, targets.vSwitch.vpcId);
}

/** IPv6 blocks come and go with entries in the route tables; names do not. */
function changesRoutes({ EnableIPv6, Ipv6CidrBlock }: Request["input"]): boolean {
  return EnableIPv6 === false || Ipv6CidrBlock !== undefined;
}
