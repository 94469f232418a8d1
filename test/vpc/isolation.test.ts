import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Vpc } from "../../src/contract/products.ts";
import { operations } from "../../src/services/index.ts";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, beijing, groupId, hangzhou, instanceRoute, routeTableIn, succeeded, vSwitchIn } from "../support/networks.ts";
import { eventCount, outcome, seen } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { groupOn, peerIn } from "../express-connect/bgp.ts";
import { addresses, routerOn, routerStatus } from "../express-connect/border-routers.ts";
import { circuitStatus, enabledCircuit, offeredShared, yuhang } from "../express-connect/circuits.ts";
import { accepting, interfaceAt, names, type RoutedVpc, routedVpc } from "../express-connect/router-interfaces.ts";
import { attachmentIn, readConnection, twoTunnels } from "../vpn/support.ts";

/** To an account, what is another's is as what does not exist: every operation of this family that names something answers alike. */
let server: InProcessServer;

/** Ids that a call may name, by what they are of. */
type Ids = Readonly<
  Record<
    | "vpc"
    | "router"
    | "vSwitch"
    | "table"
    | "custom"
    | "entry"
    | "group"
    | "vpn"
    | "customer"
    | "connection"
    | "diagnosis"
    | "attachment"
    | "tunnel"
    | "interface"
    | "linkedTo"
    | "borderRouter"
    | "routerPair"
    | "pair"
    | "bgpGroup"
    | "bgpPeer"
    | "circuit"
    | "shared",
    string
  >
>;
let requesters: Ids;
let accepters: Ids;
const nothing: Ids = {
  vpc: "vpc-bp1000000000000000000",
  router: "vrt-bp1000000000000000000",
  vSwitch: "vsw-bp1000000000000000000",
  table: "vtb-bp1000000000000000000",
  custom: "vtb-bp1000000000000000001",
  entry: "rte-bp1000000000000000000",
  group: "rg-000000000000000000",
  vpn: "vpn-bp1000000000000000000",
  customer: "cgw-bp1000000000000000000",
  connection: "vco-bp1000000000000000000",
  diagnosis: "vpndgn-bp1000000000000000000",
  attachment: "vco-bp1000000000000000001",
  tunnel: "tun-bp1000000000000000000",
  interface: "ri-bp1000000000000000000",
  linkedTo: "ri-bp1000000000000000001",
  borderRouter: "vbr-bp1000000000000000000",
  routerPair: "vbr-bp1000000000000000001",
  pair: "vbrha-bp1000000000000000000",
  bgpGroup: "bgpg-bp1000000000000000000",
  bgpPeer: "bgp-bp1000000000000000000",
  circuit: "pc-bp1000000000000000000",
  shared: "pc-bp1000000000000000001",
};
const destination = "192.168.0.0/16";
const customerAddress = "192.0.2.1";
/** Names a VPN route of either type; the destination-based calls take no notice of the source. */
const vpnRoute = { RouteSource: "10.0.1.0/24", RouteDest: destination, Weight: 100 };

async function network(owner: Caller): Promise<Ids> {
  const vpc = await availableVpc(server, owner, hangzhou, { VpcName: "secret", Tag: [{ Key: "secret", Value: "" }] });
  const vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  const custom = await routeTableIn(server, vpc);
  const entry = await instanceRoute(server, vpc, destination);
  const { body } = succeeded(await owner.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId: vpc.vpcId }));
  const gateway = await owner.vpc("CreateVpnGateway", { RegionId: hangzhou, VpcId: vpc.vpcId, VSwitchId: vSwitch, Bandwidth: 10 });
  const customer = await owner.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress: customerAddress });
  await server.advance();
  const vpn = succeeded(gateway).body.VpnGatewayId;
  const ends = { VpnGatewayId: vpn, CustomerGatewayId: succeeded(customer).body.CustomerGatewayId };
  const blocks = { LocalSubnet: "0.0.0.0/0", RemoteSubnet: "0.0.0.0/0" };
  const connected = succeeded(await owner.vpc("CreateVpnConnection", { RegionId: hangzhou, ...ends, ...blocks }));
  await server.advance();
  const connection = connected.body.VpnConnectionId;
  const diagnosed = { RegionId: hangzhou, VpnGatewayId: vpn, ResourceType: "IPsec", ResourceId: connection };
  const diagnosis = succeeded(await owner.vpc("DiagnoseVpnGateway", diagnosed)).body.DiagnoseId;
  await server.advance();
  for (const action of ["CreateVpnRouteEntry", "CreateVpnPbrRouteEntry"]) {
    const route = { ...vpnRoute, VpnGatewayId: vpn, NextHop: connection, PublishVpc: false };
    succeeded(await owner.vpc(action, { RegionId: hangzhou, ...route }));
    await server.advance();
  }
  const attachment = await attachmentIn(server, owner, ends.CustomerGatewayId);
  const { TunnelOptionsSpecification } = succeeded(await readConnection(owner, attachment)).body;
  const circuits = await circuitsOf(owner);
  return {
    vpc: vpc.vpcId,
    router: body.VRouterId,
    vSwitch,
    table: vpc.routeTableId,
    custom,
    entry,
    group: await groupId(owner),
    vpn,
    customer: ends.CustomerGatewayId,
    connection,
    diagnosis,
    attachment,
    tunnel: TunnelOptionsSpecification.TunnelOptions[0].TunnelId,
    ...(await interfacesOf(owner, { ...vpc, routerId: body.VRouterId })),
    ...circuits,
    ...(await bgpOf(owner, circuits.circuit)),
  };
}
/** A circuit, and a shared one on it, both of the same owner. */
async function circuitsOf(owner: Caller): Promise<Pick<Ids, "circuit" | "shared">> {
  const circuit = await enabledCircuit(server, owner);
  return { circuit, shared: await offeredShared(owner, circuit, owner, 1) };
}
/** An interface that names nothing yet, and one that names it. */
async function interfacesOf(owner: Caller, vpc: RoutedVpc): Promise<Pick<Ids, "interface" | "linkedTo">> {
  const other = await routedVpc(server, owner);
  const named = await interfaceAt(other, vpc, accepting);
  const linkedTo = await interfaceAt(vpc, other);
  await names(vpc, linkedTo, other, named);
  return { interface: named, linkedTo };
}
async function bgpOf(owner: Caller, circuit: string): Promise<Pick<Ids, "borderRouter" | "routerPair" | "pair" | "bgpGroup" | "bgpPeer">> {
  const borderRouter = await routerOn(owner, circuit);
  const routerPair = await routerOn(owner, await enabledCircuit(server, owner));
  const joined = { RegionId: hangzhou, VbrId: borderRouter, PeerVbrId: routerPair };
  const pair = succeeded(await owner.vpc("CreateVbrHa", joined)).body.VbrHaId;
  const bgpGroup = await groupOn(server, owner, borderRouter, { AuthKey: "secret" });
  const bgpPeer = await peerIn(server, owner, bgpGroup);
  succeeded(await owner.vpc("AddBgpNetwork", { RegionId: hangzhou, RouterId: borderRouter, DstCidrBlock: destination }));
  await server.advance();
  return { borderRouter, routerPair, pair, bgpGroup, bgpPeer };
}
before(async () => {
  server = await startServer();
  requesters = await network(server.requester);
  accepters = await network(server.accepter);
});
after(() => server.stop());

interface Probe {
  /** What the call is told of `them`, the others; `own` is the caller's. */
  readonly parameters: (them: Ids, own: Ids) => Parameters;
  /** `OK`, or the code of the refusal. */
  readonly outcome: string;
}
const refused = (code: string, ...all: Probe["parameters"][]): Probe[] => all.map((parameters) => ({ parameters, outcome: code }));
const answered = (...all: Probe["parameters"][]): Probe[] => refused("OK", ...all);
const tagged = (them: Ids): readonly (readonly [type: string, id: string])[] => [
  ["VPC", them.vpc],
  ["VSWITCH", them.vSwitch],
  ["ROUTETABLE", them.table],
  ["VpnGateWay", them.vpn],
  ["CUSTOMERGATEWAY", them.customer],
  ["VPNCONNECTION", them.connection],
  ["VPNATTACHMENT", them.attachment],
];
const onTagged = (more: Parameters): Probe["parameters"][] =>
  [0, 1, 2, 3, 4, 5, 6].map((index) => (them) => {
    const [ResourceType, id] = tagged(them)[index] ?? [];
    return { ResourceType, ResourceId: [id], ...more };
  });
/** Probes of a write on a VPN route: on the others' gateway, and on the caller's own with the others' connection. */
const onVpnRoute = (withOwnGateway: string, more: Parameters = {}): Probe[] => [
  ...refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn, connection }) => ({
    ...vpnRoute,
    VpnGatewayId: vpn,
    NextHop: connection,
    ...more,
  })),
  ...refused(withOwnGateway, ({ connection }, own) => ({ ...vpnRoute, VpnGatewayId: own.vpn, NextHop: connection, ...more })),
];
const newInterface = { RouterType: "VRouter", Role: "InitiatingSide", Spec: "Small.1", OppositeRegionId: hangzhou };
const fromBorder = { ...newInterface, RouterType: "VBR", AccessPointId: yuhang };
/** The requester as the owner of routers that the accepter grants a VPC to. */
const grantee = { VbrOwnerUid: "1000000000000001", VbrRegionNo: hangzhou };
const onInterface = (more: Parameters = {}): Probe[] =>
  refused(
    "InvalidRouterInterfaceId.NotFound",
    (them) => ({ RouterInterfaceId: them.interface, ...more }),
    (them) => ({ RouterInterfaceId: them.linkedTo, ...more }),
  );
const interfaceTags = (them: Ids): Parameters => ({ ResourceType: "ROUTERINTERFACE", ResourceId: [them.interface, them.linkedTo] });
const filteredBy =
  (Key: string, value: (them: Ids) => string): Probe["parameters"] =>
  (them) => ({ Filter: [{ Key, Value: [value(them)] }] });
const onCircuit = (code: string, more: Parameters = {}): Probe[] =>
  refused(
    code,
    ({ circuit }) => ({ PhysicalConnectionId: circuit, ...more }),
    ({ shared }) => ({ PhysicalConnectionId: shared, ...more }),
  );
const newCircuit = { AccessPointId: yuhang, LineOperator: "CT" };
const newShared = { OrderMode: "PayByPhysicalConnectionOwner", Spec: "50M", VlanId: 2, VpconnAliUid: "1000000000000001" };
/** Probes of a call on a border router. */
const onBorderRouter = (code: string, more: Parameters = {}): Probe[] =>
  refused(
    code,
    ({ borderRouter }) => ({ VbrId: borderRouter, ...more }),
    ({ routerPair }) => ({ VbrId: routerPair, ...more }),
  );
const newBorderRouter = { VlanId: 99, ...addresses };
const betweenBlocks = { LocalSubnet: "10.0.0.0/16", RemoteSubnet: "172.16.0.0/12" };
const connectionRefused = (...all: Probe["parameters"][]): Probe[] => refused("InvalidVpnConnectionInstanceId.NotFound", ...all);
const entryTo = (RouteTableId: string): Parameters => ({ RouteTableId, DestinationCidrBlock: "172.16.0.0/12", NextHopId: "i-x" });

const probes: Readonly<Record<string, readonly Probe[]>> = {
  CreateVpc: refused("InvalidResourceGroupId", ({ group }) => ({ ResourceGroupId: group })),
  CreateDefaultVpc: refused("InvalidResourceGroupId", ({ group }) => ({ ResourceGroupId: group })),
  ModifyVpcAttribute: refused(
    "InvalidVpcId.NotFound",
    ({ vpc }) => ({ VpcId: vpc, VpcName: "mine" }),
    ({ vpc }) => ({ VpcId: vpc, CidrBlock: "10.0.0.0/8", RegionId: undefined }),
    ({ vpc }) => ({ VpcId: vpc, EnableIPv6: false }),
  ),
  AssociateVpcCidrBlock: refused("InvalidVpc.NotFound", ({ vpc }) => ({ VpcId: vpc, SecondaryCidrBlock: "172.16.0.0/12" })),
  UnassociateVpcCidrBlock: refused("InvalidVpc.NotFound", ({ vpc }) => ({ VpcId: vpc, SecondaryCidrBlock: "172.16.0.0/12" })),
  EnableVpcClassicLink: refused("InvalidVpcId.NotFound", ({ vpc }) => ({ VpcId: vpc })),
  DisableVpcClassicLink: refused("InvalidVpcId.NotFound", ({ vpc }) => ({ VpcId: vpc })),
  DeleteVpc: refused(
    "InvalidVpcId.NotFound",
    ({ vpc }) => ({ VpcId: vpc }),
    ({ vpc }) => ({ VpcId: vpc, DryRun: true }),
  ),
  DescribeVpcs: [
    ...answered(({ vpc }) => ({ VpcId: vpc })),
    ...refused("InvalidResourceGroupId", ({ group }) => ({ ResourceGroupId: group })),
  ],
  DescribeVpcAttribute: answered(({ vpc }) => ({ VpcId: vpc })),
  DescribeVRouters: answered(({ router }) => ({ VRouterId: router })),
  CreateVSwitch: refused("InvalidVpcId.NotFound", ({ vpc }) => ({ VpcId: vpc, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.2.0/24" })),
  ModifyVSwitchAttribute: refused(
    "InvalidVSwitchId.NotFound",
    ({ vSwitch }) => ({ VSwitchId: vSwitch, VSwitchName: "mine" }),
    ({ vSwitch }) => ({ VSwitchId: vSwitch, EnableIPv6: true, Ipv6CidrBlock: 1, RegionId: undefined }),
  ),
  DeleteVSwitch: refused(
    "InvalidVSwitchId.NotFound",
    ({ vSwitch }) => ({ VSwitchId: vSwitch }),
    ({ vSwitch }) => ({ VSwitchId: vSwitch, DryRun: true }),
  ),
  DescribeVSwitches: answered(
    ({ vpc }) => ({ VpcId: vpc }),
    ({ vSwitch }) => ({ VSwitchId: vSwitch }),
    ({ table }) => ({ RouteTableId: table }),
    ({ group }) => ({ ResourceGroupId: group }),
  ),
  DescribeVSwitchAttributes: answered(({ vSwitch }) => ({ VSwitchId: vSwitch })),
  CreateRouteTable: refused("InvalidVpcId.NotFound", ({ vpc }) => ({ VpcId: vpc })),
  ModifyRouteTableAttributes: refused("Abs.InvalidRouteTableId.NotExist", ({ custom }) => ({
    RouteTableId: custom,
    RouteTableName: "mine",
  })),
  AssociateRouteTable: [
    ...refused(
      "InvalidRouteTableId.NotFound",
      ({ custom, vSwitch }) => ({ RouteTableId: custom, VSwitchId: vSwitch }),
      ({ custom }, own) => ({ RouteTableId: custom, VSwitchId: own.vSwitch }),
    ),
    ...refused("InvalidVSwitchId.NotFound", ({ vSwitch }, own) => ({ RouteTableId: own.custom, VSwitchId: vSwitch })),
  ],
  UnassociateRouteTable: [
    ...refused(
      "InvalidRouteTableId.NotFound",
      ({ custom, vSwitch }) => ({ RouteTableId: custom, VSwitchId: vSwitch }),
      ({ custom }, own) => ({ RouteTableId: custom, VSwitchId: own.vSwitch }),
    ),
    ...refused("InvalidVSwitchId.NotFound", ({ vSwitch }, own) => ({ RouteTableId: own.custom, VSwitchId: vSwitch })),
  ],
  DeleteRouteTable: refused(
    "InvalidRouteTableId.NotFound",
    ({ custom }) => ({ RouteTableId: custom }),
    ({ table }) => ({ RouteTableId: table }),
  ),
  DescribeRouteTableList: answered(
    ({ vpc }) => ({ VpcId: vpc }),
    ({ table }) => ({ RouteTableId: table }),
    ({ router }) => ({ RouterId: router }),
    ({ group }) => ({ ResourceGroupId: group }),
  ),
  DescribeRouteTables: [
    ...answered(
      ({ table }) => ({ RouteTableId: table }),
      ({ router }) => ({ RouterId: router }),
      ({ group }) => ({ ResourceGroupId: group }),
    ),
    ...refused("InvalidVRouterId.NotFound", ({ router }) => ({ VRouterId: router })),
  ],
  CreateRouteEntry: refused(
    "InvalidRouteTableId.NotFound",
    ({ table }) => entryTo(table),
    ({ table }) => ({ ...entryTo(table), DryRun: true, RegionId: undefined }),
  ),
  CreateRouteEntries: [
    ...answered(({ table }) => ({
      RouteEntries: ["172.16.0.0/12", "x"].map((DstCidrBlock) => ({
        RouteTableId: table,
        DstCidrBlock,
        NextHop: "i-x",
        NextHopType: "Instance",
      })),
    })),
    ...refused("InvalidRouteTableId.NotFound", ({ table }) => ({
      RouteEntries: [{ RouteTableId: table, DstCidrBlock: "172.16.0.0/12", NextHop: "i-x", NextHopType: "Instance" }],
      DryRun: true,
    })),
  ],
  ModifyRouteEntry: [
    ...refused("InvalidRouteTable.NotFound", ({ table }) => ({
      RouteTableId: table,
      DestinationCidrBlock: destination,
      Description: "mine",
    })),
    ...refused(
      "InvalidRouteEntryId.NotFound",
      ({ entry }) => ({ RouteEntryId: entry, Description: "mine" }),
      ({ entry }) => ({ RouteEntryId: entry, NewNextHopType: "Instance", NewNextHopId: "i-mine", DryRun: true }),
      ({ entry }, own) => ({ RouteEntryId: entry, RouteTableId: own.table, Description: "mine" }),
    ),
  ],
  DeleteRouteEntry: [
    ...refused("InvalidRouteEntryId.NotFound", ({ entry }) => ({ RouteEntryId: entry })),
    ...refused("InvalidRouteTableId.NotFound", ({ table }) => ({
      RouteTableId: table,
      DestinationCidrBlock: destination,
      NextHopId: "i-bp1example",
    })),
  ],
  DeleteRouteEntries: [
    ...answered(
      ({ table, entry }) => ({ RouteEntries: [{ RouteTableId: table, RouteEntryId: entry }] }),
      ({ table }) => ({ RouteEntries: [{ RouteTableId: table, DstCidrBlock: destination }] }),
      ({ entry }, own) => ({ RouteEntries: [{ RouteTableId: own.table, RouteEntryId: entry }] }),
    ),
    ...refused("InvalidRouteEntryId.NotFound", ({ entry }, own) => ({
      RouteEntries: [{ RouteTableId: own.table, RouteEntryId: entry }],
      DryRun: true,
    })),
  ],
  DescribeRouteEntryList: [
    ...refused("InvalidRouteTable.NotFound", ({ table }) => ({ RouteTableId: table })),
    ...answered(({ entry }, own) => ({ RouteTableId: own.table, RouteEntryId: entry })),
  ],
  ListVpcPublishedRouteEntries: refused("InvalidRouteTableId.NotFound", ({ table }) => ({ RouteTableId: table, TargetType: "ECR" })),
  MoveResourceGroup: [
    ...refused("InvalidResourceId.NotFound", ({ vpc }, own) => ({ ResourceType: "VPC", ResourceId: vpc, NewResourceGroupId: own.group })),
    ...refused("InvalidResourceGroupId", ({ group }, own) => ({ ResourceType: "VPC", ResourceId: own.vpc, NewResourceGroupId: group })),
  ],
  TagResources: refused("InvalidInstanceIds.NotFound", ...onTagged({ Tag: [{ Key: "mine", Value: "" }] })),
  UnTagResources: refused("InvalidInstanceIds.NotFound", ...onTagged({ All: true })),
  ListTagResources: answered(...onTagged({})),
  TagResourcesForExpressConnect: refused("InvalidInstanceIds.NotFound", (them) => ({ ...interfaceTags(them), Tag: [{ Key: "mine" }] })),
  UntagResourcesForExpressConnect: refused("InvalidInstanceIds.NotFound", (them) => ({ ...interfaceTags(them), All: true })),
  ListTagResourcesForExpressConnect: answered(interfaceTags),
  ChangeResourceGroup: [
    ...refused("InvalidResourceId.NotFound", (them, { group }) => ({
      ResourceType: "ROUTERINTERFACE",
      ResourceId: them.interface,
      NewResourceGroupId: group,
    })),
    ...refused("InvalidResourceGroupId", ({ group }, own) => ({
      ResourceType: "ROUTERINTERFACE",
      ResourceId: own.interface,
      NewResourceGroupId: group,
    })),
  ],
  CreateRouterInterface: [
    ...refused("InvalidRouterId.NotFound", ({ router }) => ({ ...newInterface, RouterId: router })),
    ...refused("InvalidRouterId.NotFound", ({ borderRouter }) => ({ ...fromBorder, RouterId: borderRouter })),
    // The other router is another account's, which has granted nothing.
    ...refused("InvalidRouterId.NotFound", ({ router }, { borderRouter }) => ({
      ...fromBorder,
      RouterId: borderRouter,
      FastLinkMode: true,
      OppositeRouterType: "VRouter",
      OppositeRouterId: router,
      OppositeInterfaceOwnerId: grantee.VbrOwnerUid,
    })),
    ...refused("InvalidResourceGroupId", ({ group }, { router }) => ({ ...newInterface, RouterId: router, ResourceGroupId: group })),
  ],
  ModifyRouterInterfaceAttribute: onInterface({ Name: "mine" }),
  ModifyRouterInterfaceSpec: onInterface({ Spec: "Small.2" }),
  ConnectRouterInterface: onInterface(),
  ActivateRouterInterface: onInterface(),
  DeactivateRouterInterface: onInterface(),
  DeleteRouterInterface: onInterface(),
  DeleteExpressConnect: [...onInterface(), ...onInterface({ Force: true })],
  DescribeRouterInterfaces: answered(
    filteredBy("RouterInterfaceId", (them) => them.interface),
    filteredBy("OppositeInterfaceId", (them) => them.interface),
    filteredBy("RouterId", (them) => them.router),
    ({ group }) => ({ ResourceGroupId: group }),
  ),
  DescribeRouterInterfaceAttribute: answered(
    (them) => ({ InstanceId: them.interface }),
    (them) => ({ InstanceId: them.linkedTo }),
  ),
  CreateBgpGroup: refused("InvalidParams.NotFound", ({ borderRouter }) => ({ RouterId: borderRouter, PeerAsn: 65001 })),
  ModifyBgpGroupAttribute: refused("InvalidBgpGroup", ({ bgpGroup }) => ({ BgpGroupId: bgpGroup, Name: "mine" })),
  DeleteBgpGroup: refused("InvalidBgpGroup", ({ bgpGroup }) => ({ BgpGroupId: bgpGroup })),
  DescribeBgpGroups: answered(
    ({ bgpGroup }) => ({ BgpGroupId: bgpGroup }),
    ({ borderRouter }) => ({ RouterId: borderRouter }),
  ),
  CreateBgpPeer: refused("InvalidBgpGroup", ({ bgpGroup }) => ({ BgpGroupId: bgpGroup, PeerIpAddress: "192.0.2.9" })),
  ModifyBgpPeerAttribute: [
    ...refused("InvalidBgpPeerId.NotFound", ({ bgpPeer }) => ({ BgpPeerId: bgpPeer, PeerIpAddress: "192.0.2.9" })),
    ...refused("InvalidBgpGroup", ({ bgpGroup }, { bgpPeer }) => ({ BgpPeerId: bgpPeer, BgpGroupId: bgpGroup })),
  ],
  DeleteBgpPeer: refused("InvalidBgpPeer.NotFound", ({ bgpPeer }) => ({ BgpPeerId: bgpPeer })),
  DescribeBgpPeers: answered(
    ({ bgpPeer }) => ({ BgpPeerId: bgpPeer }),
    ({ bgpGroup }) => ({ BgpGroupId: bgpGroup }),
    ({ borderRouter }) => ({ RouterId: borderRouter }),
  ),
  AddBgpNetwork: refused(
    "InvalidParams.NotFound",
    ({ borderRouter }) => ({ RouterId: borderRouter, DstCidrBlock: "10.9.0.0/16" }),
    ({ vpc }, { borderRouter }) => ({ RouterId: borderRouter, DstCidrBlock: "10.9.0.0/16", VpcId: vpc }),
  ),
  DeleteBgpNetwork: refused("InvalidParams.NotFound", ({ borderRouter }) => ({ RouterId: borderRouter, DstCidrBlock: destination })),
  DescribeBgpNetworks: answered(({ borderRouter }) => ({ RouterId: borderRouter })),
  CreatePhysicalConnection: [
    ...refused(
      "InvalidRedundantPhysicalConnectionId.NotFound",
      ({ circuit }) => ({ ...newCircuit, RedundantPhysicalConnectionId: circuit }),
      ({ shared }) => ({ ...newCircuit, RedundantPhysicalConnectionId: shared }),
    ),
    ...refused("InvalidResourceGroupId", ({ group }) => ({ ...newCircuit, ResourceGroupId: group })),
  ],
  ModifyPhysicalConnectionAttribute: [
    ...onCircuit("InvalidPhysicalConnectionId.NotFound", { Name: "mine" }),
    ...refused("InvalidRedundantPhysicalConnection", ({ circuit }, own) => ({
      PhysicalConnectionId: own.circuit,
      RedundantPhysicalConnectionId: circuit,
    })),
  ],
  ConfirmPhysicalConnection: onCircuit("InvalidPhysicalConnectionId.NotFound"),
  EnablePhysicalConnection: onCircuit("InvalidPhysicalConnectionId.NotFound"),
  CreatePhysicalConnectionOccupancyOrder: onCircuit("InvalidPhysicalConnectionId.NotFound", { AutoPay: true }),
  TerminatePhysicalConnection: onCircuit("InvalidPhysicalConnectionId.NotFound"),
  RecoverPhysicalConnection: refused(
    "ResourceNotFound",
    ({ circuit }) => ({ InstanceId: circuit }),
    ({ shared }) => ({ InstanceId: shared, DryRun: true }),
  ),
  CancelPhysicalConnection: onCircuit("InvalidPhysicalConnectionId.NotFound"),
  DeletePhysicalConnection: onCircuit("InvalidPhysicalConnectionId.NotFound"),
  DescribePhysicalConnections: answered(
    filteredBy("PhysicalConnectionId", ({ circuit }) => circuit),
    filteredBy("PhysicalConnectionId", ({ shared }) => shared),
    ({ group }) => ({ ResourceGroupId: group }),
  ),
  CreateVirtualPhysicalConnection: [
    ...onCircuit("InvalidPhysicalConnectionId.NotFound", newShared),
    ...refused("IllegalParam.ResourceGroupId", ({ group }, { circuit }) => ({
      ...newShared,
      PhysicalConnectionId: circuit,
      ResourceGroupId: group,
    })),
  ],
  UpdateVirtualPhysicalConnection: refused(
    "ResourceNotFound.PhysicalConnectionId",
    ({ shared }) => ({ InstanceId: shared, VlanId: 2 }),
    ({ circuit }) => ({ InstanceId: circuit, VlanId: 2, DryRun: true }),
  ),
  ListVirtualPhysicalConnections: [
    ...onCircuit("ResourceNotFound.PhysicalConnectionId"),
    ...answered(
      ({ shared }) => ({ VirtualPhysicalConnectionIds: [shared] }),
      ({ group }) => ({ ResourceGroupId: group }),
    ),
  ],
  CreateVirtualBorderRouter: [
    ...onCircuit("InvalidPhysicalConnectionId.NotFound", newBorderRouter),
    ...refused("InvalidResourceGroupId", ({ group }, { circuit }) => ({
      ...newBorderRouter,
      PhysicalConnectionId: circuit,
      ResourceGroupId: group,
    })),
  ],
  ModifyVirtualBorderRouterAttribute: onBorderRouter("InvalidVbrId.NotFound", { Name: "mine" }),
  UpdateVirtualBorderBandwidth: refused("InvalidInstanceId.NotFound", ({ borderRouter }) => ({
    VirtualBorderRouterId: borderRouter,
    Bandwidth: 50,
  })),
  TerminateVirtualBorderRouter: onBorderRouter("InvalidVbrId.NotFound"),
  RecoverVirtualBorderRouter: onBorderRouter("InvalidVbrId.NotFound"),
  DeleteVirtualBorderRouter: onBorderRouter("InvalidVbrId.NotFound"),
  AssociatePhysicalConnectionToVirtualBorderRouter: [
    ...refused("InvalidVbrId.NotFound", ({ borderRouter }, { circuit }) => ({
      ...newBorderRouter,
      VbrId: borderRouter,
      PhysicalConnectionId: circuit,
    })),
    ...refused("InvalidPhysicalConnectionId.NotFound", ({ circuit }, { borderRouter }) => ({
      ...newBorderRouter,
      VbrId: borderRouter,
      PhysicalConnectionId: circuit,
    })),
  ],
  UnassociatePhysicalConnectionFromVirtualBorderRouter: [
    ...refused("InvalidVbrId.NotFound", ({ borderRouter, circuit }) => ({ VbrId: borderRouter, PhysicalConnectionId: circuit })),
    ...refused("PHYSICAL_NOT_ASSOCIATE_TO_VBR", ({ circuit }, { borderRouter }) => ({
      VbrId: borderRouter,
      PhysicalConnectionId: circuit,
    })),
  ],
  DescribeVirtualBorderRouters: answered(
    filteredBy("VbrId", ({ borderRouter }) => borderRouter),
    (them) => ({ ...filteredBy("PhysicalConnectionId", ({ circuit }) => circuit)(them, them), IncludeCrossAccountVbr: true }),
    ({ group }) => ({ ResourceGroupId: group }),
  ),
  DescribeVirtualBorderRoutersForPhysicalConnection: onCircuit("InvalidPhysicalConnectionId.NotFound"),
  CreateVbrHa: refused(
    "ResourceNotFound.Vbr",
    ({ borderRouter, routerPair }) => ({ VbrId: borderRouter, PeerVbrId: routerPair }),
    ({ routerPair }, { borderRouter }) => ({ VbrId: borderRouter, PeerVbrId: routerPair, DryRun: true }),
  ),
  DeleteVbrHa: refused("ResourceNotFound.VbrHa", ({ pair }) => ({ InstanceId: pair })),
  DescribeVbrHa: answered(
    ({ pair }) => ({ VbrHaId: pair }),
    ({ borderRouter }) => ({ VbrId: borderRouter }),
  ),
  GrantInstanceToVbr: refused("Instance.NotExist", ({ vpc }) => ({ ...grantee, InstanceId: vpc, GrantType: "All" })),
  RevokeInstanceFromVbr: [
    ...refused("Instance.NotExist", ({ vpc }) => ({ ...grantee, InstanceId: vpc, GrantType: "All" })),
    ...refused("EcGrantRelation.NotExist", ({ borderRouter }, { vpc }) => ({
      ...grantee,
      InstanceId: vpc,
      GrantType: "Specify",
      VbrInstanceIds: [borderRouter],
    })),
  ],
  DescribeEcGrantRelation: refused(
    "Instance.NotExist",
    ({ vpc }) => ({ InstanceType: "VPC", InstanceId: vpc }),
    ({ borderRouter }) => ({ InstanceType: "VBR", InstanceId: borderRouter, VbrRegionNo: hangzhou }),
  ),
  CreateVpnGateway: [
    ...refused("InvalidVpcId.NotFound", ({ vpc }) => ({ VpcId: vpc, Bandwidth: 10 })),
    ...refused(
      "InvalidVSwitchId.NotFound",
      ({ vSwitch }, own) => ({ VpcId: own.vpc, VSwitchId: vSwitch, Bandwidth: 10 }),
      ({ vSwitch }, own) => ({ VpcId: own.vpc, VSwitchId: own.vSwitch, DisasterRecoveryVSwitchId: vSwitch, Bandwidth: 10 }),
    ),
    ...refused("InvalidResourceGroupId", ({ group }, own) => ({ VpcId: own.vpc, Bandwidth: 10, ResourceGroupId: group })),
  ],
  ModifyVpnGatewayAttribute: refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn }) => ({ VpnGatewayId: vpn, Name: "mine" })),
  DeleteVpnGateway: refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn }) => ({ VpnGatewayId: vpn })),
  DescribeVpnGateway: refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn }) => ({ VpnGatewayId: vpn })),
  DescribeVpnGateways: answered(
    ({ vpn }) => ({ VpnGatewayId: vpn }),
    ({ vpc }) => ({ VpcId: vpc }),
    ({ group }) => ({ ResourceGroupId: group }),
  ),
  CreateCustomerGateway: refused("InvalidResourceGroupId", ({ group }) => ({ IpAddress: "192.0.2.2", ResourceGroupId: group })),
  ModifyCustomerGatewayAttribute: refused("InvalidCustomerGatewayInstanceId.NotFound", ({ customer }) => ({
    CustomerGatewayId: customer,
    Name: "mine",
  })),
  DeleteCustomerGateway: refused("InvalidCustomerGatewayInstanceId.NotFound", ({ customer }) => ({ CustomerGatewayId: customer })),
  DescribeCustomerGateway: refused("InvalidCustomerGatewayInstanceId.NotFound", ({ customer }) => ({ CustomerGatewayId: customer })),
  DescribeCustomerGateways: answered(
    ({ customer }) => ({ CustomerGatewayId: customer }),
    ({ group }) => ({ ResourceGroupId: group }),
  ),
  DownloadVpnConnectionConfig: refused("InvalidVpnConnectionInstanceId.NotFound", ({ connection }) => ({ VpnConnectionId: connection })),
  DescribeVpnConnectionLogs: refused("InvalidVpnConnectionInstanceId.NotFound", ({ connection }) => ({
    VpnConnectionId: connection,
    MinutePeriod: 10,
  })),
  DiagnoseVpnConnections: refused(
    "InvalidParameter",
    ({ vpn }) => ({ VpnGatewayId: vpn }),
    ({ connection }) => ({ VpnConnectionIds: [connection] }),
    ({ connection }, own) => ({ VpnGatewayId: own.vpn, VpnConnectionIds: [connection] }),
  ),
  DiagnoseVpnGateway: [
    ...refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn, connection }) => ({
      VpnGatewayId: vpn,
      ResourceType: "IPsec",
      ResourceId: connection,
    })),
    ...refused("InvalidResourceId.NotFound", ({ connection }, own) => ({
      VpnGatewayId: own.vpn,
      ResourceType: "IPsec",
      ResourceId: connection,
    })),
  ],
  GetVpnGatewayDiagnoseResult: [
    ...refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn }) => ({ VpnGatewayId: vpn })),
    ...refused(
      "InvalidDiagnoseId.NotFound",
      ({ diagnosis }) => ({ DiagnoseId: diagnosis }),
      ({ diagnosis }, own) => ({ DiagnoseId: diagnosis, VpnGatewayId: own.vpn }),
    ),
  ],
  CreateVpnConnection: [
    ...refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn, customer }) => ({
      VpnGatewayId: vpn,
      CustomerGatewayId: customer,
      ...betweenBlocks,
    })),
    ...refused(
      "InvalidCustomerGatewayInstanceId.NotFound",
      ({ customer }, { vpn }) => ({ VpnGatewayId: vpn, CustomerGatewayId: customer, ...betweenBlocks }),
      ({ customer }, { vpn }) => ({ VpnGatewayId: vpn, CustomerGatewayId: customer, ...betweenBlocks, DryRun: true }),
    ),
  ],
  ModifyVpnConnectionAttribute: connectionRefused(({ connection }) => ({ VpnConnectionId: connection, Name: "mine" })),
  ModifyTunnelAttribute: connectionRefused(
    ({ connection, tunnel }) => ({ VpnConnectionId: connection, TunnelId: tunnel }),
    ({ connection }, { tunnel }) => ({ VpnConnectionId: connection, TunnelId: tunnel, RegionId: undefined }),
  ),
  DeleteVpnConnection: connectionRefused(({ connection }) => ({ VpnConnectionId: connection })),
  CreateVpnAttachment: [
    ...refused("InvalidCustomerGatewayInstanceId.NotFound", ({ customer }, own) => ({
      ...betweenBlocks,
      ...twoTunnels(own.customer, {}, { CustomerGatewayId: customer }),
    })),
    ...refused("InvalidResourceGroupId", ({ group }, { customer }) => ({
      ...betweenBlocks,
      ...twoTunnels(customer),
      ResourceGroupId: group,
    })),
  ],
  ModifyVpnAttachmentAttribute: [
    ...connectionRefused(({ attachment }) => ({ VpnConnectionId: attachment, Name: "mine" })),
    ...refused("IllegalParam.TunnelId", ({ tunnel }, { attachment }) => ({
      VpnConnectionId: attachment,
      TunnelOptionsSpecification: [{ TunnelId: tunnel }],
    })),
    ...refused("InvalidCustomerGatewayInstanceId.NotFound", ({ customer }, { attachment }) => ({
      VpnConnectionId: attachment,
      TunnelOptionsSpecification: [{ TunnelIndex: 1, CustomerGatewayId: customer }],
    })),
  ],
  DeleteVpnAttachment: connectionRefused(({ attachment }) => ({ VpnConnectionId: attachment })),
  DescribeVpnConnection: connectionRefused(
    ({ connection }) => ({ VpnConnectionId: connection }),
    ({ attachment }) => ({ VpnConnectionId: attachment }),
  ),
  DescribeVpnConnections: answered(
    ({ connection }) => ({ VpnConnectionId: connection }),
    ({ attachment }) => ({ VpnConnectionId: attachment }),
    ({ vpn }) => ({ VpnGatewayId: vpn }),
    ({ customer }) => ({ CustomerGatewayId: customer }),
    ({ group }) => ({ ResourceGroupId: group }),
  ),
  MoveVpnResourceGroup: [
    ...[3, 4, 6].flatMap((index) =>
      refused("InvalidInstanceId.NotFound", (them, own) => {
        const [ResourceType, InstanceId] = tagged(them)[index] ?? [];
        return { ResourceType, InstanceId, NewResourceGroupId: own.group };
      }),
    ),
    ...refused("InvalidResourceGroupId", ({ group }, { vpn }) => ({
      ResourceType: "VpnGateway",
      InstanceId: vpn,
      NewResourceGroupId: group,
    })),
  ],
  CreateVpnRouteEntry: [
    ...onVpnRoute("InvalidNextHop.NotFound", { PublishVpc: true }),
    ...onVpnRoute("InvalidNextHop.NotFound", { PublishVpc: false, DryRun: true }),
  ],
  ModifyVpnRouteEntryWeight: onVpnRoute("InvalidRouteEntry.NotFound", { NewWeight: 0 }),
  PublishVpnRouteEntry: ["dbr", "pbr"].flatMap((RouteType) => onVpnRoute("InvalidVpnRouteEntry.NotFound", { RouteType, PublishVpc: true })),
  DeleteVpnRouteEntry: onVpnRoute("InvalidRouteEntry.NotFound"),
  DescribeVpnRouteEntries: refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn }) => ({ VpnGatewayId: vpn })),
  CreateVpnPbrRouteEntry: [
    ...onVpnRoute("InvalidNextHop.NotFound", { PublishVpc: true }),
    ...onVpnRoute("InvalidNextHop.NotFound", { PublishVpc: false, DryRun: true }),
  ],
  ModifyVpnPbrRouteEntryWeight: onVpnRoute("InvalidRouteEntry.NotFound", { NewWeight: 0 }),
  ModifyVpnPbrRouteEntryPriority: onVpnRoute("InvalidRouteEntry.NotFound", { NewPriority: 1 }),
  ModifyVpnPbrRouteEntryAttribute: onVpnRoute("InvalidRouteEntry.NotFound", { Priority: 10, NewPriority: 1 }),
  DeleteVpnPbrRouteEntry: onVpnRoute("InvalidRouteEntry.NotFound"),
  DescribeVpnPbrRouteEntries: refused("InvalidVpnGatewayInstanceId.NotFound", ({ vpn }) => ({ VpnGatewayId: vpn })),
};
/** What names nothing that could be another's. */
const nameless = [
  "DescribeAccessPoints",
  "CreateDefaultVSwitch",
  "DescribeRegions",
  "DescribeZones",
  "DescribeVpnGatewayAvailableZones",
  "CheckVpnBgpEnabled",
];
/** What the call names is looked for in every region, or in the one that the call names for it. */
const withoutRegion = ["DescribeEcGrantRelation"];

test("the table of probes above is complete", () => {
  const all = operations.filter(({ product }) => product === Vpc).map(({ name }) => name);
  assert.deepEqual([...Object.keys(probes), ...nameless].sort(), all.sort());
});

/** An answer without what the call itself has said. */
function plain(answer: Answer, ids: Ids): unknown {
  let text = JSON.stringify(seen(answer));
  for (const [of, id] of Object.entries(ids)) text = text.replaceAll(id, of);
  return JSON.parse(text);
}

for (const [action, all] of Object.entries(probes)) {
  test(`${action}: another account's resource answers exactly as a missing one`, async () => {
    const before = await eventCount(server);
    for (const [index, probe] of all.entries()) {
      const call = (them: Ids): Promise<Answer> =>
        server.accepter.vpc(action, { RegionId: hangzhou, ...probe.parameters(them, accepters) });
      const unknown = await call(nothing);
      assert.equal(outcome(unknown), probe.outcome, `${index}: ${unknown.text}`);
      assert.deepEqual(plain(await call(requesters), requesters), plain(unknown, nothing), `${index}`);
    }
    assert.equal(await eventCount(server), before);
  });

  if (withoutRegion.includes(action)) continue;
  test(`${action}: a resource of another region answers exactly as a missing one`, async () => {
    const before = await eventCount(server);
    for (const [index, probe] of all.entries()) {
      const call = (them: Ids): Promise<Answer> => server.accepter.vpc(action, { ...probe.parameters(them, nothing), RegionId: beijing });
      // Groups belong to no region.
      const here = { ...accepters, group: nothing.group };
      assert.deepEqual(plain(await call(here), here), plain(await call(nothing), nothing), `${index}`);
    }
    assert.equal(await eventCount(server), before);
  });
}

test("what the probes name is there for its owner", async () => {
  for (const [owner, ids] of [
    [server.requester, requesters],
    [server.accepter, accepters],
  ] as const) {
    for (const action of ["DescribeVpcAttribute", "DescribeVSwitchAttributes"]) {
      const { body } = succeeded(await owner.vpc(action, { RegionId: hangzhou, VpcId: ids.vpc, VSwitchId: ids.vSwitch }));
      assert.equal(body.Status, "Available");
    }
    const { body } = succeeded(
      await owner.vpc("DescribeRouteEntryList", { RegionId: hangzhou, RouteTableId: ids.table, RouteEntryId: ids.entry }),
    );
    assert.equal(body.TotalCount, 1);
    const vpn = await owner.vpc("DescribeVpnGateway", { RegionId: hangzhou, VpnGatewayId: ids.vpn });
    const customer = await owner.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: ids.customer });
    assert.deepEqual([succeeded(vpn).body.Status, succeeded(customer).body.IpAddress], ["active", customerAddress]);
    const diagnosis = await owner.vpc("GetVpnGatewayDiagnoseResult", { RegionId: hangzhou, DiagnoseId: ids.diagnosis });
    assert.equal(succeeded(diagnosis).body.ResourceInstanceId, ids.connection);
    for (const action of ["DescribeVpnRouteEntries", "DescribeVpnPbrRouteEntries"]) {
      const routes = await owner.vpc(action, { RegionId: hangzhou, VpnGatewayId: ids.vpn });
      assert.equal(succeeded(routes).body.TotalCount, 1);
    }
    for (const id of [ids.interface, ids.linkedTo]) {
      const found = await owner.vpc("DescribeRouterInterfaceAttribute", { RegionId: hangzhou, InstanceId: id });
      assert.equal(succeeded(found).body.RouterInterfaceId, id);
    }
    const router = { RegionId: hangzhou, RouterId: ids.borderRouter };
    const groups = succeeded(await owner.vpc("DescribeBgpGroups", router)).body.BgpGroups.BgpGroup;
    const peers = succeeded(await owner.vpc("DescribeBgpPeers", router)).body.BgpPeers.BgpPeer;
    assert.deepEqual([groups[0].BgpGroupId, peers[0].BgpPeerId], [ids.bgpGroup, ids.bgpPeer]);
    assert.equal(succeeded(await owner.vpc("DescribeBgpNetworks", router)).body.TotalCount, 1);
    for (const id of [ids.circuit, ids.shared]) assert.notEqual(await circuitStatus(owner, id), "");
    for (const id of [ids.borderRouter, ids.routerPair]) assert.equal(await routerStatus(owner, id), "active");
    const pair = await owner.vpc("DescribeVbrHa", { RegionId: hangzhou, VbrHaId: ids.pair });
    assert.equal(succeeded(pair).body.PeerVbrId, ids.routerPair);
    for (const [id, state] of [
      [ids.connection, "active"],
      [ids.attachment, "init"],
    ] as const) {
      assert.equal(succeeded(await readConnection(owner, id)).body.State, state);
    }
  }
});
