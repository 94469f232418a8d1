import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type AnyOperation, operationKey } from "../../src/contract/operation.ts";
import { operations } from "../../src/services/index.ts";
import { assertFields, parsedXml } from "../support/answers.ts";
import { type Answer, Caller, type CallOptions, type Parameters, versions } from "../support/caller.ts";
import { activePeering, availableVpc, hangzhou, beijing, refusedWith, routeTo, succeeded, type TestVpc } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { groupOn, peerIn } from "../express-connect/bgp.ts";
import { associate, modify, nextVlan, routerOn } from "../express-connect/border-routers.ts";
import { enabledCircuit, offeredShared } from "../express-connect/circuits.ts";
import { activeLink, routedVpc, withRouter } from "../express-connect/router-interfaces.ts";
import { policyIn, roleIn } from "../ram/documents.ts";
import { groupIn, signerOf, userIn } from "../ram/support.ts";
import { attachmentIn, twoTunnels } from "../vpn/support.ts";
import { requestIdPattern } from "./raw.ts";

/** Answers as bytes: content types, JSON types, XML. */

let server: InProcessServer;
let here: TestVpc;
let there: TestVpc;
let vSwitchId: string;
let connection: string;
let vpnGateway: string;
let customerGateway: string;
let vpnConnection: string;
let attachment: string;
let routerInterface: string;
let borderRouter: string;
let routersCircuit: string;
/** A policy, and who has it. */
const policy = { PolicyType: "Custom", PolicyName: "readers" };
const holders = { UserName: "alice", GroupName: "team", RoleName: "reader" };

before(async () => {
  server = await startServer();
  here = await availableVpc(server, server.requester, hangzhou, {
    VpcName: "here",
    Tag: [
      { Key: "env", Value: "test" },
      { Key: "team", Value: "" },
    ],
  });
  there = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.1.0.0/16", EnableIpv6: true });
  const created = await server.requester.vpc("CreateVSwitch", {
    RegionId: hangzhou,
    VpcId: here.vpcId,
    ZoneId: "cn-hangzhou-h",
    CidrBlock: "10.0.1.0/24",
  });
  vSwitchId = succeeded(created).body.VSwitchId;
  await server.advance();
  connection = await activePeering(server, here, there);
  await routeTo(server, here, "10.1.0.0/16", connection);
  const { requester } = server;
  const gateway = await requester.vpc("CreateVpnGateway", { RegionId: hangzhou, VpcId: here.vpcId, Bandwidth: 10 });
  vpnGateway = succeeded(gateway).body.VpnGatewayId;
  const customer = { RegionId: hangzhou, IpAddress: "192.0.2.1", Asn: "65000", Tags: [{ Key: "site", Value: "" }] };
  customerGateway = succeeded(await requester.vpc("CreateCustomerGateway", customer)).body.CustomerGatewayId;
  await server.advance();
  const ofGateway = { RegionId: hangzhou, VpnGatewayId: vpnGateway };
  const joined = { ...ofGateway, CustomerGatewayId: customerGateway, LocalSubnet: "10.0.0.0/16", RemoteSubnet: "172.16.0.0/12" };
  const BgpConfig = JSON.stringify({ EnableBgp: true, TunnelCidr: "169.254.10.0/30" });
  vpnConnection = succeeded(await requester.vpc("CreateVpnConnection", { ...joined, BgpConfig })).body.VpnConnectionId;
  await server.advance();
  succeeded(await requester.vpc("DiagnoseVpnGateway", { ...ofGateway, ResourceType: "IPsec", ResourceId: vpnConnection }));
  await server.advance();
  const session = (TunnelCidr: string): Parameters => ({ TunnelBgpConfig: { TunnelCidr } });
  attachment = await attachmentIn(server, requester, customerGateway, {
    EnableTunnelsBgp: true,
    ...twoTunnels(customerGateway, session("169.254.10.0/30"), session("169.254.11.0/30")),
    Tag: [{ Key: "env", Value: "test" }],
  });
  for (const action of ["CreateVpnRouteEntry", "CreateVpnPbrRouteEntry"]) {
    const route = { RouteSource: "10.0.0.0/24", RouteDest: "192.168.0.0/16", NextHop: vpnConnection, Weight: 100, PublishVpc: true };
    succeeded(await requester.vpc(action, { ...ofGateway, ...route, ...(action === "CreateVpnPbrRouteEntry" ? { Priority: 20 } : {}) }));
    await server.advance();
  }
  const far = await routedVpc(server, server.accepter, "cn-shanghai");
  const link = await activeLink(server, await withRouter(here), far, { Tags: [{ Key: "env", Value: "test" }] });
  routerInterface = link.initiator;
  routersCircuit = await enabledCircuit(server, requester);
  borderRouter = await routerOn(requester, routersCircuit, nextVlan(), { Name: "site", Tag: [{ Key: "env", Value: "test" }] });
  const circuit = await enabledCircuit(server, requester, { Tag: [{ Key: "env", Value: "test" }] });
  const other = await routerOn(requester, circuit);
  for (const id of [borderRouter, other]) {
    succeeded(await modify(requester, id, { MinTxInterval: 300, MinRxInterval: 300, DetectMultiplier: 3 }));
  }
  succeeded(await requester.vpc("CreateVbrHa", { RegionId: hangzhou, VbrId: borderRouter, PeerVbrId: other }));
  succeeded(await associate(requester, await routerOn(requester, circuit), routersCircuit, 100));
  const grantee = { VbrOwnerUid: server.accepter.key.account, VbrRegionNo: hangzhou, GrantType: "All" };
  succeeded(await requester.vpc("GrantInstanceToVbr", { RegionId: hangzhou, InstanceId: here.vpcId, ...grantee }));
  const bgpGroup = await groupOn(server, requester, borderRouter, { Name: "site", AuthKey: "key" });
  await peerIn(server, requester, bgpGroup, { EnableBfd: true, BfdMultiHop: 3 });
  succeeded(await requester.vpc("AddBgpNetwork", { RegionId: hangzhou, RouterId: borderRouter, DstCidrBlock: "10.0.0.0/16" }));
  await server.advance();
  await offeredShared(requester, circuit, requester, 200, { Tag: [{ Key: "env", Value: "test" }] });
  const member = { UserName: await userIn(requester, { UserName: "alice" }), GroupName: await groupIn(requester, { GroupName: "team" }) };
  succeeded(await requester.ram("AddUserToGroup", member));
  await signerOf(requester, "alice");
  const tagged = { Tag: JSON.stringify([{ Key: "env", Value: "test" }]) };
  await policyIn(requester, { ...policy, ...tagged });
  await roleIn(requester, { RoleName: holders.RoleName, ...tagged });
  for (const what of ["User", "Group", "Role"]) succeeded(await requester.ram(`AttachPolicyTo${what}`, { ...policy, ...holders }));
});
after(() => server.stop());

const xml: CallOptions = { format: "XML" };
/** Every read, with parameters that make it answer something. */
const reads = (): [version: string, action: string, parameters: Parameters][] => [
  [versions.Vpc, "DescribeVpcs", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeVpcAttribute", { RegionId: hangzhou, VpcId: here.vpcId }],
  [versions.Vpc, "DescribeVRouters", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeVSwitches", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeVSwitchAttributes", { RegionId: hangzhou, VSwitchId: vSwitchId }],
  [versions.Vpc, "DescribeRouteEntryList", { RegionId: hangzhou, RouteTableId: here.routeTableId }],
  [versions.Vpc, "DescribeRouteTableList", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeRouteTables", { RegionId: hangzhou, RouteTableId: here.routeTableId }],
  [versions.Vpc, "DescribeRegions", {}],
  [versions.Vpc, "DescribeZones", { RegionId: hangzhou }],
  [versions.Vpc, "ListVpcPublishedRouteEntries", { RegionId: hangzhou, RouteTableId: here.routeTableId, TargetType: "ECR" }],
  [versions.Vpc, "ListTagResources", { RegionId: hangzhou, ResourceType: "VPC", ResourceId: [here.vpcId] }],
  [versions.Vpc, "DescribeAccessPoints", { RegionId: hangzhou }],
  [versions.Vpc, "DescribePhysicalConnections", { RegionId: hangzhou }],
  [versions.Vpc, "ListVirtualPhysicalConnections", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeRouterInterfaces", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeRouterInterfaceAttribute", { RegionId: hangzhou, InstanceId: routerInterface }],
  [versions.Vpc, "DescribeEcGrantRelation", { InstanceType: "VPC", InstanceId: here.vpcId }],
  [
    versions.Vpc,
    "ListTagResourcesForExpressConnect",
    { RegionId: hangzhou, ResourceType: "ROUTERINTERFACE", ResourceId: [routerInterface] },
  ],
  [versions.Vpc, "DescribeVirtualBorderRouters", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeVirtualBorderRoutersForPhysicalConnection", { RegionId: hangzhou, PhysicalConnectionId: routersCircuit }],
  [versions.Vpc, "DescribeVbrHa", { RegionId: hangzhou, VbrId: borderRouter }],
  [versions.Vpc, "DescribeBgpGroups", { RegionId: hangzhou, RouterId: borderRouter }],
  [versions.Vpc, "DescribeBgpPeers", { RegionId: hangzhou, RouterId: borderRouter }],
  [versions.Vpc, "DescribeBgpNetworks", { RegionId: hangzhou, RouterId: borderRouter }],
  [versions.Vpc, "DescribeVpnGateway", { RegionId: hangzhou, VpnGatewayId: vpnGateway }],
  [versions.Vpc, "DescribeVpnGateways", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeVpnGatewayAvailableZones", { RegionId: hangzhou, Spec: "5M" }],
  [versions.Vpc, "CheckVpnBgpEnabled", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: customerGateway }],
  [versions.Vpc, "DescribeCustomerGateways", { RegionId: hangzhou }],
  [versions.Vpc, "DownloadVpnConnectionConfig", { RegionId: hangzhou, VpnConnectionId: vpnConnection }],
  [versions.Vpc, "DescribeVpnConnectionLogs", { RegionId: hangzhou, VpnConnectionId: vpnConnection, MinutePeriod: 10 }],
  [versions.Vpc, "DiagnoseVpnConnections", { RegionId: hangzhou, VpnGatewayId: vpnGateway }],
  [versions.Vpc, "GetVpnGatewayDiagnoseResult", { RegionId: hangzhou, VpnGatewayId: vpnGateway }],
  [versions.Vpc, "DescribeVpnConnection", { RegionId: hangzhou, VpnConnectionId: attachment }],
  [versions.Vpc, "DescribeVpnConnections", { RegionId: hangzhou }],
  [versions.Vpc, "DescribeVpnRouteEntries", { RegionId: hangzhou, VpnGatewayId: vpnGateway }],
  [versions.Vpc, "DescribeVpnPbrRouteEntries", { RegionId: hangzhou, VpnGatewayId: vpnGateway }],
  [versions.VpcPeer, "GetVpcPeerConnectionAttribute", { InstanceId: connection }],
  [versions.VpcPeer, "ListVpcPeerConnections", { RegionId: hangzhou }],
  [versions.VpcPeer, "ListTagResources", { RegionId: hangzhou, ResourceType: "PeerConnection", ResourceId: [connection] }],
  [versions.Ram, "GetUser", { UserName: "alice" }],
  [versions.Ram, "ListUsers", {}],
  [versions.Ram, "ListAccessKeys", { UserName: "alice" }],
  [versions.Ram, "GetGroup", { GroupName: "team" }],
  [versions.Ram, "ListGroups", {}],
  [versions.Ram, "ListGroupsForUser", { UserName: "alice" }],
  [versions.Ram, "ListUsersForGroup", { GroupName: "team" }],
  [versions.Ram, "GetRole", holders],
  [versions.Ram, "ListRoles", {}],
  [versions.Ram, "GetPolicy", policy],
  [versions.Ram, "ListPolicies", { PolicyType: "Custom" }],
  [versions.Ram, "GetPolicyVersion", { ...policy, VersionId: "v1" }],
  [versions.Ram, "ListPolicyVersions", policy],
  [versions.Ram, "ListPoliciesForUser", holders],
  [versions.Ram, "ListPoliciesForGroup", holders],
  [versions.Ram, "ListPoliciesForRole", holders],
  [versions.Ram, "ListEntitiesForPolicy", policy],
  [versions.Ram, "ListTagResources", { ResourceType: "role", ResourceNames: JSON.stringify([holders.RoleName]) }],
  [versions.Sts, "GetCallerIdentity", {}],
  [versions.Ecs, "DescribeRegions", {}],
  [versions.Ecs, "DescribeZones", { RegionId: hangzhou }],
  [versions.Ecs, "DescribeAvailableResource", { RegionId: hangzhou, DestinationResource: "InstanceType" }],
  [versions.Location, "DescribeEndpoints", { Id: hangzhou, ServiceCode: "vpc" }],
  [versions.ResourceManager, "ListResourceGroups", {}],
  [versions.BssOpenApi, "QueryAvailableInstances", {}],
];
const declared = new Map(operations.map((operation) => [operationKey(operation.product, operation.name), operation]));
const operationOf = (version: string, action: string): AnyOperation => {
  const operation = declared.get(operationKey({ version }, action));
  assert.ok(operation, action);
  return operation;
};

test("the table of reads above is complete", () => {
  const named = reads().map(([version, action]) => operationKey({ version }, action));
  const all = operations.filter((operation) => "read" in operation).map(({ product, name }) => operationKey(product, name));
  assert.deepEqual(named.sort(), all.sort());
});

test("every read answers application/json with exactly the declared fields, each of its declared type", async () => {
  for (const [version, action, parameters] of reads()) {
    const { headers, body } = succeeded(await server.requester.call(version, action, parameters));
    assert.equal(headers.get("content-type"), "application/json");
    assertFields({ RequestId: { type: "string" }, ...operationOf(version, action).response }, body, action);
  }
});

test("the types that clients rely on", async () => {
  const vpcs = succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body;
  assert.deepEqual([vpcs.TotalCount, vpcs.PageNumber, vpcs.PageSize], [1, 1, 10]);
  const [vpc] = vpcs.Vpcs.Vpc;
  assert.deepEqual([vpc.IsDefault, vpc.EnabledIpv6, vpc.OwnerId, vpc.VpcName], [false, false, 1000000000000001, "here"]);
  assert.deepEqual(vpc.VSwitchIds, { VSwitchId: [vSwitchId] });
  assert.deepEqual(
    [vpc.SecondaryCidrBlocks, vpc.UserCidrs, vpc.NatGatewayIds],
    [{ SecondaryCidrBlock: [] }, { UserCidr: [] }, { NatGatewayIds: [] }],
  );
  assert.deepEqual(vpc.Tags, {
    Tag: [
      { Key: "env", Value: "test" },
      { Key: "team", Value: "" },
    ],
  });
  const peer = succeeded(await server.requester.peer("GetVpcPeerConnectionAttribute", { InstanceId: connection })).body;
  assert.deepEqual([peer.OwnerId, peer.AcceptingOwnerUid, peer.Bandwidth], [1000000000000001, 1000000000000002, 1024]);
  assert.deepEqual(peer.Vpc, { Ipv4Cidrs: ["10.0.0.0/16"], Ipv6Cidrs: [], VpcId: here.vpcId });
  assert.ok(Array.isArray(peer.Tags));
});

/** What an XML document must hold for a JSON value: elements for members, one element per list member, text for the rest. */
function asXml(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return String(value);
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(member)) members.push([name, asXml(member)]);
    else if (member.length > 0) members.push([name, member.length === 1 ? asXml(member[0]) : member.map(asXml)]);
  }
  // An element without content reads as empty text.
  return members.length === 0 ? "" : Object.fromEntries(members);
}

test("every read in XML is application/xml, well-formed, rooted in <Action>Response, and says what the JSON says", async () => {
  for (const [version, action, parameters] of reads()) {
    const json = succeeded(await server.requester.call(version, action, parameters));
    const { headers, text } = succeeded(await server.requester.call(version, action, parameters, xml));
    assert.equal(headers.get("content-type"), "application/xml");
    const tree = parsedXml(text);
    assert.deepEqual(Object.keys(tree), [`${action}Response`]);
    const { RequestId, ...said } = tree[`${action}Response`];
    assert.match(RequestId, requestIdPattern);
    const { RequestId: _other, ...expected } = asXml(json.body) as Record<string, unknown>;
    assert.deepEqual(said, expected, action);
  }
});

test("lists in XML repeat their element, and an empty list leaves its wrapper empty", async () => {
  const { text } = succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, xml));
  assert.match(text, /<Tags><Tag><Key>env<\/Key><Value>test<\/Value><\/Tag><Tag><Key>team<\/Key><Value><\/Value><\/Tag><\/Tags>/);
  assert.match(text, /<UserCidrs><\/UserCidrs>|<UserCidrs\/>/);
  const none = succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: beijing }, xml)).text;
  assert.match(none, /<Vpcs><\/Vpcs>|<Vpcs\/>/);
  const listed = succeeded(await server.requester.peer("ListVpcPeerConnections", {}, xml)).text;
  assert.match(listed, /<VpcPeerConnects><AcceptingOwnerUid>1000000000000002<\/AcceptingOwnerUid>/);
});

test("a write answers in XML too, under its own root", async () => {
  const { text, headers } = succeeded(await server.requester.peer("ModifyVpcPeerConnection", { InstanceId: connection }, xml));
  assert.equal(headers.get("content-type"), "application/xml");
  assert.match(text, /<ModifyVpcPeerConnectionResponse><RequestId>[0-9A-F-]{36}<\/RequestId><\/ModifyVpcPeerConnectionResponse>$/);
});

const refusals: readonly [what: string, code: string, status: number, call: (options: CallOptions) => Promise<Answer>][] = [
  ["a missing parameter", "MissingRegionId", 400, (options) => server.requester.vpc("DescribeVpcs", {}, options)],
  ["an unknown action", "InvalidAction.NotFound", 404, (options) => server.requester.vpc("NoSuchAction", {}, options)],
  [
    "an unknown key",
    "InvalidAccessKeyId.NotFound",
    404,
    (options) => new Caller(server.url, { account: "", id: "x", secret: "x" }).vpc("DescribeRegions", {}, options),
  ],
  [
    "a wrong secret",
    "SignatureDoesNotMatch",
    400,
    (options) => new Caller(server.url, { ...server.requester.key, secret: "x" }).vpc("CreateVpc", { VpcName: "<a&b>\"'" }, options),
  ],
  [
    "an unknown connection",
    "ResourceNotFound.InstanceId",
    400,
    (options) => server.requester.peer("DeleteVpcPeerConnection", { InstanceId: "pcc-none" }, options),
  ],
];
for (const [what, code, status, call] of refusals) {
  test(`${what} is answered as an error in both formats`, async () => {
    const json = refusedWith(await call({}), code, status);
    assert.equal(json.headers.get("content-type"), "application/json");
    assert.deepEqual(Object.keys(json.body).sort(), ["Code", "HostId", "Message", "Recommend", "RequestId"]);
    assert.equal(json.headers.get("x-acs-request-id"), json.body.RequestId);
    assert.equal(json.body.HostId, server.endpoint);
    const answer = await call(xml);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("content-type"), "text/xml;charset=utf-8");
    const tree = parsedXml(answer.text);
    assert.deepEqual(Object.keys(tree), ["Error"]);
    assert.deepEqual(Object.keys(tree["Error"]).sort(), ["Code", "HostId", "Message", "Recommend", "RequestId"]);
    assert.equal(tree["Error"].Code, code);
    // A signature's message holds nonce and time, which differ; all others are alike.
    if (code !== "SignatureDoesNotMatch") assert.equal(tree["Error"].Message, json.body.Message);
    assert.equal(answer.headers.get("x-acs-request-id"), tree["Error"].RequestId);
  });
}

test("Recommend is an address on this server where the very request is explained", async () => {
  const { body } = refusedWith(await server.requester.vpc("DescribeVpcs", {}), "MissingRegionId");
  const told = await server.admin("GET", body.Recommend.replace(`${server.url}/_linkspan/`, ""));
  assert.deepEqual([told.status, told.body.requestId, told.body.code], [200, body.RequestId, "MissingRegionId"]);
});

test("every RequestId is a new upper-case UUID, and the header x-acs-request-id repeats it", async () => {
  const answers = [
    await server.requester.vpc("DescribeRegions"),
    await server.requester.vpc("DescribeRegions", {}, { signature: "V3" }),
    await server.requester.vpc("DescribeVpcs"),
    await server.requester.peer("NoSuchAction"),
  ];
  for (const { body, headers } of answers) {
    assert.match(body.RequestId, requestIdPattern);
    assert.equal(headers.get("x-acs-request-id"), body.RequestId);
  }
  assert.equal(new Set(answers.map(({ body }) => body.RequestId)).size, answers.length);
});

const longUid = "151192824296372701";

test("account ids beyond 2^53 keep every digit, as numbers in JSON and as text in XML", async () => {
  const { status, body } = await server.admin("POST", "accounts", { name: "long", uid: longUid });
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(body.account.uid, longUid);
  const caller = new Caller(server.url, { account: longUid, id: body.key.AccessKeyId, secret: body.key.AccessKeySecret });
  const own = await availableVpc(server, caller);
  const json = succeeded(await caller.vpc("DescribeVpcs", { RegionId: hangzhou })).text;
  assert.match(json, new RegExp(`"OwnerId":${longUid}[,}]`));
  assert.match(succeeded(await caller.vpc("DescribeVpcs", { RegionId: hangzhou }, xml)).text, new RegExp(`<OwnerId>${longUid}</OwnerId>`));
  // As text where the declaration says text.
  assert.equal(succeeded(await caller.call(versions.Sts, "GetCallerIdentity")).body.AccountId, longUid);
  // And on the way in.
  const filtered = succeeded(await caller.vpc("DescribeVpcs", { RegionId: hangzhou, VpcOwnerId: longUid })).body;
  assert.equal(filtered.TotalCount, 1);
  const other = succeeded(await caller.vpc("DescribeVpcs", { RegionId: hangzhou, VpcOwnerId: "151192824296372700" })).body;
  assert.equal(other.TotalCount, 0, "the last digits count");
  const InstanceId = await activePeering(server, here, own);
  const peer = succeeded(await caller.peer("GetVpcPeerConnectionAttribute", { InstanceId })).text;
  assert.match(peer, new RegExp(`"AcceptingOwnerUid":${longUid}[,}]`));
});

test("names survive both formats, whatever XML thinks of their characters", async () => {
  const name = `<a href="x">&amp;'</a> ]]> 中文 é 😀 %41 \\u0041`;
  const description = `two\r\nlines\tand <&"'>`;
  const { vpcId } = await availableVpc(server, server.accepter, hangzhou, {
    VpcName: name,
    Description: description,
    Tag: [{ Key: "<&\"'", Value: "'\"&>" }],
  });
  const json = succeeded(await server.accepter.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId: vpcId })).body;
  assert.deepEqual([json.VpcName, json.Description, json.Tags.Tag], [name, description, [{ Key: "<&\"'", Value: "'\"&>" }]]);
  const { text } = succeeded(await server.accepter.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId: vpcId }, xml));
  const said = parsedXml(text)["DescribeVpcAttributeResponse"];
  assert.equal(said.VpcName, name);
  assert.deepEqual(said.Tags.Tag, { Key: "<&\"'", Value: "'\"&>" });
  // A bare carriage return would be read as a line feed by every XML parser.
  assert.ok(text.includes("<Description>two&#13;\nlines\tand &lt;&amp;"), text);
});

test("an XML error is well-formed whatever the refused caller sent", async () => {
  const wrong = new Caller(server.url, { ...server.requester.key, secret: "x" });
  for (const sent of ["\u0000\u0001\u001f", "\ufffe\uffff", "</Message><Code>OK</Code>", "\r\n", "]]>", "😀"]) {
    const { text } = await wrong.vpc("CreateVpc", { VpcName: sent }, { ...xml, common: { SignatureNonce: sent } });
    assert.equal(parsedXml(text)["Error"].Code, "SignatureDoesNotMatch");
  }
});

// Reads of what is not there

for (const [action, idField, make] of [
  ["DescribeVpcAttribute", "VpcId", async (owner: Caller) => (await availableVpc(server, owner)).vpcId],
  [
    "DescribeVSwitchAttributes",
    "VSwitchId",
    async (owner: Caller) => {
      const { vpcId } = await availableVpc(server, owner, hangzhou);
      const parameters = { RegionId: hangzhou, VpcId: vpcId, ZoneId: "cn-hangzhou-h", CidrBlock: "10.0.0.0/24" };
      const { VSwitchId } = succeeded(await owner.vpc("CreateVSwitch", parameters)).body;
      await server.advance();
      return VSwitchId;
    },
  ],
] as const) {
  test(`${action} of what is gone, foreign or unknown answers 200 with an empty ${idField}, alike to the byte in all three cases`, async () => {
    const gone = await make(server.requester);
    const foreign = await make(server.accepter);
    const remove = action === "DescribeVpcAttribute" ? "DeleteVpc" : "DeleteVSwitch";
    succeeded(await server.requester.vpc(remove, { RegionId: hangzhou, [idField]: gone }));
    await server.advance();
    for (const options of [{}, xml]) {
      const texts = new Set<string>();
      // An id that the account owns, of another kind, is unknown too.
      for (const id of [gone, foreign, "vpc-unknown", connection, action === "DescribeVpcAttribute" ? vSwitchId : here.vpcId]) {
        const answer = succeeded(await server.requester.vpc(action, { RegionId: hangzhou, [idField]: id }, options));
        const body = answer.body ?? parsedXml(answer.text)[`${action}Response`];
        assert.equal(body[idField], "");
        assert.equal(body.Status, "");
        texts.add(answer.text.replace(body.RequestId, ""));
      }
      assert.equal(texts.size, 1, [...texts].join("\n"));
    }
    const { body } = await server.requester.vpc(action, { RegionId: hangzhou, [idField]: gone });
    assertFields({ RequestId: { type: "string" }, ...operationOf(versions.Vpc, action).response }, body, action);
    // The owner still reads it.
    assert.equal(succeeded(await server.accepter.vpc(action, { RegionId: hangzhou, [idField]: foreign })).body[idField], foreign);
  });
}
