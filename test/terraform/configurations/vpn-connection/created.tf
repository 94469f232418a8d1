# Connections of a gateway with one end and of one with two, with all that can be said of them, and one with nothing.

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
  vpn_connection_name  = "single"
  network_type         = "public"
  local_subnet         = ["10.0.0.0/24", "10.0.1.0/24"]
  remote_subnet        = ["192.168.0.0/24"]
  effect_immediately   = false
  auto_config_route    = true
  enable_dpd           = true
  enable_nat_traversal = true
  ike_config {
    psk           = "first-key"
    ike_version   = "ikev2"
    ike_mode      = "main"
    ike_enc_alg   = "aes"
    ike_auth_alg  = "sha1"
    ike_pfs       = "group2"
    ike_lifetime  = 43200
    ike_local_id  = "hub.example.com"
    ike_remote_id = "site.example.com"
  }
  ipsec_config {
    ipsec_enc_alg  = "aes"
    ipsec_auth_alg = "sha1"
    ipsec_pfs      = "group2"
    ipsec_lifetime = 43200
  }
  bgp_config {
    enable       = true
    local_asn    = "45014"
    tunnel_cidr  = "169.254.10.0/30"
    local_bgp_ip = "169.254.10.1"
  }
  health_check_config {
    enable   = true
    dip      = "192.168.0.1"
    sip      = "10.0.0.1"
    interval = 3
    retry    = 3
  }
  tags = {
    env   = "lab"
    owner = "network"
  }
}

# All is left to the server.
resource "alicloud_vpn_connection" "plain" {
  vpn_gateway_id      = alicloud_vpn_gateway.single.id
  customer_gateway_id = alicloud_vpn_customer_gateway.site[1].id
  local_subnet        = ["10.0.2.0/24"]
  remote_subnet       = ["192.168.2.0/24"]
}

resource "alicloud_vpn_connection" "dual" {
  vpn_gateway_id     = alicloud_vpn_gateway.dual.id
  name               = "dual"
  local_subnet       = ["0.0.0.0/0"]
  remote_subnet      = ["0.0.0.0/0"]
  enable_tunnels_bgp = true
  tunnel_options_specification {
    role                 = "master"
    customer_gateway_id  = alicloud_vpn_customer_gateway.site[0].id
    enable_dpd           = true
    enable_nat_traversal = true
    tunnel_ike_config {
      psk          = "master-key"
      ike_version  = "ikev2"
      ike_mode     = "main"
      ike_enc_alg  = "aes"
      ike_auth_alg = "sha1"
      ike_pfs      = "group2"
      ike_lifetime = 43200
      local_id     = "master.hub.example.com"
      remote_id    = "master.site.example.com"
    }
    tunnel_ipsec_config {
      ipsec_enc_alg  = "aes"
      ipsec_auth_alg = "sha1"
      ipsec_pfs      = "group2"
      ipsec_lifetime = 43200
    }
    tunnel_bgp_config {
      local_asn    = "45014"
      tunnel_cidr  = "169.254.20.0/30"
      local_bgp_ip = "169.254.20.1"
    }
  }
  tunnel_options_specification {
    role                 = "slave"
    customer_gateway_id  = alicloud_vpn_customer_gateway.site[2].id
    enable_dpd           = true
    enable_nat_traversal = true
    tunnel_ike_config {
      psk          = "slave-key"
      ike_version  = "ikev2"
      ike_mode     = "main"
      ike_enc_alg  = "aes192"
      ike_auth_alg = "sha256"
      ike_pfs      = "group5"
      ike_lifetime = 3600
      local_id     = "slave.hub.example.com"
      remote_id    = "slave.site.example.com"
    }
    tunnel_ipsec_config {
      ipsec_enc_alg  = "aes192"
      ipsec_auth_alg = "sha256"
      ipsec_pfs      = "group5"
      ipsec_lifetime = 3600
    }
    tunnel_bgp_config {
      local_asn    = "45014"
      tunnel_cidr  = "169.254.30.0/30"
      local_bgp_ip = "169.254.30.1"
    }
  }
  tags = { env = "lab" }
}
