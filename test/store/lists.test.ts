import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "../support/fast-check.ts";
import { type Filter, listAll, type Resource, type ResourceKind } from "../../src/contract/resource-kind.ts";
import { gone } from "../../src/contract/state-table.ts";
import { type Kinds, StoredResources, WritableResources } from "../../src/engine/resources.ts";
import { SecretBox } from "../../src/engine/secrets.ts";
import { SqliteStore } from "../../src/store/sqlite.ts";
import { activePeering, availableVpc, beijing, hangzhou, routeTo, succeeded } from "../support/networks.ts";
import { startServer, temporaryFolder } from "../support/server.ts";

test("no call on the wire reads a whole table: every statement finds its rows by a key", async (t) => {
  const prepare = t.mock.method(DatabaseSync.prototype, "prepare");
  const server = await startServer({ record: false });
  t.after(() => server.stop());
  const mine = await availableVpc(server, server.requester);
  const theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.1.0.0/16" });
  const peering = await activePeering(server, mine, theirs);
  await routeTo(server, mine, "10.1.0.0/16", peering);
  const { requester } = server;
  const { VSwitchId } = succeeded(
    await requester.vpc("CreateVSwitch", { ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24", VpcId: mine.vpcId }),
  ).body;
  await server.advance();
  const tag = [{ Key: "stage", Value: "test" }, { Key: "team" }];
  const group = succeeded(await requester.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId: mine.vpcId })).body.ResourceGroupId;
  const RegionId = hangzhou;
  const tagged = { RegionId, ResourceType: "PeerConnection", ResourceId: [peering] };
  for (const [action, parameters] of [
    ["DescribeVpcs", { RegionId }],
    ["DescribeVpcs", { RegionId, VpcName: "a", IsDefault: false, EnableIpv6: false, ResourceGroupId: group, Tag: tag }],
    ["DescribeVpcs", { RegionId, VpcId: mine.vpcId, PageNumber: 2 }],
    ["DescribeVRouters", { RegionId }],
    ["DescribeVSwitches", { RegionId, VpcId: mine.vpcId, ZoneId: "cn-hangzhou-b", VSwitchName: "a", IsDefault: false }],
    ["DescribeVSwitchAttributes", { RegionId, VSwitchId }],
    ["DescribeRouteEntryList", { RegionId, RouteTableId: mine.routeTableId }],
    [
      "DescribeRouteEntryList",
      { RegionId, RouteTableId: mine.routeTableId, NextHopId: peering, RouteEntryType: "Custom", RouteEntryName: "a" },
    ],
    ["DescribeRouteTableList", { RegionId, VpcId: mine.vpcId }],
    ["DescribeRouteTables", { RegionId, RouteTableId: mine.routeTableId }],
    ["DeleteVSwitch", { RegionId, VSwitchId }],
  ] as const) {
    succeeded(await requester.vpc(action, parameters));
  }
  for (const [action, parameters] of [
    ["TagResources", { ...tagged, Tag: [{ Key: "stage", Value: "test" }] }],
    ["ListVpcPeerConnections", {}],
    ["ListVpcPeerConnections", { RegionId, VpcId: [mine.vpcId, theirs.vpcId], Name: "a", ResourceGroupId: group, Tags: tag }],
    ["ListTagResources", tagged],
    ["ListTagResources", { ...tagged, ResourceId: undefined, Tag: tag }],
    ["UnTagResources", { ...tagged, All: true }],
    ["ModifyVpcPeerConnection", { InstanceId: peering, Name: "b", ClientToken: "once" }],
  ] as const) {
    succeeded(await requester.peer(action, parameters));
  }
  await server.advance();
  succeeded(await requester.peer("DeleteVpcPeerConnection", { InstanceId: peering, Force: true }));
  await server.advance(200);

  const statements = new Set(prepare.mock.calls.map((call) => call.arguments[0]));
  prepare.mock.restore();
  const planned = [...statements].filter((sql) => /^(SELECT|UPDATE|DELETE)\b.*\bWHERE\b/s.test(sql) && !/FROM holder/.test(sql));
  const database = new DatabaseSync(join(server.folder, "linkspan.db"), { readOnly: true });
  t.after(() => database.close());
  const lists = planned.filter((sql) => /^SELECT r\.\*|^SELECT r\.id\b/.test(sql) && /FROM index_entry e\b/.test(sql));
  assert.ok(lists.length >= 4, "lists with one filter and with several were seen");
  assert.ok(planned.length >= 15, `${planned.length} statements were seen`);
  for (const sql of planned) {
    const steps = (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail);
    const inner = new Set(steps.map((step) => /^CO-ROUTINE (\w+)$/.exec(step)?.[1]));
    for (const step of steps) {
      const [, table] = /^SCAN (\w+)/.exec(step) ?? [];
      // A walk along an index in its order, ended by LIMIT, costs no more than its page; so does reading a page once more.
      const walk = /^SCAN \w+ USING (COVERING )?INDEX/.test(step) && / LIMIT \?/.test(sql);
      assert.ok(table === undefined || walk || inner.has(table), `${step}\n${sql}`);
      assert.doesNotMatch(step, /TEMP B-TREE|AUTOMATIC/, sql);
    }
    if (lists.includes(sql)) {
      assert.ok(steps.includes("SEARCH e USING PRIMARY KEY (value=? AND kind=? AND name=? AND position>?)"), steps.join("\n"));
      assert.ok(steps.includes("SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"), steps.join("\n"));
    }
  }
});

interface Berth {
  readonly name: string;
  readonly colours: readonly string[];
  readonly depth: number;
}
/** A kind that no service knows: the store and the engine need no change for it. */
function berthKind(name: string): ResourceKind<Berth> {
  return {
    name,
    idPrefix: "berth",
    idHasRegionCode: false,
    states: {
      initial: { build: "Open" },
      states: {
        Open: { meaning: "ships may moor", moves: { close: "Closed", remove: gone } },
        Closed: { meaning: "none may", moves: { open: "Open", remove: gone } },
      },
    },
    indexes: {
      all: () => ["*"],
      colour: ({ colours }) => colours,
      name: ({ name }) => [name],
      closed: ({ state }) => (state === "Closed" ? ["*"] : []),
    },
    counted: ["all", "colour"],
  };
}

const colour = fc.constantFrom("red", "green", "blue");
const berth = fc.record({
  name: fc.oneof(fc.constantFrom("a", "b"), fc.string({ unit: "grapheme", maxLength: 20 })),
  colours: fc.uniqueArray(colour),
  depth: fc.double({ noNaN: true, noDefaultInfinity: true }).map((depth) => depth + 0),
});
const place = fc.nat({ max: 30 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant("build" as const), berth }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("rebuild" as const), place, berth }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("turn" as const), place }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("remove" as const), place }) },
  // Does everything at once and then fails, so that nothing of it may be left.
  { weight: 1, arbitrary: fc.record({ does: fc.constant("fail" as const), place, berth }) },
);

test("after random changes every list, page and total is that of a model, and every body is what was written", async (t) => {
  const folder = temporaryFolder();
  const store = new SqliteStore(folder);
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const secrets = new SecretBox(Buffer.alloc(32));
  let runs = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, together) => {
      const kind = berthKind(`berth-${runs++}`);
      const kinds: Kinds = new Map([[kind.name, kind]]);
      const write = (work: (state: WritableResources) => Promise<void>): Promise<void> =>
        store.write((rows) =>
          work(new WritableResources(rows, kinds, secrets, { now: 7, pace: "fast", cause: "test", principal: "test" })),
        );
      let model: Resource<Berth>[] = [];

      const apply = async (one: (typeof steps)[number]): Promise<void> => {
        const before = model;
        const chosen = "place" in one ? model[one.place % Math.max(1, model.length)] : undefined;
        const replaced = (next?: Resource<Berth>): Resource<Berth>[] =>
          model.flatMap((other) => (other.id !== chosen?.id ? [other] : next === undefined ? [] : [next]));
        await write(async (state) => {
          const given = "berth" in one ? { ...one.berth, id: state.newId(kind), account: "1", region: "" } : undefined;
          if (one.does === "build" && given !== undefined) model = [...model, await state.create(kind, given, "build")];
          else if (chosen === undefined) return;
          else if (one.does === "rebuild") {
            await state.change(kind, chosen, one.berth);
            model = replaced({ ...chosen, ...one.berth, version: chosen.version + 1 });
          } else if (one.does === "turn") {
            await state.move(kind, chosen, chosen.state === "Open" ? "close" : "open");
            model = replaced({ ...chosen, state: chosen.state === "Open" ? "Closed" : "Open", version: chosen.version + 1 });
          } else if (one.does === "remove") {
            await state.move(kind, chosen, "remove");
            model = replaced();
          } else if (given !== undefined) {
            await state.create(kind, given, "build");
            await state.move(kind, chosen, "remove");
            throw new Error("on purpose");
          }
        }).catch((error: Error) => {
          if (error.message !== "on purpose") throw error;
          model = before;
        });
      };
      // Together the writes share commits, and still run one after another in their order.
      if (together) await Promise.all(steps.map(apply));
      else for (const one of steps) await apply(one);

      const filters: Filter[] = [
        [["all", "*"]],
        ...["red", "green", "blue", "mauve"].map((value): Filter => [["colour", value]]),
        [["closed", "*"]],
        [["name", "a"]],
        [["name", "b"], ["closed", "*"]],
        [["colour", "red"], ["colour", "blue"], ["name", "a"]],
      ]; // prettier-ignore
      await store.read(async (rows) => {
        const state = new StoredResources(rows, kinds, secrets);
        for (const filter of filters) {
          const expected = model.filter((one) => filter.every(([index, value]) => kind.indexes[index]?.(one).includes(value)));
          const what = JSON.stringify(filter);
          assert.deepEqual(await listAll(state, kind, filter), expected, what);
          assert.equal(await state.count(kind, filter), expected.length, what);
          for (let offset = 0; offset <= expected.length; offset += 3) {
            const page = await state.list(kind, filter, { offset, limit: 3 });
            assert.deepEqual(
              page.map(({ resource }) => resource),
              expected.slice(offset, offset + 3),
              `${what} from ${offset}`,
            );
            const [last] = page.slice(-1);
            if (last === undefined) continue;
            const next = await state.list(kind, filter, { after: last.position, limit: 3 });
            assert.deepEqual(
              next.map(({ resource }) => resource),
              expected.slice(offset + page.length, offset + page.length + 3),
              `${what} behind ${last.position}`,
            );
          }
        }
        for (const one of model) assert.deepEqual(await state.get(kind, one.id), one);
      });
    }),
    { numRuns: 60 },
  );
});
