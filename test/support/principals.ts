import { Caller } from "./caller.ts";
import { succeeded } from "./networks.ts";

/** Users and roles with policies of their own, as an account's root makes them. */

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
export function policyDocument(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "1", Statement: statements });
}
/** A trust policy that lets these principals take a role. */
export function trustPolicy(principals: readonly string[], Condition?: Statement["Condition"]): string {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: principals }, ...(Condition && { Condition }) };
  return JSON.stringify({ Version: "1", Statement: [statement] });
}

let made = 0;
/** A name that no other user, role or policy of the test run has. */
export function freshName(start: string): string {
  made += 1;
  return `${start}-${made}`;
}

/** Makes a policy and attaches it; answers its name. */
export async function attach(
  root: Caller,
  to: { readonly user: string } | { readonly role: string },
  ...statements: readonly Statement[]
): Promise<string> {
  const PolicyName = freshName("policy");
  succeeded(await root.ram("CreatePolicy", { PolicyName, PolicyDocument: policyDocument(...statements) }));
  const parameters = { PolicyType: "Custom", PolicyName };
  if ("user" in to) succeeded(await root.ram("AttachPolicyToUser", { ...parameters, UserName: to.user }));
  else succeeded(await root.ram("AttachPolicyToRole", { ...parameters, RoleName: to.role }));
  return PolicyName;
}

/** A user of the account with a key, who may do what the statements say. */
export async function userWith(
  root: Caller,
  ...statements: readonly Statement[]
): Promise<{ readonly name: string; readonly caller: Caller }> {
  const name = freshName("user");
  succeeded(await root.ram("CreateUser", { UserName: name }));
  if (statements.length > 0) await attach(root, { user: name }, ...statements);
  const { AccessKey } = succeeded(await root.ram("CreateAccessKey", { UserName: name })).body;
  const key = { account: root.key.account, id: AccessKey.AccessKeyId, secret: AccessKey.AccessKeySecret };
  return { name, caller: new Caller(root.url, key) };
}

/**
 * A role of the account that everyone in the accounts `trusted` may take (its own unless said) under a condition, and that may do what the
 * statements say.
 */
export async function roleWith(
  root: Caller,
  statements: readonly Statement[],
  trusted: readonly string[] = [root.key.account],
  condition?: Statement["Condition"],
): Promise<{ readonly name: string; readonly arn: string }> {
  const name = freshName("role");
  const principals = trusted.map((account) => `acs:ram::${account}:root`);
  const AssumeRolePolicyDocument = trustPolicy(principals, condition);
  succeeded(await root.ram("CreateRole", { RoleName: name, AssumeRolePolicyDocument }));
  if (statements.length > 0) await attach(root, { role: name }, ...statements);
  return { name, arn: `acs:ram::${root.key.account}:role/${name}` };
}

/** A session of a role, taken by `by`. */
export async function sessionOf(by: Caller, RoleArn: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<Caller> {
  const { Credentials } = succeeded(await by.sts("AssumeRole", { RoleArn, RoleSessionName: "session", ...parameters })).body;
  return new Caller(by.url, {
    account: /^acs:ram::(\d+):/.exec(RoleArn)?.[1] ?? "",
    id: Credentials.AccessKeyId,
    secret: Credentials.AccessKeySecret,
    token: Credentials.SecurityToken,
  });
}
/** What a caller needs to take any role that trusts it. */
export const mayAssume: Statement = { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" };

/** A session of a new role of the account that may do what the statements say. */
export async function roleSession(root: Caller, ...statements: readonly Statement[]): Promise<Caller> {
  const { caller } = await userWith(root, mayAssume);
  return sessionOf(caller, (await roleWith(root, statements)).arn);
}
