import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { TestContext } from "node:test";
import { StoreUnavailable, type WritableRows } from "../../src/engine/store.ts";
import { type Answer, type Caller, versions } from "../support/caller.ts";
import { succeeded } from "../support/networks.ts";
import type { InProcessServer, TestServer } from "../support/server.ts";
import { RawConnection, signedTarget } from "../wire/raw.ts";

/** What the audit finds, as its address tells it. */

export interface Found {
  readonly kind: string;
  readonly seen: string;
  readonly matters: string;
  readonly instead: string;
  readonly client: { readonly account: string; readonly accessKeyId: string; readonly userAgent: string };
  readonly product: string;
  readonly operation: string;
  readonly resources: readonly string[];
  readonly count: number;
  readonly from: string;
  readonly to: string;
  readonly requests: readonly string[];
  readonly requestsLeftOut: number;
}

/** What is found in the requests of a caller's account. */
export async function foundOf(server: TestServer, { key }: Caller): Promise<readonly Found[]> {
  const { status, body } = await server.admin("GET", `audit?account=${key.account}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.findings;
}

/** Asserts that exactly one thing was found, of this kind and in these requests, and that each of them can be opened. */
export async function foundOne(server: TestServer, caller: Caller, kind: string, of: readonly Answer[]): Promise<Found> {
  const [found, ...others] = await foundOf(server, caller);
  assert.deepEqual(others, []);
  assert.ok(found, "nothing was found");
  assert.deepEqual([found.kind, found.requests], [kind, of.map(requestIdOf)], found.seen);
  assert.deepEqual([found.client.account, found.client.accessKeyId], [caller.key.account, caller.key.id]);
  for (const id of found.requests) assert.equal((await server.admin("GET", `requests/${id}`)).body.accessKeyId, caller.key.id);
  return found;
}
export async function foundNothing(server: TestServer, caller: Caller): Promise<void> {
  assert.deepEqual(
    (await foundOf(server, caller)).map(({ kind, seen }) => `${kind}: ${seen}`),
    [],
  );
}

export function requestIdOf({ headers }: Answer): string {
  return headers.get("x-acs-request-id") ?? "";
}

/** Calls one after the other, each when the one before is answered. */
export async function inTurn(count: number, call: (index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index++) answers.push(await call(index));
  return answers;
}

/** Lets the wall clock of this process, and so of a server in it, be moved by hand. Answers how: by milliseconds. */
export function wallClock(t: TestContext): (milliseconds: number) => void {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  return (milliseconds) => t.mock.timers.setTime(Date.now() + milliseconds);
}

/** While `work` runs, nothing can be stored: writes answer 503. */
export async function withoutStore<T>(t: TestContext, server: InProcessServer, work: () => Promise<T>): Promise<T> {
  const broken = t.mock.method(server.store, "write", async (_work: (rows: WritableRows) => Promise<unknown>) => {
    throw new StoreUnavailable(new Error("full on purpose"));
  });
  try {
    return await work();
  } finally {
    broken.mock.restore();
  }
}

/**
 * Makes a call of Vpc and hangs up before it is answered. The call is carried out all the same, when `meanwhile` is over.
 * Answers its RequestId.
 */
export async function hangUp(
  t: TestContext,
  server: InProcessServer,
  { key }: Caller,
  action: string,
  parameters: Readonly<Record<string, string>>,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<string> {
  const arrived = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const execute = server.engine.execute.bind(server.engine);
  const slow = t.mock.method(server.engine, "execute", async (...call: Parameters<typeof execute>) => {
    slow.mock.restore();
    arrived.resolve();
    await gone.promise;
    return execute(...call);
  });
  const connected = once(server.app.server, "connection") as Promise<[Socket]>;
  const client = new RawConnection(server.endpoint);
  const target = signedTarget(key, versions.Vpc, action, Object.entries(parameters));
  // It says of itself what the other calls of a test do, because it is the same client.
  client.write(`GET ${target} HTTP/1.1\r\nHost: ${server.endpoint}\r\nUser-Agent: node\r\n\r\n`);
  const [socket] = await connected;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await arrived.promise;
  await client.breakOff();
  await closed;
  await meanwhile();
  const known = new Set((await server.admin("GET", "requests")).body.requests.map(({ requestId }: any) => requestId));
  gone.resolve();
  const deadline = performance.now() + 10_000;
  for (;;) {
    const [last] = (await server.admin("GET", "requests?limit=1")).body.requests;
    if (last?.account === key.account && last.action === action && !known.has(last.requestId)) return last.requestId;
    assert.ok(performance.now() < deadline, "the call was carried out");
  }
}

/** Asserts that a call succeeded, and answers it. */
export async function ok(call: Promise<Answer>): Promise<Answer> {
  return succeeded(await call);
}
