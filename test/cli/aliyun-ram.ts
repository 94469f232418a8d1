import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { policyDocument, type Statement, trustPolicy } from "../support/principals.ts";
import { accepterKey, requesterKey } from "../support/server.ts";
import { newVpc, type Suite, type User } from "./aliyun-user.ts";

/** RAM and STS, as the CLI's users drive them. */
export function ram({ requester, accepter, secure, server }: Suite): void {
  /** A document as a shell takes it. */
  const quoted = (document: string): string => `'${document}'`;
  const allow = (Action: string | readonly string[], Resource: string | readonly string[] = "*"): Statement => ({
    Effect: "Allow",
    Action,
    Resource,
  });
  const deny = (Action: string): Statement => ({ Effect: "Deny", Action, Resource: "*" });
  const newPolicy = (user: User, name: string, ...statements: readonly Statement[]): Promise<any> =>
    user.answer(`ram CreatePolicy --PolicyName ${name} --PolicyDocument ${quoted(policyDocument(...statements))}`);
  /** A policy that is attached to a user, a group or a role. */
  async function granted(root: User, to: string, name: string, ...statements: readonly Statement[]): Promise<void> {
    await newPolicy(root, name, ...statements);
    await root.answer(`ram AttachPolicyTo${/^--(\w+)Name/.exec(to)?.[1]} --PolicyType Custom --PolicyName ${name} ${to}`);
  }
  interface Keys {
    readonly AccessKeyId: string;
    readonly AccessKeySecret: string;
    readonly SecurityToken?: string;
  }
  /** The same shell, calling with other keys. */
  const as = (user: User, { AccessKeyId, AccessKeySecret, SecurityToken }: Keys): User =>
    user.with(
      `--access-key-id ${AccessKeyId} --access-key-secret ${AccessKeySecret}` +
        (SecurityToken === undefined ? "" : ` --mode StsToken --sts-token ${SecurityToken}`),
    );
  const newKey = async (root: User, name: string): Promise<Keys> => (await root.answer(`ram CreateAccessKey --UserName ${name}`)).AccessKey;
  /** A user of an account with a key of its own, who may do what the statements say. */
  async function newUser(root: User, name: string, ...statements: readonly Statement[]): Promise<User> {
    await root.answer(`ram CreateUser --UserName ${name}`);
    if (statements.length > 0) await granted(root, `--UserName ${name}`, `of-${name}`, ...statements);
    return as(root, await newKey(root, name));
  }
  const newRole = async (root: User, name: string, trust: string, ...statements: readonly Statement[]): Promise<string> => {
    const { Role } = await root.answer(`ram CreateRole --RoleName ${name} --AssumeRolePolicyDocument ${quoted(trust)}`);
    if (statements.length > 0) await granted(root, `--RoleName ${name}`, `of-${name}`, ...statements);
    return Role.Arn;
  };
  const own = trustPolicy([`acs:ram::${requesterKey.account}:root`]);
  /** The names in a list that is wrapped in an object. */
  const listed = async (user: User, line: string, name: string): Promise<string[]> => {
    const list = Object.values<any>(await user.answer(line)).find((value) => typeof value === "object");
    return Object.values<any>(list).flatMap((members) => members.map((one: any) => one[name]));
  };

  test("a user from its making to its end, with the keys that it has on the way", async () => {
    const made = await requester.answer(
      "ram CreateUser --UserName anna --DisplayName 'Anna A.' --MobilePhone 86-18600008888 --Email anna@example.com --Comments 'network team'",
    );
    await requester.answer("ram UpdateUser --UserName anna --NewUserName anna.b --NewComments changed");
    const { User: found } = await requester.answer("ram GetUser --UserName anna.b");
    assert.deepEqual(
      [found.UserId, found.DisplayName, found.MobilePhone, found.Email, found.Comments],
      [made.User.UserId, "Anna A.", "86-18600008888", "anna@example.com", "changed"],
    );
    const gone = await requester.refusal("ram GetUser --UserName anna");
    assert.deepEqual([gone.code, gone.message], ["EntityNotExist.User", "The user does not exist."]);
    assert.equal((await requester.refusal("ram CreateUser --UserName ANNA.B")).code, "EntityAlreadyExists.User");
    assert.equal((await requester.refusal("ram CreateUser --UserName 'a b'")).code, "InvalidParameter.UserName.InvalidChars");
    assert.equal((await requester.refusal("ram CreateUser")).code, "MissingUserName");

    const key = await newKey(requester, "anna.b");
    const anna = as(requester, key);
    assert.equal((await anna.answer("sts GetCallerIdentity")).UserId, made.User.UserId);
    const named = `--UserName anna.b --UserAccessKeyId ${key.AccessKeyId}`;
    await requester.answer(`ram UpdateAccessKey ${named} --Status Inactive`);
    assert.equal((await anna.refusal("sts GetCallerIdentity")).code, "InvalidAccessKeyId.Inactive");
    const { AccessKeys } = await requester.answer("ram ListAccessKeys --UserName anna.b");
    assert.deepEqual(AccessKeys.AccessKey.map((one: any) => [one.AccessKeyId, one.Status]), [[key.AccessKeyId, "Inactive"]]); // prettier-ignore
    assert.equal(JSON.stringify(AccessKeys).includes("Secret"), false);
    await requester.answer(`ram UpdateAccessKey ${named} --Status Active`);
    await anna.answer("sts GetCallerIdentity");
    await newKey(requester, "anna.b");
    assert.equal((await requester.refusal("ram CreateAccessKey --UserName anna.b")).code, "LimitExceeded.User.AccessKey");
    assert.equal((await requester.refusal("ram DeleteUser --UserName anna.b")).code, "DeleteConflict.User.AccessKey");
    for (const id of await listed(requester, "ram ListAccessKeys --UserName anna.b", "AccessKeyId"))
      await requester.answer(`ram DeleteAccessKey --UserName anna.b --UserAccessKeyId ${id}`);
    assert.equal((await anna.refusal("sts GetCallerIdentity")).code, "InvalidAccessKeyId.NotFound");
    await requester.answer("ram DeleteUser --UserName anna.b");
    assert.deepEqual(await listed(requester, "ram ListUsers", "UserName"), []);
  });

  test("a user's own key: what its policies allow it may do, the rest not, and the refusal says why", async () => {
    const { VpcId } = await newVpc(requester, "10.0.0.0/16");
    const user = await newUser(requester, "reader", allow("vpc:Describe*"), deny("vpc:DescribeVpcAttribute"));
    assert.deepEqual(await listed(user, "vpc DescribeVpcs", "VpcId"), [VpcId]);

    const refused = await user.refusal(`vpc DeleteVpc --VpcId ${VpcId}`);
    assert.equal(refused.code, "Forbidden.RAM");
    const { UserId } = await user.answer("sts GetCallerIdentity");
    const { EncodedDiagnosticMessage, ...detail } = refused.denied;
    assert.deepEqual(detail, {
      AuthAction: "vpc:DeleteVpc",
      AuthPrincipalDisplayName: UserId,
      AuthPrincipalOwnerId: requesterKey.account,
      AuthPrincipalType: "SubUser",
      NoPermissionType: "ImplicitDeny",
      PolicyType: "AccountLevelIdentityBasedPolicy",
    });
    assert.ok(EncodedDiagnosticMessage);
    const denied = await user.refusal(`vpc DescribeVpcAttribute --VpcId ${VpcId}`);
    assert.deepEqual([denied.code, denied.denied["NoPermissionType"]], ["Forbidden.RAM", "ExplicitDeny"]);
    const ofRam = await user.refusal("ram GetUser --UserName reader");
    assert.deepEqual(
      [ofRam.code, ofRam.message, ofRam.denied["AuthAction"]],
      ["NoPermission", "You are not authorized to do this action.", "ram:GetUser"],
    );
    const ofSts = await user.refusal(`sts AssumeRole --RoleArn acs:ram::${requesterKey.account}:role/any --RoleSessionName one`);
    assert.deepEqual([ofSts.code, ofSts.denied["AuthAction"]], ["NoPermission", "sts:AssumeRole"]);

    // The address that a refusal gives tells the smallest policy that would have allowed the call. With it the call is.
    const { permission } = (await server().admin("GET", `requests/${refused.requestId}`)).body;
    const document = quoted(JSON.stringify(permission.smallestPolicy));
    await requester.answer(`ram CreatePolicy --PolicyName smallest --PolicyDocument ${document}`);
    await requester.answer("ram AttachPolicyToUser --PolicyType Custom --PolicyName smallest --UserName reader");
    await user.answer(`vpc DeleteVpc --VpcId ${VpcId}`);
  });

  test("a group, whose members have its policies", async () => {
    await requester.answer("ram CreateGroup --GroupName readers --Comments 'may look'");
    const user = await newUser(requester, "member");
    await granted(requester, "--GroupName readers", "look", allow("vpc:DescribeVpcs"));
    assert.equal((await user.refusal("vpc DescribeVpcs")).code, "Forbidden.RAM");
    await requester.answer("ram AddUserToGroup --UserName member --GroupName readers");
    await user.answer("vpc DescribeVpcs");
    assert.equal(
      (await requester.refusal("ram AddUserToGroup --UserName member --GroupName readers")).code,
      "EntityAlreadyExists.User.Group",
    );

    await requester.answer("ram UpdateGroup --GroupName readers --NewGroupName watchers --NewComments changed");
    assert.equal((await requester.answer("ram GetGroup --GroupName watchers")).Group.Comments, "changed");
    assert.equal((await requester.refusal("ram GetGroup --GroupName readers")).code, "EntityNotExist.Group");
    assert.deepEqual(await listed(requester, "ram ListGroupsForUser --UserName member", "GroupName"), ["watchers"]);
    assert.deepEqual(await listed(requester, "ram ListUsersForGroup --GroupName watchers", "UserName"), ["member"]);
    assert.deepEqual(await listed(requester, "ram ListPoliciesForGroup --GroupName watchers", "PolicyName"), ["look"]);
    assert.equal((await requester.refusal("ram DeleteGroup --GroupName watchers")).code, "DeleteConflict.Group.User");
    assert.equal((await requester.refusal("ram DeletePolicy --PolicyName look")).code, "DeleteConflict.Policy.Group");

    await requester.answer("ram RemoveUserFromGroup --UserName member --GroupName watchers");
    assert.equal((await user.refusal("vpc DescribeVpcs")).code, "Forbidden.RAM");
    assert.equal((await requester.refusal("ram DeleteGroup --GroupName watchers")).code, "DeleteConflict.Group.Policy");
    await requester.answer("ram DetachPolicyFromGroup --PolicyType Custom --PolicyName look --GroupName watchers");
    await requester.answer("ram DeleteGroup --GroupName watchers");
    assert.deepEqual(await listed(requester, "ram ListGroups", "GroupName"), []);
  });

  test("a policy with versions, of which the default one counts", async () => {
    const user = await newUser(requester, "user", allow("vpc:DescribeVpcs"));
    const policy = "--PolicyName of-user";
    const only = quoted(policyDocument(allow("vpc:DescribeVSwitches")));
    await requester.answer(`ram UpdatePolicyDescription ${policy} --NewDescription changed`);
    await requester.answer(`ram CreatePolicyVersion ${policy} --PolicyDocument ${only}`);
    await user.answer("vpc DescribeVpcs");
    await requester.answer(`ram SetDefaultPolicyVersion ${policy} --VersionId v2`);
    await user.answer("vpc DescribeVSwitches");
    assert.equal((await user.refusal("vpc DescribeVpcs")).code, "Forbidden.RAM");
    await requester.answer(
      `ram CreatePolicyVersion ${policy} --SetAsDefault true --PolicyDocument ${quoted(policyDocument(allow("vpc:*")))}`,
    );
    await user.answer("vpc DescribeVpcs");

    const { PolicyVersions } = await requester.answer(`ram ListPolicyVersions --PolicyType Custom ${policy}`);
    assert.deepEqual(
      PolicyVersions.PolicyVersion.map((one: any) => [one.VersionId, one.IsDefaultVersion]),
      [["v1", false], ["v2", false], ["v3", true]], // prettier-ignore
    );
    const { PolicyVersion } = await requester.answer(`ram GetPolicyVersion --PolicyType Custom ${policy} --VersionId v2`);
    assert.equal(quoted(PolicyVersion.PolicyDocument), only);
    const { Policy, DefaultPolicyVersion } = await requester.answer(`ram GetPolicy --PolicyType Custom ${policy}`);
    assert.deepEqual([Policy.DefaultVersion, Policy.AttachmentCount, DefaultPolicyVersion.VersionId], ["v3", 1, "v3"]);

    const refusalOf = async (line: string): Promise<string> => (await requester.refusal(`ram ${line}`)).code;
    assert.equal(await refusalOf(`CreatePolicy ${policy} --PolicyDocument ${only}`), "EntityAlreadyExists.Policy");
    assert.equal(await refusalOf(`DeletePolicyVersion ${policy} --VersionId v3`), "DeleteConflict.Policy.Version.Default");
    assert.equal(await refusalOf(`SetDefaultPolicyVersion ${policy} --VersionId v9`), "EntityNotExist.Policy.Version");
    assert.equal(await refusalOf(`DeletePolicy ${policy}`), "DeleteConflict.Policy.User");
    await requester.answer(`ram DetachPolicyFromUser --PolicyType Custom ${policy} --UserName user`);
    assert.equal(await refusalOf(`DeletePolicy ${policy}`), "DeleteConflict.Policy.Version");
    for (const version of ["v1", "v2"]) await requester.answer(`ram DeletePolicyVersion ${policy} --VersionId ${version}`);
    await requester.answer(`ram DeletePolicy ${policy}`);
    assert.equal(await refusalOf(`GetPolicy --PolicyType Custom ${policy}`), "EntityNotExist.Policy");
  });

  test("a malformed policy is refused with what is wrong with it, where it is", async () => {
    const refusalOf = (document: string): Promise<{ code: string; message: string }> =>
      requester.refusal(`ram CreatePolicy --PolicyName wrong --PolicyDocument ${quoted(document)}`);
    const word = await refusalOf('{"Version": "1", "Statement": [{"Effect": "Alow", "Action": "vpc:*", "Resource": "*"}]}');
    assert.equal(word.code, "MalformedPolicyDocument");
    assert.match(word.message, /Statement\[1\]\.Effect.*"Alow"/);
    assert.equal((await refusalOf('{"Version": "1"')).code, "MalformedPolicyDocument");
    // A trust policy is no policy, and the other way round.
    assert.equal((await refusalOf(own)).code, "MalformedPolicyDocument");
    const trust = quoted(policyDocument(allow("sts:AssumeRole")));
    const role = await requester.refusal(`ram CreateRole --RoleName wrong --AssumeRolePolicyDocument ${trust}`);
    assert.equal(role.code, "MalformedPolicyDocument");
  });

  test("attachments to users, groups and roles, of policies of the system and of the account", async () => {
    await requester.answer("ram CreateUser --UserName user");
    await requester.answer("ram CreateGroup --GroupName group");
    await newRole(requester, "role", own);
    await newPolicy(requester, "look", allow("vpc:Describe*"));
    const custom = "--PolicyType Custom --PolicyName look";
    const system = "--PolicyType System --PolicyName AliyunVPCReadOnlyAccess";
    for (const [entity, name] of [
      ["User", "--UserName user"],
      ["Group", "--GroupName group"],
      ["Role", "--RoleName role"],
    ] as const) {
      for (const policy of [custom, system]) {
        await requester.answer(`ram AttachPolicyTo${entity} ${policy} ${name}`);
        assert.equal(
          (await requester.refusal(`ram AttachPolicyTo${entity} ${policy} ${name}`)).code,
          `EntityAlreadyExists.${entity}.Policy`,
        );
      }
      const attached = await listed(requester, `ram ListPoliciesFor${entity} ${name}`, "PolicyName");
      assert.deepEqual(attached.sort(), ["AliyunVPCReadOnlyAccess", "look"]);
    }
    const { Users, Groups, Roles } = await requester.answer(`ram ListEntitiesForPolicy ${system}`);
    assert.deepEqual([Users.User[0].UserName, Groups.Group[0].GroupName, Roles.Role[0].RoleName], ["user", "group", "role"]);
    assert.equal((await requester.answer(`ram GetPolicy ${custom}`)).Policy.AttachmentCount, 3);
    const all = await listed(requester, "ram ListPolicies --MaxItems 1000", "PolicyName");
    for (const name of ["AdministratorAccess", "AliyunVPCFullAccess", "look"]) assert.ok(all.includes(name), name);
    assert.deepEqual(await listed(requester, "ram ListPolicies --PolicyType Custom", "PolicyName"), ["look"]);
    assert.equal((await requester.refusal(`ram DeleteUser --UserName user`)).code, "DeleteConflict.User.Policy");

    for (const [entity, name] of Object.entries({ User: "--UserName user", Group: "--GroupName group", Role: "--RoleName role" })) {
      await requester.answer(`ram DetachPolicyFrom${entity} ${system} ${name}`);
      assert.equal((await requester.refusal(`ram DetachPolicyFrom${entity} ${system} ${name}`)).code, `EntityNotExist.${entity}.Policy`);
    }
    assert.equal((await accepter.answer(`ram ListEntitiesForPolicy ${system}`)).Users.User.length, 0);
  });

  test("a role from its making to its end", async () => {
    await requester.answer(
      `ram CreateRole --RoleName role --AssumeRolePolicyDocument ${quoted(own)} --Description first --MaxSessionDuration 7200`,
    );
    const theirs = trustPolicy([`acs:ram::${accepterKey.account}:root`]);
    await requester.answer(
      `ram UpdateRole --RoleName role --NewAssumeRolePolicyDocument ${quoted(theirs)} --NewDescription second --NewMaxSessionDuration 3600`,
    );
    const { Role } = await requester.answer("ram GetRole --RoleName role");
    assert.deepEqual([Role.Description, Role.MaxSessionDuration, Role.AssumeRolePolicyDocument], ["second", 3600, theirs]);
    assert.deepEqual(await listed(requester, "ram ListRoles", "RoleName"), ["role"]);
    const named = "--ResourceType role --ResourceNames '[\"role\"]'";
    await requester.answer(`ram TagResources ${named} --Tag '[{"Key":"env","Value":"lab"}]'`);
    const { TagResources } = await requester.answer(`ram ListTagResources ${named}`);
    assert.deepEqual(
      TagResources.map(({ ResourceName, TagKey, TagValue }: any) => [ResourceName, TagKey, TagValue]),
      [["role", "env", "lab"]],
    );
    await requester.answer(`ram UntagResources ${named} --TagKeys '["env"]'`);
    assert.deepEqual((await requester.answer(`ram ListTagResources ${named}`)).TagResources, []);
    const again = await requester.refusal(`ram CreateRole --RoleName role --AssumeRolePolicyDocument ${quoted(own)}`);
    assert.equal(again.code, "EntityAlreadyExists.Role");
    assert.equal((await accepter.refusal("ram GetRole --RoleName role")).code, "EntityNotExist.Role");
    await requester.answer("ram AttachPolicyToRole --PolicyType System --PolicyName ReadOnlyAccess --RoleName role");
    assert.equal((await requester.refusal("ram DeleteRole --RoleName role")).code, "DeleteConflict.Role.Policy");
    await requester.answer("ram DetachPolicyFromRole --PolicyType System --PolicyName ReadOnlyAccess --RoleName role");
    await requester.answer("ram DeleteRole --RoleName role");
    assert.equal((await requester.refusal("ram GetRole --RoleName role")).code, "EntityNotExist.Role");
  });

  test("--pager joins what RAM lists by Marker, if it is told of it", async () => {
    const names = ["a", "b", "c", "d", "e"];
    await requester.answer("ram CreateGroup --GroupName all");
    for (const name of names) {
      await requester.answer(`ram CreateUser --UserName ${name}`);
      await requester.answer(`ram AddUserToGroup --UserName ${name} --GroupName all`);
      if (name !== "e") await requester.answer(`ram CreateGroup --GroupName ${name}`);
      await newRole(requester, name, own);
      await newPolicy(requester, name, allow("vpc:*"));
    }
    const lists = {
      "ram ListUsers": ["UserName", names],
      "ram ListGroups": ["GroupName", ["a", "all", "b", "c", "d"]],
      "ram ListRoles": ["RoleName", names],
      "ram ListPolicies --PolicyType Custom": ["PolicyName", names],
      "ram ListUsersForGroup --GroupName all": ["UserName", names],
    } as const;
    for (const [line, [name, expected]] of Object.entries(lists)) {
      assert.equal((await listed(requester, `${line} --MaxItems 2`, name)).length, 2);
      assert.deepEqual((await listed(requester, `${line} --MaxItems 2 --pager NextToken=Marker`, name)).sort(), expected, line);
      // By itself the CLI looks for a NextToken, and takes the first page for the last.
      assert.equal((await listed(requester, `${line} --MaxItems 2 --pager`, name)).length, 2);
    }
  });

  test("who calls: an account, a user, and a session of a role that the user has taken", async () => {
    const root = await requester.answer("sts GetCallerIdentity");
    const told = ({ IdentityType, Arn, AccountId }: any): string[] => [IdentityType, Arn, AccountId];
    assert.deepEqual(told(root), ["Account", `acs:ram::${requesterKey.account}:root`, requesterKey.account]);
    const user = await newUser(requester, "deployer", allow("sts:AssumeRole"));
    const arn = `acs:ram::${requesterKey.account}:user/deployer`;
    assert.deepEqual(told(await user.answer("sts GetCallerIdentity")), ["RAMUser", arn, requesterKey.account]);

    const theirs = trustPolicy([arn]);
    const role = await newRole(accepter, "shared", theirs, allow(["vpc:DescribeVpcs", "vpc:CreateVpc"]));
    const assume = `sts AssumeRole --RoleArn ${role} --RoleSessionName from-here`;
    const { Credentials, AssumedRoleUser } = await user.answer(`${assume} --DurationSeconds 900`);
    const session = as(requester, Credentials);
    const identity = await session.answer("sts GetCallerIdentity");
    assert.deepEqual(told(identity), ["AssumedRoleUser", AssumedRoleUser.Arn, accepterKey.account]);
    assert.deepEqual([identity.PrincipalId, identity.RoleId], [AssumedRoleUser.AssumedRoleId, AssumedRoleUser.AssumedRoleId.split(":")[0]]);
    const { VpcId } = await session.answer("vpc CreateVpc --CidrBlock 10.8.0.0/16");
    assert.deepEqual(await listed(accepter, "vpc DescribeVpcs", "VpcId"), [VpcId]);
    const refused = await session.refusal(`vpc DeleteVpc --VpcId ${VpcId}`);
    assert.deepEqual([refused.code, refused.denied["AuthPrincipalType"]], ["Forbidden.RAM", "AssumedRoleUser"]);

    const policy = quoted(policyDocument(allow("vpc:DescribeVpcs"), allow("vpc:DeleteVpc")));
    const cut = as(requester, (await user.answer(`${assume} --Policy ${policy}`)).Credentials);
    await cut.answer("vpc DescribeVpcs");
    const byPolicy = await cut.refusal("vpc CreateVpc");
    assert.deepEqual([byPolicy.code, byPolicy.denied["PolicyType"]], ["Forbidden.RAM", "SessionPolicy"]);
    assert.equal((await cut.refusal(`vpc DeleteVpc --VpcId ${VpcId}`)).code, "Forbidden.RAM");

    // The account itself takes no roles, and half of a session's credentials are none.
    assert.equal((await accepter.refusal(assume)).code, "NoPermission");
    const { SecurityToken: _token, ...half } = Credentials;
    assert.equal((await as(requester, half).refusal("sts GetCallerIdentity")).code, "MissingSecurityToken");
    // A session ends with its role.
    await accepter.answer("ram DetachPolicyFromRole --PolicyType Custom --PolicyName of-shared --RoleName shared");
    assert.equal((await session.refusal("vpc DescribeVpcs")).code, "Forbidden.RAM");
    await accepter.answer("ram DeleteRole --RoleName shared");
    assert.equal((await session.refusal("sts GetCallerIdentity")).code, "InvalidAccessKeyId.Inactive");
  });

  const byItself = async (): Promise<void> => {
    const user = await newUser(requester, "deployer", allow("sts:AssumeRole"));
    const trust = trustPolicy([`acs:ram::${requesterKey.account}:root`], { StringEquals: { "sts:ExternalId": "agreed" } });
    const role = await newRole(accepter, "shared", trust, allow("vpc:DescribeVpcs"));
    const inRoleBy = (externalId: string): User =>
      user.with(`--mode RamRoleArn --ram-role-arn ${role} --role-session-name by-itself --external-id ${externalId}`);
    const inRole = inRoleBy("agreed");
    assert.equal((await inRole.answer("sts GetCallerIdentity")).Arn, `acs:ram::${accepterKey.account}:assumed-role/shared/by-itself`);
    const { VpcId } = await newVpc(accepter, "10.0.0.0/16");
    assert.deepEqual(await listed(inRole, "vpc DescribeVpcs", "VpcId"), [VpcId]);
    assert.equal((await inRole.refusal("vpc CreateVpc")).code, "Forbidden.RAM");
    const { stderr } = await inRoleBy("other").aliyun("sts GetCallerIdentity");
    assert.match(stderr, /refresh session token failed: .*"Code":"NoPermission"/);
  };
  if (secure) test("--mode RamRoleArn: the CLI takes a role by itself, over TLS", byItself);

  const story = async (): Promise<void> => {
    const lines = readmeStory();
    const { stdout, stderr } = await requester.shell(lines);
    const told = (name: string, text: string): string[] => [...text.matchAll(new RegExp(`^\\s*"?${name}"?: "?([^",\n]*)`, "gm"))].map(([, value]) => value ?? ""); // prettier-ignore
    assert.deepEqual(told("Status", stdout), ["Accepting", "Activated"], stderr);
    const identity = told("Arn", stdout).find((arn) => arn.includes("assumed-role"));
    assert.equal(identity, `acs:ram::${accepterKey.account}:assumed-role/accept-peerings/deploy`);
    assert.deepEqual(told("ErrorCode", stderr), ["Forbidden.RAM", "Forbidden.RAM"], stderr);
    const requests = told("RequestId", stderr);
    const stories = await Promise.all(requests.map((id) => server().admin("GET", `requests/${id}`)));
    assert.deepEqual(
      stories.map(({ body }) => [body.permission.principal, body.permission.action]),
      [
        [`acs:ram::${requesterKey.account}:user/peering`, "vpc:AcceptVpcPeerConnection"],
        [`acs:ram::${accepterKey.account}:assumed-role/accept-peerings/deploy`, "vpc:DeleteVpcPeerConnection"],
      ],
    );
  };
  // Its lines ask for plain HTTP.
  if (!secure) test("what the README shows: a peering by a user of one account and a role of the other", story);
}

/** The lines of a shell that take a role, under "Accounts, users, roles" in the README. */
function readmeStory(): string {
  const readme = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8");
  const [, section] = /^## Accounts, users, roles\n(.*?)^## /ms.exec(readme) ?? [];
  const blocks = [...(section ?? "").matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  return blocks.find((block) => block.includes("AssumeRole")) ?? assert.fail("the README has no such lines");
}
