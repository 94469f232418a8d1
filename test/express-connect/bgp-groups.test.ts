import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { found } from "../store/found.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { groupOn, inHangzhou, peerIn, readGroup, readPeer } from "./bgp.ts";
import { ipv6Addresses, nextVlan, routerFor, routerOn } from "./border-routers.ts";
import { enabledCircuit } from "./circuits.ts";

/** CreateBgpGroup, ModifyBgpGroupAttribute, DeleteBgpGroup and DescribeBgpGroups. */

let server: InProcessServer;
let sdk: Sdk;
let circuit: string;
let router: string;
let withIpv6: string;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  circuit = await enabledCircuit(server, server.requester);
  router = await routerOn(server.requester, circuit);
  withIpv6 = await routerOn(server.requester, circuit, nextVlan(), ipv6Addresses);
});
after(() => server.stop());

const call = (action: string, parameters: Parameters): Promise<Answer> => inHangzhou(server.requester, action, parameters);
const create = (parameters: Parameters = {}): Promise<Answer> =>
  call("CreateBgpGroup", { RouterId: router, PeerAsn: 65001, ...parameters });
const change = (BgpGroupId: string, parameters: Parameters = {}): Promise<Answer> =>
  call("ModifyBgpGroupAttribute", { BgpGroupId, ...parameters });
const remove = (BgpGroupId: string, parameters: Parameters = {}): Promise<Answer> => call("DeleteBgpGroup", { BgpGroupId, ...parameters });
const group = (parameters: Parameters = {}): Promise<string> => groupOn(server, server.requester, router, parameters);
const read = (id: string): Promise<any> => readGroup(server.requester, id);
const noSuchGroup: Expected = { code: "InvalidBgpGroup", message: "bgp group not exists" };
const noSuchRouter: Expected = { code: "InvalidParams.NotFound", message: "instance not found" };
const busy: Expected = { code: "InvalidStatus.CannotOperate", message: "invalid status cannot operate" };

/** Asserts that creation and change refuse the same inputs, each in its own words. */
async function bothRefuse(inputs: readonly Parameters[], onCreate: Expected, onChange: Expected = onCreate): Promise<void> {
  const id = await group();
  for (const input of inputs) {
    await refusedUnchanged(server, () => create(input), onCreate);
    await refusedUnchanged(server, () => change(id, input), onChange);
  }
}
/** Asserts that creation and change take a value of a parameter, and that it is read in a field. */
async function bothTake(parameter: string, values: readonly unknown[], field: string, shown: (value: any) => unknown): Promise<void> {
  const id = await group();
  for (const value of values) {
    assert.equal((await read(await group({ [parameter]: value })))[field], shown(value));
    succeeded(await change(id, { [parameter]: value }));
    await server.advance();
    assert.equal((await read(id))[field], shown(value));
  }
}

test("the official SDK leads a group through its life", async () => {
  const { bgpGroupId = "" } = await ask(sdk, "createBgpGroup", { regionId: hangzhou, routerId: router, peerAsn: 65001 });
  assert.match(bgpGroupId, /^bgpg-bp1[a-z0-9]{18}$/);
  const shown = async (): Promise<any> => {
    const { bgpGroups, totalCount } = await ask(sdk, "describeBgpGroups", { regionId: hangzhou, bgpGroupId });
    assert.equal(totalCount, bgpGroups?.bgpGroup?.length);
    return bgpGroups?.bgpGroup?.[0];
  };
  // The SDK makes texts of what its model calls texts.
  const plain = {
    authKey: "",
    bgpGroupId,
    description: "",
    hold: "30",
    ipVersion: "IPv4",
    isFake: "false",
    keepalive: "10",
    localAsn: "45104",
    name: "",
    peerAsn: "65001",
    regionId: hangzhou,
    routeLimit: "110",
    routerId: router,
  };
  assert.deepEqual({ ...(await shown()) }, { ...plain, status: "Pending" });
  await server.advance();
  assert.equal((await shown()).status, "Available");

  const words = { name: "site", description: "devices", authKey: "key+1" };
  const said = { ...words, peerAsn: 65002, localAsn: 64512, isFakeAsn: true, routeQuota: 50 };
  await ask(sdk, "modifyBgpGroupAttribute", { regionId: hangzhou, bgpGroupId, ...said });
  const changed = { ...words, peerAsn: "65002", localAsn: "64512", isFake: "true", routeLimit: "50" };
  assert.deepEqual({ ...(await shown()) }, { ...plain, ...changed, status: "Pending" });
  await server.advance();
  assert.equal((await shown()).status, "Available");

  await ask(sdk, "deleteBgpGroup", { regionId: hangzhou, bgpGroupId });
  assert.equal((await shown()).status, "Deleting");
  await server.advance();
  assert.equal(await shown(), undefined);
});

test("a group is created with all that it can have, and IpVersion is read as it was written", async () => {
  const all = { Name: "g1", Description: "gg", LocalAsn: 4200000000, AuthKey: "a", IsFakeAsn: true, IpVersion: "IPV6", RouteQuota: 1 };
  const shown = await read(await groupOn(server, server.requester, withIpv6, all));
  assert.deepEqual(
    [shown.Name, shown.Description, shown.LocalAsn, shown.AuthKey, shown.IsFake, shown.IpVersion, shown.RouteLimit, shown.RouterId],
    ["g1", "gg", 4200000000, "a", true, "IPV6", "1", withIpv6],
  );
});

test("a change leaves what it does not name", async () => {
  const id = await group({ Name: "kept", Description: "kept", LocalAsn: 64600, AuthKey: "kept", IsFakeAsn: true, RouteQuota: 7 });
  const first = await read(id);
  succeeded(await change(id, { PeerAsn: 65009 }));
  await server.advance();
  assert.deepEqual(await read(id), { ...first, PeerAsn: 65009 });
  succeeded(await change(id, { IsFakeAsn: false, Name: "", AuthKey: "" }));
  await server.advance();
  assert.deepEqual(await read(id), { ...first, PeerAsn: 65009, IsFake: false });
});

test("the peers' number is one that a customer can have", async () => {
  await bothTake("PeerAsn", [1, 45103, 45105, 65025, 4294967295], "PeerAsn", (value) => value);
  const illegal: Expected = { code: "IllegalParam.PeerAsn", message: "The param of PeerAsn is illegal" };
  const id = await group();
  for (const [PeerAsn, reason] of [
    [0, "PeerAsn is a number from 1 to 4294967295"],
    [4294967296, "PeerAsn is a number from 1 to 4294967295"],
    ["x", "PeerAsn: allowed are whole numbers of up to 18 digits"],
    ["-1", "PeerAsn: allowed are whole numbers of up to 18 digits"],
    ["1.5", "PeerAsn: allowed are whole numbers of up to 18 digits"],
  ] as const) {
    await refusedUnchanged(server, () => create({ PeerAsn }), illegal);
    await refusedUnchanged(server, () => change(id, { PeerAsn }), { code: "IllegalParam.PeerAsn", message: reason });
  }
  await bothRefuse([{ PeerAsn: 45104 }, { PeerAsn: "045104" }], {
    code: "InvalidPeerAsn.Malformed",
    message: "invalid peer asn cannot equals aliyun asn:45104",
  });
  refusedWith(await create({ PeerAsn: undefined }), "MissingPeerAsn");
});

test("the cloud's number is its own or a private one that is not reserved", async () => {
  await bothTake("LocalAsn", [45104, 64512, 65024, 65026, 65534, 4200000000, 4294967294], "LocalAsn", (value) => value);
  const illegal = (conjunction: string): Expected => ({
    code: "InvalidBgpGroup.LocalAsnInvalid",
    message: `The specified BgpGroup LocalAsn is invalid, only support 64512 to 65534 or 4200000000 to 4294967294, ${conjunction} cannot be 65025.`,
  });
  const outside = [0, 1, 45103, 45105, 64511, 65025, 65535, 4199999999, 4294967295, 4294967296];
  await bothRefuse(
    outside.map((LocalAsn) => ({ LocalAsn })),
    illegal("but"),
    illegal("and"),
  );
  await bothRefuse(
    [{ LocalAsn: "x" }, { LocalAsn: "-64512" }],
    { code: "IllegalParam.LocalAsn", message: "The param of LocalAsn is illegal" },
    { code: "IllegalParam.LocalAsn", message: "LocalAsn: allowed are whole numbers of up to 18 digits" },
  );
});

test("a new name and description begin with a letter; changed ones are freer", async () => {
  const longest = { Name: `n${"1".repeat(127)}`, Description: `d${"1".repeat(255)}` };
  for (const taken of [{ Name: "网-1_a.b", Description: "中 1" }, longest, { Name: "ab", Description: "ab" }]) {
    const shown = await read(await group(taken));
    assert.deepEqual({ Name: shown.Name, Description: shown.Description }, taken);
  }
  const id = await group();
  for (const taken of [{ Name: "1", Description: "1" }, longest, { Name: "a b", Description: "-" }]) {
    succeeded(await change(id, taken));
    await server.advance();
    const shown = await read(id);
    assert.deepEqual({ Name: shown.Name, Description: shown.Description }, taken);
  }
  const name: Expected = { code: "InvalidBgpName.Malformed", message: "Specified Bgp Group name is not valid." };
  const description = (code: string): Expected => ({ code, message: "Specified Bgp Group description is not valid." });
  const [forNew, forChanged] = [description("InvalidBgpDescription.Malformed"), description("InvalidBgpDiscription.Malformed")];
  for (const Name of ["a", "1a", "_a", "a b", "a/b"]) await refusedUnchanged(server, () => create({ Name }), name);
  for (const Description of ["d", "1d", "-d"]) await refusedUnchanged(server, () => create({ Description }), forNew);
  await bothRefuse([{ Name: "http://a" }, { Name: "https://a" }, { Name: "n".repeat(129) }], name);
  await bothRefuse([{ Description: "http://a" }, { Description: "https://a" }, { Description: "d".repeat(257) }], forNew, forChanged);
});

test("the key is 1 to 64 ASCII characters, is read in clear, and goes when it is told to", async () => {
  const malformed: Expected = { code: "InvalidBgpAuthkey.Malformed", message: "Specified Bgp Group authkey is not valid." };
  await bothTake("AuthKey", ["k", "YourPassword+12345678", "!#$%&'()*+,-./:;<=>@[]^_`{|}~\"\\", "K".repeat(64)], "AuthKey", (key) => key);
  await bothRefuse([{ AuthKey: "a b" }, { AuthKey: "a?" }, { AuthKey: "schlüssel" }, { AuthKey: "K".repeat(65) }], malformed);
  const id = await group({ AuthKey: "first" });
  await refusedUnchanged(server, () => change(id, { ClearAuthKey: true, AuthKey: "second" }), {
    code: "OperationFailed.ClearAuthKeyForbidden",
    message: "The specific auth key is not empty.",
  });
  for (const [parameters, left] of [
    [{ ClearAuthKey: false }, "first"],
    [{ ClearAuthKey: false, AuthKey: "second" }, "second"],
    [{ ClearAuthKey: true }, ""],
    [{ ClearAuthKey: true }, ""],
  ] as const) {
    succeeded(await change(id, parameters));
    await server.advance();
    assert.equal((await read(id)).AuthKey, left);
  }
});

test("the key stands in clear in no file, no event, no story and no view of the resource", async () => {
  const keys = ["first-key-of-the-session", "second-key-of-the-session"];
  const id = await group({ AuthKey: keys[0], ClientToken: "with a key" });
  const peer = await peerIn(server, server.requester, id, { PeerIpAddress: "192.0.2.77" });
  assert.equal((await readPeer(server.requester, peer)).AuthKey, keys[0]);
  succeeded(await change(id, { AuthKey: keys[1], ClientToken: "with another" }));
  await refusedUnchanged(server, () => change(id, { AuthKey: keys[0] }), busy);
  await server.advance();
  assert.equal((await readPeer(server.requester, peer)).AuthKey, keys[1], "peers have the key of their group");
  for (const file of readdirSync(server.folder)) assert.deepEqual(found(readFileSync(join(server.folder, file)), keys), [], file);
  const events = await server.store.read((rows) => rows.events(0, 1_000_000));
  assert.ok(JSON.stringify(events).includes(id));
  assert.deepEqual(found(JSON.stringify(events), keys), []);
  const { requests } = (await server.admin("GET", "requests?limit=1000")).body;
  for (const { requestId } of requests) {
    assert.deepEqual(found(JSON.stringify((await server.admin("GET", `requests/${requestId}`)).body), keys), []);
  }
  const view = await server.admin("PATCH", `resources/${id}`, {});
  assert.deepEqual(found(JSON.stringify(view.body), keys), []);
  succeeded(await inHangzhou(server.requester, "DeleteBgpPeer", { BgpPeerId: peer }));
  await server.advance();
});

test("a group takes as many routes as its account can have", async () => {
  await bothTake("RouteQuota", [1, 110], "RouteLimit", String);
  await bothRefuse([{ RouteQuota: 111 }, { RouteQuota: 100000 }], {
    code: "IllegalParam.RouteLimit",
    message: "The operation is failed because of bgp group max route entry num quota exceed.",
  });
  for (const RouteQuota of [0, -1, "x"]) refusedWith(await create({ RouteQuota }), "InvalidRouteQuota");
  const settings = { quotas: [{ name: "RouteLimit", value: 200, account: requesterKey.account }], features: [] };
  assert.equal((await server.admin("PUT", "settings", settings)).status, 200);
  await bothTake("RouteQuota", [200], "RouteLimit", String);
  assert.equal((await read(await group())).RouteLimit, "200", "without a word it has all that it can");
  assert.equal((await server.admin("PUT", "settings", { quotas: [], features: [] })).status, 200);
});

test("IPv6 needs a border router that has it", async () => {
  const noIpv6: Expected = { code: "OperationUnsupported.IPV6ForThisRegion", message: "This Region is unsupported IPV6." };
  for (const IpVersion of ["IPv6", "ipv6"]) await refusedUnchanged(server, () => create({ IpVersion }), noIpv6);
  for (const IpVersion of ["IPv4", "IPv6"]) {
    assert.equal((await read(await group({ RouterId: withIpv6, IpVersion }))).IpVersion, IpVersion);
  }
  for (const IpVersion of ["IPv5", "4", "IPv"]) refusedWith(await create({ IpVersion }), "InvalidIpVersion");
});

test("only an active border router of the caller's own, in the region, takes groups", async () => {
  const { requester, accepter } = server;
  const groupOf = (owner: typeof requester, RouterId: string) => () => inHangzhou(owner, "CreateBgpGroup", { RouterId, PeerAsn: 65001 });
  for (const RouterId of ["vbr-bp1000000000000000000", circuit, requesterKey.account]) {
    await refusedUnchanged(server, groupOf(requester, RouterId), noSuchRouter);
  }
  await refusedUnchanged(server, groupOf(accepter, router), noSuchRouter);
  await refusedUnchanged(server, () => create({ RegionId: beijing }), noSuchRouter);
  refusedWith(await create({ RouterId: undefined }), "MissingRouterId");

  const theirs = await routerFor(accepter, requester, circuit);
  await refusedUnchanged(server, groupOf(requester, theirs), noSuchRouter);
  await refusedUnchanged(server, groupOf(accepter, theirs), busy);
  succeeded(await inHangzhou(requester, "DeleteVirtualBorderRouter", { VbrId: theirs }));
  await refusedUnchanged(server, groupOf(accepter, theirs), busy);
  await server.advance();
  await refusedUnchanged(server, groupOf(accepter, theirs), noSuchRouter);
});

test("a group that is at work refuses every other write, and one that is gone is not there", async () => {
  const { BgpGroupId } = succeeded(await create()).body;
  const writes = [() => change(BgpGroupId, { PeerAsn: 65002 }), () => remove(BgpGroupId)];
  const peer = (): Promise<Answer> => call("CreateBgpPeer", { BgpGroupId, PeerIpAddress: "192.0.2.1" });
  for (const write of [...writes, peer]) await refusedUnchanged(server, write, busy);
  await server.advance();
  succeeded(await change(BgpGroupId, { PeerAsn: 65002 }));
  for (const write of [...writes, peer]) await refusedUnchanged(server, write, busy);
  await server.advance();
  succeeded(await remove(BgpGroupId));
  for (const write of [...writes, peer]) await refusedUnchanged(server, write, busy);
  await server.advance();
  for (const write of [...writes, peer]) await refusedUnchanged(server, write, noSuchGroup);
  refusedWith(await call("DeleteBgpGroup", {}), "MissingBgpGroupId");
});

test("a group with peers stays, until the last of them is gone", async () => {
  const id = await group();
  const peer = await peerIn(server, server.requester, id, { PeerIpAddress: "192.0.2.2" });
  const hasPeers: Expected = {
    code: "DependencyViolation.BgpPeer",
    message: "Specified object has dependent resources bgp peer.",
    status: 404,
  };
  await refusedUnchanged(server, () => remove(id), hasPeers);
  succeeded(await call("DeleteBgpPeer", { BgpPeerId: peer }));
  await refusedUnchanged(server, () => remove(id), hasPeers);
  await server.advance();
  succeeded(await remove(id));
});

test("a border router with groups stays, until the last of them is gone", async () => {
  const other = await routerOn(server.requester, circuit);
  const id = await groupOn(server, server.requester, other);
  const deleteRouter = (): Promise<Answer> => call("DeleteVirtualBorderRouter", { VbrId: other });
  const hasGroups: Expected = { code: "DependencyViolation.BgpGroup", message: "bgp group exists, cannot delete vbr." };
  await refusedUnchanged(server, deleteRouter, hasGroups);
  succeeded(await remove(id));
  await refusedUnchanged(server, deleteRouter, hasGroups);
  await server.advance();
  succeeded(await deleteRouter());
  await server.advance();
});

test("groups are listed by id and border router, page by page, each to its owner only", async () => {
  const other = await routerOn(server.requester, circuit);
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.push(await groupOn(server, server.requester, other));
  const list = async (parameters: Parameters, owner = server.requester): Promise<[number, string[]]> => {
    const { body } = succeeded(await owner.vpc("DescribeBgpGroups", { RegionId: hangzhou, ...parameters }));
    return [body.TotalCount, body.BgpGroups.BgpGroup.map(({ BgpGroupId }: any) => BgpGroupId)];
  };
  for (const [parameters, expected] of [
    [{ RouterId: other }, ids],
    [{ RouterId: other, IsDefault: false }, ids],
    [{ RouterId: other, IsDefault: true }, []],
    [{ BgpGroupId: ids[1] }, [ids[1]]],
    [{ BgpGroupId: ids[1], RouterId: other }, [ids[1]]],
    [{ BgpGroupId: ids[1], RouterId: router }, []],
    [{ BgpGroupId: "bgpg-none" }, []],
    [{ RouterId: "vbr-none" }, []],
    [{ RouterId: other, RegionId: beijing }, []],
    [{ BgpGroupId: ids[1], RegionId: beijing }, []],
  ] as const) {
    assert.deepEqual(await list(parameters), [expected.length, expected], JSON.stringify(parameters));
  }
  assert.deepEqual(await list({ RouterId: other }, server.accepter), [0, []]);
  assert.deepEqual(await list({ BgpGroupId: ids[1] }, server.accepter), [0, []]);
  for (const [PageNumber, expected] of [
    [1, ids.slice(0, 2)],
    [2, ids.slice(2)],
    [3, []],
  ] as const) {
    assert.deepEqual(await list({ RouterId: other, PageNumber, PageSize: 2 }), [3, expected]);
  }
  const [total, all] = await list({ PageSize: 50 });
  assert.equal(total, all.length);
  assert.ok(ids.every((id) => all.includes(id)));
  for (const PageSize of [0, 51]) refusedWith(await call("DescribeBgpGroups", { PageSize }), "InvalidPageSize");
});

test("a repeated ClientToken answers as the first time and does nothing more", async () => {
  const first = succeeded(await create({ ClientToken: "create", AuthKey: "secret" })).body;
  const events = await eventCount(server);
  assert.equal(succeeded(await create({ ClientToken: "create", AuthKey: "secret" })).body.BgpGroupId, first.BgpGroupId);
  assert.equal(await eventCount(server), events);
  await refusedUnchanged(server, () => create({ ClientToken: "create", AuthKey: "other" }), tokenReused);
  await server.advance();
  for (const write of [
    () => change(first.BgpGroupId, { PeerAsn: 65003, ClientToken: "change" }),
    () => remove(first.BgpGroupId, { ClientToken: "delete" }),
  ]) {
    succeeded(await write());
    await server.advance();
    const done = await eventCount(server);
    succeeded(await write());
    assert.equal(await eventCount(server), done);
  }
});
