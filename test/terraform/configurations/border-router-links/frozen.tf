# A border router linked with VPCs: by a link that the service makes as a whole, and by one of two ends that are connected by hand.

data "alicloud_express_connect_physical_connections" "circuits" {
  name_regex = "^preserved-NODELETING"
}

data "alicloud_account" "current" {}

resource "alicloud_vpc" "near" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vpc" "far" {
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_express_connect_virtual_border_router" "site" {
  physical_connection_id = data.alicloud_express_connect_physical_connections.circuits.connections[0].id
  vlan_id                = 300
  local_gateway_ip       = "10.255.0.1"
  peer_gateway_ip        = "10.255.0.2"
  peering_subnet_mask    = "255.255.255.252"
}

resource "alicloud_express_connect_router_interface" "fast" {
  opposite_region_id          = "cn-hangzhou"
  router_type                 = "VBR"
  router_id                   = alicloud_express_connect_virtual_border_router.site.id
  role                        = "InitiatingSide"
  access_point_id             = data.alicloud_express_connect_physical_connections.circuits.connections[0].access_point_id
  opposite_router_type        = "VRouter"
  opposite_router_id          = alicloud_vpc.near.router_id
  opposite_interface_owner_id = data.alicloud_account.current.id
  fast_link_mode              = true
  payment_type                = "PayAsYouGo"
  router_interface_name       = "faster"
  description                 = "the quicker way"
  spec                        = "Small.1"
  status                      = "Inactive"
}

# Routes lead to the site over the end in the VPC, and to the VPC over the end at the border router.
resource "alicloud_route_entry" "to_site" {
  route_table_id        = alicloud_vpc.near.route_table_id
  destination_cidrblock = "192.168.0.0/16"
  nexthop_type          = "RouterInterface"
  nexthop_id            = alicloud_express_connect_router_interface.fast.opposite_interface_id
}

resource "alicloud_route_entry" "to_vpc" {
  route_table_id        = alicloud_express_connect_virtual_border_router.site.route_table_id
  destination_cidrblock = "10.0.0.0/16"
  nexthop_type          = "RouterInterface"
  nexthop_id            = alicloud_express_connect_router_interface.fast.id
}

resource "alicloud_router_interface" "from" {
  opposite_region = "cn-hangzhou"
  router_type     = "VBR"
  router_id       = alicloud_express_connect_virtual_border_router.site.id
  role            = "InitiatingSide"
  specification   = "Mini.2"
  name            = "from"
}

resource "alicloud_express_connect_router_interface" "to" {
  opposite_region_id          = "cn-hangzhou"
  router_type                 = "VRouter"
  router_id                   = alicloud_vpc.far.router_id
  role                        = "AcceptingSide"
  opposite_router_type        = "VBR"
  opposite_router_id          = alicloud_express_connect_virtual_border_router.site.id
  opposite_interface_owner_id = data.alicloud_account.current.id
  payment_type                = "PayAsYouGo"
  spec                        = "Negative"
  router_interface_name       = "to"
  health_check_source_ip      = "10.1.0.9"
  health_check_target_ip      = "10.255.0.9"
}

resource "alicloud_router_interface_connection" "accepting" {
  interface_id          = alicloud_express_connect_router_interface.to.id
  opposite_interface_id = alicloud_router_interface.from.id
  opposite_router_id    = alicloud_express_connect_virtual_border_router.site.id
  opposite_router_type  = "VBR"
}

resource "alicloud_router_interface_connection" "initiating" {
  depends_on            = [alicloud_router_interface_connection.accepting]
  interface_id          = alicloud_router_interface.from.id
  opposite_interface_id = alicloud_express_connect_router_interface.to.id
}
