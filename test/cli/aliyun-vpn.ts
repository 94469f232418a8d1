import assert from "node:assert/strict";
import { test } from "node:test";
import { newCustomerGateway, newVpc, type Suite } from "./aliyun-user.ts";

/** VPN gateways and what belongs to them, as the CLI's users drive them. */
export function vpn({ requester, server }: Suite): void {
  /** A VPN gateway in a VPC of its own, with one end or two. */
  async function newVpnGateway(ends: 1 | 2): Promise<{ VpnGatewayId: string; RouteTableId: string }> {
    const { VpcId, RouteTableId } = await newVpc(requester, "10.5.0.0/16");
    const { AvailableZoneIdList } = await requester.answer("vpc DescribeVpnGatewayAvailableZones --Spec 10M");
    const vSwitches: string[] = [];
    for (const [index, { ZoneId }] of AvailableZoneIdList.slice(0, ends).entries()) {
      const line = `vpc CreateVSwitch --VpcId ${VpcId} --ZoneId ${ZoneId} --CidrBlock 10.5.${index}.0/24`;
      vSwitches.push((await requester.answer(line)).VSwitchId);
    }
    const [first, second] = vSwitches;
    const { VpnGatewayId } = await requester.answer(
      `vpc CreateVpnGateway --VpcId ${VpcId} --Bandwidth 10 --Name hub --InstanceChargeType POSTPAY --VSwitchId ${first}` +
        (second === undefined ? "" : ` --DisasterRecoveryVSwitchId ${second}`),
    );
    return { VpnGatewayId, RouteTableId };
  }
  const connectionOf = (id: string): Promise<any> => requester.answer(`vpc DescribeVpnConnection --VpnConnectionId ${id}`);
  /** `TunnelOptionsSpecification` of two tunnels to one customer gateway. The CLI takes its members with `--force` only. */
  const twoTunnels = (customer: string, ...fields: string[]): string =>
    ["master", "slave"]
      .flatMap((role, index) =>
        [`CustomerGatewayId ${customer}`, `Role ${role}`, `TunnelIkeConfig.Psk ${role}-key`, ...fields].map(
          (field) => `--TunnelOptionsSpecification.${index + 1}.${field}`,
        ),
      ) // prettier-ignore
      .join(" ");

  test("the life of a VPN gateway and of a customer gateway", async () => {
    assert.equal((await requester.answer("vpc CheckVpnBgpEnabled")).BgpEnabled, true);
    const { VpnGatewayId } = await newVpnGateway(2);
    const gateway = `--VpnGatewayId ${VpnGatewayId}`;
    await requester.answer(`vpc ModifyVpnGatewayAttribute ${gateway} --Name core --Description 'two ends' --AutoPropagate true`);
    const tagged = `--ResourceType VpnGateWay --ResourceId.1 ${VpnGatewayId}`;
    await requester.answer(`vpc TagResources ${tagged} --Tag.1.Key env --Tag.1.Value lab`);
    const found = await requester.answer(`vpc DescribeVpnGateway ${gateway}`);
    assert.deepEqual(
      [found.Status, found.Name, found.Description, found.AutoPropagate, found.Spec, found.Tags.Tag],
      ["active", "core", "two ends", true, "10M", [{ Key: "env", Value: "lab" }]],
    );
    const { VpnGateways } = await requester.answer("vpc DescribeVpnGateways --Tag.1.Key env --Tag.1.Value lab --GatewayType Traditional");
    assert.deepEqual(VpnGateways.VpnGateway.map((one: any) => one.VpnGatewayId), [VpnGatewayId]); // prettier-ignore

    const CustomerGatewayId = await newCustomerGateway(requester, "203.0.113.1");
    const customer = `--CustomerGatewayId ${CustomerGatewayId}`;
    await requester.answer(`vpc ModifyCustomerGatewayAttribute ${customer} --Name office --Description 'first floor'`);
    const office = await requester.answer(`vpc DescribeCustomerGateway ${customer}`);
    assert.deepEqual([office.Name, office.Description, office.IpAddress, office.Asn], ["office", "first floor", "203.0.113.1", 65001]);
    const { ResourceGroups } = await requester.answer("resourcemanager ListResourceGroups");
    for (const { Id } of ResourceGroups.ResourceGroup) {
      for (const [type, id] of Object.entries({ VpnGateWay: VpnGatewayId, CUSTOMERGATEWAY: CustomerGatewayId }))
        await requester.answer(`vpc MoveVpnResourceGroup --ResourceType ${type} --InstanceId ${id} --NewResourceGroupId ${Id}`);
      assert.equal((await requester.answer(`vpc DescribeVpnGateway ${gateway}`)).ResourceGroupId, Id);
    }
    await requester.answer(`vpc DeleteCustomerGateway ${customer}`);
    assert.equal((await requester.answer("vpc DescribeCustomerGateways")).TotalCount, 0);
    await requester.answer(`vpc DeleteVpnGateway ${gateway}`);
    assert.equal((await requester.refusal(`vpc DescribeVpnGateway ${gateway}`)).code, "InvalidVpnGatewayInstanceId.NotFound");
  });

  test("the life of a connection with one tunnel, whose configurations are JSON", async () => {
    const { VpnGatewayId } = await newVpnGateway(1);
    const customer = await newCustomerGateway(requester, "203.0.113.1");
    const json = (fields: object): string => `'${JSON.stringify(fields)}'`;
    const { VpnConnectionId } = await requester.answer(
      `vpc CreateVpnConnection --VpnGatewayId ${VpnGatewayId} --CustomerGatewayId ${customer} --Name link --LocalSubnet 10.5.0.0/16 ` +
        `--RemoteSubnet 192.168.0.0/24,192.168.1.0/24 --EnableDpd false --AutoConfigRoute false --Tags.1.Key env --Tags.1.Value lab ` +
        `--IkeConfig ${json({ Psk: "first-key", IkeVersion: "ikev2", IkeLifetime: 3600 })} --IpsecConfig ${json({ IpsecPfs: "group14" })} ` +
        `--BgpConfig ${json({ EnableBgp: "true", LocalAsn: "65100", TunnelCidr: "169.254.10.0/30" })}`,
    );
    const made = await connectionOf(VpnConnectionId);
    assert.deepEqual(
      [made.State, made.Name, made.EnableDpd, made.RemoteSubnet, made.Tags.Tag],
      ["active", "link", false, "192.168.0.0/24,192.168.1.0/24", [{ Key: "env", Value: "lab" }]],
    );
    assert.deepEqual(
      [made.IkeConfig.Psk, made.IkeConfig.IkeLifetime, made.IpsecConfig.IpsecPfs, made.VpnBgpConfig.LocalBgpIp],
      ["first-key", 3600, "group14", "169.254.10.1"],
    );
    assert.deepEqual(made.TunnelOptionsSpecification, { TunnelOptions: [] });
    await requester.answer(
      `vpc ModifyVpnConnectionAttribute --VpnConnectionId ${VpnConnectionId} --Name renamed --IkeConfig ${json({ Psk: "second-key" })} ` +
        `--HealthCheckConfig ${json({ enable: "true", dip: "192.168.0.1", sip: "10.5.0.1", interval: 5, retry: 2 })}`,
    );
    const changed = await connectionOf(VpnConnectionId);
    assert.deepEqual(
      [changed.Name, changed.IkeConfig.Psk, changed.IkeConfig.IkeLifetime, changed.VcoHealthCheck.Dip, changed.VcoHealthCheck.Interval],
      ["renamed", "second-key", 3600, "192.168.0.1", 5],
    );
    const { VpnConnections } = await requester.answer(`vpc DescribeVpnConnections --VpnGatewayId ${VpnGatewayId}`);
    assert.deepEqual(VpnConnections.VpnConnection.map((one: any) => one.VpnConnectionId), [VpnConnectionId]); // prettier-ignore
    const inUse = await requester.refusal(`vpc DeleteCustomerGateway --CustomerGatewayId ${customer}`);
    assert.equal(inUse.code, "DependencyViolation.VpnConnection");
    await requester.answer(`vpc DeleteVpnConnection --VpnConnectionId ${VpnConnectionId}`);
    await requester.answer(`vpc DeleteCustomerGateway --CustomerGatewayId ${customer}`);
    await requester.answer(`vpc DeleteVpnGateway --VpnGatewayId ${VpnGatewayId}`);
  });

  test("connections with two tunnels, of a gateway and of none", async () => {
    const { VpnGatewayId } = await newVpnGateway(2);
    const customer = await newCustomerGateway(requester, "203.0.113.1");
    const anywhere = "--LocalSubnet 0.0.0.0/0 --RemoteSubnet 0.0.0.0/0";
    const creation = `vpc CreateVpnConnection --VpnGatewayId ${VpnGatewayId} ${anywhere}`;
    // Its own description of the call says that there are tunnels, and not how they are written.
    assert.match((await requester.aliyun(`${creation} ${twoTunnels(customer)}`)).stderr, /'--TunnelOptionsSpecification\.1\./);
    const asJson = await requester.refusal(`${creation} --TunnelOptionsSpecification '[{"Role":"master"},{"Role":"slave"}]'`);
    assert.equal(asJson.message, "Specified parameter TunnelOptionsSpecification is not valid.");
    const { body } = await server().admin("GET", `requests/${asJson.requestId}`);
    assert.match(JSON.stringify(body), /write it as TunnelOptionsSpecification\.1/);

    const { VpnConnectionId } = await requester.answer(`${creation} --force ${twoTunnels(customer, "EnableDpd false")}`);
    const tunnels = async (id: string): Promise<any[]> => (await connectionOf(id)).TunnelOptionsSpecification.TunnelOptions;
    const [master, slave] = await tunnels(VpnConnectionId);
    assert.deepEqual(
      [master, slave].map((one) => [one.Role, one.CustomerGatewayId, one.EnableDpd, one.TunnelIkeConfig.Psk]),
      ["master", "slave"].map((role) => [role, customer, false, `${role}-key`]),
    );
    const one = "--TunnelOptionsSpecification.EnableDpd true --TunnelOptionsSpecification.TunnelIkeConfig.Psk other-key";
    await requester.answer(`vpc ModifyTunnelAttribute --force --VpnConnectionId ${VpnConnectionId} --TunnelId ${slave.TunnelId} ${one}`);
    await requester.answer(`vpc ModifyVpnConnectionAttribute --VpnConnectionId ${VpnConnectionId} --Name renamed`);
    assert.deepEqual(
      (await tunnels(VpnConnectionId)).map(({ EnableDpd, TunnelIkeConfig }) => [EnableDpd, TunnelIkeConfig.Psk]),
      [[false, "master-key"], [true, "other-key"]], // prettier-ignore
    );
    await requester.answer(`vpc DeleteVpnConnection --VpnConnectionId ${VpnConnectionId}`);

    const attachment = await requester.answer(`vpc CreateVpnAttachment ${anywhere} --Name loose --force ${twoTunnels(customer)}`);
    const id = `--VpnConnectionId ${attachment.VpnConnectionId}`;
    await requester.answer(`vpc ModifyVpnAttachmentAttribute ${id} --Name looser --RemoteSubnet 192.168.0.0/16`);
    const loose = await connectionOf(attachment.VpnConnectionId);
    assert.deepEqual(
      [loose.Name, loose.RemoteSubnet, loose.AttachType, (await tunnels(attachment.VpnConnectionId)).length],
      ["looser", "192.168.0.0/16", "NO_ASSOCIATED", 2],
    );
    await requester.answer(`vpc DeleteVpnAttachment ${id}`);
    assert.equal((await requester.answer("vpc DescribeVpnConnections")).TotalCount, 0);
  });

  test("what the customer's device is told, the log of a connection, and diagnoses", async () => {
    const { VpnGatewayId } = await newVpnGateway(1);
    const customer = await newCustomerGateway(requester, "203.0.113.1");
    const { VpnConnectionId } = await requester.answer(
      `vpc CreateVpnConnection --VpnGatewayId ${VpnGatewayId} --CustomerGatewayId ${customer} --LocalSubnet 10.5.0.0/16 ` +
        `--RemoteSubnet 192.168.0.0/16 --IkeConfig '{"Psk":"key"}'`,
    );
    const { VpnConnectionConfig } = await requester.answer(`vpc DownloadVpnConnectionConfig --VpnConnectionId ${VpnConnectionId}`);
    // It is told from the customer's side.
    assert.deepEqual(
      [VpnConnectionConfig.Local, VpnConnectionConfig.LocalSubnet, VpnConnectionConfig.IkeConfig.Psk],
      ["203.0.113.1", "192.168.0.0/16", "key"],
    );
    const log = await requester.answer(`vpc DescribeVpnConnectionLogs --VpnConnectionId ${VpnConnectionId} --MinutePeriod 10`);
    assert.ok(log.Data.Logs.length > 0);
    const { VpnConnections } = await requester.answer(`vpc DiagnoseVpnConnections --VpnConnectionIds.1 ${VpnConnectionId}`);
    assert.deepEqual(VpnConnections.map((one: any) => [one.VpnConnectionId, one.FailedReasonCode]), [[VpnConnectionId, "NoDataPlane"]]); // prettier-ignore
    const { DiagnoseId } = await requester.answer(
      `vpc DiagnoseVpnGateway --VpnGatewayId ${VpnGatewayId} --ResourceType IPsec --ResourceId ${VpnConnectionId} ` +
        `--IPsecExtendInfo '{"PrivateSourceIp":"10.5.0.1","PrivateDestinationIp":"192.168.0.1"}'`,
    );
    const result = await requester.answer(`vpc GetVpnGatewayDiagnoseResult --DiagnoseId ${DiagnoseId}`);
    assert.deepEqual([result.VpnGatewayId, result.FinishedCount], [VpnGatewayId, result.TotalCount]);
    assert.ok(result.DiagnoseResult.length > 0);
  });

  test("the routes of a VPN gateway, by destination and by policy", async () => {
    const { VpnGatewayId, RouteTableId } = await newVpnGateway(1);
    const customer = await newCustomerGateway(requester, "203.0.113.1");
    const { VpnConnectionId } = await requester.answer(
      `vpc CreateVpnConnection --VpnGatewayId ${VpnGatewayId} --CustomerGatewayId ${customer} --LocalSubnet 0.0.0.0/0 --RemoteSubnet 0.0.0.0/0`,
    );
    const published = async (): Promise<string[]> => {
      const line = `vpc DescribeRouteEntryList --RouteTableId ${RouteTableId} --RouteEntryType Custom --NextHopType VpnGateway`;
      return (await requester.answer(line)).RouteEntrys.RouteEntry.map((one: any) => one.DestinationCidrBlock).sort();
    };
    const hop = `--VpnGatewayId ${VpnGatewayId} --NextHop ${VpnConnectionId}`;

    const byDestination = `${hop} --RouteDest 192.168.0.0/24`;
    await requester.answer(`vpc CreateVpnRouteEntry ${byDestination} --Weight 100 --PublishVpc true`);
    assert.deepEqual(await published(), ["192.168.0.0/24"]);
    await requester.answer(`vpc ModifyVpnRouteEntryWeight ${byDestination} --Weight 100 --NewWeight 0`);
    await requester.answer(`vpc PublishVpnRouteEntry ${byDestination} --RouteType dbr --PublishVpc false`);
    assert.deepEqual(await published(), []);
    const { VpnRouteEntries } = await requester.answer(`vpc DescribeVpnRouteEntries --VpnGatewayId ${VpnGatewayId}`);
    assert.deepEqual(
      VpnRouteEntries.VpnRouteEntry.map((route: any) => [route.RouteDest, route.Weight, route.State, route.NextHop]),
      [["192.168.0.0/24", 0, "normal", VpnConnectionId]],
    );
    await requester.answer(`vpc DeleteVpnRouteEntry ${byDestination} --Weight 0`);

    const byPolicy = `${hop} --RouteSource 10.5.0.0/24 --RouteDest 192.168.1.0/24`;
    await requester.answer(`vpc CreateVpnPbrRouteEntry ${byPolicy} --Weight 100 --Priority 10 --PublishVpc false`);
    await requester.answer(`vpc ModifyVpnPbrRouteEntryWeight ${byPolicy} --Weight 100 --NewWeight 0`);
    await requester.answer(`vpc ModifyVpnPbrRouteEntryPriority ${byPolicy} --Weight 0 --Priority 10 --NewPriority 20`);
    await requester.answer(`vpc ModifyVpnPbrRouteEntryAttribute ${byPolicy} --Weight 0 --Priority 20 --NewWeight 100 --NewPriority 30`);
    // The CLI does not know the source of a route that is published.
    await requester.answer(`vpc PublishVpnRouteEntry --force ${byPolicy} --RouteType pbr --PublishVpc true`);
    assert.deepEqual(await published(), ["192.168.1.0/24"]);
    const { VpnPbrRouteEntries } = await requester.answer(`vpc DescribeVpnPbrRouteEntries --VpnGatewayId ${VpnGatewayId}`);
    assert.deepEqual(
      VpnPbrRouteEntries.VpnPbrRouteEntry.map((route: any) => [route.RouteSource, route.Weight, route.Priority, route.State]),
      [["10.5.0.0/24", 100, 30, "published"]],
    );
    await requester.answer(`vpc DeleteVpnPbrRouteEntry ${byPolicy} --Weight 100 --Priority 30`);
    assert.deepEqual(await published(), []);
  });
}
