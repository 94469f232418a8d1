import { stdout } from "node:process";

/** Milliseconds that a log line waits for others at most, so that they leave in one piece, and characters of lines that do not wait. */
const delayMax = 20;
const lengthMax = 65_536;

/** Where log lines go: the standard output, some at a time. */
class LogOutput {
  #lines = "";
  #isHeard = true;

  constructor() {
    stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
      // Whoever read the log is gone; those whom the server serves are not. What a full disk refuses is lost, and what comes later is not.
      if (code === "EPIPE") this.#isHeard = false;
    });
    process.once("exit", () => this.#flush());
  }

  write(line: string): void {
    if (!this.#isHeard) return;
    if (this.#lines === "") setTimeout(() => this.#flush(), delayMax).unref();
    this.#lines += line;
    if (this.#lines.length > lengthMax) this.#flush();
  }

  #flush(): void {
    if (this.#lines !== "") stdout.write(this.#lines);
    this.#lines = "";
  }
}

/** One for the process, as there is one standard output. */
export const logOutput: LogOutput = new LogOutput();
