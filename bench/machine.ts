// What a run was measured on: figures mean nothing without it.
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { isPinned } from "./processes.ts";

/** One line for each thing that matters, as `[what, value]`. */
export function machine(folder: string): [string, string][] {
  const [{ model } = { model: "unknown" }] = cpus();
  return [
    ["date", new Date().toISOString().slice(0, 10)],
    ["commit", commit()],
    ["processor", `${model.trim()}, ${availableParallelism()} cores`],
    ["memory", `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ["disk", printed("df", ["--output=source,fstype", folder]).split("\n").at(-1)?.replace(/\s+/, ", ") ?? "unknown"],
    ["system", `Linux ${release()}`],
    ["Node", process.version],
    ["processes at work before it", `${loadavg()[0]?.toFixed(2)} in the last minute`],
    ["cores used", isPinned ? "server on core 0, load on core 1" : "not pinned: server and load share all cores"],
  ];
}

function commit(): string {
  const hash = printed("git", ["rev-parse", "--short=12", "HEAD"]);
  if (hash === "") return "unknown";
  return printed("git", ["status", "--porcelain", "--", "src", "bench"]) === "" ? hash : `${hash} with changes`;
}

/** What a command prints; empty where it fails. */
function printed(command: string, parameters: readonly string[]): string {
  const { status, stdout } = spawnSync(command, parameters, { cwd: import.meta.dirname, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}
