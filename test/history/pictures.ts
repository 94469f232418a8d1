import { join } from "node:path";
import { opened } from "../../src/engine/resources.ts";
import { secretBoxFrom } from "../../src/engine/secrets.ts";
import type { EventRow } from "../../src/engine/store.ts";
import { kinds, operations } from "../../src/services/index.ts";
import { type Caller, versions } from "../support/caller.ts";
import { readStore } from "../store/replay.ts";
import { beijing, hangzhou } from "../support/networks.ts";
import type { InProcessServer, TestServer } from "../support/server.ts";

/** What there is, to be compared with what there was. */

export interface Pictured {
  readonly id: string;
  readonly kind: string;
  readonly position: number;
  /** All but the version, which goes on when things come back. Secrets in clear. */
  readonly fields: Readonly<Record<string, unknown>>;
}

type Row = { id: string; kind: string; position: number; image: string };
export function pictured({ folder }: Pick<TestServer, "folder">, rows: readonly Row[]): Pictured[] {
  const secrets = secretBoxFrom(join(folder, "key"));
  const kindOf = new Map(kinds.map((kind) => [kind.name, kind]));
  return rows.map(({ id, kind, position, image }) => {
    const { version: _version, ...fields } = opened<object>(kindOf.get(kind) as (typeof kinds)[number], image, secrets) as any;
    return { id, kind, position, fields };
  });
}

/** Every resource in the order of lists. */
export async function picture(server: InProcessServer): Promise<Pictured[]> {
  const rows = await server.store.read((all) => all.resourcesByPosition(0, 1_000_000));
  return pictured(
    server,
    rows.map(({ id, kind, position, body }) => ({ id, kind, position, image: body })),
  );
}

/** The same as of an event, from the log alone: the last event of each resource that left one. */
export async function pictureOf(server: InProcessServer, event: number): Promise<Pictured[]> {
  const last = new Map<string, EventRow>();
  for (const row of await server.store.read((rows) => rows.events(0, 1_000_000))) if (row.id <= event) last.set(row.resource, row);
  const there = [...last.values()].flatMap(({ resource: id, image, ...row }) => (image === null ? [] : [{ ...row, id, image }]));
  return pictured(
    server,
    there.sort((one, other) => one.position - other.position),
  );
}

export function newestEvent(server: InProcessServer): Promise<number> {
  return server.store.read(async (rows) => (await rows.eventRange()).newest);
}

/** What is asked with nothing but a region: every list, and what describes the caller or the product. */
const lists = operations.filter(
  (one) => "read" in one && Object.entries(one.parameters).every(([name, { options }]) => options.required !== true || name === "RegionId"),
);

/** Everything that callers read without knowing any id. What differs from answer to answer is left out. */
export async function throughTheWire(server: TestServer, callers: readonly Caller[]): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  for (const caller of callers) {
    for (const operation of lists) {
      const inRegions = "RegionId" in operation.parameters ? [hangzhou, beijing] : [undefined];
      for (const RegionId of inRegions) {
        const version = Object.values(versions).find((one) => one === operation.product.version) ?? "";
        const { body } = await caller.call(version, operation.name, { RegionId, PageSize: 50, MaxResults: 100, MaxItems: 1000 });
        const { RequestId: _id, NextToken: _next, Marker: _marker, HostId: _host, Recommend: _recommend, ...rest } = body;
        told[`${caller.key.account} ${operation.name} ${RegionId}`] = rest;
      }
    }
  }
  told["settings"] = (await server.admin("GET", "settings")).body;
  return told;
}

/** Resources whose work goes on although its time has come, or has failed. What waits for people may wait for days. */
export async function unfinished(server: TestServer): Promise<unknown[]> {
  const now = Date.parse((await server.admin("GET", "clock")).body.now);
  return readStore(server.folder, (all) =>
    all("SELECT * FROM task").filter(({ due, failure }) => due <= now + 3_600_000 || failure !== null),
  );
}
