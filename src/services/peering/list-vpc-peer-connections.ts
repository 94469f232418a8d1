import { nextToken, nextTokenIsOurs, optionalId, optionalRegionId } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { listByToken, matches, type TokenList } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { integer, list, object, string } from "../../contract/parameters.ts";
import { VpcPeer } from "../../contract/products.ts";
import { int, listOf, optional, structure, text } from "../../contract/response.ts";
import type { Filter, ResourceReader } from "../../contract/resource-kind.ts";
import { connectionFields, connectionView } from "./connection-view.ts";
import { vpcPeerConnection, type VpcPeerConnectionBody } from "./vpc-peer-connection.ts";

export const listVpcPeerConnections = readOperation({
  product: VpcPeer,
  name: "ListVpcPeerConnections",
  summary: "Lists the peering connections of the caller, whichever side it is on.",
  authorisation: { action: "vpc:ListVpcPeerConnections", resources: ["*"], source: "inferred" },
  parameters: {
    RegionId: optionalRegionId,
    InstanceId: optionalId,
    // One VPC, or the two that a connection joins. Clients send a plain string, a JSON list or a numbered one.
    VpcId: list(string({ lengthMax: 128 }), { itemsMax: 2, also: ["comma", "json"] }),
    Name: string(),
    NextToken: nextToken,
    MaxResults: integer({ default: 20, min: 1, max: 100 }),
    Tags: list(object({ Key: string({ lengthMax: 128 }), Value: string({ lengthMax: 128 }) }), { itemsMax: 10 }),
    ResourceGroupId: string(),
  },
  response: {
    MaxResults: int,
    NextToken: optional(text),
    TotalCount: int,
    VpcPeerConnects: listOf(structure(connectionFields)),
  },
  check: [nextTokenIsOurs],
  read: async ({ input, caller, state }) => {
    const scope = scopeOf(caller.account, input.RegionId);
    const conditions: Filter = [
      ...input.VpcId.map((vpcId): [string, string] => ["vpc", vpcId]),
      ...scopeFilter(scope, { name: input.Name, resourceGroup: input.ResourceGroupId }, input.Tags),
    ];
    const page =
      input.InstanceId === undefined
        ? await listByToken(state, vpcPeerConnection, conditions, input.NextToken, input.MaxResults)
        : await theOne(state, input.InstanceId, conditions);
    const connections = [];
    for (const connection of page.items) connections.push(await connectionView(state, connection, caller.account));
    return { MaxResults: input.MaxResults, NextToken: page.next, TotalCount: page.total, VpcPeerConnects: connections };
  },
});

/** The connection of an id as a list of one, if it matches the other conditions. */
async function theOne(state: ResourceReader, instanceId: string, conditions: Filter): Promise<TokenList<VpcPeerConnectionBody>> {
  const found = await state.get(vpcPeerConnection, instanceId);
  const items = found !== undefined && matches(vpcPeerConnection, found, conditions) ? [found] : [];
  return { items, total: items.length, next: undefined };
}
