import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, afterEach, before, test } from "node:test";
import { EventStream, type Told, watchersMax } from "../../src/engine/history/event-stream.ts";
import { WritableResources } from "../../src/engine/resources.ts";
import { SecretBox } from "../../src/engine/secrets.ts";
import type { Store } from "../../src/engine/store.ts";
import { kinds } from "../../src/services/kinds.ts";
import { resourceGroup } from "../../src/services/resource-groups/resource-group.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer, trust } from "../support/server.ts";
import { allEvents, expectedOf, newestId } from "./log.ts";
import { closeAll, Watcher } from "./watcher.ts";

/** How watchers come, stay behind, are too many, and go; and what they hear of a reset and of the server's end. */

let server: InProcessServer;
/** A server that waits for what never comes fails, in milliseconds. */
const timeout = 60_000;
const kindsByName = new Map(kinds.map((kind) => [kind.name, kind]));
before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 10_000 }] });
});
after(() => server.stop());
afterEach(closeAll);

const ids = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Lets a group change so often, in commits of a hundred changes. What is behind calls is quick, and the log is the same. */
async function change(times: number, principal = "system"): Promise<void> {
  const secrets = new SecretBox(Buffer.alloc(32));
  for (let left = times; left > 0; left -= 100) {
    await server.store.write(async (rows) => {
      const context = { now: 0, pace: "stepped", cause: "test", principal } as const;
      const state = new WritableResources(rows, kindsByName, secrets, context);
      const account = server.requester.key.account;
      for (let count = Math.min(left, 100); count > 0; count--) {
        const [found] = await state.list(resourceGroup, [["account", account]], { limit: 1 });
        if (found !== undefined) await state.change(resourceGroup, found.resource, { name: `test-${count}` });
      }
    });
  }
}

test("200 writers lose no watcher an event, and tell none twice, also to those who leave and come back", async () => {
  const start = await newestId(server);
  const steady = await Watcher.follow(server);
  const narrow = await Watcher.follow(server, { kind: "vpc" });
  let isOver = false;
  /** Goes after each few events, and comes back from where it was. */
  const restless = async (patience: number): Promise<number[]> => {
    const heard: number[] = [];
    for (let place = String(start); ;) {
      const watcher = await Watcher.follow(server, {}, { "last-event-id": place });
      await watcher.until(() => watcher.ids.length >= patience || (isOver && watcher.lastEventId === String(newest)));
      watcher.close();
      heard.push(...watcher.ids);
      place = watcher.lastEventId;
      if (isOver && place === String(newest)) return heard;
    }
  };
  let newest = 0;
  const coming = [1, 3, 10].map((patience) => restless(patience));
  const made = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const { body } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, VpcName: `writer-${index}` }));
      return body.RequestId as string;
    }),
  );
  await server.advance();
  newest = await newestId(server);
  isOver = true;
  await server.store.write((rows) => rows.putMeta("test", "wakes"));

  const all = ids(start + 1, newest);
  assert.ok(all.length >= 1_000, `${all.length} events`);
  await steady.reached(newest);
  assert.deepEqual(steady.ids, all);
  for (const heard of await Promise.all(coming)) assert.deepEqual(heard, all);
  const log = expectedOf(await allEvents(server)).filter(({ id }) => id > start);
  assert.deepEqual(steady.events, log);
  const causes = new Set(steady.events.map(({ cause }) => cause));
  for (const requestId of made) assert.ok(causes.has(requestId), "what was acknowledged was told");
  const ofVpcs = log.filter(({ kind }) => kind === "vpc");
  await narrow.until(() => narrow.ids.length >= ofVpcs.length);
  assert.deepEqual(narrow.events, ofVpcs);
});

test("a long log is told whole, page by page", async () => {
  await change(1_000);
  const newest = await newestId(server);
  const watcher = await Watcher.follow(server, { after: 0 });
  await watcher.reached(newest);
  assert.deepEqual(watcher.ids, ids(1, newest));
});

test("one who does not read holds up nobody, takes no memory, and misses nothing", async () => {
  let looks = 0;
  const read = server.store.read.bind(server.store);
  server.store.read = (work) => {
    looks += 1;
    return read(work);
  };
  const slow = await Watcher.follow(server);
  const start = await newestId(server);
  slow.pause();
  const behind = await Watcher.follow(server);
  // More than the sockets between the two can hold by far, in a few large events.
  const changes = 8_000;
  await change(changes, "x".repeat(5_000));
  const newest = await newestId(server);
  assert.equal(newest, start + changes);
  await behind.reached(newest);
  assert.deepEqual(behind.ids, ids(start + 1, newest));

  assert.ok(slow.ids.length < changes, "it has not read all");
  const looksBefore = looks;
  slow.resume();
  await slow.reached(newest);
  assert.deepEqual(slow.ids, ids(start + 1, newest));
  assert.ok(looks - looksBefore > 10, `${looks - looksBefore} of 40 pages were left in the store until it read on`);
  server.store.read = read;
});

test("watchers at the same place share what is read of the log", async () => {
  const watchers = await Promise.all(Array.from({ length: 30 }, () => Watcher.follow(server)));
  let looks = 0;
  const read = server.store.read.bind(server.store);
  server.store.read = (work) => {
    looks += 1;
    return read(work);
  };
  await change(1);
  const newest = await newestId(server);
  await Promise.all(watchers.map((watcher) => watcher.reached(newest)));
  server.store.read = read;
  assert.ok(looks < 10, `${looks} looks`);
  for (const watcher of watchers) assert.deepEqual(watcher.ids, [newest]);
});

test("what is committed while the log is being read is told at once, also to one who comes in that moment", { timeout }, async () => {
  const reading = new EventEmitter();
  let holds = true;
  /** Its first read has its result already, and keeps it until it is let go. */
  const store: Pick<Store, "read" | "onCommit"> = {
    onCommit: (listener) => server.store.onCommit(listener),
    read: async (work) => {
      const result = await server.store.read(work);
      if (holds) await new Promise((release) => reading.emit("held", release));
      return result;
    },
  };
  // Without heartbeats, which would make good what was missed.
  const stream = new EventStream(store as Store, kindsByName, 2 ** 30);
  const place = await newestId(server);
  const ended = new AbortController();
  const follow = (): AsyncIterator<Told> => stream.follow(place, {}, ended.signal)[Symbol.asyncIterator]();
  const [first, second] = [follow(), follow()];
  await first.next();
  const held = once(reading, "held");
  const toldFirst = first.next();
  const [release] = (await held) as [() => void];
  holds = false;
  await change(1);
  await second.next();
  const toldSecond = second.next();
  release();
  for (const { value } of await Promise.all([toldFirst, toldSecond])) {
    assert.deepEqual(
      value.events.map(({ id }: { id: number }) => id),
      [place + 1],
    );
  }
  ended.abort();
});

test("a quiet stream says now and then that it is there, and how far it is", async () => {
  const stream = new EventStream(server.store, kindsByName, 5);
  const ended = new AbortController();
  const told = stream.follow(undefined, { kind: "vpc" }, ended.signal)[Symbol.asyncIterator]();
  const place = await newestId(server);
  for (let heartbeat = 0; heartbeat < 5; heartbeat++) {
    assert.deepEqual((await told.next()).value, { events: [], reached: place });
  }
  await change(3);
  let last = await told.next();
  while (last.value?.reached === place) last = await told.next();
  assert.deepEqual(last.value, { events: [], reached: place + 3 }, "what it does not want is passed all the same");
  ended.abort();
  while (last.done !== true) last = await told.next();
  assert.equal(stream.watchers, 0);
});

test("a watcher that goes is forgotten at once, and one too many is refused until then", { timeout }, async () => {
  // Those of earlier tests may still be on their way out.
  while (server.engine.eventStream.watchers > 0) await (await Watcher.open(server, { after: "-1" })).closed();
  const watchers = await Promise.all(Array.from({ length: watchersMax }, () => Watcher.follow(server)));
  assert.equal(server.engine.eventStream.watchers, watchersMax);
  const refused = await Watcher.open(server);
  await refused.closed();
  assert.equal(refused.status, 429);
  assert.deepEqual(JSON.parse(refused.text), {
    error: "TooManyWatchers",
    message: `${watchersMax} watchers follow the event stream already.`,
    advice: "end one of them first",
  });
  for (const watcher of watchers) watcher.close();
  while (server.engine.eventStream.watchers > 0) await (await Watcher.open(server, { after: "-1" })).closed();
  await Watcher.follow(server);
});

test("a reset is told to all who know of what was before, whatever they want to hear of", async () => {
  const old = await newestId(server);
  const watching = await Watcher.follow(server);
  const narrow = await Watcher.follow(server, { kind: "access-key", account: server.accepter.key.account });
  assert.equal((await server.admin("POST", "reset")).status, 200);
  const newest = await newestId(server);
  const log = expectedOf(await allEvents(server));
  assert.equal(log[0].id, old + 1, "ids go on");

  await watching.reached(newest);
  const [gap] = watching.messages;
  assert.deepEqual([gap?.event, gap?.id, gap?.data.after], ["gap", String(old), old]);
  assert.match(gap?.data.message, new RegExp(`event ${old} is not in the log any more, as after a reset: what was known is void`));
  assert.deepEqual(watching.events, log);
  await narrow.until(() => narrow.events.length > 0);
  assert.deepEqual(
    narrow.messages.map(({ event }) => event),
    ["gap", "createAccessKey"],
  );

  for (const place of [1, 17, old, newest + 1, 999_999_999]) {
    const late = await Watcher.follow(server, { after: place });
    await late.reached(newest);
    await late.until(() => late.events.length === log.length);
    assert.deepEqual([late.messages[0]?.event, late.messages[0]?.data.after], ["gap", place]);
    assert.deepEqual(late.events, log, `behind ${place}, which is gone, there is all`);
  }
  for (const place of [0, old + 1, newest]) {
    const other = await Watcher.follow(server, { after: place });
    await other.reached(newest);
    assert.deepEqual(
      other.messages.map(({ data }) => data),
      log.filter(({ id }) => id > place),
      `behind ${place} nothing is missing`,
    );
  }
});

test("a server that stops ends its streams, over TLS too, and does not wait for those who read them", { timeout }, async () => {
  const stopping = await startServer({ tls: true });
  const { body } = await stopping.admin("GET", "ready");
  const forget = trust(body.tls.caFile);
  try {
    const plain = await Watcher.follow(stopping);
    const unread = await Watcher.follow(stopping, { after: 0 });
    unread.pause();
    const secure = await fetch(`https://127.0.0.1:${body.tls.port}/_linkspan/events`);
    const reader = (secure.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await stopping.stop();
    await plain.closed();
    assert.ok(plain.hasEnded, "and breaks none off");
    let last = await reader.read();
    while (!last.done) last = await reader.read();
    unread.resume();
    await unread.closed();
    assert.ok(unread.hasEnded);
  } finally {
    forget();
  }
});
