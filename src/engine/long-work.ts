import { setImmediate } from "node:timers/promises";
import { StoreUnavailable } from "./store.ts";

/** Work that may take seconds, as others see it. */
export interface LongWorkView {
  readonly action: "save" | "load" | "check" | "rewind";
  /** Name of the snapshot, or the event that is gone back to. */
  readonly name: string;
  /** Resources or events done so far, of `total`; both 0 until it is known how many there are. */
  readonly done: number;
  readonly total: number;
}

/** Says how far the work is, and lets everybody else have a turn. */
export type Step = (done: number, total: number) => Promise<void>;

/** What takes seconds on a large store: it gives way to other requests, can be watched, and ends when the server does. */
export class LongWork {
  readonly #running = new Map<Promise<unknown>, LongWorkView>();
  #isStopping = false;

  /** What is under way. */
  view(): LongWorkView[] {
    return [...this.#running.values()];
  }

  /** @param work has to call its argument after every few milliseconds of work */
  run<T>(action: LongWorkView["action"], name: string, work: (step: Step) => Promise<T>): Promise<T> {
    const step: Step = async (done, total) => {
      this.#running.set(running, { action, name, done, total });
      await setImmediate();
      if (this.#isStopping) throw new StoreUnavailable(new Error("the server is being stopped"));
    };
    const running: Promise<T> = Promise.resolve()
      .then(() => work(step))
      .finally(() => this.#running.delete(running));
    this.#running.set(running, { action, name, done: 0, total: 0 });
    return running;
  }

  /** Ends what is under way; nothing of it has happened then. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.allSettled(this.#running.keys());
  }
}
