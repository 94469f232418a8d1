import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import {
  availableVpc,
  beijing,
  groupId,
  hangzhou,
  instanceRoute,
  refusedWith,
  routeTableIn,
  succeeded,
  vSwitchIn,
} from "../support/networks.ts";
import { attach, freshName, policyDocument, type Statement, userWith } from "../support/principals.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { groupOn } from "../express-connect/bgp.ts";
import { routerOn } from "../express-connect/border-routers.ts";
import { enabledCircuit } from "../express-connect/circuits.ts";
import { requestInterface, routedVpc } from "../express-connect/router-interfaces.ts";

/** There is no way around a Deny, nor past the resource group of an Allow: not by another call, another parameter, or one that is left out. */

let server: InProcessServer;
let root: Caller;
let prod: string;
let dev: string;
let standard: string;
const all: Statement = { Effect: "Allow", Action: "*", Resource: "*" };
const none: Statement = { Effect: "Deny", Action: "*", Resource: "*" };
const region = { RegionId: hangzhou };

before(async () => {
  const rootKey = ({ id, secret }: { id: string; secret: string }): { id: string; secret: string } => ({ id, secret });
  const resourceGroups = ["prod", "dev"];
  server = await startServer({
    seed: {
      accounts: [
        { name: "requester", uid: requesterKey.account, keys: [rootKey(requesterKey)], resourceGroups },
        { name: "accepter", uid: accepterKey.account, keys: [rootKey(accepterKey)] },
      ],
    },
  });
  root = server.requester;
  [prod, dev, standard] = [await groupId(root, "prod"), await groupId(root, "dev"), await groupId(root)];
});
after(() => server.stop());

/** A user with statements for the whole account and others for one resource group. */
async function userIn(
  group: string,
  within: Statement,
  ...everywhere: Statement[]
): Promise<{ readonly name: string; readonly caller: Caller }> {
  const user = await userWith(root, ...everywhere);
  await bind(user.name, group, within);
  return user;
}
async function bind(UserName: string, ResourceGroupId: string, within: Statement): Promise<string> {
  const PolicyName = freshName("policy");
  succeeded(await root.ram("CreatePolicy", { PolicyName, PolicyDocument: policyDocument(within) }));
  succeeded(await root.ram("AttachPolicyToUser", { PolicyType: "Custom", PolicyName, UserName, ResourceGroupId }));
  return PolicyName;
}

function denied(answer: Answer, type: "ExplicitDeny" | "ImplicitDeny"): void {
  assert.equal(answer.status, 403, answer.text);
  assert.equal(answer.body.AccessDeniedDetail.NoPermissionType, type, answer.text);
}
/** Every call is denied, and none of them has changed that. */
async function allDenied(type: "ExplicitDeny" | "ImplicitDeny", ...calls: (() => Promise<Answer>)[]): Promise<void> {
  for (const call of [...calls, ...calls]) denied(await call(), type);
}

test("a Deny bound to a resource group holds for every call that names what is in it, or makes something there", async () => {
  const { caller } = await userIn(prod, none, all);
  const inProd = { ResourceGroupId: prod };
  const vpc = await availableVpc(server, root, hangzhou, inProd);
  const own = await availableVpc(server, root, hangzhou, { ResourceGroupId: dev });
  const gateway = { ...region, IpAddress: "203.0.113.9", ...inProd };
  const { CustomerGatewayId } = succeeded(await root.vpc("CreateCustomerGateway", gateway)).body;
  const vSwitch = await vSwitchIn(server, vpc, "10.0.3.0/24");
  const table = await routeTableIn(server, vpc);
  const Tag = [{ Key: "a", Value: "b" }];
  const peer = (VpcId: string, AcceptingVpcId: string): Promise<Answer> =>
    caller.peer("CreateVpcPeerConnection", {
      ...region,
      VpcId,
      AcceptingVpcId,
      AcceptingAliUid: root.key.account,
      AcceptingRegionId: hangzhou,
    });
  const tag = (ResourceType: string, ...ResourceId: string[]): Promise<Answer> =>
    caller.vpc("TagResources", { ...region, ResourceType, ResourceId, Tag });
  await allDenied(
    "ExplicitDeny",
    () => caller.vpc("ModifyCustomerGatewayAttribute", { ...region, CustomerGatewayId, Name: "other" }),
    () => caller.vpc("ModifyVSwitchAttribute", { ...region, VSwitchId: vSwitch, VSwitchName: "other" }),
    () => caller.vpc("ModifyRouteTableAttributes", { ...region, RouteTableId: table, RouteTableName: "other" }),
    () => tag("CUSTOMERGATEWAY", CustomerGatewayId),
    () => tag("VPC", own.vpcId, vpc.vpcId),
    () => caller.vpc("UnTagResources", { ...region, ResourceType: "VPC", ResourceId: [vpc.vpcId], All: true }),
    () => caller.vpc("MoveResourceGroup", { ...region, ResourceType: "vpc", ResourceId: vpc.vpcId, NewResourceGroupId: dev }),
    () =>
      caller.vpc("MoveVpnResourceGroup", {
        ...region,
        ResourceType: "CustomerGateway",
        InstanceId: CustomerGatewayId,
        NewResourceGroupId: dev,
      }),
    () => caller.vpc("MoveResourceGroup", { ...region, ResourceType: "vpc", ResourceId: own.vpcId, NewResourceGroupId: prod }),
    () => caller.vpc("CreateCustomerGateway", { ...gateway, IpAddress: "203.0.113.10" }),
    () => peer(vpc.vpcId, own.vpcId),
    () => peer(own.vpcId, vpc.vpcId),
  );
  succeeded(await tag("VPC", own.vpcId));
});

test("what is made without a group is made in the account's own, and judged there", async () => {
  const { caller } = await userIn(standard, none, all);
  const create = (parameters: object): Promise<Answer> => caller.vpc("CreateVpc", { ...region, CidrBlock: "10.1.0.0/16", ...parameters });
  await allDenied(
    "ExplicitDeny",
    () => create({}),
    () => create({ ResourceGroupId: standard }),
  );
  succeeded(await create({ ResourceGroupId: dev }));
});

test("permission in one resource group reaches nothing in another, and no user, group, role or policy", async () => {
  const { name, caller } = await userIn(dev, all);
  const other = await userWith(root);
  const own = await availableVpc(server, root, hangzhou, { ResourceGroupId: dev });
  const far = await availableVpc(server, server.accepter);
  const Deny = await bind(name, dev, { Effect: "Deny", Action: "vpc:DeleteVpc", Resource: "*" });
  const accepting = { AcceptingAliUid: accepterKey.account, AcceptingRegionId: hangzhou, AcceptingVpcId: far.vpcId };
  const administrator = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  await allDenied(
    "ImplicitDeny",
    () => caller.vpc("MoveResourceGroup", { ...region, ResourceType: "vpc", ResourceId: own.vpcId, NewResourceGroupId: prod }),
    () => caller.vpc("CreateVpnGateway", { ...region, VpcId: own.vpcId, Bandwidth: 10, ResourceGroupId: prod }),
    () => caller.peer("CreateVpcPeerConnection", { ...region, VpcId: own.vpcId, ...accepting, ResourceGroupId: prod }),
    () => caller.peer("CreateVpcPeerConnection", { ...region, VpcId: own.vpcId, ...accepting }),
    () => caller.ram("AttachPolicyToUser", { ...administrator, UserName: name }),
    () => caller.ram("AttachPolicyToUser", { ...administrator, UserName: name, ResourceGroupId: dev }),
    () => caller.ram("AttachPolicyToUser", { ...administrator, UserName: other.name, ResourceGroupId: dev }),
    () => caller.ram("DetachPolicyFromUser", { PolicyType: "Custom", PolicyName: Deny, UserName: name, ResourceGroupId: dev }),
  );
  succeeded(await caller.peer("CreateVpcPeerConnection", { ...region, VpcId: own.vpcId, ...accepting, ResourceGroupId: dev }));
});

test("a Deny on a route table holds where the table is named by an entry, or by a member of a batch", async () => {
  const vpc = await availableVpc(server, root);
  const RouteEntryId = await instanceRoute(server, vpc, "10.99.0.0/16");
  const Resource = `acs:vpc:*:*:routetable/${vpc.routeTableId}`;
  const { caller } = await userWith(root, all, { Effect: "Deny", Action: "vpc:*", Resource });
  const entry = { RouteTableId: vpc.routeTableId, DstCidrBlock: "10.98.0.0/16", NextHop: "i-abc", NextHopType: "Instance" };
  await allDenied(
    "ExplicitDeny",
    () => caller.vpc("ModifyRouteEntry", { ...region, RouteTableId: vpc.routeTableId, RouteEntryId, RouteEntryName: "other" }),
    () => caller.vpc("ModifyRouteEntry", { ...region, RouteEntryId, RouteEntryName: "other" }),
    () => caller.vpc("DeleteRouteEntry", { ...region, RouteEntryId }),
    () => caller.vpc("DeleteRouteEntry", { RouteEntryId }),
    () => caller.vpc("CreateRouteEntries", { ...region, RouteEntries: [entry] }),
    () => caller.vpc("DeleteRouteEntries", { ...region, RouteEntries: [entry] }),
  );
  // A call that names nothing is not allowed because there is nothing to judge.
  const nobody = await userWith(root);
  denied(await nobody.caller.vpc("DescribeRouterInterfaces", { ...region, "Filter.1.Key": "RouterInterfaceId" }), "ImplicitDeny");
});

test("a Deny in a region holds where the call leaves the region out", async () => {
  const vpc = await availableVpc(server, root);
  const RouteEntryId = await instanceRoute(server, vpc, "10.99.0.0/16");
  const { caller } = await userWith(root, all, { Effect: "Deny", Action: "vpc:*", Resource: `acs:vpc:${hangzhou}:*:*` });
  await allDenied(
    "ExplicitDeny",
    () => caller.vpc("DescribeVSwitches", { VpcId: vpc.vpcId }),
    () => caller.vpc("DescribeRouteTables", { RouteTableId: vpc.routeTableId }),
    () => caller.vpc("DeleteRouteEntry", { RouteEntryId }),
  );
  succeeded(await caller.vpc("DescribeVSwitches", { RegionId: beijing }));
});

test("a tag that is denied can be given by neither of a call's two spellings", async () => {
  const Condition = { StringEquals: { "acs:RequestTag/env": "prod" } };
  const { caller } = await userWith(root, all, { Effect: "Deny", Action: "*", Resource: ["*", "acs:*:*:*:*"], Condition });
  const [from, to] = [await routedVpc(server, root), await routedVpc(server, root, beijing)];
  const create = (tags: Parameters): Promise<Answer> => requestInterface({ ...from, owner: caller }, to, tags);
  const tagged = (Value: string): object[] => [{ Key: "env", Value }];
  await allDenied(
    "ExplicitDeny",
    () => create({ Tag: tagged("prod") }),
    () => create({ Tags: tagged("prod") }),
    () => create({ Tag: tagged("dev"), Tags: tagged("prod") }),
  );
});

test("each resource that a call names is judged by its own tags, and none vouches for another", async () => {
  const vpcWith = (Value: string): ReturnType<typeof availableVpc> =>
    availableVpc(server, root, hangzhou, { Tag: [{ Key: "env", Value }], ResourceGroupId: dev });
  const [first, second] = [await vpcWith("prod"), await vpcWith("dev")];
  const Condition = { StringEquals: { "acs:ResourceTag/env": "dev" } };
  const { caller } = await userWith(root, { Effect: "Allow", Action: "vpc:*", Resource: "*", Condition });
  const barred = await userWith(root, all, {
    Effect: "Deny",
    Action: "vpc:*",
    Resource: "*",
    Condition: { StringNotEquals: { "acs:ResourceTag/env": "dev" } },
  });
  const peer = (by: Caller, VpcId: string, AcceptingVpcId: string): Promise<Answer> =>
    by.peer("CreateVpcPeerConnection", {
      ...region,
      VpcId,
      AcceptingVpcId,
      AcceptingAliUid: root.key.account,
      AcceptingRegionId: hangzhou,
    });
  for (const [a, b] of [
    [first, second],
    [second, first],
  ] as const) {
    denied(await peer(caller, a.vpcId, b.vpcId), "ImplicitDeny");
    denied(await peer(barred.caller, a.vpcId, b.vpcId), "ExplicitDeny");
  }

  const guarded = await userWith(root, all, {
    Effect: "Deny",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: { "acs:ResourceTag/env": "prod" } },
  });
  await allDenied(
    "ExplicitDeny",
    () => guarded.caller.vpc("ModifyVpcAttribute", { ...region, VpcId: first.vpcId, VpcName: "other" }),
    () => guarded.caller.vpc("UnTagResources", { ...region, ResourceType: "VPC", ResourceId: [first.vpcId], TagKey: ["env"] }),
    () =>
      guarded.caller.vpc("UnTagResources", { ...region, ResourceType: "VPC", ResourceId: [second.vpcId, first.vpcId], TagKey: ["env"] }),
  );
});

test("a border router's group holds for its BGP groups", async () => {
  const { caller } = await userIn(prod, none, all);
  const router = await routerOn(root, await enabledCircuit(server, root), undefined, { ResourceGroupId: prod });
  await server.advance();
  const BgpGroupId = await groupOn(server, root, router);
  await allDenied(
    "ExplicitDeny",
    () => caller.vpc("CreateBgpGroup", { ...region, RouterId: router, PeerAsn: 65001 }),
    () => caller.vpc("ModifyBgpGroupAttribute", { ...region, BgpGroupId, Name: "other" }),
    () => caller.vpc("DeleteBgpGroup", { ...region, BgpGroupId }),
    () =>
      caller.vpc("ChangeResourceGroup", { ...region, ResourceType: "VIRTUALBORDERROUTER", ResourceId: router, NewResourceGroupId: dev }),
  );
});

test("names of users and roles mean the same in statements in whatever letter case", async () => {
  const boss = await userWith(root);
  const spelt = boss.name.toUpperCase();
  const { caller } = await userWith(root, all, { Effect: "Deny", Action: "ram:*", Resource: `acs:ram:*:*:user/${spelt}` });
  denied(await caller.ram("GetUser", { UserName: boss.name }), "ExplicitDeny");
  const RoleName = freshName("role");
  const start = `acs:ram::${root.key.account}:`;
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "1",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: [`${start}root`] } },
      { Effect: "Deny", Action: "sts:AssumeRole", Principal: { RAM: [`${start}user/${spelt}`] } },
    ],
  });
  succeeded(await root.ram("CreateRole", { RoleName, AssumeRolePolicyDocument }));
  await attach(root, { user: boss.name }, { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
  refusedWith(
    await boss.caller.sts("AssumeRole", { RoleArn: `${start}role/${RoleName}`, RoleSessionName: "session" }),
    "NoPermission",
    403,
  );
});

test("an id with wildcards names nothing: it is asked for as all, and stands in no policy that is recommended", async () => {
  const { caller } = await userWith(root, { Effect: "Allow", Action: "vpc:*", Resource: `acs:vpc:*:*:vpc/vpc-*` });
  const answer = await caller.vpc("DescribeVpcAttribute", { ...region, VpcId: "vpc-?" });
  denied(answer, "ImplicitDeny");
  const { permission } = (await server.admin("GET", `requests/${answer.body.RequestId}`)).body;
  assert.equal(permission.smallestPolicy.Statement[0].Resource, `acs:vpc:${hangzhou}:${root.key.account}:vpc/*`);
});
