import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, refusedWith, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged } from "../support/outcomes.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import {
  accepting,
  connect,
  freeze,
  idleLink,
  interfaceAt,
  type Link,
  names,
  onInitiator,
  onInterface,
  requestInterface,
  riStatus,
  type RoutedVpc,
  routedVpc,
} from "./router-interfaces.ts";

/** ConnectRouterInterface: what the two ends must say of each other, and that two routers have one link. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
  const quotas = ["Vpc", "RouterInterface"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
});
after(() => server.stop());

const newVpc = (): Promise<RoutedVpc> => routedVpc(server, server.requester);
const newLink = async (): Promise<Link> => idleLink(await newVpc(), await newVpc());

test("only the initiating side connects, once it names the other end altogether", async () => {
  const [from, to] = [await newVpc(), await newVpc()];
  const initiator = await interfaceAt(from, to);
  const acceptor = await interfaceAt(to, from, accepting);
  await refusedUnchanged(server, () => onInterface(to, "ConnectRouterInterface", acceptor), {
    code: "IncorrectRole.NotInitiatingSide",
    message: "The specified RouterInterface is not InitiatingSide.",
  });
  const notSet: Expected = {
    code: "IncorrectOppositeInterfaceInfo.NotSet",
    message: "OppositeInterfaceId/OppositeRouterId/OppositeRouterType/OppositeInterfaceOwnerId must be all set.",
  };
  const link: Link = { from, to, initiator, acceptor };
  const own = { OppositeInterfaceId: acceptor, OppositeRouterId: to.routerId, OppositeInterfaceOwnerId: requesterKey.account };
  for (const [name, value] of Object.entries(own)) {
    await refusedUnchanged(server, () => connect(link), notSet);
    succeeded(await onInitiator(link, "ModifyRouterInterfaceAttribute", { [name]: value }));
  }
  await names(to, acceptor, from, initiator);
  succeeded(await connect(link));
});

test("what the ends say of each other must be true, and be said by both", async () => {
  const link = await newLink();
  const { from, to, initiator, acceptor } = link;
  const third = await newVpc();
  const stranger = await routedVpc(server, server.accepter);
  const foreign = await interfaceAt(stranger, from, accepting);
  const initiating = await interfaceAt(to, from);
  await names(to, initiating, from, initiator);
  const elsewhere = await routedVpc(server, server.requester, beijing);
  const inBeijing = await interfaceAt(elsewhere, from, accepting);
  await names(elsewhere, inBeijing, from, initiator);
  const toBeijing = await interfaceAt(to, elsewhere, accepting);
  await names(to, toBeijing, from, initiator);

  /** Has one end say something else for the time of a call to connect. */
  const refusesWhile = async (who: "initiator" | "acceptor", parameters: Parameters, side: string): Promise<void> => {
    const [own, id] = who === "initiator" ? [from, initiator] : [to, acceptor];
    succeeded(await onInterface(own, "ModifyRouterInterfaceAttribute", id, parameters));
    const before = await eventCount(server);
    refusedWith(await connect(link), `AttrMismatching.AcceptingSide${side}`);
    assert.equal(await eventCount(server), before);
    await names(from, initiator, to, acceptor);
    await names(to, acceptor, from, initiator);
  };
  await refusesWhile("initiator", { OppositeInterfaceId: "ri-bp1000000000000000000" }, "InstanceId");
  await refusesWhile("initiator", { OppositeInterfaceOwnerId: accepterKey.account }, "AliUid");
  await refusesWhile("initiator", { OppositeInterfaceId: inBeijing }, "RegionNo");
  await refusesWhile("initiator", { OppositeInterfaceId: initiating }, "Role");
  await refusesWhile("initiator", { OppositeRouterId: third.routerId }, "RouterId");
  await refusesWhile("initiator", { OppositeRouterType: "VBR" }, "RouterType");
  await refusesWhile("initiator", { OppositeInterfaceId: toBeijing }, "OppositeRegionNo");
  await refusesWhile("acceptor", { OppositeInterfaceId: initiating }, "OppositeInterfaceId");
  await refusesWhile("acceptor", { OppositeInterfaceOwnerId: accepterKey.account }, "OppositeInterfaceOwnerId");
  await refusesWhile("acceptor", { OppositeRouterId: third.routerId }, "OppositeRouterId");
  await refusesWhile("acceptor", { OppositeRouterType: "VBR" }, "OppositeRouterType");

  // Another account's interface that does not name this one is as none, whatever is said of it.
  const words = async (opposite: string): Promise<string> => {
    succeeded(await onInitiator(link, "ModifyRouterInterfaceAttribute", { OppositeInterfaceId: opposite }));
    return refusedWith(await connect(link), "AttrMismatching.AcceptingSideInstanceId").body.Message;
  };
  assert.equal(await words(foreign), await words("ri-bp1000000000000000001"));
  await names(from, initiator, to, acceptor);
  succeeded(await connect(link));
});

test("a router is not linked with itself, and the other end must be Idle", async () => {
  const vpc = await newVpc();
  const itself = await idleLink(vpc, vpc);
  await refusedUnchanged(server, () => connect(itself), {
    code: "IncorrectOppositeInterfaceInfo",
    message: "Cannot connect on the same router",
  });
  const link = await newLink();
  succeeded(await onInterface(link.to, "DeleteRouterInterface", link.acceptor));
  await refusedUnchanged(server, () => connect(link), riStatus("Idle"));
});

test("two VPCs have one link, or one peering connection, and never both", async () => {
  const [from, to] = [await newVpc(), await newVpc()];
  const [first, second] = [await idleLink(from, to), await idleLink(to, from)];
  succeeded(await connect(first));
  const only: Expected = { code: "Forbidden.OnlyOneConnection", message: "The Specified routers have a connection already" };
  await refusedUnchanged(server, () => connect(second), only);
  const peer = (one: RoutedVpc, other: RoutedVpc): Promise<Answer> =>
    one.owner.peer("CreateVpcPeerConnection", {
      RegionId: one.region,
      VpcId: one.vpcId,
      AcceptingAliUid: other.owner.key.account,
      AcceptingRegionId: other.region,
      AcceptingVpcId: other.vpcId,
    });
  const exists: Expected = {
    code: "ResourceAlreadyExist.RouterInterface",
    message: "The specified resource of RouterInterface already exists.",
  };
  await refusedUnchanged(server, () => peer(from, to), exists);
  await server.advance();
  await refusedUnchanged(server, () => peer(to, from), exists);
  await refusedUnchanged(server, () => connect(second), only);

  // The link goes, a peering connection comes, and then no link.
  succeeded(await onInterface(from, "DeleteExpressConnect", first.initiator));
  const { InstanceId } = succeeded(await peer(from, to)).body;
  await refusedUnchanged(server, () => connect(second), only);
  await server.advance();
  succeeded(await from.owner.peer("DeleteVpcPeerConnection", { InstanceId }));
  await server.advance();
  succeeded(await connect(second));
});

test("two routers have one link", async () => {
  const link = await newLink();
  const second = (): Promise<Answer> => requestInterface(link.from, link.to, { OppositeRouterId: link.to.routerId });
  succeeded(await second());
  succeeded(await connect(link));
  const exists: Expected = { code: "HaveConnectionBetweenRouters", message: "Have connection between routers" };
  await refusedUnchanged(server, second, exists);
  await server.advance();
  await refusedUnchanged(server, second, exists);
  await refusedUnchanged(server, () => requestInterface(link.to, link.from, { OppositeRouterId: link.from.routerId }), exists);
  await freeze(server, link);
  await refusedUnchanged(server, second, exists);
});
