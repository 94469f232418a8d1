import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Settings } from "../../src/contract/settings.ts";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import {
  activePeering,
  beijing,
  peeringStatus,
  refusedWith,
  requestPeering,
  routeTo,
  succeeded,
  type TestVpc,
} from "../support/networks.ts";
import { codeOf, popClient } from "../support/official.ts";
import { outcome, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { attributes, patch, putSettings, seconds, vpcPair, withSettings } from "./connections.ts";

/** Every row of the error tables of DeleteVpcPeerConnection, RejectVpcPeerConnection and ModifyVpcPeerConnection, word for word. */

let server: InProcessServer;
/** Activated connections between two accounts: inside a region, across two regions. */
let intra: string;
let inter: string;
/** A request that the accepter has not answered. */
let waiting: string;
/** Activated; a route entry of the accepter points at it. */
let routed: string;
let routedFrom: TestVpc;

before(async () => {
  server = await startServer();
  await putSettings(server);
  intra = await activePeering(server, ...(await vpcPair(server)));
  inter = await activePeering(server, ...(await vpcPair(server, server.accepter, beijing)));
  const [from, to] = await vpcPair(server);
  routed = await activePeering(server, from, to);
  routedFrom = to;
  await routeTo(server, to, "172.16.0.0/12", routed);
  waiting = await requestPeering(...(await vpcPair(server)));
  await server.advance();
});
after(() => server.stop());

const modify = (InstanceId: string, parameters: Parameters, caller: Caller = server.requester): Promise<Answer> =>
  caller.peer("ModifyVpcPeerConnection", { InstanceId, ...parameters });
const remove = (InstanceId: string, parameters: Parameters = {}, caller: Caller = server.requester): Promise<Answer> =>
  caller.peer("DeleteVpcPeerConnection", { InstanceId, ...parameters });
const notFound = { code: "ResourceNotFound.InstanceId", message: "The specified resource of VpcPeer is not found." };
const wrongStatus = (id: string): { code: string; message: string } => ({
  code: "IncorrectStatus.VpcPeer",
  message: `The status of VpcPeer [${id}] is incorrect.`,
});
const managed = {
  code: "OperationDenied.ServiceManagedInstance",
  message: "Operation is denied because the specified instance belongs to service manager.",
};
const routeExists = {
  code: "OperationDenied.RouteEntryExist",
  message: "The operation is not allowed because of existing routeEntry point to VpcPeer.",
};
const sameRegion = {
  bandwidth: {
    code: "OperationFailed.BandwidthCannotBeChangedInSameRegion",
    message: "The operation failed because the bandwidth cannot be changed in the same region.",
  },
  linkType: { code: "OperationFailed.InterRegionLinkTypeNotSupported", message: "The same region not supported link type feature." },
};
const linkTypeOfRegion = {
  code: "OperationFailed.RegionIdNotSupportLinkType",
  message: "The feature link type is not supported in the region.",
};
const linkTypeOfAccount = {
  code: "OperationFailed.SpecificLinkTypeNotSupported",
  message: "The operation failed because the special link type of user is not opened.",
};
const bandwidthQuota = { code: "QuotaExceeded.Bandwidth", message: "The quota of bandwidth is exceeded." };

// Existence and state

for (const action of ["DeleteVpcPeerConnection", "RejectVpcPeerConnection", "ModifyVpcPeerConnection", "AcceptVpcPeerConnection"]) {
  test(`${action} of an unknown id answers ResourceNotFound.InstanceId with HTTP 400`, async () => {
    for (const InstanceId of ["pcc-000000000000000000", routedFrom.vpcId, "no id at all"]) {
      await refusedUnchanged(server, () => server.requester.peer(action, { InstanceId }), notFound);
    }
  });
}

/** What each write answers the accepter in each state; "passes" is told by a dry run. */
const [passes, wrong, missing] = ["DryRunOperation", "IncorrectStatus.VpcPeer", "ResourceNotFound.InstanceId"] as const;
const writes = ["AcceptVpcPeerConnection", "RejectVpcPeerConnection", "ModifyVpcPeerConnection", "DeleteVpcPeerConnection"] as const;
const answers: Readonly<Record<string, readonly [accept: string, reject: string, modify: string, remove: string]>> = {
  Creating: [wrong, wrong, wrong, wrong],
  Accepting: [passes, passes, wrong, passes],
  Updating: [wrong, wrong, wrong, wrong],
  Activated: [wrong, wrong, passes, passes],
  Rejected: [wrong, wrong, wrong, passes],
  Expired: [wrong, wrong, wrong, passes],
  Deleting: [wrong, wrong, wrong, wrong],
  Deleted: [missing, missing, missing, missing],
};

test("every write is answered as the state table says, in every state", async () => {
  const { accepter } = server;
  const request = async (): Promise<string> => requestPeering(...(await vpcPair(server)));
  const activated = async (): Promise<string> => activePeering(server, ...(await vpcPair(server)));
  const at: Record<string, string> = {};
  await withSettings(server, { quotas: [{ name: "VpcPeerExpiryDays", value: 1 }] }, async () => {
    at["Expired"] = await request();
  });
  await server.advance(seconds.day);
  Object.assign(at, { Rejected: await request(), Accepting: await request(), Activated: await activated() });
  succeeded(await accepter.peer("RejectVpcPeerConnection", { InstanceId: at["Rejected"] }));
  Object.assign(at, { Updating: await activated(), Deleting: await activated(), Deleted: await activated() });
  const pair = await vpcPair(server);
  succeeded(await remove(at["Deleted"] ?? ""));
  await server.advance(seconds.work);
  succeeded(await modify(at["Updating"] ?? "", { Name: "moving" }));
  succeeded(await remove(at["Deleting"] ?? ""));
  at["Creating"] = await requestPeering(...pair);

  for (const [state, expected] of Object.entries(answers)) {
    const InstanceId = at[state] ?? "";
    assert.equal(await peeringStatus(accepter, InstanceId), state);
    for (const [index, action] of writes.entries()) {
      const call = (dryRun: boolean): Promise<Answer> => accepter.peer(action, { InstanceId, Name: "other", DryRun: dryRun });
      const code = expected[index] ?? "";
      assert.equal(outcome(await call(true)), code, `${action} in ${state}, dry run`);
      if (code === wrong) await refusedUnchanged(server, () => call(false), wrongStatus(InstanceId));
      if (code === missing) await refusedUnchanged(server, () => call(false), notFound);
    }
    assert.equal(await peeringStatus(accepter, InstanceId), state);
  }
});

for (const action of ["AcceptVpcPeerConnection", "RejectVpcPeerConnection"]) {
  test(`${action} by the account that asked is refused with IncorrectStatus.VpcPeer`, async () => {
    await refusedUnchanged(server, () => server.requester.peer(action, { InstanceId: waiting }), wrongStatus(waiting));
    assert.equal(await peeringStatus(server.requester, waiting), "Accepting");
  });
  test(`${action} within one account, where nothing waits, is refused with IncorrectStatus.VpcPeer`, async () => {
    const own = await activePeering(server, ...(await vpcPair(server, server.requester)));
    await refusedUnchanged(server, () => server.requester.peer(action, { InstanceId: own }), wrongStatus(own));
  });
}

// DeleteVpcPeerConnection

test("deletion without Force is refused while a route entry points at the connection", async () => {
  for (const caller of [server.requester, server.accepter]) {
    for (const Force of [undefined, false]) await refusedUnchanged(server, () => remove(routed, { Force }, caller), routeExists);
  }
});

test("a connection that another service manages is neither modified nor deleted, and a patch frees it", async () => {
  await patch(server, intra, { ManagedService: "SWAS" });
  for (const caller of [server.requester, server.accepter]) {
    assert.equal((await attributes(caller, intra)).ManagedService, "SWAS");
    await refusedUnchanged(server, () => remove(intra, { Force: true }, caller), managed);
    await refusedUnchanged(server, () => modify(intra, { Name: "mine" }, caller), managed);
  }
  await patch(server, intra, { ManagedService: "" });
  assert.equal(outcome(await remove(intra, { DryRun: true })), "DryRunOperation");
  assert.equal(outcome(await modify(intra, { Name: "mine", DryRun: true })), "DryRunOperation");
});

// ModifyVpcPeerConnection

test("a connection locked for money refuses modification and acceptance, not deletion", async () => {
  for (const id of [inter, waiting]) {
    await patch(server, id, { BizStatus: "FinancialLocked" });
    const locked = { code: "IncorrectBusinessStatus.VpcPeer", message: `The business status of VpcPeer [${id}] is incorrect.` };
    const call = (): Promise<Answer> =>
      id === inter ? modify(id, { Bandwidth: 5 }) : server.accepter.peer("AcceptVpcPeerConnection", { InstanceId: id });
    await refusedUnchanged(server, call, locked);
    assert.equal((await attributes(server.accepter, id)).BizStatus, "FinancialLocked");
    assert.equal(outcome(await remove(id, { DryRun: true })), "DryRunOperation");
    await patch(server, id, { BizStatus: "Normal" });
  }
  assert.equal(outcome(await modify(inter, { Bandwidth: 5, DryRun: true })), "DryRunOperation");
});

interface LinkCase {
  readonly name: string;
  readonly on: () => string;
  readonly parameters: Parameters;
  readonly settings?: () => Partial<Settings>;
  /** Without one the call passes. */
  readonly refusal?: { readonly code: string; readonly message: string };
}
const platinumClosed = (scope: { account?: string; region?: string }): Partial<Settings> => ({
  features: [{ name: "LinkType.Platinum", open: false, ...scope }],
});
const linkCases: readonly LinkCase[] = [
  { name: "bandwidth inside a region", on: () => intra, parameters: { Bandwidth: 100 }, refusal: sameRegion.bandwidth },
  { name: "bandwidth inside a region, beyond the quota", on: () => intra, parameters: { Bandwidth: 5000 }, refusal: sameRegion.bandwidth },
  { name: "link type inside a region", on: () => intra, parameters: { LinkType: "Gold" }, refusal: sameRegion.linkType },
  { name: "unknown link type inside a region", on: () => intra, parameters: { LinkType: "Copper" }, refusal: sameRegion.linkType },
  { name: "unknown link type", on: () => inter, parameters: { LinkType: "Silver" }, refusal: linkTypeOfAccount },
  { name: "link type in another letter case", on: () => inter, parameters: { LinkType: "gold" }, refusal: linkTypeOfAccount },
  {
    name: "unknown link type and too much bandwidth",
    on: () => inter,
    parameters: { LinkType: "Silver", Bandwidth: 5000 },
    refusal: linkTypeOfAccount,
  },
  { name: "bandwidth at the quota", on: () => inter, parameters: { Bandwidth: 1024 } },
  { name: "bandwidth beyond the quota", on: () => inter, parameters: { Bandwidth: 1025 }, refusal: bandwidthQuota },
  {
    name: "bandwidth within a raised quota",
    on: () => inter,
    parameters: { Bandwidth: 2000 },
    settings: () => ({ quotas: [{ name: "Bandwidth", account: server.requester.key.account, value: 2000 }] }),
  },
  {
    name: "link type closed in the requester's region",
    on: () => inter,
    parameters: { LinkType: "Platinum" },
    settings: () => platinumClosed({ region: "cn-hangzhou" }),
    refusal: linkTypeOfRegion,
  },
  {
    name: "link type closed in the accepter's region",
    on: () => inter,
    parameters: { LinkType: "Platinum" },
    settings: () => platinumClosed({ region: beijing }),
    refusal: linkTypeOfRegion,
  },
  {
    name: "link type closed everywhere",
    on: () => inter,
    parameters: { LinkType: "Platinum" },
    settings: () => platinumClosed({}),
    refusal: linkTypeOfRegion,
  },
  {
    name: "link type closed in a region that the connection does not touch",
    on: () => inter,
    parameters: { LinkType: "Platinum" },
    settings: () => platinumClosed({ region: "cn-shanghai" }),
  },
  {
    name: "link type closed for the requester's account",
    on: () => inter,
    parameters: { LinkType: "Platinum" },
    settings: () => platinumClosed({ account: server.requester.key.account }),
    refusal: linkTypeOfAccount,
  },
  {
    name: "the other link type, where one is closed",
    on: () => inter,
    parameters: { LinkType: "Gold" },
    settings: () => platinumClosed({ account: server.requester.key.account }),
  },
];
for (const { name, on, parameters, settings, refusal } of linkCases) {
  test(`ModifyVpcPeerConnection: ${name} ${refusal === undefined ? "passes" : `answers ${refusal.code}`}`, async () => {
    await withSettings(server, settings?.() ?? {}, async () => {
      for (const caller of [server.requester, server.accepter]) {
        if (refusal === undefined) assert.equal(outcome(await modify(on(), { ...parameters, DryRun: true }, caller)), "DryRunOperation");
        else await refusedUnchanged(server, () => modify(on(), parameters, caller), refusal);
      }
    });
  });
}

const illegal: readonly (readonly [name: string, values: readonly string[]])[] = [
  ["Name", ["http://name", "https://name", "HTTP://name", "n".repeat(129), "a\u0007b", "two\nlines"]],
  ["Description", ["http://text", "https://text", "d".repeat(257)]],
  ["Bandwidth", ["0", "-1", "1.5", "ten", "1e2", "4294967297"]],
];
for (const [name, values] of illegal) {
  test(`ModifyVpcPeerConnection refuses ${values.length} illegal values of ${name} with IllegalParam.${name}`, async () => {
    for (const value of values) {
      const expected = { code: `IllegalParam.${name}`, message: `The parameter ${name} is illegal.` };
      await refusedUnchanged(server, () => modify(inter, { [name]: value }), expected);
    }
  });
}
test("ModifyVpcPeerConnection takes names and descriptions of one character up to their limits, of any script", async () => {
  for (const Name of ["n", "1", "名", "a b http://", "n".repeat(128), "名".repeat(128), "𠮷".repeat(128)]) {
    assert.equal(outcome(await modify(inter, { Name, DryRun: true })), "DryRunOperation", Name);
  }
  for (const Description of ["d", "two\nlines", "d".repeat(256), "述".repeat(256)]) {
    assert.equal(outcome(await modify(inter, { Description, DryRun: true })), "DryRunOperation", Description);
  }
});

test("a modification that names nothing to change succeeds and changes nothing", async () => {
  const before = await attributes(server.requester, inter);
  for (const parameters of [{}, { Name: "", Description: "", LinkType: "" }]) succeeded(await modify(inter, parameters));
  const { RequestId: _a, ...unchanged } = await attributes(server.requester, inter);
  const { RequestId: _b, ...expected } = before;
  assert.deepEqual(unchanged, expected);
});

// Order of the checks: parameters, existence, managed, state, routes, dry run

test("parameters are judged before existence", async () => {
  const InstanceId = "pcc-000000000000000000";
  const expected = { code: "InvalidDryRun", message: "Specified parameter DryRun is not valid." };
  await refusedUnchanged(server, () => remove(InstanceId, { DryRun: "maybe" }), expected);
  await refusedUnchanged(server, () => remove(InstanceId, { Force: "2" }), {
    code: "InvalidForce",
    message: "Specified parameter Force is not valid.",
  });
  await refusedUnchanged(server, () => remove(""), { code: "MissingInstanceId", message: "InstanceId is mandatory for this action." });
  const name = { code: "IllegalParam.Name", message: "The parameter Name is illegal." };
  await refusedUnchanged(server, () => modify(InstanceId, { Name: "http://name" }), name);
  const bandwidth = { code: "IllegalParam.Bandwidth", message: "The parameter Bandwidth is illegal." };
  await refusedUnchanged(server, () => modify(InstanceId, { Bandwidth: 0 }), bandwidth);
});

test("managed is judged before the state, the state before the routes, the routes before the dry run", async () => {
  assert.equal(outcome(await remove(routed, { DryRun: true })), routeExists.code);
  assert.equal(outcome(await remove(routed, { DryRun: true, Force: true })), "DryRunOperation");
  succeeded(await modify(routed, { Name: "moving" }));
  await refusedUnchanged(server, () => remove(routed), wrongStatus(routed));
  await patch(server, routed, { ManagedService: "SWAS" });
  await refusedUnchanged(server, () => remove(routed), managed);
  await refusedUnchanged(server, () => modify(routed, { Name: "again" }), managed);
  await server.advance();
  await refusedUnchanged(server, () => remove(routed), managed);
  await patch(server, routed, { ManagedService: "" });
  await refusedUnchanged(server, () => remove(routed), routeExists);
});

test("the state is judged before what the modification asks for", async () => {
  await refusedUnchanged(server, () => modify(waiting, { Bandwidth: 100, LinkType: "Copper" }), wrongStatus(waiting));
});

test("an official client reports these codes as its error codes", async () => {
  const client = popClient(server.endpoint, server.requester.key, "2022-01-01");
  const call = (action: string, parameters: object): Promise<string> =>
    codeOf(() => client.request(action, parameters, { method: "POST" }));
  assert.equal(await call("DeleteVpcPeerConnection", { InstanceId: routed }), routeExists.code);
  assert.equal(await call("ModifyVpcPeerConnection", { InstanceId: intra, LinkType: "Gold" }), sameRegion.linkType.code);
  assert.equal(await call("RejectVpcPeerConnection", { InstanceId: intra }), wrong);
  assert.equal(await call("RejectVpcPeerConnection", { InstanceId: "pcc-0" }), missing);
});

test("an error in XML names the same code and message", async () => {
  const answer = await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: routed }, { format: "XML" });
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get("content-type"), "text/xml;charset=utf-8");
  assert.match(
    answer.text,
    /<Error>.*<Code>OperationDenied\.RouteEntryExist<\/Code>.*existing routeEntry point to VpcPeer\.<\/Message>.*<\/Error>$/s,
  );
  refusedWith(await remove(routed), routeExists.code);
});
