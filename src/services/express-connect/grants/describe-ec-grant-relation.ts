import { idOr, numberedPage, pageIsNotTooDeep, pageParameters } from "../../../contract/common-parameters.ts";
import { type Call, readOperation } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { regionById } from "../../../contract/regions.ts";
import { listAll } from "../../../contract/resource-kind.ts";
import { int, listOf, long, structure, text } from "../../../contract/response.ts";
import { utcMinutes } from "../../../contract/time.ts";
import { vpc } from "../../vpc/vpc.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { grantErrors } from "./errors.ts";
import { given } from "./parameters.ts";
import { grantsTo, type VbrGrant, vbrGrant } from "./vbr-grant.ts";

export const describeEcGrantRelation = readOperation({
  product: Vpc,
  name: "DescribeEcGrantRelation",
  summary: "Lists the grants that a VPC of the caller gave, or those that a virtual border router of the caller has.",
  authorisation: { action: "vpc:DescribeEcGrantRelation", resources: ["*"], source: "inferred" },
  parameters: {
    InstanceType: string({ ...given, pattern: /^(VPC|VBR)$/i, description: "VPC or VBR" }),
    InstanceId: idOr(grantErrors.missing),
    ...pageParameters,
    VbrRegionNo: string({ valid: (value) => regionById(value) !== undefined, invalid: grantErrors.illegal, description: "Region id" }),
  },
  response: {
    Count: int,
    EcGrantRelations: listOf(
      structure({
        AliUid: long,
        GmtCreate: text,
        GrantType: text,
        InstanceId: text,
        InstanceName: text,
        InstanceRouterId: text,
        RegionNo: text,
        Status: text,
        VbrInstanceId: text,
        VbrOwnerUid: long,
        VbrRegionNo: text,
      }),
    ),
    Page: int,
    PageSize: int,
    TotalCount: int,
  },
  check: [
    pageIsNotTooDeep,
    {
      rule: "with InstanceType VBR, VbrRegionNo is given",
      error: grantErrors.missing,
      holds: ({ input }) => !isOfVbr(input) || input.VbrRegionNo !== undefined,
    },
    {
      rule: "InstanceId is a VPC of the caller, or a virtual border router that the caller has in VbrRegionNo",
      error: grantErrors.instanceNotFound,
      holds: async (call) => (await grantsOf(call)) !== undefined,
    },
  ],
  read: async (call) => {
    const { input, state } = call;
    const all = (await grantsOf(call)) ?? [];
    const { offset, limit } = numberedPage(input);
    const page = all.slice(offset, offset + limit);
    return {
      Count: page.length,
      EcGrantRelations: await Promise.all(
        page.map(async (grant) => {
          const granted = await state.get(vpc, grant.vpcId);
          return {
            AliUid: grant.account,
            GmtCreate: utcMinutes(grant.createdAt),
            GrantType: grant.vbrId === "" ? "All" : "Specify",
            InstanceId: grant.vpcId,
            InstanceName: granted?.name ?? "",
            InstanceRouterId: granted?.vRouterId ?? "",
            RegionNo: grant.region,
            Status: grant.state,
            // Whoever granted to all is not told which there are.
            VbrInstanceId: isOfVbr(input) ? input.InstanceId : grant.vbrId,
            VbrOwnerUid: grant.vbrOwner,
            VbrRegionNo: grant.vbrRegion,
          };
        }),
      ),
      Page: input.PageNumber,
      PageSize: input.PageSize,
      TotalCount: all.length,
    };
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: { readonly InstanceType: string; readonly InstanceId: string; readonly VbrRegionNo: string | undefined };
}
function isOfVbr({ InstanceType }: Pick<Request["input"], "InstanceType">): boolean {
  return InstanceType.toUpperCase() === "VBR";
}
/** The grants of what the call names; `undefined` when the caller has no such thing. */
async function grantsOf({ input, caller, state }: Request): Promise<VbrGrant[] | undefined> {
  if (isOfVbr(input)) {
    const router = await state.get(virtualBorderRouter, input.InstanceId);
    return router?.account === caller.account && router.region === input.VbrRegionNo ? grantsTo(state, router) : undefined;
  }
  const granted = await state.get(vpc, input.InstanceId);
  return granted?.account === caller.account ? listAll(state, vbrGrant, [["vpc", granted.id]]) : undefined;
}
