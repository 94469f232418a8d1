import type { AnyOperation } from "../contract/operation.ts";
import { Vpc, VpcPeer } from "../contract/products.ts";
import { cancelPhysicalConnection } from "./express-connect/physical-connections/cancel-physical-connection.ts";
import { confirmPhysicalConnection } from "./express-connect/physical-connections/confirm-physical-connection.ts";
import { createPhysicalConnection } from "./express-connect/physical-connections/create-physical-connection.ts";
import { createPhysicalConnectionOccupancyOrder } from "./express-connect/physical-connections/create-physical-connection-occupancy-order.ts";
import { createVirtualPhysicalConnection } from "./express-connect/physical-connections/create-virtual-physical-connection.ts";
import { deletePhysicalConnection } from "./express-connect/physical-connections/delete-physical-connection.ts";
import { describeAccessPoints } from "./express-connect/physical-connections/describe-access-points.ts";
import { describePhysicalConnections } from "./express-connect/physical-connections/describe-physical-connections.ts";
import { enablePhysicalConnection } from "./express-connect/physical-connections/enable-physical-connection.ts";
import { listVirtualPhysicalConnections } from "./express-connect/physical-connections/list-virtual-physical-connections.ts";
import { modifyPhysicalConnectionAttribute } from "./express-connect/physical-connections/modify-physical-connection-attribute.ts";
import { recoverPhysicalConnection } from "./express-connect/physical-connections/recover-physical-connection.ts";
import { terminatePhysicalConnection } from "./express-connect/physical-connections/terminate-physical-connection.ts";
import { updateVirtualPhysicalConnection } from "./express-connect/physical-connections/update-virtual-physical-connection.ts";
import { physicalConnection } from "./express-connect/physical-connections/physical-connection.ts";
import { activateRouterInterface } from "./express-connect/router-interfaces/activate-router-interface.ts";
import { addBgpNetwork } from "./express-connect/bgp/add-bgp-network.ts";
import { createBgpGroup } from "./express-connect/bgp/create-bgp-group.ts";
import { createBgpPeer } from "./express-connect/bgp/create-bgp-peer.ts";
import { deleteBgpGroup } from "./express-connect/bgp/delete-bgp-group.ts";
import { deleteBgpNetwork } from "./express-connect/bgp/delete-bgp-network.ts";
import { deleteBgpPeer } from "./express-connect/bgp/delete-bgp-peer.ts";
import { describeBgpGroups } from "./express-connect/bgp/describe-bgp-groups.ts";
import { describeBgpNetworks } from "./express-connect/bgp/describe-bgp-networks.ts";
import { describeBgpPeers } from "./express-connect/bgp/describe-bgp-peers.ts";
import { modifyBgpGroupAttribute } from "./express-connect/bgp/modify-bgp-group-attribute.ts";
import { modifyBgpPeerAttribute } from "./express-connect/bgp/modify-bgp-peer-attribute.ts";
import { createVirtualBorderRouter } from "./express-connect/border-routers/create-virtual-border-router.ts";
import { deleteVirtualBorderRouter } from "./express-connect/border-routers/delete-virtual-border-router.ts";
import { describeVirtualBorderRouters } from "./express-connect/border-routers/describe-virtual-border-routers.ts";
import { associatePhysicalConnectionToVirtualBorderRouter } from "./express-connect/border-routers/associate-physical-connection-to-virtual-border-router.ts";
import { createVbrHa } from "./express-connect/border-routers/create-vbr-ha.ts";
import { deleteVbrHa } from "./express-connect/border-routers/delete-vbr-ha.ts";
import { describeVbrHa } from "./express-connect/border-routers/describe-vbr-ha.ts";
import { describeVirtualBorderRoutersForPhysicalConnection } from "./express-connect/border-routers/describe-virtual-border-routers-for-physical-connection.ts";
import { modifyVirtualBorderRouterAttribute } from "./express-connect/border-routers/modify-virtual-border-router-attribute.ts";
import { recoverVirtualBorderRouter } from "./express-connect/border-routers/recover-virtual-border-router.ts";
import { terminateVirtualBorderRouter } from "./express-connect/border-routers/terminate-virtual-border-router.ts";
import { unassociatePhysicalConnectionFromVirtualBorderRouter } from "./express-connect/border-routers/unassociate-physical-connection-from-virtual-border-router.ts";
import { updateVirtualBorderBandwidth } from "./express-connect/border-routers/update-virtual-border-bandwidth.ts";
import { virtualBorderRouter } from "./express-connect/border-routers/virtual-border-router.ts";
import { changeResourceGroup } from "./express-connect/change-resource-group.ts";
import { describeEcGrantRelation } from "./express-connect/grants/describe-ec-grant-relation.ts";
import { grantInstanceToVbr } from "./express-connect/grants/grant-instance-to-vbr.ts";
import { revokeInstanceFromVbr } from "./express-connect/grants/revoke-instance-from-vbr.ts";
import { connectRouterInterface } from "./express-connect/router-interfaces/connect-router-interface.ts";
import { createRouterInterface } from "./express-connect/router-interfaces/create-router-interface.ts";
import { deactivateRouterInterface } from "./express-connect/router-interfaces/deactivate-router-interface.ts";
import { deleteExpressConnect } from "./express-connect/router-interfaces/delete-express-connect.ts";
import { deleteRouterInterface } from "./express-connect/router-interfaces/delete-router-interface.ts";
import { describeRouterInterfaceAttribute } from "./express-connect/router-interfaces/describe-router-interface-attribute.ts";
import { describeRouterInterfaces } from "./express-connect/router-interfaces/describe-router-interfaces.ts";
import { modifyRouterInterfaceAttribute } from "./express-connect/router-interfaces/modify-router-interface-attribute.ts";
import { refundInstance } from "./express-connect/router-interfaces/refund-instance.ts";
import { modifyRouterInterfaceSpec } from "./express-connect/router-interfaces/modify-router-interface-spec.ts";
import { routerInterface } from "./express-connect/router-interfaces/router-interface.ts";
import { acceptVpcPeerConnection } from "./peering/accept-vpc-peer-connection.ts";
import { createVpcPeerConnection } from "./peering/create-vpc-peer-connection.ts";
import { deleteVpcPeerConnection } from "./peering/delete-vpc-peer-connection.ts";
import { getVpcPeerConnectionAttribute } from "./peering/get-vpc-peer-connection-attribute.ts";
import { listVpcPeerConnections } from "./peering/list-vpc-peer-connections.ts";
import { modifyVpcPeerConnection } from "./peering/modify-vpc-peer-connection.ts";
import { moveResourceGroup as movePeeringResourceGroup } from "./peering/move-resource-group.ts";
import { rejectVpcPeerConnection } from "./peering/reject-vpc-peer-connection.ts";
import { vpcPeerConnection } from "./peering/vpc-peer-connection.ts";
import { assumeRole } from "./sts/assume-role.ts";
import { createAccessKey } from "./ram/access-keys/create-access-key.ts";
import { deleteAccessKey } from "./ram/access-keys/delete-access-key.ts";
import { listAccessKeys } from "./ram/access-keys/list-access-keys.ts";
import { updateAccessKey } from "./ram/access-keys/update-access-key.ts";
import { addUserToGroup } from "./ram/groups/add-user-to-group.ts";
import { createGroup } from "./ram/groups/create-group.ts";
import { deleteGroup } from "./ram/groups/delete-group.ts";
import { getGroup } from "./ram/groups/get-group.ts";
import { listGroups } from "./ram/groups/list-groups.ts";
import { listGroupsForUser } from "./ram/groups/list-groups-for-user.ts";
import { listUsersForGroup } from "./ram/groups/list-users-for-group.ts";
import { removeUserFromGroup } from "./ram/groups/remove-user-from-group.ts";
import { updateGroup } from "./ram/groups/update-group.ts";
import { createUser } from "./ram/users/create-user.ts";
import { deleteUser } from "./ram/users/delete-user.ts";
import { getUser } from "./ram/users/get-user.ts";
import { listUsers } from "./ram/users/list-users.ts";
import { updateUser } from "./ram/users/update-user.ts";
import { attachPolicyToGroup } from "./ram/policies/attach-policy-to-group.ts";
import { attachPolicyToRole } from "./ram/policies/attach-policy-to-role.ts";
import { attachPolicyToUser } from "./ram/policies/attach-policy-to-user.ts";
import { createPolicyVersion } from "./ram/policies/create-policy-version.ts";
import { createPolicy } from "./ram/policies/create-policy.ts";
import { deletePolicyVersion } from "./ram/policies/delete-policy-version.ts";
import { deletePolicy } from "./ram/policies/delete-policy.ts";
import { detachPolicyFromUser } from "./ram/policies/detach-policy-from-user.ts";
import { detachPolicyFromGroup } from "./ram/policies/detach-policy-from-group.ts";
import { detachPolicyFromRole } from "./ram/policies/detach-policy-from-role.ts";
import { getPolicyVersion } from "./ram/policies/get-policy-version.ts";
import { getPolicy } from "./ram/policies/get-policy.ts";
import { listEntitiesForPolicy } from "./ram/policies/list-entities-for-policy.ts";
import { listPoliciesForGroup } from "./ram/policies/list-policies-for-group.ts";
import { listPoliciesForRole } from "./ram/policies/list-policies-for-role.ts";
import { listPoliciesForUser } from "./ram/policies/list-policies-for-user.ts";
import { listPolicies } from "./ram/policies/list-policies.ts";
import { listPolicyVersions } from "./ram/policies/list-policy-versions.ts";
import { setDefaultPolicyVersion } from "./ram/policies/set-default-policy-version.ts";
import { updatePolicyDescription } from "./ram/policies/update-policy-description.ts";
import { createRole } from "./ram/roles/create-role.ts";
import { deleteRole } from "./ram/roles/delete-role.ts";
import { getRole } from "./ram/roles/get-role.ts";
import { listRoles } from "./ram/roles/list-roles.ts";
import { updateRole } from "./ram/roles/update-role.ts";
import { listTagResources as listRamTagResources } from "./ram/tags/list-tag-resources.ts";
import { tagResources as tagRamResources } from "./ram/tags/tag-resources.ts";
import { untagResources as untagRamResources } from "./ram/tags/untag-resources.ts";
import { getCallerIdentity } from "./sts/get-caller-identity.ts";
import { bssQueryAvailableInstances } from "./support/bss-query-available-instances.ts";
import { ecsDescribeAvailableResource } from "./support/ecs-describe-available-resource.ts";
import { ecsDescribeRegions } from "./support/ecs-describe-regions.ts";
import { ecsDescribeZones } from "./support/ecs-describe-zones.ts";
import { locationDescribeEndpoints } from "./support/location-describe-endpoints.ts";
import { resourceManagerListResourceGroups } from "./support/resource-manager-list-resource-groups.ts";
import { expressConnectTagForm, plainTagForm, tagOperations, wrappedTagForm } from "./tags/tag-operations.ts";
import { associateRouteTable } from "./vpc/associate-route-table.ts";
import { associateVpcCidrBlock } from "./vpc/associate-vpc-cidr-block.ts";
import { createDefaultVpc } from "./vpc/create-default-vpc.ts";
import { createDefaultVSwitch } from "./vpc/create-default-vswitch.ts";
import { createRouteEntries } from "./vpc/create-route-entries.ts";
import { createRouteTable } from "./vpc/create-route-table.ts";
import { deleteRouteEntries } from "./vpc/delete-route-entries.ts";
import { deleteRouteTable } from "./vpc/delete-route-table.ts";
import { disableVpcClassicLink } from "./vpc/disable-vpc-classic-link.ts";
import { enableVpcClassicLink } from "./vpc/enable-vpc-classic-link.ts";
import { listVpcPublishedRouteEntries } from "./vpc/list-vpc-published-route-entries.ts";
import { modifyRouteEntry } from "./vpc/modify-route-entry.ts";
import { modifyRouteTableAttributes } from "./vpc/modify-route-table-attributes.ts";
import { modifyVpcAttribute } from "./vpc/modify-vpc-attribute.ts";
import { modifyVSwitchAttribute } from "./vpc/modify-vswitch-attribute.ts";
import { unassociateRouteTable } from "./vpc/unassociate-route-table.ts";
import { unassociateVpcCidrBlock } from "./vpc/unassociate-vpc-cidr-block.ts";
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
import { moveResourceGroup } from "./vpc/move-resource-group.ts";
import { routeTable } from "./vpc/route-table.ts";
import { vpc } from "./vpc/vpc.ts";
import { vSwitch } from "./vpc/vswitch.ts";
import { checkVpnBgpEnabled } from "./vpn/check-vpn-bgp-enabled.ts";
import { createCustomerGateway } from "./vpn/create-customer-gateway.ts";
import { createVpnAttachment } from "./vpn/create-vpn-attachment.ts";
import { createVpnConnection } from "./vpn/create-vpn-connection.ts";
import { createVpnGateway } from "./vpn/create-vpn-gateway.ts";
import { deleteCustomerGateway } from "./vpn/delete-customer-gateway.ts";
import { deleteVpnAttachment } from "./vpn/delete-vpn-attachment.ts";
import { deleteVpnConnection } from "./vpn/delete-vpn-connection.ts";
import { deleteVpnGateway } from "./vpn/delete-vpn-gateway.ts";
import { describeCustomerGateway } from "./vpn/describe-customer-gateway.ts";
import { describeCustomerGateways } from "./vpn/describe-customer-gateways.ts";
import { describeVpnConnectionLogs } from "./vpn/describe-vpn-connection-logs.ts";
import { describeVpnConnection } from "./vpn/describe-vpn-connection.ts";
import { describeVpnConnections } from "./vpn/describe-vpn-connections.ts";
import { describeVpnGateway } from "./vpn/describe-vpn-gateway.ts";
import { describeVpnGatewayAvailableZones } from "./vpn/describe-vpn-gateway-available-zones.ts";
import { describeVpnGateways } from "./vpn/describe-vpn-gateways.ts";
import { diagnoseVpnConnections } from "./vpn/diagnose-vpn-connections.ts";
import { diagnoseVpnGateway } from "./vpn/diagnose-vpn-gateway.ts";
import { downloadVpnConnectionConfig } from "./vpn/download-vpn-connection-config.ts";
import { getVpnGatewayDiagnoseResult } from "./vpn/get-vpn-gateway-diagnose-result.ts";
import { modifyCustomerGatewayAttribute } from "./vpn/modify-customer-gateway-attribute.ts";
import { modifyTunnelAttribute } from "./vpn/modify-tunnel-attribute.ts";
import { modifyVpnAttachmentAttribute } from "./vpn/modify-vpn-attachment-attribute.ts";
import { modifyVpnConnectionAttribute } from "./vpn/modify-vpn-connection-attribute.ts";
import { modifyVpnGatewayAttribute } from "./vpn/modify-vpn-gateway-attribute.ts";
import { moveVpnResourceGroup } from "./vpn/move-vpn-resource-group.ts";
import { createVpnPbrRouteEntry } from "./vpn/create-vpn-pbr-route-entry.ts";
import { createVpnRouteEntry } from "./vpn/create-vpn-route-entry.ts";
import { deleteVpnPbrRouteEntry } from "./vpn/delete-vpn-pbr-route-entry.ts";
import { deleteVpnRouteEntry } from "./vpn/delete-vpn-route-entry.ts";
import { describeVpnPbrRouteEntries } from "./vpn/describe-vpn-pbr-route-entries.ts";
import { describeVpnRouteEntries } from "./vpn/describe-vpn-route-entries.ts";
import { modifyVpnPbrRouteEntryAttribute } from "./vpn/modify-vpn-pbr-route-entry-attribute.ts";
import { modifyVpnPbrRouteEntryPriority } from "./vpn/modify-vpn-pbr-route-entry-priority.ts";
import { modifyVpnPbrRouteEntryWeight } from "./vpn/modify-vpn-pbr-route-entry-weight.ts";
import { modifyVpnRouteEntryWeight } from "./vpn/modify-vpn-route-entry-weight.ts";
import { publishVpnRouteEntry } from "./vpn/publish-vpn-route-entry.ts";
import { customerGateway } from "./vpn/customer-gateway.ts";
import { vpnAttachment } from "./vpn/vpn-attachment.ts";
import { vpnConnection } from "./vpn/vpn-connection.ts";
import { vpnGateway } from "./vpn/vpn-gateway.ts";

export { kinds } from "./kinds.ts";

/** Resource of a permission on what `ResourceType` and `ResourceId` name. */
const byTypeAndId = "acs:vpc:{regionId}:{accountId}:{resourceType}/{ResourceId}";

/** Every operation that this server implements. A new operation gets its line here. */
export const operations: readonly AnyOperation[] = [
  createVpc,
  createDefaultVpc,
  modifyVpcAttribute,
  associateVpcCidrBlock,
  unassociateVpcCidrBlock,
  enableVpcClassicLink,
  disableVpcClassicLink,
  deleteVpc,
  describeVpcs,
  describeVpcAttribute,
  describeVRouters,
  createVSwitch,
  createDefaultVSwitch,
  modifyVSwitchAttribute,
  deleteVSwitch,
  describeVSwitches,
  describeVSwitchAttributes,
  createRouteTable,
  modifyRouteTableAttributes,
  associateRouteTable,
  unassociateRouteTable,
  deleteRouteTable,
  describeRouteTableList,
  describeRouteTables,
  createRouteEntry,
  createRouteEntries,
  modifyRouteEntry,
  deleteRouteEntry,
  deleteRouteEntries,
  describeRouteEntryList,
  listVpcPublishedRouteEntries,
  describeRegions,
  describeZones,
  moveResourceGroup,
  ...tagOperations({
    product: Vpc,
    form: wrappedTagForm,
    kinds: [vpc, vSwitch, routeTable, vpnGateway, customerGateway, vpnConnection, vpnAttachment],
    authorisationResource: byTypeAndId,
  }),
  changeResourceGroup,
  ...tagOperations({
    product: Vpc,
    form: expressConnectTagForm,
    kinds: [physicalConnection, virtualBorderRouter, routerInterface],
    authorisationResource: byTypeAndId,
  }),
  describeAccessPoints,
  createPhysicalConnection,
  modifyPhysicalConnectionAttribute,
  confirmPhysicalConnection,
  enablePhysicalConnection,
  createPhysicalConnectionOccupancyOrder,
  terminatePhysicalConnection,
  recoverPhysicalConnection,
  cancelPhysicalConnection,
  deletePhysicalConnection,
  describePhysicalConnections,
  createVirtualPhysicalConnection,
  updateVirtualPhysicalConnection,
  listVirtualPhysicalConnections,
  createRouterInterface,
  modifyRouterInterfaceAttribute,
  modifyRouterInterfaceSpec,
  connectRouterInterface,
  activateRouterInterface,
  deactivateRouterInterface,
  deleteRouterInterface,
  deleteExpressConnect,
  describeRouterInterfaces,
  describeRouterInterfaceAttribute,
  grantInstanceToVbr,
  revokeInstanceFromVbr,
  describeEcGrantRelation,
  createBgpGroup,
  modifyBgpGroupAttribute,
  deleteBgpGroup,
  describeBgpGroups,
  createBgpPeer,
  modifyBgpPeerAttribute,
  deleteBgpPeer,
  describeBgpPeers,
  addBgpNetwork,
  deleteBgpNetwork,
  describeBgpNetworks,
  createVirtualBorderRouter,
  deleteVirtualBorderRouter,
  describeVirtualBorderRouters,
  describeVirtualBorderRoutersForPhysicalConnection,
  modifyVirtualBorderRouterAttribute,
  terminateVirtualBorderRouter,
  recoverVirtualBorderRouter,
  updateVirtualBorderBandwidth,
  associatePhysicalConnectionToVirtualBorderRouter,
  unassociatePhysicalConnectionFromVirtualBorderRouter,
  createVbrHa,
  deleteVbrHa,
  describeVbrHa,
  createVpnGateway,
  modifyVpnGatewayAttribute,
  deleteVpnGateway,
  describeVpnGateway,
  describeVpnGateways,
  describeVpnGatewayAvailableZones,
  checkVpnBgpEnabled,
  createCustomerGateway,
  modifyCustomerGatewayAttribute,
  deleteCustomerGateway,
  describeCustomerGateway,
  describeCustomerGateways,
  createVpnConnection,
  modifyVpnConnectionAttribute,
  modifyTunnelAttribute,
  deleteVpnConnection,
  describeVpnConnection,
  describeVpnConnections,
  createVpnRouteEntry,
  modifyVpnRouteEntryWeight,
  publishVpnRouteEntry,
  deleteVpnRouteEntry,
  describeVpnRouteEntries,
  createVpnPbrRouteEntry,
  modifyVpnPbrRouteEntryWeight,
  modifyVpnPbrRouteEntryPriority,
  modifyVpnPbrRouteEntryAttribute,
  deleteVpnPbrRouteEntry,
  describeVpnPbrRouteEntries,
  createVpnAttachment,
  modifyVpnAttachmentAttribute,
  deleteVpnAttachment,
  moveVpnResourceGroup,
  downloadVpnConnectionConfig,
  describeVpnConnectionLogs,
  diagnoseVpnConnections,
  diagnoseVpnGateway,
  getVpnGatewayDiagnoseResult,
  createVpcPeerConnection,
  acceptVpcPeerConnection,
  rejectVpcPeerConnection,
  modifyVpcPeerConnection,
  deleteVpcPeerConnection,
  getVpcPeerConnectionAttribute,
  listVpcPeerConnections,
  movePeeringResourceGroup,
  ...tagOperations({ product: VpcPeer, form: plainTagForm, kinds: [vpcPeerConnection], authorisationResource: "*" }),
  assumeRole,
  createUser,
  getUser,
  updateUser,
  deleteUser,
  listUsers,
  createAccessKey,
  updateAccessKey,
  deleteAccessKey,
  listAccessKeys,
  createGroup,
  getGroup,
  updateGroup,
  deleteGroup,
  listGroups,
  addUserToGroup,
  removeUserFromGroup,
  listGroupsForUser,
  listUsersForGroup,
  createPolicy,
  getPolicy,
  deletePolicy,
  listPolicies,
  createPolicyVersion,
  getPolicyVersion,
  deletePolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
  updatePolicyDescription,
  tagRamResources,
  untagRamResources,
  listRamTagResources,
  attachPolicyToUser,
  attachPolicyToGroup,
  attachPolicyToRole,
  detachPolicyFromUser,
  detachPolicyFromGroup,
  detachPolicyFromRole,
  listPoliciesForUser,
  listPoliciesForGroup,
  listPoliciesForRole,
  listEntitiesForPolicy,
  createRole,
  getRole,
  updateRole,
  deleteRole,
  listRoles,
  getCallerIdentity,
  ecsDescribeRegions,
  ecsDescribeZones,
  ecsDescribeAvailableResource,
  locationDescribeEndpoints,
  resourceManagerListResourceGroups,
  bssQueryAvailableInstances,
  refundInstance,
];
