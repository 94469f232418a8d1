import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { SpawnedServer } from "../support/server.ts";

/** What a server's process must be started with so that its memory can be asked for: the inspector that it may open gets a free port. */
export const inspectable = { NODE_OPTIONS: "--inspect-port=0" };

/**
 * Megabytes of a server's process that are resident in memory. Garbage is collected first, through Node's own inspector: when the engine collects by itself
 * is decided by the memory of the machine, and on a large one a process may be half garbage at any moment.
 */
export async function memoryKept(server: SpawnedServer): Promise<number> {
  server.process.kill("SIGUSR1");
  let address: string | undefined;
  while ((address = /ws:\/\/\S+/.exec(server.output())?.[0]) === undefined)
    await once(server.process.stderr as NodeJS.ReadableStream, "data");
  const inspector = new WebSocket(address);
  await once(inspector, "open");
  const collected = once(inspector, "message");
  inspector.send(JSON.stringify({ id: 1, method: "HeapProfiler.collectGarbage" }));
  await collected;
  inspector.close();
  const status = readFileSync(`/proc/${server.process.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
