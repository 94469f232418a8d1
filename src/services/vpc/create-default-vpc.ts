import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { scopeOf, scoped } from "../../contract/indexes.ts";
import { writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { text } from "../../contract/response.ts";
import { vpcErrors } from "./errors.ts";
import { addVpc, newVpcIpv6Block, newVpcParameters, newVpcRules } from "./new-vpc.ts";
import { vpc } from "./vpc.ts";

/** The block of every default VPC; its vSwitches are cut from it. */
const defaultVpcBlock = "172.31.0.0/16";

export const createDefaultVpc = writeOperation({
  product: Vpc,
  name: "CreateDefaultVpc",
  summary: "Creates the default VPC of a region, of which an account has at most one.",
  pollWith: "DescribeVpcAttribute",
  authorisation: { action: "vpc:CreateDefaultVpc", resources: ["acs:vpc:{regionId}:{accountId}:vpc/*"], source: "public-docs" },
  parameters: {
    ClientToken: clientToken,
    ...newVpcParameters,
    RegionId: regionId,
  },
  response: { RouteTableId: text, VRouterId: text, VpcId: text },
  check: [
    ...newVpcRules,
    {
      rule: "the account has no default VPC in the region",
      error: vpcErrors.defaultExists,
      holds: async ({ caller, input, state }) =>
        (await state.list(vpc, [["isDefault", scoped(scopeOf(caller.account, input.RegionId), "true")]], { limit: 1 })).length === 0,
    },
  ],
  apply: async ({ input, caller, state }) =>
    addVpc(
      state,
      {
        account: caller.account,
        region: input.RegionId,
        resourceGroupId: input.ResourceGroupId,
        cidrBlock: defaultVpcBlock,
        ipv6CidrBlock: newVpcIpv6Block(state, input),
        isDefault: true,
      },
      "CreateDefaultVpc",
    ),
});
