import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, succeeded } from "../support/networks.ts";
import { eventCount, type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { assertReplayGivesRows } from "../store/replay.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import { atBorder, type BorderRouter, borderRouter, fastTo } from "./border-links.ts";
import { enabledCircuit } from "./circuits.ts";
import {
  accepting,
  customDestinations,
  idleLink,
  interfaceAt,
  interfaceStatus,
  onInterface,
  readInterface,
  requestInterface,
  type RoutedVpc,
  routedVpc,
  routeOver,
} from "./router-interfaces.ts";

/** FastLinkMode: one call makes both ends of a link from a virtual border router to a VPC, and connects them. */

let server: InProcessServer;
let circuit: string;
before(async () => {
  server = await startServer();
  const quotas = ["Vpc", "RouterInterface", "vbrPerpConn", "freevbr"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  circuit = await enabledCircuit(server, server.requester);
});
after(() => server.stop());

const newVpc = (): Promise<RoutedVpc> => routedVpc(server, server.requester);
const newBorder = (): Promise<BorderRouter> => borderRouter(server, server.requester, hangzhou, circuit);
const request = (from: BorderRouter, to: RoutedVpc, parameters: Parameters = {}): Promise<Answer> =>
  requestInterface(from, to, { ...atBorder(from), ...fastTo(to), ...parameters });
const fastLink = async (from: BorderRouter, to: RoutedVpc, parameters: Parameters = {}): Promise<{ near: string; far: string }> => {
  const near = succeeded(await request(from, to, parameters)).body.RouterInterfaceId;
  return { near, far: (await readInterface(from, near)).OppositeInterfaceId };
};
const grant = (to: RoutedVpc, from: BorderRouter): Promise<Answer> =>
  to.owner.vpc("GrantInstanceToVbr", {
    RegionId: to.region,
    InstanceId: to.vpcId,
    VbrOwnerUid: from.owner.key.account,
    VbrRegionNo: from.region,
    GrantType: "Specify",
    VbrInstanceIds: [from.routerId],
  });
const oppositeNotFound: Expected = {
  code: "InvalidRouterId.NotFound",
  message: "Param is not valid,this user does not have this router or aliuid bid regionNo and routerId must have something wrong.",
};

test("one call of the official SDK makes two ends, which then connect", async () => {
  const sdk = sdkOf(server, requesterKey);
  const [from, to] = [await newBorder(), await newVpc()];
  const { routerInterfaceId: near = "" } = await ask(sdk, "createRouterInterface", {
    regionId: hangzhou,
    oppositeRegionId: hangzhou,
    role: "InitiatingSide",
    spec: "Mini.2",
    routerType: "VBR",
    routerId: from.routerId,
    accessPointId: from.accessPointId,
    fastLinkMode: true,
    oppositeRouterId: to.routerId,
    oppositeRouterType: "VRouter",
    oppositeInterfaceOwnerId: requesterKey.account,
    name: "uplink",
    tags: [{ key: "env", value: "test" }],
  });
  const first = await readInterface(from, near);
  const far = first.OppositeInterfaceId;
  assert.match(far, /^ri-bp1[a-z0-9]{18}$/);
  assert.deepEqual([first.Status, first.OppositeInterfaceStatus, first.FastLinkMode], ["Connecting", "AcceptingConnecting", "true"]);
  await server.advance();
  const [one, other] = [await readInterface(from, near), await readInterface(to, far)];
  assert.deepEqual([one.Status, other.Status, one.ConnectedTime], ["Active", "Active", other.ConnectedTime]);
  assert.deepEqual(
    [one.OppositeRouterId, one.OppositeRouterType, one.OppositeVpcInstanceId, one.OppositeInterfaceOwnerId, one.OppositeInterfaceSpec],
    [to.routerId, "VRouter", to.vpcId, requesterKey.account, "Negative"],
  );
  const { RequestId: _id, CreationTime, ConnectedTime, GmtModified, ...rest } = other;
  assert.ok([CreationTime, ConnectedTime, GmtModified].every((time) => !Number.isNaN(Date.parse(time))));
  assert.deepEqual(rest, {
    AccessPointId: "",
    Bandwidth: 0,
    BusinessStatus: "Normal",
    ChargeType: "AfterPay",
    Code: "200",
    CrossBorder: false,
    Description: "",
    EndTime: "",
    FastLinkMode: "true",
    HasReservationData: "false",
    HcRate: 0,
    HealthCheckSourceIp: "",
    HealthCheckStatus: "NoHealthCheckConfig",
    HealthCheckTargetIp: "",
    Message: "",
    Name: "",
    OppositeAccessPointId: from.accessPointId,
    OppositeBandwidth: 2,
    OppositeInterfaceBusinessStatus: "Normal",
    OppositeInterfaceId: near,
    OppositeInterfaceOwnerId: requesterKey.account,
    OppositeInterfaceSpec: "Mini.2",
    OppositeInterfaceStatus: "Active",
    OppositeRegionId: hangzhou,
    OppositeRouterId: from.routerId,
    OppositeRouterType: "VBR",
    OppositeVpcInstanceId: from.routerId,
    ReservationActiveTime: "",
    ReservationBandwidth: "",
    ReservationInternetChargeType: "",
    ReservationOrderType: "",
    ResourceGroupId: await groupId(server.requester),
    Role: "AcceptingSide",
    RouterId: to.routerId,
    RouterInterfaceId: far,
    RouterType: "VRouter",
    Spec: "Negative",
    Status: "Active",
    Success: true,
    Tags: { Tags: [] },
    VpcInstanceId: to.vpcId,
  });
});

test("a fast link that is Active goes with Force, routes and all, and what it joined can go with it", async () => {
  const [from, to] = [await newBorder(), await newVpc()];
  const { near, far } = await fastLink(from, to);
  await server.advance();
  await routeOver(server, from, near, "10.0.0.0/16");
  await routeOver(server, to, far, "172.16.0.0/12");
  succeeded(await onInterface(from, "DeleteExpressConnect", near, { Force: true }));
  // Clients do not wait for what follows: neither the pair nor its routes hold anything any more.
  assert.deepEqual([await customDestinations(from), await customDestinations(to)], [[], []]);
  succeeded(await from.owner.vpc("DeleteVirtualBorderRouter", { RegionId: hangzhou, VbrId: from.routerId }));
  succeeded(await to.owner.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: to.vpcId }));
  await server.advance();
  assert.deepEqual([await interfaceStatus(from, near), await interfaceStatus(to, far)], ["", ""]);
});

test("either end of a fast link is frozen, activated and widened like any other", async () => {
  const [from, to] = [await newBorder(), await newVpc()];
  const { near, far } = await fastLink(from, to);
  await server.advance();
  for (const [at, id] of [
    [from, near],
    [to, far],
  ] as const) {
    succeeded(await onInterface(at, "DeactivateRouterInterface", id));
    await server.advance();
    assert.equal(await interfaceStatus(at, id), "Inactive");
    succeeded(await onInterface(at, "ActivateRouterInterface", id));
    await server.advance();
    assert.equal(await interfaceStatus(at, id), "Active");
  }
  succeeded(await onInterface(from, "ModifyRouterInterfaceSpec", near, { Spec: "Mini.5" }));
  await server.advance();
  assert.deepEqual([(await readInterface(from, near)).Bandwidth, (await readInterface(to, far)).OppositeBandwidth], [5, 5]);
});

test("FastLinkMode is for a border router that leads to a VPC, with all that is to be known of the other end", async () => {
  const [from, to] = [await newBorder(), await newVpc()];
  const refuses = async (expected: Expected, ...all: Parameters[]): Promise<void> => {
    for (const wrong of all) await refusedUnchanged(server, () => request(from, to, wrong), expected);
  };
  await refuses(
    { code: "IllegalParam.VRouterType", message: "The VRouterType is not supported." },
    { RouterType: "VRouter", RouterId: to.routerId, AccessPointId: undefined },
    { RouterType: "VRouter", RouterId: to.routerId, AccessPointId: undefined, OppositeRouterType: "VBR", ...accepting },
  );
  await refuses({ code: "InvalidRole.ValueNotSupported", message: "The specified Role is not valid." }, accepting, {
    OppositeRouterType: "VBR",
  });
  await refuses(
    {
      code: "InvalidParam.NotFound",
      message: "Parameter must not be null,uid, bid,regionNo, remoteRegionNo, routerId or accessPointId",
    },
    { AccessPointId: undefined },
    { OppositeRouterType: undefined },
    { OppositeRouterId: undefined },
    { OppositeInterfaceOwnerId: undefined },
  );
  const message = "Specified parameter OppositeInterfaceId is not valid.";
  await refuses({ code: "InvalidOppositeInterfaceId", message }, { OppositeInterfaceId: await interfaceAt(to, from, accepting) });
  const going = await newVpc();
  succeeded(await going.owner.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: going.vpcId }));
  await refuses(
    oppositeNotFound,
    { OppositeRouterId: "vrt-bp1000000000000000000" },
    { OppositeRouterId: from.routerId },
    { OppositeRouterId: going.routerId },
    { OppositeRegionId: beijing },
    { OppositeInterfaceOwnerId: accepterKey.account },
    { OppositeInterfaceOwnerId: "1" },
  );
  // What is said of no fast link is not read.
  succeeded(await request(from, to, { FastLinkMode: false, OppositeInterfaceOwnerId: undefined }));
});

test("a fast link counts for both routers, and is the only one between them", async () => {
  const [from, to] = [await newBorder(), await newVpc()];
  const exists: Expected = { code: "HaveConnectionBetweenRouters", message: "Have connection between routers" };
  succeeded(await request(from, to));
  await refusedUnchanged(server, () => request(from, to), exists);
  await server.advance();
  await refusedUnchanged(server, () => request(from, to), exists);

  const { body } = await server.admin("GET", "settings");
  const full: Expected = {
    code: "LimitationExceed.InterfaceNumberOnRouter",
    message: "Total number of RouterInterfaces on a Router exceeded.",
  };
  await server.admin("PUT", "settings", { ...body, quotas: [...body.quotas, { name: "RouterInterface", region: hangzhou, value: 1 }] });
  const [fresh, other] = [await newBorder(), await newVpc()];
  await refusedUnchanged(server, () => request(from, other), full);
  await refusedUnchanged(server, () => request(fresh, to), full);
  succeeded(await request(fresh, other));
  await server.admin("PUT", "settings", body);
  const held: Expected = {
    code: "DependencyViolation.RouterInterface",
    message: "Specified object has dependent resources RouterInterface.",
  };
  await refusedUnchanged(server, () => other.owner.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: other.vpcId }), held);
});

test("into another account's VPC it takes a grant; the far end is its owner's, by its owner's quota", async () => {
  const [from, another] = [await newBorder(), await newBorder()];
  const to = await routedVpc(server, server.accepter, beijing);
  await refusedUnchanged(server, () => request(from, to), oppositeNotFound);
  succeeded(await grant(to, from));
  // The grant is for this router and no other.
  await refusedUnchanged(server, () => request(another, to), oppositeNotFound);

  const { body } = await server.admin("GET", "settings");
  const none = { name: "RouterInterface", account: accepterKey.account, region: beijing, value: 0 };
  await server.admin("PUT", "settings", { ...body, quotas: [...body.quotas, none] });
  await refusedUnchanged(server, () => request(from, to), {
    code: "LimitationExceed.InterfaceNumberOnRouter",
    message: "Total number of RouterInterfaces on a Router exceeded.",
  });
  await server.admin("PUT", "settings", body);

  const { near, far } = await fastLink(from, to);
  await server.advance();
  const list = (at: RoutedVpc | BorderRouter): Promise<Answer> => at.owner.vpc("DescribeRouterInterfaces", { RegionId: at.region });
  const ids = async (at: RoutedVpc | BorderRouter): Promise<string[]> =>
    succeeded(await list(at)).body.RouterInterfaceSet.RouterInterfaceType.map(({ RouterInterfaceId }: any) => RouterInterfaceId);
  assert.deepEqual(await ids(to), [far]);
  assert.equal((await ids({ ...from, region: beijing })).length, 0);
  const [one, other] = [await readInterface(from, near), await readInterface(to, far)];
  assert.deepEqual(
    [one.Status, one.OppositeInterfaceOwnerId, one.OppositeRegionId, one.OppositeVpcInstanceId],
    ["Active", accepterKey.account, beijing, to.vpcId],
  );
  assert.deepEqual(
    [other.Status, other.OppositeInterfaceOwnerId, other.OppositeRegionId, other.ResourceGroupId],
    ["Active", requesterKey.account, hangzhou, await groupId(server.accepter)],
  );
  // What was granted once may be taken back; the link stays, and its other end's owner may take it away.
  const revoke = {
    RegionId: beijing,
    InstanceId: to.vpcId,
    VbrOwnerUid: requesterKey.account,
    VbrRegionNo: hangzhou,
    GrantType: "ALL",
  };
  succeeded(await to.owner.vpc("RevokeInstanceFromVbr", revoke));
  assert.equal(await interfaceStatus(from, near), "Active");
  succeeded(await onInterface(to, "DeleteExpressConnect", far));
  await server.advance();
  assert.deepEqual([await interfaceStatus(from, near), await interfaceStatus(to, far)], ["", ""]);
  await refusedUnchanged(server, () => request(from, to), oppositeNotFound);
});
test("a repeated ClientToken makes one pair", async () => {
  const [from, to] = [await newBorder(), await newVpc()];
  const ClientToken = "fast once";
  const { near, far } = await fastLink(from, to, { ClientToken });
  const events = await eventCount(server);
  assert.deepEqual(await fastLink(from, to, { ClientToken }), { near, far });
  assert.equal(await eventCount(server), events);
});

test("a peering connection between two VPCs has nothing to do with a border router", async () => {
  const [from, to, other] = [await newBorder(), await newVpc(), await newVpc()];
  succeeded(await request(from, to));
  await server.advance();
  const link = await idleLink(to, other);
  succeeded(await onInterface(to, "ConnectRouterInterface", link.initiator));
});

test("in pace instant a fast link is Active with the answer", async () => {
  const own = await startServer();
  try {
    const [from, to] = [await borderRouter(own, own.requester), await routedVpc(own, own.requester)];
    await own.admin("POST", "clock/pace", { pace: "instant" });
    const { near, far } = await fastLink(from, to);
    assert.deepEqual([await interfaceStatus(from, near), await interfaceStatus(to, far)], ["Active", "Active"]);
  } finally {
    await own.stop();
  }
});

test("a fast link that is gone leaves nothing in any list, not even what its near end said before it had a far end", async () => {
  const from = await newBorder();
  const { near } = await fastLink(from, await newVpc());
  await server.advance();
  succeeded(await onInterface(from, "DeleteExpressConnect", near));
  await server.advance();
  assertReplayGivesRows(server.folder);
});
