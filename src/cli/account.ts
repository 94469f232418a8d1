import type { Command } from "commander";
import type { AdminClient, Remote } from "./admin-client.ts";

interface Account {
  readonly uid: string;
  readonly name: string;
  readonly state: string;
  readonly keys: readonly { readonly id: string; readonly state: string; readonly development: boolean }[];
}
interface Key {
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
}

/** `linkspan account create|list|disable|key`: the way from the development keys to real ones. */
export function accountCommands(program: Command, remote: (command: Command) => Command, client: (options: Remote) => AdminClient): void {
  const account = program.command("account").description("accounts and root keys of a running server");

  remote(account.command("create").argument("<name>").description("makes an account with a root key"))
    .option("--uid <uid>", "its id, 16 to 18 digits; made if absent")
    .action(async (name: string, options: Remote & { uid?: string }) => {
      const made = await client(options).call<{ account: Account; key: Key }>("POST", "accounts", { name, uid: options.uid });
      console.log(`account ${made.account.name}, UID ${made.account.uid}`);
      printKey(made.key);
    });

  remote(account.command("list").description("lists accounts and their keys, without secrets")).action(async (options: Remote) => {
    const { accounts } = await client(options).call<{ accounts: Account[] }>("GET", "accounts");
    for (const { name, uid, state, keys } of accounts) {
      console.log(`${name}  UID ${uid}  ${state}`);
      for (const key of keys) console.log(`  ${key.id}  ${key.state}${key.development ? "  (public development key)" : ""}`);
    }
  });

  remote(account.command("disable").argument("<name>").description("stops all keys of an account at once; its resources stay")).action(
    async (name: string, options: Remote) => {
      const { account: disabled } = await client(options).call<{ account: Account }>("DELETE", `accounts/${encodeURIComponent(name)}`);
      console.log(`account ${disabled.name} is ${disabled.state.toLowerCase()}`);
    },
  );

  remote(account.command("key").argument("<name>").description("makes another root key for an account")).action(
    async (name: string, options: Remote) => {
      const { key } = await client(options).call<{ key: Key }>("POST", `accounts/${encodeURIComponent(name)}/keys`);
      printKey(key);
    },
  );
}

function printKey(key: Key): void {
  console.log(`AccessKeyId     ${key.AccessKeyId}`);
  console.log(`AccessKeySecret ${key.AccessKeySecret}`);
  console.log("The secret is not shown again.");
}
