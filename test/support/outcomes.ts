import assert from "node:assert/strict";
import type { Answer } from "./caller.ts";
import { refusedWith } from "./networks.ts";
import type { InProcessServer } from "./server.ts";

/** What a call came to, and whether it changed anything. */

/** `OK`, or the code of the refusal. */
export function outcome({ status, body }: Answer): string {
  return status === 200 ? "OK" : String(body.Code);
}

/** A refusal as its caller reads it; HTTP status 400 unless said. */
export interface Expected {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}
export const dryRunPassed: Expected = {
  code: "DryRunOperation",
  message: "Request validation has been passed with DryRun flag set.",
};
export const tokenReused: Expected = {
  code: "IdempotentParameterMismatch",
  message: "The request is retried with updated parameters.",
};

/** Asserts a refusal word for word, and that nothing was written while it was made. */
export async function refusedUnchanged(server: InProcessServer, call: () => Promise<Answer>, expected: Expected): Promise<void> {
  const before = await eventCount(server);
  const answer = refusedWith(await call(), expected.code, expected.status);
  assert.equal(answer.body.Message, expected.message);
  assert.equal(await eventCount(server), before, "a refused call changes nothing");
}

/** Every change of any resource is an event. */
export function eventCount(server: InProcessServer): Promise<number> {
  return server.store.read(async (rows) => (await rows.events(0, 1_000_000)).length);
}

/** Everything that a caller sees of an answer, without what differs from call to call. */
export function seen({ status, headers, text, body }: Answer): unknown {
  const id = String(body.RequestId);
  assert.match(id, /^[0-9A-F-]{36}$/);
  const own = new Set(["date", "x-acs-request-id"]);
  return { status, text: text.replaceAll(id, "RequestId"), headers: [...headers].filter(([name]) => !own.has(name)).sort() };
}
