import { spawn } from "node:child_process";
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

/** Runs one command as its user does, with none of this process's own settings of Linkspan, and waits for its end. */
export function linkspan(
  args: readonly string[],
  options: { environment?: Record<string, string>; node?: string } = {},
): Promise<Finished> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("LINKSPAN_"));
  return new Promise((resolve, reject) => {
    const child = spawn(options.node ?? process.execPath, [launcher, ...args], {
      cwd: tmpdir(),
      env: { ...Object.fromEntries(inherited), ...options.environment },
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
