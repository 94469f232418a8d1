import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parsePolicy } from "../../src/policy/document.ts";
import { PolicySet } from "../../src/policy/evaluate.ts";
import { operations } from "../../src/services/index.ts";
import type { Caller } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { allowing, missingPolicy } from "./documents.ts";
import { signerOf, userIn } from "./support.ts";

/** The policies of the system: the same for all accounts, and nobody's to change. */
let server: InProcessServer;
let requester: Caller;
/** Documents by name, as the requester reads them. */
const documents = new Map<string, string>();

before(async () => {
  server = await startServer();
  ({ requester } = server);
  for (const { PolicyName } of succeeded(await requester.ram("ListPolicies", { PolicyType: "System" })).body.Policies.Policy) {
    const { body } = succeeded(await requester.ram("GetPolicy", { PolicyType: "System", PolicyName }));
    documents.set(PolicyName, body.DefaultPolicyVersion.PolicyDocument);
  }
});
after(() => server.stop());

/** The operations of this server that a policy of the system allows on some resource, by their actions. */
function allowed(name: string): Set<string> {
  const policy = { name, type: "System", resourceGroup: "", document: parsePolicy(documents.get(name) ?? "") } as const;
  const set = new PolicySet([policy]);
  const actions = operations.flatMap(({ authorisation: { action } }) => action ?? []);
  const access = { resource: "*", resourceGroup: "", context: () => undefined };
  return new Set(actions.filter((action) => set.decide({ ...access, action }).decision === "Allow"));
}
const actionsOf = (test: (operation: (typeof operations)[number]) => boolean): Set<string> =>
  new Set(operations.filter(test).flatMap(({ authorisation: { action } }) => action ?? []));
const without = (all: Set<string>, some: Set<string>): string[] => [...all].filter((one) => !some.has(one));

test("every document is a policy", () => {
  assert.ok(documents.size > 10);
  for (const document of documents.values()) parsePolicy(document);
});

test("one that is documented shows the version and the times of its page", async () => {
  const named = { PolicyType: "System", PolicyName: "aliyunvpcfullaccess" };
  const { Policy, DefaultPolicyVersion } = succeeded(await requester.ram("GetPolicy", named)).body;
  const { PolicyDocument, ...rest } = Policy;
  assert.deepEqual(rest, {
    AttachmentCount: 0,
    CreateDate: "2015-12-24T01:37:35Z",
    DefaultVersion: "v12",
    Description: "Provides full access to Virtual Private Cloud(VPC) via Management Console.",
    PolicyName: "AliyunVPCFullAccess",
    PolicyType: "System",
    UpdateDate: "2023-04-07T10:06:51Z",
  });
  const version = { CreateDate: "2023-04-07T10:06:51Z", IsDefaultVersion: true, PolicyDocument, VersionId: "v12" };
  assert.deepEqual(DefaultPolicyVersion, version);
  const { PolicyVersions } = succeeded(await requester.ram("ListPolicyVersions", named)).body;
  assert.deepEqual(PolicyVersions, { PolicyVersion: [version] });
  const got = succeeded(await requester.ram("GetPolicyVersion", { ...named, VersionId: "v12" }));
  assert.deepEqual(got.body.PolicyVersion, version);
});

test("they are the same for every account", async () => {
  const lists = await Promise.all(
    [requester, server.accepter, await server.stranger()].map(async (caller) => {
      const { body } = succeeded(await caller.ram("ListPolicies", { PolicyType: "System" }));
      return body.Policies;
    }),
  );
  assert.deepEqual(lists[1], lists[0]);
  assert.deepEqual(lists[2], lists[0]);
});

test("nobody changes one: calls that change policies find custom ones only", async () => {
  const named = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  for (const [action, parameters] of [
    ["CreatePolicyVersion", { PolicyDocument: allowing("*") }],
    ["SetDefaultPolicyVersion", { VersionId: "v1" }],
    ["DeletePolicyVersion", { VersionId: "v1" }],
    ["DeletePolicy", { CascadingDelete: true }],
  ] as const) {
    await refusedUnchanged(server, () => requester.ram(action, { ...named, ...parameters }), missingPolicy);
  }
});

test("they allow what they are called after", () => {
  const all = actionsOf(() => true);
  const reads = actionsOf((operation) => "read" in operation);
  assert.deepEqual(without(all, allowed("AdministratorAccess")), []);
  assert.deepEqual(without(allowed("ReadOnlyAccess"), reads), [], "ReadOnlyAccess changes nothing");
  // Their names do not begin like those of other reads.
  const unusual = ["vpc:CheckVpnBgpEnabled", "vpc:DownloadVpnConnectionConfig", "vpc:DiagnoseVpnConnections"];
  assert.deepEqual(without(reads, allowed("ReadOnlyAccess")).toSorted(), unusual.toSorted());
  const ram = actionsOf(({ product }) => product.name === "Ram");
  assert.deepEqual(without(ram, allowed("AliyunRAMFullAccess")), []);
  assert.deepEqual(
    without(all, allowed("PowerUserAccess")),
    [...ram].filter((action) => action !== "ram:ListRoles"),
  );
  for (const [family, operation] of [
    ["VpcPeer", /VpcPeer/],
    ["VPNGateway", /Vpn|CustomerGateway|Tunnel/],
    ["ExpressConnect", /PhysicalConnection|VirtualBorder|RouterInterface|Bgp[GPN]|VbrHa|ExpressConnect|Vbr$|EcGrant/],
    ["VPC", /^(Create|Delete|Modify|Describe)(Vpcs?|VSwitch|VSwitches|Route.*)(Attribute)?$/],
  ] as const) {
    const full = allowed(`Aliyun${family}FullAccess`);
    const readOnly = allowed(`Aliyun${family}ReadOnlyAccess`);
    const own = actionsOf(({ name }) => operation.test(name) && (family !== "VPC" || !name.includes("RouterInterface")));
    assert.ok(own.size > 0 && readOnly.size > 0, family);
    assert.deepEqual(without(own, full), [], `${family} full`);
    assert.deepEqual(without(readOnly, reads), [], `${family} read-only`);
    assert.deepEqual(without(readOnly, full), [], `what may be read of ${family} is part of the whole`);
  }
});

test("one that is attached to a user counts at once", async () => {
  const UserName = await userIn(requester);
  const user = await signerOf(requester, UserName);
  const create = { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" };
  refusedWith(await user.vpc("DescribeVpcs", { RegionId: hangzhou }), "Forbidden.RAM", 403);
  succeeded(await requester.ram("AttachPolicyToUser", { PolicyType: "System", PolicyName: "AliyunVPCReadOnlyAccess", UserName }));
  succeeded(await user.vpc("DescribeVpcs", { RegionId: hangzhou }));
  refusedWith(await user.vpc("CreateVpc", create), "Forbidden.RAM", 403);
  succeeded(await requester.ram("AttachPolicyToUser", { PolicyType: "System", PolicyName: "AliyunVPCFullAccess", UserName }));
  succeeded(await user.vpc("CreateVpc", create));
  refusedWith(await user.ram("ListUsers"), "NoPermission", 403);
});
