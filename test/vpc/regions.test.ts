import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { versions } from "../support/caller.ts";
import { callV3, popClient, vpcSdk } from "../support/official.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { bodyOf, createVpc, refuses, refusesEach, type Sdk, sdkOf } from "./support.ts";

/** Regions, zones, and who calls. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

async function regions() {
  return bodyOf(await sdk.describeRegions(new vpcSdk.DescribeRegionsRequest({}))).regions?.region ?? [];
}
async function zonesOf(regionId: string) {
  return bodyOf(await sdk.describeZones(new vpcSdk.DescribeZonesRequest({ regionId }))).zones?.zone ?? [];
}

/** Regions that real clients and their tests name, beside those of the SDK's endpoint map. */
const named =
  "cn-beijing ap-southeast-1 cn-chengdu cn-shenzhen me-east-1 cn-huhehaote eu-central-1 cn-qingdao cn-shanghai us-west-1 ap-southeast-5 cn-hangzhou";

test("DescribeRegions has every region of the official SDK's endpoint map, each once, with its endpoint", async () => {
  const all = await regions();
  const ids = all.map(({ regionId }) => regionId ?? "");
  assert.equal(new Set(ids).size, ids.length);
  const { _endpointMap: map } = sdk as unknown as { _endpointMap: Readonly<Record<string, string>> };
  assert.ok(Object.keys(map).length > 30);
  assert.deepEqual(
    [...Object.keys(map), ...named.split(" ")].filter((id) => !ids.includes(id)),
    [],
  );
  for (const { regionId, localName, regionEndpoint } of all) {
    assert.ok(localName !== undefined && localName !== "", regionId);
    assert.match(regionEndpoint ?? "", /^vpc[a-z0-9.-]*\.aliyuncs\.com$/, regionId);
  }
});

test("cn-qingdao is the first region, as clients expect", async () => {
  assert.equal((await regions())[0]?.regionId, "cn-qingdao");
});

test("every region has at least two zones, named after it", async () => {
  const all = new Set<string>();
  for (const { regionId = "" } of await regions()) {
    const zones = await zonesOf(regionId);
    assert.ok(zones.length >= 2, regionId);
    for (const { zoneId = "", localName } of zones) {
      assert.match(zoneId, new RegExp(`^${regionId}-?[a-z]$`));
      assert.ok(localName !== undefined && localName !== "", zoneId);
      assert.ok(!all.has(zoneId), zoneId);
      all.add(zoneId);
    }
  }
  for (const zone of ["me-east-1a", "cn-hangzhou-h", "ap-southeast-1a"]) assert.ok(all.has(zone), zone);
});

test("a zone that DescribeZones answers takes a vSwitch, in every region", async () => {
  const vpcs = new Map<string, string | undefined>();
  for (const { regionId = "" } of await regions()) vpcs.set(regionId, (await createVpc(sdk, regionId)).vpcId);
  await server.advance();
  for (const [regionId, vpcId] of vpcs) {
    const zoneId = (await zonesOf(regionId)).at(-1)?.zoneId;
    const request = new vpcSdk.CreateVSwitchRequest({ regionId, vpcId, zoneId, cidrBlock: "172.16.1.0/24" });
    assert.match(bodyOf(await sdk.createVSwitch(request)).vSwitchId ?? "", /^vsw-[0-9a-z]{21}$/, regionId);
  }
});

test("a region that does not exist has no zones, and none is assumed", async () => {
  const message = "The RegionId provided does not exist in our records.";
  await refusesEach(["cn-atlantis", "CN-HANGZHOU", "cn-hangzhou-h"], zonesOf, "InvalidRegionId.NotFound", 404, message);
  await refuses(zonesOf(""), "MissingRegionId");
});

const identity = {
  AccountId: requesterKey.account,
  Arn: `acs:ram::${requesterKey.account}:root`,
  IdentityType: "Account",
  PrincipalId: requesterKey.account,
  UserId: requesterKey.account,
};

test("GetCallerIdentity tells an account who it is, over V1 and V3 alike", async () => {
  const v1 = await popClient(server.endpoint, requesterKey, versions.Sts).request<Record<string, string>>("GetCallerIdentity", {});
  const v3 = await callV3(server.endpoint, requesterKey, "GetCallerIdentity", {}, { version: versions.Sts });
  for (const answer of [v1, v3]) {
    const { RequestId, ...fields } = answer;
    assert.match(RequestId ?? "", /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    assert.deepEqual(fields, identity);
  }
});

test("GetCallerIdentity tells each key its own account", async () => {
  const answer = await popClient(server.endpoint, accepterKey, versions.Sts).request<Record<string, string>>("GetCallerIdentity", {});
  assert.deepEqual([answer["AccountId"], answer["Arn"]], [accepterKey.account, `acs:ram::${accepterKey.account}:root`]);
  const stranger = await server.stranger();
  const { body } = await stranger.call(versions.Sts, "GetCallerIdentity");
  assert.equal(body.AccountId, stranger.key.account);
  assert.equal(body.PrincipalId, stranger.key.account);
});
