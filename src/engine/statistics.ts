import type { AnyKind } from "../contract/resource-kind.ts";
import { readClock, virtualTime } from "./clock.ts";
import { type Kinds, totalOf } from "./resources.ts";
import type { CommitListener, Store } from "./store.ts";

/** What there is at one moment. */
export interface Figures {
  /** Every kind, also one of which there is nothing. */
  readonly resources: readonly { readonly kind: string; readonly total: number }[];
  /** Every kind that has states which end by themselves. */
  readonly tasks: readonly {
    readonly kind: string;
    readonly moving: number;
    readonly failed: number;
    /** How long the one that waits longest has been waiting, in virtual milliseconds; 0 when none is. */
    readonly age: number;
    /** How long the one that has waited longest is overdue, in virtual milliseconds; 0 when none is. */
    readonly overdue: number;
  }[];
  /** Ids count all events that the store ever had. */
  readonly newestEventId: number;
  /** Bytes on disk. */
  readonly store: ReturnType<Store["sizes"]>;
}

/** Figures about the store, for those who watch a server. */
export class Statistics {
  readonly #store: Store;
  readonly #kinds: Kinds;

  constructor(store: Store, kinds: Kinds) {
    this.#store = store;
    this.#kinds = kinds;
  }

  onCommit(listener: CommitListener): void {
    this.#store.onCommit(listener);
  }

  /** Costs one look-up for each kind, and a walk through the tasks that are open. */
  read(): Promise<Figures> {
    return this.#store.read(async (rows) => {
      const now = virtualTime(await readClock(rows), Date.now());
      const resources = [];
      for (const kind of this.#kinds.values()) resources.push({ kind: kind.name, total: await totalOf(rows, kind) });
      const totals = new Map((await rows.tasksByKind()).map((row) => [row.kind, row]));
      const tasks = [...this.#kinds.values()].filter(hasTasks).map(({ name }) => {
        const { moving = 0, failed = 0, since, due } = totals.get(name) ?? {};
        const past = (time: number | null = now): number => Math.max(0, now - (time ?? now));
        return { kind: name, moving, failed, age: past(since), overdue: past(due) };
      });
      return { resources, tasks, newestEventId: (await rows.eventRange()).newest, store: this.#store.sizes() };
    });
  }
}

function hasTasks({ states }: AnyKind): boolean {
  return Object.values(states.states).some(({ task }) => task !== undefined);
}
