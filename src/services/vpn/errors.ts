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
  notFound: error(
    404,
    "InvalidCustomerGatewayInstanceId.NotFound",
    "The specified customer gateway instance id does not exist.",
    "public-docs",
  ),
} as const;

/** What keeps other resources from being deleted while a gateway or a connection is there. */
export const dependencyErrors = {
  vpcHoldsGateway: error(400, "DependencyViolation.VpnGateway", "Specified object has dependent resources", "sdk-metadata"),
  vSwitchHoldsGateway: error(400, "DependencyViolation", "Resources deployed in the vSwitch have not been deleted.", "public-docs"),
} as const;
