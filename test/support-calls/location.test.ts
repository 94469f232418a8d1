import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Answer, Caller, type Parameters, versions } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { popClient, vpcClient } from "../support/official.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { createVpc } from "../vpc/support.ts";

/** Location DescribeEndpoints: every product is where the question was asked. */
let server: InProcessServer;

before(async () => {
  server = await startServer();
});
after(() => server.stop());

const call = (parameters: Parameters, caller = server.requester): Promise<Answer> =>
  caller.call(versions.Location, "DescribeEndpoints", parameters);
const endpointOf = (Endpoint: string, SerivceCode: string, Id = hangzhou): object => ({
  Endpoint,
  Id,
  Namespace: "",
  Protocols: { Protocols: ["HTTP", "HTTPS"] },
  SerivceCode,
  Type: "openAPI",
});

test("each product of this server is served at the address where it was asked, in every region", async () => {
  for (const ServiceCode of ["vpc", "Vpc", "vpcpeer", "ecs", "ram", "sts", "location", "resourcemanager", "bssopenapi"]) {
    for (const Id of [hangzhou, "eu-central-1"]) {
      const { RequestId: _id, ...body } = succeeded(await call({ Id, ServiceCode, Type: "openAPI" })).body;
      assert.deepEqual(body, { Endpoints: { Endpoint: [endpointOf(server.endpoint, ServiceCode, Id)] }, Success: true });
    }
  }
  const { body } = succeeded(await call({ Id: hangzhou, ServiceCode: "vpc" }));
  assert.deepEqual(body.Endpoints.Endpoint, [endpointOf(server.endpoint, "vpc")]);
});

test("the address is the one that the caller used", async () => {
  const { port } = new URL(server.url);
  const byName = new Caller(`http://localhost:${port}`, requesterKey);
  const { body } = succeeded(await call({ Id: hangzhou, ServiceCode: "vpc" }, byName));
  assert.equal(body.Endpoints.Endpoint[0].Endpoint, `localhost:${port}`);
});

test("the address that it names answers an official SDK", async () => {
  const location = popClient(server.endpoint, requesterKey, versions.Location);
  const answer = await location.request<any>("DescribeEndpoints", { Id: hangzhou, ServiceCode: "vpc", Type: "openAPI" });
  const { vpcId } = await createVpc(vpcClient(answer.Endpoints.Endpoint[0].Endpoint, requesterKey), hangzhou);
  assert.match(vpcId ?? "", /^vpc-/);
});

test("of products and regions that are not here, and of other kinds of endpoints, none is named", async () => {
  for (const parameters of [
    { Id: hangzhou, ServiceCode: "oss" },
    { Id: "cn-atlantis", ServiceCode: "vpc" },
    { Id: hangzhou, ServiceCode: "vpc", Type: "innerAPI" },
  ]) {
    const { RequestId: _id, ...body } = succeeded(await call(parameters)).body;
    assert.deepEqual(body, { Endpoints: { Endpoint: [] }, Success: true });
  }
});

test("region and product must be given", async () => {
  refusedWith(await call({ ServiceCode: "vpc" }), "MissingId");
  refusedWith(await call({ Id: hangzhou }), "MissingServiceCode");
});
