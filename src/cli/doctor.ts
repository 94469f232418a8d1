import { spawnSync } from "node:child_process";
import { accessSync, constants, statfsSync } from "node:fs";

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  readonly mend: string;
}

/** Prints what this machine can do today and what to install for the rest. */
export function doctor(): void {
  const findings: Finding[] = [
    { what: "Node 24.11 or newer", ok: true, found: process.version, mend: "" },
    writableHere(),
    tool("strace", ["-V"], "test that answers leave after the sync", "apt-get install strace"),
    tool("openssl", ["version"], "test of the TLS listener's certificates", "apt-get install openssl"),
    tool("psql", ["--version"], "PostgreSQL as store (not built yet)", "apt-get install postgresql"),
    tool("swanctl", ["--version"], "data plane linux: IPsec (not built yet)", "apt-get install strongswan-swanctl charon-systemd"),
    tool("ip", ["-V"], "data plane linux: namespaces (not built yet)", "apt-get install iproute2"),
    tool("ovn-nbctl", ["--version"], "data plane ovn (not built yet)", "apt-get install ovn-central ovn-host"),
    tool("chromium", ["--version"], "tests of the pages in a real browser", "apt-get install chromium"),
  ];
  for (const { what, ok, found, mend } of findings) {
    console.log(`${ok ? "ok     " : "missing"}  ${what.padEnd(52)} ${ok ? found : mend}`);
  }
}

function tool(command: string, versionFlags: string[], what: string, mend: string): Finding {
  const { status, stdout, stderr } = spawnSync(command, versionFlags, { encoding: "utf8", timeout: 5_000 });
  const [firstLine = ""] = `${stdout ?? ""}${stderr ?? ""}`.split("\n");
  return { what: `${command}: ${what}`, ok: status === 0, found: firstLine, mend };
}

function writableHere(): Finding {
  const { bavail, bsize } = statfsSync(".");
  const free = `${Math.floor((bavail * bsize) / 1024 ** 2)} MiB free`;
  try {
    accessSync(".", constants.W_OK);
    return { what: "this folder can hold the embedded store", ok: true, found: free, mend: "" };
  } catch {
    return {
      what: "this folder can hold the embedded store",
      ok: false,
      found: free,
      mend: "set LINKSPAN_DATA to a folder that you can write",
    };
  }
}
