resource "alicloud_vpc" "default" {
  is_default  = true
  vpc_name    = "default"
  description = "the one that needs no thought"
  tags        = { env = "lab" }
}

resource "alicloud_vswitch" "default" {
  is_default   = true
  zone_id      = "cn-hangzhou-h"
  vswitch_name = "default"
  description  = "the one that needs no thought"
  tags         = { env = "lab" }
  depends_on   = [alicloud_vpc.default]
}
