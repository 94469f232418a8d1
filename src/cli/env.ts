import { developmentSeed } from "../engine/seed.ts";
import { type AdminClient, CommandError } from "./admin-client.ts";

export const clients = ["sdk", "terraform", "aliyun", "docker"] as const;
const region = "cn-hangzhou";

/** Prints what points a client at a running server: exports, a provider block, or a profile. */
export async function env(server: AdminClient, options: { readonly for: string; readonly account: string }): Promise<void> {
  await server.call("GET", "health");
  const { uid, id, secret } = await keyOf(server, options.account);
  const endpoint = server.endpoint;
  const print: Readonly<Record<string, () => string>> = {
    sdk: () =>
      [
        `export ALIBABA_CLOUD_ACCESS_KEY_ID=${id}`,
        `export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${secret}`,
        `export ALIBABA_CLOUD_REGION_ID=${region}`,
        `# In the SDK's configuration: endpoint "${endpoint}", protocol "http", regionId "${region}".`,
      ].join("\n"),
    terraform: () =>
      [
        'provider "alicloud" {',
        `  region       = "${region}"`,
        `  access_key   = "${id}"`,
        `  secret_key   = "${secret}"`,
        `  account_id   = "${uid}"`,
        "  # Without these two the provider asks hosts on the internet first.",
        '  account_type = "Domestic"',
        '  protocol     = "HTTP"',
        "  endpoints {",
        ...["vpc", "vpcpeer", "ecs", "sts", "ram", "location", "resourcemanager", "bssopenapi"].map(
          (code) => `    ${code.padEnd(15)} = "${endpoint}"`,
        ),
        "  }",
        "}",
      ].join("\n"),
    aliyun: () =>
      [
        `export ALIBABA_CLOUD_ACCESS_KEY_ID=${id}`,
        `export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${secret}`,
        `export ALIBABA_CLOUD_REGION_ID=${region}`,
        "export ALIBABA_CLOUD_IGNORE_PROFILE=TRUE",
        `# Every call names the endpoint and, while there is no TLS listener, asks for plain HTTP:`,
        `aliyun --endpoint ${endpoint} --insecure vpc DescribeVpcs`,
      ].join("\n"),
    docker: () =>
      [
        "# Options for `docker run`; the container shares this machine's network, because the server listens on loopback.",
        `--network host -e ALIBABA_CLOUD_ACCESS_KEY_ID=${id} -e ALIBABA_CLOUD_ACCESS_KEY_SECRET=${secret} -e ALIBABA_CLOUD_REGION_ID=${region} -e ALIBABA_CLOUD_ENDPOINT=${endpoint}`,
      ].join("\n"),
  };
  console.log(print[options.for]?.() ?? "");
}

/** The key to print: its secret is known here only for the development accounts. */
async function keyOf(server: AdminClient, name: string): Promise<{ uid: string; id: string; secret: string }> {
  const development = developmentSeed.accounts.find((account) => account.name === name);
  const [key] = development?.keys ?? [];
  const { accounts } = await server.call<{ accounts: { uid: string; name: string; keys: { id: string }[] }[] }>("GET", "accounts");
  const account = accounts.find((one) => one.name === name);
  if (account === undefined) {
    throw new CommandError(`there is no account ${name}; there are ${accounts.map((one) => one.name).join(", ")}`);
  }
  const id = account.keys[0]?.id ?? "";
  // A secret leaves the server once, when its key is made.
  return { uid: account.uid, id, secret: id === key?.id ? key.secret : "YOUR_ACCESS_KEY_SECRET" };
}
