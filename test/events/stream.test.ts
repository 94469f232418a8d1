import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { kinds } from "../../src/services/kinds.ts";
import { routerFor } from "../express-connect/border-routers.ts";
import { enabledCircuit, offeredShared } from "../express-connect/circuits.ts";
import { activePeering, availableVpc, beijing, hangzhou, requestPeering, routeTo, succeeded } from "../support/networks.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { found } from "../store/found.ts";
import { allEvents, expectedOf, newestId } from "./log.ts";
import { Watcher } from "./watcher.ts";

/** What the event stream tells, to whom, and from where on. */

let server: InProcessServer;
/** From before anything was made. */
let everything: Watcher;
/** A peering between the two accounts that lived and went, and a shared circuit, a router and a grant between them. */
let peering: string;
let shared: string;
let router: string;
let grant: string;
const secret = "PreSharedKey2Watch4";

before(async () => {
  server = await startServer();
  everything = await Watcher.follow(server);
  const { requester, accepter } = server;
  const mine = await availableVpc(server, requester);
  const theirs = await availableVpc(server, accepter, beijing, { CidrBlock: "10.1.0.0/16" });
  peering = await activePeering(server, mine, theirs);
  await routeTo(server, mine, "10.1.0.0/16", peering);
  const tagged = { RegionId: hangzhou, ResourceType: "PeerConnection", ResourceId: [peering] };
  succeeded(await requester.peer("TagResources", { ...tagged, Tag: [{ Key: "stage", Value: "1" }] }));
  succeeded(await accepter.peer("ModifyVpcPeerConnection", { InstanceId: peering, Name: "Liegeplätze ⚓" }));
  await server.advance();
  assert.equal((await server.admin("PATCH", `resources/${peering}`, { BizStatus: "FinancialLocked" })).status, 200);
  succeeded(await requester.peer("DeleteVpcPeerConnection", { InstanceId: peering, Force: true }));
  await server.advance(200);
  await requestPeering(mine, theirs);
  await server.advance();

  const circuit = await enabledCircuit(server, requester);
  shared = await offeredShared(requester, circuit, accepter, 11);
  router = await routerFor(accepter, requester, circuit, 12);
  const granting = {
    RegionId: hangzhou,
    InstanceId: mine.vpcId,
    VbrOwnerUid: accepterKey.account,
    VbrRegionNo: hangzhou,
    GrantType: "All",
  };
  succeeded(await requester.vpc("GrantInstanceToVbr", granting));
  grant = (await allEvents(server)).find(({ kind }) => kind === "vbr-grant")?.resource ?? "";

  const gateway = { RegionId: hangzhou, VpcId: mine.vpcId, Bandwidth: 10, EnableIpsec: true, InstanceChargeType: "POSTPAY" };
  const { VpnGatewayId } = succeeded(await requester.vpc("CreateVpnGateway", gateway)).body;
  const customer = succeeded(await requester.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress: "198.51.100.7" })).body;
  await server.advance();
  const connection = { RegionId: hangzhou, VpnGatewayId, CustomerGatewayId: customer.CustomerGatewayId };
  const subnets = {
    LocalSubnet: "10.0.0.0/16",
    RemoteSubnet: "10.9.0.0/16",
    IpsecConfig: "{}",
    IkeConfig: JSON.stringify({ Psk: secret }),
  };
  succeeded(await requester.vpc("CreateVpnConnection", { ...connection, ...subnets }));
  await server.advance();
  await everything.reached(await newestId(server));
});
after(async () => {
  everything.close();
  await server.stop();
});

/** What a query brings of all that the log has. */
async function told(query: Readonly<Record<string, string | number>>, headers: Readonly<Record<string, string>> = {}): Promise<any[]> {
  const watcher = await Watcher.follow(server, query, headers);
  await watcher.reached(await newestId(server));
  watcher.close();
  assert.equal(watcher.messages.length, watcher.events.length, "and nothing of itself");
  return watcher.events;
}
/** The same, made from the log. */
async function expected(wanted: (event: any) => boolean): Promise<any[]> {
  return expectedOf(await allEvents(server)).filter(wanted);
}

test("it tells every change once and in order, with what it was", async () => {
  const first = everything.ids[0] ?? 0;
  assert.ok(first > 1, "it began with what happened then");
  assert.deepEqual(everything.events, await expected(({ id }) => id >= first));
  for (const { id, event, data } of everything.messages) assert.deepEqual([id, event], [String(data.id), data.event]);
  assert.ok(everything.events.length > 40, `${everything.events.length} events`);
  assert.equal(everything.headers["content-type"], "text/event-stream");
  assert.equal(everything.headers["cache-control"], "no-store");
});

test("it tells no field of a resource, and so no secret", async () => {
  const names = ["id", "at", "kind", "resource", "account", "region", "version", "event", "from", "to", "cause", "principal"];
  for (const event of everything.events) assert.deepEqual(Object.keys(event), names);
  assert.ok((await allEvents(server)).some(({ kind }) => kind === "vpn-connection"));
  assert.deepEqual(found(everything.text, [secret, requesterKey.secret, accepterKey.secret]), []);
  for (const { image } of await allEvents(server)) assert.ok(image === null || !everything.text.includes(image));
});

test("it goes on behind any event, by the header as by the parameter, and the header counts where there are both", async () => {
  const all = await expected(() => true);
  for (let after = 0; after <= all.length; after++) {
    const lastEventId = { "last-event-id": String(after) };
    const ways = [() => told({ after }), () => told({}, lastEventId), () => told({ after: 1 }, lastEventId)];
    const events = await ways[after % ways.length]?.();
    assert.deepEqual(events, all.slice(after), `after ${after}`);
  }
});

test("without a place it begins with what happens next", async () => {
  const watcher = await Watcher.follow(server);
  const place = await newestId(server);
  assert.equal(watcher.lastEventId, String(place), "and says from where on it would be resumed");
  const { body } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" }));
  await watcher.reached(await newestId(server));
  assert.deepEqual(watcher.events, await expected(({ id }) => id > place));
  assert.ok(watcher.events.some(({ resource, to }) => resource === body.VpcId && to === "Pending"));
  watcher.close();
  await server.advance();
});

test("an account sees what it owns, and what it has a part in with another, from its beginning to its end", async () => {
  const both = [peering, shared, router, grant];
  for (const account of [requesterKey.account, accepterKey.account]) {
    const events = await told({ after: 0, account });
    const wanted = (event: any): boolean => event.account === account || both.includes(event.resource) || event.resource.startsWith("pcc-");
    assert.deepEqual(events, await expected(wanted), account);
    for (const id of both)
      assert.ok(
        events.some(({ resource }) => resource === id),
        `${account} sees ${id}`,
      );
    const last = events.findLast(({ resource }) => resource === peering);
    assert.equal(last?.event, "forgotten", "to its last event, when nothing lists it any more");
    assert.equal(new Set(events.map((event) => event.account)).size, 2);
  }
  assert.deepEqual(await told({ after: 0, account: "1000000000000003" }), []);
});

test("whoever has a resource in its lists has a part in it by declaration", async () => {
  let others = 0;
  for (const { kind: name, image } of await allEvents(server)) {
    const kind = kinds.find((one) => one.name === name);
    if (kind === undefined || image === null) continue;
    const resource = JSON.parse(image);
    const parties = new Set([resource.account, ...(kind.sharedWith?.(resource) ?? [])]);
    for (const scope of kind.indexes["scope"]?.(resource) ?? []) {
      const [account = ""] = scope.split("\n");
      assert.ok(parties.has(account), `${name} ${resource.id} stands in the lists of ${account}`);
      if (account !== resource.account) others += 1;
    }
  }
  assert.ok(others > 0, "some stand in the lists of others");
});

test("a resource is named by its id or a pattern, a kind by its name, and all that is named has to hold", async () => {
  const account = accepterKey.account;
  assert.deepEqual(await told({ after: 0, resource: peering }), await expected(({ resource }) => resource === peering));
  assert.deepEqual(await told({ after: 0, resource: "pc*" }), await expected(({ resource }) => resource.startsWith("pc")));
  assert.deepEqual(await told({ after: 0, resource: "p?c-*" }), await expected(({ resource }) => resource.startsWith("pcc-")));
  assert.deepEqual(await told({ after: 0, resource: "*" }), await expected(() => true));
  assert.deepEqual(await told({ after: 0, resource: peering.slice(0, -1) }), [], "a part of an id is none");
  assert.deepEqual(await told({ after: 0, kind: "vpc" }), await expected(({ kind }) => kind === "vpc"));
  const narrow = await told({ after: 0, kind: "vpc", account, resource: "vpc-2ze*" });
  assert.deepEqual(narrow, await expected((event) => event.kind === "vpc" && event.account === account));
  assert.ok(narrow.length > 0);
});

test("what cannot be meant is refused, and told what can", async () => {
  const cases: [query: Record<string, string>, headers: Record<string, string>, says: RegExp, status?: number][] = [
    [{ after: "-1" }, {}, /whole numbers from 0/],
    [{ after: "soon" }, {}, /whole numbers from 0/],
    [{ kind: "vpcs" }, {}, /vpc, vrouter/],
    [{ account: "nobody" }, {}, /account list/, 404],
    [{ resources: "x" }, {}, /resources is none of after/],
    [{}, { "last-event-id": "abc" }, /id of an event/],
    [{}, { "last-event-id": "1".repeat(16) }, /id of an event/],
  ];
  for (const [query, headers, says, status = 400] of cases) {
    const watcher = await Watcher.open(server, query, headers);
    await watcher.closed();
    assert.equal(watcher.status, status, watcher.text);
    assert.match(JSON.parse(watcher.text).advice, says);
  }
});

test("no event has a name that browsers have another use for", () => {
  const taken = ["open", "error", "message", "gap"];
  for (const { states, name } of kinds) {
    const names = [...Object.keys(states.initial), ...Object.values(states.states).flatMap(({ moves }) => Object.keys(moves))];
    for (const one of names) assert.ok(!taken.includes(one), `${name}: ${one}`);
  }
});
