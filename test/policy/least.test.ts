import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/fast-check.ts";
import { parsePolicy } from "../../src/policy/document.ts";
import { PolicySet } from "../../src/policy/evaluate.ts";
import { leastPolicies, smallestPolicy } from "../../src/policy/least.ts";
import { request } from "./support.ts";

const lengthMax = 6144;
const vpcOf = (id: number): string => `acs:vpc:cn-hangzhou:1234567890123456:vpc/vpc-${id}`;

interface Written {
  readonly Version: string;
  readonly Statement: readonly { readonly Action: string | readonly string[]; readonly Resource: string | readonly string[] }[];
}
const written = (documents: readonly object[]): readonly Written[] => documents as readonly Written[];

test("the smallest policy names one action on its resources, in their order and once each", () => {
  assert.deepEqual(smallestPolicy("vpc:DescribeVpcs", ["*"]), {
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "*" }],
  });
  assert.deepEqual(smallestPolicy("vpc:AcceptIt", [vpcOf(2), vpcOf(1), vpcOf(2)]), {
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "vpc:AcceptIt", Resource: [vpcOf(2), vpcOf(1)] }],
  });
  // Of two that cover each other one stays.
  assert.deepEqual(smallestPolicy("vpc:AcceptIt", ["acs:vpc:*:1:vpc/**", "acs:vpc:*:1:vpc/*", "acs:vpc:cn-hangzhou:1:vpc/vpc-1"]), {
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "vpc:AcceptIt", Resource: "acs:vpc:*:1:vpc/*" }],
  });
});

test("actions on the same resources share a statement", () => {
  const calls = [
    { action: "vpc:ModifyVpc", resources: [vpcOf(2)] },
    { action: "vpc:DescribeVpcs", resources: ["*"] },
    { action: "vpc:DeleteVpc", resources: [vpcOf(2)] },
    { action: "vpc:ModifyVpc", resources: [vpcOf(1)] },
    { action: "vpc:DeleteVpc", resources: [vpcOf(1), vpcOf(2)] },
    { action: "vpc:CreateVpc", resources: [vpcOf(1), "acs:vpc:*:1234567890123456:vpc/*"] },
  ];
  const expected = [
    {
      Version: "1",
      Statement: [
        { Effect: "Allow", Action: "vpc:CreateVpc", Resource: "acs:vpc:*:1234567890123456:vpc/*" },
        { Effect: "Allow", Action: ["vpc:DeleteVpc", "vpc:ModifyVpc"], Resource: [vpcOf(1), vpcOf(2)] },
        { Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "*" },
      ],
    },
  ];
  assert.deepEqual(leastPolicies(calls, lengthMax), expected);
  assert.deepEqual(leastPolicies([...calls, ...calls.toReversed()].toReversed(), lengthMax), expected);
  assert.deepEqual(leastPolicies([], lengthMax), []);
});

test("what does not fit into one document is shared out, in order", () => {
  const resources = Array.from({ length: 500 }, (_, id) => vpcOf(id));
  const documents = leastPolicies([{ action: "vpc:DeleteVpc", resources }], lengthMax);
  assert.ok(documents.length > 1);
  for (const document of documents) assert.ok(JSON.stringify(document).length <= lengthMax);
  assert.deepEqual(
    written(documents).flatMap(({ Statement }) => Statement.flatMap(({ Resource }) => Resource)),
    [...resources].sort(),
  );
  // One action on one resource cannot be cut.
  assert.equal(leastPolicies([{ action: "vpc:DeleteVpc", resources: [vpcOf(1)] }], 10).length, 1);
});

const anyCalls = fc.array(
  fc.record({
    action: fc.constantFrom(
      ...["DescribeVpcs", "DeleteVpc", "CreateVpc", "ModifyVpc", "ListThings", "GetThing"].map((name) => `vpc:${name}`),
    ),
    resources: fc.array(
      fc.oneof(
        fc.constantFrom(
          "*",
          "acs:vpc:*:1:vpc/*",
          "acs:vpc:*:1:vpcpeer/pcc-1",
          "acs:vpc:cn-hangzhou:1:vpc/*",
          "acs:vpc:cn-hangzhou:1:vpcpeer/pcc-1",
        ),
        fc.nat({ max: 9 }).map((id) => `acs:vpc:cn-hangzhou:1:vpc/vpc-${id}`),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  { minLength: 1, maxLength: 25 },
);

test("least policies allow all that was called, and without any statement something is denied", () => {
  const counts = new Set<number>();
  fc.assert(
    fc.property(anyCalls, fc.integer({ min: 100, max: 1500 }), (calls, documentLengthMax) => {
      const documents = leastPolicies(calls, documentLengthMax);
      counts.add(documents.length);
      const isAllAllowed = (all: readonly object[]): boolean => {
        const set = new PolicySet(
          all.map((one) => ({ name: "least", type: "Custom", resourceGroup: "", document: parsePolicy(JSON.stringify(one)) })),
        );
        return calls.every(({ action, resources }) => resources.every((one) => set.decide(request(action, one)).decision === "Allow"));
      };
      assert.ok(isAllAllowed(documents));
      const statements = written(documents).flatMap(({ Statement }) => Statement);
      for (const left of statements) {
        const others = statements.filter((one) => one !== left).map((one) => ({ Version: "1", Statement: [one] }));
        assert.ok(!isAllAllowed(others), JSON.stringify(left));
      }
      for (const [index, document] of documents.entries()) {
        const isSingle = written([document])[0]?.Statement.every(
          ({ Action, Resource }) => typeof Action === "string" && typeof Resource === "string",
        );
        assert.ok(JSON.stringify(document).length <= documentLengthMax || isSingle, `document ${index}`);
      }
      assert.deepEqual(leastPolicies(calls.toReversed(), documentLengthMax), documents);
    }),
    { numRuns: 300 },
  );
  assert.ok(counts.size > 2);
});
