import { clientToken, optionalId, regionId } from "../../contract/common-parameters.ts";
import { type Call, readOperation, target } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { int, listOf, structure, text } from "../../contract/response.ts";
import { utcSeconds } from "../../contract/time.ts";
import { diagnosisErrors, vpnGatewayErrors, vpnDeniedAlike } from "./errors.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { type VpnGatewayDiagnosis, vpnGatewayDiagnosis } from "./vpn-gateway-diagnosis.ts";

export const getVpnGatewayDiagnoseResult = readOperation({
  product: Vpc,
  name: "GetVpnGatewayDiagnoseResult",
  summary: "Reads a diagnosis of a VPN gateway: one by its id, or the latest of the gateway.",
  authorisation: {
    action: "vpc:GetVpnGatewayDiagnoseResult",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    fill: {
      VpnGatewayId: async ({ input, caller, state }) => {
        if (typeof input["DiagnoseId"] !== "string") return input["VpnGatewayId"];
        const diagnosis = await state.get(vpnGatewayDiagnosis, input["DiagnoseId"]);
        return diagnosis?.account === caller.account ? diagnosis.vpnGatewayId : input["VpnGatewayId"];
      },
    },
    source: "public-docs",
    denied: vpnDeniedAlike,
  },
  // Clients may send the token of their writes; a read has no use for it.
  parameters: { RegionId: regionId, DiagnoseId: optionalId, VpnGatewayId: optionalId, ClientToken: clientToken },
  response: {
    BeginTime: text,
    DiagnoseId: text,
    DiagnoseResult: listOf(structure({ DiagnoseName: text, DiagnoseResultDescription: text, DiagnoseResultLevel: text })),
    FinishTime: text,
    FinishedCount: int,
    ResourceInstanceId: text,
    ResourceType: text,
    TotalCount: int,
    VpnGatewayId: text,
  },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    {
      rule: "DiagnoseId or VpnGatewayId is given",
      error: diagnosisErrors.nothingNamed,
      holds: ({ input }) => input.DiagnoseId !== undefined || input.VpnGatewayId !== undefined,
    },
    {
      rule: "DiagnoseId, if given, names a diagnosis of the caller in this region, and of the gateway if VpnGatewayId is given too",
      error: diagnosisErrors.notFound,
      holds: async (call) => call.input.DiagnoseId === undefined || (await findDiagnosis(call)) !== undefined,
      fill: ({ input }) => [input.DiagnoseId ?? ""],
    },
    {
      rule: "the VPN gateway, if no DiagnoseId is given, was diagnosed before",
      error: diagnosisErrors.neverDiagnosed,
      holds: async (call) => (await findDiagnosis(call)) !== undefined,
      fill: ({ input }) => [input.VpnGatewayId ?? ""],
    },
    {
      rule: "the connection that was diagnosed is still there",
      error: diagnosisErrors.connectionDeleted,
      holds: async (call) => (await call.state.get(vpnConnection, (await diagnosisOf(call)).connectionId)) !== undefined,
    },
  ],
  read: async (call) => {
    const { id, state, createdAt, modifiedAt, connectionId, vpnGatewayId, items } = await diagnosisOf(call);
    const isFinished = state === "finished";
    const told = isFinished ? items : [];
    return {
      BeginTime: utcSeconds(createdAt),
      DiagnoseId: id,
      DiagnoseResult: told.map(({ name, level, description }) => ({
        DiagnoseName: name,
        DiagnoseResultDescription: description,
        DiagnoseResultLevel: level,
      })),
      // Nothing changes a diagnosis but its end.
      FinishTime: isFinished ? utcSeconds(modifiedAt) : "",
      FinishedCount: told.length,
      ResourceInstanceId: connectionId,
      ResourceType: "IPsec",
      TotalCount: items.length,
      VpnGatewayId: vpnGatewayId,
    };
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: { readonly RegionId: string; readonly DiagnoseId: string | undefined; readonly VpnGatewayId: string | undefined };
}

async function findDiagnosis({ input, caller, state }: Request): Promise<VpnGatewayDiagnosis | undefined> {
  const { RegionId, DiagnoseId, VpnGatewayId } = input;
  if (DiagnoseId !== undefined) {
    const found = await state.get(vpnGatewayDiagnosis, DiagnoseId);
    const isNamed = VpnGatewayId === undefined || found?.vpnGatewayId === VpnGatewayId;
    return found?.account === caller.account && found.region === RegionId && isNamed ? found : undefined;
  }
  const ofGateway = [["ofGateway", VpnGatewayId ?? ""]] as const;
  const offset = Math.max((await state.count(vpnGatewayDiagnosis, ofGateway)) - 1, 0);
  const [latest] = await state.list(vpnGatewayDiagnosis, ofGateway, { offset, limit: 1 });
  return latest?.resource;
}
/** The diagnosis that the rules have found. */
async function diagnosisOf(call: Request): Promise<VpnGatewayDiagnosis> {
  const found = await findDiagnosis(call);
  if (found === undefined) throw new Error("there is no such diagnosis");
  return found;
}
