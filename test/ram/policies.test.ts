import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utcSeconds } from "../../src/contract/time.ts";
import type { Caller, Parameters } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { ramSdk } from "../support/official.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { freshName } from "../support/principals.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { virtualNow } from "../vpn/support.ts";
import { allowing, documentOf, malformed, missingPolicy, missingVersion, policyIn, roleIn, trusting } from "./documents.ts";
import { ask, groupIn, pages, refusals, type Sdk, sdkOf, userIn } from "./support.ts";

/** CreatePolicy, GetPolicy, DeletePolicy, ListPolicies, and the versions of policies. */
let server: InProcessServer;
let requester: Caller;
let sdk: Sdk;
const document = allowing("vpc:Describe*");

before(async () => {
  server = await startServer();
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

const refused = (action: string, parameters: Parameters, expected: Expected, caller = requester): Promise<void> =>
  refusedUnchanged(server, () => caller.ram(action, parameters), expected);
const read = async (PolicyName: string, owner = requester): Promise<any> =>
  succeeded(await owner.ram("GetPolicy", { PolicyType: "Custom", PolicyName })).body;
const now = async (): Promise<string> => utcSeconds(await virtualNow(server));
const list = async (parameters: Parameters, owner = requester): Promise<{ items: any[]; IsTruncated: boolean; Marker?: string }> => {
  const { Policies, IsTruncated, Marker } = succeeded(await owner.ram("ListPolicies", parameters)).body;
  return { items: Policies.Policy, IsTruncated, Marker };
};
const namesOf = (policies: readonly { PolicyName: string }[]): string[] => policies.map(({ PolicyName }) => PolicyName);
/** Adds a version; answers its id. */
const versionOf = async (PolicyName: string, parameters: Parameters = {}): Promise<string> =>
  succeeded(await requester.ram("CreatePolicyVersion", { PolicyName, PolicyDocument: document, ...parameters })).body.PolicyVersion
    .VersionId;
/** Ids of the versions, with a star at the default one. */
const versionsOf = async (PolicyName: string): Promise<string[]> => {
  const { PolicyVersions } = succeeded(await requester.ram("ListPolicyVersions", { PolicyType: "Custom", PolicyName })).body;
  return PolicyVersions.PolicyVersion.map((one: any) => `${one.VersionId}${one.IsDefaultVersion === true ? "*" : ""}`);
};
const quota = async (name: string, value: number, account?: string): Promise<void> => {
  await server.admin("PUT", "settings", { quotas: [{ name, value, account }] });
};
const rotate = { RotateStrategy: "DeleteOldestNonDefaultVersionWhenLimitExceeded" };
const limit = (what: string, message: string): Expected => ({ code: `LimitExceeded.${what}`, message, status: 409 });
const versionLimit = limit("Policy.Version", "The count of policy version beyond the current limits.");

test("a new policy has one version, which is the default one, and is kept byte for byte, through the official SDK", async () => {
  const policyName = freshName("Policy");
  const policyDocument = `\t{"Version": "1",\r\n "Statement": [{"Effect":"Allow","Action":"vpc:*","Resource":"acs:vpc:*:*:vpc/Ü名𝄞\\u0000"}]} `;
  const tag = [new ramSdk.CreatePolicyRequestTag({ key: "env", value: "test" })];
  const { policy } = await ask(sdk, "createPolicy", { policyName, description: "alles\nlesen", policyDocument, tag });
  const createDate = await now();
  const shown = { createDate, defaultVersion: "v1", description: "alles\nlesen", policyName, policyType: "Custom" };
  assert.deepEqual(JSON.parse(JSON.stringify(policy)), shown);
  const got = await ask(sdk, "getPolicy", { policyType: "Custom", policyName });
  const { requestId: _requestId, ...rest } = JSON.parse(JSON.stringify(got));
  assert.deepEqual(rest, {
    policy: { ...shown, attachmentCount: 0, policyDocument, updateDate: createDate },
    defaultPolicyVersion: { createDate, isDefaultVersion: true, policyDocument, versionId: "v1" },
  });
  const listed = await ask(sdk, "listPolicies", {
    policyType: "Custom",
    tag: [new ramSdk.ListPoliciesRequestTag({ key: "env", value: "test" })],
  });
  const tags = { tag: [{ tagKey: "env", tagValue: "test" }] };
  assert.deepEqual(JSON.parse(JSON.stringify(listed.policies?.policy)), [{ ...shown, attachmentCount: 0, updateDate: createDate, tags }]);
});

test("a name is letters, digits and hyphens, and once among the custom policies of an account whatever its letter case", async () => {
  const own = await server.stranger();
  for (const PolicyName of ["a", "9", "A-b", "x".repeat(128)]) {
    await policyIn(own, { PolicyName });
    assert.equal((await read(PolicyName, own)).Policy.PolicyName, PolicyName);
  }
  for (const PolicyName of ["a b", "a/b", "a.b", "a_b", "ä"]) {
    await refused("CreatePolicy", { PolicyName, PolicyDocument: document }, refusals.chars("PolicyName"));
  }
  await refused("CreatePolicy", { PolicyName: "x".repeat(129), PolicyDocument: document }, refusals.length("PolicyName"));
  const exists = { code: "EntityAlreadyExists.Policy", message: "The group does already EXIST.", status: 409 };
  await refused("CreatePolicy", { PolicyName: "a-B", PolicyDocument: document }, exists, own);
  assert.equal((await read("a-b", own)).Policy.PolicyName, "A-b", "it is found whatever the letter case, and shown as it was given");
  await policyIn(requester, { PolicyName: "A-b" });
  await policyIn(own, { PolicyName: "ReadOnlyAccess" });
  assert.equal((await read("ReadOnlyAccess", own)).Policy.PolicyDocument, document, "policies of the system have names of their own");
});

test("what must be given, and the limits of the rest", async () => {
  const PolicyName = freshName("policy");
  await refused("CreatePolicy", { PolicyDocument: document }, refusals.missing("PolicyName"));
  await refused("CreatePolicy", { PolicyName }, refusals.missing("PolicyDocument"));
  await refused("CreatePolicyVersion", { PolicyName }, refusals.missing("PolicyDocument"));
  for (const action of ["GetPolicy", "GetPolicyVersion", "ListPolicyVersions", "ListEntitiesForPolicy"]) {
    await refused(action, { PolicyName }, refusals.missing("PolicyType"));
    await refused(action, { PolicyType: "Custom" }, refusals.missing("PolicyName"));
  }
  for (const action of ["GetPolicy", "ListPolicies"]) {
    const message = 'The parameter - "PolicyType" is incorrect.';
    await refused(action, { PolicyName, PolicyType: "custom" }, { code: "InvalidParameter.PolicyType", message });
  }
  for (const action of ["GetPolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"]) {
    const named = { PolicyName, PolicyType: "Custom" };
    await refused(action, named, refusals.missing("VersionId"));
    for (const VersionId of ["1", "v0", "V1", "v1.0"]) await refused(action, { ...named, VersionId }, refusals.form("VersionId"));
  }
  const whole = { PolicyName, PolicyDocument: document };
  await refused("CreatePolicy", { ...whole, Description: "名".repeat(1025) }, refusals.length("Description"));
  await refused("CreatePolicy", { PolicyName, PolicyDocument: documentOf(6145) }, refusals.length("PolicyDocument"));
  const reserved = { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." };
  await refused("CreatePolicy", { ...whole, Tag: '[{"Key":"aliyun","Value":"1"}]' }, reserved);
  const message = "Specified parameter RotateStrategy is not valid.";
  await refused("CreatePolicyVersion", { ...whole, RotateStrategy: "none" }, { code: "InvalidRotateStrategy", message });
  await policyIn(requester, { PolicyName, Description: "名".repeat(1024), PolicyDocument: documentOf(6144) });
  assert.equal((await read(PolicyName)).Policy.PolicyDocument, documentOf(6144));
});

test("a document is written in the grammar of policies, and the refusal says where it is not", async () => {
  const known = await policyIn(requester);
  for (const [document, message] of [...malformed, [trusting("1"), /Principal|Resource/] as const]) {
    for (const [action, PolicyName] of [
      ["CreatePolicy", freshName("policy")],
      ["CreatePolicyVersion", known],
    ] as const) {
      const { body } = refusedWith(await requester.ram(action, { PolicyName, PolicyDocument: document }), "MalformedPolicyDocument");
      assert.match(body.Message, message);
    }
  }
  refusedWith(await requester.ram("CreatePolicy", { PolicyName: known, PolicyDocument: "\u0001" }), "MalformedPolicyDocument");
  assert.deepEqual(await versionsOf(known), ["v1*"]);
});

test("a refusal that repeats what a document holds is well-formed XML too", async () => {
  const PolicyDocument =
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"a:b","Resource":"*","Condition":{"Bool":{"acs:\\u0001\\ud800<&":"x"}}}]}';
  const answer = await requester.ram("CreatePolicy", { PolicyName: freshName("policy"), PolicyDocument }, { format: "XML" });
  assert.equal(answer.status, 400, answer.text);
  assert.match(answer.text, /<Code>MalformedPolicyDocument<\/Code>/);
  assert.doesNotMatch(answer.text, /[\u0000-\u0008]|\p{Surrogate}|<&/u);
});

test("versions are numbered on, one of them counts, and a number is never used again", async () => {
  const policyName = await policyIn(requester);
  const { CreateDate } = (await read(policyName)).Policy;
  await server.advance(60);
  const later = await now();
  const second = allowing("vpc:*Vpc*");
  const { policyVersion } = await ask(sdk, "createPolicyVersion", { policyName, policyDocument: second });
  const shown = { createDate: later, isDefaultVersion: false, policyDocument: second, versionId: "v2" };
  assert.deepEqual(JSON.parse(JSON.stringify(policyVersion)), shown);
  assert.equal((await read(policyName)).Policy.PolicyDocument, document, "the first still counts");
  assert.equal(await versionOf(policyName, { PolicyDocument: allowing("ram:*"), SetAsDefault: true }), "v3");
  const { Policy, DefaultPolicyVersion } = await read(policyName);
  assert.deepEqual([Policy.DefaultVersion, Policy.PolicyDocument], ["v3", allowing("ram:*")]);
  assert.deepEqual([Policy.CreateDate, Policy.UpdateDate, DefaultPolicyVersion.VersionId], [CreateDate, later, "v3"]);
  assert.deepEqual(await versionsOf(policyName), ["v1", "v2", "v3*"]);

  const got = await ask(sdk, "getPolicyVersion", { policyType: "Custom", policyName: policyName.toUpperCase(), versionId: "v2" });
  assert.deepEqual(JSON.parse(JSON.stringify(got.policyVersion)), shown);
  await ask(sdk, "setDefaultPolicyVersion", { policyName, versionId: "v2" });
  assert.deepEqual(await versionsOf(policyName), ["v1", "v2*", "v3"]);
  await ask(sdk, "setDefaultPolicyVersion", { policyName, versionId: "v2" });
  await ask(sdk, "deletePolicyVersion", { policyName, versionId: "v3" });
  assert.equal(await versionOf(policyName), "v4", "v3 was there before");
  const { policyVersions } = await ask(sdk, "listPolicyVersions", { policyType: "Custom", policyName });
  assert.deepEqual(
    policyVersions?.policyVersion?.map(({ versionId, isDefaultVersion }) => [versionId, isDefaultVersion]),
    [
      ["v1", false],
      ["v2", true],
      ["v4", false],
    ],
  );

  const message = "The default policy version CAN NOT been deleted directly.";
  const stays = { code: "DeleteConflict.Policy.Version.Default", message, status: 409 };
  await refused("DeletePolicyVersion", { PolicyName: policyName, VersionId: "v2" }, stays);
  for (const action of ["GetPolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"]) {
    const named = { PolicyType: "Custom", PolicyName: policyName };
    await refused(action, { ...named, VersionId: "v3" }, missingVersion);
    await refused(action, { ...named, PolicyName: "nothing", VersionId: "v1" }, missingPolicy);
  }
});

test("a policy has five versions, and RotateStrategy lets the oldest go that does not count", async () => {
  const PolicyName = await policyIn(requester);
  for (let index = 2; index <= 5; index++) await versionOf(PolicyName);
  const another = { PolicyName, PolicyDocument: document };
  await refused("CreatePolicyVersion", another, versionLimit);
  await refused("CreatePolicyVersion", { ...another, RotateStrategy: "None" }, versionLimit);
  assert.equal(await versionOf(PolicyName, rotate), "v6");
  assert.deepEqual(await versionsOf(PolicyName), ["v1*", "v3", "v4", "v5", "v6"]);
  assert.equal(await versionOf(PolicyName, { ...rotate, SetAsDefault: true }), "v7");
  assert.deepEqual(await versionsOf(PolicyName), ["v1", "v4", "v5", "v6", "v7*"]);
  await versionOf(PolicyName, rotate);
  assert.deepEqual(await versionsOf(PolicyName), ["v4", "v5", "v6", "v7*", "v8"]);

  await quota("VersionsPerPolicyQuota", 3);
  await versionOf(PolicyName, rotate);
  assert.deepEqual(await versionsOf(PolicyName), ["v7*", "v8", "v9"], "as many as a lower quota wants");
  await quota("VersionsPerPolicyQuota", 1);
  await refused("CreatePolicyVersion", { ...another, ...rotate }, versionLimit);
  await quota("VersionsPerPolicyQuota", 4);
  await versionOf(PolicyName, rotate);
  assert.deepEqual(await versionsOf(PolicyName), ["v7*", "v8", "v9", "v10"], "nothing goes while there is room");
  await quota("VersionsPerPolicyQuota", 5);
});

test("DeletePolicy wants the policy attached to nothing, and to have no other version unless CascadingDelete is set", async () => {
  const PolicyName = await policyIn(requester);
  await versionOf(PolicyName);
  const named = { PolicyType: "Custom", PolicyName };
  const [UserName, GroupName, RoleName] = [await userIn(requester), await groupIn(requester), await roleIn(requester)];
  const conflict = (what: string): Expected => ({
    code: `DeleteConflict.Policy.${what}`,
    message: `The policy CAN NOT been attached to any ${what.toLowerCase()} while deleting the policy.`,
    status: 409,
  });
  for (const [what, entity] of Object.entries({ User: { UserName }, Group: { GroupName }, Role: { RoleName } })) {
    succeeded(await requester.ram(`AttachPolicyTo${what}`, { ...named, ...entity }));
    await refused("DeletePolicy", { PolicyName, CascadingDelete: true }, conflict(what));
    succeeded(await requester.ram(`DetachPolicyFrom${what}`, { ...named, ...entity }));
  }
  const message = "The policy CAN NOT has any version except the default version.";
  const hasVersion = { code: "DeleteConflict.Policy.Version", message, status: 409 };
  for (const CascadingDelete of [undefined, false]) await refused("DeletePolicy", { PolicyName, CascadingDelete }, hasVersion);
  await ask(sdk, "deletePolicy", { policyName: PolicyName.toUpperCase(), cascadingDelete: true });
  for (const action of ["GetPolicy", "ListPolicyVersions", "DeletePolicy", "ListEntitiesForPolicy"]) {
    await refused(action, named, missingPolicy);
  }
  await refused("CreatePolicyVersion", { PolicyName, PolicyDocument: document }, missingPolicy);
  await policyIn(requester, { PolicyName });
  assert.deepEqual(await versionsOf(PolicyName), ["v1*"], "a policy of the same name begins anew");
  succeeded(await requester.ram("DeletePolicy", { PolicyName }));
});

test("ListPolicies joins those of the system and behind them the custom ones, page by page", async () => {
  const own = await server.stranger();
  const { items: system } = await list({ PolicyType: "System" }, own);
  assert.ok(system.length > 10);
  assert.deepEqual(await list({}, own), { items: system, IsTruncated: false, Marker: undefined });
  const names = [];
  for (let index = 0; index < 4; index++) names.push(await policyIn(own, index === 2 ? { Tag: '[{"Key":"two"}]' } : {}));
  const all = [...namesOf(system), ...names];
  assert.deepEqual(namesOf((await list({}, own)).items), all);
  for (const MaxItems of [1, 3, system.length - 1, system.length, system.length + 1, all.length - 1, all.length, 1000]) {
    const read = await pages(({ Marker }) => list({ MaxItems, Marker }, own), MaxItems);
    assert.deepEqual(namesOf(read.flat()), all, `${MaxItems} at a time`);
    assert.ok(read.slice(0, -1).every((page) => page.length === MaxItems));
    const custom = await pages(({ Marker }) => list({ MaxItems, Marker, PolicyType: "Custom" }, own), MaxItems);
    assert.deepEqual(namesOf(custom.flat()), names);
    const ofSystem = await pages(({ Marker }) => list({ MaxItems, Marker, PolicyType: "System" }, own), MaxItems);
    assert.deepEqual(ofSystem.flat(), system);
  }
  assert.deepEqual(namesOf((await list({ Tag: '[{"Key":"two"}]' }, own)).items), [names[2]]);
  assert.deepEqual((await list({ Tag: '[{"Key":"two"}]', PolicyType: "System" }, own)).items, []);
  await refused("ListPolicies", { Marker: "nonsense" }, refusals.marker);
  for (const MaxItems of [0, 1001]) await refused("ListPolicies", { MaxItems }, refusals.maxItems);
});

test("an account has as many custom policies as its quota PoliciesQuota allows", async () => {
  const own = await server.stranger();
  await quota("PoliciesQuota", 1, own.key.account);
  const PolicyName = await policyIn(own);
  const create = { PolicyName: freshName("policy"), PolicyDocument: document };
  await refused("CreatePolicy", create, limit("Policy", "The count of policy beyond the current limits."), own);
  succeeded(await own.ram("DeletePolicy", { PolicyName }));
  succeeded(await own.ram("CreatePolicy", create));
});
