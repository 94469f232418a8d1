import assert from "node:assert/strict";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, succeeded } from "../support/networks.ts";
import type { Random } from "../support/random.ts";

/** What a look at the server shows. */
export interface Seen {
  readonly vpcs: ReadonlyMap<string, { readonly name: string; readonly status: string }>;
  readonly peerings: ReadonlyMap<string, { readonly name: string; readonly status: string; readonly tag: string | undefined }>;
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
  deleting: string | undefined;
  deletingPeering = false;
  peering: Peering | undefined;
  /** Writes acknowledged so far. */
  acknowledged = 0;
  /** Writes that were lost and, being repeated, turned out to have happened. */
  happened = 0;
  #ends: readonly [string, string] = ["", ""];
  #count = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Makes the two VPCs that the writer's peering connections join. */
  async prepare(caller: Caller): Promise<void> {
    const made = [hangzhou, beijing].map(async (RegionId, index) => {
      const answer = await caller.vpc("CreateVpc", { RegionId, CidrBlock: `10.${index}.0.0/16`, VpcName: `${this.name}-end` });
      return succeeded(answer).body.VpcId as string;
    });
    this.#ends = (await Promise.all(made)) as [string, string];
  }
  isEnd(vpcId: string): boolean {
    return this.#ends.includes(vpcId);
  }

  /** Writes until the server is gone. */
  async work(caller: Caller, random: Random, mayDeletePeerings: boolean): Promise<void> {
    try {
      for (;;) await this.#step(caller, random.below(10), mayDeletePeerings);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  }

  async #step(caller: Caller, choice: number, mayDeletePeerings: boolean): Promise<void> {
    const { peering } = this;
    if (peering === undefined) return this.#requestPeering(caller);
    if (choice < 2) return this.#set(peering.name, (Name) => caller.peer("ModifyVpcPeerConnection", { InstanceId: peering.id, Name }));
    if (choice < 5) return this.#set(peering.tag, (Value) => caller.peer("TagResources", tagging(peering.id, Value)));
    if (choice === 5 && mayDeletePeerings) return this.#deletePeering(caller, peering.id);
    const [oldest] = this.vpcs.keys();
    if (choice === 6 && oldest !== undefined && this.vpcs.size > vpcsMax) return this.#deleteVpc(caller, oldest);
    return this.#createVpc(caller);
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
  async #set(field: Field, write: (value: string) => Promise<Answer>): Promise<void> {
    const value = this.#fresh();
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
    for (const end of this.#ends) assert.equal(seen.vpcs.get(end)?.status, "Available", end);
    for (const id of this.deleted) assert.ok(!seen.vpcs.has(id) && !seen.peerings.has(id), `${id} was deleted and is back`);
    this.#checkPeering(seen);

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
    return this.vpcs.has(id) || this.isEnd(id) || this.peering?.id === id || [this.creating?.name, this.requesting?.name].includes(name);
  }
}

function tagging(id: string, Value: string): Parameters {
  return { RegionId: hangzhou, ResourceType: "PeerConnection", ResourceId: [id], Tag: [{ Key: "turn", Value }] };
}

/** A write may come while earlier work on its resource goes on. Any other refusal is a fault. */
function accepted(answer: Answer): boolean {
  if (/^Incorrect(Vpc)?Status/.test(answer.body.Code ?? "")) return false;
  succeeded(answer);
  return true;
}
