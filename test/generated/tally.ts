import assert from "node:assert/strict";
import { type AnyOperation, operationKey } from "../../src/contract/operation.ts";
import { operations } from "../../src/services/index.ts";
import type { Read } from "./well-formed.ts";

/** What a whole run has met. */
export class Tally {
  signed = 0;
  noise = 0;
  /** Signed requests that were sent a second time. */
  repeated = 0;
  /** Signed requests all of whose rules held: the call was carried out, or, as a dry run, would have been. */
  passed = 0;
  readonly codes = new Map<string, number>();
  readonly #sent = new Map<string, number>();
  readonly #passed = new Map<string, number>();
  readonly #requestIds = new Set<string>();

  /** Counts an answer. No two may have the same RequestId. */
  met({ code, requestId }: Read): void {
    assert.ok(!this.#requestIds.has(requestId), "no RequestId is given twice");
    this.#requestIds.add(requestId);
    add(this.codes, code);
  }
  metSigned({ product, name }: AnyOperation, answer: Read): void {
    this.met(answer);
    this.signed++;
    add(this.#sent, operationKey(product, name));
    if (answer.code !== "OK" && answer.code !== "DryRunOperation") return;
    this.passed++;
    add(this.#passed, operationKey(product, name));
  }
  metRepeat(answer: Read): void {
    this.met(answer);
    this.signed++;
    this.repeated++;
  }
  metNoise(answer: Read | undefined): void {
    this.noise++;
    if (answer === undefined) add(this.codes, "(no answer)");
    else this.met(answer);
  }

  /** Every operation with how often it was asked, and how often all of its rules held; the rarest first. */
  operations(): { readonly operation: string; readonly sent: number; readonly passed: number }[] {
    return operations
      .map(({ product, name }) => ({ operation: `${product.name} ${name}`, key: operationKey(product, name) }))
      .map(({ operation, key }) => ({ operation, sent: this.#sent.get(key) ?? 0, passed: this.#passed.get(key) ?? 0 }))
      .sort((a, b) => a.sent - b.sent);
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
