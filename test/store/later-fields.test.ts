import assert from "node:assert/strict";
import { join } from "node:path";
import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { kinds } from "../../src/services/index.ts";
import { Caller } from "../support/caller.ts";
import { availableVpc, hangzhou, instanceRoute, refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { userWith } from "../support/principals.ts";
import { type InProcessServer, startServer, temporaryFolder } from "../support/server.ts";
import { assertReplayGivesRows, readStore } from "./replay.ts";

/** A store that an earlier version wrote, in which resources lack the fields that their kinds got later. */
const folder = temporaryFolder();
let server: InProcessServer;
let vpc: TestVpc;
let other: TestVpc;

/** Takes the later fields out of every image, in rows and events, past all of Linkspan's own code. */
function forgetLaterFields(): number {
  const database = new DatabaseSync(join(folder, "linkspan.db"));
  let forgotten = 0;
  try {
    for (const { name, laterFields } of kinds) {
      for (const field of Object.keys(laterFields ?? {})) {
        for (const [table, column] of [
          ["resource", "body"],
          ["event", "image"],
        ]) {
          const sql = `UPDATE ${table} SET ${column} = json_remove(${column}, '$.${field}')
            WHERE kind = ? AND json_type(${column}, '$.${field}') IS NOT NULL`;
          forgotten += Number(database.prepare(sql).run(name).changes);
        }
      }
    }
  } finally {
    database.close();
  }
  return forgotten;
}
const bodyOf = (id: string): any =>
  JSON.parse(readStore(folder, (all) => all("SELECT id, body FROM resource").find((row) => row.id === id).body));

before(async () => {
  server = await startServer({ folder });
  vpc = await availableVpc(server, server.requester, hangzhou, { EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" });
  other = await availableVpc(server, server.requester);
  await server.stop();
  // Of two VPCs two fields, in one row and in two events each; of two route entries, two route tables and two access keys one field,
  // in one row and in one event.
  assert.equal(forgetLaterFields(), 24);
  for (const { vpcId } of [vpc, other]) {
    const fields = Object.keys(bodyOf(vpcId));
    assert.ok(
      fields.includes("secondaryCidrBlocks") && !fields.includes("secondaryIpv6CidrBlocks") && !fields.includes("classicLinkEnabled"),
    );
  }
  server = await startServer({ folder });
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const call = async (action: string, VpcId: string, parameters: object = {}): Promise<any> =>
  succeeded(await server.requester.vpc(action, { RegionId: hangzhou, VpcId, ...parameters })).body;
const block = (Ipv6CidrBlock: string): object => ({ Ipv6CidrBlock, Ipv6Isp: "BGP" });

test("a VPC without the later fields reads as one that has never used them", async () => {
  const read = await call("DescribeVpcAttribute", vpc.vpcId);
  assert.deepEqual([read.Status, read.ClassicLinkEnabled], ["Available", false]);
  assert.deepEqual(read.Ipv6CidrBlocks.Ipv6CidrBlock, [block("2408:4005:3c5:6e00::/56")]);
  assert.deepEqual((await call("DescribeVpcAttribute", other.vpcId)).Ipv6CidrBlocks.Ipv6CidrBlock, []);
  const listed = succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body.Vpcs.Vpc;
  assert.deepEqual(
    listed.map(({ VpcId, Ipv6CidrBlocks }: any) => [VpcId, Ipv6CidrBlocks.Ipv6CidrBlock.length]),
    [
      [vpc.vpcId, 1],
      [other.vpcId, 0],
    ],
  );
});

test("a route table without the type of its router is a VPC's, and takes entries", async () => {
  const tablesOf = async (RouterType: string): Promise<any[]> => {
    const list = { RegionId: hangzhou, RouterType };
    return succeeded(await server.requester.vpc("DescribeRouteTableList", list)).body.RouterTableList.RouterTableListType;
  };
  assert.deepEqual(
    (await tablesOf("VRouter")).map(({ VpcId, RouterType }) => [VpcId, RouterType]),
    [
      [vpc.vpcId, "VRouter"],
      [other.vpcId, "VRouter"],
    ],
  );
  assert.deepEqual(await tablesOf("VBR"), []);
  await instanceRoute(server, { ...vpc, owner: server.requester }, "192.168.0.0/24");
});

test("the VPC takes every change, and has the fields from the first one on", async () => {
  await call("ModifyVpcAttribute", other.vpcId, { VpcName: "changed" });
  assert.deepEqual([bodyOf(other.vpcId).secondaryIpv6CidrBlocks, bodyOf(other.vpcId).classicLinkEnabled], [[], false]);
  await call("EnableVpcClassicLink", vpc.vpcId);
  assert.equal((await call("DescribeVpcAttribute", vpc.vpcId)).ClassicLinkEnabled, true);
  const { CidrBlock: added } = await call("AssociateVpcCidrBlock", vpc.vpcId, { IpVersion: "IPV6" });
  const read = await call("DescribeVpcAttribute", vpc.vpcId);
  assert.deepEqual(read.Ipv6CidrBlocks.Ipv6CidrBlock, [block("2408:4005:3c5:6e00::/56"), block(added)]);
  assertReplayGivesRows(folder);
});

test("the VPC is deleted like any other", async () => {
  await call("DeleteVpc", other.vpcId);
  await server.advance();
  assert.equal((await call("DescribeVpcAttribute", other.vpcId)).VpcId, "");
  assertReplayGivesRows(folder);
});

test("keys that an earlier version gave to users and roles by name sign for nobody, least of all for the account", async () => {
  const older = temporaryFolder();
  const first = await startServer({ folder: older });
  const principals = ["user/alice", "assumed-role/operator/session"];
  const made = await Promise.all(principals.map(() => userWith(first.requester, { Effect: "Allow", Action: "*", Resource: "*" })));
  succeeded(await first.requester.ram("CreateUser", { UserName: "alice" }));
  await first.stop();
  const database = new DatabaseSync(join(older, "linkspan.db"));
  for (const [index, { caller }] of made.entries()) {
    const sql = "UPDATE resource SET body = json_set(body, '$.principal', ?) WHERE id = ?";
    assert.equal(Number(database.prepare(sql).run(principals[index] ?? "", caller.key.id).changes), 1);
  }
  database.close();
  const second = await startServer({ folder: older });
  for (const { caller } of made) {
    const holder = new Caller(second.url, caller.key);
    refusedWith(await holder.sts("GetCallerIdentity"), "InvalidAccessKeyId.Inactive");
    refusedWith(await holder.vpc("DescribeVpcs", { RegionId: hangzhou }), "InvalidAccessKeyId.Inactive");
  }
  await second.stop();
  rmSync(older, { recursive: true });
});
