import { writeOperation } from "../../../contract/operation.ts";
import { integer, string } from "../../../contract/parameters.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { parseTrustPolicy } from "../../../policy/document.ts";
import { ramErrors } from "../errors.ts";
import { documentIsValid } from "../policy-documents.ts";
import { newRoleDescription, roleName, sessionDurationLimits, trustPolicyOptions } from "./parameters.ts";
import { ramRole, roleTarget } from "./role.ts";
import { wholeRoleFields, wholeRoleView } from "./role-view.ts";

export const updateRole = writeOperation({
  product: Ram,
  name: "UpdateRole",
  summary: "Changes the trust policy, the longest session or the description of a role. What is not given stays.",
  httpsOnly: true,
  authorisation: { action: "ram:UpdateRole", resources: ["acs:ram:*:{accountId}:role/{RoleName}"], source: "public-docs" },
  parameters: {
    RoleName: roleName,
    NewAssumeRolePolicyDocument: string({ ...trustPolicyOptions, tooLong: ramErrors.newTrustPolicyLength }),
    NewMaxSessionDuration: integer(sessionDurationLimits),
    NewDescription: newRoleDescription,
  },
  response: { Role: structure(wholeRoleFields) },
  targets: { role: roleTarget },
  check: [documentIsValid("NewAssumeRolePolicyDocument", parseTrustPolicy)],
  apply: async ({ input, targets: { role }, state }) => {
    const changes = {
      trustPolicy: input.NewAssumeRolePolicyDocument ?? role.trustPolicy,
      maxSessionDuration: input.NewMaxSessionDuration ?? role.maxSessionDuration,
      description: input.NewDescription ?? role.description,
    };
    await state.move(ramRole, role, "UpdateRole", changes);
    return { Role: wholeRoleView({ ...role, ...changes, modifiedAt: state.now }) };
  },
});
