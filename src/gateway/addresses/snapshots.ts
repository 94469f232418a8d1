import { Refusal } from "../../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../../contract/gateway-errors.ts";
import { boolean, string } from "../../contract/parameters.ts";
import { snapshotNamePattern } from "../../engine/snapshots/snapshot-folder.ts";
import { snapshotBytesMax } from "../../engine/snapshots/snapshots.ts";
import { address } from "./address.ts";
import { integerNumber, listOf, objectOf, oneOf, text, time, truth } from "./schemas.ts";

/** The whole state as files. */

const contentType = "application/x-ndjson";
/** Shorter ones are tried out too soon, and the file may lie where everybody finds it. */
const passphraseLengthMin = 8;
const passphrase = { lengthMax: 1024, secret: true } as const;
const named = { name: `name of the snapshot: ${snapshotNamePattern.source}` };
const replace = boolean({ default: false, description: "also when there is another of that name" });

const snapshot = objectOf(
  {
    name: text,
    bytes: integerNumber,
    fault: text,
    description: text,
    savedAt: time,
    linkspan: text,
    event: integerNumber,
    resources: integerNumber,
    passphrase: truth,
  },
  ["fault", "description", "savedAt", "linkspan", "event", "resources", "passphrase"],
);
/** Work that takes more than a moment. */
const underway = listOf(
  objectOf({ action: oneOf("save", "load", "check", "rewind"), name: text, done: integerNumber, total: integerNumber }),
);
/** What became of resources, by kind. */
export const restored = listOf(objectOf({ kind: text, restored: integerNumber, removed: integerNumber }));

const list = address({
  method: "GET",
  path: "/snapshots",
  summary: "All snapshots, and what is being saved, loaded or rewound now.",
  answers: {
    description: "One that cannot be used says why as its `fault`.",
    schema: objectOf({ snapshots: listOf(snapshot), underway }),
  },
  handle: async ({ behind: { engine } }) => ({ snapshots: await engine.snapshots.list(), underway: engine.longWork.view() }),
});

const save = address({
  method: "POST",
  path: "/snapshots/{name}",
  summary: "Saves the whole state: resources with their unfinished work, clock, pace and settings.",
  description:
    "Others go on reading and writing: what is saved is the state as of one event, which the answer names. Secrets are encrypted so that a " +
    "server with the same key file can load them, and with a passphrase any other too.",
  inPath: named,
  body: {
    fields: {
      replace,
      passphrase: string({
        ...passphrase,
        valid: (value) => value.length >= passphraseLengthMin,
        description: `at least ${passphraseLengthMin} characters`,
      }),
      description: string({ default: "", lengthMax: 1024 }),
    },
  },
  answers: { status: 201, description: "The snapshot is on disk.", schema: objectOf({ snapshot }) },
  refusals: [adminErrors.snapshotExists],
  handle: async ({ behind: { engine }, path, body }) => ({ snapshot: await engine.snapshots.save(path.name, body) }),
});

const load = address({
  method: "POST",
  path: "/snapshots/{name}/load",
  summary: "Brings back the state of a snapshot, in one transaction.",
  description:
    "The file is checked whole before anything changes. The way from what is now to what was then is a number of events like any others, so a " +
    "rewind takes it back. Nonces and the admin token stay; ClientTokens are forgotten.",
  inPath: named,
  body: { fields: { passphrase: string(passphrase) } },
  answers: {
    description: "What it changed. `newest` is the newest event now, `from` the one before: whereto a rewind takes it back.",
    schema: objectOf({ snapshot: text, from: integerNumber, newest: integerNumber, changed: restored }),
  },
  refusals: [adminErrors.notFound, adminErrors.snapshotUnusable, adminErrors.snapshotLocked, adminErrors.exposed],
  handle: async ({ behind: { engine }, path, body }) => ({
    snapshot: path.name,
    ...(await engine.snapshots.load(path.name, body.passphrase)),
  }),
});

const read = address({
  method: "GET",
  path: "/snapshots/{name}",
  summary: "The file of a snapshot, which can be kept in a repository and brought to another server.",
  inPath: named,
  answers: { description: "A first line that says what it is, a line for each resource, and a last one with a checksum.", contentType },
  refusals: [adminErrors.notFound],
  handle: async ({ behind: { engine }, path, reply }) => {
    const { bytes, stream } = await engine.snapshots.read(path.name);
    return reply.headers({ "content-type": contentType, "content-length": bytes }).send(stream);
  },
});

const bring = address({
  method: "PUT",
  path: "/snapshots/{name}",
  summary: "Brings a file as a snapshot. It is checked before it takes its name.",
  inPath: named,
  inQuery: { replace },
  body: { stream: { contentType, bytesMax: snapshotBytesMax } },
  answers: { description: "The snapshot. One that is there already is answered as it is.", schema: objectOf({ snapshot }) },
  refusals: [adminErrors.snapshotUnusable, adminErrors.snapshotExists, gatewayErrors.bodyTooLarge],
  handle: async ({ behind: { engine }, path, query, request, reply }) => {
    if (Number(request.headers["content-length"]) > snapshotBytesMax) {
      // What is refused before its end would be read to its end all the same, to keep the connection.
      reply.header("connection", "close");
      throw new Refusal(gatewayErrors.bodyTooLarge, [String(snapshotBytesMax)]);
    }
    return { snapshot: await engine.snapshots.bring(path.name, request.raw, query.replace) };
  },
});

const remove = address({
  method: "DELETE",
  path: "/snapshots/{name}",
  summary: "Removes a snapshot.",
  inPath: named,
  answers: { description: "It is gone.", schema: objectOf({ removed: text }) },
  refusals: [adminErrors.notFound],
  handle: async ({ behind: { engine }, path }) => {
    await engine.snapshots.remove(path.name);
    return { removed: path.name };
  },
});

export const snapshotAddresses = [list, save, load, read, bring, remove];
