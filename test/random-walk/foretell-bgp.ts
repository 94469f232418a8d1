import { bgpGroup } from "../../src/services/express-connect/bgp/bgp-group.ts";
import { bgpPeer } from "../../src/services/express-connect/bgp/bgp-peer.ts";
import { asBlock, isIpv6 } from "./address-blocks.ts";
import { type Family, fresh, type Refused, refused } from "./foretell.ts";
import type { Model } from "./model.ts";
import type { Account, BgpGroup, BgpNetwork, BgpPeer, BorderRouter } from "./things.ts";

/** BGP groups, peers and networks of virtual border routers. */

const notFound = refused("InvalidParams.NotFound");
const noGroup = refused("InvalidBgpGroup");
const status = refused("InvalidStatus.CannotOperate");
const noIpv6 = refused("OperationUnsupported.IPV6ForThisRegion");

function ownRouter(model: Model, by: Account, { RouterId, RegionId }: any): BorderRouter | undefined {
  return model.owned(model.borderRouters, RouterId, by.id, RegionId);
}
function ownGroup(model: Model, by: Account, { BgpGroupId, RegionId }: any): BgpGroup | undefined {
  return model.owned(model.bgpGroups, BgpGroupId, by.id, RegionId);
}
function ownPeer(model: Model, by: Account, { BgpPeerId, RegionId }: any): BgpPeer | undefined {
  return model.owned(model.bgpPeers, BgpPeerId, by.id, RegionId);
}
function lacksIpv6(router: BorderRouter | undefined, version: string): boolean {
  return version === "IPv6" && router?.circuits.every(({ hasIpv6 }) => !hasIpv6) !== false;
}
function hasTooManyRoutes(model: Model, by: Account, { RouteQuota = 0, RegionId }: any): boolean {
  return RouteQuota > model.quota("RouteLimit", by.id, RegionId);
}
/** What a peer does about failures after a call, or what is wrong with it. */
function bfdAfter(given: any, before: Pick<BgpPeer, "hasBfd" | "hops">): Pick<BgpPeer, "hasBfd" | "hops"> | Refused {
  const hasBfd = given.EnableBfd ?? before.hasBfd;
  if (given.BfdMultiHop !== undefined && !hasBfd) return refused("MissingParam.EnableBfd");
  const hops = hasBfd ? (given.BfdMultiHop ?? before.hops) : 0;
  return hasBfd && hops === 0 ? refused("IllegalParam.BfdMultiHop") : { hasBfd, hops };
}
function networkAt(model: Model, { RouterId, DstCidrBlock }: any): BgpNetwork | undefined {
  return model.bgpNetworks.find(({ routerId, block }) => routerId === RouterId && asBlock(block) === asBlock(DstCidrBlock));
}

export const bgpFamily: Family = {
  CreateBgpGroup(model, by, parameters) {
    const { RegionId, RouterId, Name = "", Description = "", LocalAsn = 45_104, PeerAsn, AuthKey = "", IpVersion = "IPv4" } = parameters;
    const router = ownRouter(model, by, parameters);
    if (router === undefined) return notFound;
    if (router.state !== "active") return status;
    if (lacksIpv6(router, IpVersion)) return noIpv6;
    if (hasTooManyRoutes(model, by, parameters)) return refused("IllegalParam.RouteLimit");
    return ({ BgpGroupId }) => {
      model.addBgpGroup({
        id: fresh(model, bgpGroup, BgpGroupId),
        account: by.id,
        region: RegionId,
        routerId: RouterId,
        name: Name,
        description: Description,
        ipVersion: IpVersion,
        localAsn: LocalAsn,
        peerAsn: PeerAsn,
        isFake: parameters.IsFakeAsn === true,
        authKey: AuthKey,
        routeLimit: parameters.RouteQuota ?? model.quota("RouteLimit", by.id, RegionId),
      });
      return { BgpGroupId };
    };
  },
  ModifyBgpGroupAttribute(model, by, parameters) {
    const changed = ownGroup(model, by, parameters);
    if (changed === undefined) return noGroup;
    const isCleared = parameters.ClearAuthKey === true;
    if (isCleared && parameters.AuthKey !== undefined) return refused("OperationFailed.ClearAuthKeyForbidden");
    if (!model.may(changed, "ModifyBgpGroupAttribute")) return status;
    if (hasTooManyRoutes(model, by, parameters)) return refused("IllegalParam.RouteLimit");
    return () => {
      model.happens(changed, "ModifyBgpGroupAttribute");
      changed.name = parameters.Name ?? changed.name;
      changed.description = parameters.Description ?? changed.description;
      changed.localAsn = parameters.LocalAsn ?? changed.localAsn;
      changed.peerAsn = parameters.PeerAsn ?? changed.peerAsn;
      changed.isFake = parameters.IsFakeAsn ?? changed.isFake;
      changed.authKey = isCleared ? "" : (parameters.AuthKey ?? changed.authKey);
      changed.routeLimit = parameters.RouteQuota ?? changed.routeLimit;
      return {};
    };
  },
  DeleteBgpGroup(model, by, parameters) {
    const deleted = ownGroup(model, by, parameters);
    if (deleted === undefined) return noGroup;
    if (!model.may(deleted, "DeleteBgpGroup")) return status;
    if (model.bgpPeers.some(({ groupId }) => groupId === deleted.id)) return refused("DependencyViolation.BgpPeer", 404);
    return () => {
      model.happens(deleted, "DeleteBgpGroup");
      return {};
    };
  },

  CreateBgpPeer(model, by, parameters) {
    const group = ownGroup(model, by, parameters);
    if (group === undefined) return noGroup;
    const bfd = bfdAfter(parameters, { hasBfd: false, hops: 0 });
    if ("code" in bfd) return bfd;
    if (group.state !== "Available") return status;
    const router = model.borderRouters.find(({ id }) => id === group.routerId) as BorderRouter;
    if (router.state !== "active") return status;
    const { RegionId, IpVersion = group.ipVersion } = parameters;
    if (IpVersion !== group.ipVersion) return refused("InvalidIpVersion");
    if (lacksIpv6(router, IpVersion)) return noIpv6;
    const [first, ...others] = router.circuits;
    const onlyOne = others.length > 0 ? undefined : IpVersion === "IPv6" ? first?.peer6 : first?.peer;
    const address = parameters.PeerIpAddress ?? onlyOne ?? "";
    if (address === "") return refused("InvalidParams.PeerIpAddressMustPointOut");
    if (isIpv6(address) !== (IpVersion === "IPv6")) return refused("InvalidIP.Malformed");
    const peers = model.bgpPeers.filter(({ routerId }) => routerId === router.id);
    const same = peers.find((one) => one.address === address);
    if (same !== undefined) return refused(same.groupId === group.id ? "BgpPeer.Already.Exists" : "InvalidParams.PeerIpAddressInUse");
    if (peers.length >= model.quota("Bgp", by.id, RegionId)) return refused("QuotaExceeded.Bgp");
    return ({ BgpPeerId }) => {
      const ids = { id: fresh(model, bgpPeer, BgpPeerId), account: by.id, region: RegionId };
      model.addBgpPeer({ ...ids, groupId: group.id, routerId: router.id, address, ipVersion: IpVersion, ...bfd });
      return { BgpPeerId };
    };
  },
  ModifyBgpPeerAttribute(model, by, parameters) {
    const changed = ownPeer(model, by, parameters);
    if (changed === undefined) return refused("InvalidBgpPeerId.NotFound", 404);
    const group = ownGroup(model, by, parameters);
    if (parameters.BgpGroupId !== undefined && group === undefined) return noGroup;
    const address = parameters.PeerIpAddress ?? changed.address;
    if (isIpv6(address) !== (changed.ipVersion === "IPv6")) return refused("IllegalParam.IpAddress");
    const bfd = bfdAfter(parameters, changed);
    if ("code" in bfd) return bfd;
    if (!model.may(changed, "ModifyBgpPeerAttribute")) return refused("IncorrectStatus.BgpPeer");
    if (group !== undefined) {
      if (group.routerId !== changed.routerId || group.ipVersion !== changed.ipVersion) return noGroup;
      if (group.state !== "Available") return status;
    }
    if (model.bgpPeers.some((one) => one !== changed && one.routerId === changed.routerId && one.address === address))
      return refused("DuplicatedParam.PeerIpAddress");
    return () => {
      model.happens(changed, "ModifyBgpPeerAttribute");
      Object.assign(changed, bfd, { address, groupId: group?.id ?? changed.groupId });
      return {};
    };
  },
  DeleteBgpPeer(model, by, parameters) {
    const deleted = ownPeer(model, by, parameters);
    if (deleted === undefined) return refused("InvalidBgpPeer.NotFound");
    if (!model.may(deleted, "DeleteBgpPeer")) return refused("IncorrectStatus.BgpPeer");
    return () => {
      model.happens(deleted, "DeleteBgpPeer");
      return {};
    };
  },

  AddBgpNetwork(model, by, parameters) {
    const { RegionId, RouterId, DstCidrBlock, VpcId } = parameters;
    const router = ownRouter(model, by, parameters);
    if (router === undefined) return notFound;
    if (DstCidrBlock.startsWith("224.")) return refused("IllegalParam.ConflictWithDClass");
    const named = model.vpcs.find(({ id }) => id === VpcId);
    if (VpcId !== undefined && (named === undefined || !model.mayUse(router, named))) return notFound;
    if (router.state !== "active") return status;
    if (networkAt(model, parameters) !== undefined) return refused("Duplicated.CidrBlock");
    return () => {
      model.addBgpNetwork({ id: "", account: by.id, region: RegionId, routerId: RouterId, block: DstCidrBlock, vpcId: VpcId ?? "" });
      return {};
    };
  },
  DeleteBgpNetwork(model, by, parameters) {
    if (ownRouter(model, by, parameters) === undefined) return notFound;
    const deleted = networkAt(model, parameters);
    if (deleted === undefined) return refused("InvalidVbrNetwork");
    if (!model.may(deleted, "DeleteBgpNetwork")) return status;
    return () => {
      model.happens(deleted, "DeleteBgpNetwork");
      return {};
    };
  },
};
