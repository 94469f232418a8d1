import { type Pace, advancedTo, readClock, virtualTime, writeClock } from "./clock.ts";
import type { Faults } from "./faults/faults.ts";
import { type HoldTask, type Kinds, WritableResources } from "./resources.ts";
import type { SecretBox } from "./secrets.ts";
import { type Store, type TaskRow, type WritableRows, StoreUnavailable } from "./store.ts";

/** Attempts before a task counts as failed for good. */
const attemptsMax = 5;
/** Virtual milliseconds before the first repeat of a failing task; doubles with each. */
const retryDelay = 1_000;
/** Tasks that one look at the store takes up. */
const batchMax = 200;
/** The longest sleep: a timer cannot wait longer than 24 days, and an hour keeps the wall clock's corrections in view. */
const sleepMax = 60 * 60 * 1000;

/** Is told of a task that failed, or, without a task, of a look at the store that failed. */
export type TaskFailureListener = (task: TaskRow | undefined, error: unknown) => void;

/**
 * Ends states that end by themselves. A task is done, or tried again later, or failed for good; nothing else.
 * The task's row goes in the transaction that moves its resource, so a crash in between only repeats it.
 */
export class TaskRunner {
  readonly #store: Store;
  readonly #kinds: Kinds;
  readonly #secrets: SecretBox;
  readonly #onFailure: TaskFailureListener;
  readonly #faults: Faults | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(store: Store, kinds: Kinds, secrets: SecretBox, onFailure: TaskFailureListener, faults?: Faults) {
    this.#store = store;
    this.#kinds = kinds;
    this.#secrets = secrets;
    this.#onFailure = onFailure;
    this.#faults = faults;
  }

  /** Looks at the store now, and from then on whenever the next task is due. */
  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined;
      if (this.#again) this.wake();
    });
  }

  /** Runs what is due until nothing is; resolves when done. */
  async runDue(): Promise<void> {
    for (;;) {
      const due = await this.#store.read(async (rows) => {
        return rows.tasks(batchMax, virtualTime(await readClock(rows), Date.now()));
      });
      if (due.length === 0) return;
      const results = await Promise.allSettled(due.map((task) => this.#run(task)));
      for (const result of results) if (result.status === "rejected") throw result.reason;
    }
  }

  /** Moves virtual time forward by `milliseconds`, stopping at every task on the way so that each runs at its own time. */
  async advance(milliseconds: number): Promise<void> {
    const target = await this.#store.read(async (rows) => virtualTime(await readClock(rows), Date.now()) + milliseconds);
    for (;;) {
      await this.runDue();
      const next = await this.#store.read(async (rows) => (await rows.tasks(1))[0]?.due);
      const stop = Math.min(next ?? target, target);
      await this.#store.write(async (rows) => writeClock(rows, advancedTo(await readClock(rows), stop, Date.now())));
      if (stop === target) break;
    }
    await this.runDue();
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #loop(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      clearTimeout(this.#timer);
      let sleep: number | undefined;
      try {
        await this.runDue();
        sleep = await this.#untilNext();
      } catch (error) {
        // A store that fails now may work again later; until then nothing is lost by waiting.
        this.#onFailure(undefined, error);
        sleep = retryDelay;
      }
      if (sleep !== undefined && !this.#stopped) this.#timer = setTimeout(() => this.wake(), Math.min(sleep, sleepMax));
    }
  }

  #untilNext(): Promise<number | undefined> {
    return this.#store.read(async (rows) => {
      const clock = await readClock(rows);
      const [next] = await rows.tasks(1);
      return next === undefined || clock.stoppedAt !== null ? undefined : Math.max(0, next.due - virtualTime(clock, Date.now()));
    });
  }

  async #run(task: TaskRow): Promise<void> {
    const faults = this.#faults?.isEmpty === false ? this.#faults.meetTask() : undefined;
    try {
      await this.#store.write((rows) => runTask(rows, this.#kinds, this.#secrets, task, faults?.hold));
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.#onFailure(task, error);
      await this.#store.write((rows) => postpone(rows, task, error));
    } finally {
      faults?.settle();
    }
  }
}

/** Whether a task still stands as it was read: nothing has moved its resource since. */
async function stands(rows: WritableRows, task: TaskRow): Promise<boolean> {
  const current = await rows.task(task.resource);
  return current?.event === task.event && current.due === task.due && current.failure === null;
}

/** Plans the next attempt of a task that failed, or marks it as failed for good. */
async function postpone(rows: WritableRows, task: TaskRow, error: unknown): Promise<void> {
  if (!(await stands(rows, task))) return;
  const attempts = task.attempts + 1;
  const now = virtualTime(await readClock(rows), Date.now());
  const failure = attempts < attemptsMax ? null : String(error);
  await rows.putTask({ ...task, attempts, due: now + retryDelay * 2 ** attempts, failure });
}

/** Lets a task's event happen to its resource, if the task still stands. */
async function runTask(rows: WritableRows, kinds: Kinds, secrets: SecretBox, task: TaskRow, hold: HoldTask | undefined): Promise<void> {
  const clock = await readClock(rows);
  const state = new WritableResources(rows, kinds, secrets, {
    now: virtualTime(clock, Date.now()),
    pace: clock.pace,
    cause: "task",
    principal: "system",
    hold,
  });
  await finish(rows, state, kinds, task);
}

async function finish(rows: WritableRows, state: WritableResources, kinds: Kinds, task: TaskRow): Promise<void> {
  const kind = kinds.get(task.kind);
  if (!(await stands(rows, task))) return;
  if (kind === undefined) throw new Error(`no kind is named ${task.kind}`);
  const resource = await state.get<object>(kind, task.resource);
  if (resource === undefined) return rows.deleteTask(task.resource);
  await state.move<object>(kind, resource, task.event);
}

/** In pace `instant` the work of a call is done before its answer leaves: runs the tasks of what the call touched, in its transaction. */
export async function finishAtOnce(rows: WritableRows, state: WritableResources, kinds: Kinds, pace: Pace): Promise<void> {
  if (pace !== "instant") return;
  for (let done = 0; done < state.changes.length; done++) {
    const change = state.changes[done];
    const task = change && (await rows.task(change.resource));
    if (task && task.due <= state.now) await finish(rows, state, kinds, task);
  }
}
