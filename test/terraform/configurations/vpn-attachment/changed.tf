data "alicloud_resource_manager_resource_groups" "network" {
  name_regex = "^network$"
}

resource "alicloud_vpn_customer_gateway" "site" {
  count      = 3
  ip_address = "203.0.113.${count.index + 1}"
  asn        = 65001 + count.index
}

resource "alicloud_vpn_gateway_vpn_attachment" "full" {
  vpn_attachment_name = "full-again"
  network_type        = "public"
  tunnel_bandwidth    = "Large"
  local_subnet        = "10.0.1.0/24,10.0.3.0/24"
  remote_subnet       = "192.168.0.0/24,192.168.1.0/24"
  effect_immediately  = true
  enable_tunnels_bgp  = false
  resource_group_id   = data.alicloud_resource_manager_resource_groups.network.ids[0]
  health_check_config {
    enable   = true
    dip      = "192.168.0.2"
    sip      = "10.0.1.2"
    interval = 5
    retry    = 4
    policy   = "reserve_route"
  }
  tunnel_options_specification {
    tunnel_index         = 1
    role                 = "master"
    customer_gateway_id  = alicloud_vpn_customer_gateway.site[0].id
    enable_dpd           = false
    enable_nat_traversal = false
    tunnel_ike_config {
      psk          = "other-first-key"
      ike_version  = "ikev2"
      ike_mode     = "aggressive"
      ike_enc_alg  = "aes256"
      ike_auth_alg = "sha512"
      ike_pfs      = "group14"
      ike_lifetime = 86400
      local_id     = "first.hub.example.net"
      remote_id    = "first.site.example.net"
    }
    tunnel_ipsec_config {
      ipsec_enc_alg  = "aes256"
      ipsec_auth_alg = "sha512"
      ipsec_pfs      = "group14"
      ipsec_lifetime = 86400
    }
    tunnel_bgp_config {
      local_asn    = 65100
      tunnel_cidr  = "169.254.21.0/30"
      local_bgp_ip = "169.254.21.2"
    }
  }
  tunnel_options_specification {
    tunnel_index         = 2
    role                 = "slave"
    customer_gateway_id  = alicloud_vpn_customer_gateway.site[2].id
    enable_dpd           = false
    enable_nat_traversal = false
    tunnel_ike_config {
      psk          = "other-second-key"
      ike_version  = "ikev2"
      ike_mode     = "aggressive"
      ike_enc_alg  = "3des"
      ike_auth_alg = "md5"
      ike_pfs      = "group1"
      ike_lifetime = 7200
      local_id     = "second.hub.example.net"
      remote_id    = "second.site.example.net"
    }
    tunnel_ipsec_config {
      ipsec_enc_alg  = "3des"
      ipsec_auth_alg = "md5"
      ipsec_pfs      = "group1"
      ipsec_lifetime = 7200
    }
    tunnel_bgp_config {
      local_asn    = 65100
      tunnel_cidr  = "169.254.31.0/30"
      local_bgp_ip = "169.254.31.2"
    }
  }
  tags = {
    env  = "production"
    cost = "shared"
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
