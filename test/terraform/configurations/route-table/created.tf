# Custom route tables beside the VPC's own, and a vSwitch that uses one of them.

resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "front" {
  vpc_id     = alicloud_vpc.hub.id
  zone_id    = "cn-hangzhou-h"
  cidr_block = "10.0.0.0/24"
}

resource "alicloud_route_table" "front" {
  vpc_id                   = alicloud_vpc.hub.id
  route_table_name         = "front"
  description              = "the first"
  associate_type           = "VSwitch"
  route_propagation_enable = false
  tags = {
    env   = "lab"
    owner = "network"
  }
}

resource "alicloud_route_table" "other" {
  vpc_id = alicloud_vpc.hub.id
  name   = "other"
}

resource "alicloud_route_table" "gateway" {
  vpc_id         = alicloud_vpc.hub.id
  associate_type = "Gateway"
}

resource "alicloud_route_table_attachment" "front" {
  vswitch_id     = alicloud_vswitch.front.id
  route_table_id = alicloud_route_table.front.id
}
