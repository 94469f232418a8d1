import { type Call, writeOperation } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { listAll } from "../../../contract/resource-kind.ts";
import { grantErrors } from "./errors.ts";
import { given, granteesOf, grantParameters, grantRules, isForAll, vpcTarget } from "./parameters.ts";
import { grantOf, type VbrGrant, vbrGrant } from "./vbr-grant.ts";

export const revokeInstanceFromVbr = writeOperation({
  product: Vpc,
  name: "RevokeInstanceFromVbr",
  summary:
    "Takes back what GrantInstanceToVbr gave: every grant to an account's routers in a region, or those to the routers named. Links stay.",
  authorisation: {
    action: "vpc:RevokeInstanceFromVbr",
    resources: ["acs:vpc:{regionId}:{accountId}:vpc/{InstanceId}"],
    source: "inferred",
  },
  parameters: { ...grantParameters, VbrOwnerUid: string({ ...given, pattern: /^\d{1,18}$/, description: "an account id" }) },
  response: {},
  targets: { vpc: vpcTarget },
  check: [
    ...grantRules,
    {
      rule: "the VPC is granted so: to some router of the account in the region, or to each of those named",
      error: grantErrors.notGranted,
      holds: async (call) => (await revoked(call)) !== undefined,
    },
  ],
  apply: async (call) => {
    for (const grant of (await revoked(call)) ?? []) await call.state.move(vbrGrant, grant, "RevokeInstanceFromVbr");
    return {};
  },
});

interface Request extends Pick<Call, "state"> {
  readonly input: Parameters<typeof granteesOf>[0]["input"];
  readonly targets: { readonly vpc: { readonly id: string } };
}
/** The grants that a call takes back; `undefined` when what it names is not granted. */
async function revoked(call: Request): Promise<VbrGrant[] | undefined> {
  const { input, state, targets } = call;
  if (isForAll(input)) {
    const all = (await listAll(state, vbrGrant, [["vpc", targets.vpc.id]])).filter(
      ({ vbrOwner, vbrRegion }) => vbrOwner === input.VbrOwnerUid && vbrRegion === input.VbrRegionNo,
    );
    return all.length > 0 ? all : undefined;
  }
  const grants: VbrGrant[] = [];
  for (const grantee of granteesOf(call)) {
    const grant = await grantOf(state, targets.vpc.id, grantee);
    if (grant === undefined) return undefined;
    grants.push(grant);
  }
  return grants;
}
