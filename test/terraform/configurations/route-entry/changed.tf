data "alicloud_account" "current" {}

resource "alicloud_vpc" "hub" {
  cidr_block  = "10.0.0.0/16"
  enable_ipv6 = true
}

resource "alicloud_vpc" "spoke" {
  count       = 2
  cidr_block  = cidrsubnet("10.0.0.0/8", 8, count.index + 1)
  enable_ipv6 = true
}

resource "alicloud_vpc_peer_connection" "spoke" {
  count               = 2
  vpc_id              = alicloud_vpc.hub.id
  accepting_ali_uid   = data.alicloud_account.current.id
  accepting_region_id = "cn-hangzhou"
  accepting_vpc_id    = alicloud_vpc.spoke[count.index].id
}

resource "alicloud_route_table" "front" {
  vpc_id = alicloud_vpc.hub.id
}

resource "alicloud_vpc_route_entry" "to_spokes" {
  route_table_id         = alicloud_route_table.front.id
  destination_cidr_block = "10.1.0.0/16"
  nexthop_type           = "VpcPeer"
  nexthop_id             = alicloud_vpc_peer_connection.spoke[1].id
  route_entry_name       = "to-second"
  description            = "the second"
}

# Every argument of this one replaces it.
resource "alicloud_route_entry" "to_spokes" {
  route_table_id        = alicloud_vpc.hub.route_table_id
  destination_cidrblock = "10.2.0.0/16"
  nexthop_type          = "VpcPeer"
  nexthop_id            = alicloud_vpc_peer_connection.spoke[1].id
}

resource "alicloud_route_entry" "to_spoke_by_ipv6" {
  route_table_id        = alicloud_vpc.hub.route_table_id
  destination_cidrblock = alicloud_vpc.spoke[1].ipv6_cidr_block
  nexthop_type          = "VpcPeer"
  nexthop_id            = alicloud_vpc_peer_connection.spoke[1].id
}

resource "alicloud_vpc_route_entry" "to_appliance" {
  route_table_id         = alicloud_route_table.front.id
  destination_cidr_block = "10.3.0.0/16"
  nexthop_type           = "Instance"
  nexthop_id             = "i-bp1example"
}
