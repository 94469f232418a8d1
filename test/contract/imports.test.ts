import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { codeOf, literalsOf, root, sources } from "./sources.ts";

/** The house: who may know whom. */

/** Layers from the top down; each may import itself and what stands below it. */
const layers = ["cli", "gateway", "engine", "services", "policy", "contract"];
/** The store implements what the engine asks for, and knows nothing else of it. Only the commands put one into the other. */
const storeMayImport = ["src/engine/store.ts"];
const mayImportStore = ["cli"];

interface Import {
  readonly from: string;
  /** The file imported, or the package. */
  readonly to: string;
  readonly isOwn: boolean;
}
function importsOf(path: string, text: string): Import[] {
  return literalsOf(text)
    .filter(({ before }) => /(?:\bfrom|\bimport|\bimport\()\s*$/.test(before))
    .map(({ value }) =>
      value.startsWith(".")
        ? { from: path, to: normalize(join(dirname(path), value)), isOwn: true }
        : { from: path, to: value, isOwn: false },
    );
}
const imports = sources.flatMap(({ path, text }) => importsOf(path, text));
const own = imports.filter(({ isOwn }) => isOwn);
const partOf = (path: string): string => path.split("/")[1] ?? "";

test("every file of src belongs to a part of the house, and imports nothing of ours from outside src", () => {
  const parts = [...layers, "store"];
  assert.ok(own.length > 100);
  assert.deepEqual(
    sources.map(({ path }) => path).filter((path) => !parts.includes(partOf(path))),
    [],
  );
  assert.deepEqual(
    own.filter(({ from, to }) => !to.startsWith("src/") && !from.startsWith("src/cli/")).map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

function isAllowed({ from, to }: Import): boolean {
  const [importer, imported] = [partOf(from), partOf(to)];
  if (!to.startsWith("src/")) return true;
  if (importer === imported) return true;
  if (importer === "store") return imported === "contract" || storeMayImport.includes(to);
  if (imported === "store") return mayImportStore.includes(importer);
  return layers.indexOf(importer) < layers.indexOf(imported);
}

test("imports run downwards only: cli, gateway, engine, services, policy, contract", () => {
  assert.deepEqual(
    own.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

test("the contract, the policy language and the services touch no file, no socket, no process and no package but that for addresses", () => {
  const allowed = ["cidr-tools", "node:net"];
  const bare = imports.filter(({ from, isOwn }) => !isOwn && ["contract", "policy", "services"].includes(partOf(from)));
  assert.deepEqual(
    bare.filter(({ to }) => !allowed.includes(to)).map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

test("only engine, gateway, store and cli look at the wall clock or roll dice", () => {
  const free = ["engine", "gateway", "store", "cli"];
  const impure = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\b|\brandomUUID\b|\brandomBytes\b/;
  assert.deepEqual(
    sources.filter(({ path, text }) => !free.includes(partOf(path)) && impure.test(codeOf(text))).map(({ path }) => path),
    [],
  );
  assert.ok(sources.some(({ path, text }) => partOf(path) === "engine" && impure.test(codeOf(text))));
});

test("every file that git knows stands alone: none names a place outside the project", () => {
  // Written in parts, because this file is one of them.
  const places = [["..", "shared"].join("/"), ["", "work", ""].join("/")];
  const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const files =
    listed.status === 0
      ? listed.stdout.trim().split("\n")
      : globSync("**/*.*", { cwd: root, exclude: (name) => ["node_modules", ".git", ".linkspan"].includes(name) });
  assert.ok(files.length > 100);
  const naming = files.filter((file) => {
    const text = textOf(file);
    return places.some((place) => text.includes(place));
  });
  assert.deepEqual(naming, []);
});

/** Content of a file; nothing for one that is listed and deleted, or a folder. */
function textOf(file: string): string {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch (error) {
    if (["ENOENT", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}
