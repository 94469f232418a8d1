import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "../support/fast-check.ts";
import { parseUtcSeconds } from "../../src/contract/time.ts";
import { type Answer, Caller } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { eventCount } from "../support/outcomes.ts";
import { mayAssume, policyDocument, roleWith, sessionOf, type Statement, trustPolicy, userWith } from "../support/principals.ts";
import { requesterKey, startServer, type InProcessServer } from "../support/server.ts";
import { readStore } from "../store/replay.ts";
import { doors, throughDoors } from "./doors.ts";

/** Temporary keys and their SecurityTokens: nobody makes one, changes one or makes one last longer, and each ends when it says. */

const everything: Statement = { Effect: "Allow", Action: "*", Resource: "*" };
const malformed = "InvalidSecurityToken.Malformed";
const mismatch = "InvalidSecurityToken.MismatchWithAccessKey";
const expired = "InvalidSecurityToken.Expired";
const inactive = "InvalidAccessKeyId.Inactive";

let server: InProcessServer;
/** A user that may take every role, and a role that may do everything. */
let user: Caller;
let role: { readonly name: string; readonly arn: string };
before(async () => {
  server = await startServer();
  user = (await userWith(server.requester, mayAssume)).caller;
  role = await roleWith(server.requester, [everything]);
});
after(() => server.stop());

const withToken = ({ url, key }: Caller, token: string | undefined): Caller => new Caller(url, { ...key, token });
const tokenOf = ({ key }: Caller): string => key.token as string;
const identity = (caller: Caller, turn = 0): Promise<Answer> => caller.sts("GetCallerIdentity", {}, doors[turn % doors.length]?.[1]);
const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Asserts what a caller is answered through every door. */
async function assertAnswered(caller: Caller, code: string, message?: string): Promise<void> {
  assert.deepEqual([...(await throughDoors(caller))], [code], message);
}

test("a temporary key comes in through every door, with its token only", async () => {
  const session = await sessionOf(user, role.arn);
  await assertAnswered(session, "OK");
  const { body } = succeeded(await identity(session));
  assert.equal(body.Arn, `acs:ram::${requesterKey.account}:assumed-role/${role.name}/session`);
  await assertAnswered(withToken(session, undefined), "MissingSecurityToken");
  await assertAnswered(withToken(session, ""), "MissingSecurityToken");
  await assertAnswered(new Caller(server.url, { ...session.key, secret: "guessed" }), "SignatureDoesNotMatch");
});

test("in V1 the token may stand in the form, and in V3 in its header only", async () => {
  const session = await sessionOf(user, role.arn);
  const SecurityToken = tokenOf(session);
  const bare = withToken(session, undefined);
  succeeded(await bare.sts("GetCallerIdentity", { SecurityToken }));
  refusedWith(await bare.sts("GetCallerIdentity", { SecurityToken }, { signature: "V3" }), "MissingSecurityToken");
  const twice = await session.sts("GetCallerIdentity", { SecurityToken: `${SecurityToken}A` });
  assert.notEqual(twice.status, 200, "of two tokens none counts");
});

test("a token that was changed in any place is malformed", async () => {
  const session = await sessionOf(user, role.arn);
  const token = tokenOf(session);
  assert.match(token, /^[A-Za-z0-9_-]{200,}$/);
  const changed = (at: number, instead: string): string => `${token.slice(0, at)}${instead}${token.slice(at + 1)}`;
  for (let at = 0; at < token.length; at++) {
    for (const other of `${base64url}+/= \u0000é`) {
      if (other !== token[at]) assert.equal(server.engine.claimsOf(changed(at, other)), undefined, `${other} at ${at}`);
    }
  }
  for (let at = 0; at < token.length; at++) {
    const other = base64url[(base64url.indexOf(token[at] as string) + 1 + (at % 62)) % 64] as string;
    const answer = await identity(withToken(session, changed(at, other)), at);
    assert.match(answer.text, /InvalidSecurityToken\.Malformed/, `${other} at ${at}`);
  }
  succeeded(await identity(session));
});

test("a token that was cut, prolonged or spelled otherwise is malformed", async () => {
  const session = await sessionOf(user, role.arn);
  const token = tokenOf(session);
  for (let length = 0; length < token.length; length++) {
    for (const part of [token.slice(0, length), token.slice(token.length - length)]) {
      assert.equal(server.engine.claimsOf(part), undefined, `${length} characters`);
    }
  }
  const bytes = Buffer.from(token, "base64url");
  const spellings = [
    ...[1, 20, 27, 28, token.length - 4, token.length - 1].map((length) => token.slice(0, length)),
    ...["A", "=", "==", "!", "~", "%", ".", `.${token}`, token].map((more) => `${token}${more}`),
    `!${token}`,
    ` ${token} x`,
    `${bytes.toString("base64").replace(/=*$/, "")}==`,
    bytes.toString("hex"),
    token.toLowerCase(),
    token.split("").reverse().join(""),
    Buffer.concat([bytes, Buffer.from([0])]).toString("base64url"),
    bytes.subarray(1).toString("base64url"),
  ];
  for (const spelling of spellings) await assertAnswered(withToken(session, spelling), malformed, spelling);
});

test("a token comes with its own key only, and permanent keys come with none", async () => {
  const [one, other] = [await sessionOf(user, role.arn), await sessionOf(user, role.arn)];
  await assertAnswered(withToken(one, tokenOf(other)), mismatch);
  await assertAnswered(new Caller(server.url, { ...other.key, id: one.key.id }), mismatch);
  await assertAnswered(new Caller(server.url, { ...one.key, id: "STS.somebody" }), mismatch);
  for (const permanent of [user, server.requester]) {
    for (const token of [tokenOf(one), "CAIS", "x"]) await assertAnswered(withToken(permanent, token), mismatch);
  }
  // A temporary id without the prefix by which it is known as one is nobody's.
  await assertAnswered(new Caller(server.url, { ...one.key, id: one.key.id.slice("STS.".length) }), "InvalidAccessKeyId.NotFound");
});

test("what another server made, or was sealed for another purpose, is no token", async () => {
  const session = await sessionOf(user, role.arn);
  const other = await startServer();
  try {
    const its = (await userWith(other.requester, mayAssume)).caller;
    const there = await sessionOf(its, (await roleWith(other.requester, [everything])).arn);
    await assertAnswered(there, "OK");
    await assertAnswered(new Caller(server.url, there.key), malformed);
    await assertAnswered(new Caller(other.url, session.key), malformed);
  } finally {
    await other.stop();
  }
  // With its answer a call leaves a sealed text in the store, and keys and trust policies are sealed there too.
  succeeded(await server.requester.vpc("CreateVpc", { RegionId: "cn-hangzhou", ClientToken: "sealed" }));
  const sealed = readStore(server.folder, (all) => [
    ...all("SELECT answer FROM token").map(({ answer }) => answer as string),
    ...all("SELECT body FROM resource WHERE kind = 'access-key'").map(({ body }) => JSON.parse(body).secret as string),
    ...all("SELECT body FROM resource WHERE kind = 'ram-role'").map(({ body }) => JSON.parse(body).trustPolicy as string),
  ]);
  assert.ok(sealed.length >= 5);
  for (const text of sealed) {
    assert.match(text, /^[A-Za-z0-9_-]{40,}$/, "it is sealed");
    for (const token of [text, Buffer.from(text, "base64url").toString("base64")]) {
      assert.equal(server.engine.claimsOf(token), undefined);
      refusedWith(await identity(withToken(session, token)), malformed);
    }
  }
});

/** The second at which a session ends, as AssumeRole answers it, with a caller of it. */
async function sessionFor(seconds: number | undefined, RoleArn = role.arn): Promise<{ caller: Caller; expiration: number }> {
  const { body } = succeeded(await user.sts("AssumeRole", { RoleArn, RoleSessionName: "timed", DurationSeconds: seconds }));
  const { AccessKeyId: id, AccessKeySecret: secret, SecurityToken: token, Expiration } = body.Credentials;
  const expiration = parseUtcSeconds(Expiration);
  assert.ok(expiration !== undefined, Expiration);
  return { caller: new Caller(server.url, { account: requesterKey.account, id, secret, token }), expiration };
}
const virtualNow = async (): Promise<number> => (await server.engine.clock()).now;
async function advanceTo(time: number): Promise<void> {
  const { status, body } = await server.admin("POST", "clock/advance", { milliseconds: time - (await virtualNow()) });
  assert.equal(status, 200, JSON.stringify(body));
}

test("a session lasts to the second of its Expiration by virtual time, and not a moment longer", async () => {
  const long = await roleWith(server.requester, [everything]);
  succeeded(await server.requester.ram("UpdateRole", { RoleName: long.name, NewMaxSessionDuration: 43_200 }));
  // Not at the start of a second.
  await advanceTo(1000 * Math.ceil((await virtualNow()) / 1000) + 700);
  for (const [seconds, lasts] of [
    [900, 900],
    [3_600, 3_600],
    [43_200, 43_200],
    [undefined, 3_600],
  ] as const) {
    const { caller, expiration } = await sessionFor(seconds, long.arn);
    const length = expiration - (await virtualNow());
    assert.ok(length > (lasts - 1) * 1000 && length <= lasts * 1000, `${length} ms`);
    await advanceTo(expiration - 1);
    await assertAnswered(caller, "OK");
    await advanceTo(expiration);
    await assertAnswered(caller, expired);
    await server.advance(3_600);
    await assertAnswered(caller, expired, "it does not come back");
  }
});

test("the time of a session runs with the pace, and not with the clock on the wall", async (t) => {
  const { caller, expiration } = await sessionFor(3_600);
  const pace = async (name: string): Promise<void> => void (await server.admin("POST", "clock/pace", { pace: name }));
  t.after(() => pace("stepped"));
  const hour = 3_600_000;
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  t.mock.timers.setTime(Date.now() + 5 * hour);
  await assertAnswered(caller, "OK", "time stands still");
  await pace("real");
  await assertAnswered(caller, "OK", "a change of pace is no jump in time");
  t.mock.timers.setTime(Date.now() + hour / 2);
  await assertAnswered(caller, "OK");
  await pace("stepped");
  t.mock.timers.setTime(Date.now() + 5 * hour);
  await assertAnswered(caller, "OK", "it stood still again");
  for (const name of ["fast", "instant", "stepped", "real"]) await pace(name);
  const left = expiration - (await virtualNow());
  assert.ok(left > 0 && left <= hour / 2 + 1000, `${left} ms`);
  t.mock.timers.setTime(Date.now() + left - 1000);
  await assertAnswered(caller, "OK");
  t.mock.timers.setTime(Date.now() + 1000);
  await assertAnswered(caller, expired);
  // The clock on the wall set back makes it no younger where virtual time stands still.
  await pace("stepped");
  t.mock.timers.setTime(Date.now() - 5 * hour);
  await assertAnswered(caller, expired);
});

test("sessions end with their role, and do not come back with one of the same name", async () => {
  const own = await roleWith(server.requester, []);
  const session = await sessionOf(user, own.arn);
  await assertAnswered(session, "OK");
  succeeded(await server.requester.ram("DeleteRole", { RoleName: own.name }));
  await assertAnswered(session, inactive);
  const AssumeRolePolicyDocument = trustPolicy([`acs:ram::${requesterKey.account}:root`]);
  succeeded(await server.requester.ram("CreateRole", { RoleName: own.name, AssumeRolePolicyDocument }));
  await assertAnswered(session, inactive);
  await assertAnswered(await sessionOf(user, own.arn), "OK");
});

test("a change of the role changes no session but by its policies", async () => {
  const own = await roleWith(server.requester, [everything]);
  const session = await sessionOf(user, own.arn);
  const vpcs = (): Promise<Answer> => session.vpc("DescribeVpcs", { RegionId: "cn-hangzhou" });
  succeeded(await vpcs());
  const nobody = trustPolicy([`acs:ram::${requesterKey.account}:user/nobody`]);
  succeeded(await server.requester.ram("UpdateRole", { RoleName: own.name, NewAssumeRolePolicyDocument: nobody }));
  succeeded(await vpcs());
  refusedWith(await user.sts("AssumeRole", { RoleArn: own.arn, RoleSessionName: "again" }), "NoPermission", 403);
  const [{ PolicyName }] = succeeded(await server.requester.ram("ListPoliciesForRole", { RoleName: own.name })).body.Policies.Policy;
  const none = policyDocument({ Effect: "Allow", Action: "vpc:DeleteVpc", Resource: "*" });
  succeeded(await server.requester.ram("CreatePolicyVersion", { PolicyName, PolicyDocument: none, SetAsDefault: true }));
  refusedWith(await vpcs(), "Forbidden.RAM", 403);
});

test("sessions of an account end with it, whoever took the role", async () => {
  const owner = await server.stranger();
  const foreign = await roleWith(owner, [everything], [requesterKey.account]);
  const session = await sessionOf(user, foreign.arn);
  await assertAnswered(session, "OK");
  assert.equal((await server.admin("DELETE", `accounts/${owner.key.account}`)).status, 200);
  await assertAnswered(session, inactive);
  refusedWith(await user.sts("AssumeRole", { RoleArn: foreign.arn, RoleSessionName: "session" }), "NoPermission", 403);
});

test("a session whose time, role or account goes between its signature and its call is refused, and does nothing", async (t) => {
  const signingKey = server.engine.signingKey.bind(server.engine);
  const owner = await server.stranger();
  const roles = [await roleWith(owner, [], [requesterKey.account]), await roleWith(owner, [], [requesterKey.account])];
  const ends = [
    [0, () => server.advance(900), "InvalidSecurityToken.Expired"],
    [0, () => owner.ram("DeleteRole", { RoleName: roles[0]?.name }).then(succeeded), inactive],
    [1, () => server.admin("DELETE", `accounts/${owner.key.account}`), inactive],
  ] as const;
  for (const [index, end, code] of ends) {
    const session = await sessionOf(user, roles[index]?.arn ?? "", { DurationSeconds: 900 });
    let after = Number.NaN;
    const read = t.mock.method(server.engine, "signingKey", async (...of: Parameters<typeof signingKey>) => {
      const found = await signingKey(...of);
      read.mock.restore();
      await end();
      after = await eventCount(server);
      return found;
    });
    refusedWith(await session.vpc("CreateVpc", { RegionId: "cn-hangzhou" }), code);
    assert.equal(await eventCount(server), after);
  }
});

/** What one may try on tokens: each takes some and gives one. */
type Edit = (tokens: readonly string[], a: number, b: number) => string;
const cutAt = (text: string, at: number): [string, string] => [text.slice(0, at % (text.length + 1)), text.slice(at % (text.length + 1))];
const recoded = (text: string, change: (bytes: Buffer) => Buffer): string => change(Buffer.from(text, "base64url")).toString("base64url");
const edits: readonly Edit[] = [
  ([one = ""], a, b) => {
    const [head, tail] = cutAt(one, a);
    return `${head}${base64url[b % 64]}${tail.slice(1)}`;
  },
  ([one = ""], a, b) => {
    const [head, tail] = cutAt(one, a);
    return `${head}${base64url[b % 64]}${tail}`;
  },
  ([one = ""], a, b) => {
    const [head, tail] = cutAt(one, a);
    return `${head}${tail.slice(1 + (b % 40))}`;
  },
  ([one = "", other = ""], a) => `${cutAt(one, a)[0]}${cutAt(other, a)[1]}`,
  ([one = "", other = ""], a, b) => `${cutAt(one, a)[0]}${cutAt(other, b)[1]}`,
  ([one = ""], a) => recoded(one, (bytes) => ((bytes[a % bytes.length] = (bytes[a % bytes.length] ?? 0) ^ (1 << (a % 8))), bytes)),
  // Nonce, tag and text of several tokens.
  ([one = "", other = ""], a) => {
    const at = [12, 28][a % 2] as number;
    return recoded(one, (bytes) => Buffer.concat([bytes.subarray(0, at), Buffer.from(other, "base64url").subarray(at)]));
  },
  ([one = ""], a) => `${one}${["=", "==", " ", "\n", "A", "."][a % 6]}`,
  ([one = ""]) => one.replaceAll("-", "+").replaceAll("_", "/"),
];

test("no edits of tokens make one that was not answered, nor one that lasts longer", async () => {
  const taken: Awaited<ReturnType<typeof sessionFor>>[] = [];
  for (const seconds of [900, 1_800, 3_600, 3_600]) taken.push(await sessionFor(seconds));
  const originals = taken.map(({ caller }) => tokenOf(caller));
  const step = fc.record({ edit: fc.nat(edits.length - 1), of: fc.nat(), with: fc.nat(), a: fc.nat(2_000), b: fc.nat(2_000) });
  const made = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const pool = [...originals];
      for (const { edit, of, with: other, a, b } of steps) {
        // The latest is edited most often.
        const one = pool.at(of % 3 === 0 ? of % pool.length : -1) ?? "";
        const token = edits[edit]?.([one || "A", pool[other % pool.length] as string], a, b) ?? "";
        pool.push(token);
        made.add(token);
        const claims = server.engine.claimsOf(token);
        const at = originals.indexOf(token);
        if (at < 0) assert.equal(claims, undefined, token);
        else assert.equal(claims?.session.expiresAt, taken[at]?.expiration);
      }
    }),
    { numRuns: 2_000 },
  );
  assert.ok(made.size > 5_000, `${made.size} tokens`);
  await advanceTo(Math.max(...taken.map(({ expiration }) => expiration)));
  for (const [turn, token] of [...made].slice(0, 300).entries()) {
    const key = taken[turn % taken.length]?.caller as Caller;
    const answer = await identity(withToken(key, token.replace(/[^\x20-\x7e]/g, "")), turn);
    assert.notEqual(answer.status, 200, token);
  }
});
