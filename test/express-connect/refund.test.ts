import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Answer, type Parameters, versions } from "../support/caller.ts";
import { beijing, hangzhou, succeeded } from "../support/networks.ts";
import { eventCount, type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { activeLink, connect, idleLink, interfaceAt, interfaceStatus, onInterface, type RoutedVpc, routedVpc, routeOver } from "./router-interfaces.ts"; // prettier-ignore

/** RefundInstance, by which clients end a router interface that is paid in advance. */

let server: InProcessServer;
let at: RoutedVpc;
let far: RoutedVpc;
before(async () => {
  server = await startServer();
  const quotas = ["Vpc", "RouterInterface"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
  at = await newVpc();
  far = await newVpc();
});
after(() => server.stop());

const newVpc = (region = hangzhou): Promise<RoutedVpc> => routedVpc(server, server.requester, region);
const subscription = { InstanceChargeType: "PrePaid", Period: 1 } as const;
/** As Terraform sends it: without a region. */
const refund = (InstanceId: string, parameters: Parameters = {}, owner = server.requester): Promise<Answer> =>
  owner.call(versions.BssOpenApi, "RefundInstance", {
    InstanceId,
    ImmediatelyRelease: "1",
    ProductCode: "ri",
    ProductType: "",
    ...parameters,
  });
const notExists: Expected = { code: "ResourceNotExists", message: "The specific resource is not exists." };
const status: Expected = { code: "ResourceStatusError", message: "The resource status error." };

test("a subscription is given back, in whatever region it is, and is gone when the work is done", async () => {
  for (const [vpc, code] of [
    [at, "ri"],
    [await newVpc(beijing), "ri_pre_intl"],
  ] as const) {
    const id = await interfaceAt(vpc, far, subscription);
    const deletion = (): Promise<Answer> => onInterface(vpc, "DeleteRouterInterface", id);
    await refusedUnchanged(server, deletion, {
      code: "InvalidRouterInterfaceChargeType.Malformed",
      message: "The prepaid routerinterface can not delete.",
    });
    const { body } = succeeded(await refund(id, { ProductCode: code }));
    assert.deepEqual([body.Code, body.Message, body.Success, body.Data.HostId], ["200", "success", true, "cn"]);
    assert.ok(Number.isSafeInteger(body.Data.OrderId));
    assert.equal(await interfaceStatus(vpc, id), "Deleting");
    await server.advance();
    assert.equal(await interfaceStatus(vpc, id), "");
    await refusedUnchanged(server, () => refund(id), notExists);
  }
});

test("one that is connected is given back as it is, and its other end stays", async () => {
  const [from, to] = [await newVpc(), await newVpc()];
  const link = await activeLink(server, from, to, subscription);
  succeeded(await refund(link.initiator));
  await server.advance();
  assert.deepEqual([await interfaceStatus(from, link.initiator), await interfaceStatus(to, link.acceptor)], ["", "Active"]);
  succeeded(await onInterface(to, "DeleteExpressConnect", link.acceptor));
});

test("only a subscription of the caller is given back, and nothing of another product", async () => {
  const payAsYouGo = await interfaceAt(at, far);
  await refusedUnchanged(server, () => refund(payAsYouGo), status);
  const id = await interfaceAt(at, far, subscription);
  for (const [instance, parameters, owner] of [
    ["ri-bp1000000000000000000", {}, server.requester],
    [at.vpcId, {}, server.requester],
    [id, {}, server.accepter],
    [id, { ProductCode: "ecs" }, server.requester],
  ] as const) {
    await refusedUnchanged(server, () => refund(instance, parameters, owner), notExists);
  }
});

test("one that is at work, locked, or led over by a route is not given back", async () => {
  const [from, to] = [await newVpc(), await newVpc()];
  const link = await idleLink(from, to, subscription);
  succeeded(await connect(link));
  await refusedUnchanged(server, () => refund(link.initiator), status);
  await server.advance();
  const entry = await routeOver(server, from, link.initiator, "172.16.0.0/12");
  await refusedUnchanged(server, () => refund(link.initiator), status);
  succeeded(await from.owner.vpc("DeleteRouteEntry", { RegionId: hangzhou, RouteEntryId: entry }));
  await server.advance();
  const lock = async (OperationLock: string): Promise<void> => {
    assert.equal((await server.admin("PATCH", `resources/${link.initiator}`, { OperationLock })).status, 200);
  };
  await lock("maintenance");
  await refusedUnchanged(server, () => refund(link.initiator), status);
  await lock("");
  succeeded(await refund(link.initiator));
});

test("what is missing is named, and what cannot be done is refused", async () => {
  const id = await interfaceAt(at, far, subscription);
  for (const name of ["InstanceId", "ProductCode"]) {
    const expected = { code: `Missing${name}`, message: `${name} is mandatory for this action.` };
    await refusedUnchanged(server, () => refund(id, { [name]: undefined }), expected);
  }
  for (const [name, value] of [
    ["ImmediatelyRelease", "0"],
    ["ProductType", "ri"],
  ] as const) {
    const expected = { code: `Invalid${name}`, message: `Specified parameter ${name} is not valid.` };
    await refusedUnchanged(server, () => refund(id, { [name]: value }), expected);
  }
  // At once is what is done when nothing is said.
  succeeded(await refund(id, { ImmediatelyRelease: undefined, ProductType: undefined }));
});

test("a repeated ClientToken answers the first refund", async () => {
  const id = await interfaceAt(at, far, subscription);
  const ClientToken = "refund once";
  const first = succeeded(await refund(id, { ClientToken })).body.Data.OrderId;
  await server.advance();
  const before = await eventCount(server);
  assert.equal(succeeded(await refund(id, { ClientToken })).body.Data.OrderId, first);
  assert.equal(await eventCount(server), before);
});
