import { id, pageIsNotTooDeep, pageParameters, regionId } from "../../../contract/common-parameters.ts";
import { scoped, scopeOf } from "../../../contract/indexes.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { int, structure, wrapped } from "../../../contract/response.ts";
import { filterKeysAreKnown, filterList, listFiltered } from "../filters.ts";
import { ownCircuit } from "../physical-connections/rules.ts";
import { indexOfKey } from "./describe-virtual-border-routers.ts";
import { borderRouterErrors } from "./errors.ts";
import { routerOnCircuitFields, routerOnCircuitView } from "./virtual-border-router-view.ts";
import { virtualBorderRouter } from "./virtual-border-router.ts";

export const describeVirtualBorderRoutersForPhysicalConnection = readOperation({
  product: Vpc,
  name: "DescribeVirtualBorderRoutersForPhysicalConnection",
  summary: "Lists the virtual border routers on a circuit of the caller, of whatever account they are.",
  authorisation: {
    action: "vpc:DescribeVirtualBorderRoutersForPhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, PhysicalConnectionId: id, ...pageParameters, Filter: filterList },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    VirtualBorderRouterForPhysicalConnectionSet: wrapped("VirtualBorderRouterForPhysicalConnectionType", structure(routerOnCircuitFields)),
  },
  targets: { circuit: ownCircuit(borderRouterErrors.circuitNotFoundOnList) },
  check: [pageIsNotTooDeep, filterKeysAreKnown(Object.keys(indexOfKey), borderRouterErrors.filterKeyUnknown)],
  read: async ({ input, caller, state, targets: { circuit } }) => {
    const scope = scopeOf(caller.account, input.RegionId);
    const base = [["circuit", scoped(scope, circuit.id)]] as const;
    const { items, ...page } = await listFiltered(state, virtualBorderRouter, { scope, base, indexOfKey }, input);
    const listed = items.map((one) => routerOnCircuitView(one, circuit.id));
    return {
      ...page,
      VirtualBorderRouterForPhysicalConnectionSet: { VirtualBorderRouterForPhysicalConnectionType: listed },
    };
  },
});
