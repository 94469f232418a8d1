import { tagsOf } from "../../contract/indexes.ts";
import type { ResourceReader } from "../../contract/resource-kind.ts";
import { int, listOf, long, optional, structure, text, type ValueOfShape } from "../../contract/response.ts";
import { shownStatus } from "../../contract/state-table.ts";
import { utcSeconds } from "../../contract/time.ts";
import { ipv4Blocks, ipv6Blocks, vpc } from "../vpc/vpc.ts";
import { type VpcPeerConnection, vpcPeerConnection } from "./vpc-peer-connection.ts";

const side = structure({ Ipv4Cidrs: listOf(text), Ipv6Cidrs: listOf(text), VpcId: text });

/** Fields of a peering connection, alike in its read and in lists. */
export const connectionFields = {
  AcceptingOwnerUid: long,
  AcceptingRegionId: text,
  AcceptingVpc: side,
  Bandwidth: int,
  BizStatus: text,
  Description: text,
  GmtCreate: text,
  // Only while a request waits for its answer, and after it expired.
  GmtExpired: optional(text),
  GmtModified: text,
  InstanceId: text,
  LinkType: text,
  ManagedService: text,
  Name: text,
  OwnerId: long,
  RegionId: text,
  ResourceGroupId: text,
  Status: text,
  Tags: listOf(structure({ Key: text, Value: text })),
  Vpc: side,
} as const;
const shape = structure(connectionFields);

/** A peering connection as one of its two accounts sees it: tags and resource group are the viewer's own. */
export async function connectionView(state: ResourceReader, of: VpcPeerConnection, viewer: string): Promise<ValueOfShape<typeof shape>> {
  return {
    AcceptingOwnerUid: of.acceptingAccount,
    AcceptingRegionId: of.acceptingRegion,
    AcceptingVpc: await sideView(state, of.acceptingVpcId),
    Bandwidth: of.bandwidth,
    BizStatus: of.BizStatus,
    Description: of.description,
    GmtCreate: utcSeconds(of.createdAt),
    GmtExpired: of.state === "Accepting" || of.state === "Expired" ? utcSeconds(of.expiresAt) : undefined,
    GmtModified: utcSeconds(of.modifiedAt),
    InstanceId: of.id,
    LinkType: of.linkType,
    ManagedService: of.ManagedService,
    Name: of.name,
    OwnerId: of.account,
    RegionId: of.region,
    ResourceGroupId: of.resourceGroups[viewer] ?? "",
    Status: shownStatus(vpcPeerConnection.states, of.state),
    Tags: tagsOf(of, viewer),
    Vpc: await sideView(state, of.vpcId),
  };
}

async function sideView(state: ResourceReader, vpcId: string): Promise<ValueOfShape<typeof side>> {
  const found = await state.get(vpc, vpcId);
  return { Ipv4Cidrs: found ? ipv4Blocks(found) : [], Ipv6Cidrs: found ? ipv6Blocks(found) : [], VpcId: vpcId };
}
