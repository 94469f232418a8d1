import assert from "node:assert/strict";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, succeeded } from "../support/networks.ts";
import type { Random } from "../support/random.ts";

/** What a look at the server shows. */
export interface Seen {
  readonly vpcs: ReadonlyMap<string, { readonly name: string; readonly status: string }>;
  readonly peerings: ReadonlyMap<string, { readonly name: string; readonly status: string; readonly tag: string | undefined }>;
  readonly connections: ReadonlyMap<string, { readonly name: string; readonly status: string }>;
  /** With the destinations of its routes, and of the entries of its VPC that lead to it. */
  readonly gateways: ReadonlyMap<string, SeenGateway>;
  /** Status of router interfaces. */
  readonly interfaces: ReadonlyMap<string, string>;
}
export interface SeenGateway {
  readonly name: string;
  readonly status: string;
  readonly routes: readonly string[];
  readonly entries: readonly string[];
}
/** A field that a writer changes: after a lost answer it may have either value. */
interface Field {
  acknowledged: string;
  attempted: string | undefined;
}
interface Creation {
  readonly name: string;
  readonly parameters: Parameters;
}
interface Peering {
  readonly id: string;
  readonly name: Field;
  readonly tag: Field;
}

/** A VPN gateway with its connection, which may have a published route. */
interface Vpn {
  readonly gatewayId: string;
  readonly customerId: string;
  readonly name: Field;
  connection: string | undefined;
  /** Where the route leads; the empty string for none. */
  route: Field;
}
/** Two ends of a link. */
interface Link {
  readonly initiator: string;
  readonly acceptor: string;
  /** Status of both. */
  readonly states: Field;
}
const noLink = "gone gone";
const noRoute = (): Field => ({ acknowledged: "", attempted: undefined });
const routeDestination = "172.20.0.0/16";

/** The server died before it answered: whether the call happened is not known. */
class Lost extends Error {}

/** VPCs that a writer lets pile up before it deletes some. */
const vpcsMax = 12;

/**
 * A client that writes without a pause and remembers what was acknowledged. It knows nothing of the server but its answers.
 * At any moment at most one of its calls is under way.
 */
export class Writer {
  readonly name: string;
  /** Acknowledged and not deleted: name by id. */
  readonly vpcs = new Map<string, string>();
  readonly deleted = new Set<string>();
  /** Calls whose answer was lost. */
  creating: Creation | undefined;
  requesting: Creation | undefined;
  connecting: Creation | undefined;
  deleting: string | undefined;
  deletingPeering = false;
  disconnecting = false;
  peering: Peering | undefined;
  /** Writes acknowledged so far. */
  acknowledged = 0;
  /** Writes that were lost and, being repeated, turned out to have happened. */
  happened = 0;
  #ends: readonly [string, string] = ["", ""];
  /** Routers of a VPC in each region, which are linked. */
  #routers: readonly [string, string] = ["", ""];
  #linkEnd = "";
  #link: Link | undefined;
  #count = 0;

  constructor(name: string) {
    this.name = name;
  }

  #vpn: Vpn | undefined;

  /** Makes the two VPCs that the writer's peering connections join, in the first a VPN gateway with somebody to connect to, and a link from the first. */
  async prepare(caller: Caller, number: number): Promise<void> {
    const made = [hangzhou, beijing, beijing].map(async (RegionId, index) => {
      const answer = await caller.vpc("CreateVpc", { RegionId, CidrBlock: `10.${index}.0.0/16`, VpcName: `${this.name}-end` });
      return succeeded(answer).body;
    });
    const [first, second, third] = (await Promise.all(made)) as [any, any, any];
    this.#ends = [first.VpcId, second.VpcId];
    this.#linkEnd = third.VpcId;
    this.#routers = [first.VRouterId, third.VRouterId];
    await this.#makeEnds(caller);
    const place = { RegionId: hangzhou, VpcId: this.#ends[0] };
    const gateway = succeeded(await caller.vpc("CreateVpnGateway", { ...place, Name: `${this.name}-gateway`, Bandwidth: 10 })).body;
    const IpAddress = `203.0.113.${1 + number}`;
    const customer = succeeded(await caller.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress })).body;
    const name = { acknowledged: gateway.Name, attempted: undefined };
    const [gatewayId, customerId] = [gateway.VpnGatewayId, customer.CustomerGatewayId];
    this.#vpn = { gatewayId, customerId, name, connection: undefined, route: noRoute() };
  }
  isEnd(vpcId: string): boolean {
    return [...this.#ends, this.#linkEnd].includes(vpcId);
  }

  /** Writes until the server is gone. */
  async work(caller: Caller, random: Random, mayDeletePeerings: boolean): Promise<void> {
    try {
      for (;;) await this.#step(caller, random.below(20), mayDeletePeerings);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  }

  async #step(caller: Caller, choice: number, mayDeletePeerings: boolean): Promise<void> {
    const { peering } = this;
    if (choice >= 16) return this.#stepLink(caller, choice);
    if (choice >= 10) return this.#stepVpn(caller, choice);
    if (peering === undefined) return this.#requestPeering(caller);
    if (choice < 2) return this.#set(peering.name, (Name) => caller.peer("ModifyVpcPeerConnection", { InstanceId: peering.id, Name }));
    if (choice < 5) return this.#set(peering.tag, (Value) => caller.peer("TagResources", tagging(peering.id, Value)));
    if (choice === 5 && mayDeletePeerings) return this.#deletePeering(caller, peering.id);
    const [oldest] = this.vpcs.keys();
    if (choice === 6 && oldest !== undefined && this.vpcs.size > vpcsMax) return this.#deleteVpc(caller, oldest);
    return this.#createVpc(caller);
  }

  async #stepVpn(caller: Caller, choice: number): Promise<void> {
    const vpn = this.#vpn as Vpn;
    const gateway = { RegionId: hangzhou, VpnGatewayId: vpn.gatewayId };
    if (choice < 12) return this.#set(vpn.name, (Name) => caller.vpc("ModifyVpnGatewayAttribute", { ...gateway, Name }));
    const { connection } = vpn;
    if (connection === undefined) return this.#connect(caller, vpn);
    if (vpn.route.acknowledged !== "") return this.#disconnect(caller, vpn, connection);
    const route = { ...gateway, NextHop: connection, Weight: 100, PublishVpc: true };
    return this.#set(vpn.route, (RouteDest) => caller.vpc("CreateVpnRouteEntry", { ...route, RouteDest }), routeDestination);
  }
  async #connect(caller: Caller, { gatewayId, customerId }: Vpn): Promise<void> {
    const name = this.#fresh();
    const ends = { RegionId: hangzhou, VpnGatewayId: gatewayId, CustomerGatewayId: customerId };
    const selectors = { LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" };
    this.connecting = { name, parameters: { ...ends, ...selectors, Name: name, ClientToken: `token-${name}` } };
    const answer = await this.#call(() => caller.vpc("CreateVpnConnection", this.connecting?.parameters));
    this.connecting = undefined;
    if (accepted(answer)) (this.#vpn as Vpn).connection = answer.body.VpnConnectionId;
  }
  async #disconnect(caller: Caller, vpn: Vpn, id: string): Promise<void> {
    this.disconnecting = true;
    const answer = await this.#call(() => caller.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: id }));
    this.disconnecting = false;
    if (accepted(answer)) this.#takeDown(vpn, id);
  }
  /** A connection takes its routes along. */
  #takeDown(vpn: Vpn, id: string): void {
    this.deleted.add(id);
    vpn.connection = undefined;
    vpn.route = noRoute();
  }

  /** Two ends that name each other, both Idle. */
  async #makeEnds(caller: Caller): Promise<void> {
    const create = async (at: 0 | 1, side: Parameters): Promise<string> => {
      const [RegionId, OppositeRegionId] = at === 0 ? [hangzhou, beijing] : [beijing, hangzhou];
      const router = { RouterType: "VRouter", RouterId: this.#routers[at] };
      return succeeded(await caller.vpc("CreateRouterInterface", { RegionId, OppositeRegionId, ...router, ...side })).body
        .RouterInterfaceId;
    };
    const names = (id: string, at: 0 | 1): Parameters => {
      return { OppositeInterfaceId: id, OppositeRouterId: this.#routers[at], OppositeInterfaceOwnerId: caller.key.account };
    };
    const initiator = await create(0, { Role: "InitiatingSide", Spec: "Small.1" });
    const acceptor = await create(1, { Role: "AcceptingSide", Spec: "Negative", ...names(initiator, 0) });
    const own = { RegionId: hangzhou, RouterInterfaceId: initiator };
    succeeded(await caller.vpc("ModifyRouterInterfaceAttribute", { ...own, ...names(acceptor, 1) }));
    this.#link = { initiator, acceptor, states: { acknowledged: "Idle Idle", attempted: undefined } };
  }
  /** Connects the two ends, freezes one, takes it into use again, and now and then deletes both. What is gone is made anew by the next check. */
  async #stepLink(caller: Caller, choice: number): Promise<void> {
    const { initiator, acceptor, states } = this.#link as Link;
    const write = (action: string, after: string): Promise<void> =>
      this.#set(states, () => caller.vpc(action, { RegionId: hangzhou, RouterInterfaceId: initiator }), after);
    if (states.acknowledged === noLink) return undefined;
    if (states.acknowledged === "Idle Idle") return write("ConnectRouterInterface", "Active Active");
    if (choice === 16 && this.#count % 4 === 0) {
      const farEnd = { RegionId: beijing, RouterInterfaceId: acceptor };
      return this.#set(states, () => caller.vpc("DeleteExpressConnect", farEnd), noLink);
    }
    if (states.acknowledged === "Active Active") return write("DeactivateRouterInterface", "Inactive Active");
    return write("ActivateRouterInterface", "Active Active");
  }

  async #createVpc(caller: Caller): Promise<void> {
    const name = this.#fresh();
    this.creating = { name, parameters: { RegionId: hangzhou, VpcName: name, ClientToken: `token-${name}` } };
    const answer = await this.#call(() => caller.vpc("CreateVpc", this.creating?.parameters));
    this.creating = undefined;
    this.vpcs.set(succeeded(answer).body.VpcId, name);
  }
  async #deleteVpc(caller: Caller, id: string): Promise<void> {
    this.deleting = id;
    const answer = await this.#call(() => caller.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: id }));
    this.deleting = undefined;
    if (!accepted(answer)) return;
    this.vpcs.delete(id);
    this.deleted.add(id);
  }
  async #requestPeering(caller: Caller): Promise<void> {
    const name = this.#fresh();
    const [VpcId, AcceptingVpcId] = this.#ends;
    const ends = { RegionId: hangzhou, VpcId, AcceptingRegionId: beijing, AcceptingVpcId };
    this.requesting = { name, parameters: { ...ends, Name: name, ClientToken: `token-${name}` } };
    const answer = await this.#call(() => caller.peer("CreateVpcPeerConnection", this.requesting?.parameters));
    this.requesting = undefined;
    // Refused while the connection before it is still being deleted.
    if (answer.body.Code !== "ResourceAlreadyExist.VpcPeer" && accepted(answer)) this.#take(answer.body.InstanceId, name);
  }
  async #deletePeering(caller: Caller, id: string): Promise<void> {
    this.deletingPeering = true;
    const answer = await this.#call(() => caller.peer("DeleteVpcPeerConnection", { InstanceId: id }));
    this.deletingPeering = false;
    if (!accepted(answer)) return;
    this.peering = undefined;
    this.deleted.add(id);
  }
  async #set(field: Field, write: (value: string) => Promise<Answer>, value = this.#fresh()): Promise<void> {
    field.attempted = value;
    const answer = await this.#call(() => write(value));
    field.attempted = undefined;
    if (accepted(answer)) field.acknowledged = value;
  }

  async #call(send: () => Promise<Answer>): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await send();
    } catch (cause) {
      throw new Lost("", { cause });
    }
    if (answer.status === 200) this.acknowledged++;
    return answer;
  }
  #fresh(): string {
    return `${this.name}-${this.#count++}`;
  }
  #take(id: string, name: string): void {
    this.peering = { id, name: { acknowledged: name, attempted: undefined }, tag: { acknowledged: "", attempted: undefined } };
  }

  /** Asserts that nothing acknowledged is lost, and settles what happened to the calls whose answers were. */
  async check(caller: Caller, seen: Seen): Promise<void> {
    if (this.deleting !== undefined && !seen.vpcs.has(this.deleting)) {
      this.vpcs.delete(this.deleting);
      this.deleted.add(this.deleting);
      this.happened++;
    }
    this.deleting = undefined;
    for (const [id, name] of this.vpcs) assert.deepEqual(seen.vpcs.get(id), { name, status: "Available" }, `VPC ${id}`);
    for (const end of [...this.#ends, this.#linkEnd]) assert.equal(seen.vpcs.get(end)?.status, "Available", end);
    const isThere = (id: string): boolean => [seen.vpcs, seen.peerings, seen.connections].some((all) => all.has(id));
    for (const id of this.deleted) assert.ok(!isThere(id), `${id} was deleted and is back`);
    this.#checkPeering(seen);
    this.#checkVpn(seen);
    this.#checkLink(seen);
    if (this.#link?.states.acknowledged === noLink) await this.#makeEnds(caller);

    if (this.creating !== undefined) {
      const there = [...seen.vpcs].filter(([, { name }]) => name === this.creating?.name).map(([id]) => id);
      const id = await this.#repeat(
        this.creating,
        there,
        async (parameters) => succeeded(await caller.vpc("CreateVpc", parameters)).body.VpcId,
      );
      this.vpcs.set(id, this.creating.name);
      this.creating = undefined;
    }
    if (this.connecting !== undefined) {
      const there = [...seen.connections].filter(([, { name }]) => name === this.connecting?.name).map(([id]) => id);
      const connect = async (parameters: Parameters): Promise<string> =>
        succeeded(await caller.vpc("CreateVpnConnection", parameters)).body.VpnConnectionId;
      (this.#vpn as Vpn).connection = await this.#repeat(this.connecting, there, connect);
      this.connecting = undefined;
    }
    if (this.requesting !== undefined) {
      const there = [...seen.peerings].filter(([, { name }]) => name === this.requesting?.name).map(([id]) => id);
      const request = async (parameters: Parameters): Promise<string> =>
        succeeded(await caller.peer("CreateVpcPeerConnection", parameters)).body.InstanceId;
      this.#take(await this.#repeat(this.requesting, there, request), this.requesting.name);
      this.requesting = undefined;
    }
  }

  #checkPeering(seen: Seen): void {
    const { peering } = this;
    if (peering === undefined) return;
    const found = seen.peerings.get(peering.id);
    if (this.deletingPeering && found === undefined) {
      this.deleted.add(peering.id);
      this.peering = undefined;
      this.happened++;
    } else {
      assert.equal(found?.status, "Activated", peering.id);
      this.#checkField(peering.name, found?.name, `name of ${peering.id}`);
      this.#checkField(peering.tag, found?.tag ?? "", `tag of ${peering.id}`);
    }
    this.deletingPeering = false;
  }
  /** Work on a gateway is over: it is active, its connection too, and its route stands in the VPC's table or is gone from there. */
  #checkVpn(seen: Seen): void {
    const vpn = this.#vpn as Vpn;
    const gateway = seen.gateways.get(vpn.gatewayId);
    assert.equal(gateway?.status, "active", vpn.gatewayId);
    this.#checkField(vpn.name, gateway?.name, `name of ${vpn.gatewayId}`);
    const { connection } = vpn;
    if (connection !== undefined && this.disconnecting && !seen.connections.has(connection)) {
      this.#takeDown(vpn, connection);
      this.happened++;
    } else if (connection !== undefined) {
      assert.equal(seen.connections.get(connection)?.status, "active", connection);
    }
    this.disconnecting = false;
    assert.deepEqual(gateway?.entries, gateway?.routes, `entries of the VPC that lead to ${vpn.gatewayId}`);
    this.#checkField(vpn.route, gateway?.routes.join() ?? "", `route of ${vpn.gatewayId}`);
  }
  /** Work on a link is over: what happened to one end happened to the other. */
  #checkLink(seen: Seen): void {
    const { initiator, acceptor, states } = this.#link as Link;
    const found = [initiator, acceptor].map((id) => seen.interfaces.get(id) ?? "gone");
    this.#checkField(states, found.join(" "), `status of ${initiator} and ${acceptor}`);
  }
  #checkField(field: Field, value: string | undefined, what: string): void {
    assert.ok(
      value !== undefined && [field.acknowledged, field.attempted].includes(value),
      `${what}: reads ${value}, acknowledged was ${field.acknowledged}, attempted ${field.attempted}`,
    );
    if (value === field.attempted) this.happened++;
    field.acknowledged = value;
    field.attempted = undefined;
  }

  /** Repeats a creation with its token, twice at once: one and the same resource answers, and if it was made before, that one. */
  async #repeat(
    { name, parameters }: Creation,
    there: readonly string[],
    send: (parameters: Parameters) => Promise<string>,
  ): Promise<string> {
    assert.ok(there.length <= 1, `${name} exists ${there.length} times`);
    const [first, second] = await Promise.all([send(parameters), send(parameters)]);
    assert.equal(first, second, `one token, one resource: ${name}`);
    if (there.length === 1) {
      assert.equal(first, there[0], `${name} existed already`);
      this.happened++;
    }
    this.acknowledged++;
    return first;
  }

  /** Whether the writer can answer for a resource. */
  knows(id: string, name: string): boolean {
    const isOwn = this.vpcs.has(id) || this.isEnd(id) || [this.peering?.id, this.#vpn?.connection].includes(id);
    return isOwn || [this.creating, this.requesting, this.connecting].some((creation) => creation?.name === name);
  }
}

function tagging(id: string, Value: string): Parameters {
  return { RegionId: hangzhou, ResourceType: "PeerConnection", ResourceId: [id], Tag: [{ Key: "turn", Value }] };
}

/** A write may come while earlier work on its resource goes on. Any other refusal is a fault. */
function accepted(answer: Answer): boolean {
  if (/^(Incorrect(Vpc|RI)?Status|VpnGateway\.Configuring)/.test(answer.body.Code ?? "")) return false;
  succeeded(answer);
  return true;
}
