import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { quotaDefaults } from "../../src/contract/settings.ts";
import type { Key } from "../support/caller.ts";
import { trustPolicy } from "../support/principals.ts";
import { accepterKey, memoryFolder, requesterKey, type SpawnedServer, spawnServer } from "../support/server.ts";
import { regionsInUse } from "./scene.ts";
import { inspectable, memoryKept } from "./memory.ts";
import { Round } from "./round.ts";
import { StoreWatch } from "./store-watch.ts";
import { Tally } from "./tally.ts";

/**
 * Generated input: requests made from the contract, sent one after the other to a server in a process of its own. Most are signed, many are
 * wrong in some way, and some are noise. Every answer is well formed, none is a fault of the server, after each refusal the store holds
 * what it held before, and the server's memory stays what it was.
 *
 * The run is made of rounds. Each begins with a reset and has a seed of its own, so that one that failed is repeated without those before it.
 * The seed decides operations, parameters, faults and bytes. Ids, address blocks and nonces are the server's and the clock's: the generator
 * refers to what there is by its place, so that they differ from run to run and nothing depends on them.
 */

/** Few and long ones: what it takes many calls to make is there late in a round only. */
const rounds = 13;
const perRound = { signed: 1_600, noise: 185 };
const firstSeed = Number(process.env["LINKSPAN_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** What a run must have come to, so that it has shown something. */
const signedMin = 20_000;
const noiseMin = 2_000;
const perOperationMin = 50;
const passedShareMin = 0.3;

/** Rounds after which every log and cache of the server is in use. */
const warmUpRounds = 3;
/** Memory after the run, as a multiple of that after the warm-up. */
const memoryGrowthMax = 1.2;

const strangerKey: Key = { account: "1000000000000003", id: "LTAIgeneratedStranger", secret: "generated-stranger-secret" };
const keys = [requesterKey, accepterKey, strangerKey];
/** Users who may do everything, because the root keys can take no roles; what they make has users and sessions with all sorts of policies call too. */
const operators = keys.map(({ account }, index) => ({
  account,
  id: `LTAIgeneratedOperator${index}`,
  secret: `generated-operator-secret-${index}`,
}));
const narrowRegion = regionsInUse.at(-1);

/** A circuit takes four calls and their waits until it can be used, so each account has some from the start: two at one access point, one elsewhere. */
const circuits = ["ap-cn-hangzhou-yh-B", "ap-cn-hangzhou-yh-B", "ap-cn-beijing-cy-A"].flatMap((AccessPointId, at) =>
  keys.flatMap((_, index) => {
    const name = `circuit${index}at${at}`;
    const RegionId = /^ap-(cn-[a-z]+)/.exec(AccessPointId)?.[1];
    const call = (operation: string, parameters: object) => ({
      account: `account-${index}`,
      operation,
      version: "2016-04-28",
      parameters: { RegionId, ...parameters },
    });
    const PhysicalConnectionId = `\${${name}.PhysicalConnectionId}`;
    return [
      { as: name, ...call("CreatePhysicalConnection", { AccessPointId, LineOperator: "CT" }) },
      call("ConfirmPhysicalConnection", { PhysicalConnectionId }),
      call("EnablePhysicalConnection", { PhysicalConnectionId }),
    ];
  }),
);

/** The operators' policies, and a role in each account that everybody may take. */
const principals = keys.flatMap((_, index) => {
  const call = (operation: string, parameters: object) => ({ account: `account-${index}`, operation, version: "2015-05-01", parameters });
  const everything = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  return [
    call("AttachPolicyToUser", { ...everything, UserName: "operator" }),
    call("CreateRole", { RoleName: "open", AssumeRolePolicyDocument: trustPolicy(keys.map(({ account }) => `acs:ram::${account}:root`)) }),
    call("AttachPolicyToRole", { ...everything, RoleName: "open" }),
  ];
});

/** Three accounts. There is room for all that a round makes; in one region there is hardly any, so that quotas are met too. */
const seedDocument = {
  accounts: keys.map(({ account, id, secret }, index) => ({
    name: `account-${index}`,
    uid: account,
    keys: [
      { id, secret },
      { id: operators[index]?.id, secret: operators[index]?.secret, principal: "user/operator" },
    ],
    resourceGroups: ["team"],
  })),
  resources: [...circuits, ...principals],
  settings: {
    quotas: [
      ...Object.keys(quotaDefaults).flatMap((name) => (name === "VpcPeerExpiryDays" ? [] : [{ name, value: 10_000 }])),
      ...["Vpc", "VSwitch", "RouteTable", "RouteEntry"].map((name) => ({ name, region: narrowRegion, value: 2 })),
      // What this account asks for expires as soon as it could be accepted.
      { name: "VpcPeerExpiryDays", account: accepterKey.account, value: 0 },
    ],
    features: [
      { name: "LinkType.Platinum", region: narrowRegion, open: false },
      { name: "CrossBorderCdt", account: strangerKey.account, open: false },
    ],
  },
};

async function startedServer(t: TestContext): Promise<SpawnedServer> {
  const folder = memoryFolder();
  const seedPath = join(folder, "seed.json");
  writeFileSync(seedPath, JSON.stringify(seedDocument));
  const server = await spawnServer({ folder, environment: { LINKSPAN_SEED: seedPath, LINKSPAN_PACE: "instant", ...inspectable } });
  t.after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return server;
}

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

test(`${rounds * perRound.signed} generated requests and ${rounds * perRound.noise} of noise`, async (t) => {
  console.log(`generated input: seed ${firstSeed}; LINKSPAN_TEST_SEED=${firstSeed} repeats it`);
  const server = await startedServer(t);
  const watch = new StoreWatch(server.folder);
  t.after(() => watch.close());
  const tally = new Tally();
  const kept: number[] = [];
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    await new Round({ server, keys, operators, watch, tally }, firstSeed + round).run(perRound);
    kept.push(await memoryKept(server));
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
      `generated input: ${tally.signed} signed (${share(tally.passed, tally.signed)} past check), ${tally.noise} of noise, ` +
        `${kept.at(-1)?.toFixed(0)} MB kept, ${seconds} s`,
    );
  }

  const asked = tally.operations();
  const rarest = asked[0];
  assert.ok(rarest !== undefined);
  const growth = Math.max(...kept.slice(warmUpRounds)) / (kept[warmUpRounds - 1] ?? 0);
  const hardest = asked.toSorted((a, b) => a.passed - b.passed).slice(0, 3);
  const list = <T>(members: readonly T[], told: (member: T) => string): string => members.map(told).join(", ");
  console.log(
    [
      `generated input: ${tally.repeated} calls repeated by ClientToken; ${asked.length} operations, the rarest asked ${rarest.sent} times`,
      `  least often past check: ${list(hardest, ({ operation, sent, passed }) => `${operation} ${passed} of ${sent}`)}`,
      `  memory kept after the run: ${growth.toFixed(2)} times that after the warm-up`,
      `  ${tally.codes.size} codes met: ${list(
        [...tally.codes].sort(([, a], [, b]) => b - a),
        ([code, count]) => `${code} ${count}`,
      )}`,
    ].join("\n"),
  );
  assert.ok(tally.signed >= signedMin && tally.noise >= noiseMin);
  assert.ok(rarest.sent >= perOperationMin, `${rarest.operation} was asked ${rarest.sent} times`);
  assert.ok(tally.passed / tally.signed >= passedShareMin, `${share(tally.passed, tally.signed)} got past check`);
  assert.ok(growth <= memoryGrowthMax, `memory has grown ${growth.toFixed(2)} times: ${kept.map((one) => one.toFixed(0)).join(", ")} MB`);
  assert.doesNotMatch(server.output(), /"level":[456]0/, "the server has met nothing that it would log");
});
