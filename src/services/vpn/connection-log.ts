import { type Connection, type LogLine, negotiationOf, simulatedStatus } from "./connection-body.ts";

/** The log of an IPsec-VPN connection: what happened to it, and how far the negotiation of its tunnels is. */

/** What a connection has in its log, the oldest first. */
export function logOf(of: Connection): LogLine[] {
  return [...of.log, ...of.tunnels.map((_tunnel, index) => negotiationLine(of, index))];
}

/** How far the negotiation of a tunnel is, and who says so, as of the last change of the connection. */
export function negotiationLine(of: Connection, index: number): LogLine {
  const why =
    simulatedStatus(of, index) === "" ? "no data plane is attached, nothing is negotiated" : "simulated with PATCH, nothing is negotiated";
  return { at: of.modifiedAt, tunnelId: of.tunnels[index]?.id ?? "", text: `negotiation status ${negotiationOf(of, index)}: ${why}` };
}

/** A line as the API shows it: UTC, what it is about, text. */
export function shownLine({ id }: Pick<Connection, "id">, { at, tunnelId, text }: LogLine): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} ${tunnelId === "" ? id : tunnelId} ${text}`;
}
