import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type AnyOperation } from "../contract/operation.ts";
import type { Engine } from "../engine/engine.ts";
import type { Figures } from "../engine/statistics.ts";
import type { Commit } from "../engine/store.ts";
import type { RequestRecord } from "./request-log.ts";

/** Upper bounds in seconds: of what takes a fraction of a millisecond, and of what a client gives up waiting for. */
const durationBounds = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Upper bounds of the writes that share a commit; the last is the most that can. */
const writesBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Counters of the requests of one operation, each looked up by its labels once and not for every request. */
interface OperationCounters {
  readonly duration: { observe(seconds: number): void };
  readonly byCode: Map<string, { inc(): void }>;
}

/** What Prometheus reads of this server. Requests and commits are counted as they happen, everything else is looked up when it is asked for. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #engine: Engine;
  readonly #byOperation = new Map<AnyOperation | string, OperationCounters>();

  readonly #requests = this.#counter("requests_total", "Requests answered, by what was asked and the code of the answer.", [
    "product",
    "action",
    "code",
  ]);
  readonly #durations = this.#histogram("request_duration_seconds", "From a request's last byte to its answer.", durationBounds, [
    "product",
    "action",
  ]);
  readonly #commitWrites = this.#histogram("commit_writes", "Writes that shared a commit.", writesBounds);
  readonly #commitDurations = this.#histogram("commit_duration_seconds", "From a commit's first write to its end.", durationBounds);
  readonly #syncDurations = this.#histogram("commit_sync_duration_seconds", "What the disk took of it.", durationBounds);
  readonly #commitFailures = this.#counter("commit_failures_total", "Commits that failed: none of their writes happened.");

  readonly #resources = this.#gauge("resources", "Resources that there are.", ["kind"]);
  readonly #tasks = this.#gauge("tasks", "Tasks that wait for their time, and those that failed for good.", ["kind", "state"]);
  readonly #ages = this.#gauge("task_age_seconds", "How long the task that waits longest has been waiting, in virtual time.", ["kind"]);
  readonly #overdue = this.#gauge("task_overdue_seconds", "How long the task that waits longest is overdue, in virtual time.", ["kind"]);
  readonly #events = this.#counter("events_total", "Events that the store ever had; the id of the newest.");
  readonly #watchers = this.#gauge("event_watchers", "Clients that follow the event stream.");
  readonly #storeBytes = this.#gauge("store_bytes", "Size of the store's files.", ["file"]);

  readonly #residentMemory = this.#gauge("process_resident_memory_bytes", "Memory of the process.");
  readonly #heap = this.#gauge("process_heap_bytes", "Of it, what JavaScript uses.");
  readonly #cpu = this.#counter("process_cpu_seconds_total", "Processor time, user and system.");
  readonly #busy = this.#counter(
    "event_loop_busy_seconds_total",
    "How long the event loop was not waiting: next to 1 in a second, it is full.",
  );
  readonly #started = this.#gauge("process_start_time_seconds", "When the process started, in seconds since 1970.");

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.statistics.onCommit((commit) => this.#committed(commit));
    // What has not been called yet is 0 and not nothing, so that its first call is an increase.
    for (const operation of engine.operations.values()) this.#requests.inc({ ...namesOf(operation), code: "OK" }, 0);
    this.#started.set(performance.timeOrigin / 1000);
  }

  /** Counts a request that was answered. */
  answered({ operation, product, code, milliseconds }: RequestRecord): void {
    // A name that is not that of an operation can be anything, and is not told.
    const known = this.#byOperation.get(operation ?? product) ?? this.#prepare(operation ?? product);
    known.duration.observe(milliseconds / 1000);
    let requests = known.byCode.get(code);
    if (requests === undefined) {
      const { product: name, action } = namesOf(operation ?? product);
      requests = this.#requests.labels(name, action, code);
      known.byCode.set(code, requests);
    }
    requests.inc();
  }
  #prepare(key: AnyOperation | string): OperationCounters {
    const { product, action } = namesOf(key);
    const counters = { duration: this.#durations.labels(product, action), byCode: new Map<string, { inc(): void }>() };
    this.#byOperation.set(key, counters);
    return counters;
  }

  #committed({ writes, duration, syncDuration, succeeded }: Commit): void {
    if (!succeeded) return this.#commitFailures.inc();
    this.#commitWrites.observe(writes);
    this.#commitDurations.observe(duration / 1000);
    this.#syncDurations.observe(syncDuration / 1000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics, in the text format. */
  async text(): Promise<string> {
    this.#set(await this.#engine.statistics.read());
    return this.#registry.metrics();
  }

  #set({ resources, tasks, newestEventId, store }: Figures): void {
    for (const { kind, total } of resources) this.#resources.set({ kind }, total);
    for (const { kind, moving, failed, age, overdue } of tasks) {
      this.#tasks.set({ kind, state: "moving" }, moving);
      this.#tasks.set({ kind, state: "failed" }, failed);
      this.#ages.set({ kind }, age / 1000);
      this.#overdue.set({ kind }, overdue / 1000);
    }
    setTo(this.#events, newestEventId);
    this.#watchers.set(this.#engine.eventStream.watchers);
    this.#storeBytes.set({ file: "database" }, store.database);
    this.#storeBytes.set({ file: "write_ahead_log" }, store.writeAheadLog);
    const { rss, heapUsed } = process.memoryUsage();
    this.#residentMemory.set(rss);
    this.#heap.set(heapUsed);
    const { user, system } = process.cpuUsage();
    setTo(this.#cpu, (user + system) / 1e6);
    setTo(this.#busy, performance.eventLoopUtilization().active / 1000);
  }

  #counter<L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> {
    return new Counter({ name: `linkspan_${name}`, help, labelNames, registers: [this.#registry] });
  }
  #gauge<L extends string = never>(name: string, help: string, labelNames: L[] = []): Gauge<L> {
    return new Gauge({ name: `linkspan_${name}`, help, labelNames, registers: [this.#registry] });
  }
  #histogram<L extends string = never>(name: string, help: string, buckets: number[], labelNames: L[] = []): Histogram<L> {
    return new Histogram({ name: `linkspan_${name}`, help, buckets, labelNames, registers: [this.#registry] });
  }
}

/** The labels of an operation; of an action that is none, those of its product. */
function namesOf(key: AnyOperation | string): { product: string; action: string } {
  return typeof key === "string" ? { product: key, action: "" } : { product: key.product.name, action: key.name };
}

/** A counter that something else has counted. */
function setTo(counter: Counter, value: number): void {
  counter.reset();
  counter.inc(value);
}
