import { existsSync } from "node:fs";
import { developmentSeed } from "../engine/seed.ts";
import { type Address, type AdminClient, CommandError } from "./admin-client.ts";

export const clients = ["sdk", "terraform", "aliyun", "docker"] as const;
const region = "cn-hangzhou";

/** The TLS listener of a server, as `GET ready` tells it. */
interface Tls {
  readonly port: number;
  readonly caFile: string;
}

/**
 * Prints what points a client at a running server: exports, a provider block, or a profile. Clients are pointed at the TLS listener
 * if there is one.
 */
export async function env(server: AdminClient, options: { readonly for: string; readonly account: string }): Promise<void> {
  const { tls } = await server.call<{ tls: Tls | null }>("GET", "ready");
  const { uid, id, secret } = await keyOf(server, options.account);
  const { endpoint, protocol } = tls === null ? server.address : securely(server.url, tls);
  const ca = tls === null ? "" : quoted(tls.caFile);
  const trust = (...lines: string[]): string[] => {
    if (tls === null) return [];
    return existsSync(tls.caFile) ? lines : [`# On the server's machine; copy it here, and name the copy: ${tls.caFile}`, ...lines];
  };
  const exports = [
    `export ALIBABA_CLOUD_ACCESS_KEY_ID=${id}`,
    `export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${secret}`,
    `export ALIBABA_CLOUD_REGION_ID=${region}`,
  ];
  const print: Readonly<Record<string, () => string[]>> = {
    sdk: () => [
      ...exports,
      ...trust(
        "# For Node, Go and Python, before they start. The one for Python stands in for all other authorities.",
        `export NODE_EXTRA_CA_CERTS=${ca}`,
        `export SSL_CERT_FILE=${ca}`,
        `export REQUESTS_CA_BUNDLE=${ca}`,
      ),
      `# In the SDK's configuration: endpoint "${endpoint}", protocol "${protocol}", regionId "${region}".`,
    ],
    terraform: () => [
      ...trust(
        "# To be set before terraform starts. On Linux the system's folder of certificates is trusted besides.",
        `# export SSL_CERT_FILE=${ca}`,
      ),
      'provider "alicloud" {',
      `  region       = "${region}"`,
      `  access_key   = "${id}"`,
      `  secret_key   = "${secret}"`,
      `  account_id   = "${uid}"`,
      "  # Without these two the provider asks hosts on the internet first.",
      '  account_type = "Domestic"',
      `  protocol     = "${protocol.toUpperCase()}"`,
      "  endpoints {",
      ...["vpc", "vpcpeer", "ecs", "sts", "ram", "location", "resourcemanager", "bssopenapi"].map(
        (code) => `    ${code.padEnd(15)} = "${endpoint}"`,
      ),
      "  }",
      "}",
    ],
    aliyun: () => [
      ...exports,
      "export ALIBABA_CLOUD_IGNORE_PROFILE=TRUE",
      `export ALIBABA_CLOUD_ENDPOINT=${endpoint}`,
      // For --mode RamRoleArn, which takes roles over TLS only.
      ...(protocol === "https" ? [`export ALIBABA_CLOUD_STS_ENDPOINT=${endpoint}`] : []),
      ...trust(
        "# On Linux the system's folder of certificates is trusted besides. Elsewhere the CLI does not read this: call it with --skip-secure-verify.",
        `export SSL_CERT_FILE=${ca}`,
      ),
      ...(protocol === "https" ? ["aliyun vpc DescribeVpcs"] : ["# Every call asks for plain HTTP:", "aliyun --insecure vpc DescribeVpcs"]),
    ],
    docker: () => {
      const variables = exports.map((line) => line.replace("export", "-e"));
      const mounted = "/etc/linkspan-ca.pem";
      const trusting = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"].map((name) => `-e ${name}=${mounted}`);
      return [
        "# Options for `docker run`; the container shares this machine's network, because the server listens on loopback.",
        ...trust(),
        [
          "--network host",
          ...variables,
          `-e ALIBABA_CLOUD_ENDPOINT=${endpoint}`,
          ...(tls === null ? [] : [`-v ${ca}:${mounted}:ro`, ...trusting]),
        ].join(" "),
      ];
    },
  };
  console.log((print[options.for]?.() ?? []).join("\n"));
}

/** The address of the TLS listener, seen from where `url` is seen. */
function securely(url: string, { port }: Tls): Address {
  const { protocol, host, hostname } = new URL(url);
  return { endpoint: protocol === "https:" ? host : `${hostname}:${port}`, protocol: "https" };
}

/** A path as a shell reads it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
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
