import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { target, writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, long } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { text } from "../../../contract/response.ts";
import { cloudAsn } from "../../vpn/asn.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { interfaceDescription } from "../router-interfaces/parameters.ts";
import { bgpGroup } from "./bgp-group.ts";
import { bgpErrors, bgpGroupErrors } from "./errors.ts";
import { groupAuthKey, groupIpVersion, groupName } from "./parameters.ts";
import { numbersArePossible, routerHasVersion, routerIsActive, routesAreWithinQuota } from "./rules.ts";

export const createBgpGroup = writeOperation({
  product: Vpc,
  name: "CreateBgpGroup",
  summary: "Creates a group of BGP peers of a virtual border router, with the numbers of both sides and the key of their sessions.",
  pollWith: "DescribeBgpGroups",
  authorisation: {
    action: "vpc:CreateBgpGroup",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    RouterId: id,
    Name: groupName,
    Description: interfaceDescription(bgpGroupErrors.descriptionMalformed),
    LocalAsn: long({ invalid: bgpGroupErrors.localAsnMalformed }),
    PeerAsn: long({ required: true, invalid: bgpGroupErrors.peerAsnMalformed }),
    AuthKey: groupAuthKey,
    IsFakeAsn: boolean({ default: false }),
    ClientToken: clientToken,
    IpVersion: groupIpVersion,
    RouteQuota: integer({ min: 1 }),
  },
  response: { BgpGroupId: text },
  targets: { router: target({ kind: virtualBorderRouter, parameter: "RouterId", missing: bgpErrors.notFound }) },
  check: [
    ...numbersArePossible({ peer: bgpGroupErrors.peerAsnMalformed, local: bgpGroupErrors.localAsnOutOfRange }),
    routerIsActive,
    routerHasVersion,
    routesAreWithinQuota,
  ],
  apply: async ({ input, caller, state, settings }) => {
    const created = await state.create(
      bgpGroup,
      {
        id: state.newId(bgpGroup, input.RegionId),
        account: caller.account,
        region: input.RegionId,
        routerId: input.RouterId,
        name: input.Name ?? "",
        description: input.Description ?? "",
        ipVersion: input.IpVersion,
        localAsn: Number(input.LocalAsn ?? cloudAsn),
        peerAsn: Number(input.PeerAsn),
        isFakeAsn: input.IsFakeAsn,
        authKey: input.AuthKey ?? "",
        routeLimit: input.RouteQuota ?? settings.quota("RouteLimit", caller.account, input.RegionId),
      },
      "CreateBgpGroup",
    );
    return { BgpGroupId: created.id };
  },
});
