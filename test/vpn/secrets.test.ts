import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer } from "../support/server.ts";
import { found } from "../store/found.ts";
import { readStore } from "../store/replay.ts";
import {
  connectionIn,
  customerGatewayIn,
  dualGatewayIn,
  gatewayIn,
  readConnection,
  requestAttachment,
  requestConnection,
  twoTunnels,
} from "./support.ts";

/** BGP keys and pre-shared keys leave the server in the answers to their owner and nowhere else. */

const created = "bgp-key-at-creation-5f2c";
const changed = "bgp-key-after-change-9d71";
const refused = "bgp-key-that-is-refused-1a2b";
const malformed = "bgp-key that is malformed?";
const bgpKeys = [created, changed, refused, malformed];
/** Pre-shared keys that are given, in each of the ways in which a call can give one. */
const given = {
  single: "psk-of-one-tunnel-4c1e",
  singleChanged: "psk-of-one-tunnel-changed-77aa",
  singleApart: "psk-in-a-parameter-of-its-own-0d3f",
  master: "psk-of-the-master-e1b8",
  slave: "psk-of-the-slave-93cd",
  tunnelChanged: "psk-of-a-tunnel-changed-5b60",
  slaveChanged: "psk-of-the-slave-changed-c24e",
  attached: "psk-of-an-attachment-18f7",
  attachedChanged: "psk-of-an-attachment-changed-6e95",
  refused: "psk-that-is-refused-a0c3",
  malformed: "psk that is malformed-b5d2",
  unread: "psk-of-one-tunnel-for-a-gateway-with-two-2f49",
  misplaced: "psk-where-no-key-belongs-81d2",
};
/** All keys, those included that the server made. */
const all = [...bgpKeys, ...Object.values(given)];
let server: SpawnedServer;
let id: string;
/** Connections with one tunnel and with two, and an attachment. */
let single: string;
let pair: string;
let attachment: string;

before(async () => {
  server = await spawnServer({ environment: { LINKSPAN_LOG: "trace", LINKSPAN_PACE: "stepped" } });
  const { requester } = server;
  const gateway = { RegionId: hangzhou, IpAddress: "192.0.2.1", Asn: "65000", AuthKey: created, ClientToken: "once" };
  id = succeeded(await requester.vpc("CreateCustomerGateway", gateway)).body.CustomerGatewayId;
  assert.equal(succeeded(await requester.vpc("CreateCustomerGateway", gateway)).body.CustomerGatewayId, id);
  const change = (AuthKey: string, signature: "V1" | "V3") =>
    requester.vpc(
      "ModifyCustomerGatewayAttribute",
      { RegionId: hangzhou, CustomerGatewayId: id, AuthKey, ClientToken: "change" },
      { signature },
    );
  succeeded(await change(changed, "V3"));
  refusedWith(await change(refused, "V1"), "IdempotentParameterMismatch");
  for (const signature of ["V1", "V3"] as const) refusedWith(await change(malformed, signature), "InvalidAuthkey.Malformed");
  const other = { ...gateway, ClientToken: undefined, AuthKey: refused };
  refusedWith(await requester.vpc("CreateCustomerGateway", other), "InvalidIpAddress.AlreadyExist");
  refusedWith(await requester.vpc("CreateCustomerGateway", other, { method: "GET" }), "InvalidIpAddress.AlreadyExist");
  refusedWith(
    await requester.vpc("CreateCustomerGateway", { ...other, IpAddress: "192.0.2.2", Asn: undefined }),
    "OperationDenied.MissingAsn",
  );
  await giveKeys(requester);
});
after(() => server.stop());

/** Creates and changes connections with keys of every kind, refused ones among them. */
async function giveKeys(requester: Caller): Promise<void> {
  const vpc = await availableVpc(server, requester);
  const [gateway, dual] = [await gatewayIn(server, vpc), await dualGatewayIn(server, vpc)];
  const site = await customerGatewayIn(requester);
  const other = await customerGatewayIn(requester);
  const IkeConfig = (Psk: string): Parameters => ({ IkeConfig: JSON.stringify({ Psk }) });
  const key = (Psk: string): Parameters => ({ TunnelIkeConfig: { Psk } });
  const done = async (answer: Answer): Promise<string> => {
    await server.advance();
    return succeeded(answer).body.VpnConnectionId;
  };
  const call = (action: string, parameters: Parameters, signature: "V1" | "V3" = "V1"): Promise<Answer> =>
    requester.vpc(action, { RegionId: hangzhou, ...parameters }, { signature });

  const one = { CustomerGatewayId: site, ...IkeConfig(given.single), ClientToken: "single" };
  single = await done(await requestConnection(requester, gateway, one));
  assert.equal(await done(await requestConnection(requester, gateway, one)), single);
  const two = { ...twoTunnels(site, key(given.master), key(given.slave)), ...IkeConfig(given.unread), ClientToken: "pair" };
  pair = await done(await requestConnection(requester, dual, two));
  const ends = { ...twoTunnels(site, key(given.attached)), ClientToken: "attached" };
  attachment = await done(await requestAttachment(requester, site, ends));
  const made = await connectionIn(server, vpc, gateway, other);

  const changeSingle = (more: Parameters): Promise<Answer> =>
    call("ModifyVpnConnectionAttribute", { VpnConnectionId: single, ...more }, "V3");
  // The answers of these changes hold the keys, and are kept for their repeats.
  await done(await changeSingle({ ...IkeConfig(given.singleChanged), ClientToken: "change-single" }));
  await done(await changeSingle({ ...IkeConfig(given.singleChanged), ClientToken: "change-single" }));
  await done(await changeSingle({ "IkeConfig.Psk": given.singleApart }));
  const [{ TunnelId }] = succeeded(await readConnection(requester, pair)).body.TunnelOptionsSpecification.TunnelOptions;
  const tunnel = { VpnConnectionId: pair, TunnelId, TunnelOptionsSpecification: key(given.tunnelChanged), ClientToken: "tunnel" };
  for (const signature of ["V1", "V3"] as const) await done(await call("ModifyTunnelAttribute", tunnel, signature));
  const slave = { TunnelOptionsSpecification: [{ Role: "slave", ...key(given.slaveChanged) }] };
  await done(await call("ModifyVpnConnectionAttribute", { VpnConnectionId: pair, ...slave, ClientToken: "slave" }));
  const first = { TunnelOptionsSpecification: [{ TunnelIndex: 1, ...key(given.attachedChanged) }] };
  await done(await call("ModifyVpnAttachmentAttribute", { VpnConnectionId: attachment, ...first, ClientToken: "attachment" }));

  refusedWith(await changeSingle({ ...IkeConfig(given.refused), ClientToken: "change-single" }), "IdempotentParameterMismatch");
  refusedWith(await requestConnection(requester, gateway, { ...one, ...IkeConfig(given.refused) }), "IdempotentParameterMismatch");
  refusedWith(await changeSingle(IkeConfig(given.malformed)), "InvalidIkeConfig");
  refusedWith(await changeSingle({ IkeConfig: `{"Psk":"${given.refused}"` }), "InvalidIkeConfig");
  refusedWith(await changeSingle({ IkeConfig: `["${given.refused}"]` }), "InvalidIkeConfig");
  const wrongTunnel = { ...tunnel, ClientToken: undefined, TunnelOptionsSpecification: key(given.malformed) };
  refusedWith(await call("ModifyTunnelAttribute", wrongTunnel), "InvalidTunnelOptionsSpecification");
  refusedWith(await call("CreateVpnAttachment", { ...ends, LocalSubnet: "x", ...key(given.refused) }), "IllegalParam.LocalSubnet");
  // Blocks of other forms than the declared ones, and members that a block does not have.
  const misplaced = JSON.stringify({ Psk: given.misplaced });
  for (const place of ["", ".1", ".1.TunnelIkeConfig"]) {
    const answer = await requestConnection(requester, dual, { [`TunnelOptionsSpecification${place}`]: misplaced });
    refusedWith(answer, "InvalidTunnelOptionsSpecification");
  }
  for (const block of ["IpsecConfig", "BgpConfig", "HealthCheckConfig"]) {
    for (const text of [misplaced, `[${misplaced}]`, JSON.stringify(given.misplaced), `${misplaced}}`]) {
      assert.equal((await changeSingle({ [block]: text, LocalSubnet: "x" })).status, 400);
    }
  }
  const query = { RegionId: hangzhou, VpnConnectionId: "vco-none", ...IkeConfig(given.refused) };
  for (const method of ["GET", "POST"] as const) {
    refusedWith(
      await requester.vpc("ModifyVpnConnectionAttribute", query, { method, place: "query" }),
      "InvalidVpnConnectionInstanceId.NotFound",
      404,
    );
  }
  // What the server made is as secret.
  for (const connection of [made, pair, attachment]) {
    const { IkeConfig: ike, TunnelOptionsSpecification } = succeeded(await readConnection(requester, connection)).body;
    const keys: string[] = TunnelOptionsSpecification.TunnelOptions.map(({ TunnelIkeConfig }: any) => TunnelIkeConfig.Psk);
    all.push(...(keys.length === 0 ? [ike.Psk] : keys).filter((psk) => !all.includes(psk)));
  }
  assert.equal(all.length, bgpKeys.length + Object.keys(given).length + 2, "one connection and one tunnel got keys that the server made");
  succeeded(await call("DeleteVpnConnection", { VpnConnectionId: made }));
  await server.advance();
}

test("the owner reads the pre-shared keys, one by one and in lists", async () => {
  const { requester } = server;
  const keysOf = ({ IkeConfig, TunnelOptionsSpecification }: any): string[] => [
    IkeConfig.Psk,
    ...TunnelOptionsSpecification.TunnelOptions.map(({ TunnelIkeConfig }: any) => TunnelIkeConfig.Psk),
  ];
  const shown = new Map<string, string[]>();
  for (const connection of [single, pair, attachment]) {
    shown.set(connection, keysOf(succeeded(await readConnection(requester, connection)).body));
  }
  assert.deepEqual(shown.get(single), [given.singleApart]);
  assert.deepEqual(shown.get(pair), ["", given.tunnelChanged, given.slaveChanged]);
  assert.equal(shown.get(attachment)?.[1], given.attachedChanged);
  const { VpnConnections } = succeeded(await requester.vpc("DescribeVpnConnections", { RegionId: hangzhou })).body;
  for (const member of VpnConnections.VpnConnection) assert.deepEqual(keysOf(member), shown.get(member.VpnConnectionId));
  assert.equal(VpnConnections.VpnConnection.length, 3);
});

test("the owner reads the key, one by one and in lists", async () => {
  const { requester } = server;
  const one = succeeded(await requester.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: id })).body;
  const { CustomerGateways } = succeeded(await requester.vpc("DescribeCustomerGateways", { RegionId: hangzhou })).body;
  assert.deepEqual([one.AuthKey, CustomerGateways.CustomerGateway[0].AuthKey], [changed, changed]);
});

test("the files of the data folder hold no key", () => {
  const files = readdirSync(server.folder).filter((name) => name !== "key");
  assert.ok(files.includes("linkspan.db"), files.join(", "));
  for (const file of files) assert.deepEqual(found(readFileSync(join(server.folder, file)), all), [], file);
});

test("events hold the key sealed, each time it changes", () => {
  const stored = readStore(server.folder, (rows) => rows("SELECT * FROM event"));
  assert.deepEqual(found(JSON.stringify(stored), all), []);
  const events = stored.filter(({ resource }) => resource === id);
  assert.equal(events.length, 2);
  const sealed = events.map(({ image }) => JSON.parse(image).authKey as string);
  for (const text of sealed) assert.ok(text.length > 20, "something stands in the key's place");
  assert.notEqual(sealed[0], sealed[1]);
  for (const connection of [single, pair, attachment]) {
    const keys = stored.filter(({ resource }) => resource === connection).map(({ image }) => JSON.parse(image).psks as string);
    assert.ok(keys.length >= 2, `${connection} has been changed`);
    for (const text of keys) assert.ok(text.length > 40, "something stands in the keys' place");
  }
});

test("what is kept of a call for its ClientToken can be compared under the key file of its server only", async () => {
  const kept = (folder: string) =>
    readStore(folder, (rows) => rows("SELECT * FROM token")).filter(({ token }) => token === "once").map(({ input }) => input); // prettier-ignore
  const other = await spawnServer({ environment: { LINKSPAN_PACE: "stepped" } });
  try {
    const gateway = { RegionId: hangzhou, IpAddress: "192.0.2.1", Asn: "65000", AuthKey: created, ClientToken: "once" };
    succeeded(await other.requester.vpc("CreateCustomerGateway", gateway));
    const [here, there] = [kept(server.folder), kept(other.folder)];
    assert.deepEqual([here.length, there.length], [1, 1]);
    assert.notEqual(here[0], there[0]);
  } finally {
    await other.stop();
  }
});

/** The calls that give keys, and how many of them there were at least. */
const calls = /CustomerGateway|VpnConnection|VpnAttachment|TunnelAttribute/;
const callsMin = 40;

test("log lines and everything that the server prints hold no key", async () => {
  const output = await server.wholeOutput();
  const lines = output.split("\n").filter((line) => calls.test(line)); // prettier-ignore
  assert.ok(lines.length >= callsMin, `${lines.length} lines`);
  assert.deepEqual(found(output, all), []);
});

test("requests, each told whole, and the resources of an administrator hold no key", async () => {
  const { requests } = (await server.admin("GET", "requests?limit=1000")).body;
  const told = requests.filter(({ action }: { action: string }) => calls.test(action));
  assert.ok(told.length >= callsMin);
  assert.deepEqual(found(JSON.stringify(requests), all), []);
  for (const { requestId } of told) {
    const { status, body } = await server.admin("GET", `requests/${requestId}`);
    assert.equal(status, 200);
    assert.deepEqual(found(JSON.stringify(body), all), []);
  }
  for (const resource of [id, single, pair, attachment]) {
    for (const fields of [{}, { authKey: "mine" }, { AuthKey: "mine" }, { psks: "mine" }, { SimulatedStatus: "" }]) {
      const { body } = await server.admin("PATCH", `resources/${resource}`, fields);
      assert.deepEqual(found(JSON.stringify(body), all), []);
    }
  }
});
