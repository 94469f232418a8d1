import { clientToken, dryRun, id, optionalId, regionId } from "../../contract/common-parameters.ts";
import { missingParameter } from "../../contract/errors.ts";
import { type Call, rulesOn, target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { long, text } from "../../contract/response.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { type AutoRoutesPlan, autoRouteRules, setAutoRoutes } from "./auto-routes.ts";
import { logged, roles } from "./connection-body.ts";
import {
  certificateParameter,
  type GivenTunnel,
  givenSingleTunnel,
  newTunnels,
  subnet,
  type WholeConnection,
  wholeConnection,
} from "./connection-parameters.ts";
import {
  besideOthers,
  completed,
  type Judged,
  newTunnel,
  noHealthCheck,
  type Plan,
  planRules,
  plannedHealthCheck,
} from "./connection-plan.ts";
import { connectionErrors, vpnGatewayErrors, vpnDenied } from "./errors.ts";
import { gatewayTakes } from "./gateway-rules.ts";
import { shortText } from "./parameters.ts";
import { vpnTagErrors, vpnTagList } from "./tags.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { isDualTunnel, type VpnGateway, vpnGateway } from "./vpn-gateway.ts";

export const createVpnConnection = writeOperation({
  product: Vpc,
  name: "CreateVpnConnection",
  summary: "Creates an IPsec-VPN connection of a VPN gateway: with two tunnels where the gateway has two ends, otherwise with one.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:CreateVpnConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnconnection/*"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    CustomerGatewayId: optionalId,
    VpnGatewayId: id,
    Name: shortText(connectionErrors.nameInvalid),
    LocalSubnet: subnet(connectionErrors.localSubnetInvalid, { required: true }),
    RemoteSubnet: subnet(connectionErrors.remoteSubnetInvalid, { required: true }),
    ...wholeConnection,
    RemoteCaCertificate: certificateParameter,
    Tags: vpnTagList,
    TunnelOptionsSpecification: newTunnels,
    DryRun: dryRun,
  },
  response: { CreateTime: long, Name: text, VpnConnectionId: text },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    {
      rule: "the gateway has IPsec enabled",
      error: connectionErrors.ipsecDisabled,
      holds: ({ targets }) => targets.gateway.ipsecEnabled,
    },
    {
      rule: "on a gateway with two ends, TunnelOptionsSpecification names two tunnels, each with its customer gateway",
      error: connectionErrors.tunnelsMissing,
      holds: ({ input, targets }) =>
        !isDualTunnel(targets.gateway) ||
        (input.TunnelOptionsSpecification.length === roles.length &&
          input.TunnelOptionsSpecification.every(({ CustomerGatewayId }) => CustomerGatewayId !== undefined)),
    },
    {
      rule: "of two tunnels one is the master and one the slave",
      error: connectionErrors.roleInvalid,
      source: "inferred",
      holds: ({ input }) => {
        const given = input.TunnelOptionsSpecification.map(roleOf);
        return new Set(given).size === given.length;
      },
    },
    {
      rule: "on a gateway with one end, no tunnels are named",
      error: connectionErrors.tunnelsInvalid,
      source: "inferred",
      holds: ({ input, targets }) => isDualTunnel(targets.gateway) || input.TunnelOptionsSpecification.length === 0,
    },
    {
      rule: "on a gateway with one end, CustomerGatewayId is given",
      error: missingParameter("CustomerGatewayId"),
      holds: ({ input, targets }) => isDualTunnel(targets.gateway) || input.CustomerGatewayId !== undefined,
    },
    ...tagRules("Tags", vpnTagErrors),
    ...rulesOn(judgedOf, planRules),
    ...gatewayTakes("gateway", "CreateVpnConnection"),
    {
      rule: "the gateway has room for another connection (quota VpnConnection)",
      error: connectionErrors.quota,
      advice: quotaAdvice("VpnConnection"),
      holds: async ({ input, targets, caller, state, settings }) =>
        (await state.count(vpnConnection, [["ofGateway", targets.gateway.id]])) <
        settings.quota("VpnConnection", caller.account, input.RegionId),
    },
    ...rulesOn(judgedOf, besideOthers),
    ...rulesOn(routesPlanOf, autoRouteRules),
  ],
  apply: async (call) => {
    const { input, targets, caller, state } = call;
    const { gateway } = targets;
    const connectionId = state.newId(vpnConnection, input.RegionId);
    const { tunnels, bgpEnabled } = await planOf(call);
    const created = await state.create(
      vpnConnection,
      {
        id: connectionId,
        account: caller.account,
        region: input.RegionId,
        tags: tagsFor(caller.account, input.Tags),
        resourceGroups: gateway.resourceGroups,
        name: input.Name ?? connectionId,
        vpnGatewayId: gateway.id,
        networkType: gateway.networkType,
        tunnelBandwidth: "",
        localSubnet: input.LocalSubnet,
        remoteSubnet: input.RemoteSubnet,
        effectImmediately: input.EffectImmediately ?? false,
        autoConfigRoute: input.AutoConfigRoute ?? true,
        bgpEnabled,
        healthCheck: plannedHealthCheck(noHealthCheck, input.HealthCheckConfig),
        ...completed(state, input.RegionId, tunnels),
        log: logged([], state.now, `created by ${caller.arn}`),
        SimulatedStatus: "",
        SimulatedSecondStatus: "",
      },
      "CreateVpnConnection",
    );
    await setAutoRoutes({ ...routesPlanOf(call), state }, created, "CreateVpnConnection");
    await state.move(vpnGateway, gateway, "CreateVpnConnection");
    return { CreateTime: String(created.createdAt), Name: created.name, VpnConnectionId: created.id };
  },
});

interface Request extends Pick<Call, "caller" | "state" | "settings"> {
  readonly input: WholeConnection & {
    readonly RegionId: string;
    readonly CustomerGatewayId: string | undefined;
    readonly RemoteCaCertificate: string | undefined;
    readonly LocalSubnet: string;
    readonly RemoteSubnet: string;
    readonly TunnelOptionsSpecification: readonly GivenTunnel[];
  };
  readonly targets: { readonly gateway: VpnGateway };
}

function hasBgpBlock({ TunnelBgpConfig }: GivenTunnel): boolean {
  return TunnelBgpConfig?.TunnelCidr !== undefined;
}
function roleOf({ Role }: GivenTunnel, index: number): string {
  return Role ?? roles[index] ?? "";
}

async function planOf(call: Request): Promise<Plan> {
  const { input, targets } = call;
  const { gateway } = targets;
  const scope = { ...call, region: input.RegionId };
  const dual = isDualTunnel(gateway);
  const given: readonly GivenTunnel[] = dual
    ? input.TunnelOptionsSpecification
    : [{ ...givenSingleTunnel(input), RemoteCaCertificate: input.RemoteCaCertificate }];
  return {
    gateway,
    connectionId: undefined,
    localSubnet: input.LocalSubnet,
    remoteSubnet: input.RemoteSubnet,
    // Clients expect BGP where every tunnel is given a block for it.
    bgpEnabled: dual ? (input.EnableTunnelsBgp ?? given.every(hasBgpBlock)) : (input.BgpConfig?.EnableBgp ?? false),
    tunnels: await Promise.all(
      given.map((one, index) => {
        const role = roleOf(one, index);
        const second = role === "slave";
        const place = {
          index: index + 1,
          role,
          zoneId: second ? gateway.disasterRecoveryZoneId : gateway.zoneId,
          internetIp: second ? gateway.disasterRecoveryInternetIp : gateway.internetIp,
        };
        return newTunnel(scope, place, one, "md5");
      }),
    ),
  };
}
async function judgedOf(call: Request): Promise<Judged> {
  return { plan: await planOf(call), state: call.state };
}
function routesPlanOf({ input, targets, caller, state, settings }: Request): AutoRoutesPlan {
  const selectors = {
    localSubnet: input.LocalSubnet,
    remoteSubnet: input.RemoteSubnet,
    autoConfigRoute: input.AutoConfigRoute ?? true,
  };
  return { caller, state, settings, gateway: targets.gateway, connection: undefined, selectors };
}
