import { clientToken, dryRun, id } from "../../contract/common-parameters.ts";
import { writeOperation } from "../../contract/operation.ts";
import { VpcPeer } from "../../contract/products.ts";
import { callerIsAccepter, connectionAllows, connectionTarget } from "./rules.ts";
import { vpcPeerConnection } from "./vpc-peer-connection.ts";

export const rejectVpcPeerConnection = writeOperation({
  product: VpcPeer,
  name: "RejectVpcPeerConnection",
  summary: "Refuses a request for a peering connection, on the accepter's side.",
  // The page discloses no permission; a later edition gives this row.
  authorisation: { action: "vpc:RejectVpcPeerConnection", resources: ["*"], source: "public-docs" },
  parameters: { InstanceId: id, DryRun: dryRun, ClientToken: clientToken },
  response: {},
  targets: { connection: connectionTarget },
  check: [callerIsAccepter, connectionAllows("RejectVpcPeerConnection")],
  apply: async ({ targets, state }) => {
    await state.move(vpcPeerConnection, targets.connection, "RejectVpcPeerConnection");
    return {};
  },
});
