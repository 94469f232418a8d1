import { gatewayErrors } from "../../contract/gateway-errors.ts";
import { type Call, target, writeOperation } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { Sts } from "../../contract/products.ts";
import { optional, structure, text } from "../../contract/response.ts";
import { utcSeconds } from "../../contract/time.ts";
import type { Verdict } from "../../contract/verdict.ts";
import { parsePolicy, parseTrustPolicy } from "../../policy/document.ts";
import { decideTrust } from "../../policy/evaluate.ts";
import { account } from "../accounts/account.ts";
import { named } from "../ram/names.ts";
import { documentIsValid } from "../ram/policy-documents.ts";
import { type RamRole, ramRole, roleArn } from "../ram/roles/role.ts";
import { stsErrors } from "./errors.ts";

/** Seconds. */
const durationMin = 900;
const durationMax = 43_200;
const durationDefault = 3_600;
/** Characters of a policy for one session. */
const sessionPolicyMax = 2_048;

const roleArnForm = /^acs:ram::(\d{1,18}):role\/([A-Za-z0-9.-]{1,64})$/;

export const assumeRole = writeOperation({
  product: Sts,
  name: "AssumeRole",
  summary: "Takes a role for a time: answers temporary keys that may do what the role may, cut by a policy of the session.",
  httpsOnly: true,
  authorisation: { action: "sts:AssumeRole", resources: ["{RoleArn}"], source: "public-docs" },
  parameters: {
    RoleArn: string({ required: true, lengthMax: 512, pattern: roleArnForm, invalid: stsErrors.roleArn }),
    RoleSessionName: string({ required: true, pattern: /^[\w.@-]{2,64}$/, invalid: stsErrors.roleSessionName }),
    DurationSeconds: integer({ default: durationDefault, min: durationMin, max: durationMax, invalid: stsErrors.duration }),
    Policy: string({ lengthMax: sessionPolicyMax, multiline: true, invalid: stsErrors.policyGrammar, tooLong: stsErrors.policySize }),
    // Whoever knows it can use it, so it is treated as a secret.
    ExternalId: string({ lengthMax: 1_224, pattern: /^[\w+=,.@:/-]{2,}$/, invalid: stsErrors.externalId, secret: true }),
    SourceIdentity: string({ pattern: /^[\w=,.@-]{2,64}$/, invalid: stsErrors.sourceIdentity }),
  },
  response: {
    AssumedRoleUser: structure({ Arn: text, AssumedRoleId: text }),
    Credentials: structure({ AccessKeyId: text, AccessKeySecret: text, Expiration: text, SecurityToken: text }),
    SourceIdentity: optional(text),
  },
  targets: {
    role: target({
      kind: ramRole,
      parameter: "RoleArn",
      nameInArn: roleArn,
      missing: stsErrors.roleNotFound,
      // Of another account nobody learns whether the role is there. (inferred)
      missingFor: ({ caller, input }) =>
        input["RoleArn"].startsWith(`acs:ram::${caller.account}:`) ? stsErrors.roleNotFound : gatewayErrors.stsNotPermitted,
      advice:
        "check RoleArn. A role of another account must name the caller, or its account, in its trust policy; if that asks for an ExternalId, send it: its owner knows",
      find: async (state, arn, call) => {
        const [, uid = "", name = ""] = roleArnForm.exec(arn) ?? [];
        const role = await named(state, ramRole, uid, name);
        if (role === undefined || role.account === call.caller.account) return role;
        // A role of another account that does not trust the caller, or whose keys would not work, is as one that is not there.
        const owner = await state.get(account, uid);
        return owner?.state === "Enabled" && trusts(role, call) ? role : undefined;
      },
    }),
  },
  check: [
    {
      rule: "the caller is a user or a role: accounts themselves take no roles",
      error: gatewayErrors.stsNotPermitted,
      source: "public-docs",
      advice: "call with the key of a RAM user that may sts:AssumeRole, or with that of a role",
      holds: ({ caller }) => caller.type !== "Account",
    },
    {
      rule: "the role's trust policy (AssumeRolePolicyDocument) lets the caller take it, under its conditions",
      error: gatewayErrors.stsNotPermitted,
      source: "public-docs",
      advice: "name the user, the role or their account as Principal RAM in the role's AssumeRolePolicyDocument, and meet its Condition",
      holds: (call) => trusts(call.targets.role, call),
      verdict: (call) => ({ resource: roleArn(call.targets.role), ...trustIn(call.targets.role, call) }),
    },
    {
      rule: "DurationSeconds is no longer than the role's MaxSessionDuration",
      error: stsErrors.duration,
      source: "public-docs",
      advice: "ask for less, or raise MaxSessionDuration with UpdateRole",
      holds: ({ input, targets }) => input.DurationSeconds <= targets.role.maxSessionDuration,
    },
    documentIsValid("Policy", parsePolicy, stsErrors.policyGrammar),
  ],
  apply: async ({ input, targets: { role }, now, issueSession }) => {
    // The key ends at the second that the answer names, and not within it.
    const expiresAt = Math.floor(now / 1000 + input.DurationSeconds) * 1000;
    const credentials = issueSession(role.account, role.id, { name: input.RoleSessionName, policy: input.Policy, expiresAt });
    return {
      AssumedRoleUser: {
        Arn: `acs:ram::${role.account}:assumed-role/${role.name}/${input.RoleSessionName}`,
        AssumedRoleId: `${role.id}:${input.RoleSessionName}`,
      },
      Credentials: { ...credentials, Expiration: utcSeconds(expiresAt) },
      SourceIdentity: input.SourceIdentity,
    };
  },
});

type Asking = Pick<Call, "caller" | "conditionValues"> & { readonly input: object };
function trusts(role: RamRole, call: Asking): boolean {
  return trustIn(role, call).decision === "Allow";
}
function trustIn(role: RamRole, { caller, input, conditionValues }: Asking): Verdict {
  const { ExternalId } = input as { ExternalId?: string };
  return decideTrust(parseTrustPolicy(role.trustPolicy), {
    action: "sts:AssumeRole",
    principal: { account: caller.account, name: caller.principal },
    context: (key) => (key === "sts:externalid" ? (ExternalId === undefined ? undefined : [ExternalId]) : conditionValues(key)),
  });
}
