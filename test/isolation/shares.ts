import type { AnyOperation } from "../../src/contract/operation.ts";
import { operations } from "../../src/services/index.ts";
import { fastTo } from "../express-connect/border-links.ts";
import { addresses, readRouter, requestRouter } from "../express-connect/border-routers.ts";
import { enabledCircuit, enabledShared, yuhang } from "../express-connect/circuits.ts";
import { activeLink, type RoutedVpc, withRouter } from "../express-connect/router-interfaces.ts";
import { Caller, flat, type Key, type Parameters, versions } from "../support/caller.ts";
import { activePeering, availableVpc, hangzhou, requestPeering, succeeded } from "../support/networks.ts";
import { roleWith } from "../support/principals.ts";
import type { TestServer } from "../support/server.ts";
import { type Call, type Principal, rootOf, type World } from "./world.ts";

/** What accounts can have in common: all ways to share, what the other side may read of it, and what it may not. */

/** What an account shares with one that looks, and what of it the other may read. */
export interface Shares {
  /** Ids that the other may read. */
  readonly shown: ReadonlySet<string>;
  /** Calls of the other that read them. */
  readonly reads: readonly Call[];
  /** Calls that write a text where nobody else may read it. */
  readonly decorations: (mark: string) => readonly Call[];
}

/** Shares everything that can be shared, both ways. */
export async function share({ server }: World, mark: string, able: Principal, looking: Key, other: Key): Promise<Shares> {
  const [own, their] = [new Caller(server.url, looking), new Caller(server.url, other)];
  const vpcOf = (owner: Caller, CidrBlock: string): Promise<RoutedVpc> => vpcAt(server, owner, CidrBlock);
  const ours = [await vpcOf(own, "10.1.0.0/16"), await vpcOf(own, "10.2.0.0/16"), await vpcOf(own, "10.3.0.0/16")] as const;
  const theirs = [await vpcOf(their, "10.11.0.0/16"), await vpcOf(their, "10.12.0.0/16"), await vpcOf(their, "10.13.0.0/16")] as const;
  const peerings = [
    await activePeering(server, ours[0], theirs[0]),
    await activePeering(server, theirs[1], ours[1]),
    await requestPeering(theirs[2], ours[0]),
  ];
  await server.advance();

  const links = [await activeLink(server, ours[1], theirs[2]), await activeLink(server, theirs[0], ours[2])];
  const interfaces = [links[0]?.acceptor ?? "", links[1]?.initiator ?? ""];

  // Circuits of either, shared with the other, with a router of each; and routers of either on a circuit of the other.
  const [ourCircuit, theirCircuit] = [await enabledCircuit(server, own), await enabledCircuit(server, their)];
  const sharedWithThem = await enabledShared(server, own, ourCircuit, their, 11);
  // The partner of a shared circuit tags it when it offers it, and never again.
  const Tag = [{ Key: mark, Value: mark }];
  const sharedWithUs = await enabledShared(server, their, theirCircuit, own, 12, { Tag });
  // Routers on a shared circuit are the tenant's own affair.
  const hiddenRouter = await onShared(their, sharedWithThem, 11);
  const theirRouter = await onOthers(their, own, ourCircuit, 13);
  await onShared(own, sharedWithUs, 12);
  // Whose circuit it is on reads the router as its owner does.
  const { RouteTableId, VlanInterfaceId } = await readRouter(their, theirRouter);
  const ourRouter = await onOthers(own, their, theirCircuit, 14);

  // Networks that either lets the other's border routers use, and a link that does.
  const granted = await vpcOf(their, "10.14.0.0/16");
  await grantTo(granted, looking, ourRouter);
  await grantTo(await vpcOf(own, "10.4.0.0/16"), other, theirRouter);
  succeeded(
    await own.vpc("CreateRouterInterface", {
      ...inRegion,
      RouterType: "VBR",
      RouterId: ourRouter,
      Role: "InitiatingSide",
      Spec: "Small.1",
      OppositeRegionId: hangzhou,
      AccessPointId: yuhang,
      ...fastTo(granted),
    }),
  );
  await server.advance();

  const role = await roleWith(their, [{ Effect: "Allow", Action: "*", Resource: "*" }], [looking.account]);
  const roleId = succeeded(await their.ram("GetRole", { RoleName: role.name })).body.Role.RoleId;
  const vpcIds = [...theirs, granted].map(({ vpcId }) => vpcId);
  const routers = [theirs[0], theirs[2], granted].map(({ routerId }) => routerId);
  const call = (key: Key, version: string, name: string, parameters: Parameters): Call => ({
    by: rootOf(key),
    operation: operations.find((one) => one.name === name && one.product.version === version) as AnyOperation,
    pairs: flat(parameters),
    options: {},
  });
  const read = (name: string, parameters: Parameters = {}): Call =>
    call(looking, versions.Vpc, name, { ...inRegion, PageSize: 50, ...parameters });
  return {
    shown: new Set([
      ...peerings,
      ...interfaces,
      ...vpcIds,
      ...routers,
      theirCircuit,
      sharedWithThem,
      theirRouter,
      RouteTableId,
      VlanInterfaceId,
      roleId,
    ]),
    reads: [
      ...peerings.map((InstanceId) => call(looking, versions.VpcPeer, "GetVpcPeerConnectionAttribute", { InstanceId })),
      read("DescribeRouterInterfaces"),
      read("DescribePhysicalConnections"),
      read("ListVirtualPhysicalConnections", { PageSize: undefined }),
      read("DescribeVirtualBorderRouters", { IncludeCrossAccountVbr: true }),
      read("DescribeEcGrantRelation", { InstanceType: "VBR", InstanceId: ourRouter, VbrRegionNo: hangzhou }),
      { ...call(looking, versions.Sts, "AssumeRole", { RoleArn: role.arn, RoleSessionName: "session" }), by: able },
    ],
    decorations: (mark) => {
      const text = (name: string): Parameters => ({ [name]: mark, Description: mark });
      const tag = (ResourceType: string, ids: readonly string[]): Parameters => ({
        ...inRegion,
        ResourceType,
        ResourceId: ids,
        Tag: [{ Key: mark, Value: mark }],
      });
      const write = (version: string, name: string, parameters: Parameters): Call => call(other, version, name, parameters);
      const vpc = (name: string, parameters: Parameters): Call => write(versions.Vpc, name, { ...inRegion, ...parameters });
      return [
        // Whoever may use a granted VPC reads its name.
        ...theirs.map(({ vpcId }) => vpc("ModifyVpcAttribute", { VpcId: vpcId, ...text("VpcName") })),
        ...theirs.map(({ routeTableId }) => vpc("ModifyRouteTableAttributes", { RouteTableId: routeTableId, ...text("RouteTableName") })),
        vpc("ModifyVpcAttribute", { VpcId: granted.vpcId, Description: mark }),
        vpc("TagResources", tag("VPC", vpcIds)),
        write(versions.VpcPeer, "TagResources", tag("PeerConnection", peerings)),
        ...interfaces.map((id) => vpc("ModifyRouterInterfaceAttribute", { RouterInterfaceId: id, ...text("Name") })),
        vpc("TagResourcesForExpressConnect", tag("ROUTERINTERFACE", interfaces)),
        vpc("ModifyPhysicalConnectionAttribute", {
          PhysicalConnectionId: theirCircuit,
          CircuitCode: mark,
          PeerLocation: mark,
          ...text("Name"),
        }),
        vpc("TagResourcesForExpressConnect", tag("PHYSICALCONNECTION", [theirCircuit, sharedWithThem])),
        ...[hiddenRouter, theirRouter].map((VbrId) =>
          vpc("CreateBgpGroup", { RouterId: VbrId, PeerAsn: "65001", AuthKey: "secret", ...text("Name") }),
        ),
        vpc("TagResourcesForExpressConnect", tag("VIRTUALBORDERROUTER", [hiddenRouter, theirRouter])),
        write(versions.Ram, "UpdateRole", { RoleName: role.name, NewDescription: mark }),
      ];
    },
  };
}

const inRegion = { RegionId: hangzhou };

async function vpcAt(server: TestServer, owner: Caller, CidrBlock: string): Promise<RoutedVpc> {
  return withRouter(await availableVpc(server, owner, hangzhou, { CidrBlock }));
}
/** A router of a tenant on its shared circuit. */
async function onShared(tenant: Caller, circuit: string, VlanId: number): Promise<string> {
  return succeeded(await requestRouter(tenant, circuit, VlanId, inRegion)).body.VbrId;
}
/** A router on a circuit of another, which its owner has confirmed. */
async function onOthers(owner: Caller, partner: Caller, PhysicalConnectionId: string, VlanId: number): Promise<string> {
  const asked = { ...inRegion, PhysicalConnectionId, VlanId, VbrOwnerId: owner.key.account };
  const VbrId = succeeded(await partner.vpc("CreateVirtualBorderRouter", asked)).body.VbrId;
  succeeded(await owner.vpc("ModifyVirtualBorderRouterAttribute", { ...inRegion, VbrId, ...addresses }));
  return VbrId;
}
/** Lets a border router of another account use a VPC. */
async function grantTo({ owner, vpcId }: RoutedVpc, to: Key, router: string): Promise<void> {
  const grantee = { VbrOwnerUid: to.account, VbrRegionNo: hangzhou, GrantType: "Specify", VbrInstanceIds: [router] };
  succeeded(await owner.vpc("GrantInstanceToVbr", { ...inRegion, InstanceId: vpcId, ...grantee }));
}
