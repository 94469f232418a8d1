import { clientToken, dryRun, id } from "../../contract/common-parameters.ts";
import { writeOperation } from "../../contract/operation.ts";
import { VpcPeer } from "../../contract/products.ts";
import { descriptionParameter, nameParameter } from "../vpc/rules.ts";
import { peeringErrors } from "./errors.ts";
import {
  bandwidth,
  businessIsNormal,
  connectionAllows,
  connectionTarget,
  linkRules,
  linkType,
  notServiceManaged,
  type OnConnection,
  type OnLink,
} from "./rules.ts";
import { type LinkType, vpcPeerConnection } from "./vpc-peer-connection.ts";

export const modifyVpcPeerConnection = writeOperation({
  product: VpcPeer,
  name: "ModifyVpcPeerConnection",
  summary: "Changes name, description, bandwidth or link type of a peering connection.",
  pollWith: "GetVpcPeerConnectionAttribute",
  authorisation: { action: "vpc:ModifyVpcPeerConnection", resources: ["*"], source: "seed" },
  parameters: {
    InstanceId: id,
    Name: nameParameter(peeringErrors.nameIllegal),
    Description: descriptionParameter(peeringErrors.descriptionIllegal),
    Bandwidth: bandwidth,
    DryRun: dryRun,
    ClientToken: clientToken,
    LinkType: linkType,
  },
  response: {},
  targets: { connection: connectionTarget },
  check: [
    notServiceManaged,
    businessIsNormal,
    connectionAllows("ModifyVpcPeerConnection"),
    ...linkRules<OnLink & OnConnection>(({ targets }) => targets.connection),
  ],
  apply: async ({ input, targets: { connection }, state }) => {
    // Clients send calls without any change; such a call succeeds and leaves the connection as it is.
    const { Name, Description, Bandwidth, LinkType } = input;
    if (Name === undefined && Description === undefined && Bandwidth === undefined && LinkType === undefined) return {};
    await state.move(vpcPeerConnection, connection, "ModifyVpcPeerConnection", {
      name: Name ?? connection.name,
      description: Description ?? connection.description,
      bandwidth: Bandwidth ?? connection.bandwidth,
      linkType: (LinkType as LinkType | undefined) ?? connection.linkType,
    });
    return {};
  },
});
