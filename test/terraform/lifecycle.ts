import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { developmentSeed } from "../../src/engine/seed.ts";
import { readStore } from "../store/replay.ts";
import { type SpawnedServer, spawnServer, type TestServer, temporaryFolder } from "../support/server.ts";
import { configurations, type Plan, type Values, type Variables, Workspace } from "./terraform.ts";

/** The life that every configuration here goes through, and what must hold on the way. */

export interface Step {
  /** Name of a file in the scenario's folder, without `.tf`: the whole configuration from this step on. */
  readonly configuration: string;
  /** Addresses of resources that terraform puts others in the place of, or takes away. It changes all others where they are. */
  readonly replaces?: readonly string[];
  /** Looks at resources and data sources as they are read once the step is done, by their addresses. */
  readonly check?: (found: (address: string) => Values) => void;
}
export interface Scenario {
  /** Folder in `configurations/`. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** Attributes that no API call reads back, so that an import cannot know them, as `address.attribute`. All others must be the same. */
  readonly notReadBack?: readonly string[];
  /** Addresses of resources that the provider cannot import. */
  readonly notImported?: readonly string[];
  /** A seed file of `examples/`, for what terraform cannot create; two accounts with a resource group `network` unless named. */
  readonly seed?: string;
  /** Makes what the configurations find and do not manage; answers the variables by which they name it. */
  readonly prepare?: (server: TestServer) => Promise<Variables>;
  /** The provider is pointed at the TLS listener. */
  readonly secure?: boolean;
  /** Quotas that the scenario needs raised. */
  readonly quotas?: readonly { readonly name: string; readonly value: number }[];
  /** What `terraform apply` is told besides. */
  readonly options?: readonly string[];
}

/**
 * Applies each step and finds nothing more to do, also with a server that was killed and started again; imports all without a difference;
 * destroys all and finds nothing left.
 * @returns the arguments that terraform changed on living resources, as `type.argument`
 */
export async function live(scenario: Scenario): Promise<ReadonlySet<string>> {
  const folder = temporaryFolder();
  const workspace = new Workspace();
  let server = await start(folder, scenario);
  const changed = new Set<string>();
  try {
    const variables = (await scenario.prepare?.(server)) ?? {};
    const empty = resourcesIn(folder);
    workspace.useCommon(join(configurations, scenario.name));
    await workspace.pointAt(server, variables);
    let settled: Plan | undefined;
    for (const step of scenario.steps) {
      const told = progress(scenario.name, step.configuration);
      workspace.use(join(configurations, scenario.name, `${step.configuration}.tf`));
      const plan = await workspace.plan();
      for (const argument of judgeActions(plan, step, settled === undefined)) changed.add(argument);
      await workspace.apply(plan, scenario.options);
      told("applied");
      settled = await workspace.plan();
      assertNothingToDo(settled);
      told("nothing more to do");
      const { found } = settled;
      step.check?.((address) => found.get(address) ?? assert.fail(`${address} is not among ${[...found.keys()].join(", ")}`));
    }
    assert.ok(settled !== undefined, "a scenario has steps");

    const told = progress(scenario.name, "end");
    await server.kill("SIGKILL");
    server = await start(folder, scenario);
    await workspace.pointAt(server, variables);
    assertNothingToDo(await workspace.plan());
    told("nothing to do after the server was killed and started again");

    const imported = await workspace.planImport(settled, scenario.notImported);
    assert.deepEqual(lostByImport(settled, imported), [...(scenario.notReadBack ?? [])].sort());
    await workspace.apply(imported, scenario.options);
    told("imported");

    await workspace.apply(await workspace.plan(["-destroy"]), scenario.options);
    assert.deepEqual(resourcesIn(folder), empty, "nothing is left");
    told("destroyed, nothing left");
    return changed;
  } catch (error) {
    const told = await refusals(server).catch(() => howItEnded(server));
    console.log(`terraform: ${scenario.name} failed. ${told}`);
    throw error;
  } finally {
    await server.stop();
    workspace.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server with the development accounts, each with a resource group `network` besides its default one, and what the scenario needs. */
async function start(folder: string, { quotas = [], seed, secure = false }: Scenario): Promise<SpawnedServer> {
  const accounts = developmentSeed.accounts.map(({ name, uid, keys }) => ({ name, uid, keys, resourceGroups: ["network"] }));
  const example = seed && (JSON.parse(readFileSync(join(import.meta.dirname, "../../examples", seed), "utf8")) as object);
  const file = join(folder, "seed.json");
  writeFileSync(file, JSON.stringify({ accounts, ...example, settings: { quotas } }));
  return spawnServer({
    folder,
    environment: { LINKSPAN_SEED: file, LINKSPAN_PACE: "fast", ...(secure ? { LINKSPAN_TLS_PORT: "0" } : {}) },
  });
}

/** Every resource in a server's store, whoever owns it. */
function resourcesIn(folder: string): string[] {
  return readStore(folder, (all) => all("SELECT kind, id FROM resource ORDER BY kind, id").map(({ kind, id }) => `${kind} ${id}`));
}

/** Holds a plan against its step; answers the arguments that it changes on living resources. */
function judgeActions({ changes }: Plan, { configuration, replaces = [] }: Step, isFirst: boolean): string[] {
  const of = (action: string): string[] =>
    changes.flatMap(({ address, change }) => ((change.actions as readonly string[]).includes(action) ? [address] : []));
  assert.deepEqual(of("delete").sort(), [...replaces].sort(), `what ${configuration} replaces`);
  assert.ok(of(isFirst ? "create" : "update").length + replaces.length > 0, `${configuration} does something`);
  return changes
    .filter(({ change }) => change.actions.includes("update"))
    .flatMap(({ type, change }) => differences(change.before, change.after).map((attribute) => `${type}.${attribute}`));
}

function assertNothingToDo({ changesSomething, changes }: Plan): void {
  const means = changes.flatMap(({ address, change }) => {
    if (change.actions.every((action) => action === "no-op" || action === "read")) return [];
    const attributes = differences(change.before, change.after).map(
      (name) => `  ${name}: ${JSON.stringify(change.before?.[name])} -> ${JSON.stringify(change.after?.[name])}`,
    );
    return [`${change.actions.join(" and ")} ${address}`, ...attributes];
  });
  assert.ok(!changesSomething, `a plan must be empty, but terraform means to\n${means.join("\n")}`);
}

/** Attributes that an import found otherwise than they were, or that its plan would change, as `address.attribute`. */
function lostByImport(before: Plan, imported: Plan): string[] {
  const earlier = new Map(before.changes.map(({ address, change }) => [address, change.before]));
  return imported.changes
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ address, change }) => {
      assert.ok(earlier.has(address) && change.before !== null, `${address} is known again`);
      const lost = new Set([...differences(earlier.get(address) ?? null, change.before), ...differences(change.before, change.after)]);
      return [...lost].map((attribute) => `${address}.${attribute}`);
    })
    .sort();
}

/** Names of the attributes that differ. A list or map that is empty is as good as none; `timeouts` are terraform's own. */
function differences(before: Values | null, after: Values | null): string[] {
  const told = (value: unknown): string => {
    const isEmpty = typeof value === "object" && Object.keys(value ?? {}).length === 0;
    return isEmpty ? "null" : (JSON.stringify(value) ?? "null");
  };
  return Object.keys({ ...before, ...after }).filter((name) => name !== "timeouts" && told(before?.[name]) !== told(after?.[name]));
}

/** Tells on one line what was done and how long it took. */
function progress(scenario: string, part: string): (what: string) => void {
  let since = performance.now();
  return (what) => {
    const seconds = Math.round((performance.now() - since) / 1000);
    since = performance.now();
    console.log(`terraform: ${scenario}, ${part}: ${what} (${seconds} s)`);
  };
}

/** What can be said of a server that no longer answers. */
function howItEnded(server: SpawnedServer): string {
  const { exitCode, signalCode } = server.process;
  return `The server does not answer; it ended with ${signalCode ?? exitCode ?? "nothing yet"}:\n${server.output()}`;
}

/** The last requests that the server refused, with what it was asked, and what it logged. */
async function refusals(server: SpawnedServer): Promise<string> {
  const { body } = await server.admin("GET", "requests?limit=1000");
  const refused = (body.requests as { requestId: string; status: number }[]).filter(({ status }) => status >= 400).slice(0, 10);
  const lines = refused.map(async ({ requestId }) => {
    const { product, action, parameters, status, code, message } = (await server.admin("GET", `requests/${requestId}`)).body;
    return `${product} ${action} ${JSON.stringify(parameters)}: ${status} ${code}: ${message}`;
  });
  const logged = server
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  const told = [...(await Promise.all(lines)), ...logged];
  return told.length === 0 ? "The server refused nothing." : ["The server's last refusals, newest first:", ...told].join("\n");
}
