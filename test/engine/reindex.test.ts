import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { after, test } from "node:test";
import type { ResourceKind } from "../../src/contract/resource-kind.ts";
import { keepIndexes } from "../../src/engine/reindex.ts";
import { StoredResources, totalOf, WritableResources } from "../../src/engine/resources.ts";
import { SecretBox } from "../../src/engine/secrets.ts";
import { SqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../support/server.ts";

interface BookBody {
  readonly shelf: string;
  readonly note: string;
}
const bookBefore: ResourceKind<BookBody> = {
  name: "book",
  idPrefix: "book",
  idHasRegionCode: false,
  states: { initial: { buy: "Shelved" }, states: { Shelved: { meaning: "there", moves: { sell: "(gone)" } } } },
  indexes: { all: () => ["*"], shelf: ({ shelf }) => [shelf] },
  counted: ["all"],
  secretFields: ["note"],
};
/** The same kind in a later version: one index gone, one new and counted, one that reads something else. */
const bookAfter: ResourceKind<BookBody> = {
  ...bookBefore,
  indexes: { shelf: ({ shelf }) => [shelf.toUpperCase()], note: ({ note }) => [note] },
  counted: ["shelf"],
};

const folder = temporaryFolder();
const store = new SqliteStore(folder);
const secrets = new SecretBox(randomBytes(32));
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test("a store takes up the indexes that its kinds have now, and leaves them alone while they do not change", async () => {
  const before = new Map([["book", bookBefore]]);
  const later = new Map([["book", bookAfter]]);
  await store.write(async (rows) => {
    await keepIndexes(rows, before, secrets, "first version");
    const state = new WritableResources(rows, before, secrets, { now: 1, pace: "fast", cause: "test", principal: "test" });
    for (let index = 0; index < 1_203; index++) {
      await state.create(
        bookBefore,
        { id: `book-${index}`, account: "1", region: "", shelf: index % 2 ? "a" : "b", note: `n${index % 3}` },
        "buy",
      );
    }
  });
  await store.write((rows) => keepIndexes(rows, later, secrets, "second version"));
  await store.read(async (rows) => {
    const state = new StoredResources(rows, later, secrets);
    assert.equal(await state.count(bookAfter, [["shelf", "A"]]), 601);
    assert.equal(await state.count(bookAfter, [["note", "n0"]]), 401);
    assert.equal(await totalOf(rows, bookAfter), 1_203);
    const page = await state.list(bookAfter, [["shelf", "A"]], { offset: 600, limit: 10 });
    assert.deepEqual(
      page.map(({ resource }) => resource.id),
      ["book-1201"],
    );
    await assert.rejects(state.list(bookAfter, [["all", "*"]], { limit: 1 }), /book has no index all/);
    await assert.rejects(state.count(bookAfter, [["shelv", "A"]]), /book has no index shelv/);
  });
  // What was counted before the change and goes after it leaves the right total.
  await store.write(async (rows) => {
    const state = new WritableResources(rows, later, secrets, { now: 2, pace: "fast", cause: "test", principal: "test" });
    const book = await state.get(bookAfter, "book-1");
    assert.ok(book);
    await state.move(bookAfter, book, "sell");
    assert.equal(await totalOf(rows, bookAfter), 1_202);
    await rows.clearIndexes();
    await keepIndexes(rows, later, secrets, "second version");
    assert.equal(await state.count(bookAfter, [["shelf", "A"]]), 0, "the same version indexes nothing again");
  });
});
