import { vpcPeerConnection } from "../../src/services/peering/vpc-peer-connection.ts";
import { type Family, type Foretold, fresh, isGroupOf, newGroups, newTags, type Refused, refused, tagFault } from "./foretell.ts";
import type { Model } from "./model.ts";
import { type Account, type Connection, isOver, isParty, sidesOf } from "./things.ts";

/** Peering connections. */

const notFound = refused("ResourceNotFound.InstanceId");
const status = refused("IncorrectStatus.VpcPeer");

/** The connection that a call names, while it can be written. Either side may name it. */
function connectionOf(model: Model, by: Account, { InstanceId }: any): Connection | undefined {
  return model.connections.find((one) => one.id === InstanceId && isParty(one, by.id) && one.state !== "Deleted");
}
/** Whether some of the regions are on the mainland and some are not. */
export function crossesBorder(regions: readonly string[]): boolean {
  return new Set(regions.map((region) => region.startsWith("cn-") && region !== "cn-hongkong")).size > 1;
}

/** What is wrong with the link that a connection gets: `given` is what the call says, `wanted` what the connection will have. */
function linkFault(
  model: Model,
  account: string,
  [region, acceptingRegion]: readonly [string, string],
  given: { readonly bandwidth: number | undefined; readonly linkType: string | undefined },
  wanted = given,
): Refused | undefined {
  const isIntraRegion = region === acceptingRegion;
  if (given.bandwidth !== undefined && isIntraRegion) return refused("OperationFailed.BandwidthCannotBeChangedInSameRegion");
  if (given.linkType !== undefined && isIntraRegion) return refused("OperationFailed.InterRegionLinkTypeNotSupported");
  const { linkType: type, bandwidth } = wanted;
  if (type !== undefined) {
    if (type !== "Gold" && type !== "Platinum") return refused("OperationFailed.SpecificLinkTypeNotSupported");
    const isOpen = [region, acceptingRegion].every((one) => model.open(`LinkType.${type}`, "everybody", account, one));
    if (!isOpen) return refused("OperationFailed.RegionIdNotSupportLinkType");
    if (!model.open(`LinkType.${type}`, "the account", account, region)) return refused("OperationFailed.SpecificLinkTypeNotSupported");
  }
  if (bandwidth !== undefined && bandwidth > model.quota("Bandwidth", account, region)) return refused("QuotaExceeded.Bandwidth");
  return undefined;
}

/** A write on one connection that its state decides about after the `conditions`. */
function write(
  event: string,
  conditions: (model: Model, by: Account, connection: Connection) => readonly (Refused | false)[],
  after: (model: Model, by: Account, connection: Connection, parameters: any) => Foretold,
) {
  return (model: Model, by: Account, parameters: any): Foretold => {
    const connection = connectionOf(model, by, parameters);
    if (connection === undefined) return notFound;
    const fault = conditions(model, by, connection).find((one) => one !== false);
    if (fault !== undefined) return fault;
    if (!model.may(connection, event)) return status;
    return after(model, by, connection, parameters);
  };
}
const isNotAccepter = (by: Account, { accepter }: Connection): Refused | false => accepter !== by.id && status;
const isManaged = ({ managedBy }: Connection): Refused | false => managedBy !== "" && refused("OperationDenied.ServiceManagedInstance");
const isLocked = ({ bizStatus }: Connection): Refused | false => bizStatus !== "Normal" && refused("IncorrectBusinessStatus.VpcPeer");

export const peeringFamily: Family = {
  CreateVpcPeerConnection(model, by, parameters) {
    const { RegionId, VpcId, AcceptingAliUid, AcceptingRegionId, AcceptingVpcId, Bandwidth, LinkType, Tag } = parameters;
    const accepter = AcceptingAliUid === undefined || AcceptingAliUid === "0" ? by.id : String(AcceptingAliUid);
    const from = model.owned(model.vpcs, VpcId, by.id, RegionId);
    const to = model.owned(model.vpcs, AcceptingVpcId, accepter, AcceptingRegionId);
    if (from === undefined) return refused("ResourceNotFound.VpcId");
    if (to === undefined) return refused("ResourceNotFound.AcceptingVpcId");
    const regions = [RegionId, AcceptingRegionId] as const;
    if (!regions.every((region) => model.open("VpcPeer", "everybody", by.id, region))) return refused("UnsupportedRegion");
    if (from === to) return refused("IllegalParam.AcceptingVpcId");
    if (model.atWork(from)) return refused("IncorrectStatus.Vpc");
    if (model.atWork(to)) return refused("IncorrectStatus.AcceptingVpc");
    const live = model.connections.filter((one) => !isOver(one));
    const joins = (one: Connection, ...ids: readonly string[]): boolean => ids.every((id) => one.vpcId === id || one.acceptingVpcId === id);
    if (live.some((one) => joins(one, from.id, to.id))) return refused("ResourceAlreadyExist.VpcPeer");
    if (model.areLinked(from.routerId, to.routerId)) return refused("ResourceAlreadyExist.RouterInterface");

    const isInterRegion = RegionId !== AcceptingRegionId;
    const given = { bandwidth: Bandwidth, linkType: LinkType };
    const quota = model.quota("Bandwidth", by.id, RegionId);
    const wanted = isInterRegion ? { bandwidth: Bandwidth ?? Math.min(1024, quota), linkType: LinkType ?? "Gold" } : given;
    const fault = linkFault(model, by.id, regions, given, wanted);
    if (fault !== undefined) return fault;
    if (!model.open("Cdt", "any", by.id, RegionId)) return refused("OperationFailed.CdtNotOpened");
    if (!model.open("Cdt", "any", accepter, AcceptingRegionId)) return refused("OperationFailed.AcceptUserCdtNotOpened");
    if (crossesBorder(regions)) {
      if (!model.open("CrossBorderCdt", "any", by.id, RegionId)) return refused("OperationFailed.CrossBorderCdtNotOpened");
      const isOpen = model.open("CrossBorderCdt", "any", accepter, AcceptingRegionId);
      if (!isOpen) return refused("OperationFailed.AcceptUserCrossBorderCdtNotOpened");
    }
    const tags = tagFault(Tag);
    if (tags !== undefined) return tags;
    if (!isGroupOf(by, parameters.ResourceGroupId)) return refused("OperationFailed.NotExist.ResourceGroup");

    const requested = live.filter((one) => one.account === by.id && one.region === RegionId).length;
    if (requested >= model.quota("VpcPeerCountPerUserPerRegion", by.id, RegionId))
      return refused("QuotaExceeded.VpcPeerCountPerUserPerRegion");
    const name = isInterRegion ? "CrossRegionVpcPeerCountPerVpc" : "IntraRegionVpcPeerCountPerVpc";
    for (const { id, account, region } of [from, to]) {
      const alike = live.filter((one) => joins(one, id) && (one.region !== one.acceptingRegion) === isInterRegion);
      if (alike.length >= model.quota(name, account, region)) return refused(`QuotaExceeded.${name}`);
    }
    return ({ InstanceId }) => {
      model.addConnection({
        id: fresh(model, vpcPeerConnection, InstanceId),
        account: by.id,
        region: RegionId,
        groups: newGroups(by, parameters.ResourceGroupId),
        tags: newTags(by, Tag),
        vpcId: from.id,
        accepter,
        acceptingRegion: AcceptingRegionId,
        acceptingVpcId: to.id,
        name: parameters.Name ?? "",
        description: parameters.Description ?? "",
        bandwidth: wanted.bandwidth ?? -1,
        linkType: wanted.linkType ?? "",
      });
      return { InstanceId };
    };
  },
  AcceptVpcPeerConnection: write(
    "AcceptVpcPeerConnection",
    (_model, by, connection) => [isNotAccepter(by, connection), isLocked(connection)],
    (model, by, connection, { Tag, ResourceGroupId }) => {
      const { region, acceptingRegion } = connection;
      if (!model.open("Cdt", "any", by.id, acceptingRegion)) return refused("OperationFailed.CdtNotOpened");
      if (crossesBorder([region, acceptingRegion]) && !model.open("CrossBorderCdt", "any", by.id, acceptingRegion))
        return refused("OperationFailed.CrossBorderCdtNotOpened");
      const fault = tagFault(Tag);
      if (fault !== undefined) return fault;
      if (!isGroupOf(by, ResourceGroupId)) return refused("OperationFailed.NotExist.ResourceGroup");
      return () => {
        model.happens(connection, "AcceptVpcPeerConnection");
        for (const [account, group] of newGroups(by, ResourceGroupId)) connection.groups.set(account, group);
        for (const [account, tags] of newTags(by, Tag)) connection.tags.set(account, tags);
        return {};
      };
    },
  ),
  RejectVpcPeerConnection: write(
    "RejectVpcPeerConnection",
    (_model, by, connection) => [isNotAccepter(by, connection)],
    (model, _by, connection) => () => {
      model.happens(connection, "RejectVpcPeerConnection");
      return {};
    },
  ),
  ModifyVpcPeerConnection: write(
    "ModifyVpcPeerConnection",
    (_model, _by, connection) => [isManaged(connection), isLocked(connection)],
    (model, _by, connection, { Name, Description, Bandwidth, LinkType }) => {
      const { account, region, acceptingRegion } = connection;
      const fault = linkFault(model, account, [region, acceptingRegion], { bandwidth: Bandwidth, linkType: LinkType });
      if (fault !== undefined) return fault;
      return () => {
        // Clients send calls that change nothing; nothing then happens.
        if ([Name, Description, Bandwidth, LinkType].every((given) => given === undefined)) return {};
        model.happens(connection, "ModifyVpcPeerConnection");
        connection.name = Name ?? connection.name;
        connection.description = Description ?? connection.description;
        connection.bandwidth = Bandwidth ?? connection.bandwidth;
        connection.linkType = LinkType ?? connection.linkType;
        return {};
      };
    },
  ),
  DeleteVpcPeerConnection: write(
    "DeleteVpcPeerConnection",
    (_model, _by, connection) => [isManaged(connection)],
    (model, _by, connection, { Force }) => {
      const entries = model.entriesTo("VpcPeer", connection.id);
      if (Force !== true && entries.length > 0) return refused("OperationDenied.RouteEntryExist");
      return () => {
        for (const entry of entries) if (model.may(entry, "nextHopDeleted")) model.happens(entry, "nextHopDeleted");
        model.happens(connection, "DeleteVpcPeerConnection");
        return {};
      };
    },
  ),
  MoveResourceGroup(model, by, { ResourceId, RegionId, NewResourceGroupId }) {
    const moved = connectionOf(model, by, { InstanceId: ResourceId });
    const isHere = moved !== undefined && sidesOf(moved).some(({ account, region }) => account === by.id && region === RegionId);
    if (!isHere) return refused("ResourceNotFound.VpcPeer");
    if (!isGroupOf(by, NewResourceGroupId)) return refused("OperationFailed.NotExist.ResourceGroup");
    return () => {
      moved.groups.set(by.id, NewResourceGroupId);
      model.relabel(moved);
      return { Success: true };
    };
  },
};
