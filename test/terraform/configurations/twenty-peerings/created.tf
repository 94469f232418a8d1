# Twenty connections between two accounts, with a route on each side.

locals {
  total = 20
}

data "alicloud_account" "accepter" {
  provider = alicloud.accepter
}

resource "alicloud_vpc" "hub" {
  count      = local.total
  cidr_block = cidrsubnet("10.0.0.0/8", 8, count.index)
}

resource "alicloud_vpc" "spoke" {
  provider   = alicloud.accepter
  count      = local.total
  cidr_block = cidrsubnet("10.0.0.0/8", 8, 100 + count.index)
}

resource "alicloud_vpc_peer_connection" "link" {
  count               = local.total
  vpc_id              = alicloud_vpc.hub[count.index].id
  accepting_ali_uid   = data.alicloud_account.accepter.id
  accepting_region_id = "cn-beijing"
  accepting_vpc_id    = alicloud_vpc.spoke[count.index].id
}

resource "alicloud_vpc_peer_connection_accepter" "link" {
  provider    = alicloud.accepter
  count       = local.total
  instance_id = alicloud_vpc_peer_connection.link[count.index].id
}

resource "alicloud_vpc_route_entry" "to_spoke" {
  count                  = local.total
  route_table_id         = alicloud_vpc.hub[count.index].route_table_id
  destination_cidr_block = alicloud_vpc.spoke[count.index].cidr_block
  nexthop_type           = "VpcPeer"
  nexthop_id             = alicloud_vpc_peer_connection_accepter.link[count.index].id
}

resource "alicloud_route_entry" "to_hub" {
  provider              = alicloud.accepter
  count                 = local.total
  route_table_id        = alicloud_vpc.spoke[count.index].route_table_id
  destination_cidrblock = alicloud_vpc.hub[count.index].cidr_block
  nexthop_type          = "VpcPeer"
  nexthop_id            = alicloud_vpc_peer_connection_accepter.link[count.index].id
}
