import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/server.ts";
import { launcher, linkspan } from "./run.ts";

/** A Node on this machine that is too old for Linkspan. */
const old = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => folder !== "" && !folder.includes("node_modules"))
  .map((folder) => join(folder, "node"))
  .filter((path) => existsSync(path))
  .find((path) => Number(/^v(\d+)/.exec(execFileSync(path, ["--version"], { encoding: "utf8" }))?.[1]) < 24);
const missing = "no Node older than 24 is on the PATH: apt-get install nodejs";
const bundled = join(launcher, "..", "..", "node_modules", `node-linux-${process.arch}`, "bin", "node");
const unbundled = "the bundled Node is missing: npm ci on Linux brings it along";

test("under an old Node the launcher hands over to the one that was installed with it", async (t) => {
  if (old === undefined) return t.skip(missing);
  if (!existsSync(bundled)) return t.skip(unbundled);
  const doctor = await linkspan(["doctor"], { node: old });
  assert.equal(doctor.code, 0, doctor.stderr);
  assert.match(doctor.stdout, /^ok +Node 24\S* .* v24\./m);
  const refused = await linkspan(["serve", "--pace", "slow"], { node: old });
  assert.equal(refused.code, 1, "exit codes are passed on");
  assert.match(refused.stderr, /LINKSPAN_PACE=slow/);
});

test("under an old Node a server stops when the launcher is told to", async (t) => {
  if (old === undefined) return t.skip(missing);
  if (!existsSync(bundled)) return t.skip(unbundled);
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { LINKSPAN_PORT: "0", LINKSPAN_DATA: folder, LINKSPAN_KEY_FILE: join(folder, "key") };
  const child: ChildProcess = spawn(old, [launcher, "serve"], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", () => reject(new Error(output)));
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      const found = /listens on (http:\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  assert.equal((await fetch(`${url}/_linkspan/health`)).status, 200);
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
  await assert.rejects(fetch(`${url}/_linkspan/health`));
});

test("an old Node with nothing installed beside it is told what to do", (t) => {
  if (old === undefined) return t.skip(missing);
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "bin"));
  copyFileSync(launcher, join(folder, "bin", "linkspan.mjs"));
  assert.throws(
    () => execFileSync(old, [join(folder, "bin", "linkspan.mjs"), "serve"], { encoding: "utf8", stdio: "pipe" }),
    ({ status, stderr }: { status: number; stderr: string }) => {
      assert.equal(status, 1);
      assert.match(stderr, /needs Node 24\.11 or newer; this is v\d+/);
      assert.match(stderr, /npm ci/);
      return true;
    },
  );
});
