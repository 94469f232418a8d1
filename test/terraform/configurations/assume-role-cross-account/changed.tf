resource "alicloud_vpc" "hub" {
  provider   = alicloud.requester
  cidr_block = "10.0.0.0/16"
  vpc_name   = "hub-again"
  tags       = { env = "production" }
}

resource "alicloud_vpc" "spoke" {
  provider   = alicloud.accepting
  cidr_block = "10.1.0.0/16"
  vpc_name   = "spoke-again"
  tags       = { env = "production" }
}

resource "alicloud_vpc_peer_connection" "link" {
  provider            = alicloud.requester
  vpc_id              = alicloud_vpc.hub.id
  accepting_ali_uid   = var.accepter
  accepting_region_id = "cn-beijing"
  accepting_vpc_id    = alicloud_vpc.spoke.id
  description         = "hub to spoke-again"
}

resource "alicloud_vpc_peer_connection_accepter" "link" {
  provider                      = alicloud.accepting
  instance_id                   = alicloud_vpc_peer_connection.link.id
  peer_connection_accepter_name = "from-hub"
  bandwidth                     = 50
}
