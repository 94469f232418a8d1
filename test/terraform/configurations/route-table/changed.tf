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
  route_table_name         = "front-again"
  description              = "the first, changed"
  associate_type           = "VSwitch"
  route_propagation_enable = true
  tags = {
    env  = "production"
    cost = "shared"
  }
}

resource "alicloud_route_table" "other" {
  vpc_id = alicloud_vpc.hub.id
  name   = "other-again"
}

resource "alicloud_route_table" "gateway" {
  vpc_id         = alicloud_vpc.hub.id
  associate_type = "Gateway"
}

# Both arguments of an attachment replace it: the vSwitch now uses the other table.
resource "alicloud_route_table_attachment" "front" {
  vswitch_id     = alicloud_vswitch.front.id
  route_table_id = alicloud_route_table.other.id
}
