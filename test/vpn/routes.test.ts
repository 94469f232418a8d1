import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { dryRunPassed, type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { brief, doneOnRoutes, onRoutes, policyRoutesOf, published, type Routed, routedGateway, routesOf, toFirst } from "./route-calls.ts";
import {
  connectionIn,
  customerGatewayIn,
  dualGatewayIn,
  gatewayIn,
  gatewayStatus,
  requestConnection,
  twoTunnels,
  virtualNow,
} from "./support.ts";

/** The routes of VPN gateways. What published ones do to the route tables of VPCs is in published-routes.test.ts. */
let server: InProcessServer;
let sdk: Sdk;

const quotas = (...more: readonly object[]) =>
  server.admin("PUT", "settings", {
    quotas: [{ name: "Vpc", value: 1000 }, { name: "VpnGateway", value: 1000 }, { name: "CustomerGateway", value: 1000 }, ...more],
    features: [],
  });
before(async () => {
  server = await startServer();
  await quotas();
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const done = (at: Routed, action: string, parameters: Parameters): Promise<any> => doneOnRoutes(server, at, action, parameters);
const refuses = async (at: Routed, action: string, all: readonly Parameters[], expected: Expected): Promise<void> => {
  for (const parameters of all) await refusedUnchanged(server, () => onRoutes(at, action, parameters), expected);
};
const patch = async (id: string, fields: object): Promise<void> => {
  const { status, body } = await server.admin("PATCH", `resources/${id}`, fields);
  assert.equal(status, 200, JSON.stringify(body));
};

const destination = "192.168.0.0/16";
const source = "10.0.0.0/24";
const gatewayNotFound: Expected = {
  code: "InvalidVpnGatewayInstanceId.NotFound",
  message: "The specified vpn gateway instance id does not exist.",
  status: 404,
};
const configuring: Expected = { code: "VpnGateway.Configuring", message: "The specified service is configuring." };
const routeNotFound: Expected = { code: "InvalidRouteEntry.NotFound", message: "The specified route entry does not exist." };
const alreadyExists: Expected = { code: "VpnRouteEntry.AlreadyExists", message: "The specified route entry is already exist." };
const conflict: Expected = { code: "VpnRouteEntry.Conflict", message: "The specified route entry has conflict." };
const malformed: Expected = { code: "InvalidCidrBlock.Malformed", message: "Specified CIDR block is not valid." };
const sameWeight: Expected = {
  code: "VpnRouteEntry.SrcDestWeightConflict",
  message: "The VPN gateway does not support Policy-based routing with the same source CIDR, destination CIDR and weight.",
};
const samePriority: Expected = {
  code: "VpnRouteEntry.SamePriorityPbrRoutePrefixOverlap",
  message: "The source CIDR and destination CIDR of Policy-based routes with the same priority cannot overlap.",
};
const invalid = (parameter: string): Expected => ({
  code: `Invalid${parameter}`,
  message: `Specified parameter ${parameter} is not valid.`,
});

/** Every write on a route that is there, with parameters that it would take. The route has weight 100 and, with a source, priority 10. */
const writes = ({ first, second }: Routed, RouteDest = destination): [action: string, parameters: Parameters][] => {
  const dbr = { RouteDest, NextHop: first, Weight: 100 };
  const pbr = { RouteSource: source, ...dbr };
  return [
    ["CreateVpnRouteEntry", { ...dbr, NextHop: second, Weight: 0, PublishVpc: false }],
    ["ModifyVpnRouteEntryWeight", { ...dbr, NewWeight: 0 }],
    ["PublishVpnRouteEntry", { ...dbr, RouteType: "dbr", PublishVpc: true }],
    ["DeleteVpnRouteEntry", dbr],
    ["CreateVpnPbrRouteEntry", { ...pbr, NextHop: second, Weight: 0, PublishVpc: false }],
    ["ModifyVpnPbrRouteEntryWeight", { ...pbr, NewWeight: 0 }],
    ["ModifyVpnPbrRouteEntryPriority", { ...pbr, NewPriority: 20 }],
    ["ModifyVpnPbrRouteEntryAttribute", { ...pbr, Priority: 10, NewPriority: 20, NewWeight: 0 }],
    ["DeleteVpnPbrRouteEntry", pbr],
  ];
};
/** A gateway with a route of each type that `writes` can change. */
async function withRoutes(...more: readonly string[]): Promise<Routed> {
  const at = await routedGateway(server);
  for (const block of [destination, ...more]) {
    await done(at, "CreateVpnRouteEntry", toFirst(at, block));
    await done(at, "CreateVpnPbrRouteEntry", toFirst(at, block, { RouteSource: source }));
  }
  return at;
}

test("a destination-based route lives from creation to deletion, and the gateway is at work after every write", async () => {
  const at = await routedGateway(server);
  const name = { regionId: hangzhou, vpnGatewayId: at.gateway, routeDest: destination, nextHop: at.first };
  const read = async () => {
    const { totalCount, vpnRouteEntries } = await ask(sdk, "describeVpnRouteEntries", { regionId: hangzhou, vpnGatewayId: at.gateway });
    assert.equal(totalCount, vpnRouteEntries?.vpnRouteEntry?.length);
    return vpnRouteEntries?.vpnRouteEntry?.map(({ routeDest, weight, state }) => [routeDest, weight, state]);
  };
  const worked = async (): Promise<void> => {
    assert.equal(await gatewayStatus(server.requester, at.gateway), "updating");
    await server.advance();
    assert.equal(await gatewayStatus(server.requester, at.gateway), "active");
  };
  const created = await ask(sdk, "createVpnRouteEntry", { ...name, weight: 100, publishVpc: false });
  assert.deepEqual([created.vpnInstanceId, created.nextHop, created.routeDest], [at.gateway, at.first, destination]);
  assert.deepEqual(await read(), [[destination, 100, "normal"]]);
  await worked();
  await ask(sdk, "publishVpnRouteEntry", { ...name, routeType: "dbr", publishVpc: true });
  assert.deepEqual(await read(), [[destination, 100, "published"]]);
  await worked();
  await ask(sdk, "modifyVpnRouteEntryWeight", { ...name, weight: 100, newWeight: 0 });
  assert.deepEqual(await read(), [[destination, 0, "published"]]);
  await worked();
  await ask(sdk, "publishVpnRouteEntry", { ...name, routeType: "dbr", publishVpc: false });
  assert.deepEqual(await read(), [[destination, 0, "normal"]]);
  await worked();
  await ask(sdk, "deleteVpnRouteEntry", { ...name, weight: 0, overlayMode: "Ipsec" });
  assert.deepEqual(await read(), [[destination, 0, "normal"]]);
  await worked();
  assert.deepEqual(await read(), []);
});

test("a policy-based route lives from creation to deletion, and the gateway is at work after every write", async () => {
  const at = await routedGateway(server);
  const { first: nextHop, gateway: vpnGatewayId } = at;
  const name = { regionId: hangzhou, vpnGatewayId, routeSource: source, routeDest: destination, nextHop };
  const read = async () => {
    const { totalCount, vpnPbrRouteEntries } = await ask(sdk, "describeVpnPbrRouteEntries", { regionId: hangzhou, vpnGatewayId });
    assert.equal(totalCount, vpnPbrRouteEntries?.vpnPbrRouteEntry?.length);
    return vpnPbrRouteEntries?.vpnPbrRouteEntry?.map(({ weight, priority, state }) => [weight, priority, state]);
  };
  const worked = async (): Promise<void> => {
    assert.equal(await gatewayStatus(server.requester, at.gateway), "updating");
    await server.advance();
    assert.equal(await gatewayStatus(server.requester, at.gateway), "active");
  };
  const created = await ask(sdk, "createVpnPbrRouteEntry", { ...name, weight: 0, publishVpc: true });
  assert.deepEqual([created.vpnInstanceId, created.routeSource, created.priority, created.state], [at.gateway, source, 10, "published"]);
  assert.deepEqual(await read(), [[0, 10, "published"]]);
  await worked();
  await ask(sdk, "modifyVpnPbrRouteEntryWeight", { ...name, weight: 0, newWeight: 100, overlayMode: "ipsec" });
  assert.deepEqual(await read(), [[100, 10, "published"]]);
  await worked();
  await ask(sdk, "modifyVpnPbrRouteEntryPriority", { ...name, weight: 100, priority: 10, newPriority: 1 });
  assert.deepEqual(await read(), [[100, 1, "published"]]);
  await worked();
  await ask(sdk, "modifyVpnPbrRouteEntryAttribute", { ...name, weight: 100, priority: 1, newPriority: 100, newWeight: 0 });
  assert.deepEqual(await read(), [[0, 100, "published"]]);
  await worked();
  await ask(sdk, "publishVpnRouteEntry", { ...name, routeType: "pbr", publishVpc: false });
  assert.deepEqual(await read(), [[0, 100, "normal"]]);
  await worked();
  await ask(sdk, "deleteVpnPbrRouteEntry", { ...name, weight: 0, priority: 100 });
  await worked();
  assert.deepEqual(await read(), []);
});

test("a change says only what it changes: weight or priority", async () => {
  const at = await withRoutes();
  const name = { RouteSource: source, RouteDest: destination, NextHop: at.first };
  await done(at, "ModifyVpnPbrRouteEntryAttribute", { ...name, Weight: 100, Priority: 10, NewWeight: 0 });
  assert.deepEqual((await policyRoutesOf(at)).map(brief), [`${source} ${destination} 0 10 normal`]);
  await done(at, "ModifyVpnPbrRouteEntryAttribute", { ...name, Weight: 0, Priority: 10, NewPriority: 7 });
  assert.deepEqual((await policyRoutesOf(at)).map(brief), [`${source} ${destination} 0 7 normal`]);
  await refuses(at, "ModifyVpnPbrRouteEntryAttribute", [{ ...name, Weight: 0, Priority: 7 }], {
    code: "MissingNewPriority",
    message: "NewPriority is mandatory for this action.",
  });
});

test("what is said of a route is shown again, each field of its type", async () => {
  const at = await routedGateway(server);
  const CreateTime = await virtualNow(server);
  const said = { Description: "to the office", OverlayMode: "ipsec", Weight: 0, PublishVpc: true };
  const { RequestId: _dbr, ...dbr } = await done(at, "CreateVpnRouteEntry", toFirst(at, destination, said));
  const route = { NextHop: at.first, RouteDest: destination, State: "published", VpnInstanceId: at.gateway, Weight: 0 };
  assert.deepEqual(dbr, { ...route, CreateTime, Description: "to the office", OverlayMode: "Ipsec" });
  const shown = { ...route, CreateTime, NextHopTunnelId: "" };
  assert.deepEqual(await routesOf(at), [{ ...shown, AsPath: "", Community: "", RouteEntryType: "custom", Source: "" }]);

  const createdLater = await virtualNow(server);
  const policy = { RouteSource: "0.0.0.0/0", RouteDest: "172.16.0.0/12", Priority: 100, Weight: 100 };
  const { RequestId: _pbr, ...pbr } = await done(at, "CreateVpnPbrRouteEntry", toFirst(at, "172.16.0.0/12", policy));
  const { Description, OverlayMode, ...rest } = pbr;
  assert.deepEqual([Description, OverlayMode], ["", "Ipsec"]);
  assert.deepEqual(rest, { ...policy, NextHop: at.first, State: "normal", VpnInstanceId: at.gateway, CreateTime: createdLater });
  assert.deepEqual(await policyRoutesOf(at), [{ ...rest, NextHopTunnelId: "" }]);
});

test("blocks are IPv4 blocks without host bits", async () => {
  const at = await withRoutes();
  const wrong = ["192.168.0.0", "192.168.0.1/16", "192.168.0.0/33", "192.168.0.0/016", "192.168.0/16", "2001:db8::/32", "all", "1".repeat(65), "192.168.0.0/16,10.0.0.0/8"]; // prettier-ignore
  for (const [action, parameters] of writes(at)) {
    for (const RouteDest of wrong) await refuses(at, action, [{ ...parameters, RouteDest }], malformed);
    if (!("RouteSource" in parameters)) continue;
    for (const RouteSource of wrong) await refuses(at, action, [{ ...parameters, RouteSource }], malformed);
  }
});

test("weights are 0 or 100, priorities 1 to 100, and the tunnelling protocol is IPsec", async () => {
  const at = await withRoutes();
  const weights = [1, 50, -100, 101, "x"];
  for (const [action, parameters] of writes(at)) {
    if (action === "PublishVpnRouteEntry") continue;
    const refused = action.startsWith("Create")
      ? { code: "VpnRouteEntry.InvalidWeight", message: "Invalid route entry weight value." }
      : invalid("Weight");
    for (const Weight of weights) await refuses(at, action, [{ ...parameters, Weight }], refused);
    if (!("NewWeight" in parameters)) continue;
    for (const NewWeight of weights) await refuses(at, action, [{ ...parameters, NewWeight }], invalid("NewWeight"));
  }
  for (const [action, parameters] of writes(at)) {
    if (action.includes("Pbr")) {
      for (const Priority of [0, 101, "x"]) await refuses(at, action, [{ ...parameters, Priority }], invalid("Priority"));
    }
    if ("NewPriority" in parameters) {
      for (const NewPriority of [0, 101, "x"]) await refuses(at, action, [{ ...parameters, NewPriority }], invalid("NewPriority"));
    }
    if (action.startsWith("Create") || action.startsWith("Delete")) {
      for (const OverlayMode of ["Gre", "IpsecX"]) await refuses(at, action, [{ ...parameters, OverlayMode }], invalid("OverlayMode"));
    }
    if (action.startsWith("Create")) {
      for (const Description of ["http://a", "x".repeat(101)]) {
        await refuses(at, action, [{ ...parameters, Description }], invalid("Description"));
      }
    }
  }
  for (const RouteType of ["DBR", "bgp"]) {
    await refuses(at, "PublishVpnRouteEntry", [{ RouteDest: destination, NextHop: at.first, PublishVpc: true, RouteType }], invalid("RouteType")); // prettier-ignore
  }
});

test("a destination-based route does not lead everywhere, and with one end none overlaps the block of the cloud's services", async () => {
  const at = await routedGateway(server);
  const everywhere: Expected = { code: "IllegalParam.RouteDest", message: "The specified RouteDest is invalid" };
  await refuses(at, "CreateVpnRouteEntry", [toFirst(at, "0.0.0.0/0")], everywhere);
  const reserved: Expected = {
    code: "OperationFailed.InvalidCidrBlock",
    message: "Operation failed because the specified network block is invalid.",
  };
  for (const block of ["100.64.0.0/10", "100.64.0.0/11", "100.127.255.255/32", "100.0.0.0/8", "0.0.0.0/1"]) {
    await refuses(at, "CreateVpnRouteEntry", [toFirst(at, block)], reserved);
    await refuses(at, "CreateVpnPbrRouteEntry", [toFirst(at, block, { RouteSource: source })], reserved);
  }
  await refuses(at, "CreateVpnPbrRouteEntry", [toFirst(at, "0.0.0.0/0", { RouteSource: source })], reserved);
  for (const block of ["100.128.0.0/9", "100.63.255.255/32"]) await done(at, "CreateVpnRouteEntry", toFirst(at, block));
  await done(at, "CreateVpnPbrRouteEntry", toFirst(at, destination, { RouteSource: "100.64.0.0/10" }));

  const vpc = await availableVpc(server, server.requester);
  const gateway = await dualGatewayIn(server, vpc);
  const first = await connectionIn(server, vpc, gateway, "", {
    CustomerGatewayId: undefined,
    ...twoTunnels(await customerGatewayIn(server.requester)),
  });
  const dual = { owner: server.requester, vpc, gateway, first, second: first };
  await refuses(dual, "CreateVpnRouteEntry", [toFirst(dual, "0.0.0.0/0")], everywhere);
  await done(dual, "CreateVpnRouteEntry", toFirst(dual, "100.64.0.0/16"));
  await done(dual, "CreateVpnPbrRouteEntry", toFirst(dual, "100.64.0.0/10", { RouteSource: source }));
  await done(dual, "CreateVpnPbrRouteEntry", toFirst(dual, "0.0.0.0/0", { RouteSource: source, Priority: 20 }));
  assert.deepEqual((await routesOf(dual)).map(brief), ["100.64.0.0/16 100 normal"]);
});

test("the next hop is a connection of this gateway that is not being deleted", async () => {
  const at = await routedGateway(server);
  const beside = await routedGateway(server, at.vpc);
  const foreign = await routedGateway(server, undefined, server.accepter);
  const attachment = await server.requester.vpc("CreateVpnAttachment", {
    RegionId: hangzhou,
    LocalSubnet: "0.0.0.0/0",
    RemoteSubnet: "0.0.0.0/0",
    ...twoTunnels(await customerGatewayIn(server.requester)),
  });
  await server.advance();
  const missing: Expected = { code: "InvalidNextHop.NotFound", message: "The specified NextHop does not exist." };
  const wrong = ["vco-bp1unknown", beside.first, foreign.first, succeeded(attachment).body.VpnConnectionId, at.gateway, at.vpc.vpcId];
  for (const NextHop of wrong) {
    await refuses(at, "CreateVpnRouteEntry", [toFirst(at, destination, { NextHop })], missing);
    await refuses(at, "CreateVpnPbrRouteEntry", [toFirst(at, destination, { NextHop, RouteSource: source })], missing);
  }
  succeeded(await at.owner.vpc("DeleteVpnConnection", { RegionId: hangzhou, VpnConnectionId: at.first }));
  await refuses(at, "CreateVpnRouteEntry", [toFirst(at, destination)], missing);
  // The other connection is as good as before, but the gateway is at work.
  await refuses(at, "CreateVpnRouteEntry", [toFirst(at, destination, { NextHop: at.second })], configuring);
  await server.advance();
  await refuses(at, "CreateVpnRouteEntry", [toFirst(at, destination)], missing);
  await done(at, "CreateVpnRouteEntry", toFirst(at, destination, { NextHop: at.second }));
});

test("of two destination-based routes to one destination one is active and one stands by", async () => {
  const at = await routedGateway(server);
  await done(at, "CreateVpnRouteEntry", toFirst(at, destination));
  await refuses(at, "CreateVpnRouteEntry", [toFirst(at, destination), toFirst(at, destination, { Weight: 0 })], alreadyExists);
  await refuses(at, "CreateVpnRouteEntry", [toFirst(at, destination, { NextHop: at.second })], conflict);
  await done(at, "CreateVpnRouteEntry", toFirst(at, destination, { NextHop: at.second, Weight: 0 }));
  // A part of the destination is another destination, and the other type knows nothing of this one.
  await done(at, "CreateVpnRouteEntry", toFirst(at, "192.168.1.0/24"));
  await done(at, "CreateVpnPbrRouteEntry", toFirst(at, destination, { RouteSource: source }));
  assert.deepEqual((await routesOf(at)).map(brief), [`${destination} 100 normal`, `${destination} 0 normal`, "192.168.1.0/24 100 normal"]);

  const backup: Expected = { code: "VpnRouteEntry.BackupRoute", message: "Validate backup route entry failed." };
  const active = { RouteDest: destination, NextHop: at.first, Weight: 100 };
  await refuses(at, "ModifyVpnRouteEntryWeight", [{ ...active, NewWeight: 0 }], backup);
  await refuses(at, "ModifyVpnRouteEntryWeight", [{ ...active, NextHop: at.second, Weight: 0, NewWeight: 100 }], backup);
  // To the weight that it has is no change, and not refused.
  await done(at, "ModifyVpnRouteEntryWeight", { ...active, NewWeight: 100 });
  await done(at, "DeleteVpnRouteEntry", { ...active, NextHop: at.second, Weight: 0 });
  await done(at, "ModifyVpnRouteEntryWeight", { ...active, NewWeight: 0 });
});

test("policy-based routes to one pair of blocks differ in weight, and with other blocks do not overlap at one priority", async () => {
  const at = await routedGateway(server);
  const policy = (parameters: Parameters = {}): Parameters => toFirst(at, destination, { RouteSource: source, ...parameters });
  await done(at, "CreateVpnPbrRouteEntry", policy());
  await refuses(at, "CreateVpnPbrRouteEntry", [policy(), policy({ Weight: 0 }), policy({ Priority: 20 })], alreadyExists);
  const toSecond = { NextHop: at.second };
  await refuses(at, "CreateVpnPbrRouteEntry", [policy(toSecond), policy({ ...toSecond, Priority: 20 })], sameWeight);
  await done(at, "CreateVpnPbrRouteEntry", policy({ ...toSecond, Weight: 0 }));
  const overlapping = [
    { RouteSource: "10.0.0.0/8", Priority: 10 },
    { RouteSource: "10.0.0.0/25", RouteDest: "192.168.1.0/24" },
    { RouteDest: "192.0.0.0/8", NextHop: at.second },
    { RouteSource: "0.0.0.0/0", Weight: 0 },
  ];
  await refuses(at, "CreateVpnPbrRouteEntry", overlapping.map(policy), samePriority);
  // Another priority, or blocks apart on one side.
  await done(at, "CreateVpnPbrRouteEntry", policy({ RouteSource: "10.0.0.0/8", Priority: 20 }));
  await done(at, "CreateVpnPbrRouteEntry", policy({ RouteSource: "10.0.1.0/24" }));
  await done(at, "CreateVpnPbrRouteEntry", policy({ RouteDest: "172.16.0.0/12" }));

  const active = { RouteSource: source, RouteDest: destination, NextHop: at.first, Weight: 100 };
  await refuses(at, "ModifyVpnPbrRouteEntryWeight", [{ ...active, NewWeight: 0 }], sameWeight);
  await refuses(at, "ModifyVpnPbrRouteEntryAttribute", [{ ...active, Priority: 10, NewWeight: 0, NewPriority: 30 }], sameWeight);
  await refuses(at, "ModifyVpnPbrRouteEntryPriority", [{ ...active, NewPriority: 20 }], samePriority);
  await refuses(at, "ModifyVpnPbrRouteEntryAttribute", [{ ...active, Priority: 10, NewPriority: 20 }], samePriority);
  await done(at, "ModifyVpnPbrRouteEntryPriority", { ...active, NewPriority: 30 });
  await done(at, "DeleteVpnPbrRouteEntry", { ...active, NextHop: at.second, Weight: 0 });
  await done(at, "ModifyVpnPbrRouteEntryWeight", { ...active, NewWeight: 0 });
  assert.deepEqual((await policyRoutesOf(at)).map(brief), [
    `${source} ${destination} 0 30 normal`,
    `10.0.0.0/8 ${destination} 100 20 normal`,
    `10.0.1.0/24 ${destination} 100 10 normal`,
    `${source} 172.16.0.0/12 100 10 normal`,
  ]);
});

test("a route is named by its blocks, its next hop, its weight and, where given, its priority", async () => {
  const at = await withRoutes();
  const other = { RouteDest: "192.168.0.0/17", RouteSource: "10.0.0.0/25", NextHop: at.second, Weight: 0, Priority: 11 };
  const onPublish: Expected = { code: "InvalidVpnRouteEntry.NotFound", message: "The specified route entry does not exist." };
  for (const [action, parameters] of writes(at)) {
    if (action.startsWith("Create")) continue;
    for (const [parameter, value] of Object.entries(other)) {
      if (parameter === "Priority" ? !action.includes("Pbr") : !(parameter in parameters)) continue;
      if (action === "PublishVpnRouteEntry" && parameter === "Weight") continue;
      await refuses(at, action, [{ ...parameters, [parameter]: value }], action === "PublishVpnRouteEntry" ? onPublish : routeNotFound);
    }
  }
  // The types have names of their own.
  await done(at, "DeleteVpnRouteEntry", { RouteDest: destination, NextHop: at.first, Weight: 100 });
  const published = { RouteDest: destination, NextHop: at.first, PublishVpc: true };
  await refuses(at, "PublishVpnRouteEntry", [{ ...published, RouteType: "dbr" }], onPublish);
  await done(at, "PublishVpnRouteEntry", { ...published, RouteType: "pbr" });
  await done(at, "DeleteVpnPbrRouteEntry", { RouteSource: source, RouteDest: destination, NextHop: at.first, Weight: 100 });
  await refuses(at, "PublishVpnRouteEntry", [{ ...published, RouteType: "pbr" }], onPublish);
});

test("one write at a time: a gateway at work refuses every other, and other gateways do not", async () => {
  const beside = await routedGateway(server);
  const other = "172.16.0.0/12";
  for (const index of writes(beside).keys()) {
    const at = await withRoutes(other);
    const [action, parameters] = writes(at)[index] as [string, Parameters];
    succeeded(await onRoutes(at, action, parameters));
    assert.equal(await gatewayStatus(server.requester, at.gateway), "updating", action);
    for (const [second, wanted] of writes(at, other)) await refuses(at, second, [wanted], configuring);
    await refuses(at, "ModifyVpnGatewayAttribute", [{ Description: "x" }], configuring);
    await refuses(at, "DeleteVpnConnection", [{ VpnConnectionId: at.second }], configuring);
    succeeded(await onRoutes(beside, "CreateVpnRouteEntry", toFirst(beside, `192.168.${index}.0/24`)));
    await server.advance();
    const [again, taken] = writes(at, other)[index] as [string, Parameters];
    await done(at, again, taken);
  }
});

test("a gateway that is locked for its bill refuses every write, at work or not", async () => {
  const at = await withRoutes();
  succeeded(await onRoutes(at, "ModifyVpnGatewayAttribute", { Description: "at work" }));
  await patch(at.gateway, { BusinessStatus: "FinancialLocked" });
  const locked: Expected = { code: "VpnGateway.FinancialLocked", message: "The specified service is financial locked." };
  const all = async (): Promise<void> => {
    for (const [action, parameters] of writes(at)) await refuses(at, action, [parameters], locked);
  };
  await all();
  await server.advance();
  await all();
  await patch(at.gateway, { BusinessStatus: "Normal" });
  await done(at, "DeleteVpnRouteEntry", { RouteDest: destination, NextHop: at.first, Weight: 100 });
});

test("the quotas VpnRouteEntry and VpnPbrRouteEntry bound a gateway, each its own type", async () => {
  const at = await routedGateway(server);
  const beside = await routedGateway(server, at.vpc);
  await quotas({ name: "VpnDbrRouteEntry", value: 2 }, { name: "VpnPbrRouteEntry", value: 1 });
  const block = (index: number): string => `192.168.${index}.0/24`;
  for (const index of [1, 2]) await done(at, "CreateVpnRouteEntry", toFirst(at, block(index)));
  await done(at, "CreateVpnPbrRouteEntry", toFirst(at, block(1), { RouteSource: source }));
  await refuses(at, "CreateVpnRouteEntry", [toFirst(at, block(3))], {
    code: "Resource.QuotaFull",
    message: "The quota of resource is full",
  });
  await refuses(at, "CreateVpnPbrRouteEntry", [toFirst(at, block(3), { RouteSource: source })], {
    code: "CreatePbrRoutesQuotaFull.QuotaFull",
    message: "The number of policy routes exceeds the quota limit.",
  });
  await done(beside, "CreateVpnRouteEntry", toFirst(beside, block(3)));
  await done(at, "DeleteVpnRouteEntry", { RouteDest: block(1), NextHop: at.first, Weight: 100 });
  await done(at, "CreateVpnRouteEntry", toFirst(at, block(3)));
  await quotas();
  await done(at, "CreateVpnRouteEntry", toFirst(at, block(4)));
});

test("a dry run of a creation checks everything and makes nothing", async () => {
  const at = await withRoutes();
  for (const [action, parameters] of writes(at).filter(([name]) => name.startsWith("Create"))) {
    await refuses(
      at,
      action,
      [
        { ...parameters, DryRun: true },
        { ...parameters, PublishVpc: true, DryRun: true },
      ],
      dryRunPassed,
    );
    await refuses(at, action, [{ ...parameters, NextHop: at.first, DryRun: true }], alreadyExists);
  }
  assert.equal((await routesOf(at)).length + (await policyRoutesOf(at)).length, 2);
});

test("a repeated ClientToken answers the first result of each write, and changes nothing more", async () => {
  for (const index of writes({} as Routed).keys()) {
    const at = await withRoutes();
    const [action, parameters] = writes(at)[index] as [string, Parameters];
    const call = (): Promise<Answer> => onRoutes(at, action, { ...parameters, ClientToken: `once-${index}` });
    const first = succeeded(await call()).body;
    const events = await eventCount(server);
    assert.deepEqual({ ...succeeded(await call()).body, RequestId: "" }, { ...first, RequestId: "" });
    assert.equal(await eventCount(server), events);
    await server.advance();
    assert.deepEqual({ ...succeeded(await call()).body, RequestId: "" }, { ...first, RequestId: "" });
    await refuses(at, action, [{ ...parameters, RouteDest: "172.16.0.0/12", ClientToken: `once-${index}` }], tokenReused);
  }
});

test("more routes than a page holds are read to their end, each once and in order", async () => {
  const at = await routedGateway(server);
  await quotas({ name: "VpnDbrRouteEntry", value: 25 }, { name: "VpnPbrRouteEntry", value: 25 });
  const blocks = Array.from({ length: 25 }, (_, index) => `192.168.${index}.0/24`);
  for (const block of blocks) {
    await done(at, "CreateVpnRouteEntry", toFirst(at, block));
    await done(at, "CreateVpnPbrRouteEntry", toFirst(at, block, { RouteSource: source }));
  }
  await quotas();
  for (const [action, list, member] of [
    ["DescribeVpnRouteEntries", "VpnRouteEntries", "VpnRouteEntry"],
    ["DescribeVpnPbrRouteEntries", "VpnPbrRouteEntries", "VpnPbrRouteEntry"],
  ] as const) {
    for (const PageSize of [undefined, 10, 20, 25, 50]) {
      const read: string[] = [];
      for (let PageNumber = 1; ; PageNumber++) {
        const { body } = succeeded(await onRoutes(at, action, { PageNumber, PageSize }));
        assert.deepEqual([body.TotalCount, body.PageNumber, body.PageSize], [25, PageNumber, PageSize ?? 10]);
        const page = body[list][member].map(({ RouteDest }: any) => RouteDest);
        if (page.length === 0) break;
        assert.equal(page.length, Math.min(PageSize ?? 10, 25 - read.length));
        read.push(...page);
      }
      assert.deepEqual(read, blocks, `${action} in pages of ${PageSize}`);
    }
    for (const [parameter, value] of Object.entries({ PageSize: 51, PageNumber: 0 })) {
      refusedWith(await onRoutes(at, action, { [parameter]: value }), `Invalid${parameter}`);
    }
    refusedWith(await onRoutes(at, action, { PageNumber: 10_000, PageSize: 50 }), "Throttling.DeepPageSkip");
  }
});

test("destination-based routes are listed by their type, and all of them are counted", async () => {
  const at = await withRoutes();
  const read = async (parameters: Parameters): Promise<unknown[]> => {
    const { body } = succeeded(await onRoutes(at, "DescribeVpnRouteEntries", parameters));
    const counts = body.VpnRouteCounts.VpnRouteCount.map(({ RouteEntryType, RouteCount }: any) => [RouteEntryType, RouteCount]);
    return [body.TotalCount, body.VpnRouteEntries.VpnRouteEntry.map(({ RouteDest }: any) => RouteDest), counts];
  };
  const counts = [["custom", 1]];
  assert.deepEqual(await read({}), [1, [destination], counts]);
  assert.deepEqual(await read({ RouteEntryType: "custom" }), [1, [destination], counts]);
  // Nothing speaks BGP here.
  assert.deepEqual(await read({ RouteEntryType: "bgp", PageNumber: 3 }), [0, [], counts]);
  await refuses(at, "DescribeVpnRouteEntries", [{ RouteEntryType: "static" }], {
    code: "IllegalParam.RouteEntryType",
    message: 'The specified "RouteEntryType" is invalid.',
  });
});

test("a gateway that is not there is not found, with the status that each operation documents", async () => {
  const at = await withRoutes();
  const lists = ["DescribeVpnRouteEntries", "DescribeVpnPbrRouteEntries"].map((action) => [action, {}] as const);
  for (const [action, parameters] of [...writes(at), ...lists]) {
    const expected = action.startsWith("Describe") ? { ...gatewayNotFound, status: 400 } : gatewayNotFound;
    for (const VpnGatewayId of ["vpn-bp1unknown", at.vpc.vpcId, at.first]) {
      await refuses(at, action, [{ ...parameters, VpnGatewayId }], expected);
    }
    await refuses(at, action, [{ ...parameters, RegionId: "cn-beijing" }], expected);
    await refuses({ ...at, owner: server.accepter }, action, [parameters], expected);
  }
});

test("a gateway without routes lists none, and one with connections only keeps to its own", async () => {
  const at = await withRoutes();
  const empty = { ...at, gateway: await gatewayIn(server, at.vpc) };
  assert.deepEqual([await routesOf(empty), await policyRoutesOf(empty)], [[], []]);
  for (const [action, parameters] of writes(at).filter(([name]) => !name.startsWith("Create"))) {
    await refuses(empty, action, [parameters], {
      ...routeNotFound,
      code: action === "PublishVpnRouteEntry" ? "InvalidVpnRouteEntry.NotFound" : routeNotFound.code,
    });
  }
});

// Routes that a connection brings along

const auto = { LocalSubnet: "10.0.0.0/24,10.0.1.0/24", RemoteSubnet: "192.168.0.0/24,192.168.1.0/24" };
const pairs = (sources: readonly string[], destinations: readonly string[]): string[] =>
  sources.flatMap((from) => destinations.map((to) => `${from} ${to} 100 10 normal`));
const listed = async (at: Routed): Promise<string[]> => (await policyRoutesOf(at)).map(brief).sort();
const modified = (at: Routed, parameters: Parameters): Promise<any> =>
  done(at, "ModifyVpnConnectionAttribute", { VpnConnectionId: at.first, ...parameters });
/** A gateway whose first connection is in policy mode. */
async function withPolicy(parameters: Parameters = {}): Promise<Routed> {
  const vpc = await availableVpc(server, server.requester);
  const gateway = await gatewayIn(server, vpc);
  const first = await connectionIn(server, vpc, gateway, await customerGatewayIn(vpc.owner), { ...auto, ...parameters });
  const second = await connectionIn(server, vpc, gateway, await customerGatewayIn(vpc.owner));
  return { owner: vpc.owner, vpc, gateway, first, second };
}

test("a connection in policy mode brings a route for each pair of its blocks, and takes them along", async () => {
  const at = await withPolicy();
  assert.deepEqual(await listed(at), pairs(["10.0.0.0/24", "10.0.1.0/24"], ["192.168.0.0/24", "192.168.1.0/24"]));
  assert.deepEqual([...new Set((await policyRoutesOf(at)).map(({ NextHop }) => NextHop))], [at.first]);
  assert.deepEqual(await routesOf(at), []);
  await done(at, "CreateVpnPbrRouteEntry", toFirst(at, "172.16.0.0/12", { RouteSource: source, NextHop: at.second }));
  await done(at, "DeleteVpnConnection", { VpnConnectionId: at.first });
  assert.deepEqual(await listed(at), [`${source} 172.16.0.0/12 100 10 normal`]);
});

test("a connection without AutoConfigRoute, or between everywhere and everywhere, brings no routes", async () => {
  assert.deepEqual(await listed(await withPolicy({ AutoConfigRoute: false })), []);
  assert.deepEqual(await listed(await routedGateway(server)), []);
});

test("blocks that a connection names twice bring one route", async () => {
  const at = await withPolicy({ LocalSubnet: "10.0.0.0/24, 10.0.0.0/24", RemoteSubnet: "192.168.0.0/24,192.168.0.0/24" });
  assert.deepEqual(await listed(at), pairs(["10.0.0.0/24"], ["192.168.0.0/24"]));
});

test("the routes that a connection brought follow its blocks, and are changed and deleted like any other", async () => {
  const at = await withPolicy();
  const named = { RouteSource: source, RouteDest: "192.168.0.0/24", NextHop: at.first };
  await done(at, "PublishVpnRouteEntry", { ...named, RouteType: "pbr", PublishVpc: true });
  assert.deepEqual(await published(at), ["192.168.0.0/24"]);
  await done(at, "PublishVpnRouteEntry", { ...named, RouteType: "pbr", PublishVpc: false });
  await done(at, "ModifyVpnPbrRouteEntryWeight", { ...named, Weight: 100, NewWeight: 0 });
  await done(at, "ModifyVpnPbrRouteEntryPriority", { ...named, Weight: 0, NewPriority: 5 });
  // What was changed stays changed while its blocks stay.
  await modified(at, { LocalSubnet: source });
  const changed = `${source} 192.168.0.0/24 0 5 normal`;
  assert.deepEqual(await listed(at), [changed, `${source} 192.168.1.0/24 100 10 normal`]);
  await modified(at, { RemoteSubnet: "192.168.0.0/24,192.168.2.0/24" });
  assert.deepEqual(await listed(at), [changed, `${source} 192.168.2.0/24 100 10 normal`]);
  await modified(at, { AutoConfigRoute: false });
  assert.deepEqual(await listed(at), []);
  await modified(at, { AutoConfigRoute: true });
  assert.deepEqual(await listed(at), pairs([source], ["192.168.0.0/24", "192.168.2.0/24"]));
  await modified(at, { LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" });
  assert.deepEqual(await listed(at), []);
});

test("a route that a connection brought and a call deleted does not come back with the next change of the connection", async () => {
  const at = await withPolicy();
  const kept = pairs(["10.0.0.0/24", "10.0.1.0/24"], ["192.168.0.0/24", "192.168.1.0/24"]).slice(1);
  await done(at, "DeleteVpnPbrRouteEntry", { RouteSource: source, RouteDest: "192.168.0.0/24", NextHop: at.first, Weight: 100 });
  assert.deepEqual(await listed(at), kept);
  await modified(at, { Name: "renamed" });
  await modified(at, { ...auto, AutoConfigRoute: true });
  assert.deepEqual(await listed(at), kept);
  // Not even where another connection has taken its place.
  await done(at, "CreateVpnPbrRouteEntry", toFirst(at, "192.168.0.0/24", { RouteSource: source, NextHop: at.second }));
  await modified(at, { Name: "again" });
});

test("routes that a change of a connection takes away leave the VPC's table too", async () => {
  const at = await withPolicy();
  for (const RouteDest of ["192.168.0.0/24", "192.168.1.0/24"]) {
    await done(at, "PublishVpnRouteEntry", { RouteDest, NextHop: at.first, RouteType: "pbr", PublishVpc: true });
  }
  assert.deepEqual(await published(at), ["192.168.0.0/24", "192.168.1.0/24"]);
  await modified(at, { RemoteSubnet: "192.168.1.0/24" });
  assert.deepEqual(await published(at), ["192.168.1.0/24"]);
  // One of the two pairs that stand for the entry goes, then the other.
  await modified(at, { LocalSubnet: source });
  assert.deepEqual(await published(at), ["192.168.1.0/24"]);
  await modified(at, { AutoConfigRoute: false });
  assert.deepEqual(await published(at), []);
});

test("a connection is refused whose routes would meet others, and changes nothing", async () => {
  const at = await withPolicy({ LocalSubnet: source, RemoteSubnet: "192.168.0.0/24" });
  const [one, other] = [await customerGatewayIn(at.owner), await customerGatewayIn(at.owner)];
  const connect = (parameters: Parameters) => (): Promise<Answer> =>
    requestConnection(at.owner, at.gateway, { CustomerGatewayId: one, LocalSubnet: source, ...parameters });
  await refusedUnchanged(server, connect({ RemoteSubnet: "192.168.0.0/24" }), alreadyExists);
  await refusedUnchanged(server, connect({ RemoteSubnet: "192.168.0.0/16" }), conflict);
  await refusedUnchanged(server, connect({ LocalSubnet: "10.0.0.0/8,10.0.2.0/24", RemoteSubnet: "172.16.0.0/12" }), conflict);
  await refuses(at, "ModifyVpnConnectionAttribute", [{ VpnConnectionId: at.second, LocalSubnet: source, RemoteSubnet: "192.168.0.0/24" }], alreadyExists); // prettier-ignore
  await quotas({ name: "VpnPbrRouteEntry", value: 2 });
  const full: Expected = {
    code: "QuotaExceeded.PolicyBasedRoute",
    message: "The maximum number of policy-based routes is exceeded. Existing routes: 1. Routes to be created: 2. Maximum routes: 2.",
  };
  await refusedUnchanged(server, connect({ RemoteSubnet: "172.16.0.0/16,172.17.0.0/16" }), full);
  await quotas();
  succeeded(await connect({ RemoteSubnet: "192.168.0.0/24", AutoConfigRoute: false })());
  await server.advance();
  // Where the priority is another, blocks may overlap.
  await done(at, "ModifyVpnPbrRouteEntryPriority", { RouteSource: source, RouteDest: "192.168.0.0/24", NextHop: at.first, Weight: 100, NewPriority: 20 }); // prettier-ignore
  succeeded(await connect({ CustomerGatewayId: other, RemoteSubnet: "192.168.0.0/16" })());
});

test("in pace instant the work of every write is done when it answers", async () => {
  assert.equal((await server.admin("POST", "clock/pace", { pace: "stepped" })).status, 200);
  const at = await withRoutes();
  const settled = async (): Promise<void> => assert.equal(await gatewayStatus(server.requester, at.gateway), "active");
  try {
    await server.admin("POST", "clock/pace", { pace: "instant" });
    const name = { RouteDest: destination, NextHop: at.first };
    for (const [action, parameters, dbr, pbr] of [
      ["PublishVpnRouteEntry", { ...name, RouteType: "dbr", PublishVpc: true }, ["192.168.0.0/16 100 published"], 1],
      ["ModifyVpnRouteEntryWeight", { ...name, Weight: 100, NewWeight: 0 }, ["192.168.0.0/16 0 published"], 1],
      ["DeleteVpnPbrRouteEntry", { ...name, RouteSource: source, Weight: 100 }, ["192.168.0.0/16 0 published"], 0],
      ["CreateVpnPbrRouteEntry", { ...name, RouteSource: source, Weight: 0, PublishVpc: true }, ["192.168.0.0/16 0 published"], 1],
      ["DeleteVpnRouteEntry", { ...name, Weight: 0 }, [], 1],
    ] as const) {
      succeeded(await onRoutes(at, action, parameters));
      await settled();
      assert.deepEqual([(await routesOf(at)).map(brief), (await policyRoutesOf(at)).length], [dbr, pbr], action);
    }
    assert.deepEqual(await published(at), [destination]);
    succeeded(await onRoutes(at, "DeleteVpnConnection", { VpnConnectionId: at.first }));
    await settled();
    assert.deepEqual([await policyRoutesOf(at), await published(at)], [[], []]);
  } finally {
    await server.admin("POST", "clock/pace", { pace: "stepped" });
  }
});
