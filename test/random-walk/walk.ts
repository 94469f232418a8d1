import assert from "node:assert/strict";
import { inspect } from "node:util";
import { bgpNetwork } from "../../src/services/express-connect/bgp/bgp-network.ts";
import { virtualBorderRouter } from "../../src/services/express-connect/border-routers/virtual-border-router.ts";
import { vbrGrant } from "../../src/services/express-connect/grants/vbr-grant.ts";
import { vpcPeerConnection } from "../../src/services/peering/vpc-peer-connection.ts";
import { routeEntry } from "../../src/services/vpc/route-entry.ts";
import { vpnRouteEntry } from "../../src/services/vpn/vpn-route-entry.ts";
import { Caller, type Key, versions } from "../support/caller.ts";
import { beijing, hangzhou, succeeded } from "../support/networks.ts";
import { Random } from "../support/random.ts";
import { accepterKey, requesterKey, type TestServer } from "../support/server.ts";
import { assertReplayGivesRows, readStore } from "../store/replay.ts";
import { defined, type Family, type Foretold, refused } from "./foretell.ts";
import { bgpFamily } from "./foretell-bgp.ts";
import { borderRouterFamily } from "./foretell-border-routers.ts";
import { circuitFamily, routersOn } from "./foretell-circuits.ts";
import { grantFamily } from "./foretell-grants.ts";
import { ipsecFamily } from "./foretell-ipsec.ts";
import { interfaceFamily } from "./foretell-router-interfaces.ts";
import { peeringFamily } from "./foretell-peering.ts";
import { routeFamily } from "./foretell-routes.ts";
import { expressConnectTagFamily, peeringTagFamily, vpcTagFamily } from "./foretell-tags.ts";
import { vpcFamily } from "./foretell-vpc.ts";
import { vpnFamily } from "./foretell-vpn.ts";
import { vpnRouteFamily } from "./foretell-vpn-routes.ts";
import { deletions, isBusyHop, prologues, someCall, someEmphasis, someSettings, type Theme } from "./generate.ts";
import { type AdminCall, type ApiCall, Ground, type Product, type Remembered } from "./ground.ts";
import type { Met } from "./met.ts";
import { Model } from "./model.ts";
import {
  type Account,
  type BorderRouter,
  type Circuit,
  type Connection,
  type Entry,
  sidesOf,
  type Thing,
  type VpnRoute,
} from "./things.ts";
import { attribute as networkAttribute, entryList, filteredLists, type Place, type Read, wholeLists } from "./views.ts";
import { bgpAttribute, bgpLists } from "./views-bgp.ts";
import { borderRouterAttribute, filteredBorderRouterLists, wholeBorderRouterLists } from "./views-border-routers.ts";
import { circuitAttribute, filteredCircuitLists, wholeCircuitLists } from "./views-circuits.ts";
import { grantLists } from "./views-grants.ts";
import { filteredInterfaceLists, interfaceAttribute, wholeInterfaceLists } from "./views-router-interfaces.ts";
import { filteredVpnLists, routesOfGateway, vpnAttribute, wholeVpnLists } from "./views-vpn.ts";

/** One walk: calls at random, each answer and what is there afterwards compared with the model, and at its end everything taken down. */

const families: Readonly<Record<Product, Family>> = {
  vpc: {
    ...vpcFamily,
    ...routeFamily,
    ...vpcTagFamily,
    ...vpnFamily,
    ...ipsecFamily,
    ...vpnRouteFamily,
    ...interfaceFamily,
    ...circuitFamily,
    ...borderRouterFamily,
    ...bgpFamily,
    ...grantFamily,
    ...expressConnectTagFamily,
  },
  peer: { ...peeringFamily, ...peeringTagFamily },
};
/** Calls that the walks make, as product and action. */
export const actionsInPlay: readonly (readonly [Product, string])[] = (["vpc", "peer"] as const).flatMap((product) =>
  Object.keys(families[product]).map((action) => [product, action] as const),
);

const whole = [
  ...wholeLists,
  ...wholeVpnLists,
  ...wholeInterfaceLists,
  ...wholeCircuitLists,
  ...wholeBorderRouterLists,
  ...bgpLists,
  ...grantLists,
];
const filtered = [
  ...filteredLists,
  ...filteredVpnLists,
  ...filteredInterfaceLists,
  ...filteredCircuitLists,
  ...filteredBorderRouterLists,
  ...bgpLists,
  ...grantLists,
];
const attribute: typeof networkAttribute = (...of) =>
  vpnAttribute(...of) ??
  interfaceAttribute(...of) ??
  circuitAttribute(...of) ??
  borderRouterAttribute(...of) ??
  bgpAttribute(...of) ??
  networkAttribute(...of);
/** What an administrator can set, by the prefix of the id, and to what of all that the walks say. */
const patchable: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  pcc: { BizStatus: /./, ManagedService: /^/ },
  vpn: { BusinessStatus: /./, ChargeType: /^(Prepay|PostpayByFlow)$/ },
  vco: { SimulatedStatus: /^/, SimulatedSecondStatus: /^/ },
  ri: { BusinessStatus: /./, ChargeType: /^(Prepaid|AfterPay)$/, OperationLock: /^/ },
  pc: { BusinessStatus: /./, Application: /^(Allocated|Rejected|Allocation Failed)$/ },
};
/** Fields of the model that these set. */
const patchedFields: Readonly<Record<string, string>> = {
  BizStatus: "bizStatus",
  ManagedService: "managedBy",
  BusinessStatus: "businessStatus",
  ChargeType: "chargeType",
  OperationLock: "lock",
  Application: "application",
  SimulatedStatus: "simulated",
  SimulatedSecondStatus: "simulatedSecond",
};

const singapore = "ap-southeast-1";
/** Seconds that time moves on by: the length of work, a little less and more, and what makes requests expire. */
const advances = [30, 30, 30, 30, 30, 10, 15, 29, 31, 60, 90];
const longAdvances = [86_400, 4 * 86_400, 8 * 86_400];

const seedAccount = (name: string, { account, id, secret }: Key): object => ({
  name,
  uid: account,
  keys: [{ id, secret }],
  resourceGroups: ["harbour"],
});
/** The development accounts, each with a resource group beside the default one. */
export const walkSeed = { accounts: [seedAccount("requester", requesterKey), seedAccount("accepter", accepterKey)] };

interface Outcome {
  readonly status: number;
  readonly body: any;
}

/** Each theme as often as it is drawn. */
const drawnThemes = Object.entries({ network: 3, vpn: 4, link: 3, border: 5, all: 1 } satisfies Record<Theme, number>).flatMap(
  ([theme, times]) => Array<Theme>(times).fill(theme as Theme),
);

export class Walk {
  readonly #server: TestServer;
  readonly #model: Model;
  readonly #met: Met;
  readonly #theme: Theme;
  readonly #regions: readonly string[];
  readonly #emphasis: readonly number[];
  readonly #remembered: Remembered[] = [];
  /** By scope and token: what was asked, and what was answered. */
  readonly #tokens = new Map<string, { readonly input: string; readonly answer: Readonly<Record<string, unknown>> }>();
  /** Every call with its answer. */
  readonly trail: string[] = [];

  private constructor(server: TestServer, now: number, met: Met, random: Random, theme: Theme) {
    this.#server = server;
    this.#met = met;
    this.#theme = theme;
    this.#model = new Model(now, met);
    this.#regions = random.pick([
      [hangzhou, beijing],
      [hangzhou, beijing],
      [hangzhou, singapore],
    ]);
    this.#emphasis = someEmphasis(random, theme);
  }

  /** A walk with the two development accounts on a server that is brought back to its first start, so that no walk knows of another. */
  static async begin(server: TestServer, met: Met, random: Random): Promise<Walk> {
    assert.equal((await server.admin("POST", "reset")).status, 200);
    const theme = random.pick(drawnThemes);
    const walk = new Walk(server, Date.parse((await server.admin("GET", "clock")).body.now), met, random, theme);
    for (const [name, key] of [
      ["requester", requesterKey],
      ["accepter", accepterKey],
    ] as const) {
      const account = { name, id: key.account, account: key.account, region: "", keys: [key], groupIds: new Map() };
      await walk.#learnGroups(walk.#model.addAccount(account));
    }
    return walk;
  }
  /** Settings at random, and what walks of the theme begin with. */
  async prepare(random: Random): Promise<void> {
    await this.#admin({ does: "putSettings", settings: someSettings(this.#model, random, this.#regions) });
    for (const [action, make] of prologues[this.#theme]) {
      const made = make(this.#ground(random));
      if (made !== undefined) await this.#api({ ...made, product: "vpc", action });
      await this.#pass(30);
    }
  }
  #ground(random: Random): Ground {
    const [model, regions, emphasis, remembered] = [this.#model, this.#regions, this.#emphasis, this.#remembered];
    return new Ground(random, { model, regions, emphasis, remembered });
  }

  /** One call, sometimes after time has moved on, and a look at what it touched and at something else. */
  async step(random: Random): Promise<void> {
    const isRare = this.#model.connections.some((one) => isBusyHop(this.#model, one));
    // While a VPN gateway is at work, it and all that belongs to it refuse.
    const isLocked = this.#model.vpnGateways.some((one) => this.#model.atWork(one));
    if (random.chance(isRare ? 0.2 : isLocked ? 0.65 : 0.45)) await this.#advance(random);
    const call = someCall(this.#ground(random));
    if ("does" in call) await this.#admin(call);
    else await this.#api(call);
    await this.#lookAtTouched();
    // Somebody looks at what the call named, whether it was there or not.
    if (!("does" in call) && random.chance(0.5)) {
      const reader = random.pick(this.#model.accounts);
      await this.#compareAll(idsIn(call.parameters).map((id) => attribute(this.#model, reader, id, random.pick(this.#regions))));
    }
    await this.#lookAround(random, 1);
  }

  async #advance(random: Random): Promise<void> {
    const { connections, borderRouters } = this.#model;
    const isWaiting = connections.some(({ state }) => state === "Accepting") || borderRouters.some(({ state }) => state === "terminated");
    await this.#pass(random.chance(isWaiting ? 0.15 : 0.04) ? random.pick(longAdvances) : random.pick(advances));
    await this.#lookAround(random, 1);
  }
  async #pass(seconds: number): Promise<void> {
    this.trail.push(`${seconds} seconds pass`);
    await this.#server.advance(seconds);
    this.#model.advance(1000 * seconds);
    await this.#lookAtTouched();
  }

  // Calls

  async #api(call: ApiCall): Promise<void> {
    const { by, action, parameters } = call;
    const foretold = this.#foretell(call);
    const answer = await this.#send(call);
    this.#tell(`${by.name} ${action} ${show(parameters)}`, answer);
    const expected = this.#judge(action, foretold, answer, 200);
    if (expected === undefined || parameters["ClientToken"] === undefined || parameters["DryRun"] === true) return;
    const scope = this.#tokenScope(call);
    if (this.#tokens.has(scope)) return;
    this.#tokens.set(scope, { input: inputOf(call), answer: expected });
    this.#remembered.push({ call, at: this.#model.now });
  }
  /** Keys first, then the token, then the operation itself, then the dry run. */
  #foretell(call: ApiCall): Foretold {
    const { by, product, action, parameters } = call;
    if (by.state !== "Enabled") return refused("InvalidAccessKeyId.Inactive");
    if (parameters["ClientToken"] !== undefined && parameters["DryRun"] !== true) {
      const first = this.#tokens.get(this.#tokenScope(call));
      if (first !== undefined) return first.input === inputOf(call) ? () => first.answer : refused("IdempotentParameterMismatch");
    }
    const foretold = (families[product][action] as Family[string])(this.#model, by, parameters);
    return typeof foretold === "function" && parameters["DryRun"] === true ? refused("DryRunOperation") : foretold;
  }
  #tokenScope({ by, product, action, parameters }: ApiCall): string {
    const { RegionId = "", ClientToken } = parameters as Record<string, string>;
    return [by.id, product, action, RegionId, ClientToken].join(" ");
  }
  async #send({ by, keyIndex = 0, product, action, parameters }: ApiCall): Promise<Outcome> {
    const key = by.keys[keyIndex];
    assert.ok(key);
    const version = product === "vpc" ? versions.Vpc : versions.VpcPeer;
    return new Caller(this.#server.url, key).call(version, action, parameters);
  }
  /** Compares an answer with what was foretold, and lets it happen to the model. Gives the fields of a successful answer. */
  #judge(action: string, foretold: Foretold, { status, body }: Outcome, success: number): Readonly<Record<string, unknown>> | undefined {
    // Some successful answers have a code too.
    const met = { http: status, code: status === success ? undefined : (body.Code ?? body.error) };
    if (typeof foretold !== "function") {
      this.#met.answered(action, foretold.code);
      assert.deepEqual(met, { http: foretold.http, code: foretold.code });
      return undefined;
    }
    assert.deepEqual(met, { http: success, code: undefined });
    const expected = foretold(body);
    const { RequestId: _requestId, ...fields } = body;
    assert.deepEqual(fields, expected);
    this.#met.answered(action, "OK");
    // A batch succeeds even when members of it fail.
    for (const { FailedCode } of body.FailedRouteEntries ?? []) this.#met.answered(action, FailedCode);
    return expected;
  }

  async #admin(call: AdminCall): Promise<void> {
    const model = this.#model;
    const known = "name" in call ? model.accounts.find(({ name }) => name === call.name) : undefined;
    const [method, path, given] = requestOf(call);
    const answer = await this.#server.admin(method, path, given);
    this.#tell(`${method} ${path} ${show(given ?? {})}`, answer);
    const isNew = call.does === "createAccount" || call.does === "createKey";
    this.#judge(call.does, this.#foretellAdmin(call, known), answer, isNew ? 201 : 200);
    for (const account of model.accounts) if (account.groupIds.size === 0) await this.#learnGroups(account);
  }
  #foretellAdmin(call: AdminCall, known: Account | undefined): Foretold {
    const model = this.#model;
    switch (call.does) {
      case "createAccount":
        if (known !== undefined) return refused("InvalidParameter");
        return ({ account, key }) => {
          const { uid } = account;
          const added = { id: uid, account: uid, region: "", name: call.name, groupIds: new Map() };
          model.addAccount({ ...added, keys: [{ account: uid, id: key.AccessKeyId, secret: key.AccessKeySecret }] });
          return { account: accountView(model.account(uid)), key };
        };
      case "createKey":
        if (known === undefined) return refused("NotFound", 404);
        return ({ key }) => {
          known.keys.push({ account: known.id, id: key.AccessKeyId, secret: key.AccessKeySecret });
          return { key };
        };
      case "disableAccount":
        if (known === undefined) return refused("NotFound", 404);
        return () => {
          if (model.may(known, "disableAccount")) model.happens(known, "disableAccount");
          return { account: accountView(known) };
        };
      case "putSettings":
        return ({ quotaDefaults, featureNames }) => {
          model.settings = call.settings;
          return { ...call.settings, accessPoints: [], rateLimits: [], quotaDefaults, featureNames };
        };
      case "patch": {
        const thing = model.things.find(({ id }) => id === call.id);
        if (thing === undefined) return refused("NotFound", 404);
        const known = patchable[thing.kind.idPrefix] ?? {};
        const fits = ([field, value]: readonly [string, string]): boolean => known[field]?.test(value) === true;
        if (!Object.entries(call.fields).every(fits)) return refused("InvalidParameter");
        return () => {
          for (const [field, value] of Object.entries(call.fields)) Object.assign(thing, { [patchedFields[field] ?? ""]: value });
          model.touch(thing);
          return { resource: { id: call.id, kind: thing.kind.name, fields: call.fields } };
        };
      }
    }
  }
  async #learnGroups(account: Account): Promise<void> {
    const [key] = account.keys;
    assert.ok(key);
    const { body } = succeeded(await new Caller(this.#server.url, key).call("2020-03-31", "ListResourceGroups"));
    for (const { Name, Id } of body.ResourceGroups.ResourceGroup) account.groupIds.set(Name, Id);
    assert.ok(account.groupIds.has("default"));
  }

  // Comparing

  async #compare(read: Read): Promise<void> {
    const { by, action, parameters } = read;
    const { status, body } = await this.#send(read);
    const what = `${by.name} reads ${action} ${show(parameters)}`;
    if (by.state !== "Enabled") {
      assert.equal(body.Code, "InvalidAccessKeyId.Inactive", what);
      return;
    }
    read.learn?.(body);
    const { RequestId: _requestId, ...fields } = body;
    assert.deepEqual(read.of === undefined ? fields : read.of(fields), read.expected, `${what}, HTTP ${status}`);
  }
  async #compareAll(reads: readonly (Read | undefined)[]): Promise<void> {
    await Promise.all(reads.flatMap((read) => (read === undefined ? [] : this.#compare(read))));
  }
  /** What all parties read of what has changed. */
  async #lookAtTouched(): Promise<void> {
    const model = this.#model;
    const reads = new Map<string, Read | undefined>();
    const gateways = new Set<string>();
    for (const thing of model.takeTouched()) {
      if (thing.kind === vpnRouteEntry) gateways.add((thing as VpnRoute).gatewayId);
      const parties = partiesOf(thing);
      // An entry is read with its table.
      const id = thing.kind === routeEntry ? (thing as Entry).tableId : thing.id;
      for (const { account, region } of parties) reads.set(`${account} ${id}`, attribute(model, model.account(account), id, region));
      // What names it shows something of it.
      for (const end of model.interfaces.filter(({ oppositeId }) => oppositeId === id))
        reads.set(`${end.account} ${end.id}`, attribute(model, model.account(end.account), end.id, end.region));
      for (const peer of model.bgpPeers.filter(({ routerId, groupId }) => [routerId, groupId].includes(id)))
        reads.set(`${peer.account} ${peer.id}`, attribute(model, model.account(peer.account), peer.id, peer.region));
    }
    // VPN routes are read with their gateway, which may be gone by now.
    const routes = model.vpnGateways.filter(({ id }) => gateways.has(id)).flatMap((gateway) => routesOfGateway(model, gateway));
    await this.#compareAll([...reads.values(), ...routes]);
  }
  /** Some of the lists, filtered and paged. */
  async #lookAround(random: Random, number: number): Promise<void> {
    const reads: Read[] = [];
    for (let n = 0; n < number; n++) {
      const place: Place = { by: random.pick(this.#model.accounts), region: random.pick(this.#regions) };
      const list = random.chance(0.3) ? random.pick(whole) : random.pick(filtered);
      const knowsIds = this.#model.entries.every(({ id }) => id !== "");
      const [, ...tables] = this.#model.tables;
      if (knowsIds && tables.length > 0 && random.chance(0.2)) {
        const of = random.pick(this.#model.tables);
        reads.push(entryList(this.#model, this.#model.account(of.account), of, random));
      } else reads.push(list(this.#model, place, random.chance(0.3) ? undefined : random));
    }
    await this.#compareAll(reads);
  }
  /** Everything that anybody can read, and what the store holds beside it. */
  async lookAtEverything(): Promise<void> {
    const model = this.#model;
    const places = model.accounts.flatMap((by) => this.#regions.map((region) => ({ by, region })));
    for (const list of whole) await this.#compareAll(places.map((place) => list(model, place, undefined)));
    await this.#compareAll(model.things.map(({ id, account, region }) => attribute(model, model.account(account), id, region)));
    await this.#compareAll(
      model.connections.map(({ id, accepter, acceptingRegion }) => attribute(model, model.account(accepter), id, acceptingRegion)),
    );
    await this.#compareAll(model.vpnGateways.flatMap((gateway) => routesOfGateway(model, gateway)));
    const { body } = await this.#server.admin("GET", "accounts");
    assert.deepEqual(body.accounts, model.accounts.map(accountView));

    // A state that ends by itself has its task, and no other has one.
    const tasks = model.things
      .filter(({ due }) => due < Infinity)
      .map(({ id, kind, state, due }) => [id, kind.states.states[state]?.task?.event, due]);
    const counts = Object.groupBy(model.things, ({ kind }) => kind.name);
    readStore(this.#server.folder, (all) => {
      // Ids of VPN routes, BGP networks and grants are never shown.
      const hidden = [vpnRouteEntry, bgpNetwork, vbrGrant].map(({ idPrefix }) => `${idPrefix}-`);
      const idOf = (resource: string): string => (hidden.some((prefix) => resource.startsWith(prefix)) ? "" : resource);
      const stored = all("SELECT resource, event, due FROM task").map(({ resource, event, due }) => [idOf(resource as string), event, due]);
      assert.deepEqual(stored.sort(), tasks.sort(), "tasks");
      const kinds = all("SELECT kind, count(*) AS total FROM resource WHERE kind NOT IN ('access-key', 'resource-group') GROUP BY kind");
      assert.deepEqual(
        Object.fromEntries(kinds.map(({ kind, total }) => [kind, total])),
        Object.fromEntries(Object.entries(counts).map(([kind, things]) => [kind, things?.length])),
      );
    });
  }

  /** Takes everything down, in an order that chance decides, and finds nothing left but what belongs to disabled accounts. */
  async end(random: Random): Promise<void> {
    await this.lookAtEverything();
    this.trail.push("everything is taken down");
    const model = this.#model;
    for (const { id, bizStatus, managedBy } of model.connections) {
      if (bizStatus !== "Normal" || managedBy !== "")
        await this.#admin({ does: "patch", id, fields: { BizStatus: "Normal", ManagedService: "" } });
    }
    for (const { id, chargeType } of model.vpnGateways) {
      if (chargeType === "Prepay") await this.#admin({ does: "patch", id, fields: { ChargeType: "PostpayByFlow" } });
    }
    for (const { id } of model.interfaces.filter(({ chargeType, lock }) => chargeType === "Prepaid" || lock !== ""))
      await this.#admin({ does: "patch", id, fields: { ChargeType: "AfterPay", OperationLock: "" } });
    // Each round takes down at least one thing.
    for (let rounds = model.things.length; rounds > 0; rounds--) {
      const calls = deletions(model, random);
      if (calls.length === 0) break;
      for (const call of calls) if (typeof this.#foretell(call) === "function" || random.chance(0.1)) await this.#api(call);
      await this.#server.advance(30);
      model.advance(30_000);
    }
    await this.#server.advance(90);
    model.advance(90_000);
    const disabled = new Set(model.accounts.filter(({ state }) => state !== "Enabled").map(({ id }) => id));
    const left = model.things.filter((thing) => thing.kind !== model.accounts[0]?.kind && !isHeldBy(model, thing, disabled));
    assert.deepEqual(
      left.map(({ kind, id }) => `${kind.name} ${id}`),
      [],
    );
    await this.lookAtEverything();
    assertReplayGivesRows(this.#server.folder);
  }

  #tell(what: string, { status, body }: Outcome): void {
    const { RequestId: _requestId, HostId: _hostId, Recommend: _recommend, ...fields } = body;
    this.trail.push(`${what}\n    → ${status} ${show(fields)}`);
  }
}

/** Who reads a thing, and where. */
function partiesOf(thing: Thing): readonly { readonly account: string; readonly region: string }[] {
  if (thing.kind === vpcPeerConnection) return sidesOf(thing as Connection);
  const { account, region } = thing;
  const owners = thing.kind === virtualBorderRouter ? (thing as BorderRouter).circuits.map(({ circuitOwner }) => circuitOwner) : [];
  return [...new Set([account, ...owners])].map((party) => ({ account: party, region }));
}
/** Whether a thing is one of these accounts', or is not to be had down without them. */
function isHeldBy(model: Model, thing: Thing, accounts: ReadonlySet<string>): boolean {
  if (accounts.has(thing.account)) return true;
  if (accounts.has((thing as Partial<Circuit>).parentOwner ?? "")) return true;
  const onIt = [...model.circuits.filter(({ parentId }) => parentId === thing.id), ...routersOn(model, thing.id)];
  return onIt.some((one) => isHeldBy(model, one, accounts));
}
/** The request of a call to Linkspan's own addresses. */
function requestOf(call: AdminCall): [method: string, path: string, body?: object] {
  switch (call.does) {
    case "createAccount":
      return ["POST", "accounts", { name: call.name }];
    case "createKey":
      return ["POST", `accounts/${call.name}/keys`];
    case "disableAccount":
      return ["DELETE", `accounts/${call.name}`];
    case "putSettings":
      return ["PUT", "settings", call.settings];
    case "patch":
      return ["PATCH", `resources/${call.id}`, call.fields];
  }
}
function accountView({ id, name, state, keys }: Account): Readonly<Record<string, unknown>> {
  const shown = keys.map((key) => ({ id: key.id, state: "Active", development: [requesterKey.id, accepterKey.id].includes(key.id) }));
  return { uid: id, name, state, keys: shown };
}
/** What a repeat under the same token must have in common with the first call. */
function inputOf({ parameters }: ApiCall): string {
  const { ClientToken: _token, DryRun: _dryRun, ...rest } = parameters;
  return JSON.stringify(rest);
}
function idsIn(parameters: Readonly<Record<string, unknown>>): string[] {
  return Object.values(parameters).filter(
    (value): value is string => typeof value === "string" && /^(vpc|vsw|vtb|pcc|vpn|cgw|vco|ri|pc|vbr|bgpg|bgp)-/.test(value),
  );
}
function show(value: object): string {
  return inspect(defined(value as Record<string, unknown>), { depth: 6, breakLength: Infinity, compact: true });
}
