import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import type { Restored } from "../engine/history/restore.ts";
import type { SnapshotView } from "../engine/snapshots/snapshots.ts";
import { type AdminClient, CommandError, type Remote, withQuery } from "./admin-client.ts";
import { type Lined, lined, printLines } from "./lines.ts";
import { printRestored, withProgress } from "./progress.ts";

type FileOptions = Remote & { file?: string; replace?: boolean; passphrase?: string };

/** `linkspan snapshot save|load|list|remove`: the whole state of a server as a file. */
export function snapshotCommands(program: Command, remote: (command: Command) => Command, client: (options: Remote) => AdminClient): void {
  const snapshot = program.command("snapshot").description("saves the whole state of a running server, and brings it back");
  /** What saving and loading have in common. */
  const named = (command: Command, file: string, passphrase: string): Command =>
    remote(command.argument("<name>"))
      .option("--file <path>", file)
      .option("--replace", "also when the server has another of that name")
      // Not on the command line if it can be helped: others on this machine can read that.
      .addOption(new Option("--passphrase <text>", passphrase).env("LINKSPAN_SNAPSHOT_PASSPHRASE"));

  named(
    snapshot.command("save").description("saves the state as it is now"),
    "writes the snapshot to this file too",
    "opens it on servers with another key file",
  )
    .option("--description <text>", "what is said of it in lists")
    .action(async (name: string, options: FileOptions & { description?: string }) => {
      const { replace = false, passphrase, description, file } = options;
      const server = client(options);
      const body = { replace, passphrase, description };
      const saved = await withProgress(server, "save", name, server.call<{ snapshot: SnapshotView }>("POST", addressOf(name), body));
      if (file !== undefined) await writeWhole(file, await server.download(addressOf(name)));
      console.log(`Saved ${saved.snapshot.name}: ${saved.snapshot.resources} resources as of event ${saved.snapshot.event}.`);
      if (passphrase === undefined) console.log("Servers with the same key file can load it. With --passphrase any other could too.");
    });

  named(
    snapshot.command("load").description("brings back the state of a snapshot: all that is there now goes"),
    "brings this file to the server first",
    "the one that it was saved with, if the key file is another",
  ).action(async (name: string, options: FileOptions) => {
    const { replace = false, passphrase, file } = options;
    const server = client(options);
    if (file !== undefined) {
      const path = withQuery(addressOf(name), { replace: String(replace) });
      await withProgress(server, "check", name, server.upload("PUT", path, file));
    }
    const call = server.call<{ from: number; newest: number; changed: Restored[] }>("POST", `${addressOf(name)}/load`, { passphrase });
    const { changed, from, newest } = await withProgress(server, "load", name, call);
    printRestored(changed, from, newest);
  });

  lined(remote(snapshot.command("list").description("lists the snapshots of a server"))).action(async (options: Lined) => {
    const { snapshots } = await client(options).call<{ snapshots: SnapshotView[] }>("GET", "snapshots");
    await printLines(options, snapshots, snapshotLine, "There are none. To save one: linkspan snapshot save NAME");
  });

  remote(snapshot.command("remove").alias("rm").argument("<name>").description("removes a snapshot")).action(
    async (name: string, options: Remote) => {
      await client(options).call("DELETE", addressOf(name));
      console.log(`${name} is gone.`);
    },
  );
}

function snapshotLine({ name, bytes, fault, description, savedAt, event, resources, passphrase }: SnapshotView): string {
  if (fault !== undefined) return `${name}  ${fault}`;
  const opens = passphrase === true ? "  opens with a passphrase" : "";
  return `${name}  ${savedAt}  event ${event}  ${resources} resources  ${bytes} bytes${opens}  ${description}`.trimEnd();
}

function addressOf(name: string): string {
  return `snapshots/${encodeURIComponent(name)}`;
}

/** Writes a file that has its name only when it is whole. */
async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await pipeline(bytes, createWriteStream(temporary, { flags: "wx", flush: true }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // The server's end breaks without a system call of this process.
    const isOurs = (error as NodeJS.ErrnoException).syscall !== undefined && (error as NodeJS.ErrnoException).code !== "ECONNRESET";
    throw new CommandError(
      isOurs
        ? `${path} cannot be written: ${(error as Error).message}. The server has the snapshot all the same`
        : `the server went away before ${path} was whole; it is saved there, and can be fetched when the server is back`,
    );
  }
}
