import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's own sources, read as text. */
export const root = join(import.meta.dirname, "..", "..");

export interface SourceFile {
  /** From the root of the project: `src/contract/errors.ts`. */
  readonly path: string;
  readonly text: string;
}
export const sources: readonly SourceFile[] = globSync("src/**/*.ts", { cwd: root })
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const commentOrString = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;

/** String literals with the text that stands before them; comments hold none. */
export function literalsOf(text: string): { value: string; before: string }[] {
  return [...text.matchAll(commentOrString)].flatMap(({ 1: double, 2: single, 3: template, index }) => {
    const value = double ?? single ?? template;
    return value === undefined ? [] : [{ value, before: text.slice(0, index) }];
  });
}

/** A text without its comments and plain strings; templates stay, for they hold code. */
export function codeOf(text: string): string {
  return text.replace(commentOrString, (token) => (token.startsWith("`") ? token : ""));
}
