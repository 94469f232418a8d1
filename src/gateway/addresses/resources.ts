import { adminErrors } from "../../contract/gateway-errors.ts";
import { address } from "./address.ts";
import { mapOf, objectOf, text } from "./schemas.ts";

/** What an administrator does to resources, because no API call can. */

const patch = address({
  method: "PATCH",
  path: "/resources/{id}",
  summary: "Sets fields of a resource that no API call can cause, such as `BizStatus`.",
  description: "`GET /_linkspan/operations` lists the fields of each kind under `patchable`.",
  inPath: { id: "id of the resource" },
  body: { anything: mapOf(text) },
  answers: {
    description: "The fields that were set.",
    schema: objectOf({ resource: objectOf({ id: text, kind: text, fields: mapOf(text) }) }),
  },
  refusals: [adminErrors.notFound],
  handle: async ({ behind: { engine }, path, body }) => ({ resource: await engine.patchResource(path.id, body) }),
});

const reset = address({
  method: "POST",
  path: "/reset",
  summary: "Back to the first start: all resources and accounts go, seed file or development accounts come back.",
  description: "The admin token stays, and event ids go on.",
  answers: { description: "Done.", schema: objectOf({ status: { const: "reset" } }) },
  refusals: [adminErrors.exposed],
  handle: async ({ behind: { engine } }) => {
    await engine.reset();
    return { status: "reset" };
  },
});

export const resourceAddresses = [patch, reset];
