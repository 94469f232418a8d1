import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { invalidParameter, missingParameter, type ErrorDefinition } from "../../src/contract/errors.ts";
import { gatewayErrors } from "../../src/contract/gateway-errors.ts";
import { flatten } from "../../src/contract/json-input.ts";
import type { Parameter } from "../../src/contract/parameters.ts";
import { errorsOf } from "../../src/engine/operation-errors.ts";
import { operations } from "../../src/services/index.ts";
import type { PermissionStory } from "../../src/engine/authorise.ts";
import { type Answer, Caller } from "../support/caller.ts";
import { refusedWith } from "../support/networks.ts";
import { roleSession, userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** Every parameter of every operation, wrong in each way that its declaration knows: the declared code, and nothing else happens. */

let server: InProcessServer;
/** A user and a role of the requester's account. Neither has a permission. */
let user: Caller;
let role: Caller;
before(async () => {
  const account = "1000000000000001";
  const userKey = { id: "LTAIuserwithoutpolicy", secret: "user-secret", principal: "user/alice" };
  const rootKey = { id: "LTAIlinkspanRequester01", secret: "linkspan-requester-secret" };
  server = await startServer({ seed: { accounts: [{ name: "requester", uid: account, keys: [rootKey, userKey] }] } });
  // Every operation gets users and policies of its own.
  const quotas = ["UsersQuota", "PoliciesQuota"].map((name) => ({ name, value: 10_000 }));
  assert.equal((await server.admin("PUT", "settings", { quotas })).status, 200);
  user = new Caller(server.url, { account, ...userKey });
  role = await roleSession(server.requester);
});
after(() => server.stop());

/** A value that the decoder lets through, so that the parameter behind it is reached. */
function valid(name: string, { type, options, item, fields }: Parameter): unknown {
  if (type === "boolean") return false;
  if (type === "long") return "1";
  if (type === "integer") return options.min ?? options.max ?? 1;
  if (type === "list") return [valid(name, item as Parameter)];
  if (type === "object") return Object.fromEntries(Object.entries(fields ?? {}).map(([field, inner]) => [field, valid(field, inner)]));
  if (type === "json") return JSON.stringify(valid(name, { type: "object", options, ...(fields === undefined ? {} : { fields }) }));
  const words =
    "cn-hangzhou BGP IPv4 VRouter VSwitch System 10.0.0.0/16 10.0.0.1 2001:db8::1 2001:db8::/56 5M Normal public 1 ri-1 86-1 a@b v1 acs:ram::1:role/x".split(
      " ",
    );
  // The description of a closed set lists its members.
  const candidates = [...words, ...(options.description ?? "").split(/, | or /)];
  const fitting = candidates.find((value) => options.pattern?.test(value) !== false && options.valid?.(value) !== false);
  assert.ok(fitting, `no candidate fits ${name}`);
  return fitting;
}

interface Fault {
  readonly how: string;
  readonly expected: ErrorDefinition;
  /** Pairs that stand in the place of the parameter. */
  readonly pairs: readonly (readonly [string, string])[];
}

function faultsOf(name: string, { type, options, item, fields }: Parameter): Fault[] {
  const invalid = options.invalid ?? invalidParameter(name);
  const faults: Fault[] = [];
  const add = (how: string, expected: ErrorDefinition, ...pairs: [string, string][]): void => void faults.push({ how, expected, pairs });
  if (options.required === true) add("missing", options.missing ?? missingParameter(name));
  if (type === "boolean") add("maybe", invalid, [name, "maybe"]);
  if (type === "integer" || type === "long") add("no number", invalid, [name, "many"]);
  if (type === "integer" && options.min !== undefined) add("too small", invalid, [name, String(options.min - 1)]);
  if (type === "integer" && options.max !== undefined) add("too large", invalid, [name, String(options.max + 1)]);
  if (type === "string") {
    add("a control character", invalid, [name, "a\u0000b"]);
    add("too long", options.tooLong ?? invalid, [name, "x".repeat((options.lengthMax ?? 256) + 1)]);
  }
  if (type === "string" || type === "boolean" || type === "integer") add("a list", invalid, [`${name}.1`, "x"]);
  if (type === "json") {
    add("no JSON", invalid, [name, "{"]);
    add("a JSON list", invalid, [name, "[]"]);
    add("a JSON object in it", invalid, [name, '{"a":{}}']);
    for (const [field, inner] of Object.entries(fields ?? {})) {
      const wrong = inner.options.invalid ?? invalid;
      if (inner.type === "string") add(`a control character in ${field}`, wrong, [name, JSON.stringify({ [field]: "a\u0000b" })]);
      if (inner.type === "integer") add(`no number in ${field}`, wrong, [name, JSON.stringify({ [field]: "many" })]);
      if (inner.type === "boolean") add(`maybe in ${field}`, wrong, [name, JSON.stringify({ [field.toUpperCase()]: "maybe" })]);
    }
  }
  if (type === "list") {
    add("member 0", invalid, [`${name}.0`, "x"]);
    add("one member too many", options.tooMany ?? invalid, [`${name}.${(options.itemsMax ?? 1) + 1}`, "x"]);
    const itemFields = Object.entries(item?.fields ?? {});
    for (const [field, inner] of itemFields) {
      const others = itemFields
        .filter(([other]) => other !== field)
        .flatMap(([other, given]) => flatten(valid(other, given), `${name}.1.${other}`))
        .map((pair): [string, string] => [pair.name, pair.value]);
      const at = `${name}.1.${field}`;
      const wrong = inner.options.invalid ?? invalid;
      if (inner.options.required === true) add(`no ${field}`, inner.options.missing ?? missingParameter(name), ...others);
      if (inner.type === "string") add(`a control character in ${field}`, wrong, ...others, [at, "a\u0000b"]);
      if (inner.type === "integer") add(`no number in ${field}`, wrong, ...others, [at, "many"]);
    }
  }
  return faults;
}

/** A resource that is not all of what `*` or an ARN is. */
function narrower(resource: string): string {
  return resource === "*" ? "acs:*:*:*:*" : `${resource}-other`;
}

for (const operation of operations) {
  const declared = Object.entries(operation.parameters);
  if (declared.length === 0) continue;
  const errors = errorsOf(operation);
  test(`${operation.product.name} ${operation.name} refuses each wrong parameter with its declared code`, async () => {
    const eventsBefore = await server.store.read((rows) => rows.events(0, 10_000));
    for (const [name, parameter] of declared) {
      const others = Object.fromEntries(declared.filter(([other]) => other !== name).map(([other, given]) => [other, valid(other, given)]));
      for (const { how, expected, pairs } of faultsOf(name, parameter)) {
        const answer = await server.requester.call(operation.product.version, operation.name, others, { extra: pairs });
        assert.equal(answer.body?.Code, expected.code, `${name}: ${how}: ${answer.text}`);
        refusedWith(answer, expected.code, expected.http);
        assert.ok(
          errors.some(({ code, http }) => code === expected.code && http === expected.http),
          `${expected.code} is documented`,
        );
        const [before = "", after] = expected.message.split("%s");
        if (after === undefined) assert.equal(answer.body.Message, expected.message);
        else assert.ok(answer.body.Message.startsWith(`${before}${name}: `) && answer.body.Message.endsWith(after), answer.text);
      }
    }
    assert.deepEqual(await server.store.read((rows) => rows.events(0, 10_000)), eventsBefore);
  });

  const { action, denied } = operation.authorisation;
  if (action === null) continue;
  test(`${operation.product.name} ${operation.name} is denied to users and roles without permission, whatever they name`, async () => {
    const eventsBefore = await server.store.read((rows) => rows.events(0, 10_000));
    const all = Object.fromEntries(declared.map(([name, parameter]) => [name, valid(name, parameter)]));
    const otherwise = operation.product.notPermitted ?? gatewayErrors.notPermitted;
    for (const [caller, error] of [
      [user, denied?.user ?? otherwise],
      [role, denied?.role ?? otherwise],
    ] as const) {
      const answer = refusedWith(await caller.call(operation.product.version, operation.name, all), error.code, 403);
      assert.equal(answer.body.Message, error.message);
      assert.ok(errors.includes(error), `${error.code} is documented`);
    }
    assert.deepEqual(await server.store.read((rows) => rows.events(0, 10_000)), eventsBefore);
  });

  test(`${operation.product.name} ${operation.name} is allowed by the policy that the story of its denial gives, and by nothing less`, async () => {
    const all = Object.fromEntries(declared.map(([name, parameter]) => [name, valid(name, parameter)]));
    const call = (caller: Caller): Promise<Answer> => caller.call(operation.product.version, operation.name, all);
    const permissionOf = async ({ body }: Answer): Promise<PermissionStory> =>
      (await server.admin("GET", `requests/${body.RequestId}`)).body.permission;
    const denial = await permissionOf(await call(user));
    assert.deepEqual([denial.action, denial.decision], [action, "ImplicitDeny"]);
    const { Statement } = denial.smallestPolicy as { Statement: [{ Effect: "Allow"; Action: string; Resource: string | string[] }] };
    const { caller } = await userWith(server.requester, ...Statement);
    assert.equal((await permissionOf(await call(caller))).decision, "Allow");

    const [{ Effect, Action }] = Statement;
    const Resource = [Statement[0].Resource].flat();
    const lesser = [
      { Effect, Action: `${Action}2`, Resource },
      ...Resource.map((one) => ({ Effect, Action, Resource: [...Resource.filter((other) => other !== one), narrower(one)] })),
    ];
    for (const statement of lesser) {
      const less = await userWith(server.requester, statement);
      assert.equal((await permissionOf(await call(less.caller))).decision, "ImplicitDeny", JSON.stringify(statement));
    }
  });
}
