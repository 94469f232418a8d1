# A user without any permission, and the same user with a role that it may not take.

provider "alicloud" {
  alias        = "user"
  region       = "cn-hangzhou"
  access_key   = var.key_id
  secret_key   = var.key_secret
  account_type = "Domestic"
  protocol     = "HTTPS"
  endpoints {
    vpc = var.endpoint
    ram = var.endpoint
  }
}

provider "alicloud" {
  alias        = "role"
  region       = "cn-hangzhou"
  access_key   = var.key_id
  secret_key   = var.key_secret
  account_type = "Domestic"
  protocol     = "HTTPS"
  endpoints {
    sts = var.endpoint
    vpc = var.endpoint
  }
  assume_role {
    role_arn = var.role_arn
  }
}
