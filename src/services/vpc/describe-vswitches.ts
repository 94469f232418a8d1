import { dryRun, optionalId, optionalRegionId, pageIsNotTooDeep, pageParameters, tagList } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { listNothing, listNumbered } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { boolean, list, long, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { int, structure, wrapped } from "../../contract/response.ts";
import { vSwitchErrors } from "./errors.ts";
import { vSwitch } from "./vswitch.ts";
import { vSwitchFields, vSwitchView } from "./vswitch-view.ts";

export const describeVSwitches = readOperation({
  product: Vpc,
  name: "DescribeVSwitches",
  summary: "Lists vSwitches.",
  authorisation: { action: "vpc:DescribeVSwitches", resources: ["acs:vpc:{regionId}:{accountId}:vswitch/*"], source: "public-docs" },
  parameters: {
    VpcId: optionalId,
    VSwitchId: list(string({ lengthMax: 128 }), { itemsMax: 20, also: ["comma"], tooMany: vSwitchErrors.tooManyIds }),
    ZoneId: string({ lengthMax: 64 }),
    RegionId: optionalRegionId,
    VSwitchName: string(),
    DryRun: dryRun,
    IsDefault: boolean(),
    RouteTableId: optionalId,
    ResourceGroupId: string(),
    ...pageParameters,
    VSwitchOwnerId: long({ invalid: vSwitchErrors.ownerIdInvalid }),
    EnableIpv6: boolean(),
    Tag: tagList,
  },
  response: { PageNumber: int, PageSize: int, TotalCount: int, VSwitches: wrapped("VSwitch", structure(vSwitchFields)) },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    // Nothing is shared between accounts here.
    if ((input.VSwitchOwnerId ?? caller.account) !== caller.account) return { ...listNothing(input), VSwitches: { VSwitch: [] } };
    const filter = scopeFilter(
      scopeOf(caller.account, input.RegionId),
      {
        inVpc: input.VpcId,
        inRouteTable: input.RouteTableId,
        name: input.VSwitchName,
        inZone: input.ZoneId,
        resourceGroup: input.ResourceGroupId,
        isDefault: input.IsDefault?.toString(),
        enabledIpv6: input.EnableIpv6?.toString(),
      },
      input.Tag,
    );
    const { items, ...page } = await listNumbered(state, vSwitch, filter, input, input.VSwitchId);
    return { ...page, VSwitches: { VSwitch: items.map((item) => vSwitchView(item, caller.account)) } };
  },
});
