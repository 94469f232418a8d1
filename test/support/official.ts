import * as openApi from "@alicloud/openapi-client";
import * as openApiCore from "@alicloud/openapi-core";
import PopCore from "@alicloud/pop-core";
import * as ramSdk from "@alicloud/ram20150501";
import * as teaUtil from "@alicloud/tea-util";
import * as vpcSdk from "@alicloud/vpc20160428";
import type { Key } from "./caller.ts";
import { versions } from "./caller.ts";

/** The official SDKs, pointed at a test server by endpoint and protocol alone. */

export type Protocol = "http" | "https";

/** `@alicloud/vpc20160428`: typed requests, signature V3. `options` are further ones of the client. */
export function vpcClient(endpoint: string, key: Key, protocol: Protocol = "http", options: object = {}): VpcClient {
  // The SDK is CommonJS: its default export lies one level deeper than its types say.
  const { default: Client } = vpcSdk as unknown as { default: { default: new (config: unknown) => VpcClient } };
  const config = new openApiCore.$OpenApiUtil.Config({
    accessKeyId: key.id,
    accessKeySecret: key.secret,
    endpoint,
    protocol,
    regionId: "cn-hangzhou",
    ...options,
  });
  return new Client.default(config);
}
type VpcClient = InstanceType<(typeof vpcSdk)["default"]["default"]>;

/** `@alicloud/ram20150501`: typed requests, signature V3. */
export function ramClient(endpoint: string, key: Key, protocol: Protocol = "http"): RamClient {
  const { default: Client } = ramSdk as unknown as { default: { default: new (config: unknown) => RamClient } };
  const config = { accessKeyId: key.id, accessKeySecret: key.secret, endpoint, protocol };
  return new Client.default(new openApiCore.$OpenApiUtil.Config(config));
}
type RamClient = InstanceType<(typeof ramSdk)["default"]["default"]>;
export { ramSdk, vpcSdk };

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
  return new PopCore({ accessKeyId: key.id, accessKeySecret: key.secret, endpoint: `${protocol}://${endpoint}`, apiVersion });
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
