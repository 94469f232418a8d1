/** Arguments that no scenario changes on a living resource, with the reason. All others of these resource types are changed by one. */

const replaces = "replaces the resource";
const ipam = "needs IPAM, which is not here";

export const unchanged: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alicloud_vpc: {
    ipv4_cidr_mask: ipam,
    ipv4_ipam_pool_id: ipam,
    ipv6_cidr_block: replaces,
    is_default: replaces,
    secondary_cidr_mask: ipam,
    user_cidrs: replaces,
  },
  alicloud_vswitch: {
    availability_zone: replaces,
    cidr_block: replaces,
    is_default: replaces,
    vpc_id: replaces,
    zone_id: replaces,
  },
  alicloud_route_table: { associate_type: replaces, vpc_id: replaces },
  alicloud_route_table_attachment: { route_table_id: replaces, vswitch_id: replaces },
  alicloud_route_entry: {
    description: replaces,
    destination_cidrblock: replaces,
    name: replaces,
    nexthop_id: replaces,
    nexthop_type: replaces,
    route_table_id: replaces,
  },
  alicloud_vpc_route_entry: {
    destination_cidr_block: replaces,
    next_hops: replaces,
    route_publish_targets: "needs Express Connect routers, which are not here",
    route_table_id: replaces,
  },
  alicloud_vpc_peer_connection: {
    accepting_ali_uid: replaces,
    accepting_region_id: replaces,
    accepting_vpc_id: replaces,
    vpc_id: replaces,
  },
  alicloud_vpc_peer_connection_accepter: { instance_id: replaces },
};
