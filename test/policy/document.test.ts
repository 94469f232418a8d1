import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/fast-check.ts";
import { conditionOperators } from "../../src/policy/conditions.ts";
import { parsePolicy, parseTrustPolicy, type PolicyDocument, PolicyFault } from "../../src/policy/document.ts";
import { allow, documentText, type Json } from "./support.ts";

/** What is a policy document and what is none. */

function fault(text: string, parse: (text: string) => PolicyDocument = parsePolicy): string {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof PolicyFault, String(error));
    return error.message;
  }
  return assert.fail(`taken for a policy: ${text}`);
}

test("documents of the documentation are read", () => {
  // https://www.alibabacloud.com/help/en/ram/conditional-operator, the example of StringLike.
  const document = parsePolicy(`{
    "Version": "1",
    "Statement": [
      { "Effect": "Allow", "Action": ["oss:GetObject"], "Resource": ["acs:oss:*:*:myphotos/hangzhou/2015/*"] },
      { "Effect": "Allow", "Action": ["oss:ListObjects"], "Resource": ["acs:oss:*:*:myphotos"],
        "Condition": { "StringLike": { "oss:Prefix": "hangzhou/2015/*" } } }
    ]
  }`);
  const [first, second] = document.statements;
  assert.deepEqual(
    [first?.effect, first?.action, first?.resource, first?.conditions],
    [
      "Allow",
      { patterns: ["oss:GetObject"], inverted: false },
      { patterns: ["acs:oss:*:*:myphotos/hangzhou/2015/*"], inverted: false },
      [],
    ],
  );
  assert.deepEqual(
    second?.conditions.map(({ operator, key, contextKey, values }) => ({ operator, key, contextKey, values })),
    [{ operator: "StringLike", key: "oss:Prefix", contextKey: "oss:prefix", values: ["hangzhou/2015/*"] }],
  );
});

/** https://www.alibabacloud.com/help/doc-detail/93739.htm: where several values may stand, one may stand alone. */
test("a single value is a list of one", () => {
  const { conditions: _one, ...alone } = parsePolicy(documentText(allow("ecs:*", "*"))).statements[0] ?? assert.fail();
  const { conditions: _two, ...listed } = parsePolicy(documentText(allow(["ecs:*"], ["*"]))).statements[0] ?? assert.fail();
  assert.deepEqual(alone, listed);
});

test("NotAction and NotResource are inverted selections", () => {
  // https://www.alibabacloud.com/help/en/ram/policy-elements: everything but RAM.
  const [statement] = parsePolicy(documentText({ Effect: "Allow", NotAction: "ram:*", NotResource: ["acs:oss:*:*:secret"] })).statements;
  assert.deepEqual(statement?.action, { patterns: ["ram:*"], inverted: true });
  assert.deepEqual(statement?.resource, { patterns: ["acs:oss:*:*:secret"], inverted: true });
});

test("what is wrong is told with its place", () => {
  const with_ = (more: Json): string => documentText(allow("ecs:*", "*"), { ...allow("ecs:*", "*"), ...more });
  const rows: readonly (readonly [string, RegExp])[] = [
    ["", /^not a JSON document: /],
    ["{", /^not a JSON document: /],
    ["[]", /^must be an object, not a list$/],
    ["null", /^must be an object, not null$/],
    ['"text"', /^must be an object, not "text"$/],
    ["{}", /^Version is missing$/],
    ['{"Version":1,"Statement":[]}', /^Version: must be "1", not 1$/],
    ['{"Version":"2012-10-17","Statement":[]}', /^Version: must be "1", not "2012-10-17"$/],
    ['{"Version":"1"}', /^Statement is missing$/],
    ['{"Version":"1","Statement":[]}', /^Statement: must be a list of at least one statement$/],
    ['{"Version":"1","Statement":{}}', /^Statement: must be a list of at least one statement$/],
    ['{"Version":"1","Statement":[1],"Id":"x"}', /^"Id" is no element that belongs here$/],
    ['{"Version":"1","Statement":[[]]}', /^Statement\[1\]: must be an object, not a list$/],
    [with_({ Effect: "allow" }), /^Statement\[2\]\.Effect: must be "Allow" or "Deny", not "allow"$/],
    [documentText({ Action: "*", Resource: "*" }), /^Statement\[1\]: Effect is missing$/],
    [documentText({ Effect: "Allow", Resource: "*" }), /^Statement\[1\]: exactly one of Action and NotAction must be there$/],
    [with_({ NotAction: "*" }), /^Statement\[2\]: exactly one of Action and NotAction must be there$/],
    [documentText({ Effect: "Allow", Action: "*" }), /^Statement\[1\]: exactly one of Resource and NotResource must be there$/],
    [with_({ NotResource: "*" }), /^Statement\[2\]: exactly one of Resource and NotResource must be there$/],
    [with_({ Sid: "x" }), /^Statement\[2\]: "Sid" is no element that belongs here$/],
    [with_({ Principal: { RAM: "acs:ram::1:root" } }), /^Statement\[2\]: "Principal" is no element that belongs here$/],
    [with_({ Action: [] }), /^Statement\[2\]\.Action: at least one value must be there$/],
    [with_({ Action: {} }), /^Statement\[2\]\.Action: must be a text in quotation marks, not an object$/],
    [with_({ Action: ["ecs:*", 5] }), /^Statement\[2\]\.Action\[2\]: must be a text in quotation marks, not 5$/],
    [with_({ Action: "ecs" }), /^Statement\[2\]\.Action: must be `\*` or `<service>:<operation>`, not "ecs"$/],
    [with_({ Action: "" }), /^Statement\[2\]\.Action: must be /],
    [with_({ Action: "ecs:Run Instances" }), /^Statement\[2\]\.Action: must be /],
    [with_({ Resource: "arn:aws:s3:::bucket" }), /^Statement\[2\]\.Resource: must be `\*` or `acs:/],
    [with_({ Resource: ["*", "acs:ecs:*:instance/i"] }), /^Statement\[2\]\.Resource\[2\]: must be /],
    [with_({ Resource: "acs:ecs:*:*:" }), /^Statement\[2\]\.Resource: must be /],
    [with_({ Condition: [] }), /^Statement\[2\]\.Condition: must be an object, not a list$/],
    [with_({ Condition: { StringEqualsIfExists: {} } }), /^Statement\[2\]\.Condition: "StringEqualsIfExists" is none of StringEquals, /],
    [with_({ Condition: { stringequals: { "acs:A": "b" } } }), /^Statement\[2\]\.Condition: "stringequals" is none of /],
    [with_({ Condition: { constructor: { "acs:A": "b" } } }), /^Statement\[2\]\.Condition: "constructor" is none of /],
    [with_({ Condition: { Bool: {} } }), /^Statement\[2\]\.Condition\.Bool: at least one condition key must be there$/],
    [with_({ Condition: { Bool: "true" } }), /^Statement\[2\]\.Condition\.Bool: must be an object, not "true"$/],
    [
      with_({ Condition: { Bool: { MFAPresent: "true" } } }),
      /^Statement\[2\]\.Condition\.Bool: a condition key must be .*, not "MFAPresent"$/,
    ],
    [with_({ Condition: { Bool: { "acs:A": [] } } }), /^Statement\[2\]\.Condition\.Bool\.acs:A: at least one value must be there$/],
    [
      with_({ Condition: { Bool: { "acs:A": ["true", true] } } }),
      /^Statement\[2\]\.Condition\.Bool\.acs:A\[2\]: must be a text in quotation marks, not true$/,
    ],
    [
      with_({ Condition: { Bool: { "acs:A": ["true", "maybe"] } } }),
      /^Statement\[2\]\.Condition\.Bool\.acs:A: must be "true" or "false", not "maybe"$/,
    ],
  ];
  for (const [text, message] of rows) assert.match(fault(text), message);
});

test("members that objects of the language have, or that are given twice, are no way around", () => {
  assert.match(
    fault('{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","__proto__":{}}]}'),
    /"__proto__" is no element/,
  );
  assert.match(fault('{"Version":"1","Statement":[{"__proto__":{"Effect":"Allow"},"Action":"*","Resource":"*"}]}'), /Effect is missing/);
  assert.match(
    fault('{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"__proto__":{"acs:A":"b"}}}]}'),
    /is none of/,
  );
  const [twice] = parsePolicy('{"Version":"1","Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]}').statements;
  assert.equal(twice?.effect, "Deny");
  // Consoles write a condition of nothing, which asks for nothing.
  assert.deepEqual(parsePolicy(documentText(allow("*", "*", { Condition: {} }))).statements[0]?.conditions, []);
});

test("messages stay short and in one line, however long and odd the document", () => {
  const odd = `\n\u0000\u001b<&>${"x".repeat(100_000)}`;
  for (const text of [
    odd,
    JSON.stringify({ [odd]: 1 }),
    documentText(allow(odd, "*")),
    documentText(allow("*", odd)),
    documentText(allow("*", "*", { Condition: { [odd]: {} } })),
    documentText(allow("*", "*", { Condition: { StringEquals: { [odd]: "x" } } })),
    documentText(allow("*", "*", { Condition: { Bool: { [`acs:${odd}`]: odd } } })),
    documentText({ ...allow("*", "*"), [odd]: 1 }),
  ]) {
    const message = fault(text);
    assert.ok(message.length < 700, message);
    // Control characters are what cannot stand in an answer.
    assert.doesNotMatch(message, /[\u0000-\u001f]/);
  }
});

/** https://www.alibabacloud.com/help/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role */
test("trust policies name accounts, users, roles, services and identity providers", () => {
  const trust = (principal: unknown, more: Json = {}): string =>
    documentText({ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal, ...more });
  const principalsOf = (principal: unknown): unknown => parseTrustPolicy(trust(principal)).statements[0]?.principals;
  assert.deepEqual(principalsOf({ RAM: ["acs:ram::1234567890123456:root", "acs:ram::1234567890123456:user/test.user@x"] }), [
    { type: "RAM", account: "1234567890123456", name: "root" },
    { type: "RAM", account: "1234567890123456", name: "user/test.user@x" },
  ]);
  assert.deepEqual(principalsOf({ RAM: "acs:ram::1:role/r", Service: "ecs.aliyuncs.com" }), [
    { type: "RAM", account: "1", name: "role/r" },
    { type: "Service", service: "ecs.aliyuncs.com" },
  ]);
  assert.deepEqual(principalsOf({ RAM: [], Service: ["ecs.aliyuncs.com"] }), [{ type: "Service", service: "ecs.aliyuncs.com" }]);
  assert.deepEqual(principalsOf({ Federated: ["acs:ram::1:saml-provider/company", "acs:ram::1:oidc-provider/company"] }), [
    { type: "Federated", provider: "acs:ram::1:saml-provider/company" },
    { type: "Federated", provider: "acs:ram::1:oidc-provider/company" },
  ]);
  const rows: readonly (readonly [string, RegExp])[] = [
    [documentText(allow("sts:AssumeRole", "*")), /Principal is missing/],
    [documentText({ Effect: "Allow", Principal: { RAM: "acs:ram::1:root" } }), /Action is missing/],
    [trust({ RAM: "acs:ram::1:root" }, { Resource: "*" }), /"Resource" is no element/],
    [trust({ RAM: "acs:ram::1:root" }, { NotPrincipal: {} }), /"NotPrincipal" is no element/],
    [trust({ RAM: "acs:ram::1:root" }, { Action: "ecs:*" }), /Statement\[1\]\.Action: must be an action of STS/],
    [trust({}), /Statement\[1\]\.Principal: at least one value of RAM, Service, Federated must be there/],
    [trust("*"), /Statement\[1\]\.Principal: must be an object, not "\*"/],
    [trust({ RAM: "*" }), /Statement\[1\]\.Principal\.RAM: must be `acs:ram::<account>:root`/],
    [trust({ RAM: ["acs:ram::1:root", "acs:ram:*:1:root"] }), /Statement\[1\]\.Principal\.RAM\[2\]: must be /],
    [trust({ RAM: "acs:ram::1:user/*" }), /Principal\.RAM: must be /],
    [trust({ RAM: "acs:ram::1:group/admins" }), /Principal\.RAM: must be /],
    [trust({ RAM: [], Service: [] }), /Statement\[1\]\.Principal: at least one value/],
    [trust({ RAM: "acs:ram::1:root", AWS: [] }), /"AWS" is none of RAM, Service, Federated/],
    [trust({ AWS: "1" }), /"AWS" is none of RAM, Service, Federated/],
    [trust({ Service: "two words" }), /Principal\.Service: must be the name of a service/],
    [trust({ Federated: "company" }), /Principal\.Federated: must be /],
  ];
  for (const [text, message] of rows) assert.match(fault(text, parseTrustPolicy), message);
});

test("any text and any JSON is a document or a PolicyFault", () => {
  const survives = (text: string): void => {
    for (const parse of [parsePolicy, parseTrustPolicy]) {
      try {
        parse(text);
      } catch (error) {
        assert.ok(error instanceof PolicyFault, String(error));
      }
    }
  };
  for (const depth of [1000, 100_000]) {
    survives("[".repeat(depth) + "]".repeat(depth));
    survives("[".repeat(depth));
    survives('{"Version":'.repeat(depth) + "1" + "}".repeat(depth));
    survives(documentText(allow("*", "*")).replace('"Resource":"*"', `"Resource":${"[".repeat(depth)}${"]".repeat(depth)}`));
    survives(documentText(allow(Array(depth).fill("a:b"), "*")));
  }
  const names = "Version Statement Effect Action NotAction Resource NotResource Condition Principal RAM Service acs:SourceIp";
  const words = [...names.split(" "), ...conditionOperators.keys(), "__proto__", "constructor", "toString", ""];
  const word = fc.constantFrom(...words);
  const value = fc.constantFrom<unknown>(
    "1",
    "Allow",
    "Deny",
    "*",
    "a:*",
    "acs:a:b:c:d",
    "acs:ram::1:root",
    "true",
    "10.0.0.1/8",
    1,
    null,
    true,
    [],
    {},
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium" },
      value,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(word, tie("tree"), { maxKeys: 5 }),
    ),
  }));
  const statement = fc.record(
    {
      Effect: value,
      Action: tree,
      NotAction: tree,
      Resource: tree,
      Principal: tree,
      Condition: fc.dictionary(word, fc.dictionary(word, tree)),
    },
    { requiredKeys: [] },
  );
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), survives));
  fc.assert(
    fc.property(tree, (one) => survives(JSON.stringify(one))),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 3 }), (list) => survives(documentText(...list))),
    { numRuns: 1000 },
  );
});
