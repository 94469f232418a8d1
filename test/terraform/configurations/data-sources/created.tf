# Data sources with every filter that they send to the server, and what they must find.

resource "alicloud_vpc" "hub" {
  vpc_name    = "hub"
  cidr_block  = "10.0.0.0/16"
  enable_ipv6 = true
  tags        = { env = "lab" }
}

resource "alicloud_vpc" "spoke" {
  vpc_name   = "spoke"
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vswitch" "front" {
  vpc_id       = alicloud_vpc.hub.id
  zone_id      = data.alicloud_zones.all.zones[0].id
  cidr_block   = "10.0.0.0/24"
  vswitch_name = "front"
  tags         = { env = "lab" }
}

resource "alicloud_route_table" "front" {
  vpc_id           = alicloud_vpc.hub.id
  route_table_name = "front"
  tags             = { env = "lab" }
}

resource "alicloud_route_table_attachment" "front" {
  vswitch_id     = alicloud_vswitch.front.id
  route_table_id = alicloud_route_table.front.id
}

resource "alicloud_vpc_peer_connection" "link" {
  vpc_id               = alicloud_vpc.hub.id
  accepting_ali_uid    = data.alicloud_account.asked.id
  accepting_region_id  = "cn-hangzhou"
  accepting_vpc_id     = alicloud_vpc.spoke.id
  peer_connection_name = "hub-to-spoke"
  tags                 = { env = "lab" }
}

resource "alicloud_vpc_route_entry" "to_spoke" {
  route_table_id         = alicloud_route_table.front.id
  destination_cidr_block = alicloud_vpc.spoke.cidr_block
  nexthop_type           = "VpcPeer"
  nexthop_id             = alicloud_vpc_peer_connection.link.id
}

# Who and where.

data "alicloud_account" "configured" {}

data "alicloud_account" "asked" {
  provider = alicloud.beijing
}

data "alicloud_caller_identity" "current" {}

data "alicloud_regions" "all" {}

data "alicloud_regions" "current" {
  current = true
}

data "alicloud_zones" "all" {
  available_resource_creation = "VSwitch"
}

data "alicloud_resource_manager_resource_groups" "all" {}

data "alicloud_resource_manager_resource_groups" "default" {
  name_regex = "default"
  status     = "OK"
}

# What was made.

data "alicloud_vpcs" "filtered" {
  vpc_name          = alicloud_vpc.hub.vpc_name
  vpc_owner_id      = data.alicloud_account.asked.id
  is_default        = false
  resource_group_id = data.alicloud_resource_manager_resource_groups.default.ids[0]
  tags              = { env = "lab" }
  enable_details    = true
}

data "alicloud_vpcs" "all" {}

data "alicloud_vpcs" "none" {
  tags = { env = "production" }
}

data "alicloud_vpcs" "page" {
  page_number = 2
  page_size   = 1
}

data "alicloud_vswitches" "filtered" {
  vpc_id            = alicloud_vpc.hub.id
  zone_id           = alicloud_vswitch.front.zone_id
  vswitch_name      = alicloud_vswitch.front.vswitch_name
  vswitch_owner_id  = data.alicloud_account.asked.id
  route_table_id    = alicloud_route_table.front.id
  is_default        = false
  resource_group_id = data.alicloud_resource_manager_resource_groups.default.ids[0]
  tags              = { env = "lab" }
}

data "alicloud_vswitches" "none" {
  is_default = true
}

data "alicloud_route_tables" "filtered" {
  vpc_id            = alicloud_vpc.hub.id
  router_id         = alicloud_vpc.hub.router_id
  router_type       = "VRouter"
  route_table_type  = "Custom"
  route_table_name  = alicloud_route_table.front.route_table_name
  resource_group_id = data.alicloud_resource_manager_resource_groups.default.ids[0]
  tags              = { env = "lab" }
}

data "alicloud_route_tables" "system" {
  route_table_type = "System"
}

data "alicloud_route_entries" "front" {
  route_table_id = alicloud_route_table.front.id
}

data "alicloud_vpc_peer_connections" "filtered" {
  peer_connection_name = alicloud_vpc_peer_connection.link.peer_connection_name
  vpc_id               = alicloud_vpc.hub.id
  status               = "Activated"
}

data "alicloud_vpc_peer_connections" "accepting_side" {
  vpc_id = alicloud_vpc.spoke.id
}
