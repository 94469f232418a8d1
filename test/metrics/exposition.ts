import assert from "node:assert/strict";

/** A reader of Prometheus' text format of our own, by its documentation. It takes nothing that the format does not allow. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface Family {
  readonly type: string;
  readonly help: string;
  /** By their names, which of histograms end in `_bucket`, `_sum` and `_count`. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}
export type Exposition = ReadonlyMap<string, Family>;

const metricName = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const escapes: Readonly<Record<string, string>> = { n: "\n", '"': '"', "\\": "\\" };

export function parsed(text: string): Exposition {
  assert.ok(text.endsWith("\n"), "the last line ends");
  const families = new Map<string, { help: string; type: string; samples: Map<string, Sample[]> }>();
  let current = "";
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, word, name = "", rest = ""] = new RegExp(`^# (HELP|TYPE) (${metricName}) (.+)$`).exec(line) ?? [];
    if (word === "HELP") {
      assert.ok(!families.has(name), `${name} is told in one place`);
      current = name;
      families.set(name, { help: rest, type: "", samples: new Map() });
    } else if (word === "TYPE") {
      assert.equal(name, current, line);
      Object.assign(families.get(name) ?? {}, { type: rest });
    } else {
      const [, sample = "", labels = "", value = ""] = new RegExp(`^(${metricName})(?:\\{(.*)\\})? (\\S+)$`).exec(line) ?? [];
      const family = families.get(current);
      const suffixes = family?.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      assert.ok(
        suffixes.some((suffix) => sample === current + suffix),
        `${line} stands under ${current}`,
      );
      const all = family?.samples.get(sample) ?? [];
      family?.samples.set(sample, all);
      all.push({ labels: labelsOf(labels), value: numberOf(value) });
    }
  }
  for (const [name, family] of families) assertSound(name, family);
  return families;
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== "") {
    const [whole = "", name = "", value = ""] = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/.exec(rest) ?? [];
    assert.notEqual(whole, "", `labels ${text}`);
    assert.ok(!(name in labels), `${name} once in ${text}`);
    labels[name] = value.replace(/\\(.)/g, (_all, escaped: string) => escapes[escaped] ?? "");
    rest = rest.slice(whole.length);
  }
  return labels;
}
function numberOf(text: string): number {
  if (text === "+Inf") return Infinity;
  assert.match(text, /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i);
  return Number(text);
}

/** What holds of any family: known types, conventions of names, no sample twice; buckets that add up. */
function assertSound(name: string, { type, help, samples }: Family): void {
  assert.match(type, /^(counter|gauge|histogram)$/, name);
  assert.ok(help.length > 10, name);
  assert.equal(name.endsWith("_total"), type === "counter", `${name} is a ${type}`);
  for (const [sample, all] of samples) {
    assert.equal(new Set(all.map(({ labels }) => key(labels))).size, all.length, `${sample}: each set of labels once`);
    if (type !== "gauge") for (const { value } of all) assert.ok(value >= 0, sample);
  }
  if (type !== "histogram") return;
  const counts = samples.get(`${name}_count`) ?? [];
  assert.equal((samples.get(`${name}_sum`) ?? []).length, counts.length);
  for (const { labels, value } of counts) {
    const buckets = (samples.get(`${name}_bucket`) ?? []).filter((one) => key(without(one.labels, "le")) === key(labels));
    const bounds = buckets.map((one) => numberOf(one.labels["le"] ?? ""));
    assert.deepEqual(
      bounds,
      [...bounds].sort((one, other) => one - other),
    );
    assert.equal(bounds.at(-1), Infinity);
    for (const [index, one] of buckets.entries()) assert.ok(one.value >= (buckets[index - 1]?.value ?? 0), `${name} is cumulative`);
    assert.equal(buckets.at(-1)?.value, value, `${name}: the last bucket has all`);
  }
}

function key(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort());
}
function without(labels: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([one]) => one !== name));
}

/** The value of the sample with exactly these labels. */
export function valueOf(exposition: Exposition, sample: string, labels: Readonly<Record<string, string>> = {}): number {
  const all = [...exposition.values()].flatMap(({ samples }) => samples.get(sample) ?? []);
  const found = all.find((one) => key(one.labels) === key(labels));
  assert.ok(found !== undefined, `${sample} ${JSON.stringify(labels)} is told`);
  return found.value;
}
/** Every sample that is not 0, as its labels joined, with its value. */
export function valuesOf(exposition: Exposition, sample: string): Record<string, number> {
  const all = [...exposition.values()].flatMap(({ samples }) => samples.get(sample) ?? []);
  return Object.fromEntries(all.filter(({ value }) => value !== 0).map(({ labels, value }) => [Object.values(labels).join(" "), value]));
}
