# One account peers VPCs of two regions.

data "alicloud_account" "current" {}

resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vpc" "spoke" {
  provider   = alicloud.beijing
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vpc_peer_connection" "link" {
  vpc_id               = alicloud_vpc.hub.id
  accepting_ali_uid    = data.alicloud_account.current.id
  accepting_region_id  = "cn-beijing"
  accepting_vpc_id     = alicloud_vpc.spoke.id
  peer_connection_name = "hub-to-spoke"
  description          = "between two regions"
  bandwidth            = 100
  link_type            = "Gold"
  tags = {
    env   = "lab"
    owner = "network"
  }
}
