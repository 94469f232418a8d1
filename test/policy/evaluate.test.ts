import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/fast-check.ts";
import { parseTrustPolicy } from "../../src/policy/document.ts";
import { type AccessRequest, type AppliedPolicy, conditionsMax, consideredMax, decideTrust, PolicySet } from "../../src/policy/evaluate.ts";
import type { Verdict } from "../../src/contract/verdict.ts";
import { allow, decide, deny, documentText, type Json, policy, request } from "./support.ts";

/** Statements against requests. Rules of https://www.alibabacloud.com/help/en/ram/policy-evaluation-process unless a case says otherwise. */

const vpc = "acs:vpc:cn-hangzhou:1234567890123456:vpc/vpc-1";

test("without an allow all is denied, and a deny outdoes every allow", () => {
  const asked = request("vpc:DeleteVpc", vpc);
  assert.equal(new PolicySet([]).decide(asked).decision, "ImplicitDeny");
  assert.equal(decide([allow("vpc:DeleteVpc", "*")], asked), "Allow");
  assert.equal(decide([allow("vpc:CreateVpc", "*")], asked), "ImplicitDeny");
  assert.equal(decide([deny("vpc:DeleteVpc", vpc)], asked), "ExplicitDeny");
  for (const order of [
    [allow("*", "*"), deny("vpc:Delete*", "*")],
    [deny("vpc:Delete*", "*"), allow("vpc:DeleteVpc", vpc)],
  ]) {
    assert.equal(decide(order, asked), "ExplicitDeny");
    const apart = new PolicySet(order.map((statement) => policy([statement])));
    assert.equal(apart.decide(asked).decision, "ExplicitDeny");
  }
});

/** https://www.alibabacloud.com/help/en/ram/policy-elements: actions have wildcards, and their letter case does not count. */
test("actions", () => {
  const rows: readonly (readonly [unknown, string, boolean])[] = [
    ["*", "vpc:DescribeVpcs", true],
    ["vpc:*", "vpc:DescribeVpcs", true],
    ["VPC:describevpcs", "vpc:DescribeVpcs", true],
    ["vpc:Describe*", "VPC:DESCRIBEVPCS", true],
    ["vpc:Describe????", "vpc:DescribeVpcs", true],
    ["vpc:Describe???", "vpc:DescribeVpcs", false],
    ["*:Describe*", "vpc:DescribeVpcs", true],
    ["vp:*", "vpc:DescribeVpcs", false],
    [["ram:*", "vpc:Create*"], "vpc:CreateVpc", true],
    [["ram:*", "vpc:Create*"], "vpc:DeleteVpc", false],
  ];
  for (const [action, asked, expected] of rows) {
    assert.equal(decide([allow(action, "*")], request(asked, vpc)), expected ? "Allow" : "ImplicitDeny", `${String(action)} ${asked}`);
    const { Action: NotAction, ...others } = allow(action, "*");
    assert.equal(
      decide([{ ...others, NotAction }], request(asked, vpc)),
      expected ? "ImplicitDeny" : "Allow",
      `not ${String(action)} ${asked}`,
    );
  }
});

/** https://www.alibabacloud.com/help/en/ram/policy-elements: `acs:<service>:<region>:<account>:<relative-id>`. */
test("resources", () => {
  const peer = "acs:vpc:*:1234567890123456:vpcpeer/pcc-1";
  const rows: readonly (readonly [unknown, string, boolean])[] = [
    ["*", vpc, true],
    ["acs:*:*:*:*", vpc, true],
    ["acs:vpc:*:*:vpc/*", vpc, true],
    ["acs:vpc:*:*:vpc/vpc-?", vpc, true],
    ["acs:vpc:cn-hangzhou:*:vpc/vpc-1", vpc, true],
    // As Resource Management writes regions in its example of a white list of services.
    ["acs:*:*cn-beijing*:*:*", vpc, false],
    ["acs:*:*cn-hangzhou*:*:*", vpc, true],
    ["acs:vpc:cn-shanghai:*:vpc/vpc-1", vpc, false],
    ["acs:vpc::*:vpc/vpc-1", vpc, false],
    ["acs:vpc:*:1:vpc/vpc-1", vpc, false],
    ["acs:ecs:*:*:vpc/vpc-1", vpc, false],
    // Letter case counts. (inferred)
    ["acs:vpc:*:*:vpc/VPC-1", vpc, false],
    ["acs:VPC:*:*:vpc/vpc-1", vpc, false],
    [["acs:vpc:*:*:vswitch/*", "acs:vpc:*:*:vpc/*"], vpc, true],
    // A star stays within its part. (inferred)
    ["acs:vpc:*:vpc/vpc-1:*", "acs:vpc:cn-hangzhou:1:x:vpc/vpc-1:y", false],
    // What follows the account may hold colons.
    ["acs:vpc:*:*:a:*:c", "acs:vpc:cn-hangzhou:1:a:b:c", true],
    // A resource without region.
    ["acs:vpc:*:*:vpcpeer/pcc-1", peer, true],
    ["acs:vpc::1234567890123456:vpcpeer/*", peer, true],
    ["acs:vpc:cn-hangzhou:*:vpcpeer/pcc-1", peer, false],
    ["acs:vpc:cn-*:*:vpcpeer/pcc-1", peer, false],
    ["acs:vpc:?:*:vpcpeer/pcc-1", peer, false],
    ["acs:ram::1:role/admin", "acs:ram:*:1:role/admin", true],
    ["acs:ram:*:1:role/admin", "acs:ram::1:role/admin", true],
    // What RAM names is the same in whatever letter case. (inferred)
    ["acs:ram:*:1:role/ADMIN", "acs:ram::1:role/Admin", true],
    ["acs:*:*:1:role/ADMIN", "acs:ram::1:role/Admin", true],
  ];
  for (const [resource, asked, expected] of rows) {
    // What has no region is denied, or left out, by a pattern for any. (inferred)
    const denied = expected || asked === peer;
    const title = `${String(resource)} ${asked}`;
    assert.equal(decide([allow("*", resource)], request("vpc:X", asked)), expected ? "Allow" : "ImplicitDeny", title);
    assert.equal(decide([allow("*", "*"), deny("*", resource)], request("vpc:X", asked)), denied ? "ExplicitDeny" : "Allow", title);
    const { Resource: NotResource, ...others } = allow("*", resource);
    assert.equal(decide([{ ...others, NotResource }], request("vpc:X", asked)), denied ? "ImplicitDeny" : "Allow", `not ${title}`);
  }
});

test("an operation without resource level is granted by the resource * alone", () => {
  const asked = request("vpc:DeleteVpcPeerConnection", "*");
  const not = (effect: string, NotResource: unknown): Json => ({ Effect: effect, Action: "*", NotResource });
  assert.equal(decide([allow("*", "*")], asked), "Allow");
  assert.equal(decide([allow("*", ["acs:vpc:*:*:vpcpeer/pcc-1", "*"])], asked), "Allow");
  assert.equal(decide([allow("*", "acs:*:*:*:*")], asked), "ImplicitDeny");
  assert.equal(decide([allow("*", "acs:vpc:*:*:vpcpeer/*")], asked), "ImplicitDeny");
  assert.equal(decide([not("Allow", "acs:vpc:*:*:vpcpeer/pcc-1")], asked), "ImplicitDeny");
  assert.equal(decide([not("Allow", "*")], asked), "ImplicitDeny");
  assert.equal(decide([allow("*", "*"), deny("*", "acs:vpc:*:*:vpcpeer/*")], asked), "Allow");
  assert.equal(decide([allow("*", "*"), deny("*", "*")], asked), "ExplicitDeny");
  assert.equal(decide([allow("*", "*"), not("Deny", "acs:vpc:*:*:vpcpeer/pcc-1")], asked), "ExplicitDeny");
  assert.equal(decide([allow("*", "*"), not("Deny", ["acs:vpc:*:*:vpcpeer/pcc-1", "*"])], asked), "Allow");
});

test("a policy of a resource group covers the resources of that group alone", () => {
  const inGroup = (statements: readonly Json[]): AppliedPolicy => policy(statements, { name: "grouped", resourceGroup: "rg-a" });
  const set = new PolicySet([inGroup([allow("*", "*")]), policy([allow("vpc:Describe*", "*"), deny("vpc:Create*", "*")])]);
  const under = (action: string, resourceGroup: string): string => set.decide(request(action, vpc, { resourceGroup })).decision;
  assert.equal(under("vpc:DeleteVpc", "rg-a"), "Allow");
  assert.equal(under("vpc:DeleteVpc", "rg-b"), "ImplicitDeny");
  assert.equal(under("vpc:DeleteVpc", ""), "ImplicitDeny");
  assert.equal(under("vpc:DescribeVpcs", "rg-b"), "Allow");
  assert.equal(under("vpc:CreateVpc", "rg-a"), "ExplicitDeny");
  const denying = new PolicySet([inGroup([deny("*", "*")]), policy([allow("*", "*")])]);
  assert.equal(denying.decide(request("vpc:X", vpc, { resourceGroup: "rg-a" })).decision, "ExplicitDeny");
  assert.equal(denying.decide(request("vpc:X", vpc, { resourceGroup: "rg-b" })).decision, "Allow");
});

test("a verdict tells what was considered, account-level policies first, and what decided", () => {
  const set = new PolicySet([
    policy([allow("vpc:*", "*")], { name: "grouped", resourceGroup: "rg-a" }),
    policy(
      [
        allow("ram:*", "*"),
        allow("vpc:*", "acs:vpc:*:*:vswitch/*"),
        deny("vpc:D*", "*", { Condition: { Bool: { "acs:SecureTransport": "false" } } }),
      ],
      {
        name: "AliyunVPCFullAccess",
        type: "System",
      },
    ),
  ]);
  const over = (secure: string): Verdict =>
    set.decide(request("vpc:DeleteVpc", vpc, { resourceGroup: "rg-a", context: { "acs:securetransport": [secure] } }));
  const system = { policy: "AliyunVPCFullAccess", type: "System", resourceGroup: "" };
  const narrow = { ...system, statement: 2, effect: "Allow", resourceMatches: false, conditions: [], applies: false };
  const denial = (isHeld: boolean): object => ({
    ...system,
    statement: 3,
    effect: "Deny",
    resourceMatches: true,
    conditions: [{ operator: "Bool", key: "acs:SecureTransport", holds: isHeld }],
    applies: isHeld,
  });
  const grouped = {
    policy: "grouped",
    type: "Custom",
    resourceGroup: "rg-a",
    statement: 1,
    effect: "Allow",
    resourceMatches: true,
    conditions: [],
    applies: true,
  };
  assert.deepEqual(over("true"), { decision: "Allow", decidedBy: grouped, considered: [denial(false), grouped], omitted: 1 });
  assert.deepEqual(over("false"), {
    decision: "ExplicitDeny",
    decidedBy: denial(true),
    considered: [narrow, denial(true), grouped],
    omitted: 0,
  });
  assert.deepEqual(set.decide(request("vpc:DeleteVpc", vpc, { resourceGroup: "rg-b" })).considered.at(-1), {
    ...grouped,
    resourceMatches: false,
    applies: false,
  });
  assert.deepEqual(set.decide(request("ecs:RunInstances", "*")), {
    decision: "ImplicitDeny",
    decidedBy: undefined,
    considered: [],
    omitted: 0,
  });
});

test("conditions that are not told of still count, and those that fail are told", () => {
  const keys = Array.from({ length: conditionsMax + 5 }, (_, index) => `acs:k${index}`);
  const set = new PolicySet([
    policy([allow("*", "*", { Condition: { StringEquals: Object.fromEntries(keys.map((key) => [key, "x"])) } })]),
  ]);
  const over = (failing: string | undefined): Verdict =>
    set.decide(request("vpc:X", vpc, { context: Object.fromEntries(keys.map((key) => [key, [key === failing ? "y" : "x"]])) }));
  for (const failing of [undefined, keys[0], keys.at(-1)]) {
    const { decision, considered } = over(failing);
    assert.equal(decision, failing === undefined ? "Allow" : "ImplicitDeny");
    const [told] = considered;
    assert.deepEqual([told?.conditions.length, told?.omittedConditions], [conditionsMax, 5]);
    assert.deepEqual(told?.conditions.filter(({ holds }) => !holds).map(({ key }) => key), failing === undefined ? [] : [failing]); // prettier-ignore
  }
});

test("statements that are not told of still count", () => {
  const many = (count: number): Json[] => Array.from({ length: count }, () => allow("vpc:*", "acs:vpc:*:*:vswitch/*"));
  const asked = request("vpc:DeleteVpc", vpc);
  const rows: readonly (readonly [readonly Json[], Verdict["decision"], number | undefined])[] = [
    [many(120), "ImplicitDeny", undefined],
    [[...many(110), allow("*", vpc), ...many(9)], "Allow", 111],
    [[...many(100), allow("*", vpc), allow("*", "*"), ...many(17), deny("*", vpc)], "ExplicitDeny", 120],
    [[allow("*", "*"), ...many(118), deny("*", "*", { Condition: { StringEquals: { "acs:A": "b" } } })], "Allow", 1],
    [[deny("*", "*"), ...many(118), allow("*", "*")], "ExplicitDeny", 1],
    [[...many(49), deny("*", "*"), ...many(69), deny("*", "*")], "ExplicitDeny", 50],
    [[...many(99), deny("*", "*"), ...many(19), deny("*", "*")], "ExplicitDeny", 100],
  ];
  for (const [statements, decision, number] of rows) {
    const verdict = new PolicySet([policy(statements)]).decide(asked);
    assert.equal(verdict.decision, decision);
    assert.equal(verdict.decidedBy?.statement, number);
    assert.equal(verdict.decidedBy?.applies, number === undefined ? undefined : true);
    assert.equal(verdict.considered.length + verdict.omitted, 120);
    if (decision === "Allow") assert.ok(verdict.considered.every(({ resourceMatches }) => resourceMatches));
    else assert.equal(verdict.considered.length, consideredMax);
  }
});

test("a set answers the same however many resources it has been asked about", () => {
  const others = Array.from({ length: 30 }, () => allow("vpc:*", "acs:vpc:*:*:vswitch/*"));
  const set = new PolicySet([policy([allow("vpc:*", "acs:vpc:*:*:vpc/*7"), deny("vpc:*", "acs:vpc:*:*:vpc/*77"), ...others])]);
  for (let round = 0; round < 2; round += 1) {
    for (let id = 0; id < 12_000; id += 1) {
      const expected = id % 100 === 77 ? "ExplicitDeny" : id % 10 === 7 ? "Allow" : "ImplicitDeny";
      assert.equal(set.decide(request("vpc:DeleteVpc", `acs:vpc:cn-hangzhou:1:vpc/${id}`)).decision, expected);
    }
  }
});

test("a set answers the same however many actions it has been asked", () => {
  const set = new PolicySet([policy([allow("vpc:*7", "*"), deny("vpc:*77", "*")])]);
  for (let round = 0; round < 2; round += 1) {
    for (let number = 0; number < 3000; number += 1) {
      const { decision } = set.decide(request(`vpc:Action${number}`, "*"));
      assert.equal(decision, number % 100 === 77 ? "ExplicitDeny" : number % 10 === 7 ? "Allow" : "ImplicitDeny");
    }
  }
});

/** https://www.alibabacloud.com/help/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role */
test("who may assume a role", () => {
  const [one, other] = ["1000000000000001", "1000000000000002"];
  const trusting = (principal: Json, more: Json = {}): Json => ({
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: principal,
    ...more,
  });
  const under = (statements: readonly Json[], account: string, name: string, more: Partial<AccessRequest> = {}): Verdict["decision"] =>
    decideTrust(parseTrustPolicy(documentText(...statements)), {
      action: more.action ?? "sts:AssumeRole",
      principal: { account, name },
      context: more.context ?? (() => undefined),
    }).decision;
  const whole = trusting({ RAM: `acs:ram::${one}:root` });
  assert.equal(under([whole], one, "user/alice"), "Allow");
  assert.equal(under([whole], one, "role/admin"), "Allow");
  assert.equal(under([whole], other, "user/alice"), "ImplicitDeny");
  assert.equal(under([whole], one, "user/alice", { action: "sts:assumerole" }), "Allow");
  assert.equal(under([whole], one, "user/alice", { action: "sts:GetCallerIdentity" }), "ImplicitDeny");

  const alice = trusting({ RAM: [`acs:ram::${one}:user/alice`, `acs:ram::${other}:role/admin`] });
  assert.equal(under([alice], one, "user/alice"), "Allow");
  assert.equal(under([alice], other, "role/admin"), "Allow");
  assert.equal(under([alice], one, "user/bob"), "ImplicitDeny");
  assert.equal(under([alice], one, "role/alice"), "ImplicitDeny");
  assert.equal(under([alice], other, "user/alice"), "ImplicitDeny");
  assert.equal(under([alice], one, "role/admin"), "ImplicitDeny");

  assert.equal(under([trusting({ Service: "ecs.aliyuncs.com" })], one, "user/alice"), "ImplicitDeny");
  assert.equal(under([whole, { ...alice, Effect: "Deny" }], one, "user/alice"), "ExplicitDeny");
  assert.equal(under([whole, { ...alice, Effect: "Deny" }], one, "user/bob"), "Allow");

  // https://www.alibabacloud.com/help/en/ram/api-assumerole has ExternalId; the name of its condition key is inferred.
  const deputy = trusting({ RAM: `acs:ram::${one}:root` }, { Condition: { StringEquals: { "sts:ExternalId": "abcd1234" } } });
  const told = (externalId: string) => (key: string) => (key === "sts:externalid" ? [externalId] : undefined);
  assert.equal(under([deputy], one, "user/alice", { context: told("abcd1234") }), "Allow");
  assert.equal(under([deputy], one, "user/alice", { context: told("other") }), "ImplicitDeny");
  assert.equal(under([deputy], one, "user/alice"), "ImplicitDeny");

  const verdict = decideTrust(parseTrustPolicy(documentText(whole)), {
    action: "sts:AssumeRole",
    principal: { account: other, name: "user/x" },
    context: () => undefined,
  });
  assert.deepEqual(
    verdict.considered.map(({ type, statement, resourceMatches, applies }) => ({ type, statement, resourceMatches, applies })),
    [{ type: "Trust", statement: 1, resourceMatches: false, applies: false }],
  );
});

const actions = ["vpc:DescribeVpcs", "vpc:DeleteVpc", "ram:GetUser"];
const arns = ["*", vpc, "acs:vpc:*:1:vpcpeer/pcc-1", "acs:ram:*:1:user/alice"];
const oneOrMore = (...values: string[]): fc.Arbitrary<readonly string[]> => fc.subarray(values, { minLength: 1 });
const anyStatement: fc.Arbitrary<Json> = fc
  .record({
    effect: fc.constantFrom("Allow", "Deny"),
    action: fc.constantFrom("Action", "NotAction"),
    actions: oneOrMore("*", "vpc:*", "vpc:Describe*", "VPC:deletevpc", "ram:Get????", "ram:*"),
    resource: fc.constantFrom("Resource", "NotResource"),
    resources: oneOrMore("*", "acs:vpc:*:*:*", "acs:vpc:cn-hangzhou:*:vpc/*", "acs:vpc::1:vpcpeer/pcc-1", "acs:*:*:*:user/alice"),
    condition: fc.option(
      fc.record({ operator: fc.constantFrom("StringLike", "StringNotLike", "StringEquals"), value: fc.constantFrom("a", "b*", "*") }),
    ),
  })
  .map(({ effect, action, actions, resource, resources, condition }) => ({
    Effect: effect,
    [action]: actions,
    [resource]: resources,
    Condition: condition === null ? undefined : { [condition.operator]: { "acs:A": condition.value } },
  }));
const anyPolicy = fc
  .tuple(fc.array(anyStatement, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "rg-a"))
  .map(([statements, resourceGroup]) => ({ statements, resourceGroup }));
const anyPolicies = fc.array(anyPolicy, { maxLength: 4 });
const anyRequest = fc
  .record({
    action: fc.constantFrom(...actions),
    resource: fc.constantFrom(...arns),
    resourceGroup: fc.constantFrom("", "rg-a", "rg-b"),
    values: fc.constantFrom(undefined, ["a"], ["b", "c"]),
  })
  .map(({ action, resource, resourceGroup, values }) =>
    request(action, resource, { resourceGroup, context: values === undefined ? {} : { "acs:a": values } }),
  );
type Parts = readonly { readonly statements: readonly Json[]; readonly resourceGroup: string }[];
const setOf = (policies: Parts): PolicySet =>
  new PolicySet(policies.map(({ statements, resourceGroup }) => policy(statements, { resourceGroup })));

test("adding a deny never allows more, adding an allow never denies more", () => {
  const changed = { Allow: 0, Deny: 0 };
  fc.assert(
    fc.property(anyPolicies, anyPolicy, anyRequest, (policies, added, asked) => {
      const before = setOf(policies).decide(asked).decision;
      for (const effect of ["Allow", "Deny"] as const) {
        const statements = added.statements.map((one) => ({ ...one, Effect: effect }));
        const after = setOf([...policies, { ...added, statements }]).decide(asked).decision;
        changed[effect] += before === after ? 0 : 1;
        if (effect === "Deny") assert.ok(after === before || after === "ExplicitDeny");
        else assert.ok(after === before || (before === "ImplicitDeny" && after === "Allow"));
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(changed.Allow > 20 && changed.Deny > 20, JSON.stringify(changed));
});

test("neither the order of policies and statements nor how they are shared out matters", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(anyPolicies, anyRequest, fc.infiniteStream(fc.nat()), (policies, asked, random) => {
      const shuffled = <T>(list: readonly T[]): T[] =>
        list
          .map((value) => ({ value, rank: random.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ value }) => value);
      const expected = setOf(policies).decide(asked).decision;
      seen.add(expected);
      const reordered = shuffled(policies).map(({ statements, resourceGroup }) => ({ statements: shuffled(statements), resourceGroup }));
      const apart = shuffled(
        policies.flatMap(({ statements, resourceGroup }) => statements.map((one) => ({ statements: [one], resourceGroup }))),
      );
      assert.equal(setOf(reordered).decide(asked).decision, expected);
      assert.equal(setOf(apart).decide(asked).decision, expected);
    }),
    { numRuns: 1000 },
  );
  assert.equal(seen.size, 3);
});

test("a verdict agrees with what it tells of its statements", () => {
  fc.assert(
    fc.property(anyPolicies, anyRequest, (policies, asked) => {
      const { decision, decidedBy, considered, omitted } = setOf(policies).decide(asked);
      const applied = considered.filter((one) => one.applies);
      if (decision === "Allow") assert.ok(considered.every(({ resourceMatches }) => resourceMatches));
      else assert.equal(omitted, 0);
      for (const one of considered) assert.equal(one.applies, one.resourceMatches && one.conditions.every(({ holds }) => holds));
      const denial = applied.find(({ effect }) => effect === "Deny");
      assert.equal(decision, denial !== undefined ? "ExplicitDeny" : applied.length > 0 ? "Allow" : "ImplicitDeny");
      assert.deepEqual(decidedBy, denial ?? applied[0]);
      const groups = considered.map(({ resourceGroup }) => resourceGroup);
      assert.deepEqual(groups, [...groups].sort());
    }),
  );
});
