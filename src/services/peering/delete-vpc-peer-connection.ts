import { clientToken, dryRun, id } from "../../contract/common-parameters.ts";
import { writeOperation } from "../../contract/operation.ts";
import { boolean } from "../../contract/parameters.ts";
import { VpcPeer } from "../../contract/products.ts";
import { allows } from "../../contract/state-table.ts";
import { entriesTo, routeEntry } from "../vpc/route-entry.ts";
import { peeringErrors } from "./errors.ts";
import { connectionAllows, connectionTarget, notServiceManaged } from "./rules.ts";
import { vpcPeerConnection } from "./vpc-peer-connection.ts";

/** The exemplary write: the operation to copy for a new one on an existing resource. */
export const deleteVpcPeerConnection = writeOperation({
  product: VpcPeer,
  name: "DeleteVpcPeerConnection",
  summary: "Deletes a peering connection, with Force together with the route entries that point at it, on both sides.",
  pollWith: "GetVpcPeerConnectionAttribute",
  authorisation: { action: "vpc:DeleteVpcPeerConnection", resources: ["*"], source: "seed" },
  parameters: { InstanceId: id, Force: boolean({ default: false }), DryRun: dryRun, ClientToken: clientToken },
  response: {},
  targets: { connection: connectionTarget },
  check: [
    notServiceManaged,
    connectionAllows("DeleteVpcPeerConnection"),
    {
      rule: "no route entry points at the connection, or Force is set",
      error: peeringErrors.routeEntryExists,
      advice: "delete the route entries that point at the connection, in the VPCs of both sides, or set Force",
      holds: async ({ input, targets, state }) => input.Force || (await entriesTo(state, "VpcPeer", targets.connection.id)).length === 0,
    },
  ],
  apply: async ({ targets, state }) => {
    for (const entry of await entriesTo(state, "VpcPeer", targets.connection.id)) {
      if (allows(routeEntry.states, entry.state, "nextHopDeleted")) await state.move(routeEntry, entry, "nextHopDeleted");
    }
    await state.move(vpcPeerConnection, targets.connection, "DeleteVpcPeerConnection");
    return {};
  },
});
