import { clientToken, pageIsNotTooDeep, pageParameters, regionId, tagList } from "../../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../../contract/indexes.ts";
import { listNumbered } from "../../../contract/lists.ts";
import { readOperation } from "../../../contract/operation.ts";
import { boolean, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { int, structure, wrapped } from "../../../contract/response.ts";
import { filterKeysAreKnown, filterList, listFiltered } from "../filters.ts";
import { circuitFields, circuitView } from "./circuit-view.ts";
import { circuitErrors } from "./errors.ts";
import { physicalConnection } from "./physical-connection.ts";

/** Indexes by filter key. */
const indexOfKey: Readonly<Record<string, string>> = {
  PhysicalConnectionId: "id",
  AccessPointId: "accessPoint",
  Type: "type",
  LineOperator: "lineOperator",
  Spec: "spec",
  Status: "status",
  Name: "name",
  ProductType: "productType",
};

export const describePhysicalConnections = readOperation({
  product: Vpc,
  name: "DescribePhysicalConnections",
  summary: "Lists the circuits of a region that the caller owns, shared ones among them.",
  authorisation: {
    action: "vpc:DescribePhysicalConnections",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/*"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    ...pageParameters,
    // Orders that are not in effect yet do not exist here.
    IncludeReservationData: boolean({ default: false }),
    ClientToken: clientToken,
    Filter: filterList,
    Tags: tagList,
    ResourceGroupId: string(),
  },
  response: {
    PageNumber: int,
    PageSize: int,
    PhysicalConnectionSet: wrapped("PhysicalConnectionType", structure(circuitFields)),
    TotalCount: int,
  },
  check: [
    pageIsNotTooDeep,
    filterKeysAreKnown(Object.keys(indexOfKey), circuitErrors.filterKeyUnknown),
    {
      rule: "no resource group is asked for in a region for finance",
      error: circuitErrors.resourceGroupInFinance,
      holds: ({ input }) => input.ResourceGroupId === undefined || !input.RegionId.includes("finance"),
    },
  ],
  read: async ({ input, caller, state, settings }) => {
    const scope = scopeOf(caller.account, input.RegionId);
    const base = scopeFilter(scope, { resourceGroup: input.ResourceGroupId }, input.Tags);
    const { items, ...page } =
      input.Filter.length === 0
        ? await listNumbered(state, physicalConnection, base, input)
        : await listFiltered(state, physicalConnection, { scope, base, indexOfKey }, input);
    const points = settings.accessPoints(input.RegionId);
    return {
      ...page,
      PhysicalConnectionSet: { PhysicalConnectionType: await Promise.all(items.map((one) => circuitView(state, one, points))) },
    };
  },
});
