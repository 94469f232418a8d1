import type { AnyOperation } from "../contract/operation.ts";
import { VpcPeer } from "../contract/products.ts";
import { acceptVpcPeerConnection } from "./peering/accept-vpc-peer-connection.ts";
import { createVpcPeerConnection } from "./peering/create-vpc-peer-connection.ts";
import { deleteVpcPeerConnection } from "./peering/delete-vpc-peer-connection.ts";
import { getVpcPeerConnectionAttribute } from "./peering/get-vpc-peer-connection-attribute.ts";
import { listVpcPeerConnections } from "./peering/list-vpc-peer-connections.ts";
import { modifyVpcPeerConnection } from "./peering/modify-vpc-peer-connection.ts";
import { moveResourceGroup } from "./peering/move-resource-group.ts";
import { rejectVpcPeerConnection } from "./peering/reject-vpc-peer-connection.ts";
import { vpcPeerConnection } from "./peering/vpc-peer-connection.ts";
import { getCallerIdentity } from "./sts/get-caller-identity.ts";
import { tagOperations } from "./tags/tag-operations.ts";
import { createRouteEntry } from "./vpc/create-route-entry.ts";
import { createVpc } from "./vpc/create-vpc.ts";
import { createVSwitch } from "./vpc/create-vswitch.ts";
import { deleteRouteEntry } from "./vpc/delete-route-entry.ts";
import { deleteVpc } from "./vpc/delete-vpc.ts";
import { deleteVSwitch } from "./vpc/delete-vswitch.ts";
import { describeRegions } from "./vpc/describe-regions.ts";
import { describeRouteEntryList } from "./vpc/describe-route-entry-list.ts";
import { describeRouteTableList } from "./vpc/describe-route-table-list.ts";
import { describeRouteTables } from "./vpc/describe-route-tables.ts";
import { describeVpcAttribute } from "./vpc/describe-vpc-attribute.ts";
import { describeVpcs } from "./vpc/describe-vpcs.ts";
import { describeVRouters } from "./vpc/describe-vrouters.ts";
import { describeVSwitchAttributes } from "./vpc/describe-vswitch-attributes.ts";
import { describeVSwitches } from "./vpc/describe-vswitches.ts";
import { describeZones } from "./vpc/describe-zones.ts";

export { kinds } from "./kinds.ts";

/** Every operation that this server implements. A new operation gets its line here. */
export const operations: readonly AnyOperation[] = [
  createVpc,
  deleteVpc,
  describeVpcs,
  describeVpcAttribute,
  describeVRouters,
  createVSwitch,
  deleteVSwitch,
  describeVSwitches,
  describeVSwitchAttributes,
  createRouteEntry,
  deleteRouteEntry,
  describeRouteEntryList,
  describeRouteTableList,
  describeRouteTables,
  describeRegions,
  describeZones,
  createVpcPeerConnection,
  acceptVpcPeerConnection,
  rejectVpcPeerConnection,
  modifyVpcPeerConnection,
  deleteVpcPeerConnection,
  getVpcPeerConnectionAttribute,
  listVpcPeerConnections,
  moveResourceGroup,
  ...tagOperations({ product: VpcPeer, kinds: [vpcPeerConnection], authorisationResource: "*" }),
  getCallerIdentity,
];
