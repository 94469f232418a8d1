import { optionalId } from "../../../contract/common-parameters.ts";
import type { ErrorDefinition } from "../../../contract/errors.ts";
import type { Call, Rule, WriteCall } from "../../../contract/operation.ts";
import { listAll, type ResourceBase, type ResourceReader } from "../../../contract/resource-kind.ts";
import { structure, text, wrapped } from "../../../contract/response.ts";
import { quotaAdvice, type QuotaName } from "../../../contract/settings.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { resourceGroupExists } from "../../resource-groups/resource-group.ts";
import { ramErrors } from "../errors.ts";
import { policyName, policyType } from "./parameters.ts";
import { attachmentOf, type EntityType, type PolicyAttachment, policyAttachment } from "./policy-attachment.ts";
import { type Policy, policyOf, type PolicyType } from "./policy.ts";
import { policyFields, policyView } from "./policy-view.ts";

/** What attaching, detaching and listing do alike for users, groups and roles. */

/** What differs between the three. */
interface Attachable {
  readonly attached: string;
  readonly detached: string;
  readonly alreadyAttached: ErrorDefinition;
  readonly notAttached: ErrorDefinition;
  readonly full: ErrorDefinition;
  readonly quotas: Readonly<Record<PolicyType, QuotaName>>;
}
const attachables: Readonly<Record<EntityType, Attachable>> = {
  user: {
    attached: "AttachPolicyToUser",
    detached: "DetachPolicyFromUser",
    alreadyAttached: ramErrors.userPolicyExists,
    notAttached: ramErrors.userPolicyNotFound,
    full: ramErrors.userPolicyQuota,
    quotas: { Custom: "AttachedPoliciesPerUserQuota", System: "AttachedSystemPoliciesPerUserQuota" },
  },
  group: {
    attached: "AttachPolicyToGroup",
    detached: "DetachPolicyFromGroup",
    alreadyAttached: ramErrors.groupPolicyExists,
    notAttached: ramErrors.groupPolicyNotFound,
    full: ramErrors.groupPolicyQuota,
    quotas: { Custom: "AttachedPoliciesPerGroupQuota", System: "AttachedSystemPoliciesPerGroupQuota" },
  },
  role: {
    attached: "AttachPolicyToRole",
    detached: "DetachPolicyFromRole",
    alreadyAttached: ramErrors.rolePolicyExists,
    notAttached: ramErrors.rolePolicyNotFound,
    full: ramErrors.rolePolicyQuota,
    quotas: { Custom: "AttachedPoliciesPerRoleQuota", System: "AttachedSystemPoliciesPerRoleQuota" },
  },
};

/** Parameters of attaching and detaching, besides the name of the entity. */
export const attachmentParameters = { PolicyType: policyType, PolicyName: policyName, ResourceGroupId: optionalId } as const;

/** A call that names a policy and a user, group or role. */
type OnAttachment<C extends Call = Call> = Omit<C, "input" | "targets"> & {
  readonly input: { readonly ResourceGroupId: string | undefined };
  readonly targets: { readonly policy: Policy; readonly entity: ResourceBase };
};

function attachmentNamed({ input, targets, caller, state }: OnAttachment): Promise<PolicyAttachment | undefined> {
  const ids = { policyId: targets.policy.id, entityId: targets.entity.id };
  return attachmentOf(state, caller.account, { ...ids, resourceGroup: input.ResourceGroupId ?? "" });
}

/** Rules of attaching a policy. Policies of the system and custom ones have quotas of their own. */
export function attachingRules(type: EntityType): Rule<OnAttachment>[] {
  const { alreadyAttached, full, quotas } = attachables[type];
  const hasRoom = (policyType: PolicyType): Rule<OnAttachment> => ({
    rule: `a ${policyType} policy finds room on the ${type} (quota ${quotas[policyType]})`,
    error: full,
    advice: quotaAdvice(quotas[policyType]),
    holds: async ({ targets: { policy, entity }, caller, settings, state }) =>
      policy.type !== policyType ||
      (await listAll(state, policyAttachment, [[type, entity.id]])).filter((one) => one.policyType === policyType).length <
        settings.quota(quotas[policyType], caller.account, ""),
  });
  return [
    resourceGroupExists("ResourceGroupId", ramErrors.resourceGroupNotFound),
    {
      rule: `the policy is not attached to the ${type} yet, in the same resource group or in the whole account`,
      error: alreadyAttached,
      holds: async (call) => (await attachmentNamed(call)) === undefined,
    },
    hasRoom("Custom"),
    hasRoom("System"),
  ];
}
export async function attach(type: EntityType, call: OnAttachment<WriteCall>): Promise<Record<never, never>> {
  const { input, targets, caller, state } = call;
  await state.create(
    policyAttachment,
    {
      id: state.newId(policyAttachment),
      account: caller.account,
      region: "",
      policyId: targets.policy.id,
      policyType: targets.policy.type,
      entityType: type,
      entityId: targets.entity.id,
      resourceGroup: input.ResourceGroupId ?? "",
    },
    attachables[type].attached,
  );
  return {};
}

/** Rule of detaching a policy. */
export function isAttached(type: EntityType): Rule<OnAttachment> {
  return {
    rule: `the policy is attached to the ${type}, in the resource group that is named or else in the whole account`,
    error: attachables[type].notAttached,
    holds: async (call) => (await attachmentNamed(call)) !== undefined,
  };
}
export async function detach(type: EntityType, call: OnAttachment<WriteCall>): Promise<Record<never, never>> {
  const attachment = await attachmentNamed(call);
  if (attachment !== undefined) await call.state.move(policyAttachment, attachment, attachables[type].detached);
  return {};
}

/** What lists of the policies of a user, a group or a role answer. */
export const attachedPolicyFields = { Policies: wrapped("Policy", structure({ ...policyFields, AttachDate: text })) } as const;

/** The policies of a user, a group or a role, in the order in which they were attached. One that several resource groups share counts once. */
export async function attachedPolicies(
  type: EntityType,
  { targets: { entity }, state }: { readonly targets: { readonly entity: ResourceBase }; readonly state: ResourceReader },
): Promise<{ Policies: { Policy: Record<keyof typeof policyFields | "AttachDate", string>[] } }> {
  const Policy = [];
  for (const { policyId, createdAt } of firstOfEach(await listAll(state, policyAttachment, [[type, entity.id]]), "policyId")) {
    const policy = await policyOf(state, policyId);
    if (policy !== undefined) Policy.push({ ...policyView(policy), AttachDate: utcSeconds(createdAt) });
  }
  return { Policies: { Policy } };
}

/** The first attachment of each policy, or to each entity. */
export function firstOfEach(attachments: readonly PolicyAttachment[], key: "policyId" | "entityId"): PolicyAttachment[] {
  const seen = new Set<string>();
  return attachments.filter(({ [key]: id }) => !seen.has(id) && seen.add(id));
}
