import type { Parameters } from "../support/caller.ts";

/** Parameter faults: a base call that would succeed, and what makes it fail. */

export interface Fault {
  readonly product: "Vpc" | "VpcPeer";
  readonly action: string;
  /** Laid over the base call of the action; `undefined` leaves a parameter out. */
  readonly change: Parameters;
  readonly code: string;
  readonly status: number;
}
/** Ids that the faults are made of. */
export interface World {
  readonly vpcId: string;
  readonly secondVpcId: string;
  readonly foreignVpcId: string;
  readonly vSwitchId: string;
  readonly routeTableId: string;
  readonly foreignRouteTableId: string;
  readonly connection: string;
  /** A connection between two VPCs of the other account. */
  readonly foreignConnection: string;
  readonly foreignAccount: string;
  readonly foreignResourceGroup: string;
}

/** Calls that succeed as they are, once each. */
export function baseCalls(world: World): Readonly<Record<string, Parameters>> {
  return {
    CreateVpc: { RegionId: "cn-hangzhou", CidrBlock: "10.9.0.0/16" },
    DeleteVpc: { RegionId: "cn-hangzhou", VpcId: world.secondVpcId },
    DescribeVpcs: { RegionId: "cn-hangzhou" },
    CreateVSwitch: { RegionId: "cn-hangzhou", VpcId: world.vpcId, ZoneId: "cn-hangzhou-h", CidrBlock: "10.0.2.0/24" },
    DeleteVSwitch: { RegionId: "cn-hangzhou", VSwitchId: world.vSwitchId },
    CreateRouteEntry: {
      RegionId: "cn-hangzhou",
      RouteTableId: world.routeTableId,
      DestinationCidrBlock: "10.1.0.0/16",
      NextHopType: "VpcPeer",
      NextHopId: world.connection,
    },
    DescribeRouteEntryList: { RegionId: "cn-hangzhou", RouteTableId: world.routeTableId },
    CreateVpcPeerConnection: {
      RegionId: "cn-hangzhou",
      VpcId: world.secondVpcId,
      AcceptingAliUid: world.foreignAccount,
      AcceptingRegionId: "cn-beijing",
      AcceptingVpcId: world.foreignVpcId,
    },
    ModifyVpcPeerConnection: { InstanceId: world.connection, Name: "changed" },
    DeleteVpcPeerConnection: { InstanceId: world.connection },
    GetVpcPeerConnectionAttribute: { InstanceId: world.connection },
    ListVpcPeerConnections: { RegionId: "cn-hangzhou" },
    TagResources: {
      RegionId: "cn-hangzhou",
      ResourceType: "PeerConnection",
      ResourceId: [world.connection],
      Tag: [{ Key: "a", Value: "b" }],
    },
    MoveResourceGroup: { RegionId: "cn-hangzhou", ResourceType: "PeerConnection", ResourceId: world.connection },
  };
}

const tags = (count: number): { Key: string; Value: string }[] =>
  Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `vpc-${index}`);
const notNumbers = ["abc", "1.5", "1e1", "0x10", " 1", "+1", "--1", "１", "99999999999999999999", "NaN", "1,2"];
const notBooleans = ["1", "0", "yes", "tru", "true ", "null", "truefalse"];

function vpc(action: string, code: string, status: number, ...changes: Parameters[]): Fault[] {
  return changes.map((change) => ({ product: "Vpc", action, change, code, status }));
}
function peer(action: string, code: string, status: number, ...changes: Parameters[]): Fault[] {
  return changes.map((change) => ({ product: "VpcPeer", action, change, code, status }));
}
function onConnection(code: string, ...changes: Parameters[]): Fault[] {
  const actions = ["ModifyVpcPeerConnection", "DeleteVpcPeerConnection", "GetVpcPeerConnectionAttribute"];
  return actions.flatMap((action) => peer(action, code, 400, ...changes));
}
const each = (name: string, values: readonly unknown[]): Parameters[] => values.map((value) => ({ [name]: value }));

export function faults(world: World): Fault[] {
  const regions = each("RegionId", [
    "nowhere",
    "CN-HANGZHOU",
    "cn-hangzhou ",
    "cn-hangzhou,cn-beijing",
    "__proto__",
    "constructor",
    "a".repeat(500),
    "\0",
    ["cn-hangzhou"],
  ]);
  const badIds = ["a".repeat(129), "vpc-\0", "vpc-\n", ["vpc-1"]];
  return [
    // Regions
    ...["CreateVpc", "DescribeVpcs", "DeleteVpc", "CreateVSwitch", "CreateRouteEntry"].flatMap((action) =>
      vpc(action, "InvalidRegionId.NotFound", 404, ...regions),
    ),
    ...peer("ListVpcPeerConnections", "InvalidRegionId.NotFound", 404, ...regions),
    ...peer("CreateVpcPeerConnection", "InvalidRegionId.NotFound", 404, ...regions, { AcceptingRegionId: "nowhere" }),
    ...vpc("CreateVpc", "MissingRegionId", 400, ...each("RegionId", [undefined, ""])),
    ...peer("CreateVpcPeerConnection", "MissingAcceptingRegionId", 400, ...each("AcceptingRegionId", [undefined, ""])),

    // Ids: malformed, missing, of another kind, of another account, of another region
    ...vpc("DeleteVpc", "InvalidVpcId", 400, ...each("VpcId", badIds)),
    ...vpc("DeleteVpc", "MissingVpcId", 400, ...each("VpcId", [undefined, ""])),
    ...vpc(
      "DeleteVpc",
      "InvalidVpcId.NotFound",
      404,
      ...each("VpcId", ["vpc-unknown", world.vSwitchId, world.connection, world.foreignVpcId, world.vpcId.toUpperCase(), "中"]),
    ),
    ...vpc("DeleteVpc", "InvalidVpcId.NotFound", 404, { RegionId: "cn-beijing" }),
    ...vpc("CreateVSwitch", "InvalidVpcId.NotFound", 404, ...each("VpcId", ["vpc-unknown", world.vSwitchId, world.foreignVpcId])),
    ...vpc("CreateVSwitch", "MissingZoneId", 400, { ZoneId: "" }),
    ...vpc("CreateVSwitch", "InvalidZoneId.NotFound", 404, { ZoneId: "cn-beijing-a" }),
    ...vpc("DeleteVSwitch", "InvalidVSwitchId.NotFound", 404, ...each("VSwitchId", ["vsw-unknown", world.vpcId])),
    ...vpc("DeleteVSwitch", "InvalidVSwitchId", 400, ...each("VSwitchId", badIds)),
    ...vpc(
      "CreateRouteEntry",
      "InvalidRouteTableId.NotFound",
      404,
      ...each("RouteTableId", ["vtb-unknown", world.vpcId, world.foreignRouteTableId]),
    ),
    ...peer(
      "CreateVpcPeerConnection",
      "ResourceNotFound.VpcId",
      400,
      ...each("VpcId", ["vpc-unknown", world.foreignVpcId, world.vSwitchId]),
    ),
    ...peer("CreateVpcPeerConnection", "ResourceNotFound.AcceptingVpcId", 400, ...each("AcceptingVpcId", ["vpc-unknown", world.vpcId])),
    ...peer("CreateVpcPeerConnection", "InvalidVpcId", 400, ...each("VpcId", badIds)),
    ...onConnection("MissingInstanceId", ...each("InstanceId", [undefined, ""])),
    ...onConnection("InvalidInstanceId", ...each("InstanceId", badIds)),
    ...onConnection("ResourceNotFound.InstanceId", ...each("InstanceId", ["pcc-unknown", world.vpcId, world.foreignConnection])),
    ...vpc("CreateVpc", "InvalidResourceGroupId", 400, ...each("ResourceGroupId", ["rg-unknown", world.vpcId, world.foreignResourceGroup])),
    ...peer("MoveResourceGroup", "MissingNewResourceGroupId", 400, {}),
    ...peer("MoveResourceGroup", "OperationFailed.NotExist.ResourceGroup", 400, { NewResourceGroupId: world.foreignResourceGroup }),

    // Numbers
    ...vpc("DescribeVpcs", "InvalidPageSize", 400, ...each("PageSize", ["0", "51", "-1", ["1"], ...notNumbers])),
    ...vpc("DescribeVpcs", "InvalidPageNumber", 400, ...each("PageNumber", ["0", "-1", "2147483648", ...notNumbers])),
    ...vpc("DescribeVpcs", "Throttling.DeepPageSkip", 400, { PageNumber: "2147483647", PageSize: "50" }),
    ...vpc("DescribeVpcs", "IllegalParam.OwnerId", 400, ...each("VpcOwnerId", ["abc", "-1", "1.0", "1".repeat(19)])),
    ...vpc("CreateVpc", "InvalidIpv4CidrMask", 400, ...each("Ipv4CidrMask", ["7", "29", ...notNumbers])),
    ...vpc("CreateRouteEntry", "InvalidNextHopList", 400, ...each("NextHopList", ["x", [{ Weight: "256" }], [{ Weight: "abc" }], ["x"]])),
    ...peer("CreateVpcPeerConnection", "InvalidAcceptingAliUid", 400, ...each("AcceptingAliUid", ["abc", "-1", "1".repeat(19), "1e15"])),
    ...peer("ModifyVpcPeerConnection", "IllegalParam.Bandwidth", 400, ...each("Bandwidth", ["0", "-1", "2147483648", ...notNumbers])),
    ...peer("ListVpcPeerConnections", "InvalidMaxResults", 400, ...each("MaxResults", ["0", "101", ...notNumbers])),
    ...vpc("DescribeRouteEntryList", "InvalidMaxResult", 400, ...each("MaxResult", ["0", "501", ...notNumbers])),

    // Booleans
    ...vpc("CreateVpc", "InvalidDryRun", 400, ...each("DryRun", [...notBooleans, ["true"]])),
    ...vpc("CreateVpc", "InvalidEnableIpv6", 400, ...each("EnableIpv6", notBooleans)),
    ...peer("DeleteVpcPeerConnection", "InvalidForce", 400, ...each("Force", notBooleans)),

    // Texts
    ...vpc(
      "CreateVpc",
      "InvalidVpcName.Malformed",
      400,
      ...each("VpcName", [
        "n".repeat(129),
        "😀".repeat(129),
        "http://x",
        "HTTPS://x",
        "a\nb",
        "a\rb",
        "a\tb",
        "a\0b",
        "a\u007fb",
        "a\u2028b",
        "a\uffff",
        ["a"],
      ]),
    ),
    ...vpc("CreateVpc", "InvalidVpcDiscription.Malformed", 400, ...each("Description", ["d".repeat(257), "https://x", "a\0b", "\ufffe"])),
    ...vpc("CreateVSwitch", "InvalidVSwitchName.Malformed", 400, ...each("VSwitchName", ["n".repeat(129), "http://x", "a\nb", "a\0b"])),
    ...vpc("CreateRouteEntry", "InvalidRouteEntryName.Malformed", 400, ...each("RouteEntryName", ["n".repeat(129), "a\nb", "a\0b"])),
    ...peer("ModifyVpcPeerConnection", "IllegalParam.Name", 400, ...each("Name", ["n".repeat(129), "http://x", "a\nb", "a\0b"])),
    ...peer("ModifyVpcPeerConnection", "IllegalParam.Description", 400, ...each("Description", ["d".repeat(257), "https://x", "a\0b"])),
    ...peer("CreateVpcPeerConnection", "IllegalParam.Name", 400, ...each("Name", ["n", "1st", "a b", "a\nb", "a\0b", "n".repeat(129)])),
    ...vpc("DescribeVpcs", "InvalidVpcName", 400, { VpcName: "n".repeat(257) }),

    // Client tokens
    ...(["CreateVpc", "DeleteVpc", "CreateVSwitch"] as const).flatMap((action) =>
      vpc(action, "InvalidClientToken", 400, ...each("ClientToken", ["t".repeat(65), "é", "中", "a\0b", "a\nb", "a\tb", "😀"])),
    ),
    ...peer("DeleteVpcPeerConnection", "InvalidClientToken", 400, ...each("ClientToken", ["t".repeat(65), "é"])),

    // Lists and tags
    ...vpc(
      "CreateVpc",
      "InvalidTag",
      400,
      { Tag: "a" },
      { Tag: "[]" },
      { "Tag.0.Key": "a" },
      { "Tag.01.Key": "a" },
      { "Tag.-1.Key": "a" },
      { "Tag.x.Key": "a" },
      { "Tag.1": "a" },
      { "Tag.Key": "a" },
      { "Tag.99999999999999999999.Key": "a" },
      { "Tag.__proto__.Key": "a" },
    ),
    ...vpc("CreateVpc", "NumberExceed.Tags", 400, { "Tag.21.Key": "a" }, { "Tag.999999999.Key": "a" }, { Tag: tags(21) }),
    ...vpc(
      "CreateVpc",
      "InvalidTagKey",
      400,
      { Tag: [{ Value: "a" }] },
      { Tag: [{ Key: "" }] },
      { "Tag.1.__proto__": "a" },
      { "Tag.1.Key.1": "a" },
      { Tag: [{ Key: "k".repeat(129) }] },
      { Tag: [{ Key: "a\nb" }] },
      { Tag: [{ Key: "a\0b" }] },
    ),
    ...vpc(
      "CreateVpc",
      "InvalidTagValue",
      400,
      { Tag: [{ Key: "a", Value: "v".repeat(129) }] },
      { Tag: [{ Key: "a", Value: "a\0b" }] },
      { "Tag.1.Key": "a", "Tag.1.Value.1": "b" },
    ),
    ...vpc(
      "CreateVpc",
      "Forbidden.TagKeys",
      400,
      { Tag: [{ Key: "aliyun" }] },
      { Tag: [{ Key: "ACS:x" }] },
      { Tag: [{ Key: "a", Value: "see http://x" }] },
    ),
    ...vpc("CreateVpc", "Forbidden.TagKey.Duplicated", 400, {
      Tag: [
        { Key: "a", Value: "1" },
        { Key: "a", Value: "2" },
      ],
    }),
    ...vpc("CreateVpc", "InvalidUserCidr.Quota", 400, { UserCidr: ["10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8"] }),
    ...vpc(
      "DescribeVpcs",
      "InvalidVpcIdNumber.NotSupported",
      400,
      { VpcId: ids(21) },
      { VpcId: ids(21).join(",") },
      { "VpcId.21": "vpc-1" },
    ),
    ...peer(
      "ListVpcPeerConnections",
      "InvalidVpcId",
      400,
      { VpcId: ids(3) },
      { VpcId: ids(3).join(",") },
      { VpcId: JSON.stringify(ids(3)) },
      ...each("VpcId", ['["vpc-1"', "[1]", "[[]]", '[{"a":1}]', "[", "a".repeat(129)]),
      { VpcId: "vpc-1", "VpcId.1": "vpc-1" },
      { "VpcId.0": "vpc-1" },
      { "VpcId.x": "vpc-1" },
    ),
    ...peer(
      "ListVpcPeerConnections",
      "IllegalParam.NextToken",
      400,
      ...each("NextToken", ["x", "0", "bGlua3NwYW46LTE", "bGlua3NwYW46MQ=="]),
    ),
    ...peer(
      "TagResources",
      "InvalidInstanceIds.NotFound",
      400,
      ...each("ResourceId", [["pcc-unknown"], [world.connection, world.foreignConnection], [world.vpcId]]),
    ),
    ...peer("TagResources", "NumberExceed.ResourceIds", 400, { ResourceId: ids(51) }),
    ...peer("TagResources", "InvalidInstanceType.NotFound", 400, { ResourceType: "VPC" }),
    ...peer("TagResources", "MissingResourceId", 400, { ResourceId: undefined }),
    ...peer("TagResources", "MissingTag", 400, { Tag: undefined }),
  ];
}
