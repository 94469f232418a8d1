import { isTransitional, movesOf, gone, nothing } from "../../src/contract/state-table.ts";
import { kinds } from "../../src/services/index.ts";

/** The state tables of all kinds, drawn and told. */
export function stateDiagrams(): string {
  const parts = kinds.map((kind) => {
    const name = (state: string): string => (state === gone || state === nothing ? "[*]" : state);
    const arrows = movesOf(kind.states).map(({ from, event, to }) => `    ${name(from)} --> ${name(to)}: ${event}`);
    const rows = Object.entries(kind.states.states).map(([state, { meaning, shownAs, task }]) => {
      const ends = task === undefined ? "" : `${task.event} after ${typeof task.after === "function" ? "a time of its own" : task.after}`;
      return `| ${state} | ${shownAs ?? state} | ${meaning} | ${isTransitional(kind.states, state) ? "yes" : ""} | ${ends} |`;
    });
    return [
      `## ${kind.name}`,
      "",
      "```mermaid",
      "stateDiagram-v2",
      ...arrows,
      "```",
      "",
      "| state | clients read | meaning | refuses every write | ends by itself |",
      "| --- | --- | --- | --- | --- |",
      ...rows,
      "",
    ].join("\n");
  });
  return [
    "# States",
    "",
    "Drawn from the state tables that the server runs on (`npm run generate`). `work` and `deletedPhase` depend on the pace.",
    "",
    ...parts,
  ].join("\n");
}
