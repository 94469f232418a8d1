import type { Random } from "../support/random.ts";

/** Policy documents: such as are well meant, such as are nearly right, and such as nobody means well with. */

const actions = ["*", "*", "vpc:*", "vpc:Describe*", "ram:*", "ram:List*", "sts:AssumeRole", "vpcpeer:*", "VPC:create?pc", "rds:*"];
const resources = ["*", "*", "*", "acs:vpc:*:*:*", "acs:vpc:cn-hangzhou:*:vpc/*", "acs:ram:*:*:user/*", "acs:ram::*:role/*"];
const conditions: readonly object[] = [
  { IpAddress: { "acs:SourceIp": ["127.0.0.0/8", "::1"] } },
  { NotIpAddress: { "acs:SourceIp": "10.0.0.0/8" } },
  { Bool: { "acs:SecureTransport": "false" } },
  { DateLessThan: { "acs:CurrentTime": "2100-01-01T00:00:00Z" } },
  { StringLike: { "acs:PrincipalARN": ["acs:ram::*:user/*", "acs:ram::*:assumed-role/*"] } },
  { StringNotEquals: { "acs:ResourceTag/env": ["v0", "v1"] } },
  { StringEquals: { "acs:RequestTag/team": "v2" }, NumericGreaterThan: { "rds:Size": "-1.5" } },
];

function someOf(random: Random, from: readonly string[]): string | readonly string[] {
  return random.chance(0.5) ? random.pick(from) : Array.from({ length: random.between(1, 4) }, () => random.pick(from));
}

interface Statement {
  [element: string]: unknown;
}
function statement(random: Random): Statement {
  const inverted = random.chance(0.1);
  return {
    // More is allowed than denied, so that those who have the policies get somewhere.
    Effect: random.chance(0.85) ? "Allow" : "Deny",
    [inverted ? "NotAction" : "Action"]: someOf(random, inverted ? actions.slice(2) : actions),
    [random.chance(0.1) ? "NotResource" : "Resource"]: someOf(random, resources),
    ...(random.chance(0.25) ? { Condition: random.pick(conditions) } : {}),
  };
}
function trustStatement(random: Random, accounts: readonly string[]): Statement {
  const principals = accounts.flatMap((account) => [`acs:ram::${account}:root`, `acs:ram::${account}:user/somebody`]);
  return {
    Effect: random.chance(0.95) ? "Allow" : "Deny",
    Action: random.pick(["sts:AssumeRole", "sts:AssumeRole", "sts:*"]),
    Principal: random.chance(0.1) ? { Service: ["ecs.aliyuncs.com"] } : { RAM: random.shuffled(principals).slice(0, random.between(2, 4)) },
    ...(random.chance(0.15) ? { Condition: { StringEquals: { "sts:ExternalId": ["agreed", "xx"] } } } : {}),
  };
}

type Content = { Version: unknown; Statement: unknown };
const content = (random: Random, one: () => Statement): Content => ({
  Version: "1",
  Statement: Array.from({ length: random.pick([1, 1, 2, 5]) }, one),
});

/** What makes a document that is right wrong, or leaves it right by a hair. */
const slips: readonly ((random: Random, text: string) => string)[] = [
  (random, text) => text.slice(0, random.below(text.length)),
  (_random, text) => `${text},`,
  (_random, text) => text.replace('"1"', "1"),
  (_random, text) => text.replace('"1"', '"2012-10-17"'),
  (_random, text) => text.replace(/Allow|Deny/, "allow"),
  (_random, text) => text.replace(/"(Resource|Principal)"/, '"resource"'),
  (_random, text) => text.replace('"Action"', '"NotAction":["vpc:X"],"Action"'),
  (_random, text) => text.replace('"Effect"', '"Sid":"one","Effect"'),
  (_random, text) => text.replace('"Effect"', '"Condition":{"StringSounds":{"acs:a":"b"}},"Effect"'),
  (_random, text) => text.replace('"Effect"', '"Condition":{"Bool":{"acs:SecureTransport":true}},"Effect"'),
  (_random, text) => text.replace('"Effect"', '"Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/33"}},"Effect"'),
  (_random, text) => text.replace('"Effect"', '"Condition":{},"Effect"'),
  (_random, text) => text.replace('"Effect"', '"Effect":"Deny","Effect"'),
  (_random, text) => text.replace(/\[.*\]/s, "[]"),
  (_random, text) => text.replace(/\[.*\]/s, "[null]"),
  (_random, text) => text.replaceAll(":", "："),
  (_random, text) => JSON.stringify(text),
  (_random, text) => ` \n\t${text}\n`,
  (_random, text) => `\ufeff${text}`,
];

/** As long as a document can be, and longer. */
const lengths = [2_048, 6_000, 6_144, 6_145, 20_000];
const wrap = (members: string): string => `{"Version":"1","Statement":[{${members}}]}`;
const allowing = (members: string): string => wrap(`"Effect":"Allow",${members}`);
const hostile: readonly ((random: Random) => string)[] = [
  (random) => "[".repeat(random.pick(lengths)),
  (random) => '{"Statement":'.repeat(Math.floor(random.pick(lengths) / 13)),
  (random) => allowing(`"Action":${"[".repeat(2_500)}"*"${"]".repeat(2_500)},"Resource":"*"`).slice(0, random.pick(lengths)),
  (random) => allowing(`"Action":"vpc:${"*".repeat(random.pick(lengths) - 100)}","Resource":"*"`),
  (random) =>
    allowing(`"Action":"vpc:${"*?".repeat(random.pick([10, 1_000, 2_900]))}x","Resource":"acs:${"*:".repeat(3)}${"*a".repeat(50)}"`),
  (random) => allowing(`"Action":[${'"*",'.repeat(random.pick([10, 1_400]))}"*"],"Resource":[${'"*",'.repeat(100)}"*"]`),
  (random) => wrap(`"Effect":"Allow","Action":"*","Resource":"*"},{`.repeat(random.pick([2, 100]))).replace(",{}]", "]"),
  () => allowing('"Action":"*","Resource":"*","__proto__":{"Effect":"Deny"}'),
  () => allowing('"Action":"*","Resource":"*","Condition":{"__proto__":{"acs:a":"b"}}'),
  () => allowing('"Action":"*","Resource":"*","Condition":{"constructor":{"acs:a":"b"}}'),
  () => allowing('"Action":"*","Resource":"*","Condition":{"StringEquals":{"__proto__":"b","constructor:toString":"x"}}'),
  () => allowing('"Action":"*","Resource":"*","Condition":{"StringEquals":{"acs:__proto__":"b","acs:requesttag/__proto__":"x"}}'),
  () => `{"__proto__":{"Version":"1","Statement":[]},"constructor":{"prototype":{}}}`,
  () => allowing('"Action":"toString:*","Resource":"acs:__proto__:*:*:constructor"'),
  (random) => allowing(`"Action":"*","Resource":"acs:${"é𝌆".repeat(random.pick([10, 700]))}"`),
  (random) =>
    allowing(
      `"Action":"*","Resource":"*","Condition":{"StringLike":{${Array.from({ length: random.pick([5, 300]) }, (_, index) => `"acs:k${index}":"*a*"`).join()}}}`,
    ),
  () => allowing('"Action":"*","Resource":"*","Condition":{"NumericEquals":{"acs:n":"999999999999999999999999"}}'),
  () => allowing('"Action":"*","Resource":"*","Condition":{"DateEquals":{"acs:CurrentTime":"9999-99-99T99:99:99Z"}}'),
  () => allowing('"Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":["::ffff:1.2.3.4/129","1.2.3.4/00","fe80::1%x"]}}'),
  () => `{"Version":"1","Statement":{"length":1,"0":{"Effect":"Allow","Action":"*","Resource":"*"}}}`,
  () => '{"Version":"1","Statement":[1e999]}',
  () => "\u0000",
  () => "null",
  () => '"\\ud800"',
  (random) => wrap(`"Effect":"${random.pick(["\\ud800", "\\u0000", "\\udc00x"])}","Action":"*","Resource":"*"`),
  () => allowing('"Action":"vpc:\\ud800","Resource":"acs:\\u0000","Condition":{"StringEquals":{"acs:\\ud800":"\\udfff"}}'),
];

/** A text for a parameter that takes a policy document, or the trust policy of a role. Three of four are right. */
export function policyText(random: Random, trusted: readonly string[] | undefined): string {
  const kind = random.next();
  if (kind < 0.12) return random.pick(hostile)(random);
  const text = JSON.stringify(content(random, () => (trusted === undefined ? statement(random) : trustStatement(random, trusted))));
  return kind < 0.25 ? random.pick(slips)(random, text) : text;
}
