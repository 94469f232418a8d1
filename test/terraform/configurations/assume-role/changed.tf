data "alicloud_caller_identity" "current" {
  provider = alicloud.network
}

resource "alicloud_vpc" "hub" {
  provider   = alicloud.network
  vpc_name   = "core"
  tags       = { env = "lab" }
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vpc" "spoke" {
  provider   = alicloud.network
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vpc_peer_connection" "link" {
  provider             = alicloud.network
  vpc_id               = alicloud_vpc.hub.id
  accepting_ali_uid    = data.alicloud_caller_identity.current.account_id
  accepting_region_id  = "cn-hangzhou"
  accepting_vpc_id     = alicloud_vpc.spoke.id
  peer_connection_name = "core-to-spoke"
}
