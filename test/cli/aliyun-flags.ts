import assert from "node:assert/strict";
import { test } from "node:test";
import { requesterKey } from "../support/server.ts";
import { newCustomerGateway, newVpc, type Suite } from "./aliyun-user.ts";
import type { Finished } from "./run.ts";

/** What the CLI adds of its own: waiting, paging, sending what it does not know, and how it tells errors. */
export function flags({ requester, secure, server }: Suite): void {
  /** Starts a call that waits, lets `move` happen once it has looked for the first time, and answers how it ended. */
  async function waiting(line: string, move: () => Promise<void>): Promise<Finished> {
    const looks = async (): Promise<number> => {
      const { requests } = (await server().admin("GET", "requests?limit=1000")).body;
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
    await server().admin("POST", "clock/pace", { pace: "stepped" });
    const [one, two] = [await newVpc(requester, "10.1.0.0/16"), await newVpc(requester, "10.2.0.0/16")];
    const available = await waiting(
      `vpc DescribeVpcs --VpcId ${one.VpcId} --waiter expr='Vpcs.Vpc[0].Status' to=Available interval=2`,
      () => server().advance(),
    );
    assert.equal(JSON.parse(available.stdout).Vpcs.Vpc[0].Status, "Available", available.stderr);
    const { InstanceId } = await requester.answer(
      `vpcpeer CreateVpcPeerConnection --VpcId ${one.VpcId} --AcceptingAliUid ${requesterKey.account} --AcceptingRegionId cn-hangzhou ` +
        `--AcceptingVpcId ${two.VpcId}`,
    );
    const look = `vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${InstanceId} --waiter expr=Status interval=2`;
    const activated = await waiting(`${look} to=Activated`, () => server().advance());
    assert.equal(JSON.parse(activated.stdout).Status, "Activated", activated.stderr);

    await requester.answer(`vpcpeer DeleteVpcPeerConnection --InstanceId ${InstanceId}`);
    const gone = await waiting(`${look} to=Gone`, () => server().advance(120));
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /^ErrorCode: ResourceNotFound\.InstanceId$/m);

    const { VpnGatewayId } = await requester.answer(`vpc CreateVpnGateway --VpcId ${one.VpcId} --Bandwidth 10`);
    const usable = await waiting(`vpc DescribeVpnGateway --VpnGatewayId ${VpnGatewayId} --waiter expr=Status to=active interval=2`, () =>
      server().advance(),
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
    for (const last of [1, 2, 3]) customers.push(await newCustomerGateway(requester, `203.0.113.${last}`));
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
    assert.equal(refusal.recommend, `${secure ? server().secureUrl : server().url}/_linkspan/requests/${refusal.requestId}`);
    const { body } = await server().admin("GET", `requests/${refusal.requestId}`);
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
}
