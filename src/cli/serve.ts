import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, isIPv4 } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Engine } from "../engine/engine.ts";
import { secretBoxFrom } from "../engine/secrets.ts";
import { developmentSeed, parseSeed, type Seed } from "../engine/seed.ts";
import { makeServer, type Server, type TlsIdentity } from "../gateway/server.ts";
import { kinds, operations } from "../services/index.ts";
import { SqliteStore } from "../store/sqlite.ts";
import { codeFingerprint } from "./code-fingerprint.ts";
import { type Config, ConfigError, readConfig, urlOf } from "./config.ts";

/** Milliseconds that open requests have to finish when the server is told to stop. */
const drainTimeout = 1_000;

/** Starts the server and prints what its user needs next. Resolves when it listens. */
export async function serve(flags: Readonly<Record<string, string | undefined>>, version: string): Promise<void> {
  const config = readConfig(flags, process.env);
  const exposed = !isLoopback(config.host);
  const seed = config.seed === undefined ? developmentSeed : orRefuse(`LINKSPAN_SEED=${config.seed}`, () => readSeed(config.seed ?? ""));
  const secrets = orRefuse(`LINKSPAN_KEY_FILE=${config.keyFile}`, () => secretBoxFrom(config.keyFile));
  const store = orRefuse(`LINKSPAN_DATA=${config.data}`, () => new SqliteStore(config.data));
  let server: Server | undefined;
  const engine = new Engine({
    store,
    secrets,
    operations,
    kinds,
    seed,
    exposed,
    codeFingerprint: codeFingerprint(),
    snapshots: { folder: join(config.data, "snapshots"), version },
    onTaskFailure: (task, error) => server?.app.log.error({ err: error, task }, task ? "a task failed" : "tasks could not be looked at"),
  });
  /** Gives up before the start is complete, saying why. */
  const refuse = async (why: string): Promise<never> => {
    await server?.app.close();
    await engine.stop();
    throw new ConfigError(why);
  };
  await engine.start(config.pace).catch((error: unknown) => refuse(messageOf(error)));
  if (exposed && (await engine.developmentKeysWork())) {
    await refuse(
      `LINKSPAN_HOST=${config.host}: the development keys are public knowledge, so this server does not listen beyond 127.0.0.1 while they work.\n` +
        "Start it on 127.0.0.1, make real ones with `linkspan account create NAME`, then `linkspan account disable requester` and `… accepter`.",
    );
  }
  let tls: TlsIdentity | undefined;
  try {
    if (config.tlsPort !== undefined) {
      // What makes certificates is loaded by those who want them.
      const { tlsIdentity } = await import("./tls-identity.ts");
      tls = tlsIdentity(config.data, secrets, config.host, Date.now());
    }
  } catch (error) {
    await refuse(`LINKSPAN_TLS_PORT=${config.tlsPort}: ${messageOf(error)}`);
  }
  const listening = makeServer({ engine, version, logLevel: config.log, tls });
  server = listening;
  const cannotListen = (port: number | undefined) => (error: unknown) =>
    refuse(`cannot listen on ${config.host}:${port}: ${messageOf(error)}`);
  await listening.app.listen({ host: config.host, port: config.port }).catch(cannotListen(config.port));
  if (listening.tls !== undefined) {
    listening.tls.listen({ host: config.host, port: config.tlsPort });
    await once(listening.tls, "listening").catch(cannotListen(config.tlsPort));
  }
  const stop = async (): Promise<void> => {
    // Requests in flight are answered, which takes milliseconds; whoever only holds a connection is let go.
    await Promise.race([listening.app.close(), setTimeout(drainTimeout)]);
    await engine.stop();
    process.exit(0);
  };
  process.once("SIGINT", () => void stop());
  process.once("SIGTERM", () => void stop());
  await greet(config, listening, tls?.caFile, engine);
}

/** Runs a step of the start; what it cannot do is told with the setting that it follows from. */
function orRefuse<T>(setting: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new ConfigError(`${setting}: ${messageOf(error)}`);
  }
}
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readSeed(path: string): Seed {
  return parseSeed(JSON.parse(readFileSync(path, "utf8")));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

async function greet(config: Config, { app, tls }: Server, caFile: string | undefined, engine: Engine): Promise<void> {
  const { port } = app.server.address() as AddressInfo;
  const url = urlOf("http", config.host, port);
  const lines = [`Linkspan listens on ${url} and keeps its state in ${config.data}`];
  if (tls !== undefined) {
    lines.push(`With TLS on ${urlOf("https", config.host, (tls.address() as AddressInfo).port)}, for clients that trust ${caFile}`);
  }
  lines.push("");
  const development = (await engine.developmentKeysWork()) && (await engine.onlyDevelopmentKeysExist());
  if (development) {
    lines.push("Development accounts, for use on this machine only:");
    const secretOf = new Map(developmentSeed.accounts.flatMap(({ keys }) => keys.map(({ id, secret }) => [id, secret])));
    for (const { name, uid, keys } of await engine.accounts()) {
      for (const { id } of keys) lines.push(`  ${name.padEnd(10)} UID ${uid}  ${id}  ${secretOf.get(id) ?? ""}`);
    }
    lines.push("");
  }
  const adminToken = await engine.issueAdminToken();
  if (adminToken !== undefined) {
    lines.push(`Admin token, shown this once: ${adminToken}`);
    lines.push("It is needed under /_linkspan/ as soon as accounts with keys of their own exist.", "");
  }
  const option = port === 4747 ? "" : ` --url ${url}`;
  if (development) lines.push(`Try first:  npx linkspan demo${option}`);
  lines.push(
    isLoopback(config.host)
      ? `Point a client here:  npx linkspan env --for terraform${option}`
      : `Point a client on another machine here:  npx linkspan env --url http://NAME-OF-THIS-MACHINE:${port} --account NAME`,
    "",
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}
