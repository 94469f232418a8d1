import { hash } from "node:crypto";
import type { AnyOperation } from "../../contract/operation.ts";
import type { RawParameter } from "../../contract/parameters.ts";
import { remembered } from "../../contract/worked-out-once.ts";
import { tokenNameOf } from "../../engine/operation-rules.ts";
import { cut } from "../request-log.ts";

/** What the request log keeps of a request for the client audit alone. All of it follows from what the operation declares. */
export interface Noted {
  /** Equal for calls of an operation that were sent with the same parameters, apart from their ClientToken and their page. */
  readonly sameCall: string;
  readonly clientToken: string | undefined;
  /** Which page of a list was asked for; empty for the first, also where nothing was said about it. */
  readonly page: string;
  /** The answer was a page of a list, and said that more follows. */
  readonly partOf: PartOf | undefined;
  /** Milliseconds that a refused client was told to wait. */
  readonly retryAfter: number | undefined;
}
export interface PartOf {
  /** How many the page holds. */
  readonly shown: number;
  /** How many there are, where the answer says it. */
  readonly total: number | undefined;
}

const nothingSent = { sameCall: "", clientToken: undefined, page: "" } as const;

/** Characters of a ClientToken or a page that are kept. */
const keptMax = 64;
/** Parameters that say where in a list a page begins, and how long it may be. */
const pagePlaces: readonly string[] = ["PageNumber", "PageNum", "NextToken", "Marker"];
const firstPage = "1";
const pageSizes: readonly string[] = ["PageSize", "MaxResults", "MaxResult", "MaxItems"];

/** Whether an operation answers lists page by page. */
export function isPaged({ parameters }: AnyOperation): boolean {
  return pagePlaces.some((name) => name in parameters);
}

/** What a request says of itself, as it was sent: it may have been refused before its parameters were decoded. */
export function notedOfRequest(
  operation: AnyOperation | undefined,
  sent: readonly RawParameter[],
): Pick<Noted, "sameCall" | "clientToken" | "page"> {
  if (operation === undefined) return nothingSent;
  const declared = declaredNames(operation);
  const tokenName = tokenNameOf(operation);
  const rest: string[] = [];
  let clientToken: string | undefined;
  let page = "";
  for (const { name, value } of sent) {
    const lower = name.toLowerCase();
    const dot = lower.indexOf(".");
    const root = declared.get(dot < 0 ? lower : lower.slice(0, dot));
    if (root === undefined) continue;
    if (root === tokenName) clientToken = cut(value, keptMax);
    else if (pagePlaces.includes(root)) page = value === firstPage ? "" : cut(value, keptMax);
    else if (!pageSizes.includes(root)) rest.push(`${lower}=${value}`);
  }
  return { sameCall: hash("sha256", JSON.stringify(rest.sort()), "base64url"), clientToken, page };
}

/** Names of an operation's parameters by their lower-case spelling. */
const declaredNames = remembered(
  ({ parameters }: AnyOperation): ReadonlyMap<string, string> => new Map(Object.keys(parameters).map((name) => [name.toLowerCase(), name])),
);

/** What an answer says of the list that it is a page of; `undefined` where that ends with it. */
export function partOf(
  { parameters, response }: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  answer: Readonly<Record<string, unknown>>,
): PartOf | undefined {
  const shown = pageSizes.map((name) => input[name]).find((size) => typeof size === "number");
  if (shown === undefined) return undefined;
  const total = "TotalCount" in response && typeof answer["TotalCount"] === "number" ? answer["TotalCount"] : undefined;
  const isContinued =
    "PageNumber" in parameters
      ? total !== undefined && total > shown * Number(input["PageNumber"])
      : answer["IsTruncated"] === true ||
        ("NextToken" in response && typeof answer["NextToken"] === "string" && answer["NextToken"] !== "");
  return isContinued ? { shown, total } : undefined;
}
