import type { Fields, Shape } from "../contract/response.ts";
import { remembered } from "../contract/worked-out-once.ts";

/** Answers and errors as bytes, in JSON or XML. Both walk the declared shape, so the types on the wire are those of the declaration. */
export type Format = "JSON" | "XML";

export interface Rendered {
  readonly contentType: string;
  /** Text, because Node sends head and body of a response in one piece when both are. */
  readonly body: string;
}
export interface ErrorBody {
  readonly RequestId: string;
  readonly HostId: string;
  readonly Code: string;
  readonly Message: string;
  readonly Recommend: string;
  /** For a denied permission only. */
  readonly AccessDeniedDetail?: AccessDeniedDetail;
}
/**
 * What a caller is told of a denial. It holds nothing of the policies, which the caller may not be allowed to read. Its members are as
 * SDKs read them; the values of all but `NoPermissionType` are inferred.
 */
export interface AccessDeniedDetail {
  readonly AuthAction: string;
  readonly AuthPrincipalDisplayName: string;
  readonly AuthPrincipalOwnerId: string;
  readonly AuthPrincipalType: "SubUser" | "AssumedRoleUser";
  readonly NoPermissionType: "ImplicitDeny" | "ExplicitDeny";
  readonly PolicyType: "AccountLevelIdentityBasedPolicy" | "ResourceGroupLevelIdentityBasedPolicy" | "SessionPolicy" | "AssumeRolePolicy";
  /** The request in question, as Base64 of JSON. */
  readonly EncodedDiagnosticMessage: string;
}

const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>';

export function renderAnswer(
  format: Format,
  operation: string,
  response: Fields,
  answer: Readonly<Record<string, unknown>>,
  requestId: string,
): Rendered {
  const tree = { RequestId: requestId, ...(prune({ type: "object", fields: response }, answer) as object) };
  return format === "XML"
    ? { contentType: "application/xml", body: `${xmlDeclaration}${xmlElement(`${operation}Response`, tree)}` }
    : { contentType: "application/json", body: JSON.stringify(tree) };
}

export function renderError(format: Format, error: ErrorBody): Rendered {
  return format === "XML"
    ? { contentType: "text/xml;charset=utf-8", body: `${xmlDeclaration}${xmlElement("Error", error)}` }
    : { contentType: "application/json", body: JSON.stringify(error) };
}

const entriesOf = remembered((fields: Fields): readonly [string, Shape][] => Object.entries(fields));

/** The declared fields of a value, in declared order, with numbers of up to 18 digits written as they are. */
function prune(shape: Shape, value: unknown): unknown {
  switch (shape.type) {
    case "long":
      return rawNumber(String(value));
    case "list":
      return (value as readonly unknown[]).map((member) => prune(shape.item, member));
    case "object": {
      const members = value as Readonly<Record<string, unknown>>;
      const pruned: Record<string, unknown> = {};
      for (const [name, inner] of entriesOf(shape.fields)) {
        if (members[name] !== undefined) pruned[name] = prune(inner, members[name]);
        else if (inner.type !== "optional") throw new Error(`the answer lacks its field ${name}`);
      }
      return pruned;
    }
    case "optional":
      return prune(shape.inner, value);
    default:
      return value;
  }
}

/** A JSON number beyond the exact range of a double. (The compiler's library does not know `JSON.rawJSON` yet.) */
function rawNumber(digits: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);
}
function rawText(value: object): string | undefined {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value) ? (value as { rawJSON: string }).rawJSON : undefined;
}

/** An object becomes an element, an array under a name one element of that name per member. */
function xmlElement(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((member) => xmlElement(name, member)).join("");
  return `<${name}>${xmlContent(value)}</${name}>`;
}
function xmlContent(value: unknown): string {
  if (typeof value !== "object" || value === null) return xmlEscape(String(value));
  const raw = rawText(value);
  if (raw !== undefined) return raw;
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => xmlElement(name, member))
    .join("");
}

const xmlEntities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#13;",
};
/** Characters that XML 1.0 cannot carry are replaced; they can stand only in what a refused caller sent. */
function xmlEscape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[&<>"'\r]/g, (character) => xmlEntities[character] ?? character);
}
