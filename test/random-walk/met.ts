import type { AnyKind } from "../../src/contract/resource-kind.ts";

/** What walks have met, and how often: a walk that meets nothing shows nothing. */
export class Met {
  readonly moves = new Map<string, number>();
  /** By action and code; `OK` where it succeeded. */
  readonly answers = new Map<string, number>();

  moved(kind: AnyKind, from: string, event: string, to: string): void {
    count(this.moves, moveName(kind, from, event, to));
  }
  answered(action: string, code: string): void {
    count(this.answers, `${action} ${code}`);
  }
}
export function moveName(kind: AnyKind, from: string, event: string, to: string): string {
  return `${kind.name}: ${from} --${event}--> ${to}`;
}
function count(met: Map<string, number>, what: string): void {
  met.set(what, (met.get(what) ?? 0) + 1);
}
