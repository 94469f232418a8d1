import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { groupOn, inHangzhou, peerIn, readPeer } from "./bgp.ts";
import { ipv6Addresses, nextVlan, routerOn } from "./border-routers.ts";
import { enabledCircuit } from "./circuits.ts";

/** CreateBgpPeer, ModifyBgpPeerAttribute, DeleteBgpPeer and DescribeBgpPeers. */

let server: InProcessServer;
let sdk: Sdk;
let circuit: string;
/** A border router with two groups, and one with IPv6 and a group of either version. */
let router: string;
let group: string;
let otherGroup: string;
let withIpv6: string;
let group4: string;
let group6: string;

before(async () => {
  server = await startServer();
  const { requester } = server;
  sdk = sdkOf(server, requesterKey);
  const quotas = [
    { name: "Bgp", value: 100 },
    { name: "freevbr", value: 100 },
    { name: "vbrPerpConn", value: 100 },
  ];
  assert.equal((await server.admin("PUT", "settings", { quotas, features: [] })).status, 200);
  circuit = await enabledCircuit(server, requester);
  router = await routerOn(requester, circuit, nextVlan(), { LocalGatewayIp: "10.0.0.1", PeerGatewayIp: "10.0.0.2" });
  group = await groupOn(server, requester, router, {
    LocalAsn: 64512,
    AuthKey: "of-the-group",
    IsFakeAsn: true,
    RouteQuota: 50,
    Name: "named",
  });
  otherGroup = await groupOn(server, requester, router, { PeerAsn: 4294967295, Description: "described" });
  withIpv6 = await routerOn(requester, circuit, nextVlan(), ipv6Addresses);
  group4 = await groupOn(server, requester, withIpv6);
  group6 = await groupOn(server, requester, withIpv6, { IpVersion: "IPv6" });
});
after(() => server.stop());

let addresses = 0;
/** An address that no test has named. */
const newAddress = (): string => `192.0.2.${++addresses}`;
const call = (action: string, parameters: Parameters): Promise<Answer> => inHangzhou(server.requester, action, parameters);
const create = (parameters: Parameters = {}): Promise<Answer> =>
  call("CreateBgpPeer", { BgpGroupId: group, PeerIpAddress: newAddress(), ...parameters });
const change = (BgpPeerId: string, parameters: Parameters = {}): Promise<Answer> =>
  call("ModifyBgpPeerAttribute", { BgpPeerId, ...parameters });
const remove = (BgpPeerId: string, parameters: Parameters = {}): Promise<Answer> => call("DeleteBgpPeer", { BgpPeerId, ...parameters });
const peer = (parameters: Parameters = {}): Promise<string> =>
  peerIn(server, server.requester, group, { PeerIpAddress: newAddress(), ...parameters });
const read = (id: string): Promise<any> => readPeer(server.requester, id);
const noSuchGroup: Expected = { code: "InvalidBgpGroup", message: "bgp group not exists" };
const busy: Expected = { code: "IncorrectStatus.BgpPeer", message: "Invalid BgpPeer status cannot operate." };

test("the official SDK leads a peer through its life, which has all but its own from its group", async () => {
  const site = { regionId: hangzhou, bgpGroupId: group };
  const { bgpPeerId = "" } = await ask(sdk, "createBgpPeer", { ...site, peerIpAddress: "1.1.1.1" });
  assert.match(bgpPeerId, /^bgp-bp1[a-z0-9]{18}$/);
  const shown = async (): Promise<any> => {
    const { bgpPeers, totalCount } = await ask(sdk, "describeBgpPeers", { regionId: hangzhou, bgpPeerId });
    assert.equal(totalCount, bgpPeers?.bgpPeer?.length);
    return bgpPeers?.bgpPeer?.[0];
  };
  const { gmtModified, ...first } = await shown();
  assert.match(gmtModified, /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/);
  const plain = {
    advertisedRouteCount: 0,
    authKey: "of-the-group",
    bfdMultiHop: 0,
    bgpGroupId: group,
    bgpPeerId,
    bgpStatus: "Idle",
    description: "",
    enableBfd: false,
    hold: "30",
    ipVersion: "IPv4",
    isFake: true,
    keepalive: "10",
    localAsn: "64512",
    name: "",
    peerAsn: "65001",
    peerIpAddress: "1.1.1.1",
    receivedRouteCount: 0,
    regionId: hangzhou,
    routeLimit: "50",
    routerId: router,
    status: "Pending",
  };
  assert.deepEqual(first, plain);
  await server.advance();
  const settled = async (): Promise<any> => {
    const { gmtModified: _time, ...fields } = await shown();
    return fields;
  };
  assert.deepEqual(await settled(), { ...plain, status: "Available", bgpStatus: "Connect" });

  const said = { bgpGroupId: otherGroup, peerIpAddress: "1.1.1.2", enableBfd: true, bfdMultiHop: 10 };
  await ask(sdk, "modifyBgpPeerAttribute", { regionId: hangzhou, bgpPeerId, ...said });
  const fromOther = { authKey: "", isFake: false, localAsn: "45104", peerAsn: "4294967295", routeLimit: "110" };
  assert.deepEqual(await settled(), { ...plain, ...said, ...fromOther, status: "Modifying", bgpStatus: "Connect" });
  await server.advance();
  assert.equal((await shown()).status, "Available");

  await ask(sdk, "deleteBgpPeer", { regionId: hangzhou, bgpPeerId });
  const { status, bgpStatus } = await shown();
  assert.deepEqual([status, bgpStatus], ["Deleting", "Idle"]);
  await server.advance();
  assert.equal(await shown(), undefined);
});

test("no session is ever pretended, however long a peer is there, and nobody can say that there is one", async () => {
  const id = await peer();
  await server.advance(100_000);
  const shown = await read(id);
  assert.deepEqual([shown.BgpStatus, shown.AdvertisedRouteCount, shown.ReceivedRouteCount], ["Connect", 0, 0]);
  const patched = await server.admin("PATCH", `resources/${id}`, { BgpStatus: "Established" });
  assert.equal(patched.status, 400, JSON.stringify(patched.body));
  assert.equal((await read(id)).BgpStatus, "Connect");
});

test("a change of the group is a change of its peers at once", async () => {
  const own = await groupOn(server, server.requester, router);
  const id = await peerIn(server, server.requester, own, { PeerIpAddress: newAddress() });
  const before = await read(id);
  succeeded(
    await call("ModifyBgpGroupAttribute", {
      BgpGroupId: own,
      PeerAsn: 65111,
      LocalAsn: 65000,
      AuthKey: "new",
      RouteQuota: 3,
      IsFakeAsn: true,
    }),
  );
  const changed = { PeerAsn: "65111", LocalAsn: "65000", AuthKey: "new", RouteLimit: "3", IsFake: true };
  assert.deepEqual(await read(id), { ...before, ...changed });
});

test("without an address a peer has that of the site on the router's circuit", async () => {
  const bare = await groupOn(server, server.requester, router);
  const id = await peerIn(server, server.requester, bare);
  assert.equal((await read(id)).PeerIpAddress, "10.0.0.2");
  const six = await peerIn(server, server.requester, group6);
  assert.deepEqual([(await read(six)).PeerIpAddress, (await read(six)).IpVersion], ["2408:4004:cc:400::2", "IPv6"]);
});

test("without an address a peer of a router on several circuits is refused", async () => {
  const at = await routerOn(server.requester, circuit);
  const second = await enabledCircuit(server, server.requester);
  const ends = { LocalGatewayIp: "10.254.0.1", PeerGatewayIp: "10.254.0.2", PeeringSubnetMask: "255.255.255.252" };
  const association = { VbrId: at, PhysicalConnectionId: second };
  succeeded(await call("AssociatePhysicalConnectionToVirtualBorderRouter", { ...association, VlanId: 2900, ...ends }));
  const BgpGroupId = await groupOn(server, server.requester, at);
  await refusedUnchanged(server, () => create({ BgpGroupId, PeerIpAddress: undefined }), {
    code: "InvalidParams.PeerIpAddressMustPointOut",
    message: "vbr has 0 or more than 1 subif ,point out peerIpAddress.",
  });
  for (const PeerIpAddress of ["10.254.0.2", "192.0.2.250"]) await peerIn(server, server.requester, BgpGroupId, { PeerIpAddress });
  succeeded(await call("UnassociatePhysicalConnectionFromVirtualBorderRouter", association));
  succeeded(await create({ BgpGroupId, PeerIpAddress: undefined }));
});

test("a group of IPv6 takes no peers when its router has IPv6 no more", async () => {
  const at = await routerOn(server.requester, circuit, nextVlan(), ipv6Addresses);
  const BgpGroupId = await groupOn(server, server.requester, at, { IpVersion: "IPv6" });
  succeeded(await call("ModifyVirtualBorderRouterAttribute", { VbrId: at, EnableIpv6: false }));
  await refusedUnchanged(server, () => create({ BgpGroupId, PeerIpAddress: "2408::e" }), {
    code: "OperationUnsupported.IPV6ForThisRegion",
    message: "This Region is unsupported IPV6.",
  });
  succeeded(await call("ModifyVirtualBorderRouterAttribute", { VbrId: at, EnableIpv6: true }));
  succeeded(await create({ BgpGroupId, PeerIpAddress: "2408::e" }));
});

test("a router that is terminated takes no peers, tries to reach none, and lets them go", async () => {
  const at = await routerOn(server.requester, circuit);
  const BgpGroupId = await groupOn(server, server.requester, at);
  const id = await peerIn(server, server.requester, BgpGroupId);
  const status = async (): Promise<string> => (await read(id)).BgpStatus;
  const notActive: Expected = { code: "InvalidStatus.CannotOperate", message: "invalid status cannot operate" };
  assert.equal(await status(), "Connect");
  succeeded(await call("TerminateVirtualBorderRouter", { VbrId: at }));
  await server.advance();
  assert.equal(await status(), "Idle");
  await refusedUnchanged(server, () => create({ BgpGroupId }), notActive);
  await refusedUnchanged(server, () => call("CreateBgpGroup", { RouterId: at, PeerAsn: 65001 }), notActive);
  succeeded(await call("RecoverVirtualBorderRouter", { VbrId: at }));
  await server.advance();
  assert.equal(await status(), "Connect");
  succeeded(await call("TerminateVirtualBorderRouter", { VbrId: at }));
  await server.advance();
  succeeded(await remove(id));
  await server.advance();
  succeeded(await call("DeleteBgpGroup", { BgpGroupId }));
  await server.advance();
  succeeded(await call("DeleteVirtualBorderRouter", { VbrId: at }));
});

test("an address is one of the peer's IP version, which is its group's, and is read as it was written", async () => {
  const malformed: Expected = { code: "InvalidIP.Malformed", message: "Ip malformed." };
  const malformedOnChange: Expected = { code: "IllegalParam.IpAddress", message: "The specified IpAddress is illegal." };
  const id = await peer();
  const notIpv4 = ["x", "1.1.1", "1.1.1.256", "1.1.1.1/32", "01.1.1.1", "2408::1", " ", "1".repeat(65)];
  for (const PeerIpAddress of notIpv4) {
    await refusedUnchanged(server, () => create({ PeerIpAddress }), malformed);
    await refusedUnchanged(server, () => change(id, { PeerIpAddress }), malformedOnChange);
  }
  const six = await peer({ BgpGroupId: group6, PeerIpAddress: "2408:4004:CC:400:0::9", IpVersion: "ipv6" });
  assert.deepEqual([(await read(six)).PeerIpAddress, (await read(six)).IpVersion], ["2408:4004:CC:400:0::9", "ipv6"]);
  for (const PeerIpAddress of ["1.1.1.1", "fe80::1%eth0", "2408::1/128", "::g"]) {
    await refusedUnchanged(server, () => create({ BgpGroupId: group6, PeerIpAddress }), malformed);
    await refusedUnchanged(server, () => change(six, { PeerIpAddress }), malformedOnChange);
  }
  for (const [BgpGroupId, IpVersion] of [
    [group4, "IPv6"],
    [group6, "IPv4"],
    [group, "IPV6"],
    [group, "IPv5"],
  ]) {
    refusedWith(await create({ BgpGroupId, IpVersion }), "InvalidIpVersion");
  }
  assert.equal((await read(await peer({ IpVersion: "IPV4" }))).IpVersion, "IPV4");
});

test("two peers of a border router never have one address, however it is written", async () => {
  const address = newAddress();
  const id = await peer({ PeerIpAddress: address });
  const another = await peer();
  const exists: Expected = { code: "BgpPeer.Already.Exists", message: "bgp peer already exists." };
  const inUse: Expected = { code: "InvalidParams.PeerIpAddressInUse", message: "peer ip address in use ,cannot create bgp peer." };
  const duplicated: Expected = { code: "DuplicatedParam.PeerIpAddress", message: "The param of PeerIpAddress is duplicated." };
  const again = (): Promise<Answer> => create({ PeerIpAddress: address });
  const inOther = (): Promise<Answer> => create({ PeerIpAddress: address, BgpGroupId: otherGroup });
  const onChange = (): Promise<Answer> => change(another, { PeerIpAddress: address });
  await refusedUnchanged(server, again, exists);
  await refusedUnchanged(server, inOther, inUse);
  await refusedUnchanged(server, onChange, duplicated);
  // At another border router it is another device.
  await peerIn(server, server.requester, group4, { PeerIpAddress: address });
  // To its own address a peer can always be changed.
  succeeded(await change(id, { PeerIpAddress: address }));
  await server.advance();

  await peerIn(server, server.requester, group6, { PeerIpAddress: "2408::ab" });
  const six = await peerIn(server, server.requester, group6, { PeerIpAddress: "2408::ac" });
  await refusedUnchanged(server, () => create({ BgpGroupId: group6, PeerIpAddress: "2408:0:0:0::AB" }), exists);
  await refusedUnchanged(server, () => change(six, { PeerIpAddress: "2408::0:ab" }), duplicated);

  // One that is being deleted has it still, one that is gone has not.
  succeeded(await remove(id));
  await refusedUnchanged(server, again, exists);
  await refusedUnchanged(server, inOther, inUse);
  await refusedUnchanged(server, onChange, duplicated);
  await server.advance();
  succeeded(await onChange());
  await server.advance();
});

test("BFD comes with its number of hops, and the number with BFD", async () => {
  const bfdMissing: Expected = { code: "MissingParam.EnableBfd", message: "The parameter EnableBfd is missing." };
  const illegal: Expected = { code: "IllegalParam.BfdMultiHop", message: "BfdMultiHop is illegal." };
  const bfd = async (id: string): Promise<unknown[]> => [(await read(id)).EnableBfd, (await read(id)).BfdMultiHop];
  for (const BfdMultiHop of [1, 255]) assert.deepEqual(await bfd(await peer({ EnableBfd: true, BfdMultiHop })), [true, BfdMultiHop]);
  const id = await peer({ EnableBfd: false });
  assert.deepEqual(await bfd(id), [false, 0]);
  for (const attempt of [create, (parameters: Parameters) => change(id, parameters)]) {
    for (const without of [{}, { EnableBfd: false }]) {
      await refusedUnchanged(server, () => attempt({ ...without, BfdMultiHop: 3 }), bfdMissing);
    }
    await refusedUnchanged(server, () => attempt({ EnableBfd: true }), illegal);
    for (const BfdMultiHop of [0, 256, -1, "x"]) await refusedUnchanged(server, () => attempt({ EnableBfd: true, BfdMultiHop }), illegal);
    refusedWith(await attempt({ EnableBfd: "perhaps" }), "InvalidEnableBfd");
  }
  for (const [parameters, after] of [
    [{ EnableBfd: true, BfdMultiHop: 10 }, [true, 10]],
    [{ BfdMultiHop: 20 }, [true, 20]],
    [{ EnableBfd: true }, [true, 20]],
    [{ PeerIpAddress: newAddress() }, [true, 20]],
    [{ EnableBfd: false }, [false, 0]],
    [{ EnableBfd: true, BfdMultiHop: 1 }, [true, 1]],
  ] as const) {
    succeeded(await change(id, parameters));
    await server.advance();
    assert.deepEqual(await bfd(id), after, JSON.stringify(parameters));
  }
  await refusedUnchanged(server, () => change(id, { EnableBfd: false, BfdMultiHop: 1 }), bfdMissing);
});

test("a peer goes only to a group of its own border router and IP version that is Available", async () => {
  const id = await peer();
  const six = await peerIn(server, server.requester, group6, { PeerIpAddress: "2408::d" });
  for (const BgpGroupId of [group4, group6, "bgpg-bp1000000000000000000", router]) {
    await refusedUnchanged(server, () => change(id, { BgpGroupId }), noSuchGroup);
  }
  await refusedUnchanged(server, () => change(six, { BgpGroupId: group4 }), noSuchGroup);
  const { BgpGroupId } = succeeded(await call("CreateBgpGroup", { RouterId: router, PeerAsn: 65001 })).body;
  await refusedUnchanged(server, () => change(id, { BgpGroupId }), {
    code: "InvalidStatus.CannotOperate",
    message: "invalid status cannot operate",
  });
  await server.advance();
  succeeded(await change(id, { BgpGroupId }));
  await server.advance();
  assert.equal((await read(id)).BgpGroupId, BgpGroupId);
  // The group that it has left can be deleted, the one that it has come to cannot.
  refusedWith(await call("DeleteBgpGroup", { BgpGroupId }), "DependencyViolation.BgpPeer", 404);
});

test("a border router has at most as many peers as the quota says, in all of its groups together", async () => {
  const full: Expected = { code: "QuotaExceeded.Bgp", message: "bgp peer count per vbr quota exceed." };
  const quotas = [
    { name: "freevbr", value: 100 },
    { name: "vbrPerpConn", value: 100 },
  ];
  assert.equal((await server.admin("PUT", "settings", { quotas, features: [] })).status, 200);
  const at = await routerOn(server.requester, circuit);
  const [first, second] = [await groupOn(server, server.requester, at), await groupOn(server, server.requester, at)];
  const ids: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    ids.push(await peerIn(server, server.requester, n % 2 === 0 ? first : second, { PeerIpAddress: newAddress() }));
  }
  for (const BgpGroupId of [first, second]) await refusedUnchanged(server, () => create({ BgpGroupId }), full);
  succeeded(await remove(ids[0] ?? ""));
  await refusedUnchanged(server, () => create({ BgpGroupId: first }), full);
  await server.advance();
  succeeded(await create({ BgpGroupId: first }));
  const more = [...quotas, { name: "Bgp", value: 9, account: requesterKey.account }];
  assert.equal((await server.admin("PUT", "settings", { quotas: more, features: [] })).status, 200);
  succeeded(await create({ BgpGroupId: second }));
  await refusedUnchanged(server, () => create({ BgpGroupId: second }), full);
  assert.equal((await server.admin("PUT", "settings", { quotas: [...quotas, { name: "Bgp", value: 100 }], features: [] })).status, 200);
});

test("only a group of the caller's own, in the region, takes peers", async () => {
  for (const BgpGroupId of ["bgpg-bp1000000000000000000", router]) {
    await refusedUnchanged(server, () => create({ BgpGroupId }), noSuchGroup);
  }
  await refusedUnchanged(server, () => create({ RegionId: beijing }), noSuchGroup);
  const theirs = { BgpGroupId: group, PeerIpAddress: newAddress() };
  await refusedUnchanged(server, () => inHangzhou(server.accepter, "CreateBgpPeer", theirs), noSuchGroup);
  refusedWith(await create({ BgpGroupId: undefined }), "MissingBgpGroupId");
});

test("a peer that is at work refuses every other write, and one that is gone, foreign or elsewhere is not there", async () => {
  const { BgpPeerId } = succeeded(await create()).body;
  const writes = [() => change(BgpPeerId, { PeerIpAddress: newAddress() }), () => remove(BgpPeerId)] as const;
  for (const write of writes) await refusedUnchanged(server, write, busy);
  await server.advance();
  succeeded(await writes[0]());
  for (const write of writes) await refusedUnchanged(server, write, busy);
  await server.advance();

  const unknown: Expected = {
    code: "InvalidBgpPeerId.NotFound",
    message: "The specified BgpPeerId does not exit in our records.",
    status: 404,
  };
  const unknownToDelete: Expected = { code: "InvalidBgpPeer.NotFound", message: "Bgp peer not found." };
  for (const elsewhere of [{ RegionId: beijing }, { BgpPeerId: "bgp-none" }, { BgpPeerId: group }]) {
    await refusedUnchanged(server, () => change(BgpPeerId, elsewhere), unknown);
    await refusedUnchanged(server, () => remove(BgpPeerId, elsewhere), unknownToDelete);
  }
  await refusedUnchanged(server, () => inHangzhou(server.accepter, "ModifyBgpPeerAttribute", { BgpPeerId }), unknown);
  await refusedUnchanged(server, () => inHangzhou(server.accepter, "DeleteBgpPeer", { BgpPeerId }), unknownToDelete);

  succeeded(await writes[1]());
  for (const write of writes) await refusedUnchanged(server, write, busy);
  await server.advance();
  await refusedUnchanged(server, writes[0], unknown);
  await refusedUnchanged(server, writes[1], unknownToDelete);
  await refusedUnchanged(server, () => call("ModifyBgpPeerAttribute", {}), {
    code: "MissingParam.BgpPeerId",
    message: "The parameter BgpPeerId is mandatory.",
  });
  refusedWith(await call("DeleteBgpPeer", {}), "MissingBgpPeerId");
});

test("parameters in the query of a POST count like those in its form", async () => {
  const id = await peer();
  const { requester } = server;
  const parameters = { RegionId: hangzhou, BgpPeerId: id };
  const listed = succeeded(await requester.vpc("DescribeBgpPeers", parameters, { place: "query" })).body;
  assert.deepEqual([listed.TotalCount, listed.BgpPeers.BgpPeer[0].BgpPeerId], [1, id]);
  succeeded(await requester.vpc("DeleteBgpPeer", parameters, { place: "query" }));
  assert.equal((await read(id)).Status, "Deleting");
});

test("peers are listed by id, group and border router, page by page, each to its owner only", async () => {
  const at = await routerOn(server.requester, circuit);
  const [first, second] = [await groupOn(server, server.requester, at), await groupOn(server, server.requester, at)];
  const ids: string[] = [];
  for (const BgpGroupId of [first, first, second]) {
    ids.push(await peerIn(server, server.requester, BgpGroupId, { PeerIpAddress: newAddress() }));
  }
  const list = async (parameters: Parameters, owner = server.requester): Promise<[number, string[]]> => {
    const { body } = succeeded(await inHangzhou(owner, "DescribeBgpPeers", parameters));
    return [body.TotalCount, body.BgpPeers.BgpPeer.map(({ BgpPeerId }: any) => BgpPeerId)];
  };
  for (const [parameters, expected] of [
    [{ RouterId: at }, ids],
    [{ RouterId: at, IsDefault: false }, ids],
    [{ RouterId: at, IsDefault: true }, []],
    [{ BgpGroupId: first }, ids.slice(0, 2)],
    [{ BgpGroupId: second, RouterId: at }, ids.slice(2)],
    [{ BgpGroupId: second, RouterId: router }, []],
    [{ BgpPeerId: ids[0] }, ids.slice(0, 1)],
    [{ BgpPeerId: ids[0], BgpGroupId: first, RouterId: at }, ids.slice(0, 1)],
    [{ BgpPeerId: ids[0], BgpGroupId: second }, []],
    [{ BgpPeerId: "bgp-none" }, []],
    [{ RouterId: at, RegionId: beijing }, []],
    [{ BgpPeerId: ids[0], RegionId: beijing }, []],
  ] as const) {
    assert.deepEqual(await list(parameters), [expected.length, expected], JSON.stringify(parameters));
  }
  for (const parameters of [{ RouterId: at }, { BgpGroupId: first }, { BgpPeerId: ids[0] }]) {
    assert.deepEqual(await list(parameters, server.accepter), [0, []]);
  }
  for (const [PageNumber, expected] of [
    [1, ids.slice(0, 2)],
    [2, ids.slice(2)],
    [3, []],
  ] as const) {
    assert.deepEqual(await list({ RouterId: at, PageNumber, PageSize: 2 }), [3, expected]);
  }
  refusedWith(await call("DescribeBgpPeers", { PageNumber: 1_000_000, PageSize: 50 }), "Throttling.DeepPageSkip");
});

test("a repeated ClientToken answers as the first time and does nothing more", async () => {
  const PeerIpAddress = newAddress();
  const first = succeeded(await create({ ClientToken: "create", PeerIpAddress })).body;
  const events = await eventCount(server);
  assert.equal(succeeded(await create({ ClientToken: "create", PeerIpAddress })).body.BgpPeerId, first.BgpPeerId);
  assert.equal(await eventCount(server), events);
  await refusedUnchanged(server, () => create({ ClientToken: "create" }), tokenReused);
  await server.advance();
  for (const write of [
    () => change(first.BgpPeerId, { EnableBfd: true, BfdMultiHop: 2, ClientToken: "change" }),
    () => remove(first.BgpPeerId, { ClientToken: "delete" }),
  ]) {
    succeeded(await write());
    await server.advance();
    const done = await eventCount(server);
    succeeded(await write());
    assert.equal(await eventCount(server), done);
  }
});
