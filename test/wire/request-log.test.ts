import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { versions } from "../support/caller.ts";
import { refusedWith } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

async function story(requestId: string): Promise<any> {
  const { status, body } = await server.admin("GET", `requests/${requestId}`);
  assert.equal(status, 200);
  return body;
}

test("what comes for an operation that is not here may be a secret and is masked", async () => {
  const parameters = { VpnGatewayId: "vpn-1", Certificate: "top-secret-key" };
  for (const signature of ["V1", "V3"] as const) {
    const answer = refusedWith(await server.requester.vpc("CreateSslVpnServer", parameters, { signature }), "UnsupportedOperation");
    const told = JSON.stringify(await story(answer.body.RequestId));
    assert.doesNotMatch(told, /top-secret/);
    assert.match(told, /CreateSslVpnServer/);
  }
  const answer = await server.requester.call(versions.Ram, "CreateLoginProfile", { UserName: "u", Password: "hunter2" });
  assert.doesNotMatch(JSON.stringify(await story(answer.body.RequestId)), /hunter2/);
});

test("a parameter that the operation does not declare is masked, one that it declares is shown", async () => {
  const answer = await server.requester.vpc("DescribeVpcs", { RegionId: "cn-hangzhou", VpcName: "shown", Passphrase: "hunter2" });
  const { parameters, stringToSign } = await story(answer.body.RequestId);
  assert.equal(parameters.VpcName, "shown");
  assert.equal(parameters.Passphrase, "******");
  assert.doesNotMatch(stringToSign, /hunter2/);
});

test("a large request leaves a small record", async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`Unknown${index}`, "x".repeat(3_000)]));
  const answer = await server.requester.vpc("DescribeVpcs", { RegionId: "cn-hangzhou", ...many });
  assert.ok(JSON.stringify(await story(answer.body.RequestId)).length < 40_000);
  const unsigned = await server.requester.send("POST", "/", `Version=2016-04-28&Action=${"A".repeat(500_000)}`, {
    "content-type": "application/x-www-form-urlencoded",
  });
  assert.ok((await story(unsigned.body.RequestId)).action.length <= 128);
});

test("records keep nothing of the memory of large requests", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const used = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const filler = "x".repeat(1_000_000);
  const kept = (index: number): string => `which-is-kept-${index}`;
  const before = used();
  for (let index = 0; index < 40; index++) {
    const body = `Version=2016-04-28&Action=CreateVpc&AccessKeyId=${kept(index)}&ClientToken=${kept(index)}${filler}&Filler=${filler.slice(80)}`;
    await server.requester.send("POST", "/", body.slice(0, 1_000_000), { "content-type": "application/x-www-form-urlencoded" });
    const short = `Version=2016-04-28&Action=CreateVpc&AccessKeyId=${kept(index)}&Filler=${filler.slice(200)}`;
    await server.requester.send("POST", "/", short, { "content-type": "application/x-www-form-urlencoded" });
  }
  assert.ok(used() - before < 20_000_000, "80 requests of a million bytes each");
});

test("transport faults and addresses that are not there are explained like every other refusal", async () => {
  for (const path of ["/nowhere", "/?a=%zz"]) {
    const answer = await server.requester.send("GET", path, "", {});
    assert.equal((await story(answer.body.RequestId)).code, answer.body.Code);
  }
});

test("a format that the query asks for is used however early the refusal comes", async () => {
  for (const [method, path] of [
    ["PUT", "/?Format=XML"],
    ["GET", "/?Format=XML&a=%zz"],
    ["GET", "/nowhere?format=xml"],
  ] as const) {
    const answer = await server.requester.send(method, path, "", {});
    assert.equal(answer.headers.get("content-type"), "text/xml;charset=utf-8", path);
    assert.match(answer.text, /^<\?xml .*<Error><RequestId>/);
  }
});

test("pages of other sites are refused, also those whose name resolves to this machine", async () => {
  const refused = async (headers: Record<string, string>): Promise<void> => {
    const answer = await server.requester.send("GET", "/?Action=DescribeRegions&Version=2016-04-28", "", headers);
    refusedWith(answer, "Forbidden.ForeignPage", 403);
  };
  await refused({ origin: "http://evil.example" });
  await refused({ "sec-fetch-site": "cross-site" });
  await refused({ "sec-fetch-site": "same-site" });
  const own = await server.requester.send("GET", "/?Action=DescribeRegions&Version=2016-04-28", "", { origin: server.url });
  assert.equal(own.body.Code, "MissingAccessKeyId");
});

test("the administration never answers a secret", async () => {
  const patched = await server.admin("PATCH", "resources/LTAIlinkspanRequester01", {});
  assert.equal(patched.status, 400);
  assert.doesNotMatch(JSON.stringify(patched.body), /linkspan-requester-secret/);
});

test("a mismatched signature is explained with the whole string to sign that the server made", async () => {
  const common = { Signature: "d3Jvbmc=" };
  const answer = refusedWith(
    await server.requester.vpc("DescribeVpcs", { RegionId: "cn-hangzhou", VpcName: "n".repeat(600) }, { common }),
    "SignatureDoesNotMatch",
  );
  const [, given] = answer.body.Message.split("server string to sign is:");
  assert.equal((await story(answer.body.RequestId)).stringToSign, given);
});
