import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Parameters } from "../support/caller.ts";
import { found } from "../store/found.ts";
import { activePeering, availableVpc, beijing, hangzhou, succeeded, type TestVpc } from "../support/networks.ts";
import { requesterKey, type InProcessServer, startServer } from "../support/server.ts";
import { connectionIn, customerGatewayIn, gatewayIn } from "../vpn/support.ts";
import { newestEvent, pictureOf } from "./pictures.ts";

/** What the log tells: changes, states as of an event, and what differs between two. */

const bgpKey = "a-bgp-key-0815";
const otherKey = "another-bgp-key";
let server: InProcessServer;
let vpc: TestVpc;
let theirs: TestVpc;
let peering: string;
/** Newest event after each stage. */
const points: number[] = [];
const point = async (): Promise<void> => void points.push(await newestEvent(server));

async function get(path: string): Promise<any> {
  const { status, body } = await server.admin("GET", path);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}
/** All pages of a list. */
async function all(path: string, cursor: string, limit: number): Promise<any[]> {
  const entries = [];
  for (let more = ""; ;) {
    const page = await get(`${path}${path.includes("?") ? "&" : "?"}limit=${limit}${more}`);
    entries.push(...(page.events ?? page.resources));
    if (page.next === null) return entries;
    assert.equal((page.events ?? page.resources).length, limit, "a page that is not the last is full");
    more = `&${cursor}=${page.next}`;
  }
}

let renamed = "";
let customer = "";
before(async () => {
  server = await startServer();
  await point();
  vpc = await availableVpc(server, server.requester, hangzhou, { VpcName: "before" });
  theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.9.0.0/16" });
  peering = await activePeering(server, vpc, theirs);
  await point();
  renamed = succeeded(await server.requester.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId: vpc.vpcId, VpcName: "after" })).body
    .RequestId;
  const gateway = { RegionId: hangzhou, IpAddress: "203.0.113.7", Asn: 65001, AuthKey: bgpKey };
  customer = succeeded(await server.requester.vpc("CreateCustomerGateway", gateway)).body.CustomerGatewayId;
  await point();
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering }));
  await server.advance(200);
  const second = { RegionId: hangzhou, CustomerGatewayId: customer };
  succeeded(await server.requester.vpc("DeleteCustomerGateway", second));
  await point();
});
after(() => server.stop());

test("changes are listed newest first, page by page, each with who made it and because of what", async () => {
  const { oldest, newest, events } = await get("history?limit=1000");
  assert.deepEqual([oldest, newest], [1, points.at(-1)]);
  assert.deepEqual(
    events.map(({ id }: any) => id),
    Array.from({ length: newest }, (_, index) => newest - index),
  );
  assert.deepEqual(await all("history", "before", 7), events);
  const one = events.find(({ cause }: any) => cause === renamed);
  const { at: _at, id: _id, version: _version, ...rest } = one;
  assert.deepEqual(rest, {
    kind: "vpc",
    resource: vpc.vpcId,
    account: requesterKey.account,
    region: hangzhou,
    event: "ModifyVpcAttribute",
    from: "Available",
    to: "Available",
    cause: renamed,
    principal: "acs:ram::1000000000000001:root",
  });
});

test("changes are filtered by account, kind, resource and cause, and a deletion knows whose it was", async () => {
  const { events } = await get("history?limit=1000");
  const filters: readonly [string, (event: any) => boolean][] = [
    [`account=${theirs.owner.key.account}`, ({ account }) => account === theirs.owner.key.account],
    ["kind=vpc", ({ kind }) => kind === "vpc"],
    [`resource=${peering}`, ({ resource }) => resource === peering],
    [`cause=${renamed}`, ({ cause }) => cause === renamed],
    [
      `cause=task&kind=vpc&account=${requesterKey.account}`,
      (one) => one.cause === "task" && one.kind === "vpc" && one.account === requesterKey.account,
    ],
    ["account=1", () => false],
  ];
  for (const [query, passes] of filters) {
    const wanted = events.filter(passes);
    assert.deepEqual((await get(`history?limit=1000&${query}`)).events, wanted, query);
    assert.deepEqual(await all(`history?${query}`, "before", 2), wanted, query);
  }
  const gone = (await get(`history?resource=${peering}`)).events[0];
  assert.deepEqual([gone.from, gone.to, gone.account], ["Deleted", "", requesterKey.account]);
});

test("the state as of any event is what the log says, page by page and filtered", async () => {
  for (let event = 1; event <= (points.at(-1) as number); event++) {
    const whole = await get(`history/${event}?limit=1000`);
    const wanted = (await pictureOf(server, whole.event)).sort((one, other) => (one.id < other.id ? -1 : 1));
    assert.ok(whole.event >= event);
    assert.deepEqual(
      whole.resources.map(({ id, kind, fields: { version: _version, ...fields } }: any) => ({ id, kind, fields })),
      wanted.map(({ id, kind, fields }) => {
        const masked = ["secret", "authKey", "trustPolicy", "psks"].filter((field) => field in fields);
        return { id, kind, fields: { ...fields, ...Object.fromEntries(masked.map((field) => [field, "******"])) } };
      }),
    );
    if (event % 9 === 0) assert.deepEqual(await all(`history/${event}`, "after", 3), whole.resources);
  }
  const [start, , later] = points;
  assert.deepEqual((await get(`history/${later}?kind=vpc`)).resources.map(({ id }: any) => id).sort(), [vpc.vpcId, theirs.vpcId].sort());
  assert.deepEqual(
    (await get(`history/${later}?kind=vpc&account=${requesterKey.account}`)).resources.map(({ id }: any) => id),
    [vpc.vpcId],
  );
  assert.equal((await get(`history/${later}?resource=${peering}`)).resources[0].fields.state, "Activated");
  assert.deepEqual((await get(`history/${start}?resource=${peering}`)).resources, []);
  assert.deepEqual((await get(`history/${points.at(-1)}?resource=${peering}`)).resources, []);
});

test("a difference names what was created, changed and gone, the fields, and the requests that did it", async () => {
  const [, second, third, last] = points as [number, number, number, number];
  const { resources } = await get(`history/diff?from=${second}&to=${third}`);
  assert.deepEqual(
    resources.map(({ id, change }: any) => [id, change]),
    [
      [customer, "created"],
      [vpc.vpcId, "changed"],
    ],
  );
  const changed = resources[1];
  assert.deepEqual(
    changed.fields.filter(({ name }: any) => name !== "modifiedAt"),
    [{ name: "name", before: "before", after: "after" }],
  );
  assert.deepEqual(
    changed.by.map(({ cause, event, principal }: any) => [cause, event, principal]),
    [[renamed, "ModifyVpcAttribute", "acs:ram::1000000000000001:root"]],
  );
  assert.equal((await get(`requests/${changed.by[0].cause}`)).action, "ModifyVpcAttribute");

  const gone = (await get(`history/diff?from=${third}&to=${last}`)).resources;
  assert.deepEqual(
    gone.map(({ id, change }: any) => [id, change]),
    [
      [customer, "gone"],
      [peering, "gone"],
    ],
  );
  assert.deepEqual(
    gone[1].by.map(({ cause }: any) => (cause === "task" ? cause : "request")),
    ["task", "task", "request"],
  );
  assert.ok(gone[1].fields.every((field: any) => "before" in field && !("after" in field)));
  // What came and went in between is no difference, and neither is what a rewind has undone.
  const across = (await get(`history/diff?from=${second}&to=${last}`)).resources;
  assert.deepEqual(across.map(({ id }: any) => id).sort(), [vpc.vpcId, peering].sort());
  assert.deepEqual((await get(`history/diff?from=${last}&to=${last}`)).resources, []);
  await server.admin("POST", "history/rewind", { to: third });
  await server.admin("POST", "history/rewind", { to: last });
  const newest = await newestEvent(server);
  assert.ok(newest > last);
  assert.deepEqual((await get(`history/diff?from=${last}&to=${newest}`)).resources, []);
});

test("a difference comes page by page, and filtered", async () => {
  const [first, , , last] = points as [number, number, number, number];
  const whole = (await get(`history/diff?from=${first}&to=${last}&limit=1000`)).resources;
  assert.ok(whole.length > 5);
  assert.deepEqual(await all(`history/diff?from=${first}&to=${last}`, "before", 2), whole);
  for (const [query, passes] of [
    ["kind=vpc", ({ kind }: any) => kind === "vpc"],
    [`account=${theirs.owner.key.account}`, ({ account }: any) => account === theirs.owner.key.account],
    [`resource=${vpc.vpcId}`, ({ id }: any) => id === vpc.vpcId],
  ] as const) {
    assert.deepEqual((await get(`history/diff?from=${first}&to=${last}&${query}`)).resources, whole.filter(passes), query);
  }
});

test("a secret is shown nowhere, and a change of one says that it is another", async () => {
  const from = await newestEvent(server);
  const gateway = await gatewayIn(server, vpc);
  const other = await customerGatewayIn(server.requester, { Asn: 65002, AuthKey: otherKey });
  const shared = ["a-pre-shared-key-1", "a-pre-shared-key-2"] as const;
  const psk = (Psk: string): Parameters => ({ IkeConfig: JSON.stringify({ Psk }) });
  const VpnConnectionId = await connectionIn(server, vpc, gateway, other, psk(shared[0]));
  const middle = await newestEvent(server);
  const modified = { RegionId: hangzhou, VpnConnectionId, ...psk(shared[1]) };
  succeeded(await server.requester.vpc("ModifyVpnConnectionAttribute", modified));
  await server.advance(60);
  const to = await newestEvent(server);
  const { resources } = await get(`history/diff?from=${middle}&to=${to}&resource=${VpnConnectionId}`);
  assert.deepEqual(
    resources[0].fields.filter(({ name }: any) => name === "psks"),
    [{ name: "psks", before: "******", after: "******" }],
  );
  const told = JSON.stringify([
    await get(`history/diff?from=${from}&to=${to}`),
    await get(`history/diff?from=1&to=${to}&limit=1000`),
    await get(`history/${to}?limit=1000`),
    await get(`history?limit=1000`),
  ]);
  assert.deepEqual(found(told, [bgpKey, otherKey, ...shared, requesterKey.secret]), []);
  // Not even sealed: what stands in the store is nobody's business.
  const sealed = await server.store.read(async (rows) => JSON.parse((await rows.resource(VpnConnectionId))?.body ?? "").psks);
  assert.ok(!told.includes(sealed));
});

test("bad questions are refused in words, and never fail", async () => {
  const newest = await newestEvent(server);
  for (const [path, status, error] of [
    ["history/0", 400, "OutsideHistory"],
    [`history/${newest + 1}`, 400, "OutsideHistory"],
    ["history/x", 404, "NotFound"],
    ["history/-1", 404, "NotFound"],
    ["history/1e3", 404, "NotFound"],
    ["history/99999999999999999999", 404, "NotFound"],
    [`history/diff?from=5&to=4`, 400, "InvalidParameter"],
    [`history/diff?from=0&to=4`, 400, "OutsideHistory"],
    [`history/diff?from=1&to=${newest + 1}`, 400, "OutsideHistory"],
    ["history/diff?from=1", 400, "Missingto"],
    ["history?limit=0", 400, "Invalidlimit"],
    ["history?limit=1001", 400, "Invalidlimit"],
    ["history?before=x", 400, "Invalidbefore"],
    ["history?kind=vcp", 400, "InvalidParameter"],
    ["history?colour=red", 400, "InvalidParameter"],
  ] as const) {
    const answer = await server.admin("GET", path);
    assert.deepEqual([answer.status, answer.body.error], [status, error], path);
  }
  assert.deepEqual((await get("history?before=1")).events, []);
  assert.deepEqual((await get("history?before=0")).events, []);
  assert.deepEqual((await get(`history/1?after=zzz`)).resources, []);
});
