import { gone, isTransitional, movesOf, nothing, type StateTable } from "../contract/state-table.ts";
import { html, type Markup } from "./markup.ts";

/** A state table as a drawing: states in rows, by how many moves lead to them at most, and moves as arrows between the rows. */

const boxHeight = 28;
const rowHeight = 72;
const characterWidth = 7.5;
const boxPadding = 18;
const gap = 16;
/** How far two moves lie apart that join the same states, one each way. */
const pairOffset = 8;

/** A place in a row: a state, or a way through for a move between rows further apart. */
interface Place {
  readonly state: string | undefined;
  readonly row: number;
  readonly width: number;
  /** Middle of the place. */
  x: number;
}
interface Arrow {
  readonly from: string;
  readonly to: string;
  /** From the upper state to the lower one, whichever way the arrow points. */
  readonly places: readonly Place[];
  readonly pointsUp: boolean;
}

/** Draws the states of a kind, with `present` and the moves out of it brought out. */
export function stateDiagram(table: StateTable<never>, present: string, description: string): Markup {
  const { rows, arrows } = layOut(table);
  const width = Math.max(...rows.map(rowWidth)) + 2 * gap;
  const height = rows.length * rowHeight - (rowHeight - boxHeight) + 2;
  const isOpen = ({ from }: Arrow): boolean => from === present;
  // What is brought out is drawn last, over the rest.
  const inOrder = [...arrows].sort((a, b) => Number(isOpen(a)) - Number(isOpen(b)));
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${description}">
    <defs>${marker("arrow", "")}${marker("open-arrow", "open")}</defs>
    ${inOrder.map((arrow) => {
      const open = isOpen(arrow);
      const path = pathOf(arrow, arrows);
      return html`<path class="${open ? "open" : ""}" d="${path}" marker-end="url(#${open ? "open-arrow" : "arrow"})" />`;
    })}
    ${rows.flat().map(({ state, row, width: boxWidth, x }) => {
      if (state === undefined) return undefined;
      const classes = [state === present ? "present" : "", isTransitional(table, state) ? "passing" : ""].join(" ").trim();
      return html`<g class="${classes}">
        <rect x="${x - boxWidth / 2}" y="${top(row)}" width="${boxWidth}" height="${boxHeight}" rx="5" />
        <text x="${x}" y="${top(row) + boxHeight / 2}">${nameOf(state)}</text>
      </g>`;
    })}
  </svg>`;
}

function nameOf(state: string): string {
  return state === gone ? "gone" : state;
}
function top(row: number): number {
  return row * rowHeight + 1;
}
function marker(id: string, classes: string): Markup {
  return html`<marker
    id="${id}"
    class="${classes}"
    viewBox="0 0 8 8"
    refX="8"
    refY="4"
    markerWidth="8"
    markerHeight="8"
    markerUnits="userSpaceOnUse"
    orient="auto"
    ><path d="M0 0 8 4 0 8z"
  /></marker>`;
}
function rowWidth(row: readonly Place[]): number {
  return row.reduce((sum, { width }) => sum + width, 0) + gap * (row.length - 1);
}

function layOut(table: StateTable<never>): { rows: Place[][]; arrows: Arrow[] } {
  const moves = distinctMoves(table);
  const returning = returningMoves(table, moves);
  const rowOf = rowsOf(
    table,
    moves.filter((move) => !returning.has(move)),
  );
  const rows: Place[][] = [];
  const put = (row: number, state: string | undefined): Place => {
    const place = { state, row, width: state === undefined ? gap : nameOf(state).length * characterWidth + boxPadding, x: 0 };
    (rows[row] ??= []).push(place);
    return place;
  };
  const placeOf = new Map([...rowOf].map(([state, row]) => [state, put(row, state)]));
  const arrows = moves.flatMap((move): Arrow[] => {
    const [from, to] = [placeOf.get(move.from), placeOf.get(move.to)];
    if (from === undefined || to === undefined || from.row === to.row) return [];
    const [upper, lower] = from.row < to.row ? [from, to] : [to, from];
    const between = Array.from({ length: lower.row - upper.row - 1 }, (_, index) => put(upper.row + 1 + index, undefined));
    return [{ ...move, places: [upper, ...between, lower], pointsUp: from.row > to.row }];
  });
  spread(rows, arrows);
  return { rows, arrows };
}

interface Move {
  readonly from: string;
  readonly to: string;
}
/** Each pair of states that a move joins, once. Where a resource comes from at first is no state. */
function distinctMoves(table: StateTable<never>): Move[] {
  const moves = movesOf(table).filter(({ from, to }) => from !== nothing && from !== to);
  return [...new Map(moves.map(({ from, to }) => [`${from} ${to}`, { from, to }])).values()];
}

/** The moves that lead back to a state on the way to them: without these, no way through the table is a circle. */
function returningMoves(table: StateTable<never>, moves: readonly Move[]): Set<Move> {
  const returning = new Set<Move>();
  const done = new Set<string>();
  const visit = (state: string, way: readonly string[]): void => {
    for (const move of moves.filter(({ from }) => from === state)) {
      if (move.to === state || way.includes(move.to)) returning.add(move);
      else if (!done.has(move.to)) visit(move.to, [...way, state]);
    }
    done.add(state);
  };
  for (const first of Object.values(table.initial)) visit(first, []);
  return returning;
}

/** The row of each state: behind every state that leads to it. */
function rowsOf(table: StateTable<never>, moves: readonly Move[]): Map<string, number> {
  const rowOf = new Map<string, number>();
  const visit = (state: string, row: number): void => {
    if ((rowOf.get(state) ?? -1) >= row) return;
    rowOf.set(state, row);
    for (const { from, to } of moves) if (from === state) visit(to, row + 1);
  };
  for (const first of Object.values(table.initial)) visit(first, 0);
  return rowOf;
}

/** Gives every place its x: below the middle of what leads to it, as far as the row has room. */
function spread(rows: readonly Place[][], arrows: readonly Arrow[]): void {
  const above = new Map<Place, Place[]>();
  for (const { places } of arrows) {
    for (const [index, place] of places.entries()) {
      const upper = places[index - 1];
      if (upper !== undefined) above.set(place, [...(above.get(place) ?? []), upper]);
    }
  }
  const wanted = (place: Place): number => {
    const uppers = above.get(place) ?? [];
    return uppers.length === 0 ? 0 : uppers.reduce((sum, { x }) => sum + x, 0) / uppers.length;
  };
  const widest = Math.max(...rows.map(rowWidth));
  for (const row of rows) {
    row.sort((a, b) => wanted(a) - wanted(b));
    let x = gap + (widest - rowWidth(row)) / 2;
    for (const place of row) {
      place.x = x + place.width / 2;
      x += place.width + gap;
    }
  }
}

function pathOf({ from, to, places, pointsUp }: Arrow, arrows: readonly Arrow[]): string {
  const isPair = arrows.some((other) => other.from === to && other.to === from);
  const offset = isPair ? (pointsUp ? pairOffset : -pairOffset) : 0;
  const points = places.flatMap(({ x, row }, index) => {
    const isFirst = index === 0;
    const isLast = index === places.length - 1;
    return [...(isFirst ? [] : [[x + offset, top(row)]]), ...(isLast ? [] : [[x + offset, top(row) + boxHeight]])];
  });
  return `M${(pointsUp ? points.toReversed() : points).map((point) => point.join(" ")).join("L")}`;
}
