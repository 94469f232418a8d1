import { listAll, type ResourceReader } from "../../../contract/resource-kind.ts";
import { day } from "../../../contract/time.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { physicalConnection } from "./physical-connection.ts";

export const vlanMax = 2999;
/** A port without VLANs: whoever has it has the circuit alone. */
export const untagged = 0;
/** Time for which a border router that is out of use keeps its VLAN, in virtual milliseconds. */
const kept = 7 * day;

/** A VLAN of a circuit with the border router or the shared circuit that has it. */
export interface TakenVlan {
  readonly vlanId: number;
  readonly holderId: string;
}

/**
 * The VLANs of a circuit that are taken, each with its holder: by border routers on the circuit itself, and by shared circuits,
 * whose routers use the VLAN of theirs and are not told again.
 * @param now virtual milliseconds
 */
export async function takenVlans(state: ResourceReader, circuitId: string, now: number): Promise<TakenVlan[]> {
  const routers = (await listAll(state, virtualBorderRouter, [["onCircuit", circuitId]])).filter(
    (router) => router.state !== "terminated" || now < router.terminatedAt + kept,
  );
  const shared = await listAll(state, physicalConnection, [["sharedOn", circuitId]]);
  return [
    ...routers.flatMap(({ id, circuits }) =>
      circuits.filter(({ physicalConnectionId }) => physicalConnectionId === circuitId).map(({ vlanId }) => ({ vlanId, holderId: id })),
    ),
    ...shared.map(({ id, vlanId }) => ({ vlanId, holderId: id })),
  ];
}

/** Whether nobody but `holderId` has a VLAN. Whether somebody has the circuit alone is another question. */
export function vlanIsFree(taken: readonly TakenVlan[], vlanId: number, holderId = ""): boolean {
  return taken.every((other) => other.holderId === holderId || other.vlanId !== vlanId);
}

/** Whether a VLAN can live beside those of others: an untagged port can only be alone. */
export function portCanBeShared(taken: readonly TakenVlan[], vlanId: number, holderId = ""): boolean {
  const others = taken.filter((other) => other.holderId !== holderId);
  return vlanId === untagged ? others.length === 0 : others.every((other) => other.vlanId !== untagged);
}
