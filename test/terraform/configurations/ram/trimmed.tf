# What need not be said is no longer said, and the oldest version of a policy makes room for the third.

data "alicloud_account" "current" {}

resource "alicloud_ram_user" "alice" {
  name = "alice"
}

resource "alicloud_ram_user" "bob" {
  name = "robert"
}

resource "alicloud_ram_access_key" "alice" {
  user_name = alicloud_ram_user.alice.name
  status    = "Active"
}

resource "alicloud_ram_group" "network" {
  group_name = "network"
  comments   = "looks after all networks"
  force      = true
}

resource "alicloud_ram_group" "readers" {
  group_name = "readers"
}

resource "alicloud_ram_group_membership" "network" {
  group_name = alicloud_ram_group.network.group_name
  user_names = [alicloud_ram_user.alice.name, alicloud_ram_user.bob.name]
}

resource "alicloud_ram_user_group_attachment" "alice_reads" {
  group_name = alicloud_ram_group.readers.group_name
  user_name  = alicloud_ram_user.alice.name
}

resource "alicloud_ram_role" "network" {
  role_name            = "network"
  max_session_duration = 3600
  force                = true
  tags                 = { team = "networks" }
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ["acs:ram::${data.alicloud_account.current.id}:user/${alicloud_ram_user.bob.name}"] }
      Condition = { Bool = { "acs:SecureTransport" = "true" } }
    }]
  })
}

resource "alicloud_ram_role" "by_document" {
  name     = "by-document"
  document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com", "vpn.aliyuncs.com"] } }] })
}

resource "alicloud_ram_role" "by_list" {
  role_name = "by-list"
  services  = ["ecs.aliyuncs.com", "vpn.aliyuncs.com"]
  ram_users = ["acs:ram::${data.alicloud_account.current.id}:root"]
}

resource "alicloud_ram_policy" "network" {
  policy_name     = "network"
  policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = ["vpc:*", "ecs:Describe*"], Resource = "*" }] })
  rotate_strategy = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
  force           = true
}

resource "alicloud_ram_policy" "by_document" {
  name     = "by-document"
  document = jsonencode({ Version = "1", Statement = [{ Effect = "Deny", Action = ["vpc:DeleteVpc", "vpc:DeleteVSwitch"], Resource = "*" }] })
}

resource "alicloud_ram_policy" "by_statement" {
  policy_name = "by-statement"
  statement {
    effect   = "Allow"
    action   = ["vpc:CreateVpc"]
    resource = ["acs:vpc:*:*:vpc/*"]
  }
}

resource "alicloud_ram_user_policy_attachment" "alice" {
  policy_name = alicloud_ram_policy.network.policy_name
  policy_type = alicloud_ram_policy.network.type
  user_name   = alicloud_ram_user.alice.name
}

resource "alicloud_ram_group_policy_attachment" "readers" {
  policy_name = "AliyunVPCReadOnlyAccess"
  policy_type = "System"
  group_name  = alicloud_ram_group.readers.group_name
}

resource "alicloud_ram_role_policy_attachment" "network" {
  policy_name = alicloud_ram_policy.network.policy_name
  policy_type = alicloud_ram_policy.network.type
  role_name   = alicloud_ram_role.network.role_name
}
