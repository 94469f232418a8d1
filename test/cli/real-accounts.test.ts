import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { Caller, type Key } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { type Finished, linkspan } from "./run.ts";

/** The documented way from the development keys to a server that others can reach. The tests are its steps, in order. */

const folder = temporaryFolder();
let server: SpawnedServer;
let token: string;
const keys: Record<string, Key> = {};

before(async () => {
  server = await spawnServer({ folder });
  token = /Admin token, shown this once: (\S+)/.exec(server.output())?.[1] as string;
});
after(async () => {
  await server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Where this machine reaches the server, whatever address it listens on. */
const url = (): string => `http://127.0.0.1:${new URL(server.url).port}`;
const withToken = (...args: string[]): Promise<Finished> => linkspan([...args, "--url", url(), "--admin-token", token]);
const withoutToken = (...args: string[]): Promise<Finished> => linkspan([...args, "--url", url()]);

function worked(finished: Finished): string {
  assert.equal(finished.code, 0, finished.stderr);
  return finished.stdout;
}
function keyIn(output: string): Key {
  const [, account = ""] = /UID (\d{16,18})$/m.exec(output) ?? [];
  const [, id = ""] = /^AccessKeyId +(\S+)$/m.exec(output) ?? [];
  const [, secret = ""] = /^AccessKeySecret +(\S+)$/m.exec(output) ?? [];
  assert.ok(id.startsWith("LTAI") && secret.length >= 30, output);
  return { account, id, secret };
}
/** Whether calls signed with a key are taken. */
async function opens(key: Key): Promise<boolean> {
  const answer = await new Caller(url(), key).call("2015-04-01", "GetCallerIdentity");
  if (answer.status === 200) assert.equal(answer.body.AccountId, key.account);
  else refusedWith(answer, "InvalidAccessKeyId.Inactive");
  return answer.status === 200;
}

test("while only development accounts exist, an account is made without a token", async () => {
  const output = worked(await withoutToken("account", "create", "harbour"));
  assert.match(output, /^account harbour, UID \d{16}$/m);
  assert.match(output, /not shown again/);
  keys["harbour"] = keyIn(output);
  assert.equal(await opens(keys["harbour"]), true);
});

test("from then on every command wants the admin token, by flag or variable, and says so", async () => {
  for (const args of [["account", "list"], ["account", "create", "more"], ["account", "disable", "requester"], ["reset"]]) {
    const { code, stderr } = await withoutToken(...args);
    assert.equal(code, 1);
    assert.match(stderr, /^linkspan: .*admin token/);
  }
  const wrong = await linkspan(["account", "list", "--url", url(), "--admin-token", "guessed"]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /not the admin token/);
  const environment = { LINKSPAN_ADMIN_TOKEN: token, LINKSPAN_PORT: new URL(url()).port };
  assert.match(worked(await linkspan(["account", "list"], { environment })), /harbour/);
});

test("account create takes a UID and refuses names and UIDs that are taken or wrong", async () => {
  const uid = "12345678901234567";
  keys["quay"] = keyIn(worked(await withToken("account", "create", "quay", "--uid", uid)));
  assert.equal(keys["quay"].account, uid);
  for (const [args, says] of [
    [["quay"], /an account named quay exists/],
    [["pier", "--uid", uid], /an account 12345678901234567 exists/],
    [["pier", "--uid", "12"], /16 to 18 digits/],
    [["Not A Name"], /lower-case letters/],
  ] as const) {
    const { code, stderr } = await withToken("account", "create", ...args);
    assert.equal(code, 1, args.join(" "));
    assert.match(stderr, says);
  }
  assert.doesNotMatch(worked(await withToken("account", "list")), /pier/);
});

test("account key makes another key, and both work; account list shows keys and states, and no secret", async () => {
  const second = { ...keyIn(worked(await withToken("account", "key", "harbour"))), account: keys["harbour"]?.account ?? "" };
  keys["second"] = second;
  assert.equal(await opens(second), true);
  assert.equal(await opens(keys["harbour"] as Key), true);
  const list = worked(await withToken("account", "list"));
  assert.match(
    list,
    new RegExp(`^harbour  UID ${second.account}  Enabled\n  ${keys["harbour"]?.id}  Active\n  ${second.id}  Active$`, "m"),
  );
  assert.match(
    list,
    /^requester {2}UID 1000000000000001 {2}Enabled\n {2}LTAIlinkspanRequester01 {2}Active {2}\(public development key\)$/m,
  );
  for (const { secret } of [...Object.values(keys), server.requester.key]) assert.ok(!list.includes(secret));
  const unknown = await withToken("account", "key", "nobody");
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /no account nobody/);
});

test("env shows the key id of a real account and leaves its secret for its owner to fill in", async () => {
  const output = worked(await withToken("env", "--account", "quay"));
  assert.ok(output.includes(keys["quay"]?.id ?? "-") && output.includes("YOUR_ACCESS_KEY_SECRET"));
});

test("with the development accounts disabled, their keys no longer work", async () => {
  const { VpcId } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou })).body;
  for (const name of ["requester", "accepter"]) assert.match(worked(await withToken("account", "disable", name)), /is disabled/);
  assert.match(worked(await withToken("account", "disable", "requester")), /is disabled/, "done twice it stays so");
  refusedWith(await server.requester.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId }), "InvalidAccessKeyId.Inactive");
  refusedWith(await server.accepter.vpc("CreateVpc", { RegionId: hangzhou }), "InvalidAccessKeyId.Inactive");
  assert.equal(await opens(keys["quay"] as Key), true);
});

test("demo, which needs the development accounts, says that they are disabled", async () => {
  const { code, stderr } = await withToken("demo");
  assert.equal(code, 1);
  assert.match(stderr, /^linkspan: .*(development|disabled|InvalidAccessKeyId)/);
  assert.doesNotMatch(stderr, /^ {4}at /m, "no stack trace");
});

test("then the server may listen beyond this machine, shows no development keys, and everything is still there", async () => {
  const { VpcId } = succeeded(await new Caller(url(), keys["quay"] as Key).vpc("CreateVpc", { RegionId: hangzhou, VpcName: "kept" })).body;
  await server.kill("SIGTERM");
  server = await spawnServer({ folder, environment: { LINKSPAN_HOST: "0.0.0.0" } });
  assert.match(server.output(), /listens on http:\/\/0\.0\.0\.0:\d+/);
  assert.doesNotMatch(server.output(), /linkspan-requester-secret|development accounts|shown this once/i);
  const quay = new Caller(url(), keys["quay"] as Key);
  assert.equal(succeeded(await quay.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId })).body.VpcName, "kept");
  assert.equal(await opens(keys["second"] as Key), true);
  refusedWith(await new Caller(url(), server.requester.key).vpc("DescribeVpcs", { RegionId: hangzhou }), "InvalidAccessKeyId.Inactive");
  assert.match(worked(await withToken("account", "list")), /^requester {2}UID \d+ {2}Disabled$/m);
  assert.equal((await withoutToken("account", "list")).code, 1);
});

test("a reset does not bring the public keys back to life on a server that others can reach", async () => {
  const { code, stderr } = await withToken("reset");
  const alive = await new Caller(url(), server.requester.key).vpc("DescribeVpcs", { RegionId: hangzhou });
  assert.notEqual(alive.status, 200, `reset ended with ${code}, and now everybody who knows the documentation can sign calls`);
  assert.equal(code, 1);
  assert.match(stderr, /^linkspan: .*public keys/);
  const { Vpcs } = succeeded(await new Caller(url(), keys["quay"] as Key).vpc("DescribeVpcs", { RegionId: hangzhou })).body;
  assert.deepEqual(Vpcs.Vpc.map(({ VpcName }: any) => VpcName), ["kept"], "nothing went"); // prettier-ignore
});
