import { html, type Markup, page } from "../markup.ts";
import type { AuditView } from "./audit.ts";
import { type Finding, findingKinds } from "./finding.ts";

/** The audit for people. */
export function auditPage({ requests: { seen, since, dropped }, findings }: AuditView): string {
  const looked = `${seen} ${seen === 1 ? "request was" : "requests were"} looked through${since === null ? "" : `, since ${since}`}.`;
  return page(
    "Client audit",
    html`<h1>Client audit</h1>
      <p>
        What clients do that works here and hurts in production, as far as the <a href="/_linkspan/requests">recent requests</a> show it.
      </p>
      <p class="muted">
        ${looked} ${dropped === 0 ? undefined : `${dropped} earlier ones had had to make room in the log: nothing is said of them.`}
      </p>
      ${
        findings.length === 0
          ? html`<div class="panel good">
              <p class="lead">${seen === 0 ? "There are no requests yet." : html`<b>Nothing was found.</b>`}</p>
            </div>`
          : findings.map(section)
      }
      <p class="muted">
        The same for programs: <code>curl -H 'Accept: application/json'</code> on this address, or <code>linkspan audit</code>. With
        <code>?account=NAME</code> it is about one account, with <code>?since=2026-01-31T12:00:00Z</code> about what came later.
      </p>`,
  );
}

function section({
  kind,
  seen,
  matters,
  instead,
  client,
  operation,
  resources,
  count,
  from,
  to,
  requests,
  requestsLeftOut,
}: Finding): Markup {
  const rows: readonly (readonly [name: string, value: string | number | Markup])[] = [
    ["Client", client.userAgent === "" ? html`<span class="muted">says nothing of itself</span>` : client.userAgent],
    ["AccessKeyId", html`${client.accessKeyId} <span class="muted">of account</span> ${client.account}`],
    ["How often", count],
    ["First and last", from === to ? from : `${from} – ${to}`],
    [
      "Resources",
      resources.length === 0 ? html`<span class="muted">none named</span>` : html`${resources.map((id) => html`<code>${id}</code> `)}`,
    ],
  ];
  const middle = requests.length / 2;
  return html`<section>
    <h2>${findingKinds[kind].title}: ${operation}</h2>
    <div class="panel bad"><p class="lead">${seen}</p></div>
    <p>${matters}</p>
    <p><strong>${instead}</strong></p>
    <dl>
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <details>
      <summary>
        <h3>Requests</h3>
        <span class="muted">${requests.length + requestsLeftOut}, in their order</span>
      </summary>
      <ol>
        ${requests.map(
          (id, index) =>
            html`<li>
              <a href="/_linkspan/requests/${id}"><code>${id}</code></a>
              ${requestsLeftOut > 0 && index === middle - 1 ? html`<br />… ${requestsLeftOut} more …` : undefined}
            </li>`,
        )}
      </ol>
    </details>
  </section>`;
}
