import { error } from "../../contract/errors.ts";

/** Errors of VPC peering connections. `%s` stands for the resource type and, in brackets, the id. */
export const peeringErrors = {
  notFound: error(400, "ResourceNotFound.InstanceId", "The specified resource of %s is not found.", "seed"),
  status: error(400, "IncorrectStatus.VpcPeer", "The status of %s [%s] is incorrect.", "seed"),
  businessStatus: error(400, "IncorrectBusinessStatus.VpcPeer", "The business status of %s [%s] is incorrect.", "seed"),
  routeEntryExists: error(
    400,
    "OperationDenied.RouteEntryExist",
    "The operation is not allowed because of existing routeEntry point to VpcPeer.",
    "seed",
  ),
  serviceManaged: error(
    400,
    "OperationDenied.ServiceManagedInstance",
    "Operation is denied because the specified instance belongs to service manager.",
    "seed",
  ),
  bandwidthInSameRegion: error(
    400,
    "OperationFailed.BandwidthCannotBeChangedInSameRegion",
    "The operation failed because the bandwidth cannot be changed in the same region.",
    "seed",
  ),
  bandwidthQuota: error(400, "QuotaExceeded.Bandwidth", "The quota of bandwidth is exceeded.", "seed"),
  linkTypeInSameRegion: error(
    400,
    "OperationFailed.InterRegionLinkTypeNotSupported",
    "The same region not supported link type feature.",
    "seed",
  ),
  linkTypeInRegion: error(
    400,
    "OperationFailed.RegionIdNotSupportLinkType",
    "The feature link type is not supported in the region.",
    "seed",
  ),
  linkTypeOfAccount: error(
    400,
    "OperationFailed.SpecificLinkTypeNotSupported",
    "The operation failed because the special link type of user is not opened.",
    "seed",
  ),

  vpcNotFound: error(400, "ResourceNotFound.VpcId", "The specified resource of %s is not found.", "inferred"),
  acceptingVpcNotFound: error(400, "ResourceNotFound.AcceptingVpcId", "The specified resource of %s is not found.", "inferred"),
  vpcStatus: error(400, "IncorrectStatus.Vpc", "The status of %s [%s] is incorrect.", "public-docs"),
  acceptingVpcStatus: error(400, "IncorrectStatus.AcceptingVpc", "The status of %s [%s] is incorrect.", "public-docs"),
  sameVpc: error(400, "IllegalParam.AcceptingVpcId", "The parameter AcceptingVpcId is illegal.", "inferred"),
  exists: error(400, "ResourceAlreadyExist.VpcPeer", "The specified resource of %s already exists.", "public-docs"),
  region: error(400, "UnsupportedRegion", "The feature of %s is not supported in the region of %s.", "public-docs"),
  countPerUser: error(400, "QuotaExceeded.VpcPeerCountPerUserPerRegion", "The quota of %s is exceeded, usage %s/%s.", "public-docs"),
  intraRegionCount: error(400, "QuotaExceeded.IntraRegionVpcPeerCountPerVpc", "The quota of %s is exceeded, usage %s/%s.", "public-docs"),
  interRegionCount: error(400, "QuotaExceeded.CrossRegionVpcPeerCountPerVpc", "The quota of %s is exceeded, usage %s/%s.", "public-docs"),
  cdtClosed: error(400, "OperationFailed.CdtNotOpened", "The operation failed because the Cdt service is not opened.", "public-docs"),
  crossBorderCdtClosed: error(
    400,
    "OperationFailed.CrossBorderCdtNotOpened",
    "The operation failed because the CrossBorderCdt service is not opened.",
    "public-docs",
  ),
  acceptCrossBorderCdtClosed: error(
    400,
    "OperationFailed.CrossBorderCdtNotOpened",
    "The cross-border data transmission function of Alibaba Cloud is not enabled.",
    "public-docs",
  ),
  accepterCdtClosed: error(
    400,
    "OperationFailed.AcceptUserCdtNotOpened",
    "The operation failed because the Cdt service of accept user is not opened.",
    "public-docs",
  ),
  accepterCrossBorderCdtClosed: error(
    400,
    "OperationFailed.AcceptUserCrossBorderCdtNotOpened",
    "The operation failed because the CrossBorderCdt service of accept user is not opened.",
    "public-docs",
  ),

  holdsVpc: error(400, "OperationDenied.VpcPeerExists", "The operation is not allowed because the VpcPeer exists.", "public-docs"),
  nextHopNotFound: error(400, "ResourceNotFound.VpcPeer", "The specified resource of %s is not found.", "public-docs"),
  nextHopStatus: error(400, "IncorrectStatus.VpcPeer", "The status of %s [%s] is incorrect.", "public-docs"),

  nameIllegal: error(400, "IllegalParam.Name", "The parameter Name is illegal.", "inferred"),
  descriptionIllegal: error(400, "IllegalParam.Description", "The parameter Description is illegal.", "inferred"),
  bandwidthIllegal: error(400, "IllegalParam.Bandwidth", "The parameter Bandwidth is illegal.", "inferred"),
  resourceGroupNotFound: error(
    400,
    "OperationFailed.NotExist.ResourceGroup",
    "The operation failed because the resource group not exist.",
    "public-docs",
  ),
  moveNotFound: error(400, "ResourceNotFound.VpcPeer", "The specified resource of VpcPeer is not found.", "public-docs"),
} as const;

/** What creating and accepting answer without permission; an explicit deny has a code of its own, whose text is not documented. */
export const peeringDenied = {
  explicit: error(403, "Forbidden.NoPermission", "You are not authorized to perform this operation.", "inferred"),
} as const;
