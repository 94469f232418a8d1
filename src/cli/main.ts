import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { accountCommands } from "./account.ts";
import { AdminClient, CommandError } from "./admin-client.ts";
import { auditCommand } from "./audit.ts";
import { ConfigError, defaultUrl, projectRoot, settings } from "./config.ts";
import { doctor } from "./doctor.ts";
import { clients, env } from "./env.ts";
import { eventsCommand } from "./events.ts";
import { faultCommands } from "./faults.ts";
import { historyCommands } from "./history.ts";
import { recordCommands } from "./record.ts";
import { serve } from "./serve.ts";
import { snapshotCommands } from "./snapshot.ts";

const version = (JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string }).version;

const program = new Command("linkspan")
  .description("A self-hosted control plane for private networks that speaks Alibaba Cloud's own API.")
  .version(version)
  .showHelpAfterError()
  // So that what stands behind a command's name is its own, also where the command above it has an option of the same name.
  .enablePositionalOptions();

const serveCommand = program.command("serve").description("starts the server");
for (const { flag, variable, meaning, default: value } of settings) {
  serveCommand.option(`--${flag} <value>`, `${meaning} (${variable}${value === "" ? "" : `, ${value}`})`);
}
serveCommand.action((_options, command: Command) => serve(flagsOf(command), version));

/** Commands that talk to a running server. */
function remote(command: Command): Command {
  return command
    .addOption(new Option("--url <url>", "address of the server").default(defaultUrl(process.env)))
    .addOption(new Option("--admin-token <token>", "the token that the server printed at its first start").env("LINKSPAN_ADMIN_TOKEN"));
}
function client(options: { url: string; adminToken?: string }): AdminClient {
  return new AdminClient(options.url, options.adminToken);
}

remote(program.command("env").description("prints what points a real client at the server"))
  .addOption(new Option("--for <client>", "which client").choices(clients).default("sdk"))
  .option("--account <name>", "whose key to use", "requester")
  .action((options: { url: string; adminToken?: string; for: string; account: string }) => env(client(options), options));

remote(
  program
    .command("demo")
    .description("walks a peering connection, a VPN gateway and a circuit through their whole lives with an official SDK"),
).action(async (options: { url: string; adminToken?: string }) => {
  // The SDK that it runs on is large, and the server starts without it.
  const { demo } = await import("./demo/demo.ts");
  await demo(client(options));
});

accountCommands(program, remote, client);
recordCommands(program, remote, client);
eventsCommand(program, remote, client);
faultCommands(program, remote, client);
snapshotCommands(program, remote, client);
historyCommands(program, remote, client);
auditCommand(program, remote, client);

remote(program.command("reset").description("brings a running server back to its first start: all resources and accounts go")).action(
  async (options: { url: string; adminToken?: string }) => {
    await client(options).call("POST", "reset");
    console.log("The server is as at its first start.");
  },
);

program
  .command("doctor")
  .description("says what this machine can do, and what to install for the rest")
  .action(() => doctor());

/** Values of the `serve` flags by flag name. */
function flagsOf(command: Command): Record<string, string | undefined> {
  return Object.fromEntries(
    command.options.map((option) => [option.long?.slice(2) ?? "", command.getOptionValue(option.attributeName()) as string | undefined]),
  );
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof CommandError)) throw error;
  console.error(`linkspan: ${error.message}`);
  process.exitCode = 1;
}
