import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { allows, gone, movesOf } from "../../src/contract/state-table.ts";
import { vpcPeerConnection } from "../../src/services/peering/vpc-peer-connection.ts";
import type { Caller } from "../support/caller.ts";
import { beijing, hangzhou, succeeded, type TestVpc } from "../support/networks.ts";
import { outcome } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { putSettings, requestOf, seconds, vpcs } from "./connections.ts";

/**
 * Random walks over the state table: a plain model made from the table foretells every answer and every state.
 * A walk that fails names its seed; LINKSPAN_TEST_SEED repeats it.
 */

const walks = 24;
const callsPerWalk = 40;
const firstSeed = Number(process.env["LINKSPAN_TEST_SEED"] ?? randomInt(2 ** 31));

let server: InProcessServer;
before(async () => {
  server = await startServer({ record: false });
  await putSettings(server);
});
after(() => server.stop());

/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const states = vpcPeerConnection.states;
const moves = movesOf(states);

/** A connection as the model knows it. Times are seconds since the walk began. */
interface Modelled {
  readonly id: string;
  readonly pair: readonly [TestVpc, TestVpc];
  readonly requester: string;
  readonly accepter: string;
  readonly expires: number;
  state: string;
  due: number;
}
const parties = ({ requester, accepter }: Modelled): string[] => [requester, accepter];
const isOver = ({ state }: Modelled): boolean => ["Rejected", "Expired", "Deleted", gone].includes(state);

class Model {
  readonly connections: Modelled[] = [];
  now = 0;

  add(id: string, pair: readonly [TestVpc, TestVpc]): Modelled {
    const [requester, accepter] = [pair[0].owner.key.account, pair[1].owner.key.account];
    const added: Modelled = { id, pair, requester, accepter, expires: this.now + 7 * seconds.day, state: "", due: Infinity };
    this.#enter(added, states.initial["CreateVpcPeerConnection"] ?? "");
    this.connections.push(added);
    return added;
  }
  /** Lets an event happen that the table allows. Where it leads to one of two states, a second account decides. */
  happens(connection: Modelled, event: string): void {
    const targets = moves.filter((move) => move.from === connection.state && move.event === event).map(({ to }) => to);
    const waits = connection.requester !== connection.accepter;
    this.#enter(connection, targets.length === 1 ? (targets[0] ?? "") : waits ? "Accepting" : "Activated");
  }
  advance(by: number): void {
    const end = this.now + by;
    for (;;) {
      const [next] = this.connections.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.now = next.due;
      this.happens(next, states.states[next.state]?.task?.event ?? "");
    }
    this.now = end;
  }
  #enter(connection: Modelled, state: string): void {
    const after = states.states[state]?.task?.after;
    connection.state = state;
    if (after === undefined) connection.due = Infinity;
    else
      connection.due =
        after === "work" ? this.now + seconds.work : after === "deletedPhase" ? this.now + seconds.deletedPhase : connection.expires;
  }

  /** What a write on a connection is answered. */
  foretell(connection: Modelled, caller: string, action: string): string {
    if (!parties(connection).includes(caller) || connection.state === "Deleted" || connection.state === gone)
      return "ResourceNotFound.InstanceId";
    const answers = action === "AcceptVpcPeerConnection" || action === "RejectVpcPeerConnection";
    if (answers && caller !== connection.accepter) return "IncorrectStatus.VpcPeer";
    return allows(states, connection.state, action) ? "OK" : "IncorrectStatus.VpcPeer";
  }
  status(connection: Modelled, caller: string): string {
    return parties(connection).includes(caller) && connection.state !== gone ? connection.state : "ResourceNotFound.InstanceId";
  }
}

async function walk(seed: number): Promise<void> {
  const random = generator(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const { requester, accepter } = server;
  const [one, two, near, far] = await vpcs(server, [requester, hangzhou], [requester, hangzhou], [accepter, hangzhou], [accepter, beijing]);
  assert.ok(one && two && near && far);
  const pairs: readonly (readonly [TestVpc, TestVpc])[] = [
    [one, near],
    [far, one],
    [one, two],
  ];
  const model = new Model();
  const told: string[] = [];
  const tell = (line: string): string => {
    told.push(line);
    return `seed ${seed}:\n  ${told.join("\n  ")}`;
  };

  const create = async (): Promise<void> => {
    const [a, b] = pick(pairs);
    const pair = random() < 0.5 ? ([a, b] as const) : ([b, a] as const);
    const taken = model.connections.some((known) => !isOver(known) && known.pair.includes(a) && known.pair.includes(b));
    const answer = await pair[0].owner.peer("CreateVpcPeerConnection", requestOf(...pair));
    const trail = tell(`create ${pair[0].vpcId} → ${pair[1].vpcId}: ${outcome(answer)}`);
    assert.equal(outcome(answer), taken ? "ResourceAlreadyExist.VpcPeer" : "OK", trail);
    if (!taken) model.add(answer.body.InstanceId, pair);
  };
  const write = async (action: string): Promise<void> => {
    if (model.connections.length === 0) return create();
    const connection = pick(random() < 0.7 ? model.connections.slice(-3) : model.connections);
    const caller = pick([requester, accepter]);
    const dryRun = random() < 0.15;
    const expected = model.foretell(connection, caller.key.account, action);
    const answer = await caller.peer(action, {
      InstanceId: connection.id,
      DryRun: dryRun,
      Name: `name-${told.length}`,
      Force: random() < 0.5,
    });
    const trail = tell(
      `${action} of ${connection.id} (${connection.state}) by ${caller.key.account}${dryRun ? ", dry" : ""}: ${outcome(answer)}`,
    );
    assert.equal(outcome(answer), expected === "OK" && dryRun ? "DryRunOperation" : expected, trail);
    if (expected === "OK" && !dryRun) model.happens(connection, action);
    await agrees(connection, trail);
  };
  const advance = async (): Promise<void> => {
    const by = pick([1, 10, 29, 30, 31, 60, 61, 90, seconds.day, 7 * seconds.day]);
    await server.advance(by);
    model.advance(by);
    const trail = tell(`advance ${by}`);
    for (const connection of model.connections.slice(-3)) await agrees(connection, trail);
  };
  const agrees = async (connection: Modelled, trail: string): Promise<void> => {
    for (const reader of [requester, accepter]) {
      const { body } = await reader.peer("GetVpcPeerConnectionAttribute", { InstanceId: connection.id });
      assert.equal(body.Status ?? body.Code, model.status(connection, reader.key.account), trail);
    }
  };

  for (let call = 0; call < callsPerWalk; call++) {
    const chance = random();
    if (chance < 0.15) await create();
    else if (chance < 0.35) await write("AcceptVpcPeerConnection");
    else if (chance < 0.42) await write("RejectVpcPeerConnection");
    else if (chance < 0.57) await write("ModifyVpcPeerConnection");
    else if (chance < 0.7) await write("DeleteVpcPeerConnection");
    else await advance();
  }

  const trail = tell("end");
  for (const connection of model.connections) await agrees(connection, trail);
  const listed = async (owner: Caller, VpcId: string): Promise<string[]> => {
    const { body } = succeeded(await owner.peer("ListVpcPeerConnections", { VpcId, MaxResults: 100 }));
    return body.VpcPeerConnects.map(({ InstanceId, Status }: { InstanceId: string; Status: string }) => `${InstanceId} ${Status}`);
  };
  for (const vpc of [one, two, near, far]) {
    const shown = model.connections.filter(({ pair, state }) => pair.includes(vpc) && state !== "Deleted" && state !== gone);
    assert.deepEqual(
      await listed(vpc.owner, vpc.vpcId),
      shown.map(({ id, state }) => `${id} ${state}`),
      trail,
    );
  }
}

test(`${walks} random walks of ${callsPerWalk} calls go as the state table says`, async (t) => {
  t.diagnostic(`first seed ${firstSeed}`);
  for (let n = 0; n < walks; n++) await walk(firstSeed + n);
});

test("the walks came through every state, so that they have shown something", async () => {
  const images = await server.store.read(async (rows) =>
    (await rows.events(0, 10_000_000)).filter(({ kind }) => kind === vpcPeerConnection.name),
  );
  const seen = new Set(images.map(({ image }) => (image === null ? gone : (JSON.parse(image) as { state: string }).state)));
  assert.deepEqual([...seen].sort(), [...Object.keys(states.states), gone].sort());
});

test("replaying all events gives exactly the resources that are stored, and every task that is planned belongs to one", async () => {
  const events = await server.store.read((rows) => rows.events(0, 10_000_000));
  const replayed = new Map<string, string>();
  const versions = new Map<string, number>();
  let lastId = 0;
  let lastAt = 0;
  for (const { id, at, resource, version, image } of events) {
    assert.ok(id > lastId && at >= lastAt, `event ${id} is in order`);
    assert.equal(version, (versions.get(resource) ?? 0) + 1, `event ${id} follows the version before it`);
    [lastId, lastAt] = [id, at];
    versions.set(resource, version);
    if (image === null) replayed.delete(resource);
    else replayed.set(resource, image);
  }
  // The rows as they lie on disk, read past the server.
  const database = new DatabaseSync(join(server.folder, "linkspan.db"), { readOnly: true });
  const rows = database.prepare("SELECT id, version, body FROM resource ORDER BY id").all();
  const tasks = database.prepare("SELECT resource, event FROM task ORDER BY resource").all();
  database.close();
  assert.deepEqual(
    rows.map(({ id, body }) => [id, body]),
    [...replayed].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  for (const { id, version } of rows) assert.equal(version, versions.get(String(id)));

  // A state that ends by itself has its task, and no other has one.
  const wanted = [...replayed]
    .filter(([id]) => id.startsWith("pcc-"))
    .map(([id, image]) => ({ resource: id, event: states.states[(JSON.parse(image) as { state: string }).state]?.task?.event }))
    .filter(({ event }) => event !== undefined)
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
  assert.deepEqual(
    tasks.map(({ resource, event }) => ({ resource, event })),
    wanted,
  );
});
