import assert from "node:assert/strict";
import type { Key } from "../support/caller.ts";
import { vpcClient, vpcSdk } from "../support/official.ts";
import type { TestServer } from "../support/server.ts";

/** What the tests of this family read and refuse with, through the official SDK. */

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
  return sdk.createVpc(new vpcSdk.CreateVpcRequest({ regionId, ...options })).then(bodyOf);
}
export function deleteVpc(sdk: Sdk, regionId: string, vpcId: string | undefined, options: Options = {}) {
  return sdk.deleteVpc(new vpcSdk.DeleteVpcRequest({ regionId, vpcId, ...options })).then(bodyOf);
}
export function readVpc(sdk: Sdk, regionId: string, vpcId: string | undefined, options: Options = {}) {
  return sdk.describeVpcAttribute(new vpcSdk.DescribeVpcAttributeRequest({ regionId, vpcId, ...options })).then(bodyOf);
}
export async function listVpcs(sdk: Sdk, regionId: string, options: Options = {}) {
  const body = await sdk.describeVpcs(new vpcSdk.DescribeVpcsRequest({ regionId, ...options })).then(bodyOf);
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
  return sdk.createVSwitch(new vpcSdk.CreateVSwitchRequest(options)).then(bodyOf);
}
export function deleteVSwitch(sdk: Sdk, vSwitchId: string | undefined, options: Options = {}) {
  return sdk.deleteVSwitch(new vpcSdk.DeleteVSwitchRequest({ vSwitchId, ...options })).then(bodyOf);
}
export function readVSwitch(sdk: Sdk, vSwitchId: string | undefined, options: Options = {}) {
  return sdk.describeVSwitchAttributes(new vpcSdk.DescribeVSwitchAttributesRequest({ vSwitchId, ...options })).then(bodyOf);
}
export async function listVSwitches(sdk: Sdk, options: Options = {}) {
  const body = await sdk.describeVSwitches(new vpcSdk.DescribeVSwitchesRequest(options)).then(bodyOf);
  const items = body.vSwitches?.vSwitch ?? [];
  return pageOf(
    body,
    items,
    items.map(({ vSwitchId }) => vSwitchId ?? ""),
  );
}

export function createRouteEntry(sdk: Sdk, options: Options) {
  return sdk.createRouteEntry(new vpcSdk.CreateRouteEntryRequest(options)).then(bodyOf);
}
export function deleteRouteEntry(sdk: Sdk, options: Options) {
  return sdk.deleteRouteEntry(new vpcSdk.DeleteRouteEntryRequest(options)).then(bodyOf);
}
export async function listRouteEntries(sdk: Sdk, regionId: string, routeTableId: string | undefined, options: Options = {}) {
  const request = new vpcSdk.DescribeRouteEntryListRequest({ regionId, routeTableId, ...options });
  const body = await sdk.describeRouteEntryList(request).then(bodyOf);
  const items = body.routeEntrys?.routeEntry ?? [];
  const destinations = items.map(({ destinationCidrBlock }) => destinationCidrBlock ?? "");
  return { totalCount: body.totalCount, nextToken: body.nextToken, items, destinations };
}
