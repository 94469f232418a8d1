import { isIPv6 } from "node:net";
import { blockAround } from "../contract/cidr.ts";
import { Refusal } from "../contract/errors.ts";
import type { Statement } from "../contract/operation.ts";
import type { RateLimit } from "../contract/settings.ts";
import type { SigningKey } from "../engine/engine.ts";
import { demandOf, type Story } from "../engine/story.ts";
import { failedSignatureInterval, failedSignaturesAtOnce, signatureRules } from "./protocol-rules.ts";
import type { WireRequest } from "./wire-request.ts";

/** How often something may happen: `burst` times at once, and once more every `interval` milliseconds. */
export interface Rate {
  readonly burst: number;
  readonly interval: number;
}

/** Buckets remembered at most: the one that gave a token longest ago is forgotten first, because it is likely to be full again. */
export const bucketsInMemoryMax = 100_000;
/** Milliseconds that sums of fractions may be wrong by. Nobody shall wait for that. */
const roundingMax = 1e-6;

/** Token buckets by name, in memory. A bucket that is not known is full. Times are wall time in milliseconds. */
export class TokenBuckets {
  readonly #buckets = new Map<string, { readonly tokens: number; readonly at: number }>();

  /** Whole milliseconds until a bucket has a token; 0 when it has one. */
  wait(name: string, rate: Rate, now: number): number {
    return Math.max(0, Math.ceil((1 - this.#tokens(name, rate, now)) * rate.interval - roundingMax));
  }
  /** Takes a token from a bucket; one that has none is left empty. */
  take(name: string, rate: Rate, now: number): void {
    const tokens = Math.max(0, this.#tokens(name, rate, now) - 1);
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens, at: now });
    if (this.#buckets.size > bucketsInMemoryMax) this.#buckets.delete(this.#buckets.keys().next().value as string);
  }
  get size(): number {
    return this.#buckets.size;
  }

  #tokens(name: string, { burst, interval }: Rate, now: number): number {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return burst;
    // A clock that was set back takes no tokens away.
    return Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / interval);
  }
}

type Sender = Pick<WireRequest, "address" | "isLoopback">;
const failedSignatures: Rate = { burst: failedSignaturesAtOnce, interval: failedSignatureInterval };

/** The limits on requests: those that the settings put on keys and accounts, and the one on addresses that sign wrongly. */
export class RateLimits {
  readonly #callers = new TokenBuckets();
  readonly #addresses = new TokenBuckets();

  /**
   * Takes a token for a verified request, of its key and of its account. A request that is refused takes none.
   * @throws {Refusal} `Throttling.User`, when either has none
   */
  admitKey({ caller, rateLimits }: SigningKey, now: number, story: Story): void {
    const limits = [
      { rule: signatureRules.keyWithinLimit, name: `key ${caller.accessKeyId}`, limit: rateLimits.key },
      { rule: signatureRules.accountWithinLimit, name: `account ${caller.account}`, limit: rateLimits.account },
    ];
    for (const { rule, name, limit } of limits) {
      const wait = limit === undefined ? 0 : this.#callers.wait(name, rateOf(limit), now);
      demandNoWait(story, rule, wait, `wait ${wait} ms, or change the rate limit of ${name} with PUT /_linkspan/settings`);
    }
    for (const { name, limit } of limits) if (limit !== undefined) this.#callers.take(name, rateOf(limit), now);
  }

  /**
   * Refuses an address that has signed wrongly too often, whatever it sends. Its other clients, who sign rightly, wait too: to let
   * them through, each signature would have to be looked at, and then somebody who guesses could go on guessing.
   * @throws {Refusal} `Throttling.User`
   */
  admitAddress(sender: Sender, now: number, story: Story): void {
    const wait = sender.isLoopback ? 0 : this.#addresses.wait(networkOf(sender.address), failedSignatures, now);
    const advice = `wait ${wait} ms, and find the client at ${sender.address} that has a wrong AccessKeyId or secret`;
    demandNoWait(story, signatureRules.addressWithinLimit, wait, advice);
  }
  /** Counts a request whose key is unknown, or whose signature does not match. */
  countFailedSignature(sender: Sender, now: number): void {
    if (!sender.isLoopback) this.#addresses.take(networkOf(sender.address), failedSignatures, now);
  }
}

function rateOf({ requestsPerSecond, burst = requestsPerSecond }: RateLimit): Rate {
  return { burst, interval: 1000 / requestsPerSecond };
}

function demandNoWait(story: Story, rule: Statement, wait: number, advice: string): void {
  demandOf(story, rule, () => {
    if (wait > 0) throw new Refusal(rule.error, [], advice, wait);
  });
}

/** What is counted as one sender: an IPv4 address, also one that is written as IPv6, or the /64 of IPv6 that one host has to itself. */
export function networkOf(address: string): string {
  const [plain = ""] = address.replace(/^::ffff:(?=\d+\.)/i, "").split("%");
  return isIPv6(plain) ? blockAround(plain, 64) : plain;
}
