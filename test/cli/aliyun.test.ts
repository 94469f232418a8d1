import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { accepterKey, requesterKey, type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { newVpc, type User } from "./aliyun-user.ts";
import { expressConnect } from "./aliyun-express-connect.ts";
import { type Finished, linkspan, run, shellVariables } from "./run.ts";

/** The real aliyun CLI against a server that runs as its user runs it, over plain HTTP and over TLS, set up by what `linkspan env` prints. */

const binary = process.env["LINKSPAN_TEST_ALIYUN_CLI"] ?? "";
const missing =
  "LINKSPAN_TEST_ALIYUN_CLI does not name an aliyun CLI: download one from https://github.com/aliyun/aliyun-cli/releases and give its path";

if (binary === "") {
  test("the aliyun CLI", { skip: missing }, () => undefined);
} else {
  describe("the aliyun CLI over plain HTTP", () => withTheCli({}));
  describe("the aliyun CLI over TLS", () => withTheCli({ LINKSPAN_TLS_PORT: "0" }));
}

function withTheCli(environment: Record<string, string>): void {
  const secure = "LINKSPAN_TLS_PORT" in environment;
  const folder = temporaryFolder();
  const home = join(folder, "home");
  /** Product and action of every call that was answered with success. */
  const succeeded = new Set<string>();
  let server: SpawnedServer;
  before(async () => {
    mkdirSync(join(folder, "bin"));
    mkdirSync(home);
    symlinkSync(binary, join(folder, "bin", "aliyun"));
    server = await spawnServer({ environment: { LINKSPAN_PACE: "instant", ...environment } });
  });
  beforeEach(async () => {
    assert.equal((await server.admin("POST", "reset")).status, 200);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const printed = async (account: string): Promise<string> => {
    const { code, stdout, stderr } = await linkspan(["env", "--for", "aliyun", "--account", account, "--url", server.url]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const own = { HOME: home, PATH: `${join(folder, "bin")}:/usr/bin:/bin` };

  /** What the printed exports set. The last line is a call to try. */
  const variablesOf = async (account: string): Promise<Record<string, string>> => ({
    ...shellVariables((await printed(account)).replace(/\naliyun .*\n$/, "")),
    ...own,
  });

  function userOf(account: string): User {
    let variables: Promise<Record<string, string>> | undefined;
    const aliyun: User["aliyun"] = async (line) =>
      run("sh", ["-c", `aliyun ${secure ? "" : "--insecure "}${line}`], await (variables ??= variablesOf(account)));
    return {
      aliyun,
      answer: async (line) => {
        const { code, stdout, stderr } = await aliyun(line);
        assert.equal(code, 0, `${line}\n${stderr}`);
        succeeded.add(line.split(" ").slice(0, 2).join(" "));
        return JSON.parse(stdout);
      },
      refusal: async (line) => {
        const { code, stdout, stderr } = await aliyun(line);
        assert.equal(code, 1, `${line}\n${stdout}`);
        const told = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(stderr)?.[1] ?? assert.fail(`${line}\n${stderr}`);
        return { code: told("ErrorCode"), requestId: told("RequestId"), message: told("Message"), recommend: told("Recommend") };
      },
    };
  }
  const requester = userOf("requester");
  const accepter = userOf("accepter");

  test("what env prints works as it is, pasted into a shell", async () => {
    const lines = await printed("requester");
    const { code, stdout, stderr } = await run("sh", ["-e", "-c", lines], own);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout).Vpcs, { Vpc: [] });
    assert.equal(lines.includes("--insecure"), !secure);
    assert.equal(lines.includes("SSL_CERT_FILE"), secure);
  });

  test("regions, zones, the caller and the resource groups", async () => {
    const { Regions } = await requester.answer("vpc DescribeRegions");
    assert.ok(Regions.Region.some(({ RegionId }: any) => RegionId === "cn-hangzhou"));
    const { Zones } = await requester.answer("vpc DescribeZones");
    assert.match(Zones.Zone[0].ZoneId, /^cn-hangzhou-/);
    assert.ok((await requester.answer("ecs DescribeRegions")).Regions.Region.length > 0);
    assert.ok((await requester.answer("ecs DescribeZones")).Zones.Zone.length > 0);
    const available = await requester.answer("ecs DescribeAvailableResource --DestinationResource Zone");
    assert.ok(available.AvailableZones.AvailableZone.length > 0);
    assert.equal((await requester.answer("sts GetCallerIdentity")).AccountId, "1000000000000001");
    assert.equal((await accepter.answer("sts GetCallerIdentity")).AccountId, "1000000000000002");
    assert.ok((await groups(requester)).includes("default"));
  });
  const groups = async (user: User): Promise<string[]> =>
    (await user.answer("resourcemanager ListResourceGroups")).ResourceGroups.ResourceGroup.map(({ Name }: any) => Name);

  test("the life of a VPC", async () => {
    const { VpcId } = await requester.answer(
      "vpc CreateVpc --CidrBlock 10.0.0.0/16 --VpcName hub --Description 'the first one' --Tag.1.Key env --Tag.1.Value lab",
    );
    const attribute = await requester.answer(`vpc DescribeVpcAttribute --VpcId ${VpcId}`);
    assert.deepEqual([attribute.VpcName, attribute.Description, attribute.CidrBlock], ["hub", "the first one", "10.0.0.0/16"]);
    for (const filter of ["--VpcName hub", `--VpcId ${VpcId}`, "--Tag.1.Key env --Tag.1.Value lab"]) {
      const { Vpcs, TotalCount } = await requester.answer(`vpc DescribeVpcs ${filter}`);
      assert.deepEqual([TotalCount, Vpcs.Vpc[0].VpcId], [1, VpcId], filter);
    }
    assert.equal((await accepter.answer("vpc DescribeVpcs")).TotalCount, 0);
    const { VRouters } = await requester.answer("vpc DescribeVRouters");
    assert.deepEqual(VRouters.VRouter.map((one: any) => one.VpcId), [VpcId]); // prettier-ignore

    await requester.answer(`vpc ModifyVpcAttribute --VpcId ${VpcId} --VpcName core --EnableIPv6 true`);
    await requester.answer(`vpc AssociateVpcCidrBlock --VpcId ${VpcId} --SecondaryCidrBlock 192.168.0.0/16`);
    const widened = await requester.answer(`vpc DescribeVpcAttribute --VpcId ${VpcId}`);
    assert.equal(widened.VpcName, "core");
    assert.notEqual(widened.Ipv6CidrBlock, "");
    assert.deepEqual(widened.SecondaryCidrBlocks, { SecondaryCidrBlock: ["192.168.0.0/16"] });
    await requester.answer(`vpc UnassociateVpcCidrBlock --VpcId ${VpcId} --SecondaryCidrBlock 192.168.0.0/16`);
    await requester.answer(`vpc EnableVpcClassicLink --VpcId ${VpcId}`);
    await requester.answer(`vpc DisableVpcClassicLink --VpcId ${VpcId}`);

    await requester.answer(`vpc DeleteVpc --VpcId ${VpcId}`);
    assert.equal((await requester.answer("vpc DescribeVpcs")).TotalCount, 0);
  });

  test("tags and resource groups of VPCs", async () => {
    const { VpcId } = await requester.answer("vpc CreateVpc --VpcName tagged");
    const tagged = `--ResourceType VPC --ResourceId.1 ${VpcId}`;
    await requester.answer(`vpc TagResources ${tagged} --Tag.1.Key team --Tag.1.Value net --Tag.2.Key env --Tag.2.Value lab`);
    await requester.answer(`vpc UnTagResources ${tagged} --TagKey.1 env`);
    const { TagResources } = await requester.answer(`vpc ListTagResources ${tagged}`);
    assert.deepEqual(TagResources.TagResource.map(({ TagKey, TagValue }: any) => [TagKey, TagValue]), [["team", "net"]]); // prettier-ignore
    const { ResourceGroups } = await requester.answer("resourcemanager ListResourceGroups");
    for (const { Id } of ResourceGroups.ResourceGroup) {
      await requester.answer(`vpc MoveResourceGroup --ResourceType vpc --ResourceId ${VpcId} --NewResourceGroupId ${Id}`);
      assert.equal((await requester.answer(`vpc DescribeVpcAttribute --VpcId ${VpcId}`)).ResourceGroupId, Id);
    }
  });

  test("the life of a vSwitch, and the default network", async () => {
    const { VpcId } = await requester.answer("vpc CreateVpc --CidrBlock 172.16.0.0/12");
    const { VSwitchId } = await requester.answer(
      `vpc CreateVSwitch --VpcId ${VpcId} --ZoneId cn-hangzhou-h --CidrBlock 172.16.1.0/24 --VSwitchName one`,
    );
    await requester.answer(`vpc ModifyVSwitchAttribute --VSwitchId ${VSwitchId} --VSwitchName other --Description changed`);
    const attributes = await requester.answer(`vpc DescribeVSwitchAttributes --VSwitchId ${VSwitchId}`);
    assert.deepEqual([attributes.VSwitchName, attributes.Description, attributes.CidrBlock], ["other", "changed", "172.16.1.0/24"]);
    const { VSwitches } = await requester.answer(`vpc DescribeVSwitches --VpcId ${VpcId}`);
    assert.deepEqual(VSwitches.VSwitch.map((one: any) => one.VSwitchId), [VSwitchId]); // prettier-ignore
    assert.equal((await requester.refusal(`vpc DeleteVpc --VpcId ${VpcId}`)).code, "DependencyViolation.VSwitch");
    await requester.answer(`vpc DeleteVSwitch --VSwitchId ${VSwitchId}`);
    await requester.answer(`vpc DeleteVpc --VpcId ${VpcId}`);

    const standard = await requester.answer("vpc CreateDefaultVpc --region cn-beijing");
    await requester.answer("vpc CreateDefaultVSwitch --region cn-beijing --ZoneId cn-beijing-h");
    const { Vpcs } = await requester.answer("vpc DescribeVpcs --region cn-beijing --IsDefault true");
    assert.deepEqual(Vpcs.Vpc.map((one: any) => [one.VpcId, one.VSwitchIds.VSwitchId.length]), [[standard.VpcId, 1]]); // prettier-ignore
  });

  test("the life of a route table", async () => {
    const { VpcId } = await requester.answer("vpc CreateVpc --CidrBlock 10.9.0.0/16");
    const { VSwitchId } = await requester.answer(`vpc CreateVSwitch --VpcId ${VpcId} --ZoneId cn-hangzhou-h --CidrBlock 10.9.1.0/24`);
    const { RouteTableId } = await requester.answer(`vpc CreateRouteTable --VpcId ${VpcId} --RouteTableName own`);
    await requester.answer(`vpc ModifyRouteTableAttributes --RouteTableId ${RouteTableId} --RouteTableName renamed`);
    const pair = `--RouteTableId ${RouteTableId} --VSwitchId ${VSwitchId}`;
    await requester.answer(`vpc AssociateRouteTable ${pair}`);
    assert.equal((await requester.refusal(`vpc DeleteRouteTable --RouteTableId ${RouteTableId}`)).requestId.length, 36);
    const { RouterTableList } = await requester.answer(`vpc DescribeRouteTableList --RouteTableId ${RouteTableId}`);
    const [table] = RouterTableList.RouterTableListType;
    assert.deepEqual([table.RouteTableName, table.VSwitchIds.VSwitchId], ["renamed", [VSwitchId]]);
    const { RouteTables } = await requester.answer(`vpc DescribeRouteTables --RouteTableId ${RouteTableId}`);
    assert.equal(RouteTables.RouteTable[0].RouteTableId, RouteTableId);
    await requester.answer(`vpc UnassociateRouteTable ${pair}`);
    await requester.answer(`vpc DeleteRouteTable --RouteTableId ${RouteTableId}`);
    assert.equal((await requester.answer(`vpc DescribeRouteTableList --VpcId ${VpcId}`)).RouterTableList.RouterTableListType.length, 1);
  });

  const statusOf = async (user: User, id: string): Promise<string> =>
    (await user.answer(`vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${id}`)).Status;

  test("a peering between two accounts and regions: asked for, accepted, routed, modified, deleted", async () => {
    const mine = await newVpc(requester, "10.1.0.0/16");
    const theirs = await newVpc(accepter, "10.2.0.0/16", "cn-beijing");
    const { InstanceId } = await requester.answer(
      `vpcpeer CreateVpcPeerConnection --VpcId ${mine.VpcId} --AcceptingAliUid ${accepterKey.account} --AcceptingRegionId cn-beijing ` +
        `--AcceptingVpcId ${theirs.VpcId} --Name link --Bandwidth 100 --LinkType Gold --Tag.1.Key env --Tag.1.Value lab`,
    );
    assert.equal(await statusOf(accepter, InstanceId), "Accepting");
    for (const [user, region] of [
      [requester, "cn-hangzhou"],
      [accepter, "cn-beijing"],
    ] as const) {
      // prettier-ignore
      const { VpcPeerConnects } = await user.answer(`vpcpeer ListVpcPeerConnections --region ${region}`);
      assert.deepEqual(VpcPeerConnects.map((one: any) => [one.InstanceId, one.Status]), [[InstanceId, "Accepting"]]); // prettier-ignore
    }
    const filtered = await requester.answer(`vpcpeer ListVpcPeerConnections --VpcId.1 ${mine.VpcId} --Name link`);
    assert.equal(filtered.TotalCount, 1);
    assert.equal((await requester.refusal(`vpcpeer AcceptVpcPeerConnection --InstanceId ${InstanceId}`)).requestId.length, 36);
    await accepter.answer(`vpcpeer AcceptVpcPeerConnection --InstanceId ${InstanceId}`);
    assert.equal(await statusOf(requester, InstanceId), "Activated");

    await routes(requester, mine.RouteTableId, InstanceId);

    await requester.answer(`vpcpeer ModifyVpcPeerConnection --InstanceId ${InstanceId} --Bandwidth 200 --Description 'wider than before'`);
    const modified = await requester.answer(`vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${InstanceId}`);
    assert.deepEqual(
      [modified.Status, modified.Bandwidth, modified.Description, modified.Name],
      ["Activated", 200, "wider than before", "link"],
    );

    const tagged = `--ResourceType PeerConnection --ResourceId.1 ${InstanceId}`;
    await requester.answer(`vpcpeer TagResources ${tagged} --Tag.1.Key team --Tag.1.Value net`);
    await requester.answer(`vpcpeer UnTagResources ${tagged} --TagKey.1 env`);
    const { TagResources } = await requester.answer(`vpcpeer ListTagResources ${tagged}`);
    assert.deepEqual(TagResources.map(({ TagKey }: any) => TagKey), ["team"]); // prettier-ignore
    const { ResourceGroups } = await requester.answer("resourcemanager ListResourceGroups");
    for (const { Id } of ResourceGroups.ResourceGroup) {
      await requester.answer(
        `vpcpeer MoveResourceGroup --ResourceType PeerConnection --ResourceId ${InstanceId} --NewResourceGroupId ${Id}`,
      );
      const moved = await requester.answer(`vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${InstanceId}`);
      assert.equal(moved.ResourceGroupId, Id);
    }

    await requester.answer(`vpc CreateRouteEntry --RouteTableId ${mine.RouteTableId} --DestinationCidrBlock 10.2.0.0/16 --NextHopType VpcPeer --NextHopId ${InstanceId}`); // prettier-ignore
    const deletion = `vpcpeer DeleteVpcPeerConnection --InstanceId ${InstanceId}`;
    assert.equal((await requester.refusal(deletion)).code, "OperationDenied.RouteEntryExist");
    await requester.answer(`${deletion} --Force true`);
    const gone = await requester.refusal(`vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${InstanceId}`);
    assert.equal(gone.code, "ResourceNotFound.InstanceId");
    await requester.answer(`vpc DeleteVpc --VpcId ${mine.VpcId}`);
    await accepter.answer(`vpc DeleteVpc --region cn-beijing --VpcId ${theirs.VpcId}`);
  });

  /** Every way to write and read route entries, on a table of `user`, towards a connection. Leaves none. */
  async function routes(user: User, table: string, connection: string): Promise<void> {
    const hop = `--NextHopType VpcPeer --NextHopId ${connection}`;
    await user.answer(`vpc CreateRouteEntry --RouteTableId ${table} --DestinationCidrBlock 10.20.0.0/16 ${hop} --RouteEntryName one`);
    const list = async (): Promise<any[]> =>
      (await user.answer(`vpc DescribeRouteEntryList --RouteTableId ${table} --RouteEntryType Custom`)).RouteEntrys.RouteEntry;
    const [entry] = await list();
    assert.deepEqual(
      [entry.DestinationCidrBlock, entry.RouteEntryName, entry.NextHops.NextHop[0].NextHopId],
      ["10.20.0.0/16", "one", connection],
    );
    await user.answer(`vpc ModifyRouteEntry --RouteEntryId ${entry.RouteEntryId} --RouteEntryName renamed`);
    assert.deepEqual((await list()).map(({ RouteEntryName }) => RouteEntryName), ["renamed"]); // prettier-ignore
    await user.answer(`vpc ListVpcPublishedRouteEntries --RouteTableId ${table} --TargetType ECR --TargetInstanceId ecr-none`);
    await user.answer(`vpc DeleteRouteEntry --RouteTableId ${table} --DestinationCidrBlock 10.20.0.0/16 --NextHopId ${connection}`);
    const members = ["10.21.0.0/16", "10.22.0.0/16"];
    const each = (fields: (block: string) => string[]): string =>
      members.flatMap((block, index) => fields(block).map((field) => `--RouteEntries.${index + 1}.${field}`)).join(" ");
    await user.answer(`vpc CreateRouteEntries ${each((block) => [`RouteTableId ${table}`, `DstCidrBlock ${block}`, `NextHop ${connection}`, "NextHopType VpcPeer"])}`); // prettier-ignore
    assert.deepEqual((await list()).map((one) => one.DestinationCidrBlock).sort(), members); // prettier-ignore
    await user.answer(`vpc DeleteRouteEntries ${each((block) => [`RouteTableId ${table}`, `DstCidrBlock ${block}`, `NextHop ${connection}`])}`); // prettier-ignore
    assert.deepEqual(await list(), []);
  }

  test("a peering that the other account rejects", async () => {
    const mine = await newVpc(requester, "10.1.0.0/16");
    const theirs = await newVpc(accepter, "10.2.0.0/16");
    const { InstanceId } = await requester.answer(
      `vpcpeer CreateVpcPeerConnection --VpcId ${mine.VpcId} --AcceptingAliUid ${accepterKey.account} --AcceptingRegionId cn-hangzhou --AcceptingVpcId ${theirs.VpcId}`,
    );
    await accepter.answer(`vpcpeer RejectVpcPeerConnection --InstanceId ${InstanceId}`);
    assert.equal(await statusOf(requester, InstanceId), "Rejected");
  });

  // VPN gateways and what belongs to them

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
  const newCustomerGateway = async (address: string): Promise<string> =>
    (await requester.answer(`vpc CreateCustomerGateway --IpAddress ${address} --Name site --Asn 65001`)).CustomerGatewayId;
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

    const CustomerGatewayId = await newCustomerGateway("203.0.113.1");
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
    const customer = await newCustomerGateway("203.0.113.1");
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
    const customer = await newCustomerGateway("203.0.113.1");
    const anywhere = "--LocalSubnet 0.0.0.0/0 --RemoteSubnet 0.0.0.0/0";
    const creation = `vpc CreateVpnConnection --VpnGatewayId ${VpnGatewayId} ${anywhere}`;
    // Its own description of the call says that there are tunnels, and not how they are written.
    assert.match((await requester.aliyun(`${creation} ${twoTunnels(customer)}`)).stderr, /'--TunnelOptionsSpecification\.1\./);
    const asJson = await requester.refusal(`${creation} --TunnelOptionsSpecification '[{"Role":"master"},{"Role":"slave"}]'`);
    assert.equal(asJson.message, "Specified parameter TunnelOptionsSpecification is not valid.");
    const { body } = await server.admin("GET", `requests/${asJson.requestId}`);
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
    const customer = await newCustomerGateway("203.0.113.1");
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
    const customer = await newCustomerGateway("203.0.113.1");
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

  expressConnect(requester, accepter);

  // What the CLI adds of its own

  /** Starts a call that waits, lets `move` happen once it has looked for the first time, and answers how it ended. */
  async function waiting(line: string, move: () => Promise<void>): Promise<Finished> {
    const looks = async (): Promise<number> => {
      const { requests } = (await server.admin("GET", "requests?limit=1000")).body;
      return requests.filter((one: any) => one.action === line.split(" ")[1]).length;
    };
    const before = await looks();
    let over = false;
    const ended = requester.aliyun(line);
    void ended.then(() => (over = true));
    while ((await looks()) === before) assert.equal(over, false, "it ended without a look");
    await move();
    return ended;
  }

  test("--waiter waits for a VPC to be Available, a peering to be Activated and a VPN gateway to be active, and ends with the first error", async () => {
    await server.admin("POST", "clock/pace", { pace: "stepped" });
    const [one, two] = [await newVpc(requester, "10.1.0.0/16"), await newVpc(requester, "10.2.0.0/16")];
    const available = await waiting(
      `vpc DescribeVpcs --VpcId ${one.VpcId} --waiter expr='Vpcs.Vpc[0].Status' to=Available interval=2`,
      () => server.advance(),
    );
    assert.equal(JSON.parse(available.stdout).Vpcs.Vpc[0].Status, "Available", available.stderr);
    const { InstanceId } = await requester.answer(
      `vpcpeer CreateVpcPeerConnection --VpcId ${one.VpcId} --AcceptingAliUid ${requesterKey.account} --AcceptingRegionId cn-hangzhou ` +
        `--AcceptingVpcId ${two.VpcId}`,
    );
    const look = `vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${InstanceId} --waiter expr=Status interval=2`;
    const activated = await waiting(`${look} to=Activated`, () => server.advance());
    assert.equal(JSON.parse(activated.stdout).Status, "Activated", activated.stderr);

    await requester.answer(`vpcpeer DeleteVpcPeerConnection --InstanceId ${InstanceId}`);
    const gone = await waiting(`${look} to=Gone`, () => server.advance(120));
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /^ErrorCode: ResourceNotFound\.InstanceId$/m);

    const { VpnGatewayId } = await requester.answer(`vpc CreateVpnGateway --VpcId ${one.VpcId} --Bandwidth 10`);
    const usable = await waiting(`vpc DescribeVpnGateway --VpnGatewayId ${VpnGatewayId} --waiter expr=Status to=active interval=2`, () =>
      server.advance(),
    );
    assert.equal(JSON.parse(usable.stdout).Status, "active", usable.stderr);
  });

  test("--waiter gives up at its timeout, and on what is no text", async () => {
    const { VpcId } = await newVpc(requester, "10.1.0.0/16");
    for (const [expression, says] of [
      ["expr='Vpcs.Vpc[0].Status' to=Never timeout=2 interval=2", /timeout\(2seconds\), last='Available'/],
      ["expr=TotalCount to=1", /isn't string/],
      ["expr='Vpcs.Vpc[7].Status' to=Available", /isn't string/],
    ] as const) {
      const { code, stderr } = await requester.aliyun(`vpc DescribeVpcs --VpcId ${VpcId} --waiter ${expression}`);
      assert.equal(code, 1, expression);
      assert.match(stderr, says);
    }
  });

  test("--pager joins pages by token and by number", async () => {
    const vpcs = [];
    for (const second of [1, 2, 3, 4, 5]) vpcs.push(await newVpc(requester, `10.${second}.0.0/16`));
    const [hub, ...spokes] = vpcs;
    const ids: string[] = [];
    for (const spoke of spokes) {
      const link = `--VpcId ${hub?.VpcId} --AcceptingAliUid 0 --AcceptingRegionId cn-hangzhou --AcceptingVpcId ${spoke.VpcId}`;
      ids.push((await requester.answer(`vpcpeer CreateVpcPeerConnection ${link}`)).InstanceId);
    }
    const listed = async (line: string): Promise<string[]> => {
      const answer = await requester.answer(line);
      // The list is an array, or an object that holds nothing else.
      const list: any = Object.values(answer).find((value) => typeof value === "object");
      const members: any[] = Array.isArray(list) ? list : (Object.values(list)[0] as any[]);
      const idOf = (one: any): string =>
        one.InstanceId ?? one.NextHop ?? one.VpnConnectionId ?? one.VpnGatewayId ?? one.CustomerGatewayId ?? one.VpcId ?? one.RouteEntryId;
      return members.map(idOf).sort();
    };

    const byToken = "vpcpeer ListVpcPeerConnections --MaxResults 1";
    assert.equal((await listed(byToken)).length, 1);
    assert.deepEqual(await listed(`${byToken} --pager 'path=VpcPeerConnects[]'`), ids.sort());
    // The list lies at the top of the answer, where the CLI does not look by itself. That of route entries lies where it looks.
    assert.match((await requester.aliyun(`${byToken} --pager`)).stderr, /auto recognize collections path/);
    for (const [index, id] of ids.entries()) {
      await requester.answer(
        `vpc CreateRouteEntry --RouteTableId ${hub?.RouteTableId} --DestinationCidrBlock 10.2${index}.0.0/16 --NextHopType VpcPeer --NextHopId ${id}`,
      );
    }
    const entries = `vpc DescribeRouteEntryList --RouteTableId ${hub?.RouteTableId} --RouteEntryType Custom`;
    assert.equal((await listed(entries)).length, ids.length);
    assert.deepEqual(await listed(`${entries} --MaxResult 1 --pager`), await listed(entries));

    const byNumber = "vpc DescribeVpcs --PageSize 2";
    assert.deepEqual(await listed(`${byNumber} --pager NextToken=`), vpcs.map(({ VpcId }) => VpcId).sort()); // prettier-ignore
    const customers: string[] = [];
    for (const last of [1, 2, 3]) customers.push(await newCustomerGateway(`203.0.113.${last}`));
    const { VpnGatewayId } = await requester.answer(`vpc CreateVpnGateway --VpcId ${hub?.VpcId} --Bandwidth 10`);
    const connections: string[] = [];
    for (const [index, customer] of customers.entries()) {
      const blocks = `--LocalSubnet 10.1.0.0/16 --RemoteSubnet 10.3${index}.0.0/16`;
      const line = `vpc CreateVpnConnection --VpnGatewayId ${VpnGatewayId} --CustomerGatewayId ${customer} ${blocks}`;
      connections.push((await requester.answer(line)).VpnConnectionId);
    }
    const pages = "--PageSize 2 --pager NextToken=";
    assert.deepEqual(await listed(`vpc DescribeCustomerGateways ${pages}`), customers.sort());
    assert.deepEqual(await listed(`vpc DescribeVpnConnections ${pages}`), [...connections].sort());
    assert.deepEqual(await listed(`vpc DescribeVpnGateways ${pages}`), [VpnGatewayId]);
    // Each connection has brought a route by policy along.
    assert.deepEqual(await listed(`vpc DescribeVpnPbrRouteEntries --VpnGatewayId ${VpnGatewayId} ${pages}`), connections.sort());
    // Without that word the CLI goes by tokens, which numbered pages do not have: it takes the first page for the last.
    assert.equal((await listed(`${byNumber} --pager`)).length, 2);
  });

  test("--force sends what the CLI does not know, all of it in the query", async () => {
    const { VpcId } = await requester.answer("vpc CreateVpc --force --CidrBlock 10.3.0.0/16 --Nonsense 1 --Tag.1.Key a");
    assert.equal((await requester.answer("vpc DescribeVpcs --force --Tag.1.Key a")).TotalCount, 1);
    const peerings = await requester.answer(`vpcpeer ListVpcPeerConnections --force --VpcId.1 ${VpcId} --MaxResults 5`);
    assert.equal(peerings.MaxResults, 5);
    assert.equal((await requester.refusal("vpc CreateVpc --force --CidrBlock 300.0.0.0/8")).code, "InvalidParameter");
    assert.equal((await requester.refusal("vpc DeleteVpc --force")).code, "MissingVpcId");
    assert.equal((await requester.refusal("vpc SwimAcross --force")).code, "InvalidAction.NotFound");
    assert.equal((await requester.refusal("vpc CreateNatGateway --force")).code, "UnsupportedOperation");
    await requester.answer(`vpc DeleteVpc --force --VpcId ${VpcId}`);
    // Without it the CLI judges by itself.
    assert.match((await requester.aliyun("vpc CreateVpc --Nonsense 1")).stderr, /'--Nonsense' is not a valid parameter/);
    assert.match((await requester.aliyun("vpc DeleteVpc")).stderr, /required parameters not assigned/);
  });

  test("--method GET", async () => {
    const { VpcId } = await requester.answer("vpc CreateVpc --method GET --CidrBlock 10.4.0.0/16 --VpcName 'ein Netz mit Ümläuten'");
    const { Vpcs } = await requester.answer(`vpc DescribeVpcs --method GET --VpcId ${VpcId}`);
    assert.equal(Vpcs.Vpc[0].VpcName, "ein Netz mit Ümläuten");
    assert.equal((await requester.answer(`vpcpeer ListVpcPeerConnections --method GET --VpcId.1 ${VpcId}`)).TotalCount, 0);
    await requester.answer(`vpc DeleteVpc --method GET --VpcId ${VpcId}`);
    assert.equal((await requester.answer("vpc DescribeVpcs --method GET")).TotalCount, 0);
  });

  test("errors come with their code, message, request id, and the address that explains them", async () => {
    const refusal = await requester.refusal("vpc CreateVpc --CidrBlock 10.0.0.0/16 --VpcName x --ResourceGroupId rg-none");
    assert.equal(refusal.code, "InvalidResourceGroupId");
    assert.equal(refusal.message, "The specified ResourceGroupId does not exist.");
    assert.equal(refusal.recommend, `${secure ? server.secureUrl : server.url}/_linkspan/requests/${refusal.requestId}`);
    const { body } = await server.admin("GET", `requests/${refusal.requestId}`);
    assert.deepEqual([body.action, body.code, body.account], ["CreateVpc", refusal.code, requesterKey.account]);
    const unknown = await requester.refusal("vpc DescribeVpcs --access-key-id nobody --access-key-secret x");
    assert.equal(unknown.code, "InvalidAccessKeyId.NotFound");
    // The CLI finds its own string to sign in the message, and concludes that the secret must be wrong.
    const forged = await requester.refusal("vpc DescribeVpcs --access-key-secret guessed");
    assert.equal(forged.code, "SignatureDoesNotMatch");
    assert.match(forged.recommend, /^InvalidAccessKeySecret/);
  });

  test("--DryRun asks the server and changes nothing; --dryrun does not even ask", async () => {
    assert.equal((await requester.refusal("vpc CreateVpc --CidrBlock 10.0.0.0/16 --DryRun true")).code, "DryRunOperation");
    const { code, stdout } = await requester.aliyun("vpc CreateVpc --CidrBlock 10.0.0.0/16 --dryrun");
    assert.equal(code, 0);
    assert.match(stdout, /Skip invoke in dry-run mode/);
    assert.equal((await requester.answer("vpc DescribeVpcs")).TotalCount, 0);
  });

  const withoutTrust = async (): Promise<void> => {
    const variables = { ...(await variablesOf("requester")), SSL_CERT_FILE: "/dev/null" };
    const distrusting = await run("sh", ["-c", "aliyun vpc DescribeVpcs"], variables);
    assert.equal(distrusting.code, 1);
    assert.match(distrusting.stderr, /certificate signed by unknown authority/);
    const blind = await run("sh", ["-c", "aliyun --skip-secure-verify vpc DescribeVpcs"], variables);
    assert.equal(blind.code, 0, blind.stderr);
  };
  if (secure) test("without the certificate the CLI refuses the server, and may be told not to look", withoutTrust);

  test("every operation of Vpc and VpcPeer was called by the CLI above", async () => {
    const { operations } = (await server.admin("GET", "operations")).body;
    const all = operations
      .filter((one: any) => one.implemented && ["Vpc", "VpcPeer"].includes(one.product))
      .map(({ product, name }: any) => `${product.toLowerCase()} ${name}`);
    assert.ok(all.length > 60);
    assert.deepEqual(all.filter((one: string) => !succeeded.has(one)), []); // prettier-ignore
  });
}
