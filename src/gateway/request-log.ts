import type { AnyOperation } from "../contract/operation.ts";
import type { Story } from "../engine/story.ts";
import type { Noted } from "./audit/noted.ts";

/** Requests remembered for the request log. */
export const requestsInMemoryMax = 5_000;

/** One request, told whole. Secrets were masked before it was written. */
export interface RequestRecord extends Story {
  readonly requestId: string;
  /** Wall time in milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly signatureVersion: string;
  readonly product: string;
  readonly action: string;
  /** The operation that the action named; `undefined` for one that is not here. */
  readonly operation: AnyOperation | undefined;
  readonly account: string;
  readonly accessKeyId: string;
  /** Its first characters. */
  readonly userAgent: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly stringToSign: string;
  /** What the string to sign of V3 is a hash of; empty for V1. */
  readonly canonicalRequest: string;
  /** Values were masked before string to sign and canonical request were made, so they differ from what the caller signed. */
  readonly masked: boolean;
  readonly status: number;
  /** `OK`, or the code of the error. */
  readonly code: string;
  readonly message: string;
  /** What would have been accepted, where the refusal can say it. */
  readonly advice: string;
  readonly milliseconds: number;
  readonly noted: Noted;
}

/** The most recent requests, in memory. */
export class RequestLog {
  readonly #records = new Map<string, RequestRecord>();
  #dropped = 0;

  add(record: RequestRecord): void {
    this.#records.set(record.requestId, record);
    if (this.#records.size > requestsInMemoryMax) {
      const oldest = this.#records.keys().next().value;
      if (oldest !== undefined) this.#records.delete(oldest);
      this.#dropped += 1;
    }
  }
  /** How many were there once, and had to make room. */
  get dropped(): number {
    return this.#dropped;
  }
  /** In the order in which they were answered. */
  all(): RequestRecord[] {
    return [...this.#records.values()];
  }
  get(requestId: string): RequestRecord | undefined {
    return this.#records.get(requestId.toUpperCase());
  }
  /** Newest first. */
  recent(limit: number): RequestRecord[] {
    return [...this.#records.values()].reverse().slice(0, limit);
  }
}

/** The first characters of a text, as a text of its own: a slice would keep the whole of a large request in memory. */
export function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : Buffer.from(text.slice(0, lengthMax)).toString();
}
