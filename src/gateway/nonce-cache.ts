/** Nonces remembered in memory at most. Writes keep theirs in the store besides, so for them nothing is ever forgotten early. */
export const noncesInMemoryMax = 200_000;
/** Places of the queue that are behind its head before they are given up. */
const passedMax = 10_000;

/** Recently used nonces, for reads: bounded, gone after a restart. */
export class NonceCache {
  readonly #expiry = new Map<string, number>();
  /** In the order in which they were claimed, beside the map: looking for the first entry of a map that loses its first entries gets slow. */
  #queue: { readonly key: string; readonly expiresAt: number }[] = [];
  #head = 0;

  /** Remembers a nonce of a key until `expiresAt` (wall time in milliseconds); `false` when it is in use already. */
  claim(accessKeyId: string, nonce: string, expiresAt: number, now: number): boolean {
    const key = `${accessKeyId}\n${nonce}`;
    const known = this.#expiry.get(key);
    if (known !== undefined && known >= now) return false;
    this.#expiry.set(key, expiresAt);
    this.#queue.push({ key, expiresAt });
    for (let oldest = this.#queue[this.#head]; oldest !== undefined; oldest = this.#queue[++this.#head]) {
      // One that was claimed anew has another place too.
      const isPassed = this.#expiry.get(oldest.key) !== oldest.expiresAt;
      if (!isPassed && oldest.expiresAt >= now && this.#expiry.size <= noncesInMemoryMax) break;
      if (!isPassed) this.#expiry.delete(oldest.key);
    }
    if (this.#head > passedMax) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return true;
  }

  get size(): number {
    return this.#expiry.size;
  }
}
