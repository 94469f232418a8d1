import { planOf } from "../../src/gateway/protocol-rules.ts";
import type { RequestRecord } from "../../src/gateway/request-log.ts";
import { requestView, type RuleRow } from "../../src/gateway/request-view.ts";

const sources = ["seed", "client", "public-docs", "sdk-metadata", "inferred"];

/**
 * What is wrong with the story of a request, in words. Whatever the request was: its rules are those that its operation declares, in
 * their order; a refusal has exactly one rule that did not hold, with the code of the answer; what stands before it held, and what
 * stands behind it was not judged.
 */
export function storyFaults(record: RequestRecord): string[] {
  const { rules } = requestView(record, new Map());
  const isServersFault = record.status >= 500;
  const isSimulated = rules.some(({ stage }) => stage === "fault");
  const planned = planOf(record.signatureVersion, record.operation).map(({ stage, statement }) => `${stage}: ${statement.rule}`);
  const told = rules.filter(({ held }) => !(isServersFault || isSimulated) || held !== false).map(({ stage, rule }) => `${stage}: ${rule}`);
  const verdicts = rules.map(({ held }) => (held === null ? "0" : held ? "+" : "-")).join("");
  const expected = record.code !== "OK" ? /^\+*-0*$/ : record.replayed ? /^\+*0*$/ : /^\+*$/;
  const refusing = rules.find(({ held }) => held === false);
  const faults = [
    told.join("\n") === planned.join("\n") ? "" : `the rules told are not those declared: ${difference(told, planned)}`,
    expected.test(verdicts) ? "" : `the verdicts are ${verdicts}`,
    refusing === undefined || refusing.code === record.code ? "" : `the rule that refused answers ${refusing.code}`,
    rules.every(isWhole) ? "" : "a rule lacks its sentence, its code or its source",
  ];
  return faults.filter((fault) => fault !== "").map((fault) => `${record.action || record.method} ${record.code}: ${fault}`);
}

function isWhole({ rule, code, source }: RuleRow): boolean {
  return rule.length > 5 && code !== "" && sources.includes(source);
}
function difference(told: readonly string[], planned: readonly string[]): string {
  const at = planned.findIndex((rule, index) => told[index] !== rule);
  return `at ${at} "${told[at]}" instead of "${planned[at]}"`;
}
