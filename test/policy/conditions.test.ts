import assert from "node:assert/strict";
import { test } from "node:test";
import { type ConditionType, conditionOperators, contextKey, globalConditionKeys, valueForms } from "../../src/policy/conditions.ts";
import { parsePolicy, PolicyFault } from "../../src/policy/document.ts";
import { allow, decide, deny, documentText, type Json, request } from "./support.ts";

/** Conditions, judged as a policy that is attached: operators of https://www.alibabacloud.com/help/en/ram/conditional-operator. */

const key = "acs:Probe";
/** Whether a statement with this condition applies to a request that has these values under the key. */
function holds(operator: string, wanted: string | readonly string[], actual: readonly string[] | undefined): boolean {
  const condition = { Condition: { [operator]: { [key]: wanted } } };
  const asked = request("vpc:DescribeVpcs", "*", actual === undefined ? {} : { context: { "acs:probe": actual } });
  const decisions = [decide([allow("vpc:*", "*", condition)], asked), decide([allow("*", "*"), deny("vpc:*", "*", condition)], asked)];
  // What would allow would also deny: conditions do not know the effect.
  assert.deepEqual(decisions, decisions[0] === "Allow" ? ["Allow", "ExplicitDeny"] : ["ImplicitDeny", "Allow"]);
  return decisions[0] === "Allow";
}

interface Row {
  /** Value of the policy. */
  readonly wanted: string;
  readonly match: readonly string[];
  readonly other: readonly string[];
  /** Whether it holds without the key. */
  readonly absent: boolean;
}
const noon = "2019-08-12T17:00:00+08:00";
const [before, same, after] = ["2019-08-12T08:59:59Z", "2019-08-12T09:00:00Z", "2019-08-12T09:00:01Z"];

const rows: Readonly<Record<string, Row>> = {
  StringEquals: { wanted: "dev", match: ["dev"], other: ["Dev", "devs", "", "*"], absent: false },
  StringNotEquals: { wanted: "dev", match: ["Dev", "devs", ""], other: ["dev"], absent: true },
  StringEqualsIgnoreCase: { wanted: "dEv", match: ["dev", "DEV"], other: ["devs", ""], absent: false },
  StringNotEqualsIgnoreCase: { wanted: "dEv", match: ["devs", ""], other: ["dev", "DEV"], absent: true },
  // The example of the page: only what lies below one folder.
  StringLike: {
    wanted: "hangzhou/2015/*",
    match: ["hangzhou/2015/", "hangzhou/2015/a"],
    other: ["hangzhou/2016/a", "Hangzhou/2015/"],
    absent: false,
  },
  // An example of Log Service: what does not come from a VPC.
  StringNotLike: { wanted: "vpc-?*", match: ["", "vpc-", "VPC-1"], other: ["vpc-1", "vpc-bp1"], absent: true },
  NumericEquals: { wanted: "10", match: ["10", "10.0", "+10"], other: ["9", "11", "ten", ""], absent: false },
  NumericNotEquals: { wanted: "10", match: ["9", "-10", "ten"], other: ["10", "10.0"], absent: true },
  NumericLessThan: { wanted: "10", match: ["9.9", "-11"], other: ["10", "11", "one"], absent: false },
  NumericLessThanEquals: { wanted: "10", match: ["10", "9"], other: ["10.1", ""], absent: false },
  NumericGreaterThan: { wanted: "-1.5", match: ["-1", "100"], other: ["-1.5", "-2", "one"], absent: false },
  NumericGreaterThanEquals: { wanted: "10", match: ["10", "100"], other: ["9.9", "1e3"], absent: false },
  DateEquals: { wanted: noon, match: [same], other: [before, after, "noon"], absent: false },
  DateNotEquals: { wanted: noon, match: [before, after, "noon"], other: [same], absent: true },
  // The example of the page on access at a specified time.
  DateLessThan: { wanted: noon, match: [before], other: [same, after, "noon"], absent: false },
  DateLessThanEquals: { wanted: noon, match: [before, same], other: [after], absent: false },
  DateGreaterThan: { wanted: noon, match: [after], other: [same, before, ""], absent: false },
  DateGreaterThanEquals: { wanted: noon, match: [same, after], other: [before], absent: false },
  Bool: { wanted: "true", match: ["true", "True"], other: ["false", "yes", ""], absent: false },
  IpAddress: {
    wanted: "192.0.2.0/24",
    match: ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.7"],
    other: ["192.0.3.0", "::", "here"],
    absent: false,
  },
  NotIpAddress: { wanted: "192.0.2.0/24", match: ["192.0.3.0", "2001:db8::1"], other: ["192.0.2.0", "::ffff:c000:207"], absent: true },
};

test("every operator has its row", () => {
  assert.deepEqual([...conditionOperators.keys()].sort(), Object.keys(rows).sort());
});

for (const [operator, { wanted, match, other, absent }] of Object.entries(rows)) {
  test(`${operator}: match, no match, key absent`, () => {
    for (const actual of match) assert.ok(holds(operator, wanted, [actual]), `holds for ${JSON.stringify(actual)}`);
    for (const actual of other) assert.ok(!holds(operator, wanted, [actual]), `does not hold for ${JSON.stringify(actual)}`);
    assert.equal(holds(operator, wanted, undefined), absent);
    assert.equal(holds(operator, wanted, []), absent);
    assert.equal(conditionOperators.get(operator)?.absent, absent);
  });

  test(`${operator}: several values are alternatives, and exceptions where it is negated`, () => {
    // A value that nothing of the row equals, of the operator's type.
    const strange: Record<ConditionType, string> = {
      String: "strange",
      Numeric: "77",
      Date: "1999-01-01T00:00:00Z",
      Bool: "true",
      IpAddress: "198.51.100.1",
    };
    const rule = conditionOperators.get(operator);
    assert.ok(rule);
    const [hit, miss] = [match[0] ?? "", other[0] ?? ""];
    if (rule.negated) {
      assert.ok(!holds(operator, [strange[rule.type], wanted], [miss]));
      assert.ok(!holds(operator, [wanted, strange[rule.type]], [miss]));
      // None of the values that a request has may be one of the policy's.
      assert.ok(!holds(operator, wanted, [hit, miss]));
      assert.ok(holds(operator, wanted, [hit, hit]));
    } else {
      assert.ok(holds(operator, [strange[rule.type], wanted], [hit]));
      assert.ok(holds(operator, [wanted, strange[rule.type]], [hit]));
      assert.ok(holds(operator, wanted, [miss, hit]));
      assert.ok(!holds(operator, wanted, [miss, miss]));
    }
  });
}

test("addresses: single ones, blocks of both versions, mapped ones alike", () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    // https://www.alibabacloud.com/help/en/ram/access-alibaba-cloud-resources-by-using-a-specific-ip-address-or-cidr-block
    ["203.0.113.2", "203.0.113.2", true],
    ["203.0.113.2", "203.0.113.3", false],
    ["203.0.113.2/32", "203.0.113.2", true],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["10.1.2.3/8", "10.255.0.0", true],
    ["128.0.0.0/1", "127.255.255.255", false],
    ["2001:db8::/32", "2001:db8:ffff::1", true],
    ["2001:db8::/32", "2001:db9::", false],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1", true],
    ["::/0", "2001:db8::1", true],
    ["::/0", "192.0.2.1", false],
    ["::1", "::1", true],
    ["fe80::/10", "fe80::1%eth0", true],
    ["::ffff:192.0.2.0/120", "192.0.2.200", true],
    ["::ffff:192.0.2.0/120", "192.0.3.0", false],
    ["::ffff:0:0/96", "192.0.2.1", true],
    ["192.0.2.1", "::ffff:192.0.2.1", true],
    ["192.0.2.1", "::FFFF:C000:0201", true],
    ["64:ff9b::192.0.2.1", "64:ff9b::c000:201", true],
  ];
  for (const [wanted, actual, expected] of table) {
    assert.equal(holds("IpAddress", wanted, [actual]), expected, `${actual} in ${wanted}`);
    assert.equal(holds("NotIpAddress", wanted, [actual]), !expected, `${actual} not in ${wanted}`);
  }
});

test("times are instants: forms and zones do not matter", () => {
  for (const one of ["2024-02-29T00:00:00Z", "2024-02-29T08:00:00+08:00", "2024-02-28T19:30:00-04:30", "2024-02-29T00:00:00.000Z"]) {
    assert.ok(holds("DateEquals", "2024-02-29T00:00:00Z", [one]), one);
    assert.ok(holds("DateEquals", one, ["2024-02-29T00:00:00Z"]), one);
  }
  assert.ok(holds("DateGreaterThan", "2024-02-29T00:00:00Z", ["2024-02-29T00:00:00.001Z"]));
});

test("a value that is not of the operator's type makes the document malformed", () => {
  const wrong: Record<Exclude<ConditionType, "String">, readonly string[]> = {
    Numeric: ["", "ten", "1e3", "0x10", "1,5", " 1", "NaN", "Infinity", "1".repeat(16)],
    Date: [
      "",
      "now",
      "2019-08-12",
      "2019-08-12T17:00:00",
      "2023-02-29T00:00:00Z",
      "2019-08-12T25:00:00Z",
      "1565600400",
      "2019-08-12T17:00:00+99:00",
    ],
    Bool: ["", "yes", "1", "0"],
    IpAddress: [
      "",
      "10.0.0",
      "10.0.0.256",
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0/8/8",
      "10.0.0.0/08",
      "::/129",
      "fe80::1%eth0",
      "host",
      "::ffff:10.0.0.0/95",
      "*",
    ],
  };
  for (const [operator, { type }] of conditionOperators) {
    for (const value of type === "String" ? [] : wrong[type]) {
      const at = `Statement[1].Condition.${operator}.${key}`;
      assert.throws(
        () => parsePolicy(documentText(allow("*", "*", { Condition: { [operator]: { [key]: [rows[operator]?.wanted, value] } } }))),
        (error) => error instanceof PolicyFault && error.message.startsWith(`${at}: must be ${valueForms[type]}, not "`),
        `${operator} ${value}`,
      );
    }
    // https://www.alibabacloud.com/help/doc-detail/93739.htm: numbers and truth values stand in quotation marks too.
    for (const value of [true, 10, null, {}]) {
      assert.throws(() => parsePolicy(documentText(allow("*", "*", { Condition: { [operator]: { [key]: value } } }))), PolicyFault);
    }
  }
});

/** https://www.alibabacloud.com/help/en/ram/policy-elements: all keys of an operator, and all operators. */
test("several keys and several operators must all hold", () => {
  const condition: Json = {
    Condition: {
      StringEquals: { "acs:ResourceTag/owner": ["alice"], "acs:ResourceTag/environment": ["production", "test"] },
      IpAddress: { "acs:SourceIp": "10.0.0.0/8" },
    },
  };
  const all = { "acs:resourcetag/owner": ["alice"], "acs:resourcetag/environment": ["test"], "acs:sourceip": ["10.1.1.1"] };
  const under = (context: Readonly<Record<string, readonly string[]>>): string =>
    decide([allow("*", "*", condition)], request("vpc:DescribeVpcs", "*", { context }));
  assert.equal(under(all), "Allow");
  assert.equal(under({ ...all, "acs:resourcetag/owner": ["bob"] }), "ImplicitDeny");
  assert.equal(under({ ...all, "acs:resourcetag/environment": ["staging"] }), "ImplicitDeny");
  assert.equal(under({ ...all, "acs:sourceip": ["11.1.1.1"] }), "ImplicitDeny");
  for (const absent of Object.keys(all)) {
    assert.equal(under(Object.fromEntries(Object.entries(all).filter(([name]) => name !== absent))), "ImplicitDeny", absent);
  }
});

test("letter case counts in the key of a tag and nowhere else in a condition key", () => {
  assert.equal(contextKey("acs:SourceIP"), contextKey("acs:SourceIp"));
  assert.equal(contextKey("ACS:ResourceTag/Team/Name"), "acs:resourcetag/Team/Name");
  const asked = request("vpc:DescribeVpcs", "*", { context: { "acs:resourcetag/Team": ["dev"] } });
  const tagged = (name: string): Json => allow("*", "*", { Condition: { StringEquals: { [name]: "dev" } } });
  assert.equal(decide([tagged("acs:resourceTAG/Team")], asked), "Allow");
  assert.equal(decide([tagged("acs:ResourceTag/team")], asked), "ImplicitDeny");
});

test("the global keys take an operator of their type and name themselves in one spelling", () => {
  const names = globalConditionKeys.map((one) => one.key);
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
  for (const { key, type, about } of globalConditionKeys) {
    assert.match(key, /^acs:[A-Za-z]+(\/<tag-key>)?$/);
    assert.match(about, /^[A-Z].*\.$/);
    assert.ok([...conditionOperators.values()].some((rule) => rule.type === type));
  }
});
