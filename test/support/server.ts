import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { FastifyInstance } from "fastify";
import { tlsIdentity } from "../../src/cli/tls-identity.ts";
import type { Pace } from "../../src/engine/clock.ts";
import { Engine } from "../../src/engine/engine.ts";
import { secretBoxFrom } from "../../src/engine/secrets.ts";
import { developmentSeed, parseSeed } from "../../src/engine/seed.ts";
import type { RequestRecord } from "../../src/gateway/request-log.ts";
import { makeServer } from "../../src/gateway/server.ts";
import { kinds, operations } from "../../src/services/index.ts";
import { SqliteStore } from "../../src/store/sqlite.ts";
import { assertAsDeclared } from "./addresses.ts";
import { Caller, type Key } from "./caller.ts";
import { recordRequest } from "./record.ts";
import { storyFaults } from "./story.ts";

export const requesterKey: Key = { account: "1000000000000001", id: "LTAIlinkspanRequester01", secret: "linkspan-requester-secret" };
export const accepterKey: Key = { account: "1000000000000002", id: "LTAIlinkspanAccepter002", secret: "linkspan-accepter-secret" };

/** A server on a free port of this machine, with a store of its own. */
export interface TestServer {
  readonly url: string;
  /** `127.0.0.1:port` */
  readonly endpoint: string;
  readonly folder: string;
  readonly requester: Caller;
  readonly accepter: Caller;
  /** As printed at the first start; empty on a store that was taken up. */
  readonly adminToken: string;
  /** Calls one of Linkspan's own addresses. */
  admin(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: any }>;
  /** Moves virtual time on (pace `stepped`) until every task that is at work has finished. Without an argument: 30 seconds. */
  advance(seconds?: number): Promise<void>;
  /** An account that is neither of the two, with its key. */
  stranger(): Promise<Caller>;
  stop(): Promise<void>;
}
export interface InProcessServer extends TestServer {
  readonly engine: Engine;
  readonly store: SqliteStore;
  readonly app: FastifyInstance;
  /** The TLS listener, if one was asked for. */
  readonly tls: HttpsServer | undefined;
}

/** A folder of its own, in the one for temporary files unless said. */
export function temporaryFolder(within: string = tmpdir()): string {
  return mkdtempSync(join(within, "linkspan-test-"));
}

/** The same in memory instead of on a disk, where there is such a place: a store syncs each commit, which thousands of them would feel. */
export function memoryFolder(): string {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return temporaryFolder("/dev/shm");
  } catch {
    return temporaryFolder();
  }
}

/**
 * Starts a server in this process: fast, and inspectable through `engine` and `store`. `folder` takes up an earlier store.
 * Its `stop` fails when the story of any request did not add up.
 */
export async function startServer(
  options: {
    pace?: Pace;
    seed?: unknown;
    folder?: string;
    /** The address to listen on, instead of loopback only. */
    host?: string;
    /** The server takes itself for one that others than this machine can reach. */
    exposed?: boolean;
    /** A TLS listener beside the other. */
    tls?: boolean;
    /** False for generated input, whose answers differ from run to run: the conformance table claims nothing from it. */
    record?: boolean;
    /** Sees every request as the server tells it. */
    onRequest?: (record: RequestRecord) => void;
  } = {},
): Promise<InProcessServer> {
  const folder = options.folder ?? temporaryFolder();
  const host = options.host ?? "127.0.0.1";
  const secrets = secretBoxFrom(join(folder, "key"));
  const store = new SqliteStore(folder);
  const engine = new Engine({
    store,
    secrets,
    operations,
    kinds,
    seed: options.seed === undefined ? developmentSeed : parseSeed(options.seed),
    codeFingerprint: "test",
    snapshots: { folder: join(folder, "snapshots"), version: "test" },
    exposed: options.exposed ?? false,
    onTaskFailure: (task, error) => console.error("task failed", task, error),
  });
  await engine.start(options.pace ?? "stepped");
  const adminToken = await engine.issueAdminToken();
  const faults: string[] = [];
  const { app, tls } = makeServer({
    engine,
    ...(options.tls === true ? { tls: tlsIdentity(folder, secrets, host, Date.now()) } : {}),
    version: "test",
    logLevel: "silent",
    onRequest: (record) => {
      if (options.record !== false) recordRequest(record);
      faults.push(...storyFaults(record));
      options.onRequest?.(record);
    },
  });
  await app.listen({ host, port: 0 });
  if (tls !== undefined) await once(tls.listen({ host, port: 0 }), "listening");
  const { port } = app.server.address() as AddressInfo;
  const base = testServer(`http://127.0.0.1:${port}`, folder, adminToken);
  return {
    ...base,
    engine,
    store,
    app,
    tls,
    stop: async () => {
      await app.close();
      await engine.stop();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
      assert.deepEqual(faults, [], "every request that was made is told in full");
    },
  };
}

/** An IPv4 address of this machine from which its requests do not count as its own; `undefined` where it has loopback only. */
export function outsideAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((some = []) => some);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}
export const noOutsideAddress = "this machine has no address but loopback: connect it to a network";

/** Makes all TLS clients of this process trust a server's certificate authority; answers how to make them forget it. */
export function trust(caFile: string): () => void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, readFileSync(caFile, "utf8")]);
  return () => setDefaultCACertificates(before);
}

/** A server as its user runs it: a process of its own. */
export interface SpawnedServer extends TestServer {
  readonly process: ChildProcess;
  /** The address of the TLS listener, if it has one. */
  readonly secureUrl: string | undefined;
  /** Everything that it has printed so far. */
  output(): string;
  /** The same once the log has told all that was answered so far: lines wait for each other a moment. */
  wholeOutput(): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `linkspan serve` and waits until it says where it listens. Rejects with its output when it exits instead. */
export async function spawnServer(
  options: { folder?: string; environment?: Record<string, string>; wrapper?: readonly string[] } = {},
): Promise<SpawnedServer> {
  const folder = options.folder ?? temporaryFolder();
  const command = [...(options.wrapper ?? []), process.execPath, join(import.meta.dirname, "..", "..", "bin", "linkspan.mjs"), "serve"];
  const child = spawn(command[0] as string, command.slice(1), {
    env: {
      ...process.env,
      LINKSPAN_PORT: "0",
      LINKSPAN_DATA: folder,
      LINKSPAN_KEY_FILE: join(folder, "key"),
      LINKSPAN_LOG: "warn",
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      const found = /listens on (http:\/\/\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the server exited with ${code}:\n${output}`)));
  });
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    ...testServer(url, folder, /shown this once: (\S+)/.exec(output)?.[1]),
    process: child,
    secureUrl: /With TLS on (https:\/\/[^\s,]+)/.exec(output)?.[1],
    output: () => output,
    wholeOutput: async () => {
      const mark = randomUUID();
      await fetch(`${url}/_linkspan/health?${mark}`);
      while (!output.includes(mark)) await once(child.stdout, "data");
      return output;
    },
    kill,
    stop: async () => {
      await kill("SIGTERM");
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function testServer(url: string, folder: string, adminToken: string | undefined): Omit<TestServer, "stop"> {
  const endpoint = new URL(url).host;
  const admin: TestServer["admin"] = async (method, path, body, headers = {}) => {
    const authorization: Record<string, string> = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` };
    const response = await fetch(`${url}/_linkspan/${path}`, {
      method,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.headers.get("content-type")?.startsWith("application/json")) return { status: response.status, body: text };
    const answer = JSON.parse(text) as unknown;
    assertAsDeclared(method, path, response.status, answer);
    return { status: response.status, body: answer };
  };
  return {
    url,
    endpoint,
    adminToken: adminToken ?? "",
    folder,
    requester: new Caller(url, requesterKey),
    accepter: new Caller(url, accepterKey),
    admin,
    advance: async (seconds = 30) => {
      const { status, body } = await admin("POST", "clock/advance", { seconds });
      if (status !== 200) throw new Error(JSON.stringify(body));
    },
    stranger: async () => {
      const { body } = await admin("POST", "accounts", { name: `stranger-${Math.random().toString(36).slice(2)}` });
      return new Caller(url, { account: body.account.uid, id: body.key.AccessKeyId, secret: body.key.AccessKeySecret });
    },
  };
}
