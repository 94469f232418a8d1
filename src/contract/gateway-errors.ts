import { error } from "./errors.ts";

/** Errors that any call of any product can meet, before its operation is asked. */
export const gatewayErrors = {
  apiNotFound: error(404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.", "public-docs"),
  actionNotFound: error(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method", "public-docs"),
  unsupportedOperation: error(400, "UnsupportedOperation", "The operation %s is not implemented by this server.", "inferred"),
  versionInvalid: error(400, "InvalidVersion", "Specified parameter Version is not valid.", "public-docs"),
  formatInvalid: error(400, "InvalidParameter.Format", "Specified parameter format is not valid.", "public-docs"),
  parameterInvalid: error(400, "InvalidParameter", "The specified parameter %s is not valid.", "public-docs"),
  methodUnsupported: error(400, "UnsupportedHTTPMethod", "This http method not supported.", "public-docs"),
  needSsl: error(404, "InvalidProtocol.NeedSsl", "Your request is denied as lack of ssl protect.", "public-docs"),

  foreignPage: error(403, "Forbidden.ForeignPage", "Requests from web pages of other sites are refused.", "inferred"),

  accessKeyNotFound: error(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.", "public-docs"),
  notPermitted: error(
    403,
    "Forbidden.RAM",
    "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    "public-docs",
  ),
  ramNotPermitted: error(403, "NoPermission", "You are not authorized to do this action.", "public-docs"),
  stsNotPermitted: error(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM.", "public-docs"),
  accessKeyInactive: error(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.", "public-docs"),
  timestampMalformed: error(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.", "public-docs"),
  timestampExpired: error(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.", "public-docs"),
  nonceUsed: error(400, "SignatureNonceUsed", "Specified signature nonce was used already.", "public-docs"),
  signatureMethodInvalid: error(400, "InvalidSignatureMethod", "Specified signature method is not valid.", "public-docs"),
  signatureMismatch: error(
    400,
    "SignatureDoesNotMatch",
    "Specified signature is not matched with our calculation. server string to sign is:%s",
    "public-docs",
  ),
  signatureIncomplete: error(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.", "public-docs"),
  securityTokenMissing: error(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.", "client"),
  securityTokenMalformed: error(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.", "inferred"),
  securityTokenExpired: error(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.", "inferred"),
  securityTokenMismatch: error(
    400,
    "InvalidSecurityToken.MismatchWithAccessKey",
    "Specified SecurityToken mismatch with the AccessKey.",
    "inferred",
  ),

  userThrottled: error(400, "Throttling.User", "Request was denied due to user flow control.", "public-docs"),
  dryRunPassed: error(400, "DryRunOperation", "Request validation has been passed with DryRun flag set.", "seed"),
  tokenReused: error(400, "IdempotentParameterMismatch", "The request is retried with updated parameters.", "public-docs"),
  regionNotFound: error(404, "InvalidRegionId.NotFound", "The RegionId provided does not exist in our records.", "seed"),
  deepPageSkip: error(400, "Throttling.DeepPageSkip", "The page is too deep; narrow the filter instead of paging on.", "inferred"),
  nextTokenInvalid: error(400, "IllegalParam.NextToken", "User nextToken is illegal.", "public-docs"),

  requestMalformed: error(400, "InvalidRequest", "The HTTP request could not be read: %s.", "inferred"),
  requestTimeout: error(408, "RequestTimeout", "The request did not arrive in time.", "inferred"),
  bodyTooLarge: error(413, "RequestEntityTooLarge", "The request body is larger than %s bytes.", "inferred"),
  headersTooLarge: error(431, "RequestHeaderFieldsTooLarge", "The request headers are too large.", "inferred"),
  internalError: error(
    500,
    "InternalError",
    "The request processing has failed due to some unknown error, exception or failure.",
    "public-docs",
  ),
  serviceUnavailable: error(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.", "public-docs"),
} as const;

/** Errors of Linkspan's own addresses. */
export const adminErrors = {
  notFound: error(404, "NotFound", "There is no %s.", "inferred"),
  notBuilt: error(501, "NotBuilt", "This version of Linkspan does not have %s yet.", "inferred"),
  tooManyFaults: error(409, "TooManyFaults", "No more than %s fault rules can be on at a time.", "inferred"),
  recordingIsOn: error(409, "RecordingIsOn", "A recording is on since %s.", "inferred"),
  tooManyWatchers: error(429, "TooManyWatchers", "%s watchers follow the event stream already.", "inferred"),
  exposed: error(409, "DevelopmentKeys", "This server listens beyond this machine, and %s would open it to public keys.", "inferred"),
  outsideHistory: error(400, "OutsideHistory", "The history of this server does not reach event %s.", "inferred"),
  snapshotExists: error(409, "SnapshotExists", "There is a snapshot %s already.", "inferred"),
  snapshotUnusable: error(400, "SnapshotUnusable", "The snapshot %s cannot be used: %s.", "inferred"),
  snapshotLocked: error(409, "SnapshotLocked", "The secrets in the snapshot %s cannot be opened.", "inferred"),
} as const;
