import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { errorsOf } from "../../src/engine/operation-errors.ts";
import { operations } from "../../src/services/index.ts";
import { type Answer, type CallOptions, type Parameters, versions } from "../support/caller.ts";
import { activePeering, availableVpc, beijing, hangzhou, refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { baseCalls, type Fault, faults, type World } from "./faults.ts";
import { commonV1, joined, type Pairs, signV1 } from "./raw.ts";

/** What a call says wrongly is named by a documented code, and changes nothing. */

let server: InProcessServer;
let world: World;
let unchanged: string;

before(async () => {
  server = await startServer();
  const here = await availableVpc(server, server.requester);
  const second = await availableVpc(server, server.requester, hangzhou, { CidrBlock: "10.2.0.0/16" });
  const there = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.1.0.0/16" });
  const further = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.3.0.0/16" });
  const created = await server.requester.vpc("CreateVSwitch", { VpcId: here.vpcId, ZoneId: "cn-hangzhou-h", CidrBlock: "10.0.1.0/24" });
  await server.advance();
  world = {
    vpcId: here.vpcId,
    secondVpcId: second.vpcId,
    foreignVpcId: there.vpcId,
    vSwitchId: succeeded(created).body.VSwitchId,
    routeTableId: here.routeTableId,
    foreignRouteTableId: there.routeTableId,
    connection: await activePeering(server, here, there),
    foreignConnection: await activePeering(server, there, further),
    foreignAccount: server.accepter.key.account,
    foreignResourceGroup: await resourceGroupOf(there),
  };
  unchanged = await everything();
});
after(() => server.stop());
afterEach(async () => assert.equal(await everything(), unchanged));

async function resourceGroupOf({ owner, region, vpcId }: TestVpc): Promise<string> {
  return succeeded(await owner.vpc("DescribeVpcAttribute", { RegionId: region, VpcId: vpcId })).body.ResourceGroupId;
}

/** All that the two accounts can read, but for the RequestIds. */
async function everything(): Promise<string> {
  const answers: Answer[] = [];
  for (const caller of [server.requester, server.accepter]) {
    for (const RegionId of [hangzhou, beijing]) {
      for (const action of ["DescribeVpcs", "DescribeVSwitches", "DescribeRouteTableList"])
        answers.push(await caller.vpc(action, { RegionId, PageSize: 50 }));
    }
    answers.push(await caller.peer("ListVpcPeerConnections"));
  }
  answers.push(await server.requester.vpc("DescribeRouteEntryList", { RegionId: hangzhou, RouteTableId: world.routeTableId }));
  return answers.map((answer) => succeeded(answer).text.replace(/"RequestId":"[^"]*",/, "")).join("\n");
}

/** Calls an action of either product as the requester, its base call changed. */
function callWith(product: Fault["product"], action: string, change: Parameters, options?: CallOptions): Promise<Answer> {
  return server.requester.call(versions[product], action, { ...baseCalls(world)[action], ...change }, options);
}

test("every faulty parameter is answered with a documented code, in every place and under both signatures", async () => {
  const ways: CallOptions[] = [
    { place: "form" },
    { method: "GET" },
    { signature: "V3", place: "form" },
    { signature: "V3", place: "query" },
  ];
  for (const [index, { product, action, change, code, status }] of faults(world).entries()) {
    const answer = await callWith(product, action, change, ways[index % ways.length]);
    assert.deepEqual(
      [answer.body?.Code, answer.status],
      [code, status],
      `${action} ${JSON.stringify(change).slice(0, 200)}: ${answer.text}`,
    );
    refusedWith(answer, code, status);
    const operation = operations.find((one) => one.product.name === product && one.name === action);
    assert.ok(operation);
    const documented = errorsOf(operation).some((error) => error.code === code && error.http === status);
    assert.ok(documented || code === "Throttling.DeepPageSkip", `${code} is not among the errors of ${action}`);
  }
});

test("codes of the form Invalid{Name} and Missing{Name} say the name in their message too", async () => {
  assert.equal((await callWith("Vpc", "DescribeVpcs", { PageSize: "0" })).body.Message, "Specified parameter PageSize is not valid.");
  assert.equal((await callWith("Vpc", "DeleteVpc", { VpcId: undefined })).body.Message, "VpcId is mandatory for this action.");
  assert.equal((await callWith("Vpc", "CreateVpc", { "Tag.1": "x" })).body.Message, "Specified parameter Tag is not valid.");
});

test("a refused read answers no data", async () => {
  const { body } = refusedWith(await callWith("Vpc", "DescribeVpcs", { PageSize: "0" }), "InvalidPageSize");
  assert.equal(body.Vpcs, undefined);
});

// Names

test("names of parameters are matched without letter case", async () => {
  for (const name of ["RegionId", "regionid", "REGIONID", "regionID"]) {
    assert.equal(succeeded(await server.requester.vpc("DescribeVpcs", { [name]: hangzhou, pagesize: "1" })).body.PageSize, 1);
  }
  const common = { Action: undefined, Version: undefined, AccessKeyId: undefined };
  const extra: Pairs = [
    ["action", "DescribeVpcs"],
    ["VERSION", versions.Vpc],
    ["accesskeyid", requesterKey.id],
  ];
  succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { common, extra }));
  const { body } = succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou, "VPCID.1": world.vpcId }));
  assert.equal(body.TotalCount, 1);
});

test("a name that no parameter can have is refused by that name", async () => {
  const names = [
    "__proto__",
    "__proto__.x",
    "RegionId\0",
    "RegionId\n",
    "Region Id",
    " RegionId",
    "Región",
    "1",
    "Tag..Key",
    ".Tag",
    "Tag.",
    "Tag[1]",
    "a".repeat(129),
    "",
    "😀",
  ];
  for (const name of names) {
    for (const options of [{ place: "form" }, { signature: "V3", place: "query" }] satisfies CallOptions[]) {
      const answer = await callWith("Vpc", "CreateVpc", {}, { ...options, extra: [[name, "x"]] });
      const { body } = refusedWith(answer, "InvalidParameter");
      assert.equal(body.Message, `The specified parameter ${JSON.stringify(name.slice(0, 128))} is not valid.`);
    }
  }
});

test("names that objects have by themselves are no parameters of anything", async () => {
  const extra: Pairs = [
    ["constructor", "x"],
    ["toString", "x"],
    ["hasOwnProperty.1", "x"],
    ["constructor.prototype.polluted", "x"],
    ["valueOf", "x"],
  ];
  const tagged = { DryRun: true, "Tag.1.Key": "a", "Tag.1.__proto__.polluted": "x", "Tag.1.constructor": "x" };
  refusedWith(await callWith("Vpc", "CreateVpc", tagged, { extra }), "DryRunOperation");
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal(succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { extra })).body.TotalCount, 2);
});

// Duplicates

/** A V1 POST with parameters in the query and in the form; a name in both counts once in the signature, with the form's value. */
async function inBoth(action: string, query: Pairs, form: Pairs): Promise<Answer> {
  const common = [...commonV1(requesterKey, versions.Vpc, action), ...query];
  const inForm = new Set(form.map(([name]) => name));
  const signature = signV1(requesterKey, "POST", [...common.filter(([name]) => !inForm.has(name)), ...form]);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return server.requester.send("POST", `/?${joined([...common, ["Signature", signature]])}`, joined(form), headers);
}

test("a parameter given twice in one place is refused, whether or not the values agree", async () => {
  for (const options of [
    { place: "form" },
    { method: "GET" },
    { signature: "V3", place: "query" },
    { signature: "V3", place: "form" },
  ] satisfies CallOptions[]) {
    for (const second of [hangzhou, beijing]) {
      const extra: Pairs = [["RegionId", second]];
      refusedWith(await callWith("Vpc", "CreateVpc", {}, { ...options, extra }), "InvalidRegionId");
    }
    const twice: Pairs = [
      ["Tag.1.Key", "a"],
      ["Tag.1.Key", "b"],
    ];
    refusedWith(await callWith("Vpc", "CreateVpc", {}, { ...options, extra: twice }), "InvalidTag");
  }
});

test("a parameter given twice in different letter case is refused by its own name", async () => {
  refusedWith(await callWith("Vpc", "CreateVpc", {}, { extra: [["REGIONID", beijing]] }), "InvalidRegionId");
});

test("a parameter given in the query and in the form with differing values is refused", async () => {
  refusedWith(await inBoth("CreateVpc", [["RegionId", hangzhou]], [["RegionId", beijing]]), "InvalidRegionId");
  refusedWith(
    await inBoth(
      "CreateVpc",
      [
        ["RegionId", hangzhou],
        ["DryRun", "true"],
      ],
      [["DryRun", "false"]],
    ),
    "InvalidDryRun",
  );
  refusedWith(
    await inBoth(
      "CreateVpc",
      [
        ["RegionId", hangzhou],
        ["VpcName", "a"],
      ],
      [["VpcName", ""]],
    ),
    "InvalidVpcName",
  );
});

test("a parameter given in the query and in the form with the same value counts once", async () => {
  const answer = await inBoth(
    "DescribeVpcs",
    [
      ["RegionId", hangzhou],
      ["PageSize", "1"],
    ],
    [
      ["PageSize", "1"],
      ["RegionId", hangzhou],
    ],
  );
  assert.equal(succeeded(answer).body.PageSize, 1);
});

test("common parameters cannot be given twice either", async () => {
  for (const [name, value] of [
    ["Action", "DescribeVpcs"],
    ["Version", versions.Vpc],
    ["AccessKeyId", requesterKey.id],
    ["SignatureVersion", "1.0"],
  ] as const) {
    refusedWith(
      await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { method: "GET", extra: [[name, value]] }),
      `Invalid${name}`,
    );
  }
});

// What is accepted

test("booleans are read in any letter case", async () => {
  for (const DryRun of ["true", "TRUE", "True", "tRuE"]) refusedWith(await callWith("Vpc", "CreateVpc", { DryRun }), "DryRunOperation");
  for (const DryRun of ["false", "FALSE", "False", ""]) succeeded(await callWith("Vpc", "DescribeVpcs", { DryRun }));
});

test("limits include their ends", async () => {
  for (const change of [
    { ClientToken: "t".repeat(64) },
    { ClientToken: "~ !\"#$%&'()" },
    { VpcName: "n".repeat(128) },
    { VpcName: "😀".repeat(128) },
    { Description: "d".repeat(256) },
    { Description: "two\nlines" },
    { "Tag.20.Key": "k".repeat(128), "Tag.20.Value": "v".repeat(128) },
    { UserCidr: ["10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8"] },
  ]) {
    refusedWith(await callWith("Vpc", "CreateVpc", { ...change, DryRun: true }), "DryRunOperation");
  }
  for (const change of [{ PageSize: "50" }, { PageSize: "1" }, { PageNumber: "2001", PageSize: "50" }, { VpcId: "vpc-1,".repeat(19) }]) {
    succeeded(await callWith("Vpc", "DescribeVpcs", change));
  }
});

test("ListVpcPeerConnections reads its VPCs from one string, a comma-joined one, a JSON list and a numbered list alike", async () => {
  const [one, other] = [world.vpcId, world.foreignVpcId];
  const both = [
    { VpcId: `${one},${other}` },
    { VpcId: `${one}, ${other}` },
    { VpcId: JSON.stringify([one, other]) },
    { VpcId: [one, other] },
    { "VpcId.2": one, "VpcId.1": other },
  ];
  for (const change of [{ VpcId: one }, { VpcId: [one] }, { VpcId: JSON.stringify([one]) }, { "VpcId.2": one }, ...both]) {
    const { body } = succeeded(await callWith("VpcPeer", "ListVpcPeerConnections", change));
    assert.deepEqual(
      body.VpcPeerConnects.map(({ InstanceId }: { InstanceId: string }) => InstanceId),
      [world.connection],
      JSON.stringify(change),
    );
  }
  for (const VpcId of ["vpc-unknown", `${one},vpc-unknown`, JSON.stringify([one, "vpc-unknown"])]) {
    assert.equal(succeeded(await callWith("VpcPeer", "ListVpcPeerConnections", { VpcId })).body.TotalCount, 0);
  }
});
