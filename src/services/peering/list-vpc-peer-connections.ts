import { nextToken, nextTokenFor, nextTokenIsOurs, optionalId, optionalRegionId, positionOf } from "../../contract/common-parameters.ts";
import { scoped, scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { matches } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { integer, list, object, string } from "../../contract/parameters.ts";
import { VpcPeer } from "../../contract/products.ts";
import { int, listOf, optional, structure, text } from "../../contract/response.ts";
import type { Filter } from "../../contract/resource-kind.ts";
import { connectionFields, connectionView } from "./connection-view.ts";
import { vpcPeerConnection } from "./vpc-peer-connection.ts";

export const listVpcPeerConnections = readOperation({
  product: VpcPeer,
  name: "ListVpcPeerConnections",
  summary: "Lists the peering connections of the caller, whichever side it is on.",
  authorisation: { action: "vpc:ListVpcPeerConnections", resource: "*", source: "inferred" },
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
      ...input.VpcId.map((vpcId): [string, string] => ["vpc", scoped(scope, vpcId)]),
      ...scopeFilter(scope, { name: input.Name, resourceGroup: input.ResourceGroupId }, input.Tags),
    ];
    if (input.InstanceId !== undefined) {
      const found = await state.get(vpcPeerConnection, input.InstanceId);
      const shown =
        found !== undefined && matches(vpcPeerConnection, found, conditions) ? [await connectionView(state, found, caller.account)] : [];
      return { MaxResults: input.MaxResults, NextToken: undefined, TotalCount: shown.length, VpcPeerConnects: shown };
    }
    const listed = await state.list(vpcPeerConnection, conditions, { after: positionOf(input.NextToken), limit: input.MaxResults + 1 });
    const page = listed.slice(0, input.MaxResults);
    const last = page.at(-1);
    const connections = [];
    for (const { resource } of page) connections.push(await connectionView(state, resource, caller.account));
    return {
      MaxResults: input.MaxResults,
      NextToken: listed.length > page.length && last !== undefined ? nextTokenFor(last.position) : undefined,
      TotalCount: await state.count(vpcPeerConnection, conditions),
      VpcPeerConnects: connections,
    };
  },
});
