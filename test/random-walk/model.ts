import assert from "node:assert/strict";
import type { AnyKind } from "../../src/contract/resource-kind.ts";
import { type FeatureName, type QuotaName, quotaDefaults } from "../../src/contract/settings.ts";
import { allows, gone, isTransitional, nothing } from "../../src/contract/state-table.ts";
import { paces } from "../../src/engine/clock.ts";
import { account as accountKind } from "../../src/services/accounts/account.ts";
import { bgpGroup } from "../../src/services/express-connect/bgp/bgp-group.ts";
import { bgpNetwork } from "../../src/services/express-connect/bgp/bgp-network.ts";
import { bgpPeer } from "../../src/services/express-connect/bgp/bgp-peer.ts";
import { virtualBorderRouter } from "../../src/services/express-connect/border-routers/virtual-border-router.ts";
import { vbrGrant } from "../../src/services/express-connect/grants/vbr-grant.ts";
import { physicalConnection } from "../../src/services/express-connect/physical-connections/physical-connection.ts";
import { routerInterface } from "../../src/services/express-connect/router-interfaces/router-interface.ts";
import { vpcPeerConnection } from "../../src/services/peering/vpc-peer-connection.ts";
import { routeEntry } from "../../src/services/vpc/route-entry.ts";
import { routeTable } from "../../src/services/vpc/route-table.ts";
import { vpc } from "../../src/services/vpc/vpc.ts";
import { vRouter } from "../../src/services/vpc/vrouter.ts";
import { vSwitch } from "../../src/services/vpc/vswitch.ts";
import { customerGateway } from "../../src/services/vpn/customer-gateway.ts";
import { vpnAttachment } from "../../src/services/vpn/vpn-attachment.ts";
import { vpnConnection } from "../../src/services/vpn/vpn-connection.ts";
import { vpnGateway } from "../../src/services/vpn/vpn-gateway.ts";
import { vpnRouteEntry } from "../../src/services/vpn/vpn-route-entry.ts";
import { blocksOf, servicesBlock } from "./address-blocks.ts";
import { type Met } from "./met.ts";
import type {
  Account,
  BgpGroup,
  BgpNetwork,
  BgpPeer,
  BorderRouter,
  Circuit,
  Connection,
  CustomerGateway,
  Entry,
  Grant,
  IpsecConnection,
  New,
  RouterInterface,
  Table,
  Thing,
  Vpc,
  VpnGateway,
  VpnRoute,
  VRouter,
  VSwitch,
} from "./things.ts";

/**
 * A plain model of the server: everything that is there, in the order in which it was made.
 * States and their moves are asked of the kinds' state tables; what follows from a move is written here once more, apart from the server.
 */

/** Kinds whose resources the walks create. */
export const kindsInPlay = [
  accountKind,
  vpc,
  vRouter,
  vSwitch,
  routeTable,
  routeEntry,
  vpcPeerConnection,
  vpnGateway,
  customerGateway,
  vpnConnection,
  vpnAttachment,
  vpnRouteEntry,
  routerInterface,
  physicalConnection,
  virtualBorderRouter,
  bgpGroup,
  bgpPeer,
  bgpNetwork,
  vbrGrant,
] as const;

export interface Setting {
  readonly account?: string;
  readonly region?: string;
}
export interface Settings {
  readonly quotas: readonly (Setting & { readonly name: QuotaName; readonly value: number })[];
  readonly features: readonly (Setting & { readonly name: FeatureName; readonly open: boolean })[];
}

const day = 86_400_000;
const expiryDaysMax = 36_500;

export class Model {
  now: number;
  settings: Settings = { quotas: [], features: [] };
  /** Ids of what is gone. */
  readonly graveyard: string[] = [];
  #touched = new Set<Thing>();
  #things: Thing[] = [];
  readonly #met: Met;

  constructor(now: number, met: Met) {
    this.now = now;
    this.#met = met;
  }

  /** What has changed since the last time that this was asked, with what is gone since then. */
  takeTouched(): readonly Thing[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }
  get things(): readonly Thing[] {
    return this.#things;
  }
  #of<T extends Thing>(kind: AnyKind): T[] {
    return this.#things.filter((thing) => thing.kind === kind) as T[];
  }
  get accounts(): Account[] {
    return this.#of(accountKind);
  }
  get vpcs(): Vpc[] {
    return this.#of(vpc);
  }
  get routers(): VRouter[] {
    return this.#of(vRouter);
  }
  get switches(): VSwitch[] {
    return this.#of(vSwitch);
  }
  /** Tables of VPCs. */
  get tables(): Table[] {
    return this.allTables.filter(({ vpcId }) => !isBorderRouterId(vpcId));
  }
  /** Tables of VPCs and of virtual border routers. */
  get allTables(): Table[] {
    return this.#of(routeTable);
  }
  get entries(): Entry[] {
    return this.#of(routeEntry);
  }
  get connections(): Connection[] {
    return this.#of(vpcPeerConnection);
  }
  get vpnGateways(): VpnGateway[] {
    return this.#of(vpnGateway);
  }
  get customerGateways(): CustomerGateway[] {
    return this.#of(customerGateway);
  }
  get vpnConnections(): IpsecConnection[] {
    return this.#of(vpnConnection);
  }
  get attachments(): IpsecConnection[] {
    return this.#of(vpnAttachment);
  }
  get vpnRoutes(): VpnRoute[] {
    return this.#of(vpnRouteEntry);
  }
  get interfaces(): RouterInterface[] {
    return this.#of(routerInterface);
  }
  get circuits(): Circuit[] {
    return this.#of(physicalConnection);
  }
  get borderRouters(): BorderRouter[] {
    return this.#of(virtualBorderRouter);
  }
  get bgpGroups(): BgpGroup[] {
    return this.#of(bgpGroup);
  }
  get bgpPeers(): BgpPeer[] {
    return this.#of(bgpPeer);
  }
  get bgpNetworks(): BgpNetwork[] {
    return this.#of(bgpNetwork);
  }
  get grants(): Grant[] {
    return this.#of(vbrGrant);
  }
  account(uid: string): Account {
    return this.accounts.find(({ id }) => id === uid) as Account;
  }
  vpc(id: string): Vpc {
    return this.vpcs.find((one) => one.id === id) as Vpc;
  }

  // What becomes of resources

  addAccount(given: New<Account>): Account {
    return this.#add(accountKind, "createAccount", given);
  }
  /** A VPC with its router and its system table. */
  addVpc(event: string, given: New<Vpc>): Vpc {
    const { account, region, groups = new Map() } = given;
    const shared = { account, region, vpcId: given.id };
    const added = this.#add<Vpc>(vpc, event, given);
    this.#add<VRouter>(vRouter, event, { ...shared, id: given.routerId, groups: new Map(groups) });
    this.addTable(event, {
      ...shared,
      id: given.tableId,
      routerId: given.routerId,
      groups: new Map(groups),
      name: "",
      description: "",
      isSystem: true,
      forGateway: false,
      propagates: true,
    });
    return added;
  }
  addSwitch(event: string, given: New<VSwitch>): VSwitch {
    return this.#add(vSwitch, event, given);
  }
  /** A table has its entries of the system's own from the start. */
  addTable(event: string, given: New<Table>): Table {
    const added = this.#add<Table>(routeTable, event, given);
    this.#addSystemEntry(added, servicesBlock, "service");
    for (const other of this.switchesOf(added.vpcId)) for (const block of blocksOf(other)) this.#addSystemEntry(added, block, "local");
    return added;
  }
  addEntry(
    event: string,
    table: Table,
    given: Pick<Entry, "id" | "destination" | "hops" | "name" | "description" | "isSystem"> & Partial<Pick<Entry, "managedBy">>,
  ): Entry {
    const { account, region, vpcId, id: tableId } = table;
    return this.#add(routeEntry, event, { account, region, vpcId, tableId, managedBy: "", ...given });
  }
  addConnection(given: New<Omit<Connection, "expiresAt" | "bizStatus" | "managedBy">>): Connection {
    const days = Math.min(this.quota("VpcPeerExpiryDays", given.account, given.region), expiryDaysMax);
    const body = { ...given, expiresAt: this.now + days * day, bizStatus: "Normal", managedBy: "" };
    return this.#add<Connection>(vpcPeerConnection, "CreateVpcPeerConnection", body);
  }
  addVpnGateway(given: New<VpnGateway>): VpnGateway {
    return this.#add(vpnGateway, "CreateVpnGateway", given);
  }
  addCustomerGateway(given: New<CustomerGateway>): CustomerGateway {
    return this.#add(customerGateway, "CreateCustomerGateway", given);
  }
  addIpsecConnection(given: New<Omit<IpsecConnection, "simulated" | "simulatedSecond">>): IpsecConnection {
    const body = { ...given, simulated: "", simulatedSecond: "" };
    if (given.gatewayId === "") return this.#add<IpsecConnection>(vpnAttachment, "CreateVpnAttachment", body);
    return this.#add<IpsecConnection>(vpnConnection, "CreateVpnConnection", body);
  }
  addVpnRoute(event: string, of: VpnGateway, given: Omit<New<VpnRoute>, "id" | "account" | "region" | "gatewayId" | "vpcId">): VpnRoute {
    const { account, region, id: gatewayId, vpcId } = of;
    return this.#add<VpnRoute>(vpnRouteEntry, event, { ...given, id: "", account, region, gatewayId, vpcId });
  }
  addInterface(given: New<RouterInterface>): RouterInterface {
    return this.#add(routerInterface, "CreateRouterInterface", given);
  }
  addCircuit(event: string, given: New<Circuit>): Circuit {
    return this.#add(physicalConnection, event, given);
  }
  /** A virtual border router with its route table, which is its owner's alone. */
  addBorderRouter(event: string, given: New<BorderRouter>): BorderRouter {
    const { account, region, id, groups = new Map() } = given;
    this.#add<Table>(routeTable, "CreateVirtualBorderRouter", {
      id: "",
      account,
      region,
      groups: new Map([[account, groups.get(account) ?? ""]]),
      vpcId: id,
      routerId: id,
      name: "",
      description: "",
      isSystem: true,
      forGateway: false,
      propagates: true,
    });
    return this.#add(virtualBorderRouter, event, given);
  }
  addGrant(given: New<Grant>): Grant {
    return this.#add(vbrGrant, "GrantInstanceToVbr", given);
  }
  addBgpGroup(given: New<BgpGroup>): BgpGroup {
    return this.#add(bgpGroup, "CreateBgpGroup", given);
  }
  addBgpPeer(given: New<BgpPeer>): BgpPeer {
    return this.#add(bgpPeer, "CreateBgpPeer", given);
  }
  addBgpNetwork(given: New<BgpNetwork>): BgpNetwork {
    return this.#add(bgpNetwork, "AddBgpNetwork", given);
  }
  /** Takes over the id of a border router's table. */
  learnTable(router: BorderRouter, id: string): void {
    router.tableId = id;
    const table = this.allTables.find(({ vpcId }) => vpcId === router.id);
    if (table !== undefined) table.id = id;
  }
  /** Puts the routes of a gateway to a destination into the VPC's system table; one entry stands for them all. */
  publish({ id, vpcId }: VpnGateway, destination: string): void {
    if (this.publishedTo(id, destination).length > 0) return;
    const hops = [{ type: "VpnGateway", id, weight: 0 }];
    const entry = { id: "", destination, hops, name: "", description: "", isSystem: false, managedBy: id };
    this.addEntry("vpnRoutePublished", this.systemTableOf(vpcId), entry);
  }
  withdraw(gatewayId: string, vpcId: string, destination: string): void {
    const tableId = this.systemTableOf(vpcId).id;
    const entry = this.entries.find((one) => one.tableId === tableId && one.destination === destination && one.managedBy === gatewayId);
    if (entry !== undefined) this.happens(entry, "vpnRouteWithdrawn");
  }
  addLocalEntries(vpcId: string, block: string): void {
    for (const table of this.tables) if (table.vpcId === vpcId) this.#addSystemEntry(table, block, "local");
  }
  removeLocalEntries(vpcId: string, block: string): void {
    for (const entry of this.entries) {
      if (entry.vpcId === vpcId && entry.isSystem && entry.destination === block) this.happens(entry, "systemRouteRemoved");
    }
  }
  #addSystemEntry(table: Table, destination: string, type: string): void {
    const hops = [{ type, id: "", weight: 0 }];
    this.addEntry("systemRouteAdded", table, { id: "", destination, hops, name: "", description: "", isSystem: true });
  }
  #add<T extends Thing>(kind: AnyKind, event: string, given: New<T>): T {
    const state = kind.states.initial[event];
    assert.ok(state !== undefined, `${kind.name} is not made by ${event}`);
    const times = { createdAt: this.now, modifiedAt: this.now, due: Infinity };
    const added = { tags: new Map(), groups: new Map(), ...given, ...times, kind, state } as unknown as T;
    added.due = this.#end(added);
    this.#met.moved(kind, nothing, event, state);
    this.#things.push(added);
    this.#touched.add(added);
    return added;
  }

  /** Lets an event happen that the state table allows. */
  happens(thing: Thing, event: string): void {
    const target = thing.kind.states.states[thing.state]?.moves[event];
    assert.ok(target !== undefined, `the table of ${thing.kind.name} has no ${event} in ${thing.state}`);
    const to = typeof target === "string" ? target : chosen(thing, target.oneOf);
    this.#met.moved(thing.kind, thing.state, event, to);
    if (to !== gone) this.#enters(thing, to);
    this.#follows(thing, event);
    if (to === gone) this.#remove(thing);
  }
  /** Whether the state table allows an event. */
  may(thing: Thing, event: string): boolean {
    return allows(thing.kind.states, thing.state, event);
  }
  /** Something changes that is no move. */
  touch(thing: Thing): void {
    thing.modifiedAt = this.now;
    this.#touched.add(thing);
  }
  /** Tags or resource groups change: they are each account's own, and no modification that others see. */
  relabel(thing: Thing): void {
    this.#touched.add(thing);
  }
  #enters(thing: Thing, state: string): void {
    const stays = thing.state === state;
    thing.state = state;
    this.touch(thing);
    if (!stays) thing.due = this.#end(thing);
  }
  #end(thing: Thing): number {
    const after = thing.kind.states.states[thing.state]?.task?.after;
    if (after === undefined) return Infinity;
    return typeof after === "string" ? this.now + paces.stepped[after] : (thing as Connection).expiresAt;
  }
  #follows(thing: Thing, event: string): void {
    if (thing.kind === vSwitch && event === "created") {
      for (const block of blocksOf(thing as VSwitch)) this.addLocalEntries((thing as VSwitch).vpcId, block);
    } else if (thing.kind === vSwitch && event === "deleted") {
      for (const block of blocksOf(thing as VSwitch)) this.removeLocalEntries((thing as VSwitch).vpcId, block);
    } else if (thing.kind === vpc && event === "deleted") {
      for (const table of this.tables) if (table.vpcId === thing.id) this.happens(table, "vpcDeleted");
      for (const router of this.routers) if (router.vpcId === thing.id) this.happens(router, "vpcDeleted");
      for (const grant of this.grants) if (grant.vpcId === thing.id) this.happens(grant, "vpcDeleted");
    } else if (thing.kind === routeTable && (event === "deleted" || event === "vpcDeleted")) {
      for (const entry of this.entries) if (entry.tableId === thing.id) this.happens(entry, "systemRouteRemoved");
    } else if (thing.kind === virtualBorderRouter && event === "deleted") {
      for (const table of this.allTables) if (table.vpcId === thing.id) this.happens(table, "vbrDeleted");
      for (const grant of this.grants) if (grant.routerId === thing.id) this.happens(grant, "vbrDeleted");
    } else if (thing.kind === vpnGateway && event === "configured") {
      for (const one of this.vpnConnections) if (one.gatewayId === thing.id) this.#finish(one);
      for (const one of this.vpnRoutes) if (one.gatewayId === thing.id) this.#finish(one);
    } else if (thing.kind === vpnGateway && event === "DeleteVpnGateway") {
      for (const entry of this.entriesTo("VpnGateway", thing.id)) {
        if (this.may(entry, "nextHopDeleted")) this.happens(entry, "nextHopDeleted");
      }
    } else if (thing.kind === vpnConnection && event === "deleted") {
      for (const route of this.vpnRoutes) if (route.nextHop === thing.id) this.happens(route, "connectionDeleted");
    } else if (thing.kind === vpnRouteEntry && (event === "deleted" || event === "connectionDeleted")) {
      const { gatewayId, vpcId, destination, published } = thing as VpnRoute;
      const others = this.publishedTo(gatewayId, destination).filter((one) => one !== thing);
      if (published && others.length === 0) this.withdraw(gatewayId, vpcId, destination);
    }
  }
  /** Work on what belongs to a VPN gateway ends with the gateway's own. */
  #finish(thing: Thing): void {
    const event = thing.kind.states.states[thing.state]?.task?.event;
    if (event !== undefined) this.happens(thing, event);
  }
  #remove(thing: Thing): void {
    this.#things = this.#things.filter((other) => other !== thing);
    this.#touched.add(thing);
    if (thing.id !== "") this.graveyard.push(thing.id);
  }

  /** Moves time on; every state that ends on the way ends at its own time. */
  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const next = this.#things.reduce<Thing | undefined>((first, one) => (one.due < (first?.due ?? Infinity) ? one : first), undefined);
      if (next === undefined || next.due > end) break;
      this.now = next.due;
      this.happens(next, next.kind.states.states[next.state]?.task?.event ?? "");
    }
    this.now = end;
  }

  // What calls ask

  /** What an account sees under an id, in a region if one is named. */
  owned<T extends Thing>(things: readonly T[], id: string, by: string, region: string | undefined): T | undefined {
    return things.find((thing) => thing.id === id && thing.account === by && (region ?? thing.region) === thing.region);
  }
  switchesOf(vpcId: string): VSwitch[] {
    return this.switches.filter((one) => one.vpcId === vpcId);
  }
  customEntriesOf(vpcId: string): Entry[] {
    return this.entries.filter((entry) => entry.vpcId === vpcId && !entry.isSystem);
  }
  entriesTo(type: string, id: string): Entry[] {
    return this.entries.filter(({ hops }) => hops.some((hop) => hop.type === type && hop.id === id));
  }
  systemTableOf(vpcId: string): Table {
    return this.tables.find((one) => one.vpcId === vpcId && one.isSystem) as Table;
  }
  /** Entries that lead to VPN gateways are counted by VPC. */
  hasRoomToGateways({ vpcId, account, region }: Pick<Table, "vpcId" | "account" | "region">): boolean {
    const used = this.entries.filter((entry) => entry.vpcId === vpcId && entry.hops[0]?.type === "VpnGateway");
    return used.length < this.quota("VpnRouteEntry", account, region);
  }
  /** Routes of a VPN gateway to a destination that stand in the VPC's table. */
  publishedTo(gatewayId: string, destination: string): VpnRoute[] {
    return this.vpnRoutes.filter((one) => one.published && one.gatewayId === gatewayId && one.destination === destination);
  }
  vpnGateway(id: string): VpnGateway {
    return this.vpnGateways.find((one) => one.id === id) as VpnGateway;
  }
  connectionsOf(gatewayId: string): IpsecConnection[] {
    return this.vpnConnections.filter((one) => one.gatewayId === gatewayId);
  }
  /** Connections and attachments that use a customer gateway. */
  usersOf(customerId: string): IpsecConnection[] {
    return [...this.vpnConnections, ...this.attachments].filter(({ tunnels }) => tunnels.some((one) => one.customerId === customerId));
  }
  /** The other end of a link, if it is there and says so too. One that names itself has none. */
  oppositeOf({ id, oppositeId }: RouterInterface): RouterInterface | undefined {
    return this.interfaces.find((one) => one.id !== id && one.id === oppositeId && one.oppositeId === id);
  }
  /** Whether a link joins two routers, or is about to. */
  areLinked(one: string, other: string): boolean {
    const joins = ({ routerId, oppositeRouterId }: RouterInterface): boolean =>
      (routerId === one && oppositeRouterId === other) || (routerId === other && oppositeRouterId === one);
    const isUp = (end: RouterInterface | undefined): boolean => end !== undefined && !["Idle", "Deleting"].includes(end.state);
    return this.interfaces.some((end) => joins(end) && isUp(end) && isUp(this.oppositeOf(end)));
  }
  /** Whether a border router may be joined with a VPC. */
  mayUse(router: BorderRouter, of: Vpc): boolean {
    const { account, region, id } = router;
    const isMeant = ({ vpcId, vbrOwner, vbrRegion, routerId }: Grant): boolean =>
      vpcId === of.id && vbrOwner === account && vbrRegion === region && ["", id].includes(routerId);
    return account === of.account || this.grants.some(isMeant);
  }
  atWork(thing: Thing): boolean {
    return isTransitional(thing.kind.states, thing.state);
  }
  /** The first sort of resource that is at work in one of the VPCs, or border routers in their stead; what is left out of `sorts` is not looked at. */
  busy<S extends "vpc" | "vSwitch" | "table" | "entry">(vpcIds: readonly string[], ...sorts: readonly S[]): S | undefined {
    const things = { vpc: [...this.vpcs, ...this.borderRouters], vSwitch: this.switches, table: this.tables, entry: this.entries };
    const inVpc = (thing: Thing): string =>
      [vpc, virtualBorderRouter].includes(thing.kind as never) ? thing.id : (thing as VSwitch).vpcId;
    return sorts.find((sort) => things[sort].some((thing) => vpcIds.includes(inVpc(thing)) && this.atWork(thing)));
  }

  quota(name: QuotaName, account: string, region: string): number {
    return mostSpecific(this.settings.quotas, name, account, region)?.value ?? quotaDefaults[name];
  }
  /** Whether a feature is open; the settings that count are those for all accounts, those that name one, or both. */
  open(name: FeatureName, of: "everybody" | "the account" | "any", account: string, region: string): boolean {
    const counted = this.settings.features.filter((one) => of === "any" || (one.account === undefined) === (of === "everybody"));
    return mostSpecific(counted, name, account, region)?.open ?? true;
  }
}

/** Whether what stands for a VPC is a virtual border router. */
export function isBorderRouterId(vpcId: string): boolean {
  return vpcId.startsWith(`${virtualBorderRouter.idPrefix}-`);
}

/** An entry for this account and region wins over one for the account, this over one for the region, this over one for all. */
function mostSpecific<S extends Setting & { readonly name: string }>(
  settings: readonly S[],
  name: string,
  account: string,
  region: string,
): S | undefined {
  const named = settings.filter((one) => one.name === name);
  const exact = (a: string | undefined, r: string | undefined): S | undefined => named.find((one) => one.account === a && one.region === r);
  return exact(account, region) ?? exact(account, undefined) ?? exact(undefined, region) ?? exact(undefined, undefined);
}

/** The account that pays for a circuit. */
export function payerOf({ account, parentOwner, orderMode }: Circuit): string {
  return orderMode === "PayByPhysicalConnectionOwner" ? parentOwner : account;
}

/**
 * A request to another account waits for it, one within an account does not; a VPN route is published or is not;
 * a circuit's application is decided on, and a circuit that its owner does not pay for is in use once it is accepted.
 */
function chosen(thing: Thing, oneOf: readonly string[]): string {
  if (thing.kind === physicalConnection) {
    const circuit = thing as Circuit;
    const fate = oneOf.find((state) => state === circuit.application);
    if (oneOf.includes("Approved")) return fate ?? "Approved";
    if (oneOf.includes("Allocation Failed")) return fate ?? "Allocated";
    return payerOf(circuit) === circuit.account ? "Confirmed" : "Enabling";
  }
  if (thing.kind === vpnRouteEntry) return (thing as VpnRoute).published ? "published" : "normal";
  const to = thing.account === (thing as Connection).accepter ? "Activated" : "Accepting";
  assert.ok(oneOf.includes(to), `${thing.kind.name} has ${oneOf.join(" or ")}, not ${to}`);
  return to;
}
