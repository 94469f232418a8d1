import type { Command } from "commander";
import type { FaultRuleView } from "../engine/faults/active-rule.ts";
import type { FaultProfile } from "../engine/faults/profiles.ts";
import { faultKinds, faultMembers } from "../engine/faults/rule.ts";
import type { AdminClient, Remote } from "./admin-client.ts";
import { type Lined, lined, printLines } from "./lines.ts";

/** Members that narrow a profile. */
const narrowing = ["account", "resource", "seed"] as const;

/** `linkspan faults …`: makes calls fail as they do in the cloud. */
export function faultCommands(program: Command, remote: (command: Command) => Command, client: (options: Remote) => AdminClient): void {
  const faults = program.command("faults").description("makes calls fail as they do in the cloud, until the rules for it are removed");
  const optionsFor = (command: Command, members: readonly (keyof typeof faultMembers)[]): Command => {
    for (const name of members) command.option(`--${name} <value>`, faultMembers[name].options.description);
    return command;
  };
  /** Those of the options that are members of a rule. */
  const membersOf = (options: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(faultMembers, name)));
  type Answer = { rules: FaultRuleView[] };

  lined(remote(faults.command("list").description("the rules that are on, and what they did"))).action(async (options: Lined) => {
    const { rules } = await client(options).call<Answer>("GET", "faults");
    const ifNone = "No fault rules are on. To add some: linkspan faults use PROFILE, or linkspan faults add KIND";
    await printLines(options, rules, ruleLine, ifNone);
  });
  remote(faults.command("profiles").description("the profiles that there are")).action(async (options: Remote) => {
    const { profiles } = await client(options).call<{ profiles: FaultProfile[] }>("GET", "faults");
    for (const { name, provokes, tests } of profiles) console.log(`${name}\n  ${provokes}\n  Tests: ${tests}`);
  });
  optionsFor(remote(faults.command("add <kind>").description("adds a rule")), Object.keys(faultMembers) as (keyof typeof faultMembers)[])
    .addHelpText(
      "after",
      `\nKinds:\n${Object.entries(faultKinds)
        .map(([kind, { does }]) => `  ${kind}: ${does}`)
        .join("\n")}`,
    )
    .action(async (kind: string, options: Remote) =>
      print((await client(options).call<Answer>("POST", "faults", { kind, ...membersOf({ ...options }) })).rules),
    );
  optionsFor(remote(faults.command("use <profile>").description("adds the rules of a profile")), narrowing).action(
    async (profile: string, options: Remote) =>
      print((await client(options).call<Answer>("POST", "faults", { profile, ...membersOf({ ...options }) })).rules),
  );
  remote(faults.command("remove <id>").description("removes a rule; states that it kept from ending end")).action(
    async (id: string, options: Remote) => {
      print((await client(options).call<Answer>("DELETE", `faults/${encodeURIComponent(id)}`)).rules);
      console.log("It is removed.");
    },
  );
  remote(faults.command("clear").description("removes all rules; states that they kept from ending end")).action(
    async (options: Remote) => {
      const { rules } = await client(options).call<Answer>("DELETE", "faults");
      print(rules, "There were none.");
      if (rules.length > 0) console.log("They are removed.");
    },
  );
}

function print(rules: readonly FaultRuleView[], none: string = ""): void {
  if (rules.length === 0) console.log(none);
  for (const rule of rules) console.log(ruleLine(rule));
}
/** A rule as a line: its number, its kind, what it says, what it did. */
function ruleLine({ id, kind, operations, matched, acted, ...members }: FaultRuleView): string {
  const said = Object.entries(members).map(([name, value]) => `${name} ${value}`);
  const [only] = operations;
  const where = operations.length === 1 ? only : `${operations.length} operations`;
  return `${id}  ${[kind, ...said].join(", ")}  (${where}; matched ${matched}, acted ${acted})`;
}
