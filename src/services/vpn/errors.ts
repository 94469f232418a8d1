import { error } from "../../contract/errors.ts";

/** Errors of VPN gateways and customer gateways, spelt as the service spells them. */
export const vpnGatewayErrors = {
  vpcNotFound: error(400, "InvalidVpcId.NotFound", "The specified VPC id does not exist in our records.", "public-docs"),
  vSwitchNotFound: error(400, "InvalidVSwitchId.NotFound", "The specified vswitchId is not found.", "public-docs"),
  nameInvalid: error(400, "InvalidName", "The specified value of Name not supported.", "public-docs"),
  specUnknown: error(400, "InvalidSpec.NotFound", "The specified Spec does not exist in our records.", "public-docs"),
  periodInvalid: error(400, "InvalidPeriod", "The specified period is not valid", "public-docs"),
  chargeTypeUnknown: error(400, "ChargeType.NotSupport", "The specified charge type is not support.", "public-docs"),
  nothingEnabled: error(400, "InvalidVpnEnable", "Either IPsec or SSL VPN must be set enable.", "public-docs"),
  sslNotEnabled: error(400, "UnnecessarySslConnection", "The SSL connection is unnecessary for ssl vpn disabled.", "public-docs"),
  sslOnPrivate: error(400, "OperationFailed.SslNotSupport", "Enable ssl vpn with private networkType is unsupported.", "public-docs"),
  vSwitchBusy: error(400, "OperationFailed.VSwitchConflict", "The vswitch can't create vpn. Try another vswitch.", "public-docs"),
  sameVSwitch: error(400, "InvalidVSwitchId.VswitchIdShouldDifferent", "The VSwitch ids should be different.", "public-docs"),
  sameZone: error(
    400,
    "InvalidVSwitchId.ZoneIdShouldDifferent",
    "Two vSwitches should belong to different Availability Zones.",
    "public-docs",
  ),
  addressesUsedUp: error(
    400,
    "OperationFailed.IpNotEnough",
    "Operation failed because private ip address of the virtual switch is not enough.",
    "public-docs",
  ),
  quota: error(400, "Resource.QuotaFull", "The quota of resource is full", "public-docs"),
  notFound: error(404, "InvalidVpnGatewayInstanceId.NotFound", "The specified vpn gateway instance id does not exist.", "public-docs"),
  configuring: error(400, "VpnGateway.Configuring", "The specified service is configuring.", "seed"),
  prepaid: error(403, "ForbiddenRelease", "Forbidden to release a prepaid instance within validity period", "public-docs"),
  nameInvalidOnModify: error(400, "InvalidName", "The name is not valid", "public-docs"),
  descriptionInvalid: error(400, "InvalidDescription", "The description is not valid", "public-docs"),
  bgpNeedsPropagation: error(
    400,
    "OperationFailed.VpnConnectionExist",
    "Auto propagate cannot be closed when VPN connections with BGP enabled exist.",
    "public-docs",
  ),
} as const;

export const customerGatewayErrors = {
  addressMalformed: error(400, "InvalidIpAddress.WrongFormat", "Specified IpAddress is invalid.", "public-docs"),
  addressTaken: error(400, "InvalidIpAddress.AlreadyExist", "Specified IpAddress is already exist.", "public-docs"),
  nameInvalid: error(400, "InvalidName", "The name is not valid", "public-docs"),
  descriptionInvalid: error(400, "InvalidDescription", "The description is not valid", "public-docs"),
  asnInvalid: error(400, "IllegalParam.Asn", "The specified Asn is invalid.", "public-docs"),
  asnMissing: error(
    400,
    "OperationDenied.MissingAsn",
    "The autonomous system number of the customer gateway is mandatory when BGP authentication key is specified.",
    "public-docs",
  ),
  authKeyMalformed: error(400, "InvalidAuthkey.Malformed", "The specified BGP authentication key (%s) is malformed.", "public-docs"),
  quota: error(
    400,
    "CreateVpnUserGatewayQuotaFull.QuotaFull",
    "The number of created VPN customer gateways exceeds the quota.",
    "public-docs",
  ),
  gatewayLocked: error(
    400,
    "OperationDenied.VpnFinancialLocked",
    "The associated VPN gateway is financially locked. You cannot update the attributes of the customer gateway.",
    "public-docs",
  ),
  gatewayConfiguring: error(
    400,
    "OperationDenied.VpnConfiguring",
    "The associated VPN gateway is being configured. You cannot update the attributes of the customer gateway.",
    "public-docs",
  ),
  notFound: error(
    404,
    "InvalidCustomerGatewayInstanceId.NotFound",
    "The specified customer gateway instance id does not exist.",
    "public-docs",
  ),
} as const;

/** What keeps other resources from being deleted while a gateway or a connection is there. */
export const dependencyErrors = {
  connectionUsesIt: error(
    400,
    "DependencyViolation.VpnConnection",
    "There are vpn connections on specified customer gateway not deleted.",
    "public-docs",
  ),
  vpcHoldsGateway: error(400, "DependencyViolation.VpnGateway", "Specified object has dependent resources", "sdk-metadata"),
  vSwitchHoldsGateway: error(400, "DependencyViolation", "Resources deployed in the vSwitch have not been deleted.", "public-docs"),
} as const;

/** Errors of IPsec-VPN connections, whether of a VPN gateway or attached to none. */
export const connectionErrors = {
  notFound: error(404, "InvalidVpnConnectionInstanceId.NotFound", "The specified vpn connection instance id does not exist.", "seed"),
  financialLocked: error(400, "VpnGateway.FinancialLocked", "The specified service is financial locked.", "public-docs"),
  ipsecDisabled: error(400, "VpnGateway.IpsecVpnDisabled", "The vpn gateway does not enable IPSec VPN.", "public-docs"),
  alreadyExists: error(400, "InvalidVpnConnection.AlreadyExists", "Vpn connection already exists.", "public-docs"),
  nameInvalid: error(400, "InvalidParameter.VpnConnectionName", "The specified vpn connection name is invalid.", "public-docs"),
  nameInvalidOnModify: error(400, "InvalidName", "The name is not valid", "public-docs"),
  pfsUnknown: error(
    400,
    "NotSupportVpnConnectionParameter.IpsecPfs",
    "The specified vpn connection ipsec Ipsec Pfs is not support.",
    "public-docs",
  ),
  authAlgUnknown: error(
    400,
    "NotSupportVpnConnectionParameter.IpsecAuthAlg",
    "The specified vpn connection ipsec Auth Alg is not support.",
    "public-docs",
  ),
  localSubnetInvalid: error(400, "IllegalParam.LocalSubnet", 'The specified "LocalSubnet" (%s) is invalid.', "public-docs"),
  remoteSubnetInvalid: error(400, "IllegalParam.RemoteSubnet", 'The specified "RemoteSubnet" (%s) is invalid.', "public-docs"),
  tunnelsMissing: error(
    400,
    "MissingParameter.TunnelOptionsSpecification",
    "The required parameters are missing when creating a tunnel for dual-tunnel VPN.",
    "public-docs",
  ),
  tunnelsInvalid: error(400, "VpnConnection.InvalidCreateTunnelOptions", "The specified tunnel options are invalid.", "client"),
  tunnelUnknown: error(400, "IllegalParam.TunnelId", "The specified TunnelId is invalid.", "public-docs"),
  roleInvalid: error(400, "IllegalParam.Role", "The specified Role is invalid.", "public-docs"),
  bgpInvalid: error(400, "IllegalParam.BgpConfig", "The specified BgpConfig is invalid.", "public-docs"),
  localAsnInvalid: error(400, "IllegalParam.LocalAsn", "The specified LocalAsn is invalid.", "public-docs"),
  localAsnInvalidOfTunnel: error(400, "IllegalParam.LocalAsn", "The param of LocalAsn is illegal", "public-docs"),
  tunnelCidrMissing: error(400, "MissingParameter.TunnelCidr", "The parameter TunnelCidr is mandatory when BGP is enabled.", "public-docs"),
  tunnelCidrMalformed: error(400, "InvalidTunnelCidr.Malformed", "The specified TunnelCidr is malformed.", "public-docs"),
  tunnelCidrInvalid: error(400, "IllegalParam.TunnelCidr", "The specified TunnelCidr is invalid.", "public-docs"),
  localBgpIpMalformed: error(400, "InvalidLocalBgpIp.Malformed", "The specified LocalBgpIp is malformed.", "public-docs"),
  localBgpIpInvalid: error(400, "IllegalParam.LocalBgpIp", "The specified LocalBgpIp is invalid.", "public-docs"),
  asnMissing: error(400, "MissingParam.CustomerGatewayAsn", "Asn of customer gateway is mandatory when BGP is enabled.", "public-docs"),
  ikeDiffers: error(
    400,
    "VpnConnectionParamInvalid.SameVpnAndCgwDifferentIkeConfigs",
    "IPSec connections associated with the same user gateway and VPN gateway should have the same pre-shared key and IKE configuration.",
    "public-docs",
  ),
  selectorsOverlap: error(
    400,
    "VpnConnectionParamInvalid.SameVpnAndCgwTrafficSelectorOverlap",
    "Traffic selectors of IPSec connections associated with the same user gateway and VPN gateway should not overlap.",
    "public-docs",
  ),
  customerIsGateway: error(
    400,
    "CustomerGateway.ConflictVpnIp",
    "The customer gateway associated with the IPSec connection should not have the same IP address as the VPN gateway.",
    "public-docs",
  ),
  ikev1WithManyBlocks: error(
    400,
    "ModifyIkeV1WithMultiRoutes.Invalid",
    "Failed to modify VPN connection parameters. Multi-network is configured while using IkeV1 protocol.",
    "public-docs",
  ),
  autoRouteQuota: error(
    400,
    "QuotaExceeded.PolicyBasedRoute",
    "The maximum number of policy-based routes is exceeded. Existing routes: %s. Routes to be created: %s. Maximum routes: %s.",
    "public-docs",
  ),
  quota: error(400, "CreateVpnConnectionsQuotaFull.QuotaFull", "The number of VPN connections exceeds the quota limit.", "public-docs"),
  logNotFound: error(400, "QueryVpnConnectionLog.NotFound", "the connection log of the vpn connection is not found.", "public-docs"),
} as const;

/** Errors of the routes of a VPN gateway. */
export const vpnRouteErrors = {
  gatewayNotFoundOnList: error(
    400,
    "InvalidVpnGatewayInstanceId.NotFound",
    "The specified vpn gateway instance id does not exist.",
    "public-docs",
  ),
  entryTypeUnknown: error(400, "IllegalParam.RouteEntryType", 'The specified "RouteEntryType" is invalid.', "public-docs"),
  weightInvalid: error(400, "VpnRouteEntry.InvalidWeight", "Invalid route entry weight value.", "public-docs"),
  blockMalformed: error(400, "InvalidCidrBlock.Malformed", "Specified CIDR block is not valid.", "public-docs"),
  destinationIllegal: error(400, "IllegalParam.RouteDest", "The specified RouteDest is invalid", "public-docs"),
  destinationReserved: error(
    400,
    "OperationFailed.InvalidCidrBlock",
    "Operation failed because the specified network block is invalid.",
    "public-docs",
  ),
  nextHopNotFound: error(400, "InvalidNextHop.NotFound", "The specified NextHop does not exist.", "public-docs"),
  alreadyExists: error(400, "VpnRouteEntry.AlreadyExists", "The specified route entry is already exist.", "public-docs"),
  conflict: error(400, "VpnRouteEntry.Conflict", "The specified route entry has conflict.", "public-docs"),
  backupRoute: error(400, "VpnRouteEntry.BackupRoute", "Validate backup route entry failed.", "public-docs"),
  sameWeight: error(
    400,
    "VpnRouteEntry.SrcDestWeightConflict",
    "The VPN gateway does not support Policy-based routing with the same source CIDR, destination CIDR and weight.",
    "public-docs",
  ),
  samePriority: error(
    400,
    "VpnRouteEntry.SamePriorityPbrRoutePrefixOverlap",
    "The source CIDR and destination CIDR of Policy-based routes with the same priority cannot overlap.",
    "public-docs",
  ),
  policyQuota: error(400, "CreatePbrRoutesQuotaFull.QuotaFull", "The number of policy routes exceeds the quota limit.", "public-docs"),
  notFound: error(400, "InvalidRouteEntry.NotFound", "The specified route entry does not exist.", "public-docs"),
  notFoundOnPublish: error(400, "InvalidVpnRouteEntry.NotFound", "The specified route entry does not exist.", "public-docs"),
  otherGatewayPublished: error(
    400,
    "OperationFailed.RouteConflict",
    "Operation failed because there is already a route in VPC route table to another VPN on the same network block.",
    "public-docs",
  ),
  publishedElsewhere: error(400, "RouteConflict.AlreadyExist", "Route conflict exists in routing table.", "public-docs"),
  vpcQuota: error(
    400,
    "QuotaExceeded.VpnRouteEntry",
    "The number of route entries to the VPN gateway in the VPC routing table has reached the quota limit.",
    "public-docs",
  ),
  tableBusy: error(400, "TaskConflict", "The operation is too frequent, please wait a moment and try again.", "public-docs"),
} as const;

/** What users and roles without permission are answered in this family, spelt as the service spells it. */
const noPermission = error(403, "Forbidden", "User not authorized to operate on the specified resource.", "seed");
const subUserText = "User not authorized to operate on the specified resource as your account is created by another user.";
export const vpnDenied = {
  user: error(403, "Forbbiden.SubUser", subUserText, "seed"),
  role: noPermission,
} as const;
/** The same where the service spells the code rightly. */
export const vpnDeniedRightly = { user: error(403, "Forbidden.SubUser", subUserText, "public-docs"), role: noPermission } as const;
/** The same where the service does not tell users from roles. */
export const vpnDeniedAlike = { user: noPermission, role: noPermission } as const;

/** Errors of diagnoses of VPN gateways and connections. */
export const diagnosisErrors = {
  parameterInvalid: error(400, "InvalidParameter", "The parameter is invalid.", "public-docs"),
  resourceTypeUnknown: error(400, "IllegalParam.ResourceType", "The specified resource type [%s] is invalid.", "public-docs"),
  resourceNotFound: error(404, "InvalidResourceId.NotFound", "The specified resource id [%s] does not exist.", "public-docs"),
  sourceInvalid: error(400, "IllegalParam.PrivateSourceIp", "The specified private source IP [%s] is invalid.", "public-docs"),
  destinationInvalid: error(
    400,
    "IllegalParam.PrivateDestinationIp",
    "The specified private destination IP [%s] is invalid.",
    "public-docs",
  ),
  running: error(400, "OperationFailed.VpnGatewayDiagnosing", "The VPN gateway is diagnosing.", "public-docs"),
  nothingNamed: error(
    400,
    "MissingParam.DiagnoseInfo",
    "The VPN gateway ID and diagnose ID cannot be empty at the same time.",
    "public-docs",
  ),
  notFound: error(404, "InvalidDiagnoseId.NotFound", "The specified diagnose ID [%s] does not exist.", "public-docs"),
  neverDiagnosed: error(404, "InvalidVpnGatewayId.NotFound", "The specified VPN gateway [%s] does not have any diagnoses.", "public-docs"),
  connectionDeleted: error(
    400,
    "IncorrectStatus.VpnConnectionDeleted",
    "Diagnose failed because the VPN connection has been deleted.",
    "public-docs",
  ),
} as const;
