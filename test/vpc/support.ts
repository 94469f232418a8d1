import assert from "node:assert/strict";
import type { Key } from "../support/caller.ts";
import { vpcClient, vpcSdk } from "../support/official.ts";
import type { TestServer } from "../support/server.ts";

/** What the tests of this family read and refuse with, through the official SDK. */

/** IPv6 blocks of a VPC's size that no VPC can have: unspecified, unique local, link-local and multicast addresses. */
export const notRoutable = ["::/56", "fd00::/56", "fe80::/56", "ff00::/56"];

export type Sdk = ReturnType<typeof vpcClient>;
export type Options = Record<string, unknown>;

export function sdkOf(server: TestServer, key: Key): Sdk {
  return vpcClient(server.endpoint, key);
}

/** A response body of the SDK; an absent one fails the test. */
export function bodyOf<B extends object>(response: { body?: B }): B {
  assert.ok(response.body !== undefined);
  return response.body;
}

/** Calls an operation of the SDK, whose request class is named after it. */
export function ask<O extends Operation>(sdk: Sdk, operation: O, options: Options = {}): Promise<BodyOf<O>> {
  const name = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Request`;
  const Request = (vpcSdk as unknown as Readonly<Record<string, new (options: Options) => unknown>>)[name];
  assert.ok(Request, name);
  const methods = sdk as unknown as Record<O, (request: unknown) => Promise<{ body?: BodyOf<O> }>>;
  return methods[operation](new Request(options)).then(bodyOf);
}
type Operation = keyof Sdk;
type BodyOf<O extends Operation> = Sdk[O] extends (request: any) => Promise<{ body?: infer B }> ? NonNullable<B> : never;

interface Numbered {
  readonly totalCount?: number;
  readonly pageNumber?: number;
  readonly pageSize?: number;
}
/** A numbered page, without the wrappers of its product. */
export function pageOf<T>({ totalCount, pageNumber, pageSize }: Numbered, items: T[], ids: string[]) {
  return { totalCount, pageNumber, pageSize, items, ids };
}

/** Asserts that an SDK call is refused: code, HTTP status and, where given, the message. */
export async function refuses(work: Promise<unknown>, code: string, status = 400, message?: string): Promise<void> {
  await work.then(
    () => assert.fail(`not refused with ${code}`),
    (error: { code: string; statusCode: number; data: { Message: string; RequestId: string } }) => {
      if (error instanceof assert.AssertionError) throw error;
      assert.equal(error.code, code);
      assert.equal(error.statusCode, status);
      assert.match(error.data.RequestId, /^[0-9A-F-]{36}$/);
      if (message !== undefined) assert.equal(error.data.Message, message);
    },
  );
}

/** The same for many inputs; a failure shows every input that met something else. */
export async function refusesEach<T>(
  inputs: readonly T[],
  call: (input: T) => Promise<unknown>,
  code: string,
  status = 400,
  message?: string,
): Promise<void> {
  const met: unknown[] = [];
  for (const input of inputs) {
    await call(input).then(
      () => met.push([input, "OK"]),
      (error: { code: string; statusCode: number; data: { Message: string } }) =>
        met.push([input, error.code, error.statusCode, message === undefined ? undefined : error.data.Message]),
    );
  }
  assert.deepEqual(
    met,
    inputs.map((input) => [input, code, status, message]),
  );
}

export function createVpc(sdk: Sdk, regionId: string, options: Options = {}) {
  return ask(sdk, "createVpc", { regionId, ...options });
}
export function deleteVpc(sdk: Sdk, regionId: string, vpcId: string | undefined, options: Options = {}) {
  return ask(sdk, "deleteVpc", { regionId, vpcId, ...options });
}
export function readVpc(sdk: Sdk, regionId: string, vpcId: string | undefined, options: Options = {}) {
  return ask(sdk, "describeVpcAttribute", { regionId, vpcId, ...options });
}
export async function listVpcs(sdk: Sdk, regionId: string, options: Options = {}) {
  const body = await ask(sdk, "describeVpcs", { regionId, ...options });
  const items = body.vpcs?.vpc ?? [];
  return pageOf(
    body,
    items,
    items.map(({ vpcId }) => vpcId ?? ""),
  );
}
/** How many VPCs a region holds: unchanged after every refusal. */
export async function vpcTotal(sdk: Sdk, regionId: string): Promise<number> {
  return (await listVpcs(sdk, regionId)).totalCount ?? Number.NaN;
}

export function createVSwitch(sdk: Sdk, options: Options) {
  return ask(sdk, "createVSwitch", options);
}
export function deleteVSwitch(sdk: Sdk, vSwitchId: string | undefined, options: Options = {}) {
  return ask(sdk, "deleteVSwitch", { vSwitchId, ...options });
}
export function readVSwitch(sdk: Sdk, vSwitchId: string | undefined, options: Options = {}) {
  return ask(sdk, "describeVSwitchAttributes", { vSwitchId, ...options });
}
export async function listVSwitches(sdk: Sdk, options: Options = {}) {
  const body = await ask(sdk, "describeVSwitches", options);
  const items = body.vSwitches?.vSwitch ?? [];
  return pageOf(
    body,
    items,
    items.map(({ vSwitchId }) => vSwitchId ?? ""),
  );
}

export function createRouteEntry(sdk: Sdk, options: Options) {
  return ask(sdk, "createRouteEntry", options);
}
export function deleteRouteEntry(sdk: Sdk, options: Options) {
  return ask(sdk, "deleteRouteEntry", options);
}
export async function listRouteEntries(sdk: Sdk, regionId: string, routeTableId: string | undefined, options: Options = {}) {
  const body = await ask(sdk, "describeRouteEntryList", { regionId, routeTableId, ...options });
  const items = body.routeEntrys?.routeEntry ?? [];
  const destinations = items.map(({ destinationCidrBlock }) => destinationCidrBlock ?? "");
  return { totalCount: body.totalCount, nextToken: body.nextToken, items, destinations };
}

/** The route tables of a region. */
export async function listRouteTables(sdk: Sdk, regionId: string, options: Options = {}) {
  const body = await ask(sdk, "describeRouteTableList", { regionId, ...options });
  const items = body.routerTableList?.routerTableListType ?? [];
  return pageOf(
    body,
    items,
    items.map(({ routeTableId }) => routeTableId ?? ""),
  );
}
