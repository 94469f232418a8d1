import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { expressConnect } from "./aliyun-express-connect.ts";
import { flags } from "./aliyun-flags.ts";
import { networks } from "./aliyun-networks.ts";
import { ram } from "./aliyun-ram.ts";
import type { Suite, User } from "./aliyun-user.ts";
import { vpn } from "./aliyun-vpn.ts";
import { linkspan, run, shellVariables } from "./run.ts";

/** The real aliyun CLI against a server that runs as its user runs it, over plain HTTP and over TLS, set up by what `linkspan env` prints. */

const binary = process.env["LINKSPAN_TEST_ALIYUN_CLI"] ?? "";
const missing =
  "LINKSPAN_TEST_ALIYUN_CLI does not name an aliyun CLI: download one from https://github.com/aliyun/aliyun-cli/releases and give its path";

if (binary === "") {
  test("the aliyun CLI", { skip: missing }, () => undefined);
} else {
  describe("the aliyun CLI over plain HTTP", () => withTheCli({}));
  describe("the aliyun CLI over TLS", () => withTheCli({ LINKSPAN_TLS_PORT: "0" }));
}

function withTheCli(environment: Record<string, string>): void {
  const secure = "LINKSPAN_TLS_PORT" in environment;
  const folder = temporaryFolder();
  const home = join(folder, "home");
  /** Product and action of every call that was answered with success. */
  const succeeded = new Set<string>();
  let server: SpawnedServer;
  before(async () => {
    mkdirSync(join(folder, "bin"));
    mkdirSync(home);
    symlinkSync(binary, join(folder, "bin", "aliyun"));
    server = await spawnServer({ environment: { LINKSPAN_PACE: "instant", ...environment } });
  });
  beforeEach(async () => {
    assert.equal((await server.admin("POST", "reset")).status, 200);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const printed = async (account: string): Promise<string> => {
    const { code, stdout, stderr } = await linkspan(["env", "--for", "aliyun", "--account", account, "--url", server.url]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const own = { HOME: home, PATH: `${join(folder, "bin")}:/usr/bin:/bin` };

  /** What the printed exports set. The last line is a call to try. */
  const variablesOf = async (account: string): Promise<Record<string, string>> => ({
    ...shellVariables((await printed(account)).replace(/\naliyun .*\n$/, "")),
    ...own,
  });

  function userOf(account: string): User {
    let variables: Promise<Record<string, string>> | undefined;
    const shell: User["shell"] = async (lines) => run("sh", ["-c", lines], await (variables ??= variablesOf(account)));
    const withFlags = (all: string): User => {
      const aliyun: User["aliyun"] = (line) => shell(`aliyun ${all} ${line}`);
      return {
        aliyun,
        shell,
        answer: async (line) => {
          const { code, stdout, stderr } = await aliyun(line);
          assert.equal(code, 0, `${line}\n${stderr}`);
          succeeded.add(line.split(" ").slice(0, 2).join(" "));
          return JSON.parse(stdout);
        },
        refusal: async (line) => {
          const { code, stdout, stderr } = await aliyun(line);
          assert.equal(code, 1, `${line}\n${stdout}`);
          const lineOf = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, "m").exec(stderr)?.[1];
          const told = (name: string): string => lineOf(name) ?? assert.fail(`${line}\n${stderr}`);
          // As Go prints a map: map[name:value name:value]
          const detail = /^map\[(.*)\]$/.exec(lineOf("AccessDeniedDetail") ?? "")?.[1] ?? "";
          const denied = Object.fromEntries(detail.split(" ").map((pair) => pair.split(/:(.*)/s).slice(0, 2)));
          return { code: told("ErrorCode"), requestId: told("RequestId"), message: told("Message"), recommend: told("Recommend"), denied };
        },
        with: (more) => withFlags(`${all} ${more}`),
      };
    };
    return withFlags(secure ? "" : "--insecure");
  }
  const suite: Suite = { requester: userOf("requester"), accepter: userOf("accepter"), secure, server: () => server };

  test("what env prints works as it is, pasted into a shell", async () => {
    const lines = await printed("requester");
    const { code, stdout, stderr } = await run("sh", ["-e", "-c", lines], own);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout).Vpcs, { Vpc: [] });
    assert.equal(lines.includes("--insecure"), !secure);
    assert.equal(lines.includes("SSL_CERT_FILE"), secure);
  });

  networks(suite);
  vpn(suite);
  expressConnect(suite);
  ram(suite);
  flags(suite);

  const withoutTrust = async (): Promise<void> => {
    const variables = { ...(await variablesOf("requester")), SSL_CERT_FILE: "/dev/null" };
    const distrusting = await run("sh", ["-c", "aliyun vpc DescribeVpcs"], variables);
    assert.equal(distrusting.code, 1);
    assert.match(distrusting.stderr, /certificate signed by unknown authority/);
    const blind = await run("sh", ["-c", "aliyun --skip-secure-verify vpc DescribeVpcs"], variables);
    assert.equal(blind.code, 0, blind.stderr);
  };
  if (secure) test("without the certificate the CLI refuses the server, and may be told not to look", withoutTrust);

  test("every operation of Vpc, VpcPeer, Ram and Sts was called by the CLI above", async () => {
    const { operations } = (await server.admin("GET", "operations")).body;
    const all = operations
      .filter((one: any) => one.implemented && ["Vpc", "VpcPeer", "Ram", "Sts"].includes(one.product))
      .map(({ product, name }: any) => `${product.toLowerCase()} ${name}`);
    assert.ok(all.length > 100);
    assert.deepEqual(all.filter((one: string) => !succeeded.has(one)), []); // prettier-ignore
  });
}
