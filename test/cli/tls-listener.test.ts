import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect } from "node:tls";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { linkspan, shellVariables } from "./run.ts";

/** The TLS listener as its operator sees it: the certificate authority in the data folder, and what `env` prints. */

const environment = { LINKSPAN_TLS_PORT: "0" };

function folderOf(t: TestContext): string {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
async function started(folder: string): Promise<SpawnedServer & { secureUrl: string }> {
  const server = await spawnServer({ folder, environment });
  assert.ok(server.secureUrl !== undefined, server.output());
  return { ...server, secureUrl: server.secureUrl };
}
const caOf = (folder: string): string => readFileSync(join(folder, "ca.pem"), "utf8");

/** The certificate that a server shows to a client which trusts the folder's authority. */
async function shown({ secureUrl, folder }: { secureUrl: string; folder: string }): Promise<X509Certificate> {
  const { hostname: host, port } = new URL(secureUrl);
  const socket = connect({ host, port: Number(port), ca: caOf(folder) });
  await once(socket, "secureConnect");
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  assert.ok(certificate !== undefined);
  return certificate;
}

test("the greeting tells the address and the certificate to trust, with which the server knows all its names", async (t) => {
  const folder = folderOf(t);
  const server = await started(folder);
  t.after(() => server.kill("SIGKILL"));
  assert.ok(server.output().includes(`With TLS on ${server.secureUrl}, for clients that trust ${join(folder, "ca.pem")}\n`));
  const certificate = await shown(server);
  for (const name of ["localhost", hostname()]) assert.equal(certificate.checkHost(name), name);
  for (const address of ["127.0.0.1", "::1"]) assert.equal(certificate.checkIP(address), address);
});

test("the port is the one that was asked for, by variable or flag", async (t) => {
  const folder = folderOf(t);
  const port = await freePort();
  const server = await spawnServer({ folder, environment: { LINKSPAN_TLS_PORT: String(port) } });
  assert.equal(server.secureUrl, `https://127.0.0.1:${port}`);
  await server.kill("SIGTERM");
  const without = await spawnServer({ folder, environment: { LINKSPAN_TLS_PORT: "" } });
  t.after(() => without.kill("SIGKILL"));
  assert.equal(without.secureUrl, undefined);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("the authority stays the same after a restart, a kill and a reset, while each start has a certificate and a key of its own", async (t) => {
  const folder = folderOf(t);
  const first = await started(folder);
  const ca = caOf(folder);
  const before = await shown(first);
  await first.kill("SIGKILL");
  const second = await started(folder);
  t.after(() => second.kill("SIGKILL"));
  assert.equal(caOf(folder), ca);
  const now = await shown(second);
  assert.notEqual(now.serialNumber, before.serialNumber);
  assert.ok(!now.publicKey.equals(before.publicKey));
  assert.equal((await second.admin("POST", "reset")).status, 200);
  assert.equal(caOf(folder), ca);
  assert.equal((await shown(second)).serialNumber, now.serialNumber);
});

test("the private key lies sealed, for the owner only, and leaves neither by an answer nor by a log", async (t) => {
  const folder = folderOf(t);
  const server = await spawnServer({ folder, environment: { ...environment, LINKSPAN_LOG: "trace" } });
  t.after(() => server.kill("SIGKILL"));
  const sealed = join(folder, "ca.sealed");
  assert.equal(statSync(sealed).mode & 0o777, 0o600);
  const content = readFileSync(sealed, "utf8");
  const pages = await Promise.all(
    ["ready", "health", "settings", "operations", "requests"].map(async (path) => JSON.stringify((await server.admin("GET", path)).body)),
  );
  for (const text of [content, ...pages, server.output(), caOf(folder)]) assert.doesNotMatch(text, /PRIVATE KEY/);
  for (const text of [...pages, server.output()]) assert.ok(!text.includes(content.slice(0, 40)));
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("ca.")), ["ca.pem", "ca.sealed"]); // prettier-ignore
});

test("ca.pem is written again when it is lost, and what a crash left of either file does not matter", async (t) => {
  const folder = folderOf(t);
  await (await started(folder)).kill("SIGTERM");
  const ca = caOf(folder);
  rmSync(join(folder, "ca.pem"));
  writeFileSync(join(folder, "ca.pem.new"), ca.slice(0, 100));
  writeFileSync(join(folder, "ca.sealed.new"), "half");
  await (await started(folder)).kill("SIGTERM");
  assert.equal(caOf(folder), ca);

  const fresh = folderOf(t);
  writeFileSync(join(fresh, "ca.sealed.new"), "half");
  await (await started(fresh)).kill("SIGTERM");
  assert.match(caOf(fresh), /BEGIN CERTIFICATE/);
});

// What cannot be used is told, and never replaced.

const broken: readonly (readonly [what: string, breaks: (folder: string) => void, says: RegExp[]])[] = [
  ["the private key is gone", (folder) => rmSync(join(folder, "ca.sealed")), [/ca\.pem is there, but its private key .* is not/, /delete ca\.pem and ca\.sealed/]],
  ["the private key is cut short", (folder) => truncateSync(join(folder, "ca.sealed"), 10), [/ca\.sealed cannot be opened/, /LINKSPAN_KEY_FILE/]],
  ["the private key was sealed with another key file", sealedElsewhere, [/ca\.sealed cannot be opened/, /LINKSPAN_KEY_FILE/]],
  ["ca.pem is another's", (folder) => writeFileSync(join(folder, "ca.pem"), "-----BEGIN CERTIFICATE-----\n"), [/ca\.pem is not the certificate of the authority/, /Delete ca\.pem/]],
]; // prettier-ignore
for (const [what, breaks, says] of broken) {
  test(`when ${what}, the start is refused with what to do, and the files are as they were`, async (t) => {
    const folder = folderOf(t);
    await (await started(folder)).kill("SIGTERM");
    breaks(folder);
    const files = (): string[] => readdirSync(folder).filter((name) => name.startsWith("ca.")).map((name) => `${name} ${readFileSync(join(folder, name), "utf8")}`); // prettier-ignore
    const before = files();
    const { code, stdout, stderr } = await linkspan(["serve"], { environment: { ...settingsOf(folder), ...environment } });
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^linkspan: LINKSPAN_TLS_PORT=0: /);
    for (const pattern of says) assert.match(stderr, pattern);
    assert.doesNotMatch(stderr, /^ {4}at /m, "no stack trace");
    assert.deepEqual(files(), before);
    // Without the TLS listener nobody asks for the authority.
    await (await spawnServer({ folder })).kill("SIGTERM");
  });
}
function settingsOf(folder: string): Record<string, string> {
  return { LINKSPAN_PORT: "0", LINKSPAN_DATA: folder, LINKSPAN_KEY_FILE: join(folder, "key"), LINKSPAN_LOG: "warn" };
}
/** The store went, and with it whatever the old key file could open; the authority stayed. */
function sealedElsewhere(folder: string): void {
  for (const name of readdirSync(folder)) if (!name.startsWith("ca.")) rmSync(join(folder, name));
}

test("deleting both files, as the refusal says, makes a new authority", async (t) => {
  const folder = folderOf(t);
  await (await started(folder)).kill("SIGTERM");
  const ca = caOf(folder);
  for (const name of ["ca.pem", "ca.sealed"]) renameSync(join(folder, name), join(folder, `old-${name}`));
  await (await started(folder)).kill("SIGTERM");
  assert.notEqual(caOf(folder), ca);
});

// Commands over TLS

test("commands talk to the TLS listener when they trust it, and say what is missing when they do not", async (t) => {
  const folder = folderOf(t);
  const server = await started(folder);
  t.after(() => server.kill("SIGKILL"));
  const trusting = { environment: { NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") } };
  for (const command of [["account", "list"], ["demo"], ["env"]]) {
    const { code, stderr } = await linkspan([...command, "--url", server.secureUrl], trusting);
    assert.equal(code, 0, stderr);
  }
  const distrusting = await linkspan(["account", "list", "--url", server.secureUrl], { environment: { NODE_EXTRA_CA_CERTS: "" } });
  assert.equal(distrusting.code, 1);
  assert.match(distrusting.stderr, /^linkspan: the certificate of https:\S+ is not trusted .*NODE_EXTRA_CA_CERTS/);
});

// What `env` prints

/** Asks for the VPCs with an official SDK, in a process of its own with just these variables. */
function askWithSdk(variables: Record<string, string>, { endpoint, protocol }: { endpoint: string; protocol: string }) {
  const program = `
    const Pop = require("@alicloud/pop-core");
    const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret, ALIBABA_CLOUD_REGION_ID: RegionId } = process.env;
    const client = new Pop({ endpoint: "${protocol}://${endpoint}", apiVersion: "2016-04-28", accessKeyId, accessKeySecret });
    client.request("DescribeVpcs", { RegionId }, { method: "POST" }).then(({ TotalCount }) => console.log("vpcs", TotalCount));
  `;
  return spawnSync(process.execPath, ["-e", program], { encoding: "utf8", env: variables, cwd: join(import.meta.dirname, "..", "..") });
}
const printed = async (server: SpawnedServer, client: string, url: string = server.url): Promise<string> => {
  const { code, stdout, stderr } = await linkspan(["env", "--for", client, "--url", url], {
    environment: { NODE_EXTRA_CA_CERTS: join(server.folder, "ca.pem") },
  });
  assert.equal(code, 0, stderr);
  return stdout;
};

test("with what env --for sdk prints, an SDK in another process works over TLS; without its certificate it does not", async (t) => {
  // A folder whose name a shell would take apart.
  const folder = join(folderOf(t), "it's here");
  const server = await spawnServer({ folder, environment: { ...environment, LINKSPAN_KEY_FILE: `${folder}-key` } });
  t.after(() => server.kill("SIGKILL"));
  const output = await printed(server, "sdk");
  const [, endpoint = "", protocol = ""] = /endpoint "(\S+)", protocol "(\S+)", regionId "cn-hangzhou"/.exec(output) ?? [];
  assert.equal(`${protocol}://${endpoint}`, server.secureUrl);
  const variables = shellVariables(output);
  for (const name of ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]) assert.equal(variables[name], join(folder, "ca.pem"));
  const worked = askWithSdk(variables, { endpoint, protocol });
  assert.equal(worked.stdout, "vpcs 0\n", worked.stderr);
  const failed = askWithSdk({ ...variables, NODE_EXTRA_CA_CERTS: "" }, { endpoint, protocol });
  assert.notEqual(failed.status, 0);
  assert.match(failed.stderr, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
});

test("what env --for docker prints mounts the certificate and names it to each kind of client", async (t) => {
  const server = await started(folderOf(t));
  t.after(() => server.kill("SIGKILL"));
  const options = (await printed(server, "docker")).split("\n").find((line) => !line.startsWith("#")) ?? "";
  const [, caFile, mounted = ""] = /-v (\S+):(\S+):ro/.exec(options) ?? [];
  assert.equal(caFile, join(server.folder, "ca.pem"));
  const variables = Object.fromEntries([...options.matchAll(/-e (\S+?)=(\S+)/g)].map(([, name, value]) => [name, value])) as Record<
    string,
    string
  >;
  for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]) assert.equal(variables[name], mounted);
  // As in the container, but for the place of the certificate.
  const endpoint = variables["ALIBABA_CLOUD_ENDPOINT"] ?? "";
  const asked = askWithSdk({ ...variables, NODE_EXTRA_CA_CERTS: caFile ?? "" }, { endpoint, protocol: "https" });
  assert.equal(asked.stdout, "vpcs 0\n", asked.stderr);
});

test("env --for terraform names the TLS listener for every product, because a role is assumed over TLS alone", async (t) => {
  const server = await started(folderOf(t));
  t.after(() => server.kill("SIGKILL"));
  const output = await printed(server, "terraform");
  assert.match(output, /^ {2}protocol +=  ?"HTTPS"$/m);
  assert.ok(output.includes(`# export SSL_CERT_FILE=${join(server.folder, "ca.pem")}\n`));
  const endpoints = [...output.matchAll(/^ {4}\w+ += "(\S+)"$/gm)].map(([, endpoint]) => `https://${endpoint}`);
  assert.ok(endpoints.length >= 8);
  assert.deepEqual(new Set(endpoints), new Set([server.secureUrl]));
  // Asked over TLS, it says the same.
  assert.equal(await printed(server, "terraform", server.secureUrl), output);
});

test("env says that the certificate must be copied when it is not on this machine", async (t) => {
  const server = await started(folderOf(t));
  t.after(() => server.kill("SIGKILL"));
  rmSync(join(server.folder, "ca.pem"));
  for (const client of ["sdk", "terraform", "aliyun", "docker"]) {
    const { stdout } = await linkspan(["env", "--for", client, "--url", server.url]);
    assert.match(stdout, /^# On the server's machine; copy it here, and name the copy: \S+ca\.pem$/m, client);
  }
});
