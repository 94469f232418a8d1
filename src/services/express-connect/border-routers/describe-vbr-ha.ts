import { clientToken, dryRun, optionalId, regionId } from "../../../contract/common-parameters.ts";
import { matches } from "../../../contract/lists.ts";
import { scopeOf } from "../../../contract/indexes.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import type { Filter } from "../../../contract/resource-kind.ts";
import { emptyAnswer, text } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { borderRouterErrors } from "./errors.ts";
import { vbrHa } from "./vbr-ha.ts";

const response = {
  CreationTime: text,
  Description: text,
  Name: text,
  PeerVbrId: text,
  RegionId: text,
  Status: text,
  VbrHaId: text,
  VbrId: text,
} as const;

export const describeVbrHa = readOperation({
  product: Vpc,
  name: "DescribeVbrHa",
  summary: "Reads the failover group that is named, or that a virtual border router is in. Of one that is not there every field is empty.",
  authorisation: {
    action: "vpc:DescribeVbrHa",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}"],
    fill: {
      VbrId: async ({ input, caller, state }) => {
        if (typeof input["VbrId"] === "string" || typeof input["VbrHaId"] !== "string") return input["VbrId"];
        const group = await state.get(vbrHa, input["VbrHaId"]);
        return group?.account === caller.account ? group.vbrId : undefined;
      },
    },
    source: "public-docs",
  },
  parameters: { RegionId: regionId, VbrHaId: optionalId, VbrId: optionalId, ClientToken: clientToken, DryRun: dryRun },
  response,
  check: [
    {
      rule: "VbrHaId or VbrId is given",
      error: borderRouterErrors.groupNotNamed,
      holds: ({ input }) => input.VbrHaId !== undefined || input.VbrId !== undefined,
    },
  ],
  read: async ({ input, caller, state }) => {
    const filter: Filter = [
      ...(input.VbrId === undefined ? [] : [["router", input.VbrId] as const]),
      ["scope", scopeOf(caller.account, input.RegionId)],
    ];
    const named = input.VbrHaId === undefined ? undefined : await state.get(vbrHa, input.VbrHaId);
    const [ofRouter] = input.VbrHaId === undefined ? await state.list(vbrHa, filter, { limit: 1 }) : [];
    const found = named ?? ofRouter?.resource;
    if (found === undefined || !matches(vbrHa, found, filter)) return emptyAnswer(response);
    return {
      CreationTime: utcSeconds(found.createdAt),
      Description: found.description,
      Name: found.name,
      PeerVbrId: found.peerVbrId,
      RegionId: found.region,
      Status: found.state,
      VbrHaId: found.id,
      VbrId: found.vbrId,
    };
  },
});
