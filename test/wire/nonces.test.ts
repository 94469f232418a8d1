import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { nonceLifetime } from "../../src/gateway/authenticate.ts";
import { timestampWindow } from "../../src/gateway/protocol-rules.ts";
import { NonceCache, noncesInMemoryMax } from "../../src/gateway/nonce-cache.ts";
import type { Answer, Caller } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer, temporaryFolder } from "../support/server.ts";

/** A signed request counts once. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const nonceField = { V1: "SignatureNonce", V3: "x-acs-signature-nonce" } as const;
const vpcs = async (caller: Caller): Promise<number> => succeeded(await caller.vpc("DescribeVpcs", { RegionId: hangzhou })).body.TotalCount;

for (const signature of ["V1", "V3"] as const) {
  test(`a read with a used nonce is refused (${signature})`, async () => {
    const common = { [nonceField[signature]]: randomUUID() };
    succeeded(await server.requester.vpc("DescribeRegions", {}, { signature, common }));
    refusedWith(await server.requester.vpc("DescribeRegions", {}, { signature, common }), "SignatureNonceUsed");
    refusedWith(await server.requester.vpc("DescribeZones", { RegionId: hangzhou }, { signature, common }), "SignatureNonceUsed");
  });

  test(`a write with a used nonce is refused and changes nothing (${signature})`, async () => {
    const before = await vpcs(server.requester);
    const common = { [nonceField[signature]]: randomUUID() };
    succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou }, { signature, common }));
    refusedWith(await server.requester.vpc("CreateVpc", { RegionId: hangzhou }, { signature, common }), "SignatureNonceUsed");
    assert.equal(await vpcs(server.requester), before + 1);
  });
}

test("both signature versions share the nonces of a key", async () => {
  const nonce = randomUUID();
  succeeded(await server.requester.vpc("DescribeRegions", {}, { common: { SignatureNonce: nonce } }));
  const answer = await server.requester.vpc("DescribeRegions", {}, { signature: "V3", common: { "x-acs-signature-nonce": nonce } });
  refusedWith(answer, "SignatureNonceUsed");
});

test("two keys may use the same nonce", async () => {
  const common = { SignatureNonce: randomUUID() };
  succeeded(await server.requester.vpc("DescribeRegions", {}, { common }));
  succeeded(await server.accepter.vpc("DescribeRegions", {}, { common }));
});

test("a request that was not verified uses up no nonce", async () => {
  const common = { SignatureNonce: randomUUID() };
  refusedWith(await server.requester.vpc("DescribeRegions", {}, { common: { ...common, Signature: "forged" } }), "SignatureDoesNotMatch");
  succeeded(await server.requester.vpc("DescribeRegions", {}, { common }));
});

test("of many requests with one nonce that come at once, one counts", async () => {
  const before = await vpcs(server.accepter);
  const common = { SignatureNonce: randomUUID() };
  const answers = await Promise.all(Array.from({ length: 8 }, () => server.accepter.vpc("CreateVpc", { RegionId: hangzhou }, { common })));
  assert.deepEqual(answers.map(({ body }) => body.Code ?? "OK").sort(), ["OK", ...Array<string>(7).fill("SignatureNonceUsed")]);
  assert.equal(await vpcs(server.accepter), before + 1);
});

test("the nonce of a write survives a restart, whether the write succeeded or was refused", async () => {
  const folder = temporaryFolder();
  const accepted = { SignatureNonce: randomUUID() };
  const refused = { SignatureNonce: randomUUID() };
  const create = (from: InProcessServer): Promise<Answer> => from.requester.vpc("CreateVpc", { RegionId: hangzhou }, { common: accepted });
  const remove = (from: InProcessServer): Promise<Answer> =>
    from.requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: "vpc-bp1doesnotexist" }, { common: refused });
  const running = async (work: (own: InProcessServer) => Promise<void>): Promise<void> => {
    const own = await startServer({ folder });
    await work(own).finally(() => own.stop());
  };
  try {
    await running(async (first) => {
      succeeded(await create(first));
      refusedWith(await remove(first), "InvalidVpcId.NotFound", 404);
    });
    await running(async (second) => {
      refusedWith(await create(second), "SignatureNonceUsed");
      refusedWith(await remove(second), "SignatureNonceUsed");
      assert.equal(await vpcs(second.requester), 1);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the nonce of a write survives a reset of the state", async () => {
  const own = await startServer();
  try {
    const common = { SignatureNonce: randomUUID() };
    succeeded(await own.requester.vpc("CreateVpc", { RegionId: hangzhou }, { common }));
    assert.equal((await own.admin("POST", "reset")).status, 200);
    refusedWith(await own.requester.vpc("CreateVpc", { RegionId: hangzhou }, { common }), "SignatureNonceUsed");
    assert.equal(await vpcs(own.requester), 0);
  } finally {
    await own.stop();
  }
});

// The memory of nonces

test("the memory of nonces never holds more than its maximum, and forgets the oldest first", () => {
  const cache = new NonceCache();
  for (let index = 0; index < noncesInMemoryMax + 1000; index++) {
    assert.ok(cache.claim("key", `${index}`, 2, 1));
    assert.ok(cache.size <= noncesInMemoryMax);
  }
  assert.equal(cache.size, noncesInMemoryMax);
  assert.equal(cache.claim("key", `${noncesInMemoryMax + 999}`, 2, 1), false);
  assert.equal(cache.claim("key", "1000", 2, 1), false);
  assert.equal(cache.claim("key", "999", 2, 1), true);
});

test("expired nonces leave the memory", () => {
  const cache = new NonceCache();
  for (let index = 0; index < 100; index++) assert.ok(cache.claim("key", `${index}`, 10 + index, 0));
  assert.ok(cache.claim("key", "late", 1000, 500));
  assert.equal(cache.size, 1);
});

test("keys and nonces are not confused with each other in memory", () => {
  const cache = new NonceCache();
  assert.ok(cache.claim("a", "b", 10, 0));
  assert.ok(cache.claim("b", "a", 10, 0));
  assert.ok(cache.claim("ab", "", 10, 0));
  assert.equal(cache.claim("a", "b", 10, 0), false);
});

test("a nonce is remembered to the last millisecond in which its request passes the time window", () => {
  const now = Date.parse("2026-01-02T03:04:05Z");
  // The furthest timestamp that passes now passes for the last time two windows later.
  const lastMoment = now + timestampWindow + timestampWindow;
  const cache = new NonceCache();
  assert.ok(cache.claim("key", "nonce", now + nonceLifetime, now));
  assert.equal(cache.claim("key", "nonce", lastMoment + nonceLifetime, lastMoment), false);
});
