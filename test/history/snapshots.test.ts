import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { after, before, test, type TestContext } from "node:test";
import { kinds } from "../../src/services/index.ts";
import { found } from "../store/found.ts";
import { assertReplayGivesRows, readStore } from "../store/replay.ts";
import { Caller } from "../support/caller.ts";
import { availableVpc, hangzhou, peeringStatus, activePeering, beijing, refusedWith, succeeded } from "../support/networks.ts";
import { Random } from "../support/random.ts";
import {
  accepterKey,
  type InProcessServer,
  memoryFolder,
  requesterKey,
  spawnServer,
  startServer,
  temporaryFolder,
} from "../support/server.ts";
import { Drift } from "./drift.ts";
import { bring, fileOf, forged, parsedFile } from "./files.ts";
import { newestEvent, picture, type Pictured, pictureOf, throughTheWire, unfinished } from "./pictures.ts";

/** The whole state as a file: what it holds, where it can be loaded, and what is refused. */

const passphrase = "correct horse battery staple";
let server: InProcessServer;
const folder = memoryFolder();
before(async () => {
  server = await startServer({ folder, record: false });
  const drift = new Drift(server, new Random());
  await drift.prepare();
  for (let step = 0; step < 150; step++) await drift.step();
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function save(name: string, body: object = {}, of: InProcessServer = server): Promise<any> {
  const answer = await of.admin("POST", `snapshots/${name}`, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.snapshot;
}
async function load(name: string, body: object = {}, of: InProcessServer = server): Promise<any> {
  const answer = await of.admin("POST", `snapshots/${name}/load`, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assertReplayGivesRows(of.folder);
  return answer.body;
}
/** Another server with a store of its own, and with the key file of the first if wanted. */
async function another(t: TestContext, options: { sameKey?: boolean; exposed?: boolean } = {}): Promise<InProcessServer> {
  const place = memoryFolder();
  if (options.sameKey === true) copyFileSync(join(folder, "key"), join(place, "key"));
  const other = await startServer({ folder: place, record: false, exposed: options.exposed ?? false });
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (!isStopped) await other.stop();
    isStopped = true;
  };
  t.after(async () => {
    await stop();
    rmSync(place, { recursive: true });
  });
  return { ...other, stop };
}
const roots = (of: InProcessServer): Caller[] => [of.requester, of.accepter];
const withoutPlaces = (pictures: readonly Pictured[]): unknown => pictures.map(({ id, kind, fields }) => ({ id, kind, fields }));
const dues = (of: InProcessServer): unknown =>
  readStore(of.folder, (all) => all("SELECT resource, event, due, failure FROM task ORDER BY resource"));

/** All that a snapshot should bring back. */
async function whole(of: InProcessServer): Promise<unknown> {
  return { told: await throughTheWire(of, roots(of)), clock: (await of.admin("GET", "clock")).body, dues: dues(of) };
}

test("a snapshot brings everything back: resources in their order, unfinished work, clock, pace and settings; and a rewind takes it back", async () => {
  succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou }));
  const [then, pictures] = [await whole(server), await picture(server)];
  const saved = await save("everything", { description: "as it was" });
  assert.deepEqual(
    [saved.event, saved.resources, saved.description, saved.passphrase],
    [await newestEvent(server), pictures.length, "as it was", false],
  );
  const drift = new Drift(server, new Random());
  for (let step = 0; step < 60; step++) await drift.step();
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1 }], features: [{ name: "LinkType.Platinum", open: false }] });
  await server.admin("POST", "clock/pace", { pace: "real" });
  await server.admin("POST", "clock/pace", { pace: "stepped" });
  await server.advance(86_400);
  const meanwhile = await picture(server);

  const { from, newest, changed } = await load("everything");
  assert.ok(changed.length > 0 && newest > from);
  assert.deepEqual(await whole(server), then);
  assert.deepEqual(await picture(server), pictures, "at the places of then");
  const { events } = (await server.admin("GET", `history?before=${newest + 1}&limit=1`)).body;
  assert.deepEqual([events[0].cause, events[0].principal], ["snapshot everything", "system"]);
  assert.deepEqual((await load("everything")).changed, [], "what is as it was stays untouched");

  assert.equal((await server.admin("POST", "history/rewind", { to: from })).status, 200);
  assert.deepEqual(await picture(server), meanwhile);
  await load("everything");
  assert.deepEqual(await whole(server), then);
});

test("work that was under way finishes after a load, and what was deleted since works again", async () => {
  const mine = await availableVpc(server, server.requester, hangzhou, { CidrBlock: "10.251.0.0/16" });
  const theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.252.0.0/16" });
  const peering = await activePeering(server, mine, theirs);
  succeeded(await server.accepter.peer("ModifyVpcPeerConnection", { InstanceId: peering, Name: "under way" }));
  assert.equal(await peeringStatus(server.requester, peering), "Updating");
  await save("under-way");
  await server.advance();
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering }));
  await server.advance(200);
  await load("under-way");
  assert.equal(await peeringStatus(server.requester, peering), "Updating");
  await server.advance();
  assert.equal(await peeringStatus(server.requester, peering), "Activated");
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering }));
  await server.advance(200);
  assert.deepEqual(await unfinished(server), []);
});

test("a server with another key file loads it with the passphrase, and only so", async (t) => {
  const other = await another(t);
  const then = await throughTheWire(server, roots(server));
  await save("travels", { passphrase });
  const file = await fileOf(server, "travels");
  const before = await picture(other);
  assert.equal((await bring(other, "travels", file)).status, 200);
  for (const [body, advice] of [
    [{}, /give the passphrase that it was saved with; or start this server with that key file/],
    [{ passphrase: "wrong horse battery" }, /give another passphrase/],
  ] as const) {
    const { status, body: told } = await other.admin("POST", "snapshots/travels/load", body);
    assert.deepEqual([status, told.error], [409, "SnapshotLocked"]);
    assert.match(told.advice, advice);
  }
  assert.deepEqual(await picture(other), before);
  await load("travels", { passphrase }, other);
  assert.deepEqual(await throughTheWire(other, roots(other)), then);
  assert.deepEqual(withoutPlaces(await picture(other)), withoutPlaces(await picture(server)), "in the same order, secrets included");
  // Again it changes nothing, and later only what has changed.
  assert.deepEqual((await load("travels", { passphrase }, other)).changed, []);
  const pictures = await picture(other);
  succeeded(await other.requester.vpc("CreateVpc", { RegionId: hangzhou }));
  const last = pictures.findLast(({ kind }) => kind === "account" || kind === "vpc") as Pictured;
  await load("travels", { passphrase }, other);
  assert.deepEqual(await picture(other), pictures);
  assert.equal((await other.admin("GET", `history?resource=${last.id}`)).body.events.length, 1);
  // What goes and comes back in the midst takes those behind it along, so that the order is that of the snapshot.
  const [first] = succeeded(await other.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body.Vpcs.Vpc;
  succeeded(await other.requester.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId: first.VpcId, VpcName: "changed" }));
  await load("travels", { passphrase }, other);
  assert.deepEqual(await picture(other), pictures);
});

test("without a passphrase it loads wherever the key file is the same, and elsewhere the refusal says both ways out", async (t) => {
  const [same, other] = [await another(t, { sameKey: true }), await another(t)];
  const then = await throughTheWire(server, roots(server));
  await save("at-home");
  const file = await fileOf(server, "at-home");
  for (const one of [same, other]) assert.equal((await bring(one, "at-home", file)).status, 200);
  await load("at-home", {}, same);
  assert.deepEqual(await throughTheWire(same, roots(same)), then);
  const { status, body } = await other.admin("POST", "snapshots/at-home/load", { passphrase });
  assert.deepEqual([status, body.error], [409, "SnapshotLocked"]);
  assert.match(body.advice, /save it again with one where it comes from.*; or start this server with that key file \(LINKSPAN_KEY_FILE\)/);
});

test("a file of an older version loads: fields that came later have the value that they have in older stores", async (t) => {
  const other = await another(t, { sameKey: true });
  await save("recent");
  const recent = parsedFile(await fileOf(server, "recent"));
  const later = new Map(kinds.map(({ name, laterFields }) => [name, (laterFields ?? {}) as Record<string, unknown>]));
  let left = 0;
  const resources = recent.resources.map(({ fields, ...line }) => {
    const isLater = ([name, value]: [string, unknown]): boolean => isDeepStrictEqual(later.get(line.kind)?.[name], value);
    const older = Object.fromEntries(Object.entries(fields).filter((one) => !isLater(one)));
    left += Object.keys(fields).length - Object.keys(older).length;
    return { ...line, fields: older };
  });
  assert.ok(left > 10);
  assert.equal(
    (await bring(other, "older", forged({ header: { ...recent.header, schema: 1, linkspan: "0.0.9" }, resources }))).status,
    200,
  );
  await load("older", {}, other);
  const [vpc] = succeeded(await other.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body.Vpcs.Vpc;
  const { body } = succeeded(await other.requester.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId: vpc.VpcId }));
  assert.deepEqual([body.ClassicLinkEnabled, body.Ipv6CidrBlocks], [false, { Ipv6CidrBlock: [] }]);
  const lists = await throughTheWire(other, roots(other));
  assert.deepEqual(lists, await throughTheWire(server, roots(server)));
});

test("a file that is cut, edited, foreign or of a newer version is refused, brought or laid there, and changes nothing", async (t) => {
  const other = await another(t, { sameKey: true });
  await save("intact", { passphrase });
  const file = Buffer.from(await fileOf(server, "intact"));
  const { header, resources } = parsedFile(file.toString("utf8"));
  const random = new Random();
  t.diagnostic(`random seed ${random.seed}`);
  const changed = (fields: object): string =>
    forged({ header, resources: [{ ...resources[0], fields: { ...resources[0].fields, ...fields } }, ...resources.slice(1)] });
  const spoilt: [string, string | Buffer, RegExp?][] = [
    ["empty", ""],
    ["text", "this is no snapshot\n"],
    ["no line", "x".repeat(300_000)],
    ["long line", "x".repeat(9_000_000), /longer/],
    ["json", '{"format":"something else"}\n'],
    ["null", "null\n"],
    ["bytes", Buffer.from(Array.from({ length: 5000 }, () => random.below(256)))],
    ["only a header", `${JSON.stringify(header)}\n`, /cut off/],
    ["without its end", file.subarray(0, file.lastIndexOf("\n", -2) + 1), /last line is missing/],
    ["more behind", Buffer.concat([file, Buffer.from("{}\n")]), /more behind its end/],
    [
      "newer store",
      forged({ header: { ...header, schema: header.schema + 1, linkspan: "9.9.9" }, resources }),
      /Linkspan 9\.9\.9 saved it, with a store/,
    ],
    ["newer format", forged({ header: { ...header, formatVersion: 2 }, resources }), /with a format/],
    ["unknown kind", forged({ header, resources: [{ ...resources[0], kind: "teapot" }, ...resources.slice(1)] }), /no kind teapot/],
    [
      "unknown state",
      forged({ header, resources: [{ ...resources[0], fields: { ...resources[0].fields, state: "Odd" } }, ...resources.slice(1)] }),
      /no state Odd/,
    ],
    ["no account", forged({ header, resources: [{ ...resources[0], fields: {} }, ...resources.slice(1)] }), /lacks/],
    ["inherited state", changed({ state: "constructor" }), /no state constructor/],
    ["a time that is none", changed({ createdAt: 9e15 }), /lacks what every resource has/],
    ["a place in no list", changed({ name: undefined }), /lacks what a account has here/],
    ["no id", forged({ header, resources: [{ ...resources[0], id: "" }, ...resources.slice(1)] }), /line 2 is no resource/],
    ["no fields", forged({ header, resources: [{ ...resources[0], fields: null }, ...resources.slice(1)] }), /line 2 is no resource/],
    ["null line", forged({ header, resources: [null, ...resources.slice(1)] }), /line 2 is no resource/],
    [
      "twice",
      forged({ header: { ...header, resources: undefined }, resources: [...resources, { ...resources[0], position: header.event }] }),
      /twice|its place/,
    ],
    ["another order", forged({ header, resources: [resources[1], resources[0], ...resources.slice(2)] }), /not in its place/],
    ["beyond its event", forged({ header: { ...header, event: 3 }, resources }), /not in its place/],
    ["another count", forged({ header: { ...header, resources: 1 }, resources }), /says that it has 1/],
    ["no clock", forged({ header: { ...header, clock: { pace: "warp", offset: 0, stoppedAt: null } }, resources }), /clock/],
    ["far time", forged({ header: { ...header, clock: { pace: "stepped", offset: 0, stoppedAt: 1e15 } }, resources }), /clock/],
    ["no settings", forged({ header: { ...header, settings: { quotas: [{ name: "Nothing", value: 1 }] } }, resources }), /settings/],
    ["odd key", forged({ header: { ...header, key: { ...header.key, byPassphrase: 1 } }, resources }), /key/],
    ...Array.from({ length: 15 }, (_, index): [string, Buffer] => [`cut ${index}`, file.subarray(0, random.below(file.length))]),
    ...Array.from({ length: 40 }, (_, index): [string, Buffer] => {
      const edited = Buffer.from(file);
      const at = random.below(file.length - 1);
      edited[at] = (edited[at] as number) ^ (1 << random.below(7));
      return [`bit ${index} of byte ${at}`, edited];
    }),
  ];
  const before = [await picture(other), await newestEvent(other)];
  mkdirSync(join(other.folder, "snapshots"), { recursive: true });
  for (const [what, bytes, why] of spoilt) {
    const brought = await bring(other, "spoilt", bytes);
    assert.deepEqual([brought.status, brought.body.error], [400, "SnapshotUnusable"], `${what}: ${JSON.stringify(brought.body)}`);
    if (why !== undefined) assert.match(brought.body.message, why, what);
    assert.deepEqual(readdirSync(join(other.folder, "snapshots")), [], what);
    writeFileSync(join(other.folder, "snapshots", "laid.jsonl"), bytes);
    const loaded = await other.admin("POST", "snapshots/laid/load", { passphrase });
    assert.ok([400, 409].includes(loaded.status), `${what}: ${JSON.stringify(loaded.body)}`);
    assert.equal((await other.admin("GET", "snapshots")).body.snapshots.length, 1);
    rmSync(join(other.folder, "snapshots", "laid.jsonl"));
  }
  assert.deepEqual([await picture(other), await newestEvent(other)], before);
  assert.equal((await bring(other, "intact", file)).status, 200);
  await load("intact", {}, other);
});

test("a secret opens only where it was: one that is moved to another resource is refused", async (t) => {
  const other = await another(t, { sameKey: true });
  await save("moved");
  const { header, resources } = parsedFile(await fileOf(server, "moved"));
  const [one, two] = resources.filter(({ kind }) => kind === "access-key");
  [one.fields.secret, two.fields.secret] = [two.fields.secret, one.fields.secret];
  assert.equal((await bring(other, "moved", forged({ header, resources }))).status, 200, "brought, it stays closed");
  const { status, body } = await other.admin("POST", "snapshots/moved/load", {});
  assert.deepEqual([status, body.error], [400, "SnapshotUnusable"]);
  assert.match(body.message, /its secret cannot be opened/);
});

test("what a snapshot holds is exactly the state as of its event, whoever writes meanwhile", async (t) => {
  const own = await another(t);
  await own.admin("POST", "clock/pace", { pace: "instant" });
  await own.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 100_000 }] });
  const now = { isWriting: true, made: 0 };
  const writers = Array.from({ length: 4 }, async () => {
    while (now.isWriting) {
      const { VpcId } = succeeded(await own.requester.vpc("CreateVpc", { RegionId: hangzhou })).body;
      now.made += 1;
      // A load may have taken it away meanwhile.
      if (now.made % 3 === 0) assert.ok([200, 404].includes((await own.requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId })).status));
    }
  });
  for (let round = 1; round <= 6; round++) {
    while (now.made < round * 40) await new Promise(setImmediate);
    const before = now.made;
    const saved = await save(`round-${round}`, {}, own);
    assert.ok(now.made > before || round === 1, "others wrote while it was saved");
    const { header, resources } = parsedFile(await fileOf(own, `round-${round}`));
    assert.deepEqual([header.event, resources.length], [saved.event, saved.resources]);
    const secret = (kind: string): readonly string[] => kinds.find(({ name }) => name === kind)?.secretFields ?? [];
    const open = (kind: string, fields: object): unknown =>
      Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "id" && !secret(kind).includes(name)));
    assert.deepEqual(
      resources.map(({ id, kind, position, fields }) => ({ id, kind, position, fields: open(kind, fields) })),
      (await pictureOf(own, header.event)).map(({ id, kind, position, fields }) => ({ id, kind, position, fields: open(kind, fields) })),
    );
  }
  // And loading is one step for the writers too.
  const answer = await load("round-2", {}, own);
  now.isWriting = false;
  await Promise.all(writers);
  assertReplayGivesRows(own.folder);
  const { header } = parsedFile(await fileOf(own, "round-2"));
  assert.deepEqual(await pictureOf(own, answer.newest), await pictureOf(own, header.event));
});

test("the store that a snapshot is of may have been reset, or be an older copy of itself", async (t) => {
  const own = await another(t);
  const first = await availableVpc(own, own.requester);
  const copy = memoryFolder();
  await own.stop();
  for (const file of readdirSync(own.folder)) if (file !== "lock") copyFileSync(join(own.folder, file), join(copy, file));
  const again = await startServer({ folder: own.folder, record: false });
  await availableVpc(again, again.requester);
  const told = await throughTheWire(again, roots(again));
  await save("ahead", {}, again);
  const file = await fileOf(again, "ahead");
  assert.equal((await again.admin("POST", "reset")).status, 200);
  await load("ahead", {}, again);
  assert.deepEqual(await throughTheWire(again, roots(again)), told);
  await again.stop();

  const older = await startServer({ folder: copy, record: false });
  assert.equal((await bring(older, "ahead", file)).status, 200);
  await load("ahead", {}, older);
  assert.deepEqual(await throughTheWire(older, roots(older)), told);
  // New resources still come last, and find their place free.
  for (let index = 0; index < 8; index++) await availableVpc(older, older.accepter);
  const ids = succeeded(await older.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body.Vpcs.Vpc.map(({ VpcId }: any) => VpcId);
  assert.equal(ids[0], first.vpcId);
  assertReplayGivesRows(copy);
  await older.stop();
  rmSync(copy, { recursive: true });
});

test("a server that others can reach refuses a snapshot that would bring the development keys back", async (t) => {
  const exposed = await another(t, { exposed: true, sameKey: true });
  const stranger = await exposed.stranger();
  await save("open");
  assert.equal((await bring(exposed, "open", await fileOf(server, "open"))).status, 200);
  for (const name of ["requester", "accepter"]) assert.equal((await exposed.admin("DELETE", `accounts/${name}`)).status, 200);
  const before = await picture(exposed);
  const { status, body } = await exposed.admin("POST", "snapshots/open/load", {});
  assert.deepEqual([status, body.error], [409, "DevelopmentKeys"]);
  assert.match(body.message, /the snapshot open would open it to public keys/);
  assert.deepEqual(await picture(exposed), before);
  succeeded(await stranger.vpc("DescribeVpcs", { RegionId: hangzhou }));
  // One of its own, without such keys, it takes.
  await save("closed", {}, exposed);
  await load("closed", {}, exposed);
});

test("ClientTokens and the recording of permissions are forgotten with a load; nonces and the admin token stay", async () => {
  const common = { SignatureNonce: "once-and-never-again", Timestamp: `${new Date().toISOString().slice(0, 19)}Z` };
  const create = (options?: object): Promise<any> =>
    server.requester.vpc("CreateVpc", { RegionId: hangzhou, ClientToken: "token" }, options);
  const { VpcId } = succeeded(await create({ common })).body;
  await save("with-token");
  assert.equal((await server.admin("POST", "recording")).status, 201);
  await load("with-token");
  assert.equal((await server.admin("GET", "recording")).body.isOn, false);
  refusedWith(await create({ common }), "SignatureNonceUsed");
  assert.notEqual(succeeded(await create()).body.VpcId, VpcId);
});

test("a name is taken once, unless it is to be replaced; a file that is there already is answered as it is", async (t) => {
  const other = await another(t, { sameKey: true });
  const first = await save("taken", { description: "first" });
  const refused = await server.admin("POST", "snapshots/taken", {});
  assert.deepEqual([refused.status, refused.body.error], [409, "SnapshotExists"]);
  const file = await fileOf(server, "taken");
  const view = (await server.admin("GET", "snapshots")).body.snapshots.find(({ name }: any) => name === "taken");
  assert.deepEqual(view, first);
  assert.equal(view.bytes, Buffer.byteLength(file));
  const second = await save("taken", { replace: true, description: "second" });
  assert.equal(second.description, "second");

  assert.deepEqual((await bring(other, "taken", file)).body.snapshot, first);
  assert.deepEqual((await bring(other, "taken", file)).body.snapshot, first);
  const newer = await fileOf(server, "taken");
  const conflict = await bring(other, "taken", newer);
  assert.deepEqual([conflict.status, conflict.body.error], [409, "SnapshotExists"]);
  assert.equal(await fileOf(other, "taken"), file);
  assert.deepEqual((await bring(other, "taken", newer, true)).body.snapshot, second);
  assert.equal(await fileOf(other, "taken"), newer);

  assert.deepEqual((await other.admin("DELETE", "snapshots/taken")).body, { removed: "taken" });
  for (const [method, path] of [
    ["DELETE", "snapshots/taken"],
    ["GET", "snapshots/taken"],
    ["POST", "snapshots/taken/load"],
  ] as const) {
    const { status, body } = await other.admin(method, path);
    assert.deepEqual([status, body.error], [404, "NotFound"], `${method} ${path}`);
  }
  assert.deepEqual((await other.admin("GET", "snapshots")).body, { snapshots: [], underway: [] });
});

test("of saves of one name at the same time one succeeds, and the file is whole", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => server.admin("POST", "snapshots/contended", {})));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409]);
  await load("contended");
  assert.deepEqual(
    readdirSync(join(folder, "snapshots")).filter((name) => name.startsWith(".")),
    [],
  );
});

/** The status that a path is answered with as it is spelt. */
function rawStatus(path: string): Promise<number> {
  const headers = { authorization: `Bearer ${server.adminToken}` };
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path: `/_linkspan/${path}`, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject).end();
  });
}

test("names are names of files in their folder and nothing else", async () => {
  await save("A-name_of.its-own");
  const before = readdirSync(folder).sort();
  for (const name of ["..%2fkey", "%2e%2e%2fkey", "a%2fb", "%00", "a%00", ".hidden", "-x", "ä", "a%20b", "x".repeat(101), "a%5cb"]) {
    for (const [method, path] of [
      ["POST", `snapshots/${name}`],
      ["POST", `snapshots/${name}/load`],
      ["GET", `snapshots/${name}`],
      ["DELETE", `snapshots/${name}`],
    ] as const) {
      const { status } = await server.admin(method, path, method === "POST" ? {} : undefined);
      assert.ok([400, 404, 414].includes(status), `${method} ${path}: ${status}`);
    }
    assert.ok((await bring(server, name, "x")).status >= 400);
  }
  // A client that does not resolve dots itself.
  for (const path of ["snapshots/..", "snapshots/../key", "snapshots/%2e%2e", "snapshots/."])
    assert.ok((await rawStatus(path)) >= 400, path);
  assert.deepEqual(readdirSync(folder).sort(), before);
  assert.ok(!existsSync(join(folder, "key.jsonl")));
});

test("a fault of the folder is told and spoils nothing: a directory, an unreadable list entry, leftovers", async (t) => {
  const other = await another(t);
  const snapshots = join(other.folder, "snapshots");
  mkdirSync(join(snapshots, "folder.jsonl"), { recursive: true });
  writeFileSync(join(snapshots, "notes.txt"), "mine");
  writeFileSync(join(snapshots, ".half.0123.part"), "left by a kill");
  writeFileSync(join(snapshots, "broken.jsonl"), "no snapshot\n");
  await save("good", {}, other);
  const { snapshots: listed } = (await other.admin("GET", "snapshots")).body;
  assert.deepEqual(
    listed.map(({ name, fault }: any) => [name, fault]),
    [
      ["broken", "The snapshot broken cannot be used: it is no snapshot that Linkspan saved."],
      ["good", undefined],
    ],
  );
  const { status } = await other.admin("POST", "snapshots/folder/load", {});
  assert.equal(status, 400);
  await other.stop();
  const again = await startServer({ folder: other.folder, record: false });
  assert.deepEqual(readdirSync(snapshots).sort(), ["broken.jsonl", "folder.jsonl", "good.jsonl", "notes.txt"]);
  await again.stop();
});

test("an upload that ends early, or says that it is too long, leaves nothing", async () => {
  await save("upload");
  const file = await fileOf(server, "upload");
  const put = (length: number, body: string, end: boolean): Promise<number | string> =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${server.adminToken}`, "content-length": length };
      const sent = httpRequest(`${server.url}/_linkspan/snapshots/uploaded`, { method: "PUT", headers }, (response) => {
        resolve(response.statusCode ?? 0);
        response.resume();
      });
      sent.on("error", (error) => resolve(String((error as NodeJS.ErrnoException).code)));
      sent.write(body);
      if (!end) sent.destroy();
    });
  assert.equal(await put(5 * 1024 ** 3, "", true), 413);
  assert.equal(await put(file.length, file.slice(0, 1000), false), "ECONNRESET");
  const leftovers = (): string[] =>
    readdirSync(join(folder, "snapshots")).filter((name) => name.startsWith(".uploaded") || name.startsWith("uploaded"));
  for (let tries = 0; leftovers().length > 0 && tries < 1000; tries++) await new Promise(setImmediate);
  assert.deepEqual(leftovers(), []);
});

test("neither a secret nor a passphrase stands in a file or a log, and a file says nothing of the key", async (t) => {
  const place = temporaryFolder();
  const own = await spawnServer({ folder: place, environment: { LINKSPAN_LOG: "trace", LINKSPAN_PACE: "instant" } });
  t.after(async () => {
    await own.stop();
    rmSync(place, { recursive: true });
  });
  const stranger = await own.stranger();
  const AuthKey = "a-bgp-key-nobody-guesses";
  succeeded(await own.requester.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress: "203.0.113.1", Asn: 65001, AuthKey }));
  assert.equal((await own.admin("POST", "snapshots/secret", { passphrase })).status, 201);
  assert.equal((await own.admin("POST", "snapshots/secret/load", { passphrase })).status, 200);
  assert.equal((await own.admin("POST", "snapshots/secret/load", { passphrase: `${passphrase}!` })).status, 200, "the key file opens it");
  assert.equal((await own.admin("POST", "snapshots/short", { passphrase: "short" })).status, 400);
  const file = await fileOf(own, "secret");
  const secrets = [passphrase, AuthKey, stranger.key.secret, requesterKey.secret, accepterKey.secret, own.adminToken];
  assert.deepEqual(found(file, secrets), []);
  const lines = (await own.wholeOutput()).split("\n").filter((line) => line.startsWith("{"));
  assert.ok(lines.some((line) => line.includes("snapshots/secret/load")));
  assert.deepEqual(found(lines.join("\n"), secrets), []);
  assert.deepEqual(found(JSON.stringify((await own.admin("GET", "requests?limit=1000")).body), [passphrase]), []);
  // Two files of one state have nothing secret in common, so that neither tells whether a secret has changed.
  assert.equal((await own.admin("POST", "snapshots/again", { passphrase })).status, 201);
  const sealed = (text: string): string[] => parsedFile(text).resources.flatMap(({ fields }) => fields.secret ?? fields.authKey ?? []);
  const again = sealed(await fileOf(own, "again"));
  assert.ok(again.length > 2 && sealed(file).every((text) => !again.includes(text)));
});

test("without the admin token nobody reads, saves or loads anything once there are accounts with keys of their own", async (t) => {
  const own = await another(t);
  await save("mine", {}, own);
  await own.stranger();
  const before = await newestEvent(own);
  for (const [method, path] of [
    ["GET", "snapshots"],
    ["GET", "snapshots/mine"],
    ["POST", "snapshots/other"],
    ["POST", "snapshots/mine/load"],
    ["PUT", "snapshots/other"],
    ["DELETE", "snapshots/mine"],
    ["GET", "history"],
    ["GET", "history/1"],
    ["GET", `history/diff?from=1&to=2`],
    ["POST", "history/rewind"],
  ] as const) {
    const response = await fetch(`${own.url}/_linkspan/${path}`, { method, ...(method === "GET" ? {} : { body: "{}" }) });
    assert.equal(response.status, 401, `${method} ${path}`);
    assert.equal(((await response.json()) as any).error, "NotAdmitted");
  }
  assert.equal(await newestEvent(own), before);
  assert.equal((await own.admin("GET", "snapshots")).body.snapshots.length, 1);
});
