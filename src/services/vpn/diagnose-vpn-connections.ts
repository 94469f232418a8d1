import { numberedPage, optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../contract/common-parameters.ts";
import { scoped, scopeOf } from "../../contract/indexes.ts";
import { type Call, readOperation, target } from "../../contract/operation.ts";
import { list, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { int, listOf, long, structure, text, type ValueOfShape } from "../../contract/response.ts";
import { findConnection } from "./any-connection.ts";
import { type Connection, isDual, isEstablished, simulatedStatus } from "./connection-body.ts";
import { negotiationLine, shownLine } from "./connection-log.ts";
import { diagnosisErrors, vpnDeniedAlike } from "./errors.ts";
import { vpnAttachment } from "./vpn-attachment.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGateway } from "./vpn-gateway.ts";

/** Ids in one call; the documents name no limit. */
const idsMax = 50;
const ids = list(string({ lengthMax: 128 }), { itemsMax: idsMax, invalid: diagnosisErrors.parameterInvalid });
const fault = structure({
  FailedReason: text,
  FailedReasonCode: text,
  FailedTime: long,
  MismatchLocalParam: text,
  MismatchRemoteParam: text,
  Severity: text,
  SourceLog: text,
  TunnelId: text,
  VpnConnectionId: text,
});

export const diagnoseVpnConnections = readOperation({
  product: Vpc,
  name: "DiagnoseVpnConnections",
  summary: "Lists the tunnels that are not established, each with the reason: of single-tunnel connections, or by their own ids.",
  authorisation: {
    action: "vpc:DiagnoseVpnConnections",
    resources: ["*"],
    about: ["VpnConnectionIds"],
    source: "public-docs",
    denied: vpnDeniedAlike,
  },
  parameters: { RegionId: regionId, VpnGatewayId: optionalId, VpnConnectionIds: ids, TunnelIds: ids, ...pageParameters },
  response: { PageNumber: int, PageSize: int, TotalCount: int, VpnConnections: listOf(fault) },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: diagnosisErrors.parameterInvalid }) },
  check: [
    {
      rule: "VpnGatewayId, VpnConnectionIds or TunnelIds is given",
      error: diagnosisErrors.parameterInvalid,
      source: "inferred",
      holds: ({ input }) => input.VpnGatewayId !== undefined || namesTunnels(input),
    },
    {
      rule: "VpnConnectionIds are single-tunnel connections, and TunnelIds are tunnels of others, that the caller has in this region and, if VpnGatewayId is given, on this gateway",
      error: diagnosisErrors.parameterInvalid,
      source: "sdk-metadata",
      advice: "name the tunnels of a connection that has two by TunnelIds",
      holds: async (call) => {
        const { VpnGatewayId } = call.input;
        return (await namedTunnels(call)).every(
          (one) => one !== undefined && (VpnGatewayId === undefined || one.of.vpnGatewayId === VpnGatewayId),
        );
      },
    },
    pageIsNotTooDeep,
  ],
  read: async (call) => {
    const { PageNumber, PageSize } = call.input;
    const tunnels = namesTunnels(call.input) ? await namedTunnels(call) : await tunnelsOfGateway(call);
    const faults = tunnels.flatMap((one) => (one === undefined || isEstablished(one.of, one.index) ? [] : [faultOf(one)]));
    const { offset, limit } = numberedPage(call.input);
    return { PageNumber, PageSize, TotalCount: faults.length, VpnConnections: faults.slice(offset, offset + limit) };
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: {
    readonly RegionId: string;
    readonly VpnGatewayId: string | undefined;
    readonly VpnConnectionIds: readonly string[];
    readonly TunnelIds: readonly string[];
  };
}
/** A tunnel by its place in its connection. */
interface Place {
  readonly of: Connection;
  readonly index: number;
}

function namesTunnels({ VpnConnectionIds, TunnelIds }: Request["input"]): boolean {
  return VpnConnectionIds.length + TunnelIds.length > 0;
}
/** What the ids of the call mean, each once; `undefined` for an id of nothing that it could mean. */
async function namedTunnels(call: Request): Promise<(Place | undefined)[]> {
  const { VpnConnectionIds, TunnelIds, RegionId } = call.input;
  const singles = [...new Set(VpnConnectionIds)].map(async (VpnConnectionId) => {
    const of = await findConnection({ ...call, input: { RegionId, VpnConnectionId } });
    return of === undefined || isDual(of) ? undefined : { of, index: 0 };
  });
  return Promise.all([...singles, ...[...new Set(TunnelIds)].map((tunnelId) => tunnelNamed(call, tunnelId))]);
}
async function tunnelNamed({ input, caller, state }: Request, tunnelId: string): Promise<Place | undefined> {
  for (const kind of [vpnConnection, vpnAttachment]) {
    const [found] = await state.list(kind, [["tunnel", scoped(scopeOf(caller.account, input.RegionId), tunnelId)]], { limit: 1 });
    if (found !== undefined) return { of: found.resource, index: found.resource.tunnels.findIndex(({ id }) => id === tunnelId) };
  }
  return undefined;
}
async function tunnelsOfGateway({ input, state }: Request): Promise<Place[]> {
  const connections = await listAll(state, vpnConnection, [["ofGateway", input.VpnGatewayId ?? ""]]);
  return connections.flatMap((of) => of.tunnels.map((_tunnel, index) => ({ of, index })));
}

/** Why a tunnel is not established. Codes and reasons are this server's own words: the documented ones blame a negotiation, and none takes place. */
function faultOf({ of, index }: Place): ValueOfShape<typeof fault> {
  const simulated = simulatedStatus(of, index);
  const line = negotiationLine(of, index);
  return {
    FailedReason: simulated === "" ? "No data plane is attached to this server" : `The status ${simulated} is simulated`,
    FailedReasonCode: simulated === "" ? "NoDataPlane" : "SimulatedStatus",
    FailedTime: String(line.at),
    MismatchLocalParam: "",
    MismatchRemoteParam: "",
    // What is documented for a negotiation that came to nothing.
    Severity: "Warn",
    SourceLog: shownLine(of, line),
    TunnelId: line.tunnelId,
    VpnConnectionId: of.id,
  };
}
