import { error } from "../../../contract/errors.ts";

/** Errors of virtual border routers, spelt as the service spells them. Operations that word the same code differently each have theirs. */
export const borderRouterErrors = {
  notFound: error(404, "InvalidVbrId.NotFound", "The specified VirutalBorderRouter does not exist in our records.", "public-docs"),
  status: error(
    400,
    "InvalidOperation.OperationNotAllowedInState",
    "The specified VirutalBorderRouter is in invalid state.",
    "public-docs",
  ),
  filterKeyUnknown: error(404, "InvalidFilterKey.ValueNotSupported", "Specified filter key is not supported: Filter.X.key", "public-docs"),
  // What a call says of a circuit and of the addresses on it
  circuitMissing: error(
    400,
    "MissingParameter",
    "The input parameter 'PhysicalConnectionId' that is mandatory for processing this request is not supplied.",
    "public-docs",
  ),
  circuitNotFound: error(400, "InvalidPhysicalConnectionId.NotFound", "The specified PhysicalConnectionId is not found.", "public-docs"),
  circuitNotEnabled: error(
    400,
    "InvalidPhysicalConnectionId.NotEnabled",
    "The specified PhysicalConnectionId is not in Enabled state.",
    "public-docs",
  ),
  vlanMalformed: error(400, "InvalidVlanId.Malformed", "The specified VlanId is not valid.", "public-docs"),
  vlanTaken: error(400, "InvalidVlanId.Used", "The specified VlanId has been used.", "public-docs"),
  circuitCodeMalformed: error(400, "InvalidCircuitCode.Malformed", "The specified CircuitCode is not valid.", "public-docs"),
  localIpMalformed: error(400, "InvalidLocalGatewayIp.Malformed", "The specified LocalGatewayIp is not valid.", "public-docs"),
  maskMalformed: error(400, "InvalidPeeringSubnetMask.Malformed", "The specified PeeringSubnetMask is not valid.", "public-docs"),
  notSameSubnet: error(400, "InvalidIp.NotSameSubnet", "Local gateway ip and peer gateway ip are not in the same subnet.", "public-docs"),
  ipIllegal: error(400, "IllegalParam.IpAddress", "The specified IpAddress (%s) is illegal.", "public-docs"),
  blockIllegal: error(400, "IllegalParam.CidrBlock", "The specified CidrBlock (%s) is illegal.", "public-docs"),
  nameMalformed: error(400, "InvalidName.Malformed", "The specified ?Name? is not valid.", "public-docs"),
  descriptionMalformed: error(400, "InvalidDescription.Malformed", "The specifid ?Description? is not valid.", "public-docs"),
  bandwidthIllegal: error(400, "IllegalParam.Bandwidth", "The param of bandwidth is illegal.", "public-docs"),
  circuitQuota: error(400, "QuotaExceeded.vbrPerpConn", "Virtual boarder router per PhysicalConnection quota exceed.", "public-docs"),
  idleQuota: error(400, "QuotaExceeded.freevbr", "Free virtual boarder router quota exceed.", "public-docs"),
  // What only the router's owner says
  localIpNotAllowed: error(
    403,
    "Forbidden.LocalGatewayIpNotAllowedByCaller",
    "The caller is not allowed to specify the LocalGatewayIp parameter.",
    "public-docs",
  ),
  peerIpNotAllowed: error(
    403,
    "Forbidden.PeerGatewayIpNotAllowedByCaller",
    "The caller is not allowed to specify the PeerGatewayIp parameter.",
    "public-docs",
  ),
  maskNotAllowed: error(
    403,
    "Forbidden.PeeringSubnetMaskNotAllowedByCaller",
    "The caller is not allowed to specify the PeeringSubnetMask parameter.",
    "public-docs",
  ),
  nameNotAllowed: error(403, "Forbidden.NameNotAllowedByCaller", "The caller is not allowed to specify the Name parameter.", "public-docs"),
  descriptionNotAllowed: error(
    403,
    "Forbidden.DescriptionNotAllowedByCaller",
    "The caller is not allowed to specify the Description parameter.",
    "public-docs",
  ),
  // CreateVirtualBorderRouter
  ownerIllegal: error(400, "IllegalParam.OwnerAliUid", "The param of VbrOwnerId is illegal.", "public-docs"),
  untaggedNotAlone: error(
    400,
    "OperationFailed.PconnAllocateVlan0",
    "Vlan 0 Vbr cannot share the physical connection with another Vbr.",
    "public-docs",
  ),
  untaggedTaken: error(
    400,
    "OperationFailed.PconnExistVlan0Vbr",
    "The physical connection has VLAN 0 VBR. You cannot create another VBR.",
    "public-docs",
  ),
  ownerNotFound: error(404, "InvalidVbrOwnerId.NotFound", "The specified VbrOwnerId is not valid.", "public-docs"),
  // DeleteVirtualBorderRouter
  deleteNotAllowed: error(
    403,
    "Forbidden.OperationDeleteNotAllowedByUser",
    "The caller is not allowed to delete the specified VirtualBorderRouter.",
    "public-docs",
  ),
  circuitAssociated: error(400, "InvalidStatus.NotAllowed", "The virtual border has been associated by physicalConnection.", "public-docs"),
} as const;
