data "alicloud_account" "current" {}

data "alicloud_resource_manager_resource_groups" "network" {
  name_regex = "^network$"
}

resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vpc" "spoke" {
  provider   = alicloud.beijing
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vpc_peer_connection" "link" {
  vpc_id               = alicloud_vpc.hub.id
  accepting_ali_uid    = data.alicloud_account.current.id
  accepting_region_id  = "cn-beijing"
  accepting_vpc_id     = alicloud_vpc.spoke.id
  peer_connection_name = "hub-to-spoke-again"
  description          = "between two regions, faster"
  bandwidth            = 200
  link_type            = "Platinum"
  resource_group_id    = data.alicloud_resource_manager_resource_groups.network.ids[0]
  dry_run              = false
  force_delete         = true
  tags = {
    env  = "production"
    cost = "shared"
  }
}
