import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { found } from "../store/found.ts";
import { ask, type Options, refuses, type Sdk, sdkOf } from "../vpc/support.ts";
import {
  connectionIn,
  customerGatewayIn,
  dualGatewayIn,
  gatewayIn,
  readConnection,
  requestConnection,
  twoTunnels,
  virtualNow,
} from "./support.ts";

/** DescribeVpnConnectionLogs. */
let server: InProcessServer;
let sdk: Sdk;
let vpc: TestVpc;
let singleGateway: string;
let dualGateway: string;
let customer: string;
const psk = "psk-that-no-line-tells";
const authKey = "bgp-key-that-no-line-tells";
const root = `acs:ram::${requesterKey.account}:root`;
const notNegotiated = "negotiation status ike_sa_not_established: no data plane is attached, nothing is negotiated";

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  vpc = await availableVpc(server, server.requester);
  singleGateway = await gatewayIn(server, vpc);
  dualGateway = await dualGatewayIn(server, vpc);
  customer = await customerGatewayIn(server.requester, { Asn: "65000", AuthKey: authKey });
});
after(() => server.stop());

const logsOf = (vpnConnectionId: string, options: Options) =>
  ask(sdk, "describeVpnConnectionLogs", { regionId: hangzhou, vpnConnectionId, ...options });
/** The lines of a window. */
const lines = async (vpnConnectionId: string, options: Options = { minutePeriod: 10 }): Promise<string[]> =>
  (await logsOf(vpnConnectionId, { pageSize: 50, ...options })).data?.logs ?? [];
/** A time as lines begin. */
const stamp = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
const patch = async (id: string, fields: object): Promise<void> =>
  assert.equal((await server.admin("PATCH", `resources/${id}`, fields)).status, 200);
const change = async (action: string, VpnConnectionId: string, parameters: object): Promise<Answer> => {
  const answer = succeeded(await server.requester.vpc(action, { RegionId: hangzhou, VpnConnectionId, ...parameters }));
  await server.advance();
  return answer;
};
const tunnelsOf = async (id: string): Promise<[string, string]> => {
  const { TunnelOptions } = succeeded(await readConnection(server.requester, id)).body.TunnelOptionsSpecification;
  return TunnelOptions.map(({ TunnelId }: { TunnelId: string }) => TunnelId);
};
let subnets = 0;
/** A connection of the gateway with one end. */
const singleConnection = (): Promise<string> => {
  subnets += 1;
  const subnet = { LocalSubnet: "10.0.0.0/16", RemoteSubnet: `172.16.${subnets}.0/24` };
  return connectionIn(server, vpc, singleGateway, customer, { ...subnet, IkeConfig: JSON.stringify({ Psk: psk }) });
};

test("what callers did to a connection is told with its time, the oldest first, and that nothing is negotiated", async () => {
  const createdAt = await virtualNow(server);
  const id = await singleConnection();
  const configuredAt = await virtualNow(server);
  assert.deepEqual(await lines(id), [`${stamp(createdAt)} ${id} created by ${root}`, `${stamp(configuredAt)} ${id} ${notNegotiated}`]);
  await server.advance(60);
  const changedAt = await virtualNow(server);
  await change("ModifyVpnConnectionAttribute", id, { Name: "renamed" });
  const deletedAt = await virtualNow(server);
  succeeded(await server.requester.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: id }));
  assert.deepEqual(await lines(id), [
    `${stamp(createdAt)} ${id} created by ${root}`,
    `${stamp(changedAt)} ${id} changed by ${root}`,
    `${stamp(deletedAt)} ${id} deletion asked for by ${root}`,
    `${stamp(deletedAt)} ${id} ${notNegotiated}`,
  ]);
  await server.advance();
  await refuses(logsOf(id, { minutePeriod: 10 }), "InvalidVpnConnectionInstanceId.NotFound", 404);
});

test("a simulated status is told as one", async () => {
  const id = await singleConnection();
  await server.advance(60);
  const patchedAt = await virtualNow(server);
  await patch(id, { SimulatedStatus: "ipsec_sa_established" });
  await server.advance(60);
  assert.equal(
    (await lines(id)).at(-1),
    `${stamp(patchedAt)} ${id} negotiation status ipsec_sa_established: simulated with PATCH, nothing is negotiated`,
  );
  await patch(id, { SimulatedStatus: "" });
  assert.equal((await lines(id)).at(-1), `${stamp(await virtualNow(server))} ${id} ${notNegotiated}`);
});

test("lines of tunnels carry their id, and TunnelId narrows to them", async () => {
  const createdAt = await virtualNow(server);
  const given = twoTunnels(customer, { TunnelBgpConfig: { TunnelCidr: "169.254.20.0/30" } }, { TunnelBgpConfig: { TunnelCidr: "169.254.21.0/30" } }); // prettier-ignore
  const created = await requestConnection(server.requester, dualGateway, { ...given, EnableTunnelsBgp: true });
  const id = succeeded(created).body.VpnConnectionId as string;
  await server.advance();
  const [master, slave] = await tunnelsOf(id);
  const changedAt = await virtualNow(server);
  await change("ModifyTunnelAttribute", id, { TunnelId: slave, TunnelOptionsSpecification: { TunnelIkeConfig: { Psk: psk } } });
  const patchedAt = await virtualNow(server);
  await patch(id, { SimulatedSecondStatus: "ike_sa_established" });
  const ofMaster = [`${stamp(patchedAt)} ${master} ${notNegotiated}`];
  const changed = `${stamp(changedAt)} ${slave} changed by ${root}`;
  const simulated = `${stamp(patchedAt)} ${slave} negotiation status ike_sa_established: simulated with PATCH, nothing is negotiated`;
  assert.deepEqual(await lines(id), [`${stamp(createdAt)} ${id} created by ${root}`, changed, ...ofMaster, simulated]);
  assert.deepEqual(await lines(id, { minutePeriod: 10, tunnelId: master }), ofMaster);
  assert.deepEqual(await lines(id, { minutePeriod: 10, tunnelId: slave }), [changed, simulated]);

  const single = await singleConnection();
  for (const [of, tunnelId] of [
    [id, "tun-bp1unknown"],
    [id, id],
    [single, master],
    [single, single],
  ] as const) {
    await refuses(logsOf(of, { minutePeriod: 10, tunnelId }), "IllegalParam.TunnelId", 400, "The specified TunnelId is invalid.");
  }
});

test("an attachment has a log too", async () => {
  const blocks = { LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" };
  const { body } = succeeded(await server.requester.vpc("CreateVpnAttachment", { RegionId: hangzhou, ...blocks, ...twoTunnels(customer) }));
  const at = stamp(await virtualNow(server));
  const tunnels = await tunnelsOf(body.VpnConnectionId);
  assert.deepEqual(await lines(body.VpnConnectionId), [
    `${at} ${body.VpnConnectionId} created by ${root}`,
    ...tunnels.map((tunnel) => `${at} ${tunnel} ${notNegotiated}`),
  ]);
});

test("the window is From to To, or MinutePeriod before To or now, or behind From; both ends belong to it", async () => {
  const createdAt = Math.floor((await virtualNow(server)) / 1000);
  const id = await singleConnection();
  const configuredAt = Math.floor((await virtualNow(server)) / 1000);
  assert.equal(configuredAt - createdAt, 30);
  await server.advance(90);
  const now = configuredAt + 90;
  const [created = "", configured = ""] = await lines(id);
  const both = [created, configured];
  const expected: readonly (readonly [options: Options, lines: readonly string[]])[] = [
    [{ from: createdAt, to: configuredAt }, both],
    [{ from: createdAt + 1, to: configuredAt }, [configured]],
    [{ from: createdAt, to: configuredAt - 1 }, [created]],
    [{ from: 0, to: 2 ** 31 - 1 }, both],
    [{ from: createdAt, minutePeriod: 1 }, both],
    [{ from: configuredAt - 60, minutePeriod: 1 }, both],
    [{ from: configuredAt - 61, minutePeriod: 1 }, [created]],
    [{ to: createdAt + 60, minutePeriod: 1 }, both],
    [{ to: createdAt + 61, minutePeriod: 1 }, [configured]],
    [{ minutePeriod: 2 }, both],
    // With both ends given, nothing else counts.
    [{ from: createdAt, to: createdAt, minutePeriod: 10 }, [created]],
  ];
  for (const [options, wanted] of expected) assert.deepEqual(await lines(id, options), wanted, JSON.stringify(options));
  for (const options of [
    { minutePeriod: 1 },
    { from: now, to: now },
    { from: configuredAt, to: createdAt },
    { from: configuredAt + 1, to: now },
    { to: createdAt - 1, minutePeriod: 10 },
    { from: createdAt, to: createdAt, pageNumber: 2 },
  ]) {
    if ("pageNumber" in options) assert.deepEqual(await lines(id, options), [], "a page behind the last is empty");
    else {
      await refuses(logsOf(id, options), "QueryVpnConnectionLog.NotFound", 400, "the connection log of the vpn connection is not found.");
    }
  }
});

test("a window that is not whole is refused, and so are numbers out of range", async () => {
  const id = await singleConnection();
  for (const options of [{}, { from: 1 }, { to: 1 }]) await refuses(logsOf(id, options), "MissingMinutePeriod");
  for (const [name, values] of [
    ["MinutePeriod", [0, 11, "x", "1.5"]],
    ["From", [-1, 2 ** 31, "now"]],
    ["To", [-1, 2 ** 31]],
    ["PageSize", [0, 51]],
  ] as const) {
    for (const value of values) {
      const asked = { RegionId: hangzhou, VpnConnectionId: id, MinutePeriod: 1, [name]: value };
      refusedWith(await server.requester.vpc("DescribeVpnConnectionLogs", asked), `Invalid${name}`);
    }
  }
  await refuses(logsOf(id, { minutePeriod: 1, pageNumber: 1_000_000 }), "Throttling.DeepPageSkip");
  await refuses(logsOf("vco-bp1unknown", { minutePeriod: 1 }), "InvalidVpnConnectionInstanceId.NotFound", 404);
  await refuses(
    ask(sdk, "describeVpnConnectionLogs", { regionId: beijing, vpnConnectionId: id, minutePeriod: 1 }),
    "InvalidVpnConnectionInstanceId.NotFound",
    404,
  );
});

test("lines come in pages, and Count is that of the page", async () => {
  const id = await singleConnection();
  for (const Name of ["a", "b", "c"]) await change("ModifyVpnConnectionAttribute", id, { Name });
  const all = await lines(id);
  assert.equal(all.length, 5);
  const paged: string[] = [];
  for (const [pageNumber, count] of [
    [1, 2],
    [2, 2],
    [3, 1],
    [4, 0],
  ] as const) {
    const page = await logsOf(id, { minutePeriod: 10, pageNumber, pageSize: 2 });
    assert.deepEqual(
      [page.count, page.data?.logs?.length, page.pageNumber, page.pageSize, page.isCompleted],
      [count, count, pageNumber, 2, true],
    );
    paged.push(...(page.data?.logs ?? []));
  }
  assert.deepEqual(paged, all);
  const standard = await logsOf(id, { minutePeriod: 10 });
  assert.deepEqual([standard.pageNumber, standard.pageSize], [1, 10]);
});

test("a log keeps its last hundred lines", async () => {
  const id = await singleConnection();
  for (let made = 0; made < 100; made += 1) await change("ModifyVpnConnectionAttribute", id, { Name: `n${made}` });
  const window = { from: 0, to: 2 ** 31 - 1 };
  const all = [
    ...(await lines(id, window)),
    ...(await lines(id, { ...window, pageNumber: 2 })),
    ...(await lines(id, { ...window, pageNumber: 3 })),
  ];
  assert.equal(all.length, 101);
  assert.ok(all.slice(0, 100).every((line) => line.endsWith(`changed by ${root}`)));
  assert.ok(all.at(-1)?.endsWith(notNegotiated));
});

test("no line holds a key", async () => {
  const ids = succeeded(await server.requester.vpc("DescribeVpnConnections", { RegionId: hangzhou, PageSize: 50 })).body;
  const logs: string[] = [];
  const keys: string[] = [psk, authKey];
  for (const { VpnConnectionId, IkeConfig } of ids.VpnConnections.VpnConnection) {
    if (IkeConfig.Psk !== "") keys.push(IkeConfig.Psk);
    logs.push(...(await lines(VpnConnectionId, { from: 0, to: 2 ** 31 - 1 })));
  }
  assert.ok(logs.length > 10);
  assert.deepEqual(found(logs.join("\n"), [...new Set(keys)]), []);
});
