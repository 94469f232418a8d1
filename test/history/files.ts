import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { TestServer } from "../support/server.ts";

/** Snapshot files as clients handle them, and as they are spoilt. */

/** The file of a snapshot. */
export async function fileOf(server: TestServer, name: string): Promise<string> {
  const { status, body } = await server.admin("GET", `snapshots/${name}`);
  assert.equal(status, 200);
  // In one process the client has read a stream to its end before the server knows, which would wait for that when it is stopped at once.
  await server.admin("GET", "health");
  return body;
}

/** Brings a file as a snapshot. */
export async function bring(
  server: TestServer,
  name: string,
  file: string | Buffer,
  replace = false,
): Promise<{ status: number; body: any }> {
  const response = await fetch(`${server.url}/_linkspan/snapshots/${name}?replace=${replace}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${server.adminToken}` },
    body: file,
  });
  return { status: response.status, body: await response.json() };
}

export interface Parsed {
  readonly header: any;
  readonly resources: any[];
  readonly end: any;
}
export function parsedFile(file: string): Parsed {
  assert.ok(file.endsWith("\n"));
  const [header, ...rest] = file
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { header, resources: rest.slice(0, -1), end: rest.at(-1) };
}

/** A file with a checksum that is right, whatever is in it: as somebody would forge it, or another version might have written it. */
export function forged({ header, resources }: Pick<Parsed, "header" | "resources">): string {
  const lines = [{ ...header, resources: header.resources ?? resources.length }, ...resources];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const sha256 = createHash("sha256").update(text).digest("hex");
  return `${text}${JSON.stringify({ end: true, resources: resources.length, sha256 })}\n`;
}
