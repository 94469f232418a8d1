import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Caller } from "../support/caller.ts";
import { availableVpc, hangzhou, succeeded } from "../support/networks.ts";
import { eventCount } from "../support/outcomes.ts";
import { roleSession } from "../support/principals.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { connectionIn, customerGatewayIn, gatewayIn, readConnection } from "./support.ts";

/** The error table of DeleteVpnConnection's page, every row of it, in both formats. */

const userKey = { id: "LTAIuserwithoutpolicy", secret: "user-secret", principal: "user/alice" };
const { account } = requesterKey;

let server: InProcessServer;
let gateway: string;
let connection: string;
let role: Caller;
before(async () => {
  const root = { id: requesterKey.id, secret: requesterKey.secret };
  server = await startServer({ seed: { accounts: [{ name: "requester", uid: account, keys: [root, userKey] }] } });
  role = await roleSession(server.requester);
  const vpc = await availableVpc(server, server.requester);
  gateway = await gatewayIn(server, vpc);
  connection = await connectionIn(server, vpc, gateway, await customerGatewayIn(server.requester));
});
after(() => server.stop());

const denied = "User not authorized to operate on the specified resource";
const rows: readonly { code: string; message: string; status: number; by: () => Caller; id: () => string; first?: () => Promise<void> }[] =
  [
    {
      code: "Forbbiden.SubUser",
      message: `${denied} as your account is created by another user.`,
      status: 403,
      by: () => new Caller(server.url, { account, ...userKey }),
      id: () => connection,
    },
    {
      code: "Forbidden",
      message: `${denied}.`,
      status: 403,
      by: () => role,
      id: () => connection,
    },
    {
      code: "InvalidVpnConnectionInstanceId.NotFound",
      message: "The specified vpn connection instance id does not exist.",
      status: 404,
      by: () => server.requester,
      id: () => "vco-bp1notthere",
    },
    {
      code: "VpnGateway.Configuring",
      message: "The specified service is configuring.",
      status: 400,
      by: () => server.requester,
      id: () => connection,
      first: async () => {
        const change = { RegionId: hangzhou, VpnGatewayId: gateway, Name: "busy" };
        succeeded(await server.requester.vpc("ModifyVpnGatewayAttribute", change));
      },
    },
  ];

for (const { code, message, status, by, id, first } of rows) {
  test(`${code} is answered with ${status}, in JSON and in XML, and nothing happens`, async () => {
    await first?.();
    const events = await eventCount(server);
    const request = { RegionId: hangzhou, VpnConnectionId: id() };
    const json = await by().vpc("DeleteVpnConnection", request);
    assert.deepEqual([json.status, json.body.Code, json.body.Message], [status, code, message]);
    const xml = await by().vpc("DeleteVpnConnection", request, { format: "XML" });
    assert.equal(xml.status, status);
    assert.match(xml.headers.get("content-type") ?? "", /^(application|text)\/xml/);
    assert.match(xml.text, new RegExp(`^<\\?xml[^>]*\\?>\\s*<Error>.*<Code>${code}</Code>.*</Error>\\s*$`, "s"));
    assert.ok(xml.text.includes(`<Message>${message}</Message>`), xml.text);
    assert.equal(await eventCount(server), events);
    assert.equal((await readConnection(server.requester, connection)).body.VpnConnectionId, connection);
  });
}
