import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded, vSwitchIn } from "../support/networks.ts";
import { type Expected, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { sdkOf } from "../vpc/support.ts";
import {
  activeLink,
  connect,
  customDestinations,
  idleLink,
  interfaceAt,
  interfaceStatus,
  onInterface,
  readInterface,
  type RoutedVpc,
  routedVpc,
  routeOver,
} from "./router-interfaces.ts";

/** DeleteExpressConnect to the letter of its page: both ends go, whichever is named. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

const remove = (at: RoutedVpc, id: string, parameters: Parameters = {}): Promise<Answer> =>
  onInterface(at, "DeleteExpressConnect", id, parameters);
const twoVpcs = async (): Promise<[RoutedVpc, RoutedVpc]> => [
  await routedVpc(server, server.requester),
  await routedVpc(server, server.requester),
];
const patch = async (id: string, fields: object): Promise<void> => {
  assert.equal((await server.admin("PATCH", `resources/${id}`, fields)).status, 200);
};

const notFound: Expected = { code: "InvalidRouterInterfaceId.NotFound", message: "The routerInterface is not exist.", status: 404 };
const status: Expected = {
  code: "IncorrectStatus.RouterInterface",
  message: "This openeration would not be allowed because the status of this RouterInterface is not correct.",
};
const routeLeft: Expected = {
  code: "DependencyViolation.RouterInterfaceReferedByRouteEntry",
  message: "RouterInterface cannot be deleted when it is refered by a route table entry as next hop.",
};

test("either end names the pair, in every state that lasts, and both ends go", async () => {
  const states = ["Idle", "Active", "Inactive"] as const;
  for (const state of states) {
    for (const end of ["initiator", "acceptor"] as const) {
      const [from, to] = await twoVpcs();
      const link = state === "Idle" ? await idleLink(from, to) : await activeLink(server, from, to);
      if (state === "Inactive") {
        succeeded(await onInterface(from, "DeactivateRouterInterface", link.initiator));
        await server.advance();
      }
      assert.equal(await interfaceStatus(from, link.initiator), state);
      const at = end === "initiator" ? from : to;
      const { RequestId, ...answer } = succeeded(await remove(at, link[end])).body;
      assert.deepEqual([answer, typeof RequestId], [{}, "string"]);
      assert.deepEqual([await interfaceStatus(from, link.initiator), await interfaceStatus(to, link.acceptor)], ["Deleting", "Deleting"]);
      await server.advance();
      assert.deepEqual([await interfaceStatus(from, link.initiator), await interfaceStatus(to, link.acceptor)], ["", ""]);
    }
  }
});

test("the official SDK deletes a pair", async () => {
  const [from, to] = await twoVpcs();
  const link = await activeLink(server, from, to);
  const { deleteExpressConnect } = sdkOf(server, requesterKey) as any;
  assert.ok(deleteExpressConnect !== undefined);
  const client: any = sdkOf(server, requesterKey);
  const models: any = await import("@alicloud/vpc20160428");
  const { body } = await client.deleteExpressConnect(
    new models.DeleteExpressConnectRequest({ regionId: hangzhou, routerInterfaceId: link.acceptor, force: true }),
  );
  assert.match(body.requestId, /^[0-9A-F-]{36}$/);
  await server.advance();
  assert.equal(await interfaceStatus(from, link.initiator), "");
});

test("the ends may belong to two accounts, in two regions", async () => {
  const from = await routedVpc(server, server.requester);
  const to = await routedVpc(server, server.accepter, beijing);
  const link = await activeLink(server, from, to);
  assert.equal((await readInterface(to, link.acceptor)).OppositeInterfaceOwnerId, requesterKey.account);
  await refusedUnchanged(server, () => onInterface(from, "DeleteExpressConnect", link.acceptor), notFound);
  await refusedUnchanged(server, () => onInterface(from, "DeleteExpressConnect", link.acceptor, { RegionId: beijing }), notFound);
  succeeded(await remove(to, link.acceptor));
  await server.advance();
  assert.deepEqual([await interfaceStatus(from, link.initiator), await interfaceStatus(to, link.acceptor)], ["", ""]);
});

test("route entries keep a link, on either side; Force takes them along", async () => {
  for (const side of ["from", "to"] as const) {
    const [from, to] = await twoVpcs();
    const link = await activeLink(server, from, to);
    const over = side === "from" ? link.initiator : link.acceptor;
    await routeOver(server, link[side], over, "192.168.0.0/16");
    for (const [at, id] of [
      [from, link.initiator],
      [to, link.acceptor],
    ] as const) {
      await refusedUnchanged(server, () => remove(at, id), routeLeft);
      await refusedUnchanged(server, () => remove(at, id, { Force: false }), routeLeft);
    }
    succeeded(await remove(from, link.initiator, { Force: true }));
    await server.advance();
    assert.deepEqual([await interfaceStatus(from, link.initiator), await customDestinations(link[side])], ["", []]);
  }
});

test("what is not there, and what is something else", async () => {
  const [from, to] = await twoVpcs();
  const foreign = await interfaceAt(await routedVpc(server, server.accepter), to);
  const own = await interfaceAt(from, to);
  for (const id of ["ri-bp1000000000000000000", foreign]) await refusedUnchanged(server, () => remove(from, id, { Force: true }), notFound);
  await refusedUnchanged(server, () => remove(from, own, { RegionId: beijing }), notFound);
  const other: Expected = {
    code: "InvalidInstanceId.NotFound",
    message: "The InstanceId provided does not exist in our records.",
    status: 404,
  };
  for (const id of [from.vpcId, "pcc-0000000000000000", "x"]) await refusedUnchanged(server, () => remove(from, id), other);
  await refusedUnchanged(server, () => remove(from, own, { RegionId: "cn-nowhere" }), {
    code: "InvalidRegionId.NotFound",
    message: "The RegionId provided does not exist in our records.",
    status: 404,
  });
});

test("a subscription keeps the pair, on its own side and on the other", async () => {
  const [from, to] = await twoVpcs();
  const link = await activeLink(server, from, to);
  await patch(link.acceptor, { ChargeType: "Prepaid" });
  const ownPrepaid: Expected = {
    code: "InvalidRouterInterfaceChargeType.Malformed",
    message: "The prepaid routerinterface can not delete.",
  };
  const oppositePrepaid: Expected = {
    code: "InvalidRouterInterfaceOppositeChargeType.Malformed",
    message: "Opposite routerinterface is prepaid and can not delete.",
  };
  await refusedUnchanged(server, () => remove(to, link.acceptor, { Force: true }), ownPrepaid);
  await refusedUnchanged(server, () => remove(from, link.initiator, { Force: true }), oppositePrepaid);
});

test("a lock of operations, on either end, and a state in which a task is at work refuse", async () => {
  const [from, to] = await twoVpcs();
  const link = await idleLink(from, to);
  succeeded(await connect(link));
  for (const [at, id] of [
    [from, link.initiator],
    [to, link.acceptor],
  ] as const) {
    await refusedUnchanged(server, () => remove(at, id, { Force: true }), status);
  }
  await server.advance();
  const locked: Expected = { code: "OperationFailed.OperationLocked", message: "Operation failed because OperationLocked." };
  await patch(link.acceptor, { OperationLock: "maintenance" });
  await refusedUnchanged(server, () => remove(from, link.initiator), locked);
  await refusedUnchanged(server, () => remove(to, link.acceptor), locked);
  await patch(link.acceptor, { OperationLock: "" });
  succeeded(await remove(from, link.initiator));
});

test("a VPC at work, on either side, refuses", async () => {
  const [from, to] = await twoVpcs();
  const link = await activeLink(server, from, to);
  const busy: Expected = {
    code: "IncorrectStatus.VSwitchOrRouteEntry",
    message: "vpc has no stable subnet or route entry.",
    status: 404,
  };
  for (const at of [from, to]) {
    const vSwitch = { RegionId: at.region, VpcId: at.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24" };
    succeeded(await at.owner.vpc("CreateVSwitch", vSwitch));
    await refusedUnchanged(server, () => remove(from, link.initiator, { Force: true }), busy);
    await server.advance();
  }
  await vSwitchIn(server, from, "10.0.2.0/24");
  succeeded(await remove(from, link.initiator));
});

test("the other account's VPC at work refuses too, and what is at work there is told to nobody else", async () => {
  const [from, to] = [await routedVpc(server, server.requester), await routedVpc(server, server.accepter)];
  const link = await activeLink(server, from, to);
  const subjectOf = async (at: RoutedVpc, id: string): Promise<unknown> => {
    const { body } = refusedWith(await remove(at, id), "IncorrectStatus.VSwitchOrRouteEntry", 404);
    return (await server.admin("GET", `requests/${body.RequestId}`)).body.subject?.id;
  };
  const vSwitch = { RegionId: to.region, VpcId: to.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24" };
  const { VSwitchId } = succeeded(await to.owner.vpc("CreateVSwitch", vSwitch)).body;
  assert.deepEqual([await subjectOf(to, link.acceptor), await subjectOf(from, link.initiator)], [VSwitchId, undefined]);
  await server.advance();
  succeeded(await remove(from, link.initiator));
});

test("a pair that is being deleted holds neither VPC, and the rest of a pair goes alone", async () => {
  const [from, to] = await twoVpcs();
  const link = await activeLink(server, from, to);
  refusedWith(await from.owner.vpc("DeleteVpc", { RegionId: from.region, VpcId: from.vpcId }), "DependencyViolation.RouterInterface");
  succeeded(await remove(from, link.initiator));
  for (const at of [from, to]) succeeded(await at.owner.vpc("DeleteVpc", { RegionId: at.region, VpcId: at.vpcId }));
  await server.advance();

  const [left, right] = await twoVpcs();
  const rest = await activeLink(server, left, right);
  succeeded(await onInterface(left, "DeactivateRouterInterface", rest.initiator));
  await server.advance();
  succeeded(await onInterface(left, "DeleteRouterInterface", rest.initiator));
  await server.advance();
  const { Status, OppositeInterfaceStatus } = await readInterface(right, rest.acceptor);
  assert.deepEqual([Status, OppositeInterfaceStatus], ["Active", "Deleted"]);
  succeeded(await remove(right, rest.acceptor));
  await server.advance();
  assert.equal(await interfaceStatus(right, rest.acceptor), "");
});

test("an interface that names itself is no pair, and goes alone", async () => {
  const [from, to] = await twoVpcs();
  const own = await interfaceAt(from, to);
  succeeded(await onInterface(from, "ModifyRouterInterfaceAttribute", own, { OppositeInterfaceId: own }));
  const { OppositeInterfaceId, OppositeInterfaceStatus, OppositeVpcInstanceId } = await readInterface(from, own);
  assert.deepEqual([OppositeInterfaceId, OppositeInterfaceStatus, OppositeVpcInstanceId], [own, "", ""]);
  succeeded(await remove(from, own));
  await server.advance();
  assert.equal(await interfaceStatus(from, own), "");
});

test("a repeated ClientToken answers the first deletion", async () => {
  const [from, to] = await twoVpcs();
  const link = await activeLink(server, from, to);
  const ClientToken = "t".repeat(64);
  succeeded(await remove(from, link.initiator, { ClientToken }));
  await server.advance();
  succeeded(await remove(from, link.initiator, { ClientToken }));
  await refusedUnchanged(server, () => remove(from, link.initiator, { ClientToken, Force: true }), tokenReused);
  await refusedUnchanged(server, () => remove(from, link.initiator), notFound);
  refusedWith(await remove(from, link.initiator, { ClientToken: "t".repeat(65) }), "InvalidClientToken");
  assert.notEqual(accepterKey.account, requesterKey.account);
});
