import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { accepterKey, requesterKey, type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
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

/** One user's shell: their key, a home of its own, and the CLI on the path. */
interface User {
  /** Runs `aliyun …` as written, which a shell takes apart. */
  aliyun(line: string): Promise<Finished>;
  /** The answer of a call that succeeds. */
  answer(line: string): Promise<any>;
  /** What the CLI tells of a call that the server refuses. */
  refusal(line: string): Promise<{ code: string; requestId: string; message: string; recommend: string }>;
}

function withTheCli(environment: Record<string, string>): void {
  const secure = "LINKSPAN_TLS_PORT" in environment;
  const folder = temporaryFolder();
  const home = join(folder, "home");
  /** Product and action of every call that was answered with success. */
  const succeeded = new Set<string>();
  let server: SpawnedServer;
  let requester: User;
  let accepter: User;
  before(async () => {
    mkdirSync(join(folder, "bin"));
    mkdirSync(home);
    symlinkSync(binary, join(folder, "bin", "aliyun"));
    server = await spawnServer({ environment: { LINKSPAN_PACE: "instant", ...environment } });
    requester = await userOf("requester");
    accepter = await userOf("accepter");
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

  async function userOf(account: string): Promise<User> {
    const variables = await variablesOf(account);
    const aliyun: User["aliyun"] = (line) => run("sh", ["-c", `aliyun ${secure ? "" : "--insecure "}${line}`], variables);
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

  const newVpc = (user: User, cidr: string, region = "cn-hangzhou"): Promise<{ VpcId: string; RouteTableId: string }> =>
    user.answer(`vpc CreateVpc --region ${region} --CidrBlock ${cidr}`);
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

  test("--waiter waits for a VPC to be Available and for a connection to be Activated, and ends with the first error", async () => {
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
      const { VpcPeerConnects, Vpcs, RouteEntrys } = await requester.answer(line);
      const idOf = (one: any): string => one.InstanceId ?? one.VpcId ?? one.RouteEntryId;
      return (VpcPeerConnects ?? Vpcs?.Vpc ?? RouteEntrys.RouteEntry).map(idOf).sort();
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

  test("every operation for VPCs and peerings was called by the CLI above", async () => {
    const { operations } = (await server.admin("GET", "operations")).body;
    const all = operations
      .filter((one: any) => one.implemented && ["Vpc", "VpcPeer"].includes(one.product))
      .map(({ product, name }: any) => `${product.toLowerCase()} ${name}`);
    assert.ok(all.length > 30);
    assert.deepEqual(all.filter((one: string) => !succeeded.has(one)), []); // prettier-ignore
  });
}
