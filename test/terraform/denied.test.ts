import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { roleWith, userWith } from "../support/principals.ts";
import { accepterKey, type SpawnedServer, spawnServer } from "../support/server.ts";
import { configurations, missing, Workspace } from "./terraform.ts";

/** What the provider makes of a denial: it says so in the server's words, and does not ask again. */

if (missing !== "") test("terraform-provider-alicloud, denied", { skip: missing });
else {
  let server: SpawnedServer;
  let variables: Readonly<Record<string, string>>;

  before(async () => {
    server = await spawnServer({ environment: { LINKSPAN_TLS_PORT: "0" } });
    const { caller } = await userWith(server.requester);
    // The user may not take the role, and the role does not trust it.
    const role = await roleWith(server.requester, [], [accepterKey.account]);
    variables = { key_id: caller.key.id, key_secret: caller.key.secret, role_arn: role.arn };
  });
  after(() => server.stop());

  const notAuthorised = "You are not authorized to do this action.";
  const denials = [
    {
      configuration: "vpc",
      action: "CreateVpc",
      says: ["Forbidden.RAM", "User not authorized to operate on the specified resource, or this API doesn't support RAM."],
    },
    { configuration: "role", action: "CreateRole", says: ["NoPermission", notAuthorised] },
    { configuration: "assumed", action: "AssumeRole", says: ["NoPermission", `${notAuthorised} You should be authorized by RAM.`] },
  ];
  for (const { configuration, action, says } of denials) {
    test(`${action} without permission is told after one request`, async (t) => {
      const workspace = new Workspace();
      t.after(() => workspace.remove());
      workspace.useCommon(join(configurations, "denied"));
      workspace.use(join(configurations, "denied", `${configuration}.tf`));
      await workspace.pointAt(server, variables);
      const told = await workspace.fail();
      for (const words of says) assert.ok(told.includes(words), `${words} is not in: ${told}`);
      const { body } = await server.admin("GET", "requests?limit=1000");
      const calls = (body.requests as { action: string; status: number }[]).filter((one) => one.action === action && one.status === 403);
      assert.equal(calls.length, 1);
    });
  }
}
