import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Parameters, versions } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { callV3 } from "../support/official.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";

/** BssOpenApi QueryAvailableInstances: nothing is sold here, so nothing has been bought. */
let server: InProcessServer;

before(async () => {
  server = await startServer();
});
after(() => server.stop());

const call = (parameters: Parameters = {}) => server.requester.call(versions.BssOpenApi, "QueryAvailableInstances", parameters);
const nothing = (PageNum: number, PageSize: number): object => ({
  Code: "Success",
  Data: { InstanceList: [], PageNum, PageSize, TotalCount: 0 },
  Message: "Successful!",
  Success: true,
});

test("an account has bought nothing, whatever it asks for", async () => {
  const asked = {
    CreateTimeStart: "2026-01-01T00:00:00Z",
    CreateTimeEnd: "2026-12-31T00:00:00Z",
    EndTimeStart: "2026-01-01T00:00:00Z",
    EndTimeEnd: "2026-12-31T00:00:00Z",
    InstanceIDs: "vpn-x",
    ProductCode: "vpn",
    ProductType: "vpn",
    Region: "cn-hangzhou",
    RenewStatus: "ManualRenewal",
    SubscriptionType: "Subscription",
  };
  for (const [parameters, expected] of [
    [{}, nothing(1, 20)],
    [asked, nothing(1, 20)],
    [{ ...asked, PageNum: 3, PageSize: 300 }, nothing(3, 300)],
  ] as const) {
    const { RequestId: _id, ...body } = succeeded(await call(parameters)).body;
    assert.deepEqual(body, expected);
  }
  refusedWith(await call({ PageNum: 0 }), "InvalidPageNum");
  refusedWith(await call({ PageSize: 301 }), "InvalidPageSize");
});

test("an official client reads its Code as success", async () => {
  const answer = await callV3(
    server.endpoint,
    requesterKey,
    "QueryAvailableInstances",
    { PageSize: "20" },
    { version: versions.BssOpenApi },
  );
  assert.deepEqual([answer.Success, answer.Data.InstanceList], [true, []]);
});
