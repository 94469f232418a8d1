import { clientToken, dryRun, id, regionId, tagList } from "../../contract/common-parameters.ts";
import { scopeOf } from "../../contract/indexes.ts";
import { type Call, type Rule, target, writeOperation } from "../../contract/operation.ts";
import { long, string } from "../../contract/parameters.ts";
import { VpcPeer } from "../../contract/products.ts";
import type { ErrorDefinition } from "../../contract/errors.ts";
import { text } from "../../contract/response.ts";
import { featureAdvice, quotaAdvice, type QuotaName } from "../../contract/settings.ts";
import { isTransitional } from "../../contract/state-table.ts";
import { day } from "../../contract/time.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { type Vpc, vpc } from "../vpc/vpc.ts";
import { crossesBorder } from "./border.ts";
import { routerInterfaceErrors } from "../express-connect/router-interfaces/errors.ts";
import { areLinked } from "../express-connect/router-interfaces/router-interface.ts";
import { peeringErrors, peeringDenied } from "./errors.ts";
import { bandwidth, linkRules, linkType, type OnLink, typeName } from "./rules.ts";
import { type LinkType, isInterRegion, pairOf, vpcPeerConnection } from "./vpc-peer-connection.ts";

/** Mbps of an inter-region connection that names none. */
const defaultBandwidth = 1024;
/** A setting beyond a hundred years means a hundred: times must stay writable. */
const expiryDaysMax = 36_500;
/** What an intra-region connection reports: no limit. */
const unlimitedBandwidth = -1;

/** At create, names are documented more narrowly than at modify: a letter (Chinese included), then letters, digits, `_` and `-`. */
const namePattern = /^\p{L}[\p{L}\p{N}_-]+$/u;
const descriptionPattern = /^(?!https?:\/\/)\p{L}./isu;

interface Request {
  readonly input: {
    readonly RegionId: string;
    readonly VpcId: string;
    readonly AcceptingAliUid: string | undefined;
    readonly AcceptingRegionId: string;
    readonly AcceptingVpcId: string;
  };
  readonly targets: { readonly vpc: Vpc; readonly acceptingVpc: Vpc };
  readonly caller: Call["caller"];
  readonly state: Call["state"];
  readonly settings: Call["settings"];
}

export const createVpcPeerConnection = writeOperation({
  product: VpcPeer,
  name: "CreateVpcPeerConnection",
  summary: "Asks for a peering connection between two VPCs, of one account or of two, in one region or in two.",
  pollWith: "GetVpcPeerConnectionAttribute",
  authorisation: { action: "vpc:CreateVpcPeerConnection", resources: ["*"], source: "public-docs", denied: peeringDenied },
  parameters: {
    RegionId: regionId,
    VpcId: id,
    // Documented as required; clients send 0 or nothing for the caller's own account.
    AcceptingAliUid: long({ source: "client" }),
    AcceptingRegionId: regionId,
    AcceptingVpcId: id,
    Name: string({ lengthMax: 128, pattern: namePattern, invalid: peeringErrors.nameIllegal }),
    Description: string({ lengthMax: 256, multiline: true, pattern: descriptionPattern, invalid: peeringErrors.descriptionIllegal }),
    DryRun: dryRun,
    ClientToken: clientToken,
    ResourceGroupId: string(),
    Bandwidth: bandwidth,
    LinkType: linkType,
    Tag: tagList,
  },
  response: { InstanceId: text },
  targets: {
    vpc: target({ kind: vpc, parameter: "VpcId", missing: peeringErrors.vpcNotFound, fill: ["VpcId"] }),
    acceptingVpc: target({
      kind: vpc,
      parameter: "AcceptingVpcId",
      missing: peeringErrors.acceptingVpcNotFound,
      fill: ["AcceptingVpcId"],
      visible: ({ account, region }, { caller, input }) =>
        account === acceptingAccount({ caller, input: input as Request["input"] }) && region === input["AcceptingRegionId"],
    }),
  },
  check: [
    ...(["RegionId", "AcceptingRegionId"] as const).map((parameter): Rule<Request> => ({
      rule: `peering is open in the region of ${parameter} (feature VpcPeer)`,
      error: peeringErrors.region,
      advice: featureAdvice("VpcPeer"),
      holds: ({ input, settings }) => settings.openInRegion("VpcPeer", input[parameter]),
      fill: ({ input }) => [typeName, input[parameter]],
    })),
    {
      rule: "the two VPCs are different ones",
      error: peeringErrors.sameVpc,
      holds: ({ input }) => input.VpcId !== input.AcceptingVpcId,
    },
    {
      rule: "the requester's VPC is Available",
      error: peeringErrors.vpcStatus,
      holds: ({ targets }) => !isTransitional(vpc.states, targets.vpc.state),
      fill: ({ input }) => ["Vpc", input.VpcId],
      subject: ({ targets }) => ({ kind: vpc, resource: targets.vpc }),
    },
    {
      rule: "the accepter's VPC is Available",
      error: peeringErrors.acceptingVpcStatus,
      holds: ({ targets }) => !isTransitional(vpc.states, targets.acceptingVpc.state),
      fill: ({ input }) => ["AcceptingVpc", input.AcceptingVpcId],
      subject: ({ targets }) => ({ kind: vpc, resource: targets.acceptingVpc }),
    },
    {
      rule: "no connection joins the two VPCs yet, in either direction; rejected, expired and deleted ones do not count",
      error: peeringErrors.exists,
      holds: async ({ input, state }) =>
        (await state.list(vpcPeerConnection, [["livePair", pairOf(input.VpcId, input.AcceptingVpcId)]], { limit: 1 })).length === 0,
      fill: () => [typeName],
    },
    {
      rule: "no router-interface link joins the two VPCs",
      error: routerInterfaceErrors.linkExists,
      holds: async ({ targets, state }) => !(await areLinked(state, targets.vpc.vRouterId, targets.acceptingVpc.vRouterId)),
      fill: () => ["RouterInterface"],
    },
    ...linkRules<Request & OnLink>(({ input, caller }) => ({ account: caller.account, ...linkOf(input) }), linkWanted),
    {
      rule: "data transfer is open for the requester (feature Cdt)",
      error: peeringErrors.cdtClosed,
      advice: featureAdvice("Cdt"),
      holds: ({ input, caller, settings }) => settings.isOpen("Cdt", caller.account, input.RegionId),
    },
    {
      rule: "data transfer is open for the accepter (feature Cdt)",
      error: peeringErrors.accepterCdtClosed,
      advice: featureAdvice("Cdt"),
      holds: (call) => call.settings.isOpen("Cdt", acceptingAccount(call), call.input.AcceptingRegionId),
    },
    {
      rule: "cross-border data transfer is open for the requester, if the connection crosses the border (feature CrossBorderCdt)",
      error: peeringErrors.crossBorderCdtClosed,
      advice: featureAdvice("CrossBorderCdt"),
      holds: ({ input, caller, settings }) =>
        !crossesBorder(linkOf(input)) || settings.isOpen("CrossBorderCdt", caller.account, input.RegionId),
    },
    {
      rule: "cross-border data transfer is open for the accepter, if the connection crosses the border (feature CrossBorderCdt)",
      error: peeringErrors.accepterCrossBorderCdtClosed,
      advice: featureAdvice("CrossBorderCdt"),
      holds: (call) =>
        !crossesBorder(linkOf(call.input)) || call.settings.isOpen("CrossBorderCdt", acceptingAccount(call), call.input.AcceptingRegionId),
    },
    ...tagRules("Tag"),
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.peeringUnknown),
    countRule("VpcPeerCountPerUserPerRegion", peeringErrors.countPerUser, ({ caller, input }) => ({
      list: ["requestedInRegion", scopeOf(caller.account, input.RegionId)],
      account: caller.account,
      region: input.RegionId,
    })),
    ...(["vpc", "acceptingVpc"] as const).flatMap((side) => [
      countRule("IntraRegionVpcPeerCountPerVpc", peeringErrors.intraRegionCount, ({ input, targets }) =>
        isInterRegion(linkOf(input)) ? undefined : { list: ["intraRegionOfVpc", targets[side].id], ...targets[side] },
      ),
      countRule("CrossRegionVpcPeerCountPerVpc", peeringErrors.interRegionCount, ({ input, targets }) =>
        isInterRegion(linkOf(input)) ? { list: ["interRegionOfVpc", targets[side].id], ...targets[side] } : undefined,
      ),
    ]),
  ],
  apply: async (call) => {
    const { input, caller, state, settings } = call;
    const wanted = linkWanted(call);
    const accepter = acceptingAccount(call);
    const created = await state.create(
      vpcPeerConnection,
      {
        id: state.newId(vpcPeerConnection),
        account: caller.account,
        region: input.RegionId,
        resourceGroups: await resourceGroupsFor(state, caller.account, input.ResourceGroupId),
        tags: tagsFor(caller.account, input.Tag),
        vpcId: input.VpcId,
        acceptingAccount: accepter,
        acceptingRegion: input.AcceptingRegionId,
        acceptingVpcId: input.AcceptingVpcId,
        name: input.Name ?? "",
        description: input.Description ?? "",
        bandwidth: wanted.bandwidth ?? unlimitedBandwidth,
        linkType: (wanted.linkType as LinkType | undefined) ?? "",
        expiresAt: state.now + Math.min(settings.quota("VpcPeerExpiryDays", caller.account, input.RegionId), expiryDaysMax) * day,
        BizStatus: "Normal",
        ManagedService: "",
      },
      "CreateVpcPeerConnection",
    );
    return { InstanceId: created.id };
  },
});

function linkOf(input: { readonly RegionId: string; readonly AcceptingRegionId: string }): { region: string; acceptingRegion: string } {
  return { region: input.RegionId, acceptingRegion: input.AcceptingRegionId };
}

/** Bandwidth and link type that the connection will have: within a region neither; the default bandwidth is never above the quota. */
function linkWanted({ input, caller, settings }: Pick<Request, "input" | "caller" | "settings"> & OnLink): {
  bandwidth: number | undefined;
  linkType: string | undefined;
} {
  if (!isInterRegion(linkOf(input))) return { bandwidth: undefined, linkType: undefined };
  const quota = settings.quota("Bandwidth", caller.account, input.RegionId);
  return { bandwidth: input.Bandwidth ?? Math.min(defaultBandwidth, quota), linkType: input.LinkType ?? "Gold" };
}

/** The account that must accept: the caller's own for 0 and for none. */
function acceptingAccount({ input, caller }: Pick<Request, "input" | "caller">): string {
  return input.AcceptingAliUid === undefined || input.AcceptingAliUid === "0" ? caller.account : input.AcceptingAliUid;
}

/** A list whose length a quota bounds, with the account and region whose quota it is. */
interface Counted {
  readonly list: readonly [index: string, value: string];
  readonly account: string;
  readonly region: string;
}

/** Rule: a quota on how many connections a list may hold. `countedOf` gives no list where the quota does not apply. */
function countRule(quota: QuotaName, error: ErrorDefinition, countedOf: (call: Request) => Counted | undefined): Rule<Request> {
  const usage = async (call: Request): Promise<{ used: number; allowed: number }> => {
    const counted = countedOf(call);
    if (counted === undefined) return { used: 0, allowed: 1 };
    const { list, account, region } = counted;
    return { used: await call.state.count(vpcPeerConnection, [list]), allowed: call.settings.quota(quota, account, region) };
  };
  return {
    rule: `there is room for another connection (quota ${quota})`,
    error,
    advice: quotaAdvice(quota),
    holds: async (call) => {
      const { used, allowed } = await usage(call);
      return used < allowed;
    },
    fill: async (call) => {
      const { used, allowed } = await usage(call);
      return [quota, String(used), String(allowed)];
    },
  };
}
