import { type AccessPoint, builtInAccessPoints } from "./access-points.ts";

/** Limits of an account and region: quotas by the names in their error codes, with the default that an account starts with. */
export const quotaDefaults = {
  /** Intra-region peering connections of one VPC. */
  IntraRegionVpcPeerCountPerVpc: 10,
  /** Inter-region peering connections of one VPC. */
  CrossRegionVpcPeerCountPerVpc: 20,
  /** Peering connections that an account requested in one region. */
  VpcPeerCountPerUserPerRegion: 20,
  /** Ceiling of `Bandwidth` of one inter-region peering connection, in Mbps. */
  Bandwidth: 1024,
  /** VPCs of an account in one region. */
  Vpc: 10,
  /** vSwitches of one VPC. */
  VSwitch: 150,
  /** Secondary IPv4 blocks of one VPC. */
  VpcMultiCidr: 5,
  /** IPv6 blocks of one VPC. */
  GUAIpv6CidrBlock: 5,
  /** Custom route tables of one VPC. */
  RouteTable: 9,
  /** VPN gateways of an account. */
  VpnGateway: 30,
  /** Customer gateways of an account in one region. */
  CustomerGateway: 100,
  /** IPsec-VPN connections of one VPN gateway. */
  VpnConnection: 10,
  /** Destination-based routes of one VPN gateway. */
  VpnDbrRouteEntry: 20,
  /** Policy-based routes of one VPN gateway. */
  VpnPbrRouteEntry: 20,
  /** Router interfaces of one router. */
  RouterInterface: 5,
  /** BGP peers of one virtual border router. */
  Bgp: 8,
  /** Routes of one BGP peer: what its group may ask for, and has where it asks for none. */
  RouteLimit: 110,
  /** Entries of one VPC's route tables that lead to VPN gateways. */
  VpnRouteEntry: 50,
  /** Custom route entries of one route table. */
  RouteEntry: 200,
  /** Custom route entries of one virtual border router. */
  VbrRouteEntry: 48,
  /** Virtual border routers on one circuit. */
  vbrPerpConn: 5,
  /** Virtual border routers of an account, in all regions, that have no router interface. */
  freevbr: 5,
  /** Circuits of an account at one access point that are not enabled yet. */
  freePconnPerAP: 5,
  /** Circuits of an account at one access point. */
  pConnPerAP: 100,
  /** Shared circuits on one circuit. */
  VPCONN: 100,
  // Of RAM, by the names that its account summary has for them.
  UsersQuota: 1000,
  GroupsQuota: 50,
  RolesQuota: 1000,
  PoliciesQuota: 1500,
  VersionsPerPolicyQuota: 5,
  AccessKeysPerUserQuota: 2,
  GroupsPerUserQuota: 5,
  /** Custom policies of one user, group or role, and policies of the system likewise. */
  AttachedPoliciesPerUserQuota: 10,
  AttachedSystemPoliciesPerUserQuota: 20,
  AttachedPoliciesPerGroupQuota: 5,
  AttachedSystemPoliciesPerGroupQuota: 20,
  AttachedPoliciesPerRoleQuota: 5,
  AttachedSystemPoliciesPerRoleQuota: 20,
  /** Not a quota of the cloud: days after which an unanswered peering request expires. */
  VpcPeerExpiryDays: 7,
} as const;
export type QuotaName = keyof typeof quotaDefaults;

/** What can be closed per account or region. All are open by default. */
export const featureNames = [
  /** Peering connections in a region; closed: `UnsupportedRegion`. */
  "VpcPeer",
  /** Link types of inter-region peering connections. */
  "LinkType.Gold",
  "LinkType.Platinum",
  /** The account's data-transfer service, inside and across the border. */
  "Cdt",
  "CrossBorderCdt",
  /** Whether an account may have circuits, which it pays for by outbound traffic. */
  "PconnTraffic",
  /** Whether an account may take circuits into use without an order. */
  "PconnWithoutOrder",
  /** Whether an account may share its circuits with tenants. */
  "Vpconn",
] as const;
export type FeatureName = (typeof featureNames)[number];

/** What a caller can do about a quota that is used up, or a feature that is closed: on this server both are settings. */
export function quotaAdvice(name: QuotaName): string {
  return `delete what is not needed any more, or raise the quota ${name} with PUT /_linkspan/settings`;
}
export function featureAdvice(name: FeatureName): string {
  return `open the feature ${name} with PUT /_linkspan/settings`;
}

/** What a rate limit counts: the requests of each access key, or those of all keys of an account. */
export const rateLimitedBy = ["key", "account"] as const;
export type RateLimitedBy = (typeof rateLimitedBy)[number];

/** How many requests are answered: `requestsPerSecond` in the long run, and `burst` at once after a pause. */
export interface RateLimit {
  readonly requestsPerSecond: number;
  /** As many as come in one second unless said. */
  readonly burst?: number;
}

/** The most specific entry wins: account and region, then account, then region, then neither. */
interface Scope {
  readonly account?: string;
  readonly region?: string;
}
export interface Settings {
  readonly quotas: readonly (Scope & { readonly name: QuotaName; readonly value: number })[];
  readonly features: readonly (Scope & { readonly name: FeatureName; readonly open: boolean })[];
  /** Access points beside the built-in ones, or in the place of one with the same id. Stores of earlier versions have none. */
  readonly accessPoints?: readonly AccessPoint[];
  /** None unless said, and in stores of earlier versions. An entry that names no account holds for each. */
  readonly rateLimits?: readonly (RateLimit & { readonly per: RateLimitedBy; readonly account?: string })[];
}
export const defaultSettings: Settings = { quotas: [], features: [] };

/** What rules ask of the settings. */
export interface SettingsReader {
  quota(name: QuotaName, account: string, region: string): number;
  /** Whether a feature is open in a region for everybody: entries that name an account do not count. */
  openInRegion(name: FeatureName, region: string): boolean;
  /** Whether a feature is open for one account: only entries that name an account count. */
  openForAccount(name: FeatureName, account: string, region: string): boolean;
  /** Whether a feature is open for an account in a region, by whatever entry is the most specific. */
  isOpen(name: FeatureName, account: string, region: string): boolean;
  /** The access points of a region. */
  accessPoints(region: string): readonly AccessPoint[];
  /** The limit on each key of an account, or on the account; `undefined` for none. */
  rateLimit(per: RateLimitedBy, account: string): RateLimit | undefined;
}

/** Reads a settings document. */
export function settingsReader(settings: Settings): SettingsReader {
  const best = <E extends Scope & { readonly name: string }>(
    entries: readonly E[],
    name: string,
    fits: (entry: E) => boolean,
  ): E | undefined => entries.filter((entry) => entry.name === name && fits(entry)).sort((a, b) => specificity(b) - specificity(a))[0];
  return {
    quota: (name, account, region) => best(settings.quotas, name, (e) => within(e, account, region))?.value ?? quotaDefaults[name],
    openInRegion: (name, region) =>
      best(settings.features, name, (e) => e.account === undefined && (e.region ?? region) === region)?.open ?? true,
    openForAccount: (name, account, region) =>
      best(settings.features, name, (e) => e.account !== undefined && within(e, account, region))?.open ?? true,
    isOpen: (name, account, region) => best(settings.features, name, (e) => within(e, account, region))?.open ?? true,
    accessPoints: (region) => {
      const own = settings.accessPoints ?? [];
      const kept = builtInAccessPoints.filter(({ id }) => own.every((other) => other.id !== id));
      return [...kept, ...own].filter((point) => point.region === region);
    },
    rateLimit: (per, account) => {
      const entries = (settings.rateLimits ?? []).filter((entry) => entry.per === per);
      return entries.find((entry) => entry.account === account) ?? entries.find((entry) => entry.account === undefined);
    },
  };
}

function within(scope: Scope, account: string, region: string): boolean {
  return (scope.account ?? account) === account && (scope.region ?? region) === region;
}
function specificity(scope: Scope): number {
  return (scope.account === undefined ? 0 : 2) + (scope.region === undefined ? 0 : 1);
}
