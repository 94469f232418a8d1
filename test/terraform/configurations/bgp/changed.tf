# BGP between a border router and the devices of its site.

data "alicloud_express_connect_physical_connections" "circuits" {
  name_regex = "^preserved-NODELETING"
}

resource "alicloud_vpc" "near" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_express_connect_virtual_border_router" "site" {
  physical_connection_id = data.alicloud_express_connect_physical_connections.circuits.connections[0].id
  vlan_id                = 400
  local_gateway_ip       = "10.255.0.1"
  peer_gateway_ip        = "10.255.0.2"
  peering_subnet_mask    = "255.255.255.248"
}

resource "alicloud_vpc_bgp_group" "site" {
  router_id      = alicloud_express_connect_virtual_border_router.site.id
  peer_asn       = 65002
  local_asn      = 64512
  is_fake_asn    = true
  bgp_group_name = "site"
  description    = "devices of the site"
  auth_key       = "Not-For-All-1"
  route_limit    = 50
}

resource "alicloud_vpc_bgp_peer" "site" {
  bgp_group_id    = alicloud_vpc_bgp_group.site.id
  peer_ip_address = "10.255.0.3"
  enable_bfd      = true
  bfd_multi_hop   = 10
}

resource "alicloud_vpc_bgp_network" "near" {
  router_id      = alicloud_express_connect_virtual_border_router.site.id
  dst_cidr_block = "10.0.0.0/16"
  vpc_id         = alicloud_vpc.near.id
}

resource "alicloud_vpc_bgp_network" "site" {
  router_id      = alicloud_express_connect_virtual_border_router.site.id
  dst_cidr_block = "192.168.0.0/16"
}

data "alicloud_vpc_bgp_groups" "of_router" {
  ids       = [alicloud_vpc_bgp_group.site.id]
  router_id = alicloud_express_connect_virtual_border_router.site.id
}

data "alicloud_vpc_bgp_peers" "of_group" {
  ids          = [alicloud_vpc_bgp_peer.site.id]
  bgp_group_id = alicloud_vpc_bgp_group.site.id
}

data "alicloud_vpc_bgp_networks" "of_router" {
  depends_on = [alicloud_vpc_bgp_network.near, alicloud_vpc_bgp_network.site]
  router_id  = alicloud_express_connect_virtual_border_router.site.id
}
