# One account asks, the other accepts, and both point routes at the connection.

data "alicloud_account" "accepter" {
  provider = alicloud.accepter
}

resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vpc" "spoke" {
  provider   = alicloud.accepter
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vpc_peer_connection" "link" {
  vpc_id              = alicloud_vpc.hub.id
  accepting_ali_uid   = data.alicloud_account.accepter.id
  accepting_region_id = "cn-beijing"
  accepting_vpc_id    = alicloud_vpc.spoke.id
}

resource "alicloud_vpc_peer_connection_accepter" "link" {
  provider    = alicloud.accepter
  instance_id = alicloud_vpc_peer_connection.link.id
}

resource "alicloud_route_entry" "to_spoke" {
  route_table_id        = alicloud_vpc.hub.route_table_id
  destination_cidrblock = alicloud_vpc.spoke.cidr_block
  nexthop_type          = "VpcPeer"
  nexthop_id            = alicloud_vpc_peer_connection_accepter.link.id
}

resource "alicloud_route_entry" "to_hub" {
  provider              = alicloud.accepter
  route_table_id        = alicloud_vpc.spoke.route_table_id
  destination_cidrblock = alicloud_vpc.hub.cidr_block
  nexthop_type          = "VpcPeer"
  nexthop_id            = alicloud_vpc_peer_connection_accepter.link.id
  name                  = "to-hub"
  description           = "all of the hub"
}
