import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import {
  activePeering,
  beijing,
  hangzhou,
  peeringStatus,
  refusedWith,
  requestPeering,
  routeTo,
  succeeded,
  type TestVpc,
} from "../support/networks.ts";
import { dryRunPassed, eventCount, outcome, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { patch, putSettings, requestOf, vpcPair } from "./connections.ts";

/** A dry run is exactly the check: it answers what the call would, changes nothing and remembers nothing. */

let server: InProcessServer;
let intra: [TestVpc, TestVpc];
let inter: [TestVpc, TestVpc];
before(async () => {
  server = await startServer();
  await putSettings(server);
  intra = await vpcPair(server);
  inter = await vpcPair(server, server.accepter, beijing);
});
after(() => server.stop());

const active = async (): Promise<string> => activePeering(server, ...(await vpcPair(server)));
const waiting = async (): Promise<string> => {
  const id = await requestPeering(...(await vpcPair(server)));
  await server.advance();
  return id;
};
const routed = async (): Promise<string> => {
  const [from, to] = await vpcPair(server);
  const id = await activePeering(server, from, to);
  await routeTo(server, to, "172.16.0.0/12", id);
  return id;
};
const patched = async (fields: Record<string, string>): Promise<string> => {
  const id = await active();
  await patch(server, id, fields);
  return id;
};

interface Attempt {
  readonly action: string;
  /** Makes what the call is about; answers its parameters. */
  readonly arrange: () => Promise<Parameters>;
  readonly by: () => Caller;
}
const requester = (): Caller => server.requester;
const accepter = (): Caller => server.accepter;
const on = (action: string, arrange: () => Promise<string>, more: Parameters = {}, by: () => Caller = requester): Attempt => ({
  action: `${action}VpcPeerConnection`,
  arrange: async () => ({ InstanceId: await arrange(), ...more }),
  by,
});
const create = (pair: () => readonly [TestVpc, TestVpc], more: Parameters = {}): Attempt => ({
  action: "CreateVpcPeerConnection",
  arrange: async () => requestOf(...pair(), more),
  by: () => pair()[0].owner,
});
const unknown = async (): Promise<string> => "pcc-000000000000000000";

/** Calls with what each answers; `OK` for those that a dry run passes. */
const attempts: readonly (readonly [name: string, attempt: Attempt, outcome: string])[] = [
  ["unknown VPC", create(() => intra, { VpcId: "vpc-bp1000000000000000000" }), "ResourceNotFound.VpcId"],
  ["illegal name", create(() => intra, { Name: "1" }), "IllegalParam.Name"],
  ["bandwidth in one region", create(() => intra, { Bandwidth: 5 }), "OperationFailed.BandwidthCannotBeChangedInSameRegion"],
  ["too much bandwidth", create(() => inter, { Bandwidth: 1025 }), "QuotaExceeded.Bandwidth"],
  ["reserved tag", create(() => intra, { Tag: [{ Key: "acs:x" }] }), "Forbidden.TagKeys"],
  ["unknown group", create(() => intra, { ResourceGroupId: "rg-0" }), "OperationFailed.NotExist.ResourceGroup"],
  ["plain", create(() => intra), "OK"],
  ["plain, again", create(() => [intra[1], intra[0]]), "ResourceAlreadyExist.VpcPeer"],
  ["between regions", create(() => inter, { Name: "ab", Bandwidth: 1024, LinkType: "Platinum", Tag: [{ Key: "k" }] }), "OK"],

  ["unknown", on("Accept", unknown, {}, accepter), "ResourceNotFound.InstanceId"],
  ["by the requester", on("Accept", waiting), "IncorrectStatus.VpcPeer"],
  ["answered already", on("Accept", active, {}, accepter), "IncorrectStatus.VpcPeer"],
  ["unknown group", on("Accept", waiting, { ResourceGroupId: "rg-0" }, accepter), "OperationFailed.NotExist.ResourceGroup"],
  ["plain", on("Accept", waiting, { Tag: [{ Key: "k" }] }, accepter), "OK"],

  ["unknown", on("Reject", unknown, {}, accepter), "ResourceNotFound.InstanceId"],
  ["by the requester", on("Reject", waiting), "IncorrectStatus.VpcPeer"],
  ["plain", on("Reject", waiting, {}, accepter), "OK"],

  ["unknown", on("Modify", unknown), "ResourceNotFound.InstanceId"],
  ["while it waits", on("Modify", waiting, { Name: "n" }), "IncorrectStatus.VpcPeer"],
  ["illegal name", on("Modify", active, { Name: "http://n" }), "IllegalParam.Name"],
  ["link type in one region", on("Modify", active, { LinkType: "Gold" }), "OperationFailed.InterRegionLinkTypeNotSupported"],
  ["managed", on("Modify", () => patched({ ManagedService: "X" }), { Name: "n" }), "OperationDenied.ServiceManagedInstance"],
  ["locked", on("Modify", () => patched({ BizStatus: "FinancialLocked" }), { Name: "n" }), "IncorrectBusinessStatus.VpcPeer"],
  ["nothing to change", on("Modify", active), "OK"],
  ["plain", on("Modify", active, { Name: "n", Description: "d" }, accepter), "OK"],

  ["unknown", on("Delete", unknown), "ResourceNotFound.InstanceId"],
  ["malformed Force", on("Delete", active, { Force: "yes" }), "InvalidForce"],
  ["managed", on("Delete", () => patched({ ManagedService: "X" })), "OperationDenied.ServiceManagedInstance"],
  ["with a route", on("Delete", routed), "OperationDenied.RouteEntryExist"],
  ["with a route, forced", on("Delete", routed, { Force: true }), "OK"],
  ["while it waits", on("Delete", waiting, {}, accepter), "OK"],
];
for (const [name, { action, arrange, by }, expected] of attempts) {
  test(`a dry run of ${action} (${name}) answers what the call would: ${expected}`, async () => {
    const parameters = await arrange();
    const ClientToken = randomUUID();
    const call = (DryRun?: string): Promise<Answer> => by().peer(action, { ...parameters, DryRun, ClientToken });
    const before = await eventCount(server);
    const dry = await call("true");
    assert.equal(await eventCount(server), before, "a dry run changes nothing");
    const real = await call("false");
    assert.equal(outcome(real), expected);
    if (expected === "OK") {
      refusedWith(dry, dryRunPassed.code);
      assert.equal(dry.body.Message, dryRunPassed.message);
    } else {
      assert.deepEqual([dry.status, dry.body.Code, dry.body.Message], [real.status, real.body.Code, real.body.Message]);
      assert.equal(await eventCount(server), before);
    }
    await server.advance();
  });
}

test("a dry run records no token: the call itself may carry it, with whatever parameters", async () => {
  const [from, to] = await vpcPair(server);
  const ClientToken = "recorded-by-none";
  const call = (more: Parameters): Promise<Answer> =>
    server.requester.peer("CreateVpcPeerConnection", { ...requestOf(from, to), ClientToken, ...more });
  await refusedUnchanged(server, () => call({ DryRun: true, Name: "dry" }), dryRunPassed);
  await refusedUnchanged(server, () => call({ DryRun: true, Name: "dry" }), dryRunPassed);
  succeeded(await call({ Name: "wet" }));
  assert.equal(outcome(await call({ Name: "dry" })), "IdempotentParameterMismatch");
});

test("a dry run reads no token: it answers what a new call would", async () => {
  const id = await active();
  const call = { InstanceId: id, Name: "renamed", ClientToken: "read-by-none" };
  succeeded(await server.requester.peer("ModifyVpcPeerConnection", call));
  assert.equal(outcome(await server.requester.peer("ModifyVpcPeerConnection", { ...call, DryRun: true })), "IncorrectStatus.VpcPeer");
  await server.advance();
  await refusedUnchanged(server, () => server.requester.peer("ModifyVpcPeerConnection", { ...call, DryRun: "TRUE" }), dryRunPassed);
  succeeded(await server.requester.peer("ModifyVpcPeerConnection", { ...call, DryRun: "False" }));
});

test("a dry run meets what another call has changed meanwhile", async () => {
  const id = await waiting();
  const dry = (action: string): Promise<string> => server.accepter.peer(action, { InstanceId: id, DryRun: true }).then(outcome);
  assert.equal(await dry("RejectVpcPeerConnection"), dryRunPassed.code);
  succeeded(await server.accepter.peer("RejectVpcPeerConnection", { InstanceId: id }));
  assert.equal(await dry("RejectVpcPeerConnection"), "IncorrectStatus.VpcPeer");
  assert.equal(await dry("DeleteVpcPeerConnection"), dryRunPassed.code);
  assert.equal(await peeringStatus(server.requester, id), "Rejected");
});

test("twenty dry runs beside a real call disturb nothing", async () => {
  const [from, to] = await vpcPair(server);
  const call = (DryRun: boolean): Promise<Answer> => server.requester.peer("CreateVpcPeerConnection", requestOf(from, to, { DryRun }));
  const answers = await Promise.all(Array.from({ length: 21 }, (_, n) => call(n !== 10)));
  succeeded(answers[10] as Answer);
  const others = new Set(answers.filter((_, n) => n !== 10).map(outcome));
  for (const code of others) assert.ok(["DryRunOperation", "ResourceAlreadyExist.VpcPeer"].includes(code), code);
  const { body } = await server.requester.peer("ListVpcPeerConnections", { VpcId: from.vpcId, RegionId: hangzhou });
  assert.equal(body.TotalCount, 1);
});
