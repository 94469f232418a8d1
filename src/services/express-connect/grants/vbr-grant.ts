import { type Resource, type ResourceKind, type ResourceReader, listAll } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";

/** Leave for virtual border routers of another account to use a VPC. It belongs to the VPC's owner and is in the VPC's region. */
export interface VbrGrantBody {
  readonly vpcId: string;
  readonly vbrOwner: string;
  readonly vbrRegion: string;
  /** The one router that it is for; the empty string when it is for all that the account has, or will have, in the region. */
  readonly vbrId: string;
}
export type VbrGrant = Resource<VbrGrantBody>;

export const vbrGrant: ResourceKind<VbrGrantBody> = {
  name: "vbr-grant",
  idPrefix: "ecg",
  idHasRegionCode: true,
  states: {
    initial: { GrantInstanceToVbr: "Created" },
    states: { Created: { meaning: "in force", moves: { RevokeInstanceFromVbr: gone, vpcDeleted: gone, vbrDeleted: gone } } },
  },
  indexes: {
    vpc: ({ vpcId }) => [vpcId],
    vbr: ({ vbrId }) => (vbrId === "" ? [] : [vbrId]),
    /** What a router may use, by the account, region and id that it was granted to. */
    grantee: (grant) => [granteeKey(grant)],
    vpcAndGrantee: (grant) => [`${grant.vpcId}\n${granteeKey(grant)}`],
  },
  counted: [],
  sharedWith: ({ vbrOwner }) => [vbrOwner],
  partOf: [
    { kind: "vpc", index: "vpc", event: "vpcDeleted" },
    { kind: "virtual-border-router", index: "vbr", event: "vbrDeleted" },
  ],
};

/** A virtual border router, or with an empty id all of an account in a region. */
export type Grantee = Pick<VbrGrantBody, "vbrOwner" | "vbrRegion" | "vbrId">;
function granteeKey({ vbrOwner, vbrRegion, vbrId }: Grantee): string {
  return [vbrOwner, vbrRegion, vbrId].join("\n");
}

/** The grant of a VPC to exactly this grantee, if there is one. */
export async function grantOf(state: ResourceReader, vpcId: string, grantee: Grantee): Promise<VbrGrant | undefined> {
  const [found] = await state.list(vbrGrant, [["vpcAndGrantee", `${vpcId}\n${granteeKey(grantee)}`]], { limit: 1 });
  return found?.resource;
}
interface Router {
  readonly id: string;
  readonly account: string;
  readonly region: string;
}
/** Every grant that lets a virtual border router use a VPC: those for all of its account's first. */
export async function grantsTo(state: ResourceReader, { id, account, region }: Router): Promise<VbrGrant[]> {
  const to = (vbrId: string): Promise<VbrGrant[]> =>
    listAll(state, vbrGrant, [["grantee", granteeKey({ vbrOwner: account, vbrRegion: region, vbrId })]]);
  return [...(await to("")), ...(await to(id))];
}

/** Whether a virtual border router may be joined with a VPC: one of its own account, or one that was granted to it. */
export async function mayUse(
  state: ResourceReader,
  router: Router,
  vpc: { readonly id: string; readonly account: string },
): Promise<boolean> {
  if (router.account === vpc.account) return true;
  const grantee = { vbrOwner: router.account, vbrRegion: router.region };
  for (const vbrId of ["", router.id]) if ((await grantOf(state, vpc.id, { ...grantee, vbrId })) !== undefined) return true;
  return false;
}
