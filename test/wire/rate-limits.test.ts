import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import fc from "../support/fast-check.ts";
import type { Refusal } from "../../src/contract/errors.ts";
import { newStory } from "../../src/engine/story.ts";
import { authenticate } from "../../src/gateway/authenticate.ts";
import { failedSignatureInterval, failedSignaturesAtOnce } from "../../src/gateway/protocol-rules.ts";
import { bucketsInMemoryMax, networkOf, type Rate, RateLimits, TokenBuckets } from "../../src/gateway/rate-limits.ts";
import { readParameters } from "../../src/gateway/wire-request.ts";
import { type Answer, Caller, versions } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { vpcClient, vpcSdk } from "../support/official.ts";
import { type InProcessServer, noOutsideAddress, outsideAddress, requesterKey, startServer } from "../support/server.ts";
import { signedTarget } from "./raw.ts";

/** How many requests are answered: limits that the settings put on keys and accounts, and the one on addresses that sign wrongly. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());
afterEach(() => limit());

/** Puts these limits and no other. */
async function limit(...rateLimits: readonly object[]): Promise<void> {
  const { status, body } = await server.admin("PUT", "settings", { rateLimits });
  assert.equal(status, 200, JSON.stringify(body));
}
/** Another key of the caller's account. */
async function otherKey(caller: Caller): Promise<Caller> {
  const { accounts } = (await server.admin("GET", "accounts")).body;
  const { name } = accounts.find(({ uid }: any) => uid === caller.key.account);
  const { key } = (await server.admin("POST", `accounts/${name}/keys`)).body;
  return new Caller(server.url, { account: caller.key.account, id: key.AccessKeyId, secret: key.AccessKeySecret });
}

const regions = (caller: Caller): Promise<Answer> => caller.vpc("DescribeRegions");

/** What came of many calls made at once. The time that they took, in seconds, earned the caller tokens. */
interface Volley {
  readonly answered: number;
  readonly refused: readonly Answer[];
  readonly seconds: number;
}
async function volley(count: number, call: () => Promise<Answer>): Promise<Volley> {
  const started = performance.now();
  const answers = await Promise.all(Array.from({ length: count }, call));
  const refused = answers.filter(({ status }) => status !== 200);
  return { answered: count - refused.length, refused, seconds: (performance.now() - started) / 1000 };
}
/** Asserts that a limit of one request a second let `burst` calls through, and after them no more than those that time earned. */
function assertLimited({ answered, refused, seconds }: Volley, burst: number): void {
  assert.ok(answered >= burst && answered <= burst + Math.ceil(seconds), `${answered} answered in ${seconds} s`);
  assert.ok(refused.length > 0);
  for (const answer of refused) {
    assert.equal(refusedWith(answer, "Throttling.User").body.Message, "Request was denied due to user flow control.");
    const told = answer.headers.get("x-acs-retry-after") ?? "";
    assert.match(told, /^[1-9]\d*$/);
    assert.ok(Number(told) <= 1000, told);
  }
}

// Limits on keys and accounts

test("there are no limits unless they are set, and no answer tells to wait", async () => {
  assert.equal((await server.admin("GET", "settings")).body.rateLimits, undefined);
  const answers = await Promise.all(Array.from({ length: 100 }, () => regions(server.requester)));
  for (const answer of answers) assert.equal(succeeded(answer).headers.get("x-acs-retry-after"), null);
});

for (const signature of ["V1", "V3"] as const) {
  test(`a limit on keys counts each key by itself (${signature})`, async () => {
    const one = await server.stranger();
    const [second, other] = [await otherKey(one), await server.stranger()];
    await limit({ per: "key", requestsPerSecond: 1, burst: 5 });
    for (const caller of [one, second, other]) {
      assertLimited(await volley(20, () => caller.vpc("DescribeRegions", {}, { signature })), 5);
    }
  });
}

test("a limit on accounts counts all keys of an account together", async () => {
  const [one, other] = [await server.stranger(), await server.stranger()];
  const keys = [one, await otherKey(one)];
  await limit({ per: "account", requestsPerSecond: 1, burst: 6 });
  let turn = 0;
  assertLimited(await volley(20, () => regions(keys[turn++ % 2] as Caller)), 6);
  assert.equal((await volley(6, () => regions(other))).answered, 6, "another account is not concerned");
});

test("without a burst, as many requests are answered at once as in a second", async () => {
  const caller = await server.stranger();
  await limit({ per: "key", requestsPerSecond: 7 });
  const { answered, refused, seconds } = await volley(100, () => regions(caller));
  assert.ok(answered >= 7 && answered <= 7 + Math.ceil(7 * seconds), `${answered} answered in ${seconds} s`);
  for (const { headers } of refused) assert.ok(Number(headers.get("x-acs-retry-after")) <= 143);
});

test("an entry that names an account wins over one that does not, whichever comes first", async () => {
  const [named, other] = [await server.stranger(), await server.stranger()];
  const entries = [
    { per: "key", requestsPerSecond: 1000, burst: 1000 },
    { per: "key", account: named.key.account, requestsPerSecond: 1, burst: 2 },
  ];
  for (const order of [entries, entries.toReversed()]) {
    const second = await otherKey(named);
    await limit(...order);
    assertLimited(await volley(10, () => regions(second)), 2);
    assert.equal((await volley(10, () => regions(other))).answered, 10);
  }
  // An entry on the account of others concerns nobody else.
  await limit({ per: "key", account: other.key.account, requestsPerSecond: 1, burst: 1 });
  assert.equal((await volley(10, () => regions(named))).answered, 10);
});

test("of both limits the narrower refuses, and what it refuses takes nothing from the other", async () => {
  const one = await server.stranger();
  const [two, three] = [await otherKey(one), await otherKey(one)];
  await limit({ per: "key", requestsPerSecond: 1, burst: 2 }, { per: "account", requestsPerSecond: 1, burst: 4 });
  const first = await volley(20, () => regions(one));
  assertLimited(first, 2);
  const second = await volley(20, () => regions(two));
  assertLimited(second, 2);
  // Now the account has used up its own, so a key that nobody has used yet is refused for the account's sake.
  const third = await volley(20, () => regions(three));
  assert.ok(first.answered + second.answered + third.answered <= 4 + Math.ceil(first.seconds + second.seconds + third.seconds));
});

test("only the holder of a key uses up its limit: not who signs wrongly, and not who sends a request of the holder's again", async () => {
  const caller = await server.stranger();
  await limit({ per: "key", requestsPerSecond: 1, burst: 3 });
  const common = { SignatureNonce: randomUUID() };
  succeeded(await caller.vpc("DescribeRegions", {}, { common }));
  const wrong = new Caller(server.url, { ...caller.key, secret: "guessed" });
  for (let index = 0; index < 10; index++) {
    refusedWith(await regions(wrong), "SignatureDoesNotMatch");
    refusedWith(await caller.vpc("DescribeRegions", {}, { common }), "SignatureNonceUsed");
  }
  assert.equal((await volley(2, () => regions(caller))).answered, 2);
});

test("the limit is judged before anything of the call is, and a write that it refuses is not made", async () => {
  const caller = await server.stranger();
  await limit({ per: "key", requestsPerSecond: 1, burst: 2 });
  const { answered, refused } = await volley(10, () => caller.vpc("CreateVpc", { RegionId: "cn-hangzhou" }));
  assert.ok(refused.every(({ body }) => body.Code === "Throttling.User"));
  const broken = await volley(10, () => caller.vpc("CreateVpc", { RegionId: "nowhere", CidrBlock: "x" }));
  assert.ok(broken.refused.some(({ body }) => body.Code === "Throttling.User"));
  await limit();
  assert.equal(succeeded(await caller.vpc("DescribeVpcs", { RegionId: "cn-hangzhou" })).body.TotalCount, answered);
});

test("other limits hold from the next request on, also for those who are waiting", async () => {
  const caller = await server.stranger();
  await limit({ per: "key", requestsPerSecond: 1, burst: 1 });
  assertLimited(await volley(10, () => regions(caller)), 1);
  await limit({ per: "key", requestsPerSecond: 2_147_483_647 });
  assert.equal((await volley(50, () => regions(caller))).answered, 50);
});

test("the official SDK sees a throttling error and how long to wait, and with retries on it waits and succeeds", async () => {
  const { key } = await server.stranger();
  const ask = (options: object = {}): Promise<unknown> =>
    vpcClient(server.endpoint, key, "http", options).describeRegions(new vpcSdk.DescribeRegionsRequest({}));
  await limit({ per: "key", requestsPerSecond: 1, burst: 1 });
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => ask()));
  const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  assert.ok(errors.length > 0 && errors.length < 10, `${errors.length} of 10 refused`);
  for (const { name, code, statusCode, retryAfter } of errors) {
    assert.deepEqual([name, code, statusCode], ["ThrottlingError", "Throttling.User", 400]);
    assert.ok(Number.isInteger(retryAfter) && retryAfter >= 1 && retryAfter <= 1000, String(retryAfter));
  }
  const condition = { maxAttempts: 3, exception: ["ThrottlingError"], errorCode: [] };
  const retryOptions = { retryable: true, retryCondition: [condition], noRetryCondition: [] };
  const regionsOf: any = await ask({ retryOptions });
  assert.ok(regionsOf.body.regions.region.length > 0);
});

test("the story tells which limit refused and what to do about it", async () => {
  const caller = await server.stranger();
  for (const per of ["key", "account"]) {
    await limit({ per, requestsPerSecond: 1, burst: 1 });
    const [answer] = (await volley(10, () => regions(caller))).refused;
    assert.ok(answer);
    const { body } = await server.admin("GET", `requests/${answer.body.RequestId}`);
    const refusing = body.rules.find(({ held }: any) => held === false);
    assert.deepEqual([refusing.stage, refusing.code, refusing.source], ["signature", "Throttling.User", "public-docs"]);
    assert.match(refusing.rule, new RegExp(`^the (access )?${per} keeps within its rate limit`));
    const whose = per === "key" ? caller.key.id : caller.key.account;
    const wait = answer.headers.get("x-acs-retry-after");
    assert.equal(body.advice, `wait ${wait} ms, or change the rate limit of ${per} ${whose} with PUT /_linkspan/settings`);
    assert.deepEqual([body.account, body.accessKeyId], [caller.key.account, caller.key.id]);
  }
});

test("limits that cannot be are refused, and those that were there stay", async () => {
  const entry = { per: "key", account: requesterKey.account, requestsPerSecond: 1000, burst: 2000 };
  await limit(entry);
  for (const wrong of [
    { requestsPerSecond: 1 },
    { per: "user", requestsPerSecond: 1 },
    { per: "key" },
    { per: "key", requestsPerSecond: 0 },
    { per: "key", requestsPerSecond: 0.5 },
    { per: "key", requestsPerSecond: 1, burst: 0 },
    { per: "key", requestsPerSecond: 1, account: "requester" },
    { per: "key", requestsPerSecond: 1, region: "cn-hangzhou" },
  ]) {
    assert.equal((await server.admin("PUT", "settings", { rateLimits: [wrong] })).status, 400, JSON.stringify(wrong));
  }
  const { body } = await server.admin("GET", "settings");
  assert.deepEqual(body.rateLimits, [entry]);
  assert.equal((await server.admin("PUT", "settings", body)).status, 200, "what is answered may be put back");
});

test("a seed file may set limits", async () => {
  const accounts = [{ name: "own", uid: requesterKey.account, keys: [{ id: requesterKey.id, secret: requesterKey.secret }] }];
  const own = await startServer({ seed: { accounts, settings: { rateLimits: [{ per: "account", requestsPerSecond: 1, burst: 3 }] } } });
  try {
    assertLimited(await volley(10, () => regions(own.requester)), 3);
  } finally {
    await own.stop();
  }
});

// The limit on addresses

test("an address that signs wrongly too often is refused whatever it sends, and this machine's own is not", async (t) => {
  const outside = outsideAddress();
  if (outside === undefined) return t.skip(noOutsideAddress);
  const open = await startServer({ host: "0.0.0.0", record: false });
  t.after(() => open.stop());
  const url = open.url.replace("127.0.0.1", outside);
  const right = new Caller(url, requesterKey);
  const wrong = [new Caller(url, { ...requesterKey, secret: "guessed" }), new Caller(url, { ...requesterKey, id: "LTAIguessed" })] as const;

  // Neither what is signed rightly counts, nor what is refused for other reasons than the signature.
  const many = 2 * failedSignaturesAtOnce;
  assert.equal((await volley(many, () => regions(right))).answered, many);
  const expired = await volley(many, () => right.vpc("DescribeRegions", {}, { common: { Timestamp: "2020-01-01T00:00:00Z" } }));
  for (const answer of expired.refused) refusedWith(answer, "InvalidTimeStamp.Expired");

  let turn = 0;
  const { refused, seconds } = await volley(3 * failedSignaturesAtOnce, () => regions(wrong[turn++ % 2] as Caller));
  const throttled = refused.filter(({ body }) => body.Code === "Throttling.User");
  const judged = refused.length - throttled.length;
  const earned = Math.ceil((seconds * 1000) / failedSignatureInterval);
  assert.ok(judged >= failedSignaturesAtOnce && judged <= failedSignaturesAtOnce + earned, `${judged} judged in ${seconds} s`);
  for (const { headers, body } of throttled) {
    assert.equal(body.Message, "Request was denied due to user flow control.");
    const told = Number(headers.get("x-acs-retry-after"));
    assert.ok(Number.isInteger(told) && told >= 1 && told <= failedSignatureInterval, String(told));
  }

  const last = refusedWith(await regions(right), "Throttling.User");
  const { body } = await open.admin("GET", `requests/${last.body.RequestId}`);
  const refusing = body.rules.find(({ held }: any) => held === false);
  assert.match(refusing.rule, /^the address, unless it is this machine's own, has not sent more than/);
  assert.match(body.advice, new RegExp(`^wait \\d+ ms, and find the client at ${outside} `));
  assert.deepEqual([body.account, body.accessKeyId], ["", ""], "whose key it is was not looked at");

  for (const caller of wrong) {
    const here = await volley(many, () => regions(new Caller(open.url, caller.key)));
    assert.ok(here.refused.every((answer) => answer.body.Code !== "Throttling.User"));
  }
  succeeded(await regions(open.requester));
});

test("of requests that come at the same time no more are judged than the address may send, and it earns one more every three seconds", async () => {
  const at = Date.now();
  const limits = new RateLimits();
  let letGo = (): void => undefined;
  const keysRead = new Promise<void>((resolve) => (letGo = resolve));
  const guess = async (address: string, now: number): Promise<string> => {
    const body = new Uint8Array();
    const target = signedTarget({ ...requesterKey, id: "LTAIguessed" }, versions.Vpc, "DescribeRegions");
    const request = { ...readParameters(target, undefined, body), body, headers: new Map<string, string>(), isEncrypted: false };
    const keys = { claimsOf: () => undefined, signingKey: async (): Promise<undefined> => keysRead.then(() => undefined) };
    return authenticate({ ...request, method: "GET", address, isLoopback: false }, now, keys, limits, newStory()).then(
      () => "OK",
      ({ definition, retryAfter = 0 }: Refusal) => `${definition.code} ${retryAfter}`,
    );
  };
  const guesses = Array.from({ length: 3 * failedSignaturesAtOnce }, () => guess("192.0.2.7", at));
  letGo();
  const codes = await Promise.all(guesses);
  const judged = codes.filter((code) => code === "InvalidAccessKeyId.NotFound 0");
  const throttled = codes.filter((code) => code === `Throttling.User ${failedSignatureInterval}`);
  assert.deepEqual([judged.length, throttled.length], [failedSignaturesAtOnce, 2 * failedSignaturesAtOnce]);

  assert.equal(await guess("192.0.2.7", at + failedSignatureInterval - 1), "Throttling.User 1");
  assert.equal(await guess("192.0.2.7", at + failedSignatureInterval), "InvalidAccessKeyId.NotFound 0");
  assert.equal(await guess("192.0.2.7", at + failedSignatureInterval), `Throttling.User ${failedSignatureInterval}`);
  assert.equal(await guess("192.0.2.8", at), "InvalidAccessKeyId.NotFound 0", "another address is not concerned");
});

test("an address is counted as IPv4 writes it, and in IPv6 by its network", () => {
  for (const [address, network] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::FFFF:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8::/64"],
    ["fe80::1%eth0", "fe80::/64"],
    ["", ""],
  ] as const) {
    assert.equal(networkOf(address), network, address);
  }
});

// Buckets, at given times

const rates: fc.Arbitrary<Rate> = fc.record({
  burst: fc.integer({ min: 1, max: 50 }),
  interval: fc.oneof(
    fc.integer({ min: 1, max: 2000 }).map((perSecond) => 1000 / perSecond),
    fc.integer({ min: 1, max: 60_000 }),
  ),
});
const start = Date.parse("2026-01-02T03:04:05Z");

test("a bucket gives its burst at once, then a token as often as its rate says, and none a millisecond before it told", () => {
  fc.assert(
    fc.property(rates, fc.array(fc.nat({ max: 5000 }), { maxLength: 100 }), (rate, pauses) => {
      const buckets = new TokenBuckets();
      let now = start;
      for (let index = 0; index < rate.burst; index++) {
        assert.equal(buckets.wait("one", rate, now), 0);
        buckets.take("one", rate, now);
      }
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        const wait = buckets.wait("one", rate, now);
        assert.ok(Number.isInteger(wait) && wait <= Math.ceil(rate.interval));
        if (wait > 1) assert.ok(buckets.wait("one", rate, now + wait - 1) > 0);
        now += wait;
        assert.equal(buckets.wait("one", rate, now), 0, "a token is there when it was told to be");
        buckets.take("one", rate, now);
        taken++;
        assert.ok(taken * rate.interval <= now - start + 0.01, "in the long run the rate holds");
      }
      assert.equal(buckets.wait("two", rate, now), 0, "each has a bucket of its own");
    }),
  );
});

test("a bucket that rests is full again, and no fuller", () => {
  const rate: Rate = { burst: 3, interval: 100 };
  const buckets = new TokenBuckets();
  const takeAll = (now: number): void => {
    for (let index = 0; index < rate.burst; index++) {
      assert.equal(buckets.wait("one", rate, now), 0);
      buckets.take("one", rate, now);
    }
    assert.equal(buckets.wait("one", rate, now), 100);
  };
  takeAll(start);
  takeAll(start + 300);
  takeAll(start + 1_000_000);
});

test("a clock that is set back takes no tokens away", () => {
  const rate: Rate = { burst: 2, interval: 100 };
  const buckets = new TokenBuckets();
  buckets.take("one", rate, start);
  assert.equal(buckets.wait("one", rate, start - 3_600_000), 0);
  buckets.take("one", rate, start - 3_600_000);
  assert.equal(buckets.wait("one", rate, start - 3_600_000), 100);
});

test("another rate makes of an empty bucket one that is at worst empty, and of a full one what it can hold", () => {
  const buckets = new TokenBuckets();
  const slow: Rate = { burst: 100, interval: 1000 };
  for (let index = 0; index < 100; index++) buckets.take("one", slow, start);
  assert.equal(buckets.wait("one", { burst: 10, interval: 1 }, start), 1);
  buckets.take("two", slow, start);
  const narrow: Rate = { burst: 1, interval: 1000 };
  buckets.take("two", narrow, start);
  assert.equal(buckets.wait("two", narrow, start), 1000);
});

test("the memory of buckets never holds more than its maximum, and forgets first what gave a token longest ago", () => {
  const rate: Rate = { burst: 1, interval: 1000 };
  const buckets = new TokenBuckets();
  buckets.take("early", rate, start);
  for (let index = 1; index < bucketsInMemoryMax; index++) buckets.take(`${index}`, rate, start);
  buckets.take("early", rate, start);
  buckets.take("late", rate, start);
  assert.equal(buckets.size, bucketsInMemoryMax);
  assert.equal(buckets.wait("1", rate, start), 0, "it was forgotten");
  for (const name of ["early", "2", "late"]) assert.equal(buckets.wait(name, rate, start), 1000);
  for (let index = 0; index < 1000; index++) buckets.wait(`asked ${index}`, rate, start);
  assert.equal(buckets.size, bucketsInMemoryMax, "who only asks is not remembered");
});
