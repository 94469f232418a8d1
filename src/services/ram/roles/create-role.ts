import { writeOperation } from "../../../contract/operation.ts";
import { integer, string } from "../../../contract/parameters.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, text } from "../../../contract/response.ts";
import { parseTrustPolicy } from "../../../policy/document.ts";
import { tagRules, tagsFor } from "../../tags/tag-rules.ts";
import { ramErrors } from "../errors.ts";
import { accountHasRoom, nameIsFree, newNumericId } from "../names.ts";
import { documentIsValid } from "../policy-documents.ts";
import { ramTagList } from "../tags/tag-form.ts";
import { defaultSessionDuration, roleDescription, roleName, sessionDurationLimits, trustPolicyOptions } from "./parameters.ts";
import { ramRole } from "./role.ts";
import { roleFields, roleView } from "./role-view.ts";

export const createRole = writeOperation({
  product: Ram,
  name: "CreateRole",
  summary: "Creates a role, with a trust policy that says who may assume it.",
  httpsOnly: true,
  authorisation: { action: "ram:CreateRole", resources: ["acs:ram:*:{accountId}:role/*"], source: "public-docs" },
  parameters: {
    RoleName: roleName,
    Description: roleDescription,
    AssumeRolePolicyDocument: string({ ...trustPolicyOptions, required: true, tooLong: ramErrors.trustPolicyLength }),
    MaxSessionDuration: integer({ ...sessionDurationLimits, default: defaultSessionDuration }),
    Tag: ramTagList,
  },
  response: { Role: structure({ ...roleFields, AssumeRolePolicyDocument: text }) },
  check: [
    documentIsValid("AssumeRolePolicyDocument", parseTrustPolicy),
    ...tagRules("Tag"),
    nameIsFree(ramRole, "role", "RoleName", ramErrors.roleExists),
    accountHasRoom(ramRole, "role", "RolesQuota", ramErrors.roleQuota),
  ],
  apply: async ({ input, caller, state }) => {
    const role = await state.create(
      ramRole,
      {
        id: newNumericId(state, "3"),
        account: caller.account,
        region: "",
        name: input.RoleName,
        description: input.Description ?? "",
        trustPolicy: input.AssumeRolePolicyDocument,
        maxSessionDuration: input.MaxSessionDuration,
        tags: tagsFor(caller.account, input.Tag),
      },
      "CreateRole",
    );
    return { Role: { ...roleView(role), AssumeRolePolicyDocument: role.trustPolicy } };
  },
});
