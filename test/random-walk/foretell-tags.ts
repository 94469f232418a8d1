import { addTags, type Family, type Foretold, type Refused, refused, tagFault } from "./foretell.ts";
import type { Model } from "./model.ts";
import { type Account, isPartyOf, sidesOf, tagsOf, type Thing } from "./things.ts";

/** Tags, alike for what the Vpc calls know, for peering connections and for Express Connect. */

const tagsMax = 20;

/** Whose tag calls they are. */
export type TagForm = "vpc" | "peer" | "expressConnect";

/** What an account can tag in a region. */
export function taggable(model: Model, form: TagForm, type: string, by: Account, region: string): readonly Thing[] | undefined {
  const own = (things: readonly Thing[]): Thing[] => things.filter((thing) => thing.account === by.id && thing.region === region);
  if (form === "expressConnect") {
    const byType: Readonly<Record<string, readonly Thing[]>> = { ROUTERINTERFACE: model.interfaces, PHYSICALCONNECTION: model.circuits };
    if (type === "VIRTUALBORDERROUTER") return model.borderRouters.filter((one) => isPartyOf(one, by.id) && one.region === region);
    return byType[type] && own(byType[type]);
  }
  if (form === "peer") {
    const isHere = (side: { account: string; region: string }): boolean => side.account === by.id && side.region === region;
    if (type !== "PeerConnection") return undefined;
    return model.connections.filter((one) => one.state !== "Deleted" && sidesOf(one).some(isHere));
  }
  const byType: Readonly<Record<string, readonly Thing[]>> = {
    VPC: model.vpcs,
    VSWITCH: model.switches,
    ROUTETABLE: model.allTables,
    VpnGateWay: model.vpnGateways,
    CUSTOMERGATEWAY: model.customerGateways,
    VPNCONNECTION: model.vpnConnections,
    VPNATTACHMENT: model.attachments,
  };
  return byType[type] && own(byType[type]);
}

function tagFamily(
  form: TagForm,
  full: Refused,
  answer: Readonly<Record<string, unknown>>,
  [tag, unTag]: readonly [string, string] = ["TagResources", "UnTagResources"],
): Family {
  const named = (model: Model, by: Account, { ResourceType, ResourceId, RegionId }: any): Thing[] | Refused => {
    const things = taggable(model, form, ResourceType, by, RegionId)?.filter(({ id }) => ResourceId.includes(id)) ?? [];
    return things.length < new Set(ResourceId).size ? refused("InvalidInstanceIds.NotFound") : things;
  };
  const noType = (model: Model, by: Account, { ResourceType, RegionId }: any): Refused | undefined =>
    taggable(model, form, ResourceType, by, RegionId) === undefined ? refused("InvalidInstanceType.NotFound") : undefined;

  return {
    [tag](model: Model, by: Account, parameters: any): Foretold {
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
    [unTag](model: Model, by: Account, parameters: any): Foretold {
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
          model.relabel(thing);
        }
        return answer;
      };
    },
  };
}

export const vpcTagFamily = tagFamily("vpc", refused("QuotaExceeded.TagNum"), {});
export const expressConnectTagFamily = tagFamily("expressConnect", refused("QuotaExceeded.TagNum"), {}, [
  "TagResourcesForExpressConnect",
  "UntagResourcesForExpressConnect",
]);
export const peeringTagFamily = tagFamily("peer", refused("NumberExceed.Tags"), { Success: true });
