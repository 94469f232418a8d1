# Connections that belong to no VPN gateway: with all that can be said of them, and with as little as possible.

resource "alicloud_vpn_customer_gateway" "site" {
  count      = 3
  ip_address = "203.0.113.${count.index + 1}"
  asn        = 65001 + count.index
}

resource "alicloud_vpn_gateway_vpn_attachment" "full" {
  vpn_attachment_name = "full"
  network_type        = "public"
  tunnel_bandwidth    = "Large"
  local_subnet        = "10.0.0.0/24,10.0.1.0/24"
  remote_subnet       = "192.168.0.0/24"
  effect_immediately  = false
  enable_tunnels_bgp  = true
  health_check_config {
    enable   = true
    dip      = "192.168.0.1"
    sip      = "10.0.0.1"
    interval = 3
    retry    = 3
    policy   = "revoke_route"
  }
  tunnel_options_specification {
    tunnel_index         = 1
    role                 = "master"
    customer_gateway_id  = alicloud_vpn_customer_gateway.site[0].id
    enable_dpd           = true
    enable_nat_traversal = true
    tunnel_ike_config {
      psk          = "first-key"
      ike_version  = "ikev2"
      ike_mode     = "main"
      ike_enc_alg  = "aes"
      ike_auth_alg = "sha1"
      ike_pfs      = "group2"
      ike_lifetime = 43200
      local_id     = "first.hub.example.com"
      remote_id    = "first.site.example.com"
    }
    tunnel_ipsec_config {
      ipsec_enc_alg  = "aes"
      ipsec_auth_alg = "sha1"
      ipsec_pfs      = "group2"
      ipsec_lifetime = 43200
    }
    tunnel_bgp_config {
      local_asn    = 45014
      tunnel_cidr  = "169.254.20.0/30"
      local_bgp_ip = "169.254.20.1"
    }
  }
  tunnel_options_specification {
    tunnel_index         = 2
    role                 = "slave"
    customer_gateway_id  = alicloud_vpn_customer_gateway.site[1].id
    enable_dpd           = true
    enable_nat_traversal = true
    tunnel_ike_config {
      psk          = "second-key"
      ike_version  = "ikev2"
      ike_mode     = "main"
      ike_enc_alg  = "aes192"
      ike_auth_alg = "sha256"
      ike_pfs      = "group5"
      ike_lifetime = 3600
      local_id     = "second.hub.example.com"
      remote_id    = "second.site.example.com"
    }
    tunnel_ipsec_config {
      ipsec_enc_alg  = "aes192"
      ipsec_auth_alg = "sha256"
      ipsec_pfs      = "group5"
      ipsec_lifetime = 3600
    }
    tunnel_bgp_config {
      local_asn    = 45014
      tunnel_cidr  = "169.254.30.0/30"
      local_bgp_ip = "169.254.30.1"
    }
  }
  tags = {
    env   = "lab"
    owner = "network"
  }
}

resource "alicloud_vpn_gateway_vpn_attachment" "plain" {
  local_subnet  = "0.0.0.0/0"
  remote_subnet = "0.0.0.0/0"
  tunnel_options_specification {
    tunnel_index        = 1
    customer_gateway_id = alicloud_vpn_customer_gateway.site[0].id
  }
  tunnel_options_specification {
    tunnel_index        = 2
    customer_gateway_id = alicloud_vpn_customer_gateway.site[1].id
  }
}
