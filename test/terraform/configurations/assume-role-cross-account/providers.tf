# A user acts in its own account as itself, and in the other by a role of that account.

provider "alicloud" {
  alias        = "requester"
  region       = "cn-hangzhou"
  access_key   = var.key_id
  secret_key   = var.key_secret
  account_type = "Domestic"
  protocol     = "HTTPS"
  endpoints {
    vpc     = var.endpoint
    vpcpeer = var.endpoint
  }
}

provider "alicloud" {
  alias        = "accepting"
  region       = "cn-beijing"
  access_key   = var.key_id
  secret_key   = var.key_secret
  account_type = "Domestic"
  protocol     = "HTTPS"
  endpoints {
    sts     = var.endpoint
    vpc     = var.endpoint
    vpcpeer = var.endpoint
  }
  assume_role {
    role_arn    = var.role_arn
    external_id = var.external_id
  }
}
