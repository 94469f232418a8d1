# Two VPCs joined by the older pair of resources, and an interface of the newer resource that waits for its other end.

data "alicloud_resource_manager_resource_groups" "network" {
  name_regex = "^network$"
}

resource "alicloud_vpc" "from" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vpc" "to" {
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_router_interface" "from" {
  opposite_region = "cn-hangzhou"
  router_type     = "VRouter"
  router_id       = alicloud_vpc.from.router_id
  role            = "InitiatingSide"
  specification   = "Small.2"
  name            = "from-here"
  description     = "the wider end"
}

resource "alicloud_router_interface" "to" {
  opposite_region = "cn-hangzhou"
  router_type     = "VRouter"
  router_id       = alicloud_vpc.to.router_id
  role            = "AcceptingSide"
  name            = "to"
}

resource "alicloud_router_interface_connection" "accepting" {
  interface_id          = alicloud_router_interface.to.id
  opposite_interface_id = alicloud_router_interface.from.id
}

resource "alicloud_router_interface_connection" "initiating" {
  depends_on            = [alicloud_router_interface_connection.accepting]
  interface_id          = alicloud_router_interface.from.id
  opposite_interface_id = alicloud_router_interface.to.id
}

resource "alicloud_route_entry" "over_the_link" {
  route_table_id        = alicloud_vpc.from.route_table_id
  destination_cidrblock = alicloud_vpc.to.cidr_block
  nexthop_type          = "RouterInterface"
  nexthop_id            = alicloud_router_interface_connection.initiating.id
}

resource "alicloud_express_connect_router_interface" "waiting" {
  opposite_region_id    = "cn-beijing"
  router_type           = "VRouter"
  router_id             = alicloud_vpc.from.router_id
  role                  = "InitiatingSide"
  spec                  = "Mini.2"
  payment_type          = "PayAsYouGo"
  router_interface_name = "still-waiting"
  description           = "for long"
  tags                  = { env = "test", team = "a" }
  hc_threshold          = "8"
  hc_rate               = 2000
  resource_group_id     = data.alicloud_resource_manager_resource_groups.network.ids[0]
}

# Paid in advance: to destroy it, the provider asks for a refund.
resource "alicloud_express_connect_router_interface" "paid" {
  opposite_region_id = "cn-beijing"
  router_type        = "VRouter"
  router_id          = alicloud_vpc.to.router_id
  role               = "InitiatingSide"
  spec               = "Mini.2"
  payment_type       = "Subscription"
  period             = 1
  pricing_cycle      = "Month"
  auto_pay           = true
}

data "alicloud_router_interfaces" "linked" {
  depends_on = [alicloud_router_interface_connection.initiating]
  router_id  = alicloud_vpc.from.router_id
  status     = "Active"
}

# The provider ends in a panic where this one has a filter.
data "alicloud_express_connect_router_interfaces" "waiting" {
  ids = [alicloud_express_connect_router_interface.waiting.id]
}
