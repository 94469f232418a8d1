resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "end" {
  count      = 2
  vpc_id     = alicloud_vpc.hub.id
  zone_id    = ["cn-hangzhou-h", "cn-hangzhou-g"][count.index]
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}

resource "alicloud_vpn_gateway" "single" {
  vpc_id       = alicloud_vpc.hub.id
  vswitch_id   = alicloud_vswitch.end[0].id
  payment_type = "PayAsYouGo"
  bandwidth    = 10
}

resource "alicloud_vpn_gateway" "dual" {
  vpc_id                       = alicloud_vpc.hub.id
  vswitch_id                   = alicloud_vswitch.end[0].id
  disaster_recovery_vswitch_id = alicloud_vswitch.end[1].id
  payment_type                 = "PayAsYouGo"
  bandwidth                    = 10
}

resource "alicloud_vpn_customer_gateway" "site" {
  count      = 3
  ip_address = "203.0.113.${count.index + 1}"
  asn        = 65001 + count.index
}

resource "alicloud_vpn_connection" "single" {
  vpn_gateway_id       = alicloud_vpn_gateway.single.id
  customer_gateway_id  = alicloud_vpn_customer_gateway.site[0].id
  vpn_connection_name  = "single-again"
  network_type         = "private"
  local_subnet         = ["10.0.1.0/24", "10.0.3.0/24"]
  remote_subnet        = ["192.168.0.0/24", "192.168.1.0/24"]
  effect_immediately   = true
  auto_config_route    = false
  enable_dpd           = false
  enable_nat_traversal = false
  ike_config {
    psk           = "second-key"
    ike_version   = "ikev2"
    ike_mode      = "aggressive"
    ike_enc_alg   = "aes256"
    ike_auth_alg  = "sha512"
    ike_pfs       = "group14"
    ike_lifetime  = 86400
    ike_local_id  = "hub.example.net"
    ike_remote_id = "site.example.net"
  }
  ipsec_config {
    ipsec_enc_alg  = "aes256"
    ipsec_auth_alg = "sha512"
    ipsec_pfs      = "group14"
    ipsec_lifetime = 86400
  }
  bgp_config {
    enable       = true
    local_asn    = "65100"
    tunnel_cidr  = "169.254.11.0/30"
    local_bgp_ip = "169.254.11.2"
  }
  health_check_config {
    enable   = true
    dip      = "192.168.0.2"
    sip      = "10.0.1.2"
    interval = 5
    retry    = 4
  }
  tags = {
    env  = "production"
    cost = "shared"
  }
}

resource "alicloud_vpn_connection" "plain" {
  vpn_gateway_id      = alicloud_vpn_gateway.single.id
  customer_gateway_id = alicloud_vpn_customer_gateway.site[1].id
  local_subnet        = ["10.0.2.0/24"]
  remote_subnet       = ["192.168.2.0/24"]
}

resource "alicloud_vpn_connection" "dual" {
  vpn_gateway_id     = alicloud_vpn_gateway.dual.id
  name               = "dual-again"
  local_subnet       = ["0.0.0.0/0"]
  remote_subnet      = ["0.0.0.0/0"]
  enable_tunnels_bgp = false
  tunnel_options_specification {
    role                 = "master"
    customer_gateway_id  = alicloud_vpn_customer_gateway.site[0].id
    enable_dpd           = false
    enable_nat_traversal = false
    tunnel_ike_config {
      psk          = "other-master-key"
      ike_version  = "ikev2"
      ike_mode     = "aggressive"
      ike_enc_alg  = "aes256"
      ike_auth_alg = "sha512"
      ike_pfs      = "group14"
      ike_lifetime = 86400
      local_id     = "master.hub.example.net"
      remote_id    = "master.site.example.net"
    }
    tunnel_ipsec_config {
      ipsec_enc_alg  = "aes256"
      ipsec_auth_alg = "sha512"
      ipsec_pfs      = "group14"
      ipsec_lifetime = 86400
    }
    tunnel_bgp_config {
      local_asn    = "65100"
      tunnel_cidr  = "169.254.21.0/30"
      local_bgp_ip = "169.254.21.2"
    }
  }
  tunnel_options_specification {
    role                 = "slave"
    customer_gateway_id  = alicloud_vpn_customer_gateway.site[2].id
    enable_dpd           = false
    enable_nat_traversal = false
    tunnel_ike_config {
      psk          = "other-slave-key"
      ike_version  = "ikev2"
      ike_mode     = "aggressive"
      ike_enc_alg  = "3des"
      ike_auth_alg = "md5"
      ike_pfs      = "group1"
      ike_lifetime = 7200
      local_id     = "slave.hub.example.net"
      remote_id    = "slave.site.example.net"
    }
    tunnel_ipsec_config {
      ipsec_enc_alg  = "3des"
      ipsec_auth_alg = "md5"
      ipsec_pfs      = "group1"
      ipsec_lifetime = 7200
    }
    tunnel_bgp_config {
      local_asn    = "65100"
      tunnel_cidr  = "169.254.31.0/30"
      local_bgp_ip = "169.254.31.2"
    }
  }
  tags = { env = "production" }
}
