import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { hangzhou, succeeded } from "../support/networks.ts";
import { accepterKey, requesterKey, type SpawnedServer, spawnServer } from "../support/server.ts";
import { type Finished, linkspan } from "./run.ts";

let server: SpawnedServer;
before(async () => {
  server = await spawnServer();
});
after(() => server.stop());

/** Runs a command against the server of this file. */
const here = (...args: string[]): Promise<Finished> => linkspan([...args, "--url", server.url]);

function worked(finished: Finished): string {
  assert.equal(finished.code, 0, finished.stderr);
  assert.equal(finished.stderr, "");
  return finished.stdout;
}
/** Asserts that a command failed with one message for its user and no stack trace. */
function failed({ code, stderr }: Finished, ...says: RegExp[]): void {
  assert.equal(code, 1, stderr);
  for (const pattern of says) assert.match(stderr, pattern);
  assert.doesNotMatch(stderr, /^ {4}at |node:internal/m, "no stack trace");
}

test("the first start prints the address, both development accounts with their keys, the admin token, and what to try first", () => {
  const output = server.output();
  assert.ok(output.includes(`Linkspan listens on ${server.url} and keeps its state in ${server.folder}`));
  for (const key of [requesterKey, accepterKey]) {
    assert.match(output, new RegExp(`UID ${key.account} +${key.id} +${key.secret}`));
  }
  assert.match(output, /Admin token, shown this once: \S{20,}/);
  assert.ok(output.includes(`npx linkspan demo --url ${server.url}`));
});

test("demo walks a peering connection and a VPN gateway through their whole lives and prints the states on the way, with RequestIds that explain them", async () => {
  const output = worked(await here("demo"));
  const states = [...output.matchAll(/^ {13}(\S+)$/gm)].map(([, state]) => state);
  const life = [
    "Creating",
    "Accepting",
    "Updating",
    "Activated",
    "Updating",
    "Activated",
    "Deleting",
    "Deleted",
    "ResourceNotFound.InstanceId",
    "provisioning",
    "active",
    "updating",
    "active",
    "updating",
    "active",
    "VpnGateway",
    "updating",
    "active",
    "gone",
    "deleting",
    "InvalidVpnGatewayInstanceId.NotFound",
  ];
  let next = 0;
  for (const state of states) if (state === life[next]) next++;
  assert.equal(life[next], undefined, `${states.join(" ")} lacks ${life[next]}`);
  assert.match(output, /DeleteVpcPeerConnection +[0-9A-F-]{36} +refused: OperationDenied\.RouteEntryExist/);
  const ids = [...output.matchAll(/^ {3}(?:requester|accepter) +(\w+) +([0-9A-F-]{36})/gm)];
  assert.ok(ids.length >= 10);
  for (const [, action, requestId] of ids) {
    assert.equal((await server.admin("GET", `requests/${requestId}`)).body.action, action);
  }
  for (const [caller, RegionId] of [
    [server.requester, hangzhou],
    [server.accepter, "cn-beijing"],
  ] as const) {
    const { Vpcs } = succeeded(await caller.vpc("DescribeVpcs", { RegionId })).body;
    // The last deletions may still be at work.
    for (const { Status } of Vpcs.Vpc) assert.equal(Status, "Pending");
    assert.equal((await caller.vpc("DescribeVpnGateways", { RegionId })).body.TotalCount, 0);
    assert.equal((await caller.vpc("DescribeCustomerGateways", { RegionId })).body.TotalCount, 0);
  }
});

const clients: readonly (readonly [client: string, says: (RegExp | string)[]])[] = [
  ["sdk", [`export ALIBABA_CLOUD_ACCESS_KEY_ID=${requesterKey.id}`, `export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${requesterKey.secret}`, "HERE", "http"]],
  ["terraform", [/access_key +=/, /secret_key +=/, /account_type += "Domestic"/, /protocol +=  ?"HTTP"/, /vpc +=  ?"HERE"/, /vpcpeer +=  ?"HERE"/, requesterKey.account]],
  ["aliyun", [`export ALIBABA_CLOUD_ACCESS_KEY_ID=${requesterKey.id}`, "export ALIBABA_CLOUD_ENDPOINT=HERE", "--insecure"]],
  ["docker", ["--network host", `ALIBABA_CLOUD_ACCESS_KEY_SECRET=${requesterKey.secret}`, "HERE"]],
]; // prettier-ignore
for (const [client, says] of clients) {
  test(`env --for ${client} prints what points that client here`, async () => {
    const output = worked(await here("env", "--for", client));
    assert.ok(output.includes(requesterKey.id));
    for (const expected of says) {
      if (typeof expected === "string") assert.ok(output.includes(expected.replace("HERE", server.endpoint)), `${expected} in ${output}`);
      else assert.match(output, new RegExp(expected.source.replace("HERE", server.endpoint)));
    }
  });
}

test("what env prints for a shell is good shell, and another account's key can be asked for", async () => {
  const output = worked(await here("env", "--account", "accepter"));
  const script = `${output}\nprintf %s "$ALIBABA_CLOUD_ACCESS_KEY_ID $ALIBABA_CLOUD_ACCESS_KEY_SECRET"`;
  const { stdout, stderr } = spawnSync("sh", ["-e"], { input: script, encoding: "utf8" });
  assert.equal(stdout, `${accepterKey.id} ${accepterKey.secret}`, stderr);
  failed(await here("env", "--account", "nobody"), /no account nobody/, /requester, accepter/);
  const unknownClient = await here("env", "--for", "cobol");
  assert.equal(unknownClient.code, 1);
  assert.match(unknownClient.stderr, /sdk, terraform, aliyun, docker/);
});

test("doctor says what the machine can do, and how to get the rest", async () => {
  const output = worked(await linkspan(["doctor"]));
  assert.match(output, /^ok +Node 24/m);
  for (const tool of ["strace", "psql", "ip", "chromium"]) {
    const line = output.split("\n").find((one) => one.includes(`${tool}:`)) ?? "";
    const there = spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
    assert.match(line, there ? /^ok / : /^missing .*apt-get install/, `${tool}: ${line}`);
  }
});

test("without a server, each command that needs one says how to start one, and exits with 1", async () => {
  // A port that nothing listens on: it was free a moment ago.
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const url = `http://127.0.0.1:${port}`;
  for (const args of [["env"], ["demo"], ["reset"], ["account", "list"], ["account", "create", "new"]]) {
    failed(await linkspan([...args, "--url", url]), new RegExp(`no server answers at ${url}`), /npm start/, /--url/);
  }
  // The variables of the server say where it is.
  const environment = { LINKSPAN_PORT: String(port), LINKSPAN_HOST: "127.0.0.1" };
  failed(await linkspan(["env"], { environment }), new RegExp(`no server answers at ${url}`));
});

test("an address that is no address, or where something else answers, is told as such", async (t) => {
  const other = createServer((_request, response) => response.end("<html>not Linkspan</html>")).listen(0, "127.0.0.1");
  t.after(() => other.close());
  await new Promise((resolve) => other.once("listening", resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  failed(await linkspan(["account", "list", "--url", url]), /^linkspan: /, new RegExp(url));
  failed(await linkspan(["account", "list", "--url", "not an address"]), /^linkspan: /, /not an address/);
});

test("an unknown command, option or missing argument shows the help, and exits with 1", async () => {
  for (const [args, says] of [
    [["dance"], /unknown command 'dance'/],
    [["serve", "--sail", "1"], /unknown option '--sail'/],
    [["account", "create"], /missing required argument 'name'/],
    [["account", "sink", "x"], /unknown command 'sink'/],
  ] as const) {
    const { code, stderr } = await linkspan(args);
    assert.equal(code, 1);
    assert.match(stderr, says);
    assert.match(stderr, /Usage: linkspan/);
  }
});

test("help names every command, and serve's help every variable with its default", async () => {
  const help = worked(await linkspan(["--help"]));
  for (const command of ["serve", "env", "demo", "account", "reset", "doctor"]) assert.match(help, new RegExp(`^  ${command}\\b`, "m"));
  const serve = worked(await linkspan(["serve", "--help"]));
  const variables = ["HOST", "PORT", "TLS_PORT", "DATA", "KEY_FILE", "DATABASE_URL", "PACE", "DATAPLANE", "SEED", "LOG"];
  for (const variable of variables) assert.ok(serve.includes(`LINKSPAN_${variable}`), variable);
  assert.match(serve.replaceAll(/\s+/g, " "), /LINKSPAN_PORT, 4747/);
  assert.match(worked(await linkspan(["--version"])), /^\d+\.\d+\.\d+\n$/);
});

test("reset brings the server back to its first start", async () => {
  const { body } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, VpcName: "goes" }));
  assert.match(worked(await here("reset")), /first start/);
  const { Vpcs } = succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou, VpcId: body.VpcId })).body;
  assert.deepEqual(Vpcs.Vpc, []);
});
