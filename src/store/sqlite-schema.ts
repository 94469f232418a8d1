/** Migration `n` brings a store from version `n` to `n + 1`; a store of a version beyond the last is refused. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE resource (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  ) WITHOUT ROWID;

  -- Which lists a resource stands in. A page of a list is a range of this key.
  CREATE TABLE index_entry (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (kind, name, value, position)
  ) WITHOUT ROWID;

  -- Totals of the lists that grow large, kept in the transaction that changes them.
  CREATE TABLE counter (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (kind, name, value)
  ) WITHOUT ROWID;

  CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    resource TEXT NOT NULL,
    version INTEGER NOT NULL,
    event TEXT NOT NULL,
    cause TEXT NOT NULL,
    principal TEXT NOT NULL,
    image TEXT
  );

  CREATE TABLE task (
    resource TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    event TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    failure TEXT
  ) WITHOUT ROWID;
  CREATE INDEX task_by_due ON task (due) WHERE failure IS NULL;

  CREATE TABLE token (
    scope TEXT NOT NULL,
    token TEXT NOT NULL,
    input TEXT NOT NULL,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (scope, token)
  ) WITHOUT ROWID;
  CREATE INDEX token_by_age ON token (at);

  CREATE TABLE nonce (
    access_key TEXT NOT NULL,
    nonce TEXT NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (access_key, nonce)
  ) WITHOUT ROWID;
  CREATE INDEX nonce_by_expiry ON nonce (expires);
  `,
  `
  -- The fault rule that has put a task off.
  ALTER TABLE task ADD COLUMN stuck INTEGER;
  CREATE INDEX task_by_fault ON task (stuck) WHERE stuck IS NOT NULL;
  `,
];
