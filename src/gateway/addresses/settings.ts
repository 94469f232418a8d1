import { objectSchema } from "../../contract/json-schema.ts";
import { featureNames, quotaDefaults } from "../../contract/settings.ts";
import type { Engine } from "../../engine/engine.ts";
import { parseSettings, settingsParameters } from "../../engine/seed.ts";
import { address } from "./address.ts";
import { integerNumber, listOf, mapOf, text } from "./schemas.ts";

/** Quotas, features, access points and rate limits. */

const documented = objectSchema(settingsParameters) as { properties: Record<string, unknown> };
/** What is set, and what holds where nothing is set. The whole answer may be put back. */
const document = {
  ...documented,
  properties: { ...documented.properties, quotaDefaults: mapOf(integerNumber), featureNames: listOf(text) },
};

const read = address({
  method: "GET",
  path: "/settings",
  summary: "What is set: quotas by their documented names, features open or closed, access points, rate limits.",
  answers: { description: "With the defaults of all quotas and the names of all features.", schema: document },
  handle: ({ behind }) => settingsView(behind.engine),
});

const replace = address({
  method: "PUT",
  path: "/settings",
  summary: "Replaces the settings. What is left out is as it was at the first start.",
  body: { anything: document },
  answers: { description: "The settings as they are now.", schema: document },
  handle: async ({ behind: { engine }, body }) => {
    const { quotaDefaults: _defaults, featureNames: _names, ...settings } = body;
    await engine.putSettings(parseSettings(settings));
    return settingsView(engine);
  },
});

async function settingsView(engine: Engine): Promise<Readonly<Record<string, unknown>>> {
  return { ...(await engine.settings()), quotaDefaults, featureNames };
}

export const settingsAddresses = [read, replace];
