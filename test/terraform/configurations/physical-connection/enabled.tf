# Circuits to an access point: one through its whole life, one that is called off.

data "alicloud_express_connect_access_points" "all" {
  ids = ["ap-cn-hangzhou-yh-B"]
}

resource "alicloud_express_connect_physical_connection" "line" {
  access_point_id          = data.alicloud_express_connect_access_points.all.points[0].access_point_id
  type                     = "VPC"
  port_type                = "1000Base-LX"
  line_operator            = "CT"
  bandwidth                = "200"
  circuit_code             = "ct-002"
  peer_location            = "Yuhang, room 2"
  physical_connection_name = "wider-line"
  description              = "from the site, by another operator"
  status                   = "Enabled"
  period                   = 1
  pricing_cycle            = "Year"
}

resource "alicloud_express_connect_physical_connection" "spare" {
  access_point_id                  = data.alicloud_express_connect_access_points.all.points[0].access_point_id
  line_operator                    = "CO"
  redundant_physical_connection_id = alicloud_express_connect_physical_connection.line.id
  status                           = "Canceled"
}

data "alicloud_express_connect_physical_connections" "all" {
  ids = [alicloud_express_connect_physical_connection.line.id]
}
