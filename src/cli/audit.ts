import type { Command } from "commander";
import type { AuditView } from "../gateway/audit/audit.ts";
import { type AdminClient, type Remote, withQuery } from "./admin-client.ts";

interface Options extends Remote {
  readonly account?: string;
  readonly since?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** `linkspan audit`: what clients do that works here and hurts in production. */
export function auditCommand(program: Command, remote: (command: Command) => Command, client: (options: Options) => AdminClient): void {
  remote(program.command("audit").description("tells what clients do that works here and hurts in production, by the recent requests"))
    .option("--account <name>", "only the requests of this account, by name or UID")
    .option("--since <time>", "only requests answered at this time or later, as 2026-01-31T12:00:00Z")
    .option("--json", "prints the audit as JSON")
    .option("--strict", "exits with 2 where something was found; 1 is for a server that cannot be asked")
    .action(async (options: Options) => {
      const server = client(options);
      const audit = await server.call<AuditView>("GET", withQuery("audit", { account: options.account, since: options.since }));
      if (options.json === true) console.log(JSON.stringify(audit, null, 2));
      else print(audit, server.url);
      if (options.strict === true && audit.findings.length > 0) process.exitCode = 2;
    });
}

function print({ requests: { seen, since, dropped }, findings }: AuditView, url: string): void {
  for (const [index, { kind, seen: what, matters, instead, client, resources, requests, requestsLeftOut }] of findings.entries()) {
    console.log(`${index + 1}. ${kind}: ${what}`);
    console.log(`   Why:     ${matters}`);
    console.log(`   Instead: ${instead}`);
    console.log(`   Client:  ${client.accessKeyId} of account ${client.account}${client.userAgent === "" ? "" : `, ${client.userAgent}`}`);
    if (resources.length > 0) console.log(`   About:   ${resources.join(", ")}`);
    const [first, ...others] = requests;
    console.log(`   See:     ${url}/_linkspan/requests/${first}`);
    for (const id of others) console.log(`            ${id}`);
    if (requestsLeftOut > 0) console.log(`            and ${requestsLeftOut} more`);
  }
  const looked = `${seen} ${seen === 1 ? "request" : "requests"} looked through${since === null ? "" : `, since ${since}`}`;
  console.log(`${findings.length === 0 ? "Nothing found" : `${findings.length} found`}; ${looked}.`);
  if (dropped > 0) console.log(`${dropped} earlier ones had had to make room in the log: nothing is said of them.`);
}
