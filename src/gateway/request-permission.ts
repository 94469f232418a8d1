import type { PermissionStory, ResourceVerdict } from "../engine/authorise.ts";
import { html, type Markup, table } from "./markup.ts";

/** How the policies of a caller were judged: what the page of a request shows of it. */
export function permissionSection({ action, principal, decision, verdicts, smallestPolicy }: PermissionStory): Markup {
  return html`<section>
    <h2>Permission</h2>
    <div class="panel ${decision === "Allow" ? "good" : "bad"}">
      <p><b>${decisions[decision]}</b> <code>${principal}</code> asked for <code>${action}</code>.</p>
    </div>
    ${verdicts.map((one) => verdictTable(one))}
    ${
      smallestPolicy &&
      html`<h3>The smallest policy that would have allowed it</h3>
        <p>Beside what the caller has, and where a session has a policy of its own, in that one too:</p>
        <pre>${JSON.stringify(smallestPolicy, null, 2)}</pre>`
    }
  </section>`;
}

const decisions = {
  Allow: "Allowed.",
  ExplicitDeny: "Denied by a statement.",
  ImplicitDeny: "Denied, because no statement allows it.",
} as const;

const whose = {
  identity: "the caller's policies",
  session: "the policy that was given to AssumeRole",
  trust: "the trust policy of the role",
} as const;
const outcomes = { Allow: "allowed", ExplicitDeny: "denied by a statement", ImplicitDeny: "no statement allows it" } as const;

function verdictTable({ resource, by, decision, decidedBy, considered, omitted }: ResourceVerdict): Markup {
  const title = html`<h3>On <code>${resource}</code>, by ${whose[by]}: ${outcomes[decision]}</h3>`;
  if (considered.length === 0)
    return html`${title}
      <p>${omitted === 0 ? "No statement is about this action." : `${omitted} statements are about this action; they are not shown.`}</p>`;
  return html`${title}
  ${table(
    `Statements on ${resource}`,
    ["Policy", "Statement", "Effect", by === "trust" ? "Caller" : "Resource", "Conditions", "Verdict"],
    considered.map((one) => {
      const { policy, type, resourceGroup, statement, effect, resourceMatches, conditions, omittedConditions, applies } = one;
      const decides = one === decidedBy;
      return html`<tr class="${decides && effect === "Deny" ? "bad" : ""}">
        <th scope="row">${policy} (${type}${resourceGroup === "" ? undefined : html`, in <code>${resourceGroup}</code>`})</th>
        <td>${statement}</td>
        <td>${effect}</td>
        <td class="${resourceMatches ? "" : "none"}">${resourceMatches ? "matches" : "does not match"}</td>
        <td>
          ${
            conditions.length === 0
              ? "none"
              : conditions.map(({ operator, key, holds }) => html`<div>${holds ? "✓" : "✕"} ${operator} <code>${key}</code></div>`)
          }
          ${omittedConditions && html`<div class="muted">and ${omittedConditions} more</div>`}
        </td>
        <td class="${decides ? (effect === "Allow" ? "good" : "bad") : applies ? "" : "none"}">
          ${decides ? "decided" : applies ? "applies" : "does not apply"}
        </td>
      </tr>`;
    }),
  )}
  ${omitted === 0 ? undefined : html`<p class="muted">${omitted} more are not shown.</p>`}`;
}
