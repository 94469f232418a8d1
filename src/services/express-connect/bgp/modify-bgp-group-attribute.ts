import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { target, writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, long } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { descriptionParameter, nameParameter, stateAllows } from "../../vpc/rules.ts";
import { bgpGroup } from "./bgp-group.ts";
import { bgpErrors, bgpGroupErrors } from "./errors.ts";
import { groupAuthKey } from "./parameters.ts";
import { numbersArePossible, routesAreWithinQuota } from "./rules.ts";

export const modifyBgpGroupAttribute = writeOperation({
  product: Vpc,
  name: "ModifyBgpGroupAttribute",
  summary: "Changes a BGP group, and with it what all of its peers have from it.",
  pollWith: "DescribeBgpGroups",
  authorisation: {
    action: "vpc:ModifyBgpGroupAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    fill: { RouterId: ({ targets }) => targets["group"]?.routerId },
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    BgpGroupId: id,
    Name: nameParameter(bgpGroupErrors.nameMalformed),
    Description: descriptionParameter(bgpGroupErrors.descriptionMalformedOnModify),
    LocalAsn: long({ invalid: bgpGroupErrors.localAsnMalformedOnModify }),
    PeerAsn: long({ invalid: bgpGroupErrors.peerAsnMalformedOnModify }),
    AuthKey: groupAuthKey,
    IsFakeAsn: boolean(),
    ClientToken: clientToken,
    RouteQuota: integer({ min: 1 }),
    ClearAuthKey: boolean({ default: false }),
  },
  response: {},
  targets: { group: target({ kind: bgpGroup, parameter: "BgpGroupId", missing: bgpGroupErrors.notFound }) },
  check: [
    ...numbersArePossible({ peer: bgpGroupErrors.peerAsnMalformedOnModify, local: bgpGroupErrors.localAsnOutOfRangeOnModify }),
    {
      rule: "ClearAuthKey comes without an AuthKey",
      error: bgpGroupErrors.clearsAndSetsKey,
      source: "inferred",
      holds: ({ input }) => !input.ClearAuthKey || input.AuthKey === undefined,
    },
    stateAllows("group", bgpGroup, "ModifyBgpGroupAttribute", bgpErrors.status),
    routesAreWithinQuota,
  ],
  apply: async ({ input, state, targets: { group } }) => {
    await state.move(bgpGroup, group, "ModifyBgpGroupAttribute", {
      name: input.Name ?? group.name,
      description: input.Description ?? group.description,
      localAsn: Number(input.LocalAsn ?? group.localAsn),
      peerAsn: Number(input.PeerAsn ?? group.peerAsn),
      isFakeAsn: input.IsFakeAsn ?? group.isFakeAsn,
      authKey: input.ClearAuthKey ? "" : (input.AuthKey ?? group.authKey),
      routeLimit: input.RouteQuota ?? group.routeLimit,
    });
    return {};
  },
});
