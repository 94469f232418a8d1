# All that can change does, policies get their second versions, and the data sources look.

data "alicloud_account" "current" {}

resource "alicloud_ram_user" "alice" {
  name = "alice"
}

resource "alicloud_ram_user" "bob" {
  name         = "robert"
  display_name = "Robert 一"
  mobile       = "1-5550100"
  email        = "robert@example.com"
  comments     = "one line"
}

resource "alicloud_ram_access_key" "alice" {
  user_name = alicloud_ram_user.alice.name
  status    = "Inactive"
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
  description          = "for those who build\nnetworks"
  max_session_duration = 43200
  force                = true
  tags                 = { env = "lab", team = "network" }
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
  policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "vpc:*", Resource = "*" }] })
  rotate_strategy = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
  description     = "to build networks"
  force           = true
  tags            = { env = "lab", team = "network" }
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

data "alicloud_ram_users" "in_group" {
  group_name = "network"
  name_regex = "^rob"
  depends_on = [alicloud_ram_group_membership.network]
}

data "alicloud_ram_users" "with_policy" {
  policy_name = "network"
  policy_type = "Custom"
  depends_on  = [alicloud_ram_user_policy_attachment.alice]
}

data "alicloud_ram_groups" "of_user" {
  user_name  = "alice"
  depends_on = [alicloud_ram_group_membership.network, alicloud_ram_user_group_attachment.alice_reads]
}

data "alicloud_ram_groups" "with_policy" {
  policy_name = "AliyunVPCReadOnlyAccess"
  policy_type = "System"
  depends_on  = [alicloud_ram_group_policy_attachment.readers]
}

data "alicloud_ram_roles" "tagged" {
  tags       = { team = "network" }
  depends_on = [alicloud_ram_role.network]
}

data "alicloud_ram_roles" "with_policy" {
  policy_name = "network"
  policy_type = "Custom"
  depends_on  = [alicloud_ram_role_policy_attachment.network]
}

data "alicloud_ram_policies" "tagged" {
  tags       = { env = "lab" }
  depends_on = [alicloud_ram_policy.network, alicloud_ram_role_policy_attachment.network, alicloud_ram_user_policy_attachment.alice]
}

data "alicloud_ram_policies" "of_group" {
  type       = "System"
  group_name = "readers"
  depends_on = [alicloud_ram_group_policy_attachment.readers]
}

data "alicloud_ram_system_policys" "vpc" {
  name_regex = "^AliyunVPC"
}

data "alicloud_ram_role_policy_attachments" "network" {
  role_name  = "network"
  depends_on = [alicloud_ram_role_policy_attachment.network]
}
