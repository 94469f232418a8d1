/** Nonces remembered in memory at most. Writes keep theirs in the store besides, so for them nothing is ever forgotten early. */
export const noncesInMemoryMax = 200_000;

/** Recently used nonces, for reads: bounded, gone after a restart. */
export class NonceCache {
  readonly #expiry = new Map<string, number>();

  /** Remembers a nonce of a key until `expiresAt` (wall time in milliseconds); `false` when it is in use already. */
  claim(accessKeyId: string, nonce: string, expiresAt: number, now: number): boolean {
    const key = `${accessKeyId}\n${nonce}`;
    const known = this.#expiry.get(key);
    if (known !== undefined && known >= now) return false;
    this.#expiry.delete(key);
    this.#expiry.set(key, expiresAt);
    // Entries stand in the order in which they were claimed, so the oldest come first.
    for (const [oldest, expires] of this.#expiry) {
      if (expires >= now && this.#expiry.size <= noncesInMemoryMax) break;
      this.#expiry.delete(oldest);
    }
    return true;
  }

  get size(): number {
    return this.#expiry.size;
  }
}
