import { error, type ErrorDefinition } from "./errors.ts";

/**
 * Errors that real clients wait out at operations whose tables lack them. No rule here answers one; fault rules can. Where a table
 * has the code, the table's own text is used.
 */
export interface ClientError {
  readonly error: ErrorDefinition;
  /** Names of the operations at which clients expect it, with wildcards. */
  readonly operations: readonly string[];
}

/** What the tables say of a token whose first call is still running. */
const processing = "Action is processing.";
const tooFrequent = "The operation is too frequent, please wait a moment and try again.";
const configuring = "The specified service is configuring.";

const routeTables = ["CreateRouteTable", "ModifyRouteTableAttributes", "DeleteRouteTable"];
const attachments = ["AssociateRouteTable", "UnassociateRouteTable"];
const routeEntries = ["CreateRouteEntry", "ModifyRouteEntry", "DeleteRouteEntry"];
const vpnConnections = ["CreateVpnConnection", "ModifyVpnConnectionAttribute", "DeleteVpnConnection"];
const vpnAttachments = ["CreateVpnAttachment", "ModifyVpnAttachmentAttribute"];
const vpnRoutes = ["CreateVpnRouteEntry", "DeleteVpnRouteEntry", "CreateVpnPbrRouteEntry", "DeleteVpnPbrRouteEntry"];

export const clientErrors: readonly ClientError[] = [
  {
    error: error(400, "Throttling", "Request was denied due to request throttling.", "client"),
    operations: ["*"],
  },
  {
    error: error(400, "Throttling.Api", "Request was denied due to api flow control.", "client"),
    operations: ["*"],
  },
  {
    error: error(400, "Rejected.Throttling", "Request was denied due to request throttling.", "client"),
    operations: ["*"],
  },
  {
    error: error(400, "TaskConflict", tooFrequent, "client"),
    operations: ["CreateVpc", "CreateDefaultVpc", "DeleteVSwitch", ...routeEntries, ...vpnRoutes, ...vpnAttachments],
  },
  {
    error: error(409, "OperationConflict", "The operation against this instance is too frequent, please try again later.", "client"),
    operations: [
      "ModifyVpcAttribute",
      "CreateVSwitch",
      "CreateDefaultVSwitch",
      "ModifyVSwitchAttribute",
      "DeleteVSwitch",
      ...routeTables,
      ...attachments,
      ...routeEntries,
      "DeleteRouterInterface",
      "CreateBgpGroup",
    ],
  },
  {
    error: error(400, "LastTokenProcessing", processing, "client"),
    operations: ["ModifyVpcAttribute", "DeleteVSwitch", "CreateRouteTable", "ModifyRouteTableAttributes", ...attachments, ...routeEntries],
  },
  {
    error: error(400, "OperationFailed.LastTokenProcessing", processing, "client"),
    operations: ["ModifyVpcAttribute", "ModifyVSwitchAttribute", ...attachments],
  },
  {
    error: error(400, "OperationFailed.IdempotentTokenProcessing", processing, "client"),
    operations: ["CreateDefaultVSwitch"],
  },
  {
    error: error(400, "SystemBusy", "The system is busy, please try again later.", "client"),
    operations: ["ModifyVpcAttribute", "DeleteVSwitch", "CreateRouteTable", "ModifyRouteTableAttributes", ...attachments, ...routeEntries],
  },
  {
    error: error(400, "UnknownError", "The request processing has failed due to some unknown error.", "client"),
    operations: ["CreateVpc", "CreateRouteEntry", "DeleteRouteEntry"],
  },
  {
    error: error(400, "OperationFailed.DistibuteLock", "Distibute lock fail.", "client"),
    operations: ["ModifyRouteEntry"],
  },
  {
    error: error(400, "IncorrectStatus", "The current status of the resource does not support this operation.", "client"),
    operations: [
      "ModifyVpcAttribute",
      "CreateVSwitch",
      "CreateRouteTable",
      "ModifyRouteTableAttributes",
      ...attachments,
      ...routeEntries,
      "DeleteRouterInterface",
      "DeleteVpcPeerConnection",
    ],
  },
  {
    error: error(400, "IncorrectVpcStatus", "Current VPC status does not support this operation.", "client"),
    operations: ["ModifyVpcAttribute", "EnableVpcClassicLink", "DisableVpcClassicLink", "DeleteVpc", ...routeEntries],
  },
  {
    error: error(400, "IncorrectVSwitchStatus", "The current virtual switch status does not support this operation.", "client"),
    operations: [...attachments, ...routeEntries],
  },
  {
    error: error(400, "IncorrectStatus.RoutePropagationStatus", "The status of the route propagation is incorrect.", "client"),
    operations: ["ModifyRouteTableAttributes"],
  },
  {
    error: error(400, "IncorrectStatus.RouteTable", "The status of the specified route table is incorrect.", "client"),
    operations: attachments,
  },
  {
    error: error(400, "IncorrectStatus.Ipv4Gateway", "The status of Ipv4Gateway is incorrect.", "client"),
    operations: attachments,
  },
  {
    error: error(400, "OperationDenied.Ipv4GatewayNotActive", "The operation is denied because the IPv4 gateway is not active.", "client"),
    operations: attachments,
  },
  {
    error: error(400, "VpnGateway.Configuring", configuring, "client"),
    operations: ["DeleteCustomerGateway", ...vpnConnections, ...vpnAttachments, ...vpnRoutes],
  },
  {
    error: error(400, "VpnConnection.Configuring", configuring, "client"),
    operations: [...vpnConnections, ...vpnAttachments, ...vpnRoutes],
  },
  {
    error: error(400, "Appliance.Configuring", configuring, "client"),
    operations: [...vpnConnections, ...vpnAttachments, ...vpnRoutes],
  },
  {
    error: error(400, "VpnTask.CONFLICT", "Vpn task has conflict.", "client"),
    operations: [...vpnConnections, ...vpnAttachments, ...vpnRoutes],
  },
  {
    error: error(
      400,
      "DependencyViolation.RouterInterfaceReferedByRouteEntry",
      "RouterInterface cannot be deleted when it is refered by a route table entry as next hop.",
      "client",
    ),
    operations: ["DeleteRouterInterface"],
  },
];
