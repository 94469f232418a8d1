// Fills a data folder through the store's own interface, so that counters, indexes and events are as calls would have made them:
//   node bench/fill.ts FOLDER connections N   N peering connections of the requester, twenty for each VPC
//   node bench/fill.ts FOLDER tenants N       N accounts with a key and a few VPCs each, no two of them joined
// What was made is written to filled.json in the folder.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { codeFingerprint } from "../src/cli/code-fingerprint.ts";
import { day } from "../src/contract/time.ts";
import { readClock, virtualTime } from "../src/engine/clock.ts";
import { Engine } from "../src/engine/engine.ts";
import { WritableResources } from "../src/engine/resources.ts";
import { secretBoxFrom } from "../src/engine/secrets.ts";
import { developmentSeed } from "../src/engine/seed.ts";
import { finishAtOnce } from "../src/engine/tasks.ts";
import { kinds, operations } from "../src/services/index.ts";
import { vpcPeerConnection } from "../src/services/peering/vpc-peer-connection.ts";
import { addVpc } from "../src/services/vpc/new-vpc.ts";
import { SqliteStore } from "../src/store/sqlite.ts";
import type { Key } from "../test/support/caller.ts";

/** A VPC of an account, as calls need it. */
export interface FilledVpc {
  readonly id: string;
  readonly routerId: string;
  /** Of 16 bits. */
  readonly cidrBlock: string;
}
export interface Filled {
  readonly adminToken: string;
  /** Ids of connections of the requester: some thousands, from everywhere in the list. */
  readonly connections: readonly string[];
  readonly tenants: readonly { readonly key: Key; readonly vpcs: readonly FilledVpc[] }[];
}

const region = "cn-hangzhou";
/** Resources that one transaction makes. With fewer, what they have in common would be written to the disk again and again. */
const batch = 10_000;
/** Each VPC asks this many others, and is asked by as many: what a VPC may have by default. */
const askedByVpc = 5;
/** VPCs of the largest stores: each then asks more, because filling takes as long as there are lists. */
const vpcsMax = 2_500;
/** Pairs of them suffice for the connections that an account may have by default. */
const vpcsOfTenant = 7;
const connectionIdsMax = 5_000;

const [folder = "", what = "", count = "0"] = argv.slice(2);
const secrets = secretBoxFrom(join(folder, "key"));
const store = new SqliteStore(folder);
const engine = new Engine({
  store,
  secrets,
  operations,
  kinds,
  seed: developmentSeed,
  codeFingerprint: codeFingerprint(),
  snapshots: { folder: join(folder, "snapshots"), version: "bench" },
  onTaskFailure: (_task, error) => {
    throw error;
  },
});
await engine.start(undefined);
const filled: Filled = {
  adminToken: (await engine.issueAdminToken()) ?? "",
  connections: what === "connections" ? await fillConnections(Number(count)) : [],
  tenants: what === "tenants" ? await fillTenants(Number(count)) : [],
};
await engine.stop();
writeFileSync(join(folder, "filled.json"), JSON.stringify(filled));

/** Makes `total` of something, many in a transaction, and tells how far it is. What tasks would do to them later is done at once. */
async function inBatches<T>(name: string, total: number, makeOne: (state: WritableResources, index: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  let told = performance.now();
  while (all.length < total) {
    const made = await store.write(async (rows) => {
      const now = virtualTime(await readClock(rows), Date.now());
      const state = new WritableResources(rows, engine.kinds, secrets, { now, pace: "instant", cause: "bench", principal: "system" });
      const some: T[] = [];
      for (let index = all.length; index < Math.min(total, all.length + batch); index++) some.push(await makeOne(state, index));
      await finishAtOnce(rows, state, engine.kinds, "instant");
      return some;
    });
    all.push(...made);
    if (performance.now() - told > 5_000) {
      told = performance.now();
      console.log(`  ${all.length.toLocaleString("en")} of ${total.toLocaleString("en")} ${name}`);
    }
  }
  return all;
}

async function newVpc(state: WritableResources, account: string, index: number): Promise<FilledVpc> {
  const cidrBlock = `10.${index % 256}.0.0/16`;
  const made = await addVpc(
    state,
    {
      account,
      region,
      resourceGroupId: undefined,
      name: `bench-${index}`,
      cidrBlock,
      ipv6CidrBlock: "",
      isDefault: false,
    },
    "CreateVpc",
  );
  return { id: made.VpcId, routerId: made.VRouterId, cidrBlock };
}

async function fillConnections(total: number): Promise<string[]> {
  const account = developmentSeed.accounts[0]?.uid ?? "";
  // With fewer, two VPCs would ask each other.
  const vpcs = await inBatches("VPCs", Math.min(vpcsMax, Math.max(2 * askedByVpc + 1, Math.ceil(total / askedByVpc))), (state, index) =>
    newVpc(state, account, index),
  );
  const ids = await inBatches("peering connections", total, async (state, index) => {
    const asker = index % vpcs.length;
    const asked = (asker + 1 + Math.floor(index / vpcs.length)) % vpcs.length;
    const id = state.newId(vpcPeerConnection);
    await state.create(
      vpcPeerConnection,
      {
        id,
        account,
        region,
        vpcId: vpcs[asker]?.id ?? "",
        acceptingAccount: account,
        acceptingRegion: region,
        acceptingVpcId: vpcs[asked]?.id ?? "",
        name: `bench-${index}`,
        description: "a connection for measuring",
        bandwidth: -1,
        linkType: "",
        expiresAt: state.now + 7 * day,
        BizStatus: "Normal",
        ManagedService: "",
      },
      "CreateVpcPeerConnection",
    );
    return id;
  });
  const step = Math.ceil(ids.length / connectionIdsMax);
  return ids.filter((_id, index) => index % step === 0);
}

async function fillTenants(total: number): Promise<Filled["tenants"]> {
  const keys: Key[] = [];
  for (let index = 0; index < total; index++) {
    const { account, key } = await engine.createAccount({ name: `tenant-${index}`, uid: undefined, keys: [], resourceGroups: [] });
    keys.push({ account: account.uid, id: key.AccessKeyId, secret: key.AccessKeySecret });
  }
  const vpcs = await inBatches("VPCs", total * vpcsOfTenant, (state, index) =>
    newVpc(state, keys[Math.floor(index / vpcsOfTenant)]?.account ?? "", index),
  );
  return keys.map((key, index) => ({ key, vpcs: vpcs.slice(index * vpcsOfTenant, (index + 1) * vpcsOfTenant) }));
}
