import { isIPv4, isIPv6 } from "node:net";
import { globMatcher } from "./glob.ts";

/**
 * Conditions of policy statements. Operators and keys are those of the public documentation
 * (https://www.alibabacloud.com/help/en/ram/conditional-operator, https://www.alibabacloud.com/help/en/ram/policy-elements):
 * there is no `IfExists`, no `ForAnyValue`, no `Null`.
 */

export type ConditionType = "String" | "Numeric" | "Date" | "Bool" | "IpAddress";

/** Values that a request has under a key; `undefined` or none when it does not have the key. */
export type ContextValues = readonly string[] | undefined;

/** One operator and key of a statement, with the values that the policy names. */
export interface Condition {
  readonly operator: string;
  /** As the policy writes it. */
  readonly key: string;
  /** As a request is asked for it: `contextKey(key)`. */
  readonly contextKey: string;
  readonly values: readonly string[];
  readonly holds: (actual: ContextValues) => boolean;
}

export interface ConditionOperator {
  readonly type: ConditionType;
  /** Holds where the same operator without `Not` does not: none of the request's values matches any of the policy's. */
  readonly negated: boolean;
  /** Whether it holds for a request that does not have the key. */
  readonly absent: boolean;
  /** A test for values of the request that match this value of the policy; `undefined` when that is no value of the type. */
  readonly matcher: (wanted: string) => ((actual: string) => boolean) | undefined;
}

/**
 * The documentation does not say what becomes of an absent key. Its examples that deny what comes from outside a VPC
 * (`Deny` with `StringNotLike` `acs:SourceVpc` `vpc-*`) only work if an operator with `Not` holds then, and any other does not. (inferred)
 */
function operator(type: ConditionType, negated: boolean, matcher: ConditionOperator["matcher"]): ConditionOperator {
  return { type, negated, absent: negated, matcher };
}

/** A matcher that reads both sides as values of one type. A value of the request that is none matches nothing. */
function comparing<Actual, Wanted>(
  readActual: (text: string) => Actual | undefined,
  readWanted: (text: string) => Wanted | undefined,
  compare: (actual: Actual, wanted: Wanted) => boolean,
): ConditionOperator["matcher"] {
  return (text) => {
    const wanted = readWanted(text);
    if (wanted === undefined) return undefined;
    return (actual) => {
      const value = readActual(actual);
      return value !== undefined && compare(value, wanted);
    };
  };
}
/** Reads what it read last for nothing: all conditions of a request look at the same address and time. */
function rememberingLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) };
    return last.value;
  };
}

const isEqual = <T>(actual: T, wanted: T): boolean => actual === wanted;
/** Operators that numbers and times have alike: name, whether negated, and how they compare. */
const comparisons: readonly (readonly [string, boolean, (actual: number, wanted: number) => boolean])[] = [
  ["Equals", false, isEqual],
  ["NotEquals", true, isEqual],
  ["LessThan", false, (actual, wanted) => actual < wanted],
  ["LessThanEquals", false, (actual, wanted) => actual <= wanted],
  ["GreaterThan", false, (actual, wanted) => actual > wanted],
  ["GreaterThanEquals", false, (actual, wanted) => actual >= wanted],
];
function ordered(type: ConditionType, read: (text: string) => number | undefined): Record<string, ConditionOperator> {
  const readActual = rememberingLast(read);
  return Object.fromEntries(
    comparisons.map(([name, negated, compare]) => [`${type}${name}`, operator(type, negated, comparing(readActual, read, compare))]),
  );
}

const equals: ConditionOperator["matcher"] = (wanted) => (actual) => actual === wanted;
const equalsIgnoreCase: ConditionOperator["matcher"] = (wanted) => {
  const lower = wanted.toLowerCase();
  return (actual) => actual.toLowerCase() === lower;
};
const sameTruth = comparing(readBoolean, readBoolean, isEqual);
const inBlock = comparing(
  rememberingLast(readAddress),
  readBlock,
  (address, block) => address.version === block.version && address.bits >> block.hostBits === block.prefix,
);

/** Every operator by its name, whose letter case counts. */
export const conditionOperators: ReadonlyMap<string, ConditionOperator> = new Map(
  Object.entries({
    StringEquals: operator("String", false, equals),
    StringNotEquals: operator("String", true, equals),
    StringEqualsIgnoreCase: operator("String", false, equalsIgnoreCase),
    StringNotEqualsIgnoreCase: operator("String", true, equalsIgnoreCase),
    StringLike: operator("String", false, globMatcher),
    StringNotLike: operator("String", true, globMatcher),
    ...ordered("Numeric", readNumber),
    ...ordered("Date", readDate),
    Bool: operator("Bool", false, sameTruth),
    IpAddress: operator("IpAddress", false, inBlock),
    NotIpAddress: operator("IpAddress", true, inBlock),
  }),
);

/** What a value of each type looks like, for those whose value does not. */
export const valueForms: Readonly<Record<ConditionType, string>> = {
  String: "a text",
  Numeric: 'a decimal number in quotation marks, such as "10" or "-1.5"',
  Date: 'a time in the form "2012-11-11T23:59:59Z" or "2019-08-12T17:00:00+08:00"',
  Bool: '"true" or "false"',
  IpAddress: "an IPv4 or IPv6 address or block, such as 203.0.113.2, 192.0.2.0/24 or 2001:db8::/32",
};

/** The condition of an operator, a key and at least one value; else the first value that is not of the operator's type. */
export function readCondition(
  name: string,
  rule: ConditionOperator,
  key: string,
  values: readonly string[],
): Condition | { fault: string } {
  const tests: ((actual: string) => boolean)[] = [];
  for (const value of values) {
    const test = rule.matcher(value);
    if (test === undefined) return { fault: value };
    tests.push(test);
  }
  const { negated, absent } = rule;
  return {
    operator: name,
    key,
    contextKey: contextKey(key),
    values,
    holds: (actual) =>
      actual === undefined || actual.length === 0 ? absent : actual.some((value) => tests.some((test) => test(value))) !== negated,
  };
}

/**
 * The form in which a request is asked for a key: lower case, because the documentation itself writes `acs:SourceIp` and `acs:SourceIP`,
 * but for what follows a slash, which is the key of a tag: `acs:resourcetag/Team`.
 */
export function contextKey(key: string): string {
  const slash = key.indexOf("/");
  return slash < 0 ? key.toLowerCase() : key.slice(0, slash).toLowerCase() + key.slice(slash);
}

function readNumber(text: string): number | undefined {
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** Milliseconds since 1970 of a time in one of the documented forms: `…Z` or with an offset from UTC. */
function readDate(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [, clock = "", fraction = "", zone = ""] = parts;
  // Date.parse takes 31 February for a day in March.
  const utc = Date.parse(`${clock}Z`);
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 19) !== clock) return undefined;
  const time = Date.parse(`${clock}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}

function readBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

interface Address {
  readonly version: 4 | 6;
  readonly bits: bigint;
}
/** An address, and as IPv4 one that is written as IPv4-mapped IPv6 (`::ffff:192.0.2.1`). */
function readAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { version: 4, bits: BigInt(text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0)) };
  // The zone of a link-local address (`fe80::1%eth0`) is no part of the address.
  if (!isIPv6(text)) return undefined;
  const bits = ipv6Bits(text.replace(/%.*$/, ""));
  return bits >> 32n === 0xffffn ? { version: 4, bits: bits & 0xffff_ffffn } : { version: 6, bits };
}
function ipv6Bits(address: string): bigint {
  const hex = address.replace(/\d+\.\d+\.\d+\.\d+$/, (ipv4) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split(".").map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = "", tail] = hex.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
interface Block {
  readonly version: 4 | 6;
  /** The bits that addresses of the block have in common. */
  readonly prefix: bigint;
  readonly hostBits: bigint;
}
/** An address or a block. Host bits may be set, they are not looked at. (inferred) */
function readBlock(text: string): Block | undefined {
  const [written = "", length, ...rest] = text.split("/");
  const address = written.includes("%") ? undefined : readAddress(written);
  if (address === undefined || rest.length > 0 || (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length))) return undefined;
  const { version, bits } = address;
  // A block of mapped addresses is written with the length of IPv6: ::ffff:192.0.2.0/120 is 192.0.2.0/24.
  const full = written.includes(":") ? 128 : 32;
  const hostBits = full - Number(length ?? full);
  if (hostBits < 0 || hostBits > (version === 4 ? 32 : 128)) return undefined;
  return { version, prefix: bits >> BigInt(hostBits), hostBits: BigInt(hostBits) };
}

/** A condition key that requests of every service may have. */
export interface GlobalConditionKey {
  /** As the documentation writes it; what stands for the key of a tag is written `<tag-key>`. */
  readonly key: string;
  readonly type: ConditionType;
  readonly about: string;
  /** Whether an API call to this server can have it. */
  readonly isHere: boolean;
}
export const globalConditionKeys: readonly GlobalConditionKey[] = [
  { key: "acs:CurrentTime", type: "Date", isHere: true, about: "The time at which the server receives the request." },
  { key: "acs:SecureTransport", type: "Bool", isHere: true, about: "Whether the request came over an encrypted channel." },
  { key: "acs:SourceIp", type: "IpAddress", isHere: true, about: "The address that the request came from." },
  { key: "acs:SourceVpc", type: "String", isHere: false, about: "The VPC that the request came from." },
  { key: "acs:VpcSourceIp", type: "IpAddress", isHere: false, about: "The private address in that VPC that the request came from." },
  { key: "acs:MFAPresent", type: "Bool", isHere: false, about: "Whether the user logged on to the console with a second factor." },
  { key: "acs:PrincipalARN", type: "String", isHere: true, about: "The ARN of the user or role that sends the request." },
  { key: "acs:PrincipalRDId", type: "String", isHere: false, about: "The resource directory that the caller's account belongs to." },
  {
    key: "acs:PrincipalRDPath",
    type: "String",
    isHere: false,
    about: "The folders of the resource directory down to the caller's account.",
  },
  { key: "acs:RequestTag/<tag-key>", type: "String", isHere: true, about: "The value that the request gives to this tag." },
  {
    key: "acs:ResourceTag/<tag-key>",
    type: "String",
    isHere: true,
    about: "The value of this tag on the resource that the request is about.",
  },
];
