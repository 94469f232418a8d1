import { idOr, regionId } from "../../../contract/common-parameters.ts";
import { list, string } from "../../../contract/parameters.ts";
import { regionById } from "../../../contract/regions.ts";
import { type Call, type Rule, target } from "../../../contract/operation.ts";
import { isTransitional } from "../../../contract/state-table.ts";
import { vpc } from "../../vpc/vpc.ts";
import { account } from "../../accounts/account.ts";
import { grantErrors } from "./errors.ts";
import type { Grantee } from "./vbr-grant.ts";

/** Parameters, targets and rules that granting and revoking share. */

const vbrInstanceIdsMax = 50;
export const given = { required: true, missing: grantErrors.missing, invalid: grantErrors.illegal } as const;
export const grantParameters = {
  RegionId: regionId,
  /** Official SDKs send the list as one JSON text. */
  VbrInstanceIds: list(string({ lengthMax: 128 }), {
    itemsMax: vbrInstanceIdsMax,
    also: ["comma", "json"],
    invalid: grantErrors.illegal,
  }),
  InstanceId: idOr(grantErrors.missing),
  GrantType: string({ ...given, pattern: /^(All|Specify)$/i, description: "All or Specify, in any letter case" }),
  VbrRegionNo: string({ ...given, valid: (value) => regionById(value) !== undefined, description: "Region id" }),
} as const;

export const vpcTarget = target({ kind: vpc, parameter: "InstanceId", missing: grantErrors.instanceNotFound });

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: {
    readonly VbrOwnerUid: string;
    readonly VbrRegionNo: string;
    readonly VbrInstanceIds: readonly string[];
    readonly GrantType: string;
  };
  readonly targets: { readonly vpc: { readonly id: string; readonly state: string } };
}
export function isForAll({ GrantType }: { readonly GrantType: string }): boolean {
  return GrantType.toLowerCase() === "all";
}
/** Whom a call names: all of an account and region, or each of the routers. With `All` the ids say nothing. */
export function granteesOf({ input }: Pick<Request, "input">): Grantee[] {
  const { VbrOwnerUid: vbrOwner, VbrRegionNo: vbrRegion } = input;
  const routers = isForAll(input) ? [""] : [...new Set(input.VbrInstanceIds)];
  return routers.map((vbrId) => ({ vbrOwner, vbrRegion, vbrId }));
}

export const grantRules: readonly Rule<Request>[] = [
  {
    rule: "VbrOwnerUid is an account, and not the caller's own",
    error: grantErrors.illegal,
    holds: async ({ input, caller, state }) =>
      input.VbrOwnerUid !== caller.account && (await state.get(account, input.VbrOwnerUid)) !== undefined,
  },
  {
    rule: "with GrantType Specify, VbrInstanceIds names the routers",
    error: grantErrors.missing,
    holds: (call) => granteesOf(call).length > 0,
  },
  {
    rule: "the VPC is Available",
    error: grantErrors.status,
    holds: ({ targets }) => !isTransitional(vpc.states, targets.vpc.state),
    subject: ({ targets }) => ({ kind: vpc, resource: targets.vpc }),
  },
];
