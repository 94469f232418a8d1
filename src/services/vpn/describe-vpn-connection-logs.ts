import { id, numberedPage, optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../contract/common-parameters.ts";
import { missingParameter } from "../../contract/errors.ts";
import { type Call, readOperation } from "../../contract/operation.ts";
import { integer } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { bool, int, text, wrapped } from "../../contract/response.ts";
import { anyConnection, connectionIsThere } from "./any-connection.ts";
import { logOf, shownLine } from "./connection-log.ts";
import { connectionErrors, vpnDenied } from "./errors.ts";

/** Seconds since 1970, in virtual time. */
const unixSeconds = integer({ min: 0 });

export const describeVpnConnectionLogs = readOperation({
  product: Vpc,
  name: "DescribeVpnConnectionLogs",
  summary: "Reads what happened to an IPsec-VPN connection, or to one of its two tunnels, within some time.",
  authorisation: {
    action: "vpc:DescribeVpnConnectionLogs",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnconnection/{VpnConnectionId}"],
    source: "public-docs",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    VpnConnectionId: id,
    From: unixSeconds,
    To: unixSeconds,
    MinutePeriod: integer({ min: 1, max: 10 }),
    ...pageParameters,
    TunnelId: optionalId,
  },
  response: { Count: int, Data: wrapped("Logs", text), IsCompleted: bool, PageNumber: int, PageSize: int },
  check: [
    connectionIsThere,
    {
      rule: "From and To are both given, or MinutePeriod is, alone or with one of them",
      error: missingParameter("MinutePeriod"),
      source: "sdk-metadata",
      holds: ({ input }) => input.MinutePeriod !== undefined || (input.From !== undefined && input.To !== undefined),
    },
    {
      rule: "TunnelId, if given, is one of the two tunnels of the connection",
      error: connectionErrors.tunnelUnknown,
      source: "sdk-metadata",
      holds: async (call) =>
        call.input.TunnelId === undefined || (await anyConnection(call)).tunnels.some((tunnel) => tunnel.id === call.input.TunnelId),
    },
    pageIsNotTooDeep,
    {
      rule: "the connection, or the tunnel if one is named, has a line in its log within the time asked for",
      error: connectionErrors.logNotFound,
      advice: "ask for the time when the connection was created or last changed; From and To are seconds of this server's virtual time",
      holds: async (call) => (await linesOf(call)).length > 0,
    },
  ],
  read: async (call) => {
    const { PageNumber, PageSize } = call.input;
    const { offset, limit } = numberedPage(call.input);
    const Logs = (await linesOf(call)).slice(offset, offset + limit);
    return { Count: Logs.length, Data: { Logs }, IsCompleted: true, PageNumber, PageSize };
  },
});

interface Request extends Pick<Call, "caller" | "state" | "now"> {
  readonly input: {
    readonly RegionId: string;
    readonly VpnConnectionId: string;
    readonly From: number | undefined;
    readonly To: number | undefined;
    readonly MinutePeriod: number | undefined;
    readonly TunnelId: string | undefined;
  };
}

/** Every line that the call asks for, the oldest first. */
async function linesOf(call: Request): Promise<string[]> {
  const { TunnelId } = call.input;
  const [from, to] = windowOf(call);
  const connection = await anyConnection(call);
  return logOf(connection)
    .filter(({ at, tunnelId }) => inSeconds(at) >= from && inSeconds(at) <= to && (TunnelId === undefined || tunnelId === TunnelId))
    .map((line) => shownLine(connection, line));
}
/** First and last second that the call asks about. */
function windowOf({ input: { From, To, MinutePeriod = 0 }, now }: Request): [from: number, to: number] {
  const period = MinutePeriod * 60;
  const to = To ?? (From === undefined ? inSeconds(now) : From + period);
  return [From ?? to - period, to];
}
function inSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
