import { missingParameter, Refusal } from "../../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../../contract/gateway-errors.ts";
import { objectSchema } from "../../contract/json-schema.ts";
import { list as listParameter, object, string } from "../../contract/parameters.ts";
import { rulesMax } from "../../engine/faults/faults.ts";
import { profiles } from "../../engine/faults/profiles.ts";
import {
  type FaultRule,
  faultKinds,
  faultMembers,
  faultParameters,
  isFaultKind,
  optionalFaultParameters,
} from "../../engine/faults/rule.ts";
import { address } from "./address.ts";
import { integerNumber, listOf, mapOf, objectOf, oneOf, text } from "./schemas.ts";

/** Faults on demand: rules that make calls fail as they do in the cloud. */

const members = objectSchema(faultParameters)["properties"] as Readonly<Record<string, object>>;
const rule = { ...members, kind: oneOf(...Object.keys(faultKinds)) };
const optional = Object.keys(faultMembers);
const rules = listOf(
  objectOf({ id: integerNumber, ...rule, operations: listOf(text), matched: integerNumber, acted: integerNumber }, optional),
);
const profile = objectOf({ name: text, provokes: text, tests: text, rules: listOf(objectOf(rule, optional)) });

const read = address({
  method: "GET",
  path: "/faults",
  summary: "The fault rules that are on, with what they did, and the kinds and profiles that there are.",
  answers: {
    description: "Rules in the order in which they are looked at.",
    schema: objectOf({
      rules,
      kinds: mapOf(objectOf({ does: text, needs: listOf(text), takes: listOf(text) })),
      profiles: listOf(profile),
    }),
  },
  handle: ({ behind: { engine } }) => ({ rules: engine.faults.view(), kinds: faultKinds, profiles }),
});

const add = address({
  method: "POST",
  path: "/faults",
  summary: "Adds a fault rule, several, or those of a profile.",
  description:
    "Send one rule; or several as `rules`; or `profile` with its name, and beside it `account`, `resource` and `seed` to narrow it. " +
    "Rules are looked at in the order in which they were added, until one answers the call. " +
    `Kinds: ${Object.entries(faultKinds)
      .map(([kind, { does }]) => `\`${kind}\` ${does}`)
      .join("; ")}.`,
  body: {
    fields: {
      ...optionalFaultParameters,
      rules: listParameter(object(faultParameters), { itemsMax: rulesMax }),
      profile: string({ description: profiles.map(({ name }) => name).join(", ") }),
    },
  },
  answers: { status: 201, description: "The rules that were added.", schema: objectOf({ rules }) },
  refusals: [adminErrors.notFound, adminErrors.tooManyFaults],
  handle: ({ behind: { engine }, body: { rules: several, profile: name, ...one } }) => {
    const given = Object.entries(one).flatMap(([member, value]) => (value === undefined ? [] : [member]));
    const refuse = (member: string, beside: string): never => {
      throw new Refusal(gatewayErrors.parameterInvalid, [member], `${member} cannot be given beside ${beside}`);
    };
    if (name !== undefined) {
      if (several.length > 0) refuse("rules", "a profile");
      const stray = given.find((member) => !["account", "resource", "seed"].includes(member));
      if (stray !== undefined) refuse(stray, "a profile");
      return { rules: engine.faults.use(name, one) };
    }
    if (several.length > 0) {
      if (given[0] !== undefined) refuse(given[0], "rules");
      return { rules: engine.faults.add(several as readonly FaultRule[]) };
    }
    const { kind } = one;
    if (kind === undefined || !isFaultKind(kind)) throw new Refusal(missingParameter("kind"), [], "send a rule, rules or a profile");
    return { rules: engine.faults.add([{ ...one, kind }]) };
  },
});

const remove = address({
  method: "DELETE",
  path: "/faults/{id}",
  summary: "Removes a fault rule. States that it kept from ending end.",
  inPath: { id: "number of the rule" },
  answers: { description: "The rule as it was.", schema: objectOf({ rules }) },
  refusals: [adminErrors.notFound],
  handle: async ({ behind: { engine }, path }) => ({ rules: [await engine.faults.remove(Number(path.id))] }),
});

const clear = address({
  method: "DELETE",
  path: "/faults",
  summary: "Removes all fault rules. States that they kept from ending end.",
  answers: { description: "The rules as they were.", schema: objectOf({ rules }) },
  handle: async ({ behind: { engine } }) => ({ rules: await engine.faults.clear() }),
});

export const faultAddresses = [read, add, remove, clear];
