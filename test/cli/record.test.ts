import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import type { Caller } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { outcome } from "../support/outcomes.ts";
import { freshName, mayAssume, roleWith, sessionOf, userWith } from "../support/principals.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { type Finished, linkspan } from "./run.ts";

/** `linkspan record` as its user runs it: from calls to the least policies that allow them. */

const folder = temporaryFolder();
const start = (): Promise<SpawnedServer> => spawnServer({ folder, environment: { LINKSPAN_PACE: "instant" } });
let server: SpawnedServer;
before(async () => {
  server = await start();
});
beforeEach(async () => {
  await record("stop");
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const record = (command: "start" | "show" | "stop"): Promise<Finished> => linkspan(["record", command, "--url", server.url]);
/** What a recording prints: policies by principal. The words beside it are another stream's. */
async function recorded(command: "show" | "stop"): Promise<Record<string, any[]>> {
  const { code, stdout, stderr } = await record(command);
  assert.equal(code, 0, stderr);
  assert.match(stderr, command === "show" ? /^Recorded since \S+, and still recording\. / : /^Recorded since \S+\. /);
  return JSON.parse(stdout);
}
async function begun(): Promise<void> {
  const { code, stdout, stderr } = await record("start");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /linkspan record stop/);
}

const newVpc = async (owner: Caller): Promise<string> => succeeded(await owner.vpc("CreateVpc", { RegionId: hangzhou })).body.VpcId;
const describe = (caller: Caller, VpcId: string) => caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId });
const arnOf = (owner: Caller, what: string): string => `acs:vpc:${hangzhou}:${owner.key.account}:${what}`;
const denied = new Set(["Forbidden.RAM", "NoPermission"]);

test("before the first recording there is nothing, which stdout says as JSON and stderr in words", async () => {
  const folderOfItsOwn = await spawnServer();
  try {
    for (const command of ["show", "stop"]) {
      const { code, stdout, stderr } = await linkspan(["record", command, "--url", folderOfItsOwn.url]);
      assert.deepEqual([code, stdout, stderr], [0, "{}\n", "Nothing was recorded yet: linkspan record start\n"]);
    }
  } finally {
    await folderOfItsOwn.stop();
  }
});

test("every principal that calls has an entry: roots, users and roles, whose sessions are one", async () => {
  const { requester: root, accepter } = server;
  const vpc = await newVpc(root);
  const { name, caller: user } = await userWith(root, mayAssume);
  const role = await roleWith(accepter, [{ Effect: "Allow", Action: "*", Resource: "*" }], [root.key.account]);
  const early = await sessionOf(user, role.arn, { RoleSessionName: "early" });
  succeeded(await early.ram("ListUsers"));

  await begun();
  succeeded(await describe(root, vpc));
  const late = await sessionOf(user, role.arn, { RoleSessionName: "late" });
  succeeded(await early.ram("ListRoles"));
  succeeded(await late.ram("ListGroups"));
  succeeded(await late.sts("GetCallerIdentity"));
  const shown = await recorded("show");
  // A denied call counts like any other: its caller needs what it asked for.
  refusedWith(await describe(user, vpc), "Forbidden.RAM", 403);

  const allowing = (Action: string | string[], Resource: string) => ({ Effect: "Allow", Action, Resource });
  const policy = (...Statement: object[]) => [{ Version: "1", Statement }];
  const assuming = allowing("sts:AssumeRole", role.arn);
  const { account } = accepter.key;
  const others = {
    [`acs:ram::${root.key.account}:root`]: policy(allowing("vpc:DescribeVpcAttribute", arnOf(root, `vpc/${vpc}`))),
    [role.arn]: policy(
      allowing("ram:ListGroups", `acs:ram:*:${account}:group/*`),
      allowing("ram:ListRoles", `acs:ram:*:${account}:role/*`),
    ),
  };
  const userArn = `acs:ram::${root.key.account}:user/${name}`;
  assert.deepEqual(shown, { ...others, [userArn]: policy(assuming) });
  const stopped = await recorded("stop");
  assert.deepEqual(stopped, {
    ...others,
    [userArn]: policy(assuming, allowing("vpc:DescribeVpcAttribute", arnOf(root, `vpc/${vpc}`))),
  });

  // What is called later changes nothing. The policies stay until the next recording.
  succeeded(await root.vpc("DescribeVpcs", { RegionId: hangzhou }));
  assert.deepEqual(await recorded("stop"), stopped);
});

test("what is printed, attached to a fresh user, allows the very calls that were recorded and no other", async () => {
  const { requester: root } = server;
  const [one, other] = [await newVpc(root), await newVpc(root)];
  const { name } = await userWith(root);
  /** Calls that may be made again and again. */
  const calls: Readonly<Record<string, (caller: Caller) => ReturnType<Caller["vpc"]>>> = {
    "list the VPCs": (caller) => caller.vpc("DescribeVpcs", { RegionId: hangzhou }),
    "read one VPC": (caller) => describe(caller, one),
    "read another VPC": (caller) => describe(caller, other),
    "change one VPC": (caller) => caller.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId: one, VpcName: "changed" }),
    "change another VPC": (caller) => caller.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId: other, VpcName: "changed" }),
    "read VPCs of another region": (caller) => caller.vpc("DescribeVpcs", { RegionId: "cn-beijing" }),
    "make a vSwitch that does not fit": (caller) =>
      caller.vpc("CreateVSwitch", { RegionId: hangzhou, VpcId: one, ZoneId: `${hangzhou}-b`, CidrBlock: "203.0.113.0/24" }),
    "delete a VPC that is not there": (caller) => caller.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: "vpc-none" }),
    "tag one VPC and another": (caller) =>
      caller.vpc("TagResources", { RegionId: hangzhou, ResourceType: "VPC", ResourceId: [one, other], Tag: [{ Key: "a", Value: "b" }] }),
    "list peerings": (caller) => caller.peer("ListVpcPeerConnections", { RegionId: hangzhou }),
    "delete a peering that is not there": (caller) => caller.peer("DeleteVpcPeerConnection", { InstanceId: "pcc-none" }),
    "read a user": (caller) => caller.ram("GetUser", { UserName: name }),
    "list users": (caller) => caller.ram("ListUsers"),
    "read a policy of the system": (caller) => caller.ram("GetPolicy", { PolicyType: "System", PolicyName: "AdministratorAccess" }),
    "take a role that is not there": (caller) =>
      caller.sts("AssumeRole", { RoleArn: `acs:ram::${root.key.account}:role/none`, RoleSessionName: "session" }),
  };
  const names = Object.keys(calls);
  // One principal makes every second call, another the rest: with permission or without, what they asked for is the same.
  const halves = [names.filter((_, index) => index % 2 === 0), names.filter((_, index) => index % 2 === 1)];
  for (const permitted of [true, false]) {
    const principals = [];
    for (const _ of halves)
      principals.push(await userWith(root, ...(permitted ? [{ Effect: "Allow", Action: "*", Resource: "*" } as const] : [])));
    await begun();
    for (const [index, half] of halves.entries()) {
      for (const call of half) assert.equal(denied.has(outcome(await calls[call]!(principals[index]!.caller))), !permitted, call);
    }
    const policies = await recorded("stop");
    for (const [index, half] of halves.entries()) {
      const fresh = await userWithDocuments(root, policies[`acs:ram::${root.key.account}:user/${principals[index]!.name}`] ?? []);
      for (const [call, make] of Object.entries(calls)) {
        assert.equal(!denied.has(outcome(await make(fresh))), half.includes(call), `${call}, of ${half.join(", ")}`);
      }
    }
  }
});

/** A user to whom these documents are attached, each as a policy of its own. */
async function userWithDocuments(root: Caller, documents: readonly object[]): Promise<Caller> {
  const { name, caller } = await userWith(root);
  for (const document of documents) {
    const PolicyName = freshName("recorded");
    succeeded(await root.ram("CreatePolicy", { PolicyName, PolicyDocument: JSON.stringify(document) }));
    succeeded(await root.ram("AttachPolicyToUser", { PolicyType: "Custom", PolicyName, UserName: name }));
  }
  return caller;
}

test("more than one policy can hold is split into several, none of which RAM refuses", async () => {
  const { requester: root } = server;
  await begun();
  const ids = Array.from({ length: 150 }, (_, index) => `vpc-bp1${String(index).padStart(18, "0")}`);
  for (const id of ids) succeeded(await describe(root, id));
  const documents = (await recorded("stop"))[`acs:ram::${root.key.account}:root`] ?? [];
  assert.ok(documents.length > 1);
  assert.deepEqual(
    documents.flatMap(({ Statement }) => Statement.flatMap(({ Resource }: any) => Resource)),
    ids.map((id) => arnOf(root, `vpc/${id}`)),
  );
  const fresh = await userWithDocuments(root, documents);
  for (const id of [ids.at(0), ids.at(75), ids.at(-1)]) succeeded(await describe(fresh, id ?? ""));
  refusedWith(await describe(fresh, "vpc-bp1"), "Forbidden.RAM", 403);
});

test("a recording that is on cannot be begun again, which would lose it; one that is over can, and forgets what was before", async () => {
  const { requester: root } = server;
  await begun();
  succeeded(await root.ram("ListUsers"));
  const again = await record("start");
  assert.deepEqual([again.code, again.stdout], [1, ""]);
  assert.match(again.stderr, /^linkspan: A recording is on since \d{4}-\S+\. — .*linkspan record stop/);
  assert.doesNotMatch(again.stderr, /^ {4}at /m);
  const actionsOf = (policies: Record<string, any[]>): string[] =>
    Object.values(policies).flatMap((documents) => documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }: any) => Action)));
  assert.deepEqual(actionsOf(await recorded("show")), ["ram:ListUsers"]);
  await recorded("stop");
  await begun();
  assert.deepEqual(await recorded("show"), {});
  succeeded(await root.ram("ListRoles"));
  assert.deepEqual(actionsOf(await recorded("stop")), ["ram:ListRoles"]);
});

test("a server that starts again has forgotten its recording, and records nothing", async () => {
  await begun();
  succeeded(await server.requester.ram("ListUsers"));
  await server.kill("SIGKILL");
  server = await start();
  succeeded(await server.requester.ram("ListRoles"));
  const { stdout, stderr } = await record("stop");
  assert.deepEqual([stdout, stderr], ["{}\n", "Nothing was recorded yet: linkspan record start\n"]);
});
