import { hash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./config.ts";

/**
 * A hash of the sources of contract and services, and of what reads them: of everything that decides in which lists a resource stands.
 * A function's own text would not do, because most indexes are made by helpers.
 */
export function codeFingerprint(root: string = projectRoot): string {
  const files = globSync(["src/contract/**/*.ts", "src/services/**/*.ts", "src/engine/resources.ts"], { cwd: root }).sort();
  return hash("sha256", files.map((file) => `${file}\n${readFileSync(join(root, file), "utf8")}`).join("\n"));
}
