import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { Engine } from "../engine/engine.ts";
import { secretBoxFrom } from "../engine/secrets.ts";
import { developmentSeed, parseSeed, type Seed } from "../engine/seed.ts";
import { makeServer } from "../gateway/server.ts";
import { kinds, operations } from "../services/index.ts";
import { SqliteStore } from "../store/sqlite.ts";
import { type Config, ConfigError, readConfig } from "./config.ts";

/** Milliseconds that open requests have to finish when the server is told to stop. */
const drainTimeout = 5_000;

/** Starts the server and prints what its user needs next. Resolves when it listens. */
export async function serve(flags: Readonly<Record<string, string | undefined>>, version: string): Promise<void> {
  const config = readConfig(flags, process.env);
  const seed = config.seed === undefined ? undefined : readSeed(config.seed);
  let server: FastifyInstance | undefined;
  const store = openStore(config.data);
  const engine = new Engine({
    store,
    secrets: secretBoxFrom(config.keyFile),
    operations,
    kinds,
    seed: seed ?? developmentSeed,
    onTaskFailure: (task, error) => server?.log.error({ err: error, task }, "a task failed"),
  });
  const { first, adminToken } = await engine.start(config.pace).catch((error: unknown) => {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  });
  if (!isLoopback(config.host) && (await engine.developmentKeysWork())) {
    await engine.stop();
    throw new ConfigError(
      `LINKSPAN_HOST=${config.host}: the development keys are public knowledge, so this server does not listen beyond 127.0.0.1 while they work.\n` +
        "Start it on 127.0.0.1, make real ones with `linkspan account create NAME`, then `linkspan account disable requester` and `… accepter`.",
    );
  }
  server = makeServer({ engine, version, logLevel: config.log });
  try {
    await server.listen({ host: config.host, port: config.port });
  } catch (error) {
    await engine.stop();
    throw new ConfigError(`cannot listen on ${config.host}:${config.port}: ${error instanceof Error ? error.message : String(error)}`);
  }
  greet(config, server, await engine.onlyDevelopmentKeysExist(), first ? adminToken : undefined);

  const stop = async (): Promise<void> => {
    const forced = setTimeout(() => process.exit(1), drainTimeout);
    forced.unref();
    await server.close();
    await engine.stop();
    process.exit(0);
  };
  process.once("SIGINT", () => void stop());
  process.once("SIGTERM", () => void stop());
}

function readSeed(path: string): Seed {
  try {
    return parseSeed(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new ConfigError(`LINKSPAN_SEED=${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function openStore(folder: string): SqliteStore {
  try {
    return new SqliteStore(folder);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function greet(config: Config, server: FastifyInstance, development: boolean, adminToken: string | undefined): void {
  const { port } = server.server.address() as AddressInfo;
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  const lines = [`Linkspan listens on ${url} and keeps its state in ${config.data}`, ""];
  if (development) {
    lines.push("Two development accounts, for use on this machine only:");
    for (const { name, uid, keys } of developmentSeed.accounts) {
      lines.push(`  ${name.padEnd(10)} UID ${uid}  ${keys[0]?.id}  ${keys[0]?.secret}`);
    }
    lines.push("");
  }
  if (adminToken !== undefined) {
    lines.push(`Admin token, shown this once: ${adminToken}`);
    lines.push("It is needed under /_linkspan/ as soon as accounts with keys of their own exist.", "");
  }
  const option = port === 4747 ? "" : ` --url ${url}`;
  lines.push(`Try first:  npx linkspan demo${option}`, `Or point a client here:  npx linkspan env --for terraform${option}`, "");
  process.stdout.write(`${lines.join("\n")}\n`);
}
