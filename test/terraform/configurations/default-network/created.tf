# The default VPC of a region and its default vSwitch choose their blocks by themselves.

resource "alicloud_vpc" "default" {
  is_default = true
}

resource "alicloud_vswitch" "default" {
  is_default = true
  zone_id    = "cn-hangzhou-h"
  depends_on = [alicloud_vpc.default]
}
