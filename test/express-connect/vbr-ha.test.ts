import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { dryRunPassed, type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "../vpn/support.ts";
import { associate, onRouter, routerFor, routerOn } from "./border-routers.ts";
import { enabledCircuit } from "./circuits.ts";

/** Failover groups of two virtual border routers. */

let server: InProcessServer;
let sdk: Sdk;
let circuits: [string, string];
before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: ["vbrPerpConn", "freevbr"].map((name) => ({ name, value: 1000 })) });
  sdk = sdkOf(server, requesterKey);
  circuits = [await enabledCircuit(server, server.requester), await enabledCircuit(server, server.requester)];
});
after(() => server.stop());

const router = (circuit: string): Promise<string> => routerOn(server.requester, circuit);
/** Two routers that fit together. */
const pair = async (): Promise<[string, string]> => [await router(circuits[0]), await router(circuits[1])];
const join = (VbrId: unknown, PeerVbrId: unknown, parameters: Parameters = {}): Promise<Answer> =>
  server.requester.vpc("CreateVbrHa", { RegionId: hangzhou, VbrId, PeerVbrId, ...parameters });
const read = async (parameters: Parameters): Promise<any> =>
  succeeded(await server.requester.vpc("DescribeVbrHa", { RegionId: hangzhou, ...parameters })).body;
const dissolve = (InstanceId: unknown, parameters: Parameters = {}): Promise<Answer> =>
  server.requester.vpc("DeleteVbrHa", { RegionId: hangzhou, InstanceId, ...parameters });

const unfit: Expected = {
  code: "InvalidOperation.OperationNotAllowedInState",
  message: "The specified VirutalBorderRouter is in invalid state.",
};

test("a group is created, read by its id or by either router, and deleted", async () => {
  const [vbrId, peerVbrId] = await pair();
  const createdAt = `${new Date(await virtualNow(server)).toISOString().slice(0, 19)}Z`;
  const named = { regionId: hangzhou, name: "pair-1", description: "of two" };
  const { vbrHaId } = await ask(sdk, "createVbrHa", { ...named, vbrId, peerVbrId });
  assert.match(String(vbrHaId), /^vbrha-bp1[a-z0-9]{18}$/);
  assert.equal((await read({ VbrHaId: vbrHaId })).Status, "Creating");
  await server.advance();
  const shown = {
    CreationTime: createdAt,
    Description: "of two",
    Name: "pair-1",
    PeerVbrId: peerVbrId,
    RegionId: hangzhou,
    Status: "Active",
    VbrHaId: vbrHaId,
    VbrId: vbrId,
  };
  for (const parameters of [{ VbrHaId: vbrHaId }, { VbrId: vbrId }, { VbrId: peerVbrId }, { VbrHaId: vbrHaId, VbrId: vbrId }]) {
    const { RequestId, ...fields } = await read(parameters);
    assert.deepEqual(fields, shown);
    assert.ok(RequestId);
  }
  const seen = await ask(sdk, "describeVbrHa", { regionId: hangzhou, vbrHaId });
  assert.deepEqual([seen.vbrId, seen.peerVbrId, seen.status], [vbrId, peerVbrId, "Active"]);
  await ask(sdk, "deleteVbrHa", { regionId: hangzhou, instanceId: vbrHaId });
  assert.equal((await read({ VbrHaId: vbrHaId })).Status, "Deleting");
  await server.advance();
  assert.equal((await read({ VbrHaId: vbrHaId })).VbrHaId, "");
  // Both are free for another.
  succeeded(await join(peerVbrId, vbrId));
});

test("of a group that is not there, or is another's, every field is empty", async () => {
  const [one, other] = await pair();
  const VbrHaId = succeeded(await join(one, other)).body.VbrHaId;
  const empty = { CreationTime: "", Description: "", Name: "", PeerVbrId: "", RegionId: "", Status: "", VbrHaId: "", VbrId: "" };
  for (const parameters of [
    { VbrHaId: "vbrha-none" },
    { VbrId: circuits[0] },
    { VbrHaId, VbrId: "vbr-none" },
    { VbrHaId, RegionId: beijing },
  ]) {
    const { RequestId: _, ...fields } = await read(parameters);
    assert.deepEqual(fields, empty);
  }
  const { RequestId: _, ...foreign } = succeeded(await server.accepter.vpc("DescribeVbrHa", { RegionId: hangzhou, VbrHaId })).body;
  assert.deepEqual(foreign, empty);
  await refusedUnchanged(server, () => server.requester.vpc("DescribeVbrHa", { RegionId: hangzhou }), {
    code: "MissingParam.VbrHaIdOrVbrId",
    message: "VbrHaId or VbrId must be specified.",
  });
});

test("a group of what does not fit together is refused", async () => {
  const [one, other] = await pair();
  const noRouter = { code: "ResourceNotFound.Vbr", message: "The VBR resource is not found.", status: 404 };
  const sameDevice = { code: "OperationFailed.VbrAccessDeviceSame", message: "The VBR and the peer VBR are in the same device." };
  const foreign = await routerFor(server.accepter, server.requester, circuits[1]);
  const down = await router(circuits[1]);
  succeeded(await onRouter(server.requester, "TerminateVirtualBorderRouter", down));
  await server.advance();
  for (const [vbr, peer, expected] of [
    ["vbr-none", other, noRouter],
    [one, "vbr-none", noRouter],
    [one, foreign, noRouter],
    [one, one, sameDevice],
    [one, await router(circuits[0]), sameDevice],
    [one, down, unfit],
    [down, one, unfit],
  ] as const) {
    await refusedUnchanged(server, () => join(vbr, peer), expected);
  }
  refusedWith(await join(one, other, { Name: "1" }), "InvalidName");
  refusedWith(await join(one, other, { Description: "http://x" }), "InvalidDescription");
  await refusedUnchanged(server, () => join(one, other, { DryRun: true }), dryRunPassed);
  succeeded(await join(one, other));
  const third = await router(circuits[1]);
  await refusedUnchanged(server, () => join(one, third), unfit);
  await refusedUnchanged(server, () => join(third, one), unfit);
});

test("routers that share a second circuit do not fit together", async () => {
  const [one, other] = await pair();
  const third = await enabledCircuit(server, server.requester);
  succeeded(await associate(server.requester, one, third, 1));
  succeeded(await associate(server.requester, other, third, 2));
  await refusedUnchanged(server, () => join(one, other), {
    code: "OperationFailed.VbrAccessDeviceSame",
    message: "The VBR and the peer VBR are in the same device.",
  });
});

test("a router in a group is not deleted, and a group is deleted once it is there", async () => {
  const [one, other] = await pair();
  const group = succeeded(await join(one, other)).body.VbrHaId;
  const status = { code: "IncorrectStatus.VbrHa", message: "The status of the VbrHa is incorrect." };
  await refusedUnchanged(server, () => dissolve(group), status);
  await server.advance();
  for (const id of [one, other]) await refusedUnchanged(server, () => onRouter(server.requester, "DeleteVirtualBorderRouter", id), unfit);
  const notFound = { code: "ResourceNotFound.VbrHa", message: "The VbrHa resource is not found.", status: 404 };
  await refusedUnchanged(server, () => dissolve("vbrha-none"), notFound);
  await refusedUnchanged(server, () => dissolve(group, { RegionId: beijing }), notFound);
  refusedWith(await server.accepter.vpc("DeleteVbrHa", { RegionId: hangzhou, InstanceId: group }), notFound.code, 404);
  succeeded(await dissolve(group));
  await refusedUnchanged(server, () => dissolve(group), status);
  await server.advance();
  for (const id of [one, other]) succeeded(await onRouter(server.requester, "DeleteVirtualBorderRouter", id));
});
