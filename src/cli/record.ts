import type { Command } from "commander";
import type { AdminClient, Remote } from "./admin-client.ts";

interface Recording {
  readonly isOn: boolean;
  readonly since: string | null;
  readonly principals: readonly { readonly principal: string; readonly policies: readonly object[] }[];
  readonly omitted: number;
}

/** `linkspan record start|show|stop`: from what was called to the least policy that allows it. */
export function recordCommands(program: Command, remote: (command: Command) => Command, client: (options: Remote) => AdminClient): void {
  const record = program.command("record").description("records calls, and gives the least policies that allow them");
  remote(record.command("start").description("begins a recording")).action(async (options: Remote) => {
    await client(options).call("POST", "recording");
    console.log("Recording. Make the calls, then: linkspan record stop");
  });
  remote(record.command("show").description("prints the policies so far, and goes on recording")).action(async (options: Remote) =>
    print(await client(options).call<Recording>("GET", "recording")),
  );
  remote(record.command("stop").description("ends the recording and prints the policies")).action(async (options: Remote) =>
    print(await client(options).call<Recording>("DELETE", "recording")),
  );
}

/** The policies as JSON, so that they can be piped on; what is beside them goes to the error stream. */
function print({ isOn, since, principals, omitted }: Recording): void {
  if (since === null) console.error("Nothing was recorded yet: linkspan record start");
  else console.error(`Recorded since ${since}${isOn ? ", and still recording" : ""}. One entry for each root, user and role that called.`);
  if (omitted > 0) console.error(`${omitted} times a resource was asked for that was one too many to remember: these policies lack it.`);
  console.log(JSON.stringify(Object.fromEntries(principals.map(({ principal, policies }) => [principal, policies])), null, 2));
}
