# One vSwitch that gets IPv6 later, one that moves to another IPv6 subnet, and one that uses the deprecated names.

resource "alicloud_vpc" "hub" {
  cidr_block  = "10.0.0.0/16"
  enable_ipv6 = true
}

resource "alicloud_vswitch" "front" {
  vpc_id       = alicloud_vpc.hub.id
  zone_id      = "cn-hangzhou-h"
  cidr_block   = "10.0.0.0/24"
  vswitch_name = "front"
  description  = "the first"
  tags = {
    env   = "lab"
    owner = "network"
  }
}

resource "alicloud_vswitch" "back" {
  vpc_id               = alicloud_vpc.hub.id
  zone_id              = "cn-hangzhou-i"
  cidr_block           = "10.0.1.0/24"
  enable_ipv6          = true
  ipv6_cidr_block_mask = 7
}

resource "alicloud_vswitch" "side" {
  vpc_id            = alicloud_vpc.hub.id
  availability_zone = "cn-hangzhou-j"
  cidr_block        = "10.0.2.0/24"
  name              = "side"
}
