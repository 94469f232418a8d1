# Data sources of VPN gateways and what belongs to them, with every filter that they send to the server, and what they must find.

resource "alicloud_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "end" {
  count      = 2
  vpc_id     = alicloud_vpc.hub.id
  zone_id    = data.alicloud_vpn_gateway_zones.all.ids[count.index]
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}

resource "alicloud_vpn_gateway" "dual" {
  vpc_id                       = alicloud_vpc.hub.id
  vswitch_id                   = alicloud_vswitch.end[0].id
  disaster_recovery_vswitch_id = alicloud_vswitch.end[1].id
  vpn_gateway_name             = "dual"
  payment_type                 = "PayAsYouGo"
  bandwidth                    = 10
  tags                         = { env = "lab" }
}

resource "alicloud_vpn_gateway" "single" {
  vpc_id           = alicloud_vpc.hub.id
  vswitch_id       = alicloud_vswitch.end[0].id
  vpn_gateway_name = "single"
  payment_type     = "PayAsYouGo"
  bandwidth        = 100
  enable_ssl       = true
}

resource "alicloud_vpn_customer_gateway" "site" {
  count                 = 2
  customer_gateway_name = "site-${count.index}"
  description           = "somewhere"
  ip_address            = "203.0.113.${count.index + 1}"
  asn                   = 65001 + count.index
}

resource "alicloud_vpn_connection" "single" {
  vpn_gateway_id      = alicloud_vpn_gateway.single.id
  customer_gateway_id = alicloud_vpn_customer_gateway.site[0].id
  vpn_connection_name = "single"
  local_subnet        = ["10.0.0.0/24"]
  remote_subnet       = ["192.168.0.0/24"]
  auto_config_route   = false
}

resource "alicloud_vpn_connection" "dual" {
  vpn_gateway_id      = alicloud_vpn_gateway.dual.id
  vpn_connection_name = "dual"
  local_subnet        = ["0.0.0.0/0"]
  remote_subnet       = ["0.0.0.0/0"]
  enable_tunnels_bgp  = true
  dynamic "tunnel_options_specification" {
    for_each = ["master", "slave"]
    content {
      role                 = tunnel_options_specification.value
      customer_gateway_id  = alicloud_vpn_customer_gateway.site[tunnel_options_specification.key].id
      enable_dpd           = true
      enable_nat_traversal = true
      tunnel_ike_config {
        psk          = "key-${tunnel_options_specification.key}"
        ike_version  = "ikev2"
        ike_mode     = "main"
        ike_enc_alg  = "aes"
        ike_auth_alg = "sha1"
        ike_pfs      = "group2"
        ike_lifetime = 86400
      }
      tunnel_ipsec_config {
        ipsec_enc_alg  = "aes"
        ipsec_auth_alg = "sha1"
        ipsec_pfs      = "group2"
        ipsec_lifetime = 86400
      }
      tunnel_bgp_config {
        local_asn    = "45104"
        tunnel_cidr  = "169.254.1${tunnel_options_specification.key}.0/30"
        local_bgp_ip = "169.254.1${tunnel_options_specification.key}.1"
      }
    }
  }
}

resource "alicloud_vpn_gateway_vpn_attachment" "site" {
  vpn_attachment_name = "attachment"
  local_subnet        = "0.0.0.0/0"
  remote_subnet       = "0.0.0.0/0"
  dynamic "tunnel_options_specification" {
    for_each = [1, 2]
    content {
      tunnel_index        = tunnel_options_specification.value
      customer_gateway_id = alicloud_vpn_customer_gateway.site[1].id
    }
  }
  tags = { env = "lab" }
}

resource "alicloud_vpn_pbr_route_entry" "to_site" {
  count          = 2
  vpn_gateway_id = alicloud_vpn_gateway.single.id
  next_hop       = alicloud_vpn_connection.single.id
  route_source   = "10.0.${count.index}.0/24"
  route_dest     = "192.168.0.0/24"
  weight         = 100
  publish_vpc    = count.index == 1
}

data "alicloud_vpn_gateway_zones" "all" {
  spec = "10M"
}

data "alicloud_vpn_gateways" "filtered" {
  ids                      = [alicloud_vpn_gateway.dual.id]
  vpc_id                   = alicloud_vpc.hub.id
  status                   = "Active"
  business_status          = "Normal"
  gateway_type             = "Traditional"
  include_reservation_data = true
  depends_on               = [alicloud_vpn_connection.dual, alicloud_vpn_connection.single]
}

data "alicloud_vpn_gateways" "ssl" {
  vpc_id     = alicloud_vpn_gateway.single.vpc_id
  ssl_vpn    = "enable"
  depends_on = [alicloud_vpn_gateway.dual]
}

data "alicloud_vpn_gateways" "none" {
  status     = "Deleting"
  depends_on = [alicloud_vpn_gateway.dual]
}

data "alicloud_vpn_customer_gateways" "second" {
  name_regex = alicloud_vpn_customer_gateway.site[1].customer_gateway_name
}

data "alicloud_vpn_connections" "of_gateway" {
  vpn_gateway_id      = alicloud_vpn_connection.single.vpn_gateway_id
  customer_gateway_id = alicloud_vpn_customer_gateway.site[0].id
}

data "alicloud_vpn_connections" "of_customer" {
  customer_gateway_id = alicloud_vpn_customer_gateway.site[1].id
  name_regex          = alicloud_vpn_connection.dual.vpn_connection_name
}

data "alicloud_vpn_gateway_vpn_attachments" "site" {
  ids    = [alicloud_vpn_gateway_vpn_attachment.site.id]
  status = "init"
}

data "alicloud_vpn_pbr_route_entries" "all" {
  vpn_gateway_id = alicloud_vpn_gateway.single.id
  depends_on     = [alicloud_vpn_pbr_route_entry.to_site]
}

data "alicloud_vpn_pbr_route_entries" "published" {
  vpn_gateway_id = alicloud_vpn_gateway.single.id
  ids            = [alicloud_vpn_pbr_route_entry.to_site[1].id]
}
