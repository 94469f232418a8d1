# A VPN gateway with two ends, one with a single end that serves SSL too, and customer gateways with and without a number.

resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "end" {
  count      = 2
  vpc_id     = alicloud_vpc.hub.id
  zone_id    = ["cn-hangzhou-h", "cn-hangzhou-g"][count.index]
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}

resource "alicloud_vpn_gateway" "dual" {
  vpc_id                       = alicloud_vpc.hub.id
  vswitch_id                   = alicloud_vswitch.end[0].id
  disaster_recovery_vswitch_id = alicloud_vswitch.end[1].id
  vpn_gateway_name             = "dual"
  description                  = "two ends"
  bandwidth                    = 10
  network_type                 = "public"
  vpn_type                     = "Normal"
  payment_type                 = "PayAsYouGo"
  auto_pay                     = true
  auto_propagate               = true
  tags = {
    env   = "lab"
    owner = "network"
  }
}

# Named as in older versions of the provider.
resource "alicloud_vpn_gateway" "single" {
  vpc_id               = alicloud_vpc.hub.id
  vswitch_id           = alicloud_vswitch.end[0].id
  name                 = "single"
  bandwidth            = 100
  instance_charge_type = "PostPaid"
  enable_ipsec         = true
  enable_ssl           = true
  ssl_connections      = 10
}

resource "alicloud_vpn_customer_gateway" "office" {
  customer_gateway_name = "office"
  description           = "the office"
  ip_address            = "203.0.113.1"
  asn                   = "65001"
  tags = {
    env   = "lab"
    owner = "network"
  }
}

resource "alicloud_vpn_customer_gateway" "branch" {
  name       = "branch"
  ip_address = "203.0.113.2"
}

resource "alicloud_vpn_customer_gateway" "unnamed" {
  ip_address = "203.0.113.3"
}
