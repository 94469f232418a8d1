import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parsedXml } from "../support/answers.ts";
import type { Answer, Caller, CallOptions, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { type Expected, eventCount, outcome, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, sdkOf } from "../vpc/support.ts";
import {
  attachmentIn,
  connectionIn,
  connectionNotFound,
  customerGatewayIn,
  dualGatewayIn,
  gatewayConfiguring,
  gatewayIn,
  gatewayStatus,
  policyRoutes,
  readConnection,
  requestConnection,
  twoTunnels,
} from "./support.ts";

/** DeleteVpnConnection, held against its documentation page sentence by sentence. */
let server: InProcessServer;
let vpc: TestVpc;
let owner: Caller;
/** A gateway with one end, a customer gateway, and a second one. */
let gateway: string;
let customer: string;
let otherCustomer: string;

before(async () => {
  server = await startServer();
  owner = server.requester;
  const quotas = ["Vpc", "VpnGateway", "CustomerGateway", "VpnConnection"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  vpc = await availableVpc(server, owner);
  gateway = await gatewayIn(server, vpc);
  customer = await customerGatewayIn(owner);
  otherCustomer = await customerGatewayIn(owner);
});
after(() => server.stop());

const remove = (VpnConnectionId: string, parameters: Parameters = {}, options: CallOptions = {}, by = owner): Promise<Answer> =>
  by.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId, ...parameters }, options);
const newConnection = (parameters: Parameters = {}): Promise<string> => connectionIn(server, vpc, gateway, customer, parameters);
const stateOf = async (id: string): Promise<string> => {
  const { body } = await readConnection(owner, id);
  return body.State ?? body.Code;
};
const { code: notFound } = connectionNotFound;

test("the gateway is updating while the connection is being deleted, and active once it is gone", async () => {
  const id = await newConnection();
  assert.deepEqual([await stateOf(id), await gatewayStatus(owner, gateway)], ["active", "active"]);
  const answer = await ask(sdkOf(server, requesterKey), "deleteVpnConnection", { regionId: hangzhou, vpnConnectionId: id });
  assert.match(answer.requestId ?? "", /^[0-9A-F-]{36}$/);
  for (const seconds of [15, 14, 1]) {
    assert.deepEqual([await stateOf(id), await gatewayStatus(owner, gateway)], ["deleted", "updating"]);
    await server.advance(seconds);
  }
  assert.deepEqual([await stateOf(id), await gatewayStatus(owner, gateway)], [notFound, "active"]);
  const { body } = succeeded(await owner.vpc("DescribeVpnConnections", { RegionId: hangzhou, VpnConnectionId: id }));
  assert.deepEqual([body.TotalCount, body.VpnConnections], [0, { VpnConnection: [] }]);
});

test("both tunnels of a connection are deleting with it", async () => {
  const dual = await dualGatewayIn(server, await availableVpc(server, owner));
  const { body } = succeeded(await requestConnection(owner, dual, twoTunnels(customer)));
  await server.advance();
  succeeded(await remove(body.VpnConnectionId));
  const { TunnelOptions } = succeeded(await readConnection(owner, body.VpnConnectionId)).body.TunnelOptionsSpecification;
  assert.deepEqual(
    TunnelOptions.map(({ State }: any) => State),
    ["deleting", "deleting"],
  );
  await server.advance();
  assert.deepEqual([await stateOf(body.VpnConnectionId), await gatewayStatus(owner, dual)], [notFound, "active"]);
});

test("the answer is the RequestId alone, in JSON and in XML as the page's samples", async () => {
  for (const signature of ["V1", "V3"] as const) {
    const json = succeeded(await remove(await newConnection(), {}, { signature }));
    assert.equal(json.headers.get("content-type"), "application/json");
    assert.equal(json.text, `{"RequestId":"${json.body.RequestId}"}`);
    await server.advance();
    const xml = succeeded(await remove(await newConnection(), {}, { signature, format: "XML" }));
    const id = xml.headers.get("x-acs-request-id");
    assert.equal(xml.headers.get("content-type"), "application/xml");
    const sample = `<?xml version="1.0" encoding="UTF-8"?><DeleteVpnConnectionResponse><RequestId>${id}</RequestId></DeleteVpnConnectionResponse>`;
    assert.equal(xml.text.replaceAll(/>\s+</g, "><").trim(), sample);
    await server.advance();
  }
});

test("the sample request works as it is written, as a GET", async () => {
  const id = await newConnection();
  const answer = succeeded(await remove(id, {}, { method: "GET" }));
  assert.deepEqual(Object.keys(answer.body), ["RequestId"]);
  await server.advance();
  assert.equal(await stateOf(id), notFound);
});

test("while a connection is being deleted, every other write on its gateway is refused, and those on another gateway are not", async () => {
  const dual = await dualGatewayIn(server, await availableVpc(server, owner));
  const make = async (to: string): Promise<string> => {
    const { body } = succeeded(await requestConnection(owner, dual, twoTunnels(to)));
    await server.advance();
    return body.VpnConnectionId;
  };
  const [going, staying] = [await make(customer), await make(otherCustomer)];
  const [{ TunnelId }] = succeeded(await readConnection(owner, staying)).body.TunnelOptionsSpecification.TunnelOptions;
  const elsewhere = await newConnection();
  succeeded(await remove(going));
  const call = (action: string, parameters: Parameters) => () => owner.vpc(action, { RegionId: hangzhou, ...parameters });
  const route = { VpnGatewayId: dual, NextHop: staying, RouteDest: "192.168.0.0/24", Weight: 100, PublishVpc: false };
  const writes: readonly (() => Promise<Answer>)[] = [
    () => remove(going),
    () => remove(staying),
    () => requestConnection(owner, dual, twoTunnels(customer)),
    call("ModifyVpnConnectionAttribute", { VpnConnectionId: going, Name: "x" }),
    call("ModifyVpnConnectionAttribute", { VpnConnectionId: staying, Name: "x" }),
    call("ModifyTunnelAttribute", { VpnConnectionId: staying, TunnelId, TunnelOptionsSpecification: { EnableDpd: false } }),
    call("ModifyVpnGatewayAttribute", { VpnGatewayId: dual, Name: "gateway" }),
    call("CreateVpnRouteEntry", route),
    call("CreateVpnPbrRouteEntry", { ...route, RouteSource: "10.0.0.0/24" }),
  ];
  for (const write of writes) await refusedUnchanged(server, write, gatewayConfiguring);
  succeeded(await remove(elsewhere));
  await server.advance();
  await refusedUnchanged(server, () => remove(going), connectionNotFound);
  succeeded(await remove(staying));
  await server.advance();
});

test("a connection that is being created or changed is not deleted yet", async () => {
  const { body } = succeeded(await requestConnection(owner, gateway, { CustomerGatewayId: customer }));
  await refusedUnchanged(server, () => remove(body.VpnConnectionId), gatewayConfiguring);
  await server.advance();
  succeeded(await owner.vpc("ModifyVpnConnectionAttribute", { RegionId: hangzhou, VpnConnectionId: body.VpnConnectionId, Name: "n" }));
  await refusedUnchanged(server, () => remove(body.VpnConnectionId), gatewayConfiguring);
  await server.advance();
  succeeded(await remove(body.VpnConnectionId));
  await server.advance();
});

test("what is no connection of a gateway of the caller in this region is not found, in JSON and in XML", async () => {
  const id = await newConnection();
  const foreignVpc = await availableVpc(server, server.accepter);
  const foreignGateway = await gatewayIn(server, foreignVpc);
  const foreign = await connectionIn(server, foreignVpc, foreignGateway, await customerGatewayIn(server.accepter));
  const attachment = await attachmentIn(server, owner, customer);
  const cases: readonly (readonly [what: string, id: string, parameters?: Parameters])[] = [
    ["nothing", "vco-bp1000000000000000000"],
    ["another account's connection", foreign],
    ["a connection of another region", id, { RegionId: beijing }],
    ["an attachment", attachment],
    ["a gateway", gateway],
    ["a customer gateway", customer],
    ["a VPC", vpc.vpcId],
    ["no id at all", "<&>"],
    ["the id in capitals", id.toUpperCase()],
  ];
  for (const [what, of, parameters] of cases) {
    await refusedUnchanged(server, () => remove(of, parameters), connectionNotFound);
    const { status, headers, text } = await remove(of, parameters, { format: "XML" });
    assert.deepEqual([status, headers.get("content-type")], [404, "text/xml;charset=utf-8"], what);
    const { Error: told, ...others } = parsedXml(text);
    assert.deepEqual(others, {});
    assert.deepEqual([told.Code, told.Message], [notFound, connectionNotFound.message], what);
  }
  await refusedUnchanged(server, () => remove(id, {}, {}, server.accepter), connectionNotFound);
  assert.equal(await stateOf(id), "active");
  const read = await server.accepter.vpc("DescribeVpnConnection", { RegionId: hangzhou, VpnConnectionId: foreign });
  assert.equal(succeeded(read).body.State, "active");
  succeeded(await remove(id));
  await server.advance();
});

test("a busy gateway is told in XML too", async () => {
  const id = await newConnection();
  succeeded(await remove(id));
  const { status, text } = await remove(id, {}, { format: "XML" });
  const { Code, Message } = parsedXml(text)["Error"];
  assert.deepEqual([status, Code, Message], [400, gatewayConfiguring.code, gatewayConfiguring.message]);
  await server.advance();
});

test("RegionId and VpnConnectionId are mandatory, and a ClientToken is ASCII", async () => {
  const id = await newConnection();
  const expected: readonly (readonly [parameters: Parameters, code: string, status?: number])[] = [
    [{ RegionId: undefined }, "MissingRegionId"],
    [{ VpnConnectionId: undefined }, "MissingVpnConnectionId"],
    [{ VpnConnectionId: "" }, "MissingVpnConnectionId"],
    [{ RegionId: "cn-nowhere" }, "InvalidRegionId.NotFound", 404],
    [{ ClientToken: "schlüssel" }, "InvalidClientToken"],
    [{ ClientToken: "t".repeat(65) }, "InvalidClientToken"],
  ];
  const before = await eventCount(server);
  for (const [parameters, code, status] of expected) refusedWith(await remove(id, parameters), code, status);
  assert.equal(await eventCount(server), before);
  succeeded(await remove(id));
  await server.advance();
});

test("a repeated ClientToken answers the first result, while the connection goes and after it has gone", async () => {
  const [id, other] = [await newConnection(), await newConnection({ LocalSubnet: "10.1.0.0/16", CustomerGatewayId: otherCustomer })];
  const ClientToken = "02fb3da4-130e-11e9-8e44-0016e04115b";
  succeeded(await remove(id, { ClientToken }));
  for (const what of ["deleting", "gone"]) {
    const before = await eventCount(server);
    assert.deepEqual(Object.keys(succeeded(await remove(id, { ClientToken })).body), ["RequestId"], what);
    assert.equal(await eventCount(server), before, what);
    await refusedUnchanged(server, () => remove(other, { ClientToken }), tokenReused);
    await server.advance();
  }
  await refusedUnchanged(server, () => remove(id), connectionNotFound);
  await refusedUnchanged(server, () => remove(id, { ClientToken: `${ClientToken}2` }), connectionNotFound);
  // A refused call does not use its token up.
  const another = await newConnection();
  succeeded(await owner.vpc("ModifyVpnGatewayAttribute", { RegionId: hangzhou, VpnGatewayId: gateway, Name: "busy" }));
  await refusedUnchanged(server, () => remove(another, { ClientToken: "later" }), gatewayConfiguring);
  await server.advance();
  for (const each of [another, other]) {
    succeeded(await remove(each, { ClientToken: each === another ? "later" : undefined }));
    await server.advance();
  }
});

test("the routes that lead to the connection go with it, those in the VPC's table too, and those to another stay", async () => {
  const own = await availableVpc(server, owner);
  const at = await gatewayIn(server, own);
  const blocks = { LocalSubnet: "10.0.0.0/16", RemoteSubnet: "192.168.0.0/24,192.168.1.0/24" };
  const going = await connectionIn(server, own, at, customer, blocks);
  const staying = await connectionIn(server, own, at, otherCustomer, { ...blocks, RemoteSubnet: "192.168.2.0/24" });
  const add = async (NextHop: string, RouteDest: string, more: Parameters = {}): Promise<void> => {
    const action = more["RouteSource"] === undefined ? "CreateVpnRouteEntry" : "CreateVpnPbrRouteEntry";
    const route = { RegionId: hangzhou, VpnGatewayId: at, NextHop, RouteDest, Weight: 100, PublishVpc: true, ...more };
    succeeded(await owner.vpc(action, route));
    await server.advance();
  };
  await add(going, "172.16.0.0/24");
  await add(going, "172.16.1.0/24", { PublishVpc: false });
  await add(going, "172.16.2.0/24", { RouteSource: "10.0.1.0/24" });
  await add(staying, "172.16.3.0/24");
  // Published for both connections at once, one active and one standing by.
  await add(going, "172.16.4.0/24");
  await add(staying, "172.16.4.0/24", { Weight: 0 });
  const published = async (): Promise<string[]> => {
    const table = { RegionId: hangzhou, RouteTableId: own.routeTableId, RouteEntryType: "Custom" };
    const { body } = succeeded(await owner.vpc("DescribeRouteEntryList", table));
    return body.RouteEntrys.RouteEntry.map(({ DestinationCidrBlock }: any) => DestinationCidrBlock).sort();
  };
  const destinations = async (): Promise<string[][]> => {
    const { body } = succeeded(await owner.vpc("DescribeVpnRouteEntries", { RegionId: hangzhou, VpnGatewayId: at, PageSize: 50 }));
    const plain = body.VpnRouteEntries.VpnRouteEntry.filter(({ RouteSource }: any) => RouteSource === undefined);
    const policy = await policyRoutes(owner, at);
    return [plain, policy].map((all) =>
      all.map(({ RouteDest, NextHop }: any) => `${RouteDest} ${NextHop === going ? "going" : "staying"}`),
    );
  };
  const stays = ["172.16.3.0/24 staying", "172.16.4.0/24 staying"];
  const [plainBefore, policyBefore] = await destinations();
  assert.deepEqual(plainBefore?.sort(), ["172.16.0.0/24 going", "172.16.1.0/24 going", "172.16.4.0/24 going", ...stays].sort());
  const pairs = ["192.168.0.0/24 going", "192.168.1.0/24 going", "192.168.2.0/24 staying"];
  assert.deepEqual(policyBefore?.sort(), ["172.16.2.0/24 going", ...pairs]);
  const entries = ["172.16.0.0/24", "172.16.2.0/24", "172.16.3.0/24", "172.16.4.0/24"];
  assert.deepEqual(await published(), entries);

  succeeded(await remove(going));
  await server.advance();
  const [plainAfter, policyAfter] = await destinations();
  assert.deepEqual([plainAfter?.sort(), policyAfter], [stays, ["192.168.2.0/24 staying"]]);
  await server.advance();
  assert.deepEqual(await published(), ["172.16.3.0/24", "172.16.4.0/24"]);
  succeeded(await remove(staying));
  await server.advance();
  assert.deepEqual(await destinations(), [[], []]);
  await server.advance();
  assert.deepEqual(await published(), []);
  // Nothing is in the way of what comes next.
  const again = await connectionIn(server, own, at, customer, blocks);
  await add(again, "172.16.0.0/24");
  assert.deepEqual(await published(), ["172.16.0.0/24"]);
});

test("gateway, customer gateway and VPC can be deleted once the connection has gone, and not before", async () => {
  const own = await availableVpc(server, owner);
  const at = await gatewayIn(server, own);
  const site = await customerGatewayIn(owner);
  const id = await connectionIn(server, own, at, site);
  const call = (action: string, parameters: Parameters) => () => owner.vpc(action, { RegionId: hangzhou, ...parameters });
  const inUse: Expected = {
    code: "DependencyViolation.VpnConnection",
    message: "There are vpn connections on specified customer gateway not deleted.",
  };
  const gateways: readonly (() => Promise<Answer>)[] = [
    call("DeleteVpnGateway", { VpnGatewayId: at }),
    call("DeleteCustomerGateway", { CustomerGatewayId: site }),
  ];
  const deleteVpc = call("DeleteVpc", { VpcId: own.vpcId });
  const vpcInUse: Expected = { code: "DependencyViolation.VpnGateway", message: "Specified object has dependent resources" };
  for (const deletion of gateways) await refusedUnchanged(server, deletion, inUse);
  await refusedUnchanged(server, deleteVpc, vpcInUse);
  succeeded(await remove(id));
  const [deleteGateway, deleteSite] = gateways as [() => Promise<Answer>, () => Promise<Answer>];
  // What is at work is soon done: clients wait this code out.
  const busy: Expected = { code: "VpnGateway.Configuring", message: "The specified service is configuring." };
  await refusedUnchanged(server, deleteGateway, busy);
  await refusedUnchanged(server, deleteSite, inUse);
  await server.advance();
  for (const deletion of gateways) succeeded(await deletion());
  await refusedUnchanged(server, deleteVpc, vpcInUse);
  await server.advance();
  succeeded(await deleteVpc());
});

test("a connection of a gateway that is prepaid or locked for its bill can be deleted: the page knows no such refusal", async () => {
  const own = await availableVpc(server, owner);
  const at = await gatewayIn(server, own, { InstanceChargeType: "PREPAY" });
  const id = await connectionIn(server, own, at, customer);
  assert.equal((await server.admin("PATCH", `resources/${at}`, { BusinessStatus: "FinancialLocked" })).status, 200);
  succeeded(await remove(id));
  await refusedUnchanged(server, () => remove(id), gatewayConfiguring);
  await server.advance();
  assert.deepEqual([await stateOf(id), await gatewayStatus(owner, at)], [notFound, "active"]);
});

test("deletions that are asked for at the same time: one happens, the others hear that the gateway is busy", async () => {
  const ids = [await newConnection({ LocalSubnet: "10.2.0.0/16" }), await newConnection({ LocalSubnet: "10.3.0.0/16", ...other() })];
  const answers = await Promise.all([...ids, ...ids, ...ids].map((id) => remove(id)));
  assert.deepEqual(answers.map(outcome).sort(), ["OK", ...Array.from({ length: 5 }, () => gatewayConfiguring.code)]);
  await server.advance();
  assert.deepEqual((await Promise.all(ids.map(stateOf))).sort(), [notFound, "active"]);
});
function other(): Parameters {
  return { CustomerGatewayId: otherCustomer };
}

test("in pace instant the connection has gone when the answer arrives", async () => {
  const instant = await startServer({ pace: "instant" });
  try {
    const { requester } = instant;
    const at = succeeded(await requester.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" })).body.VpcId;
    const made = await requester.vpc("CreateVpnGateway", { RegionId: hangzhou, VpcId: at, Bandwidth: 10 });
    const { VpnGatewayId } = succeeded(made).body;
    const CustomerGatewayId = await customerGatewayIn(requester);
    const { VpnConnectionId } = succeeded(await requestConnection(requester, VpnGatewayId, { CustomerGatewayId })).body;
    succeeded(await remove(VpnConnectionId, {}, {}, requester));
    refusedWith(await readConnection(requester, VpnConnectionId), notFound, 404);
    assert.equal(await gatewayStatus(requester, VpnGatewayId), "active");
  } finally {
    await instant.stop();
  }
});
