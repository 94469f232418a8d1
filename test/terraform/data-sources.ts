import assert from "node:assert/strict";
import { regionById, regions } from "../../src/contract/regions.ts";
import { requesterKey } from "../support/server.ts";
import type { Values } from "./terraform.ts";

/** What the data sources of the configurations must find. */

type Found = (address: string) => Values;

/** The ids that a data source finds, and the only row that it finds, by its address without `data.`. */
function dataSourcesOf(found: Found): { ids: (address: string) => unknown; one: (address: string, list: string) => Values } {
  return {
    ids: (address) => found(`data.${address}`)["ids"],
    one: (address, list) => {
      const rows = found(`data.${address}`)[list] as Values[];
      assert.equal(rows.length, 1, `${address} finds one`);
      return rows[0] as Values;
    },
  };
}

export function dataSourcesFind(found: Found): void {
  const id = (address: string): unknown => found(address)["id"];
  const { ids, one } = dataSourcesOf(found);
  const hub = found("alicloud_vpc.hub");
  const front = found("alicloud_vswitch.front");
  const table = found("alicloud_route_table.front");
  const link = found("alicloud_vpc_peer_connection.link");
  const lab = { env: "lab" };

  assert.equal(id("data.alicloud_account.configured"), requesterKey.account);
  assert.equal(id("data.alicloud_account.asked"), requesterKey.account);
  const { account_id, arn, identity_type } = found("data.alicloud_caller_identity.current");
  assert.deepEqual([account_id, arn, identity_type], [requesterKey.account, `acs:ram::${requesterKey.account}:root`, "Account"]);
  assert.deepEqual(
    ids("alicloud_regions.all"),
    regions.map((region) => region.id),
  );
  assert.deepEqual(ids("alicloud_regions.current"), ["cn-hangzhou"]);
  assert.deepEqual(ids("alicloud_zones.all"), regionById("cn-hangzhou")?.zones);
  assert.deepEqual([...(found("data.alicloud_resource_manager_resource_groups.all")["names"] as string[])].sort(), ["default", "network"]);
  const group = one("alicloud_resource_manager_resource_groups.default", "groups");
  assert.deepEqual([group["name"], group["status"], group["account_id"]], ["default", "OK", requesterKey.account]);
  assert.equal(group["id"], hub["resource_group_id"]);

  const vpc = one("alicloud_vpcs.filtered", "vpcs");
  for (const name of ["id", "vpc_name", "cidr_block", "ipv6_cidr_block", "router_id", "route_table_id", "resource_group_id", "status"])
    assert.equal(vpc[name], hub[name], name);
  assert.deepEqual([vpc["vswitch_ids"], vpc["tags"], vpc["is_default"]], [[front["id"]], lab, false]);
  assert.deepEqual([...(ids("alicloud_vpcs.all") as string[])].sort(), [hub["id"], id("alicloud_vpc.spoke")].sort());
  assert.deepEqual(ids("alicloud_vpcs.none"), []);
  const { ids: onPage, total_count } = found("data.alicloud_vpcs.page");
  assert.deepEqual([(onPage as string[]).length, total_count], [1, 2]);

  const vswitch = one("alicloud_vswitches.filtered", "vswitches");
  for (const name of ["id", "vswitch_name", "vpc_id", "zone_id", "cidr_block", "status"]) assert.equal(vswitch[name], front[name], name);
  assert.deepEqual([vswitch["route_table_id"], vswitch["tags"], vswitch["available_ip_address_count"]], [table["id"], lab, 252]);
  assert.deepEqual(ids("alicloud_vswitches.none"), []);

  const custom = one("alicloud_route_tables.filtered", "tables");
  for (const name of ["id", "route_table_name", "vpc_id", "status", "resource_group_id"]) assert.equal(custom[name], table[name], name);
  assert.deepEqual([custom["route_table_type"], custom["router_type"], custom["vswitch_ids"]], ["Custom", "VRouter", [front["id"]]]);
  const systemTables = [hub["route_table_id"], found("alicloud_vpc.spoke")["route_table_id"]];
  assert.deepEqual([...(ids("alicloud_route_tables.system") as string[])].sort(), systemTables.sort());

  const entries = found("data.alicloud_route_entries.front")["entries"] as Values[];
  const toSpoke = entries.find(({ type }) => type === "Custom");
  assert.deepEqual(
    [toSpoke?.["cidr_block"], toSpoke?.["next_hop_type"], toSpoke?.["instance_id"], toSpoke?.["status"]],
    ["10.1.0.0/16", "VpcPeer", link["id"], "Available"],
  );
  assert.ok(
    entries.some(({ type, cidr_block }) => type === "System" && cidr_block === front["cidr_block"]),
    "the vSwitch has its own route",
  );

  for (const name of ["filtered", "accepting_side"]) {
    const connection = one(`alicloud_vpc_peer_connections.${name}`, "connections");
    for (const attribute of ["id", "peer_connection_name", "vpc_id", "accepting_vpc_id", "bandwidth", "status"])
      assert.equal(connection[attribute], link[attribute], attribute);
    assert.equal(connection["accepting_ali_uid"], Number(requesterKey.account));
  }
}

export function vpnDataSourcesFind(found: Found): void {
  const { ids, one } = dataSourcesOf(found);
  /** Asserts that a row has the attributes of a resource; `names` are those of the row, and of the resource where they differ. */
  const same = (row: Values, address: string, ...names: readonly (string | readonly [string, string])[]): void => {
    for (const name of names) {
      const [ofRow, ofResource] = typeof name === "string" ? [name, name] : name;
      assert.deepEqual(row[ofRow], found(address)[ofResource], `${address}: ${ofRow}`);
    }
  };
  const [dual, single] = ["alicloud_vpn_gateway.dual", "alicloud_vpn_gateway.single"];

  assert.deepEqual(ids("alicloud_vpn_gateway_zones.all"), regionById("cn-hangzhou")?.zones);

  const gateway = one("alicloud_vpn_gateways.filtered", "gateways");
  same(gateway, dual, "id", "vpc_id", "vswitch_id", "internet_ip", "network_type", "vpn_type", "resource_group_id", "tags");
  same(gateway, dual, ["name", "vpn_gateway_name"], "disaster_recovery_vswitch_id", "disaster_recovery_internet_ip");
  assert.deepEqual(
    [gateway["status"], gateway["specification"], gateway["instance_charge_type"], gateway["ssl_vpn"], gateway["auto_propagate"]],
    ["Active", "10M", "PostPaid", "disable", "false"],
  );
  same(one("alicloud_vpn_gateways.ssl", "gateways"), single, "id", "ssl_connections", "ssl_vpn_internet_ip");
  assert.deepEqual(ids("alicloud_vpn_gateways.none"), []);

  const customer = one("alicloud_vpn_customer_gateways.second", "gateways");
  same(customer, "alicloud_vpn_customer_gateway.site[1]", "id", ["name", "customer_gateway_name"], "ip_address", "description");
  assert.equal(customer["asn"], 65002);

  const connection = one("alicloud_vpn_connections.of_gateway", "connections");
  const attributes = ["id", ["name", "vpn_connection_name"], "vpn_gateway_id", "customer_gateway_id", "enable_dpd", "status"] as const;
  same(connection, "alicloud_vpn_connection.single", ...attributes);
  assert.deepEqual([connection["local_subnet"], connection["remote_subnet"]], ["10.0.0.0/24", "192.168.0.0/24"]);
  same(
    one("alicloud_vpn_connections.of_customer", "connections"),
    "alicloud_vpn_connection.dual",
    ...attributes,
    "tunnel_options_specification",
  );

  const attachment = one("alicloud_vpn_gateway_vpn_attachments.site", "attachments");
  same(attachment, "alicloud_vpn_gateway_vpn_attachment.site", "id", "vpn_attachment_name", "local_subnet", "remote_subnet", "tags");
  assert.deepEqual([attachment["attach_type"], attachment["connection_status"]], ["NO_ASSOCIATED", "init"]);

  const routes = ["alicloud_vpn_pbr_route_entry.to_site[0]", "alicloud_vpn_pbr_route_entry.to_site[1]"] as const;
  assert.deepEqual([...(ids("alicloud_vpn_pbr_route_entries.all") as string[])].sort(), routes.map((route) => found(route)["id"]).sort());
  const route = one("alicloud_vpn_pbr_route_entries.published", "entries");
  same(route, routes[1], "id", "next_hop", "route_source", "route_dest", "weight", "status");
  assert.equal(route["status"], "published");
}

export function routerInterfacesFind(found: Found): void {
  const { one } = dataSourcesOf(found);
  const from = found("alicloud_router_interface.from");
  const linked = one("alicloud_router_interfaces.linked", "interfaces");
  for (const name of ["id", "name", "description", "role", "specification", "router_id"]) assert.equal(linked[name], from[name], name);
  assert.deepEqual(
    [linked["status"], linked["opposite_interface_id"], linked["vpc_id"]],
    ["Active", found("alicloud_router_interface.to")["id"], found("alicloud_vpc.from")["id"]],
  );

  const own = found("alicloud_express_connect_router_interface.waiting");
  const waiting = one("alicloud_express_connect_router_interfaces.waiting", "interfaces");
  for (const name of ["router_interface_name", "description", "spec", "router_id", "opposite_region_id", "hc_rate"])
    assert.equal(waiting[name], own[name], name);
  assert.deepEqual(
    [waiting["router_interface_id"], waiting["status"], waiting["cross_border"], waiting["payment_type"]],
    [own["id"], "Idle", false, "AfterPay"],
  );
}

export function circuitsFind(found: Found): void {
  const { one } = dataSourcesOf(found);
  const line = found("alicloud_express_connect_physical_connection.line");
  const circuit = one("alicloud_express_connect_physical_connections.all", "connections");
  for (const name of [
    "id",
    "physical_connection_name",
    "description",
    "line_operator",
    "port_type",
    "type",
    "bandwidth",
    "circuit_code",
    "peer_location",
    "access_point_id",
    "status",
  ])
    assert.equal(circuit[name], line[name], name);
  assert.deepEqual([circuit["business_status"], circuit["has_reservation_data"]], ["Normal", "false"]);
  const point = one("alicloud_express_connect_access_points.all", "points");
  assert.deepEqual([point["access_point_id"], point["type"], point["status"]], [line["access_point_id"], "VPC", "recommended"]);
}

export function borderRoutersFind(found: Found): void {
  const { one } = dataSourcesOf(found);
  const site = found("alicloud_express_connect_virtual_border_router.site");
  const router = one("alicloud_express_connect_virtual_border_routers.on_first", "routers");
  for (const name of [
    "id",
    "virtual_border_router_name",
    "description",
    "physical_connection_id",
    "vlan_id",
    "local_gateway_ip",
    "peer_gateway_ip",
    "peering_subnet_mask",
    "enable_ipv6",
    "local_ipv6_gateway_ip",
    "min_rx_interval",
    "min_tx_interval",
    "detect_multiplier",
    "route_table_id",
    "circuit_code",
    "status",
  ])
    assert.equal(router[name], site[name], name);
  assert.deepEqual(
    [router["physical_connection_status"], router["physical_connection_business_status"], router["physical_connection_owner_uid"]],
    ["Enabled", "Normal", requesterKey.account],
  );
}

export function bgpFinds(found: Found): void {
  const { ids, one } = dataSourcesOf(found);
  const own = found("alicloud_vpc_bgp_group.site");
  const group = one("alicloud_vpc_bgp_groups.of_router", "groups");
  for (const name of ["id", "bgp_group_name", "description", "local_asn", "peer_asn", "auth_key", "route_limit", "router_id", "status"])
    assert.equal(String(group[name]), String(own[name]), name);
  assert.equal(group["is_fake_asn"], own["is_fake_asn"]);
  const peer = one("alicloud_vpc_bgp_peers.of_group", "peers");
  for (const name of ["id", "peer_ip_address", "enable_bfd", "bgp_group_id", "status"])
    assert.equal(peer[name], found("alicloud_vpc_bgp_peer.site")[name], name);
  assert.deepEqual([peer["bgp_status"], String(peer["peer_asn"])], ["Connect", String(own["peer_asn"])]);
  assert.equal((ids("alicloud_vpc_bgp_networks.of_router") as string[]).length, 2);
}

export function ramFinds(found: Found): void {
  const { ids, one } = dataSourcesOf(found);
  const names = (address: string): unknown => found(`data.${address}`)["names"];
  const bob = found("alicloud_ram_user.bob");
  const inGroup = one("alicloud_ram_users.in_group", "users");
  assert.deepEqual([inGroup["id"], inGroup["name"]], [bob["id"], "robert"]);
  assert.deepEqual(names("alicloud_ram_users.with_policy"), ["alice"]);
  assert.deepEqual([...(names("alicloud_ram_groups.of_user") as string[])].sort(), ["network", "readers"]);
  assert.deepEqual(one("alicloud_ram_groups.with_policy", "groups"), { name: "readers", comments: "" });

  const role = found("alicloud_ram_role.network");
  const tagged = one("alicloud_ram_roles.tagged", "roles");
  for (const name of ["name", "arn", "description", "assume_role_policy_document", "tags"])
    assert.deepEqual(tagged[name], role[name], name);
  assert.deepEqual([tagged["id"], tagged["create_date"]], [role["role_id"], role["create_time"]]);
  assert.deepEqual(ids("alicloud_ram_roles.with_policy"), [role["role_id"]]);
  const attachment = one("alicloud_ram_role_policy_attachments.network", "attachments");
  assert.deepEqual([attachment["id"], attachment["description"]], ["role:network:Custom:network", "to build networks"]);

  const own = found("alicloud_ram_policy.network");
  const policy = one("alicloud_ram_policies.tagged", "policies");
  for (const name of ["policy_name", "type", "description", "policy_document", "version_id", "default_version", "tags"])
    assert.deepEqual(policy[name], own[name], name);
  assert.deepEqual([policy["version_id"], policy["attachment_count"]], ["v2", 2]);
  assert.deepEqual(names("alicloud_ram_policies.of_group"), ["AliyunVPCReadOnlyAccess"]);
  // The provider fills neither their ids nor their names.
  const system = found("data.alicloud_ram_system_policys.vpc")["policys"] as Values[];
  assert.deepEqual(system.map(({ policy_name }) => policy_name).sort(), ["AliyunVPCFullAccess", "AliyunVPCReadOnlyAccess"]);
}

export function callerIsRole(found: Found): void {
  const { account_id, arn, identity_type } = found("data.alicloud_caller_identity.current");
  assert.deepEqual([account_id, identity_type], [requesterKey.account, "AssumedRoleUser"]);
  assert.match(String(arn), new RegExp(`^acs:ram::${requesterKey.account}:assumed-role/role-\\d+/terraform$`));
}
