import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { beijing, groupId, hangzhou, succeeded } from "../support/networks.ts";
import { type Expected, eventCount, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, type Sdk, sdkOf } from "../vpc/support.ts";
import { virtualNow } from "./support.ts";

/** CreateCustomerGateway, ModifyCustomerGatewayAttribute, DeleteCustomerGateway and DescribeCustomerGateway. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  await quotas();
});
after(() => server.stop());

const quotas = (...more: readonly object[]) =>
  server.admin("PUT", "settings", { quotas: [{ name: "CustomerGateway", value: 1000 }, ...more], features: [] });
let addresses = 0;
/** An address that no test has named. */
const newAddress = (): string => `198.51.${100 + Math.floor(++addresses / 250)}.${1 + (addresses % 250)}`;
const create = (parameters: Parameters = {}, owner: Caller = server.requester): Promise<Answer> =>
  owner.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress: newAddress(), ...parameters });
const created = async (parameters: Parameters = {}, owner?: Caller): Promise<string> =>
  succeeded(await create(parameters, owner)).body.CustomerGatewayId;
const call = (action: string, CustomerGatewayId: string, parameters: Parameters = {}, owner: Caller = server.requester): Promise<Answer> =>
  owner.vpc(action, { RegionId: hangzhou, CustomerGatewayId, ...parameters });
const change = (id: string, parameters: Parameters): Promise<Answer> => call("ModifyCustomerGatewayAttribute", id, parameters);
const remove = (id: string, parameters: Parameters = {}): Promise<Answer> => call("DeleteCustomerGateway", id, parameters);
const read = async (id: string): Promise<any> => succeeded(await call("DescribeCustomerGateway", id)).body;
async function refuses(all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) await refusedUnchanged(server, () => create(parameters), expected);
}

const notFound: Expected = {
  code: "InvalidCustomerGatewayInstanceId.NotFound",
  message: "The specified customer gateway instance id does not exist.",
  status: 404,
};
const taken: Expected = { code: "InvalidIpAddress.AlreadyExist", message: "Specified IpAddress is already exist." };
const missingAsn: Expected = {
  code: "OperationDenied.MissingAsn",
  message: "The autonomous system number of the customer gateway is mandatory when BGP authentication key is specified.",
};

test("a gateway that names nothing but its address has no Asn, and each field of its type", async () => {
  const createdAt = await virtualNow(server);
  const answer = succeeded(await create({ IpAddress: "192.168.1.1" })).body;
  const { RequestId: _id, CustomerGatewayId, ...rest } = answer;
  assert.match(CustomerGatewayId, /^cgw-bp1[a-z0-9]{18}$/);
  assert.deepEqual(rest, { CreateTime: createdAt, Description: "", IpAddress: "192.168.1.1", Name: "" });
  const { RequestId: _other, ...fields } = await read(CustomerGatewayId);
  assert.deepEqual(fields, {
    AuthKey: "",
    CreateTime: createdAt,
    CustomerGatewayId,
    Description: "",
    IpAddress: "192.168.1.1",
    Name: "",
    ResourceGroupId: await groupId(server.requester),
    Tags: { Tag: [] },
  });
});

test("everything that can be said of a gateway is shown again", async () => {
  const said = { ipAddress: newAddress(), name: "n".repeat(100), description: "site 一", asn: "65000", authKey: "key-1" };
  const tags = [{ key: "env", value: "test" }, { key: "empty" }];
  const resourceGroupId = await groupId(server.requester);
  const body = await ask(sdk, "createCustomerGateway", { regionId: hangzhou, ...said, tags, resourceGroupId });
  const { customerGatewayId, ipAddress, name, description, createTime } = body;
  assert.deepEqual([ipAddress, name, description], [said.ipAddress, said.name, said.description]);
  const shown = await ask(sdk, "describeCustomerGateway", { regionId: hangzhou, customerGatewayId });
  assert.deepEqual(JSON.parse(JSON.stringify(shown)), {
    requestId: shown.requestId,
    ...said,
    asn: 65000,
    createTime,
    customerGatewayId,
    resourceGroupId,
    tags: { tag: [{ key: "env", value: "test" }, { key: "empty", value: "" }] }, // prettier-ignore
  });
});

test("addresses are IPv4 addresses outside of the ranges where nobody can be", async () => {
  for (const IpAddress of ["10.0.0.1", "100.63.255.255", "100.128.0.0", "126.255.255.255", "223.255.255.255"]) await created({ IpAddress });
  const wrong = [
    ["1.2.3", "1.2.3.256", "1.2.3.4/32", "1.2.3.4/24", "2001:db8::1", "example.com", "01.2.3.4", "x", " 1.2.3.4", "1".repeat(65)],
    ["100.64.0.0", "100.127.255.255", "127.0.0.1", "169.254.1.1", "224.0.0.1", "239.255.255.255", "255.255.255.255"],
  ].flat();
  const malformed: Expected = { code: "InvalidIpAddress.WrongFormat", message: "Specified IpAddress is invalid." };
  await refuses(
    wrong.map((IpAddress) => ({ IpAddress })),
    malformed,
  );
});

test("an address is taken once in a region of an account, and free again when its gateway is deleted", async () => {
  const IpAddress = newAddress();
  const id = await created({ IpAddress });
  await refuses([{ IpAddress }, { IpAddress, Name: "other" }], taken);
  await created({ IpAddress, RegionId: beijing });
  await created({ IpAddress }, server.accepter);
  succeeded(await remove(id));
  await created({ IpAddress });
  await refuses([{ IpAddress }], taken);
});

test("numbers of autonomous systems are decimal or two halves, and not the cloud's own", async () => {
  const shown: readonly (readonly [given: string, asn: number])[] = [
    ["1", 1],
    ["4294967295", 4294967295],
    ["0064512", 64512],
    ["123.456", 8061384],
    ["0.1", 1],
    ["65535.65535", 4294967295],
    ["45103", 45103],
    ["1.45104", 65536 + 45104],
  ];
  for (const [Asn, expected] of shown) assert.equal((await read(await created({ Asn }))).Asn, expected, Asn);
  const wrong = [
    "0",
    "4294967296",
    "45104",
    "0.45104",
    "0.0",
    "65536.1",
    "1.65536",
    "1.2.3",
    "1.",
    ".1",
    "-1",
    "1e3",
    "AS1",
    "1 ",
    "9".repeat(33),
  ];
  await refuses(
    wrong.map((Asn) => ({ Asn })),
    { code: "IllegalParam.Asn", message: "The specified Asn is invalid." },
  );
});

test("a BGP key is 1 to 64 ASCII characters without blank and question mark, and comes with a number", async () => {
  for (const AuthKey of ["k", "!#$%&'()*+,-./:;<=>@[]^_`{|}~\"\\", "K".repeat(64)]) {
    assert.equal((await read(await created({ Asn: "65000", AuthKey }))).AuthKey, AuthKey);
  }
  await refuses([{ AuthKey: "secret" }], missingAsn);
  const without = await created();
  await refusedUnchanged(server, () => change(without, { AuthKey: "secret" }), missingAsn);
  const id = await created({ Asn: "65000", AuthKey: "first" });
  for (const AuthKey of ["a b", "a?b", "schlüssel", "K".repeat(65), "a\nb", " "]) {
    for (const attempt of [() => create({ Asn: "65000", AuthKey }), () => change(id, { AuthKey })]) {
      const before = await eventCount(server);
      const { status, body, text } = await attempt();
      assert.deepEqual([status, body.Code], [400, "InvalidAuthkey.Malformed"], text);
      assert.match(body.Message, /^The specified BGP authentication key \(AuthKey: .+\) is malformed\.$/);
      if (AuthKey.length > 1) assert.ok(!text.includes(JSON.stringify(AuthKey).slice(1, -1)), "a refusal does not repeat the key");
      assert.equal(await eventCount(server), before);
    }
  }
  assert.equal((await read(id)).AuthKey, "first");
});

test("name, description and key change at once, each alone or all, and everything else stays", async () => {
  const id = await created({ Name: "before", Description: "first", Asn: "65000", AuthKey: "one", Tags: [{ Key: "k", Value: "v" }] });
  const { RequestId: _id, ...fields } = await read(id);
  const changes: readonly (readonly [parameters: Parameters, shown: Parameters])[] = [
    [{ Name: "after" }, { Name: "after", Description: "first", AuthKey: "one" }],
    [{ Description: "second" }, { Name: "after", Description: "second", AuthKey: "one" }],
    [{ AuthKey: "two" }, { Name: "after", Description: "second", AuthKey: "two" }],
    [
      { Name: "", Description: "", AuthKey: "" },
      { Name: "after", Description: "second", AuthKey: "two" },
    ],
    [
      { Name: "n", Description: "d".repeat(100), AuthKey: "3" },
      { Name: "n", Description: "d".repeat(100), AuthKey: "3" },
    ],
  ];
  for (const [parameters, expected] of changes) {
    const { RequestId: _other, ...answer } = succeeded(await change(id, parameters)).body;
    const { CreateTime, CustomerGatewayId, IpAddress, ResourceGroupId } = fields;
    const { Name, Description } = expected;
    assert.deepEqual(answer, { CreateTime, CustomerGatewayId, IpAddress, ResourceGroupId, Name, Description });
    const { RequestId: _read, ...shown } = await read(id);
    assert.deepEqual(shown, { ...fields, ...expected });
  }
});

test("names and descriptions that are too long or begin with an address are refused", async () => {
  const id = await created();
  for (const [parameter, expected] of [
    ["Name", { code: "InvalidName", message: "The name is not valid" }],
    ["Description", { code: "InvalidDescription", message: "The description is not valid" }],
  ] as const) {
    for (const wrong of ["x".repeat(101), "http://x", "https://x", "two\nlines"]) {
      await refusedUnchanged(server, () => create({ [parameter]: wrong }), expected);
      await refusedUnchanged(server, () => change(id, { [parameter]: wrong }), expected);
    }
  }
});

test("tags at creation keep the rules of tags, with the codes of this family", async () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value: "" }));
  assert.equal((await read(await created({ Tags: many(20) }))).Tags.Tag.length, 20);
  await refuses([{ Tags: many(21) }], { code: "SizeLimitExceeded.TagNum", message: "The maximum number of tags is exceeded." });
  await refuses(
    [
      {
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "a", Value: "2" },
        ],
      },
    ],
    {
      // prettier-ignore
      code: "Duplicated.TagKey",
      message: "The specified parameter TagKey is duplicated.",
    },
  );
  await refuses([{ Tags: [{ Value: "1" }] }, { Tags: [{ Key: "k".repeat(129) }] }], {
    code: "InvalidParameter.TagKey",
    message: "The specified parameter TagKey is invalid.",
  });
  await refuses([{ Tags: [{ Key: "a", Value: "v".repeat(129) }] }], {
    code: "InvalidParameter.TagValue",
    message: "The specified parameter TagValue is invalid.",
  });
  await refuses(
    ["aliyun-a", "acs:a", "http://a", "https://a"].map((Key) => ({ Tags: [{ Key }] })),
    { code: "Forbidden.TagKeys", message: "The tag key cannot be operated by the request." },
  );
});

test("the quota CustomerGateway bounds each region of an account", async () => {
  const owner = await server.stranger();
  await quotas({ name: "CustomerGateway", value: 1, account: owner.key.account });
  const full: Expected = {
    code: "CreateVpnUserGatewayQuotaFull.QuotaFull",
    message: "The number of created VPN customer gateways exceeds the quota.",
  };
  const id = await created({}, owner);
  await refusedUnchanged(server, () => create({}, owner), full);
  await created({ RegionId: beijing }, owner);
  await created();
  succeeded(await call("DeleteCustomerGateway", id, {}, owner));
  await created({}, owner);
  await refusedUnchanged(server, () => create({}, owner), full);
  await quotas();
  await created({}, owner);
});

test("a deleted gateway is gone at once", async () => {
  const id = await created();
  await ask(sdk, "deleteCustomerGateway", { regionId: hangzhou, customerGatewayId: id });
  for (const attempt of [() => call("DescribeCustomerGateway", id), () => change(id, { Name: "x" }), () => remove(id)]) {
    await refusedUnchanged(server, attempt, notFound);
  }
});

test("a gateway of another account or region is not there", async () => {
  const id = await created();
  for (const action of ["DescribeCustomerGateway", "ModifyCustomerGatewayAttribute", "DeleteCustomerGateway"]) {
    await refusedUnchanged(server, () => call(action, id, {}, server.accepter), notFound);
    await refusedUnchanged(server, () => call(action, id, { RegionId: beijing }), notFound);
  }
  assert.equal((await read(id)).CustomerGatewayId, id);
});

test("a repeated ClientToken answers the first result of each write, and changes nothing more", async () => {
  const IpAddress = newAddress();
  const first = succeeded(await create({ IpAddress, ClientToken: "create" })).body;
  const before = await eventCount(server);
  const again = succeeded(await create({ IpAddress, ClientToken: "create" })).body;
  assert.deepEqual({ ...again, RequestId: "" }, { ...first, RequestId: "" });
  assert.equal(await eventCount(server), before);
  await refusedUnchanged(server, () => create({ ClientToken: "create" }), tokenReused);

  const id = first.CustomerGatewayId;
  for (const attempt of [() => change(id, { Name: "once", ClientToken: "change" }), () => remove(id, { ClientToken: "delete" })]) {
    const { body } = succeeded(await attempt());
    const events = await eventCount(server);
    assert.deepEqual({ ...succeeded(await attempt()).body, RequestId: "" }, { ...body, RequestId: "" });
    assert.equal(await eventCount(server), events);
  }
  await refusedUnchanged(server, () => change(id, { Name: "other", ClientToken: "change" }), tokenReused);
});
