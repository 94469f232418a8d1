import { hash } from "node:crypto";
import type { Kinds } from "./resources.ts";
import { indexEntries, StoredResources } from "./resources.ts";
import type { SecretBox } from "./secrets.ts";
import type { WritableRows } from "./store.ts";

const fingerprintName = "indexes";
const pageSize = 500;

/**
 * Rebuilds the index entries and counters of a store whose kinds had other indexes when it was last used, so that a new version
 * may add or change an index without a migration.
 */
export async function keepIndexes(rows: WritableRows, kinds: Kinds, secrets: SecretBox): Promise<void> {
  const fingerprint = fingerprintOf(kinds);
  if ((await rows.meta(fingerprintName)) === fingerprint) return;
  await rows.clearIndexes();
  const resources = new StoredResources(rows, kinds, secrets);
  for (let after = ""; ;) {
    const page = await rows.allResources(after, pageSize);
    for (const row of page) {
      const kind = kinds.get(row.kind);
      if (kind !== undefined) await rows.putResource(row, [], indexEntries<object>(kind, resources.opened<object>(kind, row)));
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) break;
    after = last.id;
  }
  await rows.putMeta(fingerprintName, fingerprint);
}

/** Changes with the name, the counting and the code of any index. */
function fingerprintOf(kinds: Kinds): string {
  const parts = [...kinds.values()].flatMap((kind) =>
    Object.entries(kind.indexes).map(([name, valuesOf]) => [kind.name, name, kind.counted.includes(name), String(valuesOf)]),
  );
  return hash("sha256", JSON.stringify(parts));
}
