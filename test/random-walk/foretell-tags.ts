import { addTags, type Family, type Foretold, type Refused, refused, tagFault } from "./foretell.ts";
import type { Model } from "./model.ts";
import { type Account, sidesOf, tagsOf, type Thing } from "./things.ts";

/** Tags, alike for what the Vpc calls know and for peering connections. */

const tagsMax = 20;

/** What an account can tag in a region. */
export function taggable(model: Model, product: "vpc" | "peer", type: string, by: Account, region: string): readonly Thing[] | undefined {
  const own = (things: readonly Thing[]): Thing[] => things.filter((thing) => thing.account === by.id && thing.region === region);
  if (product === "peer") {
    const isHere = (side: { account: string; region: string }): boolean => side.account === by.id && side.region === region;
    if (type !== "PeerConnection") return undefined;
    return model.connections.filter((one) => one.state !== "Deleted" && sidesOf(one).some(isHere));
  }
  const byType: Readonly<Record<string, readonly Thing[]>> = {
    VPC: model.vpcs,
    VSWITCH: model.switches,
    ROUTETABLE: model.tables,
    VpnGateWay: model.vpnGateways,
    CUSTOMERGATEWAY: model.customerGateways,
    VPNCONNECTION: model.vpnConnections,
    VPNATTACHMENT: model.attachments,
  };
  return byType[type] && own(byType[type]);
}

function tagFamily(product: "vpc" | "peer", full: Refused, answer: Readonly<Record<string, unknown>>): Family {
  const named = (model: Model, by: Account, { ResourceType, ResourceId, RegionId }: any): Thing[] | Refused => {
    const things = taggable(model, product, ResourceType, by, RegionId)?.filter(({ id }) => ResourceId.includes(id)) ?? [];
    return things.length < new Set(ResourceId).size ? refused("InvalidInstanceIds.NotFound") : things;
  };
  const noType = (model: Model, by: Account, { ResourceType, RegionId }: any): Refused | undefined =>
    taggable(model, product, ResourceType, by, RegionId) === undefined ? refused("InvalidInstanceType.NotFound") : undefined;

  return {
    TagResources(model, by, parameters): Foretold {
      const fault = noType(model, by, parameters) ?? tagFault(parameters.Tag);
      if (fault !== undefined) return fault;
      const things = named(model, by, parameters);
      if (!Array.isArray(things)) return things;
      const keys: readonly string[] = parameters.Tag.map(({ Key }: { Key: string }) => Key);
      if (things.some((thing) => new Set([...tagsOf(thing, by.id).keys(), ...keys]).size > tagsMax)) return full;
      return () => {
        for (const thing of things) addTags(model, thing, by, parameters.Tag);
        return answer;
      };
    },
    UnTagResources(model, by, parameters): Foretold {
      const { TagKey: keys = [], All } = parameters;
      const fault = noType(model, by, parameters);
      if (fault !== undefined) return fault;
      const things = named(model, by, parameters);
      if (!Array.isArray(things)) return things;
      return () => {
        for (const thing of things) {
          const own = tagsOf(thing, by.id);
          const left = new Map([...own].filter(([key]) => (keys.length > 0 ? !keys.includes(key) : All !== true)));
          if (left.size === own.size) continue;
          thing.tags.set(by.id, left);
          model.touch(thing);
        }
        return answer;
      };
    },
  };
}

export const vpcTagFamily = tagFamily("vpc", refused("QuotaExceeded.TagNum"), {});
export const peeringTagFamily = tagFamily("peer", refused("NumberExceed.Tags"), { Success: true });
