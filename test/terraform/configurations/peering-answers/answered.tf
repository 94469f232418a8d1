# The other account takes both over by their ids, and answers with their `status`.
# Both resources of a connection delete it in the end, and the provider does not try again while the other one is at it.

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

import {
  to = alicloud_vpc_peer_connection.accepted
  id = alicloud_vpc_peer_connection.welcome.id
}

resource "alicloud_vpc_peer_connection" "accepted" {
  provider            = alicloud.accepter
  vpc_id              = alicloud_vpc.hub.id
  accepting_ali_uid   = data.alicloud_account.accepter.id
  accepting_region_id = "cn-beijing"
  accepting_vpc_id    = alicloud_vpc.welcome.id
  status              = "Activated"
  depends_on          = [alicloud_vpc_peer_connection.welcome]
}

import {
  to = alicloud_vpc_peer_connection.rejected
  id = alicloud_vpc_peer_connection.unwelcome.id
}

resource "alicloud_vpc_peer_connection" "rejected" {
  provider            = alicloud.accepter
  vpc_id              = alicloud_vpc.hub.id
  accepting_ali_uid   = data.alicloud_account.accepter.id
  accepting_region_id = "cn-beijing"
  accepting_vpc_id    = alicloud_vpc.unwelcome.id
  status              = "Rejected"
  depends_on          = [alicloud_vpc_peer_connection.unwelcome]
}
