import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { found } from "../store/found.ts";
import { readStore } from "../store/replay.ts";
import { type Answer, Caller } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { mayAssume, policyDocument, sessionOf, trustPolicy, userWith } from "../support/principals.ts";
import { requesterKey, type SpawnedServer, spawnServer } from "../support/server.ts";
import { codeOf, doors } from "./doors.ts";

/** Secrets of sessions, SecurityTokens and ExternalIds stand in the one answer that hands them out, and nowhere else. */

const externalIds = ["agreed-with-a-partner", "agreed-anew/with+partner", "tried-and=refused"] as const;
const [agreed, changed, guessed] = externalIds;

let server: SpawnedServer;
/** All secrets: those that the server made, and those that callers brought. */
const all: string[] = [...externalIds];
const roleName = "partner";
const RoleArn = `acs:ram::${requesterKey.account}:role/${roleName}`;
/** Everybody in the account who knows an id. */
const trusted = (id: string): string =>
  trustPolicy([`acs:ram::${requesterKey.account}:root`], { StringEquals: { "sts:ExternalId": [id] } });

before(async () => {
  server = await spawnServer({ environment: { LINKSPAN_LOG: "trace", LINKSPAN_PACE: "stepped" } });
  const { requester: root } = server;
  const { caller: user } = await userWith(root, mayAssume, { Effect: "Allow", Action: "vpc:Describe*", Resource: "*" });
  const AssumeRolePolicyDocument = trusted(agreed);
  const role = { RoleName: roleName, AssumeRolePolicyDocument };
  succeeded(await root.ram("CreateRole", role, { method: "GET" }));
  for (const [, options] of doors) assert.equal(codeOf(await root.ram("CreateRole", role, options)), "EntityAlreadyExists.Role");
  for (const signature of ["V1", "V3"] as const) {
    const ExternalId = agreed;
    const session = await sessionOf(user, RoleArn, { ExternalId });
    all.push(...secretsOf(session));
    await useEverywhere(session);
    const take = (parameters: object, asked: Caller = user): Promise<Answer> =>
      asked.sts("AssumeRole", { RoleArn, RoleSessionName: "session", ...parameters }, { signature });
    refusedWith(await take({ ExternalId: guessed }), "NoPermission", 403);
    refusedWith(await take({ ExternalId, Policy: "{" }), "InvalidParameter.PolicyGrammar");
    refusedWith(await take({ ExternalId, DurationSeconds: 43_200 }), "InvalidParameter.DurationSeconds");
    refusedWith(await take({ ExternalId: `${guessed} ` }), "InvalidParameter.ExternalId");
    refusedWith(await take({ ExternalId }, root), "NoPermission", 403);
    refusedWith(await take({ ExternalId, RoleArn: `${RoleArn}-none` }), "EntityNotExist.Role", 404);
  }
  // With another spelling of the parameter, and where it is none.
  const session = await sessionOf(user, RoleArn, { ExternalId: agreed });
  all.push(...secretsOf(session));
  const { token, ...bare } = session.key;
  const withoutToken = new Caller(session.url, bare);
  succeeded(await withoutToken.sts("GetCallerIdentity", {}, { common: { securitytoken: token } }));
  for (const name of ["SecurityToken", "x-acs-security-token", "SecurityToken.1", "ExternalId", "AccessKeySecret"]) {
    await root.vpc("DescribeVpcs", { RegionId: hangzhou }, { extra: [[name, token as string]] });
    await root.sts("GetCallerIdentity", {}, { signature: "V3", extra: [[name, session.key.secret]] });
    await root.call("2015-04-01", "NoSuchAction", {}, { extra: [[name, token as string]] });
  }
  const update = { RoleName: roleName, NewAssumeRolePolicyDocument: trusted(changed) };
  succeeded(await root.ram("UpdateRole", update, { signature: "V3" }));
  refusedWith(
    await root.ram("UpdateRole", { ...update, RoleName: "none" }, { signature: "V3", method: "GET" }),
    "EntityNotExist.Role",
    404,
  );
  refusedWith(await user.ram("UpdateRole", update), "NoPermission", 403);
  refusedWith(await user.ram("GetRole", { RoleName: roleName }), "NoPermission", 403);
});
after(() => server.stop());

/** Of a token both ends, because a long value is shown cut. */
function secretsOf({ key: { secret, token = "" } }: Caller): string[] {
  return [secret, token.slice(0, 60), token.slice(-60)];
}

/** Calls well and badly, through every door. */
async function useEverywhere(caller: Caller): Promise<void> {
  const { token } = caller.key;
  for (const [, options] of doors) {
    const isV3 = options.signature === "V3";
    await caller.vpc("DescribeVpcs", { RegionId: hangzhou }, options);
    await caller.vpc("CreateVpc", { RegionId: hangzhou, VpcId: "vpc-unknown" }, options);
    await caller.ram("ListUsers", {}, options);
    const broken = isV3 ? { "x-acs-content-sha256": "00" } : { Signature: "wrong" };
    assert.notEqual((await caller.vpc("DescribeVpcs", { RegionId: hangzhou }, { ...options, common: broken })).status, 200);
    const cut = token?.slice(0, -1);
    const changed = isV3 ? { "x-acs-security-token": cut } : { SecurityToken: cut };
    if (token !== undefined) await caller.sts("GetCallerIdentity", {}, { ...options, common: changed });
  }
}

test("there are secrets of every kind, and the search finds one", () => {
  assert.equal(all.length, 3 + 3 * 3);
  assert.equal(new Set(all).size, all.length);
  for (const secret of all) assert.deepEqual(found(`x${Buffer.from(secret).toString("base64")}`, [secret]), [secret]);
});

test("the owner reads the trust policy as it was given", async () => {
  const { Role } = succeeded(await server.requester.ram("GetRole", { RoleName: roleName })).body;
  assert.equal(Role.AssumeRolePolicyDocument, trusted(changed));
});

test("the files of the data folder hold none, and its events hold them sealed", () => {
  const files = readdirSync(server.folder).filter((name) => name !== "key");
  assert.ok(files.includes("linkspan.db") && files.includes("linkspan.db-wal"), files.join(", "));
  for (const file of files) assert.deepEqual(found(readFileSync(join(server.folder, file)), all), [], file);
  const images = readStore(server.folder, (rows) => rows("SELECT kind, image FROM event WHERE image IS NOT NULL"));
  const sealed = images.filter(({ kind }) => kind === "ram-role").map(({ image }) => JSON.parse(image).trustPolicy as string);
  assert.equal(new Set(sealed).size, 2, "each time anew");
  for (const text of sealed) assert.match(text, /^[A-Za-z0-9_-]{40,}$/);
});

/** Requests that the tests above made, at least. */
const requestsMin = 80;

test("log lines and everything that the server prints hold none", async () => {
  const output = await server.wholeOutput();
  const lines = output.split("\n").filter((line) => /Role|GetCallerIdentity|DescribeVpcs/.test(line)); // prettier-ignore
  assert.ok(lines.length >= requestsMin, `${lines.length} lines`);
  assert.deepEqual(found(output, all), []);
});

test("the requests, each told whole, as JSON and as a page, hold none", async () => {
  const { requests } = (await server.admin("GET", "requests?limit=1000")).body;
  assert.ok(requests.length >= requestsMin, `${requests.length} requests`);
  assert.deepEqual(found(JSON.stringify(requests), all), []);
  const page = async (path: string): Promise<string> => {
    const headers = { accept: "text/html", authorization: `Bearer ${server.adminToken}` };
    const response = await fetch(`${server.url}/_linkspan/${path}`, { headers });
    assert.equal(response.status, 200);
    return response.text();
  };
  assert.deepEqual(found(await page("requests"), all), []);
  const shown = new Set<string>();
  for (const { requestId, action } of requests) {
    const { body } = await server.admin("GET", `requests/${requestId}`);
    assert.deepEqual(found(JSON.stringify(body), all), [], action);
    const html = await page(`requests/${requestId}`);
    assert.match(html, /<!doctype html>/i);
    assert.deepEqual(found(html, all), [], action);
    shown.add(action);
  }
  for (const action of ["AssumeRole", "CreateRole", "UpdateRole", "GetCallerIdentity"]) assert.ok(shown.has(action), action);
});

test("Linkspan's own addresses hold none", async () => {
  for (const path of ["accounts", "settings", "operations", "ready", "clock", "health", "recording"]) {
    const { body } = await server.admin("GET", path);
    assert.deepEqual(found(JSON.stringify(body), all), [], path);
  }
  const ids = readStore(server.folder, (rows) => rows("SELECT id FROM resource WHERE kind = 'ram-role'"));
  assert.equal(ids.length, 1);
  for (const { id } of ids) {
    for (const fields of [{}, { trustPolicy: "mine" }]) {
      const { status, body } = await server.admin("PATCH", `resources/${id}`, fields);
      assert.equal(status, 400);
      assert.deepEqual(found(JSON.stringify(body), all), []);
    }
  }
});

test("refused calls tell none to their callers", async () => {
  const { caller } = await userWith(server.requester, mayAssume);
  const denied = [
    await caller.ram("GetRole", { RoleName: roleName }),
    await caller.sts("AssumeRole", { RoleArn, RoleSessionName: "session", ExternalId: "other" }),
    await caller.sts("AssumeRole", { RoleArn, RoleSessionName: "session" }),
    await caller.ram("CreatePolicy", { PolicyName: "p", PolicyDocument: policyDocument(mayAssume) }),
  ];
  for (const { status, text, headers } of denied) {
    assert.equal(status, 403);
    assert.deepEqual(found(text + JSON.stringify([...headers]), all), []);
  }
});
