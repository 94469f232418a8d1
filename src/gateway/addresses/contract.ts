import { conditionOperators, globalConditionKeys } from "../../policy/conditions.ts";
import { kindView, operationView, protocolView, unimplementedOperations } from "../contract-view.ts";
import { address } from "./address.ts";
import { anyValue, integerNumber, listOf, mapOf, nullable, objectOf, oneOf, text, truth } from "./schemas.ts";

/** The contract as data. */

const source = oneOf("seed", "client", "public-docs", "sdk-metadata", "inferred");
const rule = { rule: text, code: text, http: integerNumber, message: text, source };
const operationNames = { product: text, version: text, name: text };
const operation = objectOf({
  ...operationNames,
  implemented: { const: true },
  summary: text,
  access: oneOf("read", "write"),
  pollWith: nullable(text),
  deprecated: nullable(objectOf({ instead: text, source })),
  authorisation: { type: "object", required: ["action", "resources", "source"] },
  parameters: { type: "object" },
  response: { type: "object" },
  rules: listOf(objectOf(rule)),
  errors: listOf(objectOf({ http: integerNumber, code: text, message: text, source })),
});
const kind = objectOf({
  name: text,
  idPrefix: text,
  states: listOf(objectOf({ name: text, shownAs: text, meaning: text, transitional: truth })),
  moves: listOf(objectOf({ from: text, event: text, to: text })),
  patchable: mapOf(objectOf({ description: text, values: listOf(text) }, ["values"])),
});
const protocolRules = listOf(objectOf({ stage: text, ...rule }));

const operations = address({
  method: "GET",
  path: "/operations",
  summary: "The whole contract: operations, states, rules and errors, each with the mark of its source.",
  answers: {
    description: "Operations that the SDKs know and this server lacks are listed too, and say so.",
    schema: objectOf({
      protocol: objectOf({ V1: protocolRules, V3: protocolRules }),
      operations: listOf({ oneOf: [operation, objectOf({ ...operationNames, implemented: { const: false } })] }),
      kinds: listOf(kind),
      conditionOperators: listOf(text),
      conditionKeys: listOf(anyValue),
    }),
  },
  handle: ({ behind: { engine } }) => ({
    protocol: protocolView(),
    operations: [...[...engine.operations.values()].map(operationView), ...unimplementedOperations(engine.operations)],
    kinds: [...engine.kinds.values()].map(kindView),
    conditionOperators: [...conditionOperators.keys()],
    conditionKeys: globalConditionKeys,
  }),
});

export const contractAddresses = [operations];
