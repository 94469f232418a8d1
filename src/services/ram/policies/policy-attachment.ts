import { scoped, scopeOf } from "../../../contract/indexes.ts";
import type { Resource, ResourceKind, ResourceReader } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { ramErrors } from "../errors.ts";
import { ramGroup } from "../groups/group.ts";
import { ramRole } from "../roles/role.ts";
import { ramUser } from "../users/user.ts";
import { ramPolicy, type PolicyType } from "./policy.ts";

export type EntityType = "user" | "group" | "role";

/** That a policy is attached to a user, a group or a role; its time of creation is the AttachDate. */
export interface PolicyAttachmentBody {
  /** Id of a custom policy, name of one of the system. */
  readonly policyId: string;
  readonly policyType: PolicyType;
  readonly entityType: EntityType;
  readonly entityId: string;
  /** Id of the resource group to whose resources it is bound; the empty string for the whole account. */
  readonly resourceGroup: string;
}
export type PolicyAttachment = Resource<PolicyAttachmentBody>;

const attachedTo =
  (type: EntityType) =>
  ({ entityType, entityId }: PolicyAttachmentBody): readonly string[] =>
    entityType === type ? [entityId] : [];
const policyOn =
  (type: EntityType) =>
  ({ entityType, policyId }: PolicyAttachmentBody): readonly string[] =>
    entityType === type ? [policyId] : [];

export const policyAttachment: ResourceKind<PolicyAttachmentBody> = {
  name: "ram-policy-attachment",
  idPrefix: "pa",
  idHasRegionCode: false,
  states: {
    initial: { AttachPolicyToUser: "Attached", AttachPolicyToGroup: "Attached", AttachPolicyToRole: "Attached" },
    states: {
      Attached: {
        meaning: "the policy counts for the user, the members of the group or the role",
        moves: { DetachPolicyFromUser: gone, DetachPolicyFromGroup: gone, DetachPolicyFromRole: gone },
      },
    },
  },
  indexes: {
    user: attachedTo("user"),
    group: attachedTo("group"),
    role: attachedTo("role"),
    policyOnUser: policyOn("user"),
    policyOnGroup: policyOn("group"),
    policyOnRole: policyOn("role"),
    // Policies of the system are attached in many accounts.
    policy: ({ account, policyId }) => [scoped(scopeOf(account, undefined), policyId)],
    one: ({ account, ...body }) => [attachmentKey(account, body)],
  },
  counted: ["policy"],
  decidesPermissions: true,
  dependencies: [
    {
      kind: ramUser.name,
      index: "user",
      rule: "no policy is attached to the user",
      error: ramErrors.userHasPolicy,
      advice: "detach them with DetachPolicyFromUser; ListPoliciesForUser lists them",
    },
    {
      kind: ramGroup.name,
      index: "group",
      rule: "no policy is attached to the group",
      error: ramErrors.groupHasPolicy,
      advice: "detach them with DetachPolicyFromGroup; ListPoliciesForGroup lists them",
    },
    {
      kind: ramRole.name,
      index: "role",
      rule: "no policy is attached to the role",
      error: ramErrors.roleHasPolicy,
      advice: "detach them with DetachPolicyFromRole; ListPoliciesForRole lists them",
    },
    {
      kind: ramPolicy.name,
      index: "policyOnUser",
      rule: "the policy is attached to no user",
      error: ramErrors.policyHasUser,
      advice: "detach it with DetachPolicyFromUser; ListEntitiesForPolicy says from whom",
    },
    {
      kind: ramPolicy.name,
      index: "policyOnGroup",
      rule: "the policy is attached to no group",
      error: ramErrors.policyHasGroup,
      advice: "detach it with DetachPolicyFromGroup; ListEntitiesForPolicy says from which",
    },
    {
      kind: ramPolicy.name,
      index: "policyOnRole",
      rule: "the policy is attached to no role",
      error: ramErrors.policyHasRole,
      advice: "detach it with DetachPolicyFromRole; ListEntitiesForPolicy says from which",
    },
  ],
};

function attachmentKey(
  account: string,
  { policyId, entityId, resourceGroup }: Omit<PolicyAttachmentBody, "policyType" | "entityType">,
): string {
  return scoped(scopeOf(account, undefined), policyId, entityId, resourceGroup);
}

/** The attachment of a policy to a user, group or role, in the whole account or one resource group, if there is one. */
export async function attachmentOf(
  state: ResourceReader,
  account: string,
  which: Pick<PolicyAttachmentBody, "policyId" | "entityId" | "resourceGroup">,
): Promise<PolicyAttachment | undefined> {
  const [found] = await state.list(policyAttachment, [["one", attachmentKey(account, which)]], { limit: 1 });
  return found?.resource;
}
