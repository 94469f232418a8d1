import type { AnyOperation } from "../../contract/operation.ts";
import type { Kinds } from "../../engine/resources.ts";
import type { RequestRecord } from "../request-log.ts";

/** What the audit has to say, and what each kind of finding means. */

export interface Client {
  readonly account: string;
  readonly accessKeyId: string;
  readonly userAgent: string;
}

export interface Finding {
  readonly kind: FindingKind;
  /** What was seen, as a sentence. */
  readonly seen: string;
  /** Why it matters in production. */
  readonly matters: string;
  readonly instead: string;
  readonly client: Client;
  readonly product: string;
  readonly operation: string;
  /** Ids of what the calls were about: the first few of them. */
  readonly resources: readonly string[];
  /** How often. */
  readonly count: number;
  /** ISO 8601, wall time, of the first and the last request. */
  readonly from: string;
  readonly to: string;
  /** RequestIds in the order of the requests: the first and the last of them. */
  readonly requests: readonly string[];
  /** How many between these are left out. */
  readonly requestsLeftOut: number;
}

/** A request of a known key for an operation that is here: nothing else is audited. */
export type Audited = RequestRecord & { readonly operation: AnyOperation };

/** The requests of one account, by the time at which they began. */
export interface Traffic {
  readonly requests: readonly Audited[];
  /** The same: the calls that each client made of each operation. A client is a key with a User-Agent. */
  readonly calls: readonly CallsOfClient[];
  readonly kinds: Kinds;
}
export type CallsOfClient = readonly [Audited, ...Audited[]];

/** What a detector has found in the calls of one operation. */
export interface Occurrence {
  readonly seen: string;
  readonly count: number;
  /** In their order, all of one client. The last is one of the operation in question. */
  readonly requests: readonly Audited[];
  /** What to do instead, where it depends on the operation. */
  readonly instead?: string;
}

/** The heaviest first: what does harm unseen, then what fails, then what is a burden, then what will end one day. */
export const findingKinds = {
  "new-token": {
    title: "Tried again with another ClientToken",
    matters:
      "A call whose answer is lost may have been carried out. With another ClientToken, or with none, the repeat is a new call: " +
      "it makes a second resource, which nobody knows of and somebody pays for, or is refused because of the first.",
    instead: "Make one ClientToken for each resource that is wanted, before the first try, and send the same one with every try.",
  },
  "paging-ignored": {
    title: "Paging ignored",
    matters: "What stands on later pages is taken as not being there. It works until an account has more than one page of them.",
    instead: "Ask for page after page until the answer says that there are no more: by TotalCount, NextToken or IsTruncated.",
  },
  "not-waited": {
    title: "Not waited for",
    matters:
      "Asynchronous work goes on when the call has been answered, in production for seconds to minutes. What is sent meanwhile is refused.",
    instead: "Look every few seconds until the work is done, and only then go on.",
  },
  "no-back-off": {
    title: "Tried again without back-off",
    matters:
      "What refuses now still refuses a moment later. Repeats at once use up the rate limit of the whole account, and are refused too.",
    instead:
      "Wait before each repeat, longer each time, and as long as x-acs-retry-after says where it is given. " +
      "Repeat only what can succeed: throttling, 5xx and states that end by themselves.",
  },
  "fast-polling": {
    title: "Polled faster than once a second",
    matters:
      "Work takes seconds to minutes in production, and each look counts against the rate limit that all calls of the account share.",
    instead: "Look every three to five seconds, as Terraform and the CLI do, and stop after a time limit.",
  },
  deprecated: {
    title: "Deprecated",
    matters: "What is deprecated gets no new fields, and may end.",
    instead: "Use what has taken its place.",
  },
} as const;
export type FindingKind = keyof typeof findingKinds;

/** Times in milliseconds. The log knows when requests were answered; clients decide when they begin. */
export function beganAt({ at, milliseconds }: RequestRecord): number {
  return at - milliseconds;
}

/** Ids of what a request was about: those that it named, by target or by the prefix that ids of a kind have. */
export function resourcesOf({ targets, parameters, changes }: Audited, kinds: Kinds): string[] {
  const named = targets.map(({ id }) => id);
  if (named.length > 0) return named;
  const prefixes = [...kinds.values()].map(({ idPrefix }) => `${idPrefix}-`);
  const sent = Object.values(parameters).filter((value) => prefixes.some((prefix) => value.startsWith(prefix)));
  return sent.length > 0 ? sent : changes.slice(0, 1).map(({ resource }) => resource);
}

const resourcesShownMax = 5;
/** RequestIds shown from either end. */
const requestsShownMax = 5;

export function finding(kind: FindingKind, { seen, count, requests, instead }: Occurrence, kinds: Kinds): Finding {
  const [first, last] = [requests[0] as Audited, requests.at(-1) as Audited];
  const { account, accessKeyId, userAgent } = first;
  const leftOut = Math.max(0, requests.length - 2 * requestsShownMax);
  const shown = leftOut === 0 ? requests : [...requests.slice(0, requestsShownMax), ...requests.slice(-requestsShownMax)];
  return {
    kind,
    seen,
    matters: findingKinds[kind].matters,
    instead: instead ?? findingKinds[kind].instead,
    client: { account, accessKeyId, userAgent },
    product: last.product,
    operation: last.operation.name,
    resources: [...new Set(shown.flatMap((request) => resourcesOf(request, kinds)))].slice(0, resourcesShownMax),
    count,
    from: new Date(first.at).toISOString(),
    to: new Date(last.at).toISOString(),
    requests: shown.map(({ requestId }) => requestId),
    requestsLeftOut: leftOut,
  };
}

export function clientOf({ accessKeyId, userAgent }: Audited): string {
  return `${accessKeyId} ${userAgent}`;
}
export function trafficOf(requests: readonly Audited[], kinds: Kinds): Traffic {
  const clients = Map.groupBy(requests, clientOf).values();
  const calls = clients.flatMap((own) => Map.groupBy(own, ({ operation }) => operation).values());
  return { requests, calls: [...calls] as unknown as CallsOfClient[], kinds };
}
/** Calls of one operation by what was asked, ClientToken aside. */
export function bySameCall(calls: readonly Audited[]): Audited[][] {
  return [...Map.groupBy(calls, ({ noted }) => `${noted.sameCall} ${noted.page}`).values()];
}
/** `once`, `twice`, `3 times` */
export function times(count: number): string {
  return ["never", "once", "twice"][count] ?? `${count} times`;
}
