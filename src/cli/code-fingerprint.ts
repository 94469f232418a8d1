import { hash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./config.ts";

/**
 * A hash of the sources of contract and services: of everything that decides in which lists a resource stands.
 * A function's own text would not do, because most indexes are made by helpers.
 */
export function codeFingerprint(): string {
  const files = globSync(["src/contract/**/*.ts", "src/services/**/*.ts"], { cwd: projectRoot }).sort();
  return hash("sha256", files.map((file) => `${file}\n${readFileSync(join(projectRoot, file), "utf8")}`).join("\n"));
}
