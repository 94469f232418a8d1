import { regionById } from "../../src/contract/regions.ts";
import type { Random } from "../support/random.ts";
import type { Tag } from "./foretell.ts";
import { blocksOf, ipv4Of } from "./address-blocks.ts";
import type { Model, Settings } from "./model.ts";
import { type Account, type Connection, sidesOf, type Table, type Thing, type Vpc } from "./things.ts";

/** What calls are made of: parameters chosen at random, mostly ones that fit what is there. */

export type Product = "vpc" | "peer";
/** A call of an operation. */
export interface ApiCall {
  readonly by: Account;
  /** Which of the account's keys signs; the first unless said. */
  readonly keyIndex?: number;
  readonly product: Product;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}
/** What only Linkspan's own addresses can do. */
export type AdminCall =
  | { readonly does: "createAccount" | "createKey" | "disableAccount"; readonly name: string }
  | { readonly does: "putSettings"; readonly settings: Settings }
  | { readonly does: "patch"; readonly id: string; readonly fields: Readonly<Record<string, string>> };
/** A call that succeeded under a ClientToken. */
export interface Remembered {
  readonly call: ApiCall;
  readonly at: number;
}

export interface Made {
  readonly by: Account;
  readonly parameters: Readonly<Record<string, unknown>>;
}
/** Makes a call, where what it needs is there. */
export type Make = (g: Ground) => Made | undefined;
export interface Maker {
  readonly product: Product;
  readonly action: string;
  /** How often an operation is called, beside the others; a function asks what is there. */
  readonly weight: number | ((g: Ground) => number);
  readonly make: Make;
}
/** An operation of Vpc. */
export const vpc = (action: string, weight: Maker["weight"], make: Make): Maker => ({ product: "vpc", action, weight, make });

const names = ["pier", "quay", "lock"];
export const vpcBlocks = ["10.0.0.0/16", "10.0.0.0/16", "10.1.0.0/16", "192.168.0.0/16", "172.16.0.0/12"];
export const secondaryBlocks = ["10.1.0.0/16", "10.2.0.0/16", "10.8.0.0/15", "10.0.128.0/17", "100.64.0.0/16"];
export const ipv6Blocks = ["2408:4001:1:aa00::/56", "2408:4001:1:ab00::/56", "2408:4001:1:ac00::/56"];
export const destinations = ["10.8.0.0/16", "10.9.1.0/24", "0.0.0.0/0", "10.9.9.9", "172.31.0.0/20", "2408:4009::/32", "100.64.1.0/24"];
/** What a walk gives to the making of its calls. */
export interface Surroundings {
  readonly model: Model;
  readonly regions: readonly string[];
  /** How much likelier than usual each operation is in this walk. */
  readonly emphasis: readonly number[];
  readonly remembered: readonly Remembered[];
}
/** What calls are made of. */
export class Ground {
  readonly model: Model;
  readonly random: Random;
  readonly regions: readonly string[];
  readonly emphasis: readonly number[];
  readonly remembered: readonly Remembered[];

  constructor(random: Random, { model, regions, emphasis, remembered }: Surroundings) {
    this.random = random;
    this.model = model;
    this.regions = regions;
    this.emphasis = emphasis;
    this.remembered = remembered;
  }
  maybe<T>(probability: number, make: () => T): T | undefined {
    return this.random.chance(probability) ? make() : undefined;
  }
  /** One of the things, rather an early one: so that much happens in one place. */
  some<T>(things: readonly T[]): T | undefined {
    return things[Math.floor(this.random.next() ** 1.7 * things.length)];
  }
  /** One of the things, mostly one that fits; where none fits, mostly none. */
  fitting<T>(things: readonly T[], fits: (thing: T) => boolean): T | undefined {
    const best = things.filter(fits);
    if (best.length === 0) return this.random.chance(0.2) ? this.some(things) : undefined;
    return this.some(this.random.chance(0.85) ? best : things);
  }
  get enabled(): Account[] {
    return this.model.accounts.filter(({ state }) => state === "Enabled");
  }
  someone(): Account {
    return this.random.pick(this.random.chance(0.97) ? this.enabled : this.model.accounts);
  }
  /** Mostly the account itself. */
  mostly(id: string): Account {
    return this.random.chance(0.96) ? this.model.account(id) : this.someone();
  }
  region(own?: string): string {
    return own !== undefined && this.random.chance(0.98) ? own : this.random.pick(this.regions);
  }
  /** Mostly the id of a thing; sometimes that of another, of one that is gone, or of nothing. */
  id(thing: Thing): string {
    if (this.random.chance(0.97)) return thing.id;
    return this.random.pick([
      this.random.pick(this.model.things).id || "rte-nowhere",
      this.some(this.model.graveyard) ?? thing.id,
      `${thing.kind.idPrefix}-nowhere`,
    ]);
  }
  name(probability = 0.5): string | undefined {
    return this.maybe(probability, () => this.random.pick(names));
  }
  tags(probability = 0.3): Tag[] | undefined {
    const tag = (): Tag => ({
      Key: this.random.pick(["stage", "team", "cost"]),
      Value: this.maybe(0.8, () => this.random.pick(["1", "2"])),
    });
    return this.maybe(probability, () => {
      if (this.random.chance(0.04)) return [{ Key: "acs:mine", Value: "1" }];
      const tags = Array.from({ length: 1 + this.random.below(2) }, tag);
      return this.random.chance(0.8) ? tags.slice(0, new Set(tags.map(({ Key }) => Key)).size) : tags;
    });
  }
  group(of: Account, probability = 0.25): string | undefined {
    return this.maybe(probability, () => {
      const groups = (this.random.chance(0.85) ? of : this.random.pick(this.model.accounts)).groupIds;
      return this.some([...groups.values()]) ?? "rg-nowhere";
    });
  }
  zone(region: string): string {
    const zones = regionById(this.random.chance(0.97) ? region : this.random.pick(this.regions))?.zones ?? [];
    return this.random.pick(zones.slice(0, 2));
  }
  /** Mostly a part of one of the VPC's blocks. */
  part(of: Vpc): string {
    if (this.random.chance(0.05)) return "10.77.0.0/24";
    const [a, b] = this.random.pick(ipv4Of(of)).split(".");
    const third = this.random.below(6);
    return this.random.pick([`${a}.${b}.${third}.0/24`, `${a}.${b}.${third}.0/24`, `${a}.${b}.${third}.128/25`, `${a}.${b}.0.0/20`]);
  }
  /** The number of an IPv6 part, and sometimes the block that it is a part of. */
  ipv6(of: Vpc | undefined, probability: number): { Ipv6CidrBlock?: number; VpcIpv6CidrBlock?: string | undefined } {
    const isLikely = this.random.chance(of?.ipv6.length === 0 ? probability / 8 : probability);
    if (!isLikely) return {};
    const VpcIpv6CidrBlock = this.maybe(0.3, () => this.random.pick([...(of?.ipv6 ?? []), ...ipv6Blocks]));
    return { Ipv6CidrBlock: this.random.below(2), VpcIpv6CidrBlock };
  }
  destination(of: Vpc): string {
    const chance = this.random.next();
    const inUse = this.model.switchesOf(of.id).flatMap(blocksOf);
    if (chance < 0.15 && inUse.length > 0) return this.random.pick(inUse);
    if (chance < 0.3) return this.part(of);
    if (chance < 0.4 && of.ipv6[0] !== undefined) return of.ipv6[0].replace(/00::\/56$/, `0${this.random.below(3)}::/64`);
    return this.random.pick(destinations);
  }
  hop(of: Pick<Vpc, "id">): { type: string; id: string } {
    const ends = this.model.interfaces.filter(({ vpcId }) => vpcId === of.id);
    const end = this.fitting(this.random.chance(0.9) ? ends : this.model.interfaces, ({ state }) => state === "Active");
    if (end !== undefined && this.random.chance(0.7)) return { type: "RouterInterface", id: this.id(end) };
    const joining = this.model.connections.filter((one) => sidesOf(one).some(({ vpcId }) => vpcId === of.id));
    const connection = this.fitting(this.random.chance(0.9) ? joining : this.model.connections, ({ state }) => state === "Activated");
    if (connection !== undefined && this.random.chance(0.8)) return { type: "VpcPeer", id: this.id(connection) };
    const gateways = this.model.vpnGateways.filter(({ vpcId }) => vpcId === of.id);
    const gateway = this.some(this.random.chance(0.9) ? gateways : this.model.vpnGateways);
    if (gateway !== undefined && this.random.chance(0.4)) return { type: "VpnGateway", id: this.id(gateway) };
    const type = this.random.chance(0.8) ? "Instance" : this.random.pick(["RouterInterface", "VpnGateway", "NatGateway", "Nowhere"]);
    return { type, id: this.random.pick(["i-one", "i-two"]) };
  }
  isJoined(vpcId: string): boolean {
    const isPeered = this.model.connections.some((one) => one.state === "Activated" && sidesOf(one).some((side) => side.vpcId === vpcId));
    return isPeered || this.model.interfaces.some((one) => one.state === "Active" && one.vpcId === vpcId);
  }
  /** A table, mostly one of a VPC with a connection or a link to which routes may lead. */
  table(): { table: Table; by: Account } | undefined {
    const tables = this.ready(this.model.tables);
    const best = tables.filter(({ vpcId }) => this.isJoined(vpcId));
    const table = this.some(best.length > 0 && this.random.chance(0.85) ? best : tables);
    return table && { table, by: this.mostly(table.account) };
  }
  /** Mostly things of accounts that can still call, in VPCs where nothing is at work; sometimes just those that are at work. */
  ready<T extends Thing>(things: readonly T[]): readonly T[] {
    const enabled = new Set(this.enabled.map(({ id }) => id));
    const own = things.filter((thing) => enabled.has(thing.account));
    const atWork = own.filter((thing) => this.model.atWork(thing));
    if (atWork.length > 0 && this.random.chance(0.12)) return atWork;
    const atRest = own.filter((thing) => !this.isBusy("vpcId" in thing ? (thing.vpcId as string) : thing.id));
    if (atRest.length > 0 && this.random.chance(0.7)) return atRest;
    return own.length > 0 && this.random.chance(0.95) ? own : things;
  }
  isBusy(vpcId: string): boolean {
    return this.model.busy([vpcId], "vpc", "vSwitch", "table", "entry") !== undefined;
  }
  /** A party of a connection: the side that fits, mostly. */
  party(connection: Connection, side: "requester" | "accepter" | "either"): Account {
    if (this.random.chance(0.06)) return this.someone();
    const wanted = side === "either" ? this.random.pick(["requester", "accepter"]) : side;
    const chosen = this.random.chance(0.9) === (wanted === "accepter") ? connection.accepter : connection.account;
    return this.model.account(chosen);
  }
}
