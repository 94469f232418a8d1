import { clientToken, dryRun, id, regionId } from "../../../contract/common-parameters.ts";
import { type Call, type Rule, target, writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { text } from "../../../contract/response.ts";
import { invalidParameter } from "../../../contract/errors.ts";
import { borderRouterErrors } from "./errors.ts";
import { routerDescription, routerName } from "./parameters.ts";
import { vbrHa } from "./vbr-ha.ts";
import { type VirtualBorderRouter, virtualBorderRouter } from "./virtual-border-router.ts";

const missing = borderRouterErrors.routerNotFoundOnGroup;

/** Networks that join routers do not exist here, so that what is said of them (one CEN instance or Express Connect Router) is not judged. */
export const createVbrHa = writeOperation({
  product: Vpc,
  name: "CreateVbrHa",
  summary: "Joins two virtual border routers on different circuits, both with BFD, to a failover group.",
  pollWith: "DescribeVbrHa",
  authorisation: {
    action: "vpc:CreateVbrHa",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}"],
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    VbrId: id,
    PeerVbrId: id,
    Name: routerName(invalidParameter("Name")),
    Description: routerDescription(invalidParameter("Description")),
    ClientToken: clientToken,
    DryRun: dryRun,
  },
  response: { VbrHaId: text },
  targets: {
    router: target({ kind: virtualBorderRouter, parameter: "VbrId", missing }),
    peer: target({ kind: virtualBorderRouter, parameter: "PeerVbrId", missing }),
  },
  check: [
    {
      rule: "the two virtual border routers have no circuit in common",
      error: borderRouterErrors.sameDevice,
      holds: ({ targets: { router, peer } }: Request) =>
        router.circuits.every((own) => peer.circuits.every((other) => own.physicalConnectionId !== other.physicalConnectionId)),
    },
    ...(["router", "peer"] as const).flatMap((side): Rule<Request>[] => {
      const subject: Rule<Request>["subject"] = ({ targets }) => ({ kind: virtualBorderRouter, resource: targets[side] });
      const ofRouter = side === "router" ? "VbrId" : "PeerVbrId";
      const unfit = { error: borderRouterErrors.status, source: "inferred" } as const;
      return [
        { ...unfit, rule: `the router of ${ofRouter} is active`, holds: ({ targets }) => targets[side].state === "active", subject },
        {
          ...unfit,
          rule: `the router of ${ofRouter} is in no failover group`,
          holds: async ({ state, targets }) => (await state.count(vbrHa, [["router", targets[side].id]])) === 0,
        },
      ];
    }),
  ],
  apply: async ({ input, caller, state }) => {
    const created = await state.create(
      vbrHa,
      {
        id: state.newId(vbrHa, input.RegionId),
        account: caller.account,
        region: input.RegionId,
        vbrId: input.VbrId,
        peerVbrId: input.PeerVbrId,
        name: input.Name ?? "",
        description: input.Description ?? "",
      },
      "CreateVbrHa",
    );
    return { VbrHaId: created.id };
  },
});

type Request = Pick<Call, "state"> & { readonly targets: Readonly<Record<"router" | "peer", VirtualBorderRouter>> };
