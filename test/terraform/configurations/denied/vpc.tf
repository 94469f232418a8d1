resource "alicloud_vpc" "hub" {
  provider   = alicloud.user
  cidr_block = "10.0.0.0/16"
}
