#!/usr/bin/env node
// Starts Linkspan on a Node that can run it: this one, or the one that `npm ci` brought along. Plain old JavaScript, so that any Node reads it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, "src", "cli", "main.ts");
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > 24 || (major === 24 && minor >= 11)) {
  module.enableCompileCache?.();
  await import(main);
} else {
  const bundled = join(root, "node_modules", `node-linux-${process.arch}`, "bin", "node");
  if (!existsSync(bundled)) {
    console.error(`Linkspan needs Node 24.11 or newer; this is ${process.version}.`);
    console.error("Run `npm ci` in the clone, which brings the right one along on Linux, or install Node 24 from your distribution.");
    process.exit(1);
  }
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 128));
}
