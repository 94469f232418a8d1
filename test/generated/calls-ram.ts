import { systemPolicies } from "../../src/services/ram/policies/system-policies.ts";
import type { Parameters } from "../support/caller.ts";
import { policyText } from "./policy-texts.ts";
import { onSideOf, otherAccount, type Preference, type Scene } from "./scene.ts";
import type { Stored } from "./store-watch.ts";

/** How calls about users, access keys, groups, roles and policies get past their rules. */

const ofKind = ({ resources }: Pick<Scene, "resources">, wanted: string): Stored[] => resources.filter(({ kind }) => kind === wanted);
const membershipsIn = (scene: Scene): Stored[] => ofKind(scene, "ram-group-membership");
const attachmentsIn = (scene: Scene): Stored[] => ofKind(scene, "ram-policy-attachment");
const nameOf = ({ resources }: Scene, wanted: string): string | undefined => resources.find(({ id }) => id === wanted)?.["name"];
/** Names of every kind are given anew each time. */
const newName = ({ serial }: Scene): string => `name.${serial}`;

/** Whose key a call is about: the user that has it. */
function ownerOfKey(scene: Scene): Parameters {
  const [type, user] = String(scene.named.get("UserAccessKeyId")?.["principal"]).split("/");
  return { UserName: type === "user" && user !== undefined ? nameOf(scene, user) : undefined };
}

/** What a call names is of one account. */
const ofOneAccount: Preference = (one, { named, account }) => named.size === 0 || one.account === account;
const hasNoPolicy: Preference = ({ id }, scene) => attachmentsIn(scene).every((one) => one["entityId"] !== id);

/** The custom policy that the call names, or else one of the system. */
function somePolicy({ random, named }: Scene): Parameters {
  const isSystem = !named.has("PolicyName") || random.chance(0.25);
  return isSystem ? { PolicyType: "System", PolicyName: random.pick(systemPolicies).name } : { PolicyType: "Custom" };
}
/** An attachment that is there, named by all that names it. */
function attached(scene: Scene, entity: "user" | "group" | "role", parameter: string): Parameters {
  const all = attachmentsIn(scene).filter((one) => one["entityType"] === entity);
  if (all.length === 0) return {};
  const one = scene.random.pick(all);
  onSideOf(scene, one);
  const PolicyName = one["policyType"] === "System" ? one["policyId"] : nameOf(scene, one["policyId"]);
  const ResourceGroupId = one["resourceGroup"] === "" ? undefined : one["resourceGroup"];
  return { PolicyType: one["policyType"], PolicyName, ResourceGroupId, [parameter]: nameOf(scene, one["entityId"]) };
}
/** A version of the custom policy that the call names, its default one last. */
function someVersion({ random, named }: Scene): string | undefined {
  const policy = named.get("PolicyName");
  const others = (policy?.["versions"] ?? []).map(({ id }: { id: string }) => id).filter((id: string) => id !== policy?.["defaultVersion"]);
  return others.length > 0 ? random.pick(others) : policy?.["defaultVersion"];
}
const hasVersions: Preference = (one) => one["versions"]?.length > 1;

const trustPolicyText = (scene: Scene): string => policyText(scene.random, ofKind(scene, "account").map(({ id }) => id)); // prettier-ignore
/** Of a parameter that may be given: a value that its form allows, where it is. */
const instead = (given: Parameters, name: string, value: string): Parameters => (given[name] === undefined ? {} : { [name]: value });
const profile = (given: Parameters, prefix: string): Parameters => ({
  ...instead(given, `${prefix}MobilePhone`, "86-13900000000"),
  ...instead(given, `${prefix}Email`, "somebody@example.com"),
});

export const ramPreferences: Readonly<Record<string, Preference>> = {
  DeleteUser: (user, scene) =>
    membershipsIn(scene).every((one) => one["userId"] !== user.id) &&
    ofKind(scene, "access-key").every((one) => one["principal"] !== `user/${user.id}`) &&
    hasNoPolicy(user, scene),
  DeleteGroup: (group, scene) => membershipsIn(scene).every((one) => one["groupId"] !== group.id) && hasNoPolicy(group, scene),
  DeleteRole: hasNoPolicy,
  DeletePolicy: ({ id }, scene) => attachmentsIn(scene).every((one) => one["policyId"] !== id),
  DeletePolicyVersion: hasVersions,
  SetDefaultPolicyVersion: hasVersions,
  AddUserToGroup: ofOneAccount,
  AttachPolicyToUser: ofOneAccount,
  AttachPolicyToGroup: ofOneAccount,
  AttachPolicyToRole: ofOneAccount,
};
export const ramRecipes: Readonly<Record<string, (scene: Scene, given: Parameters) => Parameters>> = {
  CreateUser: (scene, given) => ({ UserName: newName(scene), ...profile(given, "") }),
  UpdateUser: (scene, given) => ({ ...instead(given, "NewUserName", newName(scene)), ...profile(given, "New") }),
  CreateGroup: (scene) => ({ GroupName: newName(scene) }),
  UpdateGroup: (scene, given) => instead(given, "NewGroupName", newName(scene)),
  UpdateAccessKey: (scene) => ({ ...ownerOfKey(scene), Status: scene.random.pick(["Active", "Active", "Inactive"]) }),
  DeleteAccessKey: ownerOfKey,
  RemoveUserFromGroup: (scene) => {
    const all = membershipsIn(scene);
    if (all.length === 0) return {};
    const one = scene.random.pick(all);
    onSideOf(scene, one);
    return { UserName: nameOf(scene, one["userId"]), GroupName: nameOf(scene, one["groupId"]) };
  },
  CreatePolicy: (scene) => ({ PolicyName: `policy-${scene.serial}`, PolicyDocument: policyText(scene.random, undefined) }),
  CreatePolicyVersion: ({ random }) => ({ PolicyDocument: policyText(random, undefined) }),
  GetPolicy: somePolicy,
  GetPolicyVersion: (scene) => {
    const policy = somePolicy(scene);
    return { ...policy, VersionId: policy["PolicyType"] === "System" ? "v1" : someVersion(scene) };
  },
  ListPolicyVersions: somePolicy,
  ListEntitiesForPolicy: somePolicy,
  DeletePolicy: ({ random, named }) => ({
    CascadingDelete: (named.get("PolicyName")?.["versions"]?.length ?? 1) > 1 || random.chance(0.5),
  }),
  DeletePolicyVersion: (scene) => ({ VersionId: someVersion(scene) ?? "v1" }),
  SetDefaultPolicyVersion: (scene) => ({ VersionId: someVersion(scene) ?? "v1" }),
  AttachPolicyToUser: somePolicy,
  AttachPolicyToGroup: somePolicy,
  AttachPolicyToRole: somePolicy,
  DetachPolicyFromUser: (scene) => attached(scene, "user", "UserName"),
  DetachPolicyFromGroup: (scene) => attached(scene, "group", "GroupName"),
  DetachPolicyFromRole: (scene) => attached(scene, "role", "RoleName"),
  CreateRole: (scene) => ({ RoleName: newName(scene), AssumeRolePolicyDocument: trustPolicyText(scene) }),
  UpdateRole: (scene, given) => instead(given, "NewAssumeRolePolicyDocument", trustPolicyText(scene)),
  AssumeRole: (scene) => {
    const { random, named } = scene;
    const role = named.get("RoleArn");
    if (role === undefined) return {};
    if (random.chance(0.3)) scene.account = otherAccount(scene);
    return {
      RoleArn: `acs:ram::${role.account}:role/${role["name"]}`,
      RoleSessionName: `session@${scene.serial}`,
      DurationSeconds: random.pick([900, 1_800, 3_600, undefined]),
      Policy: random.chance(0.2) ? policyText(random, undefined) : undefined,
      ExternalId: random.pick([undefined, undefined, "agreed"]),
      SourceIdentity: random.pick([undefined, "somebody"]),
    };
  },
};
