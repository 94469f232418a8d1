import type { Parameters } from "../support/caller.ts";
import { allowing, trusting } from "../ram/documents.ts";
import type { Preference, Scene } from "./scene.ts";
import type { Stored } from "./store-watch.ts";

/** How calls about roles and policies get past their rules. */

const systemPolicies = ["AdministratorAccess", "ReadOnlyAccess", "AliyunVPCFullAccess"];
const documents = [allowing("vpc:*"), allowing(["ram:Get*", "ram:List*"]), allowing("*", "acs:vpc:*:*:vpc/*")];

const ownOf = ({ resources, account }: Scene, wanted: string): Stored[] =>
  resources.filter((one) => one.kind === wanted && one.account === account);
const isFree =
  (index: "entityId" | "policyId"): Preference =>
  ({ id }, { resources }) =>
    resources.every((one) => one.kind !== "ram-policy-attachment" || one[index] !== id);

const withDocument = ({ random }: Scene): Parameters => ({ PolicyDocument: random.pick(documents) });
/** A policy of the caller or of the system, and of the former one of its versions. */
function anyPolicy(scene: Scene): Parameters {
  const own = ownOf(scene, "ram-policy");
  if (own.length === 0 || scene.random.chance(0.3)) {
    return { PolicyType: "System", PolicyName: scene.random.pick(systemPolicies), VersionId: "v1" };
  }
  return { PolicyType: "Custom", ...versionOf(scene, scene.random.pick(own)) };
}
function versionOf({ random }: Scene, { name, versions }: Stored): Parameters {
  return { PolicyName: name, VersionId: random.pick(versions as { id: string }[]).id };
}
const ownVersion = (scene: Scene): Parameters => {
  const policy = scene.named.get("PolicyName");
  return policy === undefined ? {} : versionOf(scene, policy);
};
/** What is attached, in the words of the call that ends it. */
const anAttachment =
  (type: "user" | "group" | "role", parameter: string) =>
  (scene: Scene): Parameters => {
    const attachments = ownOf(scene, "ram-policy-attachment").filter(({ entityType }) => entityType === type);
    if (attachments.length === 0) return {};
    const { policyType, policyId, entityId, resourceGroup } = scene.random.pick(attachments);
    const nameOf = (wanted: string): unknown => scene.resources.find(({ id }) => id === wanted)?.["name"];
    const PolicyName = policyType === "System" ? policyId : nameOf(policyId);
    return { PolicyType: policyType, PolicyName, [parameter]: nameOf(entityId), ResourceGroupId: resourceGroup || undefined };
  };

export const policyPreferences: Readonly<Record<string, Preference>> = {
  DeleteRole: isFree("entityId"),
  DeletePolicy: isFree("policyId"),
};
export const policyRecipes: Readonly<Record<string, (scene: Scene, given: Parameters) => Parameters>> = {
  CreateRole: ({ account }) => ({ AssumeRolePolicyDocument: trusting(account) }),
  UpdateRole: ({ account }, { NewAssumeRolePolicyDocument: given }) =>
    given === undefined ? {} : { NewAssumeRolePolicyDocument: trusting(account) },
  CreatePolicy: withDocument,
  CreatePolicyVersion: withDocument,
  GetPolicy: anyPolicy,
  GetPolicyVersion: anyPolicy,
  ListPolicyVersions: anyPolicy,
  ListEntitiesForPolicy: anyPolicy,
  DeletePolicyVersion: ownVersion,
  SetDefaultPolicyVersion: ownVersion,
  AttachPolicyToUser: anyPolicy,
  AttachPolicyToGroup: anyPolicy,
  AttachPolicyToRole: anyPolicy,
  DetachPolicyFromUser: anAttachment("user", "UserName"),
  DetachPolicyFromGroup: anAttachment("group", "GroupName"),
  DetachPolicyFromRole: anAttachment("role", "RoleName"),
};
