# One account asks for two connections, and nobody has answered yet.

data "alicloud_account" "accepter" {
  provider = alicloud.accepter
}

resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vpc" "welcome" {
  provider   = alicloud.accepter
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vpc" "unwelcome" {
  provider   = alicloud.accepter
  cidr_block = "10.2.0.0/16"
}

resource "alicloud_vpc_peer_connection" "welcome" {
  vpc_id              = alicloud_vpc.hub.id
  accepting_ali_uid   = data.alicloud_account.accepter.id
  accepting_region_id = "cn-beijing"
  accepting_vpc_id    = alicloud_vpc.welcome.id
}

resource "alicloud_vpc_peer_connection" "unwelcome" {
  vpc_id              = alicloud_vpc.hub.id
  accepting_ali_uid   = data.alicloud_account.accepter.id
  accepting_region_id = "cn-beijing"
  accepting_vpc_id    = alicloud_vpc.unwelcome.id
}
