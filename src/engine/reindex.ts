import type { Kinds } from "./resources.ts";
import { indexEntries, StoredResources } from "./resources.ts";
import type { SecretBox } from "./secrets.ts";
import type { WritableRows } from "./store.ts";

const fingerprintName = "indexes";
const pageSize = 500;

/**
 * Rebuilds the index entries and counters of a store that another version of the code wrote, so that a version may add or change an
 * index without a migration. A rebuild that was not needed does no harm.
 * @param fingerprint changes with any code that an index may depend on
 */
export async function keepIndexes(rows: WritableRows, kinds: Kinds, secrets: SecretBox, fingerprint: string): Promise<void> {
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
