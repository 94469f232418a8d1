import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller } from "../support/caller.ts";
import { hangzhou } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { foundNothing, foundOne, inTurn, ok, wallClock } from "./support.ts";

/** Looks at work that is under way, one right after the other. */

let server: InProcessServer;
before(async () => {
  server = await startServer({ pace: "real" });
});
after(() => server.stop());

const vpc = { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" };
const created = async (caller: Caller): Promise<string> => (await ok(caller.vpc("CreateVpc", vpc))).body.VpcId;
const look = (caller: Caller, VpcId: string): Promise<Answer> => ok(caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId }));

test("a loop without a pause", async () => {
  const caller = await server.stranger();
  const VpcId = await created(caller);
  const looks = await inTurn(4, () => look(caller, VpcId));
  assert.equal(looks.at(-1)?.body.Status, "Pending");
  const { operation, count, resources, seen } = await foundOne(server, caller, "fast-polling", looks);
  assert.deepEqual([operation, count, resources], ["DescribeVpcAttribute", 4, [VpcId]]);
  assert.match(seen, /^DescribeVpcAttribute was called 4 times with the same parameters while work was being done, often \d+ ms after/);
});

test("two looks in a second, and not one a second", async (t) => {
  const pass = wallClock(t);
  const polled = async (interval: number): Promise<[Caller, Answer[]]> => {
    const caller = await server.stranger();
    const VpcId = await created(caller);
    const looks = await inTurn(6, async () => {
      pass(interval);
      return look(caller, VpcId);
    });
    return [caller, looks];
  };
  const [hasty, looks] = await polled(500);
  await foundOne(server, hasty, "fast-polling", looks);
  for (const interval of [1_000, 3_000]) {
    const [caller] = await polled(interval);
    await foundNothing(server, caller);
  }
});

test("not while nothing is under way, however often it is read", async () => {
  const caller = await server.stranger();
  await inTurn(20, () => ok(caller.vpc("DescribeVpcs", { RegionId: hangzhou })));
  await inTurn(20, () => ok(caller.vpc("DescribeRegions")));
  await foundNothing(server, caller);
});

test("a list that shows several at work may be read by as many waits at once, and not more often", async () => {
  const caller = await server.stranger();
  for (let count = 0; count < 3; count++) await created(caller);
  const list = () => ok(caller.vpc("DescribeVpcs", { RegionId: hangzhou }));
  const looks = await inTurn(6, list);
  await foundNothing(server, caller);
  looks.push(await list());
  await foundOne(server, caller, "fast-polling", looks);
});

test("not the pages of one list, which are read one right after the other", async () => {
  const caller = await server.stranger();
  for (let count = 0; count < 6; count++) await created(caller);
  for (let PageNumber = 1; PageNumber <= 6; PageNumber++)
    await ok(caller.vpc("DescribeVpcs", { RegionId: hangzhou, PageSize: 1, PageNumber }));
  await foundNothing(server, caller);
});

test("not where time stands still, or is advanced between: how long somebody waited cannot be told", async (t) => {
  const stepped = await startServer();
  t.after(() => stepped.stop());
  const waiting = await stepped.stranger();
  const VpcId = await created(waiting);
  await inTurn(5, async () => {
    const answer = await look(waiting, VpcId);
    await stepped.advance(3);
    return answer;
  });
  await inTurn(5, () => look(waiting, VpcId));
  await foundNothing(stepped, waiting);
  await stepped.admin("POST", "clock/pace", { pace: "real" });
  const advancing = await stepped.stranger();
  const other = await created(advancing);
  await inTurn(5, async () => {
    const answer = await look(advancing, other);
    await stepped.advance(3);
    return answer;
  });
  await foundNothing(stepped, advancing);
});
