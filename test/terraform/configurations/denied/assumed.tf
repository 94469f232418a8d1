resource "alicloud_vpc" "hub" {
  provider   = alicloud.role
  cidr_block = "10.0.0.0/16"
}
