import { scoped, scopeOf } from "../../../contract/indexes.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { listAll, type Resource, type ResourceKind } from "../../../contract/resource-kind.ts";
import { structure, text, wrapped } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { ramGroup } from "../groups/group.ts";
import { ramRole, roleArn } from "../roles/role.ts";
import { ramUser } from "../users/user.ts";
import { firstOfEach } from "./attachments.ts";
import { policyName, policyType } from "./parameters.ts";
import { type EntityType, policyAttachment } from "./policy-attachment.ts";
import { policyTarget } from "./policy.ts";

export const listEntitiesForPolicy = readOperation({
  product: Ram,
  name: "ListEntitiesForPolicy",
  summary: "Lists the users, groups and roles of the account to which a policy is attached.",
  httpsOnly: true,
  authorisation: {
    action: "ram:ListEntitiesForPolicy",
    resources: ["acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { PolicyType: policyType, PolicyName: policyName },
  response: {
    Groups: wrapped("Group", structure({ AttachDate: text, Comments: text, GroupName: text })),
    Roles: wrapped("Role", structure({ Arn: text, AttachDate: text, Description: text, RoleId: text, RoleName: text })),
    Users: wrapped("User", structure({ AttachDate: text, DisplayName: text, UserId: text, UserName: text })),
  },
  targets: { policy: policyTarget },
  read: async ({ targets: { policy }, caller, state }) => {
    const attachments = await listAll(state, policyAttachment, [["policy", scoped(scopeOf(caller.account, undefined), policy.id)]]);
    const entities = async <B extends object>(
      type: EntityType,
      kind: ResourceKind<B>,
    ): Promise<{ entity: Resource<B>; AttachDate: string }[]> => {
      const ofType = attachments.filter(({ entityType }) => entityType === type);
      const found = [];
      for (const { entityId, createdAt } of firstOfEach(ofType, "entityId")) {
        const entity = await state.get(kind, entityId);
        if (entity !== undefined) found.push({ entity, AttachDate: utcSeconds(createdAt) });
      }
      return found;
    };
    const [users, groups, roles] = [await entities("user", ramUser), await entities("group", ramGroup), await entities("role", ramRole)];
    return {
      Groups: {
        Group: groups.map(({ entity, AttachDate }) => ({ AttachDate, Comments: entity.comments, GroupName: entity.name })),
      },
      Roles: {
        Role: roles.map(({ entity, AttachDate }) => ({
          Arn: roleArn(entity),
          AttachDate,
          Description: entity.description,
          RoleId: entity.id,
          RoleName: entity.name,
        })),
      },
      Users: {
        User: users.map(({ entity, AttachDate }) => ({
          AttachDate,
          DisplayName: entity.displayName,
          UserId: entity.id,
          UserName: entity.name,
        })),
      },
    };
  },
});
