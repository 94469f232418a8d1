import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { refusedWith, succeeded, type TestVpc } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { atBorder, type BorderLink, borderRouter, fastTo } from "./border-links.ts";
import { enabledCircuit } from "./circuits.ts";
import { activeLink, connect, customDestinations, idleLink, interfaceStatus, type Link, onInterface, readInterface, requestInterface, type RoutedVpc, routedVpc, routeOver } from "./router-interfaces.ts"; // prettier-ignore

/** Route entries that lead over router interfaces: one, or several of one cost. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
  const quotas = ["Vpc", "RouterInterface", "vbrPerpConn", "freevbr"].map((name) => ({ name, value: 1000 }));
  await server.admin("PUT", "settings", { quotas, features: [] });
});
after(() => server.stop());

const newVpc = (): Promise<RoutedVpc> => routedVpc(server, server.requester);
const put = (at: TestVpc, DestinationCidrBlock: string, hops: Parameters): Promise<Answer> =>
  at.owner.vpc("CreateRouteEntry", { RegionId: at.region, RouteTableId: at.routeTableId, DestinationCidrBlock, ...hops });
const over = (id: string): Parameters => ({ NextHopType: "RouterInterface", NextHopId: id });
const overAll = (ids: readonly string[], weight?: number): Parameters => ({
  NextHopList: ids.map((NextHopId) => ({ NextHopType: "RouterInterface", NextHopId, Weight: weight })),
});
async function entryTo(at: TestVpc, destination: string): Promise<any> {
  const list = { RegionId: at.region, RouteTableId: at.routeTableId, DestinationCidrBlock: destination };
  const { body } = succeeded(await at.owner.vpc("DescribeRouteEntryList", list));
  assert.equal(body.RouteEntrys.RouteEntry.length, 1);
  return body.RouteEntrys.RouteEntry[0];
}
/** A VPC with several links to the owner's site, each by a virtual border router of its own: only such share an entry. */
async function uplinksOf(hub: RoutedVpc, count: number): Promise<BorderLink[]> {
  const circuit = await enabledCircuit(server, hub.owner);
  const links: BorderLink[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const from = await borderRouter(server, hub.owner, hub.region, circuit);
    const initiator = succeeded(await requestInterface(from, hub, { ...atBorder(from), ...fastTo(hub) })).body.RouterInterfaceId;
    await server.advance();
    links.push({ from, to: hub, initiator, acceptor: (await readInterface(from, initiator)).OppositeInterfaceId });
  }
  return links;
}
/** A VPC that is linked with others: the interfaces at its end. */
async function hubWith(spokes: number): Promise<{ hub: RoutedVpc; links: Link[] }> {
  const hub = await newVpc();
  const links: Link[] = [];
  for (let spoke = 0; spoke < spokes; spoke += 1) links.push(await activeLink(server, hub, await newVpc()));
  return { hub, links };
}

const notFound: Expected = { code: "InvalidNextHopId.NotFound", message: "Specified next hop does not exist.", status: 404 };
const wrongStatus: Expected = {
  code: "IncorrectStatus.RouterInterface",
  message: "The specified RouterInterface status is invalid.",
};

test("an Active interface is a next hop of its own VPC, at either end and in either account", async () => {
  const [from, to] = [await newVpc(), await routedVpc(server, server.accepter)];
  const link = await activeLink(server, from, to);
  await routeOver(server, from, link.initiator, "172.16.0.0/12");
  await routeOver(server, to, link.acceptor, "172.16.0.0/12");
  for (const [at, id] of [
    [from, link.initiator],
    [to, link.acceptor],
  ] as const) {
    const { Status, NextHops } = await entryTo(at, "172.16.0.0/12");
    const [hop] = NextHops.NextHop;
    assert.deepEqual([Status, NextHops.NextHop.length, hop.NextHopType, hop.NextHopId], ["Available", 1, "RouterInterface", id]);
  }
});

test("an interface that is unknown, foreign or at another router is not found", async () => {
  const { hub, links } = await hubWith(1);
  const foreign = await activeLink(server, await routedVpc(server, server.accepter), await routedVpc(server, server.accepter));
  const ids = ["ri-bp1000000000000000000", foreign.initiator, links[0]?.acceptor ?? "", hub.vpcId];
  for (const id of ids) {
    await refusedUnchanged(server, () => put(hub, "192.168.0.0/16", over(id)), notFound);
  }
  const [uplink] = await uplinksOf(hub, 1);
  for (const id of [...ids, uplink?.initiator ?? ""]) {
    await refusedUnchanged(server, () => put(hub, "192.168.0.0/16", overAll([uplink?.acceptor ?? "", id])), notFound);
  }
});

test("an interface is a next hop while it is Active only; what leads there already stays", async () => {
  const [from, to] = [await newVpc(), await newVpc()];
  const link = await idleLink(from, to);
  let count = 0;
  const refusedIn = async (state: string): Promise<void> => {
    assert.equal(await interfaceStatus(from, link.initiator), state);
    count += 1;
    await refusedUnchanged(server, () => put(from, `192.168.${count}.0/24`, over(link.initiator)), wrongStatus);
  };
  await refusedIn("Idle");
  succeeded(await connect(link));
  await refusedIn("Connecting");
  await server.advance();
  await routeOver(server, from, link.initiator, "172.16.0.0/12");
  succeeded(await onInterface(from, "ModifyRouterInterfaceSpec", link.initiator, { Spec: "Small.2" }));
  await refusedIn("Activating");
  await server.advance();
  succeeded(await onInterface(from, "DeactivateRouterInterface", link.initiator));
  await refusedIn("Deactivating");
  await server.advance();
  await refusedIn("Inactive");
  assert.deepEqual(await customDestinations(from), ["172.16.0.0/12"]);
  const left: Expected = {
    code: "DependencyViolation.RouterInterfaceReferedByRouteEntry",
    message: "RouterInterface cannot be deleted when it is refered by a route table entry as next hop.",
  };
  const remove = (): Promise<Answer> => onInterface(from, "DeleteRouterInterface", link.initiator);
  await refusedUnchanged(server, remove, left);
  const { RouteEntryId } = await entryTo(from, "172.16.0.0/12");
  succeeded(await from.owner.vpc("DeleteRouteEntry", { RegionId: from.region, RouteEntryId }));
  await server.advance();
  succeeded(await remove());
  await refusedIn("Deleting");
});

test("2 to 16 interfaces share an entry, each with its weight", async () => {
  const hub = await newVpc();
  const links = await uplinksOf(hub, 17);
  const ids = links.map(({ acceptor }) => acceptor);
  const hopsOf = async (destination: string): Promise<unknown> =>
    (await entryTo(hub, destination)).NextHops.NextHop.map((hop: any) => [hop.NextHopType, hop.NextHopId, hop.Weight]);
  for (const [destination, count, weight] of [
    ["192.168.0.0/24", 2, undefined],
    ["192.168.1.0/24", 16, 255],
  ] as const) {
    const some = ids.slice(0, count);
    succeeded(await put(hub, destination, overAll(some, weight)));
    await server.advance();
    assert.deepEqual(
      await hopsOf(destination),
      some.map((id) => ["RouterInterface", id, weight ?? 100]),
    );
  }
  for (const wrong of [ids.slice(0, 1), ids]) {
    refusedWith(await put(hub, "192.168.2.0/24", overAll(wrong)), "InvalidNexthopListSize");
  }
  succeeded(await onInterface(hub, "DeactivateRouterInterface", ids[1] ?? ""));
  await refusedUnchanged(server, () => put(hub, "192.168.2.0/24", overAll(ids.slice(0, 3))), wrongStatus);
  await server.advance();

  // Each of the interfaces of an entry is held by it.
  const [first, second] = links;
  assert.ok(first !== undefined && second !== undefined);
  refusedWith(await onInterface(hub, "DeleteRouterInterface", second.acceptor), "DependencyViolation.RouterInterfaceReferedByRouteEntry");
  const removeFirst = (Force: boolean): Promise<Answer> => onInterface(first.from, "DeleteExpressConnect", first.initiator, { Force });
  refusedWith(await removeFirst(false), "DependencyViolation.RouterInterfaceReferedByRouteEntry");
  succeeded(await removeFirst(true));
  await server.advance();
  assert.deepEqual(await customDestinations(hub), []);
});

test("interfaces that share an entry are different ones, and lead to border routers", async () => {
  const { hub, links } = await hubWith(2);
  const toVpcs = links.map(({ initiator }) => initiator);
  const uplinks = (await uplinksOf(hub, 2)).map(({ acceptor }) => acceptor);
  const [one = "", two = ""] = uplinks;
  for (const twice of [
    [one, one],
    [one, two, one],
  ]) {
    await refusedUnchanged(server, () => put(hub, "192.168.0.0/16", overAll(twice)), {
      code: "Duplicated.VpcNextHop",
      message: "Route entry nexthop duplicate.",
    });
  }
  for (const mixed of [toVpcs, [one, ...toVpcs], [toVpcs[0] ?? "", two]]) {
    await refusedUnchanged(server, () => put(hub, "192.168.0.0/16", overAll(mixed)), {
      code: "OperationUnsupported.InvalidRouterInterfaceType",
      message: "Only vpc vbr interface support ecmp route.",
    });
  }
  succeeded(await put(hub, "192.168.0.0/16", overAll(uplinks)));
});

test("an entry is led over another interface, and in batches", async () => {
  const { hub, links } = await hubWith(2);
  const [one, other] = links.map(({ initiator }) => initiator);
  const RouteEntryId = await routeOver(server, hub, one ?? "", "192.168.0.0/16");
  const redirect = { RegionId: hub.region, RouteEntryId, NewNextHopType: "RouterInterface", NewNextHopId: other };
  const unusable = { code: "IncorrectStatus.RouterInterface", message: "The specified RouterInterface status is invalid." };
  succeeded(await onInterface(hub, "DeactivateRouterInterface", other ?? ""));
  await server.advance();
  await refusedUnchanged(server, () => hub.owner.vpc("ModifyRouteEntry", redirect), unusable);
  const entry = { RouteTableId: hub.routeTableId, DstCidrBlock: "172.18.0.0/16", NextHop: other, NextHopType: "RouterInterface" };
  const inDryRun = { RegionId: hub.region, RouteEntries: [entry], DryRun: true };
  await refusedUnchanged(server, () => hub.owner.vpc("CreateRouteEntries", inDryRun), unusable);
  succeeded(await onInterface(hub, "ActivateRouterInterface", other ?? ""));
  await server.advance();
  succeeded(await hub.owner.vpc("ModifyRouteEntry", redirect));
  await server.advance();
  assert.equal((await entryTo(hub, "192.168.0.0/16")).NextHops.NextHop[0].NextHopId, other);
  const batch = [one, "ri-none"].map((NextHop, n) => ({
    RouteTableId: hub.routeTableId,
    DstCidrBlock: `172.${16 + n}.0.0/16`,
    NextHop,
    NextHopType: "RouterInterface",
  }));
  const { body } = succeeded(await hub.owner.vpc("CreateRouteEntries", { RegionId: hub.region, RouteEntries: batch }));
  assert.deepEqual([body.SuccessCount, body.FailedCount], [1, 1]);
  assert.equal(body.FailedRouteEntries[0].FailedCode, "InvalidNextHopId.NotFound");
  await server.advance();
  assert.deepEqual((await customDestinations(hub)).sort(), ["172.16.0.0/16", "192.168.0.0/16"]);
});
