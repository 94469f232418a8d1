import assert from "node:assert/strict";
import type { Model } from "./model.ts";
import { type Account, type BorderRouter, isPartyOf, type OnCircuit, statusOf } from "./things.ts";
import { all, byTagOrGroup, joined, type ListRead, listTags, numbered, type Place, type Read, tagList, utc } from "./views.ts";
import { someFilter } from "./views-router-interfaces.ts";

/** What reads of virtual border routers must answer, from the model: every field. */

function addressView(of: OnCircuit): Record<string, unknown> {
  return {
    CircuitCode: of.code,
    EnableIpv6: of.hasIpv6,
    LocalGatewayIp: of.local,
    LocalIpv6GatewayIp: of.local6,
    PeerGatewayIp: of.peer,
    PeerIpv6GatewayIp: of.peer6,
    PeeringIpv6SubnetMask: of.mask6,
    PeeringSubnetMask: of.mask,
  };
}
function onCircuitView(model: Model, of: OnCircuit): Record<string, unknown> {
  const circuit = model.circuits.find(({ id }) => id === of.circuitId);
  return {
    ...addressView(of),
    PhysicalConnectionBusinessStatus: circuit?.businessStatus,
    PhysicalConnectionId: of.circuitId,
    PhysicalConnectionOwnerUid: of.circuitOwner,
    PhysicalConnectionStatus: circuit && statusOf(circuit),
    VlanInterfaceId: of.interfaceId,
  };
}
const time = (at: number): string => (at === 0 ? "" : utc(at));
function sharedView(of: BorderRouter): Record<string, unknown> {
  return {
    ActivationTime: time(of.activatedAt),
    CreationTime: utc(of.createdAt),
    EccId: "",
    PConnVbrChargeType: "PostPaid",
    PConnVbrExpireTime: "",
    RecoveryTime: time(of.recoveredAt),
    Status: of.state,
    TerminationTime: time(of.terminatedAt),
    Type: "pconnVBR",
    VbrId: of.id,
  };
}
/** The circuits that an account reads: all of its own routers, of others its own circuits and the first. */
function seenBy({ account, circuits }: BorderRouter, reader: string): OnCircuit[] {
  return circuits.filter(({ circuitOwner }, index) => index === 0 || [account, circuitOwner].includes(reader));
}
function routerView(model: Model, of: BorderRouter, reader: string): Record<string, unknown> {
  const [first, ...others] = seenBy(of, reader) as [OnCircuit, ...OnCircuit[]];
  const associated = others.map((one) => Object.assign(onCircuitView(model, one), { Status: "Associated", VlanId: String(one.vlan) }));
  const [tx, rx, multiplier] = of.bfd;
  return {
    ...sharedView(of),
    ...onCircuitView(model, first),
    AccessPointId: of.accessPoint,
    AssociatedCens: { AssociatedCen: [] },
    AssociatedPhysicalConnections: { AssociatedPhysicalConnection: associated },
    Bandwidth: of.bandwidth,
    CloudBoxInstanceId: "",
    Description: of.description,
    DetectMultiplier: multiplier,
    EcrAttatchStatus: "",
    EcrId: "",
    EcrOwnerId: "",
    MinRxInterval: rx,
    MinTxInterval: tx,
    Mtu: of.mtu,
    Name: of.name,
    ResourceGroupId: of.groups.get(reader) ?? "",
    RouteTableId: of.tableId,
    SitelinkEnable: of.sitelink,
    Tags: { Tags: tagList(of, reader) },
    VlanId: first.vlan,
  };
}
/** Takes over the ids of table and VLAN interfaces when they are shown first; from then on they must stay. */
function learnIds(model: Model, reader: string, body: any): void {
  for (const shown of body.VirtualBorderRouterSet?.VirtualBorderRouterType ?? []) {
    const of = model.borderRouters.find(({ id }) => id === shown.VbrId);
    if (of === undefined) continue;
    if (of.tableId === "") {
      assert.match(shown.RouteTableId, /^vtb-[0-9a-z]{21}$/);
      model.learnTable(of, shown.RouteTableId);
    }
    const answered = [shown, ...shown.AssociatedPhysicalConnections.AssociatedPhysicalConnection];
    for (const [index, circuit] of seenBy(of, reader).entries()) {
      if (circuit.interfaceId !== "") continue;
      assert.match(answered[index]?.VlanInterfaceId, /^ri-[0-9a-z]{21}$/);
      circuit.interfaceId = answered[index].VlanInterfaceId;
    }
  }
}
function listed(model: Model, by: Account, parameters: Read["parameters"], routers: readonly BorderRouter[], echo: object): Read {
  return {
    by,
    product: "vpc",
    action: "DescribeVirtualBorderRouters",
    parameters,
    learn: (body) => learnIds(model, by.id, body),
    get expected() {
      return { ...echo, VirtualBorderRouterSet: { VirtualBorderRouterType: routers.map((one) => routerView(model, one, by.id)) } };
    },
  };
}

const filterKeys: Readonly<Record<string, (of: BorderRouter) => string>> = {
  VbrId: ({ id }) => id,
  Status: ({ state }) => state,
  Name: ({ name }) => name,
  AccessPointId: ({ accessPoint }) => accessPoint,
  type: () => "pconnVBR",
};
function seenIn(model: Model, { by, region }: Place, withOthers: boolean): BorderRouter[] {
  return model.borderRouters.filter((one) => one.region === region && (withOthers ? isPartyOf(one, by.id) : one.account === by.id));
}
const describeVirtualBorderRouters: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const IncludeCrossAccountVbr = random === undefined || random.chance(0.7);
  const seen = seenIn(model, place, IncludeCrossAccountVbr);
  const { fits, Filter } = random?.chance(0.5) === true ? someFilter(random, seen, filterKeys) : { fits: () => true, Filter: undefined };
  const filter = random?.chance(0.4) === true ? joined<BorderRouter>(random, byTagOrGroup(random, by, "Tags")) : all;
  const { parameters, page, echo } = numbered(random, seen.filter(filter.fits).filter(fits));
  return listed(model, by, { RegionId, IncludeCrossAccountVbr, Filter, ...filter.parameters, ...parameters }, page, echo);
};
/** The routers on one circuit, as its owner reads them. */
const describeRoutersOfCircuit: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const own = model.circuits.filter(({ account, region }) => account === by.id && region === RegionId);
  const PhysicalConnectionId = own.length === 0 ? "pc-nowhere" : (random?.pick(own) ?? own[0])?.id;
  const on = (of: BorderRouter): OnCircuit | undefined => of.circuits.find(({ circuitId }) => circuitId === PhysicalConnectionId);
  const { parameters, page, echo } = numbered(
    random,
    model.borderRouters.filter((one) => on(one) !== undefined),
  );
  const view = (of: BorderRouter): object => ({
    ...sharedView(of),
    ...addressView(on(of) as OnCircuit),
    Bandwidth: String(of.bandwidth),
    BandwidthStatus: "Active",
    PConnVbrBussinessStatus: "Normal",
    VbrName: of.name,
    VbrOwnerUid: Number(of.account),
    VlanId: on(of)?.vlan,
  });
  const read = { by, product: "vpc", action: "DescribeVirtualBorderRoutersForPhysicalConnection" } as const;
  const asked = { ...read, parameters: { RegionId, PhysicalConnectionId, ...parameters } };
  if (own.length === 0) return { ...asked, of: ({ Code }) => Code, expected: "InvalidPhysicalConnectionId.NotFound" };
  return {
    ...asked,
    expected: { ...echo, VirtualBorderRouterForPhysicalConnectionSet: { VirtualBorderRouterForPhysicalConnectionType: page.map(view) } },
  };
};

export const wholeBorderRouterLists: readonly ListRead[] = [describeVirtualBorderRouters, describeRoutersOfCircuit];
export const filteredBorderRouterLists: readonly ListRead[] = [
  describeVirtualBorderRouters,
  describeRoutersOfCircuit,
  listTags("expressConnect", "VIRTUALBORDERROUTER", (model, place) => seenIn(model, place, true)),
];

/** What one account reads of what an id names, or named; `undefined` where it is no id of a virtual border router. */
export function borderRouterAttribute(model: Model, by: Account, id: string, region: string): Read | undefined {
  if (!id.startsWith("vbr-")) return undefined;
  const found = seenIn(model, { by, region }, true).filter((one) => one.id === id);
  const parameters = { RegionId: region, IncludeCrossAccountVbr: true, Filter: [{ Key: "VbrId", Value: [id] }] };
  return listed(model, by, parameters, found, { PageNumber: 1, PageSize: 10, TotalCount: found.length });
}
