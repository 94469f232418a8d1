import { type Family, type Refused, refused } from "./foretell.ts";
import type { Model } from "./model.ts";
import type { Account, Grant, Vpc } from "./things.ts";

/** Leave for virtual border routers of other accounts to use a VPC. */

const notThere = refused("Instance.NotExist", 404);

interface Named {
  readonly of: Vpc;
  /** Ids of routers; the empty string for all of the account in the region. */
  readonly routerIds: readonly string[];
}
function named(model: Model, by: Account, { RegionId, InstanceId, VbrOwnerUid, GrantType, VbrInstanceIds = [] }: any): Named | Refused {
  const of = model.owned(model.vpcs, InstanceId, by.id, RegionId);
  if (of === undefined) return notThere;
  if (VbrOwnerUid === by.id || model.account(VbrOwnerUid) === undefined) return refused("Parameter.Illegal");
  const routerIds: readonly string[] = GrantType === "All" ? [""] : [...new Set<string>(VbrInstanceIds)];
  if (routerIds.length === 0) return refused("InvalidParam.NotNull");
  return model.atWork(of) ? refused("Instance.StatusError") : { of, routerIds };
}
function grantsOf(model: Model, { id }: Vpc, { VbrOwnerUid, VbrRegionNo }: any): Grant[] {
  return model.grants.filter((one) => one.vpcId === id && one.vbrOwner === VbrOwnerUid && one.vbrRegion === VbrRegionNo);
}

export const grantFamily: Family = {
  GrantInstanceToVbr(model, by, parameters) {
    const given = named(model, by, parameters);
    if ("code" in given) return given;
    const { VbrOwnerUid: vbrOwner, VbrRegionNo: vbrRegion, RegionId } = parameters;
    const isThere = (routerId: string): boolean =>
      routerId === "" ||
      model.borderRouters.some(({ id, account, region }) => id === routerId && account === vbrOwner && region === vbrRegion);
    if (!given.routerIds.every(isThere)) return notThere;
    return () => {
      const known = grantsOf(model, given.of, parameters);
      for (const routerId of given.routerIds) {
        if (known.some((one) => one.routerId === routerId)) continue;
        model.addGrant({ id: "", account: by.id, region: RegionId, vpcId: given.of.id, vbrOwner, vbrRegion, routerId });
      }
      return {};
    };
  },
  RevokeInstanceFromVbr(model, by, parameters) {
    const given = named(model, by, parameters);
    if ("code" in given) return given;
    const known = grantsOf(model, given.of, parameters);
    const { routerIds } = given;
    const isForAll = routerIds.includes("");
    const isKnown = isForAll ? known.length > 0 : routerIds.every((id) => known.some((one) => one.routerId === id));
    if (!isKnown) return refused("EcGrantRelation.NotExist", 404);
    return () => {
      for (const grant of known) if (isForAll || routerIds.includes(grant.routerId)) model.happens(grant, "RevokeInstanceFromVbr");
      return {};
    };
  },
};
