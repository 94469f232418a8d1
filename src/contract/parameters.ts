import { type ErrorDefinition, type Source, Refusal, invalidParameter, missingParameter } from "./errors.ts";

/** What every parameter can say about itself. */
interface Common {
  readonly required?: boolean;
  /** Where the parameter is documented; `sdk-metadata` unless said. */
  readonly source?: Source;
  /** Masked in the request log, in stories and in log lines. */
  readonly secret?: boolean;
  /** Answer to a mandatory parameter that is absent; `Missing{Name}` unless said. */
  readonly missing?: ErrorDefinition;
  /** Answer to a value outside type or limits; `Invalid{Name}` unless said. */
  readonly invalid?: ErrorDefinition;
  readonly description?: string;
}

interface StringOptions extends Common {
  readonly default?: string;
  readonly lengthMax?: number;
  /** Answer to a text that is longer; `invalid` unless said. */
  readonly tooLong?: ErrorDefinition;
  readonly pattern?: RegExp;
  /** A test that no pattern can express. */
  readonly valid?: (value: string) => boolean;
  /** Allows line breaks and tabs; other control characters are never allowed. */
  readonly multiline?: boolean;
  /** The empty string is a value of its own, and clears what was there. */
  readonly clears?: boolean;
}
interface BooleanOptions extends Common {
  readonly default?: boolean;
}
interface IntegerOptions extends Common {
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}
interface ListOptions extends Common {
  readonly itemsMax: number;
  /** Answer to more than `itemsMax` members; `invalid` unless said. */
  readonly tooMany?: ErrorDefinition;
  /** Spellings accepted besides `Name.N`: one comma-joined string, one text that holds a JSON array of strings or of objects of plain values. */
  readonly also?: readonly ("comma" | "json")[];
}

/**
 * The declaration of one request parameter: plain data that the decoder, the documentation and the JSON Schema read.
 * `T` is the type that an operation's rules see.
 */
export interface Parameter<T = unknown> {
  readonly type: "string" | "boolean" | "integer" | "number" | "long" | "list" | "object" | "json";
  readonly options: Common &
    Omit<StringOptions, "default"> &
    Partial<ListOptions> & { readonly min?: number; readonly max?: number; readonly default?: unknown };
  readonly item?: Parameter;
  readonly fields?: Parameters;
  /** Never present: carries `T` for the compiler. */
  readonly value?: T;
}
export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P> = P extends Parameter<infer T> ? T : never;
/** The decoded input of an operation that declares the parameters `P`. */
export type InputOf<P extends Parameters> = { readonly [K in keyof P]: ValueOf<P[K]> };

type Presence<O, T> = O extends { required: true } ? T : O extends { default: T } ? T : T | undefined;

/** Text of at most `lengthMax` (256 unless said) characters on one line. The empty string counts as absent unless it `clears`. */
export function string<const O extends StringOptions>(options: O = {} as O): Parameter<Presence<O, string>> {
  return { type: "string", options };
}
/** `true` or `false` in any letter case. */
export function boolean<const O extends BooleanOptions>(options: O = {} as O): Parameter<Presence<O, boolean>> {
  return { type: "boolean", options };
}
/** A decimal number within `min` and `max` (32 bits unless said). */
export function integer<const O extends IntegerOptions>(options: O = {} as O): Parameter<Presence<O, number>> {
  return { type: "integer", options };
}
/** A decimal number within `min` and `max` (those of `integer` unless said), with or without a fraction. */
export function number<const O extends IntegerOptions>(options: O = {} as O): Parameter<Presence<O, number>> {
  return { type: "number", options };
}
/** A decimal number of up to 18 digits, kept as text: account ids exceed the exact range of a double. */
export function long<const O extends Common>(options: O = {} as O): Parameter<Presence<O, string>> {
  return { type: "long", options };
}
/** `Name.1`, `Name.2`, … Gaps are ignored, order follows the numbers. Absent lists decode to an empty list. */
export function list<T, const O extends ListOptions>(item: Parameter<T>, options: O): Parameter<readonly NonNullable<T>[]> {
  return { type: "list", options, item };
}
/** `Name.Field`, and inside a list `Name.N.Field`. */
export function object<const F extends Parameters>(fields: F, options: Common = {}): Parameter<InputOf<F>> {
  return { type: "object", options, fields };
}

/**
 * One text that holds a JSON object of plain values: `Name={"Field":"value"}`. Like everywhere, names match without letter case,
 * and numbers and booleans may be quoted. `Name.Field` is understood too.
 */
export function json<const F extends Parameters>(fields: F, options: Common = {}): Parameter<InputOf<F> | undefined> {
  return { type: "json", options, fields };
}

/** A request parameter as it arrived: its name in the caller's spelling, its value percent-decoded. */
export interface RawParameter {
  readonly name: string;
  readonly value: string;
}

/** Parameters by lower-cased name segments: `Tag.1.Key` is the value of `tag` → `1` → `key`. */
interface Node {
  readonly name: string;
  value: string | undefined;
  readonly children: Map<string, Node>;
}

/** Limits of a declaration that names none. */
export const integerMin = -(2 ** 31);
export const integerMax = 2 ** 31 - 1;
/** The most that a declaration can allow: more digits are no number to the decoder. */
export const integerMost = 999_999_999_999_999;
export const stringLengthMax = 256;
/** Characters of a JSON object. */
const jsonLengthMax = 4096;
/** Control characters, unpaired surrogates and the code points that XML 1.0 cannot carry. */
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/u;
const lineBreaking = /[\t\n\r\u2028\u2029]/u;

/**
 * Turns the flat parameters of a request into the typed input of an operation.
 * Names are matched without letter case; parameters that the operation does not declare are ignored.
 * @param around runs the decoding of each parameter, for a caller who notes how far it came
 * @throws {Refusal} the documented error that names the first parameter at fault, in declaration order
 */
export function decode<P extends Parameters>(
  declared: P,
  raw: readonly RawParameter[],
  around: (name: string, decodeOne: () => unknown) => unknown = (_name, decodeOne) => decodeOne(),
): InputOf<P> {
  const root = treeOf(raw);
  const input: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, parameter] of Object.entries(declared)) {
    input[name] = around(name, () => decodeNode(name, parameter, root.children.get(name.toLowerCase())));
  }
  return input as InputOf<P>;
}

function treeOf(raw: readonly RawParameter[]): Node {
  const root: Node = { name: "", value: undefined, children: new Map() };
  for (const { name, value } of raw) {
    let node = root;
    for (const segment of name.split(".")) {
      const key = segment.toLowerCase();
      let child = node.children.get(key);
      if (child === undefined) {
        child = { name: segment, value: undefined, children: new Map() };
        node.children.set(key, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
}

function decodeNode(name: string, parameter: Parameter, node: Node | undefined): unknown {
  switch (parameter.type) {
    case "list":
      return decodeList(name, parameter, node);
    case "object":
      return decodeObject(name, parameter, node);
    case "json": {
      const text = node?.value ?? "";
      if (text === "" && (node === undefined || node.children.size === 0)) {
        if (parameter.options.required === true) throw missing(name, parameter);
        return undefined;
      }
      return decodeObject(name, parameter, text === "" ? node : jsonNode(name, parameter, text));
    }
    default: {
      if (node !== undefined && node.children.size > 0) throw invalid(name, parameter, "it takes one value, not a list");
      const text = node?.value;
      if (text === "" && parameter.options.clears === true) return "";
      if (text === undefined || text === "") {
        if (parameter.options.required === true) throw missing(name, parameter);
        return parameter.options.default;
      }
      return decodeScalar(name, parameter, text);
    }
  }
}

function decodeScalar(name: string, parameter: Parameter, text: string): unknown {
  const options = parameter.options;
  switch (parameter.type) {
    case "boolean": {
      const lower = text.toLowerCase();
      if (lower !== "true" && lower !== "false") throw invalid(name, parameter, "allowed are true and false");
      return lower === "true";
    }
    case "integer": {
      const min = options.min ?? integerMin;
      const max = options.max ?? integerMax;
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (!(value >= min && value <= max)) throw invalid(name, parameter, `allowed are whole numbers from ${min} to ${max}`);
      return value;
    }
    case "number": {
      const { min = integerMin, max = integerMax } = options;
      const value = /^-?\d{1,15}(\.\d{1,20})?(e-\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
      if (!(value >= min && value <= max)) throw invalid(name, parameter, `allowed are numbers from ${min} to ${max}`);
      return value;
    }
    case "long":
      if (!/^\d{1,18}$/.test(text)) throw invalid(name, parameter, "allowed are whole numbers of up to 18 digits");
      return BigInt(text).toString();
    default: {
      const max = options.lengthMax ?? stringLengthMax;
      if (unprintable.test(text) || (options.multiline !== true && lineBreaking.test(text))) {
        throw invalid(name, parameter, "control characters are not allowed");
      }
      if (codePointsExceed(text, max)) {
        throw invalid(name, parameter, `at most ${max} characters are allowed`, options.tooLong);
      }
      if (options.pattern?.test(text) === false || options.valid?.(text) === false)
        throw invalid(name, parameter, options.description ?? "see its documentation for the values allowed");
      return text;
    }
  }
}

function decodeList(name: string, parameter: Parameter, node: Node | undefined): unknown {
  const options = parameter.options;
  const item = parameter.item as Parameter;
  const itemsMax = options.itemsMax ?? 1;
  const members: [number, Node][] = [];
  if (node?.value !== undefined && node.value !== "") {
    const joined = joinedMembers(node.value, options.also ?? []);
    if (joined === undefined || node.children.size > 0) throw invalid(name, parameter, `write it as ${name}.1, ${name}.2, …`);
    for (const [index, member] of joined.entries()) members.push([index + 1, member]);
  }
  for (const [key, child] of node?.children ?? []) {
    if (!/^[1-9]\d{0,9}$/.test(key)) throw invalid(name, parameter, `members are numbered from 1: ${name}.1, ${name}.2, …`);
    if (Number(key) > itemsMax) throw new Refusal(tooMany(name, parameter), [], `at most ${itemsMax} members are allowed`);
    members.push([Number(key), child]);
  }
  if (members.length > itemsMax) throw new Refusal(tooMany(name, parameter), [], `at most ${itemsMax} members are allowed`);
  if (members.length === 0 && options.required === true) throw missing(name, parameter);
  members.sort((a, b) => a[0] - b[0]);
  const values: unknown[] = [];
  for (const [index, child] of members) {
    const value = decodeNode(`${name}.${index}`, withInvalid(item, parameter), child);
    if (value !== undefined) values.push(value);
  }
  return values;
}

function decodeObject(name: string, parameter: Parameter, node: Node | undefined): unknown {
  if (node?.value !== undefined && node.value !== "") throw invalid(name, parameter, `write it as ${name}.Field`);
  if (node === undefined && parameter.options.required === true) throw missing(name, parameter);
  const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [field, declared] of Object.entries(parameter.fields ?? {})) {
    value[field] = decodeNode(`${name}.${field}`, withInvalid(declared, parameter), node?.children.get(field.toLowerCase()));
  }
  return value;
}

/** The members of a JSON object as if each had been sent as a parameter of its own. */
function jsonNode(name: string, parameter: Parameter, text: string): Node {
  const wrong = (): Refusal => invalid(name, parameter, "it takes a JSON object of plain values");
  if (text.length > jsonLengthMax) throw invalid(name, parameter, `at most ${jsonLengthMax} characters are allowed`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong();
  }
  const node = plainNode(parsed);
  if (node === undefined) throw wrong();
  return node;
}
/** The members of an object of plain values; `undefined` for anything else. */
function plainNode(parsed: unknown): Node | undefined {
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  const members = Object.entries(parsed).filter(([, value]) => value !== null);
  if (members.some(([, value]) => typeof value === "object")) return undefined;
  return treeOf(members.map(([member, value]) => ({ name: member, value: String(value) })));
}

/** Splits the one-string spellings of a list; `undefined` when the list does not allow the spelling used. */
function joinedMembers(text: string, also: readonly ("comma" | "json")[]): Node[] | undefined {
  const leaf = (value: string): Node => ({ name: "", value, children: new Map() });
  if (also.includes("json") && text.startsWith("[")) {
    try {
      const parsed: unknown = JSON.parse(text);
      const members = Array.isArray(parsed) ? parsed.map((member) => (typeof member === "string" ? leaf(member) : plainNode(member))) : [];
      return members.every((member) => member !== undefined) ? members : undefined;
    } catch {
      return undefined;
    }
  }
  return also.includes("comma") ? text.split(",").map((member) => leaf(member.trim())) : undefined;
}

/** Members and fields answer with the error of the parameter that holds them, unless they have their own. */
function withInvalid(inner: Parameter, outer: Parameter): Parameter {
  return inner.options.invalid === undefined && outer.options.invalid !== undefined
    ? { ...inner, options: { ...inner.options, invalid: outer.options.invalid } }
    : inner;
}

function missing(name: string, parameter: Parameter): Refusal {
  return new Refusal(parameter.options.missing ?? missingParameter(rootName(name)), [], `${name} is mandatory`);
}

function tooMany(name: string, parameter: Parameter): ErrorDefinition {
  return parameter.options.tooMany ?? parameter.options.invalid ?? invalidParameter(rootName(name));
}

function invalid(name: string, parameter: Parameter, advice: string, error?: ErrorDefinition): Refusal {
  // Some documented texts are nothing but a place for the service's own words.
  return new Refusal(error ?? parameter.options.invalid ?? invalidParameter(rootName(name)), [`${name}: ${advice}`], `${name}: ${advice}`);
}

/** The documented codes name whole parameters: `Tag.3.Key` is a fault of `Tag`. */
function rootName(name: string): string {
  return name.split(".")[0] ?? name;
}

function codePointsExceed(text: string, max: number): boolean {
  return text.length > max && (text.length > 2 * max || Array.from(text).length > max);
}
