import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.ts";
import { secretBoxFrom } from "../../src/engine/secrets.ts";
import { parseSeed } from "../../src/engine/seed.ts";
import { kinds, operations } from "../../src/services/index.ts";
import { SqliteStore } from "../../src/store/sqlite.ts";
import { Caller } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { requesterKey, startServer, temporaryFolder } from "../support/server.ts";

const harbour = { account: "2000000000000001", id: "LTAIharbour", secret: "harbour-secret" };
const quay = { account: "2000000000000002", id: "LTAIquay", secret: "quay-secret" };
const accounts = [harbour, quay].map(({ account, id, secret }, index) => ({
  name: index === 0 ? "harbour" : "quay",
  uid: account,
  keys: [{ id, secret }],
  resourceGroups: ["production"],
}));
const vpc = (as: string, account: string, RegionId: string, CidrBlock: string) => ({
  as,
  account,
  operation: "CreateVpc",
  version: "2016-04-28",
  parameters: { RegionId, CidrBlock, VpcName: `seed-${as}`, Tag: [{ Key: "made-by", Value: "seed" }] },
});
const peer = (operation: string, account: string, parameters: object, as?: string) => ({
  as,
  account,
  operation,
  version: "2022-01-01",
  parameters,
});
/** Two accounts with groups and settings, a VPC each, and a connection between them that was asked for, accepted and locked. */
const seed = {
  accounts,
  settings: { quotas: [{ name: "Vpc", value: 1, account: harbour.account }], features: [{ name: "LinkType.Platinum", open: false }] },
  resources: [
    vpc("here", "harbour", hangzhou, "10.0.0.0/16"),
    vpc("there", "quay", beijing, "10.1.0.0/16"),
    peer(
      "CreateVpcPeerConnection",
      "harbour",
      {
        RegionId: hangzhou,
        VpcId: "${here.VpcId}",
        AcceptingAliUid: quay.account,
        AcceptingRegionId: beijing,
        AcceptingVpcId: "${there.VpcId}",
        Description: "from ${here.VpcId} to ${there.VpcId}",
      },
      "link",
    ),
    peer("AcceptVpcPeerConnection", "quay", { InstanceId: "${link.InstanceId}" }),
    {
      account: "harbour",
      operation: "CreateRouteEntry",
      version: "2016-04-28",
      parameters: { RegionId: hangzhou, RouteTableId: "${here.RouteTableId}", DestinationCidrBlock: "10.1.0.0/16", NextHopType: "VpcPeer", NextHopId: "${link.InstanceId}" },
    },
    { patch: "${link.InstanceId}", fields: { BizStatus: "FinancialLocked" } },
  ],
}; // prettier-ignore

test("a seed makes accounts, groups, settings and resources that are ready when the server starts", async (t) => {
  const server = await startServer({ seed });
  t.after(() => server.stop());
  const [mine, theirs] = [new Caller(server.url, harbour), new Caller(server.url, quay)];
  refusedWith(await new Caller(server.url, requesterKey).vpc("DescribeVpcs", { RegionId: hangzhou }), "InvalidAccessKeyId.NotFound", 404);

  const [here] = succeeded(await mine.vpc("DescribeVpcs", { RegionId: hangzhou })).body.Vpcs.Vpc;
  const [there] = succeeded(await theirs.vpc("DescribeVpcs", { RegionId: beijing })).body.Vpcs.Vpc;
  assert.deepEqual([here.VpcName, here.Status, here.Tags.Tag], ["seed-here", "Available", [{ Key: "made-by", Value: "seed" }]]);
  assert.equal(there.OwnerId, Number(quay.account));
  const [link] = succeeded(await theirs.peer("ListVpcPeerConnections")).body.VpcPeerConnects;
  assert.deepEqual(
    [link.Status, link.BizStatus, link.Description],
    ["Activated", "FinancialLocked", `from ${here.VpcId} to ${there.VpcId}`],
  );
  const table = { RegionId: hangzhou, RouteTableId: here.RouterTableIds.RouterTableIds[0] };
  const { RouteEntry } = succeeded(await mine.vpc("DescribeRouteEntryList", { ...table, RouteEntryType: "Custom" })).body.RouteEntrys;
  assert.deepEqual(RouteEntry.map((entry: any) => [entry.DestinationCidrBlock, entry.Status]), [["10.1.0.0/16", "Available"]]); // prettier-ignore

  refusedWith(await mine.vpc("CreateVpc", { RegionId: hangzhou }), "QuotaExceeded.Vpc");
  const { quotas, features } = (await server.admin("GET", "settings")).body;
  assert.deepEqual({ quotas, features }, seed.settings);
  const { body } = await server.admin("GET", "accounts");
  assert.deepEqual(
    body.accounts.map(({ name, uid, keys }: any) => [name, uid, keys]),
    [
      ["harbour", harbour.account, [{ id: harbour.id, state: "Active", development: false }]],
      ["quay", quay.account, [{ id: quay.id, state: "Active", development: false }]],
    ],
  );
  assert.equal((await fetch(`${server.url}/_linkspan/accounts`)).status, 401, "its keys are real ones: the admin token is needed at once");
});

test("a seed may have a batch, all members of which succeed", async (t) => {
  const server = await startServer({ seed: { accounts, resources: [here, batch("192.168.1.0/24", "192.168.2.0/24")] } });
  t.after(() => server.stop());
  const mine = new Caller(server.url, harbour);
  const [{ RouterTableIds }] = succeeded(await mine.vpc("DescribeVpcs", { RegionId: hangzhou })).body.Vpcs.Vpc;
  const table = { RegionId: hangzhou, RouteTableId: RouterTableIds.RouterTableIds[0], RouteEntryType: "Custom" };
  assert.equal(succeeded(await mine.vpc("DescribeRouteEntryList", table)).body.TotalCount, 2);
});

test("a seed is applied once: a restart leaves what was changed since, a reset brings it back", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = await startServer({ seed, folder });
  const mine = new Caller(first.url, harbour);
  const vpcs = async (caller: Caller): Promise<string[]> =>
    succeeded(await caller.vpc("DescribeVpcs", { RegionId: hangzhou })).body.Vpcs.Vpc.map(({ VpcId }: any) => VpcId);
  const [original] = await vpcs(mine);
  assert.equal((await first.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 5 }] })).status, 200);
  const { VpcId } = succeeded(await mine.vpc("CreateVpc", { RegionId: hangzhou })).body;
  await first.stop();

  const second = await startServer({ seed, folder });
  const again = new Caller(second.url, harbour);
  assert.deepEqual(await vpcs(again), [original, VpcId]);
  await second.stop();

  const third = await startServer({ seed, folder });
  t.after(() => third.stop());
  const stranger = await third.engine.createAccount({ name: "later", uid: undefined, keys: [], resourceGroups: [] });
  await third.engine.reset();
  const after = await vpcs(new Caller(third.url, harbour));
  assert.equal(after.length, 1);
  assert.notEqual(after[0], original);
  assert.deepEqual(await third.engine.settings(), { ...seed.settings, accessPoints: [], rateLimits: [] });
  assert.equal(await third.engine.signingKey(stranger.key.AccessKeyId), undefined);
});

/** Starts an engine with a seed; answers the refusal, having asserted that the store is still empty. */
async function refusal(given: unknown): Promise<string> {
  const folder = temporaryFolder();
  const store = new SqliteStore(folder);
  try {
    const parsed = parseSeed(given);
    const secrets = secretBoxFrom(join(folder, "key"));
    const snapshots = { folder: join(folder, "snapshots"), version: "test" };
    const options = { store, secrets, operations, kinds, seed: parsed, codeFingerprint: "test", snapshots };
    const engine = new Engine({ ...options, onTaskFailure: () => undefined });
    await engine.start("stepped");
  } catch (error) {
    assert.ok(error instanceof Error && error.name === "Error", `${String(error)} is no message for a user`);
    await store.read(async (rows) => {
      assert.deepEqual(await rows.events(0, 1), []);
      assert.deepEqual(await rows.tasks(1), []);
      assert.equal(await rows.meta("settings"), undefined);
      assert.equal(await rows.resource(harbour.account), undefined);
    });
    return error.message;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return assert.fail(`the seed was taken: ${JSON.stringify(given)}`);
}

const here = seed.resources[0] as ReturnType<typeof vpc>;
const withParameters = (parameters: object) => ({ ...here, parameters: { ...here.parameters, ...parameters } });
const batch = (...destinations: string[]) => ({
  account: "harbour",
  operation: "CreateRouteEntries",
  version: "2016-04-28",
  parameters: {
    RegionId: hangzhou,
    RouteEntries: destinations.map((DstCidrBlock) => ({ RouteTableId: "${here.RouteTableId}", DstCidrBlock, NextHopType: "Instance", NextHop: "i-1" })),
  },
}); // prettier-ignore
const bad: readonly (readonly [name: string, seed: unknown, names: RegExp])[] = [
  ["is no object", [], /object/],
  ["is nothing", null, /object/],
  ["has a member that no seed has", { acounts: [] }, /acounts|accounts, settings/],
  ["has an account without a name", { accounts: [{ uid: harbour.account }] }, /name/],
  ["has an account with a wrong UID", { accounts: [{ name: "a", uid: "12" }] }, /accounts\.1\.uid/],
  ["has a key without a secret", { accounts: [{ name: "a", keys: [{ id: "LTAIx" }] }] }, /secret|keys|accounts/],
  ["has two accounts of one name", { accounts: [accounts[0], { ...accounts[1], name: "harbour" }] }, /harbour/],
  ["has two accounts of one UID", { accounts: [accounts[0], { ...accounts[1], uid: harbour.account }] }, /2000000000000001/],
  ["has one key twice", { accounts: [accounts[0], { ...accounts[1], keys: accounts[0]?.keys }] }, /LTAIharbour/],
  ["has an unknown quota", { accounts, settings: { quotas: [{ name: "Vpcs", value: 1 }] } }, /quotas/],
  ["has resources that are no list", { accounts, resources: {} }, /resources/],
  ["has a resource that is no object", { accounts, resources: [here, 7] }, /resource 2\b/],
  ["has a resource that is nothing", { accounts, resources: [null] }, /resource 1\b/],
  ["has a call without a version", { accounts, resources: [here, { account: "quay", operation: "CreateVpc" }] }, /resource 2\b.*version/],
  ["has a call with a member that no call has", { accounts, resources: [{ ...here, acount: "x" }] }, /resource 1\b.*acount|resource 1\b.*account/],
  ["has a patch with a member that no patch has", { accounts, resources: [{ patch: "x", field: {} }] }, /resource 1\b.*(field|patch)/],
  ["calls a read", { accounts, resources: [{ ...here, operation: "DescribeVpcs" }] }, /resource 1\b.*DescribeVpcs.*write/],
  ["calls an unknown operation", { accounts, resources: [here, { ...here, operation: "CreateMoon" }] }, /resource 2\b.*CreateMoon/],
  ["calls for an unknown account", { accounts, resources: [{ ...here, account: "pier" }] }, /resource 1\b.*pier/],
  ["calls for an account without a key", { accounts: [{ name: "bare" }], resources: [{ ...here, account: "bare" }] }, /resource 1\b.*bare.*key/],
  ["lacks a parameter", { accounts, resources: [{ ...here, parameters: {} }] }, /resource 1 \(CreateVpc\): MissingRegionId/],
  ["has a parameter that the operation lacks", { accounts, resources: [withParameters({ Vpcname: "x" })] }, /resource 1 \(CreateVpc\).*Vpcname/],
  ["has a value out of limits", { accounts, resources: [here, withParameters({ CidrBlock: "10.0.0.0/4" })] }, /resource 2 \(CreateVpc\): \w+/],
  ["refers to what no call answered", { accounts, resources: [here, withParameters({ VpcName: "${moon.VpcId}" })] }, /resource 2\b.*\$\{moon\.VpcId\}/],
  ["refers to a field that the answer lacks", { accounts, resources: [here, withParameters({ VpcName: "${here.VpcID}" })] }, /resource 2\b.*\$\{here\.VpcID\}/],
  ["refers to a later call", { accounts, resources: [withParameters({ VpcName: "${here.VpcId}" })] }, /resource 1\b.*\$\{here\.VpcId\}/],
  ["breaks a rule", { ...seed, resources: [...seed.resources, here] }, /resource 7 \(CreateVpc\): QuotaExceeded\.Vpc/],
  ["has a batch of which a member fails", { accounts, resources: [here, batch("192.168.1.0/24", "10.0.0.1/24")] }, /resource 2 \(CreateRouteEntries\): CreateRouteEntries: vtb-\w+ 10\.0\.0\.1\/24: InvalidCidrBlock\.Malformed/],
  ["patches an unknown resource", { accounts, resources: [{ patch: "pcc-moon", fields: { BizStatus: "Normal" } }] }, /resource 1 \(pcc-moon\)/],
  ["patches a wrong field", { ...seed, resources: [...seed.resources, { patch: "${link.InstanceId}", fields: { Status: "x" } }] }, /resource 7 .*Status.*BizStatus/],
  ["patches a wrong value", { ...seed, resources: [...seed.resources, { patch: "${link.InstanceId}", fields: { BizStatus: "x" } }] }, /resource 7 .*BizStatus.*FinancialLocked/],
]; // prettier-ignore
for (const [name, given, names] of bad) {
  test(`a seed that ${name} is refused by name, and the store is left empty`, async () => {
    assert.match(await refusal(given), names);
  });
}
