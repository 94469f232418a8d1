import { readFileSync } from "node:fs";
import type { ErrorDefinition } from "../../src/contract/errors.ts";
import { type AnyOperation, operationKey } from "../../src/contract/operation.ts";
import { parameterSource } from "../../src/contract/parameter-rules.ts";
import { errorsOf } from "../../src/engine/operation-errors.ts";
import { operationView } from "../../src/gateway/contract-view.ts";
import { operations } from "../../src/services/index.ts";

interface Documented {
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly required: boolean }[];
  readonly errors: readonly { readonly http: number; readonly code: string; readonly source: string }[];
}
interface ErrorRow {
  readonly code: string;
  /** When it is answered, with the source of that rule where it differs from the text's. */
  readonly when: string;
  readonly http: number;
  readonly source: string;
  readonly implemented: boolean;
}

const documented = JSON.parse(readFileSync("docs/reference/api.json", "utf8")) as Readonly<Record<string, Documented>>;
const tested = new Set(readFileSync("docs/tested.txt", "utf8").trim().split("\n"));

/** Codes of what this server will never have: instances in classic networks. */
const outOfScope = /ClassicLink/;

/** Operation × parameter × error: implemented, tested through the wire, and by which source. */
export function conformance(): string {
  const sections = operations.map(section);
  const totals = sections.map(({ counts }) => counts);
  const sum = (pick: (counts: Counts) => number): number => totals.reduce((total, counts) => total + pick(counts), 0);
  return [
    "# Conformance",
    "",
    "Generated (`npm run generate`) from the declarations that the server runs on, the documented tables in `docs/reference/api.json`,",
    "and `docs/tested.txt`: what the test suite has met through the wire. **Source** says where a statement comes from:",
    "`seed` the operation's own page, `client` what real clients need, `public-docs` and `sdk-metadata` published tables and metadata,",
    "`inferred` a guess of ours. An error that is documented and *not produced* belongs to something that this server does not have yet,",
    "or cannot have (billing, other products); *out of scope* are those of classic networks. Errors of the protocol itself (signature, time,",
    "nonce, format) are met by every operation and not repeated here.",
    "",
    `${operations.length} operations; ${sum((c) => c.parameters)} parameters, ${sum((c) => c.parametersTested)} of them tested; ` +
      `${sum((c) => c.errors)} errors answered, ${sum((c) => c.errorsTested)} of them tested; ` +
      `${sum((c) => c.notProduced)} documented errors not produced.`,
    "",
    "| operation | product | parameters | tested | errors | tested | documented, not produced |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...operations.map((operation, index) => {
      const counts = totals[index] as Counts;
      const anchor = `${operation.product.name}-${operation.name}`.toLowerCase();
      return `| [${operation.name}](#${anchor}) | ${operation.product.name} | ${counts.parameters} | ${counts.parametersTested} | ${counts.errors} | ${counts.errorsTested} | ${counts.notProduced} |`;
    }),
    "",
    ...sections.map(({ text }) => text),
  ].join("\n");
}

interface Counts {
  readonly parameters: number;
  readonly parametersTested: number;
  readonly errors: number;
  readonly errorsTested: number;
  readonly notProduced: number;
}

function section(operation: AnyOperation): { text: string; counts: Counts } {
  const met = (what: string): boolean => tested.has(`${operation.product.name} ${operation.name} ${what}`);
  const known = documented[operationKey(operation.product, operation.name)];
  const parameters = Object.entries(operation.parameters).map(([name, parameter]) => ({
    name,
    type: parameter.type,
    required: parameter.options.required === true,
    source: parameterSource(parameter),
    tested: met(`parameter ${name.toLowerCase()}`),
  }));
  const errors = errorRows(operation, known);
  const produced = errors.filter(({ implemented }) => implemented);
  const counts: Counts = {
    parameters: parameters.length,
    parametersTested: parameters.filter((parameter) => parameter.tested).length,
    errors: produced.length,
    errorsTested: produced.filter(({ code }) => met(`code ${code}`)).length,
    notProduced: errors.length - produced.length,
  };
  const { action, resources, source } = operation.authorisation;
  const text = [
    `## ${operation.product.name} ${operation.name}`,
    "",
    `${operation.summary}${operation.pollWith === undefined ? "" : ` Poll with \`${operation.pollWith}\`.`}${operation.deprecated === undefined ? "" : ` Deprecated. ${operation.deprecated.instead}`}`,
    `Permission: ${action === null ? "none needed" : `\`${action}\` on ${resources.map((resource) => `\`${resource}\``).join(" or ")}`} (${source}). Succeeds in a test: ${mark(met("code OK"))}.`,
    "",
    ...(parameters.length === 0
      ? []
      : [
          "| parameter | type | required | source | tested |",
          "| --- | --- | --- | --- | --- |",
          ...parameters.map((row) => `| ${row.name} | ${row.type} | ${row.required ? "yes" : ""} | ${row.source} | ${mark(row.tested)} |`),
          "",
        ]),
    ...(errors.length === 0
      ? []
      : [
          "| error | HTTP | source of code and text | implemented | tested | unless |",
          "| --- | --- | --- | --- | --- | --- |",
          ...errors.map(
            ({ code, http, source: from, implemented, when }) =>
              `| ${code} | ${http} | ${from} | ${implemented ? "yes" : outOfScope.test(code) ? "out of scope" : "not produced"} | ${mark(met(`code ${code}`))} | ${when} |`,
          ),
          "",
        ]),
  ].join("\n");
  return { text, counts };
}

/** What the operation answers, then what is documented and it never answers. */
function errorRows(operation: AnyOperation, known: Documented | undefined): ErrorRow[] {
  const { rules } = operationView(operation);
  const whenOf = (error: ErrorDefinition): string =>
    rules
      .filter(({ code, http }) => code === error.code && http === error.http)
      .map(({ rule, source }) => (source === error.source ? rule : `${rule} (*${source}*)`))
      .join("; ");
  const own = errorsOf(operation);
  const rows: ErrorRow[] = own.map((error) => ({
    code: error.code,
    http: error.http,
    source: error.source,
    implemented: true,
    when: whenOf(error),
  }));
  const codes = new Set(own.map(({ code }) => code));
  for (const { code, http, source } of known?.errors ?? []) {
    // The gateway answers InternalError for every operation.
    if (!codes.has(code)) rows.push({ code, http, source, implemented: code === "InternalError", when: "" });
    codes.add(code);
  }
  return rows;
}

function mark(yes: boolean): string {
  return yes ? "yes" : "no";
}
