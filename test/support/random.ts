/** Random numbers from a seed, so that a run that failed can be told apart from others. (mulberry32) */
export class Random {
  readonly seed: number;
  #state: number;

  constructor(seed: number = Math.floor(Math.random() * 2 ** 32)) {
    this.seed = seed;
    this.#state = seed;
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** A whole number of at least 0, less than `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }
  /** A whole number of at least `from`, at most `to`. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }
  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  /** A member of a list that has any. */
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
  /** The members of a list in another order. */
  shuffled<T>(from: readonly T[]): T[] {
    const left = [...from];
    return from.map(() => left.splice(this.below(left.length), 1)[0] as T);
  }
}
