import { makeServer } from "../../src/gateway/server.ts";
import { Engine } from "../../src/engine/engine.ts";
import { secretBoxFrom } from "../../src/engine/secrets.ts";
import { developmentSeed } from "../../src/engine/seed.ts";
import { kinds, operations } from "../../src/services/index.ts";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import type { Answer, CallOptions, Caller } from "../support/caller.ts";
import type { InProcessServer } from "../support/server.ts";
import { storyFaults } from "../support/story.ts";

/** The ways in which a signed call comes in. */

export const doors: readonly (readonly [name: string, options: CallOptions])[] = [
  ["V1, POST with a form", { method: "POST", place: "form" }],
  ["V1, POST with a query", { method: "POST", place: "query" }],
  ["V1, GET", { method: "GET" }],
  ["V1, XML", { format: "XML" }],
  ["V3, POST with a form", { signature: "V3", method: "POST", place: "form" }],
  ["V3, POST with a query", { signature: "V3", method: "POST", place: "query" }],
  ["V3, GET", { signature: "V3", method: "GET" }],
];

/** `OK`, or the code of the refusal, in whichever format. */
export function codeOf({ status, text }: Answer): string {
  return status === 200 ? "OK" : (/"Code":"([^"]+)"|<Code>([^<]+)<\/Code>/.exec(text)?.slice(1).find(Boolean) ?? text);
}

/** What asking who calls comes to through each door. */
export async function throughDoors(caller: Caller): Promise<Set<string>> {
  return new Set(await Promise.all(doors.map(async ([, options]) => codeOf(await caller.sts("GetCallerIdentity", {}, options)))));
}

/** A server of its own before the store of another, as where several servers share a database: nothing but the store connects them. */
export interface SecondServer {
  readonly url: string;
  readonly engine: Engine;
  /** What was wrong with the stories of its requests. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}
export async function secondServer({ store, folder }: InProcessServer): Promise<SecondServer> {
  const secrets = secretBoxFrom(join(folder, "key"));
  const snapshots = { folder: join(folder, "snapshots"), version: "test" };
  const options = { store, secrets, operations, kinds, seed: developmentSeed, codeFingerprint: "test", snapshots };
  // It is not started: the tasks of the store and its closing stay with the first.
  const engine = new Engine({ ...options, onTaskFailure: () => undefined });
  const faults: string[] = [];
  const onRequest = (record: Parameters<typeof storyFaults>[0]): void => void faults.push(...storyFaults(record));
  const { app } = makeServer({ engine, version: "test", logLevel: "silent", onRequest });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, engine, faults, close: () => app.close() };
}
