/** Arguments that no scenario changes on a living resource, with the reason. All others of these resource types are changed by one. */

const replaces = "replaces the resource";
const noCall = "no call changes it";
const ofOneTunnel = "says something of attachments with one tunnel, which can no longer be created";
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
  alicloud_vpn_gateway: {
    bandwidth: replaces,
    disaster_recovery_vswitch_id: noCall,
    enable_ipsec: noCall,
    enable_ssl: noCall,
    instance_charge_type: replaces,
    network_type: replaces,
    payment_type: replaces,
    period: "counts for gateways paid in advance, which terraform cannot delete",
    ssl_connections: replaces,
    vpc_id: replaces,
    vpn_type: replaces,
    vswitch_id: replaces,
  },
  alicloud_vpn_customer_gateway: { asn: replaces, ip_address: replaces },
  alicloud_vpn_connection: { customer_gateway_id: replaces, vpn_gateway_id: replaces },
  alicloud_vpn_gateway_vpn_attachment: {
    bgp_config: ofOneTunnel,
    customer_gateway_id: ofOneTunnel,
    enable_dpd: ofOneTunnel,
    enable_nat_traversal: ofOneTunnel,
    ike_config: ofOneTunnel,
    ipsec_config: ofOneTunnel,
    network_type: replaces,
    tunnel_bandwidth: replaces,
  },
  alicloud_vpn_route_entry: { next_hop: replaces, route_dest: replaces, vpn_gateway_id: replaces },
  alicloud_vpn_pbr_route_entry: { next_hop: replaces, route_dest: replaces, route_source: replaces, vpn_gateway_id: replaces },
};
