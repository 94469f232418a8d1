import { clientToken, dryRun, id, regionId, tagList } from "../../contract/common-parameters.ts";
import { scopeOf } from "../../contract/indexes.ts";
import { type Call, type Rule, writeOperation } from "../../contract/operation.ts";
import { long, string } from "../../contract/parameters.ts";
import { VpcPeer } from "../../contract/products.ts";
import type { ErrorDefinition } from "../../contract/errors.ts";
import { text } from "../../contract/response.ts";
import type { QuotaName } from "../../contract/settings.ts";
import { isTransitional } from "../../contract/state-table.ts";
import { day } from "../../contract/time.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { type Vpc, vpc } from "../vpc/vpc.ts";
import { crossesBorder } from "./border.ts";
import { peeringErrors } from "./errors.ts";
import { bandwidth, linkRules, linkType, type OnLink, typeName } from "./rules.ts";
import { type LinkType, isInterRegion, pairOf, vpcPeerConnection } from "./vpc-peer-connection.ts";

/** Mbps of an inter-region connection that names none. */
const defaultBandwidth = 1024;
/** What an intra-region connection reports: no limit. */
const unlimitedBandwidth = -1;

/** A letter (Chinese included), then letters, digits, `_` and `-`. */
const namePattern = /^\p{L}[\p{L}\p{N}_-]+$/u;
const descriptionPattern = /^(?!https?:\/\/)\p{L}./su;

interface Request {
  readonly input: {
    readonly RegionId: string;
    readonly VpcId: string;
    readonly AcceptingAliUid: string | undefined;
    readonly AcceptingRegionId: string;
    readonly AcceptingVpcId: string;
  };
  readonly caller: Call["caller"];
  readonly state: Call["state"];
  readonly settings: Call["settings"];
}

export const createVpcPeerConnection = writeOperation({
  product: VpcPeer,
  name: "CreateVpcPeerConnection",
  summary: "Asks for a peering connection between two VPCs, of one account or of two, in one region or in two.",
  pollWith: "GetVpcPeerConnectionAttribute",
  authorisation: { action: "vpc:CreateVpcPeerConnection", resource: "*", source: "public-docs" },
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
  check: [
    ...(["RegionId", "AcceptingRegionId"] as const).map((parameter): Rule<Request> => ({
      rule: `peering is open in the region of ${parameter} (feature VpcPeer)`,
      error: peeringErrors.region,
      holds: ({ input, settings }) => settings.openInRegion("VpcPeer", input[parameter]),
      fill: ({ input }) => [typeName, input[parameter]],
    })),
    {
      rule: "VpcId is a VPC of the caller in RegionId",
      error: peeringErrors.vpcNotFound,
      holds: async (call) => (await requesterVpc(call)) !== undefined,
      fill: () => ["VpcId"],
    },
    {
      rule: "AcceptingVpcId is a VPC of the accepting account in AcceptingRegionId",
      error: peeringErrors.acceptingVpcNotFound,
      holds: async (call) => (await accepterVpc(call)) !== undefined,
      fill: () => ["AcceptingVpcId"],
    },
    {
      rule: "the two VPCs are different ones",
      error: peeringErrors.sameVpc,
      holds: ({ input }) => input.VpcId !== input.AcceptingVpcId,
    },
    {
      rule: "the requester's VPC is Available",
      error: peeringErrors.vpcStatus,
      holds: async (call) => isSteady(await requesterVpc(call)),
      fill: ({ input }) => ["Vpc", input.VpcId],
    },
    {
      rule: "the accepter's VPC is Available",
      error: peeringErrors.acceptingVpcStatus,
      holds: async (call) => isSteady(await accepterVpc(call)),
      fill: ({ input }) => ["AcceptingVpc", input.AcceptingVpcId],
    },
    {
      rule: "no connection joins the two VPCs yet, in either direction; rejected, expired and deleted ones do not count",
      error: peeringErrors.exists,
      holds: async ({ input, state }) =>
        (await state.list(vpcPeerConnection, [["livePair", pairOf(input.VpcId, input.AcceptingVpcId)]], { limit: 1 })).length === 0,
      fill: () => [typeName],
    },
    ...linkRules<Request & OnLink>(({ input, caller }) => ({ account: caller.account, ...linkOf(input) })),
    {
      rule: "data transfer is open for the requester (feature Cdt)",
      error: peeringErrors.cdtClosed,
      holds: ({ input, caller, settings }) => settings.openForAccount("Cdt", caller.account, input.RegionId),
    },
    {
      rule: "data transfer is open for the accepter (feature Cdt)",
      error: peeringErrors.accepterCdtClosed,
      holds: (call) => call.settings.openForAccount("Cdt", acceptingAccount(call), call.input.AcceptingRegionId),
    },
    {
      rule: "cross-border data transfer is open for the requester, if the connection crosses the border (feature CrossBorderCdt)",
      error: peeringErrors.crossBorderCdtClosed,
      holds: ({ input, caller, settings }) =>
        !crossesBorder(linkOf(input)) || settings.openForAccount("CrossBorderCdt", caller.account, input.RegionId),
    },
    {
      rule: "cross-border data transfer is open for the accepter, if the connection crosses the border (feature CrossBorderCdt)",
      error: peeringErrors.accepterCrossBorderCdtClosed,
      holds: (call) =>
        !crossesBorder(linkOf(call.input)) ||
        call.settings.openForAccount("CrossBorderCdt", acceptingAccount(call), call.input.AcceptingRegionId),
    },
    ...tagRules("Tag"),
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.peeringUnknown),
    countRule("VpcPeerCountPerUserPerRegion", peeringErrors.countPerUser, ({ caller, input }) => [
      "requestedInRegion",
      scopeOf(caller.account, input.RegionId),
    ]),
    ...(["VpcId", "AcceptingVpcId"] as const).flatMap((parameter) => [
      countRule("IntraRegionVpcPeerCountPerVpc", peeringErrors.intraRegionCount, ({ input }) =>
        isInterRegion(linkOf(input)) ? undefined : ["intraRegionOfVpc", input[parameter]],
      ),
      countRule("CrossRegionVpcPeerCountPerVpc", peeringErrors.interRegionCount, ({ input }) =>
        isInterRegion(linkOf(input)) ? ["interRegionOfVpc", input[parameter]] : undefined,
      ),
    ]),
  ],
  apply: async (call) => {
    const { input, caller, state, settings } = call;
    const interRegion = isInterRegion(linkOf(input));
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
        bandwidth: interRegion ? (input.Bandwidth ?? defaultBandwidth) : unlimitedBandwidth,
        linkType: interRegion ? ((input.LinkType as LinkType | undefined) ?? "Gold") : "",
        expiresAt: state.now + settings.quota("VpcPeerExpiryDays", caller.account, input.RegionId) * day,
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

/** The account that must accept: the caller's own for 0 and for none. */
function acceptingAccount({ input, caller }: Pick<Request, "input" | "caller">): string {
  return input.AcceptingAliUid === undefined || input.AcceptingAliUid === "0" ? caller.account : input.AcceptingAliUid;
}

async function requesterVpc({ input, caller, state }: Request): Promise<Vpc | undefined> {
  const found = await state.get(vpc, input.VpcId);
  return found?.account === caller.account && found.region === input.RegionId ? found : undefined;
}
async function accepterVpc(call: Request): Promise<Vpc | undefined> {
  const found = await call.state.get(vpc, call.input.AcceptingVpcId);
  return found?.account === acceptingAccount(call) && found.region === call.input.AcceptingRegionId ? found : undefined;
}
function isSteady(found: Vpc | undefined): boolean {
  return found !== undefined && !isTransitional(vpc.states, found.state);
}

/** Rule: a quota on how many connections a list may hold. `listOf` gives no list where the quota does not apply. */
function countRule(
  quota: QuotaName,
  error: ErrorDefinition,
  listOf: (call: Request) => readonly [string, string] | undefined,
): Rule<Request> {
  const usage = async (call: Request): Promise<{ used: number; allowed: number }> => {
    const list = listOf(call);
    return {
      used: list === undefined ? 0 : await call.state.count(vpcPeerConnection, [list]),
      allowed: list === undefined ? 1 : call.settings.quota(quota, call.caller.account, call.input.RegionId),
    };
  };
  return {
    rule: `there is room for another connection (quota ${quota})`,
    error,
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
