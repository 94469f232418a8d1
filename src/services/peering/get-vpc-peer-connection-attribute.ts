import { id } from "../../contract/common-parameters.ts";
import { readOperation, target } from "../../contract/operation.ts";
import { VpcPeer } from "../../contract/products.ts";
import { connectionFields, connectionView } from "./connection-view.ts";
import { connectionTarget } from "./rules.ts";
import { isParty } from "./vpc-peer-connection.ts";

export const getVpcPeerConnectionAttribute = readOperation({
  product: VpcPeer,
  name: "GetVpcPeerConnectionAttribute",
  summary: "Reads one peering connection. Every peering write is polled with it.",
  authorisation: {
    action: "vpc:GetVpcPeerConnectionAttribute",
    resources: ["acs:vpc:*:{accountId}:vpcpeer/{InstanceId}"],
    source: "public-docs",
  },
  parameters: { InstanceId: id },
  response: connectionFields,
  targets: {
    // Unlike every other operation it still sees a connection that reads Deleted.
    connection: target({ ...connectionTarget, visible: (connection, { caller }) => isParty(connection, caller.account) }),
  },
  read: ({ targets, caller, state }) => connectionView(state, targets.connection, caller.account),
});
