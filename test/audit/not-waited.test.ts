import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { audit } from "../../src/gateway/audit/audit.ts";
import type { RequestRecord } from "../../src/gateway/request-log.ts";
import { kinds } from "../../src/services/kinds.ts";
import type { Answer, Caller } from "../support/caller.ts";
import { groupId, hangzhou, refusedWith } from "../support/networks.ts";
import { userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { foundNothing, foundOf, foundOne, ok, requestIdOf } from "./support.ts";

/** Writes that come while the client's own work goes on, where work takes time (stepped), and where it takes none (instant). */

let stepped: InProcessServer;
let instant: InProcessServer;
/** What was answered by the latter. */
const log: RequestRecord[] = [];
before(async () => {
  [stepped, instant] = await Promise.all([startServer(), startServer({ pace: "instant", onRequest: (record) => log.push(record) })]);
});
after(() => Promise.all([stepped.stop(), instant.stop()]));

const vpc = (caller: Caller): Promise<Answer> => ok(caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" }));
const vSwitch = (caller: Caller, VpcId: string, third = 0): Promise<Answer> =>
  caller.vpc("CreateVSwitch", { RegionId: hangzhou, VpcId, ZoneId: `${hangzhou}-b`, CidrBlock: `10.0.${third}.0/24` });
const look = (caller: Caller, VpcId: string): Promise<Answer> => ok(caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId }));
const lookAt = (caller: Caller, VSwitchId: string): Promise<Answer> =>
  ok(caller.vpc("DescribeVSwitchAttributes", { RegionId: hangzhou, VSwitchId }));
const remove = (caller: Caller, VpcId: string): Promise<Answer> => caller.vpc("DeleteVpc", { RegionId: hangzhou, VpcId });
const removeVSwitch = (caller: Caller, VSwitchId: string): Promise<Answer> =>
  ok(caller.vpc("DeleteVSwitch", { RegionId: hangzhou, VSwitchId }));

/** A VPC with a vSwitch, both waited for. */
async function network(server: InProcessServer, caller: Caller): Promise<{ VpcId: string; VSwitchId: string }> {
  const { VpcId } = (await vpc(caller)).body;
  await server.advance();
  await look(caller, VpcId);
  const { VSwitchId } = (await ok(vSwitch(caller, VpcId))).body;
  await server.advance();
  await lookAt(caller, VSwitchId);
  return { VpcId, VSwitchId };
}

test("something is made in what is still being made", async () => {
  const caller = await stepped.stranger();
  const made = await vpc(caller);
  const refused = refusedWith(await vSwitch(caller, made.body.VpcId), "IncorrectVpcStatus");
  const { seen, instead, operation } = await foundOne(stepped, caller, "not-waited", [made, refused]);
  assert.equal(operation, "CreateVSwitch");
  assert.match(seen, /^CreateVSwitch was refused with IncorrectVpcStatus: CreateVpc had put vpc-\w+ into the state Pending, \d+ ms before/);
  assert.match(instead, /^Call DescribeVpcAttribute every few seconds until the work of CreateVpc is done, then call CreateVSwitch\.$/);
});

test("something is deleted while what depends on it is being deleted", async () => {
  const caller = await stepped.stranger();
  const { VpcId, VSwitchId } = await network(stepped, caller);
  const removed = await removeVSwitch(caller, VSwitchId);
  const refused = refusedWith(await remove(caller, VpcId), "DependencyViolation.VSwitch");
  const { seen, resources } = await foundOne(stepped, caller, "not-waited", [removed, refused]);
  assert.match(seen, /DeleteVpc was refused with DependencyViolation.VSwitch: DeleteVSwitch had put vsw-\w+ into the state Deleting/);
  assert.deepEqual(resources, [VSwitchId, VpcId]);
});

test("not with a look between, whatever it showed, also by a list and by another key of the account", async () => {
  const looks: readonly ((caller: Caller, VpcId: string) => Promise<unknown>)[] = [
    look,
    (caller) => ok(caller.vpc("DescribeVpcs", { RegionId: hangzhou })),
    async (caller, VpcId) => {
      const { caller: user } = await userWith(caller, { Effect: "Allow", Action: "*", Resource: "*" });
      await look(user, VpcId);
    },
  ];
  for (const between of looks) {
    const caller = await stepped.stranger();
    const { VpcId } = (await vpc(caller)).body;
    await between(caller, VpcId);
    refusedWith(await vSwitch(caller, VpcId), "IncorrectVpcStatus");
    await foundNothing(stepped, caller);
  }
});

test("a look at something else is none", async () => {
  const caller = await stepped.stranger();
  const other = await network(stepped, caller);
  const made = await vpc(caller);
  await look(caller, other.VpcId);
  await ok(caller.vpc("DescribeRegions"));
  await foundOne(stepped, caller, "not-waited", [made, await vSwitch(caller, made.body.VpcId)]);
});

test("not when the same call is sent again until it goes through: that is a wait too", async () => {
  const caller = await stepped.stranger();
  const { VpcId } = (await vpc(caller)).body;
  refusedWith(await vSwitch(caller, VpcId), "IncorrectVpcStatus");
  assert.equal((await foundOf(stepped, caller)).length, 1);
  await stepped.advance();
  await ok(vSwitch(caller, VpcId));
  await foundNothing(stepped, caller);
});

test("not when time was advanced between: that is a wait too, which no request shows", async () => {
  const caller = await stepped.stranger();
  const { VpcId } = (await vpc(caller)).body;
  await stepped.advance();
  await ok(vSwitch(caller, VpcId));
  await foundNothing(stepped, caller);
  await stepped.admin("POST", "clock/pace", { pace: "real" });
  const other = await stepped.stranger();
  const { VpcId: second } = (await vpc(other)).body;
  await stepped.advance();
  await ok(vSwitch(other, second));
  await foundNothing(stepped, other);
  await stepped.admin("POST", "clock/pace", { pace: "stepped" });
});

test("not what another client of the account began", async () => {
  const caller = await stepped.stranger();
  const { caller: user } = await userWith(caller, { Effect: "Allow", Action: "*", Resource: "*" });
  const { VpcId } = (await vpc(user)).body;
  refusedWith(await vSwitch(caller, VpcId), "IncorrectVpcStatus");
  await foundNothing(stepped, caller);
});

test("where work takes no time, what would have been refused is found all the same", async () => {
  const caller = await instant.stranger();
  const made = await vpc(caller);
  const next = await ok(vSwitch(caller, made.body.VpcId));
  const { seen } = await foundOne(instant, caller, "not-waited", [made, next]);
  assert.match(
    seen,
    /^CreateVSwitch did not wait: CreateVpc had put vpc-\w+ into the state Pending, \d+ ms before, and nobody had looked at it/,
  );
});

/** A peering connection of two VPCs of one account, with a look at each step. */
async function peering(caller: Caller): Promise<string> {
  const [VpcId, AcceptingVpcId] = [(await vpc(caller)).body.VpcId, (await vpc(caller)).body.VpcId];
  for (const id of [VpcId, AcceptingVpcId]) await look(caller, id);
  const between = { VpcId, AcceptingVpcId, AcceptingRegionId: hangzhou, AcceptingAliUid: caller.key.account };
  return (await ok(caller.peer("CreateVpcPeerConnection", { RegionId: hangzhou, ...between }))).body.InstanceId;
}

test("but not with a look between, and not what no state refuses", async () => {
  const caller = await instant.stranger();
  const NewResourceGroupId = await groupId(caller);
  const ResourceId = await peering(caller);
  await ok(caller.peer("MoveResourceGroup", { RegionId: hangzhou, ResourceType: "PeerConnection", ResourceId, NewResourceGroupId }));
  await foundNothing(instant, caller);
});

test("and not a change or a deletion after another, which the client may be ready to try again when it is refused", async () => {
  const caller = await instant.stranger();
  const { VpcId, VSwitchId } = await network(instant, caller);
  await removeVSwitch(caller, VSwitchId);
  await ok(remove(caller, VpcId));
  const InstanceId = await peering(caller);
  await ok(caller.peer("GetVpcPeerConnectionAttribute", { InstanceId }));
  const modified = await ok(caller.peer("ModifyVpcPeerConnection", { InstanceId, Name: "new" }));
  const { changes } = (await instant.admin("GET", `requests/${requestIdOf(modified)}`)).body;
  assert.deepEqual(changes.map(({ to }: any) => to), ["Updating", "Activated"]); // prettier-ignore
  await ok(caller.peer("DeleteVpcPeerConnection", { InstanceId }));
  await foundNothing(instant, caller);
});

test("and not what found it at work, and was not refused for it", async () => {
  const byKind = new Map(kinds.map((kind) => [kind.name, kind]));
  const caller = await instant.stranger();
  const { VpcId } = (await vpc(caller)).body;
  await ok(vSwitch(caller, VpcId));
  const records = log.filter(({ account }) => account === caller.key.account);
  assert.deepEqual(audit(records, byKind).map(({ kind }) => kind), ["not-waited"]); // prettier-ignore
  const atWork = records.map((record) => {
    const targets = record.targets.map(({ parameter, kind, id }) => ({ parameter, kind, id, state: "Pending" }));
    return Object.assign({}, record, { targets });
  });
  assert.deepEqual(audit(atWork, byKind), []);
});
