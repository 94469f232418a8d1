import { stdout } from "node:process";
import type { Command } from "commander";
import type { Remote } from "./admin-client.ts";

/** A command that prints a line for each thing: words, or JSON for other programs. */
export type Lined = Remote & { json?: boolean };

export function lined(command: Command): Command {
  return command.option("--json", "one JSON object a line").hook("preAction", () => void stdout.once("error", endOfLines));
}

/** Whoever reads the lines may have had enough of them. */
function endOfLines({ code, message }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.exit();
  console.error(`linkspan: ${message}`);
  process.exit(1);
}

export function printLine<T extends object>({ json = false }: Lined, one: T, lineOf: (one: T) => string): void {
  console.log(json ? JSON.stringify(one) : lineOf(one));
}

/** Prints a list as it comes. That it is empty is told beside it, where other programs do not look. */
export async function printLines<T extends object>(
  options: Lined,
  all: Iterable<T> | AsyncIterable<T>,
  lineOf: (one: T) => string,
  ifNone: string,
): Promise<void> {
  let isEmpty = true;
  for await (const one of all) {
    isEmpty = false;
    printLine(options, one, lineOf);
  }
  if (isEmpty) console.error(ifNone);
}
