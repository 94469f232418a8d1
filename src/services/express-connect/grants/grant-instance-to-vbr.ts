import { type Call, writeOperation } from "../../../contract/operation.ts";
import { long } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { grantErrors } from "./errors.ts";
import { given, granteesOf, grantParameters, grantRules, vpcTarget } from "./parameters.ts";
import { type Grantee, grantOf, vbrGrant } from "./vbr-grant.ts";

export const grantInstanceToVbr = writeOperation({
  product: Vpc,
  name: "GrantInstanceToVbr",
  summary: "Lets virtual border routers of another account use a VPC. What is granted already stays so.",
  authorisation: {
    action: "vpc:GrantInstanceToVbr",
    resources: ["acs:vpc:{regionId}:{accountId}:vpc/{InstanceId}"],
    source: "public-docs",
  },
  parameters: { ...grantParameters, VbrOwnerUid: long(given) },
  response: {},
  targets: { vpc: vpcTarget },
  check: [
    ...grantRules,
    {
      rule: "each router that is named exists, belongs to VbrOwnerUid and is in VbrRegionNo",
      error: grantErrors.instanceNotFound,
      source: "sdk-metadata",
      holds: async (call) => {
        for (const grantee of granteesOf(call)) if (!(await isThere(call, grantee))) return false;
        return true;
      },
    },
  ],
  apply: async (call) => {
    const { input, caller, state, targets } = call;
    for (const grantee of granteesOf(call)) {
      if ((await grantOf(state, targets.vpc.id, grantee)) !== undefined) continue;
      const id = state.newId(vbrGrant, input.RegionId);
      const grant = { id, account: caller.account, region: input.RegionId, vpcId: targets.vpc.id, ...grantee };
      await state.create(vbrGrant, grant, "GrantInstanceToVbr");
    }
    return {};
  },
});

/** A grant for all of an account is for routers that come later too. */
async function isThere({ state }: Pick<Call, "state">, { vbrOwner, vbrRegion, vbrId }: Grantee): Promise<boolean> {
  if (vbrId === "") return true;
  const router = await state.get(virtualBorderRouter, vbrId);
  return router?.account === vbrOwner && router.region === vbrRegion;
}
