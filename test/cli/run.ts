import { spawn, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The file that `npx linkspan` and `npm start` run. */
export const launcher: string = join(import.meta.dirname, "..", "..", "bin", "linkspan.mjs");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
/** A command that should have ended long ago is killed, in milliseconds. */
const commandTimeout = 60_000;

/** Runs a program with just these variables, and waits for its end. */
export function run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: tmpdir(),
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: commandTimeout,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs one command as its user does, with none of this process's own settings of Linkspan, and waits for its end. */
export function linkspan(
  args: readonly string[],
  options: { environment?: Record<string, string>; node?: string } = {},
): Promise<Finished> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("LINKSPAN_"));
  return run(options.node ?? process.execPath, [launcher, ...args], { ...Object.fromEntries(inherited), ...options.environment });
}

/** The variables that the exports among some lines set, as a shell reads them, and what programs need to be found. */
export function shellVariables(lines: string): Record<string, string> {
  const { stdout, status, stderr } = spawnSync("env", ["-i", "sh", "-e", "-c", `${lines}\nenv -0`], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return { ...Object.fromEntries(stdout.split("\0").map((pair) => pair.split(/=(.*)/s).slice(0, 2))), PATH: process.env["PATH"] ?? "" };
}
