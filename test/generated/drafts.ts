import type { AnyOperation } from "../../src/contract/operation.ts";
import type { Parameter, Parameters } from "../../src/contract/parameters.ts";
import { regions } from "../../src/contract/regions.ts";
import type { Random } from "../support/random.ts";
import { type CallOptions, flat } from "../support/caller.ts";
import { likelyCall } from "./calls.ts";
import { regionsInUse } from "./scene.ts";
import type { Stored } from "./store-watch.ts";
import { allowedValue, brokenTexts, hostileNames, hostileTexts, limitValues } from "./values.ts";

/** Signed requests: likely calls, likely calls with something wrong in them, and calls in which nothing is right. */

/** A request before it is signed. */
export interface Draft {
  readonly operation: AnyOperation;
  /** The account whose key signs. */
  account: string;
  /** Which key of the account: the root key, or one of the others, as a part of all from 0 to 1. */
  readonly by: "root" | number;
  readonly pairs: [name: string, value: string][];
  readonly options: { signature: "V1" | "V3"; method: "GET" | "POST"; place: "query" | "form"; format?: string };
  /** Pairs, encoded, that go into the query after it was signed. */
  appended: string;
  /** What was done to it, for whoever reads a failure. */
  readonly how: string[];
}

/** Of signed requests: likely to pass, and likely but for one or two faults. The rest is wild. */
const likelyShare = 0.62;
const spoiltShare = 0.3;

/** How often a call is not signed by a root key, but by that of a user or a role. Root keys can take no role. */
const othersShare = 0.2;
const takersShare = 0.9;

function keyFor(random: Random, { name }: AnyOperation): Draft["by"] {
  return random.chance(name === "AssumeRole" ? takersShare : othersShare) ? random.next() : "root";
}

export function draftOf(random: Random, operation: AnyOperation, resources: readonly Stored[], serial: number): Draft {
  const kind = random.next();
  if (kind > likelyShare + spoiltShare) return wildDraft(random, operation, resources);
  const { account, parameters } = likelyCall(random, operation, resources, serial);
  const by = keyFor(random, operation);
  const draft = { operation, account, by, pairs: flat(parameters), options: optionsOf(random), appended: "", how: ["likely"] };
  if (kind > likelyShare) for (let faults = random.between(1, 2); faults > 0; faults--) spoil(random, draft, resources);
  return draft;
}

function optionsOf(random: Random): Draft["options"] {
  return {
    signature: random.pick(["V1", "V3"]),
    method: random.pick(["GET", "POST"]),
    place: random.pick(["query", "form"]),
    format: random.pick(["JSON", "json", "XML", "xml", undefined]),
  };
}

function wildDraft(random: Random, operation: AnyOperation, resources: readonly Stored[]): Draft {
  const account = random.pick(resources.filter(({ kind }) => kind === "account")).id;
  const draft: Draft = {
    operation,
    account,
    by: keyFor(random, operation),
    pairs: [],
    options: optionsOf(random),
    appended: "",
    how: ["wild"],
  };
  for (const [name, parameter] of Object.entries(operation.parameters)) {
    if (random.chance(0.6)) draft.pairs.push(...flat(wildValue(random, name, parameter, resources), name));
  }
  for (let faults = random.below(3); faults > 0; faults--) spoil(random, draft, resources);
  return draft;
}

function wildValue(random: Random, name: string, parameter: Parameter, resources: readonly Stored[]): unknown {
  return random.pick([
    () => allowedValue(random, name, parameter),
    () => random.pick(limitValues(parameter)),
    () => random.pick(hostileTexts),
    () => random.pick(resources).id,
    () => [random.pick(hostileTexts), random.pick(resources).id],
    () => ({ [random.pick(["Key", "Value", "x", "1", "0", "Length"])]: random.pick(hostileTexts) }),
    () => random.pick(regionsInUse),
  ])();
}

// Faults

/** Changes a draft in one way. A fault that the draft has no place for leaves it as it is. */
function spoil(random: Random, draft: Draft, resources: readonly Stored[]): void {
  const [name, fault] = random.pick(faults);
  draft.how.push(name);
  fault(random, draft, resources);
}

type Fault = (random: Random, draft: Draft, resources: readonly Stored[]) => void;

/** A declared parameter, with its name. */
function declared(random: Random, { operation }: Draft, types?: readonly Parameter["type"][]): readonly [string, Parameter] | undefined {
  const all = Object.entries(operation.parameters).filter(([, { type }]) => types === undefined || types.includes(type));
  return all.length === 0 ? undefined : random.pick(all);
}
/** The declaration of a flat name: of `Tag.1.Key` that of the key. */
function declaredAt(parameters: Parameters, flatName: string): Parameter | undefined {
  const own = (fields: Parameters | undefined, name: string): Parameter | undefined =>
    fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
  const [first = "", ...path] = flatName.split(".");
  return path.reduce((of, segment) => of?.item ?? own(of?.fields, segment), own(parameters, first));
}
/** Gives a parameter these values instead of what it has. */
function replace({ pairs }: Draft, name: string, ...instead: [string, string][]): void {
  const others = pairs.filter(([one]) => one !== name && !one.startsWith(`${name}.`));
  pairs.splice(0, pairs.length, ...others, ...instead);
}
function change(random: Random, { pairs }: Draft, changed: (pair: readonly [string, string]) => [string, string]): void {
  if (pairs.length === 0) return;
  const index = random.below(pairs.length);
  pairs[index] = changed(pairs[index] as [string, string]);
}
/** The text of another letter case. That of ſ is an S, which would make a hostile name the signature's. */
function otherCase(random: Random, text: string): string {
  if (text.includes("ſ")) return text;
  return random.pick([
    text.toLowerCase(),
    text.toUpperCase(),
    Array.from(text, (one) => (random.chance(0.5) ? one.toLowerCase() : one.toUpperCase())).join(""),
  ]);
}

const faults: readonly (readonly [what: string, fault: Fault])[] = [
  [
    "a parameter is missing",
    (random, draft) => {
      const [name] = declared(random, draft) ?? [];
      if (name !== undefined) replace(draft, name);
    },
  ],
  ["a part of a parameter is missing", (random, { pairs }) => void pairs.splice(random.below(pairs.length), 1)],
  [
    "a value at or beyond a limit",
    (random, draft) => {
      const found = declared(random, draft, ["string", "integer", "long", "boolean"]);
      if (found !== undefined) replace(draft, found[0], [found[0], random.pick(limitValues(found[1]))]);
    },
  ],
  [
    "a value that was given at or beyond its limit",
    (random, draft) =>
      change(random, draft, ([name, value]) => {
        const parameter = declaredAt(draft.operation.parameters, name);
        return [name, parameter === undefined ? value : random.pick(limitValues(parameter))];
      }),
  ],
  ["a hostile value", (random, draft) => change(random, draft, ([name]) => [name, random.pick(hostileTexts)])],
  [
    "a hostile value in a parameter that was not given",
    (random, draft) => {
      const [name] = declared(random, draft, ["string"]) ?? [];
      if (name !== undefined) replace(draft, name, [name, random.pick(hostileTexts)]);
    },
  ],
  [
    "a list or an object for a scalar",
    (random, draft) => {
      const [name] = declared(random, draft, ["string", "integer", "long", "boolean"]) ?? [];
      if (name === undefined) return;
      const form = random.pick([".1", ".Key", ".1.Key", ".1.1.1", "."]);
      replace(draft, name, [`${name}${form}`, "x"]);
    },
  ],
  [
    "a list numbered oddly",
    (random, draft) => {
      const [name, parameter] = declared(random, draft, ["list"]) ?? [];
      if (name === undefined || parameter === undefined) return;
      const field = Object.keys(parameter.item?.fields ?? {}).map((one) => `.${one}`);
      const number = random.pick([
        "0",
        "-1",
        "01",
        "999999999",
        "4294967297",
        "9".repeat(30),
        "1.1.1",
        "x",
        "__proto__",
        "1e1",
        String((parameter.options.itemsMax ?? 1) + 1),
      ]);
      draft.pairs.push([`${name}.${number}${random.pick([...field, ""])}`, "x"]);
    },
  ],
  [
    "a scalar for a list",
    (random, draft) => {
      const [name] = declared(random, draft, ["list", "object"]) ?? [];
      if (name !== undefined) replace(draft, name, [name, random.pick(['["a"]', "[1]", "[[", "a,b,,", '{"Key":"a"}', "x"])]);
    },
  ],
  [
    "a list as full as can be, or with one member more",
    (random, draft) => {
      const [name, parameter] = declared(random, draft, ["list"]) ?? [];
      if (name === undefined || parameter === undefined) return;
      const count = (parameter.options.itemsMax ?? 1) + random.below(2);
      const members = Array.from({ length: count }, (_, index) =>
        flat(allowedValue(random, `${name}${index}`, parameter.item as Parameter), `${name}.${index + 1}`),
      );
      replace(draft, name, ...members.flat());
    },
  ],
  ["names in another letter case", (random, draft) => draft.pairs.forEach((pair) => (pair[0] = otherCase(random, pair[0])))],
  ["a value in another letter case", (random, draft) => change(random, draft, ([name, value]) => [name, otherCase(random, value)])],
  [
    "a parameter given twice",
    (random, draft) => {
      if (draft.pairs.length === 0) return;
      const [name, value] = random.pick(draft.pairs);
      draft.pairs.push([random.pick([name, otherCase(random, name)]), random.pick([value, "other"])]);
    },
  ],
  [
    "a parameter in the form and in the query",
    (random, draft) => {
      if (draft.pairs.length === 0) return;
      Object.assign(draft.options, { signature: "V1", method: "POST", place: "form" });
      const [name, value] = random.pick(draft.pairs);
      // The form's value is the one that is signed, so the signature holds.
      draft.appended = `${encodeURIComponent(name)}=${encodeURIComponent(random.pick([value, "other"]))}`;
    },
  ],
  ["the id of something else", (random, draft, resources) => change(random, draft, ([name]) => [name, random.pick(resources).id])],
  [
    "an id that is almost right",
    (random, draft) =>
      change(random, draft, ([name, value]) => [
        name,
        random.pick([
          `${value}x`,
          Array.from(value).slice(0, -1).join(""),
          ` ${value}`,
          `${value} `,
          value.toUpperCase(),
          value.replace("-", "_"),
          `${value}\u200b`,
        ]),
      ]),
  ],
  [
    "another caller",
    (random, draft, resources) => {
      draft.account = random.pick(resources.filter(({ kind }) => kind === "account")).id;
    },
  ],
  [
    "another region",
    (random, draft) => {
      const region = random.pick([random.pick(regionsInUse), random.pick(regions).id, "cn-nowhere", "CN-HANGZHOU", "cn-hangzhou-b"]);
      replace(draft, "RegionId", ["RegionId", region]);
    },
  ],
  [
    "bytes that are no text",
    (random, draft) => {
      draft.appended = random.pick([`x=${random.pick(brokenTexts)}`, `${random.pick(brokenTexts)}=x`]);
    },
  ],
  [
    "a parameter that nobody knows",
    (random, draft) => draft.pairs.push([random.pick(["Unknown", "OwnerId", "ResourceOwnerAccount", "x-y_z"]), random.pick(hostileTexts)]),
  ],
  ["a name that no parameter has", (random, draft) => draft.pairs.push([random.pick(hostileNames), "x"])],
  [
    "many parameters",
    (random, draft) =>
      draft.pairs.push(...Array.from({ length: random.pick([60, 500, 1_900]) }, (_, index): [string, string] => [`Many.${index}`, "x"])),
  ],
  ["a long value", (random, draft) => change(random, draft, ([name]) => [name, "y".repeat(random.pick([257, 5_000, 12_000, 20_000]))])],
  [
    "a value that is no text, number or truth",
    (random, draft) => {
      const [name] = declared(random, draft, ["integer", "long", "boolean"]) ?? [];
      if (name !== undefined)
        replace(draft, name, [name, random.pick(["maybe", "null", "[1]", "{}", "1.5", "1e3", "0b1", "Infinity", "१", "true,false", " "])]);
    },
  ],
];

export function describeDraft({ operation, account, pairs, options, appended, how }: Draft): string {
  const shown = pairs.slice(0, 40).map(([name, value]) => `    ${JSON.stringify(name)} = ${JSON.stringify(value.slice(0, 200))}`);
  const more = pairs.length > shown.length ? [`    … and ${pairs.length - shown.length} more`] : [];
  const { signature, method, place, format = "no format" } = options satisfies CallOptions;
  return [
    `${operation.product.name} ${operation.product.version} ${operation.name} by ${account}, ${signature} ${method} ${place} ${format} (${how.join("; ")})`,
    ...shown,
    ...more,
    ...(appended === "" ? [] : [`    appended to the query: ${appended}`]),
  ].join("\n");
}
