import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { parseUtcSeconds } from "../../src/contract/time.ts";
import { type Answer, Caller, type Parameters } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { policyDocument, trustPolicy } from "../support/principals.ts";
import type { Random } from "../support/random.ts";

/** Whom a policy is attached to. */
const entities = ["User", "Group", "Role"] as const;
type Entity = (typeof entities)[number];

/** What RAM says of an account, each thing under its name, and nothing that differs from run to run but ids. */
export interface World {
  readonly users: Readonly<
    Record<string, { readonly id: string; readonly comments: string; readonly keys: Readonly<Record<string, string>> }>
  >;
  readonly groups: Readonly<Record<string, { readonly id: string }>>;
  readonly roles: Readonly<Record<string, { readonly id: string; readonly description: string }>>;
  /** Versions by number, oldest first. */
  readonly policies: Readonly<Record<string, { readonly versions: readonly number[]; readonly counts: number }>>;
  /** `<UserId> <GroupId>`, sorted. */
  readonly memberships: readonly string[];
  /** `<PolicyName> User <UserId>`, sorted. */
  readonly attachments: readonly string[];
}
const nothing: World = { users: {}, groups: {}, roles: {}, policies: {}, memberships: [], attachments: [] };

/** Reads all of an account, by all lists that there are, and asserts that they agree with each other. */
export async function look(root: Caller): Promise<World> {
  const ask = async (action: string, parameters: Parameters = {}): Promise<any> => succeeded(await root.ram(action, parameters)).body;
  const once = (kind: string, names: readonly string[]): void =>
    assert.equal(new Set(names).size, names.length, `each ${kind} once: ${names.join(", ")}`);
  const memberships: string[] = [];
  const attachments: string[] = [];
  const attached = async (entity: Entity, name: string, id: string): Promise<void> => {
    const { Policies } = await ask(`ListPoliciesFor${entity}`, { [`${entity}Name`]: name });
    attachments.push(...Policies.Policy.map(({ PolicyName }: any) => `${PolicyName} ${entity} ${id}`));
  };

  const listed = (await ask("ListUsers", { MaxItems: 1000 })).Users.User;
  once(
    "user",
    listed.map(({ UserName }: any) => UserName.toLowerCase()),
  );
  const users: Record<string, World["users"][string]> = {};
  const groups: Record<string, World["groups"][string]> = {};
  const roles: Record<string, World["roles"][string]> = {};
  const policies: Record<string, World["policies"][string]> = {};
  const groupsOf: string[] = [];
  const each = <T>(members: readonly T[], read: (member: T) => Promise<void>): Promise<unknown> => Promise.all(members.map(read));
  await each(listed, async ({ UserName, UserId, Comments }: any) => {
    const { AccessKey } = (await ask("ListAccessKeys", { UserName })).AccessKeys;
    const keys = Object.fromEntries(AccessKey.map((key: any) => [key.AccessKeyId, key.Status]));
    users[UserName] = { id: UserId, comments: Comments, keys };
    assert.equal((await ask("GetUser", { UserName })).User.UserId, UserId);
    await attached("User", UserName, UserId);
    groupsOf.push(...(await ask("ListGroupsForUser", { UserName })).Groups.Group.map(({ GroupId }: any) => `${UserId} ${GroupId}`));
  });
  await each((await ask("ListGroups", { MaxItems: 100 })).Groups.Group, async ({ GroupName, GroupId }: any) => {
    groups[GroupName] = { id: GroupId };
    await attached("Group", GroupName, GroupId);
    const { User } = (await ask("ListUsersForGroup", { GroupName, MaxItems: 1000 })).Users;
    memberships.push(...User.map(({ UserName }: any) => `${users[UserName]?.id} ${GroupId}`));
  });
  assert.deepEqual(groupsOf.sort(), memberships.sort(), "groups of users, and users of groups");
  await each((await ask("ListRoles", { MaxItems: 1000 })).Roles.Role, async ({ RoleName, RoleId, Description }: any) => {
    roles[RoleName] = { id: RoleId, description: Description };
    await attached("Role", RoleName, RoleId);
  });
  const custom = (await ask("ListPolicies", { PolicyType: "Custom", MaxItems: 1000 })).Policies.Policy;
  once("policy", custom.map(({ PolicyName }: any) => PolicyName.toLowerCase())); // prettier-ignore
  await each(custom, async ({ PolicyName, DefaultVersion, AttachmentCount }: any) => {
    const { PolicyVersion } = (await ask("ListPolicyVersions", { PolicyType: "Custom", PolicyName })).PolicyVersions;
    const numberOf = (id: string): number => Number(id.slice(1));
    policies[PolicyName] = {
      versions: PolicyVersion.map((one: any) => numberOf(one.VersionId)).sort(byNumber),
      counts: numberOf(DefaultVersion),
    };
    assert.equal(AttachmentCount, attachments.filter((one) => one.startsWith(`${PolicyName} `)).length, `count of ${PolicyName}`);
    const on = await ask("ListEntitiesForPolicy", { PolicyType: "Custom", PolicyName });
    const names = [...on.Users.User, ...on.Groups.Group, ...on.Roles.Role];
    assert.equal(names.length, AttachmentCount, `entities of ${PolicyName}`);
  });
  once("attachment", attachments);
  return { users, groups, roles, policies, memberships, attachments: attachments.sort() };
}
/** What of a world has names that begin so. */
export function partOf(world: World, start: string): World {
  const own = <V>(all: Readonly<Record<string, V>>): Record<string, V> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(start)));
  const [users, groups, roles] = [own(world.users), own(world.groups), own(world.roles)];
  const ids = new Set([users, groups, roles].flatMap((all) => Object.values(all).map(({ id }) => id)));
  const isOwn = (line: string): boolean => line.split(" ").some((word) => ids.has(word));
  const { memberships, attachments } = world;
  return {
    users,
    groups,
    roles,
    policies: own(world.policies),
    memberships: memberships.filter(isOwn),
    attachments: attachments.filter(isOwn),
  };
}

/** A call, and what the world is like when it has happened. */
interface Step {
  readonly action: string;
  readonly parameters: Parameters;
  /** `made`: the id of what the call creates. */
  readonly after: (world: World, made: string) => World;
  /** What the answer says was made. */
  readonly madeBy?: (answer: any) => string;
  /** What was made, as a look shows it, where the answer was lost. */
  readonly madeIn?: (seen: World) => string | undefined;
}

/** A session of a role. */
interface Session {
  readonly caller: Caller;
  readonly roleId: string;
  /** Virtual milliseconds. */
  readonly expiration: number;
}

/** The server died before it answered: whether the call happened is not known. */
class Lost extends Error {}

/** Whether a version of a policy allows what keys and sessions are tried with. Every other one does. */
const allows = (version: number): boolean => version % 2 === 1;
const documentOf = (version: number): string =>
  policyDocument({ Effect: "Allow", Action: allows(version) ? "vpc:DescribeVpcs" : "vpc:DescribeZones", Resource: "*" });
const sessionSeconds = 900;
const max = { users: 4, keys: 2, groups: 3, roles: 3, policies: 4, versions: 5 } as const;
const without = <V>(all: Readonly<Record<string, V>>, name: string): Record<string, V> =>
  Object.fromEntries(Object.entries(all).filter(([one]) => one !== name));

/**
 * A client that administers users, groups, roles and policies of its own without a pause, and remembers what was acknowledged. It makes
 * only calls that must succeed. At any moment at most one of them is under way.
 */
export class RamWriter {
  readonly name: string;
  /** What was acknowledged. */
  world = nothing;
  /** The call whose answer was lost. */
  #pending: Step | undefined;
  /** Keys whose secret is known, by id, and those of them that were deleted. */
  readonly #keys = new Map<string, Caller>();
  readonly #sessions: Session[] = [];
  /** Steps acknowledged so far. */
  acknowledged = 0;
  /** Steps that had lost their answer and had happened. */
  happened = 0;
  /** Keys and sessions that were tried after a restart, by what they were answered. */
  readonly tried = new Map<string, number>();
  #count = 0;
  /** Who takes the roles. */
  #taker: Caller | undefined;

  constructor(name: string) {
    this.name = `${name}-`;
  }

  /** Makes a user that may take roles. */
  async prepare(root: Caller): Promise<void> {
    const UserName = `${this.name}taker`;
    await this.#do(root, this.#newUser(UserName));
    await this.#do(root, this.#newKey(UserName));
    const [taker] = this.#keys.values();
    this.#taker = taker;
    await this.#do(root, this.#attachment("AliyunSTSAssumeRoleAccess", "User", UserName, true));
  }

  /** Writes until the server is gone. */
  async work(root: Caller, random: Random): Promise<void> {
    try {
      for (;;) {
        const steps = this.#steps(random);
        const step = random.pick(steps.filter((one) => one !== undefined));
        if (step === "session") await this.#take(root, random);
        else await this.#do(root, step);
      }
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  }

  async #do(root: Caller, step: Step): Promise<void> {
    this.#pending = step;
    const { body } = await this.#send(() => root.ram(step.action, step.parameters));
    this.#pending = undefined;
    const made = step.madeBy?.(body) ?? "";
    this.world = step.after(this.world, made);
    if (step.action === "CreateAccessKey") {
      this.#keys.set(made, new Caller(root.url, { account: root.key.account, id: made, secret: body.AccessKey.AccessKeySecret }));
    }
  }
  async #send(send: () => Promise<Answer>): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await send();
    } catch (cause) {
      throw new Lost("", { cause });
    }
    this.acknowledged++;
    return succeeded(answer);
  }
  async #take(root: Caller, random: Random): Promise<void> {
    const [name, { id: roleId }] = random.pick(Object.entries(this.world.roles));
    const RoleArn = `acs:ram::${root.key.account}:role/${name}`;
    const taker = new Caller(root.url, (this.#taker as Caller).key);
    const asked = { RoleArn, RoleSessionName: "session", DurationSeconds: sessionSeconds };
    const { Credentials } = (await this.#send(() => taker.sts("AssumeRole", asked))).body;
    const { AccessKeyId: id, AccessKeySecret: secret, SecurityToken: token, Expiration } = Credentials;
    const caller = new Caller(root.url, { account: root.key.account, id, secret, token });
    this.#sessions.push({ caller, roleId, expiration: parseUtcSeconds(Expiration) as number });
  }

  // Steps

  #fresh(kind: string): string {
    return `${this.name}${kind}${this.#count++}`;
  }
  #newUser(UserName: string): Step {
    return {
      action: "CreateUser",
      parameters: { UserName },
      after: (world, id) => ({ ...world, users: { ...world.users, [UserName]: { id, comments: "", keys: {} } } }),
      madeBy: ({ User }) => User.UserId,
      madeIn: ({ users }) => users[UserName]?.id,
    };
  }
  #withUser(world: World, name: string, changes: Partial<World["users"][string]>): World {
    const user = world.users[name] as World["users"][string];
    return { ...world, users: { ...world.users, [name]: { ...user, ...changes } } };
  }
  #newKey(UserName: string): Step {
    const had = this.world.users[UserName]?.keys ?? {};
    return {
      action: "CreateAccessKey",
      parameters: { UserName },
      after: (world, id) => this.#withUser(world, UserName, { keys: { ...had, [id]: "Active" } }),
      madeBy: ({ AccessKey }) => AccessKey.AccessKeyId,
      madeIn: ({ users }) => Object.keys(users[UserName]?.keys ?? {}).find((id) => !(id in had)),
    };
  }
  #attachment(PolicyName: string, entity: Entity, name: string, isSystem = false): Step {
    const [{ id }, PolicyType] = [this.#named(entity)[name] as { id: string }, isSystem ? "System" : "Custom"];
    const line = `${PolicyName} ${entity} ${id}`;
    const isThere = this.world.attachments.includes(line);
    return {
      action: isThere ? `DetachPolicyFrom${entity}` : `AttachPolicyTo${entity}`,
      parameters: { PolicyType, PolicyName, [`${entity}Name`]: name },
      after: (world) => ({ ...world, attachments: toggled(world.attachments, line) }),
    };
  }
  #named(entity: Entity): Readonly<Record<string, { readonly id: string }>> {
    const { users, groups, roles } = this.world;
    return { User: users, Group: groups, Role: roles }[entity];
  }
  /** Whether nothing stands in the way of a deletion. */
  #isFree(id: string): boolean {
    const { attachments, memberships } = this.world;
    return ![...attachments, ...memberships].some((line) => line.split(" ").includes(id));
  }

  /** One step of each sort that can be made now. */
  #steps(random: Random): (Step | "session" | undefined)[] {
    const { world } = this;
    const any = <V>(all: Readonly<Record<string, V>>): [string, V] | undefined => {
      const entries = Object.entries(all).filter(([name]) => !name.endsWith("-taker"));
      return entries.length === 0 ? undefined : random.pick(entries);
    };
    const [user, group, role, policy] = [any(world.users), any(world.groups), any(world.roles), any(world.policies)];
    const key = user && any(user[1].keys);
    const room = (kind: keyof typeof max, all: object): boolean => Object.keys(all).length < max[kind];
    const entity = random.pick(entities);
    const holder = any(this.#named(entity));
    return [
      ...(room("users", world.users) ? [this.#newUser(this.#fresh("user"))] : []),
      user && this.#changeUser(user[0], random),
      user && Object.keys(user[1].keys).length === 0 && this.#isFree(user[1].id) ? this.#removal("User", user[0]) : undefined,
      user && room("keys", user[1].keys) ? this.#newKey(user[0]) : undefined,
      user && key && this.#changeKey(user[0], key[0], key[1] === "Active" ? "Inactive" : "Active"),
      user && key && this.#changeKey(user[0], key[0], undefined),
      room("groups", world.groups) ? this.#newGroup() : undefined,
      group && this.#isFree(group[1].id) ? this.#removal("Group", group[0]) : undefined,
      group && this.#renameGroup(group[0]),
      user && group && this.#membership(user, group),
      user && group && this.#membership(user, group),
      room("roles", world.roles) ? this.#newRole() : undefined,
      role && this.#changeRole(role[0]),
      role && this.#isFree(role[1].id) ? this.#removal("Role", role[0]) : undefined,
      role && "session",
      role && "session",
      room("policies", world.policies) ? this.#newPolicy() : undefined,
      policy && this.#removePolicy(policy[0]),
      ...(policy ? this.#versions(policy, random) : []),
      ...(policy && holder ? [1, 2, 3, 4].map(() => this.#attachment(policy[0], entity, holder[0])) : []),
    ];
  }
  #changeUser(UserName: string, random: Random): Step {
    const [comments, NewUserName] = [`turn ${this.#count++}`, random.chance(0.5) ? this.#fresh("user") : UserName];
    return {
      action: "UpdateUser",
      parameters: { UserName, NewUserName, NewComments: comments },
      after: (world) => {
        const changed = { ...(world.users[UserName] as World["users"][string]), comments };
        return { ...world, users: { ...without(world.users, UserName), [NewUserName]: changed } };
      },
    };
  }
  #removal(entity: Entity, name: string): Step {
    const field = { User: "users", Group: "groups", Role: "roles" } as const;
    const after = (world: World): World => ({ ...world, [field[entity]]: without<unknown>(world[field[entity]], name) });
    return { action: `Delete${entity}`, parameters: { [`${entity}Name`]: name }, after };
  }
  /** Gives a key a status, or deletes it. */
  #changeKey(UserName: string, id: string, Status: string | undefined): Step {
    return {
      action: Status === undefined ? "DeleteAccessKey" : "UpdateAccessKey",
      parameters: { UserName, UserAccessKeyId: id, Status },
      after: (world) => {
        const others = without(world.users[UserName]?.keys ?? {}, id);
        return this.#withUser(world, UserName, { keys: Status === undefined ? others : { ...others, [id]: Status } });
      },
    };
  }
  #newGroup(): Step {
    const GroupName = this.#fresh("group");
    return {
      action: "CreateGroup",
      parameters: { GroupName },
      after: (world, id) => ({ ...world, groups: { ...world.groups, [GroupName]: { id } } }),
      madeBy: ({ Group }) => Group.GroupId,
      madeIn: ({ groups }) => groups[GroupName]?.id,
    };
  }
  #renameGroup(GroupName: string): Step {
    const NewGroupName = this.#fresh("group");
    const after = (world: World): World => {
      const group = world.groups[GroupName] as World["groups"][string];
      return { ...world, groups: { ...without(world.groups, GroupName), [NewGroupName]: group } };
    };
    return { action: "UpdateGroup", parameters: { GroupName, NewGroupName }, after };
  }
  #membership([UserName, user]: [string, { id: string }], [GroupName, group]: [string, { id: string }]): Step {
    const line = `${user.id} ${group.id}`;
    const isIn = this.world.memberships.includes(line);
    const after = (world: World): World => ({ ...world, memberships: toggled(world.memberships, line) });
    return { action: isIn ? "RemoveUserFromGroup" : "AddUserToGroup", parameters: { UserName, GroupName }, after };
  }
  #newRole(): Step {
    // Few names, so that roles are made anew under the names of those that went.
    const RoleName = [1, 2, 3, 4].map((number) => `${this.name}role${number}`).find((name) => !(name in this.world.roles)) as string;
    const account = (this.#taker as Caller).key.account;
    return {
      action: "CreateRole",
      parameters: { RoleName, AssumeRolePolicyDocument: trustPolicy([`acs:ram::${account}:root`]) },
      after: (world, id) => ({ ...world, roles: { ...world.roles, [RoleName]: { id, description: "" } } }),
      madeBy: ({ Role }) => Role.RoleId,
      madeIn: ({ roles }) => roles[RoleName]?.id,
    };
  }
  #changeRole(RoleName: string): Step {
    const description = `turn ${this.#count++}`;
    const after = (world: World): World => {
      const role = world.roles[RoleName] as World["roles"][string];
      return { ...world, roles: { ...world.roles, [RoleName]: { ...role, description } } };
    };
    return { action: "UpdateRole", parameters: { RoleName, NewDescription: description }, after };
  }
  #newPolicy(): Step {
    const PolicyName = this.#fresh("policy");
    const after = (world: World): World => ({ ...world, policies: { ...world.policies, [PolicyName]: { versions: [1], counts: 1 } } });
    return { action: "CreatePolicy", parameters: { PolicyName, PolicyDocument: documentOf(1) }, after };
  }
  #removePolicy(PolicyName: string): Step | undefined {
    if (this.world.attachments.some((line) => line.startsWith(`${PolicyName} `))) return undefined;
    const after = (world: World): World => ({ ...world, policies: without(world.policies, PolicyName) });
    return { action: "DeletePolicy", parameters: { PolicyName, CascadingDelete: true }, after };
  }
  readonly #latest = new Map<string, number>();
  #versions([PolicyName, { versions, counts }]: [string, World["policies"][string]], random: Random): (Step | undefined)[] {
    const change = (changed: World["policies"][string]) => (world: World) => ({
      ...world,
      policies: { ...world.policies, [PolicyName]: changed },
    });
    const other = versions.filter((one) => one !== counts);
    const chosen = other.length === 0 ? undefined : random.pick(other);
    // Numbers are never used again, so the next follows from all that were seen.
    const next = Math.max(this.#latest.get(PolicyName) ?? 1, ...versions) + 1;
    this.#latest.set(PolicyName, next - 1);
    const SetAsDefault = random.chance(0.5);
    const named = { PolicyName, VersionId: `v${chosen}` };
    return [
      versions.length < max.versions
        ? {
            action: "CreatePolicyVersion",
            parameters: { PolicyName, PolicyDocument: documentOf(next), SetAsDefault },
            after: change({ versions: [...versions, next], counts: SetAsDefault ? next : counts }),
          }
        : undefined,
      chosen === undefined
        ? undefined
        : { action: "SetDefaultPolicyVersion", parameters: named, after: change({ versions, counts: chosen }) },
      chosen === undefined
        ? undefined
        : {
            action: "DeletePolicyVersion",
            parameters: named,
            after: change({ versions: versions.filter((one) => one !== chosen), counts }),
          },
    ];
  }

  // After a restart

  /** Asserts that what was acknowledged is there, once, and nothing else; and settles whether the call happened whose answer was lost. */
  check(seen: World): void {
    const own = partOf(seen, this.name);
    const pending = this.#pending;
    this.#pending = undefined;
    if (isDeepStrictEqual(own, this.world) || pending === undefined) {
      assert.deepEqual(own, this.world, `${this.name}: what was acknowledged`);
      return;
    }
    const made = pending.madeIn?.(own) ?? "";
    assert.deepEqual(own, pending.after(this.world, made), `${this.name}: what was acknowledged, and ${pending.action}`);
    this.world = own;
    this.happened++;
  }

  /** Tries every key and session: each is answered what the world says that it may. */
  async tryAll(url: string, now: number): Promise<void> {
    const { users, roles, groups, memberships } = this.world;
    const status = new Map(Object.values(users).flatMap(({ id, keys }) => Object.entries(keys).map(([key, state]) => [key, [state, id]])));
    for (const [id, { key }] of this.#keys) {
      const [state, userId = ""] = status.get(id) ?? [];
      const within = Object.values(groups).filter((group) => memberships.includes(`${userId} ${group.id}`));
      const isAllowed = [{ id: userId }, ...within].some((one) => this.#isAllowed(one.id));
      const wanted = state === undefined ? "InvalidAccessKeyId.NotFound" : state === "Inactive" ? "InvalidAccessKeyId.Inactive" : undefined;
      await this.#try(new Caller(url, key), wanted ?? (isAllowed ? "OK" : "Forbidden.RAM"), `key ${id} of ${userId}`);
      if (state === undefined) this.#keys.delete(id);
    }
    for (const { caller, roleId, expiration } of this.#sessions) {
      const isThere = Object.values(roles).some(({ id }) => id === roleId);
      const isOver = now >= expiration ? "InvalidSecurityToken.Expired" : undefined;
      const wanted = isThere ? (isOver ?? (this.#isAllowed(roleId) ? "OK" : "Forbidden.RAM")) : "InvalidAccessKeyId.Inactive";
      await this.#try(new Caller(url, caller.key), wanted, `session of ${roleId} until ${expiration}, now ${now}`);
    }
    // Those that have ended stay so: a few of them are enough.
    this.#sessions.splice(0, Math.max(this.#sessions.length - 12, 0));
  }
  #isAllowed(entityId: string): boolean {
    const { attachments, policies } = this.world;
    return attachments.some((line) => {
      const [policy = "", , id] = line.split(" ");
      return id === entityId && allows(policies[policy]?.counts ?? 0);
    });
  }
  async #try(caller: Caller, wanted: string, what: string): Promise<void> {
    const { status, body } = await caller.vpc("DescribeVpcs", { RegionId: hangzhou });
    assert.equal(status === 200 ? "OK" : body.Code, wanted, what);
    this.tried.set(wanted, (this.tried.get(wanted) ?? 0) + 1);
  }
}

const byNumber = (a: number, b: number): number => a - b;
function toggled(lines: readonly string[], line: string): readonly string[] {
  return lines.includes(line) ? lines.filter((one) => one !== line) : [...lines, line].sort();
}
