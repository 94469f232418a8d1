resource "alicloud_ram_role" "network" {
  provider  = alicloud.user
  role_name = "network"
  services  = ["ecs.aliyuncs.com"]
}
