import { homedir } from "node:os";
import { join } from "node:path";
import { isPace, type Pace, paces } from "../engine/clock.ts";

/** A setting of the server: its variable, its flag, and what it means. The table is also what `serve --help` and the README show. */
interface Setting {
  readonly variable: string;
  readonly flag: string;
  readonly default: string;
  readonly meaning: string;
}

export const settings: readonly Setting[] = [
  { variable: "LINKSPAN_HOST", flag: "host", default: "127.0.0.1", meaning: "address to listen on" },
  { variable: "LINKSPAN_PORT", flag: "port", default: "4747", meaning: "port to listen on; 0 picks a free one" },
  { variable: "LINKSPAN_TLS_PORT", flag: "tls-port", default: "", meaning: "port of a second listener, with TLS; 0 picks a free one" },
  { variable: "LINKSPAN_DATA", flag: "data", default: "./.linkspan", meaning: "folder of the embedded store" },
  { variable: "LINKSPAN_KEY_FILE", flag: "key-file", default: "~/.config/linkspan/key", meaning: "key that encrypts stored secrets" },
  {
    variable: "LINKSPAN_DATABASE_URL",
    flag: "database-url",
    default: "",
    meaning: "PostgreSQL instead of the embedded store (not built yet)",
  },
  {
    variable: "LINKSPAN_PACE",
    flag: "pace",
    default: "fast",
    meaning: `how long asynchronous work takes: ${Object.keys(paces).join(", ")}`,
  },
  { variable: "LINKSPAN_DATAPLANE", flag: "dataplane", default: "none", meaning: "real networks: none (linux and ovn are not built yet)" },
  {
    variable: "LINKSPAN_SEED",
    flag: "seed",
    default: "",
    meaning: "file of accounts, settings and resources, applied once to an empty store",
  },
  { variable: "LINKSPAN_LOG", flag: "log", default: "info", meaning: "log level: fatal, error, warn, info, debug, trace, silent" },
];

export interface Config {
  readonly host: string;
  readonly port: number;
  /** `undefined` for no TLS listener. */
  readonly tlsPort: number | undefined;
  readonly data: string;
  readonly keyFile: string;
  /** `undefined` when nothing was said: a store keeps the pace it has. */
  readonly pace: Pace | undefined;
  readonly seed: string | undefined;
  readonly log: string;
}

/** A setting that cannot be followed. The message says what is allowed. */
export class ConfigError extends Error {}

/**
 * Reads flags, then variables, then defaults.
 * @throws {ConfigError} for a value that is wrong or not built yet
 */
export function readConfig(flags: Readonly<Record<string, string | undefined>>, environment: NodeJS.ProcessEnv): Config {
  const given = (flag: string): string | undefined => {
    const setting = settings.find((one) => one.flag === flag);
    return flags[flag] ?? (environment[setting?.variable ?? ""] || undefined);
  };
  const value = (flag: string): string => given(flag) ?? settings.find((one) => one.flag === flag)?.default ?? "";
  const refuse = (flag: string, why: string): never => {
    throw new ConfigError(`${settings.find((one) => one.flag === flag)?.variable ?? flag}=${value(flag)}: ${why}`);
  };

  if (value("database-url") !== "") refuse("database-url", "PostgreSQL is not built yet; leave it unset for the embedded store");
  if (value("dataplane") !== "none") refuse("dataplane", "only none is built yet");
  const portOf = (flag: string): number => {
    if (!/^\d{1,5}$/.test(value(flag)) || Number(value(flag)) > 65535) refuse(flag, "a port is a number from 0 to 65535");
    return Number(value(flag));
  };
  const port = portOf("port");
  const tlsPort = value("tls-port") === "" ? undefined : portOf("tls-port");
  if (tlsPort === port && port !== 0) refuse("tls-port", "plain HTTP has this port already");
  const pace = given("pace");
  if (pace !== undefined && !isPace(pace)) refuse("pace", `the paces are ${Object.keys(paces).join(", ")}`);
  if (!["fatal", "error", "warn", "info", "debug", "trace", "silent"].includes(value("log"))) {
    refuse("log", "the levels are fatal, error, warn, info, debug, trace and silent");
  }
  return {
    host: value("host"),
    port,
    tlsPort,
    data: value("data"),
    keyFile: value("key-file").replace(/^~(?=\/)/, homedir()),
    pace: pace as Pace | undefined,
    seed: given("seed"),
    log: value("log"),
  };
}

/** Where the commands find a running server unless `--url` says otherwise. */
export function defaultUrl(environment: NodeJS.ProcessEnv): string {
  const host = environment["LINKSPAN_HOST"] || "127.0.0.1";
  // A server that listens everywhere is reached here at the loopback address.
  const reachable = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return urlOf("http", reachable, environment["LINKSPAN_PORT"] || "4747");
}
/** The address of a server as a URL. */
export function urlOf(protocol: "http" | "https", host: string, port: number | string): string {
  return `${protocol}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Folder of the project, for the files that it ships. */
export const projectRoot: string = join(import.meta.dirname, "..", "..");
