import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unchanged } from "./arguments.ts";
import {
  bgpFinds,
  borderRoutersFind,
  callerIsRole,
  circuitsFind,
  dataSourcesFind,
  ramFinds,
  routerInterfacesFind,
  vpnDataSourcesFind,
} from "./data-sources.ts";
import { live, type Scenario } from "./lifecycle.ts";
import { networkRole, peeringPrincipals } from "./principals.ts";
import { missing, Workspace } from "./terraform.ts";

const scenarios: readonly Scenario[] = [
  {
    name: "twenty-peerings",
    steps: [{ configuration: "created" }],
    quotas: [{ name: "Vpc", value: 20 }],
    options: ["-parallelism=50"],
  },
  {
    name: "vpc",
    steps: [{ configuration: "created" }, { configuration: "changed" }, { configuration: "with-ipv6" }],
    notReadBack: ["alicloud_vpc.hub.dry_run", "alicloud_vpc.hub.force_delete"],
  },
  {
    name: "vswitch",
    steps: [{ configuration: "created" }, { configuration: "changed" }],
    notReadBack: [
      "alicloud_vswitch.back.ipv6_cidr_block_mask",
      "alicloud_vswitch.front.ipv6_cidr_block_mask",
      "alicloud_vswitch.front.vpc_ipv6_cidr_block",
    ],
  },
  { name: "default-network", steps: [{ configuration: "created" }, { configuration: "changed" }] },
  {
    name: "route-table",
    steps: [{ configuration: "created" }, { configuration: "changed", replaces: ["alicloud_route_table_attachment.front"] }],
  },
  {
    name: "route-entry",
    steps: [{ configuration: "created" }, { configuration: "changed", replaces: ["alicloud_route_entry.to_spokes"] }],
  },
  {
    name: "peering-same-account",
    steps: [{ configuration: "created" }, { configuration: "changed" }],
    notReadBack: ["alicloud_vpc_peer_connection.link.dry_run", "alicloud_vpc_peer_connection.link.force_delete"],
  },
  {
    name: "peering-cross-account",
    steps: [{ configuration: "created" }, { configuration: "changed", replaces: ["alicloud_route_entry.to_hub"] }],
    notReadBack: ["alicloud_vpc_peer_connection_accepter.link.dry_run", "alicloud_vpc_peer_connection_accepter.link.force_delete"],
  },
  { name: "peering-answers", steps: [{ configuration: "created" }, { configuration: "answered" }] },
  {
    name: "vpn-gateway",
    steps: [{ configuration: "created" }, { configuration: "changed", replaces: ["alicloud_vpn_customer_gateway.unnamed"] }],
    notReadBack: ["alicloud_vpn_gateway.dual.auto_pay"],
  },
  {
    name: "vpn-connection",
    steps: [{ configuration: "created" }, { configuration: "changed" }],
    notReadBack: ["alicloud_vpn_connection.single.auto_config_route", "alicloud_vpn_connection.single.network_type"],
  },
  { name: "vpn-attachment", steps: [{ configuration: "created" }, { configuration: "changed" }] },
  {
    name: "vpn-routes",
    steps: [{ configuration: "created" }, { configuration: "changed", replaces: ["alicloud_route_entry.to_gateway"] }],
  },
  {
    name: "router-interfaces",
    steps: [
      { configuration: "created", check: routerInterfacesFind },
      { configuration: "changed", check: routerInterfacesFind },
    ],
    notReadBack: ["auto_pay", "period", "pricing_cycle"].map((name) => `alicloud_express_connect_router_interface.paid.${name}`),
  },
  {
    name: "physical-connection",
    steps: ["created", "confirmed", "enabled", "terminated"].map((configuration) => ({ configuration, check: circuitsFind })),
    notReadBack: [
      "alicloud_express_connect_physical_connection.line.period",
      "alicloud_express_connect_physical_connection.line.pricing_cycle",
      "alicloud_express_connect_physical_connection.line.order_id",
    ],
  },
  {
    name: "border-router",
    seed: "client-tests.json",
    steps: ["created", "changed", "recovered"].map((configuration) => ({ configuration, check: borderRoutersFind })),
  },
  {
    name: "border-router-links",
    seed: "client-tests.json",
    steps: ["created", "changed", "frozen", "reactivated"].map((configuration) => ({ configuration })),
    notReadBack: ["alicloud_express_connect_router_interface.to.delete_health_check_ip"],
  },
  {
    name: "bgp",
    seed: "client-tests.json",
    steps: ["created", "changed", "without-key"].map((configuration) => ({ configuration, check: bgpFinds })),
    notReadBack: ["alicloud_vpc_bgp_group.site.clear_auth_key"],
  },
  { name: "data-sources", steps: [{ configuration: "created", check: dataSourcesFind }] },
  {
    name: "vpn-data-sources",
    steps: [{ configuration: "created", check: vpnDataSourcesFind }],
    notReadBack: ["alicloud_vpn_connection.single.auto_config_route"],
  },
  {
    name: "ram",
    steps: [{ configuration: "created" }, { configuration: "changed", check: ramFinds }, { configuration: "trimmed" }],
    notReadBack: [
      "alicloud_ram_group.network.force",
      "alicloud_ram_policy.network.force",
      "alicloud_ram_policy.network.rotate_strategy",
      "alicloud_ram_role.network.force",
    ],
    notImported: ["alicloud_ram_access_key.alice"],
    quotas: [{ name: "VersionsPerPolicyQuota", value: 2 }],
  },
  {
    name: "assume-role",
    secure: true,
    prepare: networkRole,
    steps: [{ configuration: "created", check: callerIsRole }, { configuration: "changed" }],
  },
  {
    name: "assume-role-cross-account",
    secure: true,
    prepare: peeringPrincipals,
    steps: [{ configuration: "created" }, { configuration: "changed" }],
  },
];

if (missing !== "") test("terraform-provider-alicloud", { skip: missing });
else {
  const changed = new Set<string>();
  let lived = 0;
  // Most of the time the provider waits between two polls, so that several can share a processor.
  describe("terraform-provider-alicloud", { concurrency: 5 }, () => {
    for (const scenario of scenarios)
      test(scenario.name, async () => {
        for (const argument of await live(scenario)) changed.add(argument);
        lived += 1;
      });
  });

  test("every argument was changed on a living resource, or cannot be", async (t) => {
    if (lived < scenarios.length) return t.skip("some scenarios failed or were left out");
    const workspace = new Workspace();
    t.after(() => workspace.remove());
    const settable = await workspace.argumentsOf(Object.keys(unchanged));
    for (const [type, names] of settable) {
      assert.deepEqual(names.filter((name) => !changed.has(`${type}.${name}`)).sort(), Object.keys(unchanged[type] ?? {}).sort(), type);
    }
  });
}
