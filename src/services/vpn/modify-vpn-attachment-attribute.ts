import { clientToken, id, optionalId, regionId } from "../../contract/common-parameters.ts";
import { type Call, rulesOn, target, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import type { Connection } from "./connection-body.ts";
import { type Change, changedFields, changeRules, judgedChange } from "./connection-changes.ts";
import { certificateParameter, changedAttachmentTunnels, subnet, wholeConnection } from "./connection-parameters.ts";
import { planRules } from "./connection-plan.ts";
import { changedAttachmentFields, changedAttachmentView } from "./connection-view.ts";
import { connectionErrors, vpnDenied } from "./errors.ts";
import { shortText } from "./parameters.ts";
import { vpnAttachment } from "./vpn-attachment.ts";

export const modifyVpnAttachmentAttribute = writeOperation({
  product: Vpc,
  name: "ModifyVpnAttachmentAttribute",
  summary: "Changes an IPsec-VPN connection that belongs to no VPN gateway. What the call does not say stays as it was.",
  authorisation: {
    action: "vpc:ModifyVpnAttachmentAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnattachment/{VpnConnectionId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    VpnConnectionId: id,
    CustomerGatewayId: optionalId,
    NetworkType: string({ pattern: /^(public|private)$/, description: "public or private" }),
    Name: shortText(connectionErrors.nameInvalidOnModify),
    LocalSubnet: subnet(connectionErrors.localSubnetInvalid, {}),
    RemoteSubnet: subnet(connectionErrors.remoteSubnetInvalid, {}),
    ...wholeConnection,
    RemoteCaCert: certificateParameter,
    TunnelOptionsSpecification: changedAttachmentTunnels,
  },
  response: changedAttachmentFields,
  targets: { connection: target({ kind: vpnAttachment, parameter: "VpnConnectionId", missing: connectionErrors.notFound }) },
  check: [...rulesOn(changeOf, changeRules), ...rulesOn(async (call: Request) => judgedChange(changeOf(call)), planRules)],
  apply: async (call) => {
    const { state, targets } = call;
    const changes = await changedFields({ ...changeOf(call), state });
    await state.move(vpnAttachment, targets.connection, "ModifyVpnAttachmentAttribute", changes);
    return changedAttachmentView(state, { ...targets.connection, ...changes });
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: Omit<Change["input"], "RemoteCaCertificate"> & {
    readonly RemoteCaCert: string | undefined;
    readonly TunnelOptionsSpecification: Change["tunnels"];
  };
  readonly targets: { readonly connection: Connection };
}
function changeOf({ caller, state, input, targets: { connection } }: Request): Change {
  const whole = { ...input, RemoteCaCertificate: input.RemoteCaCert };
  return { caller, state, connection, gateway: undefined, input: whole, tunnels: input.TunnelOptionsSpecification };
}
