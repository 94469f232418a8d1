# Virtual border routers on two circuits that are there already.

data "alicloud_express_connect_physical_connections" "circuits" {
  name_regex = "^preserved-NODELETING"
}

data "alicloud_resource_manager_resource_groups" "network" {
  name_regex = "^network$"
}

resource "alicloud_express_connect_virtual_border_router" "site" {
  physical_connection_id     = data.alicloud_express_connect_physical_connections.circuits.connections[0].id
  vlan_id                    = 102
  local_gateway_ip           = "10.255.4.1"
  peer_gateway_ip            = "10.255.4.2"
  peering_subnet_mask        = "255.255.255.0"
  enable_ipv6                = true
  local_ipv6_gateway_ip      = "2408:4004:cc:400::1"
  peer_ipv6_gateway_ip       = "2408:4004:cc:400::2"
  peering_ipv6_subnet_mask   = "2408:4004:cc:400::/56"
  virtual_border_router_name = "site"
  description                = "of the first circuit"
  circuit_code               = "cu-001"
  bandwidth                  = 200
  min_rx_interval            = 500
  min_tx_interval            = 600
  detect_multiplier          = 5
  mtu                        = 8500
  sitelink_enable            = true
  tags                       = { env = "lab" }
  resource_group_id          = data.alicloud_resource_manager_resource_groups.network.ids[0]
}

resource "alicloud_express_connect_virtual_border_router" "resting" {
  physical_connection_id = data.alicloud_express_connect_physical_connections.circuits.connections[1].id
  vlan_id                = 210
  local_gateway_ip       = "10.255.5.1"
  peer_gateway_ip        = "10.255.5.2"
  peering_subnet_mask    = "255.255.255.0"
  status                 = "active"
}

# In the other's place when its circuit fails.
resource "alicloud_express_connect_virtual_border_router" "spare" {
  physical_connection_id = data.alicloud_express_connect_physical_connections.circuits.connections[1].id
  vlan_id                = 200
  local_gateway_ip       = "10.255.1.1"
  peer_gateway_ip        = "10.255.1.2"
  peering_subnet_mask    = "255.255.255.0"
  min_rx_interval        = 1000
  min_tx_interval        = 1000
  detect_multiplier      = 10
}

resource "alicloud_express_connect_virtual_border_router" "on_both" {
  physical_connection_id = data.alicloud_express_connect_physical_connections.circuits.connections[0].id
  vlan_id                = 110
  local_gateway_ip       = "10.255.6.1"
  peer_gateway_ip        = "10.255.6.2"
  peering_subnet_mask    = "255.255.255.252"
}

resource "alicloud_express_connect_vbr_pconn_association" "second" {
  vbr_id                 = alicloud_express_connect_virtual_border_router.on_both.id
  physical_connection_id = data.alicloud_express_connect_physical_connections.circuits.connections[1].id
  vlan_id                = 101
  local_gateway_ip       = "10.255.3.1"
  peer_gateway_ip        = "10.255.3.2"
  peering_subnet_mask    = "255.255.255.252"
}

resource "alicloud_vpc_vbr_ha" "pair" {
  vbr_id      = alicloud_express_connect_virtual_border_router.site.id
  peer_vbr_id = alicloud_express_connect_virtual_border_router.spare.id
  vbr_ha_name = "pair"
  description = "two ways to the site"
}

data "alicloud_express_connect_virtual_border_routers" "on_first" {
  depends_on = [alicloud_express_connect_vbr_pconn_association.second]
  filter {
    key    = "VbrId"
    values = [alicloud_express_connect_virtual_border_router.site.id]
  }
}
