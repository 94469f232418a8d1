import { join } from "node:path";
import { opened } from "../../src/engine/resources.ts";
import { secretBoxFrom } from "../../src/engine/secrets.ts";
import type { EventRow } from "../../src/engine/store.ts";
import { kinds, operations } from "../../src/services/index.ts";
import { type Caller, versions } from "../support/caller.ts";
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

const kindOf = (name: string) => kinds.find((kind) => kind.name === name) as (typeof kinds)[number];
function pictured(server: TestServer, row: { id: string; kind: string; position: number; image: string }): Pictured {
  const { version: _version, ...fields } = opened<object>(kindOf(row.kind), row.image, secretBoxFrom(join(server.folder, "key"))) as any;
  return { id: row.id, kind: row.kind, position: row.position, fields };
}

/** Every resource in the order of lists. */
export async function picture(server: InProcessServer): Promise<Pictured[]> {
  const rows = await server.store.read((all) => all.resourcesByPosition(0, 1_000_000));
  return rows.map(({ body, ...row }) => pictured(server, { ...row, image: body }));
}

/** The same as of an event, from the log alone: the last event of each resource that left one. */
export async function pictureOf(server: InProcessServer, event: number): Promise<Pictured[]> {
  const last = new Map<string, EventRow>();
  for (const row of await server.store.read((rows) => rows.events(0, 1_000_000))) if (row.id <= event) last.set(row.resource, row);
  return [...last.values()]
    .flatMap(({ resource: id, kind, position, image }) => (image === null ? [] : [pictured(server, { id, kind, position, image })]))
    .sort((one, other) => one.position - other.position);
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
        const { RequestId: _id, NextToken: _next, Marker: _marker, Recommend: _recommend, ...rest } = body;
        told[`${caller.key.account} ${operation.name} ${RegionId}`] = rest;
      }
    }
  }
  told["settings"] = (await server.admin("GET", "settings")).body;
  return told;
}
