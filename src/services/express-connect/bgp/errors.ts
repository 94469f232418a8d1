import { error } from "../../../contract/errors.ts";

/** Errors of BGP groups, peers and networks, spelt as the service spells them. Some of them differ between two operations in a word only. */

/** Errors that all three families share. */
export const bgpErrors = {
  notFound: error(400, "InvalidParams.NotFound", "instance not found", "public-docs"),
  status: error(400, "InvalidStatus.CannotOperate", "invalid status cannot operate", "public-docs"),
  ipv6Disabled: error(400, "OperationUnsupported.IPV6ForThisRegion", "This Region is unsupported IPV6.", "public-docs"),
} as const;

export const bgpGroupErrors = {
  notFound: error(400, "InvalidBgpGroup", "bgp group not exists", "public-docs"),
  nameMalformed: error(400, "InvalidBgpName.Malformed", "Specified Bgp Group name is not valid.", "public-docs"),
  descriptionMalformed: error(400, "InvalidBgpDescription.Malformed", "Specified Bgp Group description is not valid.", "public-docs"),
  descriptionMalformedOnModify: error(
    400,
    "InvalidBgpDiscription.Malformed",
    "Specified Bgp Group description is not valid.",
    "public-docs",
  ),
  authKeyMalformed: error(400, "InvalidBgpAuthkey.Malformed", "Specified Bgp Group authkey is not valid.", "public-docs"),
  clearsAndSetsKey: error(400, "OperationFailed.ClearAuthKeyForbidden", "The specific auth key is not empty.", "public-docs"),
  peerAsnMalformed: error(400, "IllegalParam.PeerAsn", "The param of PeerAsn is illegal", "public-docs"),
  peerAsnMalformedOnModify: error(400, "IllegalParam.PeerAsn", "%s", "public-docs"),
  peerAsnIsClouds: error(400, "InvalidPeerAsn.Malformed", "invalid peer asn cannot equals aliyun asn:45104", "public-docs"),
  localAsnMalformed: error(400, "IllegalParam.LocalAsn", "The param of LocalAsn is illegal", "public-docs"),
  localAsnMalformedOnModify: error(400, "IllegalParam.LocalAsn", "%s", "public-docs"),
  localAsnOutOfRange: error(
    400,
    "InvalidBgpGroup.LocalAsnInvalid",
    "The specified BgpGroup LocalAsn is invalid, only support 64512 to 65534 or 4200000000 to 4294967294, but cannot be 65025.",
    "public-docs",
  ),
  localAsnOutOfRangeOnModify: error(
    400,
    "InvalidBgpGroup.LocalAsnInvalid",
    "The specified BgpGroup LocalAsn is invalid, only support 64512 to 65534 or 4200000000 to 4294967294, and cannot be 65025.",
    "public-docs",
  ),
  tooManyRoutes: error(
    400,
    "IllegalParam.RouteLimit",
    "The operation is failed because of bgp group max route entry num quota exceed.",
    "public-docs",
  ),
  holdsRouter: error(400, "DependencyViolation.BgpGroup", "bgp group exists, cannot delete vbr.", "public-docs"),
} as const;

export const bgpPeerErrors = {
  notFound: error(400, "InvalidBgpPeer.NotFound", "Bgp peer not found.", "public-docs"),
  notFoundOnModify: error(404, "InvalidBgpPeerId.NotFound", "The specified BgpPeerId does not exit in our records.", "public-docs"),
  idMissing: error(400, "MissingParam.BgpPeerId", "The parameter BgpPeerId is mandatory.", "public-docs"),
  status: error(400, "IncorrectStatus.BgpPeer", "Invalid BgpPeer status cannot operate.", "public-docs"),
  addressMalformed: error(400, "InvalidIP.Malformed", "Ip malformed.", "public-docs"),
  addressMalformedOnModify: error(400, "IllegalParam.IpAddress", "The specified IpAddress is illegal.", "public-docs"),
  addressUnclear: error(
    400,
    "InvalidParams.PeerIpAddressMustPointOut",
    "vbr has 0 or more than 1 subif ,point out peerIpAddress.",
    "public-docs",
  ),
  alreadyExists: error(400, "BgpPeer.Already.Exists", "bgp peer already exists.", "public-docs"),
  addressInUse: error(400, "InvalidParams.PeerIpAddressInUse", "peer ip address in use ,cannot create bgp peer.", "public-docs"),
  addressInUseOnModify: error(400, "DuplicatedParam.PeerIpAddress", "The param of PeerIpAddress is duplicated.", "public-docs"),
  bfdMissing: error(400, "MissingParam.EnableBfd", "The parameter EnableBfd is missing.", "public-docs"),
  bfdMultiHopIllegal: error(400, "IllegalParam.BfdMultiHop", "BfdMultiHop is illegal.", "public-docs"),
  quota: error(400, "QuotaExceeded.Bgp", "bgp peer count per vbr quota exceed.", "public-docs"),
  holdsGroup: error(404, "DependencyViolation.BgpPeer", "Specified object has dependent resources bgp peer.", "public-docs"),
} as const;

export const bgpNetworkErrors = {
  notFound: error(400, "InvalidVbrNetwork", "vbr netowrk not exists", "public-docs"),
  blockMalformed: error(400, "InvalidDestCidrBlock.Malformed", "Specified dstCidrBlock is not valid.", "public-docs"),
  blockIsMulticast: error(400, "IllegalParam.ConflictWithDClass", "DClass IP can not support.", "public-docs"),
  alreadyExists: error(400, "Duplicated.CidrBlock", "bgp network cidr already exists.", "public-docs"),
  holdsRouter: error(400, "DependencyViolation.BgpNetwork", "bgp network exists, cannot delete vbr.", "public-docs"),
} as const;
