import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { linkspan } from "../cli/run.ts";
import { type SpawnedServer, temporaryFolder } from "../support/server.ts";

/** Drives the real terraform with the real terraform-provider-alicloud. */

const needed = {
  LINKSPAN_TEST_TERRAFORM: "the path of terraform, https://developer.hashicorp.com/terraform/install",
  LINKSPAN_TEST_TERRAFORM_PROVIDER:
    "the path of the binary terraform-provider-alicloud, https://github.com/aliyun/terraform-provider-alicloud/releases",
} as const;
/** What this machine lacks and where to get it, in one line; empty when nothing is missing. */
export const missing: string = Object.entries(needed)
  .filter(([name]) => !process.env[name])
  .map(([name, what]) => `${name} is not set: ${what}`)
  .join("; ");

/** A command that should have ended long ago is told to stop, in milliseconds. */
const commandTimeout = 20 * 60_000;

/** What terraform prints about the provider's folder on every run. */
const overrideWarning = /\nWarning: Provider development overrides are in effect\n[^]*?published\s+releases\.\n/;

const requiredProviders = 'terraform {\n  required_providers {\n    alicloud = { source = "aliyun/alicloud" }\n  }\n}\n';

/** The folder with a folder for each scenario. */
export const configurations: string = join(import.meta.dirname, "configurations");

/** Values of variables that configurations use, by name. */
export type Variables = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, unknown>>;
/** What terraform means to do with one resource: what is read here of its documented plan format. */
export interface ResourceChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly change: {
    readonly actions: readonly ("no-op" | "create" | "read" | "update" | "delete")[];
    readonly before: Values | null;
    /** Without the attributes that are known only after the apply. */
    readonly after: Values | null;
  };
}
export interface Plan {
  readonly file: string;
  /** False when terraform found nothing to do. */
  readonly changesSomething: boolean;
  readonly changes: readonly ResourceChange[];
  /** Resources and data sources as they were read for this plan, by their addresses. */
  readonly found: ReadonlyMap<string, Values>;
}
interface FoundResource {
  readonly address: string;
  readonly values: Values;
}
interface ShownPlan {
  readonly resource_changes?: readonly ResourceChange[];
  readonly prior_state?: { readonly values?: { readonly root_module: { readonly resources?: readonly FoundResource[] } } };
}

/** A folder with one configuration and its state. */
export class Workspace {
  readonly folder: string = temporaryFolder();
  readonly #environment: Record<string, string>;

  constructor() {
    // Terraform takes a provider without installing it from a folder that holds it under its own name.
    const providers = join(this.folder, "providers");
    mkdirSync(providers);
    symlinkSync(resolve(process.env["LINKSPAN_TEST_TERRAFORM_PROVIDER"] as string), join(providers, "terraform-provider-alicloud"));
    const settings = join(this.folder, "settings.tfrc");
    const override = `dev_overrides {\n    "aliyun/alicloud" = ${JSON.stringify(providers)}\n  }`;
    writeFileSync(settings, `provider_installation {\n  ${override}\n  direct {}\n}\n`);
    // Nothing that the user has set for a cloud of theirs may reach the provider.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(TF_|ALICLOUD_|ALIBABA_?CLOUD_|LINKSPAN_)/.test(name));
    this.#environment = {
      ...(Object.fromEntries(inherited) as Record<string, string>),
      TF_CLI_CONFIG_FILE: settings,
      TF_IN_AUTOMATION: "true",
      TF_INPUT: "false",
      CHECKPOINT_DISABLE: "true",
    };
  }

  /**
   * Points the providers at a server. The default one is what `linkspan env` prints: account `requester`, region cn-hangzhou. Two more
   * are made from the same: `alicloud.beijing` for the same account, and `alicloud.accepter` for the other one, both in cn-beijing.
   * Configurations with providers of their own find the server's host and port in the variable `endpoint`.
   */
  async pointAt(server: SpawnedServer, variables: Variables = {}): Promise<void> {
    const block = async (account: string): Promise<string> => {
      const { code, stdout, stderr } = await linkspan(["env", "--for", "terraform", "--account", account, "--url", server.url]);
      if (code !== 0) throw new Error(`linkspan env: ${stderr}`);
      return stdout;
    };
    // Without an account id the provider asks the server whose key it has.
    const inBeijing = (text: string, alias: string): string =>
      text
        .replace("{\n", `{\n  alias = "${alias}"\n`)
        .replace(/region +=.*/, 'region = "cn-beijing"')
        .replace(/ *account_id .*\n/, "");
    const [requester, accepter] = await Promise.all([block("requester"), block("accepter")]);
    const blocks = [requiredProviders, requester, inBeijing(requester, "beijing"), inBeijing(accepter, "accepter")];
    const endpoint = new URL(server.secureUrl ?? server.url).host;
    for (const [name, value] of Object.entries({ endpoint, ...variables }))
      blocks.push(`variable "${name}" {\n  default = ${JSON.stringify(value)}\n}\n`);
    writeFileSync(join(this.folder, "providers.tf"), blocks.join("\n"));
    // One of the provider's HTTP clients compares this with the whole of host and port.
    this.#environment["NO_PROXY"] = endpoint;
    if (server.secureUrl !== undefined) this.#environment["SSL_CERT_FILE"] = join(server.folder, "ca.pem");
  }

  /** Takes what all configurations of a folder share: the providers that they have beside those of `pointAt`. */
  useCommon(folder: string): void {
    const common = join(folder, "providers.tf");
    if (existsSync(common)) copyFileSync(common, join(this.folder, "own-providers.tf"));
  }

  /** Puts a configuration in the place of the one before. */
  use(file: string): void {
    copyFileSync(file, join(this.folder, "main.tf"));
  }

  async plan(options: readonly string[] = []): Promise<Plan> {
    const file = join(this.folder, "plan");
    const { code } = await this.#run(["plan", "-no-color", "-detailed-exitcode", `-out=${file}`, ...options], [0, 2]);
    const shown = JSON.parse((await this.#run(["show", "-json", file])).stdout) as ShownPlan;
    const found = shown.prior_state?.values?.root_module.resources ?? [];
    return {
      file,
      changesSomething: code === 2,
      changes: shown.resource_changes ?? [],
      found: new Map(found.map(({ address, values }) => [address, values])),
    };
  }

  async apply(plan: Plan, options: readonly string[] = []): Promise<void> {
    await this.#run(["apply", "-no-color", ...options, plan.file]);
  }

  /** Plans and applies what must fail. @returns everything that terraform says then, as one line */
  async fail(): Promise<string> {
    const { stdout, stderr } = await this.#run(["apply", "-no-color", "-auto-approve"], [1]);
    // It wraps lines and draws a border beside them.
    return `${stdout}\n${stderr}`.replaceAll(/[\s│]+/g, " ");
  }

  /** Forgets every resource of `from`, but those to `keep`, as if the state's file had been lost, and plans to import it by its id. */
  async planImport(from: Plan, keep: readonly string[] = []): Promise<Plan> {
    const managed = from.changes.flatMap(({ address, mode, change: { before } }) =>
      mode === "data" || before === null || keep.includes(address) ? [] : [{ address, id: before["id"] }],
    );
    await this.#run(["state", "rm", ...managed.map(({ address }) => address)]);
    const blocks = managed.map(({ address, id }) => `import {\n  to = ${address}\n  id = ${JSON.stringify(id)}\n}\n`);
    // A resource can have only one import block: those of the configuration have done their work.
    const main = join(this.folder, "main.tf");
    const others = readFileSync(main, "utf8").replaceAll(/^import \{[^}]*\}\n/gm, "");
    writeFileSync(main, [others, ...blocks].join("\n"));
    return this.plan();
  }

  /** The arguments that a configuration may set on resources of these types, by the provider's own schema. */
  async argumentsOf(types: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    interface Schema {
      readonly block: {
        readonly attributes: Readonly<Record<string, { readonly optional?: boolean; readonly required?: boolean }>>;
        readonly block_types?: Readonly<Record<string, unknown>>;
      };
    }
    writeFileSync(join(this.folder, "providers.tf"), requiredProviders);
    const { stdout } = await this.#run(["providers", "schema", "-json"]);
    const shown = JSON.parse(stdout) as { provider_schemas: Record<string, { resource_schemas: Record<string, Schema> }> };
    const schemas = Object.values(shown.provider_schemas)[0]?.resource_schemas ?? {};
    const settable = (type: string): string[] => {
      const { attributes, block_types } = schemas[type]?.block ?? { attributes: {} };
      const isSettable = (name: string): boolean => attributes[name]?.optional === true || attributes[name]?.required === true;
      // `id` and `timeouts` are terraform's own.
      return [...Object.keys(attributes).filter(isSettable), ...Object.keys(block_types ?? {})].filter(
        (name) => !/^(id|timeouts)$/.test(name),
      );
    };
    return new Map(types.map((type) => [type, settable(type)]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs terraform, and waits for its end. Rejects with everything that it said when it ends with another code than expected. */
  #run(args: readonly string[], expected: readonly number[] = [0]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return new Promise((settle, reject) => {
      const child = spawn(resolve(process.env["LINKSPAN_TEST_TERRAFORM"] as string), args, {
        cwd: this.folder,
        env: this.#environment,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: commandTimeout,
      });
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
      child.once("error", reject);
      child.once("close", (code, signal) => {
        if (code !== null && expected.includes(code)) settle({ code, stdout, stderr });
        else
          reject(new Error(`terraform ${args.join(" ")} ended with ${code ?? signal}:\n${stdout.replace(overrideWarning, "")}\n${stderr}`));
      });
    });
  }
}
