import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import type { Statement } from "../../src/contract/operation.ts";
import { StoreUnavailable, type WritableRows } from "../../src/engine/store.ts";
import {
  bodyBytesMax,
  claimRules,
  failedSignaturesAtOnce,
  headerBytesMax,
  nameRules,
  parametersMax,
  planOf,
  requestRules,
  signatureRules,
  transportRules,
} from "../../src/gateway/protocol-rules.ts";
import type { RequestView, RuleRow } from "../../src/gateway/request-view.ts";
import { Caller, type CallOptions, type Key, type Parameters, versions } from "../support/caller.ts";
import {
  activePeering,
  availableVpc,
  beijing,
  hangzhou,
  instanceRoute,
  requestPeering,
  routeTableIn,
  succeeded,
  vSwitchIn,
} from "../support/networks.ts";
import { roleSession } from "../support/principals.ts";
import { type InProcessServer, requesterKey, startServer, temporaryFolder } from "../support/server.ts";
import { destroyAll, exchange, RawConnection, signedTarget } from "./raw.ts";

/** Each refusal is told whole: which rule refused, which held before it, and which were not reached. `startServer` checks the order for every request. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());
afterEach(destroyAll);

async function story(requestId: string, of: InProcessServer = server): Promise<RequestView> {
  const { status, body } = await of.admin("GET", `requests/${requestId}`);
  assert.equal(status, 200);
  return body;
}
function refusing({ rules, code }: RequestView): RuleRow {
  const [found, ...others] = rules.filter(({ held }) => held === false);
  assert.ok(found !== undefined && others.length === 0, `${code} has one rule that refused`);
  assert.equal(found.code, code);
  return found;
}

/** The RequestId of an answer, however it was fetched. */
type Refused = () => Promise<string>;
const called =
  (action: string, parameters: Parameters = {}, options: CallOptions = {}): Refused =>
  async () =>
    (await server.requester.vpc(action, parameters, options)).body.RequestId;
const regions = (options: CallOptions): Refused => called("DescribeRegions", {}, options);
const regionsV3 = (common: Readonly<Record<string, string | undefined>>): Refused => regions({ signature: "V3", common });
const sent =
  (method: string, path: string, headers: Record<string, string> = {}, body = ""): Refused =>
  async () =>
    (await server.requester.send(method, path, body, headers)).body.RequestId;
const bytes =
  (text: () => string): Refused =>
  async () => {
    const answer = await exchange(server.endpoint, text());
    assert.ok(answer !== undefined);
    return JSON.parse(answer.text).RequestId;
  };
const twice = (call: (nonce: string) => Promise<unknown>, again: (nonce: string) => Refused): Refused => {
  const nonce = randomUUID();
  return async () => {
    await call(nonce);
    return again(nonce)();
  };
};
const authorizationV3 = (algorithm: string, signedHeaders: string): string =>
  `${algorithm} Credential=${requesterKey.id},SignedHeaders=${signedHeaders},Signature=00`;

/** A call by a new account, made until the limit on it refuses. */
const limited =
  (per: "key" | "account"): Refused =>
  async () => {
    const caller = await server.stranger();
    const rateLimits = [{ per, account: caller.key.account, requestsPerSecond: 1 }];
    assert.equal((await server.admin("PUT", "settings", { rateLimits })).status, 200);
    const answers = await Promise.all(Array.from({ length: 10 }, () => caller.vpc("DescribeRegions")));
    await server.admin("PUT", "settings", {});
    return answers.find(({ status }) => status !== 200)?.body.RequestId;
  };
/** The RequestId of a call that seems to come from another machine. */
const fromElsewhere = async (key: Key, version: string, action: string): Promise<string> => {
  const url = signedTarget(key, version, action);
  const { body } = await server.app.inject({ method: "GET", url, remoteAddress: "192.0.2.7", headers: { host: "127.0.0.1" } });
  return JSON.parse(body).RequestId;
};

/** A refusal by each rule of the protocol. */
const refusals: readonly (readonly [Statement, Refused])[] = [
  [
    transportRules.inTime,
    async () => {
      const patience = server.app.server.headersTimeout;
      server.app.server.headersTimeout = 500;
      const connection = new RawConnection(server.endpoint);
      connection.write("GET / HTTP/1.1\r\nhost: x\r\n");
      const answer = await connection.response();
      server.app.server.headersTimeout = patience;
      return JSON.parse(answer?.text ?? "").RequestId;
    },
  ],
  [transportRules.headersFit, bytes(() => `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${"a".repeat(headerBytesMax)}\r\n\r\n`)],
  [transportRules.wellFormed, bytes(() => "GET / HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n")],
  [transportRules.bodyFits, bytes(() => `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${bodyBytesMax + 1}\r\n\r\n`)],
  [transportRules.address, sent("GET", "/nowhere")],
  [transportRules.method, sent("PUT", "/?Action=DescribeRegions&Version=2016-04-28")],
  [transportRules.method, bytes(() => "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n")],

  [requestRules.ownPage, sent("GET", "/", { origin: "http://evil.example" })],
  [requestRules.encoding, sent("GET", "/?a=%zz")],
  [requestRules.parameterCount, sent("GET", `/?${"a=1&".repeat(parametersMax + 1)}`)],
  [requestRules.format, regions({ format: "YAML" })],
  [requestRules.versionGiven, regions({ common: { Version: undefined } })],
  [requestRules.actionGiven, regionsV3({ "x-acs-action": undefined })],
  [requestRules.versionKnown, regions({ common: { Version: "1999-01-01" } })],
  [requestRules.actionKnown, called("NoSuchAction")],
  [requestRules.implemented, called("CreateNatGateway")],
  [requestRules.encrypted, () => fromElsewhere(requesterKey, versions.Sts, "GetCallerIdentity")],

  ...(["AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"] as const).map(
    (name) => [claimRules.V1[name], regions({ common: { [name]: undefined } })] as const,
  ),
  [claimRules.V1.method, regions({ common: { SignatureMethod: "HMAC-MD5" } })],
  [claimRules.V1.version, regions({ common: { SignatureVersion: "2.0" } })],
  [claimRules.V1.nonceFits, regions({ common: { SignatureNonce: "n".repeat(257) } })],
  [claimRules.V3.wellFormed, regionsV3({ authorization: "ACS3-HMAC-SHA256 nonsense" })],
  [claimRules.V3.algorithm, regionsV3({ authorization: authorizationV3("ACS3-RSA", "host") })],
  [claimRules.V3.SignatureNonce, regionsV3({ "x-acs-signature-nonce": undefined })],
  [claimRules.V3.Timestamp, regionsV3({ "x-acs-date": undefined })],
  [claimRules.V3.nonceFits, regionsV3({ "x-acs-signature-nonce": "n".repeat(257) })],
  [claimRules.V3.coverage, regionsV3({ authorization: authorizationV3("ACS3-HMAC-SHA256", "host") })],

  [
    signatureRules.addressWithinLimit,
    async () => {
      const guess = (): Promise<string> => fromElsewhere({ ...requesterKey, secret: "guessed" }, versions.Vpc, "DescribeRegions");
      for (let index = 0; index < failedSignaturesAtOnce; index++) await guess();
      return guess();
    },
  ],
  [signatureRules.keyKnown, regions({ common: { AccessKeyId: "LTAIunknown" } })],
  [
    signatureRules.keyEnabled,
    async () => {
      const made = (await server.admin("POST", "accounts", { name: "closed" })).body;
      const key: Key = { account: made.account.uid, id: made.key.AccessKeyId, secret: made.key.AccessKeySecret };
      await server.admin("DELETE", "accounts/closed");
      return (await new Caller(server.url, key).vpc("DescribeRegions")).body.RequestId;
    },
  ],
  [signatureRules.tokenGiven, regions({ common: { AccessKeyId: "STS.unknown" } })],
  [signatureRules.tokenWellFormed, regions({ common: { AccessKeyId: "STS.unknown" }, extra: [["SecurityToken", "CAIS"]] })],
  [
    signatureRules.tokenCurrent,
    async () => {
      const session = await roleSession(server.requester);
      await server.advance(3_600);
      return (await session.vpc("DescribeRegions")).body.RequestId;
    },
  ],
  [signatureRules.tokenFitsKey, regions({ extra: [["SecurityToken", "CAIS"]] })],
  [signatureRules.timestampWellFormed, regions({ common: { Timestamp: "yesterday" } })],
  [signatureRules.timestampCurrent, regions({ common: { Timestamp: "2020-01-01T00:00:00Z" } })],
  [signatureRules.match, regions({ common: { Signature: "d3Jvbmc=" } })],
  [signatureRules.match, regionsV3({ authorization: undefined, "x-acs-content-sha256": "0".repeat(64) })],
  [
    signatureRules.nonceIsNew,
    twice(
      (SignatureNonce) => server.requester.vpc("DescribeRegions", {}, { common: { SignatureNonce } }),
      (SignatureNonce) => regions({ common: { SignatureNonce } }),
    ),
  ],
  [signatureRules.keyWithinLimit, limited("key")],
  [signatureRules.accountWithinLimit, limited("account")],

  [nameRules.possible, called("DescribeRegions", { "<b>": 1 })],
  [nameRules.once, regions({ extra: [["X", "1"], ["x", "2"]] })], // prettier-ignore
];

test("each rule of the protocol that refuses is told, with its source, behind those that held and before those not reached", async () => {
  for (const [statement, refused] of refusals) {
    const told = await story(await refused());
    const found = refusing(told);
    assert.equal(found.rule, statement.rule, told.code);
    assert.equal(found.source, statement.source ?? statement.error.source);
    assert.ok(told.advice.length > 5, `${told.code}: ${told.advice}`);
    // The plan of a request that got no further than this is known as far as its version and operation were.
    const place = told.rules.indexOf(found);
    assert.ok(told.rules.slice(0, place).every(({ held }) => held === true));
    assert.ok(told.rules.length > place + 1 && told.rules.slice(place + 1).every(({ held }) => held === null), statement.rule);
  }
});

test("no rule of the protocol is left out of the test above", () => {
  const met = new Set(refusals.map(([{ rule }]) => rule));
  const all = ["V1", "V3"].flatMap((version) => planOf(version, undefined).map(({ statement }) => statement.rule));
  assert.ok(all.length > 50);
  assert.deepEqual(
    all.filter((rule) => !met.has(rule)),
    [],
  );
});

test("a parameter at fault is told with its limits in words and the code of its fault", async () => {
  for (const [action, parameters, code, rule, advice] of [
    ["DescribeVpcs", {}, "MissingRegionId", /^RegionId is given, and is text/, /RegionId is mandatory/],
    [
      "DescribeVpcs",
      { RegionId: hangzhou, PageSize: 51 },
      "InvalidPageSize",
      /^PageSize, if given, is a whole number from 1 to 50$/,
      /1 to 50/,
    ],
    [
      "DescribeVpcs",
      { RegionId: hangzhou, IsDefault: "maybe" },
      "InvalidIsDefault",
      /^IsDefault, if given, is true or false$/,
      /true and false/,
    ],
    ["DescribeVpcs", { RegionId: hangzhou, VpcOwnerId: "x" }, "IllegalParam.OwnerId", /^VpcOwnerId, .* of up to 18 digits$/, /18 digits/],
    [
      "CreateVpc",
      { RegionId: hangzhou, Tag: [{ Key: "k".repeat(129) }] },
      "InvalidTagKey",
      /^Tag, if given, is a list of at most 20 members, each of them Key \(text of at most 128 characters on one line\) with Value/,
      /Tag\.1\.Key: at most 128/,
    ],
    ["CreateVpc", { RegionId: hangzhou, "Tag.21.Key": "a" }, "NumberExceed.Tags", /at most 20 members/, /at most 20 members/],
    ["CreateVpc", { RegionId: hangzhou, ClientToken: "é" }, "InvalidClientToken", /^ClientToken, .*ASCII, at most 64/, /ASCII/],
  ] as const) {
    const told = await story(await called(action, parameters)());
    const found = refusing(told);
    assert.deepEqual([found.stage, found.code, found.source], ["parameters", code, "sdk-metadata"]);
    assert.match(found.rule, rule);
    assert.match(told.advice, advice);
    assert.ok(
      told.rules.some(({ stage, held }) => stage === "operation" && held === null),
      "the operation's rules follow, not reached",
    );
    assert.deepEqual(told.targets, [], "nothing was looked at");
  }
});

test("a write whose nonce only the store remembers is refused by the store's rule", async () => {
  const folder = temporaryFolder();
  const common = { SignatureNonce: randomUUID() };
  const first = await startServer({ folder });
  succeeded(await first.requester.vpc("CreateVpc", { RegionId: hangzhou }, { common }));
  await first.stop();
  const second = await startServer({ folder });
  const { body } = await second.requester.vpc("CreateVpc", { RegionId: hangzhou }, { common });
  const found = refusing(await story(body.RequestId, second));
  assert.deepEqual([found.stage, found.rule], ["permission", "no earlier write of this key had the same SignatureNonce"]);
  await second.stop();
  rmSync(folder, { recursive: true });
});

test("a key that ends between its signature and its call is refused by the rules on permission", async (t) => {
  const own = await startServer();
  const signingKey = own.engine.signingKey.bind(own.engine);
  for (const [end, code] of [
    [async () => own.admin("DELETE", "accounts/short-lived"), "InvalidAccessKeyId.Inactive"],
    [async () => own.admin("POST", "reset"), "InvalidAccessKeyId.NotFound"],
  ] as const) {
    const made = (await own.admin("POST", "accounts", { name: "short-lived" })).body;
    const key: Key = { account: made.account.uid, id: made.key.AccessKeyId, secret: made.key.AccessKeySecret };
    const read = t.mock.method(own.engine, "signingKey", async (id: string) => {
      const found = await signingKey(id);
      await end();
      return found;
    });
    const { body } = await new Caller(own.url, key).vpc("DescribeVpcs", { RegionId: hangzhou });
    read.mock.restore();
    const told = await story(body.RequestId, own);
    assert.deepEqual([refusing(told).stage, told.code], ["permission", code]);
    await own.admin("POST", "reset");
  }
  await own.stop();
});

test("refusals of an operation are told by the rule: token, target, state, check", async () => {
  const ClientToken = randomUUID();
  succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, ClientToken }));
  await server.advance();
  for (const [refused, rule, advice] of [
    [called("CreateVpc", { RegionId: hangzhou, ClientToken, VpcName: "other" }), /same ClientToken/, /new one for a new call/],
    [called("DeleteVpc", { VpcId: "vpc-unknown" }), /^VpcId names a vpc that the caller can see$/, /looks like one that is not there/],
    [
      called("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.1/16" }),
      /^CidrBlock is/,
      /^make this true, then send the call again: CidrBlock/,
    ],
  ] as const) {
    const told = await story(await refused());
    const found = refusing(told);
    assert.equal(found.stage, "operation");
    assert.match(found.rule, rule);
    assert.match(told.advice, advice);
    assert.equal(told.subject, null);
  }
});

test("a rule on a state tells the state, what it allows, and where the operation is allowed", async () => {
  const mine = await availableVpc(server, server.requester);
  const theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.1.0.0/16" });
  const InstanceId = await requestPeering(mine, theirs);
  const refused = async (action: string): Promise<RequestView> =>
    story((await server.requester.peer(action, { InstanceId })).body.RequestId);

  const atWork = await refused("DeleteVpcPeerConnection");
  assert.equal(refusing(atWork).rule, "the connection is in a state that allows DeleteVpcPeerConnection");
  assert.deepEqual(atWork.subject, {
    kind: "vpc-peering-connection",
    id: InstanceId,
    state: "Creating",
    shownAs: "Creating",
    meaning: "the request is being set up",
    endsByItself: true,
    moves: [
      { event: "created", to: "Activated" },
      { event: "created", to: "Accepting" },
    ],
    allowedIn: ["Accepting", "Activated", "Rejected", "Expired"],
  });
  assert.match(atWork.advice, /Wait until pcc-\w+ is Activated or Accepting, which comes by itself/);

  await server.advance();
  const waiting = await refused("ModifyVpcPeerConnection");
  assert.deepEqual([waiting.subject?.state, waiting.subject?.allowedIn], ["Accepting", ["Activated"]]);
  assert.match(waiting.advice, /allowed in Activated. pcc-\w+ is Accepting: waits for the accepter's account/);

  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId }));
  assert.match((await refused("DeleteVpcPeerConnection")).advice, /goes on to Deleted by itself, where it is not allowed either/);
  await server.advance();

  // What is at work need not be what the call names.
  const zone = { RegionId: hangzhou, VpcId: mine.vpcId, ZoneId: "cn-hangzhou-h" };
  const { VSwitchId } = succeeded(await server.requester.vpc("CreateVSwitch", { ...zone, CidrBlock: "10.0.1.0/24" })).body;
  const beside = await story(await called("CreateVSwitch", { ...zone, CidrBlock: "10.0.2.0/24" })());
  assert.deepEqual([beside.subject?.kind, beside.subject?.id, beside.subject?.state], ["vswitch", VSwitchId, "Pending"]);
  assert.match(beside.advice, /^wait until vsw-\w+ is no longer Pending/);
  await server.advance();
});

test("a resource that keeps another from being deleted is named, with what to do about it", async () => {
  const vpc = await availableVpc(server, server.requester);
  const inTheWay = async (action: string, parameters: Parameters, subject: readonly string[], advice: RegExp): Promise<void> => {
    const told = await story(await called(action, { RegionId: hangzhou, ...parameters })());
    refusing(told);
    assert.deepEqual([told.subject?.kind, told.subject?.id, told.subject?.state], subject);
    assert.match(told.advice, advice);
  };
  const deleteVpc = { VpcId: vpc.vpcId };
  const entry = await instanceRoute(server, vpc, "192.168.0.0/16");
  await inTheWay(
    "DeleteVpc",
    deleteVpc,
    ["route-entry", entry, "Available"],
    /^make this true, .*: no custom route entry .* rte-\w+ is Available/,
  );
  const table = await routeTableIn(server, vpc);
  const inTable = await instanceRoute(server, vpc, "192.168.0.0/16", { RouteTableId: table });
  const deleteTable = { RouteTableId: table };
  await inTheWay(
    "DeleteRouteTable",
    deleteTable,
    ["route-entry", inTable, "Available"],
    /: no custom route entry is left in the route table\./,
  );
  await inTheWay("DeleteVpc", deleteVpc, ["route-table", table, "Available"], /: no custom route table is left in the VPC\./);
  const vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  await inTheWay("DeleteVpc", deleteVpc, ["vswitch", vSwitch, "Available"], /: no vSwitch is left in the VPC\. vsw-\w+ is Available/);
  succeeded(await server.requester.vpc("AssociateRouteTable", { RegionId: hangzhou, RouteTableId: table, VSwitchId: vSwitch }));
  await server.advance();
  const deleteVSwitch = { VSwitchId: vSwitch };
  await inTheWay(
    "DeleteVSwitch",
    deleteVSwitch,
    ["route-table", table, "Available"],
    /: the vSwitch uses the system route table\. vtb-\w+ is/,
  );
  await inTheWay("DeleteRouteTable", deleteTable, ["vswitch", vSwitch, "Available"], /: no vSwitch is under the route table\./);

  const [one, other] = [await availableVpc(server, server.requester), await availableVpc(server, server.requester)];
  const connection = await activePeering(server, one, other);
  await inTheWay("DeleteVpc", { VpcId: other.vpcId }, ["vpc-peering-connection", connection, "Activated"], /: no peering connection /);
});

/** What a test of failed members compares. */
const failures = ({ failedMembers }: RequestView): unknown => failedMembers.map(({ member, code, source }) => [member, code, source]);
const toInstance = (RouteTableId: string, DstCidrBlock: string): Parameters => ({
  RouteTableId,
  DstCidrBlock,
  NextHopType: "Instance",
  NextHop: "i-bp1example",
});

test("members of a batch that failed are told with the rule that did not hold, its code and its source", async () => {
  const { routeTableId } = await availableVpc(server, server.requester);
  const RouteEntries = ["192.168.1.0/24", "10.0.0.1/24", "100.64.0.0/10"].map((block) => toInstance(routeTableId, block));
  const created = await story(await called("CreateRouteEntries", { RegionId: hangzhou, RouteEntries })());
  assert.deepEqual([created.code, created.status], ["OK", 200]);
  assert.ok(created.rules.every(({ held }) => held === true));
  assert.deepEqual(failures(created), [
    [`${routeTableId} 10.0.0.1/24`, "InvalidCidrBlock.Malformed", "public-docs"],
    [`${routeTableId} 100.64.0.0/10`, "InvalidDestinationCidrBlock", "sdk-metadata"],
  ]);
  await server.advance();
  // The rules of a member are those that refuse the call in a dry run.
  const dry = { RegionId: hangzhou, DryRun: true };
  for (const [index, { rule }] of created.failedMembers.entries()) {
    const told = await story(await called("CreateRouteEntries", { ...dry, RouteEntries: [RouteEntries[index + 1]] })());
    assert.equal(refusing(told).rule, `in a dry run, for each entry: ${rule}`);
    assert.deepEqual(told.failedMembers, []);
  }

  const gone = [
    { RouteTableId: routeTableId, RouteEntryId: "rte-unknown" },
    { RouteTableId: routeTableId, DstCidrBlock: "192.168.1.0/24" },
    { RouteTableId: routeTableId, DstCidrBlock: "192.168.9.0/24" },
  ];
  const deleted = await story(await called("DeleteRouteEntries", { RegionId: hangzhou, RouteEntries: gone })());
  assert.deepEqual(failures(deleted), [
    ["rte-unknown", "InvalidRouteEntryId.NotFound", "public-docs"],
    [`${routeTableId} 192.168.9.0/24`, "InvalidRouteEntry.NotFound", "public-docs"],
  ]);
  await server.advance();
});

test("a batch whose transaction is run again tells each failed member once, and one that is not committed tells none", async (t) => {
  const { routeTableId } = await availableVpc(server, server.requester);
  const batch = { RegionId: hangzhou, RouteEntries: ["192.168.1.0/24", "x"].map((block) => toInstance(routeTableId, block)) };
  const write = server.store.write.bind(server.store);
  const again = t.mock.method(server.store, "write", <T>(work: (rows: WritableRows) => Promise<T>) =>
    write(async (rows) => {
      const undo = new Error("undone on purpose");
      await assert.rejects(
        rows.attempt(async () => {
          await work(rows);
          throw undo;
        }),
        undo,
      );
      return work(rows);
    }),
  );
  const twice = await called("CreateRouteEntries", batch)();
  assert.equal(again.mock.callCount(), 1);
  again.mock.restore();
  const told = await story(twice);
  assert.deepEqual(failures(told), [[`${routeTableId} x`, "InvalidCidrBlock.Malformed", "public-docs"]]);
  assert.equal(told.changes.length, 1);
  await server.advance();

  const never = t.mock.method(server.store, "write", <T>(work: (rows: WritableRows) => Promise<T>) =>
    write(async (rows) => {
      await work(rows);
      throw new StoreUnavailable(new Error("full on purpose"));
    }),
  );
  const lost = await story(await called("CreateRouteEntries", batch)());
  never.mock.restore();
  assert.deepEqual([lost.code, lost.changes, lost.failedMembers], ["ServiceUnavailable", [], []]);
});

test("a dry run that passed is told as held by all rules but the last, which ends it", async () => {
  const told = await story(await called("CreateVpc", { RegionId: hangzhou, DryRun: true })());
  assert.deepEqual([told.code, refusing(told)], ["DryRunOperation", told.rules.at(-1)]);
});

test("a fault of the server is told where it happened, and refuses in no rule's place", async (t) => {
  const own = await startServer();
  t.mock.method(own.engine, "execute", async () => {
    throw new Error("broken on purpose");
  });
  const { body } = await own.requester.vpc("DescribeVpcs", { RegionId: hangzhou });
  const told = await story(body.RequestId, own);
  assert.equal(told.status, 500);
  assert.match(refusing(told).rule, /the server works/);
  assert.match(told.advice, new RegExp(body.RequestId));
  const unreached = told.rules.filter(({ held }) => held === null).map(({ stage }) => stage);
  assert.deepEqual(new Set(unreached), new Set(["permission", "operation"]));
  await own.stop();
});

test("the rules of a story are those that `operations` lists, for every operation", async () => {
  const { body } = await server.admin("GET", "operations");
  for (const { version, name, rules, implemented } of body.operations) {
    if (implemented === false) continue;
    const told = await story((await server.requester.call(version, name)).body?.RequestId);
    const rows = ({ stage, rule, source }: RuleRow): string => `${stage}: ${rule} (${source})`;
    assert.deepEqual(
      told.rules.filter(({ stage }) => stage === "operation").map(rows),
      rules.map((rule: Omit<RuleRow, "stage">) => rows({ ...rule, stage: "operation" })),
      name,
    );
    const ofProtocol = told.rules.slice(0, body.protocol.V1.length);
    assert.deepEqual(ofProtocol.map(rows), body.protocol.V1.map(rows), name);
  }
});

test("the canonical request of V3 is told, without what may be secret", async () => {
  const authorization = (signed: string): string => authorizationV3("ACS3-HMAC-SHA256", signed);
  const covered = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
  const plain = await story(
    await called("DescribeVpcs", { RegionId: hangzhou }, { signature: "V3", common: { authorization: authorization(covered) } })(),
  );
  assert.match(plain.canonicalRequest, /^POST\n\/\nRegionId=cn-hangzhou\nhost:127\.0\.0\.1:\d+\nx-acs-action:DescribeVpcs\n/);
  assert.match(plain.canonicalRequest, /\n[0-9a-f]{64}$/);

  const common = {
    authorization: authorization(`${covered};x-acs-security-token;cookie`),
    "x-acs-security-token": "token-of-mine",
    cookie: "my-cookie",
  };
  const told = await story(await called("DescribeVpcs", { Passphrase: "hunter2" }, { signature: "V3", place: "form", common })());
  assert.equal(told.code, "InvalidSecurityToken.MismatchWithAccessKey");
  const bodyHash = createHash("sha256").update("Passphrase=hunter2").digest("hex");
  assert.doesNotMatch(JSON.stringify(told), new RegExp(`hunter2|token-of-mine|my-cookie|${bodyHash}`));
  assert.match(told.canonicalRequest, /\nx-acs-content-sha256:\*{6}\n[^]*\nx-acs-security-token:\*{6}\n[^]*\n\*{6}$/);
  assert.equal(told.masked, true);
});
