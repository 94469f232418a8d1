import { clientToken, regionId } from "../../../contract/common-parameters.ts";
import { type Call, type Rule, writeOperation } from "../../../contract/operation.ts";
import { boolean } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import type { ResourceReader, Subject } from "../../../contract/resource-kind.ts";
import { allows } from "../../../contract/state-table.ts";
import { entriesTo, type RouteEntry, routeEntry } from "../../vpc/route-entry.ts";
import { vpcIsSteady } from "../../vpc/rules.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { idToDelete } from "./parameters.ts";
import { networkOf, oppositeOf, type RouterInterface, routerInterface } from "./router-interface.ts";
import { interfaceTarget } from "./rules.ts";

export const deleteExpressConnect = writeOperation({
  product: Vpc,
  name: "DeleteExpressConnect",
  summary: "Deletes both ends of a router-interface link, with Force together with the route entries that lead over it, on both sides.",
  pollWith: "DescribeRouterInterfaceAttribute",
  authorisation: {
    action: "vpc:DeleteRouterInterface",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{RouterInterfaceId}"],
    source: "seed",
  },
  parameters: {
    RegionId: regionId,
    RouterInterfaceId: idToDelete,
    Force: boolean({ default: false }),
    ClientToken: clientToken,
  },
  response: {},
  targets: { routerInterface: interfaceTarget(routerInterfaceErrors.notFound) },
  check: [
    {
      rule: "the router interface is not paid in advance",
      error: routerInterfaceErrors.prepaid,
      holds: ({ targets }) => targets.routerInterface.ChargeType !== "Prepaid",
    },
    {
      rule: "the opposite router interface is not paid in advance",
      error: routerInterfaceErrors.oppositePrepaid,
      holds: async (call) => (await endsOf(call)).every(({ ChargeType }) => ChargeType !== "Prepaid"),
    },
    {
      rule: "operations lock neither end",
      error: routerInterfaceErrors.operationLocked,
      advice: 'end what no call can with PATCH /_linkspan/resources/{id} {"OperationLock": ""}',
      holds: async (call) => (await endsOf(call)).every(({ OperationLock }) => OperationLock === ""),
    },
    {
      rule: "both ends are in a state that allows DeleteExpressConnect",
      error: routerInterfaceErrors.status,
      holds: async (call) => (await busyEnd(call)) === undefined,
      subject: busyEnd,
    },
    ...vpcIsSteady<Request>(async (call) => (await endsOf(call)).map(networkOf), {
      vpc: routerInterfaceErrors.vpcStatus,
      vSwitch: routerInterfaceErrors.vpcAtWork,
      routeTable: routerInterfaceErrors.vpcAtWork,
      routeEntry: routerInterfaceErrors.vpcAtWork,
    }).map(tellingOwnOnly),
    {
      rule: "no route entry of either side leads over the link, or Force is set",
      error: routerInterfaceErrors.routeEntryLeft,
      advice: "delete the route entries that lead over the link, on both sides, or set Force",
      holds: async (call) => call.input.Force || (await entriesOver(call)).length === 0,
    },
  ],
  apply: async (call) => {
    const { state } = call;
    const ends = await endsOf(call);
    for (const entry of await entriesOver(call)) await state.move(routeEntry, entry, "DeleteExpressConnect");
    for (const end of ends) await state.move(routerInterface, end, "DeleteExpressConnect");
    return {};
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly state: ResourceReader;
  readonly targets: { readonly routerInterface: RouterInterface };
}
/** The end that the call names, and the other one where it is there. */
async function endsOf({ state, targets }: Request): Promise<RouterInterface[]> {
  const opposite = await oppositeOf(state, targets.routerInterface);
  return opposite === undefined ? [targets.routerInterface] : [targets.routerInterface, opposite];
}
/** What is at work in another account's network is its own affair: the caller learns that something is, and not what. */
function tellingOwnOnly({ subject, ...rule }: Rule<Request>): Rule<Request> {
  return {
    ...rule,
    subject: async (call) => {
      const busy = await subject?.(call);
      const found = busy && (await call.state.find(busy.resource.id));
      return found?.resource.account === call.caller.account ? busy : undefined;
    },
  };
}
async function entriesOver(call: Request): Promise<RouteEntry[]> {
  return (await Promise.all((await endsOf(call)).map(({ id }) => entriesTo(call.state, "RouterInterface", id)))).flat();
}
async function busyEnd(call: Request): Promise<Subject | undefined> {
  // Of an end of another account only what its own end shows is told.
  const busy = (await endsOf(call)).find(({ state }) => !allows(routerInterface.states, state, "DeleteExpressConnect"));
  return busy && { kind: routerInterface, resource: busy };
}
