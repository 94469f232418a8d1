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
  -- What history and snapshots ask of the log. Events of a unit of work follow each other and stand or fall together; of older ones only
  -- those are told apart that differ in cause or time. A ClientToken whose place is not known goes with whatever is rewound.
  ALTER TABLE event ADD COLUMN account TEXT NOT NULL DEFAULT '';
  ALTER TABLE event ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE event ADD COLUMN unit INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX event_by_resource ON event (resource, id);
  -- One walk through the log, and not one for each event: a resource may have thousands of them. What is gone belongs to whom it belonged.
  UPDATE event SET position = known.position, account = known.account, unit = known.unit
    FROM (SELECT id, max(first) OVER (ORDER BY id) AS unit,
                 max(CASE WHEN version = 1 THEN id END) OVER (PARTITION BY resource ORDER BY id) AS position,
                 ifnull(owner, lag(owner) OVER (PARTITION BY resource ORDER BY id)) AS account
          FROM (SELECT id, resource, version, json_extract(image, '$.account') AS owner,
                       CASE WHEN cause IS lag(cause) OVER (ORDER BY id) AND at IS lag(at) OVER (ORDER BY id) THEN 0 ELSE id END AS first
                FROM event)) AS known
    WHERE known.id = event.id;

  ALTER TABLE token ADD COLUMN event INTEGER NOT NULL DEFAULT 0;
  UPDATE token SET event = (SELECT ifnull(max(id), 0) FROM event);

  CREATE UNIQUE INDEX resource_by_position ON resource (position);
  `,
  `
  -- A write touches as few pages as can be: what is new stands at the end of its table, and the entries of one account, of one VPC and so on
  -- stand beside each other, whatever kind and list they are of.
  CREATE TABLE resource_by_place (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  INSERT INTO resource_by_place SELECT position, id, kind, version, body FROM resource ORDER BY position;
  DROP TABLE resource;
  ALTER TABLE resource_by_place RENAME TO resource;

  CREATE TABLE index_entry_by_value (
    value TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (value, kind, name, position)
  ) WITHOUT ROWID;
  INSERT INTO index_entry_by_value SELECT value, kind, name, position FROM index_entry ORDER BY value, kind, name, position;
  DROP TABLE index_entry;
  ALTER TABLE index_entry_by_value RENAME TO index_entry;

  CREATE TABLE counter_by_value (
    value TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (value, kind, name)
  ) WITHOUT ROWID;
  INSERT INTO counter_by_value SELECT value, kind, name, total FROM counter ORDER BY value, kind, name;
  DROP TABLE counter;
  ALTER TABLE counter_by_value RENAME TO counter;

  -- When the state began that a task ends; of older ones, when the resource changed last.
  ALTER TABLE task ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
  UPDATE task SET since = ifnull((SELECT at FROM event WHERE event.resource = task.resource ORDER BY id DESC LIMIT 1), due);
  `,
];
