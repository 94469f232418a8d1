import type { Source } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { Kinds } from "../engine/resources.ts";
import { html, type Markup, page, table } from "./markup.ts";
import { permissionSection } from "./request-permission.ts";
import { type RequestRecord, requestsInMemoryMax } from "./request-log.ts";
import {
  isFault,
  isPassedDryRun,
  isSimulated,
  type RequestSummary,
  type RequestView,
  requestView,
  type RuleRow,
  type SubjectView,
} from "./request-view.ts";
import { stateDiagram } from "./state-diagram.ts";

/** The request log for people: one page a request, and one that lists them. */

const stageNames: Readonly<Record<RuleRow["stage"], string>> = {
  transport: "Transport",
  request: "Request",
  signature: "Signature",
  parameters: "Parameters",
  permission: "Permission",
  operation: "Operation",
  fault: "Simulated fault",
};
const sourceNames: Readonly<Record<Source, string>> = {
  seed: "the operation's own page",
  client: "what real clients need",
  "public-docs": "public documentation",
  "sdk-metadata": "metadata of the SDKs",
  inferred: "our own inference",
};

export function requestPage(record: RequestRecord, kinds: Kinds): string {
  const view = requestView(record, kinds);
  const signing = signingSection(view);
  const isMismatch = view.code === gatewayErrors.signatureMismatch.code;
  return page(
    `${view.code} ${nameOf(view)}`,
    html`<h1>${nameOf(view)}: ${view.code}</h1>
      ${verdict(record, view)} ${faultsSection(view)}
      ${
        view.advice === ""
          ? undefined
          : html`<section class="panel">
              <h2>What to do next</h2>
              <p>${sentence(view.advice)}</p>
            </section>`
      }
      ${isMismatch ? signing : undefined} ${view.subject === null ? undefined : stateSection(view.subject, kinds)}
      ${view.permission === null ? undefined : permissionSection(view.permission)} ${targetsSection(view)} ${failedMembersSection(view)}
      ${rulesSection(view.rules)} ${changesSection(view)} ${requestSection(view)} ${parametersSection(view)}
      ${isMismatch ? undefined : signing}
      <p class="muted">The same for programs: <code>curl -H 'Accept: application/json'</code> on this address.</p>`,
  );
}

export function requestListPage(requests: readonly RequestSummary[]): string {
  return page(
    "Recent requests",
    html`<h1>Recent requests</h1>
      <p>
        Newest first. The server remembers the last ${requestsInMemoryMax} since its start. The
        <a href="/_linkspan/audit">client audit</a> looks for what in them would hurt in production.
      </p>
      ${
        requests.length === 0
          ? html`<p>There are none yet.</p>`
          : table(
              "Recent requests",
              ["Operation", "Answer", "Account", "Time", "Milliseconds"],
              requests.map(
                (request) =>
                  html`<tr>
                    <th scope="row" class="wide">
                      <a href="/_linkspan/requests/${request.requestId}">${nameOf(request)}<br /><code>${request.requestId}</code></a>
                    </th>
                    <td class="wide ${request.status === 200 ? "good" : "bad"}">
                      ${request.status} ${request.code}${request.answerLost ? ", lost" : ""}
                    </td>
                    <td>${request.account}</td>
                    <td>${time(request.at)}</td>
                    <td>${request.milliseconds}</td>
                  </tr>`,
              ),
            )
      }`,
  );
}

/** A page that says one thing: something is not here, or not for this reader. */
export function noticePage(title: string, message: string, advice: string): string {
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="lead">${sentence(message)}</p>
      ${advice === "" ? undefined : html`<p>${sentence(advice)}</p>`}`,
  );
}

/** The operation; for a request that named none, its method. */
function nameOf({ action, method }: { readonly action: string; readonly method?: string }): string {
  if (action !== "") return action;
  return method === undefined || method === "" ? "Request" : `${method} request`;
}

/** What came of it and why, in a sentence or two. */
function verdict(record: RequestRecord, { message, rules, changes, replayed, status, failedMembers }: RequestView): Markup {
  const { refusedBy } = record;
  const panel = (isGood: boolean, ...lines: readonly Markup[]): Markup =>
    html`<div class="panel ${isGood ? "good" : "bad"}">${lines.map((line) => html`<p class="lead">${line}</p>`)}</div>`;
  if (refusedBy === undefined) {
    const did = replayed
      ? "An earlier call had the same ClientToken and parameters, so its answer was repeated and nothing was changed."
      : changes.length === 0
        ? "Nothing was changed."
        : `${changes.length} ${changes.length === 1 ? "change was" : "changes were"} made.`;
    return failedMembers.length === 0
      ? panel(true, html`<b>Succeeded.</b> Every rule that was judged held. ${did}`)
      : panel(false, html`<b>Succeeded in part.</b> ${failedMembers.length} of its members failed, see below. ${did}`);
  }
  if (isPassedDryRun(record)) {
    return panel(
      true,
      html`<b>Passed.</b> Every rule held. DryRun was set, so nothing was changed. The protocol answers a dry run that passed in the form of
        an error, HTTP ${status}.`,
    );
  }
  if (isSimulated(record))
    return panel(
      false,
      html`<b>Simulated.</b> ${message}`,
      html`A fault rule gave this answer, see below. ${status >= 500 && changes.length > 0 ? "The call had been made before." : undefined}`,
    );
  if (isFault(refusedBy)) return panel(false, html`<b>Failed.</b> ${message}`, html`The server is at fault here and not the request.`);
  const refusing = rules.find(({ held }) => held === false);
  return panel(
    false,
    html`<b>Refused.</b> ${message}`,
    html`This did not hold: <strong>${refusing?.rule}</strong>.`,
    html`<span class="muted">Source of the rule: ${refusing && sourceNames[refusing.source]}.</span>`,
  );
}

function faultsSection({ faults }: RequestView): Markup | undefined {
  if (faults.length === 0) return undefined;
  return html`<section>
    <h2>Faults on demand</h2>
    <p>Fault rules of this server acted on the request. <code>linkspan faults list</code> tells which there are.</p>
    ${table(
      "Fault rules",
      ["Rule", "Kind", "It did this"],
      faults.map(
        ({ rule, kind, did }) =>
          html`<tr>
            <th scope="row">${rule}</th>
            <td>${kind}</td>
            <td class="wide">${did}</td>
          </tr>`,
      ),
    )}
  </section>`;
}

function stateSection({ kind, id, state, shownAs, meaning, endsByItself, moves }: SubjectView, kinds: Kinds): Markup {
  const states = kinds.get(kind)?.states;
  const byItself = states?.states[state]?.task?.event;
  const cause = (event: string): string => {
    if (event === byItself) return "by itself";
    return /^[A-Z]/.test(event) ? "a call" : "another resource";
  };
  return html`<section>
    <h2>The state that refused</h2>
    <p>
      The ${kind} <code>${id}</code> was <strong>${state}</strong>: ${meaning}.
      ${shownAs === state ? undefined : `Clients read this state as ${shownAs}.`}
      ${endsByItself ? "Work is being done on it, which refuses every write and ends by itself." : undefined}
    </p>
    ${table(
      `What can happen in ${state}`,
      ["Event", "Caused by", "Leads to"],
      moves.length === 0
        ? [
            html`<tr>
              <td colspan="3">Nothing: this state is a last one.</td>
            </tr>`,
          ]
        : moves.map(
            ({ event, to }) =>
              html`<tr>
                <th scope="row"><code>${event}</code></th>
                <td>${cause(event)}</td>
                <td>${to}</td>
              </tr>`,
          ),
    )}
    ${
      states &&
      html`<figure>
        ${stateDiagram(states, state, `States of a ${kind}. It was ${state}, from where it can go to ${moves.map(({ to }) => to).join(", ") || "no other state"}.`)}
        <figcaption class="muted">States of a ${kind}. The filled one was found; a dashed one ends by itself.</figcaption>
      </figure>`
    }
  </section>`;
}

function targetsSection({ targets }: RequestView): Markup | undefined {
  if (targets.length === 0) return undefined;
  return html`<section>
    <h2>Resources that the call named</h2>
    ${table(
      "Resources",
      ["Parameter", "Id", "Kind", "State found"],
      targets.map(
        ({ parameter, id, kind, state }) =>
          html`<tr>
            <th scope="row">${parameter}</th>
            <td class="wide"><code>${id}</code></td>
            <td>${kind}</td>
            <td class="${state === null ? "bad" : ""}">${state ?? "not there, or not visible to the caller"}</td>
          </tr>`,
      ),
    )}
  </section>`;
}

function failedMembersSection({ failedMembers }: RequestView): Markup | undefined {
  if (failedMembers.length === 0) return undefined;
  return html`<section>
    <h2>Members that failed</h2>
    <p>The call itself was not refused: each member succeeds or fails for itself.</p>
    ${table(
      "Members",
      ["Member", "Did not hold", "Code", "Source"],
      failedMembers.map(
        ({ member, rule, code, source }) =>
          html`<tr>
            <th scope="row" class="wide"><code>${member}</code></th>
            <td class="wide">${rule}</td>
            <td class="wide"><code>${code}</code></td>
            <td class="wide">${sourceNames[source]}</td>
          </tr>`,
      ),
    )}
  </section>`;
}

function rulesSection(rules: readonly RuleRow[]): Markup {
  const stages = [...Map.groupBy(rules, ({ stage }) => stage)];
  return html`<section>
    <h2>The rules, in the order in which they are judged</h2>
    <p>The first that does not hold refuses; those behind it are not judged any more.</p>
    ${stages.map(([stage, own]) => {
      const refuses = own.some(({ held }) => held === false);
      return html`<details ${refuses ? openDetails : undefined}>
        <summary>
          <h3>${stageNames[stage]}</h3>
          <span class="muted">${countOf(own)}</span>
        </summary>
        ${table(
          `Rules: ${stageNames[stage]}`,
          ["No.", "Verdict", "Rule", "Answer otherwise", "Source"],
          own.map((row) => {
            const { rule, code, source, held } = row;
            const [words, mark] = held === null ? ["– not reached", "none"] : held ? ["✓ held", "good"] : ["✕ refused", "bad"];
            return html`<tr class="${held === false ? "bad" : ""}">
              <th scope="row">${rules.indexOf(row) + 1}</th>
              <td class="${mark}">${words}</td>
              <td class="wide">${rule}</td>
              <td class="wide"><code>${code}</code></td>
              <td class="wide">${sourceNames[source]}</td>
            </tr>`;
          }),
        )}
      </details>`;
    })}
  </section>`;
}
const openDetails = html`open=""`;

function countOf(rows: readonly RuleRow[]): string {
  const count = (verdict: boolean | null): number => rows.filter(({ held }) => held === verdict).length;
  const parts = [
    [count(true), "held"],
    [count(false), "refused"],
    [count(null), "not reached"],
  ] as const;
  return parts.flatMap(([number, words]) => (number === 0 ? [] : [`${number} ${words}`])).join(", ");
}

function changesSection({ changes }: RequestView): Markup | undefined {
  if (changes.length === 0) return undefined;
  return html`<section>
    <h2>Changes of state</h2>
    ${table(
      "Changes",
      ["Resource", "Kind", "Event", "From", "To"],
      changes.map(
        ({ resource, kind, event, from, to }) =>
          html`<tr>
            <th scope="row" class="wide"><code>${resource}</code></th>
            <td>${kind}</td>
            <td>${event}</td>
            <td>${from === "" ? "(new)" : from}</td>
            <td>${to === "" ? "(gone)" : to}</td>
          </tr>`,
      ),
    )}
  </section>`;
}

function requestSection(view: RequestView): Markup {
  const rows: readonly (readonly [name: string, value: string | Markup])[] = [
    ["RequestId", html`<code>${view.requestId}</code>`],
    ["Answer", `HTTP ${view.status}, ${view.code}${view.answerLost ? "; it did not reach the client" : ""}`],
    ["Operation", [view.product, view.action].filter((part) => part !== "").join(" ")],
    ["Account", view.account],
    ["AccessKeyId", view.accessKeyId],
    ["User agent", view.userAgent],
    ["Method", view.method],
    ["Signature version", view.signatureVersion],
    ["Time", time(view.at)],
    ["Took", `${view.milliseconds} ms`],
  ];
  return html`<section>
    <h2>The request</h2>
    <dl>
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value === "" ? html`<span class="muted">not known</span>` : value}</dd>`,
      )}
    </dl>
  </section>`;
}

function parametersSection({ parameters, masked }: RequestView): Markup | undefined {
  const all = Object.entries(parameters);
  if (all.length === 0) return undefined;
  return html`<section>
    <h2>Parameters</h2>
    ${table(
      "Parameters",
      ["Name", "Value"],
      all.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td class="wide"><code>${value}</code></td>
          </tr>`,
      ),
    )}
    ${masked ? html`<p class="muted">Values shown as ****** are secret, or may be: the operation does not declare them.</p>` : undefined}
  </section>`;
}

/** String to sign; where the signature did not match, with how to find the difference. */
function signingSection({ code, signatureVersion, stringToSign, canonicalRequest, masked }: RequestView): Markup | undefined {
  if (stringToSign === "") return undefined;
  const isV3 = canonicalRequest !== "";
  const what = isV3 ? "canonical request" : "string to sign";
  return html`<section>
    <h2>String to sign</h2>
    ${
      code === gatewayErrors.signatureMismatch.code
        ? html`<ol>
            <li>
              Print the ${what} that your client makes, right before it is ${isV3 ? "hashed" : "signed"}, and hold it against the one below,
              character by character.
            </li>
            <li>
              Where they differ, the client signs something else than it sends: another method,
              ${
                isV3
                  ? "a header or a query that a proxy changes, a body that was changed after it was hashed"
                  : "a parameter that is sent and not signed, a value that is encoded twice or once too little (a space is %20, and * is %2A)"
              }.
            </li>
            <li>
              Where they agree, the secret differs. The signature is
              ${
                isV3
                  ? html`the HMAC-SHA256 of the string to sign under the secret, in hexadecimal.`
                  : html`the HMAC-SHA1 of the string to sign under the secret with <code>&amp;</code> behind it, in Base64.`
              }
            </li>
          </ol>`
        : html`<p>What the server signs to check the signature${signatureVersion === "" ? "" : ` (${signatureVersion})`}.</p>`
    }
    ${
      masked
        ? html`<p>
            Secret values were masked before this was made, so it is not what was
            signed${code === gatewayErrors.signatureMismatch.code ? "; the message of the answer holds the real string to sign" : ""}.
          </p>`
        : undefined
    }
    <pre>${stringToSign}</pre>
    ${
      isV3
        ? html`<h3>Canonical request</h3>
            <pre>${canonicalRequest}</pre>`
        : undefined
    }
  </section>`;
}

function time(iso: string): Markup {
  return html`<time datetime="${iso}">${iso.replace("T", " ").replace("Z", " UTC")}</time>`;
}

/** An advice is written without its first capital and its full stop, because programs read it too. */
function sentence(text: string): string {
  // An id keeps its letters.
  const capital = /^[a-z]+[ ,:]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?:)]$/.test(capital) ? capital : `${capital}.`;
}
