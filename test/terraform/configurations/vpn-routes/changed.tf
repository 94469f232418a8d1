resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "end" {
  vpc_id     = alicloud_vpc.hub.id
  zone_id    = "cn-hangzhou-h"
  cidr_block = "10.0.0.0/24"
}

resource "alicloud_vpn_gateway" "hub" {
  vpc_id       = alicloud_vpc.hub.id
  vswitch_id   = alicloud_vswitch.end.id
  payment_type = "PayAsYouGo"
  bandwidth    = 10
}

resource "alicloud_vpn_customer_gateway" "site" {
  ip_address = "203.0.113.1"
}

resource "alicloud_vpn_connection" "site" {
  vpn_gateway_id      = alicloud_vpn_gateway.hub.id
  customer_gateway_id = alicloud_vpn_customer_gateway.site.id
  local_subnet        = ["0.0.0.0/0"]
  remote_subnet       = ["0.0.0.0/0"]
}

resource "alicloud_vpn_route_entry" "published" {
  vpn_gateway_id = alicloud_vpn_gateway.hub.id
  next_hop       = alicloud_vpn_connection.site.id
  route_dest     = "192.168.0.0/24"
  weight         = 0
  publish_vpc    = false
}

resource "alicloud_vpn_route_entry" "standby" {
  vpn_gateway_id = alicloud_vpn_gateway.hub.id
  next_hop       = alicloud_vpn_connection.site.id
  route_dest     = "192.168.1.0/24"
  weight         = 100
  publish_vpc    = true
  # The provider does not try again while another entry of the VPC is being made.
  depends_on     = [alicloud_route_entry.to_gateway]
}

resource "alicloud_vpn_pbr_route_entry" "published" {
  vpn_gateway_id = alicloud_vpn_gateway.hub.id
  next_hop       = alicloud_vpn_connection.site.id
  route_source   = "10.0.1.0/24"
  route_dest     = "192.168.2.0/24"
  weight         = 0
  publish_vpc    = false
}

resource "alicloud_vpn_pbr_route_entry" "standby" {
  vpn_gateway_id = alicloud_vpn_gateway.hub.id
  next_hop       = alicloud_vpn_connection.site.id
  route_source   = "10.0.2.0/24"
  route_dest     = "192.168.3.0/24"
  weight         = 100
  publish_vpc    = true
  # The provider does not try again while another entry of the VPC is being made.
  depends_on     = [alicloud_route_entry.to_gateway]
}

resource "alicloud_route_entry" "to_gateway" {
  route_table_id        = alicloud_vpc.hub.route_table_id
  destination_cidrblock = "192.168.10.0/24"
  nexthop_type          = "VpnGateway"
  nexthop_id            = alicloud_vpn_gateway.hub.id
  name                  = "to-gateway"
}

resource "alicloud_route_table" "front" {
  vpc_id = alicloud_vpc.hub.id
}

resource "alicloud_vpc_route_entry" "to_gateway" {
  route_table_id         = alicloud_route_table.front.id
  destination_cidr_block = "192.168.9.0/24"
  nexthop_type           = "VpnGateway"
  nexthop_id             = alicloud_vpn_gateway.hub.id
}
