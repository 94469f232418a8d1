# One VPC with every argument that a cloud without IPAM can take, and one that uses the deprecated names.

resource "alicloud_vpc" "hub" {
  vpc_name                                    = "hub"
  description                                 = "the first"
  cidr_block                                  = "172.16.0.0/16"
  user_cidrs                                  = ["192.0.2.0/24"]
  secondary_cidr_blocks                       = ["192.168.0.0/17"]
  enable_ipv6                                 = false
  dns_hostname_status                         = "DISABLED"
  system_route_table_name                     = "main"
  system_route_table_description              = "of the hub"
  system_route_table_route_propagation_enable = false
  tags = {
    env   = "lab"
    owner = "network"
  }
}

resource "alicloud_vpc" "spoke" {
  name                 = "spoke"
  cidr_block           = "10.0.0.0/8"
  classic_link_enabled = false
}
