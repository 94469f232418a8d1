import { clientToken, dryRun, optionalId, regionId } from "../../contract/common-parameters.ts";
import { type Call, rulesOn, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { regionById } from "../../contract/regions.ts";
import { bool, long, text } from "../../contract/response.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { hasFreeAddress, internet, placedTunnels } from "./addresses.ts";
import { logged, roles } from "./connection-body.ts";
import {
  certificateParameter,
  type GivenTunnel,
  newAttachmentTunnels,
  subnet,
  type WholeConnection,
  wholeConnection,
} from "./connection-parameters.ts";
import { completed, newTunnel, noHealthCheck, type Plan, planRules, plannedHealthCheck } from "./connection-plan.ts";
import { connectionErrors, vpnGatewayErrors, vpnDenied } from "./errors.ts";
import { shortText } from "./parameters.ts";
import { vpnTagErrors, vpnTagList } from "./tags.ts";
import { vpnAttachment } from "./vpn-attachment.ts";

export const createVpnAttachment = writeOperation({
  product: Vpc,
  name: "CreateVpnAttachment",
  summary: "Creates an IPsec-VPN connection with two tunnels that belongs to no VPN gateway.",
  authorisation: {
    action: "vpc:CreateVpnAttachment",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnattachment/*"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    CustomerGatewayId: optionalId,
    NetworkType: string({ default: "public", pattern: /^(public|private)$/, description: "public or private" }),
    Name: shortText(connectionErrors.nameInvalid),
    LocalSubnet: subnet(connectionErrors.localSubnetInvalid, { required: true }),
    RemoteSubnet: subnet(connectionErrors.remoteSubnetInvalid, { required: true }),
    ...wholeConnection,
    RemoteCaCert: certificateParameter,
    Tags: vpnTagList,
    // Some clients give tags under this name.
    Tag: vpnTagList,
    ResourceGroupId: string(),
    TunnelBandwidth: string({ default: "Standard", pattern: /^(standard|large)$/i, description: "Standard or Large" }),
    TunnelOptionsSpecification: newAttachmentTunnels,
    DryRun: dryRun,
  },
  response: { Code: text, CreateTime: long, Message: text, Name: text, Success: bool, VpnConnectionId: text },
  check: [
    {
      rule: "TunnelOptionsSpecification names two tunnels, each with its customer gateway and its number, if it gives one",
      error: connectionErrors.tunnelsInvalid,
      source: "client",
      holds: ({ input: { TunnelOptionsSpecification: given } }) =>
        given.length === roles.length &&
        given.every(({ CustomerGatewayId }) => CustomerGatewayId !== undefined) &&
        new Set(given.map(indexOf)).size === given.length,
    },
    ...tagRules("Tags", vpnTagErrors),
    ...tagRules("Tag", vpnTagErrors),
    ...rulesOn(async (call: Request) => ({ plan: await planOf(call), state: call.state }), planRules),
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
    {
      rule: "there is a free public address for each tunnel",
      error: vpnGatewayErrors.addressesUsedUp,
      source: "inferred",
      holds: async ({ input, state }) => input.NetworkType === "private" || (await hasFreeAddress(state, internet)),
    },
  ],
  apply: async (call) => {
    const { input, caller, state } = call;
    const { tunnels, bgpEnabled } = await planOf(call);
    const networkType = input.NetworkType === "private" ? "private" : "public";
    const placed = await placedTunnels(state, networkType, tunnels);
    const created = await state.create(
      vpnAttachment,
      {
        id: state.newId(vpnAttachment, input.RegionId),
        account: caller.account,
        region: input.RegionId,
        tags: tagsFor(caller.account, input.Tags.length > 0 ? input.Tags : input.Tag),
        resourceGroups: await resourceGroupsFor(state, caller.account, input.ResourceGroupId),
        // Clients compare it with what they sent.
        name: input.Name ?? "",
        vpnGatewayId: "",
        networkType,
        tunnelBandwidth: /large/i.test(input.TunnelBandwidth) ? "Large" : "Standard",
        localSubnet: input.LocalSubnet,
        remoteSubnet: input.RemoteSubnet,
        effectImmediately: input.EffectImmediately ?? false,
        autoConfigRoute: input.AutoConfigRoute ?? true,
        bgpEnabled,
        healthCheck: plannedHealthCheck(noHealthCheck, input.HealthCheckConfig),
        ...completed(state, input.RegionId, placed),
        log: logged([], state.now, `created by ${caller.arn}`),
        SimulatedStatus: "",
        SimulatedSecondStatus: "",
      },
      "CreateVpnAttachment",
    );
    return {
      Code: "200",
      CreateTime: String(created.createdAt),
      Message: "success",
      Name: created.name,
      Success: true,
      VpnConnectionId: created.id,
    };
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: WholeConnection & {
    readonly RegionId: string;
    readonly RemoteCaCert: string | undefined;
    readonly LocalSubnet: string;
    readonly RemoteSubnet: string;
    readonly TunnelOptionsSpecification: readonly GivenTunnel[];
  };
}

/** The number of a tunnel: its own, or its place in the call. */
function indexOf({ TunnelIndex }: GivenTunnel, place: number): number {
  return TunnelIndex === undefined || TunnelIndex === 0 ? place + 1 : TunnelIndex;
}

async function planOf(call: Request): Promise<Plan> {
  const { input } = call;
  const zones = regionById(input.RegionId)?.zones ?? [];
  return {
    gateway: undefined,
    connectionId: undefined,
    localSubnet: input.LocalSubnet,
    remoteSubnet: input.RemoteSubnet,
    bgpEnabled: input.EnableTunnelsBgp ?? false,
    tunnels: await Promise.all(
      input.TunnelOptionsSpecification.map((given, place) => {
        const index = indexOf(given, place);
        const at = { index, role: given.Role ?? roles[index - 1] ?? "", zoneId: zones[index - 1] ?? zones[0] ?? "", internetIp: "" };
        return newTunnel({ ...call, region: input.RegionId }, at, { ...given, RemoteCaCertificate: input.RemoteCaCert }, "sha1");
      }),
    ),
  };
}
