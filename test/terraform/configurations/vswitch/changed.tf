resource "alicloud_vpc" "hub" {
  cidr_block  = "10.0.0.0/16"
  enable_ipv6 = true
}

resource "alicloud_vswitch" "front" {
  vpc_id               = alicloud_vpc.hub.id
  zone_id              = "cn-hangzhou-h"
  cidr_block           = "10.0.0.0/24"
  vswitch_name         = "front-again"
  description          = "the first, changed"
  enable_ipv6          = true
  ipv6_cidr_block_mask = 0
  vpc_ipv6_cidr_block  = alicloud_vpc.hub.ipv6_cidr_block
  tags = {
    env  = "production"
    cost = "shared"
  }
}

resource "alicloud_vswitch" "back" {
  vpc_id               = alicloud_vpc.hub.id
  zone_id              = "cn-hangzhou-i"
  cidr_block           = "10.0.1.0/24"
  enable_ipv6          = true
  ipv6_cidr_block_mask = 8
}

resource "alicloud_vswitch" "side" {
  vpc_id            = alicloud_vpc.hub.id
  availability_zone = "cn-hangzhou-j"
  cidr_block        = "10.0.2.0/24"
  name              = "side-again"
}
