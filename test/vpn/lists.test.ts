import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, groupId, hangzhou, refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { gatewayIn, requestGateway } from "./support.ts";

/** DescribeVpnGateways, DescribeCustomerGateways, DescribeVpnGatewayAvailableZones, CheckVpnBgpEnabled, and the tags of both kinds. */
let server: InProcessServer;
let requester: Caller;
let sdk: Sdk;
let vpc: TestVpc;
let blue: string;
/** VPN gateways: plain; tagged, in a group, locked; in another VPC and at work; in another region; another account's. */
let plain: string;
let marked: string;
let working: string;
let abroad: string;
let foreign: string;
/** Customer gateways, likewise. */
let office: string;
let branch: string;
let branchAbroad: string;
let foreignOffice: string;

const tags = [{ Key: "env", Value: "test" }, { Key: "team", Value: "" }]; // prettier-ignore

before(async () => {
  const account = (name: string, { account: uid, id, secret }: typeof requesterKey): object => ({
    name,
    uid,
    keys: [{ id, secret }],
    resourceGroups: ["blue"],
  });
  server = await startServer({ seed: { accounts: [account("requester", requesterKey), account("accepter", accepterKey)] } });
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
  blue = await groupId(requester, "blue");
  vpc = await availableVpc(server, requester);
  plain = await gatewayIn(server, vpc);
  marked = await gatewayIn(server, vpc, { ResourceGroupId: blue });
  await tag("VpnGateWay", marked);
  assert.equal((await server.admin("PATCH", `resources/${marked}`, { BusinessStatus: "FinancialLocked" })).status, 200);
  abroad = await gatewayIn(server, await availableVpc(server, requester, beijing));
  foreign = await gatewayIn(server, await availableVpc(server, server.accepter));
  const customer = async (parameters: Parameters = {}, owner: Caller = requester): Promise<string> => {
    const { body } = succeeded(await owner.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress: "192.0.2.1", ...parameters }));
    return body.CustomerGatewayId;
  };
  office = await customer();
  branch = await customer({ IpAddress: "192.0.2.2", Tags: tags, ResourceGroupId: blue, Asn: "65000", AuthKey: "k" });
  branchAbroad = await customer({ RegionId: beijing });
  foreignOffice = await customer({}, server.accepter);
  working = succeeded(await requestGateway(await availableVpc(server, requester))).body.VpnGatewayId;
});
after(() => server.stop());

const tag = async (ResourceType: string, id: string, Tag = tags): Promise<Answer> =>
  succeeded(await requester.vpc("TagResources", { RegionId: hangzhou, ResourceType, ResourceId: [id], Tag }));
const untag = async (ResourceType: string, id: string, parameters: Parameters): Promise<Answer> =>
  succeeded(await requester.vpc("UnTagResources", { RegionId: hangzhou, ResourceType, ResourceId: [id], ...parameters }));
const gateways = async (parameters: Parameters = {}, owner = requester): Promise<string[]> => {
  const { body } = succeeded(await owner.vpc("DescribeVpnGateways", { RegionId: hangzhou, ...parameters }));
  const all = body.VpnGateways.VpnGateway.map(({ VpnGatewayId }: any) => VpnGatewayId);
  if (parameters["PageSize"] === undefined) assert.equal(body.TotalCount, all.length);
  return all.sort();
};
const customers = async (parameters: Parameters = {}, owner = requester): Promise<string[]> => {
  const { body } = succeeded(await owner.vpc("DescribeCustomerGateways", { RegionId: hangzhou, ...parameters }));
  const all = body.CustomerGateways.CustomerGateway.map(({ CustomerGatewayId }: any) => CustomerGatewayId);
  if (parameters["PageSize"] === undefined) assert.equal(body.TotalCount, all.length);
  return all.sort();
};

test("VPN gateways are listed by each filter, in the caller's region and account", async () => {
  const expected: readonly (readonly [parameters: Parameters, ids: readonly string[]])[] = [
    [{}, [plain, marked, working]],
    [{ IncludeReservationData: true }, [plain, marked, working]],
    [{ RegionId: beijing }, [abroad]],
    [{ VpcId: vpc.vpcId }, [plain, marked]],
    [{ VpcId: "vpc-bp1unknown" }, []],
    [{ VpnGatewayId: plain }, [plain]],
    [{ VpnGatewayId: foreign }, []],
    [{ VpnGatewayId: plain, RegionId: beijing }, []],
    [{ Status: "active" }, [plain, marked]],
    [{ Status: "Active" }, [plain, marked]],
    [{ Status: "provisioning" }, [working]],
    [{ Status: "deleting" }, []],
    [{ BusinessStatus: "Normal" }, [plain, working]],
    [{ BusinessStatus: "FinancialLocked" }, [marked]],
    [{ ResourceGroupId: blue }, [marked]],
    [{ ResourceGroupId: await groupId(requester) }, [plain, working]],
    [{ GatewayType: "Traditional" }, [plain, marked, working]],
    [{ GatewayType: "Enhanced.SiteToSite" }, []],
    [{ Tag: [{ Key: "env", Value: "test" }] }, [marked]],
    [{ Tag: [{ Key: "env" }, { Key: "team" }] }, [marked]],
    [{ Tag: [{ Key: "env", Value: "other" }] }, []],
    [{ VpcId: vpc.vpcId, Status: "active", BusinessStatus: "Normal", GatewayType: "Traditional" }, [plain]],
    [{ VpnGatewayId: plain, BusinessStatus: "FinancialLocked" }, []],
  ];
  for (const [parameters, ids] of expected) assert.deepEqual(await gateways(parameters), [...ids].sort(), JSON.stringify(parameters));
  assert.deepEqual(await gateways({}, server.accepter), [foreign]);
});

test("customer gateways are listed by each filter, in the caller's region and account", async () => {
  const expected: readonly (readonly [parameters: Parameters, ids: readonly string[]])[] = [
    [{}, [office, branch]],
    [{ RegionId: beijing }, [branchAbroad]],
    [{ CustomerGatewayId: branch }, [branch]],
    [{ CustomerGatewayId: foreignOffice }, []],
    [{ CustomerGatewayId: branch, RegionId: beijing }, []],
    [{ ResourceGroupId: blue }, [branch]],
    [{ ResourceGroupId: await groupId(requester) }, [office]],
    [{ Tag: [{ Key: "team" }] }, [branch]],
    [{ Tag: [{ Key: "team", Value: "x" }] }, []],
    [{ CustomerGatewayId: office, ResourceGroupId: blue }, []],
  ];
  for (const [parameters, ids] of expected) assert.deepEqual(await customers(parameters), [...ids].sort(), JSON.stringify(parameters));
  assert.deepEqual(await customers({}, server.accepter), [foreignOffice]);
});

test("a member of a list shows the same fields as its read", async () => {
  const listed = succeeded(await requester.vpc("DescribeVpnGateways", { RegionId: hangzhou, VpnGatewayId: marked })).body;
  const { RequestId: _id, ...gateway } = succeeded(
    await requester.vpc("DescribeVpnGateway", { RegionId: hangzhou, VpnGatewayId: marked }),
  ).body;
  assert.deepEqual(listed.VpnGateways.VpnGateway, [gateway]);
  assert.deepEqual(gateway.Tags, { Tag: tags });
  for (const id of [office, branch]) {
    const all = succeeded(await requester.vpc("DescribeCustomerGateways", { RegionId: hangzhou, CustomerGatewayId: id })).body;
    const { RequestId: _other, ...one } = succeeded(
      await requester.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: id }),
    ).body;
    assert.deepEqual(all.CustomerGateways.CustomerGateway, [one]);
    assert.equal("Asn" in one, id === branch);
  }
});

test("lists come in pages of the size asked for, which hold everything once", async () => {
  for (const [pages, all] of [
    [gateways, [plain, marked, working]],
    [customers, [office, branch]],
  ] as const) {
    const found: string[] = [];
    for (const PageNumber of [1, 2, 3]) {
      const page = await pages({ PageNumber, PageSize: 1 });
      assert.equal(page.length, PageNumber <= all.length ? 1 : 0);
      found.push(...page);
    }
    assert.deepEqual(found.sort(), [...all].sort());
  }
  const body = await ask(sdk, "describeVpnGateways", { regionId: hangzhou, pageNumber: 2, pageSize: 2 });
  assert.deepEqual([body.totalCount, body.pageNumber, body.pageSize, body.vpnGateways?.vpnGateway?.length], [3, 2, 2, 1]);
  const customer = await ask(sdk, "describeCustomerGateways", { regionId: hangzhou });
  assert.deepEqual([customer.totalCount, customer.pageNumber, customer.pageSize], [2, 1, 10]);
  for (const action of ["DescribeVpnGateways", "DescribeCustomerGateways"]) {
    for (const [name, value] of [
      ["PageSize", 51],
      ["PageSize", 0],
      ["PageNumber", 0],
    ] as const) {
      // prettier-ignore
      refusedWith(await requester.vpc(action, { RegionId: hangzhou, [name]: value }), `Invalid${name}`);
    }
    refusedWith(await requester.vpc(action, { RegionId: hangzhou, PageNumber: 1_000_000 }), "Throttling.DeepPageSkip");
  }
});

test("VPN gateways can be in every zone of a region, by POST and by GET, in the caller's language", async () => {
  const { regionId, availableZoneIdList } = await ask(sdk, "describeVpnGatewayAvailableZones", {
    regionId: hangzhou,
    spec: "5M",
    acceptLanguage: "en-US",
    gatewayType: "Normal",
  });
  assert.equal(regionId, hangzhou);
  const zones = "bghijk".split("").map((letter) => `${hangzhou}-${letter}`);
  assert.deepEqual(
    availableZoneIdList?.map(({ zoneId }) => zoneId),
    zones,
  );
  const asked = { RegionId: "me-east-1", Spec: "5M" };
  const chinese = succeeded(
    await requester.vpc("DescribeVpnGatewayAvailableZones", { ...asked, RegionId: hangzhou }, { method: "GET" }),
  ).body;
  const named = new Map(availableZoneIdList?.map(({ zoneId, zoneName }) => [zoneId, zoneName]));
  for (const { ZoneId, ZoneName } of chinese.AvailableZoneIdList) {
    assert.match(ZoneName, /杭州/);
    assert.match(named.get(ZoneId) ?? "", /Hangzhou/);
  }
  for (const signature of ["V1", "V3"] as const) {
    const { body } = succeeded(await requester.vpc("DescribeVpnGatewayAvailableZones", asked, { method: "GET", signature }));
    assert.ok(body.AvailableZoneIdList.some(({ ZoneId }: any) => ZoneId === "me-east-1a"));
  }
  refusedWith(await requester.vpc("DescribeVpnGatewayAvailableZones", { RegionId: hangzhou }), "MissingSpec");
  refusedWith(await requester.vpc("DescribeVpnGatewayAvailableZones", { RegionId: hangzhou, Spec: "fast" }), "InvalidSpec");
});

test("BGP is there in every region", async () => {
  for (const regionId of [hangzhou, beijing]) {
    const { bgpEnabled } = await ask(sdk, "checkVpnBgpEnabled", { regionId, clientToken: "any" });
    assert.equal(bgpEnabled, true);
  }
});

for (const [type, of] of [
  ["VpnGateWay", () => plain],
  ["CUSTOMERGATEWAY", () => office],
] as const) {
  test(`tags of ${type}: put, changed, listed, found and taken off`, async () => {
    const listed = async (): Promise<object[]> => {
      const { body } = succeeded(await requester.vpc("ListTagResources", { RegionId: hangzhou, ResourceType: type, ResourceId: [of()] }));
      return body.TagResources.TagResource.map(({ ResourceId, ResourceType, TagKey, TagValue }: any) => {
        assert.deepEqual([ResourceId, ResourceType.toLowerCase()], [of(), type.toLowerCase()]);
        return { Key: TagKey, Value: TagValue };
      });
    };
    const shown = async (): Promise<object[]> => {
      const action = type === "VpnGateWay" ? "DescribeVpnGateway" : "DescribeCustomerGateway";
      return succeeded(await requester.vpc(action, { RegionId: hangzhou, VpnGatewayId: of(), CustomerGatewayId: of() })).body.Tags.Tag;
    };
    const found = (Tag: object[]): Promise<string[]> => (type === "VpnGateWay" ? gateways({ Tag }) : customers({ Tag }));
    const both = async (expected: object[]): Promise<void> => {
      assert.deepEqual(await listed(), expected);
      assert.deepEqual(await shown(), expected);
    };
    await tag(type, of(), [{ Key: "own", Value: "1" }]);
    await both([{ Key: "own", Value: "1" }]);
    await tag(type, of(), [{ Key: "own", Value: "2" }, { Key: "more", Value: "" }]); // prettier-ignore
    await both([{ Key: "own", Value: "2" }, { Key: "more", Value: "" }]); // prettier-ignore
    assert.deepEqual(await found([{ Key: "own", Value: "2" }]), [of()]);
    assert.deepEqual(await found([{ Key: "own", Value: "1" }]), []);
    await untag(type, of(), { TagKey: ["own"] });
    await both([{ Key: "more", Value: "" }]);
    await untag(type, of(), { All: true });
    await both([]);
    assert.deepEqual(await found([{ Key: "more" }]), []);
    const other = type === "VpnGateWay" ? "CUSTOMERGATEWAY" : "VpnGateWay";
    const wrong = { RegionId: hangzhou, ResourceType: other, ResourceId: [of()], Tag: tags };
    refusedWith(await requester.vpc("TagResources", wrong), "InvalidInstanceIds.NotFound");
  });
}
