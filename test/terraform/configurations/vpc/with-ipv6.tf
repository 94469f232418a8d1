# The API does not take a new block and IPv6 in one call.

data "alicloud_resource_manager_resource_groups" "network" {
  name_regex = "^network$"
}

resource "alicloud_vpc" "hub" {
  vpc_name                                    = "hub-again"
  description                                 = "the first, changed"
  cidr_block                                  = "172.16.0.0/12"
  user_cidrs                                  = ["192.0.2.0/24"]
  secondary_cidr_blocks                       = ["192.168.128.0/17"]
  enable_ipv6                                 = true
  ipv6_isp                                    = "BGP"
  dns_hostname_status                         = "ENABLED"
  resource_group_id                           = data.alicloud_resource_manager_resource_groups.network.ids[0]
  system_route_table_name                     = "main-again"
  system_route_table_description              = "of the hub, changed"
  system_route_table_route_propagation_enable = true
  dry_run                                     = false
  force_delete                                = true
  tags = {
    env  = "production"
    cost = "shared"
  }
}

resource "alicloud_vpc" "spoke" {
  name                 = "spoke-again"
  cidr_block           = "10.0.0.0/8"
  classic_link_enabled = true
}
