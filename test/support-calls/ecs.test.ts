import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Answer, type Parameters, versions } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { callV3, popClient } from "../support/official.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";

/** The calls of Ecs that clients make to find regions and zones. */
let server: InProcessServer;

before(async () => {
  server = await startServer();
});
after(() => server.stop());

const call = (action: string, parameters: Parameters = {}): Promise<Answer> => server.requester.call(versions.Ecs, action, parameters);
const unknownRegion = async (action: string, parameters: Parameters = {}): Promise<void> => {
  for (const RegionId of ["cn-atlantis", "cn-hangzhou-h"]) {
    const { body } = refusedWith(await call(action, { RegionId, ...parameters }), "InvalidRegionId.NotFound", 404);
    assert.equal(body.Message, "The RegionId provided does not exist in our records.");
  }
  refusedWith(await call(action, { ...parameters, RegionId: undefined }), "MissingRegionId");
};

/** The zones that Vpc has in a region: where a vSwitch can be. */
async function vpcZones(RegionId: string): Promise<string[]> {
  const { body } = succeeded(await server.requester.vpc("DescribeZones", { RegionId }));
  return body.Zones.Zone.map(({ ZoneId }: { ZoneId: string }) => ZoneId);
}

test("DescribeRegions names the regions that Vpc has, cn-qingdao first, with the endpoints of Ecs", async () => {
  const { RequestId: _id, ...body } = succeeded(await call("DescribeRegions")).body;
  const regions = body.Regions.Region as Record<string, string>[];
  assert.deepEqual(regions[0], {
    LocalName: "华北1（青岛）",
    RegionEndpoint: "ecs.cn-qingdao.aliyuncs.com",
    RegionId: "cn-qingdao",
    Status: "available",
  });
  const ids = regions.map(({ RegionId }) => RegionId);
  const vpc = succeeded(await server.requester.vpc("DescribeRegions")).body.Regions.Region;
  assert.deepEqual(
    ids,
    vpc.map(({ RegionId }: { RegionId: string }) => RegionId),
  );
  for (const id of ["cn-beijing", "cn-hangzhou"]) assert.ok(ids.includes(id), id);
  // What is to be bought changes nothing.
  const asked = { InstanceChargeType: "PrePaid", ResourceType: "instance" };
  assert.deepEqual((await call("DescribeRegions", asked)).body.Regions, body.Regions);
});

test("places are named in Chinese unless another language is asked for", async () => {
  const named = async (AcceptLanguage?: string): Promise<unknown> => {
    const [region] = succeeded(await call("DescribeRegions", { AcceptLanguage })).body.Regions.Region;
    const [zone] = succeeded(await call("DescribeZones", { RegionId: hangzhou, AcceptLanguage })).body.Zones.Zone;
    return [region.LocalName, zone.LocalName];
  };
  const chinese = ["华北1（青岛）", "华东1（杭州） 可用区 B"];
  for (const language of [undefined, "zh-CN", "ZH"]) assert.deepEqual(await named(language), chinese, language);
  for (const language of ["en-US", "ja"]) assert.deepEqual(await named(language), ["China (Qingdao)", "China (Hangzhou) Zone B"], language);
});

test("both official stacks reach it under the version of Ecs, on the port of everything else", async () => {
  const v1 = await popClient(server.endpoint, requesterKey, versions.Ecs).request<any>("DescribeRegions", {});
  const v3 = await callV3(server.endpoint, requesterKey, "DescribeRegions", {}, { version: versions.Ecs });
  assert.deepEqual(JSON.parse(JSON.stringify(v1.Regions)), v3.Regions);
  assert.equal(v3.Regions.Region[0].RegionId, "cn-qingdao");
});

test("DescribeZones names the zones that Vpc has, each with instance types and disk categories", async () => {
  for (const RegionId of [hangzhou, "ap-southeast-1"]) {
    const zones = succeeded(await call("DescribeZones", { RegionId })).body.Zones.Zone;
    assert.deepEqual(
      zones.map(({ ZoneId }: { ZoneId: string }) => ZoneId),
      await vpcZones(RegionId),
    );
    for (const zone of zones) {
      assert.equal(zone.ZoneType, "AvailabilityZone");
      assert.match(zone.LocalName, /.+ 可用区 [A-Z]$/);
      // Terraform drops a zone for which one of these is empty.
      assert.ok(zone.AvailableInstanceTypes.InstanceTypes.length > 0);
      assert.ok(zone.AvailableDiskCategories.DiskCategories.length > 0);
      assert.deepEqual(zone.AvailableResourceCreation.ResourceTypes, ["VSwitch"]);
    }
  }
  await unknownRegion("DescribeZones");
});

test("DescribeZones without Verbose leaves the lists empty", async () => {
  const asked = { RegionId: hangzhou, AcceptLanguage: "zh-CN", InstanceChargeType: "PostPaid", SpotStrategy: "NoSpot" };
  const [verbose, plain] = [
    await call("DescribeZones", { ...asked, Verbose: true }),
    await call("DescribeZones", { ...asked, Verbose: false }),
  ];
  const zonesOf = (answer: Answer): any[] => succeeded(answer).body.Zones.Zone;
  for (const [index, zone] of zonesOf(plain).entries()) {
    const { AvailableInstanceTypes, AvailableDiskCategories, AvailableResourceCreation, ...rest } = zone;
    assert.deepEqual(
      [AvailableInstanceTypes, AvailableDiskCategories, AvailableResourceCreation],
      [{ InstanceTypes: [] }, { DiskCategories: [] }, { ResourceTypes: [] }],
    );
    const { ZoneId, LocalName, ZoneType } = zonesOf(verbose)[index];
    assert.deepEqual(rest, { ZoneId, LocalName, ZoneType });
  }
});

const available = async (parameters: Parameters): Promise<any[]> =>
  succeeded(await call("DescribeAvailableResource", { RegionId: hangzhou, ...parameters })).body.AvailableZones.AvailableZone;

test("DescribeAvailableResource has every zone in stock, as Terraform asks before it chooses one", async () => {
  const asked = {
    DestinationResource: "Zone",
    IoOptimized: "optimized",
    InstanceChargeType: "PostPaid",
    SpotStrategy: "NoSpot",
    NetworkCategory: "vpc",
  };
  assert.deepEqual(
    await available(asked),
    (await vpcZones(hangzhou)).map((ZoneId) => ({
      AvailableResources: { AvailableResource: [] },
      RegionId: hangzhou,
      Status: "Available",
      StatusCategory: "WithStock",
      ZoneId,
    })),
  );
});

test("DescribeAvailableResource has something of each kind that can be asked for, in every zone", async () => {
  const { AvailableInstanceTypes, AvailableDiskCategories } = (await call("DescribeZones", { RegionId: hangzhou })).body.Zones.Zone[0];
  const kinds: readonly (readonly [kind: string, values: readonly string[]])[] = [
    ["InstanceType", AvailableInstanceTypes.InstanceTypes],
    ["SystemDisk", AvailableDiskCategories.DiskCategories],
    ["DataDisk", AvailableDiskCategories.DiskCategories],
    ["IoOptimized", ["optimized"]],
    ["Network", ["vpc"]],
    ["ddh", []],
    ["instancetype", AvailableInstanceTypes.InstanceTypes],
  ];
  for (const [DestinationResource, values] of kinds) {
    const zones = await available({ DestinationResource });
    assert.equal(zones.length, (await vpcZones(hangzhou)).length);
    for (const zone of zones) {
      assert.deepEqual(zone.AvailableResources.AvailableResource, [
        {
          Type: DestinationResource,
          SupportedResources: {
            SupportedResource: values.map((Value) => ({ Status: "Available", StatusCategory: "WithStock", Value })),
          },
        },
      ]);
    }
  }
});

test("DescribeAvailableResource narrows by zone, instance type and disk category; the rest changes nothing", async () => {
  const [first = ""] = await vpcZones(hangzhou);
  const values = async (parameters: Parameters): Promise<string[]> => {
    const [zone, ...others] = await available({ ZoneId: first, ...parameters });
    assert.deepEqual([zone.ZoneId, others], [first, []]);
    return zone.AvailableResources.AvailableResource[0].SupportedResources.SupportedResource.map((one: any) => one.Value);
  };
  const [type = "", ...otherTypes] = await values({ DestinationResource: "InstanceType" });
  assert.ok(otherTypes.length > 0);
  assert.deepEqual(await values({ DestinationResource: "InstanceType", InstanceType: type }), [type]);
  assert.deepEqual(await values({ DestinationResource: "InstanceType", InstanceType: "ecs.none" }), []);
  const [disk = ""] = await values({ DestinationResource: "SystemDisk" });
  assert.deepEqual(await values({ DestinationResource: "SystemDisk", SystemDiskCategory: disk, InstanceType: type }), [disk]);
  assert.deepEqual(await values({ DestinationResource: "DataDisk", DataDiskCategory: disk, SystemDiskCategory: "none" }), [disk]);
  const rest = { Cores: 2, Memory: "8.0", DedicatedHostId: "dh-x", ResourceType: "instance", Scope: "Region", SpotDuration: 1 };
  assert.deepEqual(await values({ DestinationResource: "InstanceType", ...rest }), [type, ...otherTypes]);
  assert.deepEqual(await available({ DestinationResource: "Zone", ZoneId: "cn-beijing-a" }), []);
});

test("DescribeAvailableResource refuses what nobody offers, and unknown regions", async () => {
  for (const DestinationResource of ["Nothing", "toString", "zone "]) {
    const { body } = refusedWith(
      await call("DescribeAvailableResource", { RegionId: hangzhou, DestinationResource }),
      "InvalidDestinationResource",
    );
    assert.equal(body.Message, "Specified parameter DestinationResource is not valid.");
  }
  refusedWith(await call("DescribeAvailableResource", { RegionId: hangzhou }), "MissingDestinationResource");
  await unknownRegion("DescribeAvailableResource", { DestinationResource: "Zone" });
});

test("an operation of Ecs that is not here says so", async () => {
  refusedWith(await call("RunInstances", { RegionId: hangzhou }), "UnsupportedOperation");
  // What Vpc has is not an operation of Ecs for that.
  for (const action of ["DescribeVpcAttribute", "NoSuchThing"])
    refusedWith(await call(action, { RegionId: hangzhou }), "InvalidAction.NotFound", 404);
});
