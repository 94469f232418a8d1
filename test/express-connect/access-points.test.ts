import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { regions } from "../../src/contract/regions.ts";
import type { Parameters } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import { readCircuit, requestCircuit } from "./circuits.ts";

/** Access points: those that every server has, and those that a lab adds. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

async function points(RegionId: string, parameters: Parameters = {}): Promise<any[]> {
  const { body } = succeeded(await server.requester.vpc("DescribeAccessPoints", { RegionId, PageSize: 50, ...parameters }));
  return body.AccessPointSet.AccessPointType;
}
const put = async (accessPoints: readonly object[]): Promise<number> => (await server.admin("PUT", "settings", { accessPoints })).status;

test("Hangzhou has the access points that clients' tests name, with every field", async () => {
  const list = await points(hangzhou);
  assert.deepEqual(
    list.map(({ AccessPointId, Name }) => [AccessPointId, Name]),
    [
      ["ap-cn-hangzhou-yh-B", "杭州-余杭-B"],
      ["ap-cn-hangzhou-yh-C", "杭州-余杭-C"],
      ["ap-cn-hangzhou-jg-B", "杭州-江干-B"],
    ],
  );
  assert.deepEqual(list[0], {
    AccessPointFeatureModels: { AccessPointFeatureModel: [{ FeatureKey: "AP_Support_VbrBandwidthLimit", FeatureValue: "true" }] },
    AccessPointId: "ap-cn-hangzhou-yh-B",
    AttachedRegionNo: hangzhou,
    Description: "杭州",
    HostOperator: "Other",
    Location: "",
    Name: "杭州-余杭-B",
    Status: "recommended",
    Type: "VPC",
  });
});

test("every region has at least one, and no id occurs twice", async () => {
  const all: string[] = [];
  for (const { id } of regions) {
    const list = await points(id);
    assert.ok(list.length > 0, id);
    for (const point of list) assert.equal(point.AttachedRegionNo, id);
    all.push(...list.map(({ AccessPointId }) => AccessPointId));
  }
  assert.equal(new Set(all).size, all.length);
});

test("who asks in English reads English names", async () => {
  assert.equal((await points(hangzhou, { AcceptLanguage: "en-US" }))[0].Name, "Hangzhou-Yuhang-B");
  assert.equal((await points("cn-qingdao", { AcceptLanguage: "en-US" }))[0].Name, "Qingdao-A");
  assert.equal((await points("cn-qingdao", { AcceptLanguage: "zh-CN" }))[0].Name, "青岛-A");
});

test("pages, through the official SDK", async () => {
  const page = await ask(sdkOf(server, requesterKey), "describeAccessPoints", { regionId: hangzhou, pageNumber: 2, pageSize: 2 });
  assert.deepEqual([page.totalCount, page.pageNumber, page.pageSize], [3, 2, 2]);
  assert.deepEqual(
    page.accessPointSet?.accessPointType?.map(({ accessPointId }) => accessPointId),
    ["ap-cn-hangzhou-jg-B"],
  );
});

test("a lab adds access points, and changes those that are there, by the settings document", async () => {
  const own = {
    id: "ap-lab-1",
    region: hangzhou,
    name: "机房",
    englishName: "Lab",
    location: "cellar",
    hostOperator: "none",
    description: "ours",
  };
  assert.equal(await put([own, { id: "ap-cn-hangzhou-yh-C", region: hangzhou, name: "full", status: "full" }]), 200);
  const list = await points(hangzhou, { AcceptLanguage: "en-US" });
  assert.deepEqual(
    list.map(({ AccessPointId, Name, Status }) => [AccessPointId, Name, Status]),
    [
      ["ap-cn-hangzhou-yh-B", "Hangzhou-Yuhang-B", "recommended"],
      ["ap-cn-hangzhou-jg-B", "Hangzhou-Jianggan-B", "recommended"],
      ["ap-lab-1", "Lab", "recommended"],
      ["ap-cn-hangzhou-yh-C", "full", "full"],
    ],
  );
  assert.deepEqual([list[2].Location, list[2].HostOperator, list[2].Description], ["cellar", "none", "ours"]);
  assert.deepEqual(
    (await points(beijing)).map(({ AccessPointId }) => AccessPointId),
    ["ap-cn-beijing-cy-A", "ap-cn-beijing-ft-A"],
  );
  const { body } = succeeded(await requestCircuit(server.requester, { AccessPointId: "ap-lab-1" }));
  assert.equal((await readCircuit(server.requester, body.PhysicalConnectionId)).AdLocation, "cellar");
  // What its access point was once is told no more when the settings lack it.
  assert.equal(await put([]), 200);
  assert.equal((await readCircuit(server.requester, body.PhysicalConnectionId)).AdLocation, "");
});

test("an access point that is full or disabled takes no circuit, one that is hot does", async () => {
  for (const [status, code] of [
    ["full", "Invalid.Status"],
    ["disabled", "Invalid.Status"],
    ["hot", ""],
  ] as const) {
    assert.equal(await put([{ id: "ap-lab-1", region: hangzhou, name: "lab", status }]), 200);
    const answer = await requestCircuit(server.requester, { AccessPointId: "ap-lab-1" });
    if (code === "") succeeded(answer);
    else assert.equal(refusedWith(answer, code).body.Message, "The device or interface status invalid, or has been used..");
  }
});

test("an access point that cannot be is refused with its member named", async () => {
  for (const wrong of [
    { region: hangzhou, name: "a" },
    { id: "lab", region: hangzhou, name: "a" },
    { id: "ap-lab", region: "nowhere", name: "a" },
    { id: "ap-lab", name: "a" },
    { id: "ap-lab", region: hangzhou },
    { id: "ap-lab", region: hangzhou, name: "a", status: "open" },
    { id: "ap-lab", region: hangzhou, name: "a", colour: "red" },
  ]) {
    const { status } = await server.admin("PUT", "settings", { accessPoints: [wrong] });
    assert.ok(status === 400 || status === 404, JSON.stringify(wrong));
  }
});

test("a seed file brings access points along, and circuits at them", async () => {
  const seed = {
    accounts: [{ name: "requester", uid: requesterKey.account, keys: [{ id: requesterKey.id, secret: requesterKey.secret }] }],
    settings: { accessPoints: [{ id: "ap-lab-1", region: hangzhou, name: "lab" }] },
    resources: [
      {
        as: "circuit",
        account: "requester",
        operation: "CreatePhysicalConnection",
        version: "2016-04-28",
        parameters: { RegionId: hangzhou, AccessPointId: "ap-lab-1", LineOperator: "CT", Name: "preserved-NODELETING-JG" },
      },
      {
        account: "requester",
        operation: "ConfirmPhysicalConnection",
        version: "2016-04-28",
        parameters: { RegionId: hangzhou, PhysicalConnectionId: "${circuit.PhysicalConnectionId}" },
      },
      {
        account: "requester",
        operation: "EnablePhysicalConnection",
        version: "2016-04-28",
        parameters: { RegionId: hangzhou, PhysicalConnectionId: "${circuit.PhysicalConnectionId}" },
      },
    ],
  };
  const seeded = await startServer({ seed });
  try {
    const { body } = succeeded(await seeded.requester.vpc("DescribePhysicalConnections", { RegionId: hangzhou }));
    const [circuit] = body.PhysicalConnectionSet.PhysicalConnectionType;
    assert.deepEqual([circuit.Name, circuit.Status, circuit.AccessPointId], ["preserved-NODELETING-JG", "Enabled", "ap-lab-1"]);
  } finally {
    await seeded.stop();
  }
});
