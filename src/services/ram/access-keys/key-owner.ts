import { type Caller, type Naming, type Rule, target } from "../../../contract/operation.ts";
import { accessKey, principalOfUser, rootPrincipal } from "./access-key.ts";
import { ramErrors } from "../errors.ts";
import { named } from "../names.ts";
import { type RamUser, ramUser } from "../users/user.ts";

/** Whose keys a call is about: those of the user that it names, or else the caller's own, be it the account itself or one of its users. */

interface Named {
  readonly caller: Caller;
  /** The user of `UserName`, which may be absent. */
  readonly targets: { readonly user: RamUser };
}

/** The `principal` of the keys; `undefined` for a role, which has no keys to keep. */
export function keyOwner({
  caller,
  targets,
}: {
  readonly caller: Caller;
  readonly targets: Partial<Named["targets"]>;
}): string | undefined {
  if (targets.user !== undefined) return principalOfUser(targets.user.id);
  if (caller.type === "Account") return rootPrincipal;
  return caller.type === "RAMUser" ? principalOfUser(caller.principalId) : undefined;
}

/** Without UserName a user works on its own keys, and needs the permission for those. */
export const ownKeysUnlessNamed = {
  UserName: ({ caller, targets, input }: Naming): string | undefined =>
    targets["user"]?.name ?? input["UserName"] ?? (caller.type === "RAMUser" ? caller.principal.slice("user/".length) : undefined),
};

/** Rule of the calls that name no key. */
export const someoneHasKeys: Rule<Named> = {
  rule: "UserName is given, or the caller is the account itself or one of its users",
  error: ramErrors.userNotFound,
  source: "inferred",
  advice: "a role has no access keys: name the user",
  holds: (call) => keyOwner(call) !== undefined,
};

/** The key of `UserAccessKeyId`, among those of its owner; all others look missing. */
export const ownKeyTarget = target({
  kind: accessKey,
  parameter: "UserAccessKeyId",
  missing: ramErrors.accessKeyNotFound,
  advice: "check UserName and UserAccessKeyId: ListAccessKeys lists the keys of one user, or without UserName the caller's own",
  find: async (state, id, { caller, input }) => {
    const name = input["UserName"] as string | undefined;
    const user = name === undefined ? undefined : await named(state, ramUser, caller.account, name);
    if (name !== undefined && user === undefined) return undefined;
    const owner = keyOwner({ caller, targets: { user } });
    const key = await state.get(accessKey, id);
    return key?.account === caller.account && key.principal === owner ? key : undefined;
  },
});
