import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Answer, type Caller, type Parameters, versions } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { popClient } from "../support/official.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";

/** ResourceManager ListResourceGroups: each account's own, one of them named default. */
const names = ["default", "blue", "green", "red"];
let server: InProcessServer;

before(async () => {
  const account = (name: string, { account: uid, id, secret }: typeof requesterKey, resourceGroups: string[]): object => ({
    name,
    uid,
    keys: [{ id, secret }],
    resourceGroups,
  });
  server = await startServer({
    seed: { accounts: [account("requester", requesterKey, names.slice(1)), account("accepter", accepterKey, ["blue"])] },
  });
});
after(() => server.stop());

const call = (parameters: Parameters = {}, caller: Caller = server.requester): Promise<Answer> =>
  caller.call(versions.ResourceManager, "ListResourceGroups", parameters);
async function list(parameters: Parameters = {}, caller: Caller = server.requester) {
  const { TotalCount, PageNumber, PageSize, ResourceGroups } = succeeded(await call(parameters, caller)).body;
  return { TotalCount, PageNumber, PageSize, groups: ResourceGroups.ResourceGroup as Record<string, string>[] };
}
const namesIn = async (parameters: Parameters, caller?: Caller): Promise<(string | undefined)[]> =>
  (await list(parameters, caller)).groups.map(({ Name }) => Name);

test("an account lists its own groups, the default one first, with the fields that clients read", async () => {
  const { groups, TotalCount, PageNumber, PageSize } = await list();
  assert.deepEqual([TotalCount, PageNumber, PageSize], [4, 1, 10]);
  for (const [index, { Id, CreateDate, ...rest }] of groups.entries()) {
    assert.match(Id ?? "", /^rg-[0-9a-z]{18}$/);
    assert.match(CreateDate ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(rest, { AccountId: requesterKey.account, DisplayName: names[index], Name: names[index], Status: "OK" });
  }
  assert.deepEqual(await namesIn({}, server.accepter), ["default", "blue"]);
  assert.deepEqual(await namesIn({}, await server.stranger()), ["default"]);
  // As Terraform asks.
  const asked = { PageNumber: "1", PageSize: "50", Status: "OK" };
  const terraform = await popClient(server.endpoint, requesterKey, versions.ResourceManager).request<any>("ListResourceGroups", asked);
  assert.deepEqual(JSON.parse(JSON.stringify(terraform.ResourceGroups.ResourceGroup)), groups);
});

test("the default group is the one that takes what names none", async () => {
  for (const owner of [server.requester, server.accepter]) {
    const { ResourceGroupId } = succeeded(await owner.vpc("CreateVpc", { RegionId: hangzhou })).body;
    assert.deepEqual(await namesIn({ ResourceGroupId }, owner), ["default"]);
  }
});

test("each filter selects, and several are joined by AND", async () => {
  const ids = (await list()).groups.map(({ Id = "" }) => Id);
  const foreign = (await list({}, server.accepter)).groups.map(({ Id = "" }) => Id);
  const cases: readonly (readonly [parameters: Parameters, found: readonly string[]])[] = [
    [{ Name: "blue" }, ["blue"]],
    [{ DisplayName: "green" }, ["green"]],
    [{ Name: "blue", DisplayName: "green" }, []],
    [{ Name: "none" }, []],
    [{ ResourceGroupId: ids[3] }, ["red"]],
    [{ ResourceGroupIds: [ids[3], ids[0]] }, ["default", "red"]],
    [{ ResourceGroupIds: [ids[3]], ResourceGroupId: ids[1] }, ["blue", "red"]],
    [{ ResourceGroupIds: [ids[3], ids[1]], Name: "blue" }, ["blue"]],
    [{ ResourceGroupId: foreign[0] }, []],
    [{ Status: "OK" }, names],
    [{ Status: "Deleting" }, []],
    [{ IncludeTags: true }, names],
    [{ Tag: [{ Key: "any", Value: "" }] }, []],
  ];
  for (const [parameters, found] of cases) {
    assert.deepEqual(await namesIn(parameters), found, JSON.stringify(parameters));
    assert.equal((await list(parameters)).TotalCount, found.length);
  }
});

test("pages are of the size asked for, each with the total", async () => {
  const cases: readonly (readonly [page: number, size: number, found: readonly string[]])[] = [
    [1, 3, names.slice(0, 3)],
    [2, 3, names.slice(3)],
    [3, 3, []],
    [4, 1, names.slice(3)],
    [1, 100, names],
  ];
  for (const [PageNumber, PageSize, found] of cases) {
    const page = await list({ PageNumber, PageSize });
    assert.deepEqual([page.PageNumber, page.PageSize, page.TotalCount], [PageNumber, PageSize, 4]);
    assert.deepEqual(
      page.groups.map(({ Name }) => Name),
      found,
    );
  }
  refusedWith(await call({ PageSize: 101 }), "InvalidPageSize");
  refusedWith(await call({ PageNumber: 0 }), "InvalidPageNumber");
  refusedWith(await call({ PageNumber: 2000, PageSize: 100 }), "Throttling.DeepPageSkip");
  refusedWith(await call({ ResourceGroupIds: Array.from({ length: 101 }, (_, n) => `rg-${n}`) }), "InvalidResourceGroupIds");
});
