import { isIPv4 } from "node:net";
import { blockContains } from "../../contract/cidr.ts";
import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import type { ErrorDefinition } from "../../contract/errors.ts";
import { type Call, type Rule, target, writeOperation } from "../../contract/operation.ts";
import { json, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import type { Subject } from "../../contract/resource-kind.ts";
import { text } from "../../contract/response.ts";
import { isTransitional } from "../../contract/state-table.ts";
import type { Connection } from "./connection-body.ts";
import { blocksOf } from "./connection-parameters.ts";
import { diagnosisItems } from "./diagnosis-items.ts";
import { diagnosisErrors, vpnGatewayErrors, vpnDeniedAlike } from "./errors.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { type VpnGateway, vpnGateway } from "./vpn-gateway.ts";
import { vpnGatewayDiagnosis } from "./vpn-gateway-diagnosis.ts";

export const diagnoseVpnGateway = writeOperation({
  product: Vpc,
  name: "DiagnoseVpnGateway",
  summary: "Starts a diagnosis of a VPN gateway and one of its connections: routes, quotas, and what can be reached.",
  pollWith: "GetVpnGatewayDiagnoseResult",
  authorisation: { action: "vpc:DiagnoseVpnGateway", resources: ["*"], source: "public-docs", denied: vpnDeniedAlike },
  parameters: {
    RegionId: regionId,
    ResourceId: id,
    ResourceType: string({ required: true, lengthMax: 64 }),
    VpnGatewayId: id,
    IPsecExtendInfo: json({ PrivateSourceIp: string({ lengthMax: 64 }), PrivateDestinationIp: string({ lengthMax: 64 }) }),
    ClientToken: clientToken,
  },
  response: { DiagnoseId: text },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    {
      rule: "ResourceType is IPsec",
      error: diagnosisErrors.resourceTypeUnknown,
      source: "sdk-metadata",
      holds: ({ input }) => /^ipsec$/i.test(input.ResourceType),
      fill: ({ input }) => [input.ResourceType],
    },
    {
      rule: "ResourceId names an IPsec-VPN connection of the gateway",
      error: diagnosisErrors.resourceNotFound,
      holds: async (call) => (await findResource(call)) !== undefined,
      fill: ({ input }) => [input.ResourceId],
    },
    privateEndIsOn("PrivateSourceIp", "LocalSubnet", ({ localSubnet }) => localSubnet, diagnosisErrors.sourceInvalid),
    privateEndIsOn("PrivateDestinationIp", "RemoteSubnet", ({ remoteSubnet }) => remoteSubnet, diagnosisErrors.destinationInvalid),
    {
      rule: "no other work on the VPN gateway is under way",
      error: vpnGatewayErrors.configuring,
      holds: ({ targets }) => !isTransitional(vpnGateway.states, targets.gateway.state),
      subject: ({ targets }) => ({ kind: vpnGateway, resource: targets.gateway }),
    },
    {
      rule: "no other diagnosis of the gateway is under way",
      error: diagnosisErrors.running,
      holds: async (call) => (await runningDiagnosis(call)) === undefined,
      subject: runningDiagnosis,
    },
  ],
  apply: async (call) => {
    const { input, targets, state } = call;
    const { gateway } = targets;
    const connection = await resourceOf(call);
    const { PrivateSourceIp: source, PrivateDestinationIp: destination } = input.IPsecExtendInfo ?? {};
    const privateEnds = source === undefined || destination === undefined ? undefined : { source, destination };
    const { id: DiagnoseId } = await state.create(
      vpnGatewayDiagnosis,
      {
        id: state.newId(vpnGatewayDiagnosis, gateway.region),
        account: gateway.account,
        region: gateway.region,
        vpnGatewayId: gateway.id,
        connectionId: connection.id,
        items: await diagnosisItems({ ...call, gateway, connection, privateEnds }),
      },
      "DiagnoseVpnGateway",
    );
    return { DiagnoseId };
  },
});

interface Request extends Pick<Call, "state"> {
  readonly input: {
    readonly ResourceId: string;
    readonly IPsecExtendInfo:
      | { readonly PrivateSourceIp: string | undefined; readonly PrivateDestinationIp: string | undefined }
      | undefined;
  };
  readonly targets: { readonly gateway: VpnGateway };
}

async function findResource({ input, targets, state }: Request): Promise<Connection | undefined> {
  const found = await state.get(vpnConnection, input.ResourceId);
  return found?.vpnGatewayId === targets.gateway.id ? found : undefined;
}
/** The connection that the rule has found. */
async function resourceOf(call: Request): Promise<Connection> {
  const found = await findResource(call);
  if (found === undefined) throw new Error(`${call.input.ResourceId} is not there`);
  return found;
}
async function runningDiagnosis({ targets, state }: Request): Promise<Subject | undefined> {
  const [found] = await state.list(vpnGatewayDiagnosis, [["runningOfGateway", targets.gateway.id]], { limit: 1 });
  return found && { kind: vpnGatewayDiagnosis, resource: found.resource };
}

/** Rule: one of the two addresses that IPsecExtendInfo gives is on its side of the connection. Both are given, or none. */
function privateEndIsOn(
  name: "PrivateSourceIp" | "PrivateDestinationIp",
  side: "LocalSubnet" | "RemoteSubnet",
  blocks: (connection: Connection) => string,
  error: ErrorDefinition,
): Rule<Request> {
  return {
    rule: `with IPsecExtendInfo, ${name} is an IPv4 address in the connection's ${side}`,
    error,
    source: "sdk-metadata",
    holds: async (call) => {
      const { IPsecExtendInfo } = call.input;
      if (IPsecExtendInfo === undefined) return true;
      const address = IPsecExtendInfo[name] ?? "";
      return isIPv4(address) && blocksOf(blocks(await resourceOf(call))).some((block) => blockContains(block, `${address}/32`));
    },
    fill: ({ input }) => [input.IPsecExtendInfo?.[name] ?? ""],
  };
}
