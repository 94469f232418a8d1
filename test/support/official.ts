import * as credentials from "@alicloud/credentials";
import * as openApi from "@alicloud/openapi-client";
import * as openApiCore from "@alicloud/openapi-core";
import PopCore from "@alicloud/pop-core";
import * as ramSdk from "@alicloud/ram20150501";
import * as stsSdk from "@alicloud/sts20150401";
import * as teaUtil from "@alicloud/tea-util";
import * as vpcSdk from "@alicloud/vpc20160428";
import type { Key } from "./caller.ts";
import { versions } from "./caller.ts";

/** The official SDKs, pointed at a test server by endpoint and protocol alone. */

export type Protocol = "http" | "https";

/** A client's configuration. `options` are further ones. */
function configOf(endpoint: string, key: Key, protocol: Protocol, options: object = {}): unknown {
  const credentials = { accessKeyId: key.id, accessKeySecret: key.secret, securityToken: key.token };
  return new openApiCore.$OpenApiUtil.Config({ ...credentials, endpoint, protocol, ...options });
}

/** `@alicloud/vpc20160428`: typed requests, signature V3. `options` are further ones of the client. */
export function vpcClient(endpoint: string, key: Key, protocol: Protocol = "http", options: object = {}): VpcClient {
  // The SDK is CommonJS: its default export lies one level deeper than its types say.
  const { default: Client } = vpcSdk as unknown as { default: { default: new (config: unknown) => VpcClient } };
  return new Client.default(configOf(endpoint, key, protocol, { regionId: "cn-hangzhou", ...options }));
}
type VpcClient = InstanceType<(typeof vpcSdk)["default"]["default"]>;

/** `@alicloud/ram20150501`: typed requests, signature V3. */
export function ramClient(endpoint: string, key: Key, protocol: Protocol = "http"): RamClient {
  const { default: Client } = ramSdk as unknown as { default: { default: new (config: unknown) => RamClient } };
  return new Client.default(configOf(endpoint, key, protocol));
}
type RamClient = InstanceType<(typeof ramSdk)["default"]["default"]>;

/** `@alicloud/sts20150401`: typed requests, signature V3. */
export function stsClient(endpoint: string, key: Key, protocol: Protocol = "http"): StsClient {
  return stsClientOf(configOf(endpoint, key, protocol));
}
/** The same, with what provides its credentials. */
export function stsClientWith(endpoint: string, credential: unknown): StsClient {
  return stsClientOf(new openApiCore.$OpenApiUtil.Config({ credential, endpoint, protocol: "http" }));
}
function stsClientOf(config: unknown): StsClient {
  const { default: Client } = stsSdk as unknown as { default: { default: new (config: unknown) => StsClient } };
  return new Client.default(config);
}
type StsClient = InstanceType<(typeof stsSdk)["default"]["default"]>;

/** `@alicloud/credentials`: takes a role, over TLS, whenever a client needs a session of it. */
export function roleCredential(options: {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly externalId: string;
  readonly stsEndpoint: string;
}): unknown {
  const { default: Credential } = credentials as unknown as { default: { default: new (config: credentials.Config) => unknown } };
  return new Credential.default(new credentials.Config({ type: "ram_role_arn", ...options }));
}
export { ramSdk, stsSdk, vpcSdk };

/** `@alicloud/openapi-client`: the generic client, signature V3. Parameters go to the form, or to the query where `query` says so. */
export async function callV3(
  endpoint: string,
  key: Key,
  action: string,
  parameters: Readonly<Record<string, string>>,
  options: { version?: string; query?: Readonly<Record<string, string>>; protocol?: Protocol } = {},
): Promise<any> {
  const { default: Client } = openApi.default as unknown as {
    default: new (config: openApi.Config) => { callApi(...args: unknown[]): Promise<{ body: any }> };
  };
  const protocol = options.protocol ?? "http";
  const client = new Client(new openApi.Config({ accessKeyId: key.id, accessKeySecret: key.secret, endpoint, protocol }));
  const api = new openApi.Params({
    action,
    version: options.version ?? versions.VpcPeer,
    protocol,
    method: "POST",
    authType: "AK",
    style: "RPC",
    pathname: "/",
    reqBodyType: "formData",
    bodyType: "json",
  });
  const request = new openApi.OpenApiRequest({ query: options.query ?? {}, body: parameters });
  return (await client.callApi(api, request, new teaUtil.RuntimeOptions({}))).body;
}

/** `@alicloud/pop-core`: signature V1. */
export function popClient(endpoint: string, key: Key, apiVersion: string, protocol: Protocol = "http"): PopCore {
  const token = key.token === undefined ? {} : { securityToken: key.token };
  return new PopCore({ accessKeyId: key.id, accessKeySecret: key.secret, endpoint: `${protocol}://${endpoint}`, apiVersion, ...token });
}

/** The code that an official client reports for a refused call. */
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "OK";
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}
