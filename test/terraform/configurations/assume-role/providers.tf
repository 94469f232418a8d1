# A user takes a role for a quarter of an hour, and does without what the role may and the session's policy does not say.

provider "alicloud" {
  alias        = "network"
  region       = "cn-hangzhou"
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
    role_arn           = var.role_arn
    session_name       = "terraform"
    session_expiration = 900
    external_id        = var.external_id
    policy             = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "vpc:*", Resource = "*" }] })
  }
}
