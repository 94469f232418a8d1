import type { Parameters } from "../support/caller.ts";
import type { Preference, Scene } from "./scene.ts";
import type { Stored } from "./store-watch.ts";

/** How calls about users, access keys and groups get past their rules. */

const ofKind = ({ resources }: Pick<Scene, "resources">, wanted: string): Stored[] => resources.filter(({ kind }) => kind === wanted);
const membershipsIn = (scene: Scene): Stored[] => ofKind(scene, "ram-group-membership");
const nameOf = ({ resources }: Scene, wanted: string): string | undefined => resources.find(({ id }) => id === wanted)?.["name"];

/** Whose key a call is about: the user that has it. */
function ownerOfKey(scene: Scene): Parameters {
  const [type, user] = String(scene.named.get("UserAccessKeyId")?.["principal"]).split("/");
  return { UserName: type === "user" && user !== undefined ? nameOf(scene, user) : undefined };
}

export const ramPreferences: Readonly<Record<string, Preference>> = {
  DeleteUser: ({ id }, scene) =>
    membershipsIn(scene).every((one) => one["userId"] !== id) &&
    ofKind(scene, "access-key").every((one) => one["principal"] !== `user/${id}`),
  DeleteGroup: ({ id }, scene) => membershipsIn(scene).every((one) => one["groupId"] !== id),
};
export const ramRecipes: Readonly<Record<string, (scene: Scene) => Parameters>> = {
  UpdateAccessKey: ownerOfKey,
  DeleteAccessKey: ownerOfKey,
  RemoveUserFromGroup: (scene) => {
    const own = membershipsIn(scene).filter(({ account }) => account === scene.account);
    if (own.length === 0) return {};
    const { userId, groupId } = scene.random.pick(own) as { [field: string]: string };
    return { UserName: nameOf(scene, userId ?? ""), GroupName: nameOf(scene, groupId ?? "") };
  },
};
